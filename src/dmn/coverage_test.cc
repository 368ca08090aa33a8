// The finder of overlaps and gaps: what it says about tables that are known, and against trying every value.
#include <gtest/gtest.h>

#include <random>

#include "dmn/coverage_column.h"
#include "dmn/dmn.h"
#include "dmn/model.h"

namespace dmn {
namespace {

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 4) text.replace(at, 1, "&lt;");
  return text;
}

struct Table {
  std::string policy = "UNIQUE";
  std::vector<std::string> inputs;  // input values of each column, "" = any
  std::vector<std::vector<std::string>> rules;
  std::string output = "<output/>";
};

std::vector<Finding> findings(const Table& table) {
  std::string xml = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"d\" name=\"m\" namespace=\"urn:m\"><decision id=\"x\" name=\"X\"><decisionTable id=\"t\" hitPolicy=\"" + table.policy + "\">";
  char label = 'A';
  for (const std::string& values : table.inputs)
    xml += std::string("<input label=\"") + label++ + "\"><inputExpression><text>1</text></inputExpression>" + (values.empty() ? "" : "<inputValues><text>" + escaped(values) + "</text></inputValues>") + "</input>";
  xml += table.output;
  int number = 0;
  for (const auto& rule : table.rules) {
    xml += "<rule>";
    for (const std::string& cell : rule) xml += "<inputEntry><text>" + escaped(cell) + "</text></inputEntry>";
    xml += "<outputEntry><text>" + std::to_string(++number) + "</text></outputEntry></rule>";
  }
  const auto model = read(xml + "</decisionTable></decision></definitions>", "t.dmn");
  EXPECT_TRUE(model) << model.error().text();
  std::vector<Finding> out;
  for (const Finding& finding : check(**model)) {
    EXPECT_FALSE(finding.is_error) << finding.message;
    if (finding.code != "DMN-TABLE-NEVER") out.push_back(finding);
  }
  return out;
}

std::string said(const Table& table) {
  std::string out;
  for (const Finding& finding : findings(table)) out += finding.code.substr(10) + ": " + finding.message + "\n";
  return out;
}

TEST(Coverage, KnownTables) {
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"< 18"}, {">= 18"}}}), "");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"< 18"}, {"> 18"}}}), "GAP: no rule of 'X' matches when A = 18\n");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"<= 18"}, {">= 18"}}}), "OVERLAP: rules 1 and 2 of 'X' both match when A = 18\n");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"[0..10)"}, {"(10..20]"}, {"not([0..20])"}}}), "GAP: no rule of 'X' matches when A = 10\n");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"]1..5], ]7..9["}, {"<= 1, (5..7], >= 9"}}}), "");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"(1..5], 7"}, {"<= 1, ]5..7[, >= 7"}}}), "OVERLAP: rules 1 and 2 of 'X' both match when A = 7\n");
  EXPECT_EQ(said({.inputs = {"\"a\", \"b\""}, .rules = {{"\"a\""}}}), "GAP: no rule of 'X' matches when A = \"b\"\n");
  EXPECT_EQ(said({.inputs = {"\"a\", \"b\""}, .rules = {{"\"a\""}, {"not(\"a\")"}}}), "");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"\"a\""}, {"\"b\""}}}), "GAP: no rule of 'X' matches when A = anything else\n");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"true"}, {"false"}}}), "");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"true"}}}), "GAP: no rule of 'X' matches when A = false\n");
  EXPECT_EQ(said({.inputs = {"", ""}, .rules = {{"true", "< 5"}, {"false", "-"}}}), "GAP: no rule of 'X' matches when A = true, B = 5\n");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"<= date(\"2024-12-31\")"}, {">= date(\"2025-01-01\")"}}}), "");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"< date(\"2024-12-31\")"}, {">= date(\"2025-01-01\")"}}}), "GAP: no rule of 'X' matches when A = 2024-12-31\n");
}

TEST(Coverage, WhatTheHitPolicyAllows) {
  EXPECT_EQ(said({.policy = "FIRST", .inputs = {""}, .rules = {{"< 18"}, {"-"}}}), "");
  EXPECT_EQ(said({.policy = "COLLECT", .inputs = {""}, .rules = {{"< 18"}, {"< 20"}}}), "");
  EXPECT_EQ(said({.inputs = {""}, .rules = {{"< 18"}}, .output = "<output><defaultOutputEntry><text>0</text></defaultOutputEntry></output>"}), "");
  EXPECT_EQ(said({.policy = "ANY", .inputs = {""}, .rules = {{"-"}, {"3"}}}), "OVERLAP: rules 1 and 2 of 'X' both match when A = 3\n");
}

TEST(Coverage, SaysWhenItCannotTell) {
  EXPECT_NE(said({.inputs = {""}, .rules = {{"contains(?, \"a\")"}}}).find("rule 1, input 1 is no constant test"), std::string::npos);
  EXPECT_NE(said({.inputs = {""}, .rules = {{"1"}, {"\"a\""}}}).find("several kinds"), std::string::npos);
  EXPECT_EQ(said({.policy = "FIRST", .inputs = {""}, .rules = {{"? > 1"}, {"? <= 1"}}}), "");
  Table large{.policy = "FIRST", .inputs = {""}, .rules = {}};
  for (int i = 0; i < 2'500; ++i) large.rules.push_back({"< " + std::to_string(i)});
  EXPECT_NE(said(large).find("kTableCheckWork"), std::string::npos);
}

// Small tables of whole numbers, judged by trying every half number.
TEST(Coverage, AgreesWithTryingEveryValue) {
  std::mt19937 random(20'261'121);
  const auto draw = [&](int n) { return static_cast<int>(random() % n); };
  int gaps = 0, overlaps = 0;
  for (int round = 0; round < 300; ++round) {
    const int columns = 1 + draw(2), rules = 1 + draw(5);
    Table table;
    struct Interval { int low, high; };  // in halves, closed
    std::vector<std::vector<Interval>> meaning;
    table.inputs.assign(columns, "[0..4]");
    for (int r = 0; r < rules; ++r) {
      std::vector<std::string> cells;
      std::vector<Interval> intervals;
      for (int c = 0; c < columns; ++c) {
        const int a = draw(5), b = a + draw(5 - a);
        switch (draw(4)) {
          case 0: cells.push_back("-"); intervals.push_back({0, 8}); break;
          case 1: cells.push_back(">= " + std::to_string(a)); intervals.push_back({2 * a, 8}); break;
          case 2: cells.push_back("< " + std::to_string(a)); intervals.push_back({0, 2 * a - 1}); break;
          default: cells.push_back("[" + std::to_string(a) + ".." + std::to_string(b) + "]"); intervals.push_back({2 * a, 2 * b});
        }
      }
      table.rules.push_back(cells);
      meaning.push_back(intervals);
    }
    bool gap = false, overlap = false;
    for (int x = 0; x <= 8; ++x) {
      for (int y = 0; y <= (columns == 2 ? 8 : 0); ++y) {
        int matches = 0;
        for (const auto& rule : meaning) {
          const bool first = rule[0].low <= x && x <= rule[0].high;
          matches += first && (columns == 1 || (rule[1].low <= y && y <= rule[1].high));
        }
        gap |= matches == 0;
        overlap |= matches > 1;
      }
    }
    const std::string text = said(table);
    EXPECT_EQ(text.find("GAP") != std::string::npos, gap) << "round " << round << "\n" << text;
    EXPECT_EQ(text.find("OVERLAP") != std::string::npos, overlap) << "round " << round << "\n" << text;
    gaps += gap;
    overlaps += overlap;
  }
  EXPECT_GT(gaps, 20);
  EXPECT_GT(overlaps, 20);
}

}  // namespace
}  // namespace dmn

namespace dmn {
namespace {

// Tables that are complete and without overlap by construction: the whole space, cut in two again and again. Numbers have cells
// [low..high) and the like, texts lists of names, booleans one value each.
struct Cut {
  std::vector<std::pair<int, int>> numbers;        // of each number column: points [first, second), kLow and kHigh are without end
  std::vector<unsigned> names;                     // of each text column: bit for each name
};
constexpr int kLow = -1'000'000, kHigh = 1'000'000;

class Generator {
 public:
  Generator(unsigned seed, int number_columns, int text_columns) : random_(seed), numbers_(number_columns), texts_(text_columns) {}
  int draw(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  std::vector<Cut> complete(std::size_t rules) {
    std::vector<Cut> cuts(1);
    cuts[0].numbers.assign(static_cast<std::size_t>(numbers_), {kLow, kHigh});
    cuts[0].names.assign(static_cast<std::size_t>(texts_), 0xf);
    while (cuts.size() < rules) {
      Cut& from = cuts[static_cast<std::size_t>(draw(static_cast<int>(cuts.size())))];
      Cut other = from;
      const auto column = static_cast<std::size_t>(draw(numbers_ + texts_));
      if (column < from.numbers.size()) {
        auto& [low, high] = from.numbers[column];
        const int at = std::max(low, -50 * 1000) + 1 + draw(100'000);
        if (at <= low || at >= high) continue;
        other.numbers[column].first = high > at ? at : high;
        high = at;
      } else {
        unsigned& names = from.names[column - from.numbers.size()];
        const unsigned kept = names & static_cast<unsigned>(1 + draw(14));
        if (kept == 0 || kept == names) continue;
        other.names[column - from.numbers.size()] = names & ~kept;
        names = kept;
      }
      cuts.push_back(std::move(other));
    }
    std::shuffle(cuts.begin(), cuts.end(), random_);
    return cuts;
  }

  std::string xml(const std::vector<Cut>& cuts, const std::string& policy) {
    std::string out = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"d\" name=\"m\" namespace=\"urn:m\">"
                      "<itemDefinition name=\"tKategori\"><typeRef>string</typeRef><allowedValues><text>\"A\", \"B\", \"C\", \"D\"</text></allowedValues></itemDefinition>";
    std::string requirements, inputs;
    for (int c = 0; c < numbers_ + texts_; ++c) {
      const std::string name = "input " + std::string(1, static_cast<char>('a' + c)), id = "i" + std::to_string(c);
      out += "<inputData id=\"" + id + "\" name=\"" + name + "\"><variable name=\"" + name + "\" typeRef=\"" + (c < numbers_ ? "number" : "tKategori") + "\"/></inputData>";
      requirements += "<informationRequirement><requiredInput href=\"#" + id + "\"/></informationRequirement>";
      inputs += "<input><inputExpression><text>" + name + "</text></inputExpression></input>";
    }
    out += "<decision id=\"x\" name=\"X\"><variable name=\"X\"/>" + requirements + "<decisionTable hitPolicy=\"" + policy + "\">" + inputs + "<output/>";
    int number = 0;
    for (const Cut& cut : cuts) {
      out += "<rule id=\"r" + std::to_string(++number) + "\">";
      for (const auto& [low, high] : cut.numbers) out += "<inputEntry><text>" + escaped(range(low, high)) + "</text></inputEntry>";
      for (const unsigned names : cut.names) out += "<inputEntry><text>" + listed(names) + "</text></inputEntry>";
      out += "<outputEntry><text>" + std::to_string(number) + "</text></outputEntry></rule>";
    }
    return out + "</decisionTable></decision></definitions>";
  }

 private:
  std::string range(int low, int high) {
    const std::string from = std::to_string(low), to = std::to_string(high);
    if (low == kLow && high == kHigh) return "-";
    if (low == kLow) return draw(2) == 0 ? "< " + to : "not(>= " + to + ")";
    if (high == kHigh) return draw(2) == 0 ? ">= " + from : "not(< " + from + ")";
    return draw(2) == 0 ? "[" + from + ".." + to + ")" : "[" + from + ".." + to + "[";
  }
  std::string listed(unsigned names) {
    if (names == 0xf && draw(2) == 0) return "-";
    std::string in, out;
    for (unsigned n = 0; n < 4; ++n) ((names >> n & 1) != 0 ? in : out) += std::string(((names >> n & 1) != 0 ? in : out).empty() ? "" : ", ") + '"' + static_cast<char>('A' + n) + '"';
    return out.empty() || draw(2) == 0 ? in : "not(" + out + ")";
  }
  std::mt19937 random_;
  int numbers_, texts_;
};

struct Judged {
  std::shared_ptr<const Model> model;
  std::vector<Finding> findings;
  std::string all;
  const Finding* of(std::string_view code) const {
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
    return found == findings.end() ? nullptr : &*found;
  }
};

Judged judged(const std::string& xml) {
  Judged out;
  const auto model = read(xml, "t.dmn");
  EXPECT_TRUE(model) << model.error().text();
  out.model = *model;
  out.findings = check(*out.model);
  for (const Finding& finding : out.findings) out.all += finding.code + ": " + finding.message + "\n";
  return out;
}

// What the table answers to a finding's example.
Evaluation answer(const Judged& table, const Finding& finding) {
  const auto program = compile({table.model});
  EXPECT_TRUE(program) << program.error().text();
  feel::Context inputs;
  for (const auto& [label, text] : finding.example) inputs.entries.emplace_back(label, feel::compile(text)->evaluate({}, {}));
  const auto evaluation = (*program)->evaluate("X", inputs, {});
  EXPECT_TRUE(evaluation);
  return *evaluation;
}

std::size_t matched(const Evaluation& evaluation) { return evaluation.decisions.back().rules.size(); }

TEST(Coverage, FindsWhatIsPlanted) {
  for (int round = 0; round < 60; ++round) {
    Generator generator(static_cast<unsigned>(1000 + round), 1 + round % 3, round % 4);
    const std::size_t rules = 2 + static_cast<std::size_t>(generator.draw(40));
    const std::vector<Cut> complete = generator.complete(rules);
    const Judged clean = judged(generator.xml(complete, "UNIQUE"));
    EXPECT_EQ(clean.all, "") << "round " << round;

    std::vector<Cut> with_gap = complete;
    with_gap.erase(with_gap.begin() + generator.draw(static_cast<int>(rules)));
    if (!with_gap.empty()) {
      const Judged gap = judged(generator.xml(with_gap, "UNIQUE"));
      const Finding* finding = gap.of("DMN-TABLE-GAP");
      ASSERT_NE(finding, nullptr) << "round " << round << "\n" << gap.all;
      EXPECT_EQ(gap.findings.size(), 1u) << gap.all;
      const Evaluation evaluation = answer(gap, *finding);
      EXPECT_EQ(matched(evaluation), 0u) << finding->message;
      EXPECT_TRUE(evaluation.value.is_null() && !evaluation.failed);
      const Judged first = judged(generator.xml(with_gap, "FIRST"));  // the same gap, found by searching instead of counting
      ASSERT_NE(first.of("DMN-TABLE-GAP"), nullptr) << first.all;
      EXPECT_EQ(matched(answer(first, *first.of("DMN-TABLE-GAP"))), 0u);
    }

    std::vector<Cut> with_overlap = complete;  // one rule grows to all values of a column that it was cut in
    Cut& grown = with_overlap[static_cast<std::size_t>(generator.draw(static_cast<int>(rules)))];
    for (auto& numbers : grown.numbers) numbers = {kLow, kHigh};
    const bool really = grown.numbers != complete[static_cast<std::size_t>(&grown - with_overlap.data())].numbers;
    const Judged overlap = judged(generator.xml(with_overlap, "UNIQUE"));
    const Finding* finding = overlap.of("DMN-TABLE-OVERLAP");
    if (really) {
      ASSERT_NE(finding, nullptr) << "round " << round << "\n" << overlap.all;
      const Evaluation evaluation = answer(overlap, *finding);
      EXPECT_TRUE(evaluation.failed) << finding->message;
      EXPECT_GE(matched(evaluation), 2u) << finding->message;
    } else {
      EXPECT_EQ(overlap.all, "");
    }

    std::vector<Cut> with_mask = complete;  // a rule again, at the end: the first one takes all of it
    with_mask.push_back(complete[static_cast<std::size_t>(generator.draw(static_cast<int>(rules)))]);
    const Judged masked = judged(generator.xml(with_mask, "FIRST"));
    ASSERT_NE(masked.of("DMN-TABLE-MASKED"), nullptr) << masked.all;
    EXPECT_EQ(masked.of("DMN-TABLE-MASKED")->where.element, "r" + std::to_string(rules + 1));
    EXPECT_EQ(masked.findings.size(), 1u) << masked.all;
  }
}

// Ten thousand rules: the answer, or "not checked".
TEST(Coverage, LargeTables) {
  Generator generator(5, 3, 1);
  const std::vector<Cut> complete = generator.complete(10'000);
  EXPECT_EQ(judged(generator.xml(complete, "UNIQUE")).all, "");
  std::vector<Cut> with_gap = complete;
  with_gap.erase(with_gap.begin() + 5'000);
  const Judged gap = judged(generator.xml(with_gap, "UNIQUE"));
  ASSERT_NE(gap.of("DMN-TABLE-GAP"), nullptr) << gap.all;
  EXPECT_EQ(matched(answer(gap, *gap.of("DMN-TABLE-GAP"))), 0u);
}

}  // namespace
}  // namespace dmn
