// Answers that wait for an end: of an instance (CreateInstance::await), or of the listeners of a task's change. No thread
// waits; they lie beside the partition, which tells the ends of what it was asked to watch.
#include "engine/runtime/limits.h"
#include "engine/runtime/runtime.h"

namespace engine {

base::Millis Runtime::patience(const Command& command, const Answer& answer) const {
  if (const auto* create = std::get_if<CreateInstance>(&command.body))
    return create->await && partition_->slot_of(answer.key, command.authority) ? std::max<base::Millis>(1, create->request_timeout_ms) : 0;  // a repeated command's instance may be over
  if (!answer.pending) return 0;
  return std::visit([](const auto& body) -> base::Millis {
    if constexpr (requires { body.wait_ms; }) return body.wait_ms;
    else return 0;
  }, command.body);
}

void Runtime::await(Answer answer, Done done, base::Millis until) {
  if (await_count_ >= limits::kAwaits)
    return hold(base::fail(base::ErrorCode::timed_out, "too many requests wait for an end already; what this one began goes on", {}, "ask again what became of it"), std::move(done), false);
  const Key key = answer.key;
  partition_->watch(key);
  awaits_[key].push_back({std::move(answer), std::move(done), until});
  next_await_end_ = std::min(next_await_end_, until);
  ++await_count_;
}

void Runtime::answer_awaits() {
  for (Outcome& outcome : partition_->take_outcomes()) {
    auto found = awaits_.extract(outcome.key);
    if (found.empty()) continue;
    for (Await& one : found.mapped()) {
      --await_count_;
      if (!outcome.done) {
        hold(base::fail(base::ErrorCode::conflict, outcome.reason.empty() ? "a listener denied it" : outcome.reason), std::move(one.done), false);
        continue;
      }
      one.answer.position = partition_->position();
      one.answer.pending = false;
      one.answer.variables = outcome.variables;
      hold(std::move(one.answer), std::move(one.done), false);
    }
  }
}

void Runtime::expire_awaits(base::Millis now) {
  if (now < next_await_end_) return;
  next_await_end_ = INT64_MAX;
  for (auto at = awaits_.begin(); at != awaits_.end();) {
    std::erase_if(at->second, [&](Await& one) {
      if (one.until > now) {
        next_await_end_ = std::min(next_await_end_, one.until);
        return false;
      }
      --await_count_;
      hold(base::fail(base::ErrorCode::timed_out, std::to_string(at->first) + " has not ended within the time that was given; it goes on", {}, "ask again what became of it"), std::move(one.done), false);
      return true;
    });
    if (at->second.empty()) partition_->unwatch(at->first);
    at = at->second.empty() ? awaits_.erase(at) : std::next(at);
  }
}

}  // namespace engine
