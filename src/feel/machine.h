// Inside the room: runs a program. Recursion follows the program's tree and user functions; both are bounded (Run).
#pragma once
#include <functional>

#include "feel/program.h"

namespace feel {

struct Frame {
  const Value* inputs = nullptr;  // at least as many as the program's `frame` says
  Value* locals = nullptr;
  const Value* captures = nullptr;
  const Value* tested = nullptr;
};

// Room for a value that may be needed.
class Spare {
 public:
  Spare() noexcept {}
  ~Spare() {
    if (made_) value_.~Value();
  }
  Spare(const Spare&) = delete;
  Spare& operator=(const Spare&) = delete;
  template <class F>
  const Value& make(F&& make) {
    new (&value_) Value(make());
    made_ = true;
    return value_;
  }

 private:
  union {
    Value value_;
  };
  bool made_ = false;
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
      : places_{&kNull, program.constants.data(), frame.locals, frame.inputs, frame.tested, frame.captures},
        locals_(frame.locals), code_(program.code.data()), p_(program), run_(run) {}
  Value eval(Operand o) { return o.is_place() ? at(o) : run(code_[o.index()]); }

 private:
  using I = const Instruction&;
  const Value& at(Operand place) const { return places_[static_cast<std::size_t>(place.from())][place.index()]; }
  // The value without a copy where it has a place; else it is put into `spare`.
  const Value& peek(Operand o, Spare& spare) {
    if (o.is_place()) return at(o);
    return spare.make([&] { return run(code_[o.index()]); });
  }
  Operand one(I i, std::size_t n) const { return Operand::of_bits(p_.many[i.first() + n]); }
  const std::string& name(std::uint32_t index) const { return p_.tables->names[index]; }

  Value run(I);
  // Puts the position before a new reason. A value that is no null goes through.
  Value fail(I i, Value value) const { return value.is_null() && value.has_reason() ? placed(i.offset, std::move(value)) : value; }
  Value fail(I i, std::string_view reason) const { return placed(i.offset, Value::null(reason)); }
  Value placed(std::uint32_t offset, Value null) const;
  Value stopped() const { return Value::null(run_.stopped); }

  template <Op op>
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

  static const Value kNull;
  const Value* const places_[Operand::kPlaces];
  Value* const locals_;
  const Instruction* const code_;
  const detail::Program& p_;
  Run& run_;
};

}  // namespace feel
