// A graph told as an outline: straight on where the next element is new, branches as blocks up to where they meet, `gå til` else.
// Recursion is bounded: beyond kTextDepth a path is told at the left of its container and reached by `gå til`.
#include "bpmn/notation/text_writer.h"

#include <algorithm>

#include "bpmn/notation/details.h"
#include "bpmn/notation/draft_reader.h"

namespace bpmn::notation {

TextWriter::TextWriter(const Model& model)
    : model_(model), graph_(model), told_(model.nodes.size(), false), closed_(model.nodes.size(), false), lane_of_(model.nodes.size(), -1) {
  std::vector<int> depth(model.lanes.size(), 0), best(model.nodes.size(), -1);
  for (std::size_t i = 0; i < model.lanes.size(); ++i) {
    if (model.lanes[i].parent >= 0) depth[i] = depth[static_cast<std::size_t>(model.lanes[i].parent)] + 1;
    for (const int node : model.lanes[i].nodes)
      if (const auto at = static_cast<std::size_t>(node); depth[i] > best[at]) best[at] = depth[i], lane_of_[at] = static_cast<int>(i);
  }
}

void TextWriter::line(int depth, const std::string& head, const std::string* value) {
  text_.append(static_cast<std::size_t>(depth) * 2, ' ').append(head);
  if (value) {
    text_ += ':';
    if (!value->empty()) text_.append(" ").append(as_value(*value));
  }
  text_ += '\n';
}

std::string TextWriter::id_part(const std::string& id, const std::string& derived) {
  ids_.claim(id);
  return id == derived || id.empty() ? "" : " #" + id;
}

void TextWriter::container(int process, int parent, int depth) {
  std::vector<int> order;
  for (const bool starts : {true, false})
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      const Node& one = model_.nodes[i];
      if (one.process == process && one.parent == parent && one.type != ElementType::boundary_event && (one.type == ElementType::start_event) == starts &&
          !graph_.is_handler(static_cast<int>(i)))
        order.push_back(static_cast<int>(i));
    }
  bool open = false;
  int lane = -1;
  for (const int one : order) {
    if (told(one)) continue;
    if (open && node(one).type != ElementType::event_sub_process) line(depth, "stop"), open = false;
    path(one, -1, lane, depth, open);
  }
}

// One outgoing flow without label, condition or default: told by order alone.
bool TextWriter::simple(int index) const {
  const auto& out = graph_.outgoing(index);
  if (out.size() != 1) return false;
  const Flow& only = flow(out[0]);
  return only.name.empty() && only.condition.empty() && node(index).default_flow != out[0];
}

// What stands after the element and its blocks; -1 where nothing does.
int TextWriter::after(int index, int next) const {
  if (simple(index)) return flow(graph_.outgoing(index)[0]).target;
  std::vector<int> starts;
  for (const int one : graph_.outgoing(index)) starts.push_back(flow(one).target);
  for (const int event : node(index).boundary)
    for (const int one : graph_.outgoing(event)) starts.push_back(flow(one).target);
  const int meets = graph_.meeting(starts, closed_);
  return meets >= 0 ? meets : graph_.main_path(starts, closed_, next);
}

void TextWriter::path(int index, int next, int& lane, int depth, bool& open) {
  for (int at = index; at >= 0;) {
    const auto here = static_cast<std::size_t>(at);
    told_[here] = closed_[here] = true;
    if (lane_of_[here] != lane) line(depth, "@" + lane_reference(lane_of_[here]));
    lane = lane_of_[here];
    element(at, depth);
    const bool ends = node(at).type == ElementType::end_event || graph_.is_handler(at) || node(at).type == ElementType::event_sub_process ||
                      (node(at).type == ElementType::intermediate_throw_event && !node(at).events.empty() && node(at).events.front().kind == EventKind::link);
    const bool dead = graph_.outgoing(at).empty();
    const int meets = dead ? -1 : after(at, next);
    const bool goes_on = meets >= 0 && !closed_[static_cast<std::size_t>(meets)];
    if (goes_on) closed_[static_cast<std::size_t>(meets)] = true;
    const int inner_next = simple(at) || goes_on ? meets : dead ? -1 : next;
    bool inner_open = false;
    boundaries(at, inner_next, lane, depth + 1, inner_open);
    if (!simple(at) && !dead) branches(at, inner_next, lane, depth + 1, inner_open);
    if (simple(at) && !goes_on) {
      if (meets == next) open = true;
      else line(depth, "gå til " + node(meets).id);
      return;
    }
    if (dead && !ends) {
      if (next >= 0) line(depth, "stop");
      else inner_open = true;
    }
    if (!goes_on) {
      open |= inner_open;
      return;
    }
    at = meets;
  }
}

// Where a branch or an event leads.
void TextWriter::go(int target, int next, int lane, int depth, bool& open) {
  if (target == next) open = true;
  else if (closed_[static_cast<std::size_t>(target)] || depth > kTextDepth - 8) line(depth, "gå til " + node(target).id);
  else path(target, next, lane, depth, open);
}

void TextWriter::element(int index, int depth) {
  const Node& one = node(index);
  std::string head(word_of(one.type));
  head += parameters(one);
  head += id_part(one.id, derived_id(ids_, one.name, head.substr(0, head.find(' '))));
  line(depth, head, one.name.empty() ? nullptr : &one.name);
  around_node(index, depth + 1);
  if (is_container(one.type)) container(one.process, index, depth + 1);
}

void TextWriter::boundaries(int index, int next, int lane, int depth, bool& open) {
  for (const int event : node(index).boundary) {
    const Node& one = node(event);
    if (one.events.empty()) {
      left(model_.where(one), "a boundary event without a trigger");
      continue;
    }
    told_[static_cast<std::size_t>(event)] = true;
    const std::string word = one.interrupting ? "ved" : "undervejs";
    std::string head = word + event_parameters(one);
    head += id_part(one.id, derived_id(ids_, one.name, word));
    line(depth, head, &one.name);
    around_node(event, depth + 1);
    const auto& out = graph_.outgoing(event);
    if (const int handler = graph_.compensates(event); handler >= 0 && one.events.front().kind == EventKind::compensation) {
      if (int inner = lane; !told(handler)) path(handler, -1, inner, depth + 1, open);
    } else if (out.empty()) {
      if (next >= 0 || one.events.front().kind == EventKind::compensation) line(depth + 1, "stop");
      else open = true;
    } else if (simple(event)) {
      go(flow(out[0]).target, next, lane, depth + 1, open);
    } else {
      branches(event, next, lane, depth + 1, open);
    }
  }
}

void TextWriter::branches(int index, int next, int lane, int depth, bool& open) {
  const ElementType type = node(index).type;
  const bool chooses = type == ElementType::exclusive_gateway || type == ElementType::inclusive_gateway || type == ElementType::complex_gateway;
  for (const int out : graph_.outgoing(index)) {
    const Flow& one = flow(out);
    const bool otherwise = node(index).default_flow == out;
    if (otherwise && !one.condition.empty()) left(model_.where(one), "the condition of a default flow");
    std::string head = otherwise ? "ellers" : chooses || !one.condition.empty() ? "hvis" : "gren";
    if (!one.name.empty()) head += " " + as_label(one.name);
    const std::string condition = otherwise ? "" : one.condition;
    line(depth, head, &condition);
    go(one.target, next, lane, depth + 1, open);
  }
}

std::string TextWriter::parameters(const Node& one) {
  if (is_event(one.type)) return event_parameters(one);
  const Zeebe& z = one.zeebe;
  std::string value;
  if (one.type == ElementType::service_task) value = z.task_type;
  if (one.type == ElementType::business_rule_task) value = z.decision_id;
  if (one.type == ElementType::call_activity) value = z.called_process.empty() ? one.called_element : z.called_process;
  if (one.type == ElementType::send_task || one.type == ElementType::receive_task) value = key_of(EventKind::message, one.message_ref);
  return value.empty() ? "" : " " + as_word(value);
}

std::string TextWriter::event_parameters(const Node& one) {
  if (one.events.empty()) return "";
  if (one.events.size() > 1) left(model_.where(one), "more than one trigger");
  const EventDefinition& event = one.events.front();
  std::string out = " " + std::string(word_of(event.kind)), value;
  if (event.kind == EventKind::timer && event.timer != TimerKind::none && !event.expression.empty()) {
    if (timer_of(event.expression) != event.timer) out += " " + std::string(kTimerWords[static_cast<int>(event.timer)]);
    value = event.expression;
  }
  if (event.kind == EventKind::conditional) value = event.expression;
  if (event.kind == EventKind::link) value = event.link_name;
  if (event.kind == EventKind::message || event.kind == EventKind::error || event.kind == EventKind::signal || event.kind == EventKind::escalation)
    value = key_of(event.kind, event.ref);
  if (event.kind == EventKind::compensation && !event.ref.empty()) value = event.ref;
  return value.empty() ? out : out + " " + as_word(value);
}

}  // namespace bpmn::notation

namespace bpmn {

Outline to_text(const Model& model) { return notation::TextWriter(model).run(); }

}  // namespace bpmn
