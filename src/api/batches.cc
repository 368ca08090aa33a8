#include "api/batches.h"

#include <algorithm>

#include "base/time.h"

namespace api {

using base::Json;

namespace {

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

}  // namespace api
