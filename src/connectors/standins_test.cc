// Needs FEEL. The sandbox of workflow 43, faults, marks, and what is wrong with a declaration.
#include <gtest/gtest.h>

#include "base/storage.h"
#include "connectors/connectors.h"
#include "connectors/standins.h"

namespace connectors {
namespace {

using base::Json;
constexpr const char* kFolder = "bank/arbejdsmarked/betaling-af-laegeerklaeringer/data/";

base::Result<std::string> beside(const std::string& path) { return base::read_file(kFolder + path, 1 << 20); }

std::unique_ptr<StandIns> sandbox() {
  auto out = std::make_unique<StandIns>();
  auto yaml = beside("standins.yaml");
  EXPECT_TRUE(yaml);
  auto added = out->add(*yaml, "standins.yaml", beside);
  EXPECT_TRUE(added) << added.error().text();
  return out;
}

std::string header(const HttpResponse& r, std::string_view name) {
  for (const auto& [n, v] : r.headers)
    if (n == name) return v;
  return {};
}

TEST(StandIns, JoinsOrderAndDelivery) {
  const auto s = sandbox();
  const HttpResponse r = s->answer("sundhedsordre", {"GET", "/ordrer/L-2026-0001", ""}, 0);
  ASSERT_EQ(r.status, 200) << r.body;
  const auto body = base::parse_json(r.body);
  ASSERT_TRUE(body);
  EXPECT_EQ((*body)["erklaeringstype"].string_or(""), "LÆ 125");
  EXPECT_TRUE((*body)["levering"]["leveret"].bool_or(false));
  EXPECT_EQ((*body)["levering"]["dato"].string_or(""), "2026-02-18");
  EXPECT_FALSE((*body)["standin"].string_or("").empty()) << "marked in the JSON";
  EXPECT_EQ(header(r, "x-sagsgang-standin"), "sundhedsordre");
  const auto waiting = base::parse_json(s->answer("sundhedsordre", {"GET", "/ordrer/L-2026-0003", ""}, 0).body);
  ASSERT_TRUE(waiting);
  EXPECT_FALSE((*waiting)["levering"]["leveret"].bool_or(true));
}

TEST(StandIns, UnknownIs404) {
  const auto s = sandbox();
  EXPECT_EQ(s->answer("sundhedsordre", {"GET", "/ordrer/findes-ikke", ""}, 0).status, 404);
  EXPECT_EQ(s->answer("sundhedsordre", {"GET", "/andet", ""}, 0).status, 404);
  EXPECT_EQ(s->answer("sundhedsordre", {"POST", "/ordrer/L-2026-0001", ""}, 0).status, 404);
  EXPECT_EQ(s->answer("ukendt", {"GET", "/", ""}, 0).status, 404);
}

TEST(StandIns, TablesAreReplacedAndPathsDecoded) {
  const auto s = sandbox();
  auto rows = base::parse_json(R"([{"ordrenummer": "A/ø", "erklaeringstype": "LÆ 135"}])");
  ASSERT_TRUE(s->set_table("sundhedsordre", "ordrer", *rows));
  EXPECT_EQ(s->answer("sundhedsordre", {"GET", "/ordrer/L-2026-0001", ""}, 0).status, 404);
  EXPECT_EQ(s->answer("sundhedsordre", {"GET", "/ordrer/A%2F%C3%B8", ""}, 0).status, 200);
  EXPECT_FALSE(s->set_table("sundhedsordre", "findes-ikke", *rows));
  EXPECT_FALSE(s->set_table("ukendt", "ordrer", *rows));
}

TEST(StandIns, FaultsCountDown) {
  const auto s = sandbox();
  ASSERT_TRUE(s->set_fault("sundhedsordre", 503, 2));
  const StandInRequest ask{"GET", "/ordrer/L-2026-0001", ""};
  EXPECT_EQ(s->answer("sundhedsordre", ask, 0).status, 503);
  EXPECT_EQ(s->answer("sundhedsordre", ask, 0).status, 503);
  EXPECT_EQ(s->answer("sundhedsordre", ask, 0).status, 200);
  ASSERT_TRUE(s->set_fault("sundhedsordre", 500, -1));
  EXPECT_EQ(s->answer("sundhedsordre", ask, 0).status, 500);
  EXPECT_EQ(s->calls("sundhedsordre"), 4u);
}

TEST(StandIns, RefusesABadDeclarationWhole) {
  StandIns s;
  const auto none = [](const std::string&) -> base::Result<std::string> { return base::fail(base::ErrorCode::not_found, "no file"); };
  const auto refused = [&](const std::string& yaml, const std::string& word) {
    auto r = s.add(yaml, "x.yaml", none);
    ASSERT_FALSE(r) << yaml;
    EXPECT_NE(r.error().text().find(word), std::string::npos) << r.error().text();
    EXPECT_GT(r.error().where.line, 0) << yaml;
  };
  refused("format: 1\nstandins:\n  - slags: a\n    titel: A\n    rutr: []\n", "ruter");
  refused("format: 1\nstandins:\n  - slags: a\n    titel: A\n    ruter:\n      - sti: /x\n        svar: '=1 +'\n", "x.yaml:7");
  refused("format: 1\nstandins:\n  - slags: a\n    titel: A\n    ruter:\n      - sti: x\n", "sti");
  refused("format: 1\nstandins:\n  - slags: a\n    titel: A\n    tabeller: {t: væk.yaml}\n    ruter: [{sti: /x}]\n", "no file");
  EXPECT_TRUE(s.list().empty());
}

}  // namespace
}  // namespace connectors
