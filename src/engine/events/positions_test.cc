// Events with several triggers, and triggers that few places have, wherever the specification allows them (section 10.5).
#include "engine/testing.h"

namespace engine::testing {

class Positions : public EngineTest {
 protected:
  static std::string message(const std::string& id, const std::string& name) { return "<message id=\"" + id + "\" name=\"" + name + "\">" + ext("<zeebe:subscription correlationKey=\"=&quot;k&quot;\"/>") + "</message>"; }
  const std::string kRoots = message("M", "m") + message("N", "n") + "<signal id=\"S\" name=\"sig\"/><error id=\"E\" errorCode=\"E\"/><escalation id=\"C\" escalationCode=\"C\"/>";
  static std::string either() { return "<messageEventDefinition messageRef=\"M\"/><messageEventDefinition messageRef=\"N\"/>"; }
  static std::string cron(const std::string& text) { return "<timerEventDefinition><timeCycle>" + text + "</timeCycle></timerEventDefinition>"; }
  void send(const std::string& name) { ASSERT_TRUE(engine.call(PublishMessage{name, "k", "", 0, base::Json::object()})); }
};

TEST_F(Positions, AStartEventWithSeveralTriggersBeginsWithEach) {
  deploy(model("<startEvent id=\"s\">" + either() + "</startEvent>" + job("t") + chain({"s", "t"}), kRoots));
  for (const char* name : {"n", "m"}) {
    send(name);
    EXPECT_TRUE(complete("t")) << name;
  }
}

TEST_F(Positions, AnEventSubProcessWithSeveralTriggersHearsEach) {
  for (const bool interrupts : {false, true}) {
    deploy(model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}) + "<subProcess id=\"h\" triggeredByEvent=\"true\"><startEvent id=\"hs\" isInterrupting=\"" + (interrupts ? "true" : "false") + "\">" + either() + "</startEvent>" +
                     job("in_h") + flow("hs", "in_h") + "</subProcess>", kRoots));
    const Key instance = start();
    send("n");
    send("m");
    EXPECT_EQ(active(instance).count("in_h"), interrupts ? 1u : 2u);
    EXPECT_EQ(active(instance).count("t"), interrupts ? 0u : 1u);
    ASSERT_TRUE(engine.call(CancelInstance{instance}));
  }
}

TEST_F(Positions, ABoundaryEventMayCatchAnErrorOrAMessage) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\"><errorEventDefinition errorRef=\"E\"/><messageEventDefinition messageRef=\"M\"/></boundaryEvent>" + job("u") + chain({"s", "t"}) + chain({"b", "u"}), kRoots));
  const Key by_error = start();
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("t").at(0).job, "E", "", {}}));
  EXPECT_EQ(active(by_error), (std::multiset<std::string>{"p", "u"}));
  const Key by_message = start();
  send("m");
  EXPECT_EQ(active(by_message), (std::multiset<std::string>{"p", "u"}));
}

TEST_F(Positions, AnEventBehindAnEventBasedGatewayMayHaveSeveralTriggers) {
  deploy(model("<startEvent id=\"s\"/><eventBasedGateway id=\"g\"/><intermediateCatchEvent id=\"a\">" + either() + "</intermediateCatchEvent><intermediateCatchEvent id=\"b\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent>" + job("t") + job("u") +
                   chain({"s", "g", "a", "t"}) + chain({"g", "b", "u"}), kRoots));
  const Key instance = start();
  send("n");
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "t"}));
}

// A task throws what its multi-instance says for its items (section 13.3.7): an escalation goes to the task's own boundary.
TEST_F(Positions, AnEscalationIsCaughtAtTheBoundaryOfATask) {
  deploy(model("<startEvent id=\"s\"/><serviceTask id=\"t\">" + ext("<zeebe:taskDefinition type=\"t\"/>") + "<multiInstanceLoopCharacteristics behavior=\"None\" noneBehaviorEventRef=\"esc\"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>" +
                   "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\"><escalationEventDefinition escalationRef=\"C\"/></boundaryEvent>" + job("u") + chain({"s", "t"}) + chain({"b", "u"}),
               kRoots + "<escalationEventDefinition id=\"esc\" escalationRef=\"C\"/>"));
  const Key instance = start();
  EXPECT_TRUE(complete("t"));
  EXPECT_EQ(active(instance).count("u"), 1u);
  EXPECT_TRUE(complete("t"));
  EXPECT_EQ(active(instance).count("u"), 2u);
}

TEST_F(Positions, CronTimersStartProcessesAndRepeatAtBoundaries) {
  deploy(model("<startEvent id=\"s\">" + cron("0 0 * * * *") + "</startEvent>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\">" + cron("0 */20 * * * *") + "</boundaryEvent>" + job("u") + chain({"s", "t"}) + chain({"b", "u"})));
  engine.advance(3'600'000);
  const auto begun = engine.activate("t", 10, 100'000'000);
  ASSERT_EQ(begun.size(), 1u);
  engine.advance(3'500'000);
  EXPECT_EQ(active(begun[0].instance).count("u"), 2u) << "20 and 40 minutes past";
}

TEST_F(Positions, SeveralNoneStartEventsBeginTogether) {
  deploy(model("<startEvent id=\"s\"/><startEvent id=\"r\"/>" + job("t") + job("u") + chain({"s", "t"}) + chain({"r", "u"})));
  EXPECT_EQ(active(start()), (std::multiset<std::string>{"p", "t", "u"}));
}

}  // namespace engine::testing
