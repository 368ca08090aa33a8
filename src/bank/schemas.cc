#include "bank/schemas.h"

#include <cstdlib>

#include "base/embed.h"
#include "base/log.h"

EMBED_FILE(manifest_schema, "docs/schema/arbejdsgang.schema.json");
EMBED_FILE(scenario_schema, "docs/schema/scenario.schema.json");
EMBED_FILE(decision_test_schema, "docs/schema/beslutningstest.schema.json");

namespace bank {
namespace {

base::Json parsed(std::string_view text, std::string_view file) {
  auto value = base::parse_json(text, file);
  if (!value) {  // the binary was built from a broken file: a defect of ours, seen at the first start
    base::log::error("bank", value.error().text());
    std::abort();
  }
  return std::move(*value);
}

}  // namespace

const base::Json& manifest_schema() {
  static const base::Json kSchema = parsed(EMBEDDED(manifest_schema), "arbejdsgang.schema.json");
  return kSchema;
}
const base::Json& scenario_schema() {
  static const base::Json kSchema = parsed(EMBEDDED(scenario_schema), "scenario.schema.json");
  return kSchema;
}
const base::Json& decision_test_schema() {
  static const base::Json kSchema = parsed(EMBEDDED(decision_test_schema), "beslutningstest.schema.json");
  return kSchema;
}

}  // namespace bank
