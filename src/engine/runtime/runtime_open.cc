// Opening a data folder: recovery = checkpoint + the journal behind it.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/runtime.h"

namespace engine {

base::Status write_whole(base::Storage& storage, const std::string& folder, const std::string& name, std::string_view bytes) {
  const std::string path = folder + "/" + name, fresh = path + ".new";
  if (storage.exists(fresh)) TRY_VOID(storage.remove(fresh));
  TRY(auto file, storage.open(fresh, base::Storage::Open::create));
  TRY_VOID(file->write_at(0, bytes));
  TRY_VOID(file->sync());
  TRY_VOID(storage.rename(fresh, path));
  return storage.sync_folder(folder);
}

base::Result<std::string> read_whole(base::Storage& storage, const std::string& path) {
  TRY(auto file, storage.open(path, base::Storage::Open::read));
  TRY(const auto size, file->size());
  return file->read_at(0, static_cast<std::size_t>(size));
}

base::Result<Timeline> load_timeline(base::Storage& storage, const std::string& folder) {
  Timeline timeline;
  if (!storage.exists(folder + "/timeline.json")) return timeline;
  TRY(const auto text, read_whole(storage, folder + "/timeline.json"));
  TRY(const auto json, base::parse_json(text, folder + "/timeline.json"));
  if (json["format"].int_or(0) != 1 || !json["timeline"].is_int() || !json["firstSlot"].is_int()) {
    return base::fail(base::ErrorCode::data_damaged, "timeline.json is not of format 1", base::Where{.file = folder + "/timeline.json"});
  }
  timeline.number = static_cast<int>(json["timeline"].as_int());
  timeline.first_slot = static_cast<store::KeySlot>(json["firstSlot"].as_int());
  return timeline;
}

base::Status save_timeline(base::Storage& storage, const std::string& folder, const Timeline& timeline) {
  base::Json json = base::Json::object();
  json.set("format", 1).set("timeline", timeline.number);
  json.set("firstSlot", static_cast<std::int64_t>(timeline.first_slot));
  return write_whole(storage, folder, "timeline.json", json.dump());
}

Runtime::Runtime(Options options)
    : options_(std::move(options)),
      clock_(options_.clock ? options_.clock : &system_clock_),
      random_(options_.random ? options_.random : &system_random_),
      storage_(options_.storage ? options_.storage : &system_storage_),
      checkpoint_writer_(*storage_, options_.folder + "/checkpoint") {}

// Two processes writing one data folder would tear it: the second is told so. (Simulated storage has one process.)
base::Status Runtime::lock_folder() {
  if (options_.storage != nullptr) return {};
  const std::string path = options_.folder + "/lock";
  lock_handle_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_handle_ < 0) return base::fail(base::ErrorCode::io_failed, "cannot open the lock file", base::Where{.file = path});
  if (::flock(lock_handle_, LOCK_EX | LOCK_NB) != 0) {
    return base::fail(base::ErrorCode::conflict, "another process has this data folder open", base::Where{.file = path}, "stop it first, or use another folder");
  }
  return {};
}

PartitionOptions Runtime::partition_options() const {
  PartitionOptions options;
  options.keys = keys_.get();
  options.timeline = timeline_.number;
  options.first_slot = timeline_.first_slot;
  return options;
}

base::Status Runtime::start() {
  TRY_VOID(storage_->make_folder(options_.folder));
  TRY_VOID(lock_folder());
  if (storage_->exists(options_.folder + "/restoring")) {
    return base::fail(base::ErrorCode::data_damaged, "a restore into this data folder was interrupted", base::Where{.file = options_.folder},
                      "run the restore again");
  }
  TRY(timeline_, load_timeline(*storage_, options_.folder));
  TRY(keys_, store::Keys::open(*storage_, options_.folder));
  TRY_VOID(open_payloads());
  TRY_VOID(recover());
  TRY_VOID(reserve_keys());
  if (options_.projector) {
    Projector::Options projector;
    projector.path = options_.folder + "/projection.db";
    projector.keys = keys_.get();
    projector.timeline = timeline_.number;
    projector.manual = options_.manual;
    TRY(projector_, Projector::open(projector, durable_));
    TRY_VOID(projector_->catch_up([&](std::uint64_t after, const journal::BatchVisitor& visit) {
      return journal::read(*storage_, options_.folder + "/journal", after, visit);
    }));
    projector_->start();
  }
  read_ = make_read_side(projector_.get(), [this] {
    const std::lock_guard lock(mutex_);
    return durable_;
  });
  checkpoint_at_ = clock_->now();
  refresh_metrics();
  if (options_.manual) return {};
  engine_thread_ = std::thread([this] { engine_loop(); });
  journal_thread_ = std::thread([this] { journal_loop(); });
  house_thread_ = std::thread([this] { housekeeping_loop(); });
  if (payloads_) loader_thread_ = std::thread([this] { loader_loop(); });
  return {};
}

// Gives a partition what the disk knows; answers the checkpoint's position.
base::Result<std::uint64_t> Runtime::load_state(Partition& partition) {
  TRY(const auto position, checkpoint::load(*storage_, options_.folder + "/checkpoint",
                                            [&](std::uint8_t kind, std::int64_t key, std::string_view bytes) {
                                              return partition.load_record(static_cast<RecordKind>(kind), key, bytes);
                                            }));
  TRY_VOID(partition.finish_load());
  TRY_VOID(journal::read(*storage_, options_.folder + "/journal", position,
                         [&](std::uint64_t, std::string_view batch) -> base::Status {
                           TRY_VOID(partition.replay(batch));
                           while (partition.evict(limits::kTurnEvictions)) {}
                           return partition.fault();
                         }));
  TRY_VOID(partition.finish_load());
  // What a replay brought back makes room again.
  while (partition.evict(limits::kTurnEvictions * 16)) {}
  return position;
}

base::Status Runtime::recover() {
  PartitionOptions partition = partition_options();
  partition.payloads = payloads_.get();
  partition.resident_payload_bytes = options_.resident_payload_bytes;
  partition_ = std::make_unique<Partition>(partition);
  // The journal first makes its tail safe, so that what is replayed is what stays.
  TRY(journal_, journal::Journal::open({.storage = storage_,
                                        .folder = options_.folder + "/journal",
                                        .segment_bytes = options_.segment_bytes,
                                        .timeline = static_cast<std::uint32_t>(timeline_.number),
                                        .sync = options_.sync}));
  TRY(const auto chain, checkpoint::files(*storage_, options_.folder + "/checkpoint"));
  TRY(checkpoint_position_, load_state(*partition_));
  checkpoint_full_next_ = chain.empty();
  checkpoint_committed_ = checkpoint_position_;
  durable_ = partition_->position();
  if (durable_ != journal_->last_position()) {
    return base::fail(base::ErrorCode::data_damaged,
                      "the checkpoint and journal end at position " + std::to_string(durable_) + ", the journal alone at " +
                          std::to_string(journal_->last_position()),
                      base::Where{.file = options_.folder}, "restore the newest backup");
  }
  settled_position_ = durable_;
  // Destroying is idempotent: what a crash left between the event and the keys is done now.
  TRY_VOID(keys_->destroy(partition_->take_forgotten()));
  partition_->take_available_types();
  return {};
}

void Runtime::stop_threads() {
  if (engine_thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    engine_wakes_.notify_all();
    engine_thread_.join();
  }
  if (loader_thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      loader_stops_ = true;
    }
    loader_wakes_.notify_all();
    loader_thread_.join();
  }
  if (house_thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      house_stops_ = true;
    }
    house_wakes_.notify_all();
    settled_.notify_all();
    house_thread_.join();
  }
  if (journal_thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      journal_stops_ = true;
    }
    journal_wakes_.notify_all();
    journal_thread_.join();
    // A graceful end: the next start reads a checkpoint and no journal.
    if (stopped_error() && partition_->position() > checkpoint_position_) std::ignore = checkpoint_here();
    std::ignore = destroy_waiting();
  }
}

Runtime::~Runtime() {
  stop_threads();
  if (projector_) projector_->stop();
  // Whoever still waits is told; nothing that was acknowledged depends on it.
  for (auto& asked : inbox_) asked.done(base::fail(base::ErrorCode::busy, "the engine is stopping"));
  for (auto& asked : take_parked()) asked.done(base::fail(base::ErrorCode::busy, "the engine is stopping"));
  for (auto& asked : passed_) asked.done(base::fail(base::ErrorCode::busy, "the engine is stopping"));
  for (auto& forget : forgets_) forget.done(base::fail(base::ErrorCode::busy, "the engine is stopping"));
  for (auto& [type, queue] : polls_) {
    for (auto& poll : queue) poll.done(Answer{});
  }
  for (auto& [key, waiting] : awaits_) {
    for (auto& one : waiting) one.done(base::fail(base::ErrorCode::busy, "the engine is stopping"));
  }
  if (lock_handle_ >= 0) ::close(lock_handle_);
}

base::Result<std::unique_ptr<Engine>> Engine::open(Options options) {
  auto runtime = std::make_unique<Runtime>(std::move(options));
  TRY_VOID(runtime->start());
  return std::unique_ptr<Engine>(std::move(runtime));
}

}  // namespace engine
