// One case as it went: elements, incidents, decisions and what people did to it, in the order of time.
#include <algorithm>

#include "base/time.h"
#include "engine/projector/items.h"
#include "engine/projector/operations.h"

namespace engine {
namespace {

using base::Json;

struct Moment { base::Millis at = 0; Key key = 0; Json item; };

Json time_or_null(base::Millis at) { return at == 0 ? Json() : Json(base::iso_utc(at)); }
Json key_or_null(Key key) { return key == 0 ? Json() : Json(std::to_string(key)); }

const char* mark_name(MarkKind kind) {
  switch (kind) {
    case MarkKind::variables: return "VARIABLES";
    case MarkKind::retried: return "RETRIED";
    case MarkKind::modified: return "MODIFIED";
    case MarkKind::migrated: return "MIGRATED";
    case MarkKind::suspended: return "SUSPENDED";
    case MarkKind::resumed: return "RESUMED";
  }
  return "UNKNOWN";
}

class Timeline {
 public:
  explicit Timeline(const Inside& inside) : inside_(inside) {
    for (std::size_t place = 0; place < inside.one.history.entries.size(); ++place) {
      const HistoryEntry& entry = inside.one.history.entries[place];
      Json item = element(entry.key, entry.scope, entry.element, entry.state == ElementState::completed ? "COMPLETED" : "TERMINATED", entry.start, entry.end, inside.one.history.definition_of(place, inside.one.definition));
      finish(item, entry.taken, entry.loop, entry.by);
      add(entry.start, entry.key, std::move(item));
    }
    for (const auto& [key, live] : inside.one.elements) {
      Json item = element(key, live.scope, live.element, "ACTIVE", live.start, 0);
      finish(item, live.taken, live.loop, live.by);
      Json timers = Json::array();
      for (const auto& [event, due] : live.timers)
        timers.push(Json::Object{{"elementId", inside.element_id(event)}, {"elementName", inside.definition.element_name(event)}, {"due", base::iso_utc(due)}});
      item.set("timers", std::move(timers)).set("messages", Json::array());
      if (live.body) item.set("multi", Json::Object{{"completed", std::int64_t{live.done}}, {"total", live.total == kUnknownTotal ? Json() : Json(std::int64_t{live.total})}});
      open_[key] = items_.size();
      add(live.start, key, std::move(item));
    }
    for (const auto& mark : inside.one.history.marks) {
      Json item = Json::object();
      item.set("kind", "mark").set("mark", mark_name(mark.kind)).set("at", base::iso_utc(mark.at)).set("by", who(mark.by));
      item.set("elementId", mark.element == 0 ? Json() : Json(inside.element_id(mark.element)));
      item.set("elementName", mark.element == 0 ? Json() : Json(inside.definition.element_name(mark.element)));
      item.set("processDefinitionKey", key_or_null(mark.about));
      add(mark.at, 0, std::move(item));
    }
  }

  base::Status tasks(store::Connection& connection) {
    TRY(auto* rows, connection.prepare("SELECT key, element_instance, state, assignee, action, completed_by, due_date FROM user_tasks WHERE instance = ?1"));
    rows->begin().bind(1, inside_.one.key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      const auto found = by_key_.find(rows->integer(1));
      if (found == by_key_.end()) continue;
      Json& item = items_[found->second].item;
      item.set("userTaskKey", std::to_string(rows->integer(0))).set("taskState", rows->text(2)).set("assignee", rows->text(3));
      item.set("action", rows->text(4)).set("dueDate", rows->text(6));
      if (!rows->text(5).empty()) item.set("by", rows->text(5));
    }
  }

  base::Status incidents(store::Connection& connection) {
    TRY(auto* rows, connection.prepare("SELECT key, element_id, element_name, kind, state, created, ended, element_instance FROM incidents WHERE instance = ?1"));
    rows->begin().bind(1, inside_.one.key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      Json item = Json::object();
      item.set("kind", "incident").set("incidentKey", std::to_string(rows->integer(0))).set("at", base::iso_utc(rows->integer(5))).set("end", time_or_null(rows->integer(6)));
      item.set("elementId", rows->text(1)).set("elementName", rows->text(2)).set("errorType", rows->text(3)).set("state", rows->text(4));
      item.set("elementInstanceKey", key_or_null(rows->integer(7)));
      add(rows->integer(5), rows->integer(0), std::move(item));
    }
  }

  base::Status decisions(store::Connection& connection) {
    TRY(auto* rows, connection.prepare("SELECT t.key, t.element_id, t.decision, t.version, t.state, t.at, d.name FROM decision_instances t "
                                       "LEFT JOIN definitions d ON d.key = t.definition WHERE t.instance = ?1"));
    rows->begin().bind(1, inside_.one.key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      Json item = Json::object();
      item.set("kind", "decision").set("decisionEvaluationKey", std::to_string(rows->integer(0))).set("at", base::iso_utc(rows->integer(5)));
      item.set("elementId", rows->text(1)).set("decisionDefinitionId", rows->text(2)).set("decisionDefinitionVersion", rows->integer(3)).set("state", rows->text(4));
      item.set("decisionDefinitionName", rows->text(6));
      add(rows->integer(5), rows->integer(0), std::move(item));
    }
  }

  // Correlation keys may say who the case is about: only the message's name is told.
  base::Status messages(store::Connection& connection) {
    TRY(auto* rows, connection.prepare("SELECT element_instance, element_id, name FROM subscriptions WHERE instance = ?1"));
    rows->begin().bind(1, inside_.one.key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      const auto found = open_.find(rows->integer(0));
      if (found == open_.end()) continue;
      Json& item = items_[found->second].item;
      Json list = item["messages"];
      list.push(Json::Object{{"elementId", rows->text(1)}, {"name", rows->text(2)}});
      item.set("messages", std::move(list));
    }
  }

  Json page(std::size_t from, std::size_t limit) {
    std::stable_sort(items_.begin(), items_.end(), [](const Moment& a, const Moment& b) { return a.at != b.at ? a.at < b.at : a.key < b.key; });
    Json items = Json::array();
    for (std::size_t i = from; i < items_.size() && i - from < limit; ++i) items.push(std::move(items_[i].item));
    std::int64_t left = 0;
    for (const auto& [index, counts] : inside_.one.history.overflow) left += static_cast<std::int64_t>(counts.first + counts.second);
    return Json::Object{{"items", std::move(items)}, {"total", static_cast<std::int64_t>(items_.size())}, {"left", left}};
  }

 private:
  void add(base::Millis at, Key key, Json item) {
    if (key != 0) by_key_[key] = items_.size();
    items_.push_back({at, key, std::move(item)});
  }
  Json who(std::uint32_t place) const {
    const auto& names = inside_.one.history.names;
    return place == 0 || place > names.size() ? Json() : Json(names[place - 1]);
  }
  Json element(Key key, Key scope, Index index, const char* state, base::Millis start, base::Millis end, Key of = 0) const {
    const std::vector<ElementRow>& rows = of == 0 ? inside_.definition.elements : inside_.elements_of(of);  // it ran by another version then
    const bool known = index < rows.size();
    Json item = Json::object();
    item.set("kind", "element").set("elementInstanceKey", std::to_string(key)).set("at", base::iso_utc(start)).set("end", time_or_null(end));
    item.set("scopeKey", scope == inside_.one.key ? Json() : Json(std::to_string(scope)));
    item.set("elementId", known ? rows[index].id : std::string()).set("elementName", known ? rows[index].name : std::string());
    item.set("type", known ? element_type(rows[index].type) : std::string("UNKNOWN")).set("state", state);
    item.set("hasIncident", inside_.incidents.contains(key));
    return item;
  }
  void finish(Json& item, base::Millis taken, std::uint32_t loop, std::uint32_t by) const {
    item.set("taken", time_or_null(taken)).set("loopCounter", loop == 0 ? Json() : Json(std::int64_t{loop})).set("by", who(by));
  }

  const Inside& inside_;
  std::vector<Moment> items_;
  std::map<Key, std::size_t> by_key_, open_;
};

}  // namespace

base::Result<Json> read_timeline(store::Database& database, store::Keys* keys, std::int64_t instance, const std::string& authority, std::size_t from, std::size_t limit) {
  Json out;
  TRY_VOID(database.read([&](store::Connection& connection) -> base::Status {
    TRY(const auto inside, load_inside(connection, keys, instance, authority));
    if (!inside) return base::fail(base::ErrorCode::not_found, "no process instance " + std::to_string(instance));
    Timeline timeline(*inside);
    TRY_VOID(timeline.tasks(connection));
    TRY_VOID(timeline.messages(connection));
    TRY_VOID(timeline.incidents(connection));
    TRY_VOID(timeline.decisions(connection));
    out = timeline.page(from, limit);
    return {};
  }));
  return out;
}

}  // namespace engine
