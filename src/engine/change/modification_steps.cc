// A modification carried out, a bounded part in each step, before everything else that is ready in the instance.
#include "engine/behaviour/handlers.h"
#include "engine/change/modification.h"

namespace engine {

static constexpr std::size_t kPerStep = 64;       // tokens placed or element instances stopped
static constexpr std::size_t kLookedAt = 4'096;   // element instances

namespace {

struct Modifier {
  Decider& d;
  const Program& program;
  const Instance& owner;
  std::vector<Key> incidents;            // of tokens that go
  std::size_t left = kPerStep, looks = kLookedAt;

  // Would nothing be left of this scope without `child` (0 = none) and so many of its tokens?
  bool left_empty(const ElementInstance& scope, Key child, std::uint32_t tokens) const {
    if (scope.tokens != tokens || scope.life == Life::terminating || (scope.extra && scope.extra->compensation.active)) return false;
    if (scope.scope == 0 && owner.parent_element() != 0) return false;
    if (scope.body && !program.at(scope.element).loop->standard && scope.extra->started < scope.extra->total) return false;
    for (Handle h = scope.first_child; h != kNone; h = d.s.elements.at(h).next)
      if (d.s.elements.at(h).key != child && d.s.elements.at(h).life != Life::terminating) return false;
    return true;
  }

  // What is left empty is stopped with what was in it, up to the process instance.
  void stop(Key key) {
    while (d.s.element(key)->scope != 0 && left_empty(*d.s.element(d.s.element(key)->scope), key, 0)) key = d.s.element(key)->scope;
    const ElementInstance& at = *d.s.element(key);
    if (at.body) d.programs.collections.drop(key);
    if (at.children == 0 && at.scope != 0 && d.s.element(at.work) == nullptr && !d.listens_to_cancel(at)) d.emit(ev::element_terminated{key, {}, 0, 0});
    else d.stop(at, Then::nothing, 0, {});
  }

  void place(const ModificationStep& step, Key scope) {
    const auto way = way_to(d.s, program, common_scope(d.s, program, scope, step.place.element), step.place.element, false);
    if (!way) return;
    const Placement one = on_the_way(*way, step.place.element, step.place.after, step.variables);
    d.emit(ev::element_placed{way->scope, one.element, d.sealed(way->scope, encode_placement(one))});
  }

  // Tokens that wait before the element: parked at it, or held by an incident. False: there are more of them.
  bool tokens_before(const ModificationStep& step, const ElementInstance& scope) {
    const Key key = scope.key;
    const bool moves = step.kind == ModificationStep::Kind::move;
    std::uint32_t parked = 0;
    std::vector<Key> held;
    for (const Parked& one : scope.extra->parked)
      if (one.element == step.element) parked += one.count;
    for (Key incident : scope.extra->incidents) {
      Step at;
      if (decode_step(d.s.incidents.find(incident)->step, at) && carries_token(at.kind) && at.element == step.element) held.push_back(incident);
    }
    if (parked == 0 && held.empty()) return true;
    const auto all = parked + static_cast<std::uint32_t>(held.size());
    if (!moves && left_empty(scope, 0, all)) {
      stop(key);
      return true;
    }
    const std::uint32_t now = std::min<std::uint32_t>(parked, static_cast<std::uint32_t>(kPerStep));
    if (moves)
      for (std::uint32_t n = 0; n < now + held.size(); ++n) place(step, key);
    if (now > 0) d.emit(ev::tokens_joined{key, step.element, now});
    incidents.insert(incidents.end(), held.begin(), held.end());
    left -= std::min<std::size_t>(left, now + held.size());
    return now == parked;
  }

  // One element instance of the walk. False: it has to be looked at again.
  bool look_at(const ModificationStep& step, Key key) {
    const ElementInstance& at = *d.s.element(key);
    if (being_stopped(d.s, &at)) return true;
    if (at.extra && !tokens_before(step, at)) return false;
    if (at.element != step.element || at.loop != 0 || at.scope == 0 || is_inner(d.s, at)) return true;
    if (step.kind == ModificationStep::Kind::move) place(step, at.scope);
    if (!being_stopped(d.s, &at)) stop(key);
    --left;
    return true;
  }

  // True: the walk is at its end. `cursor`: the element instance that comes next (0 = the first).
  bool walk(const ModificationStep& step, Key& cursor) {
    if (cursor == 0) cursor = owner.key;
    for (; cursor != 0 && left > 0 && looks > 0; --looks) {
      const Key next = d.s.next_in_tree(cursor);
      if (look_at(step, cursor)) cursor = next;
    }
    return cursor == 0;
  }
};

}  // namespace

void Decider::modify(const Step& step) {
  const Instance& owner = *s.instances.find(step.instance);
  const Program* program = programs.process(s, owner.definition);
  std::vector<ModificationStep> plan;
  std::uint32_t number = step.done;
  Key cursor = (static_cast<Key>(step.element) << 32) | (step.flow == kNoIndex ? 0 : step.flow);
  // A plan whose key is destroyed reads otherwise; its instance is being stopped.
  if (program == nullptr || !decode_plan(step.payload, plan)) return emit(ev::modification_continued{step.instance, 0, 0, true, {}});
  Modifier modifier{*this, *program, owner, {}};
  while (number < plan.size() && modifier.left > 0 && modifier.looks > 0) {
    const ModificationStep& one = plan[number];
    if (one.kind == ModificationStep::Kind::activate) {
      if (s.element(one.key) != nullptr) emit(ev::element_placed{one.key, one.place.element, sealed(one.key, encode_placement(one.place))});
      --modifier.left;
    } else if (one.kind == ModificationStep::Kind::stop_instance) {
      if (const ElementInstance* at = s.element(one.key); at != nullptr && !being_stopped(s, at)) modifier.stop(one.key);
      --modifier.left;
    } else if (!modifier.walk(one, cursor)) {
      break;
    }
    cursor = 0;
    ++number;
  }
  emit(ev::modification_continued{step.instance, number, cursor, number >= plan.size(), std::move(modifier.incidents)});
}

// One token of a modification: the next scope on its way is made, or it begins.
Done Decider::place(const ElementInstance& scope, const Step& step) {
  Placement what;
  if (!decode_placement(step.payload, what)) return {};
  const Program& program = *program_of(scope);
  const ElementProgram& element = program.at(what.element);
  const Entering entering{program, element, scope.key, 0, kNoIndex, false};
  if (what.made) {
    auto made = handlers::make_scope(*this, entering, what.variables);
    if (!made) return std::unexpected(made.error());
    for (const Placement& inner : what.inside) emit(ev::element_placed{*made, inner.element, sealed(*made, encode_placement(inner))});
    return {};
  }
  if (what.after) {
    auto flows = choose_flows(program, element, scope.key);
    if (!flows) return std::unexpected(flows.error());
    emit(ev::flows_taken{scope.key, what.element, std::move(*flows)});
    return {};
  }
  if (joins_tokens(element)) return pass(entering);  // it goes through alone; what waits there goes on waiting
  if (waits_its_turn(entering)) return park(entering);
  const Key youngest = scope.first_child == kNone ? 0 : s.elements.at(scope.first_child).key;
  if (auto done = enter(entering); !done) return done;
  if (what.variables.empty() || scope.first_child == kNone) return {};
  const ElementInstance& begun = s.elements.at(scope.first_child);
  if (begun.key != youngest && begun.element == what.element) emit(ev::variables_set{begun.key, step.instance, true, "", sealed(begun.key, what.variables)});
  return {};
}

}  // namespace engine
