// Compensation and cancellation (BPMN 2.0.2 sections 10.6.1, 13.3.4, 13.5.5). An activity that can be compensated is noted
// in its scope when it completes, with its own data as they were. Who compensates (a throwing event, a canceled
// transaction) takes them one by one in reverse order of completion; a sub-process lives again as a replica in it.
#include <limits>

#include "engine/behaviour/handlers.h"

namespace engine {

using bpmn::ElementType;
using bpmn::EventKind;

// The compensation event sub-process directly in a scope; 0 = none.
static Index own_handler(const Program& program, const ElementProgram& scope) {
  for (Index inner : scope.event_scopes) {
    const Index start = program.at(inner).trigger;
    if (start != kNoIndex && program.at(start).event.kind == EventKind::compensation) return inner;
  }
  return 0;
}

void Decider::remember(const ElementInstance& at, const Program& program, const ElementProgram& element) {
  if (at.scope == 0 || element.for_compensation) return;
  if (element.is(ElementType::event_sub_process) && element.trigger != kNoIndex && program.at(element.trigger).event.kind == EventKind::compensation) return;
  const Index handler = at.body || element.handler == kNoIndex ? 0 : element.handler;
  const bool inside = at.extra && !at.extra->completed.empty();
  if (!inside && handler == 0 && (at.body || own_handler(program, element) == 0)) return;
  emit(ev::handler_completed{at.scope, element.index, handler, at.key});
}

// What was completed last of what this one compensates.
static const Handler* last_completed(const State& s, const Compensation& by, Key& in) {
  for (Key key : {by.scope, by.outer}) {
    const ElementInstance* scope = key == 0 ? nullptr : s.element(key);
    if (scope == nullptr || !scope->extra) continue;
    const auto& completed = scope->extra->completed;
    for (auto one = completed.rbegin(); one != completed.rend(); ++one) {
      if (one->under != 0 || one->position > by.until || (by.activity != 0 && one->element != by.activity)) continue;
      in = key;
      return &*one;
    }
  }
  return nullptr;
}

static ev::compensation_started started(Decider& d, const Program& program, Key by, Key scope, const Handler& one) {
  ev::compensation_started e;
  e.scope = scope;
  e.element = one.element;
  e.key = one.key;
  e.by = by;
  const Index own = own_handler(program, program.at(one.element));
  bool inside = false;
  for (const Handler& other : d.s.element(scope)->extra->completed) inside = inside || other.under == one.key;
  // Its own event sub-process first, then the handler on its boundary; without either all that was completed in it.
  e.enter = own != 0 ? own : one.handler;
  e.after = own != 0 ? one.handler : 0;
  e.all = e.enter == 0 && inside;
  if (own != 0 || e.all || !one.variables.empty()) e.replica = d.new_key();
  return e;
}

Done Decider::compensate(const ElementInstance& at) {
  const Compensation how = at.extra->compensation;
  const Program& program = *program_of(at);
  const Key key = at.key;
  Key scope = 0;
  if (const Handler* next = how.active ? last_completed(s, how, scope) : nullptr) {
    emit(started(*this, program, key, scope, *next));
    return {};
  }
  if (how.after != 0) {
    emit(ev::compensation_started{scope, at.element, key, key, 0, how.after, 0, false});
    return {};
  }
  if (how.cancels) {  // the boundary event stands at the body where the transaction is an item of a multi-instance
    const Key activity = at.loop != 0 ? at.scope : key;
    emit(ev::element_terminating{activity, how.event != 0 ? Then::take_event : Then::nothing, how.event, {}});
    return {};
  }
  ev::element_completed e;
  e.key = key;
  if (!how.replica && how.leaves) {
    auto flows = choose_flows(program, program.at(at.element), at.scope);
    if (!flows) return std::unexpected(flows.error());
    e.flows = std::move(*flows);
  }
  emit(e);
  return {};
}

// Everything in the transaction is stopped; then it compensates (finish_terminated), then its boundary event continues.
Done Decider::cancel_transaction(const ElementInstance& transaction, const Program& program) {
  Index boundary = 0;
  for (Index one : program.at(transaction.element).boundary)
    if (program.at(one).event.kind == EventKind::cancel) boundary = one;
  emit(ev::element_terminating{transaction.key, Then::cancel, boundary, {}});
  return {};
}

namespace handlers {

// Whose completed activities a throwing event compensates: those of the scope that holds the one it names, or of the
// sub-process around it; an event sub-process also of the scope that it handles.
static bool find_scopes(const Decider& d, const Program& program, Key from, ev::compensation_thrown& e) {
  for (const ElementInstance* at = d.s.element(from); at != nullptr; at = at->scope == 0 ? nullptr : d.s.element(at->scope)) {
    if (at->body) continue;
    if (e.activity != 0) {
      if (at->element != program.at(e.activity).parent) continue;
      e.scope = at->key;
      return true;
    }
    if (e.scope == 0) e.scope = at->key;
    if (program.at(at->element).is(ElementType::event_sub_process)) continue;
    if (e.scope != at->key) e.outer = at->key;
    return true;
  }
  return false;
}

Done throw_compensation(Decider& d, const Entering& e, const EventProgram& event) {
  ev::compensation_thrown thrown;
  thrown.activity = event.activity;
  if (!find_scopes(d, e.program, e.scope, thrown)) return d.pass(e);
  ev::element_activated made;
  made.key = thrown.key = d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  if (!event.waits) {  // the token goes on at once
    auto flows = d.choose_flows(e.program, e.element, e.scope);
    if (!flows) return std::unexpected(flows.error());
    d.emit(made);
    d.emit(ev::element_passed{d.new_key(), e.scope, e.element.index, std::move(*flows), {}});
    thrown.leaves = false;
  } else {
    d.emit(made);
  }
  d.emit(thrown);
  return {};
}

// The transaction around a cancel end event; nullptr: there is none.
static const ElementInstance* transaction_of(const Decider& d, const Program& program, Key scope) {
  const ElementInstance* at = d.s.element(scope);
  while (at != nullptr && (at->body || !program.at(at->element).is(ElementType::transaction))) at = at->scope == 0 ? nullptr : d.s.element(at->scope);
  return at;
}

// Section 13.3.4: the transaction is told as an error's catcher is, in its turn (Decider::trigger): tokens that are on
// their way beside the cancel end event still arrive.
Done cancel(Decider& d, const Entering& e) {
  const ElementInstance* transaction = transaction_of(d, e.program, e.scope);
  if (transaction == nullptr) return trouble("UNSUPPORTED_ELEMENT", "cancel end event '" + e.element.id + "' is in no transaction");
  const Key key = transaction->key;
  ev::element_activated made;
  made.key = d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  d.emit(made);
  d.emit(ev::element_triggered{key, e.element.index, {}});
  return {};
}

}  // namespace handlers
}  // namespace engine
