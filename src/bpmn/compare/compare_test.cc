// Data-driven: tests/bpmn/compare/*.compare (two outlines and what is different) and tests/bank/compare/*.txt (two packages of the bank and
// the golden words, read by a person). SAGSGANG_UPDATE_GOLDEN=1 writes the golden files anew; read them before they are committed.
#include "bpmn/compare/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/storage.h"
#include "base/text.h"
#include "bpmn/compare/words.h"
#include "bpmn/layout/layout.h"
#include "bpmn/notation/notation.h"
#include "bpmn/test_files.h"

namespace bpmn {
namespace {

namespace fs = std::filesystem;

using test::file_text;

std::vector<std::string> files(const std::string& folder, const std::string& ending) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().string().ends_with(ending)) out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  EXPECT_FALSE(out.empty()) << folder;
  return out;
}

std::string words_of(const Comparison& c, bool danish = true) {
  std::string out = (danish ? c.summary_da : c.summary_en) + "\n";
  for (std::size_t i = 0; i < c.differences.size(); ++i) out += std::to_string(i + 1) + ". " + (danish ? c.differences[i].da : c.differences[i].en) + "\n";
  return out;
}

TEST(Compare, TheBanksGoldenWords) {
  for (const std::string& path : files("tests/bank/compare", ".txt")) {
    const std::string text = file_text(path);
    const auto lines = base::split(text, '\n');
    ASSERT_GE(lines.size(), 3u) << path;
    ASSERT_TRUE(lines[0].starts_with("A: ") && lines[1].starts_with("B: ")) << path;
    const std::string a(lines[0].substr(3)), b(lines[1].substr(3));
    const auto x = read(file_text(a + "/proces.bpmn"), "proces.bpmn"), y = read(file_text(b + "/proces.bpmn"), "proces.bpmn");
    ASSERT_TRUE(x && y) << path;
    const auto found = compare(**x, **y);
    ASSERT_TRUE(found) << found.error().text();
    const std::string now = "A: " + a + "\nB: " + b + "\n\n" + words_of(*found) + "\n" + words_of(*found, false);
    if (std::getenv("SAGSGANG_UPDATE_GOLDEN") != nullptr) ASSERT_TRUE(base::write_file_atomic(path, now));
    else EXPECT_EQ(now, text) << path << "\nagain: sagsgang compare " << a << ' ' << b << " --dansk";
  }
}

struct Case { std::string a, b; std::vector<std::string> expected; };

Case read_case(const std::string& path) {
  Case out;
  std::string* part = nullptr;
  bool expecting = false;
  const std::string text = file_text(path);
  for (const std::string_view line : base::split(text, '\n')) {
    if (line == "=== A") part = &out.a;
    else if (line == "=== B") part = &out.b;
    else if (line == "=== forskelle") part = nullptr, expecting = true;
    else if (expecting && !line.empty()) out.expected.emplace_back(line);
    else if (part != nullptr) *part += std::string(line) + "\n";
  }
  return out;
}

// "kinds subject: sentence"
std::string line_of(const Difference& d) {
  std::string kinds;
  for (const Change k : d.kinds) kinds += (kinds.empty() ? "" : "+") + std::string(name(k));
  return kinds + " " + d.subject + ": " + d.da;
}

TEST(Compare, Cases) {
  for (const std::string& path : files("tests/bpmn/compare", ".compare")) {
    const Case c = read_case(path);
    const auto a = from_text(c.a, path), b = from_text(c.b, path);
    ASSERT_TRUE(a) << a.error().text();
    ASSERT_TRUE(b) << b.error().text();
    const auto found = compare(**a, **b);
    ASSERT_TRUE(found) << path;
    std::vector<std::string> now;
    for (const Difference& d : found->differences) now.push_back(line_of(d));
    if (std::getenv("SAGSGANG_UPDATE_GOLDEN") != nullptr) ASSERT_TRUE(base::write_file_atomic(path, "=== A\n" + c.a + "=== B\n" + c.b + "=== forskelle\n" + base::join(now, "\n") + (now.empty() ? "" : "\n")));
    else EXPECT_EQ(base::join(now, "\n"), base::join(c.expected, "\n")) << path << "\nagain: build/release/bpmn_test --gtest_filter=Compare.Cases";
    // Turned around, nothing is found that was not there before: what was new is gone.
    const auto back = compare(**b, **a);
    ASSERT_TRUE(back) << path;
    EXPECT_EQ(back->matches.size(), found->matches.size()) << path;
  }
}

TEST(Compare, ADrawingIsLikeItselfUnderOtherIdsAndPositions) {
  for (const std::string& path : files("tests/bpmn/compare", ".compare")) {
    const auto a = from_text(read_case(path).a, path);
    ASSERT_TRUE(a) << path;
    std::string xml = write(**a);
    std::size_t number = 0;
    for (const Node& n : (*a)->nodes) {  // every id another, with the references to it
      const std::string id = "x_" + std::to_string(++number);
      for (const auto& [before, after] : {std::pair("\"", "\""), std::pair(">", "<")})
        for (std::size_t at = xml.find(before + n.id + after); at != std::string::npos; at = xml.find(before + n.id + after, at + 1)) xml.replace(at + 1, n.id.size(), id);
    }
    const auto renamed = read(xml, path);
    ASSERT_TRUE(renamed) << path;
    const auto placed = layout(**renamed);
    ASSERT_TRUE(placed) << path;
    const auto found = compare(**a, **placed);
    ASSERT_TRUE(found);
    EXPECT_EQ(words_of(*found), "De to diagrammer siger det samme.\n") << path;
    EXPECT_EQ(found->matches.size(), (*a)->nodes.size()) << path;
    EXPECT_GE(found->likeness, 0.99) << path;
  }
}

TEST(Compare, OnlyMovedOnThePaperIsKeptApart) {
  const auto outline = from_text("proces: P\n  start: Begynd\n  bruger: Læs brevet\n  bruger: Svar på brevet\n  slut: Færdig\n", "p");
  const auto placed = layout(**outline);
  ASSERT_TRUE(placed);
  std::string xml = write(**placed);
  const Shape* shape = nullptr;
  for (const Shape& s : (*placed)->diagrams[0].shapes)
    if (s.element == "svar_paa_brevet") shape = &s;
  ASSERT_NE(shape, nullptr);
  const std::string before = "bpmnElement=\"svar_paa_brevet\"";
  const auto at = xml.find("y=\"", xml.find(before));
  ASSERT_NE(at, std::string::npos);
  xml.replace(at, xml.find('"', at + 3) - at + 1, "y=\"999\"");
  const auto redrawn = read(xml, "p");
  ASSERT_TRUE(redrawn);
  const auto found = compare(**placed, **redrawn);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->differences.empty());
  ASSERT_EQ(found->moved_on_paper.size(), 1u);
  EXPECT_EQ(found->moved_on_paper[0].a, "svar_paa_brevet");
  EXPECT_EQ(found->summary_da, "De to diagrammer siger det samme; kun tegningen er ændret.");
}

TEST(Compare, ThePictureMarksEveryDifferenceWithItsNumber) {
  const auto a = read(file_text("bank/arbejdsmarked/sygedagpengeopfoelgning-2010/proces.bpmn"), "a"), b = read(file_text("bank/arbejdsmarked/sygedagpengeopfoelgning/proces.bpmn"), "b");
  ASSERT_TRUE(a && b);
  const auto found = compare(**a, **b);
  ASSERT_TRUE(found);
  const auto svg = comparison_svg(**a, **b, *found, "Før <2010>", "Nu");
  ASSERT_TRUE(svg) << svg.error().text();
  EXPECT_TRUE(base::xml::parse(*svg, "svg")) << "not well-formed";
  EXPECT_EQ(svg->find("Før <2010>"), std::string::npos);
  for (std::size_t i = 0; i < found->differences.size(); ++i) EXPECT_NE(svg->find(">" + std::to_string(i + 1) + " "), std::string::npos) << found->differences[i].da;
}

TEST(CompareWords, StemsSensesAndCompounds) {
  using namespace comparing;
  EXPECT_EQ(stem(fold("Vurderingen")), stem(fold("vurdér")));
  EXPECT_EQ(stem(fold("indhentning")), stem(fold("Indhenter")));
  EXPECT_EQ(stem(fold("afgørelserne")), stem(fold("afgørelse")));
  EXPECT_EQ(sense(stem(fold("skaffer"))), sense(stem(fold("indhent"))));
  EXPECT_GT(term_likeness(stem(fold("lægeerklæring")), stem(fold("erklæring"))), 0.5);
  EXPECT_EQ(term_likeness("4", "8"), 0);
  const auto likeness = [](const char* a, const char* b) { return label_likeness(comparing::words_of(a), comparing::words_of(b)); };
  EXPECT_EQ(likeness("Vurdér sagen", "vurdér  SAGEN."), 1);
  EXPECT_GT(likeness("Indhenter lægeerklæring", "Skaf erklæring fra lægen"), likeness("Indhenter lægeerklæring", "Indhenter straffeattest"));
  EXPECT_GT(likeness("Træffer afgørelse om afslag", "Afgør afslag"), 0.6);
  EXPECT_LT(likeness("Sender brevet", "Betaler regningen"), 0.1);
}

}  // namespace
}  // namespace bpmn
