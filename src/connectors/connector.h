// What a service task may call: a job worker inside the binary. One file per connector, all the same shape.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "store/keys.h"

namespace connectors {

// What a connector may reach. Ports are implemented by the rooms above (casework) and bound in app.
class LedgerPort {  // an economy system's postings: double entry, idempotent
 public:
  virtual ~LedgerPort() = default;
  // posting: {idempotencyKey, date, text, supplier, amount, currency, lines: [{account, debit, credit}]}
  // → {entryId, alreadyPosted: bool, instance: of the first posting}. Errors: invalid_argument (does not balance), conflict (same key, other content),
  // or code conflict with message starting "quarantined" after a restore.
  virtual base::Result<base::Json> post(const std::string& authority, std::int64_t instance, const base::Json& posting) = 0;
  // What was posted under the key: {entryId, date, text, amount, currency, instance, quarantined: bool}; null = nothing.
  virtual base::Result<base::Json> find(const std::string& authority, const std::string& idempotency_key) {
    (void)authority, (void)idempotency_key;
    return base::Json();
  }
};
class CasePort {  // the case's journal notes and documents
 public:
  virtual ~CasePort() = default;
  virtual base::Status note(const std::string& authority, std::int64_t instance, store::KeySlot, const std::string& idempotency_key,
                            const std::string& text) = 0;
  virtual base::Status document(const std::string& authority, std::int64_t instance, store::KeySlot, const std::string& name,
                                const std::string& mime, std::string_view bytes) = 0;
  virtual base::Result<std::string> read_document(const std::string& authority, std::int64_t instance, const std::string& name) = 0;
};
class SystemsPort {  // kinds of systems bound once per municipality (systems.yaml): kind → base URL and secret name
 public:
  virtual ~SystemsPort() = default;
  struct Binding { std::string url, secret; bool stand_in = false; };
  virtual base::Result<Binding> binding(const std::string& authority, const std::string& kind) = 0;
  virtual base::Result<std::string> secret(const std::string& authority, const std::string& name) = 0;
};

// Effects leave a trace outside every backup before they happen (engine/backup.h). A failing note means: do not act.
class EffectsPort {
 public:
  virtual ~EffectsPort() = default;
  // kind "payment" | "note" | "document" …; text without personal data.
  virtual base::Status note(const std::string& kind, const std::string& idempotency_key, const std::string& text) = 0;
};
// HTTP as a value; bound to libcurl, or to the stand-ins' answer function where a scenario runs without network.
struct HttpRequest {
  std::string method = "GET", url, body;
  std::vector<std::pair<std::string, std::string>> headers;
  base::Millis timeout_ms = 10'000;
};
struct HttpResponse {
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
};
class HttpPort {
 public:
  virtual ~HttpPort() = default;
  // Errors: connector_failed (no connection, time-out), limit_exceeded (answer too large).
  virtual base::Result<HttpResponse> send(const HttpRequest&) = 0;
};
HttpPort& curl_http();  // thread-safe; connections are kept per thread

struct Job {
  std::string authority, idempotency_key;  // job's own key: the same for every retry of the same job
  std::int64_t instance = 0;               // root instance = case
  store::KeySlot key_slot = 0;
  base::Json input;                        // after the element's input mappings, visible variables
  base::Json headers;
  int retries = 0;
  base::Clock* clock = nullptr;
  LedgerPort* ledger = nullptr;
  CasePort* cases = nullptr;
  SystemsPort* systems = nullptr;
  EffectsPort* effects = nullptr;          // null: nothing is noted (tests)
  HttpPort* http = nullptr;                // null: curl_http()
};

struct Outcome {
  enum class Kind { done, bpmn_error, failed } kind = Kind::done;
  base::Json variables = base::Json::object();  // done
  std::string code, message;                    // bpmn_error: code a boundary event catches; failed: why (retried)
  base::Millis back_off_ms = 0;
  bool keeps_retries = false;                   // failed: not yet possible, costs no retry
  bool hopeless = false;                        // failed: no retry can help (wrong input): an incident at once
  static Outcome done(base::Json v) { return {Kind::done, std::move(v), {}, {}, 0, false, false}; }
  static Outcome error(std::string c, std::string m) { return {Kind::bpmn_error, base::Json::object(), std::move(c), std::move(m), 0, false, false}; }
  static Outcome retry(std::string m, base::Millis wait) { return {Kind::failed, base::Json::object(), {}, std::move(m), wait, false, false}; }
  static Outcome broken(std::string m) { Outcome o = retry(std::move(m), 0); o.hopeless = true; return o; }
  static Outcome not_yet(std::string m, base::Millis wait) { return {Kind::failed, base::Json::object(), {}, std::move(m), wait, true, false}; }
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual std::string_view type() const = 0;                  // "oioubl:read"
  virtual std::string_view title_da() const = 0;
  virtual base::Json input_schema() const = 0;                // JSON Schema
  virtual base::Json output_schema() const = 0;
  virtual std::vector<std::pair<std::string, std::string>> errors() const = 0;  // code, Danish meaning
  virtual Outcome run(const Job&) const = 0;                  // stateless; called from several threads
};

// One line per connector in connectors.def; the registry knows them all.
const std::vector<const Connector*>& all();
const Connector* find(std::string_view type);

}  // namespace connectors
