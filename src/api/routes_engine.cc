// /v2 writes: the shapes of the Camunda 8 orchestration API to engine commands.
#include <algorithm>

#include "api/multipart.h"
#include "api/views.h"
#include "base/packed.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr base::Millis kListenerPatience = 10'000;  // a change of a task with listeners answers when they are through

Json variables_of(const Json& body) { return body["variables"].is_object() ? body["variables"] : Json::object(); }
engine::Key key_of(const Json& text) { return text.is_string() ? std::atoll(text.as_string().c_str()) : 0; }
std::string text_of(engine::Key key) { return std::to_string(key); }

bool own_tenant(const CallPtr& call) {
  const Json& tenant = call->body["tenantId"];
  if (!tenant.is_string() || tenant.as_string().empty() || tenant.as_string() == "<default>" || tenant.as_string() == call->authority()) return true;
  call->fail({ErrorCode::not_found, "unknown tenant", {.pointer = "/tenantId"}, "leave it out: the signed-in authority is the tenant"});
  return false;
}

// What the engine answers in REST shape already, with what every answer has.
void with_body(const CallPtr& call, engine::Answer answer, const char* key_name) {
  Json body = answer.body.is_object() ? std::move(answer.body) : Json::object();
  if (answer.key != 0 && !body.has(key_name)) body.set(key_name, text_of(answer.key));
  if (!body.has("tenantId")) body.set("tenantId", call->authority());
  call->json(body);
}

void deploy(const CallPtr& call) {
  auto parts = read_multipart(call->request.header("content-type"), call->request.body);
  if (!parts) return call->fail(parts.error());
  engine::Deploy command;
  for (Upload& part : *parts) {
    if (part.field == "tenantId") continue;
    if (part.name.empty()) return call->fail({ErrorCode::invalid_argument, "a part of the deployment has no file name", {}, "filename=\"proces.bpmn\""});
    command.resources.push_back({std::move(part.name), std::move(part.content)});
  }
  if (command.resources.empty())
    return call->fail({ErrorCode::invalid_argument, "the deployment holds no file", {}, "parts named 'resources' with .bpmn, .dmn or .form files"});
  submit(call, std::move(command), [](const CallPtr& c, engine::Answer a) { with_body(c, std::move(a), "deploymentKey"); });
}

// With what the instance ended with. A repeated command's instance may have ended before: then its row tells.
void answer_ended(const CallPtr& call, engine::Answer answer) {
  Json all = Json::object();
  if (answer.variables.empty()) {
    auto rows = variables_by_name(*call, Json::Object{{"scopeKey", text_of(answer.key)}});
    if (!rows) return call->fail(rows.error());
    all = std::move(*rows);
  } else if (auto unpacked = base::unpack(answer.variables); unpacked && unpacked->is_object()) {
    all = std::move(*unpacked);
  }
  const Json& wanted = call->body["fetchVariables"];
  Json variables = wanted.size() == 0 ? std::move(all) : Json::object();
  if (wanted.size() != 0)
    for (const Json& name : wanted.as_array())
      if (const Json* value = all.find(name.as_string())) variables.set(name.as_string(), *value);
  if (!answer.body.is_object()) answer.body = Json::object();
  answer.body.set("variables", std::move(variables));
  with_body(call, std::move(answer), "processInstanceKey");
}

void create_instance(const CallPtr& call) {
  const Json& b = call->body;
  if (!own_tenant(call)) return;
  if (b.has("processDefinitionId") == b.has("processDefinitionKey"))
    return call->fail({ErrorCode::invalid_argument, "exactly one of processDefinitionId and processDefinitionKey must be given", {}, {}});
  engine::CreateInstance command;
  command.process_id = b["processDefinitionId"].string_or("");
  command.definition_key = key_of(b["processDefinitionKey"]);
  command.version = static_cast<int>(b["processDefinitionVersion"].int_or(-1));
  command.variables = variables_of(b);
  command.business_key = b["businessId"].string_or("");
  if (b["startInstructions"].is_array())
    for (const Json& start : b["startInstructions"].as_array()) command.start_elements.push_back(start["elementId"].as_string());
  command.await = b["awaitCompletion"].bool_or(false);
  if (const std::int64_t asked = b["requestTimeout"].int_or(0); asked > 0) command.request_timeout_ms = asked;
  submit(call, std::move(command), [](const CallPtr& c, engine::Answer a) {
    if (c->body["awaitCompletion"].bool_or(false)) return c->services.http->work([c, a = std::make_shared<engine::Answer>(std::move(a))] { answer_ended(c, std::move(*a)); });
    const std::string id = c->body["processDefinitionId"].string_or("");
    const Json variables = variables_of(c->body);
    if (!a.body.is_object()) a.body = Json::object();
    if (!id.empty() && !a.body.has("processDefinitionId")) a.body.set("processDefinitionId", id);
    if (c->body.has("processDefinitionKey") && !a.body.has("processDefinitionKey")) a.body.set("processDefinitionKey", c->body["processDefinitionKey"]);
    if (!a.body.has("variables")) a.body.set("variables", variables);
    with_body(c, std::move(a), "processInstanceKey");
  });
}

void fail_job(const CallPtr& call) {
  const Json& b = call->body;
  submit(call, engine::FailJob{call->key("jobKey"), static_cast<int>(b["retries"].int_or(0)), b["errorMessage"].string_or(""),
      b["retryBackOff"].int_or(0), variables_of(b)}, done);
}

void update_job(const CallPtr& call) {
  const Json& set = call->body["changeset"];
  submit(call, engine::UpdateJob{call->key("jobKey"), static_cast<int>(set["retries"].int_or(-1)), set["timeout"].int_or(-1)}, done);
}

void publish_message(const CallPtr& call) {
  const Json& b = call->body;
  if (!own_tenant(call)) return;
  engine::PublishMessage command{b["name"].as_string(), b["correlationKey"].string_or(""), b["messageId"].string_or(""), b["timeToLive"].int_or(0), variables_of(b)};
  submit(call, std::move(command), [](const CallPtr& c, engine::Answer a) { with_body(c, std::move(a), "messageKey"); });
}

void correlate_message(const CallPtr& call) {
  const Json& b = call->body;
  if (!own_tenant(call)) return;
  submit(call, engine::CorrelateMessage{b["name"].as_string(), b["correlationKey"].string_or(""), variables_of(b)},
      [](const CallPtr& c, engine::Answer a) { with_body(c, std::move(a), "messageKey"); });
}

void broadcast_signal(const CallPtr& call) {
  if (!own_tenant(call)) return;
  submit(call, engine::BroadcastSignal{call->body["signalName"].as_string(), variables_of(call->body)}, [](const CallPtr& c, engine::Answer a) { with_body(c, std::move(a), "signalKey"); });
}

void evaluate_conditionals(const CallPtr& call) {
  if (!own_tenant(call)) return;
  submit(call, engine::EvaluateConditions{call->body["processDefinitionId"].string_or(""), variables_of(call->body)},
      [](const CallPtr& c, engine::Answer a) { with_body(c, std::move(a), "conditionalEvaluationKey"); });
}

// Variables of the activities lie in the ad-hoc sub-process, where all of them see them.
void activate_activities(const CallPtr& call) {
  engine::ActivateElements command;
  command.element_instance = call->key("adHocSubProcessInstanceKey");
  for (const Json& one : call->body["elements"].as_array()) {
    command.elements.push_back(one["elementId"].as_string());
    if (one["variables"].is_object())
      for (const auto& [name, value] : one["variables"].as_object()) command.variables.set(name, value);
  }
  submit(call, std::move(command), done);
}

void update_task(const CallPtr& call) {
  Json changes = Json::object();
  for (const auto& [name, value] : call->body["changeset"].as_object())
    if (!value.is_null()) changes.set(name, value);
  submit(call, engine::UpdateTask{call->key("userTaskKey"), std::move(changes), kListenerPatience}, done);
}

void assign_task(const CallPtr& call) {
  const Json& b = call->body;
  if (b["assignee"].as_string().empty())
    return call->fail({ErrorCode::invalid_argument, "/assignee is empty", {.pointer = "/assignee"},
        "DELETE …/assignee takes the task from its assignee"});
  submit(call, engine::AssignTask{call->key("userTaskKey"), b["assignee"].as_string(), b["allowOverride"].bool_or(true), kListenerPatience}, done);
}

std::vector<engine::ScopeVariables> scope_variables(const Json& instruction) {
  std::vector<engine::ScopeVariables> all;
  if (instruction["variableInstructions"].is_array())
    for (const Json& one : instruction["variableInstructions"].as_array()) all.push_back({one["scopeId"].string_or(""), variables_of(one)});
  return all;
}

void modify_instance(const CallPtr& call) {
  const Json& b = call->body;
  const auto after = [](const Json& one) { return one["position"].string_or("before") == "after"; };
  engine::ModifyInstance command;
  command.instance = call->key("processInstanceKey");
  if (b["activateInstructions"].is_array())
    for (const Json& one : b["activateInstructions"].as_array())
      command.activate.push_back({one["elementId"].as_string(), std::max<engine::Key>(0, key_of(one["ancestorElementInstanceKey"])), after(one), scope_variables(one)});
  if (b["moveInstructions"].is_array())
    for (const Json& one : b["moveInstructions"].as_array()) command.move.push_back({one["sourceElementId"].as_string(), one["targetElementId"].as_string(), after(one), scope_variables(one)});
  if (b["terminateInstructions"].is_array())
    for (const Json& one : b["terminateInstructions"].as_array()) command.terminate.push_back({key_of(one["elementInstanceKey"]), one["elementId"].string_or("")});
  submit(call, std::move(command), done);
}

void migrate_instance(const CallPtr& call) {
  const Json& b = call->body;
  engine::MigrateInstance command;
  command.instance = call->key("processInstanceKey");
  command.definition = key_of(b["targetProcessDefinitionKey"]);
  command.dry_run = b["dryRun"].bool_or(false);
  if (b["mappingInstructions"].is_array())
    for (const Json& one : b["mappingInstructions"].as_array()) command.mapping.push_back({one["sourceElementId"].as_string(), one["targetElementId"].as_string()});
  submit(call, std::move(command), [](const CallPtr& c, engine::Answer a) {
    if (a.body.is_object()) c->json(a.body);
    else done(c, std::move(a));
  });
}

void evaluate(const CallPtr& call) {
  const Json& b = call->body;
  if (!own_tenant(call)) return;
  if (!b.has("decisionDefinitionId")) {
    // The engine asks by id: the key leads to it, within the caller's authority.
    if (!b.has("decisionDefinitionKey")) return call->fail({ErrorCode::invalid_argument, "decisionDefinitionId or decisionDefinitionKey must be given", {}, {}});
    auto row = call->read().get("decision-definitions", key_of(b["decisionDefinitionKey"]), call->authority(), call->at_least);
    if (!row) return call->fail(row.error());
    call->body.set("decisionDefinitionId", (*row)["decisionDefinitionId"]);
  }
  submit(call, engine::EvaluateDecision{call->body["decisionDefinitionId"].string_or(""), variables_of(b)},
      [](const CallPtr& c, engine::Answer a) { with_body(c, std::move(a), "decisionInstanceKey"); });
}

}  // namespace

void add_engine_commands(Handlers& handlers) {
  const auto direct = On::connection;  // the engine takes the command and answers later: nothing here blocks
  handlers["deployResources"] = {deploy, direct};
  handlers["createProcessInstance"] = {create_instance, direct};
  handlers["cancelProcessInstance"] = {[](const CallPtr& c) { submit(c, engine::CancelInstance{c->key("processInstanceKey")}, done); }, direct};
  handlers["modifyProcessInstance"] = {modify_instance, direct};
  handlers["migrateProcessInstance"] = {migrate_instance, direct};
  handlers["suspendProcessInstance"] = {[](const CallPtr& c) { submit(c, engine::SuspendInstance{c->key("processInstanceKey")}, done); }, direct};
  handlers["resumeProcessInstance"] = {[](const CallPtr& c) { submit(c, engine::ResumeInstance{c->key("processInstanceKey")}, done); }, direct};
  handlers["setVariables"] = {[](const CallPtr& c) {
    submit(c, engine::SetVariables{c->key("elementInstanceKey"), variables_of(c->body), c->body["local"].bool_or(false)}, done);
  }, direct};
  handlers["completeJob"] = {[](const CallPtr& c) { submit(c, engine::CompleteJob{c->key("jobKey"), variables_of(c->body), c->body["result"]}, done); }, direct};
  handlers["failJob"] = {fail_job, direct};
  handlers["throwJobError"] = {[](const CallPtr& c) {
    const Json& b = c->body;
    submit(c, engine::ThrowJobError{c->key("jobKey"), b["errorCode"].as_string(), b["errorMessage"].string_or(""), variables_of(b)}, done);
  }, direct};
  handlers["updateJob"] = {update_job, direct};
  handlers["publishMessage"] = {publish_message, direct};
  handlers["correlateMessage"] = {correlate_message, direct};
  handlers["broadcastSignal"] = {broadcast_signal, direct};
  handlers["evaluateConditionals"] = {evaluate_conditionals, direct};
  handlers["activateAdHocActivities"] = {activate_activities, direct};
  handlers["resolveIncident"] = {[](const CallPtr& c) { submit(c, engine::ResolveIncident{c->key("incidentKey")}, done); }, direct};
  handlers["updateUserTask"] = {update_task, direct};
  handlers["assignUserTask"] = {assign_task, direct};
  handlers["unassignUserTask"] = {[](const CallPtr& c) { submit(c, engine::AssignTask{c->key("userTaskKey"), "", true, kListenerPatience}, done); }, direct};
  handlers["completeUserTask"] = {[](const CallPtr& c) {
    submit(c, engine::CompleteTask{c->key("userTaskKey"), variables_of(c->body), c->body["action"].string_or(""), kListenerPatience}, done);
  }, direct};
  handlers["evaluateDecision"] = {evaluate};
}

}  // namespace api
