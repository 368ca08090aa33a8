#include "feel/block.h"

#include <algorithm>
#include <new>

namespace feel::detail {

constinit thread_local FreeLists free_lists{};

namespace {

// Of one class a thread keeps 256 kB, at least 4 and at most 4096 blocks: about 5 MB where every class is full.
constexpr std::size_t kKeptBytes = 256u << 10;

thread_local bool ended = false;

struct Lists {
  Lists() {
    for (std::size_t c = 0; c < kBlockClasses; ++c) free_lists.room[c] = static_cast<std::uint32_t>(std::clamp<std::size_t>(kKeptBytes / bytes_of_class(c), 4, 4096));
  }
  // Values that outlive this (statics, other thread-locals) go straight to operator delete.
  ~Lists() {
    ended = true;
    for (std::size_t c = 0; c < kBlockClasses; ++c) {
      free_lists.room[c] = 0;
      while (void* const first = free_lists.head[c]) {
        free_lists.head[c] = *static_cast<void**>(first);
        ::operator delete(first);
      }
    }
  }
  bool open = true;
};

void open_lists() {
  if (!kFreeLists || ended) return;
  thread_local Lists lists;
  lists.open = true;  // made on the thread's first use
}

}  // namespace

void* take_slow(std::size_t bytes) {
  open_lists();
  return ::operator new(bytes);
}

void give_slow(void* memory, std::size_t, std::uint8_t) noexcept { ::operator delete(memory); }

}  // namespace feel::detail
