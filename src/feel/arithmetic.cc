// Arithmetic (section 10.3.2.12, tables 56–60) and properties of values (table 65).
#include "feel/program.h"
#include "feel/temporal_math.h"

namespace feel {
namespace {

using base::Decimal;

constexpr unsigned pair(Kind a, Kind b) { return static_cast<unsigned>(a) << 8 | static_cast<unsigned>(b); }

Value wrong(ReasonCode what, const Value& a, const Value& b) {
  // The cause of a null operand is the cause of this null.
  if (a.is_null() && a.has_reason()) return a;
  if (b.is_null() && b.has_reason()) return b;
  return Value::null(Reason(what, a.kind(), b.kind()));
}

Value number(const std::optional<Decimal>& value, ReasonCode otherwise = ReasonCode::number_out_of_range) {
  return value ? Value::number(*value) : Value::null(Reason(otherwise));
}
Value moment(const std::optional<DateTime>& value) {
  return value ? Value::date_time(*value) : Value::null(Reason(ReasonCode::year_out_of_range));
}
Value day(const std::optional<Date>& value) {
  return value ? Value::date(*value) : Value::null(Reason(ReasonCode::year_out_of_range));
}
Value months(const std::optional<std::int64_t>& value) {
  return value ? Value::years_months({*value}) : Value::null(Reason(ReasonCode::duration_out_of_range));
}
Value seconds(const std::optional<DaysTime>& value) {
  return value ? Value::days_time(*value) : Value::null(Reason(ReasonCode::duration_out_of_range));
}

Value joined(std::string_view a, std::string_view b) {
  return Value::string_of(a.size() + b.size(), [&](char* out) { b.copy(out + a.copy(out, a.size()), b.size()); });
}

YearsMonths minus(YearsMonths d) { return {d.months == INT64_MIN ? INT64_MAX : -d.months}; }
DaysTime minus(DaysTime d) { return {-d.seconds, -d.nano}; }

// A date counts as its midnight in UTC where date and time is wanted (section 10.3.2.9.4). A contested place.
DateTime midnight(const Date& d) { return {d, {0, 0, 0, 0, Zone{0, {}}}}; }

// date + days and time: counted from midnight, time of day dropped.
Value add_to_date(const Date& d, const DaysTime& by) {
  const auto sum = add(midnight(d), by);
  return sum ? Value::date(sum->date) : moment(sum);
}
Value add_to_moment(const DateTime& d, const YearsMonths& by) {
  const auto date = add(d.date, by);
  return date ? Value::date_time({*date, d.time}) : day(date);
}

Value difference_of(const Value& a, const Value& b) {
  const DateTime x = a.kind() == Kind::date ? midnight(a.as_date()) : a.as_date_time();
  const DateTime y = b.kind() == Kind::date ? midnight(b.as_date()) : b.as_date_time();
  if (x.time.zone.none() != y.time.zone.none()) return Value::null(Reason(ReasonCode::zoned_minus_local_moment));
  return Value::days_time(difference(x, y));
}

Value sum_of_months(std::int64_t a, std::int64_t b) {
  std::int64_t sum;
  return months(__builtin_add_overflow(a, b, &sum) ? std::nullopt : std::optional(sum));
}

Decimal as_decimal(const DaysTime& d) {
  return *Decimal::add(d.seconds, *Decimal::divide(Decimal(d.nano), Decimal(1'000'000'000)));
}

// A duration from a fraction of one: whole months, or whole nanoseconds, towards zero.
Value scaled(const YearsMonths&, const std::optional<Decimal>& result) {
  if (!result) return Value::null(Reason(ReasonCode::duration_out_of_range));
  return months(Decimal::round(*result, 0, Decimal::Round::down)->as_int64());
}
Value scaled(const DaysTime&, const std::optional<Decimal>& result) {
  if (!result) return Value::null(Reason(ReasonCode::duration_out_of_range));
  const Decimal whole = *Decimal::round(*result, 0, Decimal::Round::down);
  const auto s = whole.as_int64();
  if (!s) return Value::null(Reason(ReasonCode::duration_out_of_range));
  const auto rest = Decimal::multiply(*Decimal::subtract(*result, whole), Decimal(1'000'000'000));
  const auto nano = Decimal::round(*rest, 0, Decimal::Round::down)->as_int64();
  return seconds(make_days_time(static_cast<__int128>(*s) * 1'000'000'000 + *nano));
}

}  // namespace

Value add(const Value& a, const Value& b) {
  switch (pair(a.kind(), b.kind())) {
    case pair(Kind::number, Kind::number): return number(Decimal::add(a.as_number(), b.as_number()));
    case pair(Kind::string, Kind::string): return joined(a.as_string(), b.as_string());
    case pair(Kind::date, Kind::years_months): return day(add(a.as_date(), b.as_years_months()));
    case pair(Kind::date, Kind::days_time): return add_to_date(a.as_date(), b.as_days_time());
    case pair(Kind::date_time, Kind::years_months): return add_to_moment(a.as_date_time(), b.as_years_months());
    case pair(Kind::date_time, Kind::days_time): return moment(add(a.as_date_time(), b.as_days_time()));
    case pair(Kind::time, Kind::days_time): return Value::time(add(a.as_time(), b.as_days_time()));
    case pair(Kind::years_months, Kind::years_months): return sum_of_months(a.as_years_months().months, b.as_years_months().months);
    case pair(Kind::days_time, Kind::days_time): return seconds(make_days_time(nanos_of(a.as_days_time()) + nanos_of(b.as_days_time())));
    case pair(Kind::years_months, Kind::date):
    case pair(Kind::days_time, Kind::date):
    case pair(Kind::years_months, Kind::date_time):
    case pair(Kind::days_time, Kind::date_time):
    case pair(Kind::days_time, Kind::time): return add(b, a);
    default: return wrong(ReasonCode::cannot_add, a, b);
  }
}

Value subtract(const Value& a, const Value& b) {
  switch (pair(a.kind(), b.kind())) {
    case pair(Kind::number, Kind::number): return number(Decimal::subtract(a.as_number(), b.as_number()));
    case pair(Kind::date, Kind::date):
    case pair(Kind::date, Kind::date_time):
    case pair(Kind::date_time, Kind::date):
    case pair(Kind::date_time, Kind::date_time): return difference_of(a, b);
    case pair(Kind::time, Kind::time):
      if (a.as_time().zone.none() != b.as_time().zone.none()) return Value::null(Reason(ReasonCode::zoned_minus_local_time));
      return Value::days_time(difference(a.as_time(), b.as_time()));
    case pair(Kind::years_months, Kind::years_months):
    case pair(Kind::date, Kind::years_months):
    case pair(Kind::date_time, Kind::years_months): return add(a, Value::years_months(minus(b.as_years_months())));
    case pair(Kind::days_time, Kind::days_time):
    case pair(Kind::date, Kind::days_time):
    case pair(Kind::date_time, Kind::days_time):
    case pair(Kind::time, Kind::days_time): return add(a, Value::days_time(minus(b.as_days_time())));
    default: return wrong(ReasonCode::cannot_subtract, a, b);
  }
}

Value multiply(const Value& a, const Value& b) {
  switch (pair(a.kind(), b.kind())) {
    case pair(Kind::number, Kind::number): return number(Decimal::multiply(a.as_number(), b.as_number()));
    case pair(Kind::years_months, Kind::number):
      return scaled(a.as_years_months(), Decimal::multiply(a.as_years_months().months, b.as_number()));
    case pair(Kind::days_time, Kind::number): return scaled(a.as_days_time(), Decimal::multiply(as_decimal(a.as_days_time()), b.as_number()));
    case pair(Kind::number, Kind::years_months):
    case pair(Kind::number, Kind::days_time): return multiply(b, a);
    default: return wrong(ReasonCode::cannot_multiply, a, b);
  }
}

Value divide(const Value& a, const Value& b) {
  constexpr ReasonCode kZero = ReasonCode::division_by_zero;
  switch (pair(a.kind(), b.kind())) {
    case pair(Kind::number, Kind::number):
      return number(Decimal::divide(a.as_number(), b.as_number()), b.as_number().is_zero() ? kZero : ReasonCode::number_out_of_range);
    case pair(Kind::years_months, Kind::number):
      if (b.as_number().is_zero()) return Value::null(Reason(kZero));
      return scaled(a.as_years_months(), Decimal::divide(a.as_years_months().months, b.as_number()));
    case pair(Kind::days_time, Kind::number):
      if (b.as_number().is_zero()) return Value::null(Reason(kZero));
      return scaled(a.as_days_time(), Decimal::divide(as_decimal(a.as_days_time()), b.as_number()));
    case pair(Kind::years_months, Kind::years_months):
      return number(Decimal::divide(a.as_years_months().months, b.as_years_months().months), kZero);
    case pair(Kind::days_time, Kind::days_time):
      return number(Decimal::divide(as_decimal(a.as_days_time()), as_decimal(b.as_days_time())), kZero);
    default: return wrong(ReasonCode::cannot_divide, a, b);
  }
}

Value power(const Value& a, const Value& b) {
  if (a.kind() != Kind::number || b.kind() != Kind::number) return wrong(ReasonCode::cannot_raise, a, b);
  return number(Decimal::power(a.as_number(), b.as_number()), ReasonCode::number_out_of_range);
}

Value negate(const Value& a) {
  switch (a.kind()) {
    case Kind::number: return Value::number(a.as_number().negated());
    case Kind::years_months: return Value::years_months(minus(a.as_years_months()));
    case Kind::days_time: return Value::days_time(minus(a.as_days_time()));
    case Kind::null: return a;
    default: return Value::null(Reason(ReasonCode::cannot_negate, a.kind()));
  }
}

namespace {

Value whole(std::int64_t value) { return Value::number(value); }

std::optional<Value> date_property(const Date& d, std::string_view name) {
  if (name == "year") return whole(d.year);
  if (name == "month") return whole(d.month);
  if (name == "day") return whole(d.day);
  if (name == "weekday") return whole(weekday(d));
  return std::nullopt;
}

std::optional<Value> time_property(const Time& t, const Date& day, std::string_view name) {
  if (name == "hour") return whole(t.hour);
  if (name == "minute") return whole(t.minute);
  if (name == "second") return whole(t.second);
  if (name == "time offset") return t.zone.none() ? Value() : Value::days_time({offset_of(t.zone, day, second_of_day(t)), 0});
  if (name == "timezone") return t.zone.id.empty() ? Value() : Value::string(t.zone.id);
  return std::nullopt;
}

std::optional<Value> duration_property(const Value& value, std::string_view name) {
  if (value.kind() == Kind::years_months) {
    const std::int64_t m = value.as_years_months().months;
    if (name == "years") return whole(m / 12);
    if (name == "months") return whole(m % 12);
    return std::nullopt;
  }
  const std::int64_t s = value.as_days_time().seconds;
  if (name == "days") return whole(s / 86'400);
  if (name == "hours") return whole(s / 3600 % 24);
  if (name == "minutes") return whole(s / 60 % 60);
  if (name == "seconds") return whole(s % 60);
  return std::nullopt;
}

std::optional<Value> range_property(const Range& r, std::string_view name) {
  if (name == "start") return r.low;
  if (name == "end") return r.high;
  if (name == "start included") return Value::boolean(r.low_closed && !r.low_open_ended);
  if (name == "end included") return Value::boolean(r.high_closed && !r.high_open_ended);
  return std::nullopt;
}

}  // namespace

Value property(const Value& value, std::string_view key) {
  std::optional<Value> found;
  switch (value.kind()) {
    case Kind::date: {
      found = date_property(value.as_date(), key);
      if (!found) found = time_property({}, value.as_date(), key);
      break;
    }
    case Kind::date_time:
      found = date_property(value.as_date_time().date, key);
      if (!found) found = time_property(value.as_date_time().time, value.as_date_time().date, key);
      break;
    case Kind::time: found = time_property(value.as_time(), kReferenceDay, key); break;
    case Kind::years_months:
    case Kind::days_time: found = duration_property(value, key); break;
    case Kind::range: found = range_property(value.as_range(), key); break;
    case Kind::null: return value;
    default: break;
  }
  return found ? *found : Value::null(Reason(ReasonCode::no_property, value.kind(), key));
}

}  // namespace feel
