#include "engine/partition.h"

#include "engine/commands/commands.h"
#include "engine/planted.h"

namespace engine {

struct Partition::Impl {
  explicit Impl(PartitionOptions given) : options(std::move(given)) {
    state.set_keys(options.keys);
    state.set_payloads(options.payloads, options.resident_payload_bytes);
  }
  PartitionOptions options;
  State state;
  Programs programs;
  base::Status fault;
  bool loaded = false;
  base::Writer writer;

  // Invariant 6. True: answered already (or refused), nothing more to do.
  bool repeated(const Command& command, base::Result<Answer>& answer) {
    const auto at = state.remembered_index.find(State::index_key(command.authority, command.idempotency_key));
    if (at == state.remembered_index.end() || planted("6")) return false;
    const Remembered& known = *state.remembered.find(at->second);
    if (known.body_hash != commands::body_hash(command)) {
      answer = base::fail(base::ErrorCode::key_reused, "this idempotency key was used with another body");
      return true;
    }
    Answer again;
    again.key = known.answer_key;
    if (auto body = base::unpack(known.answer)) {
      again.body = (*body)["body"];
      again.key_slot = static_cast<store::KeySlot>((*body)["slot"].int_or(0));
    }
    again.position = state.meta.position;
    answer = std::move(again);
    return true;
  }

  void remember(Decider& d, const Command& command, const Answer& answer) {
    base::Json body = base::Json::object();
    body.set("body", answer.body);
    body.set("slot", static_cast<std::int64_t>(answer.key_slot));
    if (state.remembered.size() >= base::limits::kIdempotencyKeys) d.emit(ev::idempotency_expired{1});
    d.emit(ev::idempotency_remembered{command.authority, command.idempotency_key, commands::body_hash(command), answer.key, base::pack(body),
                                      d.now + base::limits::kIdempotencyWindowMs});
  }
};

Partition::Partition(PartitionOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Partition::~Partition() = default;
Partition::Partition(Partition&&) noexcept = default;

void Partition::run(const Command& command, Moment moment, Batch& batch, base::Result<Answer>& answer) {
  Impl& p = *impl_;
  // Reading commands repeat by themselves: they answer anew and remember nothing.
  const auto* migration = std::get_if<MigrateInstance>(&command.body);
  const bool reads = std::holds_alternative<EvaluateDecision>(command.body) || std::holds_alternative<ActivateJobs>(command.body) || (migration && migration->dry_run);
  const bool keyed = !command.idempotency_key.empty() && !reads;
  if (keyed && p.repeated(command, answer)) return;
  Emitter emit(p.state, batch, p.options.keys, moment.now, p.fault, p.writer);
  Decider decider(p.state, emit, p.programs, p.options, moment);
  answer = std::visit([&](const auto& body) { return commands::run(decider, command, body); }, command.body);
  if (!answer) return;
  if (keyed) p.remember(decider, command, *answer);
  answer->position = p.state.meta.position;
}

bool Partition::has_ready() const { return impl_->state.ready() != nullptr; }

void Partition::step(Moment moment, Batch& batch, std::uint32_t max_steps) {
  Impl& p = *impl_;
  Emitter emit(p.state, batch, p.options.keys, moment.now, p.fault, p.writer);
  for (std::uint32_t n = 0; n < max_steps && p.fault; ++n) {
    const Step* ready = p.state.ready();
    if (ready == nullptr) return;
    Decider decider(p.state, emit, p.programs, p.options, moment);
    decider.step(*ready);
  }
}

base::Millis Partition::next_due() const { return impl_->state.next_due(); }

void Partition::fire_due(Moment moment, Batch& batch, std::uint32_t max) {
  Impl& p = *impl_;
  State& s = p.state;
  Emitter emit(s, batch, p.options.keys, moment.now, p.fault, p.writer);
  for (std::uint32_t n = 0; n < max; ++n) {
    const Due due = s.first_due();
    if (due.at < 0 || due.at > moment.now) return;
    Decider d(s, emit, p.programs, p.options, moment);
    switch (due.what) {
      case Due::What::timer: {
        const Timer timer = *s.timers.find(due.key);
        const Program* program = timer.more->definition != 0 ? p.programs.process(s, timer.more->definition) : nullptr;
        emit(ev::timer_fired{due.key, d.next_due(timer)});
        if (program != nullptr) d.begin_by_event(*s.definitions.find(timer.more->definition), *program, timer.element, timer.key, "", "timer");
        break;
      }
      case Due::What::job:
        if (s.jobs.find(due.key)->state == JobState::activated) emit(ev::job_timed_out{due.key});
        else emit(ev::job_backed_off{due.key});
        break;
      case Due::What::message: emit(ev::message_expired{due.key}); break;
      case Due::What::remembered: {
        std::uint32_t count = 0;
        for (Key key = s.meta.first_remembered; count < 1000; ++key, ++count) {
          const Remembered* one = s.remembered.find(key);
          if (one == nullptr || one->until > moment.now) break;
        }
        emit(ev::idempotency_expired{count});
        break;
      }
    }
  }
}

const base::Status& Partition::fault() const { return impl_->fault ? impl_->state.payload_fault() : impl_->fault; }

base::Status Partition::replay(std::string_view batch) {
  Impl& p = *impl_;
  return for_each_record(batch, [&](const RecordView& record) -> base::Status {
    if (record.position <= p.state.meta.position) return {};
    if (record.position != p.state.meta.position + 1)
      return base::fail(base::ErrorCode::data_damaged, "the journal jumps from position " + std::to_string(p.state.meta.position) + " to " + std::to_string(record.position));
    if (record.consumes && p.state.ready() == nullptr)
      return base::fail(base::ErrorCode::data_damaged, "the record at position " + std::to_string(record.position) + " takes a step where none is ready");
    return visit_event(record, p.options.keys, [&](const auto& event) -> base::Status {
      p.state.apply_record(event, record.position, record.time, record.consumes);
      if (planted("4")) return p.programs.compile_all(p.state);
      return {};
    });
  });
}

std::string Partition::dump() const { return impl_->state.dump(); }
void Partition::begin_checkpoint(bool full) { impl_->state.begin_checkpoint(full, impl_->options.keys); }
bool Partition::checkpoint_slice(const Sink& sink, std::size_t max_records) { return impl_->state.checkpoint_slice(sink, max_records, impl_->options.keys); }
std::uint64_t Partition::checkpoint_position() const { return impl_->state.checkpoint_position(); }

base::Status Partition::load_record(RecordKind kind, Key key, std::string_view bytes) {
  impl_->loaded = true;
  return impl_->state.load_record(kind, key, bytes, impl_->options.keys);
}

base::Status Partition::finish_load() {
  if (impl_->loaded) {
    TRY_VOID(impl_->state.rebuild());
    impl_->loaded = false;
  }
  // Not an event: it only keeps slots of an abandoned timeline from being issued; the slot rides in the event that issues it.
  impl_->state.meta.next_slot = std::max(impl_->state.meta.next_slot, impl_->options.first_slot);
  return impl_->programs.compile_all(impl_->state);
}

bool Partition::evict(std::size_t max_records, bool all) { return impl_->state.evict(max_records, all); }
std::vector<Partition::Absent> Partition::absent(const Command& command) const { return commands::absent(impl_->state, command); }
Key Partition::root_of(const Command& command) const { return commands::root_of(impl_->state, command); }
void Partition::bring(const Absent& absent, const base::Result<std::string>& bytes) { impl_->state.bring(absent.element, absent.place, bytes); }
Partition::Residency Partition::residency() const { return impl_->state.residency(); }

std::uint64_t Partition::position() const { return impl_->state.meta.position; }
store::KeySlot Partition::next_slot() const { return impl_->state.meta.next_slot; }

std::vector<std::string> Partition::take_available_types() {
  std::vector<std::string> types;
  State& s = impl_->state;
  for (std::uint32_t queue : s.available_queues) {
    s.queues[queue].told = false;
    types.push_back(s.queues[queue].type);
  }
  s.available_queues.clear();
  return types;
}

std::size_t Partition::waiting(const std::string& authority, const std::string& type) const {
  const State& s = impl_->state;
  const auto at = s.queue_index.find(State::index_key(authority, type));
  std::size_t all = 0;
  if (at != s.queue_index.end())
    for (const auto& [priority, level] : s.queues[at->second].waiting) all += level.size();
  return all;
}

void Partition::watch(Key key) { impl_->state.watched.insert(key); }
void Partition::unwatch(Key key) { impl_->state.watched.erase(key); }
std::vector<Outcome> Partition::take_outcomes() { return std::exchange(impl_->state.outcomes, {}); }

std::vector<store::KeySlot> Partition::take_forgotten() { return std::exchange(impl_->state.forgotten, {}); }

void Partition::fill(Metrics& metrics) const {
  const State& s = impl_->state;
  metrics.position = s.meta.position;
  metrics.events = s.meta.events;
  metrics.instances_active = s.instances.size();
  metrics.jobs_waiting = s.jobs.size();
  metrics.incidents = s.incidents.size();
  metrics.timers = s.timers.size();
  metrics.payload_bytes = s.residency().bytes;
  metrics.payloads_evicted = s.residency().evicted;
  metrics.payload_faults = s.residency().faults;
}

base::Result<store::KeySlot> Partition::slot_of(Key instance, const std::string& authority) const {
  const Instance* at = impl_->state.instances.find(instance);
  if (at == nullptr || at->authority != authority) return base::fail(base::ErrorCode::not_found, "no active process instance " + std::to_string(instance));
  return at->slot;
}

base::Json Partition::active_elements(Key instance) const {
  base::Json all = base::Json::array();
  const State& s = impl_->state;
  for (Key key : s.elements.sorted_keys()) {
    const ElementInstance& element = *s.element(key);
    const Definition* definition = element.instance == instance ? s.definitions.find(s.definition_of(element)) : nullptr;
    if (definition == nullptr) continue;
    all.push(base::Json(base::Json::Object{{"elementId", definition->elements[element.element].id}, {"key", std::to_string(key)},
                                           {"state", element.life == Life::terminating ? "TERMINATING" : "ACTIVE"}}));
  }
  return all;
}

}  // namespace engine
