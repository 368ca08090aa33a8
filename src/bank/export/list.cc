#include "bank/export/list.h"

#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <filesystem>

#include "bank/danish.h"
#include "base/storage.h"
#include "base/text.h"

namespace bank {
namespace {

using base::ErrorCode;

constexpr std::size_t kCellCharacters = 32'767;  // Excel's own limit
enum class Cell { text, wide, number, day };
struct Column { const char* head; double width; Cell kind; };
constexpr Column kColumns[] = {{"Titel", 42, Cell::wide}, {"Domæne", 22, Cell::text}, {"KLE", 10, Cell::text}, {"KLA", 13, Cell::text}, {"Art", 22, Cell::text}, {"Mønster", 9, Cell::text}, {"Kan køres", 10, Cell::text},
    {"Stjerner", 9, Cell::number}, {"Katalog 2017", 12, Cell::number}, {"Ejer", 28, Cell::text}, {"Udgave", 8, Cell::number}, {"Ændret", 12, Cell::day}, {"Udgivet", 9, Cell::text}, {"Gælder fra", 12, Cell::day},
    {"Gælder til", 12, Cell::day}, {"Udløbet", 9, Cell::text}, {"Næste gennemgang", 16, Cell::day}, {"Afgørelse", 16, Cell::text}, {"Automatik", 14, Cell::text}, {"Jura", 44, Cell::wide}, {"Jura sidst kontrolleret", 20, Cell::day},
    {"Roller", 34, Cell::wide}, {"Systemer", 30, Cell::wide}, {"Blanketter", 30, Cell::wide}, {"Aktiviteter", 11, Cell::number}, {"Minutter pr. sag før", 18, Cell::number}, {"Grundlag", 11, Cell::text}, {"Resumé", 70, Cell::wide}, {"Navn i banken", 44, Cell::text}};

template <class T, class F>
std::string joined(const std::vector<T>& all, F&& text) {
  std::string out;
  for (const T& one : all) out += (out.empty() ? "" : "; ") + text(one);
  return out;
}

// In the order of kColumns; numbers as digits, days as ISO, "" = empty.
std::vector<std::string> row_of(const ListedWorkflow& w, const std::string& day) {
  const Summary& s = w.summary;
  std::string verified;  // the oldest: what is due first
  for (const LawText& law : s.law)
    if (!law.verified.empty() && (verified.empty() || law.verified < verified)) verified = law.verified;
  const auto yes = [](bool value) { return std::string(value ? "ja" : "nej"); };
  return {s.title, s.domain, s.kle, s.kla, kind_da(s.kind), yes(s.pattern), yes(s.executable), s.stars ? std::to_string(*s.stars) : "", s.catalogue_number ? std::to_string(*s.catalogue_number) : "", s.owner_role,
          std::to_string(w.version), w.changed, yes(w.published), s.valid_from, s.valid_to, yes(!s.valid_to.empty() && s.valid_to < day), s.review, s.decision, s.automation,
          joined(s.law, [](const LawText& l) { return l.title + ": " + l.reference; }), verified, joined(s.roles, [](const std::string& r) { return r; }), joined(s.systems, [](const NamedUse& n) { return system_da(n.name); }),
          joined(s.forms, [](const NamedUse& n) { return n.name; }), std::to_string(s.activities), s.benefit ? base::Json(s.benefit->minutes_before).number_text() : "", s.benefit ? (s.benefit->measured ? "målt" : "anslået") : "", s.text, s.slug};
}

std::string fitting(const std::string& text) {
  if (base::code_points(text) <= kCellCharacters) return text;
  return base::to_utf8(base::to_utf32(text).substr(0, kCellCharacters - 1)) + "…";
}

bool day_of(const std::string& iso, lxw_datetime& out) {
  if (iso.size() < 10 || iso[4] != '-' || iso[7] != '-') return false;
  out = {};
  out.year = std::atoi(iso.substr(0, 4).c_str()), out.month = std::atoi(iso.substr(5, 2).c_str()), out.day = std::atoi(iso.substr(8, 2).c_str());
  return out.year >= 1900 && out.year <= 9999 && out.month >= 1 && out.month <= 12 && out.day >= 1 && out.day <= 31;
}

class Writer {
 public:
  base::Status write(const std::string& path, const std::vector<ListedWorkflow>& rows, const std::string& day) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_FALSE;
    book_ = workbook_new_opt(path.c_str(), &options);
    if (book_ == nullptr) return base::fail(ErrorCode::io_failed, "cannot make a spreadsheet");
    lxw_doc_properties properties{};
    properties.created = 946684800;  // the same rows are the same file
    workbook_set_properties(book_, &properties);
    sheet_ = workbook_add_worksheet(book_, "Arbejdsgange");
    head(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) row(static_cast<lxw_row_t>(r + 1), row_of(rows[r], day));
    const lxw_error closed = workbook_close(book_);
    if (closed != LXW_NO_ERROR) return base::fail(ErrorCode::io_failed, std::string("cannot write a spreadsheet: ") + lxw_strerror(closed));
    return {};
  }

 private:
  lxw_format* format(const char* number_format, bool wrap) {
    lxw_format* out = workbook_add_format(book_);
    format_set_align(out, LXW_ALIGN_VERTICAL_TOP);
    if (number_format != nullptr) format_set_num_format(out, number_format);
    if (wrap) format_set_text_wrap(out);
    return out;
  }
  void head(std::size_t rows) {
    text_ = format("@", false), wide_ = format("@", true), number_ = format(nullptr, false), day_ = format("d/m/yyyy", false);
    lxw_format* top = format("@", true);
    format_set_bold(top);
    format_set_bg_color(top, 0xDCE6F0);
    format_set_bottom(top, LXW_BORDER_THIN);
    const auto last = static_cast<lxw_col_t>(std::size(kColumns) - 1);
    for (lxw_col_t c = 0; c <= last; ++c) {
      worksheet_set_column(sheet_, c, c, kColumns[c].width, nullptr);
      worksheet_write_string(sheet_, 0, c, kColumns[c].head, top);
    }
    worksheet_freeze_panes(sheet_, 1, 1);
    worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(rows), last);
    worksheet_repeat_rows(sheet_, 0, 0);
    worksheet_set_landscape(sheet_);
    worksheet_ignore_errors(sheet_, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
  }
  // Always a text, a number or a date; nothing of a package becomes a formula.
  void row(lxw_row_t r, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto c = static_cast<lxw_col_t>(i);
      lxw_datetime when;
      if (cells[i].empty()) continue;
      if (kColumns[i].kind == Cell::number) worksheet_write_number(sheet_, r, c, std::strtod(cells[i].c_str(), nullptr), number_);
      else if (kColumns[i].kind == Cell::day && day_of(cells[i], when)) worksheet_write_datetime(sheet_, r, c, &when, day_);
      else worksheet_write_string(sheet_, r, c, fitting(cells[i]).c_str(), kColumns[i].kind == Cell::wide ? wide_ : text_);
    }
  }

  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format *text_ = nullptr, *wide_ = nullptr, *number_ = nullptr, *day_ = nullptr;
};

}  // namespace

base::Result<std::string> list_xlsx(const std::vector<ListedWorkflow>& rows, const std::string& day) {
  static_assert(std::size(kColumns) == 29);
  std::string path = (std::filesystem::temp_directory_path() / "sagsgang-XXXXXX").string();
  const int fd = ::mkstemp(path.data());  // libxlsxwriter writes to a path only
  if (fd < 0) return base::fail(ErrorCode::io_failed, "cannot make a temporary file", {.file = path});
  ::close(fd);
  base::Result<std::string> out;
  if (const auto written = Writer().write(path, rows, day); written) out = base::read_file(path, 256u << 20);
  else out = std::unexpected(written.error());
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return out;
}

}  // namespace bank
