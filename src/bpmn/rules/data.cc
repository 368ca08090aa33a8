// Items and data (BPMN 2.0.2 section 10.4).
#include <set>
#include <unordered_set>

#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

void same_collection(const Facts& facts, Report& report, std::string_view kind) {
  for (const Element* one : facts.named(kind)) {
    const Element* item = facts.target(*one, "itemSubjectRef");
    if (item && is(*item, "itemDefinition") && flag(*one, "isCollection", false) != flag(*item, "isCollection", false))
      report.at(*one, "'" + id(*item) + "' says otherwise");
  }
}

using Names = std::unordered_set<std::string>;
Names names(const Element& set, std::string_view child) {
  Names result;
  for (const Element* ref : set.children_named(kBpmnNs, child)) result.emplace(local_part(ref->text()));
  return result;
}

// Every `special` reference of a set is also among its plain references.
void also_listed(const Facts& facts, Report& report, std::string_view set, std::string_view special, std::string_view plain) {
  for (const Element* one : facts.named(set)) {
    const Names listed = names(*one, plain);
    for (const Element* ref : one->children_named(kBpmnNs, special))
      if (const std::string name(local_part(ref->text())); !listed.contains(name))
        report.at(*one, "'" + name + "' is missing in " + std::string(plain));
  }
}

void in_some_set(const Facts& facts, Report& report, std::string_view data, std::string_view set, std::string_view refs) {
  for (const Element* io : facts.named("ioSpecification")) {
    Names listed;
    for (const Element* one : io->children_named(kBpmnNs, set)) listed.merge(names(*one, refs));
    for (const Element* one : io->children_named(kBpmnNs, data))
      if (!listed.contains(id(*one))) report.at(*one);
  }
}

bool belongs_to_callable(const Facts& facts, const Element& data) {
  const Element* io = facts.parent(data);
  const Element* owner = io ? facts.parent(*io) : nullptr;
  return io && is(*io, "ioSpecification") && owner && is_callable(*owner);
}

std::vector<const EventDefinition*> carrying(const Node& node) {
  std::vector<const EventDefinition*> result;
  for (const EventDefinition& one : node.events)
    if (one.kind == EventKind::message || one.kind == EventKind::signal || one.kind == EventKind::error ||
        one.kind == EventKind::escalation)
      result.push_back(&one);
  return result;
}
bool throws(const Node& node) {
  return node.type == ElementType::end_event || node.type == ElementType::intermediate_throw_event;
}

}  // namespace

void EXT020(const Facts& facts, Report& report) { same_collection(facts, report, "dataObject"); }
void EXT081(const Facts& facts, Report& report) { same_collection(facts, report, "dataInput"); }
void EXT083(const Facts& facts, Report& report) { same_collection(facts, report, "dataOutput"); }

void EXT076(const Facts& facts, Report& report) {
  for (const Element* one : facts.named("dataObjectReference")) {
    const Element* state = one->child(kBpmnNs, "dataState");
    const Element* object = facts.target(*one, "dataObjectRef");
    if (!state || !object || state->attribute_or("name", "").empty()) continue;
    const std::string expected = object->attribute_or("name", "") + " [" + state->attribute_or("name", "") + "]";
    if (one->attribute_or("name", "") != expected) report.at(*one, "it should be named '" + expected + "'");
  }
}

void EXT080(const Facts& facts, Report& report) {
  for (const Element* association : facts.named("dataOutputAssociation"))
    if (const Element* target = facts.find(trimmed(*association, "targetRef"));
        target && is(*target, "dataInput") && belongs_to_callable(facts, *target))
      report.at(*target, "'" + id(*association) + "' writes to it");
}
void EXT082(const Facts& facts, Report& report) {
  for (const Element* association : facts.named("dataInputAssociation"))
    for (const Element* ref : association->children_named(kBpmnNs, "sourceRef"))
      if (const Element* source = facts.find(ref->text());
          source && is(*source, "dataOutput") && belongs_to_callable(facts, *source))
        report.at(*source, "'" + id(*association) + "' reads it");
}

void EXT085(const Facts& facts, Report& report) {
  also_listed(facts, report, "inputSet", "optionalInputRefs", "dataInputRefs");
}
void EXT086(const Facts& facts, Report& report) {
  also_listed(facts, report, "inputSet", "whileExecutingInputRefs", "dataInputRefs");
}
void EXT089(const Facts& facts, Report& report) {
  also_listed(facts, report, "outputSet", "optionalOutputRefs", "dataOutputRefs");
}
void SG040(const Facts& facts, Report& report) {
  also_listed(facts, report, "outputSet", "whileExecutingOutputRefs", "dataOutputRefs");
}
void EXT088(const Facts& facts, Report& report) { in_some_set(facts, report, "dataOutput", "outputSet", "dataOutputRefs"); }
void SG041(const Facts& facts, Report& report) { in_some_set(facts, report, "dataInput", "inputSet", "dataInputRefs"); }

void EXT087(const Facts& facts, Report& report) {
  using Pairs = std::set<std::pair<const Element*, const Element*>>;
  const auto pointers = [&](std::string_view set, std::string_view refs) {
    Pairs result;
    for (const Element* one : facts.named(set))
      for (const Element* ref : one->children_named(kBpmnNs, refs))
        if (const Element* other = facts.find(ref->text())) result.emplace(one, other);
    return result;
  };
  const Pairs there = pointers("inputSet", "outputSetRefs"), back = pointers("outputSet", "inputSetRefs");
  for (const auto& [from, to] : there)
    if (!back.contains({to, from})) report.at(*from, "'" + id(*to) + "' does not point back");
  for (const auto& [from, to] : back)
    if (!there.contains({to, from})) report.at(*from, "'" + id(*to) + "' does not point back");
}

void EXT091(const Facts& facts, Report& report) {
  for (const Element* association : facts.named_any({"dataInputAssociation", "dataOutputAssociation", "dataAssociation"})) {
    if (has(*association, "transformation") || has(*association, "assignment")) continue;
    const Elements sources = association->children_named(kBpmnNs, "sourceRef");
    const Element* target = facts.find(trimmed(*association, "targetRef"));
    const Element* source = sources.size() == 1 ? facts.find(sources.front()->text()) : nullptr;
    if (!source || !target || !is_item_aware(*source) || !is_item_aware(*target)) continue;
    const Element* from = facts.item_of(source);
    const Element* to = facts.item_of(target);
    if (from && to && !same_item(from, to))
      report.at(*association, "'" + id(*source) + "' and '" + id(*target) + "' differ");
  }
}

// Modellers without an ioSpecification let the association end at a property of the activity: that is its own data too.
void SG042(const Facts& facts, Report& report) {
  const auto check = [&](std::string_view association, std::string_view end) {
    for (const Element* one : facts.named(association)) {
      const Element* owner = facts.parent(*one);
      for (const Element* ref : one->children_named(kBpmnNs, end)) {
        const Element* data = facts.find(ref->text());
        const Element* around = data ? facts.parent(*data) : nullptr;
        if (around && is(*around, "ioSpecification")) around = facts.parent(*around);
        if (around && is_any(*around, {"multiInstanceLoopCharacteristics"})) around = facts.parent(*around);
        if (data && around != owner) report.at(*one, "'" + id(*data) + "' is not data of '" + id(*owner) + "'");
      }
    }
  };
  check("dataInputAssociation", "targetRef");
  check("dataOutputAssociation", "sourceRef");
}

// 10.5.1 Data modelling and events.
void EXT093(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    const auto definitions = carrying(node);
    if (!is_event(*node.xml) || definitions.empty()) continue;
    const auto count = io_children(*node.xml, throws(node) ? "dataInput" : "dataOutput").size();
    if (count > 0 && count != definitions.size())
      report.at(*node.xml, "it has " + std::to_string(count) + " for " + std::to_string(definitions.size()) + " definitions");
  }
}
void EXT094(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    const auto definitions = carrying(node);
    if (!is_event(*node.xml) || definitions.empty()) continue;
    const Elements data = io_children(*node.xml, throws(node) ? "dataInput" : "dataOutput");
    if (data.size() != definitions.size()) continue;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const Element* source = facts.find(definitions[i]->ref);
      if (!source) continue;
      const Element* item = facts.target(*source, is(*source, "message") ? "itemRef" : "structureRef");
      if (!same_item(facts.item_of(data[i]), item))
        report.at(*node.xml, "'" + id(*data[i]) + "' and '" + id(*source) + "' differ");
    }
  }
}

}  // namespace bpmn::rules
