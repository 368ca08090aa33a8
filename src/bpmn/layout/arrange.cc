#include "bpmn/layout/arrange.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "bpmn/draw/scene.h"
#include "bpmn/layout/rows.h"

namespace bpmn::layouts {
namespace {

constexpr double kColumnGap = 50, kTrack = 12, kSatelliteGap = 24, kLooseGap = 40, kPoolGap = 60, kBlackBox = 60;
constexpr double kLaneLeast = 120, kPoolLeast = 500, kTitle = 30;

// Centres fall on whole pixels, so that what is in line is exactly in line.
double even(double size) { return std::ceil(size / 2) * 2; }

struct Cell {
  std::vector<int> satellites, boundary;
  double width = 0;                      // what the column needs
  Extent extent;
};

class Arranger {
 public:
  Arranger(Plan& plan, int frame, const Model& model) : plan_(plan), frame_(plan.frames[static_cast<std::size_t>(frame)]), index_(frame), model_(model) {}

  void run() {
    order_ = order_of(plan_, index_, model_);
    measure();
    choose_lanes();
    for (std::size_t i = 0; i < order_.items.size(); ++i) extents_.push_back(cells_[order_.items[i]].extent);
    rows_ = rows_of(order_, extents_, lane_, static_cast<int>(leaves_.size()));
    columns();
    lanes();
    place();
  }

 private:
  Item& item(int index) { return plan_.items[static_cast<std::size_t>(index)]; }
  const Node* node(const Item& one) const { return one.node < 0 ? nullptr : &model_.nodes[static_cast<std::size_t>(one.node)]; }

  void measure() {
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      const Item& one = plan_.items[i];
      if (one.frame != index_) continue;
      if (one.satellite_of >= 0) cells_[one.satellite_of].satellites.push_back(static_cast<int>(i));
      if (one.host >= 0) cells_[one.host].boundary.push_back(static_cast<int>(i));
    }
    for (const int member : frame_.members) measure(member, cells_[member]);
  }

  void measure(int index, Cell& cell) {
    Item& one = item(index);
    if (one.inside >= 0) {
      const Frame& inner = plan_.frames[static_cast<std::size_t>(one.inside)];
      one.box.w = inner.width, one.box.h = inner.height;
    }
    if (!cell.boundary.empty()) one.box.w = std::max(one.box.w, 44.0 * static_cast<double>(cell.boundary.size()) + 30);
    cell.width = one.box.w;
    cell.extent = {one.box.h / 2 + 5, one.box.h / 2 + 5};
    if (one.kind == Kind::event || one.kind == Kind::data) {
      cell.width = std::max(cell.width, one.label_box.w);
      if (one.label_box.h > 0) cell.extent.down = one.box.h / 2 + 6 + one.label_box.h;
    }
    if (one.kind == Kind::gateway && one.label_box.h > 0) {
      cell.width = std::max(cell.width, std::min(one.label_box.w, 80.0));
      cell.extent.up = one.box.h / 2 + 6 + one.label_box.h;
    }
    double labels = 0;
    for (const int event : cell.boundary) labels = std::max(labels, item(event).label_box.h);
    if (!cell.boundary.empty()) cell.extent.down = one.box.h / 2 + 20 + std::max(labels, 8.0);
    double width = 0, height = 0;
    for (const int satellite : cell.satellites) {
      const Item& other = item(satellite);
      width += std::max(other.box.w, other.label_box.w) + 16;
      height = std::max(height, other.box.h + (other.label_box.h > 0 ? other.label_box.h + 4 : 0));
    }
    if (!cell.satellites.empty()) {
      cell.width = std::max(cell.width, width - 16);
      cell.extent.up += kSatelliteGap + height;
    }
  }

  // Leaf lanes in order; what is in none gets a band of its own at the bottom.
  void choose_lanes() {
    for (std::size_t i = 0; i < frame_.lanes.size(); ++i)
      if (frame_.lanes[i].leaf) leaves_.push_back(static_cast<int>(i));
    const auto slot = [this](const Item& one) {
      int band = one.lane;
      // In a lane that has lanes inside: the first of them.
      while (band >= 0 && !frame_.lanes[static_cast<std::size_t>(band)].leaf)
        for (std::size_t i = 0; i < frame_.lanes.size(); ++i)
          if (frame_.lanes[i].parent == band) {
            band = static_cast<int>(i);
            break;
          }
      const auto found = std::ranges::find(leaves_, band);
      return found == leaves_.end() ? -1 : static_cast<int>(found - leaves_.begin());
    };
    bool outside = leaves_.empty();
    std::map<int, int> slots;
    for (const int member : frame_.members) {
      slots[member] = slot(item(member));
      if (slots[member] < 0 && item(member).node < 0 && !leaves_.empty()) slots[member] = 0;  // data and notes are in no lane
      outside |= slots[member] < 0;
    }
    if (outside) leaves_.push_back(-1);
    for (auto& [member, at] : slots)
      if (at < 0) at = static_cast<int>(leaves_.size()) - 1;
    for (const int member : order_.items) lane_.push_back(slots[member]);
    for (const int member : order_.loose) loose_lane_.push_back(slots[member]);
  }

  // Widths of the columns, and of the gaps between them: room for labels and for the flows that change row there.
  void columns() {
    const auto count = static_cast<std::size_t>(order_.columns);
    std::vector<double> width(count, 0), gap(count + 1, kColumnGap);
    std::vector<double> tracks(count + 1, 0);
    for (std::size_t i = 0; i < order_.items.size(); ++i) {
      const auto c = static_cast<std::size_t>(order_.column[i]);
      width[c] = std::max(width[c], cells_[order_.items[i]].width);
    }
    for (const Edge& edge : order_.edges) {
      const auto from = static_cast<std::size_t>(edge.from), to = static_cast<std::size_t>(edge.to);
      const auto c = static_cast<std::size_t>(order_.column[from]);
      const double label = plan_.links[static_cast<std::size_t>(edge.link)].label_box.w;
      if (label > 0 && !edge.boundary) gap[c + 1] = std::max(gap[c + 1], label + 34);
      const bool straight = lane_[from] == lane_[to] && rows_.y[from] == rows_.y[to];
      if (edge.back || !straight) tracks[static_cast<std::size_t>(order_.column[to])] += 1, tracks[c + 1] += edge.back ? 1 : 0;
    }
    double x = 0;
    middle_.assign(count, 0);
    for (std::size_t c = 0; c < count; ++c) {
      if (c > 0) x += std::max(gap[c], 30 + kTrack * std::min(tracks[c], 8.0));
      middle_[c] = x + width[c] / 2;
      x += width[c];
    }
    content_width_ = x;
  }

  double label_height(const Item& lane) const {
    const auto found = std::ranges::find_if(model_.lanes, [&](const Lane& one) { return one.id == lane.id; });
    return found == model_.lanes.end() ? 0 : std::min(draw::text_width(found->name, draw::kFont) + 24, 200.0);
  }

  // Heights: what stands in a lane, the elements without flows below it, and its name.
  void lanes() {
    depth_ = 0;
    for (const LaneBand& band : frame_.lanes) depth_ = std::max(depth_, band.depth + 1);
    head_ = (frame_.owner >= 0 && item(frame_.owner).kind == Kind::pool ? kHeader : 0) + depth_ * kHeader;
    pad_ = frame_.owner < 0 && frame_.parent_node < 0 ? 0 : kPadding;
    top_pad_ = frame_.parent_node >= 0 && frame_.owner >= 0 ? kTitle + 10 : pad_;
    if (frame_.lanes.empty() && frame_.parent_node < 0) top_pad_ = pad_;
    double y = 0;
    zero_.assign(leaves_.size(), 0);
    loose_top_.assign(leaves_.size(), 0);
    for (std::size_t l = 0; l < leaves_.size(); ++l) {
      const bool any = std::ranges::any_of(lane_, [&](int at) { return at == static_cast<int>(l); });
      double low = any ? -rows_.low[l] : 0, high = any ? rows_.high[l] : 0;
      const double loose = place_loose(static_cast<int>(l), 0, false);
      double height = top_pad_ + low + high + pad_ + (loose > 0 ? loose + (any ? kLooseGap : 0) : 0);
      if (leaves_[l] >= 0) {
        const double least = std::max(kLaneLeast, label_height(item(frame_.lanes[static_cast<std::size_t>(leaves_[l])].item)));
        if (loose == 0 && height < least) low += (least - height) / 2;
        height = std::max(height, least);
      }
      low = std::round(low), height = std::round(height);
      zero_[l] = y + top_pad_ + low;
      loose_top_[l] = zero_[l] + high + (any ? kLooseGap : 0);
      if (leaves_[l] >= 0) frame_.lanes[static_cast<std::size_t>(leaves_[l])].top = y, frame_.lanes[static_cast<std::size_t>(leaves_[l])].height = height;
      y += height;
    }
    frame_.height = even(y);
    frame_.width = head_ + 2 * pad_ + std::max(content_width_, loose_width_);
    if (frame_.owner >= 0 && item(frame_.owner).kind == Kind::pool) frame_.width = std::max(frame_.width, kPoolLeast);
    if (frame_.parent_node >= 0 && frame_.owner >= 0)
      frame_.width = std::max(frame_.width, std::min(300.0, draw::text_width(model_.nodes[static_cast<std::size_t>(frame_.parent_node)].name, draw::kFont) + 40));
    frame_.width = even(frame_.width);
    for (std::size_t i = frame_.lanes.size(); i-- > 0;)
      if (LaneBand& band = frame_.lanes[i]; !band.leaf) around_children(static_cast<int>(i), band);
  }

  void around_children(int index, LaneBand& band) {
    double top = 1e300, bottom = 0;
    for (const LaneBand& child : frame_.lanes)
      if (child.parent == index) top = std::min(top, child.top), bottom = std::max(bottom, child.top + child.height);
    band.top = top, band.height = bottom - top;
  }

  // Elements without flows, in lines from the left. Returns the height they take; `really` also puts them there.
  double place_loose(int lane, double top, bool really) {
    const double limit = std::max(content_width_, 900.0);
    double x = 0, y = 0, tallest = 0;
    for (std::size_t i = 0; i < order_.loose.size(); ++i) {
      if (loose_lane_[i] != lane) continue;
      const int index = order_.loose[i];
      const Cell& cell = cells_[index];
      if (x > 0 && x + cell.width > limit) x = 0, y += tallest + kLooseGap, tallest = 0;
      if (really) put(index, head_ + pad_ + x + cell.width / 2, top + y + cell.extent.up);
      x += cell.width + kLooseGap;
      loose_width_ = std::max(loose_width_, x - kLooseGap);
      tallest = std::max(tallest, cell.extent.up + cell.extent.down);
    }
    return y + tallest;
  }

  // Of several boundary events the one whose path lies lowest stands leftmost: the lines down do not cross.
  void order_boundary_events() {
    std::map<int, double> depth;
    for (const Edge& edge : order_.edges)
      if (edge.boundary) {
        const auto to = static_cast<std::size_t>(edge.to);
        const bool back = edge.back || order_.column[to] <= order_.column[static_cast<std::size_t>(edge.from)];
        depth[plan_.links[static_cast<std::size_t>(edge.link)].from] = back ? 1e6 : zero_[static_cast<std::size_t>(lane_[to])] + rows_.y[to];
      }
    for (auto& [host, cell] : cells_) std::ranges::stable_sort(cell.boundary, std::greater(), [&](int event) { return depth.contains(event) ? depth[event] : -1e6; });
  }

  void place() {
    order_boundary_events();
    for (std::size_t i = 0; i < order_.items.size(); ++i) {
      const auto l = static_cast<std::size_t>(lane_[i]);
      put(order_.items[i], head_ + pad_ + middle_[static_cast<std::size_t>(order_.column[i])], zero_[l] + rows_.y[i]);
    }
    for (std::size_t l = 0; l < leaves_.size(); ++l) place_loose(static_cast<int>(l), loose_top_[l], true);
    const double pool = frame_.owner >= 0 && item(frame_.owner).kind == Kind::pool ? kHeader : 0;
    for (const LaneBand& band : frame_.lanes) {
      const double left = pool + band.depth * kHeader;
      item(band.item).box = {left, band.top, frame_.width - left, band.height};
    }
  }

  // The element with what hangs on it, around the point where its flows run.
  void put(int index, double x, double y) {
    Item& one = item(index);
    const Cell& cell = cells_[index];
    one.box.x = std::round(x) - one.box.w / 2, one.box.y = std::round(y) - one.box.h / 2;
    const auto count = static_cast<double>(cell.boundary.size());
    for (std::size_t i = 0; i < cell.boundary.size(); ++i) {
      Item& event = item(cell.boundary[i]);
      const double share = count == 1 ? 0.72 : (static_cast<double>(i) + 0.5) / count;
      event.box.x = std::round(one.box.x + one.box.w * share) - 18, event.box.y = one.box.bottom() - 18;
    }
    double width = -16;
    for (const int satellite : cell.satellites) width += std::max(item(satellite).box.w, item(satellite).label_box.w) + 16;
    double left = x - width / 2;
    for (const int satellite : cell.satellites) {
      Item& other = item(satellite);
      const double own = std::max(other.box.w, other.label_box.w);
      other.box.x = std::round(left + (own - other.box.w) / 2), other.box.y = std::round(one.box.y - kSatelliteGap - other.box.h);
      if (one.kind == Kind::gateway && one.label_box.h > 0) other.box.y -= one.label_box.h;
      left += own + 16;
    }
  }

  Plan& plan_;
  Frame& frame_;
  int index_;
  const Model& model_;
  Order order_;
  std::map<int, Cell> cells_;
  std::vector<Extent> extents_;
  std::vector<int> leaves_, lane_, loose_lane_;  // leaf lanes (-1: outside any); per local number, per loose element
  Rows rows_;
  std::vector<double> middle_, zero_, loose_top_;
  double content_width_ = 0, loose_width_ = 0, head_ = 0, pad_ = 0, top_pad_ = 0;
  int depth_ = 0;
};

// Moves everything of a frame, and of the frames inside, from its own coordinates into the picture's.
void settle(Plan& plan, int frame, double dx, double dy) {
  Frame& self = plan.frames[static_cast<std::size_t>(frame)];
  self.left = dx, self.top = dy;
  for (LaneBand& band : self.lanes) band.top += dy;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    Item& one = plan.items[i];
    if (one.frame != frame) continue;
    one.box.x += dx, one.box.y += dy;
    if (one.inside >= 0) settle(plan, one.inside, one.box.x, one.box.y);
  }
}

// The order of pools in which the fewest message flows pass another pool; the order of the file where it does not matter.
std::vector<int> pool_order(const Plan& plan) {
  std::vector<int> pools, pool_of(plan.items.size(), -1);
  for (std::size_t i = 0; i < plan.items.size(); ++i)
    if (plan.items[i].kind == Kind::pool) pools.push_back(static_cast<int>(i));
  if (pools.size() < 3 || pools.size() > 6) return pools;
  const auto pool = [&](int index) {
    while (plan.items[static_cast<std::size_t>(index)].kind != Kind::pool) {
      const int frame = plan.items[static_cast<std::size_t>(index)].frame;
      const int owner = frame < 0 ? -1 : plan.frames[static_cast<std::size_t>(frame)].owner;
      if (owner < 0) return -1;
      index = owner;
    }
    return index;
  };
  std::vector<std::pair<int, int>> between;
  for (const Link& one : plan.links)
    if (one.kind == LinkKind::message) between.emplace_back(pool(one.from), pool(one.to));
  std::vector<int> best = pools, tried = pools;
  std::vector<std::size_t> permutation(pools.size());
  std::iota(permutation.begin(), permutation.end(), 0);
  long least = -1;
  do {
    std::map<int, long> at;
    for (std::size_t i = 0; i < permutation.size(); ++i) tried[i] = pools[permutation[i]], at[tried[i]] = static_cast<long>(i);
    long passed = 0;
    for (const auto& [from, to] : between)
      if (from >= 0 && to >= 0 && from != to) passed += std::abs(at[from] - at[to]) - 1;
    if (least < 0 || passed < least) least = passed, best = tried;
  } while (std::ranges::next_permutation(permutation).found);
  return best;
}

}  // namespace

void arrange(Plan& plan, const Model& model) {
  for (std::size_t i = plan.frames.size(); i-- > 0;) Arranger(plan, static_cast<int>(i), model).run();
  double width = 0, y = 80;
  for (const Item& one : plan.items)
    if (one.kind == Kind::pool && one.inside >= 0) width = std::max(width, plan.frames[static_cast<std::size_t>(one.inside)].width);
  width = std::max(width, kPoolLeast);
  const double left = 160;
  for (const int index : pool_order(plan)) {
    Item& pool = plan.items[static_cast<std::size_t>(index)];
    pool.box = {left, y, width, kBlackBox};
    if (pool.inside >= 0) {
      Frame& frame = plan.frames[static_cast<std::size_t>(pool.inside)];
      for (const LaneBand& band : frame.lanes) plan.items[static_cast<std::size_t>(band.item)].box.w += width - frame.width;
      frame.width = width;
      pool.box.h = frame.height;
      settle(plan, pool.inside, left, y);
    }
    y += pool.box.h + kPoolGap;
  }
  for (std::size_t i = 0; i < plan.frames.size(); ++i) {
    const Frame& frame = plan.frames[i];
    if (frame.owner >= 0) continue;
    const double top = y;
    y += frame.height + kPoolGap;
    settle(plan, static_cast<int>(i), left, top);
  }
}

}  // namespace bpmn::layouts
