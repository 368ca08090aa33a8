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

inline constexpr std::size_t kRowStep = 4;  // words; rows are filled up to a multiple
constexpr std::size_t row_words(std::size_t rules) { return (rules + 64 * kRowStep - 1) / (64 * kRowStep) * kRowStep; }

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
  const RuleSet* named(const feel::Value&) const;
  static std::uint64_t hash_of(const feel::Value& text);
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
  // for a rule that another column has ruled out. `kAll`: keep() is expected to say true.
  template <bool kAll, class Open, class Keep>
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
  template <std::size_t kRows, class Each>
  static void common_words(const std::uint64_t* const* rows, std::size_t words, Each&& each);
  template <std::size_t kRows, bool kAll, class Each>
  void common_rules(const std::uint64_t* const* rows, Workspace&, Each& each) const;
  static int bits_in(std::uint64_t word) {  // std::popcount is a call where the processor may lack it
    word -= word >> 1 & 0x5555555555555555u;
    word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
    return static_cast<int>(((word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
  }

  static constexpr std::size_t kFewColumns = 64;
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

// Calls each(first word's number, four words) where the rows have something in common, until it says false.
template <std::size_t kRows, class Each>
void TableIndex::common_words(const std::uint64_t* const* rows, std::size_t words, Each&& each) {
  typedef std::uint64_t Pair __attribute__((vector_size(16), aligned(8), may_alias));
  for (std::size_t w = 0; w < words; w += kRowStep) {
    const auto pair = [&](std::size_t row, std::size_t at) { return *reinterpret_cast<const Pair*>(rows[row] + w + at); };
    Pair low = pair(0, 0), high = pair(0, 2);
    for (std::size_t row = 1; row < kRows; ++row) {
      low &= pair(row, 0);
      high &= pair(row, 2);
    }
    const Pair any = low | high;
    if ((any[0] | any[1]) == 0) continue;
    const std::uint64_t found[kRowStep] = {low[0], low[1], high[0], high[1]};
    if (!each(w, found)) return;
  }
}

template <std::size_t kRows, bool kAll, class Each>
void TableIndex::common_rules(const std::uint64_t* const* rows, Workspace& workspace, Each& each) const {
  if constexpr (!kAll) {
    common_words<kRows>(rows, words_, [&](std::size_t w, const std::uint64_t* found) {
      for (std::size_t i = 0; i < kRowStep; ++i)
        for (std::uint64_t left = found[i]; left != 0; left &= left - 1)
          if (!each(static_cast<std::uint32_t>((w + i) * 64 + std::countr_zero(left)))) return false;
      return true;
    });
  } else {
    // Most words hold a few rules or none, nobody can tell which: four are always written, and what was too much is written over.
    constexpr std::size_t kAlways = 4;
    Taken<std::uint32_t> rules(workspace, rules_ + kAlways);
    std::uint32_t* end = rules.data();
    common_words<kRows>(rows, words_, [&](std::size_t w, const std::uint64_t* found) {
      for (std::size_t i = 0; i < kRowStep; ++i) {
        std::uint64_t left = found[i];
        const auto first = static_cast<std::uint32_t>((w + i) * 64);
        const int count = bits_in(left);
        std::uint32_t* at = end;
        for (std::size_t n = 0; n < kAlways; ++n, left &= left - 1) *at++ = first + static_cast<std::uint32_t>(std::countr_zero(left));
        for (; left != 0; left &= left - 1) *at++ = first + static_cast<std::uint32_t>(std::countr_zero(left));
        end += count;
      }
      return true;
    });
    for (const std::uint32_t* at = rules.data(); at != end; ++at)
      if (!each(*at)) return;
  }
}

// Up to 64 rules: a set is one word.
template <class Open, class Keep>
void TableIndex::find_few(std::span<const feel::Value> tested, Open& open, Keep& keep) const {
  std::uint8_t asked[kFewColumns];
  std::uint64_t left = ~std::uint64_t{0} >> (64 - rules_);
  bool scans = false;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    asked[c] = 0;
    if (!columns_[c].restricts()) continue;
    const RuleSet* const set = columns_[c].find(tested[c]);
    if (set != nullptr) left &= *columns_[c].bits(*set);  // which so few rules have without toggles
    else asked[c] = scans = true;
  }
  const std::span<const std::uint8_t> scanned = scans ? std::span<const std::uint8_t>(asked, columns_.size()) : std::span<const std::uint8_t>{};
  for (; left != 0; left &= left - 1) {
    const auto rule = static_cast<std::uint32_t>(std::countr_zero(left));
    if (!passes(rule, scanned, open)) continue;
    if (!keep(rule)) return;
  }
}

template <bool kAll, class Open, class Keep>
void TableIndex::find(std::span<const feel::Value> tested, Workspace& workspace, Open&& open, Keep&& keep) const {
  const std::size_t columns = columns_.size();
  if (rules_ <= 64 && columns <= kFewColumns) return find_few(tested, open, keep);
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
  const bool asks = scans > 0 || !open_columns_.empty();
  const auto each = [&](std::uint32_t rule) { return (asks && !passes(rule, all, open)) || keep(rule); };
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
  // More than four rows: the later ones are put into the fourth.
  if (count > 4) {
    if (rows[3] != scratch.data() + 3 * words_) std::memcpy(scratch.data() + 3 * words_, rows[3], words_ * sizeof(std::uint64_t));
    rows[3] = scratch.data() + 3 * words_;
    for (std::size_t i = 4; i < count; ++i)
      for (std::size_t w = 0; w < words_; ++w) scratch[3 * words_ + w] &= rows[i][w];
  }
  switch (count) {
    case 1: return common_rules<1, kAll>(rows.data(), workspace, each);
    case 2: return common_rules<2, kAll>(rows.data(), workspace, each);
    case 3: return common_rules<3, kAll>(rows.data(), workspace, each);
    default: return common_rules<4, kAll>(rows.data(), workspace, each);
  }
}

}  // namespace dmn
