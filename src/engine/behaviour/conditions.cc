// Conditional events (BPMN 2.0.2 section 10.5.5): they occur when their condition becomes true, that is on subscription
// and each time it was false before. A write of variables asks for one look at the instance's conditions; a condition
// that is neither true nor false (a variable is missing yet) counts as false.
#include "engine/behaviour/handlers.h"

namespace engine {

static constexpr std::size_t kConditionsPerStep = 64;

// One condition: where its value changed that is noted; where it became true it occurs.
void Decider::check_condition(Key key) {
  const Subscription& subscription = *s.subscriptions.find(key);
  const ElementInstance* at = s.element(subscription.element_instance());
  const Program* program = at != nullptr && at->life != Life::terminating ? program_of(*at) : nullptr;
  if (program == nullptr) return;
  const std::size_t number = subscription.correlation_key.empty() ? 0 : std::stoul(std::string(subscription.correlation_key));
  const auto value = evaluate(program->at(subscription.element).definition(number).expression, at->key);
  const bool holds = value && value->kind() == feel::Kind::boolean && value->as_boolean();
  if (holds == subscription.value) return;
  const Index event = subscription.element;
  const bool ends = subscription.interrupting, together = subscription.together;
  const Key element = at->key;
  emit(ev::condition_changed{key, holds});
  if (!holds) return;
  if (ends) emit(ev::subscription_closed{key});
  if (together && waiting(element, event)) return;  // of a parallel multiple event: the others have not occurred
  emit(ev::element_triggered{element, event, {}});
}

// Does anything else of this event still wait?
bool Decider::waiting(Key element, Index event) const {
  const ElementInstance* at = s.element(element);
  if (at == nullptr) return false;
  for (Key key : at->subscriptions)
    if (s.subscriptions.find(key)->element == event) return true;
  for (Key key : at->timers)
    if (s.timers.find(key)->element == event) return true;
  return false;
}

Done Decider::conditions(const ElementInstance& process, const Step& step) {
  const Key instance = process.instance, after = (static_cast<Key>(step.element) << 32) | (step.flow == kNoIndex ? 0 : step.flow);
  const Instance& owner = *s.instances.find(instance);
  std::vector<Key> now;
  for (auto one = owner.more->conditions.upper_bound(after); one != owner.more->conditions.end() && now.size() < kConditionsPerStep; ++one) now.push_back(*one);
  if (now.size() == kConditionsPerStep) emit(ev::conditions_continued{instance, now.back()});
  for (Key key : now)
    if (s.subscriptions.find(key) != nullptr) check_condition(key);
  return {};
}

}  // namespace engine
