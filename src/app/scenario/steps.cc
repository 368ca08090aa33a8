#include <algorithm>

#include "app/scenario/run.h"
#include "base/time.h"

namespace app::scenario {
namespace {

using base::ErrorCode;
using base::Json;
using base::Status;
using base::YamlDocument;

std::unexpected<base::Error> wrong(const YamlDocument& doc, const std::string& pointer, std::string what, std::string right = {}) {
  return base::fail(ErrorCode::conflict, std::move(what), doc.where(pointer), std::move(right));
}

// Adds the scenario's own place to an error that came from a room.
Status at(const YamlDocument& doc, const std::string& pointer, const Status& status) {
  if (status) return {};
  return wrong(doc, pointer, status.error().text());
}

Status set_systems(World& w, const YamlDocument& doc, const std::string& pointer) {
  const Json& systems = doc.value.at_pointer(pointer);
  if (!systems.is_object()) return {};
  for (const auto& [kind, system] : systems.as_object()) {
    const std::string here = pointer + "/" + kind;
    if (system["tabeller"].is_object())
      for (const auto& [table, rows] : system["tabeller"].as_object()) TRY_VOID(at(doc, here, w.stand_ins().set_table(kind, table, rows)));
    if (const Json* fault = system.find("fejl"))
      TRY_VOID(at(doc, here, w.stand_ins().set_fault(kind, static_cast<int>((*fault)["status"].int_or(503)), (*fault)["antal"].int_or(-1))));
  }
  return {};
}

Json posting_of(const Json& row) {
  Json p = Json::object(), lines = Json::array();
  p.set("idempotencyKey", row["noegle"]);
  p.set("date", row["dato"].string_or("2026-01-02"));
  p.set("text", row["tekst"].string_or("Bogført tidligere"));
  p.set("supplier", row["leverandoer"].string_or("-"));
  p.set("amount", row["beloeb"]);
  p.set("currency", row["valuta"].string_or("DKK"));
  for (const Json& line : row["linjer"].as_array()) {
    Json l = Json::object();
    l.set("account", line["konto"]);
    l.set("debit", line.has("debet") ? line["debet"] : Json(0));
    l.set("credit", line.has("kredit") ? line["kredit"] : Json(0));
    lines.push(std::move(l));
  }
  p.set("lines", std::move(lines));
  return p;
}

base::Result<std::string> corrected(const YamlDocument& doc, const std::string& pointer, std::string text) {
  const Json& changes = doc.value.at_pointer(pointer);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::string& from = changes.as_array()[i]["fra"].as_string();
    const std::string& to = changes.as_array()[i]["til"].as_string();
    if (from.empty() || text.find(from) == std::string::npos) return wrong(doc, pointer + "/" + std::to_string(i), "'" + from + "' does not occur in the document");
    for (std::size_t p = text.find(from); p != std::string::npos; p = text.find(from, p + to.size())) text.replace(p, from.size(), to);
  }
  return text;
}

Status deliver(World& w, const YamlDocument& doc, const std::string& pointer) {
  const Json& step = doc.value.at_pointer(pointer);
  const std::string path = step["fil"].as_string();
  const auto file = w.package().files.find(path);
  if (file == w.package().files.end()) return wrong(doc, pointer + "/fil", "the package has no file '" + path + "'");
  TRY(const std::string text, corrected(doc, pointer + "/ret", file->second));
  return at(doc, pointer, w.deliver(step["navn"].string_or(path.substr(path.rfind('/') + 1)), text));
}

Status start(World& w, const YamlDocument& doc, const std::string& pointer) {
  const Json& step = doc.value.at_pointer(pointer);
  engine::CreateInstance create;
  create.process_id = step["proces"].string_or(w.process_id());
  if (step["variabler"].is_object()) create.variables = step["variabler"];
  auto answer = w.call({kAuthority, "scenario", {}, std::move(create)});
  if (!answer) return wrong(doc, pointer, answer.error().text());
  w.instances.push_back(answer->key);
  return at(doc, pointer, w.settle());
}

Status publish(World& w, const YamlDocument& doc, const std::string& pointer) {
  const Json& step = doc.value.at_pointer(pointer);
  engine::PublishMessage message;
  message.name = step["navn"].as_string();
  message.correlation_key = step["noegle"].string_or("");
  if (step["variabler"].is_object()) message.variables = step["variabler"];
  auto answer = w.call({kAuthority, "scenario", {}, std::move(message)});
  if (!answer) return wrong(doc, pointer, answer.error().text());
  return at(doc, pointer, w.settle());
}

// The one waiting task, of `element` where it is named; of any instance, the newest instance first.
base::Result<Json> the_task(World& w, const YamlDocument& doc, const std::string& pointer) {
  const std::string element = doc.value.at_pointer(pointer)["element"].string_or("");
  for (auto it = w.instances.rbegin(); it != w.instances.rend(); ++it) {
    TRY(const Json tasks, waiting_tasks(w, *it));
    std::vector<Json> fitting;
    for (const Json& t : tasks.as_array())
      if (element.empty() || t["elementId"].string_or("") == element) fitting.push_back(t);
    if (fitting.size() > 1) return wrong(doc, pointer, std::to_string(fitting.size()) + " tasks wait", "name one with 'element'");
    if (fitting.size() == 1) return fitting.front();
  }
  return wrong(doc, pointer, element.empty() ? "no user task waits" : "no user task '" + element + "' waits");
}

Status complete(World& w, const YamlDocument& doc, const std::string& pointer) {
  const Json& step = doc.value.at_pointer(pointer);
  TRY(const Json task, the_task(w, doc, pointer));
  const std::string action = step["handling"].as_string();
  // A person can only choose what the task offers.
  TRY(const Json offered, task_variable(w, task, "handlinger"));
  if (offered.is_array() && std::none_of(offered.as_array().begin(), offered.as_array().end(), [&](const Json& o) { return o["value"].string_or("") == action; }))
    return wrong(doc, pointer + "/handling", "the task does not offer '" + action + "'", offered.dump());
  Json decision = Json::object();
  decision.set("handling", action);
  decision.set("begrundelse", step["begrundelse"].string_or(""));
  decision.set("af", step["af"].string_or("sagsbehandler"));
  engine::CompleteTask done;
  done.task = std::stoll(task["userTaskKey"].is_string() ? task["userTaskKey"].as_string() : task["userTaskKey"].number_text());
  if (step["variabler"].is_object()) done.variables = step["variabler"];
  done.variables.set("afgoerelse", std::move(decision));
  done.action = action;
  auto answer = w.call({kAuthority, step["af"].string_or("sagsbehandler"), {}, std::move(done)});
  if (!answer) return wrong(doc, pointer, answer.error().text());
  return at(doc, pointer, w.settle());
}

Status answer(World& w, const YamlDocument& doc, const std::string& pointer) {
  const Json& step = doc.value.at_pointer(pointer);
  const std::string type = step["type"].as_string();
  if (connectors::find(type) != nullptr) return wrong(doc, pointer + "/type", "'" + type + "' is a connector and answers by itself", "a job type without a connector");
  auto job = w.take_job(type);
  if (!job) return wrong(doc, pointer, job.error().message);
  connectors::Outcome outcome = connectors::Outcome::done(step["svar"].is_object() ? step["svar"] : Json::object());
  if (step.has("fejlkode")) outcome = connectors::Outcome::error(step["fejlkode"].as_string(), step["besked"].string_or(""));
  if (step.has("fejlslag")) outcome = connectors::Outcome::retry(step["fejlslag"].as_string(), 0);
  TRY_VOID(at(doc, pointer, w.answer_job(*job, outcome)));
  return at(doc, pointer, w.settle());
}

}  // namespace

// ISO 8601 durations of days, hours, minutes and seconds: what a clock can be moved by without a calendar.
base::Result<base::Millis> duration_ms(std::string_view text) {
  const auto bad = [&] { return base::fail(ErrorCode::invalid_argument,
      "'" + std::string(text) + "' is no duration of days, hours, minutes and seconds", {}, "for example PT10M or P1DT2H"); };
  std::string_view rest = text;
  if (!rest.starts_with('P') || rest.size() < 3) return bad();
  rest.remove_prefix(1);
  base::Millis total = 0;
  bool time = false;
  while (!rest.empty()) {
    if (rest[0] == 'T' && !time) {
      time = true;
      rest.remove_prefix(1);
      continue;
    }
    base::Millis n = 0;
    std::size_t i = 0;
    for (; i < rest.size() && i < 9 && rest[i] >= '0' && rest[i] <= '9'; ++i) n = n * 10 + (rest[i] - '0');
    if (i == 0 || i == rest.size()) return bad();
    const char unit = rest[i];
    const base::Millis factor = !time && unit == 'D'  ? 86'400'000
                                : !time && unit == 'W' ? 604'800'000
                                : time && unit == 'H'  ? 3'600'000
                                : time && unit == 'M'  ? 60'000
                                : time && unit == 'S'  ? 1'000
                                                       : 0;
    if (factor == 0) return bad();
    total += n * factor;
    rest.remove_prefix(i + 1);
  }
  return total;
}

Status apply_given(World& w, const YamlDocument& doc) {
  TRY_VOID(set_systems(w, doc, "/givet/systemer"));
  const Json& posted = doc.value["givet"]["bogfoert"];
  for (std::size_t i = 0; i < posted.size(); ++i) {
    auto entry = w.ledger().post(kAuthority, 0, posting_of(posted.as_array()[i]));
    if (!entry) return wrong(doc, "/givet/bogfoert/" + std::to_string(i), entry.error().text());
    ++w.posted_before;
  }
  return {};
}

Status run_step(World& w, const YamlDocument& doc, const std::string& pointer) {
  const auto& [kind, value] = doc.value.at_pointer(pointer).as_object().front();
  const std::string here = pointer + "/" + kind;
  if (kind == "dokument") return deliver(w, doc, here);
  if (kind == "start") return start(w, doc, here);
  if (kind == "besked") return publish(w, doc, here);
  if (kind == "opgave") return complete(w, doc, here);
  if (kind == "job") return answer(w, doc, here);
  if (kind == "systemer") return set_systems(w, doc, here);
  if (kind == "genstart") return at(doc, here, w.restart());
  if (kind == "saa") return check_expectations(w, doc, here);
  const auto by = duration_ms(value.string_or(""));
  if (!by) return wrong(doc, here, by.error().message, by.error().remedy);
  return at(doc, here, w.advance(*by));
}

Json variable_value(const Json& row) {
  const Json& v = row["value"];
  if (!v.is_string()) return v;
  auto parsed = base::parse_json(v.as_string());
  return parsed ? *parsed : v;
}

base::Result<Json> waiting_tasks(World& w, engine::Key instance) {
  Json filter = Json::object();
  filter.set("processInstanceKey", std::to_string(instance));
  filter.set("state", "CREATED");
  return w.rows("user-tasks", std::move(filter));
}

base::Result<Json> task_variable(World&, const Json& task, const std::string& name) { return task["localVariables"][name]; }

}  // namespace app::scenario
