// A DMN file: read, check, compile both ways, evaluate every decision.
#include "base/text.h"
#include "dmn/dmn.h"
#include "dmn/model.h"
#include "dmn/namespaces.h"
#include "fuzz/feel_common.h"
#include "fuzz/target.h"

namespace {

std::vector<std::string> words() {
  std::vector<std::string> words = fuzz::feel_words();
  for (const char* word : {"definitions", "decision", "inputData", "businessKnowledgeModel", "decisionService", "itemDefinition", "itemComponent", "typeRef",
                           "allowedValues", "typeConstraint", "text", "variable", "informationRequirement", "requiredDecision", "requiredInput", "knowledgeRequirement",
                           "requiredKnowledge", "encapsulatedLogic", "formalParameter", "literalExpression", "decisionTable", "input", "inputExpression", "inputValues",
                           "output", "outputValues", "defaultOutputEntry", "rule", "inputEntry", "outputEntry", "context", "contextEntry", "relation", "column", "row",
                           "list", "invocation", "binding", "parameter", "functionDefinition", "conditional", "if", "then", "else", "filter", "in", "match", "for",
                           "return", "some", "every", "satisfies", "import", "outputDecision", "encapsulatedDecision", "inputDecision", "functionItem", "parameters"}) {
    words.push_back("<" + std::string(word) + ">");
    words.push_back("</" + std::string(word) + ">");
  }
  for (const char* word : {"href=\"#", "hitPolicy=\"COLLECT\"", "hitPolicy=\"OUTPUT ORDER\"", "hitPolicy=\"PRIORITY\"", "aggregation=\"SUM\"", "aggregation=\"COUNT\"",
                           "isCollection=\"true\"", "kind=\"Java\"", "kind=\"FEEL\"", "iteratorVariable=\"", "outputTypeRef=\"", "namespace=\"", "name=\"", "id=\""})
    words.emplace_back(word);
  return words;
}

void check_trace(const std::vector<dmn::DecisionTrace>& traces) {
  for (const dmn::DecisionTrace& trace : traces) {
    if (trace.output.is_null()) CHECK(!trace.reasons.empty(), "decision %s: a null without a reason", trace.name.c_str());
    check_trace(trace.parts);
  }
}

}  // namespace

FUZZ_TARGET(dmn_xml, words) {
  const auto model = dmn::read(data, "fuzzed.dmn");
  if (!model) {
    CHECK(!model.error().message.empty(), "an error says nothing");
    return;
  }
  for (const dmn::Finding& finding : dmn::check(**model))
    CHECK(!finding.code.empty() && !finding.message.empty() && !finding.message_da.empty(), "a finding says nothing: %s", finding.code.c_str());
  const auto strict = dmn::compile({*model});
  if (!strict) CHECK(!strict.error().message.empty(), "an error says nothing");
  const auto lenient = dmn::compile({*model}, dmn::OnFault::null);
  const auto& program = strict ? strict : lenient;
  if (!program) return;
  feel::Context given;
  for (std::size_t i = 0; i < (*model)->inputs.size(); ++i)
    given.entries.emplace_back((*model)->inputs[i].name, fuzz::inputs().values[i % fuzz::inputs().values.size()]);
  const auto decisions = (*program)->decisions();
  for (std::size_t i = 0; i < decisions.size() && i < 50; ++i) {
    std::vector<feel::Reason> reasons;
    const auto traced = (*program)->evaluate(decisions[i].name, given, fuzz::environment(&reasons), dmn::TraceLevel::full);
    const auto plain = (*program)->evaluate(decisions[i].name, given, fuzz::environment(), dmn::TraceLevel::none);
    CHECK(traced.has_value() == plain.has_value(), "with and without trace differ");
    if (!traced) continue;
    fuzz::check_value(traced->value);
    fuzz::check_same(traced->value, plain->value);
    check_trace(traced->decisions);
    if (auto prepared = (*program)->prepare(decisions[i].name)) {
      std::vector<feel::Value> values;
      for (const std::string& input : (*prepared)->inputs()) {
        const feel::Value* found = given.find(input);
        values.push_back(found ? *found : feel::Value());
      }
      for (int again = 0; again < 2; ++again) fuzz::check_same(plain->value, (*prepared)->evaluate(values, fuzz::environment()));
    }
    const auto empty = (*program)->evaluate(decisions[i].name, {}, fuzz::environment(), dmn::TraceLevel::none);
    if (empty) fuzz::check_value(empty->value);
  }
}
