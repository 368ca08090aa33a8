// What the server remembers of requests: look-ups of persons' data (audit), and the answers of relational writes by their
// Idempotency-Key (engine commands pass the key to the engine, which remembers it itself).
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "api/accounts.h"
#include "api/http.h"
#include "base/clock.h"
#include "store/database.h"

namespace api {

class Audit {
 public:
  static base::Result<std::unique_ptr<Audit>> open(store::Database&, const base::Clock&);
  // kind "case", "task" …; key: the engine's; never a value or a name. The request fails when it cannot be logged.
  // detail: what belongs to a look-up of many (purpose, period, count), as JSON.
  base::Status note(const Person&, const std::string& operation, const std::string& kind, const std::string& key, const std::string& detail = {});
  base::Result<base::Json> list(const std::string& authority, int limit);  // newest first: [{at, user, operation, kind, key, detail}]

 private:
  Audit(store::Database& d, const base::Clock& c) : database_(d), clock_(c) {}
  store::Database& database_;
  const base::Clock& clock_;
};

class Repeats {
 public:
  static base::Result<std::unique_ptr<Repeats>> open(store::Database&, const base::Clock&);
  // nullopt: go on, then call keep() or drop(). A response: answer that. Errors: key_reused (another body), conflict (the
  // first request with this key is still under way).
  base::Result<std::optional<Response>> begin(const Person&, const std::string& key, const std::string& operation, std::string_view target_and_body);
  base::Status keep(const Person&, const std::string& key, const Response&);
  base::Status drop(const Person&, const std::string& key);  // it failed on our side: the key is free again

 private:
  Repeats(store::Database& d, const base::Clock& c) : database_(d), clock_(c) {}
  store::Database& database_;
  const base::Clock& clock_;
};

}  // namespace api
