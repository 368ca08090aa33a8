// The engine in process: durable one-task instances (create, activate, complete) on a real disk, with and without the
// read side; latency at half load from the intended start; memory of waiting instances; start-up.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "bench.h"
#include "engine/engine.h"
#include "engine/query.h"

namespace {

using base::Json;

constexpr const char* kModel = R"(<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://bench"><process id="one_task" isExecutable="true"><startEvent id="s"/>
<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="work"/></extensionElements></serviceTask><endEvent id="e"/>
<sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/></process></definitions>)";
constexpr const char* kAuthority = "29189846";
constexpr int kOpen = 4'096;             // instances under way at once at full load
constexpr int kBatch = 256;              // jobs of one activation

engine::Command command(decltype(engine::Command::body) body) {
  engine::Command out;
  out.authority = kAuthority;
  out.actor = "bench";
  out.body = std::move(body);
  return out;
}

std::unique_ptr<engine::Engine> open(const std::string& folder, bool projector) {
  engine::Options options;
  options.folder = folder + "/data";
  options.projector = projector;
  auto engine = engine::Engine::open(std::move(options));
  if (!engine) {
    bench::fail("open: " + engine.error().text());
    return nullptr;
  }
  return std::move(*engine);
}

bool deploy(engine::Engine& engine) {
  auto answer = engine.call(command(engine::Deploy{{{"one_task.bpmn", kModel}}, false, false}));
  if (!answer) bench::fail("deploy: " + answer.error().text());
  return answer.has_value();
}

// Starts instances and works their jobs, everything through the door; one generator thread, one worker loop on answers.
class Load {
 public:
  explicit Load(engine::Engine& engine) : engine_(engine) { variables_ = *base::parse_json(R"({"orderId": 4711, "customer": "Ane Hansen", "amount": 512.50})"); }

  // `rate` 0: as fast as kOpen allows. Returns seconds from the first start to the last completion.
  double run(int instances, double rate) {
    const double begin = bench::seconds();
    worker_ = std::thread([this] { work(); });
    for (int i = 0; i < instances && !failed_; ++i) {
      double intended = bench::seconds();
      if (rate > 0) {
        intended = begin + i / rate;
        const double wait = intended - bench::seconds();
        if (wait > 0) std::this_thread::sleep_for(std::chrono::duration<double>(wait));
      } else {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return started_ - completed_ < kOpen || failed_; });
        if (backing_off_) {  // throttled: wait a little, as a client does that was told to come back
          backing_off_ = false;
          lock.unlock();
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
      }
      start(intended);
    }
    {
      std::unique_lock lock(mutex_);
      all_started_ = true;
      changed_.wait(lock, [&] { return completed_ == started_ || failed_; });
      stop_ = true;
      changed_.notify_all();
    }
    const double end = bench::seconds();
    worker_.join();
    return end - begin;
  }
  int completed() const { return completed_; }
  int refused() const { return refused_; }
  std::vector<double> create_ms, complete_ms;  // answer of the creation; completion of the job, both from the intended start
  bool failed() const { return failed_; }

 private:
  void start(double intended) {
    {
      const std::lock_guard lock(mutex_);
      ++started_;
    }
    engine::CreateInstance body;
    body.process_id = "one_task";
    body.variables = variables_;
    engine_.submit(command(std::move(body)), [this, intended](base::Result<engine::Answer> answer) {
      const std::lock_guard lock(mutex_);
      if (!answer) {
        // Throttled: the generator offered more than the engine takes. It counts as not started.
        if (answer.error().code == base::ErrorCode::busy) { --started_; ++refused_; backing_off_ = true; }
        else { failed_ = true; bench::fail("create: " + answer.error().text()); }
        changed_.notify_all();
        return;
      }
      intended_[answer->key] = intended;
      create_ms.push_back((bench::seconds() - intended) * 1000);
    });
  }

  void work() {
    while (true) {
      {
        std::unique_lock lock(mutex_);
        if (stop_ || failed_) return;
      }
      engine::ActivateJobs ask;
      ask.type = "work";
      ask.worker = "bench";
      ask.max = kBatch;
      ask.request_timeout_ms = 50;
      auto answer = engine_.call(command(std::move(ask)));
      if (!answer) {
        failed_ = true;
        bench::fail("activate: " + answer.error().text());
        changed_.notify_all();
        return;
      }
      for (const auto& job : answer->jobs) {
        engine::CompleteJob done;
        done.job = job.job;
        done.variables = result_;
        const auto instance = job.instance;
        engine_.submit(command(std::move(done)), [this, instance](base::Result<engine::Answer> completed) {
          const std::lock_guard lock(mutex_);
          if (!completed) { failed_ = true; bench::fail("complete: " + completed.error().text()); }
          ++completed_;
          if (const auto found = intended_.find(instance); found != intended_.end()) {
            complete_ms.push_back((bench::seconds() - found->second) * 1000);
            intended_.erase(found);
          }
          if (completed_ % 64 == 0 || (all_started_ && completed_ == started_)) changed_.notify_all();
        });
      }
    }
  }

  engine::Engine& engine_;
  Json variables_, result_ = *base::parse_json(R"({"approved": true})");
  std::thread worker_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<engine::Key, double> intended_;
  int started_ = 0, completed_ = 0, refused_ = 0;
  bool all_started_ = false, stop_ = false, backing_off_ = false;
  std::atomic<bool> failed_ = false;
};

// Until the read side shows everything: the drain belongs to the measurement.
double drain(engine::Engine& engine) {
  const double begin = bench::seconds();
  while (true) {
    Json request = *base::parse_json(R"({"page": {"limit": 0}})");
    auto found = engine.read().search("process-definitions", request, kAuthority, engine.read().acknowledged());
    if (found) break;
    if (found.error().code != base::ErrorCode::busy) {
      bench::fail("drain: " + found.error().text());
      break;
    }
  }
  return bench::seconds() - begin;
}

double throughput(bool projector, int instances, double& bytes_per_instance) {
  bench::Folder folder;
  auto engine = open(folder.path(), projector);
  if (!engine || !deploy(*engine)) return 0;
  Load warm(*engine);
  warm.run(instances / 10, 0);
  const auto before = engine->metrics();
  Load load(*engine);
  double took = load.run(instances, 0);
  if (projector) took += drain(*engine);
  if (load.refused() > 0) bench::emit("engine_refused_busy", load.refused(), "instances");
  bytes_per_instance = static_cast<double>(engine->metrics().journal_bytes - before.journal_bytes) / load.completed();
  return load.failed() ? 0 : load.completed() / took;
}

}  // namespace

BENCH(engine_throughput, "durable one-task instances per second in process, read side and drain included") {
  double bytes = 0;
  bench::emit("engine_one_task_per_second", throughput(true, 60'000, bytes), "instances/s");
  bench::emit("engine_journal_bytes_per_instance", bytes, "bytes");
}

BENCH(engine_only, "the same without the read side") {
  double bytes = 0;
  bench::emit("engine_only_one_task_per_second", throughput(false, 60'000, bytes), "instances/s");
}

BENCH(engine_latency, "latency from the intended start at half of the measured throughput (open loop)") {
  double bytes = 0;
  const double full = throughput(true, 30'000, bytes);
  bench::Folder folder;
  auto engine = open(folder.path(), true);
  if (!engine || full <= 0 || !deploy(*engine)) return;
  Load load(*engine);
  load.run(static_cast<int>(full * 5), full / 2);
  bench::emit("engine_half_load_rate", full / 2, "instances/s");
  bench::emit("engine_create_p50", bench::percentile(load.create_ms, 0.50), "ms");
  bench::emit("engine_create_p99", bench::percentile(load.create_ms, 0.99), "ms");
  bench::emit("engine_complete_p50", bench::percentile(load.complete_ms, 0.50), "ms");
  bench::emit("engine_complete_p99", bench::percentile(load.complete_ms, 0.99), "ms");
}

BENCH(engine_waiting, "memory of 100,000 waiting instances, and start-up with them") {
  constexpr int kWaiting = 100'000;
  bench::Folder folder;
  {
    auto engine = open(folder.path(), true);
    if (!engine || !deploy(*engine)) return;
    drain(*engine);
    const std::uint64_t before = bench::resident_bytes();
    std::atomic<int> answered = 0, open_now = 0;
    const Json variables = *base::parse_json(R"({"orderId": 4711, "customer": "Ane Hansen", "amount": 512.50})");
    for (int i = 0; i < kWaiting; ++i) {
      while (open_now.load() > kOpen) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      engine::CreateInstance body;
      body.process_id = "one_task";
      body.variables = variables;
      ++open_now;
      engine->submit(command(std::move(body)), [&](base::Result<engine::Answer> answer) {
        --open_now;
        ++answered;
        if (!answer && answer.error().code != base::ErrorCode::busy) bench::fail("create: " + answer.error().text());
      });
    }
    while (answered.load() < kWaiting) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    drain(*engine);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const double waiting = static_cast<double>(std::max<std::uint64_t>(engine->metrics().instances_active, 1));
    bench::emit("engine_waiting_instances", waiting, "instances");
    bench::emit("engine_bytes_per_waiting_instance", static_cast<double>(bench::resident_bytes() - before) / waiting, "bytes");
  }
  const double begin = bench::seconds();
  auto engine = open(folder.path(), true);
  if (!engine) return;
  bench::emit("engine_startup_100k_waiting", bench::seconds() - begin, "s");
}
