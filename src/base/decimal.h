// FEEL's number: IEEE 754-2008 decimal128, 34 digits, half even (DMN 1.5 section 10.3.2.3.1). No NaN, no infinity.
// Fast path: int64 coefficient × 10^exponent; falls through to Intel's bid128 (libintelrdfpmath) where it overflows.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

class Decimal {
 public:
  enum class Round : std::uint8_t { half_even, up, down, half_up, half_down, floor, ceiling };

  constexpr Decimal() = default;          // 0
  Decimal(std::int64_t value) : coefficient_(value) {  // exact
    if (value == INT64_MIN) [[unlikely]] *this = least_int64();  // |coefficient| stays within int64
  }
  static std::optional<Decimal> parse(std::string_view text);  // JSON/FEEL number text incl. exponent; nothing else
  static Decimal from_double(double);     // shortest decimal that reads back; not finite → 0

  // What a number is made of, for who keeps it in a place of its own: the same four words give the same number.
  struct Words {
    std::int64_t low = 0, high = 0;
    std::int16_t exponent = 0;
    bool wide = false;                    // false: low × 10^exponent, high is 0
  };
  constexpr Words words() const { return {coefficient_, high_, exponent_, wide_}; }
  static constexpr Decimal from_words(const Words& w) {
    Decimal d;
    d.coefficient_ = w.low, d.high_ = w.high, d.exponent_ = w.exponent, d.wide_ = w.wide;
    return d;
  }

  std::string text() const;               // FEEL string(): plain digits, no trailing zeros, no exponent up to 34 digits
  double as_double() const;
  std::optional<std::int64_t> as_int64() const;  // only when integral and in range
  bool is_integer() const;
  bool is_zero() const;
  int sign() const;                       // -1, 0, 1

  // nullopt: overflow, division by zero, domain error (FEEL null).
  static std::optional<Decimal> add(const Decimal&, const Decimal&);
  static std::optional<Decimal> subtract(const Decimal&, const Decimal&);
  static std::optional<Decimal> multiply(const Decimal&, const Decimal&);
  static std::optional<Decimal> divide(const Decimal&, const Decimal&);
  static std::optional<Decimal> power(const Decimal&, const Decimal&);
  static std::optional<Decimal> modulo(const Decimal&, const Decimal&);  // sign of the divisor
  static std::optional<Decimal> sqrt(const Decimal&);
  static std::optional<Decimal> log(const Decimal&);
  static std::optional<Decimal> exp(const Decimal&);
  // Rounds to `scale` digits after the point; unchanged when it has no more than that.
  static std::optional<Decimal> round(const Decimal&, std::int64_t scale, Round);
  Decimal negated() const;
  Decimal absolute() const;

  friend std::strong_ordering operator<=>(const Decimal&, const Decimal&);  // by value: 1.0 == 1.00
  friend bool operator==(const Decimal&, const Decimal&);
  std::uint64_t hash() const;             // equal values, equal hashes

 private:
  static Decimal least_int64();
  friend struct DecimalAccess;            // decimal.cc
  std::int64_t coefficient_ = 0;          // fast form, or low 64 bits of the bid128
  std::int64_t high_ = 0;                 // high 64 bits of the bid128
  std::int16_t exponent_ = 0;
  bool wide_ = false;
};

}  // namespace base
