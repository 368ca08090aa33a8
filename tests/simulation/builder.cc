#include "simulation/builder.h"

namespace simulation {

int Builder::node(ElementType type, int scope, const char* prefix) {
  Node made;
  made.type = type;
  made.parent = scope;
  made.id = p.id + "_" + prefix + std::to_string(++next_);
  p.nodes.push_back(std::move(made));
  return static_cast<int>(p.nodes.size()) - 1;
}

int Builder::flow(int from, int to, Expr condition) {
  const int made = static_cast<int>(p.flows.size());
  p.flows.push_back({p.id + "_f" + std::to_string(first_ + made), from, to, std::move(condition)});
  at(from).outgoing.push_back(made);
  at(to).incoming.push_back(made);
  return made;
}

Chain Builder::join(Chain a, Chain b) {
  if (a.first < 0) return b;
  flow(a.last, b.first);
  return {a.first, b.last};
}

int Builder::pick(std::initializer_list<int> weights) {
  int sum = 0;
  for (int weight : weights) sum += weight;
  int left = below(sum), index = 0;
  for (int weight : weights) {
    if (left < weight) return index;
    left -= weight;
    ++index;
  }
  return 0;
}

Expr Builder::condition() { return at_least("v" + std::to_string(below(4)), 2 + below(7)); }

// Names are the element's own, so that what comes is for this element of one instance (the correlation key `ck`).
Event Builder::event(EventKind kind, const std::string& id, bool repeats) {
  Event e;
  e.kind = kind;
  switch (kind) {
    case EventKind::message:
      e.name = "m_" + id;
      e.correlation = variable("ck");
      break;
    case EventKind::signal: e.name = "s_" + id; break;
    case EventKind::conditional: e.condition = call(Expr::Op::equals, {variable("c_" + id), constant(true)}); break;
    case EventKind::timer:
      e.timer = bpmn::TimerKind::duration;
      e.wait = 1000 * (1 + below(600)) + (next_ * 7) % 1000;  // hardly ever two at the same moment
      if (repeats && chance(60)) {
        e.timer = bpmn::TimerKind::cycle;
        e.times = chance(25) ? -1 : 1 + below(3);
        if (e.times < 0) e.wait *= 50;
        if (e.times < 0 && chance(50)) {
          static constexpr Millis kEvery[] = {15 * 60'000, 20 * 60'000, 30 * 60'000, 60 * 60'000};
          e.cron = true;
          e.wait = kEvery[below(4)];
        }
      } else if (chance(20)) {
        e.timer = bpmn::TimerKind::date;
        e.wait = date_ + 1000 * below(4000) + next_;
      }
      break;
    default: break;
  }
  return e;
}

int Builder::job(int scope, bool worker_only) {
  const int made = worker_only || chance(70) ? node(ElementType::service_task, scope, "job") : node(ElementType::user_task, scope, "user");
  Node& n = at(made);
  n.job = n.is(ElementType::service_task);
  if (chance(20)) n.inputs.push_back({call(Expr::Op::plus, {variable("v" + std::to_string(below(4))), constant(1)}), "in_" + n.id});
  if (chance(15)) n.outputs.push_back({variable("r_" + n.id), "out_" + n.id});
  return made;
}

int Builder::task(int scope) {
  switch (pick({2, 6, 4, 2, 2, 3, 2, 3})) {
    case 0: return node(ElementType::task, scope, "task");
    case 1:
    case 2: return job(scope);
    case 3: return node(ElementType::manual_task, scope, "manual");
    case 4: {
      const int made = node(ElementType::business_rule_task, scope, "rule");
      at(made).result = "d_" + at(made).id;
      if (chance(70)) at(made).decision = "dobbelt";
      else at(made).job = true;
      return made;
    }
    case 5: {
      const int made = node(ElementType::script_task, scope, "script");
      at(made).script = call(Expr::Op::plus, {variable("v" + std::to_string(below(4))), constant(below(9))});
      at(made).result = "x_" + at(made).id;
      return made;
    }
    case 6: {
      const int made = node(ElementType::send_task, scope, "send");
      if (chance(40)) at(made).job = true;
      else at(made).events.push_back(event(EventKind::message, at(made).id));
      return made;
    }
    default: {
      const int made = node(ElementType::receive_task, scope, "receive");
      at(made).events.push_back(event(EventKind::message, at(made).id));
      return made;
    }
  }
}

int Builder::event_node(ElementType type, int scope, EventKind kind) {
  const int made = node(type, scope, type == ElementType::end_event ? "end" : type == ElementType::start_event ? "start" : type == ElementType::intermediate_catch_event ? "catch" : "throw");
  if (kind != EventKind::none) at(made).events.push_back(event(kind, at(made).id));
  return made;
}

int Builder::end(int scope, EventKind kind) { return event_node(ElementType::end_event, scope, kind); }

}  // namespace simulation
