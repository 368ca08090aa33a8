#include "bank/understand/graph.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "base/xml.h"
#include "bpmn/draw/scene.h"

namespace bank::understand {
namespace {

constexpr double kBox = 190, kGap = 90, kRow = 22, kMargin = 20, kLine = 16, kPad = 12, kText = 13, kDummy = 6;
constexpr int kSweeps = 6;

// A place in a column: a box, or (node < 0) where an edge passes by.
struct Slot { int node = -1, edge = -1; double y = 0, height = 0, wish = 0; std::vector<int> before; };  // before: slots one column left

class Placer {
 public:
  explicit Placer(Graph& graph) : g_(graph) {}
  void run() {
    cut_circles();
    levels();
    boxes();
    columns();
    order();
    coordinates();
    lines();
  }

 private:
  // Depth first with an explicit stack; an edge to what is still open closes a circle.
  void cut_circles() {
    std::vector<int> state(g_.nodes.size(), 0);
    std::vector<std::vector<int>> out(g_.nodes.size());
    for (std::size_t e = 0; e < g_.edges.size(); ++e) out[g_.edges[e].from].push_back(static_cast<int>(e));
    std::vector<int> starts(g_.nodes.size());
    std::iota(starts.begin(), starts.end(), 0);
    std::stable_sort(starts.begin(), starts.end(), [&](int a, int b) { return std::count_if(g_.edges.begin(), g_.edges.end(), [&](const auto& e) { return e.to == a; }) <
                                                                              std::count_if(g_.edges.begin(), g_.edges.end(), [&](const auto& e) { return e.to == b; }); });
    for (const int start : starts) {
      std::vector<std::pair<int, std::size_t>> stack;
      if (state[start] == 0) stack.emplace_back(start, 0), state[start] = 1;
      while (!stack.empty()) {
        auto& [node, next] = stack.back();
        if (next == out[node].size()) {
          state[node] = 2;
          stack.pop_back();
          continue;
        }
        GraphEdge& edge = g_.edges[out[node][next++]];
        edge.back = state[edge.to] == 1;
        if (state[edge.to] != 0) continue;
        state[edge.to] = 1;
        stack.emplace_back(edge.to, 0);
      }
    }
  }

  // Longest way from a caller that nobody calls; the asked workflow is then made level 0.
  void levels() {
    for (GraphNode& node : g_.nodes) node.level = 0;
    for (std::size_t round = 0; round < g_.nodes.size(); ++round) {
      bool moved = false;
      for (const GraphEdge& edge : g_.edges) {
        if (edge.back || g_.nodes[edge.to].level > g_.nodes[edge.from].level) continue;
        g_.nodes[edge.to].level = g_.nodes[edge.from].level + 1;
        moved = true;
      }
      if (!moved) break;
    }
    // A caller stands as near to what it calls as it can.
    for (std::size_t round = 0; round < g_.nodes.size(); ++round) {
      bool moved = false;
      for (std::size_t n = 0; n < g_.nodes.size(); ++n) {
        if (std::any_of(g_.edges.begin(), g_.edges.end(), [&](const auto& e) { return !e.back && e.to == static_cast<int>(n); })) continue;
        int nearest = INT32_MAX;
        for (const GraphEdge& edge : g_.edges)
          if (!edge.back && edge.from == static_cast<int>(n)) nearest = std::min(nearest, g_.nodes[edge.to].level - 1);
        if (nearest == INT32_MAX || nearest == g_.nodes[n].level) continue;
        g_.nodes[n].level = nearest;
        moved = true;
      }
      if (!moved) break;
    }
    const int zero = g_.nodes[g_.root].level;
    for (GraphNode& node : g_.nodes) node.level -= zero;
  }

  void boxes() {
    for (GraphNode& node : g_.nodes) {
      node.lines = bpmn::draw::wrap(node.title, kBox - 2 * kPad, kText);
      node.width = kBox;
      node.height = std::max(44.0, 2 * kPad + kLine * static_cast<double>(node.lines.size()));
    }
  }

  void columns() {
    first_ = 0;
    int last = 0;
    for (const GraphNode& node : g_.nodes) first_ = std::min(first_, node.level), last = std::max(last, node.level);
    columns_.resize(static_cast<std::size_t>(last - first_ + 1));
    slot_of_.resize(g_.nodes.size());
    for (std::size_t n = 0; n < g_.nodes.size(); ++n) slot_of_[n] = add(g_.nodes[n].level, {static_cast<int>(n), -1, 0, g_.nodes[n].height, 0, {}});
    way_.resize(g_.edges.size());
    for (std::size_t e = 0; e < g_.edges.size(); ++e) {
      const GraphEdge& edge = g_.edges[e];
      if (edge.back) continue;
      int before = slot_of_[edge.from];
      for (int level = g_.nodes[edge.from].level + 1; level < g_.nodes[edge.to].level; ++level) {
        const int slot = add(level, {-1, static_cast<int>(e), 0, kDummy, 0, {before}});
        way_[e].push_back(slot);
        before = slot;
      }
      slots_[slot_of_[edge.to]].before.push_back(before);
    }
  }
  int add(int level, Slot slot) {
    slots_.push_back(std::move(slot));
    columns_[static_cast<std::size_t>(level - first_)].push_back(static_cast<int>(slots_.size()) - 1);
    return static_cast<int>(slots_.size()) - 1;
  }

  // By the middle of the neighbours, left to right and back; what has none stays where it was.
  void order() {
    std::vector<std::vector<int>> after(slots_.size());
    for (std::size_t s = 0; s < slots_.size(); ++s)
      for (const int b : slots_[s].before) after[b].push_back(static_cast<int>(s));
    std::vector<double> at(slots_.size(), 0);
    const auto number = [&](std::vector<int>& column) {
      for (std::size_t i = 0; i < column.size(); ++i) at[column[i]] = static_cast<double>(i) - static_cast<double>(column.size()) / 2;
    };
    for (auto& column : columns_) number(column);
    const auto sort = [&](std::vector<int>& column, bool forward) {
      for (const int s : column) {
        const auto& near = forward ? slots_[s].before : after[s];
        slots_[s].wish = near.empty() ? at[s] : std::accumulate(near.begin(), near.end(), 0.0, [&](double sum, int n) { return sum + at[n]; }) / static_cast<double>(near.size());
      }
      std::stable_sort(column.begin(), column.end(), [&](int a, int b) { return slots_[a].wish < slots_[b].wish; });
      number(column);
    };
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      if (sweep % 2 == 0) for (std::size_t c = 1; c < columns_.size(); ++c) sort(columns_[c], true);
      else for (std::size_t c = columns_.size() - 1; c-- > 0;) sort(columns_[c], false);
    }
  }

  void coordinates() {
    std::vector<double> heights;
    for (const auto& column : columns_) {
      double sum = -kRow;
      for (const int s : column) sum += slots_[s].height + kRow;
      heights.push_back(sum);
      g_.height = std::max(g_.height, sum);
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      double y = kMargin + (g_.height - heights[c]) / 2;
      for (const int s : columns_[c]) {
        Slot& slot = slots_[s];
        slot.y = y + slot.height / 2;
        y += slot.height + kRow;
        if (slot.node < 0) continue;
        GraphNode& node = g_.nodes[slot.node];
        node.x = kMargin + static_cast<double>(c) * (kBox + kGap);
        node.y = slot.y - slot.height / 2;
      }
    }
    g_.width = 2 * kMargin + static_cast<double>(columns_.size()) * (kBox + kGap) - kGap;
    g_.height += 2 * kMargin;
  }

  double left_of(int level) const { return kMargin + (level - first_) * (kBox + kGap); }

  void lines() {
    // In each gap every line has a track of its own for its vertical part.
    struct Hop { int edge, level; double from, to; };
    std::map<int, std::vector<Hop>> gaps;
    for (std::size_t e = 0; e < g_.edges.size(); ++e) {
      const GraphEdge& edge = g_.edges[e];
      if (edge.back) continue;
      double y = slots_[slot_of_[edge.from]].y;
      int level = g_.nodes[edge.from].level;
      for (const int slot : way_[e]) {
        gaps[level].push_back({static_cast<int>(e), level, y, slots_[slot].y});
        y = slots_[slot].y;
        ++level;
      }
      gaps[level].push_back({static_cast<int>(e), level, y, slots_[slot_of_[edge.to]].y});
    }
    for (auto& [level, hops] : gaps) {
      // Rising lines from the top, falling from the bottom: then they cross least.
      std::stable_sort(hops.begin(), hops.end(), [](const Hop& a, const Hop& b) {
        const bool up_a = a.to < a.from, up_b = b.to < b.from;
        if (up_a != up_b) return up_a;
        return up_a ? a.to < b.to : a.to > b.to;
      });
      for (std::size_t i = 0; i < hops.size(); ++i) {
        auto& points = g_.edges[hops[i].edge].points;
        const double right = left_of(level) + kBox, x = right + kGap * 0.8 * static_cast<double>(i + 1) / static_cast<double>(hops.size() + 1);
        if (points.empty()) points.push_back({right, hops[i].from});
        if (std::abs(hops[i].from - hops[i].to) > 0.5) points.push_back({x, hops[i].from}), points.push_back({x, hops[i].to});
        points.push_back({right + kGap, hops[i].to});
      }
    }
    for (GraphEdge& edge : g_.edges) {
      if (!edge.back) continue;
      const GraphNode &from = g_.nodes[edge.from], &to = g_.nodes[edge.to];
      const double x1 = from.x + from.width / 2 + 14, x2 = to.x + to.width / 2 - 14, y = g_.height;
      edge.points = {{x1, from.y + from.height}, {x1, y}, {x2, y}, {x2, to.y + to.height}};
      g_.height += 16;
    }
  }

  Graph& g_;
  int first_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::vector<int>> columns_, way_;
  std::vector<int> slot_of_;
};

}  // namespace

void place(Graph& graph) { Placer(graph).run(); }

base::Json graph_json(const Graph& graph) {
  using base::Json;
  Json nodes = Json::array(), edges = Json::array();
  for (const GraphNode& n : graph.nodes) {
    Json lines = Json::array();
    for (const auto& line : n.lines) lines.push(line);
    nodes.push(Json::Object{{"slug", n.slug}, {"title", n.title}, {"kind", n.kind}, {"known", n.known}, {"level", n.level}, {"lines", std::move(lines)},
                            {"x", n.x}, {"y", n.y}, {"width", n.width}, {"height", n.height}});
  }
  for (const GraphEdge& e : graph.edges) {
    Json elements = Json::array(), points = Json::array();
    for (const auto& [id, name] : e.elements) elements.push(Json::Object{{"elementId", id}, {"name", name}});
    for (const auto& p : e.points) points.push(Json::Array{p.x, p.y});
    edges.push(Json::Object{{"from", e.from}, {"to", e.to}, {"back", e.back}, {"elements", std::move(elements)}, {"points", std::move(points)}});
  }
  return Json::Object{{"root", graph.root}, {"nodes", std::move(nodes)}, {"edges", std::move(edges)}, {"width", graph.width}, {"height", graph.height}, {"omitted", graph.omitted}};
}

std::string graph_svg(const Graph& graph) {
  std::string out = fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}" font-family="'IBM Plex Sans', Arial, sans-serif" font-size="{2}" role="img">)",
                                graph.width, graph.height, kText);
  out += "<title>Kald: " + base::xml::escape_text(graph.nodes[static_cast<std::size_t>(graph.root)].title) + "</title>";
  out += R"(<defs><marker id="pil" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" fill="#545454"/></marker></defs>)";
  for (const GraphEdge& e : graph.edges) {
    std::string d;
    for (std::size_t i = 0; i < e.points.size(); ++i) d += fmt::format("{} {:.1f} {:.1f} ", i == 0 ? "M" : "L", e.points[i].x, e.points[i].y);
    out += fmt::format(R"x(<path d="{}" fill="none" stroke="#545454" stroke-width="1.5"{} marker-end="url(#pil)"/>)x", d, e.back ? R"( stroke-dasharray="5 4")" : "");
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& n = graph.nodes[i];
    const bool root = static_cast<int>(i) == graph.root;
    if (n.known) out += "<a href=\"/bank/" + base::xml::escape_attribute(n.slug) + "\">";
    out += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.0f}" height="{:.0f}" rx="8" fill="{}" stroke="{}" stroke-width="{}"{}/>)", n.x, n.y, n.width, n.height,
                       root ? "#003972" : n.known ? "#ffffff" : "#f5f5f5", n.known ? "#003972" : "#545454", root ? 2 : 3, n.known ? "" : R"( stroke-dasharray="6 4")");
    const double top = n.y + n.height / 2 - kLine * (static_cast<double>(n.lines.size()) - 1) / 2 + kText * 0.35;
    for (std::size_t l = 0; l < n.lines.size(); ++l)
      out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle" fill="{}">{}</text>)", n.x + n.width / 2, top + kLine * static_cast<double>(l), root ? "#ffffff" : "#1a1a1a", base::xml::escape_text(n.lines[l]));
    if (n.known) out += "</a>";
  }
  return out + "</svg>\n";
}

}  // namespace bank::understand
