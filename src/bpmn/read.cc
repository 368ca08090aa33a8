// XML tree → typed model. Reads what is there, also when it breaks rules: check.cc judges.
// Recursion follows the XML tree, whose depth base::limits::kXmlDepth bounds.
#include <set>

#include "base/text.h"
#include "bpmn/reader.h"

namespace bpmn {
namespace reader {

std::string id_of(const Element& element) { return std::string(base::trim(element.attribute_or("id", ""))); }

std::string text_of(const Element& parent, std::string_view child) {
  const Element* found = parent.child(kBpmnNs, child);
  return found ? std::string(base::trim(found->text())) : std::string();
}

std::string reference(const Element& element, std::string_view attribute) {
  const std::string* text = element.attribute(attribute);
  return text ? std::string(local_part(*text)) : std::string();
}

}  // namespace reader

namespace {
using namespace reader;

const std::unordered_map<std::string_view, ElementType>& types() {
  static const std::unordered_map<std::string_view, ElementType> all{
#define ELEMENT(name, xml, section, family, executes) {xml, ElementType::name},
#include "bpmn/elements.def"
#undef ELEMENT
  };
  return all;
}

std::optional<ElementType> type_of(const Element& element) {
  if (element.ns != kBpmnNs) return std::nullopt;
  const auto found = types().find(element.local);
  if (found == types().end()) return std::nullopt;
  if (element.local == "subProcess")
    return flag(element, "triggeredByEvent", false) ? ElementType::event_sub_process : ElementType::sub_process;
  return found->second;
}

// Not flow nodes, but drawn or referred to. Everything else of BPMN stays in the tree, where check reads it.
const std::set<std::string_view>& artifact_kinds() {
  static const std::set<std::string_view> all{
      "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "dataInput", "dataOutput", "property",
      "textAnnotation", "group", "association", "dataInputAssociation", "dataOutputAssociation", "choreographyTask",
      "subChoreography", "callChoreography", "conversation", "subConversation", "callConversation", "conversationLink"};
  return all;
}

// What may stand beside flow nodes and root elements without being a thing of its own in the model.
const std::set<std::string_view>& silent_kinds() {
  static const std::set<std::string_view> all{
      // of any element, of a container
      "documentation", "extensionElements", "auditing", "monitoring", "supportedInterfaceRef", "ioSpecification", "ioBinding",
      "correlationSubscription", "resourceRole", "performer", "humanPerformer", "potentialOwner", "supports", "incoming",
      "outgoing", "laneSet", "sequenceFlow", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
      "completionCondition", "participant", "messageFlow", "messageFlowAssociation", "participantAssociation",
      "conversationAssociation", "correlationKey", "choreographyRef", "correlationPropertyBinding",
      // of definitions
      "import", "extension", "relationship", "process", "collaboration", "choreography", "globalConversation", "message",
      "signal", "error", "escalation", "itemDefinition", "interface", "category", "correlationProperty", "endPoint",
      "resource", "partnerEntity", "partnerRole", "globalTask", "globalScriptTask", "globalUserTask", "globalManualTask",
      "globalBusinessRuleTask", "globalChoreographyTask", "messageEventDefinition", "timerEventDefinition",
      "errorEventDefinition", "escalationEventDefinition", "signalEventDefinition", "conditionalEventDefinition",
      "compensateEventDefinition", "cancelEventDefinition", "linkEventDefinition", "terminateEventDefinition"};
  return all;
}

class Reader {
 public:
  Reader(Model& model, const Element& root) : model_(model), root_(root) {}

  void run() {
    model_.id = id_of(root_);
    model_.name = root_.attribute_or("name", "");
    model_.target_namespace = root_.attribute_or("targetNamespace", "");
    model_.exporter = root_.attribute_or("exporter", "");
    for (const Element* element : root_.elements()) read_root(*element);
    for (const Element* element : root_.elements())
      if (is_bpmn(*element, "process")) read_process(*element);
    for (const Element* element : root_.elements())
      if (is_bpmn(*element, "collaboration") || is_bpmn(*element, "choreography") || is_bpmn(*element, "globalConversation"))
        read_collaboration(*element);
    connect();
    read_diagrams(root_, model_);
    settle_expanded();
  }

 private:
  void read_root(const Element& element) {
    const std::string id = id_of(element), name = element.attribute_or("name", "");
    if (is_bpmn(element, "message")) {
      Message message{id, name, {}};
      if (const Element* extensions = element.child(kBpmnNs, "extensionElements"))
        if (const Element* subscription = extensions->child(kZeebeNs, "subscription"))
          message.correlation_key = subscription->attribute_or("correlationKey", "");
      add(model_.messages, model_.message_index, std::move(message));
    } else if (is_bpmn(element, "signal")) {
      add(model_.signals, model_.signal_index, Signal{id, name});
    } else if (is_bpmn(element, "error")) {
      add(model_.errors, model_.error_index, ErrorDef{id, name, element.attribute_or("errorCode", "")});
    } else if (is_bpmn(element, "escalation")) {
      add(model_.escalations, model_.escalation_index, Escalation{id, name, element.attribute_or("escalationCode", "")});
    } else if (element.ns == kBpmnNs && element.local.ends_with("EventDefinition")) {
      if (!id.empty()) root_events_.emplace(id, &element);
    } else if (is_bpmn(element, "dataStore")) {
      read_artifact(element, -1);
    } else if (element.ns == kBpmnNs && !silent_kinds().contains(element.local)) {
      note(element);
    }
  }

  template <class T>
  static void add(std::vector<T>& all, std::unordered_map<std::string, int>& index, T one) {
    if (!one.id.empty()) index.emplace(one.id, static_cast<int>(all.size()));
    all.push_back(std::move(one));
  }

  void note(const Element& element) {
    model_.notes.push_back(model_.where(element).text() + ": bpmn:" + element.local + " is not part of BPMN 2.0.2 here");
  }

  void read_process(const Element& element) {
    Process process;
    process.id = id_of(element);
    process.name = element.attribute_or("name", "");
    process.executable = flag(element, "isExecutable", false);
    process.documentation = text_of(element, "documentation");
    process.zeebe = read_zeebe(element);
    process.version_tag = process.zeebe.version_tag;
    process.line = element.line;
    process.xml = &element;
    add(model_.processes, processes_, std::move(process));
    read_container(element, static_cast<int>(model_.processes.size()) - 1, -1);
  }

  // A process or sub-process: flow elements, lanes, artifacts (section 10.2.1, FlowElementsContainer).
  // The data of a sub-process has been read with it as an activity.
  void read_container(const Element& container, int process, int parent) {
    for (const Element* child : container.elements()) {
      if (child->ns != kBpmnNs) continue;
      if (parent >= 0 && (child->local.starts_with("dataInput") || child->local.starts_with("dataOutput"))) continue;
      if (const auto type = type_of(*child)) {
        read_node(*child, *type, process, parent);
      } else if (child->local == "sequenceFlow") {
        read_flow(*child, process, parent);
      } else if (child->local == "laneSet") {
        read_lanes(*child, process, -1);
      } else if (child->local == "ioSpecification") {
        if (parent < 0) read_io(*child, process);
      } else if (artifact_kinds().contains(child->local)) {
        read_artifact(*child, process);
      } else if (!silent_kinds().contains(child->local)) {
        note(*child);
      }
    }
  }

  void read_node(const Element& element, ElementType type, int process, int parent) {
    Node node;
    node.type = type;
    node.id = id_of(element);
    node.name = element.attribute_or("name", "");
    node.process = process;
    node.parent = parent;
    node.line = element.line;
    node.column = element.column;
    node.xml = &element;
    node.documentation = text_of(element, "documentation");
    node.zeebe = read_zeebe(element);
    read_event_facts(element, node);
    read_activity_facts(element, node);
    read_gateway_facts(element, node);
    const int index = static_cast<int>(model_.nodes.size());
    if (!node.id.empty()) model_.node_index.emplace(node.id, index);
    model_.nodes.push_back(std::move(node));
    read_data_of_node(element, process);
    if (type == ElementType::sub_process || type == ElementType::event_sub_process || type == ElementType::transaction ||
        type == ElementType::ad_hoc_sub_process)
      read_container(element, process, index);
  }

  void read_event_facts(const Element& element, Node& node) {
    node.events = read_events(element, root_events_);
    node.parallel_multiple = flag(element, "parallelMultiple", false);
    node.interrupting = flag(element, node.type == ElementType::boundary_event ? "cancelActivity" : "isInterrupting", true);
  }

  void read_activity_facts(const Element& element, Node& node) {
    node.for_compensation = flag(element, "isForCompensation", false);
    node.instantiate = flag(element, "instantiate", false);
    node.loop = read_loop(element);
    node.called_element = reference(element, "calledElement");
    node.script = text_of(element, "script");
    node.script_format = element.attribute_or("scriptFormat", "");
    node.message_ref = reference(element, "messageRef");
    node.operation_ref = reference(element, "operationRef");
    node.implementation = element.attribute_or("implementation", "");
    node.start_quantity = integer(element, "startQuantity", 1);
    node.completion_quantity = integer(element, "completionQuantity", 1);
    node.completion_condition = text_of(element, "completionCondition");
    node.ordering = element.attribute_or("ordering", "");
    node.cancel_remaining = flag(element, "cancelRemainingInstances", true);
  }

  void read_gateway_facts(const Element& element, Node& node) {
    node.gateway_direction = element.attribute_or("gatewayDirection", "");
    node.activation_condition = text_of(element, "activationCondition");
    node.event_gateway_type = element.attribute_or("eventGatewayType", "");
  }

  void read_flow(const Element& element, int process, int parent) {
    Flow flow;
    flow.id = id_of(element);
    flow.name = element.attribute_or("name", "");
    flow.has_condition = element.child(kBpmnNs, "conditionExpression") != nullptr;
    flow.condition = text_of(element, "conditionExpression");
    flow.process = process;
    flow.parent = parent;
    flow.line = element.line;
    flow.column = element.column;
    flow.xml = &element;
    model_.flows.push_back(std::move(flow));
  }

  void read_lanes(const Element& lane_set, int process, int parent) {
    for (const Element* element : lane_set.children_named(kBpmnNs, "lane")) {
      const int index = static_cast<int>(model_.lanes.size());
      model_.lanes.push_back({id_of(*element), element->attribute_or("name", ""), {}, parent, process, element});
      if (const Element* children = element->child(kBpmnNs, "childLaneSet")) read_lanes(*children, process, index);
    }
  }

  void read_artifact(const Element& element, int process) {
    Artifact artifact;
    artifact.kind = element.local;
    artifact.id = id_of(element);
    artifact.name = element.attribute_or("name", "");
    if (element.local == "textAnnotation") artifact.name = text_of(element, "text");
    if (element.local == "group") artifact.source = reference(element, "categoryValueRef");
    if (element.local == "dataObjectReference") artifact.source = reference(element, "dataObjectRef");
    if (element.local == "dataStoreReference") artifact.source = reference(element, "dataStoreRef");
    if (element.local == "association" || element.local == "conversationLink") {
      artifact.source = reference(element, "sourceRef");
      artifact.target = reference(element, "targetRef");
    }
    if (element.local == "dataInputAssociation" || element.local == "dataOutputAssociation") {
      artifact.source = local_part(text_of(element, "sourceRef"));
      artifact.target = local_part(text_of(element, "targetRef"));
    }
    artifact.xml = &element;
    artifact.process = process;
    model_.artifacts.push_back(std::move(artifact));
  }

  void read_io(const Element& io, int process) {
    for (const Element* child : io.elements())
      if (is_bpmn(*child, "dataInput") || is_bpmn(*child, "dataOutput")) read_artifact(*child, process);
  }

  // Data inputs and outputs stand in an activity's ioSpecification, or directly in an event.
  void read_data_of_node(const Element& element, int process) {
    for (const Element* child : element.elements()) {
      if (child->ns != kBpmnNs) continue;
      if (child->local == "ioSpecification") read_io(*child, process);
      if (child->local == "dataInput" || child->local == "dataOutput" || child->local == "dataInputAssociation" ||
          child->local == "dataOutputAssociation")
        read_artifact(*child, process);
    }
  }

  void read_collaboration(const Element& element) {
    for (const Element* child : element.elements()) {
      if (is_bpmn(*child, "participant")) {
        const auto found = processes_.find(reference(*child, "processRef"));
        const int index = found == processes_.end() ? -1 : found->second;
        model_.participants.push_back({id_of(*child), child->attribute_or("name", ""), index, child});
      } else if (is_bpmn(*child, "messageFlow")) {
        model_.message_flows.push_back({id_of(*child), child->attribute_or("name", ""), reference(*child, "sourceRef"),
                                        reference(*child, "targetRef"), child});
      } else if (child->ns == kBpmnNs && artifact_kinds().contains(child->local)) {
        read_artifact(*child, -1);
      } else if (child->ns == kBpmnNs && !type_of(*child) && !silent_kinds().contains(child->local)) {
        note(*child);
      }
    }
  }

  // References between nodes, resolved once everything has been met.
  void connect() {
    std::unordered_map<std::string_view, int> flows;
    for (std::size_t i = 0; i < model_.flows.size(); ++i) {
      Flow& flow = model_.flows[i];
      const int index = static_cast<int>(i);
      if (!flow.id.empty()) flows.emplace(flow.id, index);
      flow.source = model_.node(reference(*flow.xml, "sourceRef"));
      flow.target = model_.node(reference(*flow.xml, "targetRef"));
      if (flow.source >= 0) model_.nodes[static_cast<std::size_t>(flow.source)].outgoing.push_back(index);
      if (flow.target >= 0) model_.nodes[static_cast<std::size_t>(flow.target)].incoming.push_back(index);
    }
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      Node& node = model_.nodes[i];
      if (const auto found = flows.find(reference(*node.xml, "default")); found != flows.end())
        node.default_flow = found->second;
      if (node.type != ElementType::boundary_event) continue;
      node.attached_to = model_.node(reference(*node.xml, "attachedToRef"));
      if (node.attached_to >= 0)
        model_.nodes[static_cast<std::size_t>(node.attached_to)].boundary.push_back(static_cast<int>(i));
    }
    for (Lane& lane : model_.lanes)
      for (const Element* ref : lane.xml->children_named(kBpmnNs, "flowNodeRef"))
        if (const int node = model_.node(local_part(ref->text())); node >= 0) lane.nodes.push_back(node);
  }

  // isExpanded is optional: without it a sub-process is expanded where its content is drawn in the same diagram.
  void settle_expanded() {
    for (Diagram& diagram : model_.diagrams) {
      std::set<int> drawn_parents;
      for (const Shape& shape : diagram.shapes)
        if (const int node = model_.node(shape.element); node >= 0)
          drawn_parents.insert(model_.nodes[static_cast<std::size_t>(node)].parent);
      for (Shape& shape : diagram.shapes)
        if (!shape.expanded_given) {
          const int node = model_.node(shape.element);
          shape.expanded = node >= 0 ? drawn_parents.contains(node) : true;
        }
    }
  }

  Model& model_;
  const Element& root_;
  std::unordered_map<std::string, const Element*> root_events_;
  std::unordered_map<std::string, int> processes_;
};

}  // namespace

ModelPtr reader::read_document(base::xml::Document document, std::string_view file) {
  auto model = std::make_shared<Model>();
  model->file = file;
  model->document = std::move(document);
  Reader(*model, *model->document.root).run();
  return model;
}

base::Result<ModelPtr> read(std::string_view xml, std::string_view file) {
  TRY(base::xml::Document document, base::xml::parse(xml, file));
  const base::xml::Element& root = *document.root;
  if (!root.is(kBpmnNs, "definitions"))
    return base::fail(base::ErrorCode::invalid_bpmn,
                      "the root element is <" + root.local + "> in namespace '" + root.ns + "'",
                      {std::string(file), root.line, root.column, root.attribute_or("id", ""), {}},
                      "a BPMN 2.0 file has the root <definitions xmlns=\"" + std::string(kBpmnNs) + "\">");
  return reader::read_document(std::move(document), file);
}

// The tree is the truth: what was read is what is written, whether or not the model understands it.
std::string write(const Model& model) { return base::xml::write(model.document); }

}  // namespace bpmn
