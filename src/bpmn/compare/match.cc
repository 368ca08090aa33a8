// Likeness of every pair from labels, kinds, lanes and, in a few rounds, from how alike their neighbours are; then the best pairs first.
// What was taken is solid ground for a second look at the rest: a decision asked in other words stands where the old one stood.
#include "bpmn/compare/match.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

namespace bpmn::comparing {
namespace {

// Shares of the likeness of a pair with labels, and of one without.
constexpr double kLabel = 0.62, kContext = 0.24, kKind = 0.09, kLane = 0.05, kSameId = 0.02;
constexpr double kSilentContext = 0.8, kSilentKind = 0.2;
constexpr double kSure = 0.62, kLikely = 0.42, kEnoughLabel = 0.26;   // first look; second look; label of an activity
constexpr double kInPlace = 0.66, kGatewayLabel = 0.12;               // context that speaks for a pair with hardly a word in common
constexpr int kRounds = 3;

double kind_likeness(const Node& x, const Node& y) {
  const Family a = family(x), b = family(y);
  const auto trigger = [](const Node& n) { return n.events.empty() ? EventKind::none : n.events[0].kind; };
  if (a == b) {
    if (a == Family::activity) return x.type == y.type ? 1 : 0.85;
    if (a == Family::gateway) return x.type == y.type ? 1 : 0.6;
    return trigger(x) == trigger(y) ? 1 : 0.75;
  }
  const auto either = [&](Family f, Family g) { return (a == f && b == g) || (a == g && b == f); };
  if (either(Family::catching, Family::boundary)) return trigger(x) == trigger(y) ? 0.7 : 0.4;
  if (either(Family::end, Family::throwing)) return 0.5;
  if (either(Family::catching, Family::activity) || either(Family::throwing, Family::activity)) return 0.45;
  return 0;
}

std::string without_year(std::string name) {
  while (!name.empty() && (name.back() == '-' || (name.back() >= '0' && name.back() <= '9'))) name.pop_back();
  return name;
}

class Matcher {
 public:
  Matcher(const Graph& a, const Graph& b) : a_(a), b_(b), n_(a.size()), m_(b.size()) {
    out_.of_a.assign(n_, -1);
    out_.of_b.assign(m_, -1);
  }

  Matching run() {
    count_words();
    match_lanes();
    label_.assign(n_ * m_, 0);
    kind_.assign(n_ * m_, 0);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < m_; ++j) {
        kind_[i * m_ + j] = kind_likeness(a_.node(int(i)), b_.node(int(j)));
        if (kind_[i * m_ + j] > 0) label_[i * m_ + j] = label(int(i), int(j));
      }
    score_ = label_;
    for (int round = 0; round < kRounds; ++round) spread();
    take(kSure, false);
    settle();
    spread();
    take(kLikely, true);
    settle();
    spread();
    take(kLikely, true);  // what stands beside what the second look found
    find_told();
    match_lanes_by_work();
    return std::move(out_);
  }

 private:
  double& at(std::vector<double>& table, int i, int j) const { return table[static_cast<std::size_t>(i) * m_ + static_cast<std::size_t>(j)]; }

  void count_words() {
    for (const Graph* g : {&a_, &b_})
      for (std::size_t i = 0; i < g->size(); ++i)
        for (const Term& t : g->words(int(i)).terms) ++count_[t.stem];
    rarity_ = [this](std::string_view stem) {
      const auto found = count_.find(std::string(stem));
      const double share = found == count_.end() ? 0 : double(found->second) / double(n_ + m_);
      return 1 / (1 + 4 * share);  // a word in every other label says a third of what a rare one does
    };
  }

  double words_likeness(int i, int j) {
    double out = label_likeness(a_.words(i), b_.words(j), rarity_);
    if (!is_gateway(a_.node(i)) || !is_gateway(b_.node(j))) return out;
    // A question and its answers share their words: "Er sagen forlænget?" and "Hvad blev resultatet?" with "Forlænget".
    const auto whole = [](const Graph& g, int k) {
      Words w = g.words(k);
      w.plain.clear();
      for (Term t : g.answers(k).terms) {
        t.weight *= 0.6;
        w.terms.push_back(std::move(t));
      }
      return w;
    };
    const Words x = whole(a_, i), y = whole(b_, j);
    if (x.terms.empty() || y.terms.empty()) return out;
    return std::max(out, label_likeness(x, y, rarity_));
  }

  double label(int i, int j) {
    if (a_.words(i).plain.empty() || b_.words(j).plain.empty()) return 0;
    double out = words_likeness(i, j);
    const std::string x = without_year(a_.called(i)), y = without_year(b_.called(j));
    if (!x.empty() && !y.empty()) {
      const double called = x == y ? 1 : label_likeness(words_of(x), words_of(y));
      if (called > 0.85) out = std::max(out, 0.45 * out + 0.55 * called);
    }
    return out;
  }

  double neighbours(const std::vector<int>& x, const std::vector<int>& y, const std::vector<double>& score) const {
    if (x.empty() && y.empty()) return 1;
    if (x.empty() || y.empty()) return 0;
    double sum = 0;
    std::vector<bool> taken(y.size());
    for (const int p : x) {
      double best = 0;
      std::size_t which = 0;
      for (std::size_t k = 0; k < y.size(); ++k)
        if (const double s = score[static_cast<std::size_t>(p) * m_ + static_cast<std::size_t>(y[k])]; !taken[k] && s > best) best = s, which = k;
      if (best > 0) taken[which] = true;
      sum += best;
    }
    return sum / double(std::max(x.size(), y.size()));
  }
  double context(int i, int j, const std::vector<double>& score) const {
    return (neighbours(a_.before(i), b_.before(j), score) + neighbours(a_.after(i), b_.after(j), score)) / 2;
  }

  double lane(int i, int j) const {
    const int x = a_.lane(i), y = b_.lane(j);
    if (x < 0 || y < 0) return 0.5;
    return out_.lane_of_a[static_cast<std::size_t>(x)] == y ? 1 : 0;
  }

  void spread() {
    context_.assign(n_ * m_, 0);
    std::vector<double> next(n_ * m_, 0);
    for (int i = 0; i < int(n_); ++i)
      for (int j = 0; j < int(m_); ++j) {
        const double kind = at(kind_, i, j);
        if (kind == 0 || out_.of_a[std::size_t(i)] >= 0 || out_.of_b[std::size_t(j)] >= 0) continue;
        const double around = at(context_, i, j) = context(i, j, score_);
        const bool named_a = !a_.words(i).plain.empty(), named_b = !b_.words(j).plain.empty();
        if (!named_a && !named_b) at(next, i, j) = kSilentContext * around + kSilentKind * kind;
        else at(next, i, j) = (kLabel * at(label_, i, j) + kContext * around + kKind * kind + kLane * lane(i, j)) * (0.5 + 0.5 * kind);
        if (a_.node(i).id == b_.node(j).id) at(next, i, j) += kSameId;
      }
    for (const Pair& p : out_.pairs) at(next, p.a, p.b) = 1;
    score_ = std::move(next);
  }

  static bool only_start(const Graph& g, int i) {
    const auto starts = [&](const Node& n) { return family(n) == Family::start && n.parent < 0; };
    return starts(g.node(i)) && std::count_if(g.model.nodes.begin(), g.model.nodes.end(), starts) == 1;
  }

  // The same as far as words go, or in the same place with some words in common.
  bool acceptable(int i, int j, bool second) {
    const Node &x = a_.node(i), &y = b_.node(j);
    const bool named_a = !a_.words(i).plain.empty(), named_b = !b_.words(j).plain.empty();
    const double words = at(label_, i, j), around = at(context_, i, j), kind = at(kind_, i, j);
    if (!named_a && !named_b) return around >= (second ? 0.5 : 0.7);
    if (named_a != named_b) return second && around >= kInPlace && kind == 1 && !is_activity(x);
    if (second && only_start(a_, i) && only_start(b_, j)) return true;
    if (words >= 0.8 && a_.words(i).plain == b_.words(j).plain) return true;
    if (is_activity(x) && is_activity(y)) return words >= kEnoughLabel;
    if (is_gateway(x)) return words >= (second ? kGatewayLabel : kEnoughLabel) && (words >= 0.5 || around >= 0.3);
    if (kind < 0.7) return words >= 0.6;
    return words >= kEnoughLabel || (second && kind >= 0.75 && around >= kInPlace);  // events are told apart by where they stand
  }

  void take(double least, bool second) {
    std::vector<Pair> all;
    for (int i = 0; i < int(n_); ++i)
      for (int j = 0; j < int(m_); ++j) {
        if (out_.of_a[std::size_t(i)] >= 0 || out_.of_b[std::size_t(j)] >= 0 || at(kind_, i, j) == 0) continue;
        const double score = at(score_, i, j);
        const bool placed = second && !is_activity(a_.node(i)) && (at(context_, i, j) >= kInPlace || (only_start(a_, i) && only_start(b_, j)));
        if ((score >= least || placed) && acceptable(i, j, second)) all.push_back({i, j, score, at(label_, i, j)});
      }
    std::sort(all.begin(), all.end(), [](const Pair& x, const Pair& y) { return std::tie(y.likeness, x.a, x.b) < std::tie(x.likeness, y.a, y.b); });
    for (const Pair& p : all) {
      if (out_.of_a[std::size_t(p.a)] >= 0 || out_.of_b[std::size_t(p.b)] >= 0) continue;
      out_.of_a[std::size_t(p.a)] = p.b;
      out_.of_b[std::size_t(p.b)] = p.a;
      out_.pairs.push_back(p);
    }
  }

  // Taken pairs count fully; a taken node is like no other.
  void settle() {
    for (int i = 0; i < int(n_); ++i)
      for (int j = 0; j < int(m_); ++j)
        if (out_.of_a[std::size_t(i)] >= 0 || out_.of_b[std::size_t(j)] >= 0) at(score_, i, j) = out_.of_a[std::size_t(i)] == j ? 1 : 0;
  }

  // Is `rest` said by the label of `whole`, in words that its partner's label `half` does not account for?
  bool told_by(const Words& rest, const Words& whole, const Words& half) const {
    double total = 0, told = 0;
    for (const Term& t : rest.terms) {
      const double weight = t.weight * rarity_(t.stem);
      total += weight;
      double best = 0;
      for (const Term& u : whole.terms) {
        const bool known = std::any_of(half.terms.begin(), half.terms.end(), [&](const Term& h) { return term_likeness(h.stem, u.stem) > 0.7; });
        if (!known) best = std::max(best, term_likeness(t.stem, u.stem));
      }
      told += weight * best;
    }
    return total > 0 && told / total >= 0.6;
  }
  void find_told() {
    const auto look = [&](const Graph& g, const std::vector<int>& partner, bool merged) {
      for (int i = 0; i < int(g.size()); ++i) {
        if (partner[std::size_t(i)] >= 0 || !is_activity(g.node(i)) || g.words(i).terms.empty()) continue;
        std::vector<int> near;  // at most one decision away
        for (const auto* side : {&g.before(i), &g.after(i)})
          for (const int n : *side) {
            near.push_back(n);
            if (is_gateway(g.node(n)))
              for (const int beyond : side == &g.before(i) ? g.before(n) : g.after(n)) near.push_back(beyond);
          }
        for (const int n : near) {
          const int other = partner[std::size_t(n)];
          if (other < 0 || n == i || !is_activity(g.node(n))) continue;
          const Words& whole = merged ? b_.words(other) : a_.words(other);
          if (!told_by(g.words(i), whole, g.words(n))) continue;
          out_.told.push_back({i, merged ? n : other, merged ? other : n, merged});
          break;
        }
      }
    };
    look(a_, out_.of_a, true);
    look(b_, out_.of_b, false);
  }

  void match_lanes() {
    const auto &x = a_.model.lanes, &y = b_.model.lanes;
    out_.lane_of_a.assign(x.size(), -1);
    out_.lane_of_b.assign(y.size(), -1);
    std::vector<Pair> all;
    for (int i = 0; i < int(x.size()); ++i)
      for (int j = 0; j < int(y.size()); ++j)
        if (const double s = x[std::size_t(i)].name.empty() ? 0 : label_likeness(words_of(x[std::size_t(i)].name), words_of(y[std::size_t(j)].name)); s >= 0.6) all.push_back({i, j, s, s});
    take_lanes(all);
  }
  void match_lanes_by_work() {
    std::map<std::pair<int, int>, int> shared;
    std::map<int, int> of_a, of_b;
    for (const Pair& p : out_.pairs) {
      if (!is_activity(a_.node(p.a)) || a_.lane(p.a) < 0 || b_.lane(p.b) < 0) continue;
      ++shared[{a_.lane(p.a), b_.lane(p.b)}];
      ++of_a[a_.lane(p.a)];
      ++of_b[b_.lane(p.b)];
    }
    std::vector<Pair> all;
    for (const auto& [lanes, n] : shared)
      if (const double s = double(n) / double(of_a[lanes.first] + of_b[lanes.second] - n); s >= 0.5) all.push_back({lanes.first, lanes.second, s, s});
    take_lanes(all);
  }
  void take_lanes(std::vector<Pair>& all) {
    std::sort(all.begin(), all.end(), [](const Pair& x, const Pair& y) { return std::tie(y.likeness, x.a, x.b) < std::tie(x.likeness, y.a, y.b); });
    for (const Pair& p : all) {
      if (out_.lane_of_a[std::size_t(p.a)] >= 0 || out_.lane_of_b[std::size_t(p.b)] >= 0) continue;
      out_.lane_of_a[std::size_t(p.a)] = p.b;
      out_.lane_of_b[std::size_t(p.b)] = p.a;
    }
  }

  const Graph &a_, &b_;
  std::size_t n_, m_;
  Matching out_;
  std::map<std::string, int, std::less<>> count_;
  std::function<double(std::string_view)> rarity_;
  std::vector<double> label_, kind_, score_, context_;
};

}  // namespace

Matching match(const Graph& a, const Graph& b) { return Matcher(a, b).run(); }

}  // namespace bpmn::comparing
