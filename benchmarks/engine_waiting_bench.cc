// Memory and recovery: instances that wait, each with a job, a boundary timer, a message subscription and 500 bytes in five
// variables. Two processes: the first fills and is killed (SIGKILL), the second recovers; each tells its own peak.
#include <algorithm>

#include "engine_load.h"

namespace {

using namespace bench;

std::string waiting_model() {
  return process("waits",
                 "<startEvent id=\"s\"/>" + service_task("t", "work") +
                     "<boundaryEvent id=\"late\" attachedToRef=\"t\"><timerEventDefinition><timeDuration>P30D</timeDuration></timerEventDefinition></boundaryEvent>"
                     "<boundaryEvent id=\"come\" attachedToRef=\"t\"><messageEventDefinition messageRef=\"M\"/></boundaryEvent><endEvent id=\"e\"/>" +
                     flow("s", "t") + flow("t", "e") + flow("late", "e") + flow("come", "e"),
                 "<message id=\"M\" name=\"order changed\"><extensionElements><zeebe:subscription correlationKey=\"=order\"/></extensionElements></message>");
}

void fill(const std::string& folder, int instances, const Door& door, const std::function<void(const std::string&, double)>& say) {
  auto engine = open(folder, door);
  if (!engine || !deploy(*engine, waiting_model())) return;
  if (door.projector) drain(*engine);
  const std::uint64_t before = resident_bytes();
  const double begin = seconds();
  create(*engine, "waits", instances, five_hundred_bytes);
  const double took = seconds() - begin;
  if (door.projector) drain(*engine);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto metrics = engine->metrics();
  say("instances", static_cast<double>(metrics.instances_active));
  say("timers", static_cast<double>(metrics.timers));
  say("created_per_second", instances / took);
  say("bytes_each", static_cast<double>(resident_bytes() - before) / std::max(1, instances));
  if (auto done = engine->checkpoint(); !done) fail(done.error().text());
  say("bytes_each_after_checkpoint", static_cast<double>(resident_bytes() - before) / std::max(1, instances));
  if (door.resident_payload_bytes != 0) say("resident_payload_mb", static_cast<double>(engine->metrics().payload_bytes) / 1e6);
  say("peak_mb", static_cast<double>(peak_resident_bytes()) / 1e6);
  // What a recovery finds is never only a checkpoint: one part in a hundred comes after it.
  create(*engine, "waits", instances / 100, five_hundred_bytes);
  say("ready", 1);
  std::this_thread::sleep_for(std::chrono::hours(1));
}

void recover(const std::string& folder, const Door& door, const std::function<void(const std::string&, double)>& say) {
  const double begin = seconds();
  auto engine = open(folder, door);
  if (!engine) return;
  say("recovered_s", seconds() - begin);
  say("recovered_instances", static_cast<double>(engine->metrics().instances_active));
  say("recovered_peak_mb", static_cast<double>(peak_resident_bytes()) / 1e6);
  // It works: a message reaches one of them, and a job is done.
  engine::PublishMessage message;
  message.name = "order changed";
  message.correlation_key = "o-1";
  if (auto answer = engine->call(command(std::move(message))); !answer) fail("publish: " + answer.error().text());
  engine::ActivateJobs ask;
  ask.type = "work";
  ask.worker = "bench";
  ask.max = 100;
  auto jobs = engine->call(command(std::move(ask)));
  if (!jobs) fail("activate: " + jobs.error().text());
  else
    for (const auto& job : jobs->jobs)
      if (auto done = engine->call(command(engine::CompleteJob{job.job, {}})); !done) fail("complete: " + done.error().text());
  until_settled(*engine);
  say("left_instances", static_cast<double>(engine->metrics().instances_active));
}

void waiting(const std::string& label, int instances, const Door& door = {}) {
  Folder folder;
  std::string name;
  double value = 0;
  const auto unit = [&] { return name.ends_with("_s") ? "s" : name.ends_with("_mb") ? "MB" : name.starts_with("bytes") ? "bytes" : name.ends_with("second") ? "instances/s" : "instances"; };
  {
    Child child([&](const auto& say) { fill(folder.path(), instances, door, say); });
    bool ready = false;
    while (!ready && child.next(name, value)) {
      ready = name == "ready";
      if (!ready) emit("engine_waiting_" + label + "_" + name, value, unit());
    }
    if (!ready) return fail("the process that fills did not come that far");
    child.kill();
  }
  Child child([&](const auto& say) { recover(folder.path(), door, say); });
  while (child.next(name, value)) emit("engine_waiting_" + label + "_" + name, value, unit());
  if (!child.ended_well()) fail("the process that recovers did not end well");
}

}  // namespace

BENCH(engine_waiting_20k, "20,000 waiting instances (job, timer, subscription, 500 bytes): memory, and recovery from SIGKILL") { waiting("20k", 20'000); }
BENCH(engine_waiting_100k, "100,000 of them") { waiting("100k", 100'000); }
BENCH(engine_waiting_100k_evicted, "100,000 of them, 10 MB of variables in memory") { waiting("100k_evicted", 100'000, {.resident_payload_bytes = 10'000'000}); }
BENCH_LARGE(engine_waiting_1m, "1,000,000 of them, everything resident") { waiting("1m", 1'000'000); }
BENCH_LARGE(engine_waiting_1m_alone, "1,000,000 of them without the read side") { waiting("1m_alone", 1'000'000, {.projector = false}); }
BENCH_LARGE(engine_waiting_1m_evicted, "1,000,000 of them, 64 MB of variables in memory") { waiting("1m_evicted", 1'000'000, {.resident_payload_bytes = 64'000'000}); }
BENCH_LARGE(engine_waiting_5m_evicted, "5,000,000 of them, 64 MB of variables in memory (about 30 GB of disk)") { waiting("5m_evicted", 5'000'000, {.resident_payload_bytes = 64'000'000}); }
