// What the routes add to the room: roles, an Atom feed without signing in, and whose comment may be removed.
#include "api/test_house.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using base::Json;

class UnderstandRoutes : public House {
 protected:
  Client only(const std::string& user, const std::vector<std::string>& roles) {
    EXPECT_TRUE(server_->accounts().add_user(kA, user, "En Person", "hemmelig1", roles).has_value());
    Client out = stranger();
    EXPECT_EQ(out.sign_in(user, "hemmelig1").status, 200);
    return out;
  }
};

TEST_F(UnderstandRoutes, OnlyAKonsulentMarksAndSettles) {
  Client owner = signed_in(kA), reader = only("laeser", {"sagsbehandler"});
  ASSERT_EQ(owner.call("POST", "/api/bank/workflows?slug=proever/sag", package(), {{"Content-Type", "application/zip"}}).status, 201);
  const Json change = Json::Object{{"law", "lov-om-proever"}, {"changed", "2026-02-01"}, {"note", "Ny frist"}};
  EXPECT_EQ(reader.post("/api/bank/law-changes", change).status, 403);
  EXPECT_EQ(owner.post("/api/bank/law-changes", Json::Object{{"law", "lov-om-proever"}, {"changed", "i morgen"}, {"note", "Ny frist"}}).status, 400);
  const auto marked = owner.post("/api/bank/law-changes", change);
  ASSERT_EQ(marked.status, 201) << marked.text;
  EXPECT_EQ(marked.body["reviews"], Json(1));
  const auto reviews = reader.get("/api/bank/law-reviews?open=true");
  ASSERT_EQ(reviews.body["items"].size(), 1u) << reviews.text;
  const std::string settlement = "/api/bank/law-reviews/" + reviews.body["items"].as_array()[0]["reviewKey"].as_string() + "/settlement";
  EXPECT_EQ(reader.post(settlement, Json::Object{{"outcome", "uaendret"}}).status, 403);
  EXPECT_EQ(owner.post(settlement, Json::Object{{"outcome", "måske"}}).status, 400);
  EXPECT_EQ(owner.post(settlement, Json::Object{{"outcome", "uaendret"}}).status, 200);
  EXPECT_EQ(owner.post(settlement, Json::Object{{"outcome", "uaendret"}}).status, 409);
  EXPECT_EQ(owner.call("DELETE", settlement, "{}").status, 200);
  EXPECT_EQ(owner.call("DELETE", "/api/bank/law-changes/" + marked.body["lawChangeKey"].as_string(), "{}").status, 204);
  EXPECT_EQ(owner.get("/api/bank/registers?kind=lov").body["items"].as_array()[0]["openReviews"], Json(0));
  EXPECT_EQ(owner.get("/api/bank/registers?kind=ejer").status, 400);
  EXPECT_EQ(owner.get("/api/bank/registers/rolle/sagsbehandler").body["title"], Json("Sagsbehandler"));
}

TEST_F(UnderstandRoutes, ACommentIsItsAuthorsOrAKonsulents) {
  Client owner = signed_in(kA), one = only("en", {"sagsbehandler"}), two = only("to", {"sagsbehandler"});
  ASSERT_EQ(owner.call("POST", "/api/bank/workflows?slug=proever/sag", package(), {{"Content-Type", "application/zip"}}).status, 201);
  const std::string comments = "/api/bank/workflows/proever/sag/comments";
  const auto said = one.post(comments, Json::Object{{"text", "Hvornår?"}, {"elementId", "vurder"}});
  ASSERT_EQ(said.status, 201) << said.text;
  const std::string path = "/api/bank/comments/" + said.body["commentKey"].as_string();
  EXPECT_EQ(two.post(comments, Json::Object{{"text", "I morgen."}, {"replyTo", said.body["commentKey"]}}).status, 201);
  EXPECT_EQ(two.call("DELETE", path, "{}").status, 403);
  EXPECT_EQ(one.call("DELETE", path, "{}").status, 204);
  EXPECT_EQ(two.get(comments).body["threads"].size(), 0u);
  EXPECT_EQ(owner.post(path + "/restoration", Json::object()).status, 204);
  EXPECT_EQ(two.post(path + "/resolution", Json::Object{{"resolved", true}}).status, 200);
  EXPECT_EQ(two.get(comments).body["open"], Json(0));
}

TEST_F(UnderstandRoutes, AFeedNeedsItsAddressAndNothingElseAndEndsWithItsPerson) {
  Client owner = signed_in(kA), reader = only("laeser", {"sagsbehandler"});
  ASSERT_EQ(owner.call("POST", "/api/bank/workflows?slug=proever/sag", package(), {{"Content-Type", "application/zip"}}).status, 201);
  const auto made = reader.call("POST", "/api/bank/feeds", "{}", {{"Content-Type", "application/json"}, {"Idempotency-Key", "samme"}});
  ASSERT_EQ(made.status, 201) << made.text;
  const auto again = reader.call("POST", "/api/bank/feeds", "{}", {{"Content-Type", "application/json"}, {"Idempotency-Key", "samme"}});
  EXPECT_NE(again.body["bank"], made.body["bank"]) << "a secret is not kept to be told again";
  Client nobody = stranger();
  const auto feed = nobody.get(again.body["bank"].as_string());
  EXPECT_EQ(feed.status, 200);
  EXPECT_NE(feed.head.find("application/atom+xml"), std::string::npos);
  EXPECT_NE(feed.text.find("En prøvesag, version 1"), std::string::npos) << feed.text;
  EXPECT_EQ(nobody.get(made.body["bank"].as_string()).status, 404) << "replaced";
  EXPECT_EQ(nobody.get("/api/bank/feeds/gaet/bank").status, 404);
  ASSERT_TRUE(server_->accounts().remove_user("laeser").has_value());
  EXPECT_EQ(nobody.get(again.body["bank"].as_string()).status, 404);
}

}  // namespace
