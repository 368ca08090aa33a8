// Positions for a process diagram (BPMN 2.0.2 section 12): same model, same bytes.
#pragma once
#include "bpmn/model.h"

namespace bpmn {

struct LayoutOptions {
  bool keep = false;   // elements that have a shape keep it; what is new is placed beside them
};

// The model with a diagram; everything else in its XML survives. Errors: limit_exceeded, and what read() says.
base::Result<ModelPtr> layout(const Model&, const LayoutOptions& = {});

}  // namespace bpmn
