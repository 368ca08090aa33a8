// The replays of a house: one worker asks them one after the other; results are dropped when they are a day old.
#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "api/replay.h"
#include "base/clock.h"

namespace api {

struct KeptReplay {
  std::int64_t key = 0;
  std::string slug, purpose, by, from, to;  // from, to: as asked
  base::Millis started = 0;
  std::shared_ptr<Replay> replay;
  std::atomic<base::Millis> ended{0};
};

class Replays {
 public:
  explicit Replays(const base::Clock& clock) : clock_(clock) {}
  ~Replays() { stop(); }
  void stop();  // cancels what runs, and waits for it
  // Errors: busy (limits::kReplaysKept are running).
  base::Result<std::int64_t> add(std::shared_ptr<KeptReplay>);
  std::shared_ptr<KeptReplay> find(std::int64_t key, const std::string& authority);  // nullptr: none, or another authority's

 private:
  void work();
  void drop_old();
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::map<std::int64_t, std::shared_ptr<KeptReplay>> kept_;
  std::deque<std::shared_ptr<KeptReplay>> queue_;
  bool stopping_ = false;
  std::thread thread_;  // begins with the first replay
};

}  // namespace api
