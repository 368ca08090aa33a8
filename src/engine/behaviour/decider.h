// decide: reads the state, says what happens by emitting events, changes nothing itself. One Decider lives for one
// command or one step. The families (tasks, events, gateways, containers) are free functions over it: handlers.h.
#pragma once
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "engine/behaviour/emitter.h"
#include "engine/behaviour/programs.h"

namespace engine {

// Why an element cannot go on: becomes an incident on it. The message may hold values, so it is sealed.
struct Trouble { std::string kind, message; };
using Done = std::expected<void, Trouble>;
inline std::unexpected<Trouble> trouble(std::string kind, std::string message) { return std::unexpected(Trouble{std::move(kind), std::move(message)}); }

// A token enters an element: fresh (key 0), or the work of an item of a multi-instance begins (its instance exists).
struct Entering {
  const Program& program;
  const ElementProgram& element;
  Key scope = 0, key = 0;
  Index flow = kNoIndex;
  bool occurred = false;  // what the element waits for has happened already (it began the instance)
  bool mapped = false;    // its input mappings were evaluated before its start listeners
};
using Overlays = std::vector<std::string_view>;   // packed objects that hide the scopes' variables, first wins
using Wait = std::variant<ev::timer_created, ev::subscription_opened>;

class Decider {
 public:
  Decider(const State& state, Emitter& emit, Programs& programs, const PartitionOptions& options, Moment moment)
      : s(state), emit(emit), programs(programs), options(options), now(moment.now), next_counter_(state.meta.next_counter) {}

  const State& s;
  Emitter& emit;
  Programs& programs;
  const PartitionOptions& options;
  const base::Millis now;

  Key new_key();
  void step(const Step&);

  // ---- evaluating (behaviour/evaluate.cc)
  std::expected<feel::Value, Trouble> evaluate(const Expr&, Key scope, const Overlays& = {});
  // A multi-instance's collection: a list, evaluated once as long as nothing it reads changes. Valid until the next call.
  std::expected<std::span<const feel::Value>, Trouble> collection(const Expr&, Key body, Key scope);
  std::expected<std::string, Trouble> text_of(const Expr&, Key scope, const char* what, const Overlays& = {});
  std::expected<std::vector<std::string>, Trouble> texts_of(const Expr&, Key scope, const char* what);
  std::expected<bool, Trouble> condition(const Expr&, Key scope, const Overlays& = {});
  // Results of mappings as one packed object, "" when there are none.
  std::expected<std::string, Trouble> mapped(const std::vector<MappingProgram>&, Key scope, const Overlays& = {});
  // What the output associations of an activity produced, without what is null.
  std::expected<std::string, Trouble> data_results(const ElementProgram&, Key scope, const Overlays&);
  Payload sealed(Key scope, std::string bytes) const;
  Payload sealed_text(Key scope, std::string_view text) const;

  // ---- moving on (behaviour/flow.cc)
  std::expected<std::vector<Taken>, Trouble> choose_flows(const Program&, const ElementProgram&, Key scope, const Overlays& = {});
  Done pass(const Entering&);                       // in and out at once
  Done complete(const ElementInstance&, std::uint32_t listened = 0);  // listened: end listeners that are through
  Done begin_handler(const Program&, Key scope, Index handler, const std::string& payload);
  Done trigger(const ElementInstance&, Index event, const std::string& payload);
  Done terminate(const ElementInstance&, std::uint32_t listened = 0);
  Done finish_terminated(const ElementInstance&);
  Done loop(const ElementInstance& body, const Step&);
  // What a multi-instance throws when an item completes (containers/multi_instance.cc).
  struct ItemEvent { bpmn::EventKind kind = bpmn::EventKind::none; std::string name, correlation; };
  std::expected<std::vector<ItemEvent>, Trouble> item_events(const ElementInstance& item, const ElementProgram&, const std::string& outputs);
  void throw_item_event(Key body, const std::string& authority, const ItemEvent&);
  Done join(const ElementInstance& scope);
  Done enter(const Entering&);
  // Results of its input mappings, "" where they were evaluated before its start listeners.
  std::expected<std::string, Trouble> inputs(const Entering&);

  // ---- listeners (behaviour/listeners.cc)
  Done begin(const Entering&, std::uint32_t listened = 0);  // the element's own work, behind its start listeners
  std::expected<ev::listener_created, Trouble> listener(const ElementInstance&, ListenerPhase, std::uint32_t index, const std::string& locals = {});
  Done begin_process(const ElementInstance& process, std::uint32_t listened);
  void hold_tokens(const Program&, ev::instance_created&);  // emits it; tokens wait where the process has start listeners
  Done end_listeners(const ElementInstance&, const ElementProgram&, const std::string& results, std::uint32_t listened);
  Done task_change(const ElementInstance&, std::uint32_t listened);
  void finish_change(Key task, const TaskChange&, const ElementProgram&);
  bool listens_to_cancel(const ElementInstance&) const;
  void stop(const ElementInstance&, Then, Index event, const Payload&);  // behind the canceling listeners of its task
  std::expected<std::int32_t, Trouble> whole_number(const Expr&, Key scope, const char* what, std::int64_t least, const Overlays&, std::int32_t otherwise);
  // ---- compensation (behaviour/compensation.cc)
  void remember(const ElementInstance&, const Program&, const ElementProgram&);  // it completes: can it be compensated?
  Done compensate(const ElementInstance&);          // the next one, or what follows when there is none left
  Done cancel_transaction(const ElementInstance&, const Program&);

  // ---- conditions (behaviour/conditions.cc)
  Done conditions(const ElementInstance& process, const Step&);
  void check_condition(Key subscription);
  bool waiting(Key element, Index event) const;     // does anything (else) of this event still wait?

  bool waits_its_turn(const Entering&) const;
  Done park(const Entering&);
  Done gather(const Entering&);                     // an activity with a start quantity
  void incident(const Step&, const Trouble&);

  // ---- waiting (behaviour/waits.cc)
  // Timers and subscriptions for the event elements given, evaluated in `scope`, attached to `key`. `taken`: keys used.
  std::expected<std::vector<Wait>, Trouble> waits(const Program&, const std::vector<Index>& events, Key key, Key scope, const Overlays& = {});
  std::expected<std::optional<Wait>, Trouble> wait(const ElementProgram&, std::size_t definition, Key scope, const Overlays&, bool correlated = true);
  void open(const std::vector<Wait>&, const std::string& process_id);
  void meet(const Subscription&, const std::string& process_id);  // the oldest message that waits for it
  std::vector<Index> scope_triggers(const Program&, const ElementProgram& scope) const;
  Done rearm(const Program&, const ElementProgram& event, Key key, Key scope);  // a parallel multiple event that goes on listening
  std::expected<ev::timer_created, Trouble> timer(const EventProgram&, Key scope, const Overlays& = {});
  // Moment after `due` of a repeated timer; 0 = none.
  base::Millis next_due(const Timer&) const;

  // ---- messages, signals, errors (behaviour/throw.cc)
  // `keeps`: it waits for its time to live also where somebody had it, for other processes and as an id that is taken.
  Key publish(const std::string& authority, const std::string& name, const std::string& correlation, const std::string& id,
              base::Millis ttl, const std::string& variables, const std::string& actor, bool keeps = false);
  // missed: subscriptions of instances that stand still.
  struct Receivers { std::vector<std::pair<Key, std::string>> found; std::vector<Key> missed; };  // found: subscription, process id
  Receivers receivers(const std::string& authority, const std::string& name, const std::string& correlation) const;
  // Meets who waits for it now: {message, instance}; {0, 0} and no event where nobody does.
  std::pair<Key, Key> correlate_now(const std::string& authority, const std::string& name, const std::string& correlation, const std::string& variables, const std::string& actor);
  Key signal(const std::string& authority, const std::string& name, const std::string& variables);
  void continue_signal(Key broadcast);
  struct Catcher { Key element_instance = 0; Index event = kNoIndex; };
  Catcher find_catcher(bpmn::EventKind, Key from, const std::string& code) const;

  // ---- instances (behaviour/instances.cc)
  Key create_instance(const Definition&, const Program&, const std::vector<Index>& enter, const std::string& variables,
                      const std::string& business_key, const std::string& actor, Index occurred = 0);
  // An event of the process began it: a start event, an instantiating receive task, or an event behind such a gateway.
  // trigger: its start subscription or timer. 0: a parallel multiple start event that waits for its other triggers.
  Key begin_by_event(const Definition&, const Program&, Index event, Key trigger, const std::string& variables, const std::string& actor);
  // A version of a decision or process as an element's bindingType says: the latest, of the element's own deployment, or
  // the latest with its tag. nullptr: none.
  const Definition* bound(DefinitionKind, const Instance&, const Binding&, const std::string& id) const;
  Done ask_next(const Program&, const ElementInstance& ad_hoc);  // the job of an ad-hoc sub-process
  Done after_inner(Key scope);                      // something inside an ad-hoc sub-process was done: is it over?
  Done call(const Definition&, const Program&, const ElementInstance& caller, const std::string& variables, const std::string& business_key);
  void end_instance(const ElementInstance& process, Then);

  // ---- changes to instances that run (change/)
  void modify(const Step&);
  Done place(const ElementInstance& scope, const Step&);
  void migrate(Key instance);
  Done attach(Key element, Index event);
  void catch_up(Key subscription);

  const Program* program_of(const ElementInstance&) const;
  const std::string& authority_of(Key instance) const;

 private:
  struct Reach { std::vector<Key> targets; Key after = 0; };
  bool gathers(const Definition&, const ElementProgram&, Key trigger, std::string& variables);
  Reach reach(const std::string& authority, const std::string& name, Key after, Key before) const;
  bool overruled(const Subscription&) const;
  void deliver_signal(Key broadcast, const std::vector<Key>& targets, const std::string& variables);
  std::uint64_t next_counter_;
};

bool is_scope(const ElementInstance&, const ElementProgram&);
// The scope of one thing that a job began in an ad-hoc sub-process: an instance of its element inside that.
bool is_inner(const State&, const ElementInstance&);
bool being_stopped(const State&, const ElementInstance*);  // it, or a scope around it, is on its way out

}  // namespace engine
