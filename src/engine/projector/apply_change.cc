// What each event changes in the model: modification, migration, suspension. Who did it is a row of its own.
#include "engine/projector/apply.h"

namespace engine {

void Model::changed(const LiveInstance& instance, const RecordView& record, const char* kind, const std::string& actor, const base::Json& detail) {
  changes_.push_back({static_cast<Key>(record.position), instance.key, instance.authority, kind, actor, detail.dump(), record.time});
  note(instance.authority, "instance", instance.key, instance.key, instance.state);
}

base::Status Model::set_states(Key root, const char* from, const char* to) {
  std::vector<Key> tree{root};
  for (const auto& [key, one] : instances_)
    if (one.root == root && key != root) tree.push_back(key);
  TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* rows, connection.prepare("SELECT key FROM instances WHERE root = ?1 AND root <> key AND state = ?2"));
    rows->begin().bind(1, root).bind_text(2, from);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      tree.push_back(rows->integer(0));
    }
  }));
  for (Key key : tree) {
    TRY(LiveInstance* const one, instance(key));
    if (one != nullptr && one->state == from) touch(*one).state = to;
  }
  return {};
}

ON(instance_suspended) {
  TRY_VOID(set_states(e.instance, "ACTIVE", "SUSPENDED"));
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  touch(*found).history.mark(MarkKind::suspended, at.time, 0, e.actor);
  changed(*found, at, "SUSPENDED", e.actor, base::Json::object());
  return {};
}

ON(instance_resumed) {
  TRY_VOID(set_states(e.instance, "SUSPENDED", "ACTIVE"));
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  touch(*found).history.mark(MarkKind::resumed, at.time, 0, e.actor);
  changed(*found, at, "RESUMED", e.actor, base::Json::object());
  return {};
}

ON(instance_modified) {
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  const auto ids = [&](const std::vector<Index>& elements) {
    base::Json all = base::Json::array();
    for (Index element : elements) all.push(definition(found->definition).element_id(element));
    return all;
  };
  touch(*found).history.mark(MarkKind::modified, at.time, e.activated.empty() ? (e.stopped.empty() ? 0 : e.stopped.front()) : e.activated.front(), e.actor);
  changed(*found, at, "MODIFIED", e.actor, base::Json(base::Json::Object{{"activated", ids(e.activated)}, {"stopped", ids(e.stopped)}}));
  return {};
}

ON(modification_continued) {
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  for (Key key : e.incidents) TRY_VOID(close_incident(*found, key, at.time));
  return {};
}

IGNORE(element_placed)
IGNORE(flows_taken)
IGNORE(elements_migrated)
IGNORE(migration_completed)
IGNORE(message_missed)

// Everything that is open belongs to the new definition from here on; what is over stays with the one it happened in.
ON(migration_started) {
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  const auto other = [&](Index index) { return index < e.elements.size() ? e.elements[index] : Index{0xffffffff}; };
  touch(*found);
  const Key before = found->definition;
  count(*found, 0, -1, 0, 0);
  for (auto& [key, element] : found->elements) {
    count(*found, element.element, -1, 0, 0);
    element.element = other(element.element);
    if (element.work == 0 || !owners_.contains(element.work)) continue;
    TRY(JobRow* const work, job(element.work));
    if (work != nullptr) {
      work->element = element.element;
      continue;
    }
    TRY(TaskRow* const person, task(element.work));
    if (person != nullptr) person->element = element.element;
  }
  for (const auto& [key, to] : found->attached) {
    if (to.job) {
      TRY(JobRow* const row, job(key));
      if (row != nullptr) row->element = other(row->element);
    } else if (to.incident) {
      TRY(IncidentRow* const row, incident(key));
      if (row == nullptr) continue;
      row->element = other(row->element);
      row->moved = true;
    } else {
      TRY(SubscriptionRow* const row, subscription(key));
      if (row == nullptr) continue;
      row->element = other(row->element);
      row->definition = e.definition;
      row->moved = true;
    }
  }
  // What ended in this transaction and is not written yet.
  for (auto& [key, row] : tasks_)
    if (row.instance == e.instance && row.state != "CREATED") row.element = other(row.element);
  for (auto& [key, row] : incidents_)
    if (row.instance == e.instance && row.state != "ACTIVE" && !row.moved) row.element = other(row.element);
  for (auto& row : decisions_)
    if (row.instance == e.instance) row.element = other(row.element);
  for (auto& [key, element] : found->elements) {
    auto timers = std::exchange(element.timers, {});
    for (auto& one : timers) one.first = other(one.first);
    element.timers = std::move(timers);
  }
  for (Mark& one : found->history.marks) one.element = other(one.element) == 0xffffffff ? 0 : other(one.element);
  found->history.mark(MarkKind::migrated, at.time, 0, e.actor, before);
  if (!found->history.entries.empty()) found->history.before.emplace_back(found->history.entries.size(), before);
  std::map<Index, std::pair<std::uint64_t, std::uint64_t>> overflow;
  for (const auto& [element, counts] : found->history.overflow) {
    auto& now = overflow[other(element)];
    now.first += counts.first;
    now.second += counts.second;
  }
  found->history.overflow = std::move(overflow);
  found->definition = e.definition;
  count(*found, 0, 1, 0, 0);
  for (const auto& [key, element] : found->elements) count(*found, element.element, 1, 0, 0);
  changed(*found, at, "MIGRATED", e.actor, base::Json(base::Json::Object{{"sourceProcessDefinitionKey", std::to_string(before)}, {"targetProcessDefinitionKey", std::to_string(e.definition)}}));
  return {};
}

}  // namespace engine
