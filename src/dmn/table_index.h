// The rules of a decision table by what they accept. Each column is cut into stretches ("atoms": a value named by a cell,
// or what lies between two of them) and knows for each the set of rules whose cell holds there; a question is one look-up
// for each column and the sets' common part. What no constant says (names, functions, "?") is left open: such a cell is
// asked only for rules that everything else lets through. The answers are those of asking every cell of every rule.
#pragma once
#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dmn/workspace.h"
#include "feel/value.h"

namespace feel { class UnaryTests; }

namespace dmn {

// A set of rules: a row of bits, with some of them the other way round.
struct RuleSet {
  std::uint32_t base = 0;             // row of bits
  std::uint32_t begin = 0, end = 0;   // of toggles
};

class ColumnIndex {
 public:
  // Where the column has a set for it. nullptr: each cell must be asked.
  const RuleSet* find(const feel::Value& tested) const;
  const std::uint64_t* bits(const RuleSet& set) const { return bits_.data() + std::size_t{set.base} * words_; }
  std::span<const std::uint32_t> toggles(const RuleSet& set) const { return {toggles_.data() + set.begin, set.end - set.begin}; }
  bool restricts() const { return restricts_; }
  // The set's toggles are its rules.
  bool is_list(const RuleSet& set) const { return equality_ && set.base == 0 && zero_base_; }
  bool holds(const RuleSet& set, std::uint32_t rule) const {
    bool in = (bits(set)[rule / 64] >> (rule % 64)) & 1;
    for (const std::uint32_t toggled : toggles(set)) in ^= toggled == rule;
    return in;
  }
  std::size_t bytes() const;

 private:
  friend class ColumnBuilder;
  struct Place {
    std::int64_t at = 0;   // on the line of keys; what lies between two keys counts as the lower one
    bool exact = true;
    bool known = true;     // false: not on the line
  };
  Place place(const feel::Value&) const;
  const RuleSet* ordered(const feel::Value&) const;  // by comparing
  const RuleSet* named(std::string_view) const;
  std::size_t hash_slot(std::int64_t key) const { return static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u >> hash_shift_; }

  feel::Kind kind_ = feel::Kind::null;   // of its constants; null: nothing is indexed
  bool restricts_ = false;               // false: every set is all rules
  bool equality_ = false;                // no ranges: all gaps are alike
  bool zero_base_ = false;               // row 0 holds nothing
  bool has_keys_ = false;                // keys_ stand for points_
  int scale_ = 0;                        // of numbers: keys are value × 10^scale
  std::size_t words_ = 0;                // of a row
  std::vector<feel::Value> points_;      // ascending, each once
  std::vector<std::int64_t> keys_;       // of points_
  std::vector<RuleSet> sets_;            // 2i: before point i; 2i + 1: at it
  RuleSet null_, other_;                 // of a tested null, and of a scalar of another kind
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> toggles_;
  struct HashSlot {
    std::uint32_t hash = 0, point = 0;   // point + 1; 0: empty
  };
  std::vector<HashSlot> hash_;           // equality on keys or texts
  int hash_shift_ = 64;
};

class TableIndex {
 public:
  struct Column {
    std::vector<const feel::UnaryTests*> cells;  // each different one once; nullptr: a cell that never matches
    std::vector<std::uint32_t> of_rule;          // the cell of each rule
  };
  // nullptr where the scan is as good.
  static std::unique_ptr<const TableIndex> build(std::size_t rules, std::span<const Column>);

  // Calls keep(rule) for the rules that pass, ascending, until it says false. `open(rule, column)` asks one cell; it is called in the order of columns, and not
  // for a rule that another column has ruled out.
  template <class Open, class Keep>
  void find(std::span<const feel::Value> tested, Workspace&, Open&& open, Keep&& keep) const;
  std::size_t bytes() const;

 private:
  struct Asked {
    const ColumnIndex* column;
    const RuleSet* set;
  };
  template <class Open, class Keep>
  void find_few(std::span<const feel::Value> tested, Open& open, Keep& keep) const;
  template <class Open>
  bool passes(std::uint32_t rule, std::span<const std::uint8_t> scanned, Open& open) const;
  static void write(const Asked&, std::size_t words, std::uint64_t* out);
  template <class Each>
  static void common_bits(const std::uint64_t* const* rows, std::size_t count, std::size_t words, Each&& each);

  std::size_t rules_ = 0, words_ = 0;
  std::vector<ColumnIndex> columns_;
  std::vector<std::uint32_t> open_begin_, open_columns_;  // of each rule: its columns that must be asked
};

// ---- inline: this is where a table's time goes ---------------------------------------------------------------

template <class Open>
bool TableIndex::passes(std::uint32_t rule, std::span<const std::uint8_t> scanned, Open& open) const {
  if (scanned.empty()) {
    for (std::uint32_t i = open_begin_[rule]; i < open_begin_[rule + 1]; ++i)
      if (!open(rule, open_columns_[i])) return false;
    return true;
  }
  std::uint32_t next = open_begin_[rule];
  for (std::uint32_t c = 0; c < columns_.size(); ++c) {
    const bool is_open = next < open_begin_[rule + 1] && open_columns_[next] == c;
    next += is_open;
    if ((is_open || scanned[c]) && !open(rule, c)) return false;
  }
  return true;
}

template <class Each>
void TableIndex::common_bits(const std::uint64_t* const* rows, std::size_t count, std::size_t words, Each&& each) {
  const auto run = [&](auto word) {
    for (std::size_t w = 0; w < words; ++w) {
      for (std::uint64_t left = word(w); left != 0; left &= left - 1)
        if (!each(static_cast<std::uint32_t>(w * 64 + std::countr_zero(left)))) return;
    }
  };
  const std::uint64_t* const a = rows[0];
  if (count == 1) return run([=](std::size_t w) { return a[w]; });
  const std::uint64_t* const b = rows[1];
  if (count == 2) return run([=](std::size_t w) { return a[w] & b[w]; });
  const std::uint64_t* const c = rows[2];
  if (count == 3) return run([=](std::size_t w) { return a[w] & b[w] & c[w]; });
  const std::uint64_t* const d = rows[3];
  if (count == 4) return run([=](std::size_t w) { return a[w] & b[w] & c[w] & d[w]; });
  run([=](std::size_t w) {
    std::uint64_t word = a[w] & b[w] & c[w] & d[w];
    for (std::size_t i = 4; i < count && word != 0; ++i) word &= rows[i][w];
    return word;
  });
}

// Up to 64 rules and as many columns: a set is one word.
template <class Open, class Keep>
void TableIndex::find_few(std::span<const feel::Value> tested, Open& open, Keep& keep) const {
  std::uint64_t left = ~std::uint64_t{0} >> (64 - rules_), scanned = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (!columns_[c].restricts()) continue;
    const RuleSet* const set = columns_[c].find(tested[c]);
    if (set == nullptr) scanned |= std::uint64_t{1} << c;
    else left &= *columns_[c].bits(*set);  // which so few rules have without toggles
  }
  for (; left != 0; left &= left - 1) {
    const auto rule = static_cast<std::uint32_t>(std::countr_zero(left));
    if (open_begin_[rule] != open_begin_[rule + 1] || scanned != 0) {
      std::uint64_t ask = scanned;
      for (std::uint32_t i = open_begin_[rule]; i < open_begin_[rule + 1]; ++i) ask |= std::uint64_t{1} << open_columns_[i];
      while (ask != 0 && open(rule, static_cast<std::uint32_t>(std::countr_zero(ask)))) ask &= ask - 1;
      if (ask != 0) continue;
    }
    if (!keep(rule)) return;
  }
}

template <class Open, class Keep>
void TableIndex::find(std::span<const feel::Value> tested, Workspace& workspace, Open&& open, Keep&& keep) const {
  const std::size_t columns = columns_.size();
  if (words_ == 1 && columns <= 64) return find_few(tested, open, keep);
  Taken<Asked> asked(workspace, columns);
  Taken<std::uint8_t> scanned(workspace, columns);
  std::size_t count = 0, scans = 0;
  const Asked* list = nullptr;
  for (std::size_t c = 0; c < columns; ++c) {
    const ColumnIndex& column = columns_[c];
    scanned[c] = 0;
    if (!column.restricts()) continue;
    const RuleSet* set = column.find(tested[c]);
    if (set == nullptr) {
      scanned[c] = 1;
      ++scans;
      continue;
    }
    asked[count] = {&column, set};
    if (column.is_list(*set) && (list == nullptr || column.toggles(*set).size() < list->column->toggles(*list->set).size())) list = &asked[count];
    ++count;
  }
  const std::span<const std::uint8_t> all = scans > 0 ? scanned.span() : std::span<std::uint8_t>{};
  const auto each = [&](std::uint32_t rule) { return !passes(rule, all, open) || keep(rule); };
  if (count == 0) {
    for (std::uint32_t rule = 0; rule < rules_; ++rule)
      if (!each(rule)) return;
    return;
  }
  constexpr std::size_t kFew = 8;  // rules to look at one by one rather than by rows of bits
  if (list != nullptr && (count == 1 || list->column->toggles(*list->set).size() <= kFew)) {
    for (const std::uint32_t rule : list->column->toggles(*list->set)) {
      bool in = true;
      for (std::size_t i = 0; i < count && in; ++i) in = &asked[i] == list || asked[i].column->holds(*asked[i].set, rule);
      if (in && !each(rule)) return;
    }
    return;
  }
  Taken<const std::uint64_t*> rows(workspace, count);
  Taken<std::uint64_t> scratch(workspace, count * words_);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i] = asked[i].column->bits(*asked[i].set);
    if (asked[i].set->begin == asked[i].set->end) continue;
    write(asked[i], words_, scratch.data() + i * words_);
    rows[i] = scratch.data() + i * words_;
  }
  common_bits(rows.data(), count, words_, each);
}

}  // namespace dmn
