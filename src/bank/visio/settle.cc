// What only the flows can tell: start or end, document or step; names from texts that stand beside; and what nothing speaks for.
#include <algorithm>
#include <cmath>
#include <set>

#include "bank/visio/plan.h"
#include "base/text.h"

namespace bank::visio {
namespace {

constexpr double kLabelLine = 0.3 * kPixelsPerInch, kLabelShape = 0.35 * kPixelsPerInch;  // from a text to what it names
constexpr double kThick = 1.9;       // pixels: an end event's border
constexpr double kHeadingDepth = 0.6 * kPixelsPerInch;

Point middle(const Bounds& b) { return {b.x + b.width / 2, b.y + b.height / 2}; }
bool holds(const Bounds& b, const Point& p) { return p.x >= b.x && p.x <= b.x + b.width && p.y >= b.y && p.y <= b.y + b.height; }
double gap(const Bounds& a, const Bounds& b) {
  return std::hypot(std::max({a.x - b.x - b.width, b.x - a.x - a.width, 0.0}), std::max({a.y - b.y - b.height, b.y - a.y - a.height, 0.0}));
}
double to_segment(const Point& p, const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == ' ') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c;
    }
  }
  return std::string(base::trim(out));
}

class Settler {
 public:
  explicit Settler(PagePlan& plan) : plan_(plan), elements_(plan.elements) {}

  void run() {
    count();
    documents();
    events();
    loose_text();
    messages();
    unspoken();
    labels();
    names();
    count();
  }

 private:
  Element& at(int i) { return elements_[static_cast<std::size_t>(i)]; }
  const Shape* shape(const Element& e) const { return e.shape < 0 ? nullptr : &plan_.page->shapes[static_cast<std::size_t>(e.shape)]; }

  static void set(Element& e, Kind kind, Reason reason) {
    e.kind = kind;
    e.reason = reason;
    e.confidence = info(reason).confidence;
  }

  void count() {
    for (Element& e : elements_) e.in = e.out = 0;
    touched_.assign(elements_.size(), 0);
    for (const Connection& c : plan_.connections) {
      ++touched_[static_cast<std::size_t>(c.source)];
      ++touched_[static_cast<std::size_t>(c.target)];
      if (c.kind != Kind::sequence_flow) continue;
      ++at(c.source).out;
      ++at(c.target).in;
    }
  }

  // A document that flows lead into and out of is a step of the work; else it lies beside the flow. Until nothing changes: one
  // document beside the flow may leave the next one beside it too.
  void documents() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < elements_.size(); ++i) {
        Element& e = elements_[i];
        if (e.gone || e.kind != Kind::document || (e.in > 0 && e.out > 0)) continue;
        set(e, Kind::data_object, e.reason == Reason::flowchart_master ? Reason::document_aside : e.reason);
        for (Connection& c : plan_.connections)
          if (c.source == static_cast<int>(i) || c.target == static_cast<int>(i)) c.kind = Kind::association;
        changed = true;
      }
      if (changed) count();
    }
    for (Element& e : elements_)
      if (!e.gone && e.kind == Kind::document) set(e, Kind::task, Reason::document_step);
  }

  void events() {
    for (Element& e : elements_) {
      if (e.gone) continue;
      if (e.kind == Kind::terminator) terminator(e);
      else if (e.kind == Kind::circle) circle(e);
      else if (e.kind == Kind::intermediate_event) intermediate(e);
      else if (e.kind == Kind::page_reference) reference(e);
      else if (e.kind == Kind::boundary_event && e.attached < 0) intermediate(e);
    }
  }

  static int said(const std::string& name) {  // -1 start, 1 end, 0 neither
    const std::string low = base::lower(name);
    for (const std::string_view word : {"start", "begynd", "begin"})
      if (low.starts_with(word)) return -1;
    for (const std::string_view word : {"slut", "afslut", "end", "stop", "færdig"})
      if (low.starts_with(word) && (low.size() == word.size() || word != "end" || low[3] == ' ')) return 1;
    return 0;
  }

  void terminator(Element& e) {
    const bool from_master = e.reason == Reason::flowchart_master || e.reason == Reason::shape_data || e.reason == Reason::loose_master;
    const double most = from_master ? 1 : e.confidence;  // drawn only: never surer than the outline
    if (const int word = said(e.name); word != 0) set(e, word < 0 ? Kind::start_event : Kind::end_event, Reason::terminator_text);
    else if (e.in == 0 && e.out > 0) set(e, Kind::start_event, Reason::terminator_flows);
    else if (e.in > 0 && e.out == 0) set(e, Kind::end_event, Reason::terminator_flows);
    else if (e.in > 0) set(e, Kind::task, from_master ? Reason::terminator_guess : Reason::box);
    else set(e, from_master ? Kind::start_event : Kind::task, from_master ? Reason::terminator_guess : Reason::box);
    e.confidence = std::min(e.confidence, most);
  }

  void circle(Element& e) {
    const Shape* s = shape(e);
    const int word = said(e.name);
    const bool thick = s != nullptr && s->stroke >= kThick;
    if (word < 0 || (e.in == 0 && e.out > 0)) e.kind = Kind::start_event;
    else if (word > 0 || (e.in > 0 && e.out == 0)) e.kind = Kind::end_event;
    else if (e.in > 0) e.kind = Kind::throw_event;
    else set(e, thick ? Kind::end_event : Kind::start_event, Reason::terminator_guess);
  }

  static void intermediate(Element& e) {
    using bpmn::EventKind;
    const EventKind t = e.trigger;
    const bool only_throws = t == EventKind::none || t == EventKind::escalation || t == EventKind::compensation || (t == EventKind::link && e.out == 0);
    e.kind = e.throws || only_throws ? Kind::throw_event : Kind::catch_event;
  }

  static void reference(Element& e) {
    e.trigger = bpmn::EventKind::link;
    if (e.in > 0 && e.out > 0) {
      e.trigger = bpmn::EventKind::none;
      set(e, Kind::throw_event, Reason::reference_joint);
    } else {
      set(e, e.out > 0 ? Kind::catch_event : Kind::throw_event, Reason::reference_link);
    }
  }

  // An event that a message flow leads to or from is a message event, whatever its picture.
  void messages() {
    for (const Connection& c : plan_.connections) {
      if (c.kind != Kind::message_flow) continue;
      Element &from = at(c.source), &to = at(c.target);
      if (to.trigger == bpmn::EventKind::none && (to.kind == Kind::start_event || to.kind == Kind::catch_event)) to.trigger = bpmn::EventKind::message;
      if (to.trigger == bpmn::EventKind::none && to.kind == Kind::throw_event) to.kind = Kind::catch_event, to.trigger = bpmn::EventKind::message;
      if (from.trigger == bpmn::EventKind::none && (from.kind == Kind::end_event || from.kind == Kind::throw_event)) from.trigger = bpmn::EventKind::message;
    }
  }

  // A text without a border that only plain lines lead to is a remark.
  void loose_text() {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Element& e = elements_[i];
      const Shape* s = shape(e);
      if (e.gone || s == nullptr || e.reason != Reason::unknown_shape || e.kind != Kind::task || s->outline != Outline::none || s->type == "Group" || s->type == "Foreign" || e.name.empty()) continue;
      bool arrow = false;
      for (const Connection& c : plan_.connections)
        if (c.source == static_cast<int>(i) || c.target == static_cast<int>(i)) arrow |= plan_.page->shapes[static_cast<std::size_t>(c.shape)].begin_arrow || plan_.page->shapes[static_cast<std::size_t>(c.shape)].end_arrow;
      if (arrow || touched_[i] == 0) continue;
      set(e, Kind::annotation, Reason::free_text);
      for (Connection& c : plan_.connections)
        if (c.source == static_cast<int>(i) || c.target == static_cast<int>(i)) c.kind = Kind::association;
    }
    count();
  }

  void unspoken() {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const Element& e = elements_[i];
      const bool drawn = e.reason == Reason::box || e.reason == Reason::unknown_shape || e.reason == Reason::diamond || e.reason == Reason::marked_gateway || e.reason == Reason::loose_master || e.reason == Reason::terminator_guess;
      const bool known = shape(e) != nullptr && !shape(e)->master.empty() && e.reason == Reason::terminator_guess;
      if (!e.gone && drawn && !known && e.name.empty() && touched_[i] == 0 && is_node(e) && !named_by_label(e)) take_back(plan_, static_cast<int>(i), Kind::unknown, Reason::decoration);
    }
    for (Element& e : elements_)
      if (e.parent >= 0 && at(e.parent).gone) e.parent = -1;
  }

  bool named_by_label(const Element& e) const {
    return std::ranges::any_of(elements_, [&](const Element& label) { return label.kind == Kind::label && !label.gone && holds(e.box, middle(label.box)); });
  }

  Bounds text_box(const Element& label) const {
    const Shape* s = shape(label);
    return s != nullptr && s->text_box.width > 0 && s->box.width <= 0 ? s->text_box : label.box;
  }

  void labels() {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Element& e = elements_[i];
      if (e.gone || e.kind != Kind::label) continue;
      const Bounds box = text_box(e);
      double to_line = kLabelLine, to_shape = kLabelShape;
      const int line = nearest_line(box, to_line), beside = nearest_beside(box, to_shape);
      const int inside = owner_inside(box);
      const bool wide = inside >= 0 && (family(at(inside).kind) == Family::area || at(inside).kind == Kind::sub_process);
      if (inside >= 0 && !(wide && beside >= 0 && to_shape < to_heading(box, at(inside)))) {
        at(inside).name = e.name;
        more_references(at(inside));
        take_back(plan_, static_cast<int>(i), Kind::label, Reason::label_of_shape, inside);
        continue;
      }
      if (beside >= 0 && (line < 0 || to_shape < to_line)) {
        at(beside).name = e.name;
        take_back(plan_, static_cast<int>(i), Kind::label, Reason::label_of_shape, beside);
      } else if (line >= 0) {
        plan_.connections[static_cast<std::size_t>(line)].name = e.name;
        take_back(plan_, static_cast<int>(i), Kind::label, Reason::label_of_line);
      } else {
        e.kind = Kind::annotation;
      }
    }
  }

  static void more_references(Element& e) {
    for (const std::string& code : kla_codes(e.name)) e.kla.push_back(code);
    for (const std::string& law : law_references(e.name)) e.law.push_back(law);
  }

  static double to_heading(const Bounds& box, const Element& e) {
    return std::max(0.0, e.vertical || e.kind == Kind::sub_process ? box.y - e.box.y : box.x - e.box.x);
  }

  // A nameless shape around the text; of a pool, lane or sub-process only its heading.
  int owner_inside(const Bounds& box) const {
    const Point p = middle(box);
    int best = -1;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const Element& e = elements_[i];
      if (e.gone || !e.name.empty() || e.kind == Kind::label || e.kind == Kind::group || !holds(e.box, p)) continue;
      const bool wide = family(e.kind) == Family::area || e.kind == Kind::sub_process;
      const bool heading = (e.vertical || e.kind == Kind::sub_process ? p.y - e.box.y : p.x - e.box.x) <= kHeadingDepth;
      if (wide && !heading) continue;
      if (best < 0 || e.box.width * e.box.height < elements_[static_cast<std::size_t>(best)].box.width * elements_[static_cast<std::size_t>(best)].box.height) best = static_cast<int>(i);
    }
    return best;
  }

  int nearest_line(const Bounds& box, double& nearest) {
    int best = -1;
    const Point p = middle(box);
    const double reach = std::min(box.height, box.width) / 2;
    for (std::size_t k = 0; k < plan_.connections.size(); ++k) {
      const Connection& c = plan_.connections[k];
      if (!c.name.empty() || work_ < c.route.size()) continue;
      work_ -= c.route.size();
      for (std::size_t i = 1; i < c.route.size(); ++i)
        if (const double away = std::max(0.0, to_segment(p, c.route[i - 1], c.route[i]) - reach); away < nearest) nearest = away, best = static_cast<int>(k);
    }
    return best;
  }

  // Events, gateways and data have their name beside them, frames at their top.
  int nearest_beside(const Bounds& box, double& nearest) const {
    int best = -1;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const Element& e = elements_[i];
      const Family f = family(e.kind);
      if (e.gone || !e.name.empty() || (f != Family::event && f != Family::gateway && f != Family::data && e.kind != Kind::group)) continue;
      const double away = e.kind == Kind::group ? gap(box, {e.box.x, e.box.y, e.box.width, 0}) : gap(box, e.box);  // a frame's title stands at its top
      if (away < nearest) nearest = away, best = static_cast<int>(i);
    }
    return best;
  }

  void names() {
    int made = 0;
    std::set<std::string> used;
    const std::string page = "_p" + std::to_string(plan_.number) + "_";
    const auto id_of = [&](std::string prefix, int shape) {
      std::string id = shape >= 0 ? plan_.page->shapes[static_cast<std::size_t>(shape)].id : "m" + std::to_string(++made);
      for (char& c : id)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) c = '_';
      std::string out = std::move(prefix) + page + id;
      if (!used.insert(out).second) used.insert(out += "_r" + std::to_string(shape));  // an id that a broken file repeats
      return out;
    };
    for (Element& e : elements_) {
      if (e.gone) continue;
      e.name = e.kind == Kind::annotation ? e.name : one_line(e.name);
      static constexpr std::string_view kPrefix[] = {"Activity", "Event", "Gateway", "Data", "Artifact", "Area", "Line", "Aside"};
      e.id = id_of(std::string(e.kind == Kind::pool ? "Pool" : e.kind == Kind::lane ? "Lane" : kPrefix[static_cast<std::size_t>(family(e.kind))]), e.shape);
    }
    for (Connection& c : plan_.connections) {
      c.name = one_line(c.name);
      c.id = id_of(c.kind == Kind::sequence_flow ? "Flow" : c.kind == Kind::message_flow ? "MessageFlow" : "Association", c.shape);
      if (c.is_default && c.kind == Kind::sequence_flow) at(c.source).default_flow = static_cast<int>(&c - plan_.connections.data());
    }
  }

  PagePlan& plan_;
  std::vector<Element>& elements_;
  std::vector<int> touched_;  // connections of each element
  std::size_t work_ = 20'000'000;  // pieces of lines that texts are held against: a tenth of a second
};

}  // namespace

void settle(PagePlan& plan) { Settler(plan).run(); }

}  // namespace bank::visio
