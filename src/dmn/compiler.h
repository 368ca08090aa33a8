// Boxed expressions → nodes: names become slots, FEEL texts become programs, what is wrong goes to Faults.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "dmn/faults.h"
#include "dmn/table.h"
#include "dmn/types.h"

namespace dmn {

// The names that an expression sees, and the slots of the frame that they lie in. Inner names hide outer ones.
class Scope {
 public:
  int declare(const std::string& name, feel::TypePtr type);  // a new slot
  int hidden_slot() { return slot_count_++; }                // a slot without a name
  int find(std::string_view name) const;                     // -1: not visible
  feel::TypePtr type_of(std::string_view name) const;
  std::size_t mark() const { return names_.size(); }
  void restore(std::size_t mark);  // the names declared since are gone, their slots stay
  int slot_count() const { return slot_count_; }
  const std::vector<feel::Name>& visible() const;  // each name once
  std::vector<std::string> texts() const;
  int version() const { return version_; }  // changes with the visible names

 private:
  std::vector<feel::Name> names_;
  std::vector<int> slots_;
  int slot_count_ = 0;
  mutable std::vector<feel::Name> visible_;
  mutable bool dirty_ = true;
  int version_ = 0;
};

struct Compiled {
  NodePtr node;
  feel::TypePtr type;  // what is known of the value; nullptr = Any
};

// Compiles the logic of one decision or knowledge model.
class Compiler {
 public:
  Compiler(std::shared_ptr<const Model>, TypeTable&, Faults&, std::string owner_id, std::string owner_name);
  Scope& scope() { return scope_; }
  Compiled expression(const Expression&);
  // A function definition's parameters and body in the present scope; `self` is its own visible name, "" = none.
  std::shared_ptr<Body> body(const FunctionDefinition&, const Expression& holder, const std::string& self);
  // Whole logic of a decision: a table there reports its inputs and rules as the decision's own.
  Compiled root(const Expression&);
  static feel::TypePtr function_type(const Body&);

 private:
  Compiled without_type(const Expression&);
  Compiled literal(const LiteralExpression&, const Expression&);
  Compiled context(const BoxedContext&, const Expression&);
  Compiled list(const BoxedList&);
  Compiled relation(const Relation&, const Expression&);
  Compiled function(const FunctionDefinition&, const Expression&, const std::string& self);
  Compiled external(const FunctionDefinition&, const Expression&);
  Compiled invocation(const Invocation&, const Expression&);
  Compiled conditional(const Conditional&);
  Compiled filter(const Filter&, const Expression&);
  Compiled iteration(const Iteration&, const Expression&);

  // compile_table.cc
  Compiled table(const DecisionTable&, const Expression&);
  void table_input(const InputClause&, const std::string& element, TableNode&);
  void table_output(const OutputClause&, const std::string& element, std::size_t count, TableNode&);
  void table_rule(const DecisionRule&, int number, const DecisionTable&, const std::string& element, TableNode&);
  void check_table(const DecisionTable&, const std::string& element, const TableNode&);
  feel::TypePtr table_type(const TableNode&) const;

  // One FEEL text. Not usable (and a fault reported) where it does not compile.
  BoundExpression feel_text(const std::string& text, Position, const std::string& element, bool& usable);
  NodePtr feel_node(const Text&, const std::string& element);
  BoundTests unary_tests(const Text&, const std::string& element);
  std::vector<int> bind(const std::vector<std::string>& inputs, const std::string& text, Position, const std::string& element);
  feel::TypePtr infer(const std::string& text) const;
  std::string id_of(const Expression& e) const { return e.id.empty() ? owner_id_ : e.id; }
  void options_at(Position, const std::string& element);

  std::shared_ptr<const Model> model_;
  TypeTable& types_;
  Faults& faults_;
  std::string owner_id_, owner_name_;
  Scope scope_;
  feel::CompileOptions options_;
  int options_version_ = -1;  // of the scope whose names options_ holds
  bool at_root_ = false;
};

}  // namespace dmn
