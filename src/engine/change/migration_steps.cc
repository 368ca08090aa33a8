// A migration carried out: the instance stands still while its element instances change definition, a bounded number in
// each step. A step closes what the target does not know, changes the elements, then opens what is new.
#include "engine/behaviour/handlers.h"
#include "engine/change/migration.h"
#include "engine/planted.h"

namespace engine {

static constexpr std::uint32_t kElementsPerStep = 64;
static constexpr std::size_t kEventsPerStep = 256;

namespace {

struct Part {
  std::vector<Key> timers, subscriptions, bodies;   // timers, subscriptions: to be closed
  std::vector<std::pair<Key, Index>> opened;
  std::vector<Wait> renamed;
  std::uint32_t count = 0;
  std::size_t events() const { return timers.size() + subscriptions.size() + opened.size() + renamed.size(); }
};

// A fixed name of the target under which it is listened for from now on; nullptr: as it was.
const std::string* new_name(const MigrationTables& tables, const Subscription& subscription) {
  const ElementProgram& to = tables.target.at(tables.of(subscription.element));
  if (subscription.kind == WaitKind::conditional || to.definitions() != 1 || !to.event.name || to.event.name.is_feel || to.event.name.text == subscription.name) return nullptr;
  return &to.event.name.text;
}

void look_at(const State& s, const MigrationTables& tables, const ElementInstance& at, Part& part) {
  const auto closes = [&](Index event) { return !goes_on(tables, at, event); };
  ++part.count;
  if (at.body) part.bodies.push_back(at.key);
  {
    for (Key key : at.timers)
      if (closes(s.timers.find(key)->element)) part.timers.push_back(key);
    for (Key key : at.subscriptions) {
      const Subscription& one = *s.subscriptions.find(key);
      const std::string* renamed = closes(one.element) ? nullptr : new_name(tables, one);
      if (!closes(one.element) && renamed == nullptr) continue;
      part.subscriptions.push_back(key);
      if (renamed == nullptr) continue;
      ev::subscription_opened again;
      again.element_instance = at.key;
      again.element = tables.of(one.element);
      again.kind = one.kind;
      again.interrupting = one.interrupting;
      again.name = *renamed;
      again.correlation_key = one.correlation_key;
      again.together = one.together;
      part.renamed.emplace_back(std::move(again));
    }
  }
  if (planted("migration")) return;  // what only the target waits for is not waited for, whatever the dry run says
  for (Index event : openings(s, tables, at)) part.opened.emplace_back(at.key, event);
}

}  // namespace

// An event element of the element's own definition begins to wait at it.
Done Decider::attach(Key key, Index event) {
  const ElementInstance* at = s.element(key);
  const Program* program = at != nullptr && event != kNoIndex ? program_of(*at) : nullptr;
  if (program == nullptr) return {};
  auto made = waits(*program, {event}, key, key);
  if (!made) return std::unexpected(made.error());
  open(*made, program->process_id);
  return {};
}

void Decider::migrate(Key instance) {
  const Instance& owner = *s.instances.find(instance);
  const Hold& hold = *owner.hold;
  if (hold.cursor == 0) return emit(ev::migration_completed{instance});
  const Program* source = programs.process(s, owner.definition);
  const Program* target = programs.process(s, hold.definition);
  Part part;
  if (source == nullptr || target == nullptr) {  // recovery refuses such a definition; the elements change all the same
    part.count = kElementsPerStep;
  } else {
    const MigrationTables tables{*source, *target, hold.elements, hold.flows};
    for (Key key = hold.cursor; key != 0 && part.count < kElementsPerStep && part.events() < kEventsPerStep; key = s.next_in_tree(key))
      look_at(s, tables, *s.element(key), part);
  }
  for (Key key : part.timers) emit(ev::timer_canceled{key});
  for (Key key : part.subscriptions) emit(ev::subscription_closed{key});
  emit(ev::elements_migrated{instance, part.count});
  for (Key key : part.bodies) programs.collections.drop(key);  // the target's collection may be another expression
  if (target != nullptr) open(part.renamed, target->process_id);
  for (const auto& [key, event] : part.opened)
    if (auto done = attach(key, event); !done) incident({StepKind::attach, instance, key, event}, done.error());
}

// Messages that came while the instance stood still wait for their time to live.
void Decider::catch_up(Key key) {
  const Subscription* subscription = s.subscriptions.find(key);
  const ElementInstance* element = subscription && subscription->kind == WaitKind::message ? s.element(subscription->element_instance()) : nullptr;
  const Program* program = element != nullptr ? program_of(*element) : nullptr;
  for (const ElementInstance* at = element; at != nullptr;) {  // what was woken to be stopped takes no message from others
    if (being_stopped(s, at)) return;
    at = s.element(s.instances.find(at->instance)->parent_element());
  }
  if (program != nullptr) meet(*subscription, program->process_id);
}

}  // namespace engine
