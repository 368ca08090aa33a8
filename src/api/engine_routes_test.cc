// The /v2 routes beyond the pages: correlation, signals, conditions, waiting for an end, forms, deletion, retention, the stream of jobs.
#include <thread>

#include "api/test_house.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using base::Json;

class EngineRoutes : public House {
 protected:
  static std::string process(const std::string& content, const std::string& others = {}) {
    return R"(<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">)" + others + R"(<process id="p" isExecutable="true">)" + content + "</process></definitions>";
  }
  static std::string flow(const std::string& a, const std::string& b) { return "<sequenceFlow id=\"" + a + b + "\" sourceRef=\"" + a + "\" targetRef=\"" + b + "\"/>"; }
  static std::string job(const std::string& id) { return "<serviceTask id=\"" + id + "\"><extensionElements><zeebe:taskDefinition type=\"" + id + "\"/></extensionElements></serviceTask>"; }
  void deploys(Client& client, const std::map<std::string, std::string>& files) {
    const auto reply = client.call("POST", "/v2/deployments", multipart(files), {{"Content-Type", "multipart/form-data; boundary=graense"}});
    ASSERT_EQ(reply.status, 200) << reply.text;
  }
  Json begin(Client& client, const Json& more = Json::object()) {
    Json body = Json::Object{{"processDefinitionId", "p"}};
    for (const auto& [name, value] : more.as_object()) body.set(name, value);
    const auto reply = client.post("/v2/process-instances", body);
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body;
  }
  std::vector<Json> activate(Client& client, const std::string& type) {
    const auto reply = client.post("/v2/jobs/activation", Json::Object{{"type", type}, {"timeout", 60000}, {"maxJobsToActivate", 100}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body["jobs"].as_array();
  }
};

TEST_F(EngineRoutes, AMessageIsCorrelatedOrNotFound) {
  Client client = signed_in(kA), other = signed_in(kB);
  deploys(client, {{"p.bpmn", process("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent><endEvent id=\"e\"/>" + flow("s", "c") + flow("c", "e"),
                                      "<message id=\"M\" name=\"hej\"><extensionElements><zeebe:subscription correlationKey=\"=id\"/></extensionElements></message>")}});
  const Json message = Json::Object{{"name", "hej"}, {"correlationKey", "7"}};
  EXPECT_EQ(client.post("/v2/messages/correlation", message).status, 404);
  const Json instance = begin(client, Json::Object{{"variables", Json::Object{{"id", "7"}}}});
  EXPECT_EQ(other.post("/v2/messages/correlation", message).status, 404) << "another authority's";
  const auto met = client.post("/v2/messages/correlation", message);
  ASSERT_EQ(met.status, 200) << met.text;
  EXPECT_EQ(met.body["processInstanceKey"], instance["processInstanceKey"]);
  EXPECT_EQ(first(client, "process-instances")["state"], Json("COMPLETED"));
}

TEST_F(EngineRoutes, SignalsConditionsAndAdHocActivities) {
  Client client = signed_in(kA);
  deploys(client, {{"p.bpmn", process("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent><adHocSubProcess id=\"ad\"><extensionElements>"
                                      "<zeebe:adHoc activeElementsCollection=\"=[]\"/></extensionElements>" + job("x") + "<completionCondition xsi:type=\"tFormalExpression\">=done = true</completionCondition></adHocSubProcess><endEvent id=\"e\"/>"
                                      "<startEvent id=\"w\"><conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">=n &gt; 5</condition></conditionalEventDefinition></startEvent>" +
                                      flow("s", "c") + flow("c", "ad") + flow("ad", "e") + flow("w", "e"), "<signal id=\"S\" name=\"alle\"/>")}});
  const Json instance = begin(client);
  const auto signal = client.post("/v2/signals/broadcast", Json::Object{{"signalName", "alle"}, {"variables", Json::Object{{"s", 1}}}});
  ASSERT_EQ(signal.status, 200) << signal.text;
  EXPECT_NE(signal.body["signalKey"].string_or(""), "");
  std::string key;
  const auto seen = client.post("/v2/element-instances/search", Json::Object{{"filter", Json::Object{{"processInstanceKey", instance["processInstanceKey"]}}}}).text;
  for (const Json& one : client.post("/v2/element-instances/search", Json::Object{{"filter", Json::Object{{"processInstanceKey", instance["processInstanceKey"]}}}}).body["items"].as_array())
    if (one["elementId"] == Json("ad")) key = one["elementInstanceKey"].as_string();
  ASSERT_NE(key, "") << seen << client.post("/v2/incidents/search", Json::object()).text;
  EXPECT_TRUE(activate(client, "x").empty());
  EXPECT_EQ(client.post("/v2/element-instances/ad-hoc-activities/" + key + "/activation", Json::Object{{"elements", Json::Array{Json::Object{{"elementId", "nej"}}}}}).status, 400);
  EXPECT_EQ(client.post("/v2/element-instances/ad-hoc-activities/" + key + "/activation",
                        Json::Object{{"elements", Json::Array{Json::Object{{"elementId", "x"}, {"variables", Json::Object{{"v", 3}}}}}}}).status, 204);
  const auto jobs = activate(client, "x");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0]["variables"]["v"], Json(3));
  EXPECT_EQ(jobs[0]["kind"], Json("BPMN_ELEMENT"));
  EXPECT_EQ(client.post("/v2/conditionals/evaluation", Json::Object{{"variables", Json::Object{{"n", 1}}}}).body["processInstances"].size(), 0u);
  EXPECT_EQ(client.post("/v2/conditionals/evaluation", Json::Object{{"variables", Json::Object{{"n", 6}}}}).body["processInstances"].size(), 1u);
}

TEST_F(EngineRoutes, ACreationCanWaitForTheEnd) {
  Client client = signed_in(kA);
  deploys(client, {{"p.bpmn", process("<startEvent id=\"s\"/>" + job("t") + "<endEvent id=\"e\"/>" + flow("s", "t") + flow("t", "e"))}});
  api_test::Reply waited;
  std::thread waits([&] {
    Client patient = signed_in(kA);
    waited = patient.post("/v2/process-instances", Json::Object{{"processDefinitionId", "p"}, {"variables", Json::Object{{"a", 1}, {"b", 2}}}, {"awaitCompletion", true}, {"fetchVariables", Json::Array{"a", "r"}},
                                                                {"requestTimeout", 600000}});
  });
  std::vector<Json> jobs;
  while (jobs.empty()) jobs = activate(client, "t");
  EXPECT_EQ(client.post("/v2/jobs/" + jobs[0]["jobKey"].as_string() + "/completion", Json::Object{{"variables", Json::Object{{"r", 3}}}}).status, 204);
  waits.join();
  ASSERT_EQ(waited.status, 200) << waited.text;
  EXPECT_EQ(waited.body["variables"].dump(), R"({"a":1,"r":3})");
  EXPECT_EQ(waited.body["processInstanceKey"], jobs[0]["processInstanceKey"]);
  const auto late = client.post("/v2/process-instances", Json::Object{{"processDefinitionId", "p"}, {"awaitCompletion", true}, {"requestTimeout", 1}});
  EXPECT_EQ(late.status, 504) << late.text;
  EXPECT_EQ(late.body["type"], Json("urn:sagsgang:timed_out"));
  EXPECT_EQ(activate(client, "t").size(), 1u) << "it goes on";
}

TEST_F(EngineRoutes, TaskListenersDenyAndCorrectOverHttp) {
  Client client = signed_in(kA);
  deploys(client, {{"p.bpmn", process("<startEvent id=\"s\"/><userTask id=\"u\"><extensionElements><zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType=\"assigning\" type=\"hvem\"/></zeebe:taskListeners></extensionElements></userTask>" +
                                      flow("s", "u"))}});
  begin(client);
  const std::string task = first(client, "user-tasks")["userTaskKey"].as_string();
  const auto assign = [&](const std::string& result, const std::string& who) {
    api_test::Reply reply;
    std::thread waits([&] {
      Client boss = signed_in(kA);
      reply = boss.post("/v2/user-tasks/" + task + "/assignment", Json::Object{{"assignee", who}});
    });
    std::vector<Json> jobs;
    while (jobs.empty()) jobs = activate(client, "hvem");
    EXPECT_EQ(jobs[0]["kind"], Json("TASK_LISTENER"));
    EXPECT_EQ(jobs[0]["listenerEventType"], Json("ASSIGNING"));
    EXPECT_EQ(jobs[0]["userTask"]["assignee"], Json(who));
    EXPECT_EQ(client.call("POST", "/v2/jobs/" + jobs[0]["jobKey"].as_string() + "/completion", result).status, 204);
    waits.join();
    return reply;
  };
  const auto denied = assign(R"({"result": {"denied": true, "deniedReason": "er paa ferie"}})", "ane");
  EXPECT_EQ(denied.status, 409) << denied.text;
  EXPECT_EQ(denied.body["detail"], Json("er paa ferie"));
  EXPECT_EQ(first(client, "user-tasks")["assignee"], Json(""));
  EXPECT_EQ(assign(R"({"result": {"corrections": {"assignee": "bo"}}})", "ane").status, 204);
  EXPECT_EQ(first(client, "user-tasks")["assignee"], Json("bo"));
}

TEST_F(EngineRoutes, FormsOfTasksAndStarts) {
  Client client = signed_in(kA);
  deploys(client, {{"p.bpmn", process("<startEvent id=\"s\"><extensionElements><zeebe:formDefinition formId=\"ny\"/></extensionElements></startEvent><userTask id=\"u\"><extensionElements><zeebe:userTask/>"
                                      "<zeebe:formDefinition formId=\"ny\"/></extensionElements></userTask><userTask id=\"v\"><extensionElements><zeebe:userTask/></extensionElements></userTask>" + flow("s", "u") + flow("s", "v"))},
                   {"ny.form", R"({"id": "ny", "components": [1]})"}});
  begin(client);
  const std::string definition = first(client, "process-definitions")["processDefinitionKey"].as_string();
  const auto start = client.get("/v2/process-definitions/" + definition + "/form");
  ASSERT_EQ(start.status, 200) << start.text;
  EXPECT_EQ(start.body["formId"], Json("ny"));
  EXPECT_EQ(start.body["schema"], Json(R"({"id": "ny", "components": [1]})"));
  EXPECT_EQ(client.get("/v2/user-tasks/" + first(client, "user-tasks", Json::Object{{"elementId", "u"}})["userTaskKey"].as_string() + "/form").body["formKey"], start.body["formKey"]);
  EXPECT_EQ(client.get("/v2/user-tasks/" + first(client, "user-tasks", Json::Object{{"elementId", "v"}})["userTaskKey"].as_string() + "/form").status, 404);
  EXPECT_EQ(client.get("/v2/license").body["licenseType"], Json("Apache-2.0"));
}

TEST_F(EngineRoutes, DeletionAndRetention) {
  Client client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  const std::string instance = House::start(client);
  const std::string key = first(client, "process-definitions")["processDefinitionKey"].as_string();
  const auto refused = client.post("/v2/resources/" + key + "/deletion", Json::object());
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.text.find("1 active instances"), std::string::npos) << refused.text;
  ASSERT_EQ(client.post("/v2/process-instances/" + instance + "/cancellation", Json::object()).status, 204);
  const auto gone = client.post("/v2/resources/" + key + "/deletion", Json::object());
  EXPECT_EQ(gone.status, 200) << gone.text;
  EXPECT_EQ(gone.body["resourceKey"], Json(key));
  EXPECT_EQ(client.get("/v2/process-definitions/" + key).status, 404);
  EXPECT_EQ(first(client, "process-instances")["processDefinitionId"], Json("sag"));
  const auto put = [&](const Json& body) { return client.call("PUT", "/api/operations/retention", body.dump()).status; };
  EXPECT_EQ(put(Json::Object{{"period", "for altid"}}), 400);
  EXPECT_EQ(put(Json::Object{{"period", "P5Y"}, {"processDefinitionId", "sag"}}), 404) << "it is deleted";
  EXPECT_EQ(put(Json::Object{{"period", "P5Y"}}), 204);
  const auto kept = client.get("/api/operations/retention");
  ASSERT_EQ(kept.body["items"].size(), 1u) << kept.text;
  EXPECT_EQ(kept.body["items"].as_array()[0]["setBy"], Json(std::string("alle") + kA));
  EXPECT_EQ(put(Json::Object{{"period", Json()}}), 204);
  EXPECT_EQ(client.get("/api/operations/retention").body["items"].size(), 0u);
}

TEST_F(EngineRoutes, JobsArePushedToWhoListens) {
  Client client = signed_in(kA), other = signed_in(kB);
  deploys(client, {{"p.bpmn", process("<startEvent id=\"s\"/>" + job("t") + "<endEvent id=\"e\"/>" + flow("s", "t") + flow("t", "e"))}});
  deploys(other, {{"p.bpmn", process("<startEvent id=\"s\"/>" + job("t") + "<endEvent id=\"e\"/>" + flow("s", "t") + flow("t", "e"))}});
  EXPECT_EQ(client.get("/api/jobs/stream").status, 400);
  EXPECT_EQ(client.get("/api/jobs/stream?type=t&timeout=0").status, 400);
  auto socket = std::make_unique<api_test::Socket>(server_->port());
  socket->send("GET /api/jobs/stream?type=t&worker=w&timeout=600000&fetchVariable=a HTTP/1.1\r\nHost: a\r\nCookie: sagsgang=" + client.cookie + "\r\n\r\n");
  EXPECT_NE(socket->read_until("retry: 2000").find("text/event-stream"), std::string::npos);
  begin(other);
  for (int i = 0; i < 3; ++i) {
    const Json instance = begin(client, Json::Object{{"variables", Json::Object{{"a", i}, {"b", 4711}}}});
    const std::string heard = socket->read_until("UNSPECIFIED");
    EXPECT_NE(heard.find("event: job"), std::string::npos) << heard;
    EXPECT_NE(heard.find(instance["processInstanceKey"].as_string()), std::string::npos) << heard;
    EXPECT_NE(heard.find("\"worker\":\"w\""), std::string::npos) << heard;
    EXPECT_EQ(heard.find("4711"), std::string::npos) << "only what was asked for";
  }
  EXPECT_TRUE(activate(client, "t").empty()) << "the listener has them until their timeout";
  EXPECT_EQ(activate(other, "t").size(), 1u) << "another authority's jobs go nowhere else";
  socket.reset();
  begin(client);
  std::vector<Json> back;
  while (back.empty()) back = activate(client, "t");  // who hung up gets no job, or gives it back
  EXPECT_EQ(back.size(), 1u);
}

}  // namespace
