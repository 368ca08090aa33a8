#include "app/scenario/compare.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/limits.h"

namespace app::scenario {

using base::Json;

bool same_number(const Json& a, const Json& b) {
  const auto number = [](const Json& v) {
    return base::Decimal::parse(v.is_number() ? v.number_text() : v.is_string() ? v.as_string() : "x");
  };
  const auto x = number(a), y = number(b);
  return x && y && *x == *y;
}

bool matches(const Json& wanted, const Json& found, int depth) {
  if (depth > base::limits::kYamlDepth) return false;
  if (wanted.is_number()) return same_number(wanted, found);
  if (wanted.is_object())
    return found.is_object() && std::all_of(wanted.as_object().begin(), wanted.as_object().end(),
        [&](const auto& m) { return found.has(m.first) ? matches(m.second, found[m.first], depth + 1) : m.second.is_null(); });
  if (wanted.is_array()) {
    if (!found.is_array() || found.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (!matches(wanted.as_array()[i], found.as_array()[i], depth + 1)) return false;
    return true;
  }
  return wanted == found;
}

}  // namespace app::scenario
