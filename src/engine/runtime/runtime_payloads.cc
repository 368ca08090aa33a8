// Evicted variables (docs/decisions/004-eviction.md): a command that needs some parks, the loader thread reads them, the
// command runs when the last is here; between two batches cold ones leave.
#include "engine/runtime/limits.h"
#include "engine/runtime/runtime.h"

namespace engine {

base::Status Runtime::open_payloads() {
  if (options_.resident_payload_bytes == 0) return {};
  TRY(payloads_, PayloadFiles::open(*storage_, options_.folder + "/evicted"));
  return {};
}

bool Runtime::park(Asked& asked) {
  if (!payloads_) return false;
  const auto absent = partition_->absent(asked.command);
  if (absent.empty()) return false;
  if (options_.manual || parked_.size() >= limits::kParkedCommands) {
    for (const auto& one : absent) partition_->bring(one, payloads_->get(one.element, one.place));
    return false;
  }
  const std::uint64_t number = next_parked_++;
  std::deque<Partition::Absent> fresh;
  std::size_t missing = 0;
  for (const auto& one : absent) {
    auto& waiting = parked_for_[one.element];
    if (!waiting.empty() && waiting.back() == number) continue;  // a scope of several of its jobs
    if (waiting.empty()) fresh.push_back(one);
    waiting.push_back(number);
    ++missing;
  }
  parked_.emplace(number, Parked{std::move(asked), missing});
  const std::lock_guard lock(mutex_);
  to_load_.insert(to_load_.end(), fresh.begin(), fresh.end());
  loader_wakes_.notify_one();
  return true;
}

void Runtime::loader_loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    loader_wakes_.wait(lock, [&] { return loader_stops_ || !to_load_.empty(); });
    if (loader_stops_) return;
    std::deque<Partition::Absent> work;
    work.swap(to_load_);
    lock.unlock();
    std::deque<Loaded> got;
    for (const auto& one : work) got.push_back({one, payloads_->get(one.element, one.place)});
    lock.lock();
    for (auto& one : got) loaded_.push_back(std::move(one));
    engine_wakes_.notify_one();
  }
}

// What was read may be of an element instance that is gone or was brought in another way by now: then bring() does nothing.
bool Runtime::take_loaded(Moment moment) {
  std::deque<Loaded> loaded;
  {
    const std::lock_guard lock(mutex_);
    loaded.swap(loaded_);
  }
  for (auto& one : loaded) {
    partition_->bring(one.what, one.bytes);
    const auto waiting = parked_for_.find(one.what.element);
    if (waiting == parked_for_.end()) continue;
    const auto numbers = std::move(waiting->second);
    parked_for_.erase(waiting);
    for (const std::uint64_t number : numbers) {
      Parked& parked = parked_.at(number);
      if (--parked.missing != 0) continue;
      Asked asked = std::move(parked.asked);
      parked_.erase(number);
      run_one(std::move(asked), moment);
    }
  }
  return !loaded.empty();
}

void Runtime::evict_some() {
  if (!payloads_) return;
  const bool far_over = partition_->residency().bytes > 2 * options_.resident_payload_bytes;
  const std::uint64_t before = partition_->residency().evicted;
  const auto until = std::chrono::steady_clock::now() + (far_over ? 5 : 1) * limits::kTurnEvictionTime;
  do {
    evicting_ = partition_->evict(limits::kTurnEvictions);
  } while (evicting_ && std::chrono::steady_clock::now() < until);
  if (partition_->residency().evicted != before) refresh_metrics();  // there may be no group that would do it
}

std::vector<Runtime::Asked> Runtime::take_parked() {
  std::vector<Asked> out;
  for (auto& [number, parked] : parked_) out.push_back(std::move(parked.asked));
  parked_.clear();
  parked_for_.clear();
  return out;
}

}  // namespace engine
