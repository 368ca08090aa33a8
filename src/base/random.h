// Randomness comes in through this door only.
#pragma once
#include <cstdint>
#include <span>

namespace base {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  // Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  bool chance(std::uint32_t percent) { return below(100) < percent; }
};

class SystemRandom final : public Random {
 public:
  std::uint64_t next() override;  // getrandom(2)
};

// splitmix64: the same seed gives the same sequence on every machine.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

void fill_random(std::span<unsigned char> out);  // getrandom(2); aborts if the kernel has none

}  // namespace base
