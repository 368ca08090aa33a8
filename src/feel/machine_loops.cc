// for, some, every (section 10.3.2.14): iterators nest from left to right; a range goes up or down, dates by one day.
#include "base/limits.h"
#include "feel/machine.h"
#include "feel/temporal_math.h"

namespace feel {

// What the iterators of one loop share while it runs.
struct Machine::Nest {
  ListBuilder results;          // of for
  std::uint64_t expected = 1;   // results: the product of the domains seen so far
  bool decisive = false;        // of some, every: the answer that ends it
  bool decided = false, unknown = false;
  bool failed = false;
  Value failure;                // null with the reason, where it failed

  bool fail(Value reason) {
    failed = true;
    failure = std::move(reason);
    return false;
  }
  void expect(std::uint64_t size, bool innermost) {
    if (results.size() != 0) return;
    expected *= std::min<std::uint64_t>(size, 1000);
    if (innermost) results.reserve(std::min<std::uint64_t>(expected, 1000));
    expected = std::min<std::uint64_t>(expected, 1000);
  }
};

// One round with `item`; false ends all iterators.
bool Machine::each(I i, Nest& nest, std::size_t iterator, const Value& item) {
  frame_.locals[one(i, 3 * iterator).bits].lend(item);
  if (!run_.spend(1)) return nest.fail(stopped());
  return iterator + 1 == i.count() ? round(i, nest) : iterate(i, nest, iterator + 1);
}

bool Machine::iterate(I i, const Value& low, const Value& high, bool low_closed, bool high_closed, Nest& nest, std::size_t iterator) {
  std::int64_t from, to;
  const bool dates = low.kind() == Kind::date && high.kind() == Kind::date;
  if (dates) {
    from = days_from_civil(low.as_date());
    to = days_from_civil(high.as_date());
  } else {
    const auto a = low.kind() == Kind::number ? low.as_number().as_int64() : std::nullopt;
    const auto b = high.kind() == Kind::number ? high.as_number().as_int64() : std::nullopt;
    if (!a || !b) return nest.fail(fail(i, Reason(ReasonCode::not_iterable, low.kind(), high.kind())));
    from = *a;
    to = *b;
  }
  const std::int64_t step = from <= to ? 1 : -1;
  const std::uint64_t up = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from), size = step > 0 ? up : 0 - up;
  if (size >= base::limits::kFeelListItems) return nest.fail(fail(i, Reason(ReasonCode::limit_iterations, base::limits::kFeelListItems)));
  nest.expect(size + 1, iterator + 1 == i.count());
  for (std::int64_t at = from;; at += step) {
    const bool left_out = (at == from && !low_closed) || (at == to && !high_closed);
    if (!left_out && !each(i, nest, iterator, dates ? Value::date(civil_from_days(at)) : Value::number(at))) return false;
    if (at == to) return true;
  }
}

bool Machine::iterate(I i, Nest& nest, std::size_t iterator) {
  if (!run_.stack_left()) return nest.fail(stopped());
  Value first, second;
  const Value& domain = peek(one(i, 3 * iterator + 1), first);
  const Lent lent(frame_.locals[one(i, 3 * iterator).bits]);
  if (const Operand high = one(i, 3 * iterator + 2); high.from() != Operand::From::nothing) {
    return iterate(i, domain, peek(high, second), true, true, nest, iterator);
  }
  if (domain.kind() == Kind::list) {
    nest.expect(domain.as_list().size(), iterator + 1 == i.count());
    for (const Value& item : domain.as_list()) {
      if (!each(i, nest, iterator, item)) return false;
    }
    return true;
  }
  if (domain.kind() == Kind::range) {
    const Range& range = domain.as_range();
    return iterate(i, range.low, range.high, range.low_closed, range.high_closed, nest, iterator);
  }
  if (domain.is_null()) return nest.fail(domain.has_reason() ? domain : fail(i, Reason(ReasonCode::nothing_to_iterate)));
  return each(i, nest, iterator, domain);
}

// The body, for one combination.
bool Machine::round(I i, Nest& nest) {
  const Operand body = one(i, 3 * i.count());
  if (i.op != Op::loop) {
    Value scratch;
    const Value& answer = peek(body, scratch);
    if (run_.stopped != nullptr) return false;
    if (answer.kind() != Kind::boolean) {
      nest.unknown = true;
    } else if (answer.as_boolean() == nest.decisive) {
      nest.decided = true;
    }
    return !nest.decided;
  }
  if (i.sign == 0) {
    nest.results.push(eval(body));
  } else {
    Value& partial = frame_.locals[i.slot];
    partial = nest.results.share();
    Value result = eval(body);
    partial.clear();
    // Where nobody kept the list of this round it grows in place, else the next round gets its own.
    const bool kept = nest.results.is_shared();
    nest.results.push(std::move(result));
    if (!nest.results.fits()) run_.stop(ReasonCode::limit_loop_size);
    if (!run_.spend(kept ? nest.results.size() : 1)) return false;
  }
  if (nest.results.size() > base::limits::kFeelListItems) run_.stop(ReasonCode::limit_loop_results);
  return run_.stopped == nullptr;
}

Value Machine::loop(I i) {
  Nest nest;
  iterate(i, nest, 0);
  if (run_.stopped != nullptr) return stopped();
  if (nest.failed) return std::move(nest.failure);
  return fail(i, nest.results.finish());
}

// Ternary: one decisive answer ends it; an answer that is no boolean makes the rest null.
Value Machine::quantified(I i) {
  Nest nest;
  nest.decisive = i.op == Op::some;
  iterate(i, nest, 0);
  if (run_.stopped != nullptr) return stopped();
  if (nest.decided) return Value::boolean(nest.decisive);
  if (nest.failed) return std::move(nest.failure);
  return nest.unknown ? follows(i.offset, Reason(ReasonCode::undecided)) : Value::boolean(!nest.decisive);
}

}  // namespace feel
