// Subject numbers in their three forms, with history. The real ones are read from ../shared where it is there.
#include <gtest/gtest.h>

#include <filesystem>

#include "bank/kle/kle.h"
#include "base/limits_find.h"
#include "base/storage.h"

namespace {

using bank::kle::read_edition;
using bank::kle::Subjects;

std::string subject(const std::string& level, const std::string& number, const std::string& title, const std::string& history = "", const std::string& inside = "") {
  return "<" + level + "><" + level + "Nr>" + number + "</" + level + "Nr><" + level + "Titel>" + title + "</" + level + "Titel><" + level + "AdministrativInfo>" +
         (history.empty() ? "" : "<Historisk>" + history + "</Historisk>") + "</" + level + "AdministrativInfo>" + inside + "</" + level + ">";
}
std::string moved(const std::string& date, const std::string& level, const std::string& to) { return "<Flyttet><FlyttetDato>" + date + "</FlyttetDato><AfloestAf><" + level + "Nr>" + to + "</" + level + "Nr></AfloestAf></Flyttet>"; }
std::string plan(const std::string& inside) { return "<?xml version=\"1.0\"?><KLE-Emneplan><UdgivelsesDato>2015-08-01</UdgivelsesDato>" + inside + "</KLE-Emneplan>"; }
const std::string kPlan = plan(
  subject("Hovedgruppe", "10", "Ti", "", subject("Gruppe", "10.10", "Ti ti", moved("2010-02-01", "Gruppe", "20.20"), subject("Emne", "10.10.05", "Gammelt [udgået]", moved("2010-02-01", "Emne", "20.20.05")) +
    subject("Emne", "10.10.10", "Væk [udgået]", "<UdgaaetDato>2001-01-01</UdgaaetDato>"))) +
  subject("Hovedgruppe", "20", "Tyve", "", subject("Gruppe", "20.20", "Tyve tyve", "", subject("Emne", "20.20.05", "Midt", moved("2014-11-01", "Emne", "20.20.15")) +
    subject("Emne", "20.20.15", "Nyt", "", "<EmneRetskildeReference><RetskildeTitel>Prøveloven</RetskildeTitel></EmneRetskildeReference>"))));

TEST(Kle, XmlIsReadWithItsHistory) {
  const auto edition = read_edition(kPlan, "kle.xml");
  ASSERT_TRUE(edition.has_value()) << edition.error().text();
  EXPECT_EQ(edition->date, "2015-08-01");
  ASSERT_EQ(edition->subjects.size(), 8u);
  const Subjects subjects(edition->subjects);
  EXPECT_EQ(subjects.find("10.10.05")->title, "Gammelt");
  EXPECT_EQ(subjects.follow("10.10.05").to, std::vector<std::string>{"20.20.15"}) << "moved twice";
  EXPECT_EQ(subjects.follow("10.10.05").date, "2010-02-01");
  EXPECT_EQ(subjects.follow("10.10").to, std::vector<std::string>{"20.20"});
  EXPECT_TRUE(subjects.follow("10.10.10").to.empty());
  EXPECT_EQ(subjects.find("10.10.10")->gone, "2001-01-01");
  EXPECT_EQ(subjects.same("20.20.15"), (std::vector<std::string>{"20.20.05", "10.10.05"})) << "what came to it";
  EXPECT_EQ(subjects.words_about("20.20.15"), (std::vector<std::string>{"Tyve", "Tyve tyve", "Nyt", "Prøveloven"}));
  ASSERT_EQ(subjects.below("").size(), 2u);
  EXPECT_EQ(subjects.below("20.20").size(), 2u);
  EXPECT_EQ(subjects.below("20.20.05").size(), 0u);
  EXPECT_EQ(subjects.with_words("ny", 3)[0]->number, "20.20.15");
  EXPECT_EQ(subjects.with_words("20.2", 9).size(), 3u);
}

TEST(Kle, MovesInARingEnd) {
  const Subjects ring({{"10.10.05", "a", "2000-01-01", {"10.10.10"}, {}}, {"10.10.10", "b", "2001-01-01", {"10.10.05"}, {}}});
  EXPECT_TRUE(ring.follow("10.10.05").to.empty());
  EXPECT_EQ(ring.same("10.10.05"), std::vector<std::string>{"10.10.10"});
}

TEST(Kle, Os2kleAndTheSampleAreRead) {
  const auto lines = read_edition("KLENummer='00.01.00':KLETitel='Styrelse':Keywords[Weight]=møde[5];ok 01[1000];udvalg[5];\nKLENummer='00.01.10':KLETitel='Om 'det' hele':Keywords[Weight]=;\n", "OS2KLE.txt");
  ASSERT_TRUE(lines.has_value()) << lines.error().text();
  EXPECT_EQ(lines->subjects[0].keywords, (std::vector<std::string>{"ok 01", "møde", "udvalg"})) << "the heaviest first";
  EXPECT_EQ(lines->subjects[1].title, "Om 'det' hele");
  const auto sample = read_edition("format: 1\ntitel: Egne\nemner:\n  - {nr: \"15.20\", titel: Samtaler, stikord: [møde]}\n  - {nr: \"15.10\", titel: Før, flyttet_til: [\"15.20\"]}\n", "kle.yaml");
  ASSERT_TRUE(sample.has_value()) << sample.error().text();
  EXPECT_EQ(Subjects(sample->subjects).follow("15.10").to, std::vector<std::string>{"15.20"});
}

TEST(Kle, WhatIsNoKleIsRefusedWithItsPlace) {
  for (const auto& [bytes, part] : {std::pair<std::string, std::string>{"<a/>", "KLE-Emneplan"}, {"KLENummer='1':KLETitel='x':Keywords[Weight]=", "no KLE number"}, {"KLENummer='00.01.00'", "OS2KLE"}, {"hej: du", "emner"}, {"", "YAML document"},
                                    {plan(""), "no KLE number"}, {"<KLE-Emneplan><!-- ", "unclosed"}, {plan(subject("Hovedgruppe", "1x", "y")), "1x"}}) {
    const auto edition = read_edition(bytes, "fil");
    ASSERT_FALSE(edition.has_value()) << bytes;
    EXPECT_NE(edition.error().text().find(part), std::string::npos) << bytes << " → " << edition.error().text();
  }
  EXPECT_EQ(read_edition(std::string(base::limits::kKleFileBytes + 1, ' '), "fil").error().code, base::ErrorCode::limit_exceeded);
}

class KleStore : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("kle-test-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_ = std::move(*store::Database::open(folder_ + "/k.db", {}));
    open();
  }
  void TearDown() override {
    kle_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() { kle_ = std::move(*bank::kle::Kle::open(*database_, clock_)); }
  std::string folder_;
  base::VirtualClock clock_{1'800'000'000'000};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<bank::kle::Kle> kle_;
};

TEST_F(KleStore, TheSampleIsShownUntilSomethingIsImported) {
  EXPECT_FALSE(kle_->source().imported);
  EXPECT_GT(kle_->subjects()->size(), 5u);
  EXPECT_EQ(kle_->stamp(), "0");
  const auto imported = kle_->import(kPlan, "kle.xml");
  ASSERT_TRUE(imported.has_value()) << imported.error().text();
  EXPECT_EQ(imported->subjects, 8u);
  EXPECT_EQ(imported->moved, 3u);
  EXPECT_EQ(imported->gone, 1u);
  EXPECT_NE(kle_->stamp(), "0");
  EXPECT_EQ(kle_->subjects()->find("27"), nullptr) << "the sample is gone";
  open();
  EXPECT_EQ(kle_->subjects()->follow("10.10.05").to, std::vector<std::string>{"20.20.15"}) << "kept in the store";
}

TEST_F(KleStore, ANewerEditionKeepsTheHistoryOfTheOlder) {
  ASSERT_TRUE(kle_->import(kPlan, "kle.xml").has_value());
  ASSERT_TRUE(kle_->import("KLENummer='20.20.20':KLETitel='Nyere':Keywords[Weight]=ord[5];\n", "OS2KLE.txt").has_value());
  const auto subjects = kle_->subjects();
  EXPECT_EQ(subjects->find("20.20.15")->gone, "-") << "the newer edition lacks it";
  EXPECT_EQ(subjects->find("20.20")->gone, "") << "it says nothing of groups";
  EXPECT_EQ(subjects->follow("10.10.05").to, std::vector<std::string>{"20.20.15"});
  EXPECT_EQ(subjects->find("20.20.20")->keywords, std::vector<std::string>{"ord"});
  EXPECT_FALSE(kle_->import("<a/>", "a.xml").has_value());
  EXPECT_EQ(kle_->subjects()->find("20.20.20")->title, "Nyere") << "a refused file changes nothing";
}

TEST_F(KleStore, TheRealEditions) {
  const std::string folder = "../shared/data/kle/";
  if (!std::filesystem::exists(folder + "OS2KLE.txt")) GTEST_SKIP() << folder << " is not there";
  const auto xml = kle_->import(*base::read_file(folder + "KLE-Emneplan_Version2-0_2015-08-01.xml", base::limits::kKleFileBytes), "kle.xml");
  ASSERT_TRUE(xml.has_value()) << xml.error().text();
  EXPECT_EQ(xml->subjects, 41u + 691u + 3457u);
  EXPECT_EQ(xml->moved, 281u - 2u) << "two of the moves name no number that took over";
  const auto subjects = kle_->subjects();
  EXPECT_EQ(subjects->follow("00.10").to, std::vector<std::string>{"15.40"});
  for (const auto* main : subjects->below(""))
    for (const auto* group : subjects->below(main->number))
      for (const auto* one : subjects->below(group->number))
        for (const std::string& to : subjects->follow(one->number).to) EXPECT_NE(to, one->number);
  const auto text = kle_->import(*base::read_file(folder + "OS2KLE.txt", base::limits::kKleFileBytes), "OS2KLE.txt");
  ASSERT_TRUE(text.has_value()) << text.error().text();
  EXPECT_EQ(text->subjects, 2390u);
}

}  // namespace
