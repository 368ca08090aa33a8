// The diagram as SVG (own drawing code), and as PNG or PDF through cairo from the same shapes.
#pragma once
#include <map>
#include <string>

#include "bpmn/model.h"

namespace bpmn {

struct DrawOptions {
  int diagram = 0;                                  // index into Model::diagrams
  std::map<std::string, std::string> highlight;     // element id → CSS colour
  std::map<std::string, int> tokens;                // element id → number shown in a badge
};
base::Result<std::string> draw_svg(const Model&, const DrawOptions& = {});
base::Result<std::string> draw_png(const Model&, const DrawOptions&, double scale);
base::Result<std::string> draw_pdf(const Model&, const DrawOptions&);

}  // namespace bpmn
