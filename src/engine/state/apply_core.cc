// What every apply shares: the ready queue, scopes and their tokens, variables, attachments.
#include <algorithm>

#include "base/bytes.h"
#include "bpmn/model.h"
#include "engine/packing.h"
#include "engine/state/mark.h"
#include "engine/state/state.h"

namespace engine {

namespace {

bool is_object(std::string_view packed) { return !packed.empty() && base::Packed(packed).kind() == base::Packed::Kind::object; }

std::string_view object_of(const Payload& payload) {
  if (payload.bytes.empty() || is_object(payload.bytes)) return payload.bytes;
  static const std::string slettet = [] {  // the key was destroyed: there is something, but not what it was
    PackedObject one;
    one.add("slettet", base::pack(base::Json("slettet")));
    return one.take();
  }();
  return slettet;
}

// Both objects' members, the new ones in the place of old ones of the same name. The answer lies in one of them, or in memory
// of this thread until the next call: a steady state takes nothing from the heap.
std::string_view merged(std::string_view old_object, std::string_view new_object) {
  if (!is_object(new_object)) return old_object;
  if (!is_object(old_object) || base::Packed(old_object).count() == 0) return new_object;
  static thread_local base::Writer members;
  static thread_local std::string out;
  members.clear();
  std::uint64_t count = 0;
  const auto add = [&](std::string_view name, std::string_view packed) {
    members.text(name);
    members.append(packed);
    ++count;
  };
  const base::Packed old(old_object), fresh(new_object);
  base::Packed found("");
  for (auto it = old.items(); it.more(); it.next()) add(it.key(), fresh.find(it.key(), found) ? found.bytes() : it.value().bytes());
  for (auto it = fresh.items(); it.more(); it.next())
    if (!old.find(it.key(), found)) add(it.key(), it.value().bytes());
  base::Writer number, head;
  number.varint(count);
  head.u8(static_cast<std::uint8_t>(base::Packed::Kind::object));
  head.varint(number.size() + members.size());
  out.assign(head.bytes()).append(number.bytes()).append(members.bytes());
  return out;
}

}  // namespace

std::string merge_objects(std::string_view old_object, std::string_view new_object) { return std::string(merged(old_object, new_object)); }

std::string State::index_key(std::string_view a, std::string_view b, std::string_view c, std::string_view d) {
  std::string key;
  key.reserve(a.size() + b.size() + c.size() + d.size() + 3);
  key.append(a).push_back('\0');
  key.append(b).push_back('\0');
  key.append(c).push_back('\0');
  key.append(d);
  return key;
}

void State::note_key(Key key) {
  const auto counter = static_cast<std::uint64_t>(key) & ((1ull << 40) - 1);
  if (counter >= meta.next_counter) meta.next_counter = counter + 1;
}

const Step* State::ready() const {
  if (ring.empty()) return nullptr;
  const Instance* owner = instances.find(ring.front());
  if (owner != nullptr && !(owner->hold && owner->hold->definition != 0)) return &steps[owner->ready_first];
  if (owner != nullptr) broadcast_step_ = {StepKind::migrate, owner->key, owner->key};
  else broadcast_step_ = {StepKind::signal, 0, ring.front()};
  return &broadcast_step_;
}

// Steps wait per instance; the ring gives each instance one step in turn (invariant 7).
void State::push(Step step, bool front) {
  if (step.kind == StepKind::signal) return ring.push_back(step.key);  // a broadcast outlives who sent it: its turn is its own
  Instance* owner = instances.find(step.instance);
  if (owner == nullptr) return;
  if (owner->hold && owner->hold->definition != 0 && !loading_) translate(step, *owner->hold);
  if (carries_token(step.kind))
    if (ElementInstance* scope = elements.find(step.key)) ++touch(*scope).tokens;
  if (step.kind == StepKind::condition && step.element == 0 && step.flow == kNoIndex) owner->checking = true;
  Handle h;
  if (step_free.empty()) {
    h = static_cast<Handle>(steps.size());
    steps.emplace_back();
    step_next.push_back(kNone);
  } else {
    h = step_free.back();
    step_free.pop_back();
  }
  steps[h] = std::move(step);
  step_next[h] = front ? owner->ready_first : kNone;
  const bool first = owner->ready_first == kNone;
  if (first || front) owner->ready_first = h;
  else step_next[owner->ready_last] = h;
  if (first || !front) owner->ready_last = h;
  if (first) take_turn(*owner);
}

void State::consume_step() {
  const Key key = ring.front();
  ring.pop_front();
  if (instances.find(key) == nullptr) {
    consumed_ = {StepKind::signal, 0, key};
    return;
  }
  Instance& owner = touch(*instances.find(key));
  if (owner.hold && owner.hold->definition != 0) {
    consumed_ = {StepKind::migrate, key, key};
    return;
  }
  const Handle h = owner.ready_first;
  consumed_ = std::move(steps[h]);
  owner.ready_first = step_next[h];
  step_free.push_back(h);
  if (owner.ready_first == kNone) owner.ready_last = kNone;
  else take_turn(owner);
  if (consumed_.kind == StepKind::enter) ++owner.straight;
  if (consumed_.kind == StepKind::condition && consumed_.element == 0 && consumed_.flow == kNoIndex) owner.checking = false;
  ElementInstance* at = elements.find(consumed_.key);
  if (at == nullptr) return;
  if (carries_token(consumed_.kind)) {
    --touch(*at).tokens;
    consumed_scope_ = at->key;
  } else if (consumed_.kind == StepKind::complete && at->life == Life::completing) {
    touch(*at).life = Life::active;
  } else if (consumed_.kind == StepKind::loop) {
    touch(*at).looping = false;
  } else if (consumed_.kind == StepKind::join && at->extra) {
    touch(*at).extra->joining = false;
  }
}

// A process that waits for its start listeners, and a scope with a listener or a job of its own (ad-hoc sub-process) at
// work, is not over though nothing moves in it.
bool State::idle(const ElementInstance& scope) const {
  if (scope.children != 0 || scope.tokens != 0 || (scope.work != 0 && jobs.find(scope.work) != nullptr)) return false;
  return !scope.extra || (scope.extra->listener == 0 && scope.extra->held.empty());
}

// Section 13.2 of BPMN 2.0.2: a scope ends when no token is left in it.
void State::check_idle(Key key) {
  ElementInstance* scope = elements.find(key);
  if (scope == nullptr) return;
  if (scope->life == Life::terminating) {
    if (scope->children == 0) push({StepKind::terminate, scope->instance, key});
    return;
  }
  if (scope->body) return;
  if (scope->life == Life::active && idle(*scope)) {
    if (scope->extra && !scope->extra->phases.empty()) return recheck_joins(*scope);  // nothing can come any more: it is reset first
    touch(*scope).life = Life::completing;
    push({StepKind::complete, scope->instance, key});
    return;
  }
  recheck_joins(*scope);
}

// Sections 13.4.3, 13.4.5: an inclusive join or a complex gateway may become ready whenever a token of its scope moved.
void State::recheck_joins(ElementInstance& scope) {
  if (!scope.extra || scope.extra->joining) return;
  const auto& parked = scope.extra->parked;
  if (scope.extra->phases.empty() && std::none_of(parked.begin(), parked.end(), [](const Parked& one) { return one.inclusive; })) return;
  touch(scope).extra->joining = true;
  push({StepKind::join, scope.instance, scope.key});
}

Extra& State::extra(ElementInstance& element) {
  if (!element.extra) element.extra = std::make_unique<Extra>();
  return *element.extra;
}

ElementInstance& State::make_element(Key key, Key scope_key, Index element) {
  note_key(key);
  ElementInstance& made = touch(elements.make(key));
  made.scope = scope_key;
  made.element = element;
  const Handle h = elements.handle(key);
  if (ElementInstance* scope = elements.find(scope_key)) {
    touch(*scope);
    made.instance = scope->instance;
    made.generation = scope->generation;
    made.next = scope->first_child;
    if (scope->first_child != kNone) elements.at(scope->first_child).previous = h;
    scope->first_child = h;
    ++scope->children;
    if (scope->life == Life::terminating) {  // an interrupting event sub-process takes over its scope
      scope->life = Life::active;
      extra(*scope).then = Then::nothing;
      scope->extra->then_payload.clear();
    }
  }
  return made;
}

void State::remove_element(Key key, bool) {
  ElementInstance* element = elements.find(key);
  if (element == nullptr) return;
  touch(*element);  // its attachments go first: a cut must still see it whole
  drop_attachments(*element);
  const Key scope_key = element->scope;
  if (element->previous != kNone) elements.at(element->previous).next = element->next;
  if (element->next != kNone) elements.at(element->next).previous = element->previous;
  if (ElementInstance* scope = elements.find(scope_key)) {
    touch(*scope);
    if (scope->first_child == elements.handle(key)) scope->first_child = element->next;
    --scope->children;
  }
  gone(*element);
  drop_variables(*element);
  elements.erase(key);
}

// Timers, subscriptions, incidents, job and task of an element instance end with it.
// keep_boundary: its boundary events go on listening (an interrupting event sub-process takes over inside it).
void State::drop_attachments(ElementInstance& element, bool keep_boundary) {
  if (!element.timers.empty() || !element.subscriptions.empty()) {
    const Definition* definition = keep_boundary ? definition_of(element.instance) : nullptr;
    const auto stays = [&](Index event) {
      return definition != nullptr && event < definition->elements.size() &&
             definition->elements[event].type == static_cast<std::uint8_t>(bpmn::ElementType::boundary_event);
    };
    for (Key timer : std::exchange(element.timers, {})) {
      if (stays(timers.find(timer)->element)) element.timers.push_back(timer);
      else cancel_timer(timer, false);
    }
    for (Key subscription : std::exchange(element.subscriptions, {})) {
      if (stays(subscriptions.find(subscription)->element)) element.subscriptions.push_back(subscription);
      else close_subscription(subscription, false);
    }
  }
  if (element.extra)
    for (Key incident : std::exchange(element.extra->incidents, {})) remove_incident(incident, false);
  drop_listener(element);
  if (element.work == 0) return;
  if (jobs.find(element.work) != nullptr) {
    remove_job(element.work);
    element.work = 0;
  } else if (UserTask* task = user_tasks.find(element.work)) {
    tell(element.work, false, "the task is canceled");
    gone(*task);
    user_tasks.erase(element.work);
    element.work = 0;
  }
}

// Section 10.5.5: what was written may make a condition true.
void State::note_write(Instance& owner) {
  ++owner.writes;
  if (!owner.more->conditions.empty() && !owner.checking) push({StepKind::condition, owner.key, owner.key});
}

void State::merge_locals(ElementInstance& element, const Payload& payload) {
  if (payload.empty()) return;
  // What is new has no one inside who could have read it.
  if (Instance* owner = element.children != 0 || element.extra || element.watched ? instances.find(element.instance) : nullptr) note_write(*owner);
  set_variables(touch(element), merged(variables(element), object_of(payload)));
}

// A variable goes to the nearest scope that has it, else to the process. What was forgotten (no object any more) changes
// nothing, but it was a write: the steps that followed from it are in the journal.
void State::propagate(Key scope_key, std::string_view packed_object) {
  ElementInstance* scope = elements.find(scope_key);
  if (scope == nullptr || packed_object.empty()) return;
  if (Instance* owner = instances.find(scope->instance)) note_write(*owner);
  if (!is_object(packed_object)) return;
  if (scope->scope == 0) {
    return set_variables(touch(*scope), merged(variables(*scope), packed_object));
  }
  std::vector<std::pair<ElementInstance*, PackedObject>> targets;
  for (auto it = base::Packed(packed_object).items(); it.more(); it.next()) {
    ElementInstance* target = scope;
    base::Packed found("");
    const auto has = [&](const ElementInstance& one) { return is_object(variables(one)) && base::Packed(variables(one)).find(it.key(), found); };
    while (target->scope != 0 && !has(*target)) {
      ElementInstance* above = elements.find(target->scope);
      if (above == nullptr) break;
      target = above;
    }
    auto at = std::find_if(targets.begin(), targets.end(), [&](const auto& entry) { return entry.first == target; });
    if (at == targets.end()) at = targets.insert(targets.end(), {target, PackedObject{}});
    at->second.add(it.key(), it.value().bytes());
  }
  for (auto& [target, members] : targets) set_variables(touch(*target), merged(variables(*target), members.take()));
}

void State::take(Key scope, const std::vector<Taken>& flows) {
  const ElementInstance* at = elements.find(scope);
  if (at == nullptr) return;
  for (const Taken& taken : flows)
    if (taken.target != kNoIndex) push({StepKind::enter, at->instance, scope, taken.target, taken.flow});
}

// One of the triggers of a parallel multiple event only counts when no other of them is waited for any more (10.5.5).
void State::arrive(Key key, Index event, bool together, const std::string& payload) {
  ElementInstance* element = elements.find(key);
  if (element == nullptr || element->life != Life::active) return;
  if (together) {
    const auto open = [&](const auto& keys, auto& table) {
      return std::any_of(keys.begin(), keys.end(), [&](Key one) { return table.find(one)->element == event; });
    };
    if (open(element->subscriptions, subscriptions) || open(element->timers, timers)) {
      if (!payload.empty()) extra(touch(*element)).gathered.push_back({event, payload});
      return;
    }
  }
  deliver(key, event, payload);
}

void State::deliver(Key key, Index event, const std::string& payload) {
  ElementInstance* element = elements.find(key);
  if (element == nullptr || element->life != Life::active) return;
  reset_straight(element->instance);
  if (element->extra && !element->extra->gathered.empty()) {  // the last of a parallel multiple event brings the others' data
    std::string all;
    for (const Gathered& one : element->extra->gathered)
      if (one.event == event) all = merge_objects(all, one.variables);
    std::erase_if(touch(*element).extra->gathered, [&](const Gathered& one) { return one.event == event; });
    if (!all.empty()) return deliver(key, event, merge_objects(all, payload));
  }
  if (event == element->element) {
    touch(*element).life = Life::completing;
    if (!payload.empty()) extra(*element).pending = payload;
    push({StepKind::complete, element->instance, key});
  } else {
    push({StepKind::trigger, element->instance, key, event, kNoIndex, 0, payload});
  }
}

void State::reset_straight(Key instance) {
  if (Instance* owner = instances.find(instance); owner && owner->straight != 0) touch(*owner).straight = 0;
}

bool State::variable(Key scope, std::string_view wanted, std::string_view& packed) const {
  for (const ElementInstance* at = elements.find(scope); at != nullptr; at = at->scope == 0 ? nullptr : elements.find(at->scope)) {
    base::Packed found("");
    const std::string_view own = variables(*at);
    if (is_object(own) && base::Packed(own).find(wanted, found)) {
      packed = found.bytes();
      return true;
    }
  }
  return false;
}

std::string State::visible(Key scope) const {
  std::string all;
  for (const ElementInstance* at = elements.find(scope); at != nullptr; at = at->scope == 0 ? nullptr : elements.find(at->scope))
    if (const std::string_view own = variables(*at); is_object(own)) all = all.empty() ? std::string(own) : merge_objects(own, all);
  return all;
}

const Definition* State::latest(DefinitionKind kind, const std::string& authority, const std::string& id) const {
  const auto at = versions.find(definition_key(kind, authority, id));
  return at == versions.end() || at->second.empty() ? nullptr : definitions.find(at->second.rbegin()->second);
}

const Definition* State::definition_of(Key instance) const {
  const Instance* owner = instances.find(instance);
  return owner == nullptr ? nullptr : definitions.find(owner->definition);
}

std::string encode_step(const Step& step) {
  base::Writer out;
  out.u8(static_cast<std::uint8_t>(step.kind));
  out.zigzag(step.instance);
  out.zigzag(step.key);
  out.varint(step.element);
  out.varint(step.flow);
  out.varint(step.done);
  out.text(step.payload);
  return out.take();
}

bool decode_step(std::string_view bytes, Step& step) {
  base::Reader in(bytes);
  step.kind = static_cast<StepKind>(in.u8());
  step.instance = in.zigzag();
  step.key = in.zigzag();
  step.element = static_cast<Index>(in.varint());
  step.flow = static_cast<Index>(in.varint());
  step.done = static_cast<std::uint32_t>(in.varint());
  step.payload = in.text();
  return in.ok() && in.done();
}

}  // namespace engine
