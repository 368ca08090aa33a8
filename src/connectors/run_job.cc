#include "base/json_schema.h"
#include "base/packed.h"
#include "connectors/host.h"

namespace connectors {
namespace {

class Effects final : public EffectsPort {
 public:
  Effects(const engine::ActivatedJob& job, const Ports& ports, std::uint64_t position) : job_(job), ports_(ports), position_(position) {}
  base::Status note(const std::string& kind, const std::string& key, const std::string& text) override {
    if (!ports_.note_effect) return {};
    return ports_.note_effect({job_.authority, kind, key, text, job_.root_instance, position_, ports_.clock == nullptr ? 0 : ports_.clock->now()});
  }

 private:
  const engine::ActivatedJob& job_;
  const Ports& ports_;
  std::uint64_t position_;
};

}  // namespace

Outcome run_job(const engine::ActivatedJob& taken, const Ports& ports, std::uint64_t position) {
  const Connector* connector = find(taken.type);
  if (connector == nullptr) return Outcome::broken("no connector has the job type '" + taken.type + "'");
  auto input = taken.variables.empty() ? base::Result<base::Json>(base::Json::object()) : base::unpack(taken.variables);
  if (!input) return Outcome::broken("variables cannot be read: " + input.error().message);
  if (const auto faults = base::check_schema(connector->input_schema(), *input); !faults.empty())
    return Outcome::broken("input of " + taken.type + ": " + (faults[0].pointer.empty() ? std::string() : faults[0].pointer + " ") + faults[0].message);
  Effects effects(taken, ports, position);
  Job job;
  job.authority = taken.authority;
  job.idempotency_key = "job:" + std::to_string(taken.job);
  job.instance = taken.root_instance != 0 ? taken.root_instance : taken.instance;
  job.key_slot = taken.key_slot;
  job.input = std::move(*input);
  if (auto headers = base::parse_json(taken.headers_json.empty() ? "{}" : taken.headers_json); headers) job.headers = std::move(*headers);
  job.retries = taken.retries;
  job.clock = ports.clock;
  job.ledger = ports.ledger;
  job.cases = ports.cases;
  job.systems = ports.systems;
  job.effects = &effects;
  job.http = ports.http;
  return connector->run(job);
}

engine::Command answer_command(const engine::ActivatedJob& job, const Outcome& outcome) {
  engine::Command command{job.authority, "connector:" + job.type, {}, engine::CompleteJob{job.job, outcome.variables}};
  if (outcome.kind == Outcome::Kind::bpmn_error) command.body = engine::ThrowJobError{job.job, outcome.code, outcome.message, outcome.variables};
  if (outcome.kind == Outcome::Kind::failed) {
    const int less = job.retries > 0 ? job.retries - 1 : 0;
    const int retries = outcome.hopeless ? 0 : outcome.keeps_retries ? job.retries : less;
    command.body = engine::FailJob{job.job, retries, outcome.message, outcome.back_off_ms, base::Json::object()};
  }
  return command;
}

}  // namespace connectors
