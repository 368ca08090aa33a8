#include "engine/state/state.h"
#include "engine/testing.h"

namespace engine::testing {

class Tasks : public EngineTest {};

TEST_F(Tasks, OneTaskRunsFromStartToEnd) {
  deploy(one_task());
  const Key instance = start(R"({"a": 1})");
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].element_id, "t");
  EXPECT_EQ(jobs[0].instance, instance);
  EXPECT_EQ(jobs[0].authority, "11111111");
  EXPECT_EQ(base::unpack(jobs[0].variables)->dump(), R"({"a":1})");
  EXPECT_TRUE(engine.activate("t").empty()) << "a job has one worker at a time";
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json(R"({"b": 2})")}));
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(left(), (Ids{"s", "t", "e", "p"}));
  EXPECT_EQ(engine.call(CompleteJob{jobs[0].job}).error().code, base::ErrorCode::not_found) << "a job is done once";
}

// How many entries of the heap of deadlines and back-offs count: one for each job that has one.
TEST(JobsDue, AJobThatFailsAgainWhileItBacksOffCountsOnce) {
  State state;
  ev::instance_created instance;
  instance.instance = instance.root = 1;
  state.apply(instance, 0);
  ev::job_created job;
  job.key = 2;
  job.scope = 1;
  job.job = 3;
  state.apply(job, 0);
  state.apply(ev::job_failed{3, 2, 1'000, {}, {}}, 0);
  state.apply(ev::job_failed{3, 1, 2'000, {}, {}}, 0);
  EXPECT_EQ(state.jobs_due, 1u);
  state.apply(ev::job_error_thrown{3, "E", {}, {}}, 0);
  EXPECT_EQ(state.jobs_due, 0u);
}

TEST_F(Tasks, MappingsAndHeaders) {
  deploy(model("<startEvent id=\"s\"/>" +
               job("t", R"(<zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>
      <zeebe:ioMapping><zeebe:input source="=a + 1" target="b"/><zeebe:output source="=c * 2" target="r.x"/></zeebe:ioMapping>)") +
               job("u") + "<endEvent id=\"e\"/>" + chain({"s", "t", "u", "e"})));
  start(R"({"a": 1})");
  auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].headers_json, R"({"k":"v"})");
  EXPECT_EQ((*base::unpack(jobs[0].variables))["b"].int_or(0), 2);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json(R"({"c": 21, "hidden": 1})")}));
  jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(base::unpack(jobs[0].variables)->dump(), R"({"a":1,"r":{"x":42}})");
}

TEST_F(Tasks, FailedJobsComeBackAfterTheirBackOffAndEndAsIncident) {
  deploy(one_task());
  const Key instance = start();
  auto jobs = engine.activate("t");
  ASSERT_TRUE(engine.call(FailJob{jobs[0].job, 1, "first", 5'000, {}}));
  EXPECT_TRUE(engine.activate("t").empty());
  engine.advance(5'000);
  jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].retries, 1);
  ASSERT_TRUE(engine.call(FailJob{jobs[0].job, 0, "second", 0, {}}));
  EXPECT_EQ(incidents(), (Ids{"JOB_NO_RETRIES"}));
  EXPECT_TRUE(engine.activate("t").empty());
  EXPECT_EQ(engine.call(CompleteJob{jobs[0].job}).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Tasks, AJobWhoseWorkerIsSilentIsGivenAway) {
  deploy(one_task());
  start();
  ASSERT_EQ(engine.activate("t", 1, 1'000).size(), 1u);
  engine.advance(999);
  EXPECT_TRUE(engine.activate("t").empty());
  engine.advance(1);
  EXPECT_EQ(engine.activate("t").size(), 1u);
}

TEST_F(Tasks, ScriptTasksComputeHere) {
  deploy(model("<startEvent id=\"s\"/><scriptTask id=\"t\">" + ext("<zeebe:script expression=\"=a * 2\" resultVariable=\"r\"/>") + "</scriptTask>" + job("u") +
               "<endEvent id=\"e\"/>" + chain({"s", "t", "u", "e"})));
  start(R"({"a": 21})");
  const auto jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["r"].int_or(0), 42);
}

TEST_F(Tasks, BusinessRuleTasksAskTheDecision) {
  const std::string dmn = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
    <inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>
    <decision id="size" name="size"><variable name="size"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>if amount &gt; 10 then "large" else "small"</text></literalExpression></decision></definitions>)";
  const std::string bpmn = model("<startEvent id=\"s\"/><businessRuleTask id=\"t\">" + ext("<zeebe:calledDecision decisionId=\"size\" resultVariable=\"r\"/>") +
                                 "</businessRuleTask>" + job("u") + "<endEvent id=\"e\"/>" + chain({"s", "t", "u", "e"}));
  const auto refused = engine.call(Deploy{{{"p.bpmn", bpmn}}});
  ASSERT_FALSE(refused) << "the decision is not deployed";
  EXPECT_NE(refused.error().message.find("'size'"), std::string::npos);
  auto answer = engine.call(Deploy{{{"p.bpmn", bpmn}, {"d.dmn", dmn}}});
  ASSERT_TRUE(answer) << answer.error().text();
  start(R"({"amount": 11})");
  const auto jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["r"].string_or(""), "large");
  EXPECT_EQ(engine.call(EvaluateDecision{"size", json(R"({"amount": 1})")})->body["decisionOutput"].string_or(""), "small");
}

TEST_F(Tasks, PeoplesTasks) {
  deploy(model("<startEvent id=\"s\"/><userTask id=\"t\">" + ext("<zeebe:userTask/><zeebe:assignmentDefinition assignee=\"=who\" candidateGroups=\"a, b\"/>") +
               "</userTask><endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start(R"({"who": "anna"})");
  Key task = 0;
  ev::user_task_created made;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::user_task_created>) task = event.task, made = event;
  });
  EXPECT_EQ(made.assignee, "anna");
  EXPECT_EQ(made.candidate_groups, (Ids{"a", "b"}));
  EXPECT_EQ(engine.call(AssignTask{task, "bo", false}).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(engine.call(AssignTask{task, "bo", true}));
  ASSERT_TRUE(engine.call(UpdateTask{task, json(R"({"priority": 70})")}));
  EXPECT_FALSE(engine.call(UpdateTask{task, json(R"({"colour": 1})")}));
  ASSERT_TRUE(engine.call(CompleteTask{task, json(R"({"ok": true})"), "approve"}));
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(engine.call(CompleteTask{task}).error().code, base::ErrorCode::not_found);
}

TEST_F(Tasks, AFailedExpressionIsAnIncidentThatCanBeResolved) {
  deploy(model("<startEvent id=\"s\"/><serviceTask id=\"t\">" + ext("<zeebe:taskDefinition type=\"=kind\"/>") + "</serviceTask><endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start();
  EXPECT_EQ(incidents(), (Ids{"EXTRACT_VALUE_ERROR"}));
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"kind": "x"})"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_TRUE(complete("x"));
  EXPECT_TRUE(ended(instance));
}

}  // namespace engine::testing
