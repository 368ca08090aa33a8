// The room's door: DMN 1.5 text → model → compiled program → evaluation with its trace. Older namespaces (1.1–1.4) are read.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "feel/feel.h"

namespace dmn {

struct Model;  // dmn/model.h: what the file says, with positions

// Errors: invalid_xml, invalid_dmn, unsupported_element, each with line, column and element id.
base::Result<std::shared_ptr<const Model>> read(std::string_view xml, std::string_view file);

struct MatchedRule {
  int index = 0;          // from 1, as shown to people
  std::string rule_id;
  std::vector<std::pair<std::string, feel::Value>> outputs;  // output name → value
};

// How one decision came to its value.
struct DecisionTrace {
  std::string id, name;
  std::string kind;  // "DECISION_TABLE", "LITERAL_EXPRESSION", "CONTEXT" …
  std::vector<std::pair<std::string, feel::Value>> inputs;  // input clause label (or required name) → value
  std::vector<MatchedRule> rules;
  feel::Value output;
  std::vector<feel::Reason> reasons;  // why something became null
  std::vector<DecisionTrace> parts;  // tables inside it: in a context, or of a knowledge model that it calls
};

struct Evaluation {
  feel::Value value;
  std::vector<DecisionTrace> decisions;  // in order of evaluation, the asked one last
  bool failed = false;                   // an error (several matches under UNIQUE …), not just a null
  std::string failure;
};

struct DecisionInfo {
  std::string id, name, model_id, model_name;
  std::vector<std::string> required_inputs;  // names of input data, transitively
};

class Program {
 public:
  virtual ~Program() = default;
  virtual std::vector<DecisionInfo> decisions() const = 0;
  virtual bool has(std::string_view decision_id_or_name) const = 0;
  // Inputs by name of the input data; names that are missing are null. Errors: not_found.
  virtual base::Result<Evaluation> evaluate(std::string_view decision_id_or_name, const feel::Context& inputs,
                                            const feel::Environment&, bool with_trace = true) const = 0;
  // A decision service or business knowledge model by name (TCK "invocable"). Errors: not_found.
  virtual base::Result<feel::Value> invoke(std::string_view name, const feel::Context& arguments,
                                           const feel::Environment&) const = 0;
};

// What becomes of an expression that is not valid FEEL, or uses a name or type that nothing gives.
enum class OnFault : std::uint8_t {
  refuse,  // compile() fails: deployment
  null,    // it evaluates to null with the fault as its reason: half-finished models, and the TCK, which has such expressions
};

// All models that import each other; the first is the main one (decisions are looked up there).
// Errors: invalid_dmn (cycles, unknown references, wrong FEEL with position), unsupported_element.
base::Result<std::shared_ptr<const Program>> compile(std::vector<std::shared_ptr<const Model>> models, OnFault = OnFault::refuse);

struct Finding {
  std::string code;        // check rule, e.g. "DMN-TABLE-ARITY"
  bool is_error = true;
  base::Where where;
  std::string message, message_da, remedy;
};
std::vector<Finding> check(const Model&);

}  // namespace dmn
