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

}  // namespace
}  // namespace feel
