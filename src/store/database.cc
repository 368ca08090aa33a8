// The only file that includes sqlite3.h.
#include "store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <thread>
#include <unordered_map>

#include "base/storage.h"

namespace store {
namespace {

constexpr int kBusyMs = 10'000;           // another process (backup, a curious sqlite3 shell) may hold the file shortly
constexpr int kTruncateAttempts = 100;    // × 20 ms: readers finish their statement within two seconds or we say busy
constexpr int kWriterCacheKb = 16 * 1024, kReaderCacheKb = 2 * 1024;

std::unexpected<base::Error> sqlite_error(sqlite3* db, std::string_view what) {
  const int code = sqlite3_errcode(db);
  const auto kind = code == SQLITE_BUSY || code == SQLITE_LOCKED ? base::ErrorCode::busy
                    : code == SQLITE_FULL || code == SQLITE_IOERR ? base::ErrorCode::io_failed
                    : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? base::ErrorCode::data_damaged
                    : code == SQLITE_CONSTRAINT ? base::ErrorCode::conflict
                                                : base::ErrorCode::database;
  return base::fail(kind, std::string(what) + ": " + sqlite3_errmsg(db));
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  Statement& begin() override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    bind_code_ = SQLITE_OK;
    return *this;
  }
  Statement& bind(int index, std::int64_t v) override { return note(sqlite3_bind_int64(statement_, index, v)); }
  Statement& bind(int index, double v) override { return note(sqlite3_bind_double(statement_, index, v)); }
  Statement& bind_text(int index, std::string_view v) override {
    // A null pointer would bind NULL, not "".
    return note(sqlite3_bind_text64(statement_, index, v.data() ? v.data() : "", v.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  Statement& bind_blob(int index, std::string_view v) override {
    return note(sqlite3_bind_blob64(statement_, index, v.data() ? v.data() : "", v.size(), SQLITE_TRANSIENT));
  }
  Statement& bind_null(int index) override { return note(sqlite3_bind_null(statement_, index)); }

  base::Result<bool> step() override {
    if (bind_code_ != SQLITE_OK) {
      return base::fail(base::ErrorCode::database, std::string("bind: ") + sqlite3_errstr(bind_code_) + " in " + sqlite3_sql(statement_));
    }
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
      sqlite3_reset(statement_);  // ends the read transaction at once
      return false;
    }
    auto failed = sqlite_error(db_, sqlite3_sql(statement_));
    sqlite3_reset(statement_);
    return failed;
  }
  base::Status run() override {
    while (true) {
      TRY(const bool row, step());
      if (!row) return {};
    }
  }

  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  int columns() const override { return sqlite3_column_count(statement_); }
  std::string column_name(int column) const override { return sqlite3_column_name(statement_, column); }

 private:
  Statement& note(int code) {
    if (code != SQLITE_OK) bind_code_ = code;
    return *this;
  }
  sqlite3* db_;
  sqlite3_stmt* statement_;
  int bind_code_ = SQLITE_OK;
};

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(sqlite3* db) : db_(db) {}
  ~SqliteConnection() override {
    statements_.clear();
    sqlite3_close(db_);
  }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  base::Status execute(std::string_view sql) override {
    const char* rest = sql.data();
    const char* end = rest + sql.size();
    while (rest < end) {
      sqlite3_stmt* raw = nullptr;
      if (sqlite3_prepare_v2(db_, rest, static_cast<int>(end - rest), &raw, &rest) != SQLITE_OK) return sqlite_error(db_, "execute");
      if (raw == nullptr) continue;  // a comment or the space after the last semicolon
      SqliteStatement statement(db_, raw);
      TRY_VOID(statement.run());
    }
    return {};
  }

  base::Result<Statement*> prepare(std::string_view sql) override {
    std::string text(sql);
    if (const auto found = statements_.find(text); found != statements_.end()) return found->second.get();
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(db_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
      return sqlite_error(db_, text);
    }
    return statements_.emplace(std::move(text), std::make_unique<SqliteStatement>(db_, raw)).first->second.get();
  }

  std::int64_t last_row_id() const override { return sqlite3_last_insert_rowid(db_); }
  std::int64_t changes() const override { return sqlite3_changes64(db_); }
  sqlite3* raw() const { return db_; }
  // A statement that was not stepped to its end holds its snapshot past the transaction: none is left so.
  void rest() {
    for (sqlite3_stmt* s = sqlite3_next_stmt(db_, nullptr); s != nullptr; s = sqlite3_next_stmt(db_, s))
      if (sqlite3_stmt_busy(s)) sqlite3_reset(s);
  }

 private:
  sqlite3* db_;
  std::unordered_map<std::string, std::unique_ptr<SqliteStatement>> statements_;
};

base::Result<std::unique_ptr<SqliteConnection>> open_connection(const std::string& path, Connection::Mode mode) {
  sqlite3* db = nullptr;
  // Readers open for writing too (WAL needs its shared memory); query_only keeps them from changing anything.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Connection::Mode::read_write ? SQLITE_OPEN_CREATE : 0);
  if (sqlite3_open_v2(path.c_str(), &db, flags, nullptr) != SQLITE_OK) {
    auto failed = sqlite_error(db, "open " + path);
    sqlite3_close(db);
    return failed;
  }
  auto connection = std::make_unique<SqliteConnection>(db);
  sqlite3_extended_result_codes(db, 0);
  sqlite3_busy_timeout(db, kBusyMs);
  TRY_VOID(connection->execute("PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-" +
                               std::to_string(mode == Connection::Mode::read_write ? kWriterCacheKb : kReaderCacheKb)));
  if (mode == Connection::Mode::read_only) {
    TRY_VOID(connection->execute("PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0"));
  } else {
    TRY_VOID(connection->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
  }
  return connection;
}

// A connection can be read by one thread at a time; the pool lends them out.
class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, std::unique_ptr<SqliteConnection> writer) : path_(std::move(path)), writer_(std::move(writer)) {}
  ~SqliteDatabase() override {
    idle_.clear();
    readers_.clear();
    writer_.reset();  // last, so that the closing checkpoint is the writer's
  }

  base::Status add_reader() {
    TRY(auto reader, open_connection(path_, Connection::Mode::read_only));
    idle_.push_back(reader.get());
    readers_.push_back(std::move(reader));
    return {};
  }

  base::Status write(const std::function<base::Status(Connection&)>& body) override {
    const std::lock_guard lock(write_mutex_);
    TRY_VOID(run(*writer_, "BEGIN IMMEDIATE"));
    auto done = body(*writer_);
    writer_->rest();
    if (!done) {
      std::ignore = run(*writer_, "ROLLBACK");
      return done;
    }
    if (auto committed = run(*writer_, "COMMIT"); !committed) {
      std::ignore = run(*writer_, "ROLLBACK");
      return committed;
    }
    return {};
  }

  base::Status read(const std::function<base::Status(Connection&)>& body) override {
    SqliteConnection* reader = lend();
    auto done = run(*reader, "BEGIN");  // one snapshot for all statements of the body
    if (done) {
      done = body(*reader);
      reader->rest();
      if (auto ended = run(*reader, "COMMIT"); !ended && done) done = ended;
    }
    give_back(reader);
    return done;
  }

  base::Status migrate(std::string_view room, const std::vector<Migration>& migrations) override {
    return write([&](Connection& connection) -> base::Status {
      TRY_VOID(connection.execute("CREATE TABLE IF NOT EXISTS migrations (room TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, "
                                  "at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), PRIMARY KEY (room, number))"));
      std::int64_t have = 0;
      TRY(auto* last, connection.prepare("SELECT coalesce(max(number), 0) FROM migrations WHERE room = ?1"));
      TRY(const bool row, last->begin().bind_text(1, room).step());
      if (row) have = last->integer(0);
      last->begin();
      for (const auto& migration : migrations) {
        if (migration.number <= have) continue;
        if (migration.number != have + 1) {
          return base::fail(base::ErrorCode::database, "migrations of " + std::string(room) + " jump from " + std::to_string(have) + " to " +
                                                           std::to_string(migration.number));
        }
        TRY_VOID(connection.execute(migration.sql));
        TRY(auto* insert, connection.prepare("INSERT INTO migrations (room, number, name) VALUES (?1, ?2, ?3)"));
        TRY_VOID(insert->begin().bind_text(1, room).bind(2, migration.number).bind_text(3, migration.name).run());
        have = migration.number;
      }
      return {};
    });
  }

  base::Status backup_to(const std::string& path) override {
    SqliteConnection* reader = lend();
    auto done = copy(*reader, path);
    give_back(reader);
    return done;
  }

  const std::string& path() const override { return path_; }

  base::Status truncate_wal() override {
    const std::lock_guard lock(write_mutex_);
    for (int attempt = 0;; ++attempt) {
      const int code = sqlite3_wal_checkpoint_v2(writer_->raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
      if (code == SQLITE_OK) return {};
      if (code != SQLITE_BUSY || attempt == kTruncateAttempts) return sqlite_error(writer_->raw(), "truncate WAL of " + path_);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

 private:
  static base::Status run(SqliteConnection& connection, std::string_view sql) {
    TRY(auto* statement, connection.prepare(sql));
    return statement->begin().run();
  }

  SqliteConnection* lend() {
    std::unique_lock lock(pool_mutex_);
    pool_changed_.wait(lock, [&] { return !idle_.empty(); });
    SqliteConnection* reader = idle_.back();
    idle_.pop_back();
    return reader;
  }
  void give_back(SqliteConnection* reader) {
    const std::lock_guard lock(pool_mutex_);
    idle_.push_back(reader);
    pool_changed_.notify_one();
  }

  // In one step on a reader: one snapshot, and the writer is not held up (WAL).
  static base::Status copy(SqliteConnection& from, const std::string& path) {
    sqlite3* to = nullptr;
    if (sqlite3_open_v2(path.c_str(), &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) != SQLITE_OK) {
      auto failed = sqlite_error(to, "open " + path);
      sqlite3_close(to);
      return failed;
    }
    base::Status done;
    sqlite3_backup* backup = sqlite3_backup_init(to, "main", from.raw(), "main");
    if (backup == nullptr) {
      done = sqlite_error(to, "backup to " + path);
    } else {
      const int stepped = sqlite3_backup_step(backup, -1);
      const int finished = sqlite3_backup_finish(backup);
      if (stepped != SQLITE_DONE || finished != SQLITE_OK) done = sqlite_error(to, "backup to " + path);
    }
    sqlite3_close(to);
    if (!done) return done;
    base::SystemStorage storage;
    TRY(auto file, storage.open(path, base::Storage::Open::read_write));
    TRY_VOID(file->sync());
    const auto slash = path.rfind('/');
    return storage.sync_folder(slash == std::string::npos ? "." : path.substr(0, slash));
  }

  std::string path_;
  std::mutex write_mutex_;
  std::unique_ptr<SqliteConnection> writer_;
  std::mutex pool_mutex_;
  std::condition_variable pool_changed_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;
  std::vector<SqliteConnection*> idle_;
};

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode) { return open_connection(path, mode); }

base::Result<std::unique_ptr<Database>> Database::open(const std::string& path, Options options) {
  // SQLite would make the file readable to all; the data folder's files are for their owner alone.
  const int handle = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) return base::fail(base::ErrorCode::io_failed, "cannot create or open the database", base::Where{.file = path});
  ::close(handle);
  TRY(auto writer, open_connection(path, Connection::Mode::read_write));
  if (!options.synchronous_full) TRY_VOID(writer->execute("PRAGMA synchronous=NORMAL"));
  auto database = std::make_unique<SqliteDatabase>(path, std::move(writer));
  for (int i = 0; i < std::max(1, options.readers); ++i) TRY_VOID(database->add_reader());
  return database;
}

}  // namespace store
