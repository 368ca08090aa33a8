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
Key Decider::begin_by_event(const Definition& definition, const Program& program, Index event, const std::string& variables, const std::string& actor) {
  const ElementProgram& element = program.at(event);
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

Done Decider::call(const Definition& definition, const Program& program, const ElementInstance& caller, const std::string& variables) {
  const Instance& above = *s.instances.find(caller.instance);
  ev::instance_created e;
  e.instance = new_key();
  e.definition = definition.key;
  e.parent_element = caller.key;
  e.root = above.root;
  e.slot = above.slot;
  e.depth = above.depth + 1;
  e.authority = above.authority;
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
  const Instance owner = [&] {
    Instance copy;
    const Instance& at = *s.instances.find(process.instance);
    copy.key = at.key;
    copy.slot = at.slot;
    copy.root = at.root;
    copy.parent_element = at.parent_element;
    copy.authority = at.authority;
    copy.forget = at.forget;
    return copy;
  }();
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
