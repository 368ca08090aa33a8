// The invariants at the top of partition.h, each by a test that a planted bug (planted.h) makes fail; and the seeded
// random walk that compares the state with its replay, and with its checkpoint, after every step.
#include <map>

#include "base/random.h"
#include "base/text.h"
#include "engine/testing.h"

namespace engine::testing {

namespace {

std::string listening(const std::string& start, const std::string& end) {
  return "<zeebe:executionListeners><zeebe:executionListener eventType=\"start\" type=\"" + start + "\"/><zeebe:executionListener eventType=\"end\" type=\"" + end + "\"/></zeebe:executionListeners>";
}

std::string fork_model() {
  return model("<startEvent id=\"s\"/><parallelGateway id=\"f\"/>" + job("a") + job("b") + "<parallelGateway id=\"j\"/><exclusiveGateway id=\"x\" default=\"x_e\"/>"
               "<subProcess id=\"sub\"><startEvent id=\"s1\"/>" + job("c", listening("a", "b")) + "<endEvent id=\"e1\"/>" + chain({"s1", "c", "e1"}) + "</subProcess>"
               "<boundaryEvent id=\"late\" attachedToRef=\"sub\"><timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition></boundaryEvent>"
               "<boundaryEvent id=\"bad\" attachedToRef=\"sub\"><errorEventDefinition/></boundaryEvent>"
               "<boundaryEvent id=\"ping\" attachedToRef=\"sub\" cancelActivity=\"false\"><messageEventDefinition messageRef=\"M\"/></boundaryEvent>"
               "<endEvent id=\"e\"/>" + chain({"s", "f", "a", "j", "x"}) + chain({"f", "b", "j"}) + flow("x", "sub", "=n &gt; 2") + flow("x", "e") + chain({"sub", "e"}) + chain({"late", "e"}) +
               chain({"bad", "e"}) + chain({"ping", "e"}),
               "<message id=\"M\" name=\"ping\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>", "fork");
}

std::string loop_model() {
  return model("<startEvent id=\"s\"/>" + job("a", "", "<multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\" outputCollection=\"out\" outputElement=\"=item\"/>") + "</multiInstanceLoopCharacteristics>") +
               "<callActivity id=\"call\">" + ext("<zeebe:calledElement processId=\"fork\"/>") + "</callActivity><userTask id=\"u\">" + ext("<zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType=\"creating\" type=\"a\"/><zeebe:taskListener eventType=\"completing\" type=\"b\"/>"
                    "<zeebe:taskListener eventType=\"canceling\" type=\"c\"/></zeebe:taskListeners>") + "</userTask><endEvent id=\"e\"/>" + ext(listening("b", "c")) + chain({"s", "a", "call", "u", "e"}), "", "loop");
}

// Transaction, cancel, compensation, conditions, complex gateway, ad-hoc, quantities, parallel multiple.
std::string rare_model() {
  const auto when = [](const std::string& text) { return "<conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">=" + text + "</condition></conditionalEventDefinition>"; };
  const auto worker = [](const std::string& id, const std::string& type, const std::string& attributes = {}, const std::string& loop = {}) {
    return "<serviceTask id=\"" + id + "\" " + attributes + ">" + ext("<zeebe:taskDefinition type=\"" + type + "\"/>") + loop + "</serviceTask>";
  };
  return model("<startEvent id=\"s\"/><transaction id=\"x\"><startEvent id=\"s1\"/>" +
                   worker("book", "a", "", "<multiInstanceLoopCharacteristics>" + ext("<zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\"/>") + "</multiInstanceLoopCharacteristics>") +
                   "<boundaryEvent id=\"cb\" attachedToRef=\"book\"><compensateEventDefinition/></boundaryEvent>" + worker("unbook", "b", "isForCompensation=\"true\"") +
                   "<association id=\"as\" sourceRef=\"cb\" targetRef=\"unbook\" associationDirection=\"One\"/><parallelGateway id=\"f\"/>" + worker("w", "c") +
                   "<intermediateCatchEvent id=\"cc\">" + when("n &gt; 2") + "</intermediateCatchEvent><complexGateway id=\"cg\"><activationCondition>=activationCount &gt;= 1</activationCondition></complexGateway>"
                   "<exclusiveGateway id=\"g\" default=\"g_e1\"/><endEvent id=\"no\"><cancelEventDefinition/></endEvent><endEvent id=\"e1\"/>" + chain({"s1", "book", "f", "w", "cg", "g"}) + chain({"f", "cc", "cg"}) +
                   flow("g", "no", "=n &gt; 1") + flow("g", "e1") + "</transaction><boundaryEvent id=\"cancel\" attachedToRef=\"x\"><cancelEventDefinition/></boundaryEvent>"
                   "<boundaryEvent id=\"err\" attachedToRef=\"x\"><errorEventDefinition/></boundaryEvent><boundaryEvent id=\"cond\" attachedToRef=\"x\" cancelActivity=\"false\">" + when("n = 1") + "</boundaryEvent>" + worker("seen", "c", "startQuantity=\"2\"") +
                   "<intermediateThrowEvent id=\"undo\"><compensateEventDefinition/></intermediateThrowEvent><adHocSubProcess id=\"ad\" ordering=\"Sequential\">" + worker("ad1", "a") + worker("ad2", "b") + "</adHocSubProcess>"
                   "<intermediateCatchEvent id=\"both\" parallelMultiple=\"true\"><messageEventDefinition messageRef=\"M\"/>" + when("n &gt; 0") + "</intermediateCatchEvent><endEvent id=\"e\"/>" +
                   chain({"s", "x", "undo", "ad", "both", "e"}) + chain({"cancel", "e"}) + chain({"err", "e"}) + chain({"cond", "seen", "e"}),
               "<message id=\"M\" name=\"ping\">" + ext("<zeebe:subscription correlationKey=\"=id\"/>") + "</message>", "rare");
}

// Checkpoint records as a file would hold them.
using Records = std::map<std::pair<RecordKind, Key>, std::string>;
void take(Records& file, RecordKind kind, Key key, std::string_view bytes) {
  if (bytes.empty()) file.erase({kind, key});
  else file[{kind, key}] = bytes;
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    EXPECT_TRUE(engine.call(Deploy{{{"fork.bpmn", fork_model()}}}));
    EXPECT_TRUE(engine.call(Deploy{{{"loop.bpmn", loop_model()}}}));
    auto rare = engine.call(Deploy{{{"rare.bpmn", rare_model()}}, true});
    EXPECT_TRUE(rare) << rare.error().text();
  }
  Driver engine;

  void step() {
    switch (random_.below(13)) {
      case 0: return create("fork");
      case 1: return create("loop");
      case 2: case 3: case 4: return work("abc"[random_.below(3)]);
      case 5: engine.advance(static_cast<base::Millis>(random_.below(4'000))); return;
      case 6: (void)engine.only(PublishMessage{"ping", std::to_string(random_.below(5)), "", static_cast<base::Millis>(random_.below(2) * 3'000), json(R"({"p": 1})")}); return;
      case 7: if (!instances_.empty()) (void)engine.only(CancelInstance{any()}); return;
      case 8: if (!instances_.empty()) (void)engine.only(SetVariables{any(), json("{\"n\": " + std::to_string(random_.below(5)) + "}"), false}); return;
      case 9: resolve(); return;
      case 10: task(); return;
      case 11: return create("rare");
      default: engine.step(1 + static_cast<std::uint32_t>(random_.below(7))); return;
    }
  }

 private:
  Key any() { return instances_[random_.below(instances_.size())]; }
  void create(const std::string& process) {
    CreateInstance create;
    create.process_id = process;
    create.variables = json("{\"n\": " + std::to_string(random_.below(5)) + ", \"id\": \"" + std::to_string(random_.below(5)) + "\", \"items\": [1, 2, 3]}");
    if (auto answer = engine.only(create)) instances_.push_back(answer->key);
  }
  void work(char type) {
    auto answer = engine.only(ActivateJobs{std::string(1, type), "w", 2'000, 2, 0});
    if (!answer) return;
    for (const auto& job : answer->jobs) {
      const auto choice = random_.below(6);
      if (choice < 3) (void)engine.only(CompleteJob{job.job, json(R"({"done": true})")});
      else if (choice == 3) (void)engine.only(FailJob{job.job, static_cast<int>(random_.below(2)), "no", static_cast<base::Millis>(random_.below(2) * 1'000), {}});
      else if (choice == 4) (void)engine.only(ThrowJobError{job.job, "E", "", {}});
    }
  }
  void resolve() {
    Key incident = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::incident_created>)
        if (random_.chance(50)) incident = event.key;
    });
    if (incident != 0) (void)engine.only(ResolveIncident{incident});
  }
  void task() {
    Key task = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::user_task_created>) task = event.task;
    });
    if (task != 0) (void)engine.only(CompleteTask{task, json(R"({"ok": 1})"), ""});
  }
  base::SeededRandom random_;
  std::vector<Key> instances_;
};

}  // namespace

TEST(Partition, ReplayEqualsStateAfterEveryStepOfARandomWalk) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Walk walk(seed);
    Partition follower{PartitionOptions{}};
    std::size_t followed = 0;
    for (int n = 0; n < 250; ++n) {
      walk.step();
      for (; followed < walk.engine.batches().size(); ++followed) {
        auto status = follower.replay(walk.engine.batches()[followed]);
        ASSERT_TRUE(status) << "seed " << seed << " step " << n << ": " << status.error().text();
      }
      ASSERT_EQ(follower.dump(), walk.engine.partition().dump()) << "seed " << seed << " step " << n;
    }
    auto again = walk.engine.replayed();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(*again, walk.engine.partition().dump());
  }
}

TEST(Partition, CheckpointPlusJournalEqualsState) {
  for (std::uint64_t seed = 11; seed <= 14; ++seed) {
    Walk walk(seed);
    Records file;
    std::uint64_t cut = 0;
    std::string at_cut;
    bool cutting = false;
    for (int n = 0; n < 240; ++n) {
      if (n % 40 == 5) {
        walk.engine.partition().begin_checkpoint();
        cut = walk.engine.partition().checkpoint_position();
        at_cut = walk.engine.partition().dump();
        cutting = true;
      }
      walk.step();
      if (!cutting) continue;
      const std::size_t slice = n % 40 < 4 ? 1'000'000 : 3;  // finished before the next cut
      // Slices of three records between the commands: what they give is the state at the cut.
      if (walk.engine.partition().checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) { take(file, kind, key, bytes); }, slice)) continue;
      cutting = false;
      Partition loaded{PartitionOptions{}};
      for (const auto& [id, bytes] : file) ASSERT_TRUE(loaded.load_record(id.first, id.second, bytes));
      ASSERT_TRUE(loaded.finish_load());
      ASSERT_EQ(loaded.position(), cut);
      ASSERT_EQ(loaded.dump(), at_cut) << "seed " << seed << " step " << n;
      for (const std::string& batch : walk.engine.batches()) ASSERT_TRUE(loaded.replay(batch));
      ASSERT_EQ(loaded.dump(), walk.engine.partition().dump()) << "seed " << seed << " step " << n;
    }
    // What is loaded also goes on: all its instances can be ended.
    walk.engine.settle();
    while (walk.engine.partition().checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) { take(file, kind, key, bytes); }, 1000)) {}
  }
}

TEST(Partition, ReplayNeedsNoProgram) {  // invariant 4
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", one_task()}}}));
  ASSERT_TRUE(engine.call(CreateInstance{"p"}));
  ASSERT_TRUE(engine.call(CompleteJob{engine.activate("t")[0].job}));
  Partition fresh{PartitionOptions{}};
  for (const std::string& batch : engine.batches()) {
    // The same journal, its files replaced by something that no release compiles.
    Batch changed;
    ASSERT_TRUE(for_each_record(batch, [&](const RecordView& record) -> base::Status {
      base::Writer body;
      if (record.type == EventType::resource_deployed) {
        auto event = decode<ev::resource_deployed>(record, nullptr);
        event->content = "not BPMN at all";
        EXPECT_TRUE(encode(*event, body, nullptr));
      } else {
        body.append(record.body);
      }
      changed.add(record.type, record.version, record.consumes, record.position, record.time, body.bytes());
      return {};
    }));
    ASSERT_TRUE(fresh.replay(changed.encode()));
  }
  EXPECT_EQ(fresh.position(), engine.partition().position());
  Metrics metrics;
  fresh.fill(metrics);
  EXPECT_EQ(metrics.instances_active, 0u);
}

TEST(Partition, UnknownVersionsAndDamageAreRefused) {
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", one_task()}}}));
  Batch future;
  future.add(EventType::timer_canceled, 9, false, 1, 0, "x");
  Partition fresh{PartitionOptions{}};
  auto status = fresh.replay(future.encode());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::data_damaged);
  std::string cut_short = engine.batches()[0];
  cut_short.pop_back();
  EXPECT_FALSE(Partition{PartitionOptions{}}.replay(cut_short));
  Partition gap{PartitionOptions{}};
  Driver other;
  ASSERT_TRUE(other.call(Deploy{{{"p.bpmn", one_task()}}}));
  ASSERT_TRUE(other.call(CreateInstance{"p"}));
  EXPECT_FALSE(gap.replay(other.batches()[1])) << "a journal with a hole";
}

TEST(Partition, ARepeatedCommandAnswersTheSameAndDoesNothing) {  // invariant 6
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", one_task()}}}));
  CreateInstance create{"p"};
  create.variables = json(R"({"a": 1})");
  const auto first = engine.call(create, "key-1");
  ASSERT_TRUE(first);
  const std::uint64_t before = engine.partition().position();
  const auto again = engine.call(create, "key-1");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->key, first->key);
  EXPECT_EQ(again->key_slot, first->key_slot);
  EXPECT_EQ(again->body, first->body);
  EXPECT_EQ(engine.partition().position(), before);
  create.variables = json(R"({"a": 2})");
  EXPECT_EQ(engine.call(create, "key-1").error().code, base::ErrorCode::key_reused);
  engine.authority = "22222222";
  EXPECT_EQ(engine.call(create, "key-1").error().code, base::ErrorCode::not_found) << "keys of one authority are not another's";
  engine.authority = "11111111";
  engine.advance(base::limits::kIdempotencyWindowMs);
  const auto later = engine.call(create, "key-1");
  ASSERT_TRUE(later) << "after its window a key may be used again";
  EXPECT_NE(later->key, first->key);
}

TEST(Partition, NoStepAndNoEventCarriesACollection) {  // invariant 7
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "", "<multiInstanceLoopCharacteristics>" +
      ext("<zeebe:loopCharacteristics inputCollection=\"=for i in 1..2000 return i\" inputElement=\"item\"/>") + "</multiInstanceLoopCharacteristics>") + chain({"s", "t"}))}}}));
  ASSERT_TRUE(engine.call(Deploy{{{"q.bpmn", model("<startEvent id=\"s\"/>" + job("u") + chain({"s", "u"}), "", "q")}}}));
  const auto big = engine.only(CreateInstance{"p"});
  for (int n = 0; n < 8; ++n) engine.step(1);
  const auto small = engine.only(CreateInstance{"q"});
  for (int n = 0; n < 8; ++n) engine.step(1);
  EXPECT_EQ(engine.partition().active_elements(small->key).size(), 2u) << "the small one has its turn beside the big one";
  EXPECT_LT(engine.partition().active_elements(big->key).size(), 2000u);
  engine.settle();
  ASSERT_TRUE(engine.only(CancelInstance{big->key}));
  engine.settle();
  std::size_t largest = 0, longest = 0;
  for (std::size_t i = 2; i < engine.batches().size(); ++i)
    ASSERT_TRUE(for_each_record(engine.batches()[i], [&](const RecordView& record) -> base::Status {
      longest = std::max(longest, record.body.size());
      return {};
    }));
  Driver steps;  // one step at a time: how many events does one write at most?
  ASSERT_TRUE(steps.call(Deploy{{{"p.bpmn", model("<startEvent id=\"s\"/>" + job("t", "", "<multiInstanceLoopCharacteristics>" +
      ext("<zeebe:loopCharacteristics inputCollection=\"=for i in 1..2000 return i\" inputElement=\"item\"/>") + "</multiInstanceLoopCharacteristics>") + chain({"s", "t"}))}}}));
  ASSERT_TRUE(steps.only(CreateInstance{"p"}));
  while (steps.partition().has_ready()) steps.step(1);
  for (std::size_t i = 1; i < steps.batches().size(); ++i) largest = std::max<std::size_t>(largest, batch_head(steps.batches()[i])->count);
  EXPECT_LE(largest, 70u);
  EXPECT_LE(longest, 300u);
}

static std::string waits_for_signal() {
  return model("<startEvent id=\"s\"/><intermediateCatchEvent id=\"c\"><signalEventDefinition signalRef=\"S\"/></intermediateCatchEvent>" + job("got") + chain({"s", "c", "got"}),
               "<signal id=\"S\" name=\"all\"/>", "waits");
}
static std::string sends_signal() {
  return model("<startEvent id=\"s\"/><endEvent id=\"e\">" + ext("<zeebe:ioMapping><zeebe:input source=\"=word\" target=\"heard\"/></zeebe:ioMapping>") +
                   "<signalEventDefinition signalRef=\"S\"/></endEvent>" + chain({"s", "e"}), "<signal id=\"S\" name=\"all\"/>", "sends");
}

TEST(Partition, ASignalToManyIsCutAndOthersHaveTheirTurn) {  // invariants 7 and 3
  constexpr std::size_t kMany = 5'000;
  Driver engine;
  for (const std::string& xml : {waits_for_signal(), sends_signal(), model("<startEvent id=\"s\"/>" + job("u") + chain({"s", "u"}), "", "small")})
    ASSERT_TRUE(engine.call(Deploy{{{base::hex(xml).substr(300, 20) + std::to_string(xml.size()) + ".bpmn", xml}}}));
  for (std::size_t i = 0; i < kMany; ++i) ASSERT_TRUE(engine.call(CreateInstance{"waits"}));
  const auto jobs_waiting = [&] {
    Metrics metrics;
    engine.partition().fill(metrics);
    return metrics.jobs_waiting;
  };
  CreateInstance sends{"sends"};
  sends.variables = json(R"({"word": "hej"})");
  const std::size_t before = engine.batches().size();
  const auto sender = engine.only(sends);
  ASSERT_TRUE(sender);
  while (jobs_waiting() < 200) engine.step(1);
  EXPECT_TRUE(engine.partition().active_elements(sender->key).size() == 0) << "who sends does not wait for those who hear";
  ASSERT_LT(jobs_waiting(), kMany / 2);
  const auto small = engine.only(CreateInstance{"small"});
  const auto late = engine.only(CreateInstance{"waits"});
  while (engine.only(ActivateJobs{"u", "w", 60'000, 1, 0})->jobs.empty()) engine.step(1);
  EXPECT_LT(jobs_waiting(), kMany / 2) << "the small one has its turn in the middle of the broadcast";

  // A cut in the middle: the journal gives the same state, and so does a checkpoint, which goes on by itself.
  EXPECT_EQ(*engine.replayed(), engine.partition().dump());
  Records file;
  engine.partition().begin_checkpoint(true);
  while (engine.partition().checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) { take(file, kind, key, bytes); }, 1000)) {}
  Partition loaded{PartitionOptions{}};
  for (const auto& [id, bytes] : file) ASSERT_TRUE(loaded.load_record(id.first, id.second, bytes));
  ASSERT_TRUE(loaded.finish_load());
  EXPECT_EQ(loaded.dump(), engine.partition().dump());

  engine.settle();
  EXPECT_EQ(jobs_waiting(), kMany + 1) << "all who waited, and the small one";
  EXPECT_EQ(engine.partition().active_elements(late->key).size(), 2u);
  EXPECT_EQ(engine.partition().active_elements(late->key).as_array()[1]["elementId"].as_string(), "c") << "who came later hears nothing";
  std::size_t heard = 0;
  for (auto jobs = engine.activate("got", 1'000); !jobs.empty(); jobs = engine.activate("got", 1'000)) {
    heard += jobs.size();
    for (const auto& job : jobs) EXPECT_EQ((*base::unpack(job.variables))["heard"].dump(), "\"hej\"");
  }
  EXPECT_EQ(heard, kMany);
  EXPECT_EQ(*engine.replayed(), engine.partition().dump());
  while (loaded.has_ready()) {
    Batch batch;
    loaded.step({engine.now(), 1}, batch, 1'000);
  }
  Metrics metrics;
  loaded.fill(metrics);
  EXPECT_EQ(metrics.jobs_waiting, kMany + 1);
  std::size_t largest = 0;
  for (std::size_t i = before; i < engine.batches().size(); ++i) {
    std::size_t reached = 0;
    ASSERT_TRUE(for_each_record(engine.batches()[i], [&](const RecordView& record) -> base::Status {
      if (record.type == EventType::signal_broadcast || record.type == EventType::signal_continued) reached = 0;
      if (record.type == EventType::message_correlated) largest = std::max(largest, ++reached);
      return {};
    }));
  }
  EXPECT_LE(largest, 64u);
  (void)small;
}

TEST(Partition, KeysOfAnotherAuthorityAreNotFound) {
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", one_task()}}}));
  const auto instance = engine.call(CreateInstance{"p"});
  const auto jobs = engine.activate("t");
  engine.authority = "22222222";
  EXPECT_TRUE(engine.activate("t").empty());
  for (auto answer : {engine.call(CompleteJob{jobs[0].job}), engine.call(CancelInstance{instance->key}), engine.call(SetVariables{instance->key, json("{}"), false}),
                      engine.call(ForgetInstance{instance->key}), engine.call(FailJob{jobs[0].job}), engine.call(ThrowJobError{jobs[0].job, "E"}), engine.call(UpdateJob{jobs[0].job, 3}),
                      engine.call(TriggerElement{instance->key, 0, "t"}), engine.call(CreateInstance{"p"})}) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, base::ErrorCode::not_found);
  }
}

TEST(Partition, KeysFitJsonClientsAndDifferBetweenTimelines) {
  Driver first{PartitionOptions{}}, restored{PartitionOptions{nullptr, 255, 31}};
  for (Driver* engine : {&first, &restored}) ASSERT_TRUE(engine->call(Deploy{{{"p.bpmn", one_task()}}}));
  const Key a = first.call(CreateInstance{"p"})->key, b = restored.call(CreateInstance{"p"})->key;
  EXPECT_NE(a, b);
  EXPECT_LT(b, Key{1} << 53);
}

TEST(Partition, AFaultyDeploymentChangesNothing) {
  Driver engine;
  const std::string wrong = model("<startEvent id=\"s\"/><exclusiveGateway id=\"g\"/>" + job("a") + job("b") + flow("s", "g") + flow("g", "a", "=1 +") + flow("g", "b", "=true"), "", "q");
  const auto answer = engine.call(Deploy{{{"p.bpmn", one_task()}, {"q.bpmn", wrong}}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().where.file, "q.bpmn");
  EXPECT_GT(answer.error().where.line, 0);
  EXPECT_EQ(engine.partition().position(), 0u);
  EXPECT_TRUE(engine.batches().empty());
  EXPECT_EQ(engine.call(CreateInstance{"p"}).error().code, base::ErrorCode::not_found);
}

TEST(Partition, TheSameBytesAreOneVersion) {
  Driver engine;
  const auto first = engine.call(Deploy{{{"p.bpmn", one_task()}}});
  const std::uint64_t before = engine.partition().position();
  const auto second = engine.call(Deploy{{{"p.bpmn", one_task()}}});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->body["deployments"], second->body["deployments"]);
  EXPECT_EQ(engine.partition().position(), before);
}

TEST(Partition, JournalBytesOfAOneTaskInstance) {
  Driver engine;
  ASSERT_TRUE(engine.call(Deploy{{{"p.bpmn", one_task()}}}));
  const std::size_t first = engine.batches().size();
  ASSERT_TRUE(engine.call(CreateInstance{"p"}));
  ASSERT_TRUE(engine.call(CompleteJob{engine.activate("t")[0].job}));
  std::size_t bytes = 0;
  for (std::size_t i = first; i < engine.batches().size(); ++i) bytes += engine.batches()[i].size();
  EXPECT_LE(bytes, 600u);
}

}  // namespace engine::testing
