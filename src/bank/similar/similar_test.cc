#include "bank/similar/similar.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "bank/bank.h"
#include "bank/generate/generate.h"
#include "bank/similar/measure.h"
#include "bank/test_bank.h"
#include "bpmn/notation/notation.h"

namespace bank::similar {
namespace {


Profile profile(const std::string& outline, const std::string& title = {}) {
  const auto model = bpmn::from_text(outline, "test.tekst");
  EXPECT_TRUE(model) << model.error().text();
  return model ? profile_of(**model, title) : Profile();
}

constexpr const char* kBicycle = "proces: P\n  start: Ansøgning om cykel modtaget\n  bruger: Vurderer behovet for cykel\n  valg: Kan cyklen bevilges?\n    hvis Ja:\n      bruger: Bestiller cyklen hos cykelsmeden\n    hvis Nej:\n  slut: Sagen er lukket\n";
constexpr const char* kBicycleAgain = "proces: Q\n  start: Der er søgt om cykel\n  opgave: Vurdering af behov for cykel\n  opgave: Notér sagen\n  valg: Bevilges cyklen?\n    hvis Nej:\n    hvis Ja:\n      bruger: Rekvirér cykel hos smeden\n  slut: Lukket\n";
constexpr const char* kInvoice = "proces: R\n  start: Faktura modtaget\n  service: Læser fakturaen\n  bruger: Konterer beløbet\n  service: Betaler leverandøren\n  slut: Sagen er lukket\n";

TEST(SimilarIndex, TheSameInOtherWordsComesBeforeSomethingElse) {
  Index index;
  index.put(1, "11111111", true, profile(kBicycle));
  index.put(2, "11111111", true, profile(kBicycleAgain));
  index.put(3, "11111111", true, profile(kInvoice));
  const auto hits = index.find(profile(kBicycle), {.least = 0});
  ASSERT_GE(hits.size(), 2u);
  EXPECT_EQ(hits[0].id, 1);
  EXPECT_NEAR(hits[0].likeness, 1, 1e-6);
  EXPECT_EQ(hits[1].id, 2);
  EXPECT_GT(hits[1].likeness, 0.4);
  if (hits.size() > 2) { EXPECT_LT(hits[2].likeness, hits[1].likeness / 2); }
}

TEST(SimilarIndex, AFragmentIsFoundInWhatHasMore) {
  Index index;
  index.put(1, "11111111", true, profile(kBicycle));
  index.put(3, "11111111", true, profile(kInvoice));
  const auto hits = index.find(profile("proces: F\n  opgave: Betal leverandør\n"), {.fragment = true, .least = 0});
  ASSERT_FALSE(hits.empty());
  EXPECT_EQ(hits[0].id, 3);
  EXPECT_GT(hits[0].likeness, 0.6);
}

TEST(SimilarIndex, WhatIsReplacedOrRemovedIsNotFoundAndBordersHold) {
  Index index;
  index.put(1, "11111111", false, profile(kBicycle));
  index.put(2, "22222222", false, profile(kBicycleAgain));
  EXPECT_EQ(index.find(profile(kBicycle), {.authority = "11111111"}).size(), 1u);
  index.put(2, "22222222", true, profile(kBicycleAgain));
  EXPECT_EQ(index.find(profile(kBicycle), {.authority = "11111111"}).size(), 2u);
  EXPECT_EQ(index.find(profile(kBicycle), {.authority = "11111111", .except = 1}).size(), 1u);
  index.put(1, "11111111", false, profile(kInvoice));
  const auto hits = index.find(profile(kBicycle), {.authority = "11111111", .least = 0.3});
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].id, 2);
  index.remove(2);
  EXPECT_TRUE(index.find(profile(kBicycle), {.authority = "11111111", .least = 0.3}).empty());
  EXPECT_EQ(index.size(), 1u);
}

TEST(SimilarIndex, ManyChangesLeaveTheSameAnswers) {
  const generate::Generator generator({.count = 60, .seed = 8, .diagrams = false});
  std::vector<Profile> all;
  for (std::size_t i = 0; i < generator.size(); ++i) {
    const auto made = generator.package(i);
    ASSERT_TRUE(made);
    const auto model = bpmn::read(made->files.at("proces.bpmn"), "p");
    ASSERT_TRUE(model);
    all.push_back(profile_of(**model, (*model)->processes[0].name));
  }
  Index fresh, changed;
  for (std::size_t i = 0; i < all.size(); ++i) fresh.put(static_cast<std::int64_t>(i), "1", true, all[i]);
  for (int round = 0; round < 40; ++round)  // enough to give slots back
    for (std::size_t i = 0; i < all.size(); ++i) changed.put(static_cast<std::int64_t>(i), "1", true, all[(i + static_cast<std::size_t>(round) + 1 + all.size() - 40 % all.size()) % all.size()]);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto x = fresh.find(all[i], {.max = 3}), y = changed.find(all[i], {.max = 3});
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t k = 0; k < x.size(); ++k) EXPECT_NEAR(x[k].likeness, y[k].likeness, 0.02) << i << ' ' << k;
  }
}

TEST(SimilarProfile, IsTheSameBehindTheStoreAndDamageIsAnError) {
  const Profile before = profile(kBicycle, "Cykler til alle");
  const std::string bytes = pack(before);
  const auto after = unpack(bytes);
  ASSERT_TRUE(after);
  EXPECT_EQ(pack(*after), bytes);
  ASSERT_EQ(after->nodes.size(), before.nodes.size());
  for (std::size_t i = 0; i < before.nodes.size(); ++i) EXPECT_EQ(after->nodes[i].after, before.nodes[i].after);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, cut))) << cut;
  std::string wrong = bytes;
  wrong[0] = '9';
  EXPECT_FALSE(unpack(wrong));
}

class SimilarInTheBank : public ::testing::Test, protected bank_test::TestBank {
 protected:
  SimilarInTheBank() : TestBank("similar") {}
  void take(const std::string& authority, std::size_t i) {
    const auto made = generator_.package(i);
    ASSERT_TRUE(made);
    slugs_[i] = made->slug;
    const auto imported = bank_->import(authority, made->slug, made->files, "test", "");
    ASSERT_TRUE(imported) << imported.error().text();
  }
  std::vector<Similar::Found> like(const std::string& authority, const std::string& slug) {
    const auto stored = bank_->get(authority, slug);
    EXPECT_TRUE(stored);
    auto found = bank_->similar().like(authority, profile_of(*stored->package->process, stored->package->title), 5, false, slug);
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : std::vector<Similar::Found>();
  }
  generate::Generator generator_{{.count = 60, .seed = 21, .diagrams = false}};
  std::map<std::size_t, std::string> slugs_;
};

TEST_F(SimilarInTheBank, IsCurrentAfterImportNewVersionPublicationAndRestart) {
  for (std::size_t i = 0; i < 30; ++i) take("11111111", i);
  // 6 to 11 are the first pattern's and the second's drawings: of the first one's cluster at least two are there
  const auto first = like("11111111", slugs_[0]);
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(first[0].owner, "11111111");
  EXPECT_FALSE(first[0].title.empty());
  auto found = bank_->similar().like("22222222", profile(kBicycle), 5, false);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty()) << "another authority's unpublished workflow";
  ASSERT_TRUE(bank_->publish("11111111", slugs_[0]));
  const auto made = generator_.package(0);
  const auto model = bpmn::read(made->files.at("proces.bpmn"), "p");
  found = bank_->similar().like("22222222", profile_of(**model, "x"), 5, false);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].slug, slugs_[0]);
  open_bank();
  const auto again = like("11111111", slugs_[0]);
  ASSERT_EQ(again.size(), first.size());
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].slug, first[i].slug);
  auto files = generator_.package(0)->files;  // a new version says something else
  files["proces.bpmn"] = generator_.package(50)->files.at("proces.bpmn");
  ASSERT_TRUE(bank_->import("11111111", slugs_[0], files, "test", ""));
  const auto other = bpmn::read(files.at("proces.bpmn"), "p");
  found = bank_->similar().like("11111111", profile_of(**other, "x"), 1, false);
  ASSERT_TRUE(found && !found->empty());
  EXPECT_EQ((*found)[0].slug, slugs_[0]);
}

TEST_F(SimilarInTheBank, ADuplicateIsToldUnlessThePackageNamesIt) {
  take("11111111", 0);
  const auto made = generator_.package(0);
  ASSERT_TRUE(bank_->import("11111111", "tvaergaaende/kopi", made->files, "test", ""));
  auto found = bank_->duplicates("11111111", "tvaergaaende/kopi");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].slug, slugs_[0]);
  EXPECT_GE((*found)[0].likeness, 0.99);
  auto files = made->files;
  files["arbejdsgang.yaml"] += "se_ogsaa:\n  - " + slugs_[0] + "\n";
  ASSERT_TRUE(bank_->import("11111111", "tvaergaaende/kopi", files, "test", ""));
  found = bank_->duplicates("11111111", "tvaergaaende/kopi");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
}

}  // namespace
}  // namespace bank::similar
