#include "bank/understand/understand.h"

#include <gtest/gtest.h>

#include <set>

#include "bank/test_bank.h"
#include "base/text.h"

namespace {

using bank::understand::Understand;
using bank::understand::Who;
using base::Json;
using Files = std::map<std::string, std::string>;

const std::string kA = "11111111", kB = "22222222";

// A workflow with one activity per line of `activities`: "id|name|property=value;property=value".
Files package(const std::string& title, const std::vector<std::string>& activities, const std::string& more = {}) {
  std::string nodes, flows, lane, before = "start";
  int n = 0;
  const auto flow = [&](const std::string& to) { flows += "<bpmn:sequenceFlow id=\"f" + std::to_string(++n) + "\" sourceRef=\"" + before + "\" targetRef=\"" + to + "\"/>"; before = to; };
  for (const auto& activity : activities) {
    const auto parts = base::split(activity, '|');
    const std::string id(parts[0]);
    std::string properties;
    for (const auto one : base::split(parts[2], ';')) {
      const auto equals = one.find('=');
      if (equals == std::string_view::npos) continue;
      properties += "<zeebe:property name=\"" + std::string(one.substr(0, equals)) + "\" value=\"" + std::string(one.substr(equals + 1)) + "\"/>";
    }
    const std::string element = properties.find("\"pakke\"") != std::string::npos ? "callActivity" : "userTask";
    nodes += "<bpmn:" + element + " id=\"" + id + "\" name=\"" + std::string(parts[1]) + "\"><bpmn:extensionElements><zeebe:properties>" + properties +
             "</zeebe:properties></bpmn:extensionElements></bpmn:" + element + ">";
    lane += "<bpmn:flowNodeRef>" + id + "</bpmn:flowNodeRef>";
    flow(id);
  }
  flow("slut");
  return {{"arbejdsgang.yaml", "format: 1\ntitel: " + title + "\nresume: x.\ndomaene: Prøver\nkle: \"15\"\nart: god\nejerrolle: Leder\nversion: 1.0.0\n"
             "jura:\n  - {titel: Lov om prøver, henvisning: kapitel 2, url: \"https://eksempel.dk/lov\", verificeret: \"2026-12-20\", status: eksempel}\n"
             "afgoerelse: ingen\nautomatik: {grad: delvis, beskrivelse: x}\nhjemmel: eksempel\nbevaring: {kode: K, slettefrist: P5Y}\n"
             "systemer:\n  - {slags: esdh, brug: Gemme}\nroller: [Sagsbehandler]\nblanketter:\n  - {titel: Skema A}\n" + more},
          {"proces.bpmn", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" "
             "id=\"d\" targetNamespace=\"t\"><bpmn:process id=\"p\" isExecutable=\"false\"><bpmn:laneSet id=\"ls\"><bpmn:lane id=\"l\" name=\"Sagsbehandler\">" + lane + "</bpmn:lane></bpmn:laneSet>"
             "<bpmn:startEvent id=\"start\" name=\"Ny sag\"/>" + nodes + "<bpmn:endEvent id=\"slut\" name=\"Færdig\"/>" + flows + "</bpmn:process></bpmn:definitions>"}};
}

class UnderstandTest : public testing::Test, protected bank_test::TestBank {
 protected:
  UnderstandTest() : TestBank("understand") {}  // the clock stands at 15 January 2027
  void SetUp() override {
    auto room = Understand::open(*database_, *bank_, clock_);
    ASSERT_TRUE(room.has_value()) << room.error().text();
    room_ = std::move(*room);
  }
  void put(const std::string& authority, const std::string& slug, Files files, bool published = false) {
    auto imported = bank_->import(authority, slug, std::move(files), "anna", "n");
    ASSERT_TRUE(imported.has_value()) << imported.error().text();
    if (published) { ASSERT_TRUE(bank_->publish(authority, slug).has_value()); }
  }
  static Json must(base::Result<Json> result) {
    EXPECT_TRUE(result.has_value()) << result.error().text();
    return result.value_or(Json());
  }
  static std::string code(const base::Result<Json>& result) { return result ? "" : std::string(base::name(result.error().code)); }
  Json entry_of(const Json& list, const std::string& key) {
    for (const Json& one : list["items"].as_array())
      if (one["key"] == Json(key)) return one;
    return {};
  }

  std::unique_ptr<Understand> room_;
};

const Who kAnna{kA, "anna"}, kBo{kA, "bo"}, kCarl{kB, "carl"};

TEST(Uses, ALawPropertyIsTheLawAndThePlaceInIt) {
  const std::vector<std::string> titles = {"Lov om prøver", "Lov om prøver (2010)", "Sygedagpengeloven"};
  struct Case { const char *text, *law, *reference; };
  for (const Case& c : std::initializer_list<Case>{{"Lov om prøver § 3", "Lov om prøver", "§ 3"}, {"Lov om prøver (2010) § 3", "Lov om prøver (2010)", "§ 3"}, {"Sygedagpengeloven, tidlig indsats", "Sygedagpengeloven", "tidlig indsats"},
           {"Sygedagpengeloven", "Sygedagpengeloven", ""}, {"Lov om prøvers ende § 2", "Lov om prøvers ende", "§ 2"}, {"Forvaltningsloven § 19, stk. 1", "Forvaltningsloven", "§ 19, stk. 1"},
           {"Forordningen artikel 5", "Forordningen", "artikel 5"}}) {
    const auto citation = bank::understand::cite(c.text, titles);
    EXPECT_EQ(citation.law, c.law) << c.text;
    EXPECT_EQ(citation.reference, c.reference) << c.text;
  }
  EXPECT_EQ(bank::understand::register_key("Lov om Ærø – § 3 (2010)"), "lov-om-aeroe-par-3-2010");
  EXPECT_EQ(bank::understand::register_key("  SAGSBEHANDLER "), "sagsbehandler");
}

TEST_F(UnderstandTest, RegistersCountWhatIsReadAndFollowTheBank) {
  put(kA, "proever/a", package("A", {"x|Vurder|lov=Lov om prøver § 3", "y|Skriv|lov=Anden lov § 1;lov=Lov om prøver § 4"}));
  put(kB, "proever/b", package("B", {"x|Vurder|lov=Lov om prøver § 3"}));
  const Json laws = must(room_->list_register(kA, "lov"));
  EXPECT_EQ(laws["items"].size(), 2u);
  EXPECT_EQ(entry_of(laws, "lov-om-proever")["workflows"], Json(1)) << "another authority's own is not counted";
  EXPECT_EQ(entry_of(laws, "lov-om-proever")["activities"], Json(2));
  EXPECT_EQ(entry_of(must(room_->list_register(kA, "rolle")), "sagsbehandler")["activities"], Json(2));
  EXPECT_EQ(must(room_->list_register(kA, "system"))["items"].as_array()[0]["title"], Json("esdh"));
  ASSERT_TRUE(bank_->publish(kB, "proever/b").has_value());
  EXPECT_EQ(entry_of(must(room_->list_register(kA, "lov")), "lov-om-proever")["workflows"], Json(2));
  put(kA, "proever/a", package("A", {"x|Vurder|"}));
  EXPECT_EQ(entry_of(must(room_->list_register(kA, "lov")), "anden-lov"), Json()) << "a new version takes its old uses away";
  const Json entry = must(room_->entry(kA, "blanket", "skema-a"));
  EXPECT_EQ(entry["uses"].size(), 2u);
  EXPECT_EQ(code(room_->entry(kA, "blanket", "findes-ikke")), "not_found");
  EXPECT_EQ(code(room_->entry(kA, "kald", "proever/b")), "not_found") << "calls are no register";
  EXPECT_EQ(code(room_->list_register(kA, "ejer")), "invalid_argument");
}

TEST_F(UnderstandTest, AnOldLookAtALawIsOverdue) {
  put(kA, "proever/a", package("A", {"x|Vurder|lov=Lov om prøver § 3"}));
  const auto state = [&] { return must(room_->workflow_law(kA, "proever/a"))["activities"].as_array()[0]["state"].string_or("?"); };
  constexpr base::Millis kDay = 86'400'000;
  EXPECT_EQ(state(), "");
  clock_.advance(320 * kDay);
  EXPECT_EQ(state(), "snart");
  clock_.advance(40 * kDay);
  EXPECT_EQ(state(), "overskredet");
  EXPECT_EQ(entry_of(must(room_->list_register(kA, "lov")), "lov-om-proever")["state"], Json("overskredet"));
}

TEST_F(UnderstandTest, AChangedLawRaisesAReviewOnEveryCitingActivity) {
  put(kA, "proever/a", package("A", {"x|Vurder|lov=Lov om prøver § 3", "y|Skriv|lov=Lov om prøver § 13", "z|Gem|"}));
  put(kB, "proever/b", package("B", {"x|Hør|lov=Lov om prøver"}), true);
  put(kA, "proever/c", package("C", {"x|Gem|"}));  // only its manifest names the law
  const Json marked = must(room_->mark_law(kAnna, {"lov-om-proever", "2027-02-01", "Ny frist", "", ""}));
  EXPECT_EQ(marked["reviews"], Json(4));
  const Json all = must(room_->reviews(kA, {}));
  EXPECT_EQ(all["open"], Json(4));
  EXPECT_EQ(all["byOwner"].dump(), R"([{"owner":"Leder","open":4}])");
  EXPECT_EQ(must(room_->reviews(kB, {}))["open"], Json(0)) << "a watch is the authority's own";
  EXPECT_EQ(must(room_->workflow_law(kA, "proever/a"))["openReviews"], Json(2));
  EXPECT_EQ(entry_of(must(room_->list_register(kA, "lov")), "lov-om-proever")["openReviews"], Json(4));
  EXPECT_EQ(code(room_->mark_law(kAnna, {"ukendt-lov", "2027-02-01", "x", "", ""})), "not_found");
  // Only the place that is changed: § 3 is not § 13, the law as a whole is.
  const Json place = must(room_->mark_law(kAnna, {"lov-om-proever", "2027-02-01", "Kun § 3", "", "§ 3"}));
  EXPECT_EQ(place["reviews"], Json(3)) << "§ 3, and the two that cite the law as a whole";
  ASSERT_TRUE(room_->withdraw_law_change(kAnna, std::atoll(place["lawChangeKey"].as_string().c_str())).has_value());
  EXPECT_EQ(must(room_->reviews(kA, {}))["open"], Json(4));
  EXPECT_FALSE(room_->withdraw_law_change(kCarl, std::atoll(marked["lawChangeKey"].as_string().c_str())).has_value());
}

TEST_F(UnderstandTest, APersonSettlesEachReview) {
  put(kA, "proever/a", package("A", {"x|Vurder|lov=Lov om prøver § 3"}));
  must(room_->mark_law(kAnna, {"lov-om-proever", "2027-02-01", "Ny frist", "", ""}));
  const std::int64_t key = std::atoll(must(room_->reviews(kA, {}))["items"].as_array()[0]["reviewKey"].as_string().c_str());
  EXPECT_EQ(code(room_->settle(kAnna, key, {"rettet", 2, ""})), "invalid_argument") << "there is no version 2 yet";
  EXPECT_EQ(code(room_->settle(kCarl, key, {"uaendret", 0, ""})), "not_found");
  put(kA, "proever/a", package("A", {"x|Vurder med ny frist|"}));
  EXPECT_EQ(must(room_->reviews(kA, {}))["items"].as_array()[0]["stillCited"], Json(false));
  const Json settled = must(room_->settle(kBo, key, {"rettet", 2, "frist 6 uger"}));
  EXPECT_EQ(settled["settled"]["version"], Json(2));
  EXPECT_EQ(settled["settled"]["by"], Json("bo"));
  EXPECT_EQ(must(room_->reviews(kA, {}))["open"], Json(0));
  EXPECT_EQ(must(room_->reviews(kA, {.slug = {}, .law = {}, .owner = {}, .open_only = true}))["items"].size(), 0u);
  EXPECT_EQ(code(room_->settle(kAnna, key, {"uaendret", 0, ""})), "conflict");
  EXPECT_EQ(must(room_->reopen(kAnna, key))["open"], Json(true));
}

TEST_F(UnderstandTest, CallsAreKnownBothWaysAndAMissingTargetIsTold) {
  put(kA, "proever/top", package("Top", {"x|Kald a|pakke=proever/a", "y|Kald væk|pakke=proever/vaek"}));
  put(kA, "proever/a", package("A", {"x|Kald b|pakke=proever/b"}));
  put(kA, "proever/b", package("B", {"x|Tilbage|pakke=proever/a"}));  // a circle
  put(kB, "proever/vaek", package("Andres", {"x|Gem|"}));
  const Json calls = must(room_->calls(kA, "proever/top"));
  EXPECT_EQ(calls["calls"].as_array()[0]["title"], Json("A"));
  EXPECT_EQ(calls["calls"].as_array()[1]["known"], Json(false));
  EXPECT_TRUE(calls["calls"].as_array()[1]["title"].is_null()) << "the title of what may not be read is not told";
  EXPECT_EQ(must(room_->calls(kA, "proever/b"))["calledBy"].as_array()[0]["slug"], Json("proever/a"));
  const Json graph = must(room_->call_graph(kA, "proever/a"));
  ASSERT_EQ(graph["nodes"].size(), 3u);
  int back = 0;
  for (const Json& edge : graph["edges"].as_array()) back += edge["back"].as_bool() ? 1 : 0;
  EXPECT_EQ(back, 1);
  for (const Json& node : graph["nodes"].as_array()) EXPECT_EQ(node["level"], Json(node["slug"] == Json("proever/top") ? -1 : node["slug"] == Json("proever/a") ? 0 : 1));
  auto svg = room_->call_graph_svg(kA, "proever/top");
  ASSERT_TRUE(svg.has_value());
  EXPECT_NE(svg->find("href=\"/bank/proever/a\""), std::string::npos);
  EXPECT_EQ(svg->find("href=\"/bank/proever/vaek\""), std::string::npos);
  EXPECT_EQ(*svg, *room_->call_graph_svg(kA, "proever/top"));
}

// No two boxes of a graph lie on each other, and no line runs through a box that is not its end.
TEST_F(UnderstandTest, ACallGraphIsDrawnWithoutOverlaps) {
  std::vector<std::string> calls;
  for (int i = 0; i < 9; ++i) {
    put(kA, "proever/del-" + std::to_string(i), package("Delproces nummer " + std::to_string(i) + " med et langt navn, der skal brydes", {i % 2 == 0 ? "x|Kald|pakke=proever/fast" : "x|Gem|"}));
    calls.push_back("k" + std::to_string(i) + "|Kald|pakke=proever/del-" + std::to_string(i));
  }
  calls.push_back("direkte|Kald|pakke=proever/fast");
  put(kA, "proever/fast", package("Fast", {"x|Gem|"}));
  put(kA, "proever/top", package("Top", calls));
  const Json graph = must(room_->call_graph(kA, "proever/top"));
  const auto& nodes = graph["nodes"].as_array();
  ASSERT_EQ(nodes.size(), 11u);
  const auto left = [](const Json& n) { return n["x"].as_double(); };
  const auto top = [](const Json& n) { return n["y"].as_double(); };
  const auto right = [](const Json& n) { return n["x"].as_double() + n["width"].as_double(); };
  const auto bottom = [](const Json& n) { return n["y"].as_double() + n["height"].as_double(); };
  for (std::size_t a = 0; a < nodes.size(); ++a)
    for (std::size_t b = a + 1; b < nodes.size(); ++b)
      EXPECT_FALSE(left(nodes[a]) < right(nodes[b]) && left(nodes[b]) < right(nodes[a]) && top(nodes[a]) < bottom(nodes[b]) && top(nodes[b]) < bottom(nodes[a])) << a << " on " << b;
  int lines = 0;
  for (const Json& edge : graph["edges"].as_array()) {
    const auto& points = edge["points"].as_array();
    ASSERT_GE(points.size(), 2u);
    for (std::size_t p = 1; p < points.size(); ++p, ++lines) {
      const double x1 = points[p - 1].as_array()[0].as_double(), y1 = points[p - 1].as_array()[1].as_double(), x2 = points[p].as_array()[0].as_double(), y2 = points[p].as_array()[1].as_double();
      for (std::size_t n = 0; n < nodes.size(); ++n)
        EXPECT_FALSE(std::min(x1, x2) < right(nodes[n]) - 1 && std::max(x1, x2) > left(nodes[n]) + 1 && std::min(y1, y2) < bottom(nodes[n]) - 1 && std::max(y1, y2) > top(nodes[n]) + 1)
            << "a line runs through " << nodes[n]["slug"].dump();
    }
  }
  EXPECT_GE(lines, 15);
}

TEST_F(UnderstandTest, AManualHoldsTheRolesStepsAndAProfileItsFigures) {
  put(kA, "proever/a", package("A", {"x|Vurder|lov=Lov om prøver § 3", "y|Skriv|frist=samme dag"}));
  put(kA, "proever/b", package("B", {"x|Gem|"}, "afledt_af:\n  - proever/a\n"));
  const Json manual = must(room_->manual(kA, "sagsbehandler"));
  EXPECT_EQ(manual["role"], Json("Sagsbehandler"));
  EXPECT_EQ(manual["steps"], Json(3));
  const Json& step = manual["workflows"].as_array()[0]["steps"].as_array()[1];
  EXPECT_EQ(step["deadline"], Json("samme dag"));
  EXPECT_EQ(code(room_->manual(kB, "sagsbehandler")), "not_found");
  const Json profile = must(room_->profile(kA, "proever/a"));
  EXPECT_EQ(profile["figures"]["activities"], Json(2));
  EXPECT_EQ(profile["figures"]["paths"], Json(1));
  EXPECT_EQ(profile["figures"]["variants"], Json(1));
  EXPECT_EQ(profile["relations"]["variants"].as_array()[0]["slug"], Json("proever/b"));
  EXPECT_EQ(must(room_->profile(kA, "proever/b"))["relations"]["derivedFrom"].as_array()[0]["title"], Json("A"));
}

TEST_F(UnderstandTest, CommentsBelongToTheAuthorityAndARemovalCanBeTakenBack) {
  put(kA, "proever/a", package("A", {"x|Vurder|"}), true);
  const std::int64_t key = std::atoll(must(room_->comment(kAnna, "proever/a", "x", "Hvem gør det?", 0))["commentKey"].as_string().c_str());
  must(room_->comment(kBo, "proever/a", "", "Det gør vi.", key));
  Json threads = must(room_->comments(kBo, "proever/a"));
  EXPECT_EQ(threads["open"], Json(1));
  EXPECT_EQ(threads["threads"].as_array()[0]["replies"].as_array()[0]["by"], Json("bo"));
  EXPECT_EQ(threads["threads"].as_array()[0]["elementName"], Json("Vurder"));
  EXPECT_EQ(must(room_->comments(kCarl, "proever/a"))["threads"].size(), 0u) << "it reads the workflow, not what others say of it";
  EXPECT_EQ(code(room_->comment(kCarl, "proever/a", "", "svar", key)), "not_found");
  EXPECT_EQ(code(room_->comment(kAnna, "proever/a", "findes-ikke", "x", 0)), "invalid_argument");
  EXPECT_EQ(code(room_->comment(kAnna, "proever/a", "", "  ", 0)), "invalid_argument");
  must(room_->resolve(kBo, key, true));
  EXPECT_EQ(must(room_->comments(kAnna, "proever/a"))["open"], Json(0));
  must(room_->comment(kAnna, "proever/a", "", "Ikke helt.", key));
  EXPECT_EQ(must(room_->comments(kAnna, "proever/a"))["open"], Json(1)) << "an answer opens the thread again";
  EXPECT_EQ(room_->remove_comment(kBo, key, true, false).error().code, base::ErrorCode::forbidden);
  ASSERT_TRUE(room_->remove_comment(kAnna, key, true, false).has_value());
  EXPECT_EQ(must(room_->comments(kAnna, "proever/a"))["threads"].size(), 0u);
  ASSERT_TRUE(room_->remove_comment(kAnna, key, false, false).has_value());
  EXPECT_EQ(must(room_->comments(kAnna, "proever/a"))["threads"].as_array()[0]["replies"].size(), 2u);
  EXPECT_EQ(room_->remove_comment(kCarl, key, true, true).error().code, base::ErrorCode::not_found);
}

TEST_F(UnderstandTest, ReadersFollowConfirmAndKeepAFeedWithoutNames) {
  put(kA, "proever/a", package("A", {"x|Vurder|lov=Lov om prøver § 3"}));
  put(kA, "proever/b", package("Bag døren", {"x|Gem|"}));
  put(kB, "proever/c", package("Naboens", {"x|Gem|"}));
  EXPECT_EQ(must(room_->mark(kAnna, "proever/a", false, true))["following"], Json(true));
  EXPECT_EQ(code(room_->mark(kAnna, "proever/c", true, true)), "not_found");
  EXPECT_EQ(must(room_->followed(kAnna))["items"].size(), 1u);
  EXPECT_EQ(must(room_->followed(kBo))["items"].size(), 0u);
  EXPECT_EQ(code(room_->confirm_read(kAnna, "proever/a", 7)), "conflict");
  must(room_->confirm_read(kAnna, "proever/a", 1));
  EXPECT_EQ(must(room_->reader(kBo, "proever/a"))["confirmed"].dump(), R"([{"version":1,"people":1}])");
  must(room_->mark_law(kAnna, {"lov-om-proever", "2027-02-01", "hemmelig note", "", ""}));
  must(room_->comment(kAnna, "proever/a", "x", "hemmelig kommentar", 0));
  const std::string path = must(room_->new_feed(kAnna))["followed"].as_string();
  const std::string token(base::split(path, '/')[4]);
  const auto owner = room_->feed_owner(token);
  ASSERT_TRUE(owner.has_value());
  const std::string own = room_->feed(*owner, false).value_or(""), whole = room_->feed(*owner, true).value_or("");
  EXPECT_NE(own.find("A, version 1"), std::string::npos);
  EXPECT_NE(own.find("Lov om prøver er ændret"), std::string::npos);
  EXPECT_EQ(own.find("Bag døren"), std::string::npos) << "not followed";
  EXPECT_NE(whole.find("Bag døren"), std::string::npos);
  for (const char* secret : {"Naboens", "anna", "hemmelig", kA.c_str()}) EXPECT_EQ(whole.find(secret), std::string::npos) << secret;
  must(room_->new_feed(kAnna));
  EXPECT_FALSE(room_->feed_owner(token).has_value()) << "a new address ends the old one";
  ASSERT_TRUE(room_->end_feed(kAnna).has_value());
}

TEST_F(UnderstandTest, APermanentLinkSurvivesANewSlug) {
  put(kA, "proever/a", package("A", {"x|Vurder|"}));
  const std::int64_t id = must(room_->reader(kAnna, "proever/a"))["permanentId"].as_int();
  ASSERT_TRUE(database_->write([](store::Connection& db) { return db.execute("UPDATE bank_workflow SET slug = 'proever/nyt-navn'"); }).has_value());
  EXPECT_EQ(must(room_->permanent(kA, id))["slug"], Json("proever/nyt-navn"));
  EXPECT_EQ(code(room_->permanent(kB, id)), "not_found");
}

}  // namespace
