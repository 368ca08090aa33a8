// Which instance an open element, job, task, incident or subscription belongs to. Keys are issued in order and an owner is a
// little older than what it owns, so the difference is kept, in pages of 64 keys: about four bytes each instead of fifty.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/state/tables.h"

namespace engine {

class Owners {
 public:
  std::optional<Key> find(Key key) const {  // nothing: it is not open
    const Handle h = page_of(key);
    const std::uint32_t by = h == kNone ? 0 : pages_[h]->by[at(key)];
    if (by == 0) return std::nullopt;
    return by == kFar ? far_.at(key) : key - static_cast<Key>(by - 1);
  }
  bool contains(Key key) const { return find(key).has_value(); }
  void set(Key key, Key owner) {
    Handle h = page_of(key);
    if (h == kNone) {
      if (free_.empty()) {
        h = static_cast<Handle>(pages_.size());
        pages_.push_back(std::make_unique<Page>());
      } else {
        h = free_.back();
        free_.pop_back();
        pages_[h] = std::make_unique<Page>();
      }
      pages_[h]->number = key >> kShift;
      index_.insert(hash_of(key >> kShift), h, [&](Handle other) { return hash_of(pages_[other]->number); });
    }
    std::uint32_t& by = pages_[h]->by[at(key)];
    if (by == 0) ++pages_[h]->used;
    if (by == kFar) far_.erase(key);
    const bool near = owner <= key && static_cast<std::uint64_t>(key - owner) + 1 < kFar;
    by = near ? static_cast<std::uint32_t>(key - owner) + 1 : kFar;
    if (!near) far_[key] = owner;
  }
  bool erase(Key key) {
    const Handle h = page_of(key);
    if (h == kNone || pages_[h]->by[at(key)] == 0) return false;
    if (pages_[h]->by[at(key)] == kFar) far_.erase(key);
    pages_[h]->by[at(key)] = 0;
    if (--pages_[h]->used != 0) return true;
    index_.erase(hash_of(key >> kShift), h, [&](Handle other) { return hash_of(pages_[other]->number); });
    pages_[h].reset();
    free_.push_back(h);
    return true;
  }

 private:
  static constexpr unsigned kShift = 6;
  static constexpr std::uint32_t kFar = 0xffffffff;
  struct Page {
    Key number = 0;
    std::uint32_t used = 0;
    std::array<std::uint32_t, 1u << kShift> by{};  // key - owner + 1; 0 = not open
  };
  static std::size_t at(Key key) { return static_cast<std::size_t>(key) & ((1u << kShift) - 1); }
  Handle page_of(Key key) const {
    return index_.find(hash_of(key >> kShift), [&](Handle h) { return pages_[h]->number == key >> kShift; });
  }
  HandleIndex index_;
  std::vector<std::unique_ptr<Page>> pages_;
  std::vector<Handle> free_;
  std::unordered_map<Key, Key> far_;
};

}  // namespace engine
