#include "base/time.h"

#include <cstdio>

namespace base {
namespace {
// Days since 1970-01-01 of a proleptic Gregorian date and back (H. Hinnant's era arithmetic, own writing).
std::int64_t days_of(std::int64_t y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void civil_of(std::int64_t days, std::int64_t& y, int& m, int& d) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t doe = days - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  d = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  m = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  y = yoe + era * 400 + (m <= 2);
}

constexpr std::int64_t kDayMs = 86'400'000;
}  // namespace

std::string iso_utc(Millis at) {
  std::int64_t days = at / kDayMs, rest = at % kDayMs;
  if (rest < 0) rest += kDayMs, --days;
  std::int64_t y = 0;
  int m = 0, d = 0;
  civil_of(days, y, m, d);
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ", static_cast<long long>(y), m, d,
                static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60), static_cast<int>(rest / 1000 % 60),
                static_cast<int>(rest % 1000));
  return buffer;
}

std::string iso_date(Millis at) { return iso_utc(at).substr(0, 10); }

Result<Millis> parse_iso_utc(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorCode::invalid_argument, "'" + std::string(text) + "' is not a date and time", {}, "write 2026-11-21T09:30:00Z");
  };
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, used = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &used) != 6 || used != 19) return bad();
  if (mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 59) return bad();
  std::size_t at = 19;
  std::int64_t ms = 0;
  if (at < copy.size() && copy[at] == '.') {
    std::int64_t scale = 100;
    for (++at; at < copy.size() && copy[at] >= '0' && copy[at] <= '9'; ++at, scale /= 10) ms += (copy[at] - '0') * scale;
  }
  std::int64_t offset = 0;
  if (at + 1 == copy.size() && copy[at] == 'Z') {
  } else if (at + 6 == copy.size() && (copy[at] == '+' || copy[at] == '-') && copy[at + 3] == ':') {
    int oh = 0, om = 0;
    if (std::sscanf(copy.c_str() + at + 1, "%2d:%2d", &oh, &om) != 2) return bad();
    offset = (oh * 60 + om) * 60'000ll * (copy[at] == '-' ? -1 : 1);
  } else {
    return bad();
  }
  return days_of(y, mo, d) * kDayMs + h * 3'600'000ll + mi * 60'000ll + s * 1000ll + ms - offset;
}

}  // namespace base
