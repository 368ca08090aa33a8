// The shapes of ISO 8601 that timers are written in. Shape only: the engine computes with them.
#pragma once
#include <string_view>

namespace bpmn {

bool is_iso_duration(std::string_view);            // P1Y2M3DT4H5M6.7S, P2W
bool is_iso_date_time(std::string_view);           // 2026-11-21, 2026-11-21T10:00, with Z or an offset
bool is_iso_repeating_interval(std::string_view);  // R/…, R4/PT10S, R3/date/duration, R2/date/date; also a duration alone

}  // namespace bpmn
