// Boards of cards over HTTP: created, changed by two people, live, stored, and the guard of publication.
#include "api/test_house.h"
#include "bank/package.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using base::Json;

constexpr const char* kCorrect = "tvaergaaende/arbejdsevnevurdering-2010";
constexpr const char* kRedesigned = "arbejdsmarked/arbejdsevnevurdering-paa-et-moede";

class Boards : public House {
 protected:
  void shipped(Client& client, const std::string& slug) {
    const auto package = bank::load_folder("bank/" + slug, slug);
    ASSERT_TRUE(package.has_value());
    ASSERT_EQ(client.call("POST", "/api/bank/workflows?slug=" + slug, bank::zip(package->files).value(), {{"Content-Type", "application/zip"}}).status, 201);
  }
  std::string create(Client& client, const Json& asked) {
    const auto reply = client.post("/api/bank/boards", asked);
    EXPECT_EQ(reply.status, 201) << reply.text;
    return "/api/bank/boards/" + reply.body["boardKey"].string_or("");
  }
  Client colleague(const std::string& user, const std::vector<std::string>& roles) {
    EXPECT_TRUE(server_->accounts().add_user(kA, user, user + " Kollega", "hemmelig1", roles).has_value());
    Client out = stranger();
    EXPECT_EQ(out.sign_in(user, "hemmelig1").status, 200);
    return out;
  }
};

TEST_F(Boards, CreatedChangedUndoneAndTold) {
  Client anna = signed_in(kA), bo = colleague("bo", {"sagsbehandler"}), other = signed_in(kB);
  const std::string board = create(anna, Json::Object{{"title", "Vores tavle"}});
  EXPECT_EQ(bo.post(board + "/operations", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "x"}, {"role", "r1"}, {"column", "k1"}, {"text", "Ringer"}}}}).body["revision"].int_or(0) > 0, true);
  EXPECT_EQ(anna.post(board + "/operations", Json::Object{{"op", "edit"}, {"card", "x"}, {"field", "handling"}, {"value", "PT30M"}}).status, 200);
  EXPECT_EQ(anna.post(board + "/operations", Json::Object{{"op", "board"}, {"field", "beforeLead"}, {"value", "P6W/P8W"}}).status, 200);
  EXPECT_EQ(bo.get(board).body["clock"]["text"], Json("6–8 uger → 30 minutter"));
  EXPECT_EQ(anna.post(board + "/operations", Json::Object{{"op", "move"}, {"card", "x"}, {"role", "r1"}, {"column", "k3"}}).status, 200);
  EXPECT_EQ(bo.post(board + "/operations", Json::Object{{"op", "undo"}}).status, 409) << "Anna has moved what Bo added";
  EXPECT_EQ(anna.post(board + "/operations", Json::Object{{"op", "undo"}}).body["operation"]["column"], Json("k1"));
  EXPECT_EQ(anna.post(board + "/operations", Json::Object{{"op", "redo"}}).body["operation"]["column"], Json("k3"));
  const auto history = bo.get(board + "/operations?limit=2").body;
  EXPECT_EQ(history["items"].as_array()[0]["mode"], Json("redo"));
  EXPECT_EQ(history["items"].as_array()[0]["text"], Json("flyttede »Ringer« til Sagsbehandler, Trin 3"));
  for (const auto& [body, status] : std::vector<std::pair<Json, int>>{{Json::Object{{"op", "fly"}}, 400}, {Json::Object{{"op", "edit"}, {"card", "nope"}, {"field", "text"}, {"value", "x"}}, 404},
           {Json::Object{{"op", "edit"}, {"card", "x"}, {"field", "handling"}, {"value", "snart"}}, 400}, {Json::Object{{"op", "claim"}, {"card", "x"}, {"duty", "d"}}, 400},
           {Json::Object{{"op", "drop"}, {"what", "role"}, {"id", "r1"}}, 409}, {Json::Object{{"op", "move"}, {"card", "x"}, {"colum", "k1"}}, 400}})
    EXPECT_EQ(anna.post(board + "/operations", body).status, status) << body.dump();
  EXPECT_EQ(anna.get("/api/bank/boards").body["items"].as_array()[0]["title"], Json("Vores tavle"));
  EXPECT_EQ(other.get("/api/bank/boards").body["items"].size(), 0u);
  EXPECT_EQ(bo.call("DELETE", board).status, 403) << "a board is deleted by a consultant";
  EXPECT_EQ(anna.call("DELETE", board).status, 204);
  EXPECT_EQ(anna.get(board).status, 404);
}

TEST_F(Boards, TheSameKeyDoesNothingTwice) {
  Client anna = signed_in(kA);
  const std::string board = create(anna, Json::Object{{"title", "x"}});
  const Json add = Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "x"}, {"role", "r1"}, {"column", "k1"}, {"text", "Ringer"}}}};
  const auto first = anna.post(board + "/operations", add, {{"Idempotency-Key", "n1"}}), again = anna.post(board + "/operations", add, {{"Idempotency-Key", "n1"}});
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(again.text, first.text);
  EXPECT_EQ(anna.post(board + "/operations", add).status, 409) << "and without a key the card is there already";
}

TEST_F(Boards, LiveForEverybodyOnTheBoard) {
  Client anna = signed_in(kA), bo = colleague("bo", {"sagsbehandler"});
  const std::string board = create(anna, Json::Object{{"title", "Vores tavle"}});
  EXPECT_EQ(anna.get(board + "/events").status, 400) << "without a client";
  const auto listen = [&](const Client& who, const std::string& client) {
    auto socket = std::make_unique<api_test::Socket>(server_->port());
    socket->send("GET " + board + "/events?client=" + client + " HTTP/1.1\r\nHost: a\r\nCookie: sagsgang=" + who.cookie + "\r\n\r\n");
    EXPECT_NE(socket->read_until("event: people").find("event: board"), std::string::npos) << "everything first";
    return socket;
  };
  auto annas = listen(anna, "a1");
  {
    auto bos = listen(bo, "b1");
    EXPECT_NE(annas->read_until("bo Kollega").find("people"), std::string::npos) << "who is here";
    EXPECT_EQ(bo.post(board + "/operations", Json::Object{{"op", "add"}, {"card", Json::Object{{"id", "nyt-kort"}, {"role", "r1"}, {"column", "k1"}, {"text", "Ringer"}}}}).status, 200);
    EXPECT_NE(annas->read_until("\"nyt-kort\"").find("event: patch"), std::string::npos);
    EXPECT_EQ(bo.post(board + "/presence", Json::Object{{"client", "b1"}, {"card", "nyt-kort"}, {"x", 0.5}, {"y", 0.5}}).status, 204);
    EXPECT_NE(annas->read_until("\"y\":0.5").find("event: here"), std::string::npos);
    EXPECT_EQ(bo.post(board + "/presence", Json::Object{{"client", "a1"}}).status, 404) << "another's page";
  }
  EXPECT_NE(annas->read_until("[{\"client\":\"a1\",\"user\":\"alle11111111\",\"name\":\"Alle Roller\"}]").find("people"), std::string::npos) << "Bo has left";
}

TEST_F(Boards, StoredComparedAndPublishedOnlyWhenTheEighthDutyIsCovered) {
  Client anna = signed_in(kA), bo = colleague("bo", {"sagsbehandler"}), other = signed_in(kB);
  shipped(anna, kCorrect);
  shipped(anna, kRedesigned);
  const std::string board = create(bo, Json::Object{{"slug", kRedesigned}});
  EXPECT_EQ(bo.get(board).body["coverage"]["text"], Json("8 af 8 lovfastsatte opgaver dækket"));
  EXPECT_EQ(bo.post(board + "/operations", Json::Object{{"op", "remove"}, {"card", "indkalder_til_moede"}}).status, 200);
  const Json target = Json::Object{{"slug", "arbejdsmarked/vores"}, {"title", "Vores forløb"}, {"kind", "lokal"}};
  EXPECT_EQ(bo.post(board + "/workflow", target).status, 403);
  EXPECT_EQ(anna.post(board + "/workflow", Json::Object{{"slug", kCorrect}}).status, 409) << "never over where it came from";
  const auto stored = anna.post(board + "/workflow", target);
  ASSERT_EQ(stored.status, 201) << stored.text;
  EXPECT_EQ(stored.body["from"], Json(kRedesigned));
  const std::string workflow = "/api/bank/workflows/arbejdsmarked/vores";
  EXPECT_EQ(anna.get(workflow).body["manifest"]["afledt_af"].size(), 2u);
  EXPECT_EQ(anna.get(workflow + "/coverage").body["missing"].as_array()[0]["id"], Json("opretter_sag"));
  const auto refused = anna.post(workflow + "/publication", Json::object());
  EXPECT_EQ(refused.status, 409);
  ASSERT_EQ(refused.body["findings"].size(), 1u) << refused.text;
  EXPECT_EQ(refused.body["findings"].as_array()[0]["message_da"], Json("Den lovfastsatte opgave »Opretter sag« (Offentlighedsloven (1985) § 6) er ikke dækket"));
  EXPECT_EQ(other.get(workflow + "/coverage").status, 404);
  const auto reason = [&](const std::string& duty, const std::string& text) { return anna.put(workflow + "/coverage/reasons", Json::Object{{"duty", duty}, {"reason", text}}); };
  EXPECT_EQ(reason("opretter_sa", "x").status, 400);
  const auto excused = reason("opretter_sag", "Ikke relevant her");
  EXPECT_EQ(excused.body["excused"], Json(1)) << excused.text;
  EXPECT_EQ(excused.body["duties"].as_array()[0]["reasonBy"], Json(std::string("alle") + kA));
  EXPECT_EQ(anna.post(workflow + "/publication", Json::object()).status, 204);
  EXPECT_EQ(other.get(workflow).status, 200);
}

}  // namespace
