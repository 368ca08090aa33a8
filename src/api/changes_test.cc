// Modify, migrate, suspend and resume over HTTP, and what the read side says afterwards.
#include "api/test_house.h"

namespace {

using api_test::kA;
using api_test::kProcess;
using base::Json;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

class Changes : public api_test::House {
 protected:
  std::string deploy_process(api_test::Client& client, const std::string& xml) {
    const auto reply = client.call("POST", "/v2/deployments", multipart({{"proces.bpmn", xml}}), {{"Content-Type", "multipart/form-data; boundary=graense"}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    for (const Json& one : reply.body["deployments"].as_array())
      if (one["processDefinition"].is_object()) return one["processDefinition"]["processDefinitionKey"].as_string();
    return {};
  }
  static Json first(api_test::Client& client, const std::string& kind, const std::string& instance) {
    const auto reply = client.post("/v2/" + kind + "/search", Json::Object{{"filter", Json::Object{{"processInstanceKey", instance}}}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body["items"].size() == 0 ? Json() : reply.body["items"].as_array()[0];
  }
};

TEST_F(Changes, ASuspendedInstanceSaysSoAndItsTasksWait) {
  auto client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  const std::string instance = start(client), at = "/v2/process-instances/" + instance;
  EXPECT_EQ(client.post(at + "/suspension", Json::object()).status, 204);
  EXPECT_EQ(client.get(at).body["state"], Json("SUSPENDED"));
  EXPECT_EQ(client.post("/v2/process-instances/search", Json::Object{{"filter", Json::Object{{"state", "SUSPENDED"}}}}).body["page"]["totalItems"], Json(1));
  const std::string task = first(client, "user-tasks", instance)["userTaskKey"].as_string();
  const auto refused = client.post("/v2/user-tasks/" + task + "/completion", Json::object());
  EXPECT_EQ(refused.status, 409) << refused.text;
  EXPECT_NE(refused.body["detail"].as_string().find("suspended"), std::string::npos);
  EXPECT_EQ(client.post(at + "/resumption", Json::object()).status, 204);
  EXPECT_EQ(client.post(at + "/resumption", Json::object()).status, 409);
  EXPECT_EQ(client.get(at).body["state"], Json("ACTIVE"));
  EXPECT_EQ(client.post("/v2/user-tasks/" + task + "/completion", Json::object()).status, 204);
  const auto changes = client.post("/v2/process-instance-changes/search", Json::Object{{"filter", Json::Object{{"processInstanceKey", instance}}}, {"sort", Json::Array{Json::Object{{"field", "changeDate"}, {"order", "ASC"}}, Json::Object{{"field", "changeKey"}, {"order", "ASC"}}}}});
  ASSERT_EQ(changes.body["items"].size(), 2u) << changes.text;
  EXPECT_EQ(changes.body["items"].as_array()[0]["kind"], Json("SUSPENDED"));
  EXPECT_EQ(changes.body["items"].as_array()[0]["changedBy"], Json(std::string("alle") + kA));
  EXPECT_EQ(changes.body["items"].as_array()[1]["kind"], Json("RESUMED"));
}

TEST_F(Changes, AMigrationIsTriedBeforeAndEverythingFollowsTheNewDefinition) {
  auto client = signed_in(kA);
  const std::string before = deploy_process(client, kProcess);
  const std::string instance = start(client), at = "/v2/process-instances/" + instance;
  const std::string after = deploy_process(client, replaced(kProcess, "\"vurder\"", "\"vurdering\""));
  const auto misfit = client.post(at + "/migration", Json::Object{{"targetProcessDefinitionKey", after}, {"dryRun", true}});
  ASSERT_EQ(misfit.status, 200) << misfit.text;
  EXPECT_EQ(misfit.body["fits"], Json(false));
  EXPECT_EQ(misfit.body["findings"].as_array()[0]["code"], Json("NO_TARGET"));
  EXPECT_EQ(misfit.body["findings"].as_array()[0]["elementId"], Json("vurder"));
  EXPECT_EQ(client.post(at + "/migration", Json::Object{{"targetProcessDefinitionKey", after}}).status, 409);
  EXPECT_EQ(client.get(at).body["processDefinitionKey"], Json(before));
  const Json mapping = Json::Array{Json::Object{{"sourceElementId", "vurder"}, {"targetElementId", "vurdering"}}};
  const auto fits = client.post(at + "/migration", Json::Object{{"targetProcessDefinitionKey", after}, {"mappingInstructions", mapping}, {"dryRun", true}});
  EXPECT_EQ(fits.body["fits"], Json(true)) << fits.text;
  const Json task = first(client, "user-tasks", instance);
  EXPECT_EQ(client.post(at + "/migration", Json::Object{{"targetProcessDefinitionKey", after}, {"mappingInstructions", mapping}}).status, 204);
  EXPECT_EQ(client.get(at).body["processDefinitionKey"], Json(after));
  EXPECT_EQ(client.get(at).body["processDefinitionVersion"], Json(2));
  const Json moved = first(client, "user-tasks", instance);
  EXPECT_EQ(moved["userTaskKey"], task["userTaskKey"]);
  EXPECT_EQ(moved["elementId"], Json("vurdering"));
  EXPECT_EQ(moved["processDefinitionKey"], Json(after));
  const auto tokens = client.get("/api/operations/instances/" + instance + "/tokens");
  EXPECT_EQ(tokens.body["vurdering"]["active"], Json(1)) << tokens.text;
  EXPECT_EQ(tokens.body["start"]["completed"], Json(1)) << tokens.text;
  const Json change = first(client, "process-instance-changes", instance);
  EXPECT_EQ(change["kind"], Json("MIGRATED"));
  EXPECT_EQ(change["detail"]["targetProcessDefinitionKey"], Json(after));
  EXPECT_EQ(client.post("/v2/user-tasks/" + task["userTaskKey"].as_string() + "/completion", Json::object()).status, 204);
  EXPECT_EQ(first(client, "jobs", instance)["elementId"], Json("betal"));
}

TEST_F(Changes, AModificationIsDoneWhollyOrNotAtAll) {
  auto client = signed_in(kA);
  ASSERT_EQ(deploy(client).status, 200);
  const std::string instance = start(client), at = "/v2/process-instances/" + instance + "/modification";
  const auto unknown = client.post(at, Json::Object{{"activateInstructions", Json::Array{Json::Object{{"elementId", "betal"}}, Json::Object{{"elementId", "ukendt"}}}}});
  EXPECT_EQ(unknown.status, 400) << unknown.text;
  EXPECT_EQ(unknown.body["where"]["pointer"], Json("/activateInstructions/1/elementId"));
  EXPECT_EQ(client.post(at, Json::object()).status, 400);
  EXPECT_EQ(client.post(at, Json::Object{{"activateInstructions", Json::Array{Json::Object{{"elementId", "betal"}, {"position", "beside"}}}}}).status, 400);
  EXPECT_TRUE(first(client, "jobs", instance).is_null());
  const Json variables = Json::Array{Json::Object{{"variables", Json::Object{{"beloeb", 7}}}}};
  const auto done = client.post(at, Json::Object{{"activateInstructions", Json::Array{Json::Object{{"elementId", "vurder"}, {"position", "after"}, {"variableInstructions", variables}}}},
                                                 {"terminateInstructions", Json::Array{Json::Object{{"elementId", "vurder"}}}}});
  EXPECT_EQ(done.status, 204) << done.text;
  EXPECT_EQ(first(client, "jobs", instance)["elementId"], Json("betal"));
  EXPECT_EQ(first(client, "user-tasks", instance)["state"], Json("CANCELED"));
  const Json change = first(client, "process-instance-changes", instance);
  EXPECT_EQ(change["kind"], Json("MODIFIED"));
  EXPECT_EQ(change["detail"]["activated"].dump(), "[\"vurder\"]");
  EXPECT_EQ(client.post(at, Json::Object{{"moveInstructions", Json::Array{Json::Object{{"sourceElementId", "betal"}, {"targetElementId", "slut"}}}}}).status, 204);
  EXPECT_EQ(client.get("/v2/process-instances/" + instance).body["state"], Json("COMPLETED"));
}

}  // namespace
