// /api/cases and /api/ledger: what happened in a case, its documents and postings, and forgetting it.
#include "api/views.h"

namespace api {
namespace {

using base::Json;

constexpr std::size_t kTimeline = 2'000;
constexpr int kEntries = 200;

base::Result<Json> timeline(const Call& call, const std::string& instance) {
  TRY(const Json rows, all_rows(call, "element-instances", Json::Object{{"processInstanceKey", instance}}, kTimeline,
      Json::Array{Json::Object{{"field", "startDate"}, {"order", "ASC"}}}));
  Json out = Json::array();
  for (const Json& row : rows.as_array())
    out.push(Json::Object{{"at", row["startDate"]}, {"ended", row["endDate"]}, {"elementId", row["elementId"]},
        {"name", row["elementName"]}, {"type", row["type"]}, {"state", row["state"]}});
  return out;
}

base::Result<Json> get(const Call& call) {
  const engine::Key key = call.key("processInstanceKey");
  TRY(const Json row, call.read().get("process-instances", key, call.authority(), call.at_least));
  auto& rooms = call.services.rooms;
  const std::string process = row["processDefinitionId"].string_or(""), instance = row["processInstanceKey"].string_or("");
  const Titles titles(call);
  const std::string slug = titles.slug(process);
  Json out = Json::object();
  out.set("processInstanceKey", instance);
  out.set("processDefinitionKey", row["processDefinitionKey"]);
  out.set("workflow", titles.title(process));
  out.set("slug", slug.empty() ? Json() : Json(slug));
  out.set("state", row["state"]);
  out.set("started", row["startDate"]);
  out.set("ended", row["endDate"]);
  TRY(Json notes, rooms.cases.notes(call.authority(), key));
  out.set("notes", std::move(notes));
  TRY(Json documents, rooms.cases.documents(call.authority(), key));
  out.set("documents", std::move(documents));
  TRY(Json entries, rooms.ledger.list(call.authority(), key, kEntries, 0));
  out.set("entries", entries["entries"]);
  TRY(Json steps, timeline(call, instance));
  out.set("timeline", std::move(steps));
  return out;
}

void document(const CallPtr& call) {
  const engine::Key key = call->key("processInstanceKey");
  auto& cases = call->services.rooms.cases;
  const std::string name = call->path("documentName");
  auto bytes = cases.read_document(call->authority(), key, name);
  if (!bytes) return call->fail(bytes.error());
  auto documents = cases.documents(call->authority(), key);
  if (!documents) return call->fail(documents.error());
  std::string media = "application/octet-stream";
  for (const Json& d : documents->as_array())
    if (d["name"].string_or("") == name) media = d["mime"].string_or(media);
  // Never a page of ours: it is shown in a frame without rights, or downloaded.
  Response response{200, {{"Content-Type", media}, {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}}, std::move(*bytes)};
  response.headers.emplace_back("Content-Disposition", "inline; filename*=UTF-8''" + url_encode(name));
  call->send(std::move(response));
}

// The engine destroys the key; then rows and files of the case go too. Asked again it does the same again.
void forget(const CallPtr& call) {
  const engine::Key key = call->key("processInstanceKey");
  submit(call, engine::ForgetInstance{key}, [key](const CallPtr& c, engine::Answer) {
    c->services.http->work([c, key] {
      auto ok = c->services.rooms.cases.forget(c->authority(), key);
      ok ? c->send(Response::empty()) : c->fail(ok.error());
    });
  });
}

void ledger(const CallPtr& call) {
  const std::string &limit = call->request.parameter("limit"), &offset = call->request.parameter("offset");
  answer(call, call->services.rooms.ledger.list(call->authority(), 0, limit.empty() ? 50 : std::atoi(limit.c_str()), offset.empty() ? 0 : std::atoi(offset.c_str())));
}

}  // namespace

void add_cases(Handlers& handlers) {
  handlers["getCase"] = {[](const CallPtr& call) { answer(call, get(*call)); }};
  handlers["getDocument"] = {document};
  handlers["forgetCase"] = {forget};
  handlers["deleteProcessInstance"] = {forget};
  handlers["listLedger"] = {ledger};
}

}  // namespace api
