// The only way from decide to state: an event is encoded into the batch and applied at once (invariant 1).
#pragma once
#include "engine/state/state.h"

namespace engine {

class Emitter {
 public:
  // The writer is the partition's, so that it keeps its size.
  Emitter(State& state, Batch& batch, store::Keys* keys, base::Millis now, base::Status& fault, base::Writer& writer)
      : state_(state), batch_(batch), keys_(keys), now_(now), fault_(fault), writer_(writer) {}
  // The next event takes the first ready step with it.
  void consume_next() { consume_ = true; }
  bool consumed() const { return !consume_; }

  template <class E> void operator()(const E& event) {
    writer_.clear();
    if (auto status = encode(event, writer_, keys_); !status && fault_) fault_ = status;
    const std::uint64_t position = state_.meta.position + 1;
    const bool consumes = std::exchange(consume_, false);
    batch_.add(type_of<E>(), newest_version(type_of<E>()), consumes, position, now_, writer_.bytes());
    state_.apply_record(event, position, now_, consumes);
  }

 private:
  State& state_;
  Batch& batch_;
  store::Keys* keys_;
  base::Millis now_;
  base::Status& fault_;
  bool consume_ = false;
  base::Writer& writer_;
};

}  // namespace engine
