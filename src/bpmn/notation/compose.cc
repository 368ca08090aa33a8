#include "bpmn/notation/compose.h"

#include "base/text.h"
#include "bpmn/notation/notation.h"
#include "bpmn/reader.h"

namespace bpmn::notation {
namespace {

using base::xml::Element;
constexpr std::string_view kXsi = "http://www.w3.org/2001/XMLSchema-instance";

Element& add(Element& parent, std::string_view local, std::string_view ns = kBpmnNs, std::string_view prefix = "bpmn") {
  auto child = std::make_unique<Element>();
  child->ns = ns, child->prefix = prefix, child->local = local;
  parent.children.push_back({base::xml::Node::Kind::element, "", std::move(child)});
  return *parent.children.back().element;
}
Element& zeebe(Element& parent, std::string_view local) { return add(parent, local, kZeebeNs, "zeebe"); }
void text(Element& element, std::string_view content) { element.children.push_back({base::xml::Node::Kind::text, std::string(content), nullptr}); }
Element& add_text(Element& parent, std::string_view local, std::string_view content) {
  Element& child = add(parent, local);
  text(child, content);
  return child;
}
void set(Element& element, std::string_view attribute, std::string_view value) {
  if (!value.empty()) element.set_attribute(attribute, value);
}
void formal(Element& parent, std::string_view local, std::string_view expression) {
  if (expression.empty()) return;
  Element& child = add_text(parent, local, expression);
  child.attributes.push_back({std::string(kXsi), "xsi", "type", "bpmn:tFormalExpression"});
}

class Composer {
 public:
  explicit Composer(const Draft& draft) : draft_(draft), model_(draft.model) {}

  base::xml::Document run() {
    base::xml::Document document;
    document.root = std::make_unique<Element>();
    Element& root = *document.root;
    root.ns = kBpmnNs, root.prefix = "bpmn", root.local = "definitions";
    root.namespaces = {{"bpmn", std::string(kBpmnNs)}, {"bpmndi", std::string(kBpmnDiNs)}, {"dc", std::string(kDcNs)},
                       {"di", std::string(kDiNs)}, {"xsi", std::string(kXsi)}, {"zeebe", std::string(kZeebeNs)}};
    root.set_attribute("id", "definitioner");
    root.set_attribute("targetNamespace", model_.target_namespace.empty() ? "urn:sagsgang:tekst" : model_.target_namespace);
    root.set_attribute("exporter", "Sagsgang");
    if (!model_.participants.empty() || !model_.message_flows.empty()) collaboration(root);
    for (std::size_t i = 0; i < model_.processes.size(); ++i) process(root, static_cast<int>(i));
    definitions(root);
    return document;
  }

 private:
  void collaboration(Element& root) {
    Element& self = add(root, "collaboration");
    self.set_attribute("id", "samarbejde");
    for (const Participant& one : model_.participants) {
      Element& pool = add(self, "participant");
      pool.set_attribute("id", one.id);
      set(pool, "name", one.name);
      if (one.process >= 0) pool.set_attribute("processRef", model_.processes[static_cast<std::size_t>(one.process)].id);
    }
    for (const MessageFlow& one : model_.message_flows) {
      Element& flow = add(self, "messageFlow");
      flow.set_attribute("id", one.id);
      set(flow, "name", one.name);
      flow.set_attribute("sourceRef", one.source);
      flow.set_attribute("targetRef", one.target);
    }
  }

  void definitions(Element& root) {
    for (const Message& one : model_.messages) {
      Element& self = add(root, "message");
      self.set_attribute("id", one.id);
      set(self, "name", one.name);
      if (!one.correlation_key.empty()) zeebe(add(self, "extensionElements"), "subscription").set_attribute("correlationKey", one.correlation_key);
    }
    for (const Signal& one : model_.signals) {
      Element& self = add(root, "signal");
      self.set_attribute("id", one.id);
      set(self, "name", one.name);
    }
    for (const ErrorDef& one : model_.errors) coded(root, "error", one.id, one.name, "errorCode", one.code);
    for (const Escalation& one : model_.escalations) coded(root, "escalation", one.id, one.name, "escalationCode", one.code);
  }

  static void coded(Element& root, std::string_view local, const std::string& id, const std::string& name, std::string_view attribute, const std::string& code) {
    Element& self = add(root, local);
    self.set_attribute("id", id);
    set(self, "name", name);
    set(self, attribute, code);
  }

  void process(Element& root, int index) {
    const Process& process = model_.processes[static_cast<std::size_t>(index)];
    Element& self = add(root, "process");
    self.line = process.line, self.column = 1;
    self.set_attribute("id", process.id);
    set(self, "name", process.name);
    self.set_attribute("isExecutable", process.executable ? "true" : "false");
    if (!process.documentation.empty()) add_text(self, "documentation", process.documentation);
    if (!process.version_tag.empty() || !process.zeebe.properties.empty()) {
      Element& extensions = add(self, "extensionElements");
      if (!process.version_tag.empty()) zeebe(extensions, "versionTag").set_attribute("value", process.version_tag);
      properties(extensions, process.zeebe);
    }
    lanes(self, index, -1);
    content(self, index, -1);
    artifacts(self, index);
  }

  void lanes(Element& parent, int process, int above) {
    Element* set_of = nullptr;
    for (std::size_t i = 0; i < model_.lanes.size(); ++i) {
      const Lane& one = model_.lanes[i];
      if (one.process != process || one.parent != above) continue;
      if (!set_of) {
        set_of = &add(parent, above < 0 ? "laneSet" : "childLaneSet");
        set_of->set_attribute("id", above < 0 ? "baner_" + model_.processes[static_cast<std::size_t>(process)].id : "baner_" + model_.lanes[static_cast<std::size_t>(above)].id);
      }
      Element& self = add(*set_of, "lane");
      self.set_attribute("id", one.id);
      set(self, "name", one.name);
      for (const int node : one.nodes) add_text(self, "flowNodeRef", model_.nodes[static_cast<std::size_t>(node)].id);
      lanes(self, process, static_cast<int>(i));
    }
  }

  // Depth is bounded by the depth of the outline.
  void content(Element& self, int process, int parent) {
    for (std::size_t i = 0; i < model_.nodes.size(); ++i)
      if (model_.nodes[i].process == process && model_.nodes[i].parent == parent) node(self, static_cast<int>(i));
    for (const Flow& one : model_.flows)
      if (one.process == process && one.parent == parent) flow(self, one);
  }

  void flow(Element& parent, const Flow& one) {
    Element& self = add(parent, "sequenceFlow");
    self.line = one.line, self.column = one.column;
    self.set_attribute("id", one.id);
    set(self, "name", one.name);
    self.set_attribute("sourceRef", model_.nodes[static_cast<std::size_t>(one.source)].id);
    self.set_attribute("targetRef", model_.nodes[static_cast<std::size_t>(one.target)].id);
    formal(self, "conditionExpression", one.condition);
  }

  void node(Element& parent, int index) {
    const Node& node = model_.nodes[static_cast<std::size_t>(index)];
    Element& self = add(parent, xml_name(node.type));
    self.line = node.line, self.column = node.column;
    attributes(self, node);
    if (!node.documentation.empty()) add_text(self, "documentation", node.documentation);
    extensions(self, node);
    for (const int one : node.incoming) add_text(self, "incoming", model_.flows[static_cast<std::size_t>(one)].id);
    for (const int one : node.outgoing) add_text(self, "outgoing", model_.flows[static_cast<std::size_t>(one)].id);
    data(self, index);
    for (const EventDefinition& one : node.events) event(self, node, one);
    if (node.loop) loop(self, node);
    if (node.type == ElementType::script_task && !node.script.empty()) add_text(self, "script", node.script);
    if (is_container(node.type)) content(self, node.process, index);
  }

  void attributes(Element& self, const Node& node) {
    self.set_attribute("id", node.id);
    set(self, "name", node.name);
    if (node.type == ElementType::event_sub_process) self.set_attribute("triggeredByEvent", "true");
    if (node.type == ElementType::boundary_event) {
      self.set_attribute("attachedToRef", model_.nodes[static_cast<std::size_t>(node.attached_to)].id);
      if (!node.interrupting) self.set_attribute("cancelActivity", "false");
    }
    if (node.type == ElementType::start_event && !node.interrupting) self.set_attribute("isInterrupting", "false");
    if (node.for_compensation) self.set_attribute("isForCompensation", "true");
    if (node.default_flow >= 0) self.set_attribute("default", model_.flows[static_cast<std::size_t>(node.default_flow)].id);
    if (node.type == ElementType::send_task || node.type == ElementType::receive_task) set(self, "messageRef", node.message_ref);
    if (node.type == ElementType::script_task) set(self, "scriptFormat", node.script_format);
  }

  void extensions(Element& self, const Node& node) {
    const Zeebe& z = node.zeebe;
    auto held = std::make_unique<Element>();
    Element& x = *held;
    x.ns = kBpmnNs, x.prefix = "bpmn", x.local = "extensionElements";
    if (!z.task_type.empty() || !z.task_retries.empty()) {
      Element& task = zeebe(x, "taskDefinition");
      set(task, "type", z.task_type);
      set(task, "retries", z.task_retries);
    }
    if (node.type == ElementType::user_task && (z.user_task || model_.processes[static_cast<std::size_t>(node.process)].executable)) zeebe(x, "userTask");
    person(x, z);
    if (!z.called_process.empty() || z.has_called_element) called(x, z);
    if (!z.decision_id.empty()) {
      Element& decision = zeebe(x, "calledDecision");
      decision.set_attribute("decisionId", z.decision_id);
      set(decision, "resultVariable", z.decision_result);
      set(decision, "bindingType", z.decision_binding);
    }
    if (!z.script.empty()) {
      Element& script = zeebe(x, "script");
      script.set_attribute("expression", z.script);
      set(script, "resultVariable", z.script_result);
    }
    mappings(x, z);
    if (!z.headers.empty()) {
      Element& headers = zeebe(x, "taskHeaders");
      for (const Header& one : z.headers) {
        Element& header = zeebe(headers, "header");
        header.set_attribute("key", one.key);
        header.set_attribute("value", one.value);
      }
    }
    properties(x, z);
    if (!x.children.empty()) self.children.push_back({base::xml::Node::Kind::element, "", std::move(held)});
  }

  static void person(Element& x, const Zeebe& z) {
    if (!z.form_id.empty() || !z.form_key.empty() || !z.external_reference.empty()) {
      Element& form = zeebe(x, "formDefinition");
      set(form, "formId", z.form_id);
      set(form, "formKey", z.form_key);
      set(form, "externalReference", z.external_reference);
    }
    if (!z.assignee.empty() || !z.candidate_groups.empty() || !z.candidate_users.empty()) {
      Element& who = zeebe(x, "assignmentDefinition");
      set(who, "assignee", z.assignee);
      set(who, "candidateGroups", z.candidate_groups);
      set(who, "candidateUsers", z.candidate_users);
    }
    if (!z.due_date.empty() || !z.follow_up_date.empty()) {
      Element& when = zeebe(x, "taskSchedule");
      set(when, "dueDate", z.due_date);
      set(when, "followUpDate", z.follow_up_date);
    }
    if (!z.priority.empty()) zeebe(x, "priorityDefinition").set_attribute("priority", z.priority);
  }

  static void called(Element& x, const Zeebe& z) {
    Element& call = zeebe(x, "calledElement");
    set(call, "processId", z.called_process);
    set(call, "bindingType", z.called_binding);
    set(call, "versionTag", z.called_version_tag);
    if (!z.propagate_all_child) call.set_attribute("propagateAllChildVariables", "false");
    if (!z.propagate_all_parent) call.set_attribute("propagateAllParentVariables", "false");
  }

  static void mappings(Element& x, const Zeebe& z) {
    if (z.inputs.empty() && z.outputs.empty()) return;
    Element& io = zeebe(x, "ioMapping");
    for (const auto& [all, local] : {std::pair(&z.inputs, "input"), std::pair(&z.outputs, "output")})
      for (const Mapping& one : *all) {
        Element& mapping = zeebe(io, local);
        mapping.set_attribute("source", one.source);
        mapping.set_attribute("target", one.target);
      }
  }

  static void properties(Element& x, const Zeebe& z) {
    if (z.properties.empty()) return;
    Element& all = zeebe(x, "properties");
    for (const Header& one : z.properties) {
      Element& property = zeebe(all, "property");
      property.set_attribute("name", one.key);
      property.set_attribute("value", one.value);
    }
  }

  // 10.4.2: an input needs something of the activity to go to; a property stands for it, as modellers do.
  void data(Element& self, int index) {
    const std::string& id = model_.nodes[static_cast<std::size_t>(index)].id;
    bool reads = false;
    for (const DataLink& one : draft_.data) reads |= one.node == index && !one.writes;
    if (reads) {
      Element& property = add(self, "property");
      property.set_attribute("id", id + "_laest");
      property.set_attribute("name", "__targetRef_placeholder");
    }
    int number = 0;
    for (const bool writes : {false, true})
      for (const DataLink& one : draft_.data) {
        if (one.node != index || one.writes != writes) continue;
        Element& link = add(self, writes ? "dataOutputAssociation" : "dataInputAssociation");
        link.set_attribute("id", id + "_data_" + std::to_string(++number));
        if (!writes) add_text(link, "sourceRef", one.data);
        add_text(link, "targetRef", writes ? one.data : id + "_laest");
      }
  }

  // 10.5.5: link events name each other.
  void link(Element& definition, const Node& node, const EventDefinition& one) {
    const bool throws = node.type == ElementType::intermediate_throw_event;
    for (const Node& other : model_.nodes)
      if (other.process == node.process && other.parent == node.parent && (other.type == ElementType::intermediate_throw_event) != throws && !other.events.empty() &&
          other.events.front().kind == EventKind::link && other.events.front().link_name == one.link_name)
        add_text(definition, throws ? "target" : "source", other.id + "_link");
  }

  void event(Element& self, const Node& node, const EventDefinition& one) {
    const std::string local = one.kind == EventKind::compensation ? "compensate" : std::string(name(one.kind));
    Element& definition = add(self, local + "EventDefinition");
    definition.set_attribute("id", node.id + "_" + local);
    if (one.kind == EventKind::message) set(definition, "messageRef", one.ref);
    if (one.kind == EventKind::error) set(definition, "errorRef", one.ref);
    if (one.kind == EventKind::signal) set(definition, "signalRef", one.ref);
    if (one.kind == EventKind::escalation) set(definition, "escalationRef", one.ref);
    if (one.kind == EventKind::compensation) set(definition, "activityRef", one.ref);
    if (one.kind == EventKind::link) set(definition, "name", one.link_name), link(definition, node, one);
    if (one.kind == EventKind::conditional) formal(definition, "condition", one.expression);
    constexpr std::string_view timers[] = {"", "timeDate", "timeDuration", "timeCycle"};
    if (one.kind == EventKind::timer && one.timer != TimerKind::none) formal(definition, timers[static_cast<int>(one.timer)], one.expression);
  }

  static void loop(Element& self, const Node& node) {
    const Loop& loop = *node.loop;
    Element& element = add(self, loop.standard ? "standardLoopCharacteristics" : "multiInstanceLoopCharacteristics");
    if (loop.standard) {
      set(element, "loopMaximum", loop.loop_maximum);
      if (loop.test_before) element.set_attribute("testBefore", "true");
      formal(element, "loopCondition", loop.loop_condition);
      return;
    }
    if (loop.sequential) element.set_attribute("isSequential", "true");
    const Zeebe& z = node.zeebe;
    if (!z.input_collection.empty() || !z.output_collection.empty()) {
      Element& items = zeebe(add(element, "extensionElements"), "loopCharacteristics");
      set(items, "inputCollection", z.input_collection);
      set(items, "inputElement", z.input_element);
      set(items, "outputCollection", z.output_collection);
      set(items, "outputElement", z.output_element);
    }
    formal(element, "loopCardinality", loop.cardinality);
    formal(element, "completionCondition", loop.completion_condition);
  }

  void artifacts(Element& self, int process) {
    for (const Artifact& one : model_.artifacts) {
      if (one.process != process) continue;
      if (one.kind == "dataObjectReference") {
        Element& object = add(self, "dataObject");
        object.set_attribute("id", one.id + "_objekt");
      }
      Element& element = add(self, one.kind);
      element.set_attribute("id", one.id);
      if (one.kind == "textAnnotation") {
        if (!one.name.empty()) add_text(element, "text", one.name);
      } else {
        set(element, "name", one.name);
      }
      if (one.kind == "dataObjectReference") element.set_attribute("dataObjectRef", one.id + "_objekt");
      if (one.kind == "association") {
        element.set_attribute("sourceRef", one.source);
        element.set_attribute("targetRef", one.target);
        const int to = model_.node(one.target);  // from a compensation event to its activity
        if (to >= 0) element.set_attribute("associationDirection", "One");
      }
    }
  }

  const Draft& draft_;
  const Model& model_;
};

}  // namespace

base::xml::Document compose(const Draft& draft) { return Composer(draft).run(); }

}  // namespace bpmn::notation

namespace bpmn {

base::Result<ModelPtr> from_text(std::string_view text, std::string_view file) {
  TRY(const notation::Lines lines, notation::read_lines(text, file));
  TRY(const notation::Draft draft, notation::read_draft(lines));
  return reader::read_document(notation::compose(draft), file);
}

}  // namespace bpmn
