// The read side: search and get over projection.db in the field names of the /v2 REST shapes.
#include <algorithm>

#include "base/packed.h"
#include "base/text.h"
#include "base/time.h"
#include "bpmn/model.h"
#include "engine/projector/fields.h"
#include "engine/projector/items.h"
#include "engine/projector/model.h"
#include "engine/projector/operations.h"
#include "engine/projector/past_decisions.h"
#include "engine/projector/projector.h"

namespace engine {
namespace {

using base::Json;

class SqliteReadSide final : public ReadSide {
 public:
  SqliteReadSide(Projector* projector, std::function<std::uint64_t()> acknowledged) : projector_(projector), acknowledged_(std::move(acknowledged)) {
    if (projector_ != nullptr) history_ = make_decision_history(projector_->database(), projector_->keys());
    if (projector_ != nullptr) scan_ = make_instance_scan(projector_->database(), projector_->keys());
  }

  base::Result<Json> search(std::string_view kind, const Json& request, const std::string& authority, std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    TRY(const auto asked, parse_request(request));
    if (kind == "element-instances" || kind == "variables") return search_inside(kind, asked, authority);
    const Kind* table = find_kind(kind);
    if (table == nullptr) return unknown(kind);
    return search_table(*table, asked, authority);
  }

  base::Result<Json> get(std::string_view kind, std::int64_t key, const std::string& authority, std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    if (kind == "variables") return get_variable(key, authority);
    const Kind* table = find_kind(kind);
    if (table == nullptr) return unknown(kind);
    Json filter = Json::object();
    filter.set(table->key_field, std::to_string(key));
    Request asked;
    asked.filter = std::move(filter);
    asked.limit = 1;
    TRY(auto found, search_table(*table, asked, authority));
    if (found["items"].size() == 0) return base::fail(base::ErrorCode::not_found, std::string(kind) + " " + std::to_string(key) + " does not exist");
    return found["items"].as_array()[0];
  }

  base::Result<Json> element_counts(std::int64_t key, const std::string& authority) override {
    TRY_VOID(ready(acknowledged_()));
    Json out = Json::object();
    bool known = false;
    TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
      TRY(auto instance, load_inside(connection, projector_->keys(), key, authority));
      if (instance) {
        known = true;
        return count_instance(connection, *instance, out);
      }
      TRY(auto* definition, connection.prepare("SELECT 1 FROM definitions WHERE key = ?1 AND authority = ?2"));
      TRY(known, definition->begin().bind(1, key).bind_text(2, authority).step());
      definition->begin();
      return known ? count_definition(connection, key, out) : base::Status{};
    }));
    if (!known) return base::fail(base::ErrorCode::not_found, "no instance or definition " + std::to_string(key));
    return out;
  }

  base::Result<std::string> definition_xml(std::int64_t key, const std::string& authority) override {
    TRY_VOID(ready(acknowledged_()));
    std::string out;
    bool found = false;
    TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
      TRY(auto* row, connection.prepare("SELECT r.content FROM definitions d JOIN resources r ON r.key = d.resource WHERE d.key = ?1 AND d.authority = ?2"));
      TRY(found, row->begin().bind(1, key).bind_text(2, authority).step());
      if (found) out = row->text(0);
      row->begin();
      return {};
    }));
    if (!found) return base::fail(base::ErrorCode::not_found, "no definition " + std::to_string(key));
    return out;
  }

  base::Result<Json> per_day(const std::string& authority, int days, std::string_view process_id) override {
    TRY_VOID(ready(acknowledged_()));
    Json out = Json::array();
    TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
      TRY(auto* rows, connection.prepare("SELECT day, process_id, started, completed, canceled, with_task, without_task FROM days WHERE authority = ?1 AND "
                                         "(?2 = '' OR process_id = ?2) AND day > (SELECT date(max(day), ?3) FROM days WHERE authority = ?1) "
                                         "ORDER BY day, process_id"));
      rows->begin().bind_text(1, authority).bind_text(2, process_id).bind_text(3, "-" + std::to_string(std::clamp(days, 1, 3660)) + " days");
      while (true) {
        TRY(const bool more, rows->step());
        if (!more) return {};
        Json item = Json::object();
        item.set("day", rows->text(0)).set("processDefinitionId", rows->text(1));
        item.set("started", rows->integer(2)).set("completed", rows->integer(3));
        item.set("canceled", rows->integer(4)).set("withUserTask", rows->integer(5));
        item.set("withoutUserTask", rows->integer(6));
        out.push(std::move(item));
      }
    }));
    return out;
  }

  base::Result<DecisionHistory*> decisions(std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    return history_.get();
  }

  base::Result<InstanceScan*> scan(std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    return scan_.get();
  }
  base::Result<Json> timeline(std::int64_t instance, const std::string& authority, std::size_t from, std::size_t limit, std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    return read_timeline(projector_->database(), projector_->keys(), instance, authority, from, limit);
  }
  base::Result<Json> heat(std::int64_t definition, base::Millis from, base::Millis to, const std::string& authority, std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    return read_heat(projector_->database(), definition, from, to, authority);
  }
  base::Result<Json> versions(const std::string& authority, std::string_view process_id, std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    return read_versions(projector_->database(), authority, process_id);
  }
  base::Result<Json> incident_groups(const std::string& authority, std::uint64_t at_least) override {
    TRY_VOID(ready(at_least));
    return read_incident_groups(projector_->database(), authority);
  }

  std::uint64_t acknowledged() const override { return acknowledged_(); }
  int subscribe(const std::string& authority, std::function<void(const Json&)> note) override {
    return projector_ ? projector_->subscribe(authority, std::move(note)) : 0;
  }
  void unsubscribe(int id) override {
    if (projector_) projector_->unsubscribe(id);
  }

 private:
  base::Status ready(std::uint64_t at_least) {
    if (projector_ == nullptr) return base::fail(base::ErrorCode::not_found, "this engine runs without its read side");
    return projector_->wait_for(at_least);
  }

  static std::unexpected<base::Error> unknown(std::string_view kind) {
    return base::fail(base::ErrorCode::invalid_argument, "'" + std::string(kind) + "' cannot be searched");
  }

  base::Result<Json> search_table(const Kind& kind, const Request& asked, const std::string& authority) {
    TRY(auto sql, build_sql(kind, asked, authority));
    Json items = Json::array();
    std::int64_t total = 0;
    std::string first, last;
    TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
      TRY(auto* count, connection.prepare(sql.count));
      bind_all(count->begin(), sql.bindings, sql.count_bindings);
      TRY(const bool counted, count->step());
      if (counted) total = count->integer(0);
      count->begin();
      if (asked.limit == 0) return {};
      TRY(auto* rows, connection.prepare(sql.select));
      bind_all(rows->begin(), sql.bindings, sql.bindings.size());
      while (true) {
        TRY(const bool more, rows->step());
        if (!more) return {};
        items.push(row_item(kind, *rows, projector_->keys()));
        last = rows->text(0);
        if (first.empty()) first = last;
      }
    }));
    return page_of(std::move(items), total, asked, first, last);
  }

  // Element instances and variables live inside their instance's row.
  base::Result<Json> search_inside(std::string_view kind, const Request& asked, const std::string& authority) {
    std::vector<Json> found;
    TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
      TRY(const Scope scope, scope_of(connection, asked.filter, authority));
      TRY(auto instance, load_inside(connection, projector_->keys(), scope.instance, authority));
      if (!instance) return {};
      if (kind == "element-instances") found = element_items(*instance);
      else found = variable_items(*instance, scope);
      return {};
    }));
    return filter_items(std::move(found), asked, kind);
  }

  base::Result<Json> get_variable(std::int64_t key, const std::string& authority) {
    std::vector<Json> found;
    TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
      Scope scope;
      scope.instance = scope.scope = scope_of_variable(key);
      TRY(auto instance, load_inside(connection, projector_->keys(), scope.instance, authority));
      if (instance) found = variable_items(*instance, scope);
      return {};
    }));
    for (auto& item : found) {
      if (item["variableKey"].string_or({}) == std::to_string(key)) return std::move(item);
    }
    return base::fail(base::ErrorCode::not_found, "no variable " + std::to_string(key));
  }

  static base::Status count_instance(store::Connection& connection, const Inside& instance, Json& out) {
    const auto add = [&](const std::string& element, const char* field, std::int64_t by) {
      if (element.empty()) return;
      Json counts = out[element].is_null() ? empty_counts() : out[element];
      counts.set(field, counts[field].int_or(0) + by);
      out.set(element, std::move(counts));
    };
    const auto bodies = instance.one.bodies();
    for (std::size_t i = 0; i < instance.one.history.entries.size(); ++i) {
      const HistoryEntry& entry = instance.one.history.entries[i];
      if (bodies.contains(entry.key)) continue;
      const auto& rows = instance.elements_of(instance.one.history.definition_of(i, instance.one.definition));
      add(entry.element < rows.size() ? rows[entry.element].id : std::string(), entry.state == ElementState::completed ? "completed" : "terminated", 1);
    }
    for (const auto& [element, counts] : instance.one.history.overflow) {
      add(instance.element_id(element), "completed", static_cast<std::int64_t>(counts.first));
      add(instance.element_id(element), "terminated", static_cast<std::int64_t>(counts.second));
    }
    for (const auto& [key, element] : instance.one.elements) {
      add(instance.element_id(element.element), "active", element.body ? 0 : 1);
      if (element.body) add_multi(instance, element, out);
    }
    TRY(auto* rows, connection.prepare("SELECT element_id, count(*) FROM incidents WHERE instance = ?1 AND state = 'ACTIVE' GROUP BY element_id"));
    rows->begin().bind(1, instance.one.key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      add(rows->text(0), "incidents", rows->integer(1));
    }
  }

  // Several open bodies of one element (in a multi-instance around it) are put together.
  static void add_multi(const Inside& instance, const LiveElement& body, Json& out) {
    const std::string id = instance.element_id(body.element);
    if (id.empty()) return;
    std::int64_t active = 0;
    for (const auto& [key, element] : instance.one.elements) active += element.scope == body.key && element.loop != 0 ? 1 : 0;
    Json counts = out[id];
    const Json before = counts["multi"];
    const bool known = body.total != kUnknownTotal && (before.is_null() || before["total"].is_int());
    counts.set("multi", Json::Object{{"active", before["active"].int_or(0) + active}, {"completed", before["completed"].int_or(0) + std::int64_t{body.done}},
                                     {"total", known ? Json(before["total"].int_or(0) + std::int64_t{body.total}) : Json()}});
    out.set(id, std::move(counts));
  }

  static base::Status count_definition(store::Connection& connection, std::int64_t key, Json& out) {
    TRY(auto* rows, connection.prepare("SELECT element, active, completed, terminated FROM element_counts WHERE definition = ?1"));
    rows->begin().bind(1, key);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      Json counts = empty_counts();
      counts.set("active", rows->integer(1)).set("completed", rows->integer(2));
      counts.set("terminated", rows->integer(3));
      out.set(rows->text(0), std::move(counts));
    }
    TRY(auto* incidents, connection.prepare("SELECT element_id, count(*) FROM incidents WHERE definition = ?1 AND state = 'ACTIVE' GROUP BY element_id"));
    incidents->begin().bind(1, key);
    while (true) {
      TRY(const bool more, incidents->step());
      if (!more) return {};
      Json counts = out[incidents->text(0)].is_null() ? empty_counts() : out[incidents->text(0)];
      counts.set("incidents", incidents->integer(1));
      out.set(incidents->text(0), std::move(counts));
    }
  }

  static Json empty_counts() {
    Json counts = Json::object();
    for (const char* field : {"active", "completed", "terminated", "incidents"}) counts.set(field, 0);
    return counts;
  }

  Projector* projector_;
  std::function<std::uint64_t()> acknowledged_;
  std::unique_ptr<DecisionHistory> history_;
  std::unique_ptr<InstanceScan> scan_;
};

}  // namespace

std::unique_ptr<ReadSide> make_read_side(Projector* projector, std::function<std::uint64_t()> acknowledged) {
  return std::make_unique<SqliteReadSide>(projector, std::move(acknowledged));
}

}  // namespace engine
