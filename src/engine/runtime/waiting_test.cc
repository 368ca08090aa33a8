// What waits and what goes by itself: answers that wait for an end, parked polls that share, retention on a virtual clock.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 says so of variants in test fixtures
#include <algorithm>
#include <filesystem>
#include <future>
#include <optional>

#include "engine/query.h"
#include "engine/testing.h"

namespace engine::testing {
namespace {

using base::Json;
constexpr base::Millis kDay = 24ll * 3600 * 1000;

class Waiting : public ::testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/sagsgang-waiting-XXXXXX";
    folder_ = ::mkdtemp(path);
    open();
  }
  void TearDown() override {
    engine.reset();
    std::filesystem::remove_all(folder_);
  }
  void open(bool manual = true) {
    engine.reset();
    Options options;
    options.folder = folder_ + "/data";
    options.sync = false;
    options.manual = manual;
    if (manual) options.clock = &clock;
    auto opened = Engine::open(std::move(options));
    ASSERT_TRUE(opened) << opened.error().text();
    engine = std::move(*opened);
  }
  static Command command(decltype(Command::body) body) { return {"11111111", "mette", {}, std::move(body)}; }
  base::Result<Answer> call(decltype(Command::body) body) { return engine->call(command(std::move(body))); }
  void deploy(const std::string& xml) {
    auto answer = call(Deploy{{{"p.bpmn", xml}}});
    ASSERT_TRUE(answer) << answer.error().text();
  }
  Key start(const std::string& process = "p") {
    auto answer = call(CreateInstance{process});
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
    return answer ? answer->key : 0;
  }
  // Submitted, not waited for.
  std::shared_ptr<std::optional<base::Result<Answer>>> ask(decltype(Command::body) body) {
    auto out = std::make_shared<std::optional<base::Result<Answer>>>();
    engine->submit(command(std::move(body)), [out](base::Result<Answer> answer) { *out = std::move(answer); });
    EXPECT_TRUE(engine->pump());
    return out;
  }
  Json search(std::string_view kind, const Json& filter = Json::object()) {
    auto found = engine->read().search(kind, Json::Object{{"filter", filter}}, "11111111", engine->read().acknowledged());
    EXPECT_TRUE(found) << (found ? "" : found.error().text());
    return found ? (*found)["items"] : Json::array();
  }
  Key task() { return std::atoll(search("user-tasks").as_array()[0]["userTaskKey"].as_string().c_str()); }

  std::string folder_;
  base::VirtualClock clock{1'767'225'600'000};
  std::unique_ptr<Engine> engine;
};

CreateInstance awaited(base::Millis timeout) {
  CreateInstance create{"p"};
  create.variables = json(R"({"n": 1})");
  create.await = true;
  create.request_timeout_ms = timeout;
  return create;
}

TEST_F(Waiting, ACreationAnswersWhenItsInstanceHasEnded) {
  deploy(one_task());
  auto answer = ask(awaited(60'000));
  EXPECT_FALSE(answer->has_value()) << "it has not ended";
  auto jobs = call(ActivateJobs{"t", "w"});
  ASSERT_EQ(jobs->jobs.size(), 1u);
  ASSERT_TRUE(call(CompleteJob{jobs->jobs[0].job, json(R"({"r": 2})")}));
  ASSERT_TRUE(answer->has_value());
  ASSERT_TRUE(**answer) << (**answer).error().text();
  EXPECT_EQ(base::unpack((**answer)->variables)->dump(), R"({"n":1,"r":2})");
  EXPECT_EQ((**answer)->body["processDefinitionId"].as_string(), "p");
  EXPECT_GE((**answer)->position, jobs->position);
}

TEST_F(Waiting, ItAnswers504AfterItsTimeAndGoesOn) {
  deploy(one_task());
  auto answer = ask(awaited(5'000));
  clock.advance(4'999);
  ASSERT_TRUE(engine->pump());
  EXPECT_FALSE(answer->has_value());
  EXPECT_EQ(engine->next_due(), clock.now() + 1);
  clock.advance(1);
  ASSERT_TRUE(engine->pump());
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((**answer).error().code, base::ErrorCode::timed_out);
  EXPECT_EQ(engine->metrics().instances_active, 1u);
}

TEST_F(Waiting, ACanceledInstanceIsAConflict) {
  deploy(one_task());
  auto answer = ask(awaited(5'000));
  const Key instance = std::atoll(search("process-instances").as_array()[0]["processInstanceKey"].as_string().c_str());
  ASSERT_TRUE(call(CancelInstance{instance}));
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((**answer).error().code, base::ErrorCode::conflict);
}

TEST_F(Waiting, AChangeOfATaskAnswersWhenItsListenersAreThrough) {
  deploy(model("<startEvent id=\"s\"/><userTask id=\"u\">" + ext("<zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType=\"completing\" type=\"check\"/></zeebe:taskListeners>") +
               "</userTask><endEvent id=\"e\"/>" + chain({"s", "u", "e"})));
  start();
  CompleteTask complete{task()};
  complete.wait_ms = 5'000;
  const auto listen = [&](const std::string& result) {
    auto jobs = call(ActivateJobs{"check", "w"});
    ASSERT_EQ(jobs->jobs.size(), 1u);
    ASSERT_TRUE(call(CompleteJob{jobs->jobs[0].job, Json::object(), json(result)}));
  };
  auto answer = ask(complete);
  EXPECT_FALSE(answer->has_value());
  EXPECT_EQ(search("user-tasks").as_array()[0]["state"].as_string(), "COMPLETING");
  EXPECT_EQ(search("jobs").as_array()[0]["kind"].as_string(), "TASK_LISTENER");
  EXPECT_EQ(search("jobs").as_array()[0]["listenerEventType"].as_string(), "COMPLETING");
  listen(R"({"denied": true, "deniedReason": "bilag mangler"})");
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((**answer).error().code, base::ErrorCode::conflict);
  EXPECT_EQ((**answer).error().message, "bilag mangler");
  EXPECT_EQ(search("user-tasks").as_array()[0]["state"].as_string(), "CREATED");
  EXPECT_EQ(search("jobs").size(), 0u);
  auto late = ask(complete);
  clock.advance(5'000);
  ASSERT_TRUE(engine->pump());
  ASSERT_TRUE(late->has_value());
  EXPECT_EQ((**late).error().code, base::ErrorCode::timed_out);
  listen("{}");
  EXPECT_EQ(search("user-tasks").as_array()[0]["state"].as_string(), "COMPLETED");
  EXPECT_EQ(search("process-instances").as_array()[0]["state"].as_string(), "COMPLETED");
}

TEST_F(Waiting, ParkedPollsShareWhatComes) {
  deploy(one_task());
  std::vector<std::shared_ptr<std::optional<base::Result<Answer>>>> polls;
  for (int i = 0; i < 3; ++i) polls.push_back(ask(ActivateJobs{"t", "w" + std::to_string(i), 60'000, 100, 60'000}));
  for (int i = 0; i < 7; ++i) engine->submit(command(CreateInstance{"p"}), [](const base::Result<Answer>&) {});
  ASSERT_TRUE(engine->pump());
  std::vector<std::size_t> got;
  for (const auto& poll : polls) {
    ASSERT_TRUE(poll->has_value()) << "nobody goes away empty while there is enough";
    got.push_back((**poll)->jobs.size());
  }
  EXPECT_EQ(got, (std::vector<std::size_t>{3, 2, 2}));
}

TEST_F(Waiting, WhoWaitsLongerIsServedBeforeWhoComes) {
  deploy(one_task());
  start();
  auto jobs = call(ActivateJobs{"t", "w"});
  ASSERT_EQ(jobs->jobs.size(), 1u);
  auto first = ask(ActivateJobs{"t", "first", 60'000, 1, 60'000});
  engine->submit(command(FailJob{jobs->jobs[0].job, 3}), [](const base::Result<Answer>&) {});  // the job is there again, in the same turn
  auto second = ask(ActivateJobs{"t", "second", 60'000, 1, 60'000});
  ASSERT_TRUE(first->has_value());
  EXPECT_EQ((**first)->jobs.size(), 1u);
  EXPECT_FALSE(second->has_value());
}

// ---- retention -----------------------------------------------------------------------------------------------------------

TEST_F(Waiting, FinishedInstancesAreForgottenWhenTheirPeriodIsOver) {
  std::vector<std::string> told;
  engine->on_forgotten([&](const std::string& authority, Key instance) { told.push_back(authority + " " + std::to_string(instance)); });
  deploy(model("<startEvent id=\"s\"/><endEvent id=\"e\"/>" + chain({"s", "e"})));
  ASSERT_TRUE(call(Deploy{{{"q.bpmn", model("<startEvent id=\"s\"/><endEvent id=\"e\"/>" + chain({"s", "e"}), "", "q")}}}));
  ASSERT_TRUE(call(Deploy{{{"r.bpmn", model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}), "", "r")}}}));
  ASSERT_TRUE(call(SetRetention{"", "P30D"}));
  ASSERT_TRUE(call(SetRetention{"q", "P1Y"}));
  std::vector<Key> mine, theirs;
  for (int i = 0; i < 600; ++i) mine.push_back(start());  // more than one bounded step takes
  theirs.push_back(start("q"));
  const Key active = start("r");
  auto slot = call(CreateInstance{"p"})->key_slot;
  clock.advance(29 * kDay);
  ASSERT_TRUE(engine->pump());
  EXPECT_EQ(search("process-instances", Json::Object{{"processDefinitionId", "p"}}).size(), 100u) << "a page of them";
  EXPECT_FALSE(engine->keys().destroyed(slot));
  clock.advance(1 * kDay);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(engine->pump());
  EXPECT_EQ(search("process-instances", Json::Object{{"processDefinitionId", "p"}}).size(), 0u);
  EXPECT_TRUE(engine->keys().destroyed(slot)) << "with their keys";
  EXPECT_EQ(told.size(), 601u);
  EXPECT_EQ(told[0], "11111111 " + std::to_string(mine[0])) << "the oldest first";
  EXPECT_EQ(search("process-instances").size(), 2u);
  const Json kept = search("retention");
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept.as_array()[0]["setBy"].as_string(), "mette") << "who said it, and when";
  clock.advance(335 * kDay);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(engine->pump());
  EXPECT_EQ(search("process-instances", Json::Object{{"processDefinitionId", "q"}}).size(), 0u);
  EXPECT_EQ(search("process-instances").as_array()[0]["processInstanceKey"].as_string(), std::to_string(active)) << "what runs is not touched";
  open();
  EXPECT_EQ(search("process-instances").size(), 1u) << "also after a restart";
  EXPECT_EQ(search("retention").size(), 2u);
}

TEST_F(Waiting, WithoutAPeriodNothingGoes) {
  deploy(model("<startEvent id=\"s\"/><endEvent id=\"e\"/>" + chain({"s", "e"})));
  start();
  clock.advance(20 * 366 * kDay);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(engine->pump());
  EXPECT_EQ(search("process-instances").size(), 1u);
}

// ---- deletion in the projection ------------------------------------------------------------------------------------------

TEST_F(Waiting, ADeletedDefinitionLeavesTheSearchesAndHistoryKeepsItsName) {
  deploy(model("<startEvent id=\"s\"/><endEvent id=\"e\"/>" + chain({"s", "e"})));
  const Key instance = start();
  const Key key = std::atoll(search("process-definitions").as_array()[0]["processDefinitionKey"].as_string().c_str());
  ASSERT_TRUE(call(DeleteResource{key}));
  const auto check = [&] {
    EXPECT_EQ(search("process-definitions").size(), 0u);
    EXPECT_FALSE(engine->read().get("process-definitions", key, "11111111", engine->read().acknowledged()));
    const Json rows = search("process-instances");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows.as_array()[0]["processDefinitionId"].as_string(), "p");
    EXPECT_EQ(search("element-instances", Json::Object{{"processInstanceKey", std::to_string(instance)}}).size(), 3u);
  };
  check();
  for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(folder_ + "/data/projection.db" + tail);
  open();
  check();
  EXPECT_EQ(*engine->replayed_dump(), engine->dump());
}

// Invariant 7: thousands of commands about one instance do not hold up who comes behind them with another.
TEST_F(Waiting, WhoComesBehindACrowdOfOneInstanceIsServedWithItsFirst) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection=\"=list\" inputElement=\"n\"/></extensionElements></multiInstanceLoopCharacteristics>") +
               "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  CreateInstance create{"p"};
  Json list = Json::array();
  for (int i = 0; i < 1'000; ++i) list.push(Json(static_cast<std::int64_t>(i)));
  create.variables = Json(Json::Object{{"list", list}});
  ASSERT_TRUE(call(create));
  create.variables = json(R"({"list": [1]})");
  const auto other = call(create);
  ASSERT_TRUE(other);
  std::vector<ActivatedJob> jobs;
  for (auto more = call(ActivateJobs{"t", "w", 60'000, 1'000, 0}); more && !more->jobs.empty(); more = call(ActivateJobs{"t", "w", 60'000, 1'000, 0}))
    jobs.insert(jobs.end(), more->jobs.begin(), more->jobs.end());
  ASSERT_EQ(jobs.size(), 1'001u);
  std::stable_partition(jobs.begin(), jobs.end(), [&](const ActivatedJob& one) { return one.instance != other->key; });  // the other's comes last
  std::vector<Key> answered;
  for (const ActivatedJob& one : jobs)
    engine->submit(command(CompleteJob{one.job}), [&answered, key = one.job](const base::Result<Answer>& answer) {
      EXPECT_TRUE(answer);
      answered.push_back(key);
    });
  ASSERT_TRUE(engine->pump());
  ASSERT_EQ(answered.size(), jobs.size());
  const auto place = std::find(answered.begin(), answered.end(), jobs.back().job) - answered.begin();
  EXPECT_LT(place, 100) << "of 1,001; the crowd's share of a turn is 64";
  answered.erase(answered.begin() + place);
  for (std::size_t i = 0; i < answered.size(); ++i) ASSERT_EQ(answered[i], jobs[i].job) << "those of one instance stay in order";
}

}  // namespace
}  // namespace engine::testing
