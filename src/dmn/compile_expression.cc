// Boxed expressions of DMN 1.5 section 10.5 → nodes.
#include <algorithm>

#include "base/text.h"
#include "dmn/compiler.h"
#include "feel/cell.h"

namespace dmn {

using feel::TypePtr;

namespace {
constexpr std::uint64_t kConstantSteps = 10'000;  // more than that is worked out when it is asked
}

Compiler::Compiler(std::shared_ptr<const Model> model, TypeTable& types, Faults& faults, std::string owner_id, std::string owner_name)
    : model_(std::move(model)), types_(types), faults_(faults), owner_id_(std::move(owner_id)), owner_name_(std::move(owner_name)) {
  if (owner_id_.empty()) owner_id_ = owner_name_;
  options_.types = types.names();
  options_.file = model_->file;
}

void Compiler::options_at(Position at, const std::string& element) {
  if (options_version_ != scope_.version()) options_.names = scope_.visible();
  options_version_ = scope_.version();
  options_.line = at.line;
  options_.column = at.column;
  options_.element = element;
}

std::vector<int> Compiler::bind(const std::vector<std::string>& inputs, const std::string& text, Position at, const std::string& element) {
  std::vector<int> slots;
  slots.reserve(inputs.size());
  for (const std::string& name : inputs) {
    const int slot = scope_.use(name);
    slots.push_back(slot);
    if (slot >= 0) continue;
    Position where = at;
    if (const auto found = text.find(name); found != std::string::npos) {
      for (std::size_t i = 0; i < found; ++i) {
        ++where.column;
        if (text[i] == '\n') where = {where.line + 1, 1};
      }
    }
    const std::string near = base::nearest(name, scope_.texts());
    faults_.add("DMN-NAME-UNKNOWN", model_->where(where, element), "'" + name + "' is not visible in '" + owner_name_ + "'",
                near.empty() ? "an information or knowledge requirement to what '" + name + "' is, or an earlier context entry" : "did you mean '" + near + "'?");
  }
  return slots;
}

BoundExpression Compiler::feel_text(const std::string& text, Position at, const std::string& element, bool& usable) {
  options_at(at, element);
  auto compiled = feel::compile(text, options_);
  usable = compiled.has_value();
  if (!usable) {
    faults_.add("DMN-FEEL", compiled.error().where, compiled.error().message, compiled.error().remedy);
    return {};
  }
  BoundExpression out;
  const std::vector<int> slots = bind(compiled->inputs(), text, at, element);
  if (slots.size() == 1 && base::trim(text) == compiled->inputs()[0]) out.only_slot = slots[0];
  out.expression = slots.empty() ? std::move(*compiled) : std::move(*compiled).bound(slots);
  if (auto path = feel::path_of_one(out.expression); path && slots[0] >= 0) {
    out.path_slot = static_cast<int>(path->input);
    out.member = std::move(path->member);
  }
  return out;
}

// Empty text is no logic: null.
NodePtr Compiler::feel_node(const Text& text, const std::string& element) {
  if (!text.present || base::trim(text.text).empty()) return nullptr;
  bool usable = false;
  auto node = std::make_unique<LiteralNode>();
  node->bound = feel_text(text.text, text.at, element, usable);
  if (usable && node->bound.expression.is_constant()) {
    feel::Environment environment;
    environment.max_steps = kConstantSteps;
    auto constant = std::make_unique<ConstantNode>();
    constant->value = node->bound.expression.evaluate({}, environment);
    if (!constant->value.is_null()) return constant;  // a null says why each time it is asked
  }
  if (usable) return node;
  auto fault = std::make_unique<FaultNode>();
  fault->reason = faults_.list().back().where.text() + ": " + faults_.list().back().message;
  return fault;
}

BoundTests Compiler::unary_tests(const Text& text, const std::string& element) {
  options_at(text.at, element);
  BoundTests out;
  auto compiled = feel::compile_unary_tests(text.text, options_);
  if (!compiled) {
    faults_.add("DMN-FEEL", compiled.error().where, compiled.error().message, compiled.error().remedy);
    out.usable = false;
    return out;
  }
  const std::vector<int> slots = bind(compiled->inputs(), text.text, text.at, element);
  out.has_names = !slots.empty();
  out.tests = slots.empty() ? std::move(*compiled) : std::move(*compiled).bound(slots);
  return out;
}

// What is known of a text that is nothing but a name, or a path of names.
TypePtr Compiler::infer(const std::string& text) const {
  const std::string trimmed(base::trim(text));
  if (scope_.is_visible(trimmed)) return scope_.type_of(trimmed);
  const auto dot = trimmed.rfind('.');
  if (dot == std::string::npos || dot == 0) return nullptr;
  const TypePtr owner = infer(trimmed.substr(0, dot));
  if (owner == nullptr || owner->kind != feel::TypeKind::context) return nullptr;
  const std::string member(base::trim(std::string_view(trimmed).substr(dot + 1)));
  for (const auto& [name, type] : owner->members)
    if (name == member) return type;
  return nullptr;
}

Compiled Compiler::root(const Expression& expression) {
  at_root_ = true;
  Compiled out = this->expression(expression);
  at_root_ = false;
  return out;
}

Compiled Compiler::expression(const Expression& expression) {
  Compiled out = without_type(expression);
  at_root_ = false;
  // A table's typeRef is its output's, a function's its result's: only the others say what their value is.
  const bool is_table = std::holds_alternative<DecisionTable>(expression.logic);
  if (is_table || std::holds_alternative<FunctionDefinition>(expression.logic) || out.node == nullptr) return out;
  const TypePtr type = types_.find(expression.type, id_of(expression));
  if (type == nullptr) return out;
  auto typed = std::make_unique<TypedNode>();
  typed->inner = std::move(out.node);
  typed->type = type;
  typed->what = expression.name.empty() ? owner_name_ : expression.name;
  return {std::move(typed), type};
}

Compiled Compiler::without_type(const Expression& e) {
  if (!std::holds_alternative<DecisionTable>(e.logic)) at_root_ = false;
  if (const auto* literal = std::get_if<LiteralExpression>(&e.logic)) return this->literal(*literal, e);
  if (const auto* table = std::get_if<DecisionTable>(&e.logic)) return this->table(*table, e);
  if (const auto* context = std::get_if<BoxedContext>(&e.logic)) return this->context(*context, e);
  if (const auto* list = std::get_if<BoxedList>(&e.logic)) return this->list(*list);
  if (const auto* relation = std::get_if<Relation>(&e.logic)) return this->relation(*relation, e);
  if (const auto* function = std::get_if<FunctionDefinition>(&e.logic)) return this->function(*function, e, {});
  if (const auto* invocation = std::get_if<Invocation>(&e.logic)) return this->invocation(*invocation, e);
  if (const auto* conditional = std::get_if<Conditional>(&e.logic)) return this->conditional(*conditional);
  if (const auto* filter = std::get_if<Filter>(&e.logic)) return this->filter(*filter, e);
  return iteration(std::get<Iteration>(e.logic), e);
}

namespace {
struct NullNode final : Node {
  feel::Value evaluate(Frame&) const override { return feel::Value::null(feel::Reason(feel::ReasonCode::expression_empty)); }
};
NodePtr or_null(NodePtr node) { return node ? std::move(node) : std::make_unique<NullNode>(); }
}  // namespace

Compiled Compiler::literal(const LiteralExpression& literal, const Expression& e) {
  return {or_null(feel_node(literal.text, id_of(e))), infer(literal.text.text)};
}

Compiled Compiler::context(const BoxedContext& context, const Expression& e) {
  auto node = std::make_unique<ContextNode>();
  auto type = std::make_shared<feel::Type>();
  type->kind = feel::TypeKind::context;
  TypePtr result;
  const std::size_t mark = scope_.mark();
  for (std::size_t i = 0; i < context.entries.size(); ++i) {
    const ContextEntry& entry = context.entries[i];
    const std::string& name = entry.variable.name;
    const bool is_result = !entry.variable.present || name.empty();
    if (is_result && i + 1 < context.entries.size())
      faults_.add("DMN-NAME-MISSING", model_->where(entry.at, id_of(e)), "context entry " + std::to_string(i + 1) + " of '" + owner_name_ + "' has no name",
                  "<variable name=\"…\"/>; only the last entry, the result, goes without");
    ContextNode::Entry out;
    out.type = types_.find(entry.variable.type, id_of(e));
    Compiled value;
    const auto* function = entry.value ? std::get_if<FunctionDefinition>(&entry.value->logic) : nullptr;
    if (function != nullptr) value = this->function(*function, *entry.value, name);
    else if (entry.value) value = expression(*entry.value);
    out.value = std::move(value.node);
    const TypePtr known = out.type ? out.type : value.type;
    if (is_result) {
      result = known;
      node->entries.push_back(std::move(out));
      break;
    }
    out.name = name;
    out.slot = scope_.declare(name, known);
    type->members.emplace_back(name, known);
    node->entries.push_back(std::move(out));
  }
  scope_.restore(mark);
  const bool has_result = !node->entries.empty() && node->entries.back().name.empty();
  if (!has_result) {
    std::vector<std::string> names;
    for (const ContextNode::Entry& entry : node->entries) names.push_back(entry.name);
    node->shape = feel::Shape(names);
  }
  return {std::move(node), has_result ? result : type};
}

Compiled Compiler::list(const BoxedList& list) {
  auto node = std::make_unique<ListNode>();
  TypePtr element;
  for (const ExpressionPtr& item : list.items) {
    Compiled compiled = expression(*item);
    if (node->items.empty()) element = compiled.type;
    node->items.push_back(or_null(std::move(compiled.node)));
  }
  return {std::move(node), list_of(element)};
}

Compiled Compiler::relation(const Relation& relation, const Expression& e) {
  auto node = std::make_unique<RelationNode>();
  auto row_type = std::make_shared<feel::Type>();
  row_type->kind = feel::TypeKind::context;
  std::vector<std::string> names;
  for (const InformationItem& column : relation.columns) {
    const TypePtr type = types_.find(column.type, id_of(e));
    names.push_back(column.name);
    if (column.name.empty()) faults_.add("DMN-NAME-MISSING", model_->where(column.at, id_of(e)), "a column of a relation has no name", "<column name=\"…\"/>");
    node->columns.push_back({column.name, type});
    row_type->members.emplace_back(column.name, type);
  }
  node->shape = feel::Shape(names);
  for (const BoxedList& row : relation.rows) {
    std::vector<NodePtr> cells;
    for (const ExpressionPtr& cell : row.items) cells.push_back(or_null(expression(*cell).node));
    node->rows.push_back(std::move(cells));
  }
  return {std::move(node), list_of(row_type)};
}

TypePtr Compiler::function_type(const Body& body) {
  auto type = std::make_shared<feel::Type>();
  type->kind = feel::TypeKind::function;
  type->element = body.result;
  for (const Parameter& parameter : body.parameters) type->members.emplace_back(parameter.name, parameter.type);
  return type;
}

std::shared_ptr<Body> Compiler::body(const FunctionDefinition& definition, const Expression& holder, const std::string& self) {
  auto body = std::make_shared<Body>();
  body->name = self;
  const std::size_t mark = scope_.mark();
  for (const InformationItem& parameter : definition.parameters)
    body->parameters.push_back({parameter.name, types_.find(parameter.type, id_of(holder)), -1});
  const int self_slot = self.empty() ? -1 : scope_.declare(self, function_type(*body));
  for (Parameter& parameter : body->parameters) parameter.slot = scope_.declare(parameter.name, parameter.type);
  if (definition.body) {
    Compiled logic = expression(*definition.body);
    body->logic = std::move(logic.node);
  }
  if (self_slot >= 0 && scope_.is_used(self_slot)) body->self_slot = self_slot;
  body->slot_count = scope_.slot_count();
  scope_.restore(mark);
  return body;
}

Compiled Compiler::function(const FunctionDefinition& definition, const Expression& e, const std::string& self) {
  if (definition.kind != FunctionKind::feel) return external(definition, e);
  auto node = std::make_unique<FunctionNode>();
  scope_.begin_function();
  const auto body = this->body(definition, e, self);
  for (const Scope::Captured& captured : scope_.end_function()) {
    node->outside.push_back(captured.outside);
    body->captured.push_back(captured.inside);
  }
  body->result = types_.find(e.type, id_of(e));
  if (body->result && body->result->kind == feel::TypeKind::function) body->result = body->result->element;
  node->type = function_type(*body);
  node->body = body;
  const TypePtr type = node->type;
  return {std::move(node), type};
}

// 10.5.4 with kind Java: FEEL's own external function literal says the same, so FEEL judges it.
Compiled Compiler::external(const FunctionDefinition& definition, const Expression& e) {
  const auto* fields = definition.body ? std::get_if<BoxedContext>(&definition.body->logic) : nullptr;
  if (definition.kind == FunctionKind::pmml || fields == nullptr) {
    faults_.add("DMN-FUNCTION-KIND", model_->where(e.at, id_of(e)),
        definition.kind == FunctionKind::pmml ? "a PMML function cannot be run"
                                              : "an external function needs a context of 'class' and 'method signature'",
                "the function's logic in FEEL");
    auto fault = std::make_unique<FaultNode>();
    fault->reason = faults_.list().back().message;
    return {std::move(fault), nullptr};
  }
  std::string text = "function(", separator;
  for (const InformationItem& parameter : definition.parameters) {
    text += separator + parameter.name + (parameter.type.name.empty() ? "" : ": " + parameter.type.name);
    separator = ", ";
  }
  text += ") external {java: {";
  separator.clear();
  for (const ContextEntry& field : fields->entries) {
    const auto* value = field.value ? std::get_if<LiteralExpression>(&field.value->logic) : nullptr;
    text += separator + field.variable.name + ": " + (value ? value->text.text : "null");
    separator = ", ";
  }
  text += "}}";
  return {feel_node({text, e.at, true}, id_of(e)), nullptr};
}

Compiled Compiler::invocation(const Invocation& invocation, const Expression& e) {
  auto node = std::make_unique<InvocationNode>();
  Compiled called = expression(*invocation.called);
  node->called = or_null(std::move(called.node));
  if (const auto* literal = std::get_if<LiteralExpression>(&invocation.called->logic)) node->callee = base::trim(literal->text.text);
  const bool known = called.type && called.type->kind == feel::TypeKind::function;
  for (const Binding& binding : invocation.bindings) {
    const std::string& name = binding.parameter.name;
    std::vector<std::string> parameters;
    if (known)
      for (const auto& [parameter, type] : called.type->members) parameters.push_back(parameter);
    if (known && std::find(parameters.begin(), parameters.end(), name) == parameters.end())
      faults_.add("DMN-PARAMETER-UNKNOWN", model_->where(binding.parameter.at, id_of(e)), "'" + node->callee + "' has no parameter '" + name + "'",
                  parameters.empty() ? "no binding" : "one of '" + base::join(parameters, "', '") + "'");
    node->arguments.push_back({name, binding.value ? expression(*binding.value).node : nullptr});
  }
  return {std::move(node), known ? called.type->element : nullptr};
}

Compiled Compiler::conditional(const Conditional& conditional) {
  auto node = std::make_unique<ConditionalNode>();
  node->condition = or_null(expression(*conditional.condition).node);
  Compiled then = expression(*conditional.then);
  node->then = or_null(std::move(then.node));
  node->otherwise = or_null(expression(*conditional.otherwise).node);
  return {std::move(node), then.type};
}

// A match in FEEL is compiled as FEEL's own filter, so that indexes and the fields of the item mean the same in both.
// The text between is padded so that positions in the match stay right.
Compiled Compiler::filter(const Filter& filter, const Expression& e) {
  const auto* in = std::get_if<LiteralExpression>(&filter.in->logic);
  const auto* match = std::get_if<LiteralExpression>(&filter.match->logic);
  if (in && match && in->text.present && match->text.present) {
    std::string text = "(" + in->text.text;
    Position at{in->text.at.line, in->text.at.column - 1}, now = at;
    for (const char c : text) {
      ++now.column;
      if (c == '\n') now = {now.line + 1, 1};
    }
    if (text.find("//") != std::string::npos) { text += '\n'; now = {now.line + 1, 1}; }
    text += ')';
    ++now.column;
    if (now.line < match->text.at.line) {
      text.append(match->text.at.line - now.line, '\n');
      now = {match->text.at.line, 1};
    }
    if (now.column + 1 < match->text.at.column) text.append(match->text.at.column - now.column - 1, ' ');
    text += "[" + match->text.text + "\n]";
    return {or_null(feel_node({text, at, true}, id_of(e))), infer(in->text.text)};
  }
  auto node = std::make_unique<FilterNode>();
  Compiled list = expression(*filter.in);
  node->in = or_null(std::move(list.node));
  const std::size_t mark = scope_.mark();
  node->item_slot = scope_.declare("item", list.type && list.type->kind == feel::TypeKind::list ? list.type->element : nullptr);
  node->match = or_null(expression(*filter.match).node);
  scope_.restore(mark);
  return {std::move(node), list.type};
}

Compiled Compiler::iteration(const Iteration& iteration, const Expression& e) {
  auto node = std::make_unique<IterationNode>();
  node->kind = iteration.kind;
  Compiled in = expression(*iteration.in);
  node->in = or_null(std::move(in.node));
  TypePtr element = types_.find(iteration.variable_type, id_of(e));
  if (element == nullptr) element = in.type;
  if (element != nullptr && element->kind == feel::TypeKind::list) element = element->element;
  const std::size_t mark = scope_.mark();
  node->slot = scope_.declare(iteration.variable, element);
  feel::CompileOptions own;
  own.names = {{"items"}};
  node->items.expression = feel::compile("for each in items return each", own)->bound({{node->slot}});
  if (iteration.kind == IterationKind::for_return) node->partial_slot = scope_.declare("partial", list_of(nullptr));
  Compiled body = expression(*iteration.body);
  node->body = or_null(std::move(body.node));
  scope_.restore(mark);
  if (iteration.kind == IterationKind::for_return) return {std::move(node), list_of(body.type)};
  return {std::move(node), builtin_type("boolean").type};
}

}  // namespace dmn
