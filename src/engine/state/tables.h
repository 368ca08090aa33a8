// The containers of the state: slabs addressed by small handles, a flat map key → handle, and a heap of due times.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/events.h"

namespace engine {

using Handle = std::uint32_t;
inline constexpr Handle kNone = 0xffffffff;
inline constexpr Index kNoIndex = 0xffffffff;

// Open addressing, linear probing, deletion by backward shift; keys are never 0.
class KeyMap {
 public:
  Handle find(Key key) const {
    if (slots_.empty()) return kNone;
    for (std::size_t i = home(key);; i = (i + 1) & mask()) {
      if (slots_[i].key == key) return slots_[i].handle;
      if (slots_[i].key == 0) return kNone;
    }
  }
  void insert(Key key, Handle handle) {
    if ((used_ + 1) * 10 > slots_.size() * 7) grow();
    std::size_t i = home(key);
    while (slots_[i].key != 0) i = (i + 1) & mask();
    slots_[i] = {key, handle};
    ++used_;
  }
  void erase(Key key) {
    if (slots_.empty()) return;
    std::size_t i = home(key);
    while (slots_[i].key != key) {
      if (slots_[i].key == 0) return;
      i = (i + 1) & mask();
    }
    --used_;
    for (std::size_t next = (i + 1) & mask(); slots_[next].key != 0; next = (next + 1) & mask()) {
      const std::size_t wanted = home(slots_[next].key);
      // `next` may fill the hole unless its home lies behind the hole (cyclically).
      if (((next - wanted) & mask()) >= ((next - i) & mask())) {
        slots_[i] = slots_[next];
        i = next;
      }
    }
    slots_[i] = {};
  }
  std::size_t size() const { return used_; }
  std::vector<Key> sorted_keys() const {
    std::vector<Key> keys;
    keys.reserve(used_);
    for (const Slot& slot : slots_)
      if (slot.key != 0) keys.push_back(slot.key);
    std::sort(keys.begin(), keys.end());
    return keys;
  }

 private:
  struct __attribute__((packed)) Slot { Key key = 0; Handle handle = kNone; };
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(Key key) const {
    return static_cast<std::size_t>((static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ull) >> 20) & mask();
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const Slot& slot : old)
      if (slot.key != 0) insert(slot.key, slot.handle);
  }
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

// Records of one kind in blocks of 1,024 (they never move), found by key. T has `Key key` and `Mark mark`.
template <class T> class Table {
 public:
  T* find(Key key) {
    const Handle h = map_.find(key);
    return h == kNone ? nullptr : &at(h);
  }
  const T* find(Key key) const { return const_cast<Table*>(this)->find(key); }
  T& at(Handle h) { return blocks_[h >> kShift][h & (kBlock - 1)]; }
  const T& at(Handle h) const { return blocks_[h >> kShift][h & (kBlock - 1)]; }
  Handle handle(Key key) const { return map_.find(key); }
  T& make(Key key) {
    Handle h;
    if (free_.empty()) {
      h = count_++;
      if ((h >> kShift) == blocks_.size()) blocks_.push_back(std::make_unique<T[]>(kBlock));
    } else {
      h = free_.back();
      free_.pop_back();
    }
    T& made = at(h);
    made.key = key;
    map_.insert(key, h);
    return made;
  }
  void erase(Key key) {
    const Handle h = map_.find(key);
    if (h == kNone) return;
    map_.erase(key);
    at(h) = T{};
    free_.push_back(h);
  }
  std::size_t size() const { return map_.size(); }
  std::vector<Key> sorted_keys() const { return map_.sorted_keys(); }

 private:
  static constexpr unsigned kShift = 10;
  static constexpr Handle kBlock = 1u << kShift;
  KeyMap map_;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<Handle> free_;
  Handle count_ = 0;
};

// Due times with lazy deletion: an entry counts only while `valid(key, due)` says so.
class DueHeap {
 public:
  void add(base::Millis due, Key key) {
    heap_.emplace_back(due, key);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  // The next due entry that is valid; {-1, 0} when there is none.
  template <class Valid> std::pair<base::Millis, Key> first(Valid&& valid) {
    while (!heap_.empty()) {
      if (valid(heap_.front().second, heap_.front().first)) return heap_.front();
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.pop_back();
    }
    return {-1, 0};
  }
  // Throws away what is no longer valid once it is the larger part. `live` is the number of valid entries.
  template <class Valid> void tidy(std::size_t live, Valid&& valid) {
    if (heap_.size() < 4096 || heap_.size() < 2 * live) return;
    std::erase_if(heap_, [&](const auto& entry) { return !valid(entry.second, entry.first); });
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  void clear() { heap_.clear(); }

 private:
  std::vector<std::pair<base::Millis, Key>> heap_;
};

}  // namespace engine
