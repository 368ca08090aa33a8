// What the projector knows of running instances between two transactions: changes are collected here and written once
// per transaction, so that an element, job or scope that comes and goes within one batch never costs a row.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "engine/events.h"
#include "engine/projector/owners.h"
#include "store/database.h"
#include "store/keys.h"

namespace engine {

inline constexpr std::size_t kHistoryEntries = 5'000;     // per instance; a loop of a million items is counted, not listed
inline constexpr std::size_t kHistoryNames = 500;         // different people and workers of one instance
inline constexpr std::size_t kTimersShown = 16;           // of one element instance
inline constexpr std::size_t kMarks = 500;                // of one instance
inline constexpr std::size_t kInstancesInMemory = 5'000;  // unchanged ones beyond that are read again when something happens
inline constexpr std::size_t kNotes = 1'000;              // per transaction: a page that watches reloads anyway

// Variables of one scope, in the order in which they came; values are packed (base/packed.h).
class Variables {
 public:
  void merge(std::string_view packed_object);
  void set(std::string_view name, std::string_view packed);
  const std::string* find(std::string_view name) const;
  bool empty() const { return items_.empty(); }
  std::string pack() const;  // "" when empty
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

enum class ElementState : std::uint8_t { active, completed, terminated };

// One entry of an instance's history: an element instance that is over. taken: when its job first had a worker, its task its first
// assignee (0 = nobody began before the end); loop: as in LiveElement; by: who did the work, a place in History::names from 1.
struct HistoryEntry {
  Key key = 0, scope = 0; Index element = 0; ElementState state{}; base::Millis start = 0, end = 0;
  base::Millis taken = 0; std::uint32_t loop = 0, by = 0;
};
// What somebody did to the instance from outside the diagram. Numbers stand in the file.
enum class MarkKind : std::uint8_t { variables = 1, retried = 2, modified = 3, migrated = 4, suspended = 5, resumed = 6 };
struct Mark { MarkKind kind{}; base::Millis at = 0; Index element = 0; std::uint32_t by = 0; Key about = 0; };  // about: migrated: the definition before
struct History {
  std::vector<HistoryEntry> entries;
  std::vector<std::pair<std::size_t, Key>> before;  // entries before that place belong to that definition: it was migrated then
  std::map<Index, std::pair<std::uint64_t, std::uint64_t>> overflow;  // element → completed, terminated beyond the list
  std::vector<std::string> names;   // who: user ids and workers
  std::vector<Mark> marks;          // the first kMarks
  void add(const HistoryEntry&);
  Key definition_of(std::size_t entry, Key current) const;
  std::uint32_t name(const std::string& who);  // its place from 1; 0: nobody, or more than kHistoryNames
  void mark(MarkKind, base::Millis at, Index element, const std::string& who, Key about = 0);
  std::string encode(Key instance, base::Millis started) const;
  static base::Result<History> decode(std::string_view, Key instance, base::Millis started);
};

inline constexpr std::uint32_t kUnknownTotal = 0xffffffff;  // as element_activated.total
struct LiveElement {
  Key key = 0, scope = 0, work = 0;  // scope: element or the instance; work: job or user task
  Index element = 0;
  base::Millis start = 0;
  std::uint32_t loop = 0;
  bool body = false;
  std::uint32_t total = 0, done = 0;  // of a body: items (kUnknownTotal = not known beforehand), and those completed
  base::Millis taken = 0;             // as in HistoryEntry
  std::uint32_t by = 0;
  std::vector<std::pair<Index, base::Millis>> timers;  // of it and its boundary: event element, due as first set
  // Personal, kept in the sealed part:
  Variables locals;
  std::string pending;
  std::map<std::uint32_t, std::string> outputs;
};

struct LiveInstance {
  Key key = 0, definition = 0, parent = 0, parent_element = 0, root = 0;
  store::KeySlot slot = 0;
  std::string authority, business_key, actor, state = "ACTIVE";
  base::Millis started = 0, ended = 0;
  std::int64_t incidents = 0, user_tasks = 0;
  History history;
  Variables variables;
  std::map<Key, LiveElement> elements;
  struct Attached { Key element = 0; bool incident = false, job = false; };  // job: of a listener
  std::map<Key, Attached> attached;  // open incidents, subscriptions, jobs of listeners: they end with their element
  bool stored = false, dirty = false;
  std::uint64_t touched = 0;         // number of the transaction that last changed it
  bool alive() const { return state == "ACTIVE" || state == "SUSPENDED"; }
  // Bodies of multi-instances whose items are listed: they count as their items, not once more. By key.
  std::set<Key> bodies() const;
  std::string encode_live() const;
  std::string encode_data() const;   // plain; sealed by the writer
  base::Status decode_live(std::string_view);
  base::Status decode_data(std::string_view);
};

struct DefinitionInfo {
  Key key = 0, resource = 0;
  std::string authority, id, name, resource_name, version_tag;
  std::int64_t version = 0;
  std::vector<ElementRow> elements;
  std::string element_id(Index i) const { return i < elements.size() ? elements[i].id : std::string(); }
  std::string element_name(Index i) const { return i < elements.size() ? elements[i].name : std::string(); }  // "" where it has none
};
std::string encode_elements(const std::vector<ElementRow>&);
std::vector<ElementRow> decode_elements(std::string_view);

// Rows of open work, held until the next transaction. `stored`: the table has it.
struct JobRow {
  Key key = 0, instance = 0, element_instance = 0; std::string type, state = "CREATED", worker, error_code, message, listener;
  std::int64_t retries = 0, priority = 0; base::Millis deadline = 0, created = 0; Index element = 0; bool stored = false, gone = false;
};
struct TaskRow {
  Key key = 0, instance = 0, element_instance = 0; Index element = 0;
  std::string state = "CREATED", assignee, groups, users, due, follow_up, form_key, form_id, action, completed_by, locals;
  std::int64_t priority = 50; base::Millis created = 0, ended = 0; bool stored = false;
};
struct IncidentRow {
  Key key = 0, instance = 0, element_instance = 0, job = 0; Index element = 0;
  std::string kind, state = "ACTIVE", message; base::Millis created = 0, ended = 0; bool stored = false, moved = false;  // moved: to another definition
};
struct SubscriptionRow {
  Key key = 0, instance = 0, definition = 0, element_instance = 0; Index element = 0;
  std::string authority, name, correlation_key; base::Millis created = 0; bool stored = false, gone = false, interrupting = true, moved = false;
};
struct DecisionRow {
  Key key = 0, instance = 0, element_instance = 0, definition = 0; Index element = 0;
  std::string authority, decision; std::int64_t version = 0; bool failed = false; base::Millis at = 0; std::string trace; store::KeySlot slot = 0;
};
// What somebody changed in an instance that runs: key is the journal's position. detail: JSON text, element ids only.
struct ChangeRow { Key key = 0, instance = 0; std::string authority, kind, actor, detail; base::Millis at = 0; };
struct ResourceRow { Key key = 0; std::string authority, name, content; int kind = 0; };
struct DefinitionRow { DefinitionInfo info; std::string kind, drg_id, drg_name; base::Millis created = 0; };
struct RetentionRow { Key key = 0; std::string authority, process_id, period, actor; base::Millis at = 0; };
struct DayCounts { std::int64_t started = 0, completed = 0, canceled = 0, with_task = 0, without_task = 0; };
struct ElementCounts { std::int64_t active = 0, completed = 0, terminated = 0; };

class Model {
 public:
  Model(store::Database& database, store::Keys* keys) : database_(database), keys_(keys) {}
  base::Status load();                                 // definitions and who owns what is open
  base::Status apply(const RecordView&);
  // Everything collected, and the position, into one transaction. Answers whether something was forgotten.
  base::Result<bool> write(std::uint64_t position);
  bool changed() const { return changed_ > 0; }
  std::uint64_t changes() const { return changed_; }
  struct Note { std::string authority; base::Json note; };
  void want_notes(bool wanted) { notes_wanted_ = wanted; }
  struct Forgotten { std::string authority; Key instance = 0; };
  std::vector<Forgotten> take_forgotten() { return std::exchange(forgotten_told_, {}); }  // of the transactions that are written
  std::vector<Note> take_notes() { return std::exchange(notes_, {}); }

  // One per event (apply*.cc).
#define EVENT(name, number, doc) base::Status on(const ev::name&, const RecordView&);
#include "engine/events.def"
#undef EVENT

 private:
  // model.cc
  base::Result<LiveInstance*> instance(Key key);       // from memory or the file; null where there is none
  base::Result<LiveInstance*> owner(Key of);           // of an element instance, job, task, incident, subscription
  LiveInstance& touch(LiveInstance&);
  base::Result<LiveInstance*> load_instance(Key key);
  void evict();
  base::Result<JobRow*> job(Key);
  base::Result<TaskRow*> task(Key);
  base::Result<IncidentRow*> incident(Key);
  base::Result<SubscriptionRow*> subscription(Key);
  std::string open(store::KeySlot, std::string_view sealed, std::string_view context);
  const DefinitionInfo& definition(Key) const;
  // changes.cc
  base::Status begin_element(Key key, Key scope, Index element, std::uint32_t loop, bool body, Key work, const Payload& locals, base::Millis at,
                             LiveInstance*& found);
  void count(const LiveInstance&, Index element, int active, int completed, int terminated);
  base::Status end_element(LiveInstance&, Key, ElementState, base::Millis at);
  void drop_job(Key);
  static bool open_task(const TaskRow&);
  base::Status change_task(Key, const char* state);
  base::Status take(Key instance, Key element_instance, base::Millis at);  // somebody begins to work on it
  base::Status drop_work(LiveInstance&, LiveElement&, base::Millis at);
  base::Status drop_attached(LiveInstance&, Key element, base::Millis at);  // element 0: all of the instance
  base::Status close_incident(LiveInstance&, Key, base::Millis at);
  base::Status close_subscription(LiveInstance*, Key);
  base::Status end_instance(Key, const char* state, base::Millis at);
  base::Status set_states(Key root, const char* from, const char* to);  // apply_change.cc: of the root and all that it called
  void changed(const LiveInstance&, const RecordView&, const char* kind, const std::string& actor, const base::Json& detail);
  void propagate(LiveInstance&, Key scope, std::string_view packed_object);
  base::Status deliver(Key element_instance, Index event, const Payload&);
  void day(const LiveInstance&, base::Millis at, std::int64_t DayCounts::*field);
  void note(const std::string& authority, const char* kind, Key key, Key instance, const std::string& state);
  // write.cc
  base::Status write_definitions(store::Connection&);
  base::Status write_instances(store::Connection&);
  base::Status write_jobs(store::Connection&);
  base::Status write_tasks(store::Connection&);
  base::Status write_incidents(store::Connection&);
  base::Status write_subscriptions(store::Connection&);
  base::Status write_decisions(store::Connection&);
  base::Status write_counts(store::Connection&);
  base::Status write_changes(store::Connection&);
  base::Status write_retention(store::Connection&);
  base::Status write_forgotten(store::Connection&);
  base::Result<std::string> seal(store::KeySlot, std::string_view plain, std::string_view context);
  void clear_written();

  store::Database& database_;
  store::Keys* keys_;
  std::uint64_t changed_ = 0, transaction_ = 1;
  std::unordered_map<Key, DefinitionInfo> definitions_;
  std::unordered_map<Key, ResourceRow> resources_by_key_;   // names only, of those in this transaction
  std::unordered_map<Key, std::string> resource_names_;
  std::unordered_map<Key, LiveInstance> instances_;
  std::vector<Key> dirty_;
  Owners owners_;                                           // everything open → its instance
  std::unordered_map<Key, JobRow> jobs_;
  std::unordered_map<Key, TaskRow> tasks_;
  std::unordered_map<Key, IncidentRow> incidents_;
  std::unordered_map<Key, SubscriptionRow> subscriptions_;
  std::vector<DecisionRow> decisions_;
  std::vector<ChangeRow> changes_;
  std::vector<ResourceRow> resources_;
  std::vector<DefinitionRow> definition_rows_;
  std::map<std::pair<std::string, std::pair<std::string, std::string>>, DayCounts> days_;  // authority, day, process
  std::map<std::pair<Key, Index>, ElementCounts> counts_;
  std::vector<Key> forgotten_;
  std::vector<Forgotten> forgotten_now_, forgotten_told_;
  std::vector<std::pair<Key, base::Millis>> deleted_;       // definitions
  std::vector<RetentionRow> retentions_;
  std::vector<Note> notes_;
  bool notes_wanted_ = false;
};

}  // namespace engine
