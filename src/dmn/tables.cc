#include "dmn/tables.h"

namespace dmn {
namespace {

struct Collector {
  std::vector<TableRef>& out;
  const std::string& name;

  // Expressions nest as deep as XML may (limits::kXmlDepth).
  void operator()(const ExpressionPtr& expression, const std::string& decision_id = {}) {
    if (expression == nullptr) return;
    if (const auto* table = std::get_if<DecisionTable>(&expression->logic)) out.push_back({expression->id, decision_id, name, table});
    else if (const auto* context = std::get_if<BoxedContext>(&expression->logic))
      for (const ContextEntry& entry : context->entries) (*this)(entry.value);
    else if (const auto* list = std::get_if<BoxedList>(&expression->logic))
      for (const ExpressionPtr& item : list->items) (*this)(item);
    else if (const auto* function = std::get_if<FunctionDefinition>(&expression->logic)) (*this)(function->body);
    else if (const auto* invocation = std::get_if<Invocation>(&expression->logic))
      for (const Binding& binding : invocation->bindings) (*this)(binding.value);
    else if (const auto* conditional = std::get_if<Conditional>(&expression->logic))
      for (const ExpressionPtr* part : {&conditional->condition, &conditional->then, &conditional->otherwise}) (*this)(*part);
    else if (const auto* filter = std::get_if<Filter>(&expression->logic))
      for (const ExpressionPtr* part : {&filter->in, &filter->match}) (*this)(*part);
    else if (const auto* iteration = std::get_if<Iteration>(&expression->logic))
      for (const ExpressionPtr* part : {&iteration->in, &iteration->body}) (*this)(*part);
  }
};

}  // namespace

std::vector<TableRef> tables_of(const Model& model) {
  std::vector<TableRef> out;
  for (const Decision& decision : model.decisions) Collector{out, decision.name}(decision.logic, decision.id);
  for (const BusinessKnowledgeModel& knowledge : model.knowledge) Collector{out, knowledge.name}(knowledge.logic);
  return out;
}

}  // namespace dmn
