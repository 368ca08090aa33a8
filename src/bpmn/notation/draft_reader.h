// Reads lines into a Draft. Private to this folder; its methods stand in draft.cc (flow) and draft_around.cc (the rest).
#pragma once
#include <map>
#include <set>

#include "bpmn/notation/draft.h"
#include "bpmn/notation/ids.h"

namespace bpmn::notation {

class DraftReader {
 public:
  DraftReader(const Lines& lines, Draft& draft) : lines_(lines), draft_(draft), model_(draft.model) {}
  base::Status run();

 private:
  // A flow that has left its source and waits for its target.
  struct Open {
    int source = -1;
    std::string label, condition;
    bool has_condition = false, is_default = false;
    int order = 0;                      // among all: the flows of one element keep the order of their branches
    int line = 0, column = 0;           // of what opened it: the branch, else the element
  };
  using Opens = std::vector<Open>;
  struct Jump { std::vector<Open> from; std::string to; int line; int order; };
  struct Place { int process, parent, lane; };

  // draft_around.cc
  base::Status root(int line);
  base::Status process(int line);
  base::Status process_fact(int line, int process, Place&, bool& known);
  base::Status lane(int line, int process, int parent);
  base::Status pool(const Line&, int process);
  base::Status definition(int line);
  base::Status message_flow(const Line&);
  base::Status data(const Line&, int process);
  base::Status note(const Line&, int process, const std::string& about);
  base::Status data_link(const Line&, int node);
  std::string data_named(const std::string& name, int process);
  void settle_references();
  std::string settle(EventKind kind, const std::string& key);
  base::Status settle_message_flows();
  base::Status find_lane(const Line&, Place&);

  // draft.cc
  base::Status block(const std::vector<int>& lines, Place, Opens&);
  base::Status element(int line, Place&, Opens&);
  base::Status inside(int line, Place, int node, Opens& out);
  base::Status detail(const Line&, Place, int node);
  base::Status branch(int line, Place, int node, Opens& out);
  base::Status boundary(int line, Place, int node, Opens& out);
  base::Result<int> add_node(const Line&, ElementType, Place);
  base::Status parameters(const Line&, Node&);
  base::Status event_parameters(const Line&, Node&, std::size_t first);
  base::Status timer_parameter(const Line&, const std::vector<std::string>& words, EventDefinition&);
  base::Status jump(const Line&, Opens&, int line);
  base::Status leave(const Line&);
  void arrive(Opens&, int target);
  void flow(const Open&, int target);
  Open opened(int source, const Line& by) { return {.source = source, .order = opened_++, .line = by.number, .column = by.column}; }
  base::Status settle_jumps();
  void settle_order();
  void settle_flow_ids();
  base::Result<int> node_named(const std::string& name, const Line&) const;

  base::Result<std::string> new_id(const Line&, const std::string& derived);
  std::unexpected<base::Error> fail(const Line&, std::string message, std::string remedy) const;
  const Line& at(int line) const { return lines_.all[static_cast<std::size_t>(line)]; }
  Node& node(int index) { return model_.nodes[static_cast<std::size_t>(index)]; }

  const Lines& lines_;
  Draft& draft_;
  Model& model_;
  Ids ids_;
  std::vector<Jump> jumps_;
  std::vector<const Line*> message_flow_lines_;
  std::vector<int> flow_order_;          // of model_.flows: Open::order
  int opened_ = 0;
};

// The id an element gets without one of its own.
std::string derived_id(const Ids&, std::string_view name, std::string_view word);

}  // namespace bpmn::notation
