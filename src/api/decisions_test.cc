// For the rule owner: the model, a draft tried and changed as a sheet, a new version, and Hvad nu hvis over real history.
#include <chrono>
#include <thread>

#include "api/masking.h"
#include "api/replays.h"
#include "api/test_house.h"
#include "base/packed.h"
#include "base/text.h"
#include "dmn/sheet.h"
#include "engine/projector/past_decisions.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using api_test::kB;
using api_test::Reply;
using base::Json;

// afgoer (a context with the citizen's number) ← sats (a table) ← beløb, slags; dobbelt is a literal expression of its own.
constexpr const char* kDmn = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="satser" name="Satser" namespace="urn:satser">
  <itemDefinition id="slags_type" name="tSlags"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>
  <inputData id="in_b" name="beløb" label="Beløb"><variable name="beløb" typeRef="number"/></inputData>
  <inputData id="in_s" name="slags"><variable name="slags" typeRef="tSlags"/></inputData>
  <inputData id="in_c" name="borger"><variable name="borger" typeRef="string"/></inputData>
  <decision id="sats" name="Sats"><variable name="Sats" typeRef="number"/>
    <informationRequirement id="q1"><requiredInput href="#in_b"/></informationRequirement>
    <informationRequirement id="q2"><requiredInput href="#in_s"/></informationRequirement>
    <decisionTable id="sats_tabel" hitPolicy="UNIQUE">
      <input id="k1" label="Beløb"><inputExpression id="k1u" typeRef="number"><text>beløb</text></inputExpression></input>
      <input id="k2" label="Slags"><inputExpression id="k2u" typeRef="string"><text>slags</text></inputExpression></input>
      <output id="u1" name="sats" typeRef="number"/>
      <rule id="r1"><inputEntry id="r1a"><text>&lt; 100</text></inputEntry><inputEntry id="r1b"><text>-</text></inputEntry><outputEntry id="r1o"><text>1.0</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="r2a"><text>&gt;= 100</text></inputEntry><inputEntry id="r2b"><text>"a"</text></inputEntry><outputEntry id="r2o"><text>2</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="r3a"><text>&gt;= 100</text></inputEntry><inputEntry id="r3b"><text>"b"</text></inputEntry><outputEntry id="r3o"><text>3</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="afgoer" name="Afgør"><variable name="Afgør"/>
    <informationRequirement id="q3"><requiredDecision href="#sats"/></informationRequirement>
    <informationRequirement id="q4"><requiredInput href="#in_c"/></informationRequirement>
    <context id="c"><contextEntry><variable name="sats"/><literalExpression><text>Sats</text></literalExpression></contextEntry>
      <contextEntry><variable name="tekst"/><literalExpression><text>"Borger " + borger</text></literalExpression></contextEntry>
      <contextEntry><variable name="dag"/><literalExpression><text>string(today())</text></literalExpression></contextEntry></context>
  </decision>
  <decision id="dobbelt" name="Dobbelt"><variable name="Dobbelt" typeRef="number"/>
    <informationRequirement id="q5"><requiredInput href="#in_b"/></informationRequirement>
    <literalExpression id="l"><text>beløb * 2</text></literalExpression>
  </decision>
</definitions>
)";

constexpr const char* kBpmn = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="sag" name="Sag" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:businessRuleTask id="afgoer_trin" name="Afgør"><bpmn:extensionElements><zeebe:calledDecision decisionId="afgoer" resultVariable="svar" /></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:businessRuleTask id="dobbelt_trin" name="Dobbelt"><bpmn:extensionElements><zeebe:calledDecision decisionId="dobbelt" resultVariable="to" /></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:endEvent id="slut"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="afgoer_trin" />
    <bpmn:sequenceFlow id="f2" sourceRef="afgoer_trin" targetRef="dobbelt_trin" />
    <bpmn:sequenceFlow id="f3" sourceRef="dobbelt_trin" targetRef="slut" />
  </bpmn:process>
</bpmn:definitions>
)";

constexpr const char* kBase = "/api/bank/workflows/proever/sag/decisions";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class Decisions : public House {
 protected:
  void import(Client& owner) {
    std::string manifest = api_test::kManifest;
    const auto reply = owner.call("POST", "/api/bank/workflows?slug=proever/sag",
                                  bank::zip({{"arbejdsgang.yaml", manifest}, {"proces.bpmn", kBpmn}, {"beslutninger.dmn", kDmn},
                                             {"scenarier/a.yaml", "titel: x\nnaar: []\nsaa: {antal_instanser: 0}\n"}}).value_or(""), {{"Content-Type", "application/zip"}});
    ASSERT_EQ(reply.status, 201) << reply.text;
  }
  void deploy_it(Client& owner) {
    const auto reply = owner.post("/api/bank/workflows/proever/sag/deployment", Json::object());
    ASSERT_EQ(reply.status, 200) << reply.text;
  }
  std::string begin(Client& owner, int amount, const std::string& kind) {
    const auto reply = owner.post("/v2/process-instances", Json::Object{{"processDefinitionId", "sag"}, {"variables", Json::Object{
        {"beløb", amount}, {"slags", kind}, {"borger", "010180-1234"}, {"uvedkommende", "hemmelig"}}}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body["processInstanceKey"].string_or("");
  }
  static Json asked(const std::string& decision, const std::string& xml) {
    return Json::Object{{"decision", decision}, {"from", "2020-01-01"}, {"to", "2099-12-31"}, {"xml", xml}, {"purpose", "nye satser"}};
  }
  Json replay(Client& owner, const std::string& decision, const std::string& xml) {
    const auto started = owner.post(std::string(kBase) + "/replays", asked(decision, xml));
    EXPECT_EQ(started.status, 202) << started.text;
    key_ = started.body["replayKey"].string_or("");
    Json out;
    do {
      out = owner.get("/api/replays/" + key_).body;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    } while (out["state"] == Json("RUNNING"));
    return out;
  }
  std::string key_;
};

TEST_F(Decisions, TheModelSaysWhatCanBeAsked) {
  Client owner = signed_in(kA);
  import(owner);
  const auto model = owner.get(std::string(kBase) + "/model");
  ASSERT_EQ(model.status, 200) << model.text;
  ASSERT_EQ(model.body["decisions"].size(), 3u);
  const Json& decide = model.body["decisions"].as_array()[1];
  EXPECT_EQ(decide["id"], Json("afgoer"));
  EXPECT_EQ(decide["requires"].dump(), R"(["sats"])");
  std::string names;
  for (const Json& input : decide["inputs"].as_array()) {
    names += input["name"].string_or("") + " ";
    if (input["name"] == Json("slags")) { EXPECT_EQ(input["allowed"].dump(), R"(["a","b"])"); }
    if (input["name"] == Json("beløb")) { EXPECT_EQ(input["label"], Json("Beløb")); }
  }
  for (const char* name : {"beløb", "slags", "borger"}) EXPECT_NE(names.find(name), std::string::npos) << names;
  EXPECT_EQ(model.body["decisions"].as_array()[0]["table"], Json(true));
  EXPECT_EQ(model.body["versions"].size(), 1u);
}

TEST_F(Decisions, ADraftIsTriedWithoutBeingStored) {
  Client owner = signed_in(kA);
  import(owner);
  const Json variables = Json::Object{{"beløb", 500}, {"slags", "b"}};
  const auto now = owner.post(std::string(kBase) + "/evaluate", Json::Object{{"decision", "sats"}, {"variables", variables}});
  EXPECT_EQ(now.body["decisionOutput"], Json(3)) << now.text;
  const auto draft = owner.post(std::string(kBase) + "/evaluate", Json::Object{{"decision", "sats"}, {"variables", variables}, {"xml", replaced(kDmn, "<text>3</text>", "<text>30</text>")}});
  EXPECT_EQ(draft.body["decisionOutput"], Json(30)) << draft.text;
  const auto broken = owner.post(std::string(kBase) + "/evaluate", Json::Object{{"decision", "sats"}, {"xml", replaced(kDmn, "<text>3</text>", "<text>3 +</text>")}});
  EXPECT_EQ(broken.status, 400);
  EXPECT_GE(broken.body["findings"].size(), 1u) << broken.text;
  EXPECT_EQ(owner.post(std::string(kBase) + "/evaluate", Json::Object{{"decision", "findes ikke"}}).status, 404);
}

TEST_F(Decisions, ATableIsChangedAsASpreadsheetAndBecomesAVersion) {
  Client owner = signed_in(kA);
  import(owner);
  for (const char* format : {"csv", "xlsx"}) {
    const auto sheet = owner.get(std::string(kBase) + "/table?decision=sats&format=" + format);
    ASSERT_EQ(sheet.status, 200);
    EXPECT_NE(sheet.head.find("Content-Disposition: attachment"), std::string::npos) << sheet.head;
    const auto same = owner.post(std::string(kBase) + "/table", Json::Object{{"format", format}, {"content", base::base64(sheet.text)}});
    ASSERT_EQ(same.status, 200) << same.text;
    EXPECT_EQ(same.body["xml"], Json(kDmn)) << format;
    EXPECT_EQ(same.body["changes"].size(), 0u);
  }
  Json sheet = owner.get(std::string(kBase) + "/table?decision=sats").body;
  const std::string before = sheet.dump();
  sheet = *base::parse_json(replaced(before, "\">= 100\",\"\\\"b\\\"\"],\"outputs\":[\"3\"]", "\">= 100\",\"\\\"b\\\"\"],\"outputs\":[\"3.5\"]"));
  const auto changed = owner.post(std::string(kBase) + "/table", Json::Object{{"sheet", sheet}});
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.body["changes"].dump(), "[\"Regel 3, sats: var »3« og er nu »3.5«.\"]");
  EXPECT_EQ(changed.body["xml"], Json(replaced(kDmn, "<text>3</text>", "<text>3.5</text>")));
  // A cell that is no FEEL is a finding at its cell, and the draft comes back all the same.
  const auto broken = owner.post(std::string(kBase) + "/table", Json::Object{{"sheet", *base::parse_json(replaced(before, "\">= 100\"", "\">= \""))}});
  ASSERT_EQ(broken.status, 200) << broken.text;
  bool placed = false;
  for (const Json& f : broken.body["findings"].as_array()) placed |= f["ruleIndex"] == Json(2) && f["part"] == Json("input") && f["index"] == Json(1) && f["error"] == Json(true);
  EXPECT_TRUE(placed) << broken.body["findings"].dump();
  // Stored only by PUT, with a note, and only without errors.
  const std::string draft = changed.body["xml"].string_or("");
  EXPECT_EQ(owner.call("PUT", kBase, Json(Json::Object{{"xml", draft}}).dump()).status, 400);
  EXPECT_EQ(owner.call("PUT", kBase, Json(Json::Object{{"xml", draft}, {"note", ""}}).dump()).status, 400);
  EXPECT_EQ(owner.call("PUT", kBase, Json(Json::Object{{"xml", broken.body["xml"]}, {"note", "x"}}).dump()).status, 400);
  EXPECT_EQ(owner.call("PUT", kBase, Json(Json::Object{{"xml", draft}, {"note", "Satsen er hævet"}, {"base", 7}}).dump()).status, 409);
  const auto stored = owner.call("PUT", kBase, Json(Json::Object{{"xml", draft}, {"note", "Satsen er hævet"}, {"base", 1}}).dump());
  ASSERT_EQ(stored.status, 200) << stored.text;
  EXPECT_EQ(stored.body["version"], Json(2));
  EXPECT_EQ(owner.get(kBase).text, draft);
  EXPECT_EQ(owner.get(std::string(kBase) + "?version=1").text, kDmn);
  EXPECT_EQ(owner.get(std::string(kBase) + "?version=9").status, 404);
  EXPECT_EQ(owner.get("/api/bank/workflows/proever/sag/file?path=proces.bpmn").text, kBpmn);
  const Json versions = owner.get(std::string(kBase) + "/model").body["versions"];
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions.as_array()[0]["note"], Json("Satsen er hævet"));
  EXPECT_EQ(versions.as_array()[0]["by"], Json(std::string("alle") + kA));
}

TEST_F(Decisions, HvadNuHvisCountsWhatWouldHaveComeOutDifferently) {
  Client owner = signed_in(kA);
  import(owner);
  deploy_it(owner);
  int below_150 = 0;
  std::string victim;
  for (int i = 0; i < 40; ++i) {
    const int amount = 80 + i * 5;  // 80 … 275
    const std::string instance = begin(owner, amount, i % 2 == 0 ? "a" : "b");
    below_150 += amount >= 100 && amount < 150;
    if (amount == 100) victim = instance;
  }
  // The same rules: nothing comes out differently, also where 1.0 is written 1 and "today" was another day's.
  const Json same = replay(owner, "afgoer", replaced(kDmn, "<text>1.0</text>", "<text>1</text>"));
  EXPECT_EQ(same["counts"].dump(), R"({"same":40,"different":0,"failed":0,"notReplayable":0})") << same.dump();
  EXPECT_EQ(same["state"], Json("COMPLETED"));
  // The limit goes from 100 to 150, for every decision that the table is asked for, and for the table alone.
  std::string draft = replaced(kDmn, "&lt; 100", "&lt; 150");
  draft = replaced(replaced(draft, "&gt;= 100", "&gt;= 150"), "&gt;= 100", "&gt;= 150");
  for (const char* decision : {"afgoer", "sats", "Sats"}) {
    const Json got = replay(owner, decision, draft);
    EXPECT_EQ(got["counts"]["different"], Json(below_150)) << decision << got.dump();
    EXPECT_EQ(got["counts"]["same"], Json(40 - below_150));
    EXPECT_EQ(got["text"], Json(std::to_string(below_150) + " af 40 sager får andet udfald."));
  }
  const Json literal = replay(owner, "dobbelt", replaced(kDmn, "beløb * 2", "if beløb > 270 then beløb * 3 else beløb * 2"));
  EXPECT_EQ(literal["counts"]["different"], Json(1)) << literal.dump();
  // Pages are stable, each row says what it was and would be, and personal numbers are masked.
  const Json got = replay(owner, "afgoer", draft);
  std::string cursor;
  Json all = Json::array();
  do {
    const auto page = owner.get("/api/replays/" + key_ + "/differences?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(page.status, 200) << page.text;
    for (const Json& row : page.body["items"].as_array()) all.push(row);
    cursor = page.body["nextCursor"].string_or("");
  } while (!cursor.empty());
  ASSERT_EQ(all.size(), static_cast<std::size_t>(below_150));
  for (const Json& row : all.as_array()) {
    EXPECT_EQ(row["outcome"], Json("different"));
    EXPECT_EQ(row["elementId"], Json("afgoer_trin"));
    EXPECT_EQ(row["after"]["output"]["sats"], Json(1)) << row.dump();
    EXPECT_EQ(row["before"]["output"]["tekst"], Json("Borger 010180-••••"));
    EXPECT_EQ(row["after"]["output"]["tekst"], Json("Borger 010180-••••"));
    EXPECT_EQ(row["after"]["tables"].as_array()[0]["matchedRules"].dump(), "[1]");
    EXPECT_EQ(row["after"]["tables"].as_array()[0]["matchedRuleIds"].dump(), "[\"r1\"]");
    EXPECT_NE(row["before"]["tables"].as_array()[0]["matchedRules"].dump(), "[1]");
    EXPECT_EQ(row.dump().find("1234"), std::string::npos);
  }
  const auto csv = owner.get("/api/replays/" + key_ + "/differences?format=csv");
  EXPECT_EQ(std::count(csv.text.begin(), csv.text.end(), '\n'), below_150 + 1) << csv.text;
  // A deleted case is asked no more, and its row tells nothing more.
  ASSERT_EQ(owner.call("DELETE", "/api/cases/" + victim).status, 204);
  const auto forgotten = owner.get("/api/replays/" + key_ + "/differences?limit=1000");
  EXPECT_EQ(forgotten.text.find("\"" + victim + "\""), std::string::npos) << forgotten.text;
  EXPECT_NE(forgotten.text.find("\"forgotten\""), std::string::npos);
  EXPECT_EQ(replay(owner, "afgoer", draft)["counts"]["different"], Json(below_150 - 1));
  // Inputs are what the decision needs, not everything the case knows.
  const auto stored = owner.post("/v2/decision-instances/search", Json::Object{{"filter", Json::Object{{"decisionDefinitionId", "afgoer"}}}});
  EXPECT_NE(stored.text.find("inputData"), std::string::npos) << stored.text.substr(0, 500);
  EXPECT_EQ(stored.text.find("hemmelig"), std::string::npos);
}

TEST_F(Decisions, ADraftThatCannotAnswerIsCountedAsFailed) {
  Client owner = signed_in(kA);
  import(owner);
  deploy_it(owner);
  for (int i = 0; i < 6; ++i) begin(owner, 90 + i * 5, "a");  // 90 … 115
  const Json got = replay(owner, "sats", replaced(kDmn, "&lt; 100", "&lt; 110"));  // 100 and 105 match two rules of a UNIQUE table
  EXPECT_EQ(got["counts"]["failed"], Json(2)) << got.dump();
  const auto rows = owner.get("/api/replays/" + key_ + "/differences");
  ASSERT_EQ(rows.body["items"].size(), 2u);
  EXPECT_EQ(rows.body["items"].as_array()[0]["outcome"], Json("failed"));
  EXPECT_TRUE(rows.body["items"].as_array()[0]["after"]["failureMessage"].is_string());
}

TEST_F(Decisions, AReplayIsTheAuthoritysOwnAndIsNoted) {
  Client owner = signed_in(kA), other = signed_in(kB);
  import(owner);
  deploy_it(owner);
  begin(owner, 100, "a");
  ASSERT_EQ(owner.post("/api/bank/workflows/proever/sag/publication", Json::object()).status, 204);
  replay(owner, "afgoer", kDmn);
  const std::string mine = key_;
  for (const char* path : {"", "/differences"}) EXPECT_EQ(other.get("/api/replays/" + mine + path).status, 404);
  EXPECT_EQ(other.post("/api/replays/" + mine + "/cancel", Json::object()).status, 404);
  // The other authority may ask its own history with the published workflow: it has none.
  EXPECT_EQ(replay(other, "afgoer", kDmn)["of"], Json(0));
  auto audit = *api::Audit::open(*database_, clock_);
  const Json lines = *audit->list(kA, 20);
  Json line;
  for (const Json& one : lines.as_array())
    if (one["operation"] == Json("startReplay")) line = one;
  EXPECT_EQ(line["user"], Json(std::string("alle") + kA)) << lines.dump();
  const Json detail = *base::parse_json(line["detail"].string_or("null"));
  EXPECT_EQ(detail["purpose"], Json("nye satser"));
  EXPECT_EQ(detail["decisions"], Json(1));
  EXPECT_EQ(detail["from"], Json("2020-01-01"));
  // What cannot be asked is refused before anything is read.
  Json no_purpose = asked("afgoer", kDmn);
  no_purpose.erase("purpose");
  EXPECT_EQ(owner.post(std::string(kBase) + "/replays", no_purpose).status, 400);
  EXPECT_EQ(owner.post(std::string(kBase) + "/replays", asked("findes-ikke", kDmn)).status, 404);
  EXPECT_EQ(owner.post(std::string(kBase) + "/replays", asked("afgoer", "<definitions/>")).status, 400);
  Json backwards = asked("afgoer", kDmn);
  backwards.set("from", "2099-12-31").set("to", "2020-01-01");
  EXPECT_EQ(owner.post(std::string(kBase) + "/replays", backwards).status, 400);
  EXPECT_EQ(owner.post("/api/replays/" + mine + "/cancel", Json::object()).status, 204);
  EXPECT_EQ(owner.get("/api/replays/" + mine).body["state"], Json("COMPLETED"));
}

// ---- the core over a history of its own
class MadeUpHistory final : public engine::DecisionHistory {
 public:
  explicit MadeUpHistory(std::int64_t rows) : rows_(rows) {
    for (int i = 0; i < 1000; ++i) {
      const int amount = i;
      Json trace = Json::Object{{"decisionOutput", amount < 100 ? 1 : i % 2 == 0 ? 2 : 3}, {"evaluatedDecisions", Json::array()},
                                {"inputData", Json::Object{{"beløb", amount}, {"slags", i % 2 == 0 ? "a" : "b"}}}};
      if (i == 500) trace.erase("inputData");
      traces_.push_back(base::pack(trace));
    }
  }
  base::Result<std::int64_t> count(const Period& period) override { return period.decision_id == "sats" ? rows_ : 0; }
  base::Result<std::size_t> next(const Period& period, Place behind, std::size_t max, const std::function<void(const engine::PastDecision&)>& visitor) override {
    std::size_t seen = 0;
    if (period.decision_id == "sats")
      for (std::int64_t i = behind.key; i < rows_ && seen < max; ++i, ++seen) visit(i + 1, visitor);
    return seen;
  }
  base::Status one(std::int64_t key, const std::string&, const std::function<void(const engine::PastDecision&)>& visitor) override {
    visit(key, visitor);
    return {};
  }

 private:
  void visit(std::int64_t key, const std::function<void(const engine::PastDecision&)>& visitor) {
    engine::PastDecision past;
    past.key = key;
    past.at = key;
    past.trace = traces_[static_cast<std::size_t>(key - 1) % 1000];
    visitor(past);
  }
  std::int64_t rows_;
  std::vector<std::string> traces_;
};

TEST(Replays, KeepUpWithAMillionDecisions) {
  MadeUpHistory history(1'000'000);
  const std::string draft = replaced(replaced(replaced(kDmn, "&lt; 100", "&lt; 150"), "&gt;= 100", "&gt;= 150"), "&gt;= 100", "&gt;= 150");
  auto replay = api::Replay::make({kA, "sats", draft, "", 0, INT64_MAX}, history);
  ASSERT_TRUE(replay) << replay.error().text();
  const auto begin = std::chrono::steady_clock::now();
  (*replay)->run();
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("figure: a replay of 1,000,000 decisions in process: %.2f s\n", took);
  const auto counts = (*replay)->counts();
  EXPECT_EQ(counts.different, 50'000);
  EXPECT_EQ(counts.without_inputs, 1'000);
  EXPECT_EQ(counts.same, 949'000);
  EXPECT_EQ((*replay)->text(), "50.000 af 999.000 sager får andet udfald. 1.000 kunne ikke spørges igen.");
}

TEST(Replays, StopWhenTheyAreCanceled) {
  MadeUpHistory history(1'000'000);
  auto replay = api::Replay::make({kA, "sats", kDmn, "", 0, INT64_MAX}, history);
  ASSERT_TRUE(replay);
  ASSERT_TRUE((*replay)->step());
  (*replay)->cancel();
  EXPECT_FALSE((*replay)->step());
  EXPECT_EQ((*replay)->state(), api::Replay::State::canceled);
  EXPECT_GT((*replay)->done(), 0);
  EXPECT_LT((*replay)->done(), 1'000'000);
}

TEST(Replays, ResultsAreDroppedAfterADay) {
  base::VirtualClock clock(1'000);
  MadeUpHistory history(10);
  api::Replays replays(clock);
  auto one = std::make_shared<api::KeptReplay>();
  one->started = clock.now();
  one->replay = *api::Replay::make({kA, "sats", kDmn, "", 0, INT64_MAX}, history);
  const auto key = replays.add(one);
  ASSERT_TRUE(key);
  while (one->ended == 0) std::this_thread::yield();
  EXPECT_NE(replays.find(*key, kA), nullptr);
  EXPECT_EQ(replays.find(*key, kB), nullptr);
  clock.advance(24ll * 3600 * 1000);
  EXPECT_EQ(replays.find(*key, kA), nullptr);
}

TEST(Masking, HidesPersonalNumbersAndNothingElse) {
  EXPECT_EQ(api::masked("CPR 010180-1234 og 0101801234."), "CPR 010180-•••• og 010180-••••.");
  EXPECT_EQ(api::masked("kr. 1234567890, 12.0101801234 og 01018012345"), "kr. 1234567890, 12.0101801234 og 01018012345");
  EXPECT_EQ(api::masked_json(Json(Json::Object{{"cpr", 101801234}, {"navn", "x"}})).dump(), R"({"cpr":"010180-••••","navn":"x"})");
}

}  // namespace
