// Order and ways: what changed place, and which ways are new or gone once what was added or removed is looked through.
#include <algorithm>
#include <map>

#include "bpmn/compare/differences.h"

namespace bpmn::comparing {

std::set<int> moved(const Graph& a, const Graph& b, const Matching& matching) {
  const auto& pairs = matching.pairs;
  const int n = static_cast<int>(pairs.size());
  std::vector<std::set<int>> turned(static_cast<std::size_t>(n));
  const auto counts = [&](const Pair& p) { return !a.silent(p.a) && !b.silent(p.b) && family(a.node(p.a)) != Family::boundary; };
  const auto first = [](const Graph& g, int x, int y, bool by_depth) { return by_depth ? g.depth(x) < g.depth(y) : g.precedes(x, y) && !g.precedes(y, x); };
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const Pair &p = pairs[static_cast<std::size_t>(i)], &q = pairs[static_cast<std::size_t>(j)];
      if (i == j || !counts(p) || !counts(q)) continue;
      const bool loop_a = a.in_one_loop(p.a, q.a), loop_b = b.in_one_loop(p.b, q.b);
      if (first(a, p.a, q.a, loop_a) && first(b, q.b, p.b, loop_b)) {
        turned[static_cast<std::size_t>(i)].insert(j);
        turned[static_cast<std::size_t>(j)].insert(i);
      }
    }
  std::set<int> out;
  while (true) {
    // The node turned against most others moved; between equals a step rather than a decision or an event, then the one that came first.
    int most = -1;
    const auto weight = [&](int i) {
      const Pair& p = pairs[static_cast<std::size_t>(i)];
      return std::tuple(turned[static_cast<std::size_t>(i)].size(), is_activity(a.node(p.a)), -a.rank(p.a));
    };
    for (int i = 0; i < n; ++i)
      if (!turned[static_cast<std::size_t>(i)].empty() && (most < 0 || weight(i) > weight(most))) most = i;
    if (most < 0) return out;
    out.insert(most);
    for (const int other : turned[static_cast<std::size_t>(most)]) turned[static_cast<std::size_t>(other)].erase(most);
    turned[static_cast<std::size_t>(most)].clear();
  }
}

std::vector<Way> ways(const Graph& g, const std::vector<int>& partner) {
  std::vector<Way> out;
  const auto solid = [&](int i) { return partner[static_cast<std::size_t>(i)] >= 0 && !g.silent(i); };
  const auto note = [&](Way& way, int flow) {
    if (flow < 0) return;
    const Flow& f = g.model.flows[static_cast<std::size_t>(flow)];
    way.flows.push_back(flow);
    if (!f.name.empty()) way.labels.push_back(f.name);
    if (f.has_condition) way.conditions.push_back(f.condition);
  };
  for (int from = 0; from < static_cast<int>(g.size()); ++from) {
    if (!solid(from)) continue;
    std::map<int, std::size_t> found;  // end → index into out: the shortest way to it stands for all
    std::vector<bool> seen(g.size());
    std::vector<Way> open{{from, from, {}, {}, {}, {}}};
    for (std::size_t k = 0; k < open.size(); ++k)
      for (const Step& s : g.out(open[k].to)) {
        Way next = open[k];
        next.to = s.to;
        note(next, s.flow);
        if (solid(s.to)) {
          const auto [place, fresh] = found.try_emplace(s.to, out.size());
          if (fresh) out.push_back(std::move(next));
          else if (out[place->second].flows.size() == next.flows.size()) {  // two branches lead to the same place
            out[place->second].labels.insert(out[place->second].labels.end(), next.labels.begin(), next.labels.end());
            out[place->second].conditions.insert(out[place->second].conditions.end(), next.conditions.begin(), next.conditions.end());
            out[place->second].flows.insert(out[place->second].flows.end(), next.flows.begin(), next.flows.end());
          }
        } else if (!seen[static_cast<std::size_t>(s.to)]) {
          if (!g.silent(s.to)) next.via.push_back(s.to);
          seen[static_cast<std::size_t>(s.to)] = true;
          open.push_back(std::move(next));
        }
      }
  }
  return out;
}

}  // namespace bpmn::comparing
