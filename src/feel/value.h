// A FEEL value: immutable, cheap to copy (small values inline, large ones shared). Failures are values: null with a reason.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/json.h"
#include "base/packed.h"
#include "feel/reason.h"
#include "feel/temporal.h"

namespace feel {

enum class Kind : std::uint8_t {
  null, boolean, number, string, date, time, date_time, years_months, days_time, list, context, range, function
};
std::string_view name(Kind);  // "date and time"

class Value;
// How large a value is, counted when it is built: an answer to "may I walk this?" without walking it. Value::list and
// Value::context give null where it would pass limits::kFeelValueDepth or kFeelValueWeight.
struct Measure {
  std::uint32_t depth = 1;
  std::uint32_t weight = 1;  // nodes, and one per 32 bytes of string
};
struct List {
  std::vector<Value> items;
  Measure measure = {};
};
struct Context {  // keeps order; find is linear up to 8 entries, then by a sorted index
  std::vector<std::pair<std::string, Value>> entries;
  std::vector<std::uint32_t> index = {};  // built by Value::context; entries' positions by key
  Measure measure = {};
  const Value* find(std::string_view key) const;
};
struct Range;     // below
struct Function;  // feel/function.h: closures, builtins, DMN business knowledge models and services

class Value {
 public:
  Value() = default;                              // null without reason
  static Value null() { return {}; }
  static Value null(Reason);
  static Value null(std::string reason);          // words that have no code yet
  static Value boolean(bool);
  static Value number(base::Decimal);
  static Value string(std::string);
  static Value date(Date);
  static Value time(Time);
  static Value date_time(DateTime);
  static Value years_months(YearsMonths);
  static Value days_time(DaysTime);
  static Value list(std::vector<Value>);
  static Value shared_list(std::shared_ptr<const List>);  // already measured
  static Value context(Context);
  static Value range(Range);
  static Value function(std::shared_ptr<const Function>);

  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_true() const;  // boolean true, nothing else
  // Unchecked: the kind must fit.
  bool as_boolean() const;
  const base::Decimal& as_number() const;
  const std::string& as_string() const;
  const Date& as_date() const;
  const Time& as_time() const;
  const DateTime& as_date_time() const;
  const YearsMonths& as_years_months() const;
  const DaysTime& as_days_time() const;
  const std::vector<Value>& as_list() const;
  const Context& as_context() const;
  const Range& as_range() const;
  const std::shared_ptr<const Function>& as_function() const;
  const Reason* why() const { return reason_.get(); }  // of a null; nullptr when none was given
  bool has_reason() const { return reason_ != nullptr; }
  std::string reason() const;                          // in English, with its position; "" when none was given
  Measure measure() const;

 private:
  using Shared = std::variant<std::monostate, bool, base::Decimal, std::shared_ptr<const std::string>, Date,
                              std::shared_ptr<const Time>, std::shared_ptr<const DateTime>, YearsMonths, DaysTime,
                              std::shared_ptr<const List>, std::shared_ptr<const Context>, std::shared_ptr<const Range>,
                              std::shared_ptr<const Function>>;
  Shared data_;
  std::shared_ptr<const Reason> reason_;
};

struct Range {
  bool low_closed = true, high_closed = true;
  bool low_open_ended = false, high_open_ended = false;  // unary forms: "< 5", ">= x"
  bool exactly = false;                                  // "(= x)": low and high are x
  bool excluded = false;                                 // "(!= x)": everything but x
  Value low, high;
};

// Section 10.3.2.13: equality; null when the kinds differ (except with null). Deep for lists, contexts and ranges.
Value equal(const Value&, const Value&);
// Function is(): the same kind and, for times, the same zone form; never null.
bool identical(const Value&, const Value&);
// Section 10.3.2.12 table 54: null where the kinds cannot be ordered or differ. -1, 0, 1 otherwise.
std::optional<int> compare(const Value&, const Value&);
// Whether the value lies in the range: true, false, or null where an endpoint cannot be compared.
Value contains(const Range&, const Value&);
// FEEL string(): numbers without trailing zeros, temporal ISO text, lists "[1, 2]", contexts "{a: 1}".
std::string text(const Value&);

// JSON at the edge. Temporal values become their text; functions and ranges their string(); numbers keep digits.
base::Json to_json(const Value&);
Value from_json(const base::Json&);
Value from_packed(const base::Packed&);  // reads in place, copies what it keeps

}  // namespace feel
