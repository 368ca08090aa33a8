// Identity, formats, sequence flows and what may stand where (BPMN 2.0.2 sections 7.6, 8.3, 8.4, 10.2).
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

// RFC 6838 section 4.2: type "/" subtype, each of restricted-name characters; parameters may follow.
bool is_mime_type(std::string_view text) {
  text = base::trim(text.substr(0, text.find(';')));
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const auto name = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
    });
  };
  return name(text.substr(0, slash)) && name(text.substr(slash + 1));
}

void text_format(const Facts& facts, Report& report, std::string_view element, std::string_view attribute) {
  for (const Element* one : facts.named(element))
    if (const std::string* format = one->attribute(attribute); format && !is_mime_type(*format))
      report.at(*one, std::string(attribute) + " is '" + *format + "'");
}

void artifact_end(const Facts& facts, Report& report, std::string_view flow, std::string_view attribute) {
  for (const Element* one : facts.named(flow))
    if (const Element* end = facts.target(*one, attribute); end && is_artifact(*end))
      report.at(*one, std::string(attribute) + " is the " + end->local + " '" + id(*end) + "'");
}

void event_sub_process_end(const Facts& facts, Report& report, std::string_view attribute) {
  for (const Element* flow : facts.named("sequenceFlow"))
    if (const Element* end = facts.target(*flow, attribute); end && is_event_sub_process(*end))
      report.at(*flow, std::string(attribute) + " is '" + id(*end) + "'");
}

// Levels (a process or a sub-process) that hold a child of this kind, and their flow nodes.
struct Level {
  const Element* container;
  std::vector<const Node*> nodes;
  bool starts = false, ends = false;
};
std::vector<Level> levels(const Facts& facts) {
  std::vector<Level> result;
  std::map<const Element*, std::size_t> index;
  for (const Node& node : facts.model.nodes) {
    const Element* container = facts.parent(*node.xml);
    auto [at, added] = index.emplace(container, result.size());
    if (added) result.push_back({container, {}, false, false});
    Level& level = result[at->second];
    level.nodes.push_back(&node);
    level.starts |= node.type == ElementType::start_event;
    level.ends |= node.type == ElementType::end_event;
  }
  return result;
}

bool starts_by_itself(const Node& node) {
  return node.type == ElementType::start_event || node.type == ElementType::boundary_event ||
         node.type == ElementType::event_sub_process || node.for_compensation || node.instantiate ||
         flag(*node.xml, "instantiate", false) || (node.type == ElementType::intermediate_catch_event && is_link(node));
}
bool ends_by_itself(const Node& node) {
  return node.type == ElementType::end_event || node.type == ElementType::event_sub_process || node.for_compensation ||
         (node.type == ElementType::intermediate_throw_event && is_link(node)) ||
         (node.type == ElementType::boundary_event && has_trigger(node, EventKind::compensation));
}

}  // namespace

void EXT002(const Facts& facts, Report& report) {
  std::map<std::string_view, const Element*> seen;
  for (const auto& [value, element] : facts.ids()) {
    const auto [first, added] = seen.emplace(value, element);
    if (!added)
      report.at(*element, "'" + value + "' is also the id of the " + first->second->local + " in line " +
                              std::to_string(first->second->line));
  }
}
void EXT004(const Facts& facts, Report& report) { text_format(facts, report, "documentation", "textFormat"); }
void EXT010(const Facts& facts, Report& report) { text_format(facts, report, "textAnnotation", "textFormat"); }
void EXT145(const Facts& facts, Report& report) {
  text_format(facts, report, "scriptTask", "scriptFormat");
  text_format(facts, report, "globalScriptTask", "scriptLanguage");
}
void EXT006(const Facts& facts, Report& report) { artifact_end(facts, report, "sequenceFlow", "targetRef"); }
void EXT007(const Facts& facts, Report& report) { artifact_end(facts, report, "sequenceFlow", "sourceRef"); }
void EXT008(const Facts& facts, Report& report) { artifact_end(facts, report, "messageFlow", "targetRef"); }
void EXT009(const Facts& facts, Report& report) { artifact_end(facts, report, "messageFlow", "sourceRef"); }
void EXT021(const Facts& facts, Report& report) { event_sub_process_end(facts, report, "sourceRef"); }
void EXT022(const Facts& facts, Report& report) { event_sub_process_end(facts, report, "targetRef"); }

// 8.4.13: incoming and outgoing of the flow nodes mirror sourceRef and targetRef.
void EXT023(const Facts& facts, Report& report) {
  std::set<std::pair<const Element*, const Element*>> incoming, outgoing;  // node, flow
  for (const Element* mention : facts.named_any({"incoming", "outgoing"})) {
    const Element* flow = facts.find(mention->text());
    const Element* node = facts.parent(*mention);
    if (!flow || !node || !is(*flow, "sequenceFlow") || !is_flow_node(*node)) continue;
    (mention->local == "incoming" ? incoming : outgoing).emplace(node, flow);
    if (facts.target(*flow, mention->local == "incoming" ? "targetRef" : "sourceRef") != node)
      report.at(*node, "it lists '" + id(*flow) + "' as " + mention->local + ", but that flow does not say so");
  }
  for (const Element* flow : facts.named("sequenceFlow")) {
    const Element* source = facts.target(*flow, "sourceRef");
    const Element* target = facts.target(*flow, "targetRef");
    if (source && is_flow_node(*source) && !outgoing.contains({source, flow}))
      report.at(*flow, "'" + id(*source) + "' has no <outgoing>" + id(*flow) + "</outgoing>");
    if (target && is_flow_node(*target) && !incoming.contains({target, flow}))
      report.at(*flow, "'" + id(*target) + "' has no <incoming>" + id(*flow) + "</incoming>");
  }
}

// 13.3.1: a condition on the only outgoing flow of an activity would let the token vanish.
void EXT025(const Facts& facts, Report& report) {
  for (const Flow& flow : facts.model.flows) {
    if (!flow.has_condition || flow.source < 0) continue;
    const Node& source = facts.model.nodes[static_cast<std::size_t>(flow.source)];
    if (is_activity(*source.xml) && source.outgoing.size() == 1) report.at(*flow.xml, "it leaves '" + source.id + "'");
  }
}

void EXT026(const Facts& facts, Report& report) {
  for (const Element* element : facts.all()) {
    if (!is_activity(*element) && !is_gateway(*element)) continue;
    const Element* flow = facts.target(*element, "default");
    if (!flow || !is(*flow, "sequenceFlow")) continue;
    if (facts.target(*flow, "sourceRef") != element)
      report.at(*element, "its default '" + id(*flow) + "' starts at '" + flow->attribute_or("sourceRef", "") + "'");
  }
}

void EXT028(const Facts& facts, Report& report) {
  for (const Flow& flow : facts.model.flows) {
    const Element* source = facts.target(*flow.xml, "sourceRef");
    const Element* target = facts.target(*flow.xml, "targetRef");
    if (source && target && facts.process_of(*source) != facts.process_of(*target))
      report.at(*flow.xml, "'" + id(*source) + "' and '" + id(*target) + "' belong to different processes");
  }
}

void EXT152(const Facts& facts, Report& report) {
  for (const Flow& flow : facts.model.flows) {
    const Element* source = facts.target(*flow.xml, "sourceRef");
    const Element* target = facts.target(*flow.xml, "targetRef");
    if (!source || !target || !is_flow_node(*source) || !is_flow_node(*target)) continue;
    if (facts.process_of(*source) == facts.process_of(*target) && facts.parent(*source) != facts.parent(*target))
      report.at(*flow.xml, "'" + id(*source) + "' and '" + id(*target) + "' are on different levels");
  }
}

void EXT150(const Facts& facts, Report& report) {
  for (const Level& level : levels(facts)) {
    if (!level.starts || is(*level.container, "adHocSubProcess")) continue;
    for (const Node* node : level.nodes)
      if (node->incoming.empty() && !starts_by_itself(*node)) report.at(*node->xml);
  }
}

void EXT151(const Facts& facts, Report& report) {
  for (const Level& level : levels(facts)) {
    if (!level.ends || is(*level.container, "adHocSubProcess")) continue;
    for (const Node* node : level.nodes)
      if (node->outgoing.empty() && !ends_by_itself(*node)) report.at(*node->xml);
  }
}

// 10.5.3: an end event needs a start event on its level, or a node that starts the process without one.
void EXT097(const Facts& facts, Report& report) {
  for (const Level& level : levels(facts)) {
    if (!level.ends || level.starts) continue;
    const bool instantiated = std::ranges::any_of(
        level.nodes, [](const Node* node) { return node->instantiate || flag(*node->xml, "instantiate", false); });
    if (instantiated) continue;
    for (const Node* node : level.nodes)
      if (node->type == ElementType::end_event) {
        report.at(*node->xml);
        break;
      }
  }
}

void EXT105(const Facts& facts, Report& report) {
  for (const Level& level : levels(facts)) {
    if (!level.starts || level.ends) continue;
    for (const Node* node : level.nodes)
      if (node->type == ElementType::start_event) {
        report.at(*node->xml);
        break;
      }
  }
}

void EXT035(const Facts& facts, Report& report) {
  for (const Element* process : facts.named("process"))
    if (process->attribute_or("processType", "") == "Public" && flag(*process, "isExecutable", false)) report.at(*process);
}

void EXT036(const Facts& facts, Report& report) {
  for (const Element* one : facts.named_any({"choreographyTask", "subChoreography", "callChoreography"}))
    if (const Element* parent = facts.parent(*one); parent && is(*parent, "process")) report.at(*one);
}

void EXT056(const Facts& facts, Report& report) {
  for (const Element* one : facts.named_any({"choreographyTask", "subChoreography", "callChoreography"}))
    if (const Element* parent = facts.parent(*one); parent && is_sub_process(*parent) && !is(*parent, "adHocSubProcess"))
      report.at(*one);
}

// 8.4.13: both ends are required. An end that names nothing is a finding of the reference rule.
void SG001(const Facts& facts, Report& report) {
  for (const Element* flow : facts.named_any({"sequenceFlow", "messageFlow"}))
    for (const auto attribute : {"sourceRef", "targetRef"})
      if (!flow->attribute(attribute)) report.at(*flow, std::string(attribute) + " is missing");
}

// The schema's closed list of names: what stands in BPMN's own namespace and is not BPMN is refused, never skipped.
void SG002(const Facts& facts, Report& report) {
  static const std::set<std::string_view> names = {
#define NAME(local) local,
#include "bpmn/names.def"
#undef NAME
  };
  for (const Element* element : facts.all())
    if (element->ns == kBpmnNs && !names.contains(element->local)) report.at(*element, "<" + element->local + ">");
}

void SG003(const Facts& facts, Report& report) {
  for (const Element* process : facts.named("process"))
    if (id(*process).empty()) report.at(*process);
  for (const Node& node : facts.model.nodes)
    if (node.id.empty()) report.at(*node.xml, "<" + node.xml->local + ">");
}

}  // namespace bpmn::rules
