#include "bpmn/rules/facts.h"

#include <algorithm>

#include "base/text.h"

namespace bpmn::rules {
namespace {
const Elements kNone;
}

Facts::Facts(const Model& m) : model(m) {
  // An explicit stack: document order, no recursion.
  std::vector<const Element*> open{m.document.root.get()};
  while (!open.empty()) {
    const Element* element = open.back();
    open.pop_back();
    all_.push_back(element);
    if (element->ns == kBpmnNs) by_name_[element->local].push_back(element);
    if (const std::string* value = element->attribute("id"); value && !base::trim(*value).empty()) {
      ids_.emplace_back(base::trim(*value), element);
      by_id_.emplace(ids_.back());
    }
    if (element->ns == kBpmnNs && element->local == "extensionElements") {
      all_.pop_back();
      continue;
    }
    Elements children = element->elements();
    for (const Element* child : children) parents_.emplace(child, element);
    open.insert(open.end(), children.rbegin(), children.rend());
  }
  for (std::size_t i = 0; i < m.nodes.size(); ++i) nodes_.emplace(m.nodes[i].xml, static_cast<int>(i));
  any_executable_ = std::ranges::any_of(m.processes, [](const Process& p) { return p.executable; });
}

const Elements& Facts::named(std::string_view local) const {
  const auto found = by_name_.find(std::string(local));
  return found == by_name_.end() ? kNone : found->second;
}

Elements Facts::named_any(std::initializer_list<std::string_view> locals) const {
  Elements result;
  for (const auto local : locals) {
    const Elements& some = named(local);
    result.insert(result.end(), some.begin(), some.end());
  }
  return result;
}

const Element* Facts::parent(const Element& element) const {
  const auto found = parents_.find(&element);
  return found == parents_.end() ? nullptr : found->second;
}

const Element* Facts::find(std::string_view wanted) const {
  const std::string key(base::trim(wanted));
  if (key.empty()) return nullptr;
  if (const auto found = by_id_.find(key); found != by_id_.end()) return found->second;
  const auto found = by_id_.find(std::string(local_part(key)));
  return found == by_id_.end() ? nullptr : found->second;
}

const Element* Facts::target(const Element& element, std::string_view attribute) const {
  const std::string* value = element.attribute(attribute);
  return value ? find(*value) : nullptr;
}

const Element* Facts::process_of(const Element& element) const {
  const Element* one = &element;
  while (one && !is(*one, "process")) one = parent(*one);
  return one;
}

const Element* Facts::container_of(const Element& element) const {
  const Element* one = parent(element);
  while (one && !is(*one, "process") && !is_sub_process(*one)) one = parent(*one);
  return one;
}

bool Facts::executable(const Element& element) const {
  if (const Element* process = process_of(element)) return flag(*process, "isExecutable", false);
  return any_executable_;
}

const Node* Facts::node(const Element& element) const {
  const auto found = nodes_.find(&element);
  return found == nodes_.end() ? nullptr : &model.nodes[static_cast<std::size_t>(found->second)];
}

const Element* Facts::item_of(const Element* item_aware) const {
  if (!item_aware) return nullptr;
  if (const Element* item = target(*item_aware, "itemSubjectRef")) return item;
  if (const Element* object = target(*item_aware, "dataObjectRef")) return target(*object, "itemSubjectRef");
  if (const Element* store = target(*item_aware, "dataStoreRef")) return target(*store, "itemSubjectRef");
  return nullptr;
}

bool is(const Element& element, std::string_view local) { return element.is(kBpmnNs, local); }

bool is_any(const Element& element, std::initializer_list<std::string_view> locals) {
  return element.ns == kBpmnNs && std::ranges::find(locals, std::string_view(element.local)) != locals.end();
}

bool is_task(const Element& e) {
  return is_any(e, {"task", "serviceTask", "userTask", "manualTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask"});
}
bool is_sub_process(const Element& e) { return is_any(e, {"subProcess", "transaction", "adHocSubProcess"}); }
bool is_event_sub_process(const Element& e) { return is(e, "subProcess") && flag(e, "triggeredByEvent", false); }
bool is_activity(const Element& e) { return is_task(e) || is_sub_process(e) || is(e, "callActivity"); }
bool is_gateway(const Element& e) {
  return is_any(e, {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"});
}
bool is_event(const Element& e) {
  return is_any(e, {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
                    "implicitThrowEvent", "event"});
}
bool is_choreography_activity(const Element& e) {
  return is_any(e, {"choreographyTask", "subChoreography", "callChoreography"});
}
bool is_conversation_node(const Element& e) { return is_any(e, {"conversation", "subConversation", "callConversation"}); }
bool is_flow_node(const Element& e) { return is_activity(e) || is_gateway(e) || is_event(e) || is_choreography_activity(e); }
bool is_artifact(const Element& e) { return is_any(e, {"association", "group", "textAnnotation"}); }
bool is_event_definition(const Element& e) { return e.ns == kBpmnNs && e.local.ends_with("EventDefinition"); }
bool is_item_aware(const Element& e) {
  return is_any(e, {"dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataInput", "dataOutput",
                    "property", "inputDataItem", "outputDataItem"});
}
bool is_global_task(const Element& e) {
  return is_any(e, {"globalTask", "globalScriptTask", "globalUserTask", "globalManualTask", "globalBusinessRuleTask"});
}
bool is_callable(const Element& e) { return is(e, "process") || is_global_task(e); }
bool is_compensation_activity(const Element& e) { return is_activity(e) && flag(e, "isForCompensation", false); }

std::string id(const Element& element) { return std::string(base::trim(element.attribute_or("id", ""))); }
std::string trimmed(const Element& element) { return std::string(base::trim(element.text())); }
std::string trimmed(const Element& parent, std::string_view child) {
  const Element* found = parent.child(kBpmnNs, child);
  return found ? trimmed(*found) : std::string();
}
bool has(const Element& element, std::string_view child) { return element.child(kBpmnNs, child) != nullptr; }

bool is_formal(const Element& expression) {
  const std::string* type = expression.attribute(kXsiNs, "type");
  return is(expression, "formalExpression") || (type && local_part(*type) == "tFormalExpression");
}

bool same_item(const Element* a, const Element* b) {
  if (a == b) return true;
  if (!a || !b) return false;
  const std::string left = a->attribute_or("structureRef", ""), right = b->attribute_or("structureRef", "");
  return !left.empty() && left == right;
}

Elements io_children(const Element& owner, std::string_view kind) {
  Elements result = owner.children_named(kBpmnNs, kind);
  if (const Element* io = owner.child(kBpmnNs, "ioSpecification"))
    for (const Element* one : io->children_named(kBpmnNs, kind)) result.push_back(one);
  return result;
}

bool has_trigger(const Node& node, EventKind kind) {
  return std::ranges::any_of(node.events, [kind](const EventDefinition& one) { return one.kind == kind; });
}
bool is_link(const Node& node) { return has_trigger(node, EventKind::link); }

}  // namespace bpmn::rules
