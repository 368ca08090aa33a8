#include "bpmn/layout/connect.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "bpmn/layout/arrange.h"
#include "bpmn/layout/router.h"

namespace bpmn::layouts {
namespace {

constexpr double kApart = 24;       // of several message flows at one side of an activity
constexpr double kFar = 400;        // room around a process without a pool

class Connector {
 public:
  explicit Connector(Plan& plan) : plan_(plan) {}

  void run() {
    for (std::size_t i = 0; i < plan_.frames.size(); ++i) frame(static_cast<int>(i));
    for (Link& one : plan_.links)
      if (one.points.empty() && one.kind == LinkKind::association) straight_up(one);
    std::vector<int> left;
    for (const LinkKind kind : {LinkKind::message, LinkKind::association, LinkKind::sequence})
      for (std::size_t i = 0; i < plan_.links.size(); ++i)
        if (plan_.links[i].points.empty() && plan_.links[i].kind == kind) left.push_back(static_cast<int>(i));
    for (const int one : left) everywhere(plan_.links[static_cast<std::size_t>(one)]);
  }

 private:
  const Item& item(int index) const { return plan_.items[static_cast<std::size_t>(index)]; }

  // The place of a label that goes with its shape: below events and data, above what is drawn above an element.
  static void add_label(const Item& one, std::vector<Rect>& obstacles) {
    if (one.label_box.h <= 0 || one.label_fixed || one.kind == Kind::gateway || one.kind == Kind::group || one.host >= 0) return;
    const double width = std::max(one.label_box.w, one.box.w), height = one.label_box.h + 5;
    obstacles.push_back({one.box.mid_x() - width / 2, one.satellite_of >= 0 ? one.box.y - height : one.box.bottom(), width, height});
  }

  std::vector<double> borders() const {
    std::vector<double> out;
    for (const Item& one : plan_.items)
      if (one.kind == Kind::lane || one.kind == Kind::pool) out.push_back(one.box.y), out.push_back(one.box.bottom());
    return out;
  }

  std::vector<int> of_frame(int frame) const {
    std::vector<int> out;
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      const Item& one = plan_.items[i];
      if (one.frame == frame && one.kind != Kind::lane && one.kind != Kind::group && one.kind != Kind::pool) out.push_back(static_cast<int>(i));
    }
    return out;
  }

  Rect region_of(const Frame& frame, const std::vector<int>& inside) const {
    if (frame.owner >= 0) {
      const Rect& box = item(frame.owner).box;
      int depth = 0;
      for (const LaneBand& band : frame.lanes) depth = std::max(depth, band.depth + 1);
      const bool pool = item(frame.owner).kind == Kind::pool;
      const double head = pool ? kHeader * (1 + depth) : 0, title = pool ? 0 : 22;
      return {box.x + head + 4, box.y + title + 4, box.w - head - 8, box.h - title - 8};
    }
    Rect all{1e9, 1e9, 0, 0};
    double right = -1e9, bottom = -1e9;
    for (const int one : inside) all.x = std::min(all.x, item(one).box.x), all.y = std::min(all.y, item(one).box.y), right = std::max(right, item(one).box.right()), bottom = std::max(bottom, item(one).box.bottom());
    return {all.x - kFar, all.y - kFar, right - all.x + 2 * kFar, bottom - all.y + 2 * kFar};
  }


  void frame(int index) {
    const Frame& frame = plan_.frames[static_cast<std::size_t>(index)];
    const std::vector<int> inside = of_frame(index);
    if (inside.empty()) return;
    std::vector<Rect> obstacles;
    std::vector<Point> centres;
    for (const int one : inside) {
      obstacles.push_back(item(one).box);
      add_label(item(one), obstacles);
      if (item(one).node >= 0) centres.push_back({item(one).box.mid_x(), item(one).box.mid_y()});
    }
    Router router(region_of(frame, inside), obstacles, centres, borders());
    std::vector<int> links;
    for (std::size_t i = 0; i < plan_.links.size(); ++i) {
      const Link& one = plan_.links[i];
      const bool flow = one.kind == LinkKind::sequence || (one.kind == LinkKind::association && item(one.from).node >= 0 && item(one.to).node >= 0);
      if (!flow || item(one.from).frame != index || item(one.to).frame != index) continue;
      if (one.fixed) router.mark(one.points, {one.from, one.to});
      else links.push_back(static_cast<int>(i));
    }
    std::ranges::stable_sort(links, {}, [this](int link) { return difficulty(plan_.links[static_cast<std::size_t>(link)]); });
    for (const int link : links) {
      Link& one = plan_.links[static_cast<std::size_t>(link)];
      one.points = router.route(flow_ports(one, true), flow_ports(one, false), {one.from, one.to});
      if (one.points.empty()) continue;
      router.mark(one.points, {one.from, one.to});
      use_ports(one);
    }
  }

  bool goes_back(const Link& one) const { return item(one.to).box.mid_x() < item(one.from).box.right() && item(one.from).host < 0; }

  // Straight flows first; then the branches of gateways, the far ones outermost; then near before far; last what leads back.
  double difficulty(const Link& one) const {
    const Rect &a = item(one.from).box, &b = item(one.to).box;
    const double dx = std::abs(b.mid_x() - a.mid_x()), dy = std::abs(b.mid_y() - a.mid_y());
    if (goes_back(one)) return 100'000 + dx + dy;
    if (dy < 1) return blocked(one) ? 50'000 + dx : dx;
    if (item(one.from).kind == Kind::gateway) return 10'000 + std::max(0.0, 9'000 - dy);
    return 20'000 + dx + dy;
  }

  // Something stands on the straight line between the two.
  bool blocked(const Link& one) const {
    const Rect &a = item(one.from).box, &b = item(one.to).box;
    const Rect line{a.right(), a.mid_y() - 1, b.x - a.right(), 2};
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      const int index = static_cast<int>(i);
      if (index != one.from && index != one.to && item(index).frame == item(one.from).frame && item(index).node >= 0 && overlap(line, item(index).box)) return true;
    }
    return false;
  }

  static Point port_at(const Rect& box, Side side) {
    if (side == Side::left) return {box.x, box.mid_y()};
    if (side == Side::right) return {box.right(), box.mid_y()};
    return side == Side::top ? Point{box.mid_x(), box.y} : Point{box.mid_x(), box.bottom()};
  }

  // What leaving or entering at a side costs: left to right is free, gateways branch up and down, loops leave below or above.
  std::vector<Port> flow_ports(const Link& link, bool out) const {
    const int index = out ? link.from : link.to;
    const Item& one = item(index);
    const bool back = goes_back(link);
    const double ahead = back ? 40 : 0, behind = 260;
    // A gateway branches and joins up and down; where only one flow leaves or enters, that one goes straight.
    const auto flows = std::ranges::count_if(plan_.links, [&](const Link& other) { return other.kind == LinkKind::sequence && (out ? other.from : other.to) == index; });
    const double beside = one.kind == Kind::gateway ? (back ? 0 : flows > 1 ? 12 : 70) : one.kind == Kind::event ? 90 : back ? 10 : 75;
    std::vector<Port> ports;
    for (const Side side : {Side::left, Side::right, Side::top, Side::bottom}) {
      double cost = side == (out ? Side::right : Side::left) ? ahead : side == (out ? Side::left : Side::right) ? behind : beside;
      if (out && one.host >= 0) cost = side == Side::bottom ? 0 : side == Side::top ? -1 : 80;
      if (cost < 0) continue;
      if (one.kind == Kind::activity && !out && one.inside < 0 && side == Side::bottom) cost += 3;
      if (const auto used = used_.find({index, side}); used != used_.end()) {
        if (used->second != (out ? 1 : 2)) cost += 170;                       // in and out at one point
        else if (out && one.kind == Kind::gateway) cost += 60;                // branches begin apart
      }
      ports.push_back({port_at(one.box, side), side, cost});
    }
    return ports;
  }

  void use_ports(const Link& link) {
    const auto use = [&](int index, const Point& at, int how) {
      for (const Side side : {Side::left, Side::right, Side::top, Side::bottom})
        if (const Point port = port_at(item(index).box, side); std::abs(port.x - at.x) < 1 && std::abs(port.y - at.y) < 1) used_[{index, side}] |= how;
    };
    use(link.from, link.points.front(), 1);
    use(link.to, link.points.back(), 2);
    taken_.push_back(link.points.front()), taken_.push_back(link.points.back());
  }

  // A note or data right above its element: a line down.
  void straight_up(Link& one) {
    const bool down = item(one.from).satellite_of == one.to, up = item(one.to).satellite_of == one.from;
    if (!down && !up) return;
    const Rect& above = item(down ? one.from : one.to).box;
    const Item& element = item(down ? one.to : one.from);
    const double inset = element.kind == Kind::activity ? 12 : element.box.w / 2;
    const double x = std::clamp(above.mid_x(), element.box.x + inset, element.box.right() - inset);
    if (std::abs(x - above.mid_x()) > above.w / 2 - 4) return;
    std::vector<Point> points{{x, above.bottom()}, {x, element.box.y}};
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      const Item& other = plan_.items[i];
      const bool leaf = other.kind != Kind::lane && other.kind != Kind::group && other.kind != Kind::pool && other.inside < 0;
      const Rect line{x - 1, above.bottom(), 2, element.box.y - above.bottom()};
      if (leaf && &other.box != &above && &other.box != &element.box && overlap(line, other.box)) return;
    }
    if (up) std::ranges::reverse(points);
    one.points = points;
  }

  // The frames around an item, itself included where it has an inside.
  bool contains(int container, int index) const {
    for (int at = index; at >= 0;) {
      if (at == container) return true;
      const int frame = item(at).frame;
      at = frame < 0 ? -1 : plan_.frames[static_cast<std::size_t>(frame)].owner;
    }
    return false;
  }

  std::vector<Port> any_ports(int index, bool pool_columns, const std::vector<double>& columns) const {
    const Item& one = item(index);
    std::vector<Port> ports;
    if (pool_columns && one.kind == Kind::pool) {
      for (const double x : columns)
        if (x > one.box.x + 20 && x < one.box.right() - 20)
          for (const Side side : {Side::top, Side::bottom}) ports.push_back({{x, side == Side::top ? one.box.y : one.box.bottom()}, side, 0});
      return ports;
    }
    for (const Side side : {Side::left, Side::right, Side::top, Side::bottom}) {
      const bool beside = side == Side::left || side == Side::right, wide = one.kind == Kind::activity && !beside;
      for (const double off : wide ? std::vector<double>{0, -kApart, kApart} : std::vector<double>{0}) {
        Point at = port_at(one.box, side);
        at.x += off;
        double cost = (one.kind == Kind::activity && beside ? 90.0 : 0.0) + (off == 0 ? 0 : 6) + (used_.contains({index, side}) && off == 0 ? 60.0 : 0.0);
        if (std::ranges::any_of(taken_, [&](const Point& other) { return std::abs(other.x - at.x) + std::abs(other.y - at.y) < 10; })) cost += 90;
        ports.push_back({at, side, cost});
      }
    }
    return ports;
  }

  // A link that may cross lanes, pools and sub-processes around its ends, but nothing else.
  void everywhere(Link& one) {
    std::vector<Rect> obstacles;
    std::vector<Point> centres;
    Rect all{1e9, 1e9, 0, 0};
    double right = -1e9, bottom = -1e9;
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      const Item& other = item(static_cast<int>(i));
      all.x = std::min(all.x, other.box.x), all.y = std::min(all.y, other.box.y), right = std::max(right, other.box.right()), bottom = std::max(bottom, other.box.bottom());
      if (other.kind == Kind::lane || other.kind == Kind::group) continue;
      const int index = static_cast<int>(i);
      const bool around = index != one.from && index != one.to && (contains(index, one.from) || contains(index, one.to));
      if (around || hidden(index, one)) continue;
      obstacles.push_back(other.box);
      centres.push_back({other.box.mid_x(), other.box.mid_y()});
      if (index != one.from && index != one.to) add_label(other, obstacles);
      if (other.kind == Kind::activity && (index == one.from || index == one.to))
        for (const double off : {-kApart, kApart}) centres.push_back({other.box.mid_x() + off, other.box.mid_y()});
    }
    const Rect region{all.x - 120, all.y - 120, right - all.x + 240, bottom - all.y + 240};
    Router router(region, obstacles, centres, borders());
    for (const Link& other : plan_.links)
      if (!other.points.empty()) router.mark(other.points, other.kind == one.kind ? Ends{other.from, other.to} : Ends{-3, -3});
    one.points = router.route(any_ports(one.from, true, router.columns()), any_ports(one.to, true, router.columns()), {one.from, one.to});
    if (one.points.empty()) one.points = {port_at(item(one.from).box, Side::bottom), port_at(item(one.to).box, Side::top)};
    use_ports(one);
  }

  // What lies in a pool or sub-process that is an obstacle as a whole need not be looked at.
  bool hidden(int index, const Link& one) const {
    for (int at = index; at >= 0;) {
      const int frame = item(at).frame;
      at = frame < 0 ? -1 : plan_.frames[static_cast<std::size_t>(frame)].owner;
      if (at >= 0 && (at == one.from || at == one.to || (!contains(at, one.from) && !contains(at, one.to)))) return true;
    }
    return false;
  }

  Plan& plan_;
  std::vector<Point> taken_;                   // where links begin and end
  std::map<std::pair<int, Side>, int> used_;   // 1 = flows leave, 2 = flows enter
};

}  // namespace

void connect(Plan& plan) { Connector(plan).run(); }

}  // namespace bpmn::layouts
