// From a matching to differences without words. Private to this folder.
#pragma once
#include <optional>
#include <set>
#include <vector>

#include "bpmn/compare/compare.h"
#include "bpmn/compare/match.h"

namespace bpmn::comparing {

// Everything a reader cares for that is different in a matched pair; label, type and lane first. attributes.cc
std::vector<Detail> details(const Graph&, int a, const Graph&, int b, const Matching&);

// Matched nodes (index into pairs) whose place in the order of flow is another: the fewest that explain all turned pairs. routes.cc
std::set<int> moved(const Graph&, const Graph&, const Matching&);

// A way between two matched nodes over what is not matched or silent, with the flows it runs over, the named nodes
// between (via) and the labels on them.
struct Way { int from = -1, to = -1; std::vector<int> flows, via; std::vector<std::string> labels; std::vector<std::string> conditions; };
std::vector<Way> ways(const Graph&, const std::vector<int>& partner);  // one per pair of ends. routes.cc

}  // namespace bpmn::comparing
