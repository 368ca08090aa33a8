// The index answers what asking every cell of every rule answers: random tables × random inputs.
#include <gtest/gtest.h>

#include <random>

#include "base/limits.h"
#include "dmn/table.h"

namespace dmn {
namespace {

using feel::Value;

constexpr std::uint32_t kSeed = 20261122;

// Cells by the kind that their column is about; all columns get some that belong elsewhere.
const std::vector<std::vector<const char*>> kCells = {
    {"1", "2", "3", "2.0", "2.5", "-7", "< 2", "<= 2", "> 2.25", ">= 3", "= 2", "!= 2", "[1..3]", "(1..3)", "]1..3]", "[2..2]", "(2..2)", "[5..1]", "1, 3", "1, > 2", "[1..2], 5",
     "not(2)", "not(1, 3)", "not(< 2)", "not([1..2], 5)", "[1, 2, 3]", "[1, [2..3]]", "not([1, 2])", "(< 3)", "(!= 3)", "(= 3)", "1000000000000000000000000000000000", "1.00000000000000000001",
     "0.1", "1e10", "1e-30", "12345678901234567890", "null", "[1..null]"},
    {"\"a\"", "\"b\"", "\"a\", \"c\"", "not(\"a\")", "not(\"a\", \"b\")", "< \"b\"", ">= \"b\"", "[\"a\"..\"b\"]", "\"\"", "\"a long text that is shared\"", "!= \"a\"", "[\"a\", \"b\"]", "\"æ\"",
     "not(> \"b\")", "null, \"a\""},
    {"true", "false", "not(true)", "true, false", "= true", "!= false", "not(false, true)", "5 > 3", "[true]", "null"},
    {"@\"2024-02-29\"", "date(\"2024-03-01\")", "< @\"2024-03-01\"", "[@\"2024-02-29\"..@\"2024-03-02\")", "not(@\"2024-02-29\")", ">= @\"-0044-03-15\"", "@\"2024-02-29\", @\"2025-01-01\""},
    {"@\"P1D\"", "< @\"P2D\"", "@\"PT0.5S\"", ">= @\"-PT0.5S\"", "not(@\"P1D\")", "[@\"P1D\"..@\"P3D\"]", "@\"-PT1S\"", "> @\"-PT1S\""},
    {"@\"P1Y\"", "> @\"P6M\"", "not(@\"P1Y\")", "[@\"P1M\"..@\"P2Y\"]", "@\"P12M\""},
    {"@\"2024-01-01T10:00:00\"", "< @\"2024-01-01T10:00:01\"", "@\"2024-01-01T10:00:00Z\"", "> @\"2024-01-01T09:00:00+01:00\"", "not(@\"2024-01-01T10:00:00\")",
     "@\"2024-01-01T10:00:00.5\"", "[@\"2024-01-01T00:00:00\"..@\"2024-12-31T23:59:59\"]", "@\"2024-01-01T10:00:00@Europe/Copenhagen\""},
    {"@\"10:00:00\"", ">= @\"09:00:00\"", "@\"10:00:00Z\"", "not(@\"10:00:00\")", "[@\"08:00:00\"..@\"16:00:00\")", "@\"10:00:00.25\""},
};
const std::vector<const char*> kOpen = {"limit", "> limit", "[1..limit]", "? > 1", "? = \"a\"", "string length(?) > 1", "limit > 2", "not(limit)", "1, limit", "null", "today() > ?", "? in [1, 2]",
                                        "count(?) > 1", "list contains(?, 1)", "limit / 0", "? != null", "not(? = 1)"};
const std::vector<const char*> kValues = {
    "null", "1", "2", "2.00", "2.5", "3", "5", "-7", "0", "1000000000000000000000000000000000", "1.00000000000000000001", "0.1", "0.10000000001", "1e10", "1e-30", "1e40", "12345678901234567890",
    "9223372036854775807", "\"a\"", "\"b\"", "\"c\"", "\"aa\"", "\"\"", "\"a long text that is shared\"", "\"æ\"", "true", "false", "@\"2024-02-29\"", "@\"2024-03-01\"", "@\"2025-01-01\"",
    "@\"-0044-03-15\"", "@\"P1D\"", "@\"PT24H\"", "@\"PT0.5S\"", "@\"-PT0.5S\"", "@\"-PT1S\"", "@\"-PT1.5S\"", "@\"P3D\"", "@\"P1Y\"", "@\"P7M\"", "@\"P0M\"", "@\"2024-01-01T10:00:00\"",
    "@\"2024-01-01T10:00:00.5\"", "@\"2024-01-01T10:00:00Z\"", "@\"2024-01-01T11:00:00+01:00\"", "@\"2024-01-01T10:00:00@Europe/Copenhagen\"", "@\"10:00:00\"", "@\"10:00:00.25\"", "@\"10:00:00Z\"",
    "@\"08:00:00\"", "[1, 2]", "[1, 2, 3]", "[\"a\", \"b\"]", "[]", "[1]", "[1..2]", "[2..3]", "(< 3)", "{a: 1}", "function(x) x"};

Value value_of(const char* text) {
  const auto expression = feel::compile(text);
  EXPECT_TRUE(expression) << text;
  return expression ? expression->evaluate({}, {}) : Value();
}

struct Random {
  std::mt19937 engine;
  std::size_t below(std::size_t n) { return engine() % n; }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  template <class T>
  const T& one_of(const std::vector<T>& list) { return list[below(list.size())]; }
};

// Slots: 0 … columns-1 the inputs, then "limit", then the tested values.
std::unique_ptr<TableNode> table_of(const std::vector<std::vector<std::string>>& texts, std::size_t columns, HitPolicy policy, bool with_index) {
  auto table = std::make_unique<TableNode>();
  table->name = "T";
  table->hit_policy = policy;
  const int limit_slot = static_cast<int>(columns);
  table->tested_slot = limit_slot + 1;
  table->inputs.resize(columns);
  for (std::size_t c = 0; c < columns; ++c) table->inputs[c].expression.only_slot = static_cast<int>(c);
  table->outputs.resize(1);
  table->outputs[0].priority = {Value::number(2), Value::number(1), Value::number(0)};
  for (std::size_t r = 0; r < texts.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      auto compiled = feel::compile_unary_tests(texts[r][c], {.names = {{"limit", nullptr}}});
      BoundTests cell;
      cell.usable = compiled.has_value();
      if (compiled) {
        cell.has_names = !compiled->inputs().empty();
        cell.tests = cell.has_names ? compiled->bound({{limit_slot}}) : std::move(*compiled);
      }
      table->cells.push_back(static_cast<std::uint32_t>(table->inputs[c].cells.size()));
      table->inputs[c].cells.push_back(std::move(cell));
    }
    TableNode::Rule rule;
    rule.index = static_cast<int>(r);
    table->constants.push_back(Value::number(static_cast<std::int64_t>(r % 3)));
    table->rules.push_back(std::move(rule));
  }
  table->finish(with_index);
  return table;
}

std::vector<std::vector<std::string>> random_texts(Random& random, std::size_t rules, std::size_t columns) {
  std::vector<std::size_t> about(columns);
  for (std::size_t& kind : about) kind = random.below(kCells.size());
  const int dashes = static_cast<int>(random.below(60)), open = random.chance(50) ? static_cast<int>(random.below(30)) : 0;
  std::vector<std::vector<std::string>> out(rules);
  for (auto& rule : out)
    for (std::size_t c = 0; c < columns; ++c) {
      if (random.chance(dashes)) rule.push_back("-");
      else if (random.chance(open)) rule.push_back(random.one_of(kOpen));
      else rule.push_back(random.one_of(kCells[random.chance(8) ? random.below(kCells.size()) : about[c]]));
    }
  return out;
}

std::string shown(const std::vector<std::vector<std::string>>& texts, std::span<const Value> tested) {
  std::string out;
  for (const Value& value : tested) out += feel::text(value) + " | ";
  for (const auto& rule : texts) {
    out += "\n";
    for (const std::string& cell : rule) out += cell + " | ";
  }
  return out;
}

std::string said(const Value& value) { return feel::text(value) + " " + value.reason(); }

TEST(TableIndex, MatchesTheRulesThatTheScanMatches) {
  Random random{std::mt19937(kSeed)};
  std::vector<Value> values;
  for (const char* text : kValues) values.push_back(value_of(text));
  feel::Environment environment;
  environment.now = 1'700'000'000'000;
  std::size_t matched = 0;
  for (int round = 0; round < 400; ++round) {
    const std::size_t columns = 1 + random.below(4), rules = 1 + random.below(random.chance(20) ? 300 : 12);
    const auto texts = random_texts(random, rules, columns);
    const auto table = table_of(texts, columns, random.chance(30) ? HitPolicy::first : HitPolicy::collect, true);
    for (int question = 0; question < 40; ++question) {
      std::vector<Value> slots(2 * columns + 1), tested;
      slots[columns] = random.chance(50) ? value_of("2") : random.one_of(values);
      for (std::size_t c = 0; c < columns; ++c) tested.push_back(random.one_of(values));
      std::vector<std::size_t> by_index, by_scan;
      table->matching(tested, slots, environment, true, by_index);
      table->matching(tested, slots, environment, false, by_scan);
      matched += by_scan.size();
      ASSERT_EQ(by_index, by_scan) << "round " << round << ": " << shown(texts, tested);
    }
  }
  EXPECT_GT(matched, 10'000u);  // the comparison is not of nothing with nothing
}

TEST(TableIndex, EachKindOfCellAloneMatchesWhatTheScanMatches) {
  std::vector<Value> values;
  for (const char* text : kValues) values.push_back(value_of(text));
  for (const auto& kind : kCells)
    for (const char* first : kind)
      for (const char* second : kind) {
        const std::vector<std::vector<std::string>> texts = {{first}, {"-"}, {second}};
        const auto table = table_of(texts, 1, HitPolicy::collect, true);
        for (const Value& value : values) {
          const std::vector<Value> slots(3), tested{value};
          std::vector<std::size_t> by_index, by_scan;
          table->matching(tested, slots, {}, true, by_index);
          table->matching(tested, slots, {}, false, by_scan);
          ASSERT_EQ(by_index, by_scan) << shown(texts, tested);
        }
      }
}

TEST(TableIndex, EveryHitPolicyGivesWhatItGivesWithoutIndex) {
  Random random{std::mt19937(kSeed + 1)};
  std::vector<Value> values;
  for (const char* text : kValues) values.push_back(value_of(text));
  constexpr HitPolicy kPolicies[] = {HitPolicy::unique, HitPolicy::first, HitPolicy::priority, HitPolicy::any, HitPolicy::collect, HitPolicy::rule_order, HitPolicy::output_order};
  // Rule names of failures come from the model's table.
  DecisionTable source;
  source.rules.resize(300);
  for (int round = 0; round < 120; ++round) {
    const std::size_t columns = 1 + random.below(3), rules = 1 + random.below(random.chance(20) ? 300 : 40);
    const auto texts = random_texts(random, rules, columns);
    for (const HitPolicy policy : kPolicies) {
      const auto with = table_of(texts, columns, policy, true), without = table_of(texts, columns, policy, false);
      with->source = without->source = &source;
      for (int question = 0; question < 5; ++question) {
        std::vector<Value> slots(2 * columns + 1);
        for (Value& slot : slots) slot = random.one_of(values);
        std::vector<Value> other = slots;
        std::vector<feel::Reason> reasons, other_reasons;
        const bool listens = random.chance(50);
        feel::Environment environment, other_environment;
        if (listens) environment.reasons = &reasons, other_environment.reasons = &other_reasons;
        dmn::Run run, other_run;
        Frame frame{slots, environment, run}, other_frame{other, other_environment, other_run};
        dmn::Run::here() = &run;
        const Value a = with->evaluate(frame);
        dmn::Run::here() = &other_run;
        const Value b = without->evaluate(other_frame);
        dmn::Run::here() = nullptr;
        ASSERT_EQ(said(a), said(b)) << shown(texts, {});
        ASSERT_EQ(run.failure, other_run.failure);
        ASSERT_EQ(reasons.size(), other_reasons.size());
      }
    }
  }
}

TEST(TableIndex, ManyRulesOfOneColumnTakeMemoryInProportion) {
  std::vector<feel::UnaryTests> tests;
  const std::size_t rules = 20'000;
  for (std::size_t r = 0; r < rules; ++r) tests.push_back(*feel::compile_unary_tests("[" + std::to_string(r) + ".." + std::to_string(r + 500) + ")"));
  std::vector<TableIndex::Column> columns(1);
  for (std::uint32_t r = 0; r < rules; ++r) {
    columns[0].cells.push_back(&tests[r]);
    columns[0].of_rule.push_back(r);
  }
  const auto index = TableIndex::build(rules, columns);
  ASSERT_NE(index, nullptr);
  EXPECT_LT(index->bytes(), rules * 2 * 80);  // not rules × stretches
  std::vector<std::uint32_t> found;
  const Value tested = Value::number(10'000);
  index->find<true>({&tested, 1}, Workspace::here(), [](auto, auto) { return true; }, [&](std::uint32_t rule) { found.push_back(rule); return true; });
  ASSERT_EQ(found.size(), 500u);
  EXPECT_EQ(found.front(), 9'501u);
  EXPECT_EQ(found.back(), 10'000u);
}

}  // namespace
}  // namespace dmn
