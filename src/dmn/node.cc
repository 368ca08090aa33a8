#include "dmn/node.h"

#include <algorithm>

#include "base/limits.h"
#include "dmn/workspace.h"

namespace dmn {

using feel::Value;

using feel::Reason;
using feel::ReasonCode;

Value null_because(const feel::Environment& environment, Reason reason) {
  if (environment.reasons != nullptr) {
    if (const Run* run = Run::here(); run != nullptr && run->current != nullptr) reason.element = run->current->id;
    environment.reasons->push_back(reason);
  }
  return Value::null(std::move(reason));
}

Value fail_because(const feel::Environment& environment, Reason reason) {
  if (Run* run = Run::here(); run != nullptr && !run->failed) {
    run->failed = true;
    run->failure = reason.message();
    if (run->current != nullptr) run->failed_decision = run->current->id;
  }
  return null_because(environment, std::move(reason));
}

// The value itself stays out of the sentence: it may be somebody's.
Value not_conforming(const Value& value, const feel::TypePtr& type, const Place& place, const feel::Environment& environment) {
  const std::string named = type->name.empty() ? feel::text(type) : type->name;
  return null_because(environment, Reason(type->allows ? place.not_allowed : place.wrong, std::string_view(named), value.kind(), std::string_view(place.first),
                                          std::string_view(place.second), place.number, place.of));
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

Value FaultNode::evaluate(Frame& frame) const { return null_because(frame.environment, Reason(ReasonCode::text, std::string_view(reason))); }

Value TypedNode::evaluate(Frame& frame) const {
  return conformed(inner->evaluate(frame), type, frame.environment, [&] { return Place{ReasonCode::value_type, ReasonCode::value_not_allowed, what}; });
}

Value ContextNode::evaluate(Frame& frame) const {
  for (const Entry& entry : entries) {
    Value value = entry.value ? entry.value->evaluate(frame) : Value::null();
    value = conformed(std::move(value), entry.type, frame.environment, [&] { return Place{ReasonCode::entry_type, ReasonCode::entry_not_allowed, entry.name}; });
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
      cells[i] = conformed(row[i]->evaluate(frame), columns[i].type, frame.environment, [&] { return Place{ReasonCode::column_type, ReasonCode::column_not_allowed, columns[i].name}; });
    out.push(Value::context(shape, cells.span()));
  }
  return out.finish();
}

Value ConditionalNode::evaluate(Frame& frame) const {
  const Value decides = condition->evaluate(frame);
  if (decides.is_true()) return then->evaluate(frame);
  if (decides.is_null() || decides.kind() == feel::Kind::boolean) return otherwise->evaluate(frame);
  return null_because(frame.environment, Reason(ReasonCode::condition_kind, decides.kind()));
}

Value FilterNode::evaluate(Frame& frame) const {
  const Value list = in->evaluate(frame);
  if (list.is_null()) return null_because(frame.environment, Reason(ReasonCode::filtered_null));
  feel::ListBuilder out;
  for (const Value& item : list.kind() == feel::Kind::list ? list.as_list() : std::span<const Value>(&list, 1)) {
    frame.slots[item_slot] = item;
    if (match->evaluate(frame).is_true()) out.push(item);
  }
  return out.finish();
}

Value IterationNode::evaluate(Frame& frame) const {
  frame.slots[slot] = in->evaluate(frame);
  if (frame.slots[slot].is_null()) return null_because(frame.environment, Reason(ReasonCode::iterated_null));
  const Value list = items.evaluate(frame);
  if (list.kind() != feel::Kind::list) return null_because(frame.environment, Reason(ReasonCode::iterated_kind));
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
  if (undecided) return null_because(frame.environment, Reason(ReasonCode::undecided));
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
    return null_because(environment, Reason(ReasonCode::called_too_deep, std::string_view(body.name), base::limits::kFeelCallDepth));
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
    Value value = conformed(arguments[i], parameter.type, environment, [&] { return Place{ReasonCode::argument_type, ReasonCode::argument_not_allowed, parameter.name, body.name}; });
    if (value.is_null()) return value;
    slots[parameter.slot] = std::move(value);
  }
  if (body.logic == nullptr) return null_because(environment, Reason(ReasonCode::no_logic, std::string_view(body.name)));
  return conformed(body.logic->evaluate(frame), body.result, environment, [&] { return Place{ReasonCode::result_type, ReasonCode::result_not_allowed, body.name}; });
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
  if (target.kind() != feel::Kind::function) return null_because(frame.environment, Reason(ReasonCode::not_a_function, std::string_view(callee)));
  const auto& function = target.as_function();
  Taken<Value> values(Workspace::here(), function->parameters.size());
  for (const Argument& argument : arguments) {
    const auto found = std::find(function->parameters.begin(), function->parameters.end(), argument.name);
    if (found == function->parameters.end())
      return null_because(frame.environment, Reason(ReasonCode::no_parameter_of, std::string_view(callee), std::string_view(argument.name)));
    values[found - function->parameters.begin()] = argument.value ? argument.value->evaluate(frame) : Value::null();
  }
  return function->call(values.span(), frame.environment);
}

}  // namespace dmn
