// The binary form of events. A field list per struct serves both directions, so that they cannot differ.
#include "engine/events.h"

#include <type_traits>

#include "engine/planted.h"

namespace engine {

std::string_view name(EventType type) {
  switch (type) {
#define EVENT(n, number, doc) \
  case EventType::n: return #n;
#include "engine/events.def"
#undef EVENT
  }
  return "?";
}

std::string_view documentation(EventType type) {
  switch (type) {
#define EVENT(n, number, doc) \
  case EventType::n: return doc;
#include "engine/events.def"
#undef EVENT
  }
  return "?";
}

std::string_view name(ListenerPhase phase) {
  static constexpr std::string_view kNames[] = {"", "start", "end", "creating", "assigning", "updating", "completing", "canceling"};
  const auto at = static_cast<std::size_t>(phase);
  return at < std::size(kNames) ? kNames[at] : "?";
}

namespace {

template <class E, class V> void fields(E& e, V& v) {
  using T = std::remove_const_t<E>;
  using namespace ev;
  if constexpr (std::is_same_v<T, ElementRow>) v(e.id, e.type, e.parent, e.name);
  else if constexpr (std::is_same_v<T, Taken>) v(e.flow, e.target);
  else if constexpr (std::is_same_v<T, resource_deployed>) v(e.key, e.authority, e.name, e.kind, e.lenient, e.strict, e.digest, e.content);
  else if constexpr (std::is_same_v<T, process_deployed>)
    v(e.key, e.resource, e.authority, e.process_id, e.name, e.version_tag, e.version, e.elements, e.flows, e.actor);
  else if constexpr (std::is_same_v<T, decision_deployed>)
    v(e.key, e.resource, e.authority, e.decision_id, e.name, e.drg_id, e.drg_name, e.version);
  else if constexpr (std::is_same_v<T, form_deployed>) v(e.key, e.resource, e.authority, e.form_id, e.version);
  else if constexpr (std::is_same_v<T, instance_created>) {
    v(e.instance, e.definition, e.parent_element, e.root, e.slot, e.depth, e.authority, e.business_key, e.actor, e.enter, e.variables);
    v.since(2, e.occurred);
  }
  else if constexpr (std::is_same_v<T, instance_completed>) v(e.instance, e.to_parent);
  else if constexpr (std::is_same_v<T, instance_terminated>) v(e.instance, e.ending);
  else if constexpr (std::is_same_v<T, instance_forgotten>) v(e.instance, e.slot, e.authority, e.actor);
  else if constexpr (std::is_same_v<T, element_activated>)
    v(e.key, e.scope, e.element, e.body, e.begin, e.loop, e.total, e.enter, e.locals);
  else if constexpr (std::is_same_v<T, element_passed>) v(e.key, e.scope, e.element, e.flows, e.joined);
  else if constexpr (std::is_same_v<T, element_completed>) v(e.key, e.flows, e.merge, e.outputs, e.collection);
  else if constexpr (std::is_same_v<T, element_terminating>) v(e.key, e.then, e.event, e.variables);
  else if constexpr (std::is_same_v<T, element_terminated>) v(e.key, e.flows, e.event, e.event_key);
  else if constexpr (std::is_same_v<T, token_parked>) v(e.scope, e.element, e.flow, e.inclusive);
  else if constexpr (std::is_same_v<T, step_dropped>) v(e.instance);
  else if constexpr (std::is_same_v<T, step_repeated>) v(e.instance, e.done);
  else if constexpr (std::is_same_v<T, variables_set>) v(e.scope, e.instance, e.local, e.actor, e.variables);
  else if constexpr (std::is_same_v<T, job_created>) {
    v(e.job, e.key, e.scope, e.element, e.loop, e.type, e.retries, e.locals);
    v.since(2, e.priority);
  }
  else if constexpr (std::is_same_v<T, job_activated>) v(e.job, e.worker, e.deadline);
  else if constexpr (std::is_same_v<T, job_completed>) v(e.job, e.actor, e.variables);
  else if constexpr (std::is_same_v<T, job_failed>) v(e.job, e.retries, e.until, e.message, e.variables);
  else if constexpr (std::is_same_v<T, job_error_thrown>) v(e.job, e.code, e.message, e.variables);
  else if constexpr (std::is_same_v<T, job_timed_out> || std::is_same_v<T, job_backed_off>) v(e.job);
  else if constexpr (std::is_same_v<T, job_updated>) v(e.job, e.retries, e.deadline);
  else if constexpr (std::is_same_v<T, timer_created>) {
    v(e.timer, e.element_instance, e.definition, e.element, e.due, e.interval, e.left, e.interval_text);
    v.since(2, e.together);
  }
  else if constexpr (std::is_same_v<T, timer_fired>) v(e.timer, e.next_due);
  else if constexpr (std::is_same_v<T, timer_canceled>) v(e.timer);
  else if constexpr (std::is_same_v<T, message_published>)
    v(e.key, e.authority, e.name, e.correlation_key, e.message_id, e.actor, e.until, e.waits, e.variables);
  else if constexpr (std::is_same_v<T, message_expired>) v(e.key);
  else if constexpr (std::is_same_v<T, message_correlated>) v(e.message, e.subscription, e.instance, e.process_id, e.variables);
  else if constexpr (std::is_same_v<T, subscription_opened>) {
    v(e.subscription, e.element_instance, e.definition, e.element, e.kind, e.interrupting, e.authority, e.name, e.correlation_key);
    v.since(2, e.together);
  }
  else if constexpr (std::is_same_v<T, subscription_closed>) v(e.subscription);
  else if constexpr (std::is_same_v<T, user_task_created>)
    v(e.task, e.key, e.scope, e.element, e.loop, e.assignee, e.candidate_groups, e.candidate_users, e.due_date, e.follow_up_date,
      e.priority, e.form_key, e.form_id, e.locals);
  else if constexpr (std::is_same_v<T, user_task_assigned>) v(e.task, e.assignee, e.actor);
  else if constexpr (std::is_same_v<T, user_task_updated>) v(e.task, e.changes, e.actor);
  else if constexpr (std::is_same_v<T, user_task_completed>) v(e.task, e.action, e.actor, e.variables);
  else if constexpr (std::is_same_v<T, incident_created>)
  {
    v(e.key, e.instance, e.element_instance, e.job, e.element, e.kind, e.message, e.step);
    v.since(2, e.payload);
  }
  else if constexpr (std::is_same_v<T, incident_resolved>) v(e.key, e.actor);
  else if constexpr (std::is_same_v<T, decision_evaluated>)
    v(e.key, e.element_instance, e.definition, e.scope, e.element, e.decision_id, e.version, e.failed, e.trace);
  else if constexpr (std::is_same_v<T, idempotency_remembered>)
    v(e.authority, e.key, e.body_hash, e.answer_key, e.answer, e.until);
  else if constexpr (std::is_same_v<T, idempotency_expired>) v(e.count);
  else if constexpr (std::is_same_v<T, element_triggered>) v(e.element_instance, e.event, e.variables);
  else if constexpr (std::is_same_v<T, signal_broadcast>) v(e.key, e.authority, e.name, e.after, e.variables);
  else if constexpr (std::is_same_v<T, signal_continued>) v(e.key, e.after);
  else if constexpr (std::is_same_v<T, handler_completed>) v(e.scope, e.element, e.handler, e.key);
  else if constexpr (std::is_same_v<T, compensation_started>) {
    v(e.scope, e.element, e.key);
    v.since(2, e.by, e.replica, e.enter, e.after, e.all);
  }
  else if constexpr (std::is_same_v<T, compensation_thrown>) v(e.key, e.scope, e.outer, e.activity, e.event, e.cancels, e.leaves);
  else if constexpr (std::is_same_v<T, conditions_continued>) v(e.instance, e.after); else if constexpr (std::is_same_v<T, tokens_placed>) v(e.scope, e.enter);
  else if constexpr (std::is_same_v<T, start_gathered>) v(e.key, e.definition, e.element, e.trigger, e.slot, e.variables);
  else if constexpr (std::is_same_v<T, start_settled>) v(e.key); else if constexpr (std::is_same_v<T, deployment_bound>) v(e.definition, e.bound);
  else if constexpr (std::is_same_v<T, ad_hoc_answered>) v(e.job, e.fulfilled, e.cancels, e.actor, e.variables);
  else if constexpr (std::is_same_v<T, condition_changed>) v(e.subscription, e.value); else if constexpr (std::is_same_v<T, gateway_activated>) v(e.scope, e.element, e.flows, e.reset);
  else if constexpr (std::is_same_v<T, tokens_joined>) v(e.scope, e.element, e.count);
  else if constexpr (std::is_same_v<T, instance_suspended> || std::is_same_v<T, instance_resumed>) v(e.instance, e.actor);
  else if constexpr (std::is_same_v<T, instance_modified>) v(e.instance, e.actor, e.activated, e.stopped, e.plan); else if constexpr (std::is_same_v<T, modification_continued>) v(e.instance, e.next, e.after, e.over, e.incidents);
  else if constexpr (std::is_same_v<T, element_placed>) v(e.scope, e.element, e.plan); else if constexpr (std::is_same_v<T, flows_taken>) v(e.scope, e.element, e.flows);
  else if constexpr (std::is_same_v<T, migration_started>) v(e.instance, e.definition, e.actor, e.elements, e.flows);
  else if constexpr (std::is_same_v<T, elements_migrated>) v(e.instance, e.count); else if constexpr (std::is_same_v<T, migration_completed>) v(e.instance);
  else if constexpr (std::is_same_v<T, message_missed>) v(e.subscription, e.root);
  else if constexpr (std::is_same_v<T, listener_created>) v(e.job, e.key, e.phase, e.index, e.type, e.retries, e.priority, e.locals);
  else if constexpr (std::is_same_v<T, listener_completed>) v(e.job, e.denied, e.actor, e.corrections, e.reason, e.variables);
  else if constexpr (std::is_same_v<T, task_change_begun>) v(e.task, e.phase, e.assignee, e.changes, e.action, e.actor, e.variables);
  else if constexpr (std::is_same_v<T, task_settled>) v(e.task); else if constexpr (std::is_same_v<T, tokens_held>) v(e.instance, e.enter);
  else if constexpr (std::is_same_v<T, definition_deleted>) v(e.key, e.authority, e.actor); else if constexpr (std::is_same_v<T, resource_deleted>) v(e.key);
  else if constexpr (std::is_same_v<T, retention_set>) v(e.key, e.authority, e.process_id, e.period, e.actor);
  else static_assert(sizeof(T) == 0, "an event without a field list");
}

// Payloads: varint slot, text; slot 0 = not sealed (no keys, or nothing inside).
struct Encoder {
  base::Writer& out;
  store::Keys* keys;
  char context;
  base::Status status{};

  template <class... T> void operator()(const T&... values) { (one(values), ...); }
  template <class... T> void since(std::uint8_t, const T&... values) { (one(values), ...); }  // always the newest shape
  void one(const std::string& v) { out.text(v); }
  void one(bool v) { out.u8(v ? 1 : 0); }
  void one(const Payload& v) {
    if (v.bytes.empty() || v.slot == 0 || keys == nullptr || planted("8")) {
      out.varint(0);
      out.text(v.bytes);
      return;
    }
    const std::size_t before = out.size();
    out.varint(v.slot);
    out.varint(v.bytes.size() + store::Keys::kSealedBytes);
    const auto sealed = keys->seal_to(v.slot, v.bytes, std::string_view(&context, 1), out.bytes());
    if (sealed) return;
    out.bytes().resize(before);
    // A destroyed key: what is forgotten is not written again.
    if (sealed.error().code == base::ErrorCode::forgotten) {
      out.varint(0);
      out.text({});
    } else if (status) {
      status = sealed;
    }
  }
  template <class T> void one(const std::vector<T>& v) {
    out.varint(v.size());
    for (const T& item : v) one(item);
  }
  template <class T> void one(const T& v) {
    if constexpr (std::is_enum_v<T>) out.u8(static_cast<std::uint8_t>(v));
    else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) out.zigzag(v);
    else if constexpr (std::is_integral_v<T>) out.varint(v);
    else fields(v, *this);
  }
};

struct Decoder {
  base::Reader& in;
  store::Keys* keys;
  char context;
  std::uint8_t version = 1;
  base::Status status{};

  template <class... T> void operator()(T&... values) { (one(values), ...); }
  // Fields that a later version appended: an older record leaves them as they are by default.
  template <class... T> void since(std::uint8_t first, T&... values) {
    if (version >= first) (one(values), ...);
  }
  void one(std::string& v) { v = in.text(); }
  void one(bool& v) { v = in.u8() != 0; }
  void one(Payload& v) {
    const store::KeySlot slot = in.varint();
    const std::string_view bytes = in.text();
    if (slot == 0) {
      v.bytes = bytes;
      return;
    }
    v.slot = slot;
    if (keys == nullptr) {
      if (status) status = base::fail(base::ErrorCode::data_damaged, "a sealed payload, but no keys");
      return;
    }
    auto plain = keys->open(slot, bytes, std::string_view(&context, 1));
    if (plain) {
      v.bytes = std::move(*plain);
    } else if (plain.error().code == base::ErrorCode::forgotten) {
      v.forgotten = true;
      v.bytes = base::pack(base::Json("slettet"));
    } else if (status) {
      status = std::unexpected(plain.error());
    }
  }
  template <class T> void one(std::vector<T>& v) {
    const std::uint64_t n = in.varint();
    if (n > in.rest().size()) {  // every item takes at least one byte
      if (status) status = base::fail(base::ErrorCode::data_damaged, "a list longer than its record");
      return;
    }
    v.resize(n);
    for (T& item : v) one(item);
  }
  template <class T> void one(T& v) {
    if constexpr (std::is_enum_v<T>) v = static_cast<T>(in.u8());
    else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) v = static_cast<T>(in.zigzag());
    else if constexpr (std::is_integral_v<T>) v = static_cast<T>(in.varint());
    else fields(v, *this);
  }
};

}  // namespace

template <class E> base::Status encode(const E& event, base::Writer& out, store::Keys* keys) {
  Encoder encoder{out, keys, static_cast<char>(type_of<E>())};
  fields(event, encoder);
  return encoder.status;
}

template <class E> base::Result<E> decode(const RecordView& record, store::Keys* keys) {
  if (record.version < 1 || record.version > newest_version(record.type))
    return base::fail(base::ErrorCode::data_damaged,
                      std::string(name(record.type)) + " version " + std::to_string(record.version) + " is newer than this release");
  base::Reader in(record.body);
  Decoder decoder{in, keys, static_cast<char>(record.type), record.version};
  E event;
  fields(event, decoder);
  if (!decoder.status) return std::unexpected(decoder.status.error());
  if (!in.ok() || !in.done())
    return base::fail(base::ErrorCode::data_damaged, std::string(name(record.type)) + " at position " + std::to_string(record.position) + " has a wrong length");
  return event;
}

#define EVENT(n, number, doc)                                                              \
  template base::Status encode<ev::n>(const ev::n&, base::Writer&, store::Keys*);          \
  template base::Result<ev::n> decode<ev::n>(const RecordView&, store::Keys*);
#include "engine/events.def"
#undef EVENT

void Batch::add(EventType type, std::uint8_t version, bool consumes, std::uint64_t position, base::Millis time, std::string_view body) {
  if (count_ == 0) {
    first_ = position;
    time_ = time;
  }
  ++count_;
  base::Writer head;
  head.u8(static_cast<std::uint8_t>(type));
  head.u8(static_cast<std::uint8_t>(version | (consumes ? 0x80 : 0)));
  head.zigzag(time - time_);
  base::Writer size;
  size.varint(head.size() + body.size());
  frames_.append(size.bytes()).append(head.bytes()).append(body);
}

std::string Batch::encode() const {
  base::Writer out;
  out.u64(first_);
  out.u64(static_cast<std::uint64_t>(time_));
  out.varint(count_);
  out.append(frames_);
  return out.take();
}

base::Result<BatchHead> batch_head(std::string_view batch) {
  base::Reader in(batch);
  BatchHead head;
  head.first_position = in.u64();
  head.time = static_cast<base::Millis>(in.u64());
  head.count = in.varint();
  if (!in.ok()) return base::fail(base::ErrorCode::data_damaged, "a batch without its head");
  return head;
}

base::Status for_each_record(std::string_view batch, const std::function<base::Status(const RecordView&)>& visit) {
  base::Reader in(batch);
  const std::uint64_t first = in.u64();
  const auto time = static_cast<base::Millis>(in.u64());
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    base::Reader record(in.text());
    RecordView view;
    view.type = static_cast<EventType>(record.u8());
    const std::uint8_t version = record.u8();
    view.version = version & 0x7f;
    view.consumes = (version & 0x80) != 0;
    view.time = time + record.zigzag();
    view.position = first + i;
    view.body = record.rest();
    if (!record.ok()) return base::fail(base::ErrorCode::data_damaged, "a record without its head at position " + std::to_string(view.position));
    if (auto status = visit(view); !status) return status;
  }
  if (!in.ok() || !in.done()) return base::fail(base::ErrorCode::data_damaged, "a batch whose count does not fit its length");
  return {};
}

}  // namespace engine
