// Labels: each has a list of places, best first; the first that covers nothing wins, else the one that covers least.
#include <algorithm>
#include <cmath>

#include "bpmn/layout/connect.h"

namespace bpmn::layouts {
namespace {

class Labeller {
 public:
  explicit Labeller(Plan& plan) : plan_(plan) {
    for (const Item& one : plan.items)
      if (one.kind != Kind::lane && one.kind != Kind::group && one.kind != Kind::pool && one.inside < 0)
        shapes_.push_back(one.kind == Kind::gateway ? Rect{one.box.x + 12, one.box.y + 12, one.box.w - 24, one.box.h - 24} : one.box);  // a diamond's corners are empty
  }

  void run() {
    for (const Item& one : plan_.items)
      if (one.label_fixed) taken_.push_back(one.label_box);
    for (const Link& one : plan_.links)
      if (one.label_fixed) taken_.push_back(one.label_box);
    for (Item& one : plan_.items)
      if (one.label_box.h > 0 && !one.label_fixed && (one.kind == Kind::data || (one.kind == Kind::event && one.host < 0))) fixed(one);
    for (const bool boundary : {true, false})  // boundary events have the fewer places
      for (Item& one : plan_.items)
        if (one.label_box.h > 0 && !one.label_fixed && (boundary ? one.host >= 0 : one.kind == Kind::gateway)) choose(one.label_box, around(one));
    for (std::size_t i = 0; i < plan_.links.size(); ++i)
      if (plan_.links[i].label_box.h > 0 && !plan_.links[i].label_fixed) choose(plan_.links[i].label_box, along(plan_.links[i]));
  }

 private:
  struct Place { double x, y, cost; };

  void fixed(Item& one) {
    Rect& label = one.label_box;
    label.x = one.box.mid_x() - label.w / 2;
    label.y = one.satellite_of >= 0 ? one.box.y - label.h - 3 : one.box.bottom() + 5;
    if (one.satellite_of < 0 && covered(label) > 0) choose(label, around(one));
    else taken_.push_back(label);
  }

  static std::vector<Place> around(const Item& one) {
    const Rect& b = one.box;
    const double w = one.label_box.w, h = one.label_box.h, mid = b.mid_x() - w / 2;
    if (one.host >= 0)
      return {{b.mid_x() - w - 5, b.bottom() + 3, 0}, {b.mid_x() + 5, b.bottom() + 3, 1}, {b.x - w - 2, b.mid_y() + 4, 2}, {b.right() + 2, b.mid_y() + 4, 3}, {mid, b.bottom() + 4, 6}};
    std::vector<Place> all{{mid, b.y - h - 4, 0}, {b.mid_x() - w - 8, b.y - h + 6, 2}, {b.mid_x() + 8, b.y - h + 6, 2},
                           {mid, b.bottom() + 4, 1}, {b.mid_x() - w - 8, b.bottom() - 6, 3}, {b.mid_x() + 8, b.bottom() - 6, 3}};
    all.push_back({b.mid_x() + 8, b.y - h - 2, 4}), all.push_back({b.mid_x() - w - 8, b.y - h - 2, 4});
    for (int more = 1; more <= 3; ++more)
      for (const double side : {b.mid_x() + 8, b.mid_x() - w - 8}) all.push_back({side, b.y - h - 4 - 10.0 * more, 5.0 + more}), all.push_back({side, b.bottom() + 2 + 10.0 * more, 5.0 + more});
    return all;
  }

  // Flows of one gateway may begin (or end) on the same stretch: a word there could be of either.
  static constexpr double kSharedCost = 30;
  bool shared(const Link& link, const Rect& stretch) const {
    for (const Link& other : plan_.links) {
      if (&other == &link || other.kind != link.kind) continue;
      for (std::size_t i = 1; i < other.points.size(); ++i) {
        const Point &a = other.points[i - 1], &b = other.points[i];
        const Rect line{std::min(a.x, b.x), std::min(a.y, b.y), std::abs(a.x - b.x), std::abs(a.y - b.y)};
        const bool level = stretch.h == 0 && line.h < 1 && std::abs(line.y - stretch.y) < 1 && line.x < stretch.right() && stretch.x < line.right();
        const bool upright = stretch.w == 0 && line.w < 1 && std::abs(line.x - stretch.x) < 1 && line.y < stretch.bottom() && stretch.y < line.bottom();
        if (level || upright) return true;
      }
    }
    return false;
  }

  // Beside each stretch, from the source on: above or below a level one, right or left of an upright one.
  std::vector<Place> along(const Link& link) const {
    std::vector<Place> all;
    const double w = link.label_box.w, h = link.label_box.h;
    double cost = 0;
    for (std::size_t i = 1; i < link.points.size(); ++i, cost += 4) {
      const Point &a = link.points[i - 1], &b = link.points[i];
      const double length = std::abs(a.x - b.x) + std::abs(a.y - b.y);
      const bool flat = std::abs(a.y - b.y) < std::abs(a.x - b.x);
      for (double share = 0; share <= 1.001; share += 0.25) {
        const double room = length - (flat ? w : h) - 12;
        const double from = room > 0 ? 6 + room * share : (length - (flat ? w : h)) / 2;
        const double x = b.x > a.x ? a.x + from : a.x - from - w, y = b.y > a.y ? a.y + from : a.y - from - h;
        const Rect beside = flat ? Rect{x, a.y, w, 0} : Rect{a.x, y, 0, h};
        const double extra = cost + share * 3 + (room < 0 ? 8 : 0) + (shared(link, beside) ? kSharedCost : 0);
        if (flat) all.push_back({x, a.y - h - 2, extra}), all.push_back({x, a.y + 3, extra + 1});
        else all.push_back({a.x + 4, y, extra}), all.push_back({a.x - w - 4, y, extra + 1});
        if (room <= 0) break;
      }
    }
    return all;
  }

  void choose(Rect& label, const std::vector<Place>& places) {
    double best = -1;
    Rect at = label;
    for (const Place& one : places) {
      const Rect tried{one.x, one.y, label.w, label.h};
      const double cost = one.cost + covered(tried);
      if (best < 0 || cost < best) best = cost, at = tried;
    }
    label = at;
    taken_.push_back(label);
  }

  double covered(const Rect& label) const {
    double cost = 0;
    for (const Rect& one : shapes_) cost += overlap(label, one, 1) ? 60 : 0;
    for (const Rect& one : taken_) cost += overlap(label, one, 1) ? 50 : 0;
    for (const Item& one : plan_.items) {
      if (one.kind != Kind::lane && one.kind != Kind::pool && one.inside < 0) continue;
      // A border through the text.
      for (const double y : {one.box.y, one.box.bottom()}) cost += label.y < y && y < label.bottom() && label.x < one.box.right() && one.box.x < label.right() ? 15 : 0;
      for (const double x : {one.box.x, one.box.right()}) cost += label.x < x && x < label.right() && label.y < one.box.bottom() && one.box.y < label.bottom() ? 15 : 0;
    }
    for (const Link& one : plan_.links)
      for (std::size_t i = 1; i < one.points.size(); ++i) {
        const Point &a = one.points[i - 1], &b = one.points[i];
        const Rect line{std::min(a.x, b.x), std::min(a.y, b.y), std::abs(a.x - b.x), std::abs(a.y - b.y)};
        cost += overlap(label, line, 0.5) ? 20 : 0;
      }
    return cost;
  }

  Plan& plan_;
  std::vector<Rect> shapes_, taken_;
};

}  // namespace

void place_labels(Plan& plan) { Labeller(plan).run(); }

}  // namespace bpmn::layouts
