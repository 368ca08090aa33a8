// projection.db. It can be rebuilt from the journal, so a changed schema gets a new kSchema and the file is built again.
#pragma once
#include <string_view>

namespace engine {

inline constexpr int kSchema = 5;

// Blobs: instances.history and live are model.h's own forms (element indexes, keys, times, and who worked on it by user id: nothing of the case itself);
// `data` columns are sealed with the instance's key slot.
inline constexpr std::string_view kSchemaSql = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE resources (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, content BLOB NOT NULL);
CREATE TABLE definitions (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  version INTEGER NOT NULL, version_tag TEXT NOT NULL, resource INTEGER NOT NULL, resource_name TEXT NOT NULL,
  drg_id TEXT NOT NULL, drg_name TEXT NOT NULL, created INTEGER NOT NULL, elements BLOB NOT NULL, deleted INTEGER);
CREATE INDEX definitions_id ON definitions (authority, kind, id, version);
CREATE TABLE instances (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, definition INTEGER NOT NULL, state TEXT NOT NULL,
  started INTEGER NOT NULL, ended INTEGER, parent INTEGER NOT NULL, parent_element INTEGER NOT NULL, root INTEGER NOT NULL,
  slot INTEGER NOT NULL, business_key TEXT NOT NULL, actor TEXT NOT NULL, incidents INTEGER NOT NULL, user_tasks INTEGER NOT NULL,
  history BLOB NOT NULL, live BLOB NOT NULL, data BLOB NOT NULL);
CREATE INDEX instances_active ON instances (authority, definition, key) WHERE state = 'ACTIVE';
CREATE INDEX instances_incident ON instances (authority, key) WHERE incidents > 0;
CREATE INDEX instances_business ON instances (authority, business_key) WHERE business_key <> '';
CREATE INDEX instances_parent ON instances (parent) WHERE parent <> 0;
CREATE INDEX instances_ended ON instances (definition, ended) WHERE ended IS NOT NULL;
CREATE INDEX instances_root ON instances (root) WHERE root <> key;
CREATE TABLE jobs (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, instance INTEGER NOT NULL, definition INTEGER NOT NULL,
  element_id TEXT NOT NULL, element_instance INTEGER NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL, retries INTEGER NOT NULL,
  worker TEXT NOT NULL, deadline INTEGER, created INTEGER NOT NULL, error_code TEXT NOT NULL, slot INTEGER NOT NULL, data BLOB NOT NULL,
  listener TEXT NOT NULL, priority INTEGER NOT NULL);
CREATE TABLE retention (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, process_id TEXT NOT NULL, period TEXT NOT NULL, set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL, UNIQUE (authority, process_id));
CREATE TABLE incidents (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, instance INTEGER NOT NULL, definition INTEGER NOT NULL,
  element_id TEXT NOT NULL, element_name TEXT NOT NULL, element_instance INTEGER NOT NULL, job INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
  created INTEGER NOT NULL, ended INTEGER, slot INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX incidents_instance ON incidents (instance);
CREATE INDEX incidents_active ON incidents (authority, definition) WHERE state = 'ACTIVE';
CREATE TABLE user_tasks (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, instance INTEGER NOT NULL, definition INTEGER NOT NULL,
  element_id TEXT NOT NULL, name TEXT NOT NULL, element_instance INTEGER NOT NULL, state TEXT NOT NULL, assignee TEXT NOT NULL,
  candidate_groups TEXT NOT NULL, candidate_users TEXT NOT NULL, due_date TEXT NOT NULL, follow_up_date TEXT NOT NULL,
  priority INTEGER NOT NULL, form_key TEXT NOT NULL, form_id TEXT NOT NULL, created INTEGER NOT NULL, ended INTEGER,
  action TEXT NOT NULL, completed_by TEXT NOT NULL, slot INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX user_tasks_instance ON user_tasks (instance);
CREATE INDEX user_tasks_open ON user_tasks (authority, key) WHERE state = 'CREATED';
CREATE TABLE decision_instances (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, instance INTEGER NOT NULL, process INTEGER NOT NULL,
  element_id TEXT NOT NULL, element_instance INTEGER NOT NULL, decision TEXT NOT NULL, definition INTEGER NOT NULL, version INTEGER NOT NULL,
  state TEXT NOT NULL, at INTEGER NOT NULL, slot INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX decision_instances_instance ON decision_instances (instance);
CREATE INDEX decision_instances_decision ON decision_instances (authority, decision, at);
CREATE TABLE subscriptions (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, instance INTEGER NOT NULL, definition INTEGER NOT NULL,
  element_id TEXT NOT NULL, element_instance INTEGER NOT NULL, name TEXT NOT NULL, correlation_key TEXT NOT NULL, created INTEGER NOT NULL, interrupting INTEGER NOT NULL);
CREATE INDEX subscriptions_instance ON subscriptions (instance);
CREATE TABLE changes (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, instance INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
  at INTEGER NOT NULL, detail TEXT NOT NULL);
CREATE INDEX changes_instance ON changes (instance);
CREATE TABLE days (authority TEXT NOT NULL, process_id TEXT NOT NULL, day TEXT NOT NULL, started INTEGER NOT NULL, completed INTEGER NOT NULL,
  canceled INTEGER NOT NULL, with_task INTEGER NOT NULL, without_task INTEGER NOT NULL, PRIMARY KEY (authority, day, process_id)) WITHOUT ROWID;
CREATE TABLE element_counts (definition INTEGER NOT NULL, element TEXT NOT NULL, active INTEGER NOT NULL, completed INTEGER NOT NULL,
  terminated INTEGER NOT NULL, PRIMARY KEY (definition, element)) WITHOUT ROWID;
)sql";

}  // namespace engine
