// The runner itself, the scenarios of the bank, and workflow 43 against the sample generator's oracle without a network.
#include <gtest/gtest.h>

#include <map>

#include "app/sample/invoices.h"
#include "app/scenario/run.h"
#include "app/scenario_runner.h"
#include "base/storage.h"

namespace app {
namespace {

using base::Json;
constexpr const char* kFolder = "bank/arbejdsmarked/betaling-af-laegeerklaeringer";

const bank::Package& workflow43() {
  static const auto package = bank::load_folder(kFolder, "arbejdsmarked/betaling-af-laegeerklaeringer");
  EXPECT_TRUE(package) << package.error().text();
  return *package;
}

ScenarioResult run_text(const std::string& text) {
  bank::Package package = workflow43();
  std::erase_if(package.files, [](const auto& f) { return f.first.starts_with("scenarier/"); });
  package.files["scenarier/x.yaml"] = text;
  return run_scenarios(package).at(0);
}

TEST(ScenarioRunner, AllScenariosOfTheBankPass) {
  for (const ScenarioResult& r : run_scenarios(workflow43())) EXPECT_TRUE(r.passed) << r.message;
}

TEST(ScenarioRunner, AlsoWithARestartAfterEveryStep) {
  for (const ScenarioResult& r : run_scenarios(workflow43(), {.restart = true})) EXPECT_TRUE(r.passed) << r.message;
}

TEST(ScenarioRunner, AnUnknownKeyIsAnErrorWithItsLine) {
  const ScenarioResult r = run_text("titel: x\nnaar:\n  - dokument: {fil: data/regning.xml}\nsaa:\n  tilstnad: afsluttet\n");
  EXPECT_FALSE(r.passed);
  EXPECT_NE(r.message.find("scenarier/x.yaml:5"), std::string::npos) << r.message;
  EXPECT_NE(r.message.find("tilstand"), std::string::npos) << "says what would be right: " << r.message;
}

TEST(ScenarioRunner, AScenarioWithoutAnExpectationFails) {
  const ScenarioResult r = run_text("titel: x\nnaar:\n  - dokument: {fil: data/regning.xml}\n");
  EXPECT_FALSE(r.passed);
  EXPECT_NE(r.message.find("expects nothing"), std::string::npos) << r.message;
}

// Every expectation can fail: each of these is wrong about the same clean run, and the message names line and what was found.
TEST(ScenarioRunner, EveryExpectationCanFail) {
  const std::map<std::string, std::string> wrong = {
      {"tilstand: aktiv", "COMPLETED"},
      {"spor: [slut_betalt, start]", "start"},
      {"spor_helt: [start]", "slut_betalt"},
      {"ikke: [bogfoer]", "bogfoer"},
      {"variabler: {ordre: {erklaeringstype: LÆ 135}}", "LÆ 125"},
      {"variabler: {findes_ikke: 1}", "no such variable"},
      {"incidenter: 1", "none"},
      {"opgaver: [{element: vurder_regning}]", "0"},
      {"bogfoering: {antal: 2}", "1"},
      {"bogfoering: {sum: 584.99}", "585"},
      {"bogfoering: {linjer: []}", "5.57.71.10"},
      {"notater: []", "betalt automatisk"},
      {"notater: [findes ikke]", "betalt automatisk"},
      {"antal_notater: 2", "1"},
      {"dokumenter: []", "original.xml"},
      {"antal_instanser: 2", "1"},
      {"afviste: 1", "0"},
      {"rapport: noget", "report"},
      {"kald: {sundhedsordre: 2}", "1"},
      {"instans: 2", "1"},
  };
  for (const auto& [expectation, found] : wrong) {
    const ScenarioResult r = run_text("titel: x\nnaar:\n  - dokument: {fil: data/regning.xml}\nsaa:\n  " + expectation + "\n");
    EXPECT_FALSE(r.passed) << expectation;
    EXPECT_NE(r.message.find("scenarier/x.yaml:5"), std::string::npos) << expectation << ": " << r.message;
    EXPECT_NE(r.message.find(found), std::string::npos) << expectation << ": " << r.message;
  }
}

TEST(ScenarioRunner, StepsThatCannotBeDoneFail) {
  for (const char* step : {"opgave: {handling: godkend}", "dokument: {fil: data/findes-ikke.xml}", "job: {type: \"sag:notat\", svar: {}}", "tid: P1M",
                           "dokument: {fil: data/regning.xml, ret: [{fra: findes ikke, til: x}]}", "start: {proces: findes-ikke}"}) {
    const ScenarioResult r = run_text(std::string("titel: x\nnaar:\n  - ") + step + "\nsaa: {afviste: 0}\n");
    EXPECT_FALSE(r.passed) << step;
    EXPECT_NE(r.message.find("scenarier/x.yaml:3"), std::string::npos) << step << ": " << r.message;
  }
}

TEST(ScenarioRunner, Durations) {
  EXPECT_EQ(scenario::duration_ms("PT10M").value_or(0), 600'000);
  EXPECT_EQ(scenario::duration_ms("P1DT2H").value_or(0), 93'600'000);
  EXPECT_EQ(scenario::duration_ms("PT1.5H").has_value(), false);
  for (const char* bad : {"", "P", "PT", "P1M", "10M", "PT10", "P1H", "PTT1S"}) EXPECT_FALSE(scenario::duration_ms(bad)) << bad;
}

// What became of a file, as someone outside sees it: paid in the ledger, a task, or rejected.
struct Outcomes {
  std::map<std::string, std::vector<std::string>> groups;
  int pay = 0, wrong = 0;
};

void judge(scenario::World& w, const sample::Sample& made) {
  Outcomes out;
  for (std::size_t i = 0; i < made.files.size(); ++i) {
    const Json& row = made.oracle["files"].as_array()[i];
    const std::size_t before = w.instances.size(), rejected = w.rejected;
    ASSERT_TRUE(w.deliver(made.files[i].name, made.files[i].content));
    std::string got = w.rejected > rejected ? "rejected" : "lost";
    if (w.instances.size() > before) {
      auto entries = w.ledger().list(scenario::kAuthority, w.instances.back(), 10, 0);
      auto tasks = scenario::waiting_tasks(w, w.instances.back());
      ASSERT_TRUE(entries && tasks);
      got = (*entries)["entries"].size() == 1 ? "pay" : tasks->size() == 1 ? "person" : "stuck";
    }
    EXPECT_EQ(got, row["outcome"].string_or("")) << made.files[i].name << " " << row["fault"].string_or("");
    if (got == "pay") ++out.pay;
  }
  const double share = static_cast<double>(out.pay) / static_cast<double>(made.files.size());
  EXPECT_GE(share, 0.75);
  EXPECT_LE(share, 0.95);
}

TEST(Workflow43, DoesWhatTheOracleSays) {
  auto tariffs = sample::read_tariffs(kFolder);
  ASSERT_TRUE(tariffs);
  for (const std::uint64_t seed : {11u, 4711u}) {
    const sample::Sample made = sample::make_invoices(90, seed, *tariffs);
    auto world = scenario::World::open(workflow43(), 1'772'438'400'000);
    ASSERT_TRUE(world) << world.error().text();
    ASSERT_TRUE((*world)->stand_ins().set_table("sundhedsordre", "ordrer", made.orders));
    ASSERT_TRUE((*world)->stand_ins().set_table("sundhedsordre", "leveringer", made.deliveries));
    judge(**world, made);
  }
}

// data/takster.yaml is what samples are made from, beslutninger.dmn is what decides: they must say the same, on both days of each period.
TEST(Workflow43, TariffTableAndDecisionAgree) {
  auto tariffs = sample::read_tariffs(kFolder);
  ASSERT_TRUE(tariffs);
  auto program = dmn::compile({workflow43().decisions});
  ASSERT_TRUE(program) << program.error().text();
  const auto decide = [&](const std::string& type, const std::string& day) {
    auto order = base::parse_json(R"({"erklaeringstype": ")" + type + R"(", "levering": {"leveret": true, "dato": ")" + day + "\"}}");
    feel::Context in;
    in.entries.emplace_back("ordre", feel::from_json(*order));
    auto out = (*program)->evaluate("takst", in, {});
    EXPECT_TRUE(out) << out.error().text();
    return out ? feel::to_json(out->value) : Json();
  };
  for (const sample::Tariff& t : *tariffs)
    for (const std::string& day : {t.from, t.to}) {
      const Json found = decide(t.type, day);
      ASSERT_TRUE(found.is_number()) << t.type << " " << day;
      EXPECT_EQ(base::Decimal::parse(found.number_text()), base::Decimal::divide(base::Decimal(t.oere), base::Decimal(100))) << t.type << " " << day;
    }
  EXPECT_TRUE(decide("LÆ 125", "2024-12-31").is_null());
  EXPECT_TRUE(decide("LÆ 999", "2026-06-01").is_null());
}

}  // namespace
}  // namespace app
