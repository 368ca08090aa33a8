// Evaluating a decision with what it requires (DMN 1.5 section 10.4), and decision services.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "dmn/graph.h"

namespace dmn {

using feel::Value;

namespace {

template <class Nodes>
int find_in_main(const Nodes& nodes, std::string_view id_or_name) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].model == 0 && nodes[i].id == id_or_name && !nodes[i].id.empty()) return static_cast<int>(i);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].model == 0 && nodes[i].name == id_or_name) return static_cast<int>(i);
  return -1;
}

}  // namespace

int Graph::find_decision(std::string_view id_or_name) const { return find_in_main(decisions, id_or_name); }
int Graph::find_service(std::string_view id_or_name) const { return find_in_main(services, id_or_name); }
int Graph::find_knowledge(std::string_view id_or_name) const { return find_in_main(knowledge, id_or_name); }

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

Session::Session(const Graph& graph, const feel::Environment& environment, std::vector<DecisionTrace>* traces)
    : graph_(graph), environment_(environment), traces_(traces), inputs_(graph.inputs.size()),
      decisions_(graph.decisions.size()), known_(graph.decisions.size()) {}

void Session::set_input(int input, Value value) {
  const InputNode& node = graph_.inputs[input];
  std::vector<feel::Reason> reasons;
  feel::Environment environment = environment_;
  environment.reasons = &reasons;
  inputs_[input] = conformed(value, node.type, "input '" + node.name + "'", environment);
  if (reasons.empty()) return;
  if (traces_ == nullptr && environment_.reasons != nullptr) environment_.reasons->insert(environment_.reasons->end(), reasons.begin(), reasons.end());
  input_reasons_[input] = std::move(reasons);
}

void Session::set_decision(int decision, Value value) {
  decisions_[decision] = std::move(value);
  known_[decision] = 1;
}

// Bundles are nested as deep as import names are: a handful.
Value Session::value_of(const Bundle& bundle) const {
  switch (bundle.source.kind) {
    case SourceKind::input: return inputs_[bundle.source.index];
    case SourceKind::decision: return decisions_[bundle.source.index];
    case SourceKind::function: return bundle.source.function;
    case SourceKind::none: break;
  }
  feel::Context context;
  for (const Bundle& below : bundle.below) context.entries.emplace_back(below.name, value_of(below));
  return Value::context(std::move(context));
}

void Session::compute(int index) {
  const DecisionNode& decision = graph_.decisions[index];
  Run* run = Run::here();
  DecisionTrace trace;
  feel::Environment environment = environment_;
  DecisionTrace* const outer = run->current;
  if (traces_ != nullptr) {
    trace.id = decision.id;
    trace.name = decision.name;
    trace.kind = decision.kind;
    environment.reasons = &trace.reasons;
    run->current = &trace;
  }
  if (traces_ != nullptr && !input_reasons_.empty())
    for (const int input : decision.inputs)
      if (const auto found = input_reasons_.find(input); found != input_reasons_.end())
        trace.reasons.insert(trace.reasons.end(), found->second.begin(), found->second.end());
  Frame frame{std::vector<Value>(decision.slot_count), environment};
  for (const NamedSlot& name : decision.names) {
    frame.slots[name.slot] = value_of(name.bundle);
    // A table tells its own input clauses; other logic tells what it was given.
    if (traces_ != nullptr && decision.kind != "DECISION_TABLE" && name.bundle.source.kind != SourceKind::function)
      trace.inputs.emplace_back(name.bundle.name, frame.slots[name.slot]);
  }
  Value value = decision.logic ? decision.logic->evaluate(frame) : null_because(environment, "decision '" + decision.name + "' has no logic");
  value = conformed(value, decision.type, "the value of decision '" + decision.name + "'", environment);
  if (traces_ != nullptr) {
    trace.reasons.erase(std::unique(trace.reasons.begin(), trace.reasons.end()), trace.reasons.end());
    if (value.is_null() && trace.reasons.empty()) trace.reasons.push_back(value.has_reason() ? *value.why() : feel::Reason(feel::ReasonCode::text, "the logic of '" + decision.name + "' gives null"));
    trace.output = value;
    run->current = outer;
    if (environment_.reasons != nullptr) environment_.reasons->insert(environment_.reasons->end(), trace.reasons.begin(), trace.reasons.end());
    traces_->push_back(std::move(trace));
  }
  set_decision(index, std::move(value));
}

// Depth first with an own stack: a chain of requirements may be as long as a file allows.
const Value& Session::decision(int asked) {
  std::vector<int> stack{asked};
  while (!stack.empty()) {
    const int top = stack.back();
    if (known_[top]) {
      stack.pop_back();
      continue;
    }
    const std::size_t before = stack.size();
    const std::vector<int>& required = graph_.decisions[top].decisions;
    for (auto next = required.rbegin(); next != required.rend(); ++next)
      if (!known_[*next]) stack.push_back(*next);
    if (stack.size() > before) continue;
    compute(top);
    stack.pop_back();
  }
  return decisions_[asked];
}

}  // namespace dmn
