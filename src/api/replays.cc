#include "api/replays.h"

#include "base/limits_sheets.h"
#include "base/random.h"

namespace api {

using base::ErrorCode;

void Replays::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [key, one] : kept_) one->replay->cancel();
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Replays::drop_old() {
  const base::Millis now = clock_.now();
  std::erase_if(kept_, [&](const auto& entry) { return entry.second->ended != 0 && entry.second->started + base::limits::kReplayKeptMs <= now; });
}

base::Result<std::int64_t> Replays::add(std::shared_ptr<KeptReplay> one) {
  const std::lock_guard lock(mutex_);
  drop_old();
  if (kept_.size() >= base::limits::kReplaysKept) {
    auto oldest = kept_.end();
    for (auto it = kept_.begin(); it != kept_.end(); ++it)
      if (it->second->ended != 0 && (oldest == kept_.end() || it->second->started < oldest->second->started)) oldest = it;
    if (oldest == kept_.end()) return base::fail(ErrorCode::busy, "as many replays are running as base::limits::kReplaysKept", {}, "wait, or cancel one");
    kept_.erase(oldest);
  }
  do {
    std::uint64_t bits = 0;
    base::fill_random({reinterpret_cast<unsigned char*>(&bits), sizeof bits});
    one->key = static_cast<std::int64_t>(bits >> 11);  // 53 bits: JSON clients read it whole
  } while (one->key == 0 || kept_.contains(one->key));
  kept_[one->key] = one;
  queue_.push_back(std::move(one));
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  wakes_.notify_one();
  return queue_.back()->key;
}

std::shared_ptr<KeptReplay> Replays::find(std::int64_t key, const std::string& authority) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto found = kept_.find(key);
  return found == kept_.end() || found->second->replay->request().authority != authority ? nullptr : found->second;
}

void Replays::work() {
  while (true) {
    std::shared_ptr<KeptReplay> next;
    {
      std::unique_lock lock(mutex_);
      wakes_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    next->replay->run();
    next->ended = clock_.now();
  }
}

}  // namespace api
