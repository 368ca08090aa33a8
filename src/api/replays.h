// The replays of a house: one worker asks them one after the other; results are dropped when they are a day old.
#pragma once
#include "api/kept_work.h"
#include "api/replay.h"
#include "base/limits_sheets.h"

namespace api {

struct KeptReplay {
  std::int64_t key = 0;
  std::string slug, purpose, by, from, to;  // from, to: as asked
  base::Millis started = 0;
  std::shared_ptr<Replay> replay;
  std::atomic<base::Millis> ended{0};

  const std::string& authority() const { return replay->request().authority; }
  base::Millis began() const { return started; }
  base::Millis over() const { return ended; }
  void cancel() { replay->cancel(); }
  void run(const base::Clock& clock) {
    replay->run();
    ended = clock.now();
  }
};

struct Replays : KeptWork<KeptReplay> {
  explicit Replays(const base::Clock& clock)
      : KeptWork(clock, {base::limits::kReplaysKept, base::limits::kReplayKeptMs, 1, "as many replays are running as base::limits::kReplaysKept"}) {}
};

}  // namespace api
