#include "api/masking.h"

#include "base/text.h"

namespace api {
namespace {

using base::Json;

constexpr std::string_view kHidden = "-••••";
constexpr int kDepth = base::limits::kJsonDepth;

bool digit(char c) { return c >= '0' && c <= '9'; }
int two(std::string_view t) { return (t[0] - '0') * 10 + (t[1] - '0'); }

// Six digits that form a day (plus 60 in replacement numbers) and a month.
bool birthday(std::string_view six) {
  for (const char c : six)
    if (!digit(c)) return false;
  int day = two(six);
  if (day > 60) day -= 60;
  return day >= 1 && day <= 31 && two(six.substr(2)) >= 1 && two(six.substr(2)) <= 12;
}
// Length of a personal number that begins at `at`; 0 where none does. Not inside a longer number, not with decimals.
std::size_t number_at(std::string_view text, std::size_t at) {
  if (at > 0 && digit(text[at - 1])) return 0;
  if (at > 1 && (text[at - 1] == '.' || text[at - 1] == ',') && digit(text[at - 2])) return 0;
  if (at + 10 > text.size() || !birthday(text.substr(at, 6))) return 0;
  std::size_t end = at + 6;
  if (text[end] == '-' || text[end] == ' ') ++end;
  if (end + 4 > text.size()) return 0;
  for (std::size_t i = end; i < end + 4; ++i)
    if (!digit(text[i])) return 0;
  end += 4;
  if (end < text.size() && digit(text[end])) return 0;
  if (end + 1 < text.size() && (text[end] == '.' || text[end] == ',') && digit(text[end + 1])) return 0;
  return end - at;
}

bool named_cpr(std::string_view field) {
  const std::string name = base::lower(field);
  return name.find("cpr") != std::string::npos || name.find("personnummer") != std::string::npos;
}
std::string masked_whole(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (digit(c)) digits += c;
  if (text.empty()) return {};
  return (digits.size() >= 10 ? digits.substr(0, 6) : std::string("••••••")) + std::string(kHidden);
}

Json walk(const Json& value, std::string_view field, int depth) {
  if (depth > kDepth) return "…";
  if (value.is_string()) return named_cpr(field) ? masked_whole(value.as_string()) : masked(value.as_string());
  if (value.is_number() && named_cpr(field)) {
    std::string text = value.number_text();
    return masked_whole(text.size() == 9 ? "0" + text : text);
  }
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& one : value.as_array()) out.push(walk(one, field, depth + 1));
    return out;
  }
  if (!value.is_object()) return value;
  Json::Object out;
  for (const auto& [name, one] : value.as_object()) out.emplace_back(name, walk(one, name, depth + 1));
  return out;
}

}  // namespace

std::string masked(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = digit(text[i]) ? number_at(text, i) : 0;
    if (length == 0) {
      out += text[i++];
      continue;
    }
    out += text.substr(i, 6);
    out += kHidden;
    i += length;
  }
  return out;
}

Json masked_json(const Json& value, std::string_view field) { return walk(value, field, 0); }

}  // namespace api
