// How tokens move: entering, choosing flows, completing, being triggered, being stopped. BPMN 2.0.2 section 13.
#include "simulation/oracle.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace simulation {

namespace {
constexpr int kMoves = 200'000;  // a generated process comes to rest long before
}

Tree& Oracle::edit(int number) {
  auto& tree = trees_.at(number);
  if (tree.use_count() > 1) tree = std::make_shared<Tree>(*tree);
  tree->view.reset();
  touched.trees.insert(number);
  return *tree;
}

void Oracle::push(Tree& tree, Move move) {
  tree.moves.push_back(std::move(move));
  if (std::find(turns_.begin(), turns_.end(), tree.number) == turns_.end()) turns_.push_back(tree.number);
}

Act& Oracle::add(Tree& tree, int parent, int process, int node) {
  Act& act = tree.acts[tree.next];
  act.number = tree.next++;
  act.parent = parent;
  act.process = process;
  act.node = node;
  return act;
}

void Oracle::remove(Tree& tree, int act) {
  std::set<int> gone{act};
  for (bool more = true; more;) {
    more = false;
    for (const auto& [number, one] : tree.acts)
      if (gone.contains(one.parent) && gone.insert(number).second) more = true;
  }
  for (int number : gone) tree.acts.erase(number);
  std::erase_if(tree.moves, [&](const Move& move) { return gone.contains(move.act); });
  std::erase_if(tree.incidents, [&](const Incident& one) { return gone.contains(one.act); });
}

void Oracle::kill_children(Tree& tree, int number, bool keep_boundary) {
  Act& act = tree.acts.at(number);
  std::vector<int> children;
  for (const auto& [child, one] : tree.acts)
    if (one.parent == number) children.push_back(child);
  for (int child : children) remove(tree, child);
  std::erase_if(tree.moves, [&](const Move& move) { return move.act == number; });
  std::erase_if(tree.incidents, [&](const Incident& one) { return one.act == number; });
  std::erase_if(act.waits, [&](const Wait& wait) { return !keep_boundary || !at(act, wait.event).is(ElementType::boundary_event); });
  act.parked.clear();
  act.activated.clear();
  act.completing = act.job = act.task = false;
  act.listening = 0;
  act.held.clear();
}

void Oracle::idle(Tree& tree, int number) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end()) return;
  Act& scope = found->second;
  if (scope.body || scope.completing || scope.job || !scope.held.empty() || !scope.parked.empty() || !scope.activated.empty()) return;
  for (const auto& [child, act] : tree.acts)
    if (act.parent == number && act.node >= 0) return;
  for (const Move& move : tree.moves)
    if (move.act == number && move.token()) return;
  for (const Incident& one : tree.incidents)
    if (one.act == number && one.move.token() && !one.of_job) return;
  scope.completing = true;
  Move move;
  move.kind = Move::Kind::complete;
  move.act = number;
  push(tree, move);
}

void Oracle::go(Tree& tree, int scope, const std::vector<int>& flows) {
  for (int flow : flows) {
    Move move;
    move.act = scope;
    move.flow = flow;
    move.node = process(tree.acts.at(scope)).flows[static_cast<std::size_t>(flow)].to;
    push(tree, move);
  }
}

// Sections 13.3.2 and 13.4: which outgoing flows get a token.
Oracle::Done Oracle::choose(const Tree& tree, const Act& scope, int index, const Variables& over, std::vector<int>& flows) const {
  const Node& node = at(scope, index);
  const bool all = node.is(ElementType::parallel_gateway);
  for (int f : node.outgoing) {
    const Flow& flow = process(scope).flows[static_cast<std::size_t>(f)];
    if (!all && f == node.default_flow) continue;
    if (!all && flow.condition) {
      const Json holds = value(tree, scope.number, flow.condition, over);
      if (!holds.is_bool()) return Stop{"CONDITION_ERROR"};
      if (!holds.as_bool()) continue;
    }
    flows.push_back(f);
    if (node.is(ElementType::exclusive_gateway)) break;
  }
  if (flows.empty() && !all && node.default_flow >= 0) flows.push_back(node.default_flow);
  if (flows.empty() && !node.outgoing.empty()) return Stop{"CONDITION_ERROR"};
  const std::vector<int> once = flows;
  for (int n = 1; n < node.completion_quantity; ++n) flows.insert(flows.end(), once.begin(), once.end());
  return {};
}

void Oracle::pass(Tree& tree, Act& scope, int, const std::vector<int>& flows) {
  go(tree, scope.number, flows);
  after_inner(tree, scope.number);
}

Oracle::Done Oracle::enter(Tree& tree, Act& scope, int index, int flow, bool occurred) {
  const Node& node = at(scope, index);
  const bool placed = flow == kPlaced;  // by a person: it does not wait for others
  if (placed) flow = -1;
  touched.nodes.insert({scope.process, index});
  if (occurred) return at_once(tree, scope, index, nullptr, {});
  if (const Node* around = this->node(scope); around && around->sequential && !scope.body) {  // one at a time, section 13.3.5
    for (const auto& [number, act] : tree.acts)
      if (act.parent == scope.number) {
        park(scope, index, flow);
        return {};
      }
  }
  if (node.start_quantity > 1 && !placed) {
    int here = 0;
    for (const Parked& one : scope.parked)
      if (one.node == index) here += one.count;
    if (here + 1 < node.start_quantity) {
      park(scope, index, flow);
      return {};
    }
    std::erase_if(scope.parked, [&](const Parked& one) { return one.node == index; });
  }
  const bool joins = node.is(ElementType::parallel_gateway) || node.is(ElementType::inclusive_gateway) || (node.is(ElementType::complex_gateway) && node.activation);
  if (joins && node.incoming.size() > 1) {  // join() lets them through
    park(scope, index, flow);
    return {};
  }
  if (!node.loop && node.starts + node.ends > 0) {  // something for the listeners to hang on
    Move first;
    first.kind = Move::Kind::begin;
    first.act = add(tree, scope.number, scope.process, index).number;
    push(tree, first);
    return {};
  }
  if (!node.loop) return work(tree, scope, index, nullptr);
  // Sections 13.3.6, 13.3.7: a body around the rounds; boundary events are the body's.
  Act body;
  body.total = -1;
  if (node.loop->collection) {
    const Json list = value(tree, scope.number, node.loop->collection);
    if (!list.is_array()) return Stop{"EXTRACT_VALUE_ERROR"};
    body.total = static_cast<int>(list.size());
  } else if (node.loop->cardinality) {
    const Json count = value(tree, scope.number, node.loop->cardinality);
    if (!count.is_int() || count.as_int() < 0) return Stop{"EXTRACT_VALUE_ERROR"};
    body.total = static_cast<int>(count.as_int());
  }
  std::vector<Wait> waits;
  if (auto stop = collect(tree, scope, {}, node.boundary, waits)) return stop;
  Act& made = add(tree, scope.number, scope.process, index);
  made.body = true;
  made.total = body.total;
  Move first;
  first.kind = Move::Kind::round;
  first.act = made.number;
  push(tree, first);
  open(tree, made.number, std::move(waits));
  return {};
}

// Does the body of a loop begin another round, or is it over?
Oracle::Done Oracle::round(Tree& tree, int number) {
  Act& body = tree.acts.at(number);
  const Node& node = at(body, body.node);
  const simulation::Loop& loop = *node.loop;
  const int active = body.started - body.done;
  int begin = 0;
  if (loop.standard) {
    if (active > 0) return {};
    bool more = true;
    if (loop.maximum >= 0 && body.started >= loop.maximum) more = false;
    else if (body.started == 0 && !loop.test_before) more = true;
    else if (!loop.condition) more = loop.maximum >= 0 || body.started == 0;
    else {
      const Json holds = value(tree, body.parent, loop.condition);
      if (!holds.is_bool()) return Stop{"CONDITION_ERROR"};
      more = holds.as_bool();
    }
    if (!more) return complete(tree, number, {});
    begin = 1;
  } else {
    if (body.done >= body.total && active == 0) {
      const bool thrown = std::any_of(tree.moves.begin(), tree.moves.end(), [&](const Move& move) { return move.act == number && move.kind == Move::Kind::trigger; });
      if (!thrown) return complete(tree, number, {});
      Move again;  // what the last items threw is caught before the body ends
      again.kind = Move::Kind::round;
      again.act = number;
      push(tree, again);
      return {};
    }
    const int left = body.total - body.started;
    begin = loop.sequential ? (active == 0 ? std::min(1, left) : 0) : left;
  }
  const Json items = loop.collection ? value(tree, body.parent, loop.collection) : Json();
  if (begin > 0 && loop.collection && !items.is_array()) return Stop{"EXTRACT_VALUE_ERROR"};
  for (; begin > 0; --begin) {
    const int index = body.started++;
    Act& item = add(tree, number, body.process, body.node);
    item.round = index + 1;
    item.variables["loopCounter"] = Json(index + 1);
    if (!loop.input_element.empty() && items.is_array() && static_cast<std::size_t>(index) < items.size()) item.variables[loop.input_element] = items.as_array()[static_cast<std::size_t>(index)];
    Move move;
    move.kind = Move::Kind::begin;
    move.act = item.number;
    push(tree, move);
  }
  return {};
}

void Oracle::listen(Act& act, int phase, int which) {
  act.listening = phase;
  act.listener = which;
  act.job = true;
  act.stuck = false;
  act.retries = 3;
  act.backing_off = 0;
  if (phase == 2) act.completing = true;
}

// The first tokens of a process; where it has start listeners they wait for these.
void Oracle::enter_all(Tree& tree, const Act& root, const std::vector<std::pair<int, bool>>& nodes) {
  for (const auto& [node, occurred] : nodes) {
    Move move;
    move.act = root.number;
    move.node = node;
    move.occurred = occurred;
    push(tree, move);
  }
}

// The input mappings, the start listeners one after the other, then the work.
Oracle::Done Oracle::begin(Tree& tree, int number, int heard) {
  Act& act = tree.acts.at(number);
  if (act.node < 0) {
    if (heard < process(act).starts) listen(act, 1, heard);
    else enter_all(tree, act, std::exchange(act.held, {}));
    return {};
  }
  const Node& node = at(act, act.node);
  if (heard >= node.starts) return work(tree, tree.acts.at(act.parent), act.node, &act);
  if (heard == 0)
    for (const auto& [name, value] : mapped(tree, number, node.inputs)) act.variables[name] = value;
  listen(act, 1, heard);
  return {};
}

Oracle::Done Oracle::complete(Tree& tree, int number, const Variables& pending, bool forced, int heard) {
  Act& act = tree.acts.at(number);
  if (act.compensating.active || act.compensating.again) return compensate(tree, number);
  if (act.node < 0) {
    if (heard < process(act).ends) listen(act, 2, heard);
    else leave_process(tree, act);
    return {};
  }
  const Node& node = at(act, act.node);
  if (act.inner) {
    const int scope = act.parent;
    touched.nodes.insert({act.process, act.node});
    remove(tree, number);
    idle(tree, scope);
    after_inner(tree, scope);
    return {};
  }
  if (heard > 0 && heard < node.ends) {
    listen(act, 2, heard);
    return {};
  }
  if (node.is(ElementType::ad_hoc_sub_process) && node.completion && !act.body && !forced && !act.fulfilled && heard == 0) {
    const Json over = value(tree, number, node.completion);
    if (!over.is_bool()) return Stop{"CONDITION_ERROR"};
    if (!over.as_bool()) return {};  // it stays open for whoever does more in it
  }
  Variables merged = pending;
  if (!act.body && heard == 0 && !node.outputs.empty()) merged = mapped(tree, number, node.outputs, pending);
  if (!act.body && heard == 0 && !node.data_outputs.empty()) {
    Variables over = pending;
    for (const auto& [name, value] : merged) over[name] = value;
    for (auto& [name, value] : mapped(tree, number, node.data_outputs, over))
      if (!value.is_null()) merged[name] = value;
  }
  if (!act.body && heard < node.ends) {  // the results go up before, so that listeners see them
    if (act.round != 0 && node.loop->output_element) {
      for (const auto& [name, value] : merged) act.variables[name] = value;
      if (!merged.empty()) written(tree);
    } else {
      propagate(tree, act.parent, merged);
    }
    listen(act, 2, 0);
    return {};
  }
  if (act.round != 0) return finish_round(tree, number, merged);
  const int parent = act.parent;
  Act& scope = tree.acts.at(parent);
  std::vector<int> flows;
  if (auto stop = choose(tree, scope, act.node, merged, flows)) return stop;
  touched.nodes.insert({act.process, act.node});
  if (act.body && !node.loop->output_collection.empty()) {
    Json list = Json::array();
    const std::size_t size = std::max<std::size_t>(act.outputs.size(), static_cast<std::size_t>(act.done));
    for (std::size_t i = 0; i < size; ++i) list.push(i < act.outputs.size() && act.outputs[i] ? *act.outputs[i] : Json());
    merged[node.loop->output_collection] = list;
  }
  remember(tree, act);
  propagate(tree, parent, merged);
  remove(tree, number);
  go(tree, parent, flows);
  idle(tree, parent);
  after_inner(tree, parent);
  return {};
}

Oracle::Done Oracle::finish_round(Tree& tree, int number, const Variables& merged) {
  Act& act = tree.acts.at(number);
  const int body_number = act.parent;
  Act& body = tree.acts.at(body_number);
  const Node& node = at(act, act.node);
  const simulation::Loop& loop = *node.loop;
  bool ends = false;
  if (loop.completion) {
    Variables over = merged;
    over["numberOfInstances"] = Json(body.total);
    over["numberOfCompletedInstances"] = Json(body.done + 1);
    over["numberOfActiveInstances"] = Json(body.started - body.done - 1);
    over["numberOfTerminatedInstances"] = Json(0);
    const Json holds = value(tree, number, loop.completion, over);
    if (!holds.is_bool()) return Stop{"CONDITION_ERROR"};
    ends = holds.as_bool();
  }
  std::vector<ItemEvent> thrown;
  if (auto stop = item_events(tree, act, merged, thrown)) return stop;
  touched.nodes.insert({act.process, act.node});
  if (loop.output_element) {
    const auto place = static_cast<std::size_t>(act.round);
    if (body.outputs.size() < place) body.outputs.resize(place);
    body.outputs[place - 1] = value(tree, number, loop.output_element, merged);
  }
  remember(tree, act);
  if (!loop.output_element) propagate(tree, body_number, merged);
  for (const ItemEvent& one : thrown) throw_for_item(tree, body_number, one);
  ++body.done;
  remove(tree, number);
  if (ends) return stop_and_complete(tree, body_number);
  const bool asked = std::any_of(tree.moves.begin(), tree.moves.end(), [&](const Move& move) { return move.act == body_number && move.kind == Move::Kind::round; });
  if (asked) return {};
  Move next;
  next.kind = Move::Kind::round;
  next.act = body_number;
  push(tree, next);
  return {};
}

Oracle::Done Oracle::stop_and_complete(Tree& tree, int scope) {
  kill_children(tree, scope, false);
  return complete(tree, scope, {}, true);
}

void Oracle::leave_process(Tree& tree, Act& act) {
  const int caller = act.parent;
  if (caller == 0) {
    tree.over = true;
    tree.acts.clear();
    tree.moves.clear();
    tree.incidents.clear();
    return;
  }
  const Act& above = tree.acts.at(caller);
  const Node& node = at(above, above.node);
  const Variables told = node.all_to_parent || !node.outputs.empty() ? act.variables : Variables();
  remove(tree, act.number);
  deliver(tree, caller, above.node, told);
}

void Oracle::deliver(Tree& tree, int number, int event, const Variables& payload) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end() || found->second.completing) return;
  Act& act = found->second;
  Move move;
  for (const auto& [of, variables] : act.gathered)
    if (of == event)
      for (const auto& [name, value] : variables) move.payload[name] = value;
  std::erase_if(act.gathered, [&](const auto& one) { return one.first == event; });
  for (const auto& [name, value] : payload) move.payload[name] = value;
  move.act = number;
  move.node = event;
  move.kind = Move::Kind::trigger;
  if (event == act.node) {
    act.completing = true;
    move.kind = Move::Kind::complete;
  }
  push(tree, std::move(move));
}

// Of a parallel multiple event all triggers must have come (section 10.5.5).
void Oracle::arrive(Tree& tree, int number, int event, bool together, const Variables& payload) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end() || found->second.completing) return;
  Act& act = found->second;
  const bool others = std::any_of(act.waits.begin(), act.waits.end(), [&](const Wait& wait) { return wait.event == event; });
  if (!together || !others) return deliver(tree, number, event, payload);
  if (!payload.empty()) act.gathered.emplace_back(event, payload);
}

Oracle::Done Oracle::trigger(Tree& tree, int number, int event_index, const Variables& payload) {
  Act& act = tree.acts.at(number);
  const Node& event = at(act, event_index);
  touched.nodes.insert({act.process, event_index});
  const int scope = act.parent;
  const auto rearm = [&](int key, Act& in) -> Done {
    std::vector<Wait> again;
    if (!event.together) return {};
    if (auto stop = collect(tree, in, {}, {event_index}, again)) return stop;
    open(tree, key, std::move(again));
    return {};
  };
  if (event.is(ElementType::start_event)) {
    Variables locals;  // an event sub-process has data and event sub-processes of its own
    for (const std::string& name : at(act, event.parent).data) locals[name] = Json();
    for (const auto& [name, value] : payload) locals[name] = value;
    std::vector<Wait> inside;
    std::vector<int> triggers;
    for (int inner : event_sub_processes(process(act), event.parent)) triggers.push_back(trigger_of(process(act), inner));
    if (auto stop = collect(tree, act, locals, triggers, inside)) return stop;
    if (event.interrupting) kill_children(tree, number, true);
    Act& handler = add(tree, number, act.process, event.parent);
    touched.nodes.insert({act.process, event.parent});
    handler.variables = locals;
    const int made = handler.number;
    for (int start : starts_of(process(act), event.parent)) {
      Move move;
      move.act = made;
      move.node = start;
      push(tree, move);
    }
    open(tree, made, std::move(inside));
    return event.interrupting ? Done() : rearm(number, tree.acts.at(number));
  }
  const Variables set = event.outputs.empty() ? payload : mapped(tree, scope, event.outputs, payload);
  std::vector<int> flows;
  if (auto stop = choose(tree, tree.acts.at(scope), event_index, set, flows)) return stop;
  if (event.attached == act.node && !event.interrupting) {
    go(tree, scope, flows);
    propagate(tree, scope, set);
    return rearm(number, tree.acts.at(scope));
  }
  // An interrupting boundary event, or the event that decides for an event-based gateway (section 13.4.4).
  remove(tree, number);
  propagate(tree, scope, set);
  go(tree, scope, flows);
  idle(tree, scope);
  return {};
}

// ---- the queue of moves ------------------------------------------------------------------------------------------------

Oracle::Done Oracle::attempt(Tree& tree, const Move& move) {
  const auto found = tree.acts.find(move.act);
  if (found == tree.acts.end()) return {};
  Act& act = found->second;
  switch (move.kind) {
    case Move::Kind::enter: return enter(tree, act, move.node, move.flow, move.occurred);
    case Move::Kind::begin: return begin(tree, move.act, move.heard);
    case Move::Kind::trigger: return act.completing && !act.body && act.node >= 0 && !at(act, act.node).scope() ? Done() : trigger(tree, move.act, move.node, move.payload);
    case Move::Kind::round: return round(tree, move.act);
    case Move::Kind::conditions: conditions(tree); return {};
    case Move::Kind::place: return arrive_placed(tree, move.act, move);
    case Move::Kind::catch_up: meet(tree, move.act, move.wait); return {};
    case Move::Kind::start: {
      std::vector<Wait> waits;
      std::vector<int> triggers;
      for (int inner : event_sub_processes(process(act), -1)) triggers.push_back(trigger_of(process(act), inner));
      if (auto stop = collect(tree, act, {}, triggers, waits)) return stop;
      open(tree, move.act, std::move(waits));
      return {};
    }
    case Move::Kind::complete: {
      act.completing = false;
      const bool scope = act.node < 0 || (!act.body && at(act, act.node).scope());
      if (scope && !act.compensating.active && !act.compensating.again) {
        idle(tree, move.act);  // only if nothing began in it meanwhile
        if (!act.completing) return {};
        std::erase_if(tree.moves, [&](const Move& other) { return other.act == move.act && other.kind == Move::Kind::complete; });
        act.completing = false;
      }
      return complete(tree, move.act, move.payload, false, move.heard);
    }
  }
  return {};
}

void Oracle::make(Tree& tree, Move move) {
  const Done stop = attempt(tree, move);
  const auto found = tree.acts.find(move.act);
  if (found == tree.acts.end()) return;
  if (stop) {
    Incident incident;
    incident.number = static_cast<int>(next_++);
    incident.kind = stop->kind;
    incident.act = move.act;
    incident.node = move.token() || move.kind == Move::Kind::trigger ? move.node : found->second.node;
    if (move.kind == Move::Kind::place && !move.made.empty()) incident.node = move.made.front();
    incident.move = move;
    tree.incidents.push_back(std::move(incident));
  }
  if (move.token()) idle(tree, move.act);
}

// One move of one tree, or one join when no token moves. False: everything rests.
bool Oracle::step() {
  while (!turns_.empty()) {
    const std::size_t turn = order == nullptr ? 0 : static_cast<std::size_t>(order->below(turns_.size()));
    const int number = turns_[turn];
    turns_.erase(turns_.begin() + static_cast<std::ptrdiff_t>(turn));
    if (trees_.at(number)->suspended) continue;
    Tree& tree = edit(number);
    if (tree.over) continue;
    if (order != nullptr && order->chance(20) && join(tree)) {
      turns_.push_back(number);
      return true;
    }
    if (tree.moves.empty()) {
      if (join(tree)) turns_.push_back(number);
      continue;
    }
    const std::size_t which = order == nullptr ? 0 : static_cast<std::size_t>(order->below(tree.moves.size()));
    Move move = std::move(tree.moves[which]);
    tree.moves.erase(tree.moves.begin() + static_cast<std::ptrdiff_t>(which));
    if (std::find(turns_.begin(), turns_.end(), number) == turns_.end()) turns_.push_back(number);
    make(tree, std::move(move));
    return true;
  }
  return false;
}

bool Oracle::settle() {
  for (int moves = 0; moves < kMoves; ++moves)
    if (!step()) {
      if (const Millis due = next_due(); due >= 0 && due <= now) {  // it waits for a moment that is past
        clock();
        continue;
      }
      std::erase_if(trees_, [](const auto& one) { return one.second->over; });
      return true;
    }
  return false;
}

}  // namespace simulation
