// The interface from outside: contract, sessions, roles, bodies, repeats, tasks, events.
#include "base/json_schema.h"
#include "api/test_house.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using base::Json;

TEST(Contract, HandlersAndOpenapiAgreeBothWays) {
  EXPECT_EQ(api::contract_faults(), std::vector<std::string>{});
  for (const auto& operation : api::Contract::instance().operations()) EXPECT_TRUE(api::handlers().contains(operation.id)) << operation.id;
  for (const auto& [id, handler] : api::handlers()) EXPECT_NE(api::Contract::instance().operation(id), nullptr) << id;
}

TEST(Contract, OperationsAreWholeAndTheirExamplesFit) {
  std::set<std::string> ids;
  for (const auto& operation : api::Contract::instance().operations()) {
    EXPECT_TRUE(ids.insert(operation.id).second) << operation.id << " twice";
    EXPECT_TRUE((*operation.node)["responses"].has("default")) << operation.id;
    EXPECT_NE((*operation.node)["summary"].string_or(""), "") << operation.id;
    for (const auto& role : operation.roles) EXPECT_NE(std::find(api::known_roles().begin(), api::known_roles().end(), role), api::known_roles().end()) << operation.id;
    if (operation.body == nullptr) continue;
    EXPECT_EQ(base::unknown_keywords(*operation.body), std::vector<std::string>{}) << operation.id;
    const Json& example = (*operation.node)["requestBody"]["content"][operation.media]["example"];
    if (operation.media == "application/json") {
      const auto ok = api::Contract::instance().check_body(operation, example);
      EXPECT_TRUE(ok.has_value()) << operation.id << ": " << (ok ? "" : ok.error().text());
    }
  }
  for (const auto& [name, schema] : api::Contract::instance().document()["components"]["schemas"].as_object())
    EXPECT_EQ(base::unknown_keywords(schema), std::vector<std::string>{}) << name;
}

TEST_F(House, SessionsAndCookies) {
  Client client = stranger();
  EXPECT_EQ(client.get("/api/session").status, 401);
  EXPECT_EQ(client.get("/api/session").body["type"], Json("urn:sagsgang:not_signed_in"));
  const auto wrong = client.sign_in("alle11111111", "forkert88"), unknown = client.sign_in("ingen", "forkert88");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body["detail"], unknown.body["detail"]) << "nobody learns which users there are";
  const auto right = client.sign_in("alle11111111", "hemmelig1");
  ASSERT_EQ(right.status, 200) << right.text;
  EXPECT_EQ(right.body["authority"], Json(kA));
  EXPECT_NE(right.head.find("; HttpOnly; SameSite=Strict"), std::string::npos) << right.head;
  EXPECT_EQ(right.head.find("; Secure"), std::string::npos);
  EXPECT_EQ(client.get("/api/session").body["user"], Json("alle11111111"));
  EXPECT_EQ(client.call("DELETE", "/api/session").status, 204);
  EXPECT_EQ(client.get("/api/session").status, 401) << "the token is void, not only the cookie gone";
  client.cookie = std::string(64, 'a');
  EXPECT_EQ(client.get("/api/session").status, 401);
}

TEST_F(House, PasswordsAreNotStoredAndWrongOnesMakeOneWait) {
  std::string stored;
  ASSERT_TRUE(database_->read([&](store::Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT password FROM user LIMIT 1"));
    TRY(const bool any, row->begin().step());
    if (any) stored = row->text(0);
    return {};
  }));
  EXPECT_TRUE(stored.starts_with("$argon2id$")) << stored;
  Client client = stranger();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.sign_in("alle11111111", "forkert88").status, 401);
  EXPECT_EQ(client.sign_in("alle11111111", "hemmelig1").status, 503);
}

TEST_F(House, ACookieWritesOnlyFromItsOwnOrigin) {
  Client client = signed_in(kA);
  client.origin = "http://ond.example";
  EXPECT_EQ(client.post("/v2/messages/publication", Json::Object{{"name", "x"}}).status, 403);
  client.origin = "";
  EXPECT_EQ(client.post("/v2/messages/publication", Json::Object{{"name", "x"}}).status, 403);
  EXPECT_EQ(client.get("/api/session").status, 200) << "reading needs no Origin";
}

TEST_F(House, TokensForMachines) {
  auto token = server_->accounts().make_token("alle11111111", "robot", 1);
  ASSERT_TRUE(token.has_value());
  Client machine = stranger();
  machine.origin = "";
  machine.bearer = *token;
  EXPECT_EQ(machine.get("/v2/authentication/me").body["username"], Json("alle11111111"));
  EXPECT_EQ(deploy(machine).status, 200) << "no Origin needed";
  ASSERT_TRUE(server_->accounts().remove_user("alle11111111").has_value());
  EXPECT_EQ(machine.get("/v2/authentication/me").status, 401);
}

TEST_F(House, RolesDecide) {
  ASSERT_TRUE(server_->accounts().add_user(kA, "kun-sager", "S", "hemmelig1", {"sagsbehandler"}).has_value());
  Client client = stranger();
  ASSERT_EQ(client.sign_in("kun-sager", "hemmelig1").status, 200);
  EXPECT_EQ(client.get("/api/tasks").status, 200);
  EXPECT_EQ(client.get("/api/bank/workflows").status, 200);
  const auto refused = deploy(client);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["type"], Json("urn:sagsgang:forbidden"));
  EXPECT_EQ(client.post("/v2/jobs/activation", Json::Object{{"type", "x"}, {"timeout", 1}, {"maxJobsToActivate", 1}}).status, 403);
}

TEST_F(House, EveryClosedOperationAsksWhoYouAre) {
  Client client = stranger();
  int asked = 0;
  for (const auto& operation : api::Contract::instance().operations()) {
    if (operation.open) continue;
    std::string path;
    for (const auto& segment : operation.segments) path += "/" + (segment.starts_with('{') ? std::string("1") : segment);
    EXPECT_EQ(client.call(operation.method, path, "{}").status, 401) << operation.id;
    ++asked;
  }
  EXPECT_GT(asked, 50);
}

TEST_F(House, ProblemsSayWhatAndWhere) {
  Client client = signed_in(kA);
  const auto expect = [&](const api_test::Reply& reply, int status, const char* type) {
    EXPECT_EQ(reply.status, status) << reply.text;
    EXPECT_EQ(reply.body["type"], Json(std::string("urn:sagsgang:") + type)) << reply.text;
    EXPECT_NE(reply.head.find("application/problem+json"), std::string::npos);
    EXPECT_NE(reply.body["title"].string_or(""), "");
    EXPECT_TRUE(reply.body["instance"].string_or("").starts_with("urn:sagsgang:ref:"));
    return reply.body;
  };
  expect(client.get("/api/nothing"), 404, "not_found");
  const auto method = client.call("PUT", "/api/tasks");
  expect(method, 405, "method_not_allowed");
  EXPECT_NE(method.head.find("Allow: GET"), std::string::npos);
  expect(client.call("POST", "/v2/process-instances", "x", {{"Content-Type", "text/plain"}}), 415, "unsupported_media_type");
  const auto json = expect(client.call("POST", "/v2/process-instances", "{\"a\":\n1,}"), 400, "invalid_json");
  EXPECT_EQ(json["where"]["line"], Json(2));
  const auto unknown = expect(client.call("POST", "/v2/process-instances", R"({"processDefinitionID":"x"})"), 400, "invalid_argument");
  EXPECT_EQ(unknown["where"]["pointer"], Json("/processDefinitionID"));
  EXPECT_EQ(unknown["remedy"], Json("did you mean 'processDefinitionId'?"));
  expect(client.get("/api/tasks/12a"), 400, "invalid_argument");
  expect(client.get("/api/tasks?limit=0"), 400, "invalid_argument");
  expect(client.get("/api/tasks?limit=x"), 400, "invalid_argument");
  expect(client.get("/api/tasks/9223372036854775808"), 404, "not_found");
}

TEST_F(House, OpenPagesNeedNobody) {
  Client client = stranger();
  EXPECT_EQ(client.get("/healthz").status, 200);
  EXPECT_EQ(client.get("/readyz").status, 200);
  EXPECT_NE(client.get("/metrics").text.find("sagsgang_events_total "), std::string::npos);
  EXPECT_EQ(client.get("/api/openapi.json").body["openapi"], Json("3.1.0"));
  EXPECT_EQ(client.call("HEAD", "/healthz").status, 200);
  const auto status = client.get("/api/status");
  EXPECT_EQ(status.body["local"], Json(true));
  EXPECT_TRUE(status.body["demoUsers"].is_array());
}

TEST_F(House, ARepeatedCommandAnswersTheSameAndDoesNothingTwice) {
  Client client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  const Json body = Json::Object{{"processDefinitionId", "sag"}, {"variables", Json::Object{{"krav", 1}}}};
  const auto once = client.post("/v2/process-instances", body, {{"Idempotency-Key", "k1"}});
  const auto twice = client.post("/v2/process-instances", body, {{"Idempotency-Key", "k1"}});
  ASSERT_EQ(once.status, 200) << once.text;
  EXPECT_EQ(once.body["processInstanceKey"], twice.body["processInstanceKey"]);
  const auto other = client.post("/v2/process-instances", Json::Object{{"processDefinitionId", "sag"}, {"variables", Json::Object{{"krav", 2}}}}, {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.body["type"], Json("urn:sagsgang:key_reused"));
  EXPECT_EQ(client.post("/v2/process-instances/search", Json::object()).body["page"]["totalItems"], Json(1));
}

TEST_F(House, ARepeatedImportAnswersTheSame) {
  Client client = signed_in(kA);
  const api::Fields headers = {{"Content-Type", "application/zip"}, {"Idempotency-Key", "z1"}};
  const auto once = client.call("POST", "/api/bank/workflows?slug=proever/sag", package(), headers);
  ASSERT_EQ(once.status, 201) << once.text;
  EXPECT_EQ(once.body["version"], Json(1));
  const auto twice = client.call("POST", "/api/bank/workflows?slug=proever/sag", package(), headers);
  EXPECT_EQ(twice.status, 201);
  EXPECT_EQ(twice.text, once.text);
  EXPECT_EQ(client.call("POST", "/api/bank/workflows?slug=proever/andet", package(), headers).status, 409);
  const auto refused = client.call("POST", "/api/bank/workflows?slug=proever/sag", package({{"stray.exe", "x"}}), {{"Content-Type", "application/zip"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body["findings"].as_array().size(), 1u) << refused.text;
  EXPECT_EQ(client.get("/api/bank/workflows/proever/sag").body["version"], Json(1));
}

TEST_F(House, AWorkflowIsDeployedFromTheBank) {
  Client client = signed_in(kA);
  ASSERT_EQ(client.call("POST", "/api/bank/workflows?slug=proever/sag", package(), {{"Content-Type", "application/zip"}}).status, 201);
  const auto deployed = client.call("POST", "/api/bank/workflows/proever/sag/deployment", "{}");
  ASSERT_EQ(deployed.status, 200) << deployed.text;
  const auto workflow = client.get("/api/bank/workflows/proever/sag");
  EXPECT_EQ(workflow.body["deployed"]["version"], Json(1)) << workflow.text << deployed.text;
  EXPECT_NE(client.get("/api/bank/workflows/proever/sag/diagram").text.find("bpmn:userTask"), std::string::npos);
  EXPECT_NE(client.get("/api/bank/workflows/proever/sag/steps").body["lanes"].size(), 0u);
  EXPECT_EQ(client.get("/api/bank/workflows/proever/sag/decisions").status, 404);
  EXPECT_EQ(client.get("/api/bank/workflows?q=pr%C3%B8vesag").body["total"], Json(1));
}

TEST_F(House, ATaskShowsWhyItCameAndTakesOnlyWhatItOffers) {
  Client client = signed_in(kA);
  ASSERT_EQ(client.call("POST", "/api/bank/workflows?slug=proever/sag", package(), {{"Content-Type", "application/zip"}}).status, 201);
  ASSERT_EQ(client.call("POST", "/api/bank/workflows/proever/sag/deployment", "{}").status, 200);
  const std::string instance = start(client);
  const auto list = client.get("/api/tasks");
  ASSERT_EQ(list.body["total"], Json(1)) << list.text;
  const Json& item = list.body["items"].as_array()[0];
  EXPECT_EQ(item["reason"], Json("Lægen har krævet 512 kr."));
  EXPECT_EQ(item["title"], Json("Vurder sagen"));
  EXPECT_EQ(item["workflow"], Json("En prøvesag"));
  EXPECT_EQ(item["slug"], Json("proever/sag"));
  EXPECT_EQ(client.get("/api/tasks?q=512").body["total"], Json(1));
  EXPECT_EQ(client.get("/api/tasks?q=513").body["total"], Json(0));
  const std::string path = "/api/tasks/" + item["userTaskKey"].as_string();
  const auto task = client.get(path);
  ASSERT_EQ(task.status, 200) << task.text;
  EXPECT_EQ(task.body["findings"].as_array()[0]["kode"], Json("OVER_TAKST"));
  EXPECT_EQ(task.body["actions"].size(), 2u);
  EXPECT_EQ(task.body["variables"]["krav"], Json(512));
  const auto complete = [&](const char* action, const char* reason) { return client.post(path + "/completion", Json::Object{{"action", action}, {"reason", reason}}); };
  EXPECT_EQ(complete("slet", "x").status, 400);
  EXPECT_EQ(complete("afvis", " ").status, 400) << "a refusal needs a reason";
  EXPECT_EQ(complete("afvis", "over taksten").status, 204);
  EXPECT_EQ(client.get("/api/tasks").body["total"], Json(0)) << "gone at once: reads wait for what was acknowledged";
  const Json decision = first(client, "variables", Json::Object{{"processInstanceKey", instance}, {"name", "afgoerelse"}});
  EXPECT_EQ(base::parse_json(decision["value"].string_or("null")).value_or(Json()), Json(Json::Object{{"handling", "afvis"}, {"begrundelse", "over taksten"}, {"af", "alle11111111"}}));
  const auto jobs = client.post("/v2/jobs/activation", Json::Object{{"type", "betaling"}, {"timeout", 60000}, {"maxJobsToActivate", 5}});
  ASSERT_EQ(jobs.body["jobs"].size(), 1u) << jobs.text;
  EXPECT_EQ(client.call("POST", "/v2/jobs/" + jobs.body["jobs"].as_array()[0]["jobKey"].as_string() + "/completion", "{}").status, 204);
  const auto one = client.get("/api/cases/" + instance);
  EXPECT_EQ(one.body["state"], Json("COMPLETED")) << one.text;
  EXPECT_GE(one.body["timeline"].size(), 3u);
  const auto tokens = client.get("/api/operations/instances/" + instance + "/tokens");
  EXPECT_EQ(tokens.body["vurder"]["completed"], Json(1)) << tokens.text;
}

TEST_F(House, TasksComeByDueDateAndThoseWithoutOneLast) {
  Client client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  std::vector<std::string> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(first(client, "user-tasks", Json::Object{{"processInstanceKey", start(client)}})["userTaskKey"].string_or(""));
  const auto due = [&](std::size_t task, const char* when) {
    const auto reply = client.call("PATCH", "/v2/user-tasks/" + tasks[task], Json(Json::Object{{"changeset", Json::Object{{"dueDate", when}}}}).dump());
    EXPECT_EQ(reply.status, 204) << reply.text;
  };
  // As instants: 1 is due at 22.30 UTC on the day before, 4 at midnight, 2 at one in the morning.
  due(1, "2026-12-01T00:30:00+02:00");
  due(2, "2026-12-01T01:00:00Z");
  due(4, "2026-12-01");
  const auto keys = [](const Json& items) {
    std::vector<std::string> out;
    for (const Json& item : items.as_array()) out.push_back(item["userTaskKey"].string_or(""));
    return out;
  };
  const std::vector<std::string> wanted = {tasks[1], tasks[4], tasks[2], tasks[0], tasks[3]};
  EXPECT_EQ(keys(client.get("/api/tasks").body["items"]), wanted);
  EXPECT_EQ(keys(client.get("/api/tasks?q=vurder").body["items"]), wanted) << "a search in the list keeps its order";
  EXPECT_EQ(keys(client.get("/api/tasks?limit=2&offset=1").body["items"]), (std::vector<std::string>{tasks[4], tasks[2]}));
  const Json latest = Json::Array{Json::Object{{"field", "dueDate"}, {"order", "DESC"}}, Json::Object{{"field", "creationDate"}, {"order", "ASC"}}};
  EXPECT_EQ(keys(client.post("/v2/user-tasks/search", Json::Object{{"sort", latest}}).body["items"]), (std::vector<std::string>{tasks[2], tasks[4], tasks[1], tasks[0], tasks[3]}));
}

TEST_F(House, AnIncidentNamesItsElement) {
  Client client = signed_in(kA);
  std::string process = api_test::kProcess;
  const auto replace = [&](const std::string& from, const std::string& to) { process.replace(process.find(from), from.size(), to); };
  replace("<bpmn:sequenceFlow id=\"f2\" sourceRef=\"vurder\" targetRef=\"betal\" />",
          "<bpmn:sequenceFlow id=\"f2\" sourceRef=\"vurder\" targetRef=\"valg\" /><bpmn:exclusiveGateway id=\"valg\" />"
          "<bpmn:sequenceFlow id=\"f4\" sourceRef=\"valg\" targetRef=\"betal\"><bpmn:conditionExpression>=klar</bpmn:conditionExpression></bpmn:sequenceFlow>");
  const auto deployed = client.call("POST", "/v2/deployments", multipart({{"proces.bpmn", process}}), {{"Content-Type", "multipart/form-data; boundary=graense"}});
  ASSERT_EQ(deployed.status, 200) << deployed.text;
  const Json instance = start(client);
  const auto incident = [&] { return first(client, "incidents", Json::Object{{"processInstanceKey", instance}, {"state", "ACTIVE"}}); };
  const std::string task = first(client, "user-tasks", Json::Object{{"processInstanceKey", instance}})["userTaskKey"].string_or("");
  ASSERT_EQ(client.post("/v2/user-tasks/" + task + "/completion", Json::object()).status, 204);
  EXPECT_EQ(incident()["elementId"], Json("valg"));
  EXPECT_EQ(incident()["elementName"], Json("")) << "a gateway without a name";
  const Json answer = Json::Object{{"variables", Json::Object{{"klar", true}}}};
  ASSERT_EQ(client.call("PUT", "/v2/element-instances/" + instance.as_string() + "/variables", answer.dump()).status, 204);
  ASSERT_EQ(client.post("/v2/incidents/" + incident()["incidentKey"].as_string() + "/resolution", Json::object()).status, 204);
  const auto jobs = client.post("/v2/jobs/activation", Json::Object{{"type", "betaling"}, {"timeout", 60000}, {"maxJobsToActivate", 1}});
  ASSERT_EQ(jobs.body["jobs"].size(), 1u) << jobs.text;
  ASSERT_EQ(client.post("/v2/jobs/" + jobs.body["jobs"].as_array()[0]["jobKey"].as_string() + "/failure", Json::Object{{"retries", 0}, {"errorMessage", "x"}}).status, 204);
  EXPECT_EQ(incident()["elementName"], Json("Betal"));
  EXPECT_EQ(incident()["processDefinitionName"], Json("Sag"));
}

TEST_F(House, LookUpsAreLoggedWithoutValues) {
  Client client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  const std::string instance = start(client);
  const std::string task = first(client, "user-tasks")["userTaskKey"].string_or("");
  ASSERT_EQ(client.get("/api/tasks/" + task).status, 200);
  ASSERT_EQ(client.get("/api/cases/" + instance).status, 200);
  auto audit = api::Audit::open(*database_, clock_);
  ASSERT_TRUE(audit.has_value());
  const auto noted = (*audit)->list(kA, 10);
  ASSERT_TRUE(noted.has_value());
  ASSERT_EQ(noted->size(), 2u) << noted->dump();
  EXPECT_EQ(noted->as_array()[0]["kind"], Json("case"));
  EXPECT_EQ(noted->as_array()[0]["key"], Json(instance));
  EXPECT_EQ(noted->as_array()[1]["operation"], Json("getTask"));
  EXPECT_EQ((*audit)->list(kB, 10)->size(), 0u);
}

TEST_F(House, EventsComeLiveAndOnlyOfOnesOwnAuthority) {
  Client client = signed_in(kA), other = signed_in(kB);
  ASSERT_EQ(deploy(client).status, 200);
  const auto listen = [&](const Client& who) {
    auto socket = std::make_unique<api_test::Socket>(server_->port());
    socket->send("GET /api/events HTTP/1.1\r\nHost: a\r\nCookie: sagsgang=" + who.cookie + "\r\n\r\n");
    EXPECT_NE(socket->read_until("retry: 2000").find("text/event-stream"), std::string::npos);
    return socket;
  };
  auto theirs = listen(other), ours = listen(client);
  const std::string instance = start(client);
  const std::string heard = ours->read_until("\"" + instance + "\"");
  EXPECT_NE(heard.find("event: "), std::string::npos) << heard;
  EXPECT_NE(heard.find(instance), std::string::npos) << heard;
  EXPECT_EQ(heard.find("512"), std::string::npos) << "no variables in notes";
  ASSERT_EQ(deploy(other).status, 200);
  const std::string elsewhere = start(other);
  const std::string theirs_heard = theirs->read_until("\"" + elsewhere + "\"");
  EXPECT_EQ(theirs_heard.find("\"" + instance + "\""), std::string::npos) << theirs_heard;
}

TEST_F(House, ForgettingACase) {
  Client client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  const std::string instance = start(client, 4711);
  EXPECT_EQ(client.call("DELETE", "/api/cases/" + instance).status, 204);
  for (const char* path : {"/api/cases/", "/v2/process-instances/"}) EXPECT_EQ(client.get(path + instance).text.find("4711"), std::string::npos);
  EXPECT_EQ(client.get("/api/tasks").body["total"], Json(0));
}

TEST_F(House, AFaultyDeploymentChangesNothing) {
  Client client = signed_in(kA);
  const api::Fields headers = {{"Content-Type", "multipart/form-data; boundary=graense"}};
  const auto refused = client.call("POST", "/v2/deployments", multipart({{"a.bpmn", api_test::kProcess}, {"b.bpmn", "<a>"}}), headers);
  EXPECT_EQ(refused.status, 400) << refused.text;
  EXPECT_EQ(refused.body["where"]["file"], Json("b.bpmn")) << refused.text;
  EXPECT_EQ(client.post("/v2/process-definitions/search", Json::object()).body["page"]["totalItems"], Json(0));
  EXPECT_EQ(client.call("POST", "/v2/deployments", "x", headers).status, 400);
}

}  // namespace
