// Events (BPMN 2.0.2 sections 10.5 and 13.5).
#include "engine/behaviour/handlers.h"

namespace engine::handlers {

using bpmn::EventKind;

Done start_event(Decider& d, const Entering& e) {
  if (e.element.outputs.empty()) return d.pass(e);
  return at_once(d, e, {});
}

Done intermediate_catch_event(Decider& d, const Entering& e) {
  if (e.element.event.kind == EventKind::link || e.element.event.kind == EventKind::none) return d.pass(e);
  return wait_for_event(d, e);
}

Done boundary_event(Decider& d, const Entering& e) { return d.pass(e); }  // taken by trigger, never by a flow

// A throwing event is active until what it threw has been taken up: where that interrupts its scope, the event is
// stopped with it and was never left. Section 13.5.6.
static Key begin(Decider& d, const Entering& e) {
  ev::element_activated made;
  made.key = d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  d.emit(made);
  return made.key;
}

// Section 10.5.6: error and escalation go to the innermost catching event; the throwing scope ends or goes on.
static Done throw_upward(Decider& d, const Entering& e, EventKind kind) {
  const std::string code = e.element.event.code;
  const Decider::Catcher catcher = d.find_catcher(kind, e.scope, code);
  if (catcher.element_instance == 0) {
    if (kind == EventKind::escalation) return d.pass(e);  // without a catcher an escalation has no effect
    return trouble("UNHANDLED_ERROR_EVENT", "error '" + code + "' of '" + e.element.id + "' is caught nowhere");
  }
  const Key key = begin(d, e);
  d.emit(ev::element_triggered{catcher.element_instance, catcher.event, {}});
  d.emit(ev::element_triggered{key, e.element.index, {}});
  return {};
}

static Done throw_message(Decider& d, const Entering& e) {
  if (e.element.job_type) return job(d, e);
  auto name = d.text_of(e.element.event.name, e.scope, "message name");
  if (!name) return std::unexpected(name.error());
  std::string correlation;
  if (e.element.event.correlation) {
    auto key = d.text_of(e.element.event.correlation, e.scope, "correlation key");
    if (!key) return std::unexpected(key.error());
    correlation = std::move(*key);
  }
  auto values = d.mapped(e.element.inputs, e.scope);
  if (!values) return std::unexpected(values.error());
  const std::string authority = d.authority_of(d.s.element(e.scope)->instance);
  auto done = d.pass(e);
  if (done) d.publish(authority, *name, correlation, "", kInternalMessageTtlMs, *values, "", nullptr);
  return done;
}

static Done throw_signal(Decider& d, const Entering& e) {
  auto name = d.text_of(e.element.event.name, e.scope, "signal name");
  if (!name) return std::unexpected(name.error());
  auto values = d.mapped(e.element.inputs, e.scope);
  if (!values) return std::unexpected(values.error());
  const std::string authority = d.authority_of(d.s.element(e.scope)->instance);
  const Key key = begin(d, e);
  d.signal(authority, *name, *values);
  d.emit(ev::element_triggered{key, e.element.index, {}});
  return {};
}

static Done throw_any(Decider& d, const Entering& e) {
  switch (e.element.event.kind) {
    case EventKind::message: return throw_message(d, e);
    case EventKind::signal: return throw_signal(d, e);
    case EventKind::error:
    case EventKind::escalation: return throw_upward(d, e, e.element.event.kind);
    default: return at_once(d, e, {});
  }
}

Done intermediate_throw_event(Decider& d, const Entering& e) {
  if (e.element.event.kind != EventKind::link) return throw_any(d, e);
  d.emit(ev::element_passed{d.new_key(), e.scope, e.element.index, {{kNoIndex, e.element.event.link_target}}, {}});
  return {};
}

Done end_event(Decider& d, const Entering& e) {
  if (e.element.event.kind != EventKind::terminate) return throw_any(d, e);
  // Section 13.5.6: a terminate end event stops everything in its scope; the scope itself counts as completed.
  const Key scope = e.scope;
  begin(d, e);
  d.emit(ev::element_terminating{scope, Then::complete_scope, 0, {}});
  return {};
}

}  // namespace engine::handlers
