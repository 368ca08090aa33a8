// Types before anything runs (section 10.3.2.9). Which operands an operator takes is asked of the operator, with sample values, so that the
// check and the evaluation cannot disagree.
#include "feel/check_types.h"

#include <algorithm>
#include <array>
#include <map>

#include "feel/program.h"

namespace feel {

namespace {

constexpr Kind kKinds[] = {Kind::null, Kind::null, Kind::boolean, Kind::number, Kind::string, Kind::date, Kind::time,
                           Kind::date_time, Kind::years_months, Kind::days_time, Kind::list, Kind::context, Kind::function, Kind::range};
constexpr std::size_t kTypeKinds = std::size(kKinds);

// Values of each kind that differ in what operators may look at: zoned and local times, empty and single lists.
const std::vector<Value>& samples(TypeKind kind) {
  static const auto kSamples = [] {
    std::array<std::vector<Value>, kTypeKinds> all;
    const Environment environment;
    const auto add = [&](TypeKind of, const char* text) { all[static_cast<std::size_t>(of)].push_back(compile(text)->evaluate({}, environment)); };
    add(TypeKind::boolean, "true");
    add(TypeKind::number, "1");
    add(TypeKind::string, "\"a\"");
    add(TypeKind::date, "@\"2024-01-01\"");
    for (const char* text : {"@\"10:00:00\"", "@\"10:00:00Z\""}) add(TypeKind::time, text);
    for (const char* text : {"@\"2024-01-01T10:00:00\"", "@\"2024-01-01T10:00:00Z\""}) add(TypeKind::date_time, text);
    add(TypeKind::years_months, "@\"P1Y\"");
    add(TypeKind::days_time, "@\"P1D\"");
    for (const char* text : {"[1, 2]", "[]"}) add(TypeKind::list, text);
    add(TypeKind::context, "{a: 1}");
    add(TypeKind::function, "function(x) x");
    add(TypeKind::range, "[1..2]");
    return all;
  }();
  return kSamples[static_cast<std::size_t>(kind)];
}

template <class Does>
bool any_pair(const TypePtr& a, const TypePtr& b, const Does& does) {
  for (const Value& left : samples(a->kind)) {
    for (const Value& right : samples(b->kind)) {
      if (does(left, right)) return true;
    }
  }
  return false;
}

bool is_null_or_unknown(const TypePtr& type) { return !known(type) || type->kind == TypeKind::null; }

Value apply(Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::add: return add(a, b);
    case Op::subtract: return subtract(a, b);
    case Op::multiply: return multiply(a, b);
    case Op::divide: return divide(a, b);
    default: return power(a, b);
  }
}

}  // namespace

Kind kind_of(TypeKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

TypeKind type_kind(Kind kind) {
  for (std::size_t i = 1; i < kTypeKinds; ++i) {
    if (kKinds[i] == kind) return static_cast<TypeKind>(i);
  }
  return TypeKind::any;
}

TypePtr common_type(const TypePtr& a, const TypePtr& b) {
  if (!known(a) || !known(b)) return nullptr;
  if (a == b || b->kind == TypeKind::null) return a;
  if (a->kind == TypeKind::null) return b;
  if (a->kind != b->kind) return nullptr;
  switch (a->kind) {
    case TypeKind::list: return list_type(common_type(a->element, b->element));
    case TypeKind::context:
    case TypeKind::function:
    case TypeKind::range: return text(a) == text(b) ? a : std::make_shared<Type>(Type{a->kind, nullptr, {}});
    default: return simple_type(a->kind);
  }
}

Outcome arithmetic(Op op, const TypePtr& left, const TypePtr& right) {
  if (is_null_or_unknown(left) || is_null_or_unknown(right)) {
    const bool null = is(left, TypeKind::null) || is(right, TypeKind::null);
    return {true, null ? simple_type(TypeKind::null) : nullptr};
  }
  Kind result = Kind::null;
  any_pair(left, right, [&](const Value& a, const Value& b) { return (result = apply(op, a, b).kind()) != Kind::null; });
  if (result == Kind::null) return {false, simple_type(TypeKind::null)};
  return {true, simple_type(type_kind(result))};
}

bool can_equal(const TypePtr& a, const TypePtr& b) {
  if (is_null_or_unknown(a) || is_null_or_unknown(b) || a->kind == b->kind) return true;
  return any_pair(a, b, [](const Value& x, const Value& y) { return !equal(x, y).is_null(); });
}

bool can_order(const TypePtr& a, const TypePtr& b) {
  if (is(a, TypeKind::null) || is(b, TypeKind::null)) return false;
  if (!known(a)) return !known(b) || any_pair(b, b, [](const Value& x, const Value& y) { return compare(x, y).has_value(); });
  if (!known(b)) return can_order(b, a);
  return any_pair(a, b, [](const Value& x, const Value& y) { return compare(x, y).has_value(); });
}

bool can_be_in(const TypePtr& tested, const TypePtr& test) {
  if (is_null_or_unknown(tested) || is_null_or_unknown(test)) return true;
  switch (test->kind) {
    case TypeKind::range: return is(tested, TypeKind::range) || can_order(tested, test->element);
    case TypeKind::list: {
      if (tested->kind == TypeKind::list || !known(test->element)) return true;
      return is(test->element, TypeKind::range) ? can_be_in(tested, test->element) : can_equal(tested, test->element);
    }
    default: return can_equal(tested, test);
  }
}

Outcome property_type(const TypePtr& type, std::string_view name) {
  if (is(type, TypeKind::range) && (name == "start" || name == "end")) return {true, type->element};
  for (const Value& sample : samples(type->kind)) {
    const Value value = property(sample, name);
    if (!value.is_null()) return {true, simple_type(type_kind(value.kind()))};
  }
  // The zone of a time is null where it has none.
  if ((is(type, TypeKind::time) || is(type, TypeKind::date_time)) && (name == "timezone" || name == "time offset"))
    return {true, simple_type(name == "timezone" ? TypeKind::string : TypeKind::days_time)};
  return {false, simple_type(TypeKind::null)};
}

namespace {

// How a result follows from the arguments.
enum class Gives { kind, list_of_kind, first, element, list_of_all, list_of_any, unknown };
struct Result {
  Gives gives = Gives::unknown;
  TypeKind kind = TypeKind::any;
};

const std::map<std::string_view, Result>& results() {
  using enum Gives;
  static const std::map<std::string_view, Result> kResults = [] {
    std::map<std::string_view, Result> all;
    const auto give = [&](Result result, std::initializer_list<std::string_view> names) {
      for (const std::string_view name : names) all.emplace(name, result);
    };
    give({kind, TypeKind::date}, {"date", "today", "last day of month"});
    give({kind, TypeKind::date_time}, {"date and time", "now"});
    give({kind, TypeKind::time}, {"time"});
    give({kind, TypeKind::years_months}, {"years and months duration"});
    give({kind, TypeKind::number}, {"number", "string length", "count", "mean", "product", "median", "stddev", "decimal", "floor", "ceiling", "round up", "round down",
                                    "round half up", "round half down", "modulo", "sqrt", "log", "exp", "day of year", "week of year"});
    give({kind, TypeKind::string}, {"string", "substring", "upper case", "lower case", "substring before", "substring after", "replace", "string join", "day of week",
                                    "month of year", "to json", "trim", "to base64"});
    give({kind, TypeKind::boolean}, {"not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any", "odd", "even", "is", "before", "after", "meets",
                                     "met by", "overlaps", "overlaps before", "overlaps after", "finishes", "finished by", "includes", "during", "starts", "started by",
                                     "coincides", "is defined", "is blank", "is empty"});
    give({kind, TypeKind::range}, {"range"});
    give({list_of_kind, TypeKind::string}, {"split", "extract"});
    give({list_of_kind, TypeKind::number}, {"index of", "mode"});
    give({first, TypeKind::any}, {"abs"});
    give({element, TypeKind::any}, {"min", "max", "sum"});
    give({list_of_all, TypeKind::any}, {"sublist", "remove", "reverse", "distinct values", "sort", "concatenate", "union", "duplicate values"});
    give({list_of_any, TypeKind::any}, {"append", "insert before", "list replace", "flatten", "get entries", "partition"});
    give({unknown, TypeKind::any}, {"duration", "get value", "context", "context put", "context merge", "get or else", "assert", "from json"});
    return all;
  }();
  return kResults;
}

TypePtr as_list(const TypePtr& type) { return !known(type) || type->kind == TypeKind::list ? type : list_type(type); }

}  // namespace

bool knows_builtin(const Builtin& builtin) { return results().contains(builtin.name); }

TypePtr builtin_type(const Builtin& builtin, const std::vector<TypePtr>& arguments) {
  const auto found = results().find(builtin.name);
  if (found == results().end()) return nullptr;
  const TypePtr first = arguments.empty() ? nullptr : arguments[0];
  switch (found->second.gives) {
    case Gives::kind: return simple_type(found->second.kind);
    case Gives::list_of_kind: return list_type(simple_type(found->second.kind));
    case Gives::list_of_any: return list_type(nullptr);
    case Gives::first: return is(first, TypeKind::list) ? first->element : first;
    case Gives::element: {
      if (arguments.size() == 1 && is(first, TypeKind::list)) return first->element;
      TypePtr all = first;
      for (const TypePtr& argument : arguments) all = common_type(all, argument);
      return all;
    }
    case Gives::list_of_all: {
      TypePtr all = as_list(first);
      if (builtin.forms[0].open_ended)
        for (const TypePtr& argument : arguments) all = common_type(all, as_list(argument));
      return known(all) ? list_type(all->element) : list_type(nullptr);
    }
    case Gives::unknown: break;
  }
  return nullptr;
}

}  // namespace feel
