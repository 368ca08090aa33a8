// The journal and the checkpoint records of events 54 to 83, and records of the versions 3 and 4 (what follows from other records is left out), as
// their first release wrote them: listeners, changes of instances, deletions, retention, ad-hoc jobs, gathered starts, an incident whose step is
// readable. SAGSGANG_WRITE_GOLDEN_CHANGES=1 writes the last of them anew (a new format, a new file).
#include <cstdlib>

#include "engine/golden_files.h"

namespace engine::testing {
namespace {

constexpr GoldenFiles kVersion3{"tests/golden/journal/changes-3.batches", "tests/golden/checkpoint/changes-3.records"};
constexpr GoldenFiles kVersion4{"tests/golden/journal/changes-4.batches", "tests/golden/checkpoint/changes-4.records"};

std::string listened() {
  return model("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + job("w", "<zeebe:executionListeners><zeebe:executionListener eventType=\"start\" type=\"before\"/></zeebe:executionListeners>") + "<userTask id=\"u\">" +
                   ext("<zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType=\"completing\" type=\"asked\"/></zeebe:taskListeners>") + "</userTask><exclusiveGateway id=\"bad\"/><endEvent id=\"e\"/>" + chain({"s", "f", "w"}) + chain({"f", "u"}) + chain({"f", "bad"}) + flow("bad", "e", "=n = 2"), "", "listened");
}
std::string agent() {
  return model("<startEvent id=\"s\"/><adHocSubProcess id=\"x\">" + ext("<zeebe:taskDefinition type=\"agent\"/>") + job("a") + "</adHocSubProcess>" + chain({"s", "x"}), "", "agent");
}
std::string gathers() {
  return model("<startEvent id=\"s\" parallelMultiple=\"true\"><messageEventDefinition messageRef=\"M\"/><signalEventDefinition signalRef=\"S\"/></startEvent>" + job("g") + chain({"s", "g"}),
               "<message id=\"M\" name=\"m\"/><signal id=\"S\" name=\"sig\"/>", "gathers");
}
std::string moved(const std::string& waits) {
  return model("<startEvent id=\"s\"/>" + job(waits) + job("last") + "<boundaryEvent id=\"late\" attachedToRef=\"" + waits + "\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>" +
                   chain({"s", waits, "last"}) + flow("late", "last"), "", "moved");
}

Key definition_of(const Answer& deployed) {
  return std::atoll(deployed.body["deployments"].as_array()[0]["processDefinition"]["processDefinitionKey"].as_string().c_str());
}

void write(Driver& engine) {
  ASSERT_TRUE(engine.call(Deploy{{{"listened.bpmn", listened()}, {"agent.bpmn", agent()}, {"gathers.bpmn", gathers()}}}));
  CreateInstance create{"listened"};
  create.variables = json(R"({"n": 1, "navn": "Ane"})");
  create.business_key = "sag 1";
  ASSERT_TRUE(engine.call(create));
  Key task = 0;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::user_task_created>) task = event.task;
  });
  ASSERT_TRUE(engine.call(CompleteTask{task, json(R"({"done": true})"), "ja"}));  // waits for its listener
  ASSERT_TRUE(engine.call(CreateInstance{"agent"}));
  const auto asked = engine.activate("agent", 1);
  ASSERT_EQ(asked.size(), 1u);
  ASSERT_TRUE(engine.call(CompleteJob{asked[0].job, json("{}"), json(R"({"activateElements": [{"elementId": "a", "variables": {"navn": "Bo"}}]})")}));
  ASSERT_TRUE(engine.call(PublishMessage{"m", "", "", 0, json(R"({"navn": "Carl"})")}));  // the signal has not come
  const auto one = engine.call(Deploy{{{"moved.bpmn", moved("t")}}});
  ASSERT_TRUE(one);
  const auto migrated = engine.call(CreateInstance{"moved"}), modified = engine.call(CreateInstance{"moved"}), still = engine.call(CreateInstance{"moved"});
  ASSERT_TRUE(migrated && modified && still);
  const auto two = engine.call(Deploy{{{"moved.bpmn", moved("other")}}});
  ASSERT_TRUE(two);
  ASSERT_TRUE(engine.call(MigrateInstance{migrated->key, definition_of(*two), {{"t", "other"}}, false}));
  ModifyInstance change{modified->key};
  change.move.push_back({"t", "last"});
  ASSERT_TRUE(engine.call(change));
  ASSERT_TRUE(engine.call(SuspendInstance{still->key}));
  const auto spare = engine.call(Deploy{{{"spare.bpmn", model("<startEvent id=\"s\"/>" + job("none") + chain({"s", "none"}), "", "spare")}}});
  ASSERT_TRUE(spare);
  ASSERT_TRUE(engine.call(DeleteResource{definition_of(*spare)}));
  ASSERT_TRUE(engine.call(SetRetention{"moved", "P5Y"}));
}

// Completes every waiting job of the type; how many there were.
std::size_t all(Reopened& house, const std::string& type, const std::string& result = "null") {
  const auto jobs = house.call(ActivateJobs{type, "w", 60'000, 10, 0});
  if (!jobs) return 0;
  for (const auto& one : jobs->jobs) EXPECT_TRUE(house.call(CompleteJob{one.job, json("{}"), json(result)}));
  return jobs->jobs.size();
}

void goes_on(Reopened& house, Key suspended, Key incident) {
  EXPECT_EQ(all(house, "before"), 1u);
  EXPECT_EQ(all(house, "w"), 1u);
  EXPECT_EQ(all(house, "asked"), 1u) << "the task's completion waited for its listener";
  EXPECT_EQ(all(house, "a"), 1u);
  EXPECT_EQ(all(house, "agent", R"({"isCompletionConditionFulfilled": true})"), 1u);
  EXPECT_EQ(all(house, "t"), 1u) << "the job came along to the other version; one instance was moved on, one stands still";
  EXPECT_EQ(all(house, "other"), 0u) << "a job keeps its type";
  EXPECT_EQ(all(house, "last"), 2u);
  ASSERT_TRUE(house.call(ResumeInstance{suspended}));
  EXPECT_EQ(all(house, "t"), 1u);
  EXPECT_EQ(all(house, "last"), 1u);
  ASSERT_TRUE(house.call(BroadcastSignal{"sig"}));
  EXPECT_EQ(all(house, "g"), 1u) << "the message was there already";
  EXPECT_EQ(house.call(CreateInstance{"spare"}).error().code, base::ErrorCode::not_found);
  const base::Json left = house.partition.active_elements(suspended);
  EXPECT_EQ(left.size(), 0u) << left.dump();
  ASSERT_TRUE(house.call(ResolveIncident{incident}));  // n is still 1: it comes again
  Metrics metrics;
  house.partition.fill(metrics);
  EXPECT_EQ(metrics.instances_active, 1u) << "the one with the incident";
  EXPECT_EQ(metrics.incidents, 1u);
}

void read_and_go_on(const GoldenFiles& files, std::set<int>& kinds) {
  Key suspended = 0, incident = 0;
  for (const bool from_checkpoint : {false, true}) {
    SCOPED_TRACE(from_checkpoint ? files.records : files.journal);
    Reopened house;
    files.read(from_checkpoint, house.partition, [&](const RecordView& record) -> base::Status {
      kinds.insert(static_cast<int>(record.type));
      return visit_event(record, nullptr, [&](const auto& event) -> base::Status {
        if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::instance_suspended>) suspended = event.instance;
        if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::incident_created>) incident = event.key;
        return {};
      });
    });
    if (::testing::Test::HasFatalFailure()) return;
    goes_on(house, suspended, incident);
  }
}

TEST(ChangesGolden, AJournalAndACheckpointOfTheirFirstReleaseAreReadAndGoOn) {
  if (std::getenv("SAGSGANG_WRITE_GOLDEN_CHANGES") != nullptr) {
    Driver engine;
    write(engine);
    kVersion4.write(engine);
  }
  std::set<int> kinds;
  for (const GoldenFiles& files : {kVersion3, kVersion4}) read_and_go_on(files, kinds);
  for (const int kind : {54, 56, 57, 60, 61, 62, 64, 66, 68, 69, 70, 80, 83}) EXPECT_TRUE(kinds.contains(kind)) << "event " << kind;
}

}  // namespace
}  // namespace engine::testing
