// The body of a command as bytes, for telling a repeated command from another one under the same key.
#include <xxhash.h>

#include "engine/commands/commands.h"

namespace engine::commands {

namespace {

struct Bytes {
  base::Writer out;
  void add(const std::string& v) { out.text(v); }
  void add(const base::Json& v) { out.text(base::pack(v)); }
  void add(std::int64_t v) { out.zigzag(v); }
  template <class... T> void all(const T&... v) { (add(v), ...); }
  void add(std::uint64_t v) { out.varint(v); }
  void add(int v) { out.zigzag(v); }
  void add(bool v) { out.u8(v); }

  void operator()(const Deploy& c) { for (const Resource& r : c.resources) all(r.name, r.content); all(c.lenient, c.strict); }
  void operator()(const CreateInstance& c) {
    all(c.process_id, c.definition_key, c.version, c.variables, c.business_key);
    for (const std::string& id : c.start_elements) add(id);
  }
  void operator()(const CancelInstance& c) { all(c.instance); }
  void operator()(const ForgetInstance& c) { all(c.instance); }
  void operator()(const ActivateJobs& c) { all(c.type, c.worker, c.timeout_ms, c.max); }
  void operator()(const CompleteJob& c) { all(c.job, c.variables, c.result); }
  void operator()(const FailJob& c) { all(c.job, c.retries, c.message, c.back_off_ms, c.variables); }
  void operator()(const ThrowJobError& c) { all(c.job, c.code, c.message, c.variables); }
  void operator()(const UpdateJob& c) { all(c.job, c.retries, c.timeout_ms); }
  void operator()(const PublishMessage& c) { all(c.name, c.correlation_key, c.message_id, c.ttl_ms, c.variables); }
  void operator()(const ResolveIncident& c) { all(c.incident); }
  void operator()(const SetVariables& c) { all(c.scope, c.variables, c.local); }
  void operator()(const AssignTask& c) { all(c.task, c.assignee, c.allow_override); }
  void operator()(const CompleteTask& c) { all(c.task, c.variables, c.action); }
  void operator()(const UpdateTask& c) { all(c.task, c.changes); }
  void operator()(const EvaluateDecision& c) { all(c.decision_id, c.variables); }
  void operator()(const TriggerElement& c) { all(c.instance, c.scope, c.element, c.variables); }
  void operator()(const ActivateElements& c) {
    all(c.element_instance, c.variables);
    for (const std::string& id : c.elements) add(id);
  }
  void operator()(const EvaluateConditions& c) { all(c.process_id, c.variables); }
  void add(const std::vector<ScopeVariables>& v) {
    out.varint(v.size());
    for (const ScopeVariables& one : v) all(one.scope, one.variables);
  }
  void operator()(const ModifyInstance& c) {
    add(c.instance);
    for (const auto& one : c.activate) all(1, one.element, one.ancestor, one.after, one.variables);
    for (const auto& one : c.move) all(2, one.from, one.to, one.after, one.variables);
    for (const auto& one : c.terminate) all(3, one.element_instance, one.element);
  }
  void operator()(const MigrateInstance& c) {
    all(c.instance, c.definition, c.dry_run);
    for (const ElementMapping& one : c.mapping) all(one.source, one.target);
  }
  void operator()(const SuspendInstance& c) { all(c.instance); }
  void operator()(const ResumeInstance& c) { all(c.instance); }
  void operator()(const BroadcastSignal& c) { all(c.name, c.variables); }
  void operator()(const CorrelateMessage& c) { all(c.name, c.correlation_key, c.variables); }
  void operator()(const DeleteResource& c) { all(c.key); }
  void operator()(const SetRetention& c) { all(c.process_id, c.period); }
};

}  // namespace

std::uint64_t body_hash(const Command& command) {
  Bytes bytes;
  bytes.add(static_cast<int>(command.body.index()));
  std::visit(bytes, command.body);
  return XXH3_64bits(bytes.out.bytes().data(), bytes.out.size());
}

}  // namespace engine::commands
