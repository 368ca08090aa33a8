// Prepared decisions and what a trace tells: inputs, ids, the cells that stopped the other rules.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "dmn/dmn.h"

namespace dmn {
namespace {

using feel::Value;

std::shared_ptr<const Program> program_of(const std::string& body) {
  const auto model = read("<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"d\" name=\"m\" namespace=\"http://m\">" + body + "</definitions>", "m.dmn");
  EXPECT_TRUE(model) << model.error().text();
  const auto program = compile({*model});
  EXPECT_TRUE(program) << program.error().text();
  return *program;
}

const std::string kInputs = R"(<inputData id="i1" name="Age"><variable name="Age" typeRef="number"/></inputData><inputData id="i2" name="Kind"><variable name="Kind"/></inputData>)";
const std::string kNeeds = R"(<informationRequirement><requiredInput href="#i1"/></informationRequirement><informationRequirement><requiredInput href="#i2"/></informationRequirement>)";

std::string rule(int number, const std::string& age, const std::string& kind, const std::string& out) {
  const std::string n = std::to_string(number);
  return "<rule id=\"r" + n + "\"><inputEntry id=\"a" + n + "\"><text>" + age + "</text></inputEntry><inputEntry id=\"k" + n + "\"><text>" + kind +
         "</text></inputEntry><outputEntry><text>" + out + "</text></outputEntry></rule>";
}

std::shared_ptr<const Program> table_of(const std::string& rules) {
  return program_of(kInputs + R"(<decision id="f" name="Fee"><variable name="Fee"/>)" + kNeeds +
                    R"(<decisionTable hitPolicy="FIRST"><input id="ia" label="age"><inputExpression><text>Age</text></inputExpression></input>
<input id="ik"><inputExpression><text>Kind</text></inputExpression></input><output id="o1" name="fee"/>)" + rules + "</decisionTable></decision>");
}

feel::Context given(std::int64_t age, const std::string& kind) {
  feel::Context out;
  out.entries = {{"Age", Value::number(age)}, {"Kind", Value::string(kind)}, {"Other", Value::number(1)}};
  return out;
}

TEST(Trace, FullTellsTheCellThatStoppedEachRule) {
  const auto program = table_of(rule(1, "&lt; 18", "-", "0") + rule(2, "-", "\"b\"", "10") + rule(3, "[18..65]", "\"a\", ? = \"c\"", "20") + rule(4, "-", "-", "30"));
  const auto out = program->evaluate("Fee", given(70, "a"), {}, TraceLevel::full);
  ASSERT_TRUE(out);
  ASSERT_EQ(out->decisions.size(), 1u);
  const DecisionTrace& trace = out->decisions[0];
  EXPECT_EQ(trace.input_ids, (std::vector<std::string>{"ia", "ik"}));
  EXPECT_EQ(trace.output_ids, (std::vector<std::string>{"o1"}));
  ASSERT_EQ(trace.rules.size(), 1u);
  EXPECT_EQ(trace.rules[0].rule_id, "r4");
  ASSERT_EQ(trace.stopped.size(), 3u);
  EXPECT_EQ(trace.stopped[0].rule_id, "r1");
  EXPECT_EQ(trace.stopped[0].input_index, 1);
  EXPECT_EQ(trace.stopped[0].input_id, "ia");
  EXPECT_EQ(trace.stopped[0].cell_id, "a1");
  EXPECT_EQ(trace.stopped[0].cell, "< 18");
  EXPECT_EQ(trace.stopped[1].input_index, 2);
  EXPECT_EQ(trace.stopped[1].cell_id, "k2");
  EXPECT_EQ(trace.stopped[2].input_index, 1);
  EXPECT_EQ(trace.stopped_left_out, 0u);
  EXPECT_EQ(trace.question, nullptr);
}

TEST(Trace, StoppedRulesEndAtTheirLimit) {
  std::string rules;
  const int count = static_cast<int>(base::limits::kTraceStoppedRules) + 7;
  for (int r = 1; r <= count; ++r) rules += rule(r, std::to_string(r), "-", "1");
  const auto out = table_of(rules)->evaluate("Fee", given(-1, "a"), {}, TraceLevel::full);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->decisions[0].stopped.size(), base::limits::kTraceStoppedRules);
  EXPECT_EQ(out->decisions[0].stopped_left_out, 7u);
}

TEST(Trace, TellsTheInputDataThatTheDecisionDependsOn) {
  const auto program = table_of(rule(1, "-", "-", "1"));
  feel::Context one;
  one.entries = {{"Kind", Value::string("x")}, {"Other", Value::number(1)}};
  const auto out = program->evaluate("f", one, {});
  ASSERT_TRUE(out);
  ASSERT_EQ(out->input_data.size(), 2u);
  EXPECT_EQ(out->input_data[0].first, "Age");
  EXPECT_TRUE(out->input_data[0].second.is_null());
  EXPECT_EQ(out->input_data[1].second.as_string(), "x");
  EXPECT_TRUE(program->evaluate("f", one, {}, TraceLevel::none)->input_data.empty());
}

TEST(Prepared, TellsAnUnknownDecision) {
  const auto none = table_of(rule(1, "-", "-", "1"))->prepare("Nothing");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::not_found);
}

TEST(Prepared, KeepsNothingOfAnEarlierQuestion) {
  const auto program = program_of(kInputs + R"(<decision id="x" name="X"><variable name="X"/>)" + kNeeds +
                                  R"(<context><contextEntry><variable name="twice"/><literalExpression><text>Age * 2</text></literalExpression></contextEntry>
<contextEntry><variable name="kind"/><literalExpression><text>Kind</text></literalExpression></contextEntry></context></decision>)");
  const auto run = program->prepare("X");
  ASSERT_TRUE(run);
  const std::vector<Value> values = {Value::number(4), Value::string("a text too long to lie in a value itself")};
  const Value first = (*run)->evaluate(values, {});
  EXPECT_EQ(feel::text(first), "{twice: 8, kind: \"a text too long to lie in a value itself\"}");
  const Value second = (*run)->evaluate({}, {});
  EXPECT_EQ(feel::text(second), "{twice: null, kind: null}");
  EXPECT_EQ(feel::text(first), "{twice: 8, kind: \"a text too long to lie in a value itself\"}");  // what was copied stays
  const std::vector<Value> wrong = {Value::string("x"), Value::null()};
  EXPECT_EQ(feel::text((*run)->evaluate(wrong, {})), "{twice: null, kind: null}");  // Age is no number
}

TEST(Prepared, ChecksContextsByTypeWhateverTheirShape) {
  const auto program = program_of(R"(<itemDefinition name="tP"><itemComponent name="a"><typeRef>number</typeRef></itemComponent><itemComponent name="b"><typeRef>string</typeRef></itemComponent></itemDefinition>
<inputData id="i" name="P"><variable name="P" typeRef="tP"/></inputData><decision id="x" name="X"><variable name="X"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement><literalExpression><text>P.a</text></literalExpression></decision>)");
  const auto run = program->prepare("X");
  ASSERT_TRUE(run);
  const feel::Shape shape(std::vector<std::string>{"b", "a"}), other(std::vector<std::string>{"a"});
  const auto asked = [&](const feel::Shape& of, std::vector<Value> members) {
    const std::vector<Value> values = {Value::context(of, members)};
    return feel::text((*run)->evaluate(values, {}));
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(asked(shape, {Value::string("x"), Value::number(1)}), "1");
    EXPECT_EQ(asked(shape, {Value::null(), Value::number(2)}), "2");
    EXPECT_EQ(asked(shape, {Value::string("x"), Value::string("1")}), "null");
    EXPECT_EQ(asked(shape, {Value::number(3), Value::number(3)}), "null");
    EXPECT_EQ(asked(other, {Value::number(3)}), "null");  // b is missing
  }
}

TEST(BoxedFunction, TakesAlongWhatItUsesFromOutside) {
  const auto program = program_of(kInputs + R"(<decision id="x" name="X"><variable name="X"/>)" + kNeeds +
                                  R"(<context><contextEntry><variable name="step"/><literalExpression><text>Age</text></literalExpression></contextEntry>
<contextEntry><variable name="outer"/><functionDefinition><formalParameter name="n"/><context>
  <contextEntry><variable name="inner"/><functionDefinition><formalParameter name="m"/><literalExpression><text>n * 100 + m * 10 + step</text></literalExpression></functionDefinition></contextEntry>
  <contextEntry><literalExpression><text>inner(n + 1)</text></literalExpression></contextEntry></context></functionDefinition></contextEntry>
<contextEntry><variable name="down"/><functionDefinition><formalParameter name="k"/><literalExpression><text>if k = 0 then step else down(k - 1) + 1</text></literalExpression></functionDefinition></contextEntry>
<contextEntry><literalExpression><text>[outer(1), outer(2), down(5)]</text></literalExpression></contextEntry></context></decision>)");
  const auto out = program->evaluate("X", given(7, ""), {}, TraceLevel::none);
  ASSERT_TRUE(out);
  EXPECT_EQ(feel::text(out->value), "[127, 237, 12]");
}

}  // namespace
}  // namespace dmn
