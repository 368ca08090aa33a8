// What is compared of two nodes that are the same, and how each is said as text.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "bpmn/compare/differences.h"

namespace bpmn::comparing {
namespace {

std::string type_of(const Node& n) {
  std::string out(xml_name(n.type));
  if (n.type == ElementType::event_sub_process) out = "eventSubProcess";
  const EventKind kind = n.events.empty() ? EventKind::none : n.parallel_multiple || n.events.size() > 1 ? EventKind::multiple : n.events[0].kind;
  if (kind != EventKind::none) out += ":" + std::string(name(kind));
  return out;
}

std::string event_text(const Model& model, const Node& n) {
  std::vector<std::string> out;
  for (const EventDefinition& e : n.events) {
    std::string text = e.expression.empty() ? e.link_name : e.expression;
    if (const auto* m = model.message(e.ref)) text = m->name;
    else if (const auto* s = model.signal(e.ref)) text = s->name;
    else if (const auto* f = model.error(e.ref)) text = f->code.empty() ? f->name : f->code;
    else if (const auto* x = model.escalation(e.ref)) text = x->code.empty() ? x->name : x->code;
    if (!text.empty()) out.push_back(text);
  }
  return base::join(out, "; ");
}

std::string_view event_key(const Node& n) {
  if (n.events.empty()) return "event";
  switch (n.events[0].kind) {
    case EventKind::timer: return "timer";
    case EventKind::conditional: return "condition";
    case EventKind::message: return "message";
    default: return "event";
  }
}

std::string loop_text(const Node& n) {
  if (!n.loop) return {};
  const Loop& l = *n.loop;
  if (l.standard) return "loop " + l.loop_condition + (l.loop_maximum.empty() ? "" : " max " + l.loop_maximum);
  return std::string(l.sequential ? "sequential" : "parallel") + " " + (n.zeebe.input_collection.empty() ? l.cardinality : n.zeebe.input_collection) + (l.completion_condition.empty() ? "" : " until " + l.completion_condition);
}

std::string mappings(const std::vector<Mapping>& all) {
  std::vector<std::string> out;
  for (const Mapping& m : all) out.push_back(m.target + " = " + m.source);
  std::sort(out.begin(), out.end());
  return base::join(out, "; ");
}

std::string headers(const std::vector<Header>& all) {
  std::vector<std::string> out;
  for (const Header& h : all) out.push_back(h.key + " = " + h.value);
  std::sort(out.begin(), out.end());
  return base::join(out, "; ");
}

// Runs of blanks, also those of line ends in a file, are one blank.
std::string one_line(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && static_cast<unsigned char>(text[end]) > ' ') ++end;
    if (end > i) words.emplace_back(text.substr(i, end - i));
    i = end + 1;
  }
  return base::join(words, " ");
}

}  // namespace

std::vector<Detail> details(const Graph& ga, int a, const Graph& gb, int b, const Matching& matching) {
  const Node &x = ga.node(a), &y = gb.node(b);
  std::vector<Detail> out;
  const auto say = [&](std::string_view what, std::string before, std::string after) {
    before = one_line(before);
    after = one_line(after);
    if (before != after) out.push_back({std::string(what), std::move(before), std::move(after)});
  };
  say("label", x.name, y.name);
  say("type", type_of(x), type_of(y));
  const int lane_a = ga.lane(a), lane_b = gb.lane(b);
  if ((lane_a < 0) != (lane_b < 0) || (lane_a >= 0 && matching.lane_of_a[static_cast<std::size_t>(lane_a)] != lane_b)) out.push_back({"lane", ga.lane_name(a), gb.lane_name(b)});
  const auto host = [](const Graph& g, const Node& n) { return n.attached_to < 0 ? std::string() : g.node(n.attached_to).name; };
  if (x.attached_to >= 0 && y.attached_to >= 0 && matching.of_a[static_cast<std::size_t>(x.attached_to)] != y.attached_to) say("attachedTo", host(ga, x), host(gb, y));
  if (x.parent >= 0 || y.parent >= 0) {
    const int expected = x.parent < 0 ? -1 : matching.of_a[static_cast<std::size_t>(x.parent)];
    if (expected != y.parent) out.push_back({"inside", x.parent < 0 ? "" : ga.node(x.parent).name, y.parent < 0 ? "" : gb.node(y.parent).name});
  }
  if (event_key(x) == event_key(y)) say(event_key(x), event_text(ga.model, x), event_text(gb.model, y));
  if (x.type == ElementType::boundary_event && y.type == ElementType::boundary_event) say("interrupting", x.interrupting ? "yes" : "no", y.interrupting ? "yes" : "no");
  say("calls", ga.called(a), gb.called(b));
  say("law", ga.property(a, "lov"), gb.property(b, "lov"));
  say("covers", ga.property(a, "daekker"), gb.property(b, "daekker"));
  say("deadline", ga.property(a, "frist"), gb.property(b, "frist"));
  say("documentation", x.documentation, y.documentation);
  say("loop", loop_text(x), loop_text(y));
  const Zeebe &u = x.zeebe, &v = y.zeebe;
  say("group", u.candidate_groups, v.candidate_groups);
  say("assignee", u.assignee, v.assignee);
  say("users", u.candidate_users, v.candidate_users);
  say("due", u.due_date, v.due_date);
  say("form", u.form_id + u.form_key + u.external_reference, v.form_id + v.form_key + v.external_reference);
  say("decision", u.decision_id, v.decision_id);
  say("job", u.task_type, v.task_type);
  say("retries", u.task_retries, v.task_retries);
  say("script", u.script + x.script, v.script + y.script);
  say("headers", headers(u.headers), headers(v.headers));
  say("input", mappings(u.inputs), mappings(v.inputs));
  say("output", mappings(u.outputs), mappings(v.outputs));
  std::map<std::string, bool> others;
  for (const auto* z : {&u, &v})
    for (const Header& p : z->properties)
      if (p.key != "lov" && p.key != "pakke" && p.key != "daekker" && p.key != "frist") others[p.key] = true;
  for (const auto& [key, one] : others) say("property:" + key, ga.property(a, key), gb.property(b, key));
  return out;
}

}  // namespace bpmn::comparing
