// Soundness of the control flow: what tokens can do in each process and sub-process, data left out (each condition may
// hold or not). Found by going through all states within a budget; the rules of soundness.cc report it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "bpmn/model.h"

namespace bpmn::rules {

inline constexpr std::size_t kSoundnessStates = 10'000;  // of one scope: some 50 ms; more of them are "not checked"
inline constexpr std::size_t kSoundnessChoices = 1'024;  // ways in which one element may give its tokens on

enum class Flaw : std::uint8_t { deadlock, no_synchronisation, dead, endless, not_checked };
struct Unsound {
  Flaw flaw;
  const base::xml::Element* at;
  std::string detail, detail_da;     // the shortest way there: as ids, and as names where there are any
};
std::vector<Unsound> unsound(const Model&);

// One process or sub-process as places that hold tokens (its flows, then its elements: a token that came over no flow) and
// elements that take and give them.
class Net {
 public:
  using Places = std::vector<std::uint32_t>;
  struct Move { int node = -1; Places takes, gives; bool ends = false; int boundary = -1; };  // ends: nothing is left in the scope

  Net(const Model&, int process, int scope);  // scope: index of the sub-process, -1 = the process itself
  bool checkable() const { return checkable_; }        // elements whose tokens data decide about are not
  bool crowded() const { return crowded_; }            // more than kSoundnessChoices
  std::size_t places() const { return flows_.size() + nodes_.size(); }
  const std::vector<int>& nodes() const { return nodes_; }
  const std::vector<Places>& beginnings() const { return beginnings_; }
  std::vector<Move> moves(const std::string& marking) const;
  bool endable() const { return endable_; }            // something outside its flow may end it
  bool excused(int node) const { return excused_[static_cast<std::size_t>(node)]; }  // what only a non-interrupting event leads to
  bool reachable(int node) const { return reachable_[static_cast<std::size_t>(node)]; }
  bool is_join(int node) const;
  int target_of(std::uint32_t place) const;            // the node that the token is at
  int source_of(std::uint32_t place) const;            // -1: none

 private:
  const Node& at(int node) const { return model_.nodes[static_cast<std::size_t>(node)]; }
  std::uint32_t place_of_flow(int flow) const { return flow_place_[static_cast<std::size_t>(flow)]; }
  std::uint32_t place_of_node(int node) const { return static_cast<std::uint32_t>(flows_.size()) + node_place_[static_cast<std::size_t>(node)]; }
  bool belongs(const Node&) const;
  void begin();
  void follow(std::vector<bool>& seen, std::vector<int> open) const;
  std::vector<Places> choices(const Node&) const;
  Places next_of_link(const Node&) const;
  void add(std::vector<Move>&, int node, Places takes) const;
  void join(std::vector<Move>&, int node, const std::string& marking) const;
  bool waits(int gateway, const std::string& marking, std::uint64_t full) const;
  void reach();

  const Model& model_;
  int process_, scope_;
  bool checkable_ = true, endable_ = false;
  mutable bool crowded_ = false;
  std::vector<int> nodes_, flows_;                     // indexes into the model
  std::vector<std::uint32_t> node_place_, flow_place_; // of the model's nodes and flows
  std::vector<Places> beginnings_;
  std::vector<bool> excused_, reachable_;              // of the model's nodes
  std::vector<std::vector<std::uint64_t>> reaches_;    // inclusive join → node → its incoming flows that can be reached, by bit
};

}  // namespace bpmn::rules
