// Listeners: jobs that an element waits for at its start and its end, and a person's task at each of its changes. They run
// one after the other in the order of the file. How far they are rides in the step that goes on (Step::done).
//
//   start:  element instance → input mappings → listeners → boundary events, the element's own work
//   end:    the work → output mappings (their results go up) → listeners → the outgoing flows
//   task:   the command → task_change_begun → listeners → the event that the command would have been
#include "engine/behaviour/handlers.h"

namespace engine {

std::expected<std::int32_t, Trouble> Decider::whole_number(const Expr& expr, Key scope, const char* what, std::int64_t least, const Overlays& overlays, std::int32_t otherwise) {
  if (!expr) return otherwise;
  auto text = text_of(expr, scope, what, overlays);
  if (!text) return std::unexpected(text.error());
  const auto number = base::Decimal::parse(*text);
  const auto whole = number ? number->as_int64() : std::nullopt;
  if (!whole || *whole < least || *whole > 1'000'000) return trouble("EXTRACT_VALUE_ERROR", std::string(what) + " '" + *text + "' is no whole number from " + std::to_string(least) + " to 1000000");
  return static_cast<std::int32_t>(*whole);
}

std::expected<std::string, Trouble> Decider::inputs(const Entering& e) {
  if (e.mapped) return std::string();
  return mapped(e.element.inputs, e.key != 0 ? e.key : e.scope);
}

std::expected<ev::listener_created, Trouble> Decider::listener(const ElementInstance& at, ListenerPhase phase, std::uint32_t index, const std::string& locals) {
  const ElementProgram& element = program_of(at)->at(at.element);
  const ListenerProgram& one = element.listening(phase)[index];
  ev::listener_created made;
  auto type = text_of(one.type, at.key, "listener type", {locals});
  if (!type) return std::unexpected(type.error());
  auto retries = whole_number(one.retries, at.key, "listener retries", 0, {locals}, 3);
  if (!retries) return std::unexpected(retries.error());
  auto priority = whole_number(element.job_priority, at.key, "job priority", -1'000'000, {locals}, 0);
  if (!priority) return std::unexpected(priority.error());
  made.job = new_key();
  made.key = at.key;
  made.phase = phase;
  made.index = index;
  made.type = std::move(*type);
  made.retries = *retries;
  made.priority = *priority;
  made.locals = sealed(at.key, locals);
  return made;
}

Done Decider::begin(const Entering& e, std::uint32_t listened) {
  if (!e.element.listeners) return handlers::of(e.element.type)(*this, e);
  if (e.key == 0) {  // something for the listeners to hang on; the begin step comes back here
    ev::element_activated made;
    made.key = new_key();
    made.scope = e.scope;
    made.element = e.element.index;
    made.begin = true;
    emit(made);
    return {};
  }
  const auto& starts = e.element.listening(ListenerPhase::start);
  if (listened >= starts.size()) {
    Entering behind = e;
    behind.mapped = !starts.empty();
    return handlers::of(e.element.type)(*this, behind);
  }
  std::string locals;
  if (listened == 0) {
    auto values = mapped(e.element.inputs, e.key);
    if (!values) return std::unexpected(values.error());
    locals = std::move(*values);
  }
  auto made = listener(*s.element(e.key), ListenerPhase::start, listened, locals);
  if (!made) return std::unexpected(made.error());
  emit(*made);
  return {};
}

void Decider::hold_tokens(const Program& program, ev::instance_created& e) {
  if (program.at(0).listening(ListenerPhase::start).empty()) return emit(e);
  std::vector<Index> enter = std::move(e.enter);
  e.enter.clear();
  emit(e);
  emit(ev::tokens_held{e.instance, std::move(enter)});
}

Done Decider::begin_process(const ElementInstance& process, std::uint32_t listened) {
  const auto& starts = program_of(process)->at(0).listening(ListenerPhase::start);
  if (!process.extra || process.extra->held.empty()) return {};  // an event sub-process took over
  if (listened >= starts.size()) {
    emit(ev::tokens_placed{process.key, process.extra->held});
    return {};
  }
  auto made = listener(process, ListenerPhase::start, listened);
  if (!made) return std::unexpected(made.error());
  emit(*made);
  return {};
}

// results: what the element produced; it goes up before the first listener, so that the listeners see it. Of an item with an
// output element it stays in the item, for that expression.
Done Decider::end_listeners(const ElementInstance& at, const ElementProgram& element, const std::string& results, std::uint32_t listened) {
  auto made = listener(at, ListenerPhase::end, listened);
  if (!made) return std::unexpected(made.error());
  const bool own = at.loop != 0 && element.loop->output_element;
  if (!results.empty()) emit(ev::variables_set{own ? at.key : at.scope, at.instance, own, "", sealed(at.key, results)});
  emit(*made);
  return {};
}

// ---- people's tasks -------------------------------------------------------------------------------------------------

Done Decider::task_change(const ElementInstance& at, std::uint32_t listened) {
  if (!at.extra || at.extra->change.phase == ListenerPhase::none || s.user_tasks.find(at.work) == nullptr) return {};
  const TaskChange change = at.extra->change;
  const ElementProgram& element = program_of(at)->at(at.element);
  if (listened < element.listening(change.phase).size()) {
    auto made = listener(at, change.phase, listened, {});
    if (!made) return std::unexpected(made.error());
    emit(*made);
    return {};
  }
  finish_change(at.work, change, element);
  return {};
}

void Decider::finish_change(Key task, const TaskChange& change, const ElementProgram& element) {
  const Key element_instance = s.user_tasks.find(task)->element_instance;
  auto changes = change.changes.empty() ? base::Result<base::Json>(base::Json::object()) : base::parse_json(change.changes);
  if (!changes) changes = base::Json::object();
  std::string assignee = change.assignee;
  if (change.phase == ListenerPhase::creating && !assignee.empty() && changes->has("assignee")) {  // it is assigned to whom the listener said
    assignee = (*changes)["assignee"].string_or("");
    changes->erase("assignee");
  }
  if (changes->has("assignee")) {
    emit(ev::user_task_assigned{task, (*changes)["assignee"].string_or(""), change.actor});
    changes->erase("assignee");
  }
  if (changes->size() != 0 || change.phase == ListenerPhase::updating) emit(ev::user_task_updated{task, changes->dump(), change.actor});
  switch (change.phase) {
    case ListenerPhase::creating:
      emit(ev::task_settled{task});
      if (assignee.empty()) break;
      if (element.listening(ListenerPhase::assigning).empty()) emit(ev::user_task_assigned{task, assignee, change.actor});
      else emit(ev::task_change_begun{task, ListenerPhase::assigning, assignee, "", "", change.actor, {}});
      break;
    case ListenerPhase::assigning: emit(ev::user_task_assigned{task, assignee, change.actor}); break;
    case ListenerPhase::completing: emit(ev::user_task_completed{task, change.action, change.actor, sealed(element_instance, change.variables)}); break;
    default: break;
  }
}

bool Decider::listens_to_cancel(const ElementInstance& at) const {
  if (s.user_tasks.find(at.work) == nullptr || s.instances.find(at.instance)->forget) return false;  // what is deleted is not asked about
  const Program* program = program_of(at);
  return program != nullptr && !program->at(at.element).listening(ListenerPhase::canceling).empty();
}

void Decider::stop(const ElementInstance& at, Then then, Index event, const Payload& payload) {
  const Key key = at.key;
  if (listens_to_cancel(at)) emit(ev::task_change_begun{at.work, ListenerPhase::canceling, "", "", "", "", {}});
  emit(ev::element_terminating{key, then, event, payload});
}

}  // namespace engine
