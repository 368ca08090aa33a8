// What people change in instances that run: other versions of their process, standing still.
#include "simulation/history.h"

namespace simulation {

std::string_view name_of(const engine::Command& command) {
  static constexpr std::string_view kNames[] = {"deploy", "create", "cancel", "forget", "activate jobs", "complete job", "fail job", "job error",
      "update job", "publish", "resolve", "set variables", "assign task", "complete task", "update task",
      "evaluate decision", "trigger", "activate elements", "evaluate conditions", "broadcast", "correlate",
      "delete", "retention", "modify", "migrate", "suspend", "resume"};
  static_assert(std::size(kNames) == std::variant_size_v<decltype(engine::Command::body)>);
  return kNames[command.body.index()];
}

// The next version of some process.
std::optional<Action> History::next_version() {
  std::vector<int> next;
  for (std::size_t p = 0; p < package_.processes.size(); ++p) {
    const Process& process = package_.processes[p];
    const int latest = oracle_.latest(process.id);
    if (latest >= 0 && process.version == package_.processes[static_cast<std::size_t>(latest)].version + 1) next.push_back(static_cast<int>(p));
  }
  if (next.empty()) return std::nullopt;
  const int process = next[below(next.size())];
  const Process& one = package_.processes[static_cast<std::size_t>(process)];
  engine::Deploy body;
  body.resources.push_back({one.id + ".bpmn", one.xml});
  body.lenient = true;
  Action action;
  action.what = "deploy " + one.id + " v" + std::to_string(one.version);
  action.command = command(std::move(body));
  action.apply = [=](Oracle& oracle) { return oracle.deploy_next(process); };
  return action;
}

namespace {

// "element: how many" of the answer's rows, in order, beside what the oracle counted.
std::string other_counts(const char* what, const Json& rows, const std::map<std::string, int>& mine) {
  std::map<std::string, int> its;
  for (const Json& row : rows.as_array()) {
    const std::string id = row.has("elementId") ? row["elementId"].string_or("") : row["sourceElementId"].string_or("") + " > " + row["targetElementId"].string_or("");
    its[id] = static_cast<int>(row["count"].int_or(0));
  }
  if (its == mine) return {};
  std::string out = std::string(what) + " is";
  for (const auto& [id, count] : its) out += " " + id + ":" + std::to_string(count);
  out += " and should be";
  for (const auto& [id, count] : mine) out += " " + id + ":" + std::to_string(count);
  return out;
}

std::string other_report(const Json& body, const Migration& mine) {
  if (body["fits"].bool_or(false) != mine.misfit.empty()) return "the dry run says " + body["findings"].dump() + " and should say " + (mine.misfit.empty() ? "that it fits" : mine.misfit);
  std::string wrong;
  for (const auto& [name, counted] : {std::pair{"opened", &mine.opened}, std::pair{"closed", &mine.closed}, std::pair{"kept", &mine.kept}, std::pair{"elements", &mine.elements}})
    if (wrong.empty()) wrong = other_counts(name, body[name], *counted);
  return wrong;
}

}  // namespace

// To any version that is deployed, first as a dry run: what that says is what happens.
void History::migrate(std::vector<Action>& actions, Oracle& next, const Tree& tree) {
  std::vector<std::pair<int, int>> ways;  // a process instance, and where it may go
  for (const auto& [number, act] : tree.acts) {
    if (act.node >= 0) continue;
    const Process& now = package_.processes[static_cast<std::size_t>(act.process)];
    for (int version = 1; version <= package_.processes[static_cast<std::size_t>(oracle_.latest(now.id))].version; ++version)
      if (version != now.version || chance(5)) ways.emplace_back(number, package_.find(now.id, version));
  }
  if (ways.empty()) return;
  const auto [root, target] = ways[below(ways.size())];
  const Process &from = package_.processes[static_cast<std::size_t>(tree.acts.at(root).process)], &to = package_.processes[static_cast<std::size_t>(target)];
  Renamed renamed;
  if (to.version == from.version + 1) renamed = to.renamed;
  if (to.version + 1 == from.version)
    for (const auto& [old, now] : from.renamed) renamed.emplace_back(now, old);
  if (!chance(10)) std::erase_if(renamed, [&, &from = from, &to = to](const auto& one) { return from.find(one.first) < 0 || to.find(one.second) < 0; });
  if (chance(10))  // an event that is given up, and opened anew
    for (const Node& node : from.nodes)
      if (node.is(ElementType::boundary_event) && node.kind() != EventKind::compensation && chance(30)) renamed.emplace_back(node.id, "");
  engine::MigrateInstance body;
  body.instance = keys_of(tree).elements.at(root);
  body.definition = seen_.definitions.at({to.id, to.version});
  for (const auto& [old, now] : renamed) body.mapping.push_back({old, now});
  const int number = tree.number;
  const std::string what = "migrate " + from.id + " v" + std::to_string(from.version) + " to v" + std::to_string(to.version);
  Action trial, real;
  real.what = what;
  real.command = command(body);
  real.apply = [=, root = root, target = target](Oracle& oracle) { return oracle.migrate(number, root, target, renamed); };
  body.dry_run = true;
  trial.what = "dry run: " + what;
  trial.command = command(body);
  trial.apply = [](Oracle&) { return true; };
  const Migration mine = oracle_.check_migration(tree, root, target, renamed);
  trial.check = [mine](const engine::Answer& answer) { return other_report(answer.body, mine); };
  out_.coverage.seen(mine.misfit.empty() ? "migration: fits" : "migration: refused");
  add(actions, std::move(trial), next, false);
  add(actions, std::move(real), next, false);
}

// Tokens put, moved or stopped: one instruction or two; mostly what is possible, sometimes what is not.
std::optional<Action> History::modify(const Tree& tree) {
  std::vector<int> roots, acts;
  for (const auto& [number, act] : tree.acts)
    if (act.node < 0) roots.push_back(number);
  const int root = roots[below(roots.size())], number = tree.number;
  const int of = tree.acts.at(root).process;
  const Process& process = package_.processes[static_cast<std::size_t>(of)];
  for (const auto& [act_number, act] : tree.acts)
    if (act.process == of && act.node >= 0) acts.push_back(act_number);
  const auto any_node = [&] { return static_cast<int>(below(process.nodes.size())); };
  const auto active_node = [&] { return acts.empty() || chance(10) ? any_node() : tree.acts.at(acts[below(acts.size())]).node; };
  std::vector<Instruction> all;
  const auto kind = below(10);
  if (kind < 4 || kind == 9) all.push_back({Instruction::Kind::activate, -1, any_node(), 0, chance(30)});
  if (kind >= 4 && kind < 7) all.push_back({Instruction::Kind::move, active_node(), any_node(), 0, chance(30)});
  if (kind == 7) all.push_back({Instruction::Kind::stop_all, active_node(), -1, 0, false});
  if (kind >= 8 && !acts.empty()) all.push_back({Instruction::Kind::stop_act, -1, -1, acts[below(acts.size())], false});
  if (all.empty()) return std::nullopt;
  engine::ModifyInstance body;
  body.instance = keys_of(tree).elements.at(root);
  Action action;
  action.what = "modify " + process.id;
  const auto id = [&](int n) { return process.nodes[static_cast<std::size_t>(n)].id; };
  for (const Instruction& one : all) {
    switch (one.kind) {
      case Instruction::Kind::activate: body.activate.push_back({id(one.to), 0, one.after, {}}); action.what += " activate " + id(one.to); break;
      case Instruction::Kind::move: body.move.push_back({id(one.from), id(one.to), one.after, {}}); action.what += " move " + id(one.from) + " to " + id(one.to); break;
      case Instruction::Kind::stop_all: body.terminate.push_back({0, id(one.from)}); action.what += " stop " + id(one.from); break;
      case Instruction::Kind::stop_act: body.terminate.push_back({keys_of(tree).elements.at(one.act), ""}); action.what += " stop one " + id(tree.acts.at(one.act).node); break;
    }
    if (one.after) action.what += " (after)";
  }
  for (const Instruction& one : all) {  // what belongs to another instance of the same process cannot be named here
    int owner = one.act == 0 ? root : one.act;
    while (tree.acts.at(owner).node >= 0) owner = tree.acts.at(owner).parent;
    if (owner != root) return std::nullopt;
  }
  action.command = command(std::move(body));
  action.apply = [=](Oracle& oracle) { return oracle.modify(number, root, all); };
  return action;
}

std::optional<Action> History::suspend_or_resume(const Tree& tree) {
  Action action;
  const int number = tree.number;
  if (tree.suspended) {
    action.what = "resume";
    action.command = command(engine::ResumeInstance{tree.key});
    action.apply = [=](Oracle& oracle) { return oracle.resume(number); };
    return action;
  }
  action.what = "suspend";
  action.command = command(engine::SuspendInstance{tree.key});
  action.apply = [=](Oracle& oracle) { return oracle.suspend(number); };
  return action;
}

}  // namespace simulation
