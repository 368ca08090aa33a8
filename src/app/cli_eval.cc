#include <unistd.h>

#include <cstdio>

#include "app/cli.h"
#include "app/eval/session.h"
#include "base/storage.h"

namespace app {
namespace {

using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang eval EXPRESSION [--input JSON|@FILE] [--explain] [--format text|json] [--zeebe] [--json]
       sagsgang eval --model FILE.dmn --decision NAME [--input JSON|@FILE] [--explain] [--format text|json] [--json]
       sagsgang eval [--model FILE.dmn]     reads line by line: on a terminal with history, completion (Tab) and :help

Evaluates a FEEL expression, or a decision of a DMN model, and prints the value.

  --input JSON     the variables: a JSON object, or @FILE with one
  --model FILE     a DMN model; --decision names one of its decisions
  --explain        also print inputs, matched rules, the cell that stopped each other rule, decisions in between, and for every null
                   the reason with its position
  --format json    in place of the value the whole trace as JSON (docs/dmn.md)
  --dansk          reasons in Danish, whatever LANG says
  --zeebe          with the extra functions of BPMN expressions (is defined, get or else …)
  --json           the value as JSON

example: sagsgang eval 'if beloeb > takst then "over takst" else "ok"' --input '{"beloeb": 512, "takst": 468}'
example: sagsgang eval 'date(frist) - date(modtaget)' --input '{"frist": "2026-03-01"}' --explain --dansk
example: sagsgang eval --model bank/arbejdsmarked/betaling-af-laegeerklaeringer/beslutninger.dmn --decision tolerance --input '{"ordre": {"erklaeringstype": "LÆ 165"}}' --explain
example: printf 'x = 3\nx * (1 +\n 2)\n' | sagsgang eval)";

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

// The value goes to standard output, an error that is more than a null also to standard error.
int evaluate_decision(EvalSession& session, const std::string& name, const std::string& file) {
  if (name.empty()) {
    std::string names;
    for (const std::string& one : session.decisions()) names += (names.empty() ? "" : ", ") + one;
    return report({base::ErrorCode::usage, "--decision is missing", {.file = file}, "one of: " + names});
  }
  std::string failure;
  const auto made = session.decision(name, &failure);
  if (!made) return report(made.error());
  std::printf("%s", made->c_str());
  if (failure.empty()) return kDone;
  std::fprintf(stderr, "sagsgang: %s\n", failure.c_str());
  return kFaults;
}

int run(Arguments& arguments) {
  EvalOptions options;
  options.explain = arguments.flag("--explain");
  options.json = arguments.flag("--json");
  if (arguments.flag("--zeebe")) options.dialect = feel::Dialect::zeebe;
  options.language = arguments.flag("--dansk") ? feel::Language::danish : language_of_environment();
  const std::string model = arguments.get("--model"), decision = arguments.get("--decision"), format = arguments.get("--format", "text");
  const auto input = read_input(arguments.get("--input"));
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (!input) return report(input.error());
  if (format != "text" && format != "json") return report({base::ErrorCode::usage, "no format '" + format + "'", {}, "text or json"});
  if (words.size() > 1) return report({base::ErrorCode::usage, "one expression at a time", {}, "put it in quotes"});
  options.trace = format == "json";
  EvalSession session(options);
  session.set_all(*input);
  if (!model.empty())
    if (const auto loaded = session.load_model(model); !loaded) return report(loaded.error());
  if (!words.empty()) {
    const auto made = session.expression(words[0]);
    if (!made) return report(made.error());
    std::printf("%s", made->c_str());
    return kDone;
  }
  // A model without a decision is talked to where there is somebody to talk; else the decision was forgotten.
  if (!model.empty() && (!decision.empty() || isatty(STDIN_FILENO) == 0)) return evaluate_decision(session, decision, model);
  return run_repl(session);
}

}  // namespace

CommandInfo eval_command() { return {"eval", "evaluate a FEEL expression or a DMN decision", kHelp, run}; }

}  // namespace app
