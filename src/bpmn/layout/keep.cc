#include "bpmn/layout/keep.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace bpmn::layouts {
namespace {

constexpr double kStep = 10, kReach = 600, kAround = 18, kNext = 50, kInset = 12;

Rect rect(const Bounds& b) { return {b.x, b.y, b.width, b.height}; }

class Keeper {
 public:
  Keeper(Plan& plan, const Model& model) : plan_(plan) {
    for (const Diagram& diagram : model.diagrams) {
      for (const Shape& one : diagram.shapes) shapes_.emplace(one.element, &one);
      for (const Edge& one : diagram.edges) edges_.emplace(one.element, &one);
    }
  }

  void run() {
    bool any = false;
    for (const Item& one : plan_.items) any |= shapes_.contains(one.id);
    if (!any) return;
    for (std::size_t i = 0; i < plan_.items.size(); ++i) keep(plan_.items[i]);
    for (Link& one : plan_.links) keep(one);
    for (const Kind kind : {Kind::pool, Kind::lane}) new_frames(kind);
    // In the order of the flow, so that each new element finds the one before it.
    for (bool placed = true; placed;) {
      placed = false;
      for (std::size_t i = 0; i < plan_.items.size(); ++i)
        if (!done(static_cast<int>(i)) && anchor(static_cast<int>(i)) >= 0) place(static_cast<int>(i)), placed = true;
    }
    for (std::size_t i = 0; i < plan_.items.size(); ++i)
      if (!done(static_cast<int>(i))) place(static_cast<int>(i));
  }

 private:
  Item& item(int index) { return plan_.items[static_cast<std::size_t>(index)]; }
  bool done(int index) const { return plan_.items[static_cast<std::size_t>(index)].fixed || placed_.contains(index); }

  void keep(Item& one) {
    const auto found = shapes_.find(one.id);
    if (found == shapes_.end()) return;
    one.fixed = true;
    one.box = rect(found->second->bounds);
    one.upright = !found->second->horizontal && (one.kind == Kind::pool || one.kind == Kind::lane);
    if (found->second->label && one.label_box.h > 0) one.label_fixed = true, one.label_box = rect(*found->second->label);
  }

  void keep(Link& one) {
    const auto found = edges_.find(one.id);
    if (found == edges_.end() || found->second->waypoints.size() < 2 || !item(one.from).fixed || !item(one.to).fixed) return;
    one.fixed = true;
    one.points = found->second->waypoints;
    if (found->second->label && one.label_box.h > 0) one.label_fixed = true, one.label_box = rect(*found->second->label);
  }

  // A new pool below all others, with its content as arranged; a new lane below the last one of its pool.
  void new_frames(Kind kind) {
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      Item& one = plan_.items[i];
      if (one.kind != kind || one.fixed) continue;
      placed_.insert(static_cast<int>(i));
      if (kind == Kind::pool) {
        double bottom = 0, left = 1e9;
        for (const Item& other : plan_.items)
          if (other.fixed) bottom = std::max(bottom, other.box.bottom()), left = std::min(left, other.box.x);
        move(static_cast<int>(i), left - one.box.x, bottom + 60 - one.box.y);
        one.fixed = true;
        continue;
      }
      const int owner = plan_.frames[static_cast<std::size_t>(one.frame)].owner;
      if (owner < 0 || placed_.contains(owner)) continue;
      Item& pool = item(owner);
      if (!pool.fixed) continue;
      const double bottom = pool.box.bottom(), height = one.box.h;
      push_down(bottom, height);
      one.box = {pool.box.x + 30, bottom, pool.box.w - 30, height};
      pool.box.h += height;
    }
  }

  void push_down(double from, double by) {
    for (Item& one : plan_.items)
      if (one.fixed && one.box.y >= from - 1) one.box.y += by, one.label_box.y += one.label_fixed ? by : 0;
    for (Link& one : plan_.links)
      if (one.fixed)
        for (Point& at : one.points)
          if (at.y >= from - 1) at.y += by;
  }

  // With everything inside, which is new as well.
  void move(int index, double dx, double dy) {
    Item& one = item(index);
    one.box.x += dx, one.box.y += dy;
    placed_.insert(index);
    if (one.inside < 0) return;
    for (std::size_t i = 0; i < plan_.items.size(); ++i)
      if (plan_.items[i].frame == one.inside && !plan_.items[i].fixed) move(static_cast<int>(i), dx, dy);
  }

  // The placed element that this one stands beside: before it, else behind it; its host, or what it is drawn above.
  int anchor(int index) {
    const Item& one = item(index);
    if (one.host >= 0) return done(one.host) ? one.host : -1;
    if (one.satellite_of >= 0) return done(one.satellite_of) ? one.satellite_of : -1;
    int behind = -1;
    for (const Link& link : plan_.links) {
      if (link.kind == LinkKind::message) continue;
      if (link.to == index && done(link.from) && item(link.from).frame == one.frame) return link.from;
      if (link.from == index && done(link.to) && item(link.to).frame == one.frame) behind = link.to;
    }
    return behind;
  }

  Rect area(const Item& one) {
    const Frame& frame = plan_.frames[static_cast<std::size_t>(one.frame)];
    if (one.lane >= 0) {
      const Rect& lane = item(frame.lanes[static_cast<std::size_t>(one.lane)].item).box;
      return {lane.x + 30 + kInset, lane.y + kInset, lane.w - 30 - 2 * kInset, lane.h - 2 * kInset};
    }
    if (frame.owner < 0) return {-1e6, -1e6, 2e6, 2e6};
    const Rect& box = item(frame.owner).box;
    return {box.x + 30 + kInset, box.y + kInset, box.w - 30 - 2 * kInset, box.h - 2 * kInset};
  }

  bool free(int index, const Rect& tried) {
    for (std::size_t i = 0; i < plan_.items.size(); ++i) {
      const Item& other = plan_.items[i];
      if (static_cast<int>(i) == index || !done(static_cast<int>(i)) || other.frame != item(index).frame || other.kind == Kind::lane || other.kind == Kind::group) continue;
      if (overlap(tried, other.box, kAround)) return false;
    }
    for (const Link& link : plan_.links)
      for (std::size_t i = 1; i < link.points.size(); ++i) {
        const Point &a = link.points[i - 1], &b = link.points[i];
        if (overlap(tried, {std::min(a.x, b.x), std::min(a.y, b.y), std::abs(a.x - b.x), std::abs(a.y - b.y)}, 6)) return false;
      }
    return true;
  }

  void place(int index) {
    Item& one = item(index);
    if (one.host >= 0) return on_border(index);
    if (under_its_events(index)) return;
    const int beside = anchor(index);
    const Rect room = area(one);
    Point wanted{std::max(room.x, 0.0) + one.box.w / 2, std::max(room.y, 0.0) + one.box.h / 2};
    if (beside >= 0) {
      const Rect& at = item(beside).box;
      const bool before = std::ranges::any_of(plan_.links, [&](const Link& link) { return link.from == beside && link.to == index; });
      wanted = one.satellite_of >= 0 ? Point{at.mid_x(), at.y - 30 - one.box.h / 2}
                                     : Point{before ? at.right() + kNext + one.box.w / 2 : at.x - kNext - one.box.w / 2, at.mid_y()};
    }
    if (room.w > 0 && room.h > 0) wanted.y = std::clamp(wanted.y, room.y + std::min(one.box.h, room.h) / 2, room.bottom() - std::min(one.box.h, room.h) / 2);
    const Rect at = nearest_free(index, wanted, room);
    move(index, at.x - one.box.x, at.y - one.box.y);
    if (at.right() > room.right() || at.bottom() > room.bottom()) grow(one.frame, at);
  }

  // A new activity whose boundary events have places already stands where they are on its lower edge.
  bool under_its_events(int index) {
    double left = 1e9, right = -1e9, y = 0;
    for (const Item& other : plan_.items)
      if (other.host == index && other.fixed) left = std::min(left, other.box.mid_x()), right = std::max(right, other.box.mid_x()), y = other.box.mid_y();
    if (right < left) return false;
    Item& one = item(index);
    one.box.w = std::max(one.box.w, right - left + 60);
    move(index, std::round((left + right) / 2 - (left == right ? 0.22 : 0.0) * one.box.w - one.box.w / 2) - one.box.x, y - one.box.h - one.box.y);
    return true;
  }

  Rect nearest_free(int index, const Point& wanted, const Rect& room) {
    const Item& one = item(index);
    double best = -1;
    Rect found{};
    for (double dx = -kReach / 2; dx <= kReach; dx += kStep)
      for (double dy = -kReach; dy <= kReach; dy += kStep) {
        const double cost = std::abs(dy) + (dx < 0 ? -2 * dx : 0.8 * dx) + (dy < 0 ? 1 : 0);
        const Rect tried{std::round(wanted.x + dx) - one.box.w / 2, std::round(wanted.y + dy) - one.box.h / 2, one.box.w, one.box.h};
        const bool in = tried.x >= room.x && tried.y >= room.y && tried.right() <= room.right() && tried.bottom() <= room.bottom();
        if ((best < 0 || cost < best) && in && free(index, tried)) best = cost, found = tried;
      }
    if (best >= 0) return found;
    // No room: at the right, where the lane or sub-process grows.
    double right = room.x;
    for (std::size_t i = 0; i < plan_.items.size(); ++i)
      if (const Item& other = plan_.items[i]; done(static_cast<int>(i)) && other.frame == one.frame && other.kind != Kind::lane) right = std::max(right, other.box.right());
    return {right + kNext, std::round(wanted.y) - one.box.h / 2, one.box.w, one.box.h};
  }

  void grow(int frame, const Rect& to) {
    const int owner = plan_.frames[static_cast<std::size_t>(frame)].owner;
    if (owner < 0) return;
    Item& box = item(owner);
    const double right = std::max(0.0, to.right() + 30 - box.box.right()), down = std::max(0.0, to.bottom() + 20 - box.box.bottom());
    if (box.kind == Kind::pool) {
      for (Item& one : plan_.items)
        if (one.kind == Kind::pool || one.kind == Kind::lane) one.box.w += right;
      if (down > 0) push_down(box.box.bottom(), down);
    } else {
      box.box.w += right;
    }
    box.box.h += down;
    if (box.kind != Kind::pool && right + down > 0) grow(box.frame, box.box);
  }

  void on_border(int index) {
    Item& one = item(index);
    const Rect& host = item(one.host).box;
    placed_.insert(index);
    for (const double share : {0.72, 0.3, 0.5, 0.15, 0.88}) {
      one.box.x = std::round(host.x + host.w * share) - 18, one.box.y = host.bottom() - 18;
      bool clear = true;
      for (std::size_t i = 0; i < plan_.items.size(); ++i)
        if (const Item& other = plan_.items[i]; static_cast<int>(i) != index && other.host == one.host && done(static_cast<int>(i))) clear &= !overlap(one.box, other.box, 2);
      if (clear) return;
    }
  }

  Plan& plan_;
  std::map<std::string, const Shape*> shapes_;
  std::map<std::string, const Edge*> edges_;
  std::set<int> placed_;
};

}  // namespace

void keep_places(Plan& plan, const Model& model) { Keeper(plan, model).run(); }

void surround_groups(Plan& plan) {
  for (Item& group : plan.items) {
    if (group.kind != Kind::group || group.fixed || group.holds.empty()) continue;
    double right = -1e9, bottom = -1e9;
    group.box = {1e9, 1e9, 0, 0};
    for (const int held : group.holds) {
      const Rect& box = plan.items[static_cast<std::size_t>(held)].box;
      group.box.x = std::min(group.box.x, box.x - 15), group.box.y = std::min(group.box.y, box.y - 25);
      right = std::max(right, box.right() + 15), bottom = std::max(bottom, box.bottom() + 30);
    }
    group.box.w = right - group.box.x, group.box.h = bottom - group.box.y;
  }
}

}  // namespace bpmn::layouts
