// Migration: an instance goes on by another version. What each element becomes is said by id or by who renames; then
// everything that is alive must fit (docs/engine.md), and goes on where it is.
#include <algorithm>
#include <set>

#include "simulation/oracle.h"

namespace simulation {

namespace {

bool begins_event_scope(const Process& p, const Node& node) {
  return node.is(ElementType::start_event) && node.parent >= 0 && p.nodes[static_cast<std::size_t>(node.parent)].is(ElementType::event_sub_process);
}
bool attached(const Process& p, const Node& node) { return node.is(ElementType::boundary_event) || begins_event_scope(p, node); }
bool holds_others(const Node& node) { return node.scope() || node.is(ElementType::call_activity); }
bool task(const Node& node) {
  return node.is(ElementType::task) || node.is(ElementType::service_task) || node.is(ElementType::user_task) || node.is(ElementType::manual_task) || node.is(ElementType::send_task) ||
         node.is(ElementType::receive_task) || node.is(ElementType::script_task) || node.is(ElementType::business_rule_task);
}
bool joins(const Node& node) {
  return node.incoming.size() > 1 && (node.is(ElementType::parallel_gateway) || node.is(ElementType::inclusive_gateway) || node.is(ElementType::complex_gateway));
}
bool contains(const std::vector<int>& list, int one) { return std::find(list.begin(), list.end(), one) != list.end(); }

}  // namespace

// What each node and flow of one version is in the other; -1 = nothing, and -1 (the process) is itself.
class Correspondence {
 public:
  const Process &from, &to;
  std::string fault;

  Correspondence(const Process& source, const Process& target, const Renamed& renamed) : from(source), to(target), nodes_(source.nodes.size(), -1), flows_(source.flows.size(), -1) {
    std::set<int> named;
    for (const auto& [old, now] : renamed) {
      const int n = from.find(old);
      if (n < 0 || !named.insert(n).second) fault = "mapping of " + old;
      else if (now.empty() ? !attached(from, from.nodes[static_cast<std::size_t>(n)]) : to.find(now) < 0) fault = "mapping to " + now;
      else nodes_[static_cast<std::size_t>(n)] = now.empty() ? -1 : to.find(now);
    }
    for (std::size_t n = 0; n < from.nodes.size(); ++n)
      if (!named.contains(static_cast<int>(n))) nodes_[n] = to.find(from.nodes[n].id);
    for (std::size_t n = 0; n < from.nodes.size(); ++n) {  // an event sub-process takes its trigger along
      const int trigger = from.nodes[n].is(ElementType::event_sub_process) ? trigger_of(from, static_cast<int>(n)) : -1;
      if (trigger < 0 || named.contains(trigger) || nodes_[n] < 0) continue;
      if (to.nodes[static_cast<std::size_t>(nodes_[n])].is(ElementType::event_sub_process)) nodes_[static_cast<std::size_t>(trigger)] = trigger_of(to, nodes_[n]);
    }
    std::set<int> taken;
    const std::vector<int> before = nodes_;  // where an event stands is asked of what its surroundings become
    for (std::size_t n = 0; n < from.nodes.size(); ++n) {
      if (nodes_[n] < 0 || !attached(from, from.nodes[n])) continue;
      if (!stands_alike(static_cast<int>(n)) || !stays(static_cast<int>(n))) nodes_[n] = -1;
      else if (!taken.insert(nodes_[n]).second) fault = "two events become " + to.nodes[static_cast<std::size_t>(nodes_[n])].id;
    }
    for (std::size_t f = 0; f < from.flows.size(); ++f) flows_[f] = flow_of(from.flows[f]);
  }

  int node(int n) const { return n < 0 ? -1 : nodes_[static_cast<std::size_t>(n)]; }
  int flow(int f) const { return f < 0 ? -1 : flows_[static_cast<std::size_t>(f)]; }
  bool knows(int n) const { return n < 0 || node(n) >= 0; }
  const Node& was(int n) const { return from.nodes[static_cast<std::size_t>(n)]; }
  const Node& becomes(int n) const { return to.nodes[static_cast<std::size_t>(node(n))]; }

  // It hears the same kinds of trigger and interrupts alike.
  bool stays(int n) const {
    if (n < 0 || node(n) < 0) return false;
    const Node &a = was(n), &b = becomes(n);
    if (a.events.size() != b.events.size() || a.together != b.together || a.interrupting != b.interrupting) return false;
    for (std::size_t i = 0; i < a.events.size(); ++i)
      if (a.events[i].kind != b.events[i].kind) return false;
    return true;
  }
  // What this act waits for there, is it waited for at what the act becomes?
  bool goes_on(const Act& act, int event) const {
    if (event == act.node) return true;
    if (!stays(event)) return false;
    if (act.node < 0 || !was(act.node).is(ElementType::event_based_gateway)) return true;
    return contains(behind(to, node(act.node)), node(event));
  }
  static std::vector<int> behind(const Process& p, int n) {
    std::vector<int> all;
    for (int f : p.nodes[static_cast<std::size_t>(n)].outgoing) all.push_back(p.flows[static_cast<std::size_t>(f)].to);
    return all;
  }
  static std::vector<int> triggers(const Process& p, int scope) {
    std::vector<int> all;
    for (int inner : event_sub_processes(p, scope)) all.push_back(trigger_of(p, inner));
    return all;
  }

 private:
  bool stands_alike(int n) const {
    const Node &a = was(n), &b = becomes(n);
    if (a.is(ElementType::boundary_event)) return b.is(ElementType::boundary_event) && node(a.attached) == b.attached;
    return begins_event_scope(to, b) && node(a.parent) == b.parent;
  }
  // The flow of the same id, else the one between the same elements, else the only one that leads there.
  int flow_of(const Flow& flow) const {
    if (node(flow.to) < 0) return -1;
    const auto& incoming = becomes(flow.to).incoming;
    for (int f : incoming)
      if (to.flows[static_cast<std::size_t>(f)].id == flow.id) return f;
    for (int f : incoming)
      if (to.flows[static_cast<std::size_t>(f)].from == node(flow.from)) return f;
    return incoming.size() == 1 ? incoming.front() : -1;
  }
  std::vector<int> nodes_, flows_;
};

// The acts of one process instance; what it calls is an instance of its own.
std::vector<int> Oracle::of_instance(const Tree& tree, int root) const {
  std::vector<int> all{root};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const auto& [number, act] : tree.acts)
      if (act.parent == all[i] && act.node >= 0) all.push_back(number);
  return all;
}

// What only the new version waits for at this act.
std::vector<int> Oracle::openings(const Tree& tree, const Act& act, const Correspondence& c) const {
  std::vector<int> out;
  const auto add = [&](const std::vector<int>& had, const std::vector<int>& has) {
    for (int event : has)
      if (std::none_of(had.begin(), had.end(), [&](int before) { return c.node(before) == event && c.stays(before); })) out.push_back(event);
  };
  const bool scope = act.node < 0 || (c.was(act.node).scope() && !act.body);
  std::vector<int> children;
  for (const auto& [number, other] : tree.acts)
    if (other.parent == act.number) children.push_back(number);
  const bool moves = std::any_of(tree.moves.begin(), tree.moves.end(), [&](const Move& move) { return move.act == act.number && move.token(); });
  if (act.inner || act.compensating.again || (act.completing && !(scope && (!children.empty() || moves || !act.parked.empty())))) return out;
  if (act.round == 0 && act.node >= 0) add(c.was(act.node).boundary, c.becomes(act.node).boundary);
  const bool taken_over = std::any_of(children.begin(), children.end(), [&](int child) {
    const int node = tree.acts.at(child).node;
    return node >= 0 && c.was(node).is(ElementType::event_sub_process) && c.was(trigger_of(c.from, node)).interrupting;
  });
  if (scope && !taken_over) add(Correspondence::triggers(c.from, act.node), Correspondence::triggers(c.to, c.node(act.node)));
  if (act.node >= 0 && c.was(act.node).is(ElementType::event_based_gateway) && c.becomes(act.node).is(ElementType::event_based_gateway))
    add(Correspondence::behind(c.from, act.node), Correspondence::behind(c.to, c.node(act.node)));
  return out;
}

namespace {

// What stands against it, act by act.
struct Fit {
  const Tree& tree;
  const Correspondence& c;
  std::set<int> not_begun;
  std::string misfit;

  void no(const std::string& why, int node) {
    if (misfit.empty()) misfit = why + " at " + (node < 0 ? "the process" : c.was(node).id);
  }
  void token(int node, int flow) {
    if (c.node(node) < 0) return no("no target", node);
    if (c.becomes(node).parent != c.node(c.was(node).parent)) return no("another scope", node);
    if (c.was(node).attached >= 0 || c.becomes(node).attached >= 0) return no("an attached event", node);
    if (flow >= 0 && joins(c.becomes(node)) && c.flow(flow) < 0) no("no such flow", node);
  }
  void move(const Move& move) {
    if ((move.kind == Move::Kind::begin || move.kind == Move::Kind::complete) && move.heard > 0) no("a listener is at work", tree.acts.at(move.act).node);
    if (move.kind == Move::Kind::begin) not_begun.insert(move.act);
    if (move.kind == Move::Kind::enter) token(move.node, move.flow);
    if (move.kind == Move::Kind::place) no("a modification has not finished", move.made.empty() ? move.node : move.made.front());
    if (move.kind == Move::Kind::trigger && c.node(move.node) < 0) no("it occurred", move.node);
  }
  void completed(const std::vector<Completed>& all) {
    for (const Completed& one : all) {
      if (c.node(one.node) < 0 || (one.handled && c.node(c.was(one.node).handler) < 0)) no("it can be compensated", one.node);
      completed(one.inside);
    }
  }

  bool has_incident(const Act& act) const {
    return std::any_of(tree.incidents.begin(), tree.incidents.end(), [&](const Incident& one) { return one.act == act.number; });
  }
  bool calls(const Act& act) const {
    return std::any_of(tree.acts.begin(), tree.acts.end(), [&](const auto& other) { return other.second.parent == act.number && other.second.node < 0; });
  }
  // Can what it is doing be done as the other element?
  bool kind(const Act& act) const {
    const Node &a = c.was(act.node), &b = c.becomes(act.node);
    const auto embedded = [](const Node& node) { return node.is(ElementType::sub_process) || node.is(ElementType::transaction); };
    const auto waits = [](const Node& node) { return node.is(ElementType::receive_task) || node.is(ElementType::intermediate_catch_event); };
    if (act.compensating.active || act.compensating.again) return a.type == b.type;
    if (act.body || not_begun.contains(act.number)) return task(b) || holds_others(b);
    if (act.inner) return b.is(ElementType::ad_hoc_sub_process);
    if (act.job && a.is(ElementType::ad_hoc_sub_process)) return b.is(ElementType::ad_hoc_sub_process) && b.job;
    if (act.job) return b.is(ElementType::service_task) || (b.job && !b.is(ElementType::ad_hoc_sub_process));
    if (act.task) return b.is(ElementType::user_task) || b.global;
    if (calls(act)) return b.is(ElementType::call_activity) && !b.global;
    if (embedded(a) && embedded(b)) return true;
    if (!act.completing && waits(a) && waits(b)) return c.stays(act.node);
    if (task(a) && task(b)) return a.type == b.type || act.completing || has_incident(act);
    return a.type == b.type;
  }
  bool loop(const Act& act) const {
    const auto &a = c.was(act.node).loop, &b = c.becomes(act.node).loop;
    if (act.round != 0) return true;
    if (!act.body) return !b || act.compensating.again;
    return b && a->standard == b->standard && a->sequential == b->sequential;
  }

  void act(const Act& act) {
    for (const Incident& one : tree.incidents)
      if (one.act == act.number && !one.of_job && one.move.kind == Move::Kind::begin) not_begun.insert(act.number);
    if (act.node >= 0) {
      if (c.node(act.node) < 0) return no("no target", act.node);
      if (c.becomes(act.node).parent != c.node(c.was(act.node).parent)) return no("another scope", act.node);
      if (!kind(act)) no("another type", act.node);
      if (!loop(act)) no("another loop", act.node);
    }
    if (act.listening != 0) no("a listener is at work", act.node);
    for (const auto& [node, occurred] : act.held) token(node, -1);
    for (const Parked& one : act.parked) token(one.node, one.flow);
    for (const auto& [gateway, flows] : act.activated) {
      if (c.node(gateway) < 0) no("no target", gateway);
      else if (!c.becomes(gateway).is(ElementType::complex_gateway) || !c.becomes(gateway).activation) no("another type", gateway);
      else if (std::any_of(flows.begin(), flows.end(), [&](int f) { return c.flow(f) < 0; })) no("no such flow", gateway);
    }
    completed(act.completed);
    for (int n : {act.compensating.activity, act.compensating.boundary, act.compensating.after})
      if (!c.knows(n)) no("it compensates", n);
    for (const Incident& one : tree.incidents)
      if (one.act == act.number && !one.of_job && one.move.kind != Move::Kind::begin) move(one.move);
  }
};

std::string pair_of(const Process& from, int a, const Process& to, int b) {
  const auto name = [](const Process& p, int n) { return n < 0 ? p.id : p.nodes[static_cast<std::size_t>(n)].id; };
  return name(from, a) + " > " + name(to, b);
}

}  // namespace

Migration Oracle::check_migration(const Tree& tree, int root, int target, const Renamed& renamed) const {
  Migration out;
  const Correspondence c(process(tree.acts.at(root)), package_->processes[static_cast<std::size_t>(target)], renamed);
  Fit fit{tree, c, {}, c.fault};
  const std::vector<int> acts = of_instance(tree, root);
  for (const Move& move : tree.moves)
    if (contains(acts, move.act)) fit.move(move);
  for (int number : acts) {
    const Act& act = tree.acts.at(number);
    fit.act(act);
    if (act.node >= 0 && c.node(act.node) < 0) continue;
    ++out.elements[pair_of(c.from, act.node, c.to, c.node(act.node))];
    if (act.node >= 0 && c.becomes(act.node).parent != c.node(c.was(act.node).parent)) continue;
    for (const Wait& wait : act.waits)
      if (c.goes_on(act, wait.event)) ++out.kept[pair_of(c.from, wait.event, c.to, c.node(wait.event))];
      else ++out.closed[c.was(wait.event).id];
    for (int event : openings(tree, act, c)) {
      std::vector<Wait> made;
      ++out.opened[c.to.nodes[static_cast<std::size_t>(event)].id];
      if (collect(tree, target, number, {}, {event}, made)) fit.no("what is waited for cannot be said", act.node);
    }
  }
  out.misfit = fit.misfit;
  return out;
}

bool Oracle::migrate(int number, int root, int target, const Renamed& renamed) {
  if (!check_migration(*trees_.at(number), root, target, renamed).misfit.empty()) return false;
  Tree& tree = edit(number);
  const Correspondence c(process(tree.acts.at(root)), package_->processes[static_cast<std::size_t>(target)], renamed);
  const std::vector<int> acts = of_instance(tree, root);
  std::vector<std::pair<int, std::vector<Wait>>> opened;
  const auto translated = [&](Move& move) {
    if (move.kind != Move::Kind::enter && move.kind != Move::Kind::trigger) return;
    move.node = c.node(move.node);
    move.flow = c.flow(move.flow);
  };
  for (Move& move : tree.moves)
    if (contains(acts, move.act)) translated(move);
  for (Incident& one : tree.incidents)
    if (contains(acts, one.act)) {
      one.node = c.node(one.node);
      if (!one.of_job) translated(one.move);
    }
  const std::function<void(std::vector<Completed>&)> completed = [&](std::vector<Completed>& all) {
    for (Completed& one : all) {
      one.node = c.node(one.node);
      completed(one.inside);
    }
  };
  for (int each : acts) {
    Act& act = tree.acts.at(each);
    std::vector<Wait> fresh;
    for (int event : openings(tree, act, c)) (void)collect(tree, target, each, {}, {event}, fresh);
    std::vector<Wait> stays, renamed_waits;
    for (Wait wait : act.waits) {
      if (!c.goes_on(act, wait.event)) continue;
      const Node& now = c.becomes(wait.event);
      wait.event = c.node(wait.event);
      const bool another = (wait.kind == EventKind::message || wait.kind == EventKind::signal) && now.events.size() == 1 && now.events[0].name != wait.name;
      if (another) wait.name = now.events[0].name;
      (another ? renamed_waits : stays).push_back(wait);
    }
    act.waits = std::move(stays);
    opened.emplace_back(each, std::move(renamed_waits));
    opened.emplace_back(each, std::move(fresh));
    for (const Parked& one : std::exchange(act.parked, {}))  // they arrive again
      for (int n = 0; n < one.count; ++n) {
        Move move;
        move.act = each;
        move.node = c.node(one.node);
        move.flow = c.flow(one.flow);
        push(tree, move);
      }
    std::map<int, std::set<int>> activated;
    for (const auto& [gateway, flows] : act.activated)
      for (int f : flows) activated[c.node(gateway)].insert(c.flow(f));
    act.activated = std::move(activated);
    completed(act.completed);
    for (int* n : {&act.compensating.activity, &act.compensating.boundary, &act.compensating.after}) *n = c.node(*n);
    for (auto& [node, occurred] : act.held) node = c.node(node);
    for (auto& [event, variables] : act.gathered) event = c.node(event);
    std::erase_if(act.gathered, [](const auto& one) { return one.first < 0; });
  }
  for (int each : acts) {
    Act& act = tree.acts.at(each);
    act.node = c.node(act.node);
    act.process = target;
    touched.nodes.insert({target, act.node < 0 ? 0 : act.node});
  }
  for (auto& [each, waits] : opened) open(tree, each, std::move(waits));
  written(tree);
  if (std::find(turns_.begin(), turns_.end(), number) == turns_.end()) turns_.push_back(number);
  return true;
}

}  // namespace simulation
