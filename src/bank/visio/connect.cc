// Lines → connections. Glue says exactly where a line leads; without it the geometry does, with less confidence the farther off
// an end lies. What a line is follows from its stencil and from what it joins.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include "bank/visio/plan.h"
#include "base/limits_visio.h"
#include "base/text.h"

namespace bank::visio {
namespace {

constexpr double kOn = 0.06 * kPixelsPerInch, kNear = 0.15 * kPixelsPerInch, kFar = 0.3 * kPixelsPerInch;  // from an end to a border
constexpr std::size_t kJoinLines = 500;  // lines of a page whose ends may lie on each other without glue

double to_segment(const Point& p, const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// Distance to the border; `within`: the point lies inside.
double to_border(const Point& p, const Bounds& b, Outline outline, bool& within) {
  const double cx = b.x + b.width / 2, cy = b.y + b.height / 2, rx = b.width / 2, ry = b.height / 2;
  const double x = std::abs(p.x - cx), y = std::abs(p.y - cy);
  if (rx <= 0 || ry <= 0) return std::hypot(x, y);
  if (outline == Outline::diamond) {
    within = x / rx + y / ry < 1;
    return to_segment({x, y}, {rx, 0}, {0, ry});
  }
  if (outline == Outline::ellipse) {
    const double scale = std::hypot(x / rx, y / ry);
    within = scale < 1;
    return scale > 0 ? std::abs(scale - 1) * std::hypot(x, y) / scale : std::min(rx, ry);
  }
  within = x < rx && y < ry;
  if (within) return std::min(rx - x, ry - y);
  return std::hypot(std::max(x - rx, 0.0), std::max(y - ry, 0.0));
}

struct End {
  int element = -1;
  int line = -1;           // or: lies on this line (shape index)
  Reason reason = Reason::loose_end;
  bool glued = false;
};
struct Line { int shape = -1; End begin, end; };

class Connector {
 public:
  explicit Connector(PagePlan& plan) : plan_(plan), page_(*plan.page), shapes_(plan.page->shapes) {}

  void run() {
    collect();
    for (Line& line : lines_) {
      const Shape& s = shape(line.shape);
      const std::vector<Point>& route = s.paths.empty() ? empty_ : s.paths.front().points;
      if (line.begin.element < 0 && line.begin.line < 0) line.begin = snap(route.empty() ? s.begin : route.front());
      if (line.end.element < 0 && line.end.line < 0) line.end = snap(route.empty() ? s.end : route.back());
    }
    if (lines_.size() <= kJoinLines)
      for (Line& line : lines_) {
        if (line.begin.element < 0 && line.begin.line < 0) join(line, line.begin, false);
        if (line.end.element < 0 && line.end.line < 0) join(line, line.end, true);
      }
    follow();
    for (Line& line : lines_) decide(line);
  }

 private:
  const Shape& shape(int i) const { return shapes_[static_cast<std::size_t>(i)]; }
  const Element& element(int i) const { return plan_.elements[static_cast<std::size_t>(i)]; }

  void collect() {
    std::vector<int> place(shapes_.size(), -1);
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      if (plan_.line_of[i] != static_cast<int>(i)) continue;
      if (lines_.size() >= base::limits::kVisioPageLines) {
        plan_.asides.push_back({static_cast<int>(i), Kind::flow, Reason::too_many, -1});
        continue;
      }
      place[i] = static_cast<int>(lines_.size());
      lines_.push_back({static_cast<int>(i), {}, {}});
    }
    for (const Glue& glue : page_.glue) {
      if (place[static_cast<std::size_t>(glue.line)] < 0) continue;
      Line& line = lines_[static_cast<std::size_t>(place[static_cast<std::size_t>(glue.line)])];
      End& end = glue.at_end ? line.end : line.begin;
      end = {element_at(glue.to), plan_.line_of[static_cast<std::size_t>(glue.to)], Reason::glued, true};
      if (end.element >= 0 || end.line == line.shape) end.line = -1;
    }
  }

  // The element of a shape or of the nearest group around it that has one.
  int element_at(int i) const {
    for (; i >= 0; i = shape(i).parent) {
      const int found = plan_.element_of[static_cast<std::size_t>(i)];
      if (found >= 0 && !element(found).gone) return found;
    }
    return -1;
  }

  End snap(const Point& p) const {
    End best;
    double nearest = kFar, size = 0;
    for (std::size_t i = 0; i < plan_.elements.size(); ++i) {
      const Element& e = plan_.elements[i];
      if (e.gone || e.kind == Kind::label || e.kind == Kind::lane || e.kind == Kind::group) continue;
      const Bounds& b = e.box;
      if (p.x < b.x - nearest || p.x > b.x + b.width + nearest || p.y < b.y - nearest || p.y > b.y + b.height + nearest) continue;
      const bool open = e.kind == Kind::pool || e.kind == Kind::sub_process;  // their inside is not theirs
      bool within = false;
      double away = to_border(p, b, e.shape >= 0 ? shape(e.shape).outline : Outline::rectangle, within);
      if (open && away > (e.kind == Kind::pool ? kOn : kNear)) continue;
      const bool deep = within && away > kNear;
      if (within && !open) away = deep ? kOn : std::min(away, kOn) / 4;  // better than what lies beside
      if (e.attached >= 0 || e.kind == Kind::boundary_event) away -= kOn / 2;
      if (open) away += kOn / 2;
      const double area = b.width * b.height;
      if (away > nearest || (away == nearest && best.element >= 0 && area >= size)) continue;
      nearest = away;
      size = area;
      best = {static_cast<int>(i), -1, deep ? Reason::inside_shape : away <= kOn ? Reason::touches : away <= kNear ? Reason::near_shape : Reason::far_shape, false};
    }
    return best;
  }

  // An end on another line: a branch begins where that line begins, a joining line ends where that ends.
  void join(const Line& line, End& end, bool at_end) const {
    const Shape& s = shape(line.shape);
    const std::vector<Point>& route = s.paths.empty() ? empty_ : s.paths.front().points;
    const Point p = route.empty() ? (at_end ? s.end : s.begin) : at_end ? route.back() : route.front();
    double nearest = kOn;
    for (const Line& other : lines_) {
      if (other.shape == line.shape || shape(other.shape).paths.empty()) continue;
      const std::vector<Point>& along = shape(other.shape).paths.front().points;
      for (std::size_t i = 1; i < along.size(); ++i)
        if (const double away = to_segment(p, along[i - 1], along[i]); away < nearest) nearest = away, end = {-1, other.shape, Reason::joins_line, false};
    }
  }

  // Ends on lines become the elements those lines lead to; rings of lines end after a few turns.
  void follow() {
    std::vector<int> place(shapes_.size(), -1);
    for (std::size_t i = 0; i < lines_.size(); ++i) place[static_cast<std::size_t>(lines_[i].shape)] = static_cast<int>(i);
    for (int turn = 0; turn < 8; ++turn) {
      bool changed = false;
      for (Line& line : lines_)
        for (End* end : {&line.begin, &line.end}) {
          if (end->element >= 0 || end->line < 0 || place[static_cast<std::size_t>(end->line)] < 0) continue;
          const Line& other = lines_[static_cast<std::size_t>(place[static_cast<std::size_t>(end->line)])];
          const End& there = end == &line.end ? other.end : other.begin;
          if (there.element < 0) continue;
          *end = {there.element, -1, Reason::joins_line, end->glued};
          changed = true;
        }
      if (!changed) break;
    }
  }

  void refuse(const Line& line, Reason reason) { plan_.asides.push_back({line.shape, Kind::flow, reason, -1}); }

  void decide(Line& line) {
    const Shape& s = shape(line.shape);
    if (line.begin.element < 0 && line.end.element < 0) return refuse(line, Reason::loose_line);
    if (line.begin.element < 0 || line.end.element < 0) return refuse(line, Reason::loose_end);
    const bool glued = line.begin.glued && line.end.glued;
    if (line.begin.element == line.end.element && !glued) return refuse(line, Reason::same_end);
    Connection c;
    c.shape = line.shape;
    c.kind = plan_.line_kind[static_cast<std::size_t>(line.shape)];
    if (c.kind == Kind::flow && s.dashed && s.round_begin) c.kind = Kind::message_flow;
    c.name = s.text;
    c.route = s.paths.empty() ? std::vector<Point>{s.begin, s.end} : s.paths.front().points;
    // The weaker end decides.
    const Reason first = line.begin.reason, second = line.end.reason;
    c.reason = info(first).confidence <= info(second).confidence ? first : second;
    const bool told = c.kind != Kind::flow;  // a BPMN stencil's line runs from its beginning to its end
    bool backwards = false;
    if (!told && s.begin_arrow && !s.end_arrow) backwards = true;
    if (!told && s.begin_arrow && s.end_arrow) weaken(c, glued ? Reason::glued_both_ways : Reason::no_direction);
    else if (!told && !s.begin_arrow && !s.end_arrow && is_node(element(line.begin.element)) && is_node(element(line.end.element))) weaken(c, Reason::no_direction);
    else if (backwards && glued) weaken(c, Reason::glued_backwards);
    c.source = backwards ? line.end.element : line.begin.element;
    c.target = backwards ? line.begin.element : line.end.element;
    if (backwards) std::ranges::reverse(c.route);
    if (const std::string* condition = s.field("BpmnConditionType")) c.is_default = base::lower(*condition).find("default") != std::string::npos || base::lower(*condition).find("standard") != std::string::npos;
    if (!kind_by_ends(c, s)) return refuse(line, Reason::no_flow_end);
    if (plan_.geometry_only && !seen_.insert(std::tuple{c.source, c.target, std::lround(c.route.front().x), std::lround(c.route.front().y), std::lround(c.route.back().x), std::lround(c.route.back().y)}).second)
      return refuse(line, Reason::repeated);
    c.confidence = info(c.reason).confidence;
    plan_.connections.push_back(std::move(c));
  }

  static void weaken(Connection& c, Reason reason) {
    if (info(reason).confidence < info(c.reason).confidence) c.reason = reason;
  }

  // False where no BPMN connection can join the two.
  bool kind_by_ends(Connection& c, const Shape& s) const {
    const Element &a = element(c.source), &b = element(c.target);
    if (a.kind == Kind::lane || b.kind == Kind::lane) return false;
    const bool pools = a.kind == Kind::pool || b.kind == Kind::pool;
    if (pools) {
      if (a.pool == b.pool || family(a.kind) == Family::artifact || family(b.kind) == Family::artifact) return false;
      if (c.kind != Kind::message_flow && c.kind != Kind::flow) weaken(c, Reason::other_kind);
      c.kind = Kind::message_flow;
      return true;
    }
    if (!is_node(a) || !is_node(b)) {
      c.kind = Kind::association;
      return true;
    }
    if (c.kind == Kind::association && a.kind != Kind::document && b.kind != Kind::document) return true;
    if (a.pool != b.pool) {
      if (c.kind == Kind::sequence_flow) weaken(c, Reason::other_kind);
      c.kind = Kind::message_flow;
      return true;
    }
    if (c.kind == Kind::association || (s.dashed && !s.begin_arrow && !s.end_arrow && (a.kind == Kind::document || b.kind == Kind::document))) {
      c.kind = Kind::association;
      return true;
    }
    if (c.kind == Kind::message_flow) weaken(c, Reason::other_kind);
    c.kind = Kind::sequence_flow;
    return true;
  }

  PagePlan& plan_;
  const Page& page_;
  const std::vector<Shape>& shapes_;
  const std::vector<Point> empty_;
  std::vector<Line> lines_;
  std::set<std::tuple<int, int, long, long, long, long>> seen_;  // libvisio draws a line's stroke and fill apart
};

}  // namespace

void connect(PagePlan& plan) { Connector(plan).run(); }

}  // namespace bank::visio
