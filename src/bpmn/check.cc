// Runs the registry of rules over a model. Each rule is a function in rules/<area>.cc.
#include "bpmn/check.h"

#include <algorithm>

#include "bpmn/rules/facts.h"

namespace bpmn {
namespace {

enum class Severity : std::uint8_t { off, warning, error };
struct Rule {
  std::string_view name, code, section;
  Severity strict, deploy, lenient;
  std::string_view text, text_da, remedy;
  rules::RuleFunction run;

  Severity severity(Profile profile) const {
    return profile == Profile::strict ? strict : profile == Profile::deploy ? deploy : lenient;
  }
};
using enum Severity;
constexpr Rule kRules[] = {
#define RULE(name, code, section, strict, deploy, lenient, text, text_da, remedy) \
  {#name, code, section, strict, deploy, lenient, text, text_da, remedy, &rules::name},
#include "bpmn/rules.def"
#undef RULE
};

class RuleReport final : public rules::Report {
 public:
  RuleReport(const rules::Facts& facts, const Rule& rule, Severity severity, std::vector<Finding>& into)
      : facts_(facts), rule_(rule), severity_(severity), into_(into) {}

  void at(const base::xml::Element& element, std::string detail, std::string detail_da) override {
    Finding finding;
    finding.rule = rule_.name;
    finding.code = rule_.code;
    finding.is_error = severity_ == error;
    finding.where = facts_.model.where(element);
    // An expression or multiplicity has no id of its own: its owner's is what a person can find.
    for (const auto* owner = &element; owner && finding.where.element.empty(); owner = facts_.parent(*owner))
      finding.where.element = rules::id(*owner);
    finding.message = std::string(rule_.text);
    if (!detail.empty()) finding.message += " Here " + detail + ".";
    finding.message += " (BPMN 2.0.2 section " + std::string(rule_.section) + ")";
    finding.message_da = rule_.text_da;
    if (const std::string* name = element.attribute("name"); name && !name->empty())
      finding.message_da += " Det gælder '" + *name + "'.";
    if (!detail_da.empty()) finding.message_da += " Her " + detail_da + ".";
    finding.remedy = rule_.remedy;
    into_.push_back(std::move(finding));
  }

 private:
  const rules::Facts& facts_;
  const Rule& rule_;
  Severity severity_;
  std::vector<Finding>& into_;
};

}  // namespace

std::vector<Finding> check_rules(const Model& model, Profile profile) {
  const rules::Facts facts(model);
  std::vector<Finding> findings;
  for (const Rule& rule : kRules) {
    const Severity severity = rule.severity(profile);
    if (severity == off) continue;
    RuleReport report(facts, rule, severity, findings);
    rule.run(facts, report);
  }
  return findings;
}

std::vector<Finding> check(const Model& model, Profile profile) {
  std::vector<Finding> findings = check_rules(model, profile);
  std::ranges::move(check_executable(model, profile), std::back_inserter(findings));
  std::ranges::stable_sort(findings, {}, [](const Finding& one) { return std::pair(one.where.line, one.where.column); });
  return findings;
}

std::vector<RuleInfo> rule_registry() {
  std::vector<RuleInfo> result;
  for (const Rule& rule : kRules) {
    const auto word = [](Severity severity) { return severity == error ? "error" : severity == warning ? "warning" : "off"; };
    result.push_back({std::string(rule.name), std::string(rule.code), std::string(rule.section), word(rule.strict),
                      word(rule.deploy), word(rule.lenient), std::string(rule.text), std::string(rule.text_da),
                      std::string(rule.remedy)});
  }
  return result;
}

// What is wrong weighs more than what is not supported yet.
base::Status first_error(const std::vector<Finding>& findings) {
  const Finding* first = nullptr;
  for (const Finding& one : findings) {
    if (!one.is_error) continue;
    if (!first || (first->unsupported && !one.unsupported)) first = &one;
  }
  if (!first) return {};
  const auto code = first->unsupported ? base::ErrorCode::unsupported_element : base::ErrorCode::invalid_bpmn;
  return base::fail(code, first->code + ": " + first->message, first->where, first->remedy);
}

}  // namespace bpmn
