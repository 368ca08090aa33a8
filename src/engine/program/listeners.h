// Which listeners this release calls where; the others are refused by name.
#pragma once
#include "bpmn/model.h"
#include "engine/events.h"

namespace engine {

// The phase of a listener of a node (nullptr: of the process). Errors: unsupported_element, invalid_bpmn.
base::Result<ListenerPhase> listener_phase(const bpmn::Model&, const bpmn::Node* node, const bpmn::Node& where, const bpmn::Listener&);

}  // namespace engine
