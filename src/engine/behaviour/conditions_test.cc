#include "engine/testing.h"

namespace engine::testing {

class Conditions : public EngineTest {
 protected:
  void set(Key scope, const std::string& variables, bool local = false) { ASSERT_TRUE(engine.call(SetVariables{scope, json(variables), local})); }
};

static std::string when(const std::string& condition) {
  return "<conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">=" + condition + "</condition></conditionalEventDefinition>";
}

TEST_F(Conditions, ACatchEventWaitsForItsConditionToBecomeTrue) {
  deploy(model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\">" + when("x &gt; 5") + "</intermediateCatchEvent><endEvent id=\"e\"/>" + chain({"s", "c", "e"})));
  const Key instance = start();
  EXPECT_FALSE(ended(instance)) << "a variable that is missing is not true";
  set(instance, R"({"x": 3})");
  EXPECT_FALSE(ended(instance));
  set(instance, R"({"x": 6})");
  EXPECT_TRUE(ended(instance));
  EXPECT_TRUE(ended(start(R"({"x": 7})"))) << "it holds already";
}

TEST_F(Conditions, AnInterruptingBoundaryEventStopsItsActivity) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\">" + when("x") + "</boundaryEvent>" + job("u") + job("n") + chain({"s", "t", "n"}) + chain({"b", "u"})));
  const Key instance = start(R"({"x": false})");
  set(instance, R"({"y": 1})");
  EXPECT_EQ(active(instance).count("t"), 1u);
  set(instance, R"({"x": true})");
  EXPECT_FALSE(complete("t"));
  EXPECT_TRUE(complete("u"));
  EXPECT_TRUE(ended(instance));
  start(R"({"x": true})");
  EXPECT_FALSE(complete("t")) << "true on subscription: it occurs at once";
  EXPECT_TRUE(complete("u"));
}

TEST_F(Conditions, ANonInterruptingOneOccursEachTimeItBecomesTrue) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\">" + when("x &gt; 5") + "</boundaryEvent>" + job("u") + "<endEvent id=\"e\"/>" +
               chain({"s", "t", "e"}) + chain({"b", "u"})));
  const Key instance = start(R"({"x": 1})");
  set(instance, R"({"x": 6})");
  set(instance, R"({"x": 7})");
  EXPECT_EQ(active(instance).count("u"), 1u) << "it was true before";
  set(instance, R"({"x": 1})");
  set(instance, R"({"x": 8})");
  EXPECT_EQ(active(instance).count("u"), 2u);
  EXPECT_TRUE(complete("t") && complete("u") && complete("u"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Conditions, TheyReadTheVariablesOfTheirScope) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\">" + ext("<zeebe:ioMapping><zeebe:input source=\"=0\" target=\"x\"/></zeebe:ioMapping>") + "<startEvent id=\"s1\"/>" + job("t") + chain({"s1", "t"}) +
               "<subProcess id=\"es\" triggeredByEvent=\"true\"><startEvent id=\"cs\">" + when("x &gt; 5") + "</startEvent>" + job("u") + chain({"cs", "u"}) + "</subProcess></subProcess>" + job("n") + chain({"s", "sub", "n"})));
  const Key instance = start(R"({"x": 9})");
  EXPECT_EQ(active(instance).count("u"), 0u) << "its own x hides the other";
  set(instance, R"({"x": 10})");
  EXPECT_EQ(active(instance).count("u"), 0u);
  EXPECT_TRUE(complete("t", R"({"x": 6})"));
  EXPECT_EQ(active(instance).count("t"), 0u);
}

TEST_F(Conditions, AnEventSubProcessInterruptsItsScope) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + job("t2") + chain({"s", "t", "t2"}) +
               "<subProcess id=\"es\" triggeredByEvent=\"true\"><startEvent id=\"cs\">" + when("done") + "</startEvent>" + job("u") + chain({"cs", "u"}) + "</subProcess>"));
  const Key instance = start();
  EXPECT_TRUE(complete("t", R"({"done": true})"));
  EXPECT_FALSE(complete("t2"));
  EXPECT_TRUE(complete("u"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Conditions, BehindAnEventBasedGateway) {
  deploy(model("<startEvent id=\"s\"/><eventBasedGateway id=\"g\"/><intermediateCatchEvent id=\"c\">" + when("x = 1") + "</intermediateCatchEvent><intermediateCatchEvent id=\"d\">" + when("x = 2") + "</intermediateCatchEvent>" +
               job("a") + job("b") + chain({"s", "g", "c", "a"}) + chain({"g", "d", "b"})));
  const Key instance = start();
  set(instance, R"({"x": 2})");
  set(instance, R"({"x": 1})");
  EXPECT_FALSE(complete("a"));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Conditions, ManyAreLookedAtInBoundedSteps) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", "<multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=for i in 1..200 return i\" inputElement=\"item\"/>") + "</multiInstanceLoopCharacteristics>") + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"}) , "", "other"));
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=for i in 1..200 return i\" inputElement=\"item\"/>") +
               "</multiInstanceLoopCharacteristics><startEvent id=\"s1\"/><intermediateCatchEvent id=\"c\">" + when("limit &gt;= item") + "</intermediateCatchEvent>" + chain({"s1", "c"}) + "</subProcess><endEvent id=\"e\"/>" + chain({"s", "sub", "e"})));
  const Key instance = start(R"({"limit": 0})");
  set(instance, R"({"limit": 150})");
  EXPECT_EQ(active(instance).count("c"), 50u);
  set(instance, R"({"limit": 200})");
  EXPECT_TRUE(ended(instance));
}

TEST_F(Conditions, AStartEventBeginsAnInstanceForWhoeverKnowsTheData) {
  deploy(model("<startEvent id=\"s\">" + when("amount &gt; 100") + "</startEvent>" + job("t") + chain({"s", "t"})));
  ASSERT_TRUE(engine.call(EvaluateConditions{"", json(R"({"amount": 50})")}));
  EXPECT_EQ(engine.activate("t").size(), 0u);
  auto answer = engine.call(EvaluateConditions{"", json(R"({"amount": 500})")});
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body["processInstances"].size(), 1u);
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["amount"].int_or(0), 500);
}

}  // namespace engine::testing
