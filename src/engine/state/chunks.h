// Small pieces of memory that come and go all the time (variables, lists of keys, Extra): what is given back is kept for
// the next of its size, per thread and bounded, so a steady state takes nothing from the heap.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace engine {

class Chunks {
 public:
  // The heap hands out 24, 40, 56, … usable bytes: asking for just that wastes nothing.
  static constexpr std::size_t rounded(std::size_t bytes) { return (bytes + 7) / 16 * 16 + 8; }
  static void* take(std::size_t bytes) {
    const std::size_t at = class_of(bytes);
    if (at < kClasses) {
      Kept& kept = cache().classes[at];
      if (kept.first != nullptr) {
        Free* const out = kept.first;
        kept.first = out->next;
        --kept.count;
        return out;
      }
    }
    return ::operator new(rounded(bytes));
  }
  static void give(void* chunk, std::size_t bytes) {
    const std::size_t at = class_of(bytes);
    if (at < kClasses) {
      Kept& kept = cache().classes[at];
      if (kept.count < kKept) {
        kept.first = new (chunk) Free{kept.first};
        ++kept.count;
        return;
      }
    }
    ::operator delete(chunk);
  }

 private:
  struct Free { Free* next; };
  struct Kept { Free* first = nullptr; std::uint32_t count = 0; };
  static constexpr std::size_t kClasses = 64;   // up to about 1 kB
  static constexpr std::uint32_t kKept = 256;   // of each class: at most 8 MB of a thread, in practice what one batch turns over
  struct Cache {
    std::array<Kept, kClasses> classes{};
    ~Cache() {
      for (Kept& kept : classes)
        while (kept.first != nullptr) {
          Free* const next = kept.first->next;
          ::operator delete(kept.first);
          kept.first = next;
        }
    }
  };
  static constexpr std::size_t class_of(std::size_t bytes) { return (bytes + 7) / 16; }
  static Cache& cache() {
    static thread_local Cache cache;
    return cache;
  }
};

}  // namespace engine
