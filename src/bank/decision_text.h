// The decision tables of a package as people read them: small ones whole, the others by name.
#pragma once
#include <string>
#include <vector>

#include "bank/package.h"

namespace bank {

struct PlainTable {
  std::string title, policy;               // policy: how several fitting rules count, one Danish sentence
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::size_t inputs = 0;                  // the first columns
  bool whole = false;                      // false: too large, or no table; then head and rows are empty
};
// In the order of the file. `columns`, `rows`: what still counts as simple.
std::vector<PlainTable> plain_tables(const Package&, std::size_t columns, std::size_t rows);

}  // namespace bank
