// Evaluating a decision with what it requires (DMN 1.5 section 10.4), and decision services.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "dmn/graph.h"

namespace dmn {

using feel::Value;

int Graph::find(const Names& names, std::string_view id_or_name) {
  if (const auto at = names.by_id.find(id_or_name); at != names.by_id.end()) return at->second;
  const auto at = names.by_name.find(id_or_name);
  return at != names.by_name.end() ? at->second : -1;
}

// Only what the main model says is asked for by name; of equal names the first.
template <class Nodes>
void Graph::name(const Nodes& nodes, Names& names) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].model != 0) continue;
    if (!nodes[i].id.empty()) names.by_id.emplace(nodes[i].id, static_cast<int>(i));
    names.by_name.emplace(nodes[i].name, static_cast<int>(i));
  }
}

void Graph::finish() {
  name(decisions, decision_names);
  name(services, service_names);
  name(knowledge, knowledge_names);
  for (ServiceNode& service : services) service.plan = plan(*this, service.outputs, service.input_decisions);
}

std::vector<int> Graph::required_inputs(int asked) const {
  std::vector<int> out;
  std::vector<char> seen(decisions.size()), taken(inputs.size());
  std::vector<int> stack{asked};
  while (!stack.empty()) {
    const int top = stack.back();
    stack.pop_back();
    if (seen[top]) continue;
    seen[top] = 1;
    for (const int input : decisions[top].inputs)
      if (!std::exchange(taken[input], 1)) out.push_back(input);
    for (const int required : decisions[top].decisions) stack.push_back(required);
  }
  return out;
}

std::string Graph::input_name(int input) const {
  std::string name;
  for (const std::string& part : inputs[input].path) name += part + ".";
  return name + inputs[input].name;
}

const Value* given_input(const InputNode& input, const feel::Context& given) {
  const Value* found = nullptr;
  if (!input.path.empty()) {
    std::string qualified;
    for (const std::string& part : input.path) qualified += part + ".";
    found = given.find(qualified + input.name);
    const Value* level = nullptr;
    for (std::size_t at = 0; at < input.path.size(); ++at) {
      level = at == 0 ? given.find(input.path[at]) : level->as_context().find(input.path[at]);
      if (level == nullptr || level->kind() != feel::Kind::context) break;
    }
    if (!found && level && level->kind() == feel::Kind::context) found = level->as_context().find(input.name);
  }
  return found ? found : given.find(input.name);
}

// Depth first with an own stack: a chain of requirements may be as long as a file allows.
Plan plan(const Graph& graph, std::span<const int> asked, std::span<const int> given) {
  Plan out;
  out.slot_count = static_cast<std::size_t>(graph.shared_slots());
  std::vector<char> known(graph.decisions.size());
  std::vector<char> has_function(static_cast<std::size_t>(graph.shared_slots()));
  for (const int decision : given) known[decision] = 1;
  std::vector<int> stack(asked.rbegin(), asked.rend());
  while (!stack.empty()) {
    const int top = stack.back();
    if (known[top]) {
      stack.pop_back();
      continue;
    }
    const DecisionNode& node = graph.decisions[top];
    const std::size_t before = stack.size();
    for (auto next = node.decisions.rbegin(); next != node.decisions.rend(); ++next)
      if (!known[*next]) stack.push_back(*next);
    if (stack.size() > before) continue;
    known[top] = 1;
    stack.pop_back();
    out.decisions.push_back(top);
    out.slot_count = std::max(out.slot_count, static_cast<std::size_t>(node.slot_count));
    for (const NamedSlot& name : node.names)
      if (name.bundle.source.kind == SourceKind::function && name.slot < graph.shared_slots() && !std::exchange(has_function[name.slot], 1))
        out.functions.emplace_back(name.slot, name.bundle.source.function);
  }
  if (asked.size() == 1) out.inputs = graph.required_inputs(asked[0]);
  return out;
}

void Session::set_input(int input, const Value& value) {
  const InputNode& node = graph_.inputs[input];
  const auto what = [&] { return Place{feel::ReasonCode::input_type, feel::ReasonCode::input_not_allowed, node.name}; };
  if (traces_ == nullptr) {
    slots_[graph_.input_slot(input)] = conformed(value, node.type, environment_, what);
    return;
  }
  std::vector<feel::Reason> reasons;
  feel::Environment environment = environment_;
  environment.reasons = &reasons;
  slots_[graph_.input_slot(input)] = conformed(value, node.type, environment, what);
  if (!reasons.empty()) input_reasons_[input] = std::move(reasons);
}

// Bundles are nested as deep as import names are: a handful.
Value Session::value_of(const Bundle& bundle) const {
  switch (bundle.source.kind) {
    case SourceKind::input: return slots_[graph_.input_slot(bundle.source.index)];
    case SourceKind::decision: return slots_[graph_.decision_slot(bundle.source.index)];
    case SourceKind::function: return bundle.source.function;
    case SourceKind::none: break;
  }
  feel::Context context;
  for (const Bundle& below : bundle.below) context.entries.emplace_back(below.name, value_of(below));
  return Value::context(std::move(context));
}

// The context of an import's names.
void Session::compose(const DecisionNode& decision) {
  for (const NamedSlot& name : decision.names)
    if (name.bundle.source.kind == SourceKind::none) slots_[name.slot] = value_of(name.bundle);
}

void Session::compute(const DecisionNode& decision, Value& out) {
  if (decision.has_imports) compose(decision);
  Frame frame{slots_, environment_, run_};
  out = decision.logic ? decision.logic->evaluate(frame) : null_because(environment_, feel::Reason(feel::ReasonCode::no_logic, std::string_view(decision.name)));
  if (!decision.always_conforms && decision.type != nullptr)
    out = conformed(std::move(out), decision.type, environment_, [&] { return Place{feel::ReasonCode::value_type, feel::ReasonCode::value_not_allowed, decision.name}; });
}

// A null that follows from other nulls was told to nobody: why it is null belongs to the trace.
static void tell_null(const Value& out, const DecisionNode& decision, std::vector<feel::Reason>& told) {
  feel::Reason why = out.has_reason() ? *out.why() : feel::Reason(feel::ReasonCode::logic_gives_null, std::string_view(decision.name));
  if (!out.has_reason() && !told.empty()) return;
  why.element = decision.id;
  const auto same = [&](const feel::Reason& one) { return one.code == why.code && one.line == why.line && one.column == why.column; };
  if (std::none_of(told.begin(), told.end(), same)) told.push_back(std::move(why));
}

void Session::compute_traced(const DecisionNode& decision, Value& out) {
  DecisionTrace trace;
  trace.id = decision.id;
  trace.name = decision.name;
  trace.kind = decision.kind;
  feel::Environment environment = environment_;
  environment.reasons = &trace.reasons;
  DecisionTrace* const outer = std::exchange(run_.current, &trace);
  if (!input_reasons_.empty())
    for (const int input : decision.inputs)
      if (const auto found = input_reasons_.find(input); found != input_reasons_.end())
        trace.reasons.insert(trace.reasons.end(), found->second.begin(), found->second.end());
  compose(decision);
  // A table tells its own input clauses; other logic tells what it was given.
  if (decision.kind != "DECISION_TABLE")
    for (const NamedSlot& name : decision.names)
      if (name.bundle.source.kind != SourceKind::function) trace.inputs.emplace_back(name.bundle.name, slots_[name.slot]);
  Frame frame{slots_, environment, run_};
  out = decision.logic ? decision.logic->evaluate(frame) : null_because(environment, feel::Reason(feel::ReasonCode::no_logic, std::string_view(decision.name)));
  out = conformed(std::move(out), decision.type, environment, [&] { return Place{feel::ReasonCode::value_type, feel::ReasonCode::value_not_allowed, decision.name}; });
  for (feel::Reason& reason : trace.reasons)
    if (reason.element.empty()) reason.element = decision.id;
  trace.reasons.erase(std::unique(trace.reasons.begin(), trace.reasons.end()), trace.reasons.end());
  if (out.is_null()) tell_null(out, decision, trace.reasons);
  trace.output = out;
  run_.current = outer;
  if (environment_.reasons != nullptr) environment_.reasons->insert(environment_.reasons->end(), trace.reasons.begin(), trace.reasons.end());
  traces_->push_back(std::move(trace));
}

void Session::evaluate() {
  for (const int index : plan_.decisions) {
    Value& out = slots_[graph_.decision_slot(index)];
    if (traces_ == nullptr) compute(graph_.decisions[index], out);
    else compute_traced(graph_.decisions[index], out);
  }
}

}  // namespace dmn
