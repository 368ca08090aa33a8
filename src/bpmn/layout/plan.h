// What is to be placed: the model's drawable things as items and links. Private to layout.
#pragma once
#include <string>
#include <vector>

#include "bpmn/layout/layout.h"

namespace bpmn::layouts {

struct Rect {
  double x = 0, y = 0, w = 0, h = 0;
  double right() const { return x + w; }
  double bottom() const { return y + h; }
  double mid_x() const { return x + w / 2; }
  double mid_y() const { return y + h / 2; }
};
bool overlap(const Rect&, const Rect&, double margin = 0);

enum class Kind : std::uint8_t { activity, event, gateway, data, note, group, pool, lane };

struct Item {
  Kind kind = Kind::activity;
  std::string id;
  int node = -1;                 // index into Model::nodes
  int frame = -1;                // the frame it lies in
  int inside = -1;               // the frame it is the outside of: an open sub-process, a pool with a process
  int lane = -1;                 // index into the frame's lanes
  int host = -1;                 // boundary event: the activity
  int satellite_of = -1;         // data or note drawn above this item
  Rect box;
  bool fixed = false;            // keeps its place
  bool label_fixed = false;
  bool upright = false;          // kept pool or lane whose header is at the top
  std::vector<int> holds;        // group: what it is drawn around
  bool black_box = false;        // pool without content
  bool expanded = false;
  std::string label;             // text outside the shape
  Rect label_box;
};

enum class LinkKind : std::uint8_t { sequence, message, association };
struct Link {
  LinkKind kind = LinkKind::sequence;
  std::string id, label;
  int from = -1, to = -1;        // items
  std::vector<Point> points;
  Rect label_box;
  bool fixed = false, label_fixed = false;
};

struct LaneBand { int item = -1, parent = -1; double top = 0, height = 0; bool leaf = true; int depth = 0; };

// A process or an open sub-process: what lies in one coordinate system and may be connected by sequence flows.
struct Frame {
  int process = -1, parent_node = -1;
  int owner = -1;                // its item: pool or sub-process; -1 = a process without pool
  std::vector<int> members;      // items, without boundary events and satellites
  std::vector<LaneBand> lanes;   // leaves and the lanes around them, in order
  double left = 0, top = 0;      // of the content, in the picture
  double width = 0, height = 0;  // of the content with its margins
};

// One diagram: a plane and what is on it.
struct Plan {
  std::string plane_element, name;
  std::vector<Item> items;
  std::vector<Link> links;
  std::vector<Frame> frames;     // inner frames after the ones around them
};

// Plans of all diagrams the model needs: one, and one more for each collapsed sub-process that has content.
std::vector<Plan> plans_of(const Model&);

}  // namespace bpmn::layouts
