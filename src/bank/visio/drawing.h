// A drawing as plain facts, whatever format it came from: absolute geometry in pixels with y down, inherited properties
// filled in. It says what was drawn and not what it means; recognise.h does that.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bpmn/model.h"

namespace bank::visio {

using bpmn::Bounds;
using bpmn::Point;

inline constexpr double kPixelsPerInch = 96;  // a stencil's task of 1 × 0.75 inch becomes 96 × 72, near BPMN's customary 100 × 80

// One stroke of a shape; curves are flattened. curved[i]: the segment that ends in points[i] belongs to a curve.
struct Path {
  std::vector<Point> points;
  std::vector<bool> curved;
  bool closed = false;
};

// sheet: a box with a folded or cut corner, or with a wave for its bottom; cylinder: upright, with flat round ends.
enum class Outline : std::uint8_t { none, rectangle, rounded, stadium, ellipse, diamond, triangle, sheet, cylinder, other, open };
std::string_view name(Outline);
Outline outline_of(const Path&);
Bounds box_of(const std::vector<Point>&);

struct Field { std::string name, label, value; };            // a row of shape data or user cells
struct Link { std::string address, page, description; };     // page: where it leads inside the drawing ("Side-2")

struct Shape {
  std::string id;                  // the file's own, unique on its page
  std::string master;              // NameU of its master without the number of a copy ("Process"); "" = none
  std::string type;                // Shape, Group, Foreign (a picture), Guide
  std::string name;                // its own NameU ("CollapsedMarker")
  int parent = -1;                 // the group it is in
  bool part = false;               // belongs to the master of the group above: a marker, a border
  bool line = false;               // 1-D: has a beginning and an end
  bool hidden = false;             // a guide: nothing of it is drawn
  bool on_hidden_layer = false;    // on layers that are all switched off
  Bounds box;
  Outline outline = Outline::none; // of its largest visible stroke
  std::vector<Path> paths;         // visible strokes; of a line its route
  Point begin, end;                // of a line
  bool begin_arrow = false, end_arrow = false;
  bool round_begin = false;        // a circle at the beginning: BPMN's message flow
  bool dashed = false, dotted = false;
  double stroke = 0;               // width of the border in pixels, 0 = not known
  std::string fill;                // "#rrggbb", "" = none or not known
  std::string text;
  Bounds text_box;                 // of a text that stands apart; width 0 = in the middle of the shape
  std::vector<Field> data, user;
  std::vector<Link> links;
  std::vector<std::string> layers;
  std::vector<std::string> containers, members;  // ids, from Relationships

  const std::string* field(std::string_view name) const;  // shape data by name or label, without regard to case
  const std::string* user_cell(std::string_view name) const;
};

struct Glue { int line = -1; bool at_end = false; int to = -1; };  // one Connect row

struct Page {
  std::string id, name, name_u;    // links inside the drawing may use either name
  bool background = false;
  double width = 0, height = 0;
  std::vector<Shape> shapes;       // groups before what is in them
  std::vector<Glue> glue;
};

struct Drawing {
  std::string format;              // vsdx | vdx | vsd
  std::vector<Page> pages;
  std::vector<std::string> notes;
};

// By its first bytes: a zip, XML, or an OLE2 file (read by libvisio in a process of its own: geometry only).
// Errors: invalid_document, invalid_xml, limit_exceeded.
base::Result<Drawing> read_drawing(std::string_view bytes);

}  // namespace bank::visio
