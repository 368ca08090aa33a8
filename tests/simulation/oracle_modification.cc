// Modification: tokens put somewhere, moved, stopped. Everything is checked first; what is left empty is stopped with what
// was in it; then the tokens go on like any others.
#include <algorithm>

#include "simulation/oracle.h"

namespace simulation {

namespace {

bool joins(const Node& node) {
  return node.incoming.size() > 1 && (node.is(ElementType::parallel_gateway) || node.is(ElementType::inclusive_gateway) || node.is(ElementType::complex_gateway));
}
bool compensates(const Process& p, int n) {
  const Node& node = p.nodes[static_cast<std::size_t>(n)];
  if (node.for_compensation) return true;
  const int trigger = node.is(ElementType::event_sub_process) ? trigger_of(p, n) : -1;
  return trigger >= 0 && p.nodes[static_cast<std::size_t>(trigger)].kind() == EventKind::compensation;
}

}  // namespace

// From an act down to the scope around the node: how far it is there, and which scopes must be made.
std::optional<Oracle::Way> Oracle::way(const Tree& tree, int base, int node) const {
  const Act& from = tree.acts.at(base);
  const Process& p = process(from);
  std::vector<int> chain;
  for (int n = at(from, node).parent; n != from.node; n = at(from, n).parent) {
    if (n < 0) return std::nullopt;
    chain.insert(chain.begin(), n);
  }
  Way out{base, {}};
  for (int scope : chain) {
    int there = 0, count = 0;
    if (at(from, scope).loop) return std::nullopt;
    for (const auto& [number, act] : tree.acts)
      if (out.missing.empty() && act.parent == out.scope && act.node == scope) there = number, ++count;
    if (count > 1) return std::nullopt;
    if (count == 1) out.scope = there;
    else if (compensates(p, scope)) return std::nullopt;
    else out.missing.push_back(scope);
  }
  return out;
}

// Can a token be put there by itself?
bool Oracle::enterable(const Process& p, int n, bool after) const {
  const Node& node = p.nodes[static_cast<std::size_t>(n)];
  if (after) return !node.outgoing.empty() && !node.is(ElementType::event_based_gateway);
  const bool triggers = node.is(ElementType::start_event) && node.parent >= 0 && p.nodes[static_cast<std::size_t>(node.parent)].is(ElementType::event_sub_process);
  const bool link = node.is(ElementType::intermediate_catch_event) && node.kind() == EventKind::link;
  const bool behind = !node.incoming.empty() && std::all_of(node.incoming.begin(), node.incoming.end(), [&](int f) {
    return p.nodes[static_cast<std::size_t>(p.flows[static_cast<std::size_t>(f)].from)].is(ElementType::event_based_gateway);
  });
  return !node.is(ElementType::boundary_event) && !triggers && !compensates(p, n) && !link && !behind;
}

// The innermost scope around this act, or itself, that also lies around the node.
int Oracle::common(const Tree& tree, int scope, int node) const {
  const Act* act = &tree.acts.at(scope);
  std::set<int> around;
  for (int n = at(*act, node).parent; n >= 0; n = at(*act, n).parent) around.insert(n);
  while (act->node >= 0 && (act->body || !around.contains(act->node) || !at(*act, act->node).scope())) act = &tree.acts.at(act->parent);
  return act->number;
}

// Where it is active (not the rounds of a loop), and scopes in which tokens wait before it.
Oracle::Found Oracle::find(const Tree& tree, const std::vector<int>& acts, int node) const {
  Found out;
  for (int number : acts) {
    const Act& act = tree.acts.at(number);
    if (act.node == node && act.round == 0 && !act.inner) out.acts.push_back(number);
    bool waits = std::any_of(act.parked.begin(), act.parked.end(), [&](const Parked& one) { return one.node == node; });
    for (const Incident& one : tree.incidents)
      waits = waits || (one.act == number && !one.of_job && one.move.token() && one.node == node);
    if (waits) out.scopes.push_back(number);
  }
  return out;
}

bool Oracle::possible(const Tree& tree, int root, const Instruction& one) const {
  const Process& p = process(tree.acts.at(root));
  if (one.kind == Instruction::Kind::stop_act) return tree.acts.contains(one.act);
  if (one.kind == Instruction::Kind::activate) return enterable(p, one.to, one.after) && way(tree, root, one.to);
  const Found found = find(tree, of_instance(tree, root), one.from);
  if (found.acts.empty() && found.scopes.empty()) return false;
  if (one.kind == Instruction::Kind::stop_all) return true;
  if (!enterable(p, one.to, one.after)) return false;
  for (int number : found.acts)
    if (!way(tree, common(tree, tree.acts.at(number).parent, one.to), one.to)) return false;
  for (int number : found.scopes)
    if (!way(tree, common(tree, number, one.to), one.to)) return false;
  return true;
}

// Nobody would come back to the caller of an instance that is left empty.
bool Oracle::leaves_something(const Tree& tree, int root, const std::vector<Instruction>& all) const {
  if (root == 1 || std::any_of(all.begin(), all.end(), [](const Instruction& one) { return one.kind == Instruction::Kind::activate || one.kind == Instruction::Kind::move; })) return true;
  std::set<int> stopped;
  for (int number : of_instance(tree, root)) {
    const Act& act = tree.acts.at(number);
    const bool named = std::any_of(all.begin(), all.end(), [&](const Instruction& one) { return one.kind == Instruction::Kind::stop_act ? one.act == number : one.from == act.node && act.round == 0 && act.node >= 0 && !act.inner; });
    const bool children = std::any_of(tree.acts.begin(), tree.acts.end(), [&](const auto& other) { return other.second.parent == number && other.second.node >= 0; });
    const bool tokens = !act.parked.empty() || std::any_of(tree.incidents.begin(), tree.incidents.end(), [&](const Incident& one) { return one.act == number && !one.of_job && one.move.token(); });
    if (named || (number != root && stopped.contains(act.parent))) stopped.insert(number);
    else if (tokens || (!children && act.node >= 0)) return true;
  }
  return false;
}

// Would nothing be left in the scope without this child and so many of its tokens?
bool Oracle::left_empty(const Tree& tree, int number, int child, int tokens) const {
  const Act& scope = tree.acts.at(number);
  int here = 0;
  for (const Parked& one : scope.parked) here += one.count;
  for (const Move& move : tree.moves) here += move.act == number && move.token() ? 1 : 0;
  for (const Incident& one : tree.incidents) here += one.act == number && !one.of_job && one.move.token() ? 1 : 0;
  if (here != tokens || scope.compensating.active || (scope.node < 0 && number != 1)) return false;
  if (scope.body && !at(scope, scope.node).loop->standard && scope.started < scope.total) return false;
  return std::none_of(tree.acts.begin(), tree.acts.end(), [&](const auto& other) { return other.second.parent == number && other.first != child; });
}

void Oracle::stop(Tree& tree, int number) {
  while (tree.acts.at(number).node >= 0 && left_empty(tree, tree.acts.at(number).parent, number, 0)) number = tree.acts.at(number).parent;
  const Act act = tree.acts.at(number);
  touched.nodes.insert({act.process, std::max(0, act.node)});
  if (act.node < 0) {  // nothing is left at all
    cancel(tree.number);
    return;
  }
  remove(tree, number);
  if (act.round != 0) {
    ++tree.acts.at(act.parent).done;
    const bool asked = std::any_of(tree.moves.begin(), tree.moves.end(), [&](const Move& move) { return move.act == act.parent && move.kind == Move::Kind::round; });
    Move next;
    next.kind = Move::Kind::round;
    next.act = act.parent;
    if (!asked) push(tree, next);
  }
  idle(tree, act.parent);
}

void Oracle::place(Tree& tree, const Way& way, int node, bool after) {
  Move move;
  move.kind = Move::Kind::place;
  move.act = way.scope;
  move.node = node;
  move.made = way.missing;
  move.after = after;
  push(tree, move);
}

// Tokens that wait before the node: at a join, for their turn, or because something is wrong.
void Oracle::tokens_before(Tree& tree, int number, const Instruction& one) {
  Act& scope = tree.acts.at(number);
  int tokens = 0;
  for (const Parked& parked : scope.parked) tokens += parked.node == one.from ? parked.count : 0;
  const auto held = [&](const Incident& other) { return other.act == number && !other.of_job && other.move.token() && other.node == one.from; };
  tokens += static_cast<int>(std::count_if(tree.incidents.begin(), tree.incidents.end(), held));
  if (tokens == 0) return;
  const bool moves = one.kind == Instruction::Kind::move;
  if (!moves && left_empty(tree, number, 0, tokens)) return stop(tree, number);
  for (int n = 0; moves && n < tokens; ++n) place(tree, *way(tree, common(tree, number, one.to), one.to), one.to, one.after);
  std::erase_if(scope.parked, [&](const Parked& parked) { return parked.node == one.from; });
  std::erase_if(tree.incidents, held);
  idle(tree, number);
}

void Oracle::carry_out(Tree& tree, int root, const Instruction& one) {
  if (one.kind == Instruction::Kind::activate) return place(tree, *way(tree, root, one.to), one.to, one.after);
  if (one.kind == Instruction::Kind::stop_act) {
    if (tree.acts.contains(one.act)) stop(tree, one.act);
    return;
  }
  for (int number : of_instance(tree, root)) {
    if (tree.acts.contains(number)) tokens_before(tree, number, one);
    const auto found = tree.acts.find(number);
    if (found == tree.acts.end() || found->second.node != one.from || found->second.round != 0 || found->second.inner) continue;
    if (one.kind == Instruction::Kind::move)
      if (const auto to = way(tree, common(tree, found->second.parent, one.to), one.to)) place(tree, *to, one.to, one.after);
    stop(tree, number);
  }
}

bool Oracle::modify(int number, int root, const std::vector<Instruction>& all) {
  const Tree& before = *trees_.at(number);
  for (const Instruction& one : all)
    if (!possible(before, root, one)) return false;
  if (!leaves_something(before, root, all)) return false;
  Tree& tree = edit(number);
  for (const Instruction& one : all)
    if (!tree.over) carry_out(tree, root, one);
  if (std::find(turns_.begin(), turns_.end(), number) == turns_.end()) turns_.push_back(number);  // who waited for what was stopped
  return true;
}

// A token that was put somewhere: the next scope on its way is made, or it begins.
Oracle::Done Oracle::arrive_placed(Tree& tree, int number, const Move& move) {
  Act& scope = tree.acts.at(number);
  if (!move.made.empty()) {
    const int before = tree.next;
    if (auto stop = open_scope(tree, scope, move.made.front(), nullptr)) return stop;
    std::erase_if(tree.moves, [&](const Move& other) { return other.act == before && (other.kind == Move::Kind::enter || other.kind == Move::Kind::complete); });
    tree.acts.at(before).completing = tree.acts.at(before).job = false;  // nobody is asked what is done in an ad-hoc sub-process: it is said
    Way rest{before, {move.made.begin() + 1, move.made.end()}};
    place(tree, rest, move.node, move.after);
    return {};
  }
  const Node& node = at(scope, move.node);
  touched.nodes.insert({scope.process, move.node});
  if (move.after || joins(node)) {
    std::vector<int> flows;
    if (auto stop = choose(tree, scope, move.node, {}, flows)) return stop;
    go(tree, number, flows);
    if (!move.after) after_inner(tree, number);
    return {};
  }
  return enter(tree, scope, move.node, kPlaced, false);
}

}  // namespace simulation
