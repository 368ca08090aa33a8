// /v2 reads: searches and single rows of the read side, which knows the authority and waits for the projection.
#include "api/call.h"

namespace api {
namespace {

using base::Json;

void search(const CallPtr& call, const char* kind) {
  answer(call, call->read().search(kind, call->body, call->authority(), call->at_least));
}
std::function<void(const CallPtr&)> searching(const char* kind) {
  return [kind](const CallPtr& call) { search(call, kind); };
}
std::function<void(const CallPtr&)> getting(const char* kind, const char* key) {
  return [kind, key](const CallPtr& call) { answer(call, call->read().get(kind, call->key(key), call->authority(), call->at_least)); };
}

void send_xml(const CallPtr& call, const char* kind, const char* key) {
  // get() first: it waits for the projection, and it is what says 404 to another authority.
  if (auto row = call->read().get(kind, call->key(key), call->authority(), call->at_least); !row) return call->fail(row.error());
  auto xml = call->read().definition_xml(call->key(key), call->authority());
  if (!xml) return call->fail(xml.error());
  call->send({200, {{"Content-Type", "application/xml; charset=utf-8"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, std::move(*xml)});
}

// What a user task sees: variables of its scopes up to the process instance, the innermost of each name.
void task_variables(const CallPtr& call) {
  Json request = call->body;
  Json filter = request["filter"].is_object() ? request["filter"] : Json::object();
  filter.set("userTaskKey", call->path("userTaskKey"));
  request.set("filter", std::move(filter));
  answer(call, call->read().search("variables", request, call->authority(), call->at_least));
}

void topology(const CallPtr& call) {
  const Json partition = Json::Object{{"partitionId", 1}, {"role", "leader"}, {"health", "healthy"}};
  const auto& options = call->services.options;
  const Json broker = Json::Object{{"nodeId", 0}, {"host", options.address}, {"port", static_cast<int>(call->services.http->port())},
      {"partitions", Json::Array{partition}}, {"version", SAGSGANG_VERSION}};
  call->json(Json::Object{{"brokers", Json::Array{broker}}, {"clusterSize", 1}, {"partitionsCount", 1}, {"replicationFactor", 1},
      {"gatewayVersion", SAGSGANG_VERSION}, {"lastCompletedChangeId", ""}});
}

void me(const CallPtr& call) {
  Json roles = Json::array();
  for (const auto& role : call->person.roles) roles.push(role);
  const Json tenant = Json::Object{{"tenantId", call->person.authority}, {"name", call->person.authority_name}};
  call->json(Json::Object{{"username", call->person.user}, {"displayName", call->person.name}, {"email", Json()},
      {"roles", std::move(roles)}, {"groups", Json::array()}, {"tenants", Json::Array{tenant}}});
}

}  // namespace

void add_engine_reads(Handlers& handlers) {
  handlers["topology"] = {topology, On::connection};
  handlers["v2Status"] = {[](const CallPtr& call) { call->send(Response::empty()); }, On::connection};
  handlers["authenticationMe"] = {me, On::connection};
  handlers["searchProcessDefinitions"] = {searching("process-definitions")};
  handlers["getProcessDefinition"] = {getting("process-definitions", "processDefinitionKey")};
  handlers["getProcessDefinitionXml"] = {[](const CallPtr& c) { send_xml(c, "process-definitions", "processDefinitionKey"); }};
  handlers["searchProcessInstances"] = {searching("process-instances")};
  handlers["searchProcessInstanceChanges"] = {searching("process-instance-changes")};
  handlers["getProcessInstance"] = {getting("process-instances", "processInstanceKey")};
  handlers["searchElementInstances"] = {searching("element-instances")};
  handlers["searchJobs"] = {searching("jobs")};
  handlers["searchIncidents"] = {searching("incidents")};
  handlers["getIncident"] = {getting("incidents", "incidentKey")};
  handlers["searchUserTasks"] = {searching("user-tasks")};
  handlers["getUserTask"] = {getting("user-tasks", "userTaskKey")};
  handlers["searchUserTaskVariables"] = {task_variables};
  handlers["searchVariables"] = {searching("variables")};
  handlers["getVariable"] = {getting("variables", "variableKey")};
  handlers["searchDecisionDefinitions"] = {searching("decision-definitions")};
  handlers["getDecisionDefinitionXml"] = {[](const CallPtr& c) { send_xml(c, "decision-definitions", "decisionDefinitionKey"); }};
  handlers["searchDecisionInstances"] = {searching("decision-instances")};
  handlers["searchMessageSubscriptions"] = {searching("message-subscriptions")};
}

}  // namespace api
