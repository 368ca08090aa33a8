// XML to model: the boxed expressions (DMN 1.5 sections 7.3.6–7.3.7, 8.3 and 10.5).
#include <algorithm>
#include <array>

#include "base/text.h"
#include "dmn/namespaces.h"
#include "dmn/reader.h"

namespace dmn {

using base::ErrorCode;

namespace {

template <class Value>
struct Word {
  std::string_view text;
  Value value;
};
constexpr Word<HitPolicy> kHitPolicies[] = {
    {"UNIQUE", HitPolicy::unique},         {"FIRST", HitPolicy::first},
    {"PRIORITY", HitPolicy::priority},     {"ANY", HitPolicy::any},
    {"COLLECT", HitPolicy::collect},       {"RULE ORDER", HitPolicy::rule_order},
    {"OUTPUT ORDER", HitPolicy::output_order},
};
constexpr Word<Aggregation> kAggregations[] = {
    {"", Aggregation::none},     {"SUM", Aggregation::sum}, {"COUNT", Aggregation::count},
    {"MIN", Aggregation::min},   {"MAX", Aggregation::max},
};
constexpr Word<FunctionKind> kFunctionKinds[] = {
    {"FEEL", FunctionKind::feel}, {"Java", FunctionKind::java}, {"PMML", FunctionKind::pmml}};

template <class Value, std::size_t N>
const Word<Value>* find_word(const Word<Value> (&words)[N], std::string_view text) {
  const auto* found = std::find_if(words, words + N, [&](const Word<Value>& word) { return word.text == text; });
  return found == words + N ? nullptr : found;
}

constexpr std::array<std::string_view, 12> kExpressions = {
    "literalExpression", "decisionTable", "context", "list", "relation", "functionDefinition",
    "invocation", "conditional", "filter", "for", "some", "every"};

}  // namespace

std::string_view kind_name(const Expression* expression) {
  constexpr std::string_view kNames[] = {"LITERAL_EXPRESSION", "DECISION_TABLE", "CONTEXT", "LIST", "RELATION", "FUNCTION_DEFINITION",
                                         "INVOCATION", "CONDITIONAL", "FILTER", "ITERATION"};
  if (expression == nullptr) return "NONE";
  if (const auto* iteration = std::get_if<Iteration>(&expression->logic)) {
    if (iteration->kind == IterationKind::for_return) return "FOR";
    return iteration->kind == IterationKind::some ? "SOME" : "EVERY";
  }
  return kNames[expression->logic.index()];
}

bool Reader::is_expression(std::string_view local) {
  return std::find(kExpressions.begin(), kExpressions.end(), local) != kExpressions.end();
}

ExpressionPtr Reader::expression(const Xml& element) {
  if (element.local == "literalExpression") return literal_from(element);
  auto out = std::make_unique<Expression>();
  fill(*out, element);
  out->type = type_attribute(element, "typeRef");
  const std::string& local = element.local;
  if (local == "decisionTable") out->logic = table(element);
  else if (local == "context") out->logic = context(element);
  else if (local == "list") out->logic = list(element);
  else if (local == "relation") out->logic = relation(element);
  else if (local == "functionDefinition") out->logic = function(element);
  else if (local == "invocation") out->logic = invocation(element);
  else if (local == "conditional")
    out->logic = Conditional{child_expression(element, "if"), child_expression(element, "then"), child_expression(element, "else")};
  else if (local == "filter") out->logic = Filter{child_expression(element, "in"), child_expression(element, "match")};
  else if (local == "for") out->logic = iteration(element, IterationKind::for_return);
  else if (local == "some") out->logic = iteration(element, IterationKind::some);
  else out->logic = iteration(element, IterationKind::every);
  return out;
}

ExpressionPtr Reader::only_expression(const Xml& parent) {
  const Xml* found = nullptr;
  for (const Xml* element : parent.elements()) {
    if (!is_ours(*element) || !is_expression(element->local)) continue;
    if (found != nullptr) {
      fail(ErrorCode::invalid_dmn, *element, "a second expression <" + element->local + "> in <" + parent.local + ">",
           "one expression in each place");
      return nullptr;
    }
    found = element;
  }
  return found == nullptr ? nullptr : expression(*found);
}

ExpressionPtr Reader::child_expression(const Xml& parent, std::string_view local) {
  const Xml* holder = child(parent, local);
  ExpressionPtr out = holder == nullptr ? nullptr : only_expression(*holder);
  if (out == nullptr)
    fail(ErrorCode::invalid_dmn, parent,
         "<" + parent.local + "> has no expression in <" + std::string(local) + ">",
         "<" + std::string(local) + "> with one expression inside, such as <literalExpression>");
  return out;
}

ExpressionPtr Reader::literal_from(const Xml& element) {
  auto out = std::make_unique<Expression>();
  fill(*out, element);
  out->type = type_attribute(element, "typeRef");
  LiteralExpression literal;
  literal.text = text_child(element);
  literal.language = element.attribute_or("expressionLanguage", "");
  if (child(element, "importedValues") != nullptr)
    fail(ErrorCode::unsupported_element, element, "<importedValues> is not run", "the expression's own <text>");
  if (!is_feel(literal.language))
    fail(ErrorCode::unsupported_element, element, "expressionLanguage \"" + literal.language + "\" is not run", "FEEL, or no expressionLanguage");
  out->logic = std::move(literal);
  return out;
}

DecisionRule Reader::rule(const Xml& element) {
  DecisionRule out;
  fill(out, element);
  for (const Xml* cell : element.elements()) {
    if (!is_ours(*cell)) continue;
    if (cell->local == "inputEntry" || cell->local == "outputEntry") {
      RuleCell entry;
      fill(entry, *cell);
      entry.text = text_child(*cell);
      (cell->local == "inputEntry" ? out.inputs : out.outputs).push_back(std::move(entry));
    } else if (cell->local == "annotationEntry") {
      const std::string text = plain_child(*cell, "text");
      if (!text.empty()) out.annotation += (out.annotation.empty() ? "" : "; ") + text;
    } else if (cell->local == "description" && out.annotation.empty()) {
      out.annotation = base::trim(cell->text());
    }
  }
  return out;
}

DecisionTable Reader::table(const Xml& element) {
  DecisionTable out;
  const std::string policy = element.attribute_or("hitPolicy", "UNIQUE");
  if (const auto* word = find_word(kHitPolicies, policy)) out.hit_policy = word->value;
  else
    fail(ErrorCode::invalid_dmn, element, "unknown hitPolicy \"" + policy + "\"",
         "UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER or OUTPUT ORDER");
  const std::string aggregation = element.attribute_or("aggregation", "");
  if (const auto* word = find_word(kAggregations, aggregation)) out.aggregation = word->value;
  else fail(ErrorCode::invalid_dmn, element, "unknown aggregation \"" + aggregation + "\"", "SUM, COUNT, MIN or MAX");
  out.output_label = element.attribute_or("outputLabel", "");
  for (const Xml* part : element.elements()) {
    if (!is_ours(*part)) continue;
    if (part->local == "input") {
      InputClause clause;
      fill(clause, *part);
      if (const Xml* expression = child(*part, "inputExpression")) {
        clause.expression = text_child(*expression);
        clause.type = type_attribute(*expression, "typeRef");
      }
      if (const Xml* values = child(*part, "inputValues")) clause.allowed = text_child(*values);
      out.inputs.push_back(std::move(clause));
    } else if (part->local == "output") {
      OutputClause clause;
      fill(clause, *part);
      clause.type = type_attribute(*part, "typeRef");
      if (const Xml* values = child(*part, "outputValues")) clause.allowed = text_child(*values);
      if (const Xml* entry = child(*part, "defaultOutputEntry")) clause.default_entry = literal_from(*entry);
      out.outputs.push_back(std::move(clause));
    } else if (part->local == "rule") {
      if (out.rules.size() >= base::limits::kTableRules)
        fail(ErrorCode::limit_exceeded, *part, "more rules than the limit kTableRules (" + std::to_string(base::limits::kTableRules) + ")",
             "several tables");
      out.rules.push_back(rule(*part));
    }
    if (error_) break;
  }
  return out;
}

bool Reader::within_limit(const Xml& element, std::size_t count) {
  if (count <= base::limits::kBoxedEntries) return true;
  fail(ErrorCode::limit_exceeded, element, "more <" + element.local + "> in one place than the limit kBoxedEntries (" + std::to_string(base::limits::kBoxedEntries) + ")", "several decisions");
  return false;
}

BoxedContext Reader::context(const Xml& element) {
  BoxedContext out;
  for (const Xml* part : element.children_named(ns_, "contextEntry")) {
    ContextEntry entry;
    entry.at = {part->line, part->column};
    entry.variable = variable(child(*part, "variable"));
    entry.value = only_expression(*part);
    out.entries.push_back(std::move(entry));
    if (!within_limit(*part, out.entries.size())) break;
  }
  return out;
}

BoxedList Reader::list(const Xml& element) {
  BoxedList out;
  for (const Xml* item : element.elements())
    if (is_ours(*item) && is_expression(item->local)) out.items.push_back(expression(*item));
  return out;
}

Relation Reader::relation(const Xml& element) {
  Relation out;
  for (const Xml* column : element.children_named(ns_, "column"))
    if (within_limit(*column, out.columns.size() + 1)) out.columns.push_back(variable(column));
  for (const Xml* row : element.children_named(ns_, "row")) {
    out.rows.push_back(list(*row));
    if (out.rows.back().items.size() != out.columns.size())
      fail(ErrorCode::invalid_dmn, *row,
           "a <row> has " + std::to_string(out.rows.back().items.size()) + " cells, the relation has " + std::to_string(out.columns.size()) + " columns",
           "one expression for each <column>");
  }
  return out;
}

FunctionDefinition Reader::function(const Xml& element) {
  FunctionDefinition out;
  std::string kind = element.attribute_or("kind", "FEEL");
  for (const base::xml::Attribute& attribute : element.attributes)
    if (attribute.local == "kind" && is_feel_type_namespace(attribute.ns)) kind = attribute.value;  // DMN 1.1: feel:kind
  if (kind == "F") kind = "FEEL";
  if (kind == "J") kind = "Java";
  if (kind == "P") kind = "PMML";
  if (const auto* word = find_word(kFunctionKinds, kind)) out.kind = word->value;
  else fail(ErrorCode::invalid_dmn, element, "unknown function kind \"" + kind + "\"", "FEEL, Java or PMML");
  for (const Xml* parameter : element.children_named(ns_, "formalParameter"))
    if (within_limit(*parameter, out.parameters.size() + 1)) out.parameters.push_back(variable(parameter));
  out.body = only_expression(element);
  return out;
}

Invocation Reader::invocation(const Xml& element) {
  Invocation out;
  out.called = only_expression(element);
  if (out.called == nullptr)
    fail(ErrorCode::invalid_dmn, element, "<invocation> does not say what it calls", "<literalExpression> with the name of the function");
  for (const Xml* part : element.children_named(ns_, "binding")) {
    Binding binding;
    binding.parameter = variable(child(*part, "parameter"));
    binding.value = only_expression(*part);
    if (!binding.parameter.present)
      fail(ErrorCode::invalid_dmn, *part, "<binding> has no <parameter>", "<parameter name=\"…\"/>");
    out.bindings.push_back(std::move(binding));
  }
  return out;
}

Iteration Reader::iteration(const Xml& element, IterationKind kind) {
  Iteration out;
  out.kind = kind;
  out.variable = base::trim(element.attribute_or("iteratorVariable", ""));
  if (out.variable.empty())
    fail(ErrorCode::invalid_dmn, element, "<" + element.local + "> has no iteratorVariable", "iteratorVariable=\"name\"");
  if (const Xml* in = child(element, "in")) out.variable_type = type_attribute(*in, "typeRef");
  out.in = child_expression(element, "in");
  out.body = child_expression(element, kind == IterationKind::for_return ? "return" : "satisfies");
  return out;
}

}  // namespace dmn
