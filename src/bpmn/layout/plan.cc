// Model → items, links, frames; sizes by kind and name. Nested sub-processes follow the XML tree, whose depth is bounded.
#include "bpmn/layout/plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "bpmn/draw/scene.h"
#include "bpmn/rules/facts.h"

namespace bpmn::layouts {
namespace {

constexpr double kEvent = 36, kGateway = 50, kTaskHeight = 80, kLabelWidth = 90;

bool is_container(ElementType t) {
  return t == ElementType::sub_process || t == ElementType::event_sub_process || t == ElementType::transaction || t == ElementType::ad_hoc_sub_process;
}

// 120 by 80 where the name fits; wider up to 180 for long words, higher where three lines would run into the icon in the corner.
Rect task_box(const std::string& name) {
  double width = 120;
  std::size_t lines = 0;
  for (;; width += 20) {
    double widest = 0;
    for (const auto line : base::split(name, '\n'))
      for (const auto word : base::split(line, ' ')) widest = std::max(widest, draw::text_width(word, draw::kFont));
    lines = draw::wrap(name, width - 20, draw::kFont).size();
    if (width >= 180 || (widest <= width - 20 && lines <= 3)) break;
  }
  const double text = static_cast<double>(lines) * draw::kFont * draw::kLineHeight;
  return {0, 0, width, lines <= 2 ? kTaskHeight : std::max(kTaskHeight, std::ceil((text + 54) / 2) * 2)};
}

Rect label_size(const std::string& text, double width = kLabelWidth) {
  if (text.empty()) return {};
  double widest = 0;
  const auto lines = draw::wrap(text, width, draw::kLabelFont);
  for (const std::string& line : lines) widest = std::max(widest, draw::text_width(line, draw::kLabelFont));
  return {0, 0, std::ceil(widest) + 2, std::ceil(static_cast<double>(lines.size()) * draw::kLabelFont * draw::kLineHeight) + 1};
}

class Planner {
 public:
  explicit Planner(const Model& model) : model_(model), facts_(model) {
    std::set<std::string> open, closed;
    for (const Diagram& diagram : model.diagrams)
      for (const Shape& shape : diagram.shapes) (shape.expanded ? open : closed).insert(shape.element);
    for (std::size_t i = 0; i < model.nodes.size(); ++i) {
      const Node& node = model.nodes[i];
      if (node.parent >= 0) has_content_.insert(node.parent);
      if (closed.contains(node.id) && !open.contains(node.id) && is_container(node.type)) collapsed_.insert(static_cast<int>(i));
    }
  }

  std::vector<Plan> run() {
    start_plan();
    plan_->plane_element = root_element();
    for (const Participant& one : model_.participants) participant(one);
    for (std::size_t i = 0; i < model_.processes.size(); ++i)
      if (std::ranges::none_of(model_.participants, [&](const Participant& p) { return p.process == static_cast<int>(i); })) frame(static_cast<int>(i), -1, -1);
    finish_plan();
    for (const int node : collapsed_)
      if (has_content_.contains(node)) {
        start_plan();
        plan_->plane_element = model_.nodes[static_cast<std::size_t>(node)].id;
        plan_->name = model_.nodes[static_cast<std::size_t>(node)].name;
        frame(model_.nodes[static_cast<std::size_t>(node)].process, node, -1);
        finish_plan();
      }
    return std::move(plans_);
  }

 private:
  void start_plan() {
    plans_.emplace_back();
    plan_ = &plans_.back();
    by_id_.clear();
  }

  std::string root_element() const {
    if (!model_.participants.empty() || !model_.message_flows.empty())
      for (const auto* element : facts_.named("collaboration"))
        if (const std::string id = rules::id(*element); !id.empty()) return id;
    return model_.processes.empty() ? "" : model_.processes.front().id;
  }

  int add(Item item) {
    const int index = static_cast<int>(plan_->items.size());
    if (!item.id.empty()) by_id_.emplace(item.id, index);
    plan_->items.push_back(std::move(item));
    return index;
  }

  void participant(const Participant& one) {
    Item pool;
    pool.kind = Kind::pool;
    pool.id = one.id;
    const bool content = one.process >= 0 && first_of_process(one);
    pool.black_box = !content;
    const int item = add(std::move(pool));
    if (content) frame(one.process, -1, item);
  }

  // A process that several pools claim is drawn in the first.
  bool first_of_process(const Participant& one) const {
    for (const Participant& other : model_.participants)
      if (other.process == one.process) return &other == &one;
    return false;
  }

  void frame(int process, int parent, int owner) {
    const int self = static_cast<int>(plan_->frames.size());
    plan_->frames.push_back({process, parent, owner, {}, {}});
    if (owner >= 0) plan_->items[static_cast<std::size_t>(owner)].inside = self;
    std::map<int, int> lane_of;
    if (parent < 0) lanes(self, process, -1, 0, lane_of);
    std::vector<std::pair<int, int>> open;
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      const Node& node = model_.nodes[i];
      const bool boundary = node.type == ElementType::boundary_event && node.attached_to >= 0;
      if (node.process != process || node.parent != parent || boundary) continue;
      const int item = node_item(static_cast<int>(i), self, lane_of);
      plan_->frames[static_cast<std::size_t>(self)].members.push_back(item);
      if (plan_->items[static_cast<std::size_t>(item)].expanded) open.emplace_back(static_cast<int>(i), item);
      for (const int event : node.boundary) {
        const int attached = node_item(event, self, lane_of);
        plan_->items[static_cast<std::size_t>(attached)].host = item;
      }
    }
    artifacts(self, process, parent);
    for (const auto& [node, item] : open) frame(process, node, item);
  }

  void lanes(int self, int process, int parent_lane, int depth, std::map<int, int>& lane_of) {
    for (std::size_t i = 0; i < model_.lanes.size(); ++i) {
      const Lane& one = model_.lanes[i];
      if (one.process != process || one.parent != parent_lane) continue;
      Item item;
      item.kind = Kind::lane;
      item.id = one.id;
      item.frame = self;
      const int index = add(std::move(item));
      auto& bands = plan_->frames[static_cast<std::size_t>(self)].lanes;
      const int band = static_cast<int>(bands.size());
      int parent = -1;
      for (std::size_t b = 0; b < bands.size(); ++b)
        if (parent_lane >= 0 && plan_->items[static_cast<std::size_t>(bands[b].item)].id == model_.lanes[static_cast<std::size_t>(parent_lane)].id) parent = static_cast<int>(b);
      bands.push_back({index, parent, 0, 0, true, depth});
      if (parent >= 0) bands[static_cast<std::size_t>(parent)].leaf = false;
      for (const int node : one.nodes) lane_of[node] = band;  // deeper lanes come later and win
      lanes(self, process, static_cast<int>(i), depth + 1, lane_of);
    }
  }

  int node_item(int index, int frame, const std::map<int, int>& lane_of) {
    const Node& node = model_.nodes[static_cast<std::size_t>(index)];
    Item item;
    item.id = node.id;
    item.node = index;
    item.frame = frame;
    if (const auto found = lane_of.find(index); found != lane_of.end()) item.lane = found->second;
    if (rules::is_event(*node.xml)) {
      item.kind = Kind::event, item.box = {0, 0, kEvent, kEvent}, item.label = node.name;
    } else if (rules::is_gateway(*node.xml)) {
      item.kind = Kind::gateway, item.box = {0, 0, kGateway, kGateway}, item.label = node.name;
    } else {
      item.expanded = is_container(node.type) && has_content_.contains(index) && !collapsed_.contains(index);
      item.box = task_box(node.name);
    }
    item.label_box = label_size(item.label, item.kind == Kind::gateway ? 110 : kLabelWidth);
    return add(std::move(item));
  }

  // Data, notes and groups of this process or sub-process; what connects to one element is drawn above it.
  void artifacts(int self, int process, int parent) {
    const auto* container = parent >= 0 ? model_.nodes[static_cast<std::size_t>(parent)].xml : model_.processes[static_cast<std::size_t>(process)].xml;
    for (const Artifact& one : model_.artifacts) {
      const bool drawn = one.kind == "dataObjectReference" || one.kind == "dataStoreReference" || one.kind == "textAnnotation" || one.kind == "group" ||
                         ((one.kind == "dataInput" || one.kind == "dataOutput") && owner_of_io(*one.xml) == container);
      const bool here = facts_.container_of(*one.xml) == container || (one.process < 0 && parent < 0 && self == 0);
      if (!drawn || !here || by_id_.contains(one.id)) continue;
      const std::string name = one.kind == "group" ? group_name(*one.xml) : data_name(one);
      Item item;
      item.id = one.id;
      item.frame = self;
      if (one.kind == "textAnnotation") {
        item.kind = Kind::note;
        const Rect text = label_size(one.name, 140);
        item.box = {0, 0, std::max(60.0, text.w * draw::kFont / draw::kLabelFont + 20), std::max(30.0, static_cast<double>(draw::wrap(one.name, std::max(52.0, text.w * draw::kFont / draw::kLabelFont + 12), draw::kFont).size()) * draw::kFont * draw::kLineHeight + 12)};
      } else if (one.kind == "group") {
        item.kind = Kind::group, item.box = {0, 0, 120, 80};
        item.label = name;
      } else {
        item.kind = Kind::data, item.box = one.kind == "dataStoreReference" ? Rect{0, 0, 50, 50} : Rect{0, 0, 36, 50};
        item.label = name, item.label_box = label_size(name);
      }
      item.box.w = std::ceil(item.box.w / 2) * 2, item.box.h = std::ceil(item.box.h / 2) * 2;
      add(std::move(item));
      plan_->frames[static_cast<std::size_t>(self)].members.push_back(by_id_[one.id]);
    }
  }

  const base::xml::Element* owner_of_io(const base::xml::Element& data) const {
    const auto* io = facts_.parent(data);
    return io && rules::is(*io, "ioSpecification") ? facts_.parent(*io) : nullptr;
  }
  std::string group_name(const base::xml::Element& group) const {
    const auto* value = facts_.target(group, "categoryValueRef");
    return value ? value->attribute_or("value", "") : "";
  }
  std::string data_name(const Artifact& one) const {
    std::string name = one.name;
    for (const auto reference : {"dataObjectRef", "dataStoreRef"})
      if (const auto* object = facts_.target(*one.xml, reference); object && name.empty()) name = object->attribute_or("name", "");
    if (const auto* state = one.xml->child(kBpmnNs, "dataState"))
      if (const std::string text = "[" + state->attribute_or("name", "") + "]"; text != "[]" && name.find(text) == std::string::npos) name += "\n" + text;
    return name;
  }

  int item_of(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? -1 : found->second;
  }

  void link(LinkKind kind, const std::string& id, const std::string& label, int from, int to) {
    if (from < 0 || to < 0 || from == to || id.empty()) {
      if (!(from == to && from >= 0 && kind == LinkKind::sequence) || id.empty()) return;
    }
    Link one;
    one.kind = kind, one.id = id, one.label = label, one.from = from, one.to = to;
    one.label_box = label_size(label);
    plan_->links.push_back(std::move(one));
  }

  void finish_plan() {
    for (const Flow& one : model_.flows)
      if (one.source >= 0 && one.target >= 0)
        link(LinkKind::sequence, one.id, one.name, item_of(model_.nodes[static_cast<std::size_t>(one.source)].id), item_of(model_.nodes[static_cast<std::size_t>(one.target)].id));
    for (const MessageFlow& one : model_.message_flows) link(LinkKind::message, one.id, one.name, item_of(one.source), item_of(one.target));
    for (const Artifact& one : model_.artifacts) {
      const bool in = one.kind == "dataInputAssociation", out = one.kind == "dataOutputAssociation";
      if (!in && !out && one.kind != "association") continue;
      std::string source = one.source, target = one.target;
      // The inner end of a data association is data of the activity; what is drawn is the activity.
      if (in || out) {
        const std::string owner = owner_of_association(*one.xml);
        if (in && (item_of(target) < 0 || source == target)) target = owner;
        if (out && item_of(source) < 0) source = owner;
      }
      link(LinkKind::association, one.id, "", item_of(source), item_of(target));
    }
    satellites();
    groups();
  }

  // What a group holds: elements with its category value, and what lay inside it where the file has a diagram.
  void groups() {
    for (std::size_t i = 0; i < plan_->items.size(); ++i) {
      Item& group = plan_->items[i];
      if (group.kind != Kind::group) continue;
      const auto* element = facts_.find(group.id);
      const std::string value = element ? std::string(local_part(element->attribute_or("categoryValueRef", ""))) : "";
      const Shape* old = shape_of(group.id);
      for (std::size_t k = 0; k < plan_->items.size(); ++k) {
        const Item& one = plan_->items[k];
        if (one.node < 0 || one.frame != group.frame) continue;
        const auto* node = model_.nodes[static_cast<std::size_t>(one.node)].xml;
        bool inside = false;
        for (const auto* reference : node->children_named(kBpmnNs, "categoryValueRef")) inside |= !value.empty() && local_part(reference->text()) == value;
        if (const Shape* shape = shape_of(one.id); old && shape) inside |= holds(old->bounds, shape->bounds);
        if (inside) group.holds.push_back(static_cast<int>(k));
      }
      if (!group.holds.empty()) std::erase(plan_->frames[static_cast<std::size_t>(group.frame)].members, static_cast<int>(i));
    }
  }

  static bool holds(const Bounds& a, const Bounds& b) { return b.x >= a.x && b.y >= a.y && b.x + b.width <= a.x + a.width && b.y + b.height <= a.y + a.height; }
  const Shape* shape_of(const std::string& id) const {
    for (const Diagram& diagram : model_.diagrams)
      for (const Shape& shape : diagram.shapes)
        if (shape.element == id) return &shape;
    return nullptr;
  }

  std::string owner_of_association(const base::xml::Element& association) const {
    const auto* parent = facts_.parent(association);
    return parent ? rules::id(*parent) : "";
  }

  // A thing that hangs on a flow node of its frame leaves the members and is drawn with the node.
  void satellites() {
    for (std::size_t i = 0; i < plan_->items.size(); ++i) {
      Item& item = plan_->items[i];
      if (item.kind != Kind::data && item.kind != Kind::note) continue;
      for (const Link& one : plan_->links) {
        if (one.kind != LinkKind::association || (one.from != static_cast<int>(i) && one.to != static_cast<int>(i))) continue;
        int other = one.from == static_cast<int>(i) ? one.to : one.from;
        if (plan_->items[static_cast<std::size_t>(other)].host >= 0) other = plan_->items[static_cast<std::size_t>(other)].host;
        const Item& at = plan_->items[static_cast<std::size_t>(other)];
        if (at.node < 0 || at.frame != item.frame) continue;
        item.satellite_of = other;
        item.lane = at.lane;
        std::erase(plan_->frames[static_cast<std::size_t>(item.frame)].members, static_cast<int>(i));
        break;
      }
    }
  }

  const Model& model_;
  rules::Facts facts_;
  std::set<int> has_content_, collapsed_;
  std::vector<Plan> plans_;
  Plan* plan_ = nullptr;
  std::map<std::string, int> by_id_;
};

}  // namespace

bool overlap(const Rect& a, const Rect& b, double margin) {
  return a.x < b.right() + margin && b.x < a.right() + margin && a.y < b.bottom() + margin && b.y < a.bottom() + margin;
}

std::vector<Plan> plans_of(const Model& model) { return Planner(model).run(); }

}  // namespace bpmn::layouts
