#include "app/decision_tests.h"

#include <algorithm>

#include "app/eval/show.h"
#include "app/scenario/compare.h"
#include "bank/schemas.h"
#include "base/json_pointer.h"
#include "base/json_schema.h"
#include "base/text.h"
#include "base/time.h"
#include "dmn/tables.h"

namespace app {
namespace {

using base::ErrorCode;
using base::Json;

constexpr base::Millis kDefaultNow = 1'772'438'400'000;  // 2026-03-02T08:00:00Z, as in scenarios

base::Status valid(const base::YamlDocument& doc) {
  const auto faults = base::check_schema(bank::decision_test_schema(), doc.value);
  if (faults.empty()) return {};
  return base::fail(ErrorCode::invalid_package, (faults[0].pointer.empty() ? "the decision test" : faults[0].pointer) + " " + faults[0].message,
                    doc.where(faults[0].pointer), faults[0].remedy);
}

struct Case {
  const base::YamlDocument& doc;
  std::string pointer;
  const Json& expected() const { return doc.value.at_pointer(pointer)["saa"]; }
  std::unexpected<base::Error> differs(const char* key, const std::string& what, const std::string& wanted, const std::string& got) const {
    return base::fail(ErrorCode::conflict, what + ": expected " + wanted + ", got " + got, doc.where(pointer + "/saa/" + key));
  }
};

// Rules by number or id, in the order of the table.
base::Status check_rules(const Case& c, const dmn::DecisionTrace& trace) {
  const Json& wanted = c.expected()["regler"];
  if (!wanted.is_array()) return {};
  Json numbers = Json::array(), ids = Json::array();
  for (const dmn::MatchedRule& rule : trace.rules) {
    numbers.push(rule.index);
    ids.push(rule.rule_id);
  }
  bool same = wanted.size() == trace.rules.size();
  for (std::size_t i = 0; same && i < wanted.size(); ++i) {
    const Json& one = wanted.as_array()[i];
    same = one.is_string() ? one == ids.as_array()[i] : one == numbers.as_array()[i];
  }
  if (same) return {};
  return c.differs("regler", "matched rules of '" + trace.name + "'", wanted.dump(), numbers.dump() + (trace.rules.empty() ? "" : " " + ids.dump()));
}

// A code of the registry, or a part of the sentence in either language.
base::Status check_reason(const Case& c, const dmn::Evaluation& evaluation) {
  const Json& wanted = c.expected()["grund"];
  if (!wanted.is_string()) return {};
  std::string told;
  for (const dmn::DecisionTrace& decision : evaluation.decisions)
    for (const feel::Reason& reason : decision.reasons) {
      const std::string code(feel::name(reason.code)), danish = reason.message(feel::Language::danish);
      if (code == wanted.as_string() || danish.find(wanted.as_string()) != std::string::npos ||
          reason.message().find(wanted.as_string()) != std::string::npos)
        return {};
      told += (told.empty() ? "" : "; ") + code + " (" + danish + ")";
    }
  return c.differs("grund", "reason", "\"" + wanted.as_string() + "\"", told.empty() ? "none" : told);
}

base::Status check_others(const Case& c, const dmn::Evaluation& evaluation) {
  if (!c.expected()["beslutninger"].is_object()) return {};
  for (const auto& [name, wanted] : c.expected()["beslutninger"].as_object()) {
    const auto found = std::find_if(evaluation.decisions.begin(), evaluation.decisions.end(),
                                    [&n = name](const dmn::DecisionTrace& one) { return one.name == n || one.id == n; });
    const std::string key = "beslutninger/" + base::escape_pointer(name);
    if (found == evaluation.decisions.end()) return c.differs(key.c_str(), "decision '" + name + "'", "to be evaluated", "no such decision");
    const Json got = feel::to_json(found->output);
    if (!scenario::matches(wanted, got)) return c.differs(key.c_str(), "decision '" + name + "'", wanted.dump(), got.dump());
  }
  return {};
}

base::Status check(const Case& c, const dmn::Evaluation& evaluation) {
  const Json& saa = c.expected();
  const bool may_fail = saa["fejler"].bool_or(false);
  if (evaluation.failed != may_fail)
    return c.differs("fejler", "failure", may_fail ? "one" : "none", evaluation.failed ? "\"" + evaluation.failure + "\"" : "none");
  const Json got = feel::to_json(evaluation.value);
  if (saa.has("resultat") && !scenario::matches(saa["resultat"], got)) return c.differs("resultat", "result", saa["resultat"].dump(), got.dump());
  if (!evaluation.decisions.empty()) TRY_VOID(check_rules(c, evaluation.decisions.back()));
  TRY_VOID(check_reason(c, evaluation));
  return check_others(c, evaluation);
}

base::Result<dmn::Evaluation> ask(const Case& c, const dmn::Program& program) {
  const Json& one = c.doc.value.at_pointer(c.pointer);
  const std::string decision = one["beslutning"].string_or(c.doc.value["beslutning"].string_or(""));
  if (decision.empty()) return base::fail(ErrorCode::invalid_package, "the case names no decision", c.doc.where(c.pointer), "beslutning: in the case or at the top");
  feel::Environment environment{.now = kDefaultNow};
  for (const Json* level : {&c.doc.value, &one})
    if ((*level)["nu"].is_string()) {
      const auto now = base::parse_iso_utc((*level)["nu"].as_string());
      if (!now) return base::fail(ErrorCode::invalid_package, "'nu' is no moment in time", c.doc.where(c.pointer), "2026-03-02T08:00:00Z");
      environment.now = *now;
    }
  const Json& given = one["input"];
  const feel::Value context = feel::from_json(given.is_object() ? given : Json::object());
  if (context.kind() != feel::Kind::context) return base::fail(ErrorCode::limit_exceeded, "the inputs are too large", c.doc.where(c.pointer + "/input"));
  if (!program.has(decision)) {
    std::vector<std::string> names;
    for (const dmn::DecisionInfo& info : program.decisions()) names.push_back(info.name);
    const std::string near = base::nearest(decision, names);
    return base::fail(ErrorCode::not_found, "the model has no decision '" + decision + "'", c.doc.where(c.pointer),
                      near.empty() ? "one of: " + base::join(names, ", ") : "did you mean '" + near + "'?");
  }
  feel::Context inputs = context.as_context().copy();
  program.read_texts(decision, inputs);
  return program.evaluate(decision, inputs, environment, dmn::TraceLevel::full);
}

}  // namespace

bool is_decision_test(const base::YamlDocument& doc) { return doc.value.has("tilfaelde"); }

base::Result<DecisionTests> DecisionTests::of(const std::string& xml, const std::string& file) {
  DecisionTests out;
  TRY(const std::shared_ptr<const dmn::Model> model, dmn::read(xml, file));
  for (const dmn::TableRef& table : dmn::tables_of(*model)) {
    out.table_of_.emplace(table.decision_id.empty() ? table.id : table.decision_id, out.coverage_.size());
    TableCoverage& made = out.coverage_.emplace_back(TableCoverage{table.name, table.id, table.table->rules.size(), {}, {}});
    for (const dmn::DecisionRule& rule : table.table->rules) made.rule_ids.push_back(rule.id);
  }
  TRY(out.program_, dmn::compile({model}));
  return out;
}

// Parts lie inside each other as deep as decision services call each other (limits::kFeelCallDepth).
void DecisionTests::note(const std::vector<dmn::DecisionTrace>& traces) {
  for (const dmn::DecisionTrace& trace : traces) {
    const auto table = table_of_.find(trace.id);
    if (table != table_of_.end())
      for (const dmn::MatchedRule& rule : trace.rules) coverage_[table->second].matched.insert(static_cast<std::size_t>(rule.index));
    note(trace.parts);
  }
}

DecisionCaseResult DecisionTests::run_case(const base::YamlDocument& doc, const std::string& pointer, feel::Language language) {
  const Case c{doc, pointer};
  DecisionCaseResult out{doc.file, doc.value.at_pointer(pointer)["navn"].string_or(""), false, {}, {}};
  const auto evaluation = ask(c, *program_);
  if (!evaluation) {
    out.message = evaluation.error().text();
    return out;
  }
  note(evaluation->decisions);
  const auto status = check(c, *evaluation);
  out.passed = status.has_value();
  if (out.passed) return out;
  out.message = status.error().text();
  out.trace = explanation(*evaluation, language);
  return out;
}

std::vector<DecisionCaseResult> DecisionTests::run(const std::string& yaml, const std::string& file, const std::string& only, feel::Language language) {
  const auto doc = base::parse_yaml(yaml, file);
  const base::Status fine = doc ? valid(*doc) : std::unexpected(doc.error());
  if (!fine) return {{file, "", false, fine.error().text(), {}}};
  std::vector<DecisionCaseResult> out;
  const Json& cases = doc->value["tilfaelde"];
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (only.empty() || cases.as_array()[i]["navn"].string_or("") == only) out.push_back(run_case(*doc, "/tilfaelde/" + std::to_string(i), language));
  return out;
}

}  // namespace app
