// Activities, loops, expressions, resources and services (BPMN 2.0.2 sections 8.4.6, 8.4.12, 8.5, 10.3).
#include <algorithm>
#include <map>

#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

Elements activities(const Facts& facts) {
  Elements result;
  for (const Element* one : facts.all())
    if (is_activity(*one)) result.push_back(one);
  return result;
}

void at_most_one(const Facts& facts, Report& report, std::string_view task, std::string_view partner, std::string_view kind) {
  for (const Element* one : facts.named(task)) {
    if (!one->attribute(partner)) continue;
    const auto count = io_children(*one, kind).size();
    if (count > 1) report.at(*one, "it has " + std::to_string(count));
  }
}
void same_items(const Facts& facts, Report& report, const Element& task, std::string_view kind, const Element* message) {
  if (!message || !is(*message, "message")) return;
  const Element* expected = facts.target(*message, "itemRef");
  for (const Element* data : io_children(task, kind))
    if (!same_item(facts.item_of(data), expected))
      report.at(task, "'" + id(*data) + "' and message '" + id(*message) + "' have different item definitions");
}
const Element* message_of_operation(const Facts& facts, const Element& task, std::string_view child) {
  const Element* operation = facts.target(task, "operationRef");
  return operation ? facts.find(trimmed(*operation, child)) : nullptr;
}

// Items that same_item() holds for have the same key.
std::string item_key(const Element* item) {
  if (!item) return "";
  const std::string structure = item->attribute_or("structureRef", "");
  return structure.empty() ? "item " + id(*item) : "structure " + structure;
}

bool is_expression(const Element& e) {
  return is_any(e, {"conditionExpression", "timeDate", "timeCycle", "timeDuration", "loopCardinality", "completionCondition",
                    "loopCondition", "activationCondition", "condition", "from", "to", "transformation"});
}

}  // namespace

// 8.4.6: natural-language expressions are for models that nobody executes. Conditional events have their own rule.
void EXT012(const Facts& facts, Report& report) {
  for (const Element* one : facts.all()) {
    if (!is_expression(*one) || is_formal(*one) || !facts.executable(*one)) continue;
    const Element* owner = facts.parent(*one);
    if (is(*one, "condition") && owner && is(*owner, "conditionalEventDefinition")) continue;
    report.at(*one, "<" + one->local + "> has no xsi:type=\"tFormalExpression\"");
  }
}
void EXT013(const Facts& facts, Report& report) {
  for (const Element* one : facts.all())
    if ((is_formal(*one) || (is_expression(*one) && facts.executable(*one))) && trimmed(*one).empty())
      report.at(*one, "<" + one->local + "> is empty");
}

void EXT038(const Facts& facts, Report& report) {
  for (const Element* one : activities(facts))
    if (integer(*one, "completionQuantity", 1) < 1) report.at(*one);
}
void EXT037(const Facts& facts, Report& report) {
  for (const Element* one : activities(facts))
    if (integer(*one, "startQuantity", 1) < 1) report.at(*one);
}

// 10.3.1 Resource assignment.
void EXT040(const Facts& facts, Report& report) {
  for (const Element* one : facts.named_any({"resourceRole", "performer", "humanPerformer", "potentialOwner"})) {
    const bool bindings = has(*one, "resourceParameterBinding"), refers = has(*one, "resourceRef");
    const bool assigned = has(*one, "resourceAssignmentExpression");
    if (bindings && !refers) report.at(*one, "it binds parameters and has no resourceRef");
    else if (assigned && (bindings || refers)) report.at(*one, "it has an assignment expression as well");
  }
}

// 10.3.3 Service, send, receive and script tasks.
void EXT043(const Facts& facts, Report& report) { at_most_one(facts, report, "serviceTask", "operationRef", "outputSet"); }
void SG030(const Facts& facts, Report& report) {
  at_most_one(facts, report, "serviceTask", "operationRef", "inputSet");
  at_most_one(facts, report, "sendTask", "messageRef", "inputSet");
  at_most_one(facts, report, "sendTask", "messageRef", "dataInput");
}
void EXT044(const Facts& facts, Report& report) {
  for (const Element* task : facts.named("serviceTask"))
    same_items(facts, report, *task, "dataInput", message_of_operation(facts, *task, "inMessageRef"));
}
void EXT045(const Facts& facts, Report& report) {
  for (const Element* task : facts.named("serviceTask"))
    same_items(facts, report, *task, "dataOutput", message_of_operation(facts, *task, "outMessageRef"));
}
void EXT048(const Facts& facts, Report& report) {
  for (const Element* task : facts.named("sendTask"))
    same_items(facts, report, *task, "dataInput", facts.target(*task, "messageRef"));
}
void EXT049(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes)
    if (node.type == ElementType::receive_task && node.instantiate && !node.incoming.empty()) report.at(*node.xml);
}
void EXT050(const Facts& facts, Report& report) { at_most_one(facts, report, "receiveTask", "messageRef", "outputSet"); }
void EXT051(const Facts& facts, Report& report) { at_most_one(facts, report, "receiveTask", "messageRef", "dataOutput"); }
void EXT052(const Facts& facts, Report& report) {
  for (const Element* task : facts.named("receiveTask"))
    same_items(facts, report, *task, "dataOutput", facts.target(*task, "messageRef"));
}
void EXT053(const Facts& facts, Report& report) {
  for (const Element* task : facts.named("scriptTask"))
    if (has(*task, "script") && task->attribute_or("scriptFormat", "").empty()) report.at(*task);
}

// 10.3.5 Ad-hoc sub-process.
void EXT054(const Facts& facts, Report& report) {
  for (const Element* one : facts.named("adHocSubProcess"))
    if (has(*one, "standardLoopCharacteristics") && has(*one, "multiInstanceLoopCharacteristics")) report.at(*one);
}
void EXT055(const Facts& facts, Report& report) {
  for (const Element* one : activities(facts)) {
    const auto count = one->children_named(kBpmnNs, "standardLoopCharacteristics").size() +
                       one->children_named(kBpmnNs, "multiInstanceLoopCharacteristics").size();
    if (count > 1) report.at(*one, "it has " + std::to_string(count));
  }
}
void EXT061(const Facts& facts, Report& report) {
  for (const Element* one : facts.named("adHocSubProcess")) {
    const Elements children = one->elements();
    if (std::ranges::none_of(children, [](const Element* child) { return is_activity(*child); })) report.at(*one);
  }
}
void EXT062(const Facts& facts, Report& report) {
  for (const Element* one : facts.named("adHocSubProcess"))
    for (const Element* child : one->elements())
      if (is_any(*child, {"startEvent", "endEvent", "conversationLink"}) || is_conversation_node(*child) ||
          is_choreography_activity(*child))
        report.at(*child, "it stands in '" + id(*one) + "'");
}

// 10.3.6 Call activity.
void EXT063(const Facts& facts, Report& report) {
  for (const Element* call : facts.named("callActivity")) {
    const Element* called = facts.target(*call, "calledElement");
    if (!called || !is_callable(*called)) continue;
    if (!has(*call, "ioSpecification") && !has(*called, "ioSpecification")) continue;
    for (const auto kind : {"dataInput", "dataOutput", "inputSet", "outputSet"}) {
      const Elements mine = io_children(*call, kind), theirs = io_children(*called, kind);
      if (mine.size() != theirs.size()) {
        report.at(*call, "it has " + std::to_string(mine.size()) + " " + kind + ", '" + id(*called) + "' has " +
                             std::to_string(theirs.size()));
        continue;
      }
      if (std::string_view(kind).ends_with("Set")) continue;
      std::map<std::string, int> open;
      for (const Element* one : theirs) ++open[item_key(facts.item_of(one))];
      for (const Element* one : mine)
        if (--open[item_key(facts.item_of(one))] < 0)
          report.at(*call, "no " + std::string(kind) + " of '" + id(*called) + "' matches '" + id(*one) + "'");
    }
  }
}
void EXT099(const Facts& facts, Report& report) {
  for (const Element* call : facts.named("callActivity")) {
    const Element* called = facts.target(*call, "calledElement");
    if (!called || !is(*called, "process")) continue;
    const Elements starts = called->children_named(kBpmnNs, "startEvent");
    const bool ok = starts.empty() || std::ranges::any_of(starts, [&](const Element* start) {
      const Node* node = facts.node(*start);
      return node && node->events.empty() && !has(*start, "eventDefinitionRef");
    });
    if (!ok) report.at(*call, "'" + id(*called) + "' has none");
  }
}

// 8.5, 10.2: a callable element offered as a service.
void EXT064(const Facts& facts, Report& report) {
  for (const Element* one : facts.all())
    if (is_callable(*one) && has(*one, "supportedInterfaceRef") && !has(*one, "ioBinding")) report.at(*one);
}
void EXT065(const Facts& facts, Report& report) {
  for (const Element* binding : facts.named("ioBinding")) {
    const Element* operation = facts.target(*binding, "operationRef");
    if (!operation) continue;
    const auto fits = [&](std::string_view attribute, std::string_view message_child, std::string_view refs) {
      const Element* message = facts.find(trimmed(*operation, message_child));
      const Element* data = facts.target(*binding, attribute);
      if (!message || !data) return;
      Elements items{data};
      if (is_any(*data, {"inputSet", "outputSet"})) {
        items.clear();
        for (const Element* ref : data->children_named(kBpmnNs, refs)) items.push_back(facts.find(ref->text()));
      }
      for (const Element* item : items)
        if (item && !same_item(facts.item_of(item), facts.target(*message, "itemRef")))
          report.at(*facts.parent(*binding), "'" + id(*item) + "' and message '" + id(*message) + "' do not fit");
    };
    fits("inputDataRef", "inMessageRef", "dataInputRefs");
    fits("outputDataRef", "outMessageRef", "dataOutputRefs");
  }
}

// 10.3.8 Multi-instance.
namespace {
void loop_data(const Facts& facts, Report& report, std::string_view child, std::string_view kind) {
  for (const Element* loop : facts.named("multiInstanceLoopCharacteristics")) {
    const Element* activity = facts.parent(*loop);
    const std::string ref = trimmed(*loop, child);
    if (ref.empty() || !activity) continue;
    const Element* data = facts.find(ref);
    const Elements own = io_children(*activity, kind);
    const bool ok = std::ranges::find(own, data) != own.end() ||
                    (data && is_sub_process(*activity) && is_item_aware(*data));  // a sub-process sees the data around it
    if (!ok) report.at(*activity, std::string(child) + " is '" + ref + "'");
  }
}
void loop_item(const Facts& facts, Report& report, std::string_view item_child, std::string_view ref_child) {
  for (const Element* loop : facts.named("multiInstanceLoopCharacteristics")) {
    const Element* single = loop->child(kBpmnNs, item_child);
    const Element* collection = facts.find(trimmed(*loop, ref_child));
    if (!single || !collection) continue;
    const Element* one = facts.item_of(single);
    const Element* many = facts.item_of(collection);
    if (flag(*single, "isCollection", false) || (one && flag(*one, "isCollection", false)))
      report.at(*facts.parent(*loop), "'" + id(*single) + "' is itself a collection");
    else if (one && many && one->attribute_or("structureRef", "") != many->attribute_or("structureRef", ""))
      report.at(*facts.parent(*loop), "'" + id(*single) + "' and '" + id(*collection) + "' have different structures");
    else if (many && !flag(*many, "isCollection", false))
      report.at(*facts.parent(*loop), "'" + id(*collection) + "' is no collection");
  }
}
}  // namespace
void EXT068(const Facts& facts, Report& report) { loop_data(facts, report, "loopDataInputRef", "dataInput"); }
void SG031(const Facts& facts, Report& report) { loop_data(facts, report, "loopDataOutputRef", "dataOutput"); }
void EXT069(const Facts& facts, Report& report) { loop_item(facts, report, "outputDataItem", "loopDataOutputRef"); }
void EXT070(const Facts& facts, Report& report) { loop_item(facts, report, "inputDataItem", "loopDataInputRef"); }

// A literal number or string can never be true. What an expression yields is judged where it is compiled.
void EXT072(const Facts& facts, Report& report) {
  for (const Element* one : facts.named("complexBehaviorDefinition")) {
    const std::string condition = trimmed(*one, "condition");
    const bool number = !condition.empty() && condition.find_first_not_of("+-.0123456789") == std::string::npos;
    const bool text = condition.size() > 1 && condition.front() == '"' && condition.find('"', 1) == condition.size() - 1;
    if (number || text) report.at(*facts.parent(*facts.parent(*one)), "the condition is '" + condition + "'");
  }
}
void SG032(const Facts& facts, Report& report) {
  for (const Element* loop : facts.named("multiInstanceLoopCharacteristics")) {
    const std::string behavior = loop->attribute_or("behavior", "All");
    if (behavior == "Complex" && !has(*loop, "complexBehaviorDefinition"))
      report.at(*facts.parent(*loop), "behavior is Complex and there is no complexBehaviorDefinition");
    for (const auto& [kind, attribute] : {std::pair("None", "noneBehaviorEventRef"), std::pair("One", "oneBehaviorEventRef")})
      if (behavior == kind && !loop->attribute(attribute))
        report.at(*facts.parent(*loop), "behavior is " + behavior + " and there is no " + attribute);
    if (behavior != "All" && behavior != "None" && behavior != "One" && behavior != "Complex")
      report.at(*facts.parent(*loop), "behavior is '" + behavior + "'");
  }
}

void SG034(const Facts& facts, Report& report) {
  for (const Element* loop : facts.named("multiInstanceLoopCharacteristics")) {
    const Element* extensions = loop->child(kBpmnNs, "extensionElements");
    const bool zeebe = extensions && extensions->child(kZeebeNs, "loopCharacteristics");
    if (facts.executable(*loop) && !zeebe && !has(*loop, "loopCardinality") && !has(*loop, "loopDataInputRef"))
      report.at(*facts.parent(*loop));
  }
}

// 10.7 Compensation.
void EXT144(const Facts& facts, Report& report) {
  for (const Element* link : facts.named("association")) {
    const Element* source = facts.target(*link, "sourceRef");
    const Element* target = facts.target(*link, "targetRef");
    if (!source || !target) continue;
    if (!is(*source, "boundaryEvent")) std::swap(source, target);
    const Node* event = is(*source, "boundaryEvent") ? facts.node(*source) : nullptr;
    if (event && has_trigger(*event, EventKind::compensation) && is_activity(*target) && !is_compensation_activity(*target))
      report.at(*target, "it compensates for '" + facts.parent(*source)->attribute_or("id", "") + "' through '" + id(*source) + "'");
  }
}
void SG033(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes)
    if (node.for_compensation && (!node.incoming.empty() || !node.outgoing.empty())) report.at(*node.xml);
}

}  // namespace bpmn::rules
