// A generated process as the generator and the oracle see it: plain nodes and flows, expressions small enough to be
// computed by hand. xml.h writes it as BPMN for the engine; the oracle walks it. Indexes are into the vectors here.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "bpmn/model.h"

namespace simulation {

using base::Json;
using base::Millis;
using bpmn::ElementType;
using bpmn::EventKind;
using Variables = std::map<std::string, Json>;

// An expression that FEEL and the oracle both compute: whole numbers, booleans, texts, lists.
struct Expr {
  enum class Op { none, constant, variable, plus, less, at_least, equals, text, negate };
  Op op = Op::none;
  Json value;                 // constant
  std::string name;           // variable
  std::vector<Expr> args;
  explicit operator bool() const { return op != Op::none; }
};
Expr constant(Json value);
Expr variable(std::string name);
Expr call(Expr::Op op, std::vector<Expr> args);
Expr at_least(std::string name, int value);
std::string feel(const Expr&);                                        // without the leading "="
using Lookup = std::function<const Json*(const std::string&)>;        // nullptr: there is no such variable
Json compute(const Expr&, const Lookup&);                             // null where FEEL would say null

struct Event {
  EventKind kind = EventKind::none;
  std::string name;           // of the message or signal, the code of the error or escalation ("" = every code), the link
  Expr correlation;           // of a message
  bpmn::TimerKind timer = bpmn::TimerKind::none;
  Millis wait = 0;            // duration, interval of a cycle, or moment of a date
  int times = 1;              // of a cycle; -1 = for ever
  bool cron = false;          // at every full `wait` of the clock
  Expr condition;
  int activity = -1;          // compensation: only this node
  bool waits = true;          // compensation: waitForCompletion
};

struct Mapping { Expr source; std::string target; };

// What a multi-instance throws when one of its items is done (section 13.3.7): `all` never.
struct Thrown { Event event; Expr condition; };
struct Loop {
  enum class Behavior { all, none, one, complex } behavior = Behavior::all;
  std::vector<Thrown> thrown;
  bool standard = false, sequential = false, test_before = false;
  Expr cardinality, collection, completion, condition, output_element;
  int maximum = -1;
  std::string input_element, output_collection;
};

struct Node {
  ElementType type = ElementType::task;
  std::string id;
  int parent = -1;                            // sub-process around it; -1 = the process
  std::vector<int> incoming, outgoing;        // flows
  int default_flow = -1;
  std::vector<Event> events;
  bool interrupting = true, together = false; // together: parallelMultiple
  int attached = -1;
  std::vector<int> boundary;
  bool job = false;                           // done by a worker; the job type is the id
  Expr script;                                // script task: FEEL into `result`
  std::string result, decision;               // decision: of a business rule task
  std::vector<Mapping> inputs, outputs;
  std::vector<Mapping> data_outputs;          // data output associations
  std::optional<Loop> loop;
  int start_quantity = 1, completion_quantity = 1;
  int starts = 0, ends = 0;                   // execution listeners; their types are the id, "_start" or "_end" and a number
  bool for_compensation = false;
  int handler = -1;                           // compensation handler of this activity
  std::string called;
  enum class Binding { latest, tag, deployment } binding = Binding::latest;
  bool global = false;                        // calls a global user task: it is done here (section 10.3.6)
  bool all_to_child = true, all_to_parent = true;
  Expr activation;                            // complex gateway
  bool sequential = false, cancel_remaining = true;  // ad hoc
  Expr completion;                            // ad hoc
  bool instantiate = false, parallel = false; // receive task or event-based gateway that begins instances
  std::vector<std::string> data;              // data objects of a sub-process
  bool is(ElementType t) const { return type == t; }
  bool scope() const;                         // sub-process of any kind
  EventKind kind() const { return events.empty() ? EventKind::none : events[0].kind; }
};

struct Flow {
  std::string id;
  int from = -1, to = -1;
  Expr condition;
};

struct Process {
  std::string id;
  std::vector<Node> nodes;                    // in the order of the file
  std::vector<Flow> flows;
  std::string xml;                            // filled by write()
  // What a client must know to feed it.
  bool none_start = false;                    // CreateInstance works
  int version = 1;
  int starts = 0, ends = 0;                   // execution listeners of the process, as of a node
  std::string tag;                            // version tag, "" = none
  std::vector<std::pair<std::string, std::string>> renamed;  // element of the version before → of this one
  int find(const std::string& id) const;
};

struct Package {
  std::vector<Process> processes;             // later versions of a process stand behind earlier ones
  std::string dmn;                            // one decision, "" = none
  int find(const std::string& process, int version) const;  // -1: none
};

// Nothing leads to them: what gets a token when the scope (-1 = the process) begins.
std::vector<int> starts_of(const Process&, int scope);
// The start event of an event sub-process.
int trigger_of(const Process&, int event_sub_process);
std::vector<int> event_sub_processes(const Process&, int scope);

void write(Process&);                         // spec → BPMN, one line
std::string decision_file();                  // dubler: d = 2 * v0

}  // namespace simulation
