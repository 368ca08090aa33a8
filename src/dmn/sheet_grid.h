// Inside the room: a sheet as rows of cells, the shape that CSV and xlsx share. The first column holds what machines need (the kind of
// the row, or the rule's id; hidden in xlsx), the second says the same to people, the others are the table's columns.
#pragma once
#include <string>
#include <vector>

#include "dmn/sheet.h"

namespace dmn {

using Grid = std::vector<std::vector<std::string>>;

struct GridLayout {  // of a grid that was made here
  std::size_t allowed_row = 0, first_rule_row = 0, first_column = 2;
};
Grid grid_of(const Sheet&, GridLayout* = nullptr);
// `where(row, column)` names a cell to people, from 0. Errors: invalid_document.
base::Result<Sheet> sheet_of(const Grid&, std::string (*where)(std::size_t row, std::size_t column));

base::Result<Grid> read_csv(std::string_view bytes);
base::Result<std::string> xlsx_of(const Sheet&);
base::Result<Grid> read_xlsx(std::string_view bytes);
std::string cell_name(std::size_t row, std::size_t column);  // "B7"

}  // namespace dmn
