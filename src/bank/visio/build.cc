#include "bank/visio/build.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "base/limits.h"
#include "base/text.h"

namespace bank::visio {
namespace {

using Xml = base::xml::Element;

constexpr const char* kTriggerXml[] = {"", "messageEventDefinition", "timerEventDefinition", "errorEventDefinition", "escalationEventDefinition", "signalEventDefinition", "conditionalEventDefinition",
                                       "compensateEventDefinition", "cancelEventDefinition", "linkEventDefinition", "terminateEventDefinition", "", ""};

Xml* add(Xml& parent, std::string_view prefix, std::string_view local) {
  auto element = std::make_unique<Xml>();
  element->prefix = prefix;
  element->local = local;
  element->ns = prefix == "bpmn" ? bpmn::kBpmnNs : prefix == "bpmndi" ? bpmn::kBpmnDiNs : prefix == "dc" ? bpmn::kDcNs : prefix == "di" ? bpmn::kDiNs : bpmn::kZeebeNs;
  Xml* out = element.get();
  parent.children.push_back({base::xml::Node::Kind::element, {}, std::move(element)});
  return out;
}

void add_text(Xml& parent, std::string_view prefix, std::string_view local, std::string text) {
  add(parent, prefix, local)->children.push_back({base::xml::Node::Kind::text, std::move(text), nullptr});
}

// A coordinate with at most two decimals, inside what a diagram may measure.
std::string number(double value) {
  if (!std::isfinite(value)) value = 0;
  const long hundredths = std::lround(std::clamp(value, -base::limits::kDiagramSide, base::limits::kDiagramSide) * 100);
  std::string out = std::to_string(std::abs(hundredths) / 100);
  if (const long rest = std::abs(hundredths) % 100; rest != 0) {
    out += rest < 10 ? ".0" : ".";
    out += std::to_string(rest % 10 == 0 && rest >= 10 ? rest / 10 : rest);
  }
  return hundredths < 0 ? "-" + out : out;
}

std::string clean(const std::string& text) {  // what XML 1.0 cannot hold is left out
  std::string out;
  for (const char32_t c : base::to_utf32(text))
    if (c == U'\n' || c == U'\t' || (c >= U' ' && c != 0xfffe && c != 0xffff)) base::append_utf8(out, c);
  return out;
}

class PageWriter {
 public:
  PageWriter(const PagePlan& plan, const std::unordered_map<std::string, std::string>& called, const std::string& title) : plan_(plan), called_(called), title_(title) {}

  void definitions(Xml& root) {
    for (const Element& e : plan_.elements) {  // a group has its name from a category (BPMN 2.0.2 section 8.4.1)
      if (e.gone || e.kind != Kind::group || e.name.empty()) continue;
      Xml* category = add(root, "bpmn", "category");
      category->set_attribute("id", "Kategori_" + e.id);
      Xml* value = add(*category, "bpmn", "categoryValue");
      value->set_attribute("id", "Vaerdi_" + e.id);
      value->set_attribute("value", clean(e.name));
    }
    pools_ = std::ranges::any_of(plan_.elements, [](const Element& e) { return !e.gone && e.kind == Kind::pool; });
    if (pools_) collaboration(root);
    else process(root, -1);
  }

  void diagram(Xml& root) const {
    const std::string page = "p" + std::to_string(plan_.number);
    Xml* diagram = add(root, "bpmndi", "BPMNDiagram");
    diagram->set_attribute("id", "Diagram_" + page);
    diagram->set_attribute("name", clean(plan_.page->name));
    Xml* plane = add(*diagram, "bpmndi", "BPMNPlane");
    plane->set_attribute("id", "Plane_" + page);
    plane->set_attribute("bpmnElement", plane_);
    for (const Kind first : {Kind::pool, Kind::lane, Kind::sub_process})  // what holds others is drawn under them
      for (const Element& e : plan_.elements)
        if (!e.gone && e.kind == first) shape(*plane, e);
    for (const Element& e : plan_.elements)
      if (!e.gone && e.kind != Kind::pool && e.kind != Kind::lane && e.kind != Kind::sub_process && e.kind != Kind::boundary_event) shape(*plane, e);
    for (const Element& e : plan_.elements)
      if (!e.gone && e.kind == Kind::boundary_event) shape(*plane, e);
    for (const Connection& c : plan_.connections) edge(*plane, c);
  }

 private:
  const Element& at(int i) const { return plan_.elements[static_cast<std::size_t>(i)]; }

  void collaboration(Xml& root) {
    plane_ = "Samarbejde_p" + std::to_string(plan_.number);
    Xml* all = add(root, "bpmn", "collaboration");
    all->set_attribute("id", plane_);
    std::vector<int> with_process;
    for (std::size_t i = 0; i < plan_.elements.size(); ++i) {
      const Element& e = plan_.elements[i];
      if (e.gone || e.kind != Kind::pool) continue;
      Xml* participant = add(*all, "bpmn", "participant");
      participant->set_attribute("id", e.id);
      participant->set_attribute("name", clean(e.name.empty() && e.reason == Reason::made_pool ? title_ : e.name));
      const bool holds = std::ranges::any_of(plan_.elements, [&](const Element& m) { return !m.gone && m.pool == static_cast<int>(i) && m.kind != Kind::pool && m.kind != Kind::annotation && m.kind != Kind::group; });
      if (!holds) continue;  // a black box
      participant->set_attribute("processRef", process_id(plan_, static_cast<int>(i)));
      with_process.push_back(static_cast<int>(i));
    }
    for (const Connection& c : plan_.connections) {
      if (c.kind != Kind::message_flow) continue;
      Xml* flow = add(*all, "bpmn", "messageFlow");
      flow->set_attribute("id", c.id);
      ends(*flow, c);
    }
    for (const Element& e : plan_.elements)
      if (outside(e)) artifact(*all, e);
    for (const Connection& c : plan_.connections)
      if (c.kind == Kind::association && scope_pool(c) < 0) association(*all, c);
    for (const int pool : with_process) process(root, pool);
  }

  // Annotations and frames that belong to no process on a page of pools.
  bool outside(const Element& e) const {
    if (!pools_ || e.gone || family(e.kind) != Family::artifact) return false;
    return e.pool < 0 || !std::ranges::any_of(plan_.elements, [&](const Element& m) { return !m.gone && m.pool == e.pool && m.kind != Kind::pool && family(m.kind) != Family::artifact; });
  }
  int scope_pool(const Connection& c) const {
    for (const int end : {c.source, c.target})
      if (!outside(at(end)) && at(end).kind != Kind::pool) return at(end).pool;
    return -1;
  }

  void ends(Xml& xml, const Connection& c) const {
    if (!c.name.empty()) xml.set_attribute("name", clean(c.name));
    xml.set_attribute("sourceRef", at(c.source).id);
    xml.set_attribute("targetRef", at(c.target).id);
  }

  void process(Xml& root, int pool) {
    Xml* process = add(root, "bpmn", "process");
    const std::string id = process_id(plan_, pool);
    if (pool < 0) plane_ = id;
    process->set_attribute("id", id);
    process->set_attribute("name", clean(pool >= 0 && !at(pool).name.empty() ? at(pool).name : title_));
    process->set_attribute("isExecutable", "false");
    if (pool >= 0) properties(*process, at(pool));
    lanes(*process, pool, -1);
    scope(*process, pool, -1);
  }

  void lanes(Xml& parent, int pool, int around) const {
    Xml* set = nullptr;
    for (std::size_t i = 0; i < plan_.elements.size(); ++i) {
      const Element& e = plan_.elements[i];
      if (e.gone || e.kind != Kind::lane || e.pool != pool || e.parent != around) continue;
      if (set == nullptr) {
        set = add(parent, "bpmn", around < 0 ? "laneSet" : "childLaneSet");
        set->set_attribute("id", "Baner_" + e.id);
      }
      Xml* lane = add(*set, "bpmn", "lane");
      lane->set_attribute("id", e.id);
      lane->set_attribute("name", clean(e.name));
      for (const Element& node : plan_.elements)
        if (!node.gone && node.lane == static_cast<int>(i) && node.parent < 0 && is_node(node)) add_text(*lane, "bpmn", "flowNodeRef", node.id);
      lanes(*lane, pool, static_cast<int>(i));
    }
  }

  // What stands directly in the process (parent -1) or in a sub-process, and the flows whose two ends share that place.
  void scope(Xml& xml, int pool, int parent) const {
    for (std::size_t i = 0; i < plan_.elements.size(); ++i) {
      const Element& e = plan_.elements[i];
      if (e.gone || e.pool != pool || e.parent != parent) continue;
      if (is_node(e)) node(xml, static_cast<int>(i));
      else if (family(e.kind) == Family::data) data(xml, e);
    }
    for (const Connection& c : plan_.connections) {
      if (c.kind != Kind::sequence_flow || at(c.source).pool != pool || common_parent(c) != parent) continue;
      Xml* flow = add(xml, "bpmn", "sequenceFlow");
      flow->set_attribute("id", c.id);
      ends(*flow, c);
    }
    for (const Element& e : plan_.elements)
      if (!e.gone && family(e.kind) == Family::artifact && e.pool == pool && e.parent == parent && !outside(e)) artifact(xml, e);
    for (const Connection& c : plan_.connections)
      if (c.kind == Kind::association && common_parent(c) == parent && (pools_ ? scope_pool(c) : -1) == pool) association(xml, c);
  }

  int common_parent(const Connection& c) const {
    for (int up = at(c.source).parent, steps = 0; up >= 0 && steps < 100; up = at(up).parent, ++steps)
      for (int other = at(c.target).parent, more = 0; other >= 0 && more < 100; other = at(other).parent, ++more)
        if (up == other) return up;
    return -1;
  }

  void node(Xml& parent, int index) const {
    const Element& e = at(index);
    Xml* xml = add(parent, "bpmn", xml_name(e.kind));
    xml->set_attribute("id", e.id);
    if (!e.name.empty()) xml->set_attribute("name", clean(e.name));
    if (e.kind == Kind::boundary_event) {
      xml->set_attribute("attachedToRef", at(e.attached).id);
      if (!e.interrupting) xml->set_attribute("cancelActivity", "false");
    }
    if (e.kind == Kind::start_event && !e.interrupting) xml->set_attribute("isInterrupting", "false");
    if (e.default_flow >= 0) xml->set_attribute("default", plan_.connections[static_cast<std::size_t>(e.default_flow)].id);
    properties(*xml, e);
    for (const Connection& c : plan_.connections)
      if (c.kind == Kind::sequence_flow && c.target == index) add_text(*xml, "bpmn", "incoming", c.id);
    for (const Connection& c : plan_.connections)
      if (c.kind == Kind::sequence_flow && c.source == index) add_text(*xml, "bpmn", "outgoing", c.id);
    if (family(e.kind) == Family::event && *kTriggerXml[trigger_index(e)] != 0) {
      Xml* definition = add(*xml, "bpmn", kTriggerXml[trigger_index(e)]);
      definition->set_attribute("id", "Udloeser_" + e.id);
      if (e.trigger == bpmn::EventKind::link) definition->set_attribute("name", clean(e.name.empty() ? e.id : e.name));
    }
    if (e.loop == "standard") add(*xml, "bpmn", "standardLoopCharacteristics");
    else if (!e.loop.empty()) add(*xml, "bpmn", "multiInstanceLoopCharacteristics")->set_attribute("isSequential", e.loop == "sequential" ? "true" : "false");
    if (e.kind == Kind::sub_process) scope(*xml, e.pool, index);
  }

  static std::size_t trigger_index(const Element& e) {
    using bpmn::EventKind;
    switch (e.trigger) {
      case EventKind::message: return 1;
      case EventKind::timer: return 2;
      case EventKind::error: return 3;
      case EventKind::escalation: return 4;
      case EventKind::signal: return 5;
      case EventKind::conditional: return 6;
      case EventKind::compensation: return 7;
      case EventKind::cancel: return 8;
      case EventKind::link: return 9;
      case EventKind::terminate: return 10;
      default: return 0;
    }
  }

  // What the drawing says beyond BPMN: KLA codes, law, links, what is called.
  void properties(Xml& xml, const Element& e) const {
    const auto found = called_.find(base::lower(e.called_page));
    const bool calls = e.kind == Kind::call_activity && !e.called_page.empty() && found != called_.end();
    if (e.kla.empty() && e.law.empty() && e.links.empty() && !calls) return;
    Xml* extension = add(xml, "bpmn", "extensionElements");
    if (calls) add(*extension, "zeebe", "calledElement")->set_attribute("processId", found->second);
    if (e.kla.empty() && e.law.empty() && e.links.empty()) return;
    Xml* list = add(*extension, "zeebe", "properties");
    const auto put = [&](const char* name, const std::vector<std::string>& values) {
      for (const std::string& value : values) {
        Xml* property = add(*list, "zeebe", "property");
        property->set_attribute("name", name);
        property->set_attribute("value", clean(value));
      }
    };
    put("kla", e.kla);
    put("lov", e.law);
    put("link", e.links);
  }

  void data(Xml& parent, const Element& e) const {
    if (e.kind == Kind::data_object) add(parent, "bpmn", "dataObject")->set_attribute("id", "Objekt_" + e.id);
    Xml* xml = add(parent, "bpmn", xml_name(e.kind));
    xml->set_attribute("id", e.id);
    if (!e.name.empty()) xml->set_attribute("name", clean(e.name));
    if (e.kind == Kind::data_object) xml->set_attribute("dataObjectRef", "Objekt_" + e.id);
    properties(*xml, e);
  }

  void artifact(Xml& parent, const Element& e) const {
    Xml* xml = add(parent, "bpmn", xml_name(e.kind));
    xml->set_attribute("id", e.id);
    if (e.kind == Kind::group && !e.name.empty()) xml->set_attribute("categoryValueRef", "Vaerdi_" + e.id);
    properties(*xml, e);
    if (e.kind == Kind::annotation) add_text(*xml, "bpmn", "text", clean(e.name));
  }

  void association(Xml& parent, const Connection& c) const {
    Xml* xml = add(parent, "bpmn", "association");
    xml->set_attribute("id", c.id);
    xml->set_attribute("sourceRef", at(c.source).id);
    xml->set_attribute("targetRef", at(c.target).id);
  }

  static void shape(Xml& plane, const Element& e) {
    Xml* xml = add(plane, "bpmndi", "BPMNShape");
    xml->set_attribute("id", "Figur_" + e.id);
    xml->set_attribute("bpmnElement", e.id);
    if (family(e.kind) == Family::area) xml->set_attribute("isHorizontal", e.vertical ? "false" : "true");
    if (e.kind == Kind::sub_process) xml->set_attribute("isExpanded", "true");
    if (e.kind == Kind::exclusive_gateway) xml->set_attribute("isMarkerVisible", "true");
    Xml* bounds = add(*xml, "dc", "Bounds");
    bounds->set_attribute("x", number(e.box.x));
    bounds->set_attribute("y", number(e.box.y));
    bounds->set_attribute("width", number(std::max(e.box.width, 1.0)));
    bounds->set_attribute("height", number(std::max(e.box.height, 1.0)));
  }

  static void edge(Xml& plane, const Connection& c) {
    Xml* xml = add(plane, "bpmndi", "BPMNEdge");
    xml->set_attribute("id", "Streg_" + c.id);
    xml->set_attribute("bpmnElement", c.id);
    for (const Point& p : c.route) {
      Xml* point = add(*xml, "di", "waypoint");
      point->set_attribute("x", number(p.x));
      point->set_attribute("y", number(p.y));
    }
  }

  const PagePlan& plan_;
  const std::unordered_map<std::string, std::string>& called_;
  std::string title_, plane_;
  bool pools_ = false;
};

}  // namespace

bool has_content(const PagePlan& plan) {
  return std::ranges::any_of(plan.elements, [](const Element& e) { return is_node(e); });
}

std::string process_id(const PagePlan& plan, int pool) {
  return "Proces_p" + std::to_string(plan.number) + (pool < 0 ? "" : "_" + plan.elements[static_cast<std::size_t>(pool)].id);
}

std::string build_bpmn(const std::vector<PagePlan>& pages, const std::string& title) {
  bpmn::Model model;
  model.document.root = std::make_unique<Xml>();
  Xml& root = *model.document.root;
  root.prefix = "bpmn";
  root.local = "definitions";
  root.ns = bpmn::kBpmnNs;
  root.namespaces = {{"bpmn", std::string(bpmn::kBpmnNs)}, {"bpmndi", std::string(bpmn::kBpmnDiNs)}, {"dc", std::string(bpmn::kDcNs)}, {"di", std::string(bpmn::kDiNs)}, {"zeebe", std::string(bpmn::kZeebeNs)}};
  root.set_attribute("id", "Definitioner");
  root.set_attribute("targetNamespace", "urn:sagsgang:visio");
  root.set_attribute("exporter", "Sagsgang (Visio)");
  std::size_t with_content = 0;
  std::unordered_map<std::string, std::string> called;  // a page's name → the process it became
  for (const PagePlan& page : pages) {
    if (!has_content(page)) continue;
    ++with_content;
    int pool = -1;
    for (const Element& e : page.elements)
      if (!e.gone && is_node(e)) {
        pool = e.pool;
        break;
      }
    for (const std::string& name : {page.page->name, page.page->name_u})
      if (!name.empty()) called.emplace(base::lower(name), process_id(page, pool));
  }
  std::vector<PageWriter> writers;
  for (const PagePlan& page : pages)
    if (has_content(page)) writers.emplace_back(page, called, with_content > 1 || title.empty() ? page.page->name : title);
  for (PageWriter& writer : writers) writer.definitions(root);
  for (PageWriter& writer : writers) writer.diagram(root);
  return bpmn::write(model);
}

}  // namespace bank::visio
