// Commands that change an instance that runs: modification, migration, suspension (src/engine/change/).
#include "engine/change/migration.h"
#include "engine/change/modification.h"
#include "engine/commands/commands.h"

#include "base/text.h"

namespace engine::commands {

using base::ErrorCode;
using base::Json;

static base::Result<const Instance*> changeable(const Decider& d, const Command& command, Key key) {
  const Instance* instance = d.s.instances.find(key);
  if (instance == nullptr || instance->authority != command.authority) return not_found("active process instance", key);
  TRY_VOID(not_migrating(d, key));
  return instance;
}

Outcome run(Decider& d, const Command& command, const ModifyInstance& modify) {
  TRY(const Instance* const instance, changeable(d, command, modify.instance));
  if (d.s.element(modify.instance)->life == Life::terminating) return base::fail(ErrorCode::conflict, "process instance " + std::to_string(modify.instance) + " is being stopped");
  if (instance->ready_first != kNone && d.s.steps[instance->ready_first].kind == StepKind::modify)
    return base::fail(ErrorCode::busy, "an earlier modification of process instance " + std::to_string(modify.instance) + " has not finished", {},
                      d.s.suspended(modify.instance) ? "it goes on when the process instance is resumed" : "try again shortly");
  TRY(Modification plan, plan_modification(d, *instance, modify));
  const Key key = instance->key;
  d.emit(ev::instance_modified{key, command.actor, std::move(plan.activated), std::move(plan.stopped), d.sealed(key, encode_plan(plan.plan))});
  for (auto& [scope, variables] : plan.variables) d.emit(ev::variables_set{scope, key, true, command.actor, d.sealed(scope, std::move(variables))});
  Answer answer;
  answer.key = key;
  return answer;
}

static Json finding_json(const Finding& one) {
  return Json(Json::Object{{"code", base::upper(name(one.code))}, {"elementId", one.element}, {"elementInstanceKey", one.instance == 0 ? Json() : Json(std::to_string(one.instance))},
                           {"text", english(one)}, {"textDa", danish(one)}});
}

// What would happen, for people who decide about it.
static Json report_json(const MigrationTables& tables, const MigrationReport& report) {
  const auto id = [](const Program& program, Index index) { return program.at(index).id; };
  Json findings = Json::array(), elements = Json::array(), kept = Json::array(), opened = Json::array(), closed = Json::array();
  for (const Finding& one : report.findings) findings.push(finding_json(one));
  const auto pairs = [&](const auto& from, Json& into) {
    for (const auto& [pair, count] : from)
      into.push(Json(Json::Object{{"sourceElementId", id(tables.source, pair.first)}, {"targetElementId", id(tables.target, pair.second)}, {"count", static_cast<std::int64_t>(count)}}));
  };
  pairs(report.elements, elements);
  pairs(report.kept, kept);
  for (const auto& [index, count] : report.opened) opened.push(Json(Json::Object{{"elementId", id(tables.target, index)}, {"count", static_cast<std::int64_t>(count)}}));
  for (const auto& [index, count] : report.closed) closed.push(Json(Json::Object{{"elementId", id(tables.source, index)}, {"count", static_cast<std::int64_t>(count)}}));
  return Json(Json::Object{{"fits", report.found == 0}, {"findings", std::move(findings)}, {"findingsTotal", static_cast<std::int64_t>(report.found)},
                           {"elements", std::move(elements)}, {"kept", std::move(kept)}, {"opened", std::move(opened)}, {"closed", std::move(closed)}});
}

Outcome run(Decider& d, const Command& command, const MigrateInstance& migrate) {
  TRY(const Instance* const instance, changeable(d, command, migrate.instance));
  const Definition* definition = d.s.definitions.find(migrate.definition);
  if (definition == nullptr || definition->kind != DefinitionKind::process || definition->authority != command.authority) return not_found("process definition", migrate.definition);
  if (migrate.mapping.size() > base::limits::kXmlNodes) return base::fail(ErrorCode::limit_exceeded, "more mappings than a process can have elements");
  const Program* source = d.programs.process(d.s, instance->definition);
  const Program* target = d.programs.process(d.s, migrate.definition);
  if (source == nullptr || target == nullptr) return base::fail(ErrorCode::not_executable, "a definition can no longer be compiled");
  std::vector<Finding> faults;
  MigrationTables tables = make_tables(*source, *target, migrate.mapping, faults);
  TRY(const MigrationReport report, check_migration(d, *instance, tables, std::move(faults)));
  Answer answer;
  answer.key = instance->key;
  if (migrate.dry_run) {
    answer.body = report_json(tables, report);
    answer.body.set("processInstanceKey", std::to_string(instance->key));
    answer.body.set("targetProcessDefinitionKey", std::to_string(migrate.definition));
    return answer;
  }
  if (report.found > 0) {
    const Finding& first = report.findings.front();
    return base::fail(refused_as(first.code), english(first) + (report.found > 1 ? " (and " + std::to_string(report.found - 1) + " more)" : ""), {"", 0, 0, first.element, ""},
                      "ask with dryRun for everything that does not fit");
  }
  d.emit(ev::migration_started{instance->key, migrate.definition, command.actor, std::move(tables.elements), std::move(tables.flows)});
  return answer;
}

static base::Result<const Instance*> root(const Decider& d, const Command& command, Key key, const char* verb) {
  const Instance* instance = d.s.instances.find(key);
  if (instance == nullptr || instance->authority != command.authority) return not_found("active process instance", key);
  if (instance->root() != key)
    return base::fail(ErrorCode::conflict, std::string("a called process instance is ") + verb + " with its root", {}, "process instance " + std::to_string(instance->root()));
  return instance;
}

Outcome run(Decider& d, const Command& command, const SuspendInstance& suspend) {
  TRY(const Instance* const instance, root(d, command, suspend.instance, "suspended"));
  if (d.s.element(suspend.instance)->life == Life::terminating) return base::fail(ErrorCode::conflict, "process instance " + std::to_string(suspend.instance) + " is being stopped");
  if (!d.s.suspended(instance->key)) d.emit(ev::instance_suspended{instance->key, command.actor});
  Answer answer;
  answer.key = suspend.instance;
  return answer;
}

Outcome run(Decider& d, const Command& command, const ResumeInstance& resume) {
  TRY(const Instance* const instance, root(d, command, resume.instance, "resumed"));
  if (!d.s.suspended(instance->key)) return base::fail(ErrorCode::conflict, "process instance " + std::to_string(resume.instance) + " is not suspended");
  d.emit(ev::instance_resumed{instance->key, command.actor});
  Answer answer;
  answer.key = resume.instance;
  return answer;
}

}  // namespace engine::commands
