#include "bank/imports/settle.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "bank/imports/diagram_tree.h"
#include "base/limits_imports.h"
#include "base/text.h"

namespace bank::imports {
namespace {

using base::ErrorCode;
using bpmn::Bounds;
using bpmn::Point;
using base::Status;
using Family = KindInfo::Family;

constexpr std::string_view kActions[] = {"accept", "kind", "name", "reverse", "connect", "remove"};

base::Error conflict(std::string message, const std::string& element, std::string remedy) { return {ErrorCode::conflict, std::move(message), {.element = element}, std::move(remedy)}; }

const KindInfo* kind_of(std::string_view value) {
  const auto found = std::ranges::find(kinds(), value, &KindInfo::value);
  return found == kinds().end() ? nullptr : &*found;
}

const KindInfo* kind_of(const Xml& e) {  // the plain one of the element: its family and size
  const auto found = std::ranges::find(kinds(), std::string_view(e.local), &KindInfo::xml);
  return e.ns != bpmn::kBpmnNs || found == kinds().end() ? nullptr : &*found;
}

bool holds_steps(const Xml& e) { return std::ranges::any_of(e.elements(), [](const Xml* c) { return is_flow_node(*c); }); }

bool is_node(Family family) { return family == Family::activity || family == Family::event || family == Family::gateway; }

std::string ref(const Xml& e, const char* attribute) { return std::string(bpmn::local_part(e.attribute_or(attribute, ""))); }

void drop_children(Xml& e, const std::function<bool(const Xml&)>& which) {
  std::erase_if(e.children, [&](const base::xml::Node& node) { return node.element && node.element->ns == bpmn::kBpmnNs && which(*node.element); });
}

void drop_attribute(Xml& e, std::string_view local) {
  std::erase_if(e.attributes, [&](const base::xml::Attribute& a) { return a.ns.empty() && a.local == local; });
}

void set_text(DiagramTree& tree, Xml& note, const std::string& words) {
  drop_children(note, [](const Xml& c) { return c.local == "text"; });
  Xml* text = tree.add(note, "text");
  text->children.push_back({base::xml::Node::Kind::text, words, nullptr});
}

std::string name_of(const Xml& e) {
  if (e.local != "textAnnotation") return e.attribute_or("name", "");
  const Xml* text = e.child(bpmn::kBpmnNs, "text");
  return text == nullptr ? std::string() : text->text();
}

Status set_name(DiagramTree& tree, Xml& e, const std::string& words) {
  if (e.local == "textAnnotation") {
    set_text(tree, e, words);
  } else if (e.local == "group") {  // BPMN 2.0.2 section 8.4.1: its name is a category's
    Xml* value = tree.element(ref(e, "categoryValueRef"));
    if (value == nullptr) return std::unexpected(conflict("the group has no category to carry a name", *e.attribute("id"), "remove the group"));
    value->set_attribute("value", words);
  } else if (e.local == "association") {
    return std::unexpected(conflict("an association has no name in BPMN", *e.attribute("id"), "accept or remove it"));
  } else {
    e.set_attribute("name", words);
  }
  return {};
}

bool has_sequence_flow(const DiagramTree& tree, const std::string& id, const char* end) {
  return std::ranges::any_of(tree.lines_of(id), [&](const Xml* line) { return line->local == "sequenceFlow" && ref(*line, end) == id; });
}

// A start has no way in, an end none out, and what is no step has neither (BPMN 2.0.2, table 7.3).
Status flows_fit(const DiagramTree& tree, const std::string& id, const KindInfo& to) {
  const bool in = has_sequence_flow(tree, id, "targetRef"), out = has_sequence_flow(tree, id, "sourceRef");
  if (in && (to.xml == "startEvent" || !is_node(to.family))) return std::unexpected(conflict("a flow leads to it: that cannot become " + std::string(to.value), id, "turn or remove the flow first"));
  if (out && (to.xml == "endEvent" || !is_node(to.family))) return std::unexpected(conflict("a flow leads from it: that cannot become " + std::string(to.value), id, "turn or remove the flow first"));
  return {};
}

void resize(DiagramTree& tree, const std::string& id, const KindInfo& to) {
  const Bounds old = tree.bounds(id);
  if (old.width <= 0) return;
  const Bounds now{old.x + (old.width - to.width) / 2, old.y + (old.height - to.height) / 2, to.width, to.height};
  tree.set_bounds(id, now);
  for (const Xml* line : tree.lines_of(id)) {
    auto points = tree.waypoints(*line->attribute("id"));
    if (points.size() < 2) continue;
    if (ref(*line, "sourceRef") == id) points.front() = border_point(now, points[1]);
    if (ref(*line, "targetRef") == id) points.back() = border_point(now, points[points.size() - 2]);
    tree.set_waypoints(*line->attribute("id"), points);
  }
}

Status change_kind(DiagramTree& tree, Xml& e, const std::string& id, const KindInfo& to) {
  const KindInfo* from = kind_of(e);
  if (from == nullptr || holds_steps(e)) return std::unexpected(conflict("a " + e.local + " stays what it is", id, "remove it, or draw on in the draft"));
  TRY_VOID(flows_fit(tree, id, to));
  const std::string words = name_of(e);
  if (to.family != Family::note && tree.process(e) == nullptr) {  // a remark may lie outside every process
    const Bounds b = tree.bounds(id);
    Xml* home = tree.process_at({b.x + b.width / 2, b.y + b.height / 2});
    if (home == nullptr) return std::unexpected(conflict("it lies outside every pool: no process can hold it", id, "draw on in the draft"));
    tree.move(e, *home);
  }
  drop_children(e, [&](const Xml& c) {
    return c.local.ends_with("EventDefinition") || c.local == "text" || (to.family != Family::activity && c.local.ends_with("LoopCharacteristics"));
  });
  if (!is_node(to.family)) drop_children(e, [](const Xml& c) { return c.local == "incoming" || c.local == "outgoing"; });
  if (to.family != Family::activity && to.family != Family::gateway) drop_attribute(e, "default");
  if (const std::string object = ref(e, "dataObjectRef"); !object.empty()) {
    drop_attribute(e, "dataObjectRef");
    tree.erase(object);
  }
  e.local = to.xml;
  if (to.family == Family::note) {
    drop_attribute(e, "name");
    set_text(tree, e, words);
  } else if (!words.empty()) {
    e.set_attribute("name", words);
  }
  if (!to.definition.empty()) {
    Xml* definition = tree.add(e, to.definition);
    definition->set_attribute("id", "Haendelse_" + id);
    if (to.definition == "linkEventDefinition") definition->set_attribute("name", words.empty() ? id : words);
  }
  if (to.xml == "dataObjectReference") {
    Xml* object = tree.add(*tree.scope(e), "dataObject");
    object->set_attribute("id", "Objekt_" + id);
    e.set_attribute("dataObjectRef", "Objekt_" + id);
  }
  if (is_node(to.family) != is_node(from->family)) {
    tree.leave_lanes(id);
    if (is_node(to.family)) tree.join_lane(id);
  }
  if (to.family != from->family) resize(tree, id, to);
  return {};
}

Status fits_direction(const DiagramTree& tree, const std::string& source, const std::string& target) {
  const Xml *from = tree.element(source), *to = tree.element(target);
  if (from->local == "endEvent") return std::unexpected(conflict("no flow leads from an end", source, "choose another end of the line, or make it something else first"));
  if (to->local == "startEvent" || to->local == "boundaryEvent") return std::unexpected(conflict("no flow leads to a " + std::string(to->local), target, "choose another end of the line, or make it something else first"));
  return {};
}

Status reverse(DiagramTree& tree, Xml& line, const std::string& id) {
  const std::string source = ref(line, "sourceRef"), target = ref(line, "targetRef");
  if (line.local == "sequenceFlow") TRY_VOID(fits_direction(tree, target, source));
  tree.unlink(id);
  if (Xml* from = tree.element(source); from != nullptr && from->attribute_or("default", "") == id) drop_attribute(*from, "default");
  line.set_attribute("sourceRef", target);
  line.set_attribute("targetRef", source);
  tree.link(id);
  auto points = tree.waypoints(id);
  std::ranges::reverse(points);
  tree.set_waypoints(id, points);
  return {};
}

// The element that a line between the two is, and what holds it.
base::Result<std::pair<std::string_view, Xml*>> line_between(DiagramTree& tree, const std::string& from, const std::string& to) {
  Xml *a = tree.element(from), *b = tree.element(to);
  const auto pool = [](const Xml& e) { return e.ns == bpmn::kBpmnNs && e.local == "participant"; };
  for (const auto& [id, e] : {std::pair<const std::string&, const Xml*>{from, a}, {to, b}})
    if (e == nullptr || (!is_flow_node(*e) && !pool(*e) && kind_of(*e) == nullptr)) return base::fail(ErrorCode::invalid_argument, "'" + id.substr(0, 100) + "' is no element that a line can lead to", {}, "the id of a step, a document, a remark or a pool");
  if (from == to) return std::unexpected(conflict("both ends are the same element", from, "choose two"));
  const bool flow = (is_flow_node(*a) || pool(*a)) && (is_flow_node(*b) || pool(*b));
  if (!flow) {
    Xml* home = tree.process(*a) != nullptr ? tree.scope(*a) : tree.process(*b) != nullptr ? tree.scope(*b) : tree.parent(*a);
    return std::pair<std::string_view, Xml*>{"association", home};
  }
  if (pool(*a) || pool(*b) || tree.process(*a) != tree.process(*b)) {
    Xml* together = tree.collaboration(from);
    if (together == nullptr) return std::unexpected(conflict("the two lie in different processes without pools", from, "choose two of the same page"));
    return std::pair<std::string_view, Xml*>{"messageFlow", together};
  }
  TRY_VOID(fits_direction(tree, from, to));
  if (tree.scope(*a) != tree.scope(*b)) return std::unexpected(conflict("a flow does not cross the border of a sub-process", from, "let it lead to the sub-process itself"));
  return std::pair<std::string_view, Xml*>{"sequenceFlow", tree.scope(*a)};
}

Status connect(DiagramTree& tree, const visio::Row& row, const Decision& d) {
  TRY(const auto what, line_between(tree, d.from, d.to));
  if (what.second == nullptr) return std::unexpected(conflict("nothing holds both ends", d.from, "draw on in the draft"));
  Xml* plane = tree.plane(d.from);
  if (plane == nullptr || plane != tree.plane(d.to)) return std::unexpected(conflict("the two are not on the same page", d.from, "choose two of the same page"));
  const std::string id = row.element.empty() ? "Pil_r" + std::to_string(d.row) : row.element;
  std::string words = base::trim(row.name).empty() ? "" : row.name;
  if (const Xml* old = tree.element(id)) {
    words = name_of(*old);
    tree.erase(id);
  }
  Xml* line = tree.add(*what.second, what.first);
  line->set_attribute("id", id);
  if (!words.empty() && what.first != "association") line->set_attribute("name", words);
  line->set_attribute("sourceRef", d.from);
  line->set_attribute("targetRef", d.to);
  tree.add_edge(*plane, id, straight_route(tree.bounds(d.from), tree.bounds(d.to)));
  tree.link(id);
  return {};
}

Status remove(DiagramTree& tree, const Xml& e, const std::string& id) {
  if ((!is_bpmn_line(e) && kind_of(e) == nullptr && e.local != "group" && e.local != "boundaryEvent") || holds_steps(e)) return std::unexpected(conflict("a " + e.local + " with what is in it is not removed here", id, "draw on in the draft"));
  std::vector<std::string> gone;
  for (const Xml* line : tree.lines_of(id)) gone.push_back(*line->attribute("id"));
  for (const std::string& event : tree.attached_to(id)) {
    for (const Xml* line : tree.lines_of(event)) gone.push_back(*line->attribute("id"));
    gone.push_back(event);
  }
  if (const std::string object = ref(e, "dataObjectRef"); !object.empty()) gone.push_back(object);
  gone.push_back(id);
  for (const std::string& one : gone) tree.erase(one);
  return {};
}

Status apply(DiagramTree& tree, const std::vector<visio::Row>& rows, const Decision& d) {
  if (d.row >= rows.size()) return base::fail(ErrorCode::invalid_argument, "the report has no row " + std::to_string(d.row), {.pointer = "/row"});
  const visio::Row& row = rows[d.row];
  if (d.action == Action::accept) return {};
  if (d.action == Action::connect) return is_line(row) ? connect(tree, row, d) : base::fail(ErrorCode::invalid_argument, "the row is no line", {.element = row.element}, "connect is for lines");
  Xml* e = row.element.empty() ? nullptr : tree.element(row.element);
  if (e == nullptr) return std::unexpected(conflict("the row has no element in the diagram", row.element, "accept it, or connect it where it is a line"));
  switch (d.action) {
    case Action::name: return set_name(tree, *e, d.value);
    case Action::reverse: return is_bpmn_line(*e) ? reverse(tree, *e, row.element) : base::fail(ErrorCode::invalid_argument, "only a line has a direction", {.element = row.element});
    case Action::remove: return remove(tree, *e, row.element);
    case Action::kind: {
      const KindInfo* to = kind_of(d.value);
      std::vector<std::string> known;
      for (const KindInfo& one : kinds()) known.emplace_back(one.value);
      if (to == nullptr) return base::fail(ErrorCode::invalid_argument, "'" + d.value.substr(0, 100) + "' is no kind of element", {.pointer = "/value"}, base::nearest(d.value, known));
      return change_kind(tree, *e, row.element, *to);
    }
    default: return {};
  }
}

}  // namespace

const std::vector<KindInfo>& kinds() {
  static const std::vector<KindInfo> all = {
#define SETTLED(value, xml, definition, family, width, height, danish) {#value, xml, definition, Family::family, width, height, danish},
#include "bank/imports/kinds.def"
#undef SETTLED
  };
  return all;
}

bool is_line(const visio::Row& row) {
  static constexpr std::string_view kLines[] = {"flow", "sequence_flow", "message_flow", "association", "sequenceFlow", "messageFlow"};
  return std::ranges::find(kLines, row.type) != std::end(kLines);
}

bool asks(const visio::Row& row) {
  if (row.verdict == visio::Verdict::guessed) return true;
  return row.verdict == visio::Verdict::refused && (row.reason == "loose_line" || row.reason == "loose_end" || row.reason == "no_flow_end");
}

base::Json Decision::json() const {
  base::Json out = base::Json::Object{{"row", static_cast<std::int64_t>(row)}, {"action", kActions[static_cast<std::size_t>(action)]}};
  if (action == Action::kind || action == Action::name) out.set("value", value);
  if (action == Action::connect) out.set("from", from).set("to", to);
  out.set("by", by).set("at", at);
  return out;
}

base::Result<Decision> decision(const base::Json& j) {
  const auto* action = std::ranges::find(kActions, j["action"].string_or(""));
  if (action == std::end(kActions)) return base::fail(ErrorCode::invalid_argument, "no such action", {.pointer = "/action"}, "accept, kind, name, reverse, connect or remove");
  Decision out{static_cast<std::size_t>(std::max<std::int64_t>(0, j["row"].int_or(0))), static_cast<Action>(action - std::begin(kActions)), j["value"].string_or(""), j["from"].string_or(""), j["to"].string_or(""),
               j["by"].string_or(""), j["at"].int_or(0)};
  if (out.value.size() > base::limits::kImportNameBytes) return base::fail(ErrorCode::invalid_argument, "the words are longer than base::limits::kImportNameBytes", {.pointer = "/value"});
  for (const char c : out.value)
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') return base::fail(ErrorCode::invalid_argument, "the words hold a control character", {.pointer = "/value"});
  return out;
}

base::Result<std::string> settle(std::string_view bpmn, const std::vector<visio::Row>& rows, const std::vector<Decision>& decisions) {
  if (std::ranges::all_of(decisions, [](const Decision& d) { return d.action == Action::accept; })) return std::string(bpmn);
  TRY(auto document, base::xml::parse(bpmn, "proces.bpmn"));
  DiagramTree tree(std::move(document));
  for (const Decision& d : decisions) TRY_VOID(apply(tree, rows, d));
  std::string out = tree.write();
  if (const auto model = bpmn::read(out, "proces.bpmn"); !model) return std::unexpected(model.error());
  return out;
}

}  // namespace bank::imports
