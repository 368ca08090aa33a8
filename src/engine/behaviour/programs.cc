#include "engine/behaviour/programs.h"

namespace engine {

base::Result<ProgramPtr> Programs::compile_process(const State& s, const Definition& definition) {
  const DeployedFile* file = s.resources.find(definition.resource);
  if (file == nullptr) return base::fail(base::ErrorCode::data_damaged, "definition '" + definition.id + "' lost its file");
  TRY(auto model, bpmn::read(file->content, file->name));
  for (std::size_t p = 0; p < model->processes.size(); ++p) {
    if (model->processes[p].id != definition.id) continue;
    TRY(ProgramPtr program, compile(*model, static_cast<int>(p)));
    const auto rows = program->element_table();
    bool same = rows.size() == definition.elements.size() && program->flow_table() == definition.flows;
    for (std::size_t i = 0; same && i < rows.size(); ++i) same = rows[i].id == definition.elements[i].id;
    if (!same) return base::fail(base::ErrorCode::data_damaged, "definition '" + definition.id + "' compiles to another element table than was deployed");
    return program;
  }
  return base::fail(base::ErrorCode::data_damaged, "file '" + file->name + "' no longer holds process '" + definition.id + "'");
}

const Program* Programs::process(const State& s, Key key) {
  if (const auto at = processes_.find(key); at != processes_.end()) return at->second.get();
  const Definition* definition = s.definitions.find(key);
  if (definition == nullptr) return nullptr;
  auto program = compile_process(s, *definition);
  return (processes_[key] = program ? *program : nullptr).get();
}

const dmn::Program* Programs::decision(const State& s, Key resource) {
  if (const auto at = decisions_.find(resource); at != decisions_.end()) return at->second.get();
  const DeployedFile* file = s.resources.find(resource);
  if (file == nullptr) return nullptr;
  std::shared_ptr<const dmn::Program> program;
  if (auto model = dmn::read(file->content, file->name))
    if (auto compiled = dmn::compile({*model})) program = *compiled;
  return (decisions_[resource] = program).get();
}

base::Status Programs::compile_all(const State& s) {
  for (Key key : s.definitions.sorted_keys()) {
    const Definition& definition = *s.definitions.find(key);
    if (definition.kind != DefinitionKind::process || processes_.contains(key)) continue;
    TRY(ProgramPtr program, compile_process(s, definition));
    processes_[key] = std::move(program);
  }
  return {};
}

}  // namespace engine
