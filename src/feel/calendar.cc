// The proleptic Gregorian calendar on int64 days, and sums of dates and durations (section 10.3.2.3.5–8, table 59 ff.).
#include "feel/temporal_math.h"

namespace feel {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int32_t kNano = 1'000'000'000;

bool leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0)); }

}  // namespace

int days_in_month(std::int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : kDays[month - 1];
}

bool valid(const Date& d) {
  return d.year >= -kMaxYear && d.year <= kMaxYear && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
         d.day <= days_in_month(d.year, d.month);
}

// Howard Hinnant's civil calendar arithmetic: eras of 400 years that start on 1 March.
std::int64_t days_from_civil(const Date& d) {
  const std::int64_t y = d.year - (d.month <= 2);
  const std::int64_t era = floor_div(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Date civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = floor_div(days, 146'097);
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2), month, static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

int weekday(const Date& d) {  // 1970-01-01 was a Thursday
  const std::int64_t w = (days_from_civil(d) + 3) % 7;
  return static_cast<int>(w < 0 ? w + 7 : w) + 1;
}

int day_of_year(const Date& d) { return static_cast<int>(days_from_civil(d) - days_from_civil({d.year, 1, 1})) + 1; }

int week_of_year(const Date& d) {  // ISO 8601: the week of this week's Thursday
  const Date thursday = civil_from_days(days_from_civil(d) + 4 - weekday(d));
  return (day_of_year(thursday) - 1) / 7 + 1;
}

int second_of_day(const Time& t) { return t.hour * 3600 + t.minute * 60 + t.second; }

std::int32_t offset_of(const Zone& zone, const Date& date, int second) {
  if (zone.offset_s) return *zone.offset_s;
  if (zone.id.empty()) return 0;
  return zone_offset_local(zone.id, date, second).value_or(0);
}

std::int64_t value_of(const Time& t) { return second_of_day(t) - offset_of(t.zone, kReferenceDay, second_of_day(t)); }

std::int64_t value_of(const DateTime& d) {
  const int second = second_of_day(d.time);
  return days_from_civil(d.date) * kDay + second - offset_of(d.time.zone, d.date, second);
}

namespace {

DateTime from_local_seconds(std::int64_t seconds, std::int32_t nano, Zone zone) {
  const std::int64_t days = floor_div(seconds, kDay);
  const int second = static_cast<int>(seconds - days * kDay);
  return {civil_from_days(days), {second / 3600, second / 60 % 60, second % 60, nano, std::move(zone)}};
}

}  // namespace

DateTime at_instant(std::int64_t utc_seconds, std::int32_t nano, const Zone& zone) {
  std::int64_t local = utc_seconds;
  if (zone.offset_s) {
    local += *zone.offset_s;
  } else if (!zone.id.empty()) {
    local += zone_offset_at(zone.id, utc_seconds).value_or(0);
  }
  return from_local_seconds(local, nano, zone);
}

std::optional<std::int64_t> to_millis(const DateTime& d, std::string_view zone_if_local) {
  DateTime zoned = d;
  if (zoned.time.zone.none()) zoned.time.zone.id = zone_if_local;
  std::int64_t millis;
  if (__builtin_mul_overflow(value_of(zoned), std::int64_t{1000}, &millis)) return std::nullopt;
  if (__builtin_add_overflow(millis, std::int64_t{d.time.nano / 1'000'000}, &millis)) return std::nullopt;
  return millis;
}

DateTime from_millis(std::int64_t millis, std::string_view zone_id) {
  const std::int64_t seconds = floor_div(millis, 1000);
  return at_instant(seconds, static_cast<std::int32_t>(millis - seconds * 1000) * 1'000'000, Zone{{}, std::string(zone_id)});
}

std::optional<DaysTime> make_days_time(__int128 nanos) {
  const __int128 seconds = nanos / kNano;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) return std::nullopt;
  return DaysTime{static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(nanos % kNano)};
}

__int128 nanos_of(const DaysTime& d) { return static_cast<__int128>(d.seconds) * kNano + d.nano; }

std::optional<DateTime> add(const DateTime& d, const DaysTime& by) {
  __int128 nanos = static_cast<__int128>(value_of(d)) * kNano + d.time.nano + nanos_of(by);
  __int128 seconds = nanos / kNano;
  auto nano = static_cast<std::int32_t>(nanos % kNano);
  if (nano < 0) nano += kNano, --seconds;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) return std::nullopt;
  const DateTime result = at_instant(static_cast<std::int64_t>(seconds), nano, d.time.zone);
  return valid(result.date) ? std::optional(result) : std::nullopt;
}

std::optional<Date> add(const Date& d, const YearsMonths& by) {
  std::int64_t months;
  if (__builtin_add_overflow(d.year * 12 + d.month - 1, by.months, &months)) return std::nullopt;
  Date result;
  result.year = floor_div(months, 12);
  result.month = static_cast<int>(months - result.year * 12) + 1;
  if (result.year > kMaxYear || result.year < -kMaxYear) return std::nullopt;
  result.day = std::min(d.day, days_in_month(result.year, result.month));  // 31 January + 1 month: the last of February
  return result;
}

Time add(const Time& t, const DaysTime& by) {
  constexpr __int128 kDayNanos = static_cast<__int128>(kDay) * kNano;
  __int128 nanos = (static_cast<__int128>(second_of_day(t)) * kNano + t.nano + nanos_of(by)) % kDayNanos;
  if (nanos < 0) nanos += kDayNanos;
  const int second = static_cast<int>(nanos / kNano);
  return {second / 3600, second / 60 % 60, second % 60, static_cast<std::int32_t>(nanos % kNano), t.zone};
}

DaysTime difference(const DateTime& a, const DateTime& b) {
  const __int128 nanos = (static_cast<__int128>(value_of(a)) - value_of(b)) * kNano + a.time.nano - b.time.nano;
  return make_days_time(nanos).value_or(DaysTime{});  // years are bounded, so it always fits
}

DaysTime difference(const Time& a, const Time& b) {
  return *make_days_time((static_cast<__int128>(value_of(a)) - value_of(b)) * kNano + a.nano - b.nano);
}

// Section 10.3.4.7 "years and months duration": whole months from `from` to `to`.
YearsMonths months_between(const Date& from, const Date& to) {
  std::int64_t months = (to.year - from.year) * 12 + to.month - from.month;
  if (months > 0 && to.day < from.day) --months;
  if (months < 0 && to.day > from.day) ++months;
  return {months};
}

}  // namespace feel
