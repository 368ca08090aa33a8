// Imports over HTTP: uploaded, settled, made a draft of; roles, borders, and what a browser gets.
#include "api/test_house.h"
#include "bank/imports/test_drawing.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using base::Json;

class Imports : public House {
 protected:
  static const api::Fields kMultipart;
  // Waits until all is read: the page asks again and again, too.
  std::string upload(Client& client, const std::map<std::string, std::string>& files) {
    const auto reply = client.call("POST", "/api/bank/imports", multipart(files), kMultipart);
    EXPECT_EQ(reply.status, 201) << reply.text;
    const std::string path = "/api/bank/imports/" + reply.body["importKey"].string_or("");
    while (client.get(path).body["counts"]["waiting"].int_or(0) > 0) usleep(10'000);
    return path;
  }
};
const api::Fields Imports::kMultipart = {{"Content-Type", "multipart/form-data; boundary=graense"}};

TEST_F(Imports, FromADrawingToADraft) {
  Client anna = signed_in(kA), other = signed_in(kB);
  const std::string sketch = bank::imports::test::three_steps().vdx(), import = upload(anna, {{"Sag.vdx", sketch}, {"halv.vdx", sketch.substr(0, 300)}});
  Json files = anna.get(import).body["files"];
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files.as_array()[0]["state"], Json("doubtful"));
  EXPECT_EQ(files.as_array()[1]["state"], Json("refused"));
  const std::string file = import + "/files/1";
  Json seen = anna.get(file).body;
  Json::Array rows;
  for (const Json& row : seen["rows"].as_array())
    if (row["asks"].as_bool()) rows.push_back(row["row"]);
  EXPECT_EQ(anna.post(file + "/decisions", Json::Object{{"revision", 9}, {"rows", rows}, {"action", "accept"}}).status, 409);
  EXPECT_EQ(anna.post(file + "/decisions", Json::Object{{"revision", 1}, {"rows", Json::Array{}}, {"action", "accept"}}).status, 400);
  const auto settled = anna.post(file + "/decisions", Json::Object{{"revision", 1}, {"rows", rows}, {"action", "accept"}});
  EXPECT_EQ(settled.body["open"], Json(0)) << settled.text;
  EXPECT_EQ(anna.post(file + "/draft", Json::object()).status, 400) << "a domain is needed";
  const auto made = anna.post(file + "/draft", Json::Object{{"domain", "Prøver"}});
  ASSERT_EQ(made.status, 201) << made.text;
  const auto draft = anna.get("/api/bank/drafts/" + made.body["draftKey"].string_or(""));
  EXPECT_EQ(draft.body["state"], Json("draft")) << draft.text;
  EXPECT_NE(draft.body["comments"].as_array().at(0)["text"].string_or("").find("Sag.vdx"), std::string::npos);
  EXPECT_EQ(anna.post(file + "/draft", Json::Object{{"domain", "Prøver"}}).status, 409);
  EXPECT_EQ(anna.get(import).body["counts"]["drafted"], Json(1));
  EXPECT_EQ(other.get(file).status, 404);
  EXPECT_EQ(anna.call("DELETE", import).status, 204);
  EXPECT_EQ(anna.get(import).status, 404);
  EXPECT_EQ(anna.get("/api/bank/drafts/" + made.body["draftKey"].string_or("")).status, 200);
}

TEST_F(Imports, APackageBecomesADraftWithAllItsFiles) {
  Client anna = signed_in(kA);
  const std::string import = upload(anna, {{"pakke.zip", package({{"data/x.csv", "a,b\n"}})}});
  const auto made = anna.post(import + "/files/1/draft", Json::Object{{"domain", "Prøver"}, {"name", "en-anden-sag"}});
  ASSERT_EQ(made.status, 201) << made.text;
  const auto draft = anna.get("/api/bank/drafts/" + made.body["draftKey"].string_or(""));
  for (const char* path : {"arbejdsgang.yaml", "proces.bpmn", "data/x.csv", "scenarier/a.yaml"}) EXPECT_NE(draft.text.find("\"" + std::string(path) + "\""), std::string::npos) << path;
}

TEST_F(Imports, NothingOfAFileReachesABrowserAsAPage) {
  Client anna = signed_in(kA);
  const std::string evil = R"(<?xml version="1.0"?><?xml-stylesheet href="http://example.org/x.xsl"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:h="http://www.w3.org/1999/xhtml" id="d" targetNamespace="t"><process id="p">
    <documentation>&lt;script&gt;alert(1)&lt;/script&gt;</documentation><startEvent id="s" name="&lt;img src=x onerror=alert(1)&gt;"/></process></definitions>)";
  const std::string import = upload(anna, {{"ond.bpmn", evil}, {"ond.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"}});
  for (const char* path : {"/files/1/diagram", "/files/1/source", "/files/2/source"}) {
    const auto reply = anna.get(import + path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_NE(reply.head.find("Content-Security-Policy: sandbox; default-src 'none'"), std::string::npos) << reply.head;
    EXPECT_NE(reply.head.find("X-Content-Type-Options: nosniff"), std::string::npos) << reply.head;
    EXPECT_EQ(reply.head.find("text/html"), std::string::npos);
    EXPECT_EQ(reply.head.find("image/svg"), std::string::npos);
  }
  EXPECT_EQ(anna.get(import + "/files/1/diagram").text.find("xml-stylesheet"), std::string::npos);
  EXPECT_NE(anna.get(import + "/files/1/source").head.find("Content-Disposition: attachment"), std::string::npos);
  EXPECT_EQ(anna.get(import + "/files/2/diagram").status, 404);
  EXPECT_EQ(anna.call("POST", "/api/bank/imports", "--graense--\r\n", kMultipart).status, 400);
}

TEST_F(Imports, IsForConsultants) {
  ASSERT_TRUE(server_->accounts().add_user(kA, "bo", "Bo", "hemmelig1", {"sagsbehandler"}).has_value());
  Client bo = stranger();
  ASSERT_EQ(bo.sign_in("bo", "hemmelig1").status, 200);
  EXPECT_EQ(bo.get("/api/bank/imports").status, 403);
  EXPECT_EQ(bo.call("POST", "/api/bank/imports", multipart({{"a.bpmn", api_test::kProcess}}), kMultipart).status, 403);
}

}  // namespace
