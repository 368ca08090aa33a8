#include "dmn/types.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace dmn {

using feel::Type;
using feel::TypeKind;
using feel::TypePtr;

namespace {

struct Builtin {
  std::string_view name;
  TypeKind kind;
};
// FEEL's names (10.3.2.9), and the spellings of DMN 1.1 and of common tools.
constexpr Builtin kBuiltins[] = {
    {"Any", TypeKind::any}, {"any", TypeKind::any}, {"Null", TypeKind::null}, {"number", TypeKind::number},
    {"string", TypeKind::string}, {"boolean", TypeKind::boolean}, {"date", TypeKind::date}, {"time", TypeKind::time},
    {"date and time", TypeKind::date_time}, {"dateTime", TypeKind::date_time}, {"date_time", TypeKind::date_time},
    {"days and time duration", TypeKind::days_time}, {"dayTimeDuration", TypeKind::days_time}, {"daysAndTimeDuration", TypeKind::days_time},
    {"years and months duration", TypeKind::years_months}, {"yearMonthDuration", TypeKind::years_months},
    {"yearsAndMonthsDuration", TypeKind::years_months}, {"integer", TypeKind::number}, {"long", TypeKind::number}, {"double", TypeKind::number},
};

constexpr int kTypeDepth = 64;  // item components inside item components

}  // namespace

BuiltinType builtin_type(std::string_view name) {
  for (const Builtin& builtin : kBuiltins) {
    if (builtin.name != name) continue;
    if (builtin.kind == TypeKind::any) return {true, nullptr};
    auto type = std::make_shared<Type>();
    type->kind = builtin.kind;
    return {true, type};
  }
  if (name == "context" || name == "Context" || name == "list" || name == "List") {
    auto type = std::make_shared<Type>();
    type->kind = name.front() == 'c' || name.front() == 'C' ? TypeKind::context : TypeKind::list;
    return {true, type};
  }
  return {};
}

TypePtr list_of(TypePtr element) {
  auto type = std::make_shared<Type>();
  type->kind = TypeKind::list;
  type->element = std::move(element);
  return type;
}

std::vector<feel::Value> constants(const Text& unary_tests) {
  if (!unary_tests.present || base::trim(unary_tests.text).empty()) return {};
  auto list = feel::compile("[" + unary_tests.text + "\n]");
  if (!list || !list->is_constant()) return {};
  const feel::Value value = list->evaluate({}, {});
  if (value.kind() != feel::Kind::list) return {};
  return {value.as_list().begin(), value.as_list().end()};
}

TypeTable::TypeTable(const Model& model, Faults& faults) : model_(model), faults_(faults) {
  for (const ItemDefinition& definition : model.types) definitions_.emplace(definition.name, &definition);
}

void TypeTable::add_import(const std::string& name, const TypeTable& imported) {
  const std::string prefix = name.empty() ? "" : name + ".";
  imported_.push_back(name);
  for (const auto& [type_name, type] : imported.resolved_)
    if (resolved_.emplace(prefix + type_name, type).second) names_.push_back({prefix + type_name, type});
}

void TypeTable::resolve_all() {
  for (const ItemDefinition& definition : model_.types) {
    if (definition.name.empty()) {
      faults_.add("DMN-NAME-MISSING", model_.where(definition), "an item definition has no name", "name=\"tName\"");
      continue;
    }
    named(definition.name, {definition.name, definition.at}, definition.id);
  }
}

TypePtr TypeTable::find(const TypeRef& ref, const std::string& element) {
  if (ref.name.empty()) return nullptr;
  return named(ref.name, ref, element);
}

TypePtr TypeTable::named(const std::string& name, const TypeRef& ref, const std::string& element) {
  if (const auto found = resolved_.find(name); found != resolved_.end()) return found->second;
  if (const auto definition = definitions_.find(name); definition != definitions_.end()) {
    const auto outer = std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.name == name; });
    if (outer != open_.end() && outer->structure < structure_) {
      auto inner = std::make_shared<Type>();
      inner->name = name;
      inner->whole = outer->whole;
      return inner;
    }
    if (outer != open_.end() || open_.size() >= kTypeDepth) {
      std::string way;
      for (const Open& open : open_) way += (way.empty() ? "'" : " → '") + open.name + "'";
      faults_.add("DMN-TYPE-CYCLE", model_.where(*definition->second), "item definition '" + name + "' is nothing but itself, by way of " + way,
                  "a type that is built of others without a circle; it may contain itself in a component or a collection");
      return nullptr;
    }
    open_.push_back({name, structure_, std::make_shared<std::weak_ptr<const Type>>()});
    TypePtr type = resolve(*definition->second);
    *open_.back().whole = type;
    open_.pop_back();
    resolved_[name] = type;
    names_.push_back({name, type});
    return type;
  }
  if (const BuiltinType builtin = builtin_type(name); builtin.found) return builtin.type;
  // check() sees one model: what an import that is not there may give is not known.
  for (const Import& import : model_.imports) {
    const bool absent = faults_.checking() && std::find(imported_.begin(), imported_.end(), import.name) == imported_.end();
    if (absent && (import.name.empty() || name.starts_with(import.name + "."))) return nullptr;
  }
  std::vector<std::string> known;
  for (const auto& [defined, unused] : definitions_) known.push_back(defined);
  for (const auto& [imported, unused] : resolved_) known.push_back(imported);
  for (const Builtin& builtin : kBuiltins) known.emplace_back(builtin.name);
  const std::string near = base::nearest(name, known);
  faults_.add("DMN-TYPE-UNKNOWN", model_.where(ref.at, element), "unknown type '" + name + "'",
              near.empty() ? "a FEEL type such as number, or an item definition" : "did you mean '" + near + "'?");
  return nullptr;
}

TypePtr TypeTable::base_type(const ItemDefinition& definition) {
  struct Inside {
    explicit Inside(int& level) : level_(level) { ++level_; }
    ~Inside() { --level_; }
    int& level_;
  };
  if (definition.function.present) {
    const Inside inside(structure_);
    auto type = std::make_shared<Type>();
    type->kind = TypeKind::function;
    type->element = find(definition.function.result, definition.id);
    for (const InformationItem& parameter : definition.function.parameters)
      type->members.emplace_back(parameter.name, find(parameter.type, definition.id));
    return type;
  }
  if (definition.components.empty()) {
    std::optional<Inside> inside;
    if (definition.collection) inside.emplace(structure_);
    return find(definition.type, definition.id.empty() ? definition.name : definition.id);
  }
  const Inside inside(structure_);
  auto type = std::make_shared<Type>();
  type->kind = TypeKind::context;
  for (const ItemDefinition& component : definition.components) {
    if (component.name.empty())
      faults_.add("DMN-NAME-MISSING", model_.where(component), "a component of '" + definition.name + "' has no name", "name=\"…\"");
    type->members.emplace_back(component.name, resolve(component));
  }
  return type;
}

TypePtr TypeTable::restricted(TypePtr type, const Text& allowed, const ItemDefinition& definition) {
  if (!allowed.present || base::trim(allowed.text).empty()) return type;
  feel::CompileOptions options;
  options.file = model_.file;
  options.line = allowed.at.line;
  options.column = allowed.at.column;
  options.element = definition.id.empty() ? definition.name : definition.id;
  auto tests = feel::compile_unary_tests(allowed.text, options);
  if (!tests) {
    faults_.add("DMN-FEEL", tests.error().where, "allowed values of '" + definition.name + "': " + tests.error().message, tests.error().remedy);
    return type;
  }
  auto out = type ? std::make_shared<Type>(*type) : std::make_shared<Type>();
  out->allowed = base::trim(allowed.text);
  out->allows = [own = std::move(*tests), inherited = out->allows](const feel::Value& value) {
    if (inherited && !inherited(value)) return false;
    return value.is_null() || own.test(value, {}, {}).is_true();
  };
  return out;
}

TypePtr TypeTable::resolve(const ItemDefinition& definition) {
  // allowedValues restrict each item of a collection, typeConstraint the value as a whole.
  TypePtr type = restricted(base_type(definition), definition.allowed, definition);
  if (definition.collection) type = list_of(type);
  type = restricted(type, definition.constraint, definition);
  if (type == nullptr || definition.name.empty()) return type;
  auto out = std::make_shared<Type>(*type);
  out->name = definition.name;
  return out;
}

std::vector<feel::Value> TypeTable::allowed_order(const TypeRef& ref) const {
  std::string name = ref.name;
  for (int depth = 0; depth < kTypeDepth; ++depth) {  // an alias may carry the values
    const auto found = definitions_.find(name);
    if (found == definitions_.end()) return {};
    if (found->second->allowed.present) return constants(found->second->allowed);
    name = found->second->type.name;
  }
  return {};
}

}  // namespace dmn
