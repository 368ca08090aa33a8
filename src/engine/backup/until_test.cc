// Restore to a point in time: at every moment of a history, from the backup alone and with the journal that went on after it.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 says so of variants in test fixtures
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "engine/backup/backup.h"
#include "engine/backup/copy.h"
#include "engine/engine.h"
#include "engine/query.h"
#include "engine/testing.h"

namespace engine {
namespace {

constexpr base::Millis kStart = 1'700'000'000'000, kStep = 1'000;
constexpr int kSteps = 40, kBackupAfter = 25;
const std::string kAuthority = "29189846";

Command command(decltype(Command::body) body) {
  Command out;
  out.authority = kAuthority;
  out.actor = "test";
  out.body = std::move(body);
  return out;
}

// The disk, until it is asked to fail from its `fails_at`th changing operation on.
class Failing final : public base::Storage {
 public:
  explicit Failing(std::uint64_t fails_at) : fails_at_(fails_at) {}
  bool failed() const { return failed_; }
  base::Result<std::unique_ptr<base::File>> open(const std::string& path, Open how) override {
    if (how != Open::read && fails()) return std::unexpected(error());
    return disk_.open(path, how);
  }
  base::Result<std::vector<std::string>> list(const std::string& folder) override { return disk_.list(folder); }
  base::Status make_folder(const std::string& path) override { return fails() ? std::unexpected(error()) : disk_.make_folder(path); }
  base::Status rename(const std::string& from, const std::string& to) override { return fails() ? std::unexpected(error()) : disk_.rename(from, to); }
  base::Status remove(const std::string& path) override { return fails() ? std::unexpected(error()) : disk_.remove(path); }
  base::Status sync_folder(const std::string& path) override { return disk_.sync_folder(path); }
  bool exists(const std::string& path) override { return disk_.exists(path); }

 private:
  bool fails() { return failed_ = failed_ || ++count_ >= fails_at_; }
  static base::Error error() { return {base::ErrorCode::io_failed, "no more", {}, {}}; }
  base::SystemStorage disk_;
  const std::uint64_t fails_at_;
  std::uint64_t count_ = 0;
  bool failed_ = false;
};

class Until : public ::testing::Test {
 protected:
  std::unique_ptr<Engine> open(const std::string& folder) {
    Options options;
    options.folder = at(folder);
    options.projector = false;
    options.segment_bytes = 4096;  // several segments and checkpoints, some archived
    options.checkpoint_every_ms = 7 * kStep;
    options.clock = &clock;
    options.random = &random;
    options.manual = true;
    auto engine = Engine::open(options);
    EXPECT_TRUE(engine) << engine.error().text();
    return engine ? std::move(*engine) : nullptr;
  }

  // Without the first line: a new timeline goes on with key slots above all that were issued.
  static std::string cases(Engine& engine) {
    const std::string dump = engine.dump();
    return dump.substr(dump.find('\n'));
  }

  // Each second something: an instance begins, or a job of one is done and left the house as a payment.
  void happen(Engine& engine, Effects& effects, int step) {
    clock.set(kStart + step * kStep);
    if (step % 3 != 2) {
      CreateInstance create;
      create.process_id = "p";
      create.variables = testing::json(R"({"navn": "Ane"})");
      ASSERT_TRUE(engine.call(command(create)));
    } else {
      const auto jobs = engine.call(command(ActivateJobs{"t", "w", 600'000, 1, 0}));
      ASSERT_TRUE(jobs && jobs->jobs.size() == 1);
      const auto position = engine.read().acknowledged();
      ASSERT_TRUE(effects.append({kAuthority, "payment", "payment " + std::to_string(step), "1 kr.", jobs->jobs[0].instance, position, clock.now()}));
      ASSERT_TRUE(engine.call(command(CompleteJob{jobs->jobs[0].job, {}})));
    }
    states.push_back(cases(engine));
  }

  void SetUp() override {
    char path[] = "/tmp/sagsgang-until-XXXXXX";
    root = ::mkdtemp(path);
    auto engine = open("data");
    auto effects = Effects::open(disk, at("data"));
    ASSERT_TRUE(engine && effects);
    ASSERT_TRUE(engine->call(command(Deploy{{{"p.bpmn", testing::one_task()}}, false, false})));
    for (int step = 0; step < kSteps; ++step) {
      happen(*engine, **effects, step);
      if (step != kBackupAfter) continue;
      const auto report = backup(*engine, **effects, at("data"), at("backups"), {}, {});
      ASSERT_TRUE(report) << report.error().text();
    }
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  std::string at(const std::string& folder) const { return root + "/" + folder; }
  // A house as "data" is, beside it.
  void copy_house(const std::string& to) { std::filesystem::copy(at("data"), at(to), std::filesystem::copy_options::recursive); }
  base::Result<RestoreReport> restore_to(const std::string& house, base::Millis until) { return restore(disk, at("backups"), at(house), until); }

  std::string root;
  base::SystemStorage disk;
  base::VirtualClock clock{kStart};
  base::SeededRandom random{7};
  std::vector<std::string> states;  // after each step
};

TEST_F(Until, EveryMomentComesBackAsItWas) {
  for (int step = 0; step < kSteps; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    const std::string house = "house " + std::to_string(step);
    copy_house(house);
    const auto report = restore_to(house, kStart + step * kStep + kStep / 2);
    if (step == kSteps - 1) {  // later than anything that is known
      ASSERT_FALSE(report);
      EXPECT_EQ(report.error().code, base::ErrorCode::not_found);
      EXPECT_TRUE(open(house)) << "a refusal changes nothing";
      continue;
    }
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->at_ms, kStart + step * kStep);
    const std::size_t paid_later = static_cast<std::size_t>((kSteps - 2) / 3 + 1 - (step + 1) / 3);
    EXPECT_EQ(report->quarantined.size(), paid_later);
    clock.set(kStart + kSteps * kStep);
    auto engine = open(house);
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(cases(*engine), states[static_cast<std::size_t>(step)]);
    const auto made = engine->call(command([] { CreateInstance create; create.process_id = "p"; return create; }()));
    ASSERT_TRUE(made) << made.error().text();
    for (const std::string& state : states) ASSERT_EQ(state.find(std::to_string(made->key)), std::string::npos) << "a key came twice";
    EXPECT_EQ(*engine->replayed_dump(), engine->dump());
  }
}

TEST_F(Until, AFreshFolderHasWhatTheBackupHas) {
  ASSERT_TRUE(restore_to("fresh", kStart + 10 * kStep));
  auto engine = open("fresh");
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(cases(*engine), states[10]);
  const auto behind = restore_to("other", kStart + (kBackupAfter + 3) * kStep);
  ASSERT_FALSE(behind);
  EXPECT_EQ(behind.error().code, base::ErrorCode::not_found);
  const auto before = restore_to("third", kStart - 1'000'000);
  ASSERT_FALSE(before);
  EXPECT_NE(before.error().message.find("nothing had happened"), std::string::npos);
}

// A failure of any change that the restore makes: run again, it ends where the whole one ends.
TEST_F(Until, AnInterruptedRestoreIsRunAgain) {
  const base::Millis moment = kStart + (kBackupAfter + 5) * kStep;
  std::uint64_t fails_at = 1;
  for (bool failed = true; failed; ++fails_at) {
    SCOPED_TRACE("failure of change " + std::to_string(fails_at));
    const std::string house = "failed " + std::to_string(fails_at);
    copy_house(house);
    Failing failing(fails_at);
    failed = !restore(failing, at("backups"), at(house), moment);
    EXPECT_EQ(failed, failing.failed());
    if (failed) { ASSERT_TRUE(restore_to(house, moment)); }
    auto engine = open(house);
    ASSERT_NE(engine, nullptr);
    ASSERT_EQ(cases(*engine), states[kBackupAfter + 5]);
    std::filesystem::remove_all(at(house));
  }
  EXPECT_GT(fails_at, 10u) << "failures were met";
}

}  // namespace
}  // namespace engine
