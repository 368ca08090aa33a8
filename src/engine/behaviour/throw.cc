// Messages, signals and errors on their way to who catches them.
#include <algorithm>
#include <set>

#include "engine/behaviour/handlers.h"

namespace engine {

using bpmn::ElementType;
using bpmn::EventKind;

static const Definition* receiver(const State& s, const Subscription& subscription) {
  if (subscription.definition != 0) return s.definitions.find(subscription.definition);
  const ElementInstance* element = s.element(subscription.element_instance);
  return element ? s.definition_of(element->instance) : nullptr;
}

// One event: what this subscription's element or definition does with the message.
static void correlate(Decider& d, Key message, Key subscription_key, const std::string& process_id, const std::string& variables) {
  const Subscription& subscription = *d.s.subscriptions.find(subscription_key);
  if (subscription.element_instance != 0) {
    const Key instance = d.s.element(subscription.element_instance)->instance;
    d.emit(ev::message_correlated{message, subscription_key, instance, process_id, d.sealed(subscription.element_instance, variables)});
    return;
  }
  const Definition& definition = *d.s.definitions.find(subscription.definition);
  const Program* program = d.programs.process(d.s, definition.key);
  if (program == nullptr) return;
  const Index start = subscription.element;
  d.emit(ev::message_correlated{message, subscription_key, 0, process_id, {}});
  d.begin_by_event(definition, *program, start, variables, "message");
}

static constexpr std::size_t kMissedPerMessage = 64;

// Section 13.5.1/10.5.1: a message reaches one receiver per process; what finds none waits for its time to live.
void Decider::publish(const std::string& authority, const std::string& name, const std::string& correlation, const std::string& id,
                      base::Millis ttl, const std::string& variables, const std::string& actor, Key* made) {
  ev::message_published e;
  e.key = new_key();
  e.authority = authority;
  e.name = name;
  e.correlation_key = correlation;
  e.message_id = id;
  e.actor = actor;
  e.until = ttl > 0 ? now + ttl : 0;
  std::set<std::string> processes;
  std::vector<std::pair<Key, std::string>> targets;
  std::vector<Key> missed;  // of instances that stand still
  const auto collect = [&](const std::string& key, bool starts_only) {
    const auto at = s.subscription_index.find(State::subscription_key(WaitKind::message, authority, name, key));
    if (at == s.subscription_index.end()) return;
    for (Key one : at->second) {
      const Subscription& subscription = *s.subscriptions.find(one);
      if (starts_only && subscription.definition == 0) continue;
      const Definition* definition = receiver(s, subscription);
      const ElementInstance* element = s.element(subscription.element_instance);
      if (definition == nullptr || (element != nullptr && element->life != Life::active)) continue;
      if (element != nullptr && s.suspended(element->instance)) {
        if (missed.size() < kMissedPerMessage) missed.push_back(one);
        continue;
      }
      if (!processes.insert(definition->id).second) continue;
      targets.emplace_back(one, definition->id);
    }
  };
  collect(correlation, false);
  if (!correlation.empty()) collect("", true);
  e.waits = ttl > 0 && (targets.empty() || !missed.empty());
  if (e.waits && !variables.empty()) e.variables = {options.keys ? s.meta.next_slot : 0, variables, false};
  if (made != nullptr) *made = e.key;
  emit(e);
  if (e.waits)
    for (Key one : missed) emit(ev::message_missed{one, s.root_of(s.element(s.subscriptions.find(one)->element_instance)->instance)->key});
  for (const auto& [subscription, process] : targets)
    if (s.subscriptions.find(subscription) != nullptr) correlate(*this, e.key, subscription, process, variables);
}

static constexpr std::size_t kSignalsPerStep = 64;

// What waited for the signal when it was sent (subscriptions older than `before`), after the last one that was reached.
Decider::Reach Decider::reach(const std::string& authority, const std::string& name, Key after, Key before) const {
  Reach out;
  const auto at = s.subscription_index.find(State::subscription_key(WaitKind::signal, authority, name, ""));
  if (at == s.subscription_index.end()) return out;
  Key last = 0;
  for (auto next = at->second.upper_bound(after); next != at->second.end() && *next < before; ++next) {
    const Key element = s.subscriptions.find(*next)->element_instance;
    if (out.targets.size() >= kSignalsPerStep && (element == 0 || element != last)) {  // what one element waits with stays together
      out.after = out.targets.back();
      break;
    }
    out.targets.push_back(*next);
    last = element;
  }
  return out;
}

// An interrupting event sub-process wins over an interrupting boundary event of the same activity that hears the same
// signal: the boundary event goes on listening. Section 10.5.6: inner handlers come first.
bool Decider::handled_inside(const Subscription& subscription) const {
  const ElementInstance* at = s.element(subscription.element_instance);
  const Program* program = at != nullptr && at->extra ? program_of(*at) : nullptr;
  if (program == nullptr || !subscription.interrupting || !program->at(subscription.element).is(ElementType::boundary_event)) return false;
  for (const Key other : at->extra->subscriptions) {
    const Subscription& inner = *s.subscriptions.find(other);
    if (inner.kind == WaitKind::signal && inner.interrupting && inner.name == subscription.name && program->at(inner.element).is(ElementType::start_event)) return true;
  }
  return false;
}

void Decider::deliver_signal(Key broadcast, const std::vector<Key>& targets, const std::string& variables) {
  std::vector<Key> reached;  // before the first of them changes anything
  for (Key one : targets)
    if (!handled_inside(*s.subscriptions.find(one))) reached.push_back(one);
  for (Key one : reached) {
    const Subscription* subscription = s.subscriptions.find(one);
    if (subscription == nullptr) continue;
    const Definition* definition = receiver(s, *subscription);
    const ElementInstance* element = s.element(subscription->element_instance);
    if (definition == nullptr || (element != nullptr && (element->life == Life::terminating || s.suspended(element->instance)))) continue;
    correlate(*this, broadcast, one, definition->id, variables);
  }
}

// Section 10.5.1: a signal reaches everything that waits for it, start events too; in bounded steps (invariant 7). What
// goes beyond the first step is a broadcast with a turn of its own, so it also outlives the instance that sent it.
void Decider::signal(const std::string& authority, const std::string& name, const std::string& variables) {
  ev::signal_broadcast e;
  e.key = new_key();
  e.authority = authority;
  e.name = name;
  const Reach first = reach(authority, name, 0, e.key);
  e.after = first.after;
  if (e.after != 0 && !variables.empty()) e.variables = {options.keys ? s.meta.next_slot : 0, variables, false};
  emit(e);
  deliver_signal(e.key, first.targets, variables);
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
    const bool replica = at->extra && at->extra->compensation.replica;  // it completed before: its events no longer catch
    if (!replica && is_scope(*at, element) && at->life != Life::terminating)
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
      at = owner ? s.element(owner->parent_element) : nullptr;
      came_from = kNoIndex;
    }
  }
  return {};
}

}  // namespace engine
