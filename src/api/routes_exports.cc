// What leaves the bank as files: one workflow in a format, the bank as a spreadsheet or a zip, and one diagram for another page's frame.
#include "api/call.h"
#include "bank/export/export.h"
#include "bank/share/share.h"
#include "bank/site/html.h"
#include "base/limits_export.h"
#include "base/time.h"
#include "bpmn/draw.h"
#include "bpmn/layout/layout.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

std::string slug(const Call& call) { return call.path("domain") + "/" + call.path("name"); }
std::string today(const Call& call) { return base::iso_date(call.services.rooms.clock.now()); }

void send_file(const CallPtr& call, std::string bytes, std::string_view media, const std::string& name) {
  call->send({200, {{"Content-Type", std::string(media)}, {"Content-Disposition", "attachment; filename=\"" + name + "\""}, {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'"}}, std::move(bytes)});
}

void export_one(const CallPtr& call) {
  auto& bank = call->services.rooms.bank;
  const auto stored = bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  const auto format = bank::export_format(call->request.parameter("format"));
  if (!format) return call->fail({ErrorCode::invalid_argument, "no such format", {.pointer = "/format"}, "svg, png, pdf, rapport, vsdx, bpmn or zip"});
  bank::ReportOptions options{{}, today(*call), {}};
  if (*format == bank::ExportFormat::report) {
    const auto about = bank.workflow(call->authority(), slug(*call));
    if (!about) return call->fail(about.error());
    for (const Json& one : (*about)["versions"].as_array()) options.versions.push_back({static_cast<int>(one["version"].int_or(0)), one["at"].string_or(""), one["by"].string_or(""), one["note"].string_or("")});
    const auto name = call->services.accounts->authority_name(call->authority());
    if (name) options.publisher = *name;
  }
  auto bytes = bank::export_package(*stored->package, *format, options);
  bytes ? send_file(call, std::move(*bytes), bank::media_type(*format), bank::export_name(stored->package->slug, *format)) : call->fail(bytes.error());
}

// Everything that a list with these filters shows, page by page.
base::Result<std::vector<Json>> listed(const Call& call) {
  const Request& r = call.request;
  std::vector<Json> out;
  while (out.size() < base::limits::kExportWorkflows) {
    bank::ListRequest request{r.parameter("q"), r.parameter("domain"), r.parameter("kind"), r.parameter("kle"), {}, static_cast<int>(base::limits::kPageItems), static_cast<int>(out.size())};
    if (const std::string& runnable = r.parameter("runnable"); !runnable.empty()) request.runnable = runnable == "true";
    TRY(const Json page, call.services.rooms.bank.list(call.person.authority, request));
    for (const Json& item : page["items"].as_array()) out.push_back(item);
    if (page["items"].size() < base::limits::kPageItems) break;
  }
  return out;
}

void export_list(const CallPtr& call) {
  const auto items = listed(*call);
  if (!items) return call->fail(items.error());
  std::vector<bank::ListedWorkflow> rows;
  for (const Json& item : *items) {
    const auto stored = call->services.rooms.bank.get(call->authority(), item["slug"].string_or(""));
    if (!stored) return call->fail(stored.error());
    rows.push_back({bank::summarize(*stored->package), stored->version, item["changed"].string_or("").substr(0, 10), item["published"].bool_or(false)});
  }
  auto bytes = bank::list_xlsx(rows, today(*call));
  bytes ? send_file(call, std::move(*bytes), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "arbejdsgange.xlsx") : call->fail(bytes.error());
}

void export_packages(const CallPtr& call) {
  const auto items = listed(*call);
  if (!items) return call->fail(items.error());
  bank::ZipOfMany zip;
  for (const Json& item : *items) {
    const auto stored = call->services.rooms.bank.get(call->authority(), item["slug"].string_or(""));
    if (!stored) return call->fail(stored.error());
    if (const auto added = zip.add(*stored->package); !added) return call->fail(added.error());
  }
  auto bytes = zip.finish();
  bytes ? send_file(call, std::move(*bytes), "application/zip", "arbejdsgange.zip") : call->fail(bytes.error());
}

// A page of its own with one diagram, for an iframe on the pages that the owner has named. No script, no session, no cookie.
void embed(const CallPtr& call) {
  const auto found = call->services.share->embedded(slug(*call));
  if (!found) return call->fail(found.error());
  auto files = bank::published_files(call->services.rooms.database, found->row);
  if (!files) return call->fail(files.error());
  std::map<std::string, std::string> clean;
  for (const auto& [path, bytes] : *files)
    if (path == "arbejdsgang.yaml" || path == "proces.bpmn") clean.emplace(path, bank::site::hide_personal_numbers(bytes, true));
  const auto package = bank::load_files(std::move(clean), found->row.slug);
  if (!package) return call->fail(package.error());
  if (!package->process) return call->fail({ErrorCode::not_found, "the workflow has no diagram", {}, {}});
  bpmn::ModelPtr model = package->process;
  if (model->diagrams.empty()) {
    auto placed = bpmn::layout(*model);
    if (!placed) return call->fail(placed.error());
    model = *placed;
  }
  bpmn::DrawOptions options;
  options.inside_page = true;
  const auto svg = bpmn::draw_svg(*model, options);
  if (!svg) return call->fail(svg.error());
  const std::string title = bank::site::esc(package->title), page = "/bank/" + found->row.slug;
  std::string html = "<!doctype html>\n<html lang=\"da\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" + title +
                     "</title><style>body{margin:0;font:1rem/1.5 'IBM Plex Sans',system-ui,Arial,sans-serif;color:#1a1a1a;background:#fff}h1{font-size:1.1rem;margin:.5rem .75rem}p{margin:.5rem .75rem;font-size:.9rem}"
                     "a{color:#004d99}.d{overflow:auto}.d:focus-visible{outline:3px solid #1a1a1a;outline-offset:-3px}svg{display:block}</style></head><body><main><h1>" + title +
                     "</h1><div class=\"d\" tabindex=\"0\" role=\"region\" aria-label=\"Diagram, kan rulles\">" + *svg + "</div><p><a href=\"" + bank::site::esc(page) + "\" target=\"_blank\" rel=\"noopener\">Åbn arbejdsgangen i banken (nyt vindue)</a></p></main></body></html>\n";
  call->send({200, {{"Content-Type", "text/html; charset=utf-8"}, {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors " + found->ancestors},
                    {"Referrer-Policy", "no-referrer"}, {"Cache-Control", "public, max-age=300"}}, bank::site::hide_personal_numbers(html, false)});
}

}  // namespace

void add_exports(Handlers& handlers) {
  handlers["exportWorkflow"] = {export_one};
  handlers["exportWorkflowList"] = {export_list};
  handlers["exportPackages"] = {export_packages};
  handlers["embedDiagram"] = {embed};
}

}  // namespace api
