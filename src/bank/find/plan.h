// A person's words to what the index is asked: clauses of choices. Knows words and synonyms, nothing of the index.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bank/find/lexicon.h"
#include "bank/find/synonyms.h"

namespace bank::find {

enum class LeafKind : std::uint8_t { text, number, system };  // a stem or "§10" in any field; a number of KLE or KLA with what is below; a kind of system
struct Leaf { LeafKind kind = LeafKind::text; std::string text; double weight = 1; };
using Slot = std::vector<Leaf>;                                 // any of these
struct Choice { std::vector<Slot> slots; double weight = 1; };  // all of these
struct Clause {
  std::vector<Choice> choices;  // any of these
  bool weak = false;            // helps, but is not asked for
};
struct Plan {
  std::vector<Clause> clauses;
  std::string corrected;        // the query with mended words, "" where none was mended
  bool nothing_known = false;   // a word that is not weak was neither known nor mended
};

// same: other numbers that mean the same subject (KLE: moved and replaced ones). unfinished: the last word may go on.
Plan make_plan(std::string_view query, bool unfinished, const Lexicon&, const Synonyms&, const std::function<std::vector<std::string>(const std::string&)>& same);

}  // namespace bank::find
