// /api/bank: search, one workflow, its files, import, deployment, scenarios.
#include <algorithm>

#include "api/call.h"
#include "bank/coverage.h"
#include "bpmn/draw.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

std::string slug(const Call& call) { return call.path("domain") + "/" + call.path("name"); }

int number(const Request& request, std::string_view name, int otherwise) {
  const std::string& text = request.parameter(name);
  return text.empty() ? otherwise : std::atoi(text.c_str());  // the contract has checked form and range
}

// A refused package is answered with everything that is wrong with it.
void refuse(const CallPtr& call, const base::Error& error, const std::vector<bank::Finding>& findings) {
  Response response = problem(error);
  Json body = problem_body(error);
  body.set("findings", findings_json(findings));
  response.body = body.dump();
  call->send(std::move(response));
}

void import(const CallPtr& call) {
  std::vector<bank::Finding> findings;
  const Request& r = call->request;
  auto imported = call->services.rooms.bank.import_zip(call->authority(), r.parameter("slug"), r.body, call->person.user, r.parameter("note"), &findings);
  if (!imported) return refuse(call, imported.error(), findings);
  Json out = Json::Object{{"slug", imported->slug}, {"version", imported->version}};
  if (imported->changed)  // what it may be a duplicate of: a warning
    if (auto like = call->services.rooms.bank.duplicates(call->authority(), imported->slug)) out.set("similar", bank::similar::to_json(*like));
  call->json(out, 201);
}

void workflow(const CallPtr& call) {
  auto& bank = call->services.rooms.bank;
  auto found = bank.workflow(call->authority(), slug(*call));
  if (found) bank.note_visit(call->authority(), slug(*call));
  answer(call, found);
}

void send_file(const CallPtr& call, const std::string& path, const char* media) {
  auto stored = call->services.rooms.bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  const auto file = stored->package->files.find(path);
  if (file == stored->package->files.end()) return call->fail({ErrorCode::not_found, "the package has no such file", {}, {}});
  Response response{200, {{"Content-Type", media}}, file->second};
  // A file of somebody's making never runs as a page of ours.
  response.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
  call->send(std::move(response));
}

void decisions(const CallPtr& call) {
  const int version = number(call->request, "version", 0);
  if (version == 0) return send_file(call, "beslutninger.dmn", "application/xml; charset=utf-8");
  auto file = call->services.rooms.bank.file(call->authority(), slug(*call), version, "beslutninger.dmn");
  if (!file) return call->fail(file.error());
  call->send({200, {{"Content-Type", "application/xml; charset=utf-8"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(*file)});
}

void draw(const CallPtr& call) {
  auto stored = call->services.rooms.bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  if (!stored->package->process) return call->fail({ErrorCode::not_found, "the workflow has no diagram", {}, {}});
  auto svg = bpmn::draw_svg(*stored->package->process);
  if (!svg) return call->fail(svg.error());
  call->send({200, {{"Content-Type", "image/svg+xml"}, {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'"}}, std::move(*svg)});
}

// Deploys the package as the caller's own, whoever published it. The package was checked at import; what the engine refuses
// besides, it refuses whole.
void deploy(const CallPtr& call) {
  auto stored = call->services.rooms.bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  if (!stored->package->executable) return call->fail({ErrorCode::not_executable, "the workflow has no executable process", {}, {}});
  engine::Deploy command;
  for (auto& [name, content] : bank::resources(*stored->package)) command.resources.push_back({std::move(name), std::move(content)});
  submit(call, std::move(command), [package = *stored](const CallPtr& call, engine::Answer answer) {
    // The engine has it; that the bank remembers which version it was waits for no disk here.
    call->services.http->work([call, package, body = answer.body] {
      for (const Json& one : body["deployments"].is_array() ? body["deployments"].as_array() : Json::Array{}) {
        const Json& process = one["processDefinition"];
        if (!process.is_object()) continue;
        const Json& key = process["processDefinitionKey"];
        const std::int64_t definition = key.is_string() ? std::atoll(key.as_string().c_str()) : key.int_or(0);
        if (auto ok = call->services.rooms.bank.note_deployment(call->authority(), package.package->slug, package.version,
            process["processDefinitionId"].string_or(""), definition, call->person.user); !ok)
          return call->fail(ok.error());
      }
      call->json(body);
    });
  });
}

void run_scenarios(const CallPtr& call) {
  auto& rooms = call->services.rooms;
  auto stored = rooms.bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  if (!rooms.run_scenarios) return call->fail({ErrorCode::busy, "this server does not run scenarios", {}, "sagsgang test <package>"});
  auto results = rooms.run_scenarios(*stored->package);
  if (!results) return call->fail(results.error());
  if (auto ok = rooms.bank.note_scenarios(call->authority(), stored->package->slug, stored->version, *results); !ok) return call->fail(ok.error());
  call->json(Json::Object{{"results", std::move(*results)}});
}

void publish(const CallPtr& call) {
  auto& bank = call->services.rooms.bank;
  auto ok = bank.publish(call->authority(), slug(*call));
  if (ok) return call->send(Response::empty());
  std::vector<bank::Finding> findings;
  if (auto stored = bank.get(call->authority(), slug(*call)); stored && ok.error().code == ErrorCode::conflict) findings = bank::coverage_findings(bank, call->authority(), *stored->package);
  findings.empty() ? call->fail(ok.error()) : refuse(call, ok.error(), findings);
}

}  // namespace

Json findings_json(const std::vector<bank::Finding>& findings) {
  Json out = Json::array();
  for (const auto& f : findings)
    out.push(Json::Object{{"file", f.file}, {"line", f.line}, {"column", f.column}, {"element", f.element}, {"code", f.code},
                          {"message", f.message}, {"message_da", f.message_da}, {"remedy", f.remedy}, {"error", f.is_error}});
  return out;
}

void add_bank(Handlers& handlers) {
  handlers["importWorkflow"] = {import};
  handlers["getWorkflow"] = {workflow};
  handlers["getDiagram"] = {[](const CallPtr& call) { send_file(call, "proces.bpmn", "application/xml; charset=utf-8"); }};
  handlers["drawDiagram"] = {draw};
  handlers["getDecisions"] = {decisions};
  handlers["getSteps"] = {[](const CallPtr& call) { answer(call, call->services.rooms.bank.steps(call->authority(), slug(*call))); }};
  handlers["getPackageFile"] = {[](const CallPtr& call) { send_file(call, call->request.parameter("path"), "application/octet-stream"); }};
  handlers["publishWorkflow"] = {publish};
  handlers["deployWorkflow"] = {deploy};
  handlers["runScenarios"] = {run_scenarios};
}

}  // namespace api
