// The zeebe: extension elements (namespace http://camunda.org/schema/zeebe/1.0) of one BPMN element.
#include "bpmn/reader.h"

namespace bpmn::reader {
namespace {

void read_headers(const Element& parent, std::string_view child, std::string_view key, std::vector<Header>& into) {
  for (const Element* one : parent.children_named(kZeebeNs, child))
    into.push_back({one->attribute_or(key, ""), one->attribute_or("value", "")});
}

void read_mappings(const Element& io, Zeebe& zeebe) {
  for (const Element* one : io.children_named(kZeebeNs, "input"))
    zeebe.inputs.push_back({one->attribute_or("source", ""), one->attribute_or("target", "")});
  for (const Element* one : io.children_named(kZeebeNs, "output"))
    zeebe.outputs.push_back({one->attribute_or("source", ""), one->attribute_or("target", "")});
}

void read_listeners(const Element& parent, std::string_view child, std::vector<Listener>& into) {
  for (const Element* one : parent.children_named(kZeebeNs, child)) {
    into.push_back({child == "taskListener", one->attribute_or("eventType", ""), one->attribute_or("type", ""), one->attribute_or("retries", ""), {}});
    if (const Element* headers = one->child(kZeebeNs, "taskHeaders")) read_headers(*headers, "header", "key", into.back().headers);
  }
}

void read_called_element(const Element& element, Zeebe& zeebe) {
  zeebe.has_called_element = true;
  // processIdExpression is the older spelling: an expression without the leading "=".
  zeebe.called_process = element.attribute_or("processId", "");
  if (const std::string* old = element.attribute("processIdExpression"); old && zeebe.called_process.empty())
    zeebe.called_process = old->starts_with('=') ? *old : "=" + *old;
  zeebe.called_binding = element.attribute_or("bindingType", "");
  zeebe.called_version_tag = element.attribute_or("versionTag", "");
  zeebe.called_business_id = element.attribute_or("businessId", "");
  zeebe.propagate_all_child = flag(element, "propagateAllChildVariables", true);
  zeebe.propagate_all_parent = flag(element, "propagateAllParentVariables", true);
}

void read_task_element(const Element& element, Zeebe& zeebe) {
  if (element.local == "taskDefinition") {
    zeebe.task_type = element.attribute_or("type", "");
    zeebe.task_retries = element.attribute_or("retries", "");
  } else if (element.local == "taskHeaders") {
    read_headers(element, "header", "key", zeebe.headers);
  } else if (element.local == "userTask") {
    zeebe.user_task = true;
  } else if (element.local == "formDefinition") {
    zeebe.form_id = element.attribute_or("formId", "");
    zeebe.form_key = element.attribute_or("formKey", "");
    zeebe.external_reference = element.attribute_or("externalReference", "");
  } else if (element.local == "assignmentDefinition") {
    zeebe.assignee = element.attribute_or("assignee", "");
    zeebe.candidate_groups = element.attribute_or("candidateGroups", "");
    zeebe.candidate_users = element.attribute_or("candidateUsers", "");
  } else if (element.local == "priorityDefinition") {
    zeebe.priority = element.attribute_or("priority", "");
  } else if (element.local == "taskSchedule") {
    zeebe.due_date = element.attribute_or("dueDate", "");
    zeebe.follow_up_date = element.attribute_or("followUpDate", "");
  } else if (element.local == "script") {
    zeebe.script = element.attribute_or("expression", "");
    zeebe.script_result = element.attribute_or("resultVariable", "");
  }
}

void read_other_element(const Element& element, Zeebe& zeebe) {
  if (element.local == "ioMapping") {
    read_mappings(element, zeebe);
  } else if (element.local == "calledElement") {
    read_called_element(element, zeebe);
  } else if (element.local == "calledDecision") {
    zeebe.decision_id = element.attribute_or("decisionId", "");
    zeebe.decision_result = element.attribute_or("resultVariable", "");
    zeebe.decision_binding = element.attribute_or("bindingType", "");
  } else if (element.local == "loopCharacteristics") {
    zeebe.input_collection = element.attribute_or("inputCollection", "");
    zeebe.input_element = element.attribute_or("inputElement", "");
    zeebe.output_collection = element.attribute_or("outputCollection", "");
    zeebe.output_element = element.attribute_or("outputElement", "");
  } else if (element.local == "properties") {
    read_headers(element, "property", "name", zeebe.properties);
  } else if (element.local == "versionTag") {
    zeebe.version_tag = element.attribute_or("value", "");
  } else if (element.local == "executionListeners") {
    read_listeners(element, "executionListener", zeebe.listeners);
  } else if (element.local == "taskListeners") {
    read_listeners(element, "taskListener", zeebe.listeners);
  } else if (element.local == "jobPriorityDefinition") {
    zeebe.job_priority = element.attribute_or("priority", "");
  }
}

void read_extensions(const Element& owner, Zeebe& zeebe) {
  const Element* extensions = owner.child(kBpmnNs, "extensionElements");
  if (!extensions) return;
  for (const Element* one : extensions->elements()) {
    if (one->ns != kZeebeNs) continue;
    read_task_element(*one, zeebe);
    read_other_element(*one, zeebe);
  }
}

}  // namespace

Zeebe read_zeebe(const Element& owner) {
  Zeebe zeebe;
  read_extensions(owner, zeebe);
  // loopCharacteristics sits one level down; a message event's task definition sits on the event or on its definition.
  if (const Element* loop = owner.child(kBpmnNs, "multiInstanceLoopCharacteristics")) read_extensions(*loop, zeebe);
  if (const Element* message = owner.child(kBpmnNs, "messageEventDefinition")) read_extensions(*message, zeebe);
  return zeebe;
}

}  // namespace bpmn::reader
