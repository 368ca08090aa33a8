// A BPMN 2.0 file as typed facts over the XML tree it came from. The tree stays the truth for writing (unknown extensions,
// prefixes and diagram survive); the facts are what check, draw and the engine read. Indexes are into the vectors here.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/xml.h"

namespace bpmn {

inline constexpr std::string_view kBpmnNs = "http://www.omg.org/spec/BPMN/20100524/MODEL";
inline constexpr std::string_view kBpmnDiNs = "http://www.omg.org/spec/BPMN/20100524/DI";
inline constexpr std::string_view kDcNs = "http://www.omg.org/spec/DD/20100524/DC";
inline constexpr std::string_view kDiNs = "http://www.omg.org/spec/DD/20100524/DI";
inline constexpr std::string_view kZeebeNs = "http://camunda.org/schema/zeebe/1.0";

enum class ElementType : std::uint8_t {
#define ELEMENT(name, xml, section, family, executes) name,
#include "bpmn/elements.def"
#undef ELEMENT
};
std::string_view xml_name(ElementType);
std::string_view section(ElementType);
bool executes(ElementType);

enum class EventKind : std::uint8_t {
  none, message, timer, error, escalation, signal, conditional, compensation, cancel, link, terminate, multiple, parallel_multiple
};
std::string_view name(EventKind);
enum class TimerKind : std::uint8_t { none, date, duration, cycle };

struct EventDefinition {
  EventKind kind = EventKind::none;
  std::string id;
  std::string ref;            // messageRef, errorRef, signalRef, escalationRef, activityRef: the local part of the QName
  TimerKind timer = TimerKind::none;
  std::string expression;     // timer text or condition, as written (trimmed)
  std::string link_name;
  const base::xml::Element* xml = nullptr;
};

struct Mapping { std::string source, target; };      // zeebe:input / zeebe:output
struct Header { std::string key, value; };

// zeebe: extension elements; empty string = absent.
// zeebe:executionListener or zeebe:taskListener, in the order of the file.
struct Listener { bool task = false; std::string event_type, type, retries; std::vector<Header> headers; };

struct Zeebe {
  std::string task_type, task_retries;               // taskDefinition
  std::vector<Header> headers;
  std::vector<Mapping> inputs, outputs;
  bool user_task = false;
  std::string form_id, form_key, external_reference;
  std::string assignee, candidate_groups, candidate_users;
  std::string due_date, follow_up_date, priority;
  std::string called_process, called_binding, called_version_tag, called_business_id;
  bool propagate_all_child = true, propagate_all_parent = true, has_called_element = false;
  std::string decision_id, decision_result, decision_binding;
  std::string script, script_result;
  std::string input_collection, input_element, output_collection, output_element;  // loopCharacteristics
  std::vector<Header> properties;
  std::vector<Listener> listeners;
  std::string job_priority;                          // jobPriorityDefinition
  std::string version_tag;
};

struct Loop {                                        // multiInstance- or standardLoopCharacteristics
  bool standard = false;
  bool sequential = false;
  std::string cardinality, completion_condition;     // MI
  std::string loop_condition, loop_maximum;          // standard
  bool test_before = false;
  std::string behavior;                              // MI: "All" default
  const base::xml::Element* xml = nullptr;
};

struct Node {
  ElementType type = ElementType::task;
  std::string id, name;
  int process = -1;                                  // index into Model::processes
  int parent = -1;                                   // containing sub-process (index into nodes), -1 = the process itself
  std::vector<int> incoming, outgoing;               // indexes into Model::flows, in document order of the flows
  int default_flow = -1;
  std::vector<EventDefinition> events;
  bool parallel_multiple = false;
  bool interrupting = true;                          // isInterrupting / cancelActivity
  int attached_to = -1;                              // boundary: index of the activity
  std::vector<int> boundary;                         // boundary events attached here
  bool for_compensation = false, instantiate = false;
  std::string gateway_direction, activation_condition, event_gateway_type;
  std::optional<Loop> loop;
  std::string called_element, script, script_format, message_ref, operation_ref, implementation;
  int start_quantity = 1, completion_quantity = 1;
  std::string completion_condition, ordering;        // ad hoc
  bool cancel_remaining = true;
  Zeebe zeebe;
  std::string documentation;
  int line = 0, column = 0;
  const base::xml::Element* xml = nullptr;
};

struct Flow {                                        // sequenceFlow
  std::string id, name;
  int source = -1, target = -1;                      // nodes; -1 = unresolved reference
  std::string condition;                             // as written ("=a > 1"), trimmed; "" = none
  bool has_condition = false;
  int process = -1, parent = -1;
  int line = 0, column = 0;
  const base::xml::Element* xml = nullptr;
};

struct Lane { std::string id, name; std::vector<int> nodes; int parent = -1; int process = -1; const base::xml::Element* xml = nullptr; };
struct Process {
  std::string id, name; bool executable = false; std::string version_tag, documentation;
  int line = 0; const base::xml::Element* xml = nullptr; Zeebe zeebe;
};
struct Participant { std::string id, name; int process = -1; const base::xml::Element* xml = nullptr; };
struct MessageFlow { std::string id, name, source, target; const base::xml::Element* xml = nullptr; };  // ids of nodes or participants
struct Message { std::string id, name, correlation_key; };      // zeebe:subscription correlationKey
struct Signal { std::string id, name; };
struct ErrorDef { std::string id, name, code; };
struct Escalation { std::string id, name, code; };
// Data objects, stores, annotations, groups, associations: kept for drawing and checks.
struct Artifact { std::string kind, id, name, source, target; const base::xml::Element* xml = nullptr; int process = -1; };

struct Bounds { double x = 0, y = 0, width = 0, height = 0; };
struct Point { double x = 0, y = 0; };
struct Shape {
  std::string id, element; Bounds bounds; std::optional<Bounds> label;
  bool horizontal = true, expanded = false, marker = false; std::string fill, stroke;
  std::string choreography_band; bool message_visible = false;  // participantBandKind, isMessageVisible
  bool expanded_given = false;                       // isExpanded was written; otherwise `expanded` is what the drawing shows
};
struct Edge { std::string id, element; std::vector<Point> waypoints; std::optional<Bounds> label; std::string stroke;
              std::string message_visible; };  // messageVisibleKind: initiating | non_initiating
struct Diagram { std::string id, name, plane_element; std::vector<Shape> shapes; std::vector<Edge> edges; };

struct Model {
  std::string file;
  base::xml::Document document;                      // owns every `xml` pointer here
  std::string id, name, target_namespace, exporter;
  std::vector<Process> processes;
  std::vector<Participant> participants;
  std::vector<Node> nodes;                           // document order
  std::vector<Flow> flows;
  std::vector<Lane> lanes;
  std::vector<MessageFlow> message_flows;
  std::vector<Message> messages;
  std::vector<Signal> signals;
  std::vector<ErrorDef> errors;
  std::vector<Escalation> escalations;
  std::vector<Artifact> artifacts;
  std::vector<Diagram> diagrams;
  // "multiInstance"-like things the reader met and does not model: reported by check, never dropped.
  std::vector<std::string> notes;

  int node(std::string_view id) const;               // -1 when absent
  const Message* message(std::string_view id) const;
  const ErrorDef* error(std::string_view id) const;
  const Signal* signal(std::string_view id) const;
  const Escalation* escalation(std::string_view id) const;
  base::Where where(const Node&) const;
  base::Where where(const Flow&) const;
  base::Where where(const base::xml::Element&) const;  // element = its id

  // id → index into the vector of that name; the first where an id repeats. Filled by read().
  std::unordered_map<std::string, int> node_index, message_index, signal_index, error_index, escalation_index;
};

using ModelPtr = std::shared_ptr<const Model>;

// "tns:Task_1" → "Task_1"; surrounding blanks dropped (QName and IDREF content alike).
std::string_view local_part(std::string_view qname);
bool xsd_boolean(std::string_view text, bool otherwise);   // "true" "1" "false" "0"; anything else = otherwise
// Attribute as an XML Schema boolean, double or int; `otherwise` where absent or not of that form.
bool flag(const base::xml::Element&, std::string_view attribute, bool otherwise);
double number(const base::xml::Element&, std::string_view attribute, double otherwise);
int integer(const base::xml::Element&, std::string_view attribute, int otherwise);

// Reads what is there, also when it breaks rules (check tells). Errors: invalid_xml, limit_exceeded,
// invalid_bpmn when the root is not bpmn:definitions.
base::Result<ModelPtr> read(std::string_view xml, std::string_view file);
std::string write(const Model&);

}  // namespace bpmn
