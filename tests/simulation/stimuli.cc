// What clients do: mostly what the instances wait for, sometimes what nobody waits for.
#include <algorithm>
#include <cstdio>

#include "base/packed.h"
#include "simulation/canonical.h"
#include "simulation/history.h"

namespace simulation {

namespace {

Json object(const Variables& variables) {
  Json out = Json::object();
  for (const auto& [name, value] : variables) out.set(name, value);
  return out;
}

}  // namespace

engine::Command History::command(decltype(engine::Command::body) body) {
  engine::Command out;
  out.authority = "29189846";
  out.actor = "simulator";
  out.idempotency_key = "k" + std::to_string(++serial_);
  out.body = std::move(body);
  return out;
}

// What every instance begins with.
Variables History::data() {
  Variables out;
  for (int i = 0; i < 4; ++i) out["v" + std::to_string(i)] = Json(static_cast<std::int64_t>(below(10)));
  Json list = Json::array();
  for (std::uint64_t n = below(4); n > 0; --n) list.push(static_cast<std::int64_t>(n));
  out["lst"] = list;
  out["ck"] = Json("ck" + std::to_string(++serial_));
  out["hemmelig"] = Json("plain secret of " + std::to_string(seed_));
  return out;
}

// A worker's answer: the variable of its element, now and then one that conditions read.
Variables History::results(const Tree&, const Act& act) {
  Variables out;
  out["r_" + oracle_.id(act)] = Json(static_cast<std::int64_t>(below(10)));
  if (chance(15)) out["v" + std::to_string(below(4))] = Json(static_cast<std::int64_t>(below(10)));
  if (chance(10)) out.clear();
  return out;
}

Action History::create(int process) {
  const Variables variables = data();
  engine::CreateInstance body;
  body.process_id = package_.processes[static_cast<std::size_t>(process)].id;
  body.variables = object(variables);
  Action action;
  const std::string id = body.process_id;
  action.what = "create " + id;
  action.command = command(std::move(body));
  action.apply = [=](Oracle& oracle) { return oracle.create(oracle.latest(id), variables) > 0; };
  return action;
}

// Keys of what the oracle speaks of: both sides are equal, so they are walked together.
const History::Keys& History::keys_of(const Tree& tree) {
  const auto [found, fresh] = keys_.try_emplace(tree.number);
  if (!fresh) return found->second;
  const std::function<void(const View&, const View&)> walk = [&](const View& mine, const View& its) {
    const int act = static_cast<int>(mine.handle);
    found->second.elements[act] = its.handle;
    for (std::size_t i = 0; i < mine.facts.size(); ++i) {
      const std::string& text = mine.facts[i].text;
      if (text.starts_with("job ")) found->second.jobs[act] = its.facts[i].handle;
      if (text == "task") found->second.tasks[act] = its.facts[i].handle;
      if (text.starts_with("incident ")) found->second.incidents[static_cast<int>(mine.facts[i].handle)] = its.facts[i].handle;
    }
    for (std::size_t i = 0; i < mine.children.size(); ++i) walk(mine.children[i], its.children[i]);
  };
  if (const auto root = roots_.find(tree.key); root != roots_.end()) walk(oracle_.view(tree), *root->second);
  return found->second;
}

std::optional<Action> History::of_incident(const Tree& tree) {
  const Incident& incident = tree.incidents[below(tree.incidents.size())];
  const auto& keys = keys_of(tree);
  const auto found = keys.incidents.find(incident.number);
  if (found == keys.incidents.end()) return std::nullopt;
  Action action;
  const int number = tree.number, which = incident.number, scope = incident.act;
  if (!incident.of_job && chance(60)) {  // what was missing, where it was missing
    Variables variables = data();
    if (incident.kind == "UNHANDLED_ERROR_EVENT") return std::nullopt;
    for (const Node& node : package_.processes[static_cast<std::size_t>(tree.acts.at(scope).process)].nodes)
      if (node.type == ElementType::service_task && chance(30)) variables["r_" + node.id] = Json(1);
    action.what = "set variables for an incident";
    action.command = command(engine::SetVariables{keys.elements.at(scope), object(variables), false});
    action.apply = [=](Oracle& oracle) { return oracle.set_variables(number, scope, false, variables); };
    return action;
  }
  action.what = "resolve " + incident.kind;
  action.command = command(engine::ResolveIncident{found->second});
  action.apply = [=](Oracle& oracle) { return oracle.resolve(number, which); };
  return action;
}

// The worker of an ad-hoc sub-process: what is done next, or nothing more.
Action History::answer_ad_hoc(const Tree& tree, const Act& act, Key job, const Variables& variables) {
  const Process& process = package_.processes[static_cast<std::size_t>(act.process)];
  const auto starts = starts_of(process, act.node);
  const bool fulfilled = chance(30), cancels = fulfilled && !tree.suspended && chance(50);
  std::vector<std::pair<int, Variables>> next;
  Json wanted = Json::array();
  for (std::uint64_t n = fulfilled ? 0 : below(4); n > 0; --n) {
    const int start = starts[below(starts.size())];
    Variables own;
    if (chance(50)) own["own_" + process.nodes[static_cast<std::size_t>(start)].id] = Json(static_cast<std::int64_t>(below(10)));
    next.emplace_back(start, own);
    wanted.push(Json(Json::Object{{"elementId", process.nodes[static_cast<std::size_t>(start)].id}, {"variables", object(own)}}));
  }
  Action action;
  const int number = tree.number, who = act.number;
  action.what = "answer " + oracle_.id(act) + " with " + std::to_string(next.size()) + (fulfilled ? " done" : "") + (cancels ? " canceling" : "");
  action.command = command(engine::CompleteJob{job, object(variables), Json(Json::Object{{"activateElements", wanted}, {"isCompletionConditionFulfilled", fulfilled}, {"isCancelRemainingInstances", cancels}})});
  action.apply = [=](Oracle& oracle) { return oracle.answer_ad_hoc(number, who, variables, next, fulfilled, cancels); };
  return action;
}

std::optional<Action> History::of_act(const Tree& tree, const Act& act) {
  const auto& keys = keys_of(tree);
  const int number = tree.number, who = act.number;
  Action action;
  if (act.task) {
    const Variables variables = results(tree, act);
    action.what = "complete task " + oracle_.id(act);
    action.command = command(engine::CompleteTask{keys.tasks.at(who), object(variables), "done"});
    action.apply = [=](Oracle& oracle) { return oracle.complete_task(number, who, variables); };
    return action;
  }
  if (!act.job) return std::nullopt;
  const Key job = keys.jobs.at(who);
  const Variables variables = results(tree, act);
  const auto kind = below(100);
  if (const auto lease = leases_.find(job); lease != leases_.end()) tolerated_.insert(lease->second.worker), leases_.erase(lease);
  if (kind < 8) {
    const int retries = static_cast<int>(below(3));
    const Millis back_off = chance(50) ? 1000 * static_cast<Millis>(1 + below(60)) : 0;
    if (act.backing_off != 0) return std::nullopt;
    action.what = "fail " + oracle_.id(act) + " retries " + std::to_string(retries);
    action.command = command(engine::FailJob{job, retries, "did not work", back_off, object(variables)});
    action.apply = [=](Oracle& oracle) { return oracle.fail_job(number, who, retries, back_off, variables); };
    return action;
  }
  if (kind < 18) {
    const std::string code = chance(70) && !names_.errors.empty() ? names_.errors[below(names_.errors.size())] : "E" + std::to_string(below(4));
    action.what = "error " + code + " at " + oracle_.id(act);
    action.command = command(engine::ThrowJobError{job, code, "an error", object(variables)});
    action.apply = [=](Oracle& oracle) { return oracle.throw_error(number, who, code, variables); };
    return action;
  }
  if (act.listening == 0 && oracle_.node(act)->is(ElementType::ad_hoc_sub_process)) return answer_ad_hoc(tree, act, job, variables);
  action.what = "complete " + oracle_.id(act);
  action.command = command(engine::CompleteJob{job, object(variables)});
  action.apply = [=](Oracle& oracle) { return oracle.complete_job(number, who, variables); };
  return action;
}

// Something that touches one instance only (or so it should turn out).
std::optional<Action> History::local(const Tree& tree) {
  Action action;
  const int number = tree.number;
  if (tree.key == 0 || !roots_.contains(tree.key)) return std::nullopt;
  const auto kind = below(1000);
  if (kind < 6) {
    action.what = "cancel";
    if (kind < 3) action.command = command(engine::CancelInstance{tree.key});
    else action.command = command(engine::ForgetInstance{tree.key});
    action.apply = [=](Oracle& oracle) { return oracle.cancel(number); };
    return action;
  }
  if (tree.suspended ? chance(30) : kind < 25) return suspend_or_resume(tree);
  if (!tree.incidents.empty() && kind < 700) return of_incident(tree);
  std::vector<const Act*> acts;
  for (const auto& [act_number, act] : tree.acts)
    if (act.job || act.task) acts.push_back(&act);
  std::vector<std::string> conditions;
  for (const auto& [act_number, act] : tree.acts)
    for (const Wait& wait : act.waits)
      if (wait.kind == EventKind::conditional) conditions.push_back(oracle_.package().processes[static_cast<std::size_t>(act.process)].nodes[static_cast<std::size_t>(wait.event)].events[wait.definition].condition.args[0].name);
  if ((!conditions.empty() && kind > 850) || kind > 985) {
    Variables variables;
    if (!conditions.empty()) variables[conditions[below(conditions.size())]] = Json(chance(65));
    else variables["v" + std::to_string(below(4))] = Json(static_cast<std::int64_t>(below(10)));
    int scope = 1;
    for (const auto& [act_number, act] : tree.acts)
      if (act.node < 0 && chance(40)) scope = act_number;
    action.what = "set " + canonical(variables);
    action.command = command(engine::SetVariables{keys_of(tree).elements.at(scope), object(variables), false});
    action.apply = [=](Oracle& oracle) { return oracle.set_variables(number, scope, false, variables); };
    return action;
  }
  for (const auto& [act_number, act] : tree.acts) {  // an ad-hoc sub-process: somebody does more in it
    const Node* node = oracle_.node(act);
    if (node == nullptr || !node->is(ElementType::ad_hoc_sub_process) || act.body || act.inner || act.completing || tree.suspended || !chance(25)) continue;
    const auto starts = starts_of(package_.processes[static_cast<std::size_t>(act.process)], act.node);
    const int start = starts[below(starts.size())], who = act_number;
    action.what = "activate an element of " + node->id;
    action.command = command(engine::ActivateElements{keys_of(tree).elements.at(who), {package_.processes[static_cast<std::size_t>(act.process)].nodes[static_cast<std::size_t>(start)].id}, Json::object()});
    action.apply = [=](Oracle& oracle) { return oracle.activate_elements(number, who, {start}); };
    return action;
  }
  if (acts.empty()) return std::nullopt;
  return of_act(tree, *acts[below(acts.size())]);
}

// A message, a signal, a condition: it may reach several instances or begin one.
std::optional<Action> History::global() {
  Action action;
  std::vector<const Wait*> messages, signals;
  for (const auto& [number, tree] : oracle_.trees())
    for (const auto& [act_number, act] : tree->acts)
      for (const Wait& wait : act.waits) {
        if (wait.kind == EventKind::message) messages.push_back(&wait);
        if (wait.kind == EventKind::signal) signals.push_back(&wait);
      }
  const auto kind = below(100);
  if (kind < 8 && !names_.conditions.empty()) {
    Variables variables = data();
    for (const std::string& name : names_.conditions)
      if (chance(30)) variables[name] = Json(true);
    action.what = "evaluate conditions";
    action.command = command(engine::EvaluateConditions{"", object(variables)});
    action.apply = [=](Oracle& oracle) { oracle.evaluate_conditions(variables); return true; };
    return action;
  }
  if (kind < 35 && !signals.empty()) {
    const std::string name = signals[below(signals.size())]->name;
    if (chance(40)) {
      const Variables variables = chance(50) ? Variables{{"told", Json(static_cast<std::int64_t>(++serial_))}} : Variables();
      action.what = "broadcast " + name;
      action.command = command(engine::BroadcastSignal{name, object(variables)});
      action.apply = [=](Oracle& oracle) { oracle.signal(name, variables); return true; };
      return action;
    }
    for (std::size_t p = 0; p < package_.processes.size(); ++p) {
      const Process& process = package_.processes[p];
      if (!process.id.starts_with("sig")) continue;
      if (std::any_of(process.nodes.begin(), process.nodes.end(), [&](const Node& node) { return node.kind() == EventKind::signal && node.events[0].name == name; })) return create(static_cast<int>(p));
    }
    return std::nullopt;
  }
  engine::PublishMessage body;
  Variables variables{{"told", Json(static_cast<std::int64_t>(++serial_))}};
  if (kind < 80 && !messages.empty()) {
    const Wait* wait = messages[below(messages.size())];
    body.name = wait->name;
    body.correlation_key = wait->key;
    body.ttl_ms = chance(50) ? 0 : 1000 * static_cast<Millis>(1 + below(3600));
  } else {  // for a start event, for something that is not reached yet, or for nobody
    std::vector<const Process*> beginning;
    for (const Process& one : package_.processes)
      if (!one.none_start || std::any_of(one.nodes.begin(), one.nodes.end(), [](const Node& node) { return node.parent < 0 && node.is(ElementType::start_event) && node.kind() == EventKind::message; })) beginning.push_back(&one);
    const bool begins = !beginning.empty() && chance(50);
    const Process& process = begins ? *beginning[below(beginning.size())] : package_.processes[below(package_.processes.size())];
    std::vector<const Node*> nodes;
    for (const Node& node : process.nodes)
      if (node.kind() == EventKind::message && !node.is(ElementType::end_event) && !node.is(ElementType::intermediate_throw_event) && !node.is(ElementType::send_task)) nodes.push_back(&node);
    if (nodes.empty()) return std::nullopt;
    const Node* node = nodes[below(nodes.size())];
    body.name = node->events[0].name;
    if (node->parent < 0 && (node->is(ElementType::start_event) || !process.none_start)) {
      for (auto& [name, value] : data()) variables[name] = value;
    } else if (!oracle_.trees().empty()) {
      auto tree = oracle_.trees().begin();
      std::advance(tree, static_cast<std::ptrdiff_t>(below(oracle_.trees().size())));
      const auto ck = tree->second->acts.at(1).variables.find("ck");
      if (ck != tree->second->acts.at(1).variables.end()) body.correlation_key = ck->second.string_or("");
    }
    body.ttl_ms = 1000 * static_cast<Millis>(1 + below(7200));
  }
  if (chance(12)) {
    action.what = "correlate " + body.name + " by " + body.correlation_key;
    action.command = command(engine::CorrelateMessage{body.name, body.correlation_key, object(variables)});
    action.apply = [=](Oracle& oracle) { return oracle.correlate(body.name, body.correlation_key, variables); };
    return action;
  }
  if (chance(30)) body.message_id = "id" + std::to_string(below(30));
  body.variables = object(variables);
  action.what = "publish " + body.name + " by " + body.correlation_key;
  action.apply = [=](Oracle& oracle) { return oracle.publish(body.name, body.correlation_key, body.message_id, body.ttl_ms, variables); };
  action.command = command(std::move(body));
  return action;
}

// Plans against the oracle: what reaches outside its own instance stands alone in its round.
bool History::add(std::vector<Action>& actions, Action action, Oracle& next, bool alone) {
  Oracle trial = next;
  trial.now = clock_.now();
  trial.touched = {};
  action.expected = action.apply(trial);
  if (!trial.settle()) return false;
  action.trees = trial.touched.trees;
  action.nodes = trial.touched.nodes;
  const bool outside = trial.touched.outside || action.trees.size() > 1;
  if (!actions.empty() && (outside || alone)) return false;
  for (const Action& other : actions)
    for (int tree : other.trees)
      if (action.trees.contains(tree)) return false;
  next = std::move(trial);
  actions.push_back(std::move(action));
  return !outside && !alone;
}

std::vector<Action> History::plan() {
  std::vector<Action> actions;
  Oracle next = oracle_;
  std::vector<int> startable;
  for (std::size_t p = 0; p < package_.processes.size(); ++p)
    if (package_.processes[p].none_start && package_.processes[p].version == 1 && !package_.processes[p].id.starts_with("sig")) startable.push_back(static_cast<int>(p));
  const std::uint64_t running = oracle_.trees().size();
  if (running < options_.instances + 2 || (running < 2 * options_.instances && chance(12))) {
    for (std::uint64_t n = std::min<std::uint64_t>(8, 1 + below(8)); n > 0; --n)
      if (!add(actions, create(startable[below(startable.size())]), next, false)) break;
    return actions;
  }
  if (chance(3))
    if (auto action = next_version()) {
      add(actions, std::move(*action), next, true);
      return actions;
    }
  if (chance(22))
    if (auto action = global()) {
      add(actions, std::move(*action), next, true);
      return actions;
    }
  std::vector<int> trees;
  for (const auto& [number, tree] : oracle_.trees()) trees.push_back(number);
  for (std::uint64_t n = 1 + below(9); n > 0 && !trees.empty(); --n) {
    const std::size_t which = below(trees.size());
    const int number = trees[which];
    trees.erase(trees.begin() + static_cast<std::ptrdiff_t>(which));
    const Tree& tree = *oracle_.trees().at(number);
    if (tree.key != 0 && roots_.contains(tree.key) && chance(4)) {
      migrate(actions, next, tree);
      continue;
    }
    auto action = tree.key != 0 && roots_.contains(tree.key) && !tree.suspended && chance(3) ? modify(tree) : local(tree);
    if (action) action->what += " in " + std::to_string(tree.key);
    if (action && !add(actions, std::move(*action), next, false)) break;
  }
  return actions;
}

// ---- time ----------------------------------------------------------------------------------------------------------------

Action History::clock_to(Millis to) {
  Action action;
  action.what = "clock to " + std::to_string(to);
  action.apply = [to](Oracle& oracle) {
    oracle.now = to;
    oracle.clock();
    return true;
  };
  return action;
}

// Mostly the next thing that is due; sometimes far behind it.
Millis History::next_moment() {
  const Millis due = oracle_.next_due(), now = clock_.now();
  if (due < 0) return now + 1000 + static_cast<Millis>(below(60'000));
  if (chance(10)) return std::max(now, due) + static_cast<Millis>(below(600'000));
  return std::max(now, due) + static_cast<Millis>(below(3));
}

// A little time passes in which nothing is due; back it may go too.
bool History::tick() {
  Millis to = clock_.now() + 1 + static_cast<Millis>(below(40));
  if (chance(4)) {
    to = clock_.now() - 1 - static_cast<Millis>(below(20'000));
    out_.coverage.crossed(package_, active_nodes(), Fault::clock_back);
  }
  const Millis due = oracle_.next_due();
  if (due >= 0 && to >= due) return true;
  clock_.set(to);
  highest_ = std::max(highest_, to);
  expire();
  if (!engine_->pump()) return failed("the engine stopped while nothing happened");
  oracle_.now = to;
  oracle_.clock();
  return true;
}

// Jobs of one type are handed out: as many as there are, with the data that are visible from them.
bool History::activate() {
  if (seen_.jobs.empty()) return true;
  auto some = seen_.jobs.begin();
  std::advance(some, static_cast<std::ptrdiff_t>(below(seen_.jobs.size())));
  engine::ActivateJobs body;
  body.type = some->second.type;
  body.worker = "w" + std::to_string(++serial_);
  body.max = 1 + static_cast<int>(below(5));
  body.timeout_ms = 1000 * static_cast<Millis>(1 + below(300));
  std::size_t available = 0;
  for (const auto& [key, job] : seen_.jobs) available += job.type == body.type && job.available && !job.still ? 1 : 0;
  const auto answer = engine_->call(command(body));
  ++out_.commands;
  if (!answer) return failed("activate " + body.type + ": " + answer.error().text());
  if (answer->jobs.size() != std::min<std::size_t>(available, static_cast<std::size_t>(body.max)))
    return failed("activate " + body.type + ": " + std::to_string(answer->jobs.size()) + " jobs of " + std::to_string(available) + " that wait");
  if (options_.verbose) std::fprintf(stderr, "activate %s: %zu\n", body.type.c_str(), answer->jobs.size());
  for (const auto& job : answer->jobs) {
    leases_[job.job] = {body.worker, body.type, job.deadline, true, false, false};
    seen_.jobs[job.job] = leases_[job.job];
  }
  return true;
}

}  // namespace simulation
