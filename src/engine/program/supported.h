// What this release executes: bpmn/elements.def by element, supported.def by event definition. Never skipped silently.
#pragma once
#include "bpmn/model.h"

namespace engine {

// Errors: unsupported_element, naming the element and what it is.
base::Status supported(const bpmn::Model&, const bpmn::Node&);

}  // namespace engine
