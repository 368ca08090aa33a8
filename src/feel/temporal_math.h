// Inside the room: sums, differences and calendar properties of temporal values.
#pragma once
#include <algorithm>

#include "feel/temporal.h"

namespace feel {

inline constexpr std::int64_t kMaxYear = 999'999'999;
inline constexpr std::int64_t kMaxSeconds = 4'000'000'000'000'000'000;  // above every span between two valid dates (6.4e16)
inline constexpr Date kReferenceDay{2000, 1, 1};  // a time with a zone id has the zone's offset of this day: no seasons

int days_in_month(std::int64_t year, int month);
int weekday(const Date&);  // Monday 1 … Sunday 7
int day_of_year(const Date&);
int week_of_year(const Date&);
int second_of_day(const Time&);
std::int32_t offset_of(const Zone&, const Date&, int second_of_day);  // 0 where there is no zone
std::int64_t value_of(const Time&);      // seconds, offset taken off
std::int64_t value_of(const DateTime&);  // seconds since the epoch; local values as if in UTC
DateTime at_instant(std::int64_t utc_seconds, std::int32_t nano, const Zone&);

std::optional<DaysTime> make_days_time(__int128 nanos);  // nullopt: out of range
__int128 nanos_of(const DaysTime&);

// nullopt: the year leaves ±999,999,999.
std::optional<DateTime> add(const DateTime&, const DaysTime&);
std::optional<Date> add(const Date&, const YearsMonths&);
Time add(const Time&, const DaysTime&);
DaysTime difference(const DateTime&, const DateTime&);
DaysTime difference(const Time&, const Time&);
YearsMonths months_between(const Date& from, const Date& to);

}  // namespace feel
