// A diagram as the starting deck of a board: operations that lay its activities out, rows by role, columns by order.
#pragma once
#include <vector>

#include "bank/coverage.h"
#include "base/json.h"
#include "bpmn/model.h"

namespace bank::board {

// Operations for apply(), from an empty board. A card keeps its element's id and carries its laws, documents, times and claims; without `claims`
// (duty → activities) it claims nothing. Errors: limit_exceeded. Columns are the longest path in activities, loops cut.
base::Result<std::vector<base::Json>> deck(const bpmn::Model&, const Claims&);
// An empty board to write on: one role, three columns.
std::vector<base::Json> blank();

}  // namespace bank::board
