#include "engine/commands/commands.h"
#include "engine/testing.h"

namespace engine::testing {

class Containers : public EngineTest {};

static std::string loop(bool sequential, const std::string& zeebe, const std::string& more = {}) {
  return std::string("<multiInstanceLoopCharacteristics isSequential=\"") + (sequential ? "true" : "false") + "\">" +
         (zeebe.empty() ? "" : ext("<zeebe:loopCharacteristics " + zeebe + "/>")) + more + "</multiInstanceLoopCharacteristics>";
}

TEST_F(Containers, SubProcessHasItsOwnScope) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\">" + ext("<zeebe:ioMapping><zeebe:input source=\"=1\" target=\"inner\"/><zeebe:output source=\"=inner + 1\" target=\"outer\"/></zeebe:ioMapping>") +
               "<startEvent id=\"s1\"/>" + job("t") + "<endEvent id=\"e1\"/>" + chain({"s1", "t", "e1"}) + "</subProcess>" + job("u") + "<endEvent id=\"e\"/>" + chain({"s", "sub", "u", "e"})));
  start();
  EXPECT_TRUE(complete("t", R"({"inner": 41})"));
  const auto jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(base::unpack(jobs[0].variables)->dump(), R"({"outer":42})");
}

TEST_F(Containers, CallActivityPassesVariablesBothWays) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"}), "", "child"));
  auto answer = engine.call(Deploy{{{"parent.bpmn", model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"child\"/>") + "</callActivity>" + job("u") + chain({"s", "c", "u"}))}}});
  ASSERT_TRUE(answer) << answer.error().text();
  const Key parent = start(R"({"a": 1})");
  auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_NE(jobs[0].instance, parent);
  EXPECT_EQ(jobs[0].root_instance, parent);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["a"].int_or(0), 1);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json(R"({"b": 2})")}));
  jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(base::unpack(jobs[0].variables)->dump(), R"({"a":1,"b":2})");
}

TEST_F(Containers, CancelingReachesCalledInstances) {
  deploy(model("<startEvent id=\"s\"/>" + job("t") + chain({"s", "t"}), "", "child"));
  ASSERT_TRUE(engine.call(Deploy{{{"parent.bpmn", model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"child\"/>") + "</callActivity>" + chain({"s", "c"}))}}}));
  const Key parent = start();
  const Key child = engine.activate("t")[0].instance;
  EXPECT_EQ(engine.call(CancelInstance{child}).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(engine.call(CancelInstance{parent}));
  EXPECT_TRUE(ended(parent) && ended(child));
  Metrics metrics;
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.instances_active, 0u);
  EXPECT_EQ(metrics.jobs_waiting, 0u);
}

TEST_F(Containers, AProcessThatCallsItselfEndsAtTheLimit) {
  deploy(model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"p\"/>") + "</callActivity>" + chain({"s", "c"})));
  const Key instance = start();
  EXPECT_EQ(incidents(), (Ids{"LIMIT_EXCEEDED"}));
  ASSERT_TRUE(engine.call(CancelInstance{instance}));
  Metrics metrics;
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.instances_active, 0u);
}

TEST_F(Containers, ParallelMultiInstanceCollectsItsOutputs) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", loop(false, "inputCollection=\"=items\" inputElement=\"item\" outputCollection=\"results\" outputElement=\"=r\"")) + job("u") + chain({"s", "t", "u"})));
  start(R"({"items": [1, 2, 3]})");
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 3u);
  for (std::size_t i = jobs.size(); i-- > 0;) {
    const base::Json seen = *base::unpack(jobs[i].variables);
    EXPECT_EQ(seen["item"].int_or(0), static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(seen["loopCounter"].int_or(0), static_cast<std::int64_t>(i + 1));
    ASSERT_TRUE(engine.call(CompleteJob{jobs[i].job, json("{\"r\": " + std::to_string(i * 10) + "}")}));
  }
  const auto after = engine.activate("u");
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ((*base::unpack(after[0].variables))["results"].dump(), "[0,10,20]");
}

TEST_F(Containers, SequentialMultiInstanceAndCompletionCondition) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", loop(true, "", "<loopCardinality>=5</loopCardinality><completionCondition>=numberOfCompletedInstances = 2</completionCondition>")) + job("u") + chain({"s", "t", "u"})));
  start();
  EXPECT_EQ(engine.activate("t").size(), 1u);
  engine.advance(60'000);
  EXPECT_TRUE(complete("t"));
  EXPECT_FALSE(complete("u"));
  EXPECT_TRUE(complete("t"));
  EXPECT_FALSE(complete("t"));
  EXPECT_TRUE(complete("u"));
}

TEST_F(Containers, ManyItemsInBoundedSteps) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", loop(false, "inputCollection=\"=for i in 1..1000 return i\" inputElement=\"item\"")) + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  const Key instance = start();
  auto jobs = engine.activate("t", 1000);
  ASSERT_EQ(jobs.size(), 1000u);
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  ASSERT_TRUE(engine.call(CancelInstance{instance}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Containers, AnEmptyCollectionCompletesAtOnceAndANegativeCardinalityIsAnIncident) {
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", loop(false, "inputCollection=\"=[]\"")) + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  EXPECT_TRUE(ended(start()));
  deploy(model("<startEvent id=\"s\"/>" + job("t", "", loop(false, "", "<loopCardinality>=-1</loopCardinality>")) + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})));
  EXPECT_FALSE(ended(start()));
  EXPECT_EQ(incidents(), (Ids{"EXTRACT_VALUE_ERROR"}));
}

TEST_F(Containers, ALoopWithoutAWaitIsStopped) {
  deploy(model("<startEvent id=\"s\"/><task id=\"a\"/><task id=\"b\"/>" + chain({"s", "a", "b", "a"})), true);
  const Key instance = start();
  EXPECT_EQ(incidents(), (Ids{"LOOP_LIMIT"}));
  ASSERT_TRUE(engine.call(CancelInstance{instance}));
  EXPECT_TRUE(ended(instance));
}

// A decider with its own caches, to see how often a collection is evaluated.
class Counting {
 public:
  State state;
  Programs programs;
  PartitionOptions options;
  base::Status fault;
  Batch batch;
  base::Writer writer;
  std::uint64_t bytes = 0;

  base::Result<Answer> run(decltype(Command::body) body) {
    Emitter emit(state, batch, nullptr, 1, fault, writer);
    Decider decider(state, emit, programs, options, {1, 1});
    Command command;
    command.authority = "11111111";
    auto answer = std::visit([&](const auto& one) { return commands::run(decider, command, one); }, body);
    settle();
    return answer;
  }
  void settle() {
    while (const Step* ready = state.ready()) {
      Emitter emit(state, batch, nullptr, 1, fault, writer);
      Decider(state, emit, programs, options, {1, 1}).step(*ready);
      bytes += batch.size();
      batch.clear();
    }
  }
};

TEST(Collections, AreEvaluatedOnceForAllItemsWhileTheirInputsStayAsTheyAre) {
  const auto run = [](int items, bool sequential, const std::string& collection) {
    Counting engine;
    EXPECT_TRUE(engine.run(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "", loop(sequential, "inputCollection=\"" + collection + "\" inputElement=\"item\"")) + chain({"s", "t"}))}}}));
    CreateInstance create{"p"};
    create.variables = json("{\"n\": " + std::to_string(items) + "}");
    engine.bytes = 0;
    EXPECT_TRUE(engine.run(create));
    for (int done = 0; sequential && done < items; ++done) {
      auto answer = engine.run(ActivateJobs{"t", "w", 1000, 1, 0});
      EXPECT_TRUE(answer && answer->jobs.size() == 1);
      if (!answer || answer->jobs.empty()) break;
      EXPECT_EQ((*base::unpack(answer->jobs[0].variables))["item"].int_or(0), done + 1);
      EXPECT_TRUE(engine.run(CompleteJob{answer->jobs[0].job, done == 1 ? json(R"({"other": 1})") : json("{}")}));
    }
    EXPECT_EQ(engine.state.jobs.size(), sequential ? 0u : static_cast<std::size_t>(items));
    return std::pair{engine.programs.collections.evaluations(), static_cast<double>(engine.bytes) / items};
  };
  const std::string list = "=for i in 1..n return i";
  const auto few = run(1'000, false, list), many = run(20'000, false, list);
  EXPECT_EQ(few.first, 1u);
  EXPECT_EQ(many.first, 1u);
  EXPECT_NEAR(many.second, few.second, few.second / 10) << "journal bytes of an item do not grow with their number";
  EXPECT_EQ(run(50, true, list).first, 1u) << "a job's other variable does not change the collection";
}

TEST(Collections, AreEvaluatedAgainWhenWhatTheyReadWasWritten) {
  Counting engine;
  ASSERT_TRUE(engine.run(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "", loop(true, "inputCollection=\"=items\" inputElement=\"item\"")) + chain({"s", "t"}))}}}));
  CreateInstance create{"p"};
  create.variables = json(R"({"items": [1, 2, 3]})");
  const auto instance = engine.run(create);
  ASSERT_TRUE(instance);
  ASSERT_TRUE(engine.run(SetVariables{instance->key, json(R"({"items": [10, 20, 30]})"), false}));
  ASSERT_TRUE(engine.run(CompleteJob{engine.run(ActivateJobs{"t", "w", 1000, 1, 0})->jobs.at(0).job}));
  EXPECT_EQ((*base::unpack(engine.run(ActivateJobs{"t", "w", 1000, 1, 0})->jobs.at(0).variables))["item"].int_or(0), 20) << "as a restart would see it";
  EXPECT_EQ(engine.programs.collections.evaluations(), 2u);
  EXPECT_TRUE(engine.run(CancelInstance{instance->key}));
}

TEST_F(Containers, QuantitiesGatherAndMultiplyTokens) {
  deploy(model("<startEvent id=\"s\"/><manualTask id=\"send\" completionQuantity=\"3\"/>" + job("t") + "<serviceTask id=\"u\" startQuantity=\"2\">" + ext("<zeebe:taskDefinition type=\"u\"/>") + "</serviceTask><endEvent id=\"e\"/>" +
               chain({"s", "send", "t", "u", "e"})));
  const Key instance = start();
  EXPECT_EQ(active(instance).count("t"), 3u);
  EXPECT_TRUE(complete("t"));
  EXPECT_FALSE(complete("u"));
  EXPECT_TRUE(complete("t"));
  EXPECT_TRUE(complete("u"));
  EXPECT_TRUE(complete("t"));
  EXPECT_FALSE(complete("u")) << "one token is left over";
  EXPECT_FALSE(ended(instance));
  ASSERT_TRUE(engine.call(CancelInstance{instance}));
  EXPECT_TRUE(ended(instance));
}

static std::string ad_hoc(const std::string& attributes, const std::string& more) {
  return model("<startEvent id=\"s\"/><adHocSubProcess id=\"ad\" " + attributes + ">" + more + job("a") + job("b") + job("c") + flow("b", "c") + "</adHocSubProcess>" + job("z") + "<endEvent id=\"e\"/>" + chain({"s", "ad", "z", "e"}));
}

TEST_F(Containers, AnAdHocSubProcessOffersWhatNothingLeadsTo) {
  deploy(ad_hoc("", ""));
  const Key instance = start();
  EXPECT_EQ(active(instance).count("a") + active(instance).count("b"), 2u);
  EXPECT_TRUE(complete("b") && complete("c"));
  EXPECT_FALSE(complete("z"));
  EXPECT_TRUE(complete("a") && complete("z"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Containers, ASequentialAdHocSubProcessDoesOneAtATime) {
  deploy(ad_hoc("ordering=\"Sequential\"", ""));
  const Key instance = start();
  EXPECT_FALSE(complete("b"));
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("c"));
  EXPECT_TRUE(complete("z"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Containers, TheCompletionConditionEndsAnAdHocSubProcess) {
  const std::string condition = "<completionCondition xsi:type=\"tFormalExpression\">=done = true</completionCondition>";
  deploy(ad_hoc("", condition));
  const Key first = start();
  EXPECT_TRUE(complete("a", R"({"done": true})"));
  EXPECT_FALSE(complete("b")) << "the rest is canceled";
  EXPECT_TRUE(complete("z"));
  EXPECT_TRUE(ended(first));
  deploy(ad_hoc("cancelRemainingInstances=\"false\"", condition));
  const Key second = start();
  EXPECT_TRUE(complete("a", R"({"done": true})"));
  EXPECT_FALSE(complete("z"));
  EXPECT_TRUE(complete("b") && complete("c") && complete("z"));
  EXPECT_TRUE(ended(second));
}

TEST_F(Containers, PeopleSayWhatIsDoneInAnAdHocSubProcess) {
  deploy(ad_hoc("", ext("<zeebe:adHoc activeElementsCollection=\"=what\"/>") + "<completionCondition xsi:type=\"tFormalExpression\">=n &gt;= 2</completionCondition>"));
  const Key instance = start(R"({"what": ["a"], "n": 0})");
  EXPECT_FALSE(complete("b"));
  EXPECT_TRUE(complete("a", R"({"n": 1})"));
  EXPECT_FALSE(complete("z")) << "it stays open";
  Key ad = 0;
  const base::Json all = engine.partition().active_elements(instance);
  for (const auto& one : all.as_array())
    if (one["elementId"].as_string() == "ad") ad = std::stoll(one["key"].as_string());
  EXPECT_FALSE(engine.call(ActivateElements{ad, {"c"}, {}})) << "something leads to c";
  ASSERT_TRUE(engine.call(ActivateElements{ad, {"b"}, json(R"({"why": "again"})")}));
  EXPECT_TRUE(complete("b"));
  EXPECT_TRUE(complete("c", R"({"n": 2})"));
  EXPECT_TRUE(complete("z"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Containers, BehaviorsOfAMultiInstanceThrowForItsItems) {
  const auto with = [&](const std::string& attributes, const std::string& inside) {
    return model("<startEvent id=\"s\"/>" + job("t", "", "<multiInstanceLoopCharacteristics isSequential=\"true\" " + attributes + "><loopCardinality>3</loopCardinality>" + inside + "</multiInstanceLoopCharacteristics>") +
                     "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\"><signalEventDefinition signalRef=\"S\"/></boundaryEvent>" + job("u") + job("n") + chain({"s", "t", "n"}) + chain({"b", "u"}),
                 "<signal id=\"S\" name=\"one\"/><signalEventDefinition id=\"D\" signalRef=\"S\"/>");
  };
  const auto thrown = [&](const std::string& xml) {
    deploy(xml, true);
    const Key instance = start();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(complete("t", "{\"i\": " + std::to_string(i) + "}"));
    const auto count = active(instance).count("u");
    EXPECT_TRUE(engine.call(CancelInstance{instance}));
    return count;
  };
  EXPECT_EQ(thrown(with("behavior=\"None\" noneBehaviorEventRef=\"D\"", "")), 3u);
  EXPECT_EQ(thrown(with("behavior=\"One\" oneBehaviorEventRef=\"D\"", "")), 1u);
  EXPECT_EQ(thrown(with("behavior=\"All\"", "")), 0u);
  EXPECT_EQ(thrown(with("behavior=\"Complex\"", "<complexBehaviorDefinition><condition xsi:type=\"tFormalExpression\">=i &gt; 0</condition><event><signalEventDefinition signalRef=\"S\"/></event></complexBehaviorDefinition>")), 2u);
}

TEST_F(Containers, ACallActivityDoesAGlobalTaskItself) {
  deploy(model("<startEvent id=\"s\"/><callActivity id=\"c\" calledElement=\"G\"/><callActivity id=\"d\" calledElement=\"H\"/><endEvent id=\"e\"/>" + chain({"s", "c", "d", "e"}),
               "<globalUserTask id=\"G\" name=\"look\"/><globalScriptTask id=\"H\" scriptLanguage=\"feel\"><script>1 + 1</script></globalScriptTask>"), true);
  const Key instance = start();
  EXPECT_EQ(active(instance).count("c"), 1u);
  Key task = 0;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::user_task_created>) task = event.task;
  });
  ASSERT_TRUE(engine.call(CompleteTask{task}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(Containers, SeveralNoneStartEventsAllBegin) {
  deploy(model("<startEvent id=\"s\"/><startEvent id=\"s2\"/>" + job("a") + job("b") + chain({"s", "a"}) + chain({"s2", "b"})), true);
  const Key instance = start();
  EXPECT_TRUE(complete("a") && complete("b"));
  EXPECT_TRUE(ended(instance));
  CreateInstance one{"p"};
  one.start_elements = {"s2"};
  ASSERT_TRUE(engine.call(one));
  EXPECT_FALSE(complete("a"));
  EXPECT_TRUE(complete("b"));
}

TEST_F(Containers, DataObjectsAreVariablesOfTheirScopeAndAssociationsCopy) {
  const std::string task = "<serviceTask id=\"t\">" + ext("<zeebe:taskDefinition type=\"t\"/>") +
                           "<ioSpecification><dataInput id=\"in\" name=\"given\"/><dataOutput id=\"out\" name=\"made\"/><inputSet><dataInputRefs>in</dataInputRefs></inputSet><outputSet><dataOutputRefs>out</dataOutputRefs></outputSet></ioSpecification>"
                           "<dataInputAssociation id=\"ia\"><sourceRef>ref</sourceRef><targetRef>in</targetRef></dataInputAssociation>"
                           "<dataOutputAssociation id=\"oa\"><sourceRef>out</sourceRef><targetRef>ref</targetRef></dataOutputAssociation></serviceTask>";
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><dataObject id=\"d\" name=\"paper\"/><dataObjectReference id=\"ref\" dataObjectRef=\"d\"/><startEvent id=\"s1\"/>" + job("first") + task + job("u") + chain({"s1", "first", "t", "u"}) +
               "</subProcess>" + job("z") + chain({"s", "sub", "z"})), true);
  start(R"({"paper": "outside"})");
  EXPECT_TRUE(complete("first", R"({"paper": "inside"})"));
  auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["given"].string_or(""), "inside");
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job, json(R"({"made": "new", "other": 1})")}));
  jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["paper"].string_or(""), "new");
  EXPECT_EQ((*base::unpack(jobs[0].variables))["other"].int_or(0), 1) << "other results go their usual way";
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  jobs = engine.activate("z");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["paper"].string_or(""), "outside") << "the data object ended with its scope";
}

TEST_F(Containers, ACallMayNameAVersionTag) {
  const auto child = [](const std::string& tag, const std::string& type) {
    return model(ext("<zeebe:versionTag value=\"" + tag + "\"/>") + "<startEvent id=\"s\"/>" + job(type) + "<endEvent id=\"e\"/>" + chain({"s", type, "e"}), "", "child");
  };
  const auto parent = [](const std::string& binding) {
    return model("<startEvent id=\"s\"/><callActivity id=\"c\">" + ext("<zeebe:calledElement processId=\"child\" " + binding + "/>") + "</callActivity><endEvent id=\"e\"/>" + chain({"s", "c", "e"}));
  };
  deploy(child("stable", "old"));
  deploy(child("next", "new"));
  ASSERT_TRUE(engine.call(Deploy{{{"parent.bpmn", parent("bindingType=\"versionTag\" versionTag=\"stable\"")}}}));
  start();
  EXPECT_FALSE(complete("new"));
  EXPECT_TRUE(complete("old"));
  EXPECT_EQ(engine.call(Deploy{{{"parent.bpmn", parent("bindingType=\"deployment\"")}}}).error().code, base::ErrorCode::invalid_bpmn) << "what it binds to is not in this deployment";
}

}  // namespace engine::testing
