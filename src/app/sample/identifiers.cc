#include "app/sample/identifiers.h"

#include <cstdio>

namespace app::sample {

std::string synthetic_cvr(base::Random& random) {
  static constexpr int kWeights[] = {2, 7, 6, 5, 4, 3, 2};
  while (true) {  // some prefixes have no valid check digit
    char digits[9];
    std::snprintf(digits, sizeof digits, "99%05u", static_cast<unsigned>(random.below(100'000)));
    int sum = 0;
    for (int i = 0; i < 7; ++i) sum += kWeights[i] * (digits[i] - '0');
    const int check = (11 - sum % 11) % 11;
    if (check < 10) return std::string(digits, 7) + static_cast<char>('0' + check);
  }
}

std::string synthetic_cpr(base::Random& random) {
  char text[11];
  std::snprintf(text, sizeof text, "%02u%02u%02u%c%03u", static_cast<unsigned>(1 + random.below(28)), static_cast<unsigned>(1 + random.below(12)),
                static_cast<unsigned>(30 + random.below(7)), random.chance(50) ? '4' : '9', static_cast<unsigned>(random.below(1000)));
  return text;
}

std::string uuid(base::Random& random) {
  const std::uint64_t a = random.next(), b = random.next();
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(a >> 32), static_cast<unsigned>(a >> 16 & 0xffff),
                static_cast<unsigned>(a & 0xfff), static_cast<unsigned>(0x8000 | (b >> 48 & 0x3fff)), static_cast<unsigned long long>(b & 0xffffffffffffull));
  return text;
}

std::string fik_payment_id(base::Random& random) {
  std::string payload;
  for (int i = 0; i < 14; ++i) payload += static_cast<char>('0' + random.below(10));
  int sum = 0;
  for (int i = 13, weight = 2; i >= 0; --i, weight = 3 - weight) {
    const int product = (payload[static_cast<std::size_t>(i)] - '0') * weight;
    sum += product / 10 + product % 10;
  }
  return payload + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::optional<std::int64_t> oere_of(std::string_view text) {
  std::int64_t value = 0;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.' && decimals < 0) decimals = 0;
    else if (c >= '0' && c <= '9' && decimals < 2) value = value * 10 + (c - '0'), decimals += decimals >= 0;
    else return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  for (int d = decimals < 0 ? 0 : decimals; d < 2; ++d) value *= 10;
  return value;
}

std::string kroner_text(std::int64_t oere) {
  char text[32];
  std::snprintf(text, sizeof text, "%s%lld.%02lld", oere < 0 ? "-" : "", static_cast<long long>((oere < 0 ? -oere : oere) / 100),
                static_cast<long long>((oere < 0 ? -oere : oere) % 100));
  return text;
}

}  // namespace app::sample
