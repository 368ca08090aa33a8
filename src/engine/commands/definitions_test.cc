// Deletion of definitions, versions that are never used again, and messages that meet somebody now or wait.
#include "engine/testing.h"

namespace engine::testing {

class Definitions : public EngineTest {
 protected:
  // Deploys one process file; the key of its definition.
  Key version(const std::string& xml) {
    auto answer = engine.call(Deploy{{{"p.bpmn", xml}}});
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? std::atoll(answer->body["deployments"].as_array()[0]["processDefinition"]["processDefinitionKey"].as_string().c_str()) : 0;
  }
  static std::string timed(const std::string& type) {
    return model("<startEvent id=\"s\"><timerEventDefinition><timeCycle>R/PT10S</timeCycle></timerEventDefinition></startEvent><startEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></startEvent>" + job(type) + chain({"s", type}) +
                 chain({"m", type}), "<message id=\"M\" name=\"go\"/>");
  }
  std::size_t waiting(const std::string& type) { return engine.activate(type, 100).size(); }
};

TEST_F(Definitions, AVersionWithActiveInstancesIsNotDeleted) {
  const Key one = version(one_task());
  const Key instance = start();
  start();
  auto refused = engine.call(DeleteResource{one});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("2 active instances"), std::string::npos) << refused.error().text();
  ASSERT_TRUE(engine.call(CancelInstance{instance}));
  ASSERT_TRUE(complete("t"));
  ASSERT_TRUE(engine.call(DeleteResource{one}));
  EXPECT_EQ(engine.call(CreateInstance{"p"}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(engine.call(DeleteResource{one}).error().code, base::ErrorCode::not_found);
}

TEST_F(Definitions, StartsMoveBackAndVersionsAreNeverUsedAgain) {
  const Key one = version(timed("a"));
  const Key two = version(timed("b"));
  engine.advance(10'000);
  EXPECT_EQ(waiting("a"), 0u);
  EXPECT_EQ(waiting("b"), 1u);
  ASSERT_TRUE(engine.call(CancelInstance{[&] {
    Key made = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::instance_created>) made = event.instance;
    });
    return made;
  }()}));
  auto deleted = engine.call(DeleteResource{two});
  ASSERT_TRUE(deleted) << deleted.error().text();
  engine.advance(10'000);
  EXPECT_EQ(waiting("a"), 1u) << "the timer of the version before runs again";
  ASSERT_TRUE(engine.call(PublishMessage{"go", ""}));
  EXPECT_EQ(waiting("a"), 1u) << "and it hears the message again";
  auto again = engine.call(Deploy{{{"p.bpmn", timed("b")}}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body["deployments"].as_array()[0]["processDefinition"]["processDefinitionVersion"].int_or(0), 3) << "2 was used";
  EXPECT_EQ(engine.call(DeleteResource{one}).error().code, base::ErrorCode::conflict);
}

TEST_F(Definitions, TheVersionBeforeDoesNotCatchUpOnDatesThatAreOver) {
  const auto dated = [](const std::string& more) {
    return model("<startEvent id=\"s\"><timerEventDefinition><timeDate>2026-01-01T02:00:00+01:00</timeDate></timerEventDefinition></startEvent>" + job("a") + more + chain({"s", "a"}));
  };
  version(dated(""));
  const Key two = version(dated("<endEvent id=\"e\"/>" + chain({"a", "e"})));
  engine.advance(3'600'000 * 3);
  ASSERT_TRUE(complete("a"));
  ASSERT_TRUE(engine.call(DeleteResource{two}));
  engine.advance(3'600'000);
  EXPECT_EQ(waiting("a"), 0u);
}

TEST_F(Definitions, FormsAndFilesOfDecisionsGoToo) {
  const std::string dmn = R"(<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
    <decision id="one" name="one"><variable name="one"/><literalExpression><text>1</text></literalExpression></decision>
    <decision id="two" name="two"><variable name="two"/><literalExpression><text>2</text></literalExpression></decision></definitions>)";
  auto answer = engine.call(Deploy{{{"d.dmn", dmn}, {"f.form", R"({"id": "f", "components": []})"}}});
  ASSERT_TRUE(answer) << answer.error().text();
  const auto& rows = answer->body["deployments"].as_array();
  ASSERT_EQ(rows.size(), 3u);
  const Key file = std::atoll(rows[0]["decisionDefinition"]["decisionRequirementsKey"].as_string().c_str()), form = std::atoll(rows[2]["form"]["formKey"].as_string().c_str());
  ASSERT_TRUE(engine.call(EvaluateDecision{"two"}));
  ASSERT_TRUE(engine.call(DeleteResource{file}));
  EXPECT_EQ(engine.call(EvaluateDecision{"one"}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(engine.call(EvaluateDecision{"two"}).error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(engine.call(DeleteResource{form}));
  EXPECT_EQ(engine.call(DeleteResource{form}).error().code, base::ErrorCode::not_found);
  auto again = engine.call(Deploy{{{"d.dmn", dmn}, {"f.form", R"({"id": "f", "components": []})"}}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body["deployments"].as_array()[0]["decisionDefinition"]["version"].int_or(0), 2);
  EXPECT_EQ(again->body["deployments"].as_array()[2]["form"]["version"].int_or(0), 2);
  engine.authority = "22222222";
  EXPECT_EQ(engine.call(DeleteResource{std::atoll(again->body["deployments"].as_array()[2]["form"]["formKey"].as_string().c_str())}).error().code, base::ErrorCode::not_found) << "another authority's";
}

TEST_F(Definitions, AFileComesBackWholeAfterPartOfItWasDeleted) {
  const std::string two = R"(<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
    <process id="a" isExecutable="true"><startEvent id="s1"/></process><process id="b" isExecutable="true"><startEvent id="s2"/></process></definitions>)";
  auto first = engine.call(Deploy{{{"two.bpmn", two}}, true});
  ASSERT_TRUE(first) << first.error().text();
  ASSERT_TRUE(engine.call(DeleteResource{std::atoll(first->body["deployments"].as_array()[0]["processDefinition"]["processDefinitionKey"].as_string().c_str())}));
  EXPECT_FALSE(engine.call(CreateInstance{"a"}));
  EXPECT_TRUE(engine.call(CreateInstance{"b"}));
  ASSERT_TRUE(engine.call(Deploy{{{"two.bpmn", two}}, true}));
  EXPECT_TRUE(engine.call(CreateInstance{"a"}));
}

// ---- messages and signals ------------------------------------------------------------------------------------------------

TEST_F(Definitions, AMessageIsCorrelatedNowOrNotAtAll) {
  deploy(model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent>" + job("t") + chain({"s", "c", "t"}),
               "<message id=\"M\" name=\"hej\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>"));
  const auto before = engine.batches().size();
  auto none = engine.call(CorrelateMessage{"hej", "7"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::not_found);
  EXPECT_EQ(engine.batches().size(), before) << "nothing happened";
  const Key instance = start(R"({"id": "7"})");
  auto met = engine.call(CorrelateMessage{"hej", "7", json(R"({"x": 1})")});
  ASSERT_TRUE(met) << met.error().text();
  EXPECT_EQ(met->body["processInstanceKey"].as_string(), std::to_string(instance));
  EXPECT_EQ(waiting("t"), 1u);
}

TEST_F(Definitions, AMessageIdIsTakenUntilItsTimeIsOverAlsoWhenSomebodyHadIt) {
  const auto hears = [](const std::string& id) {
    return model("<startEvent id=\"s\"><messageEventDefinition messageRef=\"M\"/></startEvent>" + job("t" + id) + chain({"s", "t" + id}), "<message id=\"M\" name=\"hej\"/>", id);
  };
  deploy(hears("p"));
  ASSERT_TRUE(engine.call(PublishMessage{"hej", "", "id-1", 60'000}));
  EXPECT_EQ(waiting("tp"), 1u);
  auto twice = engine.call(PublishMessage{"hej", "", "id-1", 60'000});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, base::ErrorCode::conflict);
  EXPECT_EQ(waiting("tp"), 0u);
  engine.advance(60'000);
  EXPECT_TRUE(engine.call(PublishMessage{"hej", "", "id-1", 60'000}));
}

TEST_F(Definitions, AMessageWaitsForOtherProcessesForItsTime) {
  const auto hears = [](const std::string& id) {
    return model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent>" + job("t" + id) + chain({"s", "c", "t" + id}),
                 "<message id=\"M\" name=\"hej\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>", id);
  };
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", hears("p")}}}));
  ASSERT_TRUE(engine.call(Deploy{{{"q.bpmn", hears("q")}}}));
  start(R"({"id": "7"})");
  ASSERT_TRUE(engine.call(PublishMessage{"hej", "7", "", 60'000}));
  EXPECT_EQ(waiting("tp"), 1u);
  start(R"({"id": "7"})");
  EXPECT_EQ(waiting("tp"), 0u) << "once for each process";
  start(R"({"id": "7"})", "q");
  EXPECT_TRUE(complete("tq"));
  engine.advance(60'000);
  start(R"({"id": "7"})", "q");
  EXPECT_EQ(waiting("tq"), 0u) << "its time is over";
}

TEST_F(Definitions, ASignalIsBroadcastToEverybodyWhoWaits) {
  deploy(model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent>" + job("t") + chain({"s", "c", "t"}), "<signal id=\"S\" name=\"alle\"/>"));
  for (int i = 0; i < 70; ++i) start();
  auto sent = engine.call(BroadcastSignal{"alle", json(R"({"x": 1})")});
  ASSERT_TRUE(sent);
  EXPECT_NE(sent->key, 0);
  EXPECT_EQ(waiting("t"), 70u);
  EXPECT_EQ(engine.call(BroadcastSignal{""}).error().code, base::ErrorCode::invalid_argument);
}

TEST_F(Definitions, RetentionIsSaidByAuthorityAndProcess) {
  deploy(one_task());
  EXPECT_EQ(engine.call(SetRetention{"", "fem år"}).error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(engine.call(SetRetention{"ukendt", "P5Y"}).error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(engine.call(SetRetention{"", "P5Y"}));
  ASSERT_TRUE(engine.call(SetRetention{"p", "P30D"}));
  ASSERT_TRUE(engine.call(SetRetention{"p", "P60D"}));
  EXPECT_NE(engine.partition().dump().find("'p' 'P60D'"), std::string::npos);
  EXPECT_EQ(engine.partition().dump().find("P30D"), std::string::npos);
  ASSERT_TRUE(engine.call(SetRetention{"p", ""}));
  EXPECT_EQ(engine.partition().dump().find("'p' 'P"), std::string::npos);
}

}  // namespace engine::testing
