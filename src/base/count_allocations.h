// For the one file of a test binary that counts what a thread takes from the heap: it replaces operator new, so it is included once.
// Sanitizers have a new of their own: there, BASE_COUNTS_ALLOCATIONS is not defined and there is nothing to count.
#pragma once
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define BASE_COUNTS_ALLOCATIONS 1
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {
constinit thread_local std::uint64_t allocations = 0;
}

// Every other form of new ends up here.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"  // gcc sees the inlined malloc, not that this pair is the new and the delete
void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif
