// Messages that find one of many subscriptions, and timers that are all due within a minute.
#include <algorithm>

#include "engine_load.h"

namespace {

using namespace bench;

void correlate(const std::string& label, int subscriptions) {
  Folder folder;
  auto engine = open(folder.path(), {.projector = false});
  const std::string model = process("waits", "<startEvent id=\"s\"/><intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent><endEvent id=\"e\"/>" + flow("s", "m") + flow("m", "e"),
                                    "<message id=\"M\" name=\"paid\"><extensionElements><zeebe:subscription correlationKey=\"=order\"/></extensionElements></message>");
  if (!engine || !deploy(*engine, model)) return;
  create(*engine, "waits", subscriptions, [](int number) {
    base::Json out = base::Json::object();
    out.set("order", "o-" + std::to_string(number));
    return out;
  });
  until_settled(*engine);  // a message without a time to live is for those that wait already
  const int messages = std::min(subscriptions, 200'000);
  std::atomic<int> open_now = 0;
  const double begin = seconds();
  for (int i = 0; i < messages; ++i) {
    while (open_now.load() > kOpen) std::this_thread::sleep_for(std::chrono::microseconds(100));
    engine::PublishMessage message;
    message.name = "paid";
    message.correlation_key = "o-" + std::to_string(static_cast<std::int64_t>(i) * 7'919 % subscriptions);  // all over the table; each once
    ++open_now;
    engine->submit(command(std::move(message)), [&](base::Result<engine::Answer> answer) {
      if (!answer) fail("publish: " + answer.error().text());
      --open_now;
    });
  }
  while (open_now.load() > 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
  until_settled(*engine);
  const double took = seconds() - begin - 0.15;
  const double left = static_cast<double>(engine->metrics().instances_active);
  if (left != subscriptions - messages) fail("not every message found its instance: " + std::to_string(left) + " left");
  emit("engine_correlated_among_" + label + "_per_second", messages / took, "messages/s");
}

// `timers` instances whose timers are due spread evenly over a minute: how late is the last, and is each fired?
void due(const std::string& label, int timers, double minute) {
  Folder folder;
  auto engine = open(folder.path(), {.projector = false});
  const std::string model = process("timed", "<startEvent id=\"s\"/><intermediateCatchEvent id=\"w\"><timerEventDefinition><timeDate>=at</timeDate></timerEventDefinition></intermediateCatchEvent><endEvent id=\"e\"/>" + flow("s", "w") + flow("w", "e"));
  if (!engine || !deploy(*engine, model)) return;
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  const double creation = timers / 25'000.0 + 5;  // they must all exist before the first is due
  const std::int64_t first = now + static_cast<std::int64_t>(creation);
  create(*engine, "timed", timers, [&](int number) {
    const std::time_t at = static_cast<std::time_t>(first + static_cast<std::int64_t>(number * minute / timers));
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    base::Json out = base::Json::object();
    out.set("at", text);
    return out;
  });
  const double end = static_cast<double>(first) + minute;
  const auto clock = [] { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); };
  if (clock() > static_cast<double>(first)) emit("engine_timers_" + label + "_created_late_by", clock() - static_cast<double>(first), "s");
  until_done(*engine);
  emit("engine_timers_" + label + "_in_" + std::to_string(static_cast<int>(minute)) + "_s_last_late_by", std::max(0.0, clock() - end), "s");
}

}  // namespace

BENCH(engine_correlation_10k, "messages per second among 10,000 subscriptions") { correlate("10k", 10'000); }
BENCH(engine_correlation_100k, "among 100,000") { correlate("100k", 100'000); }
BENCH_LARGE(engine_correlation_1m, "among 1,000,000") { correlate("1m", 1'000'000); }
BENCH(engine_timers_50k, "50,000 timers due within 3 seconds: how late is the last") { due("50k", 50'000, 3); }
BENCH_LARGE(engine_timers_1m, "1,000,000 timers due within a minute: how late is the last") { due("1m", 1'000'000, 60); }
