// Checkpoint records, the cut, and the canonical dump. A record is u8 version and its fields; a field list per struct
// serves writing, reading and dumping. What is personal is one sealed part (invariant 8).
#include "engine/state/records.h"

#include <algorithm>

#include "base/text.h"
#include "engine/state/mark.h"

namespace engine {

namespace {

constexpr std::uint8_t kRecordVersion = 4;  // what a version appended stands in since(version, ...), what it left out in before(version, ...)

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
    v.template before<std::vector<Key>, std::vector<Key>>(4);  // timers, subscriptions: they follow from their own records
    v(e.incidents, e.parked, e.completed, e.total, e.started, e.done, e.then, e.then_event, e.joining);
    v.since(2, e.phases, e.compensation);
    v.since(3, e.listener, e.held, e.change);
  }
  else if constexpr (std::is_same_v<T, ElementInstance>) {
    v(e.scope, e.instance);
    v.template before<store::KeySlot>(4);  // it is the instance's
    Life life = e.life;
    bool body = e.body, looping = e.looping, watched = e.watched;
    v(e.work, e.element, e.loop, e.tokens, life, body, looping);
    v.since(3, e.generation);
    v.since(4, watched);
    if constexpr (!std::is_const_v<E>) {
      e.life = life;
      e.body = body;
      e.looping = looping;
      e.watched = watched;
    }
  }
  else if constexpr (std::is_same_v<T, Hold>) v(e.suspended, e.missed, e.definition, e.cursor, e.elements, e.flows);
  else if constexpr (std::is_same_v<T, Instance>) {
    Key parent = e.parent_element(), root = e.root();
    std::string business_key = e.more->business_key;
    v(e.definition, parent, root, e.slot, e.authority, business_key, e.depth, e.straight, e.forget);
    v.since(3, e.generation, e.hold);
    if constexpr (!std::is_const_v<E>)
      if (parent != 0 || !business_key.empty()) {
        e.more.make().parent_element = parent;
        e.more.make().root = root;
        e.more.make().business_key = business_key;
      }
  }
  else if constexpr (std::is_same_v<T, Job>)
  {
    v(e.element_instance);
    v.template before<Key>(4);  // the instance: it is its element instance's
    v(e.worker, e.due, e.turn, e.retries, e.state);
    v.since(3, e.listener, e.listener_index, e.priority);
  }
  else if constexpr (std::is_same_v<T, Timer>)
  {
    TimerMore more = *e.more;
    v(e.element_instance, more.definition, e.element, e.due, more.interval, more.left, more.interval_text);
    v.since(2, e.together);
    if constexpr (!std::is_const_v<E>)
      if (!(more == TimerMore{})) e.more.make() = std::move(more);
  }
  else if constexpr (std::is_same_v<T, Subscription>)
  {
    Key element_instance = e.element_instance(), definition = e.definition();
    bool interrupting = e.interrupting, value = e.value, together = e.together;
    v(element_instance, definition, e.element, e.kind, interrupting, value, e.authority, e.name, e.correlation_key);
    v.since(2, together);
    if constexpr (!std::is_const_v<E>) {
      e.starts = definition != 0;
      e.holder = e.starts ? definition : element_instance;
      e.interrupting = interrupting;
      e.value = value;
      e.together = together;
    }
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
  template <class... T> void before(std::uint8_t) {}
  void one(const std::string& v) { out.text(v); }
  void one(const Bytes& v) { out.text(v); }
  void one(const Name& v) { out.text(v); }
  void one(const KeyList& v) {
    out.varint(v.size());
    for (Key key : v) one(key);
  }
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
  // Fields of these types that a later version left out: read over.
  template <class... T> void before(std::uint8_t first) {
    if (version < first) (skip<T>(), ...);
  }
  template <class T> void skip() {
    T ignored{};
    one(ignored);
  }
  void one(std::string& v) { v = in.text(); }
  void one(Bytes& v) { v = in.text(); }
  void one(Name& v) { v = in.text(); }
  void one(KeyList& v) {
    std::vector<Key> keys;
    one(keys);
    for (Key key : keys) v.push_back(key);
  }
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
  template <class... T> void before(std::uint8_t) {}
  void one(const std::string& v) { out += " '" + v + "'"; }
  void one(const Bytes& v) { one(std::string(v)); }
  void one(const Name& v) { one(v.text()); }
  void one(const KeyList& v) { one(std::vector<Key>(v.begin(), v.end())); }
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
// Where the variables are away they are read for this only.
std::string personal(const State& s, const ElementInstance& e, store::Keys* keys) {
  if (e.variables.empty() && !e.extra) return {};
  base::Writer out;
  if (e.variables.away()) out.text(open_stored(s.stored_variables(e), s, e, keys).value_or(std::string()));
  else out.text(e.variables.here());
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
std::string slettet() { return base::pack(base::Json(base::Json::Object{{"slettet", "slettet"}})); }
void set_personal(State& s, ElementInstance& e, std::string_view bytes, bool forgotten) {
  if (forgotten) return s.set_variables(e, slettet());
  if (bytes.empty()) return;
  base::Reader in(bytes);
  s.set_variables(e, in.text());
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
std::string personal(const State&, const Message& e, store::Keys*) { return e.variables; }
void set_personal(State&, Message& e, std::string_view bytes, bool forgotten) { if (!forgotten) e.variables = bytes; }
std::string personal(const State&, const Broadcast& e, store::Keys*) { return e.variables; }
void set_personal(State&, Broadcast& e, std::string_view bytes, bool forgotten) { if (!forgotten) e.variables = bytes; }
std::string personal(const State&, const GatheredStart& e, store::Keys*) { return e.variables; }
void set_personal(State&, GatheredStart& e, std::string_view bytes, bool forgotten) { if (!forgotten) e.variables = bytes; }
std::string personal(const State&, const Incident& e, store::Keys*) { return e.payload; }
void set_personal(State&, Incident& e, std::string_view bytes, bool forgotten) { if (!forgotten) (e.step.empty() ? e.step : e.payload) = bytes; }  // before version 3 the step was sealed whole

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

template <class T> store::KeySlot slot_of(const State& s, const T& record) {
  if constexpr (std::is_same_v<T, ElementInstance>) return s.instances.find(record.instance)->slot;  // it outlives its elements
  else return record.slot;
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
  if constexpr (std::is_same_v<T, ElementInstance>)
    if (record.variables.away() && !record.extra) {  // they lie there as they stand here
      const store::KeySlot slot = keys != nullptr ? slot_of(s, record) : 0;
      const bool gone = slot != 0 && keys->destroyed(slot);
      out.varint(gone ? 0 : slot);
      out.text(gone ? std::string() : s.stored_variables(record));
      return out.take();
    }
  if constexpr (Private<T>) put_sealed(out, slot_of(s, record), personal(s, record, keys), keys);
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
    if (fresh) {
      s.queues.emplace_back();
      s.queues.back().authority = authority;
      s.queues.back().type = type;
    }
    record.queue = at->second;
  }
  if constexpr (std::is_same_v<T, ElementInstance>) {
    bool more = false;
    get.one(more);
    if (more) {
      record.extra = std::make_unique<Extra>();
      get.one(*record.extra);
      if (version < 4) record.watched = true;  // where timers and subscriptions were then
    }
  }
  if constexpr (std::is_same_v<T, Incident>)
    if (version >= 3) get.one(record.step);
  bool away = false;
  if constexpr (std::is_same_v<T, ElementInstance>) {
    base::Reader ahead = in;
    const store::KeySlot slot = ahead.varint();
    const std::string_view stored = ahead.text();
    away = ahead.ok() && !record.extra && (slot != 0) == (keys != nullptr) && s.load_away(record, stored);
    if (away) in = ahead;
  }
  if constexpr (Private<T>) {
    std::string plain;
    bool forgotten = false;
    if (!away) {
      TRY_VOID(get_sealed(in, plain, forgotten, keys));
      set_personal(s, record, plain, forgotten);
    }
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
    if constexpr (Private<T>) out += " " + base::hex(personal(s, record, s.keys()));
    out += "\n";
  }
}

}  // namespace

base::Result<std::string> stored_form(std::string_view variables, const State& s, const ElementInstance& element, store::Keys* keys) {
  base::Writer out;
  out.text(variables);
  const store::KeySlot slot = slot_of(s, element);
  if (slot == 0 || keys == nullptr) return out.take();
  return keys->seal(slot, out.bytes(), "r");
}

base::Result<std::string> open_stored(std::string_view stored, const State& s, const ElementInstance& element, store::Keys* keys) {
  std::string plain(stored);
  if (const store::KeySlot slot = slot_of(s, element); slot != 0 && keys != nullptr) {
    auto opened = keys->open(slot, stored, "r");
    if (!opened && opened.error().code == base::ErrorCode::forgotten) return slettet();
    if (!opened) return std::unexpected(opened.error());
    plain = std::move(*opened);
  }
  base::Reader in(plain);
  std::string variables(in.text());
  if (!in.ok()) return base::fail(base::ErrorCode::data_damaged, "evicted variables of element instance " + std::to_string(element.key) + " do not read");
  return variables;
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

template <class T> void State::pre_image(Table<T>& table, Handle h) {
  table.cut.reset(h);
  table.kept.set(h);
  cut_images_.push_back({{Home<T>::kind, table.at(h).key}, encode_record(*this, table.at(h), keys_)});
}
#define RECORD(type, kind_name, table_name) template void State::pre_image<type>(Table<type>&, Handle);
STATE_RECORDS(RECORD)
#undef RECORD

void State::begin_checkpoint(bool full, store::Keys* keys) {
  keys_ = keys;
  each_table(*this, [&](RecordKind, auto& table) {
    if (full) table.cut = table.live;
    else table.cut = std::move(table.changed);
    table.changed.clear();
  });
  cut_gone_ = std::exchange(gone_, {});
  if (full) cut_gone_.clear();
  cut_next_ = {};
  cut_images_.clear();
  cut_position_ = meta.position;
  base::Writer head;
  head.u8(kRecordVersion);
  Put put{head};
  fields(meta, put);
  cut_images_.push_back({{RecordKind::meta, 0}, head.take()});
  cut_images_.push_back({{RecordKind::ready, 0}, encode_ready(*this, keys)});
  cutting_ = true;
}

bool State::checkpoint_slice(const Partition::Sink& sink, std::size_t max_records, store::Keys* keys) {
  if (!cutting_) return false;
  for (auto& [id, bytes] : cut_images_) sink(id.first, id.second, bytes);
  cut_images_.clear();
  std::size_t left = max_records;
  for (; left > 0 && !cut_gone_.empty(); --left, cut_gone_.pop_back()) sink(cut_gone_.back().kind, cut_gone_.back().key, {});
  std::size_t number = 0;
  each_table(*this, [&](RecordKind kind, auto& table) {
    if (number++ != cut_next_.table || left == 0) return;
    Handle h = table.cut.first(cut_next_.at);
    for (; h != kNone && left > 0; --left, h = table.cut.first(h + 1)) {
      table.cut.reset(h);
      table.kept.set(h);
      sink(kind, table.at(h).key, encode_record(*this, table.at(h), keys));
    }
    if (h == kNone) cut_next_ = {cut_next_.table + 1, 0};
    else cut_next_.at = h;
  });
  if (cut_next_.table < number || !cut_gone_.empty()) return true;
  each_table(*this, [&](RecordKind, auto& table) { table.cut.clear(); });
  cut_gone_ = {};
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
    auto* known = table.find(key);
    if constexpr (std::is_same_v<std::decay_t<decltype(*known)>, ElementInstance>)
      if (known != nullptr) drop_variables(*known);
    if (bytes.empty()) return table.erase(key);
    if (known != nullptr) {  // a later value of it
      *known = std::decay_t<decltype(*known)>();
      known->key = key;
    }
    auto& record = known != nullptr ? *known : table.make(key);
    table.kept.set(table.handle(key));
    status = decode_record(*this, record, bytes, keys);
  });
  if (!known) return base::fail(base::ErrorCode::data_damaged, "unknown kind of checkpoint record " + std::to_string(static_cast<int>(kind)));
  return status;
}

base::Status load_ready(std::string_view bytes, store::Keys* keys, const std::function<void(Step)>& push) {
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
  if (!in.ok() || !in.done()) return base::fail(base::ErrorCode::data_damaged, "ready queue of a wrong length");
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
