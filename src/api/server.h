// The room's door: everything behind it in one call. The caller owns the rooms and stops the server before it ends them.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "api/accounts.h"
#include "api/http.h"
#include "bank/bank.h"
#include "casework/cases.h"
#include "casework/ledger.h"
#include "engine/engine.h"
#include "engine/query.h"
#include "store/database.h"

namespace api {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;      // 0: the system chooses
  std::string web;                // folder of the built pages; "" = none
  bool local = false;             // demo users; cookies without Secure
  bool private_banks = false;     // banks that one subscribes to may be in a private network or on this machine
  int threads = 2, workers = 6;
};

struct Rooms {
  engine::Engine& engine;
  store::Database& database;      // sagsgang.db
  bank::Bank& bank;
  casework::Cases& cases;
  casework::Ledger& ledger;
  const base::Clock& clock;
  // Runs a package's scenarios on a virtual clock: [{file, title, passed, seconds, message}]. Empty: not offered.
  std::function<base::Result<base::Json>(const bank::Package&)> run_scenarios;
  // Answers /standin/<kind>/…; empty: there are none. Called on a worker thread.
  std::function<void(const Request&, ReplyPtr)> stand_in;
  base::Json stand_ins = base::Json::array();  // [{kind, title}] for the pages' marks
  // Documents that the inbox rejected: (authority, days) → [(slug, [{day, rejected}])]. Empty: none.
  std::function<std::vector<std::pair<std::string, base::Json>>(const std::string& authority, int days)> rejected;
  // Quarantined effects that are no ledger entries: (authority) → items as GET /api/operations/quarantine.
  std::function<base::Json(const std::string& authority)> quarantined;
  // Backs the whole house up into a new folder below the one named: {folder, position, files, bytes}. Empty: not offered.
  std::function<base::Result<base::Json>(const std::string& folder)> backup;
};

// The machine user of the server's own command line: the only one that may order a backup of every authority's data.
inline constexpr const char* kCommandLineUser = "kommandolinje";

class Server {
 public:
  // Errors: io_failed (address in use), internal (contract and handlers disagree), database.
  static base::Result<std::unique_ptr<Server>> start(ServerOptions, Rooms);
  virtual ~Server() = default;     // stops
  virtual std::uint16_t port() const = 0;
  virtual Accounts& accounts() = 0;
  virtual void stop(std::int64_t grace_ms = 5'000) = 0;
};

// Operations without a handler, and handlers without an operation; empty when the contract is kept.
std::vector<std::string> contract_faults();

}  // namespace api
