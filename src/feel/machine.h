// Inside the room: runs a program. Recursion follows the program's tree and user functions; both are bounded (Run).
#pragma once
#include <functional>

#include "feel/program.h"

namespace feel {

// What a function literal took along.
struct Closure {
  std::shared_ptr<const detail::Program> program;
  int body = 0;
  std::vector<Value> captures;
  std::weak_ptr<const Function> self;
};

struct Frame {
  std::span<const Value> inputs;
  Value* locals = nullptr;
  const Closure* closure = nullptr;
  const Value* tested = nullptr;  // of a cell: input 0, before the others

  const Value* input(std::size_t index) const {
    if (tested != nullptr && index-- == 0) return tested;
    return index < inputs.size() ? &inputs[index] : nullptr;
  }
};

class Machine {
 public:
  Machine(const detail::Program& program, Run& run, Frame& frame) : p_(program), run_(run), frame_(frame) {}
  Value eval(std::uint32_t index);

 private:
  using I = const Instruction&;
  std::uint32_t kid(I i, std::size_t n) const { return p_.kids[i.first + n]; }
  Value eval_kid(I i, std::size_t n) { return eval(kid(i, n)); }
  // The kid's value without a copy where it is a constant or a name; else it is put into `scratch`.
  const Value& peek_kid(I i, std::size_t n, Value& scratch);
  Value load(const Slot& slot) const;
  Value fail(I i, Value null) const;  // puts the position before a new reason
  Value fail(I i, std::string reason) const { return fail(i, Value::null(reason)); }

  Value field_or(I);
  Value binary(I);
  Value junction(I, bool stops_at);
  Value relation(I i, Op op, const Value& a, const Value& b) const;
  Value between(I);
  Value in(I);
  Value one_test(I in, std::uint32_t test, const Value& tested);
  Value loop(I);
  Value quantified(I);
  Value filter(I);
  Value path(I);
  Value step_into(I, const Value&);
  Value list(I);
  Value context(I);
  Value range(I);
  Value unary_range(I);
  Value call(I);
  Value function(I);
  std::vector<Value> arguments(I, std::size_t from);

  // machine_loops.cc: calls `each` with every element of the domain until it says false. Null where there is no domain.
  Value iterate(I i, const Value& domain, const std::function<bool(Value)>& each);
  Value iterate(I i, const Value& low, const Value& high, bool low_closed, bool high_closed, const std::function<bool(Value)>& each);
  Value nest(I i, std::size_t iterator, std::size_t kid_index, const std::function<bool()>& body);

  const detail::Program& p_;
  Run& run_;
  Frame& frame_;
};

}  // namespace feel
