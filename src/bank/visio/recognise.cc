// What each shape is, in this order: its shape data, its master, marks of the bank's own habits, its outline.
#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "bank/visio/plan.h"
#include "base/limits_visio.h"
#include "base/text.h"

namespace bank::visio {
namespace {

constexpr double kEventSide = 0.9 * kPixelsPerInch;    // a circle larger than this is a use case or a state, not an event
constexpr double kNodeWidth = 2.6 * kPixelsPerInch, kNodeHeight = 1.9 * kPixelsPerInch;  // what is larger may hold others

struct Guess { Kind kind; Reason reason; };

struct MasterLine { std::string_view name; Kind kind; Reason reason; };
constexpr MasterLine kMasters[] = {
#define MASTER(name, kind, reason) {name, Kind::kind, Reason::reason},
#include "bank/visio/masters.def"
#undef MASTER
};

std::optional<Guess> by_master(const std::string& name) {
  static const auto kExact = [] {
    std::unordered_map<std::string, Guess> out;
    for (const MasterLine& m : kMasters)
      if (!m.name.ends_with('*')) out.emplace(base::lower(m.name), Guess{m.kind, m.reason});
    return out;
  }();
  if (name.empty()) return {};
  const std::string low = base::lower(name);
  if (const auto found = kExact.find(low); found != kExact.end()) return found->second;
  for (const MasterLine& m : kMasters)
    if (m.name.ends_with('*') && low.starts_with(base::lower(m.name.substr(0, m.name.size() - 1)))) return Guess{m.kind, m.reason};
  return {};
}

struct WordLine { std::string_view row, word; Kind kind; };
constexpr WordLine kWords[] = {
#define WORD(row, word, kind) {row, word, Kind::kind},
#define TRIGGER(word, kind, xml)
#include "bank/visio/words.def"
#undef TRIGGER
#undef WORD
};
struct TriggerLine { std::string_view word; bpmn::EventKind kind; };
constexpr TriggerLine kTriggers[] = {
#define WORD(row, word, kind)
#define TRIGGER(word, kind, xml) {word, bpmn::EventKind::kind},
#include "bank/visio/words.def"
#undef TRIGGER
#undef WORD
};

std::optional<Kind> word(const Shape& shape, std::string_view row) {
  const std::string* value = shape.field(row);
  if (value == nullptr) return {};
  const std::string low = base::lower(*value);
  for (const WordLine& w : kWords)
    if (w.row == row && low.find(w.word) != std::string::npos) return w.kind;
  return {};
}

bool said(const Shape& shape, std::string_view row, std::string_view what) {
  const std::string* value = shape.field(row);
  return value != nullptr && base::lower(*value).find(what) != std::string::npos;
}

// BpmnElementType and its finer rows; a row that is there without the first counts too.
std::optional<Kind> by_data(const Shape& shape, std::optional<Guess> master) {
  std::optional<Kind> kind = word(shape, "BpmnElementType");
  const auto gateway = word(shape, "BpmnGatewayType"), event = word(shape, "BpmnEventType"), activity = word(shape, "BpmnActivityType"), task = word(shape, "BpmnTaskType");
  if (!kind) kind = gateway ? gateway : event ? event : activity ? activity : word(shape, "BpmnConnectingObjectType");
  if (!kind) return {};
  switch (family(*kind)) {
    case Family::gateway: return gateway ? gateway : kind;
    case Family::event: return event ? event : master && family(master->kind) == Family::event ? master->kind : *kind;
    case Family::activity: {
      if (activity) kind = activity;
      if (*kind == Kind::call_activity) {
        const std::string* collapsed = shape.field("BpmnIsCollapsed");
        const bool expanded = (collapsed != nullptr && (*collapsed == "0" || base::lower(*collapsed) == "false")) || (collapsed == nullptr && master && master->kind == Kind::sub_process);
        return expanded ? Kind::sub_process : Kind::call_activity;
      }
      return task ? task : kind;
    }
    default: return kind;
  }
}

// Containers and lists of Visio 2010 and later that no master line knows.
std::optional<Guess> by_structure(const Shape& shape) {
  const std::string *structure = shape.user_cell("msvStructureType"), *categories = shape.user_cell("msvShapeCategories");
  if (structure == nullptr) return {};
  const std::string type = base::lower(*structure), category = categories == nullptr ? "" : base::lower(*categories);
  if (category.find("lane") != std::string::npos) return Guess{type == "list" ? Kind::frame : Kind::lane, Reason::container_structure};
  if (category.find("cff") != std::string::npos || category.find("pool") != std::string::npos) return Guess{type == "list" ? Kind::frame : Kind::pool, Reason::container_structure};
  if (type == "list") return Guess{Kind::frame, Reason::structure};
  return Guess{Kind::group, Reason::container_structure};
}

// A diamond's mark: one ring = inclusive, more = event based; a cross along the axes = parallel, along the diagonals = exclusive.
std::optional<Kind> gateway_mark(const std::vector<const Path*>& marks) {
  int rings = 0;
  for (const Path* mark : marks) {
    const Outline outline = outline_of(*mark);
    if (outline == Outline::ellipse) ++rings;
    if (outline != Outline::other || mark->points.size() < 9) continue;
    const Bounds box = box_of(mark->points);
    for (const Point& p : mark->points) {
      const double x = std::abs(2 * (p.x - box.x) / box.width - 1), y = std::abs(2 * (p.y - box.y) / box.height - 1);
      if (x > 0.7 && y > 0.7) return Kind::exclusive_gateway;
    }
    return Kind::parallel_gateway;
  }
  if (rings == 1) return Kind::inclusive_gateway;
  return rings > 1 ? std::optional(Kind::event_gateway) : std::nullopt;
}

// A small square in the middle of the bottom, or two upright lines along the sides.
bool sub_process_mark(const Bounds& box, const std::vector<const Path*>& marks) {
  int upright = 0;
  for (const Path* mark : marks) {
    const Bounds m = box_of(mark->points);
    const double middle = m.x + m.width / 2 - box.x, bottom = box.y + box.height - m.y - m.height;
    if (outline_of(*mark) == Outline::rectangle && m.width < box.width * 0.3 && m.height < box.height * 0.4 && std::abs(m.width - m.height) < 0.3 * m.height &&
        std::abs(middle - box.width / 2) < box.width * 0.1 && bottom < box.height * 0.2)
      return true;
    upright += !mark->closed && m.width < 2 && m.height > box.height * 0.9 && (middle < box.width * 0.2 || middle > box.width * 0.8);
  }
  return upright == 2;
}

class Recogniser {
 public:
  explicit Recogniser(PagePlan& plan) : plan_(plan), shapes_(plan.page->shapes), glued_(shapes_.size(), false) {}

  void run() {
    plan_.element_of.assign(shapes_.size(), -1);
    plan_.line_of.assign(shapes_.size(), -1);
    plan_.line_kind.assign(shapes_.size(), Kind::flow);
    inside_.assign(shapes_.size(), -1);
    for (const Glue& g : plan_.page->glue) glued_[static_cast<std::size_t>(g.to)] = true;
    find_parts();
    thick_ = thick_border();
    for (std::size_t i = 0; i < shapes_.size(); ++i) shape(static_cast<int>(i));
    if (plan_.geometry_only) late_parts();
  }

 private:
  const Shape& at(int i) const { return shapes_[static_cast<std::size_t>(i)]; }

  void aside(int i, Kind kind, Reason reason, int of = -1) { plan_.asides.push_back({i, kind, reason, of}); }

  void shape(int i) {
    const Shape& s = at(i);
    if (s.hidden) return;
    if (plan_.page->background) return aside(i, Kind::unknown, Reason::background);
    if (s.on_hidden_layer) return aside(i, Kind::unknown, Reason::hidden_layer);
    if (inside_[static_cast<std::size_t>(i)] >= 0) return;  // late_parts
    const auto master = by_master(s.master);
    if (s.parent >= 0) {
      const int owner = plan_.element_of[static_cast<std::size_t>(s.parent)], line = plan_.line_of[static_cast<std::size_t>(s.parent)];
      const bool own = !s.part && (s.line || master || !s.text.empty() || !s.data.empty() || s.type == "Group");
      const bool holds = owner >= 0 && (family(element(owner).kind) == Family::area || element(owner).kind == Kind::sub_process || element(owner).kind == Kind::group);
      if (line >= 0 || (owner >= 0 && !(own && (holds || s.line || master)))) {
        plan_.element_of[static_cast<std::size_t>(i)] = owner;
        plan_.line_of[static_cast<std::size_t>(i)] = line;
        if (owner >= 0 && element(owner).name.empty() && !s.text.empty()) element(owner).name = s.text;
        return aside(i, Kind::unknown, Reason::part, owner);
      }
      if (s.part && owner < 0 && dissolved_.count(s.parent) == 0) return aside(i, Kind::unknown, Reason::part);
    }
    if (s.type == "Foreign" && !master && !glued_[static_cast<std::size_t>(i)]) return aside(i, Kind::decoration, Reason::picture);
    Guess guess = decide(s, i, master);
    if (guess.kind == Kind::exclusive_gateway && guess.reason == Reason::bpmn_master) guess = by_marks(i, guess);
    if (plan_.geometry_only && s.line && is_bracket(s)) guess = {Kind::annotation, Reason::bracket};
    if (family(guess.kind) == Family::line || (s.line && family(guess.kind) == Family::aside && guess.kind != Kind::phase && guess.kind != Kind::frame)) {
      plan_.line_of[static_cast<std::size_t>(i)] = i;
      plan_.line_kind[static_cast<std::size_t>(i)] = family(guess.kind) == Family::line ? guess.kind : Kind::flow;
      return;
    }
    if (guess.kind == Kind::unknown && s.type == "Group" && s.master.empty() && s.paths.empty() && s.text.empty() && !glued_[static_cast<std::size_t>(i)]) {
      dissolved_.insert({i, true});
      return;
    }
    if (guess.kind == Kind::frame) return aside(i, guess.kind, Reason::structure);
    if (guess.kind == Kind::phase) return aside(i, guess.kind, Reason::phase);
    if (guess.kind == Kind::decoration) return aside(i, guess.kind, Reason::message_icon);
    if (guess.kind == Kind::label && s.text.empty()) return aside(i, Kind::decoration, Reason::decoration);
    add(i, guess);
  }

  Element& element(int i) { return plan_.elements[static_cast<std::size_t>(i)]; }

  void add(int i, const Guess& guess) {
    const Shape& s = at(i);
    if (plan_.elements.size() >= base::limits::kVisioPageElements) return aside(i, guess.kind, Reason::too_many);
    Element e;
    e.shape = i;
    e.kind = guess.kind == Kind::unknown ? Kind::task : guess.kind;
    e.reason = guess.kind == Kind::unknown ? Reason::unknown_shape : guess.reason;
    e.confidence = info(e.reason).confidence;
    e.box = s.box;
    if (e.kind == Kind::annotation && s.line) e.box = around(s.box, s.text_box);
    if (s.outline == Outline::cylinder)
      for (const int part : parts_[i]) e.box = around(e.box, at(part).box);
    e.name = title(s, e.kind);
    e.vertical = base::lower(s.master).find("vertical") != std::string::npos;
    if (family(e.kind) == Family::event) event(s, e);
    if (family(e.kind) == Family::activity) activity(s, e);
    read_references(s, e);
    plan_.element_of[static_cast<std::size_t>(i)] = static_cast<int>(plan_.elements.size());
    plan_.elements.push_back(std::move(e));
  }

  static Bounds around(const Bounds& a, const Bounds& b) {
    if (b.width <= 0 && b.height <= 0) return a;
    const double x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
  }

  static std::string title(const Shape& s, Kind kind) {
    if (family(kind) == Family::area)
      if (const std::string* heading = s.user_cell("visHeadingText"); heading != nullptr && !base::trim(*heading).empty()) return std::string(base::trim(*heading));
    if (!s.text.empty()) return s.text;
    if (const std::string* name = s.field("BpmnName"); name != nullptr && !name->empty()) return *name;
    if (kind == Kind::lane || kind == Kind::pool_or_lane)
      if (const std::string* function = s.field("Function"); function != nullptr) return *function;
    return {};
  }

  static void event(const Shape& s, Element& e) {
    if (const std::string* value = s.field("BpmnTriggerOrResult")) {
      const std::string low = base::lower(*value);
      for (const TriggerLine& t : kTriggers)
        if (low.find(t.word) != std::string::npos) {
          e.trigger = t.kind;
          break;
        }
    }
    e.interrupting = !said(s, "BpmnEventType", "non") && !said(s, "BpmnEventType", "ikke");
    e.throws = said(s, "BpmnEventType", "throw") || e.kind == Kind::throw_event;
  }

  static void activity(const Shape& s, Element& e) {
    if (said(s, "BpmnLoopType", "sequential")) e.loop = "sequential";
    else if (said(s, "BpmnLoopType", "multi")) e.loop = "parallel";
    else if (said(s, "BpmnLoopType", "standard")) e.loop = "standard";
  }

  static void read_references(const Shape& s, Element& e) {
    e.kla = kla_codes(e.name);
    e.law = law_references(e.name);
    for (const Link& link : s.links) {
      if (link.address.find("retsinformation.dk") != std::string::npos) e.law.push_back(link.address);
      else if (!link.address.empty()) e.links.push_back(link.address);
      else if (e.called_page.empty()) e.called_page = link.page.substr(0, link.page.find('/'));
      if (!link.description.empty())
        for (const std::string& code : kla_codes(link.description)) e.kla.push_back(code);
    }
  }

  Guess decide(const Shape& s, int i, std::optional<Guess> master) const {
    if (const auto kind = by_data(s, master)) return {*kind, Reason::shape_data};
    Guess guess = master ? *master : s.line ? Guess{Kind::flow, Reason::unknown_shape} : by_structure(s).value_or(by_outline(s, i));
    const bool plain = guess.kind == Kind::task || guess.kind == Kind::unknown;
    return plain && !s.line ? call(s).value_or(guess) : guess;
  }

  // Habits of the bank's drawings: a green box with a KLA code at the end, a link to the sub-workflow's drawing.
  static std::optional<Guess> call(const Shape& s) {
    const bool code = !kla_codes(s.text).empty(), green = is_green(s.fill);
    const bool leads = std::ranges::any_of(s.links, [](const Link& l) {
      const std::string low = base::lower(l.address);
      return low.find(".vsd") != std::string::npos || low.find(".vdx") != std::string::npos || low.find(".htm") != std::string::npos || (low.empty() && !l.page.empty());
    });
    if ((code && green) || (leads && (code || green))) return Guess{Kind::call_activity, Reason::call_marks};
    if (leads) return Guess{Kind::call_activity, Reason::call_link};
    return {};
  }

  Guess by_outline(const Shape& s, int i) const {
    const std::vector<const Path*> marks = marks_of(i);
    const double side = std::max(s.box.width, s.box.height), other = std::min(s.box.width, s.box.height);
    switch (outline_with_parts(i)) {
      case Outline::diamond: {
        const auto mark = gateway_mark(marks);
        return mark ? Guess{*mark, Reason::marked_gateway} : Guess{Kind::exclusive_gateway, Reason::diamond};
      }
      case Outline::ellipse:
        if (side <= kEventSide && other > 0.85 * side) return {Kind::circle, Reason::circle};
        return {Kind::unknown, Reason::unknown_shape};
      case Outline::stadium: return {Kind::terminator, Reason::box};
      case Outline::sheet: return {Kind::document, Reason::sheet};
      case Outline::cylinder: return {Kind::data_store, Reason::sheet};
      case Outline::rectangle:
      case Outline::rounded:
        if (sub_process_mark(s.box, marks) || has_part(i, "CollapsedMarker")) return {Kind::call_activity, Reason::marked_box};
        if (thick_ > 0 && s.stroke >= thick_) return {Kind::call_activity, Reason::thick_box};
        return {Kind::task, Reason::box};
      case Outline::none:
        if (!s.text.empty() && !glued_[static_cast<std::size_t>(i)] && s.type != "Group" && s.type != "Foreign") return {Kind::label, Reason::free_text};
        return {Kind::unknown, Reason::unknown_shape};
      default: return {Kind::unknown, Reason::unknown_shape};
    }
  }

  bool has_part(int i, std::string_view name) const {
    const auto parts = parts_.find(i);
    return parts != parts_.end() && std::ranges::any_of(parts->second, [&](int part) { return at(part).name == name; });
  }

  // A stencil's one gateway for all kinds: the mark in it tells which, where it is drawn and not a picture.
  Guess by_marks(int i, Guess otherwise) const {
    if (const auto mark = gateway_mark(marks_of(i))) return {*mark, Reason::marked_gateway};
    const auto parts = parts_.find(i);
    const bool picture = parts != parts_.end() && std::ranges::any_of(parts->second, [&](int part) { return at(part).type == "Foreign"; });
    return picture ? Guess{Kind::exclusive_gateway, Reason::picture_marker} : otherwise;
  }

  // "[": a line of three straight pieces whose outer two are parallel, equal, shorter than the middle one and on the same side.
  static bool is_bracket(const Shape& s) {
    if (s.begin_arrow || s.end_arrow || s.dashed || s.paths.empty() || s.paths[0].points.size() != 4) return false;
    const std::vector<Point>& p = s.paths[0].points;
    const double ax = p[0].x - p[1].x, ay = p[0].y - p[1].y, bx = p[3].x - p[2].x, by = p[3].y - p[2].y, middle = std::hypot(p[2].x - p[1].x, p[2].y - p[1].y);
    return std::hypot(ax - bx, ay - by) < 2 && std::hypot(ax, ay) < middle * 1.2 && std::hypot(ax, ay) > 2;
  }

  // From how thick on a box's border is meant to be thick: twice what most boxes of the page have. 0 = no way to tell.
  double thick_border() const {
    std::vector<double> strokes;
    for (const Shape& s : shapes_)
      if ((s.outline == Outline::rectangle || s.outline == Outline::rounded) && s.stroke > 0 && s.box.width <= kNodeWidth && !s.line) strokes.push_back(s.stroke);
    if (!plan_.geometry_only || strokes.size() < 3) return 0;
    std::ranges::nth_element(strokes, strokes.begin() + static_cast<std::ptrdiff_t>(strokes.size() / 2));
    return 1.9 * strokes[strokes.size() / 2];
  }

  // A group without strokes of its own looks like the largest of its parts.
  Outline outline_with_parts(int i) const {
    const auto parts = parts_.find(i);
    if (at(i).outline != Outline::none || at(i).type != "Group" || parts == parts_.end()) return at(i).outline;
    Outline out = Outline::none;
    double largest = 0;
    for (const int part : parts->second) {
      const double size = at(part).box.width * at(part).box.height;
      if (at(part).outline != Outline::open && at(part).outline != Outline::none && size > largest) largest = size, out = at(part).outline;
    }
    return largest > 0.7 * at(i).box.width * at(i).box.height ? out : Outline::none;
  }

  // The strokes inside a shape: its own but the outline, and those of its parts.
  std::vector<const Path*> marks_of(int i) const {
    std::vector<const Path*> out;
    const Shape& s = at(i);
    const auto take = [&](const Shape& from, bool outline_too) {
      for (const Path& path : from.paths) {
        const Bounds box = box_of(path.points);
        if (outline_too || !path.closed || box.width < s.box.width * 0.8) out.push_back(&path);
      }
    };
    take(s, false);
    const auto parts = parts_.find(i);
    if (parts != parts_.end())
      for (const int part : parts->second) take(at(part), box_of(at(part).paths.empty() ? std::vector<Point>{} : at(part).paths[0].points).width < s.box.width * 0.8);
    return out;
  }

  // Of groups: the sub-shapes. Without groups (.vsd): what lies inside a shape of a step's size and has no text.
  void find_parts() {
    for (std::size_t i = 0; i < shapes_.size(); ++i)
      for (int up = shapes_[i].parent, steps = 0; up >= 0 && steps < base::limits::kVisioGroupDepth; up = at(up).parent, ++steps)
        if (shapes_[i].part || plan_.geometry_only || !at(up).master.empty()) parts_[up].push_back(static_cast<int>(i));
    if (!plan_.geometry_only || shapes_.size() > base::limits::kVisioPageElements) return;
    const std::vector<bool> holders = holders_of_texts();
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      const Shape& s = shapes_[i];
      if (s.paths.empty() || !s.text.empty()) continue;
      double smallest = kNodeWidth * kNodeHeight;
      for (std::size_t j = 0; j < shapes_.size(); ++j) {
        const Shape& around = shapes_[j];
        const double size = around.box.width * around.box.height;
        const bool closed = around.outline != Outline::none && around.outline != Outline::open;
        if (j < i && around.outline == Outline::cylinder && inside_[j] < 0 && stacked(s, around)) {
          inside_[i] = static_cast<int>(j);
          break;
        }
        const bool within = s.box.x >= around.box.x - 1 && s.box.y >= around.box.y - 1 && s.box.x + s.box.width <= around.box.x + around.box.width + 1 &&
                            s.box.y + s.box.height <= around.box.y + around.box.height + 1;
        if (j == i || !closed || !within || holders[j] || around.box.width > kNodeWidth || around.box.height > kNodeHeight || size >= smallest) continue;
        const double own = s.box.width * s.box.height;
        if (own > size * 0.98 && j > i) continue;  // of two equal boxes the first is the shape
        smallest = size;
        inside_[i] = static_cast<int>(j);
      }
      if (inside_[i] >= 0) parts_[inside_[i]].push_back(static_cast<int>(i));
    }
  }

  // Boxes in which others with texts of their own lie: what is in them is no part of them.
  std::vector<bool> holders_of_texts() const {
    std::vector<bool> out(shapes_.size(), false);
    for (const Shape& s : shapes_) {
      if (s.text.empty() || s.line || s.outline == Outline::none) continue;
      for (std::size_t j = 0; j < shapes_.size(); ++j) {
        const Bounds &b = shapes_[j].box, &a = s.box;
        if (&s != &shapes_[j] && a.x > b.x && a.y > b.y && a.x + a.width < b.x + b.width && a.y + a.height < b.y + b.height) out[j] = true;
      }
    }
    return out;
  }

  // The rings and sides that make up the picture of a drum.
  static bool stacked(const Shape& s, const Shape& drum) {
    const Bounds &a = s.box, &b = drum.box;
    const double reach = b.height / 2;
    return a.x >= b.x - 2 && a.x + a.width <= b.x + b.width + 2 && a.y >= b.y - reach && a.y + a.height <= b.y + b.height + reach && (a.width < 2 || a.width > b.width - 4);
  }

  void late_parts() {
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      int owner = inside_[i];
      for (int steps = 0; owner >= 0 && inside_[static_cast<std::size_t>(owner)] >= 0 && steps < 32; ++steps) owner = inside_[static_cast<std::size_t>(owner)];
      if (owner < 0) continue;
      plan_.element_of[i] = plan_.element_of[static_cast<std::size_t>(owner)];
      aside(static_cast<int>(i), Kind::unknown, Reason::part, plan_.element_of[i]);
    }
  }

  PagePlan& plan_;
  const std::vector<Shape>& shapes_;
  std::vector<bool> glued_;
  double thick_ = 0;
  std::vector<int> inside_;                            // geometry only: the shape this is a part of
  std::unordered_map<int, std::vector<int>> parts_;
  std::unordered_map<int, bool> dissolved_;            // groups that only hold others
};

}  // namespace

void recognise(PagePlan& plan) { Recogniser(plan).run(); }

}  // namespace bank::visio
