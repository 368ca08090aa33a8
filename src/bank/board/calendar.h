// Danish working days: weekends and public holidays (helligdagsloven) are none. Days are counted from 1970-01-01 (a Thursday).
#pragma once
#include <cstdint>
#include <string>

#include "base/clock.h"

namespace bank::board {

std::int64_t day_of(int year, int month, int day);
std::string date_text(std::int64_t day);                     // 2026-12-01
bool is_working_day(std::int64_t day);
// The working day on which `days` of work that begin on `from` are done; 1 day or less is done the first working day.
std::int64_t done_on(std::int64_t from, double days);
// The Danish day of a moment (CET, CEST from the last Sunday of March to the last of October at 01:00 UTC).
std::int64_t danish_day(base::Millis);

}  // namespace bank::board
