#include "conformance/token_model.h"

#include <algorithm>
#include <cstdlib>

namespace conformance::tokens {
namespace {

using base::xml::Element;
using base::xml::Node;
constexpr std::string_view kBpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL";

std::string id_of(const Element& element) { return element.attribute_or("id", ""); }

Node make(std::string_view prefix, std::string_view local, std::vector<std::pair<std::string, std::string>> attributes, std::string text = {}) {
  Node node;
  node.kind = Node::Kind::element;
  node.element = std::make_unique<Element>();
  node.element->ns = kBpmn;
  node.element->prefix = prefix;
  node.element->local = local;
  for (auto& [name, value] : attributes) node.element->set_attribute(name, value);
  if (!text.empty()) {
    Node content;
    content.text = std::move(text);
    node.element->children.push_back(std::move(content));
  }
  return node;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }
bool is_sub_process(const Element& e) { return one_of(e.local, {"subProcess", "transaction", "adHocSubProcess"}); }
bool is_activity(const Element& e) { return one_of(e.local, {"task", "serviceTask", "userTask", "sendTask", "scriptTask", "businessRuleTask", "manualTask", "callActivity"}); }
bool is_catching(const Element& e) { return one_of(e.local, {"startEvent", "intermediateCatchEvent", "boundaryEvent"}); }
bool is_throwing(const Element& e) { return one_of(e.local, {"endEvent", "intermediateThrowEvent"}); }
bool is_definition(const Node& node) { return node.element && node.element->local.ends_with("EventDefinition"); }
bool flag(const Element& e, std::string_view name) { return e.attribute_or(name, "false") == "true"; }
const Element* definition(const Element& event, std::string_view kind) { return event.child(kBpmn, std::string(kind) + "EventDefinition"); }

// An end of a message flow, at an activity or event.
struct End { double x = 0; std::string message; bool sends = false; };

class Rewriter {
 public:
  Rewriter(base::xml::Document& document, const std::set<std::string>& waits) : root_(*document.root), waits_(waits) {}

  Model run() {
    read_ends();
    std::vector<Node> messages;
    for (const Element* child : root_.elements()) {
      if (child->is(kBpmn, "process")) model_.processes.push_back(id_of(*child));
      for (const Element* one : child->is(kBpmn, "collaboration") ? child->children_named(kBpmn, "participant") : std::vector<const Element*>{})
        model_.participants[one->attribute_or("processRef", "-")] = id_of(*one);
      for (const Element* one : child->children_named(kBpmn, "messageFlow")) messages.push_back(make(child->prefix, "message", {{"id", message_of(id_of(*one))}, {"name", message_of(id_of(*one))}}));
    }
    note_ids(root_);
    for (Node& child : root_.children) {
      if (!child.element || !child.element->is(kBpmn, "process")) continue;
      Element& process = *child.element;
      process.set_attribute("isExecutable", "true");
      for (const Element* node : process.elements()) model_.nodes[id_of(process)].insert(id_of(*node));
      for (const Element* node : starts(process))
        if (node->local != "startEvent") model_.begins[id_of(process)].push_back(id_of(*node));
      scope(process, {&process});
    }
    for (Node& message : messages) root_.children.insert(root_.children.begin(), std::move(message));
    return std::move(model_);
  }

 private:
  void note_ids(const Element& element) {
    if (one_of(element.local, {"sequenceFlow", "messageFlow"})) model_.flows.insert(id_of(element));
    if (one_of(element.local, {"participant", "process"}) || is_sub_process(element)) model_.containers.insert(id_of(element));
    for (const Element* child : element.elements()) note_ids(*child);
  }

  // The message flows at each node, from left to right as they are drawn.
  void read_ends() {
    std::map<std::string, std::pair<double, double>> drawn;  // first and last x
    std::vector<const Element*> open{&root_};
    while (!open.empty()) {
      const Element* at = open.back();
      open.pop_back();
      for (const Element* child : at->elements()) open.push_back(child);
      if (at->local != "BPMNEdge") continue;
      std::vector<double> xs;
      for (const Element* point : at->elements())
        if (point->local == "waypoint") xs.push_back(std::strtod(point->attribute_or("x", "0").c_str(), nullptr));
      if (!xs.empty()) drawn[at->attribute_or("bpmnElement", "")] = {xs.front(), xs.back()};
    }
    for (const Element* child : root_.elements())
      for (const Element* flow : child->children_named(kBpmn, "messageFlow")) {
        const auto [first, last] = drawn[id_of(*flow)];
        ends_[flow->attribute_or("sourceRef", "")].push_back({first, message_of(id_of(*flow)), true});
        ends_[flow->attribute_or("targetRef", "")].push_back({last, message_of(id_of(*flow)), false});
      }
    for (auto& [node, ends] : ends_) std::stable_sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.x < b.x; });
  }

  // What begins with a process or sub-process: none start events and what nothing leads to.
  static std::vector<const Element*> starts(const Element& scope) {
    std::set<std::string> reached;
    for (const Element* flow : scope.children_named(kBpmn, "sequenceFlow")) reached.insert(flow->attribute_or("targetRef", ""));
    std::vector<const Element*> all;
    for (const Element* one : scope.elements()) {
      const bool node = is_sub_process(*one) || one->local.ends_with("ask") || one->local == "callActivity" || one->local.ends_with("Gateway") || one->local.ends_with("Event");
      if (!node || one->ns != kBpmn || reached.contains(id_of(*one)) || one->local == "boundaryEvent" || flag(*one, "triggeredByEvent") || flag(*one, "isForCompensation")) continue;
      if (one->local == "intermediateCatchEvent" && definition(*one, "link") != nullptr) continue;
      if (one->local == "startEvent" && std::any_of(one->children.begin(), one->children.end(), is_definition)) continue;
      all.push_back(one);
    }
    return all;
  }

  // `around`: the process, its sub-process … down to the scope itself.
  void scope(Element& at, std::vector<Element*> around) {
    std::map<std::string, std::string> kinds;
    std::map<std::string, int> outgoing;
    for (const Element* one : at.elements()) kinds[id_of(*one)] = one->local;
    for (const Element* flow : at.children_named(kBpmn, "sequenceFlow")) ++outgoing[flow->attribute_or("sourceRef", "")];
    const auto decides = [&](const std::string& id) { return one_of(kinds[id], {"exclusiveGateway", "inclusiveGateway"}) && outgoing[id] > 1; };
    std::vector<Node> more;
    for (Node& child : at.children) {
      if (!child.element || child.element->ns != kBpmn) continue;
      Element& one = *child.element;
      const std::string id = id_of(one);
      // No data, no loops: the simulator knows tokens only.
      std::erase_if(one.children, [](const Node& node) {
        return node.element && (one_of(node.element->local, {"extensionElements", "ioSpecification", "dataInputAssociation", "dataOutputAssociation", "conditionExpression"}) || node.element->local.ends_with("LoopCharacteristics"));
      });
      std::erase_if(one.attributes, [](const auto& attribute) { return attribute.local == "default"; });
      if (one.local == "sequenceFlow" && decides(one.attribute_or("sourceRef", "")))
        one.children.push_back(make(one.prefix, "conditionExpression", {}, "=list contains(" + std::string(kTaken) + ", \"" + id + "\")"));
      if (one.local == "exclusiveGateway" && decides(id)) {  // without a decision the token is consumed there
        one.set_attribute("default", id + "-none-added");
        more.push_back(make(one.prefix, "endEvent", {{"id", id + "-end-added"}}));
        more.push_back(flow(one.prefix, id + "-none-added", id, id + "-end-added"));
      }
      if (is_activity(one)) activity(one);
      if (is_catching(one) || is_throwing(one) || one.local == "receiveTask") event(one, around);
    }
    for (Node& node : more) at.children.push_back(std::move(node));
    for (Node& child : at.children) {
      if (!child.element || !is_sub_process(*child.element)) continue;
      std::vector<Element*> inner = around;
      inner.push_back(child.element.get());
      scope(*child.element, inner);
      if (waits_.contains(id_of(*child.element))) wait_inside(*child.element);
    }
  }

  static Node flow(const std::string& prefix, const std::string& id, const std::string& from, const std::string& to) {
    return make(prefix, "sequenceFlow", {{"id", id}, {"sourceRef", from}, {"targetRef", to}});
  }

  void activity(Element& one) {
    const std::string id = id_of(one);
    std::vector<End> acts;
    const bool waits = waits_.contains(id);
    if (waits) acts.push_back({0, "", false});
    if (const auto ends = ends_.find(id); ends != ends_.end())
      for (const End& end : ends->second)
        if (!waits || end.sends) acts.push_back(end);  // after a trigger it no longer waits for messages
    const auto kind = [](const End& act) { return act.sends ? "sendTask" : "receiveTask"; };
    if (acts.size() <= 1) {
      one.local = acts.empty() ? "task" : kind(acts[0]);
      if (!acts.empty() && !acts[0].message.empty()) one.set_attribute("messageRef", acts[0].message);
      return;
    }
    // One after the other, inside.
    one.local = "subProcess";
    std::string from = id + "-begin-added";
    one.children.push_back(make(one.prefix, "startEvent", {{"id", from}}));
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const std::string act = acts[i].message.empty() ? wait_of(id) : id + "-" + std::to_string(i) + "-added";
      Node node = make(one.prefix, kind(acts[i]), {{"id", act}});
      if (!acts[i].message.empty()) node.element->set_attribute("messageRef", acts[i].message);
      one.children.push_back(std::move(node));
      one.children.push_back(flow(one.prefix, act + "-flow-added", from, act));
      from = act;
    }
    if (waits) model_.chained.insert(id);
  }

  // A sub-process that waits first waits inside; what begins in it is behind that.
  void wait_inside(Element& one) {
    const std::string id = id_of(one), prefix = one.prefix;
    const std::vector<const Element*> first = starts(one);
    std::vector<std::string> ids;
    for (const Element* start : first) ids.push_back(id_of(*start));
    for (Node& child : one.children)
      if (child.element && child.element->local == "startEvent" && std::find(ids.begin(), ids.end(), id_of(*child.element)) != ids.end()) child.element->local = "intermediateThrowEvent";
    one.children.push_back(make(prefix, "startEvent", {{"id", id + "-begin-added"}}));
    one.children.push_back(make(prefix, "receiveTask", {{"id", wait_of(id)}}));
    one.children.push_back(flow(prefix, id + "-flow-added", id + "-begin-added", wait_of(id)));
    for (const std::string& start : ids) one.children.push_back(flow(prefix, start + "-flow-added", wait_of(id), start));
    model_.chained.insert(id);
  }

  void event(Element& one, const std::vector<Element*>& around) {
    // An event that data or time would bring comes by its name instead.
    if (is_catching(one))
      for (Node& inner : one.children)
        if (inner.element && one_of(inner.element->local, {"conditionalEventDefinition", "timerEventDefinition"})) {
          inner.element->local = "messageEventDefinition";
          inner.element->children.clear();
        }
    // Each message flow is a message that it sends, or by which it occurs.
    std::vector<std::string> messages;
    if (const auto ends = ends_.find(id_of(one)); ends != ends_.end())
      for (const End& end : ends->second)
        if (end.sends == is_throwing(one)) messages.push_back(end.message);
    if (one.local == "receiveTask") {
      if (!messages.empty()) one.set_attribute("messageRef", messages[0]);
      return;
    }
    if (!messages.empty()) std::erase_if(one.children, [](const Node& node) { return node.element && node.element->local == "messageEventDefinition"; });
    for (const std::string& message : messages) one.children.push_back(make(one.prefix, "messageEventDefinition", {{"messageRef", message}}));
    if (one.local == "boundaryEvent" && std::none_of(one.children.begin(), one.children.end(), is_definition))
      one.children.push_back(make(one.prefix, "messageEventDefinition", {}));  // it occurs when it is triggered, whatever by
    if (const Element* error = is_throwing(one) ? definition(one, "error") : nullptr; error != nullptr && !caught(error->attribute_or("errorRef", ""), around))
      std::erase_if(one.children, [](const Node& node) { return node.element && node.element->local == "errorEventDefinition"; });
  }

  // Is an error of this kind, thrown in the innermost of these scopes, caught by an event sub-process or boundary event?
  static bool caught(const std::string& error, const std::vector<Element*>& around) {
    const auto catches = [&](const Element& event) {
      const Element* by = definition(event, "error");
      if (by == nullptr) return false;
      const std::string of = by->attribute_or("errorRef", "");
      return of.empty() || of == error;
    };
    for (std::size_t i = around.size(); i-- > 0;) {
      for (const Element* inner : around[i]->elements())
        if (flag(*inner, "triggeredByEvent") && (i + 1 >= around.size() || inner != around[i + 1]))
          for (const Element* start : inner->children_named(kBpmn, "startEvent"))
            if (catches(*start)) return true;
      if (i == 0) break;
      for (const Element* boundary : around[i - 1]->children_named(kBpmn, "boundaryEvent"))
        if (boundary->attribute_or("attachedToRef", "") == id_of(*around[i]) && catches(*boundary)) return true;
    }
    return false;
  }

  Element& root_;
  const std::set<std::string>& waits_;
  std::map<std::string, std::vector<End>> ends_;
  Model model_;
};

}  // namespace

Model rewrite(base::xml::Document& document, const std::set<std::string>& waits) { return Rewriter(document, waits).run(); }

}  // namespace conformance::tokens
