#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <chrono>
#include <thread>

#include "app/cli.h"
#include "app/serving.h"
#include "base/text.h"
#include "engine/behaviour/schedule.h"

namespace app {
namespace {

using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang serve [--data DIR] [--port N] [--address A] [--local] [--allow-local] [--bank DIR] [--authority CVR] [--web DIR] [--retention PERIOD] [--resident MB] [--sample N] [--seed S] [--once]

Opens the data folder and serves the bank, the tasks and the engine until Ctrl-C.

  --data DIR     the data folder (default: data); made where it is missing
  --port N       default 8080; 0 lets the system choose
  --address A    default 127.0.0.1; anything else is open to the network: put TLS in front of it
  --local        demo users of two example authorities (their password is their name); only for trying out
  --allow-local  banks that one subscribes to may be in a private network or on this machine (docs/share.md)
  --bank DIR     import these packages at start and deploy those that run
  --authority C  the CVR number that owns them (default with --local: the first example authority)
  --web DIR      the built pages (default: web/dist)
  --retention P  forget finished cases after this ISO 8601 period (P5Y) where the authority has said nothing itself;
                 without it they are kept until somebody deletes them
  --resident MB  variables of waiting cases beyond so many megabytes leave memory for scratch files in the data folder
                 and come back when they are needed (default: all stay); for a million waiting cases and more
  --sample N     feed N invoices of a generated sample to workflow 43 (with --local)
  --seed S       of the sample (default: 4711)
  --once         do the work, print one JSON line and end

example: sagsgang serve --local --bank bank --data data-help --port 0 --sample 20 --once)";

volatile std::sig_atomic_t g_stop = 0;
void on_signal(int) { g_stop = 1; }

base::Result<SampleCounts> wait_until_done(Serving& serving) {
  Progress progress("Handling the sample");
  while (true) {
    TRY(const SampleCounts counts, serving.count());
    progress.show(counts.in - std::min(counts.in, counts.running), counts.in);
    if (counts.running == 0 || g_stop) return counts;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::string line_of(const SampleCounts& counts, double seconds) {
  Json line = Json::object();
  line.set("workflow", kExampleProcess);
  line.set("in", static_cast<std::int64_t>(counts.in));
  line.set("automatic", static_cast<std::int64_t>(counts.automatic));
  line.set("to_people", static_cast<std::int64_t>(counts.to_people));
  line.set("rejected", static_cast<std::int64_t>(counts.rejected));
  line.set("done_twice", static_cast<std::int64_t>(counts.done_twice));
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  line.set("seconds", Json(Json::Number{text}));
  return line.dump();
}

void print_address(const ServeOptions& options, Serving& serving) {
  std::printf("\nSagsgang kører på http://%s:%d\n", options.address.c_str(), serving.port());
  if (options.local) std::printf("Demobrugere (kodeord = navn): konsulent, sagsbehandler, drift (Eksempel Kommune); konsulent2, sagsbehandler2, drift2 (Nabo Kommune)\n");
  std::printf("Stop med Ctrl-C.\n");
  std::fflush(stdout);
}

base::Result<int> serve(const ServeOptions& options, bool once) {
  const auto begin = std::chrono::steady_clock::now();
  TRY(const auto serving, Serving::start(options));
  if (!once) print_address(options, *serving);
  TRY_VOID(serving->feed_sample());
  if (options.sample > 0 || once) {
    TRY(const SampleCounts counts, wait_until_done(*serving));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    TRY(const std::string total, serving->paid_total());
    std::fprintf(stderr, "%zu regninger: %zu betalt automatisk, %zu til en medarbejder, %zu afvist; betalt i alt %s kr. (%.1f s)\n", counts.in, counts.automatic,
                 counts.to_people, counts.rejected, total.c_str(), seconds);
    if (once) {
      std::printf("%s\n", line_of(counts, seconds).c_str());
      return static_cast<int>(kDone);
    }
  }
  while (!g_stop) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::fprintf(stderr, "\nStopping\n");
  return static_cast<int>(kDone);
}

// Of at most seven digits; anything else: what is given for it.
int number_or(const std::string& text, int otherwise) {
  return !text.empty() && text.size() <= 7 && text.find_first_not_of("0123456789") == std::string::npos ? std::atoi(text.c_str()) : otherwise;
}

int run(Arguments& arguments) {
  ServeOptions options;
  options.data = arguments.get("--data", "data");
  options.address = arguments.get("--address", "127.0.0.1");
  options.web = arguments.get("--web", "web/dist");
  options.bank = arguments.get("--bank");
  options.authority = arguments.get("--authority");
  options.retention = arguments.get("--retention");
  const std::string port = arguments.get("--port", "8080"), resident = arguments.get("--resident", "0");
  options.port = number_or(port, -1);
  const int megabytes = number_or(resident, -1);
  options.resident_payload_bytes = static_cast<std::uint64_t>(std::max(megabytes, 0)) << 20;
  options.local = arguments.flag("--local");
  options.allow_local = arguments.flag("--allow-local");
  const long long sample = std::atoll(arguments.get("--sample", "0").c_str());
  options.seed = std::strtoull(arguments.get("--seed", "4711").c_str(), nullptr, 10);
  const bool once = arguments.flag("--once");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (!words.empty()) return report({base::ErrorCode::usage, "'" + words[0] + "' is not understood", {}, "see sagsgang serve --help"});
  if (options.port < 0 || options.port > 65535 || sample < 0 || sample > 1'000'000) return report({base::ErrorCode::usage, "--port is 0–65535, --sample 0–1000000", {}, {}});
  if (megabytes < 0) return report({base::ErrorCode::usage, "--resident is a number of megabytes", {}, "--resident 512; 0: everything stays in memory"});
  if (!options.retention.empty() && !engine::is_period(options.retention)) return report({base::ErrorCode::usage, "--retention is an ISO 8601 period", {}, "P5Y, P6M or P30D"});
  if (sample > 0 && (!options.local || options.bank.empty()))
    return report({base::ErrorCode::usage, "--sample needs --local and --bank", {}, "a sample is for trying out, never for operation"});
  if (options.local && options.authority.empty()) options.authority = kExampleAuthority;
  if (!options.bank.empty() && options.authority.empty())
    return report({base::ErrorCode::usage, "whose packages are they?", {}, "--authority CVR, or --local to try it out"});
  options.sample = static_cast<std::size_t>(sample);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  const auto done = serve(options, once);
  return done ? *done : report(done.error());
}

}  // namespace

CommandInfo serve_command() { return {"serve", "run the server", kHelp, run}; }

}  // namespace app
