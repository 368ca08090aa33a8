// Which of several things that could happen next happens: what begins with an instance, who hears a signal, what a cancel
// or an interruption still lets through.
#include "engine/testing.h"

namespace engine::testing {

class OrderOfTokens : public EngineTest {};

static const std::string kSignal = "<signalEventDefinition signalRef=\"S\"/>";
static std::string handler(const std::string& id, bool interrupting, const std::string& definition) {
  return "<subProcess id=\"" + id + "\" triggeredByEvent=\"true\"><startEvent id=\"s_" + id + "\" isInterrupting=\"" + (interrupting ? "true" : "false") + "\">" + definition + "</startEvent>" + job("in_" + id) +
         flow("s_" + id, "in_" + id) + "</subProcess>";
}

TEST_F(OrderOfTokens, WhatNothingLeadsToBeginsWithTheProcessHoweverItBegan) {
  deploy(model("<startEvent id=\"s\"><messageEventDefinition messageRef=\"M\"/></startEvent>" + job("beside") + job("t") + chain({"s", "t"}), "<message id=\"M\" name=\"go\"/>"), true);
  ASSERT_TRUE(engine.call(PublishMessage{"go", "", "", 0, base::Json::object()}));
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(complete("beside"));
}

TEST_F(OrderOfTokens, WhatASignalWouldStopAtOnceDoesNotBegin) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}) + handler("goes_on", false, kSignal) + handler("stops", true, kSignal), "<signal id=\"S\" name=\"S\"/>") );
  const Key instance = start();
  deploy(model("<startEvent id=\"s\"/><intermediateThrowEvent id=\"x\">" + kSignal + "</intermediateThrowEvent>" + chain({"s", "x"}), "<signal id=\"S\" name=\"S\"/>", "sender"));
  start("{}", "sender");
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "stops", "in_stops"}));
  EXPECT_TRUE(engine.activate("in_goes_on").empty());
}

TEST_F(OrderOfTokens, ACancelTakesItsTurnAndTokensBesideItStillArrive) {
  deploy(model("<startEvent id=\"s\"/><transaction id=\"x\"><startEvent id=\"s1\"/><parallelGateway id=\"f\"/><endEvent id=\"c\"><cancelEventDefinition/></endEvent><task id=\"beside\"/>" + job("later") +
               chain({"s1", "f", "c"}) + chain({"f", "beside", "later"}) + "</transaction><boundaryEvent id=\"b\" attachedToRef=\"x\"><cancelEventDefinition/></boundaryEvent><endEvent id=\"e\"/>" + chain({"s", "x"}) + flow("b", "e")));
  const Key instance = start();
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(left(), (Ids{"s", "s1", "f", "beside", "b", "e", "p"})) << "the cancel end event itself was stopped, not left; the task beside it was reached";
}

TEST_F(OrderOfTokens, WhereAnEventSubProcessTookOverTheOthersBeginNoMore) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"x\"><startEvent id=\"s1\"/><endEvent id=\"a\"><errorEventDefinition errorRef=\"A\"/></endEvent>" + flow("s1", "a") +
                   "<subProcess id=\"first\" triggeredByEvent=\"true\"><startEvent id=\"s2\"><errorEventDefinition errorRef=\"A\"/></startEvent><endEvent id=\"b\"><errorEventDefinition errorRef=\"B\"/></endEvent>" + flow("s2", "b") +
                   "</subProcess>" + handler("second", true, "<errorEventDefinition errorRef=\"B\"/>") + "</subProcess><boundaryEvent id=\"out\" attachedToRef=\"x\"><errorEventDefinition errorRef=\"B\"/></boundaryEvent>" +
                   job("outside") + chain({"s", "x"}) + flow("out", "outside"),
               "<error id=\"A\" errorCode=\"A\"/><error id=\"B\" errorCode=\"B\"/>"));
  const Key instance = start();
  EXPECT_TRUE(engine.activate("in_second").empty());
  EXPECT_TRUE(complete("outside"));
  EXPECT_TRUE(ended(instance));
}

// Found by the simulator (seed 1242): the instance was half stopped before the handler's own trigger turned out to have no key.
TEST_F(OrderOfTokens, AnEventSubProcessThatCannotBeginStopsNothing) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}) + "<subProcess id=\"on\" triggeredByEvent=\"true\"><startEvent id=\"late\"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition></startEvent>" +
                   job("in") + flow("late", "in") + "<subProcess id=\"inner\" triggeredByEvent=\"true\"><startEvent id=\"come\"><messageEventDefinition messageRef=\"M\"/></startEvent>" + job("told") + flow("come", "told") + "</subProcess></subProcess>",
               "<message id=\"M\" name=\"m\">" + ext("<zeebe:subscription correlationKey=\"=ck\"/>") + "</message>"));
  const Key instance = start();
  engine.advance(1'000);
  ASSERT_EQ(incidents(), (Ids{"EXTRACT_VALUE_ERROR"}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "t"}));
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"ck": "1"})"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "on", "in"}));
}

// Found by the simulator (seeds 1461 and 1532): the called instance was changing over to its event sub-process when its caller was stopped;
// it took the event after all, and the caller waited for it for ever.
TEST_F(OrderOfTokens, WhatIsStoppedFromOutsideTakesNoEventAnyMore) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", "<multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=for i in 1..100 return i\"/>") + "</multiInstanceLoopCharacteristics>") + chain({"s", "t"}) +
                   handler("on", true, "<messageEventDefinition messageRef=\"M\"/>"),
               "<message id=\"M\" name=\"m\">" + ext("<zeebe:subscription correlationKey=\"=ck\"/>") + "</message>", "inner"));
  deploy(model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"inner\"/>") + "</callActivity>" + chain({"s", "c"}) + "<boundaryEvent id=\"b\" attachedToRef=\"c\"><messageEventDefinition messageRef=\"N\"/></boundaryEvent>" +
                   job("after") + flow("b", "after"),
               "<message id=\"N\" name=\"n\">" + ext("<zeebe:subscription correlationKey=\"=ck\"/>") + "</message>"));
  const Key instance = start(R"({"ck": "1"})");
  ASSERT_TRUE(engine.only(PublishMessage{"m", "1", "", 0, {}}));
  engine.step(1);  // the called instance begins to stop its hundred items, 64 at a time
  ASSERT_TRUE(engine.only(PublishMessage{"n", "1", "", 0, {}}));
  engine.settle();
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "after"}));
  EXPECT_TRUE(engine.activate("in_on").empty());
}

}  // namespace engine::testing
