// Collaborations, message flows, conversations, choreographies (BPMN 2.0.2 sections 7.6.2, 9, 11).
#include <unordered_map>

#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

template <class Visit>
void each_end(const Facts& facts, std::string_view attribute, Visit visit) {
  for (const Element* flow : facts.named("messageFlow"))
    if (const Element* end = facts.target(*flow, attribute))
      if (const Node* node = facts.node(*end)) visit(*flow, *node);
}

}  // namespace

void EXT027(const Facts& facts, Report& report) {
  for (const Element* one : facts.named_any({"choreography", "globalConversation"}))
    if (has(*one, "choreographyRef")) report.at(*one);
}
void EXT030(const Facts& facts, Report& report) {
  for (const Element* one : facts.named("participantMultiplicity")) {
    const int minimum = integer(*one, "minimum", 0), maximum = integer(*one, "maximum", 1);
    if (maximum < 1 || maximum < minimum)
      report.at(*facts.parent(*one), "minimum " + std::to_string(minimum) + ", maximum " + std::to_string(maximum));
  }
}
// The pool of an end: a participant itself, the participant that shows the process, or the bare process.
void EXT031(const Facts& facts, Report& report) {
  std::unordered_map<const Element*, const Element*> shown_by;
  for (const Participant& one : facts.model.participants)
    if (one.process >= 0) shown_by.emplace(facts.model.processes[static_cast<std::size_t>(one.process)].xml, one.xml);
  const auto pool_of = [&](const Element& end) -> const Element* {
    if (is(end, "participant")) return &end;
    const Element* process = facts.process_of(end);
    const auto pool = shown_by.find(process);
    return pool == shown_by.end() ? process : pool->second;
  };
  for (const Element* flow : facts.named("messageFlow")) {
    const Element* source = facts.target(*flow, "sourceRef");
    const Element* target = facts.target(*flow, "targetRef");
    if (!source || !target) continue;
    const Element* pool = pool_of(*source);
    if (pool && pool == pool_of(*target)) report.at(*flow, "both ends belong to '" + id(*pool) + "'");
  }
}
void EXT032(const Facts& facts, Report& report) {
  for (const Element* conversation : facts.named("globalConversation"))
    for (const Element* child : conversation->elements())
      if (is_conversation_node(*child) || is_artifact(*child))
        report.at(*conversation, "it contains the " + child->local + " '" + id(*child) + "'");
}

// Table 7.4 and 10.5.2–10.5.4: which events message flows may touch.
void EXT103(const Facts& facts, Report& report) {
  each_end(facts, "targetRef", [&](const Element& flow, const Node& node) {
    if (node.type == ElementType::start_event && !has_trigger(node, EventKind::message))
      report.at(*node.xml, "message flow '" + id(flow) + "' ends there");
  });
}
void EXT108(const Facts& facts, Report& report) {
  each_end(facts, "targetRef", [&](const Element& flow, const Node& node) {
    if (node.type == ElementType::end_event) report.at(*node.xml, "message flow '" + id(flow) + "' ends there");
  });
}
void SG050(const Facts& facts, Report& report) {
  each_end(facts, "sourceRef", [&](const Element& flow, const Node& node) {
    if (node.type == ElementType::start_event) report.at(*node.xml, "message flow '" + id(flow) + "' begins there");
  });
}
void EXT119(const Facts& facts, Report& report) {
  each_end(facts, "targetRef", [&](const Element& flow, const Node& node) {
    if (node.type == ElementType::intermediate_throw_event) report.at(*node.xml, "message flow '" + id(flow) + "' ends there");
  });
  each_end(facts, "sourceRef", [&](const Element& flow, const Node& node) {
    if (node.type == ElementType::intermediate_catch_event || node.type == ElementType::boundary_event)
      report.at(*node.xml, "message flow '" + id(flow) + "' begins there");
  });
}
void SG051(const Facts& facts, Report& report) {
  const auto check = [&](const Element& flow, const Node& node) {
    const bool judged_elsewhere = node.type == ElementType::start_event;
    if (is_event(*node.xml) && !judged_elsewhere && !has_trigger(node, EventKind::message))
      report.at(*node.xml, "it is an end of message flow '" + id(flow) + "'");
  };
  each_end(facts, "sourceRef", check);
  each_end(facts, "targetRef", check);
}

}  // namespace bpmn::rules
