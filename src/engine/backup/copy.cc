#include "engine/backup/copy.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <memory>

namespace engine {
namespace {

constexpr std::size_t kPiece = 1u << 20;

struct Hash {
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state{XXH3_createState(), XXH3_freeState};
  Hash() { XXH3_64bits_reset(state.get()); }
  void add(std::string_view bytes) { XXH3_64bits_update(state.get(), bytes.data(), bytes.size()); }
  std::uint64_t sum() const { return XXH3_64bits_digest(state.get()); }
};

}  // namespace

base::Result<CopiedFile> copy_file(base::Storage& storage, const std::string& from, const std::string& to, std::uint64_t at_most) {
  TRY(auto source, storage.open(from, base::Storage::Open::read));
  const auto slash = to.rfind('/');
  TRY_VOID(storage.make_folder(to.substr(0, slash)));
  if (storage.exists(to)) TRY_VOID(storage.remove(to));
  TRY(auto target, storage.open(to, base::Storage::Open::create));
  CopiedFile out{.name = to};
  Hash hash;
  while (out.bytes < at_most) {
    TRY(const auto piece, source->read_at(out.bytes, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, at_most - out.bytes))));
    if (piece.empty()) break;
    TRY_VOID(target->write_at(out.bytes, piece));
    hash.add(piece);
    out.bytes += piece.size();
  }
  TRY_VOID(target->sync());
  TRY_VOID(storage.sync_folder(to.substr(0, slash)));
  out.sum = hash.sum();
  return out;
}

base::Result<CopiedFile> sum_file(base::Storage& storage, const std::string& path) {
  TRY(auto source, storage.open(path, base::Storage::Open::read));
  CopiedFile out{.name = path};
  Hash hash;
  while (true) {
    TRY(const auto piece, source->read_at(out.bytes, kPiece));
    if (piece.empty()) break;
    hash.add(piece);
    out.bytes += piece.size();
  }
  out.sum = hash.sum();
  return out;
}

base::Result<std::vector<std::string>> files_below(base::Storage& storage, const std::string& folder, int depth) {
  std::vector<std::string> out;
  if (!storage.exists(folder)) return out;
  TRY(const auto names, storage.list(folder));
  for (const auto& name : names) {
    // Storage has no "is a folder": what can be listed is one.
    const bool is_folder = depth > 0 && storage.list(folder + "/" + name).has_value();
    if (!is_folder) {
      out.push_back(name);
      continue;
    }
    TRY(const auto below, files_below(storage, folder + "/" + name, depth - 1));
    for (const auto& one : below) out.push_back(name + "/" + one);
  }
  return out;
}

base::Status remove_below(base::Storage& storage, const std::string& folder, int depth) {
  if (!storage.exists(folder)) return {};
  TRY(const auto names, storage.list(folder));
  for (const auto& name : names) {
    const std::string path = folder + "/" + name;
    if (depth > 0 && storage.list(path).has_value()) TRY_VOID(remove_below(storage, path, depth - 1));
    else TRY_VOID(storage.remove(path));
  }
  TRY_VOID(storage.sync_folder(folder));
  return storage.remove(folder);
}

}  // namespace engine
