#include "engine/testing.h"

namespace engine::testing {

class Gateways : public EngineTest {};

TEST_F(Gateways, ExclusiveTakesTheFirstTrueFlowElseTheDefault) {
  deploy(model("<startEvent id=\"s\"/><exclusiveGateway id=\"g\" default=\"g_c\"/>" + job("a") + job("b") + job("c") + flow("s", "g") + flow("g", "a", "=x &gt; 10") +
               flow("g", "b", "=x &gt; 5") + flow("g", "c")));
  start(R"({"x": 11})");
  EXPECT_TRUE(complete("a"));
  start(R"({"x": 6})");
  EXPECT_TRUE(complete("b"));
  start(R"({"x": 1})");
  EXPECT_TRUE(complete("c"));
  EXPECT_FALSE(complete("a") || complete("b") || complete("c"));
}

TEST_F(Gateways, NoFlowToTakeIsAnIncident) {
  deploy(model("<startEvent id=\"s\"/><exclusiveGateway id=\"g\"/>" + job("a") + job("b") + flow("s", "g") + flow("g", "a", "=x &gt; 10") + flow("g", "b", "=x &gt; 5")));
  const Key instance = start(R"({"x": 1})");
  EXPECT_EQ(incidents(), (Ids{"CONDITION_ERROR"}));
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"x": 7})"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Gateways, ParallelForkAndJoin) {
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + job("a") + job("b") + "<parallelGateway id=\"j\"/>" + job("c") + "<endEvent id=\"e\"/>" +
               chain({"s", "f", "a", "j", "c", "e"}) + chain({"f", "b", "j"})));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  EXPECT_FALSE(complete("c")) << "the join waits";
  EXPECT_FALSE(ended(instance));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("c"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Gateways, InclusiveJoinWaitsForWhatCanStillCome) {
  deploy(model("<startEvent id=\"s\"/><inclusiveGateway id=\"f\"/>" + job("a") + job("b") + job("c") + "<inclusiveGateway id=\"j\"/>" + job("d") + "<endEvent id=\"e\"/>" + flow("s", "f") +
               flow("f", "a", "=contains(x, \"a\")") + flow("f", "b", "=contains(x, \"b\")") + flow("f", "c", "=contains(x, \"c\")") + chain({"a", "j"}) + chain({"b", "j"}) +
               chain({"c", "j", "d", "e"})));
  const Key instance = start(R"({"x": "ab"})");
  EXPECT_TRUE(complete("a"));
  EXPECT_FALSE(complete("d")) << "b can still come, c cannot";
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("d"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Gateways, EventBasedTakesTheFirstEvent) {
  deploy(model("<startEvent id=\"s\"/><eventBasedGateway id=\"g\"/><intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent>"
               "<intermediateCatchEvent id=\"t\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>" +
                   job("a") + job("b") + chain({"s", "g", "m", "a"}) + chain({"g", "t", "b"}),
               "<message id=\"M\" name=\"hello\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>"));
  const Key first = start(R"({"id": "1"})"), second = start(R"({"id": "2"})");
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "2", "", 0, json(R"({"got": 7})")}));
  EXPECT_EQ(active(first).count("g"), 1u);
  EXPECT_EQ(active(second).count("a"), 1u);
  engine.advance(3'600'000);
  EXPECT_EQ(active(first).count("b"), 1u);
  EXPECT_EQ(active(second).count("b"), 0u);
  const auto jobs = engine.activate("a");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["got"].int_or(0), 7);
}

TEST_F(Gateways, ActivitiesSplitWithoutAGateway) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + job("a") + job("b") + flow("s", "t") + flow("t", "a") + flow("t", "b")));
  start();
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(complete("a") && complete("b"));
}

static std::string complex(const std::string& condition, const std::string& out = {}) {
  return model("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + job("a") + job("b") + job("c") + "<complexGateway id=\"g\">" +
               (condition.empty() ? "" : "<activationCondition xsi:type=\"tFormalExpression\">=" + condition + "</activationCondition>") + "</complexGateway>" + job("d") + (out.empty() ? "" : job("late")) + "<endEvent id=\"e\"/>" +
               chain({"s", "f", "a", "g"}) + chain({"f", "b", "g"}) + chain({"f", "c", "g"}) + chain({"g", "d", "e"}) + (out.empty() ? "" : flow("g", "late", out)));
}

TEST_F(Gateways, AComplexGatewayActivatesOnItsConditionAndSwallowsWhatComesLater) {
  deploy(complex("activationCount &gt;= 2"));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  EXPECT_FALSE(complete("d"));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("d")) << "two of three";
  EXPECT_FALSE(ended(instance));
  EXPECT_TRUE(complete("c"));
  EXPECT_FALSE(complete("d")) << "the third only resets it";
  EXPECT_TRUE(ended(instance));
}

TEST_F(Gateways, AComplexGatewayIsResetOverFlowsWhoseConditionHoldsThen) {
  deploy(complex("activationCount &gt;= 1", "=not(waitingForStart)"));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(complete("d"));
  EXPECT_FALSE(complete("late"));
  EXPECT_TRUE(complete("b"));
  EXPECT_FALSE(complete("late")) << "c can still come";
  EXPECT_TRUE(complete("c"));
  EXPECT_TRUE(complete("late"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Gateways, AComplexGatewayWithoutAConditionLetsEveryTokenPass) {
  deploy(model("<startEvent id=\"s\"/><complexGateway id=\"g\"/>" + job("a") + "<exclusiveGateway id=\"x\" default=\"x_e\"/><endEvent id=\"e\"/>" + chain({"s", "g", "a", "x"}) + flow("x", "g", "=again") + flow("x", "e")));
  const Key instance = start();
  EXPECT_TRUE(complete("a", R"({"again": true})"));
  EXPECT_TRUE(complete("a", R"({"again": false})"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Gateways, AnInstantiatingGatewayBeginsAnInstanceWithItsFirstEvent) {
  const std::string messages = "<message id=\"M\" name=\"m\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message><message id=\"N\" name=\"n\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>";
  const std::string inside = "<intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent><receiveTask id=\"n\" messageRef=\"N\"/>" + job("a") + job("b") + chain({"g", "m", "a"}) + chain({"g", "n", "b"});
  deploy(model("<eventBasedGateway id=\"g\" instantiate=\"true\"/>" + inside, messages), true);
  EXPECT_FALSE(engine.call(CreateInstance{"p"}));
  ASSERT_TRUE(engine.call(PublishMessage{"n", "7", "", 0, json(R"({"id": "7"})")}));
  EXPECT_FALSE(complete("a"));
  EXPECT_TRUE(complete("b"));
  deploy(model("<eventBasedGateway id=\"g\" instantiate=\"true\" eventGatewayType=\"Parallel\"/>" + inside, messages), true);
  ASSERT_TRUE(engine.call(PublishMessage{"m", "7", "", 0, json(R"({"id": "7"})")}));
  EXPECT_TRUE(complete("a"));
  Metrics metrics;
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.instances_active, 1u) << "the other event is waited for";
  ASSERT_TRUE(engine.call(PublishMessage{"n", "7", "", 0, {}}));
  EXPECT_TRUE(complete("b"));
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.instances_active, 0u) << "who waits for the message gets it; it begins no other instance";
}

}  // namespace engine::testing
