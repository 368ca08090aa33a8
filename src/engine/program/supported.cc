#include "engine/program/supported.h"

namespace engine {

static bool is_event(bpmn::ElementType type) {
  using bpmn::ElementType;
  return type == ElementType::start_event || type == ElementType::end_event || type == ElementType::intermediate_catch_event ||
         type == ElementType::intermediate_throw_event || type == ElementType::boundary_event;
}

base::Status supported(const bpmn::Model& model, const bpmn::Node& node) {
  const std::string what = std::string(bpmn::xml_name(node.type)) + " '" + node.id + "'";
  if (!bpmn::executes(node.type))
    return base::fail(base::ErrorCode::unsupported_element, what + " is not executed by this release", model.where(node));
  if (!is_event(node.type)) return {};
  const auto runs = [&](bpmn::EventKind kind) {
#define SUPPORTED(element, event, section) \
  if (node.type == bpmn::ElementType::element && kind == bpmn::EventKind::event) return true;
#include "engine/program/supported.def"
#undef SUPPORTED
    return false;
  };
  bpmn::EventKind kind = node.events.empty() ? bpmn::EventKind::none : node.events[0].kind;
  for (const bpmn::EventDefinition& one : node.events)
    if (!runs(one.kind)) kind = one.kind;
  if (runs(kind)) return {};
  return base::fail(base::ErrorCode::unsupported_element,
      what + " with a " + std::string(bpmn::name(kind)) + " event definition is not executed by this release", model.where(node));
}

}  // namespace engine
