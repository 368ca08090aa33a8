// OIOUBL fields by path; sections are those of the OIOUBL 2.1 guidelines' document models (Invoice, CreditNote).
#include "connectors/oioubl.h"

#include <optional>

#include "base/decimal.h"
#include "base/text.h"
#include "base/xml.h"

namespace connectors {
namespace {

using base::Decimal;
using base::Json;
using base::xml::Element;

constexpr std::string_view kInvoice = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
constexpr std::string_view kCreditNote = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2";
constexpr std::string_view kCac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
constexpr std::string_view kCbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

// "cac:OrderReference/cbc:ID" below `from`; the prefixes are this file's own names for the two namespaces.
const Element* at(const Element* from, std::string_view path) {
  while (from != nullptr && !path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view step = path.substr(0, slash);
    from = from->child(step.substr(0, 3) == "cac" ? kCac : kCbc, step.substr(4));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return from;
}

std::string text(const Element* e) { return e == nullptr ? std::string() : std::string(base::trim(e->text())); }
std::string text(const Element* from, std::string_view path) { return text(at(from, path)); }
Json text_or_null(const Element* from, std::string_view path) {
  std::string t = text(from, path);
  return t.empty() ? Json() : Json(std::move(t));
}

struct Reader {
  std::string file;
  std::string currency;
  bool mixed_currency = false;

  std::unexpected<base::Error> fail(const Element& e, std::string what, std::string remedy) const {
    return base::fail(base::ErrorCode::invalid_document, std::move(what), {file, e.line, e.column, e.local, {}}, std::move(remedy));
  }
  base::Result<std::string> must(const Element& root, std::string_view path, std::string_view meaning) const {
    std::string t = text(&root, path);
    if (t.empty()) return fail(root, std::string(meaning) + " is missing: " + std::string(path), "an element " + std::string(path) + " with text");
    return t;
  }
  // An amount or quantity: xs:decimal, no exponent (UBL 2.1 AmountType, QuantityType).
  base::Result<Json> number_of(const Element* e, bool amount) {
    if (e == nullptr) return Json();
    const std::string t = text(e);
    std::string_view digits = t;
    if (!digits.empty() && digits[0] == '+') digits.remove_prefix(1);
    const auto value = digits.find_first_of("eE") == std::string_view::npos ? Decimal::parse(digits) : std::nullopt;
    if (!value) return fail(*e, e->local + " is not a number", "digits with a point as decimal sign, for example 468.00");
    if (amount) {
      const std::string* id = e->attribute("currencyID");
      if (id != nullptr && base::trim(*id) != currency) mixed_currency = true;
    }
    if (const auto whole = value->as_int64()) return Json(*whole);
    return Json(Json::Number{value->text()});
  }
  base::Result<Json> number(const Element* from, std::string_view path, bool amount = true) { return number_of(at(from, path), amount); }
};

// "DK12345674", "12345674" → "12345674"; "" where there are no eight digits.
std::string cvr_digits(std::string_view id) {
  if (base::starts_with_icase(id, "DK")) id.remove_prefix(2);
  if (id.size() != 8 || id.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return std::string(id);
}

// A CPR as identifier (private supplier) is never carried on: neither as key nor in texts.
bool scheme_is(const Element* e, std::string_view scheme) {
  return e != nullptr && e->attribute_or("schemeID", "") == scheme;
}

Json read_supplier(const Element* party) {
  Json s = Json::object();
  std::string name = text(party, "cac:PartyName/cbc:Name");
  if (name.empty()) name = text(party, "cac:PartyLegalEntity/cbc:RegistrationName");
  s.set("navn", name.empty() ? "ukendt leverandør" : name);
  const Element* endpoint = at(party, "cbc:EndpointID");
  const Element* legal = at(party, "cac:PartyLegalEntity/cbc:CompanyID");
  const Element* identification = at(party, "cac:PartyIdentification/cbc:ID");
  std::string cvr;
  for (const Element* e : {legal, endpoint, identification}) {
    const bool may = e == legal || scheme_is(e, "DK:CVR") || scheme_is(e, "0184");
    if (cvr.empty() && e != nullptr && may && !scheme_is(e, "DK:CPR")) cvr = cvr_digits(text(e));
  }
  s.set("cvr", cvr.empty() ? Json() : Json(cvr));
  const Element* tax = at(party, "cac:PartyTaxScheme/cbc:CompanyID");
  s.set("se", scheme_is(tax, "DK:CPR") || text(tax).empty() ? Json() : Json(text(tax)));
  const bool person = scheme_is(endpoint, "DK:CPR");
  s.set("endepunkt", endpoint == nullptr || person ? Json() : Json(text(endpoint)));
  s.set("endepunktType", endpoint == nullptr ? Json() : Json(endpoint->attribute_or("schemeID", "")));
  s.set("postnummer", text_or_null(party, "cac:PostalAddress/cbc:PostalZone"));
  s.set("by", text_or_null(party, "cac:PostalAddress/cbc:CityName"));
  return s;
}

base::Result<Json> read_line(Reader& r, const Element& line, bool credit) {
  Json l = Json::object();
  l.set("nummer", text(&line, "cbc:ID"));
  const Element* quantity = at(&line, credit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity");
  TRY(Json count, r.number_of(quantity, false));
  TRY(Json price, r.number(&line, "cac:Price/cbc:PriceAmount"));
  TRY(Json amount, r.number(&line, "cbc:LineExtensionAmount"));
  if (amount.is_null()) return r.fail(line, "the line has no cbc:LineExtensionAmount", "the line's amount without VAT");
  l.set("antal", std::move(count));
  l.set("enhed", quantity == nullptr ? Json() : Json(quantity->attribute_or("unitCode", "")));
  l.set("varenummer", text_or_null(&line, "cac:Item/cac:SellersItemIdentification/cbc:ID"));
  l.set("navn", text_or_null(&line, "cac:Item/cbc:Name"));
  l.set("beskrivelse", text_or_null(&line, "cac:Item/cbc:Description"));
  l.set("pris", std::move(price));
  l.set("beloeb", std::move(amount));
  l.set("konto", text_or_null(&line, "cbc:AccountingCost"));
  return l;
}

base::Result<Json> read_totals(Reader& r, const Element& root) {
  const Element* total = at(&root, "cac:LegalMonetaryTotal");
  if (total == nullptr) return r.fail(root, "cac:LegalMonetaryTotal is missing", "the totals of the document");
  static constexpr std::pair<std::string_view, std::string_view> kFields[] = {
      {"linjer", "cbc:LineExtensionAmount"}, {"moms", "cbc:TaxExclusiveAmount"},  // TaxExclusiveAmount is the TOTAL TAX in OIOUBL
      {"medMoms", "cbc:TaxInclusiveAmount"}, {"rabat", "cbc:AllowanceTotalAmount"}, {"gebyr", "cbc:ChargeTotalAmount"},
      {"forudbetalt", "cbc:PrepaidAmount"},  {"afrunding", "cbc:PayableRoundingAmount"}, {"betales", "cbc:PayableAmount"}};
  Json t = Json::object();
  for (const auto& [name, path] : kFields) {
    TRY(Json value, r.number(total, path));
    t.set(name, std::move(value));
  }
  if (t["betales"].is_null()) return r.fail(*total, "cbc:PayableAmount is missing", "the amount that is to be paid");
  if (t["linjer"].is_null()) return r.fail(*total, "cbc:LineExtensionAmount is missing", "the sum of the lines");
  return t;
}

base::Result<Json> read_taxes(Reader& r, const Element& root, Json& total) {
  Json list = Json::array();
  Decimal sum;
  for (const Element* tax : root.children_named(kCac, "TaxTotal")) {
    TRY(Json amount, r.number(tax, "cbc:TaxAmount"));
    if (!amount.is_null()) sum = Decimal::add(sum, *Decimal::parse(amount.number_text())).value_or(sum);
    for (const Element* sub : tax->children_named(kCac, "TaxSubtotal")) {
      Json m = Json::object();
      m.set("kategori", text_or_null(sub, "cac:TaxCategory/cbc:ID"));
      TRY(Json percent, r.number(sub, "cac:TaxCategory/cbc:Percent", false));
      TRY(Json base_amount, r.number(sub, "cbc:TaxableAmount"));
      TRY(Json tax_amount, r.number(sub, "cbc:TaxAmount"));
      m.set("sats", std::move(percent));
      m.set("grundlag", std::move(base_amount));
      m.set("beloeb", std::move(tax_amount));
      m.set("ordning", text_or_null(sub, "cac:TaxCategory/cac:TaxScheme/cbc:ID"));
      list.push(std::move(m));
    }
  }
  // Some senders leave TaxExclusiveAmount out: then the total tax is what the TaxTotals say.
  if (total["moms"].is_null()) total.set("moms", sum.as_int64() ? Json(*sum.as_int64()) : Json(Json::Number{sum.text()}));
  return list;
}

// Payment means codes: 42 bank, 31/58/30 IBAN, 93 FIK, 50 giro, 97 NemKonto, 48/49 already drawn.
Json read_payment(const Element& means) {
  Json p = Json::object();
  p.set("kode", text(&means, "cbc:PaymentMeansCode"));
  p.set("kanal", text_or_null(&means, "cbc:PaymentChannelCode"));
  p.set("forfald", text_or_null(&means, "cbc:PaymentDueDate"));
  const Json account = text_or_null(&means, "cac:PayeeFinancialAccount/cbc:ID");
  const bool iban = account.is_string() && account.as_string().size() > 14;
  p.set("konto", iban ? Json() : account);
  p.set("iban", iban ? account : Json());
  p.set("reg", text_or_null(&means, "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"));
  p.set("kortart", text_or_null(&means, "cbc:PaymentID"));
  p.set("id", text_or_null(&means, "cbc:InstructionID"));
  p.set("kreditor", text_or_null(&means, "cac:CreditAccount/cbc:AccountID"));
  return p;
}

Json read_order_reference(const Element& root) {
  std::string id = text(&root, "cac:OrderReference/cbc:ID");
  if (id.empty() || base::upper(id) == "NA" || id == "-" || id == "0") return {};
  return id;
}

base::Result<Json> read_root(Reader& r, const Element& root) {
  const bool credit = root.is(kCreditNote, "CreditNote");
  if (!credit && !root.is(kInvoice, "Invoice"))
    return r.fail(root, "the root element is '" + root.local + "' in namespace '" + root.ns + "'",
                  "Invoice or CreditNote in the UBL 2 namespaces");
  TRY(std::string number, r.must(root, "cbc:ID", "the document's number"));
  TRY(std::string issued, r.must(root, "cbc:IssueDate", "the document's date"));
  TRY(r.currency, r.must(root, "cbc:DocumentCurrencyCode", "the currency"));
  const Element* supplier = at(&root, "cac:AccountingSupplierParty/cac:Party");
  if (supplier == nullptr) return r.fail(root, "cac:AccountingSupplierParty/cac:Party is missing", "the party that sends the document");
  TRY(Json total, read_totals(r, root));
  TRY(Json taxes, read_taxes(r, root, total));
  Json lines = Json::array();
  const auto found = root.children_named(kCac, credit ? "CreditNoteLine" : "InvoiceLine");
  if (found.size() > static_cast<std::size_t>(base::limits::kDocumentTotalLines))
    return base::fail(base::ErrorCode::limit_exceeded, "the document has more than " + std::to_string(base::limits::kDocumentTotalLines) + " lines (kDocumentTotalLines)",
                      {r.file, root.line, root.column, root.local, {}});
  for (const Element* line : found) {
    TRY(Json l, read_line(r, *line, credit));
    lines.push(std::move(l));
  }
  Json f = Json::object();
  Json party = read_supplier(supplier);
  f.set("nummer", number);
  f.set("noegle", party["cvr"].string_or("uden-cvr") + "/" + base::upper(number));
  f.set("udstedt", issued);
  f.set("type", credit ? "kreditnota" : "faktura");
  f.set("typekode", text_or_null(&root, credit ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode"));
  f.set("kopi", text(&root, "cbc:CopyIndicator") == "true");
  f.set("uuid", text_or_null(&root, "cbc:UUID"));
  f.set("version", text_or_null(&root, "cbc:CustomizationID"));
  f.set("valuta", r.currency);
  f.set("leverandoer", std::move(party));
  const Element* customer = at(&root, "cac:AccountingCustomerParty/cac:Party");
  const Element* gln = at(customer, "cbc:EndpointID");
  f.set("ean", gln != nullptr && gln->attribute_or("schemeID", "") == "GLN" ? Json(text(gln)) : Json());
  f.set("kunde", Json(Json::Object{{"navn", text_or_null(customer, "cac:PartyName/cbc:Name")}}));
  f.set("kontaktreference", text_or_null(customer, "cac:Contact/cbc:ID"));
  f.set("ordrereference", read_order_reference(root));
  f.set("kontonote", text_or_null(&root, "cbc:AccountingCost"));
  f.set("krediterer", text_or_null(&root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"));
  f.set("periode", Json(Json::Object{{"fra", text_or_null(&root, "cac:InvoicePeriod/cbc:StartDate")},
                                     {"til", text_or_null(&root, "cac:InvoicePeriod/cbc:EndDate")}}));
  f.set("linjer", std::move(lines));
  f.set("total", std::move(total));
  f.set("moms", std::move(taxes));
  const auto means = root.children_named(kCac, "PaymentMeans");
  f.set("betaling", means.empty() ? Json(Json::Object{{"kode", Json()}}) : read_payment(*means.front()));
  f.set("betalingsmaader", static_cast<std::int64_t>(means.size()));
  return f;
}

}  // namespace

base::Result<Json> read_oioubl(std::string_view bytes, std::string_view file) {
  TRY(base::xml::Document document, base::xml::parse(bytes, file));
  Reader reader{std::string(file), {}, false};
  TRY(Json faktura, read_root(reader, *document.root));
  check_totals(faktura);
  if (reader.mixed_currency) {
    Json faults = faktura["fejl"];
    faults.push(Json(Json::Object{{"kode", "BLANDET_VALUTA"}, {"tekst", "Nogle beløb står i en anden valuta end regningens " + reader.currency + "."}}));
    faktura.set("fejl", std::move(faults));
  }
  return faktura;
}

}  // namespace connectors
