// The trace as JSON (docs/dmn.md, "The trace"): one shape for the REST answer, the engine's stored trace and the command line.
#pragma once
#include "base/json.h"
#include "dmn/dmn.h"

namespace dmn {

// {decisionOutput, failureMessage, failedDecisionDefinitionId, evaluatedDecisions}. What was not asked for (stopped rules) is left out.
base::Json trace_json(const Evaluation&);
// One element of "reasons": {code, text, textDa, line, column, elementId}.
base::Json reason_json(const feel::Reason&);
// {name: value}: the input data, beside which the decision can be asked again.
base::Json input_data_json(const Evaluation&);

}  // namespace dmn
