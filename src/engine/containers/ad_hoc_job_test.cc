// Ad-hoc sub-processes whose worker says what is done next (BPMN 2.0.2 section 13.3.5; zeebe:taskDefinition on it).
#include "engine/testing.h"

namespace engine::testing {

class AdHocJob : public EngineTest {
 protected:
  void deploy_with(const std::string& inside = {}, const std::string& beside = {}) {
    deploy(model("<startEvent id=\"s\"/><adHocSubProcess id=\"x\">" + ext("<zeebe:taskDefinition type=\"agent\"/><zeebe:ioMapping><zeebe:input source=\"=1\" target=\"round\"/><zeebe:output source=\"=answer\" target=\"answer\"/></zeebe:ioMapping>") +
                 job("a") + job("b") + job("after_b") + flow("b", "after_b") + inside + "</adHocSubProcess>" + job("z") + beside + "<endEvent id=\"e\"/>" + chain({"s", "x", "z", "e"})));
  }
  // The agent answers; true when its answer was taken.
  base::Result<Answer> answers(const std::string& result, const std::string& variables = "{}") {
    const auto jobs = engine.activate("agent", 1);
    if (jobs.empty()) return base::fail(base::ErrorCode::not_found, "no agent is asked");
    return engine.call(CompleteJob{jobs[0].job, json(variables), json(result)});
  }
};

TEST_F(AdHocJob, TheWorkerSaysWhatBeginsWithWhichVariablesAndWhenItIsDone) {
  deploy_with();
  const Key instance = start();
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "x"})) << "nothing begins by itself";
  ASSERT_TRUE(answers(R"({"activateElements": [{"elementId": "a", "variables": {"n": 1}}, {"elementId": "a", "variables": {"n": 2}}, {"elementId": "b"}]})"));
  const auto both = engine.activate("a");
  ASSERT_EQ(both.size(), 2u);
  std::multiset<std::int64_t> numbers;
  for (const auto& one : both) numbers.insert((*base::unpack(one.variables))["n"].int_or(0));
  EXPECT_EQ(numbers, (std::multiset<std::int64_t>{1, 2})) << "each thing has variables of its own";
  EXPECT_TRUE(engine.activate("agent").empty()) << "asked again only when something was done";
  ASSERT_TRUE(engine.call(CompleteJob{both[0].job, json(R"({"found": "x"})")}));
  ASSERT_TRUE(answers("{}", R"({"round": 2})"));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(engine.activate("agent").empty()) << "what follows b belongs to it";
  EXPECT_TRUE(complete("after_b"));
  ASSERT_TRUE(engine.call(CompleteJob{both[1].job}));
  const auto last = engine.activate("agent", 10);
  ASSERT_EQ(last.size(), 1u) << "one job, that knows everything so far";
  EXPECT_EQ((*base::unpack(last[0].variables))["round"].int_or(0), 2) << "inputs are mapped once";
  EXPECT_EQ((*base::unpack(last[0].variables))["found"].string_or(""), "x");
  ASSERT_TRUE(engine.call(CompleteJob{last[0].job, json(R"({"answer": 42})"), json(R"({"isCompletionConditionFulfilled": true})")}));
  const auto z = engine.activate("z");
  ASSERT_EQ(z.size(), 1u);
  EXPECT_EQ((*base::unpack(z[0].variables))["answer"].int_or(0), 42);
  EXPECT_FALSE((*base::unpack(z[0].variables))["round"].is_int()) << "its own data end with it";
  ASSERT_TRUE(engine.call(CompleteJob{z[0].job}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(AdHocJob, DoneWithWhatStillRuns) {
  deploy_with();
  const Key waits = start(), stops = start();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(answers(R"({"activateElements": [{"elementId": "a"}, {"elementId": "b"}]})"));
  std::map<Key, Key> a;
  for (const auto& one : engine.activate("a")) a[one.instance] = one.job;
  for (const Key instance : {waits, stops}) ASSERT_TRUE(engine.call(CompleteJob{a[instance]}));
  for (const auto& one : engine.activate("agent"))
    ASSERT_TRUE(engine.call(CompleteJob{one.job, json("{}"), json(one.instance == stops ? R"({"isCompletionConditionFulfilled": true, "isCancelRemainingInstances": true})" : R"({"isCompletionConditionFulfilled": true})")}));
  EXPECT_EQ(active(stops), (std::multiset<std::string>{"p", "z"})) << "b was stopped";
  EXPECT_EQ(active(waits).count("b"), 1u) << "b goes on";
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("after_b"));
  EXPECT_EQ(active(waits), (std::multiset<std::string>{"p", "z"}));
  EXPECT_TRUE(engine.activate("agent").empty()) << "nobody is asked when it is said to be done";
}

TEST_F(AdHocJob, AnExpressionOfItsJobThatFailsIsAnIncidentAndIsAskedAgain) {
  deploy(model("<startEvent id=\"s\"/><adHocSubProcess id=\"x\">" + ext("<zeebe:taskDefinition type=\"=kind\"/>") + job("a") + "</adHocSubProcess>" + job("z") + chain({"s", "x", "z"})));
  const Key instance = start();
  EXPECT_EQ(incidents().size(), 1u);
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"kind": "agent"})")}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "x"})) << "begun once";
  ASSERT_TRUE(answers(R"({"activateElements": [{"elementId": "a"}]})"));
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"kind": null})")}));
  EXPECT_TRUE(complete("a"));
  EXPECT_EQ(incidents().size(), 2u);
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "x"})) << "it waits with its incident";
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"kind": "agent"})")}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  ASSERT_TRUE(answers("{}"));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "z"}));
}

TEST_F(AdHocJob, NothingMoreToDoEndsIt) {
  deploy_with();
  const Key instance = start();
  ASSERT_TRUE(answers("{}"));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "z"}));
}

TEST_F(AdHocJob, AnAnswerThatNamesNoElementIsRefusedAndChangesNothing) {
  deploy_with();
  start();
  const Key job = engine.activate("agent").at(0).job;
  const std::string before = engine.partition().dump();
  for (const char* wrong : {R"({"activateElements": [{"elementId": "z"}]})", R"({"activateElements": [{"elementId": "after_b"}]})", R"({"activateElements": 7})", "[]",
                            R"({"isCompletionConditionFulfilled": true, "activateElements": [{"elementId": "a"}]})", R"({"activateElements": [{"elementId": "a", "variables": 7}]})"})
    EXPECT_EQ(engine.call(CompleteJob{job, json("{}"), json(wrong)}).error().code, base::ErrorCode::invalid_argument) << wrong;
  EXPECT_EQ(engine.partition().dump(), before);
}

TEST_F(AdHocJob, ItsErrorIsCaughtAtItsBoundaryAndAFailureIsAnIncident) {
  deploy_with({}, "<boundaryEvent id=\"bad\" attachedToRef=\"x\"><errorEventDefinition/></boundaryEvent>" + job("mend") + flow("bad", "mend"));
  const Key instance = start();
  const auto jobs = engine.activate("agent");
  ASSERT_TRUE(engine.call(FailJob{jobs.at(0).job, 0, "no", 0, {}}));
  EXPECT_EQ(incidents(), (Ids{"JOB_NO_RETRIES"}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("agent").at(0).job, "E", "", {}}));
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "mend"}));
}

// Section 10.3.5: an interrupting event sub-process inside an ad-hoc sub-process takes over and ends it.
TEST_F(AdHocJob, AnInterruptingEventSubProcessTakesOver) {
  const std::string handler = "<subProcess id=\"h\" triggeredByEvent=\"true\"><startEvent id=\"hs\"><errorEventDefinition/></startEvent>" + job("in_h") + flow("hs", "in_h") + "</subProcess>";
  deploy_with(handler);
  const Key asked = start();
  ASSERT_TRUE(answers(R"({"activateElements": [{"elementId": "a"}, {"elementId": "b"}]})"));
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("a").at(0).job, "E", "", {}}));
  EXPECT_EQ(active(asked), (std::multiset<std::string>{"p", "x", "h", "in_h"}));
  EXPECT_TRUE(complete("in_h"));
  EXPECT_EQ(active(asked), (std::multiset<std::string>{"p", "z"}));
  deploy(model("<startEvent id=\"s\"/><adHocSubProcess id=\"x\" cancelRemainingInstances=\"false\">" + job("a") + job("b") + handler + "<completionCondition>=false</completionCondition></adHocSubProcess>" + job("z") + chain({"s", "x", "z"})));
  const Key open = start();
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("a").at(0).job, "E", "", {}}));
  EXPECT_TRUE(complete("in_h"));
  EXPECT_EQ(active(open), (std::multiset<std::string>{"p", "z"})) << "its completion condition is no longer asked";
}

TEST_F(AdHocJob, AJobThatIsReplacedTakesItsIncidentAlong) {
  deploy_with();
  start();
  ASSERT_TRUE(answers(R"({"activateElements": [{"elementId": "a"}, {"elementId": "a"}]})"));
  EXPECT_TRUE(complete("a"));
  const auto failing = engine.activate("agent");
  ASSERT_EQ(failing.size(), 1u);
  ASSERT_TRUE(engine.call(FailJob{failing[0].job, 0, "nej", 0, {}}));
  Metrics metrics;
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.incidents, 1u);
  EXPECT_TRUE(complete("a"));
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.incidents, 0u);
  ASSERT_TRUE(answers(R"({"isCompletionConditionFulfilled": true})"));
}

TEST_F(AdHocJob, CompensationReachesWhatItDid) {
  deploy_with("<serviceTask id=\"undo\" isForCompensation=\"true\">" + ext("<zeebe:taskDefinition type=\"undo\"/>") + "</serviceTask><boundaryEvent id=\"c\" attachedToRef=\"a\"><compensateEventDefinition/></boundaryEvent>" +
                  "<association id=\"as\" associationDirection=\"One\" sourceRef=\"c\" targetRef=\"undo\"/>",
              "");
  deploy(model("<startEvent id=\"s\"/><adHocSubProcess id=\"x\">" + ext("<zeebe:taskDefinition type=\"agent\"/>") + job("a") +
               "<serviceTask id=\"undo\" isForCompensation=\"true\">" + ext("<zeebe:taskDefinition type=\"undo\"/>") + "</serviceTask><boundaryEvent id=\"c\" attachedToRef=\"a\"><compensateEventDefinition/></boundaryEvent>" +
               "<association id=\"as\" associationDirection=\"One\" sourceRef=\"c\" targetRef=\"undo\"/></adHocSubProcess><intermediateThrowEvent id=\"t\"><compensateEventDefinition/></intermediateThrowEvent><endEvent id=\"e\"/>" + chain({"s", "x", "t", "e"})));
  const Key instance = start();
  ASSERT_TRUE(answers(R"({"activateElements": [{"elementId": "a"}]})"));
  EXPECT_TRUE(complete("a"));
  ASSERT_TRUE(answers(R"({"isCompletionConditionFulfilled": true})"));
  EXPECT_TRUE(complete("undo"));
  EXPECT_TRUE(ended(instance));
}

}  // namespace engine::testing
