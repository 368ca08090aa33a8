// One history: the real engine on simulated time and storage, a client that repeats what it does not know, faults, and
// after every round the comparison with the oracle. The seed decides everything.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/storage_sim.h"
#include "engine/engine.h"
#include "simulation/coverage.h"
#include "simulation/generate.h"
#include "simulation/oracle.h"

namespace simulation {

// What a client does: the command, and what the oracle makes of it.
struct Action {
  std::string what;
  std::optional<engine::Command> command;     // none: the clock moved
  std::function<bool(Oracle&)> apply;         // false: refused
  std::function<std::string(const engine::Answer&)> check;  // of a command that only reads: what is wrong with its answer
  bool expected = true;
  std::set<int> trees;                        // that it touched
  std::set<std::pair<int, int>> nodes;
  std::optional<base::Result<engine::Answer>> answer;
  bool acknowledged() const { return answer && answer->has_value(); }
};

std::string_view name_of(const engine::Command&);

struct Outcome {
  bool passed = true;
  std::string failure;                        // what was wrong
  std::uint64_t commands = 0, crashes = 0, recoveries = 0, peak = 0;
  Coverage coverage;
};

struct HistoryOptions {
  std::uint64_t commands = 500, crashes = 3, instances = 20;
  bool verbose = false;                       // every round on stderr
};

class History {
 public:
  History(std::uint64_t seed, HistoryOptions);
  Outcome run();
  void show() const;                          // the generated files on stdout

 private:
  // history.cc
  bool open_engine();
  bool deploy();
  bool round();
  Fault arm(bool by_command);
  bool answered(const std::vector<Action>& actions);
  bool settled_as_told(std::vector<Action>& actions, const Oracle& before);
  bool look();                                // reads the dump into seen_
  std::string difference(Oracle&, bool name_them);
  bool another_order(const std::vector<Action>& actions, const Oracle& before);
  bool leases();
  void expire();                              // leases whose time is up
  bool failed(const std::string& what);

  // crashes.cc
  bool recover(std::vector<Action>& actions, const Oracle& before, Fault);
  bool reopen(const std::set<std::pair<int, int>>& nodes);
  bool decide(std::vector<Action>& actions, const Oracle& before, std::vector<bool>& applied);
  bool repeat(std::vector<Action>& actions, const std::vector<bool>& applied);
  bool crash_at_rest();
  bool checkpoint();
  bool repeat_an_old_one();
  std::set<std::pair<int, int>> active_nodes() const;

  // stimuli.cc
  std::vector<Action> plan();
  bool add(std::vector<Action>& actions, Action action, Oracle& next, bool alone);
  Action create(int process);
  std::optional<Action> local(const Tree&);
  std::optional<Action> global();
  Action answer_ad_hoc(const Tree&, const Act&, Key job, const Variables&);
  std::optional<Action> of_act(const Tree&, const Act&);
  std::optional<Action> of_incident(const Tree&);
  Action clock_to(base::Millis to);

  // changes.cc: what people change in instances that run
  std::optional<Action> next_version();
  void migrate(std::vector<Action>& actions, Oracle& next, const Tree&);
  std::optional<Action> suspend_or_resume(const Tree&);
  std::optional<Action> modify(const Tree&);
  base::Millis next_moment();
  bool tick();
  bool activate();
  Variables data();
  Variables results(const Tree&, const Act&);
  engine::Command command(decltype(engine::Command::body) body);
  struct Keys { std::map<int, Key> elements, jobs, tasks, incidents; };
  const Keys& keys_of(const Tree&);
  bool chance(int percent) { return random_.chance(static_cast<std::uint32_t>(percent)); }
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }

  const std::uint64_t seed_;
  const HistoryOptions options_;
  base::SeededRandom random_;
  base::SimStorage disk_;
  base::VirtualClock clock_;
  base::SeededRandom engine_random_;
  Package package_;
  Names names_;
  Oracle oracle_;
  std::unique_ptr<engine::Engine> engine_;
  Seen seen_;
  std::map<Key, const View*> roots_;          // of seen_
  std::map<int, Keys> keys_;                  // of seen_, by tree
  std::map<Key, Lease> leases_;
  std::set<std::string> tolerated_;           // workers of activations whose fate is not known
  struct Old { engine::Command command; Key key = 0; base::Millis until = 0; };
  std::vector<Old> old_;                      // acknowledged commands
  std::uint64_t serial_ = 0;
  int filling_ = 0;                           // rounds until the disk that fills up is given up
  base::Millis highest_ = 0;                  // the clock was there once
  Outcome out_;
};

}  // namespace simulation
