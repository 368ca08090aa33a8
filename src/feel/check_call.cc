// The check of calls (section 10.3.2.13) and of types at boundaries (10.3.2.9.4).
#include <algorithm>

#include "base/text.h"
#include "feel/check.h"

namespace feel {

namespace {

constexpr std::uint32_t kAnyKind = (1u << 13) - 1;

// Whether coerce() (builtins.cc) could make one of the kinds of some value of this type.
bool may_be(const TypePtr& type, const Parameter& parameter) {
  if (!known(type) || parameter.kinds == kAnyKind) return true;
  if (type->kind == TypeKind::null) return parameter.nullable;
  const auto has = [&](TypeKind kind) { return (parameter.kinds & bit(kind_of(kind))) != 0; };
  if (has(type->kind) || has(TypeKind::list)) return true;
  if (type->kind == TypeKind::date && has(TypeKind::date_time)) return true;
  return type->kind == TypeKind::list && (!known(type->element) || has(type->element->kind));
}

std::string arguments_text(std::size_t count) { return std::to_string(count) + (count == 1 ? " argument" : " arguments"); }
std::string arguments_text_da(std::size_t count) { return std::to_string(count) + (count == 1 ? " argument" : " argumenter"); }

}  // namespace

bool may_conform(const TypePtr& from, const TypePtr& to) {
  if (!known(from) || !known(to) || from->kind == TypeKind::null) return true;
  if (from->kind != to->kind) {
    if (from->kind == TypeKind::date && to->kind == TypeKind::date_time) return true;
    if (to->kind == TypeKind::list) return may_conform(from, to->element);
    return from->kind == TypeKind::list && may_conform(from->element, to);
  }
  switch (to->kind) {
    case TypeKind::list:  // a list may be empty, and a list of one stands for its item: what is in it must fit
    case TypeKind::range: return may_conform(from->element, to->element);
    case TypeKind::context:
      if (from->members.empty()) return true;
      return std::all_of(to->members.begin(), to->members.end(), [&](const auto& wanted) {
        const auto found = std::find_if(from->members.begin(), from->members.end(), [&](const auto& member) { return member.first == wanted.first; });
        return found != from->members.end() && may_conform(found->second, wanted.second);
      });
    default: return true;
  }
}

TypePtr Checker::function(Node& node) {
  for (std::size_t i = 0; i < node.variables.size(); ++i) types_[static_cast<std::size_t>(node.variables[i])] = node.types[i];
  auto type = std::make_shared<Type>(Type{TypeKind::function, nullptr, {}});
  type->element = type_of(*node.kids[0]);
  for (std::size_t i = 0; i < node.names.size(); ++i) type->members.emplace_back(node.names[i], node.types[i]);
  return type;
}

TypePtr Checker::call(Node& node) {
  const TypePtr callee = type_of(*node.kids[0]);
  std::vector<TypePtr> given;
  for (std::size_t i = 1; i < node.kids.size(); ++i) given.push_back(type_of(*node.kids[i]));
  if (!known(callee)) return nullptr;
  const Node& function = *node.kids[0];
  if (callee->kind != TypeKind::function) {
    add(FindingKind::call, function, "a " + named(callee) + " is called, which is no function: this is always null", named_da(callee) + " kaldes, men er ingen funktion: dette er altid null", "a function");
    return simple_type(TypeKind::null);
  }
  if (callee->members.empty() && !callee->element) return nullptr;  // "function", without its parameters
  std::string signature;
  bool has_names = true;
  for (const auto& [name, type] : callee->members) {
    has_names = has_names && !name.empty();
    signature += (signature.empty() ? "" : ", ") + name + (known(type) ? (name.empty() ? "" : ": ") + text(type) : "");
  }
  signature = "(" + signature + ")";
  if (given.size() != callee->members.size()) {
    add(FindingKind::argument, node, "the function takes " + arguments_text(callee->members.size()) + ", not " + std::to_string(given.size()),
        "funktionen tager " + arguments_text_da(callee->members.size()) + ", ikke " + std::to_string(given.size()), signature);
    return callee->element;
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::size_t at = i;
    if (!node.names.empty() && has_names) {
      const auto found = std::find_if(callee->members.begin(), callee->members.end(), [&](const auto& member) { return member.first == node.names[i]; });
      at = static_cast<std::size_t>(found - callee->members.begin());
      if (found == callee->members.end()) {
        add(FindingKind::argument, node, "the function has no parameter '" + node.names[i] + "'", "funktionen har ingen parameter '" + node.names[i] + "'", signature);
        continue;
      }
    }
    if (may_conform(given[i], callee->members[at].second)) continue;
    add(FindingKind::argument, *node.kids[i + 1], "argument '" + callee->members[at].first + "' must be " + text(callee->members[at].second) + ", not " + named(given[i]),
        "argumentet '" + callee->members[at].first + "' skal være " + named_da(callee->members[at].second) + ", ikke " + named_da(given[i]), signature);
  }
  return callee->element;
}

// One signature, as the Binder of builtins.cc tries them: false with what does not fit.
bool Checker::fits_form(const Signature& form, const Node& node, const std::vector<TypePtr>& given, std::string& why, std::string& why_da) const {
  const auto& parameters = form.parameters;
  if (node.names.empty()) {
    if (given.size() < form.required || (given.size() > parameters.size() && !form.open_ended)) {
      why = "does not take " + arguments_text(given.size());
      why_da = "tager ikke " + arguments_text_da(given.size());
      return false;
    }
    if (parameters.empty()) return true;
  } else {
    for (const Parameter& p : parameters) {
      const bool missing = !p.optional && std::none_of(node.names.begin(), node.names.end(), [&](const auto& name) { return name == p.name || name == p.alias; });
      if (!missing) continue;
      why = "needs the parameter '" + p.name + "'";
      why_da = "mangler parameteren '" + p.name + "'";
      return false;
    }
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::size_t at = std::min(i, parameters.size() - 1);
    if (!node.names.empty()) {
      at = 0;
      while (at < parameters.size() && parameters[at].name != node.names[i] && parameters[at].alias != node.names[i]) ++at;
      if (at == parameters.size()) {
        why = "has no parameter '" + node.names[i] + "'";
        why_da = "har ingen parameter '" + node.names[i] + "'";
        return false;
      }
    }
    if (parameters[at].gather || may_be(given[i], parameters[at])) continue;
    why = "cannot use a " + named(given[i]) + " as '" + parameters[at].name + "'";
    why_da = "kan ikke bruge " + named_da(given[i]) + " som '" + parameters[at].name + "'";
    return false;
  }
  return true;
}

TypePtr Checker::builtin_call(Node& node) {
  std::vector<TypePtr> given;
  for (const NodePtr& kid : node.kids) given.push_back(type_of(*kid));
  const Builtin& builtin = *node.builtin;
  std::string why, why_da;
  const bool fits = std::any_of(builtin.forms.begin(), builtin.forms.end(), [&](const Signature& form) { return fits_form(form, node, given, why, why_da); });
  const std::string name = std::string(builtin.name) + "()";
  if (!fits) {
    add(FindingKind::argument, node, name + " " + why + ": this is always null", name + " " + why_da + ": dette er altid null", std::string(builtin.name) + "(" + std::string(builtin.signature) + ")");
    return simple_type(TypeKind::null);
  }
  if (const auto value = value_of(node)) {
    if (!value->is_null()) return builtin_type(builtin, given) ? builtin_type(builtin, given) : simple_type(type_kind(value->kind()));
    if (value->why() != nullptr)
      add(FindingKind::always_null, node, "this is always null: " + value->why()->message(), "dette er altid null: " + value->why()->message(Language::danish), "arguments that give a value");
    return simple_type(TypeKind::null);
  }
  if (node.names.empty()) return builtin_type(builtin, given);
  std::vector<TypePtr> ordered;  // as the first form has its parameters
  for (const Parameter& p : builtin.forms[0].parameters) {
    const auto found = std::find_if(node.names.begin(), node.names.end(), [&](const auto& n) { return n == p.name || n == p.alias; });
    ordered.push_back(found == node.names.end() ? nullptr : given[static_cast<std::size_t>(found - node.names.begin())]);
  }
  return builtin_type(builtin, ordered);
}

base::Result<Checked> check(std::string_view text, const CompileOptions& options) {
  CompileOptions lenient = options;
  lenient.unknown_names_are_inputs = true;
  auto tree = parse_expression(text, lenient);
  if (!tree) return std::unexpected(located(tree.error(), text, options));
  Checker checker(*tree, text, options);
  Checked out;
  out.type = checker.expression();
  if (!options.unknown_names_are_inputs) checker.unknown_names();
  out.findings = checker.take();
  return out;
}

base::Result<Checked> check_unary_tests(std::string_view text, const TypePtr& tested, const CompileOptions& options) {
  CompileOptions lenient = options;
  lenient.unknown_names_are_inputs = true;
  auto tree = parse_unary_tests(text, lenient);
  if (!tree) return std::unexpected(located(tree.error(), text, options));
  Checker checker(*tree, text, options);
  checker.tests(tested);
  if (!options.unknown_names_are_inputs) checker.unknown_names();
  Checked out{simple_type(TypeKind::boolean), checker.take()};
  return out;
}

}  // namespace feel
