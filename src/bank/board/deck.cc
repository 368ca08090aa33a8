#include "bank/board/deck.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/limits_board.h"
#include "base/text.h"
#include "bpmn/iso8601.h"

namespace bank::board {
namespace {

using base::Json;
using bpmn::ElementType;

bool container(const bpmn::Node& n) {
  return n.type == ElementType::sub_process || n.type == ElementType::transaction || n.type == ElementType::ad_hoc_sub_process || n.type == ElementType::event_sub_process;
}

bool waits(const bpmn::Node& n) {
  const bool timer = std::any_of(n.events.begin(), n.events.end(), [](const auto& e) { return e.kind == bpmn::EventKind::timer || e.kind == bpmn::EventKind::message; });
  return n.type == ElementType::receive_task || (n.type == ElementType::intermediate_catch_event && timer);
}

std::string property(const bpmn::Node& node, std::string_view name, std::string_view separator = "\n") {
  std::vector<std::string> out;
  for (const auto& p : node.zeebe.properties)
    if (p.key == name) out.push_back(p.value);
  return base::join(out, separator);
}

class Deck {
 public:
  Deck(const bpmn::Model& model, const Claims& claims) : model_(model) {
    for (const auto& [duty, by] : claims)
      for (const auto& one : by) claims_[one.id].insert(duty);
  }

  base::Result<std::vector<Json>> run() {
    column_.assign(model_.nodes.size(), 0);
    links();
    order();
    for (const int n : order_)
      if (card(n)) cards_.push_back(n);
    if (cards_.size() > base::limits::kBoardCards) return base::fail(base::ErrorCode::limit_exceeded, "the workflow has more activities than base::limits::kBoardCards", {}, "begin from one of its sub-workflows");
    std::stable_sort(cards_.begin(), cards_.end(), [&](int a, int b) { return column_[index(a)] < column_[index(b)]; });
    squeeze();
    std::vector<Json> out;
    roles(out);
    for (int c = 0; c < std::max(columns_, 1); ++c) out.push_back(Json::Object{{"op", "column"}, {"id", "k" + std::to_string(c + 1)}, {"text", "Trin " + std::to_string(c + 1)}});
    for (const int n : cards_) out.push_back(Json::Object{{"op", "add"}, {"card", card_of(n)}});
    return out;
  }

 private:
  static std::size_t index(int n) { return static_cast<std::size_t>(n); }
  const bpmn::Node& node(int n) const { return model_.nodes[index(n)]; }

  // An activity without activities inside, or a wait.
  bool card(int n) const {
    using enum ElementType;
    const bpmn::Node& one = node(n);
    if (waits(one)) return true;
    if (container(one)) return std::none_of(model_.nodes.begin(), model_.nodes.end(), [&](const auto& inner) { return inner.parent == n; });
    switch (one.type) {
      case task: case user_task: case manual_task: case service_task: case script_task: case business_rule_task: case send_task: case call_activity: return true;
      default: return false;
    }
  }

  // Flows, the way into a sub-process and out of it, and boundary events.
  void links() {
    next_.resize(model_.nodes.size());
    for (const auto& flow : model_.flows)
      if (flow.source >= 0 && flow.target >= 0) next_[index(flow.source)].push_back(flow.target);
    for (std::size_t n = 0; n < model_.nodes.size(); ++n) {
      const auto& one = model_.nodes[n];
      if (one.attached_to >= 0) next_[index(one.attached_to)].push_back(static_cast<int>(n));
      if (one.parent < 0) continue;
      if (one.incoming.empty() && one.attached_to < 0) next_[index(one.parent)].push_back(static_cast<int>(n));
      if (one.outgoing.empty())
        for (const int f : node(one.parent).outgoing)
          if (model_.flows[index(f)].target >= 0) next_[n].push_back(model_.flows[index(f)].target);
    }
  }

  // Depth first without recursion; what goes back to a node on the path is a loop and is cut. Then the longest path, in topological order.
  void order() {
    enum : std::uint8_t { fresh, open, closed };
    std::vector<std::uint8_t> state(model_.nodes.size(), fresh);
    std::vector<std::size_t> at(model_.nodes.size(), 0);
    std::vector<std::pair<int, int>> cut;
    std::vector<int> path, done;
    const auto walk = [&](int from) {
      if (state[index(from)] != fresh) return;
      path.push_back(from);
      state[index(from)] = open;
      while (!path.empty()) {
        const int n = path.back();
        if (at[index(n)] == next_[index(n)].size()) {
          state[index(n)] = closed;
          done.push_back(n);
          path.pop_back();
          continue;
        }
        const int to = next_[index(n)][at[index(n)]++];
        if (state[index(to)] == open) cut.emplace_back(n, to);
        if (state[index(to)] != fresh) continue;
        state[index(to)] = open;
        path.push_back(to);
      }
    };
    for (std::size_t n = 0; n < model_.nodes.size(); ++n)
      if (model_.nodes[n].incoming.empty() && model_.nodes[n].attached_to < 0 && model_.nodes[n].parent < 0) walk(static_cast<int>(n));
    for (std::size_t n = 0; n < model_.nodes.size(); ++n) walk(static_cast<int>(n));
    order_.assign(done.rbegin(), done.rend());
    for (const int n : order_)
      for (const int to : next_[index(n)])
        if (std::find(cut.begin(), cut.end(), std::pair(n, to)) == cut.end()) column_[index(to)] = std::max(column_[index(to)], column_[index(n)] + (card(n) ? 1 : 0));
  }

  void squeeze() {  // no empty columns
    std::set<int> used;
    for (const int n : cards_) used.insert(column_[index(n)]);
    for (const int n : cards_) column_[index(n)] = static_cast<int>(std::distance(used.begin(), used.find(column_[index(n)])));
    columns_ = static_cast<int>(used.size());
  }

  std::string role_of(int n) const {
    int inside = n;  // what lies in a sub-process belongs to its lane
    while (inside >= 0) {
      for (std::size_t l = model_.lanes.size(); l-- > 0;)  // inner lanes come later
        if (const auto& lane = model_.lanes[l]; !lane.name.empty() && std::find(lane.nodes.begin(), lane.nodes.end(), inside) != lane.nodes.end()) return lane.name;
      inside = node(inside).parent;
    }
    for (const auto& pool : model_.participants)
      if (pool.process == node(n).process && !pool.name.empty()) return pool.name;
    return "Uden rolle";
  }

  void roles(std::vector<Json>& out) {
    std::vector<std::string> names;
    for (const auto& lane : model_.lanes)  // as in the diagram, from the top
      if (std::any_of(cards_.begin(), cards_.end(), [&](int n) { return role_of(n) == lane.name; }) && std::find(names.begin(), names.end(), lane.name) == names.end()) names.push_back(lane.name);
    for (const int n : cards_)
      if (const std::string role = role_of(n); std::find(names.begin(), names.end(), role) == names.end()) names.push_back(role);
    if (names.empty()) names.emplace_back("Sagsbehandler");
    for (std::size_t i = 0; i < names.size(); ++i) {
      role_ids_[names[i]] = "r" + std::to_string(i + 1);
      out.push_back(Json::Object{{"op", "role"}, {"id", "r" + std::to_string(i + 1)}, {"text", names[i].substr(0, base::limits::kBoardNameBytes)}});
    }
  }

  // P14D of a timer is calendar days; cards count working time.
  static std::string working(const std::string& duration) {
    if (!bpmn::is_iso_duration(duration) || duration.find('T') != std::string::npos || !duration.ends_with('D') || duration.find_first_of("YMW") != std::string::npos) return bpmn::is_iso_duration(duration) ? duration : std::string();
    const int days = std::atoi(duration.substr(1).c_str());
    return days % 7 == 0 && days > 0 ? "P" + std::to_string(days / 7) + "W" : "P" + std::to_string((days * 5 + 6) / 7) + "D";
  }

  // What it writes; where it writes nothing, what it reads.
  std::string documents(const bpmn::Node& one) const {
    std::vector<std::string> out;
    if (one.xml == nullptr) return {};
    for (const auto& [association, reference] : {std::pair{"dataOutputAssociation", "targetRef"}, std::pair{"dataInputAssociation", "sourceRef"}}) {
      if (!out.empty()) break;
      for (const auto* link : one.xml->children_named(bpmn::kBpmnNs, association))
        for (const auto* end : link->children_named(bpmn::kBpmnNs, reference)) {
          const std::string id(base::trim(end->text()));
          const auto data = std::find_if(model_.artifacts.begin(), model_.artifacts.end(), [&](const auto& a) { return a.id == id && !a.name.empty(); });
          if (data != model_.artifacts.end()) out.push_back(data->name);
        }
    }
    std::string all = base::join(out, ", ");
    std::replace_if(all.begin(), all.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    return all;
  }

  Json card_of(int n) const {
    const bpmn::Node& one = node(n);
    std::string text = one.name.empty() ? one.id : one.name;
    std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    Json out = Json::Object{{"id", one.id}, {"role", role_ids_.at(role_of(n))}, {"column", "k" + std::to_string(column_[index(n)] + 1)}, {"text", text}, {"element", one.id}};
    const auto put = [&](const char* field, const std::string& value) {
      if (!value.empty()) out.set(field, value);
    };
    std::string kind = property(one, "korttype");
    if (waits(one)) kind = "wait";
    put("kind", kind.empty() ? "activity" : kind);
    put("law", property(one, "lov"));
    put("calls", property(one, "pakke"));
    put("handling", property(one, "behandlingstid"));
    put("waiting", property(one, "ventetid"));
    if (!out.has("waiting") && waits(one) && !one.events.empty() && one.events.front().timer == bpmn::TimerKind::duration) put("waiting", working(one.events.front().expression));
    put("share", property(one, "andel"));
    put("prerequisites", property(one, "forudsaetninger"));
    put("ideas", property(one, "ideer"));
    put("it", property(one, "it-krav"));
    put("document", documents(one));
    Json claims = Json::array();
    if (const auto found = claims_.find(one.id); found != claims_.end())
      for (const auto& duty : found->second) claims.push(duty);
    out.set("claims", std::move(claims));
    return out;
  }

  const bpmn::Model& model_;
  std::map<std::string, std::set<std::string>> claims_;
  std::vector<std::vector<int>> next_;
  std::vector<int> order_, cards_, column_;
  int columns_ = 0;
  std::map<std::string, std::string> role_ids_;
};

}  // namespace

base::Result<std::vector<Json>> deck(const bpmn::Model& model, const Claims& claims) { return Deck(model, claims).run(); }

std::vector<Json> blank() {
  std::vector<Json> out = {Json::Object{{"op", "role"}, {"id", "r1"}, {"text", "Sagsbehandler"}}};
  for (int c = 1; c <= 3; ++c) out.push_back(Json::Object{{"op", "column"}, {"id", "k" + std::to_string(c)}, {"text", "Trin " + std::to_string(c)}});
  return out;
}

}  // namespace bank::board
