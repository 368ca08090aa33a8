// Does everything that is alive in the instance fit the target? One walk over the instance, one over its ready steps.
#include <algorithm>
#include <unordered_set>

#include "engine/runtime/limits.h"
#include "engine/change/migration.h"

namespace engine {

using bpmn::ElementType;

namespace {

bool container(const ElementProgram& e) {
  return e.is(ElementType::sub_process) || e.is(ElementType::event_sub_process) || e.is(ElementType::transaction) || e.is(ElementType::ad_hoc_sub_process) ||
         e.is(ElementType::call_activity);
}
bool task(const ElementProgram& e) {
  return e.is(ElementType::task) || e.is(ElementType::service_task) || e.is(ElementType::user_task) || e.is(ElementType::manual_task) || e.is(ElementType::send_task) ||
         e.is(ElementType::receive_task) || e.is(ElementType::script_task) || e.is(ElementType::business_rule_task);
}
// Is it done by a worker? As the handlers of tasks/tasks.cc decide.
bool done_by_job(const ElementProgram& e) {
  const auto is = [&](ElementType type) { return e.is(type) || (e.is(ElementType::call_activity) && e.global == static_cast<std::uint8_t>(type)); };
  if (is(ElementType::service_task)) return true;
  if (is(ElementType::script_task)) return !e.script && e.job_type;
  if (is(ElementType::business_rule_task)) return !e.decision && e.job_type;
  return (is(ElementType::send_task) || is(ElementType::intermediate_throw_event) || is(ElementType::end_event)) && e.job_type;
}
bool waits_itself(const ElementProgram& e) { return e.is(ElementType::receive_task) || e.is(ElementType::intermediate_catch_event); }
bool is_transaction_or_embedded(const ElementProgram& e) { return e.is(ElementType::sub_process) || e.is(ElementType::transaction); }
bool joins(const ElementProgram& e) {
  return e.incoming.size() > 1 && (e.is(ElementType::parallel_gateway) || e.is(ElementType::inclusive_gateway) || e.is(ElementType::complex_gateway));
}

struct Check {
  Decider& d;
  const Instance& owner;
  const MigrationTables& t;
  MigrationReport report;
  std::unordered_set<Key> not_begun;     // items whose own work is a step that waits
  std::size_t evaluations = 0;
  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(t.source.elements.size(), 0);

  void add(Misfit code, Index element, Key instance, Index other = kNoIndex) {
    add({code, t.source.at(element).id, instance, other == kNoIndex ? std::string() : t.target.at(other).id});
  }
  void add(Finding finding) {
    ++report.found;
    if (report.findings.size() < limits::kMigrationFindings) report.findings.push_back(std::move(finding));
  }

  // A token that is on its way into an element, or waits at it.
  void token(Index element, Index flow, Key scope) {
    const Index to = t.of(element);
    if (to == kNoIndex) return add(Misfit::no_target, element, scope);
    if (t.target.at(to).parent != t.of(t.source.at(element).parent)) return add(Misfit::scope_changed, element, scope, to);
    if (t.source.at(element).attached_to != kNoIndex || t.target.at(to).attached_to != kNoIndex) return add(Misfit::type_changed, element, scope, to);
    if (flow != kNoIndex && joins(t.target.at(to)) && t.flows[flow] == kNoIndex) add(Misfit::flow_lost, element, scope, to);
  }

  void step(const Step& step) {
    const bool listened = step.kind == StepKind::begin || step.kind == StepKind::complete || step.kind == StepKind::terminate;
    if (step.kind == StepKind::task || (listened && step.done > 0)) listening(step.key);
    if (step.kind == StepKind::begin) not_begun.insert(step.key);
    else if (step.kind == StepKind::enter) token(step.element, step.flow, step.key);
    else if (step.kind == StepKind::place || step.kind == StepKind::modify) add(Misfit::modification_pending, step.element < t.source.elements.size() ? step.element : 0, step.key);
    else if ((step.kind == StepKind::trigger || step.kind == StepKind::attach) && (step.element >= t.elements.size() || t.of(step.element) == kNoIndex))
      add(Misfit::trigger_lost, step.element < t.elements.size() ? step.element : 0, step.key);
  }

  void listening(Key key) {
    if (const ElementInstance* at = d.s.element(key)) add(Misfit::listener_active, at->element, key);
  }

  void type(const ElementInstance& at, const ElementProgram& from, const ElementProgram& to) {
    const bool special = at.extra && (at.extra->compensation.replica || at.extra->compensation.active);
    bool fits = from.type == to.type;
    if (special) {
    } else if (at.body || not_begun.contains(at.key)) {
      fits = task(to) || container(to);
    } else if (at.work != 0 && d.s.jobs.find(at.work) != nullptr) {
      const bool asks = from.is(ElementType::ad_hoc_sub_process);  // its worker says what is done in it
      if (asks ? !to.is(ElementType::ad_hoc_sub_process) || !to.job_type : !done_by_job(to)) return add(Misfit::job_lost, from.index, at.key, to.index);
      fits = true;
    } else if (at.work != 0 && d.s.user_tasks.find(at.work) != nullptr) {
      fits = to.is(ElementType::user_task) || (to.is(ElementType::call_activity) && to.global == static_cast<std::uint8_t>(ElementType::user_task));
    } else if (at.work != 0 && d.s.element(at.work) != nullptr) {
      fits = to.is(ElementType::call_activity) && to.global == kProcessType;
    } else if (is_transaction_or_embedded(from) && is_transaction_or_embedded(to)) {
      fits = from.type == to.type || at.life != Life::terminating;  // a transaction that is being canceled stays one
    } else if (at.life == Life::active && waits_itself(from) && waits_itself(to)) {
      if (!waits_alike(from, to)) return add(Misfit::wait_changed, from.index, at.key, to.index);
      fits = true;
    } else if (task(from) && task(to)) {
      fits = fits || at.life != Life::active || has_incident(at);
    }
    if (!fits) add(Misfit::type_changed, from.index, at.key, to.index);
  }
  bool waits_alike(const ElementProgram& from, const ElementProgram& to) const { return stays(t, from.index) && from.definitions() == to.definitions(); }
  bool has_incident(const ElementInstance& at) const { return at.extra && !at.extra->incidents.empty(); }

  void loop(const ElementInstance& at, const ElementProgram& from, const ElementProgram& to) {
    if (at.loop != 0) return;  // its body says it
    const bool special = at.extra && at.extra->compensation.replica;
    bool same = at.body ? to.loop != nullptr : to.loop == nullptr || special;
    if (at.body && same) same = from.loop->standard == to.loop->standard && from.loop->sequential == to.loop->sequential;
    if (!same) add(Misfit::loop_changed, from.index, at.key, to.index);
  }

  void notes(const ElementInstance& at) {
    const Extra& more = *at.extra;
    if (more.listener != 0 || more.change.phase != ListenerPhase::none) listening(at.key);
    for (Index index : more.held) token(index, kNoIndex, at.key);
    for (const Parked& one : more.parked) token(one.element, one.flow, at.key);
    for (const Phase& one : more.phases) {
      const Index to = t.of(one.element);
      if (to == kNoIndex) add(Misfit::no_target, one.element, at.key);
      else if (!t.target.at(to).is(ElementType::complex_gateway) || !t.target.at(to).activation) add(Misfit::type_changed, one.element, at.key, to);
      else for (Index flow : one.flows) if (t.flows[flow] == kNoIndex) { add(Misfit::flow_lost, one.element, at.key, to); break; }
    }
    for (const Handler& one : more.completed)
      if (t.of(one.element) == kNoIndex || t.of(one.handler) == kNoIndex) add(Misfit::compensation_lost, one.element, at.key);
    if (at.life == Life::terminating && t.of(more.then_event) == kNoIndex) add(Misfit::trigger_lost, more.then_event, at.key);
    for (Index index : {more.compensation.activity, more.compensation.event, more.compensation.after})
      if (t.of(index) == kNoIndex) add(Misfit::compensation_lost, index, at.key);
    for (Key key : more.incidents) {
      Step held;
      if (const Incident* one = d.s.incidents.find(key); !one->step.empty() && decode_step(one->step, held) && held.kind != StepKind::begin) step(held);
    }
  }

  void waiting(const ElementInstance& at) {
    const auto count = [&](Index event) {
      if (goes_on(t, at, event)) ++report.kept[{event, t.of(event)}];
      else ++report.closed[event];
    };
    for (Key key : at.timers) count(d.s.timers.find(key)->element);
    for (Key key : at.subscriptions) count(d.s.subscriptions.find(key)->element);
    for (Index event : openings(d.s, t, at)) {
      ++report.opened[event];
      if (++evaluations > limits::kMigrationEvaluations) continue;
      if (auto made = d.waits(t.target, {event}, at.key, at.key); !made) add({Misfit::expression_failed, t.target.at(event).id, at.key, made.error().kind});
    }
  }

  void element(const ElementInstance& at) {
    const ElementProgram& from = t.source.at(at.element);
    const Index to = t.of(at.element);
    if (to == kNoIndex) return add(Misfit::no_target, from.index, at.key);
    ++counts[from.index];
    if (at.scope != 0 && t.target.at(to).parent != t.of(from.parent)) return add(Misfit::scope_changed, from.index, at.key, to);
    if (at.extra)
      for (Key key : at.extra->incidents) {  // what failed to begin has not begun
        Step held;
        if (const Incident* one = d.s.incidents.find(key); decode_step(one->step, held) && held.kind == StepKind::begin) not_begun.insert(at.key);
      }
    type(at, from, t.target.at(to));
    loop(at, from, t.target.at(to));
    if (at.extra) notes(at);
    waiting(at);
  }
};

}  // namespace

base::Result<MigrationReport> check_migration(Decider& d, const Instance& owner, const MigrationTables& tables, std::vector<Finding> faults) {
  Check check{d, owner, tables, {}, {}};
  for (Finding& one : faults) check.add(std::move(one));
  if (d.s.element(owner.key)->life == Life::terminating) check.add({Misfit::ending, tables.source.at(0).id, owner.key, {}});
  for (Handle h = owner.ready_first; h != kNone; h = d.s.step_next[h]) check.step(d.s.steps[h]);
  std::size_t seen = 0;
  for (const ElementInstance* at = d.s.element(owner.key); at != nullptr; at = d.s.next_in_tree(*at)) {
    if (++seen > limits::kMigrationElements) return base::fail(base::ErrorCode::limit_exceeded, "the process instance has more than kMigrationElements element instances");
    check.element(*at);
  }
  for (Index i = 0; i < check.counts.size(); ++i)
    if (check.counts[i] != 0) check.report.elements[{i, tables.of(i)}] = check.counts[i];
  return std::move(check.report);
}

}  // namespace engine
