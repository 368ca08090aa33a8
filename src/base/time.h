// ISO 8601 at the edge (RFC 3339 for answers). The full FEEL calendar lives in feel/temporal.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace base {

std::string iso_utc(Millis);                      // 2026-11-21T09:30:00.000Z
Result<Millis> parse_iso_utc(std::string_view);   // with Z or ±hh:mm; fraction optional
std::string iso_date(Millis);                     // UTC day, 2026-11-21

}  // namespace base
