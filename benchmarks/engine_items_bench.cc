// Multi-instance of many items: every job done and the output collection in order, or canceled half way; other instances
// come all the while at a fixed rate (open loop) and their latency is what the large one costs them.
#include <algorithm>

#include "base/packed.h"
#include "engine_load.h"

namespace {

using namespace bench;

std::string items_model() {
  return process("items",
                 "<startEvent id=\"s\"/><serviceTask id=\"t\"><extensionElements><zeebe:taskDefinition type=\"item\"/></extensionElements><multiInstanceLoopCharacteristics><extensionElements>"
                 "<zeebe:loopCharacteristics inputCollection=\"=list\" inputElement=\"item\" outputCollection=\"results\" outputElement=\"=result\"/></extensionElements>"
                 "</multiInstanceLoopCharacteristics></serviceTask>" + service_task("after", "check") + "<endEvent id=\"e\"/>" + flow("s", "t") + flow("t", "after") + flow("after", "e"));
}

std::vector<engine::ActivatedJob> activate(engine::Engine& engine, const std::string& type, int max, int wait_ms, const std::string& variable) {
  engine::ActivateJobs ask;
  ask.fetch = {variable};  // not the whole collection with each item
  ask.type = type;
  ask.worker = "bench";
  ask.max = max;
  ask.timeout_ms = 600'000;
  ask.request_timeout_ms = wait_ms;
  auto answer = engine.call(command(std::move(ask)));
  if (!answer) fail("activate: " + answer.error().text());
  return answer ? std::move(answer->jobs) : std::vector<engine::ActivatedJob>{};
}

constexpr int kItemsOpen = 512;  // of one worker: what comes in between waits behind these

// Works item jobs until `count` are done; each result is its item doubled.
bool work(engine::Engine& engine, int count) {
  std::atomic<int> open_now = 0, failed = 0;
  for (int done = 0; done < count;) {
    auto jobs = activate(engine, "item", kItemsOpen, 1'000, "item");
    if (jobs.empty()) { fail("no more items after " + std::to_string(done)); return false; }
    for (const auto& job : jobs) {
      if (done == count) break;
      const auto variables = base::unpack(job.variables);
      base::Json result = base::Json::object();
      result.set("result", (*variables)["item"].int_or(0) * 2);
      ++open_now;
      ++done;
      engine.submit(command(engine::CompleteJob{job.job, std::move(result)}), [&](base::Result<engine::Answer> answer) {
        if (!answer) { fail("complete: " + answer.error().text()); ++failed; }
        --open_now;
      });
    }
    while (open_now.load() > kItemsOpen) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  while (open_now.load() > 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
  return failed == 0;
}

bool in_order(const engine::ActivatedJob& job, int items) {
  const auto variables = base::unpack(job.variables);
  const base::Json& results = (*variables)["results"];
  if (static_cast<int>(results.size()) != items) return false;
  for (int i = 0; i < items; ++i)
    if (results.as_array()[static_cast<std::size_t>(i)].int_or(-1) != 2 * i) return false;
  return true;
}

void items(int count, bool cancel) {
  Folder folder;
  auto engine = open(folder.path());
  if (!engine || !deploy(*engine, items_model()) || !deploy(*engine, tasks_in_a_row("one_task", 1))) return;
  Load others(*engine);
  std::thread bystanders([&] { others.run_for(600, 300); });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  base::Json list = base::Json::array();
  for (int i = 0; i < count; ++i) list.push(base::Json(static_cast<std::int64_t>(i)));
  engine::CreateInstance body;
  body.process_id = "items";
  body.variables = base::Json::object();
  body.variables.set("list", std::move(list));
  const auto before = engine->metrics();
  const auto completed_before = others.completed();  // their bytes are not in the difference either
  const double begin = seconds();
  auto made = engine->call(command(std::move(body)));
  if (!made) fail("create: " + made.error().text());
  const std::string label = "engine_items_" + std::to_string(count) + (cancel ? "_canceled" : "");
  bool right = made && work(*engine, cancel ? count / 2 : count);
  if (right && cancel) {
    if (auto canceled = engine->call(command(engine::CancelInstance{made->key})); !canceled) fail("cancel: " + canceled.error().text());
    while (engine->metrics().jobs_waiting > 300) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  } else if (right) {
    std::vector<engine::ActivatedJob> check;
    while (check.empty()) check = activate(*engine, "check", 1, 1'000, "results");
    emit(label + "_s_without_check", seconds() - begin, "s");
    right = in_order(check[0], count);
    if (!right) fail("the output collection is not in order, or not whole");
    if (auto done = engine->call(command(engine::CompleteJob{check[0].job, {}})); !done) fail("complete: " + done.error().text());
  }
  const double took = seconds() - begin;
  others.stop();
  bystanders.join();
  if (!right) return;
  emit(label + "_s", took, "s");
  emit(label + "_journal_bytes_per_item", (static_cast<double>(engine->metrics().journal_bytes - before.journal_bytes) - 294.0 * static_cast<double>(others.completed() - completed_before)) / count, "bytes");
  emit(label + "_others_create_p99", percentile(others.create_ms, 0.99), "ms");
  emit(label + "_others_complete_p99", percentile(others.complete_ms, 0.99), "ms");
  emit(label + "_others_complete_worst", percentile(others.complete_ms, 1), "ms");
}

}  // namespace

BENCH(engine_items, "multi-instance of 1,000 and 10,000 items, completed and canceled at half; latency of other instances at 300/s") {
  for (const int count : {1'000, 10'000}) {
    items(count, false);
    items(count, true);
  }
}
BENCH_LARGE(engine_items_50k, "the same with 50,000 items") { items(50'000, false); items(50'000, true); }
BENCH_LARGE(engine_items_200k, "the same with 200,000 items") { items(200'000, false); items(200'000, true); }
