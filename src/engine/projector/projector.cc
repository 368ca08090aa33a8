#include "engine/projector/projector.h"

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "engine/projector/model.h"
#include "engine/projector/schema.h"
#include "engine/runtime/limits.h"

namespace engine {
namespace {

constexpr auto kFlushEvery = std::chrono::milliseconds(200);  // without a waiting reader; lets short instances collapse
constexpr auto kLagGrain = std::chrono::milliseconds(10);      // how finely lag() knows when a batch came
constexpr std::uint64_t kFlushEvents = 50'000;                // bounds the memory of one transaction

base::Result<std::int64_t> meta(store::Database& database, std::string_view name) {
  std::int64_t value = -1;
  TRY_VOID(database.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* table, connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'"));
    TRY(const bool exists, table->begin().step());
    table->begin();
    if (!exists) return {};
    TRY(auto* row, connection.prepare("SELECT value FROM meta WHERE name = ?1"));
    TRY(const bool found, row->begin().bind_text(1, name).step());
    if (found) value = row->integer(0);
    row->begin();
    return {};
  }));
  return value;
}

base::Result<std::unique_ptr<store::Database>> open_file(const std::string& path) {
  return store::Database::open(path, {.synchronous_full = false, .readers = 4});
}

}  // namespace

Projector::Projector(Options options, std::unique_ptr<store::Database> database)
    : options_(std::move(options)), database_(std::move(database)), model_(std::make_unique<Model>(*database_, options_.keys)) {}

base::Result<std::unique_ptr<Projector>> Projector::open(Options options, std::uint64_t journal_position) {
  TRY(auto database, open_file(options.path));
  TRY(const std::int64_t schema, meta(*database, "schema"));
  TRY(const std::int64_t timeline, meta(*database, "timeline"));
  TRY(std::int64_t position, meta(*database, "position"));
  const bool ours = schema == kSchema && timeline == options.timeline && position >= 0 && static_cast<std::uint64_t>(position) <= journal_position;
  if (!ours) {
    // Of another release or timeline, or new: it is only a reflection of the journal, so it is made again.
    database.reset();
    for (const char* tail : {"", "-wal", "-shm"}) std::remove((options.path + tail).c_str());
    TRY(database, open_file(options.path));
    TRY_VOID(database->write([&](store::Connection& connection) -> base::Status {
      TRY_VOID(connection.execute(kSchemaSql));
      TRY(auto* insert, connection.prepare("INSERT INTO meta (name, value) VALUES (?1, ?2)"));
      TRY_VOID(insert->begin().bind_text(1, "schema").bind(2, kSchema).run());
      TRY_VOID(insert->begin().bind_text(1, "timeline").bind(2, options.timeline).run());
      return insert->begin().bind_text(1, "position").bind(2, 0).run();
    }));
    position = 0;
  }
  std::unique_ptr<Projector> projector(new Projector(std::move(options), std::move(database)));
  TRY_VOID(projector->model_->load());
  projector->applied_ = projector->position_ = static_cast<std::uint64_t>(position);
  return projector;
}

Projector::~Projector() { stop(); }

base::Status Projector::catch_up(const JournalReader& read) {
  TRY_VOID(read(applied_, [&](std::uint64_t last, std::string_view batch) -> base::Status {
    TRY_VOID(apply({last, std::string(batch)}));
    return model_->changes() >= kFlushEvents ? flush() : base::Status{};
  }));
  return flush();
}

void Projector::start() {
  if (!options_.manual) thread_ = std::thread([this] { loop(); });
}

void Projector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  moved_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    waiters.swap(waiters_);
  }
  for (auto& waiter : waiters) waiter.done(base::fail(base::ErrorCode::busy, "the engine is stopping"));
}

void Projector::push(std::uint64_t last_position, std::string batch) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (came_.empty() || now - came_.back().at >= kLagGrain) came_.push_back({last_position, now});
  queue_.push_back({last_position, std::move(batch)});
  if (queue_.size() == 1) wakes_.notify_one();
}

bool Projector::failed() const {
  const std::lock_guard lock(mutex_);
  return !failed_.has_value();
}

std::uint64_t Projector::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

std::chrono::milliseconds Projector::lag() const {
  const std::lock_guard lock(mutex_);
  if (came_.empty()) return {};
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - came_.front().at);
}

base::Status Projector::apply(const Queued& batch) {
  {
    const std::lock_guard lock(mutex_);
    model_->want_notes(!listeners_.empty());
  }
  TRY_VOID(for_each_record(batch.bytes, [&](const RecordView& record) -> base::Status {
    return record.position <= applied_ ? base::Status{} : model_->apply(record);
  }));
  applied_ = std::max(applied_, batch.last);
  return {};
}

base::Status Projector::flush() {
  flushed_at_ = std::chrono::steady_clock::now();
  if (applied_ == position()) return {};
  TRY(const bool forgot, model_->write(applied_));
  if (forgot) TRY_VOID(database_->truncate_wal());
  {
    const std::lock_guard lock(mutex_);
    position_ = applied_;
    while (!came_.empty() && came_.front().last <= position_) came_.pop_front();
    moved_.notify_all();
  }
  tell_forgotten();
  answer_waiters();
  send_notes();
  return {};
}

void Projector::answer_waiters() {
  std::vector<Waiter> ready;
  {
    const std::lock_guard lock(mutex_);
    for (auto& waiter : waiters_) {
      if (waiter.position <= position_) ready.push_back(std::move(waiter));
    }
    std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.position <= position_; });
  }
  for (auto& waiter : ready) waiter.done({});
}

void Projector::send_notes() {
  auto notes = model_->take_notes();
  if (notes.empty()) return;
  const std::lock_guard delivering(notes_mutex_);
  std::vector<Listener> listeners;
  {
    const std::lock_guard lock(mutex_);
    listeners = listeners_;
  }
  for (const auto& listener : listeners) {
    for (const auto& note : notes) {
      if (note.authority == listener.authority) listener.note(note.note);
    }
  }
}

void Projector::stop_for_good(const base::Error& error) {
  base::log::error("engine", "the projector has stopped: " + error.text());
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    failed_ = std::unexpected(error);
    waiters.swap(waiters_);
    moved_.notify_all();
  }
  for (auto& waiter : waiters) waiter.done(std::unexpected(error));
}

void Projector::loop() {
  while (true) {
    std::deque<Queued> batches;
    bool asked = false;
    {
      std::unique_lock lock(mutex_);
      const auto wakes = [&] { return stopping_ || !queue_.empty() || (wanted_ > position_ && applied_ > position_); };
      if (applied_ > position_) wakes_.wait_until(lock, flushed_at_ + kFlushEvery, wakes);
      else wakes_.wait(lock, wakes);
      batches.swap(queue_);
      asked = wanted_ > position_ || stopping_;
      if (stopping_ && batches.empty() && applied_ == position_) return;
    }
    base::Status done;
    for (const auto& batch : batches) {
      if (done) done = apply(batch);
      if (done && model_->changes() >= kFlushEvents) done = flush();
    }
    if (done && (asked || std::chrono::steady_clock::now() - flushed_at_ >= kFlushEvery)) done = flush();
    if (!done) return stop_for_good(done.error());
  }
}

base::Status Projector::pump() {
  std::deque<Queued> batches;
  {
    const std::lock_guard lock(mutex_);
    if (!failed_) return failed_;
    batches.swap(queue_);
  }
  base::Status done;
  for (const auto& batch : batches) {
    if (done) done = apply(batch);
  }
  if (done) done = flush();
  if (!done) stop_for_good(done.error());
  return done;
}

void Projector::when(std::uint64_t position, std::function<void(const base::Status&)> done) {
  base::Status failed;
  {
    const std::lock_guard lock(mutex_);
    failed = failed_;
    if (failed && position_ < position) {
      waiters_.push_back({position, std::move(done)});
      wanted_ = std::max(wanted_, position);
      wakes_.notify_one();
      return;
    }
  }
  done(failed);
}

base::Status Projector::wait_for(std::uint64_t position) {
  std::unique_lock lock(mutex_);
  if (position_ >= position && failed_) return {};
  if (!failed_) return failed_;
  if (options_.manual) {
    return base::fail(base::ErrorCode::busy, "the read side is at " + std::to_string(position_) + ", not yet at " + std::to_string(position), {}, "pump() first");
  }
  wanted_ = std::max(wanted_, position);
  wakes_.notify_one();
  const bool reached = moved_.wait_for(lock, limits::kReadWait, [&] { return position_ >= position || !failed_ || stopping_; });
  if (!failed_) return failed_;
  if (!reached || position_ < position) return base::fail(base::ErrorCode::busy, "the read side has not caught up in time", {}, "try again shortly");
  return {};
}

// Before whoever asked is answered: what else knows the instance forgets it in the same breath.
void Projector::tell_forgotten() {
  const auto forgotten = model_->take_forgotten();
  if (forgotten.empty()) return;
  std::function<void(const std::string&, std::int64_t)> tell;
  {
    const std::lock_guard lock(mutex_);
    tell = on_forgotten_;
  }
  for (const auto& one : forgotten)
    if (tell) tell(one.authority, one.instance);
}

void Projector::on_forgotten(std::function<void(const std::string&, std::int64_t)> tell) {
  const std::lock_guard lock(mutex_);
  on_forgotten_ = std::move(tell);
}

int Projector::subscribe(const std::string& authority, std::function<void(const base::Json&)> note) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back({next_listener_, authority, std::move(note)});
  return next_listener_++;
}

void Projector::unsubscribe(int id) {
  const std::lock_guard delivering(notes_mutex_);
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [&](const Listener& listener) { return listener.id == id; });
}

}  // namespace engine
