// A bank of any size from a seed, for tests and benches: main workflows that call sub-workflows and generic patterns, each drawn once as the correct
// workflow and several times more in other words, order and detail. Which packages are the same workflow is known: their cluster.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace bank::generate {

struct Options {
  std::size_t count = 900;
  std::uint64_t seed = 1;
  bool diagrams = true;      // positions by bpmn::layout; without, the BPMN has none (for benches that do not draw)
  int strength = 100;        // 0–100: how much variants are disturbed
};
inline constexpr std::size_t kMostPackages = 1'000'000;

struct Made {
  std::string slug, cluster;                 // cluster: "f12-3", the same for every drawing of one workflow
  std::map<std::string, std::string> files;  // arbejdsgang.yaml, proces.bpmn
};

class Generator {
 public:
  explicit Generator(const Options&);
  std::size_t size() const { return options_.count; }
  // The index-th package, the same whatever was asked before. Errors: those of the notation and layout, which are defects of ours.
  base::Result<Made> package(std::size_t index) const;

 private:
  struct Family { std::size_t first; int workflows; std::vector<int> variants; };  // variants: drawings of each workflow beside the correct one
  struct Place { std::size_t family; int workflow; int variant; };
  Place place_of(std::size_t index) const;
  Options options_;
  std::vector<Family> families_;
};

// <folder>/<domain>/<name>/… of every package, and <folder>/klynger.json: {"seed", "count", "clusters": {cluster: [slug]}}.
base::Status write_bank(const Options&, const std::string& folder, const std::function<void(std::size_t done)>& progress = {});

}  // namespace bank::generate
