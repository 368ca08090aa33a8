// Stand-ins for systems that are not at hand, declared in data (standins.yaml): routes, tables, FEEL answers, delays, faults.
// An answer is a pure function of the request, the tables and the fault in force, so that the server can expose it under
// /standin/<kind>/… and a scenario can call it without a network. Every answer is marked: header X-Sagsgang-Standin and, in
// JSON objects, the member "standin". The format is described in docs/how-to-add-a-connector.md.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "connectors/connector.h"

namespace connectors {

struct StandInRequest {
  std::string method = "GET", path;  // below /standin/<kind>, percent-encoded, may carry ?query
  std::string body;
};

class StandIns {
 public:
  using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;  // a table's file, beside standins.yaml
  StandIns();
  ~StandIns();

  // Adds what a standins.yaml declares; a kind that is there already is replaced. Errors: invalid_yaml, invalid_argument and
  // invalid_feel with file, line and what would be right; then nothing is added.
  base::Status add(std::string_view yaml, std::string_view file, const ReadFile&);

  struct Info { std::string kind, title, description; base::Millis delay_ms = 0; };
  std::vector<Info> list() const;
  // Replaces a table. rows: array of objects. Errors: not_found (kind or table).
  base::Status set_table(const std::string& kind, const std::string& table, base::Json rows);
  // The next `count` requests answer `status`; count -1: all, 0: none.
  base::Status set_fault(const std::string& kind, int status, std::int64_t count);
  std::uint64_t calls(const std::string& kind) const;

  // Never fails: unknown kinds and routes answer 404, FEEL that gives null 500, each as a marked JSON object. The delay is
  // not waited for here; the server waits Info::delay_ms.
  HttpResponse answer(const std::string& kind, const StandInRequest&, base::Millis now) const;

  // One stand-in without state; answer() is this under a lock plus faults and counts.
  class System;

 private:
  struct Entry;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>> systems_;
};

// An HttpPort that answers "standin://<kind>/path" from stand-ins, for runs without a network.
class StandInHttp final : public HttpPort {
 public:
  StandInHttp(const StandIns& stand_ins, const base::Clock& clock) : stand_ins_(stand_ins), clock_(clock) {}
  base::Result<HttpResponse> send(const HttpRequest&) override;

 private:
  const StandIns& stand_ins_;
  const base::Clock& clock_;
};

}  // namespace connectors
