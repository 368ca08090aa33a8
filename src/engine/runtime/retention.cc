// Retention: finished root instances whose period is over are forgotten like any other (ForgetInstance): key destroyed, rows
// deleted. What is due is asked of the projection, a bounded number at a time; the next ones when those are answered. The
// event of each says when and that it was the retention; who set the period is in retention_set.
#include "base/log.h"
#include "engine/behaviour/schedule.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/runtime.h"

namespace engine {

namespace {

struct Kept { Key definition = 0; std::string authority, period; };

base::Result<std::vector<Kept>> periods(store::Connection& connection, const std::string& otherwise) {
  std::vector<Kept> all;
  TRY(auto* rows, connection.prepare("SELECT d.key, d.authority, coalesce(r.period, a.period, ?1) FROM definitions d "
                                     "LEFT JOIN retention r ON r.authority = d.authority AND r.process_id = d.id "
                                     "LEFT JOIN retention a ON a.authority = d.authority AND a.process_id = '' "
                                     "WHERE d.kind = 'process' AND coalesce(r.period, a.period, ?1) <> ''"));
  rows->begin().bind_text(1, otherwise);
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return all;
    all.push_back({rows->integer(0), rows->text(1), rows->text(2)});
  }
}

}  // namespace

base::Result<bool> Runtime::forget_finished() {
  if (!projector_) return false;
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ || stopping_) return false;
    if (forgetting_ != 0) return true;
  }
  std::vector<Command> due;
  TRY_VOID(projector_->database().read([&](store::Connection& connection) -> base::Status {
    TRY(const auto all, periods(connection, options_.retention));
    TRY(auto* rows, connection.prepare("SELECT key, slot FROM instances WHERE definition = ?1 AND ended IS NOT NULL AND ended <= ?2 AND root = key ORDER BY ended LIMIT ?3"));
    for (const Kept& kept : all) {
      rows->begin().bind(1, kept.definition).bind(2, period_before(clock_->now(), kept.period, partition_options().zone));
      rows->bind(3, static_cast<std::int64_t>(limits::kRetentionBatch - due.size()));
      while (true) {
        TRY(const bool more, rows->step());
        if (!more) break;
        due.push_back({kept.authority, "retention", {}, ForgetInstance{rows->integer(0), static_cast<store::KeySlot>(rows->integer(1))}});
      }
      if (due.size() == limits::kRetentionBatch) break;
    }
    rows->begin();
    return {};
  }));
  if (due.empty()) return false;
  const bool more = due.size() == limits::kRetentionBatch;
  base::log::info("engine", "retention: " + std::to_string(due.size()) + " finished instances are forgotten");
  const std::lock_guard lock(mutex_);
  forgetting_ += due.size();
  for (Command& command : due)
    inbox_.push_back({std::move(command), [this](const base::Result<Answer>&) {
                        const std::lock_guard answered(mutex_);
                        --forgetting_;
                      }});
  engine_wakes_.notify_one();
  return more;
}

}  // namespace engine
