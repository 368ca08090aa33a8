// Evaluation of operators, paths, lists, contexts, ranges and calls (section 10.3.2).
#include "feel/machine.h"

#include "base/limits.h"

namespace feel {

const Value& Machine::peek_kid(I i, std::size_t n, Value& scratch) {
  I k = p_.code[kid(i, n)];
  if (k.op == Op::constant && !k.constant.is_null()) return k.constant;
  if (k.op == Op::variable) {
    const auto index = static_cast<std::size_t>(k.slot.index);
    if (k.slot.from == Slot::From::input) {
      if (const Value* input = frame_.input(index)) return *input;
    }
    if (k.slot.from == Slot::From::local) return frame_.locals[index];
  }
  return scratch = eval(kid(i, n));
}

Value Machine::load(const Slot& slot) const {
  const auto index = static_cast<std::size_t>(slot.index);
  switch (slot.from) {
    case Slot::From::local: return frame_.locals[index];
    case Slot::From::input: {
      const Value* input = frame_.input(index);
      return input != nullptr ? *input : Value();
    }
    case Slot::From::capture: {
      const Closure& closure = *frame_.closure;
      if (p_.bodies[static_cast<std::size_t>(closure.body)].self == slot.index) return Value::function(closure.self.lock());
      return closure.captures[index];
    }
    case Slot::From::none: break;
  }
  return {};
}

// A cause that travels up keeps its first position.
Value Machine::fail(I i, Value null) const {
  if (null.why() == nullptr || null.why()->placed()) return null;
  Reason placed = *null.why();
  placed.line = i.line;
  placed.column = i.column;
  if (run_.env.reasons != nullptr) {
    placed.element = p_.element;
    run_.note(placed);
  }
  return Value::null(std::move(placed));
}

Value Machine::eval(std::uint32_t index) {
  I i = p_.code[index];
  if (i.op == Op::constant) return i.constant.is_null() ? fail(i, i.constant) : i.constant;
  if (i.op == Op::variable) return load(i.slot);
  if (!run_.spend(1) || !run_.stack_left()) return Value::null(run_.stopped);
  switch (i.op) {
    case Op::field_or: return field_or(i);
    case Op::negate: return fail(i, negate(eval_kid(i, 0)));
    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power: return binary(i);
    case Op::conjunction: return junction(i, false);
    case Op::disjunction: return junction(i, true);
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal: {
      Value left, right;
      const Value& a = peek_kid(i, 0, left);
      return relation(i, i.op, a, peek_kid(i, 1, right));
    }
    case Op::between: return between(i);
    case Op::in: return in(i);
    case Op::choice: {
      Value scratch;
      const bool yes = peek_kid(i, 0, scratch).is_true();
      return eval_kid(i, yes ? 1 : 2);
    }
    case Op::loop: return loop(i);
    case Op::some: case Op::every: return quantified(i);
    case Op::filter: return filter(i);
    case Op::path: return path(i);
    case Op::list: return list(i);
    case Op::context: return context(i);
    case Op::range: return range(i);
    case Op::unary_range: return unary_range(i);
    case Op::instance_of: return Value::boolean(instance_of(eval_kid(i, 0), i.target));
    case Op::call_builtin: return fail(i, call_builtin(*i.builtin, arguments(i, 0), i.names, run_));
    case Op::call: return call(i);
    case Op::function: return function(i);
    case Op::constant: case Op::variable: case Op::test: break;
  }
  return {};
}

// In an open filter a name is a field of the innermost item that has it, else what it means outside.
Value Machine::field_or(I i) {
  for (const Slot& slot : i.slots) {
    const Value item = load(slot);
    if (item.kind() != Kind::context) continue;
    if (const Value* found = item.as_context().find(i.name)) return *found;
  }
  return i.count > 0 ? eval_kid(i, 0) : Value();
}

Value Machine::binary(I i) {
  Value left, right;
  const Value& a = peek_kid(i, 0, left);
  const Value& b = peek_kid(i, 1, right);
  switch (i.op) {
    case Op::add: return fail(i, add(a, b));
    case Op::subtract: return fail(i, subtract(a, b));
    case Op::multiply: return fail(i, multiply(a, b));
    case Op::divide: return fail(i, divide(a, b));
    default: return fail(i, power(a, b));
  }
}

// Table 50: and (stops at false), or (stops at true); what is no boolean counts as null.
Value Machine::junction(I i, bool stops_at) {
  bool unknown = false;
  for (std::size_t n = 0; n < i.count; ++n) {
    const Value v = eval_kid(i, n);
    if (v.kind() != Kind::boolean) {
      unknown = true;
    } else if (v.as_boolean() == stops_at) {
      return v;
    }
  }
  return unknown ? Value() : Value::boolean(!stops_at);
}

Value Machine::relation(I i, Op op, const Value& a, const Value& b) const {
  if (op == Op::equal || op == Op::not_equal) {
    run_.spend(std::min(a.measure().weight, b.measure().weight));
    Value same = equal(a, b);
    if (same.is_null()) return fail(i, std::move(same));
    return op == Op::equal ? same : Value::boolean(!same.as_boolean());
  }
  const auto order = compare(a, b);
  if (!order) {
    if (a.is_null() || b.is_null()) return a.is_null() ? a : b;
    return fail(i, "cannot order " + std::string(name(a.kind())) + " and " + std::string(name(b.kind())));
  }
  switch (op) {
    case Op::less: return Value::boolean(*order < 0);
    case Op::less_equal: return Value::boolean(*order <= 0);
    case Op::greater: return Value::boolean(*order > 0);
    default: return Value::boolean(*order >= 0);
  }
}

Value Machine::between(I i) {
  const Value v = eval_kid(i, 0), low = eval_kid(i, 1), high = eval_kid(i, 2);
  const Value above = relation(i, Op::greater_equal, v, low), below = relation(i, Op::less_equal, v, high);
  if (above.is_null() || below.is_null()) return above.is_null() ? above : below;
  return Value::boolean(above.as_boolean() && below.as_boolean());
}

// Table 55. A contested place: a list as test holds values and ranges; a tested list may also equal the test as a whole.
Value is_in(const Value& tested, const Value& test) {
  if (test.kind() == Kind::range) return contains(test.as_range(), tested);
  if (test.kind() != Kind::list) return equal(tested, test);
  if (tested.kind() == Kind::list && equal(tested, test).is_true()) return Value::boolean(true);
  for (const Value& item : test.as_list()) {
    if (equal(tested, item).is_true()) return Value::boolean(true);
    if (item.kind() == Kind::range && contains(item.as_range(), tested).is_true()) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Value Machine::one_test(I in, std::uint32_t index, const Value& tested) {
  I test = p_.code[index];
  if (test.op == Op::test) return relation(test, test.relation, tested, eval_kid(test, 0));
  Value value = eval(index);
  if (test.mentions_tested) return value.kind() == Kind::boolean ? value : Value();
  // In a cell of a decision table a condition that does not name "?" is the answer, unless a boolean is what is tested.
  if ((in.sign & 1) != 0 && value.kind() == Kind::boolean && tested.kind() != Kind::boolean && !tested.is_null()) return value;
  run_.spend(value.measure().weight);
  return fail(test, is_in(tested, value));
}

Value Machine::in(I i) {
  Value scratch;
  const Value& tested = peek_kid(i, 0, scratch);
  bool unknown = false, found = false;
  for (std::size_t n = 1; n < i.count && !found; ++n) {
    const Value v = one_test(i, kid(i, n), tested);
    found = v.is_true();
    unknown = unknown || v.is_null();
  }
  if (!found && unknown) return {};
  const bool negated = (i.sign & 2) != 0;
  return Value::boolean(found != negated);
}

// Filter (section 10.3.2.5): a number picks one item, a condition the items for which it is true.
Value Machine::filter(I i) {
  Value source = eval_kid(i, 0);
  if (source.is_null()) return source;
  const Value wrapped = source.kind() == Kind::list ? source : Value::list({source});
  const std::span<const Value> items = wrapped.as_list();
  Value& item = frame_.locals[static_cast<std::size_t>(i.slot.index)];
  std::vector<Value> kept;
  for (std::size_t n = 0; n < std::max<std::size_t>(items.size(), 1); ++n) {
    item = items.empty() ? Value() : items[n];
    const Value condition = eval_kid(i, 1);
    if (run_.stopped != nullptr) return Value::null(run_.stopped);
    if (n == 0 && condition.kind() == Kind::number) {
      item = {};
      const auto position = condition.as_number().as_int64();
      const auto size = static_cast<std::int64_t>(items.size());
      const std::int64_t at = !position ? size : *position > 0 ? *position - 1 : *position < 0 ? size + *position : size;
      if (at < 0 || at >= size) return fail(i, "the list of " + std::to_string(size) + " has no item " + condition.as_number().text());
      return items[static_cast<std::size_t>(at)];
    }
    if (condition.is_true() && !items.empty()) kept.push_back(items[n]);
  }
  item = {};
  return Value::list(std::move(kept));
}

Value Machine::path(I i) {
  Value scratch;
  return step_into(i, peek_kid(i, 0, scratch));
}

Value Machine::step_into(I i, const Value& value) {
  if (value.kind() == Kind::context) {
    if (const Value* found = value.as_context().find(i.name)) return *found;
    return fail(i, "the context has no entry '" + i.name + "'");
  }
  if (value.kind() == Kind::list) {
    std::vector<Value> mapped;
    mapped.reserve(value.as_list().size());
    run_.spend(value.as_list().size());
    for (const Value& item : value.as_list()) mapped.push_back(step_into(i, item));
    return Value::list(std::move(mapped));
  }
  return fail(i, property(value, i.name));
}

Value Machine::list(I i) {
  std::vector<Value> items;
  items.reserve(i.count);
  for (std::size_t n = 0; n < i.count; ++n) items.push_back(eval_kid(i, n));
  return fail(i, Value::list(std::move(items)));
}

Value Machine::context(I i) {
  Context made;
  made.entries.reserve(i.count);
  for (std::size_t n = 0; n < i.count; ++n) {
    if (made.find(i.names[n]) != nullptr) return fail(i, "the context has the key '" + i.names[n] + "' twice");
    Value value = eval_kid(i, n);
    frame_.locals[static_cast<std::size_t>(i.slots[n].index)] = value;
    made.entries.emplace_back(i.names[n], std::move(value));
  }
  return fail(i, Value::context(std::move(made)));
}

Value Machine::range(I i) {
  Range made;
  made.low_closed = (i.sign & 1) != 0;
  made.high_closed = (i.sign & 2) != 0;
  made.low = eval_kid(i, 0);
  made.high = eval_kid(i, 1);
  if (!made.low.is_null() && !made.high.is_null() && !compare(made.low, made.high)) {
    return fail(i, "the ends of a range must be of one kind that has an order, not " + std::string(name(made.low.kind())) + " and " + std::string(name(made.high.kind())));
  }
  return Value::range(std::move(made));
}

Value Machine::unary_range(I i) {
  Value end = eval_kid(i, 0);
  Range made;
  switch (i.relation) {
    case Op::less:
    case Op::less_equal:
      made.low_open_ended = true;
      made.low_closed = false;
      made.high_closed = i.relation == Op::less_equal;
      made.high = std::move(end);
      break;
    case Op::greater:
    case Op::greater_equal:
      made.high_open_ended = true;
      made.high_closed = false;
      made.low_closed = i.relation == Op::greater_equal;
      made.low = std::move(end);
      break;
    default:
      made.exactly = i.relation == Op::equal;
      made.excluded = !made.exactly;
      made.low_closed = made.high_closed = made.exactly;
      made.low = made.high = std::move(end);
  }
  return Value::range(std::move(made));
}

std::vector<Value> Machine::arguments(I i, std::size_t from) {
  std::vector<Value> args;
  args.reserve(i.count - from);
  for (std::size_t n = from; n < i.count; ++n) args.push_back(eval_kid(i, n));
  return args;
}

Value Machine::call(I i) {
  const Value callee = eval_kid(i, 0);
  if (callee.kind() != Kind::function) {
    if (callee.is_null() && callee.has_reason()) return callee;
    return fail(i, "cannot call " + std::string(name(callee.kind())) + "; a function was expected");
  }
  const Function& function = *callee.as_function();
  std::vector<Value> args = arguments(i, 1);
  if (!i.names.empty()) {
    std::vector<Value> ordered(function.parameters.size());
    std::vector<bool> given(ordered.size());
    for (std::size_t n = 0; n < i.names.size(); ++n) {
      std::size_t at = 0;
      while (at < ordered.size() && function.parameters[at] != i.names[n]) ++at;
      if (at == ordered.size() || given[at]) return fail(i, function.name + "(): " + (at == ordered.size() ? "no" : "twice the") + " parameter '" + i.names[n] + "'");
      given[at] = true;
      ordered[at] = std::move(args[n]);
    }
    if (i.names.size() != ordered.size()) return fail(i, function.name + "(): not every parameter is named");
    args = std::move(ordered);
  }
  return fail(i, call_function(function, std::move(args), run_));
}

Value call_function(const Function& function, std::vector<Value> args, Run& run) {
  if (!function.variadic && args.size() != function.parameters.size()) {
    return Value::null((function.name.empty() ? "function" : function.name) + "() takes " + std::to_string(function.parameters.size()) +
                       " arguments, not " + std::to_string(args.size()));
  }
  if (!run.spend(1)) return Value::null(run.stopped);
  if (++run.calls > base::limits::kFeelCallDepth) run.stop("functions call each other too deep");
  Value result = run.stopped != nullptr ? Value::null(run.stopped) : function.call(args, run.env);
  --run.calls;
  return result;
}

namespace {

Value call_closure(const Closure& closure, std::span<const Value> args, const Environment& env) {
  Run* outer = Run::current();
  std::optional<Run> own;
  if (outer == nullptr) own.emplace(env);
  Run& run = outer != nullptr ? *outer : *own;
  const Body& body = closure.program->bodies[static_cast<std::size_t>(closure.body)];
  std::vector<Value> locals(static_cast<std::size_t>(body.locals));
  for (std::size_t n = 0; n < body.parameters.size() && n < args.size(); ++n) {
    locals[n] = conform(args[n], body.types[n]);
    // A declared parameter that is given something else makes the call null (section 10.3.2.9.4).
    if (locals[n].is_null() && !args[n].is_null()) return Value::null("parameter '" + body.parameters[n] + "': " + locals[n].reason());
  }
  Frame frame{{}, locals.data(), &closure, nullptr};
  return Machine(*closure.program, run, frame).eval(static_cast<std::uint32_t>(body.root));
}

}  // namespace

Value Machine::function(I i) {
  const Body& body = p_.bodies[static_cast<std::size_t>(i.body)];
  auto closure = std::make_shared<Closure>();
  closure->program = p_.shared_from_this();
  closure->body = i.body;
  auto made = std::make_shared<Function>();
  made->parameters = body.parameters;
  made->type = i.target;
  for (std::size_t n = 0; n < body.captures.size(); ++n) {
    closure->captures.push_back(static_cast<int>(n) == body.self ? Value() : load(body.captures[n]));
    const Measure held = closure->captures.back().measure();
    made->measure.depth = std::max(made->measure.depth, held.depth + 1);
    made->measure.weight += held.weight;
  }
  if (made->measure.depth > base::limits::kFeelValueDepth || made->measure.weight > base::limits::kFeelValueWeight) {
    return fail(i, "a function would hold values that pass the limits of nesting or size");
  }
  closure->self = made;
  made->call = [closure](std::span<const Value> args, const Environment& env) { return call_closure(*closure, args, env); };
  return Value::function(std::move(made));
}

Value run_program(const detail::Program& program, const Value* tested, std::span<const Value> inputs, Run& run) {
  std::vector<Value> locals(static_cast<std::size_t>(program.locals));
  Frame frame{inputs, locals.data(), nullptr, tested};
  return Machine(program, run, frame).eval(program.root);
}

Value run_instruction(const detail::Program& program, std::uint32_t index, Run& run) {
  Frame frame;
  return Machine(program, run, frame).eval(index);
}

}  // namespace feel
