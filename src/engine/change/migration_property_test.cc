// Migration over generated pairs of versions: dry run and real migration agree, a refusal changes nothing, and what was
// migrated keeps its keys, completes and replays, also after restarts. SEED=n runs another series; PAIRS=n more of them.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>

#include "engine/testing.h"

namespace engine {
namespace {

using testing::ext;
using testing::flow;

enum class Kind { service, send, script, rule, user, receive, message, timer, sub, transaction, call, parallel, events };
struct Node {
  std::string id;
  Kind kind = Kind::service;
  int loop = 0;                          // 1 parallel, 2 sequential multi-instance
  bool late = false, hears = false;      // boundary: an interrupting timer, a non-interrupting message
  std::vector<std::vector<Node>> inside; // of a sub-process one sequence, of a parallel block one for each branch
};
using Line = std::vector<Node>;
struct Version { Line line; int handler = 0; };  // handler: event sub-process, 1 non-interrupting, 2 interrupting

bool job_like(Kind k) { return k <= Kind::rule; }
bool activity(Kind k) { return k <= Kind::receive || k == Kind::sub || k == Kind::transaction || k == Kind::call; }

struct Writer {
  std::string messages;
  std::set<std::string> names;
  std::string message(const std::string& id) {
    messages += "<message id=\"M_" + id + "\" name=\"m_" + id + "\">" + ext("<zeebe:subscription correlationKey=\"=&quot;k&quot;\"/>") + "</message>";
    names.insert("m_" + id);
    return "M_" + id;
  }
  static std::string timer() { return "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"; }
  std::string hears(const std::string& id) { return "<messageEventDefinition messageRef=\"" + message(id) + "\"/>"; }

  // The node's XML; `enter` and `leave`: where flows lead to and go on from.
  std::string node(const Node& n, std::string& enter, std::string& leave) {
    const std::string loop = n.loop == 0 ? "" : std::string("<multiInstanceLoopCharacteristics") + (n.loop == 2 ? " isSequential=\"true\"" : "") +
                             "><extensionElements><zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\" outputCollection=\"out_" + n.id + "\" outputElement=\"=item\"/></extensionElements></multiInstanceLoopCharacteristics>";
    const std::string job = ext("<zeebe:taskDefinition type=\"" + n.id + "\"/>");
    const auto element = [&](const std::string& name, const std::string& content, const std::string& attributes = {}) { return "<" + name + " id=\"" + n.id + "\"" + attributes + ">" + content + loop + "</" + name + ">"; };
    enter = leave = n.id;
    std::string xml;
    switch (n.kind) {
      case Kind::service: xml = element("serviceTask", job); break;
      case Kind::send: xml = element("sendTask", job); break;
      case Kind::script: xml = element("scriptTask", job); break;
      case Kind::rule: xml = element("businessRuleTask", job); break;
      case Kind::user: xml = element("userTask", ext("<zeebe:userTask/>")); break;
      case Kind::receive: xml = element("receiveTask", "", " messageRef=\"" + message(n.id) + "\""); break;
      case Kind::message: xml = element("intermediateCatchEvent", hears(n.id)); break;
      case Kind::timer: xml = element("intermediateCatchEvent", timer()); break;
      case Kind::sub: xml = element("subProcess", scope(n.id, n.inside[0])); break;
      case Kind::transaction: xml = element("transaction", scope(n.id, n.inside[0])); break;
      case Kind::call: xml = element("callActivity", ext("<zeebe:calledElement processId=\"child\"/>")); break;
      case Kind::parallel: {
        enter = n.id + "_f", leave = n.id + "_j";
        xml = "<parallelGateway id=\"" + enter + "\"/><parallelGateway id=\"" + leave + "\"/>";
        for (const Line& branch : n.inside) xml += sequence(branch, enter, leave);
        return xml;
      }
      case Kind::events:
        leave = n.id + "_x";
        return "<eventBasedGateway id=\"" + n.id + "\"/><intermediateCatchEvent id=\"" + n.id + "_m\">" + hears(n.id) + "</intermediateCatchEvent><intermediateCatchEvent id=\"" + n.id + "_t\">" + timer() +
               "</intermediateCatchEvent><exclusiveGateway id=\"" + leave + "\"/>" + flow(n.id, n.id + "_m") + flow(n.id, n.id + "_t") + flow(n.id + "_m", leave) + flow(n.id + "_t", leave);
    }
    if (n.late) {
      leave = n.id + "_x";
      xml += "<boundaryEvent id=\"" + n.id + "_b\" attachedToRef=\"" + n.id + "\">" + timer() + "</boundaryEvent><exclusiveGateway id=\"" + leave + "\"/>" + flow(n.id, leave) + flow(n.id + "_b", leave);
    }
    if (n.hears)
      xml += "<boundaryEvent id=\"" + n.id + "_n\" attachedToRef=\"" + n.id + "\" cancelActivity=\"false\">" + hears(n.id + "_n") + "</boundaryEvent><endEvent id=\"" + n.id + "_ne\"/>" + flow(n.id + "_n", n.id + "_ne");
    return xml;
  }
  std::string sequence(const Line& line, std::string from, const std::string& to) {
    std::string xml;
    for (const Node& n : line) {
      std::string enter, leave;
      xml += node(n, enter, leave);
      xml += flow(from, enter);
      from = leave;
    }
    return xml + flow(from, to);
  }
  std::string scope(const std::string& id, const Line& line) { return "<startEvent id=\"" + id + "_s\"/><endEvent id=\"" + id + "_e\"/>" + sequence(line, id + "_s", id + "_e"); }
  std::string process(const Version& v) {
    std::string xml = scope("p0", v.line);
    if (v.handler != 0)
      xml += "<subProcess id=\"h\" triggeredByEvent=\"true\"><startEvent id=\"h_s\" isInterrupting=\"" + std::string(v.handler == 2 ? "true" : "false") + "\">" + hears("h") +
             "</startEvent><serviceTask id=\"h_t\">" + ext("<zeebe:taskDefinition type=\"h_t\"/>") + "</serviceTask><endEvent id=\"h_e\"/>" + flow("h_s", "h_t") + flow("h_t", "h_e") + "</subProcess>";
    return testing::model(xml, messages);
  }
};

struct Generator {
  std::mt19937_64 random;
  int next = 0;
  std::vector<ElementMapping> mapping;
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random() % n); }
  bool chance(int percent) { return pick(100) < static_cast<std::size_t>(percent); }

  Node node(int depth) {
    static constexpr Kind kFlat[] = {Kind::service, Kind::service, Kind::send, Kind::script, Kind::rule, Kind::user, Kind::receive, Kind::message, Kind::timer, Kind::call, Kind::events};
    Node n;
    n.id = "n" + std::to_string(++next);
    n.kind = depth < 2 && chance(40) ? std::vector{Kind::sub, Kind::transaction, Kind::parallel}[pick(3)] : kFlat[pick(std::size(kFlat))];
    if (n.kind == Kind::parallel) n.inside = {line(depth + 1), line(depth + 1)};
    if (n.kind == Kind::sub || n.kind == Kind::transaction) n.inside = {line(depth + 1)};
    if (activity(n.kind)) {
      n.late = chance(25);
      n.hears = chance(25);
      if (n.kind != Kind::transaction && n.kind != Kind::receive) n.loop = chance(25) ? 1 + static_cast<int>(pick(2)) : 0;
    }
    return n;
  }
  Line line(int depth) {
    Line all;
    for (std::size_t i = 0, n = 1 + pick(3); i < n; ++i) all.push_back(node(depth));
    return all;
  }
  Version version() { return {line(0), static_cast<int>(pick(3))}; }

  // Any sequence of the version.
  Line& some_line(Line& all) {
    std::vector<Line*> lines{&all};
    for (std::size_t i = 0; i < lines.size(); ++i)
      for (Node& n : *lines[i])
        for (Line& inner : n.inside) lines.push_back(&inner);
    return *lines[pick(lines.size())];
  }
  void map(const std::string& from, const std::string& to, int percent) {
    if (chance(percent)) mapping.push_back({from, to});
  }
  void rename(Node& n) {
    const std::string old = n.id;
    n.id += "r";
    if (n.kind == Kind::parallel) {
      map(old + "_f", n.id + "_f", 80);
      map(old + "_j", n.id + "_j", 80);
      return;
    }
    map(old, n.id, 85);
    if (n.kind == Kind::events)
      for (const char* part : {"_m", "_t", "_x"}) map(old + part, n.id + part, 80);
    if (n.late) map(old + "_b", n.id + "_b", 50), map(old + "_x", n.id + "_x", 80);
    if (n.hears) map(old + "_n", n.id + "_n", 50);
    if (n.kind == Kind::sub || n.kind == Kind::transaction) map(old + "_s", n.id + "_s", 80), map(old + "_e", n.id + "_e", 80);
  }
  void change_type(Node& n) {
    if (job_like(n.kind)) n.kind = chance(80) ? static_cast<Kind>(pick(4)) : Kind::user;
    else if (n.kind == Kind::user && chance(20)) n.kind = Kind::service;
    else if (n.kind == Kind::sub && n.loop == 0) n.kind = Kind::transaction;
    else if (n.kind == Kind::transaction) n.kind = Kind::sub;
    else if (n.kind == Kind::receive && !n.late && !n.hears) n.kind = Kind::message;
    else if (n.kind == Kind::message) n.kind = chance(70) ? Kind::receive : Kind::timer;
  }
  void edit(Version& v) {
    Line& line = some_line(v.line);
    Node* n = line.empty() ? nullptr : &line[pick(line.size())];
    const std::size_t what = pick(9);
    if (what == 0 || n == nullptr) {
      line.insert(line.begin() + static_cast<std::ptrdiff_t>(pick(line.size() + 1)), node(1));
    } else if (what == 1) {
      line.erase(line.begin() + (n - line.data()));
    } else if (what == 2) {
      Node around;
      around.id = "n" + std::to_string(++next);
      around.kind = Kind::sub;
      around.inside = {{*n}};
      *n = around;
    } else if (what <= 4) {
      if (n->id.back() != 'r') rename(*n);
    } else if (what == 5) {
      change_type(*n);
    } else if (what == 6 && activity(n->kind)) {
      n->late = !n->late;
    } else if (what == 7 && activity(n->kind)) {
      n->hears = !n->hears;
    } else if (what == 8) {
      v.handler = static_cast<int>(pick(3));
    }
  }
};

class Pair : public testing::EngineTest {
 public:
  void TestBody() override {}
  std::set<std::string> types, names;
  std::vector<Key> tasks;
  std::vector<ActivatedJob> held;
  Key definition = 0;
  std::size_t scanned = 0;

  void scan() {
    (void)engine.events([&](const RecordView&, const auto& event) {
      using E = std::decay_t<decltype(event)>;
      if constexpr (std::is_same_v<E, ev::job_created>) types.insert(event.type);
      if constexpr (std::is_same_v<E, ev::user_task_created>) tasks.push_back(event.task);
      if constexpr (std::is_same_v<E, ev::process_deployed>) definition = event.key;
    }, scanned);
    scanned = engine.batches().size();
  }
  bool migrated_in(std::size_t first) {
    bool done = false;
    (void)engine.events([&](const RecordView&, const auto& event) { done = done || std::is_same_v<std::decay_t<decltype(event)>, ev::migration_completed>; }, first);
    return done;
  }
  std::map<Key, std::string> elements(Key instance) {
    std::map<Key, std::string> all;
    const base::Json rows = engine.partition().active_elements(instance);
    for (const auto& row : rows.as_array()) all[std::stoll(row["key"].as_string())] = row["elementId"].as_string();
    return all;
  }
  void act(Generator& g) {
    scan();
    switch (g.pick(6)) {
      case 0: engine.settle(); break;
      case 1: if (engine.partition().has_ready()) engine.step(1 + static_cast<std::uint32_t>(g.pick(4))); break;
      case 2:
        if (types.empty()) break;
        if (auto jobs = engine.only(ActivateJobs{*std::next(types.begin(), static_cast<std::ptrdiff_t>(g.pick(types.size()))), "w", 3'600'000, 2, 0}); jobs.has_value())
          for (auto& job : jobs->jobs) {
            if (g.chance(60)) (void)engine.only(CompleteJob{job.job});
            else held.push_back(std::move(job));
          }
        break;
      case 3: if (!tasks.empty() && g.chance(50)) (void)engine.only(CompleteTask{tasks[g.pick(tasks.size())], base::Json::object(), ""}); break;
      case 4: if (!names.empty() && g.chance(50)) (void)engine.only(PublishMessage{*std::next(names.begin(), static_cast<std::ptrdiff_t>(g.pick(names.size()))), "k", "", 0, base::Json::object()}); break;
      case 5: if (g.chance(15)) engine.advance(1'000 * static_cast<base::Millis>(g.pick(9'000))); break;
    }
  }
  void finish(Key instance) {
    for (const auto& job : held) (void)engine.call(CompleteJob{job.job});
    for (int round = 0; round < 400 && !ended(instance); ++round) {
      engine.settle();
      scan();
      for (const std::string& type : types)
        for (const auto& job : engine.activate(type)) EXPECT_TRUE(engine.call(CompleteJob{job.job}));
      for (Key task : std::exchange(tasks, {})) (void)engine.call(CompleteTask{task, base::Json::object(), ""});
      for (const std::string& name : names) (void)engine.call(PublishMessage{name, "k", "", 0, base::Json::object()});
      engine.advance(3 * 3'600'000);
    }
  }
  Driver& driver() { return engine; }
  // What was in flight in instances that were migrated.
  static std::map<std::string, int>& in_flight() {
    static std::map<std::string, int> all;
    return all;
  }
  static void count_in_flight(const std::string& dump, Key instance, bool pending, bool held) {
    std::set<std::string> kinds;
    std::istringstream lines(dump);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::vector<std::string> word;
      for (std::string one; words >> one;) word.push_back(one);
      if (word[0] == "job" || word[0] == "timer" || word[0] == "subscription" || word[0] == "task") kinds.insert(word[0]);
      if (word[0] == "instance" && word[1] != std::to_string(instance)) kinds.insert("called instance");
      if (word[0] == "element" && word[7] != "0") kinds.insert("multi-instance item");
    }
    if (pending) kinds.insert("ready steps");
    if (held) kinds.insert("job with a worker");
    for (const std::string& kind : kinds) ++in_flight()[kind];
  }

  // Answers whether the instance was migrated.
  bool run(std::uint64_t seed) {
    engine.steps_per_batch = 1;
    Generator g{std::mt19937_64(seed), 0, {}};
    const Version before = g.version();
    Version after = before;
    for (std::size_t i = 0, n = 1 + g.pick(3); i < n; ++i) g.edit(after);
    Writer old_writer, new_writer;
    deploy(testing::model("<startEvent id=\"cs\"/>" + testing::job("inner") + "<endEvent id=\"ce\"/>" + testing::chain({"cs", "inner", "ce"}), "", "child"));
    const std::string old_xml = old_writer.process(before), new_xml = new_writer.process(after);
    deploy(old_xml);
    names = old_writer.names;
    names.insert(new_writer.names.begin(), new_writer.names.end());
    CreateInstance create;
    create.process_id = "p";
    create.variables = testing::json("{\"items\":[1,2,3]}");
    const auto created = engine.only(create);
    EXPECT_TRUE(created);
    const Key instance = created->key;
    for (std::size_t i = 0, n = g.pick(40); i < n && !ended(instance); ++i) act(g);
    if (ended(instance)) return false;
    const bool pending = engine.partition().has_ready();
    if (auto deployed = engine.only(Deploy{{{"p.bpmn", new_xml}}, false, false}); !deployed) {
      ADD_FAILURE() << deployed.error().text() << "\n" << new_xml;
      return false;
    }
    scan();
    const std::string was = engine.partition().dump();
    const auto elements_before = elements(instance);
    const auto report = engine.only(MigrateInstance{instance, definition, g.mapping, true});
    EXPECT_TRUE(report) << report.error().text();
    EXPECT_EQ(engine.partition().dump(), was);
    const bool fits = report && report->body["fits"].bool_or(false);
    const std::size_t first = engine.batches().size();
    const auto done = engine.only(MigrateInstance{instance, definition, g.mapping, false});
    EXPECT_EQ(done.has_value(), fits) << (done ? report->body.dump() : done.error().text());
    if (!done) {
      EXPECT_EQ(engine.partition().dump(), was);
      finish(instance);  // by the version that it has
      EXPECT_TRUE(ended(instance)) << "not migrated\n" << old_xml << "\n" << engine.partition().dump();
      return false;
    }
    for (int i = 0; i < 1'000 && !migrated_in(first); ++i) engine.step(1);
    EXPECT_TRUE(migrated_in(first));
    const auto elements_after = elements(instance);
    EXPECT_EQ(elements_after.size(), elements_before.size());
    for (const auto& [key, id] : elements_before) {
      std::string wanted = id;
      for (const ElementMapping& one : g.mapping)
        if (one.source == id) wanted = one.target;
      EXPECT_TRUE(elements_after.contains(key) && elements_after.at(key) == wanted) << id << " should be " << wanted;
    }
    count_in_flight(was, instance, pending, !held.empty());
    finish(instance);
    EXPECT_TRUE(ended(instance)) << report->body.dump() << (pending ? "\nsteps were pending" : "") << "\n" << old_xml << "\n" << new_xml << "\n" << engine.partition().dump();
    EXPECT_TRUE(incidents().empty());
    return true;
  }
};

TEST(MigrationPairs, DryRunAndMigrationAgreeAndWhatWasMigratedCompletesAndReplays) {
  const char* seed_text = std::getenv("SEED");
  const char* pairs_text = std::getenv("PAIRS");
  const std::uint64_t seed = seed_text ? std::strtoull(seed_text, nullptr, 10) : 1;
  const int pairs = pairs_text ? std::atoi(pairs_text) : 300;
  int migrated = 0, refused = 0;
  for (int i = 0; i < pairs && !::testing::Test::HasFailure(); ++i) {
    const std::uint64_t one = seed * 1'000'003 + static_cast<std::uint64_t>(i);
    SCOPED_TRACE("SEED=" + std::to_string(seed) + ", pair " + std::to_string(i));
    Pair pair;
    Driver& engine = pair.driver();
    (pair.run(one) ? migrated : refused) += 1;
    const auto again = engine.replayed();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(*again, engine.partition().dump());
    if (i % 8 != 0) continue;
    const auto restarted = engine.restarted(engine.batches().size());
    ASSERT_TRUE(restarted) << restarted.error().text();
    EXPECT_EQ(*restarted, engine.partition().dump());
  }
  std::cout << "SEED=" << seed << ": " << migrated << " migrated, " << refused << " refused or ended before; in flight in those migrated:";
  for (const auto& [kind, count] : Pair::in_flight()) std::cout << " " << kind << " " << count << ",";
  std::cout << "\n";
  for (const char* kind : {"job", "job with a worker", "timer", "subscription", "task", "called instance", "multi-instance item", "ready steps"}) EXPECT_GT(Pair::in_flight()[kind], 0) << kind;
  EXPECT_GE(migrated, pairs / 10);
  EXPECT_GE(refused, pairs / 10);
}

// Measured on request (--gtest_also_run_disabled_tests, ITEMS=n): the check and the steps of an instance with many items.
TEST(MigrationSize, DISABLED_ManyItems) {
  const char* text = std::getenv("ITEMS");
  const int count = text ? std::atoi(text) : 100'000;
  Driver engine;
  engine.steps_per_batch = 1'000;
  const auto version = [&](const std::string& id) {
    const std::string loop = "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\"/></extensionElements></multiInstanceLoopCharacteristics>";
    const auto answer = engine.call(Deploy{{{"p.bpmn", testing::model("<startEvent id=\"s\"/>" + testing::job(id, "", loop) + "<endEvent id=\"e\"/>" + testing::chain({"s", id, "e"}))}}, false, false});
    EXPECT_TRUE(answer) << answer.error().text();
  };
  version("a");
  CreateInstance create;
  create.process_id = "p";
  base::Json items = base::Json::array();
  for (int i = 0; i < count; ++i) items.push(i);
  create.variables.set("items", std::move(items));
  const Key instance = engine.call(create)->key;
  version("b");
  Key target = 0;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::process_deployed>) target = event.key;
  });
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const auto ms = [](auto from, auto to) { return std::chrono::duration<double, std::milli>(to - from).count(); };
  const auto before = now();
  EXPECT_TRUE(engine.only(MigrateInstance{instance, target, {{"a", "b"}}, true})->body["fits"].as_bool());
  const auto checked = now();
  ASSERT_TRUE(engine.only(MigrateInstance{instance, target, {{"a", "b"}}, false}));
  const auto started = now();
  engine.steps_per_batch = 1;
  const std::size_t first = engine.batches().size();
  double longest = 0;
  while (engine.partition().has_ready()) {
    const auto from = now();
    engine.step(1);
    longest = std::max(longest, ms(from, now()));
  }
  std::size_t bytes = 0;
  for (std::size_t i = first; i < engine.batches().size(); ++i) bytes += engine.batches()[i].size();
  std::cout << count << " items: dry run " << ms(before, checked) << " ms, command " << ms(checked, started) << " ms, " << engine.batches().size() - first << " steps in " << ms(started, now()) << " ms (longest " << longest
            << " ms), " << bytes << " journal bytes\n";
}

}  // namespace
}  // namespace engine
