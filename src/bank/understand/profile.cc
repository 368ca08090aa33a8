// How complex a workflow is, and which kind of automation that points to.
#include <algorithm>
#include <set>

#include "bank/understand/understand.h"
#include "base/limits_understand.h"
#include "dmn/model.h"

namespace bank::understand {
namespace {

using base::Json;
using bpmn::ElementType;

struct Counts {
  int activities = 0, by_person = 0, by_system = 0, decisions = 0, exceptions = 0, waits = 0, loops = 0, calls = 0;
  std::int64_t paths = 0;
};

bool chooses(ElementType type) { return type == ElementType::exclusive_gateway || type == ElementType::inclusive_gateway || type == ElementType::event_based_gateway || type == ElementType::complex_gateway; }

// Ways from a start to an end, circles cut where depth first closes them; a fork counts as one way, an exception as another.
class Paths {
 public:
  explicit Paths(const bpmn::Model& model) : model_(model), count_(model.nodes.size(), -1), open_(model.nodes.size(), false) {}
  std::int64_t from_starts(int& loops) {
    std::int64_t sum = 0;
    for (std::size_t n = 0; n < model_.nodes.size(); ++n)
      if (model_.nodes[n].parent < 0 && model_.nodes[n].incoming.empty() && model_.nodes[n].attached_to < 0) sum += from(static_cast<int>(n));
    loops = loops_;
    return std::min<std::int64_t>(sum, base::limits::kProfilePaths);
  }

 private:
  std::vector<int> next(int n) const {
    std::vector<int> out;
    for (const int f : model_.nodes[n].outgoing)
      if (model_.flows[f].target >= 0) out.push_back(model_.flows[f].target);
    for (const int b : model_.nodes[n].boundary)
      for (const int f : model_.nodes[b].outgoing)
        if (model_.flows[f].target >= 0) out.push_back(model_.flows[f].target);
    return out;
  }
  // With a stack of its own: a diagram may be long.
  std::int64_t from(int start) {
    struct Frame { int node; std::vector<int> next; std::size_t at; std::int64_t sum; };
    std::vector<Frame> stack{{start, next(start), 0, 0}};
    open_[start] = true;
    while (true) {
      Frame& top = stack.back();
      if (top.at < top.next.size()) {
        const int to = top.next[top.at++];
        if (open_[to]) ++loops_;
        else if (count_[to] >= 0) top.sum = combine(top, count_[to]);
        else {
          open_[to] = true;
          stack.push_back({to, next(to), 0, 0});
        }
        continue;
      }
      const int node = top.node;
      const std::int64_t ways = top.next.empty() ? 1 : std::max<std::int64_t>(top.sum, 0);
      count_[node] = std::min<std::int64_t>(ways, base::limits::kProfilePaths);
      open_[node] = false;
      stack.pop_back();
      if (stack.empty()) return count_[node];
      stack.back().sum = combine(stack.back(), count_[node]);
    }
  }
  template <class F>
  std::int64_t combine(const F& frame, std::int64_t ways) const {
    const bool fork = model_.nodes[frame.node].type == ElementType::parallel_gateway;
    return std::min<std::int64_t>(fork ? std::max(frame.sum, ways) : frame.sum + ways, base::limits::kProfilePaths);
  }
  const bpmn::Model& model_;
  std::vector<std::int64_t> count_;
  std::vector<bool> open_;
  int loops_ = 0;
};

Counts count(const bpmn::Model& model) {
  Counts c;
  for (const bpmn::Node& node : model.nodes) {
    const auto name = bpmn::xml_name(node.type);
    if (node.type == ElementType::call_activity) ++c.calls;
    if (name.ends_with("ask") || node.type == ElementType::call_activity) ++c.activities;
    if (node.type == ElementType::user_task || node.type == ElementType::manual_task) ++c.by_person;
    if (node.type == ElementType::service_task || node.type == ElementType::script_task || node.type == ElementType::business_rule_task || node.type == ElementType::send_task) ++c.by_system;
    if (chooses(node.type) && node.outgoing.size() > 1) ++c.decisions;
    if (node.type == ElementType::boundary_event) ++c.exceptions;
    if (node.type == ElementType::intermediate_catch_event || node.type == ElementType::receive_task) ++c.waits;
    if (node.loop) ++c.loops;
  }
  int circles = 0;
  c.paths = Paths(model).from_starts(circles);
  c.loops += circles;
  return c;
}

struct Advice { std::string code, title; std::vector<std::string> reasons; };

std::string counted(std::int64_t n, const char* one, const char* many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

// From the simplest to the most demanding; the first that fits. The reasons name the figures, so that a person can disagree.
Advice advise(const Counts& c, const std::string& decision, std::int64_t laws, std::int64_t tables, std::int64_t systems) {
  const std::string paths = counted(c.paths, "vej gennem diagrammet", "veje gennem diagrammet"), choices = counted(c.decisions, "valg", "valg");
  if (c.activities == 0) return {"ukendt", "Kan ikke vurderes endnu", {"Der er ingen aktiviteter i diagrammet."}};
  if (decision == "bebyrdende")
    return {"stoette", "Støt sagsbehandleren; lad et menneske afgøre", {"Arbejdsgangen ender i en bebyrdende afgørelse: partshøring, begrundelse og klagevejledning kræver en person.",
            counted(laws, "lovhenvisning", "lovhenvisninger") + " og " + choices + ": vis regler og frister ved opgaven, og udfyld breve på forhånd."}};
  if (c.decisions <= 2 && c.paths <= 6 && c.by_person <= 1)
    return {"fuld", "Automatisér hele arbejdsgangen", {choices + ", " + paths + " og " + counted(c.by_person, "manuel opgave", "manuelle opgaver") + ": få varianter, så regler kan skrives helt ud.",
            systems > 0 ? counted(systems, "systemslags skal", "systemslags skal") + " forbindes." : "Der er ingen systemer at forbinde."}};
  if (tables > 0 || c.decisions <= 6)
    return {"delvis", "Automatisér det almindelige forløb; send undtagelser til en person", {choices + " og " + paths + ": det almindelige forløb kan køre selv, resten bliver opgaver med begrundelse.",
            tables > 0 ? counted(tables, "regeltabel er", "regeltabeller er") + " allerede skrevet." : "Skriv valgene som regler (DMN), før noget automatiseres.",
            counted(c.exceptions, "undtagelse", "undtagelser") + " er tegnet og skal have en modtager."}};
  return {"opdel", "Del arbejdsgangen op, før den automatiseres", {choices + ", " + paths + " og " + counted(c.loops, "gentagelse", "gentagelser") + ": for mange varianter til én løsning.",
          c.calls > 0 ? "Begynd med de " + counted(c.calls, "delproces", "delprocesser") + ", der har færrest valg." : "Læg dele med få valg ud i delprocesser, og begynd dér."}};
}

}  // namespace

base::Result<Json> Understand::profile(const std::string& authority, const std::string& slug) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  TRY(const Workflow w, workflow(authority, slug));
  TRY(const auto stored, bank_.get(authority, slug));
  TRY(const auto uses, uses_of(w));
  const Counts c = stored.package->process ? count(*stored.package->process) : Counts{};
  std::set<std::string> laws, roles, systems;
  Json in = Json::array(), out = Json::array(), forms = Json::array();
  std::set<std::string> told;
  for (const Use& u : uses) {
    if (u.kind == "lov") laws.insert(u.key);
    if (u.kind == "rolle") roles.insert(u.key);
    if (u.kind == "system") systems.insert(u.key);
    if (u.kind == "blanket") forms.push(Json::Object{{"key", u.key}, {"title", u.title}, {"url", u.url}});
    if (u.kind != "dokument" || (u.element.empty() && u.detail.empty())) continue;
    Json one = Json::Object{{"key", u.key}, {"title", u.title}, {"elementId", u.element}, {"elementName", u.element_name}};
    (u.detail == "ind" ? in : out).push(std::move(one));
    told.insert(u.key);
  }
  for (const Use& u : uses)  // drawn, but at no activity
    if (u.kind == "dokument" && told.insert(u.key).second) in.push(Json::Object{{"key", u.key}, {"title", u.title}, {"elementId", ""}, {"elementName", ""}});
  const auto related = [&](const std::string& target) -> Json {
    const auto at = readable.find(target);
    return Json::Object{{"slug", target}, {"title", at == readable.end() ? Json() : Json(at->second.title)}, {"known", at != readable.end()}};
  };
  Json relations = Json::object();
  for (const auto& [kind, forth, back] : {std::tuple{"afledt", "derivedFrom", "variants"}, {"erstatter", "replaces", "replacedBy"}}) {
    Json to = Json::array(), from = Json::array();
    for (const Use& u : uses)
      if (u.kind == kind) to.push(related(u.key));
    TRY(const auto found, find(readable, kind, slug));
    for (const Found& f : found) from.push(related(f.workflow->slug));
    relations.set(forth, std::move(to));
    relations.set(back, std::move(from));
  }
  const std::int64_t tables = stored.package->decisions ? static_cast<std::int64_t>(stored.package->decisions->decisions.size()) : 0;
  const Advice advice = advise(c, stored.package->manifest.value["afgoerelse"].string_or(""), static_cast<std::int64_t>(laws.size()), tables, static_cast<std::int64_t>(systems.size()));
  Json reasons = Json::array();
  for (const auto& reason : advice.reasons) reasons.push(reason);
  const std::int64_t variants = static_cast<std::int64_t>(relations["variants"].size());
  Json figures = Json::Object{{"activities", c.activities}, {"byPerson", c.by_person}, {"bySystem", c.by_system}, {"decisions", c.decisions}, {"tables", tables}, {"exceptions", c.exceptions},
                              {"waits", c.waits}, {"loops", c.loops}, {"calls", c.calls}, {"paths", c.paths}, {"morePaths", c.paths >= static_cast<std::int64_t>(base::limits::kProfilePaths)},
                              {"laws", static_cast<std::int64_t>(laws.size())}, {"roles", static_cast<std::int64_t>(roles.size())}, {"systems", static_cast<std::int64_t>(systems.size())}, {"variants", variants}};
  return Json::Object{{"figures", std::move(figures)}, {"advice", Json::Object{{"code", advice.code}, {"title", advice.title}, {"reasons", std::move(reasons)}}},
                      {"documentsIn", std::move(in)}, {"documentsOut", std::move(out)}, {"forms", std::move(forms)}, {"relations", std::move(relations)}};
}

}  // namespace bank::understand
