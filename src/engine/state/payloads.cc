#include "engine/state/payloads.h"

#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 says so of moved short strings (GCC bug 105562)

#include <algorithm>

#include "base/bytes.h"

namespace engine {
namespace {

constexpr std::uint64_t kHeadBytes = 16;
constexpr std::size_t kTailBytes = 256u << 10;   // one write for so much

std::uint64_t padded(std::uint64_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

base::Result<std::unique_ptr<PayloadFiles>> PayloadFiles::open(base::Storage& storage, const std::string& folder, std::uint64_t part_bytes) {
  TRY_VOID(storage.make_folder(folder));
  TRY(const auto names, storage.list(folder));
  for (const auto& name : names)
    if (name.ends_with(".part")) TRY_VOID(storage.remove(folder + "/" + name));
  return std::unique_ptr<PayloadFiles>(new PayloadFiles(storage, folder, std::min<std::uint64_t>(part_bytes, Evictable::kMaxOffset * 8)));
}

std::string PayloadFiles::path(std::uint32_t part) const {
  const std::string digits = std::to_string(part);
  return folder_ + "/" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits + ".part";
}

base::Status PayloadFiles::flush() {
  if (tail_.empty()) return {};
  Part& part = parts_[now_];
  TRY_VOID(part.file->write_at(part.written, tail_));
  part.written += tail_.size();
  tail_.clear();
  return {};
}

base::Status PayloadFiles::next_part() {
  if (now_ < parts_.size()) TRY_VOID(flush());
  std::uint32_t number = static_cast<std::uint32_t>(parts_.size());
  if (!free_.empty()) {
    number = free_.back();
  } else if (number > Evictable::kMaxPart) {
    return base::fail(base::ErrorCode::limit_exceeded, "4 TB of variables are evicted already");
  }
  TRY(auto file, storage_.open(path(number), base::Storage::Open::create));
  if (number == parts_.size()) parts_.emplace_back();
  else free_.pop_back();
  parts_[number] = {std::move(file), 0, 0, 0};
  now_ = number;
  return {};
}

base::Result<Place> PayloadFiles::put(Key owner, std::string_view bytes) {
  if (bytes.size() > Evictable::kMaxSize) return base::fail(base::ErrorCode::limit_exceeded, "variables of 16 MB and more stay in memory");
  const std::lock_guard lock(mutex_);
  if (now_ >= parts_.size() || parts_[now_].size >= part_bytes_) TRY_VOID(next_part());
  Part& part = parts_[now_];
  const Place place{now_, static_cast<std::uint32_t>(part.size / 8), static_cast<std::uint32_t>(bytes.size())};
  base::Writer head;
  head.u64(static_cast<std::uint64_t>(owner));
  head.u32(place.size);
  head.u32(0);
  if (tail_.size() >= kTailBytes) TRY_VOID(flush());  // before: what fails has put nothing
  tail_ += head.bytes();
  tail_ += bytes;
  tail_.append(padded(bytes.size()) - bytes.size(), '\0');
  part.size += kHeadBytes + padded(bytes.size());
  part.live += kHeadBytes + padded(bytes.size());
  return place;
}

base::Result<std::string> PayloadFiles::get(Key owner, const Place& place) {
  std::shared_ptr<base::File> file;
  std::string bytes;
  const std::uint64_t at = std::uint64_t{place.offset} * 8;
  {
    const std::lock_guard lock(mutex_);
    if (place.part < parts_.size()) file = parts_[place.part].file;
    if (file && at >= parts_[place.part].written && place.part == now_) {
      const std::uint64_t in_tail = at - parts_[place.part].written;
      if (in_tail < tail_.size()) bytes = tail_.substr(in_tail, kHeadBytes + place.size);
    }
  }
  if (file && bytes.empty()) {
    TRY(bytes, file->read_at(at, kHeadBytes + place.size));
  }
  base::Reader in(bytes);
  const bool right = in.u64() == static_cast<std::uint64_t>(owner) && in.u32() == place.size;
  in.u32();
  if (!right || !in.ok() || in.rest().size() != place.size)
    return base::fail(base::ErrorCode::data_damaged, "evicted variables of element instance " + std::to_string(owner) + " are not where they were put", base::Where{.file = path(place.part)},
                      "start again: the journal and the checkpoint have them");
  return std::string(in.rest());
}

base::Status PayloadFiles::drop(const Place& place) {
  const std::lock_guard lock(mutex_);
  if (place.part >= parts_.size() || !parts_[place.part].file) return {};
  Part& part = parts_[place.part];
  part.live -= std::min(part.live, kHeadBytes + padded(place.size));
  if (part.live != 0 || place.part == now_) return {};
  part = {};
  free_.push_back(place.part);
  if (moving_ == place.part) moving_ = 0xffffffff;
  return storage_.remove(path(place.part));
}

base::Result<bool> PayloadFiles::move_some(std::size_t max, const Visitor& visit) {
  std::vector<std::pair<Key, Place>> entries;
  {
    const std::lock_guard lock(mutex_);
    if (moving_ >= parts_.size() || !parts_[moving_].file) {
      moving_ = 0xffffffff;
      moving_at_ = 0;
      for (std::uint32_t i = 0; i < parts_.size() && moving_ >= parts_.size(); ++i)
        if (i != now_ && parts_[i].file && parts_[i].live * 2 < parts_[i].size) moving_ = i;
      if (moving_ >= parts_.size()) return false;
    }
    for (const Part& part = parts_[moving_]; entries.size() < max && moving_at_ < part.size;) {
      TRY(const auto head, part.file->read_at(moving_at_, kHeadBytes));
      base::Reader in(head);
      const auto owner = static_cast<Key>(in.u64());
      const std::uint32_t size = in.u32();
      if (!in.ok()) return base::fail(base::ErrorCode::data_damaged, "a part with evicted variables ends too early", base::Where{.file = path(moving_)});
      entries.push_back({owner, {moving_, static_cast<std::uint32_t>(moving_at_ / 8), size}});
      moving_at_ += kHeadBytes + padded(size);
    }
  }
  for (const auto& [owner, place] : entries) TRY_VOID(visit(owner, place));
  if (!entries.empty()) return true;
  // Everything in it was looked at: whatever it still counts belongs to nobody.
  const std::lock_guard lock(mutex_);
  const std::uint32_t gone = std::exchange(moving_, 0xffffffff);
  parts_[gone] = {};
  free_.push_back(gone);
  TRY_VOID(storage_.remove(path(gone)));
  return true;
}

std::uint64_t PayloadFiles::bytes() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t all = 0;
  for (const Part& part : parts_) all += part.size;
  return all;
}

}  // namespace engine
