// A BPMN file as a tree that is changed in place: elements by id, their shapes and edges, and what refers to them.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/xml.h"
#include "bpmn/model.h"

namespace bank::imports {

using Xml = base::xml::Element;

class DiagramTree {
 public:
  explicit DiagramTree(base::xml::Document document) : document_(std::move(document)) { index(); }
  std::string write() const { return base::xml::write(document_); }

  Xml* element(const std::string& id) const;               // nullptr: none
  Xml* parent(const Xml&) const;
  Xml* scope(const Xml&) const;                            // the process, sub-process or collaboration around it
  Xml* process(const Xml&) const;                          // nullptr: outside all
  Xml* figure(const std::string& element) const;           // its BPMNShape or BPMNEdge
  Xml* plane(const std::string& element) const;            // that its figure is on
  bpmn::Bounds bounds(const std::string& element) const;
  void set_bounds(const std::string& element, const bpmn::Bounds&);
  std::vector<bpmn::Point> waypoints(const std::string& line) const;
  void set_waypoints(const std::string& line, const std::vector<bpmn::Point>&);
  std::vector<Xml*> lines_of(const std::string& id) const; // flows, message flows and associations that begin or end there
  Xml* process_at(const bpmn::Point&) const;               // of the pool that holds the point; the only one where there are no pools

  Xml* collaboration(const std::string& element) const;    // of the page it is on; nullptr: no pools
  std::vector<std::string> attached_to(const std::string& activity) const;  // boundary events

  Xml* add(Xml& parent, std::string_view local);           // a BPMN element, last
  void move(Xml&, Xml& to);
  void erase(const std::string& id);                       // with its figure and whatever names it (lane, incoming, outgoing, default)
  void unlink(const std::string& flow);                    // its incoming and outgoing rows
  void link(const std::string& flow);                      // and again, by where it leads
  void join_lane(const std::string& node);                 // the innermost lane of its process that its figure's middle lies in
  void leave_lanes(const std::string& node);
  void add_edge(Xml& plane, const std::string& line, const std::vector<bpmn::Point>&);

 private:
  void index();
  Xml* child(Xml& parent, std::string_view prefix, std::string_view ns, std::string_view local);
  void drop(const Xml&);                                   // the element itself; pointers into it are gone
  std::string prefix_of(std::string_view ns) const;
  base::xml::Document document_;
  std::unordered_map<std::string, Xml*> by_id_, figures_;
  std::unordered_map<const Xml*, Xml*> parents_;
};

bool is_flow_node(const Xml&);
bool is_bpmn_line(const Xml&);
// From the middle of one side to the middle of another, with right angles.
std::vector<bpmn::Point> straight_route(const bpmn::Bounds& from, const bpmn::Bounds& to);
// Where the way from `outside` to the middle of the bounds meets their border; keeps to the level of `outside` where that meets it too.
bpmn::Point border_point(const bpmn::Bounds&, const bpmn::Point& outside);

}  // namespace bank::imports
