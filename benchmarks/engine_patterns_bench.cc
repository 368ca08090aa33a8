// The five micro-patterns, with conditions on data, and a typical process. A transition is one token that leaves one element
// over one flow. Durable, without the read side (its figure is that of one and ten tasks).
#include <algorithm>

#include "engine_load.h"

namespace {

using namespace bench;

struct Pattern { std::string name, xml; int transitions = 0; };

std::string gate(const std::string& id) { return "<exclusiveGateway id=\"" + id + "\" default=\"" + id + "_no" + id.substr(1) + "\"/>"; }
std::string plain(const std::string& id) { return "<task id=\"" + id + "\"/>"; }

Pattern sequence() {
  std::string body = "<startEvent id=\"s\"/>", last = "s";
  for (int i = 1; i <= 20; ++i) {
    const std::string id = "t" + std::to_string(i);
    body += plain(id) + flow(last, id);
    last = id;
  }
  return {"sequence", process("sequence", body + "<endEvent id=\"e\"/>" + flow(last, "e")), 21};
}

// Ten gateways; each asks the data, takes its default flow past a task, or the flow to the next task.
Pattern exclusive() {
  std::string body = "<startEvent id=\"s\"/>", last = "s";
  for (int i = 1; i <= 10; ++i) {
    const std::string n = std::to_string(i), gateway = "g" + n, yes = "yes" + n, no = "no" + n, next = "m" + n;
    body += gate(gateway) + plain(yes) + plain(no) + "<exclusiveGateway id=\"" + next + "\"/>" + flow(last, gateway) +
            flow(gateway, yes, "amount &gt; " + std::to_string(i * 100)) + flow(gateway, no) + flow(yes, next) + flow(no, next);
    last = next;
  }
  return {"exclusive", process("exclusive", body + "<endEvent id=\"e\"/>" + flow(last, "e")), 41 - 10};
}

// Two branches; the one that ends first terminates the whole while the other one waits.
Pattern termination() {
  return {"termination",
          process("termination", "<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + service_task("waits", "never") + plain("a") + plain("b") + plain("c") +
                                     "<endEvent id=\"stop\"><terminateEventDefinition/></endEvent><endEvent id=\"e\"/>" + flow("s", "f") + flow("f", "waits") + flow("waits", "e") + flow("f", "a") + flow("a", "b") + flow("b", "c") + flow("c", "stop")),
          6};
}

Pattern parallel() {
  std::string body = "<startEvent id=\"s\"/><parallelGateway id=\"f\"/><parallelGateway id=\"j\"/><endEvent id=\"e\"/>" + flow("s", "f") + flow("j", "e");
  for (int i = 1; i <= 8; ++i) {
    const std::string id = "p" + std::to_string(i);
    body += plain(id) + flow("f", id) + flow(id, "j");
  }
  return {"parallel", process("parallel", body), 18};
}

// Ten rounds: a script counts, a condition looks at the count.
Pattern loop() {
  return {"loop",
          process("loop", "<startEvent id=\"s\"/><exclusiveGateway id=\"m\"/><scriptTask id=\"c\"><extensionElements><zeebe:script expression=\"=n + 1\" resultVariable=\"n\"/></extensionElements></scriptTask>"
                          "<exclusiveGateway id=\"g\" default=\"g_e\"/><endEvent id=\"e\"/>" + flow("s", "m") + flow("m", "c") + flow("c", "g") + flow("g", "m", "n &lt; 10") + flow("g", "e")),
          32};
}

base::Json data(int number) {
  base::Json out = base::Json::object();
  out.set("n", 0).set("amount", (number % 11) * 100 + 50);
  return out;
}

void measure(const Pattern& pattern, double how_long) {
  Folder folder;
  auto engine = open(folder.path(), {.projector = false});
  if (!engine || !deploy(*engine, pattern.xml)) return;
  create(*engine, pattern.name, 2'000, data);
  until_done(*engine);
  const auto before = engine->metrics();
  int instances = 0;
  const double begin = seconds();
  while (seconds() - begin < how_long) {
    create(*engine, pattern.name, 20'000, data);
    instances += 20'000;
  }
  until_done(*engine);
  const double took = seconds() - begin;
  const auto after = engine->metrics();
  emit("engine_" + pattern.name + "_transitions_per_second", static_cast<double>(instances) * pattern.transitions / took, "transitions/s");
  emit("engine_" + pattern.name + "_instances_per_second", instances / took, "instances/s");
  emit("engine_" + pattern.name + "_journal_bytes_per_transition",
       static_cast<double>(after.journal_bytes - before.journal_bytes) / instances / pattern.transitions, "bytes");
}

// Thirty elements: tasks with a boundary timer, gateways on data, a fork, a message that a boundary event waits for; 10 kB of variables.
std::string typical() {
  std::string body = "<startEvent id=\"s\"/>", last = "s";
  for (int i = 1; i <= 4; ++i) {
    const std::string n = std::to_string(i), task = "t" + n, late = "late" + n, gateway = "g" + n, merge = "m" + n, more = "no" + n;
    body += service_task(task, "work") + "<boundaryEvent id=\"" + late + "\" attachedToRef=\"" + task + "\"><timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition></boundaryEvent>" +
            gate(gateway) + plain(more) + "<exclusiveGateway id=\"" + merge + "\"/>" + flow(last, task) + flow(task, gateway) + flow(gateway, merge, "amount &gt; 1000") + flow(gateway, more) + flow(more, merge) +
            flow(late, merge);
    last = merge;
  }
  body += "<parallelGateway id=\"f\"/><parallelGateway id=\"j\"/>" + service_task("a", "work") + service_task("b", "work") +
          "<boundaryEvent id=\"come\" attachedToRef=\"a\" cancelActivity=\"false\"><messageEventDefinition messageRef=\"M\"/></boundaryEvent>" + plain("seen") + "<endEvent id=\"e2\"/><endEvent id=\"e\"/>" +
          flow(last, "f") + flow("f", "a") + flow("f", "b") + flow("a", "j") + flow("b", "j") + flow("j", "e") + flow("come", "seen") + flow("seen", "e2");
  return process("typical", body, "<message id=\"M\" name=\"order changed\"><extensionElements><zeebe:subscription correlationKey=\"=order\"/></extensionElements></message>");
}

}  // namespace

BENCH(engine_patterns, "sequence, exclusive, termination, parallel, loop: transitions per second with conditions on data") {
  for (const Pattern& pattern : {sequence(), exclusive(), termination(), parallel(), loop()}) measure(pattern, run_seconds(3));
}

BENCH(engine_typical, "a typical process (30 elements, boundary timers, a message, 10 kB of variables), read side and drain included") {
  Folder folder;
  auto engine = open(folder.path());
  if (!engine || !deploy(*engine, typical())) return;
  const Load::Of what{.process = "typical", .jobs = 6, .variables = [](int number) {
    base::Json out = five_hundred_bytes(number);
    for (int i = 0; i < 10; ++i) out.set("document" + std::to_string(i), std::string(930, static_cast<char>('a' + i)));
    return out;
  }};
  Load warm(*engine, what);
  warm.run(500, 0);
  drain(*engine);
  const auto before = engine->metrics();
  Lag lag(*engine);
  Load load(*engine, what);
  double took = load.run_for(run_seconds(5), 0);
  took += drain(*engine);
  emit("engine_typical_per_second", load.completed() / took, "instances/s");
  emit("engine_typical_journal_bytes", static_cast<double>(engine->metrics().journal_bytes - before.journal_bytes) / std::max(1, load.completed()), "bytes");
  emit("engine_typical_projector_lag_worst", lag.worst(), "s");
}
