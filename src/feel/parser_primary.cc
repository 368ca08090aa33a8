// What stands alone: literals, parentheses, lists, ranges, contexts, if, for, some, every, function (grammar rules 1, 8, 33–46, 56–62).
#include <algorithm>

#include "base/limits.h"
#include "feel/builtins.h"
#include "feel/function.h"
#include "feel/parser_state.h"
#include "feel/temporal.h"

namespace feel {
namespace {

// What a list's items have in common: contexts join their members, other kinds must agree.
TypePtr join_types(const std::vector<NodePtr>& kids) {
  TypePtr joined;
  for (const NodePtr& kid : kids) {
    if (!kid->type) return nullptr;
    if (!joined) {
      joined = kid->type;
    } else if (joined->kind != kid->type->kind) {
      return nullptr;
    } else if (joined->kind == TypeKind::context && joined != kid->type) {
      auto both = std::make_shared<Type>(*joined);
      for (const auto& member : kid->type->members) {
        if (!std::any_of(both->members.begin(), both->members.end(), [&](const auto& m) { return m.first == member.first; })) both->members.push_back(member);
      }
      joined = both;
    }
  }
  return joined;
}

Value at_value(const std::string& text) {
  if (const auto d = parse_date(text)) return Value::date(*d);
  if (const auto d = parse_date_time(text)) return Value::date_time(*d);
  if (const auto t = parse_time(text)) return Value::time(*t);
  if (const auto d = parse_years_months(text)) return Value::years_months(*d);
  if (const auto d = parse_days_time(text)) return Value::days_time(*d);
  return Value::null(Reason(ReasonCode::no_temporal_literal, std::string_view(text)));
}

}  // namespace

NodePtr Parser::primary() {
  const Deeper deeper(*this);
  if (!deeper.ok()) return nullptr;
  const std::uint32_t offset = token().offset;
  switch (token().kind) {
    case TokenKind::number: return number();
    case TokenKind::at_string: return at_literal();
    case TokenKind::string: {
      NodePtr text = constant(Value::string(token().value), offset, simple_type(TypeKind::string));
      step();
      return text;
    }
    case TokenKind::symbol:
      if (is("(")) return parenthesis();
      if (is("[") || is("]")) return bracket();
      if (is("{")) return context();
      return is("?") ? name() : expected("a value");
    case TokenKind::word: break;
    case TokenKind::end: return expected("a value");
  }
  // A known name of several words may start with a keyword.
  if (!is_reserved(token().text) || longest(scopes_, tokens_, at_).tokens > 1) return name();
  if (is_word("if")) return choice();
  if (is_word("for")) return loop();
  if (is_word("some")) return quantified(Op::some);
  if (is_word("every")) return quantified(Op::every);
  if (is_word("function")) return function();
  if (take_word("true")) return constant(Value::boolean(true), offset, simple_type(TypeKind::boolean));
  if (take_word("false")) return constant(Value::boolean(false), offset, simple_type(TypeKind::boolean));
  if (take_word("null")) return constant(Value(), offset);
  return expected("a value");
}

NodePtr Parser::number() {
  const std::uint32_t offset = token().offset;
  const auto value = base::Decimal::parse(token().text);
  NodePtr result = constant(value ? Value::number(*value) : Value::null(Reason(ReasonCode::number_literal_range, std::string_view(token().text))), offset,
                            simple_type(TypeKind::number));
  if (!value) result->name = token().text;
  step();
  return result;
}

NodePtr Parser::at_literal() {
  const std::uint32_t offset = token().offset;
  std::string text = token().value;
  step();
  NodePtr result = constant(at_value(text), offset);
  result->name = std::move(text);
  return result;
}

NodePtr Parser::parenthesis() {
  const std::uint32_t offset = token().offset;
  step();
  static constexpr std::pair<std::string_view, Op> kForms[] = {{"<=", Op::less_equal}, {"<", Op::less},        {">=", Op::greater_equal},
                                                               {">", Op::greater},     {"!=", Op::not_equal}, {"=", Op::equal}};
  for (const auto& [symbol, relation] : kForms) {
    if (!take(symbol)) continue;
    NodePtr result = node(Op::unary_range, offset, expression());
    if (!result || !expect(")", "after a unary range")) return nullptr;
    result->relation = relation;
    return result;
  }
  NodePtr inner = expression();
  if (!inner) return nullptr;
  if (take("..")) return range(std::move(inner), false, offset);
  return expect(")", "to close the parenthesis") ? std::move(inner) : nullptr;
}

NodePtr Parser::bracket() {
  const std::uint32_t offset = token().offset;
  const bool list_possible = is("[");
  step();
  if (list_possible && take("]")) {
    NodePtr empty = make(Op::list, offset);
    empty->type = list_type(nullptr);
    return empty;
  }
  NodePtr first = expression();
  if (!first) return nullptr;
  if (take("..")) return range(std::move(first), list_possible, offset);
  if (!list_possible) return expected("'..' of a range that starts with ']'");
  std::vector<NodePtr> kids;
  kids.push_back(std::move(first));
  while (take(",")) {
    kids.push_back(expression());
    if (!kids.back()) return nullptr;
  }
  if (!expect("]", "to close the list")) return nullptr;
  NodePtr result = make(Op::list, offset, std::move(kids));
  if (result) result->type = list_type(join_types(result->kids));
  return result;
}

NodePtr Parser::range(NodePtr low, bool low_closed, std::uint32_t offset) {
  const auto closed = [&] { return is("]") || is(")") || is("["); };
  const Mark before = mark();
  const bool endpoint = std::exchange(endpoint_, false);
  const std::size_t filters = filters_;
  NodePtr high = additive();  // "[" filters; where that ends badly, it closes the range
  if ((!high || !closed()) && filters_ != filters) {
    reset(before);
    endpoint_ = true;
    high = additive();
  }
  endpoint_ = endpoint;
  if (!high) return nullptr;
  const bool high_closed = is("]");
  if (!closed()) return expected("']', ')' or '[' to close the range");
  step();
  NodePtr result = node(Op::range, offset, std::move(low), std::move(high));
  if (!result) return nullptr;
  result->sign = static_cast<std::uint8_t>((low_closed ? 1 : 0) | (high_closed ? 2 : 0));
  result->type = simple_type(TypeKind::range);
  return result;
}

// Rule 56: entries see the ones before them; a function literal sees its own name, for recursion.
NodePtr Parser::context() {
  const std::uint32_t offset = token().offset;
  step();
  scopes_.emplace_back();
  const std::size_t scope = scopes_.size() - 1;
  std::vector<NodePtr> kids;
  std::vector<std::string> names;
  std::vector<int> variables;
  auto type = std::make_shared<Type>(Type{TypeKind::context, nullptr, {}});
  while (!is("}")) {
    std::string key;
    if (token().kind == TokenKind::string) {
      key = token().value;
      step();
      if (!expect(":", "after a context key")) return nullptr;
    } else if (key = argument_name(); key.empty()) {
      return expected("a context key followed by ':'");
    }
    const int own = declare(key);
    std::size_t opened = 0;
    while (ahead(opened).text == "(" && opened < base::limits::kFeelDepth) ++opened;
    bool is_function = ahead(opened).text == "function" && ahead(opened + 1).text == "(";
    const Mark before = mark();
    if (is_function) scopes_[scope].names.push_back({key, simple_type(TypeKind::function), own, nullptr});
    NodePtr value = expression();
    if (is_function && (!value || value->op != Op::function)) {  // a call of it, or a choice that starts with it
      scopes_[scope].names.pop_back();
      is_function = false;
      if (value) {
        reset(before);
        value = expression();
      }
    }
    if (!value) return nullptr;
    if (!is_function) scopes_[scope].names.push_back({key, value->type, own, nullptr});
    if (is_function) scopes_[scope].names.back().type = value->type;
    type->members.emplace_back(key, value->type);
    names.push_back(std::move(key));
    variables.push_back(own);
    kids.push_back(std::move(value));
    if (!take(",")) break;
  }
  scopes_.pop_back();
  if (!expect("}", "to close the context")) return nullptr;
  NodePtr result = make(Op::context, offset, std::move(kids));
  if (!result) return nullptr;
  result->names = std::move(names);
  result->variables = std::move(variables);
  result->type = std::move(type);
  return result;
}

NodePtr Parser::choice() {
  const std::uint32_t offset = token().offset;
  step();
  NodePtr condition = expression();
  if (!condition || !expect_word("then", "after the condition of 'if'")) return nullptr;
  NodePtr yes = expression();
  if (!yes || !expect_word("else", "after 'then'")) return nullptr;
  NodePtr result = node(Op::choice, offset, std::move(condition), std::move(yes), expression());
  if (result) result->type = result->kids[1]->type ? result->kids[1]->type : result->kids[2]->type;
  return result;
}

// "name in domain" of for, some and every. Kid domains; for a range two kids, marked by a name ".." in node.names.
bool Parser::iterators(Node& node, bool allow_ranges) {
  do {
    std::size_t count = 0;
    while (ahead(count).kind != TokenKind::end && !(count > 0 && ahead(count).kind == TokenKind::word && ahead(count).text == "in")) ++count;
    if (ahead(count).kind == TokenKind::end || token().kind != TokenKind::word) {
      expected("a variable name followed by 'in'");
      return false;
    }
    const std::string variable_name = spelling(tokens_, at_, count);
    step(count + 1);
    NodePtr domain = expression();
    if (!domain) return false;
    TypePtr element = domain->type && domain->type->kind == TypeKind::list ? element_type(domain->type) : nullptr;
    node.kids.push_back(std::move(domain));
    const bool is_range = allow_ranges && take("..");
    if (is_range) {
      node.kids.push_back(expression());
      if (!node.kids.back()) return false;
      element = nullptr;
    }
    node.names.push_back(is_range ? ".." : "");
    node.variables.push_back(declare(variable_name));
    scopes_.emplace_back();
    scopes_.back().names.push_back({variable_name, element, node.variables.back(), nullptr});
  } while (take(","));
  return true;
}

NodePtr Parser::loop() {
  Node draft;
  draft.offset = token().offset;
  step();
  const std::size_t scopes = scopes_.size();
  if (!iterators(draft, true) || !expect_word("return", "after the iterators of 'for'")) return nullptr;
  scopes_.emplace_back();
  draft.variable = declare("partial");
  scopes_.back().names.push_back({"partial", nullptr, draft.variable, nullptr});
  NodePtr body = expression();
  scopes_.resize(scopes);
  if (!body) return nullptr;
  draft.kids.push_back(std::move(body));
  NodePtr result = make(Op::loop, draft.offset, std::move(draft.kids));
  if (!result) return nullptr;
  result->names = std::move(draft.names);
  result->variables = std::move(draft.variables);
  result->variable = draft.variable;
  result->type = list_type(result->kids.back()->type);
  return result;
}

NodePtr Parser::quantified(Op op) {
  Node draft;
  draft.offset = token().offset;
  step();
  const std::size_t scopes = scopes_.size();
  if (!iterators(draft, true) || !expect_word("satisfies", "after the iterators of 'some' or 'every'")) return nullptr;
  NodePtr body = expression();
  scopes_.resize(scopes);
  if (!body) return nullptr;
  draft.kids.push_back(std::move(body));
  NodePtr result = make(op, draft.offset, std::move(draft.kids));
  if (!result) return nullptr;
  result->names = std::move(draft.names);
  result->variables = std::move(draft.variables);
  result->type = simple_type(TypeKind::boolean);
  return result;
}

bool Parser::parameters(Node& node) {
  while (!is(")")) {
    std::size_t count = 0;
    const auto ends = [](const Token& t) { return t.kind == TokenKind::end || t.text == ":" || t.text == "," || t.text == ")"; };
    while (!ends(ahead(count))) ++count;
    if (count == 0 || token().kind != TokenKind::word) {
      expected("a parameter name");
      return false;
    }
    std::string parameter = spelling(tokens_, at_, count);
    step(count);
    TypePtr declared;
    if (take(":") && !type(declared)) return false;
    node.variables.push_back(declare(parameter));
    scopes_.back().names.push_back({parameter, declared, node.variables.back(), nullptr});
    node.names.push_back(std::move(parameter));
    node.types.push_back(std::move(declared));
    if (!take(",")) break;
  }
  return expect(")", "after the parameters");
}

namespace {

// "external {java: {class: …, method signature: …}}" as a function; null where there is no native equivalent.
Value external_function(const Node& body, const std::vector<std::string>& parameters) {
  const auto entry = [](const Node* of, std::string_view name) -> const Node* {
    if (of == nullptr || of->op != Op::context) return nullptr;
    for (std::size_t i = 0; i < of->names.size(); ++i) {
      if (of->names[i] == name) return of->kids[i].get();
    }
    return nullptr;
  };
  const Node* java = entry(&body, "java");
  const Node *class_name = entry(java, "class"), *signature = entry(java, "method signature");
  const auto is_text = [](const Node* n) { return n != nullptr && n->op == Op::constant && n->constant.kind() == Kind::string; };
  if (!is_text(class_name) || !is_text(signature)) return Value::null(Reason(ReasonCode::external_form));
  auto function = java_function(class_name->constant.as_string(), signature->constant.as_string(), parameters);
  if (function) return Value::function(std::move(function));
  return Value::null(Reason(ReasonCode::external_unknown, class_name->constant.as_string(), signature->constant.as_string()));
}

}  // namespace

// Rule 57.
NodePtr Parser::function() {
  Node draft;
  draft.offset = token().offset;
  const std::size_t start = at_;
  step();
  if (!expect("(", "after 'function'")) return nullptr;
  const std::size_t scopes = scopes_.size();
  scopes_.emplace_back();
  ++level_;
  NodePtr body;
  bool external = false;
  if (parameters(draft)) {
    external = take_word("external");
    body = expression();
  }
  --level_;
  scopes_.resize(scopes);
  if (!body) return nullptr;
  if (external) {
    const Token &first = tokens_[start], &last = tokens_[at_ - 1];
    NodePtr result = constant(external_function(*body, draft.names), draft.offset, simple_type(TypeKind::function));
    result->name.assign(first.text.data(), last.text.data() + last.text.size());  // as written
    return result;
  }
  NodePtr result = node(Op::function, draft.offset, std::move(body));
  if (!result) return nullptr;
  auto type = std::make_shared<Type>(Type{TypeKind::function, result->kids[0]->type, {}});
  for (std::size_t i = 0; i < draft.names.size(); ++i) type->members.emplace_back(draft.names[i], draft.types[i]);
  result->names = std::move(draft.names);
  result->types = std::move(draft.types);
  result->variables = std::move(draft.variables);
  result->type = std::move(type);
  return result;
}

}  // namespace feel
