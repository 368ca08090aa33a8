#include "bpmn/layout/order.h"

#include <algorithm>
#include <map>

namespace bpmn::layouts {
namespace {

class Orderer {
 public:
  Orderer(const Plan& plan, int frame, const Model& model) : plan_(plan), model_(model), frame_(frame) {}

  Order run() {
    collect();
    cut_cycles();
    columns();
    lengths();
    build_chains();
    return std::move(o_);
  }

 private:
  const Item& item(int local) const { return plan_.items[static_cast<std::size_t>(o_.items[static_cast<std::size_t>(local)])]; }
  std::size_t count() const { return o_.items.size(); }

  void collect() {
    std::map<int, int> local;
    const Frame& frame = plan_.frames[static_cast<std::size_t>(frame_)];
    const auto at = [&](int index, bool& boundary) {
      const Item& one = plan_.items[static_cast<std::size_t>(index)];
      boundary = one.host >= 0;
      return boundary ? one.host : index;
    };
    std::vector<int> joined(plan_.items.size(), 0);
    const auto in_frame = [&](int index) { return plan_.items[static_cast<std::size_t>(index)].frame == frame_ && plan_.items[static_cast<std::size_t>(index)].node >= 0; };
    struct Raw { int from, to, link; bool boundary; };
    std::vector<Raw> raw;
    for (std::size_t i = 0; i < plan_.links.size(); ++i) {
      const Link& one = plan_.links[i];
      if (!in_frame(one.from) || !in_frame(one.to) || one.kind == LinkKind::message) continue;
      bool boundary = false, other = false;
      const int from = at(one.from, boundary), to = at(one.to, other);
      if (one.kind == LinkKind::association && !boundary) continue;  // of compensation only
      raw.push_back({from, to, static_cast<int>(i), boundary});
      joined[static_cast<std::size_t>(from)] = joined[static_cast<std::size_t>(to)] = 1;
    }
    for (const int member : frame.members) {
      if (!joined[static_cast<std::size_t>(member)]) {
        o_.loose.push_back(member);
        continue;
      }
      local.emplace(member, static_cast<int>(o_.items.size()));
      o_.items.push_back(member);
    }
    o_.out.resize(count()), o_.in.resize(count());
    for (const Raw& one : raw) {
      const int index = static_cast<int>(o_.edges.size());
      o_.edges.push_back({local.at(one.from), local.at(one.to), one.link, one.boundary, false});
      o_.out[static_cast<std::size_t>(o_.edges.back().from)].push_back(index);
      o_.in[static_cast<std::size_t>(o_.edges.back().to)].push_back(index);
    }
  }

  bool is_start(int local) const {
    const int node = item(local).node;
    return node >= 0 && model_.nodes[static_cast<std::size_t>(node)].type == ElementType::start_event;
  }

  // Starts first, then what nothing leads to, then the rest: the first of a cycle stays on the left.
  std::vector<int> sources() const {
    std::vector<int> all;
    for (int pass = 0; pass < 3; ++pass)
      for (std::size_t i = 0; i < count(); ++i) {
        const bool start = is_start(static_cast<int>(i)), free = o_.in[i].empty();
        if (pass == (start ? 0 : free ? 1 : 2)) all.push_back(static_cast<int>(i));
      }
    return all;
  }

  void cut_cycles() {
    std::vector<int> state(count(), 0);  // 1 = on the way, 2 = done
    struct Step { int node; std::size_t next; };
    for (const int root : sources()) {
      if (state[static_cast<std::size_t>(root)]) continue;
      std::vector<Step> stack{{root, 0}};
      state[static_cast<std::size_t>(root)] = 1;
      while (!stack.empty()) {
        Step& top = stack.back();
        const auto& out = o_.out[static_cast<std::size_t>(top.node)];
        if (top.next == out.size()) {
          state[static_cast<std::size_t>(top.node)] = 2;
          stack.pop_back();
          continue;
        }
        Edge& edge = o_.edges[static_cast<std::size_t>(out[top.next++])];
        int& seen = state[static_cast<std::size_t>(edge.to)];
        if (seen == 1) edge.back = true;
        if (seen == 0) {
          seen = 1;
          stack.push_back({edge.to, 0});
        }
      }
    }
  }

  // Forward order: each node after all that lead to it.
  std::vector<int> topological() const {
    std::vector<int> waiting(count(), 0), order;
    for (const Edge& edge : o_.edges)
      if (!edge.back) ++waiting[static_cast<std::size_t>(edge.to)];
    for (const int one : sources())
      if (waiting[static_cast<std::size_t>(one)] == 0) order.push_back(one);
    for (std::size_t i = 0; i < order.size(); ++i)
      for (const int out : o_.out[static_cast<std::size_t>(order[i])])
        if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back && --waiting[static_cast<std::size_t>(edge.to)] == 0) order.push_back(edge.to);
    return order;
  }

  void columns() {
    order_ = topological();
    o_.column.assign(count(), 0);
    for (const int node : order_)
      for (const int out : o_.out[static_cast<std::size_t>(node)])
        if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back)
          column(edge.to) = std::max(column(edge.to), column(node) + 1);
    // A second start stands right before what it leads to.
    for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
      const bool led_to = std::ranges::any_of(o_.in[static_cast<std::size_t>(*node)], [&](int in) { return !o_.edges[static_cast<std::size_t>(in)].back; });
      int nearest = -1;
      for (const int out : o_.out[static_cast<std::size_t>(*node)])
        if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back && (nearest < 0 || column(edge.to) < nearest)) nearest = column(edge.to);
      if (!led_to && nearest > 0) column(*node) = nearest - 1;
    }
    for (const int one : o_.column) o_.columns = std::max(o_.columns, one + 1);
  }

  int& column(int node) { return o_.column[static_cast<std::size_t>(node)]; }

  void lengths() {
    length_.assign(count(), 1);
    for (auto node = order_.rbegin(); node != order_.rend(); ++node)
      for (const int out : o_.out[static_cast<std::size_t>(*node)])
        if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back && !edge.boundary)
          length_[static_cast<std::size_t>(*node)] = std::max(length_[static_cast<std::size_t>(*node)], length_[static_cast<std::size_t>(edge.to)] + 1);
  }

  void build_chains() {
    chain_of_.assign(count(), -1);
    std::vector<int> starts;
    for (const int one : order_)
      if (std::ranges::none_of(o_.in[static_cast<std::size_t>(one)], [&](int in) { return !o_.edges[static_cast<std::size_t>(in)].back; })) starts.push_back(one);
    std::ranges::stable_sort(starts, std::greater(), [&](int one) { return length_[static_cast<std::size_t>(one)]; });
    for (const int start : starts)
      if (chain_of_[static_cast<std::size_t>(start)] < 0) grow(start, -1, -1, false);
    for (std::size_t i = 0; i < o_.chains.size(); ++i) {
      const int parent = o_.chains[i].parent;
      if (parent < 0) o_.roots.push_back(static_cast<int>(i));
      else o_.chains[static_cast<std::size_t>(parent)].children.push_back(static_cast<int>(i));
    }
  }

  struct Wanted { int start, split, group; bool boundary; };

  // The chain from `start`, and then the chains that leave it. A work list, not recursion: a process may be one long line.
  void grow(int start, int split, int group, bool boundary) {
    std::vector<Wanted> work{{start, split, group, boundary}};
    while (!work.empty()) {
      const Wanted one = work.back();
      work.pop_back();
      if (chain_of_[static_cast<std::size_t>(one.start)] >= 0) continue;
      const std::vector<Wanted> found = one_chain(one);
      work.insert(work.end(), found.rbegin(), found.rend());
    }
  }

  std::vector<Wanted> one_chain(const Wanted& wanted) {
    const int self = static_cast<int>(o_.chains.size());
    Chain chain;
    chain.split = wanted.split, chain.group = wanted.group, chain.boundary = wanted.boundary;
    std::vector<Wanted> found;
    int node = wanted.start;
    while (node >= 0) {
      chain_of_[static_cast<std::size_t>(node)] = self;
      chain.nodes.push_back(node);
      const int join = symmetric_join(node);
      node = join >= 0 ? join : main_successor(node);
      if (join >= 0) symmetric_.insert({chain.nodes.back(), groups_++});
    }
    const int last = chain.nodes.back();
    for (const int out : o_.out[static_cast<std::size_t>(last)])
      if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back && !edge.boundary && chain.merge < 0 && chain_of_[static_cast<std::size_t>(edge.to)] != self) chain.merge = edge.to;
    chain.parent = chain.split >= 0 ? chain_of_[static_cast<std::size_t>(chain.split)] : chain.merge >= 0 ? chain_of_[static_cast<std::size_t>(chain.merge)] : -1;
    for (const int at : chain.nodes) {
      const auto group = symmetric_.find(at);
      for (const int out : o_.out[static_cast<std::size_t>(at)])
        if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back && chain_of_[static_cast<std::size_t>(edge.to)] < 0)
          found.push_back({edge.to, at, group == symmetric_.end() || edge.boundary ? -1 : group->second, edge.boundary});
    }
    o_.chains.push_back(std::move(chain));
    return found;
  }

  int main_successor(int node) const {
    int best = -1;
    for (const int out : o_.out[static_cast<std::size_t>(node)]) {
      const Edge& edge = o_.edges[static_cast<std::size_t>(out)];
      if (edge.back || edge.boundary || chain_of_[static_cast<std::size_t>(edge.to)] >= 0) continue;
      if (best < 0 || length_[static_cast<std::size_t>(edge.to)] > length_[static_cast<std::size_t>(best)]) best = edge.to;
    }
    return best;
  }

  // Where all branches of a gateway meet again, if they are about equal and stay in its lane: they are drawn around the line.
  int symmetric_join(int node) const {
    if (item(node).kind != Kind::gateway) return -1;
    std::vector<int> starts;
    for (const int out : o_.out[static_cast<std::size_t>(node)]) {
      const Edge& edge = o_.edges[static_cast<std::size_t>(out)];
      if (edge.back || chain_of_[static_cast<std::size_t>(edge.to)] >= 0) return -1;
      starts.push_back(edge.to);
    }
    if (starts.size() < 2 || starts.size() > 6) return -1;
    // Straight runs up to the first node that more than one flow leads to.
    int join = -1;
    std::size_t shortest = 1000, longest = 0;
    for (const int start : starts) {
      int at = start;
      std::size_t steps = 0;
      while (true) {
        const auto& in = o_.in[static_cast<std::size_t>(at)];
        const auto forward_in = std::ranges::count_if(in, [&](int e) { return !o_.edges[static_cast<std::size_t>(e)].back; });
        if (forward_in > 1) break;
        if (item(at).lane != item(node).lane || chain_of_[static_cast<std::size_t>(at)] >= 0) return -1;
        int next = -1;
        for (const int out : o_.out[static_cast<std::size_t>(at)])
          if (const Edge& edge = o_.edges[static_cast<std::size_t>(out)]; !edge.back && !edge.boundary) {
            if (next >= 0 && next != edge.to) return -1;
            next = edge.to;
          }
        if (next < 0) return -1;
        at = next;
        ++steps;
      }
      if (join >= 0 && join != at) return -1;
      join = at;
      shortest = std::min(shortest, steps), longest = std::max(longest, steps);
    }
    if (join < 0 || shortest == 0 || longest > shortest + 1 || chain_of_[static_cast<std::size_t>(join)] >= 0 || item(join).lane != item(node).lane) return -1;
    return join;
  }

  const Plan& plan_;
  const Model& model_;
  int frame_;
  Order o_;
  std::vector<int> order_, length_, chain_of_;
  std::map<int, int> symmetric_;   // gateway → group
  int groups_ = 0;
};

}  // namespace

Order order_of(const Plan& plan, int frame, const Model& model) { return Orderer(plan, frame, model).run(); }

}  // namespace bpmn::layouts
