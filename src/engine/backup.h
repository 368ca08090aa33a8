// Backup is a set of files with one recorded cut; restore starts a new timeline whose keys never repeat any issued.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "base/storage.h"

namespace engine {

// What left the house (a payment, a letter, a journal note), noted in effects.log before the job that did it is
// completed. The log is outside every backup: after a restore, what lies behind the cut is quarantined.
struct Effect {
  std::string authority, kind, idempotency_key, text;  // kind "payment" …; text without personal data
  std::int64_t instance = 0;
  std::uint64_t position = 0;                          // journal position known when it happened
  std::int64_t at_ms = 0;
  int timeline = 0;                                    // positions count anew behind a restore's cut: which count this is
};

struct BackupReport { std::string folder; std::uint64_t position = 0, files = 0, bytes = 0; int timeline = 0; };
struct RestoreReport { int timeline = 0; std::uint64_t position = 0; std::int64_t at_ms = 0; std::vector<Effect> quarantined; std::uint64_t forgotten_again = 0; };

}  // namespace engine
