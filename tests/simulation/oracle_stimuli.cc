// What the oracle is told from outside, and what it says is there.
#include <algorithm>
#include <utility>

#include "simulation/canonical.h"
#include "simulation/oracle.h"

namespace simulation {

void Oracle::deploy() {
  for (std::size_t p = 0; p < package_->processes.size(); ++p) {
    if (package_->processes[p].version != 1) continue;
    latest_[package_->processes[p].id] = static_cast<int>(p);
    open_beginnings(static_cast<int>(p));
  }
}

// What began instances of the version before begins them no more; timers count from now.
bool Oracle::deploy_next(int process) {
  touched.outside = true;
  int& latest = latest_.at(package_->processes[static_cast<std::size_t>(process)].id);
  std::erase_if(beginnings_, [&](const Beginning& one) { return one.process == latest; });
  latest = process;
  open_beginnings(process);
  return true;
}

int Oracle::latest(const std::string& id) const {
  const auto found = latest_.find(id);
  return found == latest_.end() ? -1 : found->second;
}

// Start events with a trigger, instantiating receive tasks, the events behind instantiating gateways.
void Oracle::open_beginnings(int p) {
  const Process& process = package_->processes[static_cast<std::size_t>(p)];
  std::vector<int> begins;
  for (std::size_t n = 0; n < process.nodes.size(); ++n) {
    const Node& node = process.nodes[n];
    if (node.parent >= 0) continue;
    if (node.is(ElementType::start_event) || (node.instantiate && node.is(ElementType::receive_task))) begins.push_back(static_cast<int>(n));
    if (node.instantiate && node.is(ElementType::event_based_gateway))
      for (int f : node.outgoing) begins.push_back(process.flows[static_cast<std::size_t>(f)].to);
  }
  Tree none;
  Act root;
  root.process = p;
  for (int event : begins) {
    const Node& node = process.nodes[static_cast<std::size_t>(event)];
    for (std::size_t i = 0; i < node.events.size(); ++i) {
      std::vector<Wait> waits;
      Event bare = node.events[i];
      if (bare.kind == EventKind::timer) {
        (void)collect(none, root, {}, {event}, waits);
        if (i >= waits.size()) continue;
        waits = {waits[i]};
      } else {
        Wait wait;
        wait.event = event;
        wait.definition = i;
        wait.kind = bare.kind;
        wait.name = bare.name;
        if (bare.kind == EventKind::message || bare.kind == EventKind::signal || bare.kind == EventKind::conditional) waits = {wait};
      }
      for (Wait& wait : waits) {
        wait.number = next_++;
        beginnings_.push_back({p, wait});
      }
    }
  }
}

Tree& Oracle::begin_tree(int process, Variables variables) {
  const int number = next_tree_++;
  auto tree = std::make_shared<Tree>();
  tree->number = number;
  tree->process = process;
  Act& root = add(*tree, 0, process, -1);
  root.variables = std::move(variables);
  trees_[number] = tree;
  touched.trees.insert(number);
  return *tree;
}

void Oracle::begin_process(Tree& tree, Act& root, std::vector<std::pair<int, bool>> first) {
  if (process(root).starts == 0) return enter_all(tree, root, first);
  root.held = std::move(first);
  Move listeners;
  listeners.kind = Move::Kind::begin;
  listeners.act = root.number;
  push(tree, listeners);
}

int Oracle::create(int process, Variables variables) {
  Tree& tree = begin_tree(process, std::move(variables));
  const Process& p = package_->processes[static_cast<std::size_t>(process)];
  std::vector<std::pair<int, bool>> first;
  for (int start : starts_of(p, -1)) first.emplace_back(start, false);
  begin_process(tree, tree.acts.at(1), std::move(first));
  Move inside;
  inside.kind = Move::Kind::start;
  inside.act = 1;
  if (!event_sub_processes(p, -1).empty()) make(tree, inside);
  return tree.number;
}

// An event of the process begins it. Of a parallel event-based gateway the other events are waited for (section 13.4.4).
void Oracle::begin(int process, int event, const Variables& variables) {
  touched.outside = true;
  Tree& tree = begin_tree(process, variables);
  const Process& p = package_->processes[static_cast<std::size_t>(process)];
  const Node& node = p.nodes[static_cast<std::size_t>(event)];
  std::vector<std::pair<int, bool>> first;
  const auto enter = [&](int at, bool occurred) { first.emplace_back(at, occurred); };
  const bool start = node.is(ElementType::start_event);
  std::vector<int> begins{event};  // and whatever nothing leads to, in the order of the file (section 10.3.1)
  for (int other : starts_of(p, -1))
    if (start && !p.nodes[static_cast<std::size_t>(other)].is(ElementType::start_event)) begins.push_back(other);
  std::sort(begins.begin(), begins.end());
  for (int one : begins) enter(one, !start);
  for (int f : node.incoming) {
    const Node& gateway = p.nodes[static_cast<std::size_t>(p.flows[static_cast<std::size_t>(f)].from)];
    if (start || !gateway.instantiate || !gateway.parallel) continue;
    for (int other : gateway.outgoing)
      if (p.flows[static_cast<std::size_t>(other)].to != event) enter(p.flows[static_cast<std::size_t>(other)].to, false);
  }
  begin_process(tree, tree.acts.at(1), std::move(first));
  Move inside;
  inside.kind = Move::Kind::start;
  inside.act = 1;
  if (!event_sub_processes(p, -1).empty()) make(tree, inside);
}

bool Oracle::knows_message(const std::string& name, const std::string& key, const std::string& id) const {
  return std::any_of(buffer_.begin(), buffer_.end(), [&](const Buffered& one) { return one.name == name && one.key == key && one.id == id; });
}

bool Oracle::publish(const std::string& name, const std::string& key, const std::string& id, Millis ttl, const Variables& variables) {
  if (!id.empty() && knows_message(name, key, id)) return false;
  send(name, key, id, ttl, variables, true);
  return true;
}

bool Oracle::complete_job(int number, int act_number, const Variables& variables) {
  Tree& tree = edit(number);
  const auto found = tree.acts.find(act_number);
  if (found == tree.acts.end() || !found->second.job || found->second.stuck) return false;
  Act& act = found->second;
  act.job = false;
  const int phase = std::exchange(act.listening, 0);
  if (phase == 0) {
    deliver(tree, act_number, act.node, variables);
    return true;
  }
  Move move;
  move.kind = phase == 1 ? Move::Kind::begin : Move::Kind::complete;
  move.act = act_number;
  move.heard = act.listener + 1;
  if (phase == 2) propagate(tree, act.node < 0 ? act_number : act.parent, variables);
  else for (const auto& [name, value] : variables) act.variables[name] = value;
  if (phase == 1 && !variables.empty()) written(tree);
  push(tree, std::move(move));
  return true;
}

bool Oracle::answer_ad_hoc(int number, int act_number, const Variables& variables, const std::vector<std::pair<int, Variables>>& next, bool fulfilled, bool cancels) {
  Tree& tree = edit(number);
  const auto found = tree.acts.find(act_number);
  if (found == tree.acts.end() || !found->second.job || found->second.stuck || (fulfilled && !next.empty())) return false;
  Act& act = found->second;
  act.job = false;
  for (const auto& [name, value] : variables) act.variables[name] = value;
  if (!variables.empty()) written(tree);
  act.fulfilled = act.fulfilled || fulfilled;
  idle(tree, act_number);
  for (const auto& [node, own] : next) {
    Act& made = add(tree, act_number, tree.acts.at(act_number).process, tree.acts.at(act_number).node);
    made.inner = true;
    made.variables = own;
    Move move;
    move.act = made.number;
    move.node = node;
    push(tree, move);
  }
  if (fulfilled && cancels) (void)stop_and_complete(tree, act_number);
  return true;
}

bool Oracle::complete_task(int number, int act_number, const Variables& variables) {
  Tree& tree = edit(number);
  if (tree.suspended) return false;
  const auto found = tree.acts.find(act_number);
  if (found == tree.acts.end() || !found->second.task) return false;
  found->second.task = false;
  deliver(tree, act_number, found->second.node, variables);
  return true;
}

bool Oracle::fail_job(int number, int act_number, int retries, Millis back_off, const Variables& variables) {
  Tree& tree = edit(number);
  const auto found = tree.acts.find(act_number);
  if (found == tree.acts.end() || !found->second.job || found->second.stuck) return false;
  Act& act = found->second;
  for (const auto& [name, value] : variables) act.variables[name] = value;
  if (!variables.empty()) written(tree);
  act.retries = std::max(0, retries);
  act.backing_off = retries > 0 && back_off > 0 ? now + back_off : 0;
  if (retries > 0) return true;
  act.stuck = true;
  tree.incidents.push_back({static_cast<int>(next_++), "JOB_NO_RETRIES", act_number, act.node, true, {}});
  return true;
}

bool Oracle::throw_error(int number, int act_number, const std::string& code, const Variables& variables) {
  Tree& tree = edit(number);
  const auto found = tree.acts.find(act_number);
  if (found == tree.acts.end() || !found->second.job || found->second.stuck || found->second.listening != 0) return false;
  Act& act = found->second;
  act.stuck = true;
  act.backing_off = 0;
  const auto [where, event] = catcher(tree, EventKind::error, act_number, code);
  if (where != 0) deliver(tree, where, event, variables);
  else tree.incidents.push_back({static_cast<int>(next_++), "UNHANDLED_ERROR_EVENT", act_number, act.node, true, {}});
  return true;
}

bool Oracle::set_variables(int number, int act_number, bool local, const Variables& variables) {
  Tree& tree = edit(number);
  if (!tree.acts.contains(act_number)) return false;
  if (!local) {
    propagate(tree, act_number, variables);
    return true;
  }
  for (const auto& [name, value] : variables) tree.acts.at(act_number).variables[name] = value;
  written(tree);
  return true;
}

bool Oracle::resolve(int number, int incident) {
  Tree& tree = edit(number);
  const auto found = std::find_if(tree.incidents.begin(), tree.incidents.end(), [&](const Incident& one) { return one.number == incident; });
  if (found == tree.incidents.end()) return false;
  const Incident solved = *found;
  tree.incidents.erase(found);
  if (solved.of_job) {
    Act& act = tree.acts.at(solved.act);
    if (act.retries <= 0) act.retries = 1;
    act.stuck = false;
    return true;
  }
  if (solved.move.kind == Move::Kind::complete) tree.acts.at(solved.act).completing = true;
  push(tree, solved.move);
  return true;
}

bool Oracle::cancel(int number) {
  Tree& tree = edit(number);
  tree.over = true;
  tree.acts.clear();
  tree.moves.clear();
  tree.incidents.clear();
  return true;
}

bool Oracle::activate_elements(int number, int act, const std::vector<int>& nodes) {
  Tree& tree = edit(number);
  if (!tree.acts.contains(act) || tree.suspended) return false;
  for (int node : nodes) {
    Move move;
    move.act = act;
    move.node = node;
    push(tree, move);
  }
  return true;
}

// Nothing in it moves and no timer fires until it is resumed; what comes from outside is taken where it changes nothing but data.
bool Oracle::suspend(int number) {
  edit(number).suspended = true;
  return true;
}

bool Oracle::resume(int number) {
  Tree& tree = edit(number);
  if (!tree.suspended) return false;
  tree.suspended = false;
  for (const auto& [act, wait] : std::exchange(tree.missed, {})) {
    Move move;
    move.kind = Move::Kind::catch_up;
    move.act = act;
    move.wait = wait;
    if (tree.acts.contains(act)) push(tree, move);
  }
  if (std::find(turns_.begin(), turns_.end(), number) == turns_.end()) turns_.push_back(number);
  return true;
}

int Oracle::evaluate_conditions(const Variables& variables) {
  int begun = 0;
  const std::vector<Beginning> all = beginnings_;
  for (const Beginning& one : all) {
    if (one.wait.kind != EventKind::conditional) continue;
    const Node& node = package_->processes[static_cast<std::size_t>(one.process)].nodes[static_cast<std::size_t>(one.wait.event)];
    const Json holds = compute(node.events[one.wait.definition].condition, [&](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : &found->second;
    });
    if (!holds.is_bool() || !holds.as_bool()) continue;
    begin(one.process, one.wait.event, variables);
    ++begun;
  }
  return begun;
}

// Everything that is due, the earliest first; what repeats may be due again. What was missed of an endless timer is not
// made up for.
void Oracle::clock() {
  std::erase_if(buffer_, [&](const Buffered& one) { return one.until <= now; });
  const auto again = [&](Wait& wait) {
    if (wait.left == 0) return false;
    const Millis step = wait.cron != 0 ? wait.cron : wait.interval;
    wait.due += step;
    while (wait.left < 0 && wait.due <= now && wait.cron == 0) wait.due += step;
    if (wait.left > 0) --wait.left;
    return true;
  };
  for (std::size_t b = 0; b < beginnings_.size();) {
    Beginning& one = beginnings_[b];
    if (one.wait.kind != EventKind::timer || one.wait.due > now) {
      ++b;
      continue;
    }
    const int process = one.process, event = one.wait.event;
    if (!again(one.wait)) beginnings_.erase(beginnings_.begin() + static_cast<std::ptrdiff_t>(b));
    begin(process, event, {});
    b = 0;
  }
  for (const auto& [number, shared] : std::map<int, std::shared_ptr<Tree>>(trees_)) {
    while (!shared->suspended) {
      const Wait* first = nullptr;
      int of = 0;
      for (const auto& [act_number, act] : trees_.at(number)->acts)
        for (const Wait& wait : act.waits)
          if (wait.kind == EventKind::timer && wait.due <= now && (first == nullptr || wait.due < first->due || (wait.due == first->due && wait.number < first->number))) first = &wait, of = act_number;
      if (first == nullptr) break;
      const Wait fired = *first;
      Tree& tree = edit(number);
      Act& act = tree.acts.at(of);
      const auto wait = std::find_if(act.waits.begin(), act.waits.end(), [&](const Wait& one) { return one.number == fired.number; });
      if (!again(*wait)) act.waits.erase(wait);
      touched.nodes.insert({act.process, fired.event});
      arrive(tree, of, fired.event, fired.together, {});
    }
    for (const auto& [act_number, act] : trees_.at(number)->acts)
      if (act.backing_off != 0 && act.backing_off <= now) edit(number).acts.at(act_number).backing_off = 0;
  }
}

Millis Oracle::next_due() const {
  Millis next = -1;
  const auto consider = [&](Millis due) { next = next < 0 || due < next ? due : next; };
  for (const Beginning& one : beginnings_)
    if (one.wait.kind == EventKind::timer) consider(one.wait.due);
  for (const auto& [number, tree] : trees_) {
    if (tree->suspended) continue;
    for (Millis due : dues(*tree)) consider(due);
  }
  return next;
}

std::vector<Millis> Oracle::dues(const Tree& tree) const {
  std::vector<Millis> all;
  for (const auto& [number, act] : tree.acts) {
    for (const Wait& wait : act.waits)
      if (wait.kind == EventKind::timer) all.push_back(wait.due);
  }
  std::sort(all.begin(), all.end());
  return all;
}

// ---- what is there -----------------------------------------------------------------------------------------------------

namespace {

std::string text_of(const Process& process, const std::vector<Completed>& all) {
  std::string out;
  for (const Completed& one : all) out += " " + process.nodes[static_cast<std::size_t>(one.node)].id + canonical(one.variables) + "(" + text_of(process, one.inside) + " )";
  return out;
}
std::string text_of(const std::string& node, const Wait& wait) {
  if (wait.kind == EventKind::timer) return node + " due " + std::to_string(wait.due) + " every " + std::to_string(wait.interval) + " left " + std::to_string(wait.left);
  if (wait.kind == EventKind::conditional) return node + " condition " + (wait.value ? "true" : "false");
  if (wait.kind == EventKind::signal) return node + " signal " + wait.name;
  return node + " message " + wait.name + " by " + wait.key;
}

}  // namespace

View Oracle::view_of(const Tree& tree, const Act& act) const {
  const Process& p = process(act);
  const auto name = [&](int node) { return node < 0 ? "process " + p.id : p.nodes[static_cast<std::size_t>(node)].id; };
  const auto flow = [&](int index) { return index < 0 ? std::string("-") : p.flows[static_cast<std::size_t>(index)].id; };
  View view;
  view.handle = act.number;
  view.head = name(act.node);
  if (act.node < 0) view.head += " v" + std::to_string(p.version);
  if (act.number == 1 && tree.suspended) view.head += " suspended";
  if (act.round != 0) view.head += " #" + std::to_string(act.round);
  if (act.completing) view.head += " completing";
  if (act.body) view.head += " body " + (act.total < 0 ? "?" : std::to_string(act.total)) + " " + std::to_string(act.started) + " " + std::to_string(act.done);
  if (act.compensating.active || act.compensating.again) view.head += act.compensating.again ? " again" : " compensating";
  view.variables = canonical(act.variables);
  for (const Parked& one : act.parked) view.facts.push_back({"parked " + name(one.node) + " " + flow(one.flow) + " " + std::to_string(one.count), 0});
  for (const auto& [gateway, flows] : act.activated) {
    std::vector<std::string> names;
    for (int f : flows) names.push_back(flow(f));
    std::sort(names.begin(), names.end());
    view.facts.push_back({"activated " + name(gateway) + " " + joined(names), 0});
  }
  std::string outputs;
  for (const auto& one : act.outputs) outputs += (one ? canonical(*one) : std::string("-")) + ";";
  if (!outputs.empty()) view.facts.push_back({"outputs " + outputs, 0});
  for (const auto& [event, variables] : act.gathered) view.facts.push_back({"gathered " + name(event) + " " + canonical(variables), 0});
  if (!act.completed.empty()) view.facts.push_back({"done" + text_of(p, act.completed), 0});
  if (act.job) {
    std::string text = (act.listening == 0 ? std::string("job") : "job of listener " + std::to_string(act.listening) + " " + std::to_string(act.listener)) + " retries " + std::to_string(act.retries);
    if (act.stuck) text += " stuck";
    else if (act.backing_off != 0) text += " waits until " + std::to_string(act.backing_off);
    view.facts.push_back({text, act.number});
  }
  if (act.task) view.facts.push_back({"task", act.number});
  for (const Wait& wait : act.waits) view.facts.push_back({(wait.kind == EventKind::timer ? "timer " : "waits ") + text_of(name(wait.event), wait), wait.number});
  for (const Incident& one : tree.incidents)
    if (one.act == act.number) view.facts.push_back({"incident " + one.kind + " " + name(one.node), one.number});
  for (const auto& [number, child] : tree.acts)
    if (child.parent == act.number) view.children.push_back(view_of(tree, child));
  return view;
}

const View& Oracle::view(const Tree& tree) const {
  if (!tree.view) {
    tree.view = std::make_shared<View>(view_of(tree, tree.acts.at(1)));
    tree.view->finish();
  }
  return *tree.view;
}

std::vector<std::string> Oracle::waiting() const {
  std::vector<std::string> all;
  for (const Buffered& one : buffer_)
    all.push_back("message " + one.name + " by " + one.key + " id " + one.id + " until " + std::to_string(one.until) + " had" + joined({one.had.begin(), one.had.end()}) + " " + canonical(one.variables));
  for (const Beginning& one : beginnings_) {
    if (one.wait.kind == EventKind::conditional) continue;
    const std::string& node = package_->processes[static_cast<std::size_t>(one.process)].nodes[static_cast<std::size_t>(one.wait.event)].id;
    all.push_back((one.wait.kind == EventKind::timer ? "start timer " : "start ") + text_of(node, one.wait));
  }
  for (const auto& [id, process] : latest_)
    for (int version = 1; version <= package_->processes[static_cast<std::size_t>(process)].version; ++version) all.push_back("definition " + id + " v" + std::to_string(version));
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace simulation
