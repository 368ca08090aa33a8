// What follows from the records of a checkpoint: children, queues, due times, indexes, the ready queue.
#include <algorithm>

#include "engine/state/mark.h"
#include "engine/state/records.h"

namespace engine {

base::Status State::rebuild() {
  for (Handle h = elements.live.first(0); h != kNone; h = elements.live.first(h + 1)) {
    ElementInstance& element = elements.at(h);
    element.first_child = element.next = element.previous = kNone;
    element.children = 0;
  }
  for (Key key : elements.sorted_keys()) {  // keys grow, so the newest child comes first, as apply leaves it
    ElementInstance& element = *elements.find(key);
    if (element.scope == 0) continue;
    ElementInstance* scope = elements.find(element.scope);
    if (scope == nullptr) return base::fail(base::ErrorCode::data_damaged, "element instance " + std::to_string(key) + " lost its scope");
    const Handle h = elements.handle(key);
    element.next = scope->first_child;
    if (scope->first_child != kNone) elements.at(scope->first_child).previous = h;
    scope->first_child = h;
    ++scope->children;
  }
  std::vector<std::pair<std::uint64_t, Key>> waiting;
  for (Key key : jobs.sorted_keys()) {
    const Job& job = *jobs.find(key);
    if (job.state == JobState::available) waiting.emplace_back(job.turn, key);
    if (job.state == JobState::activated || job.state == JobState::backing_off) {
      job_due.add(job.due, key);
      ++jobs_due;
    }
  }
  std::sort(waiting.begin(), waiting.end());
  for (const auto& [turn, key] : waiting) {
    const Job& job = *jobs.find(key);
    queues[job.queue].waiting[job.priority].push_back({turn, key});
    note_available(job.queue);
  }
  for (Key key : timers.sorted_keys()) {
    const Timer& one = *timers.find(key);
    timer_due.add(one.due, key);
    if (ElementInstance* element = elements.find(one.element_instance)) element->timers.push_back(key);
  }
  for (Key key : subscriptions.sorted_keys()) {
    const Subscription& one = *subscriptions.find(key);
    subscription_index.insert(subscriptions, one);
    ElementInstance* element = elements.find(one.element_instance());
    if (element == nullptr) continue;
    element->subscriptions.push_back(key);
    if (one.kind == WaitKind::conditional)
      if (Instance* owner = instances.find(element->instance)) owner->more.make().conditions.push_back(key);
  }
  for (Key key : messages.sorted_keys()) {
    const Message& one = *messages.find(key);
    message_index[index_key(one.authority, one.name, one.correlation_key)].push_back(key);
    if (!one.message_id.empty()) message_ids[index_key(one.authority, one.name, one.correlation_key, one.message_id)] = key;
    message_due.add(one.until, key);
  }
  for (Key key : remembered.sorted_keys()) remembered_index[index_key(remembered.find(key)->authority, remembered.find(key)->name)] = key;
  for (Key key : resources.sorted_keys()) latest_resource[index_key(resources.find(key)->authority, resources.find(key)->name)] = key;
  for (Key key : definitions.sorted_keys()) {
    const Definition& one = *definitions.find(key);
    versions[definition_key(one.kind, one.authority, one.id)][one.version] = key;
  }
  active_of.clear();
  for (Handle h = instances.live.first(0); h != kNone; h = instances.live.first(h + 1)) {
    const Instance& one = instances.at(h);
    count_instance(one.definition, 1);
    if (!one.hold || one.hold->definition == 0) continue;
    Instance* root = instances.find(one.root());
    if (root == nullptr) return base::fail(base::ErrorCode::data_damaged, "process instance " + std::to_string(one.key) + " lost its root");
    if (!root->hold) root->hold = std::make_unique<Hold>();
    ++root->hold->migrating;
    count_instance(one.hold->definition, 1);
  }
  for (Handle h = instances.live.first(0); h != kNone; h = instances.live.first(h + 1))
    if (const Instance& one = instances.at(h); one.hold && one.hold->still()) still.insert(one.key);
  for (Key key : retired.sorted_keys()) retired_index[definition_key(retired.find(key)->kind, retired.find(key)->authority, retired.find(key)->id)] = key;
  for (Key key : retentions.sorted_keys()) retention_index[index_key(retentions.find(key)->authority, retentions.find(key)->process_id)] = key;
  if (loaded_ready_.empty()) return {};
  std::vector<Step> pending;
  TRY_VOID(load_ready(std::exchange(loaded_ready_, {}), keys_, [&](Step step) { pending.push_back(std::move(step)); }));
  loading_ = true;
  for (Step& step : pending) {
    const StepKind kind = step.kind;
    const Key at = step.key;
    push(std::move(step));
    if (carries_token(kind))
      if (ElementInstance* scope = elements.find(at)) --scope->tokens;  // the record already counts it
  }
  loading_ = false;
  gone_.clear();
  each_table(*this, [](RecordKind, auto& table) { table.changed.clear(); });
  return {};
}

}  // namespace engine
