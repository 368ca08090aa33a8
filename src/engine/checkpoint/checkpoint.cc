#include "engine/checkpoint/checkpoint.h"

#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 says so of moved short strings (GCC bug 105562)

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"

namespace engine::checkpoint {
namespace {

constexpr std::uint32_t kMagic = 0x31434753;  // "SGC1"
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kHeadBytes = 40;
constexpr std::size_t kBlockHeadBytes = 16;
constexpr std::uint32_t kEnd = 0xffffffff;

std::string file_name(std::uint64_t number, bool full) {
  const std::string text = std::to_string(number);
  return std::string(text.size() < 10 ? 10 - text.size() : 0, '0') + text + (full ? ".full" : ".delta");
}

base::Result<std::vector<CheckpointFile>> all_files(base::Storage& storage, const std::string& folder) {
  std::vector<CheckpointFile> out;
  if (!storage.exists(folder)) return out;
  TRY(const auto names, storage.list(folder));
  for (const auto& name : names) {
    CheckpointFile file{.full = name.ends_with(".full"), .name = name};
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), file.number);
    if (parsed.ec == std::errc{} && name == file_name(file.number, file.full)) out.push_back(std::move(file));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return out;
}

std::unexpected<base::Error> damaged(std::string what, const std::string& file) {
  return base::fail(base::ErrorCode::data_damaged, std::move(what), base::Where{.file = file}, "restore the newest backup");
}

struct Head { std::uint64_t position = 0; };

base::Result<Head> check_head(std::string_view bytes, const CheckpointFile& file) {
  base::Reader in(bytes);
  const std::uint32_t magic = in.u32(), format = in.u32();
  const std::uint64_t number = in.u64();
  Head head{in.u64()};
  const std::uint32_t full = in.u32();
  in.u32();
  const std::uint64_t sum = in.u64();
  if (!in.ok() || magic != kMagic || sum != XXH3_64bits(bytes.data(), 32)) return damaged("not the head of a checkpoint", file.name);
  if (format != kFormat) return damaged("checkpoint format " + std::to_string(format) + " is not one this release reads", file.name);
  if (number != file.number || (full != 0) != file.full) return damaged("a checkpoint is not the one its name says", file.name);
  return head;
}

base::Result<std::uint64_t> read_file(base::Storage& storage, const std::string& folder, const CheckpointFile& entry, const RecordVisitor& visit) {
  TRY(auto file, storage.open(folder + "/" + entry.name, base::Storage::Open::read));
  TRY(const auto head_bytes, file->read_at(0, kHeadBytes));
  TRY(const auto head, check_head(head_bytes, entry));
  std::uint64_t offset = kHeadBytes, records = 0;
  for (std::uint64_t index = 0;; ++index) {
    TRY(const auto block_head, file->read_at(offset, kBlockHeadBytes));
    base::Reader in(block_head);
    const std::uint32_t bytes = in.u32(), count = in.u32();
    const std::uint64_t sum = in.u64();
    if (!in.ok()) return damaged("a checkpoint ends too early", entry.name);
    if (bytes == 0 && count == kEnd) {
      if (sum != records) return damaged("a checkpoint has lost records", entry.name);
      return head.position;
    }
    TRY(const auto block, file->read_at(offset + kBlockHeadBytes, bytes));
    if (block.size() != bytes || sum != XXH3_64bits_withSeed(block.data(), block.size(), entry.number + index)) {
      return damaged("a block does not match its checksum at offset " + std::to_string(offset), entry.name);
    }
    base::Reader body(block);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint8_t kind = body.u8();
      const std::int64_t key = body.zigzag();
      const std::string_view value = body.text();
      if (!body.ok()) return damaged("a record is longer than its block at offset " + std::to_string(offset), entry.name);
      TRY_VOID(visit(kind, key, value));
    }
    records += count;
    offset += kBlockHeadBytes + bytes;
  }
}

}  // namespace

base::Result<std::vector<CheckpointFile>> files(base::Storage& storage, const std::string& folder) {
  TRY(auto all, all_files(storage, folder));
  const auto full = std::find_if(all.rbegin(), all.rend(), [](const auto& file) { return file.full; });
  if (full == all.rend()) {
    if (!all.empty()) return damaged("the full checkpoint is missing", folder);
    return all;
  }
  all.erase(all.begin(), full.base() - 1);
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].number != all[i - 1].number + 1) return damaged("checkpoint " + std::to_string(all[i - 1].number + 1) + " is missing", folder);
  }
  return all;
}

base::Result<std::uint64_t> load(base::Storage& storage, const std::string& folder, const RecordVisitor& visit) {
  TRY(const auto chain, files(storage, folder));
  std::uint64_t position = 0;
  for (const CheckpointFile& file : chain) {
    TRY(const auto at, read_file(storage, folder, file, visit));
    position = std::max(position, at);
  }
  return position;
}

base::Result<ChainSize> chain_size(base::Storage& storage, const std::string& folder) {
  TRY(const auto chain, files(storage, folder));
  ChainSize out;
  for (const auto& entry : chain) {
    TRY(auto file, storage.open(folder + "/" + entry.name, base::Storage::Open::read));
    TRY(const auto bytes, file->size());
    (entry.full ? out.full_bytes : out.delta_bytes) += bytes;
    if (!entry.full) ++out.deltas;
  }
  return out;
}

base::Status Writer::begin(std::uint64_t position, bool full) {
  abandon();
  TRY_VOID(storage_.make_folder(folder_));
  TRY(const auto all, all_files(storage_, folder_));
  number_ = all.empty() ? 1 : all.back().number + 1;
  full_ = full;
  const std::string fresh = folder_ + "/" + file_name(number_, full_) + ".new";
  if (storage_.exists(fresh)) TRY_VOID(storage_.remove(fresh));
  TRY(file_, storage_.open(fresh, base::Storage::Open::create));
  base::Writer head;
  head.u32(kMagic);
  head.u32(kFormat);
  head.u64(number_);
  head.u64(position);
  head.u32(full ? 1 : 0);
  head.u32(0);
  head.u64(XXH3_64bits(head.bytes().data(), 32));
  blocks_ = head.take();
  offset_ = 0;
  return {};
}

void Writer::add(std::uint8_t kind, std::int64_t key, std::string_view bytes) {
  base::Writer head;
  head.u8(kind);
  head.zigzag(key);
  head.varint(bytes.size());
  block_ += head.bytes();
  block_ += bytes;
  ++block_records_;
  ++records_;
  if (block_.size() >= kBlockBytes) close_block();
}

void Writer::close_block() {
  if (block_records_ == 0) return;
  base::Writer head;
  head.u32(static_cast<std::uint32_t>(block_.size()));
  head.u32(block_records_);
  head.u64(XXH3_64bits_withSeed(block_.data(), block_.size(), number_ + block_index_));
  blocks_ += head.bytes();
  blocks_ += block_;
  block_.clear();
  block_records_ = 0;
  ++block_index_;
}

base::Status Writer::flush() {
  if (!file_) return base::fail(base::ErrorCode::internal, "no checkpoint has begun");
  TRY_VOID(file_->write_at(offset_, blocks_));
  offset_ += blocks_.size();
  blocks_.clear();
  return {};
}

base::Status Writer::commit() {
  close_block();
  base::Writer end;
  end.u32(0);
  end.u32(kEnd);
  end.u64(records_);
  blocks_ += end.bytes();
  TRY_VOID(flush());
  TRY_VOID(file_->sync());
  file_.reset();
  const std::string path = folder_ + "/" + file_name(number_, full_);
  TRY_VOID(storage_.rename(path + ".new", path));
  TRY_VOID(storage_.sync_folder(folder_));
  if (full_) {
    TRY(const auto all, all_files(storage_, folder_));
    // Newest first, so that a crash never leaves a delta without its full file.
    for (std::size_t i = all.size(); i-- > 0;) {
      if (all[i].number >= number_) continue;
      TRY_VOID(storage_.remove(folder_ + "/" + all[i].name));
      TRY_VOID(storage_.sync_folder(folder_));
    }
  }
  abandon();
  return {};
}

void Writer::abandon() {
  file_.reset();
  blocks_.clear();
  block_.clear();
  block_records_ = 0;
  records_ = 0;
  block_index_ = 0;
}

}  // namespace engine::checkpoint
