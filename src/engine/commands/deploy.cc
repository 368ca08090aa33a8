// Deploy: all resources are read, checked and compiled before the first event; one fault refuses the whole deployment.
#include <xxhash.h>

#include <algorithm>
#include <map>

#include "bpmn/check.h"
#include "engine/commands/commands.h"

namespace engine::commands {

namespace {

struct Prepared {
  const Resource* resource = nullptr;
  ResourceKind kind = ResourceKind::bpmn;
  std::uint64_t digest = 0;
  Key known = 0;                                   // the same bytes are deployed already
  std::vector<ProgramPtr> processes;
  std::vector<std::string> process_ids;
  std::shared_ptr<const dmn::Program> decisions;
  std::string form_id;
};

base::Status prepare_bpmn(const Deploy& deploy, Prepared& one) {
  TRY(auto model, bpmn::read(one.resource->content, one.resource->name));
  const auto profile = deploy.lenient ? bpmn::Profile::lenient : deploy.strict ? bpmn::Profile::strict : bpmn::Profile::deploy;
  TRY_VOID(bpmn::first_error(bpmn::check(*model, profile)));
  for (std::size_t p = 0; p < model->processes.size(); ++p) {
    if (!model->processes[p].executable && !deploy.lenient) continue;
    TRY(ProgramPtr program, compile(*model, static_cast<int>(p)));
    one.processes.push_back(std::move(program));
  }
  if (one.processes.empty())
    return base::fail(base::ErrorCode::not_executable, "no process of '" + one.resource->name + "' has isExecutable=\"true\"", {one.resource->name}, "isExecutable=\"true\"");
  return {};
}

base::Status prepare(const Decider& d, const Command& command, const Deploy& deploy, Prepared& one) {
  const std::string& name = one.resource->name;
  one.digest = XXH3_64bits(one.resource->content.data(), one.resource->content.size());
  const auto same = d.s.latest_resource.find(State::index_key(command.authority, name));
  if (same != d.s.latest_resource.end())
    if (const DeployedFile* file = d.s.resources.find(same->second); file && file->digest == one.digest && file->content == one.resource->content &&
                                                                     file->lenient == deploy.lenient && file->strict == deploy.strict)
      one.known = file->key;
  if (name.ends_with(".bpmn") || name.ends_with(".xml")) return prepare_bpmn(deploy, one);
  if (name.ends_with(".dmn")) {
    one.kind = ResourceKind::dmn;
    TRY(auto model, dmn::read(one.resource->content, name));
    TRY(one.decisions, dmn::compile({model}));
    return {};
  }
  if (name.ends_with(".form")) {
    one.kind = ResourceKind::form;
    TRY(const base::Json form, base::parse_json(one.resource->content, name));
    one.form_id = form["id"].string_or("");
    if (one.form_id.empty()) return base::fail(base::ErrorCode::invalid_argument, "form without an id", {name, 0, 0, "", "/id"}, "\"id\": \"...\"");
    return {};
  }
  return base::fail(base::ErrorCode::invalid_argument, "resource '" + name + "' is of no known kind", {name}, "a name that ends with .bpmn, .dmn or .form");
}

// Two of one id in one deployment: which of them would run is nothing that anybody has said.
base::Status no_id_twice(const std::vector<Prepared>& all) {
  std::map<std::string, std::string> file_of;
  const auto note = [&](const std::string& what, const std::string& id, const std::string& file) -> base::Status {
    const auto [found, fresh] = file_of.emplace(what + " '" + id + "'", file);
    if (fresh) return {};
    return base::fail(base::ErrorCode::invalid_argument, found->first + " is in this deployment twice, also in '" + found->second + "'", {file, 0, 0, id, ""}, "one " + what + " of an id; give the other its own");
  };
  for (const Prepared& one : all) {
    for (const ProgramPtr& program : one.processes) TRY_VOID(note("process", program->process_id, one.resource->name));
    if (one.decisions)
      for (const dmn::DecisionInfo& info : one.decisions->decisions()) TRY_VOID(note("decision", info.id, one.resource->name));
    if (!one.form_id.empty()) TRY_VOID(note("form", one.form_id, one.resource->name));
  }
  return {};
}

// A decision that a business rule task names must be in this deployment or be deployed already.
base::Status references(const Decider& d, const Command& command, const std::vector<Prepared>& all) {
  for (const Prepared& one : all)
    for (const ProgramPtr& program : one.processes)
      for (const ElementProgram& element : program->elements) {
        if (!element.decision || element.decision.is_feel) continue;
        const std::string& id = element.decision.text;
        const bool here = std::any_of(all.begin(), all.end(), [&](const Prepared& other) { return other.decisions && other.decisions->has(id); });
        if (!here && d.s.latest(DefinitionKind::decision, command.authority, id) == nullptr)
          return base::fail(base::ErrorCode::invalid_bpmn, "'" + element.id + "' asks the unknown decision '" + id + "'",
                            {one.resource->name, 0, 0, element.id, ""}, "deploy the .dmn file with it");
      }
  return {};
}

std::uint32_t next_version(const State& s, DefinitionKind kind, const std::string& authority, const std::string& id) {
  const Definition* latest = s.latest(kind, authority, id);
  std::uint32_t highest = latest ? latest->version : 0;
  if (const auto gone = s.retired_index.find(State::definition_key(kind, authority, id)); gone != s.retired_index.end())
    highest = std::max(highest, s.retired.find(gone->second)->version);
  return highest + 1;
}

base::Json row(const char* kind, base::Json::Object members) { return base::Json(base::Json::Object{{kind, base::Json(std::move(members))}}); }
base::Json process_row(const Definition& one, const std::string& file) {
  return row("processDefinition", {{"processDefinitionId", one.id}, {"processDefinitionVersion", static_cast<std::int64_t>(one.version)},
                                   {"processDefinitionKey", std::to_string(one.key)}, {"resourceName", file}, {"tenantId", one.authority}});
}
base::Json decision_row(const Definition& one) {
  return row("decisionDefinition", {{"decisionDefinitionId", one.id}, {"name", one.name}, {"version", static_cast<std::int64_t>(one.version)},
                                    {"decisionDefinitionKey", std::to_string(one.key)}, {"decisionRequirementsId", one.drg_id},
                                    {"decisionRequirementsKey", std::to_string(one.resource)}, {"tenantId", one.authority}});
}
base::Json form_row(const Definition& one, const std::string& file) {
  return row("form", {{"formId", one.id}, {"version", static_cast<std::int64_t>(one.version)}, {"formKey", std::to_string(one.key)},
      {"resourceName", file}, {"tenantId", one.authority}});
}

// What begins instances of a process (sections 10.5.2, 13.3.3, 13.4.4): start events with a trigger, instantiating receive
// tasks, the events behind instantiating gateways.
std::vector<Index> beginnings(const Program& program) {
  std::vector<Index> all;
  for (const ElementProgram& element : program.elements) {
    if (element.index == 0 || element.parent != 0) continue;
    if (element.is(bpmn::ElementType::start_event) || (element.instantiates && element.is(bpmn::ElementType::receive_task))) all.push_back(element.index);
    if (element.instantiates && element.is(bpmn::ElementType::event_based_gateway))
      for (Index flow : element.outgoing) all.push_back(program.flows[flow].target);
  }
  return all;
}

// Calls visit(wait) for everything that a version of a process waits for before an instance is there.
template <class F> std::expected<void, Trouble> each_beginning(Decider& d, const Program& program, F&& visit) {
  for (Index index : beginnings(program)) {
    ElementProgram const& element = program.at(index);
    for (std::size_t i = 0; i < element.definitions(); ++i) {
      auto wait = d.wait(element, i, 0, {}, false);
      if (!wait) return trouble(element.id, wait.error().message);
      if (!*wait) continue;
      std::visit([&](auto& one) { one.element = index; }, **wait);
      visit(**wait);
    }
  }
  return {};
}

}  // namespace

void open_starts(Decider& d, const Program& program, Key definition, const Definition* before, bool again) {
  if (before != nullptr) {
    for (Key timer : std::vector<Key>(before->start_timers)) d.emit(ev::timer_canceled{timer});
    for (Key subscription : std::vector<Key>(before->start_subscriptions)) d.emit(ev::subscription_closed{subscription});
  }
  const std::string authority = d.s.definitions.find(definition)->authority;
  (void)each_beginning(d, program, [&](Wait& wait) {  // what could fail was refused in check_starts
    if (auto* timer = std::get_if<ev::timer_created>(&wait)) {
      if (again && timer->due <= d.now) return;
      timer->timer = d.new_key();
      timer->definition = definition;
      d.emit(*timer);
      return;
    }
    ev::subscription_opened& e = std::get<ev::subscription_opened>(wait);
    e.subscription = d.new_key();
    e.definition = definition;
    e.interrupting = false;
    e.authority = authority;
    if (e.kind == WaitKind::conditional) e.name = kStartConditions;
    d.emit(e);
  });
}

namespace {

base::Status check_starts(Decider& d, const Program& program, const std::string& file) {
  if (auto all = each_beginning(d, program, [](Wait&) {}); !all)
    return base::fail(base::ErrorCode::invalid_bpmn, all.error().message, {file, 0, 0, all.error().kind, ""});
  return {};
}

// Is everything of the file still there? What was deleted comes back with its next version.
bool whole(const State& s, const Prepared& one) {
  std::size_t there = 0;
  for (Key key : s.definitions.sorted_keys()) there += s.definitions.find(key)->resource == one.known ? 1 : 0;
  return there == one.processes.size() + (one.decisions ? one.decisions->decisions().size() : 0) + (one.form_id.empty() ? 0 : 1);
}

void add_known(const State& s, const Prepared& one, base::Json& rows) {
  for (Key key : s.definitions.sorted_keys()) {
    const Definition& definition = *s.definitions.find(key);
    if (definition.resource != one.known) continue;
    if (definition.kind == DefinitionKind::process) rows.push(process_row(definition, one.resource->name));
    else if (definition.kind == DefinitionKind::decision) rows.push(decision_row(definition));
    else rows.push(form_row(definition, one.resource->name));
  }
}

void emit_processes(Decider& d, const Command& command, const Prepared& one, Key resource, base::Json& rows) {
  for (const ProgramPtr& program : one.processes) {
    const Definition* before = d.s.latest(DefinitionKind::process, command.authority, program->process_id);
    ev::process_deployed e;
    e.key = d.new_key();
    e.resource = resource;
    e.authority = command.authority;
    e.process_id = program->process_id;
    e.name = program->name;
    e.version_tag = program->version_tag;
    e.version = next_version(d.s, DefinitionKind::process, command.authority, e.process_id);
    e.elements = program->element_table();
    e.flows = program->flow_table();
    e.actor = command.actor;
    d.emit(e);
    d.programs.put(e.key, program);
    open_starts(d, *program, e.key, before);
    rows.push(process_row(*d.s.definitions.find(e.key), one.resource->name));
  }
}

void emit_resource(Decider& d, const Command& command, const Deploy& deploy, const Prepared& one, base::Json& rows) {
  ev::resource_deployed file;
  file.key = d.new_key();
  file.authority = command.authority;
  file.name = one.resource->name;
  file.kind = one.kind;
  file.lenient = deploy.lenient;
  file.strict = deploy.strict;
  file.digest = one.digest;
  file.content = one.resource->content;
  d.emit(file);
  if (one.kind == ResourceKind::bpmn) emit_processes(d, command, one, file.key, rows);
  if (one.decisions) {
    d.programs.put(file.key, one.decisions);
    for (const dmn::DecisionInfo& info : one.decisions->decisions()) {
      ev::decision_deployed e{d.new_key(), file.key, command.authority, info.id, info.name, info.model_id, info.model_name,
                              next_version(d.s, DefinitionKind::decision, command.authority, info.id)};
      d.emit(e);
      rows.push(decision_row(*d.s.definitions.find(e.key)));
    }
  }
  if (one.kind == ResourceKind::form) {
    ev::form_deployed e{d.new_key(), file.key, command.authority, one.form_id, next_version(d.s, DefinitionKind::form, command.authority, one.form_id)};
    d.emit(e);
    rows.push(form_row(*d.s.definitions.find(e.key), one.resource->name));
  }
}

}  // namespace

Outcome run(Decider& d, const Command& command, const Deploy& deploy) {
  if (deploy.resources.empty()) return base::fail(base::ErrorCode::invalid_argument, "a deployment without resources");
  if (deploy.resources.size() > base::limits::kPackageFiles) return base::fail(base::ErrorCode::limit_exceeded, "more than kPackageFiles resources");
  std::vector<Prepared> all;
  for (const Resource& resource : deploy.resources) {
    all.emplace_back().resource = &resource;
    TRY_VOID(prepare(d, command, deploy, all.back()));
    for (const ProgramPtr& program : all.back().processes) TRY_VOID(check_starts(d, *program, resource.name));
  }
  TRY_VOID(no_id_twice(all));
  TRY_VOID(references(d, command, all));
  Answer answer;
  base::Json rows = base::Json::array();
  answer.key = d.new_key();
  bool fresh = false;
  for (Prepared& one : all) {
    if (one.known != 0 && !whole(d.s, one)) one.known = 0;
    if (one.known != 0) {
      add_known(d.s, one, rows);
      continue;
    }
    fresh = true;
    emit_resource(d, command, deploy, one, rows);
  }
  if (!fresh) answer.key = all[0].known;
  answer.body = base::Json(base::Json::Object{{"deploymentKey", std::to_string(answer.key)}, {"tenantId", command.authority}, {"deployments", std::move(rows)}});
  return answer;
}

}  // namespace engine::commands
