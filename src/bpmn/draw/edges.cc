// Connections: lines with rounded corners and the marks at their ends (BPMN 2.0.2 table 7.2).
#include <algorithm>
#include <cmath>

#include "bpmn/draw/painter.h"

namespace bpmn::draw {
namespace {

constexpr double kCorner = 5, kArrow = 10;

double distance(Point a, Point b) { return std::hypot(b.x - a.x, b.y - a.y); }
Point toward(Point from, Point to, double by) {
  const double d = distance(from, to);
  return d == 0 ? from : Point{from.x + (to.x - from.x) * by / d, from.y + (to.y - from.y) * by / d};
}
// (along, across) in the direction from → tip, measured back from the tip.
Point at_tip(Point from, Point tip, double along, double across) {
  const double d = std::max(distance(from, tip), 1e-9), dx = (tip.x - from.x) / d, dy = (tip.y - from.y) / d;
  return {tip.x - dx * along - dy * across, tip.y - dy * along + dx * across};
}

Path rounded(const std::vector<Point>& points) {
  Path path;
  path.move(points.front().x, points.front().y);
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    const double room = std::min({kCorner, distance(points[i - 1], points[i]) / 2, distance(points[i], points[i + 1]) / 2});
    const Point in = toward(points[i], points[i - 1], room), out = toward(points[i], points[i + 1], room), at = points[i];
    path.line(in.x, in.y).curve(at.x, at.y, at.x, at.y, out.x, out.y);
  }
  return path.line(points.back().x, points.back().y), path;
}

Path arrow(Point from, Point tip, bool closed, double length = kArrow, double half = 4) {
  const Point a = at_tip(from, tip, length, half), b = at_tip(from, tip, length, -half);
  Path path;
  path.move(a.x, a.y).line(tip.x, tip.y).line(b.x, b.y);
  if (closed) path.close();
  return path;
}

Style style(Colour stroke, Colour fill, double width, std::vector<double> dash = {}) {
  Style result;
  result.stroke = stroke, result.fill = fill, result.width = width, result.dash = std::move(dash);
  return result;
}

}  // namespace

Point middle_of(const std::vector<Point>& points) {
  double length = 0;
  for (std::size_t i = 1; i < points.size(); ++i) length += distance(points[i - 1], points[i]);
  double left = length / 2;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double part = distance(points[i - 1], points[i]);
    if (left <= part) return toward(points[i - 1], points[i], left);
    left -= part;
  }
  return points.empty() ? Point{} : points.back();
}

void Painter::edge(const Edge& edge) {
  std::vector<Point> points;
  for (const Point& one : edge.waypoints)
    if (points.empty() || distance(points.back(), one) > 0.01) points.push_back(one);
  if (points.size() < 2) return;  // rule DI.002 tells
  const base::xml::Element* element = facts_.find(edge.element);
  const Look look = this->look(edge.element, edge.stroke, "");
  const double width = 1.5 + look.extra;
  const Point first = points.front(), second = points[1], last = points.back(), before = points[points.size() - 2];
  scene_.open(edge.element, "edge", title_of(element, edge.element));
  const std::string kind = element && element->ns == kBpmnNs ? element->local : "";
  if (kind == "messageFlow") {
    points.front() = toward(first, second, 7);
    scene_.add(rounded(points), style(look.stroke, kNone, width, {10, 8}));
    const Point centre = toward(first, second, 3.5);
    scene_.add(Path().circle(centre.x, centre.y, 3.5), style(look.stroke, kWhite, 1.2));
    scene_.add(arrow(before, last, true, kArrow, 4.5), style(look.stroke, kWhite, 1.2));
    if (!edge.message_visible.empty()) {
      const Point at = middle_of(points);
      const Bounds letter{at.x - 15, at.y - 10, 30, 20};
      const Colour paper = edge.message_visible == "non_initiating" ? mixed(look.stroke, kWhite, 0.25) : kWhite;
      envelope(scene_, letter, false, look.stroke, paper);
    }
  } else if (kind == "association" || kind.ends_with("Association") || (kind.empty() && !element)) {
    scene_.add(rounded(points), style(look.stroke, kNone, width, {1.5, 4}));
    const std::string direction = element ? element->attribute_or("associationDirection", "None") : "None";
    if (kind.ends_with("Association") || direction == "One" || direction == "Both")
      scene_.add(arrow(before, last, false, 9, 4.5), style(look.stroke, kNone, width));
    if (direction == "Both") scene_.add(arrow(second, first, false, 9, 4.5), style(look.stroke, kNone, width));
  } else if (kind == "conversationLink") {
    scene_.add(rounded(points), style(look.stroke, kNone, 4));
    scene_.add(rounded(points), style(kWhite, kNone, 1.5));
  } else {
    points.back() = toward(last, before, kArrow * 0.7);
    scene_.add(rounded(points), style(look.stroke, kNone, width));
    scene_.add(arrow(before, last, true), style(look.stroke, look.stroke, 1));
    const base::xml::Element* source = element ? facts_.target(*element, "sourceRef") : nullptr;
    if (source && facts_.target(*source, "default") == element) {
      const Point a = at_tip(second, first, 6, -5), b = at_tip(second, first, 12, 5);
      scene_.add(Path().move(a.x, a.y).line(b.x, b.y), style(look.stroke, kNone, width));
    } else if (source && rules::has(*element, "conditionExpression") && rules::is_activity(*source)) {
      const Point a = toward(first, second, 8), b = toward(first, second, 16);
      const Point left = at_tip(b, a, 0, 5), right = at_tip(b, a, 0, -5);
      scene_.add(Path().move(first.x, first.y).line(left.x, left.y).line(b.x, b.y).line(right.x, right.y).close(),
                 style(look.stroke, kWhite, 1.3));
    }
  }
  scene_.close();
}

}  // namespace bpmn::draw
