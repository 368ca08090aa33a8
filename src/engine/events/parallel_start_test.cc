// Parallel multiple start events of a process (BPMN 2.0.2 section 10.5.2): all triggers must come before it begins.
#include "engine/testing.h"

namespace engine::testing {

class ParallelStart : public EngineTest {
 protected:
  static std::string twins(const std::string& second = "<signalEventDefinition signalRef=\"S\"/>") {
    return model("<startEvent id=\"s\" parallelMultiple=\"true\"><messageEventDefinition messageRef=\"M\"/>" + second + "</startEvent>" + job("t") + chain({"s", "t"}), "<message id=\"M\" name=\"m\"/><signal id=\"S\" name=\"sig\"/>");
  }
  void message(const std::string& variables = "{}") { ASSERT_TRUE(engine.call(PublishMessage{"m", "", "", 0, json(variables)})); }
  void signal() { start("{}", "sender"); }
  void deploy_sender() {
    ASSERT_TRUE(engine.call(Deploy{{{"sender.bpmn", model("<startEvent id=\"s\"/><endEvent id=\"e\"><extensionElements><zeebe:ioMapping><zeebe:input source=\"=2\" target=\"b\"/></zeebe:ioMapping></extensionElements><signalEventDefinition signalRef=\"S\"/></endEvent>" + chain({"s", "e"}),
                                                          "<signal id=\"S\" name=\"sig\"/>", "sender")}}, false, false}));
  }
};

TEST_F(ParallelStart, BeginsWithTheLastTriggerAndKnowsWhatAllBrought) {
  deploy(twins());
  deploy_sender();
  message(R"({"a": 1})");
  EXPECT_TRUE(engine.activate("t").empty());
  signal();
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["a"].int_or(0), 1);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["b"].int_or(0), 2);
  signal();
  EXPECT_TRUE(engine.activate("t").empty()) << "for the next instance all must come again";
  message();
  EXPECT_EQ(engine.activate("t").size(), 1u);
}

TEST_F(ParallelStart, EachTriggerCountsForOneInstance) {
  deploy(twins());
  deploy_sender();
  message(R"({"a": 1})");
  message(R"({"a": 2})");
  signal();
  ASSERT_EQ(engine.activate("t").size(), 1u);
  signal();
  const auto second = engine.activate("t");
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ((*base::unpack(second[0].variables))["a"].int_or(0), 2);
}

TEST_F(ParallelStart, ATimerMayBeOneOfThem) {
  deploy(twins("<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>"));
  message();
  EXPECT_TRUE(engine.activate("t").empty());
  engine.advance(3'600'000);
  EXPECT_TRUE(complete("t"));
  engine.advance(3'600'000);
  EXPECT_FALSE(complete("t"));
  message();
  EXPECT_TRUE(complete("t")) << "the hour that passed before the message counts";
}

TEST_F(ParallelStart, ANewVersionBeginsAnew) {
  deploy(twins());
  deploy_sender();
  message();
  deploy(twins() + "<!-- changed -->");
  signal();
  EXPECT_TRUE(engine.activate("t").empty()) << "the message belonged to the version before";
  message();
  EXPECT_EQ(engine.activate("t").size(), 1u);
}

TEST_F(ParallelStart, IncompleteGroupsAreBounded) {
  deploy(twins());
  deploy_sender();
  for (int i = 0; i < 70; ++i) message("{\"a\": " + std::to_string(i) + "}");
  signal();
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["a"].int_or(0), 6) << "the oldest six were given up";
}

}  // namespace engine::testing
