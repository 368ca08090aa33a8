// The clock of a board: what its cards take, from durations in working time.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"

namespace bank::board {

inline constexpr double kHour = 60, kDay = 444, kWeek = 5 * kDay, kMonth = 21 * kDay;  // minutes of work: 37 hours a week

struct Range { double low = 0, high = 0; };   // minutes of work
// "PT45M", "P5D" (working days), "P6W/P8W". Empty is 0. Errors: invalid_argument.
base::Result<Range> parse_range(std::string_view);
std::string words(const Range&);              // "45 minutter", "1–1½ time", "5 hverdage", "6–8 uger"; "0 minutter"

struct Timed {
  std::string id;
  int column = 0;
  Range handling, waiting;
  int share = 100;                            // percent of the cases
};
struct Figures {
  Range lead, handling;
  double lead_median = 0, lead_most = 0;      // of the drawn cases: half, and 90 %
  double handling_median = 0, handling_most = 0;
};
// The same cards give the same figures, in any order.
Figures figures(std::vector<Timed>);

}  // namespace bank::board
