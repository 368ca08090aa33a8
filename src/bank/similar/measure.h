// How well the index finds what is known to be the same workflow. For tests and benches.
#pragma once
#include <string>
#include <vector>

#include "bank/similar/index.h"

namespace bank::similar {

struct Measured {
  std::size_t queries = 0;
  double map = 0, p5 = 0, p5_possible = 0, r_precision = 0, ms_per_query = 0;
};
// Every workflow of a cluster of two or more asks for the others; clusters[i] "" = of none. Mean average precision counts what was not
// among the first 200 as never found.
Measured measure(const std::vector<Profile>&, const std::vector<std::string>& clusters);

}  // namespace bank::similar
