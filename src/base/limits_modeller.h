// The limits of drawing: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kModellerBytes = 4u << 20;      // a diagram or outline somebody is drawing; the largest export of any tool in MIWG has 1 MB
inline constexpr std::size_t kModellerFindings = 500;        // told of one diagram; nobody reads more while drawing

}  // namespace base::limits
