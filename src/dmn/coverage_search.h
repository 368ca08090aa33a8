// The search over a table's columns for rules that meet, combinations without a rule, and rules that others hide. A rule is a box: a set of
// atoms in each column. Inside the room.
#pragma once
#include <functional>
#include <span>
#include <unordered_set>
#include <vector>

#include "dmn/coverage_column.h"

namespace dmn {

using Atoms = std::vector<std::uint32_t>;  // one for each column

// The first atom that both hold.
std::optional<std::uint32_t> common_atom(const Cell&, const Cell&);

class CoverageSearch {
 public:
  enum class Answer { covered, gap, out_of_budget };
  CoverageSearch(std::span<const Column> columns, std::size_t rules, std::size_t budget) : columns_(columns), rules_(rules), budget_(budget) {}

  // Every pair a < b that meets, b ascending where the table is small, until `found` says false. False: out of budget.
  bool meeting_pairs(const std::function<bool(std::uint32_t a, std::uint32_t b)>& found);
  std::optional<Atoms> meeting(std::uint32_t a, std::uint32_t b);  // an example of both
  // A combination that no rule holds. `disjoint`: no two rules meet, so that counting decides.
  Answer find_gap(bool disjoint, Atoms& out);
  // Whether the rules together hold all of another rule's box.
  Answer find_gap_in(std::uint32_t box, std::vector<std::uint32_t> rules, Atoms& out);
  bool holds_all_of(std::uint32_t outer, std::uint32_t inner) const;

 private:
  using Count = unsigned __int128;
  bool spend(std::size_t work) { return (spent_ += work) <= budget_; }
  std::size_t best_column();
  bool sweep(std::size_t column, const std::function<bool(std::uint32_t, std::uint32_t)>& found);
  std::optional<Answer> by_counting(Atoms& out);  // nullopt: numbers too large to count with
  Answer search(std::size_t column, const std::vector<std::uint32_t>& active, Atoms& out);
  const Cell& domain(std::size_t column) const;  // what is looked at: everything, or the box

  std::span<const Column> columns_;
  std::size_t rules_, budget_, spent_ = 0;
  std::vector<Cell> everything_;
  int box_ = -1;
  std::vector<std::uint32_t> full_from_;  // of each rule: from this column on it holds everything looked at
  std::unordered_set<std::u32string> covered_;  // column and rules of which the search said so
};

}  // namespace dmn
