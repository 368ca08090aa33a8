// apply: files and definitions, their deletion, and how long finished instances are kept.
#include <algorithm>

#include "engine/state/mark.h"
#include "engine/state/state.h"

namespace engine {

void State::apply(const ev::resource_deployed& e, base::Millis) {
  note_key(e.key);
  DeployedFile& made = touch(resources.make(e.key));
  made.authority = e.authority;
  made.name = e.name;
  made.kind = e.kind;
  made.lenient = e.lenient;
  made.strict = e.strict;
  made.digest = e.digest;
  made.content = e.content;
  latest_resource[index_key(e.authority, e.name)] = e.key;
}

template <class E> Definition& State::make_definition(const E& e, DefinitionKind kind, const std::string& id) {
  note_key(e.key);
  Definition& made = touch(definitions.make(e.key));
  made.kind = kind;
  made.resource = e.resource;
  made.authority = e.authority;
  made.id = id;
  made.version = e.version;
  versions[definition_key(kind, e.authority, id)][e.version] = e.key;
  return made;
}

void State::apply(const ev::process_deployed& e, base::Millis) {
  Definition& made = make_definition(e, DefinitionKind::process, e.process_id);
  made.name = e.name;
  made.version_tag = e.version_tag;
  made.elements = e.elements;
  made.flows = e.flows;
}

void State::apply(const ev::deployment_bound& e, base::Millis) {
  if (Definition* definition = definitions.find(e.definition)) touch(*definition).bound = e.bound;
}

void State::apply(const ev::decision_deployed& e, base::Millis) {
  Definition& made = make_definition(e, DefinitionKind::decision, e.decision_id);
  made.name = e.name;
  made.drg_id = e.drg_id;
  made.drg_name = e.drg_name;
}

void State::apply(const ev::form_deployed& e, base::Millis) { make_definition(e, DefinitionKind::form, e.form_id); }

// Without active instances (decide has looked). What would begin instances of it went before, by events of its own; here
// only what a journal could have left.
void State::apply(const ev::definition_deleted& e, base::Millis) {
  Definition* definition = definitions.find(e.key);
  if (definition == nullptr) return;
  for (Key timer : std::vector<Key>(definition->start_timers)) cancel_timer(timer, true);
  for (Key subscription : std::vector<Key>(definition->start_subscriptions)) close_subscription(subscription, true);
  const std::string index = definition_key(definition->kind, definition->authority, definition->id);
  auto at = versions.find(index);
  if (at != versions.end()) {
    at->second.erase(definition->version);
    if (at->second.empty()) versions.erase(at);
  }
  const auto before = retired_index.find(index);
  Retired* old = before == retired_index.end() ? nullptr : retired.find(before->second);
  if (old == nullptr || old->version < definition->version) {
    if (old != nullptr) {
      gone(*old);
      retired.erase(before->second);
    }
    Retired& made = touch(retired.make(e.key));
    made.kind = definition->kind;
    made.authority = definition->authority;
    made.id = definition->id;
    made.version = definition->version;
    retired_index[index] = e.key;
  }
  gone(*definition);
  definitions.erase(e.key);
}

void State::apply(const ev::resource_deleted& e, base::Millis) {
  DeployedFile* file = resources.find(e.key);
  if (file == nullptr) return;
  const std::string authority = file->authority, name = file->name, index = index_key(authority, name);
  gone(*file);
  resources.erase(e.key);
  const auto latest = latest_resource.find(index);
  if (latest == latest_resource.end() || latest->second != e.key) return;
  latest_resource.erase(latest);
  for (Key key : resources.sorted_keys())  // the one before is the latest again
    if (const DeployedFile& other = *resources.find(key); other.authority == authority && other.name == name) latest_resource[index] = key;
}

void State::apply(const ev::retention_set& e, base::Millis) {
  note_key(e.key);
  const std::string index = index_key(e.authority, e.process_id);
  if (const auto at = retention_index.find(index); at != retention_index.end()) {
    gone(*retentions.find(at->second));
    retentions.erase(at->second);
    retention_index.erase(at);
  }
  if (e.period.empty()) return;
  Retention& made = touch(retentions.make(e.key));
  made.authority = e.authority;
  made.process_id = e.process_id;
  made.period = e.period;
  retention_index[index] = e.key;
}

void State::count_instance(Key definition, int by) {
  auto& active = active_of[definition];
  active += static_cast<std::uint64_t>(by);
  if (active == 0) active_of.erase(definition);
}

}  // namespace engine
