#include "base/decimal.h"

#include <gtest/gtest.h>

#include <random>

namespace base {
namespace {

Decimal d(std::string_view text) {
  const auto value = Decimal::parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Decimal());
}
std::string show(const std::optional<Decimal>& value) { return value ? value->text() : "null"; }

TEST(Decimal, ParsesNumberTextAndNothingElse) {
  for (const char* wrong : {"", "-", ".", "1.", "1.e3", "+1", " 1", "1 ", "1e", "1e+", "0x1", "1,0", "NaN", "--1", "1.2.3", "1e99999"}) {
    EXPECT_FALSE(Decimal::parse(wrong)) << wrong;
  }
  EXPECT_EQ(d("-0").text(), "0");
  EXPECT_EQ(d(".5").text(), "0.5");
  EXPECT_EQ(d("1.50").text(), "1.5");
  EXPECT_EQ(d("100").text(), "100");
  EXPECT_EQ(d("1e3").text(), "1000");
  EXPECT_EQ(d("12.5E-3").text(), "0.0125");
  EXPECT_EQ(d("1e400").text(), "1E+400");
  EXPECT_EQ(d("1.25e-400").text(), "1.25E-400");
  EXPECT_EQ(d("1e-99999").text(), "0");
  EXPECT_EQ(d("9223372036854775808").text(), "9223372036854775808");
  EXPECT_EQ(d("12345678901234567890123456789012345").text(), "1.234567890123456789012345678901234E+34");  // half even
  EXPECT_EQ(d("12345678901234567890123456789012355").text(), "1.234567890123456789012345678901236E+34");
  EXPECT_EQ(d("123456789012345678901234567890123450000000000000001").text(), "1.234567890123456789012345678901235E+50");
}

TEST(Decimal, PrintsPlainDigits) {
  EXPECT_EQ(show(Decimal::divide(1, 3)), "0.3333333333333333333333333333333333");
  EXPECT_EQ(show(Decimal::divide(-2, 300)), "-0.006666666666666666666666666666666667");
  EXPECT_EQ(Decimal(INT64_MIN).text(), "-9223372036854775808");
  EXPECT_EQ(d("10000000000000000000000000000000000").text(), "1E+34");
  EXPECT_EQ(d("1000000000000000000000000000000000").text(), "1000000000000000000000000000000000");
  EXPECT_EQ(Decimal::from_double(0.1).text(), "0.1");
  EXPECT_EQ(Decimal::from_double(-1e300).text(), "-1E+300");
  EXPECT_EQ(d("-12.75").as_double(), -12.75);
  EXPECT_EQ(d("1e300").as_double(), 1e300);
}

TEST(Decimal, Arithmetic) {
  EXPECT_EQ(show(Decimal::add(d("0.1"), d("0.2"))), "0.3");
  EXPECT_EQ(show(Decimal::subtract(d("1"), d("1.00"))), "0");
  EXPECT_EQ(show(Decimal::add(INT64_MAX, 1)), "9223372036854775808");
  EXPECT_EQ(show(Decimal::subtract(d("9223372036854775808"), 1)), "9223372036854775807");
  EXPECT_EQ(show(Decimal::multiply(INT64_MAX, INT64_MAX)), "8.50705917302346158473969077842325E+37");
  EXPECT_EQ(show(Decimal::multiply(d("4611686018427387904"), 4)), "18446744073709551616");
  EXPECT_EQ(show(Decimal::multiply(d("9e6000"), d("9e6000"))), "null");
  EXPECT_EQ(show(Decimal::divide(1, 0)), "null");
  EXPECT_EQ(show(Decimal::divide(0, 0)), "null");
  EXPECT_EQ(show(Decimal::divide(10, d("2.5"))), "4");
  EXPECT_EQ(show(Decimal::divide(1, 8)), "0.125");
}

TEST(Decimal, PowersAndFunctions) {
  EXPECT_EQ(show(Decimal::power(2, 10)), "1024");
  EXPECT_EQ(show(Decimal::power(2, -2)), "0.25");
  EXPECT_EQ(show(Decimal::power(2, 100)), "1267650600228229401496703205376");
  EXPECT_EQ(show(Decimal::power(4, d("0.5"))), "2");
  EXPECT_EQ(show(Decimal::power(0, 0)), "1");
  EXPECT_EQ(show(Decimal::power(0, -1)), "null");
  EXPECT_EQ(show(Decimal::power(-8, d("0.5"))), "null");
  EXPECT_EQ(show(Decimal::power(10, 99999)), "null");
  EXPECT_EQ(show(Decimal::sqrt(16)), "4");
  EXPECT_EQ(show(Decimal::sqrt(2)), "1.414213562373095048801688724209698");
  EXPECT_EQ(show(Decimal::sqrt(-1)), "null");
  EXPECT_EQ(show(Decimal::log(1)), "0");
  EXPECT_EQ(show(Decimal::log(0)), "null");
  EXPECT_EQ(show(Decimal::exp(0)), "1");
  EXPECT_EQ(show(Decimal::exp(1)), "2.718281828459045235360287471352662");
  EXPECT_EQ(show(Decimal::exp(100'000)), "null");
}

TEST(Decimal, ModuloFollowsTheDivisor) {
  EXPECT_EQ(show(Decimal::modulo(10, 4)), "2");
  EXPECT_EQ(show(Decimal::modulo(-10, 4)), "2");
  EXPECT_EQ(show(Decimal::modulo(10, -4)), "-2");
  EXPECT_EQ(show(Decimal::modulo(-10, -4)), "-2");
  EXPECT_EQ(show(Decimal::modulo(d("10.1"), d("4.5"))), "1.1");
  EXPECT_EQ(show(Decimal::modulo(d("-10.1"), d("4.5"))), "3.4");
  EXPECT_EQ(show(Decimal::modulo(d("1e30"), 7)), "1");
  EXPECT_EQ(show(Decimal::modulo(1, 0)), "null");
}

TEST(Decimal, Rounds) {
  struct Case { const char* number; int scale; Decimal::Round mode; const char* expected; };
  using R = Decimal::Round;
  for (const Case& c : {Case{"1.5", 0, R::half_even, "2"}, {"2.5", 0, R::half_even, "2"}, {"-2.5", 0, R::half_even, "-2"},
                        {"1.1", 0, R::up, "2"}, {"-1.1", 0, R::up, "-2"}, {"-1.9", 0, R::down, "-1"}, {"5.5", 0, R::half_up, "6"},
                        {"-5.5", 0, R::half_up, "-6"}, {"5.5", 0, R::half_down, "5"}, {"-5.51", 0, R::half_down, "-6"},
                        {"-1.5", 0, R::floor, "-2"}, {"-1.5", 0, R::ceiling, "-1"}, {"-1.56", 1, R::floor, "-1.6"},
                        {"15", -1, R::half_even, "20"}, {"25", -1, R::half_even, "20"}, {"4", -1, R::up, "10"}, {"4", -3, R::half_up, "0"},
                        {"0.333", 6176, R::half_even, "0.333"}, {"123456789012345678901234567890.1234", 2, R::half_up, "123456789012345678901234567890.12"},
                        {"1e6111", 6176, R::up, "1E+6111"}, {"7", -6111, R::down, "0"}, {"7", -6111, R::up, "1E+6111"}, {"7", -100000, R::up, "null"}}) {
    EXPECT_EQ(show(Decimal::round(d(c.number), c.scale, c.mode)), c.expected) << c.number << " to " << c.scale;
  }
}

TEST(Decimal, ComparesAndHashesByValue) {
  EXPECT_EQ(d("1.0"), d("1.00"));
  EXPECT_EQ(d("1.0").hash(), d("1").hash());
  EXPECT_EQ(d("1e2").hash(), Decimal(100).hash());
  EXPECT_EQ(*Decimal::add(INT64_MAX, 1), d("9.223372036854775808e18"));
  EXPECT_EQ(Decimal::add(INT64_MAX, 1)->hash(), d("9.223372036854775808e18").hash());
  EXPECT_LT(d("-1e300"), d("1e-300"));
  EXPECT_LT(d("0.1"), d("1e20"));
  EXPECT_GT(d("1e40"), Decimal(INT64_MAX));
  EXPECT_GT(Decimal(0), d("-1e-6000"));
  EXPECT_EQ(d("1e18").as_int64(), 1'000'000'000'000'000'000);
  EXPECT_FALSE(d("1e19").as_int64());
  EXPECT_FALSE(d("1.5").as_int64());
  EXPECT_EQ(d("1.50e1").as_int64(), 15);
  EXPECT_EQ(Decimal(INT64_MIN).as_int64(), INT64_MIN);
  EXPECT_TRUE(d("1.00").is_integer());
  EXPECT_FALSE(d("1.01").is_integer());
}

// The fast path and the wide path agree: the same operation on numbers moved by a power of ten that forces the wide one.
TEST(Decimal, FastAndWideAgree) {
  std::mt19937_64 random(20261121);
  for (int i = 0; i < 20'000; ++i) {
    const auto pick = [&] { return static_cast<std::int64_t>(random() >> (random() % 60)) * (random() % 2 ? 1 : -1) / 2; };
    const std::int64_t x = pick(), y = pick();
    const std::string sx = std::to_string(x), sy = std::to_string(y);
    const __int128 sum = static_cast<__int128>(x) + y;
    const auto got = Decimal::add(d(sx), d(sy));
    ASSERT_TRUE(got);
    // Through the wide path: add 10^30 and take it away again.
    const auto wide = Decimal::subtract(*Decimal::add(*Decimal::add(d("1e30"), x), y), d("1e30"));
    EXPECT_EQ(*got, *wide) << sx << " + " << sy;
    EXPECT_EQ(got->hash(), wide->hash());
    EXPECT_EQ(got->sign(), sum < 0 ? -1 : sum > 0);
    if (y != 0) {
      const auto modulo = Decimal::modulo(x, y);
      std::int64_t expected = x % y;
      if (expected != 0 && (expected < 0) != (y < 0)) expected += y;
      EXPECT_EQ(modulo->as_int64(), expected) << sx << " mod " << sy;
    }
    EXPECT_EQ(Decimal(x) < Decimal(y), x < y);
    EXPECT_EQ(*Decimal::parse(got->text()), *got);
  }
}

// The long division of fast numbers against Intel's: a dividend of 20 more zeros takes the wide path.
TEST(Decimal, DividesAsTheWidePathDoes) {
  std::mt19937_64 random(7);
  const auto pick = [&] {
    const auto bits = random() % 63 + 1;
    const auto value = static_cast<std::int64_t>(random() >> (64 - bits));
    return random() % 2 == 0 ? value : -value;
  };
  const auto shift = d("1e20");
  for (int i = 0; i < 50'000; ++i) {
    const std::int64_t p = i % 3 == 0 ? pick() : static_cast<std::int64_t>(random() % 2000) - 1000;
    const std::int64_t q = i % 5 == 0 ? pick() : static_cast<std::int64_t>(random() % 2000) - 1000;
    if (p == 0 || q == 0) continue;
    const std::string power = "e" + std::to_string(static_cast<int>(random() % 30) - 15);
    const Decimal x = d(std::to_string(p) + power), y = d(std::to_string(q) + "e-3");
    const auto got = Decimal::divide(x, y), other = Decimal::divide(d(std::to_string(p) + "00000000000000000000" + power), y);
    ASSERT_TRUE(got && other);
    EXPECT_EQ(*Decimal::multiply(*got, shift), *other) << x.text() << " / " << y.text();
    EXPECT_EQ(*Decimal::parse(got->text()), *got);
  }
}

}  // namespace
}  // namespace base
