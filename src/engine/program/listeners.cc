#include "engine/program/listeners.h"

#include <algorithm>

namespace engine {

using bpmn::ElementType;
using bpmn::EventKind;

// "" = both phases run here; else why not (or not this one).
static std::string refused(const bpmn::Model& model, const bpmn::Node& node, ListenerPhase phase) {
  const auto has = [&](EventKind kind) { return std::any_of(node.events.begin(), node.events.end(), [&](const auto& one) { return one.kind == kind; }); };
  const bool throws = node.type == ElementType::end_event || node.type == ElementType::intermediate_throw_event;
  const bool joins = node.incoming.size() > 1 && (node.type == ElementType::parallel_gateway || node.type == ElementType::inclusive_gateway);
  if (joins || node.type == ElementType::complex_gateway) return "a joining gateway";  // its token is parked before it begins
  if (node.type == ElementType::boundary_event) return "a boundary event";
  if (node.type == ElementType::event_sub_process) return "an event sub-process";
  if (node.type == ElementType::event_based_gateway && phase == ListenerPhase::end) return "the end of an event-based gateway";
  if (node.instantiate) return "an element that begins instances";
  if (has(EventKind::link) && throws) return "a throwing link event";
  if (throws && (has(EventKind::compensation) || has(EventKind::cancel))) return "an event that compensates";
  if (throws && phase == ListenerPhase::end && (has(EventKind::error) || has(EventKind::terminate))) return "the end of an event that stops its own scope";
  for (int flow : node.incoming) {
    const int source = model.flows[static_cast<std::size_t>(flow)].source;
    if (source >= 0 && model.nodes[static_cast<std::size_t>(source)].type == ElementType::event_based_gateway) return "an event behind an event-based gateway";
  }
  return {};
}

base::Result<ListenerPhase> listener_phase(const bpmn::Model& model, const bpmn::Node* node, const bpmn::Node& where, const bpmn::Listener& listener) {
  ListenerPhase phase = ListenerPhase::none;
  const ListenerPhase first = listener.task ? ListenerPhase::creating : ListenerPhase::start, last = listener.task ? ListenerPhase::canceling : ListenerPhase::end;
  for (auto one = first; one <= last; one = static_cast<ListenerPhase>(static_cast<int>(one) + 1))
    if (name(one) == listener.event_type) phase = one;
  const auto fail = [&](base::ErrorCode code, const std::string& what, const char* remedy) { return base::fail(code, "'" + where.id + "' " + what, model.where(where), remedy); };
  if (phase == ListenerPhase::none)
    return fail(base::ErrorCode::unsupported_element, "has a listener for the eventType '" + listener.event_type + "', which is not executed by this release",
                listener.task ? "creating, assigning, updating, completing or canceling" : "start or end");
  if (listener.type.empty()) return fail(base::ErrorCode::invalid_bpmn, "has a listener without a type", "type=\"the job type of its worker\"");
  if (listener.task) {
    if (node == nullptr || node->type != ElementType::user_task) return fail(base::ErrorCode::invalid_bpmn, "has task listeners but is no user task", "zeebe:executionListeners");
    return phase;
  }
  if (node == nullptr) {
    const bool begins = std::any_of(model.nodes.begin(), model.nodes.end(), [](const bpmn::Node& one) { return one.instantiate; });
    if (begins && phase == ListenerPhase::start) return fail(base::ErrorCode::unsupported_element, "has start listeners, and an element that begins instances", "a message start event");
    return phase;
  }
  if (const std::string what = refused(model, *node, phase); !what.empty())
    return fail(base::ErrorCode::unsupported_element, "has a listener at " + what + ", which is not executed by this release", "a listener at the element before or behind it");
  return phase;
}

}  // namespace engine
