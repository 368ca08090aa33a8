// The order in which a graph is told as an outline. Private to the writer.
#pragma once
#include <vector>

#include "bpmn/model.h"

namespace bpmn::notation {

class Graph {
 public:
  explicit Graph(const Model&);
  // Flows that the outline can hold: both ends known and in the same container.
  const std::vector<int>& outgoing(int node) const { return outgoing_[static_cast<std::size_t>(node)]; }
  // Where an event of compensation leads: the activity, -1 where there is none.
  int compensates(int boundary) const { return compensates_[static_cast<std::size_t>(boundary)]; }
  bool is_handler(int node) const { return handler_[static_cast<std::size_t>(node)]; }
  // The node where most of these paths meet, the first in order of flow; -1 where no two meet. Closed nodes end a path.
  int meeting(const std::vector<int>& starts, const std::vector<bool>& closed) const;

  // Where no two meet: the first node of the path that goes on after the block, because it alone leads to `next`, or because it
  // is the longest that leads to an end. -1 where none stands out.
  int main_path(const std::vector<int>& starts, const std::vector<bool>& closed, int next) const;

 private:
  void order();
  // Every open node a path reaches, in the order met; `touch` is called with the closed ones it stops at.
  template <class Touch>
  std::vector<int> reach(int start, const std::vector<bool>& closed, Touch touch) const;

  const Model& model_;
  std::vector<std::vector<int>> outgoing_;
  std::vector<int> compensates_, rank_;
  std::vector<bool> handler_;
};

}  // namespace bpmn::notation
