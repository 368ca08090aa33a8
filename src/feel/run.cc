#include "feel/run.h"

#include <algorithm>
#include <new>

namespace feel {
namespace {

constexpr std::size_t kMostReasons = 1000;  // a trace of more says nothing more
constexpr std::size_t kChunkValues = 2730;  // 64 kB

// The limits that end a whole evaluation, as reasons that outlive it.
const Reason& limit_reason(ReasonCode limit) {
  static const Reason kSteps(ReasonCode::limit_steps), kStack(ReasonCode::limit_stack), kCalls(ReasonCode::limit_calls), kSize(ReasonCode::limit_loop_size),
      kResults(ReasonCode::limit_loop_results, base::limits::kFeelListItems);
  switch (limit) {
    case ReasonCode::limit_stack: return kStack;
    case ReasonCode::limit_calls: return kCalls;
    case ReasonCode::limit_loop_size: return kSize;
    case ReasonCode::limit_loop_results: return kResults;
    default: return kSteps;
  }
}

}  // namespace

constinit thread_local Run* Run::current_ = nullptr;
constinit thread_local ValueStack ValueStack::stack_{};

void Run::share() {
  steps_left = std::min(steps_left, outer_->steps_left);
  calls = outer_->calls;
  stack_base = outer_->stack_base;
  stopped = outer_->stopped;
}

bool Run::stop(ReasonCode limit) {
  if (stopped == nullptr) {
    stopped = &limit_reason(limit);
    note(*stopped);
  }
  return false;
}

void Run::note(Reason reason) const {
  if (env.reasons != nullptr && env.reasons->size() < kMostReasons) env.reasons->push_back(std::move(reason));
}

struct ValueStack::Chunk {
  Chunk* after = nullptr;
  std::size_t size = 0;
  Value* values() { return reinterpret_cast<Value*>(this + 1); }

  static Chunk* make(std::size_t size) {
    auto* const chunk = new (::operator new(sizeof(Chunk) + size * sizeof(Value))) Chunk{nullptr, size};
    std::uninitialized_value_construct_n(chunk->values(), size);
    return chunk;
  }
};

namespace {

struct FirstChunk {  // the thread's chunks, freed when it ends
  ValueStack::Chunk* chunk = nullptr;
  ~FirstChunk() {
    while (chunk != nullptr) ::operator delete(std::exchange(chunk, chunk->after));
  }
};
thread_local FirstChunk first_chunk;

}  // namespace

void ValueStack::next_chunk(std::size_t size) {
  Chunk*& next = chunk == nullptr ? first_chunk.chunk : chunk->after;
  if (next != nullptr && next->size < size) {  // too small for this one: it and those after it are not in use
    Chunk* old = std::exchange(next, nullptr);
    while (old != nullptr) ::operator delete(std::exchange(old, old->after));
  }
  if (next == nullptr) next = Chunk::make(std::max(size, kChunkValues));
  chunk = next;
  top = next->values();
  end = top + next->size;
}

}  // namespace feel
