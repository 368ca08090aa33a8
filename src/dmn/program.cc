// The door: compile, evaluate, invoke, check.
#include <algorithm>

#include "base/limits.h"
#include "dmn/coverage.h"
#include "dmn/graph.h"

namespace dmn {

using feel::Value;

namespace {

// Makes a Run the thread's own for as long as it lives.
class RunScope {
 public:
  explicit RunScope(Run& run) : before_(Run::here()) { Run::here() = &run; }
  ~RunScope() { Run::here() = before_; }
  RunScope(const RunScope&) = delete;
  RunScope& operator=(const RunScope&) = delete;

 private:
  Run* before_;
};

// 10.4: input decisions keep the values given, all others are evaluated anew; several outputs are a context.
Value call_service(const Graph& graph, const ServiceNode& service, std::span<const Value> arguments, const feel::Environment& environment) {
  Run& run = *Run::here();
  if (run.depth >= base::limits::kFeelCallDepth)
    return null_because(environment, "service '" + service.name + "' is called deeper than the limit kFeelCallDepth");
  ++run.depth;
  Session session(graph, environment, run.current ? &run.current->parts : nullptr);
  std::size_t at = 0;
  const auto next = [&](const std::string& name, const feel::TypePtr& type, bool& wrong) {
    const Value given = at < arguments.size() ? arguments[at] : Value::null();
    ++at;
    Value value = conformed(given, type, "argument '" + name + "' of service '" + service.name + "'", environment);
    wrong |= value.is_null() && !given.is_null();
    return value;
  };
  bool wrong = false;
  for (const int input : service.input_data) session.set_input(input, next(graph.inputs[input].name, graph.inputs[input].type, wrong));
  for (const int decision : service.input_decisions)
    session.set_decision(decision, next(graph.decisions[decision].name, graph.decisions[decision].type, wrong));
  Value result;
  if (wrong) {
    result = Value::null("an argument of service '" + service.name + "' has the wrong type");
  } else if (service.outputs.size() == 1) {
    result = session.decision(service.outputs[0]);
  } else {
    feel::Context context;
    for (const int output : service.outputs) context.entries.emplace_back(graph.decisions[output].name, session.decision(output));
    result = Value::context(std::move(context));
  }
  --run.depth;
  return conformed(result, service.result, "the result of service '" + service.name + "'", environment);
}

class ProgramImpl final : public Program {
 public:
  explicit ProgramImpl(std::shared_ptr<const Graph> graph) : graph_(std::move(graph)) {}

  std::vector<DecisionInfo> decisions() const override {
    std::vector<DecisionInfo> out;
    for (std::size_t i = 0; i < graph_->decisions.size(); ++i) {
      const DecisionNode& node = graph_->decisions[i];
      if (node.model != 0) continue;
      const Model& model = *graph_->models[0];
      out.push_back({node.id, node.name, model.id, model.name, required_inputs(static_cast<int>(i))});
    }
    return out;
  }

  bool has(std::string_view decision) const override { return graph_->find_decision(decision) >= 0; }

  base::Result<Evaluation> evaluate(std::string_view name, const feel::Context& inputs, const feel::Environment& environment,
                                    bool with_trace) const override {
    const int index = graph_->find_decision(name);
    if (index < 0) return base::fail(base::ErrorCode::not_found, "no decision '" + std::string(name) + "' in '" + graph_->models[0]->name + "'");
    Run run;
    const RunScope scope(run);
    Evaluation out;
    Session session(*graph_, environment, with_trace ? &out.decisions : nullptr);
    session.set_inputs(inputs);
    out.value = session.decision(index);
    out.failed = run.failed;
    out.failure = std::move(run.failure);
    return out;
  }

  base::Result<Value> invoke(std::string_view name, const feel::Context& arguments, const feel::Environment& environment) const override {
    Value function;
    if (const int service = graph_->find_service(name); service >= 0) function = graph_->services[service].function;
    else if (const int knowledge = graph_->find_knowledge(name); knowledge >= 0) function = graph_->knowledge[knowledge].function;
    else return base::fail(base::ErrorCode::not_found, "no decision service or knowledge model '" + std::string(name) + "' in '" + graph_->models[0]->name + "'");
    if (function.kind() != feel::Kind::function) return Value::null("'" + std::string(name) + "' has no logic");
    Run run;
    const RunScope scope(run);
    std::vector<Value> values;
    for (const std::string& parameter : function.as_function()->parameters) {
      const Value* given = arguments.find(parameter);
      values.push_back(given ? *given : Value::null());
    }
    return function.as_function()->call(values, environment);
  }

 private:
  std::vector<std::string> required_inputs(int asked) const {
    std::vector<std::string> out;
    std::vector<char> seen(graph_->decisions.size());
    std::vector<int> stack{asked};
    while (!stack.empty()) {
      const int top = stack.back();
      stack.pop_back();
      if (seen[top]) continue;
      seen[top] = 1;
      for (const int input : graph_->decisions[top].inputs) {
        std::string name;
        for (const std::string& part : graph_->inputs[input].path) name += part + ".";
        name += graph_->inputs[input].name;
        if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
      }
      for (const int required : graph_->decisions[top].decisions) stack.push_back(required);
    }
    return out;
  }

  std::shared_ptr<const Graph> graph_;
};

}  // namespace

// Weak: the graph holds the function, and a value of it may outlive the program.
Value service_function(const std::shared_ptr<Graph>& graph, int service, feel::TypePtr type) {
  auto function = std::make_shared<feel::Function>();
  function->name = graph->services[service].name;
  for (const auto& [name, unused] : type->members) function->parameters.push_back(name);
  function->type = std::move(type);
  function->call = [weak = std::weak_ptr<const Graph>(graph), service](std::span<const Value> arguments, const feel::Environment& environment) {
    const auto alive = weak.lock();
    if (!alive) return Value::null("the model of this decision service is gone");
    if (Run::here() != nullptr) return call_service(*alive, alive->services[service], arguments, environment);
    Run run;
    const RunScope scope(run);
    return call_service(*alive, alive->services[service], arguments, environment);
  };
  return Value::function(std::move(function));
}

base::Result<std::shared_ptr<const Program>> compile(std::vector<std::shared_ptr<const Model>> models, OnFault on_fault) {
  if (models.empty()) return base::fail(base::ErrorCode::invalid_argument, "no model to compile", {}, "at least the main model");
  Faults faults;
  const std::shared_ptr<Graph> graph = link(std::move(models), faults, false);
  if (auto error = faults.refusal(on_fault)) return std::unexpected(std::move(*error));
  return std::make_shared<ProgramImpl>(graph);
}

std::vector<Finding> check(const Model& model) {
  Faults faults;
  // The graph lives no longer than this call, so a pointer without ownership is enough.
  link({std::shared_ptr<const Model>(std::shared_ptr<void>(), &model)}, faults, true);
  Faults types_again;  // the linker has reported them
  check_coverage(model, TypeTable(model, types_again), faults);
  return faults.take();
}

}  // namespace dmn
