// Do the figures of a document agree with each other? Decimal arithmetic, no rounding of what was read.
#include <optional>

#include "base/decimal.h"
#include "connectors/oioubl.h"

namespace connectors {
namespace {

using base::Decimal;
using base::Json;

Decimal amount(const Json& n) {
  return n.is_number() ? Decimal::parse(n.number_text()).value_or(Decimal()) : Decimal();
}
Decimal plus(const Decimal& a, const Decimal& b) { return Decimal::add(a, b).value_or(a); }
Decimal minus(const Decimal& a, const Decimal& b) { return Decimal::subtract(a, b).value_or(a); }

std::string kroner(const Decimal& d) { return danish_amount(Json(Json::Number{d.text()})); }

void add(Json& list, std::string_view code, std::string text) {
  list.push(Json(Json::Object{{"kode", code}, {"tekst", std::move(text)}}));
}

void check_lines(const Json& f, Json& faults) {
  Decimal sum;
  for (const Json& line : f["linjer"].as_array()) sum = plus(sum, amount(line["beloeb"]));
  const Decimal said = amount(f["total"]["linjer"]);
  if (sum != said)
    add(faults, "LINJESUM", "linjerne giver " + kroner(sum) + ", men regningen skriver " + kroner(said) + ".");
}

// Payable = lines + tax + charges - allowances + rounding - prepaid (OIOUBL: TaxExclusiveAmount is the total tax).
void check_payable(const Json& f, Json& faults) {
  const Json& t = f["total"];
  Decimal sum = plus(amount(t["linjer"]), amount(t["moms"]));
  sum = plus(sum, amount(t["gebyr"]));
  sum = minus(sum, amount(t["rabat"]));
  sum = plus(sum, amount(t["afrunding"]));
  sum = minus(sum, amount(t["forudbetalt"]));
  const Decimal said = amount(t["betales"]);
  if (sum != said)
    add(faults, "BETALESUM", "linjer og moms giver " + kroner(sum) + ", men der skal betales " + kroner(said) + ".");
}

// Each subtotal: taxable amount × percent = tax, within two øre of rounding.
void check_tax(const Json& f, Json& faults) {
  static const Decimal kRounding = *Decimal::parse("0.02");
  Decimal sum;
  for (const Json& m : f["moms"].as_array()) {
    sum = plus(sum, amount(m["beloeb"]));
    if (!m["sats"].is_number() || !m["grundlag"].is_number()) continue;
    const auto product = Decimal::multiply(amount(m["grundlag"]), amount(m["sats"]));
    const auto expected = product ? Decimal::divide(*product, Decimal(100)) : std::nullopt;
    if (expected && minus(*expected, amount(m["beloeb"])).absolute() > kRounding)
      add(faults, "MOMSSATS", "momsen er skrevet til " + kroner(amount(m["beloeb"])) + ", men " + amount(m["sats"]).text() + " procent af " +
                                  kroner(amount(m["grundlag"])) + " er " + kroner(*expected) + ".");
  }
  const Decimal said = amount(f["total"]["moms"]);
  if (f["moms"].size() > 0 && minus(sum, said).absolute() > kRounding)
    add(faults, "MOMSSUM", "momslinjerne giver " + kroner(sum) + ", men regningen skriver " + kroner(said) + ".");
}

}  // namespace

void check_totals(Json& faktura) {
  Json faults = Json::array(), warnings = Json::array();
  check_lines(faktura, faults);
  check_tax(faktura, faults);
  check_payable(faktura, faults);
  const Json& cvr = faktura["leverandoer"]["cvr"];
  if (cvr.is_null()) add(faults, "MANGLER_CVR", "leverandøren har intet CVR-nummer.");
  // Official samples carry CVR and GLN numbers that fail their check: a reader warns, it does not refuse.
  if (cvr.is_string() && !valid_cvr(cvr.as_string())) add(warnings, "CVR_CIFFER", "Leverandørens CVR-nummer består ikke kontrollen.");
  if (faktura["ean"].is_string() && !valid_gln(faktura["ean"].as_string())) add(warnings, "EAN_CIFFER", "EAN-nummeret består ikke kontrollen.");
  faktura.set("fejl", std::move(faults));
  faktura.set("advarsler", std::move(warnings));
}

bool valid_cvr(std::string_view digits) {
  static constexpr int kWeights[] = {2, 7, 6, 5, 4, 3, 2, 1};
  if (digits.size() != 8) return false;
  int sum = 0;
  for (int i = 0; i < 8; ++i) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    sum += kWeights[i] * (digits[i] - '0');
  }
  return sum % 11 == 0;
}

bool valid_gln(std::string_view digits) {
  if (digits.size() != 13) return false;
  int sum = 0;
  for (int i = 0; i < 13; ++i) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    sum += (i % 2 == 0 ? 1 : 3) * (digits[i] - '0');
  }
  return sum % 10 == 0;
}

std::string danish_amount(const Json& number) {
  const Decimal rounded = Decimal::round(amount(number), 2, Decimal::Round::half_up).value_or(Decimal());
  std::string digits = rounded.absolute().text();
  std::size_t point = digits.find('.');
  std::string fraction = point == std::string::npos ? "" : digits.substr(point + 1);
  digits = digits.substr(0, point);
  fraction.resize(2, '0');
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<std::size_t>(i), ".");
  return (rounded.sign() < 0 ? "-" : "") + digits + "," + fraction;
}

}  // namespace connectors
