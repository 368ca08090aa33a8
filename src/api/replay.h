// Hvad nu hvis: the past questions of a decision asked again of a draft (docs/dmn.md, for the rule owner). Knows history, not HTTP; the
// command line uses it too. It keeps the keys of what came out differently, never persons' data: pages are read from history when asked.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "dmn/dmn.h"
#include "engine/query.h"

namespace api {

struct ReplayRequest {
  std::string authority, decision;      // id or name in the draft
  std::string xml;                      // the draft
  std::string stored_xml;               // what is deployed, as far as is known: "" = only the draft says what required what
  base::Millis from = 0, to = 0;        // to: not included
};

struct ReplayCounts {
  std::int64_t same = 0, different = 0, failed = 0, without_inputs = 0, forgotten = 0;
  std::int64_t compared() const { return same + different + failed; }
};

class Replay {
 public:
  enum class State : std::uint8_t { running, completed, canceled, failed };
  // Compiles the draft and counts what there is to do. Errors: invalid_dmn, not_found (no such decision), limit_exceeded (more than
  // limits::kReplayRows), invalid_argument (period). The history outlives it.
  static base::Result<std::shared_ptr<Replay>> make(ReplayRequest, engine::DecisionHistory&);

  void run();                          // to the end, a slice at a time; on a thread of its own
  bool step();                         // one slice; false: it has ended
  void cancel() { cancel_ = true; }

  State state() const { return state_; }
  ReplayCounts counts() const;
  std::string message() const;         // of a failure
  std::int64_t done() const { return done_; }
  std::int64_t of() const { return of_; }
  const std::string& decision_id() const { return decision_id_; }
  const std::string& decision_name() const { return decision_name_; }
  const ReplayRequest& request() const { return request_; }
  std::string text() const;            // "37 af 4.212 sager får andet udfald"

  // What came out differently from number `from` on, at most `max`; the order never changes and more may follow. Rows as docs/api.md
  // (without businessKey), personal numbers masked.
  base::Result<base::Json> differences(std::size_t from, std::size_t max) const;
  std::size_t kept() const;            // differences that can be listed: at most limits::kReplayDifferences

 private:
  struct Difference { std::int64_t key = 0; bool failed = false; };
  Replay(ReplayRequest request, engine::DecisionHistory& history) : request_(std::move(request)), history_(history) {}
  base::Status prepare();
  void end(State, std::string message = {});
  void ask(const engine::PastDecision&);
  base::Json row(const engine::PastDecision&, bool failed) const;

  const ReplayRequest request_;
  engine::DecisionHistory& history_;
  std::shared_ptr<const dmn::Program> program_;
  std::unique_ptr<dmn::Evaluator> evaluator_;   // of run()'s thread
  std::vector<feel::Value> values_;
  std::string decision_id_, decision_name_;
  std::vector<std::string> asked_;              // decisions whose evaluations hold this one: itself first
  std::size_t part_ = 0;                        // of asked_
  engine::DecisionHistory::Place place_;
  std::atomic<State> state_{State::running};
  std::atomic<std::int64_t> done_{0};
  std::int64_t of_ = 0;
  std::atomic<bool> cancel_{false};
  mutable std::mutex mutex_;                    // of what follows
  ReplayCounts counts_;
  std::vector<Difference> differences_;
  std::string message_;
};

// A day ("2026-01-31": its beginning where the house stands; as an end, the next day's) or an instant (RFC 3339).
// Errors: invalid_argument, with /from or /to as the pointer.
base::Result<base::Millis> period_begin(const std::string&);
base::Result<base::Millis> period_end(const std::string&);
// Differences as rows for a spreadsheet, with their head.
std::vector<std::vector<std::string>> difference_rows(const base::Json& differences);
// "4.212"
std::string danish_number(std::int64_t);

}  // namespace api
