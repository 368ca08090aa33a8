// The limits of boards of cards: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kBoardCards = 300;              // a wall holds about 80; beyond 300 nobody sees the whole
inline constexpr std::size_t kBoardLines = 60;               // roles, and columns
inline constexpr std::size_t kBoardGoals = 30;
inline constexpr std::size_t kBoardTextBytes = 4'000;        // of one field
inline constexpr std::size_t kBoardNameBytes = 200;          // of a title, a role, a column, a card's text
inline constexpr std::size_t kBoardClaims = 60;              // of one card
inline constexpr std::size_t kBoardOperations = 50'000;      // of one board: a week of ten busy people
inline constexpr std::size_t kBoardsOfAuthority = 1'000;
inline constexpr std::size_t kBoardsInMemory = 200;          // without listeners; the rest are folded again when asked for
inline constexpr std::size_t kBoardListeners = 100;          // open pages of one board
inline constexpr std::int64_t kBoardPresenceMs = 40;         // a pointer is told at most this often
inline constexpr int kBoardSamples = 2'000;                  // of the likely time: the 90 % value moves by about 1 %

}  // namespace base::limits
