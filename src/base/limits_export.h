// The limits of what leaves the bank, and of what comes from other banks: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kExportBytes = 512u << 20;        // packages of one zip, unpacked: 900 workflows have about 30 MB
inline constexpr std::size_t kExportWorkflows = 20'000;        // of one list or zip
inline constexpr std::size_t kShareFeedBytes = 8u << 20;       // another bank's list: 20,000 workflows
inline constexpr std::size_t kSharePackages = 20'000;          // of one list
inline constexpr std::size_t kSharePackageBytes = 16u << 20;   // one package on its way; the largest of ours has 0.1 MB
inline constexpr int kShareSeconds = 30;                       // for one answer of another bank
inline constexpr std::size_t kShareSubscriptions = 200;        // of one authority
inline constexpr std::size_t kShareArrivals = 2'000;           // undecided ones of one authority; more wait at their bank

}  // namespace base::limits
