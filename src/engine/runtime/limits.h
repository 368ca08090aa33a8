// The runtime's limits, each with its reason.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "base/limits.h"

namespace engine::limits {

inline constexpr std::size_t kInboxCommands = 100'000;          // waiting commands; more are told to come back (busy)
inline constexpr auto kPaceFrom = std::chrono::milliseconds(200);  // the read side is so far behind: the engine thread begins to rest between turns,
inline constexpr auto kPaceMost = std::chrono::milliseconds(10);   // an eighth of what is beyond, at most this,
inline constexpr std::size_t kPacedCommands = 128;                 // and to take no more commands in one
inline constexpr std::size_t kTurnCommands = 512;               // commands before steps and timers get their turn
inline constexpr std::size_t kTurnShare = 64;                   // of one root instance, where others wait (invariant 7)
inline constexpr std::size_t kTurnLooks = 2'048;                // commands that are looked at for these
inline constexpr std::uint32_t kTurnDue = 1'000;                // due timers of one turn
inline constexpr std::size_t kGroupBytes = 8u << 20;            // a group larger than this waits for the journal
inline constexpr std::size_t kGroupAnswers = 8'192;
inline constexpr std::uint64_t kProjectorLag = 400'000;         // events behind before new instances are refused (about 4 s)
inline constexpr std::uint64_t kSlotsAhead = 4'096;             // key slots that must exist before a turn
inline constexpr std::uint64_t kSlotsInReserve = 24'576;        // below this the housekeeping thread makes another pool
inline constexpr std::size_t kCheckpointSlice = 64;             // records between two looks at the clock
inline constexpr auto kCheckpointSliceTime = std::chrono::microseconds(1'000);
inline constexpr std::uint64_t kCheckpointDeltas = 32;          // deltas before a full checkpoint
inline constexpr std::uint64_t kCheckpointDeltaBytes = 16u << 20;  // deltas smaller than this never force a full one
inline constexpr auto kReadWait = std::chrono::seconds(5);      // a read waits so long for the projection
inline constexpr std::size_t kParkedCommands = 10'000;         // waiting for evicted variables; more read what they need themselves
inline constexpr std::size_t kTurnEvictions = 64;              // between two looks at the clock: about 0.2 ms
inline constexpr auto kTurnEvictionTime = std::chrono::microseconds(2'000);  // after each turn; five times that far over the limit
inline constexpr std::size_t kListeners = 1'000;                // of one element and event: a job remembers its place in 16 bits
inline constexpr std::size_t kModificationInstructions = 1'000;  // of one modification: one event carries them
inline constexpr std::size_t kMigrationElements = 2'000'000;    // element instances of one instance: the check looks at each once, about a second
inline constexpr std::size_t kMigrationEvaluations = 10'000;    // expressions of new events that the check evaluates; what fails beyond becomes an incident
inline constexpr std::size_t kMigrationFindings = 100;          // that an answer lists; the rest is counted
inline constexpr std::size_t kPolls = 10'000;                   // parked long polls
inline constexpr std::size_t kAwaits = 10'000;                  // answers that wait for the end of an instance or of a task's change
inline constexpr std::size_t kRetentionBatch = 256;             // finished instances forgotten in one step
inline constexpr base::Millis kRetentionEveryMs = 60'000;       // between two looks at what is over

}  // namespace engine::limits
