// Laws that hold for every value: tried with seeded random ones, and at the limits' edges. A failure prints its seed and value.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "base/limits.h"
#include "feel/feel.h"

namespace feel {
namespace {

using Random = std::mt19937_64;  // the standard fixes its numbers: a seed means the same everywhere

std::int64_t between(Random& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

// A FEEL expression of x, y and z.
class Law {
 public:
  explicit Law(const std::string& expression) : text_(expression) {
    CompileOptions options;
    for (const char* name : {"x", "y", "z"}) options.names.push_back({name, nullptr});
    const auto compiled = compile(expression, options);
    EXPECT_TRUE(compiled) << expression << ": " << (compiled ? "" : compiled.error().text());
    if (compiled) expression_ = *compiled;
  }
  Value of(const std::vector<Value>& values) const {
    std::vector<Value> given;
    for (const std::string& input : expression_.inputs()) given.push_back(values[static_cast<std::size_t>(input[0] - 'x')]);
    return expression_.evaluate(given, {});
  }
  void holds(const std::vector<Value>& values, const std::string& where = {}) const {
    const Value answer = of(values);
    std::string given;
    for (const Value& value : values) given += " " + text(value);
    EXPECT_TRUE(answer.is_true()) << text_ << " with" << given << " gives " << text(answer) << " " << answer.reason() << " " << where;
  }

 private:
  std::string text_;
  Expression expression_;
};

Value number(const std::string& text) {
  const auto parsed = base::Decimal::parse(text);
  EXPECT_TRUE(parsed) << text;
  return Value::number(parsed.value_or(base::Decimal(0)));
}

std::string digits(__int128 value) {
  const bool negative = value < 0;
  unsigned __int128 rest = negative ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  std::string out;
  do out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  while ((rest /= 10) != 0);
  return negative ? "-" + out : out;
}

// Integers of every length up to 33 digits: around the fast path's end as often as inside it.
__int128 integer(Random& random, int most_digits) {
  __int128 value = 0;
  for (auto count = between(random, 1, most_digits); count-- > 0;) value = value * 10 + between(random, 0, 9);
  if (random() % 8 == 0) value = static_cast<__int128>(INT64_MAX) + between(random, -2, 2);
  return random() % 2 == 0 ? value : -value;
}

TEST(NumberLaws, IntegersAreExact) {
  const Law sum("x + y = z"), difference("x - y = z"), product("x * y = z"), whole("floor(x / y) = z");
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    const __int128 a = integer(random, 33), b = integer(random, 33), c = integer(random, 16), d = integer(random, 16);
    const std::string where = "seed " + std::to_string(seed);
    sum.holds({number(digits(a)), number(digits(b)), number(digits(a + b))}, where);
    difference.holds({number(digits(a)), number(digits(b)), number(digits(a - b))}, where);
    if (c < 10'000'000'000'000'000 && c > -10'000'000'000'000'000 && d < 10'000'000'000'000'000 && d > -10'000'000'000'000'000)
      product.holds({number(digits(c)), number(digits(d)), number(digits(c * d))}, where);
    if (d != 0) {
      __int128 quotient = c / d;
      if (c % d != 0 && (c < 0) != (d < 0)) --quotient;
      whole.holds({number(digits(c)), number(digits(d)), number(digits(quotient))}, where);
    }
  }
}

std::string decimal_text(Random& random, int most_digits, int most_exponent) {
  return digits(integer(random, most_digits)) + "e" + std::to_string(between(random, -most_exponent, most_exponent));
}

// Where every step is exact (few digits, near exponents), the laws of fields hold to the last digit.
TEST(NumberLaws, ShortDecimalsFollowTheLawsOfArithmetic) {
  std::vector<Law> laws;
  for (const char* law : {"x + y = y + x", "x * y = y * x", "(x + y) + z = x + (y + z)", "(x * y) * z = x * (y * z)", "x * (y + z) = x * y + x * z", "x + y - y = x",
                          "x - x = 0", "--x = x", "x - y = -(y - x)", "if y = 0 then x / y = null else x * y / y = x", "abs(x) = abs(-x)", "x ** 2 = x * x",
                          "(x < y) = (y > x)", "(x <= y) = not(x > y)", "(x = y) = (x - y = 0)", "if x > 0 then sqrt(x * x) = x else true",
                          "floor(x) <= x and x < floor(x) + 1", "ceiling(x) = -floor(-x)", "round down(abs(x), 0) = floor(abs(x))",
                          "if y = 0 then modulo(x, y) = null else modulo(x, y) = x - y * floor(x / y)", "min(x, y) <= max(x, y)", "sum([x, y, z]) = x + y + z",
                          "mean([x, x]) = x", "median([x, y, z]) in [x, y, z]", "decimal(x, 12) = x", "number(string(x)) = x", "round half up(x, 0) - x in [-0.5..0.5]"})
    laws.emplace_back(law);
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Random random(seed);
    const auto few = [&] { return number(std::to_string(between(random, -99'999'999, 99'999'999)) + "e" + std::to_string(between(random, -6, 0))); };
    const std::vector<Value> given{few(), random() % 16 == 0 ? number("0") : few(), few()};
    for (const Law& law : laws) {
      // The quotient of the modulo law must be exact or safely away from an integer: both hold for these sizes.
      law.holds(given, "seed " + std::to_string(seed));
    }
  }
}

TEST(NumberLaws, TextReadsBack) {
  const Law reads("number(string(x)) = x"), order("if x < y then not(y < x) and x != y else y <= x");
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    const Value x = number(decimal_text(random, 33, random() % 2 == 0 ? 12 : 6000)), y = number(decimal_text(random, 33, 12));
    const auto literal = compile(text(x));
    ASSERT_TRUE(literal) << text(x);
    EXPECT_TRUE(equal(literal->evaluate({}, {}), x).is_true()) << text(x) << " seed " << seed;
    reads.holds({x});
    order.holds({x, y}, "seed " + std::to_string(seed));
    EXPECT_EQ(text(literal->evaluate({}, {})), text(x));
    const base::Json json = to_json(x);
    EXPECT_TRUE(equal(from_json(json), x).is_true()) << text(x);
  }
}

// ---- dates, times, durations ------------------------------------------------------------------------------------------
int last_day(std::int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}
Date date(Random& random, std::int64_t years) {
  const std::int64_t year = between(random, -years, years);
  const int month = static_cast<int>(between(random, 1, 12));
  return {year, month, static_cast<int>(between(random, 1, last_day(year, month)))};
}
Time time(Random& random) {
  static const char* const kZones[] = {"Europe/Copenhagen", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Etc/UTC", "Pacific/Apia"};
  Time made{static_cast<int>(between(random, 0, 23)), static_cast<int>(between(random, 0, 59)), static_cast<int>(between(random, 0, 59))};
  if (random() % 2 == 0) made.nano = static_cast<std::int32_t>(between(random, 0, 999'999'999));
  switch (random() % 3) {
    case 0: made.zone.offset_s = static_cast<std::int32_t>(between(random, -18 * 3600, 18 * 3600)); break;
    case 1: made.zone.id = kZones[random() % std::size(kZones)]; break;
    default: break;
  }
  return made;
}

TEST(TemporalLaws, TextReadsBack) {
  const Law of_date("is(date(string(x)), x)"), of_time("is(time(string(x)), x)"), of_both("is(date and time(string(x)), x)"), of_duration("duration(string(x)) = x");
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Random random(seed);
    const std::string where = "seed " + std::to_string(seed);
    const std::int64_t years = random() % 2 == 0 ? 3000 : 999'999'999;
    of_date.holds({Value::date(date(random, years))}, where);
    of_time.holds({Value::time(time(random))}, where);
    of_both.holds({Value::date_time({date(random, years), time(random)})}, where);
    of_duration.holds({Value::years_months({between(random, -12'000'000'000, 12'000'000'000)})}, where);
    const std::int64_t sign = random() % 2 == 0 ? 1 : -1;
    of_duration.holds({Value::days_time({sign * between(random, 0, 1'000'000'000'000), static_cast<std::int32_t>(sign * between(random, 0, 999'999'999))})}, where);
  }
}

TEST(TemporalLaws, DatesAndDurationsAddUp) {
  std::vector<Law> laws;
  for (const char* law : {"x + y - y = x", "(x + y) - x = y", "x + (y + z) = (x + y) + z", "y + z = z + y", "y - y = duration(\"PT0S\")", "-(-y) = y", "y * 2 = y + y",
                          "if z = duration(\"PT0S\") then true else (z * 4) / 4 = z", "(x + y > x) = (y > duration(\"PT0S\"))", "abs(y) >= duration(\"PT0S\")",
                          "sum([y, z]) = y + z", "x - (x - y) = y"})
    laws.emplace_back(law);
  const Law whole_days("(x + y) - x = y"), months("(x + y).month = z"), back("if x.day <= 28 then (x + y) - y = x else true"), clamped("(x + y).day = z");
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Random random(seed);
    const std::string where = "seed " + std::to_string(seed);
    Time at = time(random);
    at.zone = Zone{static_cast<std::int32_t>(between(random, -50'000, 50'000)), {}};  // fixed offsets: no hour is skipped
    const Value moment = Value::date_time({date(random, 5000), at});
    const auto duration = [&] {
      const std::int64_t sign = random() % 2 == 0 ? 1 : -1;
      return Value::days_time({sign * between(random, 0, 100'000'000), static_cast<std::int32_t>(sign * between(random, 0, 999) * 1'000'000)});
    };
    const Value y = duration(), z = duration();
    for (std::size_t i = 0; i + 1 < laws.size(); ++i) laws[i].holds({moment, y, z}, where);
    const Date day = date(random, 5000);
    whole_days.holds({Value::date(day), Value::days_time({between(random, -100'000, 100'000) * 86'400, 0})}, where);
    // Section 10.3.2.12: months count on the calendar, the day is cut to the month's last.
    const std::int64_t by = between(random, -5000, 5000), month = day.year * 12 + day.month - 1 + by;
    const std::int64_t year = month >= 0 ? month / 12 : -((-month + 11) / 12);
    const int wanted = static_cast<int>(month - year * 12) + 1;
    const Value added = Value::years_months({by});
    months.holds({Value::date(day), added, number(std::to_string(wanted))}, where);
    clamped.holds({Value::date(day), added, number(std::to_string(std::min(day.day, last_day(year, wanted))))}, where);
    back.holds({Value::date(day), added}, where);
  }
}

// ---- order ------------------------------------------------------------------------------------------------------------
TEST(OrderLaws, CompareIsATotalOrderWithinAKind) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    std::vector<std::vector<Value>> kinds(7);
    static const char* const kTexts[] = {"", "a", "aa", "b", "A", "æ", "🐎", "\uFFFF", "z"};
    for (int i = 0; i < 8; ++i) {
      kinds[0].push_back(number(decimal_text(random, 20, random() % 2 == 0 ? 3 : 30)));
      kinds[1].push_back(Value::string(std::string(kTexts[random() % std::size(kTexts)]) + kTexts[random() % std::size(kTexts)]));
      kinds[2].push_back(Value::date(date(random, 3)));
      Time local = time(random), zoned = time(random);
      local.zone = {};
      zoned.zone = Zone{static_cast<std::int32_t>(between(random, -3, 3) * 3600), {}};
      kinds[3].push_back(Value::time(random() % 2 == 0 || i > 4 ? local : local));
      kinds[4].push_back(Value::date_time({date(random, 1), zoned}));
      kinds[5].push_back(Value::years_months({between(random, -5, 5)}));
      kinds[6].push_back(Value::days_time({between(random, -5, 5), 0}));
    }
    for (const std::vector<Value>& values : kinds)
      for (const Value& a : values)
        for (const Value& b : values) {
          const auto ab = compare(a, b), ba = compare(b, a);
          ASSERT_TRUE(ab && ba) << text(a) << " and " << text(b);
          EXPECT_EQ(*ab, -*ba) << text(a) << " and " << text(b);
          if (*ab == 0) {
            EXPECT_TRUE(equal(a, b).is_true()) << text(a) << " and " << text(b);
          }
          for (const Value& c : values)
            if (*ab <= 0 && compare(b, c).value_or(9) <= 0) {
              EXPECT_LE(compare(a, c).value_or(9), 0) << text(a) << " <= " << text(b) << " <= " << text(c);
            }
        }
  }
}

TEST(OrderLaws, KindsDoNotMix) {
  const Value values[] = {Value::boolean(true), Value::number(1), Value::string("1"), Value::date({2026, 1, 1}), Value::years_months({1}), Value::days_time({1, 0}), Value::list({})};
  for (const Value& a : values)
    for (const Value& b : values)
      if (a.kind() != b.kind()) {
        EXPECT_FALSE(compare(a, b)) << text(a) << " and " << text(b);
        EXPECT_TRUE(equal(a, b).is_null()) << text(a) << " and " << text(b);
        EXPECT_FALSE(identical(a, b));
      }
}

// ---- lists and JSON ---------------------------------------------------------------------------------------------------
Value any_value(Random& random, int depth) {
  switch (random() % (depth > 3 ? 5 : 7)) {
    case 0: return Value();
    case 1: return Value::boolean(random() % 2 == 0);
    case 2: return number(decimal_text(random, 20, 20));
    case 3: return Value::string(random() % 2 == 0 ? "short" : "a text of more than sixteen bytes, æøå 🐎");
    case 4: return Value::number(between(random, -3, 3));
    case 5: {
      std::vector<Value> items;
      for (auto count = between(random, 0, 4); count-- > 0;) items.push_back(any_value(random, depth + 1));
      return Value::list(std::move(items));
    }
    default: {
      Context context;
      for (auto count = between(random, 0, 4); count-- > 0;) context.entries.emplace_back("k" + std::to_string(count), any_value(random, depth + 1));
      return Value::context(std::move(context));
    }
  }
}

TEST(ListLaws, Hold) {
  std::vector<Law> laws;
  for (const char* law : {"reverse(reverse(x)) = x", "if count(x) > 1 then concatenate(sublist(x, 1, 1), sublist(x, 2)) = x else true", "count(append(x, y)) = count(x) + 1",
                          "append(x, y)[-1] = y", "flatten(flatten(x)) = flatten(x)", "distinct values(distinct values(x)) = distinct values(x)",
                          "union(x, x) = distinct values(x)", "count(concatenate(x, x)) = 2 * count(x)", "every i in x satisfies list contains(x, i)",
                          "list contains(x, y) = (count(index of(x, y)) > 0)", "if count(x) > 0 then remove(insert before(x, 1, y), 1) = x else true",
                          "if count(x) > 0 then list replace(x, 1, x[1]) = x else true", "if count(x) > 0 then reverse(x)[1] = x[-1] else true",
                          "list replace(x, function(item, newItem) false, y) = x", "(for i in x return i) = x", "x[true] = x", "x[false] = []", "count(x[1 = 1]) = count(x)",
                          "is(x, x)", "x = x", "context merge([{a: x}, {b: y}]) = {a: x, b: y}", "get value({a: x}, \"a\") = x", "count(x[item = y]) = count(index of(x, y))"})
    laws.emplace_back(law);
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Random random(seed);
    std::vector<Value> items;
    for (auto count = between(random, 0, 8); count-- > 0;) items.push_back(any_value(random, 1));
    const Value list = Value::list(items), one = items.empty() || random() % 2 == 0 ? Value::number(2) : items[random() % items.size()];
    for (const Law& law : laws) law.holds({list, one}, "seed " + std::to_string(seed));
  }
}

TEST(ListLaws, SortIsSortedAndAPermutation) {
  const Law sorted("sort(x, function(a, b) a.key < b.key)");
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    std::vector<Value> items;
    const auto size = between(random, 0, 60);
    for (std::int64_t i = 0; i < size; ++i) {
      Context item;
      item.entries = {{"key", Value::number(between(random, 0, 6))}, {"place", Value::number(i)}};
      items.push_back(Value::context(std::move(item)));
    }
    const Value answer = sorted.of({Value::list(items)});
    ASSERT_EQ(answer.kind(), Kind::list) << "seed " << seed;
    std::vector<std::pair<std::int64_t, std::int64_t>> got, wanted;
    const auto read = [](const Value& item) {
      const Value key = *item.as_context().find("key"), place = *item.as_context().find("place");
      return std::pair(*key.as_number().as_int64(), *place.as_number().as_int64());
    };
    for (const Value& item : answer.as_list()) got.push_back(read(item));
    for (const Value& item : items) wanted.push_back(read(item));
    std::sort(wanted.begin(), wanted.end());  // stable: by key, then by place
    EXPECT_EQ(got, wanted) << "seed " << seed;
  }
}

TEST(JsonLaws, ValuesGoThereAndBack) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Random random(seed);
    const Value value = any_value(random, 0);
    const auto read = base::parse_json(to_json(value).dump());
    ASSERT_TRUE(read) << text(value);
    EXPECT_TRUE(identical(from_json(*read), value)) << text(value) << " seed " << seed;
    EXPECT_EQ(text(from_json(*read)), text(value)) << " seed " << seed;
    const std::string packed = base::pack(*read);
    EXPECT_EQ(text(from_packed(base::Packed(packed))), text(value)) << " seed " << seed;
  }
}

// ---- limits -----------------------------------------------------------------------------------------------------------
// The largest n for which the expression works, and that n + 1 does not; both by trying.
void expect_limit(std::int64_t most, const std::function<bool(std::int64_t)>& works, const char* what) {
  EXPECT_TRUE(works(most)) << what << " at " << most;
  EXPECT_FALSE(works(most + 1)) << what << " at " << most + 1;
}
bool compiles(const std::string& text) { return compile(text).has_value(); }
bool gives_value(const std::string& text) {
  const auto expression = compile(text);
  if (!expression) return false;
  Environment environment;
  environment.max_steps = 1'000'000'000;
  return !expression->evaluate({}, environment).is_null();
}

TEST(Limits, AreReachedAndNotPassed) {
  namespace limits = base::limits;
  expect_limit(static_cast<std::int64_t>(limits::kFeelTextBytes), [](std::int64_t n) { return compiles(std::string(static_cast<std::size_t>(n) - 1, ' ') + "1"); }, "kFeelTextBytes");
  const auto parentheses = [](std::int64_t n) { return std::string(static_cast<std::size_t>(n), '(') + "1" + std::string(static_cast<std::size_t>(n), ')'); };
  std::int64_t deepest = 1;
  while (compiles(parentheses(deepest + 1))) ++deepest;
  EXPECT_LE(deepest, limits::kFeelDepth);
  EXPECT_GE(deepest, limits::kFeelDepth / 2 - 2);  // a parenthesis counts twice: itself, and the expression in it
  expect_limit(static_cast<std::int64_t>(limits::kFeelListItems), [](std::int64_t n) { return gives_value("count(for i in 1.." + std::to_string(n) + " return 1)"); }, "kFeelListItems");
}

TEST(Limits, StepsAreAThreshold) {
  for (const char* expression : {"for i in 1..200 return i * i", "sort([5, 3, 1, 4, 2], function(a, b) a < b)", "{f: function(n) if n = 0 then 0 else f(n - 1), r: f(40)}.r",
                                 "distinct values(for i in 1..9 return i)", "some x in 1..50, y in 1..50 satisfies x * y = 2500"}) {
    const auto compiled = compile(expression);
    ASSERT_TRUE(compiled) << expression;
    const auto works = [&](std::uint64_t steps) {
      Environment environment;
      environment.max_steps = steps;
      return !compiled->evaluate({}, environment).is_null();
    };
    std::uint64_t low = 0, high = 1'000'000;  // fails, works
    ASSERT_TRUE(works(high)) << expression;
    while (high - low > 1) {
      const std::uint64_t middle = (low + high) / 2;
      (works(middle) ? high : low) = middle;
    }
    EXPECT_GT(low, 0u) << expression << ": any number of steps is enough";
    for (std::uint64_t steps = high; steps < high + 50; ++steps) EXPECT_TRUE(works(steps)) << expression << " with " << steps;
    for (std::uint64_t steps = low; steps > 0 && steps + 20 > low; --steps) EXPECT_FALSE(works(steps)) << expression << " with " << steps;
  }
}

// However deep a function calls itself, there is an answer: a value, or null that says "deep" or "steps".
TEST(Limits, RecursionEnds) {
  for (const char* expression : {"{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(N)}.r", "{f: function(n) [f(n + 1)], r: f(0)}.r",
                                 "{f: function(n) sort([1, 2], function(a, b) f(n + 1)), r: f(0)}.r", "{f: function(n) {a: f(n + 1)}.a, r: f(0)}.r"})
    for (const int depth : {1, 100, 400, 600, 100'000}) {
      std::string text = expression;
      if (const auto at = text.find('N'); at != std::string::npos) text.replace(at, 1, std::to_string(depth));
      const auto compiled = compile(text);
      ASSERT_TRUE(compiled) << text;
      const Value value = compiled->evaluate({}, {});
      if (value.is_null()) {
        EXPECT_TRUE(value.reason().find("deep") != std::string::npos || value.reason().find("steps") != std::string::npos ||
                    value.reason().find("true or false") != std::string::npos)
            << text << ": " << value.reason();
      } else {
        EXPECT_EQ(feel::text(value), std::to_string(depth)) << text;
      }
    }
}

}  // namespace
}  // namespace feel
