// apply: what people change in instances that run: modification, migration, suspension; and what stands still meanwhile.
#include <algorithm>
#include <utility>

#include "engine/state/mark.h"
#include "engine/state/state.h"

namespace engine {

// ---- standing still --------------------------------------------------------------------------------------------------

const Instance* State::root_of(Key instance) const {
  const Instance* owner = instances.find(instance);
  return owner == nullptr || owner->root() == instance ? owner : instances.find(owner->root());
}

bool State::stands_still(Key instance) const {
  if (still.empty()) return false;
  const Instance* root = root_of(instance);
  return root != nullptr && root->hold && root->hold->still();
}

bool State::suspended(Key instance) const {
  if (still.empty()) return false;
  const Instance* root = root_of(instance);
  return root != nullptr && root->hold && root->hold->suspended;
}

const Hold* State::migrating(Key instance) const {
  if (still.empty()) return nullptr;
  const Instance* owner = instances.find(instance);
  return owner != nullptr && owner->hold && owner->hold->definition != 0 ? owner->hold.get() : nullptr;
}

Key State::definition_of(const ElementInstance& element) const {
  const Instance* owner = instances.find(element.instance);
  if (owner == nullptr) return 0;
  const bool changed = owner->hold && owner->hold->definition != 0 && element.generation == owner->generation;
  return changed ? owner->hold->definition : owner->definition;
}

void State::take_turn(Instance& owner) {
  if (!still.empty())
    if (Instance* root = instances.find(owner.root()); root && root->hold && root->hold->still()) return root->hold->held.push_back(owner.key);
  ring.push_back(owner.key);
}

// Once for the whole tree: who called is not looked for again while it stands still.
void State::stop(Instance& root) {
  if (!still.insert(root.key).second) return;
  Fifo<Key> moving;
  for (Key key : ring) {
    const Instance* one = instances.find(key);
    if (one != nullptr && one->root() == root.key) root.hold->held.push_back(key);
    else moving.push_back(key);
  }
  ring.swap(moving);
}

void State::release(Instance& root) {
  if (!root.hold || root.hold->still()) return;
  still.erase(root.key);
  for (Key key : std::exchange(root.hold->held, {})) ring.push_back(key);
  for (Key key : std::exchange(root.hold->missed, {})) {
    const Subscription* subscription = subscriptions.find(key);
    const ElementInstance* element = subscription ? elements.find(subscription->element_instance()) : nullptr;
    if (element != nullptr) push({StepKind::catch_up, element->instance, key});
  }
  if (const auto memo = aside.find(root.key); memo != aside.end()) {
    for (Key key : memo->second.timers)
      if (const Timer* timer = timers.find(key)) timer_due.add(timer->due, key);
    for (const Aside::Waiting& one : memo->second.jobs) {
      queues[one.queue].returned[one.priority][one.turn] = one.job;
      note_available(one.queue);
    }
    aside.erase(memo);
  }
  if (root.hold->empty()) root.hold.reset();
}

static bool waits(const Job* job, std::uint64_t turn) { return job != nullptr && job->state == JobState::available && job->turn == turn; }

// What is over leaves the front of each level; what stands still is set aside until it goes on (release).
void State::tidy(Queue& queue) const {
  const auto passes = [&](std::uint64_t turn, Key key) {
    const Job* job = jobs.find(key);
    if (!waits(job, turn)) return true;
    if (!stands_still(instance_of(*job))) return false;
    aside[root_of(instance_of(*job))->key].jobs.push_back({job->queue, job->priority, turn, key});
    return true;
  };
  for (auto level = queue.returned.begin(); level != queue.returned.end();) {
    auto& jobs_of = level->second;
    while (!jobs_of.empty() && passes(jobs_of.begin()->first, jobs_of.begin()->second)) jobs_of.erase(jobs_of.begin());
    level = jobs_of.empty() ? queue.returned.erase(level) : std::next(level);
  }
  for (auto level = queue.waiting.begin(); level != queue.waiting.end();) {
    auto& jobs_of = level->second;
    while (!jobs_of.empty() && passes(jobs_of.front().first, jobs_of.front().second)) jobs_of.pop_front();
    level = jobs_of.empty() && level->first != 0 ? queue.waiting.erase(level) : std::next(level);
  }
}

std::vector<Key> State::available(std::uint32_t index, std::size_t max) const {
  Queue& queue = queues[index];
  tidy(queue);
  std::vector<Key> found;
  if (queue.returned.empty()) {  // as it nearly always is
    for (const auto& [priority, level] : queue.waiting) {
      for (auto one = level.begin(); one != level.end() && found.size() < max; ++one)
        if (const Job* job = jobs.find(one->second); waits(job, one->first) && !stands_still(instance_of(*job))) found.push_back(one->second);
      if (found.size() == max) break;
    }
    return found;
  }
  std::set<std::int32_t, std::greater<>> priorities;
  for (const auto& [priority, level] : queue.returned) priorities.insert(priority);
  for (const auto& [priority, level] : queue.waiting) priorities.insert(priority);
  static const std::map<std::uint64_t, Key> nothing_returned;
  static const Fifo<std::pair<std::uint64_t, Key>> nothing_waiting;
  for (const std::int32_t priority : priorities) {  // the highest first
    const auto returned = queue.returned.find(priority);
    const auto waiting = queue.waiting.find(priority);
    const auto& older = returned == queue.returned.end() ? nothing_returned : returned->second;
    const auto& newer = waiting == queue.waiting.end() ? nothing_waiting : waiting->second;
    auto old = older.begin();
    auto next = newer.begin();
    while (found.size() < max && (old != older.end() || next != newer.end())) {
      const bool first = next == newer.end() || (old != older.end() && old->first < next->first);
      const std::uint64_t turn = first ? old->first : next->first;
      const Key key = first ? old->second : next->second;
      if (first) ++old;
      else ++next;
      if (const Job* job = jobs.find(key); waits(job, turn) && !stands_still(instance_of(*job))) found.push_back(key);
    }
    if (found.size() == max) break;
  }
  return found;
}

void State::apply(const ev::instance_suspended& e, base::Millis) {
  Instance* root = instances.find(e.instance);
  if (root == nullptr) return;
  if (!touch(*root).hold) root->hold = std::make_unique<Hold>();
  root->hold->suspended = true;
  stop(*root);
}

void State::apply(const ev::instance_resumed& e, base::Millis) {
  Instance* root = instances.find(e.instance);
  if (root == nullptr || !root->hold) return;
  touch(*root).hold->suspended = false;
  release(*root);
}

void State::apply(const ev::message_missed& e, base::Millis) {
  Instance* root = instances.find(e.root);
  if (root != nullptr && root->hold) touch(*root).hold->missed.push_back(e.subscription);
}

// ---- modification ----------------------------------------------------------------------------------------------------

// Before everything else that is ready in the instance: what the command saw is what it changes.
void State::apply(const ev::instance_modified& e, base::Millis) {
  reset_straight(e.instance);
  push({StepKind::modify, e.instance, e.instance, 0, kNoIndex, 0, e.plan.bytes}, true);
}

void State::apply(const ev::modification_continued& e, base::Millis) {
  for (Key key : e.incidents) {
    const Incident* incident = incidents.find(key);
    const Key scope = incident ? incident->element_instance : 0;
    remove_incident(key, true);
    if (scope != 0) check_idle(scope);
  }
  if (e.over) return;
  Step again = consumed_;
  again.done = e.next;
  again.element = static_cast<Index>(static_cast<std::uint64_t>(e.after) >> 32);
  again.flow = static_cast<Index>(e.after);
  push(std::move(again), true);
}

void State::apply(const ev::element_placed& e, base::Millis) {
  const ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr) return;
  reset_straight(scope->instance);
  push({StepKind::place, scope->instance, e.scope, e.element, kNoIndex, 0, e.plan.bytes});
}

void State::apply(const ev::flows_taken& e, base::Millis) { take(e.scope, e.flows); }

// ---- migration -------------------------------------------------------------------------------------------------------

static Index other(const std::vector<Index>& table, Index index) { return index < table.size() ? table[index] : kNoIndex; }

static void translate_indexes(Step& step, const Hold& hold) {
  if (step.kind != StepKind::enter && step.kind != StepKind::place && step.kind != StepKind::trigger && step.kind != StepKind::attach && step.kind != StepKind::begin) return;
  step.element = other(hold.elements, step.element);
  step.flow = other(hold.flows, step.flow);
}

// A step about an element instance that has not changed yet is noted in the indexes of the new definition at once.
void State::translate(Step& step, const Hold& hold) const {
  const ElementInstance* at = elements.find(step.key);
  if (at != nullptr && at->generation != instances.find(step.instance)->generation) translate_indexes(step, hold);
}

void State::apply(const ev::migration_started& e, base::Millis) {
  Instance* owner = instances.find(e.instance);
  Instance* root = owner ? instances.find(owner->root()) : nullptr;
  if (root == nullptr) return;
  touch(*owner);
  if (!touch(*root).hold) root->hold = std::make_unique<Hold>();
  stop(*root);
  ++root->hold->migrating;
  if (!owner->hold) owner->hold = std::make_unique<Hold>();
  Hold& hold = *owner->hold;
  hold.definition = e.definition;
  count_instance(e.definition, 1);  // it is not deleted meanwhile
  hold.cursor = e.instance;
  hold.elements = e.elements;
  hold.flows = e.flows;
  ++owner->generation;
  for (Handle h = owner->ready_first; h != kNone; h = step_next[h]) translate(steps[h], hold);
  ring.push_back(e.instance);
}

const ElementInstance* State::next_in_tree(const ElementInstance& element) const {
  if (element.first_child != kNone) return &elements.at(element.first_child);
  const ElementInstance* at = &element;
  while (at->next == kNone && at->scope != 0) at = elements.find(at->scope);
  return at->next == kNone ? nullptr : &elements.at(at->next);
}

Key State::next_in_tree(Key key) const {
  const ElementInstance* at = elements.find(key);
  const ElementInstance* next = at == nullptr ? nullptr : next_in_tree(*at);
  return next == nullptr ? 0 : next->key;
}

void State::migrate(ElementInstance& element, const Hold& hold) {
  touch(element);
  element.element = other(hold.elements, element.element);
  element.generation = instances.find(element.instance)->generation;
  for (Key key : element.timers) {
    Timer& timer = touch(*timers.find(key));
    timer.element = other(hold.elements, timer.element);
  }
  for (Key key : element.subscriptions) {
    Subscription& subscription = touch(*subscriptions.find(key));
    subscription.element = other(hold.elements, subscription.element);
  }
  if (!element.extra) return;
  Extra& more = *element.extra;
  for (Key key : more.incidents) {
    Incident& incident = touch(*incidents.find(key));
    incident.element = other(hold.elements, incident.element);
    Step step;
    if (incident.step.empty() || !decode_step(incident.step, step)) continue;
    translate_indexes(step, hold);
    incident.step = encode_step(step);
  }
  // Where tokens meet may have changed: they arrive again.
  for (const Parked& one : std::exchange(more.parked, {}))
    for (std::uint32_t n = 0; n < one.count; ++n) {
      --element.tokens;
      push({StepKind::enter, element.instance, element.key, other(hold.elements, one.element), other(hold.flows, one.flow)});
    }
  for (Index& index : more.held) index = other(hold.elements, index);
  for (Phase& one : more.phases) {
    one.element = other(hold.elements, one.element);
    for (Index& flow : one.flows) flow = other(hold.flows, flow);
    std::erase(one.flows, kNoIndex);
  }
  for (Handler& one : more.completed) {
    one.element = other(hold.elements, one.element);
    one.handler = other(hold.elements, one.handler);
  }
  if (more.then_event != 0) more.then_event = other(hold.elements, more.then_event);
  for (Index* index : {&more.compensation.activity, &more.compensation.event, &more.compensation.after})
    if (*index != 0) *index = other(hold.elements, *index);
  for (Gathered& one : more.gathered) one.event = other(hold.elements, one.event);
  std::erase_if(more.gathered, [](const Gathered& one) { return one.event == kNoIndex; });
  if (element.life == Life::active && !more.phases.empty()) recheck_joins(element);
}

void State::apply(const ev::elements_migrated& e, base::Millis) {
  Instance* owner = instances.find(e.instance);
  if (owner == nullptr || !owner->hold) return;
  Hold& hold = *touch(*owner).hold;
  for (std::uint32_t n = 0; n < e.count && hold.cursor != 0; ++n) {
    ElementInstance& element = *elements.find(hold.cursor);
    hold.cursor = next_in_tree(hold.cursor);
    migrate(element, hold);
  }
  ring.push_back(e.instance);
}

void State::apply(const ev::migration_completed& e, base::Millis) {
  Instance* owner = instances.find(e.instance);
  Instance* root = owner ? instances.find(owner->root()) : nullptr;
  if (root == nullptr || !owner->hold) return;
  count_instance(owner->definition, -1);
  touch(*owner).definition = owner->hold->definition;
  owner->straight = 0;
  owner->hold->definition = owner->hold->cursor = 0;
  owner->hold->elements.clear();
  owner->hold->flows.clear();
  if (owner != root) owner->hold.reset();
  --touch(*root).hold->migrating;
  // A condition may read otherwise now.
  if (!owner->more->conditions.empty() && !owner->checking) push({StepKind::condition, owner->key, owner->key});
  release(*root);
}

}  // namespace engine
