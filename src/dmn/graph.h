// The requirement graph of all models that are compiled together (DMN 1.5 section 6.2.2): every element by index, its
// requirements as indexes, its logic as nodes.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dmn/faults.h"
#include "dmn/node.h"
#include "dmn/types.h"

namespace dmn {

enum class SourceKind : unsigned char { none, input, decision, function };
struct Source {
  SourceKind kind = SourceKind::none;
  int index = -1;       // into Graph::inputs or Graph::decisions
  feel::Value function; // of a knowledge model or service
};
// What one name in a decision's scope stands for: a source, or an import's name with more names below it.
struct Bundle {
  std::string name;
  feel::TypePtr type;
  Source source;
  std::vector<Bundle> below;
};
struct NamedSlot {
  int slot = -1;
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
  NodePtr logic;                // may be null: no decision logic
  int slot_count = 0;
  std::vector<NamedSlot> names;
  std::vector<int> decisions, inputs;  // required
};

struct ServiceNode {  // 10.4
  int model = 0;
  std::string id, name;
  std::vector<int> outputs, input_decisions, input_data;
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

  int find_decision(std::string_view id_or_name) const;  // in the main model; -1
  int find_service(std::string_view id_or_name) const;
  int find_knowledge(std::string_view id_or_name) const;
};

// What was given for an input: as "import.name", as a context under the import's name, or by its plain name. Null pointer: nothing.
const feel::Value* given_input(const InputNode&, const feel::Context& given);

// Values while one question is answered: of one evaluate(), or of one call of a service.
class Session {
 public:
  Session(const Graph&, const feel::Environment&, std::vector<DecisionTrace>* traces);
  void set_input(int input, feel::Value);
  void set_decision(int decision, feel::Value);     // its value replaces its logic
  const feel::Value& decision(int index);           // evaluated with what it requires, each once

 private:
  void compute(int decision);
  feel::Value value_of(const Bundle&) const;
  const Graph& graph_;
  const feel::Environment& environment_;
  std::vector<DecisionTrace>* traces_;
  std::vector<feel::Value> inputs_, decisions_;
  std::map<int, std::vector<feel::Reason>> input_reasons_;  // why an input became null; told by each decision that uses it
  std::vector<char> known_;
};

// The function value that a service is (10.4): parameters are its input data, then its input decisions.
feel::Value service_function(const std::shared_ptr<Graph>&, int service, feel::TypePtr type);

// Links and compiles. `alone`: what belongs to other models is not missed. Structure that cannot be linked leaves faults; the graph is then incomplete and must not be run.
std::shared_ptr<Graph> link(std::vector<std::shared_ptr<const Model>> models, Faults&, bool alone);

}  // namespace dmn
