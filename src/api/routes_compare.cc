// /api/bank/compare and similar workflows: two drawings' differences, and which workflows are like one or like a drawn fragment.
#include "api/call.h"
#include "bank/similar/similar.h"
#include "base/limits_compare.h"
#include "bpmn/compare/compare.h"
#include "bpmn/notation/notation.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

struct Side { std::string slug, title, xml, kind; int version = 0; bpmn::ModelPtr model; };

// "domain/name" or "domain/name@3".
base::Result<Side> side_of(const CallPtr& call, const std::string& text) {
  auto& bank = call->services.rooms.bank;
  const auto at = text.find('@');
  Side out{text.substr(0, at), {}, {}, {}, 0, nullptr};
  TRY(const auto stored, bank.get(call->authority(), out.slug));
  out.version = stored.version;
  out.title = stored.package->title;
  out.kind = stored.package->kind;
  if (at == std::string::npos || std::atoi(text.c_str() + at + 1) == stored.version) {
    const auto file = stored.package->files.find("proces.bpmn");
    if (file == stored.package->files.end() || !stored.package->process) return base::fail(ErrorCode::not_found, "the workflow has no diagram");
    out.xml = file->second;
    out.model = stored.package->process;
    return out;
  }
  out.version = std::atoi(text.c_str() + at + 1);
  TRY(out.xml, bank.file(call->authority(), out.slug, out.version, "proces.bpmn"));
  TRY(out.model, bpmn::read(out.xml, "proces.bpmn"));
  return out;
}

Json side_json(const Side& side) { return Json::Object{{"slug", side.slug}, {"version", side.version}, {"title", side.title}, {"kind", side.kind}, {"xml", side.xml}}; }

void compare(const CallPtr& call) {
  const auto a = side_of(call, call->request.parameter("a"));
  if (!a) return call->fail(a.error());
  const auto b = side_of(call, call->request.parameter("b"));
  if (!b) return call->fail(b.error());
  const auto found = bpmn::compare(*a->model, *b->model);
  if (!found) return call->fail(found.error());
  Json out = bpmn::to_json(*found);
  out.set("a", side_json(*a));
  out.set("b", side_json(*b));
  call->json(out);
}

std::size_t limit_of(const std::string& text) { return text.empty() ? 10 : static_cast<std::size_t>(std::atoi(text.c_str())); }  // the contract has checked it

void send(const CallPtr& call, const base::Result<std::vector<bank::similar::Similar::Found>>& found) {
  if (!found) return call->fail(found.error());
  call->json(Json::Object{{"items", bank::similar::to_json(*found)}});
}

void similar(const CallPtr& call) {
  auto& bank = call->services.rooms.bank;
  const std::string slug = call->path("domain") + "/" + call->path("name");
  const auto stored = bank.get(call->authority(), slug);
  if (!stored) return call->fail(stored.error());
  const auto& model = stored->package->process;
  const auto profile = model ? bank::similar::profile_of(*model, stored->package->title) : bank::similar::profile_of(bpmn::Model(), stored->package->title);
  send(call, bank.similar().like(call->authority(), profile, limit_of(call->request.parameter("limit")), false, slug));
}

// A fragment, written as an outline or drawn as BPMN.
void find_similar(const CallPtr& call) {
  const std::string text = call->body["text"].string_or(""), xml = call->body["xml"].string_or("");
  if (text.empty() == xml.empty()) return call->fail({ErrorCode::invalid_argument, "either text or xml, please", {.pointer = "/text"}, "an outline (docs/notation.md) as text, or BPMN as xml"});
  if (text.size() + xml.size() > base::limits::kSimilarQueryBytes) return call->fail({ErrorCode::limit_exceeded, "more bytes than base::limits::kSimilarQueryBytes", {}, "a smaller part of it"});
  auto model = text.empty() ? bpmn::read(xml, "fragment.bpmn") : bpmn::from_text(text, "fragment.tekst");
  if (!model) return call->fail(model.error());
  const auto profile = bank::similar::profile_of(**model, {});
  if (profile.nodes.empty()) return call->fail({ErrorCode::invalid_argument, "the fragment has no element with a name", {}, "name at least one step"});
  send(call, call->services.rooms.bank.similar().like(call->authority(), profile, static_cast<std::size_t>(call->body["limit"].int_or(10)), call->body["fragment"].bool_or(true)));
}

}  // namespace

void add_compare(Handlers& handlers) {
  handlers["compareWorkflows"] = {compare};
  handlers["similarWorkflows"] = {similar};
  handlers["findSimilarWorkflows"] = {find_similar};
}

}  // namespace api
