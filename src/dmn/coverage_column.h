// One column of a table as atoms: the values that no cell tells apart. A cell is a set of them, as intervals; inside the room.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "feel/feel.h"

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

struct Interval {  // both ends belong to it
  std::uint32_t first = 0, last = 0;
  bool operator==(const Interval&) const = default;
};
using Cell = std::vector<Interval>;  // ascending, with room between; empty: holds nothing

// A value of an atom: for people, and as FEEL.
struct Example {
  std::string words, words_da, feel;
};

struct Column {
  std::uint32_t count = 0;                            // atoms
  std::vector<Cell> cells;                            // one for each rule
  std::function<Example(std::uint32_t)> example;
};
// `domain`: what the column may hold (input values), or any; `type`: of what is tested, where it is known. nullopt: kinds are mixed, or
// cannot be ordered.
std::optional<Column> column_of(const std::vector<CellTest>& cells, const CellTest& domain, const feel::TypePtr& type);

}  // namespace dmn
