// bpmn::Model → Program. Everything that can be wrong with an expression is found here, at deployment.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "bpmn/reader.h"
#include "engine/program/correlation.h"
#include "engine/program/listeners.h"
#include "engine/program/program.h"
#include "engine/program/supported.h"
#include "engine/runtime/limits.h"

namespace engine {

namespace {

using base::ErrorCode;
using bpmn::ElementType;
using bpmn::EventKind;

class Compiler {
 public:
  Compiler(const bpmn::Model& model, int process) : model_(model), process_(process), out_(std::make_shared<Program>()) {}

  base::Result<ProgramPtr> run() {
    const bpmn::Process& process = model_.processes[static_cast<std::size_t>(process_)];
    out_->process_id = process.id;
    out_->name = process.name;
    out_->version_tag = process.version_tag.empty() ? process.zeebe.version_tag : process.version_tag;
    out_->executable = process.executable;
    number();
    out_->elements[0].id = process.id;
    out_->names[0] = process.name;
    bpmn::Node whole;
    whole.id = process.id;
    whole.line = process.line;
    TRY_VOID(listeners(nullptr, whole, process.zeebe, out_->elements[0]));
    for (std::size_t n = 0; n < model_.nodes.size(); ++n)
      if (model_.nodes[n].process == process_) TRY_VOID(node(model_.nodes[n], out_->elements[index_[n]]));
    TRY_VOID(flows());
    scopes();
    TRY_VOID(links());
    handlers();
    return out_;
  }

 private:
  void number() {
    out_->elements.resize(1);
    index_.assign(model_.nodes.size(), kNoIndex);
    for (std::size_t n = 0; n < model_.nodes.size(); ++n)
      if (model_.nodes[n].process == process_) {
        index_[n] = static_cast<Index>(out_->elements.size());
        out_->elements.emplace_back();
      }
    out_->names.resize(out_->elements.size());
    flow_index_.assign(model_.flows.size(), kNoIndex);
    for (std::size_t f = 0; f < model_.flows.size(); ++f)
      if (model_.flows[f].process == process_) {
        flow_index_[f] = static_cast<Index>(out_->flows.size());
        out_->flows.emplace_back();
      }
  }

  base::Status expression(std::string_view text, const bpmn::Node& node, Expr& into, bool always_feel = false) {
    text = base::trim(text);
    if (text.empty()) return {};
    const bool feel = text[0] == '=' || always_feel;
    if (text[0] == '=') text.remove_prefix(1);
    into.text = text;
    into.is_feel = feel;
    if (!feel) return {};
    feel::CompileOptions options;
    options.dialect = feel::Dialect::zeebe;
    options.file = model_.file;
    options.line = std::max(1, node.line);
    options.column = std::max(1, node.column);
    options.element = node.id;
    TRY(into.feel, feel::compile(text, options));
    return {};
  }

  base::Status mappings(const std::vector<bpmn::Mapping>& from, const bpmn::Node& node, std::vector<MappingProgram>& into) {
    for (const bpmn::Mapping& one : from) {
      MappingProgram mapping;
      TRY_VOID(expression(one.source, node, mapping.source));
      for (const std::string_view part : base::split(one.target, '.')) mapping.target.emplace_back(part);
      if (one.target.empty() || std::any_of(mapping.target.begin(), mapping.target.end(), [](const auto& p) { return p.empty(); }))
        return base::fail(ErrorCode::invalid_bpmn, "an input or output mapping without a target name", model_.where(node), "target=\"variable\" or \"variable.member\"");
      into.push_back(std::move(mapping));
    }
    return {};
  }

  base::Status event(const bpmn::Node& node, ElementProgram& element) {
    element.together = node.parallel_multiple && node.events.size() > 1;
    element.more.resize(node.events.empty() ? 0 : node.events.size() - 1);
    for (std::size_t i = 0; i < node.events.size(); ++i) TRY_VOID(definition(node.events[i], node, i == 0 ? element.event : element.more[i - 1]));
    return {};
  }

  base::Status definition(const bpmn::EventDefinition& definition, const bpmn::Node& node, EventProgram& event) {
    event.kind = definition.kind;
    switch (definition.kind) {
      case EventKind::message: TRY_VOID(message(definition.ref, node, event)); break;
      case EventKind::signal: {
        const bpmn::Signal* signal = model_.signal(definition.ref);
        TRY_VOID(expression(signal ? (signal->name.empty() ? signal->id : signal->name) : definition.ref, node, event.name));
        break;
      }
      case EventKind::error: {
        const bpmn::ErrorDef* error = model_.error(definition.ref);
        event.has_code = error != nullptr;
        if (error) event.code = error->code.empty() ? error->id : error->code;
        break;
      }
      case EventKind::escalation: {
        const bpmn::Escalation* escalation = model_.escalation(definition.ref);
        event.has_code = escalation != nullptr;
        if (escalation) event.code = escalation->code.empty() ? escalation->id : escalation->code;
        break;
      }
      case EventKind::timer:
        event.timer = definition.timer;
        TRY_VOID(expression(definition.expression, node, event.expression));
        break;
      case EventKind::conditional: TRY_VOID(expression(definition.expression, node, event.expression, true)); break;
      case EventKind::compensation:
        if (const int at = definition.ref.empty() ? -1 : model_.node(definition.ref); at >= 0 && model_.nodes[static_cast<std::size_t>(at)].process == process_)
          event.activity = index_[static_cast<std::size_t>(at)];
        event.waits = definition.xml == nullptr || bpmn::flag(*definition.xml, "waitForCompletion", true);
        break;
      default: break;
    }
    return {};
  }

  base::Status message(const std::string& ref, const bpmn::Node& node, EventProgram& event) {
    event.kind = EventKind::message;
    const bpmn::Message* message = model_.message(ref);
    if (message == nullptr) {
      TRY_VOID(expression(ref.empty() ? between_pools(node.id) : ref, node, event.name));
      return {};
    }
    TRY_VOID(expression(message->name.empty() ? message->id : message->name, node, event.name));
    if (!message->correlation_key.empty()) return expression(message->correlation_key, node, event.correlation);
    const bool throws = node.type == ElementType::send_task || node.type == ElementType::intermediate_throw_event || node.type == ElementType::end_event;
    return expression(correlation_text(model_, process_, message->id, !throws), node, event.correlation, true);
  }

  // Section 9.3: what no message is named for is the message of its message flow, at both ends of it.
  std::string between_pools(const std::string& node) const {
    for (const bpmn::MessageFlow& flow : model_.message_flows) {
      if (flow.source != node && flow.target != node) continue;
      const bpmn::Message* message = model_.message(bpmn::reader::reference(*flow.xml, "messageRef"));
      return message == nullptr ? flow.id : message->name.empty() ? message->id : message->name;
    }
    return node;
  }

  // What a multi-instance throws for its items (section 13.3.7): one event for None and One, conditions for Complex.
  base::Status behavior(const bpmn::Node& node, LoopProgram& loop) {
    const std::string behavior = base::lower(node.loop->behavior);
    if (behavior.empty() || behavior == "all") return {};
    loop.behavior = behavior == "none" ? Behavior::none : behavior == "one" ? Behavior::one : Behavior::complex;
    std::unordered_map<std::string, const base::xml::Element*> roots;
    for (const base::xml::Element* root : model_.document.root->elements())
      if (root->local.ends_with("EventDefinition")) roots.emplace(bpmn::reader::id_of(*root), root);
    const auto add = [&](const base::xml::Element& event, std::string_view condition) -> base::Status {
      for (const bpmn::EventDefinition& one : bpmn::reader::read_events(event, roots)) {
        if (one.kind != EventKind::signal && one.kind != EventKind::escalation && one.kind != EventKind::message && one.kind != EventKind::none)
          return base::fail(ErrorCode::unsupported_element, "'" + node.id + "' throws a " + std::string(bpmn::name(one.kind)) + " for its items", model_.where(node), "a signal, an escalation or a message");
        LoopProgram::Thrown thrown;
        TRY_VOID(expression(condition, node, thrown.condition, true));
        TRY_VOID(definition(one, node, thrown.event));
        loop.thrown.push_back(std::move(thrown));
      }
      return {};
    };
    if (loop.behavior == Behavior::complex) {
      for (const base::xml::Element* one : node.loop->xml->children_named(bpmn::kBpmnNs, "complexBehaviorDefinition"))
        if (const base::xml::Element* event = one->child(bpmn::kBpmnNs, "event")) TRY_VOID(add(*event, bpmn::reader::text_of(*one, "condition")));
      return {};
    }
    const auto found = roots.find(bpmn::reader::reference(*node.loop->xml, behavior + "BehaviorEventRef"));
    if (found == roots.end()) return {};
    base::xml::Element event;  // an event whose only definition is the one referred to
    base::xml::Node ref, text;
    text.text = found->first;
    ref.kind = base::xml::Node::Kind::element;
    ref.element = std::make_unique<base::xml::Element>();
    ref.element->ns = bpmn::kBpmnNs;
    ref.element->local = "eventDefinitionRef";
    ref.element->children.push_back(std::move(text));
    event.children.push_back(std::move(ref));
    return add(event, "");
  }

  base::Status ad_hoc(const bpmn::Node& node, ElementProgram& element) {
    if (!element.is(ElementType::ad_hoc_sub_process)) return {};
    element.ad_hoc = std::make_unique<AdHocProgram>();
    element.ad_hoc->sequential = base::lower(node.ordering) == "sequential";
    element.ad_hoc->cancel_remaining = node.cancel_remaining;
    TRY_VOID(expression(node.completion_condition, node, element.ad_hoc->completion, true));
    const base::xml::Element* extensions = node.xml->child(bpmn::kBpmnNs, "extensionElements");
    const base::xml::Element* zeebe = extensions ? extensions->child(bpmn::kZeebeNs, "adHoc") : nullptr;
    if (zeebe != nullptr && (zeebe->attribute("outputCollection") || zeebe->attribute("outputElement")))
      return base::fail(ErrorCode::unsupported_element, "ad-hoc sub-process '" + node.id + "' collects outputs", model_.where(node), "activeElementsCollection only");
    if (element.job_type && zeebe != nullptr && zeebe->attribute("activeElementsCollection"))
      return base::fail(ErrorCode::invalid_bpmn, "ad-hoc sub-process '" + node.id + "' has both a job and a collection that say what begins in it", model_.where(node), "one of zeebe:taskDefinition and activeElementsCollection");
    return zeebe == nullptr ? base::Status{} : expression(zeebe->attribute_or("activeElementsCollection", ""), node, element.ad_hoc->elements, true);
  }

  // What a data object, property, data input or output is called as a variable: its name, else its id; "" where that is no
  // plain name, which an expression could not say either.
  std::string variable(std::string_view id) const {
    for (int hop = 0; hop < 4; ++hop) {  // a reference leads to its object
      const auto at = std::find_if(model_.artifacts.begin(), model_.artifacts.end(), [&](const bpmn::Artifact& one) { return one.id == id && one.xml->local != "association"; });
      if (at == model_.artifacts.end()) return {};
      if (at->kind.ends_with("Reference") && !at->source.empty()) {
        id = at->source;
        continue;
      }
      const std::string& name = at->name.empty() ? at->id : at->name;
      const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c >= 0x80; }) && !std::isdigit(static_cast<unsigned char>(name[0]));
      return plain ? name : std::string();
    }
    return {};
  }

  // Section 10.4.1, 10.4.2: data associations copy between a scope's data and an activity's own; data objects and properties
  // of a sub-process are variables of its own.
  base::Status data(const bpmn::Node& node, ElementProgram& element) {
    for (const base::xml::Element* child : node.xml->elements()) {
      if (child->ns != bpmn::kBpmnNs) continue;
      if (child->local == "dataInputAssociation") TRY_VOID(association(*child, node, element.inputs));
      if (child->local == "dataOutputAssociation") TRY_VOID(association(*child, node, element.data_outputs));
      const bool scope = element.is(ElementType::sub_process) || element.is(ElementType::event_sub_process) || element.is(ElementType::transaction) || element.is(ElementType::ad_hoc_sub_process);
      if (scope && (child->local == "dataObject" || child->local == "property"))
        if (std::string name = variable(bpmn::reader::id_of(*child)); !name.empty()) element.declared.push_back(std::move(name));
    }
    return {};
  }

  base::Status association(const base::xml::Element& xml, const bpmn::Node& node, std::vector<MappingProgram>& into) {
    const std::string source = variable(bpmn::local_part(bpmn::reader::text_of(xml, "sourceRef"))), target = variable(bpmn::local_part(bpmn::reader::text_of(xml, "targetRef")));
    const auto add = [&](const std::string& from, std::string_view to) -> base::Status {
      MappingProgram mapping;
      TRY_VOID(expression(from, node, mapping.source, true));
      if (to.starts_with('=')) to.remove_prefix(1);
      for (const std::string_view part : base::split(base::trim(to), '.')) mapping.target.emplace_back(base::trim(part));
      if (!mapping.source || std::any_of(mapping.target.begin(), mapping.target.end(), [](const std::string& part) { return part.empty() || part.find_first_of(" ()[]{}\"/+*") != std::string::npos; }))
        return base::fail(ErrorCode::invalid_bpmn, "a data association of '" + node.id + "' that does not assign an expression to a variable", model_.where(node), "<from>=expression</from><to>variable</to>");
      into.push_back(std::move(mapping));
      return {};
    };
    bool assigned = false;
    for (const base::xml::Element* one : xml.children_named(bpmn::kBpmnNs, "assignment")) {
      TRY_VOID(add(bpmn::reader::text_of(*one, "from"), bpmn::reader::text_of(*one, "to")));
      assigned = true;
    }
    if (assigned || target.empty()) return {};
    if (const std::string how = bpmn::reader::text_of(xml, "transformation"); !how.empty()) return add(how, target);
    return source.empty() ? base::Status{} : add(source, target);
  }

  // Section 10.3.6: a call activity that calls a global task does it itself.
  base::Status global_task(const bpmn::Node& node, ElementProgram& element) {
    if (!element.is(ElementType::call_activity) || node.called_element.empty() || node.zeebe.has_called_element) return {};
    static const std::map<std::string_view, ElementType> kinds{{"globalTask", ElementType::task}, {"globalUserTask", ElementType::user_task}, {"globalManualTask", ElementType::manual_task},
      {"globalScriptTask", ElementType::script_task}, {"globalBusinessRuleTask", ElementType::business_rule_task}};
    for (const base::xml::Element* root : model_.document.root->elements()) {
      const auto kind = kinds.find(root->local);
      if (root->ns != bpmn::kBpmnNs || kind == kinds.end() || bpmn::reader::id_of(*root) != node.called_element) continue;
      bpmn::Node task = node;
      task.script = bpmn::reader::text_of(*root, "script");
      task.script_format = root->attribute_or(root->local == "globalScriptTask" ? "scriptLanguage" : "scriptFormat", root->attribute_or("scriptFormat", ""));
      task.called_element.clear();
      task.zeebe = bpmn::reader::read_zeebe(*root);
      if (!node.zeebe.inputs.empty()) task.zeebe.inputs = node.zeebe.inputs;
      if (!node.zeebe.outputs.empty()) task.zeebe.outputs = node.zeebe.outputs;
      element.inputs.clear();
      element.outputs.clear();
      element.global = static_cast<std::uint8_t>(kind->second);
      element.called = {};
      return work(task, element, kind->second);
    }
    return {};
  }

  base::Status loop(const bpmn::Node& node, ElementProgram& element) {
    if (!node.loop) return {};
    element.loop = std::make_unique<LoopProgram>();
    LoopProgram& loop = *element.loop;
    loop.standard = node.loop->standard;
    loop.sequential = node.loop->sequential || loop.standard;
    loop.test_before = node.loop->test_before;
    TRY_VOID(expression(node.zeebe.input_collection, node, loop.collection, true));
    TRY_VOID(expression(node.loop->cardinality, node, loop.cardinality, true));
    TRY_VOID(expression(node.loop->completion_condition, node, loop.completion, true));
    TRY_VOID(expression(node.loop->loop_condition, node, loop.condition, true));
    TRY_VOID(expression(node.loop->loop_maximum, node, loop.maximum, true));
    TRY_VOID(expression(node.zeebe.output_element, node, loop.output_element, true));
    loop.input_element = node.zeebe.input_element;
    loop.output_collection = node.zeebe.output_collection;
    TRY_VOID(behavior(node, loop));
    if (!loop.standard && !loop.collection && !loop.cardinality)
      return base::fail(ErrorCode::invalid_bpmn, "a multi-instance activity without collection or cardinality", model_.where(node),
                        "zeebe:loopCharacteristics inputCollection or loopCardinality");
    return {};
  }

  base::Status listeners(const bpmn::Node* node, const bpmn::Node& where, const bpmn::Zeebe& zeebe, ElementProgram& element) {
    for (const bpmn::Listener& one : zeebe.listeners) {
      TRY(const ListenerPhase phase, listener_phase(model_, node, where, one));
      if (!element.listeners) element.listeners = std::make_unique<ListenerPrograms>();
      auto& of_phase = (*element.listeners)[static_cast<std::size_t>(phase)];
      if (of_phase.size() >= limits::kListeners)
        return base::fail(ErrorCode::limit_exceeded, "'" + where.id + "' has more than kListeners listeners of one kind", model_.where(where));
      ListenerProgram& listener = of_phase.emplace_back();
      TRY_VOID(expression(one.type, where, listener.type));
      TRY_VOID(expression(one.retries, where, listener.retries));
      base::Json headers = base::Json::object();
      for (const bpmn::Header& header : one.headers) headers.set(header.key, header.value);
      listener.headers_json = headers.dump();
    }
    return {};
  }

  base::Status work(const bpmn::Node& node, ElementProgram& element, ElementType kind) {
    const bpmn::Zeebe& z = node.zeebe;
    const std::string& of_process = model_.processes[static_cast<std::size_t>(process_)].zeebe.job_priority;
    TRY_VOID(expression(z.job_priority.empty() ? of_process : z.job_priority, node, element.job_priority));
    TRY_VOID(expression(z.task_type, node, element.job_type));
    TRY_VOID(expression(z.task_retries, node, element.retries));
    base::Json headers = base::Json::object();
    for (const bpmn::Header& header : z.headers) headers.set(header.key, header.value);
    element.headers_json = headers.dump();
    TRY_VOID(mappings(z.inputs, node, element.inputs));
    TRY_VOID(mappings(z.outputs, node, element.outputs));
    TRY_VOID(expression(z.decision_id, node, element.decision));
    TRY_VOID(expression(z.script, node, element.script));
    element.result = element.decision ? z.decision_result : z.script_result;
    // A script in the model itself is FEEL where it says so, else a job of its format's name for a worker.
    if (kind == ElementType::script_task && !element.script && !element.job_type) {
      if (base::lower(node.script_format).find("feel") != std::string::npos) TRY_VOID(expression(node.script, node, element.script, true));
      else if (!node.script_format.empty()) element.job_type.text = node.script_format;
    }
    TRY_VOID(expression(z.has_called_element ? z.called_process : node.called_element, node, element.called));
    TRY_VOID(expression(z.called_business_id, node, element.called_business_key));
    TRY_VOID(binding(z.called_binding, z.called_version_tag, node, element.called_binding));
    TRY_VOID(binding(z.decision_binding, "", node, element.decision_binding));
    if (element.decision_binding.to == Bound::version_tag)
      return base::fail(ErrorCode::unsupported_element, "'" + node.id + "' binds a decision by its version tag, which is not executed by this release", model_.where(node), "bindingType=\"latest\" or \"deployment\"");
    element.all_to_child = z.propagate_all_parent;
    element.all_to_parent = z.propagate_all_child;
    TRY_VOID(expression(z.assignee, node, element.assignee));
    TRY_VOID(expression(z.candidate_groups, node, element.candidate_groups));
    TRY_VOID(expression(z.candidate_users, node, element.candidate_users));
    TRY_VOID(expression(z.due_date, node, element.due_date));
    TRY_VOID(expression(z.follow_up_date, node, element.follow_up_date));
    TRY_VOID(expression(z.priority, node, element.priority));
    element.form_key = z.form_key.empty() ? z.external_reference : z.form_key;
    element.form_id = z.form_id;
    return {};
  }

  base::Status binding(const std::string& type, const std::string& tag, const bpmn::Node& node, Binding& into) {
    if (type.empty() || type == "latest") return {};
    if (type != "deployment" && type != "versionTag")
      return base::fail(ErrorCode::invalid_bpmn, "'" + node.id + "' has the unknown bindingType '" + type + "'", model_.where(node), "latest, deployment or versionTag");
    into = {type == "deployment" ? Bound::deployment : Bound::version_tag, tag};
    return {};
  }

  base::Status needed(const bpmn::Node& node, const ElementProgram& element) {
    const auto missing = [&](const char* what, const char* remedy) {
      return base::fail(ErrorCode::invalid_bpmn, "'" + node.id + "' " + what, model_.where(node), remedy);
    };
    if (element.is(ElementType::service_task) && !element.job_type) return missing("has no job type", "<zeebe:taskDefinition type=\"...\"/>");
    if (element.is(ElementType::business_rule_task) && !element.job_type && !element.decision)
      return missing("asks no decision", "<zeebe:calledDecision decisionId=\"...\"/>");
    if (element.is(ElementType::call_activity) && !element.called && element.global == kProcessType) return missing("calls nothing", "<zeebe:calledElement processId=\"...\"/>");
    if (element.event.kind == EventKind::timer && !element.event.expression) return missing("is a timer without a time", "timeDate, timeDuration or timeCycle");
    return {};
  }

  base::Status node(const bpmn::Node& node, ElementProgram& element) {
    element.type = static_cast<std::uint8_t>(node.type);
    element.index = static_cast<Index>(&element - out_->elements.data());
    element.id = node.id;
    out_->names[element.index] = node.name;
    element.parent = node.parent < 0 ? 0 : index_[static_cast<std::size_t>(node.parent)];
    element.interrupting = node.interrupting;
    element.for_compensation = node.for_compensation;
    if (node.start_quantity < 1 || node.completion_quantity < 1 || std::max(node.start_quantity, node.completion_quantity) > kTokenQuantity)
      return base::fail(ErrorCode::invalid_bpmn, "'" + node.id + "' has a start or completion quantity that is not from 1 to " + std::to_string(kTokenQuantity), model_.where(node));
    element.instantiates = node.instantiate && node.incoming.empty() && node.parent < 0;
    element.parallel = base::lower(node.event_gateway_type) == "parallel";
    element.start_quantity = static_cast<std::uint32_t>(node.start_quantity);
    element.completion_quantity = static_cast<std::uint32_t>(node.completion_quantity);
    TRY_VOID(expression(node.activation_condition, node, element.activation, true));
    if (node.attached_to >= 0) element.attached_to = index_[static_cast<std::size_t>(node.attached_to)];
    for (int b : node.boundary) element.boundary.push_back(index_[static_cast<std::size_t>(b)]);
    for (int f : node.outgoing) element.outgoing.push_back(flow_index_[static_cast<std::size_t>(f)]);
    for (int f : node.incoming) element.incoming.push_back(flow_index_[static_cast<std::size_t>(f)]);
    if (node.default_flow >= 0) element.default_flow = flow_index_[static_cast<std::size_t>(node.default_flow)];
    TRY_VOID(event(node, element));
    if (element.is(ElementType::receive_task) || (element.is(ElementType::send_task) && (!node.message_ref.empty() || between_pools(node.id) != node.id)))
      TRY_VOID(message(node.message_ref, node, element.event));
    TRY_VOID(supported(model_, node));
    TRY_VOID(loop(node, element));
    TRY_VOID(work(node, element, node.type));
    TRY_VOID(listeners(&node, node, node.zeebe, element));
    TRY_VOID(global_task(node, element));
    TRY_VOID(ad_hoc(node, element));
    TRY_VOID(data(node, element));
    return needed(node, element);
  }

  base::Status flows() {
    for (std::size_t f = 0; f < model_.flows.size(); ++f) {
      const bpmn::Flow& flow = model_.flows[f];
      if (flow.process != process_) continue;
      FlowProgram& into = out_->flows[flow_index_[f]];
      into.id = flow.id;
      if (flow.source < 0 || flow.target < 0)
        return base::fail(ErrorCode::invalid_bpmn, "sequence flow '" + flow.id + "' does not connect two flow nodes",
                          {model_.file, flow.line, flow.column, flow.id, ""});
      into.source = index_[static_cast<std::size_t>(flow.source)];
      into.target = index_[static_cast<std::size_t>(flow.target)];
      into.has_condition = flow.has_condition && !base::trim(flow.condition).empty();
      if (into.has_condition) {
        bpmn::Node at;
        at.id = flow.id;
        at.line = flow.line;
        at.column = flow.column;
        TRY_VOID(expression(flow.condition, at, into.condition, true));
      }
    }
    return {};
  }

  // Section 13.5.1: tokens begin at the none start events; where there is none, at every node that nothing leads to.
  void scopes() {
    for (ElementProgram& element : out_->elements) {
      if (element.index == 0) continue;
      ElementProgram& scope = out_->elements[element.parent];
      if (element.is(ElementType::event_sub_process)) {
        scope.event_scopes.push_back(element.index);
        continue;
      }
      const bool start = element.is(ElementType::start_event);
      if (start && scope.is(ElementType::event_sub_process)) scope.trigger = element.index;
      if (element.is(ElementType::boundary_event) || element.for_compensation || element.instantiates || !element.incoming.empty()) continue;
      if (element.is(ElementType::intermediate_catch_event) && element.event.kind == EventKind::link) continue;
      if (!start || element.event.kind == EventKind::none || scope.is(ElementType::event_sub_process)) scope.starts.push_back(element.index);
    }
  }

  // Section 10.5.1: link events connect by name within one scope.
  base::Status links() {
    for (std::size_t n = 0; n < model_.nodes.size(); ++n) {
      const bpmn::Node& node = model_.nodes[n];
      if (node.process != process_ || node.events.size() != 1 || node.events[0].kind != EventKind::link) continue;
      ElementProgram& element = out_->elements[index_[n]];
      if (!element.is(ElementType::intermediate_throw_event)) continue;
      for (std::size_t t = 0; t < model_.nodes.size(); ++t) {
        const bpmn::Node& other = model_.nodes[t];
        if (other.process == process_ && other.parent == node.parent && other.type == ElementType::intermediate_catch_event && other.events.size() == 1 &&
            other.events[0].kind == EventKind::link && other.events[0].link_name == node.events[0].link_name)
          element.event.link_target = index_[t];
      }
      if (element.event.link_target == kNoIndex)
        return base::fail(ErrorCode::invalid_bpmn, "link '" + node.events[0].link_name + "' has no catching event in its scope", model_.where(node));
    }
    return {};
  }

  // Section 10.5.4: the compensation handler hangs on its boundary event by an association.
  void handlers() {
    for (const bpmn::Artifact& artifact : model_.artifacts) {
      const int source = model_.node(artifact.source), target = model_.node(artifact.target);
      if (source < 0 || target < 0) continue;
      const bpmn::Node& boundary = model_.nodes[static_cast<std::size_t>(source)];
      if (boundary.process != process_ || boundary.attached_to < 0 || !model_.nodes[static_cast<std::size_t>(target)].for_compensation) continue;
      out_->elements[index_[static_cast<std::size_t>(boundary.attached_to)]].handler = index_[static_cast<std::size_t>(target)];
    }
  }

  const bpmn::Model& model_;
  int process_;
  std::shared_ptr<Program> out_;
  std::vector<Index> index_, flow_index_;
};

}  // namespace

Index Program::find(std::string_view id) const {
  for (const ElementProgram& element : elements)
    if (element.id == id) return element.index;
  return kNoIndex;
}

std::vector<ElementRow> Program::element_table() const {
  std::vector<ElementRow> rows;
  rows.reserve(elements.size());
  for (const ElementProgram& element : elements) rows.push_back({element.id, element.type, element.parent, names[element.index]});
  return rows;
}

std::vector<std::string> Program::flow_table() const {
  std::vector<std::string> ids;
  ids.reserve(flows.size());
  for (const FlowProgram& flow : flows) ids.push_back(flow.id);
  return ids;
}

base::Result<ProgramPtr> compile(const bpmn::Model& model, int process) { return Compiler(model, process).run(); }

}  // namespace engine
