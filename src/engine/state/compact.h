// What records are made of where there are millions of them: a text in one word, a list of keys in one word, and names
// that many records share.
#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/events.h"
#include "engine/state/chunks.h"

namespace engine {

// An owned text of one word: null when empty, else u32 size and the bytes. Reads as a string_view.
class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::string_view text) { assign(text); }
  Bytes(const Bytes& other) { assign(other); }
  Bytes(Bytes&& other) noexcept : at_(std::exchange(other.at_, nullptr)) {}
  ~Bytes() { clear(); }
  Bytes& operator=(const Bytes& other) {
    if (this != &other) assign(other);
    return *this;
  }
  Bytes& operator=(Bytes&& other) noexcept {
    std::swap(at_, other.at_);
    return *this;
  }
  Bytes& operator=(std::string_view text) {
    assign(text);
    return *this;
  }
  Bytes& operator=(const std::string& text) { return *this = std::string_view(text); }
  Bytes& operator=(const char* text) { return *this = std::string_view(text); }
  operator std::string_view() const { return at_ == nullptr ? std::string_view() : std::string_view(at_ + kHead, size()); }
  operator std::string() const { return std::string(std::string_view(*this)); }
  std::size_t size() const {
    std::uint32_t size = 0;
    if (at_ != nullptr) std::memcpy(&size, at_, sizeof size);
    return size;
  }
  bool empty() const { return at_ == nullptr; }
  void clear() {
    if (at_ != nullptr) Chunks::give(at_, kHead + size());
    at_ = nullptr;
  }
  friend bool operator==(const Bytes& a, std::string_view b) { return std::string_view(a) == b; }
  friend bool operator==(const Bytes& a, const Bytes& b) { return std::string_view(a) == std::string_view(b); }

 protected:
  static constexpr std::size_t kHead = sizeof(std::uint32_t);
  void assign(std::string_view text) {  // the text may lie in this one
    char* fresh = nullptr;
    if (!text.empty()) {
      const bool fits = at_ != nullptr && Chunks::rounded(kHead + size()) == Chunks::rounded(kHead + text.size());
      fresh = fits ? at_ : static_cast<char*>(Chunks::take(kHead + text.size()));
      std::memmove(fresh + kHead, text.data(), text.size());
    }
    if (fresh != at_) clear();
    at_ = fresh;
    const auto size = static_cast<std::uint32_t>(text.size());
    if (at_ != nullptr) std::memcpy(at_, &size, sizeof size);
  }
  char* at_ = nullptr;
};

// Where an evicted payload lies: see state/payloads.h.
struct Place {
  std::uint32_t part = 0, offset = 0, size = 0;  // offset in units of 8 bytes; size of what was put, in bytes
  bool operator==(const Place&) const = default;
};

// Bytes that may be away (evicted): then the word says where they lie. Still one word.
class Evictable : private Bytes {
 public:
  Evictable() = default;
  Evictable(Evictable&&) noexcept = default;
  Evictable& operator=(Evictable&& other) noexcept {
    Bytes::operator=(std::move(other));
    return *this;
  }
  ~Evictable() { come(); }
  bool away() const { return (reinterpret_cast<std::uintptr_t>(at_) & 1) != 0; }
  bool empty() const { return at_ == nullptr; }
  // Not away. Who does not know asks State::variables().
  std::string_view here() const {
    if (away()) __builtin_trap();
    return *this;
  }
  std::size_t held() const { return away() || empty() ? 0 : Chunks::rounded(kHead + size()); }  // bytes of memory
  void set(std::string_view text) {
    come();
    Bytes::operator=(text);
  }
  void leave(const Place& place) {
    come();
    clear();
    at_ = reinterpret_cast<char*>(static_cast<std::uintptr_t>(1) | std::uintptr_t{place.size} << 1 | std::uintptr_t{place.part} << 25 | std::uintptr_t{place.offset} << 41);
  }
  Place place() const {
    const auto word = reinterpret_cast<std::uintptr_t>(at_);
    return {static_cast<std::uint32_t>(word >> 25 & 0xffff), static_cast<std::uint32_t>(word >> 41), static_cast<std::uint32_t>(word >> 1 & 0xffffff)};
  }
  static constexpr std::size_t kMaxSize = (1u << 24) - 1, kMaxPart = 0xffff, kMaxOffset = (1u << 23) - 1;

 private:
  void come() {
    if (away()) at_ = nullptr;
  }
};

// A list of keys of one word: a single key lies in it, more lie behind it. Ascending where they are inserted ascending,
// as keys are issued.
class KeyList {
 public:
  KeyList() = default;
  KeyList(const KeyList& other) { *this = other; }
  KeyList(KeyList&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  KeyList& operator=(const KeyList& other) {
    if (this == &other) return *this;
    clear();
    for (Key key : other) push_back(key);
    return *this;
  }
  KeyList& operator=(KeyList&& other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~KeyList() { clear(); }

  const Key* begin() const { return many() ? keys() : &word_; }
  const Key* end() const { return begin() + size(); }
  std::size_t size() const { return many() ? head()->size : word_ != 0 ? 1 : 0; }
  bool empty() const { return word_ == 0; }
  Key back() const { return *(end() - 1); }
  void push_back(Key key) {
    if (word_ == 0) {
      word_ = key;
      return;
    }
    const std::size_t n = size();
    if (!many() || head()->size == head()->room) grow(n < 2 ? 2 : 2 * n);
    keys()[n] = key;
    ++head()->size;
  }
  void erase(Key key) {
    Key* const first = many() ? keys() : &word_;
    Key* const last = first + size();
    Key* const at = std::find(first, last, key);
    if (at == last) return;
    if (!many()) {
      word_ = 0;
      return;
    }
    std::move(at + 1, last, at);
    if (--head()->size == 0) clear();
  }
  // Of an ascending list.
  const Key* upper_bound(Key key) const { return std::upper_bound(begin(), end(), key); }
  void clear() {
    if (many()) Chunks::give(head(), bytes(head()->room));
    word_ = 0;
  }

 private:
  struct Head { std::uint32_t size, room; };
  static constexpr Key kMany = Key{1} << 62;  // keys lie below 2^53, addresses below 2^48
  static std::size_t bytes(std::size_t room) { return sizeof(Head) + room * sizeof(Key); }
  bool many() const { return (word_ & kMany) != 0; }
  Head* head() const { return reinterpret_cast<Head*>(word_ & ~kMany); }
  Key* keys() const { return reinterpret_cast<Key*>(head() + 1); }
  void grow(std::size_t room) {
    const std::size_t n = size();
    auto* fresh = static_cast<Head*>(Chunks::take(bytes(room)));
    *fresh = {static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(room)};
    std::copy(begin(), end(), reinterpret_cast<Key*>(fresh + 1));
    clear();
    word_ = reinterpret_cast<Key>(fresh) | kMany;
  }
  Key word_ = 0;
};

// What few records have: null where it is all defaults. Reads as a T in either case.
template <class T> class Rare {
 public:
  const T* operator->() const {
    static const T none{};
    return at_ ? at_.get() : &none;
  }
  const T& operator*() const { return *operator->(); }
  explicit operator bool() const { return at_ != nullptr; }
  Rare() = default;
  Rare(Rare&&) noexcept = default;
  Rare(const Rare& other) : at_(other.at_ ? std::make_unique<T>(*other.at_) : nullptr) {}
  Rare& operator=(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) { return *this = Rare(other); }
  T& make() {
    if (!at_) at_ = std::make_unique<T>();
    return *at_;
  }

 private:
  std::unique_ptr<T> at_;
};

// A text that many records have in common (authority, message name): four bytes, one copy for the whole process, counted.
class Name {
 public:
  Name() = default;
  Name(const Name& other);
  Name(Name&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  ~Name() {
    if (id_ != 0) release(id_);
  }
  Name& operator=(const Name& other) {
    Name copy(other);
    std::swap(id_, copy.id_);
    return *this;
  }
  Name& operator=(Name&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  Name& operator=(std::string_view text);
  Name& operator=(const std::string& text) { return *this = std::string_view(text); }
  Name& operator=(const char* text) { return *this = std::string_view(text); }
  const std::string& text() const;
  operator const std::string&() const { return text(); }
  operator std::string_view() const { return text(); }
  bool empty() const { return id_ == 0; }
  friend bool operator==(const Name& a, const Name& b) { return a.id_ == b.id_; }
  friend bool operator==(const Name& a, std::string_view b) { return a.text() == b; }
  friend bool operator==(const Name& a, const std::string& b) { return a.text() == b; }
  static std::size_t count();                   // names in use

 private:
  static void release(std::uint32_t id);
  std::uint32_t id_ = 0;                        // 0: ""
};

}  // namespace engine
