// The limits of imports with review: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kImportFiles = 5'000;            // of one import: KL's bank had 900
inline constexpr std::size_t kImportBytes = 256u << 20;       // what one upload unpacks to: 900 old drawings of 250 kB
inline constexpr std::size_t kImportsOfAuthority = 200;       // delete old ones
inline constexpr std::int64_t kImportsBytes = 4ll << 30;      // of an authority's imports together, as they were uploaded
inline constexpr std::size_t kImportPathBytes = 500;
inline constexpr std::size_t kImportRows = 2'000;             // doubtful and refused shapes that are listed of one file; all are counted
inline constexpr std::size_t kImportDecisions = 2'000;        // of one file: each is done again when the next one is made
inline constexpr std::size_t kImportNameBytes = 2'000;        // a name that somebody writes

}  // namespace base::limits
