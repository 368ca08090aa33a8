#include "dmn/node.h"

#include <algorithm>

#include "base/limits.h"

namespace dmn {

using feel::Value;

Run*& Run::here() {
  thread_local Run* run = nullptr;
  return run;
}

Value null_because(const feel::Environment& environment, std::string reason) {
  feel::Reason why(feel::ReasonCode::text, reason);
  if (environment.reasons != nullptr) environment.reasons->push_back(why);
  return Value::null(std::move(why));
}

Value fail_because(const feel::Environment& environment, std::string reason) {
  if (Run* run = Run::here(); run != nullptr && !run->failed) {
    run->failed = true;
    run->failure = reason;
    if (run->current != nullptr) run->failed_decision = run->current->id;
  }
  return null_because(environment, std::move(reason));
}

Value conformed(const Value& value, const feel::TypePtr& type, const std::string& what, const feel::Environment& environment) {
  if (type == nullptr || value.is_null()) return value;
  Value out = feel::conform(value, type);
  if (!out.is_null()) return out;
  // The value itself stays out of the sentence: it may be somebody's.
  const std::string named = type->name.empty() ? feel::text(type) : type->name;
  return null_because(environment, what + " is not of type " + named + ": it is " + std::string(feel::name(value.kind())) +
                                       (type->allows ? " that the type does not allow" : ""));
}

namespace {

// The values of the free names, on the stack where they are few.
class Gathered {
 public:
  Gathered(const std::vector<int>& slots, const std::vector<Value>& frame) : size_(slots.size()) {
    Value* out = few_;
    if (size_ > kFew) {
      many_.resize(size_);
      out = many_.data();
    }
    for (std::size_t i = 0; i < size_; ++i)
      if (slots[i] >= 0) out[i] = frame[slots[i]];
    data_ = out;
  }
  std::span<const Value> span() const { return {data_, size_}; }

 private:
  static constexpr std::size_t kFew = 6;
  std::size_t size_;
  Value few_[kFew];
  std::vector<Value> many_;
  const Value* data_ = nullptr;
};

}  // namespace

Value BoundExpression::evaluate(const Frame& frame) const {
  if (!expression) return Value::null();
  if (slots.empty()) return expression.evaluate({}, frame.environment);
  return expression.evaluate(Gathered(slots, frame.slots).span(), frame.environment);
}

Value BoundTests::test(const Value& tested, const std::vector<Value>& values, const feel::Environment& environment) const {
  if (!usable) return Value::null("the cell is not valid FEEL");
  if (slots.empty()) return tests.test(tested, {}, environment);
  return tests.test(tested, Gathered(slots, values).span(), environment);
}

Value LiteralNode::evaluate(Frame& frame) const { return bound.evaluate(frame); }

Value FaultNode::evaluate(Frame& frame) const { return null_because(frame.environment, reason); }

Value TypedNode::evaluate(Frame& frame) const { return conformed(inner->evaluate(frame), type, what, frame.environment); }

Value ContextNode::evaluate(Frame& frame) const {
  feel::Context out;
  out.entries.reserve(entries.size());
  for (const Entry& entry : entries) {
    Value value = entry.value ? entry.value->evaluate(frame) : Value::null();
    value = conformed(value, entry.type, "context entry '" + entry.name + "'", frame.environment);
    if (entry.name.empty()) return value;
    frame.slots[entry.slot] = value;
    out.entries.emplace_back(entry.name, std::move(value));
  }
  return Value::context(std::move(out));
}

Value ListNode::evaluate(Frame& frame) const {
  std::vector<Value> out;
  out.reserve(items.size());
  for (const NodePtr& item : items) out.push_back(item->evaluate(frame));
  return Value::list(std::move(out));
}

Value RelationNode::evaluate(Frame& frame) const {
  std::vector<Value> out;
  out.reserve(rows.size());
  for (const auto& row : rows) {
    feel::Context cells;
    for (std::size_t i = 0; i < columns.size(); ++i)
      cells.entries.emplace_back(columns[i].name, conformed(row[i]->evaluate(frame), columns[i].type, "column '" + columns[i].name + "'", frame.environment));
    out.push_back(Value::context(std::move(cells)));
  }
  return Value::list(std::move(out));
}

Value ConditionalNode::evaluate(Frame& frame) const {
  const Value decides = condition->evaluate(frame);
  if (decides.is_true()) return then->evaluate(frame);
  if (decides.is_null() || decides.kind() == feel::Kind::boolean) return otherwise->evaluate(frame);
  return null_because(frame.environment, "the condition is " + std::string(feel::name(decides.kind())) + ", neither true nor false");
}

Value FilterNode::evaluate(Frame& frame) const {
  const Value list = in->evaluate(frame);
  if (list.is_null()) return null_because(frame.environment, "the filtered list is null");
  const std::vector<Value> single = list.kind() == feel::Kind::list ? std::vector<Value>{} : std::vector<Value>{list};
  std::vector<Value> out;
  for (const Value& item : list.kind() == feel::Kind::list ? list.as_list() : single) {
    frame.slots[item_slot] = item;
    if (match->evaluate(frame).is_true()) out.push_back(item);
  }
  return Value::list(std::move(out));
}

Value IterationNode::evaluate(Frame& frame) const {
  frame.slots[slot] = in->evaluate(frame);
  if (frame.slots[slot].is_null()) return null_because(frame.environment, "what is iterated over is null");
  const Value list = items.evaluate(frame);
  if (list.kind() != feel::Kind::list) return null_because(frame.environment, "what is iterated over is no list and no range of numbers or dates");
  std::vector<Value> results;
  bool undecided = false;
  for (const Value& item : list.as_list()) {
    frame.slots[slot] = item;
    if (partial_slot >= 0) frame.slots[partial_slot] = Value::list(results);
    Value result = body->evaluate(frame);
    if (kind == IterationKind::for_return) {
      results.push_back(std::move(result));
      continue;
    }
    const bool decides = result.kind() == feel::Kind::boolean && result.as_boolean() == (kind == IterationKind::some);
    if (decides) return result;
    undecided |= result.kind() != feel::Kind::boolean;
  }
  if (kind == IterationKind::for_return) return Value::list(std::move(results));
  if (undecided) return null_because(frame.environment, "a condition gave neither true nor false");
  return Value::boolean(kind == IterationKind::every);
}

namespace {

struct DepthGuard {
  explicit DepthGuard(Run& r) : run(r) { ++run.depth; }
  ~DepthGuard() { --run.depth; }
  Run& run;
};

Value call_body(const Body& body, const std::vector<Value>& captured, const Value& self, std::span<const Value> arguments,
                const feel::Environment& environment) {
  Run outside;  // a function that outlived its evaluation
  Run& run = Run::here() != nullptr ? *Run::here() : outside;
  if (run.depth >= base::limits::kFeelCallDepth)
    return null_because(environment, "'" + body.name + "' is called deeper than the limit kFeelCallDepth (" + std::to_string(base::limits::kFeelCallDepth) + ")");
  const DepthGuard guard(run);
  Frame frame{captured, environment};
  frame.slots.resize(std::max<std::size_t>(frame.slots.size(), body.slot_count));
  for (const auto& [slot, value] : body.constants) frame.slots[slot] = value;
  if (body.self_slot >= 0) frame.slots[body.self_slot] = self;
  for (std::size_t i = 0; i < body.parameters.size(); ++i) {
    const Parameter& parameter = body.parameters[i];
    const Value given = i < arguments.size() ? arguments[i] : Value::null();
    Value value = conformed(given, parameter.type, "argument '" + parameter.name + "' of '" + body.name + "'", environment);
    if (value.is_null() && !given.is_null()) return value;
    frame.slots[parameter.slot] = std::move(value);
  }
  if (body.logic == nullptr) return null_because(environment, "'" + body.name + "' has no logic");
  return conformed(body.logic->evaluate(frame), body.result, "the result of '" + body.name + "'", environment);
}

}  // namespace

Value function_value(std::shared_ptr<const Body> body, feel::TypePtr type, std::vector<Value> captured) {
  auto function = std::make_shared<feel::Function>();
  function->name = body->name;
  for (const Parameter& parameter : body->parameters) function->parameters.push_back(parameter.name);
  function->type = std::move(type);
  function->call = [body = std::move(body), captured = std::move(captured), weak = std::weak_ptr<const feel::Function>(function)](
                       std::span<const Value> arguments, const feel::Environment& environment) {
    const auto self = weak.lock();
    return call_body(*body, captured, self ? Value::function(self) : Value::null(), arguments, environment);
  };
  return Value::function(std::move(function));
}

Value FunctionNode::evaluate(Frame& frame) const { return function_value(body, type, frame.slots); }

Value InvocationNode::evaluate(Frame& frame) const {
  const Value target = called->evaluate(frame);
  if (target.kind() != feel::Kind::function) return null_because(frame.environment, "'" + callee + "' is no function");
  const auto function = target.as_function();
  std::vector<Value> values(function->parameters.size());
  for (const Argument& argument : arguments) {
    const auto found = std::find(function->parameters.begin(), function->parameters.end(), argument.name);
    if (found == function->parameters.end())
      return null_because(frame.environment, "'" + callee + "' has no parameter '" + argument.name + "'");
    values[found - function->parameters.begin()] = argument.value ? argument.value->evaluate(frame) : Value::null();
  }
  return function->call(values, frame.environment);
}

}  // namespace dmn
