#include "simulation/coverage.h"

#include <cstdio>

namespace simulation {

namespace {

std::string position_of(const Process& process, const Node& node) {
  const bool inside = node.parent >= 0 && process.nodes[static_cast<std::size_t>(node.parent)].is(ElementType::event_sub_process);
  switch (node.type) {
    case ElementType::start_event: return inside ? "event_sub_process_start" : "start";
    case ElementType::boundary_event: return node.interrupting || node.kind() == EventKind::error ? "boundary" : "boundary_non_interrupting";
    case ElementType::intermediate_catch_event: return "catch";
    case ElementType::intermediate_throw_event: return "throw";
    case ElementType::end_event: return "end";
    default: return {};
  }
}

std::string element_name(ElementType type) {
  static constexpr std::string_view kNames[] = {
#define ELEMENT(name, xml, section, family, executes) #name,
#include "bpmn/elements.def"
#undef ELEMENT
  };
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

}  // namespace

std::vector<std::string> rows_of(const Process& process, int index) {
  const Node& node = process.nodes[static_cast<std::size_t>(index)];
  std::vector<std::string> rows{element_name(node.type)};
  const std::string position = position_of(process, node);
  if (!position.empty()) {
    if (node.events.empty()) rows.push_back("trigger " + position + " none");
    for (const Event& event : node.events) rows.push_back("trigger " + position + " " + std::string(bpmn::name(event.kind)));
  }
  if (node.loop) rows.push_back(node.loop->standard ? "feature standard loop" : node.loop->sequential ? "feature multi-instance sequential" : "feature multi-instance parallel");
  if (node.loop && node.loop->behavior != Loop::Behavior::all) rows.push_back(std::string("feature multi-instance behaviour ") + (node.loop->behavior == Loop::Behavior::none ? "none" : node.loop->behavior == Loop::Behavior::one ? "one" : "complex"));
  if (node.is(ElementType::ad_hoc_sub_process) && node.job) rows.push_back("feature ad hoc by a job");
  if (node.events.size() > 1) rows.push_back(node.together ? "feature parallel multiple" : "feature several triggers");
  if (node.for_compensation) rows.push_back("feature compensation handler");
  if (node.start_quantity > 1 || node.completion_quantity > 1) rows.push_back("feature quantity");
  if (node.starts > 0) rows.push_back("feature start listener");
  if (node.ends > 0) rows.push_back("feature end listener");
  if (node.global) rows.push_back("feature global task");
  if (node.binding != Node::Binding::latest) rows.push_back(node.binding == Node::Binding::tag ? "feature bound by version tag" : "feature bound by deployment");
  for (const Event& event : node.events)
    if (event.cron) rows.push_back("feature cron timer");
  if (process.starts + process.ends > 0 && node.is(ElementType::start_event)) rows.push_back("feature process listeners");
  if (node.instantiate) rows.push_back("feature instantiate");
  if (!node.data.empty()) rows.push_back("feature data object");
  for (int f : node.outgoing)
    if (process.flows[static_cast<std::size_t>(f)].condition) {
      rows.push_back("feature conditional flow");
      break;
    }
  return rows;
}

void Coverage::crossed(const Package& package, const std::set<std::pair<int, int>>& nodes, Fault fault) {
  for (const auto& [process, node] : nodes)
    for (const std::string& row : rows_of(package.processes[static_cast<std::size_t>(process)], node)) ++rows_[row][static_cast<std::size_t>(fault)];
}

void Coverage::add(const Coverage& other) {
  for (const auto& [row, faults] : other.rows_)
    for (std::size_t i = 0; i < kFaults; ++i) rows_[row][i] += faults[i];
  for (const auto& [what, count] : other.counts_) counts_[what] += count;
}

std::uint64_t Coverage::count(const std::string& what) const {
  const auto found = counts_.find(what);
  return found == counts_.end() ? 0 : found->second;
}

std::string Coverage::matrix() const {
  std::string out;
  char line[200];
  std::snprintf(line, sizeof line, "%-52s", "crossed by, times");
  out += line;
  for (const char* fault : kFaultNames) std::snprintf(line, sizeof line, "%12s", fault), out += line;
  out += "\n";
  for (const auto& [row, faults] : rows_) {
    std::snprintf(line, sizeof line, "%-52s", row.c_str());
    out += line;
    for (std::uint64_t n : faults) std::snprintf(line, sizeof line, "%12llu", static_cast<unsigned long long>(n)), out += line;
    out += "\n";
  }
  return out;
}

std::vector<std::string> Coverage::missing(const std::vector<std::string>& wanted) const {
  std::vector<std::string> out;
  for (const std::string& row : wanted) {
    const auto found = rows_.find(row);
    std::uint64_t crashes = 0;
    if (found != rows_.end())
      for (Fault fault : {Fault::in_command, Fault::in_timer, Fault::in_checkpoint, Fault::in_recovery, Fault::at_rest}) crashes += found->second[static_cast<std::size_t>(fault)];
    if (crashes == 0) out.push_back(row);
  }
  return out;
}

std::vector<std::string> Coverage::missing_elements() const {
  std::vector<std::string> wanted;
  const bool yes = true, no = false;
  (void)no;
#define ELEMENT(name, xml, section, family, executes) \
  if (executes) wanted.push_back(#name);
#include "bpmn/elements.def"
#undef ELEMENT
  (void)yes;
  return missing(wanted);
}

std::vector<std::string> Coverage::missing_features() const {
  return missing({"command deploy", "command migrate", "command modify", "command suspend", "command resume", "command cancel", "command forget",
                  "feature start listener", "feature end listener", "feature process listeners", "feature standard loop", "feature multi-instance sequential",
                  "feature multi-instance parallel", "feature multi-instance behaviour none", "feature multi-instance behaviour one", "feature multi-instance behaviour complex",
                  "feature ad hoc by a job", "feature several triggers", "feature parallel multiple", "feature compensation handler", "feature quantity", "feature instantiate",
                  "feature data object", "feature global task", "feature bound by version tag", "feature bound by deployment", "feature cron timer"});
}

std::vector<std::string> Coverage::missing_triggers() const {
  std::vector<std::string> wanted;
#define EVENT(position, kind, executes) wanted.push_back(std::string("trigger ") + #position + " " + std::string(bpmn::name(EventKind::kind)));
#include "bpmn/events.def"
#undef EVENT
  return missing(wanted);
}

}  // namespace simulation
