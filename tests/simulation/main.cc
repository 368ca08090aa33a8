// simulation: proves what the engine promises, over generated processes and simulated faults. See docs/simulation.md.
// Exit 0 all passed, 1 some failed, 2 wrong usage.
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "simulation/history.h"
#include "simulation/replay.h"

namespace simulation {
namespace {

struct Options {
  std::uint64_t histories = 300, seed = 1, commands = 500, instances = 20;
  bool stop = false, json = false, coverage = false, replay = false, verbose = false, show = false;
};

void help(std::FILE* to) {
  std::fprintf(to,
               "usage: simulation [--histories N] [--seed S] [--replay] [--coverage] [--json]\n\n"
               "Runs the production engine on simulated time, randomness and storage against an independent interpreter.\n"
               "  --histories N  how many (300); each has at least 500 commands, 20 instances at once and 3 crashes\n"
               "  --seed S       the first history's seed (1); the others follow\n"
               "  --replay       replay equality after every step instead: replayed, and from a checkpoint, is what is\n"
               "  --coverage     print the matrix element x fault\n"
               "  --commands N   commands in a history (500)\n"
               "  --stop         end at the first failure\n"
               "  --show         print the generated processes of the seed and run nothing\n"
               "  --verbose      every command on stderr\n"
               "  --json         one JSON document instead of text\n\n"
               "example: build/release/simulation --histories 1 --seed 42 --coverage\n");
}

bool read(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto number = [&](std::uint64_t& into) {
      if (i + 1 >= argc) return false;
      const std::string_view text = argv[++i];
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
      return error == std::errc() && end == text.data() + text.size();
    };
    bool good = true;
    if (word == "--histories") good = number(options.histories);
    else if (word == "--seed") good = number(options.seed);
    else if (word == "--commands") good = number(options.commands);
    else if (word == "--json") options.json = true;
    else if (word == "--stop") options.stop = true;
    else if (word == "--coverage") options.coverage = true;
    else if (word == "--replay") options.replay = true;
    else if (word == "--verbose") options.verbose = true;
    else if (word == "--show") options.show = true;
    else good = false;
    if (!good) {
      std::fprintf(stderr, "simulation: unknown or incomplete option '%s'\n", argv[i]);
      return false;
    }
  }
  return true;
}

std::string commit() {
  std::string out;
  if (std::FILE* pipe = ::popen("git rev-parse --short HEAD 2>/dev/null", "r")) {
    std::array<char, 64> line{};
    if (std::fgets(line.data(), line.size(), pipe) != nullptr) out = line.data();
    ::pclose(pipe);
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out.empty() ? "unknown" : out;
}

int run(const char* program, const Options& options) {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  Coverage coverage;
  std::uint64_t passed = 0, failed = 0, commands = 0, crashes = 0, recoveries = 0, least = UINT64_MAX;
  base::Json failures = base::Json::array();
  for (std::uint64_t n = 0; n < options.histories; ++n) {
    const std::uint64_t seed = options.seed + n;
    if (terminal) std::fprintf(stderr, "\rhistory %llu of %llu, %llu failed ", static_cast<unsigned long long>(n + 1), static_cast<unsigned long long>(options.histories), static_cast<unsigned long long>(failed));
    HistoryOptions how;
    how.commands = options.commands;
    how.verbose = options.verbose;
    History history(seed, how);
    const Outcome outcome = history.run();
    coverage.add(outcome.coverage);
    commands += outcome.commands;
    crashes += outcome.crashes;
    recoveries += outcome.recoveries;
    least = std::min(least, outcome.peak);
    if (outcome.passed) {
      ++passed;
      continue;
    }
    ++failed;
    if (terminal) std::fprintf(stderr, "\n");
    const std::string again = std::string(program) + " --histories 1 --seed " + std::to_string(seed);
    base::Json one = base::Json::object();
    one.set("seed", seed).set("commit", commit()).set("failure", outcome.failure).set("rerun", again);
    if (!options.json) std::printf("FAILED: seed %llu at commit %s after %llu commands and %llu crashes\n%s\n  rerun: %s\n", static_cast<unsigned long long>(seed), commit().c_str(), static_cast<unsigned long long>(outcome.commands), static_cast<unsigned long long>(outcome.crashes), outcome.failure.c_str(), again.c_str());
    std::fflush(stdout);
    failures.push(std::move(one));
    if (options.stop) break;
  }
  if (terminal) std::fprintf(stderr, "\n");
  if (options.coverage && !options.json) std::printf("%s", coverage.matrix().c_str());
  const bool whole = options.histories >= 300;  // fewer may well not meet everything
  std::vector<std::string> missing = coverage.missing_elements();
  for (const std::string& row : coverage.missing_features()) missing.push_back(row);
  for (const std::string& row : missing) {
    if (!options.json && (whole || options.coverage)) std::printf("%s: no crash crossed %s\n", whole ? "FAILED" : "figure", row.c_str());
    if (whole) ++failed;
  }
  for (const std::string& row : coverage.missing_triggers())
    if (!options.json && options.coverage) std::printf("figure: no crash crossed %s\n", row.c_str());
  if (options.json) {
    base::Json out = base::Json::object(), rows = base::Json::object();
    for (const auto& [row, faults] : coverage.rows()) {
      base::Json counts = base::Json::object();
      for (std::size_t i = 0; i < kFaults; ++i) counts.set(kFaultNames[i], faults[i]);
      rows.set(row, std::move(counts));
    }
    out.set("passed", passed).set("failed", failed).set("commands", commands).set("crashes", crashes).set("failures", std::move(failures)).set("coverage", std::move(rows));
    std::printf("%s\n", out.dump().c_str());
  } else {
    std::printf("figure: %llu commands, %llu crashes, %llu recoveries, at least %llu instances at once\n", static_cast<unsigned long long>(commands), static_cast<unsigned long long>(crashes), static_cast<unsigned long long>(recoveries), static_cast<unsigned long long>(least));
    for (const auto& [what, count] : coverage.counts()) std::printf("figure: %s: %llu\n", what.c_str(), static_cast<unsigned long long>(count));
    std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(passed), static_cast<unsigned long long>(failed));
  }
  return failed == 0 ? 0 : 1;
}

int replay(const char* program, const Options& options) {
  std::uint64_t passed = 0, failed = 0, steps = 0, commands = 0;
  for (std::uint64_t n = 0; n < options.histories; ++n) {
    const std::uint64_t seed = options.seed + n;
    if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\rreplay %llu of %llu ", static_cast<unsigned long long>(n + 1), static_cast<unsigned long long>(options.histories));
    const ReplayOutcome outcome = replay_history(seed, options.commands);
    steps += outcome.steps;
    commands += outcome.commands;
    ++(outcome.passed ? passed : failed);
    if (!outcome.passed)
      std::printf("FAILED: seed %llu at commit %s after %llu commands\n%s\n  rerun: %s --replay --histories 1 --seed %llu --commands %llu\n", static_cast<unsigned long long>(seed), commit().c_str(), static_cast<unsigned long long>(outcome.commands),
                  outcome.failure.c_str(), program, static_cast<unsigned long long>(seed), static_cast<unsigned long long>(options.commands));
    if (!outcome.passed && options.stop) break;
  }
  std::printf("figure: %llu steps of %llu commands, each compared with a replay and a checkpoint\n%llu passed, %llu failed\n", static_cast<unsigned long long>(steps), static_cast<unsigned long long>(commands), static_cast<unsigned long long>(passed), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}

int show(std::uint64_t seed) {
  History(seed, {}).show();
  return 0;
}

}  // namespace
}  // namespace simulation

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--help") == 0 || std::strcmp(argv[i], "-h") == 0) {
      simulation::help(stdout);
      return 0;
    }
  simulation::Options options;
  if (!simulation::read(argc, argv, options)) {
    simulation::help(stderr);
    return 2;
  }
  base::log::set_level(base::log::Level::none);  // simulated faults are no news
  if (options.show) return simulation::show(options.seed);
  return options.replay ? simulation::replay(argv[0], options) : simulation::run(argv[0], options);
}
