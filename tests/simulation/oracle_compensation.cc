// Compensation and cancellation (sections 10.6.1, 13.3.4, 13.5.5): what was completed and can be undone is noted in its
// scope; who compensates undoes it one by one, the last first; a sub-process lives again with its data as they were.
#include <limits>

#include "simulation/oracle.h"

namespace simulation {

namespace {

int own_handler(const Process& process, int scope) {
  for (int inner : event_sub_processes(process, scope))
    if (const int start = trigger_of(process, inner); start >= 0 && process.nodes[static_cast<std::size_t>(start)].kind() == EventKind::compensation) return inner;
  return -1;
}

}  // namespace

void Oracle::remember(Tree& tree, const Act& act) {
  const Node& node = at(act, act.node);
  if (node.for_compensation) return;
  if (node.is(ElementType::event_sub_process) && at(act, trigger_of(process(act), act.node)).kind() == EventKind::compensation) return;
  const bool handled = !act.body && node.handler >= 0;
  const bool own = !act.body && node.scope() && own_handler(process(act), act.node) >= 0;
  if (act.completed.empty() && !handled && !own) return;
  Act& scope = tree.acts.at(tree.acts.at(act.parent).inner ? tree.acts.at(act.parent).parent : act.parent);
  const long number = next_++;
  if (act.body) {
    for (Completed one : act.completed) {
      one.number = number;
      scope.completed.push_back(std::move(one));
    }
    return;
  }
  scope.completed.push_back({act.node, handled, act.variables, act.completed, number});
}

Oracle::Done Oracle::compensate(Tree& tree, int number) {
  Act& act = tree.acts.at(number);
  Compensating& how = act.compensating;
  const auto enter = [&](int where, int node) {
    Move move;
    move.act = where;
    move.node = node;
    push(tree, move);
  };
  for (int in : {how.scope, how.outer}) {
    if (!how.active || !tree.acts.contains(in)) continue;
    auto& list = tree.acts.at(in).completed;
    for (std::size_t i = list.size(); i-- > 0;) {
      if (list[i].number > how.until || (how.activity >= 0 && list[i].node != how.activity)) continue;
      const Completed one = list[i];
      for (int b : at(act, one.node).boundary)
        if (one.handled && at(act, b).kind() == EventKind::compensation) touched.nodes.insert({act.process, b});
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      const int own = at(act, one.node).scope() ? own_handler(process(act), one.node) : -1;
      const int begins = own >= 0 ? own : one.handled ? at(act, one.node).handler : -1;
      const bool all = begins < 0 && !one.inside.empty();
      int where = number;
      if (own >= 0 || all || !one.variables.empty()) {
        Act& again = add(tree, number, act.process, one.node);
        where = again.number;
        again.variables = one.variables;
        again.completed = one.inside;
        again.compensating = {all, true, false, true, where, 0, -1, -1, own >= 0 && one.handled ? at(act, one.node).handler : -1, std::numeric_limits<long>::max()};
      }
      if (begins >= 0) {
        enter(where, begins);
      } else {
        Move move;
        move.kind = Move::Kind::complete;
        move.act = where;
        tree.acts.at(where).completing = true;
        push(tree, move);
      }
      return {};
    }
  }
  if (how.after >= 0) {
    enter(number, how.after);
    how.after = -1;
    return {};
  }
  const int parent = act.parent;
  if (how.cancels) {
    const int activity = act.round != 0 ? parent : number, boundary = how.boundary;
    const int scope = tree.acts.at(activity).parent;
    std::vector<int> flows;
    if (boundary >= 0) {
      touched.nodes.insert({act.process, boundary});
      if (auto stop = choose(tree, tree.acts.at(scope), boundary, {}, flows)) return stop;
    }
    remove(tree, activity);
    go(tree, scope, flows);
    idle(tree, scope);
    return {};
  }
  std::vector<int> flows;
  if (!how.again && how.leaves)
    if (auto stop = choose(tree, tree.acts.at(parent), act.node, {}, flows)) return stop;
  remove(tree, number);
  go(tree, parent, flows);
  idle(tree, parent);
  return {};
}

Oracle::Done Oracle::throw_compensation(Tree& tree, Act& scope, int index, const Event& event) {
  Compensating how;
  how.active = true;
  how.activity = event.activity;
  how.leaves = event.waits;
  bool found = false;
  for (auto up = tree.acts.find(scope.number); up != tree.acts.end() && !found; up = tree.acts.find(up->second.parent)) {
    const Act& act = up->second;
    if (act.body || act.inner) continue;
    if (event.activity >= 0) {
      if (act.node != at(scope, event.activity).parent) continue;
      how.scope = act.number;
      found = true;
      continue;
    }
    if (how.scope == 0) how.scope = act.number;
    if (act.node >= 0 && at(act, act.node).is(ElementType::event_sub_process)) continue;
    if (how.scope != act.number) how.outer = act.number;
    found = true;
  }
  std::vector<int> flows;
  if (!found || !event.waits)
    if (auto stop = choose(tree, scope, index, {}, flows)) return stop;
  const int in = scope.number;
  if (found) {
    Act& made = add(tree, in, scope.process, index);
    how.until = next_++;
    made.compensating = how;
    made.completing = true;
    Move move;
    move.kind = Move::Kind::complete;
    move.act = made.number;
    push(tree, move);
  }
  go(tree, in, flows);
  return {};
}

// Section 13.3.4: everything in the transaction is stopped; then it compensates; then its cancel boundary event continues.
Oracle::Done Oracle::cancel_transaction(Tree& tree, Act& scope, int) {
  for (auto up = tree.acts.find(scope.number); up != tree.acts.end(); up = tree.acts.find(up->second.parent)) {
    Act& act = up->second;
    if (act.node < 0) break;
    if (act.body || !at(act, act.node).is(ElementType::transaction)) continue;
    kill_children(tree, act.number, false);
    int boundary = -1;
    for (int one : at(act, act.node).boundary)
      if (at(act, one).kind() == EventKind::cancel) boundary = one;
    act.compensating = {true, false, true, false, act.number, 0, -1, boundary, -1, next_++};
    act.completing = true;
    Move move;
    move.kind = Move::Kind::complete;
    move.act = act.number;
    push(tree, move);
    return {};
  }
  return Stop{"UNSUPPORTED_ELEMENT"};
}

}  // namespace simulation
