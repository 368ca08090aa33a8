// oioubl:read – an invoice or credit note of the case becomes the variable `faktura` (oioubl.h tells its shape).
#include "connectors/connectors.h"
#include "connectors/oioubl.h"

namespace connectors {
namespace {

class OioublRead final : public Connector {
 public:
  std::string_view type() const override { return "oioubl:read"; }
  std::string_view title_da() const override { return "Læs elektronisk regning (OIOUBL)"; }
  base::Json input_schema() const override { return object_schema({{"dokument", "string"}}, {"dokument"}); }
  base::Json output_schema() const override { return object_schema({{"faktura", "object"}}, {"faktura"}); }
  std::vector<std::pair<std::string, std::string>> errors() const override {
    return {{"ULAESELIG", "Dokumentet er ikke en regning eller kreditnota i OIOUBL"}};
  }

  Outcome run(const Job& job) const override {
    constexpr base::Millis kUntilStored = 50;  // the inbox stores the document right after the instance
    const std::string name = job.input["dokument"].as_string();
    auto bytes = job.cases->read_document(job.authority, job.instance, name);
    if (!bytes && bytes.error().code == base::ErrorCode::not_found) return Outcome::not_yet("the document is not on the case yet", kUntilStored);
    if (!bytes) return Outcome::retry(bytes.error().text(), back_off(job, 1'000));
    auto invoice = read_oioubl(*bytes, "dokument");
    if (!invoice) return Outcome::error("ULAESELIG", invoice.error().text());
    base::Json out = base::Json::object();
    out.set("faktura", std::move(*invoice));
    return Outcome::done(std::move(out));
  }
};

}  // namespace

const Connector& oioubl_read() {
  static const OioublRead one;
  return one;
}

}  // namespace connectors
