// The limits of Visio drawings: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kVisioFileBytes = 64u << 20;   // a drawing as it lies on the disk; pictures make them large
inline constexpr std::size_t kVisioParts = 10'000;          // files inside a .vsdx: one or two for each master
inline constexpr std::int64_t kVisioBytes = 64ll << 20;     // all parts that are read, unpacked; a large real drawing has 5 MB
inline constexpr std::size_t kVisioPages = 500;
inline constexpr std::size_t kVisioShapes = 50'000;         // of a drawing with its masters; a wall of 500 steps has about 5,000
inline constexpr std::size_t kVisioCells = 4'000'000;       // of those shapes: about 400 MB
inline constexpr std::size_t kVisioSections = 200;          // of one shape: an outline and its marks have a dozen; more are not read
inline constexpr int kVisioGroupDepth = 32;                 // groups in groups
inline constexpr int kVisioMasterDepth = 4;                 // a master made of another master's instance
inline constexpr std::size_t kVisioPathPoints = 400'000;    // of all outlines and lines of a drawing
inline constexpr std::size_t kVisioPageElements = 5'000;    // of one page: ends are sought among all of them
inline constexpr std::size_t kVisioPageLines = 5'000;
inline constexpr int kVisioChildSeconds = 20;               // libvisio on one .vsd, processor and wall clock; the largest known takes 0.13 s
inline constexpr std::size_t kVisioChildBytes = 768u << 20; // memory of that process beyond what the parent had mapped
inline constexpr std::size_t kVisioAnswerBytes = 64u << 20; // what it may say

}  // namespace base::limits
