// Two banks and nothing between them but bytes: what goes out is signed, what comes in is believed only with the pinned key, and
// nothing changes before a person says so.
#include "bank/share/share.h"
#include "bank/test_bank.h"

#include <gtest/gtest.h>


#include "bank/zip.h"
#include "base/text.h"

namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kGiver = "11111111";
constexpr const char* kTaker = "22222222";

std::map<std::string, std::string> files(const std::string& title, const std::string& step) {
  const std::string manifest = "format: 1\ntitel: " + title + "\nresume: Prøve.\ndomaene: Prøver\nkle: \"15.20.00\"\nart: lokal\nejerrolle: Leder\nversion: 1.0.0\njura: []\nafgoerelse: ingen\n"
                               "automatik: {grad: ingen, beskrivelse: x}\nhjemmel: eksempel\nbevaring: {kode: K, slettefrist: P5Y}\nsystemer: []\nroller: [Sagsbehandler]\n";
  const std::string process = "<?xml version=\"1.0\"?><bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" id=\"d\" targetNamespace=\"t\"><bpmn:process id=\"p\" isExecutable=\"false\">"
                              "<bpmn:startEvent id=\"s\" name=\"Start\"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent><bpmn:task id=\"t\" name=\"" + step + "\"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:task>"
                              "<bpmn:endEvent id=\"e\" name=\"Slut\"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent><bpmn:sequenceFlow id=\"a\" sourceRef=\"s\" targetRef=\"t\"/><bpmn:sequenceFlow id=\"b\" sourceRef=\"t\" targetRef=\"e\"/></bpmn:process></bpmn:definitions>";
  return {{"arbejdsgang.yaml", manifest}, {"proces.bpmn", process}};
}

struct House : bank_test::TestBank {
  explicit House(const std::string& name) : TestBank("share-" + name), share(*bank::Share::open(*database_, *bank_, clock_)) {}
  void put(const char* authority, const std::string& slug, const std::string& title, const std::string& step, bool publish = true) {
    ASSERT_TRUE(bank_->import(authority, slug, files(title, step), "jette", "intern note"));
    ASSERT_TRUE(!publish || bank_->publish(authority, slug));
  }
  std::unique_ptr<bank::Share> share;
};

class Sharing : public testing::Test {
 protected:
  void SetUp() override {
    giver_.put(kGiver, "proever/en", "Første", "Ring");
    giver_.put(kGiver, "proever/hemmelig", "Hemmelig", "Tier", false);
    ASSERT_TRUE(giver_.share->set_settings(kGiver, Json::Object{{"share", true}}));
  }
  // The giver's server, with what somebody on the way does to it.
  bank::Share::Fetch wire() {
    return [this](const std::string& url, std::size_t max, bool) -> base::Result<std::string> {
      asked_.push_back(url);
      const std::string base = std::string("https://bank.example/api/bank/share/feeds/") + kGiver;
      std::string body;
      if (url == base) {
        TRY(const Json feed, giver_.share->feed(kGiver, "Eksempel Kommune"));
        body = feed.dump();
        if (on_feed_) body = on_feed_(body);
      } else if (url.starts_with(base + "/package?slug=")) {
        const auto slug = url.find("slug=") + 5, version = url.find("&version=");
        std::string name = url.substr(slug, version - slug);
        name.replace(name.find("%2F"), 3, "/");
        TRY(body, giver_.share->package(kGiver, name, std::atoi(url.c_str() + version + 9)));
        if (on_package_) body = on_package_(body);
      } else {
        return base::fail(ErrorCode::connector_failed, "no such server");
      }
      if (body.size() > max) return base::fail(ErrorCode::limit_exceeded, "too large");
      return body;
    };
  }
  std::int64_t subscribed() {
    const auto shown = taker_.share->preview(kTaker, kUrl, false, wire());
    EXPECT_TRUE(shown) << shown.error().text();
    const auto made = taker_.share->subscribe(kTaker, kUrl, (*shown)["key"].string_or(""), false, "karl", wire());
    EXPECT_TRUE(made) << made.error().text();
    return std::atoll((*made)["subscriptionKey"].string_or("").c_str());
  }
  Json check(std::int64_t id) {
    const auto result = taker_.share->check(kTaker, id, wire());
    EXPECT_TRUE(result) << result.error().text();
    return result.value_or(Json());
  }
  Json waiting() { return (*taker_.share->arrivals(kTaker, "new"))["items"]; }
  std::int64_t first_waiting() { return std::atoll(waiting().as_array().at(0)["arrivalKey"].string_or("").c_str()); }

  const std::string kUrl = std::string("https://bank.example/api/bank/share/feeds/") + kGiver + "/";
  House giver_{"giver"}, taker_{"taker"};
  std::vector<std::string> asked_;
  std::function<std::string(std::string)> on_feed_, on_package_;
};

TEST_F(Sharing, NothingGoesOutBeforeItIsSwitchedOn) {
  EXPECT_EQ(taker_.share->feed(kTaker, "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(taker_.share->package(kTaker, "proever/en", 1).error().code, ErrorCode::not_found);
  const auto settings = taker_.share->settings(kTaker);
  EXPECT_EQ((*settings)["share"], Json(false));
  EXPECT_EQ((*settings)["embed"], Json(false));
  ASSERT_TRUE(giver_.share->set_settings(kGiver, Json::Object{{"share", false}}));
  EXPECT_EQ(taker_.share->preview(kTaker, kUrl, false, wire()).error().code, ErrorCode::not_found);
}

TEST_F(Sharing, TheListHoldsWhatIsPublishedAndNoNames) {
  const Json feed = *giver_.share->feed(kGiver, "Eksempel Kommune");
  ASSERT_EQ(feed["packages"].size(), 1u);
  const Json& one = feed["packages"].as_array()[0];
  EXPECT_EQ(one["slug"], Json("proever/en"));
  for (const char* word : {"jette", "intern note", "hemmelig"}) EXPECT_EQ(feed.dump().find(word), std::string::npos) << word;
  EXPECT_EQ(giver_.share->package(kGiver, "proever/hemmelig", 1).error().code, ErrorCode::not_found);
  const std::string key = *base::unbase64(feed["key"].string_or("")), made = *base::unbase64(one["signature"].string_or(""));
  const std::string statement = bank::share_statement(kGiver, "proever/en", 1, one["digest"].string_or(""));
  EXPECT_TRUE(store::signed_by(key, statement, made));
  EXPECT_FALSE(store::signed_by(key, statement + " ", made));
  EXPECT_EQ(one["digest"], Json(bank::package_digest(*bank::unzip(*giver_.share->package(kGiver, "proever/en", 1)))));
  EXPECT_EQ(giver_.share->feed(kGiver, "Eksempel Kommune")->dump(), feed.dump());
}

TEST_F(Sharing, ArrivesAsAProposalAndIsTakenAsANewVersion) {
  taker_.put(kTaker, "proever/en", "Vores egen", "Skriv", false);
  const auto id = subscribed();
  Json result = check(id);
  EXPECT_EQ(result["arrived"], Json(1)) << result.dump();
  EXPECT_EQ(taker_.bank_->get(kTaker, "proever/en")->package->title, "Vores egen");  // nothing has changed
  EXPECT_EQ(taker_.bank_->get(kTaker, "proever/en")->version, 1);
  EXPECT_EQ(check(id)["arrived"], Json(0));
  const Json one = *taker_.share->arrival(kTaker, first_waiting());
  const std::string changes = one["changes"].dump();
  for (const char* words : {"Titlen er ændret fra »Vores egen« til »Første«.", "Ring", "Skriv", "Filen proces.bpmn er ændret."}) EXPECT_NE(changes.find(words), std::string::npos) << changes;
  EXPECT_EQ(one["local"], Json(1));
  const auto key = first_waiting();
  const auto decided = taker_.share->decide(kTaker, key, true, "karl");
  ASSERT_TRUE(decided) << decided.error().text();
  EXPECT_EQ((*decided)["version"], Json(2));
  EXPECT_EQ(taker_.bank_->get(kTaker, "proever/en")->package->title, "Første");
  EXPECT_TRUE(taker_.bank_->file(kTaker, "proever/en", 1, "arbejdsgang.yaml"));  // the local variant is still there
  EXPECT_EQ(taker_.share->decide(kTaker, key, false, "karl").error().code, ErrorCode::conflict);
  const Json from = (*taker_.share->provenance(kTaker, "proever/en"))["items"].as_array().at(0);
  EXPECT_EQ(from["version"], Json(2));
  EXPECT_EQ(from["bank"], Json("Eksempel Kommune"));
  EXPECT_EQ(from["remoteVersion"], Json(1));
  EXPECT_TRUE(store::signed_by(*base::unbase64(from["key"].string_or("")), bank::share_statement(kGiver, "proever/en", 1, from["digest"].string_or("")), *base::unbase64(from["signature"].string_or(""))));
}

TEST_F(Sharing, ANewerOneTakesThePlaceOfWhatWaits) {
  const auto id = subscribed();
  check(id);
  const auto older = first_waiting();
  giver_.put(kGiver, "proever/en", "Anden", "Ring");
  EXPECT_EQ(check(id)["arrived"], Json(1));
  ASSERT_EQ(waiting().size(), 1u);
  EXPECT_EQ(waiting().as_array()[0]["version"], Json(2));
  EXPECT_EQ(taker_.share->decide(kTaker, older, true, "karl").error().code, ErrorCode::conflict);
  ASSERT_TRUE(taker_.share->decide(kTaker, first_waiting(), false, "karl"));
  EXPECT_EQ(check(id)["arrived"], Json(0));  // what was put aside does not come again
  EXPECT_EQ(taker_.bank_->get(kTaker, "proever/en").error().code, ErrorCode::not_found);
  EXPECT_FALSE(taker_.share->provenance(kTaker, "proever/en"));
}

TEST_F(Sharing, WhatIsAlreadyTheSameDoesNotArrive) {
  taker_.put(kTaker, "proever/en", "Første", "Ring", false);
  EXPECT_EQ(check(subscribed())["same"], Json(1));
  EXPECT_EQ(waiting().size(), 0u);
}

TEST_F(Sharing, AChangedKeyIsRefusedAndSaid) {
  const auto id = subscribed();
  ASSERT_TRUE(giver_.database_->write([](store::Connection& db) { return db.execute("DELETE FROM bank_share_key; DELETE FROM bank_share_digest;"); }));
  const auto result = taker_.share->check(kTaker, id, wire());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::conflict);
  EXPECT_NE(result.error().message.find("key has changed"), std::string::npos);
  EXPECT_EQ(waiting().size(), 0u);
  EXPECT_NE((*taker_.share->subscriptions(kTaker)).dump().find("key has changed"), std::string::npos);
  const auto shown = taker_.share->preview(kTaker, kUrl, false, wire());
  EXPECT_EQ(taker_.share->subscribe(kTaker, kUrl, (*shown)["key"].string_or(""), false, "karl", wire()).error().code, ErrorCode::conflict);  // the pinned one stays until it is ended
}

TEST_F(Sharing, ABadSignatureIsRefusedAndSaid) {
  const auto id = subscribed();
  on_feed_ = [](std::string body) {
    auto at = body.find("\"signature\":\"") + 13;
    body[at] = body[at] == 'A' ? 'B' : 'A';
    return body;
  };
  const Json result = check(id);
  EXPECT_EQ(result["arrived"], Json(0));
  ASSERT_EQ(result["refused"].size(), 1u);
  EXPECT_NE(result["refused"].as_array()[0]["reason"].string_or("").find("Underskriften"), std::string::npos);
  EXPECT_EQ(waiting().size(), 0u);
}

TEST_F(Sharing, AnotherPackageThanTheSignedOneIsRefused) {
  const auto id = subscribed();
  on_package_ = [](std::string) { return *bank::zip(files("Falsk", "Snyd")); };
  const Json result = check(id);
  ASSERT_EQ(result["refused"].size(), 1u) << result.dump();
  EXPECT_NE(result["refused"].as_array()[0]["reason"].string_or("").find("skrevet under på"), std::string::npos);
  on_package_ = [](std::string) { return std::string("no zip at all"); };
  EXPECT_EQ(check(id)["refused"].size(), 1u);
  on_package_ = nullptr;
  EXPECT_EQ(check(id)["arrived"], Json(1));  // and comes when the way is clean
}

TEST_F(Sharing, AWrongKeyIsNotPinned) {
  const std::string other = base::base64(store::make_signing_key().open);
  EXPECT_EQ(taker_.share->subscribe(kTaker, kUrl, other, false, "karl", wire()).error().code, ErrorCode::conflict);
  EXPECT_EQ((*taker_.share->subscriptions(kTaker))["items"].size(), 0u);
}

TEST_F(Sharing, AddressesThatAreNoneAreRefusedBeforeAnythingIsAsked) {
  for (const char* url : {"ftp://bank.example/x", "file:///etc/passwd", "https://", "https://navn:kode@bank.example/x", "https://bank.example/x y", "https://bank.example/x?y=1", "gopher://x", "bank.example"}) {
    const auto shown = taker_.share->preview(kTaker, url, false, wire());
    ASSERT_FALSE(shown) << url;
    EXPECT_EQ(shown.error().code, ErrorCode::invalid_argument) << url;
  }
  EXPECT_TRUE(asked_.empty());
}

TEST_F(Sharing, ListsThatAreNoneAreRefused) {
  for (const char* body : {"", "<html>", "{}", "[]", R"({"format":2,"packages":[]})", R"({"format":1,"packages":[],"key":"AAAA","authority":"1"})", R"({"format":1,"authority":"../..","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","packages":[]})",
                           R"({"format":1,"authority":"11111111","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","packages":[{"slug":"../../x","version":1,"digest":"0"}]})"}) {
    on_feed_ = [&](std::string) { return std::string(body); };
    const auto shown = taker_.share->preview(kTaker, kUrl, false, wire());
    ASSERT_FALSE(shown) << body;
    EXPECT_EQ(shown.error().code, ErrorCode::invalid_document) << body;
  }
}

TEST_F(Sharing, AFaultyPackageArrivesButCannotBeTaken) {
  auto broken = files("Første", "Ring");
  broken["ukendt.txt"] = "en fil, som ingen pakke har";
  const auto id = subscribed();
  const auto key = [&] {
    store::SigningKey out;
    EXPECT_TRUE(giver_.database_->read([&](store::Connection& db) -> base::Status {
      TRY(auto* row, db.prepare("SELECT open_key, secret FROM bank_share_key"));
      TRY(const bool any, row->begin().step());
      EXPECT_TRUE(any);
      out = {row->text(0), row->text(1)};
      row->begin();
      return {};
    }));
    return out;
  }();
  const std::string digest = bank::package_digest(broken);  // the giver itself signs it
  on_feed_ = [&](std::string) {
    return Json(Json::Object{{"format", 1}, {"authority", kGiver}, {"name", "Eksempel Kommune"}, {"key", base::base64(key.open)},
        {"packages", Json::Array{Json::Object{{"slug", "proever/en"}, {"title", "Første"}, {"version", 1}, {"digest", digest}, {"signature", base::base64(store::signature(key, bank::share_statement(kGiver, "proever/en", 1, digest)))}}}}}).dump();
  };
  on_package_ = [&](std::string) { return *bank::zip(broken); };
  ASSERT_EQ(check(id)["arrived"], Json(1));
  const Json one = *taker_.share->arrival(kTaker, first_waiting());
  EXPECT_GT(one["findings"].size(), 0u);
  EXPECT_EQ(taker_.share->decide(kTaker, first_waiting(), true, "karl").error().code, ErrorCode::invalid_package);
  EXPECT_EQ(waiting().size(), 1u);  // still there to be left
}

TEST_F(Sharing, AuthoritiesDoNotSeeEachOthersSubscriptionsAndArrivals) {
  const auto id = subscribed();
  check(id);
  const auto arrival = first_waiting();
  constexpr const char* kThird = "33333333";
  EXPECT_EQ((*taker_.share->subscriptions(kThird))["items"].size(), 0u);
  EXPECT_EQ((*taker_.share->arrivals(kThird, ""))["items"].size(), 0u);
  EXPECT_EQ(taker_.share->arrival(kThird, arrival).error().code, ErrorCode::not_found);
  EXPECT_EQ(taker_.share->decide(kThird, arrival, true, "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(taker_.share->check(kThird, id, wire()).error().code, ErrorCode::not_found);
  EXPECT_EQ(taker_.share->unsubscribe(kThird, id).error().code, ErrorCode::not_found);
  EXPECT_EQ(waiting().size(), 1u);
}

TEST_F(Sharing, EndingLeavesWhatWasTaken) {
  const auto id = subscribed();
  check(id);
  ASSERT_TRUE(taker_.share->decide(kTaker, first_waiting(), true, "karl"));
  giver_.put(kGiver, "proever/to", "Anden", "Ring");
  check(id);
  ASSERT_TRUE(taker_.share->unsubscribe(kTaker, id));
  EXPECT_EQ(waiting().size(), 0u);
  EXPECT_EQ((*taker_.share->provenance(kTaker, "proever/en"))["items"].size(), 1u);
  EXPECT_TRUE(taker_.bank_->get(kTaker, "proever/en"));
}

TEST_F(Sharing, EmbeddingIsOffUntilSwitchedOnAndNamesWhoMay) {
  EXPECT_EQ(giver_.share->embedded("proever/en").error().code, ErrorCode::not_found);
  for (const char* bad : {"kommune.dk", "https://kommune.dk/sti", "https://x; script-src *", "*", "javascript://x y", "https://"}) {
    const auto set = giver_.share->set_settings(kGiver, Json::Object{{"embed", true}, {"embedAncestors", Json::Array{Json(bad)}}});
    ASSERT_FALSE(set) << bad;
    EXPECT_EQ(set.error().code, ErrorCode::invalid_argument) << bad;
  }
  ASSERT_TRUE(giver_.share->set_settings(kGiver, Json::Object{{"embed", true}}));
  EXPECT_EQ(giver_.share->embedded("proever/en")->ancestors, "'none'");
  ASSERT_TRUE(giver_.share->set_settings(kGiver, Json::Object{{"embedAncestors", Json::Array{Json("https://www.kommune.dk"), Json("https://*.kommune.dk")}}}));
  EXPECT_EQ(giver_.share->embedded("proever/en")->ancestors, "https://www.kommune.dk https://*.kommune.dk");
  EXPECT_EQ(giver_.share->embedded("proever/hemmelig").error().code, ErrorCode::not_found);
}

}  // namespace
