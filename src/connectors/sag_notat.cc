// sag:notat – a journal note on the case: what was checked, what was decided, why.
#include "connectors/connectors.h"

namespace connectors {
namespace {

class Note final : public Connector {
 public:
  std::string_view type() const override { return "sag:notat"; }
  std::string_view title_da() const override { return "Skriv notat på sagen"; }
  base::Json input_schema() const override { return object_schema({{"tekst", "string"}}, {"tekst"}); }
  base::Json output_schema() const override { return object_schema({}, {}); }
  std::vector<std::pair<std::string, std::string>> errors() const override { return {}; }

  Outcome run(const Job& job) const override {
    const std::string& text = job.input["tekst"].as_string();
    if (job.effects != nullptr)
      if (auto noted = job.effects->note("note", job.idempotency_key, "journal note"); !noted) return Outcome::retry(noted.error().text(), back_off(job, 1'000));
    if (auto written = job.cases->note(job.authority, job.instance, job.key_slot, job.idempotency_key, text); !written)
      return Outcome::retry(written.error().text(), back_off(job, 1'000));
    return Outcome::done(base::Json::object());
  }
};

}  // namespace

const Connector& sag_notat() {
  static const Note one;
  return one;
}

}  // namespace connectors
