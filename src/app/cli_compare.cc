// compare: what is different between two diagrams, in words and as a picture.
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/eval/show.h"
#include "base/limits.h"
#include "base/storage.h"
#include "bpmn/compare/compare.h"
#include "bpmn/notation/notation.h"

namespace app {
namespace {

constexpr const char* kHelp = R"(usage: sagsgang compare A B [--json] [--dansk] [--svg FILE] [--fail]

Tells what is different between two process diagrams that may be drawn independently: elements are matched by label and context, not by
id. A and B are .bpmn or .tekst files, or package folders (their proces.bpmn).

  --json       everything as JSON, sentences in both languages
  --dansk      sentences in Danish, whatever LANG says
  --svg FILE   both diagrams in one picture, with every difference marked by number, sign and pattern
  --fail       exit code 1 where there are differences (for scripts)

example: sagsgang compare bank/arbejdsmarked/sygedagpengeopfoelgning-2010 bank/arbejdsmarked/sygedagpengeopfoelgning --dansk)";

base::Result<bpmn::ModelPtr> model_of(const std::string& path) {
  std::string file = path;
  if (std::filesystem::is_directory(path)) file = (std::filesystem::path(path) / "proces.bpmn").string();
  TRY(const std::string text, base::read_file(file, base::limits::kXmlBytes + 1));
  return file.ends_with(".tekst") ? bpmn::from_text(text, file) : bpmn::read(text, file);
}

std::string title_of(const bpmn::Model& model, const std::string& path) {
  for (const auto& process : model.processes)
    if (!process.name.empty()) return process.name;
  return path;
}

int run(Arguments& arguments) {
  const bool json = arguments.flag("--json"), fail = arguments.flag("--fail"), danish = arguments.flag("--dansk") || language_of_environment() == feel::Language::danish;
  const std::string svg = arguments.get("--svg");
  const auto paths = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (paths.size() != 2) return report({base::ErrorCode::usage, "two diagrams, please", {}, "see sagsgang compare --help"});
  const auto a = model_of(paths[0]), b = model_of(paths[1]);
  for (const auto* model : {&a, &b})
    if (!*model) return report(model->error());
  const auto found = bpmn::compare(**a, **b);
  if (!found) return report(found.error());
  if (!svg.empty()) {
    const auto picture = bpmn::comparison_svg(**a, **b, *found, title_of(**a, paths[0]), title_of(**b, paths[1]));
    if (!picture) return report(picture.error());
    if (const auto written = base::write_file_atomic(svg, *picture); !written) return report(written.error());
  }
  if (json) {
    std::printf("%s\n", bpmn::to_json(*found).dump_pretty().c_str());
  } else {
    std::printf("%s\n", (danish ? found->summary_da : found->summary_en).c_str());
    std::size_t number = 0;
    for (const auto& d : found->differences) std::printf("%3zu. %s\n", ++number, (danish ? d.da : d.en).c_str());
    if (!found->moved_on_paper.empty()) std::printf(danish ? "Kun flyttet på tegningen: %zu\n" : "Only moved on the drawing: %zu\n", found->moved_on_paper.size());
  }
  return fail && !found->differences.empty() ? kFaults : kDone;
}

}  // namespace

CommandInfo compare_command() { return {"compare", "tell what is different between two diagrams", kHelp, run}; }

}  // namespace app
