// Which node of one diagram is which of the other. Private to this folder.
#pragma once
#include <vector>

#include "bpmn/compare/graph.h"

namespace bpmn::comparing {

struct Pair { int a = -1, b = -1; double likeness = 0, label = 0; };

// An unmatched activity told by another one's label: it was merged into it (rest: a's node) or split from it (rest: b's node).
struct Told { int rest = -1; int partner_a = -1, partner_b = -1; bool merged = false; };

struct Matching {
  std::vector<Pair> pairs;             // one to one
  std::vector<int> of_a, of_b;         // node → partner in the other diagram, -1 none
  std::vector<int> lane_of_a, lane_of_b;  // the same for lanes
  std::vector<Told> told;
};

Matching match(const Graph& a, const Graph& b);

}  // namespace bpmn::comparing
