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

}  // namespace engine::testing
