// Issue 4: what one-task instances take from the heap between inbox and encoded event, once everything has its size.
#include <gtest/gtest.h>

#include "base/count_allocations.h"
#include "base/storage_sim.h"
#include "engine/testing.h"

#ifdef BASE_COUNTS_ALLOCATIONS

namespace engine::testing {
namespace {

struct Counts { double create = 0, steps = 0, activate = 0, complete = 0, end = 0; };

// Per instance, over `rounds` of 64 instances; the commands are made beforehand: they come out of the inbox.
Counts count(Partition& partition, Batch& batch, int rounds) {
  constexpr int kAtOnce = 64;
  Counts all;
  base::Millis now = 1'767'225'600'000;
  const auto command = [](decltype(Command::body) body) {
    Command out;
    out.authority = "29189846";
    out.actor = "worker";
    out.body = std::move(body);
    return out;
  };
  const auto counted = [](double& where, const auto& work) {
    const std::uint64_t before = allocations;
    work();
    where += static_cast<double>(allocations - before);
  };
  for (int round = 0; round < rounds; ++round) {
    CreateInstance create;
    create.process_id = "p";
    create.variables = json(R"({"orderId": 4711, "customer": "Ane Hansen", "amount": 512.50})");
    std::vector<Command> creates(kAtOnce, command(create)), completes;
    std::vector<base::Result<Answer>> answers(kAtOnce + 1);
    for (int i = 0; i < kAtOnce; ++i) counted(all.create, [&] { partition.run(creates[static_cast<std::size_t>(i)], {now, 1}, batch, answers[static_cast<std::size_t>(i)]); });
    counted(all.steps, [&] { partition.step({now, 1}, batch, 1'000); });
    const Command activate = command(ActivateJobs{"t", "worker", 60'000, kAtOnce, 0});
    counted(all.activate, [&] { partition.run(activate, {now, 1}, batch, answers[kAtOnce]); });
    const auto jobs = answers[kAtOnce]->jobs;
    EXPECT_EQ(jobs.size(), static_cast<std::size_t>(kAtOnce));
    for (const auto& job : jobs) completes.push_back(command(CompleteJob{job.job, json(R"({"approved": true})")}));
    for (int i = 0; i < kAtOnce; ++i) counted(all.complete, [&] { partition.run(completes[static_cast<std::size_t>(i)], {now, 1}, batch, answers[static_cast<std::size_t>(i)]); });
    counted(all.end, [&] { partition.step({now, 1}, batch, 1'000); });
    EXPECT_FALSE(partition.has_ready());
    batch.clear();
    ++now;
  }
  const double each = 1.0 / rounds / kAtOnce;
  return {all.create * each, all.steps * each, all.activate * each, all.complete * each, all.end * each};
}

TEST(Allocations, OfAOneTaskInstanceInASteadyState) {
  base::SimStorage disk(1);
  const auto keys = keys_on(disk, 100'000);
  ASSERT_NE(keys, nullptr);
  Partition partition(PartitionOptions{keys.get()});
  Batch batch;
  base::Result<Answer> answer;
  Command deploy;
  deploy.authority = "29189846";
  deploy.body = Deploy{{{"p.bpmn", one_task()}}};
  partition.run(deploy, {1, 1}, batch, answer);
  ASSERT_TRUE(answer) << answer.error().text();
  count(partition, batch, 100);
  const Counts first = count(partition, batch, 50), counts = count(partition, batch, 50);
  const auto print = [](const char* what, double each) { std::printf("  %-9s %.2f allocations per instance\n", what, each); };
  print("create", counts.create);
  print("steps", counts.steps);
  print("activate", counts.activate);
  print("complete", counts.complete);
  print("end", counts.end);
  // Nothing grows: what an instance takes now is what one took before. (That it takes nothing at all is not reached: lists and
  // texts in events and answers are std::vector and std::string.)
  const auto all = [](const Counts& one) { return one.create + one.steps + one.activate + one.complete + one.end; };
  EXPECT_NEAR(all(counts), all(first), 0.5);
}

}  // namespace
}  // namespace engine::testing

#endif
