// generate: banks of any size for tests and benches.
#include <cstdio>
#include <cstdlib>

#include "app/cli.h"
#include "bank/generate/generate.h"

namespace app {
namespace {

constexpr const char* kHelp = R"(usage: sagsgang generate bank DIR [--count N] [--seed S] [--strength P] [--no-diagrams]

Makes a bank of N workflow packages from a seed: main workflows that call sub-workflows and generic patterns, each drawn once as the
correct workflow and again by others, in other words, order and detail. DIR/klynger.json tells which packages are the same workflow.

  --count N       how many packages (default: 900)
  --seed S        the same seed gives the same files (default: 1)
  --strength P    0-100: how much the other drawings differ (default: 100)
  --no-diagrams   BPMN without positions, for measurements that draw nothing

example: sagsgang generate bank /tmp/genereret-bank --count 25 --seed 7)";

int run(Arguments& arguments) {
  bank::generate::Options options;
  const long long count = std::atoll(arguments.get("--count", "900").c_str()), strength = std::atoll(arguments.get("--strength", "100").c_str());
  options.seed = std::strtoull(arguments.get("--seed", "1").c_str(), nullptr, 10);
  options.diagrams = !arguments.flag("--no-diagrams");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (words.size() != 2 || words[0] != "bank") return report({base::ErrorCode::usage, "generate what, and where?", {}, "sagsgang generate bank DIR"});
  if (count < 1 || count > static_cast<long long>(bank::generate::kMostPackages) || strength < 0 || strength > 100)
    return report({base::ErrorCode::usage, "--count is 1 to 1000000, --strength 0 to 100", {}, "see sagsgang generate --help"});
  options.count = static_cast<std::size_t>(count);
  options.strength = static_cast<int>(strength);
  Progress progress("packages");
  if (const auto written = bank::generate::write_bank(options, words[1], [&](std::size_t done) { if (done % 100 == 0) progress.show(done, options.count); }); !written) return report(written.error());
  std::printf("%zu packages in %s, clusters in %s/klynger.json\n", options.count, words[1].c_str(), words[1].c_str());
  return kDone;
}

}  // namespace

CommandInfo generate_bank_command() { return {"generate", "make a bank of example packages from a seed", kHelp, run}; }

}  // namespace app
