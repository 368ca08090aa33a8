#include "bpmn/notation/graph.h"

#include <algorithm>

#include "bpmn/notation/draft.h"

namespace bpmn::notation {

Graph::Graph(const Model& model)
    : model_(model), outgoing_(model.nodes.size()), compensates_(model.nodes.size(), -1), rank_(model.nodes.size(), 0), handler_(model.nodes.size(), false) {
  for (std::size_t i = 0; i < model.nodes.size(); ++i)
    for (const int flow : model.nodes[i].outgoing) {
      const Flow& one = model.flows[static_cast<std::size_t>(flow)];
      if (one.target < 0) continue;
      const Node& to = model.nodes[static_cast<std::size_t>(one.target)];
      const bool enters = to.type != ElementType::start_event && to.type != ElementType::boundary_event && to.type != ElementType::event_sub_process;
      if (to.parent == model.nodes[i].parent && to.process == model.nodes[i].process && enters) outgoing_[i].push_back(flow);
    }
  for (const Artifact& one : model.artifacts) {
    if (one.kind != "association") continue;
    const int from = model.node(one.source), to = model.node(one.target);
    if (from < 0 || to < 0 || model.nodes[static_cast<std::size_t>(from)].type != ElementType::boundary_event) continue;
    if (!is_activity(model.nodes[static_cast<std::size_t>(to)].type) || compensates_[static_cast<std::size_t>(from)] >= 0) continue;
    compensates_[static_cast<std::size_t>(from)] = to;
    handler_[static_cast<std::size_t>(to)] = true;
  }
  order();
}

// Reverse postorder of a depth-first walk: what comes later in the flow has a higher rank, loops aside.
void Graph::order() {
  const auto next = [this](int node) {
    std::vector<int> all;
    const auto add = [&](int from) {
      for (const int flow : outgoing(from)) all.push_back(model_.flows[static_cast<std::size_t>(flow)].target);
    };
    add(node);
    for (const int event : model_.nodes[static_cast<std::size_t>(node)].boundary) add(event);
    return all;
  };
  struct Frame { int node; std::vector<int> next; std::size_t at; };
  std::vector<char> seen(model_.nodes.size(), 0);
  int rank = static_cast<int>(model_.nodes.size());
  std::vector<int> roots;
  for (const bool starts : {true, false})
    for (std::size_t i = 0; i < model_.nodes.size(); ++i)
      if ((model_.nodes[i].type == ElementType::start_event) == starts) roots.push_back(static_cast<int>(i));
  for (const int root : roots) {
    if (seen[static_cast<std::size_t>(root)]) continue;
    seen[static_cast<std::size_t>(root)] = 1;
    std::vector<Frame> stack{{root, next(root), 0}};
    while (!stack.empty()) {
      Frame& top = stack.back();
      if (top.at == top.next.size()) {
        rank_[static_cast<std::size_t>(top.node)] = --rank;
        stack.pop_back();
        continue;
      }
      const int to = top.next[top.at++];
      if (seen[static_cast<std::size_t>(to)]) continue;
      seen[static_cast<std::size_t>(to)] = 1;
      stack.push_back({to, next(to), 0});
    }
  }
}

template <class Touch>
std::vector<int> Graph::reach(int start, const std::vector<bool>& closed, Touch touch) const {
  std::vector<int> found, open{start};
  std::vector<bool> seen(model_.nodes.size(), false);
  const auto follow = [&](int node) {
    for (const int flow : outgoing(node)) open.push_back(model_.flows[static_cast<std::size_t>(flow)].target);
  };
  while (!open.empty()) {
    const int node = open.back();
    open.pop_back();
    const auto at = static_cast<std::size_t>(node);
    if (closed[at]) touch(node);
    if (closed[at] || seen[at]) continue;
    seen[at] = true;
    found.push_back(node);
    follow(node);
    for (const int event : model_.nodes[at].boundary) follow(event);
  }
  return found;
}

int Graph::meeting(const std::vector<int>& starts, const std::vector<bool>& closed) const {
  std::vector<int> count(model_.nodes.size(), 0);
  for (const int start : starts)
    for (const int node : reach(start, closed, [](int) {})) ++count[static_cast<std::size_t>(node)];
  int best = -1;
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] < 2) continue;
    const auto b = static_cast<std::size_t>(best);
    if (best < 0 || count[i] > count[b] || (count[i] == count[b] && rank_[i] < rank_[b])) best = static_cast<int>(i);
  }
  return best;
}

int Graph::main_path(const std::vector<int>& starts, const std::vector<bool>& closed, int next) const {
  int leading = -1, leads = 0, longest = -1;
  std::size_t most = 0;
  for (const int start : starts) {
    bool to_next = false;
    const std::vector<int> found = reach(start, closed, [&](int node) { to_next |= node == next; });
    if (to_next) ++leads, leading = start;
    const bool ends = std::ranges::any_of(found, [&](int node) { return outgoing(node).empty(); });
    if (!ends) continue;
    if (found.size() > most) longest = start, most = found.size();
    else if (found.size() == most) longest = -1;
  }
  const int best = leads == 0 ? longest : leads == 1 ? leading : -1;
  return best >= 0 && !closed[static_cast<std::size_t>(best)] ? best : -1;
}

}  // namespace bpmn::notation
