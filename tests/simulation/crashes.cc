// Faults: the power goes, a sync fails, the disk is full. Afterwards what was acknowledged is there, what was not is
// there wholly or not at all, and the client asks again for what it does not know.
#include <algorithm>
#include <cstdio>

#include "simulation/history.h"

namespace simulation {

// Everything that is active or waits for a token.
std::set<std::pair<int, int>> History::active_nodes() const {
  std::set<std::pair<int, int>> nodes;
  for (const auto& [number, tree] : oracle_.trees())
    for (const auto& [act_number, act] : tree->acts) {
      if (act.node >= 0) nodes.insert({act.process, act.node});
      for (const Wait& wait : act.waits) nodes.insert({act.process, wait.event});
      for (const Parked& one : act.parked) nodes.insert({act.process, one.node});
    }
  return nodes;
}

// Recovery, with the power going again in its midst now and then.
bool History::reopen(const std::set<std::pair<int, int>>& nodes) {
  if (options_.verbose) std::fprintf(stderr, "  recovers\n");
  engine_.reset();
  for (int tries = 0; tries < 3 && chance(35); ++tries) {
    disk_.set_faults({.crash_at = 1 + below(25)});
    engine::Options options;
    Outcome kept = out_;
    const bool opened = open_engine();
    if (opened) {
      out_ = kept;
      engine_.reset();
    }
    const std::string error = out_.failure;
    out_ = kept;
    if (disk_.crashed()) {
      ++out_.crashes;
      out_.coverage.crossed(package_, nodes, Fault::in_recovery);
      disk_.restart();
      if (options_.verbose) std::fprintf(stderr, "  crash in recovery\n");
    } else if (!opened) {
      return failed("recovery fails without a fault: " + error);
    } else {
      disk_.set_faults({});
    }
  }
  if (!open_engine()) return false;
  ++out_.recoveries;
  const auto replayed = engine_->replayed_dump();
  if (!replayed) return failed("replay after recovery: " + replayed.error().text());
  if (*replayed != engine_->dump()) return failed("after recovery the journal gives another state than the engine has");
  if (!engine_->pump()) return failed("the engine stops at once after recovery");
  return look();
}

// Which of the commands without an answer are there? Each for itself: wholly or not at all.
bool History::decide(std::vector<Action>& actions, const Oracle& before, std::vector<bool>& applied) {
  applied.assign(actions.size(), true);
  if (difference(oracle_, true).empty()) return true;
  Oracle so_far = before;
  so_far.now = clock_.now();
  for (std::size_t i = 0; i < actions.size(); ++i) {
    Oracle with = so_far;
    with.touched = {};
    actions[i].apply(with);
    with.settle();
    bool is = !actions[i].command || actions[i].acknowledged();
    if (!is && actions.size() == 1) is = difference(with, false).empty();
    else if (!is) {  // it touches one instance only: that instance says it
      is = true;
      for (int number : with.touched.trees) {
        const auto tree = with.trees().find(number);
        const auto was = so_far.trees().find(number);
        if (tree == with.trees().end()) is = is && was != so_far.trees().end() && was->second->key != 0 && !roots_.contains(was->second->key);
        else if (tree->second->key != 0) is = is && roots_.contains(tree->second->key) && roots_.at(tree->second->key)->text == with.view(*tree->second).text;
        else is = is && std::any_of(roots_.begin(), roots_.end(), [&](const auto& root) { return root.second->text == with.view(*tree->second).text; });
      }
    }
    applied[i] = is;
    if (is) so_far = std::move(with);
  }
  const std::string wrong = difference(so_far, true);
  if (wrong.empty()) {
    oracle_ = std::move(so_far);
    return true;
  }
  std::vector<Action> done;
  for (std::size_t i = 0; i < actions.size(); ++i)
    if (applied[i]) done.push_back(actions[i]);
  if (another_order(done, before)) return true;
  std::string what;
  for (std::size_t i = 0; i < actions.size(); ++i) what += "\n  " + actions[i].what + (actions[i].acknowledged() ? " (acknowledged)" : applied[i] ? " (not acknowledged, there)" : " (not acknowledged, not there)");
  return failed("after recovery " + wrong + "\ncommands:" + what);
}

// The client asks again, with the same keys: it is answered, and everything has happened once.
bool History::repeat(std::vector<Action>& actions, const std::vector<bool>& applied) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    Action& action = actions[i];
    if (!action.command || action.check) continue;
    const Oracle before = oracle_;
    if (!applied[i]) {
      oracle_.now = clock_.now();
      action.expected = action.apply(oracle_);
      if (!oracle_.settle()) return failed("the oracle does not come to rest");
    }
    const auto answer = engine_->call(*action.command);
    ++out_.commands;
    if (answer.has_value() != action.expected) return failed("asked again after a crash: " + action.what + (answer ? " is accepted" : " is refused: " + answer.error().text()) + (applied[i] ? " (it was there)" : " (it was not there)"));
    if (answer && action.acknowledged() && answer->key != (*action.answer)->key) return failed("asked again, " + action.what + " answers another key");
    if (!engine_->pump()) return failed("the engine stopped without a fault");
    std::vector<Action> done;
    if (!applied[i]) done.push_back(action);
    if (!settled_as_told(done, before)) return false;
    if (answer) old_.push_back({*action.command, answer->key, clock_.now() + 23ll * 3600 * 1000});
  }
  return true;
}

bool History::recover(std::vector<Action>& actions, const Oracle& before, Fault fault) {
  std::set<std::pair<int, int>> nodes = oracle_.touched.nodes;
  out_.coverage.crossed(package_, nodes, fault);
  for (const Action& action : actions)
    if (action.command) out_.coverage.crossed("command " + std::string(name_of(*action.command)), fault);
  for (const auto& node : active_nodes()) nodes.insert(node);
  out_.coverage.seen(std::string("fault: ") + kFaultNames[static_cast<std::size_t>(fault)]);
  engine_.reset();
  if (options_.verbose) std::fprintf(stderr, "  %s\n", disk_.crashed() ? "power lost" : "stopped");
  if (disk_.crashed() || chance(50)) {
    ++out_.crashes;
    disk_.restart();
  } else {
    disk_.set_faults({});
  }
  if (!reopen(nodes)) return false;
  std::vector<bool> applied;
  if (!decide(actions, before, applied)) return false;
  for (std::size_t i = 0; i < actions.size(); ++i)
    if (actions[i].command && !actions[i].check && !actions[i].acknowledged()) out_.coverage.seen(applied[i] ? "doubt: it was there" : "doubt: it was not there");
  return leases() && repeat(actions, applied);
}

// The power goes while nothing runs; time may pass until it is back, forward or backward.
bool History::crash_at_rest() {
  if (!chance(40)) return true;
  out_.coverage.crossed(package_, active_nodes(), Fault::at_rest);
  out_.coverage.seen("fault: rest");
  engine_.reset();
  ++out_.crashes;
  disk_.restart();
  const Oracle before = oracle_;
  std::vector<Action> actions;
  if (chance(30)) {
    const Millis to = chance(70) ? clock_.now() + static_cast<Millis>(below(900'000)) : clock_.now() - static_cast<Millis>(below(60'000));
    if (to > clock_.now()) highest_ = std::max(highest_, to);
    out_.coverage.crossed(package_, active_nodes(), to > clock_.now() ? Fault::clock_forward : Fault::clock_back);
    clock_.set(to);
    expire();
    actions.push_back(clock_to(to));
    oracle_.touched = {};
    actions[0].apply(oracle_);
    oracle_.settle();
  }
  return reopen(active_nodes()) && settled_as_told(actions, before);
}

// A checkpoint, through which the power may go or a write may fail.
bool History::checkpoint() {
  const bool crashes = chance(35);
  if (crashes) disk_.set_faults(chance(70) ? base::SimStorage::Faults{.crash_at = 1 + below(16)} : base::SimStorage::Faults{.fail_at = 1 + below(16)});
  const auto done = engine_->checkpoint();
  if (options_.verbose) std::fprintf(stderr, "checkpoint%s %s\n", crashes ? " with a fault" : "", done ? "done" : done.error().text().c_str());
  if (!crashes) return done ? true : failed("checkpoint: " + done.error().text());
  out_.coverage.crossed(package_, active_nodes(), Fault::in_checkpoint);
  out_.coverage.seen("fault: checkpoint");
  if (!disk_.crashed() && engine_->pump()) {  // it failed or not: the journal stays in force
    disk_.set_faults({});
    std::vector<Action> none;
    return settled_as_told(none, oracle_);
  }
  engine_.reset();
  ++out_.crashes;
  disk_.restart();
  std::vector<Action> none;
  return reopen(active_nodes()) && settled_as_told(none, oracle_);
}

// A command that was acknowledged long ago comes again with its key: the same answer, and nothing happens. Or a job that
// was completed is completed again under another key: refused.
bool History::repeat_an_old_one() {
  if (old_.empty()) return true;
  Old old = old_[below(old_.size())];
  if (old.until <= highest_) return true;
  const bool completes = std::holds_alternative<engine::CompleteJob>(old.command.body) || std::holds_alternative<engine::CompleteTask>(old.command.body);
  const bool anew = completes && chance(50);
  if (anew) old.command.idempotency_key = "k" + std::to_string(++serial_);
  const auto answer = engine_->call(old.command);
  ++out_.commands;
  if (anew && answer) return failed("a job or task was completed twice");
  if (!anew && !answer) return failed("an acknowledged command that comes again is refused: " + answer.error().text());
  if (!anew && answer->key != old.key) return failed("an acknowledged command that comes again answers another key");
  if (!engine_->pump()) return failed("the engine stopped without a fault");
  std::vector<Action> none;
  return settled_as_told(none, oracle_);
}

}  // namespace simulation
