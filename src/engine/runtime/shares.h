// How many commands of each root instance were taken in one turn: a table that is cleared, not freed.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "engine/runtime/limits.h"
#include "engine/state/tables.h"

namespace engine {

class Shares {
 public:
  void clear() { slots_.assign(kSlots, {}); }
  std::uint32_t count(Key root) {  // after clear(), at most kTurnLooks times; root is not 0
    std::size_t i = hash_of(root) % kSlots;
    while (slots_[i].first != root && slots_[i].first != 0) i = (i + 1) % kSlots;
    slots_[i].first = root;
    return ++slots_[i].second;
  }

 private:
  static constexpr std::size_t kSlots = 4 * limits::kTurnLooks;  // never more than a quarter full
  std::vector<std::pair<Key, std::uint32_t>> slots_;             // empty until it is needed
};

}  // namespace engine
