#include "app/sample/invoices.h"

#include <gtest/gtest.h>

#include <map>

#include "app/sample/identifiers.h"
#include "base/xml.h"

namespace app::sample {
namespace {

const std::vector<Tariff> kTariffs = {{"LÆ 125", "Statusattest", "2026-01-01", "2026-12-31", 46'800}, {"LÆ 165", "Attest fra speciallæge", "2025-01-01", "2025-12-31", 390'000}};

TEST(Sample, the_same_seed_gives_the_same_bytes) {
  const Sample a = make_invoices(120, 9, kTariffs), b = make_invoices(120, 9, kTariffs), c = make_invoices(120, 10, kTariffs);
  EXPECT_EQ(a.oracle.dump(), b.oracle.dump());
  EXPECT_NE(a.oracle.dump(), c.oracle.dump());
  for (std::size_t i = 0; i < a.files.size(); ++i) EXPECT_EQ(a.files[i].content, b.files[i].content);
}

TEST(Sample, every_fault_is_planted_and_most_are_clean) {
  const Sample sample = make_invoices(300, 4711, kTariffs);
  std::map<std::string, int> faults, outcomes;
  for (const auto& row : sample.oracle["files"].as_array()) {
    ++faults[row["fault"].as_string()];
    ++outcomes[row["outcome"].as_string()];
  }
  EXPECT_EQ(faults.size(), 12u);
  EXPECT_GE(outcomes["pay"], 300 * 3 / 4);
  EXPECT_LE(outcomes["pay"], 300 * 95 / 100);
  EXPECT_EQ(outcomes["rejected"], faults["broken_xml"]);
}

TEST(Sample, only_the_broken_files_are_broken) {
  const Sample sample = make_invoices(200, 3, kTariffs);
  for (std::size_t i = 0; i < sample.files.size(); ++i) {
    const bool broken = sample.oracle["files"].as_array()[i]["fault"].as_string() == "broken_xml";
    EXPECT_EQ(base::xml::parse(sample.files[i].content).has_value(), !broken) << sample.files[i].name;
  }
}

TEST(Sample, identifiers_have_right_check_digits) {
  base::SeededRandom random(1);
  for (int k = 0; k < 500; ++k) {
    const std::string cvr = synthetic_cvr(random);
    static constexpr int kWeights[] = {2, 7, 6, 5, 4, 3, 2, 1};
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) sum += kWeights[i] * (cvr[i] - '0');
    EXPECT_EQ(sum % 11, 0) << cvr;
    const std::string cpr = synthetic_cpr(random);
    EXPECT_GE(cpr.substr(4, 2), "30");
    EXPECT_LE(cpr.substr(4, 2), "36");
    EXPECT_TRUE(cpr[6] == '4' || cpr[6] == '9');
  }
  EXPECT_EQ(oere_of("468.5"), 46'850);
  EXPECT_EQ(kroner_text(46'805), "468.05");
}

}  // namespace
}  // namespace app::sample
