#include "bpmn/layout/places.h"

#include <set>

namespace bpmn {
namespace {

using base::xml::Element;
using Child = base::xml::Node;

void collect_ids(const Element& element, std::set<std::string, std::less<>>& ids) {
  if (const std::string* id = element.attribute("id")) ids.insert(*id);
  for (const Child& child : element.children)
    if (child.element) collect_ids(*child.element, ids);  // depth is limited by the reader
}

bool gone(const Child& child, const std::set<std::string, std::less<>>& ids) {
  if (!child.element || child.element->ns != kBpmnDiNs) return false;
  const std::string* of = child.element->attribute("bpmnElement");
  return of != nullptr && !ids.contains(local_part(*of));
}

}  // namespace

base::Result<ModelPtr> with_places_of(const Model& model, const Model& drawn) {
  base::xml::Document out{model.document.root->clone()};
  std::set<std::string, std::less<>> ids;
  collect_ids(*out.root, ids);
  std::string plane_of = model.processes.empty() ? "" : model.processes.front().id;
  for (const Element* one : out.root->elements())
    if (one->is(kBpmnNs, "collaboration")) plane_of = one->attribute_or("id", plane_of);
  std::erase_if(out.root->children, [](const Child& child) { return child.element && child.element->is(kBpmnDiNs, "BPMNDiagram"); });
  bool first = true;
  for (const Element* diagram : drawn.document.root->children_named(kBpmnDiNs, "BPMNDiagram")) {
    auto copy = diagram->clone();
    for (const auto& space : drawn.document.root->namespaces) copy->namespaces.push_back(space);
    for (Child& child : copy->children) {
      if (!child.element || !child.element->is(kBpmnDiNs, "BPMNPlane")) continue;
      if (first) child.element->set_attribute("bpmnElement", plane_of);
      std::erase_if(child.element->children, [&](const Child& shape) { return gone(shape, ids); });
    }
    first = false;
    Child node;
    node.kind = Child::Kind::element;
    node.element = std::move(copy);
    out.root->children.push_back(std::move(node));
  }
  return read(base::xml::write(out), model.file);
}

}  // namespace bpmn
