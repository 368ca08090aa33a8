// One partition: all state of its instances, changed by events only. Single-threaded; the Engine owns it.
//
// Invariants (each has a test in partition_test.cc that a planted bug makes fail):
//  1. decide reads state, writes nothing and does no I/O; apply is the only code that changes state; both are
//     deterministic: time, ids and randomness come in with the Moment and ride in the events.
//  2. Nothing leaves the partition (answer, job, message) before the events that caused it are synced: run() fills the
//     answer, the Engine holds it until the batch is durable.
//  3. Replaying the journal from a checkpoint gives the same state: equal canonical dumps.
//  4. Events and checkpoint records are versioned; apply never consults a compiled program, so a journal of any release
//     replays in every later one.
//  5. A failed sync stops the partition; it is never retried in place. fault() is the same for a failed seal.
//  6. A command repeated with the same idempotency key answers the same and does nothing twice; keys live in state for
//     limits::kIdempotencyWindowMs and limits::kIdempotencyKeys and expire by an event; another body is key_reused.
//  7. Work per command is bounded: run() writes a bounded number of events, the rest are steps in a ready queue that is
//     part of the state: a cut is resumable anywhere, instances take turns, no event carries a whole collection.
//  8. Personal data can be forgotten: payloads in events and checkpoint records are sealed with the root instance's key
//     slot; instance_forgotten and take_forgotten() say which slots the Engine must destroy once that is durable.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/events.h"
#include "engine/state/compact.h"

namespace engine {

struct Moment {
  base::Millis now = 0;
  std::uint64_t random = 0;
};

class PayloadFiles;  // state/payloads.h

struct PartitionOptions {
  store::Keys* keys = nullptr;   // not owned; nullptr: payloads are not sealed (tests only)
  int timeline = 0;              // 0–255; a restore opens the next one: keys never repeat
  int partition = 0;             // 0–31
  store::KeySlot first_slot = 1; // lower slots are not issued any more: a restore left them to another timeline
  std::string zone = "Europe/Copenhagen";
  PayloadFiles* payloads = nullptr;          // not owned; nullptr: nothing is evicted
  std::uint64_t resident_payload_bytes = 0;  // variables beyond this leave memory in evict(); while loading at once
};

// Kinds of checkpoint records; (kind, key) is unique. Numbers are for ever.
enum class RecordKind : std::uint8_t {
  meta = 1, resource = 2, definition = 3, element = 4, job = 5, timer = 6, subscription = 7, message = 8, incident = 9,
  user_task = 10, idempotency = 11, ready = 12, instance = 13,
  broadcast = 14,
  retired = 18, retention = 19,
  gathered_start = 24
};

// What somebody waited for has ended: an instance, or the change of a person's task.
struct Outcome {
  Key key = 0;
  bool done = false;        // false: stopped, canceled or denied, for this reason
  std::string reason;
  std::string variables;    // of a completed instance, packed
};

class Partition {
 public:
  explicit Partition(PartitionOptions);
  ~Partition();
  Partition(Partition&&) noexcept;

  // Decides and applies one command. Appends its events to `batch` (nothing on refusal); the answer must be held until
  // the batch is durable. Errors: everything a command can be refused for.
  void run(const Command&, Moment, Batch&, base::Result<Answer>&);
  // Internal steps, oldest instance first, at most `max_steps` of them.
  bool has_ready() const;
  void step(Moment, Batch&, std::uint32_t max_steps);
  // Timers, job deadlines, back-offs, messages' and idempotency keys' ends. -1 = nothing.
  base::Millis next_due() const;
  void fire_due(Moment, Batch&, std::uint32_t max);
  // A seal failed or a state rule broke: the batch must not be appended, the process must recover from the journal.
  const base::Status& fault() const;

  // Recovery: load_record()*, finish_load(), replay()*, and finish_load() again before the first command. A later record of the
  // same kind and key replaces an earlier one, without bytes it deletes it.
  // Batches at or before position() are skipped, so a checkpoint and the whole journal may be given.
  base::Status replay(std::string_view batch);
  std::string dump() const;      // canonical: ordered by key, text

  // Checkpoint: begin fixes the cut at position(); slices then give the records that changed since the last cut, as they
  // were at the cut, while commands go on. An empty value deletes the record. False from checkpoint_slice = finished.
  // `full`: every record, not only the changed ones (first checkpoint into a new file, or after a failed one).
  using Sink = std::function<void(RecordKind, Key, std::string_view bytes)>;
  void begin_checkpoint(bool full = false);
  bool checkpoint_slice(const Sink&, std::size_t max_records);
  std::uint64_t checkpoint_position() const;  // of the cut in progress
  base::Status load_record(RecordKind, Key, std::string_view bytes);
  base::Status finish_load();    // rebuilds indexes and compiles definitions; data_damaged names the record

  // Variables of cold element instances leave memory; only between two batches. True: there is more to do. `all`: what is
  // not cold too, whatever the limit (tests). Which are resident is no part of the state.
  bool evict(std::size_t max_records, bool all = false);
  // What the command, and the step that follows from it, will read and is not here: get it, bring() it, then run. Whatever
  // is not named here is read in the middle (a fault).
  struct Absent { Key element = 0; Place place; };
  std::vector<Absent> absent(const Command&) const;
  void bring(const Absent&, const base::Result<std::string>& bytes);  // an error is a fault() of the partition
  // The root instance that the command is about; 0: none, or one that is not known.
  Key root_of(const Command&) const;
  struct Residency { std::uint64_t bytes = 0, evicted = 0, brought = 0, faults = 0; };  // bytes: resident; the others: counted
  Residency residency() const;

  std::uint64_t position() const;             // of the last event
  store::KeySlot next_slot() const;           // Keys must be reserved well beyond it before run()/step() (4096 is ample)
  // "" + job types that may have become available since the last call, each once.
  std::vector<std::string> take_available_types();
  // Jobs of a type that wait for a worker, at most; 0 = none.
  std::size_t waiting(const std::string& authority, const std::string& type) const;
  // From now on the end of this instance, or of the task's change, is told by take_outcomes(). Not part of the state.
  void watch(Key);
  void unwatch(Key);
  std::vector<Outcome> take_outcomes();
  // Slots whose owners were forgotten or whose message is over since the last call; destroy them when that is durable.
  std::vector<store::KeySlot> take_forgotten();
  void fill(Metrics&) const;                  // instances_active, jobs_waiting, incidents, timers, events
  // The root instance's slot and authority while it is active; not_found otherwise (also for another authority).
  base::Result<store::KeySlot> slot_of(Key instance, const std::string& authority) const;
  // Active element instances of an instance: for tests, operations and adapters. {elementId, key, state}.
  base::Json active_elements(Key instance) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace engine
