// bindingType of calls and decisions: the version of the same deployment.
#include "engine/testing.h"

namespace engine::testing {

class Bindings : public EngineTest {
 protected:
  static std::string caller(const std::string& binding = "deployment", const std::string& comment = {}) {
    return model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"called\" bindingType=\"" + binding + "\"/>") + "</callActivity><endEvent id=\"e\"/>" + chain({"s", "c", "e"})) + comment;
  }
  static std::string called(const std::string& task) { return model("<startEvent id=\"s\"/>" + job(task) + chain({"s", task}), "", "called"); }
  static std::string decides() {
    return model("<startEvent id=\"s\"/><businessRuleTask id=\"d\">" + ext("<zeebe:calledDecision decisionId=\"rate\" resultVariable=\"r\" bindingType=\"deployment\"/>") + "</businessRuleTask>" + job("t") + chain({"s", "d", "t"}), "", "decides");
  }
  static std::string rate(int value) {
    return R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="defs" name="rates" namespace="n"><decision id="rate" name="rate"><variable name="rate"/><literalExpression><text>)" + std::to_string(value) +
           "</text></literalExpression></decision></definitions>";
  }
  base::Result<Answer> together(std::vector<Resource> resources) { return engine.call(Deploy{std::move(resources), false, false}); }
};

TEST_F(Bindings, ACallStaysWithTheVersionOfItsOwnDeployment) {
  ASSERT_TRUE(together({{"p.bpmn", caller()}, {"called.bpmn", called("old")}}));
  ASSERT_TRUE(together({{"called.bpmn", called("new")}}));
  start();
  EXPECT_TRUE(complete("old"));
  deploy(caller("latest"));
  start();
  EXPECT_TRUE(complete("new"));
}

TEST_F(Bindings, ACallGivesItsInstanceABusinessKey) {
  ASSERT_TRUE(together({{"called.bpmn", called("t")}}));
  const std::string calls = model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"called\" businessId=\"=&quot;sag &quot; + nr\"/>") +
                                  "</callActivity><endEvent id=\"e\"/>" + chain({"s", "c", "e"}));
  ASSERT_TRUE(together({{"p.bpmn", calls}}));
  start(R"({"nr": "17"})");
  EXPECT_NE(engine.partition().dump().find("sag 17"), std::string::npos);
  EXPECT_TRUE(complete("t"));
  start(R"({"nr": 17})");
  EXPECT_TRUE(engine.activate("t").empty()) << "no text: an incident";
}

TEST_F(Bindings, WhatBindsIsANewVersionWhereItsDeploymentHasSomethingNew) {
  ASSERT_TRUE(together({{"p.bpmn", caller()}, {"called.bpmn", called("old")}}));
  ASSERT_TRUE(together({{"p.bpmn", caller()}, {"called.bpmn", called("new")}}));
  start();
  EXPECT_TRUE(complete("new"));
  auto again = together({{"p.bpmn", caller()}, {"called.bpmn", called("new")}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body["deployments"].as_array().at(0)["processDefinition"]["processDefinitionVersion"].int_or(0), 2) << "nothing is new";
  ASSERT_TRUE(together({{"p.bpmn", caller("deployment", "<!-- new -->")}, {"called.bpmn", called("new")}}));
  start();
  EXPECT_TRUE(complete("new")) << "the called one was known and is in the deployment too";
}

TEST_F(Bindings, ADecisionStaysWithTheVersionOfItsOwnDeployment) {
  ASSERT_TRUE(together({{"decides.bpmn", decides()}, {"rate.dmn", rate(1)}}));
  ASSERT_TRUE(together({{"rate.dmn", rate(2)}}));
  start("{}", "decides");
  EXPECT_EQ((*base::unpack(engine.activate("t").at(0).variables))["r"].int_or(0), 1);
}

TEST_F(Bindings, WhatIsNotInTheDeploymentIsRefused) {
  auto alone = together({{"p.bpmn", caller()}});
  ASSERT_FALSE(alone);
  EXPECT_NE(alone.error().message.find("'called' is not in this deployment"), std::string::npos) << alone.error().message;
  ASSERT_TRUE(together({{"rate.dmn", rate(1)}}));
  ASSERT_FALSE(together({{"decides.bpmn", decides()}})) << "a known version of another deployment is not meant";
  auto unknown = together({{"p.bpmn", caller("newest")}, {"called.bpmn", called("t")}});
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("bindingType"), std::string::npos);
}

}  // namespace engine::testing
