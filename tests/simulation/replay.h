// Replay equality after every step (invariant 3), over generated processes and a random driver: a partition that replayed
// the batches, and one that loaded what the checkpoints hold, are what the running one is.
#pragma once
#include <cstdint>
#include <string>

#include "simulation/coverage.h"

namespace simulation {

struct ReplayOutcome {
  bool passed = true;
  std::string failure;
  std::uint64_t steps = 0, commands = 0;
};
ReplayOutcome replay_history(std::uint64_t seed, std::uint64_t commands);

}  // namespace simulation
