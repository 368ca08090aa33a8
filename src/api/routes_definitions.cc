// Definitions beyond deploying and searching: deletion, forms, and how long finished cases are kept.
#include "api/call.h"
#include "bpmn/model.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

// The latest form of an id as {formKey, formId, version, schema, tenantId}.
base::Result<Json> form_of(const Call& call, const std::string& id) {
  if (id.empty()) return base::fail(ErrorCode::not_found, "it has no form of its own", {}, "zeebe:formDefinition formId");
  Json request = Json::Object{{"filter", Json::Object{{"formId", id}}}, {"sort", Json::Array{Json::Object{{"field", "version"}, {"order", "DESC"}}}}, {"page", Json::Object{{"limit", 1}}}};
  TRY(const Json found, call.read().search("forms", request, call.authority(), call.at_least));
  if (found["items"].size() == 0) return base::fail(ErrorCode::not_found, "no form '" + id + "' is deployed");
  Json form = found["items"].as_array()[0];
  TRY(std::string schema, call.read().definition_xml(std::atoll(form["formKey"].string_or("0").c_str()), call.authority()));
  form.set("schema", std::move(schema));
  form.erase("resourceName");
  return form;
}

base::Result<Json> task_form(const Call& call) {
  TRY(const Json task, call.read().get("user-tasks", call.key("userTaskKey"), call.authority(), call.at_least));
  return form_of(call, task["formId"].string_or(""));
}

base::Result<Json> start_form(const Call& call) {
  const engine::Key key = call.key("processDefinitionKey");
  TRY(const Json definition, call.read().get("process-definitions", key, call.authority(), call.at_least));
  TRY(const std::string xml, call.read().definition_xml(key, call.authority()));
  TRY(const auto model, bpmn::read(xml, definition["resourceName"].string_or("")));
  const std::string process = definition["processDefinitionId"].string_or("");
  for (const bpmn::Node& node : model->nodes)
    if (node.type == bpmn::ElementType::start_event && node.parent < 0 && node.process >= 0 && model->processes[static_cast<std::size_t>(node.process)].id == process && !node.zeebe.form_id.empty())
      return form_of(call, node.zeebe.form_id);
  return form_of(call, "");
}

void remove(const CallPtr& call) {
  submit(call, engine::DeleteResource{call->key("resourceKey")}, [](const CallPtr& c, engine::Answer a) {
    a.body.set("tenantId", c->authority());
    c->json(a.body);
  });
}

base::Result<Json> retention(const Call& call) {
  TRY(const Json found, call.read().search("retention", Json::Object{{"page", Json::Object{{"limit", 1000}}}}, call.authority(), call.at_least));
  Json items = Json::array();
  for (const Json& row : found["items"].as_array())
    items.push(Json::Object{{"processDefinitionId", row["processDefinitionId"]}, {"period", row["period"]}, {"setBy", row["setBy"]}, {"setAt", row["setAt"]}});
  return Json::Object{{"items", std::move(items)}};
}

void license(const CallPtr& call) { call->json(Json::Object{{"validLicense", true}, {"licenseType", "Apache-2.0"}, {"isCommercial", false}}); }

}  // namespace

void add_definitions(Handlers& handlers) {
  handlers["license"] = {license, On::connection};
  handlers["deleteResource"] = {remove, On::connection};
  handlers["getProcessDefinitionForm"] = {[](const CallPtr& call) { answer(call, start_form(*call)); }};
  handlers["getUserTaskForm"] = {[](const CallPtr& call) { answer(call, task_form(*call)); }};
  handlers["listRetention"] = {[](const CallPtr& call) { answer(call, retention(*call)); }};
  handlers["setRetention"] = {[](const CallPtr& call) {
    submit(call, engine::SetRetention{call->body["processDefinitionId"].string_or(""), call->body["period"].string_or("")}, done);
  }};
}

}  // namespace api
