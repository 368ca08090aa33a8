// Sections 10.3.4.6 and 10.3.4.7: functions of dates and times.
#include "feel/builtins.h"
#include "feel/temporal_math.h"

namespace feel::builtin {
namespace {

Date day(const Value& v) { return v.kind() == Kind::date ? v.as_date() : v.as_date_time().date; }

}  // namespace

Value is(Call& c) { return Value::boolean(identical(c[0], c[1])); }
Value day_of_year_(Call& c) { return Value::number(day_of_year(day(c[0]))); }
Value week_of_year_(Call& c) { return Value::number(week_of_year(day(c[0]))); }

Value day_of_week(Call& c) {
  static constexpr const char* kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  return Value::string(kDays[weekday(day(c[0])) - 1]);
}

Value month_of_year(Call& c) {
  static constexpr const char* kMonths[] = {"January", "February", "March", "April", "May", "June",
                                            "July", "August", "September", "October", "November", "December"};
  return Value::string(kMonths[day(c[0]).month - 1]);
}

Value now(Call& c) { return Value::date_time(from_millis(c.run.env.now, c.run.env.zone)); }
Value today(Call& c) { return Value::date(from_millis(c.run.env.now, c.run.env.zone).date); }

}  // namespace feel::builtin
