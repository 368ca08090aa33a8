// Diagram interchange (BPMN 2.0.2 section 12): BPMNDiagram, its plane, shapes, edges, labels and colours.
#include "bpmn/reader.h"

namespace bpmn::reader {
namespace {

constexpr std::string_view kBiocNs = "http://bpmn.io/schema/bpmn/biocolor/1.0";
constexpr std::string_view kColorNs = "http://www.omg.org/spec/BPMN/non-normative/color/1.0";

Bounds read_bounds(const Element& element) {
  return {number(element, "x", 0), number(element, "y", 0), number(element, "width", 0), number(element, "height", 0)};
}

std::optional<Bounds> read_label(const Element& owner) {
  const Element* label = owner.child(kBpmnDiNs, "BPMNLabel");
  const Element* bounds = label ? label->child(kDcNs, "Bounds") : nullptr;
  return bounds ? std::optional(read_bounds(*bounds)) : std::nullopt;
}

// The colour extension of the OMG wins over the older one of bpmn.io where a file carries both.
std::string read_colour(const Element& element, std::string_view omg, std::string_view bioc) {
  if (const std::string* value = element.attribute(kColorNs, omg)) return *value;
  if (const std::string* value = element.attribute(kBiocNs, bioc)) return *value;
  return {};
}

Shape read_shape(const Element& element) {
  Shape shape;
  shape.id = id_of(element);
  shape.element = reference(element, "bpmnElement");
  if (const Element* bounds = element.child(kDcNs, "Bounds")) shape.bounds = read_bounds(*bounds);
  shape.label = read_label(element);
  shape.horizontal = flag(element, "isHorizontal", true);
  shape.expanded = flag(element, "isExpanded", false);
  shape.expanded_given = element.attribute("isExpanded") != nullptr;
  shape.marker = flag(element, "isMarkerVisible", false);
  shape.choreography_band = element.attribute_or("participantBandKind", "");
  shape.message_visible = flag(element, "isMessageVisible", false);
  shape.fill = read_colour(element, "background-color", "fill");
  shape.stroke = read_colour(element, "border-color", "stroke");
  return shape;
}

Edge read_edge(const Element& element) {
  Edge edge;
  edge.id = id_of(element);
  edge.element = reference(element, "bpmnElement");
  for (const Element* point : element.children_named(kDiNs, "waypoint"))
    edge.waypoints.push_back({number(*point, "x", 0), number(*point, "y", 0)});
  edge.label = read_label(element);
  edge.message_visible = element.attribute_or("messageVisibleKind", "");
  edge.stroke = read_colour(element, "border-color", "stroke");
  return edge;
}

}  // namespace

void read_diagrams(const Element& definitions, Model& model) {
  for (const Element* element : definitions.children_named(kBpmnDiNs, "BPMNDiagram")) {
    Diagram diagram;
    diagram.id = id_of(*element);
    diagram.name = element->attribute_or("name", "");
    if (const Element* plane = element->child(kBpmnDiNs, "BPMNPlane")) {
      diagram.plane_element = reference(*plane, "bpmnElement");
      for (const Element* one : plane->elements()) {
        if (one->is(kBpmnDiNs, "BPMNShape")) diagram.shapes.push_back(read_shape(*one));
        if (one->is(kBpmnDiNs, "BPMNEdge")) diagram.edges.push_back(read_edge(*one));
      }
    }
    model.diagrams.push_back(std::move(diagram));
  }
}

}  // namespace bpmn::reader
