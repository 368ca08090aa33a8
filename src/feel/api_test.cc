// The room's door in C++: inputs, errors with positions, reasons, boundaries, JSON and packed values.
#include <gtest/gtest.h>

#include <thread>

#include "feel/feel.h"
#include "feel/function.h"

namespace feel {
namespace {

TypePtr type_of(std::string_view text, const CompileOptions& options = {}) {
  const auto type = compile_type(text, options);
  EXPECT_TRUE(type) << text;
  return type ? *type : nullptr;
}

TEST(Expression, TakesInputsByPosition) {
  const auto e = compile("b - a + b", {});
  ASSERT_TRUE(e);
  EXPECT_EQ(e->inputs(), (std::vector<std::string>{"b", "a"}));
  const Value values[] = {Value::number(5), Value::number(3)};
  EXPECT_EQ(text(e->evaluate(values, {})), "7");
  EXPECT_TRUE(e->evaluate({}, {}).is_null());  // a name that is not bound is null
  EXPECT_FALSE(e->is_constant());
  EXPECT_TRUE(compile("1 + 2")->is_constant());
  EXPECT_FALSE(compile("now()")->is_constant());
  EXPECT_FALSE(compile("function() today()")->is_constant());
}

TEST(Expression, NamesOnlyWhatItUses) {
  CompileOptions options;
  options.names = {{"Loan Amount", nullptr}, {"Loan", nullptr}, {"rate", nullptr}, {"unused", nullptr}};
  const auto e = compile("Loan Amount * rate / 12", options);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->inputs(), (std::vector<std::string>{"Loan Amount", "rate"}));
}

TEST(Expression, ReadsMembersByTheirType) {
  CompileOptions options;
  options.names = {{"order", type_of("context<net-price: number, lines: list<context<a+b: number>>>")}};
  const auto e = compile("order.net-price + sum(order.lines.a+b) + sum(order.lines[a+b > 1].a+b)", options);
  ASSERT_TRUE(e) << e.error().text();
  EXPECT_EQ(e->inputs(), (std::vector<std::string>{"order"}));
  const auto order = compile(R"({net-price: 100, lines: [{a+b: 1}, {a+b: 2}]})");
  EXPECT_EQ(text(e->evaluate({{order->evaluate({}, {})}}, {})), "105");
}

TEST(Expression, ErrorsSayWhere) {
  CompileOptions options;
  options.file = "model.dmn";
  options.line = 10;
  options.column = 5;
  options.element = "decision_1";
  const auto first = compile("1 +", options);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, base::ErrorCode::invalid_feel);
  EXPECT_EQ(first.error().where.file, "model.dmn");
  EXPECT_EQ(first.error().where.line, 10);
  EXPECT_EQ(first.error().where.column, 8);
  EXPECT_EQ(first.error().where.element, "decision_1");
  const auto second = compile("1 +\n  * 2", options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().where.line, 11);
  EXPECT_EQ(second.error().where.column, 3);
  EXPECT_NE(second.error().remedy.find("a value"), std::string::npos);
}

TEST(Expression, MayRefuseUnknownNames) {
  CompileOptions options;
  options.unknown_names_are_inputs = false;
  options.names = {{"amount", nullptr}};
  EXPECT_TRUE(compile("amount + 1", options));
  const auto wrong = compile("1 + amont", options);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where.column, 5);
  EXPECT_NE(wrong.error().text().find("amount"), std::string::npos);
  EXPECT_TRUE(compile("[{a: 1}][a = 1]", options));
}

TEST(Expression, RefusesTooMuchText) {
  const auto e = compile(std::string(base::limits::kFeelTextBytes + 1, ' ') + "1");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code, base::ErrorCode::limit_exceeded);
  const auto deep = compile(std::string(100'000, '('));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, base::ErrorCode::limit_exceeded);
  std::string chain = "1";
  for (int i = 0; i < 50'000; ++i) chain += "+1";
  ASSERT_FALSE(compile(chain));
  EXPECT_EQ(compile(chain).error().code, base::ErrorCode::limit_exceeded);
}

TEST(Expression, KeepsTheReasonsInOrder) {
  std::vector<Reason> reasons;
  Environment env;
  env.reasons = &reasons;
  const auto e = compile("[1 / 0, \"a\" + 1]");
  EXPECT_EQ(text(e->evaluate({}, env)), "[null, null]");
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_EQ(reasons[0].text(), "1:4: division by zero");
  EXPECT_EQ(reasons[1].text(), "1:13: cannot add string and number");
  EXPECT_EQ(compile("(1 / 0) + 5")->evaluate({}, {}).reason(), "1:4: division by zero");  // the first cause travels up
}

TEST(Expression, StepsAreShared) {
  Environment env;
  env.max_steps = 100;
  const Value v = compile("for i in 1..1000 return i")->evaluate({}, env);
  EXPECT_TRUE(v.is_null());
  EXPECT_NE(v.reason().find("steps"), std::string::npos);
  env.max_steps = 100'000;
  EXPECT_EQ(compile("for i in 1..1000 return i")->evaluate({}, env).as_list().size(), 1000u);
}

TEST(Expression, FunctionsOutliveTheirExpression) {
  Value f;
  {
    const auto e = compile("{g: function(n) if n < 1 then base else g(n - 1) + 1}.g", {});
    const Value base[] = {Value::number(40)};
    f = e->evaluate(base, {});
  }
  ASSERT_EQ(f.kind(), Kind::function);
  const Value arguments[] = {Value::number(2)};
  EXPECT_EQ(text(f.as_function()->call(arguments, {})), "42");
}

TEST(Expression, RunsInManyThreads) {
  const auto e = compile("sum(for i in 1..100 return i * x) + @\"2026-07-01T00:00:00@Europe/Copenhagen\".time offset / @\"PT1H\"");
  ASSERT_TRUE(e);
  std::vector<std::thread> threads;
  std::vector<std::string> results(4);
  for (std::size_t t = 0; t < results.size(); ++t) {
    threads.emplace_back([&, t] {
      const Value x[] = {Value::number(static_cast<std::int64_t>(t))};
      for (int i = 0; i < 20; ++i) results[t] = text(e->evaluate(x, {}));
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t t = 0; t < results.size(); ++t) EXPECT_EQ(results[t], std::to_string(5050 * t + 2));
}

TEST(UnaryTests, KnowTheirInputs) {
  const auto any = compile_unary_tests(" - ");
  ASSERT_TRUE(any);
  EXPECT_TRUE(any->any());
  EXPECT_TRUE(any->test(Value(), {}, {}).is_true());
  const auto tests = compile_unary_tests("> low, = high");
  ASSERT_TRUE(tests);
  EXPECT_EQ(tests->inputs(), (std::vector<std::string>{"low", "high"}));
  const Value bounds[] = {Value::number(10), Value::number(3)};
  EXPECT_TRUE(tests->test(Value::number(11), bounds, {}).is_true());
  EXPECT_TRUE(tests->test(Value::number(3), bounds, {}).is_true());
  EXPECT_FALSE(tests->test(Value::number(4), bounds, {}).is_true());
  EXPECT_FALSE(compile_unary_tests("> "));
}

TEST(Types, ConformAtBoundaries) {
  const Value one = Value::number(1), list = Value::list({one});
  EXPECT_EQ(text(conform(list, type_of("number"))), "1");
  EXPECT_EQ(text(conform(one, type_of("list<number>"))), "[1]");
  EXPECT_EQ(text(conform(Value::date({2026, 1, 2}), type_of("date and time"))), "2026-01-02T00:00:00Z");
  EXPECT_EQ(text(conform(one, nullptr)), "1");
  const Value wrong = conform(one, type_of("string"));
  EXPECT_TRUE(wrong.is_null());
  EXPECT_EQ(wrong.reason(), "a value of type number does not conform to string");
  EXPECT_TRUE(conform(Value::list({one, Value::string("x")}), type_of("list<number>")).is_null());
  CompileOptions options;
  options.types = {{"tLoan", type_of("context<amount: number>")}, {"imp.tRate", type_of("number")}};
  EXPECT_EQ(text(type_of("list<tLoan>", options)), "list<context<amount: number>>");
  EXPECT_TRUE(compile("1 instance of imp.tRate", options)->evaluate({}, {}).is_true());
  EXPECT_TRUE(compile("{amount: 1} instance of tLoan", options)->evaluate({}, {}).is_true());
  EXPECT_EQ(text(type_of("function<number, string> -> list<date>")), "function<number, string>->list<date>");
}

// Allowed values count at boundaries; "instance of" asks about structure only.
TEST(Types, AllowedValuesCountAtBoundaries) {
  auto small = std::make_shared<Type>(*type_of("number"));
  small->kind = TypeKind::number;
  small->allows = [](const Value& v) { return v.as_number() < base::Decimal(256); };
  CompileOptions options;
  options.types = {{"tByte", small}};
  EXPECT_TRUE(compile("256 instance of tByte", options)->evaluate({}, {}).is_true());
  EXPECT_TRUE(conform(Value::number(256), small).is_null());
  EXPECT_EQ(text(conform(Value::number(255), small)), "255");
  EXPECT_TRUE(conform(Value::list({Value::number(256)}), type_of("list<tByte>", options)).is_null());
}

TEST(Values, GoThroughJson) {
  const auto json = base::parse_json(R"({"a":[1,2.50,-3e2,"x",true,null],"b":{"c":{}},"big":12345678901234567890.123})");
  ASSERT_TRUE(json);
  const Value value = from_json(*json);
  EXPECT_EQ(text(value), "{a: [1, 2.5, -300, \"x\", true, null], b: {c: {}}, big: 12345678901234567890.123}");
  EXPECT_EQ(to_json(value).dump(), R"({"a":[1,2.5,-300,"x",true,null],"b":{"c":{}},"big":12345678901234567890.123})");
  const std::string packed = base::pack(*json);
  EXPECT_TRUE(equal(from_packed(base::Packed(packed)), value).is_true());
  EXPECT_EQ(to_json(compile("[@\"P1Y\", @\"10:00:00Z\", [1..2)]")->evaluate({}, {})).dump(), R"j(["P1Y","10:00:00Z","[1..2)"])j");
}

TEST(Values, StayWithinTheirLimits) {
  Value nested = Value::list({});
  for (std::uint32_t i = 1; i < base::limits::kFeelValueDepth; ++i) nested = Value::list({nested});
  EXPECT_EQ(nested.kind(), Kind::list);
  EXPECT_TRUE(Value::list({nested}).is_null());
  Value wide = Value::list(std::vector<Value>(1000, Value::number(1)));
  wide = Value::list(std::vector<Value>(1000, wide));
  EXPECT_EQ(wide.kind(), Kind::list);
  EXPECT_TRUE(Value::list(std::vector<Value>(100, wide)).is_null());  // shared, yet whoever walks it walks 10^8 items
}

TEST(Temporal, TurnsToMillisecondsAndBack) {
  EXPECT_EQ(to_millis(*parse_date_time("2026-07-01T12:00:00"), "Europe/Copenhagen"), 1'782'900'000'000);
  EXPECT_EQ(to_millis(*parse_date_time("2026-07-01T12:00:00Z"), "Europe/Copenhagen"), 1'782'907'200'000);
  EXPECT_EQ(text(from_millis(1'782'900'000'000, "Europe/Copenhagen")), "2026-07-01T12:00:00@Europe/Copenhagen");
  EXPECT_EQ(text(from_millis(-1, "Etc/UTC")), "1969-12-31T23:59:59.999@Etc/UTC");
  EXPECT_FALSE(to_millis(*parse_date_time("999999999-01-01T00:00:00Z"), "Etc/UTC"));
  // The hour that is skipped in spring, and the one that comes twice in autumn.
  EXPECT_EQ(zone_offset_local("Europe/Copenhagen", {2026, 3, 29}, 2 * 3600 + 1800), 3600);
  EXPECT_EQ(zone_offset_local("Europe/Copenhagen", {2026, 10, 25}, 2 * 3600 + 1800), 7200);
  EXPECT_FALSE(zone_offset_at("Europe/Nowhere", 0));
  for (std::int64_t day = -800'000; day < 800'000; day += 37) EXPECT_EQ(days_from_civil(civil_from_days(day)), day);
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(days_from_civil({2000, 3, 1}), 11'017);
}

}  // namespace
}  // namespace feel
