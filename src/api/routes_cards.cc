// /api/bank/boards: boards of cards, live; and lovdækning of workflows (docs/cards.md).
#include <algorithm>

#include "api/call.h"
#include "bank/board/boards.h"
#include "bank/coverage.h"
#include "base/text.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;
using bank::board::Member;
using bank::board::Mode;

Member member(const Call& call) { return {call.authority(), call.person.user, call.person.name}; }
bank::board::Boards& boards(const Call& call) { return *call.services.boards; }
std::string slug(const Call& call) { return call.path("domain") + "/" + call.path("name"); }

int number(const Request& request, std::string_view name, int otherwise) {
  const std::string& text = request.parameter(name);
  return text.empty() ? otherwise : std::atoi(text.c_str());  // the contract has checked form and range
}

void done_or_fail(const CallPtr& call, const base::Status& status) { status ? call->send(Response::empty()) : call->fail(status.error()); }

void coverage(const CallPtr& call) {
  auto stored = call->services.rooms.bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  auto found = bank::coverage(call->services.rooms.bank, call->authority(), stored->owner, *stored->package);
  found ? call->json(found->json()) : call->fail(found.error());
}

void put_reason(const CallPtr& call) {
  const std::string duty = call->body["duty"].as_string();
  auto& bank = call->services.rooms.bank;
  auto stored = bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  auto found = bank::coverage(bank, call->authority(), stored->owner, *stored->package);
  if (!found) return call->fail(found.error());
  std::vector<std::string> known;
  for (const auto& one : found->duties) known.push_back(one.duty.id);
  if (std::find(known.begin(), known.end(), duty) == known.end())
    return call->fail({ErrorCode::invalid_argument, "the workflow has no such duty", {.pointer = "/duty"}, base::nearest(duty, known)});
  if (auto ok = bank.excuse(call->authority(), slug(*call), duty, std::string(base::trim(call->body["reason"].as_string())), call->person.user); !ok) return call->fail(ok.error());
  coverage(call);
}

void create(const CallPtr& call) {
  const Json& b = call->body;
  const bank::board::NewBoard asked{b["title"].string_or(""), b["slug"].string_or(""), b["text"].string_or("")};
  if (!asked.slug.empty() && !asked.text.empty()) return call->fail({ErrorCode::invalid_argument, "a board begins from a workflow or from a text, not from both", {}, "slug or text"});
  auto key = boards(*call).create(member(*call), asked);
  key ? call->json(Json::Object{{"boardKey", std::to_string(*key)}}, 201) : call->fail(key.error());
}

void change(const CallPtr& call) {
  const std::string op = call->body["op"].as_string();
  const Mode mode = op == "undo" ? Mode::undo : op == "redo" ? Mode::redo : Mode::apply;
  answer(call, boards(*call).change(member(*call), call->key("boardKey"), mode, call->body));
}

void events(const CallPtr& call) {
  const std::string client = call->request.parameter("client");
  const std::int64_t key = call->key("boardKey");
  if (client.empty()) return call->fail({ErrorCode::invalid_argument, "the query parameter 'client' is missing", {}, "client=<a name of the page's own>"});
  if (auto there = boards(*call).get(call->authority(), key); !there) return call->fail(there.error());  // a stream cannot refuse
  auto stream = call->reply->stream();
  if (!stream) return;
  auto ok = boards(*call).listen(member(*call), key, client, [stream](std::string_view event, const Json& data) { stream->send(event, data.dump()); });
  if (!ok) {
    stream->send("refused", problem_body(ok.error()).dump());
    return;
  }
  stream->on_close([keep = call->keep, key, client, listening = *ok] { keep->boards->leave(key, client, listening); });
}

void presence(const CallPtr& call) {
  Json place = call->body;
  const std::string client = place["client"].as_string();
  done_or_fail(call, boards(*call).here(member(*call), call->key("boardKey"), client, place));
}

void diagram(const CallPtr& call) {
  auto text = boards(*call).diagram(call->authority(), call->key("boardKey"), "tavle");
  if (!text) return call->fail(text.error());
  call->send({200, {{"Content-Type", "application/xml; charset=utf-8"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(*text)});
}

void store(const CallPtr& call) {
  const Json& b = call->body;
  const auto text = [&](const char* name) { return b[name].string_or(""); };
  std::vector<bank::Finding> findings;
  auto stored = boards(*call).store(member(*call), call->key("boardKey"),
      {text("slug"), text("title"), text("summary"), text("domain"), text("kle"), text("kind"), text("ownerRole"), text("note")}, &findings);
  if (stored) return call->json(*stored, 201);
  Response response = problem(stored.error());
  Json body = problem_body(stored.error());
  std::erase_if(findings, [](const bank::Finding& f) { return !f.is_error; });
  body.set("findings", findings_json(findings));
  response.body = body.dump();
  call->send(std::move(response));
}

}  // namespace

void add_cards(Handlers& handlers) {
  handlers["getCoverage"] = {coverage};
  handlers["putCoverageReason"] = {put_reason};
  handlers["listBoards"] = {[](const CallPtr& call) { answer(call, boards(*call).list(call->authority())); }};
  handlers["createBoard"] = {create};
  handlers["getBoard"] = {[](const CallPtr& call) { answer(call, boards(*call).get(call->authority(), call->key("boardKey"))); }};
  handlers["deleteBoard"] = {[](const CallPtr& call) { done_or_fail(call, boards(*call).remove(call->authority(), call->key("boardKey"))); }};
  handlers["changeBoard"] = {change};
  handlers["listBoardOperations"] = {[](const CallPtr& call) {
    answer(call, boards(*call).history(call->authority(), call->key("boardKey"), number(call->request, "before", 0), number(call->request, "limit", 50)));
  }};
  handlers["boardEvents"] = {events};
  handlers["boardPresence"] = {presence};
  handlers["getBoardDiagram"] = {diagram};
  handlers["storeBoard"] = {store};
}

}  // namespace api
