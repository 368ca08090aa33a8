// JSON Schema (2020-12), the part the connectors' input and our own file formats need: type, enum, const, required, properties,
// additionalProperties, items, minItems, minLength, minProperties, maxProperties, minimum, maximum, anyOf, $ref to #/$defs.
// `pattern` and `format` are left to the readers of the formats. An unknown keyword in a schema is an error, not a pass.
#pragma once
#include "base/error.h"
#include "base/json.h"

namespace connectors {

// Errors: invalid_argument with the JSON pointer of the value and what would be right.
base::Status check_schema(const base::Json& schema, const base::Json& value);

}  // namespace connectors
