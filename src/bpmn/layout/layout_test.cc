// Layout judged by code of its own: nothing here uses the geometry of the room it tests.
#include "bpmn/layout/layout.h"

#include <chrono>
#include <cmath>
#include <map>
#include <set>

#include "bpmn/check.h"
#include "bpmn/notation/notation.h"
#include "bpmn/test_files.h"
#include "bpmn/tree_difference.h"

namespace bpmn {
namespace {

namespace fs = std::filesystem;
constexpr double kTouch = 0.75;  // what counts as on a border

struct Figures { int shapes = 0, edges = 0, crossings = 0, bends = 0, labels_on_something = 0; };

// One diagram against its model.
class Judge {
 public:
  // kept: labels that stood there stay, whatever is laid beside them.
  Judge(const Model& model, const Diagram& diagram, std::string file, bool kept = false) : m_(model), d_(diagram), file_(std::move(file)), kept_(kept) {
    for (const Shape& one : d_.shapes) shape_of_[one.element] = &one;
    for (const Lane& one : m_.lanes) lanes_.insert(one.id);
    for (const Participant& one : m_.participants) pools_.insert(one.id);
    for (const Artifact& one : m_.artifacts)
      if (one.kind == "group") groups_.insert(one.id);
    for (const Flow& one : m_.flows)
      if (one.source >= 0 && one.target >= 0) ends_[one.id] = {node(one.source).id, node(one.target).id};
    for (const MessageFlow& one : m_.message_flows) ends_[one.id] = {one.source, one.target};
  }

  Figures run() {
    shapes_apart();
    inside();
    for (const Edge& one : d_.edges) edge(one);
    figures_.shapes = static_cast<int>(d_.shapes.size()), figures_.edges = static_cast<int>(d_.edges.size());
    labels();
    for (const Edge& one : d_.edges)
      if (one.label && !kept_ && ends_.contains(one.element)) own_stretch(one);
    crossings();
    return figures_;
  }

 private:
  const Node& node(int index) const { return m_.nodes[static_cast<std::size_t>(index)]; }
  void fault(const std::string& what) { ADD_FAILURE() << file_ << ": " << what; }
  static bool apart(const Bounds& a, const Bounds& b) { return a.x + a.width <= b.x + 0.01 || b.x + b.width <= a.x + 0.01 || a.y + a.height <= b.y + 0.01 || b.y + b.height <= a.y + 0.01; }
  static bool holds(const Bounds& out, const Bounds& in) {
    return in.x >= out.x - kTouch && in.y >= out.y - kTouch && in.x + in.width <= out.x + out.width + kTouch && in.y + in.height <= out.y + out.height + kTouch;
  }
  bool frame(const std::string& id) const { return lanes_.contains(id) || groups_.contains(id); }

  // The elements drawn around this one: sub-processes and the pool.
  std::set<std::string> around(const std::string& id) const {
    std::set<std::string> out;
    int at = m_.node(id);
    int process = -1;
    if (at >= 0) {
      process = node(at).process;
      for (at = node(at).parent; at >= 0; at = node(at).parent) out.insert(node(at).id);
    }
    for (const Artifact& one : m_.artifacts)
      if (one.id == id) {
        process = one.process;
        // Data and notes of a sub-process: found by where their XML lies.
        for (const Node& n : m_.nodes)
          for (const auto* child : n.xml->elements())
            if (child == one.xml)
              for (int p = m_.node(n.id); p >= 0; p = node(p).parent) out.insert(node(p).id);
      }
    for (const Participant& one : m_.participants)
      if (process >= 0 && one.process == process) out.insert(one.id);
    // A note of the collaboration belongs to no pool and may lie inside any, as a whole.
    if (const auto self = shape_of_.find(id); process < 0 && at < 0 && self != shape_of_.end() && !pools_.contains(id))
      for (const std::string& pool : pools_)
        if (const auto box = shape_of_.find(pool); box != shape_of_.end() && holds(box->second->bounds, self->second->bounds)) out.insert(pool);
    return out;
  }

  void shapes_apart() {
    for (std::size_t i = 0; i < d_.shapes.size(); ++i)
      for (std::size_t k = i + 1; k < d_.shapes.size(); ++k) {
        const Shape &a = d_.shapes[i], &b = d_.shapes[k];
        if (frame(a.element) || frame(b.element) || apart(a.bounds, b.bounds)) continue;
        if (around(a.element).contains(b.element) || around(b.element).contains(a.element)) continue;
        if (attached(a.element, b.element) || attached(b.element, a.element)) continue;
        fault("'" + a.element + "' and '" + b.element + "' overlap");
      }
  }
  bool attached(const std::string& event, const std::string& host) const {
    const int at = m_.node(event);
    return at >= 0 && node(at).attached_to >= 0 && node(node(at).attached_to).id == host;
  }

  void inside() {
    for (const Shape& one : d_.shapes) {
      for (const std::string& outer : around(one.element))
        if (const auto found = shape_of_.find(outer); found != shape_of_.end() && !holds(found->second->bounds, one.bounds) && !border_event(one.element))
          fault("'" + one.element + "' is not inside '" + outer + "'");
      if (const int at = m_.node(one.element); at >= 0 && node(at).attached_to >= 0) {
        const auto host = shape_of_.find(node(node(at).attached_to).id);
        if (host != shape_of_.end() && apart(one.bounds, host->second->bounds)) fault("'" + one.element + "' is not on its activity");
      }
    }
    for (const Lane& lane : m_.lanes) {
      const auto box = shape_of_.find(lane.id);
      if (box == shape_of_.end()) continue;
      for (const int n : lane.nodes)
        if (const auto shape = shape_of_.find(node(n).id); shape != shape_of_.end() && node(n).parent < 0 && deepest(n) == lane.id && node(n).type != ElementType::boundary_event &&
            !holds(box->second->bounds, shape->second->bounds))
          fault("'" + node(n).id + "' is not in its lane '" + lane.id + "'");
      for (const Lane& other : m_.lanes)
        if (const auto second = shape_of_.find(other.id); &other != &lane && other.parent == lane.parent && second != shape_of_.end() && other.id > lane.id && !apart(box->second->bounds, second->second->bounds))
          fault("lanes '" + lane.id + "' and '" + other.id + "' overlap");
    }
  }
  bool border_event(const std::string& id) const { return m_.node(id) >= 0 && node(m_.node(id)).type == ElementType::boundary_event; }
  // The last lane that lists the node, the innermost where lanes are nested.
  std::string deepest(int n) const {
    std::string found;
    int best = -1;
    for (const Lane& lane : m_.lanes) {
      int depth = 0;
      for (int p = lane.parent; p >= 0; p = m_.lanes[static_cast<std::size_t>(p)].parent) ++depth;
      if (std::ranges::find(lane.nodes, n) != lane.nodes.end() && depth >= best) best = depth, found = lane.id;
    }
    return found;
  }

  static bool on_border(const Point& p, const Bounds& b) {
    const bool x = p.x >= b.x - kTouch && p.x <= b.x + b.width + kTouch, y = p.y >= b.y - kTouch && p.y <= b.y + b.height + kTouch;
    const bool left = std::abs(p.x - b.x) < kTouch, right = std::abs(p.x - b.x - b.width) < kTouch, top = std::abs(p.y - b.y) < kTouch, bottom = std::abs(p.y - b.y - b.height) < kTouch;
    return x && y && (left || right || top || bottom);
  }

  void edge(const Edge& one) {
    if (one.waypoints.size() < 2) return fault("'" + one.element + "' has no line");
    figures_.bends += static_cast<int>(one.waypoints.size()) - 2;
    const auto ends = ends_.find(one.element);
    for (std::size_t i = 1; i < one.waypoints.size(); ++i) {
      const Point &a = one.waypoints[i - 1], &b = one.waypoints[i];
      if (std::abs(a.x - b.x) > 0.01 && std::abs(a.y - b.y) > 0.01) fault("'" + one.element + "' is not at right angles");
      for (const Shape& shape : d_.shapes) through(one, a, b, shape);
    }
    if (ends == ends_.end()) return;
    const auto from = shape_of_.find(ends->second.first), to = shape_of_.find(ends->second.second);
    if (from != shape_of_.end() && !on_border(one.waypoints.front(), from->second->bounds)) fault("'" + one.element + "' does not start at '" + ends->second.first + "'");
    if (to != shape_of_.end() && !on_border(one.waypoints.back(), to->second->bounds)) fault("'" + one.element + "' does not end at '" + ends->second.second + "'");
  }

  // What a link may cross: lanes, groups, and what is drawn around its ends.
  void through(const Edge& edge, const Point& a, const Point& b, const Shape& shape) {
    if (frame(shape.element)) return;
    if (const auto ends = ends_.find(edge.element); ends != ends_.end()) {
      if (around(ends->second.first).contains(shape.element) || around(ends->second.second).contains(shape.element)) return;
    } else if (const auto two = association(edge.element); around(two.first).contains(shape.element) || around(two.second).contains(shape.element)) {
      return;
    }
    const Bounds& s = shape.bounds;
    const double x1 = std::min(a.x, b.x), x2 = std::max(a.x, b.x), y1 = std::min(a.y, b.y), y2 = std::max(a.y, b.y);
    const bool hit = x2 > s.x + 1 && x1 < s.x + s.width - 1 && y2 > s.y + 1 && y1 < s.y + s.height - 1;
    if (hit) fault("'" + edge.element + "' runs through '" + shape.element + "'");
  }
  std::pair<std::string, std::string> association(const std::string& id) const {
    for (const Artifact& one : m_.artifacts)
      if (one.id == id) {
        if (one.kind == "association") return {one.source, one.target};
        for (const Node& n : m_.nodes)  // data of an activity
          for (const auto* child : n.xml->elements())
            if (child == one.xml) return {n.id, one.kind == "dataInputAssociation" ? one.source : one.target};
      }
    return {};
  }

  void labels() {
    std::vector<Bounds> labels;
    for (const Shape& one : d_.shapes)
      if (one.label) labels.push_back(*one.label);
    for (const Edge& one : d_.edges)
      if (one.label) labels.push_back(*one.label);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      for (std::size_t k = i + 1; k < labels.size(); ++k) figures_.labels_on_something += !apart(labels[i], labels[k]);
      for (const Shape& one : d_.shapes) {
        const int at = m_.node(one.element);
        const bool container = pools_.contains(one.element) || frame(one.element) || (at >= 0 && one.expanded);
        const bool gateway = at >= 0 && std::string(xml_name(node(at).type)).ends_with("Gateway");
        Bounds b = one.bounds;
        if (gateway) b = {b.x + b.width / 4, b.y + b.height / 4, b.width / 2, b.height / 2};  // a diamond's corners are empty
        if (!container && !apart(labels[i], b)) ++figures_.labels_on_something;
      }
    }
  }

  static double gap(const Bounds& label, Point a, Point b) {
    const double dx = std::max({0.0, label.x - std::max(a.x, b.x), std::min(a.x, b.x) - label.x - label.width});
    return dx + std::max({0.0, label.y - std::max(a.y, b.y), std::min(a.y, b.y) - label.y - label.height});
  }
  static bool on(Point at, const Edge& edge) {
    for (std::size_t i = 1; i < edge.waypoints.size(); ++i)
      if (gap({at.x, at.y, 0, 0}, edge.waypoints[i - 1], edge.waypoints[i]) < 0.5) return true;
    return false;
  }
  // A word of a flow stands where the flow is alone, if it is alone somewhere: else it reads as another's.
  void own_stretch(const Edge& edge) {
    double nearest = 1e9, alone = 0;
    bool own = false;
    for (std::size_t i = 1; i < edge.waypoints.size(); ++i) {
      const Point a = edge.waypoints[i - 1], b = edge.waypoints[i];
      const int steps = std::max(1, static_cast<int>((std::abs(a.x - b.x) + std::abs(a.y - b.y)) / 4));
      for (int k = 0; k <= steps; ++k) {
        const Point at{a.x + (b.x - a.x) * k / steps, a.y + (b.y - a.y) * k / steps};
        const bool shared = std::ranges::any_of(d_.edges, [&](const Edge& other) { return &other != &edge && ends_.contains(other.element) && on(at, other); });
        alone += shared ? 0 : 4;
        const double far = gap(*edge.label, at, at);
        if (far < nearest - 0.5) nearest = far, own = !shared;
        else if (far < nearest + 0.5) own = own || !shared;
      }
    }
    if (alone > edge.label->width + edge.label->height + 24 && !own) fault("the word of '" + edge.element + "' stands where another flow is too");
  }

  void crossings() {
    for (std::size_t i = 0; i < d_.edges.size(); ++i)
      for (std::size_t k = i + 1; k < d_.edges.size(); ++k)
        for (std::size_t p = 1; p < d_.edges[i].waypoints.size(); ++p)
          for (std::size_t q = 1; q < d_.edges[k].waypoints.size(); ++q)
            figures_.crossings += cross(d_.edges[i].waypoints[p - 1], d_.edges[i].waypoints[p], d_.edges[k].waypoints[q - 1], d_.edges[k].waypoints[q]);
  }
  static bool cross(Point a, Point b, Point c, Point d) {
    if (std::abs(a.x - b.x) > std::abs(a.y - b.y)) std::swap(a, c), std::swap(b, d);  // a–b upright, c–d level
    const bool upright = std::abs(a.x - b.x) < 0.01 && std::abs(c.y - d.y) < 0.01;
    return upright && a.x > std::min(c.x, d.x) + 1 && a.x < std::max(c.x, d.x) - 1 && c.y > std::min(a.y, b.y) + 1 && c.y < std::max(a.y, b.y) - 1;
  }

  const Model& m_;
  const Diagram& d_;
  std::string file_;
  const bool kept_;
  std::map<std::string, const Shape*> shape_of_;
  std::set<std::string> lanes_, pools_, groups_;
  std::map<std::string, std::pair<std::string, std::string>> ends_;
  Figures figures_;
};

base::xml::Document without_diagram(const Model& model) {
  base::xml::Document copy;
  copy.root = model.document.root->clone();
  std::erase_if(copy.root->children, [](const base::xml::Node& n) { return n.element && n.element->local == "BPMNDiagram"; });
  return copy;
}

// Every element that has a place in the notation of BPMN is drawn exactly once.
void expect_complete(const Model& m, const std::string& file) {
  std::map<std::string, int> drawn;
  for (const Diagram& diagram : m.diagrams) {
    for (const Shape& one : diagram.shapes) ++drawn[one.element];
    for (const Edge& one : diagram.edges) ++drawn[one.element];
  }
  const auto expect = [&](const std::string& id) {
    if (!id.empty()) {
      EXPECT_EQ(drawn[id], 1) << file << ": '" << id << "'";
    }
  };
  for (const Node& one : m.nodes) expect(one.id);
  for (const Flow& one : m.flows)
    if (one.source >= 0 && one.target >= 0) expect(one.id);
  for (const Lane& one : m.lanes) expect(one.id);
  for (const Participant& one : m.participants) expect(one.id);
  for (const MessageFlow& one : m.message_flows) expect(one.id);
  for (const Artifact& one : m.artifacts)
    if (one.kind == "dataObjectReference" || one.kind == "dataStoreReference" || one.kind == "textAnnotation" || one.kind == "group") expect(one.id);
}

Figures lay_out(const fs::path& path) {
  const std::string file = path.string();
  const std::string text = test::file_text(path);
  const auto given = path.extension() == ".tekst" ? from_text(text, file) : read(text, file);
  EXPECT_TRUE(given) << file;
  if (!given) return {};
  const auto bare = read(base::xml::write(without_diagram(**given)), file);
  const auto first = layout(**bare), second = layout(**bare);
  EXPECT_TRUE(first && second) << file;
  if (!first || !second) return {};
  EXPECT_EQ(write(**first), write(**second)) << file << ": the second run differs";
  const auto again = read(write(**first), file);
  EXPECT_EQ(write(**layout(**again)), write(**first)) << file << ": laid out again it differs";
  EXPECT_EQ(tree_difference(without_diagram(**bare), without_diagram(**first)), "") << file;
  expect_complete(**first, file);
  Figures all;
  for (const Diagram& one : (*first)->diagrams) {
    const Figures figures = Judge(**first, one, file).run();
    all.shapes += figures.shapes, all.edges += figures.edges, all.crossings += figures.crossings, all.bends += figures.bends, all.labels_on_something += figures.labels_on_something;
  }
  return all;
}

void lay_out_all(const std::vector<fs::path>& files) {
  Figures all;
  for (const fs::path& path : files) {
    const Figures one = lay_out(path);
    all.shapes += one.shapes, all.edges += one.edges, all.crossings += one.crossings, all.bends += one.bends, all.labels_on_something += one.labels_on_something;
    if (one.labels_on_something || one.crossings > 3) std::printf("%s: %d crossings, %d labels on something\n", path.string().c_str(), one.crossings, one.labels_on_something);
  }
  std::printf("%zu files, %d shapes, %d edges, %d crossings, %d bends, %d labels on something\n", files.size(), all.shapes, all.edges, all.crossings, all.bends, all.labels_on_something);
  EXPECT_EQ(all.labels_on_something, 0);
  EXPECT_LT(all.crossings * 5, all.edges);
}

// A sub-process that a diagram shows closed stays closed, and its content gets a diagram of its own.
TEST(Layout, ClosedSubProcessesGetDiagramsOfTheirOwn) {
  const std::string path = "tests/bpmn/notation/sygedagpenge.tekst";
  const auto open = layout(**from_text(test::file_text(path), path));
  std::string text = write(**open);
  const std::string expanded = "isExpanded=\"true\"";
  const auto at = text.find(expanded, text.find("bpmnElement=\"samtale\""));
  ASSERT_NE(at, std::string::npos);
  text.replace(at, expanded.size(), "isExpanded=\"false\"");
  const auto closed = layout(**read(text, path));
  ASSERT_TRUE(closed);
  ASSERT_EQ((*closed)->diagrams.size(), 2u);
  EXPECT_EQ((*closed)->diagrams[1].plane_element, "samtale");
  expect_complete(**closed, path);
  Judge(**closed, (*closed)->diagrams[0], path).run();
  EXPECT_EQ(Judge(**closed, (*closed)->diagrams[1], path).run().shapes, 4);
}

TEST(Layout, TheBank) { lay_out_all(test::bpmn_files("bank")); }

TEST(Layout, TheOutlinesOfTheTests) {
  std::vector<fs::path> files;
  for (const auto& one : fs::directory_iterator("tests/bpmn/notation"))
    if (one.path().extension() == ".tekst") files.push_back(one.path());
  std::ranges::sort(files);
  lay_out_all(files);
}

TEST(Layout, TheInteroperabilityFiles) {
  const fs::path folder = "../shared/conformance/bpmn-miwg";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not here";
  lay_out_all(test::bpmn_files(folder));
}

std::map<std::string, std::string> places(const Model& m) {
  std::map<std::string, std::string> out;
  for (const Diagram& diagram : m.diagrams)
    for (const Shape& one : diagram.shapes) {
      std::ostringstream text;
      text << one.bounds.x << ' ' << one.bounds.y << ' ' << one.bounds.width << ' ' << one.bounds.height;
      out[one.element] = text.str();
    }
  return out;
}

// What has a shape keeps it, whoever drew it.
TEST(Layout, KeepMovesNothing) {
  std::vector<fs::path> files = test::bpmn_files("bank");
  for (const fs::path& path : test::bpmn_files("../shared/conformance/bpmn-miwg")) files.push_back(path);
  for (const fs::path& path : files) {
    const ModelPtr given = test::model_of(path);
    if (given->diagrams.size() != 1) continue;
    const auto kept = layout(*given, {.keep = true});
    ASSERT_TRUE(kept) << path;
    const auto before = places(*given), after = places(**kept);
    for (const auto& [id, place] : before)
      if (const auto now = after.find(id); now != after.end()) {
        EXPECT_EQ(now->second, place) << path << ": '" << id << "'";
      }
  }
}

// A sub-process may grow around what is new in it.
bool holds_the_new(const Model& m, const std::string& outer, const std::string& fresh) {
  for (int at = m.node(fresh); at >= 0; at = m.nodes[static_cast<std::size_t>(at)].parent)
    if (m.nodes[static_cast<std::size_t>(at)].id == outer) return true;
  return false;
}

// One element at a time loses its shape and its flows: it finds a place between the others, and they stay.
TEST(Layout, KeepPlacesWhatIsNew) {
  for (const fs::path& path : {fs::path("bank/tvaergaaende/oplyser-sag/proces.bpmn"), fs::path("tests/bpmn/notation/alt.tekst"), fs::path("tests/bpmn/notation/sygedagpenge.tekst")}) {
    const std::string text = test::file_text(path);
    const auto given = path.extension() == ".tekst" ? from_text(text, path.string()) : read(text, path.string());
    ASSERT_TRUE(given) << path;
    const auto whole = layout(**given);
    for (const Node& node : (*whole)->nodes) {
      if (std::ranges::any_of((*whole)->nodes, [&](const Node& n) { return n.parent >= 0 && (*whole)->nodes[static_cast<std::size_t>(n.parent)].id == node.id; })) continue;
      const auto loses = [&](const base::xml::Element& one) {
        const std::string id = one.attribute_or("bpmnElement", "");
        for (const Flow& flow : (*whole)->flows)
          if (flow.id == id && ((*whole)->nodes[static_cast<std::size_t>(flow.source)].id == node.id || (*whole)->nodes[static_cast<std::size_t>(flow.target)].id == node.id)) return true;
        return id == node.id;
      };
      base::xml::Document less;
      less.root = (*whole)->document.root->clone();
      for (auto& child : less.root->children)
        if (child.element && child.element->local == "BPMNDiagram")
          for (auto& plane : child.element->children)
            if (plane.element) std::erase_if(plane.element->children, [&](const base::xml::Node& n) { return n.element && loses(*n.element); });
      const auto model = read(base::xml::write(less), path.string() + " without " + node.id);
      ASSERT_TRUE(model);
      const auto kept = layout(**model, {.keep = true});
      ASSERT_TRUE(kept);
      auto before = places(**model), after = places(**kept);
      for (const auto& [id, place] : before)
        if ((*kept)->node(id) >= 0 && !holds_the_new(**kept, id, node.id)) {
          EXPECT_EQ(after[id], place) << (*model)->file << ": '" << id << "' moved";
        }
      EXPECT_TRUE(after.contains(node.id));
      for (const Diagram& one : (*kept)->diagrams) Judge(**kept, one, (*model)->file, true).run();
    }
  }
}

// A diagram of fifty elements, with lanes, pools and sub-processes: far below what a person notices.
TEST(Layout, FiftyElements) {
  const std::string path = "tests/bpmn/notation/alt.tekst";
  const auto model = from_text(test::file_text(path), path);
  ASSERT_TRUE(model);
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(layout(**model));
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  std::printf("%zu elements: %.1f ms\n", (*model)->nodes.size(), best);
  EXPECT_LT(best, 2000);
}

}  // namespace
}  // namespace bpmn
