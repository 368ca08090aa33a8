// Heat per element: how often, how long (waiting for somebody, being handled, from begin to end), how many incidents.
#include <algorithm>

#include "engine/projector/items.h"
#include "engine/projector/operations.h"

namespace engine {
namespace {

using base::Json;

constexpr std::size_t kChunk = 5'000;            // rows of one read transaction
constexpr std::size_t kLooked = 1'000'000;       // rows looked at, newest first: some seconds
constexpr std::size_t kInstances = 50'000;       // histories read: what median and p95 need, and no more than a second
constexpr std::size_t kTimes = 2'000'000;        // durations kept for the percentiles, all elements together: 16 MB

struct Times {
  std::vector<base::Millis> all;
  Json json() {
    if (all.empty()) return Json();
    std::sort(all.begin(), all.end());
    const auto at = [&](double part) { return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1) + 0.5)]; };
    return Json::Object{{"n", static_cast<std::int64_t>(all.size())}, {"median", at(0.5)}, {"p95", at(0.95)}};
  }
};
struct Element { std::int64_t count = 0, active = 0, terminated = 0, incidents = 0, open_incidents = 0; Times total, waiting, handling; };

class Heat {
 public:
  Heat(Key definition, base::Millis from, base::Millis to) : definition_(definition), from_(from), to_(to) {}

  base::Status chunk(store::Connection& connection, const std::string& authority) {
    std::vector<Key> fitting;
    TRY(auto* rows, connection.prepare("SELECT key, definition, authority, started, ended FROM instances WHERE key < ?1 ORDER BY key DESC LIMIT ?2"));
    rows->begin().bind(1, below_).bind(2, static_cast<std::int64_t>(kChunk));
    std::size_t seen = 0;
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      ++seen;
      below_ = rows->integer(0);
      const base::Millis ended = rows->integer(4);
      if (rows->integer(1) == definition_ && rows->integer(3) < to_ && (ended == 0 || ended >= from_) && rows->text(2) == authority) fitting.push_back(below_);
    }
    looked_ += seen;
    last_ = seen < kChunk;
    for (const Key key : fitting) {
      if (instances_ >= kInstances) break;
      TRY_VOID(add(connection, key));
    }
    return {};
  }

  base::Status incidents(store::Connection& connection, const DefinitionInfo& definition) {
    std::map<std::string, Index> indexes;
    for (Index i = 0; i < definition.elements.size(); ++i) indexes[definition.elements[i].id] = i;
    TRY(auto* rows, connection.prepare("SELECT element_id, state = 'ACTIVE', count(*) FROM incidents WHERE definition = ?1 AND created >= ?2 AND created < ?3 GROUP BY 1, 2"));
    rows->begin().bind(1, definition_).bind(2, from_).bind(3, to_);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      const auto found = indexes.find(rows->text(0));
      if (found == indexes.end()) continue;
      elements_[found->second].incidents += rows->integer(2);
      if (rows->integer(1) != 0) elements_[found->second].open_incidents += rows->integer(2);
    }
  }

  bool more() const { return !last_ && looked_ < kLooked && instances_ < kInstances; }

  Json json(const DefinitionInfo& definition) {
    Json elements = Json::object();
    for (auto& [index, e] : elements_) {
      if (index == 0 || index >= definition.elements.size()) continue;
      Json item = Json::object();
      item.set("name", definition.elements[index].name).set("type", element_type(definition.elements[index].type));
      item.set("count", e.count).set("active", e.active).set("terminated", e.terminated).set("incidents", e.incidents).set("openIncidents", e.open_incidents);
      item.set("total", e.total.json()).set("waiting", e.waiting.json()).set("handling", e.handling.json());
      elements.set(definition.elements[index].id, std::move(item));
    }
    Json out = Json::object();
    out.set("instances", static_cast<std::int64_t>(instances_)).set("looked", static_cast<std::int64_t>(looked_)).set("whole", last_ && instances_ < kInstances);
    out.set("elements", std::move(elements));
    return out;
  }

 private:
  base::Status add(store::Connection& connection, Key key) {
    TRY(auto* row, connection.prepare("SELECT started, history, live FROM instances WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};
    LiveInstance one;
    one.key = key;
    one.started = row->integer(0);
    TRY(one.history, History::decode(row->text(1), key, one.started));
    TRY_VOID(one.decode_live(row->text(2)));
    row->begin();
    bool counted = false;
    const auto bodies = one.bodies();
    const std::size_t own = one.history.before.empty() ? 0 : one.history.before.back().first;  // earlier ones ran by another version
    for (std::size_t place = own; place < one.history.entries.size(); ++place) {
      const HistoryEntry& entry = one.history.entries[place];
      if (entry.start < from_ || entry.start >= to_ || bodies.contains(entry.key)) continue;
      counted = true;
      Element& e = elements_[entry.element];
      ++e.count;
      if (entry.state == ElementState::terminated) {
        ++e.terminated;  // its time says nothing about the work
        continue;
      }
      if (times_ >= kTimes) continue;
      ++times_;
      e.total.all.push_back(entry.end - entry.start);
      if (entry.taken == 0) continue;
      e.waiting.all.push_back(entry.taken - entry.start);
      e.handling.all.push_back(entry.end - entry.taken);
    }
    for (const auto& [element_key, element] : one.elements) {
      if (element.start < from_ || element.start >= to_ || element.body) continue;
      counted = true;
      ++elements_[element.element].count;
      ++elements_[element.element].active;
    }
    instances_ += counted ? 1 : 0;
    return {};
  }

  const Key definition_;
  const base::Millis from_, to_;
  std::int64_t below_ = INT64_MAX;
  std::size_t looked_ = 0, instances_ = 0, times_ = 0;
  bool last_ = false;
  std::map<Index, Element> elements_;
};

}  // namespace

base::Result<Json> read_heat(store::Database& database, std::int64_t definition, base::Millis from, base::Millis to, const std::string& authority) {
  DefinitionInfo info;
  Heat heat(definition, from, to);
  TRY_VOID(database.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT elements FROM definitions WHERE key = ?1 AND authority = ?2 AND kind = 'process'"));
    TRY(const bool known, row->begin().bind(1, definition).bind_text(2, authority).step());
    if (known) info.elements = decode_elements(row->text(0));
    row->begin();
    if (!known) return base::fail(base::ErrorCode::not_found, "no process definition " + std::to_string(definition));
    return heat.incidents(connection, info);
  }));
  do {
    TRY_VOID(database.read([&](store::Connection& connection) { return heat.chunk(connection, authority); }));
  } while (heat.more());
  return heat.json(info);
}

}  // namespace engine
