#include "counting.h"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace bench {
namespace {
constinit thread_local std::uint64_t count = 0;
}
std::uint64_t allocations() { return count; }

static void* take(std::size_t bytes, std::size_t alignment) {
  ++count;
  void* const out = alignment <= alignof(std::max_align_t) ? std::malloc(bytes) : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (out == nullptr) throw std::bad_alloc();
  return out;
}
}  // namespace bench

void* operator new(std::size_t bytes) { return bench::take(bytes, 0); }
void* operator new[](std::size_t bytes) { return bench::take(bytes, 0); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return bench::take(bytes, static_cast<std::size_t>(alignment)); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return bench::take(bytes, static_cast<std::size_t>(alignment)); }
void operator delete(void* at) noexcept { std::free(at); }
void operator delete[](void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t) noexcept { std::free(at); }
void operator delete(void* at, std::align_val_t) noexcept { std::free(at); }
void operator delete[](void* at, std::align_val_t) noexcept { std::free(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }
