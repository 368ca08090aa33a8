// Places everything of the frames of a plan: columns from left to right, chains in rows, lanes below each other, pools below each other.
#pragma once
#include "bpmn/layout/plan.h"

namespace bpmn::layouts {

inline constexpr double kHeader = 30, kPadding = 30, kGap = 30;

void arrange(Plan&, const Model&);

}  // namespace bpmn::layouts
