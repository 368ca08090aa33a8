// Inside the room: runs a program. Recursion follows the program's tree and user functions; both are bounded (Run).
#pragma once
#include <functional>

#include "feel/program.h"

namespace feel {

struct Frame {
  std::span<const Value> inputs;
  Value* locals = nullptr;
  const Closure* closure = nullptr;
  const Value* tested = nullptr;
};

// A local that shows one item after the other without owning it.
class Lent {
 public:
  explicit Lent(Value& place) : place_(place) {}
  ~Lent() { place_.lend_nothing(); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  Value& place_;
};

class Machine {
 public:
  Machine(const detail::Program& program, Run& run, const Frame& frame)
      : p_(program), code_(program.code.data()), constants_(program.constants.data()), run_(run), frame_(frame) {}
  Value eval(Operand o) {
    if (o.from() == Operand::From::code) return run(code_[o.index()]);
    return load(o);
  }

 private:
  using I = const Instruction&;
  // The value without a copy where it has a place; else it is put into `scratch`, which is null before.
  const Value& peek(Operand o, Value& scratch) {
    switch (o.from()) {
      case Operand::From::code: return *new (&scratch) Value(run(code_[o.index()]));
      case Operand::From::constant: return constants_[o.index()];
      case Operand::From::local: return frame_.locals[o.index()];
      case Operand::From::tested: return *frame_.tested;
      case Operand::From::input: return o.index() < frame_.inputs.size() ? frame_.inputs[o.index()] : scratch;
      case Operand::From::capture: return *new (&scratch) Value(captured(o.index()));
      case Operand::From::nothing: break;
    }
    return scratch;
  }
  Value load(Operand o) const;
  Value captured(std::size_t index) const;
  Operand one(I i, std::size_t n) const { return Operand::of_bits(p_.many[i.first() + n]); }
  const std::string& name(std::uint32_t index) const { return p_.tables->names[index]; }

  Value run(I);
  // Puts the position before a new reason. A value that is no null goes through.
  Value fail(I i, Value value) const { return value.is_null() && value.has_reason() ? placed(i.offset, std::move(value)) : value; }
  Value fail(I i, Reason reason) const { return placed(i.offset, Value::null(std::move(reason))); }
  Value placed(std::uint32_t offset, Value null) const;
  // A null that follows from a null or from what is no boolean: it says why, but is no event of its own for a trace.
  Value follows(std::uint32_t offset, Reason) const;
  Value stopped() const { return Value::null(*run_.stopped); }

  Value arithmetic(I);
  Value comparison(I);
  Value choice(I);
  Value field_or(I);
  Value junction(I, bool stops_at);
  Value relation(std::uint32_t offset, Op op, const Value& a, const Value& b) const;
  Value between(I);
  Value in(I);
  Value one_test(I in, std::size_t n, const Value& tested);
  Value loop(I);
  Value quantified(I);
  Value filter(I);
  Value path(I);
  Value step_into(I, const Value&);
  Value list(I);
  Value context(I);
  Value range(I);
  Value unary_range(I);
  Value builtin(I);
  Value call(I);
  Value function(I);

  // machine_loops.cc
  struct Nest;
  bool iterate(I i, const Value& low, const Value& high, bool low_closed, bool high_closed, Nest&, std::size_t iterator);
  bool iterate(I i, Nest&, std::size_t iterator);
  bool each(I i, Nest&, std::size_t iterator, const Value& item);
  bool round(I i, Nest&);

  const detail::Program& p_;
  const Instruction* const code_;
  const Value* const constants_;
  Run& run_;
  const Frame frame_;
};

}  // namespace feel
