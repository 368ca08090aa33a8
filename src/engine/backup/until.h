// A moment in the journal: where a restore to a point in time cuts it.
#pragma once
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/storage.h"

namespace engine {

struct Point { std::uint64_t position = 0; base::Millis at = 0; };  // the last event kept, and its time

// The end of the last batch before the first that holds an event later than `until`; a batch is never cut in two, because a
// command's events belong together. Errors: not_found (nothing is that old), io_failed, data_damaged.
base::Result<Point> point_at(base::Storage&, const std::string& journal_folder, base::Millis until);
// The time of the journal's last event; 0: it has none.
base::Result<base::Millis> journal_end(base::Storage&, const std::string& journal_folder);

}  // namespace engine
