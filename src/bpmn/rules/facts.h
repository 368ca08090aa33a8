// What every rule works on: the model, and its XML tree indexed once. Private to this room: check and draw.
#pragma once
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bpmn/check.h"
#include "bpmn/rules/soundness.h"

namespace bpmn::rules {

using base::xml::Element;
using Elements = std::vector<const Element*>;

inline constexpr std::string_view kXsiNs = "http://www.w3.org/2001/XMLSchema-instance";

class Facts {
 public:
  explicit Facts(const Model&);

  const Model& model;
  // Elements of the BPMN namespaces in document order; what is inside extensionElements is not among them.
  const Elements& all() const { return all_; }
  const Elements& named(std::string_view local) const;  // MODEL namespace
  Elements named_any(std::initializer_list<std::string_view> locals) const;
  const Element* parent(const Element&) const;           // nullptr for the root
  const Element* find(std::string_view id) const;        // id as written or a QName; nullptr when absent or empty
  const Element* target(const Element&, std::string_view attribute) const;
  const Element* process_of(const Element&) const;       // nearest <process> around it
  const Element* container_of(const Element&) const;     // nearest process or sub-process around it
  // Inside a process with isExecutable, or at the root of a file that has such a process.
  bool executable(const Element&) const;
  const Node* node(const Element&) const;                // the typed node of a flow node, else nullptr
  const std::vector<std::pair<std::string, const Element*>>& ids() const { return ids_; }

  // What tokens can do in the model: found once for all rules that ask.
  const std::vector<Unsound>& soundness() const;

  // Item-aware elements: the itemDefinition behind them, through data object and data store references.
  const Element* item_of(const Element* item_aware) const;

 private:
  Elements all_;
  std::unordered_map<std::string, Elements> by_name_;
  std::unordered_map<const Element*, const Element*> parents_;
  std::unordered_map<std::string, const Element*> by_id_;
  std::vector<std::pair<std::string, const Element*>> ids_;
  std::unordered_map<const Element*, int> nodes_;
  bool any_executable_ = false;
  mutable std::shared_ptr<const std::vector<Unsound>> soundness_;
};

// Collects the findings of one rule.
class Report {
 public:
  virtual ~Report() = default;
  // `detail` completes the rule's sentence with what was found; English, no data of cases. `detail_da`: the same in Danish.
  virtual void at(const Element&, std::string detail = {}, std::string detail_da = {}) = 0;
};

using RuleFunction = void (*)(const Facts&, Report&);

#define RULE(name, code, section, strict, deploy, lenient, text, text_da, remedy) void name(const Facts&, Report&);
#include "bpmn/rules.def"
#undef RULE

// Kinds, by local name in the MODEL namespace.
bool is(const Element&, std::string_view local);
bool is_any(const Element&, std::initializer_list<std::string_view> locals);
bool is_task(const Element&);
bool is_sub_process(const Element&);        // subProcess, transaction, adHocSubProcess
bool is_event_sub_process(const Element&);
bool is_activity(const Element&);
bool is_gateway(const Element&);
bool is_event(const Element&);
bool is_flow_node(const Element&);          // also choreography activities
bool is_choreography_activity(const Element&);
bool is_conversation_node(const Element&);
bool is_artifact(const Element&);
bool is_event_definition(const Element&);
bool is_item_aware(const Element&);
bool is_global_task(const Element&);
bool is_callable(const Element&);           // process or global task
bool is_compensation_activity(const Element&);

std::string id(const Element&);
std::string trimmed(const Element&);                                // own text
std::string trimmed(const Element& parent, std::string_view child);  // of the first such child
bool has(const Element&, std::string_view child);
bool is_formal(const Element& expression);                          // xsi:type="tFormalExpression"
// Same element, or both with the same structureRef. Two that are absent are the same.
bool same_item(const Element* a, const Element* b);
Elements io_children(const Element& owner, std::string_view kind);   // dataInput … directly or in ioSpecification

// The node's trigger kinds, and whether it is one of these.
bool has_trigger(const Node&, EventKind);
bool is_link(const Node&);

}  // namespace bpmn::rules
