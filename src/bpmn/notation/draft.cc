// Elements and the flows between them: order is flow, blocks are branches.
// Recursion follows the indentation, which kTextDepth bounds.
#include <algorithm>
#include <numeric>
#include <optional>

#include "base/text.h"
#include "bpmn/iso8601.h"
#include "bpmn/notation/details.h"
#include "bpmn/notation/draft_reader.h"

namespace bpmn::notation {
namespace {

std::optional<ElementType> flow_word(std::string_view word) {
#define FLOW(text, type) if (word == text) return ElementType::type;
#define KIND(text, kind)
#define CONTROL(text)
#define DETAIL(text, words)
#include "bpmn/notation/words.def"
#undef FLOW
#undef KIND
  return std::nullopt;
}
std::optional<EventKind> kind_word(std::string_view word) {
#define FLOW(text, type)
#define KIND(text, kind) if (word == text) return EventKind::kind;
#include "bpmn/notation/words.def"
#undef FLOW
#undef KIND
#undef CONTROL
#undef DETAIL
  return std::nullopt;
}
std::vector<std::string> kind_words() {
  std::vector<std::string> out;
#define FLOW(text, type)
#define KIND(text, kind) out.emplace_back(text);
#define CONTROL(text)
#define DETAIL(text, words)
#include "bpmn/notation/words.def"
  return out;
}

bool is_branch(std::string_view word) { return word == "hvis" || word == "ellers" || word == "gren"; }
bool is_boundary(std::string_view word) { return word == "ved" || word == "undervejs"; }
bool is_link(const Node& node) { return !node.events.empty() && node.events.front().kind == EventKind::link; }

}  // namespace

std::string derived_id(const Ids& ids, std::string_view name, std::string_view word) {
  const std::string base = slug(name);
  return ids.free(base.empty() ? slug(word) : base);
}

std::unexpected<base::Error> DraftReader::fail(const Line& line, std::string message, std::string remedy) const {
  return base::fail(base::ErrorCode::invalid_bpmn, std::move(message), lines_.where(line), std::move(remedy));
}

base::Result<std::string> DraftReader::new_id(const Line& line, const std::string& derived) {
  const std::string id = line.id.empty() ? derived : line.id;
  if (!is_id(id)) return fail(line, "'" + id + "' cannot be an id", "begin with a letter, then letters, digits, '_', '-' and '.'");
  if (!ids_.claim(id)) return fail(line, "the id '" + id + "' is used above", "give one of the two another id");
  return id;
}

base::Status DraftReader::block(const std::vector<int>& lines, Place place, Opens& opens) {
  for (const int index : lines) {
    const Line& line = at(index);
    if (line.keyword == "@") {
      TRY_VOID(find_lane(line, place));
    } else if (line.keyword == "gå til") {
      TRY_VOID(jump(line, opens, index));
    } else if (line.keyword == "stop") {
      if (!line.children.empty()) return fail(line, "lines are indented under 'stop'", "indent them as far as this line");
      opens.clear();
    } else if (flow_word(line.keyword)) {
      TRY_VOID(element(index, place, opens));
    } else {
      return leave(line);
    }
  }
  return {};
}

// A line that cannot stand where it stands: says where it could.
base::Status DraftReader::leave(const Line& line) {
  if (is_branch(line.keyword)) return fail(line, "'" + line.keyword + "' stands under no gateway", "indent it under a `valg`, `flervalg`, `parallel` or `afvent`, or an activity");
  if (is_boundary(line.keyword)) return fail(line, "'" + line.keyword + "' stands under no activity", "indent it under the task, call or sub-process it happens to");
  if (is_detail(line.keyword)) return fail(line, "'" + line.keyword + "' describes no element here", "indent it under the element it belongs to");
  return fail(line, "'" + line.keyword + "' cannot stand here", "here stand elements, `gå til`, `stop` and `@`");
}

base::Status DraftReader::element(int index, Place& place, Opens& opens) {
  const Line& line = at(index);
  const ElementType type = *flow_word(line.keyword);
  TRY(const int self, add_node(line, type, place));
  if (type == ElementType::event_sub_process) {  // takes no part in the flow around it
    Opens none;
    return inside(index, place, self, none);
  }
  const bool source = type == ElementType::start_event || (type == ElementType::intermediate_catch_event && is_link(node(self)));
  if (!source) arrive(opens, self);
  Opens out;
  TRY_VOID(inside(index, place, self, out));
  const bool ends = type == ElementType::end_event || (type == ElementType::intermediate_throw_event && is_link(node(self))) || node(self).for_compensation;
  const bool branches = std::ranges::any_of(line.children, [&](int child) { return is_branch(at(child).keyword); });
  if (ends && branches) return fail(line, "'" + line.keyword + "' has branches, but nothing goes on from it", "remove them, or use another element");
  if (!ends && !branches) out.insert(out.begin(), opened(self, line));
  opens.insert(opens.end(), out.begin(), out.end());
  return {};
}

// The lines under an element: first details and the content of a sub-process, then boundary events and branches.
base::Status DraftReader::inside(int index, Place place, int self, Opens& out) {
  const Line& line = at(index);
  std::vector<int> content;
  for (const int child : line.children) {
    const Line& one = at(child);
    if (is_branch(one.keyword) || is_boundary(one.keyword)) continue;
    if (is_detail(one.keyword)) {
      TRY_VOID(detail(one, place, self));
    } else if (is_container(node(self).type)) {
      content.push_back(child);
    } else if (is_gateway(node(self).type)) {
      return fail(one, "'" + one.keyword + "' stands directly under a gateway", "put it under a branch, `hvis LABEL:`, `ellers LABEL:` or `gren LABEL:`; or indent it as far as the gateway");
    } else {
      return fail(one, "'" + one.keyword + "' cannot stand under '" + line.keyword + "'", "indent it as far as '" + line.keyword + "'; only sub-processes and branches have content");
    }
  }
  Opens inner, boundaries;
  TRY_VOID(block(content, {place.process, self, -1}, inner));
  for (const int child : line.children) {
    if (is_branch(at(child).keyword)) TRY_VOID(branch(child, place, self, out));
    if (is_boundary(at(child).keyword)) TRY_VOID(boundary(child, place, self, boundaries));
  }
  out.insert(out.end(), boundaries.begin(), boundaries.end());
  return {};
}

base::Status DraftReader::detail(const Line& line, Place place, int self) {
  if (line.keyword == "note") return note(line, place.process, node(self).id);
  if (line.keyword == "læser" || line.keyword == "skriver") return data_link(line, self);
  return read_detail(lines_, line, node(self));
}

base::Status DraftReader::branch(int index, Place place, int self, Opens& out) {
  const Line& line = at(index);
  Open open = opened(self, line);
  open.label = line.head;
  open.is_default = line.keyword == "ellers";
  open.has_condition = !line.value.empty();
  open.condition = line.value;
  if (open.has_condition && line.keyword != "hvis") return fail(line, "'" + line.keyword + "' has a condition", "only `hvis` has one; elements stand on their own lines below");
  if (open.is_default && (node(self).default_flow >= 0 || std::ranges::any_of(out, [&](const Open& o) { return o.source == self && o.is_default; })))
    return fail(line, "a second 'ellers'", "one branch is the default");
  Opens opens{open};
  TRY_VOID(block(line.children, place, opens));
  out.insert(out.end(), opens.begin(), opens.end());
  return {};
}

base::Status DraftReader::boundary(int index, Place place, int self, Opens& out) {
  const Line& line = at(index);
  if (!is_activity(node(self).type)) return fail(line, "'" + line.keyword + "' under what is no activity", "events happen to tasks, calls and sub-processes");
  TRY(const int event, add_node(line, ElementType::boundary_event, place));
  Node& added = node(event);
  added.attached_to = self;
  added.interrupting = line.keyword == "ved";
  if (added.events.empty()) return fail(line, "'" + line.keyword + "' does not say what happens", "write the kind, as in `ved timer P14D:` or `ved fejl IKKE_FUNDET:`");
  node(self).boundary.push_back(event);
  std::vector<int> path;
  Opens opens;
  bool branches = false;
  for (const int child : line.children) {
    if (is_detail(at(child).keyword)) TRY_VOID(detail(at(child), place, event));
    else if (!is_branch(at(child).keyword)) path.push_back(child);
    else branches = true;
  }
  if (branches && !path.empty()) return fail(at(path.front()), "a branch and an element under '" + line.keyword + "'", "put the element into a branch");
  for (const int child : line.children)
    if (is_branch(at(child).keyword)) TRY_VOID(branch(child, place, event, opens));
  if (!branches) opens.push_back(opened(event, line));
  TRY_VOID(block(path, place, opens));
  if (node(event).events.front().kind == EventKind::compensation && !opens.empty()) return fail(line, "nothing compensates", "put the one activity that does under it");
  out.insert(out.end(), opens.begin(), opens.end());
  return {};
}

base::Result<int> DraftReader::add_node(const Line& line, ElementType type, Place place) {
  Node added;
  added.type = type;
  added.name = line.value;
  added.process = place.process;
  added.parent = place.parent;
  added.line = line.number;
  added.column = line.column;
  TRY(added.id, new_id(line, derived_id(ids_, added.name, line.keyword)));
  TRY_VOID(parameters(line, added));
  const int index = static_cast<int>(model_.nodes.size());
  model_.node_index.emplace(added.id, index);
  model_.nodes.push_back(std::move(added));
  if (place.lane >= 0) model_.lanes[static_cast<std::size_t>(place.lane)].nodes.push_back(index);
  return index;
}

base::Status DraftReader::parameters(const Line& line, Node& added) {
  if (is_event(added.type)) return event_parameters(line, added, 0);
  if (line.words.empty()) return {};
  std::string* field = added.type == ElementType::service_task                                             ? &added.zeebe.task_type
                       : added.type == ElementType::business_rule_task                                     ? &added.zeebe.decision_id
                       : added.type == ElementType::call_activity                                          ? &added.zeebe.called_process
                       : added.type == ElementType::send_task || added.type == ElementType::receive_task ? &added.message_ref
                                                                                                          : nullptr;
  if (!field || line.words.size() > 1)
    return fail(line, "'" + line.words[field ? 1 : 0] + "' before the colon", "the name stands behind the colon: `" + line.keyword + ": " + (line.value.empty() ? line.head : line.value) + "`; a parameter with blanks in quotes");
  *field = line.words[0];
  return {};
}

base::Status DraftReader::event_parameters(const Line& line, Node& added, std::size_t first) {
  if (line.words.size() <= first) return {};
  const auto kind = kind_word(line.words[first]);
  if (!kind) {
    const std::string near = base::nearest(line.words[first], kind_words());
    return fail(line, "'" + line.words[first] + "' is no kind of event", near.empty() ? "one of " + base::join(kind_words(), ", ") + "; the name stands behind the colon" : "did you mean '" + near + "'?");
  }
  EventDefinition event;
  event.kind = *kind;
  const std::vector<std::string> rest(line.words.begin() + static_cast<std::ptrdiff_t>(first) + 1, line.words.end());
  if (*kind == EventKind::timer) {
    TRY_VOID(timer_parameter(line, rest, event));
  } else if (rest.size() > 1) {
    return fail(line, "'" + rest[1] + "' before the colon", "a parameter with blanks stands in quotes; the name stands behind the colon");
  } else if (!rest.empty()) {
    if (*kind == EventKind::conditional) event.expression = rest[0];
    else if (*kind == EventKind::link) event.link_name = rest[0];
    else event.ref = rest[0];
  }
  added.events.push_back(std::move(event));
  return {};
}

base::Status DraftReader::timer_parameter(const Line& line, const std::vector<std::string>& words, EventDefinition& event) {
  if (words.empty()) return {};
  std::size_t value = 0;
  for (int kind = 1; kind < 4; ++kind)
    if (words[0] == kTimerWords[kind]) event.timer = static_cast<TimerKind>(kind), value = 1;
  if (words.size() != value + 1)
    return fail(line, words.size() <= value ? "'" + words[0] + "' without its value" : "'" + words[value + 1] + "' before the colon", "one value, with blanks in quotes, as in `timer P14D` or `timer varighed \"=frist\"`");
  event.expression = words[value];
  if (value == 0) event.timer = timer_of(event.expression);
  if (event.timer == TimerKind::none)
    return fail(line, "'" + event.expression + "' is no time", "P14D (duration), 2026-12-01T08:00:00Z (date), R/P1M (cycle); before an expression `varighed`, `dato` or `cyklus`");
  return {};
}

base::Status DraftReader::jump(const Line& line, Opens& opens, int index) {
  const std::string to = !line.id.empty() ? line.id : line.has_value ? line.value : line.words.size() == 1 ? line.words[0] : line.head;
  if (to.empty()) return fail(line, "'gå til' without a place", "write the id of an element, as in `gå til vurder_svar`");
  if (!line.children.empty()) return fail(line, "lines are indented under 'gå til'", "indent them as far as this line");
  if (opens.empty()) return fail(line, "nothing arrives at this 'gå til'", "what stands above has ended; remove the line, or give it a branch");
  for (const Open& open : opens)
    if (!node(open.source).events.empty() && node(open.source).events.front().kind == EventKind::compensation)
      return fail(line, "'gå til' from a compensation event", "put the activity that compensates under it");
  jumps_.push_back({opens, to, index, static_cast<int>(model_.flows.size())});
  // The flow keeps its place in the order of the outline; its target comes when all is read.
  for (const Open& open : opens) flow(open, -1);
  opens.clear();
  return {};
}

void DraftReader::arrive(Opens& opens, int target) {
  for (const Open& open : opens) flow(open, target);
  opens.clear();
}

void DraftReader::flow(const Open& open, int target) {
  const Node& from = node(open.source);
  if (from.type == ElementType::boundary_event && !from.events.empty() && from.events.front().kind == EventKind::compensation) {
    model_.artifacts.push_back({"association", "", "", from.id, target < 0 ? "" : node(target).id, nullptr, from.process});
    if (target >= 0) node(target).for_compensation = true;
    return;
  }
  Flow added;
  added.name = open.label;
  added.source = open.source;
  added.target = target;
  added.condition = open.condition;
  added.has_condition = open.has_condition;
  added.process = from.process;
  added.parent = from.parent;
  added.line = open.line;
  added.column = open.column;
  const int index = static_cast<int>(model_.flows.size());
  if (open.is_default) node(open.source).default_flow = index;
  model_.flows.push_back(std::move(added));
  flow_order_.push_back(open.order);
}

base::Result<int> DraftReader::node_named(const std::string& name, const Line& line) const {
  if (const int found = model_.node(name); found >= 0) return found;
  int found = -1;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
    ids.push_back(model_.nodes[i].id);
    if (model_.nodes[i].name != name) continue;
    if (found >= 0) return fail(line, "two elements are named '" + name + "'", "use an id: '" + model_.nodes[static_cast<std::size_t>(found)].id + "' or '" + model_.nodes[i].id + "'");
    found = static_cast<int>(i);
  }
  if (found >= 0) return found;
  std::string near = base::nearest(name, ids);
  if (near.empty() && model_.node(slug(name)) >= 0) near = slug(name);
  return fail(line, "there is no element '" + name + "'", near.empty() ? "give the element an id, as in `bruger #vurder: Vurdér svaret`" : "did you mean '" + near + "'?");
}

base::Status DraftReader::settle_jumps() {
  for (const Jump& one : jumps_) {
    TRY(const int target, node_named(one.to, at(one.line)));
    const Node& to = node(target);
    const Node& from = node(one.from.front().source);
    if (to.parent != from.parent || to.process != from.process)
      return fail(at(one.line), "'" + one.to + "' is not in the same (sub-)process", "a sequence flow stays inside; use an event, or a `beskedflow` between pools");
    if (to.type == ElementType::start_event || to.type == ElementType::boundary_event || to.type == ElementType::event_sub_process)
      return fail(at(one.line), "nothing can go to '" + one.to + "'", "a start or boundary event has no flow into it; go to what follows it");
    for (std::size_t i = 0; i < one.from.size(); ++i) model_.flows[static_cast<std::size_t>(one.order) + i].target = target;
  }
  return {};
}

void DraftReader::settle_order() {
  std::vector<std::size_t> order(model_.flows.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [this](std::size_t flow) { return flow_order_[flow]; });
  std::vector<int> place(order.size());
  std::vector<Flow> sorted;
  for (const std::size_t flow : order) {
    place[flow] = static_cast<int>(sorted.size());
    sorted.push_back(std::move(model_.flows[flow]));
  }
  model_.flows = std::move(sorted);
  for (Node& one : model_.nodes)
    if (one.default_flow >= 0) one.default_flow = place[static_cast<std::size_t>(one.default_flow)];
}

void DraftReader::settle_flow_ids() {
  for (std::size_t i = 0; i < model_.flows.size(); ++i) {
    Flow& flow = model_.flows[i];
    flow.id = ids_.free("f_" + node(flow.source).id + "_" + node(flow.target).id);
    ids_.claim(flow.id);
    node(flow.source).outgoing.push_back(static_cast<int>(i));
    node(flow.target).incoming.push_back(static_cast<int>(i));
  }
  for (Artifact& one : model_.artifacts)
    if (one.kind == "association") one.id = ids_.free("a_" + one.source + "_" + one.target), ids_.claim(one.id);
}

base::Result<Draft> read_draft(const Lines& lines) {
  Draft draft;
  draft.model.file = lines.file;
  TRY_VOID(DraftReader(lines, draft).run());
  return draft;
}

}  // namespace bpmn::notation
