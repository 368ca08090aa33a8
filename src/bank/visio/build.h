// Plans → BPMN: one process for each page or pool, the drawing's positions as diagram interchange.
#pragma once
#include <string>
#include <vector>

#include "bank/visio/plan.h"

namespace bank::visio {

// Text of a BPMN file. `title` names what has no name. Pages without a flow element make nothing.
std::string build_bpmn(const std::vector<PagePlan>& pages, const std::string& title);
// Whether the page becomes a diagram.
bool has_content(const PagePlan&);
std::string process_id(const PagePlan&, int pool);  // pool: index of its element, -1 = the page's own

}  // namespace bank::visio
