// One function per command: checks everything first, then emits. A refusal has emitted nothing.
#pragma once
#include "engine/behaviour/handlers.h"
#include "engine/engine.h"

namespace engine::commands {

using Outcome = base::Result<Answer>;

Outcome run(Decider&, const Command&, const Deploy&);
Outcome run(Decider&, const Command&, const CreateInstance&);
Outcome run(Decider&, const Command&, const CancelInstance&);
Outcome run(Decider&, const Command&, const ForgetInstance&);
Outcome run(Decider&, const Command&, const ActivateJobs&);
Outcome run(Decider&, const Command&, const CompleteJob&);
Outcome run(Decider&, const Command&, const FailJob&);
Outcome run(Decider&, const Command&, const ThrowJobError&);
Outcome run(Decider&, const Command&, const UpdateJob&);
Outcome run(Decider&, const Command&, const PublishMessage&);
Outcome run(Decider&, const Command&, const ResolveIncident&);
Outcome run(Decider&, const Command&, const SetVariables&);
Outcome run(Decider&, const Command&, const AssignTask&);
Outcome run(Decider&, const Command&, const CompleteTask&);
Outcome run(Decider&, const Command&, const UpdateTask&);
Outcome run(Decider&, const Command&, const EvaluateDecision&);
Outcome run(Decider&, const Command&, const TriggerElement&);
Outcome run(Decider&, const Command&, const ActivateElements&);
Outcome run(Decider&, const Command&, const EvaluateConditions&);
Outcome run(Decider&, const Command&, const ModifyInstance&);
Outcome run(Decider&, const Command&, const MigrateInstance&);
Outcome run(Decider&, const Command&, const SuspendInstance&);
Outcome run(Decider&, const Command&, const ResumeInstance&);
Outcome run(Decider&, const Command&, const BroadcastSignal&);
Outcome run(Decider&, const Command&, const CorrelateMessage&);
Outcome run(Decider&, const Command&, const DeleteResource&);
Outcome run(Decider&, const Command&, const SetRetention&);

// Evicted variables that the command and the step behind it will read (absent.cc).
std::vector<Partition::Absent> absent(const State&, const Command&);
// The root instance that the command is about (absent.cc); 0: none.
Key root_of(const State&, const Command&);
inline constexpr const char* kStartConditions = "start";  // the name under which conditional start events are subscribed
// Timers and subscriptions of the version `before` end, those of `definition` begin; `again`: it is the latest once more, so
// dates that are over do not count.
void open_starts(Decider&, const Program&, Key definition, const Definition* before, bool again = false);
std::uint64_t body_hash(const Command&);  // of everything but the idempotency key

// Packed form of a command's variables ("" for an empty object). Errors: invalid_argument, limit_exceeded.
base::Result<std::string> packed_variables(const base::Json&);
inline std::unexpected<base::Error> not_found(const char* what, Key key) {
  return base::fail(base::ErrorCode::not_found, std::string("no ") + what + " " + std::to_string(key));
}

// For the short time of a migration what would change the instance otherwise is told to come back.
inline std::unexpected<base::Error> being_migrated(Key instance) {
  return base::fail(base::ErrorCode::busy, "process instance " + std::to_string(instance) + " is being migrated", {}, "try again shortly");
}
inline base::Status not_migrating(const Decider& d, Key instance) {
  if (d.s.migrating(instance)) return being_migrated(instance);
  return {};
}
inline std::unexpected<base::Error> is_suspended(const Decider& d, Key instance) {
  return base::fail(base::ErrorCode::conflict, "process instance " + std::to_string(instance) + " is suspended", {},
                    "resume process instance " + std::to_string(d.s.root_of(instance)->key) + " first");
}

}  // namespace engine::commands
