#include "bank/similar/measure.h"

#include <chrono>
#include <map>

namespace bank::similar {

Measured measure(const std::vector<Profile>& profiles, const std::vector<std::string>& clusters) {
  constexpr std::size_t kAsked = 200;
  Index index;
  std::map<std::string, std::size_t> sizes;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    index.put(static_cast<std::int64_t>(i), "", true, profiles[i]);
    if (!clusters[i].empty()) ++sizes[clusters[i]];
  }
  Measured out;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const std::size_t relevant = clusters[i].empty() ? 0 : sizes[clusters[i]] - 1;
    if (relevant == 0) continue;
    ++out.queries;
    const auto hits = index.find(profiles[i], {.max = kAsked, .except = static_cast<std::int64_t>(i), .least = 0});
    std::size_t found = 0;
    double precision = 0;
    for (std::size_t k = 0; k < hits.size(); ++k) {
      if (clusters[static_cast<std::size_t>(hits[k].id)] != clusters[i]) continue;
      ++found;
      precision += static_cast<double>(found) / static_cast<double>(k + 1);
      if (k < 5) out.p5 += 1.0 / 5;
      if (k < relevant) out.r_precision += 1.0 / static_cast<double>(relevant);
    }
    out.map += precision / static_cast<double>(relevant);
    out.p5_possible += static_cast<double>(std::min<std::size_t>(relevant, 5)) / 5;
  }
  const auto n = static_cast<double>(std::max<std::size_t>(out.queries, 1));
  out.ms_per_query = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / n;
  for (double* sum : {&out.map, &out.p5, &out.p5_possible, &out.r_precision}) *sum /= n;
  return out;
}

}  // namespace bank::similar
