#include "engine/journal/archive.h"

#include <zstd.h>

#include <memory>

#include "engine/journal/segment.h"

namespace engine::journal {
namespace {
constexpr int kLevel = 1;  // sealed payloads do not compress; the rest does at any level, and level 1 is nearly free
constexpr std::size_t kArchiveBytes = 2 * kBatchBytes;  // a segment is as long as its limit or one batch
}  // namespace

base::Result<std::string> pack_archive(std::string_view bytes) {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) return base::fail(base::ErrorCode::internal, std::string("zstd: ") + ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

base::Result<std::string> unpack_archive(std::string_view packed, const std::string& file) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kArchiveBytes) {
    return base::fail(base::ErrorCode::data_damaged, "not an archived journal segment", base::Where{.file = file});
  }
  std::string out(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0 || got != out.size()) {
    return base::fail(base::ErrorCode::data_damaged, "an archived journal segment does not unpack", base::Where{.file = file});
  }
  return out;
}

base::Status archive_segment(base::Storage& storage, const std::string& folder, const std::string& archive, const std::string& name) {
  const std::string path = folder + "/" + name, packed_path = archive + "/" + name + ".zst", fresh = packed_path + ".new";
  TRY(auto file, storage.open(path, base::Storage::Open::read));
  TRY(const auto size, file->size());
  TRY(const auto bytes, file->read_at(0, static_cast<std::size_t>(size)));
  TRY(const auto packed, pack_archive(bytes));
  if (storage.exists(fresh)) TRY_VOID(storage.remove(fresh));
  TRY(auto out, storage.open(fresh, base::Storage::Open::create));
  TRY_VOID(out->write_at(0, packed));
  TRY_VOID(out->sync());
  TRY_VOID(storage.rename(fresh, packed_path));
  TRY_VOID(storage.sync_folder(archive));
  TRY_VOID(storage.remove(path));
  return storage.sync_folder(folder);
}

}  // namespace engine::journal
