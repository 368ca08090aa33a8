// Compiling: what needs more than one model or more than a file, and sizes.
#include <gtest/gtest.h>

#include <set>

#include "dmn/dmn.h"
#include "dmn/model.h"
#include "feel/function.h"

namespace dmn {
namespace {

std::string definitions(const std::string& inside, const std::string& name = "m") {
  return "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"d\" name=\"" + name + "\" namespace=\"urn:" + name + "\">\n" + inside + "\n</definitions>";
}

std::shared_ptr<const Model> model_of(const std::string& inside, const std::string& name = "m") {
  const auto model = read(definitions(inside, name), name + ".dmn");
  EXPECT_TRUE(model) << model.error().text();
  return model ? *model : nullptr;
}

TEST(Compile, NoModelIsAnError) { EXPECT_EQ(compile({}).error().code, base::ErrorCode::invalid_argument); }

TEST(Compile, MissingImportIsRefused) {
  const auto program = compile({model_of("<import name=\"x\" namespace=\"urn:absent\"/>")});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().code, base::ErrorCode::invalid_dmn);
  EXPECT_NE(program.error().message.find("urn:absent"), std::string::npos);
  EXPECT_EQ(program.error().where.line, 2);
}

TEST(Compile, FaultsBecomeNullWhereAsked) {
  const auto model = model_of("<decision id=\"a\" name=\"A\"><literalExpression><text>1 +</text></literalExpression></decision>"
                              "<decision id=\"b\" name=\"B\"><literalExpression><text>2</text></literalExpression></decision>");
  EXPECT_FALSE(compile({model}));
  const auto program = compile({model}, OnFault::null);
  ASSERT_TRUE(program) << program.error().text();
  const auto a = (*program)->evaluate("A", {}, {});
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->value.is_null());
  ASSERT_EQ(a->decisions.size(), 1u);
  EXPECT_FALSE(a->decisions[0].reasons.empty());
  EXPECT_EQ((*program)->evaluate("B", {}, {})->value.as_number(), base::Decimal(2));
}

TEST(Compile, CyclesAreRefusedEvenThen) {
  const auto model = model_of("<decision id=\"a\" name=\"A\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement></decision>");
  const auto program = compile({model}, OnFault::null);
  ASSERT_FALSE(program);
  EXPECT_NE(program.error().message.find("'A' requires 'A'"), std::string::npos) << program.error().message;
}

TEST(Program, UnknownNameIsNotFound) {
  const auto program = compile({model_of("<decision id=\"a\" name=\"A\"/>")});
  ASSERT_TRUE(program);
  EXPECT_EQ((*program)->evaluate("nothing", {}, {}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ((*program)->invoke("nothing", {}, {}).error().code, base::ErrorCode::not_found);
  EXPECT_TRUE((*program)->has("A"));
  EXPECT_TRUE((*program)->has("a"));
  EXPECT_FALSE((*program)->has("nothing"));
}

TEST(Program, DecisionsTellTheirInputsTransitively) {
  const auto program = compile({model_of(
      "<inputData id=\"i\" name=\"I\"/><inputData id=\"j\" name=\"J\"/>"
      "<decision id=\"a\" name=\"A\"><informationRequirement><requiredInput href=\"#i\"/></informationRequirement></decision>"
      "<decision id=\"b\" name=\"B\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement><informationRequirement><requiredInput href=\"#j\"/></informationRequirement></decision>")});
  ASSERT_TRUE(program);
  const auto decisions = (*program)->decisions();
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[1].name, "B");
  EXPECT_EQ(decisions[1].model_name, "m");
  EXPECT_EQ(std::set<std::string>(decisions[1].required_inputs.begin(), decisions[1].required_inputs.end()), (std::set<std::string>{"I", "J"}));
}

TEST(Size, TenThousandRulesCompileAndAnswer) {
  std::string rules;
  for (int i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    rules += "<rule id=\"r" + n + "\"><inputEntry><text>\"K" + n + "\"</text></inputEntry><inputEntry><text>[" + n + ".." + std::to_string(i + 10) + "]</text></inputEntry><outputEntry><text>" + n + "</text></outputEntry></rule>";
  }
  const auto program = compile({model_of(
      "<inputData id=\"k\" name=\"K\"/><inputData id=\"n\" name=\"N\"/><decision id=\"a\" name=\"A\"><informationRequirement><requiredInput href=\"#k\"/></informationRequirement>"
      "<informationRequirement><requiredInput href=\"#n\"/></informationRequirement><decisionTable><input><inputExpression><text>K</text></inputExpression></input>"
      "<input><inputExpression><text>N</text></inputExpression></input><output/>" + rules + "</decisionTable></decision>")});
  ASSERT_TRUE(program) << program.error().text();
  feel::Context inputs;
  inputs.entries = {{"K", feel::Value::string("K9999")}, {"N", feel::Value::number(10'005)}};
  const auto answer = (*program)->evaluate("A", inputs, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(feel::text(answer->value), "9999");
  ASSERT_EQ(answer->decisions.at(0).rules.size(), 1u);
  EXPECT_EQ(answer->decisions[0].rules[0].index, 10'000);
  EXPECT_EQ(answer->decisions[0].rules[0].rule_id, "r9999");
}

TEST(Size, TwentyThousandDecisionsInAChain) {
  constexpr int kCount = 20'000;
  std::string inside = "<decision id=\"d0\" name=\"D0\"><literalExpression><text>0</text></literalExpression></decision>";
  for (int i = 1; i < kCount; ++i) {
    const std::string n = std::to_string(i), before = std::to_string(i - 1);
    inside += "<decision id=\"d" + n + "\" name=\"D" + n + "\"><informationRequirement><requiredDecision href=\"#d" + before + "\"/></informationRequirement><literalExpression><text>D" + before + " + 1</text></literalExpression></decision>";
  }
  const auto program = compile({model_of(inside)});
  ASSERT_TRUE(program) << program.error().text();
  const auto answer = (*program)->evaluate("D" + std::to_string(kCount - 1), {}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(feel::text(answer->value), std::to_string(kCount - 1));
  EXPECT_EQ(answer->decisions.size(), static_cast<std::size_t>(kCount));
}

TEST(Function, OutlivesItsProgram) {
  feel::Value function;
  {
    const auto program = compile({model_of("<decision id=\"a\" name=\"A\"><functionDefinition><formalParameter name=\"x\"/><literalExpression><text>x + 1</text></literalExpression></functionDefinition></decision>")});
    ASSERT_TRUE(program) << program.error().text();
    function = (*program)->evaluate("A", {}, {})->value;
  }
  ASSERT_EQ(function.kind(), feel::Kind::function);
  const std::vector<feel::Value> arguments{feel::Value::number(1)};
  EXPECT_EQ(feel::text(function.as_function()->call(arguments, {})), "2");
}

}  // namespace
}  // namespace dmn
