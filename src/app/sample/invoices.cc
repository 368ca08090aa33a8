#include "app/sample/invoices.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/sample/identifiers.h"
#include "app/sample/invoice_xml.h"
#include "base/random.h"
#include "base/storage.h"
#include "base/yaml.h"

namespace app::sample {
namespace {

using base::Json;
using base::SeededRandom;

constexpr std::string_view kFaultNames[] = {"none", "missing_reference", "over_tariff", "not_delivered", "unknown_order", "duplicate_number",
                                            "credit_note", "wrong_currency", "two_lines", "broken_xml", "wrong_supplier", "totals_differ"};
constexpr int kFaultKinds = 11;      // without none
constexpr int kFaultPercent = 15;    // of the files; the catalogue expects 75–95 % to need nobody
// How far over the tariff a price may be before a person looks (kroner agreed with Økonomi; specialists' statements more).
constexpr std::int64_t kToleranceOere = 100, kSpecialistToleranceOere = 500;
constexpr std::string_view kSpecialist = "LÆ 165";

constexpr const char* kGroups[] = {"sygedagpenge", "kontanthjaelp", "uddannelseshjaelp", "ressourceforloeb", "jobafklaring", "fleksjob", "foertidspension"};
constexpr const char* kClinics[] = {"Lægehuset Nordre Allé",    "Lægerne ved Åen",       "Doktorgården Lilleby",    "Klinik Søndertoft",   "Lægefællesskabet Kirkebakken",
                                    "Reumatologisk Praksis Ø",  "Lægehuset Mølledammen", "Almen Praksis Østerport",
                                    "Psykiatrisk Speciallægeklinik Fjorden", "Lægerne Rugmarken"};

template <class T, std::size_t N>
const T& pick(SeededRandom& random, const T (&from)[N]) { return from[random.below(N)]; }

std::string padded(std::uint64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::int64_t tolerance(const Tariff& tariff) { return tariff.type == kSpecialist ? kSpecialistToleranceOere : kToleranceOere; }

struct Maker {
  SeededRandom random;
  const std::vector<Tariff>& tariffs;
  std::vector<Supplier> suppliers;
  Sample out;
  Json files = Json::array();
  std::uint64_t seed, next_order = 0;

  Maker(std::uint64_t s, const std::vector<Tariff>& t) : random(s), tariffs(t), seed(s) {
    for (const char* clinic : kClinics) suppliers.push_back({clinic, synthetic_cvr(random), padded(random.below(9000) + 1000, 4)});
    next_order = 100'000 + random.below(100'000);
    out.orders = Json::array();
    out.deliveries = Json::array();
  }

  std::string day_in(const Tariff& t) {
    return t.from.substr(0, 5) + padded(1 + random.below(10), 2) + "-" + padded(1 + random.below(28), 2);
  }

  // An order as the health order system knows it, delivered unless told otherwise.
  void add_order(const Invoice& i, const std::string& supplier_cvr, bool delivered) {
    Json order = Json::object();
    order.set("ordrenummer", i.order);
    order.set("erklaeringstype", i.statement_type);
    order.set("maalgruppe", pick(random, kGroups));
    order.set("leverandoerCvr", supplier_cvr);
    order.set("borger", i.citizen);
    order.set("bestilt", i.ordered);
    out.orders.push(std::move(order));
    if (!delivered) return;
    Json delivery = Json::object();
    delivery.set("ordrenummer", i.order);
    delivery.set("leveret", i.delivered);
    out.deliveries.push(std::move(delivery));
  }

  Invoice clean(std::size_t index) {
    const Tariff& tariff = tariffs[random.below(tariffs.size())];
    Invoice i;
    i.supplier = suppliers[random.below(suppliers.size())];
    i.number = padded(20'000 + index, 5) + "-" + std::to_string(random.below(90) + 10);
    i.statement_type = tariff.type;
    i.statement_title = tariff.title;
    i.delivered = day_in(tariff);
    i.ordered = i.delivered.substr(0, 8) + "01";
    i.issued = i.delivered.substr(0, 8) + "28";
    i.order = "LE-" + std::to_string(next_order++);
    i.citizen = synthetic_cpr(random);
    i.uuid = uuid(random);
    // Most charge the tariff; some less, some a little more than it but within the tolerance, to the øre.
    i.net = tariff.oere;
    const std::uint64_t kind = random.below(10);
    if (kind == 0) i.net -= static_cast<std::int64_t>(random.below(5'000));
    if (kind == 1) i.net += static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(tolerance(tariff)) + 1));
    if (kind == 2) i.net += tolerance(tariff);
    i.payment = random.chance(60) ? Payment::bank : Payment::fik;
    return i;
  }

  // Changes a clean invoice into a faulty one and adds its order as the fault needs it.
  void plant(Invoice& i, Fault fault) {
    const std::string own_cvr = i.supplier.cvr;
    const auto tariff_it = std::find_if(tariffs.begin(), tariffs.end(),
        [&](const Tariff& t) { return t.type == i.statement_type && t.from <= i.delivered && i.delivered <= t.to; });
    switch (fault) {
      case Fault::over_tariff:
        i.net = tariff_it->oere + tolerance(*tariff_it) + 1 + static_cast<std::int64_t>(random.chance(30) ? 0 : random.below(40'000));
        break;
      case Fault::credit_note: i.credit = true; break;
      case Fault::wrong_currency: i.currency = random.chance(50) ? "EUR" : "SEK"; break;
      case Fault::two_lines: i.lines = 2; break;
      case Fault::totals_differ: i.payable_error = 100 * static_cast<std::int64_t>(1 + random.below(50)); break;
      case Fault::missing_reference: add_order(i, own_cvr, true); i.order = random.chance(50) ? "NA" : ""; return;
      case Fault::unknown_order: i.order = "LE-9" + padded(random.below(1'000'000), 6); return;
      case Fault::not_delivered: add_order(i, own_cvr, false); return;
      case Fault::wrong_supplier: {
        const auto own = std::find_if(suppliers.begin(), suppliers.end(), [&](const Supplier& s) { return s.cvr == own_cvr; });
        const auto next = static_cast<std::size_t>(own - suppliers.begin()) + 1;
        return add_order(i, suppliers[next % suppliers.size()].cvr, true);
      }
      case Fault::none: case Fault::duplicate_number: case Fault::broken_xml: break;
    }
    add_order(i, own_cvr, true);
  }

  void emit(const Invoice& i, Fault fault, const std::string& group, bool paid) {
    std::string content = invoice_xml(i);
    if (fault == Fault::broken_xml) content = break_xml(content, random);
    const std::string file = "regning-" + std::to_string(seed) + "-" + padded(out.files.size() + 1, 6) + ".xml";
    Json row = Json::object();
    row.set("file", file);
    row.set("number", i.number);
    row.set("supplier", i.supplier.cvr);
    row.set("outcome", fault == Fault::broken_xml ? "rejected" : paid ? "pay" : "person");
    row.set("fault", name(fault));
    row.set("amount", Json(Json::Number{kroner_text(i.payable())}));
    if (!group.empty()) row.set("group", group);
    files.push(std::move(row));
    out.files.push_back({file, std::move(content)});
  }
};

}  // namespace

std::string_view name(Fault fault) { return kFaultNames[static_cast<std::size_t>(fault)]; }

Sample make_invoices(std::size_t n, std::uint64_t seed, const std::vector<Tariff>& tariffs) {
  Maker maker(seed, tariffs);
  // A shuffled plan: n × 15 % faults, every kind in turn (at least one of each from 74 files on).
  std::vector<Fault> plan(n, Fault::none);
  for (std::size_t k = 0; k < n * kFaultPercent / 100; ++k) plan[k] = static_cast<Fault>(1 + (k % kFaultKinds));
  for (std::size_t k = n; k > 1; --k) std::swap(plan[k - 1], plan[maker.random.below(k)]);
  std::vector<Invoice> originals;  // of invoices that a duplicate may repeat: one use each
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < n; ++k) {
    Fault fault = plan[k];
    if (fault == Fault::duplicate_number && originals.empty()) fault = Fault::two_lines;  // nothing to repeat yet
    if (fault == Fault::duplicate_number) {
      Invoice copy = originals.back();
      const std::size_t row = rows.back();
      originals.pop_back();
      rows.pop_back();
      copy.uuid = uuid(maker.random);
      const std::string group = "same-number-" + copy.number;
      maker.files.as_array()[row].set("group", group);
      maker.emit(copy, fault, group, false);
      continue;
    }
    Invoice invoice = maker.clean(k);
    maker.plant(invoice, fault);
    if (fault == Fault::none) {
      originals.push_back(invoice);
      rows.push_back(maker.out.files.size());
    }
    maker.emit(invoice, fault, "", fault == Fault::none);
  }
  maker.out.oracle = Json::object();
  maker.out.oracle.set("seed", std::to_string(seed));
  maker.out.oracle.set("n", static_cast<std::int64_t>(n));
  maker.out.oracle.set("files", std::move(maker.files));
  return std::move(maker.out);
}

base::Result<std::vector<Tariff>> read_tariffs(const std::string& package_folder) {
  const std::string file = package_folder + "/data/takster.yaml";
  TRY(const std::string text, base::read_file(file, base::limits::kYamlBytes));
  return parse_tariffs(text, file);
}

base::Result<std::vector<Tariff>> parse_tariffs(std::string_view text, const std::string& file) {
  TRY(const base::YamlDocument document, base::parse_yaml(text, file));
  std::vector<Tariff> out;
  const Json& rows = document.value["takster"];
  for (std::size_t k = 0; rows.is_array() && k < rows.size(); ++k) {
    const Json& row = rows.as_array()[k];
    Tariff t{row["type"].string_or(""), row["navn"].string_or(""), row["fra"].string_or(""), row["til"].string_or(""), 0};
    const auto oere = oere_of(row["takst"].is_string() ? row["takst"].as_string() : "");
    if (t.type.empty() || t.from.size() != 10 || t.to.size() != 10 || !oere)
      return base::fail(base::ErrorCode::invalid_package, "a tariff needs type, fra, til and takst", document.where("/takster/" + std::to_string(k)),
                        R"({type: "LÆ 125", navn: Statusattest, fra: "2026-01-01", til: "2026-12-31", takst: "468.00"})");
    t.oere = *oere;
    out.push_back(std::move(t));
  }
  if (out.empty()) return base::fail(base::ErrorCode::invalid_package, "no tariffs", document.where("/takster"));
  return out;
}

base::Status write_sample(const Sample& sample, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder + "/indbakke", failed);
  if (failed) return base::fail(base::ErrorCode::io_failed, failed.message(), {.file = folder});
  for (const SampleFile& file : sample.files) {
    std::ofstream out(folder + "/indbakke/" + file.name, std::ios::binary);
    if (!(out << file.content)) return base::fail(base::ErrorCode::io_failed, "cannot write", {.file = folder + "/indbakke/" + file.name});
  }
  TRY_VOID(base::write_file_atomic(folder + "/ordrer.json", sample.orders.dump_pretty()));
  TRY_VOID(base::write_file_atomic(folder + "/leveringer.json", sample.deliveries.dump_pretty()));
  return base::write_file_atomic(folder + "/oracle.json", sample.oracle.dump_pretty());
}

}  // namespace app::sample
