// The order rule of the token simulation suite (its README, "How to compare", 2), and the turns that its lines take.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"

namespace conformance::tokens {

// A line says that an element began in a scope, or was left; a scope is named by its element, its occurrence and what is
// around it ("Process_1#1/S#1"). Upstream's begin is "enter", or "signal" where an event begins it; its createScope and
// destroyScope have no counterpart. All begins of a scope carry its letter, an exit carries that of its own, whose parent
// the scope is: so the begins have an order, and each exit a place among them.
class Order {
 public:
  void begin(const std::string& scope, const std::string& element);
  void exit(const std::string& scope, const std::string& element);
  std::string child(const std::string& scope, const std::string& element);  // the name of a scope that begins
  // The first difference in the order, "" when there is none. Only scopes that both have are compared: the exits say the rest.
  // skip: elements that are left out (flows).
  std::string differs(const Order& want, const std::set<std::string>& skip = {}) const;
  bool same_sequence(const Order& want) const { return sequence_ == want.sequence_; }  // across all scopes: mode 1 for these lines
  // Reads upstream's lines; `containers`: elements that others are created in.
  void read(const base::Json& trace, const std::set<std::string>& containers);

 private:
  struct Open { std::string path, parent, element; bool began = false; };
  Open* of_letter(const std::string& letter, const std::string& element);
  std::map<std::string, std::vector<std::string>> begins_;
  std::map<std::string, std::multimap<std::string, std::size_t>> exits_;
  std::map<std::string, int> occurrence_;
  std::map<std::string, Open> bound_;      // upstream's letter
  std::vector<Open> unbound_;              // created, letter not seen yet; oldest first
  std::vector<std::string> sequence_;
};

// Which line caused which is the engine's; when they are written is upstream's: one line a turn, first in, first out, until
// nothing is left to do. The engine does in one step what upstream does in four (a flow is entered and left, its target is
// entered and left), so the lines of tokens that move side by side lie differently in its journal. Laid out by turns they
// compare; what the engine did too early, too late, twice or in another scope stays so.
class Turns {
 public:
  static constexpr int kNone = -1;         // caused from outside
  enum class Kind { begin, exit, hidden }; // hidden: takes a turn upstream and is no line of the rule
  int add(int cause, Kind, std::string scope, std::string element);
  void rest() { ++stage_; }                // what comes now was caused from outside, after everything so far
  int depth(int line) const { return line == kNone ? -1 : lines_[static_cast<std::size_t>(line)].depth; }
  int later(int a, int b) const { return depth(b) >= depth(a) ? b : a; }
  bool begins(int line) const { return line != kNone && lines_[static_cast<std::size_t>(line)].kind == Kind::begin; }
  Order order() const;

 private:
  struct Line { Kind kind; std::string scope, element; int stage = 0, depth = 0; std::vector<int> effects; };
  std::vector<Line> lines_;
  std::vector<std::vector<int>> roots_;    // of each stage
  int stage_ = 0;
};

}  // namespace conformance::tokens
