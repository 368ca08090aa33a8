// check and draw: what is wrong with a file or a package, and how its diagram looks.
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/eval/show.h"
#include "bank/package.h"
#include "base/storage.h"
#include "bpmn/check.h"
#include "bpmn/draw.h"
#include "bpmn/notation/notation.h"
#include "dmn/dmn.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kCheckHelp = R"(usage: sagsgang check PATH... [--profile strict|deploy|lenient] [--dansk] [--json]

Checks BPMN and DMN files, outlines (.tekst) and whole workflow packages (a folder with arbejdsgang.yaml, or a folder of such folders).
Each finding has a code, file:line:column, the element and what would be right.

  --profile P   strict: every rule of BPMN; deploy (default): what runs here; lenient: everything is a warning
  --dansk       each finding in Danish too, whatever LANG says
  --json        findings as JSON, in both languages

Exit code 0: no errors; 1: errors were found.

example: sagsgang check bank)";

struct Row {
  std::string code, message, message_da, remedy;
  base::Where where;
  bool is_error;
};

template <class F>
Row row_of(const F& f) {
  return {f.code, f.message, f.message_da, f.remedy, f.where, f.is_error};
}

Row row_of(const base::Error& e) { return {std::string(base::name(e.code)), e.message, std::string(base::title_da(e.code)), e.remedy, e.where, true}; }

base::Status check_file(const std::string& path, bpmn::Profile profile, std::vector<Row>& rows) {
  TRY(const std::string text, base::read_file(path, base::limits::kXmlBytes + 1));
  if (path.ends_with(".bpmn") || path.ends_with(".tekst")) {
    const auto model = path.ends_with(".tekst") ? bpmn::from_text(text, path) : bpmn::read(text, path);
    if (!model) rows.push_back(row_of(model.error()));
    else
      for (const auto& f : bpmn::check(**model, profile)) rows.push_back(row_of(f));
    return {};
  }
  if (path.ends_with(".dmn")) {
    const auto model = dmn::read(text, path);
    if (!model) {
      rows.push_back(row_of(model.error()));
      return {};
    }
    const std::size_t before = rows.size();
    for (const auto& f : dmn::check(**model)) rows.push_back(row_of(f));
    const auto program = dmn::compile({*model});
    if (!program && rows.size() == before) rows.push_back(row_of(program.error()));
    return {};
  }
  return base::fail(base::ErrorCode::usage, "'" + path + "' is neither .bpmn, .tekst, .dmn nor a package folder");
}

base::Status check_package(const fs::path& folder, std::vector<Row>& rows) {
  const std::string slug = folder.parent_path().filename().string() + "/" + folder.filename().string();
  const auto package = bank::load_folder(folder.string(), slug);
  if (!package) {
    rows.push_back(row_of(package.error()));
    return {};
  }
  for (const bank::Finding& f : bank::check(*package))
    rows.push_back({f.code, f.message, f.message_da, f.remedy, {.file = f.file, .line = f.line, .column = f.column, .element = f.element}, f.is_error});
  return {};
}

base::Status check_path(const std::string& path, bpmn::Profile profile, std::vector<Row>& rows, std::size_t& things) {
  if (!fs::exists(path)) return base::fail(base::ErrorCode::usage, "there is no '" + path + "'");
  if (!fs::is_directory(path)) {
    ++things;
    return check_file(path, profile, rows);
  }
  const std::size_t before = things;
  std::vector<fs::path> folders;
  if (fs::exists(fs::path(path) / "arbejdsgang.yaml")) folders.push_back(fs::canonical(path));
  else
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.path().filename() == "arbejdsgang.yaml") folders.push_back(fs::canonical(entry.path().parent_path()));
  for (const fs::path& folder : folders) {
    ++things;
    TRY_VOID(check_package(folder, rows));
  }
  if (things == before) return base::fail(base::ErrorCode::usage, "no package (arbejdsgang.yaml) under '" + path + "'");
  return {};
}

Json to_json(const Row& row) {
  Json out = Json::object();
  out.set("code", row.code);
  out.set("severity", row.is_error ? "error" : "warning");
  out.set("file", row.where.file);
  out.set("line", row.where.line);
  out.set("column", row.where.column);
  out.set("element", row.where.element);
  out.set("message", row.message);
  out.set("messageDa", row.message_da);
  out.set("remedy", row.remedy);
  return out;
}

int run_check(Arguments& arguments) {
  const std::string name = arguments.get("--profile", "deploy");
  const bool json = arguments.flag("--json"), danish = arguments.flag("--dansk") || language_of_environment() == feel::Language::danish;
  const auto paths = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (paths.empty()) return report({base::ErrorCode::usage, "which file or folder?", {}, "example: sagsgang check bank"});
  const auto profile = name == "strict" ? bpmn::Profile::strict : name == "lenient" ? bpmn::Profile::lenient : bpmn::Profile::deploy;
  if (name != "strict" && name != "deploy" && name != "lenient") return report({base::ErrorCode::usage, "no profile '" + name + "'", {}, "strict, deploy or lenient"});
  std::vector<Row> rows;
  std::size_t things = 0;
  for (const std::string& path : paths)
    if (const auto done = check_path(path, profile, rows, things); !done) return report(done.error());
  std::size_t errors = 0;
  Json all = Json::array();
  for (const Row& row : rows) {
    errors += row.is_error;
    if (json) all.push(to_json(row));
    else
      std::printf("%s: %s %s: %s%s\n", row.where.text().c_str(), row.is_error ? "error" : "warning", row.code.c_str(), row.message.c_str(),
                  row.remedy.empty() ? "" : (" (" + row.remedy + ")").c_str());
    if (!json && danish && !row.message_da.empty()) std::printf("    %s\n", row.message_da.c_str());
  }
  if (json) std::printf("%s\n", all.dump_pretty().c_str());
  else std::printf("%zu checked, %zu errors, %zu warnings\n", things, errors, rows.size() - errors);
  return errors ? kFaults : kDone;
}

constexpr const char* kDrawHelp = R"(usage: sagsgang draw FILE.bpmn [--out FILE.svg|.png|.pdf] [--diagram N] [--scale X]

Draws a diagram. Without --out the SVG goes to standard output. The ending of --out chooses SVG, PNG or PDF.

  --diagram N   the N-th diagram of the file, from 1 (default: 1)
  --scale X     for PNG: pixels per unit (default: 2)

example: sagsgang draw bank/arbejdsmarked/betaling-af-laegeerklaeringer/proces.bpmn --out proces.png)";

int run_draw(Arguments& arguments) {
  const std::string out = arguments.get("--out"), diagram = arguments.get("--diagram", "1"), scale = arguments.get("--scale", "2");
  const auto files = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (files.size() != 1) return report({base::ErrorCode::usage, "one BPMN file, please", {}, "see sagsgang draw --help"});
  const auto text = base::read_file(files[0], base::limits::kXmlBytes + 1);
  if (!text) return report(text.error());
  const auto model = bpmn::read(*text, files[0]);
  if (!model) return report(model.error());
  bpmn::DrawOptions options;
  options.diagram = std::atoi(diagram.c_str()) - 1;
  const double factor = std::atof(scale.c_str());
  if (factor <= 0 || factor > 20) return report({base::ErrorCode::usage, "--scale must be between 0 and 20", {}, {}});
  const auto picture = out.ends_with(".png")   ? bpmn::draw_png(**model, options, factor)
                       : out.ends_with(".pdf") ? bpmn::draw_pdf(**model, options)
                                               : bpmn::draw_svg(**model, options);
  if (!picture) return report(picture.error());
  if (out.empty()) {
    std::fwrite(picture->data(), 1, picture->size(), stdout);
    return kDone;
  }
  if (const auto written = base::write_file_atomic(out, *picture); !written) return report(written.error());
  std::printf("%s: %zu bytes\n", out.c_str(), picture->size());
  return kDone;
}

}  // namespace

CommandInfo check_command() { return {"check", "tell what is wrong with models and packages", kCheckHelp, run_check}; }
CommandInfo draw_command() { return {"draw", "draw a BPMN diagram as SVG, PNG or PDF", kDrawHelp, run_draw}; }

}  // namespace app
