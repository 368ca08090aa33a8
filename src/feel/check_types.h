// Inside the room: what is known of types without running anything. nullptr = nothing is known.
#pragma once
#include <optional>
#include <string>

#include "feel/builtins.h"
#include "feel/tree.h"

namespace feel {

inline bool known(const TypePtr& type) { return type && type->kind != TypeKind::any; }
inline bool is(const TypePtr& type, TypeKind kind) { return type && type->kind == kind; }
// Known, and another kind: null fits everywhere.
inline bool is_other(const TypePtr& type, TypeKind kind) { return known(type) && type->kind != kind && type->kind != TypeKind::null; }

TypePtr simple_type(TypeKind);       // parser_type.cc
TypePtr list_type(TypePtr element);
Kind kind_of(TypeKind);              // any: null
TypeKind type_kind(Kind);

// What an arithmetic operator makes of operands of these types: asked of the operator itself, with a sample of each kind.
struct Outcome {
  bool possible = true;   // false: null for every value
  TypePtr type;
};
Outcome arithmetic(Op, const TypePtr& left, const TypePtr& right);
bool can_equal(const TypePtr&, const TypePtr&);
bool can_order(const TypePtr&, const TypePtr&);
// Whether "x in test" can be true.
bool can_be_in(const TypePtr& tested, const TypePtr& test);
// A property of a temporal value or range.
Outcome property_type(const TypePtr&, std::string_view name);
// What a builtin gives (section 10.3.4), from the types of its arguments in the signature's order.
bool knows_builtin(const Builtin&);
TypePtr builtin_type(const Builtin&, const std::vector<TypePtr>& arguments);

}  // namespace feel
