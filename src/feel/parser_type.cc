// Types in text (grammar rules 30.a, 52, 53; section 10.3.2.9).
#include "feel/parser_state.h"

namespace feel {

TypePtr simple_type(TypeKind kind) {
  static const std::vector<TypePtr> kTypes = [] {
    std::vector<TypePtr> types;
    for (int k = 0; k <= static_cast<int>(TypeKind::range); ++k) types.push_back(std::make_shared<Type>(Type{static_cast<TypeKind>(k), nullptr, {}}));
    return types;
  }();
  return kTypes[static_cast<std::size_t>(kind)];
}

TypePtr list_type(TypePtr element) { return std::make_shared<Type>(Type{TypeKind::list, std::move(element), {}}); }

TypePtr element_type(const TypePtr& type) { return type ? type->element : nullptr; }

TypePtr member_type(const TypePtr& of, std::string_view name) {
  if (!of || of->kind != TypeKind::context) return nullptr;
  for (const auto& [member, type] : of->members) {
    if (member == name) return type;
  }
  return nullptr;
}

bool Parser::type_text(TypePtr& out) {
  if (!type(out)) return false;
  if (token().kind == TokenKind::end) return true;
  expected("the end of the type");
  return false;
}

// "<a, b>" or, named, "<a: t, b: t>".
bool Parser::type_list(std::vector<std::pair<std::string, TypePtr>>& out, bool named) {
  if (!expect("<", "after the type's name")) return false;
  while (!is(">")) {
    std::string member;
    if (named) {
      member = argument_name();
      if (member.empty()) {
        expected("a member's name followed by ':'");
        return false;
      }
    }
    TypePtr inner;
    if (!type(inner)) return false;
    out.emplace_back(std::move(member), std::move(inner));
    if (!take(",")) break;
  }
  return expect(">", "to close the type");
}

bool Parser::type(TypePtr& out) {
  const Deeper deeper(*this);
  if (!deeper.ok()) return false;
  static const std::pair<const char*, TypeKind> kNames[] = {
      {"years and months duration", TypeKind::years_months}, {"days and time duration", TypeKind::days_time},
      {"date and time", TypeKind::date_time}, {"dateTime", TypeKind::date_time}, {"yearMonthDuration", TypeKind::years_months},
      {"dayTimeDuration", TypeKind::days_time}, {"date", TypeKind::date}, {"time", TypeKind::time}, {"number", TypeKind::number},
      {"string", TypeKind::string}, {"boolean", TypeKind::boolean}, {"Any", TypeKind::any}, {"Null", TypeKind::null},
      {"list", TypeKind::list}, {"context", TypeKind::context}, {"function", TypeKind::function}, {"range", TypeKind::range}};
  const Name* named = nullptr;
  std::size_t best = 0;
  for (const Name& known : options_.types) {
    if (const std::size_t count = spelled(known.name, tokens_, at_); count > best) best = count, named = &known;
  }
  const TypeKind* kind = nullptr;
  for (const auto& [name, k] : kNames) {
    if (const std::size_t count = spelled(name, tokens_, at_); count > best) best = count, named = nullptr, kind = &k;
  }
  if (best == 0) {
    expected("a type's name");
    return false;
  }
  step(best);
  if (named != nullptr) {
    out = named->type;
    return true;
  }
  Type made{*kind, nullptr, {}};
  if (*kind == TypeKind::list || *kind == TypeKind::range) {
    if (is("<")) {
      std::vector<std::pair<std::string, TypePtr>> inner;
      if (!type_list(inner, false)) return false;
      if (inner.size() != 1) return fail("a list or range type has one type inside <>") != nullptr;
      made.element = inner[0].second;
    }
  } else if (*kind == TypeKind::context) {
    if (is("<") && !type_list(made.members, true)) return false;
  } else if (*kind == TypeKind::function) {
    if (is("<") && !type_list(made.members, false)) return false;
    if (take("->") && !type(made.element)) return false;
  } else {
    out = simple_type(*kind);
    return true;
  }
  out = std::make_shared<Type>(std::move(made));
  return true;
}

}  // namespace feel
