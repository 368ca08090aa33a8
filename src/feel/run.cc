#include "feel/run.h"

namespace feel {
namespace {
thread_local Run* current_run = nullptr;
constexpr std::size_t kMostReasons = 1000;  // a trace of more says nothing more

std::uintptr_t stack_here() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }
}  // namespace

Run::Run(const Environment& environment) : env(environment), steps_left(environment.max_steps), stack_base(stack_here()), outer_(current_run) {
  if (outer_ != nullptr) {
    steps_left = std::min(steps_left, outer_->steps_left);
    calls = outer_->calls;
    stack_base = outer_->stack_base;
    stopped = outer_->stopped;
  }
  allowed_ = steps_left;
  current_run = this;
}

Run::~Run() {
  current_run = outer_;
  if (outer_ != nullptr) {
    outer_->steps_left -= allowed_ - steps_left;
    if (stopped != nullptr) outer_->stopped = stopped;
  }
}

Run* Run::current() { return current_run; }

bool Run::stop(const char* limit) {
  if (stopped == nullptr) {
    stopped = limit;
    note(Reason(ReasonCode::text, std::string_view(limit)));
  }
  return false;
}

bool Run::stack_left() {
  if (stack_base - stack_here() < base::limits::kFeelStackBytes) return true;  // the stack grows down
  return stop("the evaluation is nested too deep");
}

void Run::note(Reason reason) const {
  if (env.reasons != nullptr && env.reasons->size() < kMostReasons) env.reasons->push_back(std::move(reason));
}

}  // namespace feel
