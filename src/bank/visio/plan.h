// What a page means: its elements and connections, each with where it comes from, how sure it is and why. recognise.cc says what
// each shape is, arrange.cc what lies in what, connect.cc what leads where, settle.cc what only the flows can tell; build.cc writes it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bank/visio/drawing.h"

namespace bank::visio {

enum class Kind : std::uint8_t {
#define KIND(name, family, xml) name,
#include "bank/visio/kinds.def"
#undef KIND
};
enum class Family : std::uint8_t { activity, event, gateway, data, artifact, area, line, aside };
std::string_view name(Kind);
std::string_view xml_name(Kind);
Family family(Kind);

enum class Reason : std::uint8_t {
#define REASON(code, confidence, english, danish) code,
#include "bank/visio/reasons.def"
#undef REASON
};
struct ReasonInfo { std::string_view code; double confidence; std::string_view english, danish; };
const ReasonInfo& info(Reason);

struct Element {
  int shape = -1;                 // index in Page::shapes; -1 = made by us (a pool around lanes)
  Kind kind = Kind::unknown;
  Reason reason = Reason::unknown_shape;
  double confidence = 0;
  std::string id, name;           // of the BPMN element
  Bounds box;
  int pool = -1, lane = -1;       // indexes of elements
  int parent = -1;                // the expanded sub-process it is in; of a lane: the lane around it
  int attached = -1;              // boundary event: its activity
  int in = 0, out = 0;            // sequence flows
  bpmn::EventKind trigger = bpmn::EventKind::none;
  bool interrupting = true, throws = false;
  std::string loop;               // "", standard, parallel, sequential
  bool vertical = false;          // of areas: the heading is on top
  int default_flow = -1;          // index of a connection
  std::vector<std::string> kla, law, links;
  std::string called_page;        // a call: the page its link leads to
  bool gone = false;              // taken back by a later step, which has written an aside
};

struct Connection {
  int shape = -1;
  Kind kind = Kind::flow;
  Reason reason = Reason::glued;
  double confidence = 0;
  std::string id, name;
  int source = -1, target = -1;   // indexes of elements
  bool is_default = false;
  std::vector<Point> route;
};

// A shape that became neither, with the reason; `of`: the element it is a part, a name or a structure of.
struct Aside { int shape = -1; Kind kind = Kind::unknown; Reason reason = Reason::decoration; int of = -1; };

struct PagePlan {
  const Page* page = nullptr;
  int number = 0;                 // from 1, of the pages of the drawing
  std::vector<Element> elements;
  std::vector<Connection> connections;
  std::vector<Aside> asides;
  std::vector<int> element_of;    // by shape: its element or that of the group around it; -1 = none
  std::vector<int> line_of;       // by shape: the line (shape index) it is or is a part of; -1 = none
  std::vector<Kind> line_kind;    // by shape: of a line that is no part
  bool geometry_only = false;     // .vsd: no masters, no glue
};

bool is_node(const Element&);      // a flow may lead to it: activity, event, gateway, or a document that may be a step
// Takes an element back: its shape gets an aside instead.
void take_back(PagePlan&, int element, Kind, Reason, int of = -1);

PagePlan plan_page(const Page&, int number, bool geometry_only);

// The steps of plan_page, in this order.
void recognise(PagePlan&);        // elements from shapes
void arrange(PagePlan&);          // pools, lanes, sub-processes, boundary events
void connect(PagePlan&);          // connections from lines
void settle(PagePlan&);           // start or end, document or step; names from free texts; ids

// "KLA 29.30.16" as "29.30.16", "§ 10, stk. 2" and the addresses of retsinformation, in the order of the text.
std::vector<std::string> kla_codes(std::string_view text);
std::vector<std::string> law_references(std::string_view text);
bool is_green(std::string_view colour);

}  // namespace bank::visio
