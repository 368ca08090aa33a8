// The one display list that both back ends (SVG, cairo) draw. Units: the diagram's own pixels; y grows downward.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bpmn/model.h"

namespace bpmn::draw {

// Colours are parsed on the way in and written as #rrggbb on the way out: no text of the file reaches an attribute.
struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;
  bool none = false;
  bool operator==(const Colour&) const = default;
};
inline constexpr Colour kInk{0x22, 0x24, 0x2a, false}, kWhite{255, 255, 255, false}, kNone{0, 0, 0, true};
// #rgb, #rrggbb, rgb(r,g,b) or one of the CSS names modellers use; `otherwise` for anything else.
Colour parse_colour(std::string_view css, Colour otherwise);
std::string css(Colour);
Colour mixed(Colour, Colour with, double share_of_first);

struct Path {
  struct Step {
    char op;  // M x y | L x y | C x1 y1 x2 y2 x y | Z
    double v[6];
  };
  std::vector<Step> steps;

  Path& move(double x, double y);
  Path& line(double x, double y);
  Path& curve(double x1, double y1, double x2, double y2, double x, double y);
  Path& close();
  Path& circle(double cx, double cy, double r);
  Path& rect(double x, double y, double w, double h, double radius = 0);
  // "M 1 2 L 3 4 C … Z", scaled and moved. For the icons of this room only: a faulty text is cut at the fault.
  static Path parse(std::string_view text, double scale_x, double scale_y, double x, double y);
};

struct Style {
  Colour fill = kNone, stroke = kInk;
  double width = 2, fill_opacity = 1;
  std::vector<double> dash;
};

struct Item {
  enum class Kind : std::uint8_t { path, text, open, close } kind = Kind::path;
  Path path;
  Style style;
  // text: baseline start; `turned` = rotated by -90° around (x, y)
  double x = 0, y = 0, size = 12;
  bool middle = true, turned = false, bold = false;
  std::string text;  // also: element id of a group
  std::string role;  // class of a group: shape, edge, label, badge
  std::string title; // of a group: what a reader hears
};

struct Scene {
  std::vector<Item> items;
  double left = 0, top = 0, right = 0, bottom = 0;  // what is covered
  bool empty = true;

  void add(Path, Style);
  void text(std::string_view, double x, double y, double size, Colour, bool middle = true, bool turned = false, bool bold = false);
  void open(std::string_view element, std::string_view role, std::string_view title);
  void close();
  void cover(double x, double y);
};

// Width of a line in pixels by a fixed table of a common sans-serif's advance widths: the same on every machine.
double text_width(std::string_view utf8, double size);
// Lines no wider than `width`; breaks at blanks, in over-long words, and at line breaks of the text.
std::vector<std::string> wrap(std::string_view text, double width, double size);

inline constexpr double kFont = 12, kLabelFont = 11, kLineHeight = 1.2;
// Lines centred around x; from `top` downward.
void lines(Scene&, const std::vector<std::string>&, double x, double top, double size, Colour);
// Lines centred in a box, cut with … where they do not fit.
void text_in_box(Scene&, std::string_view text, const Bounds&, double size, Colour, bool turned = false);

// icons.cc
void task_icon(Scene&, const Node&, double x, double y, Colour stroke, Colour fill);
void event_icon(Scene&, EventKind, bool thrown, const Bounds& event, Colour stroke, Colour fill);
void gateway_icon(Scene&, const Node&, const Bounds&, Colour stroke, bool show_exclusive);
void envelope(Scene&, const Bounds&, bool filled, Colour stroke, Colour fill);
// The markers along the bottom edge of an activity.
void activity_markers(Scene&, const Node&, const Bounds&, bool collapsed, Colour stroke, Colour fill);

}  // namespace bpmn::draw
