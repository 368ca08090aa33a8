// test: runs the scenarios of packages.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/scenario_runner.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang test PATH... [--restart] [--json]

Runs the scenarios of workflow packages on a virtual clock (docs/scenarios.md). PATH is a package folder, a folder of packages, or one
scenario file of a package.

  --restart   close and re-open the engine after every step
  --json      results as JSON: [{package, file, title, passed, seconds, message}]

Exit code 0: all passed; 1: some failed.

example: sagsgang test bank)";

struct Target {
  fs::path folder;
  std::string only;
};

base::Result<std::vector<Target>> targets_of(const std::string& path) {
  std::error_code e;
  if (!fs::exists(path, e)) return base::fail(base::ErrorCode::usage, "there is no '" + path + "'");
  const fs::path whole = fs::canonical(path, e);
  if (!fs::is_directory(whole, e)) {
    const fs::path folder = whole.parent_path().parent_path();
    if (!fs::exists(folder / "arbejdsgang.yaml", e)) return base::fail(base::ErrorCode::usage, "'" + path + "' is no scenario of a package", {}, "…/scenarier/x.yaml beside an arbejdsgang.yaml");
    return std::vector<Target>{{folder, "scenarier/" + whole.filename().string()}};
  }
  if (fs::exists(whole / "arbejdsgang.yaml", e)) return std::vector<Target>{{whole, ""}};
  std::vector<Target> out;
  for (fs::recursive_directory_iterator it(whole, e), end; !e && it != end; it.increment(e))
    if (it->path().filename() == "arbejdsgang.yaml") out.push_back({it->path().parent_path(), ""});
  std::sort(out.begin(), out.end(), [](const Target& a, const Target& b) { return a.folder < b.folder; });
  if (out.empty()) return base::fail(base::ErrorCode::usage, "no package (arbejdsgang.yaml) under '" + path + "'");
  return out;
}

struct Totals {
  std::size_t passed = 0, failed = 0;
  Json all = Json::array();
};

base::Status run_target(const Target& target, bool restart, bool json, Totals& totals) {
  const std::string slug = target.folder.parent_path().filename().string() + "/" + target.folder.filename().string();
  TRY(const bank::Package package, bank::load_folder(target.folder.string(), slug));
  const auto results = run_scenarios(package, {.restart = restart, .only = target.only});
  if (results.empty() && !target.only.empty()) return base::fail(base::ErrorCode::usage, "the package has no '" + target.only + "'");
  for (const ScenarioResult& r : results) {
    ++(r.passed ? totals.passed : totals.failed);
    Json one = Json::object();
    one.set("package", slug);
    one.set("file", r.file);
    one.set("title", r.title);
    one.set("passed", r.passed);
    one.set("seconds", r.seconds);
    one.set("message", r.message);
    totals.all.push(std::move(one));
    if (json) continue;
    std::printf("%s %s: %s (%s)\n", r.passed ? "ok    " : "not ok", slug.c_str(), r.title.c_str(), r.file.c_str());
    if (!r.passed) std::printf("  %s\n  again: sagsgang test %s%s\n", r.message.c_str(), (target.folder / r.file).c_str(), restart ? " --restart" : "");
  }
  return {};
}

int run(Arguments& arguments) {
  const bool restart = arguments.flag("--restart"), json = arguments.flag("--json");
  const auto paths = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (paths.empty()) return report({base::ErrorCode::usage, "which package?", {}, "example: sagsgang test bank"});
  Totals totals;
  for (const std::string& path : paths) {
    const auto targets = targets_of(path);
    if (!targets) return report(targets.error());
    for (const Target& target : *targets)
      if (const auto done = run_target(target, restart, json, totals); !done) return report(done.error());
  }
  if (json) std::printf("%s\n", totals.all.dump_pretty().c_str());
  else std::printf("%zu passed, %zu failed\n", totals.passed, totals.failed);
  return totals.failed > 0 ? kFaults : kDone;
}

}  // namespace

CommandInfo test_command() { return {"test", "run the scenarios of packages", kHelp, run}; }

}  // namespace app
