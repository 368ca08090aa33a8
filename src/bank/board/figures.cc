#include "bank/board/figures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/limits_board.h"
#include "base/random.h"
#include "bpmn/iso8601.h"

namespace bank::board {
namespace {

using base::ErrorCode;

constexpr double kMost = 1e9;  // minutes: four thousand years are a slip of the pen

base::Result<double> parse_one(std::string_view text) {
  const auto wrong = [&] {
    return base::fail(ErrorCode::invalid_argument, "'" + std::string(text.substr(0, 40)) + "' is no duration", {}, "PT45M, PT1H30M, P5D (working days), P2W, P1M, or a range PT1H/PT2H");
  };
  if (!bpmn::is_iso_duration(text)) return wrong();
  double minutes = 0, number = 0, fraction = 0;
  bool time = false;
  for (const char c : text.substr(1)) {
    if (c >= '0' && c <= '9') {
      number = fraction > 0 ? number + (c - '0') * fraction : number * 10 + (c - '0');
      if (fraction > 0) fraction /= 10;
      continue;
    }
    if (c == '.' || c == ',') {
      fraction = 0.1;
      continue;
    }
    if (c == 'T') time = true;
    else if (c == 'Y') minutes += number * 12 * kMonth;
    else if (c == 'M') minutes += number * (time ? 1 : kMonth);
    else if (c == 'W') minutes += number * kWeek;
    else if (c == 'D') minutes += number * kDay;
    else if (c == 'H') minutes += number * kHour;
    else if (c == 'S') minutes += number / 60;
    else return wrong();
    number = fraction = 0;
  }
  if (minutes > kMost) return wrong();
  return minutes;
}

// 1.5 → "1½", 2 → "2", 1.25 → "1,3"
std::string number(double value) {
  const double halves = std::round(value * 2) / 2;
  if (std::abs(value - halves) < 0.02) {
    const auto whole = static_cast<long long>(halves);
    if (halves == static_cast<double>(whole)) return std::to_string(whole);
    return (whole == 0 ? "" : std::to_string(whole)) + "½";
  }
  const auto tenths = static_cast<long long>(std::llround(value * 10));
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "," + std::to_string(tenths % 10));
}

bool halves(double value) { return std::abs(value * 2 - std::round(value * 2)) < 1e-9; }

struct Unit { double minutes; const char *one, *many; };

Unit unit_of(const Range& range) {
  constexpr Unit kMinutes{1, "minut", "minutter"}, kHours{kHour, "time", "timer"}, kDays{kDay, "hverdag", "hverdage"}, kWeeks{kWeek, "uge", "uger"};
  if (range.low >= 2 * kWeek) return kWeeks;
  if (range.high >= kDay) return kDays;
  if (range.high < kHour) return kMinutes;
  const bool even = halves(range.low / kHour) && halves(range.high / kHour);
  return even || range.high > 2 * kHour ? kHours : kMinutes;
}

// One case: each card's own stream of chance, so that moving one card does not shake the others' times.
struct Chance {
  explicit Chance(const std::string& id) : random(seed(id)) {}
  static std::uint64_t seed(const std::string& id) {
    std::uint64_t hash = 1469598103934665603ull;  // FNV-1a
    for (const unsigned char c : id) hash = (hash ^ c) * 1099511628211ull;
    return hash;
  }
  double between(const Range& range) { return range.low + (range.high - range.low) * static_cast<double>(random.below(1'000'001)) / 1e6; }
  base::SeededRandom random;
};

double at_share(std::vector<double>& values, double share) {
  const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace

base::Result<Range> parse_range(std::string_view text) {
  if (text.empty()) return Range{};
  const auto slash = text.find('/');
  TRY(const double low, parse_one(text.substr(0, slash)));
  if (slash == std::string_view::npos) return Range{low, low};
  TRY(const double high, parse_one(text.substr(slash + 1)));
  if (high < low) return base::fail(ErrorCode::invalid_argument, "the range ends before it begins", {}, "the shorter one first: PT1H/PT2H");
  return Range{low, high};
}

std::string words(const Range& range) {
  if (range.high <= 0) return "0 minutter";
  const Unit unit = unit_of(range);
  const auto text = [&](double minutes) {
    const double value = minutes / unit.minutes;
    const double step = unit.minutes == 1 ? 1 : unit.minutes >= kDay && value >= 2 ? 0.5 : 0.1;  // whole minutes; from two days on half ones
    return number(std::round(value / step) * step);
  };
  const std::string low = text(range.low), high = text(range.high);
  const bool one = high == "1" || high == "½" || high == "1½";
  return (low == high ? low : low + "–" + high) + " " + (one ? unit.one : unit.many);
}

Figures figures(std::vector<Timed> cards) {
  std::sort(cards.begin(), cards.end(), [](const Timed& a, const Timed& b) { return a.id < b.id; });
  Figures out;
  std::map<int, Range> columns;
  bool certain = true;
  for (const Timed& card : cards) {
    const bool always = card.share >= 100;
    certain = certain && always && card.handling.low == card.handling.high && card.waiting.low == card.waiting.high;
    Range& column = columns[card.column];
    if (always) column.low = std::max(column.low, card.handling.low + card.waiting.low);
    if (card.share > 0) column.high = std::max(column.high, card.handling.high + card.waiting.high);
    if (always) out.handling.low += card.handling.low;
    if (card.share > 0) out.handling.high += card.handling.high;
  }
  for (const auto& [index, column] : columns) {
    out.lead.low += column.low;
    out.lead.high += column.high;
  }
  out.lead_median = out.lead_most = out.lead.high;
  out.handling_median = out.handling_most = out.handling.high;
  if (certain) return out;
  std::vector<Chance> chances;
  for (const Timed& card : cards) chances.emplace_back(card.id);
  std::vector<double> leads, handlings;
  for (int i = 0; i < base::limits::kBoardSamples; ++i) {
    std::map<int, double> longest;
    double handling = 0;
    for (std::size_t c = 0; c < cards.size(); ++c) {
      const bool happens = chances[c].random.chance(static_cast<std::uint32_t>(std::clamp(cards[c].share, 0, 100)));
      const double work = chances[c].between(cards[c].handling), wait = chances[c].between(cards[c].waiting);
      if (!happens) continue;
      handling += work;
      longest[cards[c].column] = std::max(longest[cards[c].column], work + wait);
    }
    double lead = 0;
    for (const auto& [index, time] : longest) lead += time;
    leads.push_back(lead);
    handlings.push_back(handling);
  }
  out.lead_median = at_share(leads, 0.5);
  out.lead_most = at_share(leads, 0.9);
  out.handling_median = at_share(handlings, 0.5);
  out.handling_most = at_share(handlings, 0.9);
  return out;
}

}  // namespace bank::board
