// Commands on instances, variables, incidents, messages and decisions.
#include <algorithm>

#include "dmn/trace.h"
#include "engine/commands/commands.h"

namespace engine::commands {

using base::ErrorCode;

base::Result<std::string> packed_variables(const base::Json& variables) {
  if (variables.is_null()) return std::string();
  if (!variables.is_object()) return base::fail(ErrorCode::invalid_argument, "variables are no JSON object", {"", 0, 0, "", "/variables"}, "{\"name\": value}");
  if (variables.size() == 0) return std::string();
  std::string packed = base::pack(variables);
  if (packed.size() > base::limits::kVariablesBytes) return base::fail(ErrorCode::limit_exceeded, "variables are larger than kVariablesBytes");
  return packed;
}

static const Instance* owned(const Decider& d, const Command& command, Key key) {
  const Instance* instance = d.s.instances.find(key);
  return instance && instance->authority == command.authority ? instance : nullptr;
}

static base::Result<const Definition*> wanted(const Decider& d, const Command& command, const CreateInstance& create) {
  if (create.definition_key != 0) {
    const Definition* definition = d.s.definitions.find(create.definition_key);
    if (definition == nullptr || definition->kind != DefinitionKind::process || definition->authority != command.authority)
      return not_found("process definition", create.definition_key);
    return definition;
  }
  const auto at = d.s.versions.find(State::definition_key(DefinitionKind::process, command.authority, create.process_id));
  if (at == d.s.versions.end()) return base::fail(ErrorCode::not_found, "no process '" + create.process_id + "' is deployed");
  if (create.version < 0) return d.s.definitions.find(at->second.rbegin()->second);
  const auto version = at->second.find(static_cast<std::uint32_t>(create.version));
  if (version == at->second.end())
    return base::fail(ErrorCode::not_found, "process '" + create.process_id + "' has no version " + std::to_string(create.version));
  return d.s.definitions.find(version->second);
}

Outcome run(Decider& d, const Command& command, const CreateInstance& create) {
  TRY(const Definition* definition, wanted(d, command, create));
  const Program* program = d.programs.process(d.s, definition->key);
  if (program == nullptr) return base::fail(ErrorCode::not_executable, "process '" + definition->id + "' can no longer be compiled");
  std::vector<Index> enter;
  for (const std::string& id : create.start_elements) {
    const Index at = program->find(id);
    if (at == kNoIndex || at == 0 || program->at(at).is(bpmn::ElementType::boundary_event))
      return base::fail(ErrorCode::invalid_argument, "process '" + definition->id + "' has no element '" + id + "' to start at");
    if (program->at(at).parent != 0) return base::fail(ErrorCode::invalid_argument, "element '" + id + "' lies inside a sub-process");
    enter.push_back(at);
  }
  if (enter.empty() && program->at(0).starts.empty())
    return base::fail(ErrorCode::not_executable, "process '" + definition->id + "' has no none start event", {"", 0, 0, definition->id, ""},
        "publish its message or name start elements");
  TRY(const std::string variables, packed_variables(create.variables));
  Answer answer;
  answer.key_slot = d.s.meta.next_slot;
  const std::string id = definition->id, authority = definition->authority;
  const auto version = static_cast<std::int64_t>(definition->version);
  const Key key = definition->key;
  answer.key = d.create_instance(*definition, *program, enter, variables, create.business_key, command.actor);
  answer.body = base::Json(base::Json::Object{{"processInstanceKey", std::to_string(answer.key)}, {"processDefinitionId", id}, {"processDefinitionKey", std::to_string(key)},
                                              {"processDefinitionVersion", version}, {"tenantId", authority}});
  return answer;
}

Outcome run(Decider& d, const Command& command, const CancelInstance& cancel) {
  const Instance* instance = owned(d, command, cancel.instance);
  if (instance == nullptr) return not_found("active process instance", cancel.instance);
  if (instance->parent_element() != 0)
    return base::fail(ErrorCode::conflict, "a called process instance ends with its caller", {},
        "cancel process instance " + std::to_string(instance->root()));
  TRY_VOID(not_migrating(d, cancel.instance));
  if (d.s.suspended(cancel.instance)) d.emit(ev::instance_resumed{cancel.instance, command.actor});  // what is stopped does steps
  if (d.s.element(cancel.instance)->life != Life::terminating) d.emit(ev::element_terminating{cancel.instance, Then::nothing, 0, {}});
  Answer answer;
  answer.key = cancel.instance;
  return answer;
}

Outcome run(Decider& d, const Command& command, const ForgetInstance& forget) {
  Answer answer;
  answer.key = forget.instance;
  const Instance* instance = owned(d, command, forget.instance);
  if (instance == nullptr) {
    if (forget.slot == 0 || d.s.instances.find(forget.instance) != nullptr) return not_found("process instance", forget.instance);
    d.emit(ev::instance_forgotten{forget.instance, forget.slot, command.authority, command.actor});
    return answer;
  }
  if (instance->root() != instance->key)
    return base::fail(ErrorCode::conflict, "a called process instance is forgotten with its root", {},
        "forget process instance " + std::to_string(instance->root()));
  if (instance->forget) return answer;
  TRY_VOID(not_migrating(d, forget.instance));
  d.emit(ev::instance_forgotten{forget.instance, instance->slot, command.authority, command.actor});
  if (d.s.suspended(forget.instance)) d.emit(ev::instance_resumed{forget.instance, command.actor});
  if (d.s.element(forget.instance)->life != Life::terminating) d.emit(ev::element_terminating{forget.instance, Then::nothing, 0, {}});
  return answer;
}

Outcome run(Decider& d, const Command& command, const SetVariables& set) {
  const ElementInstance* scope = d.s.element(set.scope);
  if (scope == nullptr || owned(d, command, scope->instance) == nullptr) return not_found("element instance", set.scope);
  TRY_VOID(not_migrating(d, scope->instance));
  TRY(std::string variables, packed_variables(set.variables));
  Answer answer;
  answer.key = set.scope;
  if (!variables.empty()) d.emit(ev::variables_set{set.scope, scope->instance, set.local, command.actor, d.sealed(set.scope, std::move(variables))});
  return answer;
}

Outcome run(Decider& d, const Command& command, const ResolveIncident& resolve) {
  const Incident* incident = d.s.incidents.find(resolve.incident);
  if (incident == nullptr || owned(d, command, incident->instance) == nullptr) return not_found("incident", resolve.incident);
  TRY_VOID(not_migrating(d, incident->instance));
  d.emit(ev::incident_resolved{resolve.incident, command.actor});
  Answer answer;
  answer.key = resolve.incident;
  return answer;
}

Outcome run(Decider& d, const Command& command, const PublishMessage& publish) {
  if (publish.name.empty()) return base::fail(ErrorCode::invalid_argument, "a message without a name", {"", 0, 0, "", "/name"});
  if (publish.ttl_ms < 0) return base::fail(ErrorCode::invalid_argument, "a negative time to live", {"", 0, 0, "", "/timeToLive"});
  TRY(const std::string variables, packed_variables(publish.variables));
  if (!publish.message_id.empty() &&
      d.s.message_ids.contains(State::index_key(command.authority, publish.name, publish.correlation_key, publish.message_id)))
    return base::fail(ErrorCode::conflict, "a message with the id '" + publish.message_id + "' is still waiting");
  Answer answer;
  answer.key = d.publish(command.authority, publish.name, publish.correlation_key, publish.message_id, publish.ttl_ms, variables, command.actor, true);
  return answer;
}

Outcome run(Decider& d, const Command& command, const CorrelateMessage& message) {
  if (message.name.empty()) return base::fail(ErrorCode::invalid_argument, "a message without a name", {"", 0, 0, "", "/name"});
  TRY(const std::string variables, packed_variables(message.variables));
  const auto [key, instance] = d.correlate_now(command.authority, message.name, message.correlation_key, variables, command.actor);
  if (key == 0)
    return base::fail(ErrorCode::not_found, "nothing waits for a message '" + message.name + "' with this correlation key", {}, "publish it with a time to live, and it waits");
  Answer answer;
  answer.key = key;
  answer.body = base::Json(base::Json::Object{{"messageKey", std::to_string(key)}, {"processInstanceKey", std::to_string(instance)}, {"tenantId", command.authority}});
  return answer;
}

// Section 10.5.1: to everything of the authority that waits for it.
Outcome run(Decider& d, const Command& command, const BroadcastSignal& signal) {
  if (signal.name.empty()) return base::fail(ErrorCode::invalid_argument, "a signal without a name", {"", 0, 0, "", "/signalName"});
  TRY(const std::string variables, packed_variables(signal.variables));
  Answer answer;
  answer.key = d.signal(command.authority, signal.name, variables);
  return answer;
}

Outcome run(Decider& d, const Command& command, const EvaluateDecision& evaluate) {
  const Definition* definition = d.s.latest(DefinitionKind::decision, command.authority, evaluate.decision_id);
  const dmn::Program* program = definition ? d.programs.decision(d.s, definition->resource) : nullptr;
  if (program == nullptr) return base::fail(ErrorCode::not_found, "no decision '" + evaluate.decision_id + "' is deployed");
  TRY(const std::string variables, packed_variables(evaluate.variables));
  feel::Context inputs;
  if (!variables.empty())
    for (auto it = base::Packed(variables).items(); it.more(); it.next()) inputs.entries.emplace_back(std::string(it.key()), feel::from_packed(it.value()));
  feel::Environment environment;
  environment.now = d.now;
  environment.zone = d.options.zone;
  program->read_texts(evaluate.decision_id, inputs);
  TRY(const dmn::Evaluation evaluation, program->evaluate(evaluate.decision_id, inputs, environment, dmn::TraceLevel::full));
  Answer answer;
  answer.key = definition->key;
  answer.body = dmn::trace_json(evaluation);
  answer.body.set("decisionDefinitionId", definition->id);
  answer.body.set("decisionDefinitionKey", std::to_string(definition->key));
  answer.body.set("decisionDefinitionName", definition->name);
  answer.body.set("decisionDefinitionVersion", static_cast<std::int64_t>(definition->version));
  answer.body.set("decisionRequirementsId", definition->drg_id);
  answer.body.set("decisionRequirementsKey", std::to_string(definition->resource));
  answer.body.set("tenantId", definition->authority);
  return answer;
}

// Section 13.3.5: the performers of an ad-hoc sub-process say what is done in it.
Outcome run(Decider& d, const Command& command, const ActivateElements& activate) {
  const ElementInstance* scope = d.s.element(activate.element_instance);
  const Instance* instance = scope ? owned(d, command, scope->instance) : nullptr;
  const Program* program = instance ? d.programs.process(d.s, instance->definition) : nullptr;
  if (program == nullptr) return not_found("element instance", activate.element_instance);
  TRY_VOID(not_migrating(d, instance->key));
  if (d.s.suspended(instance->key)) return is_suspended(d, instance->key);
  const ElementProgram& element = program->at(scope->element);
  if (!element.ad_hoc || scope->body) return base::fail(ErrorCode::invalid_argument, "'" + element.id + "' is no ad-hoc sub-process");
  if (scope->life != Life::active) return base::fail(ErrorCode::conflict, "ad-hoc sub-process '" + element.id + "' is ending");
  if (activate.elements.empty() || activate.elements.size() > base::limits::kPageItems)
    return base::fail(ErrorCode::invalid_argument, "no elements, or more than kPageItems", {"", 0, 0, "", "/elements"});
  TRY(std::string variables, packed_variables(activate.variables));
  std::vector<Index> enter;
  for (const std::string& id : activate.elements) {
    const Index index = program->find(id);
    if (index == kNoIndex || std::find(element.starts.begin(), element.starts.end(), index) == element.starts.end())
      return base::fail(ErrorCode::invalid_argument, "'" + id + "' is no element of '" + element.id + "' that can begin", {"", 0, 0, "", "/elements"});
    enter.push_back(index);
  }
  if (!variables.empty()) d.emit(ev::variables_set{activate.element_instance, scope->instance, true, command.actor, d.sealed(activate.element_instance, std::move(variables))});
  d.emit(ev::tokens_placed{activate.element_instance, std::move(enter)});
  Answer answer;
  answer.key = activate.element_instance;
  return answer;
}

// Section 10.5.5: a conditional start event has no instance whose variables could change; who knows the data asks.
Outcome run(Decider& d, const Command& command, const EvaluateConditions& evaluate) {
  TRY(const std::string variables, packed_variables(evaluate.variables));
  struct Begun { Key definition; Index start; Key trigger; };
  std::vector<Begun> begun;
  for (const char* number : {"", "1", "2", "3"}) {  // definitions of one event
    d.s.subscription_index.each(d.s.subscriptions, WaitKind::conditional, command.authority, kStartConditions, number, 0, [&](Key key) {
      const Subscription& one = *d.s.subscriptions.find(key);
      const Definition* definition = d.s.definitions.find(one.definition());
      const Program* program = definition && (evaluate.process_id.empty() || definition->id == evaluate.process_id) ? d.programs.process(d.s, one.definition()) : nullptr;
      if (program == nullptr) return true;
      const auto value = d.evaluate(program->at(one.element).definition(static_cast<std::size_t>(*number ? *number - '0' : 0)).expression, 0, {variables});
      if (value && value->kind() == feel::Kind::boolean && value->as_boolean()) begun.push_back({one.definition(), one.element, key});
      return true;
    });
  }
  if (begun.size() > base::limits::kPageItems) return base::fail(ErrorCode::limit_exceeded, "more than kPageItems processes would begin", {}, "name one");
  Answer answer;
  base::Json rows = base::Json::array();
  for (const auto& [definition, start, trigger] : begun) {
    const Key instance = d.begin_by_event(*d.s.definitions.find(definition), *d.programs.process(d.s, definition), start, trigger, variables, command.actor);
    if (instance != 0) rows.push(base::Json(base::Json::Object{{"processDefinitionKey", std::to_string(definition)}, {"processInstanceKey", std::to_string(instance)}}));
  }
  answer.body = base::Json(base::Json::Object{{"processInstances", std::move(rows)}});
  return answer;
}

// An outside trigger: the first waiting element instance (inside `scope`, or the instance) that the element belongs to.
Outcome run(Decider& d, const Command& command, const TriggerElement& trigger) {
  const Instance* instance = owned(d, command, trigger.instance);
  if (instance == nullptr) return not_found("active process instance", trigger.instance);
  TRY_VOID(not_migrating(d, trigger.instance));
  if (d.s.suspended(trigger.instance)) return is_suspended(d, trigger.instance);
  const Program* program = d.programs.process(d.s, instance->definition);
  const Index index = program ? program->find(trigger.element) : kNoIndex;
  if (index == kNoIndex) return base::fail(ErrorCode::not_found, "the process has no element '" + trigger.element + "'");
  TRY(const std::string variables, packed_variables(trigger.variables));
  const ElementProgram& element = program->at(index);
  std::vector<Key> open{trigger.scope != 0 ? trigger.scope : trigger.instance};
  for (std::size_t n = 0; n < open.size() && n < base::limits::kMultiInstanceItems; ++n) {
    const ElementInstance* at = d.s.element(open[n]);
    if (at == nullptr || at->instance != trigger.instance || at->life == Life::terminating) continue;
    const bool own = at->element == index && !at->body, boundary = element.attached_to == at->element && element.attached_to != kNoIndex && at->loop == 0;
    const bool start = element.is(bpmn::ElementType::start_event) && element.parent != 0 && program->at(element.parent).parent == at->element &&
                       program->at(element.parent).is(bpmn::ElementType::event_sub_process) && is_scope(*at, program->at(at->element));
    bool behind = false;  // a catching element behind an event-based gateway
    if (program->at(at->element).is(bpmn::ElementType::event_based_gateway))
      for (Index flow : program->at(at->element).outgoing) behind = behind || program->flows[flow].target == index;
    if ((own && at->life == Life::active) || boundary || start || behind) {
      Answer answer;
      answer.key = at->key;
      d.emit(ev::element_triggered{at->key, index, d.sealed(at->key, variables)});
      return answer;
    }
    std::vector<Key> children;
    for (Handle h = at->first_child; h != kNone; h = d.s.elements.at(h).next) children.push_back(d.s.elements.at(h).key);
    open.insert(open.end(), children.rbegin(), children.rend());  // oldest first
  }
  return base::fail(ErrorCode::conflict, "element '" + trigger.element + "' waits for nothing now");
}

}  // namespace engine::commands
