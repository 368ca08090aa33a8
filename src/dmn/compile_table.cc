// Decision tables of DMN 1.5 section 8 → TableNode, and what is wrong with them.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "dmn/compiler.h"
#include "dmn/coverage.h"

namespace dmn {

using feel::TypePtr;

namespace {

bool is_empty(const Text& text) { return !text.present || base::trim(text.text).empty(); }

bool uses_priority(HitPolicy policy) { return policy == HitPolicy::priority || policy == HitPolicy::output_order; }

std::string shown(const feel::Value& value) {
  return value.kind() == feel::Kind::string ? "\"" + std::string(value.as_string()) + "\"" : feel::text(value);
}

std::string counted(std::size_t count, const std::string& noun) { return std::to_string(count) + " " + noun + (count == 1 ? "" : "s"); }

}  // namespace

void Compiler::table_input(const InputClause& clause, const std::string& element, TableNode& out) {
  const std::string id = clause.id.empty() ? element : clause.id;
  TableNode::Input input;
  input.label = !clause.label.empty() ? clause.label : std::string(base::trim(clause.expression.text));
  if (is_empty(clause.expression)) {
    faults_.add("DMN-TABLE-INPUT-EMPTY", model_->where(clause.at, id), "input " + std::to_string(out.inputs.size() + 1) + " of '" + owner_name_ + "' has no expression",
                "<inputExpression><text>…</text></inputExpression>");
  } else {
    bool usable = false;
    input.expression = feel_text(clause.expression.text, clause.expression.at, id, usable);
  }
  input.type = types_.find(clause.type, id);
  TypePtr inferred;
  if (faults_.checking() && !is_empty(clause.expression)) inferred = check_text(clause.expression.text, clause.expression.at, id);
  check_type(inferred, input.type, clause.expression.at, id, "input '" + input.label + "' of '" + owner_name_ + "'", "input '" + input.label + "' i '" + owner_name_ + "'");
  input_types_.push_back(input.type ? input.type : inferred);
  if (!is_empty(clause.allowed)) {
    input.allowed = unary_tests(clause.allowed, id);
    input.has_allowed = input.allowed.usable && !input.allowed.tests.any();
  }
  out.inputs.push_back(std::move(input));
}

void Compiler::table_output(const OutputClause& clause, const std::string& element, std::size_t count, TableNode& out) {
  const std::string id = clause.id.empty() ? element : clause.id;
  TableNode::Output output;
  output.name = clause.name;
  const bool repeated = std::any_of(out.outputs.begin(), out.outputs.end(), [&](const auto& o) { return o.name == clause.name; });
  if (count > 1 && (clause.name.empty() || repeated))
    faults_.add("DMN-TABLE-OUTPUT-NAME", model_->where(clause.at, id),
                "output " + std::to_string(out.outputs.size() + 1) + " of '" + owner_name_ + "' " +
                    (clause.name.empty() ? "has no name" : "repeats the name '" + clause.name + "'"),
                "a name of its own for each of several outputs");
  output.type = types_.find(clause.type, id);
  output.priority = constants(clause.allowed);
  if (output.priority.empty()) output.priority = types_.allowed_order(clause.type);
  if (clause.default_entry) {
    const auto* literal = std::get_if<LiteralExpression>(&clause.default_entry->logic);
    if (literal && !is_empty(literal->text)) {
      Compiled value = expression(*clause.default_entry);
      check_type(value.best(), output.type, clause.at, id, "the default output of '" + owner_name_ + "'", "standardresultatet i '" + owner_name_ + "'");
      output.default_entry = std::move(value.node);
    }
  }
  out.outputs.push_back(std::move(output));
}

void Compiler::table_rule(const DecisionRule& rule, int number, const DecisionTable& table, const std::string& element, TableNode& out) {
  const std::string id = rule.id.empty() ? element : rule.id;
  TableNode::Rule compiled;
  compiled.index = number - 1;
  const auto wrong = [&](const char* kind, std::size_t has, std::size_t wants) {
    faults_.add("DMN-TABLE-ARITY", model_->where(rule.at, id),
                "rule " + std::to_string(number) + " of '" + owner_name_ + "' has " +
                    counted(has, std::string(kind) + " cell") + ", the table has " + counted(wants, std::string(kind)),
                "one <" + std::string(kind) + "Entry> for each <" + kind + ">");
  };
  if (rule.inputs.size() != table.inputs.size()) return wrong("input", rule.inputs.size(), table.inputs.size());
  if (rule.outputs.size() != table.outputs.size()) return wrong("output", rule.outputs.size(), table.outputs.size());
  for (std::size_t c = 0; c < rule.inputs.size(); ++c) {
    if (faults_.checking()) check_cell(rule.inputs[c].text, input_types_[c], rule.inputs[c].id.empty() ? id : rule.inputs[c].id);
    out.cells.push_back(table_cell(rule.inputs[c], id, c, out));
  }
  if (faults_.checking()) check_outputs(rule, number, id, out);
  std::vector<feel::Value> values(rule.outputs.size());
  bool is_constant = !values.empty();
  for (std::size_t o = 0; o < rule.outputs.size() && is_constant; ++o) is_constant = table_constant(rule.outputs[o], o, out, values[o]);
  out.constants.push_back(!is_constant ? feel::Value() : values.size() == 1 ? values[0] : feel::Value::context(out.shape, values));
  if (out.constants.back().is_null())
    for (const RuleCell& cell : rule.outputs) compiled.outputs.push_back(feel_node(cell.text, cell.id.empty() ? id : cell.id));
  out.rules.push_back(std::move(compiled));
}

// The same text means the same in every rule of a column. One that is wrong is reported wherever it stands.
std::uint32_t Compiler::table_cell(const RuleCell& cell, const std::string& element, std::size_t column, TableNode& out) {
  const auto [known, is_new] = cells_[column].try_emplace(cell.text.text, static_cast<std::uint32_t>(out.inputs[column].cells.size()));
  if (!is_new) return known->second;
  const std::uint32_t index = known->second;
  const std::size_t faults_before = faults_.list().size();
  out.inputs[column].cells.push_back(unary_tests(cell.text, cell.id.empty() ? element : cell.id));
  if (faults_.list().size() != faults_before) cells_[column].erase(known);
  return index;
}

// A constant that conforms to its column is worked out now; all else is worked out each time, and says why it is null.
bool Compiler::table_constant(const RuleCell& cell, std::size_t output, const TableNode& table, feel::Value& out) {
  if (is_empty(cell.text)) return false;
  const auto [known, is_new] = constants_[output].try_emplace(cell.text.text);
  if (is_new) {
    options_at(cell.text.at, {});
    const auto compiled = feel::compile(cell.text.text, options_);
    if (compiled && compiled->is_constant()) known->second = feel::conform(compiled->evaluate({}, {}), table.outputs[output].type);
  }
  out = known->second;
  return !out.is_null();
}

TypePtr Compiler::table_type(const TableNode& table) const {
  std::vector<TypePtr> outputs;
  for (const auto& output : table.outputs) outputs.push_back(output.type);
  return table_type(table, outputs);
}

// One output is the table's value, several are a context of them.
TypePtr Compiler::table_type(const TableNode& table, const std::vector<TypePtr>& outputs) const {
  TypePtr result;
  if (outputs.size() == 1) {
    result = outputs[0];
  } else {
    auto context = std::make_shared<feel::Type>();
    context->kind = feel::TypeKind::context;
    for (std::size_t o = 0; o < outputs.size(); ++o) context->members.emplace_back(table.outputs[o].name, outputs[o]);
    result = context;
  }
  if (table.aggregation != Aggregation::none) return nullptr;
  const bool many = table.hit_policy == HitPolicy::collect || table.hit_policy == HitPolicy::rule_order || table.hit_policy == HitPolicy::output_order;
  return many ? list_of(result) : result;
}

// Constant outputs that the clauses' values forbid.
void Compiler::check_table(const DecisionTable& table, const std::string& element) {
  const feel::Environment environment;
  for (std::size_t o = 0; o < table.outputs.size(); ++o) {
    if (is_empty(table.outputs[o].allowed)) continue;
    const BoundTests allowed = unary_tests(table.outputs[o].allowed, table.outputs[o].id.empty() ? element : table.outputs[o].id);
    if (!allowed.usable || allowed.has_names) continue;
    for (std::size_t r = 0; r < table.rules.size(); ++r) {
      const RuleCell& cell = table.rules[r].outputs[o];
      for (const feel::Value& value : constants(cell.text))
        if (value.kind() != feel::Kind::list && !value.is_null() && !allowed.matches(value, {}, environment))
          faults_.add("DMN-TABLE-OUTPUT-NOT-ALLOWED", model_->where(cell.text.at, cell.id.empty() ? element : cell.id),
                      "rule " + std::to_string(r + 1) + " of '" + owner_name_ + "' gives " + shown(value) + ", which is none of the output values",
                      "one of " + table.outputs[o].allowed.text);
    }
  }
}

Compiled Compiler::table(const DecisionTable& table, const Expression& e) {
  auto node = std::make_unique<TableNode>();
  const std::string id = id_of(e);
  node->name = owner_name_;
  node->id = id;
  node->model = model_;
  node->source = &table;
  node->is_root = at_root_;
  at_root_ = false;
  node->hit_policy = table.hit_policy;
  node->aggregation = table.aggregation;
  if (table.outputs.empty()) faults_.add("DMN-TABLE-NO-OUTPUT", model_->where(e.at, id), "the table of '" + owner_name_ + "' has no output", "at least one <output>");
  if (table.rules.empty()) faults_.add("DMN-TABLE-NO-RULE", model_->where(e.at, id), "the table of '" + owner_name_ + "' has no rule", "at least one <rule>");
  input_types_.clear();
  output_types_.assign(table.outputs.size(), nullptr);
  for (const InputClause& clause : table.inputs) table_input(clause, id, *node);
  for (const OutputClause& clause : table.outputs) table_output(clause, id, table.outputs.size(), *node);
  const bool has_priority = std::any_of(node->outputs.begin(), node->outputs.end(), [](const auto& o) { return !o.priority.empty(); });
  if (uses_priority(table.hit_policy) && !has_priority)
    faults_.add("DMN-TABLE-NO-PRIORITY", model_->where(e.at, id),
        "'" + owner_name_ + "' orders its outputs, but no output has values to order them by", "<outputValues> with the best value first");
  if (table.aggregation != Aggregation::none && (table.hit_policy != HitPolicy::collect || (table.outputs.size() > 1 && table.aggregation != Aggregation::count)))
    faults_.add("DMN-TABLE-AGGREGATION", model_->where(e.at, id),
        "the aggregation of '" + owner_name_ + "' needs hitPolicy COLLECT and a single output", "no aggregation, or one output");
  const std::size_t faults_before = faults_.list().size();
  cells_.assign(table.inputs.size(), {});
  constants_.assign(table.outputs.size(), {});
  if (table.outputs.size() > 1) {
    std::vector<std::string> names;
    for (const auto& output : node->outputs) names.push_back(output.name);
    node->shape = feel::Shape(names);
  }
  node->rules.reserve(table.rules.size());
  for (std::size_t r = 0; r < table.rules.size(); ++r) table_rule(table.rules[r], static_cast<int>(r) + 1, table, id, *node);
  if (faults_.list().size() == faults_before) check_table(table, id);

  constexpr const char* kAggregates[] = {"", "sum(results)", "", "min(results)", "max(results)"};
  if (const std::string text = kAggregates[static_cast<int>(table.aggregation)]; !text.empty()) {
    feel::CompileOptions own;
    own.names = {{"results"}};
    node->aggregate_slot = scope_.hidden_slots();
    node->aggregate.expression = feel::compile(text, own)->bound({{node->aggregate_slot}});
  }
  node->tested_slot = scope_.hidden_slots(static_cast<int>(node->inputs.size()));
  node->finish();
  const TypePtr type = table_type(*node);
  if (table.outputs.empty()) return {std::make_unique<FaultNode>(), nullptr};
  for (std::size_t o = 0; o < output_types_.size(); ++o)
    if (node->outputs[o].type) output_types_[o] = node->outputs[o].type;
  const TypePtr inferred = faults_.checking() && !table.rules.empty() ? table_type(*node, output_types_) : nullptr;
  if (faults_.checking()) check_coverage(table, e, owner_name_, *model_, input_types_, faults_);
  return {std::move(node), type, inferred};
}

}  // namespace dmn
