// Gateways (BPMN 2.0.2 section 13.4).
#include <algorithm>
#include <set>

#include "engine/behaviour/handlers.h"

namespace engine {

// Tokens that would be parked here with this one: flows of the gateway that hold at least one.
static std::vector<Index> arrived(const ElementInstance* scope, Index gateway) {
  std::vector<Index> flows;
  if (scope && scope->extra)
    for (const Parked& one : scope->extra->parked)
      if (one.element == gateway && one.count > 0) flows.push_back(one.flow);
  return flows;
}

// Section 13.4.3: an inclusive join waits while a token elsewhere in the scope can still reach one of its empty flows,
// unless that token can also reach a flow that already holds one. The gateway itself is not traversed.
static bool reaches(const Program& program, Index from, Index gateway, const std::set<Index>& flows) {
  std::vector<Index> open{from};
  std::set<Index> seen{from};
  while (!open.empty()) {
    const Index at = open.back();
    open.pop_back();
    if (at == gateway) continue;
    const ElementProgram& element = program.at(at);
    std::vector<Index> out = element.outgoing;
    for (Index boundary : element.boundary) out.insert(out.end(), program.at(boundary).outgoing.begin(), program.at(boundary).outgoing.end());
    for (Index flow : out) {
      if (flows.contains(flow)) return true;
      if (seen.insert(program.flows[flow].target).second) open.push_back(program.flows[flow].target);
    }
    if (element.event.link_target != kNoIndex && seen.insert(element.event.link_target).second) open.push_back(element.event.link_target);
  }
  return false;
}

static bool inclusive_ready(const State& s, const Program& program, const ElementInstance& scope, const ElementProgram& gateway) {
  std::set<Index> full, empty;
  for (Index flow : arrived(&scope, gateway.index)) full.insert(flow);
  for (Index flow : gateway.incoming)
    if (!full.contains(flow)) empty.insert(flow);
  if (empty.empty()) return true;
  const auto blocks = [&](Index flow, Index at) {  // a token on `flow` (or at an element) that may still come
    if (flow != kNoIndex && full.contains(flow)) return false;
    if (flow != kNoIndex && empty.contains(flow)) return true;
    return reaches(program, at, gateway.index, empty) && !reaches(program, at, gateway.index, full);
  };
  for (Handle h = scope.first_child; h != kNone; h = s.elements.at(h).next)
    if (blocks(kNoIndex, s.elements.at(h).element)) return false;
  if (const Instance* owner = s.instances.find(scope.instance))
    for (Handle h = owner->ready_first; h != kNone; h = s.step_next[h]) {
      const Step& step = s.steps[h];
      if (step.kind == StepKind::enter && step.key == scope.key && blocks(step.flow, step.element)) return false;
    }
  if (scope.extra) {
    for (const Parked& one : scope.extra->parked)
      if (one.element != gateway.index && blocks(kNoIndex, one.element)) return false;
    for (Key key : scope.extra->incidents) {
      Step step;
      const Incident* incident = s.incidents.find(key);
      if (incident && decode_step(incident->step, step) && step.kind == StepKind::enter && blocks(step.flow, step.element)) return false;
    }
  }
  return true;
}

Done Decider::join(const ElementInstance& scope) {
  const Program& program = *program_of(scope);
  if (!scope.extra) return {};
  std::set<Index> gateways;
  for (const Parked& one : scope.extra->parked)
    if (one.inclusive) gateways.insert(one.element);
  for (Index index : gateways) {
    const ElementProgram& gateway = program.at(index);
    if (!inclusive_ready(s, program, scope, gateway)) continue;
    auto flows = choose_flows(program, gateway, scope.key);
    if (!flows) return std::unexpected(flows.error());
    emit(ev::element_passed{new_key(), scope.key, index, std::move(*flows), arrived(&scope, index)});
    return {};  // the next one, if any, is rechecked because a token moved
  }
  return {};
}

namespace handlers {

Done exclusive_gateway(Decider& d, const Entering& e) { return d.pass(e); }

// Section 13.4.1: one token of each incoming flow; surplus tokens stay for the next activation.
Done parallel_gateway(Decider& d, const Entering& e) {
  if (e.element.incoming.size() <= 1) return d.pass(e);
  std::vector<Index> here = arrived(d.s.element(e.scope), e.element.index);
  const bool complete = std::all_of(e.element.incoming.begin(), e.element.incoming.end(), [&](Index flow) {
    return flow == e.flow || std::find(here.begin(), here.end(), flow) != here.end();
  });
  if (!complete) {
    d.emit(ev::token_parked{e.scope, e.element.index, e.flow, false});
    return {};
  }
  auto flows = d.choose_flows(e.program, e.element, e.scope);
  if (!flows) return std::unexpected(flows.error());
  std::erase(here, e.flow);  // this token itself was never parked
  d.emit(ev::element_passed{d.new_key(), e.scope, e.element.index, std::move(*flows), std::move(here)});
  return {};
}

Done inclusive_gateway(Decider& d, const Entering& e) {
  if (e.element.incoming.size() <= 1) return d.pass(e);
  d.emit(ev::token_parked{e.scope, e.element.index, e.flow, true});
  return {};
}

// Section 13.4.4: waits for the first of the events behind it.
Done event_based_gateway(Decider& d, const Entering& e) {
  std::vector<Index> events;
  for (Index flow : e.element.outgoing) events.push_back(e.program.flows[flow].target);
  ev::element_activated made;
  made.key = d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  auto waits = d.waits(e.program, events, made.key, e.scope);
  if (!waits) return std::unexpected(waits.error());
  d.emit(made);
  d.open(*waits, e.program.process_id);
  return {};
}

Done complex_gateway(Decider&, const Entering& e) { return trouble("UNSUPPORTED_ELEMENT", "complex gateway '" + e.element.id + "'"); }

}  // namespace handlers
}  // namespace engine
