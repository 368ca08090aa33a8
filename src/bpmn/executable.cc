// What the engine does not run yet is refused by name: element types, triggers and features of executable processes.
#include <algorithm>

#include "base/text.h"
#include "bpmn/rules/facts.h"

namespace bpmn {
namespace {
using namespace rules;

constexpr bool yes = true, no = false;

enum class Position : std::uint8_t {
  at_start, at_event_sub_process_start, at_catch, at_boundary, at_boundary_non_interrupting, at_throw, at_end
};
struct EventFact {
  Position position;
  EventKind kind;
  bool executes;
};
constexpr EventFact kEvents[] = {
#define EVENT(position, kind, executes) {Position::at_##position, EventKind::kind, executes},
#include "bpmn/events.def"
#undef EVENT
};

enum class Feature : std::uint8_t {
#define FEATURE(code, name, executes, text, text_da, remedy) name,
#include "bpmn/features.def"
#undef FEATURE
};
struct FeatureFact {
  std::string_view code;
  bool executes;
  std::string_view text, text_da, remedy;
};
constexpr FeatureFact kFeatures[] = {
#define FEATURE(code, name, executes, text, text_da, remedy) {code, executes, text, text_da, remedy},
#include "bpmn/features.def"
#undef FEATURE
};

struct ZeebeFact {
  std::string_view local;
  bool executes;
};
constexpr ZeebeFact kZeebe[] = {
#define ZEEBE(local, executes) {local, executes},
#include "bpmn/zeebe.def"
#undef ZEEBE
};

class Support {
 public:
  Support(const Facts& facts, Profile profile) : facts_(facts), is_error_(profile != Profile::lenient) {}

  std::vector<Finding> run() {
    for (const Node& node : facts_.model.nodes) {
      if (!in_executable(node.process)) continue;
      check_element(node);
      if (is_event(*node.xml)) check_triggers(node);
      else check_activity(node);
    }
    for (const Flow& flow : facts_.model.flows) check_flow(flow);
    check_tree();
    return std::move(findings_);
  }

 private:
  bool in_executable(int process) const {
    return process >= 0 && facts_.model.processes[static_cast<std::size_t>(process)].executable;
  }

  void refuse(Feature feature, const Element& element, const std::string& what) {
    const FeatureFact& fact = kFeatures[static_cast<std::size_t>(feature)];
    if (fact.executes) return;
    Finding finding;
    finding.code = fact.code;
    finding.is_error = is_error_;
    finding.unsupported = true;
    finding.where = facts_.model.where(element);
    finding.message = std::string(fact.text) + " Found: " + what + ".";
    finding.message_da = std::string(fact.text_da) + " Fundet: " + what + ".";
    finding.remedy = fact.remedy;
    findings_.push_back(std::move(finding));
  }

  void check_element(const Node& node) {
    if (executes(node.type)) return;
    const std::string kind = node.type == ElementType::event_sub_process ? "subProcess triggeredByEvent" : node.xml->local;
    refuse(Feature::element, *node.xml, kind);
  }

  static Position position_of(const Facts& facts, const Node& node) {
    switch (node.type) {
      case ElementType::start_event: {
        const bool inside = node.parent >= 0 && facts.model.nodes[static_cast<std::size_t>(node.parent)].type ==
                                                    ElementType::event_sub_process;
        return inside ? Position::at_event_sub_process_start : Position::at_start;
      }
      case ElementType::boundary_event:
        return node.interrupting || has_trigger(node, EventKind::error) ? Position::at_boundary
                                                                         : Position::at_boundary_non_interrupting;
      case ElementType::intermediate_catch_event: return Position::at_catch;
      case ElementType::intermediate_throw_event: return Position::at_throw;
      default: return Position::at_end;
    }
  }

  void check_triggers(const Node& node) {
    if (node.events.size() > 1) refuse(Feature::several_triggers, *node.xml, node.xml->local);
    const Position position = position_of(facts_, node);
    const auto check = [&](EventKind kind) {
      // A pair that BPMN does not know has a rule of its own; it is not supported either.
      const auto fact = std::ranges::find_if(
          kEvents, [&](const EventFact& one) { return one.position == position && one.kind == kind; });
      if (fact == std::end(kEvents) || !fact->executes)
        refuse(Feature::trigger, *node.xml, node.xml->local + " with trigger " + std::string(name(kind)));
    };
    if (node.events.empty()) check(EventKind::none);
    for (const EventDefinition& one : node.events) check(one.kind);
  }

  void check_activity(const Node& node) {
    if (node.loop && node.loop->standard) refuse(Feature::standard_loop, *node.xml, "standardLoopCharacteristics");
    if (node.loop && !node.loop->standard && node.loop->behavior != "All")
      refuse(Feature::behavior, *node.xml, "behavior " + node.loop->behavior);
    if (node.start_quantity != 1 || node.completion_quantity != 1)
      refuse(Feature::quantity, *node.xml,
             "startQuantity " + std::to_string(node.start_quantity) + ", completionQuantity " +
                 std::to_string(node.completion_quantity));
    if (node.for_compensation) refuse(Feature::compensation, *node.xml, "isForCompensation");
    if (node.instantiate) refuse(Feature::instantiate, *node.xml, node.xml->local + " with instantiate");
    if (const Element* called = facts_.target(*node.xml, "calledElement"); called && is_global_task(*called))
      refuse(Feature::global_task, *node.xml, called->local + " '" + id(*called) + "'");
  }

  void check_flow(const Flow& flow) {
    if (!flow.has_condition || flow.source < 0 || !in_executable(flow.process)) return;
    const Node& source = facts_.model.nodes[static_cast<std::size_t>(flow.source)];
    if (is_activity(*source.xml)) refuse(Feature::conditional_flow, *flow.xml, "a condition behind '" + source.id + "'");
  }

  // Things that are not nodes: data associations, correlation subscriptions, zeebe: extensions.
  void check_tree() {
    for (const Element* one : facts_.named("import"))
      if (one->attribute_or("importType", "") == kBpmnNs && facts_.executable(*one))
        refuse(Feature::import, *one, "import of '" + one->attribute_or("location", "") + "'");
    for (const Element* one : facts_.all()) {
      const Element* process = facts_.process_of(*one);
      if (!process || !flag(*process, "isExecutable", false)) continue;
      if (is_any(*one, {"dataInputAssociation", "dataOutputAssociation"}) && (has(*one, "assignment") || has(*one, "transformation")))
        refuse(Feature::data_transformation, *facts_.parent(*one), one->local);
      if (is(*one, "correlationSubscription")) refuse(Feature::correlation, *one, one->local);
      if (const Element* extensions = one->child(kBpmnNs, "extensionElements")) check_extensions(*one, *extensions);
    }
  }

  void check_extensions(const Element& owner, const Element& extensions) {
    for (const Element* one : extensions.elements()) {
      if (one->ns != kZeebeNs) continue;
      const auto fact = std::ranges::find(kZeebe, std::string_view(one->local), &ZeebeFact::local);
      if (fact == std::end(kZeebe) || !fact->executes) refuse(Feature::extension, owner, "zeebe:" + one->local);
    }
  }

  const Facts& facts_;
  bool is_error_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<FeatureInfo> feature_registry() {
  return {
#define FEATURE(code, name, executes, text, text_da, remedy) {code, #name, executes},
#include "bpmn/features.def"
#undef FEATURE
  };
}

std::vector<Finding> check_executable(const Model& model, Profile profile) {
  return Support(Facts(model), profile).run();
}

}  // namespace bpmn
