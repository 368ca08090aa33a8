#include "engine/backup/until.h"

#include <algorithm>

#include "base/time.h"
#include "engine/events.h"
#include "engine/journal/journal.h"

namespace engine {
namespace {

base::Result<base::Millis> last_time(std::string_view batch) {
  base::Millis last = 0;
  TRY_VOID(for_each_record(batch, [&](const RecordView& record) -> base::Status {
    last = std::max(last, record.time);
    return {};
  }));
  return last;
}

// Batches behind `after`, until `visit` answers false.
base::Status each_batch(base::Storage& storage, const std::string& folder, std::uint64_t after, const std::function<bool(std::uint64_t, base::Millis)>& visit) {
  bool more = true;
  return journal::read(storage, folder, after, [&](std::uint64_t position, std::string_view batch) -> base::Status {
    if (!more) return {};
    TRY(const base::Millis last, last_time(batch));
    more = visit(position, last);
    return {};
  });
}

}  // namespace

base::Result<Point> point_at(base::Storage& storage, const std::string& folder, base::Millis until) {
  Point point;
  TRY_VOID(each_batch(storage, folder, 0, [&](std::uint64_t position, base::Millis last) {
    if (last > until) return false;
    point = {position, last};
    return true;
  }));
  if (point.position == 0) return base::fail(base::ErrorCode::not_found, "nothing had happened at " + base::iso_utc(until), base::Where{.file = folder}, "a later time");
  return point;
}

base::Result<base::Millis> journal_end(base::Storage& storage, const std::string& folder) {
  base::Millis end = 0;
  TRY(const auto files, journal::segments(storage, folder));
  const std::uint64_t after = files.empty() ? 0 : files.back().first_position - 1;
  TRY_VOID(each_batch(storage, folder, after, [&](std::uint64_t, base::Millis last) {
    end = std::max(end, last);
    return true;
  }));
  return end;
}

}  // namespace engine
