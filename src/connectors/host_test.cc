#include <gtest/gtest.h>

#include "connectors/test_support.h"

namespace connectors {
namespace {

using namespace test;

struct Running {
  FakeEngine engine;
  FakeLedger ledger;
  FakeCases cases;
  base::SystemClock clock;
  std::unique_ptr<Host> host;
  void start() {
    host = Host::start({.engine = &engine, .ports = {&ledger, &cases, nullptr, nullptr, {}, &clock}, .authorities = {"10000009"}, .threads = 3, .poll_ms = 10});
  }
  // Waits without a deadline of its own: a hang is seen by whoever runs the tests.
  void until(const std::function<bool()>& done) {
    while (!done()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
};

TEST(Host, RunsEveryJobOnceAndAnswers) {
  Running r;
  for (int i = 1; i <= 200; ++i) r.engine.waiting.push_back(job(i, "sag:notat", parsed(R"({"tekst": "t"})")));
  r.start();
  r.until([&] { return r.host->finished() == 200; });
  r.host->stop();
  std::set<engine::Key> completed;
  for (const auto& c : r.engine.told) EXPECT_TRUE(completed.insert(std::get<engine::CompleteJob>(c.body).job).second);
  EXPECT_EQ(completed.size(), 200u);
  EXPECT_EQ(r.cases.notes.size(), 200u);
}

TEST(Host, OtherAuthoritiesJobsAreLeftAlone) {
  Running r;
  auto other = job(1, "sag:notat", parsed(R"({"tekst": "t"})"));
  other.authority = "12345674";
  r.engine.waiting = {other, job(2, "sag:notat", parsed(R"({"tekst": "t"})"))};
  r.start();
  r.until([&] { return r.host->finished() == 1; });
  r.host->stop();
  EXPECT_EQ(r.engine.waiting.size(), 1u);
  EXPECT_TRUE(r.cases.notes.contains("102/job:2"));
}

TEST(Host, WaitsHereForADocumentThatComesAMomentLater) {
  Running r;
  r.engine.waiting.push_back(job(1, "oioubl:read", parsed(R"({"dokument": "original.xml"})")));
  r.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  (void)r.cases.document("", 101, 0, "original.xml", "", "<a/>");
  r.until([&] { return r.host->finished() == 1; });
  r.host->stop();
  ASSERT_EQ(r.engine.told.size(), 1u) << "nothing was failed on the way";
  EXPECT_EQ(std::get<engine::ThrowJobError>(r.engine.told[0].body).code, "ULAESELIG");
}

TEST(Host, StopAnswersWhatItHasTaken) {
  Running r;
  for (int i = 1; i <= 50; ++i) r.engine.waiting.push_back(job(i, i % 2 ? "sag:notat" : "oioubl:read", parsed(R"({"tekst": "t", "dokument": "kommer-ikke"})")));
  r.start();
  r.until([&] { return r.host->finished() >= 1; });
  r.host->stop();
  const std::lock_guard lock(r.engine.mutex);
  EXPECT_EQ(r.engine.told.size() + r.engine.waiting.size(), 50u);
}

}  // namespace
}  // namespace connectors
