// What the words mean, looked up from both sides.
#include "bpmn/iso8601.h"
#include "bpmn/notation/draft.h"

namespace bpmn::notation {

std::string_view word_of(ElementType type) {
  switch (type) {
#define FLOW(word, type) case ElementType::type: return word;
#define KIND(word, kind)
#define CONTROL(word)
#define DETAIL(word, words)
#include "bpmn/notation/words.def"
#undef FLOW
#undef KIND
    case ElementType::boundary_event: return "ved";
  }
  return "";
}

std::string_view word_of(EventKind kind) {
  switch (kind) {
#define FLOW(word, type)
#define KIND(word, kind) case EventKind::kind: return word;
#include "bpmn/notation/words.def"
#undef FLOW
#undef KIND
#undef CONTROL
#undef DETAIL
    default: return "";
  }
}

bool is_container(ElementType type) {
  return type == ElementType::sub_process || type == ElementType::event_sub_process || type == ElementType::transaction || type == ElementType::ad_hoc_sub_process;
}
bool is_gateway(ElementType type) {
  return type == ElementType::exclusive_gateway || type == ElementType::parallel_gateway || type == ElementType::inclusive_gateway ||
         type == ElementType::event_based_gateway || type == ElementType::complex_gateway;
}
bool is_event(ElementType type) {
  return type == ElementType::start_event || type == ElementType::end_event || type == ElementType::intermediate_catch_event ||
         type == ElementType::intermediate_throw_event || type == ElementType::boundary_event;
}
bool is_activity(ElementType type) { return !is_gateway(type) && !is_event(type); }

TimerKind timer_of(std::string_view text) {
  if (is_iso_duration(text)) return TimerKind::duration;
  if (is_iso_date_time(text)) return TimerKind::date;
  if (is_iso_repeating_interval(text) || text.find(' ') != std::string_view::npos) {
    if (!text.starts_with('=')) return TimerKind::cycle;
  }
  return TimerKind::none;
}

}  // namespace bpmn::notation
