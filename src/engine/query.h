// The read side: relational tables that the projector keeps. Rows are JSON in the field names of the /v2 REST shapes.
// Every call first waits (bounded) until the projection has reached `at_least`; on timeout Error busy (HTTP 503), never stale.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

namespace engine {

// One decision that was made, as history has it.
struct PastDecision {
  std::int64_t key = 0, instance = 0, process = 0, definition = 0, version = 0;  // process: the definition's key
  base::Millis at = 0;
  std::string_view element_id;
  bool forgotten = false;   // its case was deleted: no trace
  std::string_view trace;   // base::Packed of {decisionOutput, evaluatedDecisions, inputData}
};
// History of the decisions of an authority. Sees what is projected; thread-safe.
class DecisionHistory {
 public:
  virtual ~DecisionHistory() = default;
  struct Period { std::string authority, decision_id; base::Millis from = 0, to = 0; };  // to: not included
  virtual base::Result<std::int64_t> count(const Period&) = 0;
  // The next `max` of the period behind (at, key), in that order; answers how many there were. What the visitor gets lives until it returns.
  struct Place { base::Millis at = INT64_MIN; std::int64_t key = 0; };
  virtual base::Result<std::size_t> next(const Period&, Place behind, std::size_t max, const std::function<void(const PastDecision&)>& visitor) = 0;
  // Errors: not_found (also another authority's).
  virtual base::Status one(std::int64_t key, const std::string& authority, const std::function<void(const PastDecision&)>& visitor) = 0;
};

// One instance with what lies sealed in its row. Views live until the visitor returns.
struct SeenInstance {
  std::int64_t key = 0, definition = 0;
  std::string_view state, business_key;
  base::Millis started = 0, ended = 0;
  bool incident = false, forgotten = false;                        // forgotten: no variables
  std::vector<std::pair<std::string, std::string_view>> variables; // name, packed: the instance's own, then those of open elements
};
// Looks through an authority's instances row by row, newest first: variables are sealed per case, so there is no index over them.
// Whoever calls it logs the look-up. Sees what is projected; thread-safe.
class InstanceScan {
 public:
  virtual ~InstanceScan() = default;
  struct Filter {
    std::string authority, process_id, state, business_key;  // "" = any
    std::int64_t definition = 0;                             // 0 = any
    bool only_incidents = false;
    base::Millis from = INT64_MIN, to = INT64_MAX;           // started; to: not included
  };
  // Looks at up to `max` rows with keys below `below` and moves it; unseals and visits those that fit. Answers how many rows it
  // looked at: fewer than `max` = that was the last.
  virtual base::Result<std::size_t> next(const Filter&, std::int64_t& below, std::size_t max, const std::function<void(const SeenInstance&)>& visitor) = 0;
  // About how many instances there are: those started, as counted per day.
  virtual base::Result<std::int64_t> about(const std::string& authority) = 0;
};

class ReadSide {
 public:
  virtual ~ReadSide() = default;
  // kind: "process-definitions", "process-instances", "element-instances", "jobs", "incidents", "user-tasks", "variables",
  //       "decision-definitions", "decision-instances", "message-subscriptions", "process-instance-changes".
  // request: {filter: {...}, sort: [{field, order}], page: {from, limit, after}}; answer: {items, page: {totalItems, hasMoreTotalItems, startCursor, endCursor}}.
  // Only rows of `authority` exist for the caller. Errors: invalid_argument (unknown filter field, named), busy.
  virtual base::Result<base::Json> search(std::string_view kind, const base::Json& request, const std::string& authority,
                                          std::uint64_t at_least) = 0;
  // One row, or not_found (also when it is another authority's).
  virtual base::Result<base::Json> get(std::string_view kind, std::int64_t key, const std::string& authority,
                                       std::uint64_t at_least) = 0;
  // {elementId: {active, completed, terminated, incidents, multi?: {active, completed, total: null = not known beforehand}}} of an
  // instance (multi: of its open multi-instance bodies), or of a whole definition (without multi).
  virtual base::Result<base::Json> element_counts(std::int64_t instance_or_definition, const std::string& authority) = 0;
  // XML of a process or decision definition.
  virtual base::Result<std::string> definition_xml(std::int64_t key, const std::string& authority) = 0;
  // Finished and running per day and process: [{day, processDefinitionId, started, completed, canceled, withUserTask, withoutUserTask}].
  virtual base::Result<base::Json> per_day(const std::string& authority, int days, std::string_view process_id) = 0;
  virtual std::uint64_t acknowledged() const = 0;  // position to pass as at_least for a request that arrives now
  // Live notes after each projected batch: {kind, key, processInstanceKey, state}. Called on the projector's thread.
  virtual int subscribe(const std::string& authority, std::function<void(const base::Json& note)>) = 0;
  virtual void unsubscribe(int id) = 0;
  virtual base::Result<DecisionHistory*> decisions(std::uint64_t at_least) = 0;  // lives as long as this
  virtual base::Result<InstanceScan*> scan(std::uint64_t at_least) = 0;          // lives as long as this
  // What happened in an instance, in order: {items: [{kind: "element"|"incident"|"decision"|"mark", at, end, elementId, …}], total, left}
  // (left: element instances beyond the history's list, which are only counted). Errors: not_found.
  virtual base::Result<base::Json> timeline(std::int64_t instance, const std::string& authority, std::size_t from, std::size_t limit,
                                            std::uint64_t at_least) = 0;
  // Per element of a definition: how often, how long, how many incidents, of element instances begun in [from, to).
  // {instances, looked, whole, elements: {id: {name, type, count, active, incidents, openIncidents, total|waiting|handling: {n, median, p95} in ms}}}.
  // whole false: older instances were left out (limits in projector/heat.cc). Errors: not_found.
  virtual base::Result<base::Json> heat(std::int64_t definition, base::Millis from, base::Millis to, const std::string& authority, std::uint64_t at_least) = 0;
  // Versions of processes, newest first: [{processDefinitionKey, processDefinitionId, name, version, versionTag, deployed, active, completed, terminated}].
  // process_id "" = all.
  virtual base::Result<base::Json> versions(const std::string& authority, std::string_view process_id, std::uint64_t at_least) = 0;
  // Open incidents put together: [{processDefinitionKey, processDefinitionId, processDefinitionName, processDefinitionVersion, elementId, elementName,
  // errorType, count, oldest, newest}], most first.
  virtual base::Result<base::Json> incident_groups(const std::string& authority, std::uint64_t at_least) = 0;
};

}  // namespace engine
