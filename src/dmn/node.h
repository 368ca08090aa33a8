// Compiled logic: a tree of nodes evaluated over a frame of slots. Names were resolved to slots when the model was compiled.
#pragma once
#include <memory>
#include <span>
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

  static Run*& here() { return of_thread_; }  // null outside an evaluation

 private:
  static constinit inline thread_local Run* of_thread_ = nullptr;
};

// The values that a decision's or a function's logic works on: one slot for each name.
struct Frame {
  std::span<feel::Value> slots;
  const feel::Environment& environment;
  Run& run;
};

class Node {
 public:
  virtual ~Node() = default;
  virtual feel::Value evaluate(Frame&) const = 0;
  // The value where it is always the same; null pointer otherwise.
  virtual const feel::Value* constant() const { return nullptr; }
  // Whether every value that it gives is null or of that type as it is, so that nobody needs to ask.
  virtual bool always_gives(const feel::TypePtr&) const { return false; }
};
using NodePtr = std::unique_ptr<const Node>;

// Null with a reason, which is also told to whoever listens.
feel::Value null_because(const feel::Environment&, std::string reason);
// Null, and the whole evaluation counts as failed.
feel::Value fail_because(const feel::Environment&, std::string reason);

// The kind alone says that the value conforms.
inline bool fits_at_once(const feel::Value& value, const feel::Type& type) {
  if (type.allows || value.kind() >= feel::Kind::list) return false;
  return static_cast<int>(type.kind) == static_cast<int>(value.kind()) + 1;  // TypeKind has `any` first, then Kind's order
}
static_assert(static_cast<int>(feel::TypeKind::number) == static_cast<int>(feel::Kind::number) + 1 &&
              static_cast<int>(feel::TypeKind::days_time) == static_cast<int>(feel::Kind::days_time) + 1);
// Null that says what did not conform: `what` is "input 'x'".
feel::Value not_conforming(const feel::Value&, const feel::TypePtr&, const std::string& what, const feel::Environment&);
// The value as its declared type wants it; else null with a reason. `what()` gives the words for it, and is called only then.
template <class What>
feel::Value conformed(feel::Value value, const feel::TypePtr& type, const feel::Environment& environment, const What& what) {
  if (type == nullptr || value.is_null() || fits_at_once(value, *type) || feel::conforms(value, type)) return value;
  feel::Value out = feel::conform(value, type);
  return out.is_null() ? not_conforming(value, type, what(), environment) : out;
}

// A FEEL expression bound to the slots of a frame.
struct BoundExpression {
  feel::Expression expression;
  int only_slot = -1;  // the expression is nothing but this slot's name …
  int path_slot = -1;  // … or "name.member" of this one
  std::string member;
  feel::Value evaluate(const Frame&) const;
};
struct BoundTests {
  feel::UnaryTests tests;
  bool has_names = false;  // it needs the frame
  bool usable = true;      // false: the cell did not compile, it matches nothing
  bool matches(const feel::Value& tested, std::span<const feel::Value> frame, const feel::Environment&) const;
};

struct ConstantNode final : Node {
  feel::Value value;
  feel::Value evaluate(Frame&) const override { return value; }
  const feel::Value* constant() const override { return &value; }
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
  feel::Shape shape;  // of the context; empty where there is a result cell
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
  feel::Shape shape;
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
  feel::TypePtr inferred;  // of the logic, by check() only
  int slot_count = 0;
  int self_slot = -1;                                  // its own name, for recursion; -1 where it does not use it
  std::vector<std::pair<int, feel::Value>> constants;  // what it requires: other functions
  std::vector<int> captured;                           // slots of what it takes along from outside
};
// A value that calls the body; `captured` are the values for Body::captured.
feel::Value function_value(std::shared_ptr<const Body>, feel::TypePtr type, std::vector<feel::Value> captured);

struct FunctionNode final : Node {  // 10.5.4
  std::vector<int> outside;  // slots around it of what it takes along
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
