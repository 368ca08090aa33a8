// Fragments of gateways and events.
#include "simulation/builder.h"

namespace simulation {

// The one table of weights: how often each fragment is made. Rare elements are here with a weight of their own.
Chain Builder::fragment(int scope, int depth) {
  if (p.nodes.size() > limit || depth > 3) {
    const int made = chance(50) ? job(scope) : task(scope);
    return {made, made};
  }
  switch (pick({16, 9, 8, 8, 8, 7, 3, 4, 6, 7, 3, 10, 5, 6, 4, 5, 9, 3, 3, 3, 6})) {
    case 0: {
      const int made = task(scope);
      if (chance(40)) boundary(made, depth);
      return {made, made};
    }
    case 1: return choice(scope, depth + 1);
    case 2: return parallel(scope, depth + 1);
    case 3: return inclusive(scope, depth + 1);
    case 4: return counted_loop(scope, depth + 1);
    case 5: return first_event(scope, depth + 1);
    case 6: return complex(scope);
    case 7: return talk(scope);
    case 8: return thrown(scope);
    case 9: return caught(scope);
    case 10: return linked(scope);
    case 11: return sub_process(scope, depth + 1);
    case 12: return transaction(scope);
    case 13: return compensation(scope);
    case 14: return ad_hoc(scope);
    case 15: return callable.empty() ? parallel(scope, depth + 1) : called(scope);
    case 16: return repeated(scope, depth + 1);
    case 17: return quantities(scope);
    case 18: return implicit(scope);
    case 19: return inclusive_graph(scope);
    default: return upward(scope);
  }
}

Chain Builder::sequence(int scope, int depth) {
  Chain all = fragment(scope, depth);
  for (int more = below(depth == 0 ? 4 : 2); more > 0; --more) all = join(all, fragment(scope, depth));
  return all;
}

// A branch that ends its scope (or more): always behind a wait, so that nothing else moves at that moment.
Chain Builder::killer(int scope) {
  const int wait = job(scope);
  int last = -1;
  if (scope >= 0 && at(scope).is(ElementType::transaction) && chance(50)) last = end(scope, EventKind::cancel);
  else if (chance(45)) last = end(scope, EventKind::terminate);
  else {
    last = end(scope, chance(60) ? EventKind::error : EventKind::escalation);
    at(last).events[0].name = (at(last).kind() == EventKind::error ? "E" : "X") + std::to_string(below(3));
  }
  flow(wait, last);
  return {wait, last};
}

Chain Builder::choice(int scope, int depth) {
  const int split = node(ElementType::exclusive_gateway, scope, "xor"), merge = node(ElementType::exclusive_gateway, scope, "merge");
  const int ways = 2 + below(2);
  for (int way = 0; way < ways; ++way) {
    const bool last = way + 1 == ways;
    if (!last && chance(15)) {
      flow(split, killer(scope).first, condition());
      continue;
    }
    if (chance(15)) {
      const int direct = flow(split, merge, last ? Expr() : condition());
      if (last) at(split).default_flow = direct;
      continue;
    }
    const Chain inside = sequence(scope, depth);
    const int in = flow(split, inside.first, last ? Expr() : condition());
    if (last) at(split).default_flow = in;
    flow(inside.last, merge);
  }
  return {split, merge};
}

Chain Builder::parallel(int scope, int depth) {
  const int split = node(ElementType::parallel_gateway, scope, "and"), merge = node(ElementType::parallel_gateway, scope, "join");
  for (int ways = 2 + below(2); ways > 0; --ways) {
    const Chain inside = sequence(scope, depth);
    flow(split, inside.first);
    flow(inside.last, merge);
  }
  if (chance(12)) flow(split, killer(scope).first);
  return {split, merge};
}

Chain Builder::inclusive(int scope, int depth) {
  const int split = node(ElementType::inclusive_gateway, scope, "or"), merge = node(ElementType::inclusive_gateway, scope, "orjoin");
  for (int ways = 2 + below(2); ways > 0; --ways) {
    const Chain inside = sequence(scope, depth);
    flow(split, inside.first, condition());
    flow(inside.last, merge);
  }
  at(split).default_flow = flow(split, merge);
  return {split, merge};
}

// i = 0; the body; i = i + 1; again while i < n. The merge before the body is exclusive or inclusive.
Chain Builder::counted_loop(int scope, int depth) {
  const auto script = [&](Expr value, const std::string& into) {
    const int made = node(ElementType::script_task, scope, "count");
    at(made).script = std::move(value);
    at(made).result = into;
    return made;
  };
  const std::string counter = "i" + std::to_string(next_) + "_" + p.id;
  const int zero = script(constant(0), counter);
  const int merge = node(chance(50) ? ElementType::exclusive_gateway : ElementType::inclusive_gateway, scope, "again");
  const int split = node(chance(70) ? ElementType::exclusive_gateway : ElementType::inclusive_gateway, scope, "enough");
  const Chain inside = sequence(scope, depth);
  const int more = script(call(Expr::Op::plus, {variable(counter), constant(1)}), counter);
  flow(zero, merge);
  flow(merge, inside.first);
  flow(inside.last, more);
  flow(more, split);
  flow(split, merge, call(Expr::Op::less, {variable(counter), constant(2 + below(2))}));
  const int out = node(ElementType::task, scope, "out");
  at(split).default_flow = flow(split, out);
  return {zero, out};
}

Chain Builder::first_event(int scope, int depth) {
  const int gateway = node(ElementType::event_based_gateway, scope, "first"), merge = node(ElementType::exclusive_gateway, scope, "merge");
  static constexpr EventKind kKinds[] = {EventKind::message, EventKind::timer, EventKind::signal, EventKind::conditional};
  const int skipped = below(4);
  for (int kind = 0; kind < 4; ++kind) {
    if (kind == skipped) continue;
    int event = -1;
    if (kind == 0 && chance(30)) {
      event = node(ElementType::receive_task, scope, "receive");
      at(event).events.push_back(this->event(EventKind::message, at(event).id));
    } else {
      event = event_node(ElementType::intermediate_catch_event, scope, kKinds[kind]);
    }
    flow(gateway, event);
    if (chance(50)) {
      flow(event, merge);
      continue;
    }
    const Chain inside = fragment(scope, depth + 1);
    flow(event, inside.first);
    flow(inside.last, merge);
  }
  return {gateway, merge};
}

// Two of three are enough, or one; the rest only resets it. In a sub-process of its own: tokens that come late stay there.
Chain Builder::complex(int scope) {
  const int sub = node(ElementType::sub_process, scope, "complex");
  const int start = node(ElementType::start_event, sub, "start"), split = node(ElementType::complex_gateway, sub, "fork"), join = node(ElementType::complex_gateway, sub, "some"), last = end(sub);
  flow(start, split);
  for (int way = 0; way < 3; ++way) {
    const int wait = job(sub);
    flow(split, wait);
    flow(wait, join);
  }
  at(join).activation = at_least("activationCount", 1 + below(3));
  const int after = job(sub);
  flow(join, after);
  flow(after, last);
  if (chance(50)) {
    const int late = job(sub), end_late = end(sub);
    flow(join, late, call(Expr::Op::negate, {variable("waitingForStart")}));
    flow(late, end_late);
  }
  return {sub, sub};
}

// One branch tells the other: whichever comes first, the message waits.
Chain Builder::talk(int scope) {
  const int split = node(ElementType::parallel_gateway, scope, "and"), merge = node(ElementType::parallel_gateway, scope, "join");
  const int wait = job(scope), tell = node(chance(50) ? ElementType::intermediate_throw_event : ElementType::send_task, scope, "tell");
  const int hear = node(chance(50) ? ElementType::intermediate_catch_event : ElementType::receive_task, scope, "hear");
  Event message = event(EventKind::message, at(hear).id);
  at(hear).events.push_back(message);
  at(tell).events.push_back(message);
  if (at(tell).is(ElementType::intermediate_throw_event)) at(tell).inputs.push_back({variable("v0"), "told_" + at(hear).id});
  flow(split, wait);
  flow(wait, tell);
  flow(tell, merge);
  flow(split, hear);
  flow(hear, merge);
  return {split, merge};
}

Chain Builder::thrown(int scope) {
  const int kind = pick({3, 4, 4, 4});
  if (kind == 0) {
    const int made = node(ElementType::intermediate_throw_event, scope, "throw");
    return {made, made};
  }
  if (kind == 1) {
    const int made = event_node(ElementType::intermediate_throw_event, scope, EventKind::message);
    if (chance(30)) {
      at(made).job = true;
      at(made).events[0].correlation = {};
    }
    return {made, made};
  }
  const int wait = job(scope);
  const int made = event_node(ElementType::intermediate_throw_event, scope, kind == 2 && !foreign_signals.empty() ? EventKind::signal : EventKind::escalation);
  Event& event = at(made).events[0];
  if (event.kind == EventKind::signal) event.name = foreign_signals[static_cast<std::size_t>(below(static_cast<int>(foreign_signals.size())))];
  else event.name = "X" + std::to_string(below(3));
  flow(wait, made);
  return {wait, made};
}

Chain Builder::caught(int scope) {
  static constexpr EventKind kKinds[] = {EventKind::message, EventKind::timer, EventKind::signal, EventKind::conditional};
  const int made = event_node(ElementType::intermediate_catch_event, scope, kKinds[pick({3, 4, 3, 3})]);
  if (at(made).kind() == EventKind::message && chance(30)) at(made).outputs.push_back({variable("told"), "o_" + at(made).id});
  if (chance(25)) {  // several triggers, or all of them
    const EventKind other = at(made).kind() == EventKind::signal ? EventKind::message : EventKind::signal;
    at(made).events.push_back(event(other, at(made).id));
    at(made).together = chance(50);
  }
  return {made, made};
}

Chain Builder::linked(int scope) {
  const int from = node(ElementType::intermediate_throw_event, scope, "link"), to = node(ElementType::intermediate_catch_event, scope, "target");
  Event link;
  link.kind = EventKind::link;
  link.name = "L_" + at(to).id;
  at(from).events.push_back(link);
  at(to).events.push_back(link);
  const int before = task(scope);
  flow(before, from);
  return {before, to};
}

}  // namespace simulation
