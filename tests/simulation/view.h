// What both sides know of an instance, in one canonical form: the engine's dump and the oracle are compared as texts.
// Keys, queues, leases and the journal's positions are left out: they are the engine's own business.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace simulation {

using Key = std::int64_t;

// A thing at an element instance that a client can name: a job, a person's task, an incident, a timer, a subscription.
struct Fact {
  std::string text;
  Key handle = 0;             // the engine's key, or the oracle's number
};

struct View {
  std::string head;           // element, loop counter, counters of a body
  std::string variables;      // canonical JSON
  std::vector<Fact> facts;
  std::vector<View> children; // a called instance is a child of its call activity
  Key handle = 0;             // element instance, or the oracle's number
  std::string text;           // all of it; filled by finish()
  void finish();              // sorts and writes `text`, from the leaves up
};

struct Lease { std::string worker, type; base::Millis due = 0; bool activated = false, available = false, still = false; };  // still: of a suspended instance

// The engine's side of everything.
struct Seen {
  struct Root { Key key = 0; std::string process; View view; };
  std::vector<Root> roots;
  std::vector<std::string> waiting;         // buffered messages and what begins instances, sorted
  std::map<Key, Lease> jobs;                // every job that waits or is with a worker
  bool settled = true;                      // nothing is ready to run
  std::map<std::pair<std::string, int>, Key> definitions;  // process and version
};
// Errors: a line of the dump that does not have the expected form.
base::Result<Seen> read_dump(const std::string& dump);

// Pairs two equal views: calls pair(one, other) for the element instances and their facts.
template <class F> void pair_up(const View& a, const View& b, F&& pair) {
  pair(a.handle, b.handle);
  for (std::size_t i = 0; i < a.facts.size() && i < b.facts.size(); ++i) pair(a.facts[i].handle, b.facts[i].handle);
  for (std::size_t i = 0; i < a.children.size() && i < b.children.size(); ++i) pair_up(a.children[i], b.children[i], pair);
}

}  // namespace simulation
