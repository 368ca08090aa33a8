#include "store/files.h"

#include <atomic>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/text.h"

namespace store {
namespace {

// A name that cannot leave its folder: plain ids as they are, everything else as hex with a mark.
std::string safe_name(std::string_view id) {
  bool plain = !id.empty() && id.size() <= 120 && id[0] != '.';
  for (const char c : id) {
    plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.');
  }
  plain = plain && !id.starts_with("x-") && !id.ends_with(".new");
  if (plain) return std::string(id);
  // Long or odd ids: 128 bits of hash name the file; the whole id is authenticated with the bytes.
  const XXH128_hash_t hash = XXH3_128bits(id.data(), id.size());
  return "x-" + base::hex({reinterpret_cast<const char*>(&hash), sizeof hash});
}

std::string shelf(std::string_view id) {
  const unsigned char byte = static_cast<unsigned char>(XXH3_64bits(id.data(), id.size()));
  return base::hex({reinterpret_cast<const char*>(&byte), 1});
}

class SealedFiles final : public Files {
 public:
  SealedFiles(base::Storage& storage, Keys& keys, std::string folder) : storage_(storage), keys_(keys), folder_(std::move(folder)) {}

  base::Status put(const std::string& authority, const std::string& id, KeySlot slot, std::string_view bytes) override {
    TRY(const auto at, place(authority, id));
    TRY(const auto sealed, keys_.seal(slot, bytes, context(authority, id)));
    const bool fresh = !storage_.exists(at.folder);
    TRY_VOID(storage_.make_folder(at.folder));
    const std::string temporary = at.folder + "/" + at.name + "." + std::to_string(counter_++) + ".new";
    if (storage_.exists(temporary)) TRY_VOID(storage_.remove(temporary));  // of a process that was killed
    {
      TRY(auto file, storage_.open(temporary, base::Storage::Open::create));
      TRY_VOID(file->write_at(0, sealed));
      TRY_VOID(file->sync());
    }
    TRY_VOID(storage_.rename(temporary, at.folder + "/" + at.name));
    TRY_VOID(storage_.sync_folder(at.folder));
    if (fresh) {
      TRY_VOID(storage_.sync_folder(folder_ + "/" + authority));
      TRY_VOID(storage_.sync_folder(folder_));
    }
    return {};
  }

  base::Result<std::string> get(const std::string& authority, const std::string& id, KeySlot slot) override {
    TRY(const auto at, place(authority, id));
    TRY(auto file, storage_.open(at.folder + "/" + at.name, base::Storage::Open::read));
    TRY(const auto bytes, file->size());
    TRY(const auto sealed, file->read_at(0, static_cast<std::size_t>(bytes)));
    return keys_.open(slot, sealed, context(authority, id));
  }

  base::Status remove(const std::string& authority, const std::string& id) override {
    TRY(const auto at, place(authority, id));
    if (!storage_.exists(at.folder + "/" + at.name)) return {};
    TRY_VOID(storage_.remove(at.folder + "/" + at.name));
    return storage_.sync_folder(at.folder);
  }

 private:
  struct Place { std::string folder, name; };

  base::Result<Place> place(const std::string& authority, const std::string& id) const {
    bool digits = !authority.empty() && authority.size() <= 20;
    for (const char c : authority) digits = digits && c >= '0' && c <= '9';
    if (!digits) return base::fail(base::ErrorCode::invalid_argument, "the authority of a file must be a CVR number");
    return Place{folder_ + "/" + authority + "/" + shelf(id), safe_name(id)};
  }
  static std::string context(const std::string& authority, const std::string& id) { return "file/" + authority + "/" + id; }

  base::Storage& storage_;
  Keys& keys_;
  const std::string folder_;
  std::atomic<std::uint64_t> counter_{0};
};

}  // namespace

base::Result<std::unique_ptr<Files>> Files::open(base::Storage& storage, Keys& keys, const std::string& folder) {
  TRY_VOID(storage.make_folder(folder));
  return std::make_unique<SealedFiles>(storage, keys, folder);
}

}  // namespace store
