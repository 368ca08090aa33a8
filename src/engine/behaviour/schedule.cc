#include "engine/behaviour/schedule.h"

#include <array>
#include <bitset>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"
#include "feel/temporal.h"

namespace engine {

namespace {

struct Interval { base::Millis ms = 0; std::int64_t months = 0; };

std::optional<Interval> parse_duration(std::string_view text) {
  if (const auto days = feel::parse_days_time(text)) return Interval{days->seconds * 1000 + days->nano / 1'000'000, 0};
  if (const auto months = feel::parse_years_months(text)) return Interval{0, months->months};
  // ISO 8601 mixes both; FEEL does not: split P1Y2M3DT4H into its two parts.
  const std::size_t t = text.find('T');
  const std::size_t m = text.find_last_of("YM", t == std::string_view::npos ? t : t - (t > 0));
  if (text.starts_with('P') && m != std::string_view::npos && m + 1 < text.size()) {
    const auto months = feel::parse_years_months(text.substr(0, m + 1));
    const auto rest = feel::parse_days_time("P" + std::string(text.substr(m + 1)));
    if (months && rest) return Interval{rest->seconds * 1000 + rest->nano / 1'000'000, months->months};
  }
  return std::nullopt;
}

std::optional<base::Millis> parse_moment(std::string_view text, const std::string& zone) {
  if (const auto moment = feel::parse_date_time(text)) return feel::to_millis(*moment, zone);
  if (const auto date = feel::parse_date(text)) return feel::to_millis({*date, {}}, zone);
  return std::nullopt;
}

base::Millis plus_months(base::Millis from, std::int64_t months, const std::string& zone) {
  feel::DateTime at = feel::from_millis(from, zone);
  const std::int64_t total = at.date.year * 12 + (at.date.month - 1) + months;
  at.date.year = total >= 0 ? total / 12 : (total - 11) / 12;
  at.date.month = static_cast<int>(total - at.date.year * 12) + 1;
  while (at.date.day > 28 && !feel::valid(at.date)) --at.date.day;
  return feel::to_millis(at, zone).value_or(from);
}

// Cron: [second] minute hour day-of-month month day-of-week, with lists, ranges, steps; @hourly and its kind.
struct Cron { std::array<std::bitset<64>, 6> fields; bool any_day = false, any_weekday = false; };

std::optional<int> number(std::string_view text, int field) {
  static constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  static constexpr std::array<std::string_view, 7> kDays{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
  const std::string word = base::upper(text);
  if (field == 4) for (int i = 0; i < 12; ++i) if (word == kMonths[static_cast<std::size_t>(i)]) return i + 1;
  if (field == 5) for (int i = 0; i < 7; ++i) if (word == kDays[static_cast<std::size_t>(i)]) return i;
  int value = 0;
  const auto end = text.data() + text.size();
  if (const auto [at, error] = std::from_chars(text.data(), end, value); error != std::errc() || at != end || text.empty()) return std::nullopt;
  return value;
}

bool parse_field(std::string_view text, int field, std::bitset<64>& into) {
  static constexpr int kLow[6] = {0, 0, 0, 1, 1, 0}, kHigh[6] = {59, 59, 23, 31, 12, 7};
  for (const std::string_view part : base::split(text, ',')) {
    std::string_view range = part;
    int step = 1;
    if (const std::size_t slash = part.find('/'); slash != std::string_view::npos) {
      const auto value = number(part.substr(slash + 1), 0);
      if (!value || *value < 1) return false;
      step = *value;
      range = part.substr(0, slash);
    }
    int low = kLow[field], high = kHigh[field];
    if (range != "*" && range != "?") {
      const std::size_t dash = range.find('-');
      const auto first = number(range.substr(0, dash), field);
      const auto last = dash == std::string_view::npos ? first : number(range.substr(dash + 1), field);
      if (!first || !last) return false;
      low = *first;
      high = dash == std::string_view::npos && range.size() != part.size() ? kHigh[field] : *last;
    }
    if (low < kLow[field] || high > kHigh[field] || low > high) return false;
    for (int i = low; i <= high; i += step) into.set(static_cast<std::size_t>(field == 5 && i == 7 ? 0 : i));
  }
  return true;
}

std::optional<Cron> parse_cron(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
      {"@yearly", "0 0 0 1 1 *"}, {"@annually", "0 0 0 1 1 *"}, {"@monthly", "0 0 0 1 * *"}, {"@weekly", "0 0 0 * * 0"},
      {"@daily", "0 0 0 * * *"}, {"@midnight", "0 0 0 * * *"}, {"@hourly", "0 0 * * * *"}};
  for (const auto& [name, meaning] : kNamed) if (text == name) text = meaning;
  std::vector<std::string_view> parts;
  for (const std::string_view part : base::split(text, ' ')) if (!part.empty()) parts.push_back(part);
  if (parts.size() == 5) parts.insert(parts.begin(), "0");
  if (parts.size() != 6) return std::nullopt;
  Cron cron;
  for (int i = 0; i < 6; ++i) if (!parse_field(parts[static_cast<std::size_t>(i)], i, cron.fields[static_cast<std::size_t>(i)])) return std::nullopt;
  cron.any_day = parts[3] == "*" || parts[3] == "?";
  cron.any_weekday = parts[5] == "*" || parts[5] == "?";
  return cron;
}

base::Millis next_cron(const Cron& cron, base::Millis from, const std::string& zone) {
  const feel::DateTime start = feel::from_millis((from / 1000 + 1) * 1000, zone);
  std::int64_t day = feel::days_from_civil(start.date);
  int second = start.time.hour * 3600 + start.time.minute * 60 + start.time.second;
  for (int tries = 0; tries < 366 * 8; ++tries, ++day, second = 0) {  // 29 February comes within eight years
    const feel::Date date = feel::civil_from_days(day);
    const auto weekday = static_cast<std::size_t>(((day % 7) + 11) % 7);  // 1970-01-01 was a Thursday; Sunday is 0
    const bool by_day = cron.fields[3].test(static_cast<std::size_t>(date.day)), by_weekday = cron.fields[5].test(weekday);
    const bool fits = cron.any_day ? by_weekday : cron.any_weekday ? by_day : by_day || by_weekday;
    if (!fits || !cron.fields[4].test(static_cast<std::size_t>(date.month))) continue;
    for (int s = second; s < 86'400;) {
      if (!cron.fields[2].test(static_cast<std::size_t>(s / 3600))) { s = (s / 3600 + 1) * 3600; continue; }
      if (!cron.fields[1].test(static_cast<std::size_t>(s / 60 % 60))) { s = (s / 60 + 1) * 60; continue; }
      if (!cron.fields[0].test(static_cast<std::size_t>(s % 60))) { ++s; continue; }
      feel::DateTime at{date, {}};
      at.time.hour = s / 3600;
      at.time.minute = s / 60 % 60;
      at.time.second = s % 60;
      if (const auto due = feel::to_millis(at, zone); due && *due > from) return *due;
      ++s;
    }
  }
  return 0;
}

std::expected<Schedule, std::string> parse_cycle(std::string_view text, base::Millis now, const std::string& zone) {
  Schedule schedule;
  if (!text.starts_with('R')) {
    const auto cron = parse_cron(text);
    if (!cron) return std::unexpected("'" + std::string(text) + "' is neither R[n]/duration nor cron, e.g. R3/PT10S or 0 0 6 * * MON-FRI");
    schedule.due = next_cron(*cron, now, zone);
    if (schedule.due == 0) return std::unexpected("cron '" + std::string(text) + "' never comes");
    schedule.left = -1;
    schedule.interval_text = text;
    return schedule;
  }
  const auto parts = base::split(text, '/');
  std::int32_t times = -1;
  if (parts[0].size() > 1) {
    const auto count = number(parts[0].substr(1), 0);
    if (!count || *count < 1) return std::unexpected("'" + std::string(parts[0]) + "' is no number of times, e.g. R3 or R");
    times = *count;
  }
  const auto interval = parts.size() >= 2 && parts.size() <= 3 ? parse_duration(parts.back()) : std::nullopt;
  if (!interval || (interval->ms <= 0 && interval->months <= 0)) return std::unexpected("'" + std::string(text) + "' has no positive duration, e.g. R3/PT10S");
  schedule.left = times < 0 ? -1 : times - 1;
  schedule.interval_ms = interval->months == 0 ? interval->ms : 0;
  if (interval->months != 0) schedule.interval_text = parts.back();
  schedule.due = after(now, schedule.interval_ms, schedule.interval_text, zone);
  if (parts.size() == 3) {
    const auto start = parse_moment(parts[1], zone);
    if (!start) return std::unexpected("'" + std::string(parts[1]) + "' is no date and time");
    schedule.due = *start;
    while (schedule.due < now && schedule.left != 0) {
      if (schedule.left > 0) --schedule.left;
      if (schedule.interval_ms > 0 && schedule.left < 0) {
        schedule.due += ((now - schedule.due) / schedule.interval_ms + 1) * schedule.interval_ms;
        break;
      }
      schedule.due = after(schedule.due, schedule.interval_ms, schedule.interval_text, zone);
    }
  }
  return schedule;
}

}  // namespace

base::Millis after(base::Millis due, base::Millis interval_ms, const std::string& interval_text, const std::string& zone) {
  if (interval_text.empty()) return due + interval_ms;
  if (const auto interval = parse_duration(interval_text)) return plus_months(due, interval->months, zone) + interval->ms;
  if (const auto cron = parse_cron(interval_text)) return next_cron(*cron, due, zone);
  return 0;
}

bool is_period(std::string_view text) {
  const auto period = parse_duration(base::trim(text));
  return period && period->ms >= 0 && period->months >= 0 && (period->ms > 0 || period->months > 0);
}

base::Millis period_before(base::Millis moment, std::string_view period, const std::string& zone) {
  const auto parsed = parse_duration(base::trim(period));
  return parsed ? plus_months(moment, -parsed->months, zone) - parsed->ms : moment;
}

std::expected<Schedule, std::string> parse_schedule(bpmn::TimerKind kind, std::string_view text, base::Millis now, const std::string& zone) {
  text = base::trim(text);
  if (kind == bpmn::TimerKind::cycle) return parse_cycle(text, now, zone);
  Schedule schedule;
  if (kind == bpmn::TimerKind::date) {
    const auto moment = parse_moment(text, zone);
    if (!moment) return std::unexpected("'" + std::string(text) + "' is no date and time, e.g. 2026-12-01T08:00:00+01:00");
    schedule.due = *moment;
    return schedule;
  }
  const auto duration = parse_duration(text);
  if (!duration) return std::unexpected("'" + std::string(text) + "' is no duration, e.g. PT15M or P14D");
  schedule.due = plus_months(now, duration->months, zone) + duration->ms;
  return schedule;
}

}  // namespace engine
