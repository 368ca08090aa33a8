// The engine in process: durable one-task and ten-task instances (create, activate, complete) on a real disk, with and
// without the read side; latency at half load from the intended start.
#include "engine_load.h"

namespace {

using namespace bench;

struct Figure { double per_second = 0, bytes = 0, lag = 0; };

// The warm-up counts nothing; the drain of the read side counts.
Figure throughput(bool projector, double how_long, int tasks = 1, base::Storage* storage = nullptr, int clients = 1) {
  Folder folder;
  auto engine = open(folder.path(), {.projector = projector, .storage = storage});
  if (!engine || !deploy(*engine, tasks_in_a_row("tasks", tasks))) return {};
  const Load::Of what{.process = "tasks", .jobs = tasks, .variables = {}, .open = clients * kOpen, .batch = clients * kJobBatch};
  Load warm(*engine, what);
  warm.run(6'000 / tasks, 0);
  if (projector) drain(*engine);
  const auto before = engine->metrics();
  Lag lag(*engine);
  Load load(*engine, what);
  double took = load.run_for(how_long, 0);
  if (projector) took += drain(*engine);
  if (load.refused() > 0) emit("engine_refused_busy", load.refused(), "instances");
  if (load.failed() || load.completed() == 0) return {};
  return {load.completed() / took, static_cast<double>(engine->metrics().journal_bytes - before.journal_bytes) / load.completed(), lag.worst()};
}

// Storage whose syncs take so much longer: what another disk would do.
class SlowFile final : public base::File {
 public:
  SlowFile(std::unique_ptr<base::File> file, int delay_ms) : file_(std::move(file)), delay_ms_(delay_ms) {}
  base::Status write_at(std::uint64_t offset, std::string_view bytes) override { return file_->write_at(offset, bytes); }
  base::Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) override { return file_->read_at(offset, bytes); }
  base::Status sync() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms_));
    return file_->sync();
  }
  base::Result<std::uint64_t> size() override { return file_->size(); }
  base::Status truncate(std::uint64_t bytes) override { return file_->truncate(bytes); }
  base::Status preallocate(std::uint64_t bytes) override { return file_->preallocate(bytes); }

 private:
  std::unique_ptr<base::File> file_;
  const int delay_ms_;
};
class SlowStorage final : public base::Storage {
 public:
  explicit SlowStorage(int delay_ms) : delay_ms_(delay_ms) {}
  base::Result<std::unique_ptr<base::File>> open(const std::string& path, Open how) override {
    TRY(auto file, system_.open(path, how));
    return std::unique_ptr<base::File>(std::make_unique<SlowFile>(std::move(file), delay_ms_));
  }
  base::Result<std::vector<std::string>> list(const std::string& folder) override { return system_.list(folder); }
  base::Status make_folder(const std::string& path) override { return system_.make_folder(path); }
  base::Status rename(const std::string& from, const std::string& to) override { return system_.rename(from, to); }
  base::Status remove(const std::string& path) override { return system_.remove(path); }
  base::Status sync_folder(const std::string& path) override { return system_.sync_folder(path); }
  bool exists(const std::string& path) override { return system_.exists(path); }

 private:
  base::SystemStorage system_;
  const int delay_ms_;
};

}  // namespace

BENCH(engine_throughput, "durable one-task instances per second in process, read side and drain included ($BENCH_SECONDS, 5)") {
  const Figure figure = throughput(true, run_seconds(5));
  emit("engine_one_task_per_second", figure.per_second, "instances/s");
  emit("engine_journal_bytes_per_instance", figure.bytes, "bytes");
  emit("engine_one_task_projector_lag_worst", figure.lag, "s");
}

BENCH(engine_only, "the same without the read side") {
  emit("engine_only_one_task_per_second", throughput(false, run_seconds(5)).per_second, "instances/s");
}

BENCH(engine_ten_tasks, "durable instances of ten tasks in a row per second, with the read side and without") {
  const Figure figure = throughput(true, run_seconds(5), 10);
  emit("engine_ten_tasks_per_second", figure.per_second, "instances/s");
  emit("engine_ten_tasks_journal_bytes", figure.bytes, "bytes");
  emit("engine_only_ten_tasks_per_second", throughput(false, run_seconds(5), 10).per_second, "instances/s");
}

// Whoever waits longer needs more that wait at once: from 5 ms on four times as many.
BENCH(engine_slow_sync, "engine only, every sync delayed by 1, 5 and 10 ms") {
  for (const int delay : {1, 5, 10}) {
    SlowStorage storage(delay);
    emit("engine_only_sync_delayed_" + std::to_string(delay) + "_ms", throughput(false, run_seconds(5), 1, &storage, delay == 1 ? 1 : 4).per_second, "instances/s");
  }
}

BENCH(engine_latency, "latency from the intended start at half of the measured throughput (open loop)") {
  const double full = throughput(true, run_seconds(5)).per_second;
  Folder folder;
  auto engine = open(folder.path());
  if (!engine || full <= 0 || !deploy(*engine, tasks_in_a_row("one_task", 1))) return;
  Load load(*engine);
  load.run_for(run_seconds(5), full / 2);
  emit("engine_half_load_rate", full / 2, "instances/s");
  emit("engine_create_p50", percentile(load.create_ms, 0.50), "ms");
  emit("engine_create_p99", percentile(load.create_ms, 0.99), "ms");
  emit("engine_complete_p50", percentile(load.complete_ms, 0.50), "ms");
  emit("engine_complete_p99", percentile(load.complete_ms, 0.99), "ms");
}
