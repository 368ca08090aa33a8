// What the connectors are to somebody who draws: templates a modelling tool offers.
#pragma once
#include "base/json.h"

namespace connectors {

// An array in the form of bpmn-io's element templates (zeebe), one per connector, made from its job type, schemas and names.def.
// `metadata.sagsgang` holds what that form has no place for: {type, errors: [{code, text}], results: [{name, label, text, type}]}.
base::Json element_templates();

}  // namespace connectors
