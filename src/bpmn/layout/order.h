// A frame's flow as columns and chains. Columns: longest path after cycles are cut. Chains: the main path straight on, branches off it.
#pragma once
#include <vector>

#include "bpmn/layout/plan.h"

namespace bpmn::layouts {

struct Edge {
  int from, to;                  // local numbers
  int link;                      // index into Plan::links
  bool boundary;                 // leaves a boundary event of `from`
  bool back;                     // closes a cycle
};

struct Chain {
  std::vector<int> nodes;        // local numbers, from left to right
  int split = -1, merge = -1;    // where it leaves another chain and where it comes back, -1 = nowhere
  int parent = -1;
  std::vector<int> children;
  int group = -1;                // children with the same group stand symmetrically around the parent's line
  bool boundary = false;         // leaves a boundary event
};

struct Order {
  std::vector<int> items;        // local number → item
  std::vector<Edge> edges;
  std::vector<std::vector<int>> out, in;  // local number → edges, back edges included
  std::vector<int> column;
  std::vector<Chain> chains;     // parents before children
  std::vector<int> roots;
  std::vector<int> loose;        // items without any edge
  int columns = 0;
};

Order order_of(const Plan&, int frame, const Model&);

}  // namespace bpmn::layouts
