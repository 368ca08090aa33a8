// Compiled logic: a tree of nodes evaluated over a frame of slots. Names were resolved to slots when the model was compiled.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "dmn/dmn.h"
#include "dmn/model.h"
#include "feel/feel.h"
#include "feel/function.h"

namespace dmn {

// One call of Program::evaluate or invoke: what nested calls share. Functions reach it through the thread, because FEEL
// calls them with nothing but their arguments.
struct Run {
  DecisionTrace* current = nullptr;  // of the decision being evaluated; null when no trace is wanted
  TraceLevel level = TraceLevel::none;
  bool failed = false;
  std::string failure, failed_decision;
  int depth = 0;  // calls of knowledge models, services and boxed functions inside each other

  static Run*& here();  // of this thread; null outside an evaluation
};

struct Frame {
  std::vector<feel::Value> slots;
  const feel::Environment& environment;
};

class Node {
 public:
  virtual ~Node() = default;
  virtual feel::Value evaluate(Frame&) const = 0;
};
using NodePtr = std::unique_ptr<const Node>;

// Null with a reason, which is also told to whoever listens.
feel::Value null_because(const feel::Environment&, std::string reason);
// Null, and the whole evaluation counts as failed.
feel::Value fail_because(const feel::Environment&, std::string reason);
// The value as its declared type wants it; null with a reason that names `what` when it does not conform.
feel::Value conformed(const feel::Value&, const feel::TypePtr&, const std::string& what, const feel::Environment&);

// A FEEL expression with its free names bound to slots; slot -1 is a name that nothing gives (null).
struct BoundExpression {
  feel::Expression expression;
  std::vector<int> slots;
  feel::Value evaluate(const Frame&) const;
};
struct BoundTests {
  feel::UnaryTests tests;
  std::vector<int> slots;  // of its free names
  bool usable = true;  // false: the cell did not compile, it matches nothing
  feel::Value test(const feel::Value& tested, const std::vector<feel::Value>& slots, const feel::Environment&) const;
  bool matches(const feel::Value& tested, const std::vector<feel::Value>& slots, const feel::Environment& environment) const {
    return (usable && tests.any()) || test(tested, slots, environment).is_true();
  }
};

struct LiteralNode final : Node {
  BoundExpression bound;
  feel::Value evaluate(Frame&) const override;
};

// What could not be compiled and was let through: null with the fault as its reason.
struct FaultNode final : Node {
  std::string reason;
  feel::Value evaluate(Frame&) const override;
};

struct TypedNode final : Node {  // a typeRef around any logic
  NodePtr inner;
  feel::TypePtr type;
  std::string what;
  feel::Value evaluate(Frame&) const override;
};

struct ContextNode final : Node {  // 10.5.3
  struct Entry {
    std::string name;  // "" = the result cell
    int slot = -1;
    feel::TypePtr type;
    NodePtr value;  // may be null: null
  };
  std::vector<Entry> entries;
  feel::Value evaluate(Frame&) const override;
};

struct ListNode final : Node {
  std::vector<NodePtr> items;
  feel::Value evaluate(Frame&) const override;
};

struct RelationNode final : Node {  // 10.5.5
  struct Column {
    std::string name;
    feel::TypePtr type;
  };
  std::vector<Column> columns;
  std::vector<std::vector<NodePtr>> rows;
  feel::Value evaluate(Frame&) const override;
};

struct ConditionalNode final : Node {  // 10.5.6
  NodePtr condition, then, otherwise;
  feel::Value evaluate(Frame&) const override;
};

struct FilterNode final : Node {  // 10.5.7, where the match is no literal expression
  NodePtr in, match;
  int item_slot = -1;
  feel::Value evaluate(Frame&) const override;
};

struct IterationNode final : Node {  // 10.5.8, 10.5.9
  IterationKind kind = IterationKind::for_return;
  int slot = -1, partial_slot = -1;
  BoundExpression items;  // the list, from a value of any kind that can be iterated
  NodePtr in, body;
  feel::Value evaluate(Frame&) const override;
};

struct Parameter {
  std::string name;
  feel::TypePtr type;
  int slot = -1;
};

// A function's logic; shared by the program and by the function values made of it.
struct Body {
  std::string name;  // for reasons
  std::vector<Parameter> parameters;
  NodePtr logic;  // may be null: null
  feel::TypePtr result;
  int slot_count = 0;
  int self_slot = -1;                                  // its own name, for recursion
  std::vector<std::pair<int, feel::Value>> constants;  // what it requires: other functions
};
// A value that calls the body over a copy of `captured`.
feel::Value function_value(std::shared_ptr<const Body>, feel::TypePtr type, std::vector<feel::Value> captured);

struct FunctionNode final : Node {  // 10.5.4
  std::shared_ptr<const Body> body;
  feel::TypePtr type;
  feel::Value evaluate(Frame&) const override;
};

struct InvocationNode final : Node {  // 7.3.6
  NodePtr called;
  std::string callee;  // for reasons
  struct Argument {
    std::string name;
    NodePtr value;
  };
  std::vector<Argument> arguments;
  feel::Value evaluate(Frame&) const override;
};

}  // namespace dmn
