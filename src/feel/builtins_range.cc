// Sections 10.3.4.8 and 10.3.4.9: ranges and their relations (tables 78 and 79).
#include "feel/builtins.h"
#include "feel/parser.h"
#include "feel/program.h"

namespace feel::builtin {
namespace {

// range() reads literals only: numbers, texts, @-literals, and date(), time(), date and time(), duration() of a text.
bool literal_end(const Node& node) {
  if (node.op == Op::constant) return true;
  if (node.op == Op::negate) return node.kids[0]->op == Op::constant;
  if (node.op != Op::call_builtin || node.kids.size() != 1 || node.kids[0]->op != Op::constant) return false;
  const std::string_view name = node.builtin->name;
  return node.kids[0]->constant.kind() == Kind::string && (name == "date" || name == "time" || name == "date and time" || name == "duration");
}

// One end of a range; an open end lies beyond every point.
struct End {
  const Value* at = nullptr;  // nullptr: unbounded
  bool closed = true;
};
struct Ends {
  End low, high;
};

Ends ends(const Value& v) {
  if (v.kind() != Kind::range) return {{&v, true}, {&v, true}};
  const Range& r = v.as_range();
  return {{r.low_open_ended ? nullptr : &r.low, r.low_closed}, {r.high_open_ended ? nullptr : &r.high, r.high_closed}};
}

// Works out one relation; `wrong` is set where two ends cannot be ordered.
struct Relation {
  bool wrong = false;

  int order(const Value& a, const Value& b) {
    const auto o = compare(a, b);
    wrong = wrong || !o;
    return o.value_or(0);
  }
  // A high end against a low one: -1 it ends before, 0 they touch in one closed point, 1 they have more in common;
  // -1 also where they touch but not both are closed.
  int high_low(const End& high, const End& low) {
    if (high.at == nullptr || low.at == nullptr) return 1;
    const int o = order(*high.at, *low.at);
    return o != 0 ? o : high.closed && low.closed ? 0 : -1;
  }
  int low_low(const End& a, const End& b) {  // which starts first
    if (a.at == nullptr || b.at == nullptr) return a.at == b.at ? 0 : a.at == nullptr ? -1 : 1;
    const int o = order(*a.at, *b.at);
    return o != 0 || a.closed == b.closed ? o : a.closed ? -1 : 1;
  }
  int high_high(const End& a, const End& b) {  // which ends first
    if (a.at == nullptr || b.at == nullptr) return a.at == b.at ? 0 : a.at == nullptr ? 1 : -1;
    const int o = order(*a.at, *b.at);
    return o != 0 || a.closed == b.closed ? o : a.closed ? 1 : -1;
  }
  bool touch(const End& high, const End& low) {
    return high.at != nullptr && low.at != nullptr && high.closed && low.closed && order(*high.at, *low.at) == 0;
  }
};

template <class F>
Value decide(Call& c, const Value& a, const Value& b, F&& relation) {
  Relation r;
  const bool answer = relation(r, ends(a), ends(b));
  return r.wrong ? c.fail(ReasonCode::ends_not_ordered) : Value::boolean(answer);
}

bool overlap(Relation& r, const Ends& a, const Ends& b) { return r.high_low(a.high, b.low) >= 0 && r.high_low(b.high, a.low) >= 0; }
bool overlaps_first(Relation& r, const Ends& a, const Ends& b) {
  return r.low_low(a.low, b.low) < 0 && r.high_low(a.high, b.low) >= 0 && r.high_high(a.high, b.high) <= 0;
}
bool inside(Relation& r, const Ends& inner, const Ends& outer) {
  const int low = r.low_low(outer.low, inner.low), high = r.high_high(outer.high, inner.high);
  return low <= 0 && high >= 0;
}
bool starts_it(Relation& r, const Ends& a, const Ends& b) { return r.low_low(a.low, b.low) == 0 && r.high_high(a.high, b.high) <= 0; }
bool finishes_it(Relation& r, const Ends& a, const Ends& b) { return r.high_high(a.high, b.high) == 0 && r.low_low(a.low, b.low) >= 0; }

}  // namespace

Value range(Call& c) {
  const std::string written(c[0].as_string());
  CompileOptions options;
  auto tree = parse_expression(written, options);
  if (!tree || tree->root->op != Op::range) return c.fail(ReasonCode::no_range_text);
  const Node& root = *tree->root;
  if (!literal_end(*root.kids[0]) || !literal_end(*root.kids[1])) return c.fail(ReasonCode::range_text_literals);
  const auto program = compile_tree(std::move(*tree), written, options, false);
  const Value made = run_program(*program, nullptr, {}, c.run);
  if (made.kind() != Kind::range) return c.fail(ReasonCode::no_range_text);
  const Range& r = made.as_range();
  if (r.low.is_null() && r.high.is_null()) return c.fail(ReasonCode::range_no_end);
  if (const auto order = compare(r.low, r.high); order && *order > 0) return c.fail(ReasonCode::range_out_of_order);
  return made;
}

Value before(Call& c) {
  return decide(c, c[0], c[1], [](Relation& r, const Ends& a, const Ends& b) { return r.high_low(a.high, b.low) < 0; });
}
Value after(Call& c) {
  return decide(c, c[1], c[0], [](Relation& r, const Ends& a, const Ends& b) { return r.high_low(a.high, b.low) < 0; });
}
Value meets(Call& c) {
  return decide(c, c[0], c[1], [](Relation& r, const Ends& a, const Ends& b) { return r.touch(a.high, b.low); });
}
Value met_by(Call& c) {
  return decide(c, c[1], c[0], [](Relation& r, const Ends& a, const Ends& b) { return r.touch(a.high, b.low); });
}
Value overlaps(Call& c) { return decide(c, c[0], c[1], overlap); }
Value overlaps_before(Call& c) {
  return decide(c, c[0], c[1], overlaps_first);
}
Value overlaps_after(Call& c) {
  return decide(c, c[1], c[0], overlaps_first);
}
Value finishes(Call& c) { return decide(c, c[0], c[1], finishes_it); }
Value finished_by(Call& c) { return decide(c, c[1], c[0], finishes_it); }
Value includes(Call& c) { return decide(c, c[1], c[0], inside); }
Value during(Call& c) { return decide(c, c[0], c[1], inside); }
Value starts(Call& c) { return decide(c, c[0], c[1], starts_it); }
Value started_by(Call& c) { return decide(c, c[1], c[0], starts_it); }
Value coincides(Call& c) {
  return decide(c, c[0], c[1], [](Relation& r, const Ends& a, const Ends& b) { return r.low_low(a.low, b.low) == 0 && r.high_high(a.high, b.high) == 0; });
}

}  // namespace feel::builtin
