// The model's changes as rows: one transaction, prepared statements, nothing written that came and went in between.
#include <algorithm>

#include "engine/projector/model.h"

namespace engine {

base::Result<std::string> Model::seal(store::KeySlot slot, std::string_view plain, std::string_view context) {
  if (plain.empty()) return std::string();
  if (slot == 0 || keys_ == nullptr) return std::string(plain);
  auto sealed = keys_->seal(slot, plain, context);
  // Already destroyed: what is forgotten is not written again.
  if (!sealed && sealed.error().code == base::ErrorCode::forgotten) return std::string();
  return sealed;
}

base::Result<bool> Model::write(std::uint64_t position) {
  const bool forgets = !forgotten_.empty();
  TRY_VOID(database_.write([&](store::Connection& connection) -> base::Status {
    TRY_VOID(write_definitions(connection));
    TRY_VOID(write_instances(connection));
    TRY_VOID(write_jobs(connection));
    TRY_VOID(write_tasks(connection));
    TRY_VOID(write_incidents(connection));
    TRY_VOID(write_subscriptions(connection));
    TRY_VOID(write_decisions(connection));
    TRY_VOID(write_counts(connection));
    TRY_VOID(write_changes(connection));
    TRY_VOID(write_retention(connection));
    TRY_VOID(write_forgotten(connection));
    TRY(auto* meta, connection.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('position', ?1)"));
    return meta->begin().bind(1, static_cast<std::int64_t>(position)).run();
  }));
  clear_written();
  return forgets;
}

void Model::clear_written() {
  for (const Key key : dirty_) {
    const auto found = instances_.find(key);
    if (found == instances_.end()) continue;
    found->second.dirty = false;
    found->second.stored = true;
    if (!found->second.alive()) instances_.erase(found);
  }
  for (const Key key : forgotten_) instances_.erase(key);
  forgotten_told_.insert(forgotten_told_.end(), std::make_move_iterator(forgotten_now_.begin()), std::make_move_iterator(forgotten_now_.end()));
  forgotten_now_.clear();
  deleted_.clear();
  retentions_.clear();
  dirty_.clear();
  forgotten_.clear();
  // Open rows are read again when something happens to them: memory stays that of one transaction.
  jobs_.clear();
  tasks_.clear();
  incidents_.clear();
  subscriptions_.clear();
  decisions_.clear();
  changes_.clear();
  resources_.clear();
  definition_rows_.clear();
  days_.clear();
  counts_.clear();
  changed_ = 0;
  ++transaction_;
  evict();
}

base::Status Model::write_definitions(store::Connection& connection) {
  for (const auto& row : resources_) {
    TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO resources VALUES (?1, ?2, ?3, ?4, ?5)"));
    TRY_VOID(insert->begin().bind(1, row.key).bind_text(2, row.authority).bind_text(3, row.name).bind(4, row.kind).bind_blob(5, row.content).run());
  }
  for (const auto& row : definition_rows_) {
    TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO definitions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, NULL)"));
    insert->begin().bind(1, row.info.key).bind_text(2, row.info.authority).bind_text(3, row.kind).bind_text(4, row.info.id);
    insert->bind_text(5, row.info.name).bind(6, row.info.version).bind_text(7, row.info.version_tag).bind(8, row.info.resource);
    insert->bind_text(9, row.info.resource_name).bind_text(10, row.drg_id).bind_text(11, row.drg_name).bind(12, row.created);
    TRY_VOID(insert->bind_blob(13, encode_elements(row.info.elements)).run());
  }
  for (const auto& [key, at] : deleted_) {
    TRY(auto* update, connection.prepare("UPDATE definitions SET deleted = ?2 WHERE key = ?1"));
    TRY_VOID(update->begin().bind(1, key).bind(2, at).run());
  }
  return {};
}

base::Status Model::write_instances(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO instances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"));
  TRY(auto* update, connection.prepare("UPDATE instances SET state = ?2, ended = ?3, incidents = ?4, user_tasks = ?5, history = ?6, live = ?7, data = ?8, definition = ?9 "
                                       "WHERE key = ?1"));
  for (const Key key : dirty_) {
    const auto found = instances_.find(key);
    if (found == instances_.end()) continue;
    const LiveInstance& one = found->second;
    TRY(const auto data, seal(one.slot, one.encode_data(), "instance"));
    if (one.stored) {
      update->begin().bind(1, one.key).bind_text(2, one.state);
      if (one.ended != 0) update->bind(3, one.ended);
      update->bind(4, one.incidents).bind(5, one.user_tasks).bind_blob(6, one.history.encode(one.key, one.started));
      TRY_VOID(update->bind_blob(7, one.encode_live()).bind_blob(8, data).bind(9, one.definition).run());
      continue;
    }
    insert->begin().bind(1, one.key).bind_text(2, one.authority).bind(3, one.definition).bind_text(4, one.state).bind(5, one.started);
    if (one.ended != 0) insert->bind(6, one.ended);
    insert->bind(7, one.parent).bind(8, one.parent_element).bind(9, one.root).bind(10, static_cast<std::int64_t>(one.slot));
    insert->bind_text(11, one.business_key).bind_text(12, one.actor).bind(13, one.incidents).bind(14, one.user_tasks);
    insert->bind_blob(15, one.history.encode(one.key, one.started)).bind_blob(16, one.encode_live());
    TRY_VOID(insert->bind_blob(17, data).run());
  }
  return {};
}

base::Status Model::write_jobs(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO jobs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"));
  TRY(auto* remove, connection.prepare("DELETE FROM jobs WHERE key = ?1"));
  for (const auto& [key, row] : jobs_) {
    if (row.gone) {
      if (row.stored) TRY_VOID(remove->begin().bind(1, key).run());
      continue;
    }
    TRY(LiveInstance* const owner, instance(row.instance));
    if (owner == nullptr) continue;
    TRY(const auto data, seal(owner->slot, row.message, "job"));
    insert->begin().bind(1, key).bind_text(2, owner->authority).bind(3, row.instance).bind(4, owner->definition);
    insert->bind_text(5, definition(owner->definition).element_id(row.element)).bind(6, row.element_instance).bind_text(7, row.type);
    insert->bind_text(8, row.state).bind(9, row.retries).bind_text(10, row.worker);
    if (row.deadline != 0) insert->bind(11, row.deadline);
    insert->bind(12, row.created).bind_text(13, row.error_code).bind(14, static_cast<std::int64_t>(owner->slot));
    TRY_VOID(insert->bind_blob(15, data).bind_text(16, row.listener).bind(17, row.priority).run());
  }
  return {};
}

base::Status Model::write_tasks(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO user_tasks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
                                       "?17, ?18, ?19, ?20, ?21, ?22)"));
  for (const auto& [key, row] : tasks_) {
    TRY(LiveInstance* const owner, instance(row.instance));
    if (owner == nullptr) continue;
    const DefinitionInfo& process = definition(owner->definition);
    TRY(const auto data, seal(owner->slot, row.locals, "task"));
    insert->begin().bind(1, key).bind_text(2, owner->authority).bind(3, row.instance).bind(4, owner->definition);
    insert->bind_text(5, process.element_id(row.element)).bind_text(6, process.element_name(row.element)).bind(7, row.element_instance).bind_text(8, row.state);
    insert->bind_text(9, row.assignee).bind_text(10, row.groups).bind_text(11, row.users).bind_text(12, row.due).bind_text(13, row.follow_up);
    insert->bind(14, row.priority).bind_text(15, row.form_key).bind_text(16, row.form_id).bind(17, row.created);
    if (row.ended != 0) insert->bind(18, row.ended);
    insert->bind_text(19, row.action).bind_text(20, row.completed_by).bind(21, static_cast<std::int64_t>(owner->slot));
    TRY_VOID(insert->bind_blob(22, data).run());
  }
  return {};
}

base::Status Model::write_incidents(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO incidents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"));
  TRY(auto* update, connection.prepare("UPDATE incidents SET state = ?2, ended = ?3 WHERE key = ?1"));
  TRY(auto* move, connection.prepare("UPDATE incidents SET definition = ?2, element_id = ?3, element_name = ?4 WHERE key = ?1"));
  for (const auto& [key, row] : incidents_) {
    if (row.stored) {
      update->begin().bind(1, key).bind_text(2, row.state);
      if (row.ended != 0) update->bind(3, row.ended);
      TRY_VOID(update->run());
      if (!row.moved) continue;
      TRY(LiveInstance* const owner, instance(row.instance));
      if (owner == nullptr) continue;
      const DefinitionInfo& process = definition(owner->definition);
      TRY_VOID(move->begin().bind(1, key).bind(2, owner->definition).bind_text(3, process.element_id(row.element)).bind_text(4, process.element_name(row.element)).run());
      continue;
    }
    TRY(LiveInstance* const owner, instance(row.instance));
    if (owner == nullptr) continue;
    const DefinitionInfo& process = definition(owner->definition);
    TRY(const auto data, seal(owner->slot, row.message, "incident"));
    insert->begin().bind(1, key).bind_text(2, owner->authority).bind(3, row.instance).bind(4, owner->definition);
    insert->bind_text(5, process.element_id(row.element)).bind_text(6, process.element_name(row.element)).bind(7, row.element_instance).bind(8, row.job);
    insert->bind_text(9, row.kind).bind_text(10, row.state).bind(11, row.created);
    if (row.ended != 0) insert->bind(12, row.ended);
    TRY_VOID(insert->bind(13, static_cast<std::int64_t>(owner->slot)).bind_blob(14, data).run());
  }
  return {};
}

base::Status Model::write_subscriptions(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO subscriptions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
  TRY(auto* remove, connection.prepare("DELETE FROM subscriptions WHERE key = ?1"));
  for (const auto& [key, row] : subscriptions_) {
    if (row.gone) {
      if (row.stored) TRY_VOID(remove->begin().bind(1, key).run());
      continue;
    }
    if (row.stored && !row.moved) continue;
    insert->begin().bind(1, key).bind_text(2, row.authority).bind(3, row.instance).bind(4, row.definition);
    insert->bind_text(5, definition(row.definition).element_id(row.element)).bind(6, row.element_instance).bind_text(7, row.name);
    TRY_VOID(insert->bind_text(8, row.correlation_key).bind(9, row.created).bind(10, row.interrupting ? 1 : 0).run());
  }
  return {};
}

base::Status Model::write_decisions(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO decision_instances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"));
  for (const auto& row : decisions_) {
    Key process = 0;
    std::string element;
    if (row.instance != 0) {
      TRY(LiveInstance* const owner, instance(row.instance));
      if (owner != nullptr) {
        process = owner->definition;
        element = definition(process).element_id(row.element);
      }
    }
    TRY(const auto data, seal(row.slot, row.trace, "decision"));
    insert->begin().bind(1, row.key).bind_text(2, row.authority).bind(3, row.instance).bind(4, process).bind_text(5, element);
    insert->bind(6, row.element_instance).bind_text(7, row.decision).bind(8, row.definition).bind(9, row.version);
    insert->bind_text(10, row.failed ? "FAILED" : "EVALUATED").bind(11, row.at).bind(12, static_cast<std::int64_t>(row.slot));
    TRY_VOID(insert->bind_blob(13, data).run());
  }
  return {};
}

base::Status Model::write_counts(store::Connection& connection) {
  TRY(auto* day, connection.prepare("INSERT INTO days VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET started = started + ?4, "
                                    "completed = completed + ?5, canceled = canceled + ?6, with_task = with_task + ?7, without_task = without_task + ?8"));
  for (const auto& [id, counts] : days_) {
    day->begin().bind_text(1, id.first).bind_text(2, id.second.second).bind_text(3, id.second.first);
    TRY_VOID(day->bind(4, counts.started).bind(5, counts.completed).bind(6, counts.canceled).bind(7, counts.with_task).bind(8, counts.without_task).run());
  }
  TRY(auto* element, connection.prepare("INSERT INTO element_counts VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET active = active + ?3, "
                                        "completed = completed + ?4, terminated = terminated + ?5"));
  for (const auto& [id, counts] : counts_) {
    const std::string name = definition(id.first).element_id(id.second);
    if (name.empty()) continue;
    TRY_VOID(element->begin().bind(1, id.first).bind_text(2, name).bind(3, counts.active).bind(4, counts.completed).bind(5, counts.terminated).run());
  }
  return {};
}

base::Status Model::write_changes(store::Connection& connection) {
  TRY(auto* insert, connection.prepare("INSERT OR REPLACE INTO changes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  for (const auto& row : changes_) {
    insert->begin().bind(1, row.key).bind_text(2, row.authority).bind(3, row.instance).bind_text(4, row.kind).bind_text(5, row.actor);
    TRY_VOID(insert->bind(6, row.at).bind_text(7, row.detail).run());
  }
  return {};
}

base::Status Model::write_retention(store::Connection& connection) {
  for (const auto& row : retentions_) {
    TRY(auto* remove, connection.prepare("DELETE FROM retention WHERE authority = ?1 AND process_id = ?2"));
    TRY_VOID(remove->begin().bind_text(1, row.authority).bind_text(2, row.process_id).run());
    if (row.period.empty()) continue;
    TRY(auto* insert, connection.prepare("INSERT INTO retention VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    insert->begin().bind(1, row.key).bind_text(2, row.authority).bind_text(3, row.process_id).bind_text(4, row.period);
    TRY_VOID(insert->bind_text(5, row.actor).bind(6, row.at).run());
  }
  return {};
}

// Every row of the instance and of what it called; secure_delete overwrites the pages, the projector truncates the WAL.
base::Status Model::write_forgotten(store::Connection& connection) {
  for (const Key root : forgotten_) {
    for (const char* table : {"jobs", "incidents", "user_tasks", "decision_instances", "subscriptions", "changes"}) {
      TRY(auto* remove, connection.prepare(std::string("DELETE FROM ") + table +
                                           " WHERE instance = ?1 OR instance IN (SELECT key FROM instances WHERE root = ?1 AND root <> key)"));
      TRY_VOID(remove->begin().bind(1, root).run());
    }
    TRY(auto* children, connection.prepare("DELETE FROM instances WHERE root = ?1 AND root <> key"));
    TRY_VOID(children->begin().bind(1, root).run());
    TRY(auto* self, connection.prepare("DELETE FROM instances WHERE key = ?1"));
    TRY_VOID(self->begin().bind(1, root).run());
  }
  return {};
}

}  // namespace engine
