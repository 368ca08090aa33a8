// Draws the links of a plan whose items have their places, and puts the labels where nothing else is.
#pragma once
#include "bpmn/layout/plan.h"

namespace bpmn::layouts {

void connect(Plan&);
void place_labels(Plan&);

}  // namespace bpmn::layouts
