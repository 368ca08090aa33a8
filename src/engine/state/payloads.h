// Scratch files for what was evicted (docs/decisions/004-eviction.md): sealed bytes in, their place out. Append-only parts of
// 64 MB; nothing here is durable or needs to be: opening empties the folder.
//   evicted/NNNNN.part: entries of u64 owner (element instance) · u32 size · u32 0 · bytes, padded to 8
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
#include "engine/state/compact.h"

namespace engine {

class PayloadFiles {
 public:
  // Removes what an earlier process left in the folder. part_bytes: only tests want smaller parts.
  static base::Result<std::unique_ptr<PayloadFiles>> open(base::Storage&, const std::string& folder, std::uint64_t part_bytes = 64u << 20);
  // One thread puts, drops and moves; any may get. Errors: io_failed, limit_exceeded (too large, or 4 TB).
  base::Result<Place> put(Key owner, std::string_view bytes);
  base::Result<std::string> get(Key owner, const Place&);          // data_damaged: something else lies there
  base::Status drop(const Place&);                                  // nobody will get it again
  // A part of which less than half counts: calls visit(owner, place) for up to `max` of its next entries; who still owns one
  // puts it again and drops the old one. False: there is no such part.
  using Visitor = std::function<base::Status(Key owner, const Place&)>;
  base::Result<bool> move_some(std::size_t max, const Visitor&);
  std::uint64_t bytes() const;                                      // in the parts that exist

 private:
  struct Part {
    std::shared_ptr<base::File> file;
    std::uint64_t size = 0, written = 0, live = 0;                  // written: the rest is in tail_
  };
  PayloadFiles(base::Storage& storage, std::string folder, std::uint64_t part_bytes)
      : storage_(storage), folder_(std::move(folder)), part_bytes_(part_bytes) {}
  std::string path(std::uint32_t part) const;
  base::Status flush();
  base::Status next_part();

  base::Storage& storage_;
  const std::string folder_;
  const std::uint64_t part_bytes_;
  mutable std::mutex mutex_;
  std::vector<Part> parts_;
  std::vector<std::uint32_t> free_;
  std::uint32_t now_ = 0xffffffff;                                  // the part that is written
  std::string tail_;                                                // its end, not in the file yet
  std::uint32_t moving_ = 0xffffffff;
  std::uint64_t moving_at_ = 0;
};

}  // namespace engine
