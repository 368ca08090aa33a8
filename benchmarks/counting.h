// Counts what is taken from the heap: every operator new of this thread (counting.cc replaces it in the bench program).
#pragma once
#include <cstdint>

namespace bench {

std::uint64_t allocations();  // of this thread, so far

}  // namespace bench
