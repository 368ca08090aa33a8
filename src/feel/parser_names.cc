// Names, calls and their arguments (grammar rules 25–47).
#include <algorithm>

#include "base/text.h"
#include "feel/builtins.h"
#include "feel/parser_state.h"

namespace feel {

// A filter sees "item" and the item's fields (section 10.3.2.5).
void Parser::add_filter_scope(const TypePtr& element, int item) {
  Scope& scope = scopes_.back();
  scope.item = item;
  scope.open = !element || element->kind == TypeKind::any;
  scope.names.push_back({"item", element, item, nullptr});
  if (element && element->kind == TypeKind::context) {
    for (const auto& [member, type] : element->members) scope.names.push_back({member, type, -1, nullptr});
  }
}

NodePtr Parser::variable(std::size_t scope, std::size_t index, std::uint32_t offset) {
  Known& known = scopes_[scope].names[index];
  if (known.variable < 0) known.variable = declare(known.name, true);
  NodePtr result = make(Op::variable, offset);
  result->variable = known.variable;
  result->type = known.type;
  result->mentions_tested = known.name == "?";
  return result;
}

NodePtr Parser::field(std::size_t scope, const std::string& name, const TypePtr& type, std::uint32_t offset) {
  NodePtr item = make(Op::variable, offset);
  item->variable = scopes_[scope].item;
  NodePtr result = node(Op::path, offset, std::move(item));
  if (!result) return nullptr;
  result->name = name;
  result->type = type;
  return result;
}

// A name that nobody declared: an input, unless the caller wants every name known.
NodePtr Parser::unknown(const std::string& name, std::uint32_t offset) {
  if (!options_.unknown_names_are_inputs) {
    std::vector<std::string> names;
    for (const Scope& scope : scopes_) {
      for (const Known& known : scope.all()) names.push_back(known.name);
    }
    const std::string near = base::nearest(name, names);
    fail("unknown name '" + name + "'", near.empty() ? "use a name that is in scope" : "did you mean '" + near + "'?");
    error.offset = offset;
    return nullptr;
  }
  Scope& inputs = scopes_[1];
  for (std::size_t i = 0; i < inputs.names.size(); ++i) {
    if (inputs.names[i].name == name) return variable(1, i, offset);
  }
  inputs.names.push_back({name, nullptr, -1, nullptr});
  NodePtr result = variable(1, inputs.names.size() - 1, offset);
  if (result) tree.variables[static_cast<std::size_t>(result->variable)].may_be_field = true;  // until used elsewhere: Parser::name()
  return result;
}

NodePtr Parser::name() {
  const std::uint32_t offset = token().offset;
  std::size_t known_names = 0;
  for (const Scope& scope : scopes_) known_names += scope.all().size();
  if (!spend(known_names / 8)) return nullptr;  // each of them is compared: many names in a long text would be a square
  const Match match = longest(scopes_, tokens_, at_);
  const std::size_t run = word_run(tokens_, at_);
  const bool found = match.tokens != 0 && match.tokens >= run && !(match.tokens == 1 && is_reserved(token().text));
  const std::size_t count = found ? match.tokens : run;
  if (count == 0 || (!found && is_reserved(token().text))) return expected("a value");
  const std::string spelled_name = found ? scopes_[match.scope].all()[match.index].name : spelling(tokens_, at_, count);
  step(count);

  const Known* known = found ? &scopes_[match.scope].all()[match.index] : nullptr;
  if (known != nullptr && known->builtin != nullptr && is("(")) return call(nullptr, known->builtin);
  // Filters between here and the declaration whose items may have such a field.
  std::vector<int> items;
  for (std::size_t s = scopes_.size(); s-- > (found ? match.scope + 1 : 0);) {
    if (scopes_[s].open) items.push_back(scopes_[s].item);
  }
  // A contested place: in an open filter "item" is the item itself, but a field of that name goes first.
  if (found && spelled_name == "item" && scopes_[match.scope].open && known->variable == scopes_[match.scope].item) items.push_back(known->variable);

  NodePtr meant;
  if (known == nullptr) {
    if (items.empty() || options_.unknown_names_are_inputs) {
      meant = unknown(spelled_name, offset);
      if (!meant) return nullptr;
    }
  } else if (known->builtin != nullptr) {
    meant = constant(builtin_value(*known->builtin), offset, simple_type(TypeKind::function));
    if (meant) meant->builtin = known->builtin;
  } else if (known->variable < 0 && scopes_[match.scope].item >= 0) {
    meant = field(match.scope, spelled_name, known->type, offset);
  } else {
    meant = variable(match.scope, match.index, offset);
  }
  if (items.empty()) {
    if (meant && meant->op == Op::variable) tree.variables[static_cast<std::size_t>(meant->variable)].may_be_field = false;
    return meant;
  }
  std::vector<NodePtr> kids;
  if (meant) kids.push_back(std::move(meant));
  NodePtr result = make(Op::field_or, offset, std::move(kids));
  if (!result) return nullptr;
  result->name = spelled_name;
  result->variables = std::move(items);
  return result;
}

// The name before ':' of a named argument; "" where the argument has none.
std::string Parser::argument_name() {
  if (token().kind != TokenKind::word) return {};
  std::size_t count = 0;
  for (;; ++count) {
    const Token& next = ahead(count);
    if (next.kind == TokenKind::end || next.kind == TokenKind::string || next.kind == TokenKind::at_string) return {};
    if (next.kind != TokenKind::symbol) continue;
    if (next.text == ":") break;
    if (std::string_view(",()[]{}<>=!").find(next.text[0]) != std::string_view::npos) return {};
  }
  std::string result = spelling(tokens_, at_, count);
  step(count + 1);
  return result;
}

NodePtr Parser::call(NodePtr callee, const Builtin* builtin) {
  const Deeper deeper(*this);
  if (!deeper.ok()) return nullptr;
  const std::uint32_t offset = callee ? callee->offset : token().offset;
  std::vector<NodePtr> kids;
  const TypePtr function_type = callee ? callee->type : nullptr;
  if (callee) kids.push_back(std::move(callee));
  std::vector<std::string> names;
  step();
  if (!is(")")) {
    do {
      names.push_back(argument_name());
      kids.push_back(expression());
      if (!kids.back()) return nullptr;
    } while (take(","));
  }
  if (!expect(")", "after the arguments")) return nullptr;
  const auto named = static_cast<std::size_t>(std::count_if(names.begin(), names.end(), [](const auto& n) { return !n.empty(); }));
  if (named != 0 && named != names.size()) return fail("named and positional arguments are mixed", "name all arguments or none");
  NodePtr result = make(builtin != nullptr ? Op::call_builtin : Op::call, offset, std::move(kids));
  if (!result) return nullptr;
  result->builtin = builtin;
  if (named != 0) result->names = std::move(names);
  if (function_type && function_type->kind == TypeKind::function) result->type = function_type->element;
  return result;
}

}  // namespace feel
