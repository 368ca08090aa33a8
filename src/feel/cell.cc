#include "feel/cell.h"

#include "base/text.h"
#include "feel/program.h"
#include "feel/token.h"

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

namespace {

bool is_operator(std::string_view text) {
  return text == "+" || text == "-" || text == "*" || text == "/" || text == "**" || text == "=" || text == "!=" || text.starts_with('<') || text.starts_with('>') || text == ":";
}
bool is_operator_word(std::string_view text) { return text == "and" || text == "or" || text == "in" || text == "between" || text == "then" || text == "else" || text == "return" || text == "satisfies"; }

}  // namespace

// A square bracket opens or closes a range either way round (rule 66), so what it does depends on whether an operand has been read.
std::vector<std::string_view> alternatives(std::string_view cell) {
  const auto tokens = tokenize(cell);
  if (!tokens) return {base::trim(cell)};
  std::vector<std::string_view> out;
  std::vector<bool> open;  // a bracket; true: ".." was read in it
  bool operand = false;    // an operand has just been read
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < tokens->size(); ++i) {
    const Token& token = (*tokens)[i];
    if (token.kind != TokenKind::symbol) {
      operand = !is_operator_word(token.text);
      continue;
    }
    const std::string_view text = token.text;
    const bool empty_list = text == "]" && i > 0 && (*tokens)[i - 1].text == "[";
    const bool opens = text == "(" || text == "{" || (text == "[" && !(operand && !open.empty() && open.back())) || (text == "]" && !operand && !empty_list);
    if (opens) {
      open.push_back(false);
      operand = false;
    } else if (text == ")" || text == "}" || text == "]" || text == "[") {
      if (open.empty()) return {base::trim(cell)};
      open.pop_back();
      operand = true;
    } else if (text == ".." && !open.empty()) {
      open.back() = true;
      operand = false;
    } else if (text == "," && open.empty()) {
      out.push_back(base::trim(cell.substr(begin, token.offset - begin)));
      begin = token.offset + 1;
      operand = false;
    } else {
      operand = text == "?" || (!is_operator(text) && text != "," && operand);
    }
  }
  if (!open.empty()) return {base::trim(cell)};
  out.push_back(base::trim(cell.substr(begin)));
  return out;
}

}  // namespace feel
