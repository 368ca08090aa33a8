// /api/bank: search with facets, what is offered while somebody types, the entry page, the tree of KLE.
#include <cstdlib>

#include "api/call.h"
#include "base/limits_find.h"

namespace api {
namespace {

using base::Json;

int number(const Request& request, std::string_view name, int otherwise) {
  const std::string& text = request.parameter(name);
  return text.empty() ? otherwise : std::atoi(text.c_str());  // the contract has checked form and range
}

std::optional<bool> yes_no(const Request& request, std::string_view name) {
  const std::string& text = request.parameter(name);
  return text.empty() ? std::nullopt : std::optional(text == "true");
}

// The bank knows authorities by their CVR only.
void name_owners(const CallPtr& call, Json& answer) {
  Json owners = answer["facets"]["owner"];
  if (!owners.is_array()) return;
  for (Json& one : owners.as_array())
    if (const auto name = call->services.accounts->authority_name(one["value"].string_or(""))) one.set("title", *name);
  Json facets = answer["facets"];
  facets.set("owner", std::move(owners));
  answer.set("facets", std::move(facets));
}

void list(const CallPtr& call) {
  const Request& r = call->request;
  bank::ListRequest request{r.parameter("q"), r.parameter("domain"), r.parameter("kind"), r.parameter("kle"), yes_no(r, "runnable"), number(r, "limit", 50), number(r, "offset", 0)};
  request.pattern = yes_no(r, "pattern");
  request.law = r.parameter("law");
  request.system = r.parameter("system");
  request.stars = r.parameter("stars");
  request.owner = r.parameter("owner");
  request.sort = r.parameter("sort");
  request.facets = yes_no(r, "facets").value_or(true);
  auto found = call->services.rooms.bank.list(call->authority(), request);
  if (found) name_owners(call, *found);
  answer(call, found);
}

}  // namespace

void add_find(Handlers& handlers) {
  handlers["listWorkflows"] = {list};
  handlers["suggestWorkflows"] = {[](const CallPtr& call) { answer(call, call->services.rooms.bank.suggest(call->authority(), call->request.parameter("q"), number(call->request, "limit", 6))); }};
  handlers["getBankFront"] = {[](const CallPtr& call) { answer(call, call->services.rooms.bank.front(call->authority())); }};
  handlers["getKleTree"] = {[](const CallPtr& call) { answer(call, call->services.rooms.bank.kle_tree(call->authority(), call->request.parameter("number"))); }};
}

}  // namespace api
