// Zone offsets from the system's tzdata: an own reader of TZif files (RFC 8536), with their POSIX footer for the future.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "feel/temporal_math.h"

namespace feel {
namespace {

constexpr std::size_t kMaxZoneFile = 1u << 20;  // the largest zone file has 4 kB

// One change between standard and daylight time of a POSIX TZ rule.
struct Change {
  char form = 'M';  // M: month, week, weekday · J: day 1–365 without 29 February · n: day 0–365
  int month = 1, week = 1, day = 0;
  int second = 7200;

  std::int64_t local_seconds(std::int64_t year) const {
    std::int64_t days;
    if (form == 'M') {
      const Date first{year, month, 1};
      const int to_day = (day - weekday(first) % 7 + 7) % 7;  // POSIX: Sunday is 0
      int in_month = 1 + to_day + (week - 1) * 7;
      if (in_month > days_in_month(year, month)) in_month -= 7;
      days = days_from_civil({year, month, in_month});
    } else {
      days = days_from_civil({year, 1, 1}) + day - (form == 'J' ? 1 : 0);
      if (form == 'J' && days_in_month(year, 2) == 29 && day >= 60) ++days;
    }
    return days * 86'400 + second;
  }
};

struct Rule {
  std::int32_t standard = 0, daylight = 0;
  bool has_daylight = false;
  Change start, end;

  std::int32_t at(std::int64_t utc) const {
    if (!has_daylight) return standard;
    const std::int64_t year = at_instant(utc, 0, Zone{standard, {}}).date.year;
    const std::int64_t from = start.local_seconds(year) - standard;
    const std::int64_t to = end.local_seconds(year) - daylight;
    const bool summer = from < to ? utc >= from && utc < to : utc >= from || utc < to;
    return summer ? daylight : standard;
  }
};

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  std::optional<Rule> read() {
    Rule rule;
    if (!name() || !offset(rule.standard)) return std::nullopt;
    rule.standard = -rule.standard;  // POSIX counts west of Greenwich as positive
    if (at_ == text_.size()) return rule;
    rule.has_daylight = true;
    rule.daylight = rule.standard + 3600;
    if (!name()) return std::nullopt;
    if (at_ < text_.size() && text_[at_] != ',') {
      if (!offset(rule.daylight)) return std::nullopt;
      rule.daylight = -rule.daylight;
    }
    if (!change(rule.start) || !change(rule.end) || at_ != text_.size()) return std::nullopt;
    return rule;
  }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool name() {
    const std::size_t start = at_;
    if (take('<')) {
      while (at_ < text_.size() && text_[at_] != '>') ++at_;
      return take('>');
    }
    while (at_ < text_.size() && ((text_[at_] | 32) >= 'a' && (text_[at_] | 32) <= 'z')) ++at_;
    return at_ > start;
  }
  bool number(int& out) {
    const std::size_t start = at_;
    out = 0;
    while (at_ < text_.size() && at_ - start < 6 && text_[at_] >= '0' && text_[at_] <= '9') out = out * 10 + (text_[at_++] - '0');
    return at_ > start;
  }
  bool offset(std::int32_t& out) {
    const bool negative = take('-');
    if (!negative) take('+');
    int hour = 0, minute = 0, second = 0;
    if (!number(hour)) return false;
    if (take(':') && !number(minute)) return false;
    if (take(':') && !number(second)) return false;
    out = hour * 3600 + minute * 60 + second;
    if (negative) out = -out;
    return true;
  }
  bool change(Change& out) {
    if (!take(',')) return false;
    if (take('M')) {
      if (!number(out.month) || !take('.') || !number(out.week) || !take('.') || !number(out.day)) return false;
      if (out.month < 1 || out.month > 12 || out.week < 1 || out.week > 5 || out.day > 6) return false;
    } else {
      out.form = take('J') ? 'J' : 'n';
      if (!number(out.day) || out.day > 365) return false;
    }
    std::int32_t second = 7200;
    if (take('/') && !offset(second)) return false;
    out.second = second;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct ZoneData {
  std::vector<std::int64_t> moments;   // ascending
  std::vector<std::int32_t> offsets;   // from moments[i] on
  std::int32_t first = 0;              // before the first moment
  std::optional<Rule> rule;            // after the last

  std::int32_t at(std::int64_t utc) const {
    if (moments.empty() || utc >= moments.back()) {
      if (rule) return rule->at(utc);
      return moments.empty() ? first : offsets.back();
    }
    const auto next = std::upper_bound(moments.begin(), moments.end(), utc);
    return next == moments.begin() ? first : offsets[static_cast<std::size_t>(next - moments.begin()) - 1];
  }
};

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) != 0 ? ~0ull : 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

struct Header {
  std::size_t utc = 0, standard = 0, leaps = 0, moments = 0, types = 0, letters = 0;
  static constexpr std::size_t kSize = 44;
  bool read(std::string_view data, std::size_t at) {
    if (data.size() < at + kSize || data.substr(at, 4) != "TZif") return false;
    std::size_t* const fields[] = {&utc, &standard, &leaps, &moments, &types, &letters};
    for (std::size_t i = 0; i < 6; ++i) *fields[i] = static_cast<std::size_t>(big_endian(data, at + 20 + i * 4, 4)) & 0xffffffff;
    return moments < 100'000 && types < 1'000 && leaps < 10'000 && letters < 10'000 && utc <= types && standard <= types;
  }
  std::size_t block(std::size_t time_size) const {
    return moments * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard + utc;
  }
};

// RFC 8536 section 3: the second block (version 2 and later) has 64-bit moments and ends with the POSIX rule.
std::optional<ZoneData> parse(std::string_view data) {
  Header header;
  if (!header.read(data, 0) || data[4] < '2') return std::nullopt;
  std::size_t at = Header::kSize + header.block(4);
  if (!header.read(data, at)) return std::nullopt;
  at += Header::kSize;
  if (data.size() < at + header.block(8) || header.types == 0) return std::nullopt;
  ZoneData zone;
  const std::size_t indexes = at + header.moments * 8, types = indexes + header.moments;
  const auto offset = [&](std::size_t type) { return static_cast<std::int32_t>(big_endian(data, types + type * 6, 4)); };
  zone.first = offset(0);
  for (std::size_t i = 0; i < header.moments; ++i) {
    const auto type = static_cast<unsigned char>(data[indexes + i]);
    if (type >= header.types) return std::nullopt;
    zone.moments.push_back(big_endian(data, at + i * 8, 8));
    zone.offsets.push_back(offset(type));
  }
  std::string_view footer = data.substr(at + header.block(8));
  if (footer.size() > 2 && footer.front() == '\n') {
    footer = footer.substr(1, footer.find('\n', 1) - 1);
    zone.rule = RuleReader(footer).read();
  }
  return zone;
}

bool plausible(std::string_view id) {
  if (id.empty() || id.size() > 64 || id.front() == '/' || id.find("..") != std::string_view::npos) return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
  });
}

// Zones are read once and kept; at most as many as there are files.
const ZoneData* find(std::string_view id) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<ZoneData>, std::less<>> zones;
  thread_local std::string last_id;  // most evaluations use one zone
  thread_local const ZoneData* last = nullptr;
  if (last != nullptr && last_id == id) return last;
  if (!plausible(id)) return nullptr;
  const std::scoped_lock lock(mutex);
  auto known = zones.find(id);
  if (known == zones.end()) {
    const std::string path = "/usr/share/zoneinfo/" + std::string(id);
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return nullptr;  // "Europe" is a folder
    std::ifstream file(path, std::ios::binary);
    if (!file) return nullptr;
    std::string data(std::istreambuf_iterator<char>(file), {});
    if (data.size() > kMaxZoneFile) return nullptr;
    auto zone = parse(data);
    if (!zone) return nullptr;
    known = zones.emplace(std::string(id), std::make_unique<ZoneData>(std::move(*zone))).first;
  }
  last_id = id;
  return last = known->second.get();
}

}  // namespace

std::optional<std::int32_t> zone_offset_at(std::string_view id, std::int64_t utc_seconds) {
  const ZoneData* zone = find(id);
  return zone ? std::optional(zone->at(utc_seconds)) : std::nullopt;
}

// In an overlap the earlier offset, in a gap the offset before it.
std::optional<std::int32_t> zone_offset_local(std::string_view id, const Date& date, int second) {
  const ZoneData* zone = find(id);
  if (!zone) return std::nullopt;
  const std::int64_t local = days_from_civil(date) * 86'400 + second;
  const std::int32_t before = zone->at(local - 86'400), after = zone->at(local + 86'400);
  if (before == after || zone->at(local - before) == before) return before;
  return zone->at(local - after) == after ? after : before;
}

}  // namespace feel
