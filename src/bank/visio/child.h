// A piece of work in a process of its own: whatever it does to its memory or its time, the caller goes on.
#pragma once
#include <cstddef>
#include <functional>
#include <string>

#include "base/error.h"

namespace bank::visio {

struct ChildLimits {
  int seconds = 20;                // processor time, and wall clock
  std::size_t memory = 768u << 20; // beyond what this process has mapped
  std::size_t answer = 64u << 20;
};

// Forks; the child calls `work` and says what it returns. It has no file or socket of ours open, may write no file and leaves no core.
// Errors: invalid_document (it crashed or ran out of memory), limit_exceeded (time, answer), io_failed (no process to be had).
base::Result<std::string> in_child(const std::function<std::string()>& work, const ChildLimits& = {});

}  // namespace bank::visio
