// Two authorities on one server. Generated from openapi.json: every operation is called with the other authority's keys and
// answers 404 each time; every search and list shows nothing of it.
#include "api/test_house.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using base::Json;

class Border : public House {
 protected:
  void fill(Client& owner) {
    ASSERT_EQ(owner.call("POST", "/api/bank/workflows?slug=proever/sag", package({{"beslutninger.dmn", api_test::kDecisions}}), {{"Content-Type", "application/zip"}}).status, 201);
    ASSERT_EQ(deploy(owner).status, 200);
    const std::string instance = start(owner, 4711);
    const std::string other = start(owner, 4712);
    keys_["domain"] = "proever";
    keys_["name"] = "sag";
    keys_["documentName"] = "regning.xml";
    keys_["processInstanceKey"] = instance;
    keys_["replayKey"] = owner.post("/api/bank/workflows/proever/sag/decisions/replays", Json::Object{{"decision", "takst"}, {"from", "2026-01-01"}, {"to", "2099-01-01"},
        {"xml", api_test::kDecisions}, {"purpose", "prøve"}}).body["replayKey"].string_or("");
    keys_["batchKey"] = owner.post("/api/operations/instances/searches", Json::Object{{"variables", Json::Array{Json::Object{{"value", "4711"}}}}, {"purpose", "prøve"}}).body["batchKey"].string_or("");
    keys_["importKey"] = owner.call("POST", "/api/bank/imports", multipart({{"4711.bpmn", api_test::kProcess}}), {{"Content-Type", "multipart/form-data; boundary=graense"}}).body["importKey"].string_or("");
    keys_["fileNumber"] = "1";
    keys_["boardKey"] = owner.post("/api/bank/boards", Json::Object{{"title", "4711"}, {"slug", "proever/sag"}}).body["boardKey"].string_or("");
    keys_["draftKey"] = owner.post("/api/bank/drafts", Json::Object{{"from", "proever/sag"}, {"title", "4711"}}).body["id"].string_or("");
    keys_["elementInstanceKey"] = instance;
    keys_["adHocSubProcessInstanceKey"] = instance;
    keys_["processDefinitionKey"] = first(owner, "process-definitions")["processDefinitionKey"].string_or("");
    keys_["resourceKey"] = keys_["processDefinitionKey"];
    keys_["decisionDefinitionKey"] = first(owner, "decision-definitions")["decisionDefinitionKey"].string_or("");
    keys_["userTaskKey"] = first(owner, "user-tasks", Json::Object{{"processInstanceKey", instance}})["userTaskKey"].string_or("");
    keys_["variableKey"] = first(owner, "variables", Json::Object{{"processInstanceKey", instance}})["variableKey"].string_or("");
    // A job that waits, and an incident: a job whose retries are used up.
    const std::string task = first(owner, "user-tasks", Json::Object{{"processInstanceKey", other}})["userTaskKey"].string_or("");
    ASSERT_EQ(owner.post("/v2/user-tasks/" + task + "/completion", Json::object()).status, 204);
    const auto jobs = owner.post("/v2/jobs/activation", Json::Object{{"type", "betaling"}, {"timeout", 600000}, {"maxJobsToActivate", 1}});
    ASSERT_EQ(jobs.body["jobs"].size(), 1u) << jobs.text;
    keys_["jobKey"] = jobs.body["jobs"].as_array()[0]["jobKey"].string_or("");
    ASSERT_EQ(owner.post("/v2/jobs/" + keys_["jobKey"] + "/failure", Json::Object{{"retries", 0}, {"errorMessage", "4711"}}).status, 204);
    share(owner);
    keys_["incidentKey"] = first(owner, "incidents")["incidentKey"].string_or("");
    keys_["registerKind"] = "rolle";
    keys_["entry"] = "sagsbehandler";
    const auto marked = owner.post("/api/bank/law-changes", Json::Object{{"law", "lov-om-proever"}, {"changed", "2026-01-01"}, {"note", "prøve 4711"}});
    keys_["lawChangeKey"] = marked.body["lawChangeKey"].string_or("");
    const auto reviews = owner.get("/api/bank/law-reviews");
    keys_["reviewKey"] = reviews.body["items"].size() > 0 ? reviews.body["items"].as_array()[0]["reviewKey"].string_or("") : "";
    keys_["commentKey"] = owner.post("/api/bank/workflows/proever/sag/comments", Json::Object{{"text", "prøve 4711"}}).body["commentKey"].string_or("");
    keys_["permanentId"] = owner.get("/api/bank/workflows/proever/sag/reader").body["permanentId"].number_text();
    for (const auto& [name, value] : keys_) EXPECT_NE(value, "") << name;
  }
  // A subscription and an arrival; sharing and embedding are off, as they are until somebody switches them on.
  void share(Client& owner) {
    keys_["authority"] = kA;
    ASSERT_TRUE(database_->write([](store::Connection& db) {
      return db.execute("INSERT INTO bank_subscription (id, authority, url, name, remote, open_key, private_network, at, by_user) VALUES (471, '11111111', 'https://bank.example/x', 'Bank', '33333333', '', 0, 1, 'x');"
                        "INSERT INTO bank_arrival (id, authority, subscription, bank, remote, url, slug, title, version, digest, signature, open_key, zip, at, state) "
                        "VALUES (472, '11111111', 471, 'Bank', '33333333', 'https://bank.example/x', 'proever/sag', 'Sag', 1, '', '', '', x'', 1, 'new');");
    }));
    keys_["subscriptionKey"] = "471";
    keys_["arrivalKey"] = "472";
    EXPECT_EQ(owner.get("/api/bank/share/arrivals").body["items"].size(), 1u);
  }
  // The path with the owner's keys; false when it takes none.
  bool path_of(const api::Operation& operation, std::string& path) {
    bool keyed = false;
    for (const auto& segment : operation.segments) {
      const bool named = segment.starts_with('{');
      if (named) {
        const std::string name = segment.substr(1, segment.size() - 2);
        EXPECT_TRUE(keys_.contains(name)) << operation.id << " takes {" << name << "}: give the border test a key for it";
        path += "/" + keys_[name];
        keyed = true;
      } else {
        path += "/" + segment;
      }
    }
    return keyed;
  }
  std::map<std::string, std::string> keys_;
};

TEST_F(Border, EveryOperationWithAKeyAnswers404AcrossIt) {
  Client owner = signed_in(kA), other = signed_in(kB);
  fill(owner);
  int called = 0;
  for (const auto& operation : api::Contract::instance().operations()) {
    std::string path;
    if (operation.open || !path_of(operation, path)) continue;  // open: the key in the path is the permission
    const Json& example = (*operation.node)["requestBody"]["content"][operation.media]["example"];
    if (operation.id == "getPackageFile") path += "?path=proces.bpmn";
    if (operation.id == "boardEvents") path += "?client=a1";
    if (operation.id == "exportWorkflow") path += "?format=svg";
    if (operation.id == "getSharedPackage") path += "?slug=proever/sag&version=1";
    const bool bytes = operation.media == "application/xml" || operation.media == "application/octet-stream";
    const auto reply = other.call(operation.method, path, operation.body == nullptr ? std::string() : example.dump(), {{"Content-Type", operation.media == "multipart/form-data" ? "multipart/form-data; boundary=graense" : bytes ? operation.media : "application/json"}});
    EXPECT_EQ(reply.status, 404) << operation.method << " " << operation.path << ": " << reply.text;
    ++called;
  }
  EXPECT_GE(called, 35);
  // Nothing of it had an effect, and the owner's own calls work.
  EXPECT_EQ(owner.get("/v2/process-instances/" + keys_["processInstanceKey"]).body["state"], Json("ACTIVE"));
  EXPECT_EQ(owner.get("/api/tasks/" + keys_["userTaskKey"]).body["assignee"], Json());
  EXPECT_EQ(owner.get("/api/cases/" + keys_["processInstanceKey"]).status, 200);
}

TEST_F(Border, KeysInBodiesDoNotCrossEither) {
  Client owner = signed_in(kA), other = signed_in(kB);
  fill(owner);
  EXPECT_EQ(other.post("/v2/process-instances", Json::Object{{"processDefinitionKey", keys_["processDefinitionKey"]}}).status, 404);
  EXPECT_EQ(other.post("/v2/process-instances", Json::Object{{"processDefinitionId", "sag"}}).status, 404);
  EXPECT_EQ(other.post("/v2/decision-definitions/evaluation", Json::Object{{"decisionDefinitionKey", keys_["decisionDefinitionKey"]}}).status, 404);
  EXPECT_EQ(other.post("/v2/decision-definitions/evaluation", Json::Object{{"decisionDefinitionId", "takst"}}).status, 404);
  EXPECT_EQ(other.post("/v2/process-instances", Json::Object{{"processDefinitionId", "sag"}, {"tenantId", kA}}).status, 404);
  EXPECT_EQ(other.post("/v2/jobs/activation", Json::Object{{"type", "betaling"}, {"timeout", 1000}, {"maxJobsToActivate", 10}, {"tenantIds", Json::Array{kA}}}).body["jobs"].size(), 0u);
}

TEST_F(Border, ListsAndSearchesShowNothingOfTheOther) {
  Client owner = signed_in(kA), other = signed_in(kB);
  fill(owner);
  int searched = 0;
  for (const auto& operation : api::Contract::instance().operations()) {
    std::string path;
    for (const auto& segment : operation.segments) path += "/" + segment;
    if (path.find('{') != std::string::npos || operation.open || (*operation.node)["responses"]["200"]["content"].has("text/event-stream")) continue;
    const bool search = operation.method == "POST" && path.ends_with("/search");
    if (operation.method != "GET" && !search) continue;
    if (operation.id == "compareWorkflows") {  // names what it is about in its query
      EXPECT_EQ(other.get(path + "?a=proever/sag&b=proever/sag").status, 404);
      EXPECT_EQ(owner.get(path + "?a=proever/sag&b=proever/sag").status, 200);
      continue;
    }
    const bool inside = operation.id == "searchVariables" || operation.id == "searchElementInstances";
    const Json filter = inside ? Json(Json::Object{{"processInstanceKey", keys_["processInstanceKey"]}}) : Json::object();
    const auto reply = search ? other.post(path, Json::Object{{"filter", filter}}) : other.get(path);
    EXPECT_EQ(reply.status, 200) << operation.id << ": " << reply.text;
    for (const auto& [name, key] : keys_) {
      if (!name.ends_with("Key") || operation.id == "getKleTree") continue;  // a subject's number "15" is written as a small key is
      EXPECT_EQ(reply.text.find("\"" + key + "\""), std::string::npos) << operation.id << " shows " << name << ": " << reply.text;
    }
    EXPECT_EQ(reply.text.find("proever/sag"), std::string::npos) << operation.id;
    EXPECT_EQ(reply.text.find("4711"), std::string::npos) << operation.id;
    ++searched;
  }
  EXPECT_GE(searched, 18);
}

}  // namespace
