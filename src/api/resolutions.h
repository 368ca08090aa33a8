// Incidents tried again, many at a time.
#pragma once
#include "api/batches.h"
#include "engine/engine.h"
#include "engine/query.h"

namespace api {

// Commands of one slice, sent together and waited for: they share the journal's syncs.
class Slice {
 public:
  explicit Slice(engine::Engine& engine) : engine_(engine) {}
  // `done` runs when the command is durable or refused, before wait() returns; of different commands perhaps at once.
  void submit(engine::Command, std::function<void(const base::Result<engine::Answer>&)> done);
  void wait();

 private:
  engine::Engine& engine_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::size_t open_ = 0;
};

// Every open incident that `filter` (of the read side's incidents) finds when the batch begins; outcomes "retried", "gone" (somebody
// else was faster), "failed". A job without retries gets `retries` first. The engine outlives it.
std::shared_ptr<Batch> make_resolutions(BatchOrder, engine::Engine&, base::Json filter, int retries);

}  // namespace api
