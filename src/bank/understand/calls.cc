// Who calls whom: one step for a diagram's activities, and all that hangs together as a picture.
#include <algorithm>
#include <deque>

#include "bank/understand/graph.h"
#include "bank/understand/understand.h"
#include "base/limits_understand.h"

namespace bank::understand {
namespace {

using base::Json;

struct Call { std::string from, to, element, name; };

// What hangs together with one workflow: everything it calls, and everything that calls it, level by level.
class Gatherer {
 public:
  Gatherer(const std::vector<Call>& calls, std::string root) {
    for (const Call& call : calls) {
      down_[call.from].push_back(&call);
      up_[call.to].push_back(&call);
    }
    enter(root);
    walk(root, true);
    walk(root, false);
  }
  std::vector<std::string> slugs;
  std::map<std::pair<std::string, std::string>, std::vector<const Call*>> edges;
  int omitted = 0;

 private:
  bool enter(const std::string& slug) {
    if (index_.contains(slug)) return true;
    if (slugs.size() >= base::limits::kCallGraphNodes) {
      ++omitted;
      return false;
    }
    index_[slug] = slugs.size();
    slugs.push_back(slug);
    return true;
  }
  void walk(const std::string& root, bool down) {
    const auto& next_of = down ? down_ : up_;
    std::deque<std::pair<std::string, int>> queue{{root, 0}};
    std::map<std::string, bool> seen{{root, true}};
    while (!queue.empty()) {
      const auto [slug, level] = queue.front();
      queue.pop_front();
      const auto found = next_of.find(slug);
      if (found == next_of.end() || level >= base::limits::kCallGraphLevels) continue;
      for (const Call* call : found->second) {
        const std::string& other = down ? call->to : call->from;
        if (!enter(other)) continue;
        auto& edge = edges[{call->from, call->to}];
        if (std::find(edge.begin(), edge.end(), call) == edge.end()) edge.push_back(call);
        if (!seen[other]) {
          seen[other] = true;
          queue.emplace_back(other, level + 1);
        }
      }
    }
  }
  std::map<std::string, std::vector<const Call*>> down_, up_;
  std::map<std::string, std::size_t> index_;
};

Graph graph_of(const Gatherer& gathered, const std::string& root) {
  Graph graph;
  graph.omitted = gathered.omitted;
  std::map<std::string, int> index;
  for (const std::string& slug : gathered.slugs) {
    index[slug] = static_cast<int>(graph.nodes.size());
    graph.nodes.push_back({.slug = slug, .title = slug, .kind = {}, .known = false, .level = 0, .lines = {}});
  }
  for (const auto& [ends, calls] : gathered.edges) {
    GraphEdge edge{index.at(ends.first), index.at(ends.second), false, {}, {}};
    for (const Call* call : calls) edge.elements.emplace_back(call->element, call->name);
    graph.edges.push_back(std::move(edge));
  }
  graph.root = index.at(root);
  return graph;
}

}  // namespace

base::Result<Json> Understand::calls(const std::string& authority, const std::string& slug) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  TRY(const Workflow w, workflow(authority, slug));
  TRY(const auto uses, uses_of(w));
  Json down = Json::array(), up = Json::array();
  for (const Use& u : uses) {
    if (u.kind != "kald") continue;
    const auto at = readable.find(u.key);
    down.push(Json::Object{{"elementId", u.element}, {"name", u.element_name}, {"slug", u.key}, {"title", at == readable.end() ? Json() : Json(at->second.title)}, {"known", at != readable.end()}});
  }
  TRY(const auto callers, find(readable, "kald", slug));
  for (const Found& f : callers)
    up.push(Json::Object{{"slug", f.workflow->slug}, {"title", f.workflow->title}, {"elementId", f.use.element}, {"name", f.use.element_name}});
  return Json::Object{{"calls", std::move(down)}, {"calledBy", std::move(up)}};
}

base::Result<Json> Understand::call_graph(const std::string& authority, const std::string& slug) {
  TRY(const Graph graph, placed_graph(authority, slug));
  return graph_json(graph);
}

base::Result<std::string> Understand::call_graph_svg(const std::string& authority, const std::string& slug) {
  TRY(const Graph graph, placed_graph(authority, slug));
  return graph_svg(graph);
}

base::Result<Graph> Understand::placed_graph(const std::string& authority, const std::string& slug) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  TRY_VOID(workflow(authority, slug));
  TRY(const auto found, find(readable, "kald", ""));
  std::vector<Call> calls;
  for (const Found& f : found) calls.push_back({f.workflow->slug, f.use.key, f.use.element, f.use.element_name});
  Graph graph = graph_of(Gatherer(calls, slug), slug);
  for (GraphNode& node : graph.nodes)
    if (const auto at = readable.find(node.slug); at != readable.end()) node.title = at->second.title, node.kind = at->second.kind, node.known = true;
  place(graph);
  return graph;
}

}  // namespace bank::understand
