// Inside the room: tree → FEEL text with the least parentheses that read back as the same tree.
#pragma once
#include <string>

#include "feel/feel.h"
#include "feel/tree.h"

namespace feel {

// The options are those the tree was parsed with: names and types are read back under them.
std::string print(const Tree&, const CompileOptions&);
// Of one node of the tree, as it may stand where an expression stands.
std::string print(const Node&, const Tree&, const CompileOptions&);
// A type as the grammar reads it (rule 52); a named one by its name in the options.
std::string print(const TypePtr&, const CompileOptions&);
// In quotes, escaped (rule 64).
std::string quoted(std::string_view text);

// Equal up to positions and the numbering of variables.
bool same_tree(const Tree&, const Tree&);

}  // namespace feel
