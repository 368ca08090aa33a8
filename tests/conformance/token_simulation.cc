// bpmn-js-token-simulation: models with the tokens they must produce (README of the suite), deployed leniently.
// The adapter rewrites a model into ordinary BPMN: activities become plain tasks, those that wait become receive tasks,
// the decision of a configured gateway becomes conditions, events without data become messages that are triggered by name.
// Score: comparison mode 2: exits per element, what is left alive, and the order of the lines that share a scope or are
// parent and child (see class Order for what a line of the engine is).
#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "base/xml.h"
#include "bpmn/model.h"
#include "conformance/suite.h"
#include "engine/driver.h"

namespace conformance {
namespace {

using base::xml::Element;
using engine::Key;
constexpr std::string_view kBpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL";

base::xml::Node make(std::string_view prefix, std::string_view local, std::vector<std::pair<std::string, std::string>> attributes, std::string text = {}) {
  base::xml::Node node;
  node.kind = base::xml::Node::Kind::element;
  node.element = std::make_unique<Element>();
  node.element->ns = kBpmn;
  node.element->prefix = prefix;
  node.element->local = local;
  for (auto& [name, value] : attributes) node.element->set_attribute(name, value);
  if (!text.empty()) {
    base::xml::Node content;
    content.text = std::move(text);
    node.element->children.push_back(std::move(content));
  }
  return node;
}

struct Setup {
  std::set<std::string> waits;
  std::map<std::string, std::set<std::string>> config;  // gateway → flows it takes
  std::map<std::string, std::string> sends, receives;   // node → message of its message flow
};

bool is_activity(std::string_view local) {
  static const std::set<std::string_view> kinds{"task", "serviceTask", "userTask", "sendTask", "scriptTask", "businessRuleTask", "manualTask", "callActivity"};
  return kinds.contains(local);
}

// Depth is bounded by the XML reader's limit.
void rewrite(Element& element, const Setup& setup) {
  std::map<std::string, std::string> gateway_of;
  std::map<std::string, int> outgoing;
  for (const Element* flow : element.children_named(kBpmn, "sequenceFlow")) {
    gateway_of[flow->attribute_or("id", "")] = flow->attribute_or("sourceRef", "");
    ++outgoing[flow->attribute_or("sourceRef", "")];
  }
  std::vector<base::xml::Node> added;
  for (base::xml::Node& child : element.children) {
    if (!child.element) continue;
    Element& one = *child.element;
    const std::string id = one.attribute_or("id", "");
    const auto sends = setup.sends.find(id), receives = setup.receives.find(id);
    if (is_activity(one.local)) {
      one.local = setup.waits.contains(id) || receives != setup.receives.end() ? "receiveTask" : sends != setup.sends.end() ? "sendTask" : "task";
    }
    // A message flow is a message of its own name.
    const std::string message = sends != setup.sends.end() ? sends->second : receives != setup.receives.end() ? receives->second : "";
    if (!message.empty()) {
      if (one.local.ends_with("Task")) one.set_attribute("messageRef", message);
      bool defined = false;
      for (base::xml::Node& inner : one.children)
        if (inner.element && inner.element->local.ends_with("EventDefinition")) {
          defined = true;
          if (inner.element->local == "messageEventDefinition") inner.element->set_attribute("messageRef", message);
        }
      if (!defined && one.local.ends_with("Event")) one.children.push_back(make(one.prefix, "messageEventDefinition", {{"messageRef", message}}));
    }
    const std::vector<const Element*> inside = one.elements();
    if (one.local == "boundaryEvent" && std::none_of(inside.begin(), inside.end(), [](const Element* e) { return e->local.ends_with("EventDefinition"); }))
      one.children.push_back(make(one.prefix, "messageEventDefinition", {}));  // it occurs when it is triggered, whatever by
    if (one.local == "exclusiveGateway" && outgoing[id] > 1 && !setup.config.contains(id) && one.attribute("default") == nullptr) {
      // Without a decision the token is consumed there.
      one.set_attribute("default", id + "-none");
      added.push_back(make(one.prefix, "endEvent", {{"id", id + "-end"}}));
      added.push_back(make(one.prefix, "sequenceFlow", {{"id", id + "-none"}, {"sourceRef", id}, {"targetRef", id + "-end"}}));
    }
    if (one.local == "sequenceFlow") {
      const std::string source = one.attribute_or("sourceRef", "");
      const auto config = setup.config.find(source);
      const Element* gateway = nullptr;
      for (const Element* other : element.elements()) if (other->attribute_or("id", "") == source) gateway = other;
      const bool decides = config != setup.config.end(), exclusive = gateway && gateway->local == "exclusiveGateway" && outgoing[source] > 1;
      std::erase_if(one.children, [](const base::xml::Node& node) { return node.element && node.element->local == "conditionExpression"; });
      if (decides && gateway->attribute_or("default", "") != id)
        one.children.push_back(make(one.prefix, "conditionExpression", {}, config->second.contains(id) ? "=true" : "=false"));
      else if (exclusive && !decides) one.children.push_back(make(one.prefix, "conditionExpression", {}, "=false"));
    }
    // An event that data or time would bring comes by its name instead.
    const bool catching = one.local == "startEvent" || one.local == "intermediateCatchEvent" || one.local == "boundaryEvent";
    if (catching)
      for (base::xml::Node& inner : one.children)
        if (inner.element && (inner.element->local == "conditionalEventDefinition" || inner.element->local == "timerEventDefinition")) {
          inner.element->local = "messageEventDefinition";
          inner.element->children.clear();
        }
  }
  for (base::xml::Node& node : added) element.children.push_back(std::move(node));
  for (base::xml::Node& child : element.children)
    if (child.element) rewrite(*child.element, setup);
}

// The order rule. A line says that an element began in a scope, or was left; a scope is named by its element, its
// occurrence and what is around it ("Process_1#1/S#1"). Upstream's begin is "enter", or "signal" where an event begins it;
// its createScope and destroyScope have no counterpart. All begins of a scope carry its letter, an exit carries that of
// its own, whose parent the scope is: so the begins have an order, and each exit a place among them.
class Order {
 public:
  void begin(const std::string& scope, const std::string& element) { begins_[scope].push_back(element); }
  void exit(const std::string& scope, const std::string& element) { exits_[scope].emplace(element, begins_[scope].size()); }
  std::string child(const std::string& scope, const std::string& element) {
    return (scope.empty() ? "" : scope + "/") + element + "#" + std::to_string(++occurrence_[scope + "/" + element]);
  }
  // The first difference in the order, "" when there is none. Only scopes that both have are compared: the exits say the rest.
  std::string differs(const Order& want, const std::set<std::string>& flows, bool with_flows) const {
    for (const auto& [scope, lines] : want.begins_) {
      const auto mine = begins_.find(scope);
      if (mine == begins_.end()) return "nothing began in '" + scope + "'";
      const auto skip = [&](const std::string& element) { return !with_flows && flows.contains(element); };
      std::vector<std::string> theirs = lines, ours = mine->second;
      std::erase_if(theirs, skip);
      std::erase_if(ours, skip);
      for (std::size_t i = 0; i < std::max(theirs.size(), ours.size()); ++i) {
        const std::string a = i < theirs.size() ? theirs[i] : "nothing", b = i < ours.size() ? ours[i] : "nothing";
        if (a != b) return "in '" + scope + "' number " + std::to_string(i + 1) + " to begin is '" + b + "', not '" + a + "'";
      }
      const auto places = [&](const Order& of) {
        std::multiset<std::pair<std::string, std::size_t>> all;
        const auto at = of.exits_.find(scope);
        if (at == of.exits_.end()) return all;
        const auto& began = of.begins_.at(scope);
        for (const auto& [element, before] : at->second)
          if (!skip(element)) all.emplace(element, static_cast<std::size_t>(std::count_if(began.begin(), began.begin() + static_cast<std::ptrdiff_t>(before), [&](const auto& one) { return !skip(one); })));
        return all;
      };
      const auto have = places(*this), expected = places(want);
      for (const auto& one : expected)
        if (!have.contains(one)) return "in '" + scope + "' '" + one.first + "' is not left after " + std::to_string(one.second) + " beginnings";
    }
    return {};
  }
  // Reads upstream's lines; `containers`: elements that others are created in.
  void read(const base::Json& trace, const std::set<std::string>& containers);

 private:
  struct Open { std::string path, parent, element; bool began = false; };
  Open* of_letter(const std::string& letter, const std::string& element);
  std::map<std::string, std::vector<std::string>> begins_;
  std::map<std::string, std::multimap<std::string, std::size_t>> exits_;
  std::map<std::string, int> occurrence_;
  std::map<std::string, Open> bound_;      // upstream's letter
  std::vector<Open> unbound_;              // created, letter not seen yet; oldest first
};

// A letter is bound where it first stands beside its own element: the oldest scope of that element without one.
Order::Open* Order::of_letter(const std::string& letter, const std::string& element) {
  if (const auto at = bound_.find(letter); at != bound_.end()) return &at->second;
  auto at = std::find_if(unbound_.begin(), unbound_.end(), [&](const Open& one) { return one.element == element; });
  if (at == unbound_.end()) return nullptr;
  Open& made = bound_[letter] = *at;
  unbound_.erase(at);
  return &made;
}

void Order::read(const base::Json& trace, const std::set<std::string>& containers) {
  for (const base::Json& entry : trace.as_array()) {
    const std::string line = entry.string_or("");
    const std::size_t first = line.find(':'), last = line.rfind(':');
    if (first == std::string::npos || last == first) continue;
    const std::string action = line.substr(0, first), letter = line.substr(last + 1);
    std::string element = line.substr(first + 1, last - first - 1);
    if (element.ends_with("_plane")) element.resize(element.size() - 6);
    if (action == "createScope") {
      // The parent's letter may stand here for the first time: a sub-process binds by what is created in it.
      std::string parent;
      if (letter != "null") {
        if (!bound_.contains(letter)) {
          auto at = std::find_if(unbound_.begin(), unbound_.end(), [&](const Open& one) { return one.began && containers.contains(one.element); });
          if (at == unbound_.end()) continue;
          bound_[letter] = *at;
          unbound_.erase(at);
        }
        parent = bound_[letter].path;
      }
      unbound_.push_back({child(parent, element), parent, element});
    } else if (action == "enter") {
      const std::string parent = bound_.contains(letter) ? bound_[letter].path : std::string();
      for (Open& one : unbound_)
        if (one.element == element && one.parent == parent && !one.began) {
          one.began = true;
          begin(parent, element);
          break;
        }
    } else if (action == "signal" || action == "exit" || action == "destroyScope") {
      Open* at = of_letter(letter, element);
      if (at == nullptr) continue;
      if (action == "signal" && !std::exchange(at->began, true) && !at->parent.empty()) begin(at->parent, element);
      if (action == "exit" && !at->parent.empty()) exit(at->parent, element);
    }
  }
}

struct Seen {
  std::map<std::string, int> exits, alive;
  Order order;
};

bool added(const std::string& id) { return id.ends_with("-none") || id.ends_with("-end"); }  // by rewrite()

// What is known of the engine's instances and elements while its events are read.
struct Books {
  struct Table { std::vector<engine::ElementRow> elements; std::vector<std::string> flows; };
  struct At { Key instance; engine::Index element; Key scope = 0; };
  std::map<Key, Table> tables;
  std::map<Key, Key> definition;
  std::map<std::pair<Key, engine::Index>, int> parked;
  std::map<Key, std::string> path;  // of scopes, as Order names them
  std::map<Key, At> open;
  std::set<Key> canceled;

  std::string id_of(Key instance, engine::Index element) const { return tables.at(definition.at(instance)).elements[element].id; }
  // Upstream compensates in the scope of what was completed; here its replica, or the throwing event, stands for it.
  void compensated(const engine::ev::compensation_started& event) {
    if (event.replica != 0) {
      open[event.replica] = At{open[event.by].instance, event.element, event.scope};
      path[event.replica] = path[event.key];
    } else if (event.key != event.by) {
      path[event.by] = path[event.scope];
    }
  }
  std::map<std::string, int> alive(const std::map<std::string, std::string>& participants) const {
    std::map<std::string, int> all;
    for (const auto& [at, tokens] : parked)
      if (tokens > 0 && open.contains(at.first)) all[id_of(at.first, at.second)] += tokens;
    for (const auto& [key, at] : open) {
      std::string id = id_of(at.instance, at.element);
      if (const auto renamed = participants.find(id); renamed != participants.end()) id = renamed->second;
      ++all[id];
    }
    return all;
  }
};

// What the engine did, from its events.
Seen observe(const engine::Driver& engine, const std::map<std::string, std::string>& participants) {
  Seen seen;
  using At = Books::At;
  Books books;
  auto& [tables, definition, parked, path, open, canceled] = books;
  const auto exit = [&](std::string id) {
    if (const auto at = participants.find(id); at != participants.end()) id = at->second;
    ++seen.exits[id];
  };
  const auto id_of = [&](Key instance, engine::Index element) { return books.id_of(instance, element); };
  const auto begin_in = [&](Key scope, const std::string& id) { if (!added(id)) seen.order.begin(path[scope], id); };
  const auto exit_in = [&](Key scope, const std::string& id) {
    exit(id);
    if (!added(id)) seen.order.exit(path[scope], id);
  };
  const auto take = [&](Key instance, Key scope, const std::vector<engine::Taken>& flows) {
    for (const engine::Taken& one : flows)
      if (one.flow != 0xffffffff) {
        begin_in(scope, tables[definition[instance]].flows[one.flow]);
        exit_in(scope, tables[definition[instance]].flows[one.flow]);
      }
  };
  (void)engine.events([&](const engine::RecordView&, const auto& event) {
    using E = std::decay_t<decltype(event)>;
    namespace ev = engine::ev;
    if constexpr (std::is_same_v<E, ev::process_deployed>) tables[event.key] = {event.elements, event.flows};
    if constexpr (std::is_same_v<E, ev::instance_created>) {
      definition[event.instance] = event.definition;
      open[event.instance] = {event.instance, 0, 0};
      std::string id = id_of(event.instance, 0);
      if (const auto at = participants.find(id); at != participants.end()) id = at->second;
      path[event.instance] = seen.order.child("", id);
    }
    if constexpr (std::is_same_v<E, ev::element_activated> || std::is_same_v<E, ev::job_created> || std::is_same_v<E, ev::user_task_created>)
      if (!open.contains(event.key)) {
        const Key instance = open[event.scope].instance;
        const std::string id = id_of(instance, event.element);
        open[event.key] = At{instance, event.element, event.scope};
        path[event.key] = seen.order.child(path[event.scope], id);
        begin_in(event.scope, id);
      }
    if constexpr (std::is_same_v<E, ev::message_published>)
      if (event.name.starts_with("flow-")) exit(event.name.substr(5));
    if constexpr (std::is_same_v<E, ev::token_parked>) {
      const Key instance = open[event.scope].instance;
      ++parked[{instance, event.element}];
      begin_in(event.scope, id_of(instance, event.element));
    }
    if constexpr (std::is_same_v<E, ev::element_passed>) {
      const Key instance = open[event.scope].instance;
      const engine::ElementRow& row = tables[definition[instance]].elements[event.element];
      if (!event.joined.empty()) parked[{instance, event.element}] -= static_cast<int>(event.joined.size());
      // At an inclusive join every token was parked; elsewhere the one that passes begins now.
      if (event.joined.empty() || row.type != static_cast<std::uint8_t>(bpmn::ElementType::inclusive_gateway)) begin_in(event.scope, row.id);
      exit_in(event.scope, row.id);
      take(instance, event.scope, event.flows);
    }
    if constexpr (std::is_same_v<E, ev::element_completed>) {
      const At at = open[event.key];
      open.erase(event.key);
      // Upstream does not leave an event-based gateway: the event behind it is signalled where it stands.
      const bool by_event = !event.flows.empty() && event.flows[0].target == 0xffffffff;
      if (!by_event) {
        exit_in(at.scope, id_of(at.instance, at.element));
        take(at.instance, at.scope, event.flows);
      }
    }
    if constexpr (std::is_same_v<E, ev::compensation_started>) books.compensated(event);
    if constexpr (std::is_same_v<E, ev::element_terminating>) {
      const At at = open[event.key];  // a boundary event begins where it interrupts; that of a cancel before the compensation
      if (event.then == engine::Then::cancel && event.event != 0) {
        begin_in(at.scope, id_of(at.instance, event.event));
        canceled.insert(event.key);
      }
      if (!canceled.contains(event.key) && event.then == engine::Then::take_event && tables[definition[at.instance]].elements[event.event].type == static_cast<std::uint8_t>(bpmn::ElementType::boundary_event))
        begin_in(at.scope, id_of(at.instance, event.event));
    }
    if constexpr (std::is_same_v<E, ev::element_terminated>) {
      const At at = open[event.key];
      if (event.event != 0) {  // an interrupted activity is left, and so is the boundary event
        exit_in(at.scope, id_of(at.instance, at.element));
        exit_in(at.scope, id_of(at.instance, event.event));
        take(at.instance, at.scope, event.flows);
      }
      open.erase(event.key);
    }
    if constexpr (std::is_same_v<E, ev::instance_completed>) {
      exit(id_of(event.instance, 0));
      open.erase(event.instance);
    }
    if constexpr (std::is_same_v<E, ev::instance_terminated>) open.erase(event.instance);
  });
  seen.alive = books.alive(participants);
  return seen;
}

std::map<std::string, int> counts(const base::Json& object) {
  std::map<std::string, int> all;
  for (const auto& [id, value] : object.as_object())
    if (value.int_or(0) != 0) all[id.ends_with("_plane") ? id.substr(0, id.size() - 6) : id] += static_cast<int>(value.int_or(0));
  return all;
}

std::string text(const std::map<std::string, int>& counts) {
  std::string out;
  for (const auto& [id, n] : counts) out += (out.empty() ? "" : ", ") + id + ":" + std::to_string(n);
  return out;
}

// Upstream's lines of all steps of a case.
Order expected_order(const std::filesystem::path& folder, const base::Json& entry, const std::set<std::string>& containers) {
  Order order;
  for (const base::Json& step : entry["steps"].as_array()) {
    if (step["op"].string_or("") != "expect_trace") continue;
    if (step["inline"].is_array()) {
      order.read(step["inline"], containers);
      continue;
    }
    const std::string file = step["file"].string_or("");
    if (const auto trace = base::parse_json(file_text(folder / file), file, 64u << 20)) order.read(*trace, containers);
  }
  return order;
}

void add_ids(const Element& element, std::initializer_list<std::string_view> kinds, std::set<std::string>& ids) {
  if (std::find(kinds.begin(), kinds.end(), element.local) != kinds.end()) ids.insert(element.attribute_or("id", ""));
  for (const Element* child : element.elements()) add_ids(*child, kinds, ids);
}

struct Case1 {
  engine::Driver engine;
  std::vector<Key> instances;
  std::map<std::size_t, Key> returned;

  base::Status trigger(const base::Json& step, std::size_t number) {
    const std::string element = step["element"].string_or("");
    base::Error last{base::ErrorCode::conflict, "no instance waits at '" + element + "'"};
    if (step["meaning"].string_or("").starts_with("start a new instance")) {
      for (const std::string& process : processes) {
        engine::CreateInstance create;
        create.process_id = process;
        create.start_elements = {element};
        auto answer = engine.call(create);
        if (answer) {
          instances.push_back(returned[number] = answer->key);
          return {};
        }
      }
    }
    std::vector<Key> order = instances;
    if (const base::Json& scope = step["scope"]["returned_by_step"]; scope.is_int()) order = {returned[static_cast<std::size_t>(scope.as_int())]};
    for (Key instance : order) {
      auto answer = engine.call(engine::TriggerElement{instance, 0, element});
      if (answer) return {};
      last = answer.error();
    }
    return std::unexpected(last);
  }
  std::vector<std::string> processes;
};

struct Compared { std::string fault; bool counts = false, nodes = false; };  // counts, nodes: which parts of the comparison held

Compared run_case(const std::filesystem::path& folder, const base::Json& entry, std::string& expected) {
  const std::string file = entry["model"].string_or("");
  auto document = base::xml::parse(file_text(folder / file), file);
  if (!document) return {"unreadable: " + document.error().text()};
  Setup setup;
  for (const base::Json& step : entry["steps"].as_array()) {
    if (step["op"].string_or("") == "wait_at") setup.waits.insert(step["element"].string_or(""));
    if (step["op"].string_or("") == "set_config")
      for (const base::Json& flow : step["activeOutgoing"].as_array()) setup.config[step["element"].string_or("")].insert(flow.as_string());
  }
  std::map<std::string, std::string> participants;
  Case1 run;
  for (const Element* child : document->root->elements()) {
    if (child->is(kBpmn, "process")) run.processes.push_back(child->attribute_or("id", ""));
    if (child->is(kBpmn, "collaboration"))
      for (const Element* one : child->children_named(kBpmn, "participant")) participants[one->attribute_or("processRef", "-")] = one->attribute_or("id", "");
  }
  std::vector<base::xml::Node> messages;
  for (const Element* child : document->root->elements()) {
    for (const Element* one : child->children_named(kBpmn, "messageFlow")) {
      const std::string name = "flow-" + one->attribute_or("id", "");
      setup.sends[one->attribute_or("sourceRef", "")] = name;
      setup.receives[one->attribute_or("targetRef", "")] = name;
      messages.push_back(make(child->prefix, "message", {{"id", name}, {"name", name}}));
    }
  }
  for (base::xml::Node& child : document->root->children)
    if (child.element && child.element->is(kBpmn, "process")) rewrite(*child.element, setup);
  for (base::xml::Node& message : messages) document->root->children.insert(document->root->children.begin(), std::move(message));
  auto deployed = run.engine.call(engine::Deploy{{{file, base::xml::write(*document)}}, true, false});
  if (!deployed) return {"refused: " + deployed.error().text()};
  std::size_t number = 0;
  for (const base::Json& step : entry["steps"].as_array()) {
    const std::string op = step["op"].string_or("");
    if (op == "trigger")
      if (auto status = run.trigger(step, number); !status) return {"step " + std::to_string(number) + ": " + status.error().message};
    if (op == "message_flow") {
      // A message from outside: its name reaches who waits for it; a black box takes it without effect.
      (void)run.engine.call(engine::PublishMessage{"flow-" + step["element"].string_or(""), "", "", 0, base::Json::object()});
    }
    if (!run.engine.settle(1'000'000)) return {"did not come to rest"};
    ++number;
  }
  const Seen seen = observe(run.engine, participants);
  std::map<std::string, int> exits = seen.exits;
  std::erase_if(exits, [](const auto& one) { return added(one.first); });
  const auto want_exits = counts(entry["summary_at_end"]["exits"]), want_alive = counts(entry["summary_at_end"]["left_alive"]);
  expected = "exits " + text(want_exits) + "; alive " + text(want_alive);
  if (exits != want_exits || seen.alive != want_alive) return {"exits " + text(exits) + "; alive " + text(seen.alive)};
  std::set<std::string> flows, containers;
  add_ids(*document->root, {"sequenceFlow", "messageFlow"}, flows);
  add_ids(*document->root, {"participant", "process", "subProcess", "transaction", "adHocSubProcess"}, containers);
  const Order want = expected_order(folder, entry, containers);
  const std::string nodes = seen.order.differs(want, flows, false);
  return {seen.order.differs(want, flows, true), true, nodes.empty()};
}

Report run(const std::filesystem::path& folder, const Options& options) {
  Report report;
  int passed = 0, all = 0, counted = 0, nodes = 0;
  each_case(folder, options, report, [&](const std::string& id, const base::Json& entry) {
    std::string expected;
    const auto [fault, same_counts, same_nodes] = run_case(folder, entry, expected);
    ++all;
    counted += same_counts;
    nodes += same_nodes;
    passed += fault.empty();
    if (fault.empty()) report.pass(id);
    else report.fail(id, expected, fault);
  });
  if (!options.list && report.broken.empty()) {
    const auto of = [&](int n) { return std::to_string(n) + " of " + std::to_string(all); };
    report.figures.emplace_back("mode 2 (exits, left alive, order of the lines that share a scope or are parent and child)", of(passed));
    report.figures.emplace_back("of these parts: exits and left alive", of(counted));
    report.figures.emplace_back("of these parts: with the order of all lines but those of flows, which the engine takes when it leaves their source", of(nodes));
    report.figures.emplace_back("mode 1 (exact interleaving of scope lines)", "0 of " + std::to_string(all) + ": not produced, the engine keeps no scope per sequence flow");
  }
  return report;
}

Registrar registrar{{"token-simulation", "bpmn-js-token-simulation: token traces (lenient profile)", run}};

}  // namespace
}  // namespace conformance
