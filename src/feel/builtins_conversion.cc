// Section 10.3.4.1: conversion functions.
#include <algorithm>

#include "feel/builtins.h"
#include "feel/temporal_math.h"

namespace feel::builtin {
namespace {


std::optional<std::int64_t> integer(const Value& v) { return v.as_number().as_int64(); }

Value date_of_text(Call& c, std::string_view text) {
  if (const auto d = parse_date(text)) return Value::date(*d);
  return c.fail(ReasonCode::no_date_text);
}

}  // namespace

Value date(Call& c) {
  if (c.form == 1) {
    const auto y = integer(c[0]), m = integer(c[1]), d = integer(c[2]);
    if (!y || !m || !d || *m < 1 || *m > 12 || *d < 1 || *d > 31) return c.fail(ReasonCode::no_such_date);
    const Date made{*y, static_cast<int>(*m), static_cast<int>(*d)};
    return valid(made) ? Value::date(made) : c.fail(ReasonCode::no_such_date);
  }
  switch (c[0].kind()) {
    case Kind::string: return date_of_text(c, c[0].as_string());
    case Kind::date_time: return Value::date(c[0].as_date_time().date);
    default: return c[0];
  }
}

Value date_and_time(Call& c) {
  if (c.form == 0) {
    if (c[0].kind() == Kind::date_time) return c[0];
    if (c[0].kind() == Kind::date) return Value::date_time({c[0].as_date(), {}});
    const std::string text(c[0].as_string());
    if (const auto d = parse_date_time(text)) return Value::date_time(*d);
    if (const auto d = parse_date(text)) return Value::date_time({*d, {}});
    return c.fail(ReasonCode::no_date_time_text);
  }
  const Date day = c[0].kind() == Kind::date ? c[0].as_date() : c[0].as_date_time().date;
  Time time = c.given(1) ? c[1].as_time() : Time{};
  if (c.form == 2 && c.given(2)) {
    const std::string zone(c[2].as_string());
    const auto parsed = parse_time("00:00:00" + (zone.starts_with("Z") || zone.starts_with("+") || zone.starts_with("-") ? zone : "@" + zone));
    if (!parsed) return c.fail(ReasonCode::unknown_zone);
    time.zone = parsed->zone;
  }
  return Value::date_time({day, std::move(time)});
}

Value time(Call& c) {
  if (c.form == 1) {
    const auto h = integer(c[0]), m = integer(c[1]);
    const auto s = base::Decimal::round(c[2].as_number(), 0, base::Decimal::Round::floor)->as_int64();
    if (!h || !m || !s || *h < 0 || *h > 23 || *m < 0 || *m > 59 || *s < 0 || *s > 59) return c.fail(ReasonCode::no_such_time);
    Time made{static_cast<int>(*h), static_cast<int>(*m), static_cast<int>(*s)};
    const auto fraction = base::Decimal::multiply(*base::Decimal::subtract(c[2].as_number(), *s), 1'000'000'000);
    made.nano = static_cast<std::int32_t>(base::Decimal::round(*fraction, 0, base::Decimal::Round::down)->as_int64().value_or(0));
    if (c.given(3)) {
      const DaysTime& offset = c[3].as_days_time();
      if (offset.nano != 0 || offset.seconds > 18 * 3600 || offset.seconds < -18 * 3600) return c.fail(ReasonCode::offset_range);
      made.zone.offset_s = static_cast<std::int32_t>(offset.seconds);
    }
    return Value::time(std::move(made));
  }
  switch (c[0].kind()) {
    case Kind::string:
      if (const auto t = parse_time(c[0].as_string())) return Value::time(*t);
      return c.fail(ReasonCode::no_time_text);
    case Kind::date_time: return Value::time(c[0].as_date_time().time);
    case Kind::date: return Value::time({0, 0, 0, 0, Zone{0, {}}});
    default: return c[0];
  }
}

Value number(Call& c) {
  if (c[0].kind() == Kind::number) return c.given(1) || c.given(2) ? c.fail(ReasonCode::separators_for_text) : c[0];
  std::string text(c[0].as_string());
  const std::string_view grouping = c.given(1) ? c[1].as_string() : "", point = c.given(2) ? c[2].as_string() : "";
  if (!grouping.empty() && grouping != " " && grouping != "," && grouping != ".") return c.fail(ReasonCode::grouping_separator);
  if (!point.empty() && point != "," && point != ".") return c.fail(ReasonCode::decimal_separator);
  if (!grouping.empty() && grouping == (point.empty() ? "." : point)) return c.fail(ReasonCode::separators_differ);
  if (!grouping.empty()) std::erase(text, grouping[0]);
  if (point == ",") {
    if (text.find('.') != std::string::npos) return c.fail(ReasonCode::no_number_text);
    std::replace(text.begin(), text.end(), ',', '.');
  }
  const auto value = base::Decimal::parse(text);
  return value ? Value::number(*value) : c.fail(ReasonCode::no_number_text);
}

Value string(Call& c) {
  if (c[0].kind() == Kind::string) return c[0];
  return c[0].is_null() ? c.fail(ReasonCode::no_text_of_null) : Value::string(text(c[0]));
}

Value duration(Call& c) {
  if (c[0].kind() != Kind::string) return c[0];
  if (const auto d = parse_years_months(c[0].as_string())) return Value::years_months(*d);
  if (const auto d = parse_days_time(c[0].as_string())) return Value::days_time(*d);
  return c.fail(ReasonCode::no_duration_text);
}

Value years_and_months_duration(Call& c) {
  const auto day = [](const Value& v) { return v.kind() == Kind::date ? v.as_date() : v.as_date_time().date; };
  return Value::years_months(months_between(day(c[0]), day(c[1])));
}

}  // namespace feel::builtin
