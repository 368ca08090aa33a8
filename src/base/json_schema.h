// JSON Schema 2020-12, the part that our own contracts use: type, const, enum, required, properties, additionalProperties,
// items, anyOf, local $ref, and the bounds on numbers, lengths and counts. A keyword outside this list is a fault of the schema.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"

namespace base {

struct SchemaFault {
  std::string pointer;  // into the value (RFC 6901)
  std::string message;  // what is wrong, without the value itself (it may be personal)
  std::string remedy;   // what would be right, e.g. the nearest known key
};

// `root` is where "$ref": "#/…" points into; `schema` is the part of it to obey. At most `max_faults` are told.
std::vector<SchemaFault> check_schema(const Json& root, const Json& schema, const Json& value, std::size_t max_faults = 100);
inline std::vector<SchemaFault> check_schema(const Json& schema, const Json& value) { return check_schema(schema, schema, value); }

// Keywords of the schema that check_schema does not know, as pointers: empty for a usable schema (annotations are known).
std::vector<std::string> unknown_keywords(const Json& schema);

}  // namespace base
