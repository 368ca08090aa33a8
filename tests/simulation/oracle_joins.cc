// Joins: parallel (13.4.1), inclusive (13.4.3), complex (13.4.5), and whose turn it is in a sequential ad-hoc sub-process.
#include <algorithm>
#include <functional>

#include "simulation/oracle.h"

namespace simulation {

// Is there a path from the node to one of these flows that does not go through the gateway?
bool Oracle::reaches(const Process& process, int from, int gateway, const std::set<int>& flows) const {
  std::set<int> seen;
  std::function<bool(int)> search = [&](int at) {
    if (at == gateway || !seen.insert(at).second) return false;
    const Node& node = process.nodes[static_cast<std::size_t>(at)];
    std::vector<int> out = node.outgoing;
    for (int b : node.boundary) out.insert(out.end(), process.nodes[static_cast<std::size_t>(b)].outgoing.begin(), process.nodes[static_cast<std::size_t>(b)].outgoing.end());
    for (int f : out)
      if (flows.contains(f) || search(process.flows[static_cast<std::size_t>(f)].to)) return true;
    if (node.is(ElementType::intermediate_throw_event) && node.kind() == EventKind::link)
      for (std::size_t n = 0; n < process.nodes.size(); ++n) {
        const Node& other = process.nodes[n];
        if (other.is(ElementType::intermediate_catch_event) && other.parent == node.parent && other.kind() == EventKind::link && other.events[0].name == node.events[0].name && search(static_cast<int>(n))) return true;
      }
    return false;
  };
  return search(from);
}

// Section 13.4.3: no token may still come to an empty flow, unless it could as well come to a full one.
bool Oracle::may_fire(const Tree& tree, const Act& scope, int gateway, const std::set<int>& full) const {
  const Process& p = process(scope);
  std::set<int> empty;
  for (int f : p.nodes[static_cast<std::size_t>(gateway)].incoming)
    if (!full.contains(f)) empty.insert(f);
  const auto blocks = [&](int flow, int node) {
    if (full.contains(flow)) return false;
    if (empty.contains(flow)) return true;
    return reaches(p, node, gateway, empty) && !reaches(p, node, gateway, full);
  };
  for (const auto& [number, act] : tree.acts)
    if (act.parent == scope.number && act.node >= 0 && blocks(-1, act.node)) return false;
  for (const Move& move : tree.moves)
    if (move.token() && move.act == scope.number && blocks(move.flow, move.made.empty() ? move.node : move.made.front())) return false;
  for (const Incident& one : tree.incidents)
    if (one.move.token() && !one.of_job && one.act == scope.number && blocks(one.move.flow, one.move.node)) return false;
  for (const Parked& one : scope.parked)
    if (one.node != gateway && blocks(-1, one.node)) return false;
  return true;
}

// The first that waits for its turn, when nothing else is on its way (section 13.3.5).
bool Oracle::turn_in(Tree& tree, Act& scope) {
  const Node* node = this->node(scope);
  if (node == nullptr || !node->sequential || scope.body || scope.parked.empty()) return false;
  for (const auto& [number, act] : tree.acts)
    if (act.parent == scope.number) return false;
  for (const Move& move : tree.moves)
    if (move.token() && move.act == scope.number) return false;
  const Parked first = scope.parked.front();
  Move move;
  move.act = scope.number;
  move.node = first.node;
  unpark(scope, first.node, first.flow);
  push(tree, move);
  return true;
}

bool Oracle::complex(Tree& tree, Act& scope, int gateway) {
  const Node& node = at(scope, gateway);
  std::set<int> here;
  int tokens = 0;
  for (const Parked& one : scope.parked)
    if (one.node == gateway) {
      here.insert(one.flow);
      tokens += one.count;
    }
  const auto take = [&](const std::set<int>& flows) {
    for (int f : flows) unpark(scope, gateway, f);
  };
  const auto phase = scope.activated.find(gateway);
  if (phase == scope.activated.end()) {
    const Json holds = value(tree, scope.number, node.activation, {{"activationCount", Json(tokens)}, {"waitingForStart", Json(true)}});
    if (!holds.is_bool() || !holds.as_bool()) return false;
    std::vector<int> flows;
    if (choose(tree, scope, gateway, {{"activationCount", Json(tokens)}, {"waitingForStart", Json(true)}}, flows)) return false;
    scope.activated[gateway] = here;
    take(here);
    go(tree, scope.number, flows);
    return true;
  }
  std::set<int> full = phase->second, late;
  for (int f : here)
    if (!full.contains(f)) late.insert(f);
  full.insert(late.begin(), late.end());
  if (!may_fire(tree, scope, gateway, full)) return false;
  std::vector<int> flows;
  for (int f : node.outgoing) {
    const Flow& flow = process(scope).flows[static_cast<std::size_t>(f)];
    if (!flow.condition || f == node.default_flow) continue;
    const Json holds = value(tree, scope.number, flow.condition, {{"activationCount", Json(tokens)}, {"waitingForStart", Json(false)}});
    if (holds.is_bool() && holds.as_bool()) flows.push_back(f);
  }
  scope.activated.erase(phase);
  take(late);
  go(tree, scope.number, flows);
  idle(tree, scope.number);
  return true;
}

void Oracle::park(Act& scope, int node, int flow) {
  for (Parked& one : scope.parked)
    if (one.node == node && one.flow == flow) {
      ++one.count;
      return;
    }
  scope.parked.push_back({node, flow, 1});
}

void Oracle::unpark(Act& scope, int node, int flow) {
  for (Parked& one : scope.parked)
    if (one.node == node && one.flow == flow) --one.count;
  std::erase_if(scope.parked, [](const Parked& one) { return one.count == 0; });
}

bool Oracle::join_in(Tree& tree, Act& scope) {
  if (turn_in(tree, scope)) return true;
  std::set<int> gateways;
  for (const Parked& one : scope.parked) gateways.insert(one.node);
  for (const auto& [gateway, flows] : scope.activated) gateways.insert(gateway);
  for (int gateway : gateways) {
    const Node& node = at(scope, gateway);
    std::set<int> here;
    for (const Parked& one : scope.parked)
      if (one.node == gateway) here.insert(one.flow);
    if (node.is(ElementType::complex_gateway)) {
      if (complex(tree, scope, gateway)) return true;
      continue;
    }
    if (node.is(ElementType::parallel_gateway)) {
      if (here.size() < node.incoming.size()) continue;
    } else if (!node.is(ElementType::inclusive_gateway) || !may_fire(tree, scope, gateway, here)) {
      continue;
    }
    std::vector<int> flows;
    touched.nodes.insert({scope.process, gateway});
    if (choose(tree, scope, gateway, {}, flows)) continue;
    for (int f : here) unpark(scope, gateway, f);
    go(tree, scope.number, flows);
    idle(tree, scope.number);
    after_inner(tree, scope.number);
    return true;
  }
  return false;
}

bool Oracle::join(Tree& tree) {
  std::vector<int> scopes;
  for (const auto& [number, act] : tree.acts)
    if (!act.parked.empty() || !act.activated.empty()) scopes.push_back(number);
  for (int number : scopes)
    if (tree.acts.contains(number) && join_in(tree, tree.acts.at(number))) return true;
  return false;
}

}  // namespace simulation
