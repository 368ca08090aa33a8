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

// `full`: flows of the gateway that have had their token.
static bool inclusive_ready(const State& s, const Program& program, const ElementInstance& scope, const ElementProgram& gateway, const std::set<Index>& full) {
  std::set<Index> empty;
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
      if (carries_token(step.kind) && step.key == scope.key && blocks(step.flow, step.element)) return false;
    }
  if (scope.extra) {
    for (const Parked& one : scope.extra->parked)
      if (one.element != gateway.index && blocks(kNoIndex, one.element)) return false;
    for (Key key : scope.extra->incidents) {
      Step step;
      const Incident* incident = s.incidents.find(key);
      if (incident && decode_step(incident->step, step) && carries_token(step.kind) && blocks(step.flow, step.element)) return false;
    }
  }
  return true;
}

static bool is_gateway(const ElementProgram& element) { return element.is(bpmn::ElementType::inclusive_gateway) || element.is(bpmn::ElementType::complex_gateway); }

static std::string complex_counters(std::uint32_t tokens, bool waiting_for_start) {
  base::Json counters = base::Json::object();
  counters.set("activationCount", static_cast<std::int64_t>(tokens));
  counters.set("waitingForStart", waiting_for_start);
  return base::pack(counters);
}

// Section 13.4.5, waiting for start: the condition asks for the tokens that are here.
static std::expected<bool, Trouble> activate(Decider& d, const Program& program, Key scope, const ElementProgram& gateway, std::vector<Index> here, std::uint32_t tokens) {
  const std::string counters = complex_counters(tokens, true);
  auto holds = d.condition(gateway.activation, scope, {counters});
  if (!holds) return std::unexpected(holds.error());
  if (!*holds) return false;
  auto flows = d.choose_flows(program, gateway, scope, {counters});
  if (!flows) return std::unexpected(flows.error());
  d.emit(ev::gateway_activated{scope, gateway.index, here, false});
  d.emit(ev::element_passed{d.new_key(), scope, gateway.index, std::move(*flows), std::move(here)});
  return true;
}

// Section 13.4.5, waiting for reset: what comes late is taken without effect, except over flows whose own condition now
// holds; a flow without a condition and the default flow belong to the activation.
static std::expected<bool, Trouble> reset(Decider& d, const Program& program, const ElementInstance& scope, const ElementProgram& gateway, const Phase& phase,
                                          std::vector<Index> here, std::uint32_t tokens) {
  std::set<Index> full(phase.flows.begin(), phase.flows.end());
  std::erase_if(here, [&](Index flow) { return full.contains(flow); });
  full.insert(here.begin(), here.end());
  if (!inclusive_ready(d.s, program, scope, gateway, full)) return false;
  const std::string counters = complex_counters(tokens, false);
  std::vector<Taken> flows;
  for (Index flow : gateway.outgoing) {
    const FlowProgram& one = program.flows[flow];
    if (!one.has_condition || flow == gateway.default_flow) continue;
    auto holds = d.condition(one.condition, scope.key, {counters});
    if (!holds) return std::unexpected(holds.error());
    if (*holds) flows.push_back({flow, one.target});
  }
  const Key key = scope.key;
  d.emit(ev::gateway_activated{key, gateway.index, {}, true});
  if (!flows.empty() || !here.empty()) d.emit(ev::element_passed{d.new_key(), key, gateway.index, std::move(flows), std::move(here)});
  return true;
}

static std::expected<bool, Trouble> complex_join(Decider& d, const Program& program, const ElementInstance& scope, const ElementProgram& gateway) {
  std::vector<Index> here = arrived(&scope, gateway.index);
  std::uint32_t tokens = 0;
  for (const Parked& one : scope.extra->parked)
    if (one.element == gateway.index) tokens += one.count;
  for (const Phase& phase : scope.extra->phases)
    if (phase.element == gateway.index) return reset(d, program, scope, gateway, phase, std::move(here), tokens);
  return activate(d, program, scope.key, gateway, std::move(here), tokens);
}

Done Decider::join(const ElementInstance& scope) {
  const Program& program = *program_of(scope);
  if (!scope.extra) return {};
  if (const ElementProgram& around = program.at(scope.element); around.ad_hoc && around.ad_hoc->sequential && !scope.body && scope.children == 0) {
    std::uint32_t parked = 0;
    for (const Parked& one : scope.extra->parked) parked += one.count;
    for (const Parked& one : scope.extra->parked) {  // the first that waits for its turn, when nothing else is on its way
      if (scope.tokens != parked || !one.inclusive || is_gateway(program.at(one.element))) continue;
      const Index next = one.element;
      emit(ev::tokens_placed{scope.key, {next}});
      emit(ev::tokens_joined{scope.key, next, 1});
      return {};
    }
  }
  std::set<Index> gateways;
  for (const Parked& one : scope.extra->parked)
    if (one.inclusive && is_gateway(program.at(one.element))) gateways.insert(one.element);
  for (const Phase& one : scope.extra->phases) gateways.insert(one.element);
  for (Index index : gateways) {
    const ElementProgram& gateway = program.at(index);
    if (gateway.is(bpmn::ElementType::complex_gateway)) {
      auto moved = complex_join(*this, program, scope, gateway);
      if (!moved) return std::unexpected(moved.error());
      if (*moved) return {};
      continue;
    }
    const auto here = arrived(&scope, index);
    if (!inclusive_ready(s, program, scope, gateway, {here.begin(), here.end()})) continue;
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
  made.key = e.key != 0 ? e.key : d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  auto waits = d.waits(e.program, events, made.key, e.scope);
  if (!waits) return std::unexpected(waits.error());
  d.emit(made);
  d.open(*waits, e.program.process_id);
  return {};
}

// Section 13.4.5: as a fork it decides like an inclusive gateway; as a join its condition decides
// (Decider::join); without one there is nothing to wait for and every token passes.
Done complex_gateway(Decider& d, const Entering& e) {
  if (e.element.incoming.size() > 1 && e.element.activation) {
    d.emit(ev::token_parked{e.scope, e.element.index, e.flow, true});
    return {};
  }
  const std::string counters = complex_counters(1, true);
  auto flows = d.choose_flows(e.program, e.element, e.scope, {counters});
  if (!flows) return std::unexpected(flows.error());
  d.emit(ev::element_passed{d.new_key(), e.scope, e.element.index, std::move(*flows), {}});
  return {};
}

}  // namespace handlers
}  // namespace engine
