// A deployed process compiled once to flat arrays for decide. Indexes: element 0 is the process, then its nodes in
// document order; flows in document order. This order is part of the format: process_deployed stores the ids.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bpmn/model.h"
#include "dmn/dmn.h"
#include "engine/events.h"
#include "engine/state/tables.h"
#include "feel/feel.h"

namespace engine {

inline constexpr std::uint8_t kProcessType = 255;

// A leading "=" is FEEL (zeebe dialect, free names are variables), anything else static text; "" = absent.
struct Expr {
  feel::Expression feel;
  std::string text;
  bool is_feel = false;
  explicit operator bool() const { return is_feel || !text.empty(); }
};
// bindingType of a call or decision.
enum class Bound : std::uint8_t { latest, deployment, version_tag };
struct Binding { Bound to = Bound::latest; std::string tag; };
struct MappingProgram { Expr source; std::vector<std::string> target; };  // target: path "a.b"
struct EventProgram {
  bpmn::EventKind kind = bpmn::EventKind::none;
  Expr name, correlation;        // message, signal
  std::string code;              // error, escalation; "" catches every code
  bool has_code = false;
  bpmn::TimerKind timer = bpmn::TimerKind::none;
  Expr expression;               // timer or condition
  Index link_target = kNoIndex;
  Index activity = 0;            // compensation: of this activity only; 0 = of all
  bool waits = true;             // compensation: waitForCompletion
};
enum class Behavior : std::uint8_t { all, none, one, complex };
struct LoopProgram {
  bool sequential = false, standard = false, test_before = false;
  Expr collection, cardinality, completion, condition, maximum, output_element;
  std::string input_element, output_collection;
  // Section 13.3.7: what is thrown when an item completes: each time, the first time, or where a condition holds.
  Behavior behavior = Behavior::all;
  struct Thrown { Expr condition; EventProgram event; };
  std::vector<Thrown> thrown;
};
// Section 13.3.5: which elements begin, and when it is over.
inline constexpr int kTokenQuantity = 1'000;  // start and completion quantity of an activity: one event makes or takes that many tokens
struct AdHocProgram { bool sequential = false, cancel_remaining = true; Expr completion, elements; };
// Listeners of an element, by phase, in the order of the file.
struct ListenerProgram { Expr type, retries; std::string headers_json = "{}"; };
using ListenerPrograms = std::array<std::vector<ListenerProgram>, 8>;
struct FlowProgram { Index source = 0, target = 0; Expr condition; bool has_condition = false; std::string id; };

struct ElementProgram {
  std::uint8_t type = kProcessType;
  Index index = 0, parent = 0;
  std::string id;
  std::vector<Index> outgoing, incoming;          // flows
  Index default_flow = kNoIndex;
  std::vector<Index> boundary;                    // boundary events attached here
  Index attached_to = kNoIndex;
  bool interrupting = true;
  EventProgram event;
  std::vector<EventProgram> more;                 // of a multiple event: all but the first definition
  bool together = false;                          // parallel multiple: all of them must occur
  std::vector<Index> starts;                      // of a scope: elements that get the first tokens
  std::vector<Index> event_scopes;                // of a scope: event sub-processes directly in it
  Index trigger = kNoIndex;                       // of an event sub-process: its start event
  Index handler = kNoIndex;                       // compensation handler of this activity
  bool for_compensation = false;
  std::uint32_t start_quantity = 1, completion_quantity = 1;
  Expr activation;                                // of a complex gateway
  std::vector<MappingProgram> inputs, outputs, data_outputs;  // data_outputs: output associations, beside the other results
  std::unique_ptr<LoopProgram> loop;
  std::unique_ptr<AdHocProgram> ad_hoc;
  bool instantiates = false, parallel = false;    // receive task or event-based gateway; parallel: of the gateway
  std::uint8_t global = kProcessType;             // call activity: the task type of the global task that it calls
  std::vector<std::string> declared;              // data objects and properties of a scope: variables of its own
  Expr job_type, retries, job_priority;
  std::unique_ptr<ListenerPrograms> listeners;
  const std::vector<ListenerProgram>& listening(ListenerPhase phase) const {
    static const std::vector<ListenerProgram> none;
    return listeners ? (*listeners)[static_cast<std::size_t>(phase)] : none;
  }
  std::string headers_json = "{}";
  Expr decision;
  std::string result;                             // variable of a decision or script
  Expr script;
  Expr called, called_business_key;
  Binding called_binding, decision_binding;
  bool all_to_child = true, all_to_parent = true;
  Expr assignee, candidate_groups, candidate_users, due_date, follow_up_date, priority;
  std::string form_key, form_id;
  std::size_t definitions() const { return 1 + more.size(); }
  const EventProgram& definition(std::size_t i) const { return i == 0 ? event : more[i - 1]; }
  bool is(bpmn::ElementType t) const { return type == static_cast<std::uint8_t>(t); }
};

struct Program {
  std::string process_id, name, version_tag;
  bool executable = false;
  std::vector<ElementProgram> elements;
  std::vector<FlowProgram> flows;
  const ElementProgram& at(Index i) const { return elements[i]; }
  Index find(std::string_view id) const;          // kNoIndex when absent
  std::vector<ElementRow> element_table() const;
  std::vector<std::string> flow_table() const;
  std::vector<std::string> names;                 // of the elements, for element_table
};
using ProgramPtr = std::shared_ptr<const Program>;

// Errors: invalid_feel, unsupported_element, invalid_bpmn, each with line, column and element.
base::Result<ProgramPtr> compile(const bpmn::Model&, int process);

}  // namespace engine
