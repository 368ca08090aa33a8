// Files of formats that are for ever: a checkpoint of a whole partition as release 0.1 wrote it, with something of every
// kind in it. Every later release must open it and go on. SAGSGANG_WRITE_GOLDEN=1 writes it anew (a new format, a new file).
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/storage_sim.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/golden_files.h"

namespace engine::testing {
namespace {

constexpr const char* kFile = "tests/golden/checkpoint/partition-1.full";

std::string everything() {
  return model("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + job("a", "", "<multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\" outputCollection=\"out\" outputElement=\"=item\"/>") +
                   "</multiInstanceLoopCharacteristics>") +
                   "<userTask id=\"u\">" + ext("<zeebe:userTask/>") + "</userTask><boundaryEvent id=\"late\" attachedToRef=\"u\"><timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition></boundaryEvent>" +
                   "<intermediateCatchEvent id=\"m\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent>" + job("b") + "<parallelGateway id=\"j\"/><endEvent id=\"e\"/>" +
                   chain({"s", "f", "a", "j", "e"}) + chain({"f", "u", "j"}) + chain({"f", "m", "j"}) + chain({"f", "b", "j"}) + chain({"late", "j"}),
               "<message id=\"M\" name=\"come\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>");
}
std::string hears() {
  return model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent><endEvent id=\"e\"/>" + chain({"s", "c", "e"}), "<signal id=\"S\" name=\"all\"/>", "hears");
}
std::string sends() {
  return model("<startEvent id=\"s\"/><endEvent id=\"e\"><signalEventDefinition signalRef=\"S\"/></endEvent>" + chain({"s", "e"}), "<signal id=\"S\" name=\"all\"/>", "sends");
}

void write_golden(base::SimStorage& disk) {
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", everything()}, {"hears.bpmn", hears()}, {"sends.bpmn", sends()}}}));
  CreateInstance create{"p"};
  create.variables = json(R"({"id": "7", "items": [1, 2, 3], "navn": "Ane"})");
  ASSERT_TRUE(engine.call(create, "a key"));
  ASSERT_TRUE(engine.call(CompleteJob{engine.activate("a", 1).at(0).job}));  // an output of the loop
  ASSERT_EQ(engine.activate("a", 1).size(), 1u);                             // one with a worker, one waits
  ASSERT_TRUE(engine.call(FailJob{engine.activate("b", 1).at(0).job, 0, "nej", 0, {}}));  // an incident
  ASSERT_TRUE(engine.call(PublishMessage{"come", "8", "id-1", 3'600'000, json(R"({"x": 1})")}));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(engine.call(CreateInstance{"hears"}));
  ASSERT_TRUE(engine.only(CreateInstance{"sends"}));
  engine.step(2);                                                            // a signal on its way, steps in the queue
  checkpoint::Writer writer(disk, "c");
  engine.partition().begin_checkpoint(true);
  ASSERT_TRUE(writer.begin(engine.partition().checkpoint_position(), true));
  while (engine.partition().checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) { writer.add(static_cast<std::uint8_t>(kind), key, bytes); }, 100)) {}
  ASSERT_TRUE(writer.commit());
  auto file = disk.open("c/0000000001.full", base::Storage::Open::read);
  ASSERT_TRUE(file);
  const auto bytes = (*file)->read_at(0, 1u << 20);
  ASSERT_TRUE(bytes);
  std::filesystem::create_directories("tests/golden/checkpoint");
  std::ofstream(kFile, std::ios::binary) << *bytes;
}

TEST(CheckpointGolden, APartitionOfRelease01IsOpenedAndGoesOn) {
  base::SimStorage written(1);
  if (std::getenv("SAGSGANG_WRITE_GOLDEN") != nullptr) write_golden(written);
  const auto golden = base::read_file(kFile, 1u << 20);
  ASSERT_TRUE(golden) << golden.error().text();
  base::SimStorage disk(1);
  ASSERT_TRUE(disk.make_folder("c"));
  {
    auto file = disk.open("c/0000000001.full", base::Storage::Open::create);
    ASSERT_TRUE(file) << file.error().text();
    ASSERT_TRUE((*file)->write_at(0, *golden));
  }
  Partition partition{PartitionOptions{}};
  std::set<RecordKind> kinds;
  const auto position = checkpoint::load(disk, "c", [&](std::uint8_t kind, Key key, std::string_view bytes) {
    kinds.insert(static_cast<RecordKind>(kind));
    return partition.load_record(static_cast<RecordKind>(kind), key, bytes);
  });
  ASSERT_TRUE(position) << position.error().text();
  for (const RecordKind kind : {RecordKind::meta, RecordKind::resource, RecordKind::definition, RecordKind::element, RecordKind::job, RecordKind::timer, RecordKind::subscription, RecordKind::message,
                                RecordKind::incident, RecordKind::user_task, RecordKind::idempotency, RecordKind::ready, RecordKind::instance, RecordKind::broadcast})
    EXPECT_TRUE(kinds.contains(kind)) << "kind " << static_cast<int>(kind);
  auto finished = partition.finish_load();
  ASSERT_TRUE(finished) << finished.error().text();
  EXPECT_EQ(partition.position(), *position);

  // And on: the signal reaches the rest, the timer fires, the jobs are done, the case comes to its end.
  base::Millis now = partition.next_due();
  const auto settle = [&] {
    while (partition.has_ready()) {
      Batch batch;
      partition.step({now, 1}, batch, 1'000);
    }
  };
  const auto call = [&](decltype(Command::body) body, const std::string& key = {}) {
    Command command;
    command.authority = "11111111";
    command.actor = "test";
    command.idempotency_key = key;
    command.body = std::move(body);
    base::Result<Answer> answer;
    Batch batch;
    partition.run(command, {now, 1}, batch, answer);
    settle();
    return answer;
  };
  const auto active = [&] {
    Metrics metrics;
    partition.fill(metrics);
    return metrics.instances_active;
  };
  settle();
  EXPECT_EQ(active(), 1u) << "all hundred heard the signal";
  CreateInstance create{"p"};
  create.variables = json(R"({"id": "7", "items": [1, 2, 3], "navn": "Ane"})");
  const auto again = call(create, "a key");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(active(), 1u) << "the key is remembered";
  ASSERT_TRUE(call(PublishMessage{"come", "7", "", 0, json(R"({"y": 2})")}));
  for (int n = 0; n < 20 && partition.next_due() >= 0 && partition.next_due() < now + 600'000; ++n) {  // the task's time is up, and the worker's
    now = std::max(now, partition.next_due());
    Batch batch;
    partition.fire_due({now, 1}, batch, 10);
    settle();
  }
  const auto jobs = call(ActivateJobs{"a", "w", 60'000, 10, 0});
  ASSERT_TRUE(jobs);
  EXPECT_EQ(jobs->jobs.size(), 2u);
  for (const auto& job : jobs->jobs) {
    EXPECT_EQ((*base::unpack(job.variables))["navn"].dump(), "\"Ane\"");
    ASSERT_TRUE(call(CompleteJob{job.job}));
  }
  const base::Json left = partition.active_elements(again->key);
  EXPECT_EQ(left.size(), 2u) << "the process, and b with its incident: " << left.dump();
  EXPECT_TRUE(call(ActivateJobs{"b", "w", 60'000, 10, 0})->jobs.empty());
  ASSERT_TRUE(call(CancelInstance{again->key}));
  EXPECT_EQ(active(), 0u);
}


// ---- the elements of issue 4: events 45 to 53, checkpoint records of version 2, later versions of older events ----------

constexpr GoldenFiles kElements{"tests/golden/journal/elements-2.batches", "tests/golden/checkpoint/elements-2.records"};

std::string elements() {
  const auto when = [](const std::string& text) { return "<conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">=" + text + "</condition></conditionalEventDefinition>"; };
  const auto undoable = [](const std::string& id) {
    return job(id) + "<boundaryEvent id=\"b_" + id + "\" attachedToRef=\"" + id + "\"><compensateEventDefinition/></boundaryEvent><serviceTask id=\"undo_" + id + "\" isForCompensation=\"true\">" +
           ext("<zeebe:taskDefinition type=\"undo\"/>") + "</serviceTask><association id=\"as_" + id + "\" sourceRef=\"b_" + id + "\" targetRef=\"undo_" + id + "\" associationDirection=\"One\"/>";
  };
  const auto open_ad_hoc = "<adHocSubProcess id=\"ad\" ordering=\"Sequential\"><completionCondition xsi:type=\"tFormalExpression\">=done = true</completionCondition>" + job("x") + job("y") + "</adHocSubProcess>";
  return model("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>"
               "<subProcess id=\"sub\">" + ext("<zeebe:ioMapping><zeebe:input source=\"=id\" target=\"inner\"/></zeebe:ioMapping>") + "<startEvent id=\"s1\"/>" + undoable("a") + undoable("b") + chain({"s1", "a", "b"}) + "</subProcess>"
               "<intermediateThrowEvent id=\"undo\"><compensateEventDefinition/></intermediateThrowEvent>" +
                   "<intermediateCatchEvent id=\"both\" parallelMultiple=\"true\"><messageEventDefinition messageRef=\"M\"/>" + when("n &gt; 5") + "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>" + open_ad_hoc +
                   job("p") + job("q") + "<boundaryEvent id=\"seen\" attachedToRef=\"q\" cancelActivity=\"false\">" + when("n &gt; 2") + "</boundaryEvent><complexGateway id=\"cg\"><activationCondition xsi:type=\"tFormalExpression\">=activationCount &gt;= 1</activationCondition></complexGateway>" +
                   "<serviceTask id=\"two\" startQuantity=\"2\">" + ext("<zeebe:taskDefinition type=\"two\"/>") + "</serviceTask>" +
                   chain({"s", "f", "sub", "undo"}) + chain({"f", "both"}) + chain({"f", "ad"}) + chain({"f", "p", "cg", "two"}) + chain({"f", "q", "cg"}) + flow("p", "two"),
               "<message id=\"M\" name=\"come\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>", "elements");
}

// Half way through everything: a handler runs in a replica, one trigger of three came, one of two tokens, the gateway waits.
void write_elements(Driver& engine) {
  const auto does = [&](const std::string& type) {
    const auto jobs = engine.activate(type, 1);
    ASSERT_EQ(jobs.size(), 1u) << type;
    ASSERT_TRUE(engine.call(CompleteJob{jobs[0].job}));
  };
  auto deployed = engine.call(Deploy{{{"elements.bpmn", elements()}}, true});
  ASSERT_TRUE(deployed) << deployed.error().text();
  CreateInstance create{"elements"};
  create.variables = json(R"({"id": "7", "n": 1, "navn": "Ane"})");
  const auto instance = engine.call(create);
  ASSERT_TRUE(instance);
  does("a");
  does("b");
  ASSERT_TRUE(engine.call(PublishMessage{"come", "7", "", 0, json(R"({"from": "message"})")}));
  does("x");
  does("y");
  does("p");
  ASSERT_TRUE(engine.call(SetVariables{instance->key, json(R"({"n": 3})"), false}));
}

TEST(ElementsGolden, AJournalAndACheckpointOfTheirFirstReleaseAreReadAndGoOn) {
  if (std::getenv("SAGSGANG_WRITE_GOLDEN_ELEMENTS") != nullptr) {
    Driver engine;
    write_elements(engine);
    kElements.write(engine);
  }
  std::set<int> kinds;
  for (const bool from_checkpoint : {false, true}) {
    Reopened house;
    Partition& partition = house.partition;
    kElements.read(from_checkpoint, partition, [&](const RecordView& record) -> base::Status {
      kinds.insert(static_cast<int>(record.type));
      return {};
    });
    if (HasFatalFailure()) return;
    const base::Millis now = house.now = partition.next_due();  // the hour is over
    const auto call = [&](decltype(Command::body) body) { return house.call(std::move(body)); };
    Batch fired;
    partition.fire_due({now, 1}, fired, 10);
    Metrics metrics;
    partition.fill(metrics);
    ASSERT_EQ(metrics.instances_active, 1u);
    Key instance = 0;
    const auto does = [&](const std::string& type, const std::string& variables = "{}") {
      const auto jobs = call(ActivateJobs{type, "w", 60'000, 10, 0});
      ASSERT_TRUE(jobs && jobs->jobs.size() == 1) << type << (from_checkpoint ? " from the checkpoint" : " from the journal");
      EXPECT_EQ((*base::unpack(jobs->jobs[0].variables))["navn"].string_or(""), "Ane");
      if (type == "undo") {
        EXPECT_EQ((*base::unpack(jobs->jobs[0].variables))["inner"].string_or(""), "7") << "the data of the sub-process that ended";
      }
      instance = jobs->jobs[0].instance;
      ASSERT_TRUE(call(CompleteJob{jobs->jobs[0].job, json(variables)}));
    };
    does("undo");
    does("undo");
    does("q", R"({"n": 9, "done": true})");
    does("two");
    const base::Json left = partition.active_elements(instance);
    for (const auto& one : left.as_array()) EXPECT_TRUE(one["elementId"].string_or("") == "elements" || one["elementId"].string_or("") == "ad") << left.dump();
    for (const auto& one : left.as_array())
      if (one["elementId"].string_or("") == "ad") {
        ASSERT_TRUE(call(ActivateElements{std::stoll(one["key"].as_string()), {"x"}, {}}));
      }
    if (left.size() > 0) does("x");
    partition.fill(metrics);
    EXPECT_EQ(metrics.instances_active, 0u) << partition.active_elements(instance).dump();
  }
  for (int kind = 45; kind <= 51; ++kind) EXPECT_TRUE(kinds.contains(kind) || kind == 48) << "event " << kind;
}

}  // namespace
}  // namespace engine::testing
