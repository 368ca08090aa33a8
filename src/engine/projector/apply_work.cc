// What each event changes in the model: jobs, subscriptions, people's tasks, incidents, decisions.
#include "engine/projector/apply.h"

namespace engine {

// ---- jobs --------------------------------------------------------------------------------------------------------------

ON(job_created) {
  LiveInstance* found = nullptr;
  TRY_VOID(begin_element(e.key, e.scope, e.element, e.loop, false, e.job, e.locals, at.time, found));
  if (found == nullptr) return {};
  JobRow row;
  row.key = e.job;
  row.instance = found->key;
  row.element_instance = e.key;
  row.element = e.element;
  row.type = e.type;
  row.retries = e.retries;
  row.priority = e.priority;
  row.created = at.time;
  jobs_.insert_or_assign(e.job, std::move(row));
  owners_.set(e.job, found->key);
  return {};
}

ON(job_activated) {
  TRY(JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  row->worker = e.worker;
  row->deadline = e.deadline;
  return take(row->instance, row->element_instance, at.time);
}

ON(job_completed) {
  TRY(LiveInstance* const found, owner(e.job));
  if (found == nullptr) return {};
  for (auto& [key, element] : found->elements) {
    if (element.work != e.job) continue;
    const Index event = element.element;
    element.by = touch(*found).history.name(e.actor);
    TRY_VOID(drop_work(*found, element, at.time));
    return deliver(key, event, e.variables);
  }
  return {};
}

ON(ad_hoc_answered) {
  TRY(LiveInstance* const found, owner(e.job));
  if (found == nullptr) return {};
  for (auto& [key, element] : touch(*found).elements) {
    if (element.work != e.job) continue;
    TRY_VOID(drop_work(*found, element, at.time));
    if (!e.variables.forgotten) element.locals.merge(e.variables.bytes);
    return {};
  }
  return {};
}

ON(job_failed) {
  TRY(JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  row->retries = e.retries;
  row->state = "FAILED";
  row->worker.clear();
  row->deadline = e.until;
  row->message = e.message.bytes;
  TRY(LiveInstance* const found, instance(row->instance));
  if (found == nullptr) return {};
  const auto element = found->elements.find(row->element_instance);
  if (element != found->elements.end() && !e.variables.empty()) touch(*found).elements.at(row->element_instance).locals.merge(e.variables.bytes);
  return {};
}

ON(job_error_thrown) {
  TRY(JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  row->state = "ERROR_THROWN";
  row->worker.clear();
  row->deadline = 0;
  row->error_code = e.code;
  row->message = e.message.bytes;
  return {};
}

ON(job_timed_out) {
  TRY(JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  row->state = "TIMED_OUT";
  row->worker.clear();
  row->deadline = 0;
  return {};
}

ON(job_backed_off) {
  TRY(JobRow* const row, job(e.job));
  if (row != nullptr) row->deadline = 0;
  return {};
}

ON(job_updated) {
  TRY(JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  if (e.retries >= 0) {
    row->retries = e.retries;
    row->state = "RETRIES_UPDATED";
  }
  if (e.deadline >= 0) row->deadline = e.deadline;
  return {};
}

// ---- timers, messages, subscriptions -----------------------------------------------------------------------------------

ON(timer_created) {
  if (e.element_instance == 0) return {};
  TRY(LiveInstance* const found, owner(e.element_instance));
  if (found == nullptr) return {};
  const auto element = found->elements.find(e.element_instance);
  if (element == found->elements.end() || element->second.timers.size() >= kTimersShown) return {};
  touch(*found).elements.at(e.element_instance).timers.emplace_back(e.element, e.due);
  return {};
}

IGNORE(timer_fired)
IGNORE(timer_canceled)
IGNORE(message_published)
IGNORE(message_expired)
IGNORE(signal_broadcast)
IGNORE(signal_continued)
IGNORE(condition_changed)
IGNORE(handler_completed)
IGNORE(idempotency_remembered)
IGNORE(idempotency_expired)

ON(subscription_opened) {
  if (e.kind != WaitKind::message) return {};
  SubscriptionRow row;
  row.key = e.subscription;
  row.element_instance = e.element_instance;
  row.definition = e.definition;
  row.element = e.element;
  row.authority = e.authority;
  row.name = e.name;
  row.correlation_key = e.correlation_key;
  row.created = at.time;
  row.interrupting = e.interrupting;
  TRY(LiveInstance* const found, owner(e.element_instance));
  if (found != nullptr) {
    row.instance = found->key;
    row.definition = found->definition;
    touch(*found).attached[e.subscription] = {e.element_instance, false};
  }
  owners_.set(e.subscription, row.instance);
  subscriptions_.insert_or_assign(e.subscription, std::move(row));
  return {};
}

ON(subscription_closed) {
  TRY(LiveInstance* const found, owner(e.subscription));
  return close_subscription(found, e.subscription);
}

ON(message_correlated) {
  TRY(SubscriptionRow* const row, subscription(e.subscription));
  if (row == nullptr || row->element_instance == 0) return {};
  const Key element_instance = row->element_instance;
  const Index event = row->element;
  TRY(LiveInstance* const found, owner(element_instance));
  if (row->interrupting) TRY_VOID(close_subscription(found, e.subscription));
  return deliver(element_instance, event, e.variables);
}

ON(element_triggered) { return deliver(e.element_instance, e.event, e.variables); }

// ---- people's tasks, incidents, decisions ------------------------------------------------------------------------------

static std::string json_texts(const std::vector<std::string>& values) {
  base::Json out = base::Json::array();
  for (const auto& value : values) out.push(value);
  return out.dump();
}

ON(user_task_created) {
  LiveInstance* found = nullptr;
  TRY_VOID(begin_element(e.key, e.scope, e.element, e.loop, false, e.task, e.locals, at.time, found));
  if (found == nullptr) return {};
  TaskRow row;
  row.key = e.task;
  row.instance = found->key;
  row.element_instance = e.key;
  row.element = e.element;
  row.assignee = e.assignee;
  row.groups = json_texts(e.candidate_groups);
  row.users = json_texts(e.candidate_users);
  row.due = e.due_date;
  row.follow_up = e.follow_up_date;
  row.priority = e.priority;
  row.form_key = e.form_key;
  row.form_id = e.form_id;
  row.created = at.time;
  row.locals = e.locals.bytes;
  ++found->user_tasks;
  if (found->root != found->key) {
    TRY(LiveInstance* const root, instance(found->root));
    if (root != nullptr) ++touch(*root).user_tasks;
  }
  note(found->authority, "task", e.task, found->key, row.state);
  owners_.set(e.task, found->key);
  tasks_.insert_or_assign(e.task, std::move(row));
  return {};
}

ON(user_task_assigned) {
  TRY(TaskRow* const row, task(e.task));
  if (row == nullptr) return {};
  row->assignee = e.assignee;
  if (open_task(*row)) row->state = "CREATED";
  if (!e.assignee.empty()) TRY_VOID(take(row->instance, row->element_instance, at.time));
  TRY(LiveInstance* const found, instance(row->instance));
  if (found != nullptr) note(found->authority, "task", e.task, row->instance, row->state);
  return {};
}

ON(user_task_updated) {
  TRY(TaskRow* const row, task(e.task));
  if (row == nullptr) return {};
  if (open_task(*row)) row->state = "CREATED";
  TRY(const auto changes, base::parse_json(e.changes));
  if (changes.has("dueDate")) row->due = changes["dueDate"].string_or({});
  if (changes.has("followUpDate")) row->follow_up = changes["followUpDate"].string_or({});
  if (changes.has("priority")) row->priority = changes["priority"].int_or(row->priority);
  if (changes["candidateGroups"].is_array()) row->groups = changes["candidateGroups"].dump();
  if (changes["candidateUsers"].is_array()) row->users = changes["candidateUsers"].dump();
  TRY(LiveInstance* const found, instance(row->instance));
  if (found != nullptr) note(found->authority, "task", e.task, row->instance, row->state);
  return {};
}

ON(user_task_completed) {
  TRY(TaskRow* const row, task(e.task));
  if (row == nullptr) return {};
  row->state = "COMPLETED";
  row->ended = at.time;
  row->action = e.action;
  row->completed_by = e.actor;
  owners_.erase(e.task);
  TRY(LiveInstance* const found, instance(row->instance));
  if (found == nullptr) return {};
  note(found->authority, "task", e.task, row->instance, row->state);
  const auto element = found->elements.find(row->element_instance);
  if (element == found->elements.end()) return {};
  element->second.by = touch(*found).history.name(e.actor);
  element->second.work = 0;
  return deliver(row->element_instance, element->second.element, e.variables);
}

ON(incident_created) {
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  IncidentRow row;
  row.key = e.key;
  row.instance = e.instance;
  row.element_instance = e.element_instance;
  row.job = e.job;
  row.element = e.element;
  row.kind = e.kind;
  row.message = e.message.bytes;
  row.created = at.time;
  ++touch(*found).incidents;
  found->attached[e.key] = {e.element_instance, true};
  note(found->authority, "incident", e.key, e.instance, row.state);
  owners_.set(e.key, e.instance);
  incidents_.insert_or_assign(e.key, std::move(row));
  return {};
}

ON(incident_resolved) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  Index element = 0;
  if (const auto to = found->attached.find(e.key); to != found->attached.end())
    if (const auto live = found->elements.find(to->second.element); live != found->elements.end()) element = live->second.element;
  if (!e.actor.empty()) touch(*found).history.mark(MarkKind::retried, at.time, element, e.actor);
  return close_incident(*found, e.key, at.time);
}

ON(decision_evaluated) {
  DecisionRow row;
  row.key = e.key;
  row.element_instance = e.element_instance;
  row.definition = e.definition;
  row.element = e.element;
  row.decision = e.decision_id;
  row.version = e.version;
  row.failed = e.failed;
  row.at = at.time;
  row.trace = e.trace.bytes;
  row.slot = e.trace.slot;
  TRY(LiveInstance* found, owner(e.element_instance));
  if (found == nullptr) {
    TRY(found, owner(e.scope));
  }
  if (found != nullptr) {
    row.instance = found->key;
    row.authority = found->authority;
    row.slot = found->slot;
  } else {
    row.authority = definition(e.definition).authority;
  }
  decisions_.push_back(std::move(row));
  return {};
}

}  // namespace engine
