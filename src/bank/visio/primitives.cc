// The language between the child with libvisio and us, one line for each primitive, and how shapes are made of it:
//   page W H NAME | layer ID | end | style FILLED COLOUR STROKED DASH WIDTH BEGIN END | path ID
//   sheet PAGE ID X Y W H | glue PAGE LINE END TO   (vsd_glue.h: y up, after all pages) |
//   move X Y | line X Y | cubic X1 Y1 X2 Y2 X Y | quad X1 Y1 X Y | arc RX RY DEGREES LARGE SWEEP X Y | close | text X Y W H TEXT | picture X Y W H
// DASH: 0 none, 1 dashes, 2 dots. BEGIN, END: 0 nothing, 1 an arrow, 2 something round. Inches with y down; "-" stands for nothing; TEXT and NAME have \n and \\ for a line's end and a backslash.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>

#include "bank/visio/libvisio_door.h"
#include "base/limits_visio.h"
#include "base/text.h"

namespace bank::visio {
namespace {

using base::ErrorCode;

// Words of one line; the last one may be taken as the rest with its blanks.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}
  std::string_view next() {
    const auto blank = rest_.find(' ');
    const std::string_view word = rest_.substr(0, blank);
    rest_ = blank == std::string_view::npos ? std::string_view() : rest_.substr(blank + 1);
    return word;
  }
  double number() {
    const std::string_view word = next();
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc() && std::isfinite(value) && std::abs(value) < 1e5 ? value : 0;
  }
  double pixels() { return number() * kPixelsPerInch; }
  bool flag() { return next() == "1"; }
  Point point() {
    const double x = pixels();
    return {x, pixels()};
  }
  std::string text() const {
    std::string out;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == '\\' && i + 1 < rest_.size()) out += rest_[++i] == 'n' ? '\n' : rest_[i];
      else out += rest_[i];
    }
    return out;
  }

 private:
  std::string_view rest_;
};

struct Style { bool filled = false, stroked = true, dashed = false, dotted = false, begin_arrow = false, end_arrow = false, round = false; std::string colour; double width = 0; };

class Assembler {
 public:
  base::Result<Drawing> run(std::string_view all) {
    out_.format = "vsd";
    for (const std::string_view line : base::split(all, '\n')) {
      if (line.empty()) continue;
      one(line);
      if (shapes_ > base::limits::kVisioShapes) return base::fail(ErrorCode::limit_exceeded, "the drawing has more shapes than the limit kVisioShapes");
      if (points_ > base::limits::kVisioPathPoints) return base::fail(ErrorCode::limit_exceeded, "the drawing's lines have more points than the limit kVisioPathPoints");
      if (out_.pages.size() > base::limits::kVisioPages) return base::fail(ErrorCode::limit_exceeded, "the drawing has more pages than the limit kVisioPages");
    }
    finish();
    glue();
    return std::move(out_);
  }

 private:
  void one(std::string_view line) {
    Words words(line);
    const std::string_view op = words.next();
    if (op == "page") return page(words);
    if (out_.pages.empty()) return;
    if (op == "sheet" || op == "glue") return sheet_or_glue(op, words);
    if (op == "layer") {
      finish();
      layered_ = true;
      open(words.next());
    } else if (op == "end") {
      finish();
      layered_ = false;
    } else if (op == "style") {
      style_ = {};
      style_.filled = words.flag();
      const std::string_view colour = words.next();
      style_.colour = colour == "-" ? "" : base::lower(colour);
      style_.stroked = words.flag();
      const std::string_view dash = words.next();
      style_.dashed = dash != "0";
      style_.dotted = dash == "2";
      style_.width = words.pixels();
      const std::string_view begin = words.next();
      style_.begin_arrow = begin == "1";
      style_.round = begin == "2";
      style_.end_arrow = words.flag();
    } else if (op == "path") {
      if (!layered_ || !shape_) finish(), open(words.next());
      styled();
      pen_down_ = false;
    } else if (op == "text") {
      text(words);
    } else if (op == "picture") {
      finish();
      open("-");
      shape_->type = "Foreign";
      const double x = words.pixels(), y = words.pixels(), w = words.pixels();
      shape_->box = {x, y, w, words.pixels()};
      finish();
    } else {
      draw(op, words);
    }
  }

  struct Joint { int page; std::string line; bool at_end; std::string to; };

  void sheet_or_glue(std::string_view op, Words& words) {
    const int page = static_cast<int>(words.number());
    if (page < 0 || page > static_cast<int>(base::limits::kVisioPages)) return;
    std::string id(words.next());
    if (op == "glue") {
      const bool at_end = words.flag();
      joints_.push_back({page, std::move(id), at_end, std::string(words.next())});
      return;
    }
    const Point middle = words.point();
    const double width = words.pixels(), height = words.pixels();
    // The first is the sheet's own place; what follows under its number are its sub-shapes.
    sheets_.try_emplace({page, std::move(id)}, Bounds{middle.x - width / 2, middle.y - height / 2, width, height});
  }

  // Joins what the file says about its sheets to what libvisio drew of them: by id, else by place and size.
  void glue() {
    std::map<std::pair<int, std::string>, int> by_id;
    for (std::size_t p = 0; p < out_.pages.size(); ++p)
      for (std::size_t i = 0; i < out_.pages[p].shapes.size(); ++i) by_id.emplace(std::pair{static_cast<int>(p), out_.pages[p].shapes[i].id}, static_cast<int>(i));
    // libvisio draws the pages in another order than they lie in the file: the page is the one that has most of the glued lines.
    std::map<int, std::map<int, int>> lines;  // file's page → drawn page → lines of it that are there
    for (const Joint& joint : joints_)
      for (int p = 0; p < static_cast<int>(out_.pages.size()); ++p)
        if (const auto found = by_id.find({p, joint.line}); found != by_id.end() && out_.pages[static_cast<std::size_t>(p)].shapes[static_cast<std::size_t>(found->second)].line) ++lines[joint.page][p];
    std::map<int, int> drawn;
    for (const auto& [page, counts] : lines) drawn[page] = std::ranges::max_element(counts, {}, &std::pair<const int, int>::second)->first;
    for (const Joint& joint : joints_) {
      const auto at = drawn.find(joint.page);
      if (at == drawn.end()) continue;
      Page& page = out_.pages[static_cast<std::size_t>(at->second)];
      const auto line = by_id.find({at->second, joint.line});
      if (line == by_id.end() || !page.shapes[static_cast<std::size_t>(line->second)].line) continue;
      const auto to = by_id.find({at->second, joint.to});
      const int shape = to != by_id.end() ? to->second : drawn_at(page, {joint.page, joint.to});
      if (shape >= 0 && shape != line->second) page.glue.push_back({line->second, joint.at_end, shape});
    }
  }

  int drawn_at(const Page& page, const std::pair<int, std::string>& sheet) const {
    const auto found = sheets_.find(sheet);
    if (found == sheets_.end()) return -1;
    Bounds box = found->second;
    box.y = page.height - box.y - box.height;
    for (std::size_t i = 0; i < page.shapes.size(); ++i) {
      const Bounds& b = page.shapes[i].box;
      const bool same = std::abs(b.x - box.x) < 4 && std::abs(b.y - box.y) < 4 && std::abs(b.width - box.width) < 6 && std::abs(b.height - box.height) < 6;
      if (same && !page.shapes[i].line && page.shapes[i].outline != Outline::none) return static_cast<int>(i);
    }
    return -1;
  }

  void page(Words& words) {
    finish();
    layered_ = false;
    Page page;
    page.width = words.pixels();
    page.height = words.pixels();
    page.name = words.text();
    page.id = std::to_string(out_.pages.size());
    out_.pages.push_back(std::move(page));
    anonymous_ = 0;
  }

  void open(std::string_view id) {
    ++shapes_;
    shape_.emplace();
    shape_->type = "Shape";
    shape_->id = id.size() > 2 && id.starts_with("id") ? std::string(id.substr(2)) : "n" + std::to_string(++anonymous_);
  }

  void styled() {
    Shape& s = *shape_;
    if (style_.filled && s.fill.empty()) s.fill = style_.colour;
    if (style_.stroked) {
      s.dashed |= style_.dashed;
      s.dotted |= style_.dotted;
      s.round_begin |= style_.round;
      s.stroke = std::max(s.stroke, style_.width);
      s.begin_arrow |= style_.begin_arrow;
      s.end_arrow |= style_.end_arrow;
    }
    visible_ = style_.filled || style_.stroked;
  }

  void draw(std::string_view op, Words& words) {
    if (!shape_ || !visible_) return;
    if (op == "close") {
      if (pen_down_) shape_->paths.back().closed = true;
      return;
    }
    if (op == "move" || !pen_down_) {
      shape_->paths.emplace_back();
      pen_down_ = true;
    }
    Path& path = shape_->paths.back();
    const std::size_t before = path.points.size();
    bool curved = true;
    if (op == "move" || op == "line") {
      path.points.push_back(words.point());
      curved = false;
    } else if (op == "arc") {
      const double rx = words.pixels(), ry = words.pixels(), degrees = words.number();
      const bool large = words.flag(), sweep = words.flag();
      const Point to = words.point();
      flatten_arc(path.points, before == 0 ? to : path.points.back(), to, rx, ry, degrees, large, sweep);
    } else if (op == "cubic" || op == "quad") {
      const Point first = words.point(), second = op == "cubic" ? words.point() : first, to = words.point(), from = before == 0 ? first : path.points.back();
      for (int i = 1; i <= 4; ++i) {
        const double t = i / 4.0, s = 1 - t, a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
        path.points.push_back({a * from.x + b * first.x + c * second.x + d * to.x, a * from.y + b * first.y + c * second.y + d * to.y});
      }
    }
    path.curved.resize(path.points.size(), curved && before > 0);
    points_ += path.points.size() - before;
  }

  // A text follows the shape it belongs to; one that lies elsewhere stands for itself.
  void text(Words& words) {
    const double x = words.pixels(), y = words.pixels(), w = words.pixels(), h = words.pixels();
    const std::string text(base::trim(words.text()));
    finish();
    layered_ = false;
    if (text.empty()) return;
    const Bounds box{x, y, w, h};
    std::vector<Shape>& shapes = out_.pages.back().shapes;
    if (!shapes.empty() && shapes.back().text.empty() && belongs(box, shapes.back())) {
      shapes.back().text = text;
      shapes.back().text_box = box;
      return;
    }
    open("-");
    shape_->text = text;
    shape_->box = shape_->text_box = box;
    finish();
  }

  static bool belongs(const Bounds& text, const Shape& shape) {
    if (shape.type == "Foreign") return false;
    const double cx = text.x + text.width / 2, cy = text.y + text.height / 2, slack = shape.line ? 0.4 * kPixelsPerInch : 2;
    const Bounds& b = shape.box;
    return cx >= b.x - slack && cx <= b.x + b.width + slack && cy >= b.y - slack && cy <= b.y + b.height + slack;
  }

  void finish() {
    if (!shape_) return;
    Shape s = std::move(*shape_);
    shape_.reset();
    pen_down_ = visible_ = false;
    tidy(s);
    if (s.paths.empty() && s.text.empty() && s.type != "Foreign") return;
    if (!s.paths.empty()) {
      std::vector<Point> all;
      for (const Path& path : s.paths) all.insert(all.end(), path.points.begin(), path.points.end());
      s.box = box_of(all);
      double largest = -1;
      for (const Path& path : s.paths) {
        const Bounds box = box_of(path.points);
        const double size = path.closed ? box.width * box.height + 1 : 0;
        if (size > largest) largest = size, s.outline = outline_of(path);
      }
      s.line = s.paths.size() == 1 && s.outline == Outline::open;
      if (s.line) s.begin = s.paths[0].points.front(), s.end = s.paths[0].points.back();
    }
    out_.pages.back().shapes.push_back(std::move(s));
  }

  // Fill and border come as two equal strokes; a stroke of one point is none.
  static void tidy(Shape& s) {
    std::vector<Path> once;
    for (Path& path : s.paths) {
      if (path.points.size() < 2) continue;
      const Point &a = path.points.front(), &b = path.points.back();
      if (path.points.size() > 2 && std::hypot(a.x - b.x, a.y - b.y) < 0.2) path.closed = true;
      const bool known = once.size() < 64 && std::ranges::any_of(once, [&](const Path& other) {
        return other.points.size() == path.points.size() && std::ranges::equal(other.points, path.points, [](const Point& p, const Point& q) { return std::hypot(p.x - q.x, p.y - q.y) < 0.2; });
      });
      if (!known) once.push_back(std::move(path));
    }
    s.paths = std::move(once);
  }

  Drawing out_;
  std::map<std::pair<int, std::string>, Bounds> sheets_;
  std::vector<Joint> joints_;
  std::optional<Shape> shape_;
  Style style_;
  bool layered_ = false, pen_down_ = false, visible_ = false;
  std::size_t shapes_ = 0, points_ = 0;
  int anonymous_ = 0;
};

}  // namespace

void flatten_arc(std::vector<Point>& out, Point from, Point to, double rx, double ry, double degrees, bool large, bool sweep) {
  rx = std::abs(rx), ry = std::abs(ry);
  const double phi = degrees * std::numbers::pi / 180, c = std::cos(phi), s = std::sin(phi);
  const double dx = (from.x - to.x) / 2, dy = (from.y - to.y) / 2, x = c * dx + s * dy, y = -s * dx + c * dy;
  if (rx < 1e-9 || ry < 1e-9 || (std::abs(dx) < 1e-9 && std::abs(dy) < 1e-9)) return out.push_back(to);
  const double scale = std::sqrt(std::max(1.0, x * x / (rx * rx) + y * y / (ry * ry)));  // radii too small are made larger
  rx *= scale, ry *= scale;
  const double under = std::max(0.0, rx * rx * ry * ry - rx * rx * y * y - ry * ry * x * x), over = rx * rx * y * y + ry * ry * x * x;
  const double k = (large == sweep ? -1 : 1) * std::sqrt(over > 0 ? under / over : 0), mx = k * rx * y / ry, my = -k * ry * x / rx;
  const double cx = c * mx - s * my + (from.x + to.x) / 2, cy = s * mx + c * my + (from.y + to.y) / 2;
  const double begin = std::atan2((y - my) / ry, (x - mx) / rx);
  double turn = std::atan2((-y - my) / ry, (-x - mx) / rx) - begin;
  if (sweep && turn < 0) turn += 2 * std::numbers::pi;
  if (!sweep && turn > 0) turn -= 2 * std::numbers::pi;
  const int steps = std::max(2, static_cast<int>(std::ceil(std::abs(turn) / (std::numbers::pi / 8))));
  for (int i = 1; i < steps; ++i) {
    const double t = begin + turn * i / steps, u = rx * std::cos(t), v = ry * std::sin(t);
    out.push_back({cx + c * u - s * v, cy + s * u + c * v});
  }
  out.push_back(to);
}

base::Result<Drawing> assemble(std::string_view primitives) {
  if (base::valid_utf8(primitives)) return Assembler().run(primitives);
  return Assembler().run(base::to_utf8(base::to_utf32(primitives)));  // libvisio passes on what stood in a broken file
}

}  // namespace bank::visio
