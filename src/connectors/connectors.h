// The room's door besides connector.h: one factory per line of connectors.def, and what they share.
#pragma once
#include <string>
#include <string_view>

#include "connectors/connector.h"

namespace connectors {

#define CONNECTOR(factory, type, file) const Connector& factory();
#include "connectors/connectors.def"
#undef CONNECTOR

// JSON Schema of an object with these members; the subset that base/json_schema.h checks.
base::Json object_schema(std::initializer_list<std::pair<const char*, const char*>> members, std::initializer_list<const char*> required);

// Waiting time before the next try: doubles from `first` per try already used, at most ten minutes.
base::Millis back_off(const Job&, base::Millis first);

}  // namespace connectors
