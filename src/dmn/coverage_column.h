// One column of a table as atoms and sets of atoms; inside the room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "feel/value.h"

namespace dmn {

// What a cell accepts, read from its text: values, ranges, any, or a negation of these. nullopt: no constant test.
struct CellTest {
  struct Piece {
    bool is_range = false;
    feel::Value value;                 // not a range
    std::optional<feel::Value> low, high;
    bool low_closed = false, high_closed = false;
  };
  bool any = false, negated = false;
  std::vector<Piece> pieces;
};
std::optional<CellTest> read_cell(const std::string& text);

using AtomSet = std::vector<std::uint64_t>;
bool meet(const AtomSet&, const AtomSet&);
inline bool holds(const AtomSet& set, std::size_t atom) { return (set[atom / 64] >> (atom % 64)) & 1; }

struct Column {
  std::vector<std::string> atoms;  // an example of each, as text
  std::vector<AtomSet> cells;      // one for each rule
};
// `domain`: what the column may hold (input values), or any. nullopt: kinds are mixed, or cannot be ordered.
std::optional<Column> column_of(const std::vector<CellTest>& cells, const CellTest& domain);

}  // namespace dmn
