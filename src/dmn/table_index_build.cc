// Building a table's index: cells → stretches of their column → sets of rules. O(n log n) in rules and constants.
#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "base/limits.h"
#include "dmn/table_index.h"
#include "feel/cell.h"

namespace dmn {

using feel::ConstantTests;
using feel::Kind;
using feel::Value;

namespace {

// What a cell accepts of its column's kind: some of these stretches, or everything else.
struct Stretch {
  std::optional<Value> low, high;
  bool low_closed = false, high_closed = false;
  bool outside = false;  // all but this
};
struct CellPlan {
  enum : std::uint8_t { any, never, open, constant } what = open;
  Kind kind = Kind::null;
  bool negated = false, has_range = false;
  std::vector<Stretch> stretches;
};

bool is_scalar(Kind kind) {
  return kind == Kind::boolean || kind == Kind::number || kind == Kind::string || kind == Kind::date || kind == Kind::time || kind == Kind::date_time ||
         kind == Kind::years_months || kind == Kind::days_time;
}

// Times with a zone, or with parts of a second, have equality and order of their own.
bool is_plain(const Value& value) {
  if (value.kind() == Kind::time) return value.as_time().zone.none() && value.as_time().nano == 0;
  if (value.kind() == Kind::date_time) return value.as_date_time().time.zone.none() && value.as_date_time().time.nano == 0;
  return is_scalar(value.kind());
}

class Planner {
 public:
  explicit Planner(CellPlan& plan) : plan_(plan) {}

  bool add(const ConstantTests::Test& test) {
    using Relation = ConstantTests::Relation;
    Stretch stretch;
    switch (test.relation) {
      case Relation::in: return add_in(test.value, true);
      case Relation::equal: return point(test.value, false);
      case Relation::not_equal: return point(test.value, true);
      case Relation::less: case Relation::less_equal:
        stretch.high = test.value;
        stretch.high_closed = test.relation == Relation::less_equal;
        break;
      case Relation::greater: case Relation::greater_equal:
        stretch.low = test.value;
        stretch.low_closed = test.relation == Relation::greater_equal;
        break;
    }
    plan_.has_range = true;
    return fits(test.value) && put(std::move(stretch));
  }

 private:
  bool fits(const Value& value) {
    if (!is_plain(value) || (plan_.kind != Kind::null && plan_.kind != value.kind())) return false;
    plan_.kind = value.kind();
    return true;
  }
  bool put(Stretch stretch) {
    plan_.stretches.push_back(std::move(stretch));
    return true;
  }
  bool point(const Value& value, bool outside) { return fits(value) && put({value, value, true, true, outside}); }

  bool add_in(const Value& value, bool may_be_list) {
    if (value.kind() == Kind::range) return add_range(value.as_range());
    if (value.kind() != Kind::list) return point(value, false);
    if (!may_be_list) return false;
    for (const Value& item : value.as_list())
      if (!add_in(item, false)) return false;
    return !value.as_list().empty();
  }

  bool add_range(const feel::Range& range) {
    if (range.exactly || range.excluded) return point(range.low, range.excluded);
    Stretch stretch;
    if (!range.low_open_ended) {
      if (!fits(range.low)) return false;
      stretch.low = range.low;
      stretch.low_closed = range.low_closed;
    }
    if (!range.high_open_ended) {
      if (!fits(range.high)) return false;
      stretch.high = range.high;
      stretch.high_closed = range.high_closed;
    }
    plan_.has_range = true;
    return (stretch.low || stretch.high) && put(std::move(stretch));
  }

  CellPlan& plan_;
};

CellPlan plan_of(const feel::UnaryTests* cell) {
  CellPlan plan;
  if (cell == nullptr) {
    plan.what = CellPlan::never;
    return plan;
  }
  if (cell->any()) {
    plan.what = CellPlan::any;
    return plan;
  }
  const auto tests = feel::constant_tests(*cell);
  if (!tests) return plan;
  Planner planner(plan);
  for (const ConstantTests::Test& test : tests->tests)
    if (!planner.add(test)) return CellPlan{};
  plan.negated = tests->negated;
  plan.what = CellPlan::constant;
  return plan;
}

// Half-open stretches of atoms, ascending and apart.
using Atoms = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Atoms united(Atoms atoms) {
  std::sort(atoms.begin(), atoms.end());
  Atoms out;
  for (const auto& [from, to] : atoms) {
    if (from >= to) continue;
    if (!out.empty() && from <= out.back().second) out.back().second = std::max(out.back().second, to);
    else out.emplace_back(from, to);
  }
  return out;
}

Atoms complement(const Atoms& atoms, std::uint32_t count) {
  Atoms out;
  std::uint32_t at = 0;
  for (const auto& [from, to] : atoms) {
    if (at < from) out.emplace_back(at, from);
    at = to;
  }
  if (at < count) out.emplace_back(at, count);
  return out;
}

}  // namespace

class ColumnBuilder {
 public:
  ColumnBuilder(std::size_t rules, const TableIndex::Column& column) : rules_(rules), column_(column) { out_.words_ = row_words(rules); }

  // False: nothing of it can be indexed; its cells that restrict anything are all open.
  bool build(std::size_t& events_left) {
    for (const feel::UnaryTests* cell : column_.cells) plans_.push_back(plan_of(cell));
    choose_kind();
    if (out_.kind_ == Kind::null) return false;
    for (CellPlan& plan : plans_)
      if (plan.what == CellPlan::constant && plan.kind != out_.kind_) plan = CellPlan{};
    collect_points();
    const auto atoms = atoms_of_cells();
    std::size_t events = 0;
    for (const std::uint32_t cell : column_.of_rule) events += atoms[cell].size() * 2;
    if (events > events_left) return false;
    events_left -= events;
    out_.restricts_ = true;
    out_.equality_ = std::none_of(plans_.begin(), plans_.end(), [](const CellPlan& p) { return p.what == CellPlan::constant && p.has_range; });
    if (out_.equality_) build_equality(atoms);
    else build_ordered(atoms, events);
    if (out_.equality_) build_hash();
    out_.null_ = probe_set(Value::null());
    out_.other_ = probe_set(out_.kind_ == Kind::string ? Value::number(0) : Value::string(""));
    return true;
  }

  bool is_open(std::size_t rule) const { return plans_[column_.of_rule[rule]].what == CellPlan::open; }
  bool is_any(std::size_t rule) const { return plans_[column_.of_rule[rule]].what == CellPlan::any; }
  ColumnIndex take() { return std::move(out_); }

 private:
  // The kind that most rules test; cells of other kinds stay open.
  void choose_kind() {
    std::size_t rules_of[16] = {};
    for (const std::uint32_t cell : column_.of_rule)
      if (plans_[cell].what == CellPlan::constant) ++rules_of[static_cast<std::size_t>(plans_[cell].kind)];
    const auto most = std::max_element(std::begin(rules_of), std::end(rules_of));
    if (*most > 0) out_.kind_ = static_cast<Kind>(most - std::begin(rules_of));
  }

  void collect_points() {
    std::vector<Value>& points = out_.points_;
    for (const CellPlan& plan : plans_) {
      if (plan.what != CellPlan::constant) continue;
      for (const Stretch& stretch : plan.stretches) {
        if (stretch.low) points.push_back(*stretch.low);
        if (stretch.high) points.push_back(*stretch.high);
      }
    }
    if (out_.kind_ == Kind::boolean) {  // no order, but two places
      std::sort(points.begin(), points.end(), [](const Value& a, const Value& b) { return a.as_boolean() < b.as_boolean(); });
    } else {
      std::sort(points.begin(), points.end(), [](const Value& a, const Value& b) { return feel::compare(a, b) == -1; });
    }
    points.erase(std::unique(points.begin(), points.end(), [](const Value& a, const Value& b) { return feel::equal(a, b).is_true(); }), points.end());
    choose_keys();
  }

  // Whole numbers in the points' place, where they all have one with room to spare.
  void choose_keys() {
    constexpr std::int64_t kEdge = std::int64_t{1} << 62;
    if (out_.kind_ == Kind::string) return;
    if (out_.kind_ == Kind::number) {
      int least = 0;
      for (const Value& point : out_.points_) {
        if (!point.is_fast_number()) return;
        least = std::min<int>(least, point.exponent());
      }
      if (least < -18) return;
      out_.scale_ = -least;
    }
    for (const Value& point : out_.points_) {
      const ColumnIndex::Place at = out_.place(point);
      if (!at.known || !at.exact || at.at <= -kEdge || at.at >= kEdge) {
        out_.keys_.clear();
        return;
      }
      out_.keys_.push_back(at.at);
    }
    out_.has_keys_ = true;
  }

  std::uint32_t point_of(const Value& value) const {
    const ColumnIndex& index = out_;
    if (index.has_keys_)
      return static_cast<std::uint32_t>(std::lower_bound(index.keys_.begin(), index.keys_.end(), index.place(value).at) - index.keys_.begin());
    return static_cast<std::uint32_t>(
        std::lower_bound(index.points_.begin(), index.points_.end(), value, [](const Value& a, const Value& b) { return feel::compare(a, b) == -1; }) -
        index.points_.begin());
  }

  std::vector<Atoms> atoms_of_cells() const {
    const auto count = static_cast<std::uint32_t>(2 * out_.points_.size() + 1);
    std::vector<Atoms> out;
    for (const CellPlan& plan : plans_) {
      Atoms atoms;
      if (plan.what == CellPlan::constant) {
        for (const Stretch& stretch : plan.stretches) {
          const std::uint32_t from = !stretch.low ? 0 : 2 * point_of(*stretch.low) + (stretch.low_closed ? 1 : 2);
          const std::uint32_t to = !stretch.high ? count : 2 * point_of(*stretch.high) + (stretch.high_closed ? 2 : 1);
          if (!stretch.outside) {
            atoms.emplace_back(from, to);
          } else {
            atoms.emplace_back(0, from);
            atoms.emplace_back(to, count);
          }
        }
        atoms = united(std::move(atoms));
        if (plan.negated) atoms = complement(atoms, count);
      } else if (plan.what != CellPlan::never) {
        atoms.emplace_back(0, count);
      }
      out.push_back(std::move(atoms));
    }
    return out;
  }

  // A row of bits costs as much memory as this many toggles are worth: bytes stay proportional to what the cells say.
  std::size_t toggles_before_row() const { return rules_ <= 64 ? 0 : std::max<std::size_t>(4, rules_ / 256); }

  std::uint32_t add_row(const std::vector<std::uint64_t>& bits) {
    const auto row = static_cast<std::uint32_t>(out_.bits_.size() / out_.words_);
    out_.bits_.insert(out_.bits_.end(), bits.begin(), bits.end());
    return row;
  }
  static void flip(std::vector<std::uint64_t>& bits, std::uint32_t rule) { bits[rule / 64] ^= std::uint64_t{1} << (rule % 64); }

  // All gaps hold the same rules (row 0); a point differs from them by the rules that name it.
  void build_equality(const std::vector<Atoms>& atoms) {
    std::vector<std::uint64_t> base(out_.words_);
    const std::size_t points = out_.points_.size();
    std::vector<std::vector<std::uint32_t>> differ(points);
    for (std::uint32_t rule = 0; rule < rules_; ++rule) {
      const Atoms& held = atoms[column_.of_rule[rule]];
      const bool in_gaps = !held.empty() && held.front().first == 0;
      if (in_gaps) flip(base, rule);
      if (!in_gaps) {
        for (const auto& [from, to] : held)
          for (std::uint32_t atom = from; atom < to; ++atom)
            if (atom % 2 == 1) differ[atom / 2].push_back(rule);
      } else {
        for (std::size_t i = 0; i + 1 < held.size(); ++i)
          for (std::uint32_t atom = held[i].second; atom < held[i + 1].first; ++atom)
            if (atom % 2 == 1) differ[atom / 2].push_back(rule);
      }
    }
    out_.zero_base_ = std::all_of(base.begin(), base.end(), [](std::uint64_t word) { return word == 0; });
    add_row(base);
    out_.sets_.resize(2 * points + 1);
    for (std::size_t p = 0; p < points; ++p) {
      RuleSet& set = out_.sets_[2 * p + 1];
      if (differ[p].size() > toggles_before_row()) {
        std::vector<std::uint64_t> row = base;
        for (const std::uint32_t rule : differ[p]) flip(row, rule);
        set.base = add_row(row);
      } else {
        set.begin = static_cast<std::uint32_t>(out_.toggles_.size());
        out_.toggles_.insert(out_.toggles_.end(), differ[p].begin(), differ[p].end());
        set.end = static_cast<std::uint32_t>(out_.toggles_.size());
      }
    }
  }

  // From one atom to the next a few rules come and go: a row of bits now and then, toggles in between.
  void build_ordered(const std::vector<Atoms>& atoms, std::size_t events) {
    const std::size_t count = 2 * out_.points_.size() + 1;
    std::vector<std::uint32_t> first(count + 2);
    const auto each_event = [&](const auto& tell) {
      for (std::uint32_t rule = 0; rule < rules_; ++rule) {
        for (const auto& [from, to] : atoms[column_.of_rule[rule]]) {
          tell(from, rule);
          if (to < count) tell(to, rule);
        }
      }
    };
    each_event([&](std::uint32_t atom, std::uint32_t) { ++first[atom + 1]; });
    for (std::size_t atom = 0; atom < count; ++atom) first[atom + 1] += first[atom];
    std::vector<std::uint32_t> toggles(events), next(first.begin(), first.end());
    each_event([&](std::uint32_t atom, std::uint32_t rule) { toggles[next[atom]++] = rule; });
    toggles.resize(first[count]);
    std::vector<std::uint64_t> now(out_.words_);
    out_.sets_.resize(count);
    std::uint32_t row = 0, row_at = 0;  // the latest row, and the first toggle after it
    for (std::size_t atom = 0; atom < count; ++atom) {
      for (std::uint32_t i = first[atom]; i < first[atom + 1]; ++i) flip(now, toggles[i]);
      if (atom == 0 || first[atom + 1] - row_at > toggles_before_row()) {
        row = add_row(now);
        row_at = first[atom + 1];
      }
      out_.sets_[atom] = {row, row_at, first[atom + 1]};
    }
    out_.toggles_ = std::move(toggles);
  }

  void build_hash() {
    const std::size_t points = out_.points_.size();
    if (out_.kind_ != Kind::string && (!out_.has_keys_ || points < 8)) return;
    std::size_t size = 4;
    int bits = 2;
    while (size < 2 * points) {
      size *= 2;
      ++bits;
    }
    out_.hash_.assign(size, {});
    out_.hash_shift_ = 64 - bits;
    for (std::uint32_t p = 0; p < points; ++p) {
      const std::uint64_t hash = out_.kind_ == Kind::string ? ColumnIndex::hash_of(out_.points_[p]) : 0;
      std::size_t at = out_.kind_ == Kind::string ? hash >> out_.hash_shift_ : out_.hash_slot(out_.keys_[p]);
      while (out_.hash_[at].point != 0) at = (at + 1) & (size - 1);
      out_.hash_[at] = {static_cast<std::uint32_t>(hash), p + 1};
    }
  }

  // The cells themselves say what they make of a null, and of a value of another kind.
  RuleSet probe_set(const Value& tested) {
    const feel::Environment environment;
    std::vector<char> holds;
    for (std::size_t c = 0; c < plans_.size(); ++c)
      holds.push_back(plans_[c].what == CellPlan::constant ? column_.cells[c]->test(tested, {}, environment).is_true() : plans_[c].what != CellPlan::never);
    std::vector<std::uint64_t> bits(out_.words_);
    for (std::uint32_t rule = 0; rule < rules_; ++rule)
      if (holds[column_.of_rule[rule]]) flip(bits, rule);
    return {add_row(bits), 0, 0};
  }

  std::size_t rules_;
  const TableIndex::Column& column_;
  std::vector<CellPlan> plans_;
  ColumnIndex out_;
};

std::unique_ptr<const TableIndex> TableIndex::build(std::size_t rules, std::span<const Column> columns) {
  auto index = std::make_unique<TableIndex>();
  index->rules_ = rules;
  index->words_ = row_words(rules);
  std::vector<std::vector<std::uint32_t>> open(rules);
  std::size_t events_left = base::limits::kTableIndexEvents;
  bool useful = false;
  for (std::uint32_t c = 0; c < columns.size(); ++c) {
    ColumnBuilder builder(rules, columns[c]);
    const bool indexed = builder.build(events_left);
    useful |= indexed;
    for (std::uint32_t rule = 0; rule < rules; ++rule)
      if (indexed ? builder.is_open(rule) : !builder.is_any(rule)) open[rule].push_back(c);
    ColumnIndex column = builder.take();
    index->columns_.push_back(indexed ? std::move(column) : ColumnIndex());
  }
  if (!useful) return nullptr;
  index->open_begin_.push_back(0);
  for (const auto& of_rule : open) {
    index->open_columns_.insert(index->open_columns_.end(), of_rule.begin(), of_rule.end());
    index->open_begin_.push_back(static_cast<std::uint32_t>(index->open_columns_.size()));
  }
  return index;
}

}  // namespace dmn
