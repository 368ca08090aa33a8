// A partition with a hand on it, for tests, adapters and simulations: no threads, no disk; keeps every batch it wrote.
// It adds nothing to the engine: commands go in, steps run, the clock moves.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/partition.h"

namespace engine {

class Driver {
 public:
  explicit Driver(PartitionOptions options = {}, base::Millis start = 1'767'225'600'000) : options_(options), partition_(options), now_(start) {}

  Partition& partition() { return partition_; }
  base::Millis now() const { return now_; }
  const std::vector<std::string>& batches() const { return batches_; }
  std::string authority = "11111111";
  std::uint32_t steps_per_batch = 100;  // 1: every step is a batch of its own, so a test can restart after each

  // One command, without the steps that follow from it.
  base::Result<Answer> only(decltype(Command::body) body, std::string idempotency_key = {}) {
    Command command;
    command.authority = authority;
    command.actor = "test";
    command.idempotency_key = std::move(idempotency_key);
    command.body = std::move(body);
    base::Result<Answer> answer = base::fail(base::ErrorCode::internal, "not answered");
    Batch batch;
    partition_.run(command, moment(), batch, answer);
    keep(batch);
    return answer;
  }
  base::Result<Answer> call(decltype(Command::body) body, std::string idempotency_key = {}) {
    auto answer = only(std::move(body), std::move(idempotency_key));
    settle();
    return answer;
  }
  // Runs what can run without time passing; false when it did not come to rest within `max_steps`.
  bool settle(std::uint64_t max_steps = 10'000'000) {
    for (std::uint64_t n = 0; partition_.has_ready(); n += steps_per_batch) {
      if (n > max_steps) return false;
      step(steps_per_batch);
    }
    return true;
  }
  void step(std::uint32_t max_steps) {
    Batch batch;
    partition_.step(moment(), batch, max_steps);
    keep(batch);
  }
  // Moves the clock; what becomes due fires in order of time, each time running until quiet.
  void advance(base::Millis by) {
    const base::Millis until = now_ + by;
    for (base::Millis due = partition_.next_due(); due >= 0 && due <= until; due = partition_.next_due()) {
      now_ = std::max(now_, due);
      Batch batch;
      partition_.fire_due(moment(), batch, 1);
      keep(batch);
      settle();
    }
    now_ = until;
  }
  std::vector<ActivatedJob> activate(const std::string& type, int max = 100, base::Millis timeout = 60'000) {
    auto answer = call(ActivateJobs{type, "worker", timeout, max, 0});
    return answer ? answer->jobs : std::vector<ActivatedJob>{};
  }
  // A fresh partition that replayed everything so far.
  base::Result<std::string> replayed() const {
    Partition fresh(options_);
    for (const std::string& batch : batches_)
      if (auto status = fresh.replay(batch); !status) return std::unexpected(status.error());
    return fresh.dump();
  }
  // The same, restarting after each of the first `restarts` batches: what a full checkpoint holds is loaded into a fresh
  // partition, which goes on with the next batch.
  base::Result<std::string> restarted(std::size_t restarts) const {
    auto now = std::make_unique<Partition>(options_);
    for (std::size_t i = 0; i < batches_.size(); ++i) {
      if (auto status = now->replay(batches_[i]); !status) return std::unexpected(status.error());
      if (i >= restarts) continue;
      auto next = std::make_unique<Partition>(options_);
      base::Status status;
      now->begin_checkpoint(true);
      const auto sink = [&](RecordKind kind, Key key, std::string_view bytes) { if (status && !bytes.empty()) status = next->load_record(kind, key, bytes); };
      while (now->checkpoint_slice(sink, 1'000)) {}
      if (!status) return std::unexpected(status.error());
      if (auto finished = next->finish_load(); !finished) return std::unexpected(finished.error());
      if (next->dump() != now->dump()) return base::fail(base::ErrorCode::internal, "after batch " + std::to_string(i) + ":\n" + now->dump() + "but after a restart\n" + next->dump());
      now = std::move(next);
    }
    return now->dump();
  }
  // Calls visit(record, event) for every event so far, or from batch `first` on.
  template <class F> base::Status events(F&& visit, std::size_t first = 0) const {
    for (std::size_t i = first; i < batches_.size(); ++i)
      if (auto status = for_each_record(batches_[i], [&](const RecordView& record) {
            return visit_event(record, options_.keys, [&](const auto& event) -> base::Status {
              visit(record, event);
              return {};
            });
          }); !status) return status;
    return {};
  }

 private:
  Moment moment() { return {now_, ++random_}; }
  void keep(const Batch& batch) { if (!batch.empty()) batches_.push_back(batch.encode()); }

  PartitionOptions options_;
  Partition partition_;
  base::Millis now_;
  std::uint64_t random_ = 0;
  std::vector<std::string> batches_;
};

}  // namespace engine
