#include "dmn/node.h"

#include <algorithm>

#include "base/limits.h"
#include "dmn/workspace.h"

namespace dmn {

using feel::Value;

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

Value not_conforming(const Value& value, const feel::TypePtr& type, const std::string& what, const feel::Environment& environment) {
  // The value itself stays out of the sentence: it may be somebody's.
  const std::string named = type->name.empty() ? feel::text(type) : type->name;
  return null_because(environment, what + " is not of type " + named + ": it is " + std::string(feel::name(value.kind())) +
                                       (type->allows ? " that the type does not allow" : ""));
}

Value BoundExpression::evaluate(const Frame& frame) const {
  if (only_slot >= 0) return frame.slots[only_slot];
  if (path_slot >= 0 && frame.slots[path_slot].kind() == feel::Kind::context)
    if (const Value* found = frame.slots[path_slot].as_context().find(member)) return *found;
  if (!expression) return Value::null();
  return expression.evaluate(frame.slots, frame.environment);
}

bool BoundTests::matches(const Value& tested, std::span<const Value> frame, const feel::Environment& environment) const {
  if (!usable) return false;
  return tests.any() || tests.test(tested, frame, environment).is_true();
}

Value LiteralNode::evaluate(Frame& frame) const { return bound.evaluate(frame); }

Value FaultNode::evaluate(Frame& frame) const { return null_because(frame.environment, reason); }

Value TypedNode::evaluate(Frame& frame) const {
  return conformed(inner->evaluate(frame), type, frame.environment, [&] { return what; });
}

Value ContextNode::evaluate(Frame& frame) const {
  for (const Entry& entry : entries) {
    Value value = entry.value ? entry.value->evaluate(frame) : Value::null();
    value = conformed(std::move(value), entry.type, frame.environment, [&] { return "context entry '" + entry.name + "'"; });
    if (entry.name.empty()) return value;
    frame.slots[entry.slot] = std::move(value);
  }
  Taken<Value> values(Workspace::here(), entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) values[i] = frame.slots[entries[i].slot];
  return Value::context(shape, values.span());
}

Value ListNode::evaluate(Frame& frame) const {
  feel::ListBuilder out(items.size());
  for (const NodePtr& item : items) out.push(item->evaluate(frame));
  return out.finish();
}

Value RelationNode::evaluate(Frame& frame) const {
  feel::ListBuilder out(rows.size());
  Taken<Value> cells(Workspace::here(), columns.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      cells[i] = conformed(row[i]->evaluate(frame), columns[i].type, frame.environment, [&] { return "column '" + columns[i].name + "'"; });
    out.push(Value::context(shape, cells.span()));
  }
  return out.finish();
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
  feel::ListBuilder out;
  for (const Value& item : list.kind() == feel::Kind::list ? list.as_list() : std::span<const Value>(&list, 1)) {
    frame.slots[item_slot] = item;
    if (match->evaluate(frame).is_true()) out.push(item);
  }
  return out.finish();
}

Value IterationNode::evaluate(Frame& frame) const {
  frame.slots[slot] = in->evaluate(frame);
  if (frame.slots[slot].is_null()) return null_because(frame.environment, "what is iterated over is null");
  const Value list = items.evaluate(frame);
  if (list.kind() != feel::Kind::list) return null_because(frame.environment, "what is iterated over is no list and no range of numbers or dates");
  feel::ListBuilder results;
  bool undecided = false;
  for (const Value& item : list.as_list()) {
    frame.slots[slot] = item;
    if (partial_slot >= 0) frame.slots[partial_slot] = results.share();
    Value result = body->evaluate(frame);
    if (kind == IterationKind::for_return) {
      results.push(std::move(result));
      continue;
    }
    const bool decides = result.kind() == feel::Kind::boolean && result.as_boolean() == (kind == IterationKind::some);
    if (decides) return result;
    undecided |= result.kind() != feel::Kind::boolean;
  }
  if (kind == IterationKind::for_return) return results.finish();
  if (undecided) return null_because(frame.environment, "a condition gave neither true nor false");
  return Value::boolean(kind == IterationKind::every);
}

namespace {

struct DepthGuard {
  explicit DepthGuard(Run& r) : run(r) { ++run.depth; }
  ~DepthGuard() { --run.depth; }
  Run& run;
};

Value call_body(const Body& body, const std::vector<Value>& captured, const std::weak_ptr<const feel::Function>& self, std::span<const Value> arguments,
                const feel::Environment& environment) {
  Run outside;  // a function that outlived its evaluation
  Run& run = Run::here() != nullptr ? *Run::here() : outside;
  if (run.depth >= base::limits::kFeelCallDepth)
    return null_because(environment, "'" + body.name + "' is called deeper than the limit kFeelCallDepth (" + std::to_string(base::limits::kFeelCallDepth) + ")");
  const DepthGuard guard(run);
  Taken<Value> slots(Workspace::here(), static_cast<std::size_t>(body.slot_count));
  Frame frame{slots.span(), environment, run};
  for (std::size_t i = 0; i < captured.size(); ++i) slots[body.captured[i]] = captured[i];
  for (const auto& [slot, value] : body.constants) slots[slot] = value;
  if (body.self_slot >= 0)
    if (auto alive = self.lock()) slots[body.self_slot] = Value::function(std::move(alive));
  for (std::size_t i = 0; i < body.parameters.size(); ++i) {
    const Parameter& parameter = body.parameters[i];
    if (i >= arguments.size() || arguments[i].is_null()) {
      if (i < arguments.size()) slots[parameter.slot] = arguments[i];
      continue;
    }
    Value value = conformed(arguments[i], parameter.type, environment, [&] { return "argument '" + parameter.name + "' of '" + body.name + "'"; });
    if (value.is_null()) return value;
    slots[parameter.slot] = std::move(value);
  }
  if (body.logic == nullptr) return null_because(environment, "'" + body.name + "' has no logic");
  return conformed(body.logic->evaluate(frame), body.result, environment, [&] { return "the result of '" + body.name + "'"; });
}

}  // namespace

Value function_value(std::shared_ptr<const Body> body, feel::TypePtr type, std::vector<Value> captured) {
  auto function = std::make_shared<feel::Function>();
  function->name = body->name;
  for (const Parameter& parameter : body->parameters) function->parameters.push_back(parameter.name);
  function->type = std::move(type);
  function->call = [body = std::move(body), captured = std::move(captured), weak = std::weak_ptr<const feel::Function>(function)](
                       std::span<const Value> arguments, const feel::Environment& environment) {
    return call_body(*body, captured, weak, arguments, environment);
  };
  return Value::function(std::move(function));
}

Value FunctionNode::evaluate(Frame& frame) const {
  std::vector<Value> captured;
  captured.reserve(outside.size());
  for (const int slot : outside) captured.push_back(frame.slots[slot]);
  return function_value(body, type, std::move(captured));
}

Value InvocationNode::evaluate(Frame& frame) const {
  const Value target = called->evaluate(frame);
  if (target.kind() != feel::Kind::function) return null_because(frame.environment, "'" + callee + "' is no function");
  const auto& function = target.as_function();
  if (function->builtin != nullptr) {
    std::vector<std::string> names;
    std::vector<Value> given;
    for (const Argument& argument : arguments) {
      names.push_back(argument.name);
      given.push_back(argument.value ? argument.value->evaluate(frame) : Value::null());
    }
    return feel::call_by_names(*function, names, std::move(given), frame.environment);
  }
  Taken<Value> values(Workspace::here(), function->parameters.size());
  for (const Argument& argument : arguments) {
    const auto found = std::find(function->parameters.begin(), function->parameters.end(), argument.name);
    if (found == function->parameters.end())
      return null_because(frame.environment, "'" + callee + "' has no parameter '" + argument.name + "'");
    values[found - function->parameters.begin()] = argument.value ? argument.value->evaluate(frame) : Value::null();
  }
  return function->call(values.span(), frame.environment);
}

}  // namespace dmn
