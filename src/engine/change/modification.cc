// The instructions of a modification, checked and resolved before anything happens.
#include "engine/change/modification.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "engine/runtime/limits.h"
#include "engine/commands/commands.h"

namespace engine {

using base::ErrorCode;
using bpmn::ElementType;
using bpmn::EventKind;

// ---- binary form -----------------------------------------------------------------------------------------------------

static void put(base::Writer& out, const Placement& one) {
  out.varint(one.element);
  out.u8(static_cast<std::uint8_t>((one.after ? 1 : 0) | (one.made ? 2 : 0)));
  out.text(one.variables);
  out.varint(one.inside.size());
  for (const Placement& inner : one.inside) put(out, inner);
}
static Placement get(base::Reader& in, int depth) {
  Placement one;
  one.element = static_cast<Index>(in.varint());
  const std::uint8_t flags = in.u8();
  one.after = (flags & 1) != 0;
  one.made = (flags & 2) != 0;
  one.variables = in.text();
  const std::uint64_t inside = in.varint();
  for (std::uint64_t i = 0; i < inside && in.ok() && depth < base::limits::kXmlDepth; ++i) one.inside.push_back(get(in, depth + 1));
  return one;
}
std::string encode_placement(const Placement& one) {
  base::Writer out;
  put(out, one);
  return out.take();
}
bool decode_placement(std::string_view bytes, Placement& one) {
  base::Reader in(bytes);
  one = get(in, 0);
  return in.ok() && in.done();
}
std::string encode_plan(const std::vector<ModificationStep>& plan) {
  base::Writer out;
  out.varint(plan.size());
  for (const ModificationStep& one : plan) {
    out.u8(static_cast<std::uint8_t>(one.kind));
    out.zigzag(one.key);
    out.varint(one.element);
    put(out, one.place);
    out.varint(one.variables.size());
    for (const auto& [element, variables] : one.variables) {
      out.varint(element);
      out.text(variables);
    }
  }
  return out.take();
}
bool decode_plan(std::string_view bytes, std::vector<ModificationStep>& plan) {
  base::Reader in(bytes);
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    ModificationStep one;
    one.kind = static_cast<ModificationStep::Kind>(in.u8());
    one.key = in.zigzag();
    one.element = static_cast<Index>(in.varint());
    one.place = get(in, 0);
    const std::uint64_t variables = in.varint();
    for (std::uint64_t n = 0; n < variables && in.ok(); ++n) {
      const auto element = static_cast<Index>(in.varint());
      one.variables.emplace_back(element, std::string(in.text()));
    }
    plan.push_back(std::move(one));
  }
  return in.ok() && in.done();
}

// ---- ways ------------------------------------------------------------------------------------------------------------

bool joins_tokens(const ElementProgram& e) {
  return e.incoming.size() > 1 && (e.is(ElementType::parallel_gateway) || e.is(ElementType::inclusive_gateway) || e.is(ElementType::complex_gateway));
}

static bool handles_compensation(const Program& program, const ElementProgram& e) {
  return e.is(ElementType::event_sub_process) && e.trigger != kNoIndex && program.at(e.trigger).event.kind == EventKind::compensation;
}

base::Result<Way> way_to(const State& s, const Program& program, Key base, Index element, bool fresh) {
  const ElementInstance& from = *s.element(base);
  const std::string& id = program.at(element).id;
  std::vector<Index> chain;  // inner scopes first
  for (Index at = program.at(element).parent; at != from.element; at = program.at(at).parent) {
    if (at == 0) return base::fail(ErrorCode::invalid_argument, "'" + id + "' does not lie inside '" + program.at(from.element).id + "'", {}, "an ancestor of '" + id + "'");
    chain.push_back(at);
  }
  Way way{base, {}};
  for (auto next = chain.rbegin(); next != chain.rend(); ++next) {
    const ElementProgram& scope = program.at(*next);
    std::vector<const ElementInstance*> there;
    if (!fresh && way.missing.empty())
      for (Handle h = s.element(way.scope)->first_child; h != kNone && there.size() < 2; h = s.elements.at(h).next)
        if (s.elements.at(h).element == *next && s.elements.at(h).life != Life::terminating) there.push_back(&s.elements.at(h));
    if (scope.loop)
      return base::fail(ErrorCode::conflict, "'" + id + "' lies inside the multi-instance or loop '" + scope.id + "', and no item of it is named", {},
                        "give the key of an item of '" + scope.id + "' as ancestor");
    if (there.size() > 1)
      return base::fail(ErrorCode::conflict, "there is more than one active instance of '" + scope.id + "' in which '" + id + "' could begin", {},
                        "give the key of one of them as ancestor");
    if (there.size() == 1) {
      way.scope = there.front()->key;
      continue;
    }
    if (scope.for_compensation || handles_compensation(program, scope))
      return base::fail(ErrorCode::invalid_argument, "'" + scope.id + "' runs only when it compensates", {}, "an element outside it");
    way.missing.push_back(*next);
  }
  return way;
}

Key common_scope(const State& s, const Program& program, Key scope, Index element) {
  std::set<Index> around{0};
  for (Index at = program.at(element).parent; at != 0; at = program.at(at).parent) around.insert(at);
  for (const ElementInstance* at = s.element(scope);; at = s.element(at->scope))
    if (at->scope == 0 || (!at->body && around.contains(at->element) && is_scope(*at, program.at(at->element)))) return at->key;
}

Placement on_the_way(const Way& way, Index element, bool after, const std::vector<std::pair<Index, std::string>>& variables) {
  const auto own = [&](Index of) {
    std::string all;
    for (const auto& [scope, values] : variables)
      if (scope == of) all = merge_objects(all, values);
    return all;
  };
  Placement place{element, after, false, after ? std::string() : own(element), {}};
  for (auto scope = way.missing.rbegin(); scope != way.missing.rend(); ++scope) {
    Placement around{*scope, false, true, own(*scope), {}};
    around.inside.push_back(std::move(place));
    place = std::move(around);
  }
  return place;
}

// ---- checks ----------------------------------------------------------------------------------------------------------

namespace {

struct Planner {
  const Decider& d;
  const Program& program;
  const Instance& instance;
  const ModifyInstance& command;
  Modification out;

  base::Where at(const char* list, std::size_t number, const char* field) const {
    return {"", 0, 0, "", std::string("/") + list + "/" + std::to_string(number) + "/" + field};
  }
  base::Result<Index> element(const std::string& id, const base::Where& where) const {
    const Index index = program.find(id);
    if (index == kNoIndex || index == 0) return base::fail(ErrorCode::invalid_argument, "the process has no element '" + id + "'", where);
    return index;
  }

  // What cannot be entered by itself, with what would be right.
  base::Status enterable(const ElementProgram& e, bool after, const base::Where& where) const {
    const auto no = [&](const std::string& why, const std::string& right) -> base::Status { return base::fail(ErrorCode::invalid_argument, "'" + e.id + "' " + why, where, right); };
    const Index flows = static_cast<Index>(e.outgoing.size());
    if (after) {
      if (flows == 0) return no("has no outgoing flow that a token could take", "activate an element");
      if (e.is(ElementType::event_based_gateway)) return no("is followed by the events it waits for", "activate the gateway itself");
      return {};
    }
    if (e.is(ElementType::boundary_event)) return no("is a boundary event: it occurs at its activity", "activate what comes after it (after), or '" + program.at(e.attached_to).id + "'");
    if (e.is(ElementType::start_event) && program.at(e.parent).is(ElementType::event_sub_process))
      return no("begins an event sub-process", "activate the event sub-process '" + program.at(e.parent).id + "'");
    if (e.for_compensation || handles_compensation(program, e)) return no("runs only when it compensates", "the compensation event that is thrown");
    if (e.is(ElementType::intermediate_catch_event) && e.event.kind == EventKind::link)
      return no("is reached by its throwing link event only", "activate the throwing event, or what comes after this one (after)");
    const bool behind = !e.incoming.empty() && std::all_of(e.incoming.begin(), e.incoming.end(), [&](Index flow) { return program.at(program.flows[flow].source).is(ElementType::event_based_gateway); });
    if (behind) return no("is one of the events of an event-based gateway", "activate the gateway '" + program.at(program.flows[e.incoming.front()].source).id + "'");
    return {};
  }

  base::Result<std::vector<std::pair<Index, std::string>>> variables(const std::vector<ScopeVariables>& given, const char* list, std::size_t number) const {
    std::vector<std::pair<Index, std::string>> all;
    for (const ScopeVariables& one : given) {
      const base::Where where = at(list, number, "variableInstructions");
      Index scope = 0;
      if (!one.scope.empty() && one.scope != program.at(0).id) { TRY(scope, element(one.scope, where)); }
      TRY(std::string packed, commands::packed_variables(one.variables));
      if (!packed.empty()) all.emplace_back(scope, std::move(packed));
    }
    return all;
  }
  // Each is for a scope that is made, for the element itself, or for a scope that is there already.
  base::Status assign(const std::vector<std::pair<Index, std::string>>& given, const Way& way, Index element, bool after, const base::Where& where) {
    for (const auto& [scope, values] : given) {
      if ((scope == element && !after) || std::find(way.missing.begin(), way.missing.end(), scope) != way.missing.end()) continue;
      const ElementInstance* there = d.s.element(way.scope);
      while (there->scope != 0 && (there->element != scope || there->body)) there = d.s.element(there->scope);
      if (there->element != scope)
        return base::fail(ErrorCode::invalid_argument, "'" + program.at(scope).id + "' is no scope around '" + program.at(element).id + "'", where, "a scope around it, the element itself, or none for the process");
      out.variables.emplace_back(there->key, values);
    }
    return {};
  }

  base::Status activate(std::size_t number) {
    const ActivateInstruction& one = command.activate[number];
    const base::Where where = at("activateInstructions", number, "elementId");
    TRY(const Index index, element(one.element, where));
    TRY_VOID(enterable(program.at(index), one.after, where));
    TRY(const auto values, variables(one.variables, "activateInstructions", number));
    Key base = instance.key;
    if (one.ancestor != 0) {
      const base::Where there = at("activateInstructions", number, "ancestorElementInstanceKey");
      const ElementInstance* ancestor = d.s.element(one.ancestor);
      if (ancestor == nullptr || ancestor->instance != instance.key) return base::fail(ErrorCode::invalid_argument, "the process instance has no active element instance " + std::to_string(one.ancestor), there);
      if (!is_scope(*ancestor, program.at(ancestor->element)) || ancestor->life == Life::terminating)
        return base::fail(ErrorCode::invalid_argument, "element instance " + std::to_string(one.ancestor) + " holds no others, or is being stopped", there, "a sub-process, or an item of a multi-instance one");
      base = one.ancestor;
    }
    auto way = way_to(d.s, program, base, index, one.ancestor != 0);
    if (!way) {
      way.error().where = where;
      return std::unexpected(way.error());
    }
    TRY_VOID(assign(values, *way, index, one.after, where));
    out.activated.push_back(index);
    add(way->scope, on_the_way(*way, index, one.after, values));
    return {};
  }
  // Scopes that several instructions make below the same one are made once.
  void add(Key scope, Placement place) {
    for (ModificationStep& one : out.plan)
      if (one.kind == ModificationStep::Kind::activate && one.key == scope && one.place.made && place.made && one.place.element == place.element) return merge(one.place, std::move(place));
    ModificationStep step;
    step.key = scope;
    step.place = std::move(place);
    out.plan.push_back(std::move(step));
  }
  static void merge(Placement& into, Placement place) {
    into.variables = merge_objects(into.variables, place.variables);
    Placement& next = place.inside.front();
    for (Placement& one : into.inside)
      if (one.made && next.made && one.element == next.element) return merge(one, std::move(next));
    into.inside.push_back(std::move(next));
  }

  // Element instances of an element (not the items of a multi-instance, nor what was asked for in an ad-hoc sub-process), and scopes where tokens wait before it.
  struct Found { std::vector<Key> instances, scopes; bool empty() const { return instances.empty() && scopes.empty(); } };
  Found find(Index element) const {
    Found found;
    for (Key key = instance.key; key != 0; key = d.s.next_in_tree(key)) {
      const ElementInstance& at = *d.s.element(key);
      if (at.element == element && at.loop == 0 && at.scope != 0 && !is_inner(d.s, at) && at.life != Life::terminating) found.instances.push_back(key);
      if (!at.extra) continue;
      bool waits = std::any_of(at.extra->parked.begin(), at.extra->parked.end(), [&](const Parked& one) { return one.element == element; });
      for (Key held : at.extra->incidents) {
        Step step;
        const Incident* incident = d.s.incidents.find(held);
        waits = waits || (decode_step(incident->step, step) && carries_token(step.kind) && step.element == element);
      }
      if (waits) found.scopes.push_back(key);
    }
    return found;
  }

  base::Status move(std::size_t number) {
    const MoveInstruction& one = command.move[number];
    const base::Where from_where = at("moveInstructions", number, "sourceElementId"), where = at("moveInstructions", number, "targetElementId");
    TRY(const Index from, element(one.from, from_where));
    TRY(const Index to, element(one.to, where));
    TRY_VOID(enterable(program.at(to), one.after, where));
    ModificationStep step;
    step.kind = ModificationStep::Kind::move;
    step.element = from;
    step.place.element = to;
    step.place.after = one.after;
    TRY(step.variables, variables(one.variables, "moveInstructions", number));
    const Found found = find(from);
    if (found.empty()) return base::fail(ErrorCode::conflict, "'" + one.from + "' is not active", from_where);
    const auto reachable = [&](Key scope) -> base::Status {
      auto way = way_to(d.s, program, common_scope(d.s, program, scope, to), to, false);
      if (!way) {
        way.error().where = where;
        return std::unexpected(way.error());
      }
      return assign(step.variables, *way, to, one.after, where);
    };
    for (Key key : found.instances) TRY_VOID(reachable(d.s.element(key)->scope));
    for (Key key : found.scopes) TRY_VOID(reachable(key));
    out.activated.push_back(to);
    out.stopped.push_back(from);
    out.plan.push_back(std::move(step));
    return {};
  }

  base::Status terminate(std::size_t number) {
    const TerminateInstruction& one = command.terminate[number];
    ModificationStep step;
    if ((one.element_instance != 0) == !one.element.empty())
      return base::fail(ErrorCode::invalid_argument, "exactly one of elementInstanceKey and elementId must be given", at("terminateInstructions", number, ""));
    if (one.element_instance != 0) {
      const base::Where where = at("terminateInstructions", number, "elementInstanceKey");
      const ElementInstance* there = d.s.element(one.element_instance);
      if (there == nullptr || there->instance != instance.key) return base::fail(ErrorCode::invalid_argument, "the process instance has no active element instance " + std::to_string(one.element_instance), where);
      if (there->scope == 0) return base::fail(ErrorCode::invalid_argument, "this is the process instance itself", where, "cancel it");
      step.kind = ModificationStep::Kind::stop_instance;
      step.key = one.element_instance;
      step.element = there->element;
    } else {
      const base::Where where = at("terminateInstructions", number, "elementId");
      step.kind = ModificationStep::Kind::stop_element;
      TRY(step.element, element(one.element, where));
      if (find(step.element).empty()) return base::fail(ErrorCode::conflict, "'" + one.element + "' is not active", where);
    }
    out.stopped.push_back(step.element);
    out.plan.push_back(std::move(step));
    return {};
  }

  // A called instance cannot be left empty: its caller would wait for ever.
  base::Status leaves_something() const {
    if (instance.parent_element() == 0 || !command.activate.empty() || !command.move.empty()) return {};
    std::unordered_set<Key> stopped;
    for (Key key = instance.key; key != 0; key = d.s.next_in_tree(key)) {
      const ElementInstance& one = *d.s.element(key);
      const bool named = std::any_of(out.plan.begin(), out.plan.end(), [&](const ModificationStep& step) {
        return step.kind == ModificationStep::Kind::stop_instance ? step.key == key : step.element == one.element && one.loop == 0 && one.scope != 0 && !is_inner(d.s, one);
      });
      if (named || stopped.contains(one.scope)) stopped.insert(key);
      else if (one.tokens > 0 || (one.children == 0 && one.scope != 0)) return {};
    }
    return base::fail(ErrorCode::conflict, "nothing would be left of this called process instance", {}, "stop its call activity in process instance " + std::to_string(d.s.element(instance.parent_element())->instance));
  }
};

}  // namespace

base::Result<Modification> plan_modification(const Decider& d, const Instance& instance, const ModifyInstance& command) {
  const std::size_t count = command.activate.size() + command.move.size() + command.terminate.size();
  if (count == 0) return base::fail(ErrorCode::invalid_argument, "a modification without an instruction", {}, "activateInstructions, moveInstructions or terminateInstructions");
  if (count > limits::kModificationInstructions) return base::fail(ErrorCode::limit_exceeded, "more instructions than kModificationInstructions");
  const Program* program = d.programs.process(d.s, instance.definition);
  if (program == nullptr) return base::fail(ErrorCode::not_executable, "the definition can no longer be compiled");
  Planner planner{d, *program, instance, command, {}};
  for (std::size_t i = 0; i < command.activate.size(); ++i) TRY_VOID(planner.activate(i));
  for (std::size_t i = 0; i < command.move.size(); ++i) TRY_VOID(planner.move(i));
  for (std::size_t i = 0; i < command.terminate.size(); ++i) TRY_VOID(planner.terminate(i));
  TRY_VOID(planner.leaves_something());
  return std::move(planner.out);
}

}  // namespace engine
