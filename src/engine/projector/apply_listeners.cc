// What each event changes in the model: listeners, changes of people's tasks that wait for them, deleted definitions, retention.
#include "engine/projector/apply.h"

namespace engine {

IGNORE(tokens_held)

ON(listener_created) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  touch(*found);
  Index element = 0;
  if (const auto live = found->elements.find(e.key); live != found->elements.end()) {
    element = live->second.element;
    live->second.locals.merge(e.locals.bytes);
    if (e.phase == ListenerPhase::end) live->second.pending.clear();
  }
  JobRow row;
  row.key = e.job;
  row.instance = found->key;
  row.element_instance = e.key;
  row.element = element;
  row.type = e.type;
  row.retries = e.retries;
  row.priority = e.priority;
  row.listener = name(e.phase);
  row.created = at.time;
  found->attached[e.job] = {e.key, false, true};
  owners_.set(e.job, found->key);
  jobs_.insert_or_assign(e.job, std::move(row));
  return {};
}

ON(listener_completed) {
  TRY(const JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  const Key key = row->element_instance;
  const std::string phase = row->listener;
  TRY(LiveInstance* const found, instance(row->instance));
  drop_job(e.job);
  if (found == nullptr) return {};
  touch(*found).attached.erase(e.job);
  const auto live = found->elements.find(key);
  if (e.denied && live != found->elements.end()) return change_task(live->second.work, "CREATED");
  if (e.variables.empty() || e.variables.forgotten) return {};
  if (phase == name(ListenerPhase::start)) (live == found->elements.end() ? found->variables : live->second.locals).merge(e.variables.bytes);
  if (phase == name(ListenerPhase::end)) propagate(*found, live == found->elements.end() ? found->key : live->second.scope, e.variables.bytes);
  return {};
}

ON(task_change_begun) {
  static constexpr const char* kStates[] = {"CREATED", "CREATED", "CREATED", "CREATING", "ASSIGNING", "UPDATING", "COMPLETING", "CANCELING"};
  TRY(const TaskRow* const row, task(e.task));
  if (row == nullptr) return {};
  TRY(LiveInstance* const found, instance(row->instance));
  if (found != nullptr) {
    std::vector<Key> overtaken;
    for (const auto& [key, to] : found->attached)
      if (to.job && to.element == row->element_instance) overtaken.push_back(key);
    for (const Key key : overtaken) {
      touch(*found).attached.erase(key);
      drop_job(key);
    }
  }
  return change_task(e.task, kStates[static_cast<std::size_t>(e.phase) % std::size(kStates)]);
}

ON(task_settled) { return change_task(e.task, "CREATED"); }

// It leaves the searches; what instances of it left behind keeps its names and its diagram.
ON(definition_deleted) {
  deleted_.emplace_back(e.key, at.time);
  note(e.authority, "definition", e.key, 0, "DELETED");
  return {};
}

IGNORE(resource_deleted)

ON(retention_set) {
  retentions_.push_back({e.key, e.authority, e.process_id, e.period, e.actor, at.time});
  return {};
}

}  // namespace engine
