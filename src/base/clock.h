// Time comes in through this door only. Milliseconds since 1970-01-01T00:00:00Z.
#pragma once
#include <atomic>
#include <cstdint>

namespace base {

using Millis = std::int64_t;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Millis now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Millis now() const override;
};

// Stands still until it is moved. Thread-safe.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Millis start) : now_(start) {}
  Millis now() const override { return now_.load(); }
  void advance(Millis by) { now_ += by; }
  void set(Millis to) { now_ = to; }

 private:
  std::atomic<Millis> now_;
};

}  // namespace base
