// The engine behind its door: durability, recovery, long polls, forgetting, backup and restore.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 says so of variants in test fixtures
#include <gtest/gtest.h>

#include <optional>

#include <cstdlib>
#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

#include "base/storage_sim.h"
#include "engine/backup/backup.h"
#include "engine/engine.h"
#include "engine/journal/segment.h"
#include "engine/query.h"

namespace engine {
namespace {

using base::Json;

const std::string kAuthority = "29189846";

std::string model(const std::string& tasks, const std::string& flows) {
  return R"(<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="http://t"><process id="p" name="Prøve" isExecutable="true"><startEvent id="s"/>)" +
         tasks + R"(<endEvent id="e"/>)" + flows + "</process></definitions>";
}
std::string flow(const std::string& from, const std::string& to) {
  return "<sequenceFlow id=\"" + from + "_" + to + "\" sourceRef=\"" + from + "\" targetRef=\"" + to + "\"/>";
}
std::string one_task() {
  return model(R"(<serviceTask id="t" name="Arbejd"><extensionElements><zeebe:taskDefinition type="work" retries="2"/></extensionElements></serviceTask>)",
               flow("s", "t") + flow("t", "e"));
}
std::string user_task() {
  return model(R"(<userTask id="t" name="Se her"><extensionElements><zeebe:userTask/><zeebe:ioMapping><zeebe:input source="=&quot;Fordi &quot; + navn" target="begrundelse"/>
</zeebe:ioMapping></extensionElements></userTask>)",
               flow("s", "t") + flow("t", "e"));
}

Command command(decltype(Command::body) body, std::string key = {}) {
  Command out;
  out.authority = kAuthority;
  out.actor = "test";
  out.idempotency_key = std::move(key);
  out.body = std::move(body);
  return out;
}

Key create(Engine& engine, const std::string& variables = "{}", const std::string& key = {}) {
  CreateInstance body;
  body.process_id = "p";
  body.variables = *base::parse_json(variables);
  auto answer = engine.call(command(body, key));
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
  return answer ? answer->key : 0;
}

bool deploy(Engine& engine, const std::string& xml) {
  auto answer = engine.call(command(Deploy{{{"p.bpmn", xml}}, false, false}));
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
  return answer.has_value();
}

std::vector<ActivatedJob> activate(Engine& engine, int max = 1, base::Millis wait = 0) {
  ActivateJobs body;
  body.type = "work";
  body.worker = "w";
  body.max = max;
  body.request_timeout_ms = wait;
  auto answer = engine.call(command(body));
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
  return answer ? answer->jobs : std::vector<ActivatedJob>{};
}

class Folder {
 public:
  Folder() {
    char path[] = "/tmp/sagsgang-engine-XXXXXX";
    path_ = ::mkdtemp(path);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string data() const { return path_ + "/data"; }
  std::string backups() const { return path_ + "/backups"; }
  bool has(std::string_view needle, const std::string& below) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(below)) {
      if (!entry.is_regular_file()) continue;
      std::stringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (text.str().find(needle) != std::string::npos) return true;
    }
    return false;
  }

 private:
  std::string path_;
};

Options options(const Folder& folder) {
  Options out;
  out.folder = folder.data();
  return out;
}

std::unique_ptr<Engine> open(Options options) {
  auto engine = Engine::open(std::move(options));
  EXPECT_TRUE(engine) << (engine ? "" : engine.error().text());
  return engine ? std::move(*engine) : nullptr;
}

Json search(Engine& engine, std::string_view kind, const std::string& filter = "{}", const std::string& authority = kAuthority) {
  Json request = Json::object();
  request.set("filter", *base::parse_json(filter));
  // As a client does: a machine under load may make the read side say "try again shortly".
  auto found = engine.read().search(kind, request, authority, engine.read().acknowledged());
  while (!found && found.error().code == base::ErrorCode::busy) found = engine.read().search(kind, request, authority, engine.read().acknowledged());
  EXPECT_TRUE(found) << (found ? "" : found.error().text());
  return found ? (*found)["items"] : Json();
}

TEST(Runtime, RunsAnInstanceAndShowsItAtOnce) {
  Folder folder;
  auto engine = open(options(folder));
  ASSERT_TRUE(deploy(*engine, one_task()));
  const Key instance = create(*engine, R"({"cpr": "0101010101", "n": 1})");
  Json found = search(*engine, "process-instances", R"({"processInstanceKey": ")" + std::to_string(instance) + "\"}");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.as_array()[0]["state"].as_string(), "ACTIVE");
  EXPECT_EQ(found.as_array()[0]["processDefinitionName"].as_string(), "Prøve");
  EXPECT_EQ(search(*engine, "process-instances", "{}", "12345678").size(), 0u) << "another authority sees nothing";
  const auto jobs = activate(*engine);
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(search(*engine, "jobs").as_array()[0]["worker"].as_string(), "w");
  CompleteJob complete{jobs[0].job, *base::parse_json(R"({"result": [1, 2]})")};
  ASSERT_TRUE(engine->call(command(complete)));
  EXPECT_FALSE(engine->call(command(complete))) << "a job is completed once";
  found = search(*engine, "process-instances", R"({"state": "COMPLETED"})");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(search(*engine, "jobs").size(), 0u);
  const Json elements = search(*engine, "element-instances", R"({"processInstanceKey": ")" + std::to_string(instance) + "\"}");
  std::string path;
  for (const auto& element : elements.as_array()) path += element["elementId"].as_string() + ":" + element["state"].as_string() + " ";
  EXPECT_EQ(path, "p:COMPLETED s:COMPLETED t:COMPLETED e:COMPLETED ");
  const Json variables = search(*engine, "variables", R"({"processInstanceKey": ")" + std::to_string(instance) + "\"}");
  std::map<std::string, std::string> values;
  for (const auto& one : variables.as_array()) values[one["name"].as_string()] = one["value"].as_string();
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"cpr", "\"0101010101\""}, {"n", "1"}, {"result", "[1,2]"}}));
  const auto one = engine->read().get("variables", std::stoll(variables.as_array()[1]["variableKey"].as_string()), kAuthority, 0);
  ASSERT_TRUE(one);
  EXPECT_EQ((*one)["name"].as_string(), "n");
  const auto counts = engine->read().element_counts(instance, kAuthority);
  ASSERT_TRUE(counts);
  EXPECT_EQ((*counts)["t"]["completed"].as_int(), 1);
  const auto days = engine->read().per_day(kAuthority, 30, "p");
  ASSERT_TRUE(days);
  EXPECT_EQ(days->as_array()[0]["withoutUserTask"].as_int(), 1);
  EXPECT_FALSE(folder.has("0101010101", folder.data())) << "payloads are sealed everywhere";
}

TEST(Runtime, SearchSaysWhatIsWrongWithAFilter) {
  Folder folder;
  auto engine = open(options(folder));
  ASSERT_TRUE(deploy(*engine, one_task()));
  for (int i = 0; i < 5; ++i) create(*engine);
  const auto ask = [&](const std::string& request) { return engine->read().search("process-instances", *base::parse_json(request), kAuthority, engine->read().acknowledged()); };
  EXPECT_NE(ask(R"({"filter": {"stat": "ACTIVE"}})").error().text().find("did you mean 'state'"), std::string::npos);
  EXPECT_FALSE(ask(R"({"filter": {"processInstanceKey": "x"}})"));
  EXPECT_FALSE(ask(R"({"sort": [{"field": "nothing"}]})"));
  EXPECT_FALSE(ask(R"({"page": {"limit": 1001}})"));
  EXPECT_FALSE(ask(R"({"limit": 1})"));
  EXPECT_FALSE(engine->read().search("secrets", Json(), kAuthority, 0));
  EXPECT_EQ((*ask(R"({"filter": {"state": {"$in": ["COMPLETED", "ACTIVE"]}, "processDefinitionId": {"$like": "p*"}}})"))["items"].size(), 5u);
  auto page = ask(R"({"page": {"limit": 2}})");
  ASSERT_TRUE(page);
  EXPECT_EQ((*page)["page"]["totalItems"].as_int(), 5);
  const std::string second = (*page)["items"].as_array()[1]["processInstanceKey"].as_string();
  page = ask(R"({"page": {"limit": 2, "after": ")" + (*page)["page"]["endCursor"].as_string() + "\"}}");
  ASSERT_TRUE(page);
  ASSERT_EQ((*page)["items"].size(), 2u);
  EXPECT_LT((*page)["items"].as_array()[0]["processInstanceKey"].as_string(), second);
}

TEST(Runtime, LongPollIsAnsweredByTheJobThatComes) {
  Folder folder;
  auto engine = open(options(folder));
  ASSERT_TRUE(deploy(*engine, one_task()));
  auto waiting = std::async(std::launch::async, [&] { return activate(*engine, 1, 60'000); });
  const Key instance = create(*engine);
  const auto jobs = waiting.get();
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].instance, instance);
  EXPECT_TRUE(activate(*engine, 1, 20).empty()) << "ends empty when its time is up";
}

TEST(Runtime, RecoversFromCheckpointAndJournal) {
  Folder folder;
  std::string before;
  Key waiting = 0;
  {
    auto engine = open(options(folder));
    ASSERT_TRUE(deploy(*engine, one_task()));
    for (int i = 0; i < 20; ++i) create(*engine, R"({"i": )" + std::to_string(i) + "}");
    ASSERT_TRUE(engine->checkpoint());
    for (const auto& job : activate(*engine, 10)) ASSERT_TRUE(engine->call(command(CompleteJob{job.job, Json::object()})));
    waiting = create(*engine, R"({"last": true})", "once");
    before = engine->dump();
    EXPECT_EQ(*engine->replayed_dump(), before) << "invariant 3";
  }
  auto engine = open(options(folder));
  EXPECT_EQ(engine->dump(), before);
  EXPECT_EQ(create(*engine, R"({"last": true})", "once"), waiting) << "invariant 6 holds over a restart";
  EXPECT_EQ(search(*engine, "process-instances", R"({"state": "COMPLETED"})").size(), 10u);
  EXPECT_EQ(search(*engine, "process-instances", R"({"state": "ACTIVE"})").size(), 11u);
}

TEST(Runtime, ASecondProcessIsToldThatTheFolderIsOpen) {
  Folder folder;
  auto engine = open(options(folder));
  const auto second = Engine::open(options(folder));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::conflict);
}

TEST(Runtime, TheProjectionIsMadeAgainWhenItIsGone) {
  Folder folder;
  Key instance = 0;
  Json before;
  {
    auto engine = open(options(folder));
    ASSERT_TRUE(deploy(*engine, one_task()));
    instance = create(*engine, R"({"n": 1})");
    before = search(*engine, "process-instances");
  }
  for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(folder.data() + "/projection.db" + tail);
  auto engine = open(options(folder));
  EXPECT_EQ(search(*engine, "process-instances"), before);
  EXPECT_EQ(search(*engine, "variables", R"({"processInstanceKey": ")" + std::to_string(instance) + "\"}").size(), 1u);
}

TEST(Runtime, AUserTaskShowsItsReasonAndKeepsIt) {
  Folder folder;
  std::vector<std::string> notes;  // before the engine: its last notes come while it stops
  std::mutex mutex;
  std::condition_variable noted;
  auto engine = open(options(folder));
  ASSERT_TRUE(deploy(*engine, user_task()));
  const int listener = engine->read().subscribe(kAuthority, [&](const Json& note) {
    const std::lock_guard lock(mutex);
    notes.push_back(note["kind"].as_string() + " " + note["state"].as_string());
    noted.notify_all();
  });
  const Key instance = create(*engine, R"({"navn": "Ane"})");
  Json tasks = search(*engine, "user-tasks", R"({"state": "CREATED"})");
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks.as_array()[0]["localVariables"]["begrundelse"].as_string(), "Fordi Ane");
  EXPECT_EQ(tasks.as_array()[0]["name"].as_string(), "Se her");
  const Key task = std::stoll(tasks.as_array()[0]["userTaskKey"].as_string());
  const auto visible = search(*engine, "variables", R"({"userTaskKey": ")" + std::to_string(task) + "\"}");
  EXPECT_EQ(visible.size(), 2u);
  ASSERT_TRUE(engine->call(command(AssignTask{task, "mette", true})));
  CompleteTask done{task, *base::parse_json(R"({"afgoerelse": "ja"})"), "godkend"};
  ASSERT_TRUE(engine->call(command(done)));
  tasks = search(*engine, "user-tasks", R"({"assignee": "mette"})");
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks.as_array()[0]["state"].as_string(), "COMPLETED");
  EXPECT_EQ(tasks.as_array()[0]["localVariables"]["begrundelse"].as_string(), "Fordi Ane");
  EXPECT_EQ((*engine->read().per_day(kAuthority, 1, "p")).as_array()[0]["withUserTask"].as_int(), 1);
  EXPECT_EQ(search(*engine, "variables", R"({"name": "afgoerelse", "processInstanceKey": ")" + std::to_string(instance) + "\"}").size(), 1u);
  // Notes follow the transaction that readers already see.
  const auto has = [&](const char* note) { return std::find(notes.begin(), notes.end(), note) != notes.end(); };
  {
    std::unique_lock lock(mutex);
    noted.wait(lock, [&] { return has("task CREATED") && has("task COMPLETED") && has("instance COMPLETED"); });
  }
  engine->read().unsubscribe(listener);
}

TEST(Runtime, IncidentsAreShownAndResolved) {
  Folder folder;
  auto engine = open(options(folder));
  ASSERT_TRUE(deploy(*engine, one_task()));
  const Key instance = create(*engine);
  FailJob failed;
  failed.job = activate(*engine).at(0).job;
  failed.message = "Forkert svar";
  ASSERT_TRUE(engine->call(command(failed)));
  const Json incidents = search(*engine, "incidents", R"({"state": "ACTIVE"})");
  ASSERT_EQ(incidents.size(), 1u);
  EXPECT_EQ(incidents.as_array()[0]["errorMessage"].as_string(), "Forkert svar");
  EXPECT_EQ(search(*engine, "process-instances", R"({"hasIncident": true})").size(), 1u);
  EXPECT_EQ((*engine->read().element_counts(instance, kAuthority))["t"]["incidents"].as_int(), 1);
  UpdateJob update;
  update.job = failed.job;
  update.retries = 1;
  ASSERT_TRUE(engine->call(command(update)));
  ASSERT_TRUE(engine->call(command(ResolveIncident{std::stoll(incidents.as_array()[0]["incidentKey"].as_string())})));
  EXPECT_EQ(search(*engine, "process-instances", R"({"hasIncident": true})").size(), 0u);
  ASSERT_EQ(activate(*engine).size(), 1u);
}

// Invariant 8, on every file of the data folder, for running and finished instances, also after an older backup is back.
TEST(Runtime, WhatIsForgottenIsInNoFile) {
  Folder folder;
  const std::string cpr = "0101011234";
  Key done = 0, running = 0;
  std::string saved;
  {
    auto engine = open(options(folder));
    base::SystemStorage disk;
    auto effects = Effects::open(disk, folder.data());
    ASSERT_TRUE(effects);
    ASSERT_TRUE(deploy(*engine, user_task()));
    done = create(*engine, R"({"navn": ")" + cpr + "\"}");
    const Json tasks = search(*engine, "user-tasks");
    ASSERT_TRUE(engine->call(command(CompleteTask{std::stoll(tasks.as_array()[0]["userTaskKey"].as_string()), Json::object(), ""})));
    running = create(*engine, R"({"navn": ")" + cpr + "\"}");
    ASSERT_TRUE(engine->checkpoint());
    auto report = backup(*engine, **effects, folder.data(), folder.backups(), {}, {});
    ASSERT_TRUE(report) << report.error().text();
    saved = report->folder;
    for (const Key instance : {done, running}) {
      const auto forgotten = engine->call(command(ForgetInstance{instance}));
      ASSERT_TRUE(forgotten) << forgotten.error().text();
      EXPECT_FALSE(engine->read().get("process-instances", instance, kAuthority, engine->read().acknowledged()));
      EXPECT_FALSE(engine->call(command(ForgetInstance{instance}))) << "only once";
    }
    EXPECT_FALSE(folder.has(cpr, folder.data()));
    EXPECT_EQ(search(*engine, "user-tasks").size(), 0u);
    EXPECT_EQ(*engine->replayed_dump(), engine->dump()) << "replay still works";
  }
  for (int round = 0; round < 2; ++round) {
    auto engine = open(options(folder));  // recovery over the forgotten payloads
    ASSERT_TRUE(engine);
    EXPECT_FALSE(folder.has(cpr, folder.data()));
  }
  base::SystemStorage disk;
  const auto restored = restore(disk, saved, folder.data());
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_EQ(restored->forgotten_again, 2u);
  auto engine = open(options(folder));
  ASSERT_TRUE(engine);
  for (const Key instance : {done, running}) {
    const auto variables = search(*engine, "variables", R"({"processInstanceKey": ")" + std::to_string(instance) + "\"}");
    EXPECT_EQ(variables.dump().find(cpr), std::string::npos);
  }
  EXPECT_FALSE(folder.has(cpr, folder.data()));
  EXPECT_FALSE(folder.has(cpr, folder.backups()));
}

TEST(Runtime, RestoreStartsATimelineWhoseKeysNeverRepeat) {
  Folder folder;
  base::SystemStorage disk;
  std::set<Key> issued;
  std::string saved;
  std::uint64_t position = 0;
  {
    auto engine = open(options(folder));
    auto effects = Effects::open(disk, folder.data());
    ASSERT_TRUE(effects);
    ASSERT_TRUE(deploy(*engine, one_task()));
    for (int i = 0; i < 5; ++i) issued.insert(create(*engine));
    ASSERT_TRUE((*effects)->append({kAuthority, "payment", "before", "1 kr.", *issued.begin(), 1, 0}));
    auto report = backup(*engine, **effects, folder.data(), folder.backups(), {}, {});
    ASSERT_TRUE(report) << report.error().text();
    saved = report->folder;
    position = report->position;
    for (int i = 0; i < 5; ++i) issued.insert(create(*engine));
    ASSERT_TRUE((*effects)->append({kAuthority, "payment", "behind", "2 kr.", *issued.rbegin(), engine->read().acknowledged(), 0}));
    ASSERT_TRUE(engine->call(command(ForgetInstance{*issued.rbegin()})));
    EXPECT_FALSE(restore(disk, saved, folder.data())) << "not while the engine has the folder";
  }
  const auto report = restore(disk, folder.backups(), folder.data());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->timeline, 1);
  EXPECT_EQ(report->position, position);
  ASSERT_EQ(report->quarantined.size(), 1u);
  EXPECT_EQ(report->quarantined[0].idempotency_key, "behind");
  {
    auto engine = open(options(folder));
    ASSERT_TRUE(engine);
    EXPECT_EQ(search(*engine, "process-instances").size(), 5u);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(issued.insert(create(*engine, R"({"x": 1})")).second) << "a key came twice";
    EXPECT_EQ(*engine->replayed_dump(), engine->dump());
  }
  EXPECT_EQ(quarantined(disk, folder.data())->size(), 1u);
  EXPECT_FALSE(settle_quarantined(disk, folder.data(), "payment", "unknown"));
  ASSERT_TRUE(settle_quarantined(disk, folder.data(), "payment", "behind"));
  EXPECT_EQ(quarantined(disk, folder.data())->size(), 0u);
  // A backup with a changed byte is refused before the house is touched.
  {
    std::fstream file(saved + "/master.key", std::ios::in | std::ios::out | std::ios::binary);
    file.put('\x01');
  }
  EXPECT_EQ(restore(disk, saved, folder.data()).error().code, base::ErrorCode::data_damaged);
  EXPECT_TRUE(open(options(folder)));
}

// ---- simulated disks ---------------------------------------------------------------------------------------------------

Options simulated(base::SimStorage& disk, base::VirtualClock& clock, base::SeededRandom& random) {
  Options out;
  out.folder = "data";
  out.projector = false;
  out.segment_bytes = 8192;
  out.checkpoint_every_ms = 300;
  out.clock = &clock;
  out.random = &random;
  out.storage = &disk;
  out.manual = true;
  return out;
}

struct Acknowledged {
  std::set<Key> created, completed;
  Key doubtful = 0;  // its completion was under way when the disk failed: done or not, both are right
  bool deployed = false;
};

// Creates and completes instances until something fails; notes what was answered.
void work(Engine& engine, base::VirtualClock& clock, Acknowledged& done, int rounds) {
  if (!done.deployed) done.deployed = engine.call(command(Deploy{{{"p.bpmn", one_task()}}, false, false})).has_value();
  if (!done.deployed) return;
  for (int i = 0; i < rounds; ++i) {
    clock.advance(50);
    CreateInstance body;
    body.process_id = "p";
    body.variables = *base::parse_json(R"({"text": "plain secret text"})");
    const auto created = engine.call(command(body));
    if (!created) return;
    done.created.insert(created->key);
    if (i % 2 == 0) continue;
    ActivateJobs ask;
    ask.type = "work";
    ask.worker = "w";
    ask.max = 1;
    ask.timeout_ms = 10;
    const auto jobs = engine.call(command(ask));
    if (!jobs) return;
    if (jobs->jobs.empty()) continue;
    done.doubtful = jobs->jobs[0].instance;
    if (!engine.call(command(CompleteJob{jobs->jobs[0].job, Json::object()}))) return;
    done.completed.insert(jobs->jobs[0].instance);
  }
}

void check(Engine& engine, const Acknowledged& done, const std::string& where) {
  const std::string dump = engine.dump();
  std::size_t active = 0;
  for (const Key key : done.created) {
    if (done.completed.contains(key)) continue;
    if (key == done.doubtful && dump.find("instance " + std::to_string(key) + " ") == std::string::npos) continue;
    ++active;
    ASSERT_NE(dump.find(std::to_string(key)), std::string::npos) << where << ": instance " << key << " was acknowledged and is gone";
  }
  for (const Key key : done.completed) {
    ASSERT_EQ(dump.find("instance " + std::to_string(key) + " "), std::string::npos) << where << ": " << key << " is completed";
  }
  // At most the one command that was under way may be there without its answer.
  ASSERT_LE(engine.metrics().instances_active, active + 1) << where;
  ASSERT_GE(engine.metrics().instances_active + 1, active) << where;
  const auto replayed = engine.replayed_dump();
  ASSERT_TRUE(replayed) << where << ": " << replayed.error().text();
  ASSERT_EQ(*replayed, dump) << where;
}

TEST(RuntimeSim, EveryCrashPointRecoversWhatWasAcknowledged) {
  for (std::uint64_t crash = 1;; ++crash) {
    base::SimStorage disk(crash * 31);
    base::VirtualClock clock(1'700'000'000'000);
    base::SeededRandom random(crash);
    Acknowledged done;
    disk.set_faults({.crash_at = crash});
    bool crashed = false;
    {
      auto engine = Engine::open(simulated(disk, clock, random));
      if (engine) work(**engine, clock, done, 15);
      crashed = disk.crashed();
      if (!crashed) break;
    }
    disk.restart();
    const std::string where = "crash at operation " + std::to_string(crash);
    for (int life = 0; life < 2; ++life) {
      auto engine = Engine::open(simulated(disk, clock, random));
      ASSERT_TRUE(engine) << where << ": " << engine.error().text();
      check(**engine, done, where);
      if (::testing::Test::HasFatalFailure()) return;
      work(**engine, clock, done, 3);
      check(**engine, done, where + ", after going on");
      if (::testing::Test::HasFatalFailure()) return;
    }
    EXPECT_EQ(disk.dump().find("plain secret text"), std::string::npos) << where;
  }
}

TEST(RuntimeSim, AFailureOfAnyOperationStopsOrIsSurvived) {
  for (const bool keep_failing : {false, true}) {
    for (std::uint64_t fail = 1;; ++fail) {
      base::SimStorage disk(fail * 17);
      base::VirtualClock clock(1'700'000'000'000);
      base::SeededRandom random(fail);
      Acknowledged done;
      disk.set_faults({.fail_at = fail, .keep_failing = keep_failing});
      {
        auto engine = Engine::open(simulated(disk, clock, random));
        if (engine) work(**engine, clock, done, 15);
        if (disk.operations() < fail) break;
      }
      disk.set_faults({});
      const std::string where = "failure of operation " + std::to_string(fail);
      auto engine = Engine::open(simulated(disk, clock, random));
      ASSERT_TRUE(engine) << where << ": " << engine.error().text();
      check(**engine, done, where);
      if (::testing::Test::HasFatalFailure()) return;
      *engine = nullptr;
      disk.restart();  // what recovery showed is on the disk
      engine = Engine::open(simulated(disk, clock, random));
      ASSERT_TRUE(engine) << where << ": " << engine.error().text();
      check(**engine, done, where);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(RuntimeSim, AFailedSyncStopsItForGood) {
  base::SimStorage disk(5);
  base::VirtualClock clock(1'700'000'000'000);
  base::SeededRandom random(5);
  auto engine = Engine::open(simulated(disk, clock, random));
  ASSERT_TRUE(engine);
  ASSERT_TRUE(deploy(**engine, one_task()));
  disk.set_faults({.fail_at = 2});  // write, then sync
  CreateInstance body;
  body.process_id = "p";
  std::optional<base::Result<Answer>> refused;
  (*engine)->submit(command(body), [&](base::Result<Answer> answer) { refused = std::move(answer); });
  (void)(*engine)->pump();  // it says that it has stopped; what the client was told is what counts here
  ASSERT_TRUE(refused.has_value());
  ASSERT_FALSE(*refused) << "an answer left before its events were synced";
  EXPECT_EQ(refused->error().code, base::ErrorCode::io_failed);
  disk.set_faults({});
  const auto again = (*engine)->call(command(body));
  ASSERT_FALSE(again) << "a failed sync must end it, also when the disk is well again";
  EXPECT_EQ(again.error().code, base::ErrorCode::io_failed);
}

// ---- files of formats that are for ever ----------------------------------------------------------------------------

// The golden segment was written by release 0.1; it must be read by every later one.
TEST(JournalGolden, Format1IsReadAndWrittenAsItAlwaysWas) {
  const std::string path = "tests/golden/journal/format-1.seg";
  std::string bytes = journal::encode_head({3, 41, 2});
  journal::append_frame(bytes, 3, {.offset = 64, .first_position = 41, .durable = 64, .count = 2, .payload = "first batch"});
  const std::uint64_t second = bytes.size();
  journal::append_frame(bytes, 3, {.offset = second, .first_position = 43, .durable = second, .count = 1, .payload = "second"});
  if (std::getenv("SAGSGANG_WRITE_GOLDEN") != nullptr) {
    std::filesystem::create_directories("tests/golden/journal");
    std::ofstream(path, std::ios::binary) << bytes;
  }
  const auto golden = base::read_file(path, 1u << 20);
  ASSERT_TRUE(golden) << golden.error().text();
  EXPECT_EQ(*golden, bytes);
  const auto head = journal::decode_head(*golden);
  ASSERT_TRUE(head);
  std::string seen;
  const auto extent = journal::scan(*golden, *head, false, path, [&](const journal::Frame& frame) -> base::Status {
    seen += std::to_string(frame.last_position()) + ":" + std::string(frame.payload) + ";";
    return {};
  });
  ASSERT_TRUE(extent) << extent.error().text();
  EXPECT_EQ(seen, "42:first batch;43:second;");
}

}  // namespace
}  // namespace engine
