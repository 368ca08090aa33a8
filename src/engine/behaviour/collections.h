// What a multi-instance's collection expression gave, kept beside the state while its items begin in bounded steps. Only a
// memo: it is used again as long as nothing that the expression can read has changed, so decide stays a function of the
// state (invariant 1) and a restart changes nothing. Evaluating anew for each step would be quadratic.
#pragma once
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engine/events.h"
#include "feel/feel.h"

namespace engine {

class Collections {
 public:
  struct Inputs {
    std::uint64_t writes = 0;         // Instance::writes: nothing was written since
    std::vector<std::string> values;  // packed, as the expression reads them
    base::Millis now = 0;             // 0: the expression does not ask for the time
  };
  // nullptr: nothing kept for this body that is still true. With another `writes` but the same values it is true.
  template <class Values> const feel::Value* find(Key body, std::uint64_t writes, base::Millis now, Values&& values) {
    const auto at = index_.find(body);
    if (at == index_.end()) return nullptr;
    Kept& kept = *at->second;
    if (kept.inputs.now != now) return nullptr;
    if (kept.inputs.writes != writes) {
      if (values() != kept.inputs.values) return nullptr;
      kept.inputs.writes = writes;
    }
    return &kept.value;
  }
  const feel::Value& keep(Key body, Inputs, feel::Value list);
  void drop(Key body);
  std::uint64_t evaluations() const { return evaluations_; }

 private:
  struct Kept { Key body = 0; Inputs inputs; feel::Value value; std::size_t items = 0; };
  std::list<Kept> kept_;              // oldest first
  std::unordered_map<Key, std::list<Kept>::iterator> index_;
  std::size_t items_ = 0;
  std::uint64_t evaluations_ = 0;
};

}  // namespace engine
