// The diagram as SVG (own drawing code), and as PNG or PDF through cairo from the same shapes.
#pragma once
#include <functional>
#include <map>
#include <string>

#include "bpmn/model.h"

struct _cairo;  // cairo_t

namespace bpmn {

struct DrawOptions {
  int diagram = 0;                                  // index into Model::diagrams
  std::map<std::string, std::string> highlight;     // element id → CSS colour
  std::map<std::string, int> tokens;                // element id → number shown in a badge
  struct Link { std::string address, label; };
  std::map<std::string, Link> links;                // SVG: element id → where a click leads; the caller's own addresses, never the file's
  bool inside_page = false;                         // SVG: without XML declaration, to stand in HTML
};
base::Result<std::string> draw_svg(const Model&, const DrawOptions& = {});
base::Result<std::string> draw_png(const Model&, const DrawOptions&, double scale);
base::Result<std::string> draw_pdf(const Model&, const DrawOptions&);

// The diagram as part of a larger drawing: `paint` draws it with its upper left corner in the origin, one unit to the pixel.
struct Picture {
  double width = 0, height = 0;
  std::string title;
  std::function<void(_cairo*)> paint;
};
base::Result<Picture> draw_picture(const Model&, const DrawOptions&);

}  // namespace bpmn
