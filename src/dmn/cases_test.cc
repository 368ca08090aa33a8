// Data-driven: tests/dmn/NAME.dmn with NAME.yaml (decision, inputs → expect), and tests/dmn/bad/*.dmn whose first line
// says what check() must find. Rerun one: dmn_test --gtest_filter='*hit_policies*'
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "base/yaml.h"
#include "dmn/dmn.h"
#include "dmn/faults.h"
#include "dmn/model.h"

namespace dmn {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = "tests/dmn";

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

std::shared_ptr<const Model> model_of(const std::string& text, const fs::path& path) {
  auto model = read(text, path.string());
  EXPECT_TRUE(model) << model.error().text();
  return model ? *model : nullptr;
}
std::shared_ptr<const Model> model_of(const fs::path& path) { return model_of(file_text(path), path); }

feel::Value feel_value(const std::string& text) {
  const auto expression = feel::compile(text);
  EXPECT_TRUE(expression) << text << ": " << expression.error().text();
  return expression ? expression->evaluate({}, {}) : feel::Value();
}

bool same(const feel::Value& a, const feel::Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.kind() == feel::Kind::context && b.kind() == feel::Kind::context) {
    if (a.as_context().size() != b.as_context().size()) return false;
    for (const auto& [name, value] : a.as_context()) {
      const feel::Value* other = b.as_context().find(name);
      if (!other || !same(value, *other)) return false;
    }
    return true;
  }
  if (a.kind() == feel::Kind::list && b.kind() == feel::Kind::list) {
    if (a.as_list().size() != b.as_list().size()) return false;
    for (std::size_t i = 0; i < a.as_list().size(); ++i)
      if (!same(a.as_list()[i], b.as_list()[i])) return false;
    return true;
  }
  return feel::equal(a, b).is_true();
}

std::vector<std::int64_t> integers(const base::Json& list) {
  std::vector<std::int64_t> out;
  for (const base::Json& item : list.as_array()) out.push_back(item.as_int());
  return out;
}

std::vector<std::int64_t> numbers_of(const std::vector<MatchedRule>& rules) {
  std::vector<std::int64_t> out;
  for (const MatchedRule& rule : rules) out.push_back(rule.index);
  return out;
}

void expect_trace(const base::Json& c, const Evaluation& evaluation, const std::string& where) {
  ASSERT_FALSE(evaluation.decisions.empty()) << where;
  const DecisionTrace& last = evaluation.decisions.back();
  if (c.has("rules")) {
    EXPECT_EQ(numbers_of(last.rules), integers(c["rules"])) << where;
    for (const MatchedRule& rule : last.rules) EXPECT_FALSE(rule.rule_id.empty()) << where;
  }
  if (c.has("part_rules")) {
    ASSERT_FALSE(last.parts.empty()) << where;
    EXPECT_EQ(numbers_of(last.parts[0].rules), integers(c["part_rules"])) << where;
  }
  if (c.has("inputs_seen")) {
    std::vector<std::string> labels;
    for (const auto& [label, value] : last.inputs) labels.push_back(label);
    std::vector<std::string> wanted;
    for (const base::Json& label : c["inputs_seen"].as_array()) wanted.push_back(label.as_string());
    EXPECT_EQ(labels, wanted) << where;
  }
  if (c.has("evaluated")) {
    std::vector<std::string> names, wanted;
    for (const DecisionTrace& trace : evaluation.decisions) names.push_back(trace.name);
    for (const base::Json& name : c["evaluated"].as_array()) wanted.push_back(name.as_string());
    EXPECT_EQ(names, wanted) << where;
  }
  std::string reasons;
  for (const DecisionTrace& trace : evaluation.decisions)
    for (const feel::Reason& reason : trace.reasons) reasons += reason.text() + "; ";
  if (c.has("reason")) {
    EXPECT_NE(reasons.find(c["reason"].as_string()), std::string::npos) << where << ": reasons: " << reasons;
  }
  if (last.output.is_null()) {
    EXPECT_FALSE(last.reasons.empty()) << where << ": a null without a reason";
  }
  EXPECT_TRUE(same(last.output, evaluation.value)) << where;
  EXPECT_EQ(evaluation.failed, c.has("failed")) << where << ": " << evaluation.failure;
  if (c.has("failed")) {
    EXPECT_NE(evaluation.failure.find(c["failed"].as_string()), std::string::npos) << where << ": " << evaluation.failure;
  }
}

// A prepared decision gives the same, also when it is asked again, and after it was asked something else.
void expect_prepared(const std::string& decision, const Evaluation& evaluation, const feel::Value& expected, const Program& program,
                     const feel::Environment& environment, const std::string& where) {
  const auto prepared = program.prepare(decision);
  ASSERT_TRUE(prepared) << where;
  std::vector<feel::Value> values;
  std::vector<std::string> names;
  for (const auto& [name, value] : evaluation.input_data) {
    names.push_back(name);
    values.push_back(value);
  }
  EXPECT_EQ((*prepared)->inputs(), names) << where;
  EXPECT_TRUE(same((*prepared)->evaluate(values, environment), expected)) << where << " prepared";
  EXPECT_EQ((*prepared)->failed(), evaluation.failed) << where;
  EXPECT_EQ((*prepared)->failure(), evaluation.failure) << where;
  (*prepared)->evaluate({}, environment);
  EXPECT_TRUE(same((*prepared)->evaluate(values, environment), expected)) << where << " prepared, again";
}

void run_case(const base::Json& c, const Program& program, const std::string& where) {
  const std::set<std::string> known = {"decision", "invoke", "inputs", "expect", "rules", "part_rules", "inputs_seen", "evaluated", "reason", "failed"};
  for (const auto& [key, value] : c.as_object()) EXPECT_TRUE(known.contains(key)) << where << ": unknown key " << key;
  const feel::Value inputs = feel_value(c["inputs"].as_string());
  ASSERT_EQ(inputs.kind(), feel::Kind::context) << where;
  const feel::Value expected = feel_value(c["expect"].as_string());
  const feel::Environment environment{.now = 1'700'000'000'000};
  if (c.has("invoke")) {
    const auto value = program.invoke(c["invoke"].as_string(), inputs.as_context().copy(), environment);
    ASSERT_TRUE(value) << where << ": " << value.error().text();
    EXPECT_TRUE(same(*value, expected)) << where << ": got " << feel::text(*value) << " " << value->reason();
    return;
  }
  const auto evaluation = program.evaluate(c["decision"].as_string(), inputs.as_context().copy(), environment);
  ASSERT_TRUE(evaluation) << where << ": " << evaluation.error().text();
  EXPECT_TRUE(same(evaluation->value, expected)) << where << ": got " << feel::text(evaluation->value) << " " << evaluation->value.reason();
  expect_trace(c, *evaluation, where);
  const auto plain = program.evaluate(c["decision"].as_string(), inputs.as_context().copy(), environment, TraceLevel::none);
  ASSERT_TRUE(plain);
  EXPECT_TRUE(same(plain->value, expected)) << where << " without trace";
  EXPECT_TRUE(plain->decisions.empty()) << where;
  expect_prepared(c["decision"].as_string(), *evaluation, expected, program, environment, where);
}

std::vector<std::string> stems(const fs::path& folder, const std::string& extension) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == extension) out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

class Cases : public testing::TestWithParam<std::string> {};

// NAME.dmn, and NAME.*.dmn that it may import.
std::vector<fs::path> files_of(const std::string& name) {
  std::vector<fs::path> files{kFolder / (name + ".dmn")};
  for (const std::string& stem : stems(kFolder, ".dmn"))
    if (stem.starts_with(name + ".")) files.push_back(kFolder / (stem + ".dmn"));
  return files;
}

void run_cases(const std::string& name, const std::vector<std::shared_ptr<const Model>>& models, const std::string& edition) {
  const auto program = compile(models);
  ASSERT_TRUE(program) << edition << " " << program.error().text();
  const auto yaml = base::parse_yaml(file_text(kFolder / (name + ".yaml")), name + ".yaml");
  ASSERT_TRUE(yaml) << yaml.error().text();
  ASSERT_GT(yaml->value.size(), 0u);
  for (std::size_t i = 0; i < yaml->value.size(); ++i) {
    const base::Json& c = yaml->value.as_array()[i];
    run_case(c, **program, edition + yaml->where("/" + std::to_string(i)).text() + " " + c["decision"].string_or(c["invoke"].string_or("")) + " " + c["inputs"].string_or(""));
  }
}

TEST_P(Cases, GiveWhatTheyExpect) {
  std::vector<std::shared_ptr<const Model>> models;
  for (const fs::path& file : files_of(GetParam())) models.push_back(model_of(file));
  run_cases(GetParam(), models, "");
}

// What DMN 1.5 says of these models it says in the namespaces of the older editions too.
TEST_P(Cases, GiveTheSameInEveryEdition) {
  static constexpr std::string_view kNewest = "https://www.omg.org/spec/DMN/20230324/MODEL/";
  for (const std::string_view edition : {"http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
                                         "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/"}) {
    std::vector<std::shared_ptr<const Model>> models;
    for (const fs::path& file : files_of(GetParam())) {
      std::string text = file_text(file);
      for (std::size_t at = 0; (at = text.find(kNewest, at)) != std::string::npos; at += edition.size()) text.replace(at, kNewest.size(), edition);
      models.push_back(model_of(text, file));
    }
    run_cases(GetParam(), models, std::string(edition) + " ");
  }
}
INSTANTIATE_TEST_SUITE_P(Dmn, Cases, testing::ValuesIn(stems(kFolder, ".yaml")), [](const auto& info) { return info.param; });

class Bad : public testing::TestWithParam<std::string> {};

// <!-- expect: CODE | line:column element | text in the remedy -->
TEST_P(Bad, IsFoundWithPositionAndRemedy) {
  const fs::path path = kFolder / "bad" / (GetParam() + ".dmn");
  const std::string text = file_text(path);
  const auto begin = text.find("<!-- expect: "), end = text.find(" -->");
  ASSERT_NE(begin, std::string::npos);
  const auto parts = base::split(std::string_view(text).substr(begin + 13, end - begin - 13), '|');
  ASSERT_EQ(parts.size(), 3u);
  const std::string code(base::trim(parts[0])), where(base::trim(parts[1])), remedy(base::trim(parts[2]));
  EXPECT_TRUE(GetParam().starts_with(code));
  const auto model = model_of(path);
  ASSERT_TRUE(model);
  const auto findings = check(*model);
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
  std::string all;
  for (const Finding& f : findings) all += f.where.text() + ": " + f.code + ": " + f.message + " (" + f.remedy + ")\n";
  ASSERT_NE(found, findings.end()) << all;
  EXPECT_EQ(std::to_string(found->where.line) + ":" + std::to_string(found->where.column) + " " + found->where.element, where) << all;
  EXPECT_NE(found->remedy.find(remedy), std::string::npos) << all;
  EXPECT_FALSE(found->message.empty());
  EXPECT_FALSE(found->message_da.empty());
  EXPECT_EQ(compile({model}).has_value(), !found->is_error) << all;
}
INSTANTIATE_TEST_SUITE_P(Dmn, Bad, testing::ValuesIn(stems(kFolder / "bad", ".dmn")), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Rules, EachHasAFileThatBreaksIt) {
  const std::set<std::string> not_alone = {"DMN-IMPORT-UNKNOWN"};  // needs several models: compile_test.cc
  const auto files = stems(kFolder / "bad", ".dmn");
  for (const Rule& rule : rules()) {
    const std::string code(rule.code);
    EXPECT_TRUE(not_alone.contains(code) || std::find(files.begin(), files.end(), code) != files.end()) << "tests/dmn/bad/" << code << ".dmn is missing";
    EXPECT_FALSE(rule.danish.empty());
    EXPECT_FALSE(rule.documentation.empty());
  }
}

TEST(Bank, EveryDecisionCompilesWithoutOverlap) {
  int models = 0;
  if (fs::exists("bank"))
    for (const auto& entry : fs::recursive_directory_iterator("bank")) {
      if (entry.path().extension() != ".dmn") continue;
      ++models;
      const auto model = model_of(entry.path());
      ASSERT_TRUE(model);
      const auto program = compile({model});
      EXPECT_TRUE(program) << program.error().text();
      for (const Finding& finding : check(*model))
        EXPECT_TRUE(!finding.is_error && finding.code != "DMN-TABLE-OVERLAP")
            << finding.where.text() << ": " << finding.code << ": " << finding.message;
    }
  if (models == 0) GTEST_SKIP() << "bank/ holds no .dmn file";
}

TEST(Cases, GoodModelsHaveNoErrors) {
  for (const std::string& name : stems(kFolder, ".yaml")) {
    for (const Finding& finding : check(*model_of(kFolder / (name + ".dmn"))))
      EXPECT_FALSE(finding.is_error) << finding.where.text() << ": " << finding.message;
  }
}

}  // namespace
}  // namespace dmn
