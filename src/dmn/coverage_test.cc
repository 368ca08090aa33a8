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
  EXPECT_NE(said({.inputs = {""}, .rules = {{"? > 1"}}}).find("rule 1, input 1 is no constant test"), std::string::npos);
  EXPECT_NE(said({.inputs = {""}, .rules = {{"1"}, {"\"a\""}}}).find("several kinds"), std::string::npos);
  Table large{.policy = "UNIQUE", .inputs = {""}, .rules = {}};
  for (int i = 0; i < 7'000; ++i) large.rules.push_back({std::to_string(i)});
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
