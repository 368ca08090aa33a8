// The check of operators, names, paths, filters and iterations. Sections as in machine.cc, which does at run time what is judged here.
#include "feel/check.h"

#include <algorithm>

#include "base/text.h"
#include "feel/program.h"

namespace feel {

std::string named(const TypePtr& type) { return std::string(name(kind_of(type->kind), Language::english)); }
std::string named_da(const TypePtr& type) { return std::string(name(kind_of(type->kind), Language::danish)); }

namespace {

std::string_view word_of(Op op) {
  switch (op) {
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::power: return "**";
    case Op::equal: return "=";
    case Op::not_equal: return "!=";
    case Op::less: return "<";
    case Op::less_equal: return "<=";
    case Op::greater: return ">";
    default: return ">=";
  }
}

bool is_equality(Op op) { return op == Op::equal || op == Op::not_equal; }

}  // namespace

void Checker::add(FindingKind kind, const Node& at, std::string message, std::string message_da, std::string remedy) {
  findings_.push_back({kind, at.offset, 0, 0, std::move(message), std::move(message_da), std::move(remedy)});
}

std::vector<Finding> Checker::take() {
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) { return a.offset < b.offset; });
  int line = options_.line, column = options_.column;
  std::size_t at = 0;
  for (Finding& finding : findings_) {
    for (; at < finding.offset && at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
        ++column;
      }
    }
    finding.line = line;
    finding.column = column;
  }
  return std::move(findings_);
}

TypePtr Checker::type_of(Node& node) {
  node.type = judge(node);
  return node.type;
}

TypePtr Checker::judge(Node& node) {
  switch (node.op) {
    case Op::constant: return constant(node);
    case Op::variable: return variable(node);
    case Op::field_or: return field_or(node);
    case Op::negate: return negation(node);
    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::power: return binary(node);
    case Op::conjunction: case Op::disjunction: return junction(node);
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal: return comparison(node);
    case Op::between: return between(node);
    case Op::in: return in(node);
    case Op::test: return type_of(*node.kids[0]);
    case Op::choice: return choice(node);
    case Op::loop: case Op::some: case Op::every: return iteration(node);
    case Op::filter: return filter(node);
    case Op::path: return path(node);
    case Op::list: return list(node);
    case Op::context: return context(node);
    case Op::range: return range(node);
    case Op::unary_range: return std::make_shared<Type>(Type{TypeKind::range, type_of(*node.kids[0]), {}});
    case Op::instance_of: return instance(node);
    case Op::call: return call(node);
    case Op::call_builtin: return builtin_call(node);
    case Op::function: return function(node);
  }
  return nullptr;
}

TypePtr Checker::constant(Node& node) {
  const Value& value = node.constant;
  if (value.kind() == Kind::function) return nullptr;  // a builtin as a value: its signature is not a FEEL type
  if (value.is_null() && !node.name.empty()) constant_null(node);
  return simple_type(type_kind(value.kind()));
}

void Checker::constant_null(const Node& node) {
  if (node.constant.why() == nullptr) return;
  add(FindingKind::always_null, node, "this is always null: " + node.constant.why()->message(), "dette er altid null: " + node.constant.why()->message(Language::danish),
      "a value that exists");
}

// Of what the text declares as inferred here; of an input as the caller says.
TypePtr Checker::variable(const Node& node) const {
  const auto index = static_cast<std::size_t>(node.variable);
  return tree_.variables[index].is_input && !types_[index] ? node.type : types_[index];
}

// A field of the innermost filtered item that may have it, else what the name means outside.
TypePtr Checker::field_or(Node& node) {
  const TypePtr outside = node.kids.empty() ? nullptr : type_of(*node.kids[0]);
  for (const int item : node.variables) {
    const TypePtr& type = types_[static_cast<std::size_t>(item)];
    if (!known(type) || (type->kind == TypeKind::context && type->members.empty())) return nullptr;
    if (type->kind != TypeKind::context) continue;
    for (const auto& [name, of] : type->members) {
      if (name == node.name) return of;
    }
  }
  return outside;
}

TypePtr Checker::negation(Node& node) {
  const TypePtr type = type_of(*node.kids[0]);
  if (!known(type) || type->kind == TypeKind::null) return type;
  if (type->kind == TypeKind::number || type->kind == TypeKind::years_months || type->kind == TypeKind::days_time) return type;
  add(FindingKind::operand, node, "-: a " + named(type) + " has no negative: the result is always null", "-: " + named_da(type) + " kan ikke få skiftet fortegn: resultatet er altid null",
      "a number or a duration");
  return simple_type(TypeKind::null);
}

TypePtr Checker::binary(Node& node) {
  const TypePtr left = type_of(*node.kids[0]), right = type_of(*node.kids[1]);
  const Outcome outcome = arithmetic(node.op, left, right);
  const std::string sign(word_of(node.op));
  if (!outcome.possible) {
    add(FindingKind::operand, node, sign + ": " + named(left) + " " + sign + " " + named(right) + " is always null",
        sign + ": " + named_da(left) + " " + sign + " " + named_da(right) + " er altid null",
        is(left, TypeKind::string) || is(right, TypeKind::string) ? "operands of kinds that go together; string(…) makes text of a value" : "operands of kinds that go together");
  } else if (const auto a = value_of(*node.kids[0]), b = value_of(*node.kids[1]); a && b && node.op == Op::divide && divide(*a, *b).is_null()) {
    add(FindingKind::always_null, node, "this division is always null", "denne division er altid null", "a divisor other than 0");
  }
  return outcome.type;
}

TypePtr Checker::junction(Node& node) {
  const bool both = node.op == Op::conjunction;
  for (const NodePtr& kid : node.kids) {
    type_of(*kid);
    condition(*kid, both ? "an operand of 'and'" : "an operand of 'or'", both ? "et led i 'and'" : "et led i 'or'");
  }
  return simple_type(TypeKind::boolean);
}

// The node's type is known, and no boolean.
void Checker::condition(const Node& node, std::string_view of, std::string_view of_da) {
  if (!is_other(node.type, TypeKind::boolean)) return;
  add(FindingKind::condition, node, std::string(of) + " is a " + named(node.type) + ", which is neither true nor false",
      std::string(of_da) + " er " + named_da(node.type) + " og derfor hverken sand eller falsk", "a comparison, or another boolean");
}

TypePtr Checker::comparison(Node& node) {
  const TypePtr left = type_of(*node.kids[0]), right = type_of(*node.kids[1]);
  const std::string sign(word_of(node.op));
  if (is_equality(node.op)) {
    if (!can_equal(left, right))
      add(FindingKind::comparison, node, sign + ": a " + named(left) + " and a " + named(right) + " are never equal: the result is always null",
          sign + ": " + named_da(left) + " og " + named_da(right) + " er aldrig ens: resultatet er altid null", "values of one kind");
  } else if (!can_order(left, right)) {
    const bool null = is(left, TypeKind::null) || is(right, TypeKind::null);
    const std::string both = null || !known(left) || !known(right) ? std::string() : named(left) + " and " + named(right), both_da = both.empty() ? "" : named_da(left) + " og " + named_da(right);
    add(FindingKind::comparison, node, sign + ": " + (both.empty() ? "such values" : both) + " have no order: the result is always null",
        sign + ": " + (both.empty() ? "sådanne værdier" : both_da) + " kan ikke ordnes: resultatet er altid null", "two numbers, two texts, two dates …");
  }
  return simple_type(TypeKind::boolean);
}

TypePtr Checker::between(Node& node) {
  const TypePtr value = type_of(*node.kids[0]), low = type_of(*node.kids[1]), high = type_of(*node.kids[2]);
  if (!can_order(value, low) || !can_order(value, high)) {
    add(FindingKind::comparison, node, "between: the three values have no order: the result is always null", "between: de tre værdier kan ikke ordnes: resultatet er altid null", "values of one kind");
  } else if (const auto a = value_of(*node.kids[1]), b = value_of(*node.kids[2]); a && b && compare(*a, *b).value_or(0) > 0) {
    add(FindingKind::never, node, "between: the lower end lies above the upper end: never true", "between: den nedre grænse ligger over den øvre: aldrig sandt", "the lower value first");
  }
  return simple_type(TypeKind::boolean);
}

TypePtr Checker::in(Node& node) {
  const TypePtr tested = type_of(*node.kids[0]);
  for (std::size_t i = 1; i < node.kids.size(); ++i) one_test(*node.kids[i], tested, (node.sign & 1) != 0);
  return simple_type(TypeKind::boolean);
}

void Checker::tests(const TypePtr& tested) {
  if (!tree_.root) return;
  types_[0] = tested;
  in(*tree_.root);
}

void Checker::one_test(Node& test, const TypePtr& tested, bool cell) {
  const TypePtr type = type_of(test);
  if (test.op == Op::test) {
    const bool possible = is_equality(test.relation) ? can_equal(tested, type) : can_order(tested, type);
    if (!possible)
      add(FindingKind::never, test, "a test '" + std::string(word_of(test.relation)) + "' against a " + (known(type) ? named(type) : "value of another kind") +
              (known(tested) ? " never holds: what is tested is a " + named(tested) : " never holds: such values have no order"),
          "en prøve '" + std::string(word_of(test.relation)) + "' mod " + (known(type) ? named_da(type) : "en værdi") + " passer aldrig" +
              (known(tested) ? ": det, der prøves, er " + named_da(tested) : ""),
          known(tested) ? "a " + named(tested) : "a number, text or date");
    return;
  }
  if (test.mentions_tested) return condition(test, "a test that names '?'", "en prøve, der nævner '?'");
  if (cell && is(type, TypeKind::boolean) && test.op != Op::constant) return;  // a condition beside the tested value
  if (can_be_in(tested, type)) return;
  add(FindingKind::never, test, "this never matches: what is tested is a " + named(tested) + ", the test a " + named(type), "dette passer aldrig: det, der prøves, er " +
      named_da(tested) + ", prøven er " + named_da(type), "a test for a " + named(tested));
}

TypePtr Checker::choice(Node& node) {
  type_of(*node.kids[0]);
  condition(*node.kids[0], "the condition of 'if'", "betingelsen i 'if'");
  const TypePtr yes = type_of(*node.kids[1]), no = type_of(*node.kids[2]);
  return common_type(yes, no);
}

// for, some, every: what the variable runs over (section 10.3.2.14).
TypePtr Checker::iteration(Node& node) {
  std::size_t kid = 0;
  for (std::size_t i = 0; i < node.variables.size(); ++i) {
    const TypePtr domain = type_of(*node.kids[kid++]);
    TypePtr element = is(domain, TypeKind::list) || is(domain, TypeKind::range) ? domain->element : domain;
    if (node.names[i] == "..") {
      const TypePtr high = type_of(*node.kids[kid++]);
      const auto steps = [](const TypePtr& t) { return !known(t) || t->kind == TypeKind::number || t->kind == TypeKind::date; };
      if (!steps(domain) || !steps(high) || !can_equal(domain, high))
        add(FindingKind::operand, *node.kids[kid - 1], "nothing can be counted from one end to the other", "der kan ikke tælles fra den ene ende til den anden", "two whole numbers, or two dates");
      element = domain;
    }
    types_[static_cast<std::size_t>(node.variables[i])] = element;
  }
  if (node.op == Op::loop) types_[static_cast<std::size_t>(node.variable)] = list_type(nullptr);
  const TypePtr body = type_of(*node.kids[kid]);
  if (node.op == Op::loop) return list_type(body);
  condition(*node.kids[kid], "what is to be satisfied", "det, der skal være opfyldt,");
  return simple_type(TypeKind::boolean);
}

TypePtr Checker::filter(Node& node) {
  const TypePtr list = type_of(*node.kids[0]), element = is(list, TypeKind::list) ? list->element : list;
  types_[static_cast<std::size_t>(node.variable)] = element;
  Node& condition = *node.kids[1];
  const TypePtr type = type_of(condition);
  if (is(type, TypeKind::number)) {
    if (const auto index = value_of(condition); index && index->as_number() == base::Decimal(0))
      add(FindingKind::always_null, condition, "a list has no item 0: this is always null", "en liste har intet element 0: dette er altid null", "an index from 1, or from -1 backwards");
    return element;
  }
  if (is_other(type, TypeKind::boolean))
    add(FindingKind::condition, condition, "a filter of kind " + named(type) + " is neither a condition nor an index", "et filter af slagsen " + named_da(type) + " er hverken en betingelse eller et nummer",
        "a condition on 'item', or a number");
  return is(type, TypeKind::boolean) ? list_type(element) : nullptr;
}

TypePtr Checker::path(Node& node) {
  const TypePtr of = type_of(*node.kids[0]);
  if (is(of, TypeKind::list)) {
    const TypePtr inner = member(node, of->element);
    return list_type(inner);
  }
  return member(node, of);
}

TypePtr Checker::member(const Node& node, const TypePtr& of) {
  if (!known(of) || of->kind == TypeKind::null) return nullptr;
  if (of->kind == TypeKind::context) {
    std::vector<std::string> names;
    for (const auto& [name, type] : of->members) {
      if (name == node.name) return type;
      names.push_back(name);
    }
    if (names.empty()) return nullptr;
    const std::string near = base::nearest(node.name, names);
    add(FindingKind::member, node, "there is no member '" + node.name + "'" + (of->name.empty() ? "" : " in " + of->name), "der er intet felt '" + node.name + "'" + (of->name.empty() ? "" : " i " + of->name),
        near.empty() ? "one of '" + base::join(names, "', '") + "'" : "did you mean '" + near + "'?");
    return nullptr;
  }
  if (of->kind == TypeKind::list) return nullptr;  // lists in lists
  const Outcome outcome = property_type(of, node.name);
  if (!outcome.possible)
    add(FindingKind::member, node, "a " + named(of) + " has no '" + node.name + "': this is always null", named_da(of) + " har intet '" + node.name + "': dette er altid null", "a context, or a property that the value has");
  return outcome.type;
}

TypePtr Checker::list(Node& node) {
  TypePtr element;
  for (std::size_t i = 0; i < node.kids.size(); ++i) {
    const TypePtr type = type_of(*node.kids[i]);
    element = i == 0 ? type : common_type(element, type);
  }
  return list_type(element);
}

TypePtr Checker::context(Node& node) {
  auto type = std::make_shared<Type>(Type{TypeKind::context, nullptr, {}});
  for (std::size_t i = 0; i < node.kids.size(); ++i) {
    TypePtr& own = types_[static_cast<std::size_t>(node.variables[i])];
    if (node.kids[i]->op == Op::function) own = node.kids[i]->type;  // as the parser knows it: for recursion
    own = type_of(*node.kids[i]);
    type->members.emplace_back(node.names[i], own);
  }
  return type;
}

TypePtr Checker::range(Node& node) {
  const TypePtr low = type_of(*node.kids[0]), high = type_of(*node.kids[1]);
  const bool open_ended = is(low, TypeKind::null) || is(high, TypeKind::null);
  if (!open_ended && !can_order(low, high)) {
    add(FindingKind::never, node, "the ends of this range have no order: nothing lies in it", "intervallets ender kan ikke ordnes: intet ligger i det", "two values of one kind");
  } else if (const auto a = value_of(*node.kids[0]), b = value_of(*node.kids[1]); a && b && !open_ended) {
    const int order = compare(*a, *b).value_or(0);
    if (order > 0 || (order == 0 && node.sign != 3))
      add(FindingKind::never, node, "this range is empty: nothing lies in it", "intervallet er tomt: intet ligger i det", order > 0 ? "the lower end first" : "both ends included, as in [5..5]");
  }
  return std::make_shared<Type>(Type{TypeKind::range, is(low, TypeKind::null) ? high : common_type(low, high), {}});
}

TypePtr Checker::instance(Node& node) {
  const TypePtr type = type_of(*node.kids[0]);
  if (known(type) && type->kind != TypeKind::null && known(node.target) && node.target->kind != type->kind)
    add(FindingKind::instance_of, node, "always false: the value is a " + named(type) + ", not a " + text(node.target), "altid falsk: værdien er " + named_da(type) + ", ikke " + named_da(node.target),
        "a type that the value may have");
  return simple_type(TypeKind::boolean);
}

std::optional<Value> Checker::value_of(const Node& node) const {
  switch (node.op) {
    case Op::constant: return node.constant.is_null() ? std::nullopt : std::optional(node.constant);
    case Op::negate: {
      const auto value = value_of(*node.kids[0]);
      if (!value) return std::nullopt;
      Value negative = negate(*value);
      return negative.is_null() ? std::nullopt : std::optional(std::move(negative));
    }
    case Op::call_builtin: {
      if (!node.builtin->pure) return std::nullopt;
      std::vector<Value> arguments;
      for (const NodePtr& kid : node.kids) {
        auto value = value_of(*kid);
        if (!value) return std::nullopt;
        arguments.push_back(std::move(*value));
      }
      constexpr std::uint64_t kSteps = 1'000;
      Environment environment;
      environment.max_steps = kSteps;
      Run run(environment);
      Value value = feel::call_builtin(*node.builtin, std::move(arguments), node.names, run);
      return run.stopped != nullptr ? std::nullopt : std::optional(std::move(value));
    }
    default: return std::nullopt;
  }
}

// Inputs that the options do not name, where every name must be known.
void Checker::unknown_names() {
  const auto visit = [&](const auto& self, const Node& node) -> void {
    if (node.op == Op::variable && tree_.variables[static_cast<std::size_t>(node.variable)].is_input) {
      const std::string& name = tree_.variables[static_cast<std::size_t>(node.variable)].name;
      const bool declared = name == "?" || std::any_of(options_.names.begin(), options_.names.end(), [&](const Name& n) { return n.name == name; });
      if (!declared) {
        std::vector<std::string> names;
        for (const Name& n : options_.names) names.push_back(n.name);
        for (const Known& known : builtin_names(options_.dialect)) names.push_back(known.name);
        for (const TypePtr& type : types_) {  // fields of filtered items
          if (!is(type, TypeKind::context)) continue;
          for (const auto& [member, unused] : type->members) names.push_back(member);
        }
        const std::string near = base::nearest(name, names);
        add(FindingKind::unknown_name, node, "unknown name '" + name + "'", "navnet '" + name + "' kendes ikke", near.empty() ? "a name that is in scope" : "did you mean '" + near + "'?");
      }
    }
    if (node.op == Op::field_or) return;  // may be a field
    for (const NodePtr& kid : node.kids) self(self, *kid);
  };
  if (tree_.root) visit(visit, *tree_.root);
}

}  // namespace feel
