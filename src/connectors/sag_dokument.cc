// sag:dokument – a text becomes a document on the case (a calculation, a receipt, a letter before it is sent).
#include "connectors/connectors.h"

namespace connectors {
namespace {

class Document final : public Connector {
 public:
  std::string_view type() const override { return "sag:dokument"; }
  std::string_view title_da() const override { return "Læg dokument på sagen"; }
  base::Json input_schema() const override {
    return object_schema({{"navn", "string"}, {"indhold", "string"}, {"mime", "string"}}, {"navn", "indhold"});
  }
  base::Json output_schema() const override { return object_schema({}, {}); }
  std::vector<std::pair<std::string, std::string>> errors() const override { return {}; }

  Outcome run(const Job& job) const override {
    const std::string name = job.input["navn"].as_string();
    if (job.effects != nullptr)
      if (auto noted = job.effects->note("document", job.idempotency_key, "case document"); !noted) return Outcome::retry(noted.error().text(), back_off(job, 1'000));
    auto stored = job.cases->document(job.authority, job.instance, job.key_slot, name, job.input["mime"].string_or("text/plain"), job.input["indhold"].as_string());
    if (!stored) return Outcome::retry(stored.error().text(), back_off(job, 1'000));
    return Outcome::done(base::Json::object());
  }
};

}  // namespace

const Connector& sag_dokument() {
  static const Document one;
  return one;
}

}  // namespace connectors
