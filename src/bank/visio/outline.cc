// What a closed stroke looks like. Measures are relative to the stroke's own box, so that scale does not matter.
#include <algorithm>
#include <cmath>

#include "bank/visio/drawing.h"

namespace bank::visio {
namespace {

constexpr double kNear = 0.04;      // of the box's smaller side: two points are one, a point is on a side
constexpr double kOnEllipse = 0.12; // of 1 in the ellipse's equation

double cross(const Point& a, const Point& b, const Point& c) { return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x); }

// Corners of a stroke of straight lines: without repeated points and points in the middle of a side.
std::vector<Point> corners(const Path& path, double near) {
  std::vector<Point> once;
  for (const Point& p : path.points)
    if (once.empty() || std::hypot(p.x - once.back().x, p.y - once.back().y) > near) once.push_back(p);
  while (once.size() > 1 && std::hypot(once.front().x - once.back().x, once.front().y - once.back().y) <= near) once.pop_back();
  std::vector<Point> out;
  for (std::size_t i = 0; i < once.size(); ++i) {
    const Point &a = once[(i + once.size() - 1) % once.size()], &b = once[i], &c = once[(i + 1) % once.size()];
    const double length = std::hypot(c.x - a.x, c.y - a.y);
    if (length < near || std::abs(cross(a, b, c)) / length > near) out.push_back(b);
  }
  return out;
}

// Three corners of the box are there, the others lie around the fourth: a folded or cut corner.
bool folded(const std::vector<Point>& p, const Bounds& box, double near) {
  int at_corner = 0;
  double x = 0, y = 0;
  std::vector<Point> rest;
  for (const Point& q : p) {
    const bool side = std::abs(q.x - box.x) <= near || std::abs(q.x - box.x - box.width) <= near, level = std::abs(q.y - box.y) <= near || std::abs(q.y - box.y - box.height) <= near;
    if (side && level) ++at_corner, x += q.x, y += q.y;
    else rest.push_back(q);
  }
  if (at_corner != 3) return false;
  const double cx = box.x + box.width / 2, cy = box.y + box.height / 2, right = x / 3 < cx ? 1 : -1, down = y / 3 < cy ? 1 : -1;  // towards the fourth
  const double fx = cx + right * box.width / 2, fy = cy + down * box.height / 2;
  return std::ranges::all_of(rest, [&](const Point& q) { return (q.x - cx) * right > -near && (q.y - cy) * down > -near; }) &&
         std::ranges::any_of(rest, [&](const Point& q) { return std::abs(q.x - fx) <= near; }) && std::ranges::any_of(rest, [&](const Point& q) { return std::abs(q.y - fy) <= near; });
}

Outline of_corners(const std::vector<Point>& p, const Bounds& box, double near) {
  if (p.size() == 3) return Outline::triangle;
  if (p.size() == 5 || p.size() == 6) return folded(p, box, near) ? Outline::sheet : Outline::other;
  if (p.size() != 4) return Outline::other;
  const auto at = [&](const Point& q, double x, double y) { return std::abs(q.x - x) <= 2 * near && std::abs(q.y - y) <= 2 * near; };
  const double left = box.x, right = box.x + box.width, top = box.y, bottom = box.y + box.height, cx = (left + right) / 2, cy = (top + bottom) / 2;
  int at_corner = 0, at_middle = 0;
  for (const Point& q : p) {
    at_corner += at(q, left, top) || at(q, right, top) || at(q, left, bottom) || at(q, right, bottom);
    at_middle += at(q, cx, top) || at(q, cx, bottom) || at(q, left, cy) || at(q, right, cy);
  }
  return at_corner == 4 ? Outline::rectangle : at_middle == 4 ? Outline::diamond : Outline::other;
}

bool all_on_ellipse(const Path& path, const Bounds& box) {
  for (const Point& p : path.points) {
    const double x = (p.x - box.x) / box.width * 2 - 1, y = (p.y - box.y) / box.height * 2 - 1;
    if (std::abs(x * x + y * y - 1) > kOnEllipse) return false;
  }
  return true;
}

// Straight pieces along the four sides of the box, as shares of each side: top, bottom, left, right; `other`: any other straight piece.
struct Sides { double top = 0, bottom = 0, left = 0, right = 0, other = 0; };

Sides sides_of(const Path& path, const Bounds& box, double near) {
  Sides out;
  for (std::size_t i = 1; i < path.points.size(); ++i) {
    if (path.curved[i]) continue;
    const Point &a = path.points[i - 1], &b = path.points[i];
    const double dx = std::abs(a.x - b.x), dy = std::abs(a.y - b.y);
    if (dx <= near && dy <= near) continue;
    if (dy <= near && std::abs(a.y - box.y) <= near) out.top += dx / box.width;
    else if (dy <= near && std::abs(a.y - box.y - box.height) <= near) out.bottom += dx / box.width;
    else if (dx <= near && std::abs(a.x - box.x) <= near) out.left += dy / box.height;
    else if (dx <= near && std::abs(a.x - box.x - box.width) <= near) out.right += dy / box.height;
    else out.other += std::hypot(dx, dy) / std::max(box.width, box.height);
  }
  return out;
}

}  // namespace

Bounds box_of(const std::vector<Point>& points) {
  if (points.empty()) return {};
  double left = points[0].x, right = left, top = points[0].y, bottom = top;
  for (const Point& p : points) {
    left = std::min(left, p.x), right = std::max(right, p.x);
    top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  }
  return {left, top, right - left, bottom - top};
}

Outline outline_of(const Path& path) {
  if (path.points.size() < 2) return Outline::none;
  if (!path.closed) return Outline::open;
  const Bounds box = box_of(path.points);
  const double near = kNear * std::min(box.width, box.height);
  if (near <= 0) return Outline::open;
  if (std::none_of(path.curved.begin() + 1, path.curved.end(), [](bool c) { return c; })) return of_corners(corners(path, near), box, near);
  const Sides s = sides_of(path, box, near);
  const bool straight = s.top + s.bottom + s.left + s.right + s.other > 0.02;
  if (!straight) return all_on_ellipse(path, box) ? Outline::ellipse : Outline::other;
  if (s.other > 0.05) return Outline::other;
  const bool horizontal = s.top > 0.2 && s.bottom > 0.2, vertical = s.left > 0.1 && s.right > 0.1;
  if (horizontal && vertical) return Outline::rounded;
  if (s.top > 0.9 && s.bottom < 0.1 && s.left > 0.5 && s.right > 0.5) return Outline::sheet;
  if (vertical && s.top + s.bottom < 0.1 && box.height * (1 - std::min(s.left, s.right)) < 0.7 * box.width) return Outline::cylinder;
  if ((horizontal && s.left + s.right < 0.1) || (vertical && s.top + s.bottom < 0.1)) return Outline::stadium;
  return Outline::other;
}

std::string_view name(Outline outline) {
  switch (outline) {
    case Outline::none: return "none";
    case Outline::rectangle: return "rectangle";
    case Outline::rounded: return "rounded rectangle";
    case Outline::stadium: return "stadium";
    case Outline::ellipse: return "ellipse";
    case Outline::diamond: return "diamond";
    case Outline::triangle: return "triangle";
    case Outline::sheet: return "sheet";
    case Outline::cylinder: return "cylinder";
    case Outline::other: return "other closed outline";
    case Outline::open: return "open line";
  }
  return "none";
}

}  // namespace bank::visio
