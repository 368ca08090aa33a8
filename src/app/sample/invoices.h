// Realistic OIOUBL 2.1 invoices for workflow 43 from a seed, the orders that the stand-in answers with, and an oracle that says
// what must happen to each file. The oracle is written from what was planted, never from the package's rules.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace app::sample {

enum class Fault : std::uint8_t {
  none, missing_reference, over_tariff, not_delivered, unknown_order, duplicate_number, credit_note, wrong_currency, two_lines,
  broken_xml, wrong_supplier, totals_differ
};
std::string_view name(Fault);

struct Tariff {
  std::string type, title, from, to;  // dates as text, both ends included
  std::int64_t oere = 0;              // without VAT
};

struct SampleFile {
  std::string name, content;  // "regning-4711-000017.xml"
};

struct Sample {
  std::vector<SampleFile> files;
  base::Json orders;      // the stand-in's table: array of {ordrenummer, erklaeringstype, maalgruppe, leverandoerCvr, borger, bestilt}
  base::Json deliveries;  // the stand-in's table: array of {ordrenummer, leveret: date}
  base::Json oracle;  // {seed, n, files: [{file, number, supplier, outcome: pay | person | rejected, fault, amount, group?}]}
};

// The tariffs of the package's data/takster.yaml. Errors: invalid_package, io_failed.
base::Result<std::vector<Tariff>> parse_tariffs(std::string_view yaml, const std::string& file);
base::Result<std::vector<Tariff>> read_tariffs(const std::string& package_folder);
// About 85 % clean; the rest cycles through every fault kind. n ≥ 1. Same arguments, same bytes.
Sample make_invoices(std::size_t n, std::uint64_t seed, const std::vector<Tariff>& tariffs);
// Files, ordrer.json, leveringer.json and oracle.json into a folder (files under indbakke/).
base::Status write_sample(const Sample&, const std::string& folder);

}  // namespace app::sample
