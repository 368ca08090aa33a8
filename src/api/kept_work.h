// Long work that people ordered, of one kind: a few workers of the house do it one after the other; it is kept a while after it ended,
// and found again by its key. T: key, authority(), began(), over() (0 = not yet), cancel(), run(clock).
#pragma once
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"

namespace api {

struct KeptLimits {
  std::size_t kept;           // the oldest ended one makes room
  base::Millis kept_ms;       // from its beginning
  std::size_t threads;        // begin with the first work
  const char* full;           // what is said where all that are kept are running
};

template <class T> class KeptWork {
 public:
  KeptWork(const base::Clock& clock, KeptLimits limits) : clock_(clock), limits_(limits) {}
  ~KeptWork() { stop(); }

  void stop() {               // cancels what runs, and waits for it
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (auto& [key, one] : kept_) one->cancel();
    }
    wakes_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

  // Gives it a key. Errors: busy.
  base::Result<std::int64_t> add(std::shared_ptr<T> one) {
    const std::lock_guard lock(mutex_);
    drop_old();
    if (kept_.size() >= limits_.kept) {
      auto oldest = kept_.end();
      for (auto it = kept_.begin(); it != kept_.end(); ++it)
        if (it->second->over() != 0 && (oldest == kept_.end() || it->second->began() < oldest->second->began())) oldest = it;
      if (oldest == kept_.end()) return base::fail(base::ErrorCode::busy, limits_.full, {}, "wait, or cancel one");
      kept_.erase(oldest);
    }
    do {
      std::uint64_t bits = 0;
      base::fill_random({reinterpret_cast<unsigned char*>(&bits), sizeof bits});
      one->key = static_cast<std::int64_t>(bits >> 11);  // 53 bits: JSON clients read it whole
    } while (one->key == 0 || kept_.contains(one->key));
    kept_[one->key] = one;
    queue_.push_back(one);
    while (threads_.size() < limits_.threads) threads_.emplace_back([this] { work(); });
    wakes_.notify_one();
    return one->key;
  }

  std::shared_ptr<T> find(std::int64_t key, const std::string& authority) {  // nullptr: none, or another authority's
    const std::lock_guard lock(mutex_);
    drop_old();
    const auto found = kept_.find(key);
    return found == kept_.end() || found->second->authority() != authority ? nullptr : found->second;
  }

  std::vector<std::shared_ptr<T>> all(const std::string& authority) {        // newest first
    const std::lock_guard lock(mutex_);
    drop_old();
    std::vector<std::shared_ptr<T>> out;
    for (const auto& [key, one] : kept_)
      if (one->authority() == authority) out.push_back(one);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a->began() > b->began(); });
    return out;
  }

 private:
  void drop_old() {
    const base::Millis now = clock_.now();
    std::erase_if(kept_, [&](const auto& entry) { return entry.second->over() != 0 && entry.second->began() + limits_.kept_ms <= now; });
  }

  void work() {
    while (true) {
      std::shared_ptr<T> next;
      {
        std::unique_lock lock(mutex_);
        wakes_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        next = std::move(queue_.front());
        queue_.pop_front();
      }
      next->run(clock_);
    }
  }

  const base::Clock& clock_;
  const KeptLimits limits_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::map<std::int64_t, std::shared_ptr<T>> kept_;
  std::deque<std::shared_ptr<T>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace api
