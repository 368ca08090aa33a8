// Memory for what lives as long as one call: taken and given back in reverse order, kept from one evaluation to the next.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace dmn {

class Workspace {
 public:
  static Workspace& here() { return of_thread_; }

  void* take(std::size_t bytes) {
    bytes = (bytes + kAlign - 1) & ~(kAlign - 1);
    if (left_ < bytes) [[unlikely]] next_chunk(bytes);
    void* const out = at_;
    at_ += bytes;
    left_ -= bytes;
    return out;
  }

  struct Mark {
    std::byte* at;
    std::size_t left, chunk;
  };
  Mark mark() const { return {at_, left_, chunk_}; }
  void release(const Mark& mark) {
    at_ = mark.at;
    left_ = mark.left;
    chunk_ = mark.chunk;
  }

 private:
  static constexpr std::size_t kAlign = alignof(std::max_align_t);
  struct Chunk {
    std::unique_ptr<std::byte[]> data;
    std::size_t size = 0;
  };
  void next_chunk(std::size_t bytes);

  static constinit thread_local Workspace of_thread_;
  std::byte* at_ = nullptr;
  std::size_t left_ = 0;
  std::size_t chunk_ = 0;  // chunks_[chunk_ - 1] is in use
  std::vector<Chunk> chunks_;
};

// Objects in the workspace for as long as this lives; default-made, destroyed at its end.
template <class T>
class Taken {
 public:
  Taken(Workspace& workspace, std::size_t count) : workspace_(workspace), mark_(workspace.mark()), size_(count) {
    data_ = static_cast<T*>(workspace.take(count * sizeof(T)));
    if constexpr (!std::is_trivially_default_constructible_v<T>)
      for (std::size_t i = 0; i < count; ++i) new (data_ + i) T();
  }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  ~Taken() {
    if constexpr (!std::is_trivially_destructible_v<T>)
      for (std::size_t i = 0; i < size_; ++i) data_[i].~T();
    workspace_.release(mark_);
  }

  T& operator[](std::size_t i) { return data_[i]; }
  T* data() { return data_; }
  std::size_t size() const { return size_; }
  std::span<T> span() { return {data_, size_}; }

 private:
  Workspace& workspace_;
  Workspace::Mark mark_;
  T* data_;
  std::size_t size_;
};

}  // namespace dmn
