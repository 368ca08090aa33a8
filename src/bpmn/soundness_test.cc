// Soundness: the models of tests/bpmn/sound have no flaw; each flaw names its element and the shortest way to it.
#include <gtest/gtest.h>

#include <map>

#include "bpmn/check.h"
#include "bpmn/test_files.h"

namespace bpmn {
namespace {
using namespace test;

bool of_soundness(const Finding& one) { return one.rule >= "SG060" && one.rule <= "SG064"; }
std::vector<Finding> flaws(const std::filesystem::path& file) {
  std::vector<Finding> all;
  for (Finding& one : check_rules(*model_of(file), Profile::deploy))
    if (of_soundness(one)) all.push_back(std::move(one));
  return all;
}
std::string text(const std::vector<Finding>& findings) {
  std::string all;
  for (const Finding& one : findings) all += one.rule + " " + one.where.element + ": " + one.message + "\n";
  return all;
}

TEST(Soundness, SoundModelsHaveNoFlaw) {
  const auto files = bpmn_files("tests/bpmn/sound");
  EXPECT_GE(files.size(), 6u);
  for (const auto& file : files) EXPECT_EQ(text(flaws(file)), "") << file;
}

TEST(Soundness, OurPackagesHaveNoFlaw) {
  for (const auto& file : bpmn_files("bank")) EXPECT_EQ(text(flaws(file)), "") << file;
}

TEST(Soundness, EachFlawNamesItsElementAndTheShortestWayToIt) {
  const std::map<std::string, std::pair<std::string, std::string>> expected{
      {"SG060", {"j", "after s, x, a nothing comes over b_j"}},      {"SG060-boundary", {"j", "after s, f, t, b, late nothing comes over a_j"}},
      {"SG060-inclusive-split", {"j", "after s, x, b nothing comes over a_j"}}, {"SG061", {"m", "after s, f, a, b, m, m"}},
      {"SG061-implicit-merge", {"after", "after s, f, a, b, after, after"}},   {"SG062", {"m", "no way leads to it"}},
      {"SG062-join", {"j", "the tokens that it needs never come together"}},   {"SG063", {"m", "after s, x"}},
      {"SG064", {"p", "more than 10000 states"}}};
  for (const auto& [file, want] : expected) {
    const auto found = flaws("tests/bpmn/rules/" + file + ".bpmn");
    ASSERT_EQ(found.size(), 1u) << file << "\n" << text(found);
    EXPECT_EQ(found[0].rule, file.substr(0, 5)) << file;
    EXPECT_EQ(found[0].where.element, want.first) << file << "\n" << text(found);
    EXPECT_NE(found[0].message.find(want.second), std::string::npos) << file << "\n" << text(found);
    EXPECT_FALSE(found[0].is_error);
    EXPECT_NE(found[0].message_da.find(" Her "), std::string::npos) << found[0].message_da;
  }
}

TEST(Soundness, ImportAndModellingAreNotAsked) {
  for (const Finding& one : check_rules(*model_of("tests/bpmn/rules/SG060.bpmn"), Profile::lenient)) EXPECT_FALSE(of_soundness(one));
}

}  // namespace
}  // namespace bpmn
