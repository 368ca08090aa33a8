// Diagram interchange (BPMN 2.0.2 section 12.2): enough geometry to draw, and something to draw it for.
#include <cmath>

#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

Elements di(const Facts& facts, std::string_view local) {
  Elements result;
  for (const Element* one : facts.all())
    if (one->is(kBpmnDiNs, local)) result.push_back(one);
  return result;
}

}  // namespace

void DI001(const Facts& facts, Report& report) {
  for (const Element* shape : di(facts, "BPMNShape")) {
    const Element* bounds = shape->child(kDcNs, "Bounds");
    if (!bounds) {
      report.at(*shape, "it has no Bounds");
      continue;
    }
    for (const auto side : {"x", "y", "width", "height"})
      if (!std::isfinite(number(*bounds, side, NAN))) report.at(*shape, std::string(side) + " is no number");
    if (number(*bounds, "width", 0) < 0 || number(*bounds, "height", 0) < 0) report.at(*shape, "its size is negative");
  }
}
void DI002(const Facts& facts, Report& report) {
  for (const Element* edge : di(facts, "BPMNEdge"))
    if (edge->children_named(kDiNs, "waypoint").size() < 2) report.at(*edge);
}
void DI003(const Facts& facts, Report& report) {
  for (const auto local : {"BPMNShape", "BPMNEdge", "BPMNPlane"})
    for (const Element* one : di(facts, local))
      if (const std::string* ref = one->attribute("bpmnElement"); ref && !facts.find(*ref))
        report.at(*one, "bpmnElement is '" + *ref + "'");
}

}  // namespace bpmn::rules
