// Inside the room: what one evaluation has used, and the stack of its values. Nested evaluations (a function that calls back
// into another expression) share the outer one's allowance.
#pragma once
#include <cstdint>
#include <string>

#include "feel/feel.h"

namespace feel {

struct Run {
  const Environment& env;
  std::uint64_t steps_left;
  int calls = 0;
  std::uintptr_t stack_base = 0;
  const Reason* stopped = nullptr;  // which limit ended the evaluation; everything after is null

  explicit Run(const Environment& environment) : env(environment), steps_left(environment.max_steps), stack_base(stack_here()), outer_(current_) {
    if (outer_ != nullptr) share();
    allowed_ = steps_left;
    current_ = this;
  }
  ~Run() {
    current_ = outer_;
    if (outer_ == nullptr) return;
    outer_->steps_left -= allowed_ - steps_left;
    if (stopped != nullptr) outer_->stopped = stopped;
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool spend(std::uint64_t steps) {
    if (steps_left >= steps && stopped == nullptr) [[likely]] {
      steps_left -= steps;
      return true;
    }
    return stop(ReasonCode::limit_steps);
  }
  bool stop(ReasonCode limit);  // false
  bool stack_left() {
    if (stack_base - stack_here() < base::limits::kFeelStackBytes) [[likely]] return true;  // the stack grows down
    return stop(ReasonCode::limit_stack);
  }
  void note(Reason) const;  // into env.reasons

  static Run* current() { return current_; }  // of this thread

 private:
  static std::uintptr_t stack_here() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }
  void share();
  static constinit thread_local Run* current_;
  Run* outer_;
  std::uint64_t allowed_;
};

// The values of frames, arguments and results in the making: a stack of the thread that never moves what it holds.
// Every place above its top is null.
class ValueStack {
 public:
  struct Chunk;
  Value* top = nullptr;
  Value* end = nullptr;
  Chunk* chunk = nullptr;

  static ValueStack& here() { return stack_; }
  void next_chunk(std::size_t size);

 private:
  static constinit thread_local ValueStack stack_;
};

// A piece of the stack for as long as this lives.
class Values {
 public:
  explicit Values(std::size_t size) : stack_(ValueStack::here()), top_(stack_.top), end_(stack_.end), chunk_(stack_.chunk), size_(size) {
    if (static_cast<std::size_t>(stack_.end - stack_.top) < size) [[unlikely]] stack_.next_chunk(size);
    first_ = stack_.top;
    stack_.top += size;
  }
  ~Values() {
    for (std::size_t i = 0; i < size_; ++i) first_[i].clear();
    stack_.top = top_;
    stack_.end = end_;
    stack_.chunk = chunk_;
  }
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  Value& operator[](std::size_t i) { return first_[i]; }
  Value* data() { return first_; }
  std::size_t size() const { return size_; }
  std::span<Value> first(std::size_t count) { return {first_, count}; }
  std::span<Value> all() { return {first_, size_}; }

 private:
  ValueStack& stack_;
  Value *top_, *end_;
  ValueStack::Chunk* chunk_;
  Value* first_;
  std::size_t size_;
};

}  // namespace feel
