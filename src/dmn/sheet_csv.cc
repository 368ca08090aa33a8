// CSV (RFC 4180) as spreadsheets in Denmark read it: UTF-8 with a byte order mark, semicolons, CRLF. Comma, semicolon and tab are read.
// A cell that a spreadsheet would run as a formula gets an apostrophe before it, which reading takes off again.
#include <algorithm>

#include "base/limits_sheets.h"
#include "base/text.h"
#include "dmn/sheet_grid.h"

namespace dmn {

using base::ErrorCode;

namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";

bool plain_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}
// What a spreadsheet may take for a formula. "-" alone (any value) and negative numbers are none.
bool runs(std::string_view cell) {
  if (cell.empty()) return false;
  if (cell[0] == '-') return cell.size() > 1 && !plain_number(cell.substr(1));
  return std::string_view("=+@\t\r").find(cell[0]) != std::string_view::npos;
}
bool guarded(std::string_view cell) { return cell.size() > 1 && cell[0] == '\'' && (runs(cell.substr(1)) || cell[1] == '\''); }

void write_cell(std::string& out, std::string_view cell) {
  const bool guard = runs(cell) || guarded(cell);
  const bool quote = cell.find_first_of(";,\t\"\r\n") != std::string_view::npos || (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
  if (quote) out += '"';
  if (guard) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quote) out += '"';
}

// The separator is what the first line has most of, outside quotes: heads have no decimal numbers.
char separator_of(std::string_view text) {
  std::size_t semicolons = 0, commas = 0, tabs = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    semicolons += c == ';';
    commas += c == ',';
    tabs += c == '\t';
  }
  if (tabs > semicolons && tabs > commas) return '\t';
  return commas > semicolons ? ',' : ';';
}

}  // namespace

std::string csv_of(const Grid& grid) {
  std::string out(kMark);
  for (const auto& row : grid) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) out += ';';
      write_cell(out, row[c]);
    }
    out += "\r\n";
  }
  return out;
}

base::Result<Grid> read_csv(std::string_view bytes) {
  if (bytes.size() > base::limits::kSheetBytes) return base::fail(ErrorCode::limit_exceeded, "the CSV file is larger than base::limits::kSheetBytes");
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  if (!base::valid_utf8(bytes)) return base::fail(ErrorCode::invalid_document, "the CSV file is not UTF-8", {}, "save it as \"CSV UTF-8\"");
  if (bytes.starts_with("sep=")) bytes.remove_prefix(std::min(bytes.find('\n') + 1, bytes.size()));
  const char separator = separator_of(bytes);
  Grid out;
  std::vector<std::string> row;
  std::string cell;
  std::size_t cells = 0;
  bool quoted = false, was_quoted = false;
  const auto end_cell = [&] {
    if (guarded(cell)) cell.erase(0, 1);
    row.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
    ++cells;
  };
  const auto end_row = [&] {
    end_cell();
    out.push_back(std::move(row));
    row.clear();
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (cells > base::limits::kSheetCells || cell.size() > base::limits::kSheetCellBytes || row.size() > base::limits::kSheetColumns || out.size() > base::limits::kTableRules + 1'000)
      return base::fail(ErrorCode::limit_exceeded, "line " + std::to_string(out.size() + 1) + " of the CSV file: a cell, row or the file is larger than the limits kSheetCellBytes, kSheetColumns, kSheetCells, kTableRules");
    if (quoted) {
      if (c != '"') cell += c;
      else if (i + 1 < bytes.size() && bytes[i + 1] == '"') cell += bytes[++i];
      else quoted = false;
    } else if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == separator) {
      end_cell();
    } else if (c == '\n' || (c == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n'))) {
      end_row();
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (quoted) return base::fail(ErrorCode::invalid_document, "line " + std::to_string(out.size() + 1) + " of the CSV file: a quote is never closed", {}, "\"\" for a quote inside a quoted cell");
  if (!cell.empty() || !row.empty()) end_row();
  return out;
}

}  // namespace dmn
