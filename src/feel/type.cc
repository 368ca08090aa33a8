// Types of values (sections 10.3.2.9 and 10.3.2.9.4): instance of, and conversion at boundaries.
#include "feel/type.h"

#include "feel/function.h"
#include "feel/program.h"

namespace feel {

std::string text(const TypePtr& type) {
  if (type && type->whole) return type->name;
  static constexpr const char* kNames[] = {"Any",  "Null",          "boolean",                   "number",                 "string", "date",
                                           "time", "date and time", "years and months duration", "days and time duration", "list",   "context",
                                           "function", "range"};
  if (!type) return "Any";
  std::string out = kNames[static_cast<std::size_t>(type->kind)];
  if (type->kind == TypeKind::list || type->kind == TypeKind::range) return out + "<" + text(type->element) + ">";
  if (type->kind == TypeKind::context || type->kind == TypeKind::function) {
    out += '<';
    for (std::size_t i = 0; i < type->members.size(); ++i) {
      if (i > 0) out += ", ";
      if (type->kind == TypeKind::context) out += type->members[i].first + ": ";
      out += text(type->members[i].second);
    }
    out += '>';
    if (type->kind == TypeKind::function) out += "->" + text(type->element);
  }
  return out;
}

namespace {

bool any(const TypePtr& type) { return !type || type->kind == TypeKind::any; }
bool takes_all(const TypePtr& type) { return any(type) && (!type || (!type->allows && !type->whole)); }

// Kinds of the simple types, in TypeKind's order.
constexpr Kind kKinds[] = {Kind::null, Kind::null, Kind::boolean, Kind::number, Kind::string, Kind::date, Kind::time,
                           Kind::date_time, Kind::years_months, Kind::days_time, Kind::list, Kind::context, Kind::function, Kind::range};

// Section 10.3.2.9.3: whether a value of type `from` may stand where `to` is wanted. Types without detail conform.
bool conforms(const TypePtr& from, const TypePtr& to) {
  if (any(to) || !from) return true;
  if (from->kind != to->kind) return from->kind == TypeKind::null;
  switch (to->kind) {
    case TypeKind::list:
    case TypeKind::range: return conforms(from->element, to->element);
    case TypeKind::context:
      for (const auto& [name, type] : to->members) {
        bool found = false;
        for (const auto& [other, of] : from->members) found = found || (other == name && conforms(of, type));
        if (!found) return false;
      }
      return true;
    case TypeKind::function:
      if (from->members.size() != to->members.size()) return false;
      for (std::size_t i = 0; i < to->members.size(); ++i) {
        if (!conforms(to->members[i].second, from->members[i].second)) return false;
      }
      return conforms(from->element, to->element);
    default: return true;
  }
}

// Allowed values count at boundaries, not for the operator instance of, which asks about structure only.
enum class Ask : std::uint8_t { structure, allowed };

bool fits(const Value& value, const TypePtr& type, Ask ask);
bool null_or_fits(const Value& value, const TypePtr& type, Ask ask) { return value.is_null() || fits(value, type, ask); }

// Whether the kind fits, and what is inside.
bool structure_fits(const Value& value, const TypePtr& type, Ask ask) {
  if (value.kind() != kKinds[static_cast<std::size_t>(type->kind)]) return false;
  switch (type->kind) {
    case TypeKind::list:
      if (takes_all(type->element)) return true;
      for (const Value& item : value.as_list()) {
        if (!null_or_fits(item, type->element, ask)) return false;
      }
      return true;
    case TypeKind::context:
      for (const auto& [name, member] : type->members) {
        const Value* found = value.as_context().find(name);
        if (found == nullptr || !null_or_fits(*found, member, ask)) return false;
      }
      return true;
    case TypeKind::range:
      return null_or_fits(value.as_range().low, type->element, ask) && null_or_fits(value.as_range().high, type->element, ask);
    case TypeKind::function: {
      const Function& function = *value.as_function();
      if (function.type) return conforms(function.type, type);
      return function.variadic || function.parameters.size() == type->members.size();
    }
    default: return true;
  }
}

bool fits(const Value& value, const TypePtr& type, Ask ask) {
  if (value.is_null()) return type && type->kind == TypeKind::null;
  if (type && type->whole)
    if (const TypePtr whole = type->whole->lock()) return fits(value, whole, ask);  // as deep as the value: limits::kFeelValueDepth
  if (!any(type) && !structure_fits(value, type, ask)) return false;
  return ask == Ask::structure || !type || !type->allows || type->allows(value);
}
bool conforming(const Value& value, const TypePtr& type) { return fits(value, type, Ask::allowed); }

}  // namespace

bool instance_of(const Value& value, const TypePtr& type) { return fits(value, type, Ask::structure); }

bool conforms(const Value& value, const TypePtr& type) { return value.is_null() || !type || conforming(value, type); }

Value conform(const Value& value, const TypePtr& type) {
  if (value.is_null() || !type || conforming(value, type)) return value;
  if (type->kind != TypeKind::list && value.kind() == Kind::list && value.as_list().size() == 1) {
    const Value& only = value.as_list()[0];
    if (conforming(only, type)) return only;
  }
  if (type->kind == TypeKind::list && value.kind() != Kind::list) {
    if (any(type->element) || conforming(value, type->element)) return Value::list({value});
  }
  if (type->kind == TypeKind::date_time && value.kind() == Kind::date) {
    return Value::date_time({value.as_date(), {0, 0, 0, 0, Zone{0, {}}}});
  }
  return Value::null("a value of type " + std::string(name(value.kind())) + " does not conform to " + text(type));
}

}  // namespace feel
