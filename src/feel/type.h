// FEEL's types (DMN 1.5 section 10.3.2.9): what a name may be, for reading names after a dot and for checking.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace feel {

enum class TypeKind : unsigned char {
  any, null, boolean, number, string, date, time, date_time, years_months, days_time, list, context, function, range
};

class Value;
struct Type;
using TypePtr = std::shared_ptr<const Type>;  // nullptr = Any

struct Type {
  TypeKind kind = TypeKind::any;
  TypePtr element;                                        // list, range; function: the result
  std::vector<std::pair<std::string, TypePtr>> members;   // context: fields; function: parameters
  std::string name;                                       // of a DMN item definition; "" for FEEL's own
  std::function<bool(const Value&)> allows;               // allowed values and constraints: asked after the structure fits
  std::string allowed = {};                               // their text, unary tests
  // Of a type inside its own definition, kind any: the whole, which owns this one. Asked when a value is judged, unknown before.
  std::shared_ptr<const std::weak_ptr<const Type>> whole = {};
};

// A name that an expression may use; its type tells which names may follow a dot.
struct Name {
  std::string name;
  TypePtr type;
};

std::string text(const TypePtr&);  // "list<number>"

}  // namespace feel
