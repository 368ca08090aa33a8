// One-task instances over HTTP keep-alive: create one by one, jobs in batches of up to 32, clients on the same two cores.
// Open loop: each creation has an intended start; latency counts from there, so a slow server cannot slow its own load down.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "api/server.h"
#include "base/json.h"
#include "bench.h"
#include "http_client.h"
#include "store/files.h"

namespace {

using base::Json;

constexpr int kClients = 96, kWorkers = 96;  // connections; every answer waits for its sync, so a few cannot fill a commit
constexpr const char* kAuthority = "29189846";
constexpr const char* kModel = R"(<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://bench"><process id="one_task" isExecutable="true"><startEvent id="s"/>
<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="work"/></extensionElements></serviceTask><endEvent id="e"/>
<sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/></process></definitions>)";

struct House {
  bench::Folder folder;
  base::SystemClock clock;
  base::SystemStorage storage;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::Files> files;
  std::unique_ptr<casework::Cases> cases;
  std::unique_ptr<casework::Ledger> ledger;
  std::unique_ptr<bank::Bank> bank;
  std::unique_ptr<api::Server> server;
  std::string token;

  base::Status open() {
    const std::string data = folder.path() + "/data";
    TRY(engine, engine::Engine::open({.folder = data}));
    TRY(database, store::Database::open(data + "/sagsgang.db", {}));
    TRY(files, store::Files::open(storage, engine->keys(), data + "/files"));
    TRY(cases, casework::Cases::open(*database, engine->keys(), *files, clock));
    TRY(ledger, casework::Ledger::open(data, clock));
    TRY(bank, bank::Bank::open(*database, data + "/index", clock));
    api::Rooms rooms{.engine = *engine, .database = *database, .bank = *bank, .cases = *cases, .ledger = *ledger, .clock = clock};
    TRY(server, api::Server::start({.address = "127.0.0.1", .port = 0}, rooms));
    TRY_VOID(server->accounts().put_authority(kAuthority, "Bench"));
    TRY_VOID(server->accounts().add_user(kAuthority, "bench", "Bench", "bench-bench", api::known_roles()));
    TRY(token, server->accounts().make_token("bench", "bench", 1));
    engine::Command deploy{.authority = kAuthority, .actor = "bench", .idempotency_key = {}, .body = engine::Deploy{{{"one_task.bpmn", kModel}}, false, false}};
    TRY_VOID(engine->call(std::move(deploy)));
    return {};
  }
};

// Creates `instances` over `clients` connections at `rate` per second (0: as fast as they go) and completes their jobs.
double run(House& house, int instances, int clients, double rate, std::vector<double>& latencies_ms) {
  std::atomic<int> next{0}, completed{0}, refused{0};
  std::mutex mutex;
  const double begin = bench::seconds();
  std::vector<std::thread> threads;
  for (int c = 0; c < clients; ++c)
    threads.emplace_back([&] {
      bench::Client client(house.server->port(), house.token);
      std::string answer;
      std::vector<double> own;
      for (int i; (i = next++) < instances;) {
        double intended = bench::seconds();
        if (rate > 0) {
          intended = begin + i / rate;
          if (const double wait = intended - bench::seconds(); wait > 0) std::this_thread::sleep_for(std::chrono::duration<double>(wait));
        }
        while (true) {
          const int status = client.post("/v2/process-instances", R"({"processDefinitionId": "one_task", "variables": {"orderId": 4711, "amount": 512.50}})", answer);
          if (status == 200) break;
          if (status != 503) return bench::fail("create answered " + std::to_string(status) + ": " + answer);
          ++refused;
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        own.push_back((bench::seconds() - intended) * 1000);
      }
      const std::lock_guard guard(mutex);
      latencies_ms.insert(latencies_ms.end(), own.begin(), own.end());
    });
  for (int w = 0; w < kWorkers; ++w)
    threads.emplace_back([&] {
      bench::Client client(house.server->port(), house.token);
      std::string answer;
      while (completed < instances) {
        if (client.post("/v2/jobs/activation", R"({"type": "work", "worker": "bench", "timeout": 60000, "maxJobsToActivate": 32, "requestTimeout": 200})", answer) != 200)
          return bench::fail("activation: " + answer);
        const auto jobs = base::parse_json(answer);
        if (!jobs) return bench::fail("activation: " + jobs.error().text());
        for (const Json& job : (*jobs)["jobs"].as_array()) {
          const int status = client.post("/v2/jobs/" + job["jobKey"].string_or("") + "/completion", R"({"variables": {"done": true}})", answer);
          if (status != 204) return bench::fail("completion answered " + std::to_string(status) + ": " + answer);
          ++completed;
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  return bench::seconds() - begin;
}

}  // namespace

BENCH(http, "durable one-task instances per second over HTTP keep-alive, batched activation, and latency at half load") {
  House house;
  if (auto opened = house.open(); !opened) return bench::fail(opened.error().text());
  std::vector<double> latencies;
  run(house, 2'000, kClients, 0, latencies);  // warm-up
  latencies.clear();
  const int instances = 30'000;
  const double seconds = run(house, instances, kClients, 0, latencies);
  const double peak = instances / seconds;
  bench::emit("http_one_task_per_second", peak, "instances/s");
  latencies.clear();
  run(house, static_cast<int>(peak * 2), kClients, peak / 2, latencies);
  bench::emit("http_half_load_rate", peak / 2, "instances/s");
  bench::emit("http_create_p50", bench::percentile(latencies, 0.5), "ms");
  bench::emit("http_create_p99", bench::percentile(latencies, 0.99), "ms");
  // Twice what it can: what is refused comes again, so what is done per second is the goodput.
  latencies.clear();
  const int offered = static_cast<int>(peak * 6);
  const double took = run(house, offered, 2 * kClients, peak * 2, latencies);
  bench::emit("http_twice_load_goodput", offered / took, "instances/s");
  bench::emit("http_twice_load_of_peak", offered / took / peak, "of peak");
}
