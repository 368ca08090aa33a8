// Puts nodes and flows into a process. A fragment has one way in and one way out; what is wilder stands in a sub-process.
#pragma once
#include <initializer_list>

#include "base/random.h"
#include "simulation/spec.h"

namespace simulation {

struct Chain { int first = -1, last = -1; };

class Builder {
 public:
  // first: ids of what is made are numbered from here on.
  Builder(Process& process, base::Random& random, Millis date, int first = 0) : p(process), random_(random), date_(date), first_(first), next_(first) {}

  Process& p;
  std::vector<std::string> callable;          // processes that a call activity may call
  std::vector<std::string> foreign_signals;   // that others wait for
  std::size_t limit = 24;                     // nodes, before only simple fragments are made

  void content(int scope, int depth, bool start_event = true);  // of a scope, from its start to its ends
  void event_sub_process(int scope, int depth, EventKind kind = EventKind::none);  // none: any kind
  Chain sequence(int scope, int depth);
  Chain fragment(int scope, int depth);

  // builder.cc
  int node(ElementType, int scope, const char* prefix);
  int flow(int from, int to, Expr condition = {});
  Node& at(int n) { return p.nodes[static_cast<std::size_t>(n)]; }
  Chain join(Chain a, Chain b);
  int pick(std::initializer_list<int> weights);
  bool chance(int percent) { return random_.chance(static_cast<std::uint32_t>(percent)); }
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }
  Expr condition();                           // of data that is there from the start
  Event event(EventKind, const std::string& id, bool repeats = false);
  int job(int scope, bool worker_only = false);  // a task that waits for a worker or a person
  int task(int scope);                        // any task
  int end(int scope, EventKind kind = EventKind::none);
  int event_node(ElementType, int scope, EventKind);

  // fragments.cc
  Chain choice(int scope, int depth);
  Chain parallel(int scope, int depth);
  Chain inclusive(int scope, int depth);
  Chain counted_loop(int scope, int depth);
  Chain first_event(int scope, int depth);
  Chain complex(int scope);
  Chain talk(int scope);
  Chain thrown(int scope);
  Chain caught(int scope);
  Chain linked(int scope);
  Chain killer(int scope);

  // activities.cc
  Chain sub_process(int scope, int depth);
  Chain transaction(int scope);
  Chain compensation(int scope);
  Chain undoable(int scope);
  Chain ad_hoc(int scope);
  Chain called(int scope);
  Chain repeated(int scope, int depth);
  void items_throw(Loop&, int activity);
  Chain quantities(int scope);
  Chain implicit(int scope);
  Chain inclusive_graph(int scope);
  Chain upward(int scope);
  void boundary(int activity, int depth);

 private:
  base::Random& random_;
  Millis date_;
  int first_ = 0, next_ = 0;
};

}  // namespace simulation
