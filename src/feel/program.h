// Inside the room: a tree made flat, with every name a slot: what evaluate() runs.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "feel/builtins.h"
#include "feel/tree.h"

namespace feel {

struct Slot {
  enum class From : std::uint8_t { none, local, input, capture } from = From::none;
  int index = -1;
};

// A function literal's body: its own locals, and what it takes along from outside.
struct Body {
  std::vector<std::string> parameters;
  std::vector<TypePtr> types;       // of parameters; nullptr = not declared
  std::vector<Slot> captures;       // in the frame around it
  std::vector<int> captured;        // variable numbers, while compiling
  int self = -1;                    // the capture that is the function itself
  int root = -1;
  int locals = 0;                   // parameters first
};

struct Instruction {
  Op op = Op::constant;
  Op relation = Op::constant;
  std::uint8_t sign = 0;
  bool mentions_tested = false;
  bool constant_so_far = false;
  int line = 0, column = 0;
  Slot slot;
  std::uint32_t first = 0, count = 0;  // of Program::kids
  Value constant;
  std::string name;
  const Builtin* builtin = nullptr;
  TypePtr target;
  std::vector<std::string> names;
  std::vector<Slot> slots;
  int body = -1;
};

namespace detail {
struct Program : std::enable_shared_from_this<Program> {
  std::string text, element;
  std::vector<Instruction> code;
  std::vector<std::uint32_t> kids;
  std::vector<Body> bodies;
  std::vector<std::string> inputs;
  std::uint32_t root = 0;
  int locals = 0;
  bool pure = true;  // no now(), no today()
};
}  // namespace detail

std::shared_ptr<detail::Program> compile_tree(Tree tree, std::string_view text, const CompileOptions& options);
// `tested`: input 0 of a cell's program, nullptr for an expression.
Value run_program(const detail::Program&, const Value* tested, std::span<const Value> inputs, Run&);
Value run_instruction(const detail::Program&, std::uint32_t index, Run&);  // constants only

// Operators (arithmetic.cc). Failures are null with a reason.
Value add(const Value&, const Value&);
Value subtract(const Value&, const Value&);
Value multiply(const Value&, const Value&);
Value divide(const Value&, const Value&);
Value power(const Value&, const Value&);
Value negate(const Value&);
Value property(const Value&, std::string_view name);  // of temporal values and ranges; null with reason
// `x in test`: equal, in a range, in a list, or any of a list of ranges.
Value is_in(const Value& tested, const Value& test);
bool boundary_type(const Value& value, const TypePtr& type);

}  // namespace feel
