// The door: plans → places → flows → labels → a BPMNDiagram for each plan, in the place of those that were there.
#include "bpmn/layout/layout.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "base/limits.h"
#include "bpmn/layout/arrange.h"
#include "bpmn/layout/connect.h"
#include "bpmn/layout/keep.h"
#include "bpmn/reader.h"

namespace bpmn {
namespace layouts {
namespace {

using base::xml::Element;

std::string number(double value) {
  value = std::round(value * 1e6) / 1e6;
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value == 0 ? 0.0 : value, std::chars_format::fixed).ptr};
}

Element& add(Element& parent, std::string_view ns, std::string_view prefix, std::string_view local) {
  auto child = std::make_unique<Element>();
  child->ns = ns, child->prefix = prefix, child->local = local;
  parent.children.push_back({base::xml::Node::Kind::element, "", std::move(child)});
  return *parent.children.back().element;
}

// Prefixes as the file has them; where it has none, ours are declared at the root.
class DiagramWriter {
 public:
  DiagramWriter(Element& root, const Model& model) : root_(root), model_(model) {
    collect_ids(root);
    di_ = prefix(kBpmnDiNs, "bpmndi"), dc_ = prefix(kDcNs, "dc"), line_ = prefix(kDiNs, "di");
  }

  void write(const std::vector<Plan>& plans) {
    std::vector<std::string> ids;
    for (const Diagram& one : model_.diagrams) ids.push_back(one.id), used_.erase(one.id);
    remember_looks();
    std::erase_if(root_.children, [](const base::xml::Node& child) { return child.element && child.element->is(kBpmnDiNs, "BPMNDiagram"); });
    for (std::size_t i = 0; i < plans.size(); ++i) diagram(plans[i], i < ids.size() ? ids[i] : "");
  }

 private:
  void collect_ids(const Element& element) {
    std::vector<const Element*> open{&element};
    while (!open.empty()) {
      const Element* one = open.back();
      open.pop_back();
      if (one->is(kBpmnDiNs, "BPMNDiagram")) continue;
      if (const std::string* id = one->attribute("id")) used_.insert(*id);
      for (const Element* child : one->elements()) open.push_back(child);
    }
  }

  std::string prefix(std::string_view ns, const std::string& wanted) {
    for (const auto& [name, uri] : root_.namespaces)
      if (uri == ns && !name.empty()) return name;
    std::string name = wanted;
    for (int n = 2; std::ranges::any_of(root_.namespaces, [&](const auto& one) { return one.first == name; }); ++n) name = wanted + std::to_string(n);
    root_.namespaces.emplace_back(name, std::string(ns));
    return name;
  }

  // Colours and other attributes that tools put on shapes stay with their element.
  void remember_looks() {
    for (const auto& child : root_.children) {
      if (!child.element || !child.element->is(kBpmnDiNs, "BPMNDiagram")) continue;
      for (const Element* plane : child.element->elements())
        for (const Element* one : plane->elements()) {
          const std::string element(local_part(one->attribute_or("bpmnElement", "")));
          for (const auto& attribute : one->attributes)
            if (attribute.ns.ends_with("biocolor/1.0") || attribute.ns.ends_with("non-normative/color/1.0")) looks_[element].push_back(attribute);
          for (const auto& space : child.element->namespaces) keep_namespace(space);
          for (const auto& space : plane->namespaces) keep_namespace(space);
        }
    }
  }
  void keep_namespace(const std::pair<std::string, std::string>& space) {
    if (!space.first.empty() && std::ranges::none_of(root_.namespaces, [&](const auto& one) { return one.first == space.first; })) root_.namespaces.push_back(space);
  }

  std::string fresh(const std::string& wanted) {
    std::string id = wanted;
    for (int n = 2; !used_.insert(id).second; ++n) id = wanted + "_" + std::to_string(n);
    return id;
  }

  void diagram(const Plan& plan, const std::string& id) {
    Element& diagram = add(root_, kBpmnDiNs, di_, "BPMNDiagram");
    diagram.set_attribute("id", fresh(id.empty() ? "diagram" : id));
    if (!plan.name.empty()) diagram.set_attribute("name", plan.name);
    Element& plane = add(diagram, kBpmnDiNs, di_, "BPMNPlane");
    plane.set_attribute("id", fresh("plan"));
    if (!plan.plane_element.empty()) plane.set_attribute("bpmnElement", plan.plane_element);
    for (const Kind kind : {Kind::pool, Kind::lane})
      for (const Item& one : plan.items)
        if (one.kind == kind) shape(plane, one);
    for (const Item& one : plan.items)
      if (one.kind != Kind::pool && one.kind != Kind::lane) shape(plane, one);
    for (const Link& one : plan.links)
      if (one.points.size() > 1) edge(plane, one);
  }

  void bounds(Element& parent, const Rect& box) {
    Element& one = add(parent, kDcNs, dc_, "Bounds");
    one.set_attribute("x", number(box.x));
    one.set_attribute("y", number(box.y));
    one.set_attribute("width", number(box.w));
    one.set_attribute("height", number(box.h));
  }

  void shape(Element& plane, const Item& one) {
    if (one.id.empty()) return;
    Element& shape = add(plane, kBpmnDiNs, di_, "BPMNShape");
    shape.set_attribute("id", fresh(one.id + "_di"));
    shape.set_attribute("bpmnElement", one.id);
    if (one.kind == Kind::pool || one.kind == Kind::lane) shape.set_attribute("isHorizontal", one.upright ? "false" : "true");
    const Node* node = one.node >= 0 ? &model_.nodes[static_cast<std::size_t>(one.node)] : nullptr;
    if (node && node->type == ElementType::exclusive_gateway) shape.set_attribute("isMarkerVisible", "true");
    if (node && one.kind == Kind::activity && std::string_view(xml_name(node->type)).find("rocess") != std::string_view::npos)
      shape.set_attribute("isExpanded", one.inside >= 0 ? "true" : "false");
    look(shape, one.id);
    bounds(shape, one.box);
    if (one.label_box.h > 0) bounds(add(shape, kBpmnDiNs, di_, "BPMNLabel"), one.label_box);
  }

  void edge(Element& plane, const Link& one) {
    Element& edge = add(plane, kBpmnDiNs, di_, "BPMNEdge");
    edge.set_attribute("id", fresh(one.id + "_di"));
    edge.set_attribute("bpmnElement", one.id);
    look(edge, one.id);
    for (const Point& at : one.points) {
      Element& point = add(edge, kDiNs, line_, "waypoint");
      point.set_attribute("x", number(at.x));
      point.set_attribute("y", number(at.y));
    }
    if (one.label_box.h > 0) bounds(add(edge, kBpmnDiNs, di_, "BPMNLabel"), one.label_box);
  }

  void look(Element& element, const std::string& id) {
    if (const auto found = looks_.find(id); found != looks_.end()) element.attributes.insert(element.attributes.end(), found->second.begin(), found->second.end());
  }

  Element& root_;
  const Model& model_;
  std::string di_, dc_, line_;
  std::set<std::string> used_;
  std::map<std::string, std::vector<base::xml::Attribute>> looks_;
};

base::Status within_limits(const Plan& plan, const Model& model) {
  for (const Item& one : plan.items)
    if (one.box.right() > base::limits::kDiagramSide || one.box.bottom() > base::limits::kDiagramSide)
      return base::fail(base::ErrorCode::limit_exceeded, "the diagram would be larger than " + std::to_string(static_cast<long>(base::limits::kDiagramSide)) + " pixels",
                        {model.file, 0, 0, one.id, {}}, "split the process into sub-processes or calls");
  return {};
}

}  // namespace
}  // namespace layouts

base::Result<ModelPtr> layout(const Model& model, const LayoutOptions& options) {
  std::vector<layouts::Plan> plans = layouts::plans_of(model);
  for (layouts::Plan& plan : plans) {
    layouts::arrange(plan, model);
    TRY_VOID(layouts::within_limits(plan, model));
    if (options.keep) layouts::keep_places(plan, model);
    layouts::surround_groups(plan);
    layouts::connect(plan);
    layouts::place_labels(plan);
  }
  base::xml::Document document;
  document.comments_before = model.document.comments_before;
  document.root = model.document.root->clone();
  layouts::DiagramWriter(*document.root, model).write(plans);
  return reader::read_document(std::move(document), model.file);
}

}  // namespace bpmn
