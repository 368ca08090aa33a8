#include "engine_load.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>

namespace bench {

using base::Json;

engine::Command command(decltype(engine::Command::body) body) {
  engine::Command out;
  out.authority = kAuthority;
  out.actor = "bench";
  out.body = std::move(body);
  return out;
}

std::unique_ptr<engine::Engine> open(const std::string& folder, const Door& door) {
  engine::Options options;
  options.folder = folder + "/data";
  options.projector = door.projector;
  options.storage = door.storage;
  options.resident_payload_bytes = door.resident_payload_bytes;
  auto engine = engine::Engine::open(std::move(options));
  if (!engine) {
    fail("open: " + engine.error().text());
    return nullptr;
  }
  return std::move(*engine);
}

bool deploy(engine::Engine& engine, const std::string& xml) {
  auto answer = engine.call(command(engine::Deploy{{{"bench.bpmn", xml}}, false, false}));
  if (!answer) fail("deploy: " + answer.error().text());
  return answer.has_value();
}

std::string process(const std::string& id, const std::string& body, const std::string& before) {
  return R"(<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://bench">)" + before + "<process id=\"" + id + "\" isExecutable=\"true\">" + body + "</process></definitions>";
}

std::string service_task(const std::string& id, const std::string& type, const std::string& inside) {
  return "<serviceTask id=\"" + id + "\"><extensionElements><zeebe:taskDefinition type=\"" + type + "\"/></extensionElements>" + inside + "</serviceTask>";
}

std::string flow(const std::string& from, const std::string& to, const std::string& condition) {
  const std::string head = "<sequenceFlow id=\"" + from + "_" + to + "\" sourceRef=\"" + from + "\" targetRef=\"" + to + "\"";
  if (condition.empty()) return head + "/>";
  return head + "><conditionExpression xsi:type=\"tFormalExpression\">=" + condition + "</conditionExpression></sequenceFlow>";
}

std::string tasks_in_a_row(const std::string& id, int tasks) {
  std::string body = "<startEvent id=\"s\"/>", last = "s";
  for (int i = 1; i <= tasks; ++i) {
    const std::string task = "t" + std::to_string(i);
    body += service_task(task, "work") + flow(last, task);
    last = task;
  }
  return process(id, body + "<endEvent id=\"e\"/>" + flow(last, "e"));
}

Json five_hundred_bytes(int number) {
  Json out = Json::object();
  out.set("order", "o-" + std::to_string(number)).set("customer", "Ane Margrethe Hansen, Storegade 12, 2. th, 8000 Aarhus C").set("amount", 1512.50);
  out.set("text", std::string(180, 'a' + static_cast<char>(number % 26))).set("remark", std::string(160, 'n'));
  return out;
}

Load::Load(engine::Engine& engine, Of of) : engine_(engine), of_(std::move(of)), result_(*base::parse_json(R"({"approved": true})")) {}

double Load::run(int instances, double rate) {
  const double begin = seconds();
  worker_ = std::thread([this] { work(); });
  for (int i = 0; i < instances && !failed_ && !cut_; ++i) {
    double intended = seconds();
    if (rate > 0) {
      intended = begin + i / rate;
      const double wait = intended - seconds();
      if (wait > 0) std::this_thread::sleep_for(std::chrono::duration<double>(wait));
    } else {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return started_ - completed_ / of_.jobs < of_.open || failed_; });
      if (backing_off_) {  // throttled: wait a little, as a client does that was told to come back
        backing_off_ = false;
        lock.unlock();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    start(i, intended);
  }
  {
    std::unique_lock lock(mutex_);
    all_started_ = true;
    changed_.wait(lock, [&] { return completed_ == started_ * of_.jobs || failed_; });
    stop_ = true;
    changed_.notify_all();
  }
  const double end = seconds();
  worker_.join();
  return end - begin;
}

double Load::run_for(double how_long, double rate) {
  std::mutex mutex;
  std::condition_variable over;
  bool done = false;
  std::thread clock([&] {
    std::unique_lock lock(mutex);
    over.wait_for(lock, std::chrono::duration<double>(how_long), [&] { return done; });
    stop();
  });
  const double took = run(2'000'000'000, rate);
  {
    const std::lock_guard lock(mutex);
    done = true;
  }
  over.notify_all();
  clock.join();
  return took;
}

void Load::start(int number, double intended) {
  {
    const std::lock_guard lock(mutex_);
    ++started_;
  }
  engine::CreateInstance body;
  body.process_id = of_.process;
  body.variables = of_.variables ? of_.variables(number) : *base::parse_json(R"({"orderId": 4711, "customer": "Ane Hansen", "amount": 512.50})");
  engine_.submit(command(std::move(body)), [this, intended](base::Result<engine::Answer> answer) {
    const std::lock_guard lock(mutex_);
    if (!answer) {
      // Throttled: the generator offered more than the engine takes. It counts as not started.
      if (answer.error().code == base::ErrorCode::busy) { --started_; ++refused_; backing_off_ = true; }
      else { failed_ = true; fail("create: " + answer.error().text()); }
      changed_.notify_all();
      return;
    }
    under_way_[answer->key] = {intended, of_.jobs};
    create_ms.push_back((seconds() - intended) * 1000);
  });
}

void Load::work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (stop_ || failed_) return;
    }
    engine::ActivateJobs ask;
    ask.type = "work";
    ask.worker = "bench";
    ask.max = of_.batch;
    ask.request_timeout_ms = 50;
    auto answer = engine_.call(command(std::move(ask)));
    if (!answer) {
      failed_ = true;
      fail("activate: " + answer.error().text());
      changed_.notify_all();
      return;
    }
    for (const auto& job : answer->jobs) complete(job);
  }
}

void Load::complete(const engine::ActivatedJob& job) {
  engine::CompleteJob done;
  done.job = job.job;
  done.variables = result_;
  engine_.submit(command(std::move(done)), [this, instance = job.instance](base::Result<engine::Answer> completed) {
    const std::lock_guard lock(mutex_);
    if (!completed) { failed_ = true; fail("complete: " + completed.error().text()); }
    ++completed_;
    if (const auto found = under_way_.find(instance); found != under_way_.end() && --found->second.left == 0) {
      complete_ms.push_back((seconds() - found->second.intended) * 1000);
      under_way_.erase(found);
    }
    if (completed_ % 64 == 0 || (all_started_ && completed_ == started_ * of_.jobs) || failed_) changed_.notify_all();
  });
}

void create(engine::Engine& engine, const std::string& process, int instances, const std::function<Json(int)>& variables) {
  std::mutex mutex;
  std::vector<int> again;  // refused while the read side was behind
  std::atomic<int> open_now = 0;
  const auto ask = [&](int number) {
    while (open_now.load() > kOpen) std::this_thread::sleep_for(std::chrono::microseconds(200));
    engine::CreateInstance body;
    body.process_id = process;
    body.variables = variables(number);
    ++open_now;
    engine.submit(command(std::move(body)), [&, number](base::Result<engine::Answer> answer) {
      if (!answer) {
        if (answer.error().code != base::ErrorCode::busy) fail("create: " + answer.error().text());
        const std::lock_guard lock(mutex);
        again.push_back(number);
      }
      --open_now;
    });
  };
  const auto refused = [&] {
    const std::lock_guard lock(mutex);
    return std::exchange(again, {});
  };
  for (int made = 0; made < instances || open_now.load() > 0;) {
    if (made < instances) ask(made++);
    else std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (auto more = refused(); !more.empty(); more = refused()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      for (const int number : more) ask(number);
      while (open_now.load() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

double until_done(engine::Engine& engine) {
  const double begin = seconds();
  int still = 0;
  while (still < 2) {  // the figures are refreshed with each group: twice nothing, and the last group has gone
    still = engine.metrics().instances_active == 0 ? still + 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return seconds() - begin;
}

void until_settled(engine::Engine& engine) {
  for (std::uint64_t last = 0, still = 0; still < 3;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto now = engine.metrics();
    still = now.events == last ? still + 1 : 0;
    last = now.events;
  }
}

double drain(engine::Engine& engine) {
  const double begin = seconds();
  while (true) {
    Json request = *base::parse_json(R"({"page": {"limit": 0}})");
    auto found = engine.read().search("process-definitions", request, kAuthority, engine.read().acknowledged());
    if (found) break;
    if (found.error().code != base::ErrorCode::busy) {
      fail("drain: " + found.error().text());
      break;
    }
  }
  return seconds() - begin;
}

Lag::Lag(engine::Engine& engine) {
  thread_ = std::thread([this, &engine] {
    std::deque<std::pair<double, std::uint64_t>> seen;  // when, how far the journal was
    while (!stop_) {
      const auto now = engine.metrics();
      seen.emplace_back(seconds(), now.position);
      while (!seen.empty() && seen.front().second <= now.projected) seen.pop_front();
      if (!seen.empty()) worst_ = std::max(worst_.load(), seconds() - seen.front().first);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
}
Lag::~Lag() { worst(); }
double Lag::worst() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  return worst_;
}

double run_seconds(double otherwise) {
  const char* text = std::getenv("BENCH_SECONDS");
  return text != nullptr ? std::atof(text) : otherwise;
}

Child::Child(const Body& body) {
  int ends[2];
  if (::pipe(ends) != 0) {
    fail("no pipe");
    return;
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(ends[0]);
    body([&](const std::string& name, double value) {
      char line[200];
      const int n = std::snprintf(line, sizeof line, "%s %.9g\n", name.c_str(), value);
      if (::write(ends[1], line, static_cast<std::size_t>(n)) < 0) ::_exit(4);
    });
    ::close(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

Child::~Child() {
  kill();
  if (pipe_ >= 0) ::close(pipe_);
}

bool Child::next(std::string& name, double& value) {
  std::size_t end;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    char part[256];
    const ssize_t n = ::read(pipe_, part, sizeof part);
    if (n <= 0) return false;
    buffer_.append(part, static_cast<std::size_t>(n));
  }
  const std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  const std::size_t space = line.find(' ');
  name = line.substr(0, space);
  value = std::atof(line.c_str() + space + 1);
  return true;
}

void Child::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status_, 0);
  pid_ = -1;
}

bool Child::ended_well() {
  if (pid_ > 0) ::waitpid(pid_, &status_, 0);
  pid_ = -1;
  return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

std::uint64_t peak_resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  if (file == nullptr) return 0;
  char line[256];
  unsigned long long kilobytes = 0;
  while (std::fgets(line, sizeof line, file) != nullptr)
    if (std::strncmp(line, "VmHWM:", 6) == 0) kilobytes = std::strtoull(line + 6, nullptr, 10);
  std::fclose(file);
  return kilobytes * 1024;
}

}  // namespace bench
