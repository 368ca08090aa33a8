#include "conformance/token_events.h"

#include <algorithm>


namespace conformance::tokens {

namespace ev = engine::ev;
using bpmn::ElementType;
constexpr engine::Index kNoIndex = 0xffffffff;

void Observer::read(const engine::Driver& engine, std::size_t first) {
  turns_.rest();
  group_ = sent_ = Turns::kNone;
  (void)engine.events([&](const engine::RecordView& record, const auto& event) {
    if (record.consumes) group_ = sent_ = Turns::kNone;
    using E = std::decay_t<decltype(event)>;
    // A job or a user task begins its element as an activation does.
    if constexpr (std::is_same_v<E, ev::job_created> || std::is_same_v<E, ev::user_task_created>) {
      ev::element_activated begun;
      begun.key = event.key;
      begun.scope = event.scope;
      begun.element = event.element;
      see(begun);
    } else {
      see(event);
    }
  }, first);
}

std::map<std::string, int> Observer::alive() const {
  std::map<std::string, int> all;
  for (const auto& [at, tokens] : parked_)
    if (tokens > 0 && open_.contains(at.first) && !added(id_of(open_.at(at.first).instance, at.second))) all[id_of(open_.at(at.first).instance, at.second)] += tokens;
  for (const auto& [key, at] : open_) {
    std::string id = id_of(at.instance, at.element);
    if (const auto renamed = participants_.find(id); renamed != participants_.end()) id = renamed->second;
    if (!added(id)) ++all[id];
  }
  return all;
}

void Observer::count(std::string id) {
  if (added(id)) return;
  if (const auto at = participants_.find(id); at != participants_.end()) id = at->second;
  ++exits[id];
}

int Observer::begin(int cause, Key scope, const std::string& id) {
  if (added(id)) return cause;
  written_.begin(path_[scope], id);
  return group_ = turns_.add(cause, Turns::Kind::begin, path_[scope], id);
}

int Observer::exit(int cause, Key scope, const std::string& id) {
  count(id);
  if (added(id)) return cause;
  written_.exit(path_[scope], id);
  const int line = turns_.add(cause, Turns::Kind::exit, path_[scope], id);
  const auto last = last_.find(scope);
  last_[scope] = last == last_.end() ? line : turns_.later(last->second, line);
  return line;
}

void Observer::take(int cause, Key instance, Key scope, const std::vector<engine::Taken>& flows) {
  for (const engine::Taken& one : flows) {
    if (one.target == kNoIndex) continue;
    int line = cause;
    if (one.flow != kNoIndex) {
      const std::string& id = tables_[definition_[instance]].flows[one.flow];
      const int group = group_;
      line = begin(cause, scope, id);
      group_ = group;
      count(id);
      if (!added(id)) {
        written_.exit(path_[scope], id);
        line = turns_.add(line, Turns::Kind::exit, path_[scope], id);
      }
    }
    coming_[{scope, one.target}].push_back({one.flow, line});
  }
}

int Observer::arrive(Key scope, Index element, Index flow) {
  auto& waiting = coming_[{scope, element}];
  const auto at = flow == kNoIndex ? waiting.begin() : std::find_if(waiting.begin(), waiting.end(), [&](const Coming& one) { return one.flow == flow; });
  if (at != waiting.end()) {
    const int line = at->line;
    waiting.erase(at);
    return line;
  }
  if (const auto by = trigger_.find({scope, element}); by != trigger_.end()) {
    const int line = by->second;
    trigger_.erase(by);
    return line;
  }
  return sent_ != Turns::kNone ? sent_ : group_;
}

// An event element of an instance (or the instance itself) gets what it waits for. Upstream signals a waiting element
// where it stands: a line of a scope that has begun.
void Observer::triggered(Key element_instance, Index event, int cause, bool waited) {
  const auto found = open_.find(element_instance);
  if (found == open_.end()) return;
  const At at = found->second;
  if (event == at.element) {
    if (waited) signalled_[element_instance] = hidden(cause);
    return;
  }
  trigger_[{element_instance, event}] = cause;
  if (is(at.instance, event, ElementType::end_event)) cancels_[element_instance] = cause;
  const engine::ElementRow& start = row(at.instance, event);
  if (start.type == static_cast<std::uint8_t>(ElementType::start_event) && is(at.instance, start.parent, ElementType::event_sub_process)) trigger_[{element_instance, start.parent}] = cause;
  // A boundary event begins in the scope around what it stands at; so does an event behind an event-based gateway.
  trigger_[{at.scope, event}] = cause;
}

void Observer::see(const ev::process_deployed& e) { tables_[e.key] = {e.elements, e.flows}; }

void Observer::see(const ev::instance_created& e) {
  definition_[e.instance] = e.definition;
  open_[e.instance] = {e.instance, 0, 0};
  std::string id = id_of(e.instance, 0);
  if (const auto at = participants_.find(id); at != participants_.end()) id = at->second;
  path_[e.instance] = written_.child("", id);
  last_[e.instance] = begun_[e.instance] = hidden(sent_);
  for (const Index start : e.enter) coming_[{e.instance, start}].push_back({kNoIndex, begun_[e.instance]});
}

void Observer::see(const ev::instance_completed& e) {
  count(id_of(e.instance, 0));
  open_.erase(e.instance);
}

void Observer::see(const ev::instance_terminated& e) { open_.erase(e.instance); }

void Observer::see(const ev::element_activated& e) {
  if (!open_.contains(e.key)) {
    const Key instance = open_[e.scope].instance;
    const std::string id = id_of(instance, e.element);
    open_[e.key] = At{instance, e.element, e.scope};
    path_[e.key] = written_.child(path_[e.scope], id);
    last_[e.key] = begun_[e.key] = begin(arrive(e.scope, e.element), e.scope, id);
  }
  for (const Index start : e.enter) coming_[{e.key, start}].push_back({kNoIndex, begun_[e.key]});
}

void Observer::see(const ev::subscription_opened& e) { subscriptions_[e.subscription] = {e.element_instance, e.element}; }

// A message flow is signalled and left, then its target has its message.
void Observer::see(const ev::message_published& e) {
  sent_ = group_;
  if (!e.name.starts_with("flow-")) return;
  count(e.name.substr(5));
  sent_ = hidden(hidden(group_));
}

void Observer::see(const ev::signal_broadcast&) { sent_ = group_; }

void Observer::see(const ev::message_correlated& e) {
  if (const auto at = subscriptions_.find(e.subscription); at != subscriptions_.end() && at->second.first != 0) triggered(at->second.first, at->second.second, sent_, true);
}

void Observer::see(const ev::element_triggered& e) {
  triggered(e.element_instance, e.event, group_, group_ == Turns::kNone);
}

void Observer::see(const ev::token_parked& e) {
  const Key instance = open_[e.scope].instance;
  ++parked_[{e.scope, e.element}];
  joins_[{e.scope, e.element}] = begin(arrive(e.scope, e.element, e.flow), e.scope, id_of(instance, e.element));
  waits_ = false;
}

void Observer::see(const ev::element_passed& e) {
  const Key instance = open_[e.scope].instance;
  const std::string id = id_of(instance, e.element);
  if (!e.joined.empty()) parked_[{e.scope, e.element}] -= static_cast<int>(e.joined.size());
  // At an inclusive join every token was parked; elsewhere the one that passes begins now.
  int line = Turns::kNone;
  if (!e.joined.empty() && is(instance, e.element, ElementType::inclusive_gateway)) line = waits_ ? turns_.later(joins_[{e.scope, e.element}], last_[e.scope]) : joins_[{e.scope, e.element}];
  else line = begin(arrive(e.scope, e.element), e.scope, id);
  // A link is caught before its throwing event is left.
  if (!e.flows.empty() && e.flows[0].flow == kNoIndex) take(line, instance, e.scope, {e.flows[0]});
  line = exit(line, e.scope, id);
  if (e.flows.empty() || e.flows[0].flow != kNoIndex) take(line, instance, e.scope, e.flows);
}

void Observer::see(const ev::element_completed& e) {
  const At at = open_[e.key];
  open_.erase(e.key);
  // Upstream does not leave an event-based gateway: the event behind it is signalled where it stands.
  if (!e.flows.empty() && e.flows[0].target == kNoIndex) return;
  int cause = ended_.contains(e.key) ? ended_[e.key] : signalled_.contains(e.key) ? signalled_[e.key] : last_[e.key];
  if (compensates_.contains(e.key)) cause = hidden(cause);  // it is signalled when all is compensated
  const int line = exit(cause, at.scope, id_of(at.instance, at.element));
  take(line, at.instance, at.scope, e.flows);
  if (const auto by = compensator_.find(e.key); by != compensator_.end()) last_[by->second] = turns_.later(last_[by->second], line);
}

// A boundary event begins where it interrupts; that of a cancel before the compensation.
void Observer::see(const ev::element_terminating& e) {
  const At at = open_[e.key];
  if (e.then == engine::Then::complete_scope) ended_[e.key] = group_;
  if (e.then == engine::Then::cancel && e.event != 0) {
    last_[e.key] = begin(cancels_[e.key], at.scope, id_of(at.instance, e.event));
    canceled_.insert(e.key);
  }
  if (!canceled_.contains(e.key) && e.then == engine::Then::take_event && is(at.instance, e.event, ElementType::boundary_event))
    last_[e.key] = begin(arrive(at.scope, e.event), at.scope, id_of(at.instance, e.event));
}

void Observer::see(const ev::element_terminated& e) {
  const At at = open_[e.key];
  if (e.event != 0) {  // an interrupted activity is left, and so is the boundary event
    exit(last_[e.key], at.scope, id_of(at.instance, at.element));
    const int line = exit(last_[e.key], at.scope, id_of(at.instance, e.event));
    take(line, at.instance, at.scope, e.flows);
  }
  open_.erase(e.key);
}

// Upstream compensates in the scope of what was completed; here its replica, or the throwing event, stands for it.
void Observer::see(const ev::compensation_started& e) {
  if (e.replica != 0) {
    open_[e.replica] = At{open_[e.by].instance, e.element, e.scope};
    path_[e.replica] = path_[e.key];
    compensator_[e.replica] = e.by;
    last_[e.replica] = begun_[e.replica] = last_[e.by];
  } else if (e.key != e.by) {
    path_[e.by] = path_[e.scope];
  }
  const Key where = e.replica != 0 ? e.replica : e.by;
  if (e.enter != 0) coming_[{where, e.enter}].push_back({kNoIndex, last_[e.by]});
}

void Observer::see(const ev::compensation_thrown& e) {
  if (!e.cancels) compensates_.insert(e.key);
}

}  // namespace conformance::tokens
