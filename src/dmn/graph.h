// The requirement graph of all models that are compiled together (DMN 1.5 section 6.2.2): every element by index, its
// requirements as indexes, its logic as nodes.
#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dmn/faults.h"
#include "dmn/node.h"
#include "dmn/types.h"

namespace dmn {

enum class SourceKind : unsigned char { none, input, decision, function };
struct Source {
  SourceKind kind = SourceKind::none;
  int index = -1;           // into Graph::inputs, decisions, knowledge or services
  feel::Value function;     // of a knowledge model or service
  bool is_service = false;
};
// What one name in a decision's scope stands for: a source, or an import's name with more names below it.
struct Bundle {
  std::string name;
  feel::TypePtr type;
  Source source;
  std::vector<Bundle> below;
  feel::TypePtr inferred = nullptr;  // by check() only
};
struct NamedSlot {
  int slot = -1;  // Graph's own for an input, a decision or a function; else of the decision: a context is put there
  Bundle bundle;
};

struct InputNode {
  int model = 0;
  std::string id, name;
  std::vector<std::string> path;  // imports' names from the main model to it; empty in the main model
  feel::TypePtr type;
};

struct DecisionNode {
  int model = 0;
  std::string id, name, kind;
  feel::TypePtr type;           // declared
  feel::TypePtr known_type;     // declared, or what its logic gives
  feel::TypePtr inferred;       // by check() only
  NodePtr logic;                // may be null: no decision logic
  bool has_imports = false;     // some of its names are contexts of an import's names
  bool always_conforms = false; // the logic gives nothing that its type would change or refuse
  int slot_count = 0;           // of the whole frame: its own come after Graph::shared_slots()
  std::vector<NamedSlot> names;
  std::vector<int> decisions, inputs;  // required
};

// What answering a question takes, worked out once: in a frame, input i lies in slot i, then come the decisions, then the functions.
struct Plan {
  std::vector<int> inputs;     // as Graph::required_inputs, where one decision is asked
  std::vector<int> decisions;  // in order of evaluation
  std::vector<std::pair<int, feel::Value>> functions;  // slot, value
  std::size_t slot_count = 0;
};

struct ServiceNode {  // 10.4
  int model = 0;
  std::string id, name;
  std::vector<int> outputs, input_decisions, input_data;
  Plan plan;
  feel::TypePtr result;
  feel::Value function;
};

struct KnowledgeNode {
  int model = 0;
  std::string id, name;
  feel::Value function;
};

struct Graph {
  std::vector<std::shared_ptr<const Model>> models;  // the first is the main one
  std::vector<InputNode> inputs;
  std::vector<DecisionNode> decisions;
  std::vector<KnowledgeNode> knowledge;
  std::vector<ServiceNode> services;

  std::vector<int> required_inputs(int decision) const;  // input data that it depends on, each once
  std::string input_name(int input) const;               // "import.name" for those of imported models

  int input_slot(int input) const { return input; }
  int decision_slot(int decision) const { return static_cast<int>(inputs.size()) + decision; }
  int knowledge_slot(int index) const { return decision_slot(static_cast<int>(decisions.size())) + index; }
  int service_slot(int index) const { return knowledge_slot(static_cast<int>(knowledge.size())) + index; }
  int shared_slots() const { return service_slot(static_cast<int>(services.size())); }

  // In the main model; -1: there is none.
  int find_decision(std::string_view id_or_name) const { return find(decision_names, id_or_name); }
  int find_service(std::string_view id_or_name) const { return find(service_names, id_or_name); }
  int find_knowledge(std::string_view id_or_name) const { return find(knowledge_names, id_or_name); }
  void finish();  // when all is linked and compiled

 private:
  struct Names {
    std::map<std::string, int, std::less<>> by_id, by_name;
  };
  static int find(const Names&, std::string_view id_or_name);
  template <class Nodes>
  static void name(const Nodes&, Names&);
  Names decision_names, service_names, knowledge_names;
};

// What was given for an input: as "import.name", as a context under the import's name, or by its plain name. Null pointer: nothing.
const feel::Value* given_input(const InputNode&, const feel::Context& given);

// `given`: decisions whose values come from outside.
Plan plan(const Graph&, std::span<const int> asked, std::span<const int> given);

// One question being answered: of one evaluate(), or of one call of a service.
class Session {
 public:
  // The slots hold the plan's functions; `traces` may be null.
  Session(const Graph& graph, const Plan& plan, std::span<feel::Value> slots, const feel::Environment& environment, Run& run, std::vector<DecisionTrace>* traces)
      : graph_(graph), plan_(plan), slots_(slots), environment_(environment), run_(run), traces_(traces) {}
  void set_input(int input, const feel::Value&);  // conformed
  void evaluate();                                // the plan's decisions, into their slots

 private:
  void compute(const DecisionNode&, feel::Value& out);
  void compute_traced(const DecisionNode&, feel::Value& out);
  void compose(const DecisionNode&);
  feel::Value value_of(const Bundle&) const;
  const Graph& graph_;
  const Plan& plan_;
  std::span<feel::Value> slots_;
  const feel::Environment& environment_;
  Run& run_;
  std::vector<DecisionTrace>* traces_;
  std::map<int, std::vector<feel::Reason>> input_reasons_;  // why an input became null; told by each decision that uses it
};

// The function value that a service is (10.4): parameters are its input data, then its input decisions.
feel::Value service_function(const std::shared_ptr<Graph>&, int service, feel::TypePtr type);

// Links and compiles. `alone`: what belongs to other models is not missed. Structure that cannot be linked leaves faults; the graph is then incomplete and must not be run.
std::shared_ptr<Graph> link(std::vector<std::shared_ptr<const Model>> models, Faults&, bool alone);

}  // namespace dmn
