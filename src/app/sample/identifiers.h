// Synthetic identifiers with right check digits that belong to nobody.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace app::sample {

struct Supplier {
  std::string name, cvr, registration;  // registration: 4-digit bank registration number
};

// CVR (mod 11, weights 2,7,6,5,4,3,2,1) in the range 99000000–99999999, which is not given out.
std::string synthetic_cvr(base::Random&);
// CPR of a birth date in 2030–2036 (seventh digit 4 or 9): nobody has it yet.
std::string synthetic_cpr(base::Random&);
std::string uuid(base::Random&);
// FIK +71: 14 digits and their check digit (mod 10, weights 2,1 from the right of the payload, digits of products added).
std::string fik_payment_id(base::Random&);
std::optional<std::int64_t> oere_of(std::string_view kroner);  // "468.00" → 46800
std::string kroner_text(std::int64_t oere);                    // 46800 → "468.00"

}  // namespace app::sample
