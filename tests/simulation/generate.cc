#include "simulation/generate.h"

#include <algorithm>
#include <set>

#include "simulation/builder.h"

namespace simulation {

namespace {

// What waits for signals: so that somebody sends them.
void collect(const Process& process, Names& names) {
  for (const Node& node : process.nodes)
    for (const Event& event : node.events) {
      const bool throws = node.is(ElementType::intermediate_throw_event) || node.is(ElementType::end_event);
      if (event.kind == EventKind::signal && !throws) names.signals.push_back(event.name);
      if (event.kind == EventKind::error && !event.name.empty()) names.errors.push_back(event.name);
      if (event.kind == EventKind::conditional) names.conditions.push_back(event.condition.args[0].name);
    }
}

// A process with a trigger of its own beside (or instead of) its none start event.
void starts(Builder& b, base::Random& random) {
  static constexpr EventKind kKinds[] = {EventKind::message, EventKind::timer, EventKind::signal, EventKind::conditional};
  const EventKind kind = kKinds[random.below(4)];
  const int start = b.event_node(ElementType::start_event, -1, kind), first = b.job(-1), last = b.end(-1);
  Event& event = b.at(start).events[0];
  if (kind == EventKind::message) event.correlation = {};
  if (kind == EventKind::timer) {
    event.timer = bpmn::TimerKind::cycle;
    event.times = 1 + static_cast<int>(random.below(3));
    event.wait = 120'000 + static_cast<Millis>(random.below(900'000));
  }
  b.flow(start, first);
  b.flow(first, last);
}

// Section 13.3.3, 13.4.4: a receiving task, or the events behind a gateway, begin instances.
void instantiates(Builder& b, base::Random& random) {
  const auto receives = [&](ElementType type) {
    const int made = type == ElementType::receive_task ? b.node(type, -1, "receive") : b.event_node(type, -1, EventKind::message);
    if (type == ElementType::receive_task) b.at(made).events.push_back(b.event(EventKind::message, b.at(made).id));
    return made;
  };
  if (random.chance(40)) {
    const int receive = receives(ElementType::receive_task), after = b.job(-1), last = b.end(-1);
    b.at(receive).instantiate = true;
    b.flow(receive, after);
    b.flow(after, last);
    return;
  }
  const int gateway = b.node(ElementType::event_based_gateway, -1, "first");
  b.at(gateway).instantiate = true;
  b.at(gateway).parallel = random.chance(50);
  for (int way = 0; way < 2; ++way) {
    const int event = receives(way == 0 ? ElementType::intermediate_catch_event : ElementType::receive_task), after = b.job(-1), last = b.end(-1);
    b.flow(gateway, event);
    b.flow(event, after);
    b.flow(after, last);
  }
}

// Some activities and catching events are listened to.
void listeners(Process& process, base::Random& random) {
  for (Node& node : process.nodes) {
    const bool activity = node.scope() || node.is(ElementType::call_activity) || node.is(ElementType::task) || node.is(ElementType::service_task) || node.is(ElementType::user_task) ||
                          node.is(ElementType::manual_task) || node.is(ElementType::send_task) || node.is(ElementType::receive_task) || node.is(ElementType::script_task) || node.is(ElementType::business_rule_task);
    const bool catches = node.is(ElementType::intermediate_catch_event) && node.kind() != EventKind::link;
    const bool behind = !node.incoming.empty() && process.nodes[static_cast<std::size_t>(process.flows[static_cast<std::size_t>(node.incoming[0])].from)].is(ElementType::event_based_gateway);
    if (!(activity || catches) || behind || node.is(ElementType::event_sub_process) || node.for_compensation || node.instantiate || !random.chance(7)) continue;
    node.starts = static_cast<int>(random.below(3));
    node.ends = static_cast<int>(random.below(3));
  }
}

Process signaller(std::size_t number, const std::string& signal, base::Random& random) {
  Process process;
  process.id = "sig" + std::to_string(number);
  Builder b(process, random, 0);
  const int start = b.node(ElementType::start_event, -1, "start");
  const bool ends = random.chance(50);
  const int thrower = b.node(ends ? ElementType::end_event : ElementType::intermediate_throw_event, -1, "send");
  Event event;
  event.kind = EventKind::signal;
  event.name = signal;
  b.at(thrower).events.push_back(event);
  b.flow(start, thrower);
  if (!ends) b.flow(thrower, b.end(-1));
  process.none_start = true;
  return process;
}

}  // namespace

Names names_of(const Package& package) {
  Names names;
  for (const Process& process : package.processes) collect(process, names);
  return names;
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t purpose) {
  base::SeededRandom first(seed * 0x9e3779b97f4a7c15ull);
  base::SeededRandom second(first.next() + purpose * 0xd1342543de82ef95ull);
  return second.next();
}

Package generate(base::Random& random, Millis date) {
  Package package;
  package.dmn = decision_file();
  std::vector<std::string> callable, signals;
  const int count = 4 + static_cast<int>(random.below(3));
  for (int i = 0; i < count; ++i) {
    Process process;
    process.id = "p" + std::to_string(i);
    Builder b(process, random, date);
    b.callable = callable;
    b.foreign_signals = signals;
    process.none_start = true;
    if (i + 1 == count && random.chance(70)) {
      instantiates(b, random);
      process.none_start = false;
    } else {
      if (i == 0) b.limit = 8;
      b.content(-1, 0);
      if (random.chance(12)) b.content(-1, 2);  // several none start events
      if (random.chance(40)) b.event_sub_process(-1, 1);
      if (random.chance(60)) starts(b, random);
      callable.push_back(process.id);
    }
    listeners(process, random);
    const bool by_event = !process.none_start || std::any_of(process.nodes.begin(), process.nodes.end(), [](const Node& node) { return node.parent < 0 && node.is(ElementType::start_event) && !node.events.empty(); });
    if (!by_event && random.chance(20)) process.starts = static_cast<int>(random.below(3)), process.ends = static_cast<int>(random.below(2));
    if (random.chance(60)) process.tag = "stable";
    Names names;
    collect(process, names);
    signals.insert(signals.end(), names.signals.begin(), names.signals.end());
    package.processes.push_back(std::move(process));
  }
  const std::set<std::string> all(signals.begin(), signals.end());
  for (const std::string& signal : all) package.processes.push_back(signaller(package.processes.size(), signal, random));
  for (int i = 0; i < count; ++i)
    for (int version = 2; version <= 3 && random.chance(version == 2 ? 75 : 35); ++version) {
      Process before = package.processes[static_cast<std::size_t>(package.find("p" + std::to_string(i), version - 1))], next;
      write(before);
      do write(next = next_version(before, random, date));
      while (next.xml == before.xml);  // what is as it was is no new version
      package.processes.push_back(std::move(next));
    }
  for (Process& process : package.processes) write(process);
  return package;
}

}  // namespace simulation
