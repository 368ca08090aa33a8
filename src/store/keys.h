// Sealed payloads: one key per root instance or case, so that forgetting is destroying 32 bytes.
// Keys come from a pool of slots that is filled with random keys and synced beforehand (keys/NNNNNN.pool): taking a key
// costs no sync of its own; the journal records only the slot number. Destroying overwrites the slot and syncs.
// Deletions are also noted in forgotten.log, which no restore rolls back: a restored older backup forgets again.
// Pools are wrapped with the data folder's master key (master.key, mode 0600).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/storage.h"

namespace store {

using KeySlot = std::uint64_t;  // 0 = none

class Keys {
 public:
  // folder: where keys/, master.key and forgotten.log live. Errors: io_failed, data_damaged.
  static base::Result<std::unique_ptr<Keys>> open(base::Storage&, const std::string& folder);
  virtual ~Keys() = default;
  // Makes sure that slots up to `slot` exist on disk (synced); called by the journal's owner ahead of need.
  virtual base::Status reserve(KeySlot up_to) = 0;
  virtual KeySlot reserved() const = 0;  // highest slot that exists
  // XChaCha20-Poly1305; `context` is authenticated with it (record kind and key). Errors: forgotten, data_damaged.
  base::Result<std::string> seal(KeySlot slot, std::string_view plain, std::string_view context) {
    std::string out;
    if (auto done = seal_to(slot, plain, context, out); !done) return std::unexpected(done.error());
    return out;
  }
  // Appends plain.size() + kSealedBytes bytes to `out`, or nothing with an error.
  static constexpr std::size_t kSealedBytes = 41;
  virtual base::Status seal_to(KeySlot, std::string_view plain, std::string_view context, std::string& out) = 0;
  virtual base::Result<std::string> open(KeySlot, std::string_view sealed, std::string_view context) = 0;
  virtual base::Status destroy(KeySlot) = 0;  // idempotent; synced before it returns
  virtual base::Status destroy(const std::vector<KeySlot>&) = 0;  // the same with two syncs for all of them in one pool
  virtual bool destroyed(KeySlot) const = 0;
  // After a restore: destroys every slot that forgotten.log names.
  virtual base::Status forget_again() = 0;
};

}  // namespace store
