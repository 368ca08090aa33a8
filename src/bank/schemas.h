// The machine-readable contracts of docs/, inside the binary: one truth for readers and for check().
#pragma once
#include "base/json.h"

namespace bank {

const base::Json& manifest_schema();  // docs/schema/arbejdsgang.schema.json
const base::Json& scenario_schema();  // docs/schema/scenario.schema.json
const base::Json& decision_test_schema();  // docs/schema/beslutningstest.schema.json

}  // namespace bank
