#include "dmn/coverage.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "dmn/coverage_column.h"

namespace dmn {
namespace {

constexpr std::size_t kReported = 5;  // overlaps of one table; more say nothing new

class Coverage {
 public:
  Coverage(const DecisionTable& table, const Expression& holder, const std::string& owner, const Model& model, const TypeTable& types, Faults& faults)
      : table_(table), owner_(owner), model_(model), types_(types), faults_(faults), id_(holder.id.empty() ? owner : holder.id), at_(holder.at) {}

  void run() {
    if (!read_columns()) return;
    const HitPolicy policy = table_.hit_policy;
    if (policy == HitPolicy::unique || policy == HitPolicy::any) find_overlaps();
    const bool has_default = std::any_of(table_.outputs.begin(), table_.outputs.end(), [](const OutputClause& o) { return o.default_entry != nullptr; });
    const bool single = policy == HitPolicy::unique || policy == HitPolicy::any || policy == HitPolicy::first || policy == HitPolicy::priority;
    if (single && !has_default) find_gap();
  }

 private:
  void not_checked(const std::string& why, base::Where where) {
    faults_.add("DMN-TABLE-NOT-CHECKED", std::move(where), "the table of '" + owner_ + "' is not checked for overlaps and gaps: " + why,
        "constant tests in the cells, or a smaller table");
  }

  CellTest domain_of(const InputClause& clause) const {
    if (clause.allowed.present)
      if (auto domain = read_cell(clause.allowed.text)) return *domain;
    CellTest domain;
    for (const feel::Value& value : types_.allowed_order(clause.type)) {
      CellTest::Piece piece;
      piece.value = value;
      domain.pieces.push_back(std::move(piece));
    }
    domain.any = domain.pieces.empty();
    return domain;
  }

  bool read_columns() {
    for (std::size_t c = 0; c < table_.inputs.size(); ++c) {
      std::vector<CellTest> cells;
      for (std::size_t r = 0; r < table_.rules.size(); ++r) {
        const RuleCell& cell = table_.rules[r].inputs[c];
        auto test = read_cell(cell.text.text);
        if (!test) {
          not_checked("rule " + std::to_string(r + 1) + ", input " + std::to_string(c + 1) + " is no constant test",
              model_.where(cell.text.at, cell.id.empty() ? id_ : cell.id));
          return false;
        }
        cells.push_back(std::move(*test));
      }
      auto column = column_of(cells, domain_of(table_.inputs[c]));
      if (!column) {
        not_checked("the cells of input " + std::to_string(c + 1) + " are of several kinds", model_.where(table_.inputs[c].at, id_));
        return false;
      }
      columns_.push_back(std::move(*column));
      labels_.push_back(table_.inputs[c].label.empty() ? std::string(base::trim(table_.inputs[c].expression.text)) : table_.inputs[c].label);
    }
    return true;
  }

  bool spend(std::size_t work) {
    spent_ += work;
    return spent_ <= base::limits::kTableCheckWork;
  }

  bool same_outputs(std::size_t a, std::size_t b) const {
    for (std::size_t o = 0; o < table_.outputs.size(); ++o)
      if (base::trim(table_.rules[a].outputs[o].text.text) != base::trim(table_.rules[b].outputs[o].text.text)) return false;
    return true;
  }

  std::string example(const std::vector<std::size_t>& atoms) const {
    std::string out;
    for (std::size_t c = 0; c < atoms.size(); ++c) out += (c == 0 ? "" : ", ") + labels_[c] + " = " + columns_[c].atoms[atoms[c]];
    return out.empty() ? "always" : out;
  }

  void find_overlaps() {
    std::size_t reported = 0;
    for (std::size_t a = 0; a < table_.rules.size(); ++a) {
      for (std::size_t b = a + 1; b < table_.rules.size(); ++b) {
        if (!spend(1)) return not_checked("more pairs of rules than the budget kTableCheckWork", model_.where(at_, id_));
        std::vector<std::size_t> atoms;
        for (std::size_t c = 0; c < columns_.size(); ++c) {
          const AtomSet &left = columns_[c].cells[a], &right = columns_[c].cells[b];
          spent_ += left.size();
          if (!meet(left, right)) break;
          std::size_t atom = 0;
          while (!holds(left, atom) || !holds(right, atom)) ++atom;
          atoms.push_back(atom);
        }
        if (atoms.size() < columns_.size()) continue;
        if (table_.hit_policy == HitPolicy::any && same_outputs(a, b)) continue;
        const DecisionRule& rule = table_.rules[b];
        faults_.add("DMN-TABLE-OVERLAP", model_.where(rule.at, rule.id.empty() ? id_ : rule.id),
                    "rules " + std::to_string(a + 1) + " and " + std::to_string(b + 1) + " of '" + owner_ + "' both match when " + example(atoms),
                    "tests that exclude each other, or another hit policy");
        if (++reported == kReported) return;
      }
    }
  }

  // Depth: the columns. `active`: rules that hold the atoms chosen so far. True: a gap is in `chosen`.
  enum class Search { covered, gap, out_of_budget };
  Search search(std::size_t column, const std::vector<std::size_t>& active, std::vector<std::size_t>& chosen) {
    if (!spend(1 + active.size())) return Search::out_of_budget;
    if (active.empty()) {
      for (std::size_t c = column; c < columns_.size(); ++c) {
        if (columns_[c].atoms.empty()) return Search::covered;
        chosen.push_back(0);
      }
      return Search::gap;
    }
    if (column == columns_.size()) return Search::covered;
    std::vector<std::vector<std::size_t>> seen;  // atoms that leave the same rules lead to the same answer
    for (std::size_t atom = 0; atom < columns_[column].atoms.size(); ++atom) {
      std::vector<std::size_t> left;
      for (const std::size_t rule : active)
        if (holds(columns_[column].cells[rule], atom)) left.push_back(rule);
      if (!spend(active.size() + seen.size())) return Search::out_of_budget;
      if (!left.empty() && std::find(seen.begin(), seen.end(), left) != seen.end()) continue;
      chosen.resize(column);
      chosen.push_back(atom);
      const Search found = search(column + 1, left, chosen);
      if (found != Search::covered) return found;
      seen.push_back(std::move(left));
    }
    return Search::covered;
  }

  void find_gap() {
    if (columns_.size() > base::limits::kTableCheckColumns) return not_checked("more inputs than the limit kTableCheckColumns", model_.where(at_, id_));
    std::vector<std::size_t> active(table_.rules.size()), chosen;
    for (std::size_t r = 0; r < active.size(); ++r) active[r] = r;
    switch (search(0, active, chosen)) {
      case Search::covered: return;
      case Search::out_of_budget: return not_checked("more combinations than the budget kTableCheckWork", model_.where(at_, id_));
      case Search::gap: break;
    }
    faults_.add("DMN-TABLE-GAP", model_.where(at_, id_), "no rule of '" + owner_ + "' matches when " + example(chosen), "a rule for it, or a default output");
  }

  const DecisionTable& table_;
  const std::string& owner_;
  const Model& model_;
  const TypeTable& types_;
  Faults& faults_;
  std::string id_;
  Position at_;
  std::vector<Column> columns_;
  std::vector<std::string> labels_;
  std::size_t spent_ = 0;
};

// Tables anywhere in the logic; base/xml bounds the depth.
void walk(const Expression* e, const std::string& owner, const Model& model, const TypeTable& types, Faults& faults) {
  if (e == nullptr) return;
  const auto down = [&](const ExpressionPtr& inner) { walk(inner.get(), owner, model, types, faults); };
  if (const auto* table = std::get_if<DecisionTable>(&e->logic)) check_coverage(*table, *e, owner, model, types, faults);
  if (const auto* context = std::get_if<BoxedContext>(&e->logic))
    for (const ContextEntry& entry : context->entries) down(entry.value);
  if (const auto* list = std::get_if<BoxedList>(&e->logic))
    for (const ExpressionPtr& item : list->items) down(item);
  if (const auto* function = std::get_if<FunctionDefinition>(&e->logic)) down(function->body);
  if (const auto* conditional = std::get_if<Conditional>(&e->logic)) {
    down(conditional->condition);
    down(conditional->then);
    down(conditional->otherwise);
  }
  if (const auto* filter = std::get_if<Filter>(&e->logic)) {
    down(filter->in);
    down(filter->match);
  }
  if (const auto* iteration = std::get_if<Iteration>(&e->logic)) {
    down(iteration->in);
    down(iteration->body);
  }
  if (const auto* invocation = std::get_if<Invocation>(&e->logic))
    for (const Binding& binding : invocation->bindings) down(binding.value);
}

}  // namespace

void check_coverage(const DecisionTable& table, const Expression& holder, const std::string& owner, const Model& model, const TypeTable& types, Faults& faults) {
  if (table.rules.empty()) return;
  for (const DecisionRule& rule : table.rules)  // arity faults are reported elsewhere
    if (rule.inputs.size() != table.inputs.size() || rule.outputs.size() != table.outputs.size()) return;
  Coverage(table, holder, owner, model, types, faults).run();
}

void check_coverage(const Model& model, const TypeTable& types, Faults& faults) {
  for (const Decision& decision : model.decisions) walk(decision.logic.get(), decision.name, model, types, faults);
  for (const BusinessKnowledgeModel& knowledge : model.knowledge) walk(knowledge.logic.get(), knowledge.name, model, types, faults);
}

}  // namespace dmn
