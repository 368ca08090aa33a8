// Files come in through this door where durability matters (journal, keys, checkpoints), so that the simulator can
// tear, lose and refuse writes. A failed sync is never retried: the caller stops (fsync failure loses dirty pages).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace base {

class File {
 public:
  virtual ~File() = default;
  virtual Status write_at(std::uint64_t offset, std::string_view bytes) = 0;  // whole or error
  virtual Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) = 0;  // short at end of file
  virtual Status sync() = 0;                                                   // fdatasync
  virtual Result<std::uint64_t> size() = 0;
  virtual Status truncate(std::uint64_t bytes) = 0;
  virtual Status preallocate(std::uint64_t bytes) = 0;
};

class Storage {
 public:
  enum class Open { read, read_write, create };  // create: must not exist yet
  virtual ~Storage() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Open) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;  // names, sorted; no . and ..
  virtual Status make_folder(const std::string& path) = 0;                       // with parents
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;
  virtual Status sync_folder(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
};

class SystemStorage final : public Storage {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Open) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_folder(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status sync_folder(const std::string& path) override;
  bool exists(const std::string& path) override;
};

// Convenience over the real file system, for input files and reports.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);
// Temporary file, sync, rename, folder sync: after a crash the old or the new content, nothing else.
Status write_file_atomic(const std::string& path, std::string_view bytes);

}  // namespace base
