// Inside the room: tree → typed tree, and what can be known to be wrong. The parser has bound the names; nothing here changes what runs.
#pragma once
#include <vector>

#include "feel/check_types.h"
#include "feel/parser.h"

namespace feel {

class Checker {
 public:
  Checker(Tree& tree, std::string_view text, const CompileOptions& options) : tree_(tree), text_(text), options_(options), types_(tree.variables.size()) {}

  TypePtr expression() { return type_of(*tree_.root); }
  void tests(const TypePtr& tested);
  void unknown_names();
  std::vector<Finding> take();  // with line and column

 private:
  // check.cc. Sets Node::type of the node and all below it.
  TypePtr type_of(Node&);
  TypePtr judge(Node&);
  TypePtr constant(Node&);
  TypePtr variable(const Node&) const;
  TypePtr field_or(Node&);
  TypePtr negation(Node&);
  TypePtr binary(Node&);
  TypePtr junction(Node&);
  TypePtr comparison(Node&);
  TypePtr between(Node&);
  TypePtr in(Node&);
  void one_test(Node& test, const TypePtr& tested, bool cell);
  TypePtr choice(Node&);
  TypePtr iteration(Node&);
  TypePtr filter(Node&);
  TypePtr path(Node&);
  TypePtr member(const Node&, const TypePtr& of);
  TypePtr list(Node&);
  TypePtr context(Node&);
  TypePtr range(Node&);
  TypePtr instance(Node&);
  // check_call.cc
  TypePtr function(Node&);
  TypePtr call(Node&);
  TypePtr builtin_call(Node&);
  bool fits_form(const Signature&, const Node&, const std::vector<TypePtr>&, std::string& why, std::string& why_da) const;

  std::optional<Value> value_of(const Node&) const;  // of constant parts
  void constant_null(const Node&);
  void condition(const Node&, std::string_view of, std::string_view of_da);
  void add(FindingKind, const Node&, std::string message, std::string message_da, std::string remedy);

  Tree& tree_;
  std::string_view text_;
  const CompileOptions& options_;
  std::vector<TypePtr> types_;  // of variables that the text declares
  std::vector<Finding> findings_;
};

std::string named(const TypePtr&);     // "number"; a list as "list"
std::string named_da(const TypePtr&);  // "tal"

}  // namespace feel
