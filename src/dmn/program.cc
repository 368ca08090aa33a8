// The door: compile, evaluate, invoke, check.
#include <algorithm>
#include <mutex>

#include "base/limits.h"
#include "dmn/graph.h"
#include "dmn/table.h"

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
    return null_because(environment, feel::Reason(feel::ReasonCode::called_too_deep, std::string_view(service.name), base::limits::kFeelCallDepth));
  ++run.depth;
  Taken<Value> slots(Workspace::here(), service.plan.slot_count);
  for (const auto& [slot, function] : service.plan.functions) slots[slot] = function;
  Session session(graph, service.plan, slots.span(), environment, run, run.current ? &run.current->parts : nullptr);
  std::size_t at = 0;
  bool wrong = false;
  const auto next = [&](const std::string& name, const feel::TypePtr& type, int slot) {
    const Value given = at < arguments.size() ? arguments[at] : Value::null();
    ++at;
    slots[slot] = conformed(given, type, environment, [&] { return Place{feel::ReasonCode::argument_type, feel::ReasonCode::argument_not_allowed, name, service.name}; });
    wrong |= slots[slot].is_null() && !given.is_null();
  };
  for (const int input : service.input_data) next(graph.inputs[input].name, graph.inputs[input].type, graph.input_slot(input));
  for (const int decision : service.input_decisions) next(graph.decisions[decision].name, graph.decisions[decision].type, graph.decision_slot(decision));
  Value result;
  if (wrong) {
    result = Value::null(feel::Reason(feel::ReasonCode::service_argument, std::string_view(service.name)));
  } else {
    session.evaluate();
    if (service.outputs.size() == 1) {
      result = slots[graph.decision_slot(service.outputs[0])];
    } else {
      feel::Context context;
      for (const int output : service.outputs) context.entries.emplace_back(graph.decisions[output].name, slots[graph.decision_slot(output)]);
      result = Value::context(std::move(context));
    }
  }
  --run.depth;
  return conformed(std::move(result), service.result, environment, [&] { return Place{feel::ReasonCode::result_type, feel::ReasonCode::result_not_allowed, service.name}; });
}

std::vector<std::string> input_names(const Graph& graph, const std::vector<int>& inputs) {
  std::vector<std::string> out;
  for (const int input : inputs) out.push_back(graph.input_name(input));
  return out;
}

// Whether values of a context type conform, quickly where they come in one shape again and again.
class InputCheck {
 public:
  explicit InputCheck(feel::TypePtr type) : type_(std::move(type)) {
    if (type_ == nullptr || type_->kind != feel::TypeKind::context || type_->allows) return;
    shapes_left_ = kShapes;
    for (const auto& [name, member] : type_->members) {
      const bool simple = member == nullptr || (!member->allows && member->kind > feel::TypeKind::null && member->kind < feel::TypeKind::list);
      if (!simple) shapes_left_ = 0;
      at_.push_back({0, member == nullptr ? feel::Kind::null : static_cast<feel::Kind>(static_cast<int>(member->kind) - 1)});
    }
  }

  bool fits(const Value& value) {
    if (type_ == nullptr || value.is_null() || fits_at_once(value, *type_)) return true;
    if (known_ && value.kind() == feel::Kind::context && value.as_context().has(shape_)) return members_fit(value.as_context());
    if (!feel::conforms(value, type_)) return false;
    if (shapes_left_ > 0) learn(value.as_context());
    return true;
  }

 private:
  static constexpr int kShapes = 16;  // who sends ever new shapes gets none remembered
  struct Member {
    std::size_t position;
    feel::Kind kind;  // null: any
  };
  bool members_fit(const feel::ContextView& context) const {
    for (const Member& member : at_) {
      const feel::Kind kind = context.value(member.position).kind();
      if (kind != member.kind && kind != feel::Kind::null && member.kind != feel::Kind::null) return false;
    }
    return true;
  }
  void learn(const feel::ContextView& context) {
    --shapes_left_;
    shape_ = context.shape();
    known_ = true;
    for (std::size_t i = 0; i < at_.size(); ++i) at_[i].position = shape_.position(type_->members[i].first);
  }

  feel::TypePtr type_;
  std::vector<Member> at_;
  feel::Shape shape_;
  bool known_ = false;
  int shapes_left_ = 0;
};

// The text as what its type says it is, or unchanged. As deep as the value, which is bounded.
Value read_text(const Value& value, const feel::TypePtr& type) {
  using feel::TypeKind;
  if (type == nullptr || value.is_null()) return value;
  if (type->whole != nullptr) return read_text(value, type->whole->lock());
  if (value.kind() == feel::Kind::string) {
    const std::string_view text = value.as_string();
    const auto made = [&](const auto& parsed, auto&& make) { return parsed ? make(*parsed) : value; };
    switch (type->kind) {
      case TypeKind::date: return made(feel::parse_date(text), Value::date);
      case TypeKind::time: return made(feel::parse_time(text), Value::time);
      case TypeKind::date_time: return made(feel::parse_date_time(text), Value::date_time);
      case TypeKind::years_months: return made(feel::parse_years_months(text), Value::years_months);
      case TypeKind::days_time: return made(feel::parse_days_time(text), Value::days_time);
      default: return value;
    }
  }
  if (type->kind == TypeKind::list && value.kind() == feel::Kind::list) {
    std::vector<Value> items;
    for (const Value& item : value.as_list()) items.push_back(read_text(item, type->element));
    return Value::list(std::move(items));
  }
  if (type->kind == TypeKind::context && value.kind() == feel::Kind::context) {
    feel::Context out = value.as_context().copy();
    for (auto& [key, entry] : out.entries)
      for (const auto& [member, member_type] : type->members)
        if (member == key) entry = read_text(entry, member_type);
    return Value::context(out);
  }
  return value;
}

class EvaluatorImpl final : public Evaluator {
 public:
  EvaluatorImpl(std::shared_ptr<const Graph> graph, int decision)
      : graph_(std::move(graph)), plan_(plan(*graph_, {&decision, 1}, {})), slots_(plan_.slot_count), asked_(slots_[graph_->decision_slot(decision)]),
        names_(input_names(*graph_, plan_.inputs)) {
    for (const auto& [slot, function] : plan_.functions) slots_[slot] = function;
    for (const int input : plan_.inputs) checks_.emplace_back(graph_->inputs[input].type);
    borrowed_.resize(plan_.inputs.size());
  }

  const std::vector<std::string>& inputs() const override { return names_; }

  const Value& evaluate(std::span<const Value> values, const feel::Environment& environment) override {
    run_.failed = false;
    const RunScope scope(run_);
    Session session(*graph_, plan_, slots_, environment, run_, nullptr);
    for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
      const Value& value = i < values.size() ? values[i] : kNothing;
      borrowed_[i] = checks_[i].fits(value);
      if (borrowed_[i]) slots_[graph_->input_slot(plan_.inputs[i])].borrow(value);  // the caller keeps it until this call is over
      else session.set_input(plan_.inputs[i], value);
    }
    session.evaluate();
    for (std::size_t i = 0; i < plan_.inputs.size(); ++i)
      if (borrowed_[i]) slots_[graph_->input_slot(plan_.inputs[i])].forget();
    return asked_;
  }
  Value read_text(std::size_t input, const Value& value) const override {
    return input < plan_.inputs.size() ? dmn::read_text(value, graph_->inputs[plan_.inputs[input]].type) : value;
  }
  bool failed() const override { return run_.failed; }
  const std::string& failure() const override { return run_.failed ? run_.failure : kNoFailure; }

 private:
  static inline const Value kNothing;
  static inline const std::string kNoFailure;
  std::shared_ptr<const Graph> graph_;
  Plan plan_;
  std::vector<Value> slots_;
  const Value& asked_;
  std::vector<std::string> names_;
  std::vector<InputCheck> checks_;
  std::vector<char> borrowed_;
  Run run_;
};

class ProgramImpl final : public Program {
 public:
  explicit ProgramImpl(std::shared_ptr<const Graph> graph) : graph_(std::move(graph)), plans_(graph_->decisions.size()) {}

  std::vector<DecisionInfo> decisions() const override {
    std::vector<DecisionInfo> out;
    for (std::size_t i = 0; i < graph_->decisions.size(); ++i) {
      const DecisionNode& node = graph_->decisions[i];
      if (node.model != 0) continue;
      const Model& model = *graph_->models[0];
      out.push_back({node.id, node.name, model.id, model.name, input_names(*graph_, graph_->required_inputs(static_cast<int>(i)))});
    }
    return out;
  }

  bool has(std::string_view decision) const override { return graph_->find_decision(decision) >= 0; }

  void read_texts(std::string_view name, feel::Context& inputs) const override {
    const int index = graph_->find_decision(name);
    if (index < 0) return;
    for (const int input : plan_of(index).inputs)
      for (auto& [key, value] : inputs.entries)
        if (key == graph_->input_name(input) || key == graph_->inputs[input].name) value = read_text(value, graph_->inputs[input].type);
  }

  base::Result<Evaluation> evaluate(std::string_view name, const feel::Context& inputs, const feel::Environment& environment,
                                    TraceLevel level) const override {
    const int index = graph_->find_decision(name);
    if (index < 0) return missing(name);
    Run run;
    run.level = level;
    const RunScope scope(run);
    Evaluation out;
    const bool traced = level != TraceLevel::none;
    const Plan& plan = plan_of(index);
    Taken<Value> slots(Workspace::here(), plan.slot_count);
    for (const auto& [slot, function] : plan.functions) slots[slot] = function;
    Session session(*graph_, plan, slots.span(), environment, run, traced ? &out.decisions : nullptr);
    for (const int input : plan.inputs) {
      const Value* given = given_input(graph_->inputs[input], inputs);
      if (given) session.set_input(input, *given);
      if (traced) out.input_data.emplace_back(graph_->input_name(input), given ? *given : Value::null());
    }
    session.evaluate();
    out.value = slots[graph_->decision_slot(index)];
    out.failed = run.failed;
    out.failure = std::move(run.failure);
    out.failed_decision = std::move(run.failed_decision);
    if (level == TraceLevel::full) tell_stopped_rules(out.decisions, environment);
    return out;
  }

  base::Result<std::unique_ptr<Evaluator>> prepare(std::string_view name) const override {
    const int index = graph_->find_decision(name);
    if (index < 0) return missing(name);
    return std::make_unique<EvaluatorImpl>(graph_, index);
  }

  base::Result<Value> invoke(std::string_view name, const feel::Context& arguments, const feel::Environment& environment) const override {
    Value function;
    if (const int service = graph_->find_service(name); service >= 0) function = graph_->services[service].function;
    else if (const int knowledge = graph_->find_knowledge(name); knowledge >= 0) function = graph_->knowledge[knowledge].function;
    else return base::fail(base::ErrorCode::not_found, "no decision service or knowledge model '" + std::string(name) + "' in '" + graph_->models[0]->name + "'");
    if (function.kind() != feel::Kind::function) return Value::null(feel::Reason(feel::ReasonCode::no_logic, name));
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
  std::unexpected<base::Error> missing(std::string_view name) const {
    return base::fail(base::ErrorCode::not_found, "no decision '" + std::string(name) + "' in '" + graph_->models[0]->name + "'");
  }

  // Made when a decision is first asked: a model of many decisions is asked few of them.
  const Plan& plan_of(int decision) const {
    const std::lock_guard lock(plans_mutex_);
    std::unique_ptr<const Plan>& known = plans_[decision];
    if (known == nullptr) known = std::make_unique<const Plan>(plan(*graph_, {&decision, 1}, {}));
    return *known;
  }

  std::shared_ptr<const Graph> graph_;
  mutable std::mutex plans_mutex_;
  mutable std::vector<std::unique_ptr<const Plan>> plans_;
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
    if (!alive) return Value::null(feel::Reason(feel::ReasonCode::model_gone));
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
  Faults faults(true);
  // The graph lives no longer than this call, so a pointer without ownership is enough.
  link({std::shared_ptr<const Model>(std::shared_ptr<void>(), &model)}, faults, true);
  return faults.take();
}

}  // namespace dmn
