// bpmn::Model → Program. Everything that can be wrong with an expression is found here, at deployment.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "engine/program/program.h"
#include "engine/program/supported.h"

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
    if (node.events.size() > 1)
      return base::fail(ErrorCode::unsupported_element, "event '" + node.id + "' has several event definitions", model_.where(node), "one definition per event");
    if (node.events.empty()) return {};
    const bpmn::EventDefinition& definition = node.events[0];
    EventProgram& event = element.event;
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
        if (const int at = definition.ref.empty() ? -1 : model_.node(definition.ref); at >= 0) event.activity = index_[static_cast<std::size_t>(at)];
        break;
      default: break;
    }
    return {};
  }

  base::Status message(const std::string& ref, const bpmn::Node& node, EventProgram& event) {
    event.kind = EventKind::message;
    const bpmn::Message* message = model_.message(ref);
    if (message == nullptr) {
      TRY_VOID(expression(ref.empty() ? node.id : ref, node, event.name));
      return {};
    }
    TRY_VOID(expression(message->name.empty() ? message->id : message->name, node, event.name));
    return expression(message->correlation_key, node, event.correlation);
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
    const std::string& behavior = node.loop->behavior;
    if (!behavior.empty() && base::lower(behavior) != "all")
      return base::fail(ErrorCode::unsupported_element, "multi-instance behavior '" + behavior + "'", model_.where(node), "behavior=\"All\"");
    if (!loop.standard && !loop.collection && !loop.cardinality)
      return base::fail(ErrorCode::invalid_bpmn, "a multi-instance activity without collection or cardinality", model_.where(node),
                        "zeebe:loopCharacteristics inputCollection or loopCardinality");
    return {};
  }

  base::Status work(const bpmn::Node& node, ElementProgram& element) {
    const bpmn::Zeebe& z = node.zeebe;
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
    if (element.is(ElementType::script_task) && !element.script && !element.job_type) {
      if (base::lower(node.script_format).find("feel") != std::string::npos) TRY_VOID(expression(node.script, node, element.script, true));
      else if (!node.script_format.empty()) element.job_type.text = node.script_format;
    }
    TRY_VOID(expression(z.has_called_element ? z.called_process : node.called_element, node, element.called));
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

  base::Status needed(const bpmn::Node& node, const ElementProgram& element) {
    const auto missing = [&](const char* what, const char* remedy) {
      return base::fail(ErrorCode::invalid_bpmn, "'" + node.id + "' " + what, model_.where(node), remedy);
    };
    if (element.is(ElementType::service_task) && !element.job_type) return missing("has no job type", "<zeebe:taskDefinition type=\"...\"/>");
    if (element.is(ElementType::business_rule_task) && !element.job_type && !element.decision)
      return missing("asks no decision", "<zeebe:calledDecision decisionId=\"...\"/>");
    if (element.is(ElementType::call_activity) && !element.called) return missing("calls nothing", "<zeebe:calledElement processId=\"...\"/>");
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
    if (node.attached_to >= 0) element.attached_to = index_[static_cast<std::size_t>(node.attached_to)];
    for (int b : node.boundary) element.boundary.push_back(index_[static_cast<std::size_t>(b)]);
    for (int f : node.outgoing) element.outgoing.push_back(flow_index_[static_cast<std::size_t>(f)]);
    for (int f : node.incoming) element.incoming.push_back(flow_index_[static_cast<std::size_t>(f)]);
    if (node.default_flow >= 0) element.default_flow = flow_index_[static_cast<std::size_t>(node.default_flow)];
    TRY_VOID(event(node, element));
    if (element.is(ElementType::receive_task) || (element.is(ElementType::send_task) && !node.message_ref.empty()))
      TRY_VOID(message(node.message_ref, node, element.event));
    TRY_VOID(supported(model_, node));
    TRY_VOID(loop(node, element));
    TRY_VOID(work(node, element));
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
      if (element.is(ElementType::boundary_event) || element.for_compensation || !element.incoming.empty()) continue;
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
