// What a checkpoint must know, with copy on update: touch() before every change, gone() before every erase.
#pragma once
#include "engine/state/state.h"

namespace engine {

// The tables of records: type, what a checkpoint calls it (RecordKind), where it lies in the State. The order is the dump's.
#define STATE_RECORDS(RECORD)                      \
  RECORD(DeployedFile, resource, resources)        \
  RECORD(Definition, definition, definitions)      \
  RECORD(Retired, retired, retired)                \
  RECORD(Retention, retention, retentions)         \
  RECORD(Instance, instance, instances)            \
  RECORD(ElementInstance, element, elements)       \
  RECORD(Job, job, jobs)                           \
  RECORD(Timer, timer, timers)                     \
  RECORD(Subscription, subscription, subscriptions) \
  RECORD(Message, message, messages)               \
  RECORD(Broadcast, broadcast, broadcasts)         \
  RECORD(GatheredStart, gathered_start, gathered_starts) \
  RECORD(Incident, incident, incidents)            \
  RECORD(UserTask, user_task, user_tasks)          \
  RECORD(Remembered, idempotency, remembered)

template <class T> struct Home;
#define RECORD(type, kind_name, table_name)                        \
  template <> struct Home<type> {                                  \
    static constexpr RecordKind kind = RecordKind::kind_name;      \
    static constexpr auto table = &State::table_name;              \
  };
STATE_RECORDS(RECORD)
#undef RECORD

// Calls f(kind, table) for every table of records.
template <class S, class F> void each_table(S& s, F&& f) {
#define RECORD(type, kind_name, table_name) f(RecordKind::kind_name, s.table_name);
  STATE_RECORDS(RECORD)
#undef RECORD
}

template <class T> T& State::touch(T& record) {
  auto& table = this->*Home<T>::table;
  const Handle h = table.handle(record.key);
  if (table.changed.test(h)) return record;
  if (cutting_ && table.cut.test(h)) pre_image(table, h);
  table.changed.set(h);
  return record;
}

template <class T> void State::gone(T& record) {
  auto& table = this->*Home<T>::table;
  const Handle h = table.handle(record.key);
  if (cutting_ && table.cut.test(h)) pre_image(table, h);
  if (table.kept.test(h)) gone_.push_back({Home<T>::kind, record.key});
}

}  // namespace engine
