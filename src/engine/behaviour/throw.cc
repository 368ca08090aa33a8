// Messages, signals and errors on their way to who catches them.
#include <algorithm>
#include <set>

#include "engine/behaviour/handlers.h"

namespace engine {

using bpmn::ElementType;
using bpmn::EventKind;

static const Definition* receiver(const State& s, const Subscription& subscription) {
  if (subscription.definition() != 0) return s.definitions.find(subscription.definition());
  const ElementInstance* element = s.element(subscription.element_instance());
  return element ? s.definition_of(element->instance) : nullptr;
}

// One event: what this subscription's element or definition does with the message. Answers the instance that has it.
static Key correlate(Decider& d, Key message, Key subscription_key, const std::string& process_id, const std::string& variables) {
  const Subscription& subscription = *d.s.subscriptions.find(subscription_key);
  if (subscription.element_instance() != 0) {
    const Key instance = d.s.element(subscription.element_instance())->instance;
    d.emit(ev::message_correlated{message, subscription_key, instance, process_id, d.sealed(subscription.element_instance(), variables)});
    return instance;
  }
  const Definition& definition = *d.s.definitions.find(subscription.definition());
  const Program* program = d.programs.process(d.s, definition.key);
  if (program == nullptr) return 0;
  const Index start = subscription.element;
  d.emit(ev::message_correlated{message, subscription_key, 0, process_id, {}});
  return d.begin_by_event(definition, *program, start, subscription_key, variables, "message");
}

static constexpr std::size_t kMissedPerMessage = 64;

// Section 10.5.1: one receiver per process, the oldest; a correlation key also finds start events, which have none.
Decider::Receivers Decider::receivers(const std::string& authority, const std::string& name, const std::string& correlation) const {
  Receivers out;
  std::set<std::string> processes;
  const auto collect = [&](const std::string& key, bool starts_only) {
    s.subscription_index.each(s.subscriptions, WaitKind::message, authority, name, key, 0, [&](Key one) {
      const Subscription& subscription = *s.subscriptions.find(one);
      if (starts_only && subscription.definition() == 0) return true;
      const Definition* definition = receiver(s, subscription);
      const ElementInstance* element = s.element(subscription.element_instance());
      if (definition == nullptr || (element != nullptr && element->life != Life::active)) return true;
      if (element != nullptr && s.suspended(element->instance)) {
        if (out.missed.size() < kMissedPerMessage) out.missed.push_back(one);
        return true;
      }
      if (!processes.insert(definition->id).second) return true;
      out.found.emplace_back(one, definition->id);
      return true;
    });
  };
  collect(correlation, false);
  if (!correlation.empty()) collect("", true);
  return out;
}

// Section 13.5.1/10.5.1: a message reaches one receiver per process; what finds none waits for its time to live.
Key Decider::publish(const std::string& authority, const std::string& name, const std::string& correlation, const std::string& id,
                     base::Millis ttl, const std::string& variables, const std::string& actor, bool keeps) {
  ev::message_published e;
  e.key = new_key();
  e.authority = authority;
  e.name = name;
  e.correlation_key = correlation;
  e.message_id = id;
  e.actor = actor;
  e.until = ttl > 0 ? now + ttl : 0;
  const Receivers targets = receivers(authority, name, correlation);
  e.waits = ttl > 0 && (targets.found.empty() || !targets.missed.empty() || keeps);
  if (e.waits && !variables.empty()) e.variables = {options.keys ? s.meta.next_slot : 0, variables, false};
  emit(e);
  if (e.waits)
    for (Key one : targets.missed) emit(ev::message_missed{one, s.root_of(s.element(s.subscriptions.find(one)->element_instance())->instance)->key});
  for (const auto& [subscription, process] : targets.found)
    if (s.subscriptions.find(subscription) != nullptr) correlate(*this, e.key, subscription, process, variables);
  return e.key;
}

std::pair<Key, Key> Decider::correlate_now(const std::string& authority, const std::string& name, const std::string& correlation, const std::string& variables,
                                           const std::string& actor) {
  const Receivers targets = receivers(authority, name, correlation);
  if (targets.found.empty()) return {0, 0};
  ev::message_published e;
  e.key = new_key();
  e.authority = authority;
  e.name = name;
  e.correlation_key = correlation;
  e.actor = actor;
  emit(e);
  Key met = 0;
  for (const auto& [subscription, process] : targets.found)
    if (s.subscriptions.find(subscription) != nullptr)
      if (const Key instance = correlate(*this, e.key, subscription, process, variables); met == 0) met = instance;
  return {e.key, met};
}

static constexpr std::size_t kSignalsPerStep = 64;

// What waited for the signal when it was sent (subscriptions older than `before`), after the last one that was reached.
Decider::Reach Decider::reach(const std::string& authority, const std::string& name, Key after, Key before) const {
  Reach out;
  Key last = 0;
  s.subscription_index.each(s.subscriptions, WaitKind::signal, authority, name, "", after, [&](Key next) {
    if (next >= before) return false;
    const Key element = s.subscriptions.find(next)->element_instance();
    if (out.targets.size() >= kSignalsPerStep && (element == 0 || element != last)) {  // what one element waits with stays together
      out.after = out.targets.back();
      return false;
    }
    out.targets.push_back(next);
    last = element;
    return true;
  });
  return out;
}

// Where events of one activity hear the same signal and one of them interrupts it, that one alone is taken: what would be
// stopped at once does not begin. An event sub-process wins over boundary events (section 10.5.6: inner handlers come
// first); these go on listening.
bool Decider::overruled(const Subscription& subscription) const {
  const ElementInstance* at = s.element(subscription.element_instance());
  const Program* program = at != nullptr ? program_of(*at) : nullptr;
  if (program == nullptr || subscription.together) return false;
  const Subscription* winner = nullptr;
  bool inside = false;
  for (const Key other : at->subscriptions) {
    const Subscription& one = *s.subscriptions.find(other);
    if (one.kind != WaitKind::signal || !one.interrupting || one.together || one.name != subscription.name || one.element == at->element) continue;
    const bool starts = program->at(one.element).is(ElementType::start_event);
    if (winner != nullptr && (inside || !starts)) continue;
    winner = &one;
    inside = starts;
  }
  return winner != nullptr && winner != &subscription && subscription.element != at->element;
}

void Decider::deliver_signal(Key broadcast, const std::vector<Key>& targets, const std::string& variables) {
  std::vector<Key> reached;  // before the first of them changes anything
  for (Key one : targets)
    if (!overruled(*s.subscriptions.find(one))) reached.push_back(one);
  for (Key one : reached) {
    const Subscription* subscription = s.subscriptions.find(one);
    if (subscription == nullptr) continue;
    const Definition* definition = receiver(s, *subscription);
    const ElementInstance* element = s.element(subscription->element_instance());
    if (definition == nullptr || (element != nullptr && (element->life == Life::terminating || s.suspended(element->instance)))) continue;
    correlate(*this, broadcast, one, definition->id, variables);
  }
}

// Section 10.5.1: a signal reaches everything that waits for it, start events too; in bounded steps (invariant 7). What
// goes beyond the first step is a broadcast with a turn of its own, so it also outlives the instance that sent it.
Key Decider::signal(const std::string& authority, const std::string& name, const std::string& variables) {
  ev::signal_broadcast e;
  e.key = new_key();
  e.authority = authority;
  e.name = name;
  const Reach first = reach(authority, name, 0, e.key);
  e.after = first.after;
  if (e.after != 0 && !variables.empty()) e.variables = {options.keys ? s.meta.next_slot : 0, variables, false};
  emit(e);
  deliver_signal(e.key, first.targets, variables);
  return e.key;
}

void Decider::continue_signal(Key key) {
  const Broadcast& broadcast = *s.broadcasts.find(key);
  const std::string variables = broadcast.variables;
  const Reach next = reach(broadcast.authority, broadcast.name, broadcast.after, key);
  emit(ev::signal_continued{key, next.after});
  deliver_signal(key, next.targets, variables);
}

// Does the event element catch this code? 2 = by its code, 1 = everything, 0 = no.
static int catches(const ElementProgram& event, EventKind kind, const std::string& code) {
  int best = 0;
  for (std::size_t i = 0; i < event.definitions(); ++i) {
    const EventProgram& one = event.definition(i);
    if (one.kind != kind) continue;
    if (!one.has_code || one.code.empty()) best = std::max(best, 1);
    else if (one.code == code) best = 2;
  }
  return best;
}

// Section 10.5.6: the innermost enclosing scope decides; in one scope event sub-processes win over boundary events, and
// an event with the same code wins over one that catches everything.
Decider::Catcher Decider::find_catcher(EventKind kind, Key from, const std::string& code) const {
  Index came_from = kNoIndex;
  for (const ElementInstance* at = s.element(from); at != nullptr;) {
    const Program* program = program_of(*at);
    if (program == nullptr) return {};
    const ElementProgram& element = program->at(at->element);
    Index best = kNoIndex;
    int quality = 0;
    // A replica completed before: its events no longer catch. The scope of one thing in an ad-hoc sub-process has none.
    const bool replica = (at->extra && at->extra->compensation.replica) || is_inner(s, *at);
    // Section 10.3.5: where an interrupting event sub-process took over, the scope's other ones begin no more.
    const bool taken_over = came_from != kNoIndex && program->at(came_from).trigger != kNoIndex && program->at(program->at(came_from).trigger).interrupting;
    if (!replica && !taken_over && is_scope(*at, element) && at->life != Life::terminating)
      for (Index inner : element.event_scopes) {
        const Index start = program->at(inner).trigger;
        if (inner == came_from || start == kNoIndex) continue;  // a handler does not catch what it throws itself
        const int match = catches(program->at(start), kind, code);
        if (match > quality) quality = match, best = start;
      }
    if (best == kNoIndex && at->loop == 0 && !replica)
      for (Index boundary : element.boundary) {
        const int match = catches(program->at(boundary), kind, code);
        if (match > quality) quality = match, best = boundary;
      }
    if (best != kNoIndex && at->life != Life::terminating) return {at->key, best};
    came_from = element.is(ElementType::event_sub_process) ? at->element : kNoIndex;
    if (at->scope != 0) {
      at = s.element(at->scope);
    } else {
      const Instance* owner = s.instances.find(at->instance);
      at = owner ? s.element(owner->parent_element()) : nullptr;
      came_from = kNoIndex;
    }
  }
  return {};
}

}  // namespace engine
