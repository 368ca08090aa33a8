// Inside the room: a tree made flat, with every name a place: what evaluate() runs.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "feel/builtins.h"
#include "feel/tree.h"

namespace feel {

// Where an operand's value is found: a place that needs no work, or an instruction's result.
struct Operand {
  enum class From : std::uint8_t { nothing, constant, local, input, tested, capture, code };
  static constexpr std::size_t kPlaces = 6;
  std::uint32_t bits = 0;  // nothing: null

  constexpr Operand() = default;
  constexpr Operand(From from, std::uint32_t index) : bits(static_cast<std::uint32_t>(from) << 29 | index) {}
  constexpr From from() const { return static_cast<From>(bits >> 29); }
  constexpr bool is_place() const { return bits < static_cast<std::uint32_t>(kPlaces) << 29; }
  constexpr std::uint32_t index() const { return bits & 0x1fff'ffff; }
  static constexpr Operand of_bits(std::uint32_t bits) {
    Operand o;
    o.bits = bits;
    return o;
  }
};

// A function literal's body: its own locals, and what it takes along from outside.
struct Body {
  std::vector<std::string> parameters;
  std::vector<TypePtr> types;       // of parameters; nullptr = not declared
  std::vector<Operand> captures;    // in the frame around it
  std::vector<int> captured;        // variable numbers, while compiling
  int self = -1;                    // the capture that is the function itself
  Operand root;
  int locals = 0;                   // parameters first
};

// What the fields hold is told for each operator. "many": `a` and `b` are no operands but where they begin in
// Program::many, and how many there are (first(), count()).
//   negate, unary_range, instance_of, path, test          a
//   add … power, equal … greater_equal, range             a, b
//   between, choice                                       a, b, c
//   filter                                                a list, b condition, slot item
//   constant                                              a: a null with a reason, which is told when it is reached
//   conjunction, disjunction, list, call, call_builtin    many operands
//   in                                                    many: the tested value, the tests, then for each test its offset in the text, with kMentionsTested
//   context                                               many pairs: operand, 1 + local (0: no later entry asks for it); slot: how many are
//                                                         worked out before a key comes twice, c: that name + 1
//   field_or                                              many: places of the filtered items; c what else the name means
//   loop, some, every                                     many: for each iterator its local, domain, end of a range (or nothing); then the body;
//                                                         slot "partial"
//   function                                              slot its body
inline constexpr std::uint32_t kMentionsTested = 1u << 31;  // the test refers to "?"

struct Instruction {
  Op op = Op::constant;
  Op relation = Op::constant;
  std::uint8_t sign = 0;
  bool mentions_tested = false;
  std::uint32_t offset = 0;  // in the text
  Operand a, b, c;
  std::uint32_t side = 0;    // index into one of the program's side tables
  std::uint32_t slot = 0;

  std::uint32_t first() const { return a.bits; }
  std::uint32_t count() const { return b.bits; }
};
static_assert(sizeof(Instruction) <= 32);

namespace detail {
// A unique_ptr whose copy owns a copy.
template <class T>
struct Owned : std::unique_ptr<T> {
  using std::unique_ptr<T>::unique_ptr;
  Owned(std::unique_ptr<T> made) : std::unique_ptr<T>(std::move(made)) {}
  Owned(const Owned& other) : std::unique_ptr<T>(other ? std::make_unique<T>(*other) : nullptr) {}
  Owned(Owned&&) = default;
  Owned& operator=(Owned&&) = default;
};

struct Program : std::enable_shared_from_this<Program> {
  std::string text, element;
  std::vector<Instruction> code;
  std::vector<std::uint32_t> many;
  std::vector<Value> constants;
  std::vector<std::string> inputs;
  std::vector<bool> may_be_field;  // of inputs
  Operand root;
  int locals = 0;
  std::uint32_t frame = 0;   // how many values of the frame it may read
  int line = 1, column = 1;  // of the text's first character
  bool pure = true;          // no now(), no today()
  struct Tables {            // what few programs have
    std::vector<Body> bodies;
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> name_lists;
    std::vector<Shape> shapes;
    std::vector<TypePtr> types;
  };
  Owned<Tables> tables;

  struct Place {
    int line, column;
  };
  Place place(std::uint32_t offset) const;  // lines and columns count from the text's place in its file; columns count code points
};
}  // namespace detail

// `cell`: the tree's first variable is the tested value ("?").
std::shared_ptr<detail::Program> compile_tree(Tree tree, std::string_view text, const CompileOptions& options, bool cell);
// `tested`: of a cell's program; nullptr for an expression.
Value run_program(const detail::Program&, const Value* tested, std::span<const Value> inputs, Run&);
Value run_operand(const detail::Program&, Operand, Run&);  // constants only
// Calls `visit` with every operand that reads a frame's input, to change it.
void visit_inputs(detail::Program&, const std::function<void(Operand&)>& visit);

// What a function literal took along.
struct Closure {
  std::shared_ptr<const detail::Program> program;
  int body = 0;
  std::vector<Value> captures;
  std::weak_ptr<const Function> self;
};
Value call_closure(const Closure&, std::span<const Value> args, Run&);

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
