// The engine thread: everything that touches the partition.
#include <algorithm>
#include <set>

#include "base/log.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/runtime.h"

namespace engine {

void Runtime::engine_loop() {
  while (true) {
    bool may_work = false;
    {
      const std::lock_guard lock(mutex_);
      may_work = !stopping_ && stopped_.has_value() && tasks_.empty();
    }
    if (may_work) pace();
    const bool worked = may_work && !group_full() && turn();
    if (may_work) checkpoint_turn();
    if (const auto stopped = stopped_error(); !stopped) answer_polls(stopped.error());
    const bool handed = hand_over();
    run_tasks();
    std::unique_lock lock(mutex_);
    if (stopping_ && !journal_group_ && (group_.empty() || !stopped_) && tasks_.empty()) return;
    if (worked || handed || (may_work && checkpoint_slicing_)) continue;
    const auto wakes = [&] {
      if (!tasks_.empty() && !journal_group_) return true;
      if (!group_.empty() && !journal_group_) return true;
      if (stopping_) return !journal_group_;
      if (!stopped_) return !polls_.empty() || !awaits_.empty() || !parked_.empty() || !passed_.empty();
      return checkpoint_wanted_ || !loaded_.empty() || evicting_ || ((!inbox_.empty() || !passed_.empty()) && !group_full()) || (partition_->has_ready() && !group_full());
    };
    if (const auto idle = idle_time(); idle && stopped_) engine_wakes_.wait_for(lock, *idle, wakes);
    else engine_wakes_.wait(lock, wakes);
  }
}

// Where the read side cannot follow it sets the pace: writers wait a little, so that readers never wait long.
void Runtime::pace() {
  const auto lag = projector_ ? projector_->lag() : std::chrono::milliseconds{};
  paced_ = lag > limits::kPaceFrom;
  if (paced_) std::this_thread::sleep_for(std::min<std::chrono::milliseconds>((lag - limits::kPaceFrom) / 8, limits::kPaceMost));
}

// Who waits for jobs of an engine that has stopped would wait for ever.
void Runtime::answer_polls(const base::Error& error) {
  auto polls = std::move(polls_);
  polls_.clear();
  poll_count_ = 0;
  for (auto& [type, queue] : polls)
    for (auto& poll : queue) poll.done(std::unexpected(error));
  for (auto& asked : take_parked()) asked.done(std::unexpected(error));
  for (auto& asked : std::exchange(passed_, {})) asked.done(std::unexpected(error));
  auto awaits = std::move(awaits_);
  awaits_.clear();
  await_count_ = 0;
  for (auto& [key, waiting] : awaits)
    for (auto& one : waiting) one.done(std::unexpected(error));
}

bool Runtime::group_full() const {
  return batch_.size() > limits::kGroupBytes || group_.held.size() > limits::kGroupAnswers;
}

// What came first goes first; but where more waits than one turn takes, nobody gets more than a share before others had
// theirs, so one instance with thousands of jobs does not hold up the rest (invariant 7). Commands about the same instance
// stay in order, and so do those about none.
bool Runtime::take_asked(std::vector<Asked>& out) {
  {
    const std::lock_guard lock(mutex_);
    if (passed_.empty()) passed_.swap(inbox_);
    for (; !inbox_.empty() && passed_.size() < limits::kTurnLooks; inbox_.pop_front()) passed_.push_back(std::move(inbox_.front()));
  }
  const std::size_t most = paced_ ? limits::kPacedCommands : limits::kTurnCommands;
  const auto take = [&out](std::deque<Asked>& from) {
    out.push_back(std::move(from.front()));
    from.pop_front();
  };
  std::deque<Asked> later;
  if (passed_.size() > most) {
    shares_.clear();
    for (std::size_t looks = 0; !passed_.empty() && out.size() < most && looks < limits::kTurnLooks; ++looks) {
      const Key root = partition_->root_of(passed_.front().command);
      if (root == 0 || shares_.count(root) <= limits::kTurnShare) {
        take(passed_);
      } else {
        later.push_back(std::move(passed_.front()));
        passed_.pop_front();
      }
    }
  }
  while (!later.empty() && out.size() < most) take(later);
  while (later.empty() && !passed_.empty() && out.size() < most) take(passed_);
  for (; !later.empty(); later.pop_back()) passed_.push_front(std::move(later.back()));
  return !out.empty();
}

bool Runtime::turn() {
  if (auto reserved = reserve_keys(); !reserved) {
    stop_for_good(reserved.error());
    return false;
  }
  std::vector<Asked> asked;
  bool worked = take_asked(asked);
  const Moment moment{clock_->now(), random_->next()};
  worked = take_loaded(moment) || worked;
  for (auto& one : asked)
    if (!park(one)) run_one(std::move(one), moment);
  if (partition_->has_ready()) {
    partition_->step(moment, batch_, base::limits::kCommandSteps);
    worked = true;
  }
  const base::Millis due = partition_->next_due();
  if (due >= 0 && due <= moment.now) {
    partition_->fire_due(moment, batch_, limits::kTurnDue);
    worked = true;
  }
  collect(moment);
  evict_some();
  if (!partition_->fault()) {
    const base::Error error = partition_->fault().error();
    stop_for_good(error);
    fail(group_, error);
    batch_.clear();
    return false;
  }
  return worked;
}

void Runtime::run_one(Asked asked, Moment moment) {
  base::Result<Answer> answer;
  store::KeySlot forgets = 0;
  if (const auto* forget = std::get_if<ForgetInstance>(&asked.command.body)) {
    forgets = partition_->slot_of(forget->instance, asked.command.authority).value_or(forget->slot);
  }
  // Who came earlier is served earlier.
  if (const auto* activate = std::get_if<ActivateJobs>(&asked.command.body); activate != nullptr && polls_.contains(activate->type)) run_polls(activate->type, moment);
  partition_->run(asked.command, moment, batch_, answer);
  ++commands_;
  if (forgets != 0 && answer) {
    forgets_.push_back({forgets, std::move(answer), std::move(asked.done)});
    return;
  }
  const auto* activate = std::get_if<ActivateJobs>(&asked.command.body);
  if (activate != nullptr && answer && answer->jobs.empty() && activate->request_timeout_ms > 0 && poll_count_ < limits::kPolls) {
    const std::string type = activate->type;
    const base::Millis until = moment.now + activate->request_timeout_ms;
    polls_[type].push_back({std::move(asked.command), std::move(asked.done), until});
    ++poll_count_;
    return;
  }
  if (const base::Millis wait = answer ? patience(asked.command, *answer) : 0; wait > 0) return await(std::move(*answer), std::move(asked.done), moment.now + wait);
  hold(std::move(answer), std::move(asked.done), false);
}

void Runtime::hold(base::Result<Answer> answer, Done done, bool forgets) {
  if (answer && answer->position == 0) answer->position = partition_->position();
  group_.forgets = group_.forgets || forgets;
  group_.held.push_back({std::move(answer), std::move(done), forgets});
}

// What the batch has brought about: types with new jobs (whose parked polls are answered), keys to destroy.
void Runtime::collect(Moment moment) {
  for (auto& type : partition_->take_available_types()) {
    run_polls(type, moment);
    group_.types.push_back(std::move(type));
  }
  expire_polls(moment.now);
  answer_awaits();
  expire_awaits(moment.now);
  for (const store::KeySlot slot : partition_->take_forgotten()) group_.forgotten.push_back(slot);
  // Whoever asked for an instance to be forgotten is answered when its last event is written and its key destroyed.
  std::erase_if(forgets_, [&](Forget& forget) {
    const bool gone = keys_->destroyed(forget.slot) ||
                      std::find(group_.forgotten.begin(), group_.forgotten.end(), forget.slot) != group_.forgotten.end();
    if (gone) {
      if (forget.answer) forget.answer->position = partition_->position();
      hold(std::move(forget.answer), std::move(forget.done), true);
    }
    return gone;
  });
}

void Runtime::run_polls(const std::string& type, Moment moment) {
  const auto found = polls_.find(type);
  if (found == polls_.end()) return;
  // Each poll may be of another authority, so one that stays empty does not end the round. Those of one authority share what
  // there is, the longest waiting first: one that asks for a thousand jobs leaves some to the others.
  std::map<std::string, std::size_t> parked;
  for (const auto& poll : found->second) ++parked[poll.command.authority];
  std::set<std::string> dry;
  std::deque<Poll> left;
  for (auto& poll : found->second) {
    const std::size_t sharing = parked[poll.command.authority]--;
    if (dry.contains(poll.command.authority)) {
      left.push_back(std::move(poll));
      continue;
    }
    Command command = poll.command;
    ActivateJobs& ask = std::get<ActivateJobs>(command.body);
    ask.max = static_cast<int>(std::clamp<std::size_t>((partition_->waiting(command.authority, type) + sharing - 1) / sharing, 1, static_cast<std::size_t>(std::max(1, ask.max))));
    base::Result<Answer> answer;
    partition_->run(command, moment, batch_, answer);
    if (answer && answer->jobs.empty()) {
      dry.insert(poll.command.authority);
      left.push_back(std::move(poll));
      continue;
    }
    --poll_count_;
    hold(std::move(answer), std::move(poll.done), false);
  }
  if (left.empty()) polls_.erase(found);
  else found->second = std::move(left);
}

void Runtime::expire_polls(base::Millis now) {
  if (now < next_poll_end_ && poll_count_ == polls_seen_) return;
  next_poll_end_ = INT64_MAX;
  for (auto queue = polls_.begin(); queue != polls_.end();) {
    std::deque<Poll> left;
    for (auto& poll : queue->second) {
      if (poll.until <= now) {
        --poll_count_;
        hold(Answer{}, std::move(poll.done), false);
      } else {
        next_poll_end_ = std::min(next_poll_end_, poll.until);
        left.push_back(std::move(poll));
      }
    }
    queue->second = std::move(left);
    queue = queue->second.empty() ? polls_.erase(queue) : std::next(queue);
  }
  polls_seen_ = poll_count_;
}

base::Status Runtime::reserve_keys() {
  const store::KeySlot next = partition_->next_slot();
  const store::KeySlot have = keys_->reserved();
  if (have < next + limits::kSlotsAhead) return keys_->reserve(next + limits::kSlotsAhead);
  if (!options_.manual && have < next + limits::kSlotsInReserve) {
    const std::lock_guard lock(mutex_);
    reserve_up_to_ = next + limits::kSlotsInReserve;
    house_wakes_.notify_one();
  }
  return {};
}

bool Runtime::hand_over() {
  if (!batch_.empty()) {
    group_.first = batch_.first_position();
    group_.last = batch_.last_position();
    group_.count = batch_.count();
  }
  if (group_.empty()) return false;
  {
    const std::lock_guard lock(mutex_);
    if (journal_group_) return false;
    if (group_.count != 0) {
      group_.bytes = batch_.encode();
      batch_.clear();
      journal_group_ = std::move(group_);
      group_ = {};
      journal_wakes_.notify_one();
    }
  }
  if (group_.empty()) {
    refresh_metrics();
    return true;
  }
  // Nothing to write and nothing before it unsynced: the answers may go.
  Group answers = std::move(group_);
  group_ = {};
  if (const auto stopped = stopped_error(); !stopped) fail(answers, stopped.error());
  else settle(answers);
  return true;
}

// Tasks run between two groups, when all that was decided is durable.
void Runtime::run_tasks() {
  std::deque<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty() || journal_group_ || (!group_.empty() && stopped_)) return;
    tasks.swap(tasks_);
  }
  for (auto& task : tasks) {
    std::unique_lock files(files_mutex_, std::defer_lock);
    if (task.lock_files) files.lock();
    task.run();
  }
}

std::optional<std::chrono::milliseconds> Runtime::idle_time() const {
  const base::Millis now = clock_->now();
  base::Millis next = INT64_MAX;
  if (const base::Millis due = partition_->next_due(); due >= 0) next = std::min(next, due);
  if (poll_count_ > 0) next = std::min(next, next_poll_end_);
  if (await_count_ > 0) next = std::min(next, next_await_end_);
  if (!checkpoint_slicing_ && partition_->position() > checkpoint_position_) next = std::min(next, checkpoint_at_ + options_.checkpoint_every_ms);
  if (next == INT64_MAX && options_.clock == nullptr) return std::nullopt;
  base::Millis wait = next == INT64_MAX ? 3'600'000 : std::max<base::Millis>(next - now, 1);
  // A clock that is moved by hand tells nobody: look again soon. A real one may be set: look again within a minute.
  wait = std::min<base::Millis>(wait, options_.clock != nullptr ? 20 : 60'000);
  return std::chrono::milliseconds(wait);
}

void Runtime::refresh_metrics() {
  Metrics fresh;
  partition_->fill(fresh);
  fresh.commands = commands_;
  fresh.syncs = journal_->syncs();
  fresh.journal_bytes = journal_->bytes();
  const std::lock_guard lock(mutex_);
  metrics_ = fresh;
}

// ---- checkpoints: slices on this thread, the commit on the housekeeping thread ------------------------------------

void Runtime::checkpoint_turn() {
  if (checkpoint_slicing_) {
    const auto until = std::chrono::steady_clock::now() + limits::kCheckpointSliceTime;
    do {
      checkpoint_slicing_ = checkpoint_slice();
    } while (checkpoint_slicing_ && std::chrono::steady_clock::now() < until);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (checkpoint_commit_) return;
    const bool due = clock_->now() - checkpoint_at_ >= options_.checkpoint_every_ms;
    if (!checkpoint_wanted_ && !due) return;
    checkpoint_wanted_ = false;
  }
  checkpoint_at_ = clock_->now();
  if (partition_->position() > checkpoint_position_ || checkpoint_full_next_) begin_checkpoint();
  else settled_.notify_all();
}

void Runtime::begin_checkpoint() {
  if (const auto chain = checkpoint::chain_size(*storage_, options_.folder + "/checkpoint"); !chain) {
    checkpoint_failed(chain.error());
    return;
  } else if (chain->deltas >= limits::kCheckpointDeltas ||
             chain->delta_bytes > std::max(chain->full_bytes, limits::kCheckpointDeltaBytes)) {
    checkpoint_full_next_ = true;
  }
  partition_->begin_checkpoint(checkpoint_full_next_);
  if (auto begun = checkpoint_writer_.begin(partition_->checkpoint_position(), checkpoint_full_next_); !begun) {
    while (partition_->checkpoint_slice([](RecordKind, Key, std::string_view) {}, limits::kCheckpointSlice)) {}
    checkpoint_failed(begun.error());
    return;
  }
  checkpoint_broken_ = {};
  checkpoint_slicing_ = true;
}

// True: there is more to come.
bool Runtime::checkpoint_slice() {
  const bool more = partition_->checkpoint_slice(
      [&](RecordKind kind, Key key, std::string_view bytes) { checkpoint_writer_.add(static_cast<std::uint8_t>(kind), key, bytes); },
      limits::kCheckpointSlice);
  if (checkpoint_broken_ && !partition_->fault()) checkpoint_broken_ = partition_->fault();
  if (checkpoint_broken_ && checkpoint_writer_.must_flush()) checkpoint_broken_ = checkpoint_writer_.flush();
  if (more) return true;
  if (!checkpoint_broken_) {
    checkpoint_failed(checkpoint_broken_.error());
    return false;
  }
  const std::lock_guard lock(mutex_);
  checkpoint_cut_ = partition_->checkpoint_position();
  checkpoint_position_ = checkpoint_cut_;
  checkpoint_full_next_ = false;
  checkpoint_commit_ = true;
  house_wakes_.notify_one();
  return false;
}

// The next one must be full: what this one took over is no longer marked as changed. The journal is still whole.
void Runtime::checkpoint_failed(const base::Error& error) {
  base::log::error("engine", "checkpoint failed, the journal stays in force: " + error.text());
  checkpoint_writer_.abandon();
  const std::lock_guard lock(mutex_);
  checkpoint_full_next_ = true;
  checkpoint_status_ = std::unexpected(error);
  ++checkpoints_done_;
  settled_.notify_all();
}

}  // namespace engine
