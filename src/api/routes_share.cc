// /api/bank/share: what this bank gives to others, what it takes from them.
#include <cstdlib>

#include "api/call.h"
#include "bank/share/share.h"
#include "base/limits_export.h"
#include "connectors/web_fetch.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

base::Result<std::string> fetch(const std::string& url, std::size_t max_bytes, bool private_network) {
  return connectors::fetch({.url = url, .max_bytes = max_bytes, .timeout_ms = base::limits::kShareSeconds * 1000, .private_network = private_network});
}

bank::Share& share(const CallPtr& call) { return *call->services.share; }
bool private_banks(const CallPtr& call) { return call->services.options.private_banks; }

void settings(const CallPtr& call) { answer(call, share(call).settings(call->authority())); }
void set_settings(const CallPtr& call) {
  const auto ok = share(call).set_settings(call->authority(), call->body);
  ok ? call->send(Response::empty()) : call->fail(ok.error());
}

void feed(const CallPtr& call) {
  const std::string authority = call->path("authority");
  const auto name = call->services.accounts->authority_name(authority);
  answer(call, share(call).feed(authority, name ? *name : authority));
}
void feed_package(const CallPtr& call) {
  auto zip = share(call).package(call->path("authority"), call->request.parameter("slug"), std::atoi(call->request.parameter("version").c_str()));
  zip ? call->send({200, {{"Content-Type", "application/zip"}}, std::move(*zip)}) : call->fail(zip.error());
}

void preview(const CallPtr& call) { answer(call, share(call).preview(call->authority(), call->body["url"].string_or(""), private_banks(call), fetch)); }
void subscriptions(const CallPtr& call) { answer(call, share(call).subscriptions(call->authority())); }
void subscribe(const CallPtr& call) {
  const auto made = share(call).subscribe(call->authority(), call->body["url"].string_or(""), call->body["key"].string_or(""), private_banks(call), call->person.user, fetch);
  made ? call->json(*made, 201) : call->fail(made.error());
}
void unsubscribe(const CallPtr& call) {
  const auto ok = share(call).unsubscribe(call->authority(), call->key("subscriptionKey"));
  ok ? call->send(Response::empty()) : call->fail(ok.error());
}
void check(const CallPtr& call) { answer(call, share(call).check(call->authority(), call->key("subscriptionKey"), fetch)); }

void arrivals(const CallPtr& call) { answer(call, share(call).arrivals(call->authority(), call->request.parameter("state"))); }
void arrival(const CallPtr& call) { answer(call, share(call).arrival(call->authority(), call->key("arrivalKey"))); }
void arrival_diagram(const CallPtr& call) {
  const auto files = share(call).arrival_files(call->authority(), call->key("arrivalKey"));
  if (!files) return call->fail(files.error());
  const auto file = files->find("proces.bpmn");
  if (file == files->end()) return call->fail({ErrorCode::not_found, "the package has no diagram", {}, {}});
  call->send({200, {{"Content-Type", "application/xml; charset=utf-8"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, file->second});
}
void decide(const CallPtr& call) { answer(call, share(call).decide(call->authority(), call->key("arrivalKey"), call->body["decision"].string_or("") == "take", call->person.user)); }
void provenance(const CallPtr& call) { answer(call, share(call).provenance(call->authority(), call->path("domain") + "/" + call->path("name"))); }

}  // namespace

void add_share(Handlers& handlers) {
  handlers["getShareSettings"] = {settings};
  handlers["putShareSettings"] = {set_settings};
  handlers["getShareFeed"] = {feed};
  handlers["getSharedPackage"] = {feed_package};
  handlers["previewBank"] = {preview};
  handlers["listSubscriptions"] = {subscriptions};
  handlers["subscribeToBank"] = {subscribe};
  handlers["endSubscription"] = {unsubscribe};
  handlers["checkSubscription"] = {check};
  handlers["listArrivals"] = {arrivals};
  handlers["getArrival"] = {arrival};
  handlers["getArrivalDiagram"] = {arrival_diagram};
  handlers["decideArrival"] = {decide};
  handlers["getProvenance"] = {provenance};
}

}  // namespace api
