// What a DMN file says, with positions: the tree of DMN 1.5 (sections 6, 7.3, 8, 10.2) without diagram interchange.
// Reading judges only the form; names, types and references are judged by compile() and check().
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace dmn {

// Position of an element's start tag, or of a text's first character; from 1, 0 = not known.
struct Position {
  int line = 0, column = 0;
};

struct Element {
  std::string id, name, label;
  Position at;
};

// A text of the expression language, or a set of unary tests.
struct Text {
  std::string text;
  Position at;
  bool present = false;
};

// A type's name as the file says it ("string", "tLoan", "myimport.tLoan"); "" = not given.
struct TypeRef {
  std::string name;
  Position at;
};

struct InformationItem : Element {  // 7.3.4
  TypeRef type;
  bool present = false;
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct LiteralExpression {  // 7.3.7
  Text text;
  std::string language;  // "" = FEEL
};

enum class HitPolicy : unsigned char { unique, first, priority, any, collect, rule_order, output_order };
enum class Aggregation : unsigned char { none, sum, count, min, max };

struct InputClause : Element {  // 8.3.2
  Text expression;
  TypeRef type;
  Text allowed;  // inputValues
};
struct OutputClause : Element {  // 8.3.3; the name is the output's component name
  TypeRef type;
  Text allowed;  // outputValues, in order of decreasing priority
  ExpressionPtr default_entry;
};
struct RuleCell : Element {
  Text text;
};
struct DecisionRule : Element {  // 8.3.4
  std::vector<RuleCell> inputs, outputs;
  std::string annotation;
};
struct DecisionTable {  // 8.3.1
  HitPolicy hit_policy = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::string output_label;
  std::vector<InputClause> inputs;
  std::vector<OutputClause> outputs;
  std::vector<DecisionRule> rules;
};

struct ContextEntry {  // 10.5.3
  InformationItem variable;  // not present: the result cell
  ExpressionPtr value;
  Position at;
};
struct BoxedContext {
  std::vector<ContextEntry> entries;
};
struct BoxedList {
  std::vector<ExpressionPtr> items;
};
struct Relation {  // 10.5.5: rows of expressions below columns
  std::vector<InformationItem> columns;
  std::vector<BoxedList> rows;
};

enum class FunctionKind : unsigned char { feel, java, pmml };
struct FunctionDefinition {  // 10.5.4
  FunctionKind kind = FunctionKind::feel;
  std::vector<InformationItem> parameters;
  ExpressionPtr body;  // may be null: no logic
};

struct Binding {
  InformationItem parameter;
  ExpressionPtr value;  // may be null
};
struct Invocation {  // 7.3.6
  ExpressionPtr called;
  std::vector<Binding> bindings;
};

struct Conditional {  // 10.5.6
  ExpressionPtr condition, then, otherwise;
};
struct Filter {  // 10.5.7
  ExpressionPtr in, match;
};
enum class IterationKind : unsigned char { for_return, some, every };
struct Iteration {  // 10.5.8, 10.5.9
  IterationKind kind = IterationKind::for_return;
  std::string variable;
  TypeRef variable_type;
  ExpressionPtr in, body;
};

struct Expression : Element {
  TypeRef type;
  std::variant<LiteralExpression, DecisionTable, BoxedContext, BoxedList, Relation, FunctionDefinition, Invocation,
               Conditional, Filter, Iteration>
      logic;
};

// An href: "#id" (namespace "" = this model) or "namespace#id".
struct Reference {
  std::string ns, id;
  Position at;
  std::string element;  // id of the requirement that holds it
};

struct ItemDefinition : Element {  // 7.3.2
  TypeRef type;
  bool collection = false;
  Text allowed;     // allowedValues: each item of a collection, else the value
  Text constraint;  // typeConstraint (1.5): the whole value
  std::vector<ItemDefinition> components;
  struct FunctionItem {
    bool present = false;
    std::vector<InformationItem> parameters;
    TypeRef result;
  } function;
};

struct Import : Element {  // 6.3.3
  std::string ns, type;
};

struct InputData : Element {  // 6.3.11
  InformationItem variable;
};

struct Decision : Element {  // 6.3.7
  InformationItem variable;
  std::string question, allowed_answers, description;
  std::vector<Reference> required_decisions, required_inputs, required_knowledge, required_authority;
  ExpressionPtr logic;  // may be null: no decision logic
};

struct BusinessKnowledgeModel : Element {  // 6.3.9
  InformationItem variable;
  std::vector<Reference> required_knowledge, required_authority;
  ExpressionPtr logic;  // a FunctionDefinition; may be null
};

struct DecisionService : Element {  // 6.3.10
  InformationItem variable;
  std::vector<Reference> outputs, encapsulated, input_decisions, input_data;
};

struct KnowledgeSource : Element {  // 6.3.12: read so that references to it resolve
  std::vector<Reference> required;
};

struct Model : Element {
  std::string file;
  std::string ns;       // target namespace
  std::string version;  // "1.1" … "1.5"
  std::string expression_language, type_language;
  std::vector<Import> imports;
  std::vector<ItemDefinition> types;
  std::vector<InputData> inputs;
  std::vector<Decision> decisions;
  std::vector<BusinessKnowledgeModel> knowledge;
  std::vector<DecisionService> services;
  std::vector<KnowledgeSource> sources;

  base::Where where(Position at, const std::string& element) const { return {file, at.line, at.column, element, {}}; }
  base::Where where(const Element& e) const { return where(e.at, e.id.empty() ? e.name : e.id); }
};

// "DECISION_TABLE", "LITERAL_EXPRESSION" …: as Camunda's API names the kinds of logic. "NONE" for null.
std::string_view kind_name(const Expression*);

}  // namespace dmn
