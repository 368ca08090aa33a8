// Personal numbers (CPR) masked as the pages mask them (web/src/lib/cpr.ts): "050380-••••". For answers that show persons' data to
// somebody who has not asked for the person.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace api {

std::string masked(std::string_view text);
// Through a whole value; what stands in a field named cpr or personnummer is masked whatever its form.
base::Json masked_json(const base::Json& value, std::string_view field = {});

}  // namespace api
