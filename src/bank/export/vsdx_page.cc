#include "bank/export/vsdx_page.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "bank/summary.h"
#include "base/xml.h"

namespace bank::visio_out {
namespace {

using bpmn::ElementType;
using bpmn::EventKind;

constexpr double kInch = 96;         // pixels; our reader's scale too
constexpr double kMargin = 0.5;      // inches around the drawing
constexpr double kTextSize = 8.0 / 72;
using Fields = std::vector<std::pair<std::string, std::string>>;  // shape data

// What one BPMN element is in Visio.
struct Kind {
  std::string master;
  Fields data;
  enum Outline { box, rounded, ellipse, diamond, paper, drum, bracket } outline = box;
  bool text_below = false, thick = false, dashed = false;
};

std::string number(double value) {
  value = std::round(value * 1e5) / 1e5;
  if (value == 0) value = 0;
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr);
}

const char* trigger(EventKind kind) {
  switch (kind) {
    case EventKind::message: return "Message";
    case EventKind::timer: return "Timer";
    case EventKind::error: return "Error";
    case EventKind::escalation: return "Escalation";
    case EventKind::signal: return "Signal";
    case EventKind::conditional: return "Conditional";
    case EventKind::compensation: return "Compensation";
    case EventKind::cancel: return "Cancel";
    case EventKind::link: return "Link";
    case EventKind::terminate: return "Terminate";
    case EventKind::multiple: return "Multiple";
    case EventKind::parallel_multiple: return "Parallel Multiple";
    case EventKind::none: break;
  }
  return "None";
}

const char* task_type(ElementType type) {
  switch (type) {
    case ElementType::user_task: return "User";
    case ElementType::service_task: return "Service";
    case ElementType::send_task: return "Send";
    case ElementType::receive_task: return "Receive";
    case ElementType::manual_task: return "Manual";
    case ElementType::script_task: return "Script";
    case ElementType::business_rule_task: return "Business Rule";
    default: return "None";
  }
}

Kind event(const bpmn::Node& node, std::string_view name) {
  Kind out{name == "startEvent" ? "Start Event" : name == "endEvent" ? "End Event" : "Intermediate Event", {}, Kind::ellipse, true, name == "endEvent", false};
  const char* kind = name == "startEvent" ? "Start" : name == "endEvent" ? "End" : name == "intermediateThrowEvent" ? "Intermediate (Throwing)" : name == "boundaryEvent" ? "Boundary" : "Intermediate";
  const EventKind what = node.parallel_multiple ? EventKind::parallel_multiple : node.events.size() > 1 ? EventKind::multiple : node.events.empty() ? EventKind::none : node.events.front().kind;
  out.data = {{"BpmnElementType", "Event"}, {"BpmnEventType", kind}, {"BpmnTriggerOrResult", trigger(what)}};
  return out;
}

Kind gateway(std::string_view name) {
  const bool event_based = name == "eventBasedGateway";
  const std::string word = event_based ? "Event" : name == "parallelGateway" ? "Parallel" : name == "inclusiveGateway" ? "Inclusive" : name == "complexGateway" ? "Complex" : "Exclusive";
  return {word + " Gateway", {{"BpmnElementType", "Gateway"}, {"BpmnGatewayType", event_based ? "Exclusive Event" : word}}, Kind::diamond, true, false, false};
}

Kind kind_of(const bpmn::Node& node, const bpmn::Shape& shape) {
  const std::string_view name = bpmn::xml_name(node.type);
  if (name.ends_with("Event")) return event(node, name);
  if (name.ends_with("Gateway")) return gateway(name);
  if (node.type == ElementType::call_activity) return {"Collapsed Sub-Process", {{"BpmnElementType", "Activity"}, {"BpmnActivityType", "Sub-Process"}}, Kind::rounded, false, true, false};
  if (name.ends_with("rocess") || node.type == ElementType::transaction) return {shape.expanded ? "Expanded Sub-Process" : "Collapsed Sub-Process", {{"BpmnElementType", "Activity"}, {"BpmnActivityType", "Sub-Process"}}, Kind::rounded, false, false, false};
  Kind out{"Task", {{"BpmnElementType", "Activity"}, {"BpmnActivityType", "Task"}, {"BpmnTaskType", task_type(node.type)}}, Kind::rounded, false, false, false};
  if (node.loop) out.data.emplace_back("BpmnLoopType", node.loop->standard ? "Standard" : node.loop->sequential ? "Sequential MultiInstance" : "Parallel MultiInstance");
  return out;
}

Kind kind_of(const bpmn::Artifact& one) {
  if (one.kind == "textAnnotation") return {"Text Annotation", {{"BpmnElementType", "Text Annotation"}}, Kind::bracket, false, false, false};
  if (one.kind == "group") return {"Group", {{"BpmnElementType", "Group"}}, Kind::rounded, false, false, true};
  if (one.kind.starts_with("dataStore")) return {"Data Store", {{"BpmnElementType", "Data Store"}}, Kind::drum, true, false, false};
  if (one.kind.starts_with("data")) return {"Data Object", {{"BpmnElementType", "Data Object"}}, Kind::paper, true, false, false};
  return {};
}

std::string row(std::string_view type, int index, const std::vector<std::pair<std::string_view, double>>& cells) {
  std::string out = "<Row T='" + std::string(type) + "' IX='" + std::to_string(index) + "'>";
  for (const auto& [name, value] : cells) out += cell(name, value);
  return out + "</Row>";
}
std::string lines(const std::vector<bpmn::Point>& points, bool filled) {
  std::string out = "<Section N='Geometry' IX='0'>" + cell("NoFill", filled ? "0" : "1");
  for (std::size_t i = 0; i < points.size(); ++i) out += row(i == 0 ? "MoveTo" : "LineTo", static_cast<int>(i) + 1, {{"X", points[i].x}, {"Y", points[i].y}});
  return out + "</Section>";
}
std::string outline(Kind::Outline kind, double w, double h) {
  switch (kind) {
    case Kind::ellipse: return "<Section N='Geometry' IX='0'>" + cell("NoFill", "0") + row("Ellipse", 1, {{"X", w / 2}, {"Y", h / 2}, {"A", w}, {"B", h / 2}, {"C", w / 2}, {"D", h}}) + "</Section>";
    case Kind::diamond: return lines({{w / 2, 0}, {w, h / 2}, {w / 2, h}, {0, h / 2}, {w / 2, 0}}, true);
    case Kind::paper: return lines({{0, 0}, {w, 0}, {w, h * 0.7}, {w * 0.7, h}, {0, h}, {0, 0}}, true);
    case Kind::bracket: return lines({{w * 0.1, 0}, {0, 0}, {0, h}, {w * 0.1, h}}, false);
    default: return lines({{0, 0}, {w, 0}, {w, h}, {0, h}, {0, 0}}, true);
  }
}
std::string shape_data(const Fields& fields) {
  if (fields.empty()) return {};
  std::string out = "<Section N='Property'>";
  for (const auto& [name, value] : fields) out += "<Row N='" + name + "'>" + cell("Value", value) + cell("Label", name) + cell("Type", "0") + "</Row>";
  return out + "</Section>";
}
std::string text(const std::string& name) { return name.empty() ? "<Text/>" : "<Text>" + base::xml::escape_text(name) + "</Text>"; }

class Writer {
 public:
  Writer(const bpmn::Model& model, const bpmn::Diagram& diagram, Masters& masters) : model_(model), diagram_(diagram), masters_(masters) { frame(); }

  PageText write(int number) {
    for (const bpmn::Shape& shape : ordered()) add(shape);
    for (const bpmn::Edge& edge : diagram_.edges) add(edge);
    PageText out{diagram_.name.empty() ? "Side-" + std::to_string(number) : diagram_.name, {}, std::move(shapes_), std::move(connects_)};
    out.sheet = "<PageSheet LineStyle='0' FillStyle='0' TextStyle='0'>" + cell("PageWidth", width_) + cell("PageHeight", height_) + cell("PageScale", "1") + cell("DrawingScale", "1") + cell("DrawingSizeType", "3") + "</PageSheet>";
    return out;
  }

 private:
  void frame() {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    const auto cover = [&](double x, double y) { left = std::min(left, x), top = std::min(top, y), right = std::max(right, x), bottom = std::max(bottom, y); };
    for (const auto& one : diagram_.shapes) cover(one.bounds.x, one.bounds.y), cover(one.bounds.x + one.bounds.width, one.bounds.y + one.bounds.height + 30);
    for (const auto& one : diagram_.edges)
      for (const auto& p : one.waypoints) cover(p.x, p.y);
    if (left > right) left = top = right = bottom = 0;
    left_ = left / kInch - kMargin, top_ = top / kInch - kMargin;
    width_ = (right - left) / kInch + 2 * kMargin, height_ = (bottom - top) / kInch + 2 * kMargin;
  }
  double x(double pixels) const { return pixels / kInch - left_; }
  double y(double pixels) const { return height_ - (pixels / kInch - top_); }  // upward

  // Containers behind what lies in them: pools, lanes, expanded sub-processes (larger first), then the rest.
  std::vector<bpmn::Shape> ordered() const {
    auto out = diagram_.shapes;
    const auto layer = [&](const bpmn::Shape& s) {
      for (const auto& one : model_.participants) if (one.id == s.element) return 0;
      for (const auto& one : model_.lanes) if (one.id == s.element) return 1;
      const int node = model_.node(s.element);
      return node >= 0 && model_.nodes[static_cast<std::size_t>(node)].type == ElementType::boundary_event ? 4 : s.expanded ? 2 : 3;
    };
    std::stable_sort(out.begin(), out.end(), [&](const bpmn::Shape& a, const bpmn::Shape& b) {
      const int la = layer(a), lb = layer(b);
      return la != lb ? la < lb : la <= 2 && a.bounds.width * a.bounds.height > b.bounds.width * b.bounds.height;
    });
    return out;
  }

  int sheet(const std::string& element) {
    ids_.emplace(element, next_);
    return next_++;
  }
  std::string open(int id, const std::string& master) {
    return "<Shape ID='" + std::to_string(id) + "' NameU='" + base::xml::escape_attribute(master + "." + std::to_string(id)) + "' Type='Shape' Master='" + std::to_string(master_id(masters_, master)) + "' LineStyle='0' FillStyle='0' TextStyle='0'>";
  }
  static std::string place(double px, double py, double w, double h) {
    return cell("PinX", px) + cell("PinY", py) + cell("Width", w) + cell("Height", h) + cell("LocPinX", w / 2) + cell("LocPinY", h / 2);
  }

  void add(const bpmn::Shape& shape) {
    const double w = shape.bounds.width / kInch, h = shape.bounds.height / kInch;
    const double px = x(shape.bounds.x) + w / 2, py = y(shape.bounds.y) - h / 2;
    if (w <= 0 || h <= 0) return;
    for (const auto& one : model_.participants)
      if (one.id == shape.element) return area(shape, one.name, "Pool", px, py, w, h, {});
    for (const auto& one : model_.lanes)
      if (one.id == shape.element) return area(shape, one.name, "Lane", px, py, w, h, pool_of(one));
    Kind kind;
    std::string name, links;
    if (const int n = model_.node(shape.element); n >= 0) {
      const bpmn::Node& node = model_.nodes[static_cast<std::size_t>(n)];
      kind = kind_of(node, shape), name = node.name;
      if (const std::string slug = property(node, "pakke"); !slug.empty()) links = "<Section N='Hyperlink'><Row N='Row_1'>" + cell("Description", slug) + cell("Address", slug.substr(slug.find('/') + 1) + ".vsdx") + "</Row></Section>";
      for (const std::string& law : properties(node, "lov")) kind.data.emplace_back("Lov" + (kind.data.empty() ? "" : std::to_string(kind.data.size())), law);
    } else {
      for (const auto& one : model_.artifacts)
        if (one.id == shape.element) kind = kind_of(one), name = one.kind == "group" ? group_name(one) : one.name;
      if (name.empty())
        for (const auto& one : model_.artifacts)
          for (const auto& object : model_.artifacts)
            if (one.id == shape.element && object.id == one.source) name = object.name;
    }
    if (kind.master.empty()) return;  // a choreography, a conversation: the stencil has none
    kind.data.emplace_back("BpmnId", shape.element);
    if (!name.empty()) kind.data.emplace_back("BpmnName", name);
    std::string cells = place(px, py, w, h) + cell("LineWeight", (kind.thick ? 3.0 : 1.0) / 72);
    if (kind.dashed) cells += cell("LinePattern", "4") + cell("FillPattern", "0");
    if (kind.outline == Kind::rounded) cells += cell("Rounding", std::min({10 / kInch, w / 4, h / 4}));
    if (kind.text_below) {  // beside the shape: as wide as two tasks' gap, hung under the border
      const double wide = 1.2, high = 0.5;
      cells += cell("TxtPinX", w / 2) + cell("TxtPinY", 0.0) + cell("TxtWidth", wide) + cell("TxtHeight", high) + cell("TxtLocPinX", wide / 2) + cell("TxtLocPinY", high) + cell("VerticalAlign", "0");
    }
    shapes_ += open(sheet(shape.element), kind.master) + cells + character() + links + shape_data(kind.data) + outline(kind.outline, w, h) + text(name) + "</Shape>\n";
  }
  static std::string character() { return "<Section N='Character'><Row IX='0'>" + cell("Size", kTextSize) + "</Row></Section>"; }

  std::string group_name(const bpmn::Artifact& group) const {
    for (const auto* value : model_.document.root ? values() : std::vector<const base::xml::Element*>{})
      if (value->attribute_or("id", "") == group.source) return value->attribute_or("value", "");
    return group.name;
  }
  std::vector<const base::xml::Element*> values() const {
    std::vector<const base::xml::Element*> out;
    for (const auto* category : model_.document.root->children_named(bpmn::kBpmnNs, "category"))
      for (const auto* value : category->children_named(bpmn::kBpmnNs, "categoryValue")) out.push_back(value);
    return out;
  }

  std::string pool_of(const bpmn::Lane& lane) const {
    for (const auto& one : model_.participants)
      if (one.process == lane.process && one.process >= 0) return one.id;
    return {};
  }
  // Pools and lanes. Their title stands turned in a strip at the left; lying ones ("vertical") have it on top.
  void area(const bpmn::Shape& shape, const std::string& name, const std::string& type, double px, double py, double w, double h, const std::string& pool) {
    const double strip = std::min(0.3125, (shape.horizontal ? w : h) / 2);
    std::string cells = place(px, py, w, h) + cell("LineWeight", 1.0 / 72);
    if (shape.horizontal) cells += cell("TxtPinX", strip / 2) + cell("TxtPinY", h / 2) + cell("TxtWidth", h) + cell("TxtHeight", strip) + cell("TxtLocPinX", h / 2) + cell("TxtLocPinY", strip / 2) + cell("TxtAngle", 1.5707963);
    else cells += cell("TxtPinX", w / 2) + cell("TxtPinY", h - strip / 2) + cell("TxtWidth", w) + cell("TxtHeight", strip) + cell("TxtLocPinX", w / 2) + cell("TxtLocPinY", strip / 2);
    if (const auto found = ids_.find(pool); found != ids_.end()) cells += "<Cell N='Relationships' V='0' F='SUM(DEPENDSON(4,Sheet." + std::to_string(found->second) + "!SheetRef()))'/>";
    shapes_ += open(sheet(shape.element), "Pool / Lane") + cells + character() + shape_data({{"BpmnElementType", type}, {"BpmnName", name}, {"BpmnId", shape.element}}) + outline(Kind::box, w, h) + text(name) + "</Shape>\n";
  }

  struct Ends { std::string master, name, source, target; bool conditional = false, by_default = false; };
  Ends ends(const std::string& element) const {
    for (const auto& one : model_.flows)
      if (one.id == element && one.source >= 0 && one.target >= 0) {
        const auto& from = model_.nodes[static_cast<std::size_t>(one.source)];
        const bool standard = from.default_flow >= 0 && &model_.flows[static_cast<std::size_t>(from.default_flow)] == &one;
        return {"Sequence Flow", one.name, from.id, model_.nodes[static_cast<std::size_t>(one.target)].id, one.has_condition, standard};
      }
    for (const auto& one : model_.message_flows)
      if (one.id == element) return {"Message Flow", one.name, one.source, one.target};
    for (const auto& one : model_.artifacts)
      if (one.id == element && !one.source.empty()) return {"Association", one.name, one.source, one.target};
    return {};
  }
  // A data association names what lies inside the activity; the activity itself is what is drawn.
  std::string drawn(const std::string& id, const bpmn::Edge& edge, bool at_end) const {
    if (ids_.contains(id) || edge.waypoints.empty()) return id;
    const bpmn::Point& p = at_end ? edge.waypoints.back() : edge.waypoints.front();
    std::string best;
    double size = 1e18;
    for (const auto& shape : diagram_.shapes) {
      const auto& b = shape.bounds;
      const bool near = p.x >= b.x - 3 && p.x <= b.x + b.width + 3 && p.y >= b.y - 3 && p.y <= b.y + b.height + 3;
      if (near && ids_.contains(shape.element) && b.width * b.height < size) best = shape.element, size = b.width * b.height;
    }
    return best;
  }

  void add(const bpmn::Edge& edge) {
    const Ends flow = ends(edge.element);
    if (flow.master.empty() || edge.waypoints.size() < 2) return;
    const auto& first = edge.waypoints.front();
    const auto& last = edge.waypoints.back();
    const double bx = x(first.x), by = y(first.y), ex = x(last.x), ey = y(last.y), w = ex - bx, h = ey - by;
    std::string cells = place((bx + ex) / 2, (by + ey) / 2, w, h) + cell("BeginX", bx) + cell("BeginY", by) + cell("EndX", ex) + cell("EndY", ey) + cell("LineWeight", 1.0 / 72) + cell("ObjType", "2") + cell("Rounding", 5 / kInch);
    if (flow.master == "Message Flow") cells += cell("LinePattern", "2") + cell("BeginArrow", "20") + cell("EndArrow", "14");
    else if (flow.master == "Association") cells += cell("LinePattern", "3") + cell("EndArrow", "0");
    else cells += cell("EndArrow", "13");
    std::vector<bpmn::Point> route;
    for (const auto& p : edge.waypoints) route.push_back({x(p.x) - bx, y(p.y) - by});
    Fields data = {{"BpmnElementType", flow.master}, {"BpmnId", edge.element}};
    if (flow.master == "Sequence Flow") data.emplace_back("BpmnConditionType", flow.by_default ? "Default" : flow.conditional ? "Expression" : "None");
    if (!flow.name.empty()) data.emplace_back("BpmnName", flow.name);
    const int id = sheet(edge.element);
    shapes_ += open(id, flow.master) + cells + character() + shape_data(data) + lines(route, false) + text(flow.name) + "</Shape>\n";
    glue(id, "BeginX", "9", drawn(flow.source, edge, false));
    glue(id, "EndX", "12", drawn(flow.target, edge, true));
  }
  void glue(int line, const char* from, const char* part, const std::string& to) {
    const auto found = ids_.find(to);
    if (found == ids_.end()) return;
    connects_ += "<Connect FromSheet='" + std::to_string(line) + "' FromCell='" + from + "' FromPart='" + part + "' ToSheet='" + std::to_string(found->second) + "' ToCell='PinX' ToPart='3'/>\n";
  }

  const bpmn::Model& model_;
  const bpmn::Diagram& diagram_;
  Masters& masters_;
  double left_ = 0, top_ = 0, width_ = 1, height_ = 1;
  int next_ = 1;
  std::map<std::string, int> ids_;
  std::string shapes_, connects_;
};

}  // namespace

std::string cell(std::string_view name, double value) { return "<Cell N='" + std::string(name) + "' V='" + number(value) + "'/>"; }
std::string cell(std::string_view name, std::string_view value) { return "<Cell N='" + std::string(name) + "' V='" + base::xml::escape_attribute(value) + "'/>"; }

int master_id(Masters& all, const std::string& name) {
  const auto found = std::find(all.begin(), all.end(), name);
  if (found != all.end()) return static_cast<int>(found - all.begin()) + 1;
  all.push_back(name);
  return static_cast<int>(all.size());
}
bool is_line(std::string_view master) { return master.ends_with("Flow") || master == "Association"; }

std::string master_text(const std::string& name) {
  std::string out = "<Shape ID='5' Type='Shape' LineStyle='0' FillStyle='0' TextStyle='0'>";
  if (is_line(name)) return out + cell("PinX", 0.5) + cell("PinY", 0.0) + cell("Width", 1.0) + cell("Height", 0.0) + cell("LocPinX", 0.5) + cell("LocPinY", 0.0) + cell("BeginX", 0.0) + cell("BeginY", 0.0) + cell("EndX", 1.0) + cell("EndY", 0.0) +
                            lines({{0, 0}, {1, 0}}, false) + "</Shape>";
  const double w = name.ends_with("Event") || name.ends_with("Gateway") ? 0.5 : 1, h = name.ends_with("Event") || name.ends_with("Gateway") ? 0.5 : 0.75;
  return out + cell("PinX", w / 2) + cell("PinY", h / 2) + cell("Width", w) + cell("Height", h) + cell("LocPinX", w / 2) + cell("LocPinY", h / 2) +
         outline(name.ends_with("Event") ? Kind::ellipse : name.ends_with("Gateway") ? Kind::diamond : Kind::box, w, h) + "</Shape>";
}

PageText page_of(const bpmn::Model& model, const bpmn::Diagram& diagram, int number, Masters& masters) { return Writer(model, diagram, masters).write(number); }

}  // namespace bank::visio_out
