// Equality and order of values (sections 10.3.2.12 and 10.3.2.13, tables 53–55).
#include "feel/function.h"
#include "feel/temporal_math.h"
#include "feel/value.h"

namespace feel {
namespace {

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

Value mismatch(const Value& a, const Value& b) {
  return Value::null(Reason(ReasonCode::cannot_compare, a.kind(), b.kind()));
}

// Times compare in whole seconds of UTC; a local one has no place on that line (tables 53 and 54).
bool equal_seconds(const Zone& x, const Zone& y, std::int64_t a, std::int64_t b) { return x.none() == y.none() && a == b; }

bool equal_lists(std::span<const Value> a, std::span<const Value> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal(a[i], b[i]).is_true()) return false;
  }
  return true;
}

bool equal_contexts(const ContextView& a, const ContextView& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a) {
    const Value* other = b.find(key);
    if (other == nullptr || !equal(value, *other).is_true()) return false;
  }
  return true;
}

// A contested place: the unary form (<10) and (null..10), (=10) and [10..10] are different ranges.
bool equal_ranges(const Range& a, const Range& b) {
  return a.low_closed == b.low_closed && a.high_closed == b.high_closed && a.low_open_ended == b.low_open_ended &&
         a.high_open_ended == b.high_open_ended && a.exactly == b.exactly && a.excluded == b.excluded &&
         equal(a.low, b.low).is_true() && equal(a.high, b.high).is_true();
}

}  // namespace

Value equal(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value::boolean(a.is_null() && b.is_null());
  if (a.kind() != b.kind()) return mismatch(a, b);
  switch (a.kind()) {
    case Kind::boolean: return Value::boolean(a.as_boolean() == b.as_boolean());
    case Kind::number: return Value::boolean(a.as_number() == b.as_number());
    case Kind::string: return Value::boolean(a.as_string() == b.as_string());
    case Kind::date: return Value::boolean(a.as_date() == b.as_date());
    case Kind::time:
      return Value::boolean(equal_seconds(a.as_time().zone, b.as_time().zone, value_of(a.as_time()), value_of(b.as_time())));
    case Kind::date_time:
      return Value::boolean(equal_seconds(a.as_date_time().time.zone, b.as_date_time().time.zone, value_of(a.as_date_time()),
                                          value_of(b.as_date_time())));
    case Kind::years_months: return Value::boolean(a.as_years_months() == b.as_years_months());
    case Kind::days_time: return Value::boolean(a.as_days_time() == b.as_days_time());
    case Kind::list: return Value::boolean(a.same_block(b) || equal_lists(a.as_list(), b.as_list()));
    case Kind::context: return Value::boolean(a.same_block(b) || equal_contexts(a.as_context(), b.as_context()));
    case Kind::range: return Value::boolean(equal_ranges(a.as_range(), b.as_range()));
    case Kind::function: return Value::null(Reason(ReasonCode::cannot_compare_functions));
    case Kind::null: break;
  }
  return mismatch(a, b);
}

bool identical(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::time: return a.as_time() == b.as_time();
    case Kind::date_time: return a.as_date_time() == b.as_date_time();
    case Kind::function: return a.as_function() == b.as_function();
    default: return equal(a, b).is_true();
  }
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::number: return order(a.as_number(), b.as_number());
    case Kind::string: {
      const int c = a.as_string().compare(b.as_string());  // UTF-8 bytes order as code points do
      return order(c, 0);
    }
    case Kind::date: return order(a.as_date(), b.as_date());
    case Kind::time: {
      const Time &x = a.as_time(), &y = b.as_time();
      if (x.zone.none() != y.zone.none()) return std::nullopt;
      return order(std::pair(value_of(x), x.nano), std::pair(value_of(y), y.nano));
    }
    case Kind::date_time: {
      const DateTime &x = a.as_date_time(), &y = b.as_date_time();
      if (x.time.zone.none() != y.time.zone.none()) return std::nullopt;
      return order(std::pair(value_of(x), x.time.nano), std::pair(value_of(y), y.time.nano));
    }
    case Kind::years_months: return order(a.as_years_months(), b.as_years_months());
    case Kind::days_time: return order(a.as_days_time(), b.as_days_time());
    default: return std::nullopt;
  }
}

Value contains(const Range& range, const Value& value) {
  if (range.exactly || range.excluded) {
    const Value same = equal(range.low, value);
    return same.is_null() ? same : Value::boolean(same.is_true() == range.exactly);
  }
  bool inside = true;
  if (!range.low_open_ended) {
    const auto low = compare(range.low, value);
    if (!low) return mismatch(range.low, value);
    inside = range.low_closed ? *low <= 0 : *low < 0;
  }
  if (!range.high_open_ended) {
    const auto high = compare(value, range.high);
    if (!high) return mismatch(value, range.high);
    inside = inside && (range.high_closed ? *high <= 0 : *high < 0);
  }
  return Value::boolean(inside);
}

}  // namespace feel
