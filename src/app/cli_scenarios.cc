#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/scenario_runner.h"
#include "bank/package.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang test PATH... [--restart] [--only FILE] [--json]

Runs the scenarios of workflow packages on a virtual clock, through the engine, the connectors and the stand-ins' own answers.
PATH is a package, a folder of packages, or one scenario file.

  --restart     close and re-open the engine after every step
  --only FILE   one scenario of the package (scenarier/x.yaml)
  --json        results as JSON

example: sagsgang test bank/arbejdsmarked/betaling-af-laegeerklaeringer)";

struct Target {
  fs::path package;
  std::string only;
};

base::Result<std::vector<Target>> targets(const std::string& path, const std::string& only) {
  if (!fs::exists(path)) return base::fail(base::ErrorCode::usage, "there is no '" + path + "'");
  const fs::path full = fs::canonical(path);
  if (fs::is_regular_file(full)) {  // one scenario: its package is two levels up
    const fs::path package = full.parent_path().parent_path();
    return std::vector<Target>{{package, fs::relative(full, package).string()}};
  }
  if (fs::exists(full / "arbejdsgang.yaml")) return std::vector<Target>{{full, only}};
  std::vector<Target> out;
  for (const auto& entry : fs::recursive_directory_iterator(full))
    if (entry.path().filename() == "arbejdsgang.yaml") out.push_back({entry.path().parent_path(), only});
  std::sort(out.begin(), out.end(), [](const Target& a, const Target& b) { return a.package < b.package; });
  if (out.empty()) return base::fail(base::ErrorCode::usage, "no package (arbejdsgang.yaml) under '" + path + "'");
  return out;
}

struct Counts {
  std::size_t passed = 0, failed = 0;
  Json rows = Json::array();
};

base::Status run_target(const Target& target, bool restart, bool json, Counts& counts) {
  const std::string slug = target.package.parent_path().filename().string() + "/" + target.package.filename().string();
  TRY(const bank::Package package, bank::load_folder(target.package.string(), slug));
  if (!package.executable) return {};
  for (const ScenarioResult& result : run_scenarios(package, {.restart = restart, .only = target.only})) {
    (result.passed ? counts.passed : counts.failed) += 1;
    if (json) {
      counts.rows.push(Json::Object{{"package", slug}, {"file", result.file}, {"title", result.title}, {"passed", result.passed}, {"message", result.message}});
      continue;
    }
    std::printf("%s %s %s: %s\n", result.passed ? "ok    " : "not ok", slug.c_str(), result.file.c_str(), result.title.c_str());
    if (!result.passed)
      std::printf("       %s\n       again: sagsgang test %s%s\n", result.message.c_str(), (target.package / result.file).string().c_str(), restart ? " --restart" : "");
  }
  return {};
}

int run(Arguments& arguments) {
  const bool restart = arguments.flag("--restart"), json = arguments.flag("--json");
  const std::string only = arguments.get("--only");
  const auto paths = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (paths.empty()) return report({base::ErrorCode::usage, "which package?", {}, "example: sagsgang test bank"});
  Counts counts;
  for (const std::string& path : paths) {
    const auto found = targets(path, only);
    if (!found) return report(found.error());
    for (const Target& target : *found)
      if (const auto done = run_target(target, restart, json, counts); !done) return report(done.error());
  }
  if (counts.passed + counts.failed == 0) return report({base::ErrorCode::usage, "no scenario was found", {}, "a runnable package has scenarier/*.yaml"});
  if (json) std::printf("%s\n", counts.rows.dump_pretty().c_str());
  else std::printf("%zu passed, %zu failed\n", counts.passed, counts.failed);
  return counts.failed ? kFaults : kDone;
}

}  // namespace

CommandInfo test_command() { return {"test", "run the scenarios of packages", kHelp, run}; }

}  // namespace app
