// What follows from the events. Only apply (state/apply_*.cc) and load (state/records.cc) write here; decide gets it const.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "engine/engine.h"
#include "engine/events.h"
#include "engine/partition.h"
#include "engine/state/compact.h"
#include "engine/state/subscription_index.h"
#include "engine/state/tables.h"

namespace engine {

struct Program;  // program/program.h; a cache beside the state, never consulted by apply

enum class StepKind : std::uint8_t {
  enter = 1, begin, complete, terminate, loop, trigger, join, signal, start, condition, task = 20, ask = 24,
  migrate = 40,              // the next part of a migration: follows from the instance, it is in no queue
  modify,                    // the next part of a modification
  place,                     // like enter, but scopes in between are made first
  attach,                    // an event element that came with a migration begins to wait at an element instance
  catch_up                   // a message may wait for a subscription whose instance stood still
};
struct Step {
  StepKind kind = StepKind::enter;
  Key instance = 0;
  // condition: the process; element, flow: high and low half of the subscription after which it goes on
  Key key = 0;               // enter, place, join: the scope; signal: the broadcast (of no instance); catch_up: the subscription; else the element instance
  Index element = 0, flow = kNoIndex;
  // enter: 1 = what the element waits for has happened already; begin, complete, terminate, task: listeners that are through;
  // modify: the instruction that goes on
  std::uint32_t done = 0;
  std::string payload;       // packed variables of a trigger; plan of a modification
};
// Steps whose token counts in their scope while it is on its way.
inline bool carries_token(StepKind kind) { return kind == StepKind::enter || kind == StepKind::place; }
std::string encode_step(const Step&);
bool decode_step(std::string_view, Step&);

struct Parked { Index element = 0, flow = 0; std::uint32_t count = 0; bool inclusive = false; };
// A complex gateway that let its first tokens through: the flows they came on (section 13.4.5, waitingForStart = false).
struct Phase { Index element = 0; std::vector<Index> flows; };
// A completed activity that can be compensated, with its own data as they were. under: it completed inside that one.
struct Handler {
  Index element = 0, handler = 0; Key key = 0;
  std::uint64_t position = 0;
  Key under = 0;
  std::string variables;
};
// An element instance that compensates: a throwing event, a canceled transaction, or a replica of a completed activity.
struct Compensation {
  bool active = false, replica = false, cancels = false, leaves = true;
  Key scope = 0, outer = 0;
  Index activity = 0, event = 0, after = 0;
  std::uint64_t until = 0;                // what was completed up to this position of the journal
};
// A change of a person's task whose listeners are at work.
struct TaskChange {
  ListenerPhase phase = ListenerPhase::none;
  std::string assignee, changes, action, actor;
  std::string variables;                  // personal
};
struct Gathered { Index event = 0; std::string variables; };
// What only some element instances need.
struct Extra {
  static void* operator new(std::size_t bytes) { return Chunks::take(bytes); }  // one comes and goes with every job
  static void operator delete(void* at) { Chunks::give(at, sizeof(Extra)); }
  Bytes pending;                          // what the job, task or message brought, until the element completes
  KeyList incidents;
  std::vector<Parked> parked;
  std::vector<Handler> completed;         // activities with a compensation handler, in order of completion
  std::uint32_t total = 0, started = 0, done = 0;  // multi-instance body
  std::vector<std::string> outputs;
  Then then = Then::nothing;
  Index then_event = 0;
  Bytes then_payload;
  bool joining = false;                   // a join step is pending
  std::vector<Phase> phases;
  Compensation compensation;
  Key listener = 0;                       // its job, while one is at work
  std::vector<Index> held;                // of a process: what begins when its start listeners are through
  TaskChange change;
  std::vector<Gathered> gathered;         // of parallel multiple events: what came with those that have occurred
};
enum class Life : std::uint8_t { active, completing, terminating };
// One million of them wait at once: see docs/benchmarks.md for what a field costs. The key slot is the instance's.
struct ElementInstance {
  Key key = 0, scope = 0, instance = 0;   // scope 0: the process itself
  Evictable variables;                    // packed object, "" = none; read through State::variables()
  Key work = 0;                           // job, user task or called instance
  std::unique_ptr<Extra> extra;
  KeyList timers, subscriptions;          // that are attached to it (follow from them)
  Index element = 0;
  std::uint32_t loop = 0;
  std::uint32_t children = 0, tokens = 0; // tokens: pending enter steps, parked tokens, tokens held by incidents
  Handle first_child = kNone, next = kNone, previous = kNone;
  Life life : 2 = Life::active;           // bits: a byte more would cost eight
  bool body : 1 = false, looping : 1 = false;  // looping: a loop step is pending
  bool watched : 1 = false;               // a timer or subscription was attached to it: its own variables may be read while it waits
  std::uint8_t generation = 0;            // of its instance's definition that `element` is an index of
};

// What only an instance needs that stands still. A root stands still with all that it called: suspended, or while one of
// them is being migrated. Its steps wait, its jobs are not handed out, its timers do not fire.
struct Hold {
  bool suspended = false;                 // a root
  std::vector<Key> missed;                // subscriptions for which messages may wait now
  Key definition = 0;                     // an instance that is being migrated: to this one,
  Key cursor = 0;                         // the next element instance (0 = all done),
  std::vector<Index> elements, flows;     // by these tables
  // Follow from the others:
  std::uint32_t migrating = 0;            // a root: how many of its instances are
  std::vector<Key> held;                  // a root: those of its instances that have ready steps, in turn
  bool still() const { return suspended || migrating > 0; }
  bool empty() const { return !still() && missed.empty() && definition == 0; }
};

// What a root without a business key and without conditions does not need.
struct InstanceMore {
  Key parent_element = 0, root = 0;       // of a called instance
  Bytes business_key;
  KeyList conditions;                     // its conditional subscriptions (follow from them)
};
struct Instance {
  Key key = 0, definition = 0;
  store::KeySlot slot = 0;
  std::unique_ptr<Hold> hold;
  Rare<InstanceMore> more;
  Name authority;
  std::uint32_t straight = 0;             // steps since the last wait
  Handle ready_first = kNone, ready_last = kNone;
  std::uint32_t writes = 0;               // of variables that were there before, since this process started: for memos only
  std::uint8_t depth = 0;                 // in calls
  std::uint8_t generation = 0;            // how often it was migrated (counted round)
  bool forget = false;
  bool checking = false;                  // a step that looks at the conditions is pending (follows from the queue)
  Key root() const { return more->root != 0 ? more->root : key; }
  Key parent_element() const { return more->parent_element; }
};
static_assert(base::limits::kCallDepth < 256);

enum class JobState : std::uint8_t { available, activated, backing_off, incident };
struct Job {
  Key key = 0, element_instance = 0;      // which outlives it
  Bytes worker;
  base::Millis due = 0;                   // deadline or end of the back-off
  std::uint64_t turn = 0;                 // place in its queue
  std::uint32_t queue = 0;
  std::int32_t retries = 3;
  std::int32_t priority = 0;
  std::uint16_t listener_index = 0;       // program/listeners.cc sees to it that they are not more
  JobState state = JobState::available;
  ListenerPhase listener = ListenerPhase::none;
};
struct Queue {
  std::string authority, type;
  // By priority, then in turn; (turn, job), lazily cleaned. Level 0 stays, others go when they are empty.
  std::map<std::int32_t, Fifo<std::pair<std::uint64_t, Key>>, std::greater<>> waiting;
  bool told = false;                      // among available_queues
  std::map<std::int32_t, std::map<std::uint64_t, Key>, std::greater<>> returned;  // older ones that were set aside while their instance stood still
};
// A memo beside the state: what was passed over in queues and heaps because its root stands still.
struct Aside {
  std::vector<Key> timers;
  struct Waiting { std::uint32_t queue = 0; std::int32_t priority = 0; std::uint64_t turn = 0; Key job = 0; };
  std::vector<Waiting> jobs;
};

// What only a timer that comes again, or that starts instances, needs.
struct TimerMore {
  Key definition = 0;
  base::Millis interval = 0;
  std::int32_t left = 0;
  std::string interval_text;
  bool operator==(const TimerMore&) const = default;
};
struct Timer {
  Key key = 0, element_instance = 0;
  base::Millis due = 0;
  Rare<TimerMore> more;
  Index element = 0;
  bool together = false;
};
struct Subscription {
  Key key = 0;
  Key holder = 0;                         // an element instance; starts: the definition whose start event waits
  Bytes correlation_key;
  Name authority, name;
  Index element = 0;
  WaitKind kind = WaitKind::message;
  bool starts : 1 = false, interrupting : 1 = true, value : 1 = false, together : 1 = false;
  Key element_instance() const { return starts ? 0 : holder; }
  Key definition() const { return starts ? holder : 0; }
};
struct Message {
  Key key = 0;
  std::string authority, name, correlation_key, message_id, variables;
  store::KeySlot slot = 0;
  base::Millis until = 0;
  std::vector<std::string> processes;     // already correlated to these
};
// Triggers of a parallel multiple start event that have come; the instance begins with the last of them.
struct GatheredStart {
  Key key = 0, definition = 0;
  Index element = 0;
  std::vector<Key> came;                  // start subscriptions and timers of the definition
  std::string variables;
  store::KeySlot slot = 0;
};
// A signal that has not reached everything that waited for it: subscriptions are older than its key.
struct Broadcast {
  Key key = 0, after = 0;                 // after: the last subscription that was reached
  std::string authority, name, variables;
  store::KeySlot slot = 0;
};
struct Incident {
  Key key = 0, instance = 0, element_instance = 0, job = 0;
  Index element = 0;
  std::string kind, step, payload;        // payload: the variables of the step; what was written before version 3 holds them in the step
  store::KeySlot slot = 0;
};
struct UserTask {
  Key key = 0, element_instance = 0, instance = 0;
  Bytes assignee;
};
struct Remembered {
  Key key = 0;                            // sequence number
  std::string authority, name, answer;
  std::uint64_t body_hash = 0;
  Key answer_key = 0;
  base::Millis until = 0;
};
struct DeployedFile {
  Key key = 0;
  std::string authority, name, content;
  ResourceKind kind = ResourceKind::bpmn;
  bool lenient = false, strict = false;
  std::uint64_t digest = 0;
};
enum class DefinitionKind : std::uint8_t { process, decision, form };
struct Definition {
  Key key = 0, resource = 0;
  DefinitionKind kind = DefinitionKind::process;
  std::string authority, id, name, version_tag, drg_id, drg_name;
  std::uint32_t version = 0;
  std::vector<ElementRow> elements;
  std::vector<std::string> flows;
  std::vector<Key> start_timers, start_subscriptions;
  std::vector<Key> bound;                 // definitions of the same deployment, where an element binds to them
};

// The highest version of an id that was deleted: versions are never used again. Its key is that of the definition.
struct Retired {
  Key key = 0;
  DefinitionKind kind = DefinitionKind::process;
  std::string authority, id;
  std::uint32_t version = 0;
};
struct Retention {
  Key key = 0;
  std::string authority, process_id, period;
};

struct MetaState {
  std::uint64_t position = 0, events = 0;
  std::uint64_t next_counter = 1;         // low 40 bits of the next key
  store::KeySlot next_slot = 1;
  std::uint64_t next_turn = 1;
  Key next_remembered = 1, first_remembered = 1;
  std::uint64_t commands = 0;
};

// The next thing that time brings; at < 0: nothing.
struct Due {
  enum class What : std::uint8_t { timer, job, message, remembered };
  base::Millis at = -1;
  What what = What::timer;
  Key key = 0;
};

class State {
 public:
  // -- reading ---------------------------------------------------------------------------------------------------
  MetaState meta;
  Table<ElementInstance> elements;
  Table<Instance> instances;
  Table<Job> jobs;
  Table<Timer> timers;
  Table<Subscription> subscriptions;
  Table<Message> messages;
  Table<Broadcast> broadcasts;
  Table<GatheredStart> gathered_starts;
  Table<Incident> incidents;
  Table<UserTask> user_tasks;
  Table<Remembered> remembered;
  Table<DeployedFile> resources;
  Table<Definition> definitions;
  Table<Retired> retired;
  Table<Retention> retentions;
  mutable std::vector<Queue> queues;                                     // mutable: cleaning one changes nothing
  mutable std::unordered_map<Key, Aside> aside;                          // root → what is passed over
  std::set<Key> still;                                                   // roots that stand still
  std::unordered_map<std::string, std::uint32_t> queue_index;            // authority \0 type
  SubscriptionIndex subscription_index;
  std::unordered_map<std::string, std::vector<Key>> message_index;       // authority \0 name \0 correlation key
  std::unordered_map<std::string, Key> message_ids;                      // authority \0 name \0 key \0 id
  std::unordered_map<std::string, Key> remembered_index;                 // authority \0 key
  std::map<std::string, std::map<std::uint32_t, Key>> versions;          // kind, authority \0 id → version → definition
  std::unordered_map<std::string, Key> retired_index;                    // kind, authority \0 id → retired
  std::unordered_map<std::string, Key> retention_index;                  // authority \0 process id → retention
  std::unordered_map<Key, std::uint64_t> active_of;                      // definition → its instances
  std::map<std::string, Key> latest_resource;                            // authority \0 name → resource
  mutable DueHeap timer_due, job_due, message_due;
  std::size_t jobs_due = 0;                                              // live entries of job_due
  Fifo<Key> ring;                                                        // instances with ready steps and broadcasts, in turn
  Table<Instance>& ready_owner() { return instances; }
  std::vector<Step> steps;                                               // slab; `next` in parallel
  std::vector<Handle> step_next, step_free;
  std::vector<std::uint32_t> available_queues;                           // numbers, each once
  std::vector<store::KeySlot> forgotten;
  std::set<Key> watched;                                                 // instances and tasks whose end somebody waits for
  std::vector<Outcome> outcomes;

  const Step* ready() const;                                             // the step whose turn it is
  const ElementInstance* element(Key key) const { return elements.find(key); }
  const Definition* latest(DefinitionKind, const std::string& authority, const std::string& id) const;
  const Definition* definition_of(Key instance) const;
  // Its own variables, brought back where they were away. Valid until they change or the batch ends.
  std::string_view variables(const ElementInstance&) const;
  // What a name means in a scope: nearest scope first, up to the process. False: nothing there.
  bool variable(Key scope, std::string_view name, std::string_view& packed) const;
  std::string visible(Key scope) const;                                  // all of it as one packed object
  static std::string index_key(std::string_view a, std::string_view b, std::string_view c = {}, std::string_view d = {});
  static std::string definition_key(DefinitionKind kind, std::string_view authority, std::string_view id) { return index_key(std::string_view("pdf" + static_cast<int>(kind), 1), authority, id); }
  bool idle(const ElementInstance&) const;
  // ---- what stands still (state/apply_change.cc)
  const Instance* root_of(Key instance) const;
  bool stands_still(Key instance) const;                                 // suspended, or something of its root is being migrated
  bool suspended(Key instance) const;
  const Hold* migrating(Key instance) const;                             // this very instance; nullptr: it is not
  // Which definition the indexes of this element instance belong to: in a migration not all have changed yet.
  Key definition_of(const ElementInstance&) const;
  Key instance_of(const Job& job) const { return elements.find(job.element_instance)->instance; }
  const ElementInstance* next_in_tree(const ElementInstance&) const;     // scope before children; nullptr: that was the last
  Key next_in_tree(Key element) const;                                   // the same; 0: the last, or there is no such
  // Jobs of a queue that can be handed out, in turn. What stands still is set aside.
  std::vector<Key> available(std::uint32_t queue, std::size_t max) const;
  Due first_due() const;
  base::Millis next_due() const { return first_due().at; }
  std::string dump() const;

  // -- writing: apply ----------------------------------------------------------------------------------------------
#define EVENT(name, number, doc) void apply(const ev::name&, base::Millis now);
#include "engine/events.def"
#undef EVENT
  template <class E> void apply_record(const E& event, std::uint64_t position, base::Millis now, bool consumes) {
    consumed_scope_ = 0;
    if (consumes) consume_step();
    apply(event, now);
    if (consumed_scope_ != 0) check_idle(consumed_scope_);
    meta.position = position;
    ++meta.events;
  }

  // -- checkpoint (state/checkpoint.cc, state/records.cc) --------------------------------------------------------------
  void begin_checkpoint(bool full, store::Keys*);
  bool checkpoint_slice(const Partition::Sink&, std::size_t max_records, store::Keys*);
  std::uint64_t checkpoint_position() const { return cut_position_; }
  base::Status load_record(RecordKind, Key, std::string_view bytes, store::Keys*);
  base::Status rebuild();                 // indexes from records
  void set_keys(store::Keys* keys) { keys_ = keys; }
  store::Keys* keys() const { return keys_; }

  // -- residency (state/residency.cc): no part of the state ------------------------------------------------------------
  void set_payloads(PayloadFiles*, std::uint64_t resident_bytes);
  bool evict(std::size_t max_records, bool all);
  void bring(Key element, const Place&, const base::Result<std::string>& bytes) const;
  // The scopes from the element outwards that are away.
  void absent(Key element, std::vector<Partition::Absent>&) const;
  const Partition::Residency& residency() const { return residency_; }
  const base::Status& payload_fault() const { return payload_fault_; }  // evicted variables that could not be read
  // For records.cc: a record's variables, sealed as they stand in it, go away at once where memory is full; as they are in
  // the record of an element instance, without bringing them back; loaded.
  bool load_away(ElementInstance&, std::string_view stored);
  std::string stored_variables(const ElementInstance&) const;   // of one that is away; "" and a fault where they cannot be read
  void set_variables(ElementInstance&, std::string_view packed);

 private:
  friend struct Records;
  // apply helpers
  void note_key(Key key);
  void push(Step step, bool front = false);
  void take_turn(Instance&);              // it has a ready step: into the ring, or held
  void consume_step();
  void stop(Instance& root);              // it stands still from now on
  void release(Instance& root);           // unless it still stands still: everything goes on
  void tidy(Queue&) const;
  void migrate(ElementInstance&, const Hold&);
  void translate(Step&, const Hold&) const;
  void check_idle(Key scope);
  ElementInstance& make_element(Key key, Key scope, Index element);
  template <class E> Definition& make_definition(const E& deployed, DefinitionKind, const std::string& id);
  void remove_element(Key key, bool completed);
  void drop_attachments(ElementInstance&, bool keep_boundary = false);
  void merge_locals(ElementInstance&, const Payload&);
  void propagate(Key scope, std::string_view packed_object);
  void take(Key scope, const std::vector<Taken>&);
  void enqueue(Job&);
  void note_available(std::uint32_t queue);  // take_available_types says so
  void attach(ElementInstance&, KeyList& timers_or_subscriptions, Key);
  void count_instance(Key definition, int by);
  Job& make_job(Key key, ElementInstance&, const std::string& type, std::int32_t retries, std::int32_t priority);
  void tell(Key key, bool done, std::string reason, std::string variables = {});
  void settle_task(Key task);
  void drop_listener(ElementInstance&);
  void close_subscription(Key key, bool detach);
  void cancel_timer(Key key, bool detach);
  void remove_incident(Key key, bool detach);
  void remove_job(Key key);
  void deliver(Key element_instance, Index event, const std::string& payload);
  void arrive(Key element_instance, Index event, bool together, const std::string& payload);
  void note_write(Instance&);
  void reset_straight(Key instance);
  Extra& extra(ElementInstance&);
  void drop_variables(ElementInstance&);          // it is about to be erased
  void held(const ElementInstance&, bool) const;  // its variables are in memory, or not
  void use(const ElementInstance&) const;
  void recheck_joins(ElementInstance& scope);
  // A record is about to change (or to be made).
  template <class T> T& touch(T& record);
  template <class T> void gone(T& record);        // about to be erased
  template <class T> void pre_image(Table<T>&, Handle);

  Key consumed_scope_ = 0;
  Step consumed_;
  mutable Step broadcast_step_;           // what ready() points to when a broadcast has its turn
  std::string loaded_ready_;
  struct Gone { RecordKind kind; Key key; };
  std::vector<Gone> gone_, cut_gone_;     // erased records that some checkpoint holds: since the last cut, before it
  struct { std::size_t table = 0; Handle at = 0; } cut_next_;
  bool loading_ = false;                  // steps of a checkpoint are in the queue as they were
  bool cutting_ = false;
  std::uint64_t cut_position_ = 0;
  std::vector<std::pair<std::pair<RecordKind, Key>, std::string>> cut_images_;
  store::Keys* keys_ = nullptr;
  PayloadFiles* payloads_ = nullptr;
  std::uint64_t resident_limit_ = 0;
  mutable Partition::Residency residency_;
  // Element instances with variables in memory that may go, and of these the ones looked at since the hand came by.
  mutable HandleBits held_, used_;
  Handle hand_ = 0;
  mutable base::Status payload_fault_;
};

std::string merge_objects(std::string_view old_object, std::string_view new_object);

}  // namespace engine
