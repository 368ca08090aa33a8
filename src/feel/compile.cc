// Tree → program: variables become slots, function literals get their captures, constant parts are worked out once.
#include <map>

#include "base/limits.h"
#include "feel/program.h"

namespace feel {
namespace {

class Compiler {
 public:
  Compiler(Tree& tree, std::string_view text, const CompileOptions& options)
      : tree_(tree), options_(options), program_(std::make_shared<detail::Program>()) {
    program_->text = text;
    program_->element = options.element;
    local_of_.assign(tree.variables.size(), -1);
    used_.assign(tree.variables.size(), false);
    for (std::size_t i = 0; i < tree.variables.size(); ++i) {
      if (!tree.variables[i].is_input) continue;
      local_of_[i] = static_cast<int>(program_->inputs.size());
      program_->inputs.push_back(tree.variables[i].name);
    }
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

  // The slot of a variable in the frame of the level that is being compiled.
  Slot resolve(int variable, std::size_t level) {
    const Variable& v = tree_.variables[static_cast<std::size_t>(variable)];
    used_[static_cast<std::size_t>(variable)] = true;
    const int index = local_of_[static_cast<std::size_t>(variable)];
    if (static_cast<std::size_t>(v.level) == level) return {v.is_input ? Slot::From::input : Slot::From::local, index};
    const int number = levels_[level].body;
    auto& captured = body(number).captured;
    for (std::size_t i = 0; i < captured.size(); ++i) {
      if (captured[i] == variable) return {Slot::From::capture, static_cast<int>(i)};
    }
    const Slot outside = resolve(variable, level - 1);
    body(number).captured.push_back(variable);
    body(number).captures.push_back(outside);
    return {Slot::From::capture, static_cast<int>(body(number).captures.size()) - 1};
  }
  Body& body(int index) { return program_->bodies[static_cast<std::size_t>(index)]; }
  Slot resolve(int variable) { return resolve(variable, levels_.size() - 1); }
  Slot declare(int variable) {
    local_of_[static_cast<std::size_t>(variable)] = levels_.back().locals;
    return {Slot::From::local, levels_.back().locals++};
  }

  void place(Instruction& instruction, std::uint32_t offset) {
    // Lines and columns count from the text's place in its file; columns count code points.
    int line = options_.line, column = options_.column;
    for (std::uint32_t i = 0; i < offset && i < program_->text.size(); ++i) {
      const char c = program_->text[i];
      if (c == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
        ++column;
      }
    }
    instruction.line = line;
    instruction.column = column;
  }

  // Kids that a loop's variables are visible in come after them, so variables are declared in between.
  std::vector<std::uint32_t> emit_kids(const Node& node, Instruction& instruction) {
    std::vector<std::uint32_t> kids;
    switch (node.op) {
      case Op::loop:
      case Op::some:
      case Op::every: {
        std::size_t kid = 0;
        for (std::size_t i = 0; i < node.variables.size(); ++i) {
          kids.push_back(emit(*node.kids[kid++]));
          if (node.names[i] == "..") kids.push_back(emit(*node.kids[kid++]));
          instruction.slots.push_back(declare(node.variables[i]));
        }
        if (node.op == Op::loop) instruction.slot = declare(node.variable);
        kids.push_back(emit(*node.kids[kid]));
        if (node.op == Op::loop && used_[static_cast<std::size_t>(node.variable)]) instruction.sign = 1;  // wants "partial"
        break;
      }
      case Op::filter:
        kids.push_back(emit(*node.kids[0]));
        instruction.slot = declare(node.variable);
        kids.push_back(emit(*node.kids[1]));
        break;
      case Op::context:
        for (std::size_t i = 0; i < node.kids.size(); ++i) {
          // A function literal may name itself; its slot is known before its body is read.
          const bool recursive = node.kids[i]->op == Op::function;
          Slot own;
          if (recursive) own = declare(node.variables[i]);
          own_variable_ = recursive ? node.variables[i] : -1;
          kids.push_back(emit(*node.kids[i]));
          own_variable_ = -1;
          instruction.slots.push_back(recursive ? own : declare(node.variables[i]));
        }
        break;
      case Op::function: emit_function(node, instruction); break;
      default:
        for (const NodePtr& kid : node.kids) kids.push_back(emit(*kid));
    }
    return kids;
  }

  void emit_function(const Node& node, Instruction& instruction) {
    const int number = static_cast<int>(program_->bodies.size());
    const int own = std::exchange(own_variable_, -1);
    program_->bodies.emplace_back();
    body(number).parameters = node.names;
    body(number).types = node.types;
    levels_.push_back({number, 0});
    for (const int parameter : node.variables) declare(parameter);
    const std::uint32_t root = emit(*node.kids[0]);
    body(number).root = static_cast<int>(root);
    body(number).locals = levels_.back().locals;
    levels_.pop_back();
    for (std::size_t i = 0; i < body(number).captured.size(); ++i) {
      if (own >= 0 && body(number).captured[i] == own) body(number).self = static_cast<int>(i);
    }
    instruction.body = number;
    instruction.target = node.type;
  }

  std::uint32_t emit(const Node& node) {
    if (node.op != Op::function) own_variable_ = -1;
    Instruction made;
    made.op = node.op;
    made.relation = node.relation;
    made.sign = node.sign;
    made.mentions_tested = node.mentions_tested;
    made.constant = node.constant;
    made.name = node.name;
    made.names = node.names;
    made.builtin = node.builtin;
    made.target = node.target;
    place(made, node.offset);
    std::vector<std::uint32_t> kids = emit_kids(node, made);
    if (node.op == Op::variable) made.slot = resolve(node.variable);
    if (node.op == Op::field_or) {
      for (const int variable : node.variables) made.slots.push_back(resolve(variable));
    }
    if (node.builtin != nullptr && !node.builtin->pure) program_->pure = false;
    made.first = static_cast<std::uint32_t>(program_->kids.size());
    made.count = static_cast<std::uint32_t>(kids.size());
    program_->kids.insert(program_->kids.end(), kids.begin(), kids.end());
    made.constant_so_far = node.op == Op::constant;
    program_->code.push_back(std::move(made));
    const auto index = static_cast<std::uint32_t>(program_->code.size()) - 1;
    fold(index);
    return index;
  }

  // Operators and pure builtins over constants become constants; nulls stay, so that their reasons come at run time.
  void fold(std::uint32_t index) {
    Instruction& made = program_->code[index];
    switch (made.op) {
      case Op::negate: case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power:
      case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal:
      case Op::between: case Op::list: case Op::range: case Op::unary_range: case Op::call_builtin: break;
      default: return;
    }
    if (made.builtin != nullptr && !made.builtin->pure) return;
    for (std::uint32_t i = 0; i < made.count; ++i) {
      if (!program_->code[program_->kids[made.first + i]].constant_so_far) return;
    }
    constexpr std::uint64_t kFoldSteps = 10'000;
    Environment environment;
    environment.max_steps = kFoldSteps;
    Run run(environment);
    Value value = run_instruction(*program_, index, run);
    if (value.is_null() || run.stopped != nullptr) return;
    made.constant = std::move(value);
    made.op = Op::constant;
    made.constant_so_far = true;
    made.count = 0;
  }

  Tree& tree_;
  const CompileOptions& options_;
  std::shared_ptr<detail::Program> program_;
  std::vector<int> local_of_;
  std::vector<bool> used_;
  std::vector<Level> levels_;
  int own_variable_ = -1;
};

}  // namespace

std::shared_ptr<detail::Program> compile_tree(Tree tree, std::string_view text, const CompileOptions& options) {
  return Compiler(tree, text, options).run();
}

}  // namespace feel
