// SQLite behind one small door. One writer connection per file does all commits and checkpoints (SQLite 3.40.1 has the
// WAL-reset bug when two connections write and checkpoint at once); readers have connections of their own.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace store {

class Statement;

class Connection {
 public:
  enum class Mode { read_write, read_only };
  static base::Result<std::unique_ptr<Connection>> open(const std::string& path, Mode);
  virtual ~Connection() = default;
  virtual base::Status execute(std::string_view sql) = 0;                       // one or more statements, no values
  virtual base::Result<Statement*> prepare(std::string_view sql) = 0;           // cached by text, owned by the connection
  virtual std::int64_t last_row_id() const = 0;
  virtual std::int64_t changes() const = 0;
};

// bind counts from 1, column from 0. step(): true = a row. Reset happens in begin().
class Statement {
 public:
  virtual ~Statement() = default;
  virtual Statement& begin() = 0;  // reset and clear bindings
  virtual Statement& bind(int index, std::int64_t) = 0;
  virtual Statement& bind(int index, int v) { return bind(index, std::int64_t{v}); }
  virtual Statement& bind(int index, double) = 0;
  virtual Statement& bind_text(int index, std::string_view) = 0;
  virtual Statement& bind_blob(int index, std::string_view) = 0;
  virtual Statement& bind_null(int index) = 0;
  virtual base::Result<bool> step() = 0;
  virtual base::Status run() = 0;  // step to the end
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string text(int column) const = 0;  // also blobs
  virtual bool is_null(int column) const = 0;
  virtual int columns() const = 0;
  virtual std::string column_name(int) const = 0;
};

// A file with its one writer and a pool of readers. WAL, synchronous=NORMAL (FULL where asked), secure_delete=ON,
// foreign keys on. Thread-safe.
class Database {
 public:
  struct Options {
    bool synchronous_full = true;
    int readers = 4;
  };
  static base::Result<std::unique_ptr<Database>> open(const std::string& path, Options);
  virtual ~Database() = default;
  // One transaction on the writer (BEGIN IMMEDIATE … COMMIT; ROLLBACK when the function fails).
  virtual base::Status write(const std::function<base::Status(Connection&)>&) = 0;
  virtual base::Status read(const std::function<base::Status(Connection&)>&) = 0;
  // Applies migrations that have not run (numbered from 1, in order, never edited once released).
  struct Migration { int number; std::string_view name; std::string_view sql; };
  virtual base::Status migrate(std::string_view room, const std::vector<Migration>&) = 0;
  virtual base::Status backup_to(const std::string& path) = 0;  // SQLite's online backup, then synced
  virtual const std::string& path() const = 0;
  virtual base::Status truncate_wal() = 0;  // after deletion: nothing of the old pages stays in the WAL
};

}  // namespace store
