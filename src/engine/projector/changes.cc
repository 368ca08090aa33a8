// The changes to the model that several events share (apply*.cc): elements that begin and end, and what ends with them.
#include "base/packed.h"
#include "base/time.h"
#include "engine/projector/model.h"

namespace engine {

void Model::note(const std::string& authority, const char* kind, Key key, Key instance, const std::string& state) {
  if (!notes_wanted_ || notes_.size() >= kNotes) return;
  base::Json json = base::Json::object();
  json.set("kind", kind).set("key", std::to_string(key));
  json.set("processInstanceKey", std::to_string(instance)).set("state", state);
  notes_.push_back({authority, std::move(json)});
}

void Model::day(const LiveInstance& instance, base::Millis at, std::int64_t DayCounts::*field) {
  if (instance.parent != 0) return;  // a called process is part of its caller's case
  ++(days_[{instance.authority, {base::iso_date(at), definition(instance.definition).id}}].*field);
}

void Model::count(const LiveInstance& instance, Index element, int active, int completed, int terminated) {
  ElementCounts& counts = counts_[{instance.definition, element}];
  counts.active += active;
  counts.completed += completed;
  counts.terminated += terminated;
}

base::Status Model::begin_element(Key key, Key scope, Index element, std::uint32_t loop, bool body, Key work, const Payload& locals,
                                  base::Millis at, LiveInstance*& found) {
  TRY(found, owner(key));
  if (found == nullptr || !found->elements.contains(key)) {
    TRY(found, owner(scope));
    if (found == nullptr) return {};
    LiveElement made;
    made.key = key;
    made.scope = scope;
    made.element = element;
    made.start = at;
    made.loop = loop;
    made.body = body;
    found->elements.emplace(key, std::move(made));
    owners_.set(key, found->key);
    count(*found, element, 1, 0, 0);
  }
  LiveElement& live = touch(*found).elements.at(key);
  live.locals.merge(locals.bytes);
  if (work != 0) {
    if (live.work != 0 && live.work != work) TRY_VOID(drop_work(*found, live, at));  // an ad-hoc sub-process asks anew
    live.work = work;
  }
  return {};
}

void Model::drop_job(Key key) {
  owners_.erase(key);
  if (const auto cached = jobs_.find(key); cached != jobs_.end()) {
    cached->second.gone = true;
    return;
  }
  JobRow gone;
  gone.key = key;
  gone.stored = gone.gone = true;
  jobs_.emplace(key, std::move(gone));
}

bool Model::open_task(const TaskRow& row) { return row.state != "COMPLETED" && row.state != "CANCELED"; }

base::Status Model::change_task(Key key, const char* state) {
  TRY(TaskRow* const row, task(key));
  if (row == nullptr || !open_task(*row) || row->state == state) return {};
  row->state = state;
  TRY(LiveInstance* const found, instance(row->instance));
  if (found != nullptr) note(found->authority, "task", key, row->instance, row->state);
  return {};
}

base::Status Model::take(Key of, Key element_instance, base::Millis at) {
  TRY(LiveInstance* const found, instance(of));
  if (found == nullptr) return {};
  const auto element = found->elements.find(element_instance);
  if (element == found->elements.end() || element->second.taken != 0) return {};
  touch(*found);
  element->second.taken = at;
  return {};
}

// Job, task, incidents and subscriptions of an element instance end with it.
base::Status Model::drop_work(LiveInstance& instance, LiveElement& element, base::Millis at) {
  if (element.work != 0 && owners_.erase(element.work)) {
    if (const auto cached = jobs_.find(element.work); cached != jobs_.end()) {
      cached->second.gone = true;
    } else {
      TRY(TaskRow* const row, task(element.work));
      if (row != nullptr && open_task(*row)) {
        row->state = "CANCELED";
        row->ended = at;
        note(instance.authority, "task", row->key, instance.key, row->state);
      } else if (row == nullptr) {
        drop_job(element.work);
      }
    }
  }
  element.work = 0;
  return {};
}

base::Status Model::close_incident(LiveInstance& instance, Key key, base::Millis at) {
  touch(instance).attached.erase(key);
  TRY(IncidentRow* const row, incident(key));
  if (row == nullptr || row->state != "ACTIVE") return {};
  row->state = "RESOLVED";
  row->ended = at;
  owners_.erase(key);
  --instance.incidents;
  note(instance.authority, "incident", key, instance.key, row->state);
  return {};
}

base::Status Model::close_subscription(LiveInstance* instance, Key key) {
  if (instance != nullptr) touch(*instance).attached.erase(key);
  if (!owners_.erase(key)) return {};
  TRY(SubscriptionRow* const row, subscription(key));
  if (row != nullptr) row->gone = true;
  return {};
}

base::Status Model::drop_attached(LiveInstance& instance, Key element, base::Millis at) {
  std::vector<std::pair<Key, LiveInstance::Attached>> gone;
  for (const auto& [key, to] : instance.attached) {
    if (element == 0 || to.element == element) gone.emplace_back(key, to);
  }
  for (const auto& [key, to] : gone) {
    if (to.incident) {
      TRY_VOID(close_incident(instance, key, at));
    } else if (to.job) {
      touch(instance).attached.erase(key);
      drop_job(key);
    } else {
      TRY_VOID(close_subscription(&instance, key));
    }
  }
  return {};
}

base::Status Model::end_element(LiveInstance& instance, Key key, ElementState state, base::Millis at) {
  const auto found = instance.elements.find(key);
  if (found == instance.elements.end()) return {};
  touch(instance);
  TRY_VOID(drop_work(instance, found->second, at));
  TRY_VOID(drop_attached(instance, key, at));
  const bool completed = state == ElementState::completed;
  const LiveElement& element = found->second;
  if (completed && element.loop != 0) {
    if (const auto body = instance.elements.find(element.scope); body != instance.elements.end() && body->second.body) ++body->second.done;
  }
  instance.history.add({key, element.scope, element.element, state, element.start, at, element.taken, element.loop, element.by});
  count(instance, element.element, -1, completed ? 1 : 0, completed ? 0 : 1);
  instance.elements.erase(found);
  owners_.erase(key);
  return {};
}

// A variable goes to the nearest scope that has it, else to the process.
void Model::propagate(LiveInstance& instance, Key scope, std::string_view packed_object) {
  if (packed_object.empty()) return;
  const base::Packed object(packed_object);
  if (object.kind() != base::Packed::Kind::object) return;
  touch(instance);
  for (auto it = object.items(); it.more(); it.next()) {
    Variables* target = nullptr;
    for (auto at = instance.elements.find(scope); at != instance.elements.end() && target == nullptr; at = instance.elements.find(at->second.scope)) {
      if (at->second.locals.find(it.key()) != nullptr) target = &at->second.locals;
    }
    (target != nullptr ? *target : instance.variables).set(it.key(), it.value().bytes());
  }
}

// What a job, task or message brings waits until its element completes.
base::Status Model::deliver(Key element_instance, Index event, const Payload& payload) {
  TRY(LiveInstance* const found, owner(element_instance));
  if (found == nullptr || payload.empty() || payload.forgotten) return {};
  const auto at = found->elements.find(element_instance);
  if (at == found->elements.end() || at->second.element != event) return {};
  touch(*found);
  at->second.pending = payload.bytes;
  return {};
}

}  // namespace engine
