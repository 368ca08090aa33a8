// The journal thread (sync, then answers) and the housekeeping thread (checkpoints, archive, key pools).
#include "base/log.h"
#include "engine/planted.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/runtime.h"

namespace engine {

void Runtime::journal_loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    journal_wakes_.wait(lock, [&] { return journal_group_.has_value() || journal_stops_; });
    if (!journal_group_) return;
    Group group = std::move(*journal_group_);
    lock.unlock();
    commit(group);
    lock.lock();
    journal_group_.reset();
    engine_wakes_.notify_one();
  }
}

void Runtime::commit(Group& group) {
  if (planted("2")) {  // invariant 2: answers that leave before their events are synced
    for (auto& held : group.held) held.done(std::move(held.answer));
    group.held.clear();
  }
  auto stopped = stopped_error();
  if (stopped && group.count != 0) {
    // Invariant 5: a failed sync ends it; the planted bug goes on as if nothing had happened.
    if (auto appended = journal_->append(group.first, group.count, group.bytes); !appended && !planted("5")) {
      stop_for_good(appended.error());
      stopped = stopped_error();
    }
  }
  if (!stopped) {
    fail(group, stopped.error());
    return;
  }
  if (group.count != 0) {
    const std::lock_guard lock(mutex_);
    durable_ = group.last;
  }
  settle(group);
}

// The events are durable: keys go, the read side follows, answers leave.
void Runtime::settle(Group& group) {
  if (group.forgets) {
    if (auto destroyed = keys_->destroy(group.forgotten); !destroyed) {
      stop_for_good(destroyed.error());  // a key that cannot be destroyed must not be called destroyed
      fail(group, destroyed.error());
      return;
    }
  } else if (!group.forgotten.empty()) {
    const std::lock_guard lock(mutex_);
    destroy_waiting_.insert(destroy_waiting_.end(), group.forgotten.begin(), group.forgotten.end());
    house_wakes_.notify_one();
  }
  if (projector_ && group.count != 0) projector_->push(group.last, std::move(group.bytes));
  std::function<void(std::string_view)> on_jobs;
  std::uint64_t position = 0;
  {
    const std::lock_guard lock(mutex_);
    settled_position_ = durable_;
    position = durable_;
    if (!group.types.empty()) on_jobs = on_jobs_;
    settled_.notify_all();
  }
  for (auto& held : group.held) {
    // A forgotten instance is answered when the read side has forgotten it too.
    if (held.forgets && held.answer && projector_) {
      auto answer = std::make_shared<base::Result<Answer>>(std::move(held.answer));
      projector_->when(position, [done = std::move(held.done), answer](const base::Status& projected) {
        if (projected) done(std::move(*answer));
        else done(std::unexpected(projected.error()));
      });
    } else {
      held.done(std::move(held.answer));
    }
  }
  if (on_jobs) {
    for (const auto& type : group.types) on_jobs(type);
  }
}

void Runtime::fail(Group& group, const base::Error& error) {
  auto held = std::move(group.held);
  group = {};
  for (auto& one : held) one.done(std::unexpected(error));
}

void Runtime::stop_for_good(const base::Error& error) {
  std::deque<Asked> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      base::log::error("engine", "stopped for good; start again to recover from the journal: " + error.text());
      stopped_ = base::fail(base::ErrorCode::io_failed, "the engine has stopped: " + error.text(), {}, "start again: it recovers from the journal");
    }
    waiting.swap(inbox_);
    settled_.notify_all();
    engine_wakes_.notify_all();
    house_wakes_.notify_all();
  }
  const auto stopped = stopped_error();
  for (auto& asked : waiting) asked.done(std::unexpected(stopped.error()));
}

base::Status Runtime::stopped_error() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

// ---- housekeeping ----------------------------------------------------------------------------------------------------

void Runtime::housekeeping_loop() {
  std::unique_lock lock(mutex_);
  bool more = false;  // finished instances whose period is over
  retention_at_ = clock_->now();
  while (true) {
    const bool asked = house_wakes_.wait_for(lock, std::chrono::milliseconds(more ? 100 : limits::kRetentionEveryMs),
                                             [&] { return house_stops_ || checkpoint_commit_ || !destroy_waiting_.empty() || reserve_up_to_ != 0; });
    if (house_stops_) return;
    if (!asked || clock_->now() - retention_at_ >= limits::kRetentionEveryMs) {
      lock.unlock();
      const auto forgot = forget_finished();
      if (!forgot) base::log::error("engine", "finished instances could not be looked for: " + forgot.error().text());
      more = forgot && *forgot;
      retention_at_ = clock_->now();
      lock.lock();
    }
    const store::KeySlot up_to = std::exchange(reserve_up_to_, 0);
    const bool commits = checkpoint_commit_;
    lock.unlock();
    base::Status done;
    if (up_to != 0) done = keys_->reserve(up_to);
    if (done) done = destroy_waiting();
    if (!done) stop_for_good(done.error());
    if (commits) finish_checkpoint();
    lock.lock();
    // Keys of messages that are over: nobody waits, so they are destroyed at most ten times a second, together.
    if (!destroy_waiting_.empty() && !house_stops_) house_wakes_.wait_for(lock, std::chrono::milliseconds(100), [&] { return house_stops_; });
  }
}

base::Status Runtime::destroy_waiting() {
  std::vector<store::KeySlot> slots;
  {
    const std::lock_guard lock(mutex_);
    slots.swap(destroy_waiting_);
  }
  return slots.empty() ? base::Status{} : keys_->destroy(slots);
}

// A checkpoint counts only when the journal is durable up to its cut and the keys forgotten before it are gone.
void Runtime::finish_checkpoint() {
  {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [&] { return settled_position_ >= checkpoint_cut_ || !stopped_ || house_stops_; });
    if (settled_position_ < checkpoint_cut_) {
      checkpoint_commit_ = false;
      return;
    }
  }
  const base::Status done = commit_checkpoint();
  std::lock_guard lock(mutex_);
  if (!done) {
    base::log::error("engine", "checkpoint failed, the journal stays in force: " + done.error().text());
    checkpoint_full_next_ = true;
  } else {
    checkpoint_committed_ = checkpoint_cut_;
  }
  checkpoint_status_ = done;
  checkpoint_commit_ = false;
  ++checkpoints_done_;
  settled_.notify_all();
  engine_wakes_.notify_one();
}

base::Status Runtime::commit_checkpoint() {
  TRY_VOID(destroy_waiting());
  const std::lock_guard files(files_mutex_);
  TRY_VOID(checkpoint_writer_.commit());
  return journal_->archive(checkpoint_cut_);
}

}  // namespace engine
