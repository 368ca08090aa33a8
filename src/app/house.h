// The house put together: opens the data folder and starts its rooms in order; stops them in reverse.
//   data/: journal/, checkpoint/, keys/, master.key, forgotten.log, effects.log, projection.db (the engine's), sagsgang.db (bank, cases,
//   users), ledger.db, files/, index/, inbox/<cvr>/<process id>/, rejected/<cvr>/, systems.yaml, house.lock, server.json while it runs.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/accounts.h"
#include "bank/bank.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/storage.h"
#include "casework/cases.h"
#include "casework/ledger.h"
#include "engine/backup.h"
#include "engine/engine.h"
#include "store/database.h"
#include "store/files.h"

namespace app {

// One process at a time works on a data folder. Held as long as the object lives.
class FolderLock {
 public:
  static base::Result<FolderLock> take(const std::string& data_folder);  // conflict: somebody else has it
  FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

// The relational part alone: enough for import, user and check without starting the engine.
struct Archive {
  base::SystemClock clock;
  std::unique_ptr<store::Database> database;  // sagsgang.db
  std::unique_ptr<api::Accounts> accounts;
  std::unique_ptr<bank::Bank> bank;
  static base::Result<std::unique_ptr<Archive>> open(const std::string& data_folder);
};

// {folder, position, files, bytes}: what `backup` and the interface's backup answer.
base::Json backup_json(const engine::BackupReport&);

// Where a running server tells the command line how to reach it (mode 0600).
struct RunningServer {
  std::string url;
  std::string token;  // of a machine user with every role of the first authority
  static base::Result<RunningServer> find(const std::string& data_folder);  // not_found: none is running
  // Errors: what the server answered as problem+json, or connector_failed.
  base::Result<base::Json> call(const std::string& method, const std::string& path, const std::string& body, const std::string& content_type) const;
};

}  // namespace app
