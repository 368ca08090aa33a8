// Geometry sections ([MS-VSDX] 2.2.5.3) as strokes. Curves are flattened coarsely: enough to know a circle from a box.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "bank/visio/resolve.h"
#include "base/limits_visio.h"

namespace bank::visio {
namespace {

double value(const Inherited::Pair& row, std::string_view cell) {
  const raw::Cell* c = row.cell(cell);
  if (c == nullptr) return 0;
  const double v = std::strtod(c->value.c_str(), nullptr);
  return std::isfinite(v) && std::abs(v) < 1e6 ? v : 0;
}

bool flag(const Inherited& sheet, int index, std::string_view cell) {
  for (const raw::Section* s : {sheet.own_section("Geometry", index), sheet.master_section("Geometry", index)})
    if (s != nullptr)
      for (const raw::Cell& c : s->cells)
        if (c.name == cell) return c.value == "1";
  return false;
}

class Pen {
 public:
  Pen(std::vector<Path>& out, double width, double height, std::size_t& points) : out_(out), width_(width), height_(height), points_(points) {}

  void row(const Inherited::Pair& r) {
    const std::string_view type = r.type();
    const bool relative = type.starts_with("Rel");
    const double kx = relative ? width_ : 1, ky = relative ? height_ : 1;
    const Point to{value(r, "X") * kx, value(r, "Y") * ky};
    if (type == "MoveTo" || type == "RelMoveTo") return move(to);
    if (type == "LineTo" || type == "RelLineTo") return add(to, false);
    if (type == "ArcTo") return arc(to, value(r, "A"));
    if (type == "EllipticalArcTo" || type == "RelEllipticalArcTo") return through({value(r, "A") * kx, value(r, "B") * ky}, to);
    if (type == "Ellipse") return ellipse(to, {value(r, "A"), value(r, "B")}, {value(r, "C"), value(r, "D")});
    if (type == "RelCubBezTo") return bezier({value(r, "A") * kx, value(r, "B") * ky}, {value(r, "C") * kx, value(r, "D") * ky}, to);
    if (type == "RelQuadBezTo") {
      const Point c{value(r, "A") * kx, value(r, "B") * ky};
      return bezier(c, c, to);
    }
    if (type == "InfiniteLine") return;
    add(to, true);  // NURBSTo, PolylineTo, SplineStart, SplineKnot: their ends
  }
  void done() {
    if (!path_.points.empty()) {
      const Point &a = path_.points.front(), &b = path_.points.back();
      path_.closed |= path_.points.size() > 2 && std::hypot(a.x - b.x, a.y - b.y) < 1e-3;
      if (path_.points.size() > 1) out_.push_back(std::move(path_));
    }
    path_ = {};
  }

 private:
  void move(Point to) {
    done();
    add(to, false);
  }
  void add(Point to, bool curved) {
    if (points_ == 0) return;
    --points_;
    if (path_.points.empty() && curved) curved = false;
    path_.points.push_back(to);
    path_.curved.push_back(curved);
  }
  Point last() const { return path_.points.empty() ? Point{} : path_.points.back(); }
  // [MS-VSDX] ArcTo: A is the distance from the chord's middle to the arc's.
  void arc(Point to, double bow) {
    const Point from = last();
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    if (length > 0 && bow != 0) add({(from.x + to.x) / 2 + bow * (to.y - from.y) / length, (from.y + to.y) / 2 - bow * (to.x - from.x) / length}, true);
    add(to, bow != 0);
  }
  // The arc goes through a point in between: its two halves are drawn as quadratic curves' middles, near enough.
  void through(Point middle, Point to) {
    add(middle, true);
    add(to, true);
  }
  void ellipse(Point centre, Point a, Point b) {
    done();
    for (int i = 0; i <= 16; ++i) {
      const double t = i * std::numbers::pi / 8, u = std::cos(t), v = std::sin(t);
      add({centre.x + u * (a.x - centre.x) + v * (b.x - centre.x), centre.y + u * (a.y - centre.y) + v * (b.y - centre.y)}, i > 0);
    }
    path_.closed = true;
    done();
  }
  void bezier(Point c1, Point c2, Point to) {
    const Point from = last();
    for (int i = 1; i <= 4; ++i) {
      const double t = i / 4.0, s = 1 - t, a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
      add({a * from.x + b * c1.x + c * c2.x + d * to.x, a * from.y + b * c1.y + c * c2.y + d * to.y}, true);
    }
  }

  std::vector<Path>& out_;
  Path path_;
  double width_, height_;
  std::size_t& points_;
};

}  // namespace

std::vector<Path> local_paths(const Inherited& sheet, double width, double height, std::size_t& points) {
  std::vector<Path> out;
  for (const int index : sheet.indexes("Geometry")) {
    if (flag(sheet, index, "NoShow") || (flag(sheet, index, "NoLine") && flag(sheet, index, "NoFill"))) continue;
    std::vector<Inherited::Pair> rows = sheet.rows("Geometry", index);
    std::ranges::stable_sort(rows, {}, [](const Inherited::Pair& r) { return r.own != nullptr ? r.own->index : r.master->index; });
    Pen pen(out, width, height, points);
    for (const Inherited::Pair& row : rows) pen.row(row);
    pen.done();
  }
  return out;
}

}  // namespace bank::visio
