// Migration: what is alive goes on by another definition; what does not fit is refused by name and nothing has changed.
#include <map>

#include "engine/change/migration.h"
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
using Mapping = std::vector<ElementMapping>;

std::string line(const std::string& element, const std::string& id) { return "<startEvent id=\"s\"/>" + element + "<endEvent id=\"e\"/>" + chain({"s", id, "e"}); }
std::string typed(const std::string& xml, const std::string& id, const std::string& type) {
  return "<" + xml + " id=\"" + id + "\">" + ext("<zeebe:taskDefinition type=\"" + type + "\"/>") + "</" + xml + ">";
}
std::string sub(const std::string& id, const std::string& content, const std::string& xml = "subProcess") {
  return "<" + xml + " id=\"" + id + "\"><startEvent id=\"" + id + "_s\"/>" + content + "<endEvent id=\"" + id + "_z\"/></" + xml + ">";
}
std::string late(const std::string& id, const std::string& at, const std::string& duration, bool interrupting = true) {
  return "<boundaryEvent id=\"" + id + "\" attachedToRef=\"" + at + "\" cancelActivity=\"" + (interrupting ? "true" : "false") + "\"><timerEventDefinition><timeDuration>" + duration +
         "</timeDuration></timerEventDefinition></boundaryEvent>";
}
std::string items(bool sequential = false) {
  return std::string("<multiInstanceLoopCharacteristics") + (sequential ? " isSequential=\"true\"" : "") + "><extensionElements><zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\""
         " outputCollection=\"results\" outputElement=\"=item\"/></extensionElements></multiInstanceLoopCharacteristics>";
}
std::string messages(const std::string& name = "m") {
  return "<message id=\"m\" name=\"" + name + "\"><extensionElements><zeebe:subscription correlationKey=\"=key\"/></extensionElements></message>";
}
std::string catching(const std::string& id) { return "<intermediateCatchEvent id=\"" + id + "\"><messageEventDefinition messageRef=\"m\"/></intermediateCatchEvent>"; }
std::string waiting(const std::string& id, const std::string& duration) {
  return "<intermediateCatchEvent id=\"" + id + "\"><timerEventDefinition><timeDuration>" + duration + "</timeDuration></timerEventDefinition></intermediateCatchEvent>";
}

class Migration : public testing::EngineTest {
 protected:
  Key version(const std::string& xml) {
    deploy(xml);
    Key key = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::process_deployed>) key = event.key;
    });
    return key;
  }
  base::Json dry(Key instance, Key target, const Mapping& mapping = {}) {
    const std::string before = engine.partition().dump();
    const auto report = engine.only(MigrateInstance{instance, target, mapping, true});
    EXPECT_TRUE(report) << (report ? "" : report.error().text());
    EXPECT_EQ(engine.partition().dump(), before);
    return report ? report->body : base::Json();
  }
  void migrate(Key instance, Key target, const Mapping& mapping = {}) {
    const base::Json report = dry(instance, target, mapping);
    EXPECT_TRUE(report["fits"].bool_or(false)) << report.dump();
    const auto done = engine.call(MigrateInstance{instance, target, mapping, false});
    ASSERT_TRUE(done) << done.error().text();
  }
  // The dry run has this finding, the real one is refused, and nothing has changed.
  void misfits(Key instance, Key target, const Mapping& mapping, Misfit code) {
    const base::Json report = dry(instance, target, mapping);
    EXPECT_FALSE(report["fits"].bool_or(true));
    std::string codes, wanted(name(code));
    for (char& c : wanted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const auto& one : report["findings"].as_array()) {
      codes += one["code"].as_string() + " ";
      EXPECT_FALSE(one["text"].as_string().empty());
      EXPECT_FALSE(one["textDa"].as_string().empty());
    }
    EXPECT_NE((" " + codes).find(" " + wanted + " "), std::string::npos) << codes;
    const std::string before = engine.partition().dump();
    const auto refused = engine.only(MigrateInstance{instance, target, mapping, false});
    ASSERT_FALSE(refused) << wanted;
    EXPECT_EQ(engine.partition().dump(), before);
    seen().insert(code);
  }
  static std::set<Misfit>& seen() {
    static std::set<Misfit> codes;
    return codes;
  }
  template <class E> int count() {
    int n = 0;
    (void)engine.events([&](const RecordView&, const auto& event) { n += std::is_same_v<std::decay_t<decltype(event)>, E>; });
    return n;
  }
  bool publish(const std::string& name, const std::string& key = "k") { return engine.call(PublishMessage{name, key, "", 0, base::Json::object()}).has_value(); }
};

TEST_F(Migration, AJobKeepsItsKeyAndItsWorker) {
  version(model(line(job("a"), "a")));
  const Key instance = start();
  const auto jobs = engine.activate("a");
  const Key target = version(model("<startEvent id=\"s\"/>" + job("before") + typed("sendTask", "renamed", "other") + job("next") + "<endEvent id=\"e\"/>" + chain({"s", "before", "renamed", "next", "e"})));
  migrate(instance, target, {{"a", "renamed"}});
  EXPECT_EQ(active(instance), (Active{"p", "renamed"}));
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  EXPECT_EQ(active(instance), (Active{"p", "next"}));
  EXPECT_TRUE(complete("next"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, JobsOfAllKindsOfTaskFitEachOther) {
  for (const char* from : {"serviceTask", "sendTask", "scriptTask", "businessRuleTask"})
    for (const char* to : {"serviceTask", "sendTask", "scriptTask", "businessRuleTask"}) {
      version(model(line(typed(from, "a", "t"), "a")));
      const Key instance = start();
      migrate(instance, version(model(line(typed(to, "a", "u"), "a"))));
      EXPECT_TRUE(complete("t"));
      EXPECT_TRUE(ended(instance));
    }
}

TEST_F(Migration, BoundaryEventsAreKeptOpenedAndClosed) {
  const auto process = [](const std::string& events, const std::vector<std::string>& ids) {
    std::string all = "<startEvent id=\"s\"/>" + job("a") + events + "<endEvent id=\"e\"/>" + chain({"s", "a", "e"});
    for (const std::string& id : ids) all += job("after_" + id) + flow(id, "after_" + id);
    return model(all);
  };
  version(process(late("kept", "a", "PT2H") + late("gone", "a", "PT1H"), {"kept", "gone"}));
  const Key instance = start();
  engine.advance(30 * 60'000);
  const Key target = version(process(late("kept", "a", "PT9H") + late("fresh", "a", "PT1H", false), {"kept", "fresh"}));
  const base::Json report = dry(instance, target);
  EXPECT_EQ(report["kept"].dump(), "[{\"sourceElementId\":\"kept\",\"targetElementId\":\"kept\",\"count\":1}]");
  EXPECT_EQ(report["opened"].dump(), "[{\"elementId\":\"fresh\",\"count\":1}]");
  EXPECT_EQ(report["closed"].dump(), "[{\"elementId\":\"gone\",\"count\":1}]");
  migrate(instance, target);
  engine.advance(60 * 60'000);  // 1:30: gone would have fired at 1:00, fresh does at 1:30
  EXPECT_EQ(active(instance), (Active{"p", "a", "after_fresh"}));
  engine.advance(30 * 60'000);  // 2:00, the due time of the source
  EXPECT_EQ(active(instance), (Active{"p", "after_kept", "after_fresh"}));
}

TEST_F(Migration, AnEventMappedToNothingIsOpenedAnew) {
  const auto process = [](const std::string& duration) { return model("<startEvent id=\"s\"/>" + job("a") + late("b", "a", duration) + "<endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", "a", "e"}) + flow("b", "f")); };
  version(process("PT1H"));
  const Key instance = start();
  const Key target = version(process("PT3H"));
  migrate(instance, target, {{"b", ""}});
  engine.advance(2 * 3'600'000);
  EXPECT_FALSE(ended(instance));
  engine.advance(3'600'000);
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, AMessageKeepsItsCorrelationKeyAndTakesTheNewName) {
  version(model(line(catching("w"), "w"), messages("old")));
  const Key instance = start("{\"key\":\"k\"}");
  ASSERT_TRUE(engine.call(SetVariables{instance, json("{\"key\":\"other\"}"), false}));
  migrate(instance, version(model(line("<receiveTask id=\"w\" messageRef=\"m\"/>", "w"), messages("new"))));
  EXPECT_TRUE(publish("old"));
  EXPECT_TRUE(publish("new", "other"));
  EXPECT_FALSE(ended(instance));
  EXPECT_TRUE(publish("new"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, FromInsideAMultiInstanceWithItsCounters) {
  const std::string inner = sub("q", job("b") + chain({"q_s", "b", "q_z"}));
  const auto in = [](const std::string& xml) { return xml.substr(0, xml.size() - 13) + items() + "</subProcess>"; };
  version(model(line(in(inner), "q")));
  const Key instance = start("{\"items\":[1,2,3]}");
  EXPECT_TRUE(complete("b"));
  const std::string changed = sub("r", typed("sendTask", "c", "c") + job("d") + late("l", "c", "PT1H") + "<endEvent id=\"le\"/>" + chain({"r_s", "c", "d", "r_z"}) + flow("l", "le"));
  migrate(instance, version(model("<startEvent id=\"s\"/>" + in(changed) + job("f") + "<endEvent id=\"e\"/>" + chain({"s", "r", "f", "e"}))), {{"q", "r"}, {"b", "c"}, {"q_s", "r_s"}, {"q_z", "r_z"}});
  EXPECT_EQ(active(instance), (Active{"p", "r", "r", "r", "c", "c"}));
  EXPECT_TRUE(complete("b"));  // the type a job was made with stays
  EXPECT_TRUE(complete("d"));
  engine.advance(3'600'000);
  const auto jobs = engine.activate("f");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["results"].dump(), "[1,2,3]");
}

TEST_F(Migration, ItemsThatHaveNotBegunDoSoByTheTarget) {
  version(model(line(job("m", "", items(true)), "m")));
  const Key instance = start("{\"items\":[1,2]}");
  migrate(instance, version(model(line("<sendTask id=\"m\">" + ext("<zeebe:taskDefinition type=\"n\"/>") + items(true) + "</sendTask>", "m"))));
  EXPECT_TRUE(complete("m"));
  EXPECT_TRUE(complete("n"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, BigInstancesChangeInSteps) {
  version(model("<startEvent id=\"s\"/>" + job("m", "", items()) + job("f") + "<endEvent id=\"e\"/>" + chain({"s", "m", "f", "e"})));
  base::Json all = base::Json::array();
  for (int i = 0; i < 300; ++i) all.push(i);
  engine.steps_per_batch = 100;
  const Key instance = start("{\"items\":" + all.dump() + "}"), other = start("{\"items\":[1]}");
  const auto first = engine.activate("m", 1);
  const Key target = version(model("<startEvent id=\"s\"/>" + job("n", "", items()) + job("g") + "<endEvent id=\"e\"/>" + chain({"s", "n", "g", "e"})));
  engine.steps_per_batch = 1;
  const std::size_t before = engine.batches().size();
  ASSERT_TRUE(engine.only(MigrateInstance{instance, target, {{"m", "n"}, {"f", "g"}}, false}));
  engine.step(1);
  // In the middle: what would change it otherwise comes back later, a job's worker is heard, others go on.
  const auto busy = engine.only(SetVariables{instance, json("{\"x\":1}"), false});
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, base::ErrorCode::busy);
  EXPECT_FALSE(engine.only(MigrateInstance{instance, target, {}, true}));
  EXPECT_FALSE(engine.only(CancelInstance{instance}));
  EXPECT_FALSE(engine.only(FailJob{first[0].job, 1, "no", 0, base::Json::object()}));
  ASSERT_TRUE(engine.only(CompleteJob{first[0].job}));
  const auto jobs = engine.only(ActivateJobs{"m", "w", 1000, 100, 0});
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->jobs.size(), 1u);
  EXPECT_EQ(jobs->jobs[0].instance, other);
  engine.settle();
  std::size_t most = 0;
  for (std::size_t i = before; i < engine.batches().size(); ++i) most = std::max<std::size_t>(most, batch_head(engine.batches()[i])->count);
  EXPECT_LE(most, 101u);
  EXPECT_GE(count<ev::elements_migrated>(), 4);
  engine.steps_per_batch = 100;
  for (int i = 0; i < 299; ++i) ASSERT_TRUE(complete("m")) << i;
  EXPECT_TRUE(complete("g"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, TokensAtAJoinArriveAgain) {
  const auto process = [](const std::string& join) {
    return model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + job("a") + job("b") + "<parallelGateway id=\"" + join + "\"/>" + job("c") + "<endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "a") + flow("g", "b") +
                 flow("a", join) + flow("b", join) + chain({join, "c", "e"}));
  };
  version(process("j"));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  const Key target = version(process("k"));
  migrate(instance, target, {{"j", "k"}});
  EXPECT_EQ(active(instance), (Active{"p", "b"}));
  EXPECT_TRUE(complete("b"));
  EXPECT_EQ(active(instance), (Active{"p", "c"}));
}

TEST_F(Migration, AJoinThatLostItsOtherBranchGoesOn) {
  version(model("<startEvent id=\"s\"/><inclusiveGateway id=\"g\"/>" + job("a") + job("b") + "<parallelGateway id=\"j\"/>" + job("c") + "<endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "a", "=true") + flow("g", "b", "=false") +
                flow("a", "j") + flow("b", "j") + chain({"j", "c", "e"})));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  EXPECT_EQ(active(instance), (Active{"p"}));
  migrate(instance, version(model("<startEvent id=\"s\"/>" + job("a") + "<parallelGateway id=\"j\"/>" + job("c") + "<endEvent id=\"e\"/>" + chain({"s", "a", "j", "c", "e"}))));
  EXPECT_EQ(active(instance), (Active{"p", "c"}));
}

TEST_F(Migration, EventSubProcessesAndTheirTriggersInFlight) {
  const auto process = [](const std::string& id, const std::string& task) {
    return model(line(job("a"), "a") + "<subProcess id=\"" + id + "\" triggeredByEvent=\"true\"><startEvent id=\"" + id + "_s\" isInterrupting=\"false\"><messageEventDefinition messageRef=\"m\"/></startEvent>" + job(task) +
                 "<endEvent id=\"" + id + "_e\"/>" + chain({id + "_s", task, id + "_e"}) + "</subProcess>", messages());
  };
  version(process("h", "x"));
  const Key instance = start("{\"key\":\"k\"}");
  EXPECT_TRUE(publish("m"));
  EXPECT_EQ(active(instance), (Active{"p", "a", "h", "x"}));
  const Key target = version(process("i", "y"));
  ASSERT_TRUE(engine.only(PublishMessage{"m", "k", "", 0, base::Json::object()}));  // has occurred, not taken yet
  migrate(instance, target, {{"h", "i"}, {"x", "y"}});
  EXPECT_EQ(active(instance), (Active{"p", "a", "i", "i", "y", "y"}));
  EXPECT_TRUE(publish("m"));
  EXPECT_EQ(active(instance).count("y"), 3u);
}

TEST_F(Migration, AnEventBasedGatewayKeepsAndChangesWhatItWaitsFor) {
  const auto process = [](const std::string& other, const std::string& id) {
    return model("<startEvent id=\"s\"/><eventBasedGateway id=\"g\"/>" + catching("w") + other + job("x") + job("y") + "<endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "w") + flow("g", id) + chain({"w", "x", "e"}) + chain({id, "y", "e"}), messages());
  };
  version(process(waiting("t", "PT1H"), "t"));
  const Key one = start("{\"key\":\"k\"}"), two = start("{\"key\":\"l\"}");
  const Key target = version(process(waiting("u", "PT5H"), "u"));
  migrate(one, target);
  migrate(two, target);
  EXPECT_TRUE(publish("m"));
  EXPECT_EQ(active(one), (Active{"p", "x"}));
  engine.advance(2 * 3'600'000);
  EXPECT_EQ(active(two), (Active{"p", "g"}));
  engine.advance(4 * 3'600'000);
  EXPECT_EQ(active(two), (Active{"p", "y"}));
}

TEST_F(Migration, CallLinksStay) {
  deploy(model("<startEvent id=\"s\"/>" + job("inner") + "<endEvent id=\"e\"/>" + chain({"s", "inner", "e"}), "", "child"));
  const auto calls = [](const std::string& id) { return "<callActivity id=\"" + id + "\">" + ext("<zeebe:calledElement processId=\"child\"/>") + "</callActivity>"; };
  version(model(line(calls("c"), "c")));
  const Key instance = start();
  const auto jobs = engine.activate("inner");
  const Key child = jobs[0].instance;
  migrate(instance, version(model("<startEvent id=\"s\"/>" + calls("d") + job("f") + "<endEvent id=\"e\"/>" + chain({"s", "d", "f", "e"}))), {{"c", "d"}});
  const Key inner = version(model("<startEvent id=\"s\"/>" + job("inner") + job("more") + "<endEvent id=\"e\"/>" + chain({"s", "inner", "more", "e"}), "", "child"));
  migrate(child, inner);  // called instances on their own
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  EXPECT_TRUE(complete("more"));
  EXPECT_EQ(active(instance), (Active{"p", "f"}));
}

TEST_F(Migration, IncidentsGoAlongAndAreResolvedByTheTarget) {
  const auto bad = [](const std::string& id, const std::string& type) { return "<serviceTask id=\"" + id + "\">" + ext("<zeebe:taskDefinition type=\"" + type + "\"/>") + "</serviceTask>"; };
  version(model(line(bad("a", "=nothing"), "a")));
  const Key instance = start();
  const Key incident = last_incident();
  migrate(instance, version(model(line(bad("b", "good"), "b"))), {{"a", "b"}});
  ASSERT_TRUE(engine.call(ResolveIncident{incident}));
  EXPECT_TRUE(complete("good"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, CompensationNotesGoAlong) {
  const auto process = [](const std::string& undo, const std::string& more) {
    return model("<startEvent id=\"s\"/>" + job("a") + "<boundaryEvent id=\"cb\" attachedToRef=\"a\"><compensateEventDefinition/></boundaryEvent><serviceTask id=\"" + undo +
                 "\" isForCompensation=\"true\"><extensionElements><zeebe:taskDefinition type=\"" + undo + "\"/></extensionElements></serviceTask><association id=\"as\" sourceRef=\"cb\" targetRef=\"" + undo +
                 "\" associationDirection=\"One\"/>" + job("b") + more + "<endEvent id=\"e\"><compensateEventDefinition/></endEvent>" + chain({"s", "a", "b", "e"}));
  };
  version(process("undo", ""));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  const Key target = version(process("undo2", ""));
  misfits(instance, target, {}, Misfit::compensation_lost);
  migrate(instance, target, {{"undo", "undo2"}});
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("undo2"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, UserTasksAndConditionsStay) {
  const auto process = [](const std::string& id, const std::string& condition) {
    return model("<startEvent id=\"s\"/><userTask id=\"" + id + "\">" + ext("<zeebe:userTask/>") + "</userTask><boundaryEvent id=\"c\" attachedToRef=\"" + id + "\"><conditionalEventDefinition><condition>" + condition +
                 "</condition></conditionalEventDefinition></boundaryEvent><endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", id, "e"}) + flow("c", "f"));
  };
  version(process("u", "=n &gt; 5"));
  const Key instance = start("{\"n\":3}");
  migrate(instance, version(process("v", "=n &gt; 2")), {{"u", "v"}});  // the new condition holds
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, AnExpressionThatFailsIsToldBeforeAndWhatFailsLaterIsAnIncident) {
  version(model(line(job("a"), "a")));
  const Key instance = start(), later = start();
  const auto process = [](const std::string& wait) { return model("<startEvent id=\"s\"/>" + job("a") + late("l", "a", wait) + "<endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", "a", "e"}) + flow("l", "f")); };
  const Key target = version(process("=wait"));
  misfits(instance, target, {}, Misfit::expression_failed);
  ASSERT_TRUE(engine.call(SetVariables{instance, json("{\"wait\":\"PT1H\"}"), false}));
  migrate(instance, target);
  engine.advance(3'600'000);
  EXPECT_TRUE(ended(instance));
  // Between the check and the step an hour passes, and the expression has no answer any more.
  const Key soon = version(process("=if now() &lt; date and time(\"2026-01-01T01:30:00Z\") or fine = true then \"PT1H\" else null"));
  ASSERT_TRUE(engine.only(MigrateInstance{later, soon, {}, false}));
  engine.advance(3'600'000);
  engine.settle();
  ASSERT_EQ(incidents().size(), 1u);
  EXPECT_EQ(active(later), (Active{"p", "a"}));
  ASSERT_TRUE(engine.call(SetVariables{later, json("{\"fine\":true}"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{last_incident()}));
  engine.advance(3'600'000);
  EXPECT_TRUE(ended(later));
}

TEST_F(Migration, OfASuspendedInstanceHappensAtOnceAndItStaysSuspended) {
  version(model(line(job("a"), "a")));
  const Key instance = start();
  ASSERT_TRUE(engine.call(SuspendInstance{instance}));
  migrate(instance, version(model(line(job("b"), "b"))), {{"a", "b"}});
  EXPECT_EQ(active(instance), (Active{"p", "b"}));
  EXPECT_FALSE(complete("a"));
  ASSERT_TRUE(engine.call(ResumeInstance{instance}));
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Migration, EveryReasonIsGivenByName) {
  version(model("<startEvent id=\"s\"/>" + job("a") + late("bo", "a", "PT1H") + late("bp", "a", "PT2H") + "<endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", "a", "e"}) + flow("bo", "f") + flow("bp", "f")));
  const Key instance = start();
  const Key same = version(model("<startEvent id=\"s\"/>" + job("a") + job("z") + late("bo", "a", "PT1H") + "<endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", "a", "z", "e"}) + flow("bo", "f")));
  misfits(instance, same, {{"nowhere", "a"}}, Misfit::unknown_source);
  misfits(instance, same, {{"a", "nowhere"}}, Misfit::unknown_target);
  misfits(instance, same, {{"a", "a"}, {"a", "z"}}, Misfit::mapped_twice);
  misfits(instance, same, {{"a", ""}}, Misfit::not_given_up);
  misfits(instance, same, {{"bp", "bo"}}, Misfit::events_merged);
  misfits(instance, version(model(line(job("b"), "b"))), {}, Misfit::no_target);
  misfits(instance, version(model(line("<userTask id=\"a\">" + ext("<zeebe:userTask/>") + "</userTask>", "a"))), {}, Misfit::job_lost);
  misfits(instance, version(model(line(sub("q", job("a") + chain({"q_s", "a", "q_z"})), "q"))), {}, Misfit::scope_changed);
  misfits(instance, version(model(line(job("a", "", items()), "a"))), {}, Misfit::loop_changed);
  const Key waits = version(model(line(catching("w"), "w"), messages()));
  const Key waiter = start("{\"key\":\"k\"}");
  misfits(waiter, version(model(line(waiting("w", "PT1H"), "w"))), {}, Misfit::wait_changed);
  misfits(waiter, version(model(line(job("w"), "w"))), {}, Misfit::type_changed);
  ASSERT_TRUE(engine.only(ModifyInstance{waiter, {{"w", 0, false, {}}}, {}, {}}));
  misfits(waiter, waits, {}, Misfit::modification_pending);
  engine.settle();
  version(model(line(job("a", "<zeebe:executionListeners><zeebe:executionListener eventType=\"start\" type=\"hears\"/></zeebe:executionListeners>"), "a")));
  const Key listened = start();
  misfits(listened, same, {}, Misfit::listener_active);
  EXPECT_TRUE(complete("hears"));
  migrate(listened, same);
  version(model(line(job("a"), "a")));
  const Key stopped = start();
  ASSERT_TRUE(engine.only(CancelInstance{stopped}));
  misfits(stopped, same, {}, Misfit::ending);
}

TEST_F(Migration, TokensAndTriggersThatLoseTheirWayAreToldOf) {
  const auto parallel = [](bool swapped) {
    return model("<startEvent id=\"s\"/><parallelGateway id=\"g\"/>" + job("a") + job("b") + job("x") + "<parallelGateway id=\"j\"/><endEvent id=\"e\"/>" + flow("s", "g") + flow("g", "a") + flow("g", "b") +
                 (swapped ? chain({"a", "x", "j"}) + flow("b", "j") : flow("a", "j") + chain({"b", "x", "j"})) + flow("j", "e"));
  };
  version(parallel(false));
  const Key at_join = start();
  EXPECT_TRUE(complete("a"));
  misfits(at_join, version(parallel(true)), {}, Misfit::flow_lost);
  version(model("<startEvent id=\"s\"/>" + job("c") + late("bo", "c", "PT1H", false) + "<endEvent id=\"e\"/><endEvent id=\"f\"/>" + chain({"s", "c", "e"}) + flow("bo", "f")));
  const Key triggered = start();
  const Key target = version(model(line(job("c"), "c")));
  ASSERT_TRUE(engine.only(TriggerElement{triggered, 0, "bo", base::Json::object()}));
  misfits(triggered, target, {}, Misfit::trigger_lost);
}

TEST_F(Migration, EveryReasonHasItsTest) {
  // The two tests above and those that refuse on the way ran before this one in the same program.
  if (seen().empty()) GTEST_SKIP() << "run with the other tests of this file";
#define MISFIT(name, code, english, danish) EXPECT_TRUE(seen().contains(Misfit::name)) << #name;
#include "engine/change/migration.def"
#undef MISFIT
}

TEST_F(Migration, OtherAuthoritiesAndUnknownKeysAreNotFound) {
  const Key target = version(testing::one_task());
  const Key instance = start();
  EXPECT_EQ(engine.call(MigrateInstance{instance, instance, {}, true}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(engine.call(MigrateInstance{target, target, {}, true}).error().code, base::ErrorCode::not_found);
  engine.authority = "22222222";
  EXPECT_EQ(engine.call(MigrateInstance{instance, target, {}, true}).error().code, base::ErrorCode::not_found);
}

std::string agent(const std::string& more = {}) {
  return line("<adHocSubProcess id=\"x\">" + ext("<zeebe:taskDefinition type=\"agent\"/>") + job("a") + job("b") + "</adHocSubProcess>", "x") + more;
}

TEST_F(Migration, AnAdHocSubProcessGoesOnWithTheJobOfItsWorkerAndWithWhatRunsInIt) {
  deploy(model(agent()));
  const Key asked = start(), runs = start();
  const auto jobs = engine.activate("agent");
  ASSERT_EQ(jobs.size(), 2u);
  const Key mine = jobs[jobs[0].instance == runs ? 0 : 1].job, other = jobs[jobs[0].instance == runs ? 1 : 0].job;
  ASSERT_TRUE(engine.call(CompleteJob{mine, json("{}"), json(R"({"activateElements": [{"elementId": "a"}, {"elementId": "b"}]})")}));
  const Key target = version(model(agent(late("t", "x", "PT1H", false) + job("u") + flow("t", "u"))));
  migrate(asked, target);
  migrate(runs, target);
  engine.advance(3'600'000);
  EXPECT_EQ(active(asked).count("u"), 1u);
  EXPECT_EQ(active(runs).count("u"), 1u) << "the timer is the sub-process's, not that of each thing in it";
  EXPECT_TRUE(engine.call(CompleteJob{other, json("{}"), json(R"({"activateElements": [{"elementId": "b"}]})")}));
  EXPECT_EQ(active(asked).count("b"), 1u);
}

}  // namespace
}  // namespace engine
