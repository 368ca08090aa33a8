// Greedy matching: nodes weigh what their words tell in this bank, so that "Lukker sagen" in both makes no likeness.
#include "bank/similar/graphs.h"

#include <algorithm>

#include "bpmn/compare/words.h"

namespace bank::similar {
namespace {

constexpr double kLeastPair = 0.1;
constexpr double kAlone = 0.75, kAround = 0.25;   // share of a pair's likeness that its neighbours decide
constexpr double kNodes = 0.7, kEdges = 0.3;

double kinds(ProfileNode::Kind a, ProfileNode::Kind b) {
  if (a == b) return 1;
  using K = ProfileNode::Kind;
  const auto either = [&](K x, K y) { return (a == x && b == y) || (a == y && b == x); };
  return either(K::activity, K::event) || either(K::event, K::end) || either(K::event, K::start) ? 0.8 : 0.5;
}

}  // namespace

Graphs::Graphs(const Index& index, const Index::Flat& query, const std::vector<std::string>& extra) : index_(index), query_(query), extra_(extra) {
  for (const std::string& s : extra) {
    const auto known = index.numbers_.find(std::string(bpmn::comparing::sense(s)));
    extra_senses_.push_back(known == index.numbers_.end() ? static_cast<Id>(index.stems_.size() + extra_senses_.size()) : known->second);
  }
  before_.resize(query.nodes.size());
  for (std::size_t i = 0; i < query.nodes.size(); ++i) {
    weights_.push_back(weight(query, i));
    for (std::uint32_t k = 0; k < query.nodes[i].afters; ++k) before_[query.after[query.nodes[i].first_after + k]].push_back(static_cast<int>(i));
  }
}

const std::string& Graphs::stem(Id id) const { return id < index_.stems_.size() ? index_.stems_[id] : extra_[id - index_.stems_.size()]; }
Graphs::Id Graphs::sense(Id id) const { return id < index_.senses_.size() ? index_.senses_[id] : extra_senses_[id - index_.stems_.size()]; }

float Graphs::terms_alike(Id query, Id other) {
  if (query == other) return 1;
  const auto [found, fresh] = alike_.try_emplace(std::uint64_t{query} << 32 | other, 0.0f);
  if (fresh && stem(query)[0] != kReferenceMark && stem(other)[0] != kReferenceMark)
    found->second = sense(query) == sense(other) ? 0.9f : static_cast<float>(bpmn::comparing::term_likeness(stem(query), stem(other), {.synonyms = false}));
  return found->second;
}

double Graphs::weight(const Index::Flat& flat, std::size_t node) const {
  double out = 0;
  const auto& n = flat.nodes[node];
  for (std::uint32_t k = 0; k < n.terms; ++k) out += flat.weights[n.first_term + k] / 50.0 * index_.rarity(flat.terms[n.first_term + k]);
  return out;
}

// Soft Dice: each term of the query with the term of the other that is most like it, each taken once.
double Graphs::label(const Index::Flat& other, std::size_t i, std::size_t j) {
  const auto &x = query_.nodes[i], &y = other.nodes[j];
  double shared = 0;
  std::uint64_t taken = 0;
  for (std::uint32_t k = 0; k < x.terms; ++k) {
    const Id a = query_.terms[x.first_term + k];
    float best = 0;
    std::uint32_t which = 0;
    for (std::uint32_t l = 0; l < std::min(y.terms, 64u); ++l) {
      if (taken >> l & 1) continue;
      if (const float s = terms_alike(a, other.terms[y.first_term + l]); s > best) best = s, which = l;
    }
    if (best == 0) continue;
    taken |= std::uint64_t{1} << which;
    const Id b = other.terms[y.first_term + which];
    shared += best * (query_.weights[x.first_term + k] / 50.0 * index_.rarity(a) + other.weights[y.first_term + which] / 50.0 * index_.rarity(b));
  }
  const double total = weights_[i] + weight(other, j);
  return total > 0 ? shared / total : 0;
}

double Graphs::likeness(const Index::Flat& other, bool fragment) {
  const std::size_t n = query_.nodes.size(), m = other.nodes.size();
  if (n == 0 || m == 0) return 0;
  label_.assign(n * m, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j) label_[i * m + j] = kinds(query_.nodes[i].kind, other.nodes[j].kind) * label(other, i, j);
  std::vector<std::vector<int>> before(m);
  double weight_other = 0, weight_query = 0;
  std::vector<double> weights(m);
  std::size_t edges_other = 0, edges_query = 0;
  for (std::size_t j = 0; j < m; ++j) {
    weight_other += weights[j] = weight(other, j);
    edges_other += other.nodes[j].afters;
    for (std::uint32_t k = 0; k < other.nodes[j].afters; ++k) before[other.after[other.nodes[j].first_after + k]].push_back(static_cast<int>(j));
  }
  struct Pair { double score; std::uint32_t i, j; };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < n; ++i) {
    weight_query += weights_[i];
    edges_query += query_.nodes[i].afters;
    for (std::size_t j = 0; j < m; ++j) {
      const double own = label_[i * m + j];
      if (own < kLeastPair) continue;
      double around = 0;
      for (const int p : before_[i])
        for (const int q : before[j]) around = std::max(around, label_[static_cast<std::size_t>(p) * m + static_cast<std::size_t>(q)]);
      double behind = 0;
      for (std::uint32_t k = 0; k < query_.nodes[i].afters; ++k)
        for (std::uint32_t l = 0; l < other.nodes[j].afters; ++l)
          behind = std::max(behind, label_[std::size_t{query_.after[query_.nodes[i].first_after + k]} * m + other.after[other.nodes[j].first_after + l]]);
      const double sides = static_cast<double>(!before_[i].empty()) + static_cast<double>(query_.nodes[i].afters > 0);
      pairs.push_back({own * (kAlone + kAround * (sides > 0 ? (around + behind) / sides : 1)), static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return std::tie(b.score, a.i, a.j) < std::tie(a.score, b.i, b.j); });
  std::vector<int> of(n, -1);
  std::vector<bool> taken(m);
  double sum = 0;
  for (const Pair& p : pairs) {
    if (of[p.i] >= 0 || taken[p.j]) continue;
    of[p.i] = static_cast<int>(p.j);
    taken[p.j] = true;
    sum += std::min(p.score, 1.0) * (fragment ? weights_[p.i] : weights_[p.i] + weights[p.j]);
  }
  std::size_t common = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::uint32_t k = 0; of[i] >= 0 && k < query_.nodes[i].afters; ++k) {
      const int to = of[query_.after[query_.nodes[i].first_after + k]];
      const auto& from = other.nodes[static_cast<std::size_t>(of[i])];
      for (std::uint32_t l = 0; to >= 0 && l < from.afters; ++l)
        if (other.after[from.first_after + l] == to) {
          ++common;
          break;
        }
    }
  const double nodes = (fragment ? weight_query : weight_query + weight_other) > 0 ? sum / (fragment ? weight_query : weight_query + weight_other) : 0;
  const std::size_t edges = fragment ? edges_query : edges_query + edges_other;
  return edges == 0 ? nodes : kNodes * nodes + kEdges * static_cast<double>(fragment ? common : 2 * common) / static_cast<double>(edges);
}

}  // namespace bank::similar
