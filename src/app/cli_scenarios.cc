// test: scenarios of packages, and decision tests of packages or of a DMN model.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/decision_tests.h"
#include "app/eval/show.h"
#include "app/scenario_runner.h"
#include "bank/package.h"
#include "base/storage.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang test PATH... [--restart] [--only FILE] [--case NAME] [--coverage] [--json]

Runs the scenarios of workflow packages on a virtual clock, through the engine, the connectors and the stand-ins' own answers, and their
decision tests (beslutningstest/*.yaml). PATH is a package, a folder of packages, one scenario file, one decision test, or a folder with
a DMN model and decision tests beside it. Both kinds of file are described in docs/scenarios.md.

  --restart     close and re-open the engine after every step
  --only FILE   one file of the package (scenarier/x.yaml, beslutningstest/x.yaml)
  --case NAME   of decision tests: the case of this name alone
  --coverage    also: which rules of which table no case matched
  --json        results as JSON
  --dansk       reasons in Danish, whatever LANG says

example: sagsgang test bank/arbejdsmarked/betaling-af-laegeerklaeringer
example: sagsgang test bank --only beslutningstest/takster.yaml --coverage)";

struct Options {
  bool restart = false, json = false, coverage = false;
  std::string only, only_case;
  feel::Language language = feel::Language::english;
};

// A package, or a model with decision tests beside it.
struct Target {
  fs::path package;  // "" for a model alone
  std::string only;
  fs::path model;
  std::vector<fs::path> tests;
};

struct Counts {
  std::size_t passed = 0, failed = 0;
  Json rows = Json::array(), coverage = Json::array();
};

// The model that a decision test outside a package names, or the only one beside it or above it.
base::Result<fs::path> model_of(const fs::path& test, const base::YamlDocument& doc) {
  if (const std::string name = doc.value["model"].string_or(""); !name.empty()) return test.parent_path() / name;
  for (const fs::path& folder : {test.parent_path(), test.parent_path().parent_path()}) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".dmn") found.push_back(entry.path());
    if (found.size() == 1) return found[0];
    if (!found.empty()) break;
  }
  return base::fail(base::ErrorCode::usage, "'" + test.string() + "' has not one DMN model beside it", doc.where(""), "name it: model: file.dmn");
}

base::Result<Target> target_of_file(const fs::path& file) {
  const fs::path package = file.parent_path().parent_path();
  if (fs::exists(package / "arbejdsgang.yaml")) return Target{package, fs::relative(file, package).string(), {}, {}};
  TRY(const std::string text, base::read_file(file.string(), base::limits::kYamlBytes));
  TRY(const base::YamlDocument doc, base::parse_yaml(text, file.string()));
  if (!is_decision_test(doc)) return base::fail(base::ErrorCode::usage, "'" + file.string() + "' is neither a scenario of a package nor a decision test");
  TRY(const fs::path model, model_of(file, doc));
  return Target{{}, "", model, {file}};
}

// Decision tests of a folder that is no package: each beside its model.
std::vector<Target> loose_tests(const fs::path& folder) {
  std::vector<Target> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    if (auto target = target_of_file(entry.path())) out.push_back(std::move(*target));
  }
  return out;
}

base::Result<std::vector<Target>> targets(const std::string& path, const std::string& only) {
  if (!fs::exists(path)) return base::fail(base::ErrorCode::usage, "there is no '" + path + "'");
  const fs::path full = fs::canonical(path);
  if (fs::is_regular_file(full)) {
    TRY(const Target one, target_of_file(full));
    return std::vector<Target>{one};
  }
  if (fs::exists(full / "arbejdsgang.yaml")) return std::vector<Target>{{full, only, {}, {}}};
  std::vector<Target> out;
  for (const auto& entry : fs::recursive_directory_iterator(full))
    if (entry.path().filename() == "arbejdsgang.yaml") out.push_back({entry.path().parent_path(), only, {}, {}});
  std::sort(out.begin(), out.end(), [](const Target& a, const Target& b) { return a.package < b.package; });
  if (out.empty()) out = loose_tests(full);
  if (out.empty()) return base::fail(base::ErrorCode::usage, "no package (arbejdsgang.yaml) and no decision test under '" + path + "'");
  return out;
}

void tell(const std::string& where, const std::string& file, const std::string& title, bool passed, const std::string& message, const Options& options,
          Counts& counts) {
  (passed ? counts.passed : counts.failed) += 1;
  if (options.json) {
    counts.rows.push(Json::Object{{"package", where}, {"file", file}, {"title", title}, {"passed", passed}, {"message", message}});
    return;
  }
  std::printf("%s %s %s: %s\n", passed ? "ok    " : "not ok", where.c_str(), file.c_str(), title.c_str());
}

// As a shell reads it back.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void indent(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::printf("       %.*s\n", static_cast<int>(end - at), text.c_str() + at);
    at = end + 1;
  }
}

void tell_coverage(const std::string& where, const DecisionTests& tests, const Options& options, Counts& counts) {
  for (const TableCoverage& table : tests.coverage()) {
    Json missing = Json::array();
    std::string named;
    for (std::size_t rule = 1; rule <= table.rules; ++rule) {
      if (table.matched.contains(rule)) continue;
      const std::string& id = table.rule_ids[rule - 1];
      missing.push(Json::Object{{"ruleIndex", static_cast<std::int64_t>(rule)}, {"ruleId", id}});
      named += (named.empty() ? "" : ", ") + std::to_string(rule) + (id.empty() ? "" : " (" + id + ")");
    }
    if (options.json)
      counts.coverage.push(Json::Object{{"package", where}, {"table", table.name}, {"tableId", table.id}, {"rules", static_cast<std::int64_t>(table.rules)},
                                        {"matched", static_cast<std::int64_t>(table.matched.size())}, {"notMatched", std::move(missing)}});
    else
      std::printf("cover  %s %s: %zu of %zu rules%s\n", where.c_str(), table.name.c_str(), table.matched.size(), table.rules,
                  named.empty() ? "" : ("; no case matches rule " + named).c_str());
  }
}

struct TestFile {
  std::string name, text, path;  // path: what the command that runs it again says
};

base::Status run_decision_tests(const std::string& where, const std::string& xml, const std::string& model, const std::vector<TestFile>& files,
                                const Options& options, Counts& counts) {
  if (files.empty() && !options.coverage) return {};
  TRY(DecisionTests tests, DecisionTests::of(xml, model));
  for (const TestFile& file : files)
    for (const DecisionCaseResult& result : tests.run(file.text, file.name, options.only_case, options.language)) {
      tell(where, file.name, result.name, result.passed, result.message, options, counts);
      if (result.passed || options.json) continue;
      std::printf("       %s\n", result.message.c_str());
      indent(result.trace);
      std::printf("       again: sagsgang test %s%s\n", quoted(file.path).c_str(), result.name.empty() ? "" : (" --case " + quoted(result.name)).c_str());
    }
  if (options.coverage) tell_coverage(where, tests, options, counts);
  return {};
}

base::Status run_model(const Target& target, const Options& options, Counts& counts) {
  TRY(const std::string xml, base::read_file(target.model.string(), base::limits::kXmlBytes));
  std::vector<TestFile> files;
  for (const fs::path& test : target.tests) {
    TRY(std::string text, base::read_file(test.string(), base::limits::kYamlBytes));
    files.push_back({test.filename().string(), std::move(text), test.string()});
  }
  return run_decision_tests(target.model.filename().string(), xml, target.model.string(), files, options, counts);
}

base::Status run_package(const Target& target, const Options& options, Counts& counts) {
  const std::string slug = target.package.parent_path().filename().string() + "/" + target.package.filename().string();
  TRY(const bank::Package package, bank::load_folder(target.package.string(), slug));
  if (package.executable && options.only_case.empty())
    for (const ScenarioResult& result : run_scenarios(package, {.restart = options.restart, .only = target.only})) {
      tell(slug, result.file, result.title, result.passed, result.message, options, counts);
      if (!result.passed && !options.json)
        std::printf("       %s\n       again: sagsgang test %s%s\n", result.message.c_str(), (target.package / result.file).string().c_str(),
                    options.restart ? " --restart" : "");
    }
  const auto model = package.files.find("beslutninger.dmn");
  if (model == package.files.end()) return {};
  std::vector<TestFile> files;
  for (const auto& [name, content] : package.files)
    if (name.starts_with("beslutningstest/") && name.ends_with(".yaml") && (target.only.empty() || target.only == name))
      files.push_back({name, content, (target.package / name).string()});
  return run_decision_tests(slug, model->second, "beslutninger.dmn", files, options, counts);
}

int run(Arguments& arguments) {
  Options options;
  options.restart = arguments.flag("--restart");
  options.json = arguments.flag("--json");
  options.coverage = arguments.flag("--coverage");
  options.language = arguments.flag("--dansk") ? feel::Language::danish : language_of_environment();
  options.only_case = arguments.get("--case");
  const std::string only = arguments.get("--only");
  const auto paths = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (paths.empty()) return report({base::ErrorCode::usage, "which package?", {}, "example: sagsgang test bank"});
  Counts counts;
  for (const std::string& path : paths) {
    const auto found = targets(path, only);
    if (!found) return report(found.error());
    for (const Target& target : *found)
      if (const auto done = target.model.empty() ? run_package(target, options, counts) : run_model(target, options, counts); !done) return report(done.error());
  }
  if (counts.passed + counts.failed == 0)
    return report({base::ErrorCode::usage, "no scenario and no decision test was found", {}, "scenarier/*.yaml, beslutningstest/*.yaml"});
  if (options.json && options.coverage) std::printf("%s\n", Json(Json::Object{{"results", counts.rows}, {"coverage", counts.coverage}}).dump_pretty().c_str());
  else if (options.json) std::printf("%s\n", counts.rows.dump_pretty().c_str());
  else std::printf("%zu passed, %zu failed\n", counts.passed, counts.failed);
  return counts.failed ? kFaults : kDone;
}

}  // namespace

CommandInfo test_command() { return {"test", "run the scenarios and decision tests of packages", kHelp, run}; }

}  // namespace app
