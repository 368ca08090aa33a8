// A model as the graph that is compared: words, neighbours through what has no name, order of flow. Private to this folder.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "bpmn/compare/words.h"
#include "bpmn/model.h"

namespace bpmn::comparing {

enum class Family : std::uint8_t { start, end, catching, throwing, boundary, activity, gateway };
Family family(const Node&);
bool is_gateway(const Node&);
bool is_activity(const Node&);

// A way from one node to another: flows, and over boundary events.
struct Step { int to = -1, flow = -1; };   // flow -1: from an activity to its boundary event

class Graph {
 public:
  // Without order: rank, depth, loops and precedes() are not known (they take most of the time).
  explicit Graph(const Model&, bool with_order = true);

  const Model& model;
  std::size_t size() const { return model.nodes.size(); }
  const Node& node(int i) const { return model.nodes[static_cast<std::size_t>(i)]; }
  const Words& words(int i) const { return words_[static_cast<std::size_t>(i)]; }
  const Words& answers(int i) const { return answers_[static_cast<std::size_t>(i)]; }  // of a gateway: what its ways out are called
  const std::vector<Step>& out(int i) const { return out_[static_cast<std::size_t>(i)]; }
  const std::vector<Step>& in(int i) const { return in_[static_cast<std::size_t>(i)]; }
  // Neighbours with gateways without a name looked through.
  const std::vector<int>& before(int i) const { return before_[static_cast<std::size_t>(i)]; }
  const std::vector<int>& after(int i) const { return after_[static_cast<std::size_t>(i)]; }
  // A gateway that only joins or parts ways and says nothing.
  bool silent(int i) const { return is_gateway(node(i)) && node(i).name.empty(); }
  int lane(int i) const { return lane_[static_cast<std::size_t>(i)]; }    // index into Model::lanes, -1 none
  std::string lane_name(int i) const;
  int rank(int i) const { return rank_[static_cast<std::size_t>(i)]; }    // place in the order of flow
  // Does every run that has both come to `first` first? Loops back do not count.
  bool precedes(int first, int then) const { return reach_[static_cast<std::size_t>(first)][static_cast<std::size_t>(then)]; }
  // In a loop, where either may come first: steps from a start, what happens on a boundary later than what is planned.
  int depth(int i) const { return depth_[static_cast<std::size_t>(i)]; }
  bool in_one_loop(int i, int j) const { return loop_[static_cast<std::size_t>(i)] == loop_[static_cast<std::size_t>(j)]; }
  std::string property(int i, std::string_view key) const;   // values of zeebe:property, joined by "; "
  std::string called(int i) const;                            // package or process that a call activity opens

 private:
  void connect();
  void order();
  std::vector<Words> words_, answers_;
  std::vector<std::vector<Step>> out_, in_;
  std::vector<std::vector<int>> before_, after_;
  void loops();
  std::vector<int> lane_, rank_, depth_, loop_;
  std::vector<std::vector<bool>> reach_;
};

}  // namespace bpmn::comparing
