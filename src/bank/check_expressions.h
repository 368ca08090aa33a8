// FEEL in a process: what can be known of an expression where nothing is known of its variables.
#pragma once
#include <vector>

#include "bank/package.h"

namespace bank {

// Warnings SG-FEEL: operands, comparisons and arguments that never work, conditions that are no conditions, parts that are always null.
// Texts that are no FEEL are the engine's to refuse; they are errors here only where `syntax` is asked for: while somebody draws.
void check_expressions(const bpmn::Model&, std::vector<Finding>&, bool syntax = false);

}  // namespace bank
