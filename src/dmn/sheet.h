// A decision table as rows of texts: what the page's editor, spreadsheets and CSV share (docs/dmn.md, "Tables as sheets").
// Cells are FEEL texts as the file has them, without white space around them. Reading judges nothing but the form: dmn::check does.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace dmn {

struct SheetInput {
  std::string id, label, expression, type, allowed;
  bool operator==(const SheetInput&) const = default;
};
struct SheetOutput {
  std::string id, name, label, type, allowed, default_entry;
  bool operator==(const SheetOutput&) const = default;
};
// id: the rule's own; "#3" where the file gives the third rule none (or one that an earlier rule has); "" for a new rule.
struct SheetRule {
  std::string id;
  std::vector<std::string> inputs, outputs, annotations;  // as many as the sheet's columns
  bool operator==(const SheetRule&) const = default;
};
struct Sheet {
  std::string decision_id, decision_name;  // of the decision or knowledge model that the table is the logic of, or of the table itself
  std::string hit_policy, aggregation;     // as in DMN: "UNIQUE", "RULE ORDER" …; "" or "SUM" …
  std::vector<SheetInput> inputs;
  std::vector<SheetOutput> outputs;
  std::vector<std::string> annotations;    // names of the annotation columns; the last one is always the rules' <description>
  std::vector<SheetRule> rules;
  bool operator==(const Sheet&) const = default;
};
inline constexpr std::string_view kDescriptionColumn = "Bemærkning";

// `decision`: id or name of a decision or knowledge model, or the id of a decision table; "" where the file has one table only.
// Errors: invalid_xml, invalid_dmn, not_found, invalid_argument (it is no table; its tables are named).
base::Result<Sheet> sheet_of(std::string_view xml, std::string_view decision, std::string_view file = {});

// The XML with that table as the sheet says, and every other byte as it was. Rules that keep their id keep their element: only cells
// that changed are written. Columns may get other texts; they cannot be added, removed or moved: invalid_argument says which.
// with_sheet(xml, sheet_of(xml)) is xml.
base::Result<std::string> with_sheet(std::string_view xml, const Sheet&, std::string_view file = {});

// What is different, in Danish sentences, rules by their number; at most limits::kSheetChanges, then how many more.
std::vector<std::string> changes(const Sheet& before, const Sheet& after);

// JSON of docs/dmn.md. Errors: invalid_argument with a pointer.
base::Json to_json(const Sheet&);
base::Result<Sheet> sheet_from_json(const base::Json&);

// Files for people. Errors when reading: invalid_document (what and in which cell), limit_exceeded. What people do to them is understood:
// numbers and dates instead of texts, rows without an id, rows removed or blank, columns moved. `arranged` must follow.
enum class SheetFormat : unsigned char { json, csv, xlsx };
base::Result<std::string> encode(const Sheet&, SheetFormat);
base::Result<Sheet> decode(std::string_view bytes, SheetFormat);
// An imported sheet in the order of the original's columns, and with the original's ids for rules that came without one but say the
// same. Errors: invalid_argument (columns added or missing).
base::Result<Sheet> arranged(const Sheet& original, Sheet imported);

// Rows of texts as CSV for spreadsheets (semicolons, byte order mark, CRLF; nothing in it runs as a formula).
std::string csv_of(const std::vector<std::vector<std::string>>&);

}  // namespace dmn
