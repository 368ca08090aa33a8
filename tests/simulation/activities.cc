// Fragments of activities: sub-processes of every kind, calls, loops, compensation, boundary events.
#include "simulation/builder.h"

namespace simulation {

// From the start event (or from what nothing leads to) to the end event of a scope.
void Builder::content(int scope, int depth, bool start_event) {
  Chain all = sequence(scope, depth);
  if (start_event) {
    const int start = node(ElementType::start_event, scope, "start");
    if (chance(10)) at(start).outputs.push_back({variable("v1"), "begun_" + at(start).id});
    flow(start, all.first);
  }
  if (chance(12)) {  // the scope ends where nothing follows
    return;
  }
  int last = end(scope);
  if (chance(20)) at(last).events.push_back(event(EventKind::message, at(last).id));
  else if (chance(10) && !foreign_signals.empty()) {
    at(last).events.push_back(event(EventKind::signal, at(last).id));
    at(last).events[0].name = foreign_signals[static_cast<std::size_t>(below(static_cast<int>(foreign_signals.size())))];
  }
  flow(all.last, last);
}

// Boundary events of an activity that waits; each leads to an end of its own.
void Builder::boundary(int activity, int depth) {
  const bool scope = at(activity).scope(), waits = scope || at(activity).job || at(activity).is(ElementType::user_task) || at(activity).is(ElementType::receive_task) || at(activity).is(ElementType::call_activity);
  if (!waits) return;
  for (int count = 1 + below(2); count > 0; --count) {
    static constexpr EventKind kKinds[] = {EventKind::timer, EventKind::message, EventKind::signal, EventKind::conditional, EventKind::error, EventKind::escalation};
    const bool upward = scope || at(activity).is(ElementType::call_activity);
    const EventKind kind = kKinds[pick({4, 3, 3, 3, at(activity).is(ElementType::receive_task) ? 0 : 4, upward ? 3 : 0})];
    const int made = node(ElementType::boundary_event, at(activity).parent, "at");
    at(made).attached = activity;
    at(activity).boundary.push_back(made);
    at(made).interrupting = kind == EventKind::error || chance(50);
    at(made).events.push_back(event(kind, at(made).id, !at(made).interrupting));
    if (kind == EventKind::error || kind == EventKind::escalation) at(made).events[0].name = chance(25) ? "" : (kind == EventKind::error ? "E" : "X") + std::to_string(below(3));
    if (kind == EventKind::message && chance(15)) {
      at(made).events.push_back(event(EventKind::signal, at(made).id));
      at(made).together = chance(50);
    }
    const Chain after = chance(60) ? Chain{job(at(activity).parent), -1} : fragment(at(activity).parent, depth + 2);
    const int last = after.last < 0 ? after.first : after.last;
    flow(made, after.first);
    flow(last, end(at(activity).parent));
  }
}

void Builder::event_sub_process(int scope, int depth, EventKind wanted) {
  static constexpr EventKind kKinds[] = {EventKind::message, EventKind::timer, EventKind::signal, EventKind::conditional, EventKind::error, EventKind::escalation, EventKind::compensation};
  const EventKind kind = wanted != EventKind::none ? wanted : kKinds[pick({4, 4, 3, 3, 3, 3, scope >= 0 && !at(scope).is(ElementType::ad_hoc_sub_process) ? 3 : 0})];
  const int sub = node(ElementType::event_sub_process, scope, "on"), start = node(ElementType::start_event, sub, "start");
  at(start).interrupting = kind == EventKind::error || kind == EventKind::compensation || chance(50);
  at(start).events.push_back(event(kind, at(start).id, !at(start).interrupting));
  if (kind == EventKind::error || kind == EventKind::escalation) at(start).events[0].name = chance(25) ? "" : (kind == EventKind::error ? "E" : "X") + std::to_string(below(3));
  Chain inside{job(sub), -1};
  inside.last = inside.first;
  if (kind == EventKind::compensation && chance(60)) {
    const int thrower = node(ElementType::intermediate_throw_event, sub, "undo");
    at(thrower).events.push_back(event(EventKind::compensation, at(thrower).id));
    inside = join(inside, {thrower, thrower});
  } else if (kind != EventKind::compensation && chance(30)) {
    inside = join(inside, fragment(sub, depth + 2));
  }
  flow(start, inside.first);
  flow(inside.last, end(sub));
  static constexpr EventKind kInner[] = {EventKind::message, EventKind::timer, EventKind::signal, EventKind::error};
  if (wanted == EventKind::none && kind != EventKind::compensation && chance(15)) event_sub_process(sub, depth, kInner[below(4)]);
}

Chain Builder::sub_process(int scope, int depth) {
  const int sub = node(ElementType::sub_process, scope, "sub");
  if (chance(15)) at(sub).inputs.push_back({variable("v2"), "v2"});
  if (chance(15)) {
    at(sub).data.push_back("data_" + at(sub).id);
    const int writer = job(sub, true);
    at(writer).data_outputs.push_back({variable("r_" + at(writer).id), at(sub).data[0]});
    const int start = node(ElementType::start_event, sub, "start"), last = end(sub);
    flow(start, writer);
    flow(writer, last);
  } else {
    content(sub, depth, chance(85));
  }
  if (chance(35)) event_sub_process(sub, depth);
  if (chance(60)) boundary(sub, depth);
  return {sub, sub};
}

// An activity with a handler on its boundary; its way on.
Chain Builder::undoable(int scope) {
  const int made = chance(75) ? job(scope) : node(ElementType::sub_process, scope, "sub");
  if (at(made).scope()) {
    const Chain a = undoable(made), b = chance(50) ? undoable(made) : Chain{};
    const int start = node(ElementType::start_event, made, "start");
    flow(start, a.first);
    int last = a.last;
    if (b.first >= 0) flow(a.last, b.first), last = b.last;
    flow(last, end(made));
    if (chance(40)) event_sub_process(made, 2, EventKind::compensation);
    if (chance(50)) return {made, made};
  }
  const int event = node(ElementType::boundary_event, scope, "undo"), handler = job(scope, true);
  at(event).attached = made;
  at(event).events.push_back(this->event(EventKind::compensation, at(event).id));
  at(made).boundary.push_back(event);
  at(made).handler = handler;
  at(handler).for_compensation = true;
  return {made, made};
}

Chain Builder::compensation(int scope) {
  Chain all = undoable(scope);
  const int first = all.last;
  for (int more = 1 + below(2); more > 0; --more) all = join(all, undoable(scope));
  const int wait = job(scope);
  all = join(all, {wait, wait});
  const bool ends = chance(25);
  const int thrower = node(ends ? ElementType::end_event : ElementType::intermediate_throw_event, scope, "compensate");
  at(thrower).events.push_back(event(EventKind::compensation, at(thrower).id));
  if (chance(35)) at(thrower).events[0].activity = first;
  if (!ends && chance(20)) at(thrower).events[0].waits = false;
  if (!ends) return join(all, {thrower, thrower});
  const int split = node(ElementType::parallel_gateway, scope, "and"), out = node(ElementType::task, scope, "out");
  flow(all.last, split);
  flow(split, thrower);
  flow(split, out);
  return {all.first, out};
}

// Section 13.3.4: some of it can be undone; the person says whether it is canceled, fails or succeeds.
Chain Builder::transaction(int scope) {
  const int sub = node(ElementType::transaction, scope, "transaction"), start = node(ElementType::start_event, sub, "start");
  Chain all = undoable(sub);
  if (chance(50)) all = join(all, undoable(sub));
  const int wait = job(sub), split = node(ElementType::exclusive_gateway, sub, "xor"), canceled = end(sub, EventKind::cancel), last = end(sub);
  flow(start, all.first);
  flow(all.last, wait);
  flow(wait, split);
  flow(split, canceled, condition());
  at(split).default_flow = flow(split, last);
  const int event = node(ElementType::boundary_event, scope, "canceled"), after = job(scope), end_after = end(scope);
  at(event).attached = sub;
  at(sub).boundary.push_back(event);
  at(event).events.push_back(this->event(EventKind::cancel, at(event).id));
  flow(event, after);
  flow(after, end_after);
  if (chance(40)) boundary(sub, 2);
  return {sub, sub};
}

Chain Builder::ad_hoc(int scope) {
  const int sub = node(ElementType::ad_hoc_sub_process, scope, "adhoc");
  at(sub).sequential = chance(40);
  std::vector<int> inside;
  for (int count = 2 + below(2); count > 0; --count) inside.push_back(job(sub));
  if (!at(sub).sequential && chance(50)) {
    const int follows = job(sub);
    flow(inside[0], follows);
  }
  if (chance(40)) {
    at(sub).job = true;  // its worker says what is done
  } else if (chance(50)) {
    at(sub).completion = at_least("v3", 5);
    at(sub).cancel_remaining = chance(60);
  }
  if (chance(30)) boundary(sub, 2);
  return {sub, sub};
}

Chain Builder::called(int scope) {
  if (chance(20)) {
    const int task = node(ElementType::call_activity, scope, "global");
    at(task).global = true;
    if (chance(50)) boundary(task, 2);
    return {task, task};
  }
  const int made = node(ElementType::call_activity, scope, "call");
  at(made).called = callable[static_cast<std::size_t>(below(static_cast<int>(callable.size())))];
  at(made).all_to_parent = chance(70);
  if (chance(20)) at(made).binding = Node::Binding::deployment;
  else if (chance(20)) at(made).binding = Node::Binding::tag;
  if (chance(30)) at(made).outputs.push_back({variable("v0"), "back_" + at(made).id});
  if (chance(50)) boundary(made, 2);
  return {made, made};
}

// Multi-instance and standard loops around a task, a sub-process or a call.
Chain Builder::repeated(int scope, int depth) {
  int made = -1;
  switch (pick({5, 2, 2, 2, callable.empty() ? 0 : 2})) {
    case 0: made = job(scope); break;
    case 1: made = node(ElementType::script_task, scope, "script"); at(made).script = variable("loopCounter"); at(made).result = "x_" + at(made).id; break;
    case 2:
      made = node(ElementType::receive_task, scope, "receive");
      at(made).events.push_back(event(EventKind::message, at(made).id));
      at(made).events[0].correlation = call(Expr::Op::plus, {variable("ck"), call(Expr::Op::text, {variable("loopCounter")})});
      break;
    case 3:
      made = node(ElementType::sub_process, scope, "sub");
      content(made, depth + 2);
      break;
    default: made = node(ElementType::call_activity, scope, "call"); at(made).called = callable[static_cast<std::size_t>(below(static_cast<int>(callable.size())))]; break;
  }
  Loop loop;
  const bool waits = at(made).job || at(made).is(ElementType::user_task);
  if (chance(25)) {
    loop.standard = loop.sequential = true;
    loop.test_before = chance(40);
    loop.maximum = 1 + below(3);
    if (chance(50)) loop.condition = condition();
  } else {
    loop.sequential = chance(40);
    if (chance(60)) {
      loop.collection = chance(50) ? variable("lst") : constant(Json(Json::Array{Json(3), Json(1), Json(2)}));
      loop.input_element = "it_" + at(made).id;
    } else {
      loop.cardinality = constant(below(4));
    }
    if (waits && chance(30)) loop.completion = at_least("numberOfCompletedInstances", 2);
    if (chance(50)) {
      loop.output_collection = "all_" + at(made).id;
      loop.output_element = call(Expr::Op::plus, {variable("loopCounter"), constant(10)});
    }
  }
  if (!loop.standard && chance(30)) items_throw(loop, made);
  at(made).loop = loop;
  if (chance(50)) boundary(made, depth);
  return {made, made};
}

// Section 13.3.7: for every item, for the first, or where a condition holds.
void Builder::items_throw(Loop& loop, int made) {
  loop.behavior = static_cast<Loop::Behavior>(1 + below(3));
  static constexpr EventKind kKinds[] = {EventKind::escalation, EventKind::signal, EventKind::message};
  for (int count = loop.behavior == Loop::Behavior::complex ? 1 + below(2) : 1; count > 0; --count) {
    Thrown one{event(kKinds[below(3)], at(made).id + "_i" + std::to_string(count)), {}};
    if (one.event.kind == EventKind::escalation) one.event.name = "X" + std::to_string(below(3));
    if (one.event.kind == EventKind::signal && !foreign_signals.empty() && chance(60)) one.event.name = foreign_signals[static_cast<std::size_t>(below(static_cast<int>(foreign_signals.size())))];
    if (loop.behavior == Loop::Behavior::complex) one.condition = at_least(chance(50) ? "numberOfCompletedInstances" : "loopCounter", 1 + below(3));
    loop.thrown.push_back(std::move(one));
  }
  if (loop.thrown[0].event.kind != EventKind::escalation || !chance(70)) return;
  const int caught = node(ElementType::boundary_event, at(made).parent, "at"), after = job(at(made).parent);
  at(caught).attached = made;
  at(made).boundary.push_back(caught);
  at(caught).interrupting = chance(25);
  at(caught).events.push_back(loop.thrown[0].event);
  flow(caught, after);
  flow(after, end(at(caught).parent));
}

Chain Builder::quantities(int scope) {
  const int sub = node(ElementType::sub_process, scope, "amount"), start = node(ElementType::start_event, sub, "start"), one = job(sub), two = job(sub), last = end(sub);
  at(one).completion_quantity = 2 + below(3);
  at(two).start_quantity = 2;
  flow(start, one);
  flow(one, two);
  flow(two, last);
  return {sub, sub};
}

// A split without a gateway: conditional and default flows; a merge without a gateway: each token does the task again.
Chain Builder::implicit(int scope) {
  const int sub = node(ElementType::sub_process, scope, "split"), start = node(ElementType::start_event, sub, "start"), first = job(sub), a = job(sub), b = task(sub), c = job(sub), again = job(sub), last = end(sub);
  flow(start, first);
  flow(first, a, condition());
  flow(first, b, condition());
  at(first).default_flow = flow(first, c);
  for (int one : {a, b, c}) flow(one, again);
  flow(again, last);
  return {sub, sub};
}

// Somebody inside says that it went wrong, or asks for more: caught at the boundary or by an event sub-process (10.5.6).
Chain Builder::upward(int scope) {
  const int sub = node(ElementType::sub_process, scope, "sub"), start = node(ElementType::start_event, sub, "start"), wait = job(sub), split = node(ElementType::exclusive_gateway, sub, "xor"), last = end(sub);
  const bool error = chance(45);
  const std::string code = (error ? "E" : "X") + std::to_string(below(3));
  flow(start, wait);
  flow(wait, split);
  const int thrower = !error && chance(50) ? event_node(ElementType::intermediate_throw_event, sub, EventKind::escalation) : end(sub, error ? EventKind::error : EventKind::escalation);
  at(thrower).events[0].name = code;
  flow(split, thrower, at_least("v" + std::to_string(below(4)), 3));
  at(split).default_flow = flow(split, last);
  if (at(thrower).is(ElementType::intermediate_throw_event)) flow(thrower, last);
  const int ways = below(3);
  if (ways != 0) {
    const int caught = node(ElementType::boundary_event, scope, "at"), after = job(scope);
    at(caught).attached = sub;
    at(sub).boundary.push_back(caught);
    at(caught).interrupting = error || chance(50);
    at(caught).events.push_back(event(error ? EventKind::error : EventKind::escalation, at(caught).id));
    at(caught).events[0].name = chance(25) ? "" : code;
    flow(caught, after);
    flow(after, end(scope));
  }
  if (ways != 1) event_sub_process(sub, 2, error ? EventKind::error : EventKind::escalation);
  return {sub, sub};
}

// No blocks: a graph of inclusive gateways without loops, tasks on some of its flows.
Chain Builder::inclusive_graph(int scope) {
  const int sub = node(ElementType::sub_process, scope, "graph"), start = node(ElementType::start_event, sub, "start");
  std::vector<int> gateways;
  for (int count = 4 + below(3); count > 0; --count) gateways.push_back(node(ElementType::inclusive_gateway, sub, "or"));
  const auto connect = [&](int from, int to, Expr condition) {
    if (chance(40)) return flow(from, to, std::move(condition));
    const int between = job(sub), made = flow(from, between, std::move(condition));
    flow(between, to);
    return made;
  };
  flow(start, gateways[0]);
  for (std::size_t i = 0; i + 1 < gateways.size(); ++i) {
    const int next = gateways[i + 1];
    for (std::size_t j = i + 2; j < gateways.size(); ++j)
      if (chance(45)) connect(gateways[i], gateways[j], condition());
    at(gateways[i]).default_flow = connect(gateways[i], next, {});
    if (at(gateways[i]).outgoing.size() == 1) at(gateways[i]).default_flow = -1;
  }
  flow(gateways.back(), end(sub));
  return {sub, sub};
}

}  // namespace simulation
