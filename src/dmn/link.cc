// Models → graph: references are found, cycles refused, names given slots, logic compiled in the order of requirements.
#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/limits.h"
#include "base/text.h"
#include "dmn/compiler.h"
#include "dmn/graph.h"
#include "dmn/namespaces.h"

namespace dmn {
namespace {

using feel::TypePtr;
using feel::Value;

enum class NodeKind : unsigned char { input, decision, knowledge, service, source };
constexpr const char* kKindNames[] = {"input data", "a decision", "a business knowledge model", "a decision service", "a knowledge source"};

struct Target {
  NodeKind kind = NodeKind::input;
  int index = -1;
  bool found() const { return index >= 0; }
};

class Linker {
 public:
  Linker(std::vector<std::shared_ptr<const Model>> models, Faults& faults, bool alone) : faults_(faults), alone_(alone), graph_(std::make_shared<Graph>()) {
    graph_->models = std::move(models);
  }

  std::shared_ptr<Graph> run() {
    for (std::size_t m = 0; m < graph_->models.size(); ++m) add_elements(static_cast<int>(m));
    find_import_paths();
    resolve_types();
    resolve_references();
    if (structural_faults_) return graph_;
    if (!sort()) return graph_;
    declare_services();
    for (const int index : knowledge_order_) compile_knowledge(index);
    for (const int index : decision_order_) compile_decision(index);
    graph_->finish();
    return graph_;
  }

 private:
  const Model& model(int index) const { return *graph_->models[index]; }

  void structural(std::string_view code, base::Where where, std::string message, std::string remedy) {
    structural_faults_ = true;
    faults_.add(code, std::move(where), std::move(message), std::move(remedy));
  }

  // ---- elements -----------------------------------------------------------------------------------------------
  void add(int m, const Element& element, Target target, std::set<std::string>& names, bool named) {
    const Model& in = model(m);
    if (named && element.name.empty()) faults_.add("DMN-NAME-MISSING", in.where(element), "an element has no name", "name=\"…\"");
    if (named && !element.name.empty() && !names.insert(element.name).second)
      faults_.add("DMN-NAME-DUPLICATE", in.where(element), "the name '" + element.name + "' is used twice", "names that differ within the model");
    if (element.id.empty()) return;
    if (!targets_.emplace(in.ns + "#" + element.id, target).second)
      faults_.add("DMN-ID-DUPLICATE", in.where(element), "the id '" + element.id + "' is used twice", "an id of its own for each element");
  }

  void add_elements(int m) {
    const Model& in = model(m);
    std::set<std::string> names;
    for (const InputData& input : in.inputs) {
      add(m, input, {NodeKind::input, static_cast<int>(graph_->inputs.size())}, names, true);
      graph_->inputs.push_back({m, input.id, input.name, {}, nullptr});
      input_sources_.push_back(&input);
    }
    for (const Decision& decision : in.decisions) {
      add(m, decision, {NodeKind::decision, static_cast<int>(graph_->decisions.size())}, names, true);
      DecisionNode node;
      node.model = m;
      node.id = decision.id;
      node.name = decision.name;
      node.kind = kind_name(decision.logic.get());
      graph_->decisions.push_back(std::move(node));
      decision_sources_.push_back(&decision);
    }
    for (const BusinessKnowledgeModel& knowledge : in.knowledge) {
      add(m, knowledge, {NodeKind::knowledge, static_cast<int>(graph_->knowledge.size())}, names, true);
      graph_->knowledge.push_back({m, knowledge.id, knowledge.name, {}});
      knowledge_sources_.push_back(&knowledge);
    }
    for (const DecisionService& service : in.services) {
      add(m, service, {NodeKind::service, static_cast<int>(graph_->services.size())}, names, true);
      graph_->services.push_back({m, service.id, service.name, {}, {}, {}, {}, nullptr, {}});
      service_sources_.push_back(&service);
    }
    for (const KnowledgeSource& source : in.sources) add(m, source, {NodeKind::source, 0}, names, false);
  }

  // ---- imports ------------------------------------------------------------------------------------------------
  int model_of(const std::string& ns) const {
    for (std::size_t m = 0; m < graph_->models.size(); ++m)
      if (model(static_cast<int>(m)).ns == ns) return static_cast<int>(m);
    return -1;
  }

  // Breadth first, so the shortest way of import names from one model to another is the one that counts.
  void find_import_paths() {
    paths_.resize(graph_->models.size());
    for (std::size_t from = 0; from < graph_->models.size(); ++from) {
      auto& paths = paths_[from];
      paths[static_cast<int>(from)] = {};
      std::vector<int> open{static_cast<int>(from)};
      for (std::size_t i = 0; i < open.size(); ++i) {
        for (const Import& import : model(open[i]).imports) {
          if (!import.type.empty() && model_version(import.type).empty()) continue;  // PMML, XSD: no DMN model
          const int to = model_of(import.ns);
          if (to < 0) {
            if (open[i] == static_cast<int>(from) && !alone_)
              structural("DMN-IMPORT-UNKNOWN", model(open[i]).where(import),
                  "the imported model \"" + import.ns + "\" is not among the models",
                  "the file of the imported model, together with this one");
            continue;
          }
          if (paths.contains(to)) continue;
          std::vector<std::string> path = paths[open[i]];
          if (!import.name.empty()) path.push_back(import.name);
          paths[to] = std::move(path);
          open.push_back(to);
        }
      }
    }
    for (InputNode& input : graph_->inputs)
      if (const auto path = paths_[0].find(input.model); path != paths_[0].end()) input.path = path->second;
  }

  // ---- types --------------------------------------------------------------------------------------------------
  void resolve_types() {
    for (const auto& m : graph_->models) types_.push_back(std::make_unique<TypeTable>(*m, faults_));
    // Imported types first; two models that import each other see what is resolved by then.
    std::vector<int> order;
    std::vector<char> seen(graph_->models.size());
    const std::size_t count = graph_->models.size();
    std::vector<std::pair<int, bool>> stack;
    for (std::size_t m = 0; m < count; ++m) stack.emplace_back(static_cast<int>(count - 1 - m), false);
    while (!stack.empty()) {
      const auto [m, done] = stack.back();
      stack.pop_back();
      if (done) { order.push_back(m); continue; }
      if (seen[m]) continue;
      seen[m] = 1;
      stack.emplace_back(m, true);
      for (const Import& import : model(m).imports)
        if (const int to = model_of(import.ns); to >= 0 && !seen[to]) stack.emplace_back(to, false);
    }
    for (const int m : order) {
      for (const Import& import : model(m).imports)
        if (const int to = model_of(import.ns); to >= 0 && to != m) types_[m]->add_import(import.name, *types_[to]);
      types_[m]->resolve_all();
    }
    for (std::size_t i = 0; i < graph_->inputs.size(); ++i)
      graph_->inputs[i].type = types_[graph_->inputs[i].model]->find(input_sources_[i]->variable.type, input_sources_[i]->id);
    for (std::size_t i = 0; i < graph_->decisions.size(); ++i)
      graph_->decisions[i].type = graph_->decisions[i].known_type = types_[graph_->decisions[i].model]->find(decision_sources_[i]->variable.type, decision_sources_[i]->id);
  }

  // ---- references ---------------------------------------------------------------------------------------------
  Target resolve(int m, const Reference& reference, std::initializer_list<NodeKind> wanted) {
    const Model& in = model(m);
    const std::string& ns = reference.ns.empty() ? in.ns : reference.ns;
    const auto found = targets_.find(ns + "#" + reference.id);
    if (found == targets_.end()) {
      if (alone_ && !reference.ns.empty()) return {};
      std::vector<std::string> ids;
      for (const auto& [key, unused] : targets_)
        if (key.starts_with(ns + "#")) ids.push_back(key.substr(ns.size() + 1));
      const std::string near = base::nearest(reference.id, ids);
      structural("DMN-REFERENCE-UNKNOWN", in.where(reference.at, reference.element),
          "nothing has the id '" + (reference.ns.empty() ? "" : reference.ns + "#") + reference.id + "'",
                 near.empty() ? "the id of an element of this model, or of an imported one as namespace#id" : "did you mean '#" + near + "'?");
      return {};
    }
    if (std::find(wanted.begin(), wanted.end(), found->second.kind) == wanted.end()) {
      structural("DMN-REFERENCE-KIND", in.where(reference.at, reference.element), "'" + reference.id + "' is " + kKindNames[static_cast<int>(found->second.kind)],
                 std::string("the id of ") + kKindNames[static_cast<int>(*wanted.begin())]);
      return {};
    }
    return found->second;
  }

  std::vector<int> resolve_all(int m, const std::vector<Reference>& references, std::initializer_list<NodeKind> wanted) {
    std::vector<int> out;
    for (const Reference& reference : references)
      if (const Target target = resolve(m, reference, wanted); target.found()) out.push_back(target.index);
    return out;
  }

  void resolve_references() {
    for (std::size_t i = 0; i < graph_->decisions.size(); ++i) {
      DecisionNode& node = graph_->decisions[i];
      node.decisions = resolve_all(node.model, decision_sources_[i]->required_decisions, {NodeKind::decision});
      node.inputs = resolve_all(node.model, decision_sources_[i]->required_inputs, {NodeKind::input});
      decision_knowledge_.push_back(knowledge_of(node.model, decision_sources_[i]->required_knowledge));
      resolve_all(node.model, decision_sources_[i]->required_authority, {NodeKind::source, NodeKind::decision, NodeKind::input});
    }
    for (std::size_t i = 0; i < graph_->knowledge.size(); ++i)
      knowledge_knowledge_.push_back(knowledge_of(graph_->knowledge[i].model, knowledge_sources_[i]->required_knowledge));
    for (std::size_t i = 0; i < graph_->services.size(); ++i) {
      ServiceNode& node = graph_->services[i];
      node.outputs = resolve_all(node.model, service_sources_[i]->outputs, {NodeKind::decision});
      node.input_decisions = resolve_all(node.model, service_sources_[i]->input_decisions, {NodeKind::decision});
      node.input_data = resolve_all(node.model, service_sources_[i]->input_data, {NodeKind::input});
      resolve_all(node.model, service_sources_[i]->encapsulated, {NodeKind::decision});
    }
  }

  std::vector<Target> knowledge_of(int m, const std::vector<Reference>& references) {
    std::vector<Target> out;
    for (const Reference& reference : references)
      if (const Target target = resolve(m, reference, {NodeKind::knowledge, NodeKind::service}); target.found()) out.push_back(target);
    return out;
  }

  // ---- order --------------------------------------------------------------------------------------------------
  // 6.2.2: no element requires itself. One depth-first pass for each kind of requirement that can make a circle.
  template <class Next, class Name>
  bool topological(std::size_t count, const Next& next, const Name& name, std::vector<int>& order) {
    enum : char { fresh, open, done };
    std::vector<char> state(count, fresh);
    for (std::size_t start = 0; start < count; ++start) {
      std::vector<std::pair<int, std::size_t>> stack;  // node, how many of its requirements are done
      if (state[start] == fresh) stack.emplace_back(static_cast<int>(start), 0);
      while (!stack.empty()) {
        auto& [node, at] = stack.back();
        state[node] = open;
        const std::vector<int>& required = next(node);
        if (at == required.size()) {
          state[node] = done;
          order.push_back(node);
          stack.pop_back();
          continue;
        }
        const int to = required[at++];
        if (state[to] == done) continue;
        if (state[to] == open) {
          std::string path = "'" + name(to).second + "'";
          auto from = std::find_if(stack.begin(), stack.end(), [&](const auto& entry) { return entry.first == to; });
          for (++from; from != stack.end(); ++from) path += " requires '" + name(from->first).second + "'";
          structural("DMN-CYCLE", name(to).first, path + " requires '" + name(to).second + "'", "requirements without a circle");
          return false;
        }
        stack.emplace_back(to, 0);
      }
    }
    return true;
  }

  bool sort() {
    std::vector<std::vector<int>> knowledge(graph_->knowledge.size());
    for (std::size_t i = 0; i < knowledge.size(); ++i)
      for (const Target& target : knowledge_knowledge_[i])
        if (target.kind == NodeKind::knowledge) knowledge[i].push_back(target.index);
    const auto of_knowledge = [&](int i) { return std::pair{model(graph_->knowledge[i].model).where(*knowledge_sources_[i]), graph_->knowledge[i].name}; };
    const auto of_decision = [&](int i) { return std::pair{model(graph_->decisions[i].model).where(*decision_sources_[i]), graph_->decisions[i].name}; };
    const bool a = topological(knowledge.size(), [&](int i) -> const std::vector<int>& { return knowledge[i]; }, of_knowledge, knowledge_order_);
    const bool b = topological(graph_->decisions.size(), [&](int i) -> const std::vector<int>& { return graph_->decisions[i].decisions; }, of_decision, decision_order_);
    return a && b;
  }

  // ---- logic --------------------------------------------------------------------------------------------------
  void add_bundle(std::vector<Bundle>& bundles, const std::vector<std::string>& path, const std::string& name, TypePtr type, Source source, TypePtr inferred = nullptr) {
    std::vector<Bundle>* level = &bundles;
    for (const std::string& part : path) {
      auto found = std::find_if(level->begin(), level->end(), [&](const Bundle& b) { return b.name == part && b.source.kind == SourceKind::none; });
      if (found == level->end()) found = level->insert(level->end(), Bundle{part, nullptr, {}, {}});
      level = &found->below;
    }
    level->push_back({name, std::move(type), std::move(source), {}, std::move(inferred)});
  }

  static TypePtr type_of(Bundle& bundle) {  // import names are nested a handful deep
    if (bundle.source.kind != SourceKind::none) return bundle.type;
    auto type = std::make_shared<feel::Type>();
    type->kind = feel::TypeKind::context;
    for (Bundle& below : bundle.below) type->members.emplace_back(below.name, type_of(below));
    return bundle.type = type;
  }

  const std::vector<std::string>& path(int from, int to) const {
    static const std::vector<std::string> none;
    const auto found = paths_[from].find(to);
    return found == paths_[from].end() ? none : found->second;
  }

  void add_functions(std::vector<Bundle>& bundles, int m, const std::vector<Target>& targets) {
    for (const Target& target : targets) {
      const bool is_service = target.kind == NodeKind::service;
      const Value& function = is_service ? graph_->services[target.index].function : graph_->knowledge[target.index].function;
      const std::string& name = is_service ? graph_->services[target.index].name : graph_->knowledge[target.index].name;
      const int home = is_service ? graph_->services[target.index].model : graph_->knowledge[target.index].model;
      const TypePtr type = function.kind() == feel::Kind::function ? function.as_function()->type : nullptr;
      add_bundle(bundles, path(m, home), name, type, {SourceKind::function, target.index, function, is_service});
    }
  }

  void declare_services() {
    for (std::size_t i = 0; i < graph_->services.size(); ++i) {
      ServiceNode& node = graph_->services[i];
      TypePtr declared = types_[node.model]->find(service_sources_[i]->variable.type, node.id);
      if (declared && declared->kind == feel::TypeKind::function) declared = declared->element;
      node.result = declared;
      auto type = std::make_shared<feel::Type>();
      type->kind = feel::TypeKind::function;
      type->element = declared;
      for (const int input : node.input_data) type->members.emplace_back(graph_->inputs[input].name, graph_->inputs[input].type);
      for (const int decision : node.input_decisions) type->members.emplace_back(graph_->decisions[decision].name, graph_->decisions[decision].type);
      node.function = service_function(graph_, static_cast<int>(i), type);
    }
  }

  void compile_knowledge(int index) {
    KnowledgeNode& node = graph_->knowledge[index];
    const BusinessKnowledgeModel& source = *knowledge_sources_[index];
    const auto* definition = source.logic ? std::get_if<FunctionDefinition>(&source.logic->logic) : nullptr;
    if (definition == nullptr) {
      faults_.add("DMN-LOGIC-EMPTY", model(node.model).where(source), "'" + node.name + "' has no encapsulated logic", "<encapsulatedLogic>");
      return;
    }
    Compiler compiler(graph_->models[node.model], *types_[node.model], faults_, node.id, node.name);
    std::vector<Bundle> bundles;
    add_functions(bundles, node.model, knowledge_knowledge_[index]);
    std::vector<std::pair<int, Value>> constants;
    for (Bundle& bundle : bundles) {
      const TypePtr type = type_of(bundle);
      constants.emplace_back(compiler.scope().declare(bundle.name, type), constant(bundle));
    }
    if (definition->kind != FunctionKind::feel) {
      Compiled external = compiler.expression(*source.logic);
      const feel::Environment environment;
      std::vector<Value> slots(compiler.scope().slot_count());
      Run run;
      Frame frame{slots, environment, run};
      node.function = external.node->evaluate(frame);
      return;
    }
    declare_absent_imports(node.model, compiler);
    const auto body = compiler.body(*definition, *source.logic, node.name);
    TypePtr result = types_[node.model]->find(source.variable.type, node.id);
    if (result && result->kind == feel::TypeKind::function) result = result->element;
    body->result = result;
    compiler.check_type(body->inferred, result, source.at, node.id, "the result of '" + node.name + "'", "resultatet af '" + node.name + "'");
    for (auto& one : constants)
      if (compiler.scope().is_used(one.first)) body->constants.push_back(std::move(one));
    node.function = function_value(body, compiler.function_type(*body), {});
  }

  // check() sees one model: an import's name is there, what lies below it is not known.
  void declare_absent_imports(int m, Compiler& compiler) {
    if (!alone_) return;
    for (const Import& import : model(m).imports)
      if (model_of(import.ns) < 0) compiler.add_absent_import(import.name);
  }

  static Value constant(const Bundle& bundle) {
    if (bundle.source.kind == SourceKind::function) return bundle.source.function;
    feel::Context context;
    for (const Bundle& below : bundle.below) context.entries.emplace_back(below.name, constant(below));
    return Value::context(std::move(context));
  }

  void compile_decision(int index) {
    DecisionNode& node = graph_->decisions[index];
    const Decision& source = *decision_sources_[index];
    std::vector<Bundle> bundles;
    for (const int input : node.inputs) {
      const InputNode& required = graph_->inputs[input];
      add_bundle(bundles, path(node.model, required.model), required.name, required.type, {SourceKind::input, input, {}});
    }
    for (const int decision : node.decisions) {
      const DecisionNode& required = graph_->decisions[decision];
      add_bundle(bundles, path(node.model, required.model), required.name, required.known_type, {SourceKind::decision, decision, {}}, required.inferred);
    }
    add_functions(bundles, node.model, decision_knowledge_[index]);
    Compiler compiler(graph_->models[node.model], *types_[node.model], faults_, node.id, node.name);
    compiler.scope().reserve(graph_->shared_slots());
    for (Bundle& bundle : bundles) {
      const TypePtr type = type_of(bundle);
      const int shared = slot_of(bundle.source);
      const int slot = shared >= 0 ? compiler.scope().declare_at(bundle.name, type, shared, bundle.inferred) : compiler.scope().declare(bundle.name, type, bundle.inferred);
      node.has_imports |= shared < 0;
      node.names.push_back({slot, std::move(bundle)});
    }
    declare_absent_imports(node.model, compiler);
    if (source.logic == nullptr) {
      faults_.add("DMN-LOGIC-EMPTY", model(node.model).where(source), "decision '" + node.name + "' has no logic", "a decision table or another expression");
    } else {
      Compiled logic = compiler.root(*source.logic);
      node.logic = std::move(logic.node);
      if (node.known_type == nullptr) node.known_type = logic.type;
      node.inferred = logic.best();
      compiler.check_type(node.inferred, node.type, source.variable.at.line > 0 ? source.variable.at : source.at, node.id, "decision '" + node.name + "'", "beslutningen '" + node.name + "'");
    }
    node.slot_count = compiler.scope().slot_count();
    node.always_conforms = node.type == nullptr || (node.logic != nullptr && node.logic->always_gives(node.type));
  }

  int slot_of(const Source& source) const {
    switch (source.kind) {
      case SourceKind::input: return graph_->input_slot(source.index);
      case SourceKind::decision: return graph_->decision_slot(source.index);
      case SourceKind::function: return source.is_service ? graph_->service_slot(source.index) : graph_->knowledge_slot(source.index);
      case SourceKind::none: break;
    }
    return -1;
  }

  Faults& faults_;
  bool alone_;
  bool structural_faults_ = false;
  std::shared_ptr<Graph> graph_;
  std::unordered_map<std::string, Target> targets_;  // "namespace#id"
  std::vector<std::map<int, std::vector<std::string>>> paths_;  // from model: to model → import names
  std::vector<std::unique_ptr<TypeTable>> types_;
  std::vector<const InputData*> input_sources_;
  std::vector<const Decision*> decision_sources_;
  std::vector<const BusinessKnowledgeModel*> knowledge_sources_;
  std::vector<const DecisionService*> service_sources_;
  std::vector<std::vector<Target>> decision_knowledge_, knowledge_knowledge_;
  std::vector<int> knowledge_order_, decision_order_;
};

}  // namespace

std::shared_ptr<Graph> link(std::vector<std::shared_ptr<const Model>> models, Faults& faults, bool alone) {
  return Linker(std::move(models), faults, alone).run();
}

}  // namespace dmn
