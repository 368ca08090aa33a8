// Timer texts (BPMN 2.0.2 section 10.5.5, ISO 8601; cron as Camunda writes it): when, and how often.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "bpmn/model.h"

namespace engine {

struct Schedule {
  base::Millis due = 0, interval_ms = 0;
  std::int32_t left = 0;         // firings after the first; -1 = for ever
  std::string interval_text;     // months and years, or cron: no constant number of ms
};
// The error says what was wrong and what would be right.
std::expected<Schedule, std::string> parse_schedule(bpmn::TimerKind, std::string_view text, base::Millis now, const std::string& zone);
bool is_period(std::string_view);  // a positive ISO 8601 duration
// The moment that lies a period before; the moment itself where the text is no period.
base::Millis period_before(base::Millis moment, std::string_view period, const std::string& zone);
base::Millis after(base::Millis due, base::Millis interval_ms, const std::string& interval_text, const std::string& zone);

}  // namespace engine
