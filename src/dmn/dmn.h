// The room's door: DMN 1.5 text → model → compiled program → evaluation with its trace. Older namespaces (1.1–1.4) are read.
#pragma once
#include <memory>
#include <span>
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

// A rule that did not match, and the first of its cells that said no.
struct StoppedRule {
  int index = 0;            // from 1
  std::string rule_id;
  int input_index = 0;      // from 1: of DecisionTrace::inputs
  std::string input_id;     // of the input clause
  std::string cell_id, cell;  // the cell's id and text
};

// none: the value and nothing else. matched: inputs, matched rules, outputs, reasons. full: and what stopped the other rules.
enum class TraceLevel : std::uint8_t { none, matched, full };

struct TableQuestion;  // dmn/table.h: what a table was asked, until its stopped rules are worked out

// How one decision came to its value.
struct DecisionTrace {
  std::string id, name;
  std::string kind;  // "DECISION_TABLE", "LITERAL_EXPRESSION", "CONTEXT" …
  std::vector<std::pair<std::string, feel::Value>> inputs;  // input clause label (or required name) → value
  std::vector<std::string> input_ids;   // of a table: its input clauses', one for each of `inputs`; else empty
  std::vector<std::string> output_ids;  // of a table: its output clauses', one for each of a rule's `outputs`
  std::vector<MatchedRule> rules;
  std::vector<StoppedRule> stopped;     // full only, at most limits::kTraceStoppedRules
  std::size_t stopped_left_out = 0;     // how many more there were
  feel::Value output;
  std::vector<feel::Reason> reasons;  // why something became null
  std::vector<DecisionTrace> parts;  // tables inside it: in a context, or of a knowledge model that it calls
  std::shared_ptr<const TableQuestion> question;  // inside the room; empty in what evaluate() returns
};

struct Evaluation {
  feel::Value value;
  std::vector<DecisionTrace> decisions;  // in order of evaluation, the asked one last
  bool failed = false;                   // an error (several matches under UNIQUE …), not just a null
  std::string failure;
  std::string failed_decision;           // id of the decision it happened in; where a trace was wanted
  // The input data that the decision depends on, as they were given (null where missing); names as in
  // DecisionInfo::required_inputs. Where a trace was wanted.
  std::vector<std::pair<std::string, feel::Value>> input_data;
};

struct DecisionInfo {
  std::string id, name, model_id, model_name;
  std::vector<std::string> required_inputs;  // names of input data, transitively
};

// One decision, ready to be asked many times: names are resolved, storage is kept from one call to the next. For one
// thread at a time; keeps its program alive.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual const std::vector<std::string>& inputs() const = 0;  // as DecisionInfo::required_inputs
  // Values by position, missing ones are null. The value is valid until the next call.
  virtual const feel::Value& evaluate(std::span<const feel::Value> values, const feel::Environment&) = 0;
  // As Program::read_texts, for one input by its position.
  virtual feel::Value read_text(std::size_t input, const feel::Value&) const = 0;
  virtual bool failed() const = 0;                // of the latest evaluation, as Evaluation::failed
  virtual const std::string& failure() const = 0;
};

class Program {
 public:
  virtual ~Program() = default;
  virtual std::vector<DecisionInfo> decisions() const = 0;
  virtual bool has(std::string_view decision_id_or_name) const = 0;
  // Inputs by name of the input data; names that are missing are null. Errors: not_found.
  virtual base::Result<Evaluation> evaluate(std::string_view decision_id_or_name, const feel::Context& inputs,
                                            const feel::Environment&, TraceLevel = TraceLevel::matched) const = 0;
  // For inputs that come from JSON, which has no dates: texts whose declared type is a date, time, date and time or duration
  // become such values (also inside lists and contexts); a text that is none stays, and the evaluation says why it is null.
  virtual void read_texts(std::string_view decision_id_or_name, feel::Context& inputs) const = 0;
  // The decision by position of its input data. Errors: not_found.
  virtual base::Result<std::unique_ptr<Evaluator>> prepare(std::string_view decision_id_or_name) const = 0;
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
  std::vector<std::pair<std::string, std::string>> example = {};  // of a table: input label → FEEL text of a value that shows it
};
// Everything that can be known to be wrong, errors and warnings. Models that it imports are not missed: what they give is of unknown type.
std::vector<Finding> check(const Model&);

}  // namespace dmn
