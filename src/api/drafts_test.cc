// Drafts over HTTP: the contract with the modeller, who may what, revisions as If-Match, the whole way to publication.
#include "api/test_house.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using api_test::Reply;
using base::Json;

constexpr const char* kText = "proces: Svarer på en henvendelse\n  pulje: Svar\n  bane: Sagsbehandler\n  @Sagsbehandler\n  start: Henvendelse modtaget\n  bruger: Læser henvendelsen\n  bruger: Skriver et svar\n  slut: Svaret er sendt\n";

class DraftRoutes : public House {
 protected:
  Client colleague(const std::string& user, const std::vector<std::string>& roles) {
    EXPECT_TRUE(server_->accounts().add_user(kA, user, user + " Kollega", "hemmelig1", roles).has_value());
    Client out = stranger();
    EXPECT_EQ(out.sign_in(user, "hemmelig1").status, 200);
    return out;
  }
  std::string create(Client& client, const Json& more = Json::Object{{"notation", kText}, {"domain", "proever"}}) {
    const auto reply = client.post("/api/bank/drafts", more);
    EXPECT_EQ(reply.status, 201) << reply.text;
    EXPECT_EQ(reply.body["revision"], Json(1));
    return "/api/bank/drafts/" + reply.body["id"].string_or("");
  }
  Reply put_diagram(Client& client, const std::string& draft, const std::string& xml, const std::string& seen, const std::string& key = "") {
    api::Fields headers = {{"Content-Type", "application/xml"}};
    if (!seen.empty()) headers.emplace_back("If-Match", seen);
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    return client.call("PUT", draft + "/diagram", xml, headers);
  }
};

TEST_F(DraftRoutes, TheWholeWay) {
  Client bo = colleague("bo", {"sagsbehandler"}), anna = signed_in(kA), other = signed_in(kB);
  const std::string draft = create(bo);
  const auto diagram = bo.get(draft + "/diagram");
  EXPECT_NE(diagram.head.find("ETag: \"1\""), std::string::npos) << diagram.head;
  const auto saved = put_diagram(bo, draft, diagram.text + "\n", "\"1\"");
  EXPECT_EQ(saved.status, 200) << saved.text;
  EXPECT_EQ(saved.body["revision"], Json(2));
  EXPECT_NE(saved.head.find("ETag: \"2\""), std::string::npos);
  EXPECT_TRUE(saved.body["findings"].is_array());
  EXPECT_EQ(bo.post(draft + "/proposal", Json::Object{{"note", "Klar"}, {"revision", 2}}).body["state"], Json("proposed"));
  EXPECT_EQ(anna.get("/api/bank/drafts?who=waiting").body["items"].as_array()[0]["mayDecide"], Json(true));
  EXPECT_EQ(bo.get("/api/bank/drafts?who=waiting").body["total"], Json(0));
  EXPECT_EQ(anna.post(draft + "/return", Json::object()).status, 400);
  EXPECT_EQ(anna.post(draft + "/comments", Json::Object{{"text", "Hvem svarer?"}, {"element", "skriver_et_svar"}}).status, 201);
  EXPECT_EQ(anna.post(draft + "/return", Json::Object{{"reason", "Se kommentaren"}}).body["state"], Json("returned"));
  EXPECT_EQ(bo.post(draft + "/proposal", Json::object()).status, 200);
  EXPECT_EQ(anna.post(draft + "/approval", Json::Object{{"revision", 1}}).status, 409) << "not what was seen";
  EXPECT_EQ(anna.post(draft + "/approval", Json::Object{{"revision", 2}}).status, 200);
  EXPECT_EQ(other.get("/api/bank/workflows/proever/svarer-paa-en-henvendelse").status, 404);
  const auto published = anna.post(draft + "/publication", Json::Object{{"note", "Gælder nu"}});
  EXPECT_EQ(published.body["version"], Json(1)) << published.text;
  EXPECT_EQ(published.body["slug"], Json("proever/svarer-paa-en-henvendelse"));
  EXPECT_EQ(other.get("/api/bank/workflows/proever/svarer-paa-en-henvendelse").body["versions"].as_array()[0]["note"], Json("Gælder nu"));
  EXPECT_EQ(other.get("/api/bank/workflows?q=henvendelsen").body["total"], Json(1));
  const auto got = bo.get(draft).body;
  EXPECT_EQ(got["state"], Json("published"));
  EXPECT_EQ(got["comments"].as_array()[0]["by"], Json("Alle Roller"));
  EXPECT_EQ(got["history"].size(), 7u) << got["history"].dump();
  EXPECT_EQ(got["manifest"]["titel"], Json("Svarer på en henvendelse"));
}

TEST_F(DraftRoutes, AnOldRevisionIs412AndSaysWhoAndWhen) {
  Client bo = colleague("bo", {"sagsbehandler"}), anna = signed_in(kA);
  const std::string draft = create(bo), xml = bo.get(draft + "/diagram").text;
  EXPECT_EQ(put_diagram(anna, draft, xml + "\n", "\"1\"").status, 200);
  const auto late = put_diagram(bo, draft, xml + "\n\n", "\"1\"");
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.body["status"], Json(412));
  EXPECT_EQ(late.body["changedBy"], Json("Alle Roller"));
  EXPECT_EQ(late.body["revision"], Json(2));
  EXPECT_NE(late.body["changedAt"].string_or(""), "");
  EXPECT_EQ(put_diagram(bo, draft, xml, "").status, 400) << "a blind write";
  EXPECT_EQ(put_diagram(bo, draft, xml, "\"x\"").status, 400);
  bo.post(draft + "/proposal", Json::object());
  const auto closed = put_diagram(bo, draft, xml, "\"2\"");
  EXPECT_EQ(closed.status, 409) << "the state does not allow it";
  EXPECT_EQ(closed.body["state"], Json("proposed"));
  // The same key does nothing twice, although the revision is another one now.
  const std::string again = create(bo, Json::Object{{"title", "To"}, {"domain", "proever"}});
  EXPECT_EQ(put_diagram(bo, again, xml, "\"1\"", "n1").body["revision"], Json(2));
  EXPECT_EQ(put_diagram(bo, again, xml, "\"1\"", "n1").body["revision"], Json(2));
}

TEST_F(DraftRoutes, WhoMayWhat) {
  Client bo = colleague("bo", {"sagsbehandler"}), dorte = colleague("dorte", {"drift"}), anna = signed_in(kA), other = signed_in(kB);
  const std::string draft = create(bo), xml = bo.get(draft + "/diagram").text;
  EXPECT_EQ(stranger().get(draft).status, 401);
  EXPECT_EQ(dorte.get(draft).status, 200);
  EXPECT_EQ(put_diagram(dorte, draft, xml + "\n", "\"1\"").status, 403);
  EXPECT_EQ(dorte.post(draft + "/proposal", Json::object()).status, 403);
  EXPECT_EQ(dorte.call("DELETE", draft).status, 403);
  EXPECT_EQ(bo.post(draft + "/proposal", Json::object()).status, 200);
  EXPECT_EQ(bo.post(draft + "/approval", Json::object()).status, 403);
  EXPECT_EQ(dorte.post(draft + "/approval", Json::object()).status, 403);
  EXPECT_EQ(other.post(draft + "/approval", Json::object()).status, 404);
  const std::string own = create(anna, Json::Object{{"title", "Annas"}, {"domain", "proever"}});
  EXPECT_EQ(anna.post(own + "/proposal", Json::object()).status, 200);
  EXPECT_EQ(anna.post(own + "/approval", Json::object()).status, 403) << "nobody approves their own";
  EXPECT_EQ(anna.get(own).body["may"]["approve"], Json(false));
}

TEST_F(DraftRoutes, FilesAndManifest) {
  Client bo = colleague("bo", {"sagsbehandler"});
  const std::string draft = create(bo);
  const auto put = [&](const std::string& path, const std::string& bytes, int seen) { return bo.call("PUT", draft + "/file?path=" + path, bytes, {{"Content-Type", "application/octet-stream"}, {"If-Match", "\"" + std::to_string(seen) + "\""}}); };
  EXPECT_EQ(put("breve/svar.brev", "Kære borger", 1).body["revision"], Json(2));
  EXPECT_EQ(bo.get(draft + "/file?path=breve/svar.brev").text, "Kære borger");
  EXPECT_EQ(put("../uden-for", "x", 2).status, 400);
  EXPECT_EQ(bo.get(draft + "/file?path=findes-ikke").status, 404);
  EXPECT_EQ(bo.call("DELETE", draft + "/file?path=breve/svar.brev", "", {{"If-Match", "\"2\""}}).body["revision"], Json(3));
  EXPECT_EQ(bo.get(draft + "/file?path=breve/svar.brev").status, 404);
  Json manifest = bo.get(draft).body["manifest"];
  manifest.set("resume", "Hver dag.");
  const auto saved = bo.call("PUT", draft + "/manifest", manifest.dump(), {{"If-Match", "\"3\""}});
  EXPECT_EQ(saved.body["revision"], Json(4)) << saved.text;
  EXPECT_EQ(bo.get(draft).body["manifest"]["resume"], Json("Hver dag."));
  const auto broken = put_diagram(bo, draft, "<x", "\"4\"");
  EXPECT_EQ(broken.status, 200) << "errors never stop a save";
  EXPECT_GT(broken.body["findings"].size(), 0u);
  const auto refused = bo.post(draft + "/proposal", Json::object());
  EXPECT_EQ(refused.status, 400);
  EXPECT_GT(refused.body["findings"].size(), 0u);
}

TEST_F(DraftRoutes, DeletedAndBack) {
  Client bo = colleague("bo", {"sagsbehandler"});
  const std::string draft = create(bo);
  EXPECT_EQ(bo.call("DELETE", draft).status, 204);
  EXPECT_EQ(bo.get("/api/bank/drafts?who=all").body["total"], Json(0));
  EXPECT_EQ(bo.get("/api/bank/drafts?who=mine&state=deleted").body["total"], Json(1));
  EXPECT_EQ(bo.get("/api/bank/drafts?state=gone").status, 400);
  EXPECT_EQ(bo.post(draft + "/restoration", Json::object()).body["state"], Json("draft"));
}

TEST_F(DraftRoutes, ChangesAreTold) {
  Client bo = colleague("bo", {"sagsbehandler"}), anna = signed_in(kA);
  EXPECT_EQ(anna.call("POST", "/api/bank/workflows?slug=proever/sag", package(), {{"Content-Type", "application/zip"}}).status, 201);
  const std::string draft = create(bo, Json::Object{{"from", "proever/sag"}});
  EXPECT_EQ(bo.get(draft).body["base"]["slug"], Json("proever/sag"));
  std::string xml = bo.get(draft + "/diagram").text;
  xml.replace(xml.find("Vurder sagen"), 12, "Vurder kravet");
  EXPECT_EQ(put_diagram(bo, draft, xml, "\"1\"").status, 200);
  const auto changes = bo.get(draft + "/changes").body;
  EXPECT_EQ(changes["against"]["version"], Json(1));
  ASSERT_EQ(changes["diagram"]["differences"].size(), 1u) << changes.dump();
  EXPECT_EQ(changes["diagram"]["differences"].as_array()[0]["b"], Json(Json::Array{"vurder"}));
}

}  // namespace
