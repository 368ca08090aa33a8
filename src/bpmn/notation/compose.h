// Facts of a model → the XML tree of a BPMN file, in the order that the schema wants.
#pragma once
#include "bpmn/notation/draft.h"

namespace bpmn::notation {

// Without diagram. Elements carry the lines of the outline, so that findings point into it.
base::xml::Document compose(const Draft&);

}  // namespace bpmn::notation
