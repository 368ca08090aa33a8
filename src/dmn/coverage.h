// Overlaps and gaps of decision tables (DMN 1.5 section 8.2.9): each column's cells cut its values into atoms, a rule is a
// set of atoms in each column; two rules overlap where all columns meet, a gap is a choice of atoms that no rule holds.
#pragma once
#include <string>

#include "dmn/faults.h"
#include "dmn/model.h"
#include "dmn/types.h"

namespace dmn {

// Reports DMN-TABLE-OVERLAP, DMN-TABLE-GAP or DMN-TABLE-NOT-CHECKED, each with an example.
void check_coverage(const DecisionTable&, const Expression& holder, const std::string& owner, const Model&, const TypeTable&, Faults&);
// Of every table of the model.
void check_coverage(const Model&, const TypeTable&, Faults&);

}  // namespace dmn
