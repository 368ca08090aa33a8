// What the engine's measurements share: models, the door, one load generator with open-loop arrivals, and processes that
// can be killed (a recovery is measured on a process that really died).
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bench.h"
#include "engine/engine.h"
#include "engine/query.h"

namespace bench {

inline constexpr const char* kAuthority = "29189846";
inline constexpr int kOpen = 4'096;      // instances under way at once at full load
inline constexpr int kJobBatch = 256;    // jobs of one activation

engine::Command command(decltype(engine::Command::body) body);
struct Door {
  bool projector = true;
  base::Storage* storage = nullptr;
  std::uint64_t resident_payload_bytes = 0;  // 0: nothing is evicted
};
// In folder + "/data"; nullptr (and fail()) where it does not open.
std::unique_ptr<engine::Engine> open(const std::string& folder, const Door& = {});
bool deploy(engine::Engine&, const std::string& xml);

// A process around `body` (elements and flows), with the zeebe namespace.
std::string process(const std::string& id, const std::string& body, const std::string& before = "");
std::string service_task(const std::string& id, const std::string& type, const std::string& inside = "");
std::string flow(const std::string& from, const std::string& to, const std::string& condition = "");
std::string tasks_in_a_row(const std::string& id, int tasks);  // s, t1 … tn, e; every task's job is of type "work"
base::Json five_hundred_bytes(int number);                     // five variables, 500 bytes of JSON; order: "o-<number>"

// Starts instances of a process and works their jobs, everything through the door; one generator thread, one worker.
class Load {
 public:
  struct Of {
    std::string process = "one_task";
    int jobs = 1;                        // of one instance
    std::function<base::Json(int)> variables;
    int open = kOpen, batch = kJobBatch; // under way at once; jobs of one activation
  };
  explicit Load(engine::Engine& engine) : Load(engine, Of{}) {}
  Load(engine::Engine&, Of);
  // `rate` 0: as fast as of.open allows. Seconds from the first start to the last completion. Stops early when stop() was called.
  double run(int instances, double rate);
  double run_for(double how_long, double rate);  // the same for so many seconds
  void stop() { cut_ = true; }
  int completed() const {
    const std::lock_guard lock(mutex_);
    return completed_ / of_.jobs;
  }
  int refused() const { return refused_; }
  bool failed() const { return failed_; }
  std::vector<double> create_ms, complete_ms;  // answer of the creation; of the last job's completion: from the intended start

 private:
  void start(int number, double intended);
  void work();
  void complete(const engine::ActivatedJob&);

  engine::Engine& engine_;
  const Of of_;
  base::Json result_;
  std::thread worker_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  struct Under { double intended = 0; int left = 0; };
  std::unordered_map<engine::Key, Under> under_way_;
  int started_ = 0, completed_ = 0, refused_ = 0;  // completed: jobs
  bool all_started_ = false, stop_ = false, backing_off_ = false;
  std::atomic<bool> failed_ = false, cut_ = false;
};

// Creates `instances` as fast as the door takes them and waits for every answer; what is refused as busy is offered again.
void create(engine::Engine&, const std::string& process, int instances, const std::function<base::Json(int)>& variables);
// Until nothing runs any more: seconds it took.
double until_done(engine::Engine&);
// Until the figures of two looks are the same.
void until_settled(engine::Engine&);
// Until the read side shows everything: the drain belongs to the measurement.
double drain(engine::Engine&);

// How far the read side is behind, in seconds: the greatest that was seen between construction and worst().
class Lag {
 public:
  explicit Lag(engine::Engine&);
  ~Lag();
  double worst();

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<double> worst_ = 0;
  std::thread thread_;
};
// $BENCH_SECONDS (headline figures: 600), or what is given.
double run_seconds(double otherwise);

// A process of its own: `body` runs in it and tells what it found through `say`; killed with SIGKILL when `kill` says so.
class Child {
 public:
  using Body = std::function<void(const std::function<void(const std::string&, double)>& say)>;
  explicit Child(const Body&);           // before this process has threads
  ~Child();
  // The next figure; false when the child has ended.
  bool next(std::string& name, double& value);
  void kill();
  bool ended_well();                     // waits for its end

 private:
  int pid_ = -1, pipe_ = -1;
  int status_ = -1;
  std::string buffer_;
};
std::uint64_t peak_resident_bytes();     // of this process, so far (VmHWM)

}  // namespace bench
