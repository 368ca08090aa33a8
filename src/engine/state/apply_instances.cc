// apply: process instances, element instances, tokens, variables. Changes state as the event says; asks nobody else.
#include <algorithm>

#include "bpmn/model.h"
#include "engine/packing.h"
#include "engine/state/mark.h"
#include "engine/state/state.h"

namespace engine {

void State::apply(const ev::instance_created& e, base::Millis) {
  note_key(e.instance);
  Instance& made = touch(instances.make(e.instance));
  made.definition = e.definition;
  made.slot = e.slot;
  made.depth = static_cast<std::uint8_t>(e.depth);
  made.authority = e.authority;
  if (e.parent_element != 0) {
    made.more.make().parent_element = e.parent_element;
    made.more.make().root = e.root;
  }
  if (!e.business_key.empty()) made.more.make().business_key = e.business_key;
  count_instance(e.definition, 1);
  if (e.slot >= meta.next_slot) meta.next_slot = e.slot + 1;
  ElementInstance& process = make_element(e.instance, 0, 0);
  process.instance = e.instance;
  merge_locals(process, e.variables);
  if (ElementInstance* caller = elements.find(e.parent_element)) touch(*caller).work = e.instance;
  for (Index start : e.enter) push({StepKind::enter, e.instance, e.instance, start, kNoIndex, start == e.occurred && start != 0 ? 1u : 0u});
}

// The instance's own records; its steps leave the ready queue with it.
static void drop_steps(State& s, Instance& instance, std::vector<Handle>& free, std::vector<Handle>& next) {
  for (Handle h = instance.ready_first; h != kNone; h = next[h]) {
    s.steps[h] = {};
    free.push_back(h);
  }
  if (instance.ready_first != kNone) s.ring.remove(instance.key);  // where it stands still it is not in it
  instance.ready_first = instance.ready_last = kNone;
  s.still.erase(instance.key);
  s.aside.erase(instance.key);
}

void State::apply(const ev::instance_completed& e, base::Millis) {
  Instance* instance = instances.find(e.instance);
  if (instance == nullptr) return;
  const Key parent = instance->parent_element();
  std::string variables;
  if (e.to_parent)
    if (const ElementInstance* process = elements.find(e.instance)) variables = this->variables(*process);
  if (const ElementInstance* process = watched.contains(e.instance) ? elements.find(e.instance) : nullptr) tell(e.instance, true, {}, std::string(this->variables(*process)));
  remove_element(e.instance, true);
  drop_steps(*this, *instance, step_free, step_next);
  count_instance(instance->definition, -1);
  gone(*instance);
  instances.erase(e.instance);
  if (ElementInstance* caller = elements.find(parent)) {
    touch(*caller).work = 0;
    deliver(parent, caller->element, variables);
    if (caller->life == Life::terminating) push({StepKind::terminate, caller->instance, parent});
  }
}

void State::apply(const ev::instance_terminated& e, base::Millis) {
  Instance* instance = instances.find(e.instance);
  if (instance == nullptr) return;
  const Key parent = instance->parent_element();
  remove_element(e.instance, false);
  drop_steps(*this, *instance, step_free, step_next);
  count_instance(instance->definition, -1);
  tell(e.instance, false, e.ending == Ending::error ? "the process instance ended by an error" : "the process instance was canceled");
  gone(*instance);
  instances.erase(e.instance);
  if (ElementInstance* caller = elements.find(parent)) {
    touch(*caller).work = 0;
    if (caller->life == Life::terminating) push({StepKind::terminate, caller->instance, parent});
  }
}

void State::apply(const ev::instance_forgotten& e, base::Millis) {
  if (Instance* instance = instances.find(e.instance)) {  // asked for while it still runs: it is stopped first
    touch(*instance).forget = true;
    return;
  }
  if (e.slot != 0) forgotten.push_back(e.slot);
}

void State::apply(const ev::element_activated& e, base::Millis) {
  ElementInstance* existing = elements.find(e.key);
  ElementInstance& element = existing ? touch(*existing) : make_element(e.key, e.scope, e.element);
  merge_locals(element, e.locals);
  if (!existing) {
    element.loop = e.loop;
    if (e.loop != 0)
      if (ElementInstance* body = elements.find(e.scope)) ++extra(touch(*body)).started;
    if (e.body) {
      element.body = element.looping = true;
      extra(element).total = e.total;
      push({StepKind::loop, element.instance, e.key});
    }
    if (e.begin) push({StepKind::begin, element.instance, e.key, e.element});
  }
  for (Index target : e.enter) push({StepKind::enter, element.instance, e.key, target});
}

void State::apply(const ev::element_passed& e, base::Millis) {
  note_key(e.key);
  if (!e.joined.empty())
    if (ElementInstance* scope = elements.find(e.scope); scope && scope->extra) {
      auto& parked = touch(*scope).extra->parked;
      for (Index flow : e.joined)
        for (Parked& one : parked)
          if (one.element == e.element && one.flow == flow && one.count > 0) {
            --one.count;
            --scope->tokens;
            break;
          }
      std::erase_if(parked, [](const Parked& one) { return one.count == 0; });
    }
  take(e.scope, e.flows);
  if (!e.joined.empty()) check_idle(e.scope);
}

void State::apply(const ev::element_completed& e, base::Millis) {
  ElementInstance* element = elements.find(e.key);
  if (element == nullptr) return;
  const Key scope = element->scope;
  if (element->loop != 0) {
    if (ElementInstance* body = elements.find(scope)) {
      Extra& loop = extra(touch(*body));
      ++loop.done;
      if (!e.outputs.empty()) {
        if (loop.outputs.size() < element->loop) loop.outputs.resize(element->loop);
        loop.outputs[element->loop - 1] = e.outputs.bytes;
      }
      if (!body->looping && body->life == Life::active) {
        body->looping = true;
        push({StepKind::loop, body->instance, scope});
      }
    }
  } else if (e.merge == ev::Merge::outputs) {
    propagate(scope, e.outputs.bytes);
  }
  if (e.merge == ev::Merge::pending) {
    const bool known = element->extra && !element->extra->pending.empty();
    if (known) propagate(scope, std::string(element->extra->pending));
    else if (Instance* owner = instances.find(element->instance)) note_write(*owner);  // it was forgotten
  }
  if (e.merge == ev::Merge::collection) {
    const std::vector<std::string> none;
    const auto& outputs = element->extra ? element->extra->outputs : none;
    const std::size_t total = std::max<std::size_t>(outputs.size(), element->extra ? element->extra->done : 0);
    const auto output = [&](std::size_t i) { return i < outputs.size() ? std::string_view(outputs[i]) : std::string_view(); };
    propagate(scope, packed_collection(e.collection, total, output));
  }
  remove_element(e.key, true);
  take(scope, e.flows);
  check_idle(scope);
}

void State::apply(const ev::element_terminating& e, base::Millis) {
  ElementInstance* element = elements.find(e.key);
  if (element == nullptr) return;
  touch(*element);
  const Definition* definition = definitions.find(instances.find(element->instance)->definition);
  const bool inside = e.then == Then::take_event && definition != nullptr && e.event < definition->elements.size() &&
                      definition->elements[e.event].type == static_cast<std::uint8_t>(bpmn::ElementType::event_sub_process);
  // The listeners of its cancellation are asked about the task: it stays until they are through.
  const Key kept = element->extra && element->extra->change.phase == ListenerPhase::canceling ? std::exchange(element->work, 0) : 0;
  drop_attachments(*element, inside);
  if (kept != 0) element->work = kept;
  element->life = Life::terminating;
  if (e.then != Then::nothing || element->extra) {
    Extra& more = extra(*element);
    more.then = e.then;
    more.then_event = e.event;
    more.then_payload = e.variables.bytes;
    for (const Parked& parked : more.parked) element->tokens -= parked.count;
    more.parked.clear();
    more.phases.clear();
  }
  push({StepKind::terminate, element->instance, e.key});
}

void State::apply(const ev::element_terminated& e, base::Millis) {
  ElementInstance* element = elements.find(e.key);
  if (element == nullptr) return;
  if (e.event_key != 0) note_key(e.event_key);
  const Key scope = element->scope;
  if (element->loop != 0)
    if (ElementInstance* body = elements.find(scope); body && body->life == Life::active) {  // an item that a modification stopped: it is done, without an output
      ++extra(touch(*body)).done;
      if (!body->looping) {
        body->looping = true;
        push({StepKind::loop, body->instance, scope});
      }
    }
  remove_element(e.key, false);
  take(scope, e.flows);
  check_idle(scope);
}

void State::apply(const ev::token_parked& e, base::Millis) {
  ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr) return;
  auto& parked = extra(touch(*scope)).parked;
  ++scope->tokens;
  const auto at = std::find_if(parked.begin(), parked.end(), [&](const Parked& one) { return one.element == e.element && one.flow == e.flow; });
  if (at != parked.end()) ++at->count;
  else parked.push_back({e.element, e.flow, 1, e.inclusive});
}

void State::apply(const ev::gateway_activated& e, base::Millis) {
  ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr) return;
  auto& phases = extra(touch(*scope)).phases;
  std::erase_if(phases, [&](const Phase& one) { return one.element == e.element; });
  if (!e.reset) phases.push_back({e.element, e.flows});
  else check_idle(e.scope);
}

void State::apply(const ev::tokens_joined& e, base::Millis) {
  ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr || !scope->extra) return;
  std::uint32_t left = e.count;
  auto& parked = touch(*scope).extra->parked;
  for (Parked& one : parked) {
    if (one.element != e.element) continue;
    const std::uint32_t taken = std::min(left, one.count);
    one.count -= taken;
    scope->tokens -= taken;
    left -= taken;
  }
  std::erase_if(parked, [](const Parked& one) { return one.count == 0; });
  check_idle(e.scope);
}

void State::apply(const ev::step_dropped& e, base::Millis) {
  const Key instance = e.instance;
  if (consumed_.instance == instance && consumed_.kind == StepKind::complete) check_idle(consumed_.key);
}

void State::apply(const ev::step_repeated& e, base::Millis) {
  Step again = consumed_;
  again.done = e.done;
  ElementInstance* at = elements.find(again.key);
  if (at != nullptr && again.kind == StepKind::loop) at->looping = true;
  if (at != nullptr && again.kind == StepKind::join) extra(*at).joining = true;
  push(std::move(again));
}

void State::apply(const ev::variables_set& e, base::Millis) {
  ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr) return;
  if (e.local) return merge_locals(*scope, e.variables);
  propagate(e.scope, std::string(e.variables.bytes));
}

void State::apply(const ev::element_triggered& e, base::Millis) { deliver(e.element_instance, e.event, e.variables.bytes); }

void State::apply(const ev::tokens_placed& e, base::Millis) {
  const ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr) return;
  const Key instance = scope->instance;
  reset_straight(instance);
  if (scope->extra && !scope->extra->held.empty()) touch(*elements.find(e.scope)).extra->held.clear();
  for (Index target : e.enter) push({StepKind::enter, instance, e.scope, target});
}

}  // namespace engine
