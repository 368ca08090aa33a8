#include "bank/steps.h"

#include <algorithm>
#include <deque>
#include <map>

#include "bpmn/iso8601.h"

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

// "P14D" → "14 dage", "P1Y6M" → "1 år og 6 måneder"; "" for what is no plain duration.
std::string duration_words(std::string_view text) {
  if (!bpmn::is_iso_duration(text)) return {};
  std::vector<std::string> parts;
  std::string digits;
  bool time = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
    else if (c == 'T') time = true;
    else if (c != 'P') {
      const bool one = digits == "1";
      const char* unit = c == 'Y' ? "år" : c == 'M' && !time ? (one ? "måned" : "måneder") : c == 'W' ? (one ? "uge" : "uger") : c == 'D' ? (one ? "dag" : "dage")
                         : c == 'H' ? (one ? "time" : "timer") : c == 'M' ? (one ? "minut" : "minutter") : c == 'S' ? (one ? "sekund" : "sekunder") : nullptr;
      if (unit == nullptr || digits.empty()) return {};  // fractions and signs: not worth words
      parts.push_back(digits + " " + unit);
      digits.clear();
    }
  }
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : i + 1 == parts.size() ? " og " : ", ") + parts[i];
  return out;
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

  // "hvis »ja«, gå til trin 4. Ellers gå til trin 5." after the question; a fork and a race are told as what they are.
  std::string choice(const bpmn::Node& node) const {
    std::vector<std::string> targets;
    for (const int f : node.outgoing) targets.push_back(target(f));
    if (node.type == ElementType::parallel_gateway) return (node.name.empty() ? "" : sentence(node.name) + " ") + "Gør samtidig: " + listed(targets, "og") + ".";
    if (node.type == ElementType::event_based_gateway) {
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const int n = model_.flows[node.outgoing[i]].target;
        if (n >= 0 && !model_.nodes[n].name.empty()) targets[i] = "»" + model_.nodes[n].name + "« (" + targets[i] + ")";
      }
      return sentence(node.name.empty() ? "Vent på det, der sker først" : node.name) + " Det, der sker først, bestemmer vejen: " + listed(targets, "eller") + ".";
    }
    std::string text = sentence(node.name.empty() ? "Vælg vej" : node.name), otherwise;
    if (node.type == ElementType::inclusive_gateway) text += " En eller flere veje kan gælde.";
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const auto& flow = model_.flows[node.outgoing[i]];
      if (!flow.name.empty()) text += " Hvis »" + flow.name + "«, gå til " + targets[i] + ".";
      else if (node.default_flow == node.outgoing[i]) otherwise = " Ellers gå til " + targets[i] + ".";
      else text += (targets.size() == 1 ? " Gå til " : " Hvis betingelsen er opfyldt, gå til ") + targets[i] + ".";
    }
    return text + otherwise;
  }

  static std::string listed(const std::vector<std::string>& items, const std::string& last) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) out += (i == 0 ? "" : i + 1 == items.size() ? " " + last + " " : ", ") + items[i];
    return out;
  }

  // How long a timer waits, where the diagram says it plainly; "" where it is computed.
  static std::string waits(const bpmn::Node& node) {
    for (const auto& event : node.events)
      if (event.kind == EventKind::timer && event.timer == bpmn::TimerKind::duration) return duration_words(event.expression);
    return {};
  }

  std::string exception(const bpmn::Node& node) const {
    const std::string kind = event_kind(node), time = waits(node);
    const std::string during = node.attached_to >= 0 ? "trin " + std::to_string(number_.at(node.attached_to)) : std::string("aktiviteten");
    std::string text = "Hvis " + (node.name.empty() ? (kind.empty() ? std::string("noget sker") : kind) : "»" + node.name + "«") + " under " + during;
    if (!time.empty()) text = "Hvis der går " + time + " i " + during + (node.name.empty() ? "" : " (»" + node.name + "«)");
    const std::string next = node.outgoing.empty() ? std::string() : target(node.outgoing.front());
    if (next.empty()) return text + (node.interrupting ? ", afbrydes " + during + "." : ", fortsætter " + during + ".");
    return text + (node.interrupting ? ", afbrydes " + during + ", og sagen går til " + next + "." : ", sker også " + next + ", mens " + during + " fortsætter.");
  }

  // A step that begins when several ways have come together.
  std::string gathers(int n) const {
    for (const int f : model_.nodes[n].incoming) {
      const int source = model_.flows[f].source;
      if (source >= 0 && model_.nodes[source].type == ElementType::parallel_gateway && joins_only(model_.nodes[source])) return "Når alle samtidige trin er færdige: ";
    }
    return {};
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
      case ElementType::receive_task: kind = "venter", text = sentence((waits(node).empty() ? "Venter: " : "Venter " + waits(node) + ": ") + name); break;
      case ElementType::intermediate_throw_event:
      case ElementType::send_task: kind = "besked", text = sentence("Sender: " + name); break;
      case ElementType::boundary_event: kind = "undtagelse", text = exception(node); break;
      default:
        if (gateway(node)) kind = "valg", text = choice(node);
    }
    if (node.loop) text = text.substr(0, text.size() - 1) + (node.loop->standard ? " (gentages)." : node.loop->sequential ? " (én gang for hver, efter hinanden)." : " (én gang for hver).");
    if (!gateway(node) && node.type != ElementType::boundary_event && node.outgoing.size() == 1) {
      // Numbers follow the flow as far as they can; where it goes elsewhere, the sentence says so.
      if (const std::string next = target(node.outgoing.front()); next != "trin " + std::to_string(number_.at(n) + 1)) text += " Gå derefter til " + next + ".";
    }
    base::Json out = base::Json::object();
    out.set("number", number_.at(n));
    out.set("elementId", node.id);
    out.set("kind", kind);
    out.set("text", gathers(n) + text);
    add_details(out, node);
    return out;
  }

  // What stands with an activity besides its name; left out where there is nothing.
  static void add_details(base::Json& out, const bpmn::Node& node) {
    if (!node.documentation.empty()) out.set("note", node.documentation);
    std::string deadline;
    base::Json law = base::Json::array();
    for (const auto& property : node.zeebe.properties) {
      if (property.key == "frist") deadline = property.value;
      if (property.key == "lov") law.push(property.value);
      if (property.key == "pakke") out.set("calls", property.value);
    }
    if (const auto at = node.zeebe.due_date.find("duration(\""); deadline.empty() && at != std::string::npos) {
      const std::string_view rest = std::string_view(node.zeebe.due_date).substr(at + 10);
      deadline = duration_words(rest.substr(0, rest.find('"')));
    }
    if (!deadline.empty()) out.set("deadline", deadline);
    if (law.size() > 0) out.set("law", std::move(law));
  }

  const bpmn::Model& model_;
  std::vector<int> order_;
  std::map<int, int> number_;
};

}  // namespace

base::Json steps(const bpmn::Model& model) { return Writer(model).write(); }

}  // namespace bank
