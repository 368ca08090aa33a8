// Deletion of definitions, and how long finished instances are kept.
#include <algorithm>

#include "engine/behaviour/schedule.h"
#include "engine/commands/commands.h"

namespace engine::commands {

using base::ErrorCode;

// The definitions that a key stands for: one of a process or form, all of a file of decisions.
static std::vector<Key> meant(const State& s, const std::string& authority, Key key) {
  if (const Definition* one = s.definitions.find(key)) {
    if (one->authority != authority) return {};
    if (one->kind != DefinitionKind::decision) return {key};
  }
  const Definition* decision = s.definitions.find(key);
  const Key file = decision != nullptr ? decision->resource : key;
  std::vector<Key> all;
  for (Key other : s.definitions.sorted_keys())
    if (const Definition& one = *s.definitions.find(other); one.resource == file && one.authority == authority && one.kind == DefinitionKind::decision) all.push_back(other);
  return all;
}

// What began instances of this version goes back to the version before, where this is the latest.
static void move_starts(Decider& d, Key key) {
  const Definition& definition = *d.s.definitions.find(key);
  const auto& versions = d.s.versions.find(State::definition_key(definition.kind, definition.authority, definition.id))->second;
  const bool latest = versions.rbegin()->second == key;
  const Key before = latest && versions.size() > 1 ? std::next(versions.rbegin())->second : 0;
  const Program* program = before != 0 ? d.programs.process(d.s, before) : nullptr;
  if (program != nullptr) return open_starts(d, *program, before, &definition, true);
  for (Key timer : std::vector<Key>(definition.start_timers)) d.emit(ev::timer_canceled{timer});
  for (Key subscription : std::vector<Key>(definition.start_subscriptions)) d.emit(ev::subscription_closed{subscription});
}

Outcome run(Decider& d, const Command& command, const DeleteResource& remove) {
  const std::vector<Key> all = meant(d.s, command.authority, remove.key);
  if (all.empty()) return not_found("definition", remove.key);
  const Definition& first = *d.s.definitions.find(all.front());
  if (const auto active = d.s.active_of.find(remove.key); active != d.s.active_of.end())
    return base::fail(ErrorCode::conflict, "version " + std::to_string(first.version) + " of process '" + first.id + "' has " + std::to_string(active->second) + " active instances", {},
                      "let them end, cancel them or migrate them first");
  const Key file = first.resource;
  for (Key key : all) {
    if (d.s.definitions.find(key)->kind == DefinitionKind::process) move_starts(d, key);
    d.emit(ev::definition_deleted{key, command.authority, command.actor});
    d.programs.forget(key);
  }
  bool needed = false;
  for (Key key : d.s.definitions.sorted_keys()) needed = needed || d.s.definitions.find(key)->resource == file;
  if (!needed) {
    d.emit(ev::resource_deleted{file});
    d.programs.forget(file);
  }
  Answer answer;
  answer.key = remove.key;
  answer.body = base::Json(base::Json::Object{{"resourceKey", std::to_string(remove.key)}});
  return answer;
}

Outcome run(Decider& d, const Command& command, const SetRetention& set) {
  if (!set.period.empty() && !is_period(set.period))
    return base::fail(ErrorCode::invalid_argument, "'" + set.period + "' is no period", {"", 0, 0, "", "/period"}, "an ISO 8601 duration such as P5Y, P6M or P30D");
  if (!set.process_id.empty() && d.s.latest(DefinitionKind::process, command.authority, set.process_id) == nullptr)
    return base::fail(ErrorCode::not_found, "no process '" + set.process_id + "' is deployed");
  Answer answer;
  answer.key = d.new_key();
  d.emit(ev::retention_set{answer.key, command.authority, set.process_id, set.period, command.actor});
  return answer;
}

}  // namespace engine::commands
