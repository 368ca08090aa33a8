// Counted blocks of memory: what a Value points to when it does not fit into its 24 bytes. They come from size-class free
// lists of the thread, so that a program that has run once allocates nothing when it runs again. A block may be freed on
// another thread than the one that took it: it then joins that thread's lists.
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace feel::detail {

// Classes of 32, 48, 64, 96, 128, 192, … 65,536 bytes; above that operator new.
inline constexpr std::size_t kBlockClasses = 23;
inline constexpr std::uint8_t kOwnBlock = 0xff;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kFreeLists = false;  // the sanitizer sees every block by itself
#else
inline constexpr bool kFreeLists = true;
#endif

constexpr std::size_t class_of(std::size_t bytes) {  // of 1 … 65,536 bytes
  if (bytes <= 32) return 0;
  const std::size_t last = bytes - 1;
  const auto width = static_cast<std::size_t>(std::bit_width(last));
  return (width - 6) * 2 + (last >> (width - 2) & 1) + 1;
}
constexpr std::size_t bytes_of_class(std::size_t size_class) {
  if (size_class == 0) return 32;
  return (size_class % 2 == 1 ? std::size_t{48} : std::size_t{64}) << ((size_class - 1) / 2);
}
static_assert(class_of(33) == 1 && class_of(48) == 1 && class_of(49) == 2 && class_of(65) == 3 && class_of(65'536) == kBlockClasses - 1);
static_assert(bytes_of_class(class_of(96)) == 96 && bytes_of_class(class_of(97)) == 128 && bytes_of_class(kBlockClasses - 1) == 65'536);

struct FreeLists {
  void* head[kBlockClasses];
  std::uint32_t room[kBlockClasses];  // how many more may be kept; all 0 before the first use and after the thread's end
};
extern constinit thread_local FreeLists free_lists;

void* take_slow(std::size_t bytes);
void give_slow(void* memory, std::size_t bytes, std::uint8_t size_class) noexcept;

// Memory of at least `bytes`; `size_class` is to be handed back with it.
inline void* take(std::size_t bytes, std::uint8_t& size_class) {
  if (!kFreeLists || bytes > 65'536) {
    size_class = kOwnBlock;
    return take_slow(bytes);
  }
  const std::size_t c = class_of(bytes);
  size_class = static_cast<std::uint8_t>(c);
  void* const first = free_lists.head[c];
  if (first == nullptr) return take_slow(bytes_of_class(c));
  free_lists.head[c] = *static_cast<void**>(first);
  ++free_lists.room[c];
  return first;
}

inline void give(void* memory, std::size_t bytes, std::uint8_t size_class) noexcept {
  if (size_class != kOwnBlock && free_lists.room[size_class] != 0) {
    --free_lists.room[size_class];
    *static_cast<void**>(memory) = free_lists.head[size_class];
    free_lists.head[size_class] = memory;
    return;
  }
  give_slow(memory, bytes, size_class);
}

// The header of every block.
struct Block {
  std::atomic<std::uint32_t> count{1};
  std::uint8_t size_class = kOwnBlock;

  void retain() noexcept { count.fetch_add(1, std::memory_order_relaxed); }
  // Whether the caller was the last owner, and has to destroy it.
  bool release() noexcept {
    return count.load(std::memory_order_acquire) == 1 || count.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  bool shared() const noexcept { return count.load(std::memory_order_acquire) != 1; }
};

}  // namespace feel::detail
