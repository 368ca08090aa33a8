// Checkpoint records, the cut, and the canonical dump. A record is u8 version and its fields; a field list per struct
// serves writing, reading and dumping. What is personal is one sealed part (invariant 8).
#include "engine/state/records.h"

#include <algorithm>

#include "base/text.h"
#include "engine/state/mark.h"

namespace engine {

namespace {

constexpr std::uint8_t kRecordVersion = 3;  // what 2 and 3 appended stands in since(…)

template <class E, class V> void fields(E& e, V& v) {
  using T = std::remove_const_t<E>;
  if constexpr (std::is_same_v<T, ElementRow>) v(e.id, e.type, e.parent, e.name);
  else if constexpr (std::is_same_v<T, Parked>) v(e.element, e.flow, e.count, e.inclusive);
  else if constexpr (std::is_same_v<T, Handler>) {
    v(e.element, e.handler, e.key);
    v.since(2, e.position, e.under);
  }
  else if constexpr (std::is_same_v<T, Compensation>)
    v(e.active, e.replica, e.cancels, e.leaves, e.scope, e.outer, e.activity, e.event, e.after, e.until);
  else if constexpr (std::is_same_v<T, TaskChange>) v(e.phase, e.assignee, e.changes, e.action, e.actor);
  else if constexpr (std::is_same_v<T, Phase>) v(e.element, e.flows);
  else if constexpr (std::is_same_v<T, Extra>) {
    v(e.timers, e.subscriptions, e.incidents, e.parked, e.completed, e.total, e.started, e.done, e.then, e.then_event, e.joining);
    v.since(2, e.phases, e.compensation);
    v.since(3, e.listener, e.held, e.change);
  }
  else if constexpr (std::is_same_v<T, ElementInstance>) {
    v(e.scope, e.instance, e.slot, e.work, e.element, e.loop, e.tokens, e.life, e.body, e.looping);
    v.since(3, e.generation);
  }
  else if constexpr (std::is_same_v<T, Hold>) v(e.suspended, e.missed, e.definition, e.cursor, e.elements, e.flows);
  else if constexpr (std::is_same_v<T, Instance>) {
    v(e.definition, e.parent_element, e.root, e.slot, e.authority, e.business_key, e.depth, e.straight, e.forget);
    v.since(3, e.generation, e.hold);
  }
  else if constexpr (std::is_same_v<T, Job>)
  {
    v(e.element_instance, e.instance, e.worker, e.due, e.turn, e.retries, e.state);
    v.since(3, e.listener, e.listener_index, e.priority);
  }
  else if constexpr (std::is_same_v<T, Timer>)
  {
    v(e.element_instance, e.definition, e.element, e.due, e.interval, e.left, e.interval_text);
    v.since(2, e.together);
  }
  else if constexpr (std::is_same_v<T, Subscription>)
  {
    v(e.element_instance, e.definition, e.element, e.kind, e.interrupting, e.value, e.authority, e.name, e.correlation_key);
    v.since(2, e.together);
  }
  else if constexpr (std::is_same_v<T, Message>)
    v(e.authority, e.name, e.correlation_key, e.message_id, e.slot, e.until, e.processes);
  else if constexpr (std::is_same_v<T, Broadcast>) v(e.authority, e.name, e.after, e.slot);
  else if constexpr (std::is_same_v<T, GatheredStart>) v(e.definition, e.element, e.came, e.slot);
  else if constexpr (std::is_same_v<T, Incident>) v(e.instance, e.element_instance, e.job, e.element, e.kind, e.slot);
  else if constexpr (std::is_same_v<T, UserTask>) v(e.element_instance, e.instance, e.assignee);
  else if constexpr (std::is_same_v<T, Remembered>) v(e.authority, e.name, e.answer, e.body_hash, e.answer_key, e.until);
  else if constexpr (std::is_same_v<T, DeployedFile>) v(e.authority, e.name, e.content, e.kind, e.lenient, e.strict, e.digest);
  else if constexpr (std::is_same_v<T, Definition>)
  {
    v(e.resource, e.kind, e.authority, e.id, e.name, e.version_tag, e.drg_id, e.drg_name, e.version, e.elements, e.flows,
      e.start_timers, e.start_subscriptions);
    v.since(3, e.bound);
  }
  else if constexpr (std::is_same_v<T, Retired>) v(e.kind, e.authority, e.id, e.version);
  else if constexpr (std::is_same_v<T, Retention>) v(e.authority, e.process_id, e.period);
  else if constexpr (std::is_same_v<T, MetaState>)
    v(e.position, e.events, e.next_counter, e.next_slot, e.next_turn, e.next_remembered, e.first_remembered, e.commands);
  else static_assert(sizeof(T) == 0, "a record without a field list");
}

struct Put {
  base::Writer& out;
  template <class... T> void operator()(const T&... values) { (one(values), ...); }
  template <class... T> void since(std::uint8_t, const T&... values) { (one(values), ...); }
  void one(const std::string& v) { out.text(v); }
  void one(bool v) { out.u8(v ? 1 : 0); }
  void one(const std::unique_ptr<Hold>& v) {
    one(v != nullptr);
    if (v) one(*v);
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

struct Get {
  base::Reader& in;
  std::uint8_t version = kRecordVersion;
  bool ok = true;
  template <class... T> void operator()(T&... values) { (one(values), ...); }
  template <class... T> void since(std::uint8_t first, T&... values) {
    if (version >= first) (one(values), ...);
  }
  void one(std::string& v) { v = in.text(); }
  void one(bool& v) { v = in.u8() != 0; }
  void one(std::unique_ptr<Hold>& v) {
    bool there = false;
    one(there);
    if (there) one(*(v = std::make_unique<Hold>()));
  }
  template <class T> void one(std::vector<T>& v) {
    const std::uint64_t n = in.varint();
    if (n > in.rest().size()) {
      ok = false;
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

struct Show {
  std::string& out;
  template <class... T> void operator()(const T&... values) { (one(values), ...); }
  template <class... T> void since(std::uint8_t, const T&... values) { (one(values), ...); }
  void one(const std::string& v) { out += " '" + v + "'"; }
  void one(bool v) { out += v ? " yes" : " no"; }
  void one(const std::unique_ptr<Hold>& v) {
    if (v) one(*v);
  }
  template <class T> void one(const std::vector<T>& v) {
    out += " [";
    for (const T& item : v) one(item);
    out += " ]";
  }
  template <class T> void one(const T& v) {
    if constexpr (std::is_enum_v<T>) out += " " + std::to_string(static_cast<int>(v));
    else if constexpr (std::is_integral_v<T>) out += " " + std::to_string(v);
    else fields(v, *this);
  }
};

// What of a record is personal: one string, sealed as one.
std::string personal(const ElementInstance& e) {
  if (e.variables.empty() && !e.extra) return {};
  base::Writer out;
  out.text(e.variables);
  if (e.extra) {
    out.text(e.extra->pending);
    out.text(e.extra->then_payload);
    out.varint(e.extra->outputs.size());
    for (const std::string& output : e.extra->outputs) out.text(output);
    for (const Handler& one : e.extra->completed) out.text(one.variables);
    out.varint(e.extra->gathered.size());
    for (const Gathered& one : e.extra->gathered) {
      out.varint(one.event);
      out.text(one.variables);
    }
    out.text(e.extra->change.variables);
  }
  return out.take();
}
void set_personal(ElementInstance& e, std::string_view bytes, bool forgotten) {
  if (forgotten) {
    e.variables = base::pack(base::Json(base::Json::Object{{"slettet", "slettet"}}));
    return;
  }
  if (bytes.empty()) return;
  base::Reader in(bytes);
  e.variables = in.text();
  if (!e.extra) return;
  e.extra->pending = in.text();
  e.extra->then_payload = in.text();
  e.extra->outputs.resize(std::min<std::uint64_t>(in.varint(), bytes.size()));
  for (std::string& output : e.extra->outputs) output = in.text();
  if (in.done()) return;  // a record of version 1
  for (Handler& one : e.extra->completed) one.variables = in.text();
  e.extra->gathered.resize(std::min<std::uint64_t>(in.varint(), bytes.size()));
  for (Gathered& one : e.extra->gathered) {
    one.event = static_cast<Index>(in.varint());
    one.variables = in.text();
  }
  if (in.done()) return;  // a record of version 2
  e.extra->change.variables = in.text();
}
std::string personal(const Message& e) { return e.variables; }
void set_personal(Message& e, std::string_view bytes, bool forgotten) { if (!forgotten) e.variables = bytes; }
std::string personal(const Broadcast& e) { return e.variables; }
void set_personal(Broadcast& e, std::string_view bytes, bool forgotten) { if (!forgotten) e.variables = bytes; }
std::string personal(const GatheredStart& e) { return e.variables; }
void set_personal(GatheredStart& e, std::string_view bytes, bool forgotten) { if (!forgotten) e.variables = bytes; }
std::string personal(const Incident& e) { return e.payload; }
void set_personal(Incident& e, std::string_view bytes, bool forgotten) { if (!forgotten) (e.step.empty() ? e.step : e.payload) = bytes; }  // before version 3 the step was sealed whole

template <class T> concept Private = std::is_same_v<T, ElementInstance> || std::is_same_v<T, Message> || std::is_same_v<T, Broadcast> || std::is_same_v<T, GatheredStart> || std::is_same_v<T, Incident>;

void put_sealed(base::Writer& out, store::KeySlot slot, std::string_view plain, store::Keys* keys) {
  if (plain.empty() || slot == 0 || keys == nullptr) {
    out.varint(0);
    out.text(plain);
    return;
  }
  auto sealed = keys->seal(slot, plain, "r");
  out.varint(sealed ? slot : 0);  // a destroyed key: nothing is written again
  out.text(sealed ? std::string_view(*sealed) : std::string_view());
}

base::Status get_sealed(base::Reader& in, std::string& plain, bool& forgotten, store::Keys* keys) {
  const store::KeySlot slot = in.varint();
  const std::string_view bytes = in.text();
  if (slot == 0) {
    plain = bytes;
    return {};
  }
  if (keys == nullptr) return base::fail(base::ErrorCode::data_damaged, "a sealed record, but no keys");
  auto opened = keys->open(slot, bytes, "r");
  if (opened) {
    plain = std::move(*opened);
  } else if (opened.error().code == base::ErrorCode::forgotten) {
    forgotten = true;
  } else {
    return std::unexpected(opened.error());
  }
  return {};
}

template <class T> std::string encode_record(const State& s, const T& record, store::Keys* keys) {
  base::Writer out;
  out.u8(kRecordVersion);
  Put put{out};
  fields(record, put);
  if constexpr (std::is_same_v<T, Job>) {
    put.one(s.queues[record.queue].authority);
    put.one(s.queues[record.queue].type);
  }
  if constexpr (std::is_same_v<T, ElementInstance>) {
    put.one(record.extra != nullptr);
    if (record.extra) put.one(*record.extra);
  }
  if constexpr (std::is_same_v<T, Incident>) put.one(record.step);
  if constexpr (Private<T>) put_sealed(out, record.slot, personal(record), keys);
  return out.take();
}

template <class T> base::Status decode_record(State& s, T& record, std::string_view bytes, store::Keys* keys) {
  base::Reader in(bytes);
  const std::uint8_t version = in.u8();
  if (version < 1 || version > kRecordVersion)
    return base::fail(base::ErrorCode::data_damaged, "checkpoint record version " + std::to_string(version) + " is newer than this release");
  Get get{in, version};
  fields(record, get);
  if constexpr (std::is_same_v<T, Job>) {
    std::string authority, type;
    get(authority, type);
    const auto [at, fresh] = s.queue_index.emplace(State::index_key(authority, type), static_cast<std::uint32_t>(s.queues.size()));
    if (fresh) s.queues.push_back({authority, type, {}});
    record.queue = at->second;
  }
  if constexpr (std::is_same_v<T, ElementInstance>) {
    bool more = false;
    get.one(more);
    if (more) {
      record.extra = std::make_unique<Extra>();
      get.one(*record.extra);
    }
  }
  if constexpr (std::is_same_v<T, Incident>)
    if (version >= 3) get.one(record.step);
  if constexpr (Private<T>) {
    std::string plain;
    bool forgotten = false;
    TRY_VOID(get_sealed(in, plain, forgotten, keys));
    set_personal(record, plain, forgotten);
  }
  if (!in.ok() || !in.done() || !get.ok) return base::fail(base::ErrorCode::data_damaged, "a checkpoint record of a wrong length");
  return {};
}

template <class T> void show_table(std::string& out, std::string_view title, const State& s, const Table<T>& table) {
  for (Key key : table.sorted_keys()) {
    const T& record = *table.find(key);
    out += std::string(title) + " " + std::to_string(key);
    Show show{out};
    fields(record, show);
    if constexpr (std::is_same_v<T, Job>) show(s.queues[record.queue].authority, s.queues[record.queue].type);
    if constexpr (std::is_same_v<T, ElementInstance>) {
      out += " children " + std::to_string(record.children);
      if (record.extra) {
        out += " extra";
        show.one(*record.extra);
      }
    }
    if constexpr (std::is_same_v<T, Incident>) out += " " + base::hex(record.step);
    if constexpr (Private<T>) out += " " + base::hex(personal(record));
    out += "\n";
  }
}

}  // namespace

// Calls f(kind, table) for every table of records.
template <class S, class F> static void each_table(S& s, F&& f) {
  f(RecordKind::resource, s.resources);
  f(RecordKind::definition, s.definitions);
  f(RecordKind::retired, s.retired);
  f(RecordKind::retention, s.retentions);
  f(RecordKind::instance, s.instances);
  f(RecordKind::element, s.elements);
  f(RecordKind::job, s.jobs);
  f(RecordKind::timer, s.timers);
  f(RecordKind::subscription, s.subscriptions);
  f(RecordKind::message, s.messages);
  f(RecordKind::broadcast, s.broadcasts);
  f(RecordKind::gathered_start, s.gathered_starts);
  f(RecordKind::incident, s.incidents);
  f(RecordKind::user_task, s.user_tasks);
  f(RecordKind::idempotency, s.remembered);
}

static std::string encode_ready(const State& s, store::Keys* keys) {
  base::Writer out;
  out.u8(kRecordVersion);
  std::vector<Key> turns(s.ring.begin(), s.ring.end());
  const std::size_t moving = turns.size();
  for (Key key : s.still) {  // then those that stand still
    const auto& held = s.instances.find(key)->hold->held;
    turns.insert(turns.end(), held.begin(), held.end());
  }
  out.varint(turns.size());
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const Key key = turns[i];
    out.zigzag(key);
    const Instance* found = s.instances.find(key);
    if (found == nullptr || (i < moving && found->hold && found->hold->definition != 0)) {
      out.varint(0);  // a broadcast, a migration: what is left of it is in its record
      continue;
    }
    const Instance& owner = *found;
    std::uint64_t count = 0;
    for (Handle h = owner.ready_first; h != kNone; h = s.step_next[h]) ++count;
    out.varint(count);
    for (Handle h = owner.ready_first; h != kNone; h = s.step_next[h]) {
      Step bare = s.steps[h];
      const std::string payload = std::exchange(bare.payload, {});
      out.text(encode_step(bare));
      put_sealed(out, owner.slot, payload, keys);
    }
  }
  return out.take();
}

void State::pre_image(RecordKind kind, Key key) {
  each_table(*this, [&](RecordKind of, auto& table) {
    if (of != kind) return;
    auto* record = table.find(key);
    if (record == nullptr) return;
    record->mark.persisted = true;
    cut_images_.push_back({{kind, key}, encode_record(*this, *record, keys_)});
  });
}

void State::begin_checkpoint(bool full, store::Keys* keys) {
  keys_ = keys;
  cut_ = std::move(changed_);
  changed_.clear();
  if (full)
    each_table(*this, [&](RecordKind kind, auto& table) {
      for (Key key : table.sorted_keys()) {
        auto* record = table.find(key);
        if (record->mark.epoch == epoch_) continue;
        record->mark.epoch = epoch_;
        cut_.push_back({kind, false, key});
      }
    });
  cut_next_ = 0;
  cut_images_.clear();
  cut_position_ = meta.position;
  base::Writer head;
  head.u8(kRecordVersion);
  Put put{head};
  fields(meta, put);
  cut_images_.push_back({{RecordKind::meta, 0}, head.take()});
  cut_images_.push_back({{RecordKind::ready, 0}, encode_ready(*this, keys)});
  ++epoch_;
  cutting_ = true;
}

bool State::checkpoint_slice(const Partition::Sink& sink, std::size_t max_records, store::Keys* keys) {
  if (!cutting_) return false;
  for (auto& [id, bytes] : cut_images_) sink(id.first, id.second, bytes);
  cut_images_.clear();
  for (std::size_t n = 0; n < max_records && cut_next_ < cut_.size(); ++n, ++cut_next_) {
    const Changed& changed = cut_[cut_next_];
    if (changed.gone) {
      sink(changed.kind, changed.key, {});
      continue;
    }
    each_table(*this, [&](RecordKind kind, auto& table) {
      if (kind != changed.kind) return;
      auto* record = table.find(changed.key);
      if (record == nullptr || record->mark.epoch != epoch_ - 1) return;
      record->mark = {0, true};
      sink(kind, changed.key, encode_record(*this, *record, keys));
    });
  }
  if (cut_next_ < cut_.size()) return true;
  cut_.clear();
  cut_.shrink_to_fit();
  cutting_ = false;
  return false;
}

base::Status State::load_record(RecordKind kind, Key key, std::string_view bytes, store::Keys* keys) {
  base::Status status;
  bool known = false;
  if (kind == RecordKind::meta) {
    base::Reader in(bytes);
    const std::uint8_t version = in.u8();
    Get get{in, version};
    if (version < 1 || version > kRecordVersion) return base::fail(base::ErrorCode::data_damaged, "checkpoint head of an unknown version");
    fields(meta, get);
    if (!in.ok() || !in.done()) return base::fail(base::ErrorCode::data_damaged, "checkpoint head of a wrong length");
    return {};
  }
  if (kind == RecordKind::ready) {
    loaded_ready_ = bytes;
    return {};
  }
  each_table(*this, [&](RecordKind of, auto& table) {
    if (of != kind) return;
    known = true;
    auto& record = table.make(key);
    record.mark.persisted = true;
    status = decode_record(*this, record, bytes, keys);
  });
  if (!known) return base::fail(base::ErrorCode::data_damaged, "unknown kind of checkpoint record " + std::to_string(static_cast<int>(kind)));
  return status;
}

static base::Status load_ready(std::string_view bytes, State& s, store::Keys* keys, const std::function<void(Step)>& push) {
  base::Reader in(bytes);
  if (const std::uint8_t version = in.u8(); version < 1 || version > kRecordVersion) return base::fail(base::ErrorCode::data_damaged, "ready queue of an unknown version");
  const std::uint64_t owners = in.varint();
  for (std::uint64_t i = 0; i < owners && in.ok(); ++i) {
    const Key owner = in.zigzag();
    const std::uint64_t count = in.varint();
    if (count == 0) push({StepKind::signal, 0, owner});
    for (std::uint64_t n = 0; n < count && in.ok(); ++n) {
      Step step;
      if (!decode_step(in.text(), step)) return base::fail(base::ErrorCode::data_damaged, "a step that does not decode");
      bool forgotten = false;
      TRY_VOID(get_sealed(in, step.payload, forgotten, keys));
      if (forgotten) step.payload.clear();
      push(std::move(step));
    }
  }
  (void)s;
  if (!in.ok() || !in.done()) return base::fail(base::ErrorCode::data_damaged, "ready queue of a wrong length");
  return {};
}

base::Status State::rebuild() {
  for (Key key : elements.sorted_keys()) {  // keys grow, so the newest child comes first, as apply leaves it
    ElementInstance& element = *elements.find(key);
    element.first_child = element.next = element.previous = kNone;
    element.children = 0;
  }
  for (Key key : elements.sorted_keys()) {
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
    queues[job.queue].waiting[job.priority].emplace_back(turn, key);
    available_queues.insert(job.queue);
  }
  for (Key key : timers.sorted_keys()) timer_due.add(timers.find(key)->due, key);
  for (Key key : subscriptions.sorted_keys()) {
    const Subscription& one = *subscriptions.find(key);
    subscription_index[subscription_key(one.kind, one.authority, one.name, one.correlation_key)].insert(key);
    if (one.kind == WaitKind::conditional)
      if (const ElementInstance* element = elements.find(one.element_instance))
        if (Instance* owner = instances.find(element->instance)) owner->conditions.insert(key);
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
  for (Key key : instances.sorted_keys()) {
    const Instance& one = *instances.find(key);
    if (!one.hold || one.hold->definition == 0) continue;
    Instance* root = instances.find(one.root);
    if (root == nullptr) return base::fail(base::ErrorCode::data_damaged, "process instance " + std::to_string(key) + " lost its root");
    if (!root->hold) root->hold = std::make_unique<Hold>();
    ++root->hold->migrating;
  }
  for (Key key : instances.sorted_keys())
    if (const Hold* hold = instances.find(key)->hold.get(); hold && hold->still()) still.insert(key);
  for (Key key : retired.sorted_keys()) retired_index[definition_key(retired.find(key)->kind, retired.find(key)->authority, retired.find(key)->id)] = key;
  for (Key key : retentions.sorted_keys()) retention_index[index_key(retentions.find(key)->authority, retentions.find(key)->process_id)] = key;
  active_of.clear();
  for (Key key : instances.sorted_keys()) {
    const Instance& one = *instances.find(key);
    count_instance(one.definition, 1);
    if (one.hold && one.hold->definition != 0) count_instance(one.hold->definition, 1);
  }
  if (loaded_ready_.empty()) return {};
  std::vector<Step> pending;
  TRY_VOID(load_ready(std::exchange(loaded_ready_, {}), *this, keys_, [&](Step step) { pending.push_back(std::move(step)); }));
  loading_ = true;
  for (Step& step : pending) {
    const StepKind kind = step.kind;
    const Key at = step.key;
    push(std::move(step));
    if (carries_token(kind))
      if (ElementInstance* scope = elements.find(at)) --scope->tokens;  // the record already counts it
  }
  loading_ = false;
  changed_.clear();
  each_table(*this, [](RecordKind, auto& table) { for (Key key : table.sorted_keys()) table.find(key)->mark.epoch = 0; });
  return {};
}

std::string State::dump() const {
  std::string out = "meta";
  Show show{out};
  fields(meta, show);
  out += "\n";
  each_table(*this, [&](RecordKind kind, const auto& table) {
    static constexpr std::string_view kTitles[] = {"", "meta", "resource", "definition", "element", "job", "timer", "subscription",
                                                   "message", "incident", "task", "remembered", "ready", "instance", "broadcast", "", "", "", "retired", "retention", "", "", "", "", "gathered"};
    show_table(out, kTitles[static_cast<int>(kind)], *this, table);
  });
  const auto show_turn = [&](std::string_view title, Key key) {
    out.append(title) += " " + std::to_string(key);
    const Instance* owner = instances.find(key);
    if (owner != nullptr && (title == "held" || !owner->hold || owner->hold->definition == 0))
      for (Handle h = owner->ready_first; h != kNone; h = step_next[h]) out += " " + base::hex(encode_step(steps[h]));
    out += "\n";
  };
  for (Key key : ring) show_turn("ready", key);
  for (Key root : still)
    for (Key key : instances.find(root)->hold->held) show_turn("held", key);
  return out;
}

}  // namespace engine
