// What elements do when a token enters them: tasks (13.3.3), sub-processes (13.3.4), calls (13.3.5), throwing events (13.5).
#include "simulation/oracle.h"

namespace simulation {

namespace {
// Boundary events belong to the body of a loop, not to its rounds.
bool attaches(const Act* self) { return self == nullptr || self->round == 0; }

constexpr Millis kInternalTtl = 3600 * 1000;  // a thrown message waits an hour for who comes a little later
}

// Mapped once: before the first start listener where there is one.
Variables Oracle::inputs(const Tree& tree, int outer, const Node& node, const Act* self) const {
  return self != nullptr && node.starts > 0 ? Variables() : mapped(tree, outer, node.inputs);
}

Oracle::Done Oracle::work(Tree& tree, Act& scope, int index, Act* self) {
  const Node& node = at(scope, index);
  switch (node.type) {
    case ElementType::task:
    case ElementType::manual_task: return at_once(tree, scope, index, self, {});
    case ElementType::service_task: return begin_job(tree, scope, index, self);
    case ElementType::user_task: return begin_job(tree, scope, index, self);
    case ElementType::business_rule_task:
    case ElementType::script_task: {
      if (node.job) return begin_job(tree, scope, index, self);
      const int outer = self ? self->number : scope.number;
      const Variables locals = inputs(tree, outer, node, self);
      Json result;
      if (node.script) result = value(tree, outer, node.script, locals);
      if (!node.decision.empty()) result = value(tree, outer, simulation::call(Expr::Op::plus, {variable("v0"), variable("v0")}), locals);
      return at_once(tree, scope, index, self, node.result.empty() ? Variables() : Variables{{node.result, result}});
    }
    case ElementType::send_task: {
      if (node.job) return begin_job(tree, scope, index, self);
      if (node.events.empty()) return at_once(tree, scope, index, self, {});
      const Event& event = node.events[0];
      std::string key;
      if (event.correlation) {
        const Json text = value(tree, self ? self->number : scope.number, event.correlation);
        if (!text.is_string()) return Stop{"EXTRACT_VALUE_ERROR"};
        key = text.as_string();
      }
      if (auto stop = at_once(tree, scope, index, self, {})) return stop;
      send(event.name, key, "", kInternalTtl, {});
      return {};
    }
    case ElementType::receive_task: return waits_for(tree, scope, index, self);
    case ElementType::call_activity: return call(tree, scope, index, self);
    case ElementType::sub_process:
    case ElementType::event_sub_process:
    case ElementType::transaction:
    case ElementType::ad_hoc_sub_process: return open_scope(tree, scope, index, self);
    case ElementType::start_event: return node.outputs.empty() ? [&]() -> Done {
        std::vector<int> flows;
        if (auto stop = choose(tree, scope, index, {}, flows)) return stop;
        pass(tree, scope, index, flows);
        return {};
      }() : at_once(tree, scope, index, self, {});
    case ElementType::intermediate_catch_event:
      if (node.kind() != EventKind::link && node.kind() != EventKind::none) return waits_for(tree, scope, index, self);
      break;
    case ElementType::intermediate_throw_event:
    case ElementType::end_event: return throws(tree, scope, index, self);
    case ElementType::boundary_event:
    case ElementType::exclusive_gateway:
    case ElementType::parallel_gateway:
    case ElementType::inclusive_gateway: break;
    case ElementType::event_based_gateway: {
      std::vector<Wait> waits;
      std::vector<int> events;
      for (int f : node.outgoing) events.push_back(process(scope).flows[static_cast<std::size_t>(f)].to);
      if (auto stop = collect(tree, scope, {}, events, waits)) return stop;
      open(tree, add(tree, scope.number, scope.process, index).number, std::move(waits));
      return {};
    }
    case ElementType::complex_gateway: {
      std::vector<int> flows;
      if (auto stop = choose(tree, scope, index, {{"activationCount", Json(1)}, {"waitingForStart", Json(true)}}, flows)) return stop;
      pass(tree, scope, index, flows);
      return {};
    }
  }
  std::vector<int> flows;
  if (auto stop = choose(tree, scope, index, {}, flows)) return stop;
  pass(tree, scope, index, flows);
  return {};
}

// Done here and now. What has data of its own or of its results is an element instance for a moment.
Oracle::Done Oracle::at_once(Tree& tree, Act& scope, int index, Act* self, const Variables& result) {
  const Node& node = at(scope, index);
  const bool bare = self == nullptr && result.empty() && node.inputs.empty() && node.outputs.empty() && node.data_outputs.empty() && node.handler < 0;
  if (bare) {
    std::vector<int> flows;
    if (auto stop = choose(tree, scope, index, {}, flows)) return stop;
    pass(tree, scope, index, flows);
    return {};
  }
  if (self == nullptr) {
    const Variables locals = mapped(tree, scope.number, node.inputs);
    self = &add(tree, scope.number, scope.process, index);
    self->variables = locals;
  } else {
    for (auto& [name, value] : inputs(tree, self->number, node, self)) self->variables[name] = value;
  }
  deliver(tree, self->number, index, result);
  return {};
}

Oracle::Done Oracle::begin_job(Tree& tree, Act& scope, int index, Act* self) {
  const Node& node = at(scope, index);
  const Variables locals = inputs(tree, self ? self->number : scope.number, node, self);
  std::vector<Wait> waits;
  if (attaches(self))
    if (auto stop = collect(tree, self ? *self : scope, locals, node.boundary, waits)) return stop;
  Act& act = self ? *self : add(tree, scope.number, scope.process, index);
  for (const auto& [name, value] : locals) act.variables[name] = value;
  act.job = !node.is(ElementType::user_task) && !node.global;
  act.retries = 3;
  act.backing_off = 0;
  act.task = !act.job;
  open(tree, act.number, std::move(waits));
  return {};
}

Oracle::Done Oracle::waits_for(Tree& tree, Act& scope, int index, Act* self) {
  const Node& node = at(scope, index);
  const Act& outer = self ? *self : scope;
  const Variables locals = inputs(tree, outer.number, node, self);
  std::vector<Wait> own, attached;
  if (auto stop = collect(tree, outer, locals, {index}, own)) return stop;
  if (attaches(self))
    if (auto stop = collect(tree, self ? *self : scope, locals, node.boundary, attached)) return stop;
  Act& act = self ? *self : add(tree, scope.number, scope.process, index);
  for (const auto& [name, value] : locals) act.variables[name] = value;
  const int number = act.number;
  open(tree, number, std::move(attached));
  open(tree, number, std::move(own));
  return {};
}

Oracle::Done Oracle::open_scope(Tree& tree, Act& scope, int index, Act* self) {
  const Node& node = at(scope, index);
  const Act& outer = self ? *self : scope;
  Variables locals;
  for (const std::string& name : node.data) locals[name] = Json();
  for (auto& [name, value] : inputs(tree, outer.number, node, self)) locals[name] = value;
  std::vector<Wait> inside, attached;
  std::vector<int> triggers;
  for (int inner : event_sub_processes(process(scope), index)) triggers.push_back(trigger_of(process(scope), inner));
  if (attaches(self))
    if (auto stop = collect(tree, self ? *self : scope, locals, node.boundary, attached)) return stop;
  if (auto stop = collect(tree, outer, locals, triggers, inside)) return stop;
  Act& act = self ? *self : add(tree, scope.number, scope.process, index);
  for (const auto& [name, value] : locals) act.variables[name] = value;
  const int number = act.number;
  const bool asks = node.is(ElementType::ad_hoc_sub_process) && node.job;
  const auto starts = asks ? std::vector<int>() : starts_of(process(scope), index);
  for (int start : starts) {
    Move move;
    move.act = number;
    move.node = start;
    push(tree, move);
  }
  open(tree, number, std::move(inside));
  open(tree, number, std::move(attached));
  if (starts.empty() && !asks) deliver(tree, number, index, {});
  if (asks) ask(tree.acts.at(number));
  return {};
}

// A job that waits is replaced.
void Oracle::ask(Act& act) {
  act.job = true;
  act.stuck = false;
  act.retries = 3;
  act.backing_off = 0;
}

// The latest one, the latest with the tag, or the one that was deployed together with the caller (the first).
int Oracle::bound(const Node& call) const {
  int found = latest(call.called);
  if (found < 0 || call.binding == Node::Binding::latest) return found;
  for (int version = package_->processes[static_cast<std::size_t>(found)].version; version > 0; --version) {
    found = package_->find(call.called, version);
    if (call.binding == Node::Binding::deployment ? version == 1 : !package_->processes[static_cast<std::size_t>(found)].tag.empty()) return found;
  }
  return -1;
}

Oracle::Done Oracle::call(Tree& tree, Act& scope, int index, Act* self) {
  const Node& node = at(scope, index);
  if (node.global) return begin_job(tree, scope, index, self);
  const int outer = self ? self->number : scope.number;
  const Variables locals = inputs(tree, outer, node, self);
  const int called = bound(node);
  if (called < 0) return Stop{"CALLED_ELEMENT_ERROR"};
  std::vector<Wait> attached;
  if (attaches(self))
    if (auto stop = collect(tree, self ? *self : scope, locals, node.boundary, attached)) return stop;
  Variables given = node.all_to_child ? visible(tree, outer) : Variables();
  for (const auto& [name, value] : locals) given[name] = value;
  Act& act = self ? *self : add(tree, scope.number, scope.process, index);
  for (const auto& [name, value] : locals) act.variables[name] = value;
  const int number = act.number;
  open(tree, number, std::move(attached));
  Act& root = add(tree, number, called, -1);
  root.variables = given;
  std::vector<std::pair<int, bool>> first;
  for (int start : starts_of(process(root), -1)) first.emplace_back(start, false);
  begin_process(tree, root, std::move(first));
  Move inside;
  inside.kind = Move::Kind::start;
  inside.act = root.number;
  if (!event_sub_processes(process(root), -1).empty()) make(tree, inside);
  return {};
}

// ---- throwing events (section 10.5.5, 10.5.6) --------------------------------------------------------------------------

Oracle::Done Oracle::upward(Tree& tree, Act& scope, int index) {
  const Event& event = at(scope, index).events[0];
  const auto [act, caught] = catcher(tree, event.kind, scope.number, event.name);
  if (act == 0) {
    if (event.kind == EventKind::error) return Stop{"UNHANDLED_ERROR_EVENT"};
    std::vector<int> flows;
    if (auto stop = choose(tree, scope, index, {}, flows)) return stop;
    pass(tree, scope, index, flows);
    return {};
  }
  const int self = add(tree, scope.number, scope.process, index).number;
  deliver(tree, act, caught, {});
  deliver(tree, self, index, {});
  return {};
}

Oracle::Done Oracle::throws(Tree& tree, Act& scope, int index, Act* self) {
  const Node& node = at(scope, index);
  if (node.job) return begin_job(tree, scope, index, self);
  const Event none;
  const Event& event = node.events.empty() ? none : node.events[0];
  switch (event.kind) {
    case EventKind::message: {
      std::string key;
      if (event.correlation) {
        const Json text = value(tree, scope.number, event.correlation);
        if (!text.is_string()) return Stop{"EXTRACT_VALUE_ERROR"};
        key = text.as_string();
      }
      const Variables values = mapped(tree, scope.number, node.inputs);
      std::vector<int> flows;
      if (auto stop = choose(tree, scope, index, {}, flows)) return stop;
      pass(tree, scope, index, flows);
      send(event.name, key, "", kInternalTtl, values);
      return {};
    }
    case EventKind::signal: {
      const Variables values = mapped(tree, scope.number, node.inputs);
      const int number = tree.number, act = add(tree, scope.number, scope.process, index).number;
      signal(event.name, values);
      deliver(edit(number), act, index, {});
      return {};
    }
    case EventKind::error:
    case EventKind::escalation: return upward(tree, scope, index);
    case EventKind::compensation: return throw_compensation(tree, scope, index, event);
    case EventKind::cancel: return cancel_transaction(tree, scope, index);
    case EventKind::terminate: return stop_and_complete(tree, scope.number);
    case EventKind::link: {
      for (std::size_t n = 0; n < process(scope).nodes.size(); ++n) {
        const Node& other = process(scope).nodes[n];
        if (!other.is(ElementType::intermediate_catch_event) || other.parent != node.parent || other.kind() != EventKind::link || other.events[0].name != event.name) continue;
        Move move;
        move.act = scope.number;
        move.node = static_cast<int>(n);
        push(tree, move);
      }
      after_inner(tree, scope.number);
      return {};
    }
    default: return at_once(tree, scope, index, self, {});
  }
}

// Section 13.3.7: what a multi-instance throws for an item that is done.
Oracle::Done Oracle::item_events(const Tree& tree, const Act& item, const Variables& merged, std::vector<ItemEvent>& all) const {
  const simulation::Loop& loop = *at(item, item.node).loop;
  const int done = tree.acts.at(item.parent).done;
  if (loop.behavior == simulation::Loop::Behavior::all || (loop.behavior == simulation::Loop::Behavior::one && done > 0)) return {};
  Variables over = merged;
  over["numberOfCompletedInstances"] = Json(done + 1);
  for (const Thrown& one : loop.thrown) {
    if (one.condition) {
      const Json holds = value(tree, item.number, one.condition, over);
      if (!holds.is_bool()) return Stop{"CONDITION_ERROR"};
      if (!holds.as_bool()) continue;
    }
    ItemEvent made{one.event.kind, one.event.name, {}};
    if (one.event.correlation) {
      const Json key = value(tree, item.number, one.event.correlation, merged);
      if (!key.is_string()) return Stop{"EXTRACT_VALUE_ERROR"};
      made.key = key.as_string();
    }
    all.push_back(std::move(made));
  }
  return {};
}

void Oracle::throw_for_item(Tree& tree, int body, const ItemEvent& one) {
  if (one.kind == EventKind::signal) return signal(one.name, {});
  if (one.kind == EventKind::message) return void(send(one.name, one.key, "", kInternalTtl, {}));
  if (const auto [act, event] = catcher(tree, one.kind, body, one.name); act != 0) deliver(tree, act, event, {});
}

// Section 13.3.5: the completion condition is asked whenever something inside was done.
void Oracle::after_inner(Tree& tree, int number) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end() || found->second.body || found->second.node < 0) return;
  const Node& node = at(found->second, found->second.node);
  if (found->second.inner || !node.is(ElementType::ad_hoc_sub_process)) return;
  if (node.job) {
    const bool begins = std::any_of(tree.moves.begin(), tree.moves.end(), [&](const Move& move) { return move.act == number && move.kind == Move::Kind::begin; });
    if (found->second.fulfilled || found->second.listening != 0 || begins) return;
    std::erase_if(tree.incidents, [&](const Incident& one) { return one.act == number && one.of_job; });
    return ask(found->second);
  }
  if (!node.completion || !node.cancel_remaining || found->second.completing) return;
  const Json over = value(tree, number, node.completion);
  if (over.is_bool() && over.as_bool()) (void)stop_and_complete(tree, number);
}

}  // namespace simulation
