// A process diagram as a Visio drawing (.vsdx, [MS-VSDX] and ECMA-376 part 2): a page for each diagram, shapes of the BPMN stencil's
// masters by their NameU, shape data for what the master leaves open, connectors glued at both ends, pools and lanes.
#pragma once
#include <string>

#include "base/error.h"
#include "bpmn/model.h"

namespace bank {

// A model without positions is laid out first. What Visio's stencil has no shape for (choreographies, conversations) is left out.
// The same model gives the same bytes. Errors: limit_exceeded, not_found (nothing to draw).
base::Result<std::string> to_vsdx(const bpmn::Model&, const std::string& title);

}  // namespace bank
