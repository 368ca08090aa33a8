// Drift's work on many: look-ups among variables, incidents tried again, cases moved to another version; each is ordered, watched, left, found again, canceled.
#include <algorithm>

#include "api/call.h"
#include "api/find.h"
#include "api/migrations.h"
#include "api/resolutions.h"
#include "base/time.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr std::size_t kPage = 50;

void start(const CallPtr& call, std::shared_ptr<Batch> batch) {
  auto key = call->services.batches->add(std::move(batch));
  if (!key) return call->fail(key.error());
  call->json(Json::Object{{"batchKey", std::to_string(*key)}}, 202);
}

BatchOrder order_of(const CallPtr& call, const char* kind, Json asked) {
  return {kind, call->authority(), call->person.user, call->body["purpose"].string_or(""), std::move(asked), call->services.rooms.clock.now()};
}

// ---- look-ups ----------------------------------------------------------------------------------------------------------------

base::Result<engine::InstanceScan::Filter> scan_filter(const Call& call) {
  const Json& asked = call.body["filter"];
  engine::InstanceScan::Filter out;
  out.authority = call.authority();
  out.process_id = asked["processDefinitionId"].string_or("");
  out.definition = std::atoll(asked["processDefinitionKey"].string_or("0").c_str());
  out.state = asked["state"].string_or("");
  out.business_key = asked["businessId"].string_or("");
  out.only_incidents = asked["hasIncident"].bool_or(false);
  if (asked.has("startedFrom")) {
    TRY(out.from, period_begin(asked["startedFrom"].string_or("")));
  }
  if (asked.has("startedTo")) {
    TRY(out.to, period_end(asked["startedTo"].string_or("")));
  }
  return out;
}

// Names and operators: never the values, which are a person's data.
Json told(const std::vector<VariableTest>& tests, const Json& variables) {
  Json out = Json::array();
  for (std::size_t i = 0; i < tests.size(); ++i) out.push(Json::Object{{"name", tests[i].name}, {"operator", variables.as_array()[i]["operator"].string_or("equals")}});
  return out;
}

base::Result<std::shared_ptr<Batch>> prepare_find(const CallPtr& call) {
  TRY(auto tests, read_tests(call->body["variables"]));
  TRY(auto filter, scan_filter(*call));
  TRY(auto* const scan, call->read().scan(call->at_least));
  TRY(const Json versions, call->read().versions(call->authority(), "", call->at_least));
  std::map<std::int64_t, DefinitionName> names;
  for (const Json& v : versions.as_array())
    names[std::atoll(v["processDefinitionKey"].as_string().c_str())] = {v["processDefinitionId"].as_string(), v["name"].as_string(), v["version"].as_int()};
  Json asked = Json::Object{{"filter", call->body["filter"].is_object() ? call->body["filter"] : Json::object()}, {"variables", told(tests, call->body["variables"])}};
  const Json line = Json::Object{{"purpose", call->body["purpose"]}, {"asked", asked["variables"]}};
  TRY_VOID(call->services.audit->note(call->person, call->operation.id, "case", "*", line.dump()));
  return make_find(order_of(call, "search", std::move(asked)), *scan, std::move(filter), std::move(tests), std::move(names));
}

void search_instances(const CallPtr& call) {
  auto batch = prepare_find(call);
  batch ? start(call, std::move(*batch)) : call->fail(batch.error());
}

// ---- incidents -----------------------------------------------------------------------------------------------------------------

Json incident_filter(const Json& asked) {
  Json out = Json::object();
  for (const char* name : {"processDefinitionId", "processDefinitionKey", "processInstanceKey", "elementId", "errorType"})
    if (asked[name].is_string() && !asked[name].as_string().empty()) out.set(name, asked[name]);
  if (asked["incidentKeys"].is_array() && asked["incidentKeys"].size() > 0) out.set("incidentKey", Json::Object{{"$in", asked["incidentKeys"]}});
  return out;
}

void resolve_incidents(const CallPtr& call) {
  const Json& filter = call->body["filter"];
  constexpr int kRetries = 3;  // as the pages give a single job
  start(call, make_resolutions(order_of(call, "resolution", Json::Object{{"filter", filter.is_object() ? filter : Json::object()}}), call->services.rooms.engine,
                               incident_filter(filter), static_cast<int>(call->body["retries"].int_or(kRetries))));
}

// What came after the batch began, where it looked: what was tried in vain, and what is new.
base::Result<std::int64_t> new_incidents(const Call& call, const Batch& batch) {
  Json filter = incident_filter(batch.order().asked["filter"]);
  filter.erase("incidentKey");
  filter.set("state", "ACTIVE").set("creationTime", Json::Object{{"$gte", base::iso_utc(batch.order().started)}});
  TRY(const Json answer, call.read().search("incidents", Json::Object{{"filter", std::move(filter)}, {"page", Json::Object{{"limit", 1}}}}, call.authority(), call.at_least));
  return answer["page"]["totalItems"].int_or(0);
}

// Rows of what was tried whose case stands at the same element again.
base::Status mark_failed_again(const Call& call, const Batch& batch, Json& rows) {
  Json keys = Json::array();
  for (const Json& row : rows.as_array()) keys.push(row["processInstanceKey"]);
  if (keys.size() == 0) return {};
  Json filter = Json::Object{{"state", "ACTIVE"}, {"processInstanceKey", Json::Object{{"$in", std::move(keys)}}}, {"creationTime", Json::Object{{"$gte", base::iso_utc(batch.order().started)}}}};
  TRY(const Json now, call.read().search("incidents", Json::Object{{"filter", std::move(filter)}, {"page", Json::Object{{"limit", 1000}}}}, call.authority(), call.at_least));
  for (Json& row : rows.as_array()) {
    const bool again = std::any_of(now["items"].as_array().begin(), now["items"].as_array().end(), [&](const Json& one) {
      return one["processInstanceKey"] == row["processInstanceKey"] && one["elementId"] == row["elementId"] && one["incidentKey"] != row["incidentKey"];
    });
    row.set("again", again);
  }
  return {};
}

// ---- other versions --------------------------------------------------------------------------------------------------------------

base::Result<std::shared_ptr<Batch>> prepare_migration(const CallPtr& call) {
  const Json& b = call->body;
  MigrationOrder what;
  const auto key = [&](const char* name) { return std::atoll(b[name].string_or("0").c_str()); };
  what.source = key("processDefinitionKey");
  what.target = key("targetProcessDefinitionKey");
  what.instance = key("processInstanceKey");
  what.dry_run = b["dryRun"].bool_or(true);
  // Both are looked up first: what does not exist is told at once, and the other authority's does not.
  for (const char* name : {"processDefinitionKey", "targetProcessDefinitionKey"}) {
    if (auto known = call->read().get("process-definitions", key(name), call->authority(), call->at_least); !known) return std::unexpected(known.error());
  }
  if (b["mappingInstructions"].is_array())
    for (const Json& one : b["mappingInstructions"].as_array()) what.mapping.push_back({one["sourceElementId"].as_string(), one["targetElementId"].as_string()});
  Json asked = Json::object();
  for (const char* name : {"processDefinitionKey", "targetProcessDefinitionKey", "processInstanceKey", "mappingInstructions"})
    if (b.has(name)) asked.set(name, b[name]);
  asked.set("dryRun", what.dry_run);
  return make_migrations(order_of(call, "migration", std::move(asked)), call->services.rooms.engine, std::move(what));
}

void migrate_instances(const CallPtr& call) {
  auto batch = prepare_migration(call);
  batch ? start(call, std::move(*batch)) : call->fail(batch.error());
}

// ---- any batch -----------------------------------------------------------------------------------------------------------------

std::shared_ptr<Batch> found(const CallPtr& call) {
  auto out = call->services.batches->find(call->key("batchKey"), call->authority());
  if (!out) call->fail({ErrorCode::not_found, "no such batch: they are kept for 24 hours, and not longer than the server runs", {}, {}});
  return out;
}

base::Result<Json> summary(const Call& call, const Batch& batch) {
  Json out = batch.summary();
  if (batch.order().kind == "resolution") {
    TRY(const auto n, new_incidents(call, batch));
    out.set("newIncidents", n);
  }
  return out;
}

void list(const CallPtr& call) {
  Json items = Json::array();
  for (const auto& one : call->services.batches->all(call->authority())) items.push(one->summary());
  call->json(Json::Object{{"items", std::move(items)}});
}

void get(const CallPtr& call) {
  const auto batch = found(call);
  if (batch) answer(call, summary(*call, *batch));
}

void rows(const CallPtr& call) {
  const auto batch = found(call);
  if (!batch) return;
  const std::string& limit = call->request.parameter("limit");
  const bool running = batch->state() == Batch::State::running;
  std::size_t next = 0;
  Json items = batch->rows(std::strtoull(call->request.parameter("cursor").c_str(), nullptr, 10), limit.empty() ? kPage : std::strtoull(limit.c_str(), nullptr, 10),
                           call->request.parameter("outcome"), next);
  if (batch->order().kind == "resolution")
    if (auto ok = mark_failed_again(*call, *batch, items); !ok) return call->fail(ok.error());
  const std::size_t kept = batch->kept();
  call->json(Json::Object{{"items", std::move(items)}, {"total", static_cast<std::int64_t>(kept)}, {"nextCursor", next < kept || running ? Json(std::to_string(next)) : Json()}});
}

void cancel(const CallPtr& call) {
  const auto batch = found(call);
  if (!batch) return;
  batch->cancel();
  call->send(Response::empty());
}

}  // namespace

void add_batches(Handlers& handlers) {
  handlers["searchInstances"] = {search_instances};
  handlers["resolveIncidents"] = {resolve_incidents};
  handlers["migrateInstances"] = {migrate_instances};
  handlers["listBatches"] = {list};
  handlers["getBatch"] = {get};
  handlers["getBatchRows"] = {rows};
  handlers["cancelBatch"] = {cancel};
}

}  // namespace api
