#include "bank/board/calendar.h"

#include <cmath>

#include "base/time.h"

namespace bank::board {
namespace {

// Howard Hinnant's civil_from_days, and back.
struct Civil { int year, month, day; };
Civil civil(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t doe = days - era * 146'097, yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {static_cast<int>(yoe + era * 400) + (month <= 2 ? 1 : 0), month, static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

int weekday(std::int64_t day) { return static_cast<int>(((day + 3) % 7 + 7) % 7); }  // Monday 0

// Easter Sunday of the Gregorian calendar (the anonymous algorithm).
std::int64_t easter(int y) {
  const int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
  return day_of(y, n / 31, n % 31 + 1);
}

std::int64_t last_sunday(int year, int month) {
  const std::int64_t last = day_of(year, month, 31);
  return last - (weekday(last) + 1) % 7;
}

}  // namespace

std::int64_t day_of(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
  const std::int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1, doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146'097 + doe - 719'468;
}

std::string date_text(std::int64_t day) { return base::iso_date(day * 86'400'000); }

bool is_working_day(std::int64_t day) {
  if (weekday(day) >= 5) return false;
  const auto [year, month, of_month] = civil(day);
  if ((month == 1 && of_month == 1) || (month == 12 && (of_month == 25 || of_month == 26))) return false;
  const std::int64_t from_easter = day - easter(year);
  if (from_easter == 26 && year <= 2023) return false;  // store bededag, abolished from 2024
  return from_easter != -3 && from_easter != -2 && from_easter != 1 && from_easter != 39 && from_easter != 50;
}

std::int64_t done_on(std::int64_t from, double days) {
  constexpr double kMostDays = 20'000;
  auto left = static_cast<std::int64_t>(std::ceil(std::min(days, kMostDays) - 1e-9));
  std::int64_t day = from;
  while (!is_working_day(day)) ++day;
  for (; left > 1; --left)
    do ++day;
    while (!is_working_day(day));
  return day;
}

std::int64_t danish_day(base::Millis at) {
  constexpr base::Millis kHourMs = 3'600'000, kDayMs = 24 * kHourMs;
  const std::int64_t utc = (at - (at < 0 ? kDayMs - 1 : 0)) / kDayMs;
  const int year = civil(utc).year;
  const bool summer = at >= last_sunday(year, 3) * kDayMs + kHourMs && at < last_sunday(year, 10) * kDayMs + kHourMs;
  const base::Millis local = at + (summer ? 2 : 1) * kHourMs;
  return (local - (local < 0 ? kDayMs - 1 : 0)) / kDayMs;
}

}  // namespace bank::board
