// The places of one diagram for another one's elements: where a person had put them before the text was edited.
#pragma once
#include "bpmn/model.h"

namespace bpmn {

// `model` (without a diagram of its own) with the diagrams of `drawn`, less what stands for elements that `model` lacks. For layout with
// keep. Errors: what read() says.
base::Result<ModelPtr> with_places_of(const Model& model, const Model& drawn);

}  // namespace bpmn
