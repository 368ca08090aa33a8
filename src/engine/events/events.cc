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
  if (e.key != 0) return e.key;
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

// A message or signal that is ready to be sent.
struct Sending { std::string name, correlation, values; };
static std::expected<Sending, Trouble> sending(Decider& d, const Entering& e, const EventProgram& event) {
  Sending out;
  auto name = d.text_of(event.name, e.scope, event.kind == EventKind::signal ? "signal name" : "message name");
  if (!name) return std::unexpected(name.error());
  out.name = std::move(*name);
  if (event.correlation) {
    auto key = d.text_of(event.correlation, e.scope, "correlation key");
    if (!key) return std::unexpected(key.error());
    out.correlation = std::move(*key);
  }
  auto values = d.mapped(e.element.inputs, e.scope);
  if (!values) return std::unexpected(values.error());
  out.values = std::move(*values);
  return out;
}

static Done throw_message(Decider& d, const Entering& e) {
  if (e.element.job_type) return job(d, e);
  auto message = sending(d, e, e.element.event);
  if (!message) return std::unexpected(message.error());
  const std::string authority = d.authority_of(d.s.element(e.scope)->instance);
  auto done = d.pass(e);
  if (done) d.publish(authority, message->name, message->correlation, "", kInternalMessageTtlMs, message->values, "");
  return done;
}

static Done throw_signal(Decider& d, const Entering& e) {
  auto signal = sending(d, e, e.element.event);
  if (!signal) return std::unexpected(signal.error());
  const std::string authority = d.authority_of(d.s.element(e.scope)->instance);
  const Key key = begin(d, e);
  d.signal(authority, signal->name, signal->values);
  d.emit(ev::element_triggered{key, e.element.index, {}});
  return {};
}

// Section 13.5.6: a terminate end event stops everything in its scope; the scope itself counts as completed.
static Done terminate(Decider& d, const Entering& e) {
  const Key scope = e.scope;
  begin(d, e);
  const ElementInstance* at = d.s.element(scope);  // a modification may lead here while the process waits for its start listeners
  if (at->extra && !at->extra->held.empty()) d.emit(ev::tokens_placed{scope, {}});
  d.emit(ev::element_terminating{scope, Then::complete_scope, 0, {}});
  return {};
}

// Section 10.5.5: a multiple event throws all that it defines. What stops its own scope (error, cancel, terminate) or is
// waited for (compensation) comes last, whatever the order of the file.
static Done throw_all(Decider& d, const Entering& e) {
  std::vector<std::pair<const EventProgram*, Sending>> sent;
  std::vector<Decider::Catcher> caught;
  const EventProgram* last = nullptr;
  for (std::size_t i = 0; i < e.element.definitions(); ++i) {
    const EventProgram& one = e.element.definition(i);
    if (one.kind == EventKind::message || one.kind == EventKind::signal) {
      auto ready = sending(d, e, one);
      if (!ready) return std::unexpected(ready.error());
      sent.emplace_back(&one, std::move(*ready));
    } else if (one.kind == EventKind::escalation) {
      if (const auto catcher = d.find_catcher(one.kind, e.scope, one.code); catcher.element_instance != 0) caught.push_back(catcher);
    } else if (last == nullptr || last->kind == EventKind::compensation) {
      last = &one;
    }
  }
  const std::string authority = d.authority_of(d.s.element(e.scope)->instance);
  Decider::Catcher error;
  if (last != nullptr && last->kind == EventKind::error) {
    error = d.find_catcher(last->kind, e.scope, last->code);
    if (error.element_instance == 0) return trouble("UNHANDLED_ERROR_EVENT", "error '" + last->code + "' of '" + e.element.id + "' is caught nowhere");
  }
  Key key = 0;
  if (last != nullptr && last->kind == EventKind::compensation) {
    if (auto done = throw_compensation(d, e, *last); !done) return done;
  } else if (last != nullptr && last->kind == EventKind::cancel) {
    if (auto done = cancel(d, e); !done) return done;
  } else if (last != nullptr && last->kind == EventKind::terminate) {
    if (auto done = terminate(d, e); !done) return done;
  } else {
    key = begin(d, e);
  }
  for (const auto& [event, what] : sent) {
    if (event->kind == EventKind::signal) d.signal(authority, what.name, what.values);
    else d.publish(authority, what.name, what.correlation, "", kInternalMessageTtlMs, what.values, "");
  }
  for (const auto& catcher : caught) d.emit(ev::element_triggered{catcher.element_instance, catcher.event, {}});
  if (error.element_instance != 0) d.emit(ev::element_triggered{error.element_instance, error.event, {}});
  if (key != 0) d.emit(ev::element_triggered{key, e.element.index, {}});
  return {};
}

static Done throw_any(Decider& d, const Entering& e) {
  if (!e.element.more.empty()) return throw_all(d, e);
  switch (e.element.event.kind) {
    case EventKind::message: return throw_message(d, e);
    case EventKind::signal: return throw_signal(d, e);
    case EventKind::error:
    case EventKind::escalation: return throw_upward(d, e, e.element.event.kind);
    case EventKind::compensation: return throw_compensation(d, e, e.element.event);
    case EventKind::cancel: return cancel(d, e);
    case EventKind::terminate: return terminate(d, e);
    default: return at_once(d, e, {});
  }
}

Done intermediate_throw_event(Decider& d, const Entering& e) {
  if (e.element.event.kind != EventKind::link) return throw_any(d, e);
  d.emit(ev::element_passed{d.new_key(), e.scope, e.element.index, {{kNoIndex, e.element.event.link_target}}, {}});
  return {};
}

Done end_event(Decider& d, const Entering& e) { return throw_any(d, e); }

}  // namespace engine::handlers
