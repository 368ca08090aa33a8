// Gateways (BPMN 2.0.2 sections 8.4.9, 10.6, 13.4).
#include <algorithm>

#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

template <class Visit>
void each_gateway(const Facts& facts, Visit visit) {
  for (const Node& node : facts.model.nodes)
    if (is_gateway(*node.xml)) visit(node);
}
std::string counts(const Node& node) {
  return "it has " + std::to_string(node.incoming.size()) + " incoming and " + std::to_string(node.outgoing.size()) +
         " outgoing";
}
template <class Visit>
void each_event_gateway_target(const Facts& facts, Visit visit) {
  for (const Node& node : facts.model.nodes) {
    if (node.type != ElementType::event_based_gateway) continue;
    for (const int flow : node.outgoing)
      if (const int target = facts.model.flows[static_cast<std::size_t>(flow)].target; target >= 0)
        visit(node, facts.model.nodes[static_cast<std::size_t>(target)]);
  }
}

}  // namespace

void EXT018(const Facts& facts, Report& report) {
  each_gateway(facts, [&](const Node& node) {
    if (node.gateway_direction == "Diverging" && node.incoming.size() > 1) report.at(*node.xml, counts(node));
  });
}
void EXT019(const Facts& facts, Report& report) {
  each_gateway(facts, [&](const Node& node) {
    if (node.gateway_direction == "Mixed" && (node.incoming.size() < 2 || node.outgoing.size() < 2))
      report.at(*node.xml, counts(node));
  });
}
void SG020(const Facts& facts, Report& report) {
  each_gateway(facts, [&](const Node& node) {
    if (node.gateway_direction == "Converging" && node.outgoing.size() > 1) report.at(*node.xml, counts(node));
  });
}
void SG021(const Facts& facts, Report& report) {
  each_gateway(facts, [&](const Node& node) {
    if ((node.gateway_direction == "Converging" && node.incoming.size() < 2) ||
        (node.gateway_direction == "Diverging" && node.outgoing.size() < 2))
      report.at(*node.xml, "it is " + node.gateway_direction + "; " + counts(node));
  });
}
void EXT135(const Facts& facts, Report& report) {
  each_gateway(facts, [&](const Node& node) {
    if (node.incoming.size() < 2 && node.outgoing.size() < 2) report.at(*node.xml, counts(node));
  });
}

// 10.6.6 Event-based gateway.
void EXT136(const Facts& facts, Report& report) {
  each_gateway(facts, [&](const Node& node) {
    if (node.type == ElementType::event_based_gateway && node.outgoing.size() < 2) report.at(*node.xml, counts(node));
  });
}
void EXT137(const Facts& facts, Report& report) {
  for (const Flow& flow : facts.model.flows)
    if (flow.has_condition && flow.source >= 0 &&
        facts.model.nodes[static_cast<std::size_t>(flow.source)].type == ElementType::event_based_gateway)
      report.at(*flow.xml);
}
void EXT138(const Facts& facts, Report& report) {
  each_event_gateway_target(facts, [&](const Node& gateway, const Node& target) {
    if (target.type == ElementType::receive_task) return;
    const bool allowed =
        target.type == ElementType::intermediate_catch_event && !target.events.empty() &&
        std::ranges::all_of(target.events, [](const EventDefinition& one) {
          return one.kind == EventKind::message || one.kind == EventKind::signal || one.kind == EventKind::timer ||
                 one.kind == EventKind::conditional;
        });
    if (!allowed) report.at(*target.xml, "it stands behind '" + gateway.id + "'");
  });
}
void SG022(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    if (node.type != ElementType::event_based_gateway) continue;
    bool receive = false, message = false;
    for (const int flow : node.outgoing) {
      const int index = facts.model.flows[static_cast<std::size_t>(flow)].target;
      if (index < 0) continue;
      const Node& target = facts.model.nodes[static_cast<std::size_t>(index)];
      receive |= target.type == ElementType::receive_task;
      message |= target.type == ElementType::intermediate_catch_event && has_trigger(target, EventKind::message);
    }
    if (receive && message) report.at(*node.xml);
  }
}
void EXT140(const Facts& facts, Report& report) {
  each_event_gateway_target(facts, [&](const Node& gateway, const Node& target) {
    if (target.type == ElementType::receive_task && !target.boundary.empty())
      report.at(*target.xml, "it stands behind '" + gateway.id + "'");
  });
}
void EXT141(const Facts& facts, Report& report) {
  each_event_gateway_target(facts, [&](const Node& gateway, const Node& target) {
    if (target.incoming.size() > 1) report.at(*target.xml, "it stands behind '" + gateway.id + "'");
  });
}
// 10.6.6: a gateway that starts the process has no incoming flow; only such a one may be parallel.
void SG023(const Facts& facts, Report& report) {
  for (const Node& node : facts.model.nodes) {
    if (node.type != ElementType::event_based_gateway) continue;
    if (!node.instantiate && node.event_gateway_type == "Parallel")
      report.at(*node.xml, "it is Parallel and does not instantiate");
    if (node.instantiate && !node.incoming.empty()) report.at(*node.xml, "it instantiates and has an incoming flow");
  }
}

}  // namespace bpmn::rules
