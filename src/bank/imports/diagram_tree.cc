#include "bank/imports/diagram_tree.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace bank::imports {
namespace {

using bpmn::Bounds;
using bpmn::Point;
using base::xml::Node;

constexpr std::string_view kFlowNodes[] = {"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"};

std::string number(double value) {
  const long long hundredths = std::llround(value * 100);
  std::string out = std::to_string(std::llabs(hundredths) / 100);
  if (const long long rest = std::llabs(hundredths) % 100; rest != 0) out += (rest < 10 ? ".0" : ".") + std::to_string(rest % 10 == 0 ? rest / 10 : rest);
  return hundredths < 0 ? "-" + out : out;
}

Node node_of(std::unique_ptr<Xml> element) {
  Node out;
  out.kind = Node::Kind::element;
  out.element = std::move(element);
  return out;
}

bool inside(const Bounds& b, const Point& p) { return p.x >= b.x && p.x <= b.x + b.width && p.y >= b.y && p.y <= b.y + b.height; }
Point middle(const Bounds& b) { return {b.x + b.width / 2, b.y + b.height / 2}; }

}  // namespace

bool is_flow_node(const Xml& e) { return e.ns == bpmn::kBpmnNs && std::ranges::find(kFlowNodes, e.local) != std::end(kFlowNodes); }
bool is_bpmn_line(const Xml& e) { return e.ns == bpmn::kBpmnNs && (e.local == "sequenceFlow" || e.local == "messageFlow" || e.local == "association"); }

std::vector<Point> straight_route(const Bounds& a, const Bounds& b) {
  const Point from = middle(a), to = middle(b);
  const bool apart_x = b.x >= a.x + a.width || a.x >= b.x + b.width;
  if (apart_x) {
    const Point begin{b.x >= a.x + a.width ? a.x + a.width : a.x, from.y}, end{b.x >= a.x + a.width ? b.x : b.x + b.width, to.y};
    if (std::abs(begin.y - end.y) < 1) return {begin, {end.x, begin.y}};
    const double bend = (begin.x + end.x) / 2;
    return {begin, {bend, begin.y}, {bend, end.y}, end};
  }
  const Point begin{from.x, to.y > from.y ? a.y + a.height : a.y}, end{to.x, to.y > from.y ? b.y : b.y + b.height};
  if (std::abs(begin.x - end.x) < 1) return {begin, {begin.x, end.y}};
  const double bend = (begin.y + end.y) / 2;
  return {begin, {begin.x, bend}, {end.x, bend}, end};
}

Point border_point(const Bounds& b, const Point& outside) {
  const Point centre = middle(b);
  if (inside(b, outside)) return outside;
  if (std::abs(outside.y - centre.y) < 1) return {outside.x < centre.x ? b.x : b.x + b.width, outside.y};
  if (std::abs(outside.x - centre.x) < 1) return {outside.x, outside.y < centre.y ? b.y : b.y + b.height};
  const double dx = outside.x - centre.x, dy = outside.y - centre.y;
  const double share = std::min(b.width / 2 / std::abs(dx), b.height / 2 / std::abs(dy));
  return {centre.x + dx * share, centre.y + dy * share};
}

void DiagramTree::index() {
  by_id_.clear();
  figures_.clear();
  parents_.clear();
  std::vector<Xml*> open{document_.root.get()};
  while (!open.empty()) {
    Xml* const at = open.back();
    open.pop_back();
    if (at->ns == bpmn::kBpmnNs)
      if (const std::string* id = at->attribute("id")) by_id_.emplace(*id, at);
    if (at->ns == bpmn::kBpmnDiNs)
      if (const std::string* of = at->attribute("bpmnElement"); of != nullptr && at->local != "BPMNPlane") figures_.emplace(std::string(bpmn::local_part(*of)), at);
    for (Node& node : at->children)
      if (node.element) {
        parents_[node.element.get()] = at;
        open.push_back(node.element.get());
      }
  }
}

Xml* DiagramTree::element(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

Xml* DiagramTree::parent(const Xml& e) const {
  const auto found = parents_.find(&e);
  return found == parents_.end() ? nullptr : found->second;
}

Xml* DiagramTree::scope(const Xml& e) const {
  Xml* at = parent(e);
  while (at != nullptr && at->local != "process" && at->local != "subProcess" && at->local != "transaction" && at->local != "adHocSubProcess" && at->local != "collaboration") at = parent(*at);
  return at;
}

Xml* DiagramTree::process(const Xml& e) const {
  Xml* at = parent(e);
  while (at != nullptr && at->local != "process") at = parent(*at);
  return at;
}

Xml* DiagramTree::figure(const std::string& id) const {
  const auto found = figures_.find(id);
  return found == figures_.end() ? nullptr : found->second;
}

Xml* DiagramTree::plane(const std::string& id) const {
  Xml* at = figure(id);
  while (at != nullptr && at->local != "BPMNPlane") at = parent(*at);
  return at;
}

Bounds DiagramTree::bounds(const std::string& id) const {
  const Xml* at = figure(id);
  const Xml* found = at == nullptr ? nullptr : at->child(bpmn::kDcNs, "Bounds");
  if (found == nullptr) return {};
  return {bpmn::number(*found, "x", 0), bpmn::number(*found, "y", 0), bpmn::number(*found, "width", 0), bpmn::number(*found, "height", 0)};
}

void DiagramTree::set_bounds(const std::string& id, const Bounds& b) {
  Xml* at = figure(id);
  if (at == nullptr) return;
  for (Node& node : at->children)
    if (node.element && node.element->is(bpmn::kDcNs, "Bounds"))
      for (const auto& [name, value] : {std::pair<const char*, double>{"x", b.x}, {"y", b.y}, {"width", b.width}, {"height", b.height}}) node.element->set_attribute(name, number(value));
}

std::vector<Point> DiagramTree::waypoints(const std::string& line) const {
  std::vector<Point> out;
  if (const Xml* edge = figure(line))
    for (const Xml* point : edge->children_named(bpmn::kDiNs, "waypoint")) out.push_back({bpmn::number(*point, "x", 0), bpmn::number(*point, "y", 0)});
  return out;
}

void DiagramTree::set_waypoints(const std::string& line, const std::vector<Point>& points) {
  Xml* edge = figure(line);
  if (edge == nullptr) return;
  std::erase_if(edge->children, [](const Node& node) { return node.element && node.element->is(bpmn::kDiNs, "waypoint"); });
  for (std::size_t i = points.size(); i-- > 0;) {  // waypoints stand before labels
    auto made = std::make_unique<Xml>();
    made->prefix = prefix_of(bpmn::kDiNs);
    made->ns = bpmn::kDiNs;
    made->local = "waypoint";
    made->set_attribute("x", number(points[i].x));
    made->set_attribute("y", number(points[i].y));
    edge->children.insert(edge->children.begin(), node_of(std::move(made)));
  }
  index();
}

std::vector<Xml*> DiagramTree::lines_of(const std::string& id) const {
  std::vector<Xml*> out;
  for (const auto& [own, at] : by_id_)
    if (is_bpmn_line(*at) && (bpmn::local_part(at->attribute_or("sourceRef", "")) == id || bpmn::local_part(at->attribute_or("targetRef", "")) == id)) out.push_back(at);
  std::ranges::sort(out, {}, [](const Xml* e) { return *e->attribute("id"); });
  return out;
}

Xml* DiagramTree::process_at(const Point& p) const {
  Xml *only = nullptr, *held = nullptr;
  std::size_t processes = 0;
  for (const auto& [id, at] : by_id_) {
    if (at->local == "process") only = at, ++processes;
    if (at->local == "participant" && inside(bounds(id), p))
      if (const std::string* ref = at->attribute("processRef")) held = element(std::string(bpmn::local_part(*ref)));
  }
  return held != nullptr ? held : processes == 1 ? only : nullptr;
}

Xml* DiagramTree::collaboration(const std::string& id) const {
  const Xml* page = plane(id);
  Xml* of = page == nullptr ? nullptr : element(std::string(bpmn::local_part(page->attribute_or("bpmnElement", ""))));
  return of != nullptr && of->local == "collaboration" ? of : nullptr;
}

std::vector<std::string> DiagramTree::attached_to(const std::string& activity) const {
  std::vector<std::string> out;
  for (const auto& [id, at] : by_id_)
    if (at->local == "boundaryEvent" && bpmn::local_part(at->attribute_or("attachedToRef", "")) == activity) out.push_back(id);
  std::ranges::sort(out);
  return out;
}

std::string DiagramTree::prefix_of(std::string_view ns) const {
  for (const auto& [prefix, uri] : document_.root->namespaces)
    if (uri == ns) return prefix;
  const std::string fresh = ns == bpmn::kBpmnNs ? "sgbpmn" : ns == bpmn::kBpmnDiNs ? "sgbpmndi" : ns == bpmn::kDcNs ? "sgdc" : "sgdi";
  document_.root->namespaces.emplace_back(fresh, std::string(ns));
  return fresh;
}

Xml* DiagramTree::child(Xml& parent, std::string_view prefix, std::string_view ns, std::string_view local) {
  auto made = std::make_unique<Xml>();
  made->prefix = prefix;
  made->ns = ns;
  made->local = local;
  Xml* const out = made.get();
  parent.children.push_back(node_of(std::move(made)));
  parents_[out] = &parent;
  return out;
}

Xml* DiagramTree::add(Xml& parent, std::string_view local) { return child(parent, prefix_of(bpmn::kBpmnNs), bpmn::kBpmnNs, local); }

void DiagramTree::move(Xml& e, Xml& to) {
  Xml* const from = parent(e);
  const auto at = std::ranges::find_if(from->children, [&](const Node& node) { return node.element.get() == &e; });
  Node taken = std::move(*at);
  from->children.erase(at);
  to.children.push_back(std::move(taken));
  index();
}

void DiagramTree::drop(const Xml& e) {
  if (Xml* from = parent(e)) std::erase_if(from->children, [&](const Node& node) { return node.element.get() == &e; });
  index();
}

void DiagramTree::erase(const std::string& id) {
  unlink(id);
  leave_lanes(id);
  std::vector<Xml*> defaults;
  for (const auto& [own, at] : by_id_)
    if (at->attribute_or("default", "") == id) defaults.push_back(at);
  for (Xml* at : defaults) std::erase_if(at->attributes, [](const base::xml::Attribute& a) { return a.local == "default" && a.ns.empty(); });
  if (const Xml* at = figure(id)) drop(*at);
  if (const Xml* at = element(id)) drop(*at);
}

void DiagramTree::unlink(const std::string& flow) {
  for (const auto& [id, at] : by_id_)
    std::erase_if(at->children, [&](const Node& node) {
      return node.element && node.element->ns == bpmn::kBpmnNs && (node.element->local == "incoming" || node.element->local == "outgoing") && bpmn::local_part(node.element->text()) == flow;
    });
  index();
}

void DiagramTree::link(const std::string& flow) {
  const Xml* line = element(flow);
  if (line == nullptr || line->local != "sequenceFlow") return;
  for (const auto& [attribute, local] : {std::pair<const char*, const char*>{"sourceRef", "outgoing"}, {"targetRef", "incoming"}}) {
    Xml* at = element(std::string(bpmn::local_part(line->attribute_or(attribute, ""))));
    if (at == nullptr) continue;
    auto made = std::make_unique<Xml>();
    made->prefix = prefix_of(bpmn::kBpmnNs);
    made->ns = bpmn::kBpmnNs;
    made->local = local;
    made->children.push_back({Node::Kind::text, flow, nullptr});
    // BPMN 2.0.2, tFlowNode: after documentation and extensionElements, incoming before outgoing.
    std::size_t place = 0;
    for (std::size_t i = 0; i < at->children.size(); ++i) {
      const Xml* before = at->children[i].element.get();
      if (before != nullptr && (before->local == "documentation" || before->local == "extensionElements" || before->local == "incoming" || (before->local == "outgoing" && std::string_view(local) == "outgoing"))) place = i + 1;
    }
    at->children.insert(at->children.begin() + static_cast<std::ptrdiff_t>(place), node_of(std::move(made)));
  }
  index();
}

void DiagramTree::leave_lanes(const std::string& node) {
  for (const auto& [id, at] : by_id_)
    if (at->local == "lane") std::erase_if(at->children, [&](const Node& n) { return n.element && n.element->is(bpmn::kBpmnNs, "flowNodeRef") && bpmn::local_part(n.element->text()) == node; });
  index();
}

void DiagramTree::join_lane(const std::string& node) {
  Xml* lane = nullptr;
  double smallest = 0;
  const Xml* own = element(node);
  const Point at = middle(bounds(node));
  for (const auto& [id, e] : by_id_) {
    if (e->local != "lane" || process(*e) != process(*own)) continue;
    const Bounds b = bounds(id);
    if (!inside(b, at) || (lane != nullptr && b.width * b.height >= smallest)) continue;
    lane = e;
    smallest = b.width * b.height;
  }
  if (lane == nullptr) return;
  auto made = std::make_unique<Xml>();
  made->prefix = prefix_of(bpmn::kBpmnNs);
  made->ns = bpmn::kBpmnNs;
  made->local = "flowNodeRef";
  made->children.push_back({Node::Kind::text, node, nullptr});
  const auto set = std::ranges::find_if(lane->children, [](const Node& n) { return n.element && n.element->local == "childLaneSet"; });
  lane->children.insert(set, node_of(std::move(made)));
  index();
}

void DiagramTree::add_edge(Xml& plane, const std::string& line, const std::vector<Point>& points) {
  Xml* edge = child(plane, prefix_of(bpmn::kBpmnDiNs), bpmn::kBpmnDiNs, "BPMNEdge");
  edge->set_attribute("id", "Streg_" + line);
  edge->set_attribute("bpmnElement", line);
  index();
  set_waypoints(line, points);
}

}  // namespace bank::imports
