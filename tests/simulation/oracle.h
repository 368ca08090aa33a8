// The independent naive interpreter: sets of tokens in scopes, recomputed at every step from the generated tree. It shares
// no code with the engine. It is told what was acknowledged and says what must then be there. Everything is a value, so
// a state before a command is a copy; trees are shared until changed.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "simulation/spec.h"
#include "simulation/view.h"

namespace simulation {

struct Wait {                        // a timer or a subscription
  int event = -1;                    // node that it belongs to
  std::size_t definition = 0;        // which of its definitions
  EventKind kind = EventKind::none;
  std::string name, key;             // message, signal
  bool closes = true;                // occurs once
  bool value = false;                // of a condition, last known
  bool together = false;             // of a parallel multiple event
  Millis due = 0, interval = 0, cron = 0;
  int left = 0;
  long number = 0;                   // older ones are lower
};

struct Completed {                   // an activity that can be compensated, with its data as they were
  int node = -1;
  bool handled = false;              // by the handler on its boundary
  Variables variables;
  std::vector<Completed> inside;
  long number = 0;
};

struct Compensating {
  bool active = false, again = false, cancels = false, leaves = true;
  int scope = 0, outer = 0, activity = -1, boundary = -1, after = -1;
  long until = 0;
};

struct Parked { int node = -1, flow = -1, count = 0; };

// An active element: a wait, a scope, the body of a loop, one round of it, a compensating event.
struct Act {
  int number = 0, parent = 0;
  int process = 0, node = -1;        // -1: the process itself
  Variables variables;
  int round = 0;                     // loopCounter
  bool inner = false, fulfilled = false;  // of an ad-hoc sub-process with a job: one thing that was asked for; its worker said that it is done
  bool body = false, completing = false, tells = false;  // tells: a called process whose data its caller asks for
  int total = 0, started = 0, done = 0;
  std::vector<std::optional<Json>> outputs;
  int listening = 0, listener = 0;   // a listener's job is at work: 1 at the start, 2 at the end; which one
  bool job = false, task = false, stuck = false;         // stuck: the job has an incident or threw an error
  int retries = 3;
  Millis backing_off = 0;
  std::vector<Wait> waits;
  std::vector<Parked> parked;                            // tokens that wait at joins, the first come first
  std::map<int, std::set<int>> activated;                // complex gateway → flows whose tokens activated it
  std::vector<std::pair<int, Variables>> gathered;
  std::vector<std::pair<int, bool>> held;                // of a process whose start listeners are at work: node, has it occurred
  std::vector<Completed> completed;
  Compensating compensating;
};

inline constexpr int kPlaced = -2;   // the flow of a token that a modification put somewhere

struct Move {
  enum class Kind { enter, begin, complete, trigger, round, conditions, start, catch_up, place } kind = Kind::enter;
  int act = 0;                       // enter: the scope
  int node = -1, flow = -1;
  bool occurred = false;
  Variables payload;
  int heard = 0;                     // begin, complete: listeners that are through
  long wait = 0;                     // catch_up: who missed a message
  std::vector<int> made;             // place: scopes that are made on the way to the node
  bool after = false;                // place: not at the node, but behind it
  bool token() const { return kind == Kind::enter || kind == Kind::place; }
};

struct Incident { int number = 0; std::string kind; int act = 0, node = -1; bool of_job = false; Move move; };

struct Tree {
  int number = 0, process = 0, next = 1;
  Key key = 0;                       // the engine's, once known
  std::map<int, Act> acts;           // the root is 1
  std::deque<Move> moves;
  std::vector<Incident> incidents;
  bool over = false;
  bool suspended = false;            // with all that it called
  std::vector<std::pair<int, long>> missed;  // act, wait: a message came for it while it stood still
  mutable std::shared_ptr<View> view;  // memo
};

struct Buffered { std::string name, key, id; Millis until = 0; std::set<std::string> had; Variables variables; long number = 0; };
struct Beginning { int process = 0; Wait wait; };         // what waits for an instance to begin

// What a migration would do, by element ids: fits = nothing stands against it.
struct Migration {
  std::string misfit;                // "" = it fits; else why not, and where
  std::map<std::string, int> opened, closed, kept, elements;  // kept, elements: "from > to"
};
// One instruction of a modification. activate: to; move: from, to; stop: an act, or all of `from`.
struct Instruction {
  enum class Kind { activate, move, stop_act, stop_all } kind = Kind::activate;
  int from = -1, to = -1, act = 0;
  bool after = false;
};
using Renamed = std::vector<std::pair<std::string, std::string>>;
class Correspondence;                // oracle_migration.cc

// What a stimulus touched, for coverage and for knowing what is independent of what.
struct Touched {
  std::set<std::pair<int, int>> nodes;  // (process, node) entered, left or triggered
  std::set<int> trees;
  bool outside = false;              // a message or signal was sent, or a process begun by an event
};

class Oracle {
 public:
  explicit Oracle(const Package& package) : package_(&package) {}

  Millis now = 0;
  Touched touched;
  // Order of moves: nullptr = first come, first served; else any move may be next.
  base::Random* order = nullptr;

  // Stimuli; settle() afterwards. Each answers what a client is told: false = refused.
  void deploy();                                                  // the first version of each process
  bool deploy_next(int process);                                  // a later one; false: it is there
  int create(int process, Variables);                             // number of the tree
  bool publish(const std::string& name, const std::string& key, const std::string& id, Millis ttl, const Variables&);
  void signal(const std::string& name, const Variables&);
  bool correlate(const std::string& name, const std::string& key, const Variables& variables) { return send(name, key, "", 0, variables); }
  bool complete_job(int tree, int act, const Variables&);
  // Of an ad-hoc sub-process: what is done next, or that it is done.
  bool answer_ad_hoc(int tree, int act, const Variables&, const std::vector<std::pair<int, Variables>>& next, bool fulfilled, bool cancels);
  bool fail_job(int tree, int act, int retries, Millis back_off, const Variables&);
  bool throw_error(int tree, int act, const std::string& code, const Variables&);
  bool complete_task(int tree, int act, const Variables&);
  bool set_variables(int tree, int act, bool local, const Variables&);
  bool resolve(int tree, int incident);
  bool cancel(int tree);
  bool activate_elements(int tree, int act, const std::vector<int>& nodes);
  int evaluate_conditions(const Variables&);                      // how many instances began
  // root: the act of a process instance, its own or a called one. Refused: nothing changes.
  bool migrate(int tree, int root, int target, const Renamed&);
  bool modify(int tree, int root, const std::vector<Instruction>&);  // refused: nothing changes
  bool suspend(int tree);
  bool resume(int tree);
  void clock();                                                   // fires what is due at `now`
  bool settle();                                                  // false: it did not come to rest

  // Reading.
  const std::map<int, std::shared_ptr<Tree>>& trees() const { return trees_; }
  const Package& package() const { return *package_; }
  const View& view(const Tree&) const;
  std::vector<std::string> waiting() const;
  Migration check_migration(const Tree&, int root, int target, const Renamed&) const;
  int latest(const std::string& process) const;                   // deployed version; -1 = none
  int bound(const Node& call) const;                              // the version that is called
  Millis next_due() const;                                        // -1 = nothing
  std::vector<Millis> dues(const Tree&) const;
  void name(int tree, Key key) { edit(tree).key = key; }
  const std::string& id(const Act& act) const { return act.node < 0 ? process(act).id : node(act)->id; }
  const Node* node(const Act& act) const { return act.node < 0 ? nullptr : &process(act).nodes[static_cast<std::size_t>(act.node)]; }
  bool knows_message(const std::string& name, const std::string& key, const std::string& id) const;

 private:
  struct Stop { std::string kind; };                              // why a move cannot be made
  using Done = std::optional<Stop>;

  Tree& edit(int number);
  const Process& process(const Act& act) const { return package_->processes[static_cast<std::size_t>(act.process)]; }
  const Node& at(const Act& act, int node) const { return process(act).nodes[static_cast<std::size_t>(node)]; }

  // oracle.cc: moving
  bool step();
  void make(Tree&, Move);
  Done attempt(Tree&, const Move&);
  void push(Tree&, Move);
  void written(Tree&);
  Done enter(Tree&, Act& scope, int node, int flow, bool occurred);
  Done work(Tree&, Act& scope, int node, Act* self);
  Act& add(Tree&, int parent, int process, int node);
  void remove(Tree&, int act);
  void kill(Tree&, int act);                                      // with everything in it
  void kill_children(Tree&, int act, bool keep_boundary);
  void idle(Tree&, int scope);
  void go(Tree&, int scope, const std::vector<int>& flows);
  void pass(Tree&, Act& scope, int node, const std::vector<int>& flows);
  Done choose(const Tree&, const Act& scope, int node, const Variables& over, std::vector<int>& flows) const;
  Done complete(Tree&, int act, const Variables& pending, bool forced = false, int heard = 0);
  Done begin(Tree&, int act, int heard);
  void begin_process(Tree&, Act& root, std::vector<std::pair<int, bool>> first);
  void enter_all(Tree&, const Act& root, const std::vector<std::pair<int, bool>>&);
  static void listen(Act&, int phase, int which);
  Variables inputs(const Tree&, int outer, const Node&, const Act* self) const;
  Done stop_and_complete(Tree&, int scope);
  struct ItemEvent { EventKind kind = EventKind::none; std::string name, key; };
  Done item_events(const Tree&, const Act& item, const Variables& merged, std::vector<ItemEvent>&) const;
  void throw_for_item(Tree&, int body, const ItemEvent&);
  Done finish_round(Tree&, int act, const Variables& merged);
  void leave_process(Tree&, Act& act);
  Done trigger(Tree&, int act, int event, const Variables& payload);
  void deliver(Tree&, int act, int event, const Variables& payload);
  void arrive(Tree&, int act, int event, bool together, const Variables& payload);
  Done round(Tree&, int body);

  // oracle_work.cc: what elements do
  Done open_scope(Tree&, Act& scope, int node, Act* self);
  Done call(Tree&, Act& scope, int node, Act* self);
  Done throws(Tree&, Act& scope, int node, Act* self);
  Done upward(Tree&, Act& scope, int node);
  Done at_once(Tree&, Act& scope, int node, Act* self, const Variables& result);
  Done waits_for(Tree&, Act& scope, int node, Act* self);
  Done begin_job(Tree&, Act& scope, int node, Act* self);
  void after_inner(Tree&, int scope);
  static void ask(Act&);

  // oracle_joins.cc
  static void park(Act& scope, int node, int flow);
  static void unpark(Act& scope, int node, int flow);
  bool join(Tree&);
  bool join_in(Tree&, Act& scope);
  bool turn_in(Tree&, Act& scope);
  bool may_fire(const Tree&, const Act& scope, int gateway, const std::set<int>& full) const;
  bool reaches(const Process&, int from, int gateway, const std::set<int>& flows) const;
  bool complex(Tree&, Act& scope, int gateway);

  // oracle_events.cc: waits, messages, signals, conditions
  Done collect(const Tree&, const Act& scope, const Variables& over, const std::vector<int>& events, std::vector<Wait>& into) const;
  Done collect(const Tree&, int process, int act, const Variables& over, const std::vector<int>& events, std::vector<Wait>& into) const;
  void meet(Tree&, int act, long wait);
  void open(Tree&, int act, std::vector<Wait>);
  void check(Tree&, int act, long wait);
  bool close(Act&, long wait);
  Tree& begin_tree(int process, Variables);
  void occur(Tree&, int act, const Wait&, const Variables& payload);
  // keeps: it waits for its time to live also where somebody had it.
  bool send(const std::string& name, const std::string& key, const std::string& id, Millis ttl, const Variables&, bool keeps = false);
  void begin(int process, int event, const Variables&);
  void conditions(Tree&);
  std::pair<int, int> catcher(const Tree&, EventKind, int from, const std::string& code) const;

  // oracle_migration.cc
  std::vector<int> of_instance(const Tree&, int root) const;
  std::vector<int> openings(const Tree&, const Act&, const Correspondence&) const;
  void open_beginnings(int process);

  // oracle_modification.cc
  struct Way { int scope = 0; std::vector<int> missing; };
  std::optional<Way> way(const Tree&, int base, int node) const;
  bool enterable(const Process&, int node, bool after) const;
  int common(const Tree&, int scope, int node) const;
  struct Found { std::vector<int> acts, scopes; };
  Found find(const Tree&, const std::vector<int>& acts, int node) const;
  bool possible(const Tree&, int root, const Instruction&) const;
  bool leaves_something(const Tree&, int root, const std::vector<Instruction>&) const;
  void carry_out(Tree&, int root, const Instruction&);
  void tokens_before(Tree&, int scope, const Instruction&);
  bool left_empty(const Tree&, int scope, int child, int tokens) const;
  void stop(Tree&, int act);
  void place(Tree&, const Way&, int node, bool after);
  Done arrive_placed(Tree&, int scope, const Move&);

  // oracle_data.cc: variables
  const Json* look(const Tree&, int act, const std::string& name) const;
  Json value(const Tree&, int act, const Expr&, const Variables& over = {}) const;
  Variables mapped(const Tree&, int act, const std::vector<Mapping>&, const Variables& over = {}) const;
  void propagate(Tree&, int act, const Variables&);
  Variables visible(const Tree&, int act) const;

  // oracle_compensation.cc
  void remember(Tree&, const Act&);
  Done compensate(Tree&, int act);
  Done throw_compensation(Tree&, Act& scope, int node, const Event&);
  Done cancel_transaction(Tree&, Act& scope, int node);

  View view_of(const Tree&, const Act&) const;

  const Package* package_;
  std::map<int, std::shared_ptr<Tree>> trees_;
  std::vector<Buffered> buffer_;
  std::vector<Beginning> beginnings_;
  std::map<std::string, int> latest_;
  int next_tree_ = 1;
  long next_ = 1;
  std::deque<int> turns_;                                         // trees with something to do
};

}  // namespace simulation
