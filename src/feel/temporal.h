// Dates, times and durations of FEEL (DMN 1.5 sections 10.3.2.3.4–10.3.2.3.8) on an own int64 civil calendar:
// years to ±999,999,999, nanoseconds, offsets with seconds, zone ids from the system's tzdata.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace feel {

struct Date {
  std::int64_t year = 1970;
  int month = 1, day = 1;
  bool operator==(const Date&) const = default;
  auto operator<=>(const Date&) const = default;
};

// No zone: local. Else an offset in seconds, or a zone id ("Europe/Copenhagen").
struct Zone {
  std::optional<std::int32_t> offset_s;
  std::string id;
  bool none() const { return !offset_s && id.empty(); }
  bool operator==(const Zone&) const = default;
};

struct Time {
  int hour = 0, minute = 0, second = 0;
  std::int32_t nano = 0;
  Zone zone;
  bool operator==(const Time&) const = default;
};

struct DateTime {
  Date date;
  Time time;
  bool operator==(const DateTime&) const = default;
};

struct YearsMonths {
  std::int64_t months = 0;
  bool operator==(const YearsMonths&) const = default;
  auto operator<=>(const YearsMonths&) const = default;
};

struct DaysTime {  // seconds and nano have the same sign
  std::int64_t seconds = 0;
  std::int32_t nano = 0;
  bool operator==(const DaysTime&) const = default;
  auto operator<=>(const DaysTime&) const = default;
};

std::int64_t days_from_civil(const Date&);  // since 1970-01-01, proleptic Gregorian
Date civil_from_days(std::int64_t);
bool valid(const Date&);

// Text forms of section 10.3.4.1 (@-literals, date(), time(), …). nullopt: not such a text.
std::optional<Date> parse_date(std::string_view);
std::optional<Time> parse_time(std::string_view);
std::optional<DateTime> parse_date_time(std::string_view);
std::optional<YearsMonths> parse_years_months(std::string_view);  // P1Y2M, -P1M
std::optional<DaysTime> parse_days_time(std::string_view);        // P1DT2H3M4.5S
std::string text(const Date&);
std::string text(const Time&);
std::string text(const DateTime&);
std::string text(const YearsMonths&);
std::string text(const DaysTime&);

// Offset of a zone id at a moment (seconds since the epoch), or at a local time; nullopt: unknown zone.
std::optional<std::int32_t> zone_offset_at(std::string_view id, std::int64_t utc_seconds);
std::optional<std::int32_t> zone_offset_local(std::string_view id, const Date&, int second_of_day);
// Milliseconds since the epoch; a local value is read in `zone_if_local`. nullopt: out of range.
std::optional<std::int64_t> to_millis(const DateTime&, std::string_view zone_if_local);
DateTime from_millis(std::int64_t millis, std::string_view zone_id);

}  // namespace feel
