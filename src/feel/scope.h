// Inside the room: which names a place in the text may use, and the longest one that stands there.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feel/token.h"
#include "feel/type.h"

namespace feel {

struct Builtin;

struct Known {
  std::string name;
  TypePtr type;
  int variable = -1;                 // -1: an input not used yet, a field, or a builtin
  const Builtin* builtin = nullptr;
};

struct Scope {
  std::vector<Known> names;
  const std::vector<Known>* shared = nullptr;  // the builtins: one list for all parsers, in place of `names`
  int item = -1;            // of a filter: the variable of the filtered item; its names are fields of it
  bool open = false;        // of a filter: the item may have fields that nobody declared
  const std::vector<Known>& all() const { return shared != nullptr ? *shared : names; }
};

struct Match {
  std::size_t tokens = 0;   // 0: nothing matched
  std::size_t scope = 0, index = 0;
};

// How many tokens from `at` spell the name; 0 if they do not. White space matters only as present or absent.
std::size_t spelled(std::string_view name, const std::vector<Token>& tokens, std::size_t at);

// The longest known name; of equals the innermost scope's.
Match longest(const std::vector<Scope>& scopes, const std::vector<Token>& tokens, std::size_t at);

std::span<const std::string_view> reserved_words();  // in order
bool is_reserved(std::string_view word);
// Words from `at` that no keyword interrupts: an unknown name. At least one where a word stands there.
std::size_t word_run(const std::vector<Token>& tokens, std::size_t at);
// The tokens as a name: single spaces where white space was.
std::string spelling(const std::vector<Token>& tokens, std::size_t from, std::size_t count);

}  // namespace feel
