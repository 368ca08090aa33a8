// The limits of finding workflows: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kFindQueryBytes = 500;        // a person's search words
inline constexpr std::size_t kFindQueryWords = 12;         // more are left out: a pasted paragraph finds by its first words
inline constexpr std::size_t kFindWordBytes = 64;          // a term of the index; longer words are cut
inline constexpr std::size_t kFindLawRange = 60;           // "§§ 1-60" is sixty references, a longer range its two ends
inline constexpr std::size_t kFindCompounds = 60;          // compounds that one searched word opens, the most used first
inline constexpr std::size_t kFindPrefixes = 40;           // words that an unfinished word opens, the most used first
inline constexpr std::size_t kFindPartsPerHit = 5;         // matching places told for one workflow
inline constexpr int kFindSuggestions = 10;                // while somebody types
inline constexpr std::size_t kKleFileBytes = 64u << 20;    // the official XML has 4 MB, OS2KLE 1.4 MB
inline constexpr std::size_t kKleSubjects = 50'000;        // numbers in an edition; the real ones have 4,189 with history
inline constexpr std::size_t kKleKeywords = 200;           // of one number; the most loaded real one has about 150
inline constexpr int kKleMoves = 10;                       // moves of a number that are followed in a row

}  // namespace base::limits
