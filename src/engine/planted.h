// Planted bugs prove that the invariants' tests can fail: only in builds with SAGSGANG_PLANTED_BUGS, chosen by the
// environment variable SAGSGANG_PLANTED_BUG (the invariant's number, or "migration"). Elsewhere this is `false` and costs nothing.
#pragma once
#include <cstdlib>
#include <cstring>

namespace engine {

#ifdef SAGSGANG_PLANTED_BUGS
inline bool planted(const char* bug) {
  const char* wanted = std::getenv("SAGSGANG_PLANTED_BUG");
  return wanted != nullptr && std::strcmp(wanted, bug) == 0;
}
#else
constexpr bool planted(const char*) { return false; }
#endif

}  // namespace engine
