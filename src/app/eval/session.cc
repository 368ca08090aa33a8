#include "app/eval/session.h"

#include <algorithm>

#include "base/clock.h"
#include "base/storage.h"
#include "dmn/trace.h"

namespace app {

using base::Json;
using feel::Value;

void EvalSession::set(const std::string& name, Value value) {
  const auto found = std::find_if(variables_.begin(), variables_.end(), [&](const auto& one) { return one.first == name; });
  if (found != variables_.end()) found->second = std::move(value);
  else variables_.emplace_back(name, std::move(value));
}

void EvalSession::set_all(const Json& variables) {
  for (const auto& [name, value] : variables.as_object()) set(name, feel::from_json(value));
}

base::Status EvalSession::load_model(const std::string& file) {
  TRY(const std::string xml, base::read_file(file, base::limits::kXmlBytes));
  TRY(auto model, dmn::read(xml, file));
  TRY(program_, dmn::compile({model}));
  return {};
}

std::vector<std::string> EvalSession::decisions() const {
  std::vector<std::string> out;
  if (program_)
    for (const dmn::DecisionInfo& one : program_->decisions()) out.push_back(one.name);
  return out;
}

std::vector<std::string> EvalSession::names() const {
  std::vector<std::string> out = decisions();
  for (const auto& [name, unused] : variables_) out.push_back(name);
  for (const feel::BuiltinInfo& builtin : feel::builtins(options_.dialect)) out.push_back(std::string(builtin.name) + "(");
  return out;
}

base::Result<std::string> EvalSession::expression(const std::string& text, Value* value) {
  feel::CompileOptions compile{.dialect = options_.dialect, .file = "expression"};
  for (const auto& [name, unused] : variables_) compile.names.push_back({name, nullptr});
  TRY(const feel::Expression compiled, feel::compile(text, compile));
  std::vector<std::pair<std::string, Value>> names;
  std::vector<Value> values;
  for (const std::string& name : compiled.inputs()) {
    const auto found = std::find_if(variables_.begin(), variables_.end(), [&](const auto& one) { return one.first == name; });
    values.push_back(found != variables_.end() ? found->second : Value::null(feel::Reason(feel::ReasonCode::variable_missing, std::string_view(name))));
    names.emplace_back(name, values.back());
  }
  std::vector<feel::Reason> reasons;
  const Value result = compiled.evaluate(values, {.now = base::SystemClock().now(), .reasons = &reasons});
  if (result.has_reason() && std::find(reasons.begin(), reasons.end(), *result.why()) == reasons.end()) {
    const bool told = std::any_of(reasons.begin(), reasons.end(), [&](const feel::Reason& one) { return one.text() == result.why()->text(); });
    if (!told) reasons.push_back(*result.why());
  }
  if (value != nullptr) *value = result;
  if (options_.trace) return expression_trace(result, names, reasons).dump_pretty() + "\n";
  std::string out = value_line(result, options_.json) + "\n";
  if (options_.explain) out += explanation(text, names, reasons, options_.language);
  return out;
}

base::Result<std::string> EvalSession::decision(const std::string& name, std::string* failure) {
  feel::Context inputs;
  for (const auto& [variable, value] : variables_) inputs.entries.emplace_back(variable, value);
  const dmn::TraceLevel level = options_.explain || options_.trace ? dmn::TraceLevel::full : dmn::TraceLevel::matched;
  program_->read_texts(name, inputs);
  TRY(const dmn::Evaluation evaluation, program_->evaluate(name, inputs, {.now = base::SystemClock().now()}, level));
  if (evaluation.failed && failure != nullptr) *failure = evaluation.failure;
  if (options_.trace) return dmn::trace_json(evaluation).dump_pretty() + "\n";
  std::string out = value_line(evaluation.value, options_.json) + "\n";
  if (options_.explain) out += explanation(evaluation, options_.language);
  return out;
}

}  // namespace app
