// The model's memory: variables, blobs, what is loaded and what is let go.
#include "engine/projector/model.h"

#include "base/bytes.h"
#include "base/packed.h"
#include "engine/packing.h"

namespace engine {

// ---- variables -------------------------------------------------------------------------------------------------------

void Variables::merge(std::string_view packed_object) {
  if (packed_object.empty()) return;
  const base::Packed object(packed_object);
  if (object.kind() != base::Packed::Kind::object) {
    set("slettet", packed_object);  // the key was destroyed: there is something, but not what it was
    return;
  }
  for (auto it = object.items(); it.more(); it.next()) set(it.key(), it.value().bytes());
}

void Variables::set(std::string_view name, std::string_view packed) {
  for (auto& item : items_) {
    if (item.first == name) {
      item.second = packed;
      return;
    }
  }
  items_.emplace_back(name, packed);
}

const std::string* Variables::find(std::string_view name) const {
  for (const auto& item : items_) {
    if (item.first == name) return &item.second;
  }
  return nullptr;
}

std::string Variables::pack() const {
  if (items_.empty()) return {};
  PackedObject out;
  for (const auto& [name, value] : items_) out.add(name, value);
  return out.take();
}

// ---- blobs -------------------------------------------------------------------------------------------------------------

void History::add(const HistoryEntry& entry) {
  if (entries.size() < kHistoryEntries) {
    entries.push_back(entry);
    return;
  }
  auto& [completed, terminated] = overflow[entry.element];
  ++(entry.state == ElementState::completed ? completed : terminated);
}

Key History::definition_of(std::size_t entry, Key current) const {
  for (const auto& [place, definition] : before)
    if (entry < place) return definition;
  return current;
}

std::uint32_t History::name(const std::string& who) {
  if (who.empty()) return 0;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == who) return static_cast<std::uint32_t>(i + 1);
  if (names.size() >= kHistoryNames) return 0;
  names.push_back(who);
  return static_cast<std::uint32_t>(names.size());
}

void History::mark(MarkKind kind, base::Millis at, Index element, const std::string& who, Key about) {
  if (marks.size() < kMarks) marks.push_back({kind, at, element, name(who), about});
}

namespace {
constexpr std::uint8_t kTaken = 4, kLoop = 8, kBy = 16;  // bits beside the state: what follows
}

// Form 2: varint count, then per entry zigzag key − instance, zigzag scope − instance, varint element, u8 state and bits,
// zigzag start − instance's start, zigzag duration, then zigzag taken − start, varint loop, varint by where their bits say so;
// varint count of overflow (element, completed, terminated); of names (text); of marks (u8 kind, zigzag at − instance's start,
// varint element, varint by, zigzag about);
// of migrations (varint place, zigzag definition before).
std::string History::encode(Key instance, base::Millis started) const {
  if (entries.empty() && marks.empty()) return {};
  base::Writer out;
  out.u8(2);
  out.varint(entries.size());
  for (const auto& entry : entries) {
    out.zigzag(entry.key - instance);
    out.zigzag(entry.scope - instance);
    out.varint(entry.element);
    out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(entry.state) | (entry.taken != 0 ? kTaken : 0) | (entry.loop != 0 ? kLoop : 0) |
                                     (entry.by != 0 ? kBy : 0)));
    out.zigzag(entry.start - started);
    out.zigzag(entry.end - entry.start);
    if (entry.taken != 0) out.zigzag(entry.taken - entry.start);
    if (entry.loop != 0) out.varint(entry.loop);
    if (entry.by != 0) out.varint(entry.by);
  }
  out.varint(overflow.size());
  for (const auto& [element, counts] : overflow) {
    out.varint(element);
    out.varint(counts.first);
    out.varint(counts.second);
  }
  out.varint(names.size());
  for (const auto& one : names) out.text(one);
  out.varint(marks.size());
  for (const auto& one : marks) {
    out.u8(static_cast<std::uint8_t>(one.kind));
    out.zigzag(one.at - started);
    out.varint(one.element);
    out.varint(one.by);
    out.zigzag(one.about);
  }
  out.varint(before.size());
  for (const auto& [place, definition] : before) {
    out.varint(place);
    out.zigzag(definition);
  }
  return out.take();
}

base::Result<History> History::decode(std::string_view bytes, Key instance, base::Millis started) {
  History out;
  if (bytes.empty()) return out;
  base::Reader in(bytes);
  const std::uint8_t format = in.u8();
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    HistoryEntry entry;
    entry.key = instance + in.zigzag();
    entry.scope = instance + in.zigzag();
    entry.element = static_cast<Index>(in.varint());
    const std::uint8_t bits = in.u8();
    entry.state = static_cast<ElementState>(bits & 3);
    entry.start = started + in.zigzag();
    entry.end = entry.start + in.zigzag();
    if ((bits & kTaken) != 0) entry.taken = entry.start + in.zigzag();
    if ((bits & kLoop) != 0) entry.loop = static_cast<std::uint32_t>(in.varint());
    if ((bits & kBy) != 0) entry.by = static_cast<std::uint32_t>(in.varint());
    out.entries.push_back(entry);
  }
  const std::uint64_t more = in.varint();
  for (std::uint64_t i = 0; i < more && in.ok(); ++i) {
    auto& counts = out.overflow[static_cast<Index>(in.varint())];
    counts.first = in.varint();
    counts.second = in.varint();
  }
  const std::uint64_t people = in.varint();
  for (std::uint64_t i = 0; i < people && in.ok(); ++i) out.names.emplace_back(in.text());
  const std::uint64_t marks = in.varint();
  for (std::uint64_t i = 0; i < marks && in.ok(); ++i) {
    Mark one;
    one.kind = static_cast<MarkKind>(in.u8());
    one.at = started + in.zigzag();
    one.element = static_cast<Index>(in.varint());
    one.by = static_cast<std::uint32_t>(in.varint());
    one.about = in.zigzag();
    out.marks.push_back(one);
  }
  const std::uint64_t migrations = in.varint();
  for (std::uint64_t i = 0; i < migrations && in.ok(); ++i) {
    const auto place = static_cast<std::size_t>(in.varint());
    out.before.emplace_back(place, in.zigzag());
  }
  if (format != 2 || !in.ok()) return base::fail(base::ErrorCode::data_damaged, "the history of an instance cannot be read");
  return out;
}

std::set<Key> LiveInstance::bodies() const {
  std::set<Key> out;
  for (const auto& entry : history.entries)
    if (entry.loop != 0 && entry.scope != key) out.insert(entry.scope);
  for (const auto& [at, element] : elements)
    if (element.body) out.insert(at);
  return out;
}

std::string LiveInstance::encode_live() const {
  if (elements.empty() && attached.empty()) return {};
  base::Writer out;
  out.u8(2);
  out.varint(elements.size());
  for (const auto& [element_key, element] : elements) {
    out.zigzag(element.key - key);
    out.zigzag(element.scope - key);
    out.zigzag(element.work);
    out.varint(element.element);
    out.zigzag(element.start - started);
    out.varint(element.loop);
    out.u8(element.body ? 1 : 0);
    if (element.body) {
      out.varint(element.total);
      out.varint(element.done);
    }
    out.zigzag(element.taken == 0 ? 0 : element.taken - started + 1);  // 0 = nobody has it
    out.varint(element.by);
    out.varint(element.timers.size());
    for (const auto& [event, due] : element.timers) {
      out.varint(event);
      out.zigzag(due - started);
    }
  }
  out.varint(attached.size());
  for (const auto& [one, to] : attached) {
    out.zigzag(one - key);
    out.zigzag(to.element - key);
    out.u8(to.incident ? 1 : to.job ? 2 : 0);
  }
  return out.take();
}

base::Status LiveInstance::decode_live(std::string_view bytes) {
  if (bytes.empty()) return {};
  base::Reader in(bytes);
  const std::uint8_t format = in.u8();
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    LiveElement element;
    element.key = key + in.zigzag();
    element.scope = key + in.zigzag();
    element.work = in.zigzag();
    element.element = static_cast<Index>(in.varint());
    element.start = started + in.zigzag();
    element.loop = static_cast<std::uint32_t>(in.varint());
    element.body = in.u8() != 0;
    if (element.body) {
      element.total = static_cast<std::uint32_t>(in.varint());
      element.done = static_cast<std::uint32_t>(in.varint());
    }
    if (const std::int64_t taken = in.zigzag(); taken != 0) element.taken = started + taken - 1;
    element.by = static_cast<std::uint32_t>(in.varint());
    const std::uint64_t timers = in.varint();
    for (std::uint64_t t = 0; t < timers && in.ok(); ++t) {
      const auto event = static_cast<Index>(in.varint());
      element.timers.emplace_back(event, started + in.zigzag());
    }
    elements.emplace(element.key, std::move(element));
  }
  const std::uint64_t more = in.varint();
  for (std::uint64_t i = 0; i < more && in.ok(); ++i) {
    Attached& to = attached[key + in.zigzag()];
    to.element = key + in.zigzag();
    const std::uint8_t kind = in.u8();
    to.incident = kind == 1;
    to.job = kind == 2;
  }
  if (format != 2 || !in.ok()) return base::fail(base::ErrorCode::data_damaged, "the open elements of an instance cannot be read");
  return {};
}

// Form 1: text variables, then per element with something of its own zigzag key − instance, text locals, text pending,
// varint count of outputs (varint index, text).
std::string LiveInstance::encode_data() const {
  base::Writer out;
  out.u8(1);
  out.text(variables.pack());
  for (const auto& [element_key, element] : elements) {
    if (element.locals.empty() && element.pending.empty() && element.outputs.empty()) continue;
    out.zigzag(element_key - key);
    out.text(element.locals.pack());
    out.text(element.pending);
    out.varint(element.outputs.size());
    for (const auto& [index, value] : element.outputs) {
      out.varint(index);
      out.text(value);
    }
  }
  return out.take();
}

base::Status LiveInstance::decode_data(std::string_view bytes) {
  if (bytes.empty()) return {};
  base::Reader in(bytes);
  const std::uint8_t format = in.u8();
  variables.merge(in.text());
  while (in.ok() && !in.done()) {
    const auto at = elements.find(key + in.zigzag());
    const std::string_view locals = in.text(), pending = in.text();
    const std::uint64_t outputs = in.varint();
    LiveElement unknown;
    LiveElement& element = at == elements.end() ? unknown : at->second;
    element.locals.merge(locals);
    element.pending = pending;
    for (std::uint64_t i = 0; i < outputs && in.ok(); ++i) {
      const auto index = static_cast<std::uint32_t>(in.varint());
      element.outputs[index] = in.text();
    }
  }
  if (format != 1 || !in.ok()) return base::fail(base::ErrorCode::data_damaged, "the variables of an instance cannot be read");
  return {};
}

std::string encode_elements(const std::vector<ElementRow>& rows) {
  base::Writer out;
  out.varint(rows.size());
  for (const auto& row : rows) {
    out.text(row.id);
    out.u8(row.type);
    out.varint(row.parent);
    out.text(row.name);
  }
  return out.take();
}

std::vector<ElementRow> decode_elements(std::string_view bytes) {
  base::Reader in(bytes);
  std::vector<ElementRow> out;
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    ElementRow row;
    row.id = in.text();
    row.type = in.u8();
    row.parent = static_cast<Index>(in.varint());
    row.name = in.text();
    out.push_back(std::move(row));
  }
  return out;
}

// ---- what is in memory -------------------------------------------------------------------------------------------------

base::Status Model::load() {
  return database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* rows, connection.prepare("SELECT key, authority, id, name, version, version_tag, resource, resource_name, elements FROM definitions"));
    rows->begin();
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      DefinitionInfo info;
      info.key = rows->integer(0);
      info.authority = rows->text(1);
      info.id = rows->text(2);
      info.name = rows->text(3);
      info.version = rows->integer(4);
      info.version_tag = rows->text(5);
      info.resource = rows->integer(6);
      info.resource_name = rows->text(7);
      info.elements = decode_elements(rows->text(8));
      definitions_.emplace(info.key, std::move(info));
    }
    TRY(auto* files, connection.prepare("SELECT key, name FROM resources"));
    files->begin();
    while (true) {
      TRY(const bool more, files->step());
      if (!more) break;
      resource_names_[files->integer(0)] = files->text(1);
    }
    for (const char* sql : {"SELECT key, instance FROM jobs", "SELECT key, instance FROM user_tasks WHERE state NOT IN ('COMPLETED', 'CANCELED')",
                            "SELECT key, instance FROM incidents WHERE state = 'ACTIVE'", "SELECT key, instance FROM subscriptions"}) {
      TRY(auto* open, connection.prepare(sql));
      open->begin();
      while (true) {
        TRY(const bool more, open->step());
        if (!more) break;
        owners_.set(open->integer(0), open->integer(1));
      }
    }
    TRY(auto* active, connection.prepare("SELECT key, started, live FROM instances WHERE state IN ('ACTIVE', 'SUSPENDED')"));
    active->begin();
    while (true) {
      TRY(const bool more, active->step());
      if (!more) return {};
      LiveInstance one;
      one.key = active->integer(0);
      one.started = active->integer(1);
      TRY_VOID(one.decode_live(active->text(2)));
      for (const auto& [key, element] : one.elements) owners_.set(key, one.key);
    }
  });
}

std::string Model::open(store::KeySlot slot, std::string_view sealed, std::string_view context) {
  if (sealed.empty()) return {};
  if (slot == 0 || keys_ == nullptr) return std::string(sealed);
  auto plain = keys_->open(slot, sealed, context);
  return plain ? std::move(*plain) : std::string();  // destroyed: its rows go with the instance_forgotten that follows
}

const DefinitionInfo& Model::definition(Key key) const {
  static const DefinitionInfo unknown;
  const auto found = definitions_.find(key);
  return found == definitions_.end() ? unknown : found->second;
}

base::Result<LiveInstance*> Model::load_instance(Key key) {
  LiveInstance* out = nullptr;
  TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT authority, definition, state, started, ended, parent, parent_element, root, slot, business_key, actor, "
                                      "incidents, user_tasks, history, live, data FROM instances WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};
    LiveInstance one;
    one.key = key;
    one.authority = row->text(0);
    one.definition = row->integer(1);
    one.state = row->text(2);
    one.started = row->integer(3);
    one.ended = row->integer(4);
    one.parent = row->integer(5);
    one.parent_element = row->integer(6);
    one.root = row->integer(7);
    one.slot = static_cast<store::KeySlot>(row->integer(8));
    one.business_key = row->text(9);
    one.actor = row->text(10);
    one.incidents = row->integer(11);
    one.user_tasks = row->integer(12);
    TRY(one.history, History::decode(row->text(13), key, one.started));
    TRY_VOID(one.decode_live(row->text(14)));
    TRY_VOID(one.decode_data(open(one.slot, row->text(15), "instance")));
    one.stored = true;
    row->begin();
    out = &instances_.emplace(key, std::move(one)).first->second;
    return {};
  }));
  return out;
}

base::Result<LiveInstance*> Model::instance(Key key) {
  if (const auto found = instances_.find(key); found != instances_.end()) return &found->second;
  if (key == 0) return nullptr;
  return load_instance(key);
}

base::Result<LiveInstance*> Model::owner(Key of) {
  if (const auto found = owners_.find(of)) return instance(*found);
  return instance(of);
}

LiveInstance& Model::touch(LiveInstance& instance) {
  instance.touched = transaction_;
  if (!instance.dirty) {
    instance.dirty = true;
    dirty_.push_back(instance.key);
  }
  return instance;
}

// Finished ones go at once; of the running ones those that nothing happened to for longest make room.
void Model::evict() {
  if (instances_.size() <= kInstancesInMemory) return;
  for (std::uint64_t age = 8; age > 0 && instances_.size() > kInstancesInMemory; age /= 2) {
    std::erase_if(instances_, [&](const auto& entry) { return entry.second.touched + age <= transaction_; });
  }
}

base::Result<JobRow*> Model::job(Key key) {
  if (const auto found = jobs_.find(key); found != jobs_.end()) return &found->second;
  JobRow* out = nullptr;
  TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT instance, element_instance, type, state, worker, error_code, retries, deadline, created, slot, data, "
                                      "element_id, definition, listener, priority FROM jobs WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};
    JobRow one;
    one.key = key;
    one.instance = row->integer(0);
    one.element_instance = row->integer(1);
    one.type = row->text(2);
    one.state = row->text(3);
    one.worker = row->text(4);
    one.error_code = row->text(5);
    one.retries = row->integer(6);
    one.deadline = row->integer(7);
    one.created = row->integer(8);
    one.message = open(static_cast<store::KeySlot>(row->integer(9)), row->text(10), "job");
    one.listener = row->text(13);
    one.priority = row->integer(14);
    one.stored = true;
    const auto& elements = definition(row->integer(12)).elements;
    for (Index i = 0; i < elements.size(); ++i) {
      if (elements[i].id == row->text(11)) one.element = i;
    }
    row->begin();
    out = &jobs_.emplace(key, std::move(one)).first->second;
    return {};
  }));
  return out;
}

base::Result<TaskRow*> Model::task(Key key) {
  if (const auto found = tasks_.find(key); found != tasks_.end()) return &found->second;
  TaskRow* out = nullptr;
  TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT instance, element_instance, state, assignee, candidate_groups, candidate_users, due_date, follow_up_date, "
                                      "priority, form_key, form_id, created, ended, action, completed_by, slot, data, element_id, definition "
                                      "FROM user_tasks WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};
    TaskRow one;
    one.key = key;
    one.instance = row->integer(0);
    one.element_instance = row->integer(1);
    one.state = row->text(2);
    one.assignee = row->text(3);
    one.groups = row->text(4);
    one.users = row->text(5);
    one.due = row->text(6);
    one.follow_up = row->text(7);
    one.priority = row->integer(8);
    one.form_key = row->text(9);
    one.form_id = row->text(10);
    one.created = row->integer(11);
    one.ended = row->integer(12);
    one.action = row->text(13);
    one.completed_by = row->text(14);
    one.locals = open(static_cast<store::KeySlot>(row->integer(15)), row->text(16), "task");
    const auto& elements = definition(row->integer(18)).elements;
    for (Index i = 0; i < elements.size(); ++i) {
      if (elements[i].id == row->text(17)) one.element = i;
    }
    one.stored = true;
    row->begin();
    out = &tasks_.emplace(key, std::move(one)).first->second;
    return {};
  }));
  return out;
}

base::Result<IncidentRow*> Model::incident(Key key) {
  if (const auto found = incidents_.find(key); found != incidents_.end()) return &found->second;
  IncidentRow* out = nullptr;
  TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT instance, element_instance, job, kind, state, created, ended, slot, data, element_id, definition FROM incidents WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};
    IncidentRow one;
    one.key = key;
    one.instance = row->integer(0);
    one.element_instance = row->integer(1);
    one.job = row->integer(2);
    one.kind = row->text(3);
    one.state = row->text(4);
    one.created = row->integer(5);
    one.ended = row->integer(6);
    one.message = open(static_cast<store::KeySlot>(row->integer(7)), row->text(8), "incident");
    const auto& elements = definition(row->integer(10)).elements;
    for (Index i = 0; i < elements.size(); ++i) {
      if (elements[i].id == row->text(9)) one.element = i;
    }
    one.stored = true;
    row->begin();
    out = &incidents_.emplace(key, std::move(one)).first->second;
    return {};
  }));
  return out;
}

base::Result<SubscriptionRow*> Model::subscription(Key key) {
  if (const auto found = subscriptions_.find(key); found != subscriptions_.end()) return &found->second;
  SubscriptionRow* out = nullptr;
  TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT instance, definition, element_instance, authority, name, correlation_key, created, element_id, interrupting "
                                      "FROM subscriptions WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};
    SubscriptionRow one;
    one.key = key;
    one.instance = row->integer(0);
    one.definition = row->integer(1);
    one.element_instance = row->integer(2);
    one.authority = row->text(3);
    one.name = row->text(4);
    one.correlation_key = row->text(5);
    one.created = row->integer(6);
    one.interrupting = row->integer(8) != 0;
    one.stored = true;
    const auto& elements = definition(one.definition).elements;
    for (Index i = 0; i < elements.size(); ++i) {
      if (elements[i].id == row->text(7)) one.element = i;
    }
    row->begin();
    out = &subscriptions_.emplace(key, std::move(one)).first->second;
    return {};
  }));
  return out;
}

}  // namespace engine
