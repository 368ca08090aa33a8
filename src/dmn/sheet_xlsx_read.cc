// A spreadsheet (ECMA-376 part 1, chapter 18) as a grid of texts: the first worksheet's values, whatever a person's program made of them.
#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <set>

#include "base/limits_sheets.h"
#include "base/text.h"
#include "base/xml.h"
#include "dmn/sheet_grid.h"

namespace dmn {

using base::ErrorCode;
using Xml = base::xml::Element;

namespace {

constexpr std::size_t kSheetParts = 2'000;  // files inside the zip

struct Discard {
  void operator()(zip_t* z) const { zip_discard(z); }
  void operator()(zip_file_t* f) const { zip_fclose(f); }
};

class Archive {
 public:
  static base::Result<Archive> open(std::string_view bytes) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) {
      if (source != nullptr) zip_source_free(source);
      zip_error_fini(&error);
      return base::fail(ErrorCode::invalid_document, "this is no spreadsheet (xlsx)", {}, "an .xlsx file; save .xls and .ods as .xlsx");
    }
    Archive out{std::unique_ptr<zip_t, Discard>(archive)};
    if (zip_get_num_entries(archive, 0) > static_cast<zip_int64_t>(kSheetParts)) return base::fail(ErrorCode::limit_exceeded, "the spreadsheet has more parts than the limit kSheetParts");
    return out;
  }
  // Empty document where the part is absent. Sizes that the zip claims are not believed: bytes are counted as they come.
  base::Result<base::xml::Document> part(const std::string& name) {
    const zip_int64_t index = zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_NOCASE);
    if (index < 0) return base::xml::Document{};
    std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive_.get(), static_cast<zip_uint64_t>(index), 0));
    if (!file) return base::fail(ErrorCode::invalid_document, "the spreadsheet is encrypted or damaged", {}, "save it without a password");
    std::string out;
    std::string chunk(64u << 10, '\0');
    while (true) {
      const zip_int64_t n = zip_fread(file.get(), chunk.data(), chunk.size());
      if (n < 0) return base::fail(ErrorCode::invalid_document, "the spreadsheet is damaged");
      if (n == 0) break;
      if ((budget_ -= static_cast<std::int64_t>(n)) < 0) return base::fail(ErrorCode::limit_exceeded, "the spreadsheet unpacks to more than the limit kSheetBytes");
      out.append(chunk.data(), static_cast<std::size_t>(n));
    }
    return base::xml::parse(out, name);
  }

 private:
  explicit Archive(std::unique_ptr<zip_t, Discard> archive) : archive_(std::move(archive)) {}
  std::unique_ptr<zip_t, Discard> archive_;
  std::int64_t budget_ = base::limits::kSheetBytes;
};

// By local name: strict and transitional files differ in the namespace only.
const Xml* child(const Xml* parent, std::string_view local) {
  if (parent != nullptr)
    for (const Xml* e : parent->elements())
      if (e->local == local) return e;
  return nullptr;
}

std::string attribute_by_local(const Xml& e, std::string_view local) {
  for (const auto& a : e.attributes)
    if (a.local == local) return a.value;
  return {};
}

// 22.9.2.19 ST_Xstring: _x000D_ stands for a character.
std::string unescaped(const std::string& text) {
  if (text.find("_x") == std::string::npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '_' && i + 6 < text.size() && text[i + 1] == 'x' && text[i + 6] == '_' &&
        std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16).ptr == text.data() + i + 6) {
      if (code == 0) code = 0xfffd;
      base::append_utf8(out, code >= 0xd800 && code <= 0xdfff ? char32_t{0xfffd} : static_cast<char32_t>(code));
      i += 6;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Of <si> and <is>: its <t>, or the runs' (18.4.8); phonetic hints are no text.
std::string string_item(const Xml& item) {
  std::string out;
  for (const Xml* e : item.elements()) {
    if (e->local == "t") out += e->text();
    if (e->local != "r") continue;
    for (const Xml* t : e->elements())
      if (t->local == "t") out += t->text();
  }
  return unescaped(out);
}

enum class Shape : unsigned char { number, date, time, date_time };
// 18.8.30: what a number format shows.
Shape shape_of(int id, std::string_view code) {
  if (code.empty()) {
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) || (id >= 50 && id <= 58)) return Shape::date;
    if (id == 22) return Shape::date_time;
    if ((id >= 18 && id <= 21) || id == 32 || id == 33 || (id >= 45 && id <= 47)) return Shape::time;
    return Shape::number;
  }
  bool day = false, clock = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"') i = std::min(code.find('"', i + 1), code.size() - 1);
    else if (c == '\\' || c == '_' || c == '*') ++i;
    else if (c == '[') {
      const auto end = std::min(code.find(']', i), code.size() - 1);
      const char first = i + 1 < code.size() ? static_cast<char>(code[i + 1] | 0x20) : ' ';
      if ((first == 'h' || first == 's') && end - i <= 3) clock = true;  // [h]: elapsed time; [Red], [$-406] are not
      i = end;
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') day = true;
    else if (c == 'h' || c == 'H' || c == 's' || c == 'S') clock = true;
    else if (c == ';') break;
    else if (code.substr(i).starts_with("General") || code.substr(i).starts_with("Standard")) i += 6;
  }
  return day && clock ? Shape::date_time : day ? Shape::date : clock ? Shape::time : Shape::number;
}

// As a spreadsheet shows it: 15 digits, no exponent, no zeros at the end.
std::string plain(double value) {
  char buffer[512];
  std::snprintf(buffer, sizeof buffer, "%.14e", value);
  std::string text(buffer);
  const auto e = text.find('e');
  const int exponent = std::atoi(text.c_str() + e + 1);
  const bool negative = text[0] == '-';
  std::string digits;
  for (std::size_t i = 0; i < e; ++i)
    if (text[i] >= '0' && text[i] <= '9') digits += text[i];
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  const int count = static_cast<int>(digits.size());
  std::string out;
  if (exponent >= count - 1) out = digits + std::string(static_cast<std::size_t>(exponent - count + 1), '0');
  else if (exponent >= 0) out = digits.substr(0, static_cast<std::size_t>(exponent) + 1) + "." + digits.substr(static_cast<std::size_t>(exponent) + 1);
  else out = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  return negative && out != "0" ? "-" + out : out;
}

// Days since 1899-12-30 (or 1904-01-01) as FEEL. 18.17.4.1; the day that 1900 did not have counts before it.
std::string moment(double serial, Shape shape, bool since_1904) {
  if (since_1904) serial += 1462;
  if (!since_1904 && serial < 60 && serial >= 1) serial += 1;
  std::int64_t day = static_cast<std::int64_t>(std::floor(serial));
  std::int64_t seconds = std::llround((serial - static_cast<double>(day)) * 86'400);
  if (seconds >= 86'400) {
    seconds -= 86'400;
    ++day;
  }
  char buffer[64];
  const auto two = [](std::int64_t v) { return static_cast<int>(v); };
  std::snprintf(buffer, sizeof buffer, "%02d:%02d:%02d", two(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
  const std::string clock = buffer;
  if (shape == Shape::time && day == 0) return "time(\"" + clock + "\")";
  // Howard Hinnant's civil_from_days, in days since 1970-01-01.
  const std::int64_t z = day - 25'569 + 719'468, era = (z >= 0 ? z : z - 146'096) / 146'097, doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9, year = yoe + era * 400 + (month <= 2);
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", two(year), two(month), two(doy - (153 * mp + 2) / 5 + 1));
  if (shape == Shape::date && seconds == 0) return "date(\"" + std::string(buffer) + "\")";
  return "date and time(\"" + std::string(buffer) + "T" + clock + "\")";
}

bool at_place(const std::string& name, std::size_t& row, std::size_t& column) {  // "AB12"
  std::size_t i = 0, c = 0, r = 0;
  for (; i < name.size() && name[i] >= 'A' && name[i] <= 'Z' && i < 3; ++i) c = c * 26 + static_cast<std::size_t>(name[i] - 'A' + 1);
  for (; i < name.size() && name[i] >= '0' && name[i] <= '9' && r < 10'000'000; ++i) r = r * 10 + static_cast<std::size_t>(name[i] - '0');
  if (c == 0 || r == 0 || i != name.size()) return false;
  row = r - 1;
  column = c - 1;
  return true;
}

class Reader {
 public:
  explicit Reader(Archive archive) : archive_(std::move(archive)) {}

  base::Result<Grid> read() {
    TRY(const std::string path, first_sheet());
    TRY(const auto strings, archive_.part("xl/sharedStrings.xml"));
    if (strings.root)
      for (const Xml* item : strings.root->elements()) strings_.push_back(string_item(*item));
    TRY_VOID(styles());
    TRY(const auto sheet, archive_.part(path));
    const Xml* data = child(sheet.root.get(), "sheetData");
    if (data == nullptr) return base::fail(ErrorCode::invalid_document, "the spreadsheet has no sheet that can be read", {}, "an .xlsx file with the table on its first sheet");
    std::size_t next = 0;
    for (const Xml* row : data->elements())
      if (row->local == "row") TRY_VOID(read_row(*row, next));
    return std::move(grid_);
  }

 private:
  // The first sheet in the order of the workbook, by its relationship.
  base::Result<std::string> first_sheet() {
    TRY(const auto book, archive_.part("xl/workbook.xml"));
    const Xml* sheets = child(book.root.get(), "sheets");
    const Xml* first = child(sheets, "sheet");
    if (first == nullptr) return base::fail(ErrorCode::invalid_document, "this is no spreadsheet (xlsx)", {}, "an .xlsx file");
    if (const Xml* properties = child(book.root.get(), "workbookPr")) {
      const std::string value = properties->attribute_or("date1904", "0");
      since_1904_ = value == "1" || value == "true";
    }
    const std::string id = attribute_by_local(*first, "id");
    TRY(const auto relations, archive_.part("xl/_rels/workbook.xml.rels"));
    if (relations.root)
      for (const Xml* r : relations.root->elements())
        if (r->attribute_or("Id", "") == id) {
          const std::string target = r->attribute_or("Target", "");
          return target.starts_with('/') ? target.substr(1) : "xl/" + target;
        }
    return std::string("xl/worksheets/sheet1.xml");
  }
  base::Status styles() {
    TRY(const auto document, archive_.part("xl/styles.xml"));
    std::vector<std::pair<int, std::string>> codes;
    if (const Xml* formats = child(document.root.get(), "numFmts"))
      for (const Xml* f : formats->elements()) codes.emplace_back(std::atoi(f->attribute_or("numFmtId", "0").c_str()), f->attribute_or("formatCode", ""));
    if (const Xml* cells = child(document.root.get(), "cellXfs"))
      for (const Xml* xf : cells->elements()) {
        const int id = std::atoi(xf->attribute_or("numFmtId", "0").c_str());
        const auto found = std::find_if(codes.begin(), codes.end(), [&](const auto& c) { return c.first == id; });
        shapes_.push_back(shape_of(id, found == codes.end() ? std::string_view() : std::string_view(found->second)));
      }
    return {};
  }
  base::Status read_row(const Xml& row, std::size_t& next) {
    std::size_t number = next, column = 0;
    if (const auto* r = row.attribute("r")) {
      std::size_t unused = 0;
      at_place("A" + *r, number, unused);
    }
    for (const Xml* cell : row.elements()) {
      if (cell->local != "c") continue;
      std::size_t own = number;
      if (const auto* r = cell->attribute("r")) at_place(*r, own, column);
      TRY(std::string text, value(*cell, own, column));
      if (!text.empty()) TRY_VOID(put(own, column, std::move(text)));
      ++column;
    }
    next = number + 1;
    return {};
  }
  base::Status put(std::size_t row, std::size_t column, std::string text) {
    if (row > base::limits::kTableRules + 1'000 || column >= base::limits::kSheetColumns)
      return base::fail(ErrorCode::limit_exceeded, cell_name(row, column) + " lies outside the limits kTableRules and kSheetColumns");
    if (grid_.size() <= row) grid_.resize(row + 1);
    if (grid_[row].size() <= column) {
      cells_ += column + 1 - grid_[row].size();
      grid_[row].resize(column + 1);
    }
    if (cells_ > base::limits::kSheetCells) return base::fail(ErrorCode::limit_exceeded, "the spreadsheet has more cells than base::limits::kSheetCells");
    grid_[row][column] = std::move(text);
    return {};
  }
  // 18.3.1.4: a formula's cached value has its kind too.
  base::Result<std::string> value(const Xml& cell, std::size_t row, std::size_t column) {
    const std::string type = cell.attribute_or("t", "n");
    if (type == "inlineStr") {
      const Xml* inside = child(&cell, "is");
      return inside == nullptr ? std::string() : string_item(*inside);
    }
    const Xml* v = child(&cell, "v");
    if (v == nullptr) return std::string();
    const std::string text = v->text();
    const auto wrong = [&](const std::string& what, const char* remedy) { return base::fail(ErrorCode::invalid_document, cell_name(row, column) + ": " + what, {}, remedy); };
    if (type == "s") {
      std::size_t index = 0;
      const auto trimmed = base::trim(text);
      if (std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), index).ec != std::errc() || index >= strings_.size()) return wrong("a text that the file does not hold", "save the spreadsheet again");
      return strings_[index];
    }
    if (type == "str") return unescaped(text);
    if (type == "b") return std::string(base::trim(text) == "1" ? "true" : "false");
    if (type == "e") return wrong("the formula has no value (" + text.substr(0, 20) + ")", "a text, or a formula with a value");
    if (type == "d") return "date and time(\"" + text + "\")";
    const auto trimmed = base::trim(text);
    double number = 0;
    const auto end = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    if (end.ec != std::errc() || end.ptr != trimmed.data() + trimmed.size() || !std::isfinite(number)) return wrong("no number", "a number or a text");
    const std::size_t style = static_cast<std::size_t>(std::max(0, std::atoi(cell.attribute_or("s", "0").c_str())));
    const Shape shape = style < shapes_.size() ? shapes_[style] : Shape::number;
    if (shape == Shape::number || number < 0 || number > 2'958'466) return plain(number);
    return moment(number, shape, since_1904_);
  }

  Archive archive_;
  std::vector<std::string> strings_;
  std::vector<Shape> shapes_;
  bool since_1904_ = false;
  std::size_t cells_ = 0;
  Grid grid_;
};

}  // namespace

base::Result<Grid> read_xlsx(std::string_view bytes) {
  if (bytes.size() > base::limits::kSheetBytes) return base::fail(ErrorCode::limit_exceeded, "the spreadsheet is larger than base::limits::kSheetBytes");
  TRY(auto archive, Archive::open(bytes));
  return Reader(std::move(archive)).read();
}

}  // namespace dmn
