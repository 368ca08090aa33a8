#include "engine/testing.h"

namespace engine::testing {

class CompensationTest : public EngineTest {
 protected:
  // Job types in the order in which they come, each completed at once.
  std::vector<std::string> work(const std::vector<std::string>& types) {
    std::vector<std::string> done;
    for (bool more = true; more;) {
      more = false;
      for (const std::string& type : types)
        if (complete(type)) {
          done.push_back(type);
          more = true;
          break;
        }
    }
    return done;
  }
};

// A job `id` that `undo_<id>` compensates.
static std::string undoable(const std::string& id, const std::string& more = {}, const std::string& loop = {}) {
  return job(id, more, loop) + "<boundaryEvent id=\"b_" + id + "\" attachedToRef=\"" + id + "\"><compensateEventDefinition/></boundaryEvent>" +
         "<serviceTask id=\"undo_" + id + "\" isForCompensation=\"true\">" + ext("<zeebe:taskDefinition type=\"undo_" + id + "\"/>") + "</serviceTask>" +
         "<association id=\"as_" + id + "\" sourceRef=\"b_" + id + "\" targetRef=\"undo_" + id + "\" associationDirection=\"One\"/>";
}
static std::string thrower(const std::string& id, const std::string& attributes = {}) {
  return "<intermediateThrowEvent id=\"" + id + "\"><compensateEventDefinition " + attributes + "/></intermediateThrowEvent>";
}

TEST_F(CompensationTest, RunsHandlersOfCompletedActivitiesInReverseOrderAndWaits) {
  deploy(model("<startEvent id=\"s\"/>" + undoable("a") + undoable("b") + undoable("c") + thrower("t") + job("z") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "t", "z", "c", "e"})));
  const Key instance = start();
  EXPECT_EQ(work({"a", "b"}), (Ids{"a", "b"}));
  EXPECT_FALSE(complete("undo_a")) << "the last that was completed comes first";
  EXPECT_FALSE(complete("z")) << "the event waits";
  EXPECT_TRUE(complete("undo_b"));
  EXPECT_TRUE(complete("undo_a"));
  EXPECT_FALSE(complete("undo_c")) << "it was never done";
  EXPECT_TRUE(complete("z"));
  EXPECT_TRUE(complete("c"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, OnlyTheNamedActivityAndOnlyOnce) {
  deploy(model("<startEvent id=\"s\"/>" + undoable("a") + undoable("b") + thrower("t", "activityRef=\"a\"") + thrower("again", "activityRef=\"a\"") + "<endEvent id=\"e\"/>" + chain({"s", "a", "b", "t", "again", "e"})));
  const Key instance = start();
  EXPECT_EQ(work({"a", "b", "undo_a", "undo_b"}), (Ids{"a", "b", "undo_a"}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, WithoutWaitingTheTokenGoesOnAtOnce) {
  deploy(model("<startEvent id=\"s\"/>" + undoable("a") + thrower("t", "waitForCompletion=\"false\"") + job("z") + "<endEvent id=\"e\"/>" + chain({"s", "a", "t", "z", "e"})));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  EXPECT_TRUE(complete("z"));
  EXPECT_FALSE(ended(instance)) << "the compensation still runs";
  EXPECT_TRUE(complete("undo_a"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, ASubProcessIsCompensatedWithItsDataAsTheyWere) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\">" + ext("<zeebe:ioMapping><zeebe:input source=\"=x\" target=\"inner\"/></zeebe:ioMapping>") + "<startEvent id=\"s1\"/>" + undoable("a") + undoable("b") +
               "<endEvent id=\"e1\"/>" + chain({"s1", "a", "b", "e1"}) + "</subProcess>" + job("m") + "<endEvent id=\"e\"><compensateEventDefinition activityRef=\"sub\"/></endEvent>" + chain({"s", "sub", "m", "e"})));
  const Key instance = start(R"({"x": 1})");
  EXPECT_TRUE(complete("a", R"({"inner": 2})"));
  EXPECT_EQ(work({"b"}), (Ids{"b"}));
  EXPECT_TRUE(complete("m", R"({"inner": 99, "x": 5})"));
  const auto jobs = engine.activate("undo_b");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ((*base::unpack(jobs[0].variables))["inner"].int_or(0), 2) << "the snapshot of the sub-process";
  EXPECT_EQ((*base::unpack(jobs[0].variables))["x"].int_or(0), 5) << "around it things went on";
  ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  EXPECT_TRUE(complete("undo_a"));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, ACompensationEventSubProcessDecidesForItsSubProcess) {
  deploy(model("<startEvent id=\"s\"/><subProcess id=\"sub\"><startEvent id=\"s1\"/>" + undoable("a") + undoable("b") + chain({"s1", "a", "b"}) +
               "<subProcess id=\"ce\" triggeredByEvent=\"true\"><startEvent id=\"cs\"><compensateEventDefinition/></startEvent>" + job("own") + thrower("only_a", "activityRef=\"a\"") + chain({"cs", "own", "only_a"}) +
               "</subProcess></subProcess>" + thrower("t", "activityRef=\"sub\"") + "<endEvent id=\"e\"/>" + chain({"s", "sub", "t", "e"})));
  const Key instance = start();
  EXPECT_EQ(work({"a", "b", "own", "undo_a", "undo_b"}), (Ids{"a", "b", "own", "undo_a"}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, EveryItemOfAMultiInstanceIsCompensatedWithItsItem) {
  deploy(model("<startEvent id=\"s\"/>" + undoable("a", "", "<multiInstanceLoopCharacteristics isSequential=\"true\">" + ext("<zeebe:loopCharacteristics inputCollection=\"=[10, 20, 30]\" inputElement=\"item\"/>") + "</multiInstanceLoopCharacteristics>") +
               thrower("t") + "<endEvent id=\"e\"/>" + chain({"s", "a", "t", "e"})));
  const Key instance = start();
  EXPECT_EQ(work({"a"}).size(), 3u);
  for (const int expected : {30, 20, 10}) {
    const auto jobs = engine.activate("undo_a");
    ASSERT_EQ(jobs.size(), 1u);
    EXPECT_EQ((*base::unpack(jobs[0].variables))["item"].int_or(0), expected);
    ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  }
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, CanceledOnTheWayItStopsWithItsScope) {
  deploy(model("<startEvent id=\"s\"/>" + undoable("a") + thrower("t") + chain({"s", "a", "t"})));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  ASSERT_TRUE(engine.call(CancelInstance{instance}));
  EXPECT_TRUE(ended(instance));
  Metrics metrics;
  engine.partition().fill(metrics);
  EXPECT_EQ(metrics.jobs_waiting, 0u);
}

static std::string transaction(const std::string& inside) {
  return model("<startEvent id=\"s\"/><transaction id=\"x\"><startEvent id=\"s1\"/>" + inside + "</transaction><boundaryEvent id=\"canceled\" attachedToRef=\"x\"><cancelEventDefinition/></boundaryEvent>" +
                   "<boundaryEvent id=\"hazard\" attachedToRef=\"x\"><errorEventDefinition/></boundaryEvent>" + job("after_cancel") + job("after_error") + job("normal") +
                   chain({"s", "x", "normal"}) + chain({"canceled", "after_cancel"}) + chain({"hazard", "after_error"}),
               "<error id=\"E\" errorCode=\"bad\"/>");
}

TEST_F(CompensationTest, ACanceledTransactionCompensatesThenLeavesByItsBoundary) {
  deploy(transaction("<parallelGateway id=\"f\"/>" + undoable("a") + undoable("b") + job("wait") + "<endEvent id=\"c\"><cancelEventDefinition/></endEvent>" + chain({"s1", "a", "f", "b", "c"}) + chain({"f", "wait"})));
  const Key instance = start();
  EXPECT_EQ(work({"a", "b"}), (Ids{"a", "b"}));
  EXPECT_FALSE(complete("wait")) << "what still ran was stopped";
  EXPECT_FALSE(complete("after_cancel"));
  EXPECT_EQ(work({"undo_a", "undo_b", "after_cancel", "normal"}), (Ids{"undo_b", "undo_a", "after_cancel"}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, AnErrorIsAHazardAndDoesNotCompensate) {
  deploy(transaction(undoable("a") + "<endEvent id=\"c\"><errorEventDefinition errorRef=\"E\"/></endEvent>" + chain({"s1", "a", "c"})));
  const Key instance = start();
  EXPECT_EQ(work({"a", "undo_a", "after_cancel", "after_error", "normal"}), (Ids{"a", "after_error"}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, ACompletedTransactionGoesOnNormally) {
  deploy(transaction(undoable("a") + "<endEvent id=\"c\"/>" + chain({"s1", "a", "c"})));
  const Key instance = start();
  EXPECT_EQ(work({"a", "undo_a", "after_cancel", "after_error", "normal"}), (Ids{"a", "normal"}));
  EXPECT_TRUE(ended(instance));
}

TEST_F(CompensationTest, AnErrorInAHandlerLeavesTheTransactionByItsErrorBoundary) {
  deploy(transaction(undoable("a") + "<endEvent id=\"c\"><cancelEventDefinition/></endEvent>" + chain({"s1", "a", "c"})));
  const Key instance = start();
  EXPECT_TRUE(complete("a"));
  ASSERT_TRUE(engine.call(ThrowJobError{engine.activate("undo_a").at(0).job, "bad", "", {}}));
  EXPECT_EQ(work({"undo_a", "after_cancel", "after_error"}), (Ids{"after_error"}));
  EXPECT_TRUE(ended(instance));
}

}  // namespace engine::testing
