// Inside the room: what the parser read. Names are already bound to what they mean; the compiler turns a tree into a program.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "feel/type.h"
#include "feel/value.h"

namespace feel {

struct Builtin;

enum class Op : std::uint8_t {
  constant,
  variable,      // variable
  field_or,      // name, variables: filtered items, innermost first; kid 0: what else the name means (or none)
  negate,
  add, subtract, multiply, divide, power,
  conjunction, disjunction,  // any number of kids
  equal, not_equal, less, less_equal, greater, greater_equal,
  between,       // value, low, high
  in,            // value, tests…
  test,          // kid 0 with `sign`: a unary comparison as a test inside `in` ("< 5")
  choice,        // if, then, else
  loop,          // domains…, body; variables; `ranges` tells which domains are low..high pairs
  some, every,
  filter,        // list, condition; variables: item
  path,          // value; name
  list,
  context,       // values; names; variables
  range,         // low, high; sign: bit 0 low closed, bit 1 high closed
  unary_range,   // kid 0; relation in `relation`
  instance_of,   // value; target
  call,          // function, arguments; names where named
  call_builtin,  // arguments; builtin; names where named
  function,      // body; names, types, variables: parameters
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  Op op = Op::constant;
  std::uint32_t offset = 0;
  std::uint32_t depth = 1;           // of the tree below
  Value constant;
  std::string name;
  std::vector<std::string> names;
  std::vector<int> variables;        // numbers of declared variables (Tree::variables)
  std::vector<TypePtr> types;
  std::vector<NodePtr> kids;
  Op relation = Op::constant;        // of test and unary_range
  std::uint8_t sign = 0;
  bool mentions_tested = false;      // refers to "?"
  const Builtin* builtin = nullptr;
  TypePtr target;                    // instance of
  TypePtr type;                      // what is known of the value; nullptr = nothing
  int variable = -1;
};

struct Variable {
  std::string name;
  int level = 0;         // of function literals around it; 0 = the expression itself
  bool is_input = false;
  bool may_be_field = false;  // of an input: every use stands in a filter whose items may have such a field
};

struct Tree {
  NodePtr root;
  std::vector<Variable> variables;
  std::vector<int> function_levels;
};

}  // namespace feel
