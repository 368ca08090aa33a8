#include "bpmn/iso8601.h"

#include <algorithm>
#include <cctype>

namespace bpmn {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Takes digits with an optional fraction; false when there is none.
bool take_number(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && digit(text[n])) ++n;
  if (n == 0) return false;
  if (n + 1 < text.size() && (text[n] == '.' || text[n] == ',') && digit(text[n + 1])) {
    ++n;
    while (n < text.size() && digit(text[n])) ++n;
  }
  text.remove_prefix(n);
  return true;
}

// "1Y2M3D": units in order, each at most once; at least one.
bool take_units(std::string_view& text, std::string_view units) {
  bool any = false;
  while (!text.empty() && digit(text.front())) {
    if (!take_number(text) || text.empty()) return false;
    const auto at = units.find(text.front());
    if (at == std::string_view::npos) return false;
    units.remove_prefix(at + 1);
    text.remove_prefix(1);
    any = true;
  }
  return any;
}

// A picture: 9 = digit, anything else = itself.
bool take_picture(std::string_view& text, std::string_view picture) {
  if (text.size() < picture.size()) return false;
  for (std::size_t i = 0; i < picture.size(); ++i)
    if (picture[i] == '9' ? !digit(text[i]) : text[i] != picture[i]) return false;
  text.remove_prefix(picture.size());
  return true;
}

}  // namespace

bool is_iso_duration(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (!text.starts_with('P')) return false;
  text.remove_prefix(1);
  const bool date = take_units(text, "YMWD");
  if (text.empty()) return date;
  if (!text.starts_with('T')) return false;
  text.remove_prefix(1);
  return take_units(text, "HMS") && text.empty();
}

bool is_iso_date_time(std::string_view text) {
  if (!take_picture(text, "9999-99-99")) return false;
  if (text.empty()) return true;
  if (!take_picture(text, "T99:99")) return false;
  if (take_picture(text, ":99") && text.starts_with('.')) {
    text.remove_prefix(1);
    if (!take_number(text)) return false;
  }
  if (text.empty() || text == "Z") return true;
  if (text.starts_with('@') || text.starts_with('[')) return text.size() > 1;  // time zone by name (FEEL, java.time)
  if (text.front() != '+' && text.front() != '-') return false;
  text.remove_prefix(1);
  if (!take_picture(text, "99")) return false;
  if (text.starts_with(':')) text.remove_prefix(1);
  if (!text.empty() && !take_picture(text, "99")) return false;
  return text.empty() || text.starts_with('[');
}

bool is_iso_repeating_interval(std::string_view text) {
  if (is_iso_duration(text)) return true;
  if (!text.starts_with('R')) return false;
  text.remove_prefix(1);
  while (!text.empty() && digit(text.front())) text.remove_prefix(1);
  if (!text.starts_with('/')) return false;
  text.remove_prefix(1);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return is_iso_duration(text);
  const std::string_view first = text.substr(0, slash), second = text.substr(slash + 1);
  return (is_iso_date_time(first) && (is_iso_duration(second) || is_iso_date_time(second))) ||
         (is_iso_duration(first) && is_iso_date_time(second));
}

}  // namespace bpmn
