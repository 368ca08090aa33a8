// Section 10.3.4.4: list functions.
#include <algorithm>
#include <unordered_map>

#include "feel/builtins.h"
#include "feel/program.h"
#include "feel/scratch.h"

namespace feel::builtin {
namespace {

using base::Decimal;
using View = std::span<const Value>;

Value list_of(View items) {
  ListBuilder list(items.size());
  for (const Value& item : items) list.push(item);
  return list.finish();
}

std::optional<std::int64_t> integer(const Value& v) { return v.as_number().as_int64(); }

// A position from 1, or from -1 at the end, as an index; nullopt where it is outside.
std::optional<std::size_t> position(const Value& v, std::size_t size) {
  const auto at = integer(v);
  const auto n = static_cast<std::int64_t>(size);
  if (!at || *at == 0 || *at > n || *at < -n) return std::nullopt;
  return static_cast<std::size_t>(*at > 0 ? *at - 1 : n + *at);
}

bool same(Call& c, const Value& a, const Value& b) {
  return c.run.spend(1 + std::min(a.measure().weight, b.measure().weight) / 8) && equal(a, b).is_true();
}
// False too where the evaluation has no steps left: then its caller's value is null whatever it finds.
bool has(Call& c, View items, const Value& value) {
  for (const Value& item : items) {
    if (same(c, item, value)) return true;
    if (c.run.stopped != nullptr) return false;
  }
  return false;
}

// Number list: false where an item is no number.
bool numbers(View items, std::vector<Decimal>& out) {
  out.reserve(items.size());
  for (const Value& item : items) {
    if (item.kind() != Kind::number) return false;
    out.push_back(item.as_number());
  }
  return true;
}

Value extreme(Call& c, int wanted) {
  const View items = c[0].as_list();
  if (items.empty()) return c.fail(ReasonCode::list_empty);
  const Value* best = &items[0];
  for (const Value& item : items) {
    const auto order = compare(item, *best);
    if (!order) return c.fail(ReasonCode::items_not_ordered);
    if (*order == wanted) best = &item;
  }
  return *best;
}

Value total(Call& c, View items) {
  if (items.empty()) return c.fail(ReasonCode::list_empty);
  Value sum = items[0];
  if (sum.kind() != Kind::number && sum.kind() != Kind::years_months && sum.kind() != Kind::days_time) return c.fail(ReasonCode::items_not_summable);
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (items[i].kind() != sum.kind()) return c.fail(ReasonCode::items_differ);
    sum = add(sum, items[i]);
    if (sum.is_null()) return sum;
  }
  return sum;
}

Value quantifier(Call& c, bool decisive) {
  bool unknown = false;
  for (const Value& item : c[0].as_list()) {
    if (item.kind() != Kind::boolean) {
      unknown = true;
    } else if (item.as_boolean() == decisive) {
      return Value::boolean(decisive);
    }
  }
  return unknown ? c.fail(ReasonCode::items_not_boolean) : Value::boolean(!decisive);
}

void flatten_into(ListBuilder& out, View items) {  // depth is bounded by limits::kFeelValueDepth
  for (const Value& item : items) {
    if (item.kind() == Kind::list) {
      flatten_into(out, item.as_list());
    } else {
      out.push(item);
    }
  }
}

// Equal values have equal hashes; kinds whose equality looks through forms (zones, lists, contexts) share one.
std::uint64_t hash(const Value& v) {
  const auto kind = static_cast<std::uint64_t>(v.kind()) * 0x9e3779b97f4a7c15ull;
  switch (v.kind()) {
    case Kind::number: return kind ^ v.as_number().hash();
    case Kind::string: return kind ^ std::hash<std::string_view>()(v.as_string());
    case Kind::boolean: return kind ^ (v.as_boolean() ? 1 : 0);
    case Kind::date: return kind ^ std::hash<std::int64_t>()(days_from_civil(v.as_date()));
    case Kind::years_months: return kind ^ std::hash<std::int64_t>()(v.as_years_months().months);
    case Kind::days_time: return kind ^ std::hash<std::int64_t>()(v.as_days_time().seconds);
    default: return kind;
  }
}

// The first of equal values, in order; many are looked up by hash, so that a long list of numbers or texts is no square of its length.
class Distinct {
 public:
  explicit Distinct(Call& call) : call_(call) {}
  void add(View items) {
    for (const Value& item : items) {
      if (is_new(item)) kept_.push(item);
      if (call_.run.stopped != nullptr) return;
    }
  }
  Value finish() { return call_.run.stopped != nullptr ? call_.fail(*call_.run.stopped) : kept_.finish(); }

 private:
  static constexpr std::size_t kFew = 16;
  bool is_new(const Value& item) {
    const View kept = kept_.so_far();
    if (kept.size() < kFew) return !has(call_, kept, item);
    for (; indexed_ < kept.size(); ++indexed_) places_[hash(kept[indexed_])].push_back(static_cast<std::uint32_t>(indexed_));
    const auto alike = places_.find(hash(item));
    if (alike == places_.end()) return call_.run.spend(1);
    return std::none_of(alike->second.begin(), alike->second.end(), [&](std::uint32_t at) { return same(call_, kept[at], item); });
  }

  Call& call_;
  ListBuilder kept_;
  std::size_t indexed_ = 0;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> places_;
};

}  // namespace

Value list_contains(Call& c) { return Value::boolean(has(c, c[0].as_list(), c[1])); }
Value count(Call& c) { return Value::number(static_cast<std::int64_t>(c[0].as_list().size())); }
Value min(Call& c) { return extreme(c, -1); }
Value max(Call& c) { return extreme(c, 1); }
Value sum(Call& c) { return total(c, c[0].as_list()); }
Value mean(Call& c) {
  const Value sum = total(c, c[0].as_list());
  return sum.is_null() ? sum : divide(sum, Value::number(static_cast<std::int64_t>(c[0].as_list().size())));
}
Value all(Call& c) { return quantifier(c, false); }
Value any(Call& c) { return quantifier(c, true); }

Value sublist(Call& c) {
  const View items = c[0].as_list();
  const auto from = position(c[1], items.size());
  if (!from) return c.fail(ReasonCode::start_outside_list);
  std::size_t length = items.size() - *from;
  if (c.given(2)) {
    const auto wanted = integer(c[2]);
    if (!wanted || *wanted < 0 || static_cast<std::size_t>(*wanted) > length) return c.fail(ReasonCode::length_beyond_list);
    length = static_cast<std::size_t>(*wanted);
  }
  return list_of(items.subspan(*from, length));
}

Value append(Call& c) {
  ListBuilder list(c[0].as_list().size() + c.args.size() - 1);
  for (const Value& item : c[0].as_list()) list.push(item);
  for (const Value& item : c.args.subspan(1)) list.push(item);
  return list.finish();
}

Value concatenate(Call& c) {
  std::size_t size = 0;
  for (const Value& list : c.args) size += list.as_list().size();
  ListBuilder all(size);
  for (const Value& list : c.args) {
    for (const Value& item : list.as_list()) all.push(item);
  }
  return all.finish();
}

Value insert_before(Call& c) {
  const View items = c[0].as_list();
  const auto at = position(c[1], items.size());
  if (!at) return c.fail(ReasonCode::position_outside);
  ListBuilder list(items.size() + 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i == *at) list.push(c[2]);
    list.push(items[i]);
  }
  return list.finish();
}

Value remove(Call& c) {
  const View items = c[0].as_list();
  const auto at = position(c[1], items.size());
  if (!at) return c.fail(ReasonCode::position_outside);
  ListBuilder list(items.size() - 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != *at) list.push(items[i]);
  }
  return list.finish();
}

Value list_replace(Call& c) {
  const View items = c[0].as_list();
  ListBuilder list(items.size());
  if (c.form == 0) {
    const auto at = position(c[1], items.size());
    if (!at) return c.fail(ReasonCode::position_outside);
    for (std::size_t i = 0; i < items.size(); ++i) list.push(i == *at ? c[2] : items[i]);
    return list.finish();
  }
  const Function& match = *c[1].as_function();
  if (!match.variadic && match.parameters.size() != 2) return c.fail(ReasonCode::match_function_parameters);
  for (const Value& item : items) {
    const Value pair[] = {item, c[2]};
    const Value answer = call_function(match, pair, c.run);
    if (answer.kind() != Kind::boolean) return c.fail(ReasonCode::match_function_answer);
    list.push(answer.as_boolean() ? c[2] : item);
  }
  return list.finish();
}

Value reverse(Call& c) {
  const View items = c[0].as_list();
  ListBuilder list(items.size());
  for (std::size_t i = items.size(); i-- > 0;) list.push(items[i]);
  return list.finish();
}

Value index_of(Call& c) {
  ListBuilder found;
  const View items = c[0].as_list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (same(c, items[i], c[1])) found.push(Value::number(static_cast<std::int64_t>(i) + 1));
    if (c.run.stopped != nullptr) return c.fail(*c.run.stopped);
  }
  return found.finish();
}

Value union_(Call& c) {
  Distinct kept(c);
  for (const Value& list : c.args) kept.add(list.as_list());
  return kept.finish();
}
Value distinct_values(Call& c) {
  Distinct kept(c);
  kept.add(c[0].as_list());
  return kept.finish();
}

Value flatten(Call& c) {
  ListBuilder flat(c[0].as_list().size());
  flatten_into(flat, c[0].as_list());
  return flat.finish();
}

Value product(Call& c) {
  Scratch<Decimal> numbers_of_list;
  std::vector<Decimal>& n = *numbers_of_list;
  if (c[0].as_list().empty() || !numbers(c[0].as_list(), n)) return c.fail(c[0].as_list().empty() ? ReasonCode::list_empty : ReasonCode::items_not_numbers);
  std::optional<Decimal> result = Decimal(1);
  for (const Decimal& factor : n) {
    if (result) result = Decimal::multiply(*result, factor);
  }
  return c.number(result, ReasonCode::number_out_of_range);
}

Value median(Call& c) {
  Scratch<Decimal> numbers_of_list;
  std::vector<Decimal>& n = *numbers_of_list;
  if (!numbers(c[0].as_list(), n)) return c.fail(ReasonCode::items_not_numbers);
  if (n.empty()) return c.fail(ReasonCode::list_empty);
  std::sort(n.begin(), n.end());
  const std::size_t middle = n.size() / 2;
  if (n.size() % 2 == 1) return Value::number(n[middle]);
  const auto both = Decimal::add(n[middle - 1], n[middle]);
  return c.number(both ? Decimal::divide(*both, 2) : both, ReasonCode::number_out_of_range);
}

Value stddev(Call& c) {
  Scratch<Decimal> numbers_of_list;
  std::vector<Decimal>& n = *numbers_of_list;
  if (!numbers(c[0].as_list(), n)) return c.fail(ReasonCode::items_not_numbers);
  if (n.size() < 2) return c.fail(ReasonCode::sample_too_small);
  const auto size = static_cast<std::int64_t>(n.size());
  std::optional<Decimal> sum = Decimal(0), squares = Decimal(0);
  for (const Decimal& x : n) sum = sum ? Decimal::add(*sum, x) : sum;
  const auto mean = sum ? Decimal::divide(*sum, size) : sum;
  for (const Decimal& x : n) {
    const auto difference = mean ? Decimal::subtract(x, *mean) : mean;
    const auto square = difference ? Decimal::multiply(*difference, *difference) : difference;
    squares = squares && square ? Decimal::add(*squares, *square) : std::nullopt;
  }
  const auto variance = squares ? Decimal::divide(*squares, size - 1) : squares;
  return c.number(variance ? Decimal::sqrt(*variance) : variance, ReasonCode::number_out_of_range);
}

Value mode(Call& c) {
  Scratch<Decimal> numbers_of_list;
  std::vector<Decimal>& n = *numbers_of_list;
  if (!numbers(c[0].as_list(), n)) return c.fail(ReasonCode::items_not_numbers);
  std::sort(n.begin(), n.end());
  std::size_t most = 0;
  Scratch<Value> modes;
  for (std::size_t from = 0; from < n.size();) {
    std::size_t to = from;
    while (to < n.size() && n[to] == n[from]) ++to;
    if (to - from > most) modes->clear();
    if (to - from >= most) modes->push_back(Value::number(n[from]));
    most = std::max(most, to - from);
    from = to;
  }
  return Value::list_of(*modes);
}

// Merge sort: stable, and safe with a function that orders inconsistently.
Value sort(Call& c) {
  Scratch<Value> from_list, other;
  std::vector<Value>&items = *from_list, &merged = *other;
  items.assign(c[0].as_list().begin(), c[0].as_list().end());
  merged.resize(items.size());
  const Function* precedes = c.given(1) ? c[1].as_function().get() : nullptr;
  if (precedes != nullptr && !precedes->variadic && precedes->parameters.size() != 2) return c.fail(ReasonCode::order_function_parameters);
  bool failed = false;
  const auto before = [&](const Value& a, const Value& b) {
    if (precedes == nullptr) {
      const auto order = compare(a, b);
      failed = failed || !order;
      return order && *order < 0;
    }
    const Value pair[] = {a, b};
    const Value answer = call_function(*precedes, pair, c.run);
    failed = failed || answer.kind() != Kind::boolean;
    return answer.is_true();
  };
  for (std::size_t width = 1; width < items.size() && !failed; width *= 2) {
    for (std::size_t from = 0; from < items.size() && !failed; from += 2 * width) {
      const std::size_t middle = std::min(from + width, items.size()), end = std::min(from + 2 * width, items.size());
      std::size_t left = from, right = middle;
      for (std::size_t to = from; to < end; ++to) {
        const bool take_right = right < end && (left == middle || before(items[right], items[left]));
        merged[to] = take_right ? items[right++] : items[left++];
      }
    }
    std::swap(items, merged);
  }
  if (failed) return c.fail(precedes != nullptr ? ReasonCode::order_function_answer : ReasonCode::items_not_ordered);
  return Value::list_of(items);
}

}  // namespace feel::builtin
