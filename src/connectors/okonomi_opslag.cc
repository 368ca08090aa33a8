// okonomi:opslag – what the economy system holds under a key: the check against paying the same invoice twice.
#include "base/decimal.h"
#include "connectors/connectors.h"

namespace connectors {
namespace {

class Lookup final : public Connector {
 public:
  std::string_view type() const override { return "okonomi:opslag"; }
  std::string_view title_da() const override { return "Slå en bogføring op"; }
  base::Json input_schema() const override { return object_schema({{"noegle", "string"}}, {"noegle"}); }
  base::Json output_schema() const override { return object_schema({{"bogfoering", ""}}, {"bogfoering"}); }
  std::vector<std::pair<std::string, std::string>> errors() const override { return {}; }

  Outcome run(const Job& job) const override {
    auto found = job.ledger->find(job.authority, job.input["noegle"].as_string());
    if (!found) return Outcome::retry(found.error().text(), back_off(job, 1'000));
    // What this case itself has posted is no duplicate (a step that is run again).
    const bool own = (*found)["instance"].int_or(0) == job.instance && !(*found)["quarantined"].bool_or(false);
    // Ledgers give amounts as text or as numbers; a process reckons with numbers.
    if (const base::Json& amount = (*found)["amount"]; amount.is_string())
      if (const auto number = base::Decimal::parse(amount.as_string())) found->set("amount", base::Json(base::Json::Number{number->text()}));
    base::Json out = base::Json::object();
    out.set("bogfoering", own ? base::Json() : std::move(*found));
    return Outcome::done(std::move(out));
  }
};

}  // namespace

const Connector& okonomi_opslag() {
  static const Lookup one;
  return one;
}

}  // namespace connectors
