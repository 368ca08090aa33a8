// The engine with next to nothing of its variables in memory: parked commands, a crash while things are evicted, a restart.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "base/storage_sim.h"
#include "engine/engine.h"
#include "engine/testing.h"

namespace engine::testing {
namespace {

Command command(decltype(Command::body) body) {
  Command out;
  out.authority = "29189846";
  out.actor = "test";
  out.body = std::move(body);
  return out;
}
base::Result<Answer> create(Engine& engine, int number) {
  CreateInstance body;
  body.process_id = "p";
  body.variables = base::Json::object();
  body.variables.set("navn", std::to_string(number) + std::string(200, 'n'));
  return engine.call(command(std::move(body)));
}
std::vector<ActivatedJob> activate(Engine& engine, int max) {
  ActivateJobs body;
  body.type = "t";
  body.worker = "w";
  body.max = max;
  auto answer = engine.call(command(std::move(body)));
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
  return answer ? std::move(answer->jobs) : std::vector<ActivatedJob>{};
}
std::string number_of(const ActivatedJob& job) {
  const auto variables = base::unpack(job.variables);
  const std::string text = variables ? (*variables)["navn"].string_or("") : "";
  EXPECT_EQ(text.size(), text.find('n') + 200) << "the whole of it";
  return text.substr(0, text.find('n'));
}

class Eviction : public ::testing::Test {
 protected:
  std::string folder = ::testing::TempDir() + "sagsgang-eviction";
  void SetUp() override { std::filesystem::remove_all(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }
};

TEST_F(Eviction, CommandsParkUntilTheirVariablesAreThereWhileOthersGoOn) {
  Options options;
  options.folder = folder;
  options.projector = false;
  options.resident_payload_bytes = 1'000;
  constexpr int kInstances = 600;
  {
    auto opened = Engine::open(options);
    ASSERT_TRUE(opened) << opened.error().text();
    Engine& engine = **opened;
    ASSERT_TRUE(engine.call(command(Deploy{{{"p.bpmn", one_task()}}})));
    for (int i = 0; i < kInstances; ++i) ASSERT_TRUE(create(engine, i));
    while (engine.metrics().payload_bytes > 1'000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_GT(engine.metrics().payloads_evicted, 0u);
    std::set<std::string> seen;
    std::vector<std::future<base::Result<Answer>>> done;
    for (int round = 0; round < 10; ++round)
      for (const auto& job : activate(engine, kInstances / 20)) {
        EXPECT_TRUE(seen.insert(number_of(job)).second) << "each job once";
        auto promise = std::make_shared<std::promise<base::Result<Answer>>>();
        done.push_back(promise->get_future());
        engine.submit(command(CompleteJob{job.job, *base::parse_json(R"({"svar": true})")}), [promise](base::Result<Answer> answer) { promise->set_value(std::move(answer)); });
      }
    EXPECT_EQ(seen.size(), kInstances / 2u);
    for (auto& one : done) {
      const auto answer = one.get();
      EXPECT_TRUE(answer) << answer.error().text();
    }
    ASSERT_TRUE(engine.checkpoint());
    const auto again = engine.replayed_dump();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(engine.dump(), *again);
  }
  // The next process knows nothing of what was evicted, and has it all.
  auto opened = Engine::open(options);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ((*opened)->metrics().instances_active, kInstances / 2u);
  std::set<std::string> seen;
  while (true) {
    const auto jobs = activate(**opened, 100);
    if (jobs.empty()) break;
    for (const auto& job : jobs) EXPECT_TRUE(seen.insert(number_of(job)).second);
  }
  EXPECT_EQ(seen.size(), kInstances / 2u);
}

// The power goes at any write, evictions included: what was acknowledged is there, with its variables.
TEST_F(Eviction, ACrashWhileThingsAreEvictedLosesNothing) {
  for (std::uint64_t crash_at = 3; crash_at < 160; crash_at += 7) {
    base::SimStorage disk(crash_at);
    base::VirtualClock clock(1'767'225'600'000);
    Options options;
    options.folder = "/data";
    options.storage = &disk;
    options.clock = &clock;
    options.manual = true;
    options.projector = false;
    options.resident_payload_bytes = 600;
    std::set<std::string> acknowledged;
    {
      auto opened = Engine::open(options);
      ASSERT_TRUE(opened) << opened.error().text();
      ASSERT_TRUE((*opened)->call(command(Deploy{{{"p.bpmn", one_task()}}})));
      disk.set_faults({.crash_at = crash_at});
      for (int i = 0; i < 60 && !disk.crashed(); ++i) {
        if (const auto answer = create(**opened, i)) acknowledged.insert(std::to_string(i));
        if (i % 20 == 19) std::ignore = (*opened)->checkpoint();
      }
    }
    disk.restart();
    auto opened = Engine::open(options);
    ASSERT_TRUE(opened) << opened.error().text();
    std::set<std::string> found;
    for (const auto& job : activate(**opened, 1'000)) found.insert(number_of(job));
    for (const auto& one : acknowledged) EXPECT_TRUE(found.contains(one)) << one << " after a crash at write " << crash_at;
    const auto again = (*opened)->replayed_dump();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ((*opened)->dump(), *again);
  }
}

}  // namespace
}  // namespace engine::testing
