// /api/bank/imports: drawings and diagrams of other tools, read in the background, reviewed, and made drafts of (docs/imports.md).
#include <algorithm>

#include "api/call.h"
#include "api/multipart.h"
#include "bank/drafts/drafts.h"
#include "bank/imports/imports.h"

namespace api {
namespace {

using bank::imports::Imports;
using base::ErrorCode;
using base::Json;

Imports& imports(const Call& call) { return *call.services.imports; }
bank::imports::Person person(const Call& call) { return {call.authority(), call.person.user, call.person.name}; }
std::int64_t key(const Call& call) { return call.key("importKey"); }
int number(const Call& call) { return std::atoi(call.path("fileNumber").c_str()); }  // the contract has checked its form

// A part's own name is its path where a whole folder was chosen.
void upload(const CallPtr& call, bool fresh) {
  if (!fresh)
    if (auto there = imports(*call).get(call->authority(), key(*call)); !there) return call->fail(there.error());
  auto parts = read_multipart(call->request.header("content-type"), call->request.body);
  if (!parts) return call->fail(parts.error());
  std::vector<bank::imports::Upload> files;
  for (api::Upload& part : *parts) {
    if (part.name.empty()) return call->fail({ErrorCode::invalid_argument, "a part of the upload has no file name", {}, "filename=\"Tegning.vsdx\""});
    files.push_back({std::move(part.name), std::move(part.content)});
  }
  auto stored = fresh ? imports(*call).create(person(*call), files) : imports(*call).add(person(*call), key(*call), files);
  stored ? call->json(*stored, 201) : call->fail(stored.error());
}

void remove(const CallPtr& call) {
  auto ok = imports(*call).remove(call->authority(), key(*call));
  ok ? call->send(Response::empty()) : call->fail(ok.error());
}

void diagram(const CallPtr& call) {
  auto text = imports(*call).diagram(call->authority(), key(*call), number(*call));
  if (!text) return call->fail(text.error());
  call->send({200, {{"Content-Type", "application/xml; charset=utf-8"}, {"Cache-Control", "no-store"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(*text)});
}

// Never shown as a page of ours, whatever it holds; its name is not in a header, where it could say anything.
void source(const CallPtr& call) {
  auto file = imports(*call).source(call->authority(), key(*call), number(*call));
  if (!file) return call->fail(file.error());
  call->send({200, {{"Content-Type", "application/octet-stream"}, {"Content-Disposition", "attachment"}, {"Cache-Control", "no-store"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(file->bytes)});
}

void decide(const CallPtr& call) {
  const Json& b = call->body;
  std::vector<bank::imports::Decision> decisions;
  if (b["action"].string_or("") != "undo") {
    if (b["rows"].size() == 0) return call->fail({ErrorCode::invalid_argument, "a decision is about at least one row", {.pointer = "/rows"}, "rows: [12]"});
    for (const Json& row : b["rows"].as_array()) {
      Json one = b;
      one.set("row", row);
      auto decision = bank::imports::decision(one);
      if (!decision) return call->fail(decision.error());
      decisions.push_back(std::move(*decision));
    }
  }
  answer(call, imports(*call).decide(person(*call), key(*call), number(*call), b["revision"].int_or(0), decisions));
}

// The whole file becomes a draft or nothing does: a package whose files do not all go in is taken back.
void draft(const CallPtr& call) {
  auto& rooms = call->services.rooms;
  bank::drafts::Drafts drafts(rooms.database, rooms.bank, rooms.clock);
  const bank::drafts::Person who{call->authority(), call->person.user, call->person.name, call->person.has_role("konsulent")};
  const auto text = [&](const char* name) { return call->body[name].string_or(""); };
  auto id = imports(*call).draft(person(*call), key(*call), number(*call), [&](const Imports::Content& content) -> base::Result<std::string> {
    TRY(const Json made, drafts.create(who, {text("title").empty() ? content.title : text("title"), text("domain"), text("name"), text("kle"), "", 0, content.bpmn, ""}));
    const std::string draft = made["id"].string_or("");
    const std::int64_t draft_key = std::atoll(draft.c_str());
    std::int64_t revision = made["revision"].int_or(0);
    base::Status ok;
    for (const auto& [path, bytes] : content.files) {
      auto saved = drafts.save(who, draft_key, revision, path, bytes);
      if (!saved) {
        ok = std::unexpected(saved.error());
        break;
      }
      revision = saved->revision;
    }
    if (ok)
      if (auto told = drafts.comment(who, draft_key, content.summary_da, ""); !told) ok = std::unexpected(told.error());
    if (ok) return draft;
    (void)drafts.take(who, draft_key, bank::drafts::Step::remove, {}, nullptr);
    return std::unexpected(ok.error());
  });
  id ? call->json(Json::Object{{"draftKey", *id}}, 201) : call->fail(id.error());
}

}  // namespace

void add_imports(Handlers& handlers) {
  handlers["createImport"] = {[](const CallPtr& call) { upload(call, true); }};
  handlers["addToImport"] = {[](const CallPtr& call) { upload(call, false); }};
  handlers["listImports"] = {[](const CallPtr& call) { answer(call, imports(*call).list(call->authority())); }};
  handlers["getImport"] = {[](const CallPtr& call) { answer(call, imports(*call).get(call->authority(), key(*call))); }};
  handlers["deleteImport"] = {remove};
  handlers["getImportFile"] = {[](const CallPtr& call) { answer(call, imports(*call).file(call->authority(), key(*call), number(*call))); }};
  handlers["getImportDiagram"] = {diagram};
  handlers["getImportSource"] = {source};
  handlers["decideImport"] = {decide};
  handlers["draftImport"] = {draft};
}

}  // namespace api
