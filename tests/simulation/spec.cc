#include "simulation/spec.h"

#include <functional>

namespace simulation {

Expr constant(Json value) {
  Expr e;
  e.op = Expr::Op::constant;
  e.value = std::move(value);
  return e;
}
Expr variable(std::string name) {
  Expr e;
  e.op = Expr::Op::variable;
  e.name = std::move(name);
  return e;
}
Expr call(Expr::Op op, std::vector<Expr> args) {
  Expr e;
  e.op = op;
  e.args = std::move(args);
  return e;
}
Expr at_least(std::string name, int value) { return call(Expr::Op::at_least, {variable(std::move(name)), constant(value)}); }

std::string feel(const Expr& e) {
  const auto both = [&](const char* sign) { return feel(e.args[0]) + sign + feel(e.args[1]); };
  switch (e.op) {
    case Expr::Op::none: return {};
    case Expr::Op::constant: return e.value.dump();
    case Expr::Op::variable: return e.name;
    case Expr::Op::plus: return both(" + ");
    case Expr::Op::less: return both(" < ");
    case Expr::Op::at_least: return both(" >= ");
    case Expr::Op::equals: return both(" = ");
    case Expr::Op::text: return "string(" + feel(e.args[0]) + ")";
    case Expr::Op::negate: return "not(" + feel(e.args[0]) + ")";
  }
  return {};
}

Json compute(const Expr& e, const Lookup& lookup) {
  const auto arg = [&](std::size_t i) { return compute(e.args[i], lookup); };
  switch (e.op) {
    case Expr::Op::none: return {};
    case Expr::Op::constant: return e.value;
    case Expr::Op::variable: {
      const Json* found = lookup(e.name);
      return found == nullptr ? Json() : *found;
    }
    case Expr::Op::plus: {
      const Json a = arg(0), b = arg(1);
      if (a.is_int() && b.is_int()) return Json(a.as_int() + b.as_int());
      if (a.is_string() && b.is_string()) return Json(a.as_string() + b.as_string());
      return {};
    }
    case Expr::Op::less: {
      const Json a = arg(0), b = arg(1);
      return a.is_int() && b.is_int() ? Json(a.as_int() < b.as_int()) : Json();
    }
    case Expr::Op::at_least: {
      const Json a = arg(0), b = arg(1);
      return a.is_int() && b.is_int() ? Json(a.as_int() >= b.as_int()) : Json();
    }
    case Expr::Op::equals: return Json(arg(0) == arg(1));
    case Expr::Op::text: {
      const Json a = arg(0);
      return a.is_int() ? Json(std::to_string(a.as_int())) : a.is_string() ? a : Json();
    }
    case Expr::Op::negate: {
      const Json a = arg(0);
      return a.is_bool() ? Json(!a.as_bool()) : Json();
    }
  }
  return {};
}

bool Node::scope() const {
  return type == ElementType::sub_process || type == ElementType::event_sub_process || type == ElementType::transaction || type == ElementType::ad_hoc_sub_process;
}

int Process::find(const std::string& wanted) const {
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (nodes[n].id == wanted) return static_cast<int>(n);
  return -1;
}

int Package::find(const std::string& process, int version) const {
  for (std::size_t p = 0; p < processes.size(); ++p)
    if (processes[p].id == process && processes[p].version == version) return static_cast<int>(p);
  return -1;
}

// BPMN 2.0.2 section 13.5.1: none start events, and everything else that no flow leads to and nothing else begins.
std::vector<int> starts_of(const Process& process, int scope) {
  std::vector<int> all;
  const bool event = scope >= 0 && process.nodes[static_cast<std::size_t>(scope)].is(ElementType::event_sub_process);
  for (std::size_t n = 0; n < process.nodes.size(); ++n) {
    const Node& node = process.nodes[n];
    if (node.parent != scope || node.is(ElementType::event_sub_process) || node.is(ElementType::boundary_event)) continue;
    if (node.for_compensation || node.instantiate || !node.incoming.empty()) continue;
    if (node.is(ElementType::intermediate_catch_event) && node.kind() == EventKind::link) continue;
    if (node.is(ElementType::start_event) && node.kind() != EventKind::none && !event) continue;
    all.push_back(static_cast<int>(n));
  }
  return all;
}

int trigger_of(const Process& process, int event_sub_process) {
  for (std::size_t n = 0; n < process.nodes.size(); ++n)
    if (process.nodes[n].parent == event_sub_process && process.nodes[n].is(ElementType::start_event)) return static_cast<int>(n);
  return -1;
}

std::vector<int> event_sub_processes(const Process& process, int scope) {
  std::vector<int> all;
  for (std::size_t n = 0; n < process.nodes.size(); ++n)
    if (process.nodes[n].parent == scope && process.nodes[n].is(ElementType::event_sub_process)) all.push_back(static_cast<int>(n));
  return all;
}

}  // namespace simulation
