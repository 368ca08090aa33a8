// text: diagrams as outlines for authors.
#include <cstdio>

#include "app/cli.h"
#include "base/limits.h"
#include "base/storage.h"
#include "bpmn/notation/notation.h"

namespace app {
namespace {

base::Result<bpmn::ModelPtr> model_of(const std::string& file) {
  TRY(const std::string text, base::read_file(file, base::limits::kXmlBytes + 1));
  return file.ends_with(".tekst") ? bpmn::from_text(text, file) : bpmn::read(text, file);
}

constexpr const char* kTextHelp = R"(usage: sagsgang text FILE.bpmn|FILE.tekst [--out FILE.tekst]

Writes a process as an outline (docs/notation.md), in its one canonical form. What the notation has no words for is named on
standard error. Without --out the text goes to standard output.

Exit code 0: everything is in the text; 1: something was left out.

example: sagsgang text bank/arbejdsmarked/betaling-af-laegeerklaeringer/proces.bpmn)";

int run_text(Arguments& arguments) {
  const std::string out = arguments.get("--out");
  const auto files = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (files.size() != 1) return report({base::ErrorCode::usage, "one .bpmn or .tekst file, please", {}, "see sagsgang text --help"});
  const auto model = model_of(files[0]);
  if (!model) return report(model.error());
  const bpmn::Outline outline = bpmn::to_text(**model);
  for (const base::Error& one : outline.left_out) std::fprintf(stderr, "%s: left out: %s\n", one.where.text().c_str(), one.message.c_str());
  if (out.empty()) std::fwrite(outline.text.data(), 1, outline.text.size(), stdout);
  else if (const auto written = base::write_file_atomic(out, outline.text); !written) return report(written.error());
  return outline.left_out.empty() ? kDone : kFaults;
}

}  // namespace

CommandInfo text_command() { return {"text", "write a process as an outline", kTextHelp, run_text}; }

}  // namespace app
