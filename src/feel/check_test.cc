// What check() says of an expression, and that what it infers is true of every case in tests/feel.
#include "feel/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "feel/feel.h"

namespace feel {
namespace {

namespace fs = std::filesystem;

const char* kNames[] = {"unknown_name", "operand", "argument", "call", "comparison", "never", "condition", "member", "instance_of", "always_null"};

CompileOptions with_names() {
  const auto type = [](const char* text) { return *compile_type(text); };
  CompileOptions options;
  options.names = {{"n", type("number")}, {"s", type("string")}, {"d", type("date")}, {"dt", type("date and time")}, {"b", type("boolean")}, {"u", nullptr},
                   {"ns", type("list<number>")}, {"loan", type("context<amount: number, first name: string>")},
                   {"loans", type("list<context<amount: number, paid: boolean>>")}, {"f", type("function<number, string>->number")}, {"r", type("range<number>")},
                   {"dur", type("days and time duration")}};
  options.unknown_names_are_inputs = false;
  return options;
}

// "kind line:column" of each finding, and the type.
std::string said(const std::string& text) {
  const auto checked = check(text, with_names());
  if (!checked) return checked.error().text();
  std::string out;
  for (const Finding& finding : checked->findings) {
    EXPECT_FALSE(finding.message.empty() || finding.message_da.empty() || finding.remedy.empty()) << text;
    out += std::string(kNames[static_cast<int>(finding.kind)]) + " " + std::to_string(finding.line) + ":" + std::to_string(finding.column) + ", ";
  }
  return out + feel::text(checked->type);
}

TEST(Check, InfersTypes) {
  EXPECT_EQ(said("n + 1"), "number");
  EXPECT_EQ(said("s + \"x\""), "string");
  EXPECT_EQ(said("d + dur"), "date");
  EXPECT_EQ(said("d - d"), "days and time duration");
  EXPECT_EQ(said("dt - d"), "days and time duration");
  EXPECT_EQ(said("dur / dur"), "number");
  EXPECT_EQ(said("loan.first name"), "string");
  EXPECT_EQ(said("loans.amount"), "list<number>");
  EXPECT_EQ(said("loans[paid].amount"), "list<number>");
  EXPECT_EQ(said("loans[1].amount"), "number");
  EXPECT_EQ(said("loans[amount > 3][1].paid"), "boolean");
  EXPECT_EQ(said("sum(ns)"), "number");
  EXPECT_EQ(said("sum(1, 2)"), "number");
  EXPECT_EQ(said("max(loans.amount)"), "number");
  EXPECT_EQ(said("sort(loans, function(x, y) x.amount < y.amount)"), "list<context<amount: number, paid: boolean>>");
  EXPECT_EQ(said("for x in ns return {a: x, t: string(x)}"), "list<context<a: number, t: string>>");
  EXPECT_EQ(said("if b then 1 else null"), "number");
  EXPECT_EQ(said("if b then 1 else s"), "Any");
  EXPECT_EQ(said("{a: n, b: a > 2}.b"), "boolean");
  EXPECT_EQ(said("f(1, s)"), "number");
  EXPECT_EQ(said("{fac: function(x: number) if x < 2 then 1 else x * fac(x - 1), r: fac(3)}.r"), "number");
  EXPECT_EQ(said("d.year"), "number");
  EXPECT_EQ(said("r.start"), "number");
  EXPECT_EQ(said("some x in ns satisfies x > 1"), "boolean");
  EXPECT_EQ(said("[1, \"a\"]"), "list<Any>");
  EXPECT_EQ(said("u + 1"), "Any");
  EXPECT_EQ(said("u.x[y = 1].z"), "list<Any>");
  EXPECT_EQ(said("date and time(d, @\"10:00:00\")"), "date and time");
}

TEST(Check, FindsWhatCanNeverWork) {
  EXPECT_EQ(said("\"a\" + 1"), "operand 1:5, Null");
  EXPECT_EQ(said("n + s"), "operand 1:3, Null");
  EXPECT_EQ(said("-s"), "operand 1:1, Null");
  EXPECT_EQ(said("d * 2"), "operand 1:3, Null");
  EXPECT_EQ(said("n = s"), "comparison 1:3, boolean");
  EXPECT_EQ(said("n < d"), "comparison 1:3, boolean");
  EXPECT_EQ(said("loan > loan"), "comparison 1:6, boolean");
  EXPECT_EQ(said("n between \"a\" and 3"), "comparison 1:3, boolean");
  EXPECT_EQ(said("n between 5 and 3"), "never 1:3, boolean");
  EXPECT_EQ(said("n in [5..1]"), "never 1:6, boolean");
  EXPECT_EQ(said("n in (5..5]"), "never 1:6, boolean");
  EXPECT_EQ(said("s in [1..5]"), "never 1:6, boolean");
  EXPECT_EQ(said("n in (< \"a\", 3)"), "never 1:7, boolean");
  EXPECT_EQ(said("if n then 1 else 2"), "condition 1:4, number");
  EXPECT_EQ(said("b and n"), "condition 1:7, boolean");
  EXPECT_EQ(said("every x in ns satisfies x"), "condition 1:25, boolean");
  EXPECT_EQ(said("ns[\"a\"]"), "condition 1:4, Any");
  EXPECT_EQ(said("ns[0]"), "always_null 1:4, number");
  EXPECT_EQ(said("loan.amont"), "member 1:5, Any");
  EXPECT_EQ(said("d.minutes"), "member 1:2, Null");
  EXPECT_EQ(said("n instance of string"), "instance_of 1:3, boolean");
  EXPECT_EQ(said("n(1)"), "call 1:1, Null");
  EXPECT_EQ(said("f(1)"), "argument 1:1, number");
  EXPECT_EQ(said("f(s, 1)"), "argument 1:3, argument 1:6, number");
  EXPECT_EQ(said("upper case(n)"), "argument 1:11, Null");
  EXPECT_EQ(said("substring(s)"), "argument 1:10, Null");
  EXPECT_EQ(said("substring(text: s, start position: 1)"), "argument 1:10, Null");
  EXPECT_EQ(said("date(\"2025-02-30\")"), "always_null 1:5, Null");
  EXPECT_EQ(said("@\"2025-02-30\""), "always_null 1:1, Null");
  EXPECT_EQ(said("1 / 0"), "always_null 1:3, number");
  EXPECT_EQ(said("1 +\n  nn"), "unknown_name 2:3, Any");
}

TEST(Check, SaysWhatWouldBeRight) {
  const auto remedy = [](const std::string& text) { return check(text, with_names())->findings.at(0).remedy; };
  EXPECT_EQ(remedy("loans[amout = 1]"), "did you mean 'amount'?");
  EXPECT_EQ(remedy("loan.amont"), "did you mean 'amount'?");
  EXPECT_EQ(remedy("substring(s)"), "substring(string: string, start position: number, length?: number)");
  EXPECT_EQ(check("n + s", with_names())->findings.at(0).message, "+: number + string is always null");
  EXPECT_EQ(check("n + s", with_names())->findings.at(0).message_da, "+: tal + tekst er altid null");
}

TEST(Check, Cells) {
  const auto cell = [](const std::string& text, const char* tested) {
    const auto checked = check_unary_tests(text, *compile_type(tested), with_names());
    if (!checked) return checked.error().text();
    std::string out;
    for (const Finding& finding : checked->findings) out += std::string(kNames[static_cast<int>(finding.kind)]) + " " + std::to_string(finding.column) + " ";
    return out;
  };
  EXPECT_EQ(cell("< 5, [7..9], 12", "number"), "");
  EXPECT_EQ(cell("< \"a\"", "number"), "never 1 ");
  EXPECT_EQ(cell("\"a\", 5", "number"), "never 1 ");
  EXPECT_EQ(cell("true", "number"), "never 1 ");
  EXPECT_EQ(cell("true", "boolean"), "");
  EXPECT_EQ(cell("? > 3 and ? < s", "number"), "comparison 13 ");
  EXPECT_EQ(cell("n > 3", "string"), "");
  EXPECT_EQ(cell("not(\"a\")", "string"), "");
  EXPECT_EQ(cell("not(1)", "string"), "never 5 ");
  EXPECT_EQ(cell("count(?) > 1", "list<number>"), "");
  EXPECT_EQ(cell("-", "number"), "");
  EXPECT_EQ(cell("[9..7]", "number"), "never 1 ");
  EXPECT_EQ(cell("null", "number"), "");
}

TEST(Check, TypesThatMayConform) {
  const auto may = [](const char* from, const char* to) { return may_conform(*compile_type(from), *compile_type(to)); };
  EXPECT_TRUE(may("number", "number"));
  EXPECT_TRUE(may("Any", "number"));
  EXPECT_TRUE(may("date", "date and time"));
  EXPECT_TRUE(may("number", "list<number>"));
  EXPECT_TRUE(may("list<number>", "number"));
  EXPECT_TRUE(may("context<a: number, b: string>", "context<a: number>"));
  EXPECT_FALSE(may("context<a: number>", "context<a: number, b: string>"));
  EXPECT_FALSE(may("list<string>", "number"));
  EXPECT_FALSE(may("string", "list<number>"));
  EXPECT_FALSE(may("date and time", "date"));
  EXPECT_FALSE(may("number", "string"));
}

// Every builtin's result is known to the check, or is said to depend on more than its arguments' types.
TEST(Check, KnowsEveryBuiltin) {
  for (const Builtin& builtin : all_builtins()) EXPECT_TRUE(knows_builtin(builtin)) << builtin.name << " has no line in results() of check_types.cc";
}

// The inferred type holds for the value of every case, and a value that is not null was never called impossible as a whole.
TEST(Check, IsTrueOfEveryCase) {
  int compared = 0;
  for (const auto& entry : fs::directory_iterator("tests/feel")) {
    if (entry.path().extension() != ".feel-cases") continue;
    std::ifstream file(entry.path());
    CompileOptions options;
    std::vector<Value> values;
    Environment environment;
    environment.max_steps = 1'000'000;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      const std::string place = entry.path().string() + ":" + std::to_string(number) + ": " + line;
      if (line.starts_with("dialect ")) options.dialect = line == "dialect zeebe" ? Dialect::zeebe : Dialect::dmn;
      if (line.starts_with("given ")) {
        const Value given = compile(line.substr(6))->evaluate({}, environment);
        options.names.clear();
        values.clear();
        for (const auto& [key, value] : given.as_context()) {
          options.names.push_back({std::string(key), nullptr});
          values.push_back(value);
        }
        continue;
      }
      const std::size_t split = line.rfind(" ; ");
      if (split == std::string::npos || line[0] == '#' || line.starts_with("cell ") || line.starts_with("error ")) continue;
      std::string text = line.substr(0, split);
      for (const char* word : {"text ", "reason "})
        if (text.starts_with(word)) text = text.substr(std::string_view(word).size());
      const auto expression = compile(text, options);
      const auto checked = check(text, options);
      ASSERT_EQ(expression.has_value(), checked.has_value()) << place;
      if (!expression || !known(checked->type)) continue;
      std::vector<Value> inputs;
      for (const std::string& input : expression->inputs()) {
        const auto found = std::find_if(options.names.begin(), options.names.end(), [&](const Name& n) { return n.name == input; });
        inputs.push_back(found == options.names.end() ? Value() : values[static_cast<std::size_t>(found - options.names.begin())]);
      }
      const Value value = expression->evaluate(inputs, environment);
      if (value.is_null()) continue;
      ++compared;
      EXPECT_EQ(kind_of(checked->type->kind), value.kind()) << place;
      if (is(checked->type, TypeKind::list) && known(checked->type->element)) {
        for (const Value& item : value.as_list()) EXPECT_TRUE(item.is_null() || item.kind() == kind_of(checked->type->element->kind)) << place;
      }
      if (std::getenv("SHOW_FINDINGS") != nullptr)
        for (const Finding& finding : checked->findings) std::printf("%s: %s\n", place.c_str(), finding.message.c_str());
    }
  }
  EXPECT_GT(compared, 350);
}

}  // namespace
}  // namespace feel
