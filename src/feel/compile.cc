// Tree → program: variables become places, function literals get their captures, constant parts are worked out once.
#include "base/limits.h"
#include "feel/machine.h"

namespace feel {
namespace {

using From = Operand::From;

class Compiler {
 public:
  Compiler(Tree& tree, std::string_view text, const CompileOptions& options, bool cell) : tree_(tree), program_(std::make_shared<detail::Program>()) {
    program_->text = text;
    program_->element = options.element;
    program_->line = options.line;
    program_->column = options.column;
    place_of_.resize(tree.variables.size());
    used_.assign(tree.variables.size(), false);
    for (std::size_t i = 0; i < tree.variables.size(); ++i) {
      if (!tree.variables[i].is_input) continue;
      const auto index = static_cast<std::uint32_t>(program_->inputs.size());
      place_of_[i] = !cell ? Operand(From::input, index) : index == 0 ? Operand(From::tested, 0) : Operand(From::input, index - 1);
      program_->inputs.push_back(tree.variables[i].name);
      program_->may_be_field.push_back(tree.variables[i].may_be_field);
    }
    program_->frame = static_cast<std::uint32_t>(program_->inputs.size()) - (cell ? 1 : 0);
  }

  std::shared_ptr<detail::Program> run() {
    levels_.push_back({-1, 0});
    if (tree_.root) program_->root = emit(*tree_.root);
    program_->locals = levels_.back().locals;
    return std::move(program_);
  }

 private:
  struct Level {
    int body;
    int locals;
  };

  detail::Program::Tables& tables() {
    if (!program_->tables) program_->tables = std::make_unique<detail::Program::Tables>();
    return *program_->tables;
  }
  Body& body(int index) { return tables().bodies[static_cast<std::size_t>(index)]; }

  // The place of a variable in the frame of the level that is being compiled.
  Operand resolve(int variable, std::size_t level) {
    const Variable& v = tree_.variables[static_cast<std::size_t>(variable)];
    used_[static_cast<std::size_t>(variable)] = true;
    const Operand place = place_of_[static_cast<std::size_t>(variable)];
    if (static_cast<std::size_t>(v.level) == level) return place;
    const int number = levels_[level].body;
    auto& captured = body(number).captured;
    for (std::size_t i = 0; i < captured.size(); ++i) {
      if (captured[i] == variable) return {From::capture, static_cast<std::uint32_t>(i)};
    }
    const Operand outside = resolve(variable, level - 1);
    body(number).captured.push_back(variable);
    body(number).captures.push_back(outside);
    return {From::capture, static_cast<std::uint32_t>(body(number).captures.size()) - 1};
  }
  Operand resolve(int variable) { return resolve(variable, levels_.size() - 1); }
  std::uint32_t declare(int variable) {
    const auto local = static_cast<std::uint32_t>(levels_.back().locals++);
    place_of_[static_cast<std::size_t>(variable)] = {From::local, local};
    return local;
  }
  bool used(int variable) const { return used_[static_cast<std::size_t>(variable)]; }

  Operand constant(Value value) {
    program_->constants.push_back(std::move(value));
    return {From::constant, static_cast<std::uint32_t>(program_->constants.size()) - 1};
  }
  std::uint32_t name(const std::string& name) {
    auto& names = tables().names;
    for (std::size_t i = names.size(), looked = 0; i-- > 0 && looked < 16; ++looked) {
      if (names[i] == name) return static_cast<std::uint32_t>(i);
    }
    names.push_back(name);
    return static_cast<std::uint32_t>(names.size()) - 1;
  }
  std::uint32_t type(const TypePtr& type) {
    tables().types.push_back(type);
    return static_cast<std::uint32_t>(tables().types.size()) - 1;
  }

  // Ends an instruction whose operands are many.
  static std::uint32_t put(detail::Program& program, const std::vector<std::uint32_t>& many) {
    const auto first = static_cast<std::uint32_t>(program.many.size());
    program.many.insert(program.many.end(), many.begin(), many.end());
    return first;
  }
  void many(Instruction& made, const std::vector<std::uint32_t>& operands, std::size_t count) {
    made.a.bits = put(*program_, operands);
    made.b.bits = static_cast<std::uint32_t>(count);
  }

  Operand finish(Instruction made) {
    program_->code.push_back(made);
    return {From::code, static_cast<std::uint32_t>(program_->code.size()) - 1};
  }

  Operand emit(const Node& node) {
    if (node.op != Op::function) own_variable_ = -1;
    if (node.op == Op::variable) return resolve(node.variable);
    Instruction made;
    made.op = node.op;
    made.relation = node.relation;
    made.sign = node.sign;
    made.mentions_tested = node.mentions_tested;
    made.offset = node.offset;
    switch (node.op) {
      case Op::constant: {
        const Operand place = constant(node.constant);
        if (!node.constant.has_reason()) return place;
        made.a = place;
        return finish(made);
      }
      case Op::loop: case Op::some: case Op::every: return loop(node, made);
      case Op::filter:
        made.a = emit(*node.kids[0]);
        made.slot = declare(node.variable);
        made.b = emit(*node.kids[1]);
        return finish(made);
      case Op::context: return context(node, made);
      case Op::function: return function(node, made);
      case Op::field_or: return field_or(node, made);
      case Op::in: return in(node, made);
      case Op::call: case Op::call_builtin: return call(node, made);
      case Op::conjunction: case Op::disjunction: case Op::list: {
        const std::size_t constants = program_->constants.size();
        std::vector<std::uint32_t> operands;
        for (const NodePtr& kid : node.kids) operands.push_back(emit(*kid).bits);
        many(made, operands, operands.size());
        return node.op == Op::list ? folded(made, constants, all_constant(operands)) : finish(made);
      }
      default: return few(node, made);
    }
  }

  static bool is_constant(Operand o) { return o.from() == From::constant; }
  static bool all_constant(const std::vector<std::uint32_t>& operands) {
    for (const std::uint32_t bits : operands) {
      if (!is_constant(Operand::of_bits(bits))) return false;
    }
    return true;
  }

  // Operators of one, two or three operands.
  Operand few(const Node& node, Instruction made) {
    const std::size_t constants = program_->constants.size();
    if (!node.kids.empty()) made.a = emit(*node.kids[0]);
    if (node.kids.size() > 1) made.b = emit(*node.kids[1]);
    if (node.kids.size() > 2) made.c = emit(*node.kids[2]);
    if (node.op == Op::path) made.side = name(node.name);
    if (node.op == Op::instance_of) made.side = type(node.target);
    switch (node.op) {
      case Op::negate: case Op::unary_range: return folded(made, constants, is_constant(made.a));
      case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power: case Op::range:
      case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal:
        return folded(made, constants, is_constant(made.a) && is_constant(made.b));
      case Op::between: return folded(made, constants, is_constant(made.a) && is_constant(made.b) && is_constant(made.c));
      default: return finish(made);
    }
  }

  Operand field_or(const Node& node, Instruction made) {
    if (!node.kids.empty()) made.c = emit(*node.kids[0]);
    std::vector<std::uint32_t> places;
    for (const int variable : node.variables) places.push_back(resolve(variable).bits);
    made.side = name(node.name);
    many(made, places, places.size());
    return finish(made);
  }

  Operand in(const Node& node, Instruction made) {
    std::vector<std::uint32_t> operands;
    for (const NodePtr& kid : node.kids) operands.push_back(emit(*kid).bits);
    for (std::size_t i = 1; i < node.kids.size(); ++i) operands.push_back(node.kids[i]->offset | (node.kids[i]->mentions_tested ? kMentionsTested : 0));
    many(made, operands, node.kids.size());
    return finish(made);
  }

  // Variables are visible in the domains after theirs and in the body.
  Operand loop(const Node& node, Instruction made) {
    std::vector<std::uint32_t> operands;
    std::size_t kid = 0;
    for (std::size_t i = 0; i < node.variables.size(); ++i) {
      const Operand low = emit(*node.kids[kid++]);
      const Operand high = node.names[i] == ".." ? emit(*node.kids[kid++]) : Operand();
      operands.insert(operands.end(), {declare(node.variables[i]), low.bits, high.bits});
    }
    made.sign = 0;
    if (node.op == Op::loop) made.slot = declare(node.variable);
    operands.push_back(emit(*node.kids[kid]).bits);
    if (node.op == Op::loop && used(node.variable)) made.sign = 1;  // wants "partial"
    many(made, operands, node.variables.size());
    return finish(made);
  }

  Operand context(const Node& node, Instruction made) {
    std::vector<std::uint32_t> operands;
    std::vector<std::string_view> keys;
    made.slot = static_cast<std::uint32_t>(node.kids.size());
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      // A function literal may name itself; its place is known before its body is read.
      const bool recursive = node.kids[i]->op == Op::function;
      std::uint32_t own = recursive ? declare(node.variables[i]) : 0;
      own_variable_ = recursive ? node.variables[i] : -1;
      const Operand value = emit(*node.kids[i]);
      own_variable_ = -1;
      if (!recursive) own = declare(node.variables[i]);
      operands.insert(operands.end(), {value.bits, own + 1});
      if (made.c.bits == 0 && std::find(keys.begin(), keys.end(), node.names[i]) != keys.end()) {
        made.slot = static_cast<std::uint32_t>(i);
        made.c.bits = name(node.names[i]) + 1;
      }
      keys.push_back(node.names[i]);
    }
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      if (!used(node.variables[i])) operands[2 * i + 1] = 0;
    }
    made.side = static_cast<std::uint32_t>(tables().shapes.size());
    tables().shapes.emplace_back(std::span<const std::string_view>(keys));
    many(made, operands, node.kids.size());
    return finish(made);
  }

  Operand function(const Node& node, Instruction made) {
    const int number = static_cast<int>(tables().bodies.size());
    const int own = std::exchange(own_variable_, -1);
    tables().bodies.emplace_back();
    body(number).parameters = node.names;
    body(number).types = node.types;
    levels_.push_back({number, 0});
    for (const int parameter : node.variables) declare(parameter);
    const Operand root = emit(*node.kids[0]);
    body(number).root = root;
    body(number).locals = levels_.back().locals;
    levels_.pop_back();
    for (std::size_t i = 0; i < body(number).captured.size(); ++i) {
      if (own >= 0 && body(number).captured[i] == own) body(number).self = static_cast<int>(i);
    }
    made.slot = static_cast<std::uint32_t>(number);
    made.side = type(node.type);
    return finish(made);
  }

  Operand call(const Node& node, Instruction made) {
    const std::size_t constants = program_->constants.size();
    std::vector<std::uint32_t> operands;
    for (const NodePtr& kid : node.kids) operands.push_back(emit(*kid).bits);
    if (!node.names.empty()) {
      tables().name_lists.push_back(node.names);
      made.slot = static_cast<std::uint32_t>(tables().name_lists.size());
    }
    many(made, operands, operands.size());
    if (node.builtin == nullptr) return finish(made);
    made.side = static_cast<std::uint32_t>(node.builtin - all_builtins().data());
    if (!node.names.empty() && by_position(*node.builtin, node.names, operands)) {
      tables().name_lists.pop_back();
      program_->many.resize(made.first());
      many(made, operands, operands.size());
      made.slot = 0;
      made.sign = 1;
    }
    if (!node.builtin->pure) program_->pure = false;
    return folded(made, constants, node.builtin->pure && all_constant(operands));
  }

  // Named arguments of a builtin with one signature go to their parameters' places here; what is left out is nothing.
  static bool by_position(const Builtin& builtin, const std::vector<std::string>& names, std::vector<std::uint32_t>& operands) {
    if (builtin.forms.size() != 1) return false;
    const std::vector<Parameter>& parameters = builtin.forms[0].parameters;
    std::vector<std::uint32_t> ordered(parameters.size());
    for (std::size_t n = 0; n < names.size(); ++n) {
      std::size_t at = 0;
      while (at < parameters.size() && parameters[at].name != names[n] && parameters[at].alias != names[n]) ++at;
      if (at == parameters.size() || ordered[at] != 0 || operands[n] == 0 || parameters[at].gather || parameters[at].rest) return false;
      ordered[at] = operands[n];
    }
    for (std::size_t at = 0; at < parameters.size(); ++at) {
      if (ordered[at] == 0 && !parameters[at].optional) return false;
    }
    operands = std::move(ordered);
    return true;
  }

  // Operators and pure builtins over constants become constants; nulls stay, so that their reasons come at run time.
  Operand folded(const Instruction& made, std::size_t constants, bool foldable) {
    const Operand result = finish(made);
    if (!foldable) return result;
    constexpr std::uint64_t kFoldSteps = 10'000;
    Environment environment;
    environment.max_steps = kFoldSteps;
    Run run(environment);
    Value value = run_operand(*program_, result, run);
    if (value.is_null() || run.stopped != nullptr) return result;
    program_->code.pop_back();
    if (made.op == Op::list || made.op == Op::call_builtin) program_->many.resize(made.first());
    program_->constants.resize(constants);  // its operands were the last ones
    return constant(std::move(value));
  }

  Tree& tree_;
  std::shared_ptr<detail::Program> program_;
  std::vector<Operand> place_of_;
  std::vector<bool> used_;
  std::vector<Level> levels_;
  int own_variable_ = -1;
};

}  // namespace

std::shared_ptr<detail::Program> compile_tree(Tree tree, std::string_view text, const CompileOptions& options, bool cell) {
  return Compiler(tree, text, options, cell).run();
}

void visit_inputs(detail::Program& program, const std::function<void(Operand&)>& visit) {
  const auto one = [&](Operand& o) {
    if (o.from() == From::input) visit(o);
  };
  const auto among = [&](std::size_t from, std::size_t count, std::size_t step) {
    for (std::size_t i = 0; i < count; ++i) {
      Operand o = Operand::of_bits(program.many[from + i * step]);
      one(o);
      program.many[from + i * step] = o.bits;
    }
  };
  for (Instruction& made : program.code) {
    switch (made.op) {
      case Op::conjunction: case Op::disjunction: case Op::list: case Op::call: case Op::call_builtin: case Op::in:
        among(made.first(), made.count(), 1);
        break;
      case Op::context: among(made.first(), made.count(), 2); break;
      case Op::field_or:
        among(made.first(), made.count(), 1);
        one(made.c);
        break;
      case Op::loop: case Op::some: case Op::every:
        among(made.first() + 1, made.count(), 3);
        among(made.first() + 2, made.count(), 3);
        among(made.first() + 3 * made.count(), 1, 1);
        break;
      default:
        one(made.a);
        one(made.b);
        one(made.c);
    }
  }
  one(program.root);
  if (!program.tables) return;
  for (Body& body : program.tables->bodies) {
    one(body.root);
    for (Operand& capture : body.captures) one(capture);
  }
}

detail::Program::Place detail::Program::place(std::uint32_t offset) const {
  Place at{line, column};
  for (std::uint32_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

}  // namespace feel
