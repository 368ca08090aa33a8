// Order of painting, colours, names, outside labels, badges; and the room's three drawing doors.
#include "bpmn/draw.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/limits.h"
#include "base/text.h"
#include "bpmn/draw/painter.h"

namespace bpmn::draw {
namespace {

// The width the tool gave its label, with room for another font, and never less than the longest word.
double label_width(std::string_view text, double given) {
  double widest = given + 8;
  for (const auto line : base::split(text, '\n'))
    for (const auto word : base::split(line, ' ')) widest = std::max(widest, std::min(text_width(word, kLabelFont), 200.0));
  return widest;
}

// Keeps the name of a flow readable where the flow runs behind it.
void paper_behind(Scene& scene, const std::vector<std::string>& text, double x, double top) {
  double widest = 0;
  for (const std::string& line : text) widest = std::max(widest, text_width(line, kLabelFont));
  Style paper;
  paper.fill = kWhite, paper.stroke = kNone, paper.width = 0, paper.fill_opacity = 0.75;
  const double height = static_cast<double>(text.size()) * kLabelFont * kLineHeight;
  scene.add(Path().rect(x - widest / 2 - 1, top, widest + 2, height), paper);
}

}  // namespace

base::Result<Scene> Painter::run() {
  TRY_VOID(within_limits());
  std::vector<const Shape*> shapes;
  for (const Shape& one : diagram_.shapes) shapes.push_back(&one);
  std::ranges::stable_sort(shapes, [this](const Shape* a, const Shape* b) {
    const int left = layer(*a), right = layer(*b);
    if (left != right) return left < right;
    return left < 30 && a->bounds.width * a->bounds.height > b->bounds.width * b->bounds.height;  // containers: larger first
  });
  constexpr int kEdges = 30;
  auto next = shapes.begin();
  for (; next != shapes.end() && layer(**next) < kEdges; ++next) shape(**next);
  for (const Edge& one : diagram_.edges) edge(one);
  for (; next != shapes.end(); ++next) shape(**next);
  for (const Shape& one : diagram_.shapes) shape_label(one);
  for (const Edge& one : diagram_.edges) edge_label(one);
  badges();
  return std::move(scene_);
}

base::Status Painter::within_limits() const {
  const auto far = [](double v) { return !(std::abs(v) <= base::limits::kDiagramSide); };
  const auto wrong = [&](const std::string& id) {
    return base::fail(base::ErrorCode::limit_exceeded, "the diagram places '" + id + "' further out than " +
                          std::to_string(static_cast<long>(base::limits::kDiagramSide)) + " pixels",
                      {facts_.model.file, 0, 0, id, {}}, "correct its dc:Bounds or di:waypoint");
  };
  for (const Shape& one : diagram_.shapes) {
    for (const Bounds& b : {one.bounds, one.label.value_or(Bounds{})})
      if (far(b.x) || far(b.y) || far(b.width) || far(b.height)) return wrong(one.id);
  }
  for (const Edge& one : diagram_.edges)
    for (const Point& p : one.waypoints)
      if (far(p.x) || far(p.y)) return wrong(one.id);
  return {};
}

int Painter::layer(const Shape& shape) const {
  const base::xml::Element* element = facts_.find(shape.element);
  if (!element) return 40;
  if (rules::is(*element, "participant")) return shape.choreography_band.empty() ? 0 : 41;
  if (rules::is(*element, "lane")) return 10;
  if ((rules::is_sub_process(*element) || rules::is(*element, "callActivity")) && shape.expanded) return 20;
  if (rules::is(*element, "subChoreography") && shape.expanded) return 20;
  if (rules::is(*element, "group")) return 60;
  return rules::is(*element, "boundaryEvent") ? 50 : 40;
}

Painter::Look Painter::look(std::string_view element, std::string_view stroke, std::string_view fill) const {
  Look look{parse_colour(stroke, kInk), parse_colour(fill, kWhite), kInk, 0};
  look.text = look.stroke.none ? kInk : look.stroke;
  if (const auto lit = options_.highlight.find(std::string(element)); lit != options_.highlight.end()) {
    look.stroke = parse_colour(lit->second, look.stroke);
    look.fill = look.stroke.none ? look.fill : mixed(look.stroke, kWhite, 0.16);
    look.extra = 1;
  }
  return look;
}

std::string Painter::name_of(const base::xml::Element* element) const {
  if (!element) return {};
  if (rules::is(*element, "textAnnotation")) return rules::trimmed(*element, "text");
  if (const auto* value = facts_.target(*element, "categoryValueRef")) return value->attribute_or("value", "");
  std::string name = element->attribute_or("name", "");
  for (const auto reference : {"dataObjectRef", "dataStoreRef"})
    if (const auto* object = facts_.target(*element, reference); object && name.empty())
      name = object->attribute_or("name", "");
  if (const auto* state = element->child(kBpmnNs, "dataState"))
    if (const std::string text = "[" + state->attribute_or("name", "") + "]"; text != "[]" && name.find(text) == std::string::npos)
      name += "\n" + text;
  return name;
}

std::string Painter::title_of(const base::xml::Element* element, std::string_view id) const {
  if (!element) return std::string(id);
  const std::string name = name_of(element);
  return name.empty() ? element->local : element->local + ": " + name;
}

// Events, gateways, data, groups and conversations have their name outside, at BPMNLabel or below.
void Painter::shape_label(const Shape& shape) {
  const base::xml::Element* element = facts_.find(shape.element);
  if (!element) return;
  const bool outside = rules::is_event(*element) || rules::is_gateway(*element) || rules::is_item_aware(*element) ||
                       rules::is_any(*element, {"group", "message"}) || rules::is_conversation_node(*element);
  const std::string name = name_of(element);
  if (!outside || name.empty()) return;
  const Look look = this->look(shape.element, shape.stroke, shape.fill);
  const Bounds& b = shape.bounds;
  double x = b.x + b.width / 2, top = b.y + b.height + 5, width = std::max(90.0, b.width);
  if (rules::is(*element, "group")) top = b.y + 6;
  if (shape.label && shape.label->width > 0) {
    x = shape.label->x + shape.label->width / 2, top = shape.label->y;
    width = label_width(name, shape.label->width);
  }
  scene_.open(shape.element, "label", "");
  lines(scene_, wrap(name, width, kLabelFont), x, top, kLabelFont, look.text);
  scene_.close();
}

void Painter::edge_label(const Edge& edge) {
  const base::xml::Element* element = facts_.find(edge.element);
  const std::string name = name_of(element);
  if (name.empty() || edge.waypoints.size() < 2) return;
  const Look look = this->look(edge.element, edge.stroke, "");
  const Point middle = middle_of(edge.waypoints);
  double x = middle.x, width = 90;
  std::vector<std::string> text = wrap(name, width, kLabelFont);
  double top = middle.y - static_cast<double>(text.size()) * kLabelFont * kLineHeight - 3;
  if (edge.label && edge.label->width > 0) {
    x = edge.label->x + edge.label->width / 2, top = edge.label->y, width = label_width(name, edge.label->width);
    text = wrap(name, width, kLabelFont);
  }
  scene_.open(edge.element, "label", "");
  paper_behind(scene_, text, x, top);
  lines(scene_, text, x, top, kLabelFont, look.text);
  scene_.close();
}

// Where tokens are: a number on the corner of a shape, on the middle of a flow.
void Painter::badges() {
  static constexpr Colour kBadge{0x1a, 0x7f, 0x37, false};
  const auto badge = [this](std::string_view element, int count, Point at) {
    const std::string text = std::to_string(count);
    const double half = std::max(10.0, text_width(text, kFont) / 2 + 5);
    Style style;
    style.fill = kBadge, style.stroke = kWhite, style.width = 1.5;
    scene_.open(element, "badge", "");
    scene_.add(Path().rect(at.x - half, at.y - 10, 2 * half, 20, 10), style);
    scene_.text(text, at.x, at.y + 4.2, kFont, kWhite, true, false, true);
    scene_.close();
  };
  for (const Shape& one : diagram_.shapes)
    if (const auto found = options_.tokens.find(one.element); found != options_.tokens.end() && found->second > 0)
      badge(one.element, found->second, {one.bounds.x + one.bounds.width, one.bounds.y});
  for (const Edge& one : diagram_.edges)
    if (const auto found = options_.tokens.find(one.element);
        found != options_.tokens.end() && found->second > 0 && one.waypoints.size() > 1)
      badge(one.element, found->second, middle_of(one.waypoints));
}

}  // namespace bpmn::draw

namespace bpmn {
namespace {

struct Drawn {
  draw::Scene scene;
  std::string title;
};
base::Result<Drawn> drawn(const Model& model, const DrawOptions& options) {
  const auto index = static_cast<std::size_t>(options.diagram);
  if (options.diagram < 0 || index >= model.diagrams.size())
    return base::fail(base::ErrorCode::not_found,
                      model.diagrams.empty() ? "the file has no diagram (BPMNDiagram) to draw"
                                             : "diagram " + std::to_string(options.diagram) + " does not exist; the file has " +
                                                   std::to_string(model.diagrams.size()),
                      {model.file, 0, 0, {}, {}}, "count diagrams from 0; a file without one needs `layout` first");
  const Diagram& diagram = model.diagrams[index];
  const rules::Facts facts(model);
  TRY(draw::Scene scene, draw::Painter(facts, diagram, options).run());
  std::string title = diagram.name.empty() ? model.name : diagram.name;
  if (title.empty())
    for (const Process& process : model.processes)
      if (title.empty()) title = process.name;
  return Drawn{std::move(scene), title.empty() ? "BPMN" : title};
}

}  // namespace

base::Result<std::string> draw_svg(const Model& model, const DrawOptions& options) {
  TRY(const Drawn one, drawn(model, options));
  return draw::to_svg(one.scene, one.title, options);
}
base::Result<std::string> draw_png(const Model& model, const DrawOptions& options, double scale) {
  TRY(const Drawn one, drawn(model, options));
  return draw::to_png(one.scene, scale);
}
base::Result<std::string> draw_pdf(const Model& model, const DrawOptions& options) {
  TRY(const Drawn one, drawn(model, options));
  return draw::to_pdf(one.scene, one.title);
}
base::Result<Picture> draw_picture(const Model& model, const DrawOptions& options) {
  TRY(Drawn one, drawn(model, options));
  Picture out{one.scene.right - one.scene.left + 2 * draw::kMargin, one.scene.bottom - one.scene.top + 2 * draw::kMargin, one.title, {}};
  out.paint = [scene = std::make_shared<const draw::Scene>(std::move(one.scene))](_cairo* context) { draw::paint_on(context, *scene); };
  return out;
}

}  // namespace bpmn
