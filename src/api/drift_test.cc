// What Drift asks: one case's timeline, heat, versions, incidents in groups and in bulk, cases found by their variables.
#include <chrono>
#include <thread>

#include "api/find.h"
#include "api/test_house.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using api_test::Reply;
using base::Json;

class Drift : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    me_ = std::make_unique<Client>(signed_in(kA));
    ASSERT_EQ(deploy(*me_).status, 200);
  }
  std::string begin(Json variables) {
    auto reply = me_->post("/v2/process-instances", Json::Object{{"processDefinitionId", "sag"}, {"variables", std::move(variables)}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body["processInstanceKey"].string_or("");
  }
  // A case whose payment has no tries left.
  std::string fail_one(int claim = 1) {
    const std::string key = begin(Json::Object{{"krav", claim}});
    const Json task = first(*me_, "user-tasks", Json::Object{{"processInstanceKey", key}});
    EXPECT_EQ(me_->post("/v2/user-tasks/" + task["userTaskKey"].string_or("") + "/completion", Json::Object{{"action", "godkend"}}).status, 204);
    const auto jobs = me_->post("/v2/jobs/activation", Json::Object{{"type", "betaling"}, {"timeout", 60000}, {"maxJobsToActivate", 10}, {"worker", "bank"}});
    for (const Json& job : jobs.body["jobs"].as_array())
      EXPECT_EQ(me_->post("/v2/jobs/" + job["jobKey"].as_string() + "/failure", Json::Object{{"retries", 0}, {"errorMessage", "banken svarer ikke"}}).status, 204);
    return key;
  }
  Json batch(const Reply& started) {
    EXPECT_EQ(started.status, 202) << started.text;
    Json out;
    for (int i = 0; i < 3000; ++i) {  // a batch ends by itself
      out = me_->get("/api/operations/batches/" + started.body["batchKey"].string_or("")).body;
      if (out["state"] != Json("RUNNING")) return out;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return out;
  }
  Json rows(const Json& batch, const std::string& query = {}) { return me_->get("/api/operations/batches/" + batch["batchKey"].string_or("") + "/rows" + query).body; }
  std::string definition() { return first(*me_, "process-definitions")["processDefinitionKey"].string_or(""); }
  std::unique_ptr<Client> me_;
};

TEST_F(Drift, TheTimelineSaysWhatHappenedWhenAndByWhom) {
  const std::string key = fail_one();
  const auto timeline = me_->get("/api/operations/instances/" + key + "/timeline");
  ASSERT_EQ(timeline.status, 200) << timeline.text;
  std::map<std::string, Json> by;
  std::string last;
  for (const Json& item : timeline.body["items"].as_array()) {
    EXPECT_LE(last, item["at"].as_string()) << timeline.text;
    last = item["at"].as_string();
    by[item["kind"].as_string() + " " + item["elementId"].string_or("")] = item;
  }
  EXPECT_EQ(timeline.body["total"], Json(4)) << timeline.text;  // start, task, job, incident
  EXPECT_EQ(by["element vurder"]["by"], Json("alle11111111"));
  EXPECT_EQ(by["element vurder"]["action"], Json("godkend"));
  EXPECT_EQ(by["element vurder"]["state"], Json("COMPLETED"));
  EXPECT_EQ(by["element betal"]["state"], Json("ACTIVE"));
  EXPECT_TRUE(by["element betal"]["taken"].is_string()) << "a worker had the job";
  EXPECT_EQ(by["element betal"]["hasIncident"], Json(true));
  EXPECT_EQ(by["incident betal"]["errorType"], Json("JOB_NO_RETRIES"));
  EXPECT_EQ(me_->put("/v2/element-instances/" + key + "/variables", Json::Object{{"variables", Json::Object{{"krav", 2}}}}).status, 204);
  const auto incident = first(*me_, "incidents", Json::Object{{"state", "ACTIVE"}})["incidentKey"].string_or("");
  EXPECT_EQ(me_->post("/v2/incidents/" + incident + "/resolution", Json::object()).status, 204);
  std::vector<std::string> marks;
  const auto later = me_->get("/api/operations/instances/" + key + "/timeline");
  for (const Json& item : later.body["items"].as_array())
    if (item["kind"] == Json("mark")) marks.push_back(item["mark"].as_string() + " " + item["by"].string_or("") + " " + item["elementId"].string_or("-"));
  EXPECT_EQ(marks, (std::vector<std::string>{"VARIABLES alle11111111 -", "RETRIED alle11111111 betal"}));
  const auto page = me_->get("/api/operations/instances/" + key + "/timeline?limit=2&offset=1");
  EXPECT_EQ(page.body["items"].size(), 2u);
  EXPECT_EQ(page.body["items"].as_array()[0]["elementId"], Json("vurder"));
  Client other = signed_in(kB);
  EXPECT_EQ(other.get("/api/operations/instances/" + key + "/timeline").status, 404);
}

TEST_F(Drift, HeatCountsTimesAndIncidents) {
  fail_one();
  start(*me_);
  const std::string key = definition();
  const auto heat = me_->get("/api/operations/definitions/" + key + "/heat?from=2020-01-01&to=2100-01-01");
  ASSERT_EQ(heat.status, 200) << heat.text;
  EXPECT_EQ(heat.body["instances"], Json(2));
  EXPECT_EQ(heat.body["whole"], Json(true));
  const Json& task = heat.body["elements"]["vurder"];
  EXPECT_EQ(task["count"], Json(2)) << heat.text;
  EXPECT_EQ(task["active"], Json(1));
  EXPECT_EQ(task["total"]["n"], Json(1));
  EXPECT_TRUE(task["waiting"].is_null()) << "nobody was assigned";
  EXPECT_EQ(heat.body["elements"]["betal"]["incidents"], Json(1));
  EXPECT_EQ(heat.body["elements"]["betal"]["openIncidents"], Json(1));
  EXPECT_EQ(me_->get("/api/operations/definitions/" + key + "/heat?from=2020-01-01&to=2020-01-02").body["instances"], Json(0));
  EXPECT_EQ(me_->get("/api/operations/definitions/" + key + "/heat?from=snart&to=2020-01-02").status, 400);
  EXPECT_EQ(signed_in(kB).get("/api/operations/definitions/" + key + "/heat?from=2020-01-01&to=2100-01-01").status, 404);
}

TEST_F(Drift, VersionsSayHowManyRunOnEach) {
  start(*me_);
  std::string second(api_test::kProcess);
  second.replace(second.find("Betal\""), 6, "Udbetal\"");
  const auto made = me_->call("POST", "/v2/deployments", multipart({{"proces.bpmn", second}}), {{"Content-Type", "multipart/form-data; boundary=graense"}});
  ASSERT_EQ(made.status, 200) << made.text;
  start(*me_);
  start(*me_);
  const auto versions = me_->get("/api/operations/definitions?processDefinitionId=sag");
  ASSERT_EQ(versions.body["items"].size(), 2u) << versions.text;
  EXPECT_EQ(versions.body["items"].as_array()[0]["version"], Json(2));
  EXPECT_EQ(versions.body["items"].as_array()[0]["active"], Json(2));
  EXPECT_EQ(versions.body["items"].as_array()[1]["active"], Json(1));
  EXPECT_EQ(signed_in(kB).get("/api/operations/definitions").body["items"].size(), 0u);
}

TEST_F(Drift, IncidentsInGroupsAndInBulk) {
  for (int i = 0; i < 5; ++i) fail_one(i);
  const auto groups = me_->get("/api/operations/incidents/groups");
  ASSERT_EQ(groups.body["items"].size(), 1u) << groups.text;
  EXPECT_EQ(groups.body["items"].as_array()[0]["count"], Json(5));
  EXPECT_EQ(groups.body["items"].as_array()[0]["elementId"], Json("betal"));
  const Json none = batch(me_->post("/api/operations/incidents/resolution-batches", Json::Object{{"filter", Json::Object{{"elementId", "andet"}}}}));
  EXPECT_EQ(none["of"], Json(0));
  const Json done = batch(me_->post("/api/operations/incidents/resolution-batches", Json::Object{{"filter", Json::Object{{"processDefinitionId", "sag"}, {"elementId", "betal"}}}}));
  EXPECT_EQ(done["state"], Json("COMPLETED"));
  EXPECT_EQ(done["counts"]["retried"], Json(5)) << done.dump();
  EXPECT_EQ(done["newIncidents"], Json(0));
  EXPECT_EQ(me_->get("/api/operations/incidents/groups").body["items"].size(), 0u);
  // The jobs are there again, with tries; failing again shows in the rows.
  const auto jobs = me_->post("/v2/jobs/activation", Json::Object{{"type", "betaling"}, {"timeout", 60000}, {"maxJobsToActivate", 10}});
  ASSERT_EQ(jobs.body["jobs"].size(), 5u);
  EXPECT_EQ(jobs.body["jobs"].as_array()[0]["retries"], Json(3));
  EXPECT_EQ(me_->post("/v2/jobs/" + jobs.body["jobs"].as_array()[0]["jobKey"].as_string() + "/failure", Json::Object{{"retries", 0}}).status, 204);
  const Json listed = rows(done);
  EXPECT_EQ(listed["items"].size(), 5u);
  int again = 0;
  for (const Json& row : listed["items"].as_array()) again += row["again"].bool_or(false) ? 1 : 0;
  EXPECT_EQ(again, 1) << listed.dump();
  EXPECT_EQ(me_->get("/api/operations/batches/" + done["batchKey"].as_string()).body["newIncidents"], Json(1));
  EXPECT_EQ(me_->get("/api/operations/batches").body["items"].size(), 2u);
  EXPECT_EQ(signed_in(kB).get("/api/operations/batches/" + done["batchKey"].as_string()).status, 404);
  EXPECT_EQ(me_->post("/api/operations/batches/" + done["batchKey"].as_string() + "/cancel", Json::object()).status, 204) << "an ended batch stays as it is";
}

TEST_F(Drift, CasesAreFoundByTheirVariablesAndTheLookUpIsLogged) {
  const std::string wanted = begin(Json::Object{{"krav", 512}, {"faktura", Json::Object{{"nummer", "A-4711"}, {"cpr", "0101011234"}, {"linjer", Json::Array{Json::Object{{"beloeb", 100.5}}}}}}});
  begin(Json::Object{{"krav", 7}, {"faktura", Json::Object{{"nummer", "A-4712"}}}});
  const auto find = [&](Json test) {
    const Json done = batch(me_->post("/api/operations/instances/searches", Json::Object{{"variables", Json::Array{std::move(test)}}, {"purpose", "finde en regning"}}));
    EXPECT_EQ(done["state"], Json("COMPLETED")) << done.dump();
    return done;
  };
  const Json by_number = find(Json::Object{{"name", "faktura.nummer"}, {"operator", "equals"}, {"value", "a-4711"}});
  ASSERT_EQ(by_number["counts"]["found"], Json(1)) << by_number.dump();
  EXPECT_EQ(rows(by_number)["items"].as_array()[0]["processInstanceKey"], Json(wanted));
  EXPECT_EQ(by_number.dump().find("4711"), std::string::npos) << "the value asked for is told to nobody";
  EXPECT_EQ(find(Json::Object{{"name", "krav"}, {"operator", "greater"}, {"value", "100"}})["counts"]["found"], Json(1));
  EXPECT_EQ(find(Json::Object{{"name", "faktura.linjer.beloeb"}, {"operator", "equals"}, {"value", "100.50"}})["counts"]["found"], Json(1)) << "numbers by amount, in every item";
  EXPECT_EQ(find(Json::Object{{"name", "faktura.linjer"}, {"operator", "missing"}})["counts"]["found"], Json(1));
  const Json by_cpr = find(Json::Object{{"value", "0101011234"}});
  ASSERT_EQ(by_cpr["counts"]["found"], Json(1)) << "any variable, however deep";
  const std::string shown = rows(by_cpr).dump();
  EXPECT_NE(shown.find("faktura.cpr"), std::string::npos);
  EXPECT_EQ(shown.find("1234\""), std::string::npos) << shown;
  EXPECT_EQ(me_->post("/api/operations/instances/searches", Json::Object{{"variables", Json::Array{Json::Object{{"name", "x"}}}}, {"purpose", "finde"}}).body["where"]["pointer"], Json("/variables/0/value"));
  EXPECT_EQ(me_->post("/api/operations/instances/searches", Json::Object{{"variables", Json::Array{Json::Object{{"value", "1"}}}}}).status, 400) << "a purpose is needed";
  auto audit = api::Audit::open(*database_, clock_);
  ASSERT_TRUE(audit.has_value());
  const std::string log = (*audit)->list(kA, 100).value_or(Json()).dump();
  EXPECT_NE(log.find("finde en regning"), std::string::npos);
  EXPECT_EQ(log.find("4711"), std::string::npos) << "the log holds no values";
  Client other = signed_in(kB);
  EXPECT_EQ(other.get("/api/operations/batches/" + by_cpr["batchKey"].as_string() + "/rows").status, 404);
}

TEST_F(Drift, CasesAreTriedAndThenMovedToAnotherVersion) {
  const std::string one = start(*me_), two = start(*me_);
  const std::string before = definition();
  std::string second(api_test::kProcess);
  for (std::size_t at = 0; (at = second.find("\"vurder\"", at)) != std::string::npos; at += 9) second.replace(at, 8, "\"vurder_igen\"");
  ASSERT_EQ(me_->call("POST", "/v2/deployments", multipart({{"proces.bpmn", second}}), {{"Content-Type", "multipart/form-data; boundary=graense"}}).status, 200);
  const std::string after = first(*me_, "process-definitions", Json::Object{{"version", 2}})["processDefinitionKey"].string_or("");
  const auto move = [&](Json mapping, bool dry_run) {
    return batch(me_->post("/api/operations/migration-batches", Json::Object{{"processDefinitionKey", before}, {"targetProcessDefinitionKey", after}, {"mappingInstructions", std::move(mapping)}, {"dryRun", dry_run}}));
  };
  const Json refused = move(Json::array(), true);
  EXPECT_EQ(refused["counts"]["refused"], Json(2)) << refused.dump();
  ASSERT_EQ(refused["groups"].size(), 1u) << refused.dump();
  EXPECT_EQ(refused["groups"].as_array()[0]["count"], Json(2));
  EXPECT_NE(refused["groups"].as_array()[0]["textDa"].string_or(""), "");
  const Json mapping = Json::Array{Json::Object{{"sourceElementId", "vurder"}, {"targetElementId", "vurder_igen"}}};
  const Json fits = move(mapping, true);
  EXPECT_EQ(fits["counts"]["fits"], Json(2)) << fits.dump();
  EXPECT_NE(fits["report"]["elements"].dump().find("vurder_igen"), std::string::npos) << fits.dump();
  EXPECT_EQ(me_->get("/v2/process-instances/" + one).body["processDefinitionKey"], Json(before)) << "a trial moves nothing";
  const Json moved = move(mapping, false);
  EXPECT_EQ(moved["counts"]["moved"], Json(2)) << moved.dump();
  for (const auto& key : {one, two}) EXPECT_EQ(me_->get("/v2/process-instances/" + key).body["processDefinitionKey"], Json(after));
  const auto timeline = me_->get("/api/operations/instances/" + one + "/timeline");
  bool told = false;
  for (const Json& item : timeline.body["items"].as_array()) told = told || (item["mark"] == Json("MIGRATED") && item["processDefinitionKey"] == Json(before) && item["by"] == Json("alle11111111"));
  EXPECT_TRUE(told) << timeline.text;
  const auto versions = me_->get("/api/operations/definitions?processDefinitionId=sag");
  EXPECT_EQ(versions.body["items"].as_array()[0]["active"], Json(2)) << versions.text;
  EXPECT_EQ(versions.body["items"].as_array()[1]["active"], Json(0)) << versions.text;
  EXPECT_EQ(move(mapping, true)["of"], Json(0)) << "none is left";
  EXPECT_EQ(signed_in(kB).post("/api/operations/migration-batches", Json::Object{{"processDefinitionKey", before}, {"targetProcessDefinitionKey", after}}).status, 404);
}

TEST(VariableTests, PathsListsAndKinds) {
  const std::vector<std::pair<std::string, Json>> variables = {{"a", Json::Object{{"b", Json::Array{1, 2}}, {"c", Json()}}}, {"a.b", "hele navnet"}, {"ja", true}, {"dato", "2026-11-21"}};
  const auto passes = [&](const char* name, api::TestOperator op, const char* value) {
    api::Match match;
    return api::passes({name, op, value}, variables, match);
  };
  using enum api::TestOperator;
  EXPECT_TRUE(passes("a.b", equals, "2"));
  EXPECT_TRUE(passes("a.b", equals, "HELE navnet"));
  EXPECT_FALSE(passes("a.b", equals, "3"));
  EXPECT_TRUE(passes("ja", equals, "true"));
  EXPECT_TRUE(passes("dato", less, "2026-12-01"));
  EXPECT_FALSE(passes("dato", greater, "2026-12-01"));
  EXPECT_FALSE(passes("a.b", greater, "to")) << "a number and a text have no order";
  EXPECT_TRUE(passes("a.c", missing, ""));
  EXPECT_TRUE(passes("a", exists, ""));
  EXPECT_FALSE(passes("x", exists, ""));
  EXPECT_TRUE(passes("", contains, "navn"));
}

}  // namespace
