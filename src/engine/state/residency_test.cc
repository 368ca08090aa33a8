// Eviction (docs/decisions/004-eviction.md): scratch files, what is asked for, what is forgotten, what is damaged.
#include "base/storage_sim.h"
#include "engine/state/payloads.h"
#include "engine/testing.h"

namespace engine::testing {
namespace {

TEST(PayloadFiles, GivesBackWhatWasPutAndRemovesWhatNobodyNeeds) {
  base::SimStorage disk(1);
  auto files = PayloadFiles::open(disk, "evicted", 10'000);
  ASSERT_TRUE(files);
  std::map<Key, std::pair<Place, std::string>> all;
  for (Key key = 1; key <= 1'000; ++key) {
    const std::string bytes(static_cast<std::size_t>(key % 97), static_cast<char>('a' + key % 26));
    const auto place = (*files)->put(key, bytes);
    ASSERT_TRUE(place) << place.error().text();
    all[key] = {*place, bytes};
  }
  for (const auto& [key, one] : all) {
    const auto got = (*files)->get(key, one.first);
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(*got, one.second);
  }
  EXPECT_FALSE((*files)->get(2, all[1].first)) << "another one's place";
  const std::uint64_t full = (*files)->bytes();
  // Two of three go; the rest moves together and the parts go too.
  for (Key key = 1; key <= 1'000; ++key)
    if (key % 3 != 0) {
      ASSERT_TRUE((*files)->drop(all[key].first));
      all.erase(key);
    }
  for (int rounds = 0;; ++rounds) {
    ASSERT_LT(rounds, 1'000);
    const auto more = (*files)->move_some(10, [&](Key owner, const Place& place) -> base::Status {
      const auto one = all.find(owner);
      if (one == all.end() || one->second.first != place) return {};
      TRY(const auto bytes, (*files)->get(owner, place));
      TRY(one->second.first, (*files)->put(owner, bytes));
      return (*files)->drop(place);
    });
    ASSERT_TRUE(more) << more.error().text();
    if (!*more) break;
  }
  EXPECT_LT((*files)->bytes(), full * 6 / 10);
  for (const auto& [key, one] : all) {
    const auto got = (*files)->get(key, one.first);
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(*got, one.second);
  }
  for (const auto& [key, one] : all) ASSERT_TRUE((*files)->drop(one.first));
  EXPECT_LE((*files)->bytes(), 20'000u) << "only the part that is written is left";
  const auto again = PayloadFiles::open(disk, "evicted");
  ASSERT_TRUE(again);
  EXPECT_TRUE(disk.list("evicted")->empty()) << "nothing of an earlier process is of use";
}

class Residency : public ::testing::Test {
 protected:
  base::SimStorage disk{1};
  std::unique_ptr<store::Keys> keys;
  std::unique_ptr<PayloadFiles> files;
  std::unique_ptr<Driver> engine;

  void SetUp() override {
    keys = keys_on(disk, 512);
    ASSERT_NE(keys, nullptr);
    auto payloads = PayloadFiles::open(disk, "/data/evicted");
    ASSERT_TRUE(payloads);
    files = std::move(*payloads);
    PartitionOptions options;
    options.keys = keys.get();
    options.payloads = files.get();
    engine = std::make_unique<Driver>(options);
    ASSERT_TRUE(engine->call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "<zeebe:ioMapping><zeebe:input source=\"=navn\" target=\"inde\"/></zeebe:ioMapping>") +
        "<endEvent id=\"e\"/>" + chain({"s", "t", "e"}))}}}));
  }
  Key start(int number) {
    CreateInstance create{"p"};
    create.variables = json("{\"navn\": \"0101010101 " + std::string(100, 'x') + std::to_string(number) + "\"}");
    auto answer = engine->call(create);
    EXPECT_TRUE(answer);
    return answer ? answer->key : 0;
  }
  void evict() {
    while (engine->partition().evict(100, true)) {}
  }
  Command complete(Key job) {
    Command command;
    command.authority = engine->authority;
    command.body = CompleteJob{job};
    return command;
  }
};

TEST_F(Residency, WhatIsColdLeavesAndWhatIsUsedStays) {
  PartitionOptions options;
  options.keys = keys.get();
  options.payloads = files.get();
  options.resident_payload_bytes = 20'000;
  engine = std::make_unique<Driver>(options);
  ASSERT_TRUE(engine->call(Deploy{{{"p.bpmn", one_task()}}}));
  std::vector<Key> instances;
  for (int i = 0; i < 200; ++i) instances.push_back(start(i));
  EXPECT_GT(engine->partition().residency().bytes, 20'000u);
  while (engine->partition().evict(10)) {}
  const auto rest = engine->partition().residency();
  EXPECT_LE(rest.bytes, 20'000u);
  EXPECT_GT(rest.bytes, 10'000u) << "no more leaves than must";
  EXPECT_EQ(rest.faults, 0u);
  // The canonical dump does not know what is where.
  EXPECT_EQ(*engine->replayed(), engine->partition().dump());
}

TEST_F(Residency, ACommandNamesWhatItNeedsAndThenNothingIsMissing) {
  const Key instance = start(1);
  start(2);
  const auto jobs = engine->activate("t", 2);
  ASSERT_EQ(jobs.size(), 2u);
  evict();
  const auto before = engine->partition().residency();
  EXPECT_EQ(before.bytes, 0u);
  const auto absent = engine->partition().absent(complete(jobs[0].job));
  EXPECT_EQ(absent.size(), 2u) << "the task's own variables and the process's";
  for (const auto& one : absent) engine->partition().bring(one, files->get(one.element, one.place));
  ASSERT_TRUE(engine->call(CompleteJob{jobs[0].job, json(R"({"svar": 1})")}));
  EXPECT_EQ(engine->partition().residency().faults, before.faults) << "nothing was read in the middle";
  EXPECT_EQ(engine->partition().active_elements(instance).size(), 0u);
  // Without asking it is read where it is needed: the answer is the same.
  evict();
  engine->advance(60'001);
  const auto again = engine->activate("t", 2);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_NE((*base::unpack(again[0].variables))["inde"].string_or("").find("x2"), std::string::npos);
  EXPECT_GT(engine->partition().residency().faults, before.faults);
  EXPECT_EQ(*engine->replayed(), engine->partition().dump());
}

TEST_F(Residency, WhatIsForgottenIsUnreadableWhereItLies) {
  const Key instance = start(1);
  for (int i = 2; i < 40; ++i) start(i);
  evict();
  EXPECT_EQ(disk.dump().find("0101010101"), std::string::npos) << "what is evicted is sealed";
  ASSERT_TRUE(engine->call(ForgetInstance{instance}));
  EXPECT_EQ(engine->partition().active_elements(instance).size(), 0u);
  const auto slots = engine->partition().take_forgotten();
  ASSERT_EQ(slots.size(), 1u);
  ASSERT_TRUE(keys->destroy(slots));
  EXPECT_EQ(*engine->replayed(), engine->partition().dump());
  ASSERT_TRUE(engine->partition().fault());
  // A key that goes while its instance still runs (a restored backup forgets again): slettet, not a failure.
  const Key other = start(50);
  evict();
  ASSERT_TRUE(keys->destroy(*engine->partition().slot_of(other, engine->authority)));
  const auto jobs = engine->activate("t", 100);
  ASSERT_EQ(jobs.size(), 39u);
  EXPECT_EQ((*base::unpack(jobs.back().variables))["slettet"].string_or(""), "slettet");
  ASSERT_TRUE(engine->partition().fault());
}

TEST_F(Residency, DamageInAScratchFileStopsThePartition) {
  start(1);
  evict();
  for (int i = 2; i < 2'000; ++i) start(i);
  ASSERT_TRUE(keys->reserve(4'096));
  evict();
  const auto names = disk.list("/data/evicted");
  ASSERT_TRUE(names && !names->empty());
  {
    auto file = disk.open("/data/evicted/" + names->front(), base::Storage::Open::read_write);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write_at(0, std::string(2'000, '\0')));
  }
  engine->activate("t", 1);
  ASSERT_FALSE(engine->partition().fault());
  EXPECT_EQ(engine->partition().fault().error().code, base::ErrorCode::data_damaged);
}

}  // namespace
}  // namespace engine::testing
