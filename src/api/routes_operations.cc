// /api/operations and /api/benefits: what is wrong now, throughput, tokens on a diagram, and what running has saved.
#include <map>

#include "api/views.h"
#include "base/time.h"
#include "casework/benefits.h"

namespace api {
namespace {

using base::Json;

constexpr std::size_t kCounted = 10'000;  // jobs and tasks looked through for "late" and "retrying"
constexpr int kHours = 24;

base::Result<std::int64_t> count(const Call& call, std::string_view kind, Json filter) {
  Json request = Json::Object{{"filter", std::move(filter)}, {"page", Json::Object{{"limit", 1}}}};
  TRY(const Json answer, call.read().search(kind, request, call.authority(), call.at_least));
  return answer["page"]["totalItems"].int_or(static_cast<std::int64_t>(answer["items"].size()));
}

base::Result<std::int64_t> late_tasks(const Call& call) {
  TRY(const Json rows, all_rows(call, "user-tasks", Json::Object{{"state", "CREATED"}, {"dueDate", Json::Object{{"$exists", true}}}}, kCounted));
  const base::Millis now = call.services.rooms.clock.now();
  std::int64_t late = 0;
  for (const Json& row : rows.as_array())
    if (auto due = base::parse_iso_utc(row["dueDate"].string_or("")); due && *due < now) ++late;
  return late;
}

// Instances that started or ended in each of the last 24 hours.
base::Result<Json> per_hour(const Call& call) {
  const base::Millis now = call.services.rooms.clock.now();
  const base::Millis hour_ms = 3'600'000, first = now / hour_ms * hour_ms - (kHours - 1) * hour_ms;
  std::map<base::Millis, std::pair<int, int>> hours;
  for (int i = 0; i < kHours; ++i) hours[first + i * hour_ms] = {};
  const auto note = [&](const Json& at, bool end) {
    const auto ms = base::parse_iso_utc(at.string_or(""));
    if (!ms) return;
    const auto found = hours.find(*ms / hour_ms * hour_ms);
    if (found == hours.end()) return;
    end ? ++found->second.second : ++found->second.first;
  };
  const Json since = Json::Object{{"$gte", base::iso_utc(first)}};
  TRY(const Json started, all_rows(call, "process-instances", Json::Object{{"startDate", since}}, kCounted));
  for (const Json& row : started.as_array()) note(row["startDate"], false);
  TRY(const Json ended, all_rows(call, "process-instances", Json::Object{{"endDate", since}, {"state", "COMPLETED"}}, kCounted));
  for (const Json& row : ended.as_array()) note(row["endDate"], true);
  Json out = Json::array();
  for (const auto& [at, n] : hours) out.push(Json::Object{{"hour", base::iso_utc(at)}, {"started", n.first}, {"completed", n.second}});
  return out;
}

base::Result<Json> quarantine_items(const Call& call) {
  auto& rooms = call.services.rooms;
  TRY(Json items, rooms.ledger.quarantined(call.authority()));
  if (!items.is_array()) items = items["items"].is_array() ? items["items"] : Json::array();
  if (rooms.quarantined)
    for (const Json& item : rooms.quarantined(call.authority()).as_array()) items.push(item);
  return items;
}

base::Result<Json> overview(const Call& call) {
  TRY(const auto incidents, count(call, "incidents", Json::Object{{"state", "ACTIVE"}}));
  TRY(const auto active, count(call, "process-instances", Json::Object{{"state", "ACTIVE"}}));
  TRY(const auto retrying, count(call, "jobs", Json::Object{{"hasFailedWithRetriesLeft", true}}));
  TRY(const auto late, late_tasks(call));
  TRY(Json hours, per_hour(call));
  TRY(const Json items, quarantine_items(call));
  std::int64_t waiting = 0;
  for (const Json& item : items.as_array()) waiting += item["settled"].bool_or(item["settled"].is_string()) ? 0 : 1;
  return Json::Object{{"incidents", incidents}, {"active", active}, {"late", late}, {"retrying", retrying},
                      {"standIns", call.services.rooms.stand_ins}, {"perHour", std::move(hours)}, {"quarantined", waiting}};
}

base::Result<Json> benefits(const Call& call) {
  auto& rooms = call.services.rooms;
  const std::string& text = call.request.parameter("days");
  const int days = text.empty() ? 30 : std::atoi(text.c_str());
  TRY(const auto deployed, rooms.bank.deployed(call.authority()));
  std::vector<casework::BenefitCard> cards;
  for (const auto& d : deployed) {
    auto stored = rooms.bank.get(call.authority(), d.slug);
    if (!stored) continue;
    const Json& card = stored->package->manifest.value["gevinst"];
    if (!card.is_object() || stored->package->manifest.value["proces"].string_or("") != d.process_id) continue;
    const auto minutes = [&](const char* name) { return card[name].is_number() ? card[name].as_double() : 0.0; };
    cards.push_back({d.slug, d.title, d.process_id, minutes("minutter_foer"), card["grundlag"].string_or("") == "maalt", minutes("minutter_ved_person")});
  }
  const auto rejected = rooms.rejected ? rooms.rejected(call.authority(), days) : std::vector<std::pair<std::string, Json>>{};
  return casework::benefits(call.read(), call.authority(), cards, days, rejected);
}

void quarantine(const CallPtr& call) {
  auto items = quarantine_items(*call);
  if (!items) return call->fail(items.error());
  call->json(Json::Object{{"items", std::move(*items)}});
}

void settle(const CallPtr& call) {
  const base::Status done = call->services.rooms.ledger.settle(call->authority(), call->body["idempotencyKey"].as_string(), call->person.user);
  done ? call->send(Response::empty()) : call->fail(done.error());
}

// The whole server's backup: only where there is one operator. It names a folder of the server's own disk.
void backup(const CallPtr& call) {
  const auto& make = call->services.rooms.backup;
  if (call->person.user != kCommandLineUser) return call->fail({base::ErrorCode::forbidden, "only the server's own command line backs it up", {}, "sagsgang backup --to DIR"});
  if (!make) return call->fail({base::ErrorCode::busy, "this server makes no backups", {}, "stop it and run sagsgang backup"});
  answer(call, make(call->body["folder"].as_string()));
}

void timeline(const CallPtr& call) {
  const auto number = [&](const char* name, std::size_t otherwise) {
    const std::string& text = call->request.parameter(name);
    return text.empty() ? otherwise : static_cast<std::size_t>(std::strtoull(text.c_str(), nullptr, 10));
  };
  constexpr std::size_t kPage = 200;
  answer(call, call->read().timeline(call->key("processInstanceKey"), call->authority(), number("offset", 0), number("limit", kPage), call->at_least));
}

base::Result<Json> heat_of(const Call& call) {
  constexpr base::Millis kMonth = 30ll * 24 * 3'600'000;
  base::Millis to = call.services.rooms.clock.now() + 1, from = to - kMonth;
  if (const std::string& text = call.request.parameter("from"); !text.empty()) {
    TRY(from, period_begin(text));
  }
  if (const std::string& text = call.request.parameter("to"); !text.empty()) {
    TRY(to, period_end(text));
  }
  return call.read().heat(call.key("processDefinitionKey"), from, to, call.authority(), call.at_least);
}

base::Result<Json> versions_of(const Call& call) {
  TRY(Json items, call.read().versions(call.authority(), call.request.parameter("processDefinitionId"), call.at_least));
  return Json::Object{{"items", std::move(items)}};
}

base::Result<Json> incident_groups(const Call& call) {
  TRY(Json items, call.read().incident_groups(call.authority(), call.at_least));
  return Json::Object{{"items", std::move(items)}};
}

}  // namespace

void add_operations(Handlers& handlers) {
  handlers["operations"] = {[](const CallPtr& call) { answer(call, overview(*call)); }};
  handlers["instanceTokens"] = {[](const CallPtr& call) { answer(call, call->read().element_counts(call->key("processInstanceKey"), call->authority())); }};
  handlers["instanceTimeline"] = {timeline};
  handlers["definitionHeat"] = {[](const CallPtr& call) { answer(call, heat_of(*call)); }};
  handlers["definitionVersions"] = {[](const CallPtr& call) { answer(call, versions_of(*call)); }};
  handlers["incidentGroups"] = {[](const CallPtr& call) { answer(call, incident_groups(*call)); }};
  handlers["quarantine"] = {quarantine};
  handlers["settleQuarantine"] = {settle};
  handlers["backup"] = {backup};
  handlers["benefits"] = {[](const CallPtr& call) { answer(call, benefits(*call)); }};
}

}  // namespace api
