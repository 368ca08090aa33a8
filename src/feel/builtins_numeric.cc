// Section 10.3.4.5: numeric functions.
#include "feel/builtins.h"
#include "feel/program.h"

namespace feel::builtin {
namespace {

using base::Decimal;

// Scales of decimal128 go from -6111 to 6176.
Value rounded(Call& c, Decimal::Round mode) {
  std::int64_t scale = 0;
  if (c.args.size() > 1 && c.given(1)) {
    const auto given = c[1].as_number().as_int64();
    if (!given || *given < -6111 || *given > 6176) return c.fail(ReasonCode::scale_range);
    scale = *given;
  }
  return c.number(Decimal::round(c[0].as_number(), scale, mode), ReasonCode::number_out_of_range);
}

Value parity(Call& c, std::int64_t wanted) {
  const Decimal n = c[0].as_number();
  if (!n.is_integer()) return c.fail(ReasonCode::not_whole);
  const auto rest = Decimal::modulo(n, 2);
  return rest ? Value::boolean(*rest == Decimal(wanted)) : c.fail(ReasonCode::number_out_of_range);
}

}  // namespace

Value decimal(Call& c) { return rounded(c, Decimal::Round::half_even); }
Value floor(Call& c) { return rounded(c, Decimal::Round::floor); }
Value ceiling(Call& c) { return rounded(c, Decimal::Round::ceiling); }
Value round_up(Call& c) { return rounded(c, Decimal::Round::up); }
Value round_down(Call& c) { return rounded(c, Decimal::Round::down); }
Value round_half_up(Call& c) { return rounded(c, Decimal::Round::half_up); }
Value round_half_down(Call& c) { return rounded(c, Decimal::Round::half_down); }

Value abs(Call& c) {
  switch (c[0].kind()) {
    case Kind::number: return Value::number(c[0].as_number().absolute());
    case Kind::years_months: return c[0].as_years_months().months < 0 ? negate(c[0]) : c[0];
    default: return c[0].as_days_time() < DaysTime{} ? negate(c[0]) : c[0];
  }
}

Value modulo(Call& c) { return c.number(Decimal::modulo(c[0].as_number(), c[1].as_number()), ReasonCode::division_by_zero); }
Value sqrt(Call& c) { return c.number(Decimal::sqrt(c[0].as_number()), ReasonCode::negative_number); }
Value log(Call& c) { return c.number(Decimal::log(c[0].as_number()), ReasonCode::not_positive); }
Value exp(Call& c) { return c.number(Decimal::exp(c[0].as_number()), ReasonCode::number_out_of_range); }
Value odd(Call& c) { return parity(c, 1); }
Value even(Call& c) { return parity(c, 0); }

}  // namespace feel::builtin
