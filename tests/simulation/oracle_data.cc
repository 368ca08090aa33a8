// Variables in scopes: a name is looked up from the element outwards; what is brought goes to the nearest scope that has
// the name, else to the process.
#include "simulation/oracle.h"

namespace simulation {

// A called process sees nothing of its caller: it was given what it knows when it began.
const Json* Oracle::look(const Tree& tree, int act, const std::string& name) const {
  for (auto at = tree.acts.find(act); at != tree.acts.end(); at = tree.acts.find(at->second.parent)) {
    const auto found = at->second.variables.find(name);
    if (found != at->second.variables.end()) return &found->second;
    if (at->second.node < 0) return nullptr;
  }
  return nullptr;
}

Json Oracle::value(const Tree& tree, int act, const Expr& expr, const Variables& over) const {
  return compute(expr, [&](const std::string& name) -> const Json* {
    const auto found = over.find(name);
    return found != over.end() ? &found->second : look(tree, act, name);
  });
}

// A later mapping sees the earlier ones.
Variables Oracle::mapped(const Tree& tree, int act, const std::vector<Mapping>& mappings, const Variables& over) const {
  Variables out, seen = over;
  for (const Mapping& one : mappings) {
    out[one.target] = value(tree, act, one.source, seen);
    seen[one.target] = out[one.target];
  }
  return out;
}

void Oracle::written(Tree& tree) {
  bool any = false;
  for (const auto& [number, act] : tree.acts)
    for (const Wait& wait : act.waits) any = any || wait.kind == EventKind::conditional;
  for (const Move& move : tree.moves)
    if (move.kind == Move::Kind::conditions) return;
  if (!any) return;
  Move look;
  look.kind = Move::Kind::conditions;
  look.act = 1;
  push(tree, look);
}

void Oracle::propagate(Tree& tree, int act, const Variables& variables) {
  for (const auto& [name, value] : variables) {
    int target = act;
    while (tree.acts.at(target).node >= 0 && !tree.acts.at(target).variables.contains(name)) target = tree.acts.at(target).parent;
    tree.acts.at(target).variables[name] = value;
  }
  if (!variables.empty()) written(tree);
}

Variables Oracle::visible(const Tree& tree, int act) const {
  Variables all;
  for (auto at = tree.acts.find(act); at != tree.acts.end(); at = tree.acts.find(at->second.parent)) {
    for (const auto& [name, value] : at->second.variables) all.try_emplace(name, value);
    if (at->second.node < 0) break;
  }
  return all;
}

}  // namespace simulation
