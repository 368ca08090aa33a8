// okonomi:bogfoer – posts to the economy system: double entry, the same key never twice.
#include "connectors/connectors.h"

namespace connectors {
namespace {

base::Json posting_of(const base::Json& in) {
  base::Json p = base::Json::object();
  static constexpr std::pair<const char*, const char*> kFields[] = {{"idempotencyKey", "noegle"}, {"date", "dato"},   {"text", "tekst"},
                                                                    {"supplier", "leverandoer"},  {"amount", "beloeb"}, {"currency", "valuta"},
                                                                    {"lines", "linjer"}};
  for (const auto& [to, from] : kFields) p.set(to, in[from]);
  return p;
}

class Post final : public Connector {
 public:
  std::string_view type() const override { return "okonomi:bogfoer"; }
  std::string_view title_da() const override { return "Bogfør"; }
  base::Json input_schema() const override {
    return object_schema({{"noegle", "string"}, {"dato", "string"}, {"tekst", "string"}, {"leverandoer", "string"}, {"beloeb", "number"},
        {"valuta", "string"}, {"linjer", "array"}},
                         {"noegle", "dato", "tekst", "leverandoer", "beloeb", "valuta", "linjer"});
  }
  base::Json output_schema() const override { return object_schema({{"bilag", ""}}, {"bilag"}); }
  std::vector<std::pair<std::string, std::string>> errors() const override {
    return {{"DOBBELT", "Nøglen er bogført fra en anden sag, med andet indhold, eller sat i karantæne"}};
  }

  Outcome run(const Job& job) const override {
    const base::Json posting = posting_of(job.input);
    // Known already: nothing new leaves the house, so no effect is noted for it.
    auto before = job.ledger->find(job.authority, posting["idempotencyKey"].as_string());
    if (!before) return Outcome::retry(before.error().text(), back_off(job, 1'000));
    if (before->is_null() && job.effects != nullptr) {
      const std::string text = job.input["tekst"].as_string() + ", " + job.input["beloeb"].number_text() + " " + job.input["valuta"].as_string();
      if (auto noted = job.effects->note("payment", posting["idempotencyKey"].as_string(), text); !noted)
        return Outcome::retry(noted.error().text(), back_off(job, 1'000));
    }
    auto posted = job.ledger->post(job.authority, job.instance, posting);
    if (!posted && posted.error().code == base::ErrorCode::conflict) return Outcome::error("DOBBELT", posted.error().message);
    if (!posted) return Outcome::retry(posted.error().text(), back_off(job, 1'000));
    const std::int64_t owner = (*posted)["instance"].int_or(job.instance);
    if ((*posted)["alreadyPosted"].bool_or(false) && owner != job.instance) return Outcome::error("DOBBELT", "posted by another case");
    base::Json out = base::Json::object();
    out.set("bilag", (*posted)["entryId"]);
    return Outcome::done(std::move(out));
  }
};

}  // namespace

const Connector& okonomi_bogfoer() {
  static const Post one;
  return one;
}

}  // namespace connectors
