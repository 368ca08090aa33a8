// The rules of BPMN 2.0.2 that make a model invalid or not executable. One registry: rules.def.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bpmn/model.h"

namespace bpmn {

// strict: every rule is an error (betsy). deploy: executable and zeebe rules are errors, interchange rules warnings.
// lenient: everything is a warning (import, modelling, MIWG, token simulation).
enum class Profile : std::uint8_t { strict, deploy, lenient };

struct Finding {
  std::string code;           // "EXT.023" where the rule has a published number, else ours ("SG.001")
  bool is_error = false;      // under the profile asked for
  base::Where where;          // file, line, column, element id
  std::string message, message_da, remedy;
  std::string rule;           // name in rules.def; "" for what is only not executed yet
  bool unsupported = false;   // valid, but this release does not execute it
};

// Both parts below, in the order of the file.
std::vector<Finding> check(const Model&, Profile);
// Validity alone: rules.def.
std::vector<Finding> check_rules(const Model&, Profile);
// What valid but not yet executed things the executable processes hold, each by name: elements.def, events.def,
// features.def, zeebe.def. Errors under strict and deploy, warnings under lenient.
std::vector<Finding> check_executable(const Model&, Profile);
base::Status first_error(const std::vector<Finding>&);  // invalid_bpmn / unsupported_element, or nothing

struct RuleInfo {
  std::string name, code, section, strict, deploy, lenient;  // severities: error | warning | off
  std::string text, text_da, remedy;
};
std::vector<RuleInfo> rule_registry();                  // as data, for documentation and the page that lists the rules
struct FeatureInfo { std::string code, name; bool executes; };
std::vector<FeatureInfo> feature_registry();            // features.def

}  // namespace bpmn
