#include "bpmn/compare/graph.h"

#include <algorithm>

#include "base/text.h"

namespace bpmn::comparing {

bool is_gateway(const Node& n) {
  switch (n.type) {
    case ElementType::exclusive_gateway: case ElementType::inclusive_gateway: case ElementType::parallel_gateway: case ElementType::event_based_gateway: case ElementType::complex_gateway: return true;
    default: return false;
  }
}

Family family(const Node& n) {
  switch (n.type) {
    case ElementType::start_event: return Family::start;
    case ElementType::end_event: return Family::end;
    case ElementType::intermediate_catch_event: return Family::catching;
    case ElementType::intermediate_throw_event: return Family::throwing;
    case ElementType::boundary_event: return Family::boundary;
    default: return is_gateway(n) ? Family::gateway : Family::activity;
  }
}

bool is_activity(const Node& n) { return family(n) == Family::activity; }

namespace {

// "Ja" and "Nej" tell nothing about which question was asked.
Words answers_of(const Model& model, const Node& n) {
  Words out;
  for (const int f : n.outgoing)
    for (Term& t : words_of(model.flows[static_cast<std::size_t>(f)].name).terms)
      if (t.stem != "ja" && t.stem != "nej") out.terms.push_back(std::move(t));
  return out;
}

// Nodes reached over silent ones; each once, in the order met.
template <class Next, class Silent>
std::vector<int> through(int from, std::size_t size, Next next, Silent silent) {
  std::vector<int> out, open{from};
  std::vector<bool> seen(size);
  while (!open.empty()) {
    const int at = open.back();
    open.pop_back();
    const auto& steps = next(at);
    for (auto s = steps.rbegin(); s != steps.rend(); ++s) {
      if (seen[static_cast<std::size_t>(s->to)]) continue;
      seen[static_cast<std::size_t>(s->to)] = true;
      if (silent(s->to)) open.push_back(s->to);
      else out.push_back(s->to);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Graph::Graph(const Model& m, bool with_order) : model(m), lane_(m.nodes.size(), -1) {
  for (const Node& n : m.nodes) {
    words_.push_back(words_of(n.name));
    answers_.push_back(is_gateway(n) ? answers_of(m, n) : Words());
  }
  for (std::size_t i = 0; i < m.lanes.size(); ++i)
    for (const int n : m.lanes[i].nodes)  // the innermost lane stands last
      if (n >= 0 && (lane_[static_cast<std::size_t>(n)] < 0 || m.lanes[i].parent >= 0)) lane_[static_cast<std::size_t>(n)] = static_cast<int>(i);
  for (std::size_t i = 0; i < m.nodes.size(); ++i)  // a boundary event is where its activity is
    if (const int host = m.nodes[i].attached_to; lane_[i] < 0 && host >= 0) lane_[i] = lane_[static_cast<std::size_t>(host)];
  connect();
  if (!with_order) return;
  order();
  loops();
}

void Graph::connect() {
  out_.resize(size());
  in_.resize(size());
  const auto add = [&](int from, int to, int flow) {
    if (from < 0 || to < 0) return;
    out_[static_cast<std::size_t>(from)].push_back({to, flow});
    in_[static_cast<std::size_t>(to)].push_back({from, flow});
  };
  for (std::size_t i = 0; i < size(); ++i) {
    for (const int f : model.nodes[i].outgoing) add(static_cast<int>(i), model.flows[static_cast<std::size_t>(f)].target, f);
    for (const int b : model.nodes[i].boundary) add(static_cast<int>(i), b, -1);
  }
  const auto is_silent = [&](int i) { return silent(i); };
  for (std::size_t i = 0; i < size(); ++i) {
    after_.push_back(through(static_cast<int>(i), size(), [&](int n) -> const std::vector<Step>& { return out(n); }, is_silent));
    before_.push_back(through(static_cast<int>(i), size(), [&](int n) -> const std::vector<Step>& { return in(n); }, is_silent));
  }
}

// Depth first from where a path begins: an edge to a node that is still open closes a loop and is left out.
void Graph::order() {
  const std::size_t n = size();
  enum : char { kNew, kOpen, kDone };
  std::vector<char> state(n, kNew);
  std::vector<std::vector<int>> forward(n);
  std::vector<int> finished;
  const auto visit = [&](int root) {
    std::vector<std::pair<int, std::size_t>> stack{{root, 0}};
    state[static_cast<std::size_t>(root)] = kOpen;
    while (!stack.empty()) {
      auto& [at, next] = stack.back();
      const auto& steps = out(at);
      if (next == steps.size()) {
        state[static_cast<std::size_t>(at)] = kDone;
        finished.push_back(at);
        stack.pop_back();
        continue;
      }
      const int to = steps[steps.size() - 1 - next++].to;  // the last way first, so that the first way comes first in reverse
      if (state[static_cast<std::size_t>(to)] == kOpen) continue;
      forward[static_cast<std::size_t>(at)].push_back(to);
      if (state[static_cast<std::size_t>(to)] == kNew) {
        state[static_cast<std::size_t>(to)] = kOpen;
        stack.emplace_back(to, 0);
      }
    }
  };
  for (std::size_t pass = 0; pass < 2; ++pass)
    for (std::size_t i = n; i-- > 0;)
      if (state[i] == kNew && (pass == 1 || in_[i].empty())) visit(static_cast<int>(i));
  rank_.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) rank_[static_cast<std::size_t>(finished[n - 1 - i])] = static_cast<int>(i);
  reach_.assign(n, std::vector<bool>(n));
  for (const int at : finished)
    for (const int to : forward[static_cast<std::size_t>(at)]) {
      auto& mine = reach_[static_cast<std::size_t>(at)];
      const auto& theirs = reach_[static_cast<std::size_t>(to)];
      mine[static_cast<std::size_t>(to)] = true;
      for (std::size_t k = 0; k < n; ++k)
        if (theirs[k]) mine[k] = true;
    }
}

void Graph::loops() {
  constexpr int kBoundary = 5, kFar = 1 << 20;
  const std::size_t n = size();
  depth_.assign(n, kFar);
  std::vector<int> open;
  for (std::size_t i = 0; i < n; ++i)
    if (in_[i].empty()) depth_[i] = 0, open.push_back(static_cast<int>(i));
  for (std::size_t k = 0; k < open.size(); ++k)  // a node is looked at again whenever a shorter way to it is found
    for (const Step& s : out(open[k]))
      if (const int there = depth(open[k]) + (s.flow < 0 ? kBoundary : 1); there < depth(s.to)) depth_[static_cast<std::size_t>(s.to)] = there, open.push_back(s.to);
  // Two nodes are in one loop where each can reach the other: the first node of a loop names it.
  std::vector<std::vector<bool>> all(n, std::vector<bool>(n));
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<int> stack{static_cast<int>(i)};
    while (!stack.empty()) {
      const int at = stack.back();
      stack.pop_back();
      for (const Step& s : out(at))
        if (!all[i][static_cast<std::size_t>(s.to)]) all[i][static_cast<std::size_t>(s.to)] = true, stack.push_back(s.to);
    }
  }
  loop_.assign(n, -1);
  for (std::size_t i = 0; i < n; ++i) {
    if (loop_[i] >= 0) continue;
    loop_[i] = static_cast<int>(i);
    for (std::size_t j = i + 1; j < n; ++j)
      if (all[i][j] && all[j][i]) loop_[j] = static_cast<int>(i);
  }
}

std::string Graph::lane_name(int i) const { return lane(i) < 0 ? std::string() : model.lanes[static_cast<std::size_t>(lane(i))].name; }

std::string Graph::property(int i, std::string_view key) const {
  std::vector<std::string> values;
  for (const Header& p : node(i).zeebe.properties)
    if (p.key == key) values.push_back(p.value);
  return base::join(values, "; ");
}

std::string Graph::called(int i) const {
  if (std::string package = property(i, "pakke"); !package.empty()) return package;
  const Node& n = node(i);
  return n.zeebe.called_process.empty() ? n.called_element : n.zeebe.called_process;
}

}  // namespace bpmn::comparing
