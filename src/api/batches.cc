#include "api/batches.h"

#include <algorithm>

#include "base/random.h"
#include "base/time.h"

namespace api {

using base::ErrorCode;
using base::Json;

namespace {

constexpr std::size_t kThreads = 2;

const char* name_of(Batch::State state) {
  switch (state) {
    case Batch::State::running: return "RUNNING";
    case Batch::State::completed: return "COMPLETED";
    case Batch::State::canceled: return "CANCELED";
    case Batch::State::failed: break;
  }
  return "FAILED";
}

}  // namespace

void Batch::run(const base::Clock& clock) {
  State end = State::completed;
  while (true) {
    if (cancel_) {
      end = State::canceled;
      break;
    }
    const auto more = step();
    if (!more) {
      const std::lock_guard lock(mutex_);
      message_ = more.error().message;
      end = State::failed;
      break;
    }
    if (!*more) break;
  }
  ended_ = clock.now();
  state_ = end;
}

void Batch::group(const char* outcome, const Why& why) {
  const auto same = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) { return g.outcome == outcome && g.why.code == why.code && g.why.text == why.text; });
  if (same != groups_.end()) ++same->count;
  else if (groups_.size() < batch_limits::kGroups) groups_.push_back({outcome, why, 1});
  else {
    if (groups_.back().why.code != "other") groups_.push_back({outcome, {"other", "", ""}, 0});
    ++groups_.back().count;
  }
}

void Batch::add(const char* outcome, Json row, const std::vector<Why>& reasons) {
  const std::lock_guard lock(mutex_);
  ++counts_[outcome];
  row.set("outcome", outcome);
  if (!reasons.empty()) {
    Json list = Json::array();
    for (const Why& why : reasons) {
      group(outcome, why);
      list.push(Json::Object{{"code", why.code}, {"text", why.text}, {"textDa", why.text_da}});
    }
    row.set("reasons", std::move(list));
  }
  if (rows_.size() < batch_limits::kRows) rows_.push_back(std::move(row));
}

Json Batch::summary() const {
  Json more = report();
  const State now = state_;  // before the counts: an ended batch's counts are whole
  const std::lock_guard lock(mutex_);
  Json out = Json::object();
  out.set("batchKey", std::to_string(key)).set("kind", order_.kind).set("by", order_.by).set("purpose", order_.purpose).set("asked", order_.asked);
  out.set("started", base::iso_utc(order_.started)).set("ended", ended_ == 0 ? Json() : Json(base::iso_utc(ended_)));
  out.set("expires", base::iso_utc(order_.started + batch_limits::kKeptMs)).set("state", name_of(now)).set("message", message_.empty() ? Json() : Json(message_));
  out.set("done", done_.load()).set("of", of_.load());
  Json counts = Json::object(), groups = Json::array();
  for (const auto& [outcome, n] : counts_) counts.set(outcome, n);
  for (const auto& g : groups_) groups.push(Json::Object{{"outcome", g.outcome}, {"code", g.why.code}, {"text", g.why.text}, {"textDa", g.why.text_da}, {"count", g.count}});
  out.set("counts", std::move(counts)).set("groups", std::move(groups)).set("kept", static_cast<std::int64_t>(rows_.size()));
  if (!more.is_null()) out.set("report", std::move(more));
  return out;
}

Json Batch::rows(std::size_t from, std::size_t max, std::string_view outcome, std::size_t& next) const {
  const std::lock_guard lock(mutex_);
  Json out = Json::array();
  for (next = from; next < rows_.size() && out.size() < max; ++next)
    if (outcome.empty() || rows_[next]["outcome"].as_string() == outcome) out.push(rows_[next]);
  return out;
}

std::size_t Batch::kept() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

// ---- those of a house ------------------------------------------------------------------------------------------------------

void Batches::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [key, one] : kept_) one->cancel();
  }
  wakes_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void Batches::drop_old() {
  const base::Millis now = clock_.now();
  std::erase_if(kept_, [&](const auto& entry) { return entry.second->ended() != 0 && entry.second->order().started + batch_limits::kKeptMs <= now; });
}

base::Result<std::int64_t> Batches::add(std::shared_ptr<Batch> one) {
  const std::lock_guard lock(mutex_);
  drop_old();
  if (kept_.size() >= batch_limits::kKept) {
    auto oldest = kept_.end();
    for (auto it = kept_.begin(); it != kept_.end(); ++it)
      if (it->second->ended() != 0 && (oldest == kept_.end() || it->second->order().started < oldest->second->order().started)) oldest = it;
    if (oldest == kept_.end()) return base::fail(ErrorCode::busy, "as many batches are running as batch_limits::kKept", {}, "wait, or cancel one");
    kept_.erase(oldest);
  }
  do {
    std::uint64_t bits = 0;
    base::fill_random({reinterpret_cast<unsigned char*>(&bits), sizeof bits});
    one->key = static_cast<std::int64_t>(bits >> 11);  // 53 bits: JSON clients read it whole
  } while (one->key == 0 || kept_.contains(one->key));
  kept_[one->key] = one;
  queue_.push_back(one);
  while (threads_.size() < kThreads) threads_.emplace_back([this] { work(); });
  wakes_.notify_one();
  return one->key;
}

std::shared_ptr<Batch> Batches::find(std::int64_t key, const std::string& authority) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto found = kept_.find(key);
  return found == kept_.end() || found->second->order().authority != authority ? nullptr : found->second;
}

std::vector<std::shared_ptr<Batch>> Batches::all(const std::string& authority) {
  const std::lock_guard lock(mutex_);
  drop_old();
  std::vector<std::shared_ptr<Batch>> out;
  for (const auto& [key, one] : kept_)
    if (one->order().authority == authority) out.push_back(one);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a->order().started > b->order().started; });
  return out;
}

void Batches::work() {
  while (true) {
    std::shared_ptr<Batch> next;
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

}  // namespace api
