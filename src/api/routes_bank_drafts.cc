// /api/bank/drafts: working copies of packages on their way to publication (docs/drafts.md).
#include <algorithm>

#include "api/call.h"
#include "bank/drafts/drafts.h"
#include "base/time.h"

namespace api {
namespace {

using bank::drafts::Asked;
using bank::drafts::Step;
using bank::drafts::Which;
using base::ErrorCode;
using base::Json;

constexpr const char* kDiagram = "proces.bpmn";

bank::drafts::Drafts drafts(const Call& call) { return {call.services.rooms.database, call.services.rooms.bank, call.services.rooms.clock}; }
bank::drafts::Person person(const Call& call) {
  return {call.authority(), call.person.user, call.person.name, call.person.has_role("konsulent")};
}
std::int64_t key(const Call& call) { return call.key("draftKey"); }

// A refusal with whatever stands in the way.
void refuse(const CallPtr& call, const base::Error& error, const std::vector<bank::Finding>& findings, int status = 0, const Json& more = Json::object()) {
  Response response = problem(error);
  Json body = problem_body(error);
  if (!findings.empty()) body.set("findings", findings_json(findings));
  for (const auto& [name, value] : more.as_object()) body.set(name, value);
  if (status != 0) {
    response.status = status;
    body.set("status", status);
  }
  response.body = body.dump();
  call->send(std::move(response));
}

// Another revision than the writer has seen is 412, with who changed it and when; a state that does not allow it is 409.
void refuse_save(const CallPtr& call, const base::Error& error, std::int64_t seen) {
  const auto head = drafts(*call).head(call->authority(), key(*call));
  if (error.code != ErrorCode::conflict || !head) return call->fail(error);
  const Json who = Json::Object{{"revision", head->revision}, {"state", bank::drafts::name(head->state)}, {"changedBy", head->changed_by}, {"changedAt", base::iso_utc(head->changed)}};
  refuse(call, error, {}, head->revision != seen ? 412 : 0, who);
}

// If-Match: "7", and 7 without quotes. Errors: those of head(), invalid_argument where it is missing.
base::Result<std::int64_t> seen_revision(const Call& call) {
  TRY(const auto head, drafts(call).head(call.authority(), key(call)));
  std::string text = call.request.header("if-match");
  if (text.starts_with("W/")) text.erase(0, 2);
  std::erase(text, '"');
  const bool digits = !text.empty() && text.size() <= 15 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return base::fail(ErrorCode::invalid_argument, "a write needs If-Match with the revision that it changes", {}, "If-Match: \"" + std::to_string(head.revision) + "\"");
  return std::atoll(text.c_str());
}

void saved(const CallPtr& call, std::int64_t seen, const base::Result<bank::drafts::Saved>& result) {
  if (!result) return refuse_save(call, result.error(), seen);
  Response response = Response::json(Json(Json::Object{{"revision", result->revision}, {"changed", result->changed}, {"findings", findings_json(result->findings)}}).dump(), 200);
  response.headers.emplace_back("ETag", "\"" + std::to_string(result->revision) + "\"");
  call->send(std::move(response));
}

void save_file(const CallPtr& call, const std::string& path, std::optional<std::string> bytes) {
  const auto seen = seen_revision(*call);
  if (!seen) return call->fail(seen.error());
  saved(call, *seen, drafts(*call).save(person(*call), key(*call), *seen, path, std::move(bytes)));
}

void save_manifest(const CallPtr& call) {
  const auto seen = seen_revision(*call);
  if (!seen) return call->fail(seen.error());
  saved(call, *seen, drafts(*call).save_manifest(person(*call), key(*call), *seen, call->body));
}

void send_file(const CallPtr& call, const std::string& path, const char* media) {
  auto file = drafts(*call).file(call->authority(), key(*call), path);
  if (!file) return call->fail(file.error());
  call->send({200, {{"Content-Type", media}, {"ETag", "\"" + std::to_string(file->revision) + "\""}, {"Cache-Control", "no-store"},
      {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(file->bytes)});
}

void create(const CallPtr& call) {
  const Json& b = call->body;
  const auto text = [&](const char* name) { return b[name].string_or(""); };
  auto made = drafts(*call).create(person(*call), {text("title"), text("domain"), text("name"), text("kle"), text("from"), static_cast<int>(b["version"].int_or(0)), text("bpmn"), text("notation"), std::atoll(text("copy").c_str())});
  made ? call->json(*made, 201) : call->fail(made.error());
}

void list(const CallPtr& call) {
  const std::string& who = call->request.parameter("who");
  const std::string& state = call->request.parameter("state");
  answer(call, drafts(*call).list(person(*call), who == "mine" ? Which::mine : who == "waiting" ? Which::waiting : Which::all, bank::drafts::state_of(state)));
}

void get(const CallPtr& call) {
  auto seen = drafts(*call).get(person(*call), key(*call));
  if (!seen) return call->fail(seen.error());
  seen->draft.set("findings", findings_json(seen->findings));
  call->json(seen->draft);
}

void take(const CallPtr& call, Step step) {
  const Json& b = call->body;
  Asked asked{step == Step::send_back ? b["reason"].string_or("") : b["note"].string_or(""), {}, {}};
  if (b["revision"].is_int()) asked.revision = b["revision"].as_int();
  if (b["over"].is_int()) asked.over = static_cast<int>(b["over"].as_int());
  std::vector<bank::Finding> findings;
  auto done = drafts(*call).take(person(*call), key(*call), step, asked, &findings);
  if (!done) {
    std::erase_if(findings, [](const bank::Finding& f) { return !f.is_error; });
    return refuse(call, done.error(), findings);
  }
  step == Step::remove ? call->send(Response::empty()) : call->json(*done);
}

void comment(const CallPtr& call) {
  auto made = drafts(*call).comment(person(*call), key(*call), call->body["text"].string_or(""), call->body["element"].string_or(""));
  made ? call->json(*made, 201) : call->fail(made.error());
}

void changes_svg(const CallPtr& call) {
  auto svg = drafts(*call).changes_svg(call->authority(), key(*call));
  if (!svg) return call->fail(svg.error());
  call->send({200, {{"Content-Type", "image/svg+xml"}, {"Cache-Control", "no-store"}, {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'"}}, std::move(*svg)});
}

Handler step(Step which) {
  return {[which](const CallPtr& call) { take(call, which); }};
}

}  // namespace

void add_bank_drafts(Handlers& handlers) {
  handlers["createDraft"] = {create};
  handlers["listDrafts"] = {list};
  handlers["getDraft"] = {get};
  handlers["deleteDraft"] = step(Step::remove);
  handlers["restoreDraft"] = step(Step::restore);
  handlers["proposeDraft"] = step(Step::propose);
  handlers["withdrawDraft"] = step(Step::withdraw);
  handlers["returnDraft"] = step(Step::send_back);
  handlers["approveDraft"] = step(Step::approve);
  handlers["publishDraft"] = step(Step::publish);
  handlers["commentDraft"] = {comment};
  handlers["getDraftDiagram"] = {[](const CallPtr& call) { send_file(call, kDiagram, "application/xml; charset=utf-8"); }};
  handlers["putDraftDiagram"] = {[](const CallPtr& call) { save_file(call, kDiagram, call->request.body); }};
  handlers["getDraftFile"] = {[](const CallPtr& call) { send_file(call, call->request.parameter("path"), "application/octet-stream"); }};
  handlers["putDraftFile"] = {[](const CallPtr& call) { save_file(call, call->request.parameter("path"), call->request.body); }};
  handlers["deleteDraftFile"] = {[](const CallPtr& call) { save_file(call, call->request.parameter("path"), std::nullopt); }};
  handlers["putDraftManifest"] = {save_manifest};
  handlers["getDraftChanges"] = {[](const CallPtr& call) { answer(call, drafts(*call).changes(call->authority(), key(*call))); }};
  handlers["drawDraftChanges"] = {changes_svg};
}

}  // namespace api
