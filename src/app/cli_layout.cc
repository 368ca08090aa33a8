// layout: positions for a diagram that has none.
#include <cstdio>

#include "app/cli.h"
#include "base/limits.h"
#include "base/storage.h"
#include "bpmn/layout/layout.h"
#include "bpmn/notation/notation.h"

namespace app {
namespace {

constexpr const char* kLayoutHelp = R"(usage: sagsgang layout FILE.tekst|FILE.bpmn [--out FILE.bpmn] [--keep]

Gives a process diagram its positions: pools, lanes, sub-processes, boundary events, flows at right angles, labels.
A .tekst file (docs/notation.md) becomes a BPMN diagram; a .bpmn file gets a new one. The same input gives the same
bytes. Without --out the BPMN goes to standard output.

  --keep        elements that have a shape keep it; only what is new is placed

example: printf 'proces: Hej\n  start: Spørgsmål\n  bruger: Svar\n  slut: Besvaret\n' > hej.tekst && sagsgang layout hej.tekst --out hej.bpmn
example: sagsgang layout bank/tvaergaaende/oplyser-sag/proces.bpmn --out oplyser-sag.bpmn)";

base::Result<bpmn::ModelPtr> model_of(const std::string& file) {
  TRY(const std::string text, base::read_file(file, base::limits::kXmlBytes + 1));
  return file.ends_with(".tekst") ? bpmn::from_text(text, file) : bpmn::read(text, file);
}

int put(const std::string& out, const std::string& text) {
  if (out.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
  }
  if (const auto written = base::write_file_atomic(out, text); !written) return report(written.error());
  std::printf("%s: %zu bytes\n", out.c_str(), text.size());
  return kDone;
}

int run_layout(Arguments& arguments) {
  const std::string out = arguments.get("--out");
  bpmn::LayoutOptions options;
  options.keep = arguments.flag("--keep");
  const auto files = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (files.size() != 1) return report({base::ErrorCode::usage, "one .tekst or .bpmn file, please", {}, "see sagsgang layout --help"});
  const auto model = model_of(files[0]);
  if (!model) return report(model.error());
  const auto placed = bpmn::layout(**model, options);
  if (!placed) return report(placed.error());
  return put(out, bpmn::write(**placed));
}

}  // namespace

CommandInfo layout_command() { return {"layout", "place a BPMN diagram, or make one from a text", kLayoutHelp, run_layout}; }

}  // namespace app
