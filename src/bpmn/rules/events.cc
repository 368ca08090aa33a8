// Events and their triggers (BPMN 2.0.2 sections 10.5.2–10.5.6, 12.2, 13.5). The allowed triggers are data: triggers.def.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "bpmn/iso8601.h"
#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

using Kinds = std::initializer_list<EventKind>;
using enum EventKind;

bool one_of(EventKind kind, Kinds kinds) { return std::ranges::find(kinds, kind) != kinds.end(); }

const Node* parent_node(const Facts& facts, const Node& node) {
  return node.parent < 0 ? nullptr : &facts.model.nodes[static_cast<std::size_t>(node.parent)];
}
bool in_event_sub_process(const Facts& facts, const Node& node) {
  const Node* parent = parent_node(facts, node);
  return parent && parent->type == ElementType::event_sub_process;
}
template <class Visit>
void each(const Facts& facts, ElementType type, Visit visit) {
  for (const Node& node : facts.model.nodes)
    if (node.type == type) visit(node);
}
void only(const Node& node, Report& report, Kinds allowed) {
  for (const EventDefinition& one : node.events)
    if (!one_of(one.kind, allowed)) report.at(*node.xml, "its trigger is " + std::string(name(one.kind)));
}
// An unresolved eventDefinitionRef is the reference rule's finding, not a missing trigger.
bool has_no_trigger(const Node& node) { return node.events.empty() && !has(*node.xml, "eventDefinitionRef"); }

template <class Visit>
void each_definition(const Facts& facts, std::string_view local, Visit visit) {
  for (const Element* one : facts.named(local)) visit(*one);
}

const Element* event_of(const Facts& facts, const Element& definition) {
  const Element* parent = facts.parent(definition);
  return parent && is_event(*parent) ? parent : nullptr;
}

}  // namespace

// 10.5.5 Escalation: what is thrown is caught by its code.
void EXT011(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    if (node.type != ElementType::end_event && node.type != ElementType::intermediate_throw_event) continue;
    for (const EventDefinition& one : node.events) {
      if (one.kind != escalation) continue;
      const Escalation* thrown = facts.model.escalation(one.ref);
      if (!thrown || thrown->code.empty())
        report.at(*node.xml, thrown ? "escalation '" + thrown->id + "' has no escalationCode" : "it names no escalation");
    }
  }
}

void EXT095(const Facts& facts, Report& report) {
  for (const Element* ref : facts.named("eventDefinitionRef")) {
    const Element* definition = facts.find(ref->text());
    if (!definition || !is_event_definition(*definition)) continue;
    const Element* owner = facts.parent(*definition);
    if (owner && !is(*owner, "definitions"))
      report.at(*facts.parent(*ref), "'" + id(*definition) + "' is defined inside '" + id(*owner) + "'");
  }
}

void EXT096(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (!node.incoming.empty() || has(*node.xml, "incoming")) report.at(*node.xml);
  });
}

void EXT104(const Facts& facts, Report& report) {
  each(facts, ElementType::end_event, [&](const Node& node) {
    if (!node.outgoing.empty() || has(*node.xml, "outgoing")) report.at(*node.xml);
  });
}

// Table 10.93 (start events of a top-level process).
void EXT098(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (node.parent < 0) only(node, report, {message, timer, conditional, signal, compensation});
  });
}
void EXT121(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (node.parent < 0 && has_trigger(node, compensation)) report.at(*node.xml);
  });
}
void EXT100(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    const Node* parent = parent_node(facts, node);
    if (!parent || parent->type == ElementType::event_sub_process) return;
    if (!node.events.empty() || has(*node.xml, "eventDefinitionRef")) report.at(*node.xml);
  });
}

// 10.3.5, 10.5.2: the start event of an event sub-process.
void EXT058(const Facts& facts, Report& report) {
  std::map<const Node*, int> starts;
  each(facts, ElementType::event_sub_process, [&](const Node& node) { starts.emplace(&node, 0); });
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (in_event_sub_process(facts, node)) ++starts[parent_node(facts, node)];
  });
  for (const auto& [node, count] : starts)
    if (count != 1) report.at(*node->xml, "it has " + std::to_string(count));
}
void EXT059(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (!in_event_sub_process(facts, node)) return;
    only(node, report, {message, timer, error, escalation, compensation, conditional, signal});
    if (!node.interrupting && (has_trigger(node, error) || has_trigger(node, compensation)))
      report.at(*node.xml, "error and compensation always interrupt, isInterrupting is false");
  });
}
void EXT129(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (in_event_sub_process(facts, node) && has_no_trigger(node)) report.at(*node.xml);
  });
}
void EXT057(const Facts& facts, Report& report) {
  each(facts, ElementType::event_sub_process, [&](const Node& node) {
    if (!node.incoming.empty() || !node.outgoing.empty() || has(*node.xml, "incoming") || has(*node.xml, "outgoing"))
      report.at(*node.xml);
  });
}

void EXT106(const Facts& facts, Report& report) {
  each(facts, ElementType::end_event, [&](const Node& node) {
    if (!has_trigger(node, cancel)) return;
    for (const Node* parent = parent_node(facts, node); parent; parent = parent_node(facts, *parent))
      if (parent->type == ElementType::transaction) return;
    report.at(*node.xml);
  });
}

// Boundary events: 10.5.4, table 10.92.
void EXT110(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    only(node, report, {message, timer, error, escalation, cancel, compensation, conditional, signal});
  });
}
void EXT147(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (node.interrupting) return;
    only(node, report, {message, timer, escalation, conditional, signal, link, terminate});
  });
}
void EXT130(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (has_no_trigger(node)) report.at(*node.xml);
  });
}
void EXT111(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (!has_trigger(node, cancel) || node.attached_to < 0) return;
    const Node& host = facts.model.nodes[static_cast<std::size_t>(node.attached_to)];
    if (host.type != ElementType::transaction) report.at(*node.xml, "it is attached to the " + host.xml->local + " '" + host.id + "'");
  });
}
void EXT113(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (!has_trigger(node, compensation) && node.outgoing.empty()) report.at(*node.xml);
  });
}
void EXT114(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (has_trigger(node, compensation) && !node.outgoing.empty()) report.at(*node.xml);
  });
}
void SG010(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (!node.incoming.empty()) report.at(*node.xml);
  });
}
void SG011(const Facts& facts, Report& report) {
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (node.attached_to < 0) return;
    const Node& host = facts.model.nodes[static_cast<std::size_t>(node.attached_to)];
    if (host.parent != node.parent || host.process != node.process)
      report.at(*node.xml, "'" + host.id + "' is on another level");
  });
}

// Intermediate events.
void EXT115(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    const bool catches = node.type == ElementType::intermediate_catch_event;
    if (!catches && node.type != ElementType::intermediate_throw_event) continue;
    if (node.incoming.empty() && !(catches && is_link(node))) report.at(*node.xml);
  }
}
void EXT116(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    const bool throws = node.type == ElementType::intermediate_throw_event;
    if (!throws && node.type != ElementType::intermediate_catch_event) continue;
    if (node.outgoing.empty() && !(throws && is_link(node))) report.at(*node.xml);
  }
}
void EXT148(const Facts& facts, Report& report) {
  each(facts, ElementType::intermediate_catch_event, [&](const Node& node) {
    only(node, report, {message, timer, conditional, link, signal});
    if (has_no_trigger(node)) report.at(*node.xml, "it has none");
  });
}
void EXT149(const Facts& facts, Report& report) {
  each(facts, ElementType::intermediate_throw_event,
       [&](const Node& node) { only(node, report, {message, escalation, compensation, link, signal}); });
}
void EXT146(const Facts& facts, Report& report) {
  each(facts, ElementType::end_event, [&](const Node& node) {
    only(node, report, {message, escalation, error, cancel, compensation, signal, terminate});
  });
}

// Links: 10.5.5 Link.
void EXT117(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    if (!is_link(node)) continue;
    if (node.type == ElementType::intermediate_throw_event && !node.outgoing.empty())
      report.at(*node.xml, "a link that throws has no outgoing flow");
    if (node.type == ElementType::intermediate_catch_event && !node.incoming.empty())
      report.at(*node.xml, "a link that catches has no incoming flow");
  }
}
void EXT124(const Facts& facts, Report& report) {
  each(facts, ElementType::intermediate_catch_event, [&](const Node& node) {
    for (const EventDefinition& one : node.events)
      if (one.kind == link && one.xml->children_named(kBpmnNs, "source").empty()) report.at(*node.xml);
  });
}
void EXT125(const Facts& facts, Report& report) {
  each(facts, ElementType::intermediate_throw_event, [&](const Node& node) {
    for (const EventDefinition& one : node.events) {
      if (one.kind != link) continue;
      const auto targets = one.xml->children_named(kBpmnNs, "target").size();
      if (targets != 1) report.at(*node.xml, "it names " + std::to_string(targets));
    }
  });
}
void EXT126(const Facts& facts, Report& report) {
  each_definition(facts, "linkEventDefinition", [&](const Element& definition) {
    const Element* event = event_of(facts, definition);
    if (!event) return;
    for (const auto child : {"source", "target"})
      for (const Element* ref : definition.children_named(kBpmnNs, child)) {
        const Element* other = facts.find(ref->text());
        const Element* other_event = other ? event_of(facts, *other) : nullptr;
        if (other_event && facts.parent(*other_event) != facts.parent(*event))
          report.at(*event, "its " + std::string(child) + " '" + id(*other_event) + "' is on another level");
      }
  });
}
// By name, which is how modellers without source and target pair them.
void SG012(const Facts& facts, Report& report) {
  std::map<std::pair<const Element*, std::string>, int> catches;
  each(facts, ElementType::intermediate_catch_event, [&](const Node& node) {
    for (const EventDefinition& one : node.events)
      if (one.kind == link && ++catches[{facts.parent(*node.xml), one.link_name}] > 1)
        report.at(*node.xml, "a second link catches '" + one.link_name + "' on this level");
  });
  each(facts, ElementType::intermediate_throw_event, [&](const Node& node) {
    for (const EventDefinition& one : node.events)
      if (one.kind == link && one.xml->children_named(kBpmnNs, "target").empty() &&
          !catches.contains({facts.parent(*node.xml), one.link_name}))
        report.at(*node.xml, "no link catches '" + one.link_name + "' on this level");
  });
}

// Flows at events: a token that has been caught goes on everywhere, without conditions.
void SG013(const Facts& facts, Report& report) {
  for (const Flow& flow : facts.model.flows)
    if (flow.has_condition && flow.source >= 0 && is_event(*facts.model.nodes[static_cast<std::size_t>(flow.source)].xml))
      report.at(*flow.xml, "it leaves '" + facts.model.nodes[static_cast<std::size_t>(flow.source)].id + "'");
}
void SG014(const Facts& facts, Report& report) {
  each(facts, ElementType::start_event, [&](const Node& node) {
    if (node.outgoing.empty()) report.at(*node.xml);
  });
}
void SG015(const Facts& facts, Report& report) {
  each(facts, ElementType::end_event, [&](const Node& node) {
    if (node.incoming.empty()) report.at(*node.xml);
  });
}

// 10.7.1: what may be compensated is on the event's level, or around the event sub-process that the event stands in.
void SG016(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    if (node.type != ElementType::intermediate_throw_event && node.type != ElementType::end_event) continue;
    for (const EventDefinition& one : node.events) {
      const int activity = one.kind == compensation ? facts.model.node(one.ref) : -1;
      if (activity < 0) continue;
      const Node& target = facts.model.nodes[static_cast<std::size_t>(activity)];
      const Node* around = parent_node(facts, node);
      const bool seen = target.process == node.process &&
                        (target.parent == node.parent ||
                         (around && around->type == ElementType::event_sub_process && target.parent == around->parent));
      if (!seen) report.at(*node.xml, "it names '" + target.id + "'");
    }
  }
}
void SG017(const Facts& facts, Report& report) {
  std::set<const Element*> handled;
  for (const Element* association : facts.named("association"))
    for (const auto attribute : {"sourceRef", "targetRef"})
      if (const Element* end = facts.target(*association, attribute)) handled.insert(end);
  each(facts, ElementType::boundary_event, [&](const Node& node) {
    if (has_trigger(node, compensation) && !handled.contains(node.xml)) report.at(*node.xml);
  });
}

// Event definitions of executable processes: 10.5.5.
void EXT123(const Facts& facts, Report& report) {
  each_definition(facts, "conditionalEventDefinition", [&](const Element& definition) {
    if (!facts.executable(definition)) return;
    const Element* condition = definition.child(kBpmnNs, "condition");
    if (!condition || !is_formal(*condition) || trimmed(*condition).empty())
      report.at(event_of(facts, definition) ? *event_of(facts, definition) : definition);
  });
}
void EXT127(const Facts& facts, Report& report) {
  each_definition(facts, "messageEventDefinition", [&](const Element& definition) {
    if (facts.executable(definition) && local_part(definition.attribute_or("messageRef", "")).empty())
      report.at(event_of(facts, definition) ? *event_of(facts, definition) : definition);
  });
}
void EXT128(const Facts& facts, Report& report) {
  each_definition(facts, "messageEventDefinition", [&](const Element& definition) {
    if (facts.executable(definition) && trimmed(definition, "operationRef").empty())
      report.at(event_of(facts, definition) ? *event_of(facts, definition) : definition);
  });
}
void EXT131(const Facts& facts, Report& report) {
  each_definition(facts, "timerEventDefinition", [&](const Element& definition) {
    std::size_t count = 0;
    for (const auto child : {"timeDate", "timeCycle", "timeDuration"})
      count += definition.children_named(kBpmnNs, child).size();
    if (count > 1 || (count == 0 && facts.executable(definition)))
      report.at(event_of(facts, definition) ? *event_of(facts, definition) : definition, "it has " + std::to_string(count));
  });
}

namespace {
// A text that may be an expression ("=…", "${…}") is judged where it is compiled.
void iso_text(const Facts& facts, Report& report, std::string_view child, bool (*valid)(std::string_view)) {
  for (const Element* definition : facts.named("timerEventDefinition")) {
    const std::string text = trimmed(*definition, child);
    if (text.empty() || text.starts_with('=') || text.starts_with("${") || !facts.executable(*definition)) continue;
    if (!valid(text))
      report.at(event_of(facts, *definition) ? *event_of(facts, *definition) : *definition,
                std::string(child) + " is '" + text + "'");
  }
}
}  // namespace
void EXT132(const Facts& facts, Report& report) { iso_text(facts, report, "timeDate", is_iso_date_time); }
void EXT133(const Facts& facts, Report& report) { iso_text(facts, report, "timeCycle", is_iso_repeating_interval); }
void EXT134(const Facts& facts, Report& report) { iso_text(facts, report, "timeDuration", is_iso_duration); }

}  // namespace bpmn::rules
