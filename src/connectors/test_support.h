// Fakes for this room's tests: ports in memory, and an engine that keeps what it was told.
#pragma once
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/packed.h"
#include "connectors/connectors.h"
#include "connectors/host.h"

namespace connectors::test {

using base::Json;

struct FakeLedger final : LedgerPort {
  std::map<std::string, Json> entries;  // authority + key
  std::mutex mutex;
  base::Result<Json> post(const std::string& authority, std::int64_t instance, const Json& posting) override {
    const std::lock_guard lock(mutex);
    Json& e = entries[authority + "|" + posting["idempotencyKey"].as_string()];
    const bool before = !e.is_null();
    if (before && e["amount"] != posting["amount"]) return base::fail(base::ErrorCode::conflict, "same key, other content");
    if (!before) {
      e.set("entryId", static_cast<std::int64_t>(entries.size()));
      e.set("instance", instance);
      e.set("amount", posting["amount"]);
    }
    Json out = Json::object();
    out.set("entryId", e["entryId"]);
    out.set("alreadyPosted", before);
    out.set("instance", e["instance"]);
    return out;
  }
  base::Result<Json> find(const std::string& authority, const std::string& key) override {
    const std::lock_guard lock(mutex);
    const auto it = entries.find(authority + "|" + key);
    return it == entries.end() ? Json() : it->second;
  }
};

struct FakeCases final : CasePort {
  std::map<std::string, std::string> notes, documents;  // instance/key → text
  std::mutex mutex;
  base::Status note(const std::string&, std::int64_t i, store::KeySlot, const std::string& key, const std::string& text) override {
    const std::lock_guard lock(mutex);
    notes[std::to_string(i) + "/" + key] = text;
    return {};
  }
  base::Status document(const std::string&, std::int64_t i, store::KeySlot, const std::string& name, const std::string&, std::string_view bytes) override {
    const std::lock_guard lock(mutex);
    documents[std::to_string(i) + "/" + name] = std::string(bytes);
    return {};
  }
  base::Result<std::string> read_document(const std::string&, std::int64_t i, const std::string& name) override {
    const std::lock_guard lock(mutex);
    const auto it = documents.find(std::to_string(i) + "/" + name);
    if (it == documents.end()) return base::fail(base::ErrorCode::not_found, "no document");
    return it->second;
  }
};

struct FakeSystems final : SystemsPort {
  std::map<std::string, Binding> bindings;
  base::Result<Binding> binding(const std::string&, const std::string& kind) override {
    const auto it = bindings.find(kind);
    if (it == bindings.end()) return base::fail(base::ErrorCode::not_found, "not bound");
    return it->second;
  }
  base::Result<std::string> secret(const std::string&, const std::string& name) override { return "value-of-" + name; }
};

struct FakeHttp final : HttpPort {
  std::vector<HttpRequest> asked;
  std::deque<base::Result<HttpResponse>> answers;  // the last one stays
  base::Result<HttpResponse> send(const HttpRequest& r) override {
    asked.push_back(r);
    auto a = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return a;
  }
};

// Answers ActivateJobs from `waiting`, keeps every other command; CreateInstance is idempotent by key.
class FakeEngine final : public engine::Engine {
 public:
  std::mutex mutex;
  std::deque<engine::ActivatedJob> waiting;
  std::vector<engine::Command> told;
  std::map<std::string, engine::Key> created;  // idempotency key → instance
  std::map<std::string, std::string> bodies;
  engine::Key next = 1;
  bool process_known = true;

  void submit(engine::Command command, std::function<void(base::Result<engine::Answer>)> done) override {
    base::Result<engine::Answer> answer = engine::Answer{};
    {
      const std::lock_guard lock(mutex);
      if (const auto* poll = std::get_if<engine::ActivateJobs>(&command.body)) take(*poll, command.authority, *answer);
      else if (const auto* create = std::get_if<engine::CreateInstance>(&command.body)) answer = make(command, *create);
      else told.push_back(command);
    }
    std::thread([answer = std::move(answer), done = std::move(done)]() mutable {
      if (answer && answer->jobs.empty() && answer->key == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      done(std::move(answer));
    }).detach();
  }
  bool manual() const { return false; }
  base::Status pump() override { return {}; }
  base::Millis next_due() const override { return -1; }
  engine::ReadSide& read() override { std::abort(); }
  store::Keys& keys() override { std::abort(); }
  base::Status checkpoint() override { return {}; }
  engine::Metrics metrics() const override { return {}; }
  std::string dump() const override { return {}; }
  base::Result<std::string> replayed_dump() override { return std::string(); }
  void on_jobs(std::function<void(std::string_view)>) override {}
  void on_forgotten(std::function<void(const std::string&, engine::Key)>) override {}

 private:
  void take(const engine::ActivateJobs& poll, const std::string& authority, engine::Answer& answer) {
    for (auto it = waiting.begin(); it != waiting.end();) {
      if (it->type == poll.type && it->authority == authority && answer.jobs.size() < static_cast<std::size_t>(poll.max)) {
        answer.jobs.push_back(*it);
        it = waiting.erase(it);
      } else {
        ++it;
      }
    }
  }
  base::Result<engine::Answer> make(const engine::Command& command, const engine::CreateInstance& create) {
    if (!process_known) return base::fail(base::ErrorCode::not_found, "no process with that id");
    const std::string body = create.process_id + create.variables.dump();
    engine::Key& key = created[command.idempotency_key];
    if (key != 0 && bodies[command.idempotency_key] != body) return base::fail(base::ErrorCode::key_reused, "other body");
    if (key == 0) key = next++;
    bodies[command.idempotency_key] = body;
    engine::Answer answer;
    answer.key = key;
    answer.key_slot = static_cast<store::KeySlot>(key);
    return answer;
  }
};

inline engine::ActivatedJob job(engine::Key key, const std::string& type, const Json& variables, int retries = 3) {
  engine::ActivatedJob j;
  j.job = key;
  j.instance = j.root_instance = 100 + key;
  j.retries = retries;
  j.type = type;
  j.authority = "10000009";
  j.variables = base::pack(variables);
  return j;
}
inline Json parsed(const char* text) { return *base::parse_json(text); }

}  // namespace connectors::test
