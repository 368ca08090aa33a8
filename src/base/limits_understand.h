// The limits of the room that explains workflows: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr int kLawVerifiedDays = 365;             // a law reference older than this without a new look is overdue
inline constexpr int kLawReminderDays = 30;              // a reminder comes this long before
inline constexpr std::size_t kCallGraphNodes = 300;      // of one picture; further ones are counted, not drawn
inline constexpr int kCallGraphLevels = 20;              // calls below calls
inline constexpr std::size_t kProfilePaths = 10'000;     // counted ways through one diagram; more is "more than"
inline constexpr std::size_t kCommentBytes = 8'000;      // one comment
inline constexpr std::size_t kCommentsShown = 2'000;     // of one workflow
inline constexpr std::size_t kFeedEntries = 100;         // of one feed: readers fetch it daily
inline constexpr std::size_t kReviewsShown = 2'000;      // of one list of review tasks; all are counted
inline constexpr std::size_t kRegisterUses = 5'000;      // activities listed at one entry of a register; all are counted

}  // namespace base::limits
