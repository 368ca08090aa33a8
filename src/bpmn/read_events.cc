// Event definitions (BPMN 2.0.2 section 10.5.5) and loop characteristics (10.3.8).
#include <array>

#include "base/text.h"
#include "bpmn/reader.h"

namespace bpmn::reader {
namespace {

struct DefinitionFact {
  std::string_view local;
  EventKind kind;
  std::string_view reference;  // attribute that names the message, signal, …
};
constexpr std::array<DefinitionFact, 10> kDefinitions{{
    {"messageEventDefinition", EventKind::message, "messageRef"},
    {"timerEventDefinition", EventKind::timer, ""},
    {"errorEventDefinition", EventKind::error, "errorRef"},
    {"escalationEventDefinition", EventKind::escalation, "escalationRef"},
    {"signalEventDefinition", EventKind::signal, "signalRef"},
    {"conditionalEventDefinition", EventKind::conditional, ""},
    {"compensateEventDefinition", EventKind::compensation, "activityRef"},
    {"cancelEventDefinition", EventKind::cancel, ""},
    {"linkEventDefinition", EventKind::link, ""},
    {"terminateEventDefinition", EventKind::terminate, ""},
}};

void read_timer(const Element& definition, EventDefinition& into) {
  constexpr std::array<std::pair<std::string_view, TimerKind>, 3> kinds{
      {{"timeDate", TimerKind::date}, {"timeDuration", TimerKind::duration}, {"timeCycle", TimerKind::cycle}}};
  for (const auto& [local, kind] : kinds) {
    const Element* child = definition.child(kBpmnNs, local);
    if (!child) continue;
    into.timer = kind;
    into.expression = base::trim(child->text());
    return;
  }
}

std::optional<EventDefinition> read_definition(const Element& element) {
  if (element.ns != kBpmnNs) return std::nullopt;
  for (const DefinitionFact& fact : kDefinitions) {
    if (element.local != fact.local) continue;
    EventDefinition result;
    result.kind = fact.kind;
    result.id = id_of(element);
    result.xml = &element;
    if (!fact.reference.empty()) result.ref = reference(element, fact.reference);
    if (fact.kind == EventKind::timer) read_timer(element, result);
    if (fact.kind == EventKind::conditional) result.expression = text_of(element, "condition");
    if (fact.kind == EventKind::link) result.link_name = element.attribute_or("name", "");
    return result;
  }
  return std::nullopt;
}

}  // namespace

std::vector<EventDefinition> read_events(const Element& event,
                                         const std::unordered_map<std::string, const Element*>& roots) {
  std::vector<EventDefinition> result;
  for (const Element* child : event.elements()) {
    const Element* definition = child;
    if (is_bpmn(*child, "eventDefinitionRef")) {
      const auto found = roots.find(std::string(local_part(child->text())));
      if (found == roots.end()) continue;  // an unresolved reference: check says so
      definition = found->second;
    }
    if (auto read = read_definition(*definition)) result.push_back(std::move(*read));
  }
  return result;
}

std::optional<Loop> read_loop(const Element& activity) {
  if (const Element* element = activity.child(kBpmnNs, "multiInstanceLoopCharacteristics")) {
    Loop loop;
    loop.xml = element;
    loop.sequential = flag(*element, "isSequential", false);
    loop.cardinality = text_of(*element, "loopCardinality");
    loop.completion_condition = text_of(*element, "completionCondition");
    loop.behavior = element->attribute_or("behavior", "All");
    return loop;
  }
  if (const Element* element = activity.child(kBpmnNs, "standardLoopCharacteristics")) {
    Loop loop;
    loop.xml = element;
    loop.standard = true;
    loop.loop_condition = text_of(*element, "loopCondition");
    loop.loop_maximum = element->attribute_or("loopMaximum", "");
    loop.test_before = flag(*element, "testBefore", false);
    return loop;
  }
  return std::nullopt;
}

}  // namespace bpmn::reader
