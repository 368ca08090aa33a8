// The read side: relational tables that the projector keeps. Rows are JSON in the field names of the /v2 REST shapes.
// Every call first waits (bounded) until the projection has reached `at_least`; on timeout Error busy (HTTP 503), never stale.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

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
  // {elementId: {active, completed, terminated, incidents}} of an instance, or of a whole definition.
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
};

}  // namespace engine
