// Inside the room: the parser's state, shared by parser.cc (operators), parser_primary.cc (what stands alone),
// parser_type.cc (types) and parser_names.cc (names and calls).
#pragma once
#include "feel/parser.h"
#include "feel/scope.h"

namespace feel {

class Parser {
 public:
  Parser(std::vector<Token> tokens, const CompileOptions& options);
  bool expression_text();
  bool unary_tests_text();
  bool type_text(TypePtr& out);
  Tree tree;
  ParseError error;

 private:
  // parser.cc
  NodePtr expression();
  NodePtr disjunction();
  NodePtr conjunction();
  NodePtr comparison();
  NodePtr in_operand(NodePtr value);
  NodePtr unary_test();
  NodePtr additive();
  NodePtr multiplicative();
  NodePtr power();
  NodePtr instance();
  NodePtr unary();
  NodePtr postfix();
  NodePtr filter(NodePtr list);
  NodePtr path(NodePtr value);
  // parser_primary.cc
  NodePtr primary();
  NodePtr number();
  NodePtr at_literal();
  NodePtr parenthesis();
  NodePtr bracket();
  NodePtr range(NodePtr low, bool low_closed, std::uint32_t offset);
  NodePtr context();
  NodePtr choice();
  NodePtr loop();
  NodePtr quantified(Op op);
  NodePtr function();
  bool iterators(Node& node, bool allow_ranges);
  bool parameters(Node& node);
  // parser_names.cc
  NodePtr name();
  NodePtr variable(std::size_t scope, std::size_t index, std::uint32_t offset);
  NodePtr field(std::size_t scope, const std::string& name, const TypePtr& type, std::uint32_t offset);
  NodePtr unknown(const std::string& name, std::uint32_t offset);
  NodePtr call(NodePtr callee, const Builtin* builtin);
  std::string argument_name();
  void add_filter_scope(const TypePtr& element, int item);
  // parser_type.cc
  bool type(TypePtr& out);
  bool type_list(std::vector<std::pair<std::string, TypePtr>>& out, bool named);

  // Tokens.
  const Token& token() const { return tokens_[at_]; }
  const Token& ahead(std::size_t n) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  bool is(std::string_view symbol) const { return token().kind == TokenKind::symbol && token().text == symbol; }
  bool is_word(std::string_view word) const { return token().kind == TokenKind::word && token().text == word; }
  bool step(std::size_t tokens = 1);  // false once too many tokens were looked at
  bool spend(std::size_t steps);      // the same for work that is not a token
  bool take(std::string_view symbol);
  bool take_word(std::string_view word);
  bool expect(std::string_view symbol, std::string_view after);
  bool expect_word(std::string_view word, std::string_view after);
  std::nullptr_t fail(std::string message, std::string remedy = {});
  std::nullptr_t expected(std::string_view what);

  // Nodes.
  NodePtr make(Op op, std::uint32_t offset, std::vector<NodePtr> kids = {});
  NodePtr constant(Value value, std::uint32_t offset, TypePtr type = nullptr);
  template <class... K>
  NodePtr node(Op op, std::uint32_t offset, K... kids) {
    std::vector<NodePtr> all;
    (all.push_back(std::move(kids)), ...);
    for (const NodePtr& kid : all) {
      if (!kid) return nullptr;
    }
    return make(op, offset, std::move(all));
  }
  int declare(std::string name, bool is_input = false);

  // Trying a reading that may turn out wrong.
  struct Mark {
    std::size_t at, scopes, variables, names;
    int level, depth;
    bool endpoint;
  };
  Mark mark() const;
  void reset(const Mark&);

  struct Deeper {  // one level of nesting
    explicit Deeper(Parser& p) : parser(p) { ++parser.depth_; }
    ~Deeper() { --parser.depth_; }
    Parser& parser;
    bool ok() const { return parser.within_depth(); }
  };
  bool within_depth();

  std::vector<Token> tokens_;
  const CompileOptions& options_;
  std::vector<Scope> scopes_;  // 0 builtins, 1 inputs, then what the text declares
  std::size_t at_ = 0;
  std::uint64_t steps_ = 0;
  int depth_ = 0, level_ = 0;
  bool endpoint_ = false;  // inside a range's high end, where '[' may close the range
  bool failed_ = false;
  std::size_t filters_ = 0;  // begun so far, those included that were given up
};

TypePtr simple_type(TypeKind kind);
TypePtr list_type(TypePtr element);
TypePtr element_type(const TypePtr&);
TypePtr member_type(const TypePtr& of, std::string_view name);

}  // namespace feel
