// The limits of sheets and replays: base/limits.h, of what is rarely included.
#pragma once
#include "base/limits.h"

namespace base::limits {

inline constexpr std::size_t kSheetChanges = 1'000;      // sentences about what two sheets differ in
inline constexpr std::size_t kSheetColumns = 1'000;      // of a spreadsheet that is read; a table of 100 is hard to read already
inline constexpr std::size_t kSheetCellBytes = 256u << 10;  // one cell: as kFeelTextBytes
inline constexpr std::size_t kSheetCells = 4'000'000;    // 128 MB of empty cells
inline constexpr std::size_t kSheetBytes = 20u << 20;    // a spreadsheet or CSV file, and each part of it when unpacked
inline constexpr std::int64_t kReplayRows = 20'000'000;  // decisions of one replay: minutes, at some microseconds each
inline constexpr std::size_t kReplayDifferences = 2'000'000;  // of one replay that can be listed: 32 MB; all are counted
inline constexpr std::size_t kReplaysKept = 40;          // of a house; the oldest ended one makes room
inline constexpr std::int64_t kReplayKeptMs = 24ll * 3600 * 1000;

}  // namespace base::limits
