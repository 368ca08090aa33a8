// One function per kind of shape (BPMN 2.0.2 section 7.3 and the notation of each element's chapter).
#include <algorithm>
#include <cmath>

#include "bpmn/draw/painter.h"

namespace bpmn::draw {
namespace {

using base::xml::Element;
constexpr double kHeader = 30;  // of pools and lanes
constexpr double kIconFoot = 24;  // below a task's icon

Style line(Colour stroke, Colour fill, double width, std::vector<double> dash = {}) {
  Style style;
  style.stroke = stroke, style.fill = fill, style.width = width, style.dash = std::move(dash);
  style.fill_opacity = 0.95;
  return style;
}
Bounds inset(const Bounds& b, double by) { return {b.x + by, b.y + by, b.width - 2 * by, b.height - 2 * by}; }
void box(Scene& scene, const Bounds& b, double radius, Style style) {
  scene.add(Path().rect(b.x, b.y, b.width, b.height, radius), std::move(style));
}

}  // namespace

void Painter::shape(const Shape& shape) {
  const Element* element = facts_.find(shape.element);
  const Look look = this->look(shape.element, shape.stroke, shape.fill);
  scene_.open(shape.element, "shape", title_of(element, shape.element));
  if (const Node* typed = element ? facts_.node(*element) : nullptr) node(shape, *typed, look);
  else if (!element) unknown(shape, nullptr, look);
  else if (rules::is(*element, "participant")) participant(shape, *element, look);
  else if (rules::is(*element, "lane")) lane(shape, *element, look);
  else if (rules::is_item_aware(*element)) data(shape, *element, look);
  else if (rules::is(*element, "textAnnotation")) annotation(shape, *element, look);
  else if (rules::is(*element, "group")) group(shape, look);
  else if (rules::is(*element, "message")) envelope(scene_, shape.bounds, false, look.stroke, look.fill);
  else if (rules::is_choreography_activity(*element)) choreography(shape, *element, look);
  else if (rules::is_conversation_node(*element)) conversation(shape, *element, look);
  else unknown(shape, element, look);
  scene_.close();
}

void Painter::node(const Shape& shape, const Node& node, const Look& look) {
  if (rules::is_event(*node.xml)) event(shape, node, look);
  else if (rules::is_gateway(*node.xml)) gateway(shape, node, look);
  else activity(shape, node, look);
}

// 10.3: rounded box; thick for calls, double for transactions, dotted for event sub-processes.
void Painter::activity(const Shape& shape, const Node& node, const Look& look) {
  const Bounds& b = shape.bounds;
  const bool container = rules::is_sub_process(*node.xml);
  const bool open = shape.expanded && (container || node.type == ElementType::call_activity);
  const double width = (node.type == ElementType::call_activity ? 5 : 2) + look.extra;
  box(scene_, b, 10, line(look.stroke, look.fill, width,
                          node.type == ElementType::event_sub_process ? std::vector<double>{1, 4} : std::vector<double>{}));
  if (node.type == ElementType::transaction) box(scene_, inset(b, 3), 8, line(look.stroke, kNone, 1.5));
  if (rules::is_task(*node.xml)) task_icon(scene_, node, b.x + 5, b.y + 5, look.stroke, look.fill);
  if (node.type == ElementType::event_sub_process && !open) {
    for (const Node& inner : facts_.model.nodes)
      if (inner.parent >= 0 && &facts_.model.nodes[static_cast<std::size_t>(inner.parent)] == &node && !inner.events.empty())
        event_icon(scene_, inner.events.front().kind, false, {b.x + 3, b.y + 3, 24, 24}, look.stroke, look.fill);
  }
  const bool collapsed = !open && (container || node.type == ElementType::call_activity);
  const Element* called = facts_.target(*node.xml, "calledElement");
  const bool plus = collapsed && !(called && rules::is_global_task(*called));  // a called global task is drawn as a task
  activity_markers(scene_, node, b, plus, look.stroke, look.fill);
  if (open) {
    lines(scene_, wrap(node.name, b.width - 20, kFont), b.x + b.width / 2, b.y + 6, kFont, look.text);
  } else {
    const bool marks = plus || node.loop || node.for_compensation || node.type == ElementType::ad_hoc_sub_process;
    const double foot = marks && b.height < 100 ? 12 : 0;
    const bool plain = node.type == ElementType::task || container;
    const double side = plain ? 6 : 10;  // keeps clear of the icon, or of the thick line of a call
    Bounds room{b.x + side, b.y + 5, b.width - 2 * side, b.height - 10 - foot};
    // A name that would reach up beside the icon stands below it where there is room.
    const double block = static_cast<double>(wrap(node.name, room.width, kFont).size()) * kFont * kLineHeight, below = b.height - kIconFoot - 3 - foot;
    const bool icon = !plain && node.type != ElementType::call_activity;
    if (icon && block <= below && (room.height - block) / 2 + 5 < kIconFoot) room = {room.x, b.y + kIconFoot, room.width, below};
    text_in_box(scene_, node.name, room, kFont, look.text);
  }
}

// 10.5: thin circle = start, double = intermediate, thick = end; dashed = does not interrupt.
void Painter::event(const Shape& shape, const Node& node, const Look& look) {
  const Bounds& b = shape.bounds;
  const double r = std::min(b.width, b.height) / 2, cx = b.x + b.width / 2, cy = b.y + b.height / 2;
  const bool start = node.type == ElementType::start_event, end = node.type == ElementType::end_event;
  const bool boundary = node.type == ElementType::boundary_event;
  const bool inside_event_sub_process =
      start && node.parent >= 0 &&
      facts_.model.nodes[static_cast<std::size_t>(node.parent)].type == ElementType::event_sub_process;
  std::vector<double> dash;
  if (!node.interrupting && (boundary || inside_event_sub_process)) dash = {6, 3};
  const double width = (end ? 4 : start ? 2 : 1.5) + look.extra;
  const double edge = end ? 1 : 0;  // a thick line stays inside the bounds
  scene_.add(Path().circle(cx, cy, r - edge), line(look.stroke, look.fill, width, dash));
  if (!start && !end) scene_.add(Path().circle(cx, cy, r - 3.5), line(look.stroke, kNone, width, dash));
  const EventKind kind = node.events.empty()       ? EventKind::none
                         : node.events.size() == 1 ? node.events.front().kind
                         : node.parallel_multiple  ? EventKind::parallel_multiple
                                                   : EventKind::multiple;
  const bool thrown = end || node.type == ElementType::intermediate_throw_event;
  event_icon(scene_, kind, thrown, {cx - r, cy - r, 2 * r, 2 * r}, look.stroke, look.fill);
}

void Painter::gateway(const Shape& shape, const Node& node, const Look& look) {
  const Bounds& b = shape.bounds;
  const double cx = b.x + b.width / 2, cy = b.y + b.height / 2;
  scene_.add(Path().move(cx, b.y).line(b.x + b.width, cy).line(cx, b.y + b.height).line(b.x, cy).close(),
             line(look.stroke, look.fill, 2 + look.extra));
  gateway_icon(scene_, node, b, look.stroke, shape.marker);
}

// 9.3: a pool; one without a process is a black box and has its name in the middle.
void Painter::participant(const Shape& shape, const Element& element, const Look& look) {
  const Bounds& b = shape.bounds;
  if (!shape.choreography_band.empty()) {
    const bool initiates = shape.choreography_band.find("non_initiating") == std::string::npos;
    box(scene_, b, 4, line(look.stroke, initiates ? look.fill : mixed(look.stroke, kWhite, 0.25), 1.5));
    return text_in_box(scene_, name_of(&element), inset(b, 3), kFont, look.text);
  }
  box(scene_, b, 0, line(look.stroke, look.fill, 1.5 + look.extra));
  if (rules::has(element, "participantMultiplicity") &&
      integer(*element.child(kBpmnNs, "participantMultiplicity"), "maximum", 1) > 1)
    scene_.add(Path::parse("M 3 1 L 3 13 M 7 1 L 7 13 M 11 1 L 11 13", 1, 1, b.x + b.width / 2 - 7, b.y + b.height - 17),
               line(look.stroke, kNone, 2));
  const std::string name = name_of(&element);
  if (!element.attribute("processRef")) return text_in_box(scene_, name, inset(b, 5), kFont, look.text);
  if (shape.horizontal) {
    scene_.add(Path().move(b.x + kHeader, b.y).line(b.x + kHeader, b.y + b.height), line(look.stroke, kNone, 1.5));
    text_in_box(scene_, name, {b.x, b.y + 4, kHeader, b.height - 8}, kFont, look.text, true);
  } else {
    scene_.add(Path().move(b.x, b.y + kHeader).line(b.x + b.width, b.y + kHeader), line(look.stroke, kNone, 1.5));
    text_in_box(scene_, name, {b.x + 4, b.y, b.width - 8, kHeader}, kFont, look.text);
  }
}

void Painter::lane(const Shape& shape, const Element& element, const Look& look) {
  const Bounds& b = shape.bounds;
  Style style = line(look.stroke, look.fill, 1.5 + look.extra);
  style.fill_opacity = 0.35;  // the pool shines through
  box(scene_, b, 0, std::move(style));
  const std::string name = name_of(&element);
  if (shape.horizontal) text_in_box(scene_, name, {b.x, b.y + 4, kHeader, b.height - 8}, kFont, look.text, true);
  else text_in_box(scene_, name, {b.x + 4, b.y, b.width - 8, kHeader}, kFont, look.text);
}

// 10.4: data objects are pages, stores are drums.
void Painter::data(const Shape& shape, const Element& element, const Look& look) {
  const Bounds& b = shape.bounds;
  const Style style = line(look.stroke, look.fill, 1.6 + look.extra);
  if (rules::is_any(element, {"dataStore", "dataStoreReference"})) {
    const double x = b.x, w = b.width, h = b.height, bow = h * 0.14, top = b.y + bow, low = b.y + h - bow;
    scene_.add(Path().move(x, top).curve(x, b.y - bow * 0.35, x + w, b.y - bow * 0.35, x + w, top).line(x + w, low)
                   .curve(x + w, b.y + h + bow * 0.35, x, b.y + h + bow * 0.35, x, low).close(), style);
    for (int ring = 0; ring < 3; ++ring) {
      const double y = top + ring * h * 0.1;
      scene_.add(Path().move(x, y).curve(x, y + bow * 1.35, x + w, y + bow * 1.35, x + w, y), line(look.stroke, kNone, 1));
    }
    return;
  }
  const double fold = std::min(b.width, b.height) * 0.28;
  scene_.add(Path().move(b.x, b.y).line(b.x + b.width - fold, b.y).line(b.x + b.width, b.y + fold)
                 .line(b.x + b.width, b.y + b.height).line(b.x, b.y + b.height).close(), style);
  scene_.add(Path().move(b.x + b.width - fold, b.y).line(b.x + b.width - fold, b.y + fold).line(b.x + b.width, b.y + fold),
             line(look.stroke, kNone, 1.5));
  if (rules::is_any(element, {"dataInput", "dataOutput"}))
    scene_.add(Path::parse("M 0 4 L 8 4 L 8 0 L 15 6 L 8 12 L 8 8 L 0 8 Z", 1, 1, b.x + 4, b.y + 5),
               line(look.stroke, rules::is(element, "dataOutput") ? look.stroke : look.fill, 1.2));
  const Element* object = facts_.target(element, "dataObjectRef");
  if (flag(object ? *object : element, "isCollection", false))
    scene_.add(Path::parse("M 0 0 L 0 10 M 4 0 L 4 10 M 8 0 L 8 10", 1, 1, b.x + b.width / 2 - 4, b.y + b.height - 13),
               line(look.stroke, kNone, 2));
}

void Painter::annotation(const Shape& shape, const Element& element, const Look& look) {
  const Bounds& b = shape.bounds;
  scene_.add(Path().move(b.x + 10, b.y).line(b.x, b.y).line(b.x, b.y + b.height).line(b.x + 10, b.y + b.height),
             line(look.stroke, kNone, 1.5 + look.extra));
  double baseline = b.y + 5 + kFont * 0.9;
  for (const std::string& one : wrap(name_of(&element), std::max(b.width - 8, 30.0), kFont)) {
    scene_.text(one, b.x + 6, baseline, kFont, look.text, false);
    baseline += kFont * kLineHeight;
  }
}

void Painter::group(const Shape& shape, const Look& look) {
  box(scene_, shape.bounds, 10, line(look.stroke, kNone, 1.5 + look.extra, {10, 6, 1, 6}));
}

// 11.5: the bands of a choreography activity are shapes of their own.
void Painter::choreography(const Shape& shape, const Element& element, const Look& look) {
  const Bounds& b = shape.bounds;
  box(scene_, b, 10, line(look.stroke, look.fill, (rules::is(element, "callChoreography") ? 5 : 2) + look.extra));
  text_in_box(scene_, name_of(&element), {b.x + 5, b.y + 22, b.width - 10, std::max(b.height - 44, 14.0)}, kFont, look.text);
  if (rules::is(element, "subChoreography") && !shape.expanded) {
    Node marker;
    activity_markers(scene_, marker, {b.x, b.y, b.width, b.height - 20}, true, look.stroke, look.fill);
  }
}

// 9.5: hexagons.
void Painter::conversation(const Shape& shape, const Element& element, const Look& look) {
  const Bounds& b = shape.bounds;
  const double slope = b.width * 0.25, cy = b.y + b.height / 2;
  scene_.add(Path().move(b.x, cy).line(b.x + slope, b.y).line(b.x + b.width - slope, b.y).line(b.x + b.width, cy)
                 .line(b.x + b.width - slope, b.y + b.height).line(b.x + slope, b.y + b.height).close(),
             line(look.stroke, look.fill, (rules::is(element, "callConversation") ? 5 : 2) + look.extra));
}

// What has no notation here is still shown, dashed and with its kind: nothing is skipped.
void Painter::unknown(const Shape& shape, const Element* element, const Look& look) {
  box(scene_, shape.bounds, 0, line(look.stroke, kNone, 1, {3, 3}));
  std::string text = name_of(element);
  if (text.empty()) text = element ? element->local : "?";
  text_in_box(scene_, text, inset(shape.bounds, 2), kLabelFont, look.text);
}

}  // namespace bpmn::draw
