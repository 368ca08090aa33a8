// Chains are blocks with a contour; a child is pushed below or above its parent until the contours no longer touch, like the
// subtrees of a drawn tree. Which side is decided by trying both and counting crossings.
#include "bpmn/layout/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bpmn/layout/arrange.h"

namespace bpmn::layouts {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();
constexpr double kLine = 10;       // half of what a flow takes up
constexpr double kGrid = 10;
constexpr int kTriedChains = 60;   // beyond, sides are not tried out: the time grows with the square

struct Contour {
  std::vector<double> low, high;   // per column
  void take(int column, double a, double b) {
    const auto at = static_cast<std::size_t>(column);
    low[at] = std::min(low[at], a), high[at] = std::max(high[at], b);
  }
};
struct Block {
  std::vector<Contour> lanes;
  std::vector<int> nodes;
};

class RowMaker {
 public:
  RowMaker(const Order& order, const std::vector<Extent>& extents, const std::vector<int>& lane, int lanes)
      : o_(order), extents_(extents), lane_(lane), lanes_(lanes), side_(order.chains.size(), 1) {
    first_sides();
  }

  Rows run() {
    Rows best = place();
    double cost = cost_of(best);
    if (o_.chains.size() <= kTriedChains)
      for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < side_.size(); ++i) {
          if (o_.chains[i].parent < 0 || o_.chains[i].group >= 0 || o_.chains[i].boundary) continue;
          side_[i] = -side_[i];
          Rows tried = place();
          if (const double other = cost_of(tried); other < cost - 0.001) best = std::move(tried), cost = other;
          else side_[i] = -side_[i];
        }
    return best;
  }

 private:
  // Below; the second branch of one element above.
  void first_sides() {
    std::vector<int> leaving(o_.items.size(), 0);
    for (std::size_t i = 0; i < o_.chains.size(); ++i) {
      const Chain& chain = o_.chains[i];
      if (chain.split < 0 || chain.boundary) continue;
      if (leaving[static_cast<std::size_t>(chain.split)]++ % 2 == 1) side_[i] = -1;
    }
  }

  Block empty() const {
    const auto columns = static_cast<std::size_t>(std::max(o_.columns, 1));
    return {std::vector<Contour>(static_cast<std::size_t>(lanes_), Contour{std::vector<double>(columns, kNone), std::vector<double>(columns, -kNone)}), {}};
  }
  int column(int node) const { return o_.column[static_cast<std::size_t>(node)]; }
  std::size_t lane(int node) const { return static_cast<std::size_t>(lane_[static_cast<std::size_t>(node)]); }

  Rows place() {
    rows_.y.assign(o_.items.size(), 0);
    // Children before parents; an own stack of blocks instead of recursion.
    std::vector<Block> blocks(o_.chains.size());
    for (std::size_t i = o_.chains.size(); i-- > 0;) blocks[i] = block(static_cast<int>(i), blocks);
    Block whole = empty();
    bool first = true;
    for (const int root : o_.roots) {
      if (first) whole = std::move(blocks[static_cast<std::size_t>(root)]);
      else attach(whole, blocks[static_cast<std::size_t>(root)], 1, root);
      first = false;
    }
    Rows rows{rows_.y, std::vector<double>(static_cast<std::size_t>(lanes_), 0), std::vector<double>(static_cast<std::size_t>(lanes_), 0)};
    for (std::size_t l = 0; l < static_cast<std::size_t>(lanes_); ++l)
      for (std::size_t c = 0; c < whole.lanes[l].low.size(); ++c) {
        if (whole.lanes[l].low[c] == kNone) continue;
        rows.low[l] = std::min(rows.low[l], whole.lanes[l].low[c]), rows.high[l] = std::max(rows.high[l], whole.lanes[l].high[c]);
      }
    return rows;
  }

  Block block(int index, std::vector<Block>& blocks) {
    const Chain& chain = o_.chains[static_cast<std::size_t>(index)];
    Block self = empty();
    self.nodes = chain.nodes;
    for (std::size_t i = 0; i < chain.nodes.size(); ++i) {
      const int node = chain.nodes[i];
      const Extent& extent = extents_[static_cast<std::size_t>(node)];
      self.lanes[lane(node)].take(column(node), -extent.up, extent.down);
      const bool split_here = i > 0 && symmetric_between(chain.nodes[i - 1], node, chain);
      if (i > 0 && !split_here)
        for (int c = column(chain.nodes[i - 1]) + 1; c < column(node); ++c) self.lanes[lane(node)].take(c, -kLine, kLine);
    }
    std::vector<int> children = chain.children;
    // Short ones stay close. Of boundary events the rightmost comes first, so that no path crosses another's line down.
    std::ranges::stable_sort(children, {}, [&](int child) { return std::pair(widest(chain, child), o_.chains[static_cast<std::size_t>(child)].boundary ? -child : child); });
    std::vector<int> done;
    for (const int child : children) {
      const int group = o_.chains[static_cast<std::size_t>(child)].group;
      if (group < 0 || std::ranges::find(done, group) != done.end()) continue;
      done.push_back(group);
      attach_group(self, chain, group, blocks);
    }
    for (const int child : children)
      if (o_.chains[static_cast<std::size_t>(child)].group < 0) {
        Block& block = blocks[static_cast<std::size_t>(child)];
        with_ends(child, block);
        attach(self, block, side_[static_cast<std::size_t>(child)], child);
      }
    return self;
  }

  bool symmetric_between(int from, int to, const Chain& chain) const {
    for (const int child : chain.children) {
      const Chain& one = o_.chains[static_cast<std::size_t>(child)];
      if (one.group >= 0 && one.split == from && one.merge == to) return true;
    }
    return false;
  }

  int widest(const Chain& parent, int child) const {
    const Chain& one = o_.chains[static_cast<std::size_t>(child)];
    int width = span(child);
    if (one.boundary)
      for (const int other : parent.children)
        if (const Chain& two = o_.chains[static_cast<std::size_t>(other)]; two.boundary && two.split == one.split) width = std::max(width, span(other));
    return width;
  }
  int span(int child) const {
    const Chain& chain = o_.chains[static_cast<std::size_t>(child)];
    const int from = chain.split >= 0 ? column(chain.split) : column(chain.nodes.front());
    return std::max(chain.merge >= 0 ? column(chain.merge) : 0, column(chain.nodes.back())) - from;
  }

  // The lines from where the chain splits off and to where it merges.
  void with_ends(int child, Block& block) const {
    const Chain& chain = o_.chains[static_cast<std::size_t>(child)];
    const int first = chain.nodes.front(), last = chain.nodes.back();
    if (chain.split >= 0)
      for (int c = column(chain.split) + 1; c < column(first); ++c) block.lanes[lane(first)].take(c, -kLine, kLine);
    if (chain.merge >= 0)
      for (int c = column(last) + 1; c < column(chain.merge); ++c) block.lanes[lane(last)].take(c, -kLine, kLine);
  }

  // Moves the child by the least that keeps it clear of the parent, per lane.
  void attach(Block& parent, Block& child, int side, int index) {
    const Chain& chain = o_.chains[static_cast<std::size_t>(index)];
    std::vector<double> offset(static_cast<std::size_t>(lanes_), 0);
    for (std::size_t l = 0; l < offset.size(); ++l) {
      offset[l] = clear(parent.lanes[l], child.lanes[l], side);
      // Not straight on: the flow leaves its gateway downward or upward, and nothing may stand there.
      if (offset[l] == 0 || chain.split < 0 || lane(chain.split) != l || lane(chain.nodes.front()) != l) continue;
      child.lanes[l].take(column(chain.split), -kLine, kLine);
      offset[l] = clear(parent.lanes[l], child.lanes[l], side);
    }
    shift(child, offset);
    merge(parent, child);
  }

  static double clear(const Contour& parent, const Contour& child, int side) {
    double offset = 0;
    for (std::size_t c = 0; c < parent.low.size(); ++c) {
      if (parent.low[c] == kNone || child.low[c] == kNone) continue;
      // Nothing to do where the child passes beside what is there already.
      if (side > 0) offset = std::max(offset, parent.high[c] + kGap - child.low[c]);
      else offset = std::min(offset, parent.low[c] - kGap - child.high[c]);
    }
    return (side > 0 ? std::ceil(offset / kGrid) : std::floor(offset / kGrid)) * kGrid;
  }

  void shift(Block& block, const std::vector<double>& offset) {
    for (const int node : block.nodes) rows_.y[static_cast<std::size_t>(node)] += offset[lane(node)];
    for (std::size_t l = 0; l < offset.size(); ++l)
      for (std::size_t c = 0; c < block.lanes[l].low.size(); ++c)
        if (block.lanes[l].low[c] != kNone) block.lanes[l].low[c] += offset[l], block.lanes[l].high[c] += offset[l];
  }

  static void merge(Block& into, const Block& from) {
    into.nodes.insert(into.nodes.end(), from.nodes.begin(), from.nodes.end());
    for (std::size_t l = 0; l < into.lanes.size(); ++l)
      for (std::size_t c = 0; c < into.lanes[l].low.size(); ++c)
        if (from.lanes[l].low[c] != kNone) into.lanes[l].take(static_cast<int>(c), from.lanes[l].low[c], from.lanes[l].high[c]);
  }

  // All branches of one gateway, in order from above, around its line.
  void attach_group(Block& self, const Chain& chain, int group, std::vector<Block>& blocks) {
    std::vector<int> members;
    for (const int child : chain.children)
      if (o_.chains[static_cast<std::size_t>(child)].group == group) members.push_back(child);
    const std::size_t l = lane(o_.chains[static_cast<std::size_t>(members.front())].nodes.front());
    std::vector<double> at{0};
    Block stack = blocks[static_cast<std::size_t>(members[0])];
    with_ends(members[0], stack);
    for (std::size_t i = 1; i < members.size(); ++i) {
      Block& next = blocks[static_cast<std::size_t>(members[i])];
      with_ends(members[i], next);
      std::vector<double> offset(static_cast<std::size_t>(lanes_), 0);
      for (std::size_t k = 0; k < offset.size(); ++k) offset[k] = clear(stack.lanes[k], next.lanes[k], 1);
      shift(next, offset);
      at.push_back(offset[l]);
      merge(stack, next);
    }
    const std::size_t n = at.size();
    const double middle = n % 2 == 1 ? at[n / 2] : (at[n / 2 - 1] + at[n / 2]) / 2;
    std::vector<double> back(static_cast<std::size_t>(lanes_), 0);
    back[l] = -middle;
    shift(stack, back);
    merge(self, stack);
  }

  // Crossings of the flows as a rough line would take them, elements run over, and height.
  double cost_of(const Rows& rows) const {
    std::vector<double> top(static_cast<std::size_t>(lanes_), 0);
    double y = 0;
    for (std::size_t l = 0; l < top.size(); ++l) top[l] = y - rows.low[l], y += rows.high[l] - rows.low[l] + 2 * kPadding;
    const auto at = [&](int node) { return top[lane(node)] + rows.y[static_cast<std::size_t>(node)]; };
    struct Line { double x1, y1, x2, y2; int from, to; };
    std::vector<Line> lines;
    double cost = y / 400;
    for (const Edge& edge : o_.edges) {
      if (edge.back) continue;
      const double x1 = column(edge.from), x2 = column(edge.to), y1 = at(edge.from), y2 = at(edge.to);
      const bool early = edge.boundary || o_.out[static_cast<std::size_t>(edge.from)].size() > 1;
      const double bend = y1 == y2 ? x2 : early ? x1 + (edge.boundary ? 0.1 : 0.3) : x2 - 0.3;
      lines.push_back({x1, y1, bend, y1, edge.from, edge.to});
      if (y1 != y2) lines.push_back({bend, y1, bend, y2, edge.from, edge.to}), lines.push_back({bend, y2, x2, y2, edge.from, edge.to});
      cost += std::abs(y1 - y2) / 1000;
      for (std::size_t n = 0; n < o_.items.size(); ++n) {
        const int node = static_cast<int>(n);
        if (node == edge.from || node == edge.to || column(node) <= x1 || column(node) >= x2) continue;
        const double line = column(node) < bend ? y1 : y2, own = at(node);
        if (line > own - extents_[n].up - 5 && line < own + extents_[n].down + 5) cost += 3;
      }
    }
    for (std::size_t a = 0; a < lines.size(); ++a)
      for (std::size_t b = a + 1; b < lines.size(); ++b) {
        const Line &p = lines[a], &q = lines[b];
        if (p.from == q.from || p.to == q.to || p.from == q.to || p.to == q.from) continue;
        const bool pv = p.x1 == p.x2, qv = q.x1 == q.x2;
        if (pv == qv) continue;
        const Line &v = pv ? p : q, &h = pv ? q : p;
        if (v.x1 > h.x1 && v.x1 < h.x2 && h.y1 > std::min(v.y1, v.y2) && h.y1 < std::max(v.y1, v.y2)) cost += 1;
      }
    return cost;
  }

  const Order& o_;
  const std::vector<Extent>& extents_;
  const std::vector<int>& lane_;
  int lanes_;
  std::vector<int> side_;
  Rows rows_;
};

}  // namespace

Rows rows_of(const Order& order, const std::vector<Extent>& extents, const std::vector<int>& lane, int lanes) { return RowMaker(order, extents, lane, lanes).run(); }

}  // namespace bpmn::layouts
