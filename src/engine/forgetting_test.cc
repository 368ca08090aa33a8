// Invariant 8: what is personal is sealed wherever it lies, and gone when its key is.
#include "base/storage_sim.h"
#include "base/text.h"
#include "engine/testing.h"

namespace engine::testing {

class Forgetting : public ::testing::Test {
 protected:
  static constexpr const char* kPersonal = "0101010101";
  base::SimStorage disk{1};
  std::unique_ptr<store::Keys> keys;

  void SetUp() override {
    keys = keys_on(disk, 64);
    ASSERT_NE(keys, nullptr);
  }
  static bool holds(const std::string& bytes) { return bytes.find(kPersonal) != std::string::npos; }
};

// A signal's variables have a key of their own while it is on its way; it goes when the last one was reached.
TEST_F(Forgetting, ASignalsVariablesAreSealedAndTheirKeyGoesWithIt) {
  ASSERT_TRUE(keys->reserve(512));
  Driver engine{PartitionOptions{keys.get()}};
  const std::string signal = "<signal id=\"S\" name=\"all\"/>";
  ASSERT_TRUE(engine.call(Deploy{{{"a.bpmn", model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent>" + job("t") + chain({"s", "c", "t"}), signal)}}}));
  ASSERT_TRUE(engine.call(Deploy{{{"b.bpmn", model("<startEvent id=\"s\"/><endEvent id=\"e\">" + ext("<zeebe:ioMapping><zeebe:input source=\"=cpr\" target=\"cpr\"/></zeebe:ioMapping>") +
      "<signalEventDefinition signalRef=\"S\"/></endEvent>" + chain({"s", "e"}), signal, "b")}}}));
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(engine.call(CreateInstance{"p"}));
  CreateInstance create{"b"};
  create.variables = json(std::string("{\"cpr\": \"") + kPersonal + "\"}");
  ASSERT_TRUE(engine.only(create));
  engine.step(2);
  engine.partition().begin_checkpoint(true);
  bool seen = false;
  while (engine.partition().checkpoint_slice([&](RecordKind kind, Key, std::string_view bytes) {
    seen = seen || kind == RecordKind::broadcast;
    EXPECT_FALSE(holds(std::string(bytes)));
  }, 100)) {}
  EXPECT_TRUE(seen) << "the cut was meant to fall in the middle of the broadcast";
  EXPECT_TRUE(engine.partition().take_forgotten().empty());
  EXPECT_EQ(*engine.replayed(), engine.partition().dump());
  engine.settle();
  const auto over = engine.partition().take_forgotten();
  ASSERT_EQ(over.size(), 1u);
  ASSERT_TRUE(keys->destroy(over));
  const auto jobs = engine.activate("t", 1000);
  ASSERT_EQ(jobs.size(), 150u);
  for (const auto& job : jobs) EXPECT_TRUE(holds(job.variables));
  for (const std::string& batch : engine.batches()) EXPECT_FALSE(holds(batch));
  EXPECT_EQ(*engine.replayed(), engine.partition().dump()) << "also when the signal's key is gone";
}

// A write of variables asks for a look at the conditions: a step that the journal has, also when what was written is gone.
TEST_F(Forgetting, AnInstanceWithConditionsReplaysWhenItWasForgotten) {
  Driver engine{PartitionOptions{keys.get()}};
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t") + job("u", "<zeebe:ioMapping><zeebe:output source=\"=x\" target=\"y\"/></zeebe:ioMapping>") + job("v") +
      "<boundaryEvent id=\"b\" attachedToRef=\"v\"><conditionalEventDefinition><condition>=never = true</condition></conditionalEventDefinition></boundaryEvent><endEvent id=\"e\"/><endEvent id=\"e2\"/>"
      "<parallelGateway id=\"f\"/>" + chain({"s", "f", "t"}) + chain({"f", "u"}) + chain({"f", "v", "e"}) + chain({"b", "e2"}))}}}));
  const auto instance = engine.call(CreateInstance{"p"});
  ASSERT_TRUE(instance);
  const auto slot = engine.partition().slot_of(instance->key, engine.authority);
  ASSERT_TRUE(slot);
  const base::Json personal = json(std::string("{\"x\": \"") + kPersonal + "\"}");
  ASSERT_TRUE(engine.call(SetVariables{instance->key, personal, false}));
  for (const char* type : {"t", "u"}) ASSERT_TRUE(engine.call(CompleteJob{engine.activate(type).at(0).job, personal}));
  ASSERT_TRUE(engine.call(ForgetInstance{instance->key}));
  ASSERT_TRUE(keys->destroy({*slot}));
  const auto replayed = engine.replayed();
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(*replayed, engine.partition().dump());
}

// The same of what listeners bring.
TEST_F(Forgetting, AnInstanceWithListenersAndConditionsReplaysWhenItWasForgotten) {
  Driver engine{PartitionOptions{keys.get()}};
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "<zeebe:executionListeners><zeebe:executionListener eventType=\"start\" type=\"in\"/><zeebe:executionListener eventType=\"end\" type=\"out\"/></zeebe:executionListeners>") + job("v") +
      "<boundaryEvent id=\"b\" attachedToRef=\"v\"><conditionalEventDefinition><condition>=never = true</condition></conditionalEventDefinition></boundaryEvent><endEvent id=\"e\"/><endEvent id=\"e2\"/>"
      "<parallelGateway id=\"f\"/>" + chain({"s", "f", "t"}) + chain({"f", "v", "e"}) + chain({"b", "e2"}))}}}));
  const auto instance = engine.call(CreateInstance{"p"});
  ASSERT_TRUE(instance);
  const auto slot = engine.partition().slot_of(instance->key, engine.authority);
  ASSERT_TRUE(slot);
  const base::Json personal = json(std::string("{\"x\": \"") + kPersonal + "\"}");
  for (const char* type : {"in", "t", "out"}) ASSERT_TRUE(engine.call(CompleteJob{engine.activate(type).at(0).job, personal}));
  ASSERT_TRUE(engine.call(ForgetInstance{instance->key}));
  ASSERT_TRUE(keys->destroy({*slot}));
  const auto replayed = engine.replayed();
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(*replayed, engine.partition().dump());
}

// An incident keeps the step that failed; resolving pushes it again, also when the journal is read without what was personal.
TEST_F(Forgetting, AnIncidentThatWasResolvedReplaysWhenItsInstanceWasForgotten) {
  Driver engine{PartitionOptions{keys.get()}};
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t") + "<boundaryEvent id=\"b\" attachedToRef=\"t\" cancelActivity=\"false\"><messageEventDefinition messageRef=\"M\"/></boundaryEvent><exclusiveGateway id=\"g\"/>" + job("u") +
      "<endEvent id=\"e\"/><endEvent id=\"e2\"/>" + chain({"s", "g"}) + flow("g", "t", "=ready") + chain({"t", "e"}) + flow("b", "u", "=fine") + chain({"u", "e2"}),
      "<message id=\"M\" name=\"m\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>")}}}));
  CreateInstance create{"p"};
  create.variables = json("{\"id\": \"1\"}");
  const auto instance = engine.call(create);
  ASSERT_TRUE(instance);
  const auto slot = engine.partition().slot_of(instance->key, engine.authority);
  ASSERT_TRUE(slot);
  const auto incident = [&] {
    Key key = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::incident_created>) key = event.key;
    });
    return key;
  };
  std::map<std::pair<RecordKind, Key>, std::string> records;
  engine.partition().begin_checkpoint(true);
  while (engine.partition().checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) { records[{kind, key}] = bytes; }, 100)) {}
  const std::size_t behind = engine.batches().size();
  ASSERT_TRUE(engine.call(SetVariables{instance->key, json("{\"ready\": true}"), false}));
  ASSERT_TRUE(engine.call(ResolveIncident{incident()}));
  ASSERT_TRUE(engine.call(PublishMessage{"m", "1", "", 0, json(std::string("{\"cpr\": \"") + kPersonal + "\"}")}));
  ASSERT_TRUE(engine.call(SetVariables{instance->key, json("{\"fine\": true}"), false}));
  for (const std::string& batch : engine.batches()) EXPECT_FALSE(holds(batch)) << "the step's variables are sealed";
  ASSERT_TRUE(engine.call(ResolveIncident{incident()}));
  const auto jobs = engine.activate("u");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_TRUE(holds(jobs[0].variables)) << "the step was tried again with its variables";
  ASSERT_TRUE(engine.call(ForgetInstance{instance->key}));
  ASSERT_TRUE(keys->destroy({*slot}));
  const auto replayed = engine.replayed();
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(*replayed, engine.partition().dump());
  Partition loaded{PartitionOptions{keys.get()}};  // the first incident as a checkpoint has it
  for (const auto& [id, bytes] : records) ASSERT_TRUE(loaded.load_record(id.first, id.second, bytes));
  ASSERT_TRUE(loaded.finish_load());
  for (std::size_t i = behind; i < engine.batches().size(); ++i) {
    const auto status = loaded.replay(engine.batches()[i]);
    ASSERT_TRUE(status) << status.error().text();
  }
  EXPECT_EQ(loaded.dump(), engine.partition().dump());
}

TEST_F(Forgetting, PersonalDataIsSealedAndForgotten) {
  Driver engine{PartitionOptions{keys.get()}};
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "<zeebe:ioMapping><zeebe:input source=\"=cpr\" target=\"inner\"/></zeebe:ioMapping>") +
      "<intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent><exclusiveGateway id=\"g\"/><endEvent id=\"e\"/>" + chain({"s", "t", "m", "g"}) + flow("g", "e", "=cpr"),
      "<message id=\"M\" name=\"hello\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>")}}}));
  CreateInstance create{"p"};
  create.variables = json(std::string("{\"id\": \"1\", \"cpr\": \"") + kPersonal + "\"}");
  const auto instance = engine.call(create);
  ASSERT_TRUE(instance);
  const auto jobs = engine.activate("t");
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_TRUE(holds(jobs[0].variables));
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 60'000, json(std::string("{\"more\": \"") + kPersonal + "\"}")}));
  ASSERT_TRUE(engine.call(FailJob{jobs[0].job, 0, std::string("cannot find ") + kPersonal, 0, json(std::string("{\"x\": \"") + kPersonal + "\"}")}));
  Key incident = 0;
  (void)engine.events([&](const RecordView&, const auto& event) {
    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::incident_created>) incident = event.key;
  });
  ASSERT_TRUE(engine.call(ResolveIncident{incident}));
  ASSERT_TRUE(engine.call(CompleteJob{engine.activate("t")[0].job, json(std::string("{\"y\": \"") + kPersonal + "\"}")}));
  // The condition is no boolean: an incident whose text quotes the value.
  EXPECT_EQ(engine.partition().active_elements(instance->key).size(), 1u);
  for (const std::string& batch : engine.batches()) EXPECT_FALSE(holds(batch));
  engine.partition().begin_checkpoint(true);
  std::size_t records = 0;
  while (engine.partition().checkpoint_slice([&](RecordKind, Key, std::string_view bytes) {
    ++records;
    EXPECT_FALSE(holds(std::string(bytes)));
  }, 2)) {}
  EXPECT_GT(records, 5u);

  const auto slot = engine.partition().slot_of(instance->key, engine.authority);
  ASSERT_TRUE(slot);
  (void)engine.partition().take_forgotten();
  engine.advance(60'000);  // the message keeps waiting for other processes until its time is over
  EXPECT_EQ(engine.partition().take_forgotten().size(), 1u);
  ASSERT_TRUE(engine.call(ForgetInstance{instance->key}));
  const auto gone = engine.partition().take_forgotten();
  ASSERT_NE(std::find(gone.begin(), gone.end(), *slot), gone.end());
  for (store::KeySlot one : gone) ASSERT_TRUE(keys->destroy(one));
  auto again = engine.replayed();
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, engine.partition().dump());
  EXPECT_EQ(again->find(base::hex(kPersonal)), std::string::npos);
}

TEST_F(Forgetting, AWaitingMessageIsForgottenWhenItsTimeIsOver) {
  Driver engine{PartitionOptions{keys.get()}};
  ASSERT_TRUE(engine.call(PublishMessage{"hello", "1", "", 60'000, json(std::string("{\"more\": \"") + kPersonal + "\"}")}));
  for (const std::string& batch : engine.batches()) EXPECT_FALSE(holds(batch));
  EXPECT_TRUE(engine.partition().take_forgotten().empty());
  engine.advance(60'000);
  EXPECT_EQ(engine.partition().take_forgotten().size(), 1u);
}

TEST_F(Forgetting, WhatWasForgottenReadsAsSlettet) {
  Driver engine{PartitionOptions{keys.get()}};
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", one_task()}}}));
  CreateInstance create{"p"};
  create.variables = json(std::string("{\"cpr\": \"") + kPersonal + "\"}");
  const auto instance = engine.call(create);
  ASSERT_TRUE(keys->destroy(instance->key_slot));
  Partition fresh{PartitionOptions{keys.get()}};
  for (const std::string& batch : engine.batches()) ASSERT_TRUE(fresh.replay(batch));
  ASSERT_TRUE(fresh.finish_load());
  Batch batch;
  base::Result<Answer> answer = base::fail(base::ErrorCode::internal, "");
  fresh.run(Command{engine.authority, "", "", ActivateJobs{"t", "w"}}, Moment{engine.now(), 1}, batch, answer);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->jobs.size(), 1u);
  EXPECT_EQ(base::unpack(answer->jobs[0].variables)->dump(), R"({"slettet":"slettet"})");
}

}  // namespace engine::testing
