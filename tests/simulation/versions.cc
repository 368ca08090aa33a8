// The next version of a generated process: elements put in, taken out, renamed, of another type, with other events.
#include <algorithm>
#include <set>

#include "simulation/builder.h"
#include "simulation/generate.h"

namespace simulation {

namespace {

bool throws_something(const Node& node) { return (node.is(ElementType::end_event) || node.is(ElementType::intermediate_throw_event)) && !node.events.empty(); }
bool worked(const Node& node) {
  return node.job && (node.is(ElementType::service_task) || node.is(ElementType::send_task) || node.is(ElementType::script_task) || node.is(ElementType::business_rule_task));
}

class Edit {
 public:
  Edit(Process& process, base::Random& random, Millis date) : p_(process), random_(random), b_(process, random, date, process.version * 1000) { b_.limit = p_.nodes.size() + 6; }

  void run() {
    for (int edits = 1 + below(4); edits > 0; --edits) one();
    for (int gone = below(3); gone > 0; --gone) chance(60) ? take_out() : drop_event();
  }

 private:
  Node& at(int n) { return p_.nodes[static_cast<std::size_t>(n)]; }
  bool chance(int percent) { return random_.chance(static_cast<std::uint32_t>(percent)); }
  int below(std::size_t bound) { return static_cast<int>(random_.below(bound)); }
  // Any node that the filter likes; -1 = there is none.
  template <class F> int some(F&& likes) {
    std::vector<int> all;
    for (std::size_t n = 0; n < p_.nodes.size(); ++n)
      if (likes(p_.nodes[n])) all.push_back(static_cast<int>(n));
    return all.empty() ? -1 : all[static_cast<std::size_t>(below(all.size()))];
  }

  void one() {
    switch (below(10)) {
      case 0:
      case 1: return put_in();
      case 2:
      case 3:
      case 4: return rename();
      case 5: return retype();
      case 6: return add_event();
      case 7: return change_event();
      case 8: return change_condition();
      default: return change_loop();
    }
  }

  // Something new on a flow; its id stays with the first half or with the second.
  void put_in() {
    if (p_.flows.empty()) return;
    const int on = below(p_.flows.size());
    const Flow was = p_.flows[static_cast<std::size_t>(on)];
    if (at(was.from).is(ElementType::event_based_gateway)) return;
    const int scope = at(was.from).parent;
    const Chain made = chance(70) ? Chain{b_.job(scope), -1} : b_.fragment(scope, 2);
    const int last = made.last < 0 ? made.first : made.last;
    if (chance(50)) {  // the first half
      std::erase(at(was.to).incoming, on);
      p_.flows[static_cast<std::size_t>(on)].to = made.first;
      at(made.first).incoming.push_back(on);
      b_.flow(last, was.to);
      return;
    }
    std::erase(at(was.from).outgoing, on);
    Flow& second = p_.flows[static_cast<std::size_t>(on)];
    second.from = last;
    second.condition = {};
    at(last).outgoing.push_back(on);
    const int first = b_.flow(was.from, made.first, was.condition);
    if (at(was.from).default_flow == on) at(was.from).default_flow = first;
  }

  void rename() {
    const int n = some([](const Node&) { return true; });
    Node& node = at(n);
    const std::string old = node.id;
    node.id += "r";
    for (auto& [from, to] : p_.renamed)
      if (to == old) {
        to = node.id;
        return;
      }
    if (chance(88)) p_.renamed.emplace_back(old, node.id);
  }

  void retype() {
    static constexpr ElementType kWorked[] = {ElementType::service_task, ElementType::send_task, ElementType::script_task, ElementType::business_rule_task};
    const int n = some([](const Node& node) {
      return worked(node) || node.is(ElementType::user_task) || node.is(ElementType::receive_task) || node.is(ElementType::sub_process) ||
             (node.is(ElementType::intermediate_catch_event) && node.kind() == EventKind::message && node.events.size() == 1);
    });
    if (n < 0) return;
    Node& node = at(n);
    if (worked(node)) {
      node.type = chance(85) ? kWorked[below(4)] : ElementType::user_task;
      node.job = node.type != ElementType::user_task;
      node.result.clear();
    } else if (node.is(ElementType::user_task)) {
      if (chance(30)) node.type = ElementType::service_task, node.job = true;
    } else if (node.is(ElementType::receive_task)) {
      if (node.boundary.empty() && !node.loop && node.handler < 0 && !node.instantiate) node.type = ElementType::intermediate_catch_event;
    } else if (node.is(ElementType::intermediate_catch_event)) {
      if (!node.incoming.empty() && !at(p_.flows[static_cast<std::size_t>(node.incoming[0])].from).instantiate) node.type = ElementType::receive_task;
    } else if (!node.loop) {
      node.type = ElementType::transaction;
    }
  }

  void add_event() {
    if (chance(60)) {
      const int n = some([](const Node& node) { return !node.for_compensation && !node.is(ElementType::event_sub_process) && (node.job || node.is(ElementType::user_task) || node.scope() || node.is(ElementType::call_activity)); });
      if (n >= 0 && !at(n).is(ElementType::intermediate_throw_event)) b_.boundary(n, 3);
      return;
    }
    const int scope = chance(50) ? -1 : some([](const Node& node) { return node.is(ElementType::sub_process); });
    static constexpr EventKind kKinds[] = {EventKind::message, EventKind::timer, EventKind::signal, EventKind::conditional, EventKind::error, EventKind::escalation};
    if (!p_.none_start) return;
    b_.event_sub_process(scope, 3, kKinds[below(6)]);
  }

  // Another name, another duration, interrupting or not.
  void change_event() {
    const int n = some([](const Node& node) {
      return !node.events.empty() && (node.is(ElementType::boundary_event) || node.is(ElementType::start_event) || node.is(ElementType::intermediate_catch_event) || node.is(ElementType::receive_task));
    });
    if (n < 0) return;
    Node& node = at(n);
    const bool attached = node.is(ElementType::boundary_event) || (node.is(ElementType::start_event) && node.parent >= 0);
    const EventKind kind = node.kind();
    const bool either = kind == EventKind::message || kind == EventKind::timer || kind == EventKind::signal || kind == EventKind::conditional || kind == EventKind::escalation;
    if (attached && either && chance(30)) {
      node.interrupting = !node.interrupting;
    } else if (kind == EventKind::message || kind == EventKind::signal) {
      node.events[0].name += "b";
    } else if (kind == EventKind::timer && node.events[0].timer != bpmn::TimerKind::date) {
      node.events[0].wait *= 2;
    } else if (kind == EventKind::conditional) {
      node.events[0].condition = call(Expr::Op::equals, {variable(node.events[0].condition.args[0].name), constant(1)});
    }
  }

  void change_condition() {
    for (Flow& flow : p_.flows)
      if (flow.condition.op == Expr::Op::at_least && chance(40)) flow.condition.args[1] = constant(1 + below(8));
  }

  void change_loop() {
    const int n = some([](const Node& node) { return node.loop.has_value(); });
    if (n < 0) return;
    Loop& loop = *at(n).loop;
    if (chance(40) && !loop.standard) loop.sequential = !loop.sequential;
    else if (loop.standard) loop.maximum = 1 + below(4);
    else if (loop.output_element) loop.output_element = call(Expr::Op::plus, {variable("loopCounter"), constant(20)});
    else if (loop.cardinality) loop.cardinality = constant(below(4));
  }

  // An activity without anything at it, or an event: its ways in and out become one.
  void take_out() {
    const int n = some([&](const Node& node) {
      if (node.incoming.size() != 1 || node.outgoing.size() != 1 || !node.boundary.empty() || node.loop || node.for_compensation || node.instantiate || node.scope()) return false;
      if (node.start_quantity != 1 || node.completion_quantity != 1 || (node.is(ElementType::script_task) && !node.job) || node.kind() == EventKind::link) return false;
      const bool plain = node.is(ElementType::user_task) || node.is(ElementType::service_task) || node.is(ElementType::task) || node.is(ElementType::receive_task) || node.is(ElementType::intermediate_catch_event);
      const Flow& in = p_.flows[static_cast<std::size_t>(node.incoming[0])];
      const Node& next = at(p_.flows[static_cast<std::size_t>(node.outgoing[0])].to);
      return plain && !at(in.from).is(ElementType::event_based_gateway) && !throws_something(next) && in.to != p_.flows[static_cast<std::size_t>(node.outgoing[0])].to;
    });
    if (n < 0) return;
    const int in = at(n).incoming[0], out = at(n).outgoing[0], next = p_.flows[static_cast<std::size_t>(out)].to;
    p_.flows[static_cast<std::size_t>(in)].to = next;
    if (chance(50)) std::swap(p_.flows[static_cast<std::size_t>(in)].id, p_.flows[static_cast<std::size_t>(out)].id);
    at(n).incoming.clear();
    at(next).incoming.push_back(in);
    erase({n});
  }

  // A boundary event or an event sub-process, with what follows it only.
  void drop_event() {
    const int n = some([](const Node& node) { return (node.is(ElementType::boundary_event) && node.kind() != EventKind::compensation && node.kind() != EventKind::cancel) || node.is(ElementType::event_sub_process); });
    if (n < 0) return;
    std::set<int> gone{n};
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = 0; i < p_.nodes.size(); ++i) {
        const Node& node = p_.nodes[i];
        const bool inside = gone.contains(node.parent) || (node.attached >= 0 && gone.contains(node.attached));
        const bool undoes = std::any_of(gone.begin(), gone.end(), [&](int one) { return at(one).handler == static_cast<int>(i); });
        const bool behind = !node.incoming.empty() && std::all_of(node.incoming.begin(), node.incoming.end(), [&](int f) { return gone.contains(p_.flows[static_cast<std::size_t>(f)].from); });
        if ((inside || behind || undoes) && gone.insert(static_cast<int>(i)).second) more = true;
      }
    }
    for (int one : gone)
      if (at(one).kind() == EventKind::link) return;
    erase(gone);
  }

  void erase(const std::set<int>& gone) {
    std::vector<int> node_now(p_.nodes.size(), -1), flow_now(p_.flows.size(), -1);
    std::vector<Node> nodes;
    std::vector<Flow> flows;
    for (std::size_t n = 0; n < p_.nodes.size(); ++n) {
      if (gone.contains(static_cast<int>(n))) continue;
      node_now[n] = static_cast<int>(nodes.size());
      nodes.push_back(p_.nodes[n]);
    }
    for (std::size_t f = 0; f < p_.flows.size(); ++f) {
      if (gone.contains(p_.flows[f].from) || gone.contains(p_.flows[f].to)) continue;
      flow_now[f] = static_cast<int>(flows.size());
      flows.push_back(p_.flows[f]);
    }
    const auto one = [](const std::vector<int>& now, int& index) {
      if (index >= 0) index = now[static_cast<std::size_t>(index)];
    };
    const auto all = [&](const std::vector<int>& now, std::vector<int>& list) {
      for (int& index : list) one(now, index);
      std::erase(list, -1);
    };
    for (Node& node : nodes) {
      for (int* index : {&node.parent, &node.attached, &node.handler}) one(node_now, *index);
      for (Event& event : node.events) one(node_now, event.activity);
      all(node_now, node.boundary);
      all(flow_now, node.incoming);
      all(flow_now, node.outgoing);
      one(flow_now, node.default_flow);
    }
    for (Flow& flow : flows) one(node_now, flow.from), one(node_now, flow.to);
    p_.nodes = std::move(nodes);
    p_.flows = std::move(flows);
  }

  Process& p_;
  base::Random& random_;
  Builder b_;
};

}  // namespace

Process next_version(const Process& before, base::Random& random, Millis date) {
  Process process = before;
  ++process.version;
  process.renamed.clear();
  process.tag = random.chance(40) ? "stable" : "";
  for (Node& node : process.nodes)
    if (node.binding == Node::Binding::deployment) node.binding = Node::Binding::latest;  // it is deployed without the others
  Edit(process, random, date).run();
  for (Node& node : process.nodes)
    if (node.binding == Node::Binding::deployment) node.binding = Node::Binding::tag;
  return process;
}

}  // namespace simulation
