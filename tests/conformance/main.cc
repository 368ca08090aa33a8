// conformance SUITE FOLDER: runs a third-party suite against the production code. Exit 0 done, 1 found faults, 2 wrong usage, 3 failed.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "base/json.h"
#include "conformance/suite.h"

namespace conformance {

std::vector<Suite>& suites() {
  static std::vector<Suite> all;
  return all;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

void each_case(const std::filesystem::path& folder, const Options& options, Report& report,
               const std::function<void(const std::string& id, const base::Json& entry)>& run) {
  const auto list = base::parse_json(file_text(folder / "cases.json"), "cases.json", 64u << 20);
  if (!list) {
    report.broken = "cases.json: " + list.error().text();
    return;
  }
  for (const base::Json& entry : (*list)["cases"].as_array()) {
    const std::string id = entry["id"].string_or("");
    if (!options.wants(id)) continue;
    if (options.list) report.list(id);
    else run(id, entry);
  }
}

namespace {

constexpr int kDone = 0, kFaults = 1, kUsage = 2, kFailed = 3;

struct Call {
  std::string program, suite, folder;
  Options options;
};

struct Counts {
  int passed = 0, failed = 0, skipped = 0, listed = 0;
};

Counts count(const Report& report) {
  Counts counts;
  for (const Case& c : report.cases) {
    if (c.outcome == Outcome::passed) ++counts.passed;
    if (c.outcome == Outcome::failed) ++counts.failed;
    if (c.outcome == Outcome::skipped) ++counts.skipped;
    if (c.outcome == Outcome::listed) ++counts.listed;
  }
  return counts;
}

std::string last_line(const Counts& counts) {
  std::string line = std::to_string(counts.passed) + " passed, " + std::to_string(counts.failed) + " failed";
  if (counts.skipped > 0) line += ", " + std::to_string(counts.skipped) + " skipped";
  return line;
}

void print_help(std::FILE* to, const std::string& program) {
  std::fprintf(to,
               "usage: %s SUITE FOLDER [--only TEXT] [--list] [--json] [--verbose]\n\n"
               "Runs a third-party suite from a folder laid out as in ../shared/conformance.\n"
               "  --only TEXT  cases whose id holds TEXT\n"
               "  --list       print the case ids, run nothing\n"
               "  --json       one JSON document instead of text\n"
               "  --verbose    passed cases and notes too\n\nsuites:\n",
               program.c_str());
  for (const Suite& suite : suites()) std::fprintf(to, "  %-18s %s\n", suite.name.c_str(), suite.about.c_str());
  std::fprintf(to, "\nexample: %s dmn-tck ../shared/conformance/dmn-tck --only 0004\n", program.c_str());
}

// nullopt: wrong usage, said on stderr.
std::optional<Call> read_arguments(int argc, char** argv) {
  Call call;
  call.program = argv[0];
  std::vector<std::string> plain;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--json") call.options.json = true;
    else if (argument == "--list") call.options.list = true;
    else if (argument == "--verbose") call.options.verbose = true;
    else if (argument == "--only" && i + 1 < argc) call.options.only = argv[++i];
    else if (argument.starts_with("--only=")) call.options.only = argument.substr(7);
    else if (argument.starts_with("-")) {
      std::fprintf(stderr, "conformance: unknown or incomplete option '%s'\n", argument.c_str());
      return std::nullopt;
    } else plain.push_back(std::move(argument));
  }
  if (plain.size() != 2) {
    std::fprintf(stderr, "conformance: expected SUITE and FOLDER, got %zu arguments\n", plain.size());
    return std::nullopt;
  }
  call.suite = plain[0];
  call.folder = plain[1];
  return call;
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string rerun(const Call& call, const Case& c) {
  return call.program + " " + call.suite + " " + shell_quoted(call.folder) + " --only " + shell_quoted(c.id);
}

void print_indented(const char* label, const std::string& text) {
  if (text.empty()) return;
  std::printf("  %-9s ", label);
  for (char c : text) {
    std::putchar(c);
    if (c == '\n') std::printf("            ");
  }
  std::putchar('\n');
}

void print_text(const Call& call, const Report& report) {
  std::map<std::string, int> skipped_reasons;
  for (const Case& c : report.cases) {
    if (c.outcome == Outcome::listed) std::printf("%s\n", c.id.c_str());
    if (c.outcome == Outcome::passed && call.options.verbose) {
      std::printf("passed: %s\n", c.id.c_str());
      print_indented("note", c.note);
    }
    if (c.outcome == Outcome::skipped) std::printf("skipped: %s: %s\n", c.id.c_str(), c.note.c_str());
    if (c.outcome == Outcome::failed) {
      std::printf("FAILED: %s\n", c.id.c_str());
      print_indented("expected", c.expected);
      print_indented("actual", c.actual);
      print_indented("note", c.note);
      print_indented("rerun", rerun(call, c));
    }
  }
  for (const auto& [name, figure] : report.figures) std::printf("figure: %s: %s\n", name.c_str(), figure.c_str());
  const Counts counts = count(report);
  if (call.options.list) std::printf("%d cases\n", counts.listed);
  else std::printf("%s\n", last_line(counts).c_str());
}

void print_json(const Call& call, const Report& report) {
  using base::Json;
  const Counts counts = count(report);
  Json out = Json::object(), cases = Json::array(), figures = Json::object();
  for (const Case& c : report.cases) {
    constexpr const char* kNames[] = {"passed", "failed", "skipped", "listed"};
    if (c.outcome == Outcome::passed && !call.options.verbose) continue;
    Json row = Json::object();
    row.set("id", c.id).set("outcome", kNames[static_cast<int>(c.outcome)]);
    if (!c.expected.empty()) row.set("expected", c.expected);
    if (!c.actual.empty()) row.set("actual", c.actual);
    if (!c.note.empty()) row.set("note", c.note);
    if (c.outcome == Outcome::failed) row.set("rerun", rerun(call, c));
    cases.push(std::move(row));
  }
  for (const auto& [name, figure] : report.figures) figures.set(name, figure);
  out.set("suite", call.suite).set("folder", call.folder);
  out.set("passed", counts.passed).set("failed", counts.failed).set("skipped", counts.skipped);
  if (call.options.list) out.set("listed", counts.listed);
  out.set("figures", std::move(figures)).set("cases", std::move(cases));
  std::printf("%s\n", out.dump().c_str());
}

int run(const Call& call) {
  const auto suite = std::find_if(suites().begin(), suites().end(), [&](const Suite& s) { return s.name == call.suite; });
  if (suite == suites().end()) {
    std::fprintf(stderr, "conformance: no suite '%s'\n", call.suite.c_str());
    print_help(stderr, call.program);
    return kUsage;
  }
  Report report;
  std::error_code error;
  if (!std::filesystem::is_directory(call.folder, error)) {
    report.skip(call.suite, "folder " + call.folder + " is absent");
    if (call.options.json) print_json(call, report);
    else std::printf("skipped: %s: folder %s is absent\n0 passed, 0 failed, 1 skipped\n", call.suite.c_str(), call.folder.c_str());
    return kDone;
  }
  report = suite->run(call.folder, call.options);
  if (!report.broken.empty()) {
    std::fprintf(stderr, "conformance: %s could not run: %s\n", call.suite.c_str(), report.broken.c_str());
    return kFailed;
  }
  if (call.options.json) print_json(call, report);
  else print_text(call, report);
  const Counts counts = count(report);
  if (counts.passed + counts.failed + counts.skipped + counts.listed == 0) {
    std::fprintf(stderr, "conformance: no case%s\n", call.options.only.empty() ? "" : " matches --only");
    return kFailed;
  }
  return counts.failed > 0 ? kFaults : kDone;
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
  std::sort(conformance::suites().begin(), conformance::suites().end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      conformance::print_help(stdout, argv[0]);
      return conformance::kDone;
    }
  }
  const auto call = conformance::read_arguments(argc, argv);
  if (!call) {
    conformance::print_help(stderr, argv[0]);
    return conformance::kUsage;
  }
  try {
    return conformance::run(*call);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "conformance: %s failed: %s\n", call->suite.c_str(), exception.what());
    return conformance::kFailed;
  }
}
