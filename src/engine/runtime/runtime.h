// The Engine behind the door: one partition, its inbox and its threads.
//
//   submit ─► inbox ─► engine thread: run, step, fire_due ─► group ─► journal thread: append, sync ─► answers, projector
//                                                              ▲ the next group is decided while the last is synced
//   loader thread: reads evicted variables that a parked command needs (runtime_payloads.cc)
//   housekeeping thread: commits checkpoints, archives segments, fills key pools, destroys keys nobody waits for
//
// What is shared between the threads lies under mutex_; the partition belongs to the engine thread (or to the caller of
// pump() in manual mode). No answer leaves before the group it is in, and with it every earlier one, is synced.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "engine/checkpoint/checkpoint.h"
#include "engine/engine.h"
#include "engine/journal/journal.h"
#include "engine/partition.h"
#include "engine/projector/projector.h"
#include "engine/runtime/shares.h"
#include "engine/state/payloads.h"

namespace engine {

using Done = std::function<void(base::Result<Answer>)>;

struct Timeline {
  int number = 0;
  store::KeySlot first_slot = 1;  // lower ones may have been issued (and destroyed) on a timeline that a restore left
};
base::Result<Timeline> load_timeline(base::Storage&, const std::string& folder);
base::Status save_timeline(base::Storage&, const std::string& folder, const Timeline&);

// A small file, whole or not at all, through Storage.
base::Status write_whole(base::Storage&, const std::string& folder, const std::string& name, std::string_view bytes);
base::Result<std::string> read_whole(base::Storage&, const std::string& path);

class Runtime final : public Engine {
 public:
  explicit Runtime(Options);
  ~Runtime() override;
  base::Status start();

  void submit(Command, Done) override;
  base::Status pump() override;
  base::Millis next_due() const override;
  ReadSide& read() override;
  store::Keys& keys() override { return *keys_; }
  base::Status checkpoint() override;
  Metrics metrics() const override;
  std::string dump() const override;
  base::Result<std::string> replayed_dump() override;
  void on_jobs(std::function<void(std::string_view)>) override;
  void on_forgotten(std::function<void(const std::string&, Key)>) override;
  bool manual() const override { return options_.manual; }

  // Runs between two groups, when everything decided is durable and the files stand still (backup, dumps).
  base::Status quiet(std::function<base::Status()>, bool lock_files = true);
  // While it is held no checkpoint is committed and no segment archived or removed.
  std::unique_lock<std::mutex> freeze_files() { return std::unique_lock(files_mutex_); }
  const Options& options() const { return options_; }
  base::Storage& storage() { return *storage_; }
  const Timeline& timeline() const { return timeline_; }
  journal::Journal& journal() { return *journal_; }

 private:
  struct Held { base::Result<Answer> answer; Done done; bool forgets = false; };
  struct Group {
    std::string bytes;
    std::uint64_t first = 0, last = 0;
    std::uint32_t count = 0;
    std::vector<Held> held;
    std::vector<store::KeySlot> forgotten;
    std::vector<std::string> types;
    bool forgets = false;
    bool empty() const { return count == 0 && held.empty() && forgotten.empty() && types.empty(); }
  };
  struct Asked { Command command; Done done; };
  struct Forget { store::KeySlot slot = 0; base::Result<Answer> answer; Done done; };  // until the slot's owner is gone
  struct Parked { Asked asked; std::size_t missing = 0; };  // until its evicted variables are here
  struct Loaded { Partition::Absent what; base::Result<std::string> bytes; };
  struct Poll { Command command; Done done; base::Millis until = 0; };
  struct Await { Answer answer; Done done; base::Millis until = 0; };

  // runtime_open.cc
  base::Status recover();
  void find_slot(const std::string& authority, ForgetInstance&);  // runtime.cc
  base::Status lock_folder();
  PartitionOptions partition_options() const;  // of a partition that keeps everything in memory
  base::Result<std::uint64_t> load_state(Partition&);
  void stop_threads();

  // runtime_loop.cc: the engine thread
  void engine_loop();
  bool turn();
  void answer_polls(const base::Error&);                              // one bounded round of work; true = there was some
  bool group_full() const;
  bool take_asked(std::vector<Asked>&);
  void run_one(Asked, Moment);
  void hold(base::Result<Answer>, Done, bool forgets);
  void collect(Moment);
  void run_polls(const std::string& type, Moment);
  void expire_polls(base::Millis now);
  // runtime_await.cc
  base::Millis patience(const Command&, const Answer&) const;         // how long this answer waits for an end; 0 = not
  void await(Answer, Done, base::Millis until);
  void answer_awaits();
  void expire_awaits(base::Millis now);
  // retention.cc
  base::Result<bool> forget_finished();                               // true: there may be more
  base::Status reserve_keys();
  bool hand_over();                         // batch_ and group_ to the journal thread, when that is free
  void run_tasks();
  std::optional<std::chrono::milliseconds> idle_time() const;
  void refresh_metrics();
  void checkpoint_turn();
  void begin_checkpoint();
  bool checkpoint_slice();
  void checkpoint_failed(const base::Error&);
  base::Status checkpoint_here();

  // runtime_payloads.cc: evicted variables
  base::Status open_payloads();
  bool park(Asked&);                        // true: it waits for the loader
  bool take_loaded(Moment);
  void evict_some();
  void loader_loop();
  void pace();                              // runtime_loop.cc
  std::vector<Asked> take_parked();         // of an engine that ends

  // runtime_commit.cc: the journal and housekeeping threads
  void journal_loop();
  void commit(Group&);
  void settle(Group&);
  void fail(Group&, const base::Error&);
  void stop_for_good(const base::Error&);
  base::Status stopped_error() const;
  void housekeeping_loop();
  base::Status destroy_waiting();
  void finish_checkpoint();
  base::Status commit_checkpoint();

  Options options_;
  base::SystemClock system_clock_;
  base::SystemRandom system_random_;
  base::SystemStorage system_storage_;
  base::Clock* clock_ = nullptr;
  base::Random* random_ = nullptr;
  base::Storage* storage_ = nullptr;
  int lock_handle_ = -1;
  Timeline timeline_;
  std::unique_ptr<store::Keys> keys_;
  std::unique_ptr<PayloadFiles> payloads_;         // null: nothing is evicted
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<Projector> projector_;
  std::unique_ptr<ReadSide> read_;

  // Engine thread only.
  std::unique_ptr<Partition> partition_;
  Batch batch_;
  Group group_;
  std::map<std::string, std::deque<Poll>> polls_;  // by job type
  std::map<Key, std::vector<Await>> awaits_;       // by instance or task
  base::Millis next_await_end_ = INT64_MAX;        // no later than the first of their ends
  std::size_t await_count_ = 0;
  std::vector<Forget> forgets_;
  std::size_t poll_count_ = 0, polls_seen_ = 0;
  std::map<std::uint64_t, Parked> parked_;         // by number, oldest first
  std::uint64_t next_parked_ = 1;
  std::unordered_map<Key, std::vector<std::uint64_t>> parked_for_;  // element instance → who waits for its variables
  std::deque<Asked> passed_;                       // taken out of the inbox, their turn comes
  Shares shares_;                                  // of take_asked
  bool paced_ = false;                             // the read side is behind
  bool evicting_ = false;                          // there is more to evict
  base::Millis next_poll_end_ = INT64_MAX;
  checkpoint::Writer checkpoint_writer_;           // the housekeeping thread's while checkpoint_commit_ is set
  base::Status checkpoint_broken_;
  bool checkpoint_slicing_ = false;
  base::Millis checkpoint_at_ = 0;
  std::uint64_t checkpoint_position_ = 0;          // of the last one that was begun

  mutable std::mutex mutex_;
  std::condition_variable engine_wakes_, journal_wakes_, house_wakes_, loader_wakes_, settled_;
  std::deque<Asked> inbox_;
  std::deque<Partition::Absent> to_load_;
  std::deque<Loaded> loaded_;
  bool loader_stops_ = false;
  struct Task { std::function<void()> run; bool lock_files = true; };
  std::deque<Task> tasks_;
  std::optional<Group> journal_group_;             // what the journal thread works on
  bool stopping_ = false, journal_stops_ = false, house_stops_ = false;
  base::Status stopped_;                           // why nothing is accepted any more
  std::uint64_t durable_ = 0, settled_position_ = 0;
  bool checkpoint_wanted_ = false, checkpoint_commit_ = false;
  std::atomic<bool> checkpoint_full_next_ = true;
  std::uint64_t checkpoint_cut_ = 0, checkpoint_committed_ = 0, checkpoints_done_ = 0;
  base::Status checkpoint_status_;
  std::vector<store::KeySlot> destroy_waiting_;
  store::KeySlot reserve_up_to_ = 0;
  Metrics metrics_;
  std::uint64_t commands_ = 0;
  std::function<void(std::string_view)> on_jobs_;
  std::size_t forgetting_ = 0;                     // commands of the retention that are not answered yet
  base::Millis retention_at_ = 0;                  // the thread that looks: housekeeping, or who pumps
  std::mutex files_mutex_;                         // checkpoint and archive files change under it

  std::thread engine_thread_, journal_thread_, house_thread_, loader_thread_;
};

}  // namespace engine
