// The limits of drafts: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kDraftsOfAuthority = 5'000;     // open ones; published and deleted do not count
inline constexpr std::size_t kDraftNoteBytes = 4'000;        // of a note, a reason, a comment
inline constexpr std::size_t kDraftComments = 2'000;         // of one draft
inline constexpr std::size_t kDraftsListed = 500;            // of one answer; the newest
inline constexpr std::int64_t kDraftRestorableMs = 30LL * 24 * 3'600 * 1'000;  // a deleted one comes back within 30 days

}  // namespace base::limits
