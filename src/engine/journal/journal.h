// The journal: batches of events in append-only segments. One thread appends; a batch is durable when append returns.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/storage.h"

namespace engine::journal {

struct JournalOptions {
  base::Storage* storage = nullptr;
  std::string folder;                       // journal/; closed segments behind the checkpoint go to folder/archive
  std::uint64_t segment_bytes = 64u << 20;
  std::uint32_t timeline = 0;
  std::uint64_t first_position = 1;         // of an empty journal
  bool sync = true;
};

struct SegmentFile {
  std::uint64_t number = 0, first_position = 0;
  bool archived = false;
  std::string name;                         // in the folder or its archive
};
// All segments, oldest first. Errors: io_failed, data_damaged (a number is missing).
base::Result<std::vector<SegmentFile>> segments(base::Storage&, const std::string& folder);
std::string segment_path(const std::string& folder, const SegmentFile&);
// A segment's bytes; archived ones are unpacked. Errors: io_failed, data_damaged.
base::Result<std::string> read_segment(base::Storage&, const std::string& folder, const SegmentFile&);

using BatchVisitor = std::function<base::Status(std::uint64_t last_position, std::string_view batch)>;
// Every batch whose last position is behind `after`, in order. Reads only; the torn tail of the last segment is left out.
base::Status read(base::Storage&, const std::string& folder, std::uint64_t after, const BatchVisitor&);

// Takes away what lies behind `position`, the end of a batch, for ever; nobody may have the journal open. Errors: io_failed,
// data_damaged, not_found (no batch ends there).
base::Status cut_behind(base::Storage&, const std::string& folder, std::uint64_t position);

class Journal {
 public:
  // Makes what is there safe: cuts a torn tail off and writes again (and syncs) what may never have reached the disk.
  static base::Result<std::unique_ptr<Journal>> open(JournalOptions);
  ~Journal();

  // Writes and syncs. After a failure every later append fails with the same error: reopen to go on.
  base::Status append(std::uint64_t first_position, std::uint32_t count, std::string_view batch);
  // Of the last durable event; 0 = none. Any thread.
  std::uint64_t last_position() const;
  std::uint64_t bytes() const;              // appended since open
  std::uint64_t syncs() const;
  // Compresses closed segments that end at or before `position` and moves them to the archive. Another thread than
  // append's may call it, one at a time.
  base::Status archive(std::uint64_t position);
  // The segments and how many bytes of the last one are durable, as of now: what a backup copies.
  struct Cut { std::vector<SegmentFile> files; std::uint64_t last_bytes = 0, position = 0; };
  base::Result<Cut> cut() const;

 private:
  explicit Journal(JournalOptions);
  base::Status recover();
  base::Status recover_last(const SegmentFile&);
  base::Status open_segment(std::uint64_t first_position);
  base::Status close_segment();
  base::Status write(std::uint64_t first_position, std::uint32_t count, std::string_view batch);

  const JournalOptions options_;
  std::unique_ptr<base::File> file_;        // the segment being written; null before the first append
  std::string buffer_;
  base::Status failed_;
  mutable std::mutex mutex_;                // what other threads read
  std::uint64_t number_ = 0, offset_ = 0, last_position_ = 0, bytes_ = 0, syncs_ = 0;
};

}  // namespace engine::journal
