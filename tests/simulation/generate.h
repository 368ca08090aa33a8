// Seeded random valid executable processes: block structure, with loops by a counter and some shapes that are none.
#pragma once
#include "base/random.h"
#include "simulation/spec.h"

namespace simulation {

// `date`: a moment that timers with a fixed date are near; some are past when they begin.
// Seeds that lie beside each other must not give shifted copies of one sequence.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t purpose);

Package generate(base::Random&, Millis date);
// The next version of a process: what people change in a model. What is renamed is noted in Process::renamed.
Process next_version(const Process&, base::Random&, Millis date);

// What the driver must know of the whole package: names that somebody may wait for.
struct Names { std::vector<std::string> signals, errors, conditions; };
Names names_of(const Package&);

}  // namespace simulation
