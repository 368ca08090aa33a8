// Workflow 43 as it runs in a house: inbox, OIOUBL reader, stand-in over HTTP, decisions, ledger, notes; everything durable.
#include <chrono>
#include <thread>

#include "app/serving.h"
#include "bench.h"

BENCH(workflow43, "invoices per second through workflow 43 in a serving house, drain included") {
  constexpr std::size_t kInvoices = 2'000;
  const bench::Folder folder;
  app::ServeOptions options;
  options.data = folder.path() + "/data";
  options.bank = "bank";
  options.port = 0;
  options.local = true;
  options.authority = app::kExampleAuthority;
  options.quiet = true;
  options.sample = kInvoices;
  options.seed = 43;
  auto serving = app::Serving::start(options);
  if (!serving) return bench::fail("serve: " + serving.error().text());
  const double begin = bench::seconds();
  if (auto fed = (*serving)->feed_sample(); !fed) return bench::fail("feed: " + fed.error().text());
  app::SampleCounts counts;
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    auto now = (*serving)->count();
    if (!now) return bench::fail("count: " + now.error().text());
    counts = *now;
  } while (counts.in < kInvoices || counts.running > 0);
  const double seconds = bench::seconds() - begin;
  bench::emit("workflow43_invoices_per_second", static_cast<double>(counts.in) / seconds, "invoices/s");
  bench::emit("workflow43_automatic_share", static_cast<double>(counts.automatic) / static_cast<double>(counts.in), "share");
  bench::emit("workflow43_done_twice", static_cast<double>(counts.done_twice), "invoices");
}
