// A sheet as a spreadsheet (libxlsxwriter): texts only, so that 1.50, "03" and dates stay as they were written; the head is frozen, rule
// ids are hidden, allowed values are lists to choose from (other FEEL tests may be typed all the same).
#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/limits_sheets.h"
#include "base/storage.h"
#include "base/text.h"
#include "dmn/sheet_grid.h"
#include "feel/feel.h"

namespace dmn {

using base::ErrorCode;

namespace {

constexpr std::size_t kXlsxCellCharacters = 32'767;  // Excel's own limit
constexpr std::size_t kSpareRows = 500;              // below the rules: lists and text format for new ones

// The values one by one where the text is a list of constants, as they are written in a cell.
std::vector<std::string> choices(const std::string& allowed) {
  if (allowed.empty()) return {};
  const auto list = feel::compile("[" + allowed + "]", {.unknown_names_are_inputs = false});
  if (!list || !list->is_constant()) return {};
  const base::Json values = feel::to_json(list->evaluate({}, {}));
  std::vector<std::string> out;
  if (!values.is_array()) return {};
  for (const base::Json& value : values.as_array()) {
    if (value.is_string()) out.push_back("\"" + value.as_string() + "\"");
    else if (value.is_number()) out.push_back(value.number_text());
    else if (value.is_bool()) out.emplace_back(value.as_bool() ? "true" : "false");
    else return {};
  }
  return out;
}

struct Formats { lxw_format *text = nullptr, *head = nullptr, *title = nullptr, *hidden = nullptr; };

class Writer {
 public:
  Writer(const Sheet& sheet, const Grid& grid, const GridLayout& layout) : sheet_(sheet), grid_(grid), layout_(layout) {}

  base::Status write(const std::string& path) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_FALSE;
    book_ = workbook_new_opt(path.c_str(), &options);
    if (book_ == nullptr) return base::fail(ErrorCode::io_failed, "cannot make a spreadsheet");
    lxw_doc_properties properties{};
    properties.created = 946684800;  // the same sheet is the same file
    workbook_set_properties(book_, &properties);
    page_ = workbook_add_worksheet(book_, "Beslutningstabel");
    lists_ = workbook_add_worksheet(book_, "Værdier");
    if (page_ == nullptr || lists_ == nullptr) {
      workbook_close(book_);
      return base::fail(ErrorCode::internal, "cannot add a worksheet");
    }
    formats();
    cells();
    widths();
    validations();
    worksheet_freeze_panes(page_, static_cast<lxw_row_t>(layout_.first_rule_row), 2);
    worksheet_hide(lists_);
    worksheet_ignore_errors(page_, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    const lxw_error closed = workbook_close(book_);
    if (closed != LXW_NO_ERROR) return base::fail(ErrorCode::io_failed, std::string("cannot write a spreadsheet: ") + lxw_strerror(closed));
    return {};
  }

 private:
  void formats() {
    const auto made = [this] {
      lxw_format* f = workbook_add_format(book_);
      format_set_num_format(f, "@");
      format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
      return f;
    };
    formats_.text = made();
    format_set_text_wrap(formats_.text);
    formats_.head = made();
    format_set_text_wrap(formats_.head);
    format_set_bg_color(formats_.head, 0xF0F0F0);
    formats_.title = made();
    format_set_bold(formats_.title);
    format_set_text_wrap(formats_.title);
    format_set_bg_color(formats_.title, 0xDCE6F0);
    format_set_bottom(formats_.title, LXW_BORDER_THIN);
  }
  void cells() {
    for (std::size_t r = 0; r < grid_.size(); ++r) {
      lxw_format* format = r >= layout_.first_rule_row ? formats_.text : r + 1 == layout_.first_rule_row ? formats_.title : formats_.head;
      for (std::size_t c = 0; c < grid_[r].size(); ++c) {
        if (grid_[r][c].empty()) worksheet_write_blank(page_, static_cast<lxw_row_t>(r), static_cast<lxw_col_t>(c), format);
        else worksheet_write_string(page_, static_cast<lxw_row_t>(r), static_cast<lxw_col_t>(c), grid_[r][c].c_str(), format);
      }
    }
  }
  void widths() {
    lxw_row_col_options hidden{};
    hidden.hidden = LXW_TRUE;
    worksheet_set_column_opt(page_, 0, 0, 12, formats_.text, &hidden);
    worksheet_set_column(page_, 1, 1, 16, formats_.text);
    const std::size_t columns = grid_.empty() ? 0 : grid_[0].size();
    if (columns > 2) worksheet_set_column(page_, 2, static_cast<lxw_col_t>(columns - 1), 24, formats_.text);
  }
  void validations() {
    lxw_col_t lists = 0;
    std::size_t column = layout_.first_column;
    const auto add = [&](const std::string& allowed, bool any) {
      std::vector<std::string> values = choices(allowed);
      const std::size_t at = column++;
      if (values.empty() || grid_.size() <= layout_.first_rule_row) return;
      if (any) values.emplace_back("-");
      for (std::size_t i = 0; i < values.size(); ++i) worksheet_write_string(lists_, static_cast<lxw_row_t>(i), lists, values[i].c_str(), nullptr);
      const std::string letters = cell_name(0, lists).substr(0, cell_name(0, lists).size() - 1);
      std::string range = "='Værdier'!$" + letters + "$1:$" + letters + "$" + std::to_string(values.size());
      lxw_data_validation rule{};
      rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
      rule.value_formula = range.data();
      rule.error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION;
      rule.error_message = const_cast<char*>("Værdien står ikke på listen. Andre FEEL-udtryk er tilladt, fx not(…).");
      worksheet_data_validation_range(page_, static_cast<lxw_row_t>(layout_.first_rule_row), static_cast<lxw_col_t>(at),
                                      static_cast<lxw_row_t>(grid_.size() + kSpareRows), static_cast<lxw_col_t>(at), &rule);
      ++lists;
    };
    for (const auto& c : sheet_.inputs) add(c.allowed, true);
    for (const auto& c : sheet_.outputs) add(c.allowed, false);
  }

  const Sheet& sheet_;
  const Grid& grid_;
  const GridLayout& layout_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet *page_ = nullptr, *lists_ = nullptr;
  Formats formats_;
};

}  // namespace

base::Result<std::string> xlsx_of(const Sheet& sheet) {
  GridLayout layout;
  const Grid grid = grid_of(sheet, &layout);
  for (std::size_t r = 0; r < grid.size(); ++r)
    for (std::size_t c = 0; c < grid[r].size(); ++c)
      if (base::code_points(grid[r][c]) > kXlsxCellCharacters)
        return base::fail(ErrorCode::limit_exceeded, cell_name(r, c) + ": a cell of more than 32,767 characters, which no spreadsheet holds", {}, "export as CSV");
  // The library writes to a path only.
  std::string path = std::filesystem::temp_directory_path().string() + "/sagsgang-tabel-XXXXXX";
  const int fd = mkstemp(path.data());
  if (fd < 0) return base::fail(ErrorCode::io_failed, "cannot make a temporary file");
  ::close(fd);
  const auto written = Writer(sheet, grid, layout).write(path);
  auto bytes = base::read_file(path, base::limits::kSheetBytes);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (!written) return std::unexpected(written.error());
  return bytes;
}

}  // namespace dmn
