// The room's door: commands in, answers out after they are durable. See README.md and partition.h for the invariants.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/random.h"
#include "base/storage.h"
#include "store/keys.h"

namespace engine {

using Key = std::int64_t;  // timeline and partition in the high bits, then a counter; fits 2^53 for JSON clients

struct Resource { std::string name, content; };       // .bpmn, .dmn, .form
struct Deploy { std::vector<Resource> resources; bool lenient = false; bool strict = false; };
struct CreateInstance {
  std::string process_id; Key definition_key = 0; int version = -1;
  base::Json variables = base::Json::object();
  std::string business_key;
  std::vector<std::string> start_elements;            // empty: the none start event
  // Answer when the instance has ended, with its variables. Errors: timed_out (it goes on), conflict (it was stopped).
  bool await = false;
  base::Millis request_timeout_ms = 10'000;           // of await
};
struct CancelInstance { Key instance = 0; };
// Root instance: cancels if active, destroys its key, clears projections. `slot`: of an instance that is no longer active,
// looked up in the projection by the Engine (which has checked the authority); callers leave it 0.
struct ForgetInstance { Key instance = 0; store::KeySlot slot = 0; };
struct ActivateJobs {
  std::string type, worker; base::Millis timeout_ms = 60'000; int max = 32;
  base::Millis request_timeout_ms = 0;                // long poll: answer when there is a job or the time is up
  std::vector<std::string> fetch;                     // only these variables; empty: all that is visible
};
// result: of a task listener, {denied, deniedReason, corrections: {assignee, dueDate, followUpDate, candidateGroups, candidateUsers, priority}}.
// Of an ad-hoc sub-process's job, {activateElements: [{elementId, variables}], isCompletionConditionFulfilled, isCancelRemainingInstances}.
struct CompleteJob { Key job = 0; base::Json variables = base::Json::object(); base::Json result = {}; };
struct FailJob { Key job = 0; int retries = 0; std::string message; base::Millis back_off_ms = 0; base::Json variables = base::Json::object(); };
struct ThrowJobError { Key job = 0; std::string code, message; base::Json variables = base::Json::object(); };
struct UpdateJob { Key job = 0; int retries = -1; base::Millis timeout_ms = -1; };
struct PublishMessage { std::string name, correlation_key, message_id; base::Millis ttl_ms = 0; base::Json variables = base::Json::object(); };
struct ResolveIncident { Key incident = 0; };
struct SetVariables { Key scope = 0; base::Json variables = base::Json::object(); bool local = false; };
// wait_ms: of a task with listeners, answer when they are through (conflict: denied; timed_out: they still run); 0 = at once.
struct AssignTask { Key task = 0; std::string assignee; bool allow_override = true; base::Millis wait_ms = 0; };   // "" = unassign
struct CompleteTask { Key task = 0; base::Json variables = base::Json::object(); std::string action = {}; base::Millis wait_ms = 0; };
struct UpdateTask { Key task = 0; base::Json changes; base::Millis wait_ms = 0; };  // dueDate, followUpDate, priority, candidateGroups
struct EvaluateDecision { std::string decision_id; base::Json variables = base::Json::object(); };
// What an outside trigger may do to a waiting element or a subscription by name; used by tests and modellers through
// lenient deployments (token simulation): completes a wait, fires a boundary or catch event of that element.
struct TriggerElement { Key instance = 0; Key scope = 0; std::string element; base::Json variables = base::Json::object(); };

// Tokens for elements of an ad-hoc sub-process that is open, whose element instance this is.
struct ActivateElements { Key element_instance = 0; std::vector<std::string> elements; base::Json variables = base::Json::object(); };
// Starts an instance of every process (or of one) whose conditional start event holds for these variables.
struct EvaluateConditions { std::string process_id; base::Json variables = base::Json::object(); };

// ---- What people change in instances that run (src/engine/change/) -------------------------------------------------------
struct ScopeVariables { std::string scope; base::Json variables = base::Json::object(); };  // scope: element id; "" = the process
// A token for the element. Scopes around it that are not there are made, with their variables; `ancestor`: the element
// instance in which it is to be (0: the only one there is). after: not the element itself, but what follows it.
struct ActivateInstruction { std::string element; Key ancestor = 0; bool after = false; std::vector<ScopeVariables> variables; };
struct TerminateInstruction { Key element_instance = 0; std::string element; };             // either one, or all of an element
// One token at `to` for each instance of `from`, in the innermost scope around it that also holds `to`.
struct MoveInstruction { std::string from, to; bool after = false; std::vector<ScopeVariables> variables; };
// Checked wholly before anything happens; activate, then move, then terminate. At most limits::kModificationInstructions.
struct ModifyInstance {
  Key instance = 0; std::vector<ActivateInstruction> activate; std::vector<MoveInstruction> move; std::vector<TerminateInstruction> terminate;
};
// source → target element; "" as target: the event is not kept, its namesake is opened anew.
struct ElementMapping { std::string source, target; };
// The instance goes on by another definition. Elements without a mapping keep their id. dry_run: Answer.body says what
// would happen and what does not fit, and nothing is written.
struct MigrateInstance { Key instance = 0, definition = 0; std::vector<ElementMapping> mapping; bool dry_run = false; };
struct SuspendInstance { Key instance = 0; };       // a root instance, with all that it called
struct ResumeInstance { Key instance = 0; };

struct BroadcastSignal { std::string name; base::Json variables = base::Json::object(); };
// A message that must meet somebody now: body {processInstanceKey}; not_found where nothing waits for it.
struct CorrelateMessage { std::string name, correlation_key; base::Json variables = base::Json::object(); };
// A process definition, a form, or a file of decisions. Errors: not_found, conflict (instances are active; says how many).
struct DeleteResource { Key key = 0; };
// How long finished root instances are kept: period in ISO 8601 ("P5Y"), "" = nothing said any more. process_id "" = of all
// processes that have no period of their own.
struct SetRetention { std::string process_id, period; };

struct Command {
  std::string authority;        // CVR
  std::string actor;            // who did it: user id, "connector:oioubl:read", "timer"
  std::string idempotency_key;  // "" = none
  std::variant<Deploy, CreateInstance, CancelInstance, ForgetInstance, ActivateJobs, CompleteJob, FailJob, ThrowJobError,
               UpdateJob, PublishMessage, ResolveIncident, SetVariables, AssignTask, CompleteTask, UpdateTask,
               EvaluateDecision, TriggerElement, ActivateElements, EvaluateConditions, BroadcastSignal, CorrelateMessage,
               DeleteResource, SetRetention, ModifyInstance, MigrateInstance, SuspendInstance, ResumeInstance> body;
};

struct ActivatedJob {
  Key job = 0, instance = 0, root_instance = 0, element_instance = 0, definition = 0;
  int version = 0, retries = 0;
  base::Millis deadline = 0;
  std::string type, process_id, element_id, authority;
  std::string headers_json;     // object text
  std::string variables;        // packed object (base/packed.h): what is visible from the job
  store::KeySlot key_slot = 0;  // of the root instance, for what the worker stores
  // Of a listener: what it listens to ("start", "completing" …), "" = an ordinary job. Of a task listener: the change.
  std::string listener;
  bool of_task = false;
  base::Json user_task = {};         // {userTaskKey, assignee, action, changes}
  int priority = 0;
};

struct Answer {
  Key key = 0;                  // of what the command made or changed
  base::Json body;              // REST shape of the operation where it has one (deployments, evaluation), else null
  std::vector<ActivatedJob> jobs;
  store::KeySlot key_slot = 0;  // CreateInstance: of the instance, for what the caller stores with it (also on a repeated command)
  std::uint64_t position = 0;   // journal position of the last event: what a read must have reached
  bool pending = false;         // the change of a task waits for its listeners
  std::string variables;        // packed, of an instance that was waited for (CreateInstance::await)
};

struct Options {
  std::string folder;                         // data folder
  bool projector = true;                      // false: engine only (bench, simulator)
  std::uint64_t segment_bytes = 64u << 20;
  base::Millis checkpoint_every_ms = 10'000;
  bool sync = true;                           // false only in tests that say so
  base::Clock* clock = nullptr;               // default: the system's
  base::Random* random = nullptr;
  base::Storage* storage = nullptr;
  std::uint64_t resident_payload_bytes = 0;   // variables of instances beyond this leave memory; 0: none does
  std::string retention;                      // of authorities that have said nothing: ISO 8601 period, "" = for ever
  bool manual = false;                        // no threads: the caller pumps (tests, scenarios, simulation)
};

struct Metrics {
  std::uint64_t position = 0, projected = 0, commands = 0, events = 0, syncs = 0, journal_bytes = 0;
  std::uint64_t instances_active = 0, jobs_waiting = 0, incidents = 0, timers = 0;
  std::uint64_t payload_bytes = 0;            // variables in memory
  std::uint64_t payloads_evicted = 0, payload_faults = 0;  // since the start: left memory; were needed before they were asked for
  bool failed = false;                        // the journal or the projection has stopped for good (a full disk): start again
};

class ReadSide;                               // engine/query.h

class Engine {
 public:
  static base::Result<std::unique_ptr<Engine>> open(Options);
  virtual ~Engine() = default;                // stops threads; nothing acknowledged is lost
  // `done` runs on an engine thread after the events are synced; it must not block.
  virtual void submit(Command, std::function<void(base::Result<Answer>)> done) = 0;
  base::Result<Answer> call(Command);         // blocks; in manual mode pumps until answered
  virtual bool manual() const = 0;
  // Manual mode: runs everything that can run now (commands, ready steps, due timers), syncs, projects.
  virtual base::Status pump() = 0;
  // Manual mode: the next moment at which a timer, retry or time-out is due; -1 = none.
  virtual base::Millis next_due() const = 0;
  virtual ReadSide& read() = 0;
  virtual store::Keys& keys() = 0;
  virtual base::Status checkpoint() = 0;      // now, and wait for it
  virtual Metrics metrics() const = 0;
  // Canonical dump of the state: ordered by key, text, what is resident or evicted left out (invariant 3).
  virtual std::string dump() const = 0;
  // Replays journal and checkpoint from disk into a fresh state and gives its dump (invariant 3's test).
  virtual base::Result<std::string> replayed_dump() = 0;
  // Is called (engine thread) when jobs of some type may have become available.
  virtual void on_jobs(std::function<void(std::string_view type)>) = 0;
  // Is called (projector's or pumping thread) when an instance was forgotten, by whom ever: what else knows it forgets it too.
  virtual void on_forgotten(std::function<void(const std::string& authority, Key instance)>) = 0;
};

}  // namespace engine
