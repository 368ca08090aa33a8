// Model → outline. Private to this folder; its methods stand in text_writer.cc (flow) and text_around.cc (the rest).
#pragma once
#include <string>
#include <vector>

#include "bpmn/notation/draft.h"
#include "bpmn/notation/graph.h"
#include "bpmn/notation/ids.h"
#include "bpmn/notation/notation.h"

namespace bpmn::notation {

class TextWriter {
 public:
  explicit TextWriter(const Model&);
  Outline run();

 private:
  struct Use { EventKind kind; std::string id; };
  // text_writer.cc
  void container(int process, int parent, int depth);
  // Tells the path from `node`; `next` is what the block around goes on with (-1 nothing). True where an end was left open.
  void path(int node, int next, int& lane, int depth, bool& open);
  void element(int node, int depth);
  void boundaries(int node, int next, int lane, int depth, bool& open);
  void branches(int node, int next, int lane, int depth, bool& open);
  void go(int target, int next, int lane, int depth, bool& open);
  bool simple(int node) const;
  int after(int node, int next) const;
  std::string parameters(const Node&);
  std::string event_parameters(const Node&);
  bool told(int node) const { return told_[static_cast<std::size_t>(node)]; }

  // text_around.cc
  void process(int index);
  void lanes(int process, int parent, int depth);
  std::string lane_reference(int lane) const;
  void data_and_notes(int process);
  void around_node(int node, int depth);
  void definitions(std::string& text);
  bool definitions_with(const std::vector<std::string>& stated, std::string& text, std::string& unfit);
  void message_flows(std::string& text);
  std::string key_of(EventKind, const std::string& id);
  void what_is_left(const Node&);
  void left(base::Where where, std::string what) { left_out_.push_back({base::ErrorCode::invalid_bpmn, std::move(what), std::move(where), {}}); }

  void line(int depth, const std::string& head, const std::string* value = nullptr);
  std::string id_part(const std::string& id, const std::string& derived);
  const Node& node(int index) const { return model_.nodes[static_cast<std::size_t>(index)]; }
  const Flow& flow(int index) const { return model_.flows[static_cast<std::size_t>(index)]; }

  const Model& model_;
  Graph graph_;
  Ids ids_;
  std::string text_;
  std::vector<base::Error> left_out_;
  std::vector<bool> told_, closed_;        // told, or promised to a block around
  std::vector<int> lane_of_;
  std::vector<Use> uses_;
  std::vector<int> note_of_;               // artifact → node it is about, -1 free, -2 no note
};

}  // namespace bpmn::notation
