#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/cli.h"
#include "base/storage.h"
#include "base/clock.h"
#include "dmn/dmn.h"
#include "feel/feel.h"

namespace app {
namespace {

using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang eval EXPRESSION [--input JSON|@FILE] [--explain] [--zeebe] [--json]
       sagsgang eval --model FILE.dmn --decision NAME [--input JSON|@FILE] [--explain] [--json]
       sagsgang eval                    reads expressions line by line (a REPL on a terminal)

Evaluates a FEEL expression, or a decision of a DMN model, and prints the value.

  --input JSON     the variables: a JSON object, or @FILE with one
  --model FILE     a DMN model; --decision names one of its decisions
  --explain        also print inputs, matched rules and why something is null
  --zeebe          with the extra functions of BPMN expressions (is defined, get or else …)
  --json           the answer as JSON

example: sagsgang eval 'if beloeb > takst then "over takst" else "ok"' --input '{"beloeb": 512, "takst": 468}')";

base::Result<Json> read_input(const std::string& text) {
  if (text.empty()) return Json::object();
  std::string json = text, file = "--input";
  if (text[0] == '@') {
    file = text.substr(1);
    TRY(json, base::read_file(file, base::limits::kJsonBytes));
  }
  TRY(Json value, base::parse_json(json, file));
  if (!value.is_object()) return base::fail(base::ErrorCode::usage, "the input must be a JSON object", {.file = file}, "write {\"name\": value}");
  return value;
}

void print_value(const feel::Value& value, bool json) {
  const std::string text = json || value.is_null() ? feel::to_json(value).dump() : feel::text(value);
  std::printf("%s\n", text.c_str());
}

int evaluate_expression(const std::string& text, const Json& input, feel::Dialect dialect, bool explain, bool json) {
  feel::CompileOptions options{.dialect = dialect, .file = "expression"};
  for (const auto& [name, value] : input.as_object()) options.names.push_back({name, nullptr});
  const auto compiled = feel::compile(text, options);
  if (!compiled) return report(compiled.error());
  std::vector<feel::Value> values;
  for (const std::string& name : compiled->inputs()) {
    const Json* found = input.find(name);
    values.push_back(found ? feel::from_json(*found) : feel::Value::null("the variable '" + name + "' is not given"));
  }
  std::vector<feel::Reason> reasons;
  feel::Environment environment{.now = base::SystemClock().now(), .reasons = &reasons};
  const feel::Value value = compiled->evaluate(values, environment);
  print_value(value, json);
  if (explain) {
    for (std::size_t i = 0; i < values.size(); ++i) std::printf("  %s = %s\n", compiled->inputs()[i].c_str(), feel::to_json(values[i]).dump().c_str());
    for (const feel::Reason& reason : reasons) std::printf("  null: %s\n", reason.text().c_str());
    if (value.is_null() && reasons.empty() && !value.reason().empty()) std::printf("  null: %s\n", value.reason().c_str());
  }
  return kDone;
}

void print_trace(const dmn::Evaluation& evaluation) {
  for (const dmn::DecisionTrace& decision : evaluation.decisions) {
    std::printf("%s = %s\n", decision.name.c_str(), feel::to_json(decision.output).dump().c_str());
    for (const auto& [name, value] : decision.inputs) std::printf("  input %s = %s\n", name.c_str(), feel::to_json(value).dump().c_str());
    for (const dmn::MatchedRule& rule : decision.rules) std::printf("  rule %d matched\n", rule.index);
    for (const feel::Reason& reason : decision.reasons) std::printf("  null: %s\n", reason.text().c_str());
  }
}

base::Result<int> evaluate_model(const std::string& file, const std::string& decision, const Json& input, bool explain, bool json) {
  TRY(const std::string xml, base::read_file(file, base::limits::kXmlBytes));
  TRY(auto model, dmn::read(xml, file));
  TRY(const auto program, dmn::compile({model}));
  if (decision.empty()) {
    std::string names;
    for (const auto& d : program->decisions()) names += (names.empty() ? "" : ", ") + d.name;
    return base::fail(base::ErrorCode::usage, "--decision is missing", {.file = file}, "one of: " + names);
  }
  const feel::Value context = feel::from_json(input);
  TRY(const dmn::Evaluation evaluation, program->evaluate(decision, context.as_context().copy(), {.now = base::SystemClock().now()}));
  if (explain) print_trace(evaluation);
  else print_value(evaluation.value, json);
  if (evaluation.failed) {
    std::fprintf(stderr, "sagsgang: %s\n", evaluation.failure.c_str());
    return static_cast<int>(kFaults);
  }
  return static_cast<int>(kDone);
}

int repl(const Json& input, feel::Dialect dialect, bool explain, bool json) {
  const bool terminal = isatty(STDIN_FILENO) != 0;
  std::string line;
  int worst = kDone;
  while (true) {
    if (terminal) std::fputs("feel> ", stdout), std::fflush(stdout);
    if (!std::getline(std::cin, line)) break;
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    worst = std::max(worst, evaluate_expression(line, input, dialect, explain, json));
  }
  return terminal ? static_cast<int>(kDone) : worst;
}

int run(Arguments& arguments) {
  const bool explain = arguments.flag("--explain"), json = arguments.flag("--json");
  const feel::Dialect dialect = arguments.flag("--zeebe") ? feel::Dialect::zeebe : feel::Dialect::dmn;
  const std::string model = arguments.get("--model"), decision = arguments.get("--decision");
  const auto input = read_input(arguments.get("--input"));
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (!input) return report(input.error());
  if (!model.empty()) {
    const auto done = evaluate_model(model, decision, *input, explain, json);
    return done ? *done : report(done.error());
  }
  if (words.size() > 1) return report({base::ErrorCode::usage, "one expression at a time", {}, "put it in quotes"});
  return words.empty() ? repl(*input, dialect, explain, json) : evaluate_expression(words[0], *input, dialect, explain, json);
}

}  // namespace

CommandInfo eval_command() { return {"eval", "evaluate a FEEL expression or a DMN decision", kHelp, run}; }

}  // namespace app
