#include "engine/behaviour/schedule.h"
#include "engine/testing.h"

namespace engine::testing {

class Events : public EngineTest {};

static std::string timer(const std::string& kind, const std::string& text) {
  return "<timerEventDefinition><" + kind + ">" + text + "</" + kind + "></timerEventDefinition>";
}
static const std::string kMessage = "<message id=\"M\" name=\"hello\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>";

// Section 13.5.4: what is in an event sub-process listens like any other scope.
TEST_F(Events, AnEventSubProcessInAnEventSubProcessHears) {
  const auto on = [](const std::string& id, const std::string& ref, const std::string& interrupting, const std::string& inside) {
    return "<subProcess id=\"" + id + "\" triggeredByEvent=\"true\"><startEvent id=\"s" + id + "\" isInterrupting=\"" + interrupting + "\"><messageEventDefinition messageRef=\"" + ref + "\"/></startEvent>" + inside + "</subProcess>";
  };
  const auto message = [](const std::string& id) { return "<message id=\"" + id + "\" name=\"" + id + "\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>"; };
  for (const std::string interrupting : {"true", "false"}) {
    deploy(model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}) + on("outer", "M", interrupting, job("a") + chain({"souter", "a"}) + on("inner", "N", "false", job("b") + chain({"sinner", "b"}))), message("M") + message("N")), true);
    const Key instance = start("{\"id\": \"" + interrupting + "\"}");
    ASSERT_TRUE(engine.call(PublishMessage{"N", interrupting, "", 0, {}}));
    EXPECT_EQ(active(instance).count("b"), 0u) << "it is not open yet";
    ASSERT_TRUE(engine.call(PublishMessage{"M", interrupting, "", 0, json("{\"v\": 1}")}));
    EXPECT_EQ(active(instance).count("a"), 1u);
    ASSERT_TRUE(engine.call(PublishMessage{"N", interrupting, "", 0, {}}));
    EXPECT_EQ(active(instance).count("b"), 1u) << interrupting;
    ASSERT_TRUE(engine.call(CancelInstance{instance}));
  }
}

TEST_F(Events, TimerCatchEvent) {
  deploy(model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"t\">" + timer("timeDuration", "=wait") + "</intermediateCatchEvent><endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start(R"({"wait": "PT10S"})");
  engine.advance(9'999);
  EXPECT_FALSE(ended(instance));
  engine.advance(1);
  EXPECT_TRUE(ended(instance));
}

TEST_F(Events, InterruptingTimerBoundaryStopsTheTask) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\">" + timer("timeDuration", "PT1S") + "</boundaryEvent>" + job("u") +
               "<endEvent id=\"e\"/>" + chain({"s", "t", "e"}) + chain({"b", "u"})));
  const Key instance = start();
  engine.advance(1'000);
  EXPECT_FALSE(complete("t"));
  EXPECT_TRUE(complete("u"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Events, NonInterruptingCycleRepeats) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\">" + timer("timeCycle", "R3/PT10S") +
               "</boundaryEvent>" + job("u") + chain({"s", "t"}) + chain({"b", "u"})));
  const Key instance = start();
  engine.advance(100'000);
  EXPECT_EQ(active(instance).count("u"), 3u);
  EXPECT_TRUE(complete("t"));
  EXPECT_EQ(engine.partition().next_due(), -1);
}

TEST_F(Events, StartTimersAndTheirReplacement) {
  const std::string xml = model("<startEvent id=\"s\">" + timer("timeCycle", "R/PT1H") + "</startEvent>" + job("t") + chain({"s", "t"}));
  deploy(xml);
  engine.advance(2 * 3'600'000);
  EXPECT_EQ(engine.activate("t").size(), 2u);
  deploy(model("<startEvent id=\"s\">" + timer("timeCycle", "R/PT2H") + "</startEvent>" + job("t2") + chain({"s", "t2"})));
  engine.advance(2 * 3'600'000);
  EXPECT_EQ(engine.activate("t2").size(), 1u);
  EXPECT_EQ(engine.activate("t").size(), 2u) << "the two from before, timed out; the old version starts nothing more";
}

TEST_F(Events, MessagesCorrelateByKeyAndWaitForTheirTime) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent><endEvent id=\"e\"/>" +
               chain({"s", "t", "m", "e"}), kMessage));
  const Key instance = start(R"({"id": "a"})");
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "a", "", 0, {}}));            // nobody waits, no time to live: gone
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "b", "", 60'000, {}}));       // another key
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "a", "once", 60'000, json(R"({"x": 1})")}));
  EXPECT_EQ(engine.call(PublishMessage{"hello", "a", "once", 60'000, {}}).error().code, base::ErrorCode::conflict);
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(ended(instance)) << "the waiting message arrives when the event waits";
  const Key late = start(R"({"id": "a"})");
  engine.advance(60'000);
  EXPECT_TRUE(complete("t"));
  EXPECT_FALSE(ended(late)) << "its time to live is over";
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "a", "once", 0, {}}));
  EXPECT_TRUE(ended(late));
}

TEST_F(Events, MessageStartEvent) {
  deploy(model("<startEvent id=\"s\"><messageEventDefinition messageRef=\"M\"/></startEvent>" + job("t") + chain({"s", "t"}), kMessage));
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "", "", 0, json(R"({"x": 5})")}));
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["x"].int_or(0), 5);
  EXPECT_EQ(engine.call(CreateInstance{"p"}).error().code, base::ErrorCode::not_executable) << "it has no none start event";
}

TEST_F(Events, AnErrorGoesToTheInnermostEventThatCatchesIt) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"p1\"><startEvent id=\"s1\"/>" + job("t") + chain({"s1", "t"}) + "</subProcess>"
               "<boundaryEvent id=\"any\" attachedToRef=\"p1\"><errorEventDefinition/></boundaryEvent>"
               "<boundaryEvent id=\"same\" attachedToRef=\"p1\"><errorEventDefinition errorRef=\"E\"/></boundaryEvent>" +
                   job("a") + job("b") + chain({"s", "p1"}) + chain({"any", "a"}) + chain({"same", "b"}),
               "<error id=\"E\" errorCode=\"bad\"/>"));
  start();
  auto jobs = engine.activate("t");
  ASSERT_TRUE(engine.call(ThrowJobError{jobs[0].job, "bad", "", json(R"({"why": "x"})")}));
  jobs = engine.activate("b");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["why"].string_or(""), "x");
  start();
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("t")[0].job, "other", "", {}}));
  EXPECT_TRUE(complete("a"));
}

TEST_F(Events, AnErrorThatNobodyCatchesIsAnIncident) {
  deploy(one_task());
  const Key instance = start();
  const auto jobs = engine.activate("t");
  ASSERT_TRUE(engine.call(ThrowJobError{jobs[0].job, "bad", "text", {}}));
  EXPECT_EQ(incidents(), (Ids{"UNHANDLED_ERROR_EVENT"}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Events, ErrorEndEventInterruptsItsSubProcess) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"p1\"><startEvent id=\"s1\"/><parallelGateway id=\"f\"/>" + job("t") +
                   "<endEvent id=\"x\"><errorEventDefinition errorRef=\"E\"/></endEvent>" + chain({"s1", "f", "t"}) + flow("f", "x") +
                   "</subProcess><boundaryEvent id=\"b\" attachedToRef=\"p1\"><errorEventDefinition errorRef=\"E\"/></boundaryEvent>" + job("a") + chain({"s", "p1"}) + chain({"b", "a"}),
               "<error id=\"E\" errorCode=\"bad\"/>"));
  const Key instance = start();
  EXPECT_FALSE(complete("t"));
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Events, TerminateEndEventStopsItsScopeOnly) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"p1\"><startEvent id=\"s1\"/><parallelGateway id=\"f\"/>" + job("t") +
               "<endEvent id=\"x\"><terminateEventDefinition/></endEvent>" + chain({"s1", "f", "t"}) + flow("f", "x") + "</subProcess>" + job("a") + chain({"s", "p1", "a"})));
  const Key instance = start();
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "a"}));
}

TEST_F(Events, EventSubProcesses) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}) +
                   "<subProcess id=\"n\" triggeredByEvent=\"true\"><startEvent id=\"ns\" isInterrupting=\"false\"><messageEventDefinition messageRef=\"M\"/></startEvent>" + job("a") +
                   chain({"ns", "a"}) + "</subProcess>"
                   "<subProcess id=\"i\" triggeredByEvent=\"true\"><startEvent id=\"is\"><errorEventDefinition errorRef=\"E\"/></startEvent>" + job("b") + chain({"is", "b"}) + "</subProcess>",
               kMessage + "<error id=\"E\" errorCode=\"bad\"/>"));
  const Key instance = start(R"({"id": "k"})");
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "k", "", 0, {}}));
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "k", "", 0, {}}));
  EXPECT_EQ(active(instance).count("a"), 2u);
  EXPECT_EQ(active(instance).count("t"), 1u);
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("t")[0].job, "bad", "", {}}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "i", "b"}));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Events, BoundaryEventsOutliveAnInterruptingEventSubProcess) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><startEvent id=\"s1\"/>" + job("t") + chain({"s1", "t"}) +
                   "<subProcess id=\"i\" triggeredByEvent=\"true\"><startEvent id=\"is\"><errorEventDefinition errorRef=\"E\"/></startEvent>" + job("b") + chain({"is", "b"}) + "</subProcess></subProcess>"
                   "<boundaryEvent id=\"late\" attachedToRef=\"sub\">" + timer("timeDuration", "PT1H") + "</boundaryEvent>" + job("u") + chain({"s", "sub"}) + chain({"late", "u"}),
               "<error id=\"E\" errorCode=\"bad\"/>"));
  const Key instance = start();
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("t")[0].job, "bad", "", {}}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "sub", "i", "b"}));
  engine.advance(3'600'000);
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "u"}));
}

TEST_F(Events, SignalsReachAllAndLinksJump) {
  deploy(model("<startEvent id=\"s\"/><intermediateThrowEvent id=\"l1\"><linkEventDefinition name=\"L\"/></intermediateThrowEvent>"
               "<intermediateCatchEvent id=\"l2\"><linkEventDefinition name=\"L\"/></intermediateCatchEvent>"
               "<intermediateCatchEvent id=\"c\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent><endEvent id=\"e\"/>" +
                   chain({"s", "l1"}) + chain({"l2", "c", "e"}), "<signal id=\"S\" name=\"go\"/>"));
  const Key a = start(), b = start();
  deploy(model("<startEvent id=\"s\"/><endEvent id=\"e\"><signalEventDefinition signalRef=\"S\"/></endEvent>" + chain({"s", "e"}), "<signal id=\"S\" name=\"go\"/>", "q"));
  EXPECT_FALSE(ended(a));
  start("{}", "q");
  EXPECT_TRUE(ended(a) && ended(b));
}

TEST(Schedule, TextsOfTimers) {
  const base::Millis now = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
  const auto due = [&](bpmn::TimerKind kind, const char* text) {
    auto schedule = parse_schedule(kind, text, now, "Europe/Copenhagen");
    return schedule ? schedule->due - now : -1;
  };
  EXPECT_EQ(due(bpmn::TimerKind::duration, "PT1M30S"), 90'000);
  EXPECT_EQ(due(bpmn::TimerKind::duration, "P1M"), 31ll * 86'400'000);
  EXPECT_EQ(due(bpmn::TimerKind::duration, "P1M1DT1S"), 32ll * 86'400'000 + 1'000);
  EXPECT_EQ(due(bpmn::TimerKind::date, "2026-01-01T02:00:00+01:00"), 3'600'000);
  EXPECT_EQ(due(bpmn::TimerKind::cycle, "R3/PT10S"), 10'000);
  EXPECT_EQ(due(bpmn::TimerKind::cycle, "0 0 6 * * *"), 5ll * 3'600'000) << "six o'clock Danish time, now is one o'clock";
  EXPECT_EQ(due(bpmn::TimerKind::cycle, "0 0 6 * * MON"), (4 * 24 + 5) * 3'600'000ll) << "1 January 2026 is a Thursday";
  EXPECT_EQ(due(bpmn::TimerKind::duration, "10 seconds"), -1);
  EXPECT_EQ(due(bpmn::TimerKind::cycle, "R0/PT1S"), -1);
  EXPECT_EQ(due(bpmn::TimerKind::cycle, "0 0 25 * * *"), -1);
  EXPECT_EQ(due(bpmn::TimerKind::cycle, "R/PT0S"), -1);
}

// One signal, heard inside the activity and at its border: the inner handler comes first, the border hears the next one.
TEST_F(Events, AnEventSubProcessTakesTheSignalBeforeTheBoundary) {
  const std::string hears = "<signalEventDefinition signalRef=\"S\"/>";
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><startEvent id=\"s1\"/><endEvent id=\"throws\">" + hears + "</endEvent>" + chain({"s1", "throws"}) +
               "<subProcess id=\"inner\" triggeredByEvent=\"true\"><startEvent id=\"s2\">" + hears + "</startEvent>" + job("t") + "<endEvent id=\"again\">" + hears + "</endEvent>" +
               chain({"s2", "t", "again"}) + "</subProcess></subProcess><boundaryEvent id=\"b\" attachedToRef=\"sub\">" + hears + "</boundaryEvent><endEvent id=\"e\"/>" + chain({"s", "sub"}) + chain({"b", "e"}),
               "<signal id=\"S\" name=\"go\"/>"));
  const Key instance = start();
  EXPECT_TRUE(active(instance).contains("inner"));
  EXPECT_TRUE(active(instance).contains("sub"));
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(ended(instance));
  const Ids ids = left();
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "b"), 1);
}

static std::string two_triggers(const std::string& attributes) {
  return "<startEvent id=\"s\"/><intermediateCatchEvent id=\"m\" " + attributes + "><messageEventDefinition messageRef=\"M\"/><signalEventDefinition signalRef=\"S\"/>" + timer("timeDuration", "PT1H") +
         "</intermediateCatchEvent><endEvent id=\"e\"/>" + chain({"s", "m", "e"});
}
static const std::string kTriggers = kMessage + "<signal id=\"S\" name=\"all\"/>";
static std::string sends_signal() {
  return model("<startEvent id=\"s\"/><endEvent id=\"e\"><signalEventDefinition signalRef=\"S\"/></endEvent>" + chain({"s", "e"}), "<signal id=\"S\" name=\"all\"/>", "sends");
}

TEST_F(Events, AMultipleEventOccursWithItsFirstTrigger) {
  deploy(model(two_triggers(""), kTriggers));
  const Key first = start(R"({"id": "1"})"), second = start(R"({"id": "2"})");
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 0, {}}));
  EXPECT_TRUE(ended(first));
  EXPECT_FALSE(ended(second));
  engine.advance(3'600'000);
  EXPECT_TRUE(ended(second));
}

TEST_F(Events, AParallelMultipleEventNeedsAllOfThemAndKeepsTheirData) {
  deploy(model(two_triggers("parallelMultiple=\"true\""), kTriggers));
  ASSERT_TRUE(engine.call(Deploy{{{"sends.bpmn", sends_signal()}}}));
  const Key instance = start(R"({"id": "1"})");
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 0, json(R"({"from": "message"})")}));
  EXPECT_FALSE(ended(instance));
  engine.advance(3'600'000);
  EXPECT_FALSE(ended(instance));
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 0, {}})) << "it came already";
  start("{}", "sends");
  EXPECT_TRUE(ended(instance));
  std::string seen;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::message_correlated>)
      if (!event.variables.empty()) seen = base::unpack(event.variables.bytes)->dump();
  });
  EXPECT_EQ(seen, R"({"from":"message"})");
}

TEST_F(Events, ANonInterruptingParallelMultipleBoundaryEventListensAnew) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\" parallelMultiple=\"true\"><messageEventDefinition messageRef=\"M\"/>" +
                   "<conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">=x</condition></conditionalEventDefinition></boundaryEvent>" + job("u") + chain({"s", "t"}) + chain({"b", "u"}),
               kTriggers));
  const Key instance = start(R"({"id": "1", "x": false})");
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 0, json(R"({"y": 1})")}));
  EXPECT_EQ(active(instance).count("u"), 0u);
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"x": true})"), false}));
  EXPECT_EQ(active(instance).count("u"), 1u);
  EXPECT_EQ((*base::unpack(engine.activate("u").at(0).variables))["y"].int_or(0), 1);
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 0, {}}));
  EXPECT_EQ(active(instance).count("u"), 2u) << "the condition holds when it listens anew";
}

TEST_F(Events, AMultipleThrowThrowsAll) {
  deploy(model(two_triggers("parallelMultiple=\"true\""), kTriggers));
  ASSERT_TRUE(engine.call(Deploy{{{"q.bpmn", model("<startEvent id=\"s\"/><intermediateThrowEvent id=\"t\"><messageEventDefinition messageRef=\"M\"/><signalEventDefinition signalRef=\"S\"/></intermediateThrowEvent>"
                                                     "<endEvent id=\"e\"/>" + chain({"s", "t", "e"}), kTriggers, "q")}}, true}));
  const Key instance = start(R"({"id": "1"})");
  engine.advance(3'600'000);
  EXPECT_FALSE(ended(instance));
  EXPECT_TRUE(ended(start(R"({"id": "1"})", "q")));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Events, AnInstantiatingReceiveTaskBeginsAnInstance) {
  deploy(model("<receiveTask id=\"r\" messageRef=\"M\" instantiate=\"true\">" + ext("<zeebe:ioMapping><zeebe:output source=\"=x\" target=\"got\"/></zeebe:ioMapping>") + "</receiveTask>" + job("t") + chain({"r", "t"}), kMessage), true);
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 0, json(R"({"x": 5})")}));
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["got"].int_or(0), 5);
}

TEST_F(Events, PoolsOfOneCollaborationSendEachOtherMessagesWithoutNames) {
  const std::string file = R"(<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://t">
<collaboration id="c"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="mf" sourceRef="send" targetRef="start_q"/></collaboration>
<process id="p" isExecutable="true"><startEvent id="s"/><sendTask id="send"/><endEvent id="e"/>)" + chain({"s", "send", "e"}) +
                           R"(</process><process id="q" isExecutable="true"><startEvent id="start_q"><messageEventDefinition/></startEvent>)" + job("t") + chain({"start_q", "t"}) + "</process></definitions>";
  deploy(file, true);
  EXPECT_TRUE(ended(start()));
  EXPECT_TRUE(complete("t"));
}

TEST_F(Events, CorrelationKeysOfTheModelItself) {
  const std::string file = R"(<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://t">
<message id="M" name="order"/>
<correlationProperty id="P1"><correlationPropertyRetrievalExpression messageRef="M"><messagePath>customer</messagePath></correlationPropertyRetrievalExpression></correlationProperty>
<correlationProperty id="P2"><correlationPropertyRetrievalExpression messageRef="M"><messagePath>no</messagePath></correlationPropertyRetrievalExpression></correlationProperty>
<collaboration id="c"><participant id="A" processRef="p"/><participant id="B" processRef="q"/><messageFlow id="mf" sourceRef="send" targetRef="wait"/>
<correlationKey id="K"><correlationPropertyRef>P1</correlationPropertyRef><correlationPropertyRef>P2</correlationPropertyRef></correlationKey></collaboration>
<process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="send"><messageEventDefinition messageRef="M"/></endEvent>)" + chain({"s", "send"}) +
                           R"(</process><process id="q" isExecutable="true"><correlationSubscription id="CS" correlationKeyRef="K"><correlationPropertyBinding correlationPropertyRef="P1"><dataPath>who</dataPath></correlationPropertyBinding>
<correlationPropertyBinding correlationPropertyRef="P2"><dataPath>order.no</dataPath></correlationPropertyBinding></correlationSubscription><startEvent id="sq"/><intermediateCatchEvent id="wait"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>)" +
                           chain({"sq", "wait"}) + "</process></definitions>";
  deploy(file, true);
  const Key first = start(R"({"who": "ane", "order": {"no": 1}})", "q"), second = start(R"({"who": "ane", "order": {"no": 2}})", "q");
  start(R"({"customer": "ane", "no": 2})");
  EXPECT_FALSE(ended(first));
  EXPECT_TRUE(ended(second));
  ASSERT_TRUE(engine.call(PublishMessage{"order", "ane|1", "", 0, {}}));
  EXPECT_TRUE(ended(first));
}

}  // namespace engine::testing
