#include "api/decision_view.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "api/views.h"
#include "dmn/dmn.h"
#include "dmn/tables.h"
#include "dmn/words.h"
#include "feel/value.h"

namespace api {
namespace {

using base::Json;
using feel::Language;

constexpr std::size_t kTaskDecisions = 50;       // more than a person reads; the newest are kept
constexpr std::size_t kDecisionsSearched = 500;  // an instance's newest decisions; those after the task are left out
constexpr std::size_t kModelsKept = 32;     // read models of deployed decisions, so that opening a task reads no XML twice

struct ReadModel {
  std::shared_ptr<const dmn::Model> model;
  std::vector<dmn::TableRef> tables;
  const dmn::DecisionTable* table(std::string_view trace_id) const {
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const dmn::TableRef& one) { return one.is(trace_id); });
    return found == tables.end() ? nullptr : found->table;
  }
};

ReadModel read_model(const std::string& xml) {
  ReadModel out;
  auto model = dmn::read(xml, "");
  if (!model) return out;  // it was deployed by an older release: its texts are missing, its values are not
  out.model = std::move(*model);
  out.tables = dmn::tables_of(*out.model);
  return out;
}

// A definition's model never changes; the caller has shown that its authority may see it.
std::shared_ptr<const ReadModel> model_of(const Call& call, std::int64_t definition) {
  static std::mutex mutex;
  static std::map<std::int64_t, std::shared_ptr<const ReadModel>> kept;
  {
    const std::lock_guard lock(mutex);
    if (const auto found = kept.find(definition); found != kept.end()) return found->second;
  }
  const auto xml = call.read().definition_xml(definition, call.authority());
  if (!xml) return std::make_shared<ReadModel>();
  auto made = std::make_shared<const ReadModel>(read_model(*xml));
  const std::lock_guard lock(mutex);
  if (kept.size() >= kModelsKept) kept.erase(kept.begin());  // the oldest definition
  kept.emplace(definition, made);
  return made;
}

// "5", "ja", "konto er 42 og momskode er I25"
std::string value_in_words(const Json& value) {
  if (value.is_null()) return "ikke oplyst";
  if (value.is_bool()) return value.as_bool() ? "ja" : "nej";
  if (value.is_string()) return value.as_string();
  if (value.is_number()) return feel::text(feel::from_json(value));
  return value.dump();
}

std::string quoted(const std::string& name) { return "»" + name + "«"; }

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : i + 1 == parts.size() ? " og " : ", ") + parts[i];
  return out;
}

// What the rule asks, and what it answered, as one Danish sentence.
void add_rule_words(Json& rule, const dmn::DecisionTable& table) {
  const auto index = static_cast<std::size_t>(rule["ruleIndex"].int_or(0)) - 1;
  if (index >= table.rules.size()) return;
  const dmn::DecisionRule& row = table.rules[index];
  Json conditions = Json::array();
  std::vector<std::string> asked, answered;
  for (std::size_t i = 0; i < row.inputs.size() && i < table.inputs.size(); ++i) {
    const dmn::InputClause& clause = table.inputs[i];
    const std::string label = clause.label.empty() ? clause.expression.text : clause.label;
    const std::string words = dmn::test_in_words(row.inputs[i].text.text, Language::danish);
    conditions.push(Json::Object{{"inputId", clause.id}, {"inputName", label}, {"cellId", row.inputs[i].id}, {"cell", row.inputs[i].text.text}, {"words", words}});
    if (!words.empty()) asked.push_back(label + " er " + words);
  }
  const Json& outputs = rule["evaluatedOutputs"];
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    std::string label = i < table.outputs.size() && !table.outputs[i].label.empty() ? table.outputs[i].label : outputs.as_array()[i]["outputName"].string_or("");
    if (label.empty()) label = "svaret";
    answered.push_back(label + " er " + value_in_words(outputs.as_array()[i]["outputValue"]));
  }
  const std::string when = asked.empty() ? "Uanset det oplyste" : "Når " + joined(asked);
  rule.set("conditions", std::move(conditions));
  rule.set("annotation", row.annotation);
  rule.set("words", when + ": " + joined(answered) + ".");
}

std::string decision_words(const Json& decision) {
  const std::string name = quoted(decision["decisionDefinitionName"].string_or(decision["decisionDefinitionId"].string_or("")));
  const Json& rules = decision["matchedRules"];
  if (rules.size() > 0) {
    std::vector<std::string> numbers;
    for (const Json& rule : rules.as_array()) numbers.push_back(std::to_string(rule["ruleIndex"].int_or(0)));
    return (numbers.size() == 1 ? "Regel " : "Reglerne ") + joined(numbers) + " i " + name + " passede.";
  }
  if (decision["decisionDefinitionType"].string_or("") == "DECISION_TABLE") return "Ingen regel i " + name + " passede.";
  return name + " blev regnet ud.";
}

// Parts lie in each other as deep as the stored trace does: limits::kFeelCallDepth.
void add_words(Json& decision, const ReadModel& model) {
  const dmn::DecisionTable* table = model.table(decision["decisionDefinitionId"].string_or(""));
  Json rules = decision["matchedRules"];
  if (table != nullptr && rules.is_array())
    for (Json& rule : rules.as_array()) add_rule_words(rule, *table);
  decision.set("matchedRules", std::move(rules));
  decision.set("words", decision_words(decision));
  Json parts = decision["parts"];
  if (!parts.is_array()) return;
  for (Json& part : parts.as_array()) add_words(part, model);
  decision.set("parts", std::move(parts));
}

Json view(const Call& call, const Json& row) {
  Json out = Json::object();
  for (const char* name : {"decisionEvaluationKey", "decisionDefinitionId", "decisionDefinitionKey", "decisionDefinitionName", "decisionDefinitionVersion",
                           "elementId", "evaluationDate", "state"})
    out.set(name, row[name]);
  const Json& trace = row["trace"];
  Json evaluated = trace["evaluatedDecisions"];
  if (!evaluated.is_array()) return out;  // forgotten: "slettet"
  const auto model = model_of(call, std::atoll(row["decisionDefinitionKey"].string_or("0").c_str()));
  for (Json& decision : evaluated.as_array()) add_words(decision, *model);
  for (const char* name : {"decisionOutput", "failureMessage", "failedDecisionDefinitionId"}) out.set(name, trace[name]);
  out.set("name", row["decisionDefinitionName"]);
  out.set("output", trace["decisionOutput"]);
  if (evaluated.size() > 0) {
    out.set("inputs", evaluated.as_array().back()["evaluatedInputs"]);
    out.set("rules", evaluated.as_array().back()["matchedRules"]);
  }
  out.set("evaluatedDecisions", std::move(evaluated));
  return out;
}

}  // namespace

base::Result<Json> decisions_before_task(const Call& call, const Json& task_row) {
  const Json newest_first = Json::Array{Json::Object{{"field", "decisionEvaluationKey"}, {"order", "DESC"}}};
  const std::int64_t task = std::atoll(task_row["userTaskKey"].string_or("0").c_str());
  TRY(const Json rows, all_rows(call, "decision-instances", Json::Object{{"processInstanceKey", task_row["processInstanceKey"]}}, kDecisionsSearched, newest_first));
  Json::Array kept;
  for (const Json& row : rows.as_array()) {
    if (kept.size() == kTaskDecisions) break;
    if (std::atoll(row["decisionEvaluationKey"].string_or("0").c_str()) < task) kept.push_back(view(call, row));  // keys are given in order
  }
  std::reverse(kept.begin(), kept.end());
  return Json(std::move(kept));
}

}  // namespace api
