// /api/bank/workflows/…/decisions: the model, trying a decision, tables as sheets, a new version (docs/dmn.md, for the rule owner).
#include <algorithm>

#include "api/decisions.h"
#include "dmn/model.h"
#include "dmn/trace.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

std::string slug(const Call& call) { return call.path("domain") + "/" + call.path("name"); }

Json texts(const std::vector<dmn::Reference>& references) {
  Json out = Json::array();
  for (const auto& r : references) out.push(r.ns.empty() ? r.id : r.ns + "#" + r.id);
  return out;
}

const dmn::ItemDefinition* type_of(const dmn::Model& model, const std::string& name) {
  for (const auto& type : model.types)
    if (type.name == name) return &type;
  return nullptr;
}

// The constants of a list of allowed values, or null where it is anything else.
Json constants(const std::string& text) {
  if (text.empty()) return {};
  const auto list = feel::compile("[" + text + "]", {.unknown_names_are_inputs = false});
  if (!list || !list->is_constant()) return {};
  Json out = feel::to_json(list->evaluate({}, {}));
  if (!out.is_array()) return {};
  for (const Json& one : out.as_array())
    if (!one.is_string() && !one.is_number() && !one.is_bool()) return {};
  return out;
}

struct TypeFacts { bool collection = false; std::string allowed; };
// Follows a name to the definition that restricts it; definitions in a ring end after as many steps as there are types.
TypeFacts facts_of(const dmn::Model& model, std::string name) {
  TypeFacts out;
  for (std::size_t step = 0; step <= model.types.size(); ++step) {
    const dmn::ItemDefinition* type = type_of(model, name);
    if (type == nullptr) break;
    out.collection |= type->collection;
    if (out.allowed.empty()) out.allowed = type->allowed.text;
    name = type->type.name;
  }
  return out;
}

Json input_json(const dmn::Model& model, const dmn::InputData& input) {
  const TypeFacts facts = facts_of(model, input.variable.type.name);
  Json out = Json::object();
  out.set("id", input.id).set("name", input.name).set("label", input.label).set("type", input.variable.type.name);
  out.set("collection", facts.collection);
  // A range ("[0..100]") evaluates to no list of constants: it is told as text only.
  out.set("allowed", constants(facts.allowed)).set("allowedText", facts.allowed);
  return out;
}

Json outputs_json(const dmn::Model& model, const dmn::Decision& decision, const dmn::DecisionTable* table) {
  Json out = Json::array();
  const auto add = [&](const std::string& id, const std::string& name, const std::string& label, const std::string& type, std::string allowed) {
    if (allowed.empty()) allowed = facts_of(model, type).allowed;
    Json one = Json::object();
    one.set("id", id).set("name", name).set("label", label).set("type", type).set("allowed", constants(allowed));
    out.push(std::move(one));
  };
  if (table == nullptr || table->outputs.size() < 2) {
    const bool one = table != nullptr && table->outputs.size() == 1;
    const std::string own = one ? table->outputs[0].type.name : std::string();
    add(one ? table->outputs[0].id : decision.id, decision.name, one && !table->outputs[0].label.empty() ? table->outputs[0].label : decision.label,
        decision.variable.type.name.empty() ? own : decision.variable.type.name, one ? table->outputs[0].allowed.text : std::string());
    return out;
  }
  for (const auto& o : table->outputs) add(o.id, o.name, o.label, o.type.name, o.allowed.text);
  return out;
}

const char* policy_name(dmn::HitPolicy policy) {
  static constexpr const char* kNames[] = {"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"};
  return kNames[static_cast<unsigned>(policy)];
}

Json decision_json(const dmn::Model& model, const dmn::Decision& decision, const dmn::DecisionInfo* info) {
  const auto* table = decision.logic ? std::get_if<dmn::DecisionTable>(&decision.logic->logic) : nullptr;
  Json out = Json::object();
  out.set("id", decision.id).set("name", decision.name).set("kind", dmn::kind_name(decision.logic.get())).set("type", decision.variable.type.name);
  out.set("label", decision.label).set("question", decision.question).set("description", decision.description);
  Json inputs = Json::array();
  for (const std::string& name : info ? info->required_inputs : std::vector<std::string>()) {
    const auto found = std::find_if(model.inputs.begin(), model.inputs.end(), [&](const auto& i) { return i.name == name; });
    if (found != model.inputs.end()) inputs.push(input_json(model, *found));
    else inputs.push(Json::Object{{"id", ""}, {"name", name}, {"label", ""}, {"type", ""}, {"collection", false}, {"allowed", Json()}, {"allowedText", ""}});
  }
  out.set("inputs", std::move(inputs));
  out.set("requires", texts(decision.required_decisions)).set("requiresInputs", texts(decision.required_inputs));
  out.set("requiresKnowledge", texts(decision.required_knowledge));
  out.set("outputs", outputs_json(model, decision, table));
  out.set("table", table != nullptr);
  if (table != nullptr) out.set("hitPolicy", policy_name(table->hit_policy)).set("rules", static_cast<std::int64_t>(table->rules.size()));
  return out;
}

base::Result<Json> model(const Call& call) {
  TRY(const auto stored, call.services.rooms.bank.get(call.authority(), slug(call)));
  const auto file = stored.package->files.find(kDecisionFile);
  if (file == stored.package->files.end()) return base::fail(ErrorCode::not_found, "the workflow has no decisions");
  const Draft draft = read_draft(file->second);
  TRY(const Json workflow, call.services.rooms.bank.workflow(call.authority(), slug(call)));
  Json out = Json::object();
  out.set("slug", slug(call)).set("version", stored.version).set("own", stored.owner == call.authority());
  Json decisions = Json::array(), knowledge = Json::array();
  if (draft.model) {
    out.set("id", draft.model->id).set("name", draft.model->name);
    const auto infos = draft.program ? draft.program->decisions() : std::vector<dmn::DecisionInfo>();
    for (const auto& d : draft.model->decisions) {
      const auto info = std::find_if(infos.begin(), infos.end(), [&](const auto& i) { return d.id.empty() ? i.name == d.name : i.id == d.id; });
      decisions.push(decision_json(*draft.model, d, info == infos.end() ? nullptr : &*info));
    }
    for (const auto& k : draft.model->knowledge) {
      const auto* function = k.logic ? std::get_if<dmn::FunctionDefinition>(&k.logic->logic) : nullptr;
      const bool table = function && function->body && std::holds_alternative<dmn::DecisionTable>(function->body->logic);
      knowledge.push(Json::Object{{"id", k.id}, {"name", k.name}, {"table", table}});
    }
  }
  out.set("decisions", std::move(decisions)).set("knowledge", std::move(knowledge)).set("examples", Json::array());
  out.set("findings", findings_json(draft.findings)).set("versions", workflow["versions"]);
  return out;
}

void evaluate(const CallPtr& call) {
  auto xml = decision_text(*call);
  if (!xml) return call->fail(xml.error());
  const Draft draft = read_draft(*xml);
  if (draft.refused()) return refuse_draft(call, draft.findings);
  feel::Context inputs;
  if (call->body["variables"].is_object())
    for (const auto& [name, value] : call->body["variables"].as_object()) inputs.entries.emplace_back(name, feel::from_json(value));
  feel::Environment environment;
  environment.now = call->services.rooms.clock.now();
  const std::string decision = call->body["decision"].string_or("");
  draft.program->read_texts(decision, inputs);
  auto evaluation = draft.program->evaluate(decision, inputs, environment, dmn::TraceLevel::full);
  if (!evaluation) return call->fail(evaluation.error());
  Json out = Json::object();
  const auto& asked = evaluation->decisions;
  out.set("decisionDefinitionId", asked.empty() ? decision : asked.back().id).set("decisionDefinitionName", asked.empty() ? std::string() : asked.back().name);
  Json trace = dmn::trace_json(*evaluation);
  for (auto& [name, value] : trace.as_object()) out.set(name, std::move(value));
  call->json(out);
}

void put(const CallPtr& call) {
  auto& bank = call->services.rooms.bank;
  auto stored = bank.get(call->authority(), slug(*call));
  if (!stored) return call->fail(stored.error());
  if (const Json& base = call->body["base"]; base.is_int() && base.as_int() != stored->version)
    return call->fail({ErrorCode::conflict, "the draft was made from version " + std::to_string(base.as_int()) + "; version " + std::to_string(stored->version) + " is newer", {}, "look at the newer version first"});
  auto files = stored->package->files;
  files[kDecisionFile] = call->body["xml"].string_or("");
  std::vector<bank::Finding> findings;
  auto imported = bank.import(call->authority(), slug(*call), std::move(files), call->person.user, call->body["note"].string_or(""), &findings);
  if (!imported) {
    if (imported.error().code == ErrorCode::invalid_package) return refuse_draft(call, findings);
    return call->fail(imported.error());
  }
  call->json(Json::Object{{"slug", imported->slug}, {"version", imported->version}, {"changed", imported->changed}, {"findings", findings_json(findings)}});
}

}  // namespace

base::Result<std::string> decision_text(const Call& call) {
  // The workflow must be the caller's to see, also where a draft is sent along.
  TRY(const auto stored, call.services.rooms.bank.get(call.authority(), slug(call)));
  if (call.body["xml"].is_string()) return call.body["xml"].as_string();
  const auto file = stored.package->files.find(kDecisionFile);
  if (file == stored.package->files.end()) return base::fail(ErrorCode::not_found, "the workflow has no decisions");
  return file->second;
}

Draft read_draft(const std::string& xml) {
  Draft out;
  const auto add = [&](const base::Error& e, const char* code) {
    out.findings.push_back({kDecisionFile, e.where.line, e.where.column, e.where.element, code, e.message, std::string(base::title_da(e.code)), e.remedy, true});
  };
  auto model = dmn::read(xml, kDecisionFile);
  if (!model) {
    add(model.error(), "SG-DMN");
    return out;
  }
  out.model = *model;
  bool errors = false;
  for (auto& f : dmn::check(**model)) {
    errors |= f.is_error;
    out.findings.push_back({f.where.file, f.where.line, f.where.column, f.where.element, f.code, f.message, f.message_da, f.remedy, f.is_error});
  }
  if (errors) return out;
  if (auto program = dmn::compile({*model})) out.program = *program;
  else add(program.error(), "SG-DMN");
  return out;
}

void refuse_draft(const CallPtr& call, const std::vector<bank::Finding>& findings) {
  const auto first = std::find_if(findings.begin(), findings.end(), [](const auto& f) { return f.is_error; });
  base::Error error{ErrorCode::invalid_dmn, "the file has errors", {}, {}};
  if (first != findings.end()) error = {ErrorCode::invalid_dmn, first->code + ": " + first->message, {first->file, first->line, first->column, first->element, {}}, first->remedy};
  Response response = problem(error);
  Json body = problem_body(error);
  body.set("findings", findings_json(findings));
  response.body = body.dump();
  call->send(std::move(response));
}

void add_decisions(Handlers& handlers) {
  handlers["getDecisionModel"] = {[](const CallPtr& call) { answer(call, model(*call)); }};
  handlers["evaluateDraft"] = {evaluate};
  handlers["putDecisions"] = {put};
}

}  // namespace api
