// Dirty tracking with copy on update: touch() before every change, gone() before every erase.
#pragma once
#include "engine/state/state.h"

namespace engine {

template <class T> constexpr RecordKind kind_of();
template <> constexpr RecordKind kind_of<DeployedFile>() { return RecordKind::resource; }
template <> constexpr RecordKind kind_of<Definition>() { return RecordKind::definition; }
template <> constexpr RecordKind kind_of<ElementInstance>() { return RecordKind::element; }
template <> constexpr RecordKind kind_of<Job>() { return RecordKind::job; }
template <> constexpr RecordKind kind_of<Timer>() { return RecordKind::timer; }
template <> constexpr RecordKind kind_of<Subscription>() { return RecordKind::subscription; }
template <> constexpr RecordKind kind_of<Message>() { return RecordKind::message; }
template <> constexpr RecordKind kind_of<Incident>() { return RecordKind::incident; }
template <> constexpr RecordKind kind_of<UserTask>() { return RecordKind::user_task; }
template <> constexpr RecordKind kind_of<Remembered>() { return RecordKind::idempotency; }
template <> constexpr RecordKind kind_of<Broadcast>() { return RecordKind::broadcast; }
template <> constexpr RecordKind kind_of<Retired>() { return RecordKind::retired; }
template <> constexpr RecordKind kind_of<Retention>() { return RecordKind::retention; }
template <> constexpr RecordKind kind_of<Instance>() { return RecordKind::instance; }

template <class T> T& State::touch(T& record) {
  if (record.mark.epoch == epoch_) return record;
  if (cutting_ && record.mark.epoch == epoch_ - 1) pre_image(kind_of<T>(), record.key);
  record.mark.epoch = epoch_;
  changed_.push_back({kind_of<T>(), false, record.key});
  return record;
}

template <class T> void State::gone(T& record) {
  if (cutting_ && record.mark.epoch == epoch_ - 1) pre_image(kind_of<T>(), record.key);
  if (record.mark.persisted) changed_.push_back({kind_of<T>(), true, record.key});
}

}  // namespace engine
