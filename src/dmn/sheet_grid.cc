#include "dmn/sheet_grid.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "dmn/sheet_source.h"

namespace dmn {

using base::ErrorCode;

namespace {

struct HeadRow { const char *key, *label; };
constexpr HeadRow kHead[] = {
    {"decision", "Beslutning"}, {"policy", "Træfpolitik"}, {"id", "Kolonne-id"}, {"kind", "Kolonne"},       {"label", "Navn"},
    {"expression", "Udtryk"},   {"type", "Type"},         {"allowed", "Tilladte værdier"}, {"default", "Uden træf"}, {"rules", "Regel"},
};
constexpr const char *kInput = "Hvis", *kOutput = "Så", *kNote = "Bemærkning";
constexpr const char* kEmptyRule = "tom";  // beside the number of a rule without any text: a row of blanks is no rule

std::string key_of(std::string_view cell) {
  const std::string text = clean(cell);
  for (const HeadRow& row : kHead)
    if (text == row.key || base::lower(text) == base::lower(row.label)) return row.key;
  return {};
}

bool blank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const auto& c) { return base::trim(c).empty(); });
}

class GridReader {
 public:
  GridReader(const Grid& grid, std::string (*where)(std::size_t, std::size_t)) : grid_(grid), where_(where) {}

  base::Result<Sheet> read() {
    TRY_VOID(find_head());
    TRY_VOID(columns());
    Sheet out;
    out.decision_id = at(head_.at("decision"), first_);
    out.decision_name = at(head_.at("decision"), first_ + 1);
    if (const auto row = head_.find("policy"); row != head_.end()) {
      out.hit_policy = base::upper(at(row->second, first_));
      out.aggregation = base::upper(at(row->second, first_ + 1));
    }
    if (out.hit_policy.empty()) out.hit_policy = "UNIQUE";
    for (const std::size_t c : inputs_) out.inputs.push_back({said("id", c), said("label", c), said("expression", c), said("type", c), said("allowed", c)});
    for (const std::size_t c : outputs_) out.outputs.push_back({said("id", c), said("expression", c), said("label", c), said("type", c), said("allowed", c), said("default", c)});
    for (const std::size_t c : notes_) out.annotations.push_back(said("label", c));
    TRY_VOID(rules(out));
    return out;
  }

 private:
  std::unexpected<base::Error> wrong(std::size_t row, std::size_t column, std::string message, std::string remedy) const {
    return base::fail(ErrorCode::invalid_document, where_(row, column) + ": " + std::move(message), {}, std::move(remedy));
  }
  std::string at(std::size_t row, std::size_t column) const { return row < grid_.size() && column < grid_[row].size() ? clean(grid_[row][column]) : std::string(); }
  std::string said(const char* key, std::size_t column) const {
    const auto row = head_.find(key);
    return row == head_.end() ? std::string() : at(row->second, column);
  }

  // The keys stand in the first column; where that one was deleted, their words stand there.
  base::Status find_head() {
    for (std::size_t row = 0; row < grid_.size() && !head_.contains("rules"); ++row) {
      std::string key = key_of(at(row, 0));
      if (key.empty()) key = key_of(at(row, 1));
      if (key.empty()) continue;
      if (!head_.emplace(key, row).second) return wrong(row, 0, "a second row '" + key + "'", "one of each");
      if (key == "rules") has_ids_ = at(row, 0) == "rules";
    }
    for (const char* key : {"decision", "kind", "rules"})
      if (!head_.contains(key)) return base::fail(ErrorCode::invalid_document, std::string("the sheet has no row '") + key + "'", {}, "a sheet that was exported here: its head must stay");
    first_ = has_ids_ ? 2 : 1;
    return {};
  }
  base::Status columns() {
    const std::size_t row = head_.at("kind");
    for (std::size_t c = first_; c < grid_[row].size(); ++c) {
      const std::string kind = base::lower(at(row, c));
      if (kind.empty()) continue;
      if (kind == base::lower(kInput)) inputs_.push_back(c);
      else if (kind == base::lower(kOutput)) outputs_.push_back(c);
      else if (kind == base::lower(kNote)) notes_.push_back(c);
      else return wrong(row, c, "'" + at(row, c).substr(0, 100) + "' is no kind of column", std::string(kInput) + ", " + kOutput + " or " + kNote);
      used_.insert(c);
    }
    return {};
  }
  base::Status rules(Sheet& out) {
    for (std::size_t row = head_.at("rules") + 1; row < grid_.size(); ++row) {
      SheetRule rule;
      for (const std::size_t c : inputs_) rule.inputs.push_back(at(row, c));
      for (const std::size_t c : outputs_) rule.outputs.push_back(at(row, c));
      for (const std::size_t c : notes_) rule.annotations.push_back(at(row, c));
      for (std::size_t c = first_; c < grid_[row].size(); ++c)
        if (!used_.contains(c) && !at(row, c).empty()) return wrong(row, c, "a cell in a column that the table does not have", "only the table's own columns");
      const std::string number = at(row, has_ids_ ? 1 : 0);
      const bool empty = blank(rule.inputs) && blank(rule.outputs) && blank(rule.annotations);
      if (empty && !number.ends_with(kEmptyRule)) continue;
      if (has_ids_) rule.id = at(row, 0);
      out.rules.push_back(std::move(rule));
    }
    return {};
  }

  const Grid& grid_;
  std::string (*where_)(std::size_t, std::size_t);
  std::map<std::string, std::size_t> head_;
  std::size_t first_ = 2;
  bool has_ids_ = false;
  std::vector<std::size_t> inputs_, outputs_, notes_;
  std::set<std::size_t> used_;
};

// Where each column of the original stands in the imported one: by id where all have one, else in order.
template <class Clause>
base::Result<std::vector<std::size_t>> places(const std::vector<Clause>& original, const std::vector<Clause>& imported, const char* what) {
  const auto refuse = [&](const std::string& message) {
    return base::fail(ErrorCode::invalid_argument, message, {}, "columns are added and removed in the table's editor; a sheet changes texts and rules");
  };
  std::vector<std::size_t> out(original.size());
  const bool named = std::all_of(imported.begin(), imported.end(), [](const auto& c) { return !c.id.empty(); });
  if (imported.size() != original.size())
    return refuse("the table has " + std::to_string(original.size()) + " " + what + " columns, the sheet has " + std::to_string(imported.size()));
  for (std::size_t i = 0; i < original.size(); ++i) {
    out[i] = i;
    if (!named || original[i].id.empty()) continue;
    const auto found = std::find_if(imported.begin(), imported.end(), [&](const auto& c) { return c.id == original[i].id; });
    if (found == imported.end()) return refuse(std::string("the sheet has no ") + what + " column '" + original[i].id + "'");
    out[i] = static_cast<std::size_t>(found - imported.begin());
  }
  return out;
}

template <class T>
std::vector<T> permuted(const std::vector<T>& from, const std::vector<std::size_t>& places) {
  std::vector<T> out;
  for (const std::size_t place : places) out.push_back(place < from.size() ? from[place] : T());
  return out;
}

}  // namespace

Grid grid_of(const Sheet& sheet, GridLayout* layout) {
  const std::size_t columns = sheet.inputs.size() + sheet.outputs.size() + sheet.annotations.size();
  Grid out;
  std::map<std::string, std::size_t> rows;
  for (const HeadRow& row : kHead) {
    rows[row.key] = out.size();
    out.push_back({row.key, row.label});
  }
  out[rows["decision"]].insert(out[rows["decision"]].end(), {sheet.decision_id, sheet.decision_name});
  out[rows["policy"]].insert(out[rows["policy"]].end(), {sheet.hit_policy, sheet.aggregation});
  const auto column = [&](const char* kind, const std::string& id, const std::string& label, const std::string& expression, const std::string& type, const std::string& allowed,
                          const std::string& otherwise) {
    const std::pair<const char*, const std::string*> cells[] = {{"id", &id}, {"label", &label}, {"expression", &expression}, {"type", &type}, {"allowed", &allowed}, {"default", &otherwise}};
    out[rows["kind"]].emplace_back(kind);
    for (const auto& [key, text] : cells) out[rows[key]].push_back(*text);
    out[rows["rules"]].push_back(!label.empty() ? label : expression);
  };
  for (const auto& c : sheet.inputs) column(kInput, c.id, c.label, c.expression, c.type, c.allowed, "");
  for (const auto& c : sheet.outputs) column(kOutput, c.id, c.label, c.name, c.type, c.allowed, c.default_entry);
  for (const auto& name : sheet.annotations) column(kNote, "", name, "", "", "", "");
  if (layout != nullptr) *layout = {rows["allowed"], out.size(), 2};
  for (std::size_t i = 0; i < sheet.rules.size(); ++i) {
    const SheetRule& rule = sheet.rules[i];
    std::vector<std::string> row{rule.id, std::to_string(i + 1)};
    for (const auto* cells : {&rule.inputs, &rule.outputs, &rule.annotations}) row.insert(row.end(), cells->begin(), cells->end());
    row.resize(2 + columns);
    if (blank({row.begin() + 2, row.end()})) row[1] += std::string(" ") + kEmptyRule;
    out.push_back(std::move(row));
  }
  for (auto& row : out) row.resize(std::max<std::size_t>(4, 2 + columns));
  return out;
}

base::Result<Sheet> sheet_of(const Grid& grid, std::string (*where)(std::size_t, std::size_t)) { return GridReader(grid, where).read(); }

std::string cell_name(std::size_t row, std::size_t column) {
  std::string letters;
  for (std::size_t c = column + 1; c > 0; c = (c - 1) / 26) letters.insert(letters.begin(), static_cast<char>('A' + (c - 1) % 26));
  return letters + std::to_string(row + 1);
}

base::Result<Sheet> arranged(const Sheet& original, Sheet imported) {
  TRY(const auto inputs, places(original.inputs, imported.inputs, "input"));
  TRY(const auto outputs, places(original.outputs, imported.outputs, "output"));
  imported.inputs = permuted(imported.inputs, inputs);
  imported.outputs = permuted(imported.outputs, outputs);
  // A column of notes may be left out: its notes stay as they are.
  const bool notes = imported.annotations.size() == original.annotations.size();
  if (!notes && !imported.annotations.empty())
    return base::fail(ErrorCode::invalid_argument, "the table has " + std::to_string(original.annotations.size()) + " annotation columns, the sheet has " + std::to_string(imported.annotations.size()), {}, "all of them, or none");
  if (!notes) imported.annotations = original.annotations;
  std::map<std::string, const SheetRule*> by_id;
  for (const auto& rule : original.rules) by_id.emplace(rule.id, &rule);
  std::set<std::string> taken;
  for (auto& rule : imported.rules) {
    rule.inputs = permuted(rule.inputs, inputs);
    rule.outputs = permuted(rule.outputs, outputs);
    const auto found = by_id.find(rule.id);
    if (!rule.id.empty() && !taken.insert(rule.id).second) rule.id.clear();  // a copied row brings its id along
    if (!notes) rule.annotations = found == by_id.end() ? std::vector<std::string>(original.annotations.size()) : found->second->annotations;
  }
  std::multimap<std::vector<std::string>, const SheetRule*> by_cells;
  const auto cells = [](const SheetRule& rule) {
    std::vector<std::string> out = rule.inputs;
    out.insert(out.end(), rule.outputs.begin(), rule.outputs.end());
    return out;
  };
  for (const auto& rule : original.rules)
    if (!taken.contains(rule.id)) by_cells.emplace(cells(rule), &rule);
  for (auto& rule : imported.rules) {
    if (!rule.id.empty()) continue;
    const auto found = by_cells.find(cells(rule));
    if (found == by_cells.end()) continue;
    rule.id = found->second->id;
    if (!notes) rule.annotations = found->second->annotations;
    by_cells.erase(found);
  }
  return imported;
}

}  // namespace dmn
