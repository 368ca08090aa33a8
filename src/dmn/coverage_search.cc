#include "dmn/coverage_search.h"

#include <algorithm>

namespace dmn {
namespace {

constexpr std::size_t kSmall = 2'000;  // rules of a table whose pairs are simply tried, in their order

struct Event {
  std::uint32_t atom;
  std::uint32_t rule;
  bool starts;
};

// Where rules start and end in a column, ascending; starts before ends, because both ends belong to an interval.
std::vector<Event> events_of(const Column& column) {
  std::vector<Event> events;
  events.reserve(column.cells.size() * 2);
  for (std::uint32_t rule = 0; rule < column.cells.size(); ++rule) {
    for (const Interval& held : column.cells[rule]) {
      events.push_back({held.first, rule, true});
      events.push_back({held.last, rule, false});
    }
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    if (a.atom != b.atom) return a.atom < b.atom;
    return a.starts != b.starts ? a.starts : a.rule < b.rule;
  });
  return events;
}

std::uint64_t size_of(const Cell& cell) {
  std::uint64_t size = 0;
  for (const Interval& held : cell) size += held.last - held.first + 1;
  return size;
}

bool holds(const Cell& cell, std::uint32_t atom) {
  const auto after = std::upper_bound(cell.begin(), cell.end(), atom, [](std::uint32_t a, const Interval& i) { return a < i.first; });
  return after != cell.begin() && (after - 1)->last >= atom;
}

bool holds_all(const Cell& outer, const Cell& inner) {
  std::size_t at = 0;
  for (const Interval& wanted : inner) {
    while (at < outer.size() && outer[at].last < wanted.first) ++at;
    if (at == outer.size() || outer[at].first > wanted.first || outer[at].last < wanted.last) return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint32_t> common_atom(const Cell& a, const Cell& b) {
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint32_t first = std::max(a[i].first, b[j].first);
    if (first <= std::min(a[i].last, b[j].last)) return first;
    if (a[i].last < b[j].last) ++i;
    else ++j;
  }
  return std::nullopt;
}

std::optional<Atoms> CoverageSearch::meeting(std::uint32_t a, std::uint32_t b) {
  Atoms atoms;
  for (const Column& column : columns_) {
    const auto atom = common_atom(column.cells[a], column.cells[b]);
    ++spent_;
    if (!atom) return std::nullopt;
    atoms.push_back(*atom);
  }
  return atoms;
}

// The column in which the fewest rules meet.
std::size_t CoverageSearch::best_column() {
  std::size_t best = 0;
  std::uint64_t least = ~std::uint64_t{0};
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::uint64_t open = 0, pairs = 0;
    for (const Event& event : events_of(columns_[c])) {
      if (event.starts) pairs += open++;
      else --open;
    }
    if (pairs < least) least = pairs, best = c;
  }
  return best;
}

bool CoverageSearch::sweep(std::size_t column, const std::function<bool(std::uint32_t, std::uint32_t)>& found) {
  std::vector<std::uint32_t> open;
  const auto meet_elsewhere = [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      ++spent_;
      if (c != column && !common_atom(columns_[c].cells[a], columns_[c].cells[b])) return false;
    }
    return true;
  };
  for (const Event& event : events_of(columns_[column])) {
    if (!event.starts) {
      open.erase(std::find(open.begin(), open.end(), event.rule));
      continue;
    }
    for (const std::uint32_t other : open) {
      if (!spend(1)) return false;
      // Cells of several intervals meet several times: the first time counts.
      if (common_atom(columns_[column].cells[other], columns_[column].cells[event.rule]) != event.atom || !meet_elsewhere(other, event.rule)) continue;
      if (!found(std::min(other, event.rule), std::max(other, event.rule))) return true;
    }
    open.push_back(event.rule);
    if (!spend(1)) return false;
  }
  return true;
}

bool CoverageSearch::meeting_pairs(const std::function<bool(std::uint32_t, std::uint32_t)>& found) {
  if (rules_ > kSmall && !columns_.empty()) return sweep(best_column(), found);
  for (std::uint32_t b = 1; b < rules_; ++b) {
    for (std::uint32_t a = 0; a < b; ++a) {
      bool meet = true;
      for (std::size_t c = 0; c < columns_.size() && meet; ++c) {
        ++spent_;
        meet = common_atom(columns_[c].cells[a], columns_[c].cells[b]).has_value();
      }
      if (!spend(0)) return false;
      if (meet && !found(a, b)) return true;
    }
  }
  return true;
}

bool CoverageSearch::holds_all_of(std::uint32_t outer, std::uint32_t inner) const {
  return std::all_of(columns_.begin(), columns_.end(), [&](const Column& column) { return holds_all(column.cells[outer], column.cells[inner]); });
}

const Cell& CoverageSearch::domain(std::size_t column) const { return box_ < 0 ? everything_[column] : columns_[column].cells[static_cast<std::size_t>(box_)]; }

// Rules that do not meet cover everything exactly if their sizes add up; where they do not, some atom of each column has too little below it.
std::optional<CoverageSearch::Answer> CoverageSearch::by_counting(Atoms& out) {
  constexpr Count kLargest = ~Count{0} >> 1;
  const std::size_t width = columns_.size();
  std::vector<Count> total(width + 1, 1);  // combinations of the columns from here on
  for (std::size_t c = width; c-- > 0;) {
    if (columns_[c].count == 0) return Answer::covered;
    if (total[c + 1] > kLargest / columns_[c].count) return std::nullopt;
    total[c] = total[c + 1] * columns_[c].count;
  }
  std::vector<std::uint32_t> active(rules_);
  std::vector<std::vector<Count>> below(rules_, std::vector<Count>(width + 1, 1));  // of a rule: its size in the columns from here on
  Count all = 0;
  for (std::uint32_t r = 0; r < rules_; ++r) {
    active[r] = r;
    for (std::size_t c = width; c-- > 0;) below[r][c] = below[r][c + 1] * size_of(columns_[c].cells[r]);
    all += below[r][0];
  }
  if (!spend(rules_ * (width + 1))) return Answer::out_of_budget;
  if (all == total[0]) return Answer::covered;
  for (std::size_t c = 0; c < width; ++c) {
    std::vector<std::pair<std::uint32_t, Count>> changes{{0, 0}};  // at this atom by so much; falling counts wrap around
    for (const std::uint32_t r : active) {
      for (const Interval& held : columns_[c].cells[r]) {
        changes.emplace_back(held.first, below[r][c + 1]);
        changes.emplace_back(held.last + 1, Count{0} - below[r][c + 1]);
      }
    }
    if (!spend(changes.size())) return Answer::out_of_budget;
    std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Count here = 0;
    std::uint32_t atom = 0;
    for (std::size_t i = 0; i < changes.size();) {
      atom = changes[i].first;
      while (i < changes.size() && changes[i].first == atom) here += changes[i++].second;
      if (here < total[c + 1]) break;
    }
    out.push_back(atom);
    std::erase_if(active, [&](std::uint32_t r) { return !holds(columns_[c].cells[r], atom); });
  }
  return Answer::gap;
}

CoverageSearch::Answer CoverageSearch::find_gap(bool disjoint, Atoms& out) {
  out.clear();
  if (disjoint)
    if (const auto answer = by_counting(out)) return *answer;
  everything_.clear();
  for (const Column& column : columns_) {
    if (column.count == 0) return Answer::covered;
    everything_.push_back({{0, column.count - 1}});
  }
  std::vector<std::uint32_t> all(rules_);
  for (std::uint32_t r = 0; r < rules_; ++r) all[r] = r;
  box_ = -1;
  full_from_.assign(rules_, 0);
  for (const std::uint32_t r : all)
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (!holds_all(columns_[c].cells[r], domain(c))) full_from_[r] = static_cast<std::uint32_t>(c + 1);
  covered_.clear();
  return search(0, all, out);
}

CoverageSearch::Answer CoverageSearch::find_gap_in(std::uint32_t box, std::vector<std::uint32_t> rules, Atoms& out) {
  out.clear();
  box_ = static_cast<int>(box);
  full_from_.assign(rules_, 0);
  for (const std::uint32_t r : rules)
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (!holds_all(columns_[c].cells[r], domain(c))) full_from_[r] = static_cast<std::uint32_t>(c + 1);
  covered_.clear();
  const Answer answer = search(0, rules, out);
  box_ = -1;
  return answer;
}

// One call deep for each column. `active`: rules that hold the atoms chosen so far.
CoverageSearch::Answer CoverageSearch::search(std::size_t column, const std::vector<std::uint32_t>& active, Atoms& out) {
  if (!spend(1 + active.size())) return Answer::out_of_budget;
  if (active.empty()) {
    for (std::size_t c = column; c < columns_.size(); ++c) out.push_back(domain(c)[0].first);
    return Answer::gap;
  }
  if (std::any_of(active.begin(), active.end(), [&](std::uint32_t r) { return full_from_[r] <= column; })) return Answer::covered;
  std::u32string key(1, static_cast<char32_t>(column));
  for (const std::uint32_t r : active) key += static_cast<char32_t>(r);
  if (covered_.contains(key)) return Answer::covered;
  std::vector<std::uint32_t> starts;  // of stretches in which the same rules hold
  for (const Interval& wanted : domain(column)) starts.push_back(wanted.first);
  for (const std::uint32_t r : active) {
    for (const Interval& held : columns_[column].cells[r])
      for (const std::uint32_t at : {held.first, held.last + 1})
        if (holds(domain(column), at)) starts.push_back(at);
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  std::vector<std::uint32_t> left;
  for (const std::uint32_t atom : starts) {
    if (!spend(active.size())) return Answer::out_of_budget;
    left.clear();
    for (const std::uint32_t r : active)
      if (holds(columns_[column].cells[r], atom)) left.push_back(r);
    out.resize(column);
    out.push_back(atom);
    const Answer answer = search(column + 1, left, out);
    if (answer != Answer::covered) return answer;
  }
  covered_.insert(std::move(key));
  return Answer::covered;
}

}  // namespace dmn
