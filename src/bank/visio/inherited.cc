#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "bank/visio/resolve.h"
#include "base/text.h"

namespace bank::visio {

using raw::Cell;
using raw::Row;
using raw::Section;

const Cell* Inherited::cell(std::string_view name) const {
  if (const Cell* c = own_.cell(name)) return c;
  return master_ == nullptr ? nullptr : master_->cell(name);
}

const Cell* Inherited::styled(std::string_view name, bool fill) const {
  if (const Cell* c = cell(name)) return c;
  std::string style = fill ? own_.fill_style : own_.line_style;
  if (style.empty() && master_ != nullptr) style = fill ? master_->fill_style : master_->line_style;
  for (int steps = 0; steps < 16 && !style.empty(); ++steps) {  // styles derive from styles; a ring ends here
    const auto found = file_.styles.find(style);
    if (found == file_.styles.end()) return nullptr;
    if (const Cell* c = found->second.sheet.cell(name)) return c;
    style = fill ? found->second.fill : found->second.line;
  }
  return nullptr;
}

double Inherited::number(std::string_view name, double otherwise) const {
  const Cell* c = cell(name);
  if (c == nullptr) return otherwise;
  double value = otherwise;
  const auto [end, error] = std::from_chars(c->value.data(), c->value.data() + c->value.size(), value);
  return error == std::errc() && std::isfinite(value) && std::abs(value) < 1e6 ? value : otherwise;
}

std::vector<int> Inherited::indexes(std::string_view section) const {
  std::vector<int> out;
  for (const raw::Sheet* sheet : {&own_, master_})
    if (sheet != nullptr)
      for (const Section& s : sheet->sections)
        if (s.name == section && std::ranges::find(out, s.index) == out.end()) out.push_back(s.index);
  std::ranges::sort(out);
  return out;
}

const Cell* Inherited::Pair::cell(std::string_view wanted) const {
  if (own != nullptr)
    if (const Cell* c = own->cell(wanted)) return c;
  return master == nullptr ? nullptr : master->cell(wanted);
}
std::string_view Inherited::Pair::name() const { return own != nullptr && !own->name.empty() ? own->name : master != nullptr ? std::string_view(master->name) : ""; }
std::string_view Inherited::Pair::type() const { return own != nullptr && !own->type.empty() ? own->type : master != nullptr ? std::string_view(master->type) : ""; }

namespace {

// Rows by name, by index where the name is empty: sections may be long, and each row is looked for.
struct RowIndex {
  std::unordered_map<std::string_view, const Row*> named;
  std::unordered_map<int, const Row*> numbered;
  explicit RowIndex(const Section* section) {
    if (section == nullptr || section->deleted) return;
    for (const Row& row : section->rows) {
      if (row.name.empty()) numbered.emplace(row.index, &row);
      else named.emplace(row.name, &row);
    }
  }
  const Row* find(const Row& like) const {
    if (!like.name.empty()) {
      const auto found = named.find(like.name);
      return found == named.end() ? nullptr : found->second;
    }
    const auto found = numbered.find(like.index);
    return found == numbered.end() ? nullptr : found->second;
  }
};

}  // namespace

std::vector<Inherited::Pair> Inherited::rows(std::string_view section, int index) const {
  const Section *mine = own_section(section, index), *theirs = master_section(section, index);
  std::vector<Pair> out;
  if ((mine == nullptr && theirs == nullptr) || (mine != nullptr && mine->deleted)) return out;
  const RowIndex here(mine), there(theirs);
  if (theirs != nullptr && !theirs->deleted)
    for (const Row& row : theirs->rows) {
      const Row* own = here.find(row);
      if (!row.deleted && (own == nullptr || !own->deleted)) out.push_back({own, &row});
    }
  if (mine != nullptr)
    for (const Row& row : mine->rows)
      if (!row.deleted && there.find(row) == nullptr) out.push_back({&row, nullptr});
  return out;
}

namespace {

// What the field shows: the format is not computed, the value stands as it was saved.
std::string field_value(const Inherited& sheet, int index) {
  for (const Inherited::Pair& row : sheet.rows("Field", 0)) {
    const int at = row.own != nullptr ? row.own->index : row.master->index;
    if (at == index)
      if (const Cell* c = row.cell("Value")) return c->value;
  }
  return {};
}

}  // namespace

// Line separators and no-break spaces become plain ones; each line is trimmed, empty lines at both ends go.
std::string text_of(const Inherited& sheet) {
  if (sheet.number("HideText", 0) == 1) return {};
  const auto& pieces = sheet.own().text ? sheet.own().text : sheet.master() != nullptr ? sheet.master()->text : sheet.own().text;
  if (!pieces) return {};
  std::string joined;
  for (const raw::Piece& piece : *pieces) joined += piece.field >= 0 && base::trim(piece.text).empty() ? field_value(sheet, piece.field) : piece.text;
  std::string out;
  for (const char32_t c : base::to_utf32(joined)) {
    if (c == U'\u2028' || c == U'\u2029' || c == U'\r' || c == U'\v') out += '\n';
    else if (c == U'\u00a0' || c == U'\t') out += ' ';
    else if (c >= U' ' || c == U'\n') base::append_utf8(out, c);
  }
  std::string lines;
  for (const std::string_view line : base::split(out, '\n')) lines += (lines.empty() ? "" : "\n") + std::string(base::trim(line));
  return std::string(base::trim(lines));
}

}  // namespace bank::visio
