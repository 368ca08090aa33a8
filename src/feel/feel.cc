#include "feel/feel.h"

#include "feel/parser.h"
#include "feel/program.h"

namespace feel {

base::Error located(const ParseError& error, std::string_view text, const CompileOptions& options) {
  int line = options.line, column = options.column;
  for (const char c : text.substr(0, error.offset)) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++column;
    }
  }
  return {error.code, "FEEL: " + error.message, {options.file, line, column, options.element, ""}, error.remedy};
}

namespace {

// The program over a frame; changed in place where nobody else has it.
std::shared_ptr<const detail::Program> with_slots(std::shared_ptr<const detail::Program> program, std::span<const int> slots) {
  if (!program || slots.empty()) return program;
  const bool alone = program.use_count() == 1;
  const auto bound = alone ? std::const_pointer_cast<detail::Program>(program) : std::make_shared<detail::Program>(*program);  // was made without const
  bound->frame = 0;
  bound->constants.emplace_back();
  const Operand null(Operand::From::constant, static_cast<std::uint32_t>(bound->constants.size()) - 1);
  visit_inputs(*bound, [&](Operand& o) {
    const bool given = o.index() < slots.size() && slots[o.index()] >= 0;
    o = given ? Operand(Operand::From::input, static_cast<std::uint32_t>(slots[o.index()])) : null;
    if (given) bound->frame = std::max(bound->frame, o.index() + 1);
  });
  return bound;
}

const std::vector<std::string> kNoInputs;
const std::string kNoText;

}  // namespace

const std::vector<std::string>& Expression::inputs() const { return program_ ? program_->inputs : kNoInputs; }
bool Expression::may_be_field(std::size_t input) const { return program_ && program_->may_be_field[input]; }
const std::string& Expression::text() const { return program_ ? program_->text : kNoText; }
bool Expression::is_constant() const { return !program_ || (program_->inputs.empty() && program_->pure); }

Value Expression::evaluate(std::span<const Value> values, const Environment& env) const {
  if (!program_) return Value::null(Reason(ReasonCode::no_expression));
  Run run(env);
  Value result = run_program(*program_, nullptr, values, run);
  return run.stopped != nullptr ? Value::null(*run.stopped) : result;
}

Expression Expression::bound(std::span<const int> slots) const& { return Expression(*this).bound(slots); }
Expression Expression::bound(std::span<const int> slots) && {
  program_ = with_slots(std::move(program_), slots);
  return std::move(*this);
}
UnaryTests UnaryTests::bound(std::span<const int> slots) const& { return UnaryTests(*this).bound(slots); }
UnaryTests UnaryTests::bound(std::span<const int> slots) && {
  program_ = with_slots(std::move(program_), slots);
  return std::move(*this);
}

base::Result<Expression> compile(std::string_view text, const CompileOptions& options) {
  auto tree = parse_expression(text, options);
  if (!tree) return std::unexpected(located(tree.error(), text, options));
  Expression expression;
  expression.program_ = compile_tree(std::move(*tree), text, options, false);
  return expression;
}

// The tested value is input 0 of the program.
const std::vector<std::string>& UnaryTests::inputs() const { return names_; }
bool UnaryTests::may_be_field(std::size_t input) const { return program_ && program_->may_be_field[input + 1]; }
const std::string& UnaryTests::text() const { return program_ ? program_->text : kNoText; }
bool UnaryTests::any() const { return any_; }

Value UnaryTests::test(const Value& tested, std::span<const Value> values, const Environment& env) const {
  if (any_) return Value::boolean(true);
  if (!program_) return Value::null(Reason(ReasonCode::no_tests));
  Run run(env);
  Value result = run_program(*program_, &tested, values, run);
  return run.stopped != nullptr ? Value::null(*run.stopped) : result;
}

base::Result<UnaryTests> compile_unary_tests(std::string_view text, const CompileOptions& options) {
  auto tree = parse_unary_tests(text, options);
  if (!tree) return std::unexpected(located(tree.error(), text, options));
  UnaryTests tests;
  tests.any_ = tree->root == nullptr;
  if (tests.any_) tree->root = std::make_unique<Node>();
  tests.program_ = compile_tree(std::move(*tree), text, options, true);
  tests.names_.assign(tests.program_->inputs.begin() + 1, tests.program_->inputs.end());
  return tests;
}

std::vector<BuiltinInfo> builtins(Dialect dialect) {
  std::vector<BuiltinInfo> out;
  for (const Builtin& one : all_builtins())
    if (one.dialect == Dialect::dmn || dialect == Dialect::zeebe) out.push_back({one.name, one.signature, one.family, one.doc});
  return out;
}

base::Result<TypePtr> compile_type(std::string_view text, const CompileOptions& options) {
  auto type = parse_type(text, options);
  if (!type) return std::unexpected(located(type.error(), text, options));
  return *type;
}

}  // namespace feel
