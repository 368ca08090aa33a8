// decimal128 (IEEE 754-2008): an int64 coefficient with a small exponent where that is exact, Intel's bid128 elsewhere.
#include "base/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
extern "C" {
#include <bid_conf.h>
#include <bid_functions.h>
}

namespace base {
namespace {

using U128 = unsigned __int128;

constexpr int kDigits = 34;
constexpr int kMinExponent = -6176;  // of the coefficient's last digit
constexpr int kMaxExponent = 6111;
constexpr unsigned kInvalidFlags = 0x01 | 0x04 | 0x08;  // invalid, division by zero, overflow
constexpr unsigned kInexact = 0x20;

constexpr std::array<U128, 39> kPowers = [] {
  std::array<U128, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

int digits_of(U128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64), low = static_cast<std::uint64_t>(value);
  const int bits = high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low | 1);
  const int estimate = bits * 1233 >> 12;  // log10(2), at most one too small
  return estimate + (value >= kPowers[static_cast<std::size_t>(estimate)] ? 1 : 0);
}

// A number taken apart: ± coefficient × 10^exponent.
struct Parts {
  bool negative = false;
  U128 coefficient = 0;
  int exponent = 0;

  void strip_zeros() {
    if (coefficient == 0) exponent = 0;
    while (coefficient >> 64 != 0 && coefficient % 10 == 0) coefficient /= 10, ++exponent;
    if (coefficient == 0 || coefficient >> 64 != 0) return;
    auto small = static_cast<std::uint64_t>(coefficient);
    while (small % 10 == 0) small /= 10, ++exponent;
    coefficient = small;
  }
};

BID_UINT128 to_bid(const Parts& p) {
  BID_UINT128 out;
  out.w[0] = static_cast<BID_UINT64>(p.coefficient);
  out.w[1] = static_cast<BID_UINT64>(p.coefficient >> 64) | static_cast<BID_UINT64>(p.exponent - kMinExponent) << 49 |
             static_cast<BID_UINT64>(p.negative) << 63;
  return out;
}

// The quotient that rounding keeps, given what is cut off. `half`: the cut part against one half (-1, 0, 1).
bool round_away(Decimal::Round mode, bool negative, bool odd, bool inexact, int half) {
  using Round = Decimal::Round;
  if (!inexact) return false;
  switch (mode) {
    case Round::half_even: return half > 0 || (half == 0 && odd);
    case Round::up: return true;
    case Round::down: return false;
    case Round::half_up: return half >= 0;
    case Round::half_down: return half > 0;
    case Round::floor: return negative;
    case Round::ceiling: return !negative;
  }
  return false;
}

// Cuts the last `drop` digits off; `sticky` says that non-zero digits were already lost behind the coefficient.
void drop_digits(Parts& p, std::int64_t drop, Decimal::Round mode, bool sticky = false) {
  U128 kept = 0;
  bool inexact = p.coefficient != 0 || sticky;
  int half = -1;
  if (drop <= 18 && p.coefficient >> 64 == 0) {
    const auto c = static_cast<std::uint64_t>(p.coefficient), unit = static_cast<std::uint64_t>(kPowers[static_cast<std::size_t>(drop)]);
    const std::uint64_t cut = c % unit, middle = unit / 2;
    kept = c / unit;
    inexact = cut != 0 || sticky;
    half = drop == 0 ? -1 : cut > middle ? 1 : cut < middle ? -1 : sticky ? 1 : 0;
  } else if (drop <= 38) {
    const U128 unit = kPowers[static_cast<std::size_t>(drop)];
    kept = p.coefficient / unit;
    const U128 cut = p.coefficient % unit;
    inexact = cut != 0 || sticky;
    const U128 middle = unit / 2;
    half = drop == 0 ? -1 : cut > middle ? 1 : cut < middle ? -1 : sticky ? 1 : 0;
  }
  if (round_away(mode, p.negative, (kept & 1) != 0, inexact, half)) ++kept;
  p.coefficient = kept;
  p.exponent += static_cast<int>(drop);
}

}  // namespace

struct DecimalAccess {
  static Parts parts(const Decimal& d) {
    if (!d.wide_) {
      const auto c = static_cast<std::uint64_t>(d.coefficient_);
      return {d.coefficient_ < 0, d.coefficient_ < 0 ? 0 - c : c, d.exponent_};
    }
    const auto high = static_cast<std::uint64_t>(d.high_);
    return {(high >> 63) != 0, (static_cast<U128>(high & ((1ull << 49) - 1)) << 64) | static_cast<std::uint64_t>(d.coefficient_),
            static_cast<int>((high >> 49) & 0x3fff) + kMinExponent};
  }

  static BID_UINT128 bid(const Decimal& d) {
    if (!d.wide_) return to_bid(parts(d));
    BID_UINT128 out;
    out.w[0] = static_cast<BID_UINT64>(d.coefficient_);
    out.w[1] = static_cast<BID_UINT64>(d.high_);
    return out;
  }

  static Decimal fast(std::int64_t coefficient, int exponent) { return Decimal::fast(coefficient, exponent); }

  // Any parts with |coefficient| < 10^38: rounded to 34 digits and into the exponent range; nullopt on overflow.
  static std::optional<Decimal> make(Parts p, bool sticky = false) {
    const int excess = digits_of(p.coefficient) - kDigits;
    const int below = kMinExponent - p.exponent;
    if (const int drop = excess > below ? excess : below; drop > 0) {
      drop_digits(p, drop, Decimal::Round::half_even, sticky);
      if (p.coefficient == kPowers[kDigits]) p.coefficient /= 10, ++p.exponent;
    }
    if (p.coefficient == 0) return Decimal();
    while (p.exponent > kMaxExponent) {
      p.coefficient *= 10, --p.exponent;
      if (p.coefficient >= kPowers[kDigits]) return std::nullopt;
    }
    return exact(p);
  }

  // Parts that already fit decimal128.
  static Decimal exact(const Parts& p) {
    if (p.coefficient <= static_cast<U128>(INT64_MAX)) {
      const auto c = static_cast<std::int64_t>(p.coefficient);
      return fast(p.negative ? -c : c, p.exponent);
    }
    return wide(to_bid(p));
  }

  static Decimal wide(const BID_UINT128& b) {
    Decimal d;
    d.coefficient_ = static_cast<std::int64_t>(b.w[0]);
    d.high_ = static_cast<std::int64_t>(b.w[1]);
    d.wide_ = true;
    return d;
  }

  static std::optional<Decimal> from_bid(const BID_UINT128& b, unsigned flags) {
    if ((flags & kInvalidFlags) != 0 || ((b.w[1] >> 61) & 3) == 3) return std::nullopt;  // NaN, infinity
    const Parts p = parts(wide(b));
    return p.coefficient == 0 ? Decimal() : exact(p);
  }

  template <class F>
  static std::optional<Decimal> with(const Decimal& a, F&& operation) {
    unsigned flags = 0;
    const BID_UINT128 result = operation(bid(a), &flags);
    return from_bid(result, flags);
  }

  // Brings two fast numbers to one exponent; false where that overflows.
  static bool align(const Decimal& a, const Decimal& b, std::int64_t& ca, std::int64_t& cb, int& exponent) {
    ca = a.coefficient_, cb = b.coefficient_;
    exponent = a.exponent_;
    if (a.wide_ || b.wide_) return false;
    if (a.exponent_ == b.exponent_) return true;
    if (ca == 0) return exponent = b.exponent_, true;
    if (cb == 0) return true;
    const int difference = a.exponent_ - b.exponent_;
    if (difference > 18 || difference < -18) return false;
    const auto scale = static_cast<std::int64_t>(kPowers[static_cast<std::size_t>(std::abs(difference))]);
    exponent = difference > 0 ? b.exponent_ : a.exponent_;
    return !__builtin_mul_overflow(difference > 0 ? ca : cb, scale, difference > 0 ? &ca : &cb);
  }

  static std::optional<Decimal> quotient(const Decimal& a, const Decimal& b);  // fast ones, b not 0
  static std::optional<Decimal> integer_power(const Decimal& base, std::int64_t exponent, bool& is_exact);
};

namespace {
using A = DecimalAccess;
}

Decimal Decimal::least_int64() { return A::exact({true, U128{1} << 63, 0}); }

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::size_t i = 0;
  Parts p;
  if (i < text.size() && text[i] == '-') p.negative = true, ++i;
  bool point = false, sticky = false, digit_before = false, digit_after = false;
  std::int64_t exponent = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    (point ? digit_after : digit_before) = true;
    if (p.coefficient < kPowers[36]) {
      p.coefficient = p.coefficient * 10 + static_cast<unsigned>(c - '0');
      if (point) --exponent;
    } else {
      sticky |= c != '0';
      if (!point) ++exponent;
    }
  }
  if ((!digit_before && !digit_after) || (point && !digit_after)) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    bool negative = false;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
    if (i == text.size()) return std::nullopt;
    std::int64_t written = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      if (written < 1'000'000'000'000) written = written * 10 + (text[i] - '0');
    }
    exponent += negative ? -written : written;
  }
  if (i != text.size()) return std::nullopt;
  if (p.coefficient == 0) return Decimal();
  if (exponent > 10'000) return std::nullopt;
  if (exponent < -10'000) return Decimal();
  p.exponent = static_cast<int>(exponent);
  return A::make(p, sticky);
}

Decimal Decimal::from_double(double value) {
  if (!std::isfinite(value)) return {};
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return parse({buffer, static_cast<std::size_t>(end - buffer)}).value_or(Decimal());
}

std::string Decimal::text() const {
  if (!wide_ && exponent_ == 0) return std::to_string(coefficient_);
  Parts p = A::parts(*this);
  p.strip_zeros();
  if (p.coefficient == 0) return "0";
  char buffer[40];
  char* const end = buffer + sizeof buffer;
  char* start = end;
  U128 rest = p.coefficient;
  for (; rest >> 64 != 0; rest /= 10) *--start = static_cast<char>('0' + static_cast<int>(rest % 10));
  for (auto small = static_cast<std::uint64_t>(rest); small != 0; small /= 10) *--start = static_cast<char>('0' + small % 10);
  const std::string digits(start, end);
  const std::string sign = p.negative ? "-" : "";
  const int count = static_cast<int>(digits.size());
  if (p.exponent >= 0 && count + p.exponent <= kDigits) return sign + digits + std::string(static_cast<std::size_t>(p.exponent), '0');
  const int before = count + p.exponent;  // digits before the point
  if (p.exponent < 0 && before > 0) return sign + digits.substr(0, static_cast<std::size_t>(before)) + "." + digits.substr(static_cast<std::size_t>(before));
  if (p.exponent < 0 && -before < kDigits) return sign + "0." + std::string(static_cast<std::size_t>(-before), '0') + digits;
  std::string out = sign + digits.substr(0, 1);
  if (count > 1) out += "." + digits.substr(1);
  return out + (before > 0 ? "E+" : "E-") + std::to_string(std::abs(before - 1));
}

double Decimal::as_double() const {
  if (!wide_ && exponent_ == 0) return static_cast<double>(coefficient_);
  const Parts p = A::parts(*this);
  char buffer[64];
  U128 c = p.coefficient;
  char* const end = buffer + 48;
  char* start = end;
  do *--start = static_cast<char>('0' + static_cast<int>(c % 10)), c /= 10;
  while (c != 0);
  if (p.negative) *--start = '-';
  std::snprintf(end, 16, "e%d", p.exponent);
  return std::strtod(start, nullptr);
}

std::optional<std::int64_t> Decimal::as_int64() const {
  if (!wide_ && exponent_ == 0) return coefficient_;
  Parts p = A::parts(*this);
  p.strip_zeros();
  if (p.exponent < 0 || p.exponent > 18) return std::nullopt;
  if (p.coefficient > (U128{1} << 63)) return std::nullopt;
  const U128 value = p.coefficient * kPowers[static_cast<std::size_t>(p.exponent)];
  if (value > static_cast<U128>(INT64_MAX) + (p.negative ? 1 : 0)) return std::nullopt;
  const auto low = static_cast<std::uint64_t>(value);
  return static_cast<std::int64_t>(p.negative ? 0 - low : low);
}

bool Decimal::is_integer() const {
  if (!wide_ && exponent_ >= 0) return true;
  Parts p = A::parts(*this);
  p.strip_zeros();
  return p.exponent >= 0;
}

std::optional<Decimal> Decimal::add_any(const Decimal& a, const Decimal& b) {
  std::int64_t x, y, sum;
  int exponent;
  if (A::align(a, b, x, y, exponent) && !__builtin_add_overflow(x, y, &sum) && sum != INT64_MIN) return A::fast(sum, exponent);
  return A::with(a, [&](const BID_UINT128& l, unsigned* f) { return bid128_add(l, A::bid(b), 0, f); });
}

std::optional<Decimal> Decimal::multiply_any(const Decimal& a, const Decimal& b) {
  return A::with(a, [&](const BID_UINT128& l, unsigned* f) { return bid128_mul(l, A::bid(b), 0, f); });
}

// Long division of two coefficients: exact where it ends within 18 digits, else 34 digits, half even.
std::optional<Decimal> DecimalAccess::quotient(const Decimal& a, const Decimal& b) {
  const bool negative = (a.coefficient_ < 0) != (b.coefficient_ < 0);
  const auto size = [](std::int64_t c) { return c < 0 ? 0 - static_cast<std::uint64_t>(c) : static_cast<std::uint64_t>(c); };
  const std::uint64_t x = size(a.coefficient_), y = size(b.coefficient_);
  const auto signed_of = [&](std::uint64_t c) { return negative ? -static_cast<std::int64_t>(c) : static_cast<std::int64_t>(c); };
  int exponent = a.exponent_ - b.exponent_;
  std::uint64_t whole = x / y, rest = x % y;
  if (rest != 0) {
    std::uint64_t odd = y >> __builtin_ctzll(y);
    while (odd % 5 == 0) odd /= 5;
    U128 digits = whole;
    if (rest % odd == 0) {  // ends: only twos and fives are left below
      while (rest != 0 && digits < kPowers[18]) {
        const U128 next = static_cast<U128>(rest) * 10;
        digits = digits * 10 + static_cast<std::uint64_t>(next / y);
        rest = static_cast<std::uint64_t>(next % y);
        --exponent;
      }
      if (rest == 0 && digits >> 63 == 0 && exponent >= kMinExponent && exponent <= kMaxExponent) return fast(signed_of(static_cast<std::uint64_t>(digits)), exponent);
    }
    while (rest != 0 && digits < kPowers[kDigits]) {
      const int step = std::min(18, kDigits + 2 - digits_of(digits));
      const U128 next = static_cast<U128>(rest) * kPowers[static_cast<std::size_t>(step)];
      digits = digits * kPowers[static_cast<std::size_t>(step)] + static_cast<std::uint64_t>(next / y);
      rest = static_cast<std::uint64_t>(next % y);
      exponent -= step;
    }
    return make({negative, digits, exponent}, rest != 0);
  }
  if (exponent == 0) return fast(signed_of(whole), 0);
  while (exponent > 0 && exponent <= 18 && whole <= static_cast<std::uint64_t>(INT64_MAX) / 10) whole *= 10, --exponent;
  return make({negative, whole, exponent});
}

std::optional<Decimal> Decimal::divide(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return std::nullopt;
  if (!a.wide_ && !b.wide_) return A::quotient(a, b);
  return A::with(a, [&](const BID_UINT128& l, unsigned* f) { return bid128_div(l, A::bid(b), 0, f); });
}

// Repeated squaring; `is_exact` is false as soon as a digit was lost.
std::optional<Decimal> DecimalAccess::integer_power(const Decimal& base, std::int64_t exponent, bool& is_exact) {
  unsigned flags = 0;
  BID_UINT128 result = bid(Decimal(1)), square = bid(base);
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = bid128_mul(result, square, 0, &flags);
    if (exponent > 1) square = bid128_mul(square, square, 0, &flags);
  }
  is_exact = (flags & kInexact) == 0;
  return from_bid(result, flags);
}

std::optional<Decimal> Decimal::power(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return Decimal(1);
  if (a.is_zero()) return b.sign() > 0 ? std::optional(Decimal()) : std::nullopt;
  if (const auto n = b.as_int64(); n && *n >= -100'000 && *n <= 100'000) {
    bool is_exact = false;
    const auto positive = A::integer_power(a, *n < 0 ? -*n : *n, is_exact);
    if (is_exact && positive) return *n < 0 ? divide(1, *positive) : positive;
  }
  return A::with(a, [&](const BID_UINT128& l, unsigned* f) { return bid128_pow(l, A::bid(b), 0, f); });
}

// Section 10.3.4.5: x - y * floor(x / y).
std::optional<Decimal> Decimal::modulo(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return std::nullopt;
  std::int64_t x, y;
  int exponent;
  std::optional<Decimal> rest;
  if (A::align(a, b, x, y, exponent)) {
    rest = A::fast(y == -1 ? 0 : x % y, exponent);
  } else {
    rest = A::with(a, [&](const BID_UINT128& l, unsigned* f) { return bid128_fmod(l, A::bid(b), f); });
  }
  if (rest && !rest->is_zero() && rest->sign() != b.sign()) return add(*rest, b);
  return rest;
}

std::optional<Decimal> Decimal::sqrt(const Decimal& a) {
  if (a.sign() < 0) return std::nullopt;
  return A::with(a, [](const BID_UINT128& x, unsigned* f) { return bid128_sqrt(x, 0, f); });
}

std::optional<Decimal> Decimal::log(const Decimal& a) {
  if (a.sign() <= 0) return std::nullopt;
  return A::with(a, [](const BID_UINT128& x, unsigned* f) { return bid128_log(x, 0, f); });
}

std::optional<Decimal> Decimal::exp(const Decimal& a) {
  return A::with(a, [](const BID_UINT128& x, unsigned* f) { return bid128_exp(x, 0, f); });
}

std::optional<Decimal> Decimal::round(const Decimal& a, std::int64_t scale, Round mode) {
  Parts p = A::parts(a);
  if (-static_cast<std::int64_t>(p.exponent) <= scale) return a;
  const std::int64_t drop = -static_cast<std::int64_t>(p.exponent) - scale;
  if (drop > 20'000) {  // nothing is left, or one unit far above the range
    if (round_away(mode, p.negative, false, p.coefficient != 0, -1)) return std::nullopt;
    return Decimal();
  }
  drop_digits(p, drop, mode);
  return A::make(p);
}

Decimal Decimal::absolute() const { return sign() < 0 ? negated() : *this; }

std::strong_ordering Decimal::order_any(const Decimal& a, const Decimal& b) {
  std::int64_t x, y;
  int exponent;
  if (A::align(a, b, x, y, exponent)) return x <=> y;
  if (a.sign() != b.sign()) return a.sign() <=> b.sign();
  unsigned flags = 0;
  const BID_UINT128 l = A::bid(a), r = A::bid(b);
  if (bid128_quiet_less(l, r, &flags)) return std::strong_ordering::less;
  return bid128_quiet_equal(l, r, &flags) ? std::strong_ordering::equal : std::strong_ordering::greater;
}

std::uint64_t Decimal::hash() const {
  Parts p = A::parts(*this);
  p.strip_zeros();
  std::uint64_t h = static_cast<std::uint64_t>(p.coefficient) * 0x9e3779b97f4a7c15ull;
  h ^= static_cast<std::uint64_t>(p.coefficient >> 64) * 0xc2b2ae3d27d4eb4full;
  h ^= static_cast<std::uint64_t>(p.exponent + 10'000) * 0x165667b19e3779f9ull + (p.negative ? 1 : 0);
  h ^= h >> 29;
  h *= 0xbf58476d1ce4e5b9ull;
  return h ^ (h >> 32);
}

}  // namespace base
