// Modification: tokens are put, moved and taken in instances that run.
#include "engine/runtime/limits.h"
#include "engine/testing.h"

namespace engine {
namespace {

using testing::chain;
using testing::ext;
using testing::flow;
using testing::Ids;
using testing::job;
using testing::json;
using testing::model;
using Active = std::multiset<std::string>;

std::string line(const std::string& element, const std::string& id) { return "<startEvent id=\"s\"/>" + element + "<endEvent id=\"e\"/>" + chain({"s", id, "e"}); }
std::string sub(const std::string& id, const std::string& content, const std::string& more = {}) {
  return "<subProcess id=\"" + id + "\">" + more + "<startEvent id=\"" + id + "_s\"/>" + content + "<endEvent id=\"" + id + "_z\"/></subProcess>";
}
const std::string kItems = "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\""
                           " outputCollection=\"results\" outputElement=\"=item\"/></extensionElements></multiInstanceLoopCharacteristics>";

const std::string kMessage = "<message id=\"m\" name=\"m\"><extensionElements><zeebe:subscription correlationKey=\"=&quot;k&quot;\"/></extensionElements></message>";

class Modification : public testing::EngineTest {
 protected:
  base::Result<Answer> modify(ModifyInstance command) { return engine.call(std::move(command)); }
  void modified(ModifyInstance command) {
    const auto done = modify(std::move(command));
    ASSERT_TRUE(done) << done.error().text();
  }
  // Refused with these words somewhere in what it says, and nothing has changed.
  void refused(ModifyInstance command, const std::string& words, base::ErrorCode code = base::ErrorCode::invalid_argument) {
    const std::string before = engine.partition().dump();
    const auto done = modify(std::move(command));
    ASSERT_FALSE(done) << words;
    EXPECT_EQ(done.error().code, code) << done.error().text();
    EXPECT_NE(done.error().text().find(words), std::string::npos) << done.error().text();
    EXPECT_EQ(engine.partition().dump(), before);
  }
  std::vector<Key> keys(Key instance, const std::string& element) {
    std::vector<Key> all;
    const base::Json rows = engine.partition().active_elements(instance);
    for (const auto& row : rows.as_array())
      if (row["elementId"].as_string() == element) all.push_back(std::stoll(row["key"].as_string()));
    return all;
  }
  template <class E> int count() {
    int n = 0;
    (void)engine.events([&](const RecordView&, const auto& event) { n += std::is_same_v<std::decay_t<decltype(event)>, E>; });
    return n;
  }
  std::string variables(const ActivatedJob& job) { return base::unpack(job.variables)->dump(); }
};

TEST_F(Modification, BeginsAnElementAndStopsAnother) {
  deploy(model("<startEvent id=\"s\"/>" + job("a") + job("b") + job("c") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "c", "e"})));
  const Key instance = start();
  modified({instance, {{"c", 0, false, {{"", json("{\"x\":1}")}, {"c", json("{\"own\":2}")}}}}, {}, {{keys(instance, "a")[0], ""}}});
  EXPECT_EQ(active(instance), (Active{"p", "c"}));
  const auto jobs = engine.activate("c");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(variables(jobs[0]), "{\"x\":1,\"own\":2}");
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(left(), (Ids{"s", "c", "e", "p"}));
}

TEST_F(Modification, GoesOnAfterAnElement) {
  deploy(model("<startEvent id=\"s\"/>" + job("a") + job("b") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "e"})));
  const Key instance = start();
  modified({instance, {{"a", 0, true, {}}}, {}, {{0, "a"}}});
  EXPECT_EQ(active(instance), (Active{"p", "b"}));
}

TEST_F(Modification, MakesTheScopesAroundAnElementWithTheirVariablesAndEvents) {
  const std::string late = "<boundaryEvent id=\"late\" attachedToRef=\"outer\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>";
  const std::string inner = sub("inner", job("b") + chain({"inner_s", "b", "inner_z"}));
  deploy(model("<startEvent id=\"s\"/>" + job("a") + sub("outer", inner + chain({"outer_s", "inner", "outer_z"}), ext("<zeebe:ioMapping><zeebe:input source=\"=1 + 1\" target=\"two\"/></zeebe:ioMapping>")) +
               late + "<endEvent id=\"e\"/>" + job("f") + chain({"s", "a", "outer", "e"}) + flow("late", "f")));
  const Key instance = start();
  modified({instance, {{"b", 0, false, {{"inner", json("{\"in\":1}")}, {"outer", json("{\"out\":2}")}}}, {"b", 0, false, {}}}, {}, {{0, "a"}}});
  EXPECT_EQ(active(instance), (Active{"p", "outer", "inner", "b", "b"}));  // two instructions, the scopes once
  const auto jobs = engine.activate("b");
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(variables(jobs[0]), "{\"two\":2,\"out\":2,\"in\":1}");
  engine.advance(3'600'000);
  EXPECT_EQ(active(instance), (Active{"p", "f"}));
}

TEST_F(Modification, AFailureWhileAScopeIsMadeIsAnIncidentThatHoldsTheToken) {
  deploy(model("<startEvent id=\"s\"/>" + job("a") + sub("outer", job("b") + chain({"outer_s", "b", "outer_z"})) +
               "<boundaryEvent id=\"late\" attachedToRef=\"outer\"><timerEventDefinition><timeDuration>=wait</timeDuration></timerEventDefinition></boundaryEvent>" +
               "<endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", "a", "outer", "e"}) + flow("late", "f")));
  const Key instance = start();
  modified({instance, {{"b", 0, false, {}}}, {}, {{0, "a"}}});
  EXPECT_EQ(active(instance), (Active{"p"}));
  ASSERT_EQ(incidents().size(), 1u);
  ASSERT_TRUE(engine.call(SetVariables{instance, json("{\"wait\":\"PT1H\"}"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  EXPECT_EQ(active(instance), (Active{"p", "outer", "b"}));
}

TEST_F(Modification, AnEventSubProcessCanBeMadeOrBegun) {
  const std::string handler = "<subProcess id=\"h\" triggeredByEvent=\"true\"><startEvent id=\"h_s\" isInterrupting=\"false\"><messageEventDefinition messageRef=\"m\"/></startEvent>" + job("b") + job("c") +
                              "<endEvent id=\"h_e\"/>" + chain({"h_s", "b", "c", "h_e"}) + "</subProcess>";
  deploy(model(line(job("a"), "a") + handler, kMessage));
  const Key instance = start();
  refused({instance, {{"h_s", 0, false, {}}}, {}, {}}, "activate the event sub-process 'h'");
  modified({instance, {{"c", 0, false, {}}}, {}, {}});
  modified({instance, {{"h", 0, false, {}}}, {}, {}});
  EXPECT_EQ(active(instance), (Active{"p", "a", "h", "h", "b", "c"}));
}

TEST_F(Modification, WhatIsAmbiguousIsRefusedUntilAnAncestorIsNamed) {
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + sub("q", job("b") + job("c") + chain({"q_s", "b", "c", "q_z"})) + "<endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "q") +
               "<sequenceFlow id=\"twice\" sourceRef=\"g\" targetRef=\"q\"/>" + flow("q", "e")));
  const Key instance = start();
  const auto both = keys(instance, "q");
  ASSERT_EQ(both.size(), 2u);
  refused({instance, {{"c", 0, false, {}}}, {}, {}}, "more than one active instance of 'q'", base::ErrorCode::conflict);
  modified({instance, {{"c", both[1], false, {}}}, {}, {}});
  EXPECT_EQ(active(instance), (Active{"p", "q", "q", "b", "b", "c"}));
  refused({instance, {{"c", keys(instance, "b")[0], false, {}}}, {}, {}}, "holds no others");
  modified({instance, {{"c", instance, false, {}}}, {}, {}});  // below a named ancestor everything is made anew
  EXPECT_EQ(keys(instance, "q").size(), 3u);
}

TEST_F(Modification, InsideAMultiInstanceAnItemMustBeNamed) {
  const std::string body = sub("q", job("b") + job("c") + chain({"q_s", "b", "c", "q_z"}));
  deploy(model(line(body.substr(0, body.size() - 13) + kItems + "</subProcess>", "q")));
  const Key instance = start("{\"items\":[1,2]}");
  const auto all = keys(instance, "q");  // body first
  ASSERT_EQ(all.size(), 3u);
  refused({instance, {{"c", 0, false, {}}}, {}, {}}, "give the key of an item of 'q'", base::ErrorCode::conflict);
  refused({instance, {{"c", all[0], false, {}}}, {}, {}}, "holds no others");
  modified({instance, {{"c", all[1], false, {}}}, {}, {}});
  EXPECT_EQ(active(instance), (Active{"p", "q", "q", "q", "b", "b", "c"}));
  modified({instance, {}, {{"b", "c", false, {}}}, {}});  // each in its own item
  EXPECT_EQ(active(instance), (Active{"p", "q", "q", "q", "c", "c", "c"}));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(complete("c"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Modification, WhatCannotBeEnteredIsRefusedByName) {
  const std::string boundary = "<boundaryEvent id=\"bo\" attachedToRef=\"a\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>";
  const std::string links = "<intermediateThrowEvent id=\"lt\"><linkEventDefinition name=\"l\"/></intermediateThrowEvent><intermediateCatchEvent id=\"lc\"><linkEventDefinition name=\"l\"/></intermediateCatchEvent>";
  const std::string gateway = "<eventBasedGateway id=\"eg\"/><intermediateCatchEvent id=\"w1\"><messageEventDefinition messageRef=\"m\"/></intermediateCatchEvent>"
                              "<intermediateCatchEvent id=\"w2\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>";
  const std::string undo = "<boundaryEvent id=\"cb\" attachedToRef=\"a\"><compensateEventDefinition/></boundaryEvent><serviceTask id=\"undo\" isForCompensation=\"true\"><extensionElements>"
                           "<zeebe:taskDefinition type=\"undo\"/></extensionElements></serviceTask><association id=\"as\" sourceRef=\"cb\" targetRef=\"undo\" associationDirection=\"One\"/>";
  deploy(model("<startEvent id=\"s\"/>" + job("a") + boundary + links + gateway + undo + "<endEvent id=\"e\"/><endEvent id=\"e2\"/>" + chain({"s", "a", "lt"}) + chain({"lc", "eg"}) + flow("eg", "w1") + flow("eg", "w2") +
               flow("w1", "e") + flow("w2", "e") + flow("bo", "e2"), kMessage));
  const Key instance = start();
  const auto one = [&](const std::string& id, bool after = false) { return ModifyInstance{instance, {{id, 0, after, {}}}, {}, {}}; };
  refused(one("nowhere"), "no element 'nowhere'");
  refused(one("bo"), "boundary event");
  refused(one("lc"), "throwing link event");
  refused(one("w1"), "activate the gateway 'eg'");
  refused(one("eg", true), "activate the gateway itself");
  refused(one("undo"), "runs only when it compensates");
  refused(one("e", true), "no outgoing flow");
  refused({instance, {}, {}, {{instance, ""}}}, "cancel it");
  refused({instance, {}, {}, {{0, "eg"}}}, "not active", base::ErrorCode::conflict);
  refused({instance, {}, {}, {{0, ""}}}, "exactly one of");
  refused({instance, {}, {{"eg", "a", false, {}}}, {}}, "not active", base::ErrorCode::conflict);
  refused({instance, {{"a", 0, false, {{"eg", json("{\"x\":1}")}}}}, {}, {}}, "no scope around");
  refused({instance, {}, {}, {}}, "without an instruction");
  ModifyInstance many{instance, {}, {}, {}};
  many.activate.resize(limits::kModificationInstructions + 1, {"a", 0, false, {}});
  refused(many, "kModificationInstructions", base::ErrorCode::limit_exceeded);
  modified(one("bo", true));  // what comes after a boundary event
  EXPECT_EQ(active(instance), (Active{"p", "a"}));
}

TEST_F(Modification, WithoutAnyActivationLeftTheInstanceIsTerminated) {
  deploy(model(line(sub("q", job("b") + chain({"q_s", "b", "q_z"})), "q")));
  const Key instance = start();
  modified({instance, {}, {}, {{0, "b"}}});
  EXPECT_TRUE(ended(instance));
  EXPECT_EQ(count<ev::instance_terminated>(), 1);
  EXPECT_EQ(count<ev::instance_completed>(), 0);
}

TEST_F(Modification, AScopeThatIsLeftEmptyIsStoppedAndDoesNotGoOn) {
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + job("a") + sub("q", job("b") + chain({"q_s", "b", "q_z"})) + job("next") + "<endEvent id=\"e\"/><endEvent id=\"e2\"/>" + flow("s", "g") + flow("g", "a") +
               flow("g", "q") + chain({"q", "next", "e"}) + flow("a", "e2")));
  const Key instance = start();
  modified({instance, {}, {}, {{0, "b"}}});
  EXPECT_EQ(active(instance), (Active{"p", "a"}));
}

TEST_F(Modification, AnItemThatIsStoppedCountsAsDoneWithoutOutput) {
  deploy(model("<startEvent id=\"s\"/>" + job("m", "", kItems) + job("after") + "<endEvent id=\"e\"/>" + chain({"s", "m", "after", "e"})));
  const Key instance = start("{\"items\":[1,2,3]}");
  auto all = keys(instance, "m");
  ASSERT_EQ(all.size(), 4u);
  modified({instance, {}, {}, {{all[2], ""}}});
  EXPECT_TRUE(complete("m"));
  EXPECT_TRUE(complete("m"));
  const auto jobs = engine.activate("after");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["results"].dump(), "[1,null,3]");
}

TEST_F(Modification, AWholeMultiInstanceIsStoppedInSteps) {
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + job("a") + job("m", "", kItems) + "<endEvent id=\"e\"/><endEvent id=\"e2\"/>" + flow("s", "g") + flow("g", "a") + flow("g", "m") + flow("m", "e") + flow("a", "e2")));
  base::Json items = base::Json::array();
  for (int i = 0; i < 200; ++i) items.push(i);
  engine.steps_per_batch = 100;
  const Key instance = start("{\"items\":" + items.dump() + "}");
  EXPECT_EQ(active(instance).count("m"), 201u);
  modified({instance, {}, {}, {{0, "m"}}});
  EXPECT_EQ(active(instance), (Active{"p", "a"}));
}

TEST_F(Modification, MovesOneTokenForEachInstanceInBoundedSteps) {
  const std::string body = sub("q", job("b") + job("c") + chain({"q_s", "b", "c", "q_z"}));
  deploy(model(line(body.substr(0, body.size() - 13) + kItems + "</subProcess>", "q")));
  base::Json items = base::Json::array();
  for (int i = 0; i < 150; ++i) items.push(i);
  engine.steps_per_batch = 100;
  const Key instance = start("{\"items\":" + items.dump() + "}");
  const std::size_t before = engine.batches().size();
  engine.steps_per_batch = 1;
  modified({instance, {}, {{"b", "c", false, {}}}, {}});
  EXPECT_EQ(active(instance).count("c"), 150u);
  EXPECT_EQ(active(instance).count("b"), 0u);
  std::size_t most = 0;
  for (std::size_t i = before; i < engine.batches().size(); ++i) most = std::max<std::size_t>(most, batch_head(engine.batches()[i])->count);
  EXPECT_LE(most, 3u * 64);
}

TEST_F(Modification, ATokenThatAnIncidentHoldsIsMovedOrTaken) {
  const std::string bad = "<serviceTask id=\"bad\">" + ext("<zeebe:taskDefinition type=\"=nothing\"/>") + "</serviceTask>";
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + bad + job("a") + job("c") + "<endEvent id=\"e\"/><endEvent id=\"e2\"/>" + flow("s", "g") + flow("g", "bad") + flow("g", "a") + chain({"bad", "c", "e"}) + flow("a", "e2")));
  const Key moved = start(), taken = start();
  ASSERT_EQ(incidents().size(), 2u);
  modified({moved, {}, {{"bad", "c", false, {}}}, {}});
  EXPECT_EQ(active(moved), (Active{"p", "a", "c"}));
  modified({taken, {}, {}, {{0, "bad"}}});
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(ended(taken));
  EXPECT_FALSE(ended(moved));
  Metrics metrics;
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.incidents, 0u);
}

TEST_F(Modification, TokensAtAJoinAreMoved) {
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + job("a") + job("b") + job("c") + "<parallelGateway id=\"j\"/><endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "a") + flow("g", "b") + flow("a", "j") + flow("b", "j") +
               chain({"j", "c", "e"})));
  const Key instance = start();
  ASSERT_TRUE(complete("a"));
  modified({instance, {}, {{"j", "c", false, {}}}, {{0, "b"}}});
  EXPECT_EQ(active(instance), (Active{"p", "c"}));
  EXPECT_TRUE(complete("c"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Modification, AJoinThatIsActivatedGoesThroughAlone) {
  deploy(model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + job("a") + job("b") + job("c") + "<parallelGateway id=\"j\"/><endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "a") + flow("g", "b") + flow("a", "j") + flow("b", "j") +
               chain({"j", "c", "e"})));
  const Key instance = start();
  modified({instance, {{"j", 0, false, {}}}, {}, {{0, "a"}, {0, "b"}}});
  EXPECT_EQ(active(instance), (Active{"p", "c"}));
}

TEST_F(Modification, ACalledInstanceIsNotLeftEmpty) {
  deploy(model("<startEvent id=\"s\"/>" + job("inner") + job("other") + "<endEvent id=\"e\"/>" + chain({"s", "inner", "other", "e"}), "", "child"));
  deploy(model(line("<callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"child\"/>") + "</callActivity>", "c")));
  const Key instance = start();
  const Key child = engine.activate("inner")[0].instance;
  refused({child, {}, {}, {{0, "inner"}}}, "stop its call activity", base::ErrorCode::conflict);
  modified({child, {}, {{"inner", "other", false, {}}}, {}});
  EXPECT_TRUE(complete("other"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Modification, StoppingACallActivityStopsWhatItCalled) {
  deploy(model("<startEvent id=\"s\"/>" + job("inner") + "<endEvent id=\"e\"/>" + chain({"s", "inner", "e"}), "", "child"));
  deploy(model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"child\"/>") + "</callActivity>" + job("b") + "<endEvent id=\"e\"/>" + chain({"s", "c", "b", "e"})));
  const Key instance = start();
  const Key child = engine.activate("inner")[0].instance;
  modified({instance, {}, {{"c", "b", false, {}}}, {}});
  EXPECT_TRUE(ended(child));
  EXPECT_EQ(active(instance), (Active{"p", "b"}));
}

TEST_F(Modification, GoesBeforeWhatIsReadyAlready) {
  deploy(model("<startEvent id=\"s\"/>" + job("a") + job("b") + job("c") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "c", "e"})));
  const Key instance = start();
  const auto jobs = engine.activate("a");
  ASSERT_TRUE(engine.only(CompleteJob{jobs[0].job}));  // its token has not gone on yet
  modified({instance, {}, {{"a", "c", false, {}}}, {}});
  EXPECT_EQ(active(instance), (Active{"p", "c"}));
}

TEST_F(Modification, OfASuspendedInstanceWaits) {
  deploy(model("<startEvent id=\"s\"/>" + job("a") + job("b") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "e"})));
  const Key instance = start();
  ASSERT_TRUE(engine.call(SuspendInstance{instance}));
  modified({instance, {}, {{"a", "b", false, {}}}, {}});
  EXPECT_EQ(active(instance), (Active{"p", "a"}));
  refused({instance, {}, {{"a", "b", false, {}}}, {}}, "has not finished", base::ErrorCode::busy);
  ASSERT_TRUE(engine.call(ResumeInstance{instance}));
  EXPECT_EQ(active(instance), (Active{"p", "b"}));
}

TEST_F(Modification, RecordsWhoDidIt) {
  deploy(testing::one_task());
  const Key instance = start();
  modified({instance, {{"t", 0, false, {}}}, {}, {}});
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::instance_modified>) {
      EXPECT_EQ(event.actor, "test");
      EXPECT_EQ(event.activated.size(), 1u);
    }
  });
  EXPECT_EQ(count<ev::instance_modified>(), 1);
}

TEST_F(Modification, AnAdHocSubProcessIsMovedOnceWhateverRunsInIt) {
  deploy(model("<startEvent id=\"s\"/><adHocSubProcess id=\"x\">" + ext("<zeebe:taskDefinition type=\"agent\"/>") + job("a") + job("b") + "</adHocSubProcess>" + job("z") + chain({"s", "x", "z"})));
  const Key instance = start();
  const auto jobs = engine.activate("agent");
  ASSERT_EQ(jobs.size(), 1u);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json("{}"), json(R"({"activateElements": [{"elementId": "a"}, {"elementId": "b"}]})")}));
  ModifyInstance command;
  command.instance = instance;
  command.move.push_back({"x", "z", false, {}});
  modified(command);
  EXPECT_EQ(active(instance), (Active{"p", "z"}));
}

}  // namespace
}  // namespace engine
