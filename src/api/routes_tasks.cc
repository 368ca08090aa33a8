// /api/tasks: user tasks with the reason why they came to a person (docs/api.md: begrundelse, fund, handlinger).
#include <algorithm>

#include "api/decision_view.h"
#include "api/views.h"
#include "base/text.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr std::size_t kTasksSearched = 5'000;  // with words in q, this many tasks are looked through

Json or_null(const Json& value) { return value.is_string() && value.as_string().empty() ? Json() : value; }

Json task_item(const Json& row, const Json& variables, const Titles& titles) {
  const std::string process = row["processDefinitionId"].string_or("");
  const std::string slug = titles.slug(process);
  const std::string element = row["elementId"].string_or("");
  const std::string name = row["name"].string_or("");
  Json out = Json::object();
  out.set("userTaskKey", row["userTaskKey"]);
  out.set("title", name.empty() ? element : name);
  const std::string reason = variables["begrundelse"].string_or("");
  out.set("reason", reason.substr(0, reason.find('\n')));
  out.set("workflow", titles.title(process));
  out.set("slug", slug.empty() ? Json() : Json(slug));
  out.set("elementId", element);
  out.set("processInstanceKey", row["processInstanceKey"]);
  out.set("created", row["creationDate"]);
  out.set("due", or_null(row["dueDate"]));
  out.set("assignee", or_null(row["assignee"]));
  out.set("candidateGroups", row["candidateGroups"].is_array() ? row["candidateGroups"] : Json::array());
  out.set("priority", row["priority"].int_or(50));
  out.set("state", row["state"]);
  return out;
}

// What the task's input mappings made comes with its row; "slettet" where the case was forgotten.
const Json& task_variables(const Json& row) { return row["localVariables"]; }

std::int64_t parameter(const Call& call, std::string_view name, std::int64_t otherwise) {
  const std::string& text = call.request.parameter(name);
  return text.empty() ? otherwise : std::atoll(text.c_str());
}

base::Result<Json> list(const Call& call) {
  const std::string words = base::lower(call.request.parameter("q"));
  const std::string& state = call.request.parameter("state");
  Json filter = Json::Object{{"state", state.empty() ? "CREATED" : state}};
  if (const std::string& assignee = call.request.parameter("assignee"); !assignee.empty()) filter.set("assignee", assignee);
  const auto limit = parameter(call, "limit", 50), offset = parameter(call, "offset", 0);
  const Titles titles(call);
  Json request = Json::object();
  request.set("filter", filter);
  // What is due first comes first; what has no due date comes last, the oldest first.
  request.set("sort", Json::Array{Json::Object{{"field", "dueDate"}, {"order", "ASC"}}, Json::Object{{"field", "creationDate"}, {"order", "ASC"}}});
  request.set("page", Json::Object{{"from", words.empty() ? offset : 0}, {"limit", words.empty() ? limit : std::int64_t{1000}}});
  Json items = Json::array();
  std::int64_t total = 0;
  if (words.empty()) {
    TRY(const Json page, call.read().search("user-tasks", request, call.authority(), call.at_least));
    total = page["page"]["totalItems"].int_or(static_cast<std::int64_t>(page["items"].size()));
    for (const Json& row : page["items"].as_array()) {
      items.push(task_item(row, task_variables(row), titles));
    }
  } else {
    TRY(const Json rows, all_rows(call, "user-tasks", filter, kTasksSearched, request["sort"]));
    for (const Json& row : rows.as_array()) {
      Json item = task_item(row, task_variables(row), titles);
      const std::string text = base::lower(item["title"].string_or("") + "\n" + item["reason"].string_or("") + "\n" + item["workflow"].string_or(""));
      if (text.find(words) == std::string::npos) continue;
      if (total++ >= offset && static_cast<std::int64_t>(items.size()) < limit) items.push(std::move(item));
    }
  }
  return Json::Object{{"items", std::move(items)}, {"total", total}};
}

base::Result<Json> get(const Call& call) {
  TRY(const Json row, call.read().get("user-tasks", call.key("userTaskKey"), call.authority(), call.at_least));
  const Json& variables = task_variables(row);
  const std::string instance = row["processInstanceKey"].string_or("");
  const engine::Key key = std::atoll(instance.c_str());
  Json out = task_item(row, variables, Titles(call));
  out.set("reason", variables["begrundelse"].string_or(""));
  out.set("findings", variables["fund"].is_array() ? variables["fund"] : Json::array());
  out.set("actions", variables["handlinger"].is_array() ? variables["handlinger"] : Json::array());
  TRY(Json seen, variables_by_name(call, Json::Object{{"userTaskKey", row["userTaskKey"]}}));
  for (const char* shown : {"begrundelse", "fund", "handlinger"}) seen.erase(shown);
  out.set("variables", std::move(seen));
  TRY(Json documents, call.services.rooms.cases.documents(call.authority(), key));
  out.set("documents", std::move(documents));
  TRY(Json notes, call.services.rooms.cases.notes(call.authority(), key));
  out.set("notes", std::move(notes));
  TRY(Json decisions, decisions_before_task(call, row));
  out.set("decisions", std::move(decisions));
  return out;
}

// The action must be one that the task offers, and have the reason it asks for.
base::Status check_action(const Json& actions, const std::string& action, const std::string& reason) {
  if (!actions.is_array() || actions.size() == 0) return {};
  std::vector<std::string> values;
  for (const Json& a : actions.as_array()) {
    values.push_back(a["value"].string_or(""));
    if (values.back() != action) continue;
    if (a["needsReason"].bool_or(false) && base::trim(reason).empty())
      return base::fail(ErrorCode::invalid_argument, "this action needs a reason", {.pointer = "/reason"}, "write why");
    return {};
  }
  return base::fail(ErrorCode::invalid_argument, "the task does not offer this action", {.pointer = "/action"}, "one of: " + base::join(values, ", "));
}

void complete(const CallPtr& call) {
  const std::string action = call->body["action"].as_string(), reason = call->body["reason"].string_or("");
  auto row = call->read().get("user-tasks", call->key("userTaskKey"), call->authority(), call->at_least);
  if (!row) return call->fail(row.error());
  if (auto ok = check_action(task_variables(*row)["handlinger"], action, reason); !ok) return call->fail(ok.error());
  Json given = call->body["variables"].is_object() ? call->body["variables"] : Json::object();
  given.set("afgoerelse", Json::Object{{"handling", action}, {"begrundelse", reason}, {"af", call->person.user}});
  submit(call, engine::CompleteTask{call->key("userTaskKey"), std::move(given), action, 10'000}, done);
}

void assign(const CallPtr& call) {
  submit(call, engine::AssignTask{call->key("userTaskKey"), call->body["assignee"].string_or(""), true, 10'000}, done);
}

}  // namespace

void add_tasks(Handlers& handlers) {
  handlers["listTasks"] = {[](const CallPtr& call) { answer(call, list(*call)); }};
  handlers["getTask"] = {[](const CallPtr& call) { answer(call, get(*call)); }};
  handlers["completeTask"] = {complete};
  handlers["assignTask"] = {assign, On::connection};
}

}  // namespace api
