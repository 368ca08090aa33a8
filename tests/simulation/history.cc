#include "simulation/history.h"

#include <algorithm>
#include <cstdio>

#include "simulation/canonical.h"

namespace simulation {

namespace {
constexpr Millis kStart = 1'767'225'600'000;  // 2026-01-01
constexpr int kOrders = 2000;                  // other orders of independent moves that are tried before it is called a fault
}  // namespace

History::History(std::uint64_t seed, HistoryOptions options)
    : seed_(seed), options_(options), random_(mixed(seed, 1)), disk_(mixed(seed, 2)), clock_(kStart), engine_random_(mixed(seed, 3)),
      package_(generate(random_, kStart)), names_(names_of(package_)), oracle_(package_) {
  oracle_.now = highest_ = kStart;
}

bool History::failed(const std::string& what) {
  if (out_.passed) out_.failure = what;
  out_.passed = false;
  return false;
}

bool History::open_engine() {
  engine::Options options;
  options.folder = "data";
  options.projector = false;
  options.segment_bytes = 16 << 10;
  options.checkpoint_every_ms = 1ll << 60;  // checkpoints come where the history says so
  options.clock = &clock_;
  options.random = &engine_random_;
  options.storage = &disk_;
  options.manual = true;
  auto opened = engine::Engine::open(options);
  if (!opened) return failed("the engine does not open: " + opened.error().text());
  engine_ = std::move(*opened);
  return true;
}

bool History::deploy() {
  engine::Deploy body;
  for (const Process& process : package_.processes)
    if (process.version == 1) body.resources.push_back({process.id + ".bpmn", process.xml});
  body.resources.push_back({"dobbelt.dmn", package_.dmn});
  body.lenient = true;
  const auto answer = engine_->call(command(std::move(body)));
  if (!answer) return failed("the generated package is refused: " + answer.error().text());
  oracle_.deploy();
  return true;
}

bool History::look() {
  const std::string dump = engine_->dump();
  auto seen = read_dump(dump);
  if (!seen) return failed(seen.error().text());
  seen_ = std::move(*seen);
  roots_.clear();
  keys_.clear();
  for (const auto& root : seen_.roots) roots_[root.key] = &root.view;
  return true;
}

// "" = the engine is as the oracle says. Trees that the engine's keys are not known of are found by what they are.
std::string History::difference(Oracle& oracle, bool name_them) {
  if (!seen_.settled) return "something is ready to run and does not";
  std::set<Key> used;
  std::vector<std::pair<int, Key>> names;
  for (const auto& [number, tree] : oracle.trees()) {
    if (tree->key == 0) continue;
    const auto found = roots_.find(tree->key);
    if (found == roots_.end()) return "instance " + std::to_string(tree->key) + " is gone, and should be\n" + oracle.view(*tree).text;
    if (found->second->text != oracle.view(*tree).text) return "instance " + std::to_string(tree->key) + " is\n" + found->second->text + "\nand should be\n" + oracle.view(*tree).text;
    used.insert(tree->key);
  }
  for (const auto& [number, tree] : oracle.trees()) {
    if (tree->key != 0) continue;
    Key match = 0;
    for (const auto& [key, view] : roots_)
      if (!used.contains(key) && view->text == oracle.view(*tree).text) match = key;
    if (match == 0) {
      std::string others;
      for (const auto& [key, view] : roots_)
        if (!used.contains(key)) others += "\n" + std::to_string(key) + " " + view->text;
      return "there is no instance\n" + oracle.view(*tree).text + "\nbut not explained is" + others;
    }
    used.insert(match);
    names.emplace_back(number, match);
  }
  for (const auto& [key, view] : roots_)
    if (!used.contains(key)) return "instance " + std::to_string(key) + " should not be there:\n" + view->text;
  const auto waiting = oracle.waiting();
  if (waiting != seen_.waiting) {
    std::string text = "what waits for instances or is buffered differs:";
    for (const std::string& one : seen_.waiting)
      if (!std::binary_search(waiting.begin(), waiting.end(), one)) text += "\n  there is " + one;
    for (const std::string& one : waiting)
      if (!std::binary_search(seen_.waiting.begin(), seen_.waiting.end(), one)) text += "\n  there should be " + one;
    return text;
  }
  if (name_them)
    for (const auto& [number, key] : names) oracle.name(number, key);
  return {};
}

// BPMN leaves the order of independent tokens open: is the engine as some other order would have it?
bool History::another_order(const std::vector<Action>& actions, const Oracle& before) {
  for (int n = 0; n < kOrders; ++n) {
    base::SeededRandom order(seed_ + serial_ * 1000 + static_cast<std::uint64_t>(n));
    Oracle other = before;
    other.now = clock_.now();
    other.order = &order;
    bool rests = true;
    for (const Action& action : actions) {
      action.apply(other);
      rests = rests && other.settle();
    }
    other.order = nullptr;
    if (!rests || !difference(other, true).empty()) continue;
    oracle_ = std::move(other);
    out_.coverage.seen("another order");
    return true;
  }
  return false;
}

void History::expire() {
  std::erase_if(leases_, [&](const auto& lease) { return lease.second.due <= clock_.now(); });
}

// Who has which job: what was answered holds until its time is up.
bool History::leases() {
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    const auto job = seen_.jobs.find(lease->first);
    if (job == seen_.jobs.end() || (!job->second.activated && !job->second.available)) {
      lease = leases_.erase(lease);
      continue;
    }
    if (!job->second.activated || job->second.worker != lease->second.worker || job->second.due != lease->second.due)
      return failed("job " + std::to_string(lease->first) + " was handed to " + lease->second.worker + " until " + std::to_string(lease->second.due) + " and is not with it");
    ++lease;
  }
  for (const auto& [key, job] : seen_.jobs)
    if (job.activated && !leases_.contains(key) && !tolerated_.contains(job.worker)) return failed("job " + std::to_string(key) + " is with " + job.worker + ", which nobody was told");
  return true;
}

bool History::settled_as_told(std::vector<Action>& actions, const Oracle& before) {
  if (!look()) return false;
  const std::string wrong = difference(oracle_, true);
  if (!wrong.empty() && !another_order(actions, before)) {
    std::string what;
    for (const Action& action : actions) what += "\n  " + action.what;
    if (options_.verbose) {
      for (const auto& [key, view] : roots_) std::fprintf(stderr, "%lld %s\n", static_cast<long long>(key), view->text.c_str());
      std::fprintf(stderr, "%s\n", engine_->dump().c_str());
    }
    return failed(wrong + "\nafter" + what);
  }
  if (options_.verbose) {  // slow, and close to what was wrong
    const auto replayed = engine_->replayed_dump();
    if (!replayed || *replayed != engine_->dump()) return failed("replay: " + (replayed ? "another state" : replayed.error().text()));
  }
  return leases();
}

// What goes wrong in this round. A disk fills up over some rounds, until a write does not fit.
Fault History::arm(bool by_command) {
  if (options_.verbose) std::fprintf(stderr, "  with a fault\n");
  if (filling_ > 0) {
    if (--filling_ == 0) disk_.set_faults({});
    return Fault::full_disk;
  }
  const auto which = below(100);
  if (which < 60) {
    disk_.set_faults({.crash_at = 1 + below(5)});
    return by_command ? Fault::in_command : Fault::in_timer;
  }
  if (which < 85) {
    disk_.set_faults({.fail_at = 1 + below(4), .keep_failing = chance(50)});
    return Fault::failed_sync;
  }
  disk_.set_faults({.disk_bytes = disk_.bytes() + below(4000)});
  filling_ = 30;
  return Fault::full_disk;
}

// Who was answered: as the oracle says, accepted or refused.
bool History::answered(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (!action.command) continue;
    if (!action.answer) return failed("no answer to " + action.what);
    if (action.acknowledged() && action.check)
      if (const std::string wrong = action.check(**action.answer); !wrong.empty()) return failed(action.what + ": " + wrong);
    if (action.acknowledged() != action.expected)
      return failed(action.what + (action.expected ? " is refused: " + action.answer->error().text() : std::string(" is accepted and should be refused")));
    if (action.acknowledged() && !action.check) old_.push_back({*action.command, (*action.answer)->key, clock_.now() + 23ll * 3600 * 1000});
  }
  return true;
}

bool History::round() {
  if (filling_ == 0 && !tick()) return false;
  const auto kind = filling_ > 0 ? 20 + below(80) : below(100);
  if (kind < 8) return activate();
  if (kind < 11) return checkpoint();
  if (kind < 13) return crash_at_rest();
  if (kind < 16) return repeat_an_old_one();
  std::vector<Action> actions;
  if (kind < 34) {
    const Millis to = next_moment();
    if (to - clock_.now() > 60'000) out_.coverage.crossed(package_, active_nodes(), Fault::clock_forward);
    clock_.set(to);
    highest_ = std::max(highest_, to);
    expire();
    actions.push_back(clock_to(to));
  } else {
    actions = plan();
  }
  if (actions.empty()) return true;
  if (options_.verbose)
    for (const Action& action : actions) std::fprintf(stderr, "%s\n", action.what.c_str());
  const Oracle before = oracle_;
  oracle_.touched = {};
  for (Action& action : actions) {
    action.expected = action.apply(oracle_);
    if (!oracle_.settle()) return failed("the oracle does not come to rest after " + action.what);
  }
  const bool armed = filling_ > 0 || chance(9);
  const Fault fault = armed ? arm(actions[0].command.has_value()) : Fault::in_command;
  for (Action& action : actions) {
    if (!action.command) continue;
    engine_->submit(*action.command, [&action](base::Result<engine::Answer> answer) { action.answer = std::move(answer); });
    ++out_.commands;
  }
  const bool alive = engine_->pump().has_value();
  if (alive && !disk_.crashed()) {
    if (armed && filling_ == 0) disk_.set_faults({});
    return answered(actions) && settled_as_told(actions, before);
  }
  filling_ = 0;
  if (!armed) return failed("the engine stopped without a fault");
  return recover(actions, before, fault);
}

void History::show() const {
  for (const Process& process : package_.processes) std::printf("%s\n\n", process.xml.c_str());
}

Outcome History::run() {
  if (!open_engine() || !deploy() || !look()) return out_;
  while (out_.passed && (out_.commands < options_.commands || out_.crashes < options_.crashes)) {
    if (!round()) break;
    out_.peak = std::max<std::uint64_t>(out_.peak, oracle_.trees().size());
  }
  if (!out_.passed) return out_;
  const auto replayed = engine_->replayed_dump();
  if (!replayed) failed("replay at the end: " + replayed.error().text());
  else if (*replayed != engine_->dump()) failed("replay at the end gives another state");
  if (disk_.dump().find("plain secret of") != std::string::npos) failed("a variable lies unsealed on the disk");
  return out_;
}

}  // namespace simulation
