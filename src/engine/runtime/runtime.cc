// The door's other side: submit, pump, dumps, checkpoint.
#include "engine/runtime/runtime.h"

#include <future>

#include "engine/runtime/limits.h"

namespace engine {

base::Result<Answer> Engine::call(Command command) {
  if (manual()) {
    // Nobody moves a virtual clock while we wait: a long poll answers at once.
    if (auto* activate = std::get_if<ActivateJobs>(&command.body)) activate->request_timeout_ms = 0;
    if (auto* create = std::get_if<CreateInstance>(&command.body)) create->await = false;
    std::visit([](auto& body) {
      if constexpr (requires { body.wait_ms; }) body.wait_ms = 0;
    }, command.body);
    std::optional<base::Result<Answer>> answer;
    submit(std::move(command), [&](base::Result<Answer> got) { answer = std::move(got); });
    while (!answer) TRY_VOID(pump());
    return std::move(*answer);
  }
  std::promise<base::Result<Answer>> promise;
  auto future = promise.get_future();
  submit(std::move(command), [&](base::Result<Answer> answer) { promise.set_value(std::move(answer)); });
  return future.get();
}

// An instance that is over is only known to the read side. Only a root: its key is that of all it called.
void Runtime::find_slot(const std::string& authority, ForgetInstance& forget) {
  forget.slot = 0;
  if (!projector_ || !projector_->wait_for(read_->acknowledged())) return;
  std::ignore = projector_->database().read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT slot FROM instances WHERE key = ?1 AND authority = ?2 AND root = key AND state NOT IN ('ACTIVE', 'SUSPENDED')"));
    TRY(const bool found, row->begin().bind(1, forget.instance).bind_text(2, authority).step());
    if (found) forget.slot = static_cast<store::KeySlot>(row->integer(0));
    return {};
  });
}

void Runtime::submit(Command command, Done done) {
  base::Status refused;
  if (auto* forget = std::get_if<ForgetInstance>(&command.body)) find_slot(command.authority, *forget);
  {
    const std::lock_guard lock(mutex_);
    const bool new_work = std::holds_alternative<CreateInstance>(command.body) || std::holds_alternative<PublishMessage>(command.body);
    if (!stopped_) {
      refused = stopped_;
    } else if (stopping_) {
      refused = base::fail(base::ErrorCode::busy, "the engine is stopping");
    } else if (inbox_.size() >= limits::kInboxCommands) {
      refused = base::fail(base::ErrorCode::busy, "too many commands are waiting", {}, "try again shortly");
    } else if (new_work && !options_.manual && projector_ && durable_ > projector_->position() + limits::kProjectorLag) {
      refused = base::fail(base::ErrorCode::busy, "the read side is behind; new work is refused until it has caught up", {}, "try again shortly");
    } else {
      inbox_.push_back({std::move(command), std::move(done)});
      if (inbox_.size() == 1) engine_wakes_.notify_one();
    }
  }
  if (!refused) done(std::unexpected(refused.error()));
}

// Manual mode: everything that can run now, each group durable before its answers leave.
base::Status Runtime::pump() {
  if (!options_.manual) return base::fail(base::ErrorCode::internal, "pump() belongs to manual mode");
  while (true) {
    TRY_VOID(stopped_error());
    const bool worked = turn();
    TRY_VOID(stopped_error());
    if (!batch_.empty()) {
      group_.first = batch_.first_position();
      group_.last = batch_.last_position();
      group_.count = batch_.count();
      group_.bytes = batch_.encode();
      batch_.clear();
    }
    const bool had = !group_.empty();
    Group group = std::move(group_);
    group_ = {};
    if (had) commit(group);
    TRY_VOID(stopped_error());
    if (!worked && !had) break;
  }
  if (auto destroyed = destroy_waiting(); !destroyed) {
    stop_for_good(destroyed.error());
    return destroyed;
  }
  refresh_metrics();
  if (projector_) TRY_VOID(projector_->pump());
  if (clock_->now() - retention_at_ >= limits::kRetentionEveryMs || retention_at_ == 0) {
    TRY(const bool more, forget_finished());
    if (!more) retention_at_ = clock_->now();
    bool asked = false;
    {
      const std::lock_guard lock(mutex_);
      asked = !inbox_.empty() || !passed_.empty();
    }
    if (asked) return pump();
  }
  if (clock_->now() - checkpoint_at_ >= options_.checkpoint_every_ms && partition_->position() > checkpoint_position_) return checkpoint();
  return {};
}

base::Millis Runtime::next_due() const {
  base::Millis next = partition_->next_due();
  for (const auto& [type, queue] : polls_) {
    for (const auto& poll : queue) next = next < 0 ? poll.until : std::min(next, poll.until);
  }
  for (const auto& [key, waiting] : awaits_)
    for (const auto& one : waiting) next = next < 0 ? one.until : std::min(next, one.until);
  return next;
}

ReadSide& Runtime::read() { return *read_; }

base::Status Runtime::checkpoint() {
  if (options_.manual) {
    TRY_VOID(stopped_error());
    checkpoint_at_ = clock_->now();
    if (partition_->position() == checkpoint_position_ && !checkpoint_full_next_) return {};
    return checkpoint_here();
  }
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = durable_;
  while (stopped_ && !stopping_ && checkpoint_committed_ < wanted) {
    const std::uint64_t before = checkpoints_done_;
    checkpoint_wanted_ = true;
    engine_wakes_.notify_one();
    settled_.wait(lock, [&] { return checkpoints_done_ != before || !stopped_ || stopping_ || checkpoint_committed_ >= wanted; });
    if (checkpoints_done_ != before && !checkpoint_status_) return checkpoint_status_;
  }
  if (!stopped_) return stopped_;
  return {};
}

// From begin to commit on the calling thread: manual mode and the end of a graceful stop.
base::Status Runtime::checkpoint_here() {
  if (!checkpoint_slicing_) begin_checkpoint();
  while (checkpoint_slicing_) checkpoint_slicing_ = checkpoint_slice();
  {
    const std::lock_guard lock(mutex_);
    if (!checkpoint_commit_) return checkpoint_status_;
  }
  finish_checkpoint();
  return checkpoint_status_;
}

Metrics Runtime::metrics() const {
  Metrics out;
  {
    const std::lock_guard lock(mutex_);
    out = metrics_;
    out.position = durable_;
    out.failed = !stopped_.has_value();
  }
  out.failed = out.failed || (projector_ && projector_->failed());
  out.projected = projector_ ? projector_->position() : out.position;
  return out;
}

base::Status Runtime::quiet(std::function<base::Status()> body, bool lock_files) {
  if (options_.manual) {
    std::unique_lock files(files_mutex_, std::defer_lock);
    if (lock_files) files.lock();
    return body();
  }
  std::promise<base::Status> promise;
  auto future = promise.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return base::fail(base::ErrorCode::busy, "the engine is stopping");
    tasks_.push_back({[&] { promise.set_value(body()); }, lock_files});
    engine_wakes_.notify_one();
  }
  return future.get();
}

std::string Runtime::dump() const {
  std::string out;
  const auto done = const_cast<Runtime*>(this)->quiet([&]() -> base::Status {
    out = partition_->dump();
    return {};
  });
  return done ? out : done.error().text();
}

base::Result<std::string> Runtime::replayed_dump() {
  std::string out;
  TRY_VOID(quiet([&]() -> base::Status {
    Partition fresh(partition_options());
    TRY(const auto position, load_state(fresh));
    (void)position;
    out = fresh.dump();
    return {};
  }));
  return out;
}

void Runtime::on_jobs(std::function<void(std::string_view)> callback) {
  const std::lock_guard lock(mutex_);
  on_jobs_ = std::move(callback);
}

void Runtime::on_forgotten(std::function<void(const std::string&, Key)> callback) {
  if (projector_) projector_->on_forgotten(std::move(callback));
}

}  // namespace engine
