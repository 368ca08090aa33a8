// Text forms of dates, times and durations (section 10.3.4.1, XML Schema 1.1 part 2, zone ids after '@').
#include <cstdio>

#include "feel/temporal_math.h"

namespace feel {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view rest() const { return text_.substr(at_); }
  bool digit() const { return !at_end() && text_[at_] >= '0' && text_[at_] <= '9'; }

  // The run of digits here; false when its length is outside min..max.
  bool digits(std::size_t min, std::size_t max, std::string_view& out) {
    const std::size_t start = at_;
    while (digit()) ++at_;
    out = text_.substr(start, at_ - start);
    return out.size() >= min && out.size() <= max;
  }
  bool number(std::size_t min, std::size_t max, std::int64_t& out) {
    std::string_view run;
    if (!digits(min, max, run)) return false;
    out = 0;
    for (char c : run) out = out * 10 + (c - '0');
    return true;
  }
  bool two(int& out) {
    std::int64_t value;
    if (!number(2, 2, value)) return false;
    out = static_cast<int>(value);
    return true;
  }
  bool fraction(std::size_t min, std::int32_t& nano) {  // after the point
    std::string_view run;
    if (!digits(min, 9, run)) return false;
    nano = 0;
    for (std::size_t i = 0; i < 9; ++i) nano = nano * 10 + (i < run.size() ? run[i] - '0' : 0);
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool read_date(Reader& in, Date& out) {
  const bool negative = in.take('-');
  std::string_view year;
  if (!in.digits(4, 9, year) || (year.size() > 4 && year[0] == '0')) return false;
  out.year = 0;
  for (char c : year) out.year = out.year * 10 + (c - '0');
  if (negative) out.year = -out.year;
  return in.take('-') && in.two(out.month) && in.take('-') && in.two(out.day) && valid(out);
}

bool read_zone(Reader& in, Zone& out) {
  if (in.at_end()) return true;
  if (in.take('Z') || in.take('z')) {  // the specification's own examples write a small z
    out.offset_s = 0;
    return in.at_end();
  }
  if (in.take('@')) {
    out.id = in.rest();
    return zone_offset_at(out.id, 0).has_value();
  }
  const bool negative = in.take('-');
  if (!negative && !in.take('+')) return false;
  int hour = 0, minute = 0, second = 0;
  if (!in.two(hour) || !in.take(':') || !in.two(minute)) return false;
  if (in.take(':') && !in.two(second)) return false;
  const int total = hour * 3600 + minute * 60 + second;
  if (minute > 59 || second > 59 || total > 18 * 3600) return false;  // java.time and XML Schema's ±14 h both stay inside
  out.offset_s = negative ? -total : total;
  return in.at_end();
}

// `next_day` is set for 24:00:00, which is 00:00:00 of the next day.
bool read_time(Reader& in, Time& out, bool& next_day) {
  if (!in.two(out.hour) || !in.take(':') || !in.two(out.minute) || !in.take(':') || !in.two(out.second)) return false;
  if (in.take('.') && !in.fraction(1, out.nano)) return false;
  if (out.minute > 59 || out.second > 59 || out.hour > 24) return false;
  next_day = out.hour == 24;
  if (next_day && (out.minute != 0 || out.second != 0 || out.nano != 0)) return false;
  if (next_day) out.hour = 0;
  return read_zone(in, out.zone);
}

void two(std::string& out, int value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

void fraction(std::string& out, std::int32_t nano) {
  if (nano == 0) return;
  char digits[16];
  std::snprintf(digits, sizeof digits, ".%09d", nano);
  std::string_view shown(digits);
  while (shown.back() == '0') shown.remove_suffix(1);
  out += shown;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Reader in(text);
  Date date;
  return read_date(in, date) && in.at_end() ? std::optional(date) : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text) {
  Reader in(text);
  Time time;
  bool next_day = false;
  return read_time(in, time, next_day) ? std::optional(time) : std::nullopt;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  Reader in(text);
  DateTime result;
  bool next_day = false;
  if (!read_date(in, result.date) || !in.take('T') || !read_time(in, result.time, next_day)) return std::nullopt;
  if (next_day) result.date = civil_from_days(days_from_civil(result.date) + 1);
  return valid(result.date) ? std::optional(result) : std::nullopt;
}

std::optional<YearsMonths> parse_years_months(std::string_view text) {
  Reader in(text);
  const bool negative = in.take('-');
  if (!in.take('P') || in.at_end()) return std::nullopt;
  std::int64_t months = 0, value = 0;
  bool years_seen = false;
  while (!in.at_end()) {
    if (!in.number(1, 12, value)) return std::nullopt;
    if (!years_seen && in.take('Y')) {
      years_seen = true;
      months = value * 12;
    } else if (in.take('M') && in.at_end()) {
      months += value;
    } else {
      return std::nullopt;
    }
  }
  return YearsMonths{negative ? -months : months};
}

std::optional<DaysTime> parse_days_time(std::string_view text) {
  Reader in(text);
  const bool negative = in.take('-');
  if (!in.take('P') || in.at_end()) return std::nullopt;
  __int128 seconds = 0;
  std::int32_t nano = 0;
  std::int64_t value = 0;
  if (in.digit()) {
    if (!in.number(1, 17, value) || !in.take('D')) return std::nullopt;
    seconds = static_cast<__int128>(value) * 86'400;
  }
  if (!in.at_end()) {
    if (!in.take('T') || in.at_end()) return std::nullopt;
    int last = 0;  // H, M, S come in this order, each once
    while (!in.at_end()) {
      if (!in.number(1, 17, value)) return std::nullopt;
      if (last < 1 && in.take('H')) {
        last = 1;
        seconds += static_cast<__int128>(value) * 3600;
      } else if (last < 2 && in.take('M')) {
        last = 2;
        seconds += static_cast<__int128>(value) * 60;
      } else {
        if (in.take('.') && !in.fraction(0, nano)) return std::nullopt;
        if (!in.take('S') || !in.at_end()) return std::nullopt;
        seconds += value;
      }
    }
  }
  const __int128 nanos = seconds * 1'000'000'000 + nano;
  return make_days_time(negative ? -nanos : nanos);
}

std::string text(const Date& d) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%s%04lld-%02d-%02d", d.year < 0 ? "-" : "", static_cast<long long>(d.year < 0 ? -d.year : d.year),
                d.month, d.day);
  return buffer;
}

std::string text(const Time& t) {
  std::string out;
  two(out, t.hour);
  out += ':';
  two(out, t.minute);
  out += ':';
  two(out, t.second);
  fraction(out, t.nano);
  if (!t.zone.id.empty()) return out + "@" + t.zone.id;
  if (!t.zone.offset_s) return out;
  if (*t.zone.offset_s == 0) return out + "Z";
  const int offset = *t.zone.offset_s < 0 ? -*t.zone.offset_s : *t.zone.offset_s;
  out += *t.zone.offset_s < 0 ? '-' : '+';
  two(out, offset / 3600);
  out += ':';
  two(out, offset / 60 % 60);
  if (offset % 60 != 0) {
    out += ':';
    two(out, offset % 60);
  }
  return out;
}

std::string text(const DateTime& d) { return text(d.date) + "T" + text(d.time); }

std::string text(const YearsMonths& d) {
  if (d.months == 0) return "P0M";
  const std::uint64_t months = d.months < 0 ? 0 - static_cast<std::uint64_t>(d.months) : static_cast<std::uint64_t>(d.months);
  std::string out = d.months < 0 ? "-P" : "P";
  if (months >= 12) out += std::to_string(months / 12) + "Y";
  if (months % 12 != 0) out += std::to_string(months % 12) + "M";
  return out;
}

std::string text(const DaysTime& d) {
  const bool negative = d.seconds < 0 || d.nano < 0;
  const std::uint64_t seconds = d.seconds < 0 ? 0 - static_cast<std::uint64_t>(d.seconds) : static_cast<std::uint64_t>(d.seconds);
  const std::int32_t nano = d.nano < 0 ? -d.nano : d.nano;
  if (seconds == 0 && nano == 0) return "PT0S";
  std::string out = negative ? "-P" : "P";
  if (seconds >= 86'400) out += std::to_string(seconds / 86'400) + "D";
  if (seconds % 86'400 == 0 && nano == 0) return out;
  out += "T";
  if (seconds / 3600 % 24 != 0) out += std::to_string(seconds / 3600 % 24) + "H";
  if (seconds / 60 % 60 != 0) out += std::to_string(seconds / 60 % 60) + "M";
  if (seconds % 60 != 0 || nano != 0) {
    out += std::to_string(seconds % 60);
    fraction(out, nano);
    out += "S";
  }
  return out;
}

}  // namespace feel
