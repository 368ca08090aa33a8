// Execution listeners and task listeners. Every test ends with replay and restart after every step (EngineTest::TearDown).
#include "engine/testing.h"

namespace engine::testing {

namespace {

std::string listener(const std::string& event, const std::string& type, const std::string& more = {}) {
  return "<zeebe:executionListener eventType=\"" + event + "\" type=\"" + type + "\"" + more + "/>";
}
std::string listeners(const std::string& all) { return "<zeebe:executionListeners>" + all + "</zeebe:executionListeners>"; }
std::string on_task(const std::string& event, const std::string& type) { return "<zeebe:taskListener eventType=\"" + event + "\" type=\"" + type + "\"/>"; }
std::string user_task(const std::string& listening, const std::string& more = {}) {
  return "<userTask id=\"u\">" + ext("<zeebe:userTask/>" + more + "<zeebe:taskListeners>" + listening + "</zeebe:taskListeners>") + "</userTask>";
}

}  // namespace

class Listeners : public EngineTest {
 protected:
  std::string visible(const std::string& type) {
    const auto jobs = engine.activate(type);
    if (jobs.empty()) return "no job";
    return base::unpack(jobs[0].variables)->dump();
  }
  Key task() {
    Key key = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::user_task_created>) key = event.task;
    });
    return key;
  }
  template <class E> std::vector<E> all() {
    std::vector<E> out;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, E>) out.push_back(event);
    });
    return out;
  }
  void answer(const std::string& type, const std::string& result) {
    const auto jobs = engine.activate(type, 1);
    ASSERT_EQ(jobs.size(), 1u) << type;
    auto done = engine.call(CompleteJob{jobs[0].job, base::Json::object(), json(result)});
    ASSERT_TRUE(done) << done.error().text();
  }
};

TEST_F(Listeners, StartAndEndRunInOrderAroundTheWork) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", listeners(listener("start", "a") + listener("end", "c") + listener("start", "b", " retries=\"7\"") + listener("end", "=&quot;d&quot;")) +
               R"(<zeebe:ioMapping><zeebe:input source="=n + 1" target="n"/><zeebe:output source="=r" target="out"/></zeebe:ioMapping>)") + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start(R"({"n": 1})");
  EXPECT_TRUE(engine.activate("t").empty()) << "the work waits for the start listeners";
  EXPECT_TRUE(engine.activate("b").empty()) << "one after the other";
  auto jobs = engine.activate("a");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].listener, "start");
  EXPECT_FALSE(jobs[0].of_task);
  EXPECT_EQ(jobs[0].element_id, "t");
  EXPECT_EQ(base::unpack(jobs[0].variables)->dump(), R"({"n":2})") << "listeners see the input mappings";
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json(R"({"x": 5})")}));
  jobs = engine.activate("b");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].retries, 7);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  EXPECT_EQ(visible("t"), R"({"n":2,"x":5})") << "mapped once, and what the listener brought is the element's own";
  EXPECT_TRUE(engine.activate("c").empty());
  Key work = 0;
  for (const auto& one : all<ev::job_created>()) work = one.job;
  ASSERT_TRUE(engine.call(CompleteJob{work, json(R"({"r": 9})")}));
  EXPECT_EQ(visible("c"), R"({"n":2,"out":9,"x":5})") << "end listeners see the output mappings";
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p", "t"}));
  Key c = all<ev::listener_created>().back().job;
  ASSERT_TRUE(engine.call(CompleteJob{c, json(R"({"y": 1})")}));
  EXPECT_EQ(visible("d"), R"({"n":2,"out":9,"y":1,"x":5})") << "what an end listener brings goes up";
  ASSERT_TRUE(engine.call(CompleteJob{all<ev::listener_created>().back().job}));
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(left(), (Ids{"s", "t", "e", "p"}));
}

TEST_F(Listeners, BoundaryEventsSeeWhatWasMappedBeforeTheListeners) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", listeners(listener("start", "a")) + R"(<zeebe:ioMapping><zeebe:input source="=order" target="key"/></zeebe:ioMapping>)") +
                   "<boundaryEvent id=\"b\" attachedToRef=\"t\"><messageEventDefinition messageRef=\"m\"/></boundaryEvent><endEvent id=\"e\"/>" + chain({"s", "t", "e"}) + flow("b", "e"),
               "<message id=\"m\" name=\"m\"><extensionElements><zeebe:subscription correlationKey=\"=key\"/></extensionElements></message>"));
  const Key instance = start(R"({"order": "o1"})");
  ASSERT_TRUE(complete("a"));
  EXPECT_EQ(incidents(), Ids{});
  ASSERT_TRUE(engine.call(PublishMessage{"m", "o1", "", 0, json("{}")}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Listeners, OfAProcessWhoseEventSubProcessTakesOverMeanwhile) {
  deploy(model(ext(listeners(listener("start", "in"))) + "<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}) +
                   "<subProcess id=\"h\" triggeredByEvent=\"true\"><startEvent id=\"h_s\"><messageEventDefinition messageRef=\"m\"/></startEvent>" + job("u") + chain({"h_s", "u"}) + "</subProcess>",
               "<message id=\"m\" name=\"m\"><extensionElements><zeebe:subscription correlationKey=\"=&quot;k&quot;\"/></extensionElements></message>"));
  const Key instance = start();
  ASSERT_TRUE(engine.call(PublishMessage{"m", "k", "", 0, json("{}")}));
  EXPECT_TRUE(engine.activate("in").empty());
  EXPECT_TRUE(complete("u"));
  EXPECT_TRUE(ended(instance)) << "what the listener held up does not come any more";
}

TEST_F(Listeners, TheyHaveTheHeadersOfTheElementAndTheirOwn) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", R"(<zeebe:taskHeaders><zeebe:header key="a" value="task"/><zeebe:header key="b" value="task"/></zeebe:taskHeaders><zeebe:executionListeners>
      <zeebe:executionListener eventType="start" type="l"><zeebe:taskHeaders><zeebe:header key="b" value="own"/></zeebe:taskHeaders></zeebe:executionListener></zeebe:executionListeners>)") + chain({"s", "t"})));
  start();
  const auto jobs = engine.activate("l");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(json(jobs[0].headers_json), json(R"({"a": "task", "b": "own"})"));
}

TEST_F(Listeners, OfAProcessItsGatewaysEventsAndScopes) {
  const std::string both = listeners(listener("start", "in") + listener("end", "out"));
  deploy(model(ext(both) + "<startEvent id=\"s\">" + ext(both) + "</startEvent><exclusiveGateway id=\"g\" default=\"g_sub\">" + ext(both) + "</exclusiveGateway><subProcess id=\"sub\">" + ext(both) +
               "<startEvent id=\"s1\"/><intermediateCatchEvent id=\"w\">" + ext(both) + "<timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition></intermediateCatchEvent>" + chain({"s1", "w"}) +
               "</subProcess><endEvent id=\"e\">" + ext(both) + "</endEvent>" + chain({"s", "g"}) + flow("g", "e", "=no") + flow("g", "sub") + chain({"sub", "e"})));
  const Key instance = start(R"({"no": false})");
  const auto next = [&](const std::string& type) {
    const auto jobs = engine.activate(type, 1);
    if (jobs.empty()) return std::string("none");
    EXPECT_TRUE(engine.call(CompleteJob{jobs[0].job}));
    return jobs[0].element_id;
  };
  EXPECT_EQ(left(), Ids{});
  EXPECT_EQ(next("in"), "p");
  EXPECT_EQ(next("in"), "s");
  EXPECT_EQ(next("out"), "s");
  EXPECT_EQ(next("in"), "g");
  EXPECT_EQ(next("out"), "g");
  EXPECT_EQ(next("in"), "sub");
  EXPECT_EQ(next("in"), "w");
  EXPECT_EQ(next("out"), "none");
  engine.advance(5'000);
  EXPECT_EQ(next("out"), "w");
  EXPECT_EQ(next("out"), "sub");
  EXPECT_EQ(next("in"), "e");
  EXPECT_EQ(next("out"), "e");
  EXPECT_EQ(active(instance), (std::multiset<std::string>{"p"}));
  EXPECT_EQ(next("out"), "p");
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(left(), (Ids{"s", "g", "s1", "w", "sub", "e", "p"}));
}

TEST_F(Listeners, EachItemOfAMultiInstanceHasItsOwn) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", listeners(listener("start", "a") + listener("end", "z")),
               "<multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=[1, 2]\" inputElement=\"i\" outputCollection=\"all\" outputElement=\"=i * r\"/>") + "</multiInstanceLoopCharacteristics>") +
               job("after") + chain({"s", "t", "after"})));
  start();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(complete("a"));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(complete("t", R"({"r": 10})"));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(complete("z"));
  EXPECT_EQ(visible("after"), R"({"all":[10,20]})");
}

TEST_F(Listeners, AFailingOneIsAnIncidentThatCanBeResolved) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", listeners(listener("start", "a"))) + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start();
  auto jobs = engine.activate("a");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(engine.call(ThrowJobError{jobs[0].job, "E"}).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(engine.call(CompleteJob{jobs[0].job, {}, json(R"({"denied": true})")}).error().code, base::ErrorCode::invalid_argument);
  ASSERT_TRUE(engine.call(FailJob{jobs[0].job, 0, "nej", 0, {}}));
  EXPECT_EQ(incidents(), (Ids{"JOB_NO_RETRIES"}));
  EXPECT_TRUE(engine.activate("a").empty());
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  ASSERT_TRUE(complete("a"));
  ASSERT_TRUE(complete("t"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Listeners, ATypeThatCannotBeEvaluatedIsAnIncidentOfTheElement) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", listeners(listener("start", "=who") + listener("end", "=who"))) + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start();
  EXPECT_EQ(incidents(), (Ids{"EXTRACT_VALUE_ERROR"}));
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"who": "a"})")}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  ASSERT_TRUE(complete("a"));
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"who": null})")}));
  ASSERT_TRUE(complete("t"));
  EXPECT_EQ(incidents().size(), 2u);
  ASSERT_TRUE(engine.call(SetVariables{instance, json(R"({"who": "b"})")}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  ASSERT_TRUE(complete("b"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Listeners, TheyEndWithAnElementThatIsStopped) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><startEvent id=\"s1\"/>" + job("t", listeners(listener("start", "a"))) + chain({"s1", "t"}) + "</subProcess>"
               "<boundaryEvent id=\"late\" attachedToRef=\"sub\"><timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition></boundaryEvent><endEvent id=\"e\"/>" + chain({"s", "sub", "e"}) + chain({"late", "e"})));
  const Key instance = start();
  const auto jobs = engine.activate("a");
  ASSERT_EQ(jobs.size(), 1u);
  engine.advance(5'000);
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(engine.call(CompleteJob{jobs[0].job}).error().code, base::ErrorCode::not_found);
}

TEST_F(Listeners, WhatIsNotBuiltIsRefusedByName) {
  const auto refuses = [&](const std::string& process, base::ErrorCode code) {
    auto answer = engine.call(Deploy{{{"p.bpmn", model(process)}}, true});
    ASSERT_FALSE(answer) << process;
    EXPECT_EQ(answer.error().code, code) << answer.error().text();
  };
  const std::string one = listeners(listener("start", "a"));
  refuses("<startEvent id=\"s\"/>" + job("t", listeners(listener("cancel", "a"))) + chain({"s", "t"}), base::ErrorCode::unsupported_element);
  refuses("<startEvent id=\"s\"/>" + job("t", listeners(listener("start", ""))) + chain({"s", "t"}), base::ErrorCode::invalid_bpmn);
  refuses("<startEvent id=\"s\"/>" + job("t", "<zeebe:taskListeners>" + on_task("creating", "a") + "</zeebe:taskListeners>") + chain({"s", "t"}), base::ErrorCode::invalid_bpmn);
  refuses("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + job("t") + job("u") + "<parallelGateway id=\"j\">" + ext(one) + "</parallelGateway>" + chain({"s", "f", "t", "j"}) + chain({"f", "u", "j"}), base::ErrorCode::unsupported_element);
  refuses("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\">" + ext(one) + "<errorEventDefinition/></boundaryEvent><endEvent id=\"e\"/>" + chain({"s", "t"}) + chain({"b", "e"}), base::ErrorCode::unsupported_element);
  refuses("<startEvent id=\"s\"/><endEvent id=\"e\">" + ext(listeners(listener("end", "a"))) + "<terminateEventDefinition/></endEvent>" + chain({"s", "e"}), base::ErrorCode::unsupported_element);
}

// ---- people's tasks ------------------------------------------------------------------------------------------------------

TEST_F(Listeners, OfATaskAtEachOfItsChanges) {
  deploy(model("<startEvent id=\"s\"/>" + user_task(on_task("creating", "c1") + on_task("creating", "c2") + on_task("assigning", "as") + on_task("updating", "up") + on_task("completing", "done"),
                                                  "<zeebe:assignmentDefinition assignee=\"ane\"/>") + "<endEvent id=\"e\"/>" + chain({"s", "u", "e"})));
  const Key instance = start(R"({"n": 1})");
  EXPECT_EQ(engine.call(CompleteTask{task()}).error().code, base::ErrorCode::conflict) << "it is being created";
  auto jobs = engine.activate("c1");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].listener, "creating");
  EXPECT_TRUE(jobs[0].of_task);
  EXPECT_EQ(jobs[0].user_task["userTaskKey"].as_string(), std::to_string(task()));
  EXPECT_EQ(engine.call(CompleteJob{jobs[0].job, {}, json(R"({"denied": true})")}).error().code, base::ErrorCode::invalid_argument) << "a creation is not denied";
  EXPECT_EQ(engine.call(CompleteJob{jobs[0].job, json(R"({"x": 1})")}).error().code, base::ErrorCode::invalid_argument) << "a task listener sets no variables";
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, {}, json(R"({"corrections": {"priority": 80}})")}));
  EXPECT_TRUE(all<ev::user_task_updated>().empty());
  answer("c2", "{}");
  ASSERT_EQ(all<ev::user_task_updated>().size(), 1u);
  EXPECT_EQ(all<ev::user_task_updated>()[0].changes, R"({"priority":80})");
  answer("as", R"({"corrections": {"assignee": "bo"}})");
  ASSERT_EQ(all<ev::user_task_assigned>().size(), 1u);
  EXPECT_EQ(all<ev::user_task_assigned>()[0].assignee, "bo");
  ASSERT_TRUE(engine.call(UpdateTask{task(), json(R"({"dueDate": "2027-01-01"})")}));
  jobs = engine.activate("up");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].user_task["changes"]["dueDate"].as_string(), "2027-01-01");
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, {}, json(R"({"denied": true, "deniedReason": "for sent"})")}));
  EXPECT_EQ(all<ev::user_task_updated>().size(), 1u) << "denied: nothing changed";
  auto completed = engine.call(CompleteTask{task(), json(R"({"r": 2})"), "godkend"});
  ASSERT_TRUE(completed);
  EXPECT_TRUE(completed->pending);
  EXPECT_EQ(engine.call(AssignTask{task(), "per"}).error().code, base::ErrorCode::conflict) << "one change at a time";
  jobs = engine.activate("done");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].user_task["action"].as_string(), "godkend");
  EXPECT_EQ((*base::unpack(jobs[0].variables))["r"].int_or(0), 2) << "it sees what the task is completed with";
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, {}, json(R"({"denied": true})")}));
  EXPECT_FALSE(ended(instance)) << "denied: the task is there";
  ASSERT_TRUE(engine.call(CompleteTask{task(), json(R"({"r": 3})"), "godkend"}));
  answer("done", "{}");
  EXPECT_TRUE(ended(instance));
  ASSERT_EQ(all<ev::user_task_completed>().size(), 1u);
  EXPECT_EQ(all<ev::user_task_completed>()[0].action, "godkend");
}

TEST_F(Listeners, ACanceledTaskAsksItsListenersFirst) {
  deploy(model("<startEvent id=\"s\"/>" + user_task(on_task("canceling", "stop1") + on_task("canceling", "stop2") + on_task("completing", "done")) +
               "<boundaryEvent id=\"late\" attachedToRef=\"u\"><timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition></boundaryEvent>" + job("t") + "<endEvent id=\"e\"/>" +
               chain({"s", "u", "e"}) + chain({"late", "t", "e"})));
  const Key first = start();
  engine.advance(5'000);
  EXPECT_TRUE(engine.activate("t").empty()) << "the boundary event waits for the listeners";
  EXPECT_EQ(engine.call(CompleteTask{task()}).error().code, base::ErrorCode::conflict);
  answer("stop1", "{}");
  answer("stop2", "{}");
  ASSERT_TRUE(complete("t"));
  EXPECT_TRUE(ended(first));
  const Key second = start();
  ASSERT_TRUE(engine.call(CompleteTask{task()}));
  ASSERT_EQ(engine.activate("done").size(), 1u) << "a completion is under way";
  ASSERT_TRUE(engine.call(CancelInstance{second}));
  EXPECT_FALSE(ended(second));
  answer("stop1", "{}");
  answer("stop2", "{}");
  EXPECT_TRUE(ended(second)) << "the completion was overtaken";
  EXPECT_EQ(engine.partition().dump().find("job "), std::string::npos) << "no job is left behind";
  const Key third = start();
  ASSERT_TRUE(engine.call(ForgetInstance{third}));
  EXPECT_TRUE(ended(third)) << "who is to be forgotten waits for nobody";
}

TEST_F(Listeners, HighPrioritiesAreHandedOutFirst) {
  const auto with = [](const std::string& id, const std::string& priority) {
    return "<serviceTask id=\"" + id + "\">" + ext("<zeebe:taskDefinition type=\"w\"/>" + (priority.empty() ? "" : "<zeebe:jobPriorityDefinition priority=\"" + priority + "\"/>")) + "</serviceTask>";
  };
  deploy(model(ext("<zeebe:jobPriorityDefinition priority=\"10\"/>") + "<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + with("low", "-5") + with("normal", "") + with("high", "=urgent") + with("normal2", "") + chain({"s", "f", "low"}) +
               chain({"f", "normal"}) + chain({"f", "high"}) + chain({"f", "normal2"})));
  start(R"({"urgent": 90})");
  Ids order;
  for (const auto& one : engine.activate("w", 2)) order.push_back(one.element_id);
  for (const auto& one : engine.activate("w", 5)) order.push_back(one.element_id + ":" + std::to_string(one.priority));
  EXPECT_EQ(order, (Ids{"high", "normal", "normal2:10", "low:-5"}));
  const auto jobs = engine.activate("w");
  EXPECT_TRUE(jobs.empty());
}

}  // namespace engine::testing
