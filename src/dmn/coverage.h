// What a decision table's rules leave open, decide twice or never reach (DMN 1.5 section 8.2.9): each column's cells cut its values into
// atoms (coverage_column.h), a rule is a box of atoms, and boxes are compared (coverage_search.h).
#pragma once
#include <string>

#include "dmn/faults.h"
#include "dmn/model.h"

namespace dmn {

// Reports DMN-TABLE-OVERLAP, -GAP, -MASKED, -DUPLICATE or -NOT-CHECKED, overlaps and gaps with an example. `types`: of what each input
// column tests, nullptr = not known. Null inputs are left aside.
void check_coverage(const DecisionTable&, const Expression& holder, const std::string& owner, const Model&, const std::vector<feel::TypePtr>& types, Faults&);

}  // namespace dmn
