// Cells in words, and the trace as JSON.
#include "dmn/words.h"

#include <gtest/gtest.h>

#include "dmn/trace.h"

namespace dmn {
namespace {

TEST(Words, SayACell) {
  const struct { const char *cell, *danish, *english; } kCells[] = {
      {"-", "", ""},
      {"", "", ""},
      {"> 468", "mere end 468", "more than 468"},
      {">=18", "mindst 18", "at least 18"},
      {"< date(\"2026-01-01\")", "mindre end 2026-01-01", "less than 2026-01-01"},
      {"<= @\"P30D\"", "højst P30D", "at most P30D"},
      {"[1..3]", "fra 1 til 3", "from 1 to 3"},
      {"]1..3[", "mere end 1 og mindre end 3", "more than 1 and less than 3"},
      {"]1..5], ]7..9[", "mere end 1 og højst 5 eller mere end 7 og mindre end 9", "more than 1 and at most 5 or more than 7 and less than 9"},
      {"(1..5], 7", "mere end 1 og højst 5 eller 7", "more than 1 and at most 5 or 7"},
      {"[1..5[, \"]\", \",\"", "mindst 1 og mindre end 5, ] eller ,", "at least 1 and less than 5, ] or ,"},
      {"[1..3)", "mindst 1 og mindre end 3", "at least 1 and less than 3"},
      {"\"LÆ 165\"", "LÆ 165", "LÆ 165"},
      {"\"a\", \"b, c\", \"d\"", "a, b, c eller d", "a, b, c or d"},
      {"not(\"DKK\")", "ikke DKK", "not DKK"},
      {"not(\"a\"), not(\"b\")", "not(\"a\") eller not(\"b\")", "not(\"a\") or not(\"b\")"},
      {"true", "ja", "yes"},
      {"null", "ikke oplyst", "not given"},
      {"count(?) > 3", "count(?) > 3", "count(?) > 3"},
  };
  for (const auto& one : kCells) {
    EXPECT_EQ(test_in_words(one.cell, feel::Language::danish), one.danish);
    EXPECT_EQ(test_in_words(one.cell, feel::Language::english), one.english);
  }
}

constexpr const char* kModel = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="m" namespace="urn:m">
<inputData id="i" name="beloeb"><variable name="beloeb" typeRef="number"/></inputData>
<decision id="d" name="Udfald"><variable name="Udfald"/><informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
<decisionTable id="t" hitPolicy="UNIQUE"><input id="c1" label="Beløb"><inputExpression id="e"><text>beloeb</text></inputExpression></input>
<output id="o1" name="svar"/>
<rule id="r1"><inputEntry id="r1i"><text>&lt; 100</text></inputEntry><outputEntry id="r1o"><text>"lille"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="r2i"><text>[100..200]</text></inputEntry><outputEntry id="r2o"><text>"stor"</text></outputEntry></rule>
</decisionTable></decision></definitions>)";

base::Json traced(std::optional<int> amount, TraceLevel level) {
  const auto model = read(kModel, "m.dmn");
  EXPECT_TRUE(model);
  const auto program = compile({*model});
  EXPECT_TRUE(program);
  feel::Context inputs;
  if (amount) inputs.entries.emplace_back("beloeb", feel::Value::number(*amount));
  const auto evaluation = (*program)->evaluate("Udfald", inputs, {}, level);
  EXPECT_TRUE(evaluation);
  return trace_json(*evaluation);
}

// docs/dmn.md, "The trace".
TEST(Trace, HoldsWhatMatchedAndWhatStoppedTheOthers) {
  const base::Json trace = traced(150, TraceLevel::full);
  EXPECT_EQ(trace["decisionOutput"], base::Json("stor"));
  EXPECT_TRUE(trace["failureMessage"].is_null());
  const base::Json& one = trace["evaluatedDecisions"].as_array().at(0);
  EXPECT_EQ(one["evaluatedInputs"].dump(), R"([{"inputId":"c1","inputName":"Beløb","inputValue":150}])");
  EXPECT_EQ(one["matchedRules"].dump(), R"([{"ruleId":"r2","ruleIndex":2,"evaluatedOutputs":[{"outputId":"o1","outputName":"svar","outputValue":"stor"}]}])");
  EXPECT_EQ(one["stoppedRules"].dump(), R"([{"ruleId":"r1","ruleIndex":1,"inputId":"c1","inputIndex":1,"cellId":"r1i","cell":"< 100","inputValue":150}])");
  EXPECT_EQ(one["reasons"].size(), 0u);
  EXPECT_FALSE(traced(150, TraceLevel::matched)["evaluatedDecisions"].as_array().at(0).has("stoppedRules"));
}

TEST(Trace, SaysWhyThereIsNoAnswer) {
  const base::Json trace = traced(300, TraceLevel::matched);
  EXPECT_TRUE(trace["decisionOutput"].is_null());
  const base::Json& reasons = trace["evaluatedDecisions"].as_array().at(0)["reasons"];
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_EQ(reasons.as_array()[0]["code"], base::Json("no_rule_matches"));
  EXPECT_EQ(reasons.as_array()[0]["textDa"], base::Json("ingen regel i 'Udfald' passer, og tabellen har intet standardresultat"));
  EXPECT_EQ(reasons.as_array()[0]["elementId"], base::Json("d"));
}

}  // namespace
}  // namespace dmn
