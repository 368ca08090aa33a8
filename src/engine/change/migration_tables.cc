// What each element and flow of the source becomes.
#include <algorithm>
#include <set>

#include "engine/change/migration.h"

namespace engine {

using bpmn::ElementType;

namespace {

struct Row { std::string_view name; base::ErrorCode code; std::string_view english, danish; };
constexpr Row kRows[] = {
#define MISFIT(name, code, english, danish) {#name, base::ErrorCode::code, english, danish},
#include "engine/change/migration.def"
#undef MISFIT
};
const Row& row(Misfit code) { return kRows[static_cast<std::size_t>(code)]; }

std::string filled(std::string_view text, const Finding& finding) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "{0}") out += finding.element, i += 2;
    else if (text.substr(i, 3) == "{1}") out += finding.other, i += 2;
    else out += text[i];
  }
  return out;
}

}  // namespace

std::string_view name(Misfit code) { return row(code).name; }
base::ErrorCode refused_as(Misfit code) { return row(code).code; }
std::string english(const Finding& finding) { return filled(row(finding.code).english, finding); }
std::string danish(const Finding& finding) { return filled(row(finding.code).danish, finding); }

static bool starts_event_scope(const Program& program, const ElementProgram& element) {
  return element.is(ElementType::start_event) && element.parent != 0 && program.at(element.parent).is(ElementType::event_sub_process);
}
static bool attached(const Program& program, const ElementProgram& element) {
  return element.is(ElementType::boundary_event) || starts_event_scope(program, element);
}

static bool same_triggers(const ElementProgram& one, const ElementProgram& other) {
  if (one.definitions() != other.definitions() || one.together != other.together || one.interrupting != other.interrupting) return false;
  for (std::size_t i = 0; i < one.definitions(); ++i)
    if (one.definition(i).kind != other.definition(i).kind) return false;
  return true;
}

bool stays(const MigrationTables& tables, Index event) {
  return tables.of(event) != kNoIndex && same_triggers(tables.source.at(event), tables.target.at(tables.of(event)));
}

// A boundary event or the start event of an event sub-process stands where its counterpart stands.
static bool stands_alike(const MigrationTables& tables, const ElementProgram& event) {
  const ElementProgram& to = tables.target.at(tables.of(event.index));
  if (event.is(ElementType::boundary_event))
    return to.is(ElementType::boundary_event) && event.attached_to != kNoIndex && tables.of(event.attached_to) == to.attached_to;
  return starts_event_scope(tables.target, to) && tables.of(event.parent) == to.parent;
}

static void map_by_instruction(MigrationTables& tables, const std::vector<ElementMapping>& mapping, std::set<Index>& named, std::vector<Finding>& findings) {
  for (const ElementMapping& one : mapping) {
    const Index from = tables.source.find(one.source), to = one.target.empty() ? kNoIndex : tables.target.find(one.target);
    if (from == kNoIndex || from == 0) {
      findings.push_back({Misfit::unknown_source, one.source, 0, {}});
    } else if (!named.insert(from).second) {
      findings.push_back({Misfit::mapped_twice, one.source, 0, {}});
    } else if (one.target.empty() && !attached(tables.source, tables.source.at(from))) {
      findings.push_back({Misfit::not_given_up, one.source, 0, {}});
    } else if (!one.target.empty() && (to == kNoIndex || to == 0)) {
      findings.push_back({Misfit::unknown_target, one.target, 0, {}});
    } else {
      tables.elements[from] = to;
    }
  }
}

// A flow becomes the one of the same id, else the one between the same elements, else the only one that leads there.
static Index flow_of(const MigrationTables& tables, const FlowProgram& flow) {
  const Index from = tables.of(flow.source), to = tables.of(flow.target);
  if (to == kNoIndex) return kNoIndex;
  const auto& incoming = tables.target.at(to).incoming;
  for (Index one : incoming)
    if (tables.target.flows[one].id == flow.id) return one;
  for (Index one : incoming)
    if (tables.target.flows[one].source == from) return one;
  return incoming.size() == 1 ? incoming.front() : kNoIndex;
}

MigrationTables make_tables(const Program& source, const Program& target, const std::vector<ElementMapping>& mapping, std::vector<Finding>& findings) {
  MigrationTables tables{source, target, std::vector<Index>(source.elements.size(), kNoIndex), std::vector<Index>(source.flows.size(), kNoIndex)};
  tables.elements[0] = 0;
  std::set<Index> named{0};
  map_by_instruction(tables, mapping, named, findings);
  for (const ElementProgram& element : source.elements)
    if (!named.contains(element.index))
      if (const Index same = target.find(element.id); same != kNoIndex && same != 0) tables.elements[element.index] = same;
  for (const ElementProgram& element : source.elements) {  // an event sub-process takes its start event along
    if (!element.is(ElementType::event_sub_process) || element.trigger == kNoIndex || named.contains(element.trigger) || tables.of(element.index) == kNoIndex) continue;
    const ElementProgram& to = target.at(tables.of(element.index));
    if (to.is(ElementType::event_sub_process)) tables.elements[element.trigger] = to.trigger;
  }
  std::set<Index> taken;
  for (const ElementProgram& element : source.elements) {
    Index& to = tables.elements[element.index];
    if (to == kNoIndex || !attached(source, element)) continue;
    if (!stands_alike(tables, element) || !stays(tables, element.index)) to = kNoIndex;
    else if (!taken.insert(to).second) findings.push_back({Misfit::events_merged, target.at(to).id, 0, {}});
  }
  for (std::size_t i = 0; i < source.flows.size(); ++i) tables.flows[i] = flow_of(tables, source.flows[i]);
  return tables;
}

bool taken_over(const State& s, const Program& program, const ElementInstance& scope) {
  for (Handle h = scope.first_child; h != kNone; h = s.elements.at(h).next) {
    const ElementProgram& inner = program.at(s.elements.at(h).element);
    if (inner.is(ElementType::event_sub_process) && inner.trigger != kNoIndex && program.at(inner.trigger).interrupting) return true;
  }
  return false;
}

static void add_new(const MigrationTables& tables, const std::vector<Index>& had, const std::vector<Index>& has, std::vector<Index>& out) {
  for (Index event : has)
    if (std::none_of(had.begin(), had.end(), [&](Index before) { return tables.of(before) == event && stays(tables, before); })) out.push_back(event);
}

static std::vector<Index> targets(const Program& program, const ElementProgram& element) {
  std::vector<Index> all;
  for (Index flow : element.outgoing) all.push_back(program.flows[flow].target);
  return all;
}
bool goes_on(const MigrationTables& tables, const ElementInstance& at, Index event) {
  if (event == at.element) return true;
  if (!stays(tables, event)) return false;
  if (!tables.source.at(at.element).is(ElementType::event_based_gateway)) return true;
  const auto behind = targets(tables.target, tables.target.at(tables.of(at.element)));
  return std::find(behind.begin(), behind.end(), tables.of(event)) != behind.end();
}
static std::vector<Index> triggers(const Program& program, const ElementProgram& scope) {
  std::vector<Index> starts;
  for (Index inner : scope.event_scopes)
    if (program.at(inner).trigger != kNoIndex) starts.push_back(program.at(inner).trigger);
  return starts;
}

std::vector<Index> openings(const State& s, const MigrationTables& tables, const ElementInstance& at) {
  const ElementProgram& from = tables.source.at(at.element);
  const ElementProgram& to = tables.target.at(tables.of(at.element));
  std::vector<Index> out;
  const bool scope = is_scope(at, from), replica = at.extra && at.extra->compensation.replica;
  const bool over = at.life == Life::completing && (s.idle(at) || (at.extra && at.extra->listener != 0));  // its end listener is all that is left
  if (replica || is_inner(s, at) || (at.life != Life::active && !(scope && at.life == Life::completing && !over))) return out;
  if (at.loop == 0) add_new(tables, from.boundary, to.boundary, out);
  if (scope && !taken_over(s, tables.source, at)) add_new(tables, triggers(tables.source, from), triggers(tables.target, to), out);
  if (from.is(ElementType::event_based_gateway) && to.is(ElementType::event_based_gateway)) add_new(tables, targets(tables.source, from), targets(tables.target, to), out);
  return out;
}

}  // namespace engine
