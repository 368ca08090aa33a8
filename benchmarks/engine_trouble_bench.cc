// What disturbs: the process is killed under load and recovers; a backup is made under load.
#include "engine/backup/backup.h"
#include "engine_load.h"

namespace {

using namespace bench;

void killed_under_load(double how_long) {
  Folder folder;
  std::string name;
  double value = 0;
  {
    Child child([&](const auto& say) {
      auto engine = open(folder.path());
      if (!engine || !deploy(*engine, tasks_in_a_row("one_task", 1))) return;
      Load load(*engine);
      std::thread clock([&] {
        std::this_thread::sleep_for(std::chrono::duration<double>(how_long));
        say("under_load", 1);
      });
      load.run_for(how_long + 600, 0);
      clock.join();
    });
    if (!child.next(name, value)) return fail("the process under load ended by itself");
    child.kill();
  }
  Child child([&](const auto& say) {
    const double begin = seconds();
    auto engine = open(folder.path());
    if (!engine) return;
    say("recovered_s", seconds() - begin);
    say("recovered_position", static_cast<double>(engine->metrics().position));
    say("recovered_projected_s", seconds() - begin + drain(*engine));
  });
  while (child.next(name, value)) emit("engine_killed_under_load_" + name, value, name.ends_with("_s") ? "s" : "events");
  if (!child.ended_well()) fail("the process that recovers did not end well");
}

// Open-loop load at a fixed rate; a backup is made in the middle. What it costs the others is their latency.
void backup_under_load(double how_long, double rate) {
  Folder folder;
  auto engine = open(folder.path());
  if (!engine || !deploy(*engine, tasks_in_a_row("one_task", 1))) return;
  base::SystemStorage storage;
  auto effects = engine::Effects::open(storage, folder.path() + "/data");
  if (!effects) return fail("effects: " + effects.error().text());
  Load before(*engine);
  before.run_for(how_long / 2, rate);
  emit("engine_backup_without_complete_p99", percentile(before.complete_ms, 0.99), "ms");
  Load load(*engine);
  std::thread others([&] { load.run_for(600, rate); });
  std::this_thread::sleep_for(std::chrono::duration<double>(how_long / 4));
  const double begin = seconds();
  auto report = engine::backup(*engine, **effects, folder.path() + "/data", folder.path() + "/backups", {}, {});
  const double took = seconds() - begin;
  std::this_thread::sleep_for(std::chrono::duration<double>(how_long / 4));
  load.stop();
  others.join();
  if (!report) return fail("backup: " + report.error().text());
  emit("engine_backup_rate", rate, "instances/s");
  emit("engine_backup_s", took, "s");
  emit("engine_backup_mb", static_cast<double>(report->bytes) / 1e6, "MB");
  emit("engine_backup_complete_p99", percentile(load.complete_ms, 0.99), "ms");
  emit("engine_backup_complete_worst", percentile(load.complete_ms, 1), "ms");
}

}  // namespace

BENCH(engine_backup, "a backup under a load of 5,000 instances/s: how long, and what it costs the others") { backup_under_load(run_seconds(6), 5'000); }
BENCH(engine_killed, "SIGKILL under full load ($BENCH_SECONDS of it, 5): recovery") { killed_under_load(run_seconds(5)); }
