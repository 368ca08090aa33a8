// What each event changes in the model. Mirrors what state/apply_*.cc says of variables and element instances.
#include "base/bytes.h"
#include "base/packed.h"
#include "base/time.h"
#include "engine/projector/model.h"

namespace engine {

#define ON(event) base::Status Model::on(const ev::event& e, [[maybe_unused]] const RecordView& at)
#define IGNORE(event) \
  base::Status Model::on(const ev::event&, const RecordView&) { return {}; }

base::Status Model::apply(const RecordView& record) {
  ++changed_;
  return visit_event(record, keys_, [&](const auto& event) { return on(event, record); });
}

// ---- definitions -------------------------------------------------------------------------------------------------------

ON(resource_deployed) {
  resources_.push_back({e.key, e.authority, e.name, e.content, static_cast<int>(e.kind)});
  resource_names_[e.key] = e.name;
  return {};
}

ON(process_deployed) {
  DefinitionInfo info{e.key, e.resource, e.authority, e.process_id, e.name, resource_names_[e.resource], e.version_tag, e.version, e.elements};
  definition_rows_.push_back({info, "process", {}, {}, at.time});
  definitions_[e.key] = std::move(info);
  note(e.authority, "definition", e.key, 0, "DEPLOYED");
  return {};
}

ON(decision_deployed) {
  DefinitionInfo info{e.key, e.resource, e.authority, e.decision_id, e.name, resource_names_[e.resource], {}, e.version, {}};
  definition_rows_.push_back({info, "decision", e.drg_id, e.drg_name, at.time});
  definitions_[e.key] = std::move(info);
  return {};
}

ON(form_deployed) {
  DefinitionInfo info{e.key, e.resource, e.authority, e.form_id, {}, resource_names_[e.resource], {}, e.version, {}};
  definition_rows_.push_back({info, "form", {}, {}, at.time});
  definitions_[e.key] = std::move(info);
  return {};
}

// ---- helpers -----------------------------------------------------------------------------------------------------------

void Model::note(const std::string& authority, const char* kind, Key key, Key instance, const std::string& state) {
  if (!notes_wanted_ || notes_.size() >= kNotes) return;
  base::Json json = base::Json::object();
  json.set("kind", kind).set("key", std::to_string(key));
  json.set("processInstanceKey", std::to_string(instance)).set("state", state);
  notes_.push_back({authority, std::move(json)});
}

void Model::day(const LiveInstance& instance, base::Millis at, std::int64_t DayCounts::*field) {
  if (instance.parent != 0) return;  // a called process is part of its caller's case
  ++(days_[{instance.authority, {base::iso_date(at), definition(instance.definition).id}}].*field);
}

void Model::count(const LiveInstance& instance, Index element, int active, int completed, int terminated) {
  ElementCounts& counts = counts_[{instance.definition, element}];
  counts.active += active;
  counts.completed += completed;
  counts.terminated += terminated;
}

base::Status Model::begin_element(Key key, Key scope, Index element, std::uint32_t loop, bool body, Key work, const Payload& locals,
                                  base::Millis at, LiveInstance*& found) {
  TRY(found, owner(key));
  if (found == nullptr || !found->elements.contains(key)) {
    TRY(found, owner(scope));
    if (found == nullptr) return {};
    LiveElement made;
    made.key = key;
    made.scope = scope;
    made.element = element;
    made.start = at;
    made.loop = loop;
    made.body = body;
    found->elements.emplace(key, std::move(made));
    owners_[key] = found->key;
    count(*found, element, 1, 0, 0);
  }
  LiveElement& live = touch(*found).elements.at(key);
  live.locals.merge(locals.bytes);
  if (work != 0) live.work = work;
  return {};
}

// Job, task, incidents and subscriptions of an element instance end with it.
base::Status Model::drop_work(LiveInstance& instance, LiveElement& element, base::Millis at) {
  if (element.work != 0 && owners_.erase(element.work) != 0) {
    if (const auto cached = jobs_.find(element.work); cached != jobs_.end()) {
      cached->second.gone = true;
    } else {
      TRY(TaskRow* const open_task, task(element.work));
      if (open_task != nullptr && open_task->state == "CREATED") {
        open_task->state = "CANCELED";
        open_task->ended = at;
        note(instance.authority, "task", open_task->key, instance.key, open_task->state);
      } else if (open_task == nullptr) {
        JobRow gone;
        gone.key = element.work;
        gone.stored = gone.gone = true;
        jobs_.emplace(element.work, std::move(gone));
      }
    }
  }
  element.work = 0;
  return {};
}

base::Status Model::close_incident(LiveInstance& instance, Key key, base::Millis at) {
  touch(instance).attached.erase(key);
  TRY(IncidentRow* const row, incident(key));
  if (row == nullptr || row->state != "ACTIVE") return {};
  row->state = "RESOLVED";
  row->ended = at;
  owners_.erase(key);
  --instance.incidents;
  note(instance.authority, "incident", key, instance.key, row->state);
  return {};
}

base::Status Model::close_subscription(LiveInstance* instance, Key key) {
  if (instance != nullptr) touch(*instance).attached.erase(key);
  if (owners_.erase(key) == 0) return {};
  TRY(SubscriptionRow* const row, subscription(key));
  if (row != nullptr) row->gone = true;
  return {};
}

base::Status Model::drop_attached(LiveInstance& instance, Key element, base::Millis at) {
  std::vector<std::pair<Key, bool>> gone;
  for (const auto& [key, to] : instance.attached) {
    if (element == 0 || to.element == element) gone.emplace_back(key, to.incident);
  }
  for (const auto& [key, is_incident] : gone) {
    if (is_incident) TRY_VOID(close_incident(instance, key, at));
    else TRY_VOID(close_subscription(&instance, key));
  }
  return {};
}

base::Status Model::end_element(LiveInstance& instance, Key key, ElementState state, base::Millis at) {
  const auto found = instance.elements.find(key);
  if (found == instance.elements.end()) return {};
  touch(instance);
  TRY_VOID(drop_work(instance, found->second, at));
  TRY_VOID(drop_attached(instance, key, at));
  const bool completed = state == ElementState::completed;
  instance.history.add({key, found->second.scope, found->second.element, state, found->second.start, at});
  count(instance, found->second.element, -1, completed ? 1 : 0, completed ? 0 : 1);
  instance.elements.erase(found);
  owners_.erase(key);
  return {};
}

// A variable goes to the nearest scope that has it, else to the process.
void Model::propagate(LiveInstance& instance, Key scope, std::string_view packed_object) {
  if (packed_object.empty()) return;
  const base::Packed object(packed_object);
  if (object.kind() != base::Packed::Kind::object) return;
  touch(instance);
  for (auto it = object.items(); it.more(); it.next()) {
    Variables* target = nullptr;
    for (auto at = instance.elements.find(scope); at != instance.elements.end() && target == nullptr; at = instance.elements.find(at->second.scope)) {
      if (at->second.locals.find(it.key()) != nullptr) target = &at->second.locals;
    }
    (target != nullptr ? *target : instance.variables).set(it.key(), it.value().bytes());
  }
}

// What a job, task or message brings waits until its element completes.
base::Status Model::deliver(Key element_instance, Index event, const Payload& payload) {
  TRY(LiveInstance* const found, owner(element_instance));
  if (found == nullptr || payload.empty() || payload.forgotten) return {};
  const auto at = found->elements.find(element_instance);
  if (at == found->elements.end() || at->second.element != event) return {};
  touch(*found);
  at->second.pending = payload.bytes;
  return {};
}

// ---- instances and elements --------------------------------------------------------------------------------------------

ON(instance_created) {
  LiveInstance made;
  made.key = e.instance;
  made.definition = e.definition;
  made.parent_element = e.parent_element;
  if (e.parent_element != 0) {
    if (const auto caller = owners_.find(e.parent_element); caller != owners_.end()) made.parent = caller->second;
  }
  made.root = e.root != 0 ? e.root : e.instance;
  made.slot = e.slot;
  made.authority = e.authority;
  made.business_key = e.business_key;
  made.actor = e.actor;
  made.started = at.time;
  made.variables.merge(e.variables.bytes);
  LiveInstance& placed = touch(instances_.insert_or_assign(e.instance, std::move(made)).first->second);
  day(placed, at.time, &DayCounts::started);
  count(placed, 0, 1, 0, 0);
  note(placed.authority, "instance", placed.key, placed.key, placed.state);
  return {};
}

base::Status Model::end_instance(Key key, const char* state, base::Millis at) {
  TRY(LiveInstance* const found, instance(key));
  if (found == nullptr) return {};
  touch(*found);
  const bool completed = std::string_view(state) == "COMPLETED";
  while (!found->elements.empty()) TRY_VOID(end_element(*found, found->elements.begin()->first, ElementState::terminated, at));
  TRY_VOID(drop_attached(*found, 0, at));
  found->state = state;
  found->ended = at;
  count(*found, 0, -1, completed ? 1 : 0, completed ? 0 : 1);
  day(*found, at, completed ? &DayCounts::completed : &DayCounts::canceled);
  if (completed) day(*found, at, found->user_tasks > 0 ? &DayCounts::with_task : &DayCounts::without_task);
  note(found->authority, "instance", key, key, state);
  return {};
}

ON(instance_completed) {
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  if (e.to_parent && found->parent != 0) {
    TRY(LiveInstance* const caller, instance(found->parent));
    if (caller != nullptr) {
      const auto at_caller = caller->elements.find(found->parent_element);
      if (at_caller != caller->elements.end()) touch(*caller).elements.at(found->parent_element).pending = found->variables.pack();
    }
  }
  return end_instance(e.instance, "COMPLETED", at.time);
}

ON(instance_terminated) { return end_instance(e.instance, "TERMINATED", at.time); }

ON(instance_forgotten) {
  // Asked for while it still runs: it is stopped first, and the event comes again when it is.
  TRY(LiveInstance* const found, instance(e.instance));
  if (found != nullptr && found->state == "ACTIVE") return {};
  forgotten_.push_back(e.instance);
  note(e.authority, "instance", e.instance, e.instance, "FORGOTTEN");
  return {};
}

ON(element_activated) {
  LiveInstance* found = nullptr;
  return begin_element(e.key, e.scope, e.element, e.loop, e.body, 0, e.locals, at.time, found);
}

ON(element_passed) {
  TRY(LiveInstance* const found, owner(e.scope));
  if (found == nullptr) return {};
  touch(*found).history.add({e.key, e.scope, e.element, ElementState::completed, at.time, at.time});
  count(*found, e.element, 0, 1, 0);
  return {};
}

ON(element_completed) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  const auto live = found->elements.find(e.key);
  if (live == found->elements.end()) return {};
  touch(*found);
  LiveElement& element = live->second;
  if (element.loop != 0) {
    const auto body = found->elements.find(element.scope);
    if (body != found->elements.end() && !e.outputs.empty()) body->second.outputs[element.loop] = e.outputs.bytes;
  } else if (e.merge == ev::Merge::outputs) {
    propagate(*found, element.scope, e.outputs.bytes);
  }
  if (e.merge == ev::Merge::pending) propagate(*found, element.scope, std::string(element.pending));
  if (e.merge == ev::Merge::collection) {
    base::Writer items;
    const std::uint32_t total = element.outputs.empty() ? 0 : element.outputs.rbegin()->first;
    items.varint(total);
    for (std::uint32_t i = 1; i <= total; ++i) {
      const auto output = element.outputs.find(i);
      items.append(output == element.outputs.end() || output->second.empty() ? std::string(1, '\0') : output->second);
    }
    base::Writer array;
    array.u8(6);
    array.text(items.bytes());
    Variables collection;
    collection.set(e.collection, array.bytes());
    propagate(*found, element.scope, collection.pack());
  }
  return end_element(*found, e.key, ElementState::completed, at.time);
}

ON(element_terminating) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  const auto live = found->elements.find(e.key);
  if (live == found->elements.end()) return {};
  TRY_VOID(drop_work(touch(*found), live->second, at.time));
  return drop_attached(*found, e.key, at.time);
}

ON(element_terminated) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  const auto live = found->elements.find(e.key);
  const Key scope = live == found->elements.end() ? found->key : live->second.scope;
  TRY_VOID(end_element(*found, e.key, ElementState::terminated, at.time));
  if (e.event_key != 0) {  // the boundary event that takes over is passed with it
    touch(*found).history.add({e.event_key, scope, e.event, ElementState::completed, at.time, at.time});
    count(*found, e.event, 0, 1, 0);
  }
  return {};
}

IGNORE(token_parked)
IGNORE(step_dropped)
IGNORE(step_repeated)

ON(variables_set) {
  TRY(LiveInstance* const found, owner(e.scope));
  if (found == nullptr || e.variables.forgotten) return {};
  if (!e.local) {
    propagate(*found, e.scope, e.variables.bytes);
    return {};
  }
  touch(*found);
  const auto element = found->elements.find(e.scope);
  (element == found->elements.end() ? found->variables : element->second.locals).merge(e.variables.bytes);
  return {};
}

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
  row.created = at.time;
  jobs_.insert_or_assign(e.job, std::move(row));
  owners_[e.job] = found->key;
  return {};
}

ON(job_activated) {
  TRY(JobRow* const row, job(e.job));
  if (row == nullptr) return {};
  row->worker = e.worker;
  row->deadline = e.deadline;
  return {};
}

ON(job_completed) {
  TRY(LiveInstance* const found, owner(e.job));
  if (found == nullptr) return {};
  for (auto& [key, element] : found->elements) {
    if (element.work != e.job) continue;
    const Index event = element.element;
    TRY_VOID(drop_work(touch(*found), element, at.time));
    return deliver(key, event, e.variables);
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

IGNORE(timer_created)
IGNORE(timer_fired)
IGNORE(timer_canceled)
IGNORE(message_published)
IGNORE(message_expired)
IGNORE(signal_broadcast)
IGNORE(condition_changed)
IGNORE(handler_completed)
IGNORE(compensation_started)
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
  owners_[e.subscription] = row.instance;
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
  owners_[e.task] = found->key;
  tasks_.insert_or_assign(e.task, std::move(row));
  return {};
}

ON(user_task_assigned) {
  TRY(TaskRow* const row, task(e.task));
  if (row == nullptr) return {};
  row->assignee = e.assignee;
  TRY(LiveInstance* const found, instance(row->instance));
  if (found != nullptr) note(found->authority, "task", e.task, row->instance, row->state);
  return {};
}

ON(user_task_updated) {
  TRY(TaskRow* const row, task(e.task));
  if (row == nullptr) return {};
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
  touch(*found);
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
  owners_[e.key] = e.instance;
  incidents_.insert_or_assign(e.key, std::move(row));
  return {};
}

ON(incident_resolved) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
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
