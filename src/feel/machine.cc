// Evaluation of operators, paths, lists, contexts, ranges and calls (section 10.3.2).
#include "feel/machine.h"

#include "base/limits.h"

namespace feel {

using From = Operand::From;

Value Machine::load(Operand o) const {
  switch (o.from()) {
    case From::constant: return constants_[o.index()];
    case From::local: return frame_.locals[o.index()];
    case From::tested: return *frame_.tested;
    case From::input: return o.index() < frame_.inputs.size() ? frame_.inputs[o.index()] : Value();
    case From::capture: return captured(o.index());
    case From::code:
    case From::nothing: break;
  }
  return {};
}

Value Machine::captured(std::size_t index) const {
  const Closure& closure = *frame_.closure;
  if (p_.tables->bodies[static_cast<std::size_t>(closure.body)].self == static_cast<int>(index)) return Value::function(closure.self.lock());
  return closure.captures[index];
}

// A cause that travels up keeps its first position.
Value Machine::placed(std::uint32_t offset, Value null) const {
  if (null.why() == nullptr || null.why()->placed()) return null;
  Reason placed = *null.why();
  const detail::Program::Place at = p_.place(offset);
  placed.line = at.line;
  placed.column = at.column;
  if (run_.env.reasons != nullptr) {
    placed.element = p_.element;
    run_.note(placed);
  }
  return Value::null(std::move(placed));
}

Value Machine::run(I i) {
  if (i.op == Op::constant) return placed(i.offset, constants_[i.a.index()]);
  if (!run_.spend(1) || !run_.stack_left()) return stopped();
  switch (i.op) {
    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power: return arithmetic(i);
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal: return comparison(i);
    case Op::choice: return choice(i);
    case Op::path: return path(i);
    case Op::conjunction: return junction(i, false);
    case Op::disjunction: return junction(i, true);
    case Op::call_builtin: return builtin(i);
    case Op::field_or: return field_or(i);
    case Op::negate: return fail(i, negate(eval(i.a)));
    case Op::between: return between(i);
    case Op::in: return in(i);
    case Op::loop: return loop(i);
    case Op::some: case Op::every: return quantified(i);
    case Op::filter: return filter(i);
    case Op::list: return list(i);
    case Op::context: return context(i);
    case Op::range: return range(i);
    case Op::unary_range: return unary_range(i);
    case Op::instance_of: return Value::boolean(instance_of(eval(i.a), p_.tables->types[i.side]));
    case Op::call: return call(i);
    case Op::function: return function(i);
    case Op::constant: case Op::variable: case Op::test: break;
  }
  return {};
}

// In an open filter a name is a field of the innermost item that has it, else what it means outside.
Value Machine::field_or(I i) {
  for (std::uint32_t n = 0; n < i.count(); ++n) {
    Value scratch;
    const Value& item = peek(one(i, n), scratch);
    if (item.kind() != Kind::context) continue;
    if (const Value* found = item.as_context().find(name(i.side))) return *found;
  }
  return eval(i.c);
}

// Numbers of one exponent are added, and all fast ones multiplied, without the general way round.
Value Machine::arithmetic(I i) {
  Value left, right;
  const Value& a = peek(i.a, left);
  const Value& b = peek(i.b, right);
  if (a.is_fast_number() && b.is_fast_number()) {
    std::int64_t result;
    const auto safe = [&](std::int16_t exponent) { return Value::fast_number(result, result == 0 ? std::int16_t{0} : exponent); };
    if (i.op == Op::multiply) {
      const int exponent = a.exponent() + b.exponent();
      if (!__builtin_mul_overflow(a.coefficient(), b.coefficient(), &result) && result != INT64_MIN && exponent > -6000 && exponent < 6000) {
        return safe(static_cast<std::int16_t>(exponent));
      }
    } else if (a.exponent() == b.exponent()) {
      if (i.op == Op::add && !__builtin_add_overflow(a.coefficient(), b.coefficient(), &result) && result != INT64_MIN) return safe(a.exponent());
      if (i.op == Op::subtract && !__builtin_sub_overflow(a.coefficient(), b.coefficient(), &result) && result != INT64_MIN) return safe(a.exponent());
    }
  }
  switch (i.op) {
    case Op::add: return fail(i, add(a, b));
    case Op::subtract: return fail(i, subtract(a, b));
    case Op::multiply: return fail(i, multiply(a, b));
    case Op::divide: return fail(i, divide(a, b));
    default: return fail(i, power(a, b));
  }
}

namespace {

Value decided(Op op, std::int64_t order) {
  switch (op) {
    case Op::equal: return Value::boolean(order == 0);
    case Op::not_equal: return Value::boolean(order != 0);
    case Op::less: return Value::boolean(order < 0);
    case Op::less_equal: return Value::boolean(order <= 0);
    case Op::greater: return Value::boolean(order > 0);
    default: return Value::boolean(order >= 0);
  }
}

}  // namespace

Value Machine::comparison(I i) {
  Value left, right;
  const Value& a = peek(i.a, left);
  return relation(i.offset, i.op, a, peek(i.b, right));
}

Value Machine::relation(std::uint32_t offset, Op op, const Value& a, const Value& b) const {
  const bool equality = op == Op::equal || op == Op::not_equal;
  if (a.is_fast_number() && b.is_fast_number() && a.exponent() == b.exponent()) {
    if (equality) run_.spend(1);
    return decided(op, (a.coefficient() > b.coefficient()) - (a.coefficient() < b.coefficient()));
  }
  if (equality) {
    run_.spend(std::min(a.measure().weight, b.measure().weight));
    if (a.kind() == Kind::string && b.kind() == Kind::string) return Value::boolean((a.as_string() == b.as_string()) == (op == Op::equal));
    const Value same = equal(a, b);
    if (same.is_null()) return same.has_reason() ? placed(offset, same) : same;
    return Value::boolean(same.as_boolean() == (op == Op::equal));
  }
  const auto order = compare(a, b);
  if (order) return decided(op, *order);
  if (a.is_null() || b.is_null()) return a.is_null() ? a : b;
  return placed(offset, Value::null("cannot order " + std::string(feel::name(a.kind())) + " and " + std::string(feel::name(b.kind()))));
}

Value Machine::choice(I i) {
  bool yes;
  {
    Value scratch;
    yes = peek(i.a, scratch).is_true();
  }
  return eval(yes ? i.b : i.c);
}

// Table 50: and (stops at false), or (stops at true); what is no boolean counts as null.
Value Machine::junction(I i, bool stops_at) {
  bool unknown = false;
  for (std::uint32_t n = 0; n < i.count(); ++n) {
    Value scratch;
    const Value& v = peek(one(i, n), scratch);
    if (v.kind() != Kind::boolean) {
      unknown = true;
    } else if (v.as_boolean() == stops_at) {
      return Value::boolean(stops_at);
    }
  }
  return unknown ? Value() : Value::boolean(!stops_at);
}

Value Machine::between(I i) {
  Value first, second, third;
  const Value& v = peek(i.a, first);
  const Value& low = peek(i.b, second);
  const Value& high = peek(i.c, third);
  const Value above = relation(i.offset, Op::greater_equal, v, low), below = relation(i.offset, Op::less_equal, v, high);
  if (above.is_null() || below.is_null()) return above.is_null() ? above : below;
  return Value::boolean(above.as_boolean() && below.as_boolean());
}

// Table 55. A contested place: a list as test holds values and ranges; a tested list may also equal the test as a whole.
Value is_in(const Value& tested, const Value& test) {
  if (test.kind() == Kind::range) return contains(test.as_range(), tested);
  if (test.kind() != Kind::list) return equal(tested, test);
  if (tested.kind() == Kind::list && equal(tested, test).is_true()) return Value::boolean(true);
  for (const Value& item : test.as_list()) {
    if (item.kind() == tested.kind() && equal(tested, item).is_true()) return Value::boolean(true);
    if (item.kind() == Kind::range && contains(item.as_range(), tested).is_true()) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Value Machine::one_test(I in, std::size_t n, const Value& tested) {
  const Operand o = one(in, n);
  if (o.from() == From::code && code_[o.index()].op == Op::test) {
    I test = code_[o.index()];
    Value scratch;
    return relation(test.offset, test.relation, tested, peek(test.a, scratch));
  }
  const std::uint32_t offset = p_.many[in.first() + in.count() + n - 1];
  Value scratch;
  const Value& value = peek(o, scratch);
  if ((offset & kMentionsTested) != 0) return value.kind() == Kind::boolean ? value : Value();
  // In a cell of a decision table a condition that does not name "?" is the answer, unless a boolean is what is tested.
  if ((in.sign & 1) != 0 && value.kind() == Kind::boolean && tested.kind() != Kind::boolean && !tested.is_null()) return value;
  run_.spend(value.measure().weight);
  Value found = is_in(tested, value);
  return found.has_reason() ? placed(offset & ~kMentionsTested, std::move(found)) : found;
}

Value Machine::in(I i) {
  Value scratch;
  const Value& tested = peek(one(i, 0), scratch);
  bool unknown = false, found = false;
  for (std::uint32_t n = 1; n < i.count() && !found; ++n) {
    const Value v = one_test(i, n, tested);
    found = v.is_true();
    unknown = unknown || v.is_null();
  }
  if (!found && unknown) return {};
  const bool negated = (i.sign & 2) != 0;
  return Value::boolean(found != negated);
}

// Filter (section 10.3.2.5): a number picks one item, a condition the items for which it is true.
Value Machine::filter(I i) {
  Value scratch;
  const Value& source = peek(i.a, scratch);
  if (source.is_null()) return source;
  const std::span<const Value> items = source.kind() == Kind::list ? source.as_list() : std::span(&source, 1);
  static const Value kNone;
  Value& item = frame_.locals[i.slot];
  const Lent lent(item);
  ListBuilder kept;
  for (std::size_t n = 0; n < std::max<std::size_t>(items.size(), 1); ++n) {
    item.lend(items.empty() ? kNone : items[n]);
    Value result;
    const Value& condition = peek(i.b, result);
    if (run_.stopped != nullptr) return stopped();
    if (n == 0 && condition.kind() == Kind::number) {
      const auto position = condition.as_number().as_int64();
      const auto size = static_cast<std::int64_t>(items.size());
      const std::int64_t at = !position ? size : *position > 0 ? *position - 1 : *position < 0 ? size + *position : size;
      if (at < 0 || at >= size) return fail(i, "the list of " + std::to_string(size) + " has no item " + condition.as_number().text());
      return items[static_cast<std::size_t>(at)];
    }
    if (condition.is_true() && !items.empty()) kept.push(items[n]);
  }
  return kept.finish();
}

Value Machine::path(I i) {
  Value scratch;
  return step_into(i, peek(i.a, scratch));
}

Value Machine::step_into(I i, const Value& value) {
  if (value.kind() == Kind::context) {
    if (const Value* found = value.as_context().find(name(i.side))) return *found;
    return fail(i, "the context has no entry '" + name(i.side) + "'");
  }
  if (value.kind() == Kind::list) {
    run_.spend(value.as_list().size());
    ListBuilder mapped(value.as_list().size());
    for (const Value& item : value.as_list()) mapped.push(step_into(i, item));
    return mapped.finish();
  }
  return fail(i, property(value, name(i.side)));
}

Value Machine::list(I i) {
  ListBuilder items(i.count());
  for (std::uint32_t n = 0; n < i.count(); ++n) items.push(eval(one(i, n)));
  return fail(i, items.finish());
}

Value Machine::context(I i) {
  Values values(i.count());
  for (std::uint32_t n = 0; n < i.count(); ++n) {
    if (n == i.slot) return fail(i, "the context has the key '" + name(i.c.bits - 1) + "' twice");
    new (&values[n]) Value(eval(one(i, 2 * n)));
    if (const std::uint32_t local = one(i, 2 * n + 1).bits; local != 0) frame_.locals[local - 1] = values[n];
  }
  return fail(i, Value::context(p_.tables->shapes[i.side], values.all()));
}

Value Machine::range(I i) {
  Range made;
  made.low_closed = (i.sign & 1) != 0;
  made.high_closed = (i.sign & 2) != 0;
  made.low = eval(i.a);
  made.high = eval(i.b);
  if (!made.low.is_null() && !made.high.is_null() && !compare(made.low, made.high)) {
    return fail(i, "the ends of a range must be of one kind that has an order, not " + std::string(feel::name(made.low.kind())) + " and " + std::string(feel::name(made.high.kind())));
  }
  return Value::range(std::move(made));
}

Value Machine::unary_range(I i) {
  Value end = eval(i.a);
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

Value Machine::builtin(I i) {
  const Builtin& called = all_builtins()[i.side];
  const std::uint32_t count = i.count();
  Values args(std::max<std::size_t>(count, called.most_parameters));
  std::uint64_t absent = 0;
  for (std::uint32_t n = 0; n < count; ++n) {
    const Operand o = one(i, n);
    if (o.from() == From::nothing) {
      absent |= std::uint64_t{1} << n;
    } else {
      new (&args[n]) Value(eval(o));
    }
  }
  if (i.slot != 0) return fail(i, call_builtin(called, {args.data(), args.data() + count}, p_.tables->name_lists[i.slot - 1], run_));
  return fail(i, i.sign == 1 ? call_placed(called, args.all(), absent, run_) : call_builtin(called, args.all(), count, run_));
}

Value Machine::call(I i) {
  Value scratch;
  const Value& callee = peek(one(i, 0), scratch);
  if (callee.kind() != Kind::function) {
    if (callee.is_null() && callee.has_reason()) return callee;
    return fail(i, "cannot call " + std::string(feel::name(callee.kind())) + "; a function was expected");
  }
  const Value held = callee;
  const Function& function = *held.as_function();
  const std::uint32_t count = i.count() - 1;
  Values args(count);
  for (std::uint32_t n = 0; n < count; ++n) new (&args[n]) Value(eval(one(i, n + 1)));
  if (i.slot == 0) return fail(i, call_function(function, args.all(), run_));
  const std::vector<std::string>& names = p_.tables->name_lists[i.slot - 1];
  if (function.builtin != nullptr) return fail(i, call_builtin(*function.builtin, {args.data(), args.data() + count}, names, run_));
  Values ordered(function.parameters.size());
  std::vector<bool> given(ordered.size());
  for (std::size_t n = 0; n < names.size(); ++n) {
    std::size_t at = 0;
    while (at < ordered.size() && function.parameters[at] != names[n]) ++at;
    if (at == ordered.size() || given[at]) return fail(i, function.name + "(): " + (at == ordered.size() ? "no" : "twice the") + " parameter '" + names[n] + "'");
    given[at] = true;
    ordered[at] = std::move(args[n]);
  }
  if (names.size() != ordered.size()) return fail(i, function.name + "(): not every parameter is named");
  return fail(i, call_function(function, ordered.all(), run_));
}

Value call_function(const Function& function, std::span<const Value> args, Run& run) {
  if (!function.variadic && args.size() != function.parameters.size()) {
    return Value::null((function.name.empty() ? "function" : function.name) + "() takes " + std::to_string(function.parameters.size()) +
                       " arguments, not " + std::to_string(args.size()));
  }
  if (!run.spend(1)) return Value::null(run.stopped);
  if (++run.calls > base::limits::kFeelCallDepth) run.stop("functions call each other too deep");
  Value result = run.stopped != nullptr ? Value::null(run.stopped) : function.closure != nullptr ? call_closure(*function.closure, args, run) : function.call(args, run.env);
  --run.calls;
  return result;
}

Value call_closure(const Closure& closure, std::span<const Value> args, Run& run) {
  const Body& body = closure.program->tables->bodies[static_cast<std::size_t>(closure.body)];
  Values locals(static_cast<std::size_t>(body.locals));
  for (std::size_t n = 0; n < body.parameters.size() && n < args.size(); ++n) {
    locals[n] = body.types[n] ? conform(args[n], body.types[n]) : args[n];
    // A declared parameter that is given something else makes the call null (section 10.3.2.9.4).
    if (locals[n].is_null() && !args[n].is_null()) return Value::null("parameter '" + body.parameters[n] + "': " + locals[n].reason());
  }
  return Machine(*closure.program, run, {{}, locals.data(), &closure, nullptr}).eval(body.root);
}

Value Machine::function(I i) {
  const Body& body = p_.tables->bodies[i.slot];
  auto closure = std::make_shared<Closure>();
  closure->program = p_.shared_from_this();
  closure->body = static_cast<int>(i.slot);
  auto made = std::make_shared<Function>();
  made->parameters = body.parameters;
  made->type = p_.tables->types[i.side];
  bool fits = true;
  for (std::size_t n = 0; n < body.captures.size(); ++n) {
    closure->captures.push_back(static_cast<int>(n) == body.self ? Value() : load(body.captures[n]));
    fits = made->measure.include(closure->captures.back().measure()) && fits;
  }
  if (!fits) return fail(i, "a function would hold values that pass the limits of nesting or size");
  closure->self = made;
  made->closure = closure;
  made->call = [own = closure.get()](std::span<const Value> args, const Environment& env) {
    if (Run* run = Run::current()) return call_closure(*own, args, *run);
    Run run(env);
    return call_closure(*own, args, run);
  };
  return Value::function(std::move(made));
}

Value run_program(const detail::Program& program, const Value* tested, std::span<const Value> inputs, Run& run) {
  Values locals(static_cast<std::size_t>(program.locals));
  return Machine(program, run, {inputs, locals.data(), nullptr, tested}).eval(program.root);
}

Value run_operand(const detail::Program& program, Operand operand, Run& run) { return Machine(program, run, {}).eval(operand); }

}  // namespace feel
