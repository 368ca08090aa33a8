// Inside the room: what one evaluation has used. Nested evaluations (a function that calls back into another expression)
// share the outer one's allowance.
#pragma once
#include <cstdint>
#include <string>

#include "feel/feel.h"

namespace feel {

struct Run {
  const Environment& env;
  std::uint64_t steps_left;
  int calls = 0;
  std::uintptr_t stack_base = 0;
  const char* stopped = nullptr;  // which limit ended the evaluation; everything after is null

  explicit Run(const Environment& environment);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool spend(std::uint64_t steps) {
    if (steps_left >= steps && stopped == nullptr) {
      steps_left -= steps;
      return true;
    }
    return stop("the evaluation took more steps than allowed");
  }
  bool stop(const char* limit);
  bool stack_left();
  void note(Reason) const;  // into env.reasons

  static Run* current();  // of this thread

 private:
  Run* outer_;
  std::uint64_t allowed_;
};

}  // namespace feel
