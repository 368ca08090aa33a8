#include "bank/steps.h"

#include <algorithm>
#include <deque>
#include <map>

namespace bank {
namespace {

using bpmn::ElementType;
using bpmn::EventKind;

bool joins_only(const bpmn::Node& node) { return node.incoming.size() > 1 && node.outgoing.size() <= 1; }
bool gateway(const bpmn::Node& node) {
  switch (node.type) {
    case ElementType::exclusive_gateway:
    case ElementType::parallel_gateway:
    case ElementType::inclusive_gateway:
    case ElementType::event_based_gateway:
    case ElementType::complex_gateway: return true;
    default: return false;
  }
}

class Writer {
 public:
  explicit Writer(const bpmn::Model& model) : model_(model) {
    order();
    for (std::size_t i = 0; i < order_.size(); ++i) number_[order_[i]] = static_cast<int>(i) + 1;
  }

  base::Json write() const {
    std::map<int, int> lane_of;  // node → innermost lane
    for (std::size_t l = 0; l < model_.lanes.size(); ++l)
      for (const int n : model_.lanes[l].nodes) lane_of[n] = static_cast<int>(l);
    std::vector<std::pair<int, base::Json>> lanes;  // lane index (-1 = none) and its steps, in order of first step
    for (const int n : order_) {
      int inside = n;  // what lies in a sub-process belongs to the sub-process' lane
      while (!lane_of.contains(inside) && model_.nodes[inside].parent >= 0) inside = model_.nodes[inside].parent;
      const auto found = lane_of.find(inside);
      const int lane = found == lane_of.end() ? -1 : found->second;
      auto at = std::find_if(lanes.begin(), lanes.end(), [&](const auto& l) { return l.first == lane; });
      if (at == lanes.end()) at = lanes.emplace(lanes.end(), lane, base::Json::array());
      at->second.push(step(n));
    }
    base::Json out = base::Json::array();
    for (auto& [lane, steps] : lanes) {
      base::Json one = base::Json::object();
      one.set("id", lane < 0 ? std::string() : model_.lanes[lane].id);
      one.set("name", lane < 0 ? std::string("Uden rolle") : model_.lanes[lane].name);
      one.set("steps", std::move(steps));
      out.push(std::move(one));
    }
    return base::Json::Object{{"lanes", std::move(out)}};
  }

 private:
  // Breadth first from the starts along the flows; a boundary event follows its activity; what no flow reaches comes last.
  void order() {
    std::vector<bool> seen(model_.nodes.size(), false);
    std::deque<int> queue;
    const auto enter = [&](int n) {
      if (n < 0 || seen[n]) return;
      seen[n] = true;
      queue.push_back(n);
    };
    const auto run = [&] {
      while (!queue.empty()) {
        const int n = queue.front();
        queue.pop_front();
        const bpmn::Node& node = model_.nodes[n];
        if (!(gateway(node) && joins_only(node))) order_.push_back(n);
        for (std::size_t i = 0; i < model_.nodes.size(); ++i)
          if (model_.nodes[i].parent == n && model_.nodes[i].type == ElementType::start_event) enter(static_cast<int>(i));
        for (const int f : node.outgoing) enter(model_.flows[f].target);
        for (const int b : node.boundary) enter(b);
      }
    };
    for (std::size_t i = 0; i < model_.nodes.size(); ++i)
      if (model_.nodes[i].type == ElementType::start_event && model_.nodes[i].parent < 0) enter(static_cast<int>(i));
    run();
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      enter(static_cast<int>(i));
      run();
    }
  }

  // The number of the step that a flow leads to; joins are passed through.
  std::string target(int flow) const {
    int n = model_.flows[flow].target;
    for (std::size_t guard = 0; n >= 0 && guard < model_.nodes.size(); ++guard) {
      if (const auto found = number_.find(n); found != number_.end()) return "trin " + std::to_string(found->second);
      if (model_.nodes[n].outgoing.empty()) break;
      n = model_.flows[model_.nodes[n].outgoing.front()].target;
    }
    return "slut";
  }

  std::string choice(const bpmn::Node& node) const {
    std::string text = node.name.empty() ? "Vælg vej" : node.name;
    const bool all = node.type == ElementType::parallel_gateway;
    if (all) text = node.name.empty() ? "Samtidig" : node.name;
    std::string separator = text.ends_with('?') ? " " : ": ";
    for (const int f : node.outgoing) {
      const auto& flow = model_.flows[f];
      text += separator;
      if (!flow.name.empty()) text += flow.name + " → ";
      else if (!all && node.default_flow == f) text += "ellers → ";
      text += target(f);
      separator = all ? " og " : "; ";
    }
    return text + ".";
  }

  // A name may end its own sentence.
  static std::string sentence(std::string text) {
    if (!text.ends_with('?') && !text.ends_with('!') && !text.ends_with('.')) text += '.';
    return text;
  }

  static std::string event_kind(const bpmn::Node& node) {
    switch (node.events.empty() ? EventKind::none : node.events.front().kind) {
      case EventKind::message: return "besked";
      case EventKind::timer: return "tid";
      case EventKind::error: return "fejl";
      case EventKind::signal: return "signal";
      case EventKind::escalation: return "eskalering";
      case EventKind::terminate: return "stop";
      default: return "";
    }
  }

  base::Json step(int n) const {
    const bpmn::Node& node = model_.nodes[n];
    const std::string name = node.name.empty() ? node.id : node.name;
    std::string kind = "opgave", text = sentence(name);
    switch (node.type) {
      case ElementType::start_event: kind = "start", text = sentence("Begynder: " + name); break;
      case ElementType::end_event: kind = "slut", text = sentence("Slutter: " + name); break;
      case ElementType::sub_process:
      case ElementType::event_sub_process:
      case ElementType::transaction:
      case ElementType::ad_hoc_sub_process:
      case ElementType::call_activity: kind = "delproces", text = name + " (delproces)."; break;
      case ElementType::intermediate_catch_event:
      case ElementType::receive_task: kind = "venter", text = sentence("Venter: " + name); break;
      case ElementType::intermediate_throw_event:
      case ElementType::send_task: kind = "besked", text = sentence("Sender: " + name); break;
      case ElementType::boundary_event: {
        kind = "undtagelse";
        const std::string why = event_kind(node);
        text = "Hvis " + (node.name.empty() ? (why.empty() ? std::string("noget sker") : why) : node.name) + " under " +
               (node.attached_to >= 0 ? "trin " + std::to_string(number_.at(node.attached_to)) : std::string("aktiviteten"));
        text += node.outgoing.empty() ? "." : " → " + target(node.outgoing.front()) + ".";
        break;
      }
      default:
        if (gateway(node)) kind = "valg", text = choice(node);
    }
    base::Json out = base::Json::object();
    out.set("number", number_.at(n));
    out.set("elementId", node.id);
    out.set("kind", kind);
    out.set("text", text);
    return out;
  }

  const bpmn::Model& model_;
  std::vector<int> order_;
  std::map<int, int> number_;
};

}  // namespace

base::Json steps(const bpmn::Model& model) { return Writer(model).write(); }

}  // namespace bank
