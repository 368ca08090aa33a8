#include "conformance/betsy_constraints.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "bpmn/check.h"

namespace conformance {
namespace {

using base::xml::Element;
constexpr std::string_view kXsiNs = "http://www.w3.org/2001/XMLSchema-instance";

// "EXT023" → "EXT.023", as rules.def writes it; "REF" stays.
std::string published(const std::string& rule) { return rule.starts_with("EXT") ? "EXT." + rule.substr(3) : rule; }

std::string errors_of(const std::vector<bpmn::Finding>& findings) {
  std::string text;
  for (const bpmn::Finding& one : findings)
    if (one.is_error) text += one.where.text() + " " + one.code + ": " + one.message + "\n";
  return text;
}

struct Tally {
  int refused = 0, all = 0, named = 0;                  // named: by the very rule the entry breaks
  std::map<std::string, std::pair<int, int>> pedantic;  // areas naming and format: refused, all
};

void run_one(const std::filesystem::path& folder, const base::Json& entry, Report& report, Tally& tally) {
  const std::string name = entry["id"].string_or(""), rule = published(entry["rule"].string_or(""));
  const std::filesystem::path file = folder / entry["model"].string_or("");
  const auto model = bpmn::read(file_text(file), file.string());
  const std::string area = entry["area"].string_or("");
  auto& [pedantic_refused, pedantic_all] = tally.pedantic[area];
  ++tally.all, ++pedantic_all;
  std::string how;
  bool by_rule = false;
  if (!model) {
    how = "the file cannot be read: " + model.error().message;
  } else {
    const auto findings = bpmn::check_rules(**model, bpmn::Profile::strict);
    how = errors_of(findings);
    by_rule = std::ranges::any_of(findings, [&](const bpmn::Finding& one) { return one.is_error && one.code == rule; });
  }
  tally.named += by_rule;
  if (how.empty()) return report.fail(name, "refused: " + rule + " " + entry["requirement"].string_or(""), "accepted", file.string());
  ++tally.refused, ++pedantic_refused;
  report.pass(name, by_rule ? "" : "refused, but not by " + rule + ":\n" + how);
}

void run_valid(const std::filesystem::path& folder, const std::string& model_file, bool may_fail, Report& report, int& accepted) {
  const std::string name = "strict-rules-accept/" + model_file;
  auto document = base::xml::parse(file_text(folder / model_file), model_file);
  if (!document) return report.fail(name, "a readable model", document.error().message);
  add_formats(*document->root);
  const auto model = bpmn::read(base::xml::write(*document), model_file);
  if (!model) return report.fail(name, "a readable model", model.error().message);
  const std::string errors = errors_of(bpmn::check_rules(**model, bpmn::Profile::strict));
  if (!errors.empty() && !may_fail) return report.fail(name, "no rule broken", errors);
  accepted += errors.empty();
  report.pass(name, errors);
}

}  // namespace

void add_formats(Element& root) {
  static const std::set<std::string_view> expressions{
      "conditionExpression", "timeDate", "timeCycle", "timeDuration", "loopCardinality", "completionCondition",
      "loopCondition", "activationCondition", "condition"};
  std::vector<Element*> open{&root};
  while (!open.empty()) {
    Element* element = open.back();
    open.pop_back();
    if (element->local == "scriptTask" && !element->attribute("scriptFormat")) element->set_attribute("scriptFormat", "text/x-betsy");
    if (element->local == "globalScriptTask" && !element->attribute("scriptLanguage")) element->set_attribute("scriptLanguage", "text/x-betsy");
    if (expressions.contains(element->local) && !element->attribute(kXsiNs, "type")) {
      const std::string type = element->prefix.empty() ? "tFormalExpression" : element->prefix + ":tFormalExpression";
      element->attributes.push_back({std::string(kXsiNs), "xsi", "type", type});
    }
    for (base::xml::Node& child : element->children)
      if (child.element) open.push_back(child.element.get());
  }
}

void run_constraints(const std::filesystem::path& folder, const Options& options, Report& report) {
  const auto list = base::parse_json(file_text(folder / "constraints.json"), "constraints.json");
  const auto cases = base::parse_json(file_text(folder / "cases.json"), "cases.json");
  if (!list || !cases) {
    report.broken = "constraints.json or cases.json: " + (list ? cases.error().message : list.error().message);
    return;
  }
  Tally tally;
  for (const base::Json& entry : (*list)["constraints"].as_array()) {
    const std::string name = entry["id"].string_or("");
    if (!options.wants(name)) continue;
    if (options.list) report.list(name);
    else run_one(folder, entry, report, tally);
  }
  std::map<std::string, bool> models;  // file → whether refusing it would be right
  for (const base::Json& entry : (*cases)["cases"].as_array())
    models[entry["model"].string_or("")] |= entry["deployment"].string_or("") == "may_fail";
  int accepted = 0, judged = 0;
  for (const auto& [file, may_fail] : models) {
    const std::string name = "strict-rules-accept/" + file;
    if (!options.wants(name)) continue;
    if (options.list) {
      report.list(name);
      continue;
    }
    ++judged;
    run_valid(folder, file, may_fail, report, accepted);
  }
  if (options.list) return;
  report.figures.emplace_back("invalid models refused", std::to_string(tally.refused) + " of " + std::to_string(tally.all));
  report.figures.emplace_back("refused by the very rule they break", std::to_string(tally.named) + " of " + std::to_string(tally.all));
  for (const auto area : {"naming", "format"})
    if (const auto found = tally.pedantic.find(area); found != tally.pedantic.end())
      report.figures.emplace_back("of these, area " + std::string(area),
                                  std::to_string(found->second.first) + " of " + std::to_string(found->second.second));
  report.figures.emplace_back("executable models that break no rule", std::to_string(accepted) + " of " + std::to_string(judged));
}

}  // namespace conformance
