// table: a decision table out to a spreadsheet and back into its file.
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "app/cli.h"
#include "base/limits_sheets.h"
#include "base/storage.h"
#include "dmn/sheet.h"

namespace app {
namespace {

using base::ErrorCode;

constexpr const char* kHelp = R"(usage: sagsgang table export FILE.dmn [--decision NAME] [--format xlsx|csv|json] [-o OUT]
       sagsgang table import FILE.dmn SHEET [--decision NAME] [-o OUT] [--json]

A decision table as a spreadsheet, and a changed spreadsheet back into the DMN file. What was not changed in the sheet stays in
the file byte for byte; rules keep their ids. Without -o, export writes to standard output (csv and json) and import changes
FILE.dmn itself; import says in words what changed.

  --decision N   id or name of the decision or knowledge model, or the id of a table (not needed where the file has one table)
  --format F     of an export; else as the end of OUT says, else csv
  -o OUT         where to; "-" is standard output
  --json         of an import: the changes as JSON on standard output

example: sagsgang table export bank/arbejdsmarked/betaling-af-laegeerklaeringer/beslutninger.dmn --decision takst -o takst.xlsx
example: cp bank/arbejdsmarked/betaling-af-laegeerklaeringer/beslutninger.dmn ny.dmn && sagsgang table import ny.dmn takst.xlsx)";

base::Result<dmn::SheetFormat> format_of(const std::string& name, const std::string& path) {
  const std::string word = !name.empty() ? name : path.ends_with(".xlsx") ? "xlsx" : path.ends_with(".json") ? "json" : "csv";
  if (word == "xlsx") return dmn::SheetFormat::xlsx;
  if (word == "csv") return dmn::SheetFormat::csv;
  if (word == "json") return dmn::SheetFormat::json;
  return base::fail(ErrorCode::usage, "'" + word + "' is no format of a sheet", {}, "xlsx, csv or json");
}

base::Status put(const std::string& path, const std::string& bytes) {
  if (path == "-") {
    std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
    return {};
  }
  return base::write_file_atomic(path, bytes);
}

base::Status export_table(const std::string& file, const std::string& decision, const std::string& format, const std::string& out) {
  TRY(const auto kind, format_of(format, out));
  TRY(const std::string xml, base::read_file(file, base::limits::kXmlBytes + 1));
  TRY(const dmn::Sheet sheet, dmn::sheet_of(xml, decision, file));
  TRY(const std::string bytes, dmn::encode(sheet, kind));
  if (out.empty() && kind == dmn::SheetFormat::xlsx) return base::fail(ErrorCode::usage, "a spreadsheet is not written to a terminal", {}, "-o OUT.xlsx");
  return put(out.empty() ? "-" : out, bytes);
}

base::Status import_table(const std::string& file, const std::string& sheet_file, std::string decision, const std::string& out, bool json) {
  TRY(const auto kind, format_of("", sheet_file));
  TRY(const std::string xml, base::read_file(file, base::limits::kXmlBytes + 1));
  TRY(const std::string bytes, base::read_file(sheet_file, base::limits::kSheetBytes));
  auto decoded = dmn::decode(bytes, kind);
  if (!decoded) {
    decoded.error().where.file = sheet_file;
    return std::unexpected(decoded.error());
  }
  if (decision.empty()) decision = decoded->decision_id;
  TRY(const dmn::Sheet before, dmn::sheet_of(xml, decision, file));
  TRY(dmn::Sheet sheet, dmn::arranged(before, std::move(*decoded)));
  sheet.decision_id = before.decision_id;
  TRY(const std::string changed, dmn::with_sheet(xml, sheet, file));
  TRY(const dmn::Sheet after, dmn::sheet_of(changed, before.decision_id, file));
  const auto words = dmn::changes(before, after);
  TRY_VOID(put(out.empty() ? file : out, changed));
  if (json) {
    base::Json list = base::Json::array();
    for (const auto& w : words) list.push(w);
    std::printf("%s\n", base::Json(base::Json::Object{{"decision", before.decision_id}, {"changes", std::move(list)}}).dump().c_str());
  } else {
    std::FILE* to = out == "-" ? stderr : stdout;
    for (const auto& w : words) std::fprintf(to, "%s\n", w.c_str());
    if (words.empty()) std::fprintf(to, "Ingen ændringer.\n");
  }
  return {};
}

int run(Arguments& arguments) {
  const std::string decision = arguments.get("--decision"), format = arguments.get("--format"), out = arguments.get("-o");
  const bool json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  base::Status done = base::fail(ErrorCode::usage, "export FILE.dmn, or import FILE.dmn SHEET", {}, "see sagsgang table --help");
  if (words.size() == 2 && words[0] == "export") done = export_table(words[1], decision, format, out);
  if (words.size() == 3 && words[0] == "import") done = import_table(words[1], words[2], decision, out, json);
  return done ? kDone : report(done.error());
}

}  // namespace

CommandInfo table_command() { return {"table", "a decision table to a spreadsheet and back", kHelp, run}; }

}  // namespace app
