// apply: execution listeners and the listeners of people's tasks. While one is at work the element stands still; how far it
// got is in the listener's job and in the step that follows it, as a place in the element's list.
#include "engine/state/mark.h"
#include "engine/state/state.h"

namespace engine {

void State::drop_listener(ElementInstance& element) {
  if (element.extra && element.extra->listener != 0) remove_job(std::exchange(touch(element).extra->listener, 0));
}

void State::tell(Key key, bool done, std::string reason, std::string variables) {
  if (watched.erase(key) != 0) outcomes.push_back({key, done, std::move(reason), std::move(variables)});
}

void State::apply(const ev::tokens_held& e, base::Millis) {
  ElementInstance* process = elements.find(e.instance);
  if (process == nullptr) return;
  extra(touch(*process)).held = e.enter;
  push({StepKind::begin, e.instance, e.instance, 0});
}

void State::apply(const ev::listener_created& e, base::Millis) {
  ElementInstance* element = elements.find(e.key);
  if (element == nullptr) return;
  merge_locals(touch(*element), e.locals);
  drop_listener(*element);
  Extra& more = extra(*element);
  if (e.phase == ListenerPhase::end) {
    element->life = Life::completing;  // nothing else may end it, or begin in it
    more.pending.clear();              // its results went up before the first listener
  }
  Job& job = make_job(e.job, *element, e.type, e.retries, e.priority);
  job.listener = e.phase;
  job.listener_index = static_cast<std::uint16_t>(e.index);
  more.listener = e.job;
  enqueue(job);
}

// What a denied or corrected change of a task says now. Of an assignment the assignee is the change itself.
static void correct(TaskChange& change, const std::string& corrections) {
  const auto given = base::parse_json(corrections);
  if (!given || !given->is_object()) return;
  auto changes = change.changes.empty() ? base::Result<base::Json>(base::Json::object()) : base::parse_json(change.changes);
  if (!changes || !changes->is_object()) changes = base::Json::object();
  for (const auto& [name, value] : given->as_object()) {
    if (name == "assignee" && change.phase == ListenerPhase::assigning) change.assignee = value.string_or("");
    else changes->set(name, value);
  }
  if (changes->size() != 0) change.changes = changes->dump();
}

void State::apply(const ev::listener_completed& e, base::Millis) {
  const Job* job = jobs.find(e.job);
  if (job == nullptr) return;
  const Key key = job->element_instance;
  const ListenerPhase phase = job->listener;
  const std::uint32_t next = job->listener_index + 1;
  remove_job(e.job);
  ElementInstance* element = elements.find(key);
  if (element == nullptr) return;
  Extra& more = extra(touch(*element));
  more.listener = 0;
  const Key instance = element->instance, task = element->work;
  const Index at = element->element;
  switch (phase) {  // what was forgotten was a write all the same
    case ListenerPhase::none: break;
    case ListenerPhase::start:
      merge_locals(*element, e.variables);
      push({StepKind::begin, instance, key, at, kNoIndex, next});
      break;
    case ListenerPhase::end:
      propagate(element->scope == 0 ? key : element->scope, e.variables.bytes);
      push({StepKind::complete, instance, key, at, kNoIndex, next});
      break;
    case ListenerPhase::canceling:
      push({StepKind::terminate, instance, key, at, kNoIndex, next});
      break;
    default:
      if (!e.denied) {
        if (!e.corrections.empty()) correct(more.change, e.corrections);
        push({StepKind::task, instance, key, at, kNoIndex, next});
        break;
      }
      more.change = {};
      const auto reason = base::unpack(e.reason.bytes);
      tell(task, false, reason && reason->is_string() ? reason->as_string() : std::string());
  }
}

void State::apply(const ev::task_change_begun& e, base::Millis) {
  const UserTask* task = user_tasks.find(e.task);
  ElementInstance* element = task == nullptr ? nullptr : elements.find(task->element_instance);
  if (element == nullptr) return;
  drop_listener(touch(*element));  // canceling overtakes a change that is under way
  Extra& more = extra(*element);
  if (more.change.phase != ListenerPhase::none) tell(e.task, false, "the task is canceled");
  more.change = {e.phase, e.assignee, e.changes, e.action, e.actor, e.variables.forgotten ? std::string() : e.variables.bytes};
  if (e.phase != ListenerPhase::canceling) push({StepKind::task, element->instance, element->key, element->element});
}

void State::settle_task(Key key) {
  const UserTask* task = user_tasks.find(key);
  ElementInstance* element = task == nullptr ? nullptr : elements.find(task->element_instance);
  if (element != nullptr && element->extra && element->extra->change.phase != ListenerPhase::none) touch(*element).extra->change = {};
  tell(key, true, {});
}

void State::apply(const ev::task_settled& e, base::Millis) { settle_task(e.task); }

}  // namespace engine
