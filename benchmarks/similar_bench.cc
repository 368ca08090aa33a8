// Similar workflows in generated banks of 900, 10,000 and 100,000: how long a question takes, what the index weighs; and how fast generated
// packages are read, checked and stored.
#include <map>

#include "bank/package.h"
#include "bank/generate/generate.h"
#include "bank/similar/index.h"
#include "bench.h"
#include "bpmn/compare/compare.h"

namespace {

using bank::generate::Generator;
using bank::similar::Index;
using bank::similar::Profile;

constexpr std::uint64_t kSeed = 42;

void ask(std::size_t count) {
  const std::string name = "similar_" + std::to_string(count);
  const Generator generator({.count = count, .seed = kSeed, .diagrams = false});
  const std::uint64_t before = bench::resident_bytes();
  Index index;
  std::vector<Profile> questions;
  const std::size_t every = std::max<std::size_t>(1, count / 500);
  double putting = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto made = generator.package(i);
    if (!made) return bench::fail(made.error().text());
    const auto model = bpmn::read(made->files.at("proces.bpmn"), "proces.bpmn");
    if (!model) return bench::fail(model.error().text());
    Profile profile = bank::similar::profile_of(**model, (*model)->processes[0].name);
    const double start = bench::seconds();
    index.put(static_cast<std::int64_t>(i), "29189846", true, profile);
    putting += bench::seconds() - start;
    if (i % every == 0) questions.push_back(std::move(profile));
  }
  std::vector<double> times;
  std::size_t found = 0;
  for (const Profile& q : questions) {
    const double start = bench::seconds();
    found += index.find(q, {.authority = "29189846", .max = 10}).size();
    times.push_back((bench::seconds() - start) * 1e3);
  }
  if (found < questions.size()) return bench::fail("questions without an answer");
  bench::emit(name + "_p50", bench::percentile(times, 0.5), "ms");
  bench::emit(name + "_p99", bench::percentile(times, 0.99), "ms");
  bench::emit(name + "_put", putting / static_cast<double>(count) * 1e6, "us");
  bench::emit(name + "_tables", static_cast<double>(index.bytes()) / 1e6, "MB");
  bench::emit(name + "_resident", static_cast<double>(bench::resident_bytes() - before) / 1e6, "MB");
}

}  // namespace

BENCH(similar_900, "one question for similar workflows among 900") { ask(900); }
BENCH(similar_10000, "one question for similar workflows among 10,000") { ask(10'000); }
BENCH_LARGE(similar_100000, "one question for similar workflows among 100,000: five minutes, 1 GB") { ask(100'000); }

BENCH(generated_packages, "making, reading and checking packages of a generated bank, one core") {
  constexpr std::size_t kCount = 1'000;
  const Generator generator({.count = kCount, .seed = kSeed});
  double start = bench::seconds();
  std::vector<bank::generate::Made> all;
  for (std::size_t i = 0; i < kCount; ++i) {
    auto made = generator.package(i);
    if (!made) return bench::fail(made.error().text());
    all.push_back(std::move(*made));
  }
  bench::emit("generated_packages_made", kCount / (bench::seconds() - start), "1/s");
  start = bench::seconds();
  for (const auto& made : all) {
    const auto package = bank::load_files(made.files, made.slug);
    if (!package || !bank::check(*package).empty()) return bench::fail("a generated package has a fault");
  }
  bench::emit("generated_packages_checked", kCount / (bench::seconds() - start), "1/s");
}

BENCH(compare_diagrams, "comparing two drawings of one generated workflow (about 17 elements)") {
  const Generator generator({.count = 200, .seed = kSeed});
  std::map<std::string, std::vector<bpmn::ModelPtr>> clusters;
  for (std::size_t i = 0; i < generator.size(); ++i) {
    const auto made = generator.package(i);
    if (!made) return bench::fail(made.error().text());
    clusters[made->cluster].push_back(*bpmn::read(made->files.at("proces.bpmn"), "proces.bpmn"));
  }
  std::vector<double> times;
  for (const auto& [cluster, drawings] : clusters)
    for (std::size_t i = 1; i < drawings.size(); ++i) {
      const double start = bench::seconds();
      if (!bpmn::compare(*drawings[0], *drawings[i])) return bench::fail("not compared");
      times.push_back((bench::seconds() - start) * 1e3);
    }
  bench::emit("compare_diagrams_p50", bench::percentile(times, 0.5), "ms");
  bench::emit("compare_diagrams_p99", bench::percentile(times, 0.99), "ms");
}
