// What can have happened: one struct per event type, its versioned binary form, and the batch that carries them.
// Everything a later reader needs is in the event: apply, replay and the projector never consult a compiled program.
// Shapes: keys are engine keys (0 = none); `element` and `flow` index the tables of process_deployed, element 0 is the
// process itself; times are milliseconds since the epoch; texts are UTF-8.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/packed.h"
#include "store/keys.h"

namespace engine {

using Key = std::int64_t;
using Index = std::uint32_t;

enum class EventType : std::uint8_t {
#define EVENT(name, number, doc) name = number,
#include "engine/events.def"
#undef EVENT
};
std::string_view name(EventType);
std::string_view documentation(EventType);

// Personal data: sealed with the key of `slot` in the event (base::pack form; "" = nothing). In memory it is plain.
// A destroyed key makes it read as the packed string "slettet" with forgotten = true (also where an object stood).
struct Payload {
  store::KeySlot slot = 0;
  std::string bytes;      // packed JSON: variables are an object, texts a string
  bool forgotten = false;
  bool empty() const { return bytes.empty(); }
};

struct ElementRow { std::string id; std::uint8_t type = 0; Index parent = 0; std::string name; };  // type: bpmn::ElementType, 255 = process
struct Taken { Index flow = 0, target = 0; };

enum class ResourceKind : std::uint8_t { bpmn, dmn, form };
enum class Ending : std::uint8_t { canceled, error, forgotten };
enum class WaitKind : std::uint8_t { message, signal, conditional };
// What a listener's job listens to: start and end of an element, or the changes of a person's task.
enum class ListenerPhase : std::uint8_t { none, start, end, creating, assigning, updating, completing, canceling };
std::string_view name(ListenerPhase);     // as in zeebe:executionListener eventType: "start"
// What follows when an element instance that is being stopped is gone.
enum class Then : std::uint8_t {
  nothing,
  take_event,      // a boundary event (or event sub-process) of it continues: `event` names the element
  complete_scope,  // a terminate end event: the scope counts as completed
  end_error,       // an error that nobody caught ends the instance
  cancel           // a cancel end event: the transaction compensates, then `event`, its cancel boundary event (0 = none), continues
};

namespace ev {

struct resource_deployed {
  Key key = 0; std::string authority, name; ResourceKind kind = ResourceKind::bpmn; bool lenient = false, strict = false;
  std::uint64_t digest = 0; std::string content;
};
struct process_deployed {
  Key key = 0, resource = 0; std::string authority, process_id, name, version_tag; std::uint32_t version = 0;
  std::vector<ElementRow> elements; std::vector<std::string> flows; std::string actor;
};
struct decision_deployed { Key key = 0, resource = 0; std::string authority, decision_id, name, drg_id, drg_name; std::uint32_t version = 0; };
struct form_deployed { Key key = 0, resource = 0; std::string authority, form_id; std::uint32_t version = 0; };

struct instance_created {
  Key instance = 0, definition = 0;
  Key parent_element = 0;                 // the call activity's element instance
  Key root = 0; store::KeySlot slot = 0; std::uint32_t depth = 0;
  std::string authority, business_key, actor;
  std::vector<Index> enter;               // start elements that get a token
  Payload variables;
  Index occurred = 0;                     // of these: a receiving task or event that began the instance has happened; 0 = none
};
struct instance_completed { Key instance = 0; bool to_parent = false; };  // to_parent: its variables are handed to the call activity
struct instance_terminated { Key instance = 0; Ending ending = Ending::canceled; };
struct instance_forgotten { Key instance = 0; store::KeySlot slot = 0; std::string authority, actor; };

struct element_activated {
  Key key = 0, scope = 0; Index element = 0;
  bool body = false;                      // multi-instance body: `total` items (0xffffffff = not known beforehand)
  bool begin = false;                     // its own work is a step of its own (an item of a multi-instance)
  std::uint32_t loop = 0, total = 0;      // loop: loopCounter of an item, from 1
  std::vector<Index> enter;               // elements inside it that get a token
  Payload locals;                         // results of input mappings
};
struct element_passed { Key key = 0, scope = 0; Index element = 0; std::vector<Taken> flows; std::vector<Index> joined; };  // joined: flows whose parked token went with it
enum class Merge : std::uint8_t { none, pending, outputs, collection };
struct element_completed {
  Key key = 0; std::vector<Taken> flows;
  Merge merge = Merge::none;              // pending: what the job, task or message brought goes to the scopes above as it is
  Payload outputs;                        // outputs: results of output mappings; of a loop item: its output element under ""
  std::string collection;                 // collection: variable that receives the outputs of all items
};
struct element_terminating { Key key = 0; Then then = Then::nothing; Index event = 0; Payload variables; };
struct element_terminated { Key key = 0; std::vector<Taken> flows; Index event = 0; Key event_key = 0; };  // event: taken instead, over these flows
struct token_parked { Key scope = 0; Index element = 0, flow = 0; bool inclusive = false; };
struct step_dropped { Key instance = 0; };
struct step_repeated { Key instance = 0; std::uint32_t done = 0; };

struct variables_set { Key scope = 0, instance = 0; bool local = false; std::string actor; Payload variables; };

struct job_created {
  Key job = 0, key = 0, scope = 0; Index element = 0; std::uint32_t loop = 0; std::string type; std::int32_t retries = 3; Payload locals;
  std::int32_t priority = 0;              // higher ones are handed out first
};
struct job_activated { Key job = 0; std::string worker; base::Millis deadline = 0; };
struct job_completed { Key job = 0; std::string actor; Payload variables; };
struct job_failed { Key job = 0; std::int32_t retries = 0; base::Millis until = 0; Payload message, variables; };  // until: back-off's end, 0 = none
struct job_error_thrown { Key job = 0; std::string code; Payload message, variables; };
struct job_timed_out { Key job = 0; };
struct job_backed_off { Key job = 0; };
struct job_updated { Key job = 0; std::int32_t retries = -1; base::Millis deadline = -1; };

struct timer_created {
  Key timer = 0, element_instance = 0, definition = 0;  // definition: a start timer
  Index element = 0; base::Millis due = 0, interval = 0; std::int32_t left = 0;  // left: firings after this one, -1 = for ever
  std::string interval_text;              // ISO duration or cron where the interval is not a constant number of ms
  bool together = false;                  // one of a parallel multiple event: only the last one to come counts
};
struct timer_fired { Key timer = 0; base::Millis next_due = 0; };  // 0 = was the last
struct timer_canceled { Key timer = 0; };

struct message_published {
  Key key = 0; std::string authority, name, correlation_key, message_id, actor; base::Millis until = 0; bool waits = false; Payload variables;
};
struct message_expired { Key key = 0; };
struct message_correlated { Key message = 0, subscription = 0, instance = 0; std::string process_id; Payload variables; };  // sealed with the receiver's key
struct subscription_opened {
  Key subscription = 0, element_instance = 0, definition = 0; Index element = 0;  // definition: a start event
  WaitKind kind = WaitKind::message; bool interrupting = true; std::string authority, name, correlation_key;  // of a condition: the number of its definition
  bool together = false;                  // as in timer_created
};
struct subscription_closed { Key subscription = 0; };

struct user_task_created {
  Key task = 0, key = 0, scope = 0; Index element = 0; std::uint32_t loop = 0;
  std::string assignee; std::vector<std::string> candidate_groups, candidate_users;
  std::string due_date, follow_up_date; std::int32_t priority = 50; std::string form_key, form_id; Payload locals;
};
struct user_task_assigned { Key task = 0; std::string assignee, actor; };
struct user_task_updated { Key task = 0; std::string changes, actor; };  // changes: JSON object text
struct user_task_completed { Key task = 0; std::string action, actor; Payload variables; };

struct incident_created {
  Key key = 0, instance = 0, element_instance = 0, job = 0; Index element = 0;
  std::string kind;                       // "JOB_NO_RETRIES", "EXTRACT_VALUE_ERROR", "CONDITION_ERROR", "UNHANDLED_ERROR_EVENT" …
  Payload message;
  Payload step;                           // the step to be tried again (engine's own form), empty = the job. Version 1 sealed it whole
  Payload payload;                        // since 2: what is personal of the step, which itself is needed when that is forgotten
};
struct incident_resolved { Key key = 0; std::string actor; };

struct decision_evaluated {
  Key key = 0, element_instance = 0, definition = 0, scope = 0; Index element = 0; std::string decision_id; std::uint32_t version = 0; bool failed = false;
  Payload trace;                          // {decisionOutput, evaluatedDecisions} in the REST shape
};
struct idempotency_remembered { std::string authority, key; std::uint64_t body_hash = 0; Key answer_key = 0; std::string answer; base::Millis until = 0; };
struct idempotency_expired { std::uint32_t count = 0; };
struct element_triggered { Key element_instance = 0; Index event = 0; Payload variables; };
// after: the last subscription of the first step where more follow (signal_continued), with the variables they get; else 0.
struct signal_broadcast { Key key = 0; std::string authority, name; Key after = 0; Payload variables; };
struct signal_continued { Key key = 0, after = 0; };  // after 0: that was the last step
struct handler_completed { Key scope = 0; Index element = 0, handler = 0; Key key = 0; };
// The completed activity `key` leaves the list of its scope. `by`: who compensates (compensation_thrown, or a replica).
// replica: a new instance of the activity inside `by`, with its data as they were on completion (0 = none needed).
// enter: handler or compensation event sub-process that gets a token there (0 = none); after: the handler that follows it;
// all: everything that was completed inside the activity is compensated in the replica.
struct compensation_started { Key scope = 0; Index element = 0; Key key = 0, by = 0, replica = 0; Index enter = 0, after = 0; bool all = false; };
// key: the throwing event's instance or the canceled transaction; scope, outer: whose completed activities; activity: only
// these (0 = all); event: the boundary event that follows a canceled transaction; leaves: takes its outgoing flows at the end.
struct compensation_thrown { Key key = 0, scope = 0, outer = 0; Index activity = 0, event = 0; bool cancels = false, leaves = true; };
struct conditions_continued { Key instance = 0, after = 0; };
struct tokens_placed { Key scope = 0; std::vector<Index> enter; };
// key: of the group, new or known; trigger: the start subscription or timer of the definition; slot: of the group's data.
struct start_gathered { Key key = 0, definition = 0; Index element = 0; Key trigger = 0; store::KeySlot slot = 0; Payload variables; };
struct start_settled { Key key = 0; };
struct deployment_bound { Key definition = 0; std::vector<Key> bound; };  // at most what one deployment holds
// fulfilled: nothing more is asked for, it ends with what runs in it, or (cancels) at once. Variables become its own.
struct ad_hoc_answered { Key job = 0; bool fulfilled = false, cancels = false; std::string actor; Payload variables; };
struct condition_changed { Key subscription = 0; bool value = false; };
struct gateway_activated { Key scope = 0; Index element = 0; std::vector<Index> flows; bool reset = false; };  // flows: whose tokens activated it
// index: place in the element's list for this phase. locals: results of input mappings, with the first start listener.
struct listener_created {
  Key job = 0, key = 0; ListenerPhase phase = ListenerPhase::start; std::uint32_t index = 0; std::string type;
  std::int32_t retries = 3, priority = 0; Payload locals;
};
struct listener_completed {
  Key job = 0; bool denied = false; std::string actor;
  std::string corrections;                // of a task listener: JSON object text, "" = none
  Payload reason, variables;
};
struct task_change_begun {
  Key task = 0; ListenerPhase phase = ListenerPhase::none;
  std::string assignee, changes, action, actor;  // what the finished change will say (user_task_assigned, _updated, _completed)
  Payload variables;
};
struct task_settled { Key task = 0; };
struct tokens_held { Key instance = 0; std::vector<Index> enter; };
struct definition_deleted { Key key = 0; std::string authority, actor; };
struct resource_deleted { Key key = 0; };
struct retention_set { Key key = 0; std::string authority, process_id, period, actor; };  // process "" = all of it; period "" = no longer said
struct tokens_joined { Key scope = 0; Index element = 0; std::uint32_t count = 0; };
struct instance_suspended { Key instance = 0; std::string actor; };
struct instance_resumed { Key instance = 0; std::string actor; };
// activated, stopped: elements named by the instructions (for the history); plan: the instructions (change/modification.h).
struct instance_modified { Key instance = 0; std::string actor; std::vector<Index> activated, stopped; Payload plan; };
// next: the instruction that goes on, after this element instance; over: there is none left. incidents: of tokens that
// were held before a stopped element; they go with it.
struct modification_continued { Key instance = 0; std::uint32_t next = 0; Key after = 0; bool over = false; std::vector<Key> incidents; };
struct element_placed { Key scope = 0; Index element = 0; Payload plan; };  // plan: what goes inside it (change/modification.h)
struct flows_taken { Key scope = 0; Index element = 0; std::vector<Taken> flows; };
// elements, flows: index of the source → index of the target; kNoIndex where there is none.
struct migration_started { Key instance = 0, definition = 0; std::string actor; std::vector<Index> elements, flows; };
struct elements_migrated { Key instance = 0; std::uint32_t count = 0; };     // in the order scope before children, youngest first
struct migration_completed { Key instance = 0; };
struct message_missed { Key subscription = 0, root = 0; };

}  // namespace ev

// The newest shape of an event; each older one stays readable (events.cc, since()).
constexpr std::uint8_t newest_version(EventType type) {
  switch (type) {
    case EventType::instance_created:
    case EventType::job_created:
    case EventType::incident_created:
    case EventType::timer_created:
    case EventType::subscription_opened:
    case EventType::compensation_started: return 2;
    default: return 1;
  }
}

// One record as it lies in a batch. `consumes`: it took the first step of the ready queue.
struct RecordView {
  EventType type{}; std::uint8_t version = 1; bool consumes = false;
  std::uint64_t position = 0; base::Millis time = 0; std::string_view body;
};

// What one or more commands and steps wrote: appended to the journal as a whole, applied again as a whole.
// Form: u64 first position, u64 time, varint count, then per record varint size, u8 type, u8 version (high bit:
// consumes), zigzag time difference to the batch, body.
class Batch {
 public:
  bool empty() const { return count_ == 0; }
  std::uint32_t count() const { return count_; }
  std::uint64_t first_position() const { return first_; }
  std::uint64_t last_position() const { return first_ + count_ - 1; }
  base::Millis time() const { return time_; }
  std::size_t size() const { return frames_.size() + 24; }
  std::string encode() const;
  void clear() { count_ = 0; first_ = 0; frames_.clear(); }
  void add(EventType, std::uint8_t version, bool consumes, std::uint64_t position, base::Millis time, std::string_view body);

 private:
  std::uint64_t first_ = 0;
  base::Millis time_ = 0;
  std::uint32_t count_ = 0;
  std::string frames_;
};
// Errors: data_damaged (a count or size that does not fit), or what `visit` answers.
base::Status for_each_record(std::string_view batch, const std::function<base::Status(const RecordView&)>& visit);
struct BatchHead { std::uint64_t first_position = 0; base::Millis time = 0; std::uint64_t count = 0; };
base::Result<BatchHead> batch_head(std::string_view batch);

// keys == nullptr: payloads lie unsealed (tests only).
template <class E> base::Status encode(const E&, base::Writer&, store::Keys*);
template <class E> base::Result<E> decode(const RecordView&, store::Keys*);
template <class E> constexpr EventType type_of();
#define EVENT(name, number, doc) \
  template <> constexpr EventType type_of<ev::name>() { return EventType::name; }
#include "engine/events.def"
#undef EVENT

// Decodes any record and calls visit(event struct): `visit` must take every type (a generic lambda or overload set).
template <class F>
base::Status visit_event(const RecordView& record, store::Keys* keys, F&& visit) {
  switch (record.type) {
#define EVENT(name, number, doc)                            \
  case EventType::name: {                                   \
    auto event = decode<ev::name>(record, keys);            \
    if (!event) return std::unexpected(event.error());      \
    return visit(*event);                                   \
  }
#include "engine/events.def"
#undef EVENT
  }
  return base::fail(base::ErrorCode::data_damaged, "unknown event type " + std::to_string(static_cast<int>(record.type)));
}

}  // namespace engine
