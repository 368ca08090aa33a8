#include "feel/cell.h"

#include "feel/program.h"

namespace feel {

struct Access {
  static const detail::Program* program(const UnaryTests& tests) { return tests.program_.get(); }
  static const detail::Program* program(const Expression& expression) { return expression.program_.get(); }
};

namespace {

std::optional<ConstantTests::Relation> relation_of(Op op) {
  using Relation = ConstantTests::Relation;
  switch (op) {
    case Op::equal: return Relation::equal;
    case Op::not_equal: return Relation::not_equal;
    case Op::less: return Relation::less;
    case Op::less_equal: return Relation::less_equal;
    case Op::greater: return Relation::greater;
    case Op::greater_equal: return Relation::greater_equal;
    default: return std::nullopt;
  }
}

}  // namespace

// A cell's program is one `in`: the tested value (input 0), then its tests (parser.cc); constants are folded.
std::optional<ConstantTests> constant_tests(const UnaryTests& cell) {
  const detail::Program* program = Access::program(cell);
  if (program == nullptr || cell.any() || program->root.from() != Operand::From::code) return std::nullopt;
  const Instruction& root = program->code[program->root.index()];
  if (root.op != Op::in || (root.sign & 1) == 0 || root.count() < 2) return std::nullopt;
  const auto constant = [&](Operand o) { return o.from() == Operand::From::constant ? &program->constants[o.index()] : nullptr; };
  ConstantTests out;
  out.negated = (root.sign & 2) != 0;
  for (std::uint32_t n = 1; n < root.count(); ++n) {
    const Operand operand = Operand::of_bits(program->many[root.first() + n]);
    if (const Value* value = constant(operand)) {
      out.tests.push_back({ConstantTests::Relation::in, *value});
      continue;
    }
    if (operand.from() != Operand::From::code) return std::nullopt;
    const Instruction& test = program->code[operand.index()];
    const auto relation = relation_of(test.relation);
    if (test.op != Op::test || !relation || constant(test.a) == nullptr) return std::nullopt;
    out.tests.push_back({*relation, *constant(test.a)});
  }
  return out;
}

std::optional<PathOfOne> path_of_one(const Expression& expression) {
  const detail::Program* program = Access::program(expression);
  if (program == nullptr || program->root.from() != Operand::From::code || program->tables == nullptr) return std::nullopt;
  const Instruction& root = program->code[program->root.index()];
  if (root.op != Op::path || root.a.from() != Operand::From::input) return std::nullopt;
  return PathOfOne{root.a.index(), program->tables->names[root.side]};
}

}  // namespace feel
