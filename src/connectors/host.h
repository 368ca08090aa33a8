// Runs the connectors: long-polls the engine for jobs of every registered type, runs them on a small pool, and answers the engine.
// A job is answered after its connector has returned; an effect is noted before it happens (engine::Effect).
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "engine/backup.h"
#include "engine/engine.h"

namespace connectors {

using NoteEffect = std::function<base::Status(const engine::Effect&)>;  // durable when it returns; called from several threads

struct Ports {
  LedgerPort* ledger = nullptr;
  CasePort* cases = nullptr;
  SystemsPort* systems = nullptr;
  HttpPort* http = nullptr;        // null: curl_http()
  NoteEffect note_effect;          // empty: nothing is noted
  base::Clock* clock = nullptr;
};

// One job through its connector. Wrong input (against the connector's schema) is Outcome::broken. `position`: of the journal, for effects.
Outcome run_job(const engine::ActivatedJob&, const Ports&, std::uint64_t position);
// What the engine is told: complete, fail with one retry less and back-off, or throw the error.
engine::Command answer_command(const engine::ActivatedJob&, const Outcome&);

// The worker name that the host activates jobs under.
inline constexpr const char* kWorkerName = "sagsgang";

class Host {
 public:
  struct Options {
    engine::Engine* engine = nullptr;
    Ports ports;
    std::vector<std::string> authorities;
    int threads = 4;
    base::Millis poll_ms = 1'000;         // how long a poll waits in the engine; stop() may take as long
    base::Millis job_timeout_ms = 60'000;
  };
  // Everything in Options outlives the host.
  static std::unique_ptr<Host> start(Options);
  virtual ~Host() = default;              // stops
  // No new jobs; those that have been taken are finished and answered before it returns.
  virtual void stop() = 0;
  virtual std::uint64_t finished() const = 0;  // jobs answered since the start
};

}  // namespace connectors
