#include "dmn/trace.h"

namespace dmn {
namespace {

using base::Json;

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

template <class List, class Make>
Json each(const List& list, Make make) {
  Json out = Json::array();
  for (std::size_t i = 0; i < list.size(); ++i) out.push(make(list[i], i));
  return out;
}

// Ids stand beside the values where it is a table that was asked; other logic has names alone.
std::string id_at(const std::vector<std::string>& ids, std::size_t i) { return i < ids.size() ? ids[i] : std::string(); }

Json matched_json(const MatchedRule& rule, const std::vector<std::string>& output_ids) {
  Json outputs = each(rule.outputs, [&](const auto& output, std::size_t i) {
    return Json(Json::Object{{"outputId", id_at(output_ids, i)}, {"outputName", output.first}, {"outputValue", feel::to_json(output.second)}});
  });
  return Json::Object{{"ruleId", rule.rule_id}, {"ruleIndex", rule.index}, {"evaluatedOutputs", std::move(outputs)}};
}

Json stopped_json(const StoppedRule& rule, const DecisionTrace& trace) {
  const auto input = static_cast<std::size_t>(rule.input_index - 1);
  return Json::Object{{"ruleId", rule.rule_id}, {"ruleIndex", rule.index}, {"inputId", rule.input_id}, {"inputIndex", rule.input_index},
                      {"cellId", rule.cell_id}, {"cell", rule.cell},
                      {"inputValue", input < trace.inputs.size() ? feel::to_json(trace.inputs[input].second) : Json()}};
}

// Parts lie inside each other as deep as services call each other: bounded by limits::kFeelCallDepth.
Json decision_json(const DecisionTrace& trace) {
  Json out = Json::Object{{"decisionDefinitionId", trace.id}, {"decisionDefinitionName", trace.name}, {"decisionDefinitionType", trace.kind},
                          {"output", feel::to_json(trace.output)}};
  out.set("evaluatedInputs", each(trace.inputs, [&](const auto& input, std::size_t i) {
    return Json(Json::Object{{"inputId", id_at(trace.input_ids, i)}, {"inputName", input.first}, {"inputValue", feel::to_json(input.second)}});
  }));
  out.set("matchedRules", each(trace.rules, [&](const MatchedRule& rule, std::size_t) { return matched_json(rule, trace.output_ids); }));
  if (!trace.stopped.empty()) {
    out.set("stoppedRules", each(trace.stopped, [&](const StoppedRule& rule, std::size_t) { return stopped_json(rule, trace); }));
    out.set("stoppedRulesLeftOut", static_cast<std::int64_t>(trace.stopped_left_out));
  }
  out.set("reasons", each(trace.reasons, [](const feel::Reason& reason, std::size_t) { return reason_json(reason); }));
  out.set("parts", each(trace.parts, [](const DecisionTrace& part, std::size_t) { return decision_json(part); }));
  return out;
}

}  // namespace

Json reason_json(const feel::Reason& reason) {
  return Json::Object{{"code", std::string(feel::name(reason.code))}, {"text", reason.message()}, {"textDa", reason.message(feel::Language::danish)},
                      {"line", reason.placed() ? Json(reason.line) : Json()}, {"column", reason.placed() ? Json(reason.column) : Json()},
                      {"elementId", or_null(reason.element)}};
}

Json input_data_json(const Evaluation& evaluation) {
  Json out = Json::object();
  for (const auto& [name, value] : evaluation.input_data) out.set(name, feel::to_json(value));
  return out;
}

Json trace_json(const Evaluation& evaluation) {
  return Json::Object{{"decisionOutput", feel::to_json(evaluation.value)},
                      {"failureMessage", evaluation.failed ? Json(evaluation.failure) : Json()},
                      {"failedDecisionDefinitionId", or_null(evaluation.failed_decision)},
                      {"evaluatedDecisions", each(evaluation.decisions, [](const DecisionTrace& one, std::size_t) { return decision_json(one); })}};
}

}  // namespace dmn
