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
  bool is_zero() const { return !wide_ && coefficient_ == 0; }
  int sign() const {                      // -1, 0, 1
    const std::int64_t decides = wide_ ? high_ | 1 : coefficient_;
    return (decides > 0) - (decides < 0);
  }

  // nullopt: overflow, division by zero, domain error (FEEL null).
  static std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
    std::int64_t sum;
    if (same_scale(a, b) && !__builtin_add_overflow(a.coefficient_, b.coefficient_, &sum) && sum != INT64_MIN) return fast(sum, a.exponent_);
    return add_any(a, b);
  }
  static std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) {
    std::int64_t difference;
    if (same_scale(a, b) && !__builtin_sub_overflow(a.coefficient_, b.coefficient_, &difference) && difference != INT64_MIN) return fast(difference, a.exponent_);
    return add_any(a, b.negated());
  }
  static std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
    std::int64_t product;
    const int exponent = a.exponent_ + b.exponent_;
    if (!a.wide_ && !b.wide_ && !__builtin_mul_overflow(a.coefficient_, b.coefficient_, &product) && product != INT64_MIN && exponent >= -6000 && exponent <= 6000) {
      return fast(product, exponent);
    }
    return multiply_any(a, b);
  }
  static std::optional<Decimal> divide(const Decimal&, const Decimal&);
  static std::optional<Decimal> power(const Decimal&, const Decimal&);
  static std::optional<Decimal> modulo(const Decimal&, const Decimal&);  // sign of the divisor
  static std::optional<Decimal> sqrt(const Decimal&);
  static std::optional<Decimal> log(const Decimal&);
  static std::optional<Decimal> exp(const Decimal&);
  // Rounds to `scale` digits after the point; unchanged when it has no more than that.
  static std::optional<Decimal> round(const Decimal&, std::int64_t scale, Round);
  Decimal negated() const {
    Decimal d = *this;
    if (wide_) {
      d.high_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(high_) ^ (1ull << 63));
    } else {
      d.coefficient_ = -coefficient_;
    }
    return d;
  }
  Decimal absolute() const;

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {  // by value: 1.0 == 1.00
    return same_scale(a, b) ? a.coefficient_ <=> b.coefficient_ : order_any(a, b);
  }
  friend bool operator==(const Decimal& a, const Decimal& b) {
    return same_scale(a, b) ? a.coefficient_ == b.coefficient_ : order_any(a, b) == std::strong_ordering::equal;
  }
  std::uint64_t hash() const;             // equal values, equal hashes

 private:
  static Decimal least_int64();
  static bool same_scale(const Decimal& a, const Decimal& b) { return !a.wide_ && !b.wide_ && a.exponent_ == b.exponent_; }
  static Decimal fast(std::int64_t coefficient, int exponent) {
    Decimal d;
    d.coefficient_ = coefficient;
    d.exponent_ = coefficient == 0 ? std::int16_t{0} : static_cast<std::int16_t>(exponent);
    return d;
  }
  static std::optional<Decimal> add_any(const Decimal&, const Decimal&);
  static std::optional<Decimal> multiply_any(const Decimal&, const Decimal&);
  static std::strong_ordering order_any(const Decimal&, const Decimal&);
  friend struct DecimalAccess;            // decimal.cc
  std::int64_t coefficient_ = 0;          // fast form, or low 64 bits of the bid128
  std::int64_t high_ = 0;                 // high 64 bits of the bid128
  std::int16_t exponent_ = 0;
  bool wide_ = false;
};

}  // namespace base
