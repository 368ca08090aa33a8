// Values as memory: what is inline and what is a counted block, shared keys, lists in the making, frames.
#include "feel/value.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"
#include "feel/feel.h"

namespace feel {
namespace {

TEST(Values, KeepWhatTheyAreGiven) {
  for (const std::string& written : {std::string(), std::string("kort"), std::string(16, 'x'), std::string(17, 'y'), std::string(100'000, 'z')}) {
    const Value value = Value::string(written);
    const Value copy = value;
    EXPECT_EQ(copy.as_string(), written);
    EXPECT_EQ(copy.measure().weight, 1 + (written.size() > 16 ? written.size() / 32 : 0));
  }
  for (const std::string_view digits : {"0", "-1", "9223372036854775807", "-9223372036854775808", "12345678901234567890.1234567890123", "1E-6176"}) {
    const auto number = base::Decimal::parse(digits);
    ASSERT_TRUE(number);
    EXPECT_EQ(Value::number(*number).as_number().text(), number->text());
  }
  EXPECT_EQ(Value::date({-999'999'999, 1, 31}).as_date(), (Date{-999'999'999, 1, 31}));
  EXPECT_EQ(Value::days_time({-5, -7}).as_days_time(), (DaysTime{-5, -7}));
  EXPECT_EQ(Value::years_months({-13}).as_years_months().months, -13);
  const Time noon{12, 0, 0, 5, Zone{std::nullopt, "Europe/Copenhagen"}};
  EXPECT_EQ(Value(Value::time(noon)).as_time(), noon);
  Value moved = Value::string(std::string(40, 'a'));
  const Value to = std::move(moved);
  EXPECT_TRUE(moved.is_null());
  EXPECT_EQ(to.as_string().size(), 40u);
  moved = to;
  moved = *&moved;
  EXPECT_EQ(moved.as_string(), to.as_string());
}

TEST(Values, ContextsShareTheirKeys) {
  for (const std::size_t size : {0u, 1u, 8u, 9u, 100u}) {
    Context built;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < size; ++i) {
      keys.push_back("nøgle " + std::to_string(i * 7 % 101));
      built.entries.emplace_back(keys.back(), Value::number(static_cast<std::int64_t>(i)));
    }
    const Value one = Value::context(built);
    std::vector<Value> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(Value::number(static_cast<std::int64_t>(i)));
    const Value other = Value::context(Shape(keys), values);
    EXPECT_TRUE(equal(one, other).is_true());
    EXPECT_EQ(other.as_context().size(), size);
    EXPECT_EQ(other.as_context().find("nøgle"), nullptr);
    std::size_t at = 0;
    for (const auto& [key, value] : other.as_context()) {
      EXPECT_EQ(key, keys[at]);
      EXPECT_EQ(other.as_context().find(keys[at]), &value);
      ++at;
    }
    EXPECT_EQ(at, size);
    EXPECT_EQ(text(Value::context(other.as_context().copy())), text(one));
  }
}

TEST(Values, ListsGrowWithoutChangingWhatWasShared) {
  ListBuilder builder;
  std::vector<Value> kept;
  for (int i = 0; i < 100; ++i) {
    if (i % 10 == 0) kept.push_back(builder.share());
    builder.push(Value::number(i));
  }
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].as_list().size(), i * 10);
  const Value all = builder.finish();
  ASSERT_EQ(all.as_list().size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(all.as_list()[static_cast<std::size_t>(i)].as_number(), base::Decimal(i));
  EXPECT_EQ(all.measure().weight, 101u);
  ListBuilder deep;
  Value nested = Value::list({});
  while (nested.measure().depth < base::limits::kFeelValueDepth) nested = Value::list({nested});
  deep.push(nested);
  EXPECT_FALSE(deep.fits());
  EXPECT_TRUE(deep.finish().is_null());
}

TEST(Values, RangesCountWhatTheyHold) {
  Value nested = Value::number(1);
  std::uint32_t depth = 0;
  while (!nested.is_null() && ++depth < 1000) {
    Range around;
    around.exactly = true;
    around.low = around.high = nested;
    nested = Value::range(std::move(around));
  }
  EXPECT_LT(depth, base::limits::kFeelValueDepth);  // twice as heavy with each, long before it is too deep
  EXPECT_NE(nested.reason(), "");
}

TEST(Values, MayEndOnAnotherThread) {
  std::vector<Value> made;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 200; ++i) made.push_back(Value::list({Value::string(std::string(static_cast<std::size_t>(i) * 7, 'a')), Value::number(i)}));
    std::vector<Value> copies = made;
    std::thread reader([copies = std::move(copies)]() mutable {
      for (Value& value : copies) value = Value::list({value, value.as_list()[0]});
    });
    for (std::size_t i = 0; i < made.size(); ++i) EXPECT_EQ(made[i].as_list()[1].as_number(), base::Decimal(static_cast<std::int64_t>(i)));
    reader.join();
    made.clear();
  }
}

TEST(Expression, ReadsAFrame) {
  CompileOptions options;
  options.names = {{"a"}, {"b"}, {"c"}};
  const auto expression = compile("[b, a, c, (function(x) x + a)(1), for i in [1] return b + i]", options);
  ASSERT_TRUE(expression);
  EXPECT_EQ(expression->inputs(), (std::vector<std::string>{"b", "a", "c"}));
  const Value frame[] = {Value::number(10), Value::number(20), Value::number(30)};
  EXPECT_EQ(text(expression->evaluate(frame, {})), "[10, 20, 30, 21, [11]]");
  const int slots[] = {2, 0, -1};
  EXPECT_EQ(text(expression->bound(slots).evaluate(frame, {})), "[30, 10, null, 11, [31]]");
  const auto open = compile("u[amount > 1]");
  ASSERT_TRUE(open);
  const int moved[] = {1, 0};
  const Expression copied = open->bound(moved);
  ASSERT_EQ(copied.inputs(), open->inputs());
  for (std::size_t i = 0; i < open->inputs().size(); ++i) EXPECT_EQ(copied.may_be_field(i), open->may_be_field(i)) << open->inputs()[i];
  const auto tests = compile_unary_tests("< b, ? > a + c", options);
  ASSERT_TRUE(tests);
  EXPECT_EQ(tests->inputs(), (std::vector<std::string>{"b", "a", "c"}));
  const int places[] = {0, 2, 1};
  const UnaryTests bound = tests->bound(places);
  EXPECT_TRUE(bound.test(Value::number(9), frame, {}).is_true());
  EXPECT_FALSE(bound.test(Value::number(29), frame, {}).is_true());
  EXPECT_TRUE(bound.test(Value::number(51), frame, {}).is_true());
}

}  // namespace
}  // namespace feel
