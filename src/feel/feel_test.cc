// Runs tests/feel/*.feel-cases. A line is one case:
//   expression ; expected            both are FEEL; equal by kind and value, null matches only null
//   given {a: 1, first name: "x"}    inputs of the lines below, until the next "given"
//   dialect zeebe                    of the lines below; "dialect dmn" goes back
//   cell 5 ? >= 3 ; true             a unary test: tested value ? cell
//   text expression ; [1, 2]         the value's string(), compared as written
//   error expression ; part          compile() refuses it, and says `part` in its text
//   reason expression ; part         the value is null, and its reason contains `part`
// Rerun one file or line: build/release/feel_test --gtest_filter='*/FeelCases.*' FEEL_CASE=tests/feel/list.feel-cases:12
#include "feel/feel.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "feel/builtins.h"
#include "feel/function.h"

namespace feel {
namespace {

namespace fs = std::filesystem;

struct Setting {
  std::vector<Name> names;
  std::vector<Value> values;
  Dialect dialect = Dialect::dmn;
};

constexpr base::Millis kNow = 1'774'180'800'000;  // 2026-03-22T12:00:00Z

Environment environment() {
  Environment env;
  env.now = kNow;
  env.max_steps = 1'000'000;
  return env;
}

// Values for the inputs that the expression really has.
std::vector<Value> inputs_of(const std::vector<std::string>& inputs, const Setting& setting) {
  std::vector<Value> values;
  for (const std::string& input : inputs) {
    Value value;
    for (std::size_t i = 0; i < setting.names.size(); ++i) {
      if (setting.names[i].name == input) value = setting.values[i];
    }
    values.push_back(value);
  }
  return values;
}

base::Result<Value> run(std::string_view text, const Setting& setting) {
  CompileOptions options;
  options.names = setting.names;
  options.dialect = setting.dialect;
  TRY(const Expression expression, compile(text, options));
  return expression.evaluate(inputs_of(expression.inputs(), setting), environment());
}

std::string shown(const Value& v) { return std::string(name(v.kind())) + " " + text(v) + (v.reason().empty() ? "" : " (" + std::string(v.reason()) + ")"); }

bool same(const Value& a, const Value& b) {
  if (a.kind() == Kind::function || b.kind() == Kind::function) return false;
  return identical(a, b) && text(a) == text(b);
}

// "" when the case holds, else what went wrong.
std::string check(const std::string& line, Setting& setting) {
  const auto rest_of = [&](std::string_view word) { return line.starts_with(word) ? line.substr(word.size()) : std::string(); };
  if (const std::string given = rest_of("given "); !given.empty()) {
    const auto context = run(given, {});
    if (!context) return context.error().text();
    if (context->kind() != Kind::context) return "given needs a context, not " + shown(*context);
    setting.names.clear();
    setting.values.clear();
    for (const auto& [key, value] : context->as_context()) {
      setting.names.push_back({std::string(key), nullptr});
      setting.values.push_back(value);
    }
    return {};
  }
  if (line == "dialect zeebe" || line == "dialect dmn") {
    setting.dialect = line == "dialect zeebe" ? Dialect::zeebe : Dialect::dmn;
    return {};
  }
  const std::size_t split = line.rfind(" ; ");
  if (split == std::string::npos) return "a case is 'expression ; expected'";
  const std::string left = line.substr(0, split), right = std::string(base::trim(line.substr(split + 3)));
  if (left.starts_with("error ")) {
    const auto value = run(left.substr(6), setting);
    if (value) return "was accepted and gave " + shown(*value);
    return value.error().text().find(right) != std::string::npos ? "" : "the error is: " + value.error().text();
  }
  if (left.starts_with("text ") || left.starts_with("reason ")) {
    const bool text_wanted = left.starts_with("text ");
    const auto value = run(left.substr(text_wanted ? 5 : 7), setting);
    if (!value) return value.error().text();
    if (text_wanted) return text(*value) == right ? "" : "string() is " + text(*value);
    return value->is_null() && value->reason().find(right) != std::string::npos ? "" : "is " + shown(*value);
  }
  const auto expected = run(right, {});
  if (!expected) return "expected value: " + expected.error().text();
  if (left.starts_with("cell ")) {
    const std::size_t mark = left.find(" ? ");
    if (mark == std::string::npos) return "a cell case is 'cell value ? tests ; expected'";
    const auto tested = run(left.substr(5, mark - 5), setting);
    if (!tested) return tested.error().text();
    CompileOptions options;
    options.names = setting.names;
    const auto tests = compile_unary_tests(left.substr(mark + 3), options);
    if (!tests) return tests.error().text();
    const Value value = tests->test(*tested, inputs_of(tests->inputs(), setting), environment());
    return same(value, *expected) ? "" : "is " + shown(value) + ", expected " + shown(*expected);
  }
  const auto value = run(left, setting);
  if (!value) return value.error().text();
  return same(*value, *expected) ? "" : "is " + shown(*value) + ", expected " + shown(*expected);
}

class FeelCases : public testing::TestWithParam<std::string> {};

TEST_P(FeelCases, Hold) {
  const char* wanted = std::getenv("FEEL_CASE");
  std::ifstream file(GetParam());
  ASSERT_TRUE(file) << GetParam();
  Setting setting;
  std::string line;
  int number = 0, cases = 0;
  while (std::getline(file, line)) {
    ++number;
    const std::string trimmed(base::trim(line));
    if (trimmed.empty() || trimmed[0] == '#') continue;
    const std::string place = GetParam() + ":" + std::to_string(number);
    const bool is_case = trimmed.find(" ; ") != std::string::npos;
    if (is_case && wanted != nullptr && std::string_view(wanted).find(':') != std::string_view::npos && place != wanted) continue;
    ++cases;
    const std::string fault = check(trimmed, setting);
    EXPECT_EQ(fault, "") << place << ": " << trimmed << "\n  rerun: FEEL_CASE=" << place << " build/release/feel_test --gtest_filter='*FeelCases*'";
  }
  EXPECT_GT(cases, 0) << GetParam() << " holds no case";
}

std::vector<std::string> case_files() {
  std::vector<std::string> files;
  if (!fs::exists("tests/feel")) return files;
  for (const auto& entry : fs::directory_iterator("tests/feel")) {
    if (entry.path().extension() == ".feel-cases") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, FeelCases, testing::ValuesIn(case_files()), [](const auto& info) {
  std::string name = fs::path(info.param).stem().string();
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(FeelCases, AreFound) { EXPECT_FALSE(case_files().empty()) << "run from the root of the project"; }

// Every builtin gives null with a reason for null, for wrong kinds, for too few and too many arguments; none crashes.
TEST(Builtins, RefuseWrongArguments) {
  for (const Builtin& builtin : all_builtins()) {
    CompileOptions options;
    options.dialect = Dialect::zeebe;
    const auto value = [&](const std::string& arguments) {
      const std::string call = std::string(builtin.name) + "(" + arguments + ")";
      const auto expression = compile(call, options);
      EXPECT_TRUE(expression) << call << ": " << (expression ? "" : expression.error().text());
      return expression ? expression->evaluate({}, environment()) : Value();
    };
    const Signature& first = builtin.forms[0];
    bool takes_any = first.parameters.empty(), takes_null = first.parameters.empty(), takes_none = false;
    std::size_t most = 0, least = 99;
    bool open_ended = false;
    for (const Signature& form : builtin.forms) {
      most = std::max(most, form.parameters.size());
      least = std::min(least, form.required);
      open_ended = open_ended || form.open_ended;
      takes_none = takes_none || form.required == 0;
      for (const Parameter& p : form.parameters) {
        takes_any = takes_any || p.kinds == (1u << 13) - 1 || (p.kinds & bit(Kind::list)) != 0;  // anything becomes a list
        takes_null = takes_null || p.nullable;
      }
    }
    if (least > 0) {
      const Value none = value("");
      EXPECT_TRUE(none.is_null() && !none.reason().empty()) << builtin.name << "(): " << text(none);
    }
    std::string nulls;
    for (std::size_t i = 0; i < std::max<std::size_t>(least, 1); ++i) nulls += i == 0 ? "null" : ", null";
    const Value null_result = value(nulls);
    if (!takes_null) {
      EXPECT_TRUE(null_result.is_null() && !null_result.reason().empty()) << builtin.name << "(" << nulls << "): " << text(null_result);
    }
    if (!takes_any) {
      std::string functions;
      for (std::size_t i = 0; i < least; ++i) functions += i == 0 ? "{a: {}}.a.b[1]" : ", function(x) x";
      if (functions.find(',') == std::string::npos) functions = "function(x) x";
      const Value wrong = value(functions);
      EXPECT_TRUE(wrong.is_null() && !wrong.reason().empty()) << builtin.name << "(" << functions << "): " << text(wrong);
    }
    if (!open_ended) {
      std::string many;
      for (std::size_t i = 0; i <= most; ++i) many += i == 0 ? "1" : ", 1";
      const Value result = value(many);
      EXPECT_TRUE(result.is_null() && !result.reason().empty()) << builtin.name << "(" << many << "): " << text(result);
    }
    if (!first.parameters.empty()) {
      const Value unknown = value("no such parameter: 1");
      EXPECT_TRUE(unknown.is_null() && !unknown.reason().empty()) << builtin.name;
    }
    EXPECT_FALSE(builtin.doc.empty()) << builtin.name << " has no documentation line";
  }
}

// Every builtin is named by a case file.
TEST(Builtins, HaveCases) {
  std::string all;
  for (const std::string& path : case_files()) {
    std::ifstream file(path);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  for (const Builtin& builtin : all_builtins()) {
    EXPECT_NE(all.find(std::string(builtin.name) + "("), std::string::npos) << builtin.name << " has no case in tests/feel";
  }
}

}  // namespace
}  // namespace feel
