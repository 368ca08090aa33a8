// A diagram as numbered Danish sentences by role: what the page "Trin" shows and prints.
#pragma once
#include "base/json.h"
#include "bpmn/model.h"

namespace bank {

// {lanes: [{id, name, steps: [{number, elementId, kind, text, note?, deadline?, law?: [text], calls?: slug}]}]}; numbers run through
// the whole process in the order of the flow, so a step is found again from any lane.
// kind: start | opgave | valg | delproces | venter | besked | undtagelse | slut. note: the element's documentation.
base::Json steps(const bpmn::Model&);

}  // namespace bank
