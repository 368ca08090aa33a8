// Keeps projection.db in step with the journal: committed batches in, relational rows out, the position in the same
// transaction. One thread writes; reads take connections of their own. Rebuilt from the journal when it is not there.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "engine/journal/journal.h"
#include "engine/query.h"
#include "store/database.h"
#include "store/keys.h"

namespace engine {

class Model;  // model.h

class Projector {
 public:
  struct Options {
    std::string path;            // projection.db
    store::Keys* keys = nullptr;
    int timeline = 0;            // another one in the file: it is thrown away and built again
    bool manual = false;         // no thread: pump()
  };
  static base::Result<std::unique_ptr<Projector>> open(Options, std::uint64_t journal_position);
  ~Projector();

  using JournalReader = std::function<base::Status(std::uint64_t after, const journal::BatchVisitor&)>;
  // Brings the file to the journal's end; before start().
  base::Status catch_up(const JournalReader&);
  void start();
  void stop();

  void push(std::uint64_t last_position, std::string batch);  // a durable batch; any thread, in order
  base::Status pump();                                        // manual mode
  bool failed() const;                                        // it has stopped for good
  std::uint64_t position() const;                             // of the last committed transaction
  std::chrono::milliseconds lag() const;                      // since the oldest batch came that is not committed yet; 0: none
  // `done` runs on the projector's thread when `position` is committed (or with the error that stops the projector).
  void when(std::uint64_t position, std::function<void(const base::Status&)> done);
  base::Status wait_for(std::uint64_t position);              // bounded by limits::kReadWait; busy
  store::Database& database() { return *database_; }
  store::Keys* keys() { return options_.keys; }

  void on_forgotten(std::function<void(const std::string& authority, std::int64_t instance)>);
  int subscribe(const std::string& authority, std::function<void(const base::Json&)>);
  void unsubscribe(int id);

 private:
  struct Queued { std::uint64_t last = 0; std::string bytes; };
  struct Waiter { std::uint64_t position = 0; std::function<void(const base::Status&)> done; };
  struct Came { std::uint64_t last = 0; std::chrono::steady_clock::time_point at; };
  struct Listener { int id = 0; std::string authority; std::function<void(const base::Json&)> note; };

  Projector(Options, std::unique_ptr<store::Database>);
  void loop();
  base::Status apply(const Queued&);
  base::Status flush();
  void answer_waiters();
  void tell_forgotten();
  void send_notes();
  void stop_for_good(const base::Error&);

  const Options options_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Model> model_;        // projector thread only
  std::uint64_t applied_ = 0;           // projector thread only
  std::chrono::steady_clock::time_point flushed_at_{};

  mutable std::mutex mutex_;
  std::condition_variable wakes_, moved_;
  std::deque<Queued> queue_;
  std::deque<Came> came_;               // what is not committed yet, one of each kLagGrain
  std::uint64_t position_ = 0, wanted_ = 0;  // committed; a reader waits for
  std::vector<Waiter> waiters_;
  base::Status failed_;
  bool stopping_ = false;
  std::vector<Listener> listeners_;
  std::function<void(const std::string&, std::int64_t)> on_forgotten_;
  int next_listener_ = 1;
  std::mutex notes_mutex_;              // held while notes are delivered: unsubscribe waits for it
  std::thread thread_;
};

// projector may be null (engine only): every read answers not_found, nothing waits.
std::unique_ptr<ReadSide> make_read_side(Projector*, std::function<std::uint64_t()> acknowledged);

}  // namespace engine
