// References (BPMN 2.0.2 section 8.3, and the type each attribute has in its class): references.def is the list.
#include <array>
#include <map>

#include "base/text.h"
#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

enum class Place { attribute, child };
struct Reference {
  std::string_view owner;
  Place place;
  std::string_view name, targets;
};
constexpr auto attribute = Place::attribute, child = Place::child;
constexpr Reference kReferences[] = {
#define REFERENCE(owner, place, name, targets) {owner, place, name, targets},
#include "bpmn/references.def"
#undef REFERENCE
};

bool in_group(const Element& e, std::string_view group) {
  if (group == "@any") return true;
  if (group == "@flowNode") return is_flow_node(e);
  if (group == "@activity") return is_activity(e);
  if (group == "@eventDefinition") return is_event_definition(e);
  if (group == "@itemAware") return is_item_aware(e);
  if (group == "@conversationNode") return is_conversation_node(e);
  if (group == "@connection") return is_any(e, {"sequenceFlow", "messageFlow", "conversationLink"});
  if (group == "@typed") return is(e, "itemDefinition");
  // 9.4: participants, activities and events exchange messages; conversation nodes group them.
  if (group == "@interactionNode")
    return is(e, "participant") || is_activity(e) || is_event(e) || is_conversation_node(e) || is_artifact(e);
  return false;
}
bool fits(const Element& target, std::string_view targets) {
  for (const auto one : base::split(targets, ' '))
    if (one.starts_with('@') ? in_group(target, one) : is(target, one)) return true;
  return false;
}

// A name with a prefix that is bound to another namespace than this file's lies in an imported file.
bool is_foreign(const Facts& facts, const Element& at, std::string_view qname) {
  const auto colon = qname.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view prefix = base::trim(qname.substr(0, colon));
  for (const Element* one = &at; one; one = facts.parent(*one))
    for (const auto& [declared, uri] : one->namespaces)
      if (declared == prefix) return uri != facts.model.target_namespace;
  return false;
}

void judge(const Facts& facts, Report& report, const Element& owner, const Reference& reference, const std::string& text) {
  // Types of data are named by schemas outside this file as often as not.
  if (reference.targets == "@typed" && !facts.find(text)) return;
  if (base::trim(text).empty() || is_foreign(facts, owner, text)) return;
  const Element* target = facts.find(text);
  if (!target)
    report.at(owner, std::string(reference.name) + " is '" + text + "', which is no id in this file");
  else if (target->ns == kBpmnNs && !fits(*target, reference.targets))
    report.at(owner, std::string(reference.name) + " is '" + text + "', which is a " + target->local);
  else if (target->ns != kBpmnNs)
    report.at(owner, std::string(reference.name) + " is '" + text + "', which is a part of the diagram");
}

// Artifacts as ends of flows have rules of their own with a plainer sentence.
bool judged_elsewhere(const Facts& facts, const Element& owner, std::string_view text) {
  const Element* target = facts.find(text);
  return target && is_artifact(*target) && is_any(owner, {"sequenceFlow", "messageFlow"});
}

}  // namespace

void REF001(const Facts& facts, Report& report) {
  for (const Reference& reference : kReferences) {
    const Elements owners = reference.owner == "*" ? facts.all() : facts.named(reference.owner);
    for (const Element* owner : owners) {
      if (owner->ns != kBpmnNs) continue;
      if (reference.owner == "*" && reference.name == "structureRef" && is(*owner, "itemDefinition")) continue;
      if (reference.place == attribute) {
        const std::string* text = owner->attribute(reference.name);
        if (text && !judged_elsewhere(facts, *owner, *text)) judge(facts, report, *owner, reference, *text);
      } else {
        for (const Element* one : owner->children_named(kBpmnNs, reference.name))
          judge(facts, report, *owner, reference, trimmed(*one));
      }
    }
  }
}

// A call may go to a process that is deployed apart from this file, so absence is a matter of the profile.
void REF002(const Facts& facts, Report& report) {
  for (const Element* call : facts.named("callActivity")) {
    const std::string text = call->attribute_or("calledElement", "");
    if (text.empty() || is_foreign(facts, *call, text)) continue;
    if (!facts.find(text)) report.at(*call, "calledElement is '" + text + "'");
  }
}
void REF003(const Facts& facts, Report& report) {
  for (const Element* call : facts.named("callActivity"))
    if (const Element* called = facts.target(*call, "calledElement"); called && !is_callable(*called))
      report.at(*call, "'" + id(*called) + "' is a " + called->local);
}

}  // namespace bpmn::rules
