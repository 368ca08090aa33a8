// Commands of workers and people: jobs and user tasks.
#include <algorithm>

#include "engine/commands/commands.h"
#include "engine/packing.h"
#include "engine/planted.h"

namespace engine::commands {

using base::ErrorCode;

static const Job* owned_job(const Decider& d, const Command& command, Key key) {
  const Job* job = d.s.jobs.find(key);
  return job && d.authority_of(d.s.instance_of(*job)) == command.authority ? job : nullptr;
}

// A job can be answered for while a worker has it, and late, until somebody else has it or did it.
static base::Status answerable(const Job& job) {
  if (job.state == JobState::incident) return base::fail(ErrorCode::conflict, "job " + std::to_string(job.key) + " has an incident", {}, "resolve the incident first");
  return {};
}

// Of what is visible only these: a worker that names what it needs does not carry a whole case.
static std::string picked(const State& s, Key scope, const std::vector<std::string>& names) {
  PackedObject out;
  for (const std::string& name : names)
    if (std::string_view packed; s.variable(scope, name, packed)) out.add(name, packed);
  return out.take();
}

// What a listener's worker gets beside the variables: what it listens to, its own headers, and of a task what changes.
static void of_listener(const Decider& d, const Job& job, const ElementInstance& element, const Program* program, ActivatedJob& one) {
  one.listener = name(job.listener);
  one.of_task = job.listener >= ListenerPhase::creating;
  if (program != nullptr) {  // after a migration the list may be another one
    const auto& listeners = program->at(element.element).listening(job.listener);
    base::Json headers = base::parse_json(one.headers_json).value_or(base::Json::object());
    if (job.listener_index < listeners.size())
      if (const auto own = base::parse_json(listeners[job.listener_index].headers_json))
        for (const auto& [key, value] : own->as_object()) headers.set(key, value);
    one.headers_json = headers.dump();
  }
  const UserTask* task = one.of_task ? d.s.user_tasks.find(element.work) : nullptr;
  if (task == nullptr || !element.extra) return;
  const TaskChange& change = element.extra->change;
  if (!change.variables.empty()) one.variables = merge_objects(one.variables, change.variables);
  const std::string& assignee = change.phase == ListenerPhase::assigning || (change.phase == ListenerPhase::creating && !change.assignee.empty()) ? change.assignee : task->assignee;
  one.user_task = base::Json::Object{{"userTaskKey", std::to_string(task->key)}, {"assignee", assignee}, {"action", change.action}};
  if (const auto changes = base::parse_json(change.changes)) one.user_task.set("changes", *changes);
}

Outcome run(Decider& d, const Command& command, const ActivateJobs& activate) {
  if (activate.type.empty()) return base::fail(ErrorCode::invalid_argument, "a job type is missing", {"", 0, 0, "", "/type"});
  if (activate.timeout_ms < 1) return base::fail(ErrorCode::invalid_argument, "the timeout is less than 1 ms", {"", 0, 0, "", "/timeout"});
  if (activate.max < 1) return base::fail(ErrorCode::invalid_argument, "at least one job must be asked for", {"", 0, 0, "", "/maxJobsToActivate"});
  Answer answer;
  const auto at = d.s.queue_index.find(State::index_key(command.authority, activate.type));
  if (at == d.s.queue_index.end()) return answer;
  const std::vector<Key> keys = d.s.available(at->second, std::min<std::size_t>(static_cast<std::size_t>(activate.max), base::limits::kPageItems));
  const base::Millis deadline = d.now + activate.timeout_ms;
  if (planted("1")) ++const_cast<State&>(d.s).meta.next_counter;  // decide writes
  for (Key key : keys) {
    const Job& job = *d.s.jobs.find(key);
    const ElementInstance& element = *d.s.element(job.element_instance);
    const Instance& instance = *d.s.instances.find(d.s.instance_of(job));
    const Definition& definition = *d.s.definitions.find(d.s.definition_of(element));
    const Program* program = d.programs.process(d.s, definition.key);
    ActivatedJob one;
    one.job = key;
    one.instance = instance.key;
    one.root_instance = instance.root();
    one.element_instance = element.key;
    one.definition = definition.key;
    one.version = static_cast<int>(definition.version);
    one.retries = job.retries;
    one.deadline = deadline;
    one.type = activate.type;
    one.process_id = definition.id;
    one.element_id = definition.elements[element.element].id;
    one.authority = instance.authority;
    one.headers_json = program ? program->at(element.element).headers_json : "{}";
    one.variables = activate.fetch.empty() ? d.s.visible(element.key) : picked(d.s, element.key, activate.fetch);
    one.priority = job.priority;
    if (job.listener != ListenerPhase::none) of_listener(d, job, element, program, one);
    if (one.variables.empty()) one.variables = base::pack(base::Json::object());
    one.key_slot = instance.slot;
    answer.jobs.push_back(std::move(one));
    d.emit(ev::job_activated{key, activate.worker, deadline});
  }
  return answer;
}

static constexpr std::size_t kActivatedElements = 100;  // of one answer: one event each

// The worker of an ad-hoc sub-process says what is done in it next: each thing in a scope of its own, with its variables.
static Outcome answer_ad_hoc(Decider& d, const Command& command, const CompleteJob& complete, Key key, std::string variables) {
  const ElementInstance& at = *d.s.element(key);
  const ElementProgram& element = d.program_of(at)->at(at.element);
  const base::Json& result = complete.result;
  const base::Json& wanted = result["activateElements"];
  const bool fulfilled = result["isCompletionConditionFulfilled"].bool_or(false), cancels = result["isCancelRemainingInstances"].bool_or(false);
  if (!result.is_null() && !result.is_object()) return base::fail(ErrorCode::invalid_argument, "the result is no object", {"", 0, 0, "", "/result"});
  if (!wanted.is_null() && (!wanted.is_array() || wanted.size() > kActivatedElements))
    return base::fail(ErrorCode::invalid_argument, "activateElements is no list of at most " + std::to_string(kActivatedElements), {"", 0, 0, "", "/result/activateElements"});
  if (fulfilled && wanted.is_array() && wanted.size() != 0)
    return base::fail(ErrorCode::invalid_argument, "an ad-hoc sub-process that is done activates nothing more", {"", 0, 0, "", "/result/activateElements"});
  std::vector<ev::element_activated> begun;
  for (const base::Json& one : wanted.is_array() ? wanted.as_array() : base::Json::Array()) {
    const std::string id = one["elementId"].string_or("");
    const Index index = d.program_of(at)->find(id);
    if (index == kNoIndex || std::find(element.starts.begin(), element.starts.end(), index) == element.starts.end())
      return base::fail(ErrorCode::invalid_argument, "'" + id + "' is no element of '" + element.id + "' that can begin", {"", 0, 0, "", "/result/activateElements"});
    TRY(std::string own, packed_variables(one["variables"]));
    ev::element_activated made;
    made.scope = key;
    made.element = element.index;
    made.enter = {index};
    made.locals = d.sealed(key, std::move(own));
    begun.push_back(std::move(made));
  }
  d.emit(ev::ad_hoc_answered{complete.job, fulfilled, cancels, command.actor, d.sealed(key, std::move(variables))});
  for (ev::element_activated& made : begun) {
    made.key = d.new_key();
    d.emit(made);
  }
  if (fulfilled && cancels) d.emit(ev::element_terminating{key, Then::complete_scope, 0, {}});
  Answer answer;
  answer.key = complete.job;
  return answer;
}

// The members that a correction may have; assignee is a text, the others as in UpdateTask.
static base::Status check_corrections(const base::Json& corrections) {
  if (corrections.is_null()) return {};
  if (!corrections.is_object()) return base::fail(ErrorCode::invalid_argument, "the corrections are no object", {"", 0, 0, "", "/result/corrections"});
  for (const auto& [name, value] : corrections.as_object()) {
    const bool text = name == "assignee" || name == "dueDate" || name == "followUpDate", list = name == "candidateGroups" || name == "candidateUsers";
    if ((text && value.is_string()) || (list && value.is_array()) || (name == "priority" && value.is_int())) continue;
    return base::fail(ErrorCode::invalid_argument, "a user task's '" + name + "' cannot be corrected to this", {"", 0, 0, "", "/result/corrections/" + name},
                      "assignee, dueDate, followUpDate: text; candidateGroups, candidateUsers: list; priority: number");
  }
  return {};
}

static Outcome complete_listener(Decider& d, const Command& command, const Job& job, const CompleteJob& complete, std::string variables) {
  const bool of_task = job.listener >= ListenerPhase::creating;
  const base::Json& result = complete.result;
  ev::listener_completed e;
  e.job = job.key;
  e.actor = command.actor;
  e.denied = result["denied"].bool_or(false);
  if (of_task && !variables.empty()) return base::fail(ErrorCode::invalid_argument, "a task listener sets no variables", {"", 0, 0, "", "/variables"}, "result.corrections");
  if (!of_task && !result.is_null()) return base::fail(ErrorCode::invalid_argument, "an execution listener has no result", {"", 0, 0, "", "/result"}, "answer with variables");
  if (e.denied && (job.listener == ListenerPhase::creating || job.listener == ListenerPhase::canceling))
    return base::fail(ErrorCode::invalid_argument, "the " + std::string(name(job.listener)) + " of a user task cannot be denied", {"", 0, 0, "", "/result/denied"}, "deny assigning, updating or completing");
  TRY_VOID(check_corrections(result["corrections"]));
  if (e.denied && result["corrections"].size() != 0) return base::fail(ErrorCode::invalid_argument, "what is denied is not corrected", {"", 0, 0, "", "/result/corrections"});
  if (result["corrections"].size() != 0) e.corrections = result["corrections"].dump();
  e.reason = d.sealed_text(job.element_instance, result["deniedReason"].string_or(""));
  e.variables = d.sealed(job.element_instance, std::move(variables));
  Answer answer;
  answer.key = job.key;
  d.emit(e);
  return answer;
}

Outcome run(Decider& d, const Command& command, const CompleteJob& complete) {
  const Job* job = owned_job(d, command, complete.job);
  if (job == nullptr) return not_found("job", complete.job);
  TRY_VOID(answerable(*job));
  TRY(std::string variables, packed_variables(complete.variables));
  if (job->listener != ListenerPhase::none) return complete_listener(d, command, *job, complete, std::move(variables));
  const ElementInstance& at = *d.s.element(job->element_instance);
  if (const Program* program = d.program_of(at); program != nullptr && program->at(at.element).ad_hoc) return answer_ad_hoc(d, command, complete, at.key, std::move(variables));
  if (!complete.result.is_null()) return base::fail(ErrorCode::invalid_argument, "only the job of a task listener or an ad-hoc sub-process has a result", {"", 0, 0, "", "/result"}, "answer with variables");
  Answer answer;
  answer.key = complete.job;
  d.emit(ev::job_completed{complete.job, command.actor, d.sealed(job->element_instance, std::move(variables))});
  return answer;
}

static void job_incident(Decider& d, Key job_key, const char* kind, std::string_view message) {
  const Job& job = *d.s.jobs.find(job_key);
  ev::incident_created e;
  e.key = d.new_key();
  e.instance = d.s.instance_of(job);
  e.element_instance = job.element_instance;
  e.job = job.key;
  e.element = d.s.element(job.element_instance)->element;
  e.kind = kind;
  e.message = d.sealed_text(job.element_instance, message);
  d.emit(e);
}

Outcome run(Decider& d, const Command& command, const FailJob& fail) {
  const Job* job = owned_job(d, command, fail.job);
  if (job == nullptr) return not_found("job", fail.job);
  TRY_VOID(answerable(*job));
  TRY_VOID(not_migrating(d, d.s.instance_of(*job)));
  TRY(std::string variables, packed_variables(fail.variables));
  const base::Millis until = fail.retries > 0 && fail.back_off_ms > 0 ? d.now + fail.back_off_ms : 0;
  d.emit(ev::job_failed{fail.job, std::max(0, fail.retries), until, d.sealed_text(job->element_instance, fail.message),
                        d.sealed(job->element_instance, std::move(variables))});
  if (fail.retries <= 0) job_incident(d, fail.job, "JOB_NO_RETRIES", fail.message.empty() ? "No more retries left." : fail.message);
  Answer answer;
  answer.key = fail.job;
  return answer;
}

Outcome run(Decider& d, const Command& command, const ThrowJobError& error) {
  const Job* job = owned_job(d, command, error.job);
  if (job == nullptr) return not_found("job", error.job);
  TRY_VOID(answerable(*job));
  if (d.s.stands_still(d.s.instance_of(*job)) && d.s.root_of(d.s.instance_of(*job))->hold->migrating > 0) return being_migrated(d.s.root_of(d.s.instance_of(*job))->key);
  if (job->listener != ListenerPhase::none)
    return base::fail(ErrorCode::conflict, "a listener throws no BPMN errors", {}, "fail its job, or deny the change of the task");
  if (error.code.empty()) return base::fail(ErrorCode::invalid_argument, "an error without a code", {"", 0, 0, "", "/errorCode"});
  TRY(std::string variables, packed_variables(error.variables));
  const Key element = job->element_instance;
  d.emit(ev::job_error_thrown{error.job, error.code, d.sealed_text(element, error.message), d.sealed(element, variables)});
  const Decider::Catcher catcher = d.find_catcher(bpmn::EventKind::error, element, error.code);
  if (catcher.element_instance != 0) d.emit(ev::element_triggered{catcher.element_instance, catcher.event, d.sealed(catcher.element_instance, std::move(variables))});
  else job_incident(d, error.job, "UNHANDLED_ERROR_EVENT", "error '" + error.code + "' is caught nowhere" + (error.message.empty() ? "" : ": " + error.message));
  Answer answer;
  answer.key = error.job;
  return answer;
}

Outcome run(Decider& d, const Command& command, const UpdateJob& update) {
  const Job* job = owned_job(d, command, update.job);
  if (job == nullptr) return not_found("job", update.job);
  if (update.retries == 0) return base::fail(ErrorCode::invalid_argument, "retries must be at least 1", {"", 0, 0, "", "/retries"});
  if (update.timeout_ms >= 0 && job->state != JobState::activated) return base::fail(ErrorCode::conflict, "job " + std::to_string(update.job) + " is not with a worker");
  d.emit(ev::job_updated{update.job, update.retries, update.timeout_ms >= 0 ? d.now + update.timeout_ms : -1});
  Answer answer;
  answer.key = update.job;
  return answer;
}

// A task whose change waits for its listeners takes no other change.
static base::Status at_rest(const Decider& d, const UserTask& task) {
  const ElementInstance* element = d.s.element(task.element_instance);
  if (element == nullptr || !element->extra || element->extra->change.phase == ListenerPhase::none) return {};
  return base::fail(ErrorCode::conflict, "the " + std::string(name(element->extra->change.phase)) + " of user task " + std::to_string(task.key) + " waits for its listeners", {}, "try again shortly");
}

// True: the change was begun and waits for listeners that the task's element has for this phase.
static bool listened(Decider& d, const UserTask& task, ev::task_change_begun change, Answer& answer) {
  const ElementInstance* element = d.s.element(task.element_instance);
  const Program* program = element != nullptr ? d.program_of(*element) : nullptr;
  answer.key = task.key;
  if (program == nullptr || program->at(element->element).listening(change.phase).empty()) return false;
  change.task = task.key;
  d.emit(change);
  answer.pending = true;
  return true;
}

static const UserTask* owned_task(const Decider& d, const Command& command, Key key) {
  const UserTask* task = d.s.user_tasks.find(key);
  return task && d.authority_of(task->instance) == command.authority ? task : nullptr;
}

Outcome run(Decider& d, const Command& command, const AssignTask& assign) {
  const UserTask* task = owned_task(d, command, assign.task);
  if (task == nullptr) return not_found("user task", assign.task);
  if (!assign.allow_override && !task->assignee.empty() && task->assignee != assign.assignee)
    return base::fail(ErrorCode::conflict, "user task " + std::to_string(assign.task) + " is assigned to somebody else");
  TRY_VOID(at_rest(d, *task));
  Answer answer;
  if (!listened(d, *task, {0, ListenerPhase::assigning, assign.assignee, "", "", command.actor, {}}, answer))
    d.emit(ev::user_task_assigned{assign.task, assign.assignee, command.actor});
  return answer;
}

Outcome run(Decider& d, const Command& command, const CompleteTask& complete) {
  const UserTask* task = owned_task(d, command, complete.task);
  if (task == nullptr) return not_found("user task", complete.task);
  if (d.s.suspended(task->instance)) return is_suspended(d, task->instance);
  TRY(std::string variables, packed_variables(complete.variables));
  TRY_VOID(at_rest(d, *task));
  const Payload given = d.sealed(task->element_instance, std::move(variables));
  Answer answer;
  if (!listened(d, *task, {0, ListenerPhase::completing, "", "", complete.action, command.actor, given}, answer))
    d.emit(ev::user_task_completed{complete.task, complete.action, command.actor, given});
  return answer;
}

Outcome run(Decider& d, const Command& command, const UpdateTask& update) {
  const UserTask* task = owned_task(d, command, update.task);
  if (task == nullptr) return not_found("user task", update.task);
  if (!update.changes.is_object()) return base::fail(ErrorCode::invalid_argument, "the change set is no object", {"", 0, 0, "", "/changeset"});
  for (const auto& [name, value] : update.changes.as_object())
    if (name != "dueDate" && name != "followUpDate" && name != "priority" && name != "candidateGroups" && name != "candidateUsers")
      return base::fail(ErrorCode::invalid_argument, "a user task has no '" + name + "' to change", {"", 0, 0, "", "/changeset/" + name},
                        "dueDate, followUpDate, priority, candidateGroups, candidateUsers");
  TRY_VOID(at_rest(d, *task));
  Answer answer;
  if (!listened(d, *task, {0, ListenerPhase::updating, "", update.changes.dump(), "", command.actor, {}}, answer))
    d.emit(ev::user_task_updated{update.task, update.changes.dump(), command.actor});
  return answer;
}

}  // namespace engine::commands
