// What time brings next: one heap per kind, entries checked against the records when they come up.
#include "engine/state/state.h"

namespace engine {

Due State::first_due() const {
  const auto timer_valid = [&](Key key, base::Millis due) {
    const Timer* timer = timers.find(key);
    if (timer == nullptr || timer->due != due) return false;
    if (still.empty() || timer->element_instance == 0) return true;
    const ElementInstance* element = elements.find(timer->element_instance);
    if (element == nullptr || !stands_still(element->instance)) return true;
    aside[root_of(element->instance)->key].timers.push_back(key);  // comes back when it goes on
    return false;
  };
  const auto job_valid = [&](Key key, base::Millis due) {
    const Job* job = jobs.find(key);
    return job != nullptr && job->due == due && (job->state == JobState::activated || job->state == JobState::backing_off);
  };
  const auto message_valid = [&](Key key, base::Millis) { return messages.find(key) != nullptr; };
  timer_due.tidy(timers.size(), timer_valid);
  job_due.tidy(jobs_due, job_valid);
  message_due.tidy(messages.size(), message_valid);
  Due next;
  const auto consider = [&](std::pair<base::Millis, Key> entry, Due::What what) {
    if (entry.second != 0 && (next.at < 0 || entry.first < next.at)) next = {entry.first, what, entry.second};
  };
  consider(timer_due.first(timer_valid), Due::What::timer);
  consider(job_due.first(job_valid), Due::What::job);
  consider(message_due.first(message_valid), Due::What::message);
  if (const Remembered* oldest = remembered.find(meta.first_remembered)) consider({oldest->until, oldest->key}, Due::What::remembered);
  return next;
}

}  // namespace engine
