#include "simulation/replay.h"

#include <map>
#include <memory>

#include "engine/driver.h"
#include "simulation/generate.h"
#include "simulation/view.h"

namespace simulation {

namespace {

constexpr Millis kStart = 1'767'225'600'000;
constexpr std::uint64_t kEventsOfAStep = 200;  // invariant 7: 64 items or subscriptions in one step, a few events each
constexpr int kItems = 300;

// More items than one step may begin.
Process many() {
  Process process;
  process.id = "many";
  process.none_start = true;
  const auto node = [&](ElementType type, const char* id) {
    Node made;
    made.type = type;
    made.id = id;
    process.nodes.push_back(made);
    return static_cast<int>(process.nodes.size()) - 1;
  };
  const auto flow = [&](int from, int to) {
    process.flows.push_back({"many_f" + std::to_string(process.flows.size()), from, to, {}});
    process.nodes[static_cast<std::size_t>(from)].outgoing.push_back(static_cast<int>(process.flows.size()) - 1);
    process.nodes[static_cast<std::size_t>(to)].incoming.push_back(static_cast<int>(process.flows.size()) - 1);
  };
  const int start = node(ElementType::start_event, "many_start"), job = node(ElementType::service_task, "many_job"), end = node(ElementType::end_event, "many_end");
  Loop loop;
  loop.cardinality = constant(kItems);
  process.nodes[static_cast<std::size_t>(job)].loop = loop;
  process.nodes[static_cast<std::size_t>(job)].job = true;
  flow(start, job);
  flow(job, end);
  write(process);
  return process;
}

class Replay {
 public:
  Replay(std::uint64_t seed, std::uint64_t commands) : random_(mixed(seed, 4)), commands_(commands), package_(generate(random_, kStart)), names_(names_of(package_)), driver_({}, kStart), shadow_(std::make_unique<engine::Partition>(engine::PartitionOptions{})) {
    driver_.steps_per_batch = 1;
    package_.processes.push_back(many());
  }

  ReplayOutcome run() {
    engine::Deploy deploy;
    deploy.lenient = true;
    for (const Process& process : package_.processes)
      if (process.version == 1) deploy.resources.push_back({process.id + ".bpmn", process.xml});
    deploy.resources.push_back({"dobbelt.dmn", package_.dmn});
    if (!command(deploy)) fail("the generated package is refused");
    while (out_.passed && out_.commands < commands_) one();
    return out_;
  }

 private:
  bool chance(int percent) { return random_.chance(static_cast<std::uint32_t>(percent)); }
  void fail(const std::string& what) {
    if (out_.passed) out_.failure = what;
    out_.passed = false;
  }

  Json data() {
    Json out = Json::object();
    for (int i = 0; i < 4; ++i) out.set("v" + std::to_string(i), static_cast<std::int64_t>(random_.below(10)));
    out.set("lst", Json(Json::Array{Json(1), Json(2)})).set("ck", "ck" + std::to_string(++serial_ / 3));
    return out;
  }

  bool command(decltype(engine::Command::body) body) {
    ++out_.commands;
    const auto answer = driver_.only(std::move(body), chance(50) ? "k" + std::to_string(++serial_) : std::string());
    rest();
    return answer.has_value();
  }

  // Every batch is looked at by itself.
  void rest() {
    check();
    while (out_.passed && driver_.partition().has_ready()) {
      driver_.step(1);
      check();
    }
  }

  void check() {
    if (seen_ == driver_.batches().size()) return;
    ++out_.steps;
    for (; seen_ < driver_.batches().size(); ++seen_) {
      const std::string& batch = driver_.batches()[seen_];
      if (auto replayed = shadow_->replay(batch); !replayed) return fail("replay: " + replayed.error().text());
      const auto head = engine::batch_head(batch);
      if (seen_ > 0 && head && head->count > kEventsOfAStep) return fail("one step wrote " + std::to_string(head->count) + " events");
    }
    const std::string dump = driver_.partition().dump();
    if (shadow_->dump() != dump) return fail("a partition that replayed is\n" + shadow_->dump() + "\nand the running one is\n" + dump);
    checkpoint(dump);
  }

  // What changed since the last cut goes beside what was written before; all of it together is the state.
  void checkpoint(const std::string& dump) {
    driver_.partition().begin_checkpoint(records_.empty());
    const auto sink = [&](engine::RecordKind kind, Key key, std::string_view bytes) {
      if (bytes.empty()) records_.erase({kind, key});
      else records_[{kind, key}] = bytes;
    };
    while (driver_.partition().checkpoint_slice(sink, 50)) {}
    if (!chance(25)) return;
    auto loaded = std::make_unique<engine::Partition>(engine::PartitionOptions{});
    for (const auto& [id, bytes] : records_)
      if (auto done = loaded->load_record(id.first, id.second, bytes); !done) return fail("a checkpoint record: " + done.error().text());
    if (auto done = loaded->finish_load(); !done) return fail("a checkpoint: " + done.error().text());
    if (loaded->dump() != dump) return fail("a partition that loaded the checkpoints is\n" + loaded->dump() + "\nand the running one is\n" + dump);
    if (chance(50)) shadow_ = std::move(loaded);  // it goes on from there
  }

  void one() {
    const auto seen = read_dump(driver_.partition().dump());
    if (!seen) return fail(seen.error().text());
    std::vector<Key> tasks, incidents, roots;
    for (const auto& root : seen->roots) {
      roots.push_back(root.key);
      collect(root.view, tasks, incidents);
    }
    const auto kind = random_.below(100);
    if (roots.size() < 6 || kind < 6) return create();
    if (kind < 50 && !seen->jobs.empty()) return job(*seen);
    if (kind < 65 && !tasks.empty()) return (void)command(engine::CompleteTask{tasks[random_.below(tasks.size())], data(), ""});
    if (kind < 75) return publish();
    if (kind < 80 && !incidents.empty()) return (void)command(engine::ResolveIncident{incidents[random_.below(incidents.size())]});
    if (kind < 82) return (void)command(engine::CancelInstance{roots[random_.below(roots.size())]});
    if (kind < 88) {
      Json variables = data();
      for (const std::string& name : names_.conditions)
        if (chance(30)) variables.set(name, chance(50));
      return (void)command(engine::SetVariables{roots[random_.below(roots.size())], variables, false});
    }
    time();
  }

  static void collect(const View& view, std::vector<Key>& tasks, std::vector<Key>& incidents) {
    for (const Fact& fact : view.facts) {
      if (fact.text == "task") tasks.push_back(fact.handle);
      if (fact.text.starts_with("incident ")) incidents.push_back(fact.handle);
    }
    for (const View& child : view.children) collect(child, tasks, incidents);
  }

  void create() {
    engine::CreateInstance body;
    const Process& process = package_.processes[random_.below(package_.processes.size())];
    if (process.id == "many" && many_++ > 0) return;
    body.process_id = process.id;
    body.variables = data();
    command(body);
  }

  void job(const Seen& seen) {
    auto some = seen.jobs.begin();
    std::advance(some, static_cast<std::ptrdiff_t>(random_.below(seen.jobs.size())));
    const Key key = some->first;
    const auto kind = random_.below(100);
    if (kind < 15) command(engine::ActivateJobs{some->second.type, "w", 5000, 3, 0});
    else if (kind < 25) command(engine::FailJob{key, static_cast<int>(random_.below(3)), "no", chance(50) ? 3000 : 0, data()});
    else if (kind < 35) command(engine::ThrowJobError{key, "E" + std::to_string(random_.below(4)), "", data()});
    else command(engine::CompleteJob{key, data()});
  }

  void publish() {
    const Process& process = package_.processes[random_.below(package_.processes.size())];
    for (const Node& node : process.nodes)
      if (node.kind() == EventKind::message && chance(40)) {
        command(engine::PublishMessage{node.events[0].name, chance(20) ? "" : "ck" + std::to_string(random_.below(static_cast<std::uint64_t>(serial_ / 3 + 2))), "", chance(50) ? 600'000 : 0, data()});
        return;
      }
  }

  // To the next thing that is due, each firing a batch of its own.
  void time() {
    ++out_.commands;
    const Millis due = driver_.partition().next_due();
    driver_.advance(due < 0 ? 1000 : std::max<Millis>(0, due - driver_.now()));
    rest();
  }

  base::SeededRandom random_;
  std::uint64_t commands_;
  Package package_;
  Names names_;
  engine::Driver driver_;
  std::unique_ptr<engine::Partition> shadow_;
  std::map<std::pair<engine::RecordKind, Key>, std::string> records_;
  std::size_t seen_ = 0;
  std::uint64_t serial_ = 0;
  int many_ = 0;
  ReplayOutcome out_;
};

}  // namespace

ReplayOutcome replay_history(std::uint64_t seed, std::uint64_t commands) { return Replay(seed, commands).run(); }

}  // namespace simulation
