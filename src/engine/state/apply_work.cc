// apply: jobs, timers, messages and subscriptions, people's tasks, incidents, remembered commands.
#include <algorithm>

#include "engine/state/mark.h"
#include "engine/state/state.h"
#include "engine/planted.h"

namespace engine {

// ---- jobs ----------------------------------------------------------------------------------------------------------

// Has the job an entry in job_due that counts?
static bool has_due(const Job& job) { return job.state == JobState::activated || job.state == JobState::backing_off; }

void State::enqueue(Job& job) {
  job.state = JobState::available;
  job.turn = meta.next_turn++;
  queues[job.queue].waiting[job.priority].push_back({job.turn, job.key});
  note_available(job.queue);
}

void State::note_available(std::uint32_t queue) {
  if (!std::exchange(queues[queue].told, true)) available_queues.push_back(queue);
}

void State::apply(const ev::job_created& e, base::Millis) {
  ElementInstance* existing = elements.find(e.key);
  ElementInstance& element = existing ? touch(*existing) : make_element(e.key, e.scope, e.element);
  if (!existing) element.loop = e.loop;
  merge_locals(element, e.locals);
  if (element.work != e.job) remove_job(element.work);  // an ad-hoc sub-process asks anew
  element.work = e.job;
  enqueue(make_job(e.job, element, e.type, e.retries, e.priority));
}

Job& State::make_job(Key key, ElementInstance& element, const std::string& type, std::int32_t retries, std::int32_t priority) {
  note_key(key);
  const Instance& instance = *instances.find(element.instance);
  const std::string index = index_key(instance.authority, type);
  auto at = queue_index.find(index);
  if (at == queue_index.end()) {
    at = queue_index.emplace(index, static_cast<std::uint32_t>(queues.size())).first;
    queues.emplace_back();
    queues.back().authority = instance.authority;
    queues.back().type = type;
  }
  Job& job = touch(jobs.make(key));
  job.element_instance = element.key;
  job.retries = retries;
  job.priority = priority;
  job.queue = at->second;
  reset_straight(element.instance);
  return job;
}

void State::apply(const ev::job_activated& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  touch(*job).state = JobState::activated;
  job->worker = e.worker;
  job->due = e.deadline;
  job_due.add(e.deadline, e.job);
  ++jobs_due;
  tidy(queues[job->queue]);
}

void State::remove_job(Key key) {
  Job* job = jobs.find(key);
  if (job == nullptr) return;
  if (has_due(*job)) --jobs_due;
  gone(*job);
  jobs.erase(key);
}

void State::apply(const ev::job_completed& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  const Key element = job->element_instance;
  remove_job(e.job);
  ElementInstance* at = elements.find(element);
  if (at == nullptr) return;
  touch(*at).work = 0;
  deliver(element, at->element, e.variables.forgotten ? std::string() : e.variables.bytes);
}

void State::apply(const ev::job_failed& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  if (has_due(touch(*job))) --jobs_due;
  job->retries = e.retries;
  if (static int calls = 0; planted("3")) job->retries += ++calls;  // apply uses what is not in the event
  job->worker.clear();
  job->due = 0;
  if (ElementInstance* at = elements.find(job->element_instance)) merge_locals(*at, e.variables);
  if (e.retries <= 0) {
    job->state = JobState::incident;
  } else if (e.until != 0) {
    job->state = JobState::backing_off;
    job->due = e.until;
    job_due.add(e.until, e.job);
    ++jobs_due;
  } else {
    enqueue(*job);
  }
}

void State::apply(const ev::job_error_thrown& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  if (has_due(touch(*job))) --jobs_due;
  job->state = JobState::incident;
  job->worker.clear();
  job->due = 0;
  reset_straight(instance_of(*job));
}

void State::apply(const ev::job_timed_out& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  --jobs_due;
  touch(*job).worker.clear();
  job->due = 0;
  enqueue(*job);
}

void State::apply(const ev::job_backed_off& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  --jobs_due;
  touch(*job).due = 0;
  enqueue(*job);
}

void State::apply(const ev::job_updated& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  touch(*job);
  if (e.retries >= 0) job->retries = e.retries;
  if (e.deadline >= 0 && job->state == JobState::activated) {
    job->due = e.deadline;
    job_due.add(e.deadline, e.job);
  }
}

// Its own data, so that what runs in it sees them; it stays open, unless there is nothing left in it.
void State::apply(const ev::ad_hoc_answered& e, base::Millis) {
  Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  const Key key = job->element_instance;
  remove_job(e.job);
  ElementInstance* at = elements.find(key);
  if (at == nullptr) return;
  touch(*at).work = 0;
  reset_straight(at->instance);
  merge_locals(*at, e.variables);
  if (e.fulfilled) extra(*at).then = Then::complete_scope;
  check_idle(key);
}

// ---- timers --------------------------------------------------------------------------------------------------------

void State::apply(const ev::timer_created& e, base::Millis) {
  note_key(e.timer);
  Timer& timer = touch(timers.make(e.timer));
  timer.element_instance = e.element_instance;
  timer.element = e.element;
  timer.due = e.due;
  if (TimerMore more{e.definition, e.interval, e.left, e.interval_text}; !(more == TimerMore{})) timer.more.make() = std::move(more);
  timer.together = e.together;
  timer_due.add(e.due, e.timer);
  if (ElementInstance* element = elements.find(e.element_instance)) {
    attach(*element, element->timers, e.timer);
    reset_straight(element->instance);
  } else if (Definition* definition = definitions.find(e.definition)) {
    touch(*definition).start_timers.push_back(e.timer);
  }
}

void State::attach(ElementInstance& element, KeyList& list, Key key) {
  list.push_back(key);
  if (!element.watched) touch(element).watched = true;
}

void State::cancel_timer(Key key, bool detach) {
  Timer* timer = timers.find(key);
  if (timer == nullptr) return;
  if (detach) {
    if (ElementInstance* element = elements.find(timer->element_instance)) element->timers.erase(key);
    if (Definition* definition = definitions.find(timer->more->definition)) std::erase(touch(*definition).start_timers, key);
  }
  gone(*timer);
  timers.erase(key);
}

void State::apply(const ev::timer_fired& e, base::Millis) {
  Timer* timer = timers.find(e.timer);
  if (timer == nullptr) return;
  const Key element = timer->element_instance;
  const Index event = timer->element;
  const bool together = timer->together;
  if (e.next_due != 0) {
    touch(*timer).due = e.next_due;
    if (timer->more->left > 0) --timer->more.make().left;
    timer_due.add(e.next_due, e.timer);
  } else {
    cancel_timer(e.timer, true);
  }
  if (element != 0) arrive(element, event, together, {});
}

void State::apply(const ev::timer_canceled& e, base::Millis) { cancel_timer(e.timer, true); }

// ---- messages and subscriptions ------------------------------------------------------------------------------------

void State::apply(const ev::message_published& e, base::Millis) {
  note_key(e.key);
  if (!e.waits) return;
  Message& message = touch(messages.make(e.key));
  message.authority = e.authority;
  message.name = e.name;
  message.correlation_key = e.correlation_key;
  message.message_id = e.message_id;
  message.variables = e.variables.forgotten ? std::string() : e.variables.bytes;
  message.slot = e.variables.slot;
  message.until = e.until;
  if (message.slot >= meta.next_slot) meta.next_slot = message.slot + 1;
  message_index[index_key(e.authority, e.name, e.correlation_key)].push_back(e.key);
  if (!e.message_id.empty()) message_ids[index_key(e.authority, e.name, e.correlation_key, e.message_id)] = e.key;
  message_due.add(e.until, e.key);
}

void State::apply(const ev::message_expired& e, base::Millis) {
  Message* message = messages.find(e.key);
  if (message == nullptr) return;
  const std::string index = index_key(message->authority, message->name, message->correlation_key);
  if (auto at = message_index.find(index); at != message_index.end()) {
    std::erase(at->second, e.key);
    if (at->second.empty()) message_index.erase(at);
  }
  if (!message->message_id.empty()) message_ids.erase(index_key(message->authority, message->name, message->correlation_key, message->message_id));
  if (message->slot != 0) forgotten.push_back(message->slot);
  gone(*message);
  messages.erase(e.key);
}

void State::apply(const ev::message_correlated& e, base::Millis) {
  if (Message* message = messages.find(e.message); message && !e.process_id.empty()) touch(*message).processes.push_back(e.process_id);
  Subscription* subscription = subscriptions.find(e.subscription);
  if (subscription == nullptr || subscription->element_instance() == 0) return;
  const Key element = subscription->element_instance();
  const Index event = subscription->element;
  const bool together = subscription->together;
  if (subscription->interrupting) close_subscription(e.subscription, true);
  arrive(element, event, together, e.variables.forgotten ? std::string() : e.variables.bytes);
}

void State::apply(const ev::subscription_opened& e, base::Millis) {
  note_key(e.subscription);
  Subscription& made = touch(subscriptions.make(e.subscription));
  made.starts = e.definition != 0;
  made.holder = made.starts ? e.definition : e.element_instance;
  made.element = e.element;
  made.kind = e.kind;
  made.interrupting = e.interrupting;
  made.authority = e.authority;
  made.name = e.name;
  made.correlation_key = e.correlation_key;
  made.together = e.together;
  subscription_index.insert(subscriptions, made);
  if (ElementInstance* element = elements.find(e.element_instance)) {
    attach(*element, element->subscriptions, e.subscription);
    if (e.kind == WaitKind::conditional)
      if (Instance* owner = instances.find(element->instance)) owner->more.make().conditions.push_back(e.subscription);
    reset_straight(element->instance);
  } else if (Definition* definition = definitions.find(e.definition)) {
    touch(*definition).start_subscriptions.push_back(e.subscription);
  }
}

void State::close_subscription(Key key, bool detach) {
  Subscription* subscription = subscriptions.find(key);
  if (subscription == nullptr) return;
  subscription_index.erase(subscriptions, *subscription);
  if (subscription->kind == WaitKind::conditional)
    if (const ElementInstance* element = elements.find(subscription->element_instance()))
      if (Instance* owner = instances.find(element->instance)) owner->more.make().conditions.erase(key);
  if (detach) {
    if (ElementInstance* element = elements.find(subscription->element_instance())) element->subscriptions.erase(key);
    if (Definition* definition = definitions.find(subscription->definition())) std::erase(touch(*definition).start_subscriptions, key);
  }
  gone(*subscription);
  subscriptions.erase(key);
}

void State::apply(const ev::subscription_closed& e, base::Millis) { close_subscription(e.subscription, true); }

void State::apply(const ev::condition_changed& e, base::Millis) {
  if (Subscription* subscription = subscriptions.find(e.subscription)) touch(*subscription).value = e.value;
}

void State::apply(const ev::conditions_continued& e, base::Millis) {
  const auto after = static_cast<std::uint64_t>(e.after);
  push({StepKind::condition, e.instance, e.instance, static_cast<Index>(after >> 32), static_cast<Index>(after)});
}

void State::apply(const ev::signal_broadcast& e, base::Millis) {
  note_key(e.key);
  if (e.after == 0) return;
  Broadcast& made = touch(broadcasts.make(e.key));
  made.authority = e.authority;
  made.name = e.name;
  made.after = e.after;
  made.variables = e.variables.forgotten ? std::string() : e.variables.bytes;
  made.slot = e.variables.slot;
  if (made.slot >= meta.next_slot) meta.next_slot = made.slot + 1;
  push({StepKind::signal, 0, e.key});
}

void State::apply(const ev::signal_continued& e, base::Millis) {
  Broadcast* broadcast = broadcasts.find(e.key);
  if (broadcast == nullptr) return;
  if (e.after != 0) {
    touch(*broadcast).after = e.after;
    return push({StepKind::signal, 0, e.key});
  }
  if (broadcast->slot != 0) forgotten.push_back(broadcast->slot);
  gone(*broadcast);
  broadcasts.erase(e.key);
}

// ---- parallel multiple start events --------------------------------------------------------------------------------

void State::apply(const ev::start_gathered& e, base::Millis) {
  note_key(e.key);
  GatheredStart* known = gathered_starts.find(e.key);
  GatheredStart& group = touch(known != nullptr ? *known : gathered_starts.make(e.key));
  if (known == nullptr) {
    group.definition = e.definition;
    group.element = e.element;
    group.slot = e.slot;
    if (e.slot >= meta.next_slot) meta.next_slot = e.slot + 1;
  }
  group.came.push_back(e.trigger);
  if (!e.variables.forgotten) group.variables = merge_objects(group.variables, e.variables.bytes);
}

void State::apply(const ev::start_settled& e, base::Millis) {
  GatheredStart* group = gathered_starts.find(e.key);
  if (group == nullptr) return;
  if (group->slot != 0) forgotten.push_back(group->slot);
  gone(*group);
  gathered_starts.erase(e.key);
}

// ---- people's tasks ------------------------------------------------------------------------------------------------

void State::apply(const ev::user_task_created& e, base::Millis) {
  ElementInstance* existing = elements.find(e.key);
  ElementInstance& element = existing ? touch(*existing) : make_element(e.key, e.scope, e.element);
  if (!existing) element.loop = e.loop;
  merge_locals(element, e.locals);
  note_key(e.task);
  UserTask& task = touch(user_tasks.make(e.task));
  task.element_instance = e.key;
  task.instance = element.instance;
  task.assignee = e.assignee;
  element.work = e.task;
  reset_straight(element.instance);
}

void State::apply(const ev::user_task_assigned& e, base::Millis) {
  if (UserTask* task = user_tasks.find(e.task)) touch(*task).assignee = e.assignee;
  settle_task(e.task);
}

void State::apply(const ev::user_task_updated& e, base::Millis) { settle_task(e.task); }  // the projection holds what people see of it

void State::apply(const ev::user_task_completed& e, base::Millis) {
  UserTask* task = user_tasks.find(e.task);
  if (task == nullptr) return;
  const Key element = task->element_instance;
  settle_task(e.task);
  gone(*task);
  user_tasks.erase(e.task);
  ElementInstance* at = elements.find(element);
  if (at == nullptr) return;
  touch(*at).work = 0;
  deliver(element, at->element, e.variables.forgotten ? std::string() : e.variables.bytes);
}

// ---- incidents -----------------------------------------------------------------------------------------------------

// A token that an incident holds still counts in its scope, and so does a worker who could not be asked.
static bool holds_token(const Incident& incident, Step& step) {
  return !incident.step.empty() && decode_step(incident.step, step) && (carries_token(step.kind) || step.kind == StepKind::ask);
}

void State::apply(const ev::incident_created& e, base::Millis) {
  note_key(e.key);
  Incident& incident = touch(incidents.make(e.key));
  incident.instance = e.instance;
  incident.element_instance = e.element_instance;
  incident.job = e.job;
  incident.element = e.element;
  incident.kind = e.kind;
  incident.step = e.step.bytes;
  incident.payload = e.payload.forgotten ? std::string() : e.payload.bytes;
  if (const Instance* owner = instances.find(e.instance)) incident.slot = owner->slot;
  ElementInstance* element = elements.find(e.element_instance);
  if (element == nullptr) return;
  extra(touch(*element)).incidents.push_back(e.key);
  Step step;
  if (holds_token(incident, step)) ++element->tokens;
}

void State::remove_incident(Key key, bool detach) {
  Incident* incident = incidents.find(key);
  if (incident == nullptr) return;
  if (ElementInstance* element = elements.find(incident->element_instance)) {
    Step step;
    if (holds_token(*incident, step)) --touch(*element).tokens;
    if (detach && element->extra) touch(*element).extra->incidents.erase(key);
  }
  gone(*incident);
  incidents.erase(key);
}

void State::apply(const ev::incident_resolved& e, base::Millis) {
  Incident* incident = incidents.find(e.key);
  if (incident == nullptr) return;
  const Incident solved = *incident;
  remove_incident(e.key, true);
  reset_straight(solved.instance);
  if (Job* job = jobs.find(solved.job)) {
    if (touch(*job).retries <= 0) job->retries = 1;
    if (job->state == JobState::incident) enqueue(*job);
  }
  Step step;
  if (!solved.step.empty() && decode_step(solved.step, step)) {
    if (!solved.payload.empty()) step.payload = solved.payload;
    ElementInstance* at = elements.find(step.key);
    if (at != nullptr && step.kind == StepKind::complete) touch(*at).life = Life::completing;
    if (at != nullptr && step.kind == StepKind::loop) touch(*at).looping = true;
    push(std::move(step));
  }
}

// ---- decisions, remembered commands --------------------------------------------------------------------------------

void State::apply(const ev::decision_evaluated& e, base::Millis) { note_key(e.key); }

void State::apply(const ev::idempotency_remembered& e, base::Millis) {
  Remembered& made = touch(remembered.make(meta.next_remembered++));
  made.authority = e.authority;
  made.name = e.key;
  made.body_hash = e.body_hash;
  made.answer_key = e.answer_key;
  made.answer = e.answer;
  made.until = e.until;
  remembered_index[index_key(e.authority, e.key)] = made.key;
}

void State::apply(const ev::idempotency_expired& e, base::Millis) {
  for (std::uint32_t i = 0; i < e.count; ++i) {
    Remembered* oldest = remembered.find(meta.first_remembered);
    if (oldest == nullptr) return;
    remembered_index.erase(index_key(oldest->authority, oldest->name));
    gone(*oldest);
    remembered.erase(meta.first_remembered++);
  }
}

}  // namespace engine
