// What the elements of one scope do with tokens (BPMN 2.0.2 chapter 13), data left out.
#include <algorithm>

#include "bpmn/rules/facts.h"
#include "bpmn/rules/soundness.h"

namespace bpmn::rules {
namespace {

constexpr std::uint32_t kNowhere = 0xffffffff;
bool ends_scope(const Node& node) {
  return node.type == ElementType::end_event && std::ranges::any_of(node.events, [](const EventDefinition& one) { return one.kind == EventKind::terminate || one.kind == EventKind::error || one.kind == EventKind::cancel; });
}
bool compensates(const Node& node) { return std::ranges::any_of(node.events, [](const EventDefinition& one) { return one.kind == EventKind::compensation; }); }
bool interrupts(const Node& boundary) { return (boundary.interrupting || has_trigger(boundary, EventKind::error)) && !compensates(boundary); }
bool is_scope(const Node& node) { return node.type == ElementType::sub_process || node.type == ElementType::transaction || node.type == ElementType::event_sub_process; }

}  // namespace

bool Net::belongs(const Node& node) const {
  return node.process == process_ && node.parent == scope_ && node.type != ElementType::event_sub_process && !node.for_compensation;
}

Net::Net(const Model& model, int process, int scope) : model_(model), process_(process), scope_(scope) {
  node_place_.assign(model.nodes.size(), kNowhere);
  flow_place_.assign(model.flows.size(), kNowhere);
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const Node& node = model.nodes[n];
    // An event sub-process that interrupts may end it, as may an event on its own boundary.
    if (node.process == process && node.parent == scope && node.type == ElementType::event_sub_process)
      for (const Node& start : model.nodes)
        endable_ = endable_ || (start.parent == static_cast<int>(n) && start.type == ElementType::start_event && start.interrupting);
    if (!belongs(node)) continue;
    node_place_[n] = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(static_cast<int>(n));
    const bool joins = node.incoming.size() > 1;
    if (node.start_quantity != 1 || node.completion_quantity != 1 || (node.type == ElementType::complex_gateway && joins) || (joins && node.incoming.size() > 64)) checkable_ = false;
  }
  for (std::size_t f = 0; f < model.flows.size(); ++f) {
    const Flow& flow = model.flows[f];
    if (flow.source < 0 || flow.target < 0 || node_place_[static_cast<std::size_t>(flow.source)] == kNowhere || node_place_[static_cast<std::size_t>(flow.target)] == kNowhere) continue;
    flow_place_[f] = static_cast<std::uint32_t>(flows_.size());
    flows_.push_back(static_cast<int>(f));
  }
  for (int around = scope; around >= 0; around = at(around).parent)
    for (const int boundary : at(around).boundary) endable_ = endable_ || interrupts(at(boundary));
  begin();
  reach();
}

// Where the first tokens are. Several ways: each start event with a trigger, and each instantiating element, is one.
void Net::begin() {
  Places together, triggered, beside;
  for (const int n : nodes_) {
    const Node& node = at(n);
    const bool catches_link = node.type == ElementType::intermediate_catch_event && is_link(node);
    if (!node.incoming.empty() || node.type == ElementType::boundary_event || catches_link) continue;
    const bool start = node.type == ElementType::start_event;
    if ((start && !node.events.empty()) || node.instantiate) triggered.push_back(place_of_node(n));
    else (start ? together : beside).push_back(place_of_node(n));
  }
  const auto with = [&](Places first) {
    first.insert(first.end(), beside.begin(), beside.end());
    beginnings_.push_back(std::move(first));
  };
  if (!together.empty() || (triggered.empty() && !beside.empty())) with(together);
  for (const std::uint32_t one : triggered) with({one});

  reachable_.assign(model_.nodes.size(), false);
  excused_.assign(model_.nodes.size(), false);
  std::vector<int> first;
  for (const Places& places : beginnings_)
    for (const std::uint32_t place : places) first.push_back(target_of(place));
  follow(reachable_, first);
  for (const int n : nodes_)
    if (at(n).type == ElementType::boundary_event && !interrupts(at(n))) follow(excused_, {n});
}

// Everything that a token at one of these may come to.
void Net::follow(std::vector<bool>& seen, std::vector<int> open) const {
  for (const int n : open) seen[static_cast<std::size_t>(n)] = true;
  while (!open.empty()) {
    const Node& node = at(open.back());
    open.pop_back();
    const auto go = [&](int next) {
      if (next < 0 || node_place_[static_cast<std::size_t>(next)] == kNowhere || seen[static_cast<std::size_t>(next)]) return;
      seen[static_cast<std::size_t>(next)] = true;
      open.push_back(next);
    };
    for (const int flow : node.outgoing) go(model_.flows[static_cast<std::size_t>(flow)].target);
    for (const int boundary : node.boundary) go(boundary);
    for (const std::uint32_t place : next_of_link(node)) go(target_of(place));
  }
}

int Net::target_of(std::uint32_t place) const { return place < flows_.size() ? model_.flows[static_cast<std::size_t>(flows_[place])].target : nodes_[place - flows_.size()]; }
int Net::source_of(std::uint32_t place) const { return place < flows_.size() ? model_.flows[static_cast<std::size_t>(flows_[place])].source : -1; }
bool Net::is_join(int node) const {
  const ElementType type = at(node).type;
  return at(node).incoming.size() > 1 && (type == ElementType::parallel_gateway || type == ElementType::inclusive_gateway);
}

Net::Places Net::next_of_link(const Node& node) const {
  Places out;
  if (node.type != ElementType::intermediate_throw_event || !is_link(node)) return out;
  for (const int n : nodes_)
    if (at(n).type == ElementType::intermediate_catch_event && is_link(at(n)) && at(n).events[0].link_name == node.events[0].link_name) out.push_back(place_of_node(n));
  return out;
}

// The ways in which an element may give its tokens on.
std::vector<Net::Places> Net::choices(const Node& node) const {
  if (Places link = next_of_link(node); !link.empty()) return {link};
  Places all, always, perhaps;
  std::uint32_t otherwise = kNowhere;
  bool conditions = false;
  for (const int flow : node.outgoing) conditions = conditions || model_.flows[static_cast<std::size_t>(flow)].has_condition;
  const bool inclusive = node.type == ElementType::inclusive_gateway || node.type == ElementType::complex_gateway;
  for (const int flow : node.outgoing) {
    const std::uint32_t place = place_of_flow(flow);
    if (place == kNowhere) continue;
    all.push_back(place);
    if (flow == node.default_flow) otherwise = place;
    else if (model_.flows[static_cast<std::size_t>(flow)].has_condition || (inclusive && !conditions)) perhaps.push_back(place);  // drawn without conditions
    else always.push_back(place);
  }
  std::vector<Places> out;
  if (all.empty()) return {{}};
  if (node.type == ElementType::exclusive_gateway || (node.type == ElementType::event_based_gateway && !(node.instantiate && node.event_gateway_type == "Parallel"))) {
    for (const std::uint32_t one : all) out.push_back({one});
    return out;
  }
  if (node.type == ElementType::parallel_gateway || node.type == ElementType::event_based_gateway || (perhaps.empty() && otherwise == kNowhere)) return {all};
  if (perhaps.size() > 20 || (std::size_t{1} << perhaps.size()) > kSoundnessChoices) {
    crowded_ = true;
    return {all};
  }
  for (std::size_t chosen = 0; chosen < (std::size_t{1} << perhaps.size()); ++chosen) {
    Places one = always;
    for (std::size_t i = 0; i < perhaps.size(); ++i)
      if (chosen >> i & 1) one.push_back(perhaps[i]);
    if (one.empty() && otherwise != kNowhere) one.push_back(otherwise);
    if (!one.empty()) out.push_back(std::move(one));  // otherwise an incident, not a way on
  }
  return out;
}

void Net::add(std::vector<Move>& moves, int n, Places takes) const {
  const Node& node = at(n);
  if (ends_scope(node)) return moves.push_back({n, {}, {}, true, -1});
  for (Places& gives : choices(node)) moves.push_back({n, takes, std::move(gives), false, -1});
  for (const int boundary : node.boundary)
    if (interrupts(at(boundary)))
      for (Places& gives : choices(at(boundary))) moves.push_back({n, takes, std::move(gives), false, boundary});
}

std::vector<Net::Move> Net::moves(const std::string& marking) const {
  std::vector<Move> out;
  for (const int n : nodes_) {
    if (marking[place_of_node(n)] != 0) add(out, n, {place_of_node(n)});
    if (is_join(n)) {
      join(out, n, marking);
      continue;
    }
    for (const int flow : at(n).incoming)
      if (const std::uint32_t place = place_of_flow(flow); place != kNowhere && marking[place] != 0) add(out, n, {place});
  }
  return out;
}

void Net::join(std::vector<Move>& moves, int n, const std::string& marking) const {
  const Node& node = at(n);
  Places full;
  std::uint64_t bits = 0, all = 0;
  for (std::size_t i = 0; i < node.incoming.size(); ++i) {
    const std::uint32_t place = place_of_flow(node.incoming[i]);
    if (place == kNowhere) continue;
    all |= std::uint64_t{1} << i;
    if (marking[place] == 0) continue;
    full.push_back(place);
    bits |= std::uint64_t{1} << i;
  }
  if (bits == 0) return;
  if (bits != all && (node.type == ElementType::parallel_gateway || waits(n, marking, bits))) return;
  add(moves, n, std::move(full));
}

// Section 13.4.3: a token elsewhere that can come to an empty flow of the inclusive join, and to none that has one.
bool Net::waits(int gateway, const std::string& marking, std::uint64_t full) const {
  const auto& reach = reaches_[node_place_[static_cast<std::size_t>(gateway)]];
  for (std::uint32_t place = 0; place < marking.size(); ++place) {
    if (marking[place] == 0 || target_of(place) == gateway) continue;
    const std::uint64_t there = reach[node_place_[static_cast<std::size_t>(target_of(place))]];
    if ((there & ~full) != 0 && (there & full) == 0) return true;
  }
  return false;
}

void Net::reach() {
  reaches_.resize(nodes_.size());
  for (const int gateway : nodes_) {
    if (at(gateway).type != ElementType::inclusive_gateway || !is_join(gateway)) continue;
    auto& reach = reaches_[node_place_[static_cast<std::size_t>(gateway)]];
    reach.assign(nodes_.size(), 0);
    for (bool changed = true; changed;) {  // at most as often as the longest way
      changed = false;
      for (const int n : nodes_) {
        if (n == gateway) continue;
        std::uint64_t bits = reach[node_place_[static_cast<std::size_t>(n)]];
        const auto through = [&](const Node& from) {
          for (const int flow : from.outgoing) {
            const int target = model_.flows[static_cast<std::size_t>(flow)].target;
            if (place_of_flow(flow) == kNowhere) continue;
            if (target != gateway) bits |= reach[node_place_[static_cast<std::size_t>(target)]];
            else if (const auto& in = at(gateway).incoming; std::ranges::find(in, flow) != in.end()) bits |= std::uint64_t{1} << (std::ranges::find(in, flow) - in.begin());
          }
          for (const std::uint32_t place : next_of_link(from)) bits |= reach[place - flows_.size()];
        };
        through(at(n));
        for (const int boundary : at(n).boundary) through(at(boundary));
        if (bits != reach[node_place_[static_cast<std::size_t>(n)]]) {
          reach[node_place_[static_cast<std::size_t>(n)]] = bits;
          changed = true;
        }
      }
    }
  }
}

std::vector<Unsound> explore(const Model&, const Net&, const base::xml::Element& scope);  // soundness.cc

std::vector<Unsound> unsound(const Model& model) {
  std::vector<Unsound> all;
  const auto check = [&](int process, int scope, const base::xml::Element& element) {
    const Net net(model, process, scope);
    if (!net.checkable() || net.nodes().empty()) return;
    for (Unsound& one : explore(model, net, element)) all.push_back(std::move(one));
  };
  for (std::size_t p = 0; p < model.processes.size(); ++p) check(static_cast<int>(p), -1, *model.processes[p].xml);
  for (std::size_t n = 0; n < model.nodes.size(); ++n)
    if (is_scope(model.nodes[n])) check(model.nodes[n].process, static_cast<int>(n), *model.nodes[n].xml);
  return all;
}

}  // namespace bpmn::rules
