// Places that stay: what had a shape keeps it, what is new finds room; groups are drawn around what they hold.
#pragma once
#include "bpmn/layout/plan.h"

namespace bpmn::layouts {

void keep_places(Plan&, const Model&);
void surround_groups(Plan&);

}  // namespace bpmn::layouts
