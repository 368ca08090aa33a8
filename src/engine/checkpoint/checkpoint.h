// Checkpoints: state records (kind, key) → bytes at one journal position. A full file holds all records, a delta those
// that changed since the file before it. A file is written beside, synced and renamed: what has its name is whole.
//   checkpoint/NNNNNNNNNN.full | .delta, little endian:
//   head, 40 bytes: u32 "SGC1" · u32 format 1 · u64 number · u64 position · u32 full · u32 0 · u64 xxh3 of those 32 bytes
//   blocks: u32 bytes · u32 records · u64 xxh3 (seed = number + block index) · records (u8 kind, zigzag key, varint size, bytes)
//   end: u32 0 · u32 0xffffffff · u64 records in the file
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/storage.h"

namespace engine::checkpoint {

struct CheckpointFile {
  std::uint64_t number = 0;
  bool full = false;
  std::string name;
};
// The newest full file and the deltas behind it, oldest first. Errors: io_failed, data_damaged (a delta is missing).
base::Result<std::vector<CheckpointFile>> files(base::Storage&, const std::string& folder);

using RecordVisitor = std::function<base::Status(std::uint8_t kind, std::int64_t key, std::string_view bytes)>;
// Every value in the order it was written: a later one replaces an earlier one of the same record, an empty one deletes it
// (also one that never was). So nobody has to keep a list of what was seen. Answers the position (0: no checkpoint).
base::Result<std::uint64_t> load(base::Storage&, const std::string& folder, const RecordVisitor&);

// Collects the records of one cut and writes them. Not thread-safe; each call may come from another thread.
class Writer {
 public:
  Writer(base::Storage& storage, std::string folder) : storage_(storage), folder_(std::move(folder)) {}
  base::Status begin(std::uint64_t position, bool full);
  void add(std::uint8_t kind, std::int64_t key, std::string_view bytes);  // into memory; empty bytes = deleted
  bool must_flush() const { return blocks_.size() >= kFlushBytes; }
  base::Status flush();                          // hands what was added to the file
  base::Status commit();                         // synced and renamed; after a full one the older files are removed
  void abandon();                                // forget the file in progress

  static constexpr std::size_t kBlockBytes = 1u << 20;
  static constexpr std::size_t kFlushBytes = 4u << 20;

 private:
  void close_block();
  base::Storage& storage_;
  const std::string folder_;
  std::unique_ptr<base::File> file_;
  std::uint64_t number_ = 0, offset_ = 0, records_ = 0, block_index_ = 0;
  bool full_ = false;
  std::string blocks_, block_;
  std::uint32_t block_records_ = 0;
};

// How large the chain is: when deltas outweigh the full file, the next checkpoint should be full.
struct ChainSize { std::uint64_t full_bytes = 0, delta_bytes = 0, deltas = 0; };
base::Result<ChainSize> chain_size(base::Storage&, const std::string& folder);

}  // namespace engine::checkpoint
