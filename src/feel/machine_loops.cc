// for, some, every (section 10.3.2.14): iterators nest from left to right; a range goes up or down, dates by one day.
#include "base/limits.h"
#include "feel/machine.h"
#include "feel/temporal_math.h"

namespace feel {

Value Machine::iterate(I i, const Value& low, const Value& high, bool low_closed, bool high_closed, const std::function<bool(Value)>& each) {
  std::int64_t from, to;
  const bool dates = low.kind() == Kind::date && high.kind() == Kind::date;
  if (dates) {
    from = days_from_civil(low.as_date());
    to = days_from_civil(high.as_date());
  } else {
    const auto a = low.kind() == Kind::number ? low.as_number().as_int64() : std::nullopt;
    const auto b = high.kind() == Kind::number ? high.as_number().as_int64() : std::nullopt;
    if (!a || !b) return fail(i, "a range to go through needs two integers or two dates, not " + text(low) + " and " + text(high));
    from = *a;
    to = *b;
  }
  const std::int64_t step = from <= to ? 1 : -1;
  const auto size = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  if ((step > 0 ? size : 0 - size) >= base::limits::kFeelListItems) return fail(i, "a range to go through has more than 1,000,000 items");
  for (std::int64_t at = from;; at += step) {
    const bool left_out = (at == from && !low_closed) || (at == to && !high_closed);
    if (!left_out && !each(dates ? Value::date(civil_from_days(at)) : Value::number(at))) break;
    if (at == to) break;
  }
  return Value::boolean(true);
}

Value Machine::iterate(I i, const Value& domain, const std::function<bool(Value)>& each) {
  if (domain.kind() == Kind::list) {
    for (const Value& item : domain.as_list()) {
      if (!each(item)) break;
    }
    return Value::boolean(true);
  }
  if (domain.kind() == Kind::range) {
    const Range& range = domain.as_range();
    return iterate(i, range.low, range.high, range.low_closed, range.high_closed, each);
  }
  if (domain.is_null()) return !domain.has_reason() ? fail(i, "there is no list to go through: it is null") : domain;
  each(domain);
  return Value::boolean(true);
}

// Runs `body` for every combination; false from it ends all iterators.
Value Machine::nest(I i, std::size_t iterator, std::size_t kid_index, const std::function<bool()>& body) {
  if (!run_.stack_left()) return Value::null(run_.stopped);
  bool going = true;
  Value failure = Value::boolean(true);
  const auto each = [&](Value item) {
    frame_.locals[static_cast<std::size_t>(i.slots[iterator].index)] = std::move(item);
    if (!run_.spend(1)) {
      failure = Value::null(run_.stopped);
      return going = false;
    }
    if (iterator + 1 == i.slots.size()) return going = body();
    const std::size_t used = i.names[iterator] == ".." ? 2 : 1;
    Value inner = nest(i, iterator + 1, kid_index + used, [&] { return going = body(); });
    if (inner.is_null()) {
      failure = std::move(inner);
      going = false;
    }
    return going;
  };
  const Value domain = eval_kid(i, kid_index);
  Value outcome = i.names[iterator] == ".." ? iterate(i, domain, eval_kid(i, kid_index + 1), true, true, each) : iterate(i, domain, each);
  return outcome.is_null() ? outcome : failure;
}

Value Machine::loop(I i) {
  ListBuilder results;
  const bool wants_partial = i.sign != 0;
  Value& partial = frame_.locals[static_cast<std::size_t>(i.slot.index)];
  const auto body = [&] {
    if (!wants_partial) {
      results.push(eval_kid(i, i.count - 1));
    } else {
      partial = results.share();
      Value result = eval_kid(i, i.count - 1);
      partial = {};
      // Where nobody kept the list of this round it grows in place, else the next round gets its own.
      const bool kept = results.is_shared();
      results.push(std::move(result));
      if (!results.fits()) run_.stop("the results of a loop pass the limits of nesting or size");
      if (!run_.spend(kept ? results.size() : 1)) return false;
    }
    if (results.size() > base::limits::kFeelListItems) run_.stop("a loop has more than 1,000,000 results");
    return run_.stopped == nullptr;
  };
  const Value outcome = nest(i, 0, 0, body);
  if (run_.stopped != nullptr) return Value::null(run_.stopped);
  if (outcome.is_null()) return outcome;
  return fail(i, results.finish());
}

// Ternary: one decisive answer ends it; an answer that is no boolean makes the rest null.
Value Machine::quantified(I i) {
  const bool decisive = i.op == Op::some;
  bool decided = false, unknown = false;
  const Value outcome = nest(i, 0, 0, [&] {
    const Value answer = eval_kid(i, i.count - 1);
    if (run_.stopped != nullptr) return false;
    if (answer.kind() != Kind::boolean) {
      unknown = true;
    } else if (answer.as_boolean() == decisive) {
      decided = true;
    }
    return !decided;
  });
  if (run_.stopped != nullptr) return Value::null(run_.stopped);
  if (decided) return Value::boolean(decisive);
  if (outcome.is_null()) return outcome;
  return unknown ? Value() : Value::boolean(!decisive);
}

}  // namespace feel
