// What an executable process needs in the zeebe: dialect (docs/scenarios.md and README.md of this room say how it runs).
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/text.h"
#include "bpmn/iso8601.h"
#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

template <class Visit>
void each_executable(const Facts& facts, Visit visit) {
  for (const Node& node : facts.model.nodes)
    if (node.process >= 0 && facts.model.processes[static_cast<std::size_t>(node.process)].executable) visit(node);
}
bool is_expression(std::string_view text) { return text.starts_with('='); }

// A variable path: names joined by dots. A name begins with a letter or _ (any non-ASCII byte counts as a letter).
bool is_variable_path(std::string_view text) {
  if (text.empty()) return false;
  for (const auto part : base::split(text, '.')) {
    if (part.empty()) return false;
    const auto letter = [](unsigned char c) { return std::isalpha(c) || c == '_' || c >= 0x80; };
    if (!letter(static_cast<unsigned char>(part.front()))) return false;
    if (!std::ranges::all_of(part, [&](char c) { return letter(static_cast<unsigned char>(c)) || (c >= '0' && c <= '9'); }))
      return false;
  }
  return true;
}

bool catches_message(const Facts& facts, const Node& node) {
  if (node.type == ElementType::receive_task) return true;
  if (!has_trigger(node, EventKind::message)) return false;
  return node.type == ElementType::intermediate_catch_event || node.type == ElementType::boundary_event ||
         (node.type == ElementType::start_event && node.parent >= 0 &&
          facts.model.nodes[static_cast<std::size_t>(node.parent)].type == ElementType::event_sub_process);
}
bool waits_for_message(const Facts& facts, const Node& node) {
  return catches_message(facts, node) || (node.type == ElementType::start_event && has_trigger(node, EventKind::message));
}
const Message* message_of(const Facts& facts, const Node& node) {
  if (node.type == ElementType::receive_task) return facts.model.message(node.message_ref);
  for (const EventDefinition& one : node.events)
    if (one.kind == EventKind::message) return facts.model.message(one.ref);
  return nullptr;
}

}  // namespace

void ZB001(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    const bool sends = (node.type == ElementType::end_event || node.type == ElementType::intermediate_throw_event) &&
                       has_trigger(node, EventKind::message);
    if ((node.type == ElementType::service_task || node.type == ElementType::send_task || sends) &&
        node.zeebe.task_type.empty())
      report.at(*node.xml);
  });
}
void ZB002(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (node.type != ElementType::script_task || !node.zeebe.task_type.empty()) return;
    if (node.zeebe.script.empty()) report.at(*node.xml, "it has no zeebe:script expression");
    else if (node.zeebe.script_result.empty()) report.at(*node.xml, "it has no resultVariable");
  });
}
void ZB003(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (node.type != ElementType::business_rule_task || !node.zeebe.task_type.empty()) return;
    if (node.zeebe.decision_id.empty()) report.at(*node.xml, "it has no decisionId");
    else if (node.zeebe.decision_result.empty()) report.at(*node.xml, "it has no resultVariable");
  });
}
void ZB004(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (node.type == ElementType::call_activity && node.zeebe.called_process.empty() && node.called_element.empty())
      report.at(*node.xml);
  });
}
void ZB005(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (!waits_for_message(facts, node)) return;
    const Message* message = message_of(facts, node);
    const bool in_flow = std::ranges::any_of(facts.model.message_flows, [&](const MessageFlow& flow) { return flow.source == node.id || flow.target == node.id; });
    if (!message && in_flow) return;  // section 9.3: it is the message of the flow
    if (!message || message->name.empty()) report.at(*node.xml);
  });
}
void ZB006(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (!catches_message(facts, node) || node.instantiate || !facts.named("correlationKey").empty()) return;
    const Message* message = message_of(facts, node);
    if (message && message->correlation_key.empty()) report.at(*node.xml, "message '" + message->id + "'");
  });
}
void ZB007(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (node.loop && !node.loop->standard && node.zeebe.input_collection.empty() && node.loop->cardinality.empty())
      report.at(*node.xml);
    if (node.loop && !node.zeebe.output_collection.empty() != !node.zeebe.output_element.empty())
      report.at(*node.xml, "outputCollection and outputElement go together");
  });
}
void ZB008(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    for (const auto* mappings : {&node.zeebe.inputs, &node.zeebe.outputs})
      for (const Mapping& one : *mappings) {
        if (one.source.empty()) report.at(*node.xml, "the mapping to '" + one.target + "' has no source");
        if (!is_variable_path(one.target)) report.at(*node.xml, "'" + one.target + "' is no variable name");
      }
  });
}
void ZB009(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    for (const EventDefinition& one : node.events) {
      if (one.kind != EventKind::error) continue;
      const ErrorDef* error = facts.model.error(one.ref);
      const bool throws = node.type == ElementType::end_event;
      if ((throws && !error) || (error && error->code.empty()))
        report.at(*node.xml, error ? "error '" + error->id + "' has no errorCode" : "it names no error");
    }
  });
}
void ZB010(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    for (const EventDefinition& one : node.events) {
      if (one.kind != EventKind::timer || is_expression(one.expression)) continue;
      if (one.expression.empty()) report.at(*node.xml, "its timer is empty");
      else if (one.timer == TimerKind::date && !is_iso_date_time(one.expression))
        report.at(*node.xml, "timeDate is '" + one.expression + "'");
      else if (one.timer == TimerKind::duration && !is_iso_duration(one.expression))
        report.at(*node.xml, "timeDuration is '" + one.expression + "'");
      // cron: five or six fields, or a macro; the engine reads it.
      else if (one.timer == TimerKind::cycle && !is_iso_repeating_interval(one.expression) &&
               !one.expression.starts_with('@') && std::ranges::count(one.expression, ' ') < 4)
        report.at(*node.xml, "timeCycle is '" + one.expression + "'");
    }
  });
}
void ZB011(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    if (node.type != ElementType::exclusive_gateway && node.type != ElementType::inclusive_gateway) return;
    if (node.outgoing.size() < 2) return;
    for (const int flow : node.outgoing) {
      const Flow& one = facts.model.flows[static_cast<std::size_t>(flow)];
      if (flow != node.default_flow && !one.has_condition)
        report.at(*one.xml, "it leaves '" + node.id + "' and is not its default");
    }
  });
}
void ZB012(const Facts& facts, Report& report) {
  for (const Flow& flow : facts.model.flows)
    if (flow.has_condition && flow.process >= 0 && facts.model.processes[static_cast<std::size_t>(flow.process)].executable &&
        !is_expression(flow.condition))
      report.at(*flow.xml, "it is '" + flow.condition + "'");
}
void ZB013(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    std::set<std::string_view> seen;
    for (const Header& header : node.zeebe.headers)
      if (header.key.empty() || !seen.insert(header.key).second)
        report.at(*node.xml, header.key.empty() ? "a header has no key" : "'" + header.key + "' is there twice");
  });
}
void ZB014(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    const std::string& retries = node.zeebe.task_retries;
    if (retries.empty() || is_expression(retries)) return;
    if (retries.size() > 4 || !std::ranges::all_of(retries, [](char c) { return c >= '0' && c <= '9'; }))
      report.at(*node.xml, "retries is '" + retries + "'");
  });
}
void ZB015(const Facts& facts, Report& report) {
  for (std::size_t i = 0; i < facts.model.processes.size(); ++i) {
    const Process& process = facts.model.processes[i];
    if (!process.executable) continue;
    int any = 0;
    for (const Node& node : facts.model.nodes) {
      if (node.process != static_cast<int>(i) || node.parent >= 0) continue;
      const bool start = node.type == ElementType::start_event;
      any += start || node.instantiate ? 1 : 0;
    }
    if (any == 0) report.at(*process.xml, "it has none");
  }
}
// Two boundary events that would both catch the same error: the first would always win.
void ZB016(const Facts& facts, Report& report) {
  each_executable(facts, [&](const Node& node) {
    std::set<std::pair<EventKind, std::string>> seen;
    for (const int boundary : node.boundary) {
      const Node& event = facts.model.nodes[static_cast<std::size_t>(boundary)];
      for (const EventDefinition& one : event.events) {
        if (one.kind != EventKind::error && one.kind != EventKind::escalation) continue;
        const ErrorDef* error = facts.model.error(one.ref);
        const Escalation* escalation = facts.model.escalation(one.ref);
        const std::string code = error ? error->code : escalation ? escalation->code : "";
        if (!seen.emplace(one.kind, code).second) report.at(*event.xml, "on '" + node.id + "', code '" + code + "'");
      }
    }
  });
}

}  // namespace bpmn::rules
