// How tokens move: entering, choosing flows, completing, being triggered, being stopped.
#include "engine/behaviour/handlers.h"

namespace engine {

using bpmn::ElementType;

Key Decider::new_key() {
  if (next_counter_ < s.meta.next_counter) next_counter_ = s.meta.next_counter;
  return (static_cast<Key>(options.timeline) << 45) | (static_cast<Key>(options.partition) << 40) | static_cast<Key>(next_counter_++);
}

const Program* Decider::program_of(const ElementInstance& element) const {
  const Key definition = s.definition_of(element);
  return definition == 0 ? nullptr : programs.process(s, definition);
}

const std::string& Decider::authority_of(Key instance) const {
  static const std::string none;
  const Instance* owner = s.instances.find(instance);
  return owner == nullptr ? none : owner->authority;
}

bool is_scope(const ElementInstance& instance, const ElementProgram& element) {
  if (instance.body) return false;
  return element.type == kProcessType || element.is(ElementType::sub_process) || element.is(ElementType::event_sub_process) ||
         element.is(ElementType::transaction) || element.is(ElementType::ad_hoc_sub_process);
}

void Decider::incident(const Step& step, const Trouble& what) {
  const ElementInstance* at = s.element(step.key);
  ev::incident_created e;
  e.key = new_key();
  e.instance = step.instance;
  e.element_instance = step.key;
  e.element = carries_token(step.kind) || step.kind == StepKind::trigger ? step.element : (at ? at->element : 0);
  e.kind = what.kind;
  e.message = sealed_text(step.key, what.message);
  Step bare = step;
  e.payload = sealed(step.key, std::exchange(bare.payload, {}));
  e.step = {0, encode_step(bare), false};
  emit(e);
}

bool being_stopped(const State& s, const ElementInstance* at) {
  for (; at != nullptr; at = at->scope == 0 ? nullptr : s.element(at->scope))
    if (at->life == Life::terminating) return true;
  return false;
}

// One step of the ready queue. Whatever happens, exactly one event consumes it.
void Decider::step(const Step& given) {
  const Step step = given;  // the emitter moves the original away
  emit.consume_next();
  if (step.kind == StepKind::signal) return continue_signal(step.key);
  if (step.kind == StepKind::migrate) return migrate(step.key);
  if (step.kind == StepKind::catch_up) {
    catch_up(step.key);
    if (!emit.consumed()) emit(ev::step_dropped{step.instance});
    return;
  }
  const ElementInstance* at = s.element(step.key);
  const Program* program = at ? program_of(*at) : nullptr;
  Done done;
  if (at == nullptr) {
    // gone meanwhile
  } else if (program == nullptr) {
    done = trouble("INTERNAL_ERROR", "the definition can no longer be compiled");
  } else if (step.kind == StepKind::terminate) {
    if (at->life == Life::terminating) done = terminate(*at, step.done);
  } else if (being_stopped(s, at)) {
    // nothing new begins and nothing completes in what is being stopped
  } else if (step.kind == StepKind::enter) {
    // A loop without a wait would never end: section 13.3.6 leaves it to the engine to stop somewhere.
    const ElementProgram& element = program->at(step.element);
    const Entering entering{*program, element, step.key, 0, step.flow, step.done != 0};
    if (s.instances.find(step.instance)->straight > base::limits::kLoopSteps)
      done = trouble("LOOP_LIMIT", "more than " + std::to_string(base::limits::kLoopSteps) + " steps without a wait");
    else
      done = entering.occurred ? handlers::at_once(*this, entering, {}) : waits_its_turn(entering) ? park(entering) : element.start_quantity > 1 ? gather(entering) : enter(entering);
  } else if (step.kind == StepKind::begin) {
    done = at->scope == 0 ? begin_process(*at, step.done) : begin({*program, program->at(at->element), at->scope, at->key}, step.done);
  } else if (step.kind == StepKind::complete) {
    if (!is_scope(*at, program->at(at->element)) || s.idle(*at)) done = complete(*at, step.done);
  } else if (step.kind == StepKind::trigger) {
    if (at->life == Life::active || is_scope(*at, program->at(at->element))) done = trigger(*at, step.element, step.payload);
  } else if (step.kind == StepKind::loop) {
    done = loop(*at, step);
  } else if (step.kind == StepKind::ask) {
    done = ask_next(*program, *at);
  } else if (step.kind == StepKind::join) {
    done = join(*at);
  } else if (step.kind == StepKind::condition) {
    done = conditions(*at, step);
  } else if (step.kind == StepKind::task) {
    done = task_change(*at, step.done);
  } else if (step.kind == StepKind::start) {  // the triggers of a process whose expressions failed when it began
    auto inside = waits(*program, scope_triggers(*program, program->at(at->element)), at->key, at->key);
    if (inside) open(*inside, program->process_id);
    else done = std::unexpected(inside.error());
  } else if (step.kind == StepKind::modify) {
    modify(step);
  } else if (step.kind == StepKind::place) {
    done = place(*at, step);
  } else if (step.kind == StepKind::attach) {
    done = attach(step.key, step.element);
  }
  if (!done) incident(step, done.error());
  if (!emit.consumed()) emit(ev::step_dropped{step.instance});
}

// Section 13.3.5: in a sequential ad-hoc sub-process one activity at a time; the others wait (Decider::join).
bool Decider::waits_its_turn(const Entering& entering) const {
  const ElementInstance* scope = s.element(entering.scope);
  const ElementProgram& around = entering.program.at(scope->element);
  return around.ad_hoc && around.ad_hoc->sequential && !scope->body && scope->children != 0;
}

Done Decider::park(const Entering& entering) {
  emit(ev::token_parked{entering.scope, entering.element.index, entering.flow, true});
  return {};
}

// Section 13.3.2: the activity begins with the token that completes its start quantity; the others wait before it.
Done Decider::gather(const Entering& entering) {
  const ElementProgram& element = entering.element;
  std::uint32_t waiting = 0;
  if (const ElementInstance* scope = s.element(entering.scope); scope->extra)
    for (const Parked& one : scope->extra->parked)
      if (one.element == element.index) waiting += one.count;
  if (waiting + 1 < element.start_quantity) {
    emit(ev::token_parked{entering.scope, element.index, entering.flow, false});
    return {};
  }
  auto done = enter(entering);
  if (done) emit(ev::tokens_joined{entering.scope, element.index, element.start_quantity - 1});
  return done;
}

Done Decider::enter(const Entering& entering) {
  const ElementProgram& element = entering.element;
  if (!element.loop) return begin(entering);
  // Section 13.3.6/13.3.7: the body holds the boundary events and the counters; items begin in the loop step.
  const LoopProgram& loop = *element.loop;
  const Key body = new_key();
  std::uint32_t total = 0xffffffff;
  if (loop.collection) {
    auto items = collection(loop.collection, body, entering.scope);
    if (!items) return std::unexpected(items.error());
    total = static_cast<std::uint32_t>(std::min<std::size_t>(items->size(), 0xfffffffe));
    if (total <= 1 || total > base::limits::kMultiInstanceItems) programs.collections.drop(body);
    if (total > base::limits::kMultiInstanceItems) return trouble("LIMIT_EXCEEDED", "more items than kMultiInstanceItems");
  } else if (loop.cardinality) {
    auto count = evaluate(loop.cardinality, entering.scope);
    if (!count) return std::unexpected(count.error());
    const auto number = count->kind() == feel::Kind::number ? count->as_number().as_int64() : std::nullopt;
    if (!number || *number < 0 || *number > base::limits::kMultiInstanceItems)
      return trouble("EXTRACT_VALUE_ERROR", "loop cardinality '" + loop.cardinality.text + "' is no whole number from 0 to " + std::to_string(base::limits::kMultiInstanceItems));
    total = static_cast<std::uint32_t>(*number);
  }
  ev::element_activated e;
  e.key = body;
  e.scope = entering.scope;
  e.element = element.index;
  e.body = true;
  e.total = total;
  auto attached = waits(entering.program, element.boundary, e.key, entering.scope);
  if (!attached) {
    programs.collections.drop(body);
    return std::unexpected(attached.error());
  }
  emit(e);
  open(*attached, entering.program.process_id);
  return {};
}

// Section 13.3.2 (activities), 13.4 (gateways): which flows get a token.
std::expected<std::vector<Taken>, Trouble> Decider::choose_flows(const Program& program, const ElementProgram& element, Key scope, const Overlays& overlays) {
  std::vector<Taken> taken;
  const bool exclusive = element.is(ElementType::exclusive_gateway), all = element.is(ElementType::parallel_gateway);
  for (Index flow : element.outgoing) {
    const FlowProgram& one = program.flows[flow];
    if (flow == element.default_flow && !all) continue;
    if (one.has_condition && !all) {
      auto holds = condition(one.condition, scope, overlays);
      if (!holds) return std::unexpected(holds.error());
      if (!*holds) continue;
    }
    taken.push_back({flow, one.target});
    if (exclusive) break;
  }
  if (taken.empty() && element.default_flow != kNoIndex && !all) taken.push_back({element.default_flow, program.flows[element.default_flow].target});
  if (taken.empty() && !element.outgoing.empty())
    return trouble("CONDITION_ERROR", "no outgoing flow of '" + element.id + "' has a condition that holds, and there is no default flow");
  const std::vector<Taken> once = element.completion_quantity > 1 ? taken : std::vector<Taken>();
  for (std::uint32_t n = 1; n < element.completion_quantity; ++n) taken.insert(taken.end(), once.begin(), once.end());
  return taken;
}

Done Decider::pass(const Entering& entering) {
  if (entering.key != 0) {  // its instance exists: it is left over its flows like any other
    emit(ev::element_triggered{entering.key, entering.element.index, {}});
    return {};
  }
  auto flows = choose_flows(entering.program, entering.element, entering.scope);
  if (!flows) return std::unexpected(flows.error());
  emit(ev::element_passed{new_key(), entering.scope, entering.element.index, std::move(*flows), {}});
  return entering.program.at(s.element(entering.scope)->element).ad_hoc ? after_inner(entering.scope) : Done{};
}

Done Decider::complete(const ElementInstance& given, std::uint32_t listened) {
  const Key key = given.key, scope = given.scope;
  const Program& program = *program_of(given);
  const ElementProgram& element = program.at(given.element);
  if (given.extra && (given.extra->compensation.active || given.extra->compensation.replica)) return compensate(given);
  const std::size_t listeners = given.body ? 0 : element.listening(ListenerPhase::end).size();
  if (listened < listeners && (scope == 0 || listened > 0)) return end_listeners(given, element, {}, listened);
  if (scope == 0) {
    end_instance(given, Then::complete_scope);
    return {};
  }
  if (element.ad_hoc && is_inner(s, given)) {  // one thing that was asked for in an ad-hoc sub-process is done
    emit(ev::element_completed{key, {}, ev::Merge::none, {}, {}});
    return after_inner(scope);
  }
  if (listened == 0 && element.ad_hoc && element.ad_hoc->completion && !given.body && !(given.extra && given.extra->then == Then::complete_scope)) {
    auto over = condition(element.ad_hoc->completion, key);
    if (!over) return std::unexpected(over.error());
    if (!*over) {  // section 13.3.5: it stays open for whoever does more in it
      emit(ev::tokens_placed{key, {}});
      return {};
    }
  }
  const std::string pending = given.extra && listened == 0 ? given.extra->pending : std::string();
  ev::element_completed e;
  e.key = key;
  std::string merged;
  if (!given.body && listened == 0 && !element.outputs.empty()) {
    auto outputs = mapped(element.outputs, key, {pending});
    if (!outputs) return std::unexpected(outputs.error());
    merged = std::move(*outputs);
    e.merge = ev::Merge::outputs;
    e.outputs = sealed(key, merged);
  } else if (!pending.empty()) {
    merged = pending;
    e.merge = ev::Merge::pending;
  }
  if (!given.body && listened == 0 && !element.data_outputs.empty()) {  // beside whatever else came; what was not produced changes nothing
    auto produced = data_results(element, key, {merged, pending});
    if (!produced) return std::unexpected(produced.error());
    merged = merge_objects(merged, *produced);
    e.merge = ev::Merge::outputs;
    e.outputs = sealed(key, merged);
  }
  if (listened < listeners) return end_listeners(given, element, merged, 0);
  const std::uint32_t index = given.loop;
  bool ends_loop = false;
  if (index != 0) {  // an item: its outputs go up by an event of their own, its output element to the body
    const ElementInstance* body = s.element(scope);
    std::string counters;
    if (element.loop->completion && body->extra) {
      base::Json numbers = base::Json::object();
      numbers.set("numberOfInstances", static_cast<std::int64_t>(body->extra->total));
      numbers.set("numberOfCompletedInstances", static_cast<std::int64_t>(body->extra->done + 1));
      numbers.set("numberOfActiveInstances", static_cast<std::int64_t>(body->extra->started - body->extra->done - 1));
      numbers.set("numberOfTerminatedInstances", std::int64_t{0});
      counters = base::pack(numbers);
      auto holds = condition(element.loop->completion, key, {merged, counters});
      if (!holds) return std::unexpected(holds.error());
      ends_loop = *holds;
    }
    if (element.loop->output_element) {
      auto output = evaluate(element.loop->output_element, key, {merged});
      if (!output) return std::unexpected(output.error());
      e.outputs = sealed(key, base::pack(feel::to_json(*output)));
    } else {
      e.outputs = {};
    }
    e.merge = ev::Merge::none;
    auto thrown = item_events(given, element, merged);
    if (!thrown) return std::unexpected(thrown.error());
    const std::string authority = authority_of(given.instance);
    remember(given, program, element);
    if (!merged.empty() && !element.loop->output_element) emit(ev::variables_set{scope, given.instance, false, "", sealed(key, merged)});
    // Before the item counts as done: with the last one the body ends, and its boundary events with it.
    for (const ItemEvent& one : *thrown) throw_item_event(scope, authority, one);
    emit(e);
    if (ends_loop && s.element(scope) && s.element(scope)->life == Life::active) emit(ev::element_terminating{scope, Then::complete_scope, 0, {}});
    return {};
  }
  auto flows = choose_flows(program, element, scope, {merged});
  if (!flows) return std::unexpected(flows.error());
  e.flows = std::move(*flows);
  if (given.body && !element.loop->output_collection.empty()) {
    e.merge = ev::Merge::collection;
    e.collection = element.loop->output_collection;
  }
  remember(given, program, element);
  emit(e);
  if (!program.at(s.element(scope)->element).ad_hoc) return {};
  // An event sub-process that interrupted it was all that there was left to do.
  const bool took_over = element.is(ElementType::event_sub_process) && element.trigger != kNoIndex && program.at(element.trigger).interrupting;
  if (took_over && s.element(scope)->life != Life::terminating) emit(ev::element_terminating{scope, Then::complete_scope, 0, {}});
  return took_over ? Done{} : after_inner(scope);
}

// An event sub-process begins with what its event brought; it has data objects and event sub-processes of its own.
Done Decider::begin_handler(const Program& program, Key scope, Index handler, const std::string& payload) {
  const ElementProgram& element = program.at(handler);
  std::string locals = handlers::with_declared(element, payload);
  ev::element_activated e;
  e.key = new_key();
  e.scope = scope;
  e.element = handler;
  e.enter = element.starts;
  auto inside = waits(program, scope_triggers(program, element), e.key, scope, {locals});
  if (!inside) return std::unexpected(inside.error());
  e.locals = sealed(scope, std::move(locals));
  emit(e);
  open(*inside, program.process_id);
  return {};
}

Done Decider::trigger(const ElementInstance& at, Index event_index, const std::string& payload) {
  if (event_index == kNoIndex) return {};  // a migration closed it in the same moment
  const Program& program = *program_of(at);
  const ElementProgram& event = program.at(event_index);
  const Key key = at.key, scope = at.scope;
  if (event.attached_to == at.element && event.attached_to != kNoIndex) {
    if (event.interrupting) {
      stop(at, Then::take_event, event_index, sealed(key, payload));
      return {};
    }
    auto outputs = mapped(event.outputs, scope, {payload});
    if (!outputs) return std::unexpected(outputs.error());
    const std::string& set = event.outputs.empty() ? payload : *outputs;
    auto flows = choose_flows(program, event, scope, {set});
    if (!flows) return std::unexpected(flows.error());
    const Key instance = at.instance;
    const Payload data = sealed(key, set);
    emit(ev::element_passed{new_key(), scope, event_index, std::move(*flows), {}});
    if (!set.empty()) emit(ev::variables_set{scope, instance, false, "", data});
    return rearm(program, event, key, scope);
  }
  if (event.is(ElementType::start_event)) {  // of an event sub-process directly in this scope
    if (event.interrupting) {
      // What cannot begin stops nothing: the handler's own triggers are asked for before anything is interrupted.
      const ElementProgram& handler = program.at(event.parent);
      if (auto inside = waits(program, scope_triggers(program, handler), 0, key, {handlers::with_declared(handler, payload)}); !inside) return std::unexpected(inside.error());
      if (at.extra && !at.extra->held.empty()) emit(ev::tokens_placed{key, {}});  // its start listeners are over, and what they held up
      emit(ev::element_terminating{key, Then::take_event, event.parent, sealed(key, payload)});
      return {};
    }
    if (auto begun = begin_handler(program, key, event.parent, payload); !begun) return begun;
    return rearm(program, event, key, key);
  }
  if (event.is(ElementType::end_event)) return cancel_transaction(at, program);  // a cancel end event inside it
  // Section 13.4.4: the first event decides for an event-based gateway; the catching element is passed at once.
  for (Index flow : program.at(at.element).outgoing) {
    if (program.flows[flow].target != event_index) continue;
    auto outputs = mapped(event.outputs, scope, {payload});
    if (!outputs) return std::unexpected(outputs.error());
    const std::string set = event.outputs.empty() ? payload : *outputs;
    auto flows = choose_flows(program, event, scope, {set});
    if (!flows) return std::unexpected(flows.error());
    const Payload data = sealed(key, set);
    const Key instance = at.instance;
    emit(ev::element_passed{new_key(), scope, event_index, std::move(*flows), {}});
    if (!set.empty()) emit(ev::variables_set{scope, instance, false, "", data});
    ev::element_completed e;
    e.key = key;
    e.flows = {{flow, kNoIndex}};
    emit(e);
    return {};
  }
  return {};
}

// Section 13.5.3, 13.5.6: what is interrupted goes child by child, at most kTerminatePerStep in one step.
static constexpr std::size_t kTerminatePerStep = 64;

Done Decider::terminate(const ElementInstance& at, std::uint32_t listened) {
  const Key key = at.key, instance = at.instance;
  if (at.children == 0) {
    if (at.extra && at.extra->change.phase == ListenerPhase::canceling && listens_to_cancel(at) && listened < program_of(at)->at(at.element).listening(ListenerPhase::canceling).size()) {
      auto made = listener(at, ListenerPhase::canceling, listened);
      if (!made) return std::unexpected(made.error());
      emit(*made);
      return {};
    }
    if (const ElementInstance* called = s.element(at.work); called && called->scope == 0) {
      if (called->life != Life::terminating) emit(ev::element_terminating{called->key, Then::nothing, 0, {}});
      return {};
    }
    return finish_terminated(at);
  }
  std::vector<Key> children;
  bool more = false;
  for (Handle h = at.first_child; h != kNone; h = s.elements.at(h).next) {
    if (s.elements.at(h).life == Life::terminating) continue;
    if (children.size() == kTerminatePerStep) {
      more = true;
      break;
    }
    children.push_back(s.elements.at(h).key);
  }
  if (more) emit(ev::step_repeated{instance, 0});
  for (Key child_key : children) {
    const ElementInstance& child = *s.element(child_key);
    const bool calls = s.element(child.work) != nullptr;
    if (child.body) programs.collections.drop(child_key);
    if (child.children == 0 && !calls && !listens_to_cancel(child)) emit(ev::element_terminated{child_key, {}, 0, 0});
    else stop(child, Then::nothing, 0, {});
  }
  (void)key;
  return {};
}

// Is what holds it (its scope, or the call activity of a called process) on its way out itself?
static bool stopped_from_outside(const State& s, const ElementInstance& at) {
  if (at.scope != 0) return being_stopped(s, s.element(at.scope));
  const Instance* own = s.instances.find(at.instance);
  const ElementInstance* caller = own != nullptr && own->parent_element() != 0 ? s.element(own->parent_element()) : nullptr;
  return caller != nullptr && being_stopped(s, caller);
}

Done Decider::finish_terminated(const ElementInstance& at) {
  if (at.body) programs.collections.drop(at.key);
  const Then then = at.extra && !stopped_from_outside(s, at) ? at.extra->then : Then::nothing;
  const Program& program = *program_of(at);
  if (then == Then::complete_scope) return complete(at);
  if (then == Then::cancel) {
    emit(ev::compensation_thrown{at.key, at.key, 0, 0, at.extra->then_event, true, false});
    return {};
  }
  if (then == Then::take_event) {
    const Index index = at.extra->then_event;
    const ElementProgram& event = program.at(index);
    const std::string payload = at.extra->then_payload;
    if (event.is(ElementType::event_sub_process)) return begin_handler(program, at.key, index, payload);
    auto outputs = mapped(event.outputs, at.scope, {payload});
    if (!outputs) return std::unexpected(outputs.error());
    const std::string& set = event.outputs.empty() ? payload : *outputs;
    auto flows = choose_flows(program, event, at.scope, {set});
    if (!flows) return std::unexpected(flows.error());
    const Key key = at.key, scope = at.scope, instance = at.instance;
    const Payload data = sealed(key, set);
    if (!set.empty()) emit(ev::variables_set{scope, instance, false, "", data});
    emit(ev::element_terminated{key, std::move(*flows), index, new_key()});
    return {};
  }
  if (at.scope == 0) {
    end_instance(at, then);
    return {};
  }
  emit(ev::element_terminated{at.key, {}, 0, 0});
  return {};
}

}  // namespace engine
