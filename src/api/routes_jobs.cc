// Jobs to workers: asked for (activation, long poll) and pushed (server-sent events).
#include <algorithm>

#include "api/call.h"
#include "base/packed.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

Json job_json(const engine::ActivatedJob& job, const std::vector<std::string>& wanted, const std::string& worker) {
  Json variables = Json::object();
  if (auto all = base::unpack(job.variables); all && all->is_object()) {
    if (wanted.empty()) variables = std::move(*all);
    else
      for (const auto& name : wanted)
        if (const Json* value = all->find(name)) variables.set(name, *value);
  }
  auto headers = base::parse_json(job.headers_json.empty() ? "{}" : job.headers_json);
  Json out = Json::object();
  out.set("jobKey", std::to_string(job.job));
  out.set("type", job.type);
  out.set("processInstanceKey", std::to_string(job.instance));
  out.set("rootProcessInstanceKey", std::to_string(job.root_instance));
  out.set("processDefinitionId", job.process_id);
  out.set("processDefinitionVersion", job.version);
  out.set("processDefinitionKey", std::to_string(job.definition));
  out.set("elementId", job.element_id);
  out.set("elementInstanceKey", std::to_string(job.element_instance));
  out.set("customHeaders", headers ? std::move(*headers) : Json::object());
  out.set("worker", worker);
  out.set("retries", job.retries);
  out.set("deadline", static_cast<std::int64_t>(job.deadline));
  out.set("priority", job.priority);
  out.set("variables", std::move(variables));
  out.set("tenantId", job.authority);
  out.set("kind", job.listener.empty() ? "BPMN_ELEMENT" : job.of_task ? "TASK_LISTENER" : "EXECUTION_LISTENER");
  out.set("listenerEventType", job.listener.empty() ? std::string("UNSPECIFIED") : upper(job.listener));
  if (job.of_task) out.set("userTask", job.user_task);
  return out;
}

void activate_jobs(const CallPtr& call) {
  const Json& b = call->body;
  engine::ActivateJobs command;
  command.type = b["type"].as_string();
  command.worker = b["worker"].string_or("");
  command.timeout_ms = b["timeout"].as_int();
  command.max = static_cast<int>(b["maxJobsToActivate"].as_int());
  if (b["fetchVariable"].is_array())
    for (const Json& name : b["fetchVariable"].as_array()) command.fetch.push_back(name.as_string());
  // 0 = the server's own patience, negative = do not wait (as Camunda 8).
  constexpr std::int64_t kPatience = 10'000, kLongest = 60'000;
  const std::int64_t asked = b["requestTimeout"].int_or(-1);
  command.request_timeout_ms = asked < 0 ? 0 : asked == 0 ? kPatience : std::min(asked, kLongest);
  if (command.type.empty()) return call->fail({ErrorCode::invalid_argument, "/type is empty", {.pointer = "/type"}, {}});
  submit(call, std::move(command), [](const CallPtr& c, engine::Answer a) {
    // Unpacking variables is work for our threads, not for the engine's.
    c->services.http->work([c, a = std::make_shared<engine::Answer>(std::move(a))] {
      std::vector<std::string> wanted;
      if (c->body["fetchVariable"].is_array())
        for (const Json& name : c->body["fetchVariable"].as_array()) wanted.push_back(name.as_string());
      Json jobs = Json::array();
      for (const auto& job : a->jobs) jobs.push(job_json(job, wanted, c->body["worker"].string_or("")));
      c->json(Json::Object{{"jobs", std::move(jobs)}});
    });
  });
}

// One worker that is listening. It asks the engine like a long poll does, and again when it is answered, so it stands in the
// same line as the pollers and no thread waits. What cannot be handed over goes back at once.
class JobStream : public std::enable_shared_from_this<JobStream> {
 public:
  JobStream(CallPtr call, engine::ActivateJobs ask, std::vector<std::string> wanted) : call_(std::move(call)), ask_(std::move(ask)), wanted_(std::move(wanted)) {}

  void start() {
    events_ = call_->reply->stream();
    call_->reply.reset();  // it holds the connection: only the stream may, which lets go when it is closed
    if (events_) ask();
  }

 private:
  engine::Command command(decltype(engine::Command::body) body) const { return {call_->person.authority, call_->person.user, {}, std::move(body)}; }

  void ask() {
    if (!events_->open()) return;
    call_->services.rooms.engine.submit(command(ask_), [self = shared_from_this()](base::Result<engine::Answer> answer) {
      auto got = std::make_shared<base::Result<engine::Answer>>(std::move(answer));
      self->call_->services.http->work([self, got] { self->deliver(*got); });
    });
  }

  void deliver(const base::Result<engine::Answer>& answer) {
    if (!answer) {  // the engine stops or has too much to do: whoever listens is told, and comes again
      events_->send("error", problem_body(answer.error()).dump());
      return;
    }
    for (const auto& job : answer->jobs)
      if (!events_->send("job", job_json(job, wanted_, ask_.worker).dump())) give_back(job);
    ask();
  }

  void give_back(const engine::ActivatedJob& job) {
    engine::FailJob back;
    back.job = job.job;
    back.retries = std::max(1, job.retries);
    back.message = "the worker stopped listening before it had the job";
    call_->services.rooms.engine.submit(command(std::move(back)), [](const base::Result<engine::Answer>&) {});
  }

  const CallPtr call_;
  const engine::ActivateJobs ask_;
  const std::vector<std::string> wanted_;
  std::shared_ptr<EventStream> events_;
};

void stream_jobs(const CallPtr& call) {
  const Request& request = call->request;
  constexpr base::Millis kRound = 30'000;  // how long one asking waits; then the stream asks again, or sees that it is closed
  const auto number = [&](const char* name, std::int64_t otherwise) {
    const std::string& text = request.parameter(name);
    return text.empty() ? otherwise : std::atoll(text.c_str());
  };
  engine::ActivateJobs ask;
  ask.type = request.parameter("type");
  ask.worker = request.parameter("worker");
  ask.timeout_ms = number("timeout", 60'000);
  ask.max = static_cast<int>(number("max", 32));
  ask.request_timeout_ms = kRound;
  if (ask.type.empty()) return call->fail({ErrorCode::invalid_argument, "the query parameter 'type' is missing", {}, "?type=the job type"});
  std::vector<std::string> wanted;
  for (const auto& [name, value] : request.query)
    if (name == "fetchVariable") wanted.push_back(value);
  std::make_shared<JobStream>(call, std::move(ask), std::move(wanted))->start();
}

}  // namespace

void add_jobs(Handlers& handlers) {
  handlers["activateJobs"] = {activate_jobs, On::connection};
  handlers["streamJobs"] = {stream_jobs, On::connection};
}

}  // namespace api
