// Shared by the room's tests: small models in few words, and what a test wants to know of an instance.
#pragma once
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 sees variants in test fixtures as uninitialised
#include <gtest/gtest.h>

#include <set>

#include "base/storage_sim.h"
#include "engine/driver.h"
#include "engine/state/payloads.h"

namespace engine::testing {

// Keys on a simulated disk, in /data, with so many slots ready.
inline std::unique_ptr<store::Keys> keys_on(base::SimStorage& disk, store::KeySlot slots) {
  EXPECT_TRUE(disk.make_folder("/data"));
  auto opened = store::Keys::open(disk, "/data");
  EXPECT_TRUE(opened) << opened.error().text();
  if (!opened) return nullptr;
  EXPECT_TRUE((*opened)->reserve(slots));
  return std::move(*opened);
}
// A model with the given content of one process "p" (default namespace BPMN, prefix zeebe) and of the definitions.
inline std::string model(const std::string& process, const std::string& others = {}, const std::string& id = "p") {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions_" targetNamespace="http://t">)" +
         others + "<process id=\"" + id + "\" isExecutable=\"true\">" + process + "</process></definitions>";
}
// <sequenceFlow> a → b named a_b, with a condition where given.
inline std::string flow(const std::string& a, const std::string& b, const std::string& condition = {}) {
  return "<sequenceFlow id=\"" + a + "_" + b + "\" sourceRef=\"" + a + "\" targetRef=\"" + b + "\"" +
         (condition.empty() ? "/>" : "><conditionExpression xsi:type=\"tFormalExpression\">" + condition + "</conditionExpression></sequenceFlow>");
}
inline std::string job(const std::string& id, const std::string& more = {}, const std::string& loop = {}) {
  return "<serviceTask id=\"" + id + "\"><extensionElements><zeebe:taskDefinition type=\"" + id + "\"/>" + more + "</extensionElements>" + loop + "</serviceTask>";
}
inline std::string ext(const std::string& content) { return "<extensionElements>" + content + "</extensionElements>"; }
inline std::string chain(const std::vector<std::string>& ids) {
  std::string flows;
  for (std::size_t i = 1; i < ids.size(); ++i) flows += flow(ids[i - 1], ids[i]);
  return flows;
}
inline std::string one_task() { return model("<startEvent id=\"s\"/>" + job("t") + "<endEvent id=\"e\"/>" + chain({"s", "t", "e"})); }

inline base::Json json(const std::string& text) {
  auto value = base::parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : base::Json();
}

class EngineTest : public ::testing::Test {
 protected:
  Driver engine;

  void deploy(const std::string& xml, bool lenient = false) {
    auto answer = engine.call(Deploy{{{"p.bpmn", xml}}, lenient, false});
    ASSERT_TRUE(answer) << answer.error().text();
  }
  Key start(const std::string& variables = "{}", const std::string& process = "p") {
    CreateInstance create;
    create.process_id = process;
    create.variables = json(variables);
    auto answer = engine.call(create);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
    return answer ? answer->key : 0;
  }
  // Completes the first waiting job of the type; false when there is none.
  bool complete(const std::string& type, const std::string& variables = "{}") {
    const auto jobs = engine.activate(type, 1);
    if (jobs.empty()) return false;
    auto answer = engine.call(CompleteJob{jobs[0].job, json(variables)});
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
    return answer.has_value();
  }
  bool ended(Key instance) { return engine.partition().active_elements(instance).size() == 0; }
  std::multiset<std::string> active(Key instance) {
    std::multiset<std::string> ids;
    const base::Json all = engine.partition().active_elements(instance);
    for (const auto& one : all.as_array()) ids.insert(one["elementId"].as_string());
    return ids;
  }
  // Ids of elements in the order in which they were left normally, over all instances.
  std::vector<std::string> left() {
    std::vector<std::string> ids;
    std::map<Key, std::vector<ElementRow>> tables;
    std::map<Key, Key> definition;   // instance → definition
    std::map<Key, std::pair<Key, Index>> elements;  // element instance → instance, element
    auto id_of = [&](Key instance, Index element) { return tables[definition[instance]][element].id; };
    auto made = [&](Key key, Key scope, Index element) {
      const Key instance = elements.contains(scope) ? elements[scope].first : scope;
      elements.try_emplace(key, instance, element);
    };
    auto status = engine.events([&](const RecordView&, const auto& event) {
      using E = std::decay_t<decltype(event)>;
      if constexpr (std::is_same_v<E, ev::process_deployed>) tables[event.key] = event.elements;
      if constexpr (std::is_same_v<E, ev::instance_created>) {
        definition[event.instance] = event.definition;
        elements[event.instance] = {event.instance, 0};
      }
      if constexpr (std::is_same_v<E, ev::element_activated> || std::is_same_v<E, ev::job_created> || std::is_same_v<E, ev::user_task_created>)
        made(event.key, event.scope, event.element);
      if constexpr (std::is_same_v<E, ev::element_passed>) ids.push_back(id_of(elements[event.scope].first, event.element));
      if constexpr (std::is_same_v<E, ev::element_completed>) ids.push_back(id_of(elements[event.key].first, elements[event.key].second));
      if constexpr (std::is_same_v<E, ev::element_terminated>)
        if (event.event != 0) ids.push_back(id_of(elements[event.key].first, event.event));
      if constexpr (std::is_same_v<E, ev::instance_completed>) ids.push_back(id_of(event.instance, 0));
    });
    EXPECT_TRUE(status) << (status ? "" : status.error().text());
    return ids;
  }
  std::vector<std::string> incidents() {
    std::vector<std::string> kinds;
    auto status = engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::incident_created>) kinds.push_back(event.kind);
    });
    EXPECT_TRUE(status);
    return kinds;
  }
  Key last_incident() {
    Key key = 0;
    (void)engine.events([&](const RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, ev::incident_created>) key = event.key;
    });
    return key;
  }
  void SetUp() override { engine.steps_per_batch = 1; }
  // Replays everything with all variables evicted after each batch, then goes on from a checkpoint of what is evicted.
  base::Result<std::string> evicted() {
    base::SimStorage disk(1);
    TRY(const auto files, PayloadFiles::open(disk, "evicted", 4'096));
    PartitionOptions options;
    options.payloads = files.get();
    Partition now(options);
    for (const std::string& batch : engine.batches()) {
      TRY_VOID(now.replay(batch));
      while (now.evict(1'000, true)) {}
      TRY_VOID(now.fault());
    }
    const std::string dump = now.dump();
    TRY_VOID(now.fault());
    TRY(const auto more, PayloadFiles::open(disk, "more", 4'096));
    options.payloads = more.get();
    Partition next(options);
    base::Status status;
    now.begin_checkpoint(true);
    while (now.checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) { if (status && !bytes.empty()) status = next.load_record(kind, key, bytes); }, 1'000)) {}
    TRY_VOID(status);
    TRY_VOID(next.finish_load());
    if (next.dump() != dump) return base::fail(base::ErrorCode::internal, "after a restart of what is evicted\n" + next.dump() + "instead of\n" + dump);
    return dump;
  }
  // Every test ends with invariant 3: what was replayed is what is, and so is what goes on after a restart at every step,
  // whether variables are in memory or not.
  void TearDown() override {
    auto away = evicted();
    ASSERT_TRUE(away) << away.error().text();
    EXPECT_EQ(*away, engine.partition().dump());
    auto restarted = engine.restarted(400);
    ASSERT_TRUE(restarted) << restarted.error().text();
    EXPECT_EQ(*restarted, engine.partition().dump());
    auto again = engine.replayed();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(*again, engine.partition().dump());
  }
};

using Ids = std::vector<std::string>;

}  // namespace engine::testing
