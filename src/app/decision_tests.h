// Decision tests (docs/scenarios.md, "Decision tests"): cases in YAML files, each a decision asked with inputs and what must come of it.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/yaml.h"
#include "dmn/dmn.h"
#include "feel/reason.h"

namespace app {

struct DecisionCaseResult {
  std::string file, name;  // of the case
  bool passed = false;
  std::string message;     // "file:12: result: expected 5, got 1"
  std::string trace;       // of a case that failed: how the decision came to its value
};

// Which rules of a model's tables some case matched.
struct TableCoverage {
  std::string name, id;                // of the decision or knowledge model; of the table
  std::size_t rules = 0;
  std::set<std::size_t> matched;       // from 1
  std::vector<std::string> rule_ids;
};

class DecisionTests {
 public:
  // Errors: what dmn::read and dmn::compile say.
  static base::Result<DecisionTests> of(const std::string& xml, const std::string& file);

  // One result for each case. Never fails as a whole: what is wrong with the file is its only result. `only`: the case of that name.
  std::vector<DecisionCaseResult> run(const std::string& yaml, const std::string& file, const std::string& only, feel::Language);
  const std::vector<TableCoverage>& coverage() const { return coverage_; }

 private:
  DecisionCaseResult run_case(const base::YamlDocument&, const std::string& pointer, feel::Language);
  void note(const std::vector<dmn::DecisionTrace>&);

  std::shared_ptr<const dmn::Program> program_;
  std::vector<TableCoverage> coverage_;
  std::map<std::string, std::size_t, std::less<>> table_of_;  // what a trace calls a table → coverage_
};

// Is this the text of a decision test? (A key `tilfaelde`; a scenario has none.)
bool is_decision_test(const base::YamlDocument&);

}  // namespace app
