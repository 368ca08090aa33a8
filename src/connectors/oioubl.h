// OIOUBL 2.1 Invoice and CreditNote (and the older 2.0x) as the `faktura` JSON that workflows use. Elements are matched on
// namespace and local name, never on prefix. Amounts keep their digits; what does not add up is flagged, never recomputed.
//   faktura: nummer, noegle ("<cvr>/<nummer>": who sent which), udstedt, type ("faktura" | "kreditnota"), typekode, kopi, uuid, version, valuta,
//     leverandoer {navn, cvr, se, endepunkt, endepunktType, postnummer, by}, ean, kunde {navn}, kontaktreference, ordrereference (null when none),
//     kontonote, krediterer, periode {fra, til},
//     linjer [{nummer, antal, enhed, varenummer, navn, beskrivelse, pris, beloeb, konto}],
//     total {linjer, moms, medMoms, rabat, gebyr, forudbetalt, afrunding, betales}, moms [{kategori, sats, grundlag, beloeb}],
//     betaling {kode, kanal, forfald, reg, konto, iban, kortart, id, kreditor}, betalingsmaader, fejl [{kode, tekst}], advarsler [{kode, tekst}]
#pragma once
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace connectors {

// Errors: invalid_xml, invalid_document (with line, column and what would be right), limit_exceeded.
base::Result<base::Json> read_oioubl(std::string_view bytes, std::string_view file);

// The faults and warnings of a faktura that was read: fills `fejl` and `advarsler`.
void check_totals(base::Json& faktura);

bool valid_cvr(std::string_view eight_digits);  // weights 2,7,6,5,4,3,2,1, sum mod 11 = 0
bool valid_gln(std::string_view thirteen_digits);  // GS1 mod-10

// "1.234,50 kr." without the unit: Danish digits of an amount, two decimals.
std::string danish_amount(const base::Json& number);

}  // namespace connectors
