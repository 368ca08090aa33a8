#include <cstdio>
#include <cstdlib>

#include "app/cli.h"
#include "app/sample/invoices.h"

namespace app {
namespace {

constexpr const char* kHelp = R"(usage: sagsgang generate-invoices --out DIR [--n N] [--seed S] [--package DIR]

Makes N OIOUBL invoices for workflow 43 from a seed, most of them clean, the rest with every kind of fault, with the orders the
stand-in knows (ordrer.json, leveringer.json) and an oracle that says what must happen to each file (oracle.json). The invoices are in DIR/indbakke.

  --n N          how many (default: 200)
  --seed S       the same seed gives the same files (default: 4711)
  --package DIR  where the tariffs are read (default: bank/arbejdsmarked/betaling-af-laegeerklaeringer)

example: sagsgang generate-invoices --n 50 --seed 7 --out regninger)";

int run(Arguments& arguments) {
  const std::string out = arguments.get("--out"), package = arguments.get("--package", "bank/arbejdsmarked/betaling-af-laegeerklaeringer");
  const long long n = std::atoll(arguments.get("--n", "200").c_str());
  const std::string seed = arguments.get("--seed", "4711");
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (out.empty() || n < 1 || n > 1'000'000)
    return report({base::ErrorCode::usage, out.empty() ? "--out is missing" : "--n must be between 1 and 1000000", {}, "see sagsgang generate-invoices --help"});
  const auto tariffs = sample::read_tariffs(package);
  if (!tariffs) return report(tariffs.error());
  const sample::Sample made = sample::make_invoices(static_cast<std::size_t>(n), std::strtoull(seed.c_str(), nullptr, 10), *tariffs);
  if (const auto written = sample::write_sample(made, out); !written) return report(written.error());
  std::printf("%zu invoices in %s/indbakke, orders in %s/ordrer.json, oracle in %s/oracle.json\n", made.files.size(), out.c_str(), out.c_str(), out.c_str());
  return kDone;
}

}  // namespace

CommandInfo generate_command() { return {"generate-invoices", "make sample invoices with an oracle", kHelp, run}; }

}  // namespace app
