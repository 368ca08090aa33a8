// A call graph placed in columns: who calls left of whom is called, lines through the gaps between. Same graph, same picture.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"

namespace bank::understand {

struct GraphPoint { double x = 0, y = 0; };
struct GraphNode {
  std::string slug, title, kind;
  bool known = true;                 // the bank has it and the reader may read it
  int level = 0;                     // of the asked workflow 0; negative: calls it; positive: is called
  std::vector<std::string> lines;    // of the title, as wide as the box
  double x = 0, y = 0, width = 0, height = 0;
};
struct GraphEdge {
  int from = 0, to = 0;
  bool back = false;                 // closes a circle of calls: drawn below the others
  std::vector<std::pair<std::string, std::string>> elements;  // calling activities: id, name
  std::vector<GraphPoint> points;
};
struct Graph { std::vector<GraphNode> nodes; std::vector<GraphEdge> edges; int root = 0, omitted = 0; double width = 0, height = 0; };

void place(Graph&);                  // levels, coordinates and lines; nodes and edges are given
base::Json graph_json(const Graph&);
std::string graph_svg(const Graph&); // every box a link to /bank/<slug>

}  // namespace bank::understand
