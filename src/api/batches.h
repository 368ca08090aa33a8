// Work on many things that somebody ordered: it runs in slices on a worker of the house, shows how far it is, can be left and found
// again, and canceled. Kept in memory: what it did stays done when the server stops, the list of what it did does not.
#pragma once
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "api/kept_work.h"
#include "base/json.h"

namespace api {

namespace batch_limits {
inline constexpr std::size_t kItems = 100'000;        // of one batch: an hour of the engine at the slowest disk; order the rest after
inline constexpr std::size_t kRows = 10'000;          // that can be listed; all are counted
inline constexpr std::size_t kGroups = 100;           // different reasons; the rest are counted as "other"
inline constexpr std::size_t kKept = 40;              // of a house; the oldest ended one makes room
inline constexpr std::size_t kSlice = 64;             // commands under way at a time: others' commands come in between
inline constexpr base::Millis kKeptMs = 24ll * 3600 * 1000;
}  // namespace batch_limits

// What was ordered, by whom, why. `asked` is shown to whoever may see the batch: never a person's data.
struct BatchOrder {
  std::string kind, authority, by, purpose;
  base::Json asked = base::Json::object();
  base::Millis started = 0;
};

class Batch {
 public:
  enum class State : std::uint8_t { running, completed, canceled, failed };
  explicit Batch(BatchOrder order) : order_(std::move(order)) {}
  virtual ~Batch() = default;
  void run(const base::Clock&);                      // to the end, a slice at a time; on a thread of its own
  void cancel() { cancel_ = true; }
  State state() const { return state_; }
  const BatchOrder& order() const { return order_; }
  std::int64_t key = 0;
  const std::string& authority() const { return order_.authority; }
  base::Millis began() const { return order_.started; }
  base::Millis over() const { return ended_; }       // 0: not yet

  // {kind, by, purpose, asked, started, ended, state, message, done, of, counts: {outcome: n}, groups: [{outcome, code, text, textDa, count}], kept, report?}
  base::Json summary() const;
  // Rows from number `from` on whose outcome is `outcome` ("" = all); the order never changes and more may follow. `next` gets
  // the number behind the last one, or stays where the end is.
  base::Json rows(std::size_t from, std::size_t max, std::string_view outcome, std::size_t& next) const;
  std::size_t kept() const;

 protected:
  // One slice. false: that was the last.
  virtual base::Result<bool> step() = 0;
  bool canceled() const { return cancel_; }
  void progress(std::int64_t done, std::int64_t of) { done_ = done; of_ = of; }
  // One thing is done with, and why it came out so: each reason is counted in the groups. text: English; text_da: where there is one.
  struct Why { std::string code, text, text_da; };
  static Why why(const base::Error& error) { return {std::string(base::name(error.code)), error.message, {}}; }
  void add(const char* outcome, base::Json row, const std::vector<Why>& reasons = {});
  virtual base::Json report() const { return {}; }   // what else there is to say; null = nothing. Any thread

 private:
  struct Group { std::string outcome; Why why; std::int64_t count = 0; };
  void group(const char* outcome, const Why&);
  const BatchOrder order_;
  std::atomic<State> state_{State::running};
  std::atomic<bool> cancel_{false};
  std::atomic<std::int64_t> done_{0}, of_{0};
  std::atomic<base::Millis> ended_{0};
  mutable std::mutex mutex_;                         // of what follows
  std::vector<base::Json> rows_;
  std::map<std::string, std::int64_t> counts_;
  std::vector<Group> groups_;
  std::string message_;
};

// Two workers: a long batch does not hold up a short one.
struct Batches : KeptWork<Batch> {
  explicit Batches(const base::Clock& clock) : KeptWork(clock, {batch_limits::kKept, batch_limits::kKeptMs, 2, "as many batches are running as batch_limits::kKept"}) {}
};

}  // namespace api
