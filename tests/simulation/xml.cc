// A spec as BPMN 2.0 XML with zeebe: extensions, on one line.
#include "base/time.h"
#include "simulation/spec.h"

namespace simulation {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}
std::string formula(const Expr& e) { return "=" + escaped(feel(e)); }
std::string tagged(const std::string& tag, const Expr& e) { return "<" + tag + " xsi:type=\"tFormalExpression\">" + formula(e) + "</" + tag + ">"; }

std::string duration(Millis ms) {
  std::string text = "PT" + std::to_string(ms / 1000);
  if (ms % 1000 != 0) text += "." + std::string(3 - std::to_string(ms % 1000).size(), '0') + std::to_string(ms % 1000);
  return text + "S";
}

class Writer {
 public:
  explicit Writer(const Process& process) : p_(process) {}

  std::string run() {
    const std::string inside = children(-1);
    std::string roots;
    for (const auto& [id, xml] : roots_) roots += xml;
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
           "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" id=\"definitions_" +
           p_.id + "\" targetNamespace=\"urn:simulation\">" + roots + "<process id=\"" + p_.id + "\" isExecutable=\"true\">" + process_extensions() + inside + "</process></definitions>";
  }

 private:
  const Node& at(int n) const { return p_.nodes[static_cast<std::size_t>(n)]; }

  // A message, signal, error or escalation of the definitions, once per name and key.
  std::string root(const Event& e) {
    const std::string kind = e.kind == EventKind::message ? "message" : e.kind == EventKind::signal ? "signal" : e.kind == EventKind::error ? "error" : "escalation";
    std::string id = kind + "_" + e.name, xml = "<" + kind + " id=\"";
    if (e.kind == EventKind::message && e.correlation) id += "_" + std::to_string(std::hash<std::string>()(feel(e.correlation)) % 100000);
    xml += id + "\" name=\"" + e.name + "\"";
    if (e.kind == EventKind::error || e.kind == EventKind::escalation) xml += " " + kind + "Code=\"" + e.name + "\"";
    if (e.kind == EventKind::message && e.correlation) xml += "><extensionElements><zeebe:subscription correlationKey=\"" + formula(e.correlation) + "\"/></extensionElements></message>";
    else xml += "/>";
    roots_[id] = xml;
    return id;
  }

  std::string timer(const Event& e) {
    if (e.timer == bpmn::TimerKind::date) return "<timeDate xsi:type=\"tFormalExpression\">" + base::iso_utc(e.wait) + "</timeDate>";
    if (e.timer == bpmn::TimerKind::duration) return "<timeDuration xsi:type=\"tFormalExpression\">" + duration(e.wait) + "</timeDuration>";
    if (e.cron) return "<timeCycle xsi:type=\"tFormalExpression\">0 " + (e.wait < 3'600'000 ? "*/" + std::to_string(e.wait / 60'000) + " *" : "0 *") + " * * *</timeCycle>";
    return "<timeCycle xsi:type=\"tFormalExpression\">R" + (e.times < 0 ? std::string() : std::to_string(e.times)) + "/" + duration(e.wait) + "</timeCycle>";
  }

  std::string definition(const Event& e, const std::string& id) {
    switch (e.kind) {
      case EventKind::message: return "<messageEventDefinition id=\"" + id + "\" messageRef=\"" + root(e) + "\"/>";
      case EventKind::signal: return "<signalEventDefinition id=\"" + id + "\" signalRef=\"" + root(e) + "\"/>";
      case EventKind::error: return "<errorEventDefinition id=\"" + id + "\"" + (e.name.empty() ? "" : " errorRef=\"" + root(e) + "\"") + "/>";
      case EventKind::escalation: return "<escalationEventDefinition id=\"" + id + "\"" + (e.name.empty() ? "" : " escalationRef=\"" + root(e) + "\"") + "/>";
      case EventKind::timer: return "<timerEventDefinition id=\"" + id + "\">" + timer(e) + "</timerEventDefinition>";
      case EventKind::conditional: return "<conditionalEventDefinition id=\"" + id + "\">" + tagged("condition", e.condition) + "</conditionalEventDefinition>";
      case EventKind::compensation:
        return "<compensateEventDefinition id=\"" + id + "\"" + (e.activity < 0 ? "" : " activityRef=\"" + at(e.activity).id + "\"") + (e.waits ? "" : " waitForCompletion=\"false\"") + "/>";
      case EventKind::cancel: return "<cancelEventDefinition id=\"" + id + "\"/>";
      case EventKind::terminate: return "<terminateEventDefinition id=\"" + id + "\"/>";
      case EventKind::link: return "<linkEventDefinition id=\"" + id + "\" name=\"" + e.name + "\"/>";
      default: return {};
    }
  }

  static std::string listeners(const std::string& id, int starts, int ends) {
    if (starts + ends == 0) return {};
    std::string out = "<zeebe:executionListeners>";
    for (int i = 0; i < starts; ++i) out += "<zeebe:executionListener eventType=\"start\" type=\"" + id + "_start" + std::to_string(i) + "\"/>";
    for (int i = 0; i < ends; ++i) out += "<zeebe:executionListener eventType=\"end\" type=\"" + id + "_end" + std::to_string(i) + "\"/>";
    return out + "</zeebe:executionListeners>";
  }
  std::string process_extensions() const {
    const std::string all = (p_.tag.empty() ? "" : "<zeebe:versionTag value=\"" + p_.tag + "\"/>") + listeners(p_.id, p_.starts, p_.ends);
    return all.empty() ? all : "<extensionElements>" + all + "</extensionElements>";
  }

  std::string extensions(const Node& node) {
    std::string out;
    if (node.job) out += "<zeebe:taskDefinition type=\"" + node.id + "\"/>";
    out += listeners(node.id, node.starts, node.ends);
    if (node.is(ElementType::user_task)) out += "<zeebe:userTask/>";
    if (node.script) out += "<zeebe:script expression=\"" + formula(node.script) + "\" resultVariable=\"" + node.result + "\"/>";
    if (!node.decision.empty()) out += "<zeebe:calledDecision decisionId=\"" + node.decision + "\" resultVariable=\"" + node.result + "\"/>";
    if (!node.called.empty())
      out += "<zeebe:calledElement processId=\"" + node.called + "\" propagateAllChildVariables=\"" + (node.all_to_parent ? "true" : "false") + "\" propagateAllParentVariables=\"" + (node.all_to_child ? "true" : "false") + "\"" +
             (node.binding == Node::Binding::tag ? " bindingType=\"versionTag\" versionTag=\"stable\"" : node.binding == Node::Binding::deployment ? " bindingType=\"deployment\"" : "") + "/>";
    if (!node.inputs.empty() || !node.outputs.empty()) {
      out += "<zeebe:ioMapping>";
      for (const Mapping& one : node.inputs) out += "<zeebe:input source=\"" + formula(one.source) + "\" target=\"" + one.target + "\"/>";
      for (const Mapping& one : node.outputs) out += "<zeebe:output source=\"" + formula(one.source) + "\" target=\"" + one.target + "\"/>";
      out += "</zeebe:ioMapping>";
    }
    return out.empty() ? out : "<extensionElements>" + out + "</extensionElements>";
  }

  std::string loop(const Loop& l, const std::string& id) {
    if (l.standard)
      return std::string("<standardLoopCharacteristics testBefore=\"") + (l.test_before ? "true" : "false") + "\"" + (l.maximum < 0 ? "" : " loopMaximum=\"" + std::to_string(l.maximum) + "\"") + ">" +
             (l.condition ? tagged("loopCondition", l.condition) : "") + "</standardLoopCharacteristics>";
    using B = Loop::Behavior;
    const std::string behavior = l.behavior == B::none ? "None" : l.behavior == B::one ? "One" : l.behavior == B::complex ? "Complex" : "All";
    std::string out = std::string("<multiInstanceLoopCharacteristics isSequential=\"") + (l.sequential ? "true" : "false") + "\"" + (l.behavior == B::all ? "" : " behavior=\"" + behavior + "\"");
    if (l.behavior == B::none || l.behavior == B::one) {
      roots_["~" + id] = definition(l.thrown[0].event, id + "_thrown");
      out += std::string(l.behavior == B::none ? " none" : " one") + "BehaviorEventRef=\"" + id + "_thrown\"";
    }
    out += ">";
    std::string zeebe;
    if (l.collection) zeebe += " inputCollection=\"" + formula(l.collection) + "\"";
    if (!l.input_element.empty()) zeebe += " inputElement=\"" + l.input_element + "\"";
    if (!l.output_collection.empty()) zeebe += " outputCollection=\"" + l.output_collection + "\"";
    if (l.output_element) zeebe += " outputElement=\"" + formula(l.output_element) + "\"";
    if (!zeebe.empty()) out += "<extensionElements><zeebe:loopCharacteristics" + zeebe + "/></extensionElements>";
    if (l.cardinality) out += tagged("loopCardinality", l.cardinality);
    for (std::size_t i = 0; l.behavior == B::complex && i < l.thrown.size(); ++i) {
      const std::string own = id + "_complex" + std::to_string(i);
      out += "<complexBehaviorDefinition id=\"" + own + "\">" + tagged("condition", l.thrown[i].condition) + "<event id=\"" + own + "_event\">" + definition(l.thrown[i].event, own + "_definition") + "</event></complexBehaviorDefinition>";
    }
    if (l.completion) out += tagged("completionCondition", l.completion);
    return out + "</multiInstanceLoopCharacteristics>";
  }

  std::string attributes(const Node& node) {
    std::string out = " id=\"" + node.id + "\"";
    if (node.default_flow >= 0) out += " default=\"" + p_.flows[static_cast<std::size_t>(node.default_flow)].id + "\"";
    if (node.is(ElementType::event_sub_process)) out += " triggeredByEvent=\"true\"";
    if (node.attached >= 0) out += " attachedToRef=\"" + at(node.attached).id + "\"" + (node.interrupting ? "" : " cancelActivity=\"false\"");
    if (node.is(ElementType::start_event) && !node.interrupting) out += " isInterrupting=\"false\"";
    if (node.together) out += " parallelMultiple=\"true\"";
    if (node.for_compensation) out += " isForCompensation=\"true\"";
    if (node.start_quantity != 1) out += " startQuantity=\"" + std::to_string(node.start_quantity) + "\"";
    if (node.completion_quantity != 1) out += " completionQuantity=\"" + std::to_string(node.completion_quantity) + "\"";
    if (node.global) {
      out += " calledElement=\"" + node.id + "_global\"";
      roots_["global_" + node.id] = "<globalUserTask id=\"" + node.id + "_global\" name=\"" + node.id + "\"/>";
    }
    if (node.instantiate) out += " instantiate=\"true\"";
    if (node.is(ElementType::event_based_gateway) && node.instantiate) out += std::string(" eventGatewayType=\"") + (node.parallel ? "Parallel" : "Exclusive") + "\"";
    if (node.is(ElementType::ad_hoc_sub_process)) {
      out += std::string(" ordering=\"") + (node.sequential ? "Sequential" : "Parallel") + "\"";
      if (!node.cancel_remaining) out += " cancelRemainingInstances=\"false\"";
    }
    if ((node.is(ElementType::receive_task) || node.is(ElementType::send_task)) && !node.events.empty()) out += " messageRef=\"" + root(node.events[0]) + "\"";
    return out;
  }

  // Data associations (section 10.4.2) as assignments, behind what they produce.
  static std::string data(const Node& node) {
    std::string out;
    for (std::size_t i = 0; i < node.data_outputs.size(); ++i)
      out += "<dataOutputAssociation id=\"" + node.id + "_do" + std::to_string(i) + "\"><targetRef>" + node.data_outputs[i].target + "_ref</targetRef><assignment><from xsi:type=\"tFormalExpression\">" +
             formula(node.data_outputs[i].source) + "</from><to xsi:type=\"tFormalExpression\">" + node.data_outputs[i].target + "</to></assignment></dataOutputAssociation>";
    return out;
  }

  std::string element(int index) {
    const Node& node = at(index);
    const std::string tag(bpmn::xml_name(node.type));
    std::string out = "<" + tag + attributes(node) + ">" + extensions(node);
    for (int f : node.incoming) out += "<incoming>" + p_.flows[static_cast<std::size_t>(f)].id + "</incoming>";
    for (int f : node.outgoing) out += "<outgoing>" + p_.flows[static_cast<std::size_t>(f)].id + "</outgoing>";
    out += data(node);
    const bool task = node.is(ElementType::receive_task) || node.is(ElementType::send_task);
    for (std::size_t i = 0; i < node.events.size() && !task; ++i) out += definition(node.events[i], node.id + "_d" + std::to_string(i));
    if (node.loop) out += loop(*node.loop, node.id);
    if (node.activation) out += tagged("activationCondition", node.activation);
    for (const std::string& name : node.data)
      out += "<dataObject id=\"" + node.id + "_" + name + "\" name=\"" + name + "\"/><dataObjectReference id=\"" + name + "_ref\" dataObjectRef=\"" + node.id + "_" + name + "\"/>";
    if (node.scope()) out += children(index);
    if (node.is(ElementType::ad_hoc_sub_process) && node.completion) out += tagged("completionCondition", node.completion);
    return out + "</" + tag + ">";
  }

  std::string children(int scope) {
    std::string out, links;
    for (std::size_t n = 0; n < p_.nodes.size(); ++n) {
      const Node& node = p_.nodes[n];
      if (node.parent != scope) continue;
      out += element(static_cast<int>(n));
      if (node.handler < 0) continue;
      for (int b : node.boundary)
        if (at(b).kind() == EventKind::compensation)
          links += "<association id=\"as_" + node.id + "\" associationDirection=\"One\" sourceRef=\"" + at(b).id + "\" targetRef=\"" + at(node.handler).id + "\"/>";
    }
    for (const Flow& flow : p_.flows) {
      if (at(flow.from).parent != scope) continue;
      out += "<sequenceFlow id=\"" + flow.id + "\" sourceRef=\"" + at(flow.from).id + "\" targetRef=\"" + at(flow.to).id + "\"";
      out += flow.condition ? ">" + tagged("conditionExpression", flow.condition) + "</sequenceFlow>" : "/>";
    }
    return out + links;
  }

  const Process& p_;
  std::map<std::string, std::string> roots_;
};

}  // namespace

void write(Process& process) { process.xml = Writer(process).run(); }

std::string decision_file() {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"dubler\" name=\"dubler\" namespace=\"urn:simulation\">"
         "<inputData id=\"in_v0\" name=\"v0\"><variable id=\"var_v0\" name=\"v0\" typeRef=\"number\"/></inputData>"
         "<decision id=\"dobbelt\" name=\"dobbelt\"><variable id=\"var_d\" name=\"dobbelt\" typeRef=\"number\"/><informationRequirement id=\"ir\"><requiredInput href=\"#in_v0\"/></informationRequirement>"
         "<literalExpression id=\"le\"><text>v0 + v0</text></literalExpression></decision></definitions>";
}

}  // namespace simulation
