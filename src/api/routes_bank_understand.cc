// /api/bank: registers, the watch on laws, calls, role manuals, profile, comments, readers and feeds (docs/understand.md).
#include <algorithm>

#include "api/call.h"
#include "bank/understand/understand.h"

namespace api {
namespace {

using base::Json;
using bank::understand::Understand;
using bank::understand::Who;

std::string slug(const Call& call) { return call.path("domain") + "/" + call.path("name"); }
Who who(const Call& call) { return {call.person.authority, call.person.user}; }
Understand& room(const Call& call) { return *call.services.understand; }
std::string text(const Json& body, const char* name) { return body[name].string_or(""); }

void created(const CallPtr& call, const base::Result<Json>& result) { result ? call->json(*result, 201) : call->fail(result.error()); }
void emptied(const CallPtr& call, const base::Status& status) { status ? call->send(Response::empty()) : call->fail(status.error()); }

void registers(const CallPtr& call) {
  const std::string& kind = call->request.parameter("kind");
  answer(call, kind.empty() ? room(*call).registers(call->authority()) : room(*call).list_register(call->authority(), kind));
}

void mark_law(const CallPtr& call) {
  const Json& b = call->body;
  created(call, room(*call).mark_law(who(*call), {text(b, "law"), text(b, "changed"), text(b, "note"), text(b, "url"), text(b, "place")}));
}

void reviews(const CallPtr& call) {
  const Request& r = call->request;
  answer(call, room(*call).reviews(call->authority(), {r.parameter("slug"), r.parameter("law"), r.parameter("owner"), r.parameter("open") == "true"}));
}

void settle(const CallPtr& call) {
  const Json& b = call->body;
  answer(call, room(*call).settle(who(*call), call->key("reviewKey"), {text(b, "outcome"), static_cast<int>(b["version"].int_or(0)), text(b, "note")}));
}

void draw_calls(const CallPtr& call) {
  auto svg = room(*call).call_graph_svg(call->authority(), slug(*call));
  if (!svg) return call->fail(svg.error());
  call->send({200, {{"Content-Type", "image/svg+xml"}, {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'"}}, std::move(*svg)});
}

void write_comment(const CallPtr& call) {
  const Json& b = call->body;
  created(call, room(*call).comment(who(*call), slug(*call), text(b, "elementId"), text(b, "text"), std::atoll(text(b, "replyTo").c_str())));
}

void remove_comment(const CallPtr& call, bool removed) {
  emptied(call, room(*call).remove_comment(who(*call), call->key("commentKey"), removed, call->person.has_role("konsulent")));
}

// Whoever has left the house has no feed either.
void feed(const CallPtr& call, bool whole_bank) {
  auto owner = room(*call).feed_owner(call->path("feedToken"));
  if (!owner) return call->fail(owner.error());
  auto users = call->services.accounts->users(owner->authority);
  if (!users) return call->fail(users.error());
  const auto& list = users->as_array();
  if (std::none_of(list.begin(), list.end(), [&](const Json& u) { return u["user"].string_or("") == owner->user; }))
    return call->fail({base::ErrorCode::not_found, "no such feed", {}, {}});
  auto atom = room(*call).feed(*owner, whole_bank);
  if (!atom) return call->fail(atom.error());
  call->send({200, {{"Content-Type", "application/atom+xml; charset=utf-8"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(*atom)});
}

void add_readers(Handlers& handlers) {
  handlers["getReader"] = {[](const CallPtr& call) { answer(call, room(*call).reader(who(*call), slug(*call))); }};
  handlers["putReaderMarks"] = {[](const CallPtr& call) {
    answer(call, room(*call).mark(who(*call), slug(*call), call->body["favourite"].bool_or(false), call->body["follow"].bool_or(false)));
  }};
  handlers["confirmRead"] = {[](const CallPtr& call) { answer(call, room(*call).confirm_read(who(*call), slug(*call), static_cast<int>(call->body["version"].int_or(0)))); }};
  handlers["listFollowed"] = {[](const CallPtr& call) { answer(call, room(*call).followed(who(*call))); }};
  handlers["getPermanent"] = {[](const CallPtr& call) { answer(call, room(*call).permanent(call->authority(), call->key("permanentId"))); }};
  handlers["newFeed"] = {[](const CallPtr& call) { created(call, room(*call).new_feed(who(*call))); }};
  handlers["endFeed"] = {[](const CallPtr& call) { emptied(call, room(*call).end_feed(who(*call))); }};
  handlers["feedFollowed"] = {[](const CallPtr& call) { feed(call, false); }};
  handlers["feedBank"] = {[](const CallPtr& call) { feed(call, true); }};
  handlers["listComments"] = {[](const CallPtr& call) { answer(call, room(*call).comments(who(*call), slug(*call))); }};
  handlers["writeComment"] = {write_comment};
  handlers["removeComment"] = {[](const CallPtr& call) { remove_comment(call, true); }};
  handlers["restoreComment"] = {[](const CallPtr& call) { remove_comment(call, false); }};
  handlers["resolveComment"] = {[](const CallPtr& call) { answer(call, room(*call).resolve(who(*call), call->key("commentKey"), call->body["resolved"].bool_or(false))); }};
}

}  // namespace

void add_understand(Handlers& handlers) {
  handlers["listRegisters"] = {registers};
  handlers["getRegisterEntry"] = {[](const CallPtr& call) { answer(call, room(*call).entry(call->authority(), call->path("registerKind"), call->path("entry"))); }};
  handlers["getRoleManual"] = {[](const CallPtr& call) { answer(call, room(*call).manual(call->authority(), call->path("entry"))); }};
  handlers["listLawChanges"] = {[](const CallPtr& call) { answer(call, room(*call).law_changes(call->authority(), call->request.parameter("law"))); }};
  handlers["markLawChanged"] = {mark_law};
  handlers["withdrawLawChange"] = {[](const CallPtr& call) { emptied(call, room(*call).withdraw_law_change(who(*call), call->key("lawChangeKey"))); }};
  handlers["listLawReviews"] = {reviews};
  handlers["settleLawReview"] = {settle};
  handlers["reopenLawReview"] = {[](const CallPtr& call) { answer(call, room(*call).reopen(who(*call), call->key("reviewKey"))); }};
  handlers["getWorkflowLaw"] = {[](const CallPtr& call) { answer(call, room(*call).workflow_law(call->authority(), slug(*call))); }};
  handlers["getCalls"] = {[](const CallPtr& call) { answer(call, room(*call).calls(call->authority(), slug(*call))); }};
  handlers["getCallGraph"] = {[](const CallPtr& call) { answer(call, room(*call).call_graph(call->authority(), slug(*call))); }};
  handlers["drawCallGraph"] = {draw_calls};
  handlers["getProfile"] = {[](const CallPtr& call) { answer(call, room(*call).profile(call->authority(), slug(*call))); }};
  add_readers(handlers);
}

}  // namespace api
