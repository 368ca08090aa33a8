// What an element waits for: timers (ISO 8601 and cron), messages, signals, conditions.
#include "engine/behaviour/handlers.h"

#include "base/text.h"
#include "engine/behaviour/schedule.h"

namespace engine {

using bpmn::EventKind;

std::expected<ev::timer_created, Trouble> Decider::timer(const EventProgram& event, Key scope, const Overlays& overlays) {
  auto text = text_of(event.expression, scope, "timer", overlays);
  if (!text) return std::unexpected(text.error());
  auto schedule = parse_schedule(event.timer, *text, now, options.zone);
  if (!schedule) return trouble("EXTRACT_VALUE_ERROR", "timer '" + event.expression.text + "': " + schedule.error());
  ev::timer_created e;
  e.due = schedule->due;
  e.interval = schedule->interval_ms;
  e.left = schedule->left;
  e.interval_text = schedule->interval_text;
  return e;
}

base::Millis Decider::next_due(const Timer& timer) const {
  if (timer.more->left == 0) return 0;
  base::Millis next = after(timer.due, timer.more->interval, timer.more->interval_text, options.zone);
  // For ever: what was missed while nobody ran is not made up for one by one.
  if (const base::Millis interval = timer.more->interval; timer.more->left < 0 && interval > 0 && next <= now) next += (now - next) / interval * interval + (next <= now ? interval : 0);
  return next;
}

std::vector<Index> Decider::scope_triggers(const Program& program, const ElementProgram& scope) const {
  std::vector<Index> starts;
  for (Index inner : scope.event_scopes)
    if (program.at(inner).trigger != kNoIndex) starts.push_back(program.at(inner).trigger);
  return starts;
}

std::expected<std::vector<Wait>, Trouble> Decider::waits(const Program& program, const std::vector<Index>& events, Key key, Key scope, const Overlays& overlays) {
  std::vector<Wait> all;
  for (Index index : events) {
    const ElementProgram& element = program.at(index);
    for (std::size_t i = 0; i < element.definitions(); ++i) {
      auto made = wait(element, i, scope, overlays);
      if (!made) return std::unexpected(made.error());
      if (!*made) continue;
      std::visit([&](auto& one) {
        one.element_instance = key;
        one.element = index;
        one.together = element.together;
      }, **made);
      all.emplace_back(std::move(**made));
    }
  }
  return all;
}

// What the definition waits for; nothing where it is caught on the way up (errors) or thrown at (compensation).
std::expected<std::optional<Wait>, Trouble> Decider::wait(const ElementProgram& element, std::size_t number, Key scope, const Overlays& overlays, bool correlated) {
  const EventProgram& event = element.definition(number);
  if (event.kind == EventKind::timer) {
    auto made = timer(event, scope, overlays);
    if (!made) return std::unexpected(made.error());
    if (element.together && correlated) made->left = 0;  // a start event gathers anew
    return std::move(*made);
  }
  if (event.kind != EventKind::message && event.kind != EventKind::signal && event.kind != EventKind::conditional) return std::nullopt;
  ev::subscription_opened made;
  // An event of its own ends the wait; only a non-interrupting boundary or event sub-process keeps listening, and of a
  // parallel multiple one each trigger until all have come.
  made.interrupting = element.interrupting || element.together;
  if (event.kind == EventKind::conditional) {
    made.kind = WaitKind::conditional;
    if (number != 0) made.correlation_key = std::to_string(number);
    return made;
  }
  made.kind = event.kind == EventKind::message ? WaitKind::message : WaitKind::signal;
  auto name = text_of(event.name, scope, "message or signal name", overlays);
  if (!name) return std::unexpected(name.error());
  made.name = std::move(*name);
  if (event.correlation && correlated) {
    auto correlation = text_of(event.correlation, scope, "correlation key", overlays);
    if (!correlation) return std::unexpected(correlation.error());
    made.correlation_key = std::move(*correlation);
  }
  return made;
}

Done Decider::rearm(const Program& program, const ElementProgram& event, Key key, Key scope) {
  if (!event.together) return {};
  auto again = waits(program, {event.index}, key, scope);
  if (!again) return std::unexpected(again.error());
  open(*again, program.process_id);
  return {};
}

void Decider::open(const std::vector<Wait>& waits, const std::string& process_id) {
  for (const Wait& wait : waits) {
    if (const auto* timer = std::get_if<ev::timer_created>(&wait)) {
      ev::timer_created e = *timer;
      e.timer = new_key();
      emit(e);
      continue;
    }
    ev::subscription_opened e = std::get<ev::subscription_opened>(wait);
    const ElementInstance* element = s.element(e.element_instance);
    if (element == nullptr) continue;
    e.subscription = new_key();
    e.authority = authority_of(element->instance);
    emit(e);
    if (e.kind == WaitKind::conditional) check_condition(e.subscription);
    if (e.kind == WaitKind::message && s.message_index.contains(State::index_key(e.authority, e.name, e.correlation_key)))
      meet(*s.subscriptions.find(e.subscription), process_id);
  }
}

void Decider::meet(const Subscription& subscription, const std::string& process_id) {
  const ElementInstance* element = s.element(subscription.element_instance());
  const auto at = s.message_index.find(State::index_key(subscription.authority, subscription.name, subscription.correlation_key));
  if (at == s.message_index.end() || element->life != Life::active) return;
  for (Key key : at->second) {  // the oldest waiting message that this process has not had
    const Message& message = *s.messages.find(key);
    if (std::find(message.processes.begin(), message.processes.end(), process_id) != message.processes.end()) continue;
    if (s.suspended(element->instance)) return emit(ev::message_missed{subscription.key, s.root_of(element->instance)->key});
    return emit(ev::message_correlated{key, subscription.key, element->instance, process_id, sealed(element->key, message.variables)});
  }
}

}  // namespace engine
