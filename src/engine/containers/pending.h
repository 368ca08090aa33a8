// Does a step of this kind wait for its turn at an element instance?
#pragma once
#include "engine/state/state.h"

namespace engine {

inline bool pending(const State& s, const ElementInstance& at, StepKind kind) {
  for (Handle h = s.instances.find(at.instance)->ready_first; h != kNone; h = s.step_next[h])
    if (s.steps[h].kind == kind && s.steps[h].key == at.key) return true;
  return false;
}

}  // namespace engine
