// The containers of the state: slabs addressed by small handles and found by key, queues, and a heap of due times.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/events.h"

namespace engine {

using Handle = std::uint32_t;
inline constexpr Handle kNone = 0xffffffff;
inline constexpr Index kNoIndex = 0xffffffff;

inline std::uint64_t hash_of(Key key) {
  const std::uint64_t x = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ull;
  return x ^ (x >> 32);
}

// Handles found by a hash: open addressing, linear probing, deletion by backward shift. Only the handle is kept, what it is
// compared with lies in the record. In 64 parts that grow by themselves, so that growing never takes long.
class HandleIndex {
 public:
  // is(handle): is it that one?
  template <class Is> Handle find(std::uint64_t hash, Is&& is) const {
    const Part& part = part_of(hash);
    if (part.slots.empty()) return kNone;
    for (std::size_t i = part.home(hash);; i = part.next(i)) {
      const Handle h = part.slots[i];
      if (h == kNone || is(h)) return h;
    }
  }
  // hash_of(handle): of what it stands for, as it was given here.
  template <class HashOf> void insert(std::uint64_t hash, Handle handle, HashOf&& hash_of) {
    Part& part = part_of(hash);
    if ((part.used + 1) * 8 > part.slots.size() * 6) part.grow(hash_of);
    part.put(hash, handle);
    ++part.used;
  }
  template <class HashOf> void erase(std::uint64_t hash, Handle handle, HashOf&& hash_of) {
    Part& part = part_of(hash);
    if (part.slots.empty()) return;
    std::size_t i = part.home(hash);
    while (part.slots[i] != handle) {
      if (part.slots[i] == kNone) return;
      i = part.next(i);
    }
    --part.used;
    for (std::size_t next = part.next(i); part.slots[next] != kNone; next = part.next(next)) {
      const std::size_t wanted = part.home(hash_of(part.slots[next])), mask = part.slots.size() - 1;
      // `next` may fill the hole unless its home lies behind the hole (cyclically).
      if (((next - wanted) & mask) >= ((next - i) & mask)) {
        part.slots[i] = part.slots[next];
        i = next;
      }
    }
    part.slots[i] = kNone;
  }
  void clear() { parts_ = {}; }

 private:
  struct Part {
    std::vector<Handle> slots;
    std::size_t used = 0;
    std::size_t home(std::uint64_t hash) const { return static_cast<std::size_t>(hash >> 6) & (slots.size() - 1); }
    std::size_t next(std::size_t i) const { return (i + 1) & (slots.size() - 1); }
    void put(std::uint64_t hash, Handle handle) {
      std::size_t i = home(hash);
      while (slots[i] != kNone) i = next(i);
      slots[i] = handle;
    }
    template <class HashOf> void grow(HashOf&& hash_of) {
      std::vector<Handle> old(slots.empty() ? 8 : slots.size() * 2, kNone);
      old.swap(slots);
      for (const Handle h : old)
        if (h != kNone) put(hash_of(h), h);
    }
  };
  Part& part_of(std::uint64_t hash) { return parts_[hash & 63]; }
  const Part& part_of(std::uint64_t hash) const { return parts_[hash & 63]; }
  std::array<Part, 64> parts_;
};

// One bit per handle.
class HandleBits {
 public:
  bool test(Handle h) const { return (h >> 6) < words_.size() && (words_[h >> 6] >> (h & 63) & 1) != 0; }
  void set(Handle h) {
    if ((h >> 6) >= words_.size()) words_.resize(std::max<std::size_t>((h >> 6) + 1, words_.size() + words_.size() / 2));
    words_[h >> 6] |= std::uint64_t{1} << (h & 63);
  }
  void reset(Handle h) {
    if ((h >> 6) < words_.size()) words_[h >> 6] &= ~(std::uint64_t{1} << (h & 63));
  }
  void clear() { words_.clear(); }
  // The first at or behind `from`; kNone: no more.
  Handle first(Handle from) const {
    for (std::size_t i = from >> 6; i < words_.size(); ++i) {
      const std::uint64_t word = i == from >> 6 ? words_[i] >> (from & 63) << (from & 63) : words_[i];
      if (word != 0) return static_cast<Handle>(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
    }
    return kNone;
  }

 private:
  std::vector<std::uint64_t> words_;
};

// Records of one kind in blocks (they never move), found by key. T has `Key key`. What a checkpoint must know of each record
// (changed since the last cut, part of the cut in progress, held by some checkpoint) is a bit beside it, not in it.
template <class T> class Table {
 public:
  T* find(Key key) {
    const Handle h = handle(key);
    return h == kNone ? nullptr : &at(h);
  }
  const T* find(Key key) const { return const_cast<Table*>(this)->find(key); }
  T& at(Handle h) { return blocks_[h >> kShift][h & (kBlock - 1)]; }
  const T& at(Handle h) const { return blocks_[h >> kShift][h & (kBlock - 1)]; }
  Handle handle(Key key) const {
    if (key == last_key_) return last_;  // what is found is often touched next
    const Handle h = index_.find(hash_of(key), [&](Handle one) { return at(one).key == key; });
    if (h != kNone) {
      last_key_ = key;
      last_ = h;
    }
    return h;
  }
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
    index_.insert(hash_of(key), h, [&](Handle other) { return hash_of(at(other).key); });
    live.set(h);
    ++size_;
    return made;
  }
  void erase(Key key) {
    const Handle h = handle(key);
    if (h == kNone) return;
    index_.erase(hash_of(key), h, [&](Handle other) { return hash_of(at(other).key); });
    at(h) = T{};
    last_key_ = 0;
    last_ = kNone;
    live.reset(h);
    changed.reset(h);
    cut.reset(h);
    kept.reset(h);
    free_.push_back(h);
    --size_;
  }
  std::size_t size() const { return size_; }
  std::vector<Key> sorted_keys() const {
    std::vector<Key> keys;
    keys.reserve(size_);
    for (Handle h = live.first(0); h != kNone; h = live.first(h + 1)) keys.push_back(at(h).key);
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  HandleBits live, changed, cut, kept;

 private:
  static constexpr unsigned kShift = 10;
  static constexpr Handle kBlock = 1u << kShift;
  HandleIndex index_;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<Handle> free_;
  Handle count_ = 0;
  std::size_t size_ = 0;
  mutable Key last_key_ = 0;
  mutable Handle last_ = kNone;
};

// First in, first out, in pieces of which the last emptied one is used again.
template <class T> class Fifo {
  static constexpr std::size_t kItems = 128;
  struct Piece { T items[kItems]; Piece* next; };

 public:
  Fifo() = default;
  Fifo(Fifo&& other) noexcept { swap(other); }
  Fifo& operator=(Fifo&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Fifo() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
    delete spare_;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const T& front() const { return first_->items[begin_]; }
  void push_back(T value) {
    if (last_ == nullptr || end_ == kItems) {
      Piece* const fresh = spare_ != nullptr ? std::exchange(spare_, nullptr) : new Piece;
      fresh->next = nullptr;
      (last_ != nullptr ? last_->next : first_) = fresh;
      last_ = fresh;
      if (size_ == 0) begin_ = 0;
      end_ = 0;
    }
    last_->items[end_++] = std::move(value);
    ++size_;
  }
  void pop_front() {
    ++begin_;
    --size_;
    if (begin_ < kItems && size_ != 0) return;
    Piece* const empty = std::exchange(first_, first_->next);
    if (first_ == nullptr) last_ = nullptr;
    begin_ = 0;
    delete std::exchange(spare_, empty);
  }
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    const T& operator*() const { return piece_->items[at_]; }
    const T* operator->() const { return &piece_->items[at_]; }
    Iterator& operator++() {
      --left_;
      if (++at_ == kItems && left_ != 0) {
        piece_ = piece_->next;
        at_ = 0;
      }
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    friend class Fifo;
    const Piece* piece_ = nullptr;
    std::size_t at_ = 0, left_ = 0;
  };
  Iterator begin() const {
    Iterator out;
    out.piece_ = first_;
    out.at_ = begin_;
    out.left_ = size_;
    return out;
  }
  Iterator end() const { return {}; }
  // In order, while visit says true.
  template <class Visit> void each(Visit&& visit) const {
    std::size_t i = begin_;
    for (const Piece* piece = first_; piece != nullptr; piece = piece->next, i = 0)
      for (const std::size_t end = piece == last_ ? end_ : kItems; i < end; ++i)
        if (!visit(piece->items[i])) return;
  }
  void remove(const T& value) {  // rare: everything else moves up
    Fifo rest;
    each([&](const T& one) {
      if (!(one == value)) rest.push_back(one);
      return true;
    });
    swap(rest);
  }
  void swap(Fifo& other) {
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(spare_, other.spare_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(size_, other.size_);
  }

 private:
  Piece *first_ = nullptr, *last_ = nullptr, *spare_ = nullptr;
  std::size_t begin_ = 0, end_ = 0, size_ = 0;
};

// Due times with lazy deletion: an entry counts only while `valid(key, due)` says so. A binary heap in pieces, so that it
// never needs twice its size to grow. What is due at the same time comes in the order of the keys.
class DueHeap {
 public:
  void add(base::Millis due, Key key) {
    if (size_ == pieces_.size() * kPiece) pieces_.push_back(std::make_unique<Entry[]>(kPiece));
    std::size_t i = size_++;
    const Entry entry{due, key};
    for (; i > 0 && entry < at((i - 1) / 2); i = (i - 1) / 2) at(i) = at((i - 1) / 2);
    at(i) = entry;
  }
  // The next due entry that is valid; {-1, 0} when there is none.
  template <class Valid> std::pair<base::Millis, Key> first(Valid&& valid) {
    while (size_ != 0) {
      if (valid(at(0).second, at(0).first)) return at(0);
      pop();
    }
    return {-1, 0};
  }
  // Throws away what is no longer valid once it is the larger part. `live` is the number of valid entries.
  template <class Valid> void tidy(std::size_t live, Valid&& valid) {
    if (size_ < 4096 || size_ < 2 * live) return;
    std::size_t left = 0;
    for (std::size_t i = 0; i < size_; ++i)
      if (valid(at(i).second, at(i).first)) at(left++) = at(i);
    size_ = left;
    for (std::size_t i = size_ / 2; i-- > 0;) sink(i, at(i));
    pieces_.resize(std::max<std::size_t>(1, (size_ + kPiece - 1) / kPiece));
  }
  void clear() {
    pieces_.clear();
    size_ = 0;
  }

 private:
  using Entry = std::pair<base::Millis, Key>;
  static constexpr std::size_t kPiece = 1'024;
  Entry& at(std::size_t i) { return pieces_[i / kPiece][i % kPiece]; }
  void pop() {
    const Entry last = at(--size_);
    if (size_ != 0) sink(0, last);
    if (pieces_.size() > 1 && size_ + 2 * kPiece < pieces_.size() * kPiece) pieces_.pop_back();
  }
  void sink(std::size_t i, const Entry entry) {
    for (std::size_t child; (child = 2 * i + 1) < size_; i = child) {
      if (child + 1 < size_ && at(child + 1) < at(child)) ++child;
      if (!(at(child) < entry)) break;
      at(i) = at(child);
    }
    at(i) = entry;
  }
  std::vector<std::unique_ptr<Entry[]>> pieces_;
  std::size_t size_ = 0;
};

}  // namespace engine
