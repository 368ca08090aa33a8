// What is waited for and what comes: timers, messages with their buffer, signals, conditions, errors on their way up.
#include <algorithm>

#include "simulation/oracle.h"

namespace simulation {

namespace {
constexpr std::size_t kNone = static_cast<std::size_t>(-1);
}

Oracle::Done Oracle::collect(const Tree& tree, const Act& scope, const Variables& over, const std::vector<int>& events, std::vector<Wait>& into) const {
  return collect(tree, scope.process, scope.number, over, events, into);
}

Oracle::Done Oracle::collect(const Tree& tree, int process, int scope, const Variables& over, const std::vector<int>& events, std::vector<Wait>& into) const {
  for (int index : events) {
    const Node& node = package_->processes[static_cast<std::size_t>(process)].nodes[static_cast<std::size_t>(index)];
    for (std::size_t i = 0; i < node.events.size(); ++i) {
      const Event& event = node.events[i];
      Wait wait;
      wait.event = index;
      wait.definition = i;
      wait.kind = event.kind;
      wait.together = node.together;
      wait.closes = node.interrupting || node.together;
      wait.name = event.name;
      if (event.kind == EventKind::timer) {
        wait.due = event.timer == bpmn::TimerKind::date ? event.wait : now + event.wait;
        if (event.cron) wait.due = (now / event.wait + 1) * event.wait, wait.cron = event.wait;
        wait.interval = event.cron ? 0 : event.timer == bpmn::TimerKind::cycle ? event.wait : 0;
        wait.left = event.timer != bpmn::TimerKind::cycle || node.together ? 0 : event.times < 0 ? -1 : event.times - 1;
      } else if (event.kind == EventKind::message && event.correlation) {
        const Json key = value(tree, scope, event.correlation, over);
        if (key.is_null()) return Stop{"EXTRACT_VALUE_ERROR"};
        wait.key = key.is_string() ? key.as_string() : key.dump();
      } else if (event.kind != EventKind::message && event.kind != EventKind::signal && event.kind != EventKind::conditional) {
        continue;
      }
      into.push_back(wait);
    }
  }
  return {};
}

bool Oracle::close(Act& act, long number) {
  return std::erase_if(act.waits, [&](const Wait& wait) { return wait.number == number; }) > 0;
}

void Oracle::open(Tree& tree, int number, std::vector<Wait> waits) {
  for (Wait& wait : waits) {
    const auto found = tree.acts.find(number);
    if (found == tree.acts.end()) return;
    Act& act = found->second;
    wait.number = next_++;
    act.waits.push_back(wait);
    if (wait.kind == EventKind::conditional) check(tree, number, wait.number);
    if (wait.kind == EventKind::message) meet(tree, number, wait.number);
  }
}

// The oldest message that waits and that this process has not had.
void Oracle::meet(Tree& tree, int number, long wait_number) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end() || found->second.completing) return;
  Act& act = found->second;
  const auto wait = std::find_if(act.waits.begin(), act.waits.end(), [&](const Wait& one) { return one.number == wait_number; });
  if (wait == act.waits.end()) return;
  const std::string& process_id = process(act).id;
  for (Buffered& message : buffer_) {
    if (message.name != wait->name || message.key != wait->key || message.had.contains(process_id)) continue;
    if (tree.suspended) return tree.missed.emplace_back(number, wait_number), void();
    message.had.insert(process_id);
    return occur(tree, number, Wait(*wait), message.variables);
  }
}

void Oracle::occur(Tree& tree, int number, const Wait& wait, const Variables& payload) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end()) return;
  if (wait.closes) close(found->second, wait.number);
  touched.nodes.insert({found->second.process, wait.event});
  arrive(tree, number, wait.event, wait.together, payload);
}

// A condition occurs when it becomes true; what is neither true nor false is false (section 10.5.5).
void Oracle::check(Tree& tree, int number, long wait_number) {
  const auto found = tree.acts.find(number);
  if (found == tree.acts.end()) return;
  Act& act = found->second;
  const auto wait = std::find_if(act.waits.begin(), act.waits.end(), [&](const Wait& one) { return one.number == wait_number; });
  if (wait == act.waits.end()) return;
  const Json holds = value(tree, number, at(act, wait->event).events[wait->definition].condition);
  const bool is = holds.is_bool() && holds.as_bool();
  if (is == wait->value) return;
  wait->value = is;
  if (is) occur(tree, number, Wait(*wait), {});
}

void Oracle::conditions(Tree& tree) {
  std::vector<std::pair<long, int>> all;
  for (const auto& [number, act] : tree.acts)
    for (const Wait& wait : act.waits)
      if (wait.kind == EventKind::conditional) all.emplace_back(wait.number, number);
  std::sort(all.begin(), all.end());
  for (const auto& [wait, act] : all) check(tree, act, wait);
}

// Section 13.5.1: a message reaches one receiver of each process, the one that waits longest; what finds none waits.
bool Oracle::send(const std::string& name, const std::string& key, const std::string& id, Millis ttl, const Variables& variables, bool keeps) {
  touched.outside = true;
  struct Target { int tree = 0, act = 0; Wait wait; std::size_t begins = kNone; };
  std::map<std::string, Target> targets;
  std::map<long, std::pair<int, int>> missed;  // who stands still, the oldest first
  for (const auto& [number, tree] : trees_)
    for (const auto& [act_number, act] : tree->acts)
      for (const Wait& wait : act.waits) {
        if (wait.kind != EventKind::message || wait.name != name || wait.key != key || act.completing) continue;
        if (tree->suspended) {
          missed[wait.number] = {number, act_number};
          continue;
        }
        const auto [found, fresh] = targets.try_emplace(process(act).id, Target{number, act_number, wait, kNone});
        // Which of two in one instance began to wait first may be open.
        const bool open = order != nullptr && found->second.tree == number;
        if (!fresh && (open ? order->chance(50) : wait.number < found->second.wait.number)) found->second = {number, act_number, wait, kNone};
      }
  for (std::size_t b = 0; b < beginnings_.size(); ++b) {
    const Beginning& one = beginnings_[b];
    if (one.wait.kind == EventKind::message && one.wait.name == name) targets.try_emplace(package_->processes[static_cast<std::size_t>(one.process)].id, Target{0, 0, one.wait, b});
  }
  if (ttl > 0 && (targets.empty() || !missed.empty() || keeps)) {
    for (const auto& [wait, at] : missed) edit(at.first).missed.emplace_back(at.second, wait);
    buffer_.push_back({name, key, id, now + ttl, {}, variables, next_++});
    for (const auto& [process_id, target] : targets) buffer_.back().had.insert(process_id);
  }
  for (const auto& [process_id, target] : targets) {
    if (target.begins != kNone) begin(beginnings_[target.begins].process, target.wait.event, variables);
    else occur(edit(target.tree), target.act, target.wait, variables);
  }
  return !targets.empty();
}

// Section 10.5.1: a signal reaches everything that waits for it. Where a scope and its boundary hear the same signal and
// both interrupt, the inner one wins (10.5.6).
void Oracle::signal(const std::string& name, const Variables& variables) {
  touched.outside = true;
  struct Target { int tree = 0, act = 0; Wait wait; };
  std::vector<Target> targets;
  for (const auto& [number, tree] : trees_)
    for (const auto& [act_number, act] : tree->acts)
      for (const Wait& wait : act.waits) {
        if (wait.kind != EventKind::signal || wait.name != name) continue;
        const bool boundary = at(act, wait.event).is(ElementType::boundary_event) && wait.closes;
        const bool inside = std::any_of(act.waits.begin(), act.waits.end(), [&](const Wait& other) {
          return other.kind == EventKind::signal && other.name == name && other.closes && at(act, other.event).is(ElementType::start_event);
        });
        if (!boundary || !inside) targets.push_back({number, act_number, wait});
      }
  for (const Target& target : targets)
    if (!trees_.at(target.tree)->suspended) occur(edit(target.tree), target.act, target.wait, variables);
  const std::vector<Beginning> begins = beginnings_;
  for (const Beginning& one : begins)
    if (one.wait.kind == EventKind::signal && one.wait.name == name) begin(one.process, one.wait.event, variables);
}

// Who catches an error or escalation: the innermost scope; in one scope event sub-processes before boundary events, its own
// code before every code (section 10.5.6).
std::pair<int, int> Oracle::catcher(const Tree& tree, EventKind kind, int from, const std::string& code) const {
  const auto fits = [&](const Node& node) {
    int best = 0;
    for (const Event& event : node.events)
      if (event.kind == kind) best = std::max(best, event.name == code ? 2 : event.name.empty() ? 1 : 0);
    return best;
  };
  int came_from = -2;
  for (auto found = tree.acts.find(from); found != tree.acts.end(); found = tree.acts.find(found->second.parent)) {
    const Act& act = found->second;
    int best = -1, quality = 0;
    const bool scope = act.node < 0 || (!act.body && at(act, act.node).scope());
    // Where an interrupting event sub-process took over, the scope's other ones begin no more (section 10.3.5).
    const bool taken_over = came_from >= 0 && at(act, trigger_of(process(act), came_from)).interrupting;
    if (scope && !taken_over && !act.compensating.again && !act.inner)
      for (int inner : event_sub_processes(process(act), act.node)) {
        const int start = trigger_of(process(act), inner);
        if (inner != came_from && fits(at(act, start)) > quality) quality = fits(at(act, start)), best = start;
      }
    if (best < 0 && act.node >= 0 && act.round == 0 && !act.compensating.again && !act.inner)
      for (int boundary : at(act, act.node).boundary)
        if (fits(at(act, boundary)) > quality) quality = fits(at(act, boundary)), best = boundary;
    if (best >= 0) return {act.number, best};
    came_from = act.node >= 0 && at(act, act.node).is(ElementType::event_sub_process) ? act.node : -2;
  }
  return {0, -1};
}

}  // namespace simulation
