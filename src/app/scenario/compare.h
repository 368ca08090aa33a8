// How an expectation compares with what was found: in scenarios and in decision tests.
#pragma once
#include "base/json.h"

namespace app::scenario {

bool same_number(const base::Json& a, const base::Json& b);  // by value: 5 is 5.00
// Objects list the members that must be equal; everything else is whole.
bool matches(const base::Json& wanted, const base::Json& found, int depth = 0);

}  // namespace app::scenario
