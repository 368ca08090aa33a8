// Suspension: a root instance and all that it called stand still; nothing is lost meanwhile.
#include "engine/testing.h"

namespace engine {
namespace {

using testing::chain;
using testing::ext;
using testing::flow;
using testing::job;
using testing::json;
using testing::model;

const std::string kMessage = "<message id=\"m\" name=\"m\"><extensionElements><zeebe:subscription correlationKey=\"=key\"/></extensionElements></message>";
std::string catching(const std::string& id, const std::string& message = "m") {
  return "<intermediateCatchEvent id=\"" + id + "\"><messageEventDefinition messageRef=\"" + message + "\"/></intermediateCatchEvent>";
}
std::string timer(const std::string& id, const std::string& duration) {
  return "<intermediateCatchEvent id=\"" + id + "\"><timerEventDefinition><timeDuration>" + duration + "</timeDuration></timerEventDefinition></intermediateCatchEvent>";
}
std::string line(const std::string& element, const std::string& id) { return "<startEvent id=\"s\"/>" + element + "<endEvent id=\"e\"/>" + chain({"s", id, "e"}); }

class Suspension : public testing::EngineTest {
 protected:
  void suspend(Key instance) { ASSERT_TRUE(engine.call(SuspendInstance{instance})); }
  void resume(Key instance) { ASSERT_TRUE(engine.call(ResumeInstance{instance})); }
  bool publish(const std::string& key, base::Millis ttl) { return engine.call(PublishMessage{"m", key, "", ttl, json("{\"got\":1}")}).has_value(); }
};

TEST_F(Suspension, JobsAreNotHandedOutAndComeBackInTheirOldTurn) {
  deploy(testing::one_task());
  const Key first = start(), second = start(), third = start();
  suspend(first);
  suspend(second);
  auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].instance, third);
  const Key fourth = start();
  resume(second);
  resume(first);
  jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 3u);
  EXPECT_EQ(jobs[0].instance, first);
  EXPECT_EQ(jobs[1].instance, second);
  EXPECT_EQ(jobs[2].instance, fourth);
}

TEST_F(Suspension, WhatAWorkerHasIsTakenButWhatFollowsWaits) {
  deploy(model("<startEvent id=\"s\"/>" + job("a") + job("b") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "e"})));
  const Key instance = start();
  const auto jobs = engine.activate("a");
  ASSERT_EQ(jobs.size(), 1u);
  suspend(instance);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json("{\"x\":1}")}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "a"}));
  resume(instance);
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "b"}));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Suspension, ATimerThatFellDueFiresOnResume) {
  deploy(model(line(timer("t", "PT1H"), "t")));
  const Key instance = start(), other = start();
  suspend(instance);
  engine.advance(2 * 3600 * 1000);
  EXPECT_FALSE(ended(instance));
  EXPECT_TRUE(ended(other));
  resume(instance);
  engine.advance(0);
  EXPECT_TRUE(ended(instance));
}

TEST_F(Suspension, AMessageWaitsForItsTimeToLive) {
  deploy(model(line(catching("m1"), "m1"), kMessage));
  const Key kept = start("{\"key\":\"a\"}"), lost = start("{\"key\":\"b\"}");
  suspend(kept);
  suspend(lost);
  ASSERT_TRUE(publish("a", 3'600'000));
  ASSERT_TRUE(publish("b", 0));
  EXPECT_FALSE(ended(kept));
  resume(kept);
  resume(lost);
  EXPECT_TRUE(ended(kept));
  EXPECT_FALSE(ended(lost));
  ASSERT_TRUE(publish("b", 0));
  EXPECT_TRUE(ended(lost));
}

TEST_F(Suspension, AMessageGoesToAnotherInstanceThatDoesNotStandStill) {
  deploy(model(line(catching("m1"), "m1"), kMessage));
  const Key still = start("{\"key\":\"a\"}"), other = start("{\"key\":\"a\"}");
  suspend(still);
  ASSERT_TRUE(publish("a", 3'600'000));
  EXPECT_TRUE(ended(other));
  resume(still);
  EXPECT_FALSE(ended(still));  // one receiver per process has had it
}

TEST_F(Suspension, AMessageThatExpiredMeanwhileIsGone) {
  deploy(model(line(catching("m1"), "m1"), kMessage));
  const Key instance = start("{\"key\":\"a\"}");
  suspend(instance);
  ASSERT_TRUE(publish("a", 1'000));
  engine.advance(2'000);
  resume(instance);
  EXPECT_FALSE(ended(instance));
}

TEST_F(Suspension, ASignalDoesNotReachIt) {
  const std::string wait = "<intermediateCatchEvent id=\"w\"><signalEventDefinition signalRef=\"s1\"/></intermediateCatchEvent>";
  deploy(model(line(wait, "w"), "<signal id=\"s1\" name=\"go\"/>"));
  const Key still = start(), other = start();
  suspend(still);
  deploy(model("<startEvent id=\"s\"/><endEvent id=\"e\"><signalEventDefinition signalRef=\"s1\"/></endEvent>" + flow("s", "e"), "<signal id=\"s1\" name=\"go\"/>", "sender"));
  start("{}", "sender");
  EXPECT_TRUE(ended(other));
  resume(still);
  EXPECT_FALSE(ended(still));
}

TEST_F(Suspension, AUserTaskCannotBeCompletedAndTheErrorSaysWhatToDo) {
  deploy(model(line("<userTask id=\"u\">" + ext("<zeebe:userTask/>") + "</userTask>", "u")));
  const Key instance = start();
  Key task = 0;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::user_task_created>) task = event.task;
  });
  suspend(instance);
  const auto refused = engine.call(CompleteTask{task, base::Json::object(), ""});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  EXPECT_NE(refused.error().remedy.find(std::to_string(instance)), std::string::npos);
  EXPECT_TRUE(engine.call(AssignTask{task, "anna", true}));
  resume(instance);
  EXPECT_TRUE(engine.call(CompleteTask{task, base::Json::object(), ""}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Suspension, AnIncidentCanBeResolvedButWaits) {
  deploy(model("<startEvent id=\"s\"/><exclusiveGateway id=\"x\"/><endEvent id=\"e\"/>" + flow("s", "x") + flow("x", "e", "=n &gt; 1")));
  const Key instance = start();
  ASSERT_EQ(incidents().size(), 1u);
  suspend(instance);
  ASSERT_TRUE(engine.call(SetVariables{instance, json("{\"n\":2}"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_FALSE(ended(instance));
  resume(instance);
  EXPECT_TRUE(ended(instance));
}

TEST_F(Suspension, CalledInstancesGoAlongWithTheirRoot) {
  deploy(model("<startEvent id=\"s\"/>" + job("inner") + "<endEvent id=\"e\"/>" + chain({"s", "inner", "e"}), "", "child"));
  deploy(model(line("<callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"child\"/>") + "</callActivity>", "c")));
  const Key instance = start();
  const auto jobs = engine.activate("inner");
  ASSERT_EQ(jobs.size(), 1u);
  const Key child = jobs[0].instance;
  const auto refused = engine.call(SuspendInstance{child});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  suspend(instance);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  EXPECT_FALSE(ended(child));
  resume(instance);
  EXPECT_TRUE(ended(child));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Suspension, CancelAndForgetWakeIt) {
  deploy(testing::one_task());
  const Key canceled = start(), forgotten = start();
  suspend(canceled);
  suspend(forgotten);
  ASSERT_TRUE(engine.call(CancelInstance{canceled}));
  ASSERT_TRUE(engine.call(ForgetInstance{forgotten}));
  EXPECT_TRUE(ended(canceled));
  EXPECT_TRUE(ended(forgotten));
}

TEST_F(Suspension, WhatIsCanceledTakesNoMessage) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><startEvent id=\"s1\"/>" + catching("m1") + chain({"s1", "m1"}) + "</subProcess><endEvent id=\"e\"/>" + chain({"s", "sub", "e"}), kMessage));
  const Key canceled = start("{\"key\":\"a\"}");
  suspend(canceled);
  ASSERT_TRUE(publish("a", 3'600'000));
  ASSERT_TRUE(engine.call(CancelInstance{canceled}));
  const Key other = start("{\"key\":\"a\"}");
  EXPECT_TRUE(ended(other)) << "the message was still there";
}

TEST_F(Suspension, TwiceIsOnceAndResumingWhatRunsIsRefused) {
  deploy(testing::one_task());
  const Key instance = start();
  suspend(instance);
  suspend(instance);
  resume(instance);
  EXPECT_FALSE(engine.call(ResumeInstance{instance}));
  EXPECT_FALSE(engine.call(SuspendInstance{instance + 1}));
  engine.authority = "22222222";
  EXPECT_FALSE(engine.call(SuspendInstance{instance}));
}

}  // namespace
}  // namespace engine
