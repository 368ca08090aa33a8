#include "base/clock.h"

#include <sys/random.h>

#include <chrono>
#include <cstdlib>

#include "base/random.h"

namespace base {

Millis SystemClock::now() const {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;  // reject the uneven tail
  std::uint64_t value = next();
  while (value >= limit) value = next();
  return value % bound;
}

void fill_random(std::span<unsigned char> out) {
  while (!out.empty()) {
    const ssize_t n = getrandom(out.data(), out.size(), 0);
    if (n < 0) std::abort();
    out = out.subspan(static_cast<std::size_t>(n));
  }
}

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  fill_random({reinterpret_cast<unsigned char*>(&value), sizeof value});
  return value;
}

// Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014), the output function of splitmix64.
std::uint64_t SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15ull;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

}  // namespace base
