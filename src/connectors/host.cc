// Threads: one dispatcher that asks the engine for jobs and wakes what has waited long enough, and `threads` workers.
// Engine callbacks only move things into queues. Callbacks hold the shared state, so one that comes late finds it alive.
#include "connectors/host.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace connectors {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Moment = SteadyClock::time_point;

struct Source {  // one authority and job type: at most one poll on its way
  std::string authority, type;
};
struct Work {
  engine::ActivatedJob job;
  Moment taken;
};

constexpr std::size_t kQueued = 256;        // jobs taken and not yet run: more wait in the engine
constexpr int kPerPoll = 32;
constexpr auto kPauseAfterError = std::chrono::milliseconds(200);

struct Shared {
  Host::Options options;
  std::mutex mutex;
  std::condition_variable wake;             // workers and dispatcher
  bool stopping = false;
  int polls = 0, answers = 0, running = 0;  // on their way to the engine; in a worker
  std::deque<Work> ready;
  std::multimap<Moment, Work> later;        // not_yet: run again here while the job is ours
  std::multimap<Moment, Source> to_poll;
  std::uint64_t finished = 0;
};
using SharedPtr = std::shared_ptr<Shared>;

void send_poll(const SharedPtr& s, const Source& source) {
  engine::Command command{source.authority, "connector:" + source.type, {},
                          engine::ActivateJobs{source.type, kWorkerName, s->options.job_timeout_ms, kPerPoll, s->options.poll_ms}};
  s->options.engine->submit(std::move(command), [s, source](base::Result<engine::Answer> answer) {
    const std::lock_guard lock(s->mutex);
    --s->polls;
    const Moment now = SteadyClock::now();
    if (answer)
      for (engine::ActivatedJob& job : answer->jobs) s->ready.push_back({std::move(job), now});
    s->to_poll.emplace(answer ? now : now + kPauseAfterError, source);
    s->wake.notify_all();
  });
}

void send_answer(const SharedPtr& s, engine::Command command, int tries);

void on_answered(const SharedPtr& s, engine::Command command, const base::Result<engine::Answer>& answer, int tries) {
  constexpr int kTries = 50;
  const bool again = !answer && answer.error().code == base::ErrorCode::busy && tries < kTries;
  if (!answer && !again) base::log::warning("connectors", "job answer refused: " + answer.error().message);
  if (again) {  // throttled: the engine's thread must not wait, so a thread of its own does
    std::thread([s, command = std::move(command), tries]() mutable {
      std::this_thread::sleep_for(kPauseAfterError);
      send_answer(s, std::move(command), tries + 1);
    }).detach();
    return;
  }
  const std::lock_guard lock(s->mutex);
  --s->answers;
  ++s->finished;
  s->wake.notify_all();
}

void send_answer(const SharedPtr& s, engine::Command command, int tries) {
  engine::Command copy = command;
  s->options.engine->submit(std::move(copy), [s, command = std::move(command), tries](base::Result<engine::Answer> answer) {
    on_answered(s, command, answer, tries);
  });
}

void run(const SharedPtr& s, Work work) {
  const Outcome outcome = run_job(work.job, s->options.ports, s->options.engine->metrics().position);
  const auto wait = std::chrono::milliseconds(outcome.back_off_ms);
  const Moment now = SteadyClock::now();
  const Moment ours_until = work.taken + std::chrono::milliseconds(s->options.job_timeout_ms / 2);
  std::unique_lock lock(s->mutex);
  if (outcome.keeps_retries && !s->stopping && now + wait < ours_until) {
    s->later.emplace(now + wait, std::move(work));
    s->wake.notify_all();
    return;
  }
  ++s->answers;
  lock.unlock();
  send_answer(s, answer_command(work.job, outcome), 0);
}

void worker(const SharedPtr& s) {
  std::unique_lock lock(s->mutex);
  while (true) {
    s->wake.wait(lock, [&] { return !s->ready.empty() || (s->stopping && s->polls == 0 && s->later.empty()); });
    if (s->ready.empty()) return;
    Work work = std::move(s->ready.front());
    s->ready.pop_front();
    ++s->running;
    lock.unlock();
    run(s, std::move(work));
    lock.lock();
    --s->running;
    s->wake.notify_all();
  }
}

void dispatcher(const SharedPtr& s) {
  std::unique_lock lock(s->mutex);
  while (true) {
    const Moment now = SteadyClock::now();
    while (!s->later.empty() && (s->stopping || s->later.begin()->first <= now)) {
      s->ready.push_back(std::move(s->later.begin()->second));
      s->later.erase(s->later.begin());
      s->wake.notify_all();
    }
    if (s->stopping && s->polls == 0 && s->ready.empty() && s->running == 0 && s->answers == 0 && s->later.empty()) return;
    while (!s->stopping && s->ready.size() < kQueued && !s->to_poll.empty() && s->to_poll.begin()->first <= now) {
      const Source source = s->to_poll.begin()->second;
      s->to_poll.erase(s->to_poll.begin());
      ++s->polls;
      lock.unlock();
      send_poll(s, source);
      lock.lock();
    }
    Moment next = now + std::chrono::milliseconds(500);
    if (!s->later.empty()) next = std::min(next, s->later.begin()->first);
    if (!s->stopping && s->ready.size() < kQueued && !s->to_poll.empty()) next = std::min(next, s->to_poll.begin()->first);
    if (next > SteadyClock::now()) s->wake.wait_until(lock, next);
  }
}

class Threads final : public Host {
 public:
  explicit Threads(Options options) : shared_(std::make_shared<Shared>()) {
    shared_->options = std::move(options);
    for (const std::string& authority : shared_->options.authorities)
      for (const Connector* connector : all()) shared_->to_poll.emplace(Moment{}, Source{authority, std::string(connector->type())});
    threads_.emplace_back(dispatcher, shared_);
    for (int i = 0; i < shared_->options.threads; ++i) threads_.emplace_back(worker, shared_);
  }
  ~Threads() override { stop(); }

  void stop() override {
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->stopping = true;
      shared_->wake.notify_all();
    }
    for (std::thread& t : threads_) t.join();
    threads_.clear();
  }
  std::uint64_t finished() const override {
    const std::lock_guard lock(shared_->mutex);
    return shared_->finished;
  }

 private:
  SharedPtr shared_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Host> Host::start(Options options) { return std::make_unique<Threads>(std::move(options)); }

}  // namespace connectors
