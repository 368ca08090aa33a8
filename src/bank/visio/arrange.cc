// What lies in what: lanes in pools, steps in lanes and expanded sub-processes, events on the border of activities. What the
// file says (Relationships) comes before what the geometry shows.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "bank/visio/plan.h"
#include "base/limits_visio.h"

namespace bank::visio {
namespace {

constexpr double kBorder = 0.12 * kPixelsPerInch;   // how far an event's middle may be from the activity's border
constexpr double kTouch = 0.1 * kPixelsPerInch;     // lanes that lie against each other
constexpr double kLaneLength = 3 * kPixelsPerInch;  // a box that holds others and is shorter is a frame around a few steps
constexpr double kHeadingMost = 0.7 * kPixelsPerInch;  // a drawn heading is not thicker
constexpr double kHeading = 30;                     // pixels of a pool's heading that we make

bool inside(const Bounds& box, const Bounds& around, double slack = 1) {
  return box.x >= around.x - slack && box.y >= around.y - slack && box.x + box.width <= around.x + around.width + slack && box.y + box.height <= around.y + around.height + slack;
}
bool holds_middle(const Bounds& around, const Bounds& box) {
  const double x = box.x + box.width / 2, y = box.y + box.height / 2;
  return x >= around.x && x <= around.x + around.width && y >= around.y && y <= around.y + around.height;
}
double area(const Bounds& b) { return b.width * b.height; }
double distance(const Bounds& a, const Bounds& b) {
  const double dx = std::max({a.x - b.x - b.width, b.x - a.x - a.width, 0.0}), dy = std::max({a.y - b.y - b.height, b.y - a.y - a.height, 0.0});
  return std::hypot(dx, dy);
}
Bounds both(const Bounds& a, const Bounds& b) {
  const double x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

class Arranger {
 public:
  explicit Arranger(PagePlan& plan) : plan_(plan), elements_(plan.elements) {}

  void run() {
    for (std::size_t i = 0; i < elements_.size(); ++i)
      if (elements_[i].shape >= 0) by_id_.emplace(shape(i).id, static_cast<int>(i));
    read_relationships();
    headings();
    boxes_that_hold();
    areas();
    sub_processes();
    members();
    borders();
    cap_depth();
    one_pool();
  }

 private:
  const Shape& shape(std::size_t i) const { return plan_.page->shapes[static_cast<std::size_t>(elements_[i].shape)]; }
  Element& at(int i) { return elements_[static_cast<std::size_t>(i)]; }
  bool is_area(const Element& e) const { return !e.gone && family(e.kind) == Family::area; }

  // said_[i]: the elements that the file calls containers of i.
  void read_relationships() {
    said_.resize(elements_.size());
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      if (elements_[i].shape < 0) continue;
      for (const std::string& id : shape(i).containers)
        if (const auto found = by_id_.find(id); found != by_id_.end()) said_[i].push_back(found->second);
      for (const std::string& id : shape(i).members)
        if (const auto found = by_id_.find(id); found != by_id_.end() && said_[static_cast<std::size_t>(found->second)].size() < 64)
          said_[static_cast<std::size_t>(found->second)].push_back(static_cast<int>(i));
      for (int up = shape(i).parent; up >= 0; up = plan_.page->shapes[static_cast<std::size_t>(up)].parent)
        if (const int owner = plan_.element_of[static_cast<std::size_t>(up)]; owner >= 0 && owner != static_cast<int>(i)) said_[i].push_back(owner);
    }
  }

  // A drawn box along a side of a larger one, as long as that side, is its heading.
  void headings() {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Element& e = elements_[i];
      if (e.gone || e.reason != Reason::box || e.name.empty()) continue;
      const bool upright = e.box.height > e.box.width;
      if (std::min(e.box.width, e.box.height) > kHeadingMost || std::max(e.box.width, e.box.height) < 2 * std::min(e.box.width, e.box.height)) continue;
      for (std::size_t j = 0; j < elements_.size(); ++j) {
        Element& area = elements_[j];
        const bool drawn = area.reason == Reason::box || area.reason == Reason::unknown_shape;
        if (i == j || area.gone || !drawn || !area.name.empty() || area.shape < 0) continue;
        const bool along = upright ? std::abs(area.box.x - e.box.x) < kTouch && std::abs(area.box.y - e.box.y) < kTouch && std::abs(area.box.height - e.box.height) < kTouch && area.box.width > 3 * e.box.width
                                   : std::abs(area.box.x - e.box.x) < kTouch && std::abs(area.box.y - e.box.y) < kTouch && std::abs(area.box.width - e.box.width) < kTouch && area.box.height > 3 * e.box.height;
        if (!along) continue;
        area.name = e.name;
        area.kind = Kind::pool_or_lane;
        area.reason = Reason::holds_others;
        area.confidence = info(area.reason).confidence;
        area.vertical = !upright;
        take_back(plan_, static_cast<int>(i), Kind::label, Reason::label_of_shape, static_cast<int>(j));
        break;
      }
    }
  }

  // A drawn box that others lie in is no step: rounded, a sub-process; long, a pool or lane; else a frame.
  void boxes_that_hold() {
    std::vector<bool> glued(elements_.size(), false);  // flows lead to steps: a box they are glued to is a sub-process
    for (const Glue& g : plan_.page->glue)
      if (const int to = plan_.element_of[static_cast<std::size_t>(g.to)]; to >= 0) glued[static_cast<std::size_t>(to)] = true;
    const std::vector<bool> led_to = touched();
    for (Element& e : elements_) {
      const bool drawn = e.reason == Reason::box || e.reason == Reason::unknown_shape || e.reason == Reason::loose_master;
      if (e.gone || e.shape < 0 || family(e.kind) != Family::activity || !(drawn || e.reason == Reason::thick_box)) continue;
      int held = 0, in_flow = 0;
      for (std::size_t k = 0; k < elements_.size(); ++k) {
        const Element& other = elements_[k];
        const bool inner = &other != &e && !other.gone && other.kind != Kind::label && family(other.kind) != Family::artifact && inside(other.box, e.box) && area(other.box) < 0.8 * area(e.box);
        held += inner;
        in_flow += inner && led_to[k];
      }
      if (held == 0) continue;
      const Outline outline = plan_.page->shapes[static_cast<std::size_t>(e.shape)].outline;
      const bool dashed = plan_.page->shapes[static_cast<std::size_t>(e.shape)].dashed;
      e.kind = glued[static_cast<std::size_t>(&e - elements_.data())] ? Kind::sub_process : dashed || in_flow == 0 ? Kind::group : outline == Outline::rounded ? Kind::sub_process : std::max(e.box.width, e.box.height) >= kLaneLength ? Kind::pool_or_lane : Kind::group;
      e.reason = Reason::holds_others;
      e.confidence = info(e.reason).confidence;
    }
  }

  // Elements at which a line begins or ends.
  std::vector<bool> touched() const {
    std::vector<bool> out(elements_.size(), false);
    for (std::size_t i = 0; i < plan_.page->shapes.size(); ++i) {
      const Shape& s = plan_.page->shapes[i];
      if (plan_.line_of[i] != static_cast<int>(i) || s.paths.empty()) continue;
      for (const Point& p : {s.paths[0].points.front(), s.paths[0].points.back()})
        for (std::size_t k = 0; k < elements_.size(); ++k) {
          const Bounds& b = elements_[k].box;
          if (p.x >= b.x - kBorder && p.x <= b.x + b.width + kBorder && p.y >= b.y - kBorder && p.y <= b.y + b.height + kBorder) out[k] = true;
        }
    }
    for (const Glue& g : plan_.page->glue)
      if (const int to = plan_.element_of[static_cast<std::size_t>(g.to)]; to >= 0) out[static_cast<std::size_t>(to)] = true;
    return out;
  }

  void areas() {
    std::vector<int> order;
    for (std::size_t i = 0; i < elements_.size(); ++i)
      if (is_area(elements_[i])) order.push_back(static_cast<int>(i));
    for (const int i : order) at(i).vertical |= at(i).box.height > at(i).box.width * 1.5 && at(i).kind != Kind::pool;
    for (const int i : order) at(i).parent = area_around(i, order);
    for (const int i : order) {
      Element& e = at(i);
      if (e.kind == Kind::pool && e.parent >= 0) e.parent = -1;
      if (e.kind == Kind::pool_or_lane && e.parent >= 0) e.kind = Kind::lane;
    }
    for (const int i : order) {
      const bool holds = std::ranges::any_of(order, [&](int j) { return at(j).parent == i; });
      if (at(i).kind == Kind::pool_or_lane && (holds || !plan_.geometry_only || !touches_another(i, order))) at(i).kind = Kind::pool;
      if (at(i).kind == Kind::pool_or_lane) at(i).kind = Kind::lane;
    }
    made_pools(order);
    for (const int i : order) at(i).pool = at(i).kind == Kind::pool ? i : top(i);
    for (const int i : order)  // of a lane, `parent` is only the lane around it
      if (at(i).parent >= 0 && at(at(i).parent).kind == Kind::pool) at(i).parent = -1;
    lone_lanes();
  }

  int area_around(int i, const std::vector<int>& order) {
    for (const int said : said_[static_cast<std::size_t>(i)])
      if (said != i && is_area(at(said)) && area(at(said).box) >= area(at(i).box) * 0.99 && !leads_to(said, i)) return said;
    int best = -1;
    for (const int j : order)
      if (j != i && inside(at(i).box, at(j).box, 4) && area(at(j).box) > area(at(i).box) * 1.02 && (best < 0 || area(at(j).box) < area(at(best).box))) best = j;
    return best >= 0 && !leads_to(best, i) ? best : -1;
  }

  bool leads_to(int from, int to) {
    for (int steps = 0; from >= 0 && steps < 100; ++steps, from = at(from).parent)
      if (from == to) return true;
    return false;
  }

  int top(int i) {
    int steps = 0;
    while (at(i).parent >= 0 && steps++ < 100) i = at(i).parent;
    return at(i).kind == Kind::pool ? i : -1;
  }

  bool touch(const Bounds& a, const Bounds& b) const {
    const bool stacked = std::abs(a.x - b.x) < kTouch && std::abs(a.width - b.width) < kTouch && (std::abs(a.y + a.height - b.y) < kTouch || std::abs(b.y + b.height - a.y) < kTouch);
    const bool beside = std::abs(a.y - b.y) < kTouch && std::abs(a.height - b.height) < kTouch && (std::abs(a.x + a.width - b.x) < kTouch || std::abs(b.x + b.width - a.x) < kTouch);
    return stacked || beside;
  }
  bool touches_another(int i, const std::vector<int>& order) {
    return std::ranges::any_of(order, [&](int j) { return j != i && at(j).kind != Kind::pool && touch(at(i).box, at(j).box); });
  }

  // Lanes without a frame (before 2010): those that lie against each other are one pool.
  void made_pools(std::vector<int>& order) {
    std::vector<int> loose;
    for (const int i : order)
      if (at(i).kind == Kind::lane && top(i) < 0 && at(i).parent < 0) loose.push_back(i);
    std::vector<int> heap(loose.size());
    std::iota(heap.begin(), heap.end(), 0);
    const auto root = [&](std::size_t i) {  // the smallest index of those that touch each other
      while (heap[i] != static_cast<int>(i)) i = static_cast<std::size_t>(heap[i] = heap[static_cast<std::size_t>(heap[i])]);
      return i;
    };
    for (std::size_t a = 0; a < loose.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        if (touch(at(loose[a]).box, at(loose[b]).box)) {
          const std::size_t x = root(a), y = root(b);
          heap[std::max(x, y)] = static_cast<int>(std::min(x, y));
        }
    for (std::size_t first = 0; first < loose.size(); ++first) {
      if (root(first) != first) continue;
      Element pool;
      pool.kind = Kind::pool;
      pool.reason = Reason::made_pool;
      pool.confidence = info(pool.reason).confidence;
      pool.box = at(loose[first]).box;
      const int index = static_cast<int>(elements_.size());
      bool beside = false;
      for (std::size_t k = first; k < loose.size(); ++k) {
        if (root(k) != first) continue;
        beside |= at(loose[k]).vertical || std::abs(at(loose[k]).box.y - pool.box.y) < kTouch;
        if (k > first) beside &= std::abs(at(loose[k]).box.x - pool.box.x) > kTouch;
        pool.box = both(pool.box, at(loose[k]).box);
        at(loose[k]).parent = index;
      }
      pool.vertical = beside;
      if (beside) pool.box.y -= kHeading, pool.box.height += kHeading;
      else pool.box.x -= kHeading, pool.box.width += kHeading;
      elements_.push_back(std::move(pool));
      said_.emplace_back();
      order.push_back(index);
    }
  }

  // A frame without a title around one lane says the same thing twice.
  void lone_lanes() {
    for (std::size_t p = 0; p < elements_.size(); ++p) {
      if (elements_[p].gone || elements_[p].kind != Kind::pool || !elements_[p].name.empty()) continue;
      int lane = -1, lanes = 0;
      for (std::size_t i = 0; i < elements_.size(); ++i)
        if (!elements_[i].gone && elements_[i].kind == Kind::lane && elements_[i].pool == static_cast<int>(p)) lane = static_cast<int>(i), ++lanes;
      if (lanes != 1) continue;
      elements_[p].name = at(lane).name;
      elements_[p].vertical = at(lane).vertical;
      if (elements_[p].shape < 0) {  // ours: the lane's own shape becomes the pool
        elements_[p].shape = at(lane).shape;
        elements_[p].box = at(lane).box;
        elements_[p].reason = Reason::lone_lane;
        elements_[p].confidence = info(Reason::lone_lane).confidence;
        plan_.element_of[static_cast<std::size_t>(at(lane).shape)] = static_cast<int>(p);
        at(lane).gone = true;
      } else {
        plan_.element_of[static_cast<std::size_t>(at(lane).shape)] = static_cast<int>(p);
        take_back(plan_, lane, Kind::lane, Reason::lone_lane, static_cast<int>(p));
      }
      redirect_.emplace(lane, static_cast<int>(p));
    }
  }

  void sub_processes() {
    std::vector<int> candidates;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Element& e = elements_[i];
      if (e.kind == Kind::call_activity)  // a sub-process that shows what is in it is expanded
        for (const Element& other : elements_)
          if (&other != &e && is_node(other) && other.shape >= 0 && inside(other.box, e.box, -2) && area(other.box) < 0.7 * area(e.box)) {
            e.kind = Kind::sub_process;
            break;
          }
      if (e.kind == Kind::sub_process) candidates.push_back(static_cast<int>(i));
    }
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Element& e = elements_[i];
      if (e.gone || family(e.kind) == Family::area) continue;
      int best = -1;
      for (const int said : said_[i])
        if (at(said).kind == Kind::sub_process && (best < 0 || area(at(said).box) < area(at(best).box))) best = said;
      if (best < 0)
        for (const int c : candidates)
          if (c != static_cast<int>(i) && holds_middle(at(c).box, e.box) && area(at(c).box) > area(e.box) * 1.05 && (best < 0 || area(at(c).box) < area(at(best).box))) best = c;
      if (best != static_cast<int>(i) && !leads_to(best, static_cast<int>(i))) e.parent = best;
    }
  }

  int redirected(int i) const {
    const auto found = redirect_.find(i);
    return found == redirect_.end() ? i : found->second;
  }

  void members() {
    std::vector<int> lanes, pools;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      if (elements_[i].gone) continue;
      if (elements_[i].kind == Kind::lane) lanes.push_back(static_cast<int>(i));
      if (elements_[i].kind == Kind::pool) pools.push_back(static_cast<int>(i));
    }
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Element& e = elements_[i];
      if (e.gone || family(e.kind) == Family::area || pools.empty()) continue;
      e.lane = home(i, lanes, Kind::lane);
      e.pool = e.lane >= 0 ? at(e.lane).pool : home(i, pools, Kind::pool);
      if (e.lane < 0 && e.shape >= 0)
        if (const std::string* function = shape(i).field("Function"); function != nullptr && !function->empty()) by_title(e, *function, lanes);
      if (e.pool >= 0 || e.kind == Kind::label) continue;
      const auto nearest = std::ranges::min_element(pools, {}, [&](int p) { return distance(at(p).box, e.box); });
      e.pool = *nearest;
      if (is_node(e) && e.confidence > info(Reason::outside_pools).confidence) e.reason = Reason::outside_pools, e.confidence = info(e.reason).confidence;
    }
  }

  void by_title(Element& e, const std::string& title, const std::vector<int>& lanes) {
    int found = -1, count = 0;
    for (const int lane : lanes)
      if (at(lane).name == title) found = lane, ++count;
    if (count == 1) e.lane = found, e.pool = at(found).pool;
  }

  int home(std::size_t i, const std::vector<int>& among, Kind kind) {
    int best = -1;
    for (const int said : said_[i]) {
      const int to = redirected(said);
      if (!at(to).gone && at(to).kind == kind && (best < 0 || area(at(to).box) < area(at(best).box))) best = to;
    }
    if (best >= 0) return best;
    for (const int a : among)
      if (holds_middle(at(a).box, elements_[i].box) && (best < 0 || area(at(a).box) < area(at(best).box))) best = a;
    return best;
  }

  void borders() {
    for (Element& e : elements_) {
      const bool may = e.kind == Kind::intermediate_event || e.kind == Kind::catch_event || e.kind == Kind::boundary_event || e.kind == Kind::circle;
      if (e.gone || !may) continue;
      const double x = e.box.x + e.box.width / 2, y = e.box.y + e.box.height / 2;
      double nearest = kBorder + (e.kind == Kind::boundary_event ? kBorder : 0);
      for (std::size_t i = 0; i < elements_.size(); ++i) {
        const Element& host = elements_[i];
        if (host.gone || family(host.kind) != Family::activity || &host == &e || inside(e.box, host.box, -1)) continue;
        const Bounds& b = host.box;
        if (x < b.x - nearest || x > b.x + b.width + nearest || y < b.y - nearest || y > b.y + b.height + nearest) continue;
        const double away = std::min({std::abs(x - b.x), std::abs(x - b.x - b.width), std::abs(y - b.y), std::abs(y - b.y - b.height)});
        if (away > nearest) continue;
        nearest = away;
        e.attached = static_cast<int>(i);
      }
      if (e.attached < 0) continue;
      if (e.kind == Kind::circle || e.confidence > info(Reason::on_border).confidence) e.confidence = std::min(e.kind == Kind::circle ? 0.6 : 1, info(Reason::on_border).confidence);
      e.reason = Reason::on_border;
      e.kind = Kind::boundary_event;
      e.parent = at(e.attached).parent;
    }
  }

  // What is in a sub-process or on an activity's border is in the same pool.
  void one_pool() {
    for (Element& e : elements_) {
      if (e.gone || family(e.kind) == Family::area) continue;
      const Element* root = &e;
      if (e.attached >= 0) root = &at(e.attached), e.lane = root->lane;
      while (root->parent >= 0) root = &at(root->parent);
      e.pool = root->pool;
    }
  }

  // Boxes in boxes without end are no model: what lies too deep stands outside.
  void cap_depth() {
    for (Element& e : elements_) {
      int depth = 0;
      for (int up = e.parent; up >= 0 && depth <= base::limits::kVisioGroupDepth; up = at(up).parent) ++depth;
      if (depth > base::limits::kVisioGroupDepth) e.parent = -1;
    }
  }

  PagePlan& plan_;
  std::vector<Element>& elements_;
  std::unordered_map<std::string, int> by_id_;
  std::vector<std::vector<int>> said_;
  std::unordered_map<int, int> redirect_;  // a lone lane → its pool
};

}  // namespace

void arrange(PagePlan& plan) { Arranger(plan).run(); }

}  // namespace bank::visio
