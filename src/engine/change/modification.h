// Modification of a running instance: what the instructions of a ModifyInstance come to, and its binary form. The command
// resolves and checks everything; the plan then lies in one step that is done before everything else in the instance.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "engine/behaviour/decider.h"

namespace engine {

// A token to be: for the element, or for what follows it (after), or (made) a scope to be made that holds others.
struct Placement {
  Index element = 0;
  bool after = false, made = false;
  std::string variables;                 // packed, of the element instance that is made
  std::vector<Placement> inside;
};
struct ModificationStep {
  enum class Kind : std::uint8_t { activate, move, stop_element, stop_instance };
  Kind kind = Kind::activate;
  Key key = 0;                           // activate: the scope; stop_instance: the element instance
  Index element = 0;                     // move: from; stop_element: of which all instances are stopped
  Placement place;                       // activate; move: element and after of where to
  std::vector<std::pair<Index, std::string>> variables;  // move: for scopes that are made on the way and for the element
};
std::string encode_plan(const std::vector<ModificationStep>&);
bool decode_plan(std::string_view, std::vector<ModificationStep>&);
std::string encode_placement(const Placement&);
bool decode_placement(std::string_view, Placement&);

// From an element instance down to the scope in which an element lives: where it goes on, and what is missing from there.
struct Way { Key scope = 0; std::vector<Index> missing; };
// fresh: everything below `base` is made anew. Errors: invalid_argument, conflict, in words for who asked.
base::Result<Way> way_to(const State&, const Program&, Key base, Index element, bool fresh);
// The innermost scope around this one (or itself) whose element also lies around `element`.
Key common_scope(const State&, const Program&, Key scope, Index element);
Placement on_the_way(const Way&, Index element, bool after, const std::vector<std::pair<Index, std::string>>& variables);
bool joins_tokens(const ElementProgram&);

// The plan, and what is to be written beside it. Errors: everything an instruction can be refused for.
struct Modification {
  std::vector<ModificationStep> plan;
  std::vector<std::pair<Key, std::string>> variables;   // of scopes that exist
  std::vector<Index> activated, stopped;
};
base::Result<Modification> plan_modification(const Decider&, const Instance&, const ModifyInstance&);

}  // namespace engine
