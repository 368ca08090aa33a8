// Process instances: how they begin, call each other and end.
#include <algorithm>

#include "engine/behaviour/handlers.h"

namespace engine {

// Section 10.3.1: what nothing leads to begins when the process does: its none start events, or the event that began it.
static std::vector<Index> begin_elements(const Program& program, Index event = 0) {
  std::vector<Index> begin;
  for (const Index start : program.at(0).starts)
    if (event == 0 || !program.at(start).is(bpmn::ElementType::start_event)) begin.push_back(start);
  if (event != 0) begin.insert(std::lower_bound(begin.begin(), begin.end(), event), event);  // in the order of the file
  return begin;
}

Key Decider::create_instance(const Definition& definition, const Program& program, const std::vector<Index>& enter, const std::string& variables,
                             const std::string& business_key, const std::string& actor, Index occurred) {
  ev::instance_created e;
  e.instance = e.root = new_key();
  e.definition = definition.key;
  e.slot = s.meta.next_slot;
  e.authority = definition.authority;
  e.business_key = business_key;
  e.actor = actor;
  e.enter = enter.empty() ? begin_elements(program) : enter;
  e.occurred = occurred;
  e.variables = {e.slot, variables, false};
  const std::vector<Index> triggers = scope_triggers(program, program.at(0));
  hold_tokens(program, e);
  if (triggers.empty()) return e.instance;
  auto inside = waits(program, triggers, e.instance, e.instance);
  if (inside) open(*inside, program.process_id);
  else incident({StepKind::start, e.instance, e.instance}, inside.error());
  return e.instance;
}

// Section 13.4.4, instantiating gateways: the first event begins the instance; of a parallel one the others are waited for.
static constexpr std::size_t kGatheredStarts = 64;  // incomplete groups of one start event; beyond that the oldest is given up

// Section 10.5.2, parallel multiple start event: all of its triggers must come before the process begins. Each belongs to
// the oldest group that lacks it. True: this one was not the last; otherwise `variables` gets what the others brought.
bool Decider::gathers(const Definition& definition, const ElementProgram& element, Key trigger, std::string& variables) {
  std::vector<const GatheredStart*> groups;
  for (const Key key : s.gathered_starts.sorted_keys())
    if (const GatheredStart* one = s.gathered_starts.find(key); one->definition == definition.key && one->element == element.index) groups.push_back(one);
  const auto lacks = std::find_if(groups.begin(), groups.end(), [&](const GatheredStart* one) { return std::find(one->came.begin(), one->came.end(), trigger) == one->came.end(); });
  if (lacks != groups.end() && (*lacks)->came.size() + 1 >= element.definitions()) {
    variables = merge_objects((*lacks)->variables, variables);
    emit(ev::start_settled{(*lacks)->key});
    return false;
  }
  ev::start_gathered e;
  e.definition = definition.key;
  e.element = element.index;
  e.trigger = trigger;
  if (lacks != groups.end()) {
    e.key = (*lacks)->key;
    e.slot = (*lacks)->slot;
  } else {
    if (groups.size() >= kGatheredStarts) emit(ev::start_settled{groups[0]->key});
    e.key = new_key();
    e.slot = options.keys ? s.meta.next_slot : 0;
  }
  e.variables = {e.slot, variables, false};
  emit(e);
  return true;
}

Key Decider::begin_by_event(const Definition& definition, const Program& program, Index event, Key trigger, const std::string& given, const std::string& actor) {
  const ElementProgram& element = program.at(event);
  std::string variables = given;
  if (element.together && gathers(definition, element, trigger, variables)) return 0;
  if (element.is(bpmn::ElementType::start_event)) {
    return create_instance(definition, program, begin_elements(program, event), variables, "", actor);
  }
  std::vector<Index> enter{event};
  for (Index flow : element.incoming) {
    const ElementProgram& gateway = program.at(program.flows[flow].source);
    if (!gateway.instantiates || !gateway.parallel) continue;
    for (Index other : gateway.outgoing)
      if (program.flows[other].target != event) enter.push_back(program.flows[other].target);
  }
  return create_instance(definition, program, enter, variables, "", actor, event);
}

Done Decider::call(const Definition& definition, const Program& program, const ElementInstance& caller, const std::string& variables, const std::string& business_key) {
  const Instance& above = *s.instances.find(caller.instance);
  ev::instance_created e;
  e.instance = new_key();
  e.definition = definition.key;
  e.parent_element = caller.key;
  e.root = above.root();
  e.slot = above.slot;
  e.depth = above.depth + 1;
  e.authority = above.authority;
  e.business_key = business_key;
  e.enter = begin_elements(program);
  e.variables = {above.slot, variables, false};
  hold_tokens(program, e);
  const std::vector<Index> triggers = scope_triggers(program, program.at(0));
  if (triggers.empty()) return {};
  auto inside = waits(program, triggers, e.instance, e.instance);
  if (inside) open(*inside, program.process_id);
  else incident({StepKind::start, e.instance, e.instance}, inside.error());
  return {};
}

void Decider::end_instance(const ElementInstance& process, Then then) {
  const Instance& at = *s.instances.find(process.instance);
  const struct { Key key, root, parent_element; store::KeySlot slot; std::string authority; bool forget; } owner{at.key, at.root(), at.parent_element(), at.slot, at.authority, at.forget};
  if (then == Then::complete_scope) {
    bool to_parent = false;
    if (const ElementInstance* caller = s.element(owner.parent_element)) {
      const Program* above = program_of(*caller);
      to_parent = above == nullptr || above->at(caller->element).all_to_parent || !above->at(caller->element).outputs.empty();
    }
    emit(ev::instance_completed{owner.key, to_parent});
  } else {
    emit(ev::instance_terminated{owner.key, owner.forget ? Ending::forgotten : then == Then::end_error ? Ending::error : Ending::canceled});
  }
  if (owner.forget && owner.root == owner.key) emit(ev::instance_forgotten{owner.key, owner.slot, owner.authority, ""});
}

}  // namespace engine
