// Inside the room: a vector for the time of a call, from a store of the thread: it keeps its capacity, so that what has run
// once allocates nothing when it runs again.
#pragma once
#include <utility>
#include <vector>

namespace feel {

template <class T>
class Scratch {
 public:
  Scratch() {
    auto& kept = store();
    if (kept.empty()) return;
    items_ = std::move(kept.back());
    kept.pop_back();
  }
  ~Scratch() {
    constexpr std::size_t kMost = 1u << 16;  // bytes of one that is kept
    items_.clear();
    if (items_.capacity() * sizeof(T) <= kMost && store().size() < 16) store().push_back(std::move(items_));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::vector<T>& operator*() { return items_; }
  std::vector<T>* operator->() { return &items_; }
  const std::vector<T>& operator*() const { return items_; }
  const std::vector<T>* operator->() const { return &items_; }

 private:
  static std::vector<std::vector<T>>& store() {
    thread_local std::vector<std::vector<T>> kept;
    return kept;
  }
  std::vector<T> items_;
};

}  // namespace feel
