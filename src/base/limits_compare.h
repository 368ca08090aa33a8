// The limits of comparing and finding similar workflows: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kCompareNodes = 1'500;      // of one diagram: every pair is weighed; the largest shipped has about 60
inline constexpr std::size_t kSimilarNodes = 400;        // of one workflow in the index; what is behind is left out of its likeness
inline constexpr std::size_t kSimilarQueryBytes = 1u << 20;  // a drawn or written fragment

}  // namespace base::limits
