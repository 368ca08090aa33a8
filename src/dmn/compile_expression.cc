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

template <class Expression>
std::vector<int> Compiler::bind(const Expression& expression, Position at, const std::string& element) {
  const std::vector<std::string>& inputs = expression.inputs();
  const std::string& text = expression.text();
  std::vector<int> slots;
  slots.reserve(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string& name = inputs[i];
    const int slot = scope_.use(name);
    slots.push_back(slot);
    if (slot >= 0 || std::find(absent_imports_.begin(), absent_imports_.end(), "") != absent_imports_.end() || expression.may_be_field(i)) continue;
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

// A text that does not parse. It may need the names of a model that check() does not see: then nothing is known of it.
void Compiler::not_feel(const base::Error& error, const std::string& text) {
  not_feel_ = error.where.text() + ": " + error.message;
  const bool absent = std::any_of(absent_imports_.begin(), absent_imports_.end(), [&](const std::string& name) { return name.empty() || text.find(name + ".") != std::string::npos; });
  if (!absent) faults_.add("DMN-FEEL", error.where, error.message, error.remedy);
}

BoundExpression Compiler::feel_text(const std::string& text, Position at, const std::string& element, bool& usable) {
  options_at(at, element);
  auto compiled = feel::compile(text, options_);
  usable = compiled.has_value();
  if (!usable) {
    not_feel(compiled.error(), text);
    return {};
  }
  BoundExpression out;
  const std::vector<int> slots = bind(*compiled, at, element);
  if (slots.size() == 1 && base::trim(text) == compiled->inputs()[0]) out.only_slot = slots[0];
  out.expression = slots.empty() ? std::move(*compiled) : std::move(*compiled).bound(slots);
  if (auto path = feel::path_of_one(out.expression); path && slots[0] >= 0) {
    out.path_slot = static_cast<int>(path->input);
    out.member = std::move(path->member);
  }
  return out;
}

Compiled Compiler::feel_logic(const Text& text, const std::string& element) {
  Compiled out{feel_node(text, element), nullptr};
  if (out.node && faults_.checking()) out.inferred = check_text(text.text, text.at, element);
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
  fault->reason = not_feel_;
  return fault;
}

BoundTests Compiler::unary_tests(const Text& text, const std::string& element) {
  options_at(text.at, element);
  BoundTests out;
  auto compiled = feel::compile_unary_tests(text.text, options_);
  if (!compiled) {
    not_feel(compiled.error(), text.text);
    out.usable = false;
    return out;
  }
  const std::vector<int> slots = bind(*compiled, text.at, element);
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
  check_type(out.best(), type, expression.at, id_of(expression), "the value of '" + (expression.name.empty() ? owner_name_ : expression.name) + "'", "værdien af '" + (expression.name.empty() ? owner_name_ : expression.name) + "'");
  auto typed = std::make_unique<TypedNode>();
  typed->inner = std::move(out.node);
  typed->type = type;
  typed->what = "the value of '" + (expression.name.empty() ? owner_name_ : expression.name) + "'";
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
  feel::Value evaluate(Frame&) const override { return feel::Value::null("the expression is empty"); }
};
NodePtr or_null(NodePtr node) { return node ? std::move(node) : std::make_unique<NullNode>(); }
}  // namespace

Compiled Compiler::literal(const LiteralExpression& literal, const Expression& e) {
  Compiled out = feel_logic(literal.text, id_of(e));
  return {or_null(std::move(out.node)), infer(literal.text.text), std::move(out.inferred)};
}

Compiled Compiler::context(const BoxedContext& context, const Expression& e) {
  auto node = std::make_unique<ContextNode>();
  auto type = std::make_shared<feel::Type>(), inferred = std::make_shared<feel::Type>();
  type->kind = inferred->kind = feel::TypeKind::context;
  Compiled result;
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
    check_type(value.best(), out.type, entry.at, id_of(e), "context entry '" + name + "' of '" + owner_name_ + "'", "kontekstens '" + name + "' i '" + owner_name_ + "'");
    if (is_result) {
      result = {nullptr, known, value.inferred};
      node->entries.push_back(std::move(out));
      break;
    }
    out.name = name;
    out.slot = scope_.declare(name, known, value.inferred);
    type->members.emplace_back(name, known);
    inferred->members.emplace_back(name, known ? known : value.inferred);
    node->entries.push_back(std::move(out));
  }
  scope_.restore(mark);
  const bool has_result = !node->entries.empty() && node->entries.back().name.empty();
  if (has_result) return {std::move(node), result.type, result.inferred};
  std::vector<std::string> names;
  for (const ContextNode::Entry& entry : node->entries) names.push_back(entry.name);
  node->shape = feel::Shape(names);
  return {std::move(node), type, inferred};
}

Compiled Compiler::list(const BoxedList& list) {
  auto node = std::make_unique<ListNode>();
  TypePtr element, inferred;
  for (const ExpressionPtr& item : list.items) {
    Compiled compiled = expression(*item);
    inferred = node->items.empty() ? compiled.best() : feel::common_type(inferred, compiled.best());
    if (node->items.empty()) element = compiled.type;
    node->items.push_back(or_null(std::move(compiled.node)));
  }
  return {std::move(node), list_of(element), list_of(inferred)};
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
    for (const ExpressionPtr& cell : row.items) {
      Compiled compiled = expression(*cell);
      if (const std::size_t column = cells.size(); column < node->columns.size())
        check_type(compiled.best(), node->columns[column].type, cell->at, id_of(*cell), "a cell of column '" + node->columns[column].name + "'", "en celle i kolonnen '" + node->columns[column].name + "'");
      cells.push_back(or_null(std::move(compiled.node)));
    }
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
    body->inferred = logic.best();
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
  check_type(body->inferred, body->result, e.at, id_of(e), "the result of the function in '" + owner_name_ + "'", "funktionens resultat i '" + owner_name_ + "'");
  return {std::move(node), type};
}

// 10.5.4 with kind Java: FEEL's own external function literal says the same, so FEEL judges it.
Compiled Compiler::external(const FunctionDefinition& definition, const Expression& e) {
  const auto* fields = definition.body ? std::get_if<BoxedContext>(&definition.body->logic) : nullptr;
  std::string named;  // document and model of a PMML function, as written
  if (fields != nullptr)
    for (const ContextEntry& field : fields->entries)
      if (const auto* value = field.value ? std::get_if<LiteralExpression>(&field.value->logic) : nullptr) named += (named.empty() ? " (" : ", ") + field.variable.name + " " + value->text.text;
  if (!named.empty()) named += ")";
  if (definition.kind == FunctionKind::pmml || fields == nullptr) {
    faults_.add("DMN-FUNCTION-KIND", model_->where(e.at, id_of(e)),
        definition.kind == FunctionKind::pmml ? "a PMML function cannot be run" + named
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
    Compiled value;
    if (binding.value) value = expression(*binding.value);
    const auto parameter = known ? std::find(parameters.begin(), parameters.end(), name) : parameters.end();
    if (parameter != parameters.end())
      check_type(value.best(), called.type->members[static_cast<std::size_t>(parameter - parameters.begin())].second, binding.parameter.at, id_of(e),
                 "argument '" + name + "' of '" + node->callee + "'", "argumentet '" + name + "' til '" + node->callee + "'");
    node->arguments.push_back({name, std::move(value.node)});
  }
  return {std::move(node), known ? called.type->element : nullptr};
}

Compiled Compiler::conditional(const Conditional& conditional) {
  auto node = std::make_unique<ConditionalNode>();
  Compiled condition = expression(*conditional.condition);
  check_condition(condition, conditional.condition->at, id_of(*conditional.condition));
  node->condition = or_null(std::move(condition.node));
  Compiled then = expression(*conditional.then), otherwise = expression(*conditional.otherwise);
  node->then = or_null(std::move(then.node));
  node->otherwise = or_null(std::move(otherwise.node));
  return {std::move(node), then.type, feel::common_type(then.best(), otherwise.best())};
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
    Compiled out = feel_logic({text, at, true}, id_of(e));
    return {or_null(std::move(out.node)), infer(in->text.text), std::move(out.inferred)};
  }
  auto node = std::make_unique<FilterNode>();
  Compiled list = expression(*filter.in);
  node->in = or_null(std::move(list.node));
  const std::size_t mark = scope_.mark();
  const auto element = [](const TypePtr& of) { return of && of->kind == feel::TypeKind::list ? of->element : nullptr; };
  node->item_slot = scope_.declare("item", element(list.type), element(list.inferred));
  Compiled decides = expression(*filter.match);
  check_condition(decides, filter.match->at, id_of(*filter.match));
  node->match = or_null(std::move(decides.node));
  scope_.restore(mark);
  return {std::move(node), list.type, list.inferred};
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
  const TypePtr range = in.inferred;
  node->slot = scope_.declare(iteration.variable, element, range && (range->kind == feel::TypeKind::list || range->kind == feel::TypeKind::range) ? range->element : range);
  feel::CompileOptions own;
  own.names = {{"items"}};
  node->items.expression = feel::compile("for each in items return each", own)->bound({{node->slot}});
  if (iteration.kind == IterationKind::for_return) node->partial_slot = scope_.declare("partial", list_of(nullptr));
  Compiled body = expression(*iteration.body);
  if (iteration.kind != IterationKind::for_return) check_condition(body, iteration.body->at, id_of(*iteration.body));
  node->body = or_null(std::move(body.node));
  scope_.restore(mark);
  if (iteration.kind == IterationKind::for_return) return {std::move(node), list_of(body.type), list_of(body.best())};
  return {std::move(node), builtin_type("boolean").type};
}

}  // namespace dmn
