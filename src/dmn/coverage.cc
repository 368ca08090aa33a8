#include "dmn/coverage.h"

#include <algorithm>
#include <unordered_map>

#include "base/limits.h"
#include "base/text.h"
#include "dmn/coverage_search.h"

namespace dmn {
namespace {

constexpr std::size_t kReported = 5;  // of one kind in one table; more say nothing new

bool has_outputs_alone(HitPolicy policy) { return policy == HitPolicy::unique || policy == HitPolicy::any || policy == HitPolicy::first || policy == HitPolicy::priority; }

class Coverage {
 public:
  Coverage(const DecisionTable& table, const Expression& holder, const std::string& owner, const Model& model, const std::vector<feel::TypePtr>& types, Faults& faults)
      : table_(table), owner_(owner), model_(model), types_(types), faults_(faults), id_(holder.id.empty() ? owner : holder.id), at_(holder.at) {}

  void run() {
    const HitPolicy policy = table_.hit_policy;
    const bool readable = read_columns();
    if (!readable || (policy != HitPolicy::unique && policy != HitPolicy::first)) find_duplicates();
    if (!readable) return;
    if (columns_.size() > base::limits::kTableCheckColumns) return not_checked("more inputs than the limit kTableCheckColumns", "flere input end grænsen kTableCheckColumns", model_.where(at_, id_));
    CoverageSearch search(columns_, table_.rules.size(), base::limits::kTableCheckWork);
    bool disjoint = false;
    if (policy == HitPolicy::unique || policy == HitPolicy::any) {
      if (!find_overlaps(search, disjoint)) return;
    } else if (policy == HitPolicy::first && !find_masked(search)) {
      return;
    }
    const bool has_default = std::any_of(table_.outputs.begin(), table_.outputs.end(), [](const OutputClause& o) { return o.default_entry != nullptr; });
    if (has_outputs_alone(policy) && !has_default) find_gap(search, disjoint);
  }

 private:
  void not_checked(const std::string& why, const std::string& why_da, base::Where where) {
    faults_.add("DMN-TABLE-NOT-CHECKED", std::move(where), "the table of '" + owner_ + "' is not checked for overlaps and gaps: " + why, "constant tests in the cells, or a smaller table", why_da);
  }
  void too_much_work(const std::string& what, const std::string& what_da) {
    not_checked(what + " than the budget kTableCheckWork", what_da + " end budgettet kTableCheckWork", model_.where(at_, id_));
  }

  // The column's own input values, else those of its type.
  CellTest domain_of(std::size_t column) const {
    const InputClause& clause = table_.inputs[column];
    CellTest any;
    any.any = true;
    if (clause.allowed.present && !base::trim(clause.allowed.text).empty()) return read_cell(clause.allowed.text).value_or(any);
    const feel::TypePtr& type = types_[column];
    return type && !type->allowed.empty() ? read_cell(type->allowed).value_or(any) : any;
  }

  bool read_columns() {
    for (std::size_t c = 0; c < table_.inputs.size(); ++c) {
      std::vector<CellTest> cells;
      cells.reserve(table_.rules.size());
      const std::string input = std::to_string(c + 1);
      for (std::size_t r = 0; r < table_.rules.size(); ++r) {
        const RuleCell& cell = table_.rules[r].inputs[c];
        auto test = read_cell(cell.text.text);
        if (!test) {
          const std::string rule = std::to_string(r + 1);
          not_checked("rule " + rule + ", input " + input + " is no constant test", "regel " + rule + ", input " + input + " er ikke en prøve mod faste værdier",
                      model_.where(cell.text.at, cell.id.empty() ? id_ : cell.id));
          return false;
        }
        cells.push_back(std::move(*test));
      }
      auto column = column_of(cells, domain_of(c), types_[c]);
      if (!column) {
        not_checked("the cells of input " + input + " are of several kinds", "cellerne i input " + input + " er af flere slags", model_.where(table_.inputs[c].at, id_));
        return false;
      }
      report_never(*column, c);
      columns_.push_back(std::move(*column));
    }
    return true;
  }

  // Cells that hold none of the values that the column may have.
  void report_never(const Column& column, std::size_t c) {
    if (domain_of(c).any) return;  // an empty range: said where the cell was read
    const InputClause& clause = table_.inputs[c];
    for (std::size_t r = 0; r < column.cells.size(); ++r) {
      if (!column.cells[r].empty()) continue;
      const RuleCell& cell = table_.rules[r].inputs[c];
      const std::string rule = std::to_string(r + 1);
      faults_.add("DMN-TABLE-NEVER", model_.where(cell.text.at, cell.id.empty() ? id_ : cell.id), "rule " + rule + " of '" + owner_ + "' never matches: " + cell.text.text + " is none of the input values",
                  "one of " + (clause.allowed.present ? clause.allowed.text : types_[c]->allowed), "regel " + rule + " i '" + owner_ + "', input " + std::to_string(c + 1));
    }
  }

  std::string label(std::size_t column) const {
    const InputClause& clause = table_.inputs[column];
    return clause.label.empty() ? std::string(base::trim(clause.expression.text)) : clause.label;
  }

  bool same_outputs(std::size_t a, std::size_t b) const {
    for (std::size_t o = 0; o < table_.outputs.size(); ++o)
      if (base::trim(table_.rules[a].outputs[o].text.text) != base::trim(table_.rules[b].outputs[o].text.text)) return false;
    return true;
  }

  void report(std::string_view code, base::Where where, std::string message, std::string message_da, const std::string& remedy, const Atoms& atoms) {
    std::string words, words_da;
    std::vector<std::pair<std::string, std::string>> values;
    for (std::size_t c = 0; c < atoms.size(); ++c) {
      const Example example = columns_[c].example(atoms[c]);
      words += (c == 0 ? "" : ", ") + label(c) + " = " + example.words;
      words_da += (c == 0 ? "" : ", ") + label(c) + " = " + example.words_da;
      values.emplace_back(label(c), example.feel);
    }
    message += atoms.empty() ? "always" : "when " + words;
    message_da += atoms.empty() ? "altid" : "når " + words_da;
    faults_.add(code, std::move(where), std::move(message), remedy, message_da, std::move(values));
  }

  base::Where where_of(std::uint32_t rule) const {
    const DecisionRule& r = table_.rules[rule];
    return model_.where(r.at, r.id.empty() ? id_ : r.id);
  }

  // False: not known, which has been said.
  bool find_overlaps(CoverageSearch& search, bool& disjoint) {
    std::size_t reported = 0;
    disjoint = true;
    const bool done = search.meeting_pairs([&](std::uint32_t a, std::uint32_t b) {
      disjoint = false;
      if (table_.hit_policy == HitPolicy::any && same_outputs(a, b)) return true;
      const std::string left = std::to_string(a + 1), right = std::to_string(b + 1);
      report("DMN-TABLE-OVERLAP", where_of(b), "rules " + left + " and " + right + " of '" + owner_ + "' both match ", "regel " + left + " og " + right + " i '" + owner_ + "' passer begge, ",
             "tests that exclude each other, or another hit policy", *search.meeting(a, b));
      return ++reported < kReported;
    });
    if (!done) too_much_work("more pairs of rules", "flere par af regler");
    return done;
  }

  // Under FIRST: rules whose box lies within the rules before.
  bool find_masked(CoverageSearch& search) {
    constexpr std::size_t kStored = 2'000'000;  // pairs of rules kept at a time: 8 MB
    std::vector<std::vector<std::uint32_t>> before(table_.rules.size());
    std::vector<std::uint32_t> within(table_.rules.size(), ~0u);  // the first rule that holds all of it
    std::size_t stored = 0;
    const bool done = search.meeting_pairs([&](std::uint32_t a, std::uint32_t b) {
      if (search.holds_all_of(a, b)) within[b] = std::min(within[b], a);
      if (within[b] != ~0u) return true;
      before[b].push_back(a);
      return ++stored <= kStored;
    });
    if (!done || stored > kStored) {
      too_much_work("more pairs of rules", "flere par af regler");
      return false;
    }
    std::size_t reported = 0;
    for (std::uint32_t b = 0; b < before.size() && reported < kReported; ++b) {
      if (std::any_of(columns_.begin(), columns_.end(), [&](const Column& c) { return c.cells[b].empty(); })) continue;  // never matches: said by its cell
      std::string by, by_da;
      if (within[b] != ~0u) {
        by = "rule " + std::to_string(within[b] + 1) + " matches";
        by_da = "regel " + std::to_string(within[b] + 1);
      } else if (before[b].size() > 1) {
        Atoms atoms;
        const auto answer = search.find_gap_in(b, before[b], atoms);
        if (answer == CoverageSearch::Answer::out_of_budget) {
          too_much_work("more combinations", "flere kombinationer");
          return false;
        }
        if (answer == CoverageSearch::Answer::gap) continue;
        by = "the rules before it match";
        by_da = "reglerne før den";
      } else {
        continue;
      }
      const std::string number = std::to_string(b + 1);
      faults_.add("DMN-TABLE-MASKED", where_of(b), "rule " + number + " of '" + owner_ + "' is never reached: " + by + " whenever it does", "a place before them, or no such rule",
                  "regel " + number + " i '" + owner_ + "' skjules af " + by_da);
      ++reported;
    }
    return true;
  }

  // By the cells' texts, so that tables that cannot be read are looked at as well.
  void find_duplicates() {
    std::unordered_map<std::string, std::size_t> seen;
    std::size_t reported = 0;
    for (std::size_t r = 0; r < table_.rules.size() && reported < kReported; ++r) {
      std::string key;
      for (const auto* cells : {&table_.rules[r].inputs, &table_.rules[r].outputs})
        for (const RuleCell& cell : *cells) key.append(base::trim(cell.text.text)).push_back('\x1f');
      const auto [at, fresh] = seen.emplace(std::move(key), r);
      if (fresh) continue;
      const std::string first = std::to_string(at->second + 1), second = std::to_string(r + 1);
      faults_.add("DMN-TABLE-DUPLICATE", where_of(static_cast<std::uint32_t>(r)), "rules " + first + " and " + second + " of '" + owner_ + "' have the same tests and outputs", "one of them",
                  "regel " + first + " og " + second + " i '" + owner_ + "'");
      ++reported;
    }
  }

  void find_gap(CoverageSearch& search, bool disjoint) {
    Atoms atoms;
    switch (search.find_gap(disjoint, atoms)) {
      case CoverageSearch::Answer::covered: return;
      case CoverageSearch::Answer::out_of_budget: return too_much_work("more combinations", "flere kombinationer");
      case CoverageSearch::Answer::gap: break;
    }
    report("DMN-TABLE-GAP", model_.where(at_, id_), "no rule of '" + owner_ + "' matches ", "ingen regel i '" + owner_ + "' passer, ", "a rule for it, or a default output", atoms);
  }

  const DecisionTable& table_;
  const std::string& owner_;
  const Model& model_;
  const std::vector<feel::TypePtr>& types_;
  Faults& faults_;
  std::string id_;
  Position at_;
  std::vector<Column> columns_;
};

}  // namespace

void check_coverage(const DecisionTable& table, const Expression& holder, const std::string& owner, const Model& model, const std::vector<feel::TypePtr>& types, Faults& faults) {
  if (table.rules.empty() || types.size() != table.inputs.size()) return;
  for (const DecisionRule& rule : table.rules)  // arity faults are reported elsewhere
    if (rule.inputs.size() != table.inputs.size() || rule.outputs.size() != table.outputs.size()) return;
  Coverage(table, holder, owner, model, types, faults).run();
}

}  // namespace dmn
