// Operators by precedence (grammar rules 2–19, 48–54): or, and, comparison, + -, * /, **, instance of, unary -, postfix.
#include "feel/parser.h"

#include <algorithm>

#include "base/limits.h"
#include "feel/builtins.h"
#include "feel/parser_state.h"

namespace feel {
namespace {

constexpr std::uint32_t kTreeDepth = 1000;  // of chains like 1 + 1 + …; bounds the compiler's recursion

std::uint32_t depth_of(const std::vector<NodePtr>& kids) {
  std::uint32_t depth = 0;
  for (const NodePtr& kid : kids) depth = std::max(depth, kid ? kid->depth : 0);
  return depth + 1;
}

struct Relation {
  std::string_view symbol;
  Op op;
};
constexpr Relation kRelations[] = {{"=", Op::equal},      {"!=", Op::not_equal}, {"<", Op::less},
                                   {"<=", Op::less_equal}, {">", Op::greater},    {">=", Op::greater_equal}};

}  // namespace

Parser::Parser(std::vector<Token> tokens, const CompileOptions& options) : tokens_(std::move(tokens)), options_(options) {
  scopes_.resize(2);
  scopes_[0].shared = &builtin_names(options.dialect);
  scopes_[1].names.reserve(options.names.size());
  for (const Name& name : options.names) scopes_[1].names.push_back({name.name, name.type, -1, nullptr});
}

bool Parser::step(std::size_t tokens) {
  at_ = std::min(at_ + tokens, tokens_.size() - 1);
  return spend(tokens);
}
bool Parser::spend(std::size_t steps) {
  steps_ += steps;
  if (steps_ <= base::limits::kFeelParseSteps) return true;
  fail("the expression is too ambiguous to read");
  error.code = base::ErrorCode::limit_exceeded;
  return false;
}
bool Parser::take(std::string_view symbol) { return is(symbol) && step(); }
bool Parser::take_word(std::string_view word) { return is_word(word) && step(); }

std::nullptr_t Parser::fail(std::string message, std::string remedy) {
  if (!failed_) error = {base::ErrorCode::invalid_feel, token().offset, std::move(message), std::move(remedy)};
  failed_ = true;
  return nullptr;
}
std::nullptr_t Parser::expected(std::string_view what) {
  const std::string found = token().kind == TokenKind::end ? "the end of the text" : "'" + std::string(token().text) + "'";
  return fail("found " + found, "expected " + std::string(what));
}
bool Parser::expect(std::string_view symbol, std::string_view after) {
  if (take(symbol)) return true;
  expected("'" + std::string(symbol) + "' " + std::string(after));
  return false;
}
bool Parser::expect_word(std::string_view word, std::string_view after) {
  if (take_word(word)) return true;
  expected("'" + std::string(word) + "' " + std::string(after));
  return false;
}

bool Parser::within_depth() {
  if (depth_ <= base::limits::kFeelDepth) return true;
  fail("the expression is nested more than " + std::to_string(base::limits::kFeelDepth) + " deep");
  error.code = base::ErrorCode::limit_exceeded;
  return false;
}

NodePtr Parser::make(Op op, std::uint32_t offset, std::vector<NodePtr> kids) {
  auto node = std::make_unique<Node>();
  node->op = op;
  node->offset = offset;
  node->depth = depth_of(kids);
  for (const NodePtr& kid : kids) node->mentions_tested = node->mentions_tested || (kid && kid->mentions_tested);
  node->kids = std::move(kids);
  if (node->depth > kTreeDepth) {
    fail("an expression chains more than " + std::to_string(kTreeDepth) + " operators");
    error.code = base::ErrorCode::limit_exceeded;
    return nullptr;
  }
  return node;
}

NodePtr Parser::constant(Value value, std::uint32_t offset, TypePtr type) {
  NodePtr node = make(Op::constant, offset);
  node->constant = std::move(value);
  node->type = std::move(type);
  return node;
}

int Parser::declare(std::string name, bool is_input) {
  tree.variables.push_back({std::move(name), is_input ? 0 : level_, is_input});
  return static_cast<int>(tree.variables.size()) - 1;
}

Parser::Mark Parser::mark() const { return {at_, scopes_.size(), tree.variables.size(), scopes_[1].names.size(), level_, depth_, endpoint_}; }

void Parser::reset(const Mark& m) {
  steps_ += 3 * (at_ - m.at);  // reading them again, and the nodes that were built for nothing
  at_ = m.at;
  scopes_.resize(m.scopes);
  tree.variables.resize(m.variables);
  scopes_[1].names.resize(m.names);
  for (Known& known : scopes_[1].names) {
    if (known.variable >= static_cast<int>(m.variables)) known.variable = -1;
  }
  level_ = m.level;
  depth_ = m.depth;
  endpoint_ = m.endpoint;
  failed_ = false;
  error = {};
}

bool Parser::expression_text() {
  tree.root = expression();
  if (tree.root && token().kind != TokenKind::end) tree.root = expected("an operator or the end of the expression");
  return tree.root != nullptr;
}

// Rule 17: "-", or tests, or not(tests).
bool Parser::unary_tests_text() {
  scopes_.push_back({});
  scopes_.back().names.push_back({"?", nullptr, declare("?", true), nullptr});
  if (token().kind == TokenKind::end || (is("-") && ahead(1).kind == TokenKind::end)) return true;
  const std::uint32_t offset = token().offset;
  const auto tests = [&](std::string_view closer) {
    std::vector<NodePtr> kids;
    kids.push_back(variable(2, 0, offset));
    do {
      kids.push_back(unary_test());
      if (!kids.back()) return false;
    } while (take(","));
    if (!closer.empty() && !expect(closer, "to close not(")) return false;
    if (token().kind != TokenKind::end) return expected("',' or the end of the tests") != nullptr;
    tree.root = make(Op::in, offset, std::move(kids));
    if (tree.root) tree.root->sign = closer.empty() ? 1 : 3;
    return tree.root != nullptr;
  };
  if (is_word("not") && ahead(1).text == "(") {  // not(…) as a whole; else it is the function not()
    const Mark before = mark();
    step(2);
    if (tests(")")) return true;
    reset(before);
  }
  return tests("");
}

NodePtr Parser::expression() {
  const Deeper deeper(*this);
  if (!deeper.ok()) return nullptr;
  const bool endpoint = std::exchange(endpoint_, false);
  NodePtr result = disjunction();
  endpoint_ = endpoint;
  return result;
}

NodePtr Parser::disjunction() {
  NodePtr left = conjunction();
  if (!left || !is_word("or")) return left;
  const std::uint32_t offset = token().offset;
  std::vector<NodePtr> kids;
  kids.push_back(std::move(left));
  while (take_word("or")) {
    kids.push_back(conjunction());
    if (!kids.back()) return nullptr;
  }
  return make(Op::disjunction, offset, std::move(kids));
}

NodePtr Parser::conjunction() {
  NodePtr left = comparison();
  if (!left || !is_word("and")) return left;
  const std::uint32_t offset = token().offset;
  std::vector<NodePtr> kids;
  kids.push_back(std::move(left));
  while (take_word("and")) {
    kids.push_back(comparison());
    if (!kids.back()) return nullptr;
  }
  return make(Op::conjunction, offset, std::move(kids));
}

NodePtr Parser::comparison() {
  NodePtr left = additive();
  while (left) {
    const std::uint32_t offset = token().offset;
    if (take_word("between")) {
      NodePtr low = additive();
      if (!low || !expect_word("and", "after the lower end of 'between'")) return nullptr;
      left = node(Op::between, offset, std::move(left), std::move(low), additive());
      continue;
    }
    if (take_word("in")) {
      left = in_operand(std::move(left));
      continue;
    }
    const auto* relation = std::find_if(std::begin(kRelations), std::end(kRelations), [&](const Relation& r) { return is(r.symbol); });
    if (relation == std::end(kRelations)) return left;
    step();
    left = node(relation->op, offset, std::move(left), additive());
  }
  return left;
}

// Rule 49.c: "in" one test, or "(" tests ")".
NodePtr Parser::in_operand(NodePtr value) {
  const std::uint32_t offset = token().offset;
  if (is("(")) {
    const Mark before = mark();
    const bool endpoint = std::exchange(endpoint_, false);
    std::vector<NodePtr> kids;
    kids.push_back(nullptr);
    step();
    bool ok = true;
    do {
      kids.push_back(unary_test());
      ok = kids.back() != nullptr;
    } while (ok && take(","));
    ok = ok && take(")");
    endpoint_ = endpoint;
    // "(< 5)" is a test unless it is the first operand of something longer.
    const bool goes_on = ok && token().kind == TokenKind::symbol && std::string_view("+-*/**([.").find(token().text) != std::string_view::npos;
    if (ok && (kids.size() > 2 || (kids[1]->op == Op::test && !goes_on))) {
      kids[0] = std::move(value);
      return make(Op::in, offset, std::move(kids));
    }
    reset(before);
  }
  const auto* relation = std::find_if(std::begin(kRelations), std::end(kRelations), [&](const Relation& r) { return is(r.symbol); });
  if (relation != std::end(kRelations)) return node(Op::in, offset, std::move(value), unary_test());
  return node(Op::in, offset, std::move(value), additive());
}

// Rule 7: a comparison with the tested value, or an expression.
NodePtr Parser::unary_test() {
  const std::uint32_t offset = token().offset;
  for (const Relation& relation : kRelations) {
    if (!take(relation.symbol)) continue;
    NodePtr test = node(Op::test, offset, additive());
    if (test) test->relation = relation.op;
    return test;
  }
  return expression();
}

NodePtr Parser::additive() {
  NodePtr left = multiplicative();
  while (left && (is("+") || is("-"))) {
    const Op op = is("+") ? Op::add : Op::subtract;
    const std::uint32_t offset = token().offset;
    step();
    left = node(op, offset, std::move(left), multiplicative());
  }
  return left;
}

NodePtr Parser::multiplicative() {
  NodePtr left = power();
  while (left && (is("*") || is("/"))) {
    const Op op = is("*") ? Op::multiply : Op::divide;
    const std::uint32_t offset = token().offset;
    step();
    left = node(op, offset, std::move(left), power());
  }
  return left;
}

NodePtr Parser::power() {
  NodePtr left = instance();
  while (left && is("**")) {
    const std::uint32_t offset = token().offset;
    step();
    left = node(Op::power, offset, std::move(left), instance());
  }
  return left;
}

NodePtr Parser::instance() {
  NodePtr value = unary();
  while (value && is_word("instance") && ahead(1).text == "of") {
    const std::uint32_t offset = token().offset;
    step(2);
    TypePtr target;
    if (!type(target)) return nullptr;
    value = node(Op::instance_of, offset, std::move(value));
    if (value) value->target = std::move(target);
  }
  return value;
}

NodePtr Parser::unary() {
  if (!is("-")) return postfix();
  const Deeper deeper(*this);
  if (!deeper.ok()) return nullptr;
  const std::uint32_t offset = token().offset;
  step();
  return node(Op::negate, offset, unary());
}

NodePtr Parser::postfix() {
  NodePtr value = primary();
  while (value) {
    if (is(".") && ahead(1).kind == TokenKind::word) {
      value = path(std::move(value));
    } else if (is("(")) {
      value = call(std::move(value), nullptr);
    } else if (is("[") && endpoint_) {
      // In "[1..x[" the last bracket closes the range, in "[1..x[1]]" it filters: read it as a filter where that ends well.
      const Mark before = mark();
      NodePtr list = make(Op::list, value->offset);
      const TypePtr kept = value->type;
      list->type = kept;
      NodePtr attempt = filter(std::move(list));
      if (!attempt || !(is("]") || is(")") || is("["))) {
        reset(before);
        return value;
      }
      attempt->kids[0] = std::move(value);
      value = std::move(attempt);
    } else if (is("[")) {
      value = filter(std::move(value));
    } else {
      return value;
    }
  }
  return value;
}

NodePtr Parser::filter(NodePtr list) {
  ++filters_;
  const std::uint32_t offset = token().offset;
  const TypePtr type = list->type, element = type && type->kind == TypeKind::list ? element_type(type) : type;
  step();
  scopes_.emplace_back();
  const int item = declare("item");
  add_filter_scope(element, item);
  NodePtr condition = expression();
  scopes_.pop_back();
  if (!condition || !expect("]", "after a filter")) return nullptr;
  const bool index = condition->op == Op::constant && condition->constant.kind() == Kind::number;
  NodePtr result = node(Op::filter, offset, std::move(list), std::move(condition));
  if (!result) return nullptr;
  result->variable = item;
  result->type = element ? (index ? element : list_type(element)) : nullptr;
  return result;
}

NodePtr Parser::path(NodePtr value) {
  const std::uint32_t offset = token().offset;
  step();
  const TypePtr of = value->type && value->type->kind == TypeKind::list ? element_type(value->type) : value->type;
  std::size_t count = word_run(tokens_, at_);
  if (of && of->kind == TypeKind::context) {
    for (const auto& [member, type] : of->members) count = std::max(count, spelled(member, tokens_, at_));
  }
  std::string member = spelling(tokens_, at_, count);
  step(count);
  NodePtr result = node(Op::path, offset, std::move(value));
  if (!result) return nullptr;
  const TypePtr& type = result->kids[0]->type;
  result->type = member_type(of, member);
  if (result->type && type->kind == TypeKind::list) result->type = list_type(result->type);
  result->name = std::move(member);
  return result;
}

std::expected<Tree, ParseError> parse_with(std::string_view text, const CompileOptions& options, bool (Parser::*start)()) {
  if (text.size() > base::limits::kFeelTextBytes) {
    return std::unexpected(ParseError{base::ErrorCode::limit_exceeded, 0, "an expression has more than 256 kB", ""});
  }
  auto tokens = tokenize(text);
  if (!tokens) return std::unexpected(ParseError{base::ErrorCode::invalid_feel, tokens.error().offset, tokens.error().message, tokens.error().remedy});
  Parser parser(std::move(*tokens), options);
  if (!(parser.*start)()) return std::unexpected(std::move(parser.error));
  return std::move(parser.tree);
}

std::expected<Tree, ParseError> parse_expression(std::string_view text, const CompileOptions& options) {
  return parse_with(text, options, &Parser::expression_text);
}
std::expected<Tree, ParseError> parse_unary_tests(std::string_view text, const CompileOptions& options) {
  return parse_with(text, options, &Parser::unary_tests_text);
}

std::expected<TypePtr, ParseError> parse_type(std::string_view text, const CompileOptions& options) {
  auto tokens = tokenize(text);
  if (!tokens) return std::unexpected(ParseError{base::ErrorCode::invalid_feel, tokens.error().offset, tokens.error().message, tokens.error().remedy});
  Parser parser(std::move(*tokens), options);
  TypePtr type;
  if (!parser.type_text(type)) return std::unexpected(std::move(parser.error));
  return type;
}

}  // namespace feel
