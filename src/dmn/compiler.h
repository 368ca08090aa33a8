// Boxed expressions → nodes: names become slots, FEEL texts become programs, what is wrong goes to Faults.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dmn/faults.h"
#include "dmn/table.h"
#include "dmn/types.h"

namespace dmn {

// The names that an expression sees, and the slots of the frame that they lie in. Inner names hide outer ones. The body of
// a boxed function has a frame of its own: what it uses from outside gets a slot there when it is first used.
class Scope {
 public:
  struct Captured {
    int outside, inside;  // slots
  };
  void reserve(int slots) { slot_count_ = slots; }           // slots below are somebody else's
  // A new slot. `inferred`: what check() knows beyond the declared type, which alone decides how texts are read.
  int declare(const std::string& name, feel::TypePtr type, feel::TypePtr inferred = nullptr);
  int declare_at(const std::string& name, feel::TypePtr type, int slot, feel::TypePtr inferred = nullptr);
  int hidden_slots(int count = 1) { return std::exchange(slot_count_, slot_count_ + count); }  // without a name
  int use(std::string_view name);                            // its slot in the present frame; -1: not visible
  bool is_used(int slot) const { return used_.contains(slot); }
  bool is_visible(std::string_view name) const { return position(name) >= 0; }
  feel::TypePtr type_of(std::string_view name) const;
  std::size_t mark() const { return names_.size(); }
  void restore(std::size_t mark);  // the names declared since are gone, their slots stay
  int slot_count() const { return slot_count_; }
  void begin_function();
  std::vector<Captured> end_function();
  const std::vector<feel::Name>& visible() const;  // each name once
  std::vector<feel::Name> visible_inferred() const;
  std::vector<std::string> texts() const;
  int version() const { return version_; }  // changes with the visible names

 private:
  struct Place {
    int level, slot;
  };
  struct Level {  // a function around the one that is being compiled
    int slot_count;
    std::vector<Captured> captured;
    std::set<int> used;
  };
  int position(std::string_view name) const;
  int slot_at(std::size_t level, const Place&);
  std::vector<feel::Name> names_;
  std::vector<feel::TypePtr> inferred_;
  std::vector<Place> places_;
  std::unordered_multimap<std::string, int> by_name_;  // positions in names_
  std::vector<Level> outer_;
  std::vector<Captured> captured_;
  std::set<int> used_;
  int slot_count_ = 0;
  mutable std::vector<feel::Name> visible_;
  mutable bool dirty_ = true;
  int version_ = 0;
};

struct Compiled {
  NodePtr node;
  feel::TypePtr type;  // what is known of the value; nullptr = Any
  feel::TypePtr inferred = nullptr;  // by check() only: what the expressions say, for findings and never for reading names
  const feel::TypePtr& best() const { return type ? type : inferred; }
};

// Compiles the logic of one decision or knowledge model.
class Compiler {
 public:
  Compiler(std::shared_ptr<const Model>, TypeTable&, Faults&, std::string owner_id, std::string owner_name);
  Scope& scope() { return scope_; }
  // An import that check() does not see: what it gives is not known. One without a name may give any name.
  void add_absent_import(const std::string& name);
  Compiled expression(const Expression&);
  // A function definition's parameters and body in the present scope; `self` is its own visible name, "" = none.
  std::shared_ptr<Body> body(const FunctionDefinition&, const Expression& holder, const std::string& self);
  // Whole logic of a decision: a table there reports its inputs and rules as the decision's own.
  Compiled root(const Expression&);
  static feel::TypePtr function_type(const Body&);
  // Reports a value of type `from` where `to` is declared, if check() wants it; `what` and `what_da` name the place.
  void check_type(const feel::TypePtr& from, const feel::TypePtr& to, Position, const std::string& element, const std::string& what, const std::string& what_da);

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
  std::uint32_t table_cell(const RuleCell&, const std::string& element, std::size_t column, TableNode&);
  bool table_constant(const RuleCell&, std::size_t output, const TableNode&, feel::Value& out);
  void check_table(const DecisionTable&, const std::string& element);
  feel::TypePtr table_type(const TableNode&) const;
  feel::TypePtr table_type(const TableNode&, const std::vector<feel::TypePtr>& outputs) const;

  // check_expression.cc: only where faults_.checking(). What feel::check says of a text, as findings; its type.
  feel::TypePtr check_text(const std::string& text, Position, const std::string& element);
  void check_cell(const Text&, const feel::TypePtr& tested, const std::string& element);
  // A constant that the allowed values of its type forbid.
  void check_constants(const Text&, const feel::TypePtr&, const std::string& element, const std::string& what, const std::string& what_da);
  void check_outputs(const DecisionRule&, int number, const std::string& element, const TableNode&);
  void check_condition(const Compiled&, Position, const std::string& element);
  void report(const feel::Finding&, const std::string& element, bool cell);
  const feel::CompileOptions& check_options(Position, const std::string& element);

  // One FEEL text. Not usable (and a fault reported) where it does not compile.
  BoundExpression feel_text(const std::string& text, Position, const std::string& element, bool& usable);
  NodePtr feel_node(const Text&, const std::string& element);
  void not_feel(const base::Error&, const std::string& text);
  Compiled feel_logic(const Text&, const std::string& element);  // with the type that check() infers
  BoundTests unary_tests(const Text&, const std::string& element);
  template <class Expression>
  std::vector<int> bind(const Expression&, Position, const std::string& element);
  feel::TypePtr infer(const std::string& text) const;
  std::string id_of(const Expression& e) const { return e.id.empty() ? owner_id_ : e.id; }
  void options_at(Position, const std::string& element);

  std::shared_ptr<const Model> model_;
  TypeTable& types_;
  Faults& faults_;
  std::string owner_id_, owner_name_;
  Scope scope_;
  feel::CompileOptions options_;
  // Of the table being compiled: cells by column and text; constants by output and text, null where the text is none.
  std::vector<std::unordered_map<std::string, std::uint32_t>> cells_;
  std::vector<std::unordered_map<std::string, feel::Value>> constants_;
  int options_version_ = -1;  // of the scope whose names options_ holds
  feel::CompileOptions check_options_;
  int check_version_ = -1;
  std::vector<std::string> absent_imports_;
  std::string not_feel_;  // why the last text did not parse
  std::vector<feel::TypePtr> input_types_, output_types_;  // of the columns of the table that is being compiled
  std::set<std::pair<const feel::Type*, std::string>> clean_cells_;  // tested type and text: said nothing the last time
  bool at_root_ = false;
};

}  // namespace dmn
