#include "feel/print.h"

#include <algorithm>

#include "feel/builtins.h"
#include "feel/parser.h"

namespace feel {
namespace {

// Binding strength by the grammar's order (parser.cc): an operand weaker than its place needs parentheses.
enum Level { kExpression, kConjunction, kComparison, kAdditive, kMultiplicative, kPower, kInstance, kUnary, kPostfix, kPrimary };

struct Text {
  std::string text;
  Level level = kPrimary;
  bool open = false;  // ends in an expression that takes in whatever operator follows: if, for, some, every, function
};

constexpr std::string_view symbol_of(Op op) {
  switch (op) {
    case Op::add: return " + ";
    case Op::subtract: return " - ";
    case Op::multiply: return " * ";
    case Op::divide: return " / ";
    case Op::power: return " ** ";
    case Op::equal: return " = ";
    case Op::not_equal: return " != ";
    case Op::less: return " < ";
    case Op::less_equal: return " <= ";
    case Op::greater: return " > ";
    case Op::greater_equal: return " >= ";
    case Op::conjunction: return " and ";
    case Op::disjunction: return " or ";
    default: return {};
  }
}

std::string_view relation_of(Op op) { return symbol_of(op).substr(1); }  // "< "

bool is_word_char(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Words with single spaces: what may stand bare before a colon.
bool is_plain(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name.back() == ' ') return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool digit_starts_word = name[i] >= '0' && name[i] <= '9' && name[i - 1] == ' ';
    if (digit_starts_word || (!is_word_char(name[i]) && (name[i] != ' ' || i == 0 || name[i - 1] == ' '))) return false;
    if ((static_cast<unsigned char>(name[i]) & 0x80) != 0) return false;  // may be a space of another script
  }
  return true;
}

class Printer {
 public:
  Printer(const Tree& tree, const CompileOptions& options, bool wrap_names) : tree_(tree), options_(options), wrap_names_(wrap_names) {}

  std::string expression(const Node& node) { return print(node).text; }

  std::string tests(const Node& root) {
    std::string out;
    for (std::size_t i = 1; i < root.kids.size(); ++i) out += (i == 1 ? "" : ", ") + expression(*root.kids[i]);
    if (root.sign == 3) return "not(" + out + ")";
    // A lone call of the function not() would read as the negation of tests.
    const Node& only = *root.kids[1];
    const bool is_not = root.kids.size() == 2 && only.op == Op::call_builtin && only.builtin->name == "not";
    return is_not ? "(" + out + ")" : out;
  }

 private:
  // The node as an operand of at least this strength; `last`: nothing follows it that it could take in.
  Text operand(Level level, const Node& node, bool last) {
    Text out = print(node);
    const bool bare_name = wrap_names_ && (node.op == Op::variable || node.op == Op::field_or) && level > kExpression;
    if (out.level >= level && (last || !out.open) && !bare_name) return out;
    return {"(" + out.text + ")"};
  }
  std::string first(Level level, const Node& node) { return operand(level, node, false).text; }

  Text binary(const Node& node, Level level) {
    const Text right = operand(static_cast<Level>(level + 1), *node.kids[1], true);
    return {first(level, *node.kids[0]) + std::string(symbol_of(node.op)) + right.text, level, right.open};
  }

  Text chain(const Node& node, Level level) {
    Text out{"", level};
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      const Text part = operand(static_cast<Level>(level + 1), *node.kids[i], i + 1 == node.kids.size());
      if (i > 0) out.text += symbol_of(node.op);
      out.text += part.text;
      out.open = part.open;
    }
    return out;
  }

  Text prefixed(std::string before, Level level, Level operand_level, const Node& node) {
    const Text last = operand(operand_level, node, true);
    return {std::move(before) + last.text, level, last.open};
  }

  Text print(const Node& node) {
    switch (node.op) {
      case Op::constant: return constant(node);
      case Op::variable: return {tree_.variables[static_cast<std::size_t>(node.variable)].name};
      case Op::field_or: return {node.name};
      case Op::negate: return prefixed("-", kUnary, kUnary, *node.kids[0]);
      case Op::add:
      case Op::subtract: return binary(node, kAdditive);
      case Op::multiply:
      case Op::divide: return binary(node, kMultiplicative);
      case Op::power: return binary(node, kPower);
      case Op::conjunction: return chain(node, kConjunction);
      case Op::disjunction: return chain(node, kExpression);
      case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal:
        return binary(node, kComparison);
      case Op::between:
        return prefixed(first(kComparison, *node.kids[0]) + " between " + first(kAdditive, *node.kids[1]) + " and ", kComparison, kAdditive, *node.kids[2]);
      case Op::in: return in(node);
      case Op::test:
        return prefixed(std::string(relation_of(node.relation)), kExpression, kAdditive, *node.kids[0]);
      case Op::choice:
        return {"if " + expression(*node.kids[0]) + " then " + expression(*node.kids[1]) + " else " + expression(*node.kids[2]), kPrimary, true};
      case Op::loop:
      case Op::some:
      case Op::every: return iteration(node);
      case Op::filter: return {first(kPostfix, *node.kids[0]) + "[" + expression(*node.kids[1]) + "]", kPostfix};
      case Op::path: return path(node);
      case Op::list: return {"[" + separated(node) + "]"};
      case Op::context: return context(node);
      case Op::range:
        return {((node.sign & 1) != 0 ? "[" : "(") + expression(*node.kids[0]) + ".." + operand(kAdditive, *node.kids[1], true).text +
                ((node.sign & 2) != 0 ? "]" : ")")};
      case Op::unary_range: return {"(" + std::string(relation_of(node.relation)) + expression(*node.kids[0]) + ")"};
      case Op::instance_of:
        return {first(kInstance, *node.kids[0]) + " instance of " + feel::print(node.target, options_), kInstance};
      case Op::call: return call(node);
      case Op::call_builtin: return {std::string(node.builtin->name) + "(" + arguments(node, 0) + ")", kPostfix};
      case Op::function: return function(node);
    }
    return {};
  }

  Text constant(const Node& node) {
    const Value& value = node.constant;
    if (node.builtin != nullptr) return {std::string(node.builtin->name)};
    if (node.name.starts_with("function")) return {node.name, kPrimary, true};  // external, as written
    switch (value.kind()) {
      case Kind::string: return {quoted(value.as_string())};
      case Kind::number:
      case Kind::boolean: return {text(value)};
      case Kind::null:
        if (node.name.empty()) return {"null"};
        if (node.type && node.type->kind == TypeKind::number) return {node.name};
        [[fallthrough]];
      default: return {"@" + quoted(node.name.empty() ? text(value) : node.name)};
    }
  }

  Text in(const Node& node) {
    const std::string value = first(kComparison, *node.kids[0]) + " in ";
    if (node.kids.size() > 2) {
      std::string tests;
      for (std::size_t i = 1; i < node.kids.size(); ++i) tests += (i == 1 ? "" : ", ") + expression(*node.kids[i]);
      return {value + "(" + tests + ")", kComparison};
    }
    const Node& only = *node.kids[1];
    if (only.op == Op::test) return prefixed(value, kComparison, kExpression, only);
    // "x in (< 5)" is a test; a range of that form needs parentheses of its own.
    if (only.op == Op::unary_range && print(*only.kids[0]).level >= kAdditive) return {value + "(" + expression(only) + ")", kComparison};
    return prefixed(value, kComparison, kAdditive, only);
  }

  Text iteration(const Node& node) {
    std::string out = node.op == Op::loop ? "for " : node.op == Op::some ? "some " : "every ";
    std::size_t kid = 0;
    for (std::size_t i = 0; i < node.variables.size(); ++i) {
      out += (i == 0 ? "" : ", ") + name_of(node.variables[i]) + " in " + expression(*node.kids[kid++]);
      if (node.names[i] == "..") out += ".." + expression(*node.kids[kid++]);
    }
    return {out + (node.op == Op::loop ? " return " : " satisfies ") + expression(*node.kids[kid]), kPrimary, true};
  }

  // A filtered item's field that is written without "item." stands where its item would.
  Text path(const Node& node) {
    const Node& of = *node.kids[0];
    if (of.op == Op::variable && of.offset == node.offset && name_of(of.variable) == "item") return {node.name};
    return {first(kPostfix, of) + "." + node.name, kPostfix};
  }

  Text context(const Node& node) {
    std::string out;
    for (std::size_t i = 0; i < node.kids.size(); ++i)
      out += (i == 0 ? "" : ", ") + (is_plain(node.names[i]) ? node.names[i] : quoted(node.names[i])) + ": " + expression(*node.kids[i]);
    return {"{" + out + "}"};
  }

  Text call(const Node& node) {
    const Node& callee = *node.kids[0];
    const bool is_builtin = callee.op == Op::constant && callee.builtin != nullptr;
    const std::string function = is_builtin ? "(" + expression(callee) + ")" : first(kPostfix, callee);
    return {function + "(" + arguments(node, 1) + ")", kPostfix};
  }

  Text function(const Node& node) {
    std::string out = "function(";
    for (std::size_t i = 0; i < node.names.size(); ++i) {
      out += (i == 0 ? "" : ", ") + node.names[i];
      if (node.types[i]) out += ": " + feel::print(node.types[i], options_);
    }
    return {out + ") " + expression(*node.kids[0]), kPrimary, true};
  }

  std::string arguments(const Node& node, std::size_t first) {
    std::string out;
    for (std::size_t i = first; i < node.kids.size(); ++i) {
      if (i > first) out += ", ";
      if (!node.names.empty()) out += node.names[i - first] + ": ";
      out += expression(*node.kids[i]);
    }
    return out;
  }

  std::string separated(const Node& node) {
    std::string out;
    for (std::size_t i = 0; i < node.kids.size(); ++i) out += (i == 0 ? "" : ", ") + expression(*node.kids[i]);
    return out;
  }

  const std::string& name_of(int variable) const { return tree_.variables[static_cast<std::size_t>(variable)].name; }

  const Tree& tree_;
  const CompileOptions& options_;
  bool wrap_names_;
};

// A name with signs or keywords in it may read into what stands beside it ("a-b" where a, b and a-b are known).
bool has_risky_name(const Tree& tree, const CompileOptions& options) {
  const auto risky = [](const std::string& name) { return name != "?" && (!is_plain(name) || name.find(' ') != std::string::npos); };
  return std::any_of(tree.variables.begin(), tree.variables.end(), [&](const Variable& v) { return risky(v.name); }) ||
         std::any_of(options.names.begin(), options.names.end(), [&](const Name& n) { return risky(n.name); });
}

bool is_tests(const Tree& tree) { return tree.root == nullptr || (tree.root->op == Op::in && (tree.root->sign & 1) != 0); }

std::string printed(const Tree& tree, const CompileOptions& options, bool wrap_names) {
  Printer printer(tree, options, wrap_names);
  if (tree.root == nullptr) return "-";
  return is_tests(tree) ? printer.tests(*tree.root) : printer.expression(*tree.root);
}

bool same_type(const TypePtr& a, const TypePtr& b) {
  const bool any_a = !a || a->kind == TypeKind::any, any_b = !b || b->kind == TypeKind::any;
  if (any_a || any_b) return any_a && any_b;
  return a == b || (a->name == b->name && text(a) == text(b));
}

class Comparison {
 public:
  Comparison(const Tree& a, const Tree& b) : a_(a), b_(b), other_(a.variables.size(), -1) {}

  bool same(const Node& a, const Node& b) {
    if (a.op != b.op || a.relation != b.relation || a.sign != b.sign || a.builtin != b.builtin || a.name != b.name || a.names != b.names) return false;
    if (a.kids.size() != b.kids.size() || a.variables.size() != b.variables.size() || a.types.size() != b.types.size()) return false;
    for (std::size_t i = 0; i < a.variables.size(); ++i) {
      if (!same(a.variables[i], b.variables[i])) return false;
    }
    if (a.op == Op::instance_of && !same_type(a.target, b.target)) return false;
    for (std::size_t i = 0; i < a.types.size(); ++i) {
      if (!same_type(a.types[i], b.types[i])) return false;
    }
    if ((a.variable < 0) != (b.variable < 0) || (a.variable >= 0 && !same(a.variable, b.variable))) return false;
    if (a.op == Op::constant && (a.constant.kind() != b.constant.kind() || text(a.constant) != text(b.constant))) return false;
    for (std::size_t i = 0; i < a.kids.size(); ++i) {
      if (!same(*a.kids[i], *b.kids[i])) return false;
    }
    return true;
  }

 private:
  bool same(int a, int b) {
    int& other = other_[static_cast<std::size_t>(a)];
    if (other < 0) other = b;
    const Variable &left = a_.variables[static_cast<std::size_t>(a)], &right = b_.variables[static_cast<std::size_t>(b)];
    return other == b && left.name == right.name && left.level == right.level && left.is_input == right.is_input;
  }

  const Tree &a_, &b_;
  std::vector<int> other_;
};

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  return out + '"';
}

std::string print(const TypePtr& type, const CompileOptions& options) {
  if (!type) return "Any";
  for (const Name& known : options.types) {
    if (known.type == type) return known.name;
  }
  const auto members = [&](bool named) {
    std::string out;
    for (const auto& [name, member] : type->members) out += (out.empty() ? "" : ", ") + (named ? name + ": " : "") + print(member, options);
    return "<" + out + ">";
  };
  switch (type->kind) {
    case TypeKind::list: return "list<" + print(type->element, options) + ">";
    case TypeKind::range: return "range<" + print(type->element, options) + ">";
    case TypeKind::context: return "context" + members(true);
    case TypeKind::function: return "function" + members(false) + "->" + print(type->element, options);
    default: return text(type);
  }
}

bool same_tree(const Tree& a, const Tree& b) {
  if ((a.root == nullptr) != (b.root == nullptr)) return false;
  return a.root == nullptr || Comparison(a, b).same(*a.root, *b.root);
}

std::string print(const Node& node, const Tree& tree, const CompileOptions& options) { return Printer(tree, options, false).expression(node); }

std::string print(const Tree& tree, const CompileOptions& options) {
  std::string text = printed(tree, options, false);
  if (!has_risky_name(tree, options)) return text;
  const auto back = is_tests(tree) ? parse_unary_tests(text, options) : parse_expression(text, options);
  return back && same_tree(*back, tree) ? text : printed(tree, options, true);
}

}  // namespace feel
