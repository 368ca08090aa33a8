// /api/bank/workflows/…/decisions/table: a decision table as a sheet, and a changed sheet put into a draft (docs/dmn.md).
#include <algorithm>
#include <climits>

#include "api/decisions.h"
#include "base/text.h"
#include "base/xml.h"
#include "dmn/sheet.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

dmn::SheetFormat format_of(const std::string& word) {
  return word == "xlsx" ? dmn::SheetFormat::xlsx : word == "csv" ? dmn::SheetFormat::csv : dmn::SheetFormat::json;
}

void get_table(const CallPtr& call) {
  auto xml = decision_text(*call);
  if (!xml) return call->fail(xml.error());
  auto sheet = dmn::sheet_of(*xml, call->request.parameter("decision"), kDecisionFile);
  if (!sheet) return call->fail(sheet.error());
  const auto format = format_of(call->request.parameter("format"));
  if (format == dmn::SheetFormat::json) return call->json(dmn::to_json(*sheet));
  auto bytes = dmn::encode(*sheet, format);
  if (!bytes) return call->fail(bytes.error());
  const bool xlsx = format == dmn::SheetFormat::xlsx;
  Response response{200, {{"Content-Type", xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8"}}, std::move(*bytes)};
  response.headers.emplace_back("Content-Disposition", "attachment; filename*=UTF-8''" + url_encode(call->path("name") + "-" + sheet->decision_id) + (xlsx ? ".xlsx" : ".csv"));
  call->send(std::move(response));
}

// The sheet that the body holds, as JSON or as a file.
base::Result<dmn::Sheet> sheet_in(const Json& body) {
  if (body["sheet"].is_object()) return dmn::sheet_from_json(body["sheet"]);
  if (!body["content"].is_string() || !body["format"].is_string())
    return base::fail(ErrorCode::invalid_argument, "the body has neither a sheet nor a file", {.pointer = "/sheet"}, "sheet, or format and content");
  TRY(const std::string bytes, base::unbase64(body["content"].as_string()));
  return dmn::decode(bytes, format_of(body["format"].as_string()));
}

// Where the cells of a table begin, to say which one a finding means.
struct CellPlace { int line = 0, column = 0; std::size_t rule = 0; bool input = false; std::size_t index = 0; std::string id; };
struct Places { std::vector<CellPlace> cells; int end_line = 0; };  // end_line: of the table
Places places_of(const std::string& xml, const std::string& decision) {
  Places result;
  std::vector<CellPlace>& out = result.cells;
  const auto document = base::xml::parse(xml);
  if (!document) return result;
  const base::xml::Element* table = nullptr;
  std::vector<std::pair<const base::xml::Element*, bool>> open{{document->root.get(), false}};
  while (!open.empty() && table == nullptr) {
    auto [e, inside] = open.back();
    open.pop_back();
    inside |= e->attribute_or("id", "") == decision || (e->attribute("id") == nullptr && e->attribute_or("name", "") == decision);
    if (inside && e->local == "decisionTable") {
      table = e;
      break;
    }
    const auto children = e->elements();
    for (auto child = children.rbegin(); child != children.rend(); ++child) open.emplace_back(*child, inside);
  }
  std::size_t rule = 0;
  // Up to the next element behind the table.
  result.end_line = INT_MAX;
  if (table != nullptr && !open.empty()) result.end_line = open.back().first->line;
  if (table != nullptr)
    for (const auto* r : table->elements()) {
      if (r->local != "rule") continue;
      ++rule;
      std::size_t inputs = 0, outputs = 0;
      out.push_back({r->line, r->column, rule, false, 0, r->attribute_or("id", "")});
      for (const auto* cell : r->elements()) {
        const bool input = cell->local == "inputEntry";
        if (input || cell->local == "outputEntry") out.push_back({cell->line, cell->column, rule, input, input ? ++inputs : ++outputs, cell->attribute_or("id", "")});
      }
    }
  return result;
}

Json findings_with_cells(const std::vector<bank::Finding>& findings, const std::string& xml, const std::string& decision) {
  const Places table = places_of(xml, decision);
  const auto& places = table.cells;
  Json out = findings_json(findings);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto& f = findings[i];
    const CellPlace* found = nullptr;
    if (!f.element.empty())
      for (const auto& p : places)
        if (p.id == f.element) found = &p;
    // Without an id: the last cell that begins before the place, on the lines of the table's rules.
    if (found == nullptr && !places.empty() && f.line > 0 && f.line <= table.end_line && std::tie(f.line, f.column) >= std::tie(places.front().line, places.front().column))
      for (const auto& p : places)
        if (p.index > 0 && std::tie(p.line, p.column) <= std::tie(f.line, f.column) && (found == nullptr || std::tie(p.line, p.column) > std::tie(found->line, found->column))) found = &p;
    if (found == nullptr) continue;
    Json& one = out.as_array()[i];
    one.set("ruleIndex", static_cast<std::int64_t>(found->rule));
    if (found->index > 0) one.set("part", found->input ? "input" : "output").set("index", static_cast<std::int64_t>(found->index));
  }
  return out;
}

base::Result<Json> change_table(const Call& call) {
  TRY(const std::string xml, decision_text(call));
  TRY(auto sheet, sheet_in(call.body));
  std::string decision = call.body["decision"].string_or("");
  if (decision.empty()) decision = sheet.decision_id;
  TRY(const auto before, dmn::sheet_of(xml, decision, kDecisionFile));
  TRY(sheet, dmn::arranged(before, std::move(sheet)));
  sheet.decision_id = before.decision_id;
  TRY(std::string changed, dmn::with_sheet(xml, sheet, kDecisionFile));
  TRY(const auto after, dmn::sheet_of(changed, before.decision_id, kDecisionFile));
  // What changes is what would be published: against the stored file, where it has the table.
  auto stored = call.services.rooms.bank.get(call.authority(), call.path("domain") + "/" + call.path("name"));
  const auto file = stored ? stored->package->files.find(kDecisionFile) : decltype(stored->package->files.end())();
  auto published = stored && file != stored->package->files.end() ? dmn::sheet_of(file->second, before.decision_id) : before;
  Json words = Json::array();
  for (auto& w : dmn::changes(published ? *published : before, after)) words.push(std::move(w));
  const Draft draft = read_draft(changed);
  Json findings = findings_with_cells(draft.findings, changed, before.decision_id);
  return Json(Json::Object{{"xml", std::move(changed)}, {"sheet", dmn::to_json(after)}, {"changes", std::move(words)}, {"findings", std::move(findings)}});
}

}  // namespace

void add_tables(Handlers& handlers) {
  handlers["getDecisionTable"] = {get_table};
  handlers["changeDecisionTable"] = {[](const CallPtr& call) { answer(call, change_table(*call)); }};
}

}  // namespace api
