// Issue 3: a program that has run once allocates nothing when it runs again, in numbers, strings, contexts and lists.
#include <gtest/gtest.h>

#include "base/count_allocations.h"
#include "feel/block.h"
#include "feel/feel.h"

#ifdef BASE_COUNTS_ALLOCATIONS

namespace feel {
namespace {

struct Question {
  const char *text, *inputs, *answer;
};

constexpr Question kQuestions[] = {
    // numbers
    {"(a + b) * 2 - c / 4 + 10.5", "{a: 12, b: 30, c: 8}", "92.5"},
    {"a / b * 1000000 - a ** 3 + modulo(a, b) - abs(-b)", "{a: 10, b: 3}", "3332331.333333333333333333333333333"},
    {"if a > b then a - b else b - a", "{a: 12, b: 30}", "18"},
    {"a between 10 and 20 and b in [20..40] and not(c in (1, 2, > 9))", "{a: 12, b: 30, c: 8}", "true"},
    {"floor(a) + ceiling(a) + round half up(a, 1) + decimal(a, 2)", "{a: 1.2345}", "5.43"},
    {"min(a, b, c) + max([a, b, c]) + sum(a, b) + mean([a, b]) + median([a, b, c]) + count([a]) + product([a, b])", "{a: 1, b: 2, c: 3}", "13.5"},
    {"date(a, 3, 1) + duration(\"P1M\") > date(a, 3, 31)", "{a: 2026}", "true"},
    // strings, short and long
    {"status = \"approved\" or status = \"pending\"", "{status: \"pending\"}", "true"},
    {"\"Kære \" + name + \", din sag er afgjort\"", "{name: \"Kommune København, Borgerservice\"}", "Kære Kommune København, Borgerservice, din sag er afgjort"},
    {"starts with(name, \"Kommune\") and contains(name, \"København, B\") and ends with(name, \"service\")", "{name: \"Kommune København, Borgerservice\"}", "true"},
    {"substring before(name, \", \") + substring after(name, \", \")", "{name: \"Kommune København, Borgerservice\"}", "Kommune KøbenhavnBorgerservice"},
    {"substring(name, 3, 20) + substring(name, -3)", "{name: \"Kommune København, Borgerservice\"}", "mmune København, Borice"},
    {"string length(name) + string length(string join([name, name], \"; \"))", "{name: \"Kommune København, Borgerservice\"}", "98"},
    {"string(a) + string(true) + string(name)", "{a: 12.50, name: \"Kommune København, Borgerservice\"}", "12.5trueKommune København, Borgerservice"},
    // contexts
    {"{subtotal: a * b, vat: subtotal * 0.25, total: subtotal + vat}", "{a: 12, b: 30}", "{subtotal: 360, vat: 90, total: 450}"},
    {"customer.address.city = city and customer.name != city", "{city: \"Odense\", customer: {name: \"Ane\", address: {street: \"Nygade 1\", city: \"Odense\"}}}", "true"},
    {"context put(c, \"b\", 3)", "{c: {a: 1, b: 2}}", "{a: 1, b: 3}"},
    {"context merge([c, {d: 4}]).d + get value(c, \"a\")", "{c: {a: 1, b: 2}}", "5"},
    {"get entries(c).key", "{c: {a: 1, b: 2}}", "[\"a\", \"b\"]"},
    // lists
    {"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][item > limit]", "{limit: 5}", "[6, 7, 8, 9, 10]"},
    {"for i in [1, 2, 3], j in [1, 2, 3] return i * j", "{}", "[1, 2, 3, 2, 4, 6, 3, 6, 9]"},
    {"for i in 1..n return if i < 3 then 1 else partial[-1] + partial[-2]", "{n: 10}", "[1, 1, 2, 3, 5, 8, 13, 21, 34, 55]"},
    {"orders[amount > limit].amount", "{limit: 150, orders: [{id: \"A-1\", amount: 100}, {id: \"A-2\", amount: 200}, {id: \"A-3\", amount: 300}]}", "[200, 300]"},
    {"some x in xs satisfies x > limit", "{limit: 4, xs: [1, 2, 3, 4, 5]}", "true"},
    {"every x in xs satisfies x > limit", "{limit: 0, xs: [1, 2, 3, 4, 5]}", "true"},
    {"count(append(concatenate(xs, [limit]), 7)) + index of(xs, 4)[1] + count(reverse(sublist(xs, 2, 3)))", "{limit: 4, xs: [1, 2, 3, 4, 5]}", "14"},
    {"list contains(xs, 3) and count(distinct values(xs)) = 5 and count(union(xs, xs)) = 5", "{xs: [1, 2, 3, 4, 5]}", "true"},
    {"count(insert before(remove(xs, 1), 1, 9)) + count(flatten([xs, [xs]])) + sort(xs)[1]", "{xs: [3, 2, 1]}", "10"},
};

TEST(Allocations, AreNoneOnceAProgramHasRun) {
  if (!detail::kFreeLists) GTEST_SKIP() << "the sanitizer sees every block by itself";
  for (const Question& q : kQuestions) {
    const auto inputs = compile(q.inputs);
    ASSERT_TRUE(inputs) << q.inputs;
    const Value given = inputs->evaluate({}, {});
    ASSERT_EQ(given.kind(), Kind::context) << q.inputs;
    CompileOptions options;
    for (const auto& [key, value] : given.as_context()) options.names.push_back({std::string(key), nullptr});
    const auto expression = compile(q.text, options);
    ASSERT_TRUE(expression) << expression.error().text();
    std::vector<Value> values;
    for (const std::string& name : expression->inputs()) {
      const Value* found = given.as_context().find(name);
      values.push_back(found != nullptr ? *found : Value());  // a field of a filter's items may also be a name outside
    }
    const Environment environment{.now = 1'782'900'000'000};
    EXPECT_EQ(text(expression->evaluate(values, environment)), q.answer) << q.text;
    Value result;
    for (int i = 0; i < 3; ++i) result = expression->evaluate(values, environment);  // one answer is held while the next is made
    const std::uint64_t before = allocations;
    for (int i = 0; i < 10; ++i) result = expression->evaluate(values, environment);
    EXPECT_EQ(allocations - before, 0u) << q.text;
  }
}

TEST(Allocations, AreCounted) {
  const std::uint64_t before = allocations;
  const Value kept = Value::string(std::string(100'000, 'x'));  // too large for the free lists
  EXPECT_GE(allocations - before, 2u);
}

}  // namespace
}  // namespace feel

#endif
