// Each connector through run_job, as the host and the scenario runner call it.
#include <gtest/gtest.h>

#include <fstream>

#include "base/json_schema.h"
#include "connectors/templates.h"
#include "connectors/test_support.h"

namespace connectors {
namespace {

using namespace test;

struct World {
  FakeLedger ledger;
  FakeCases cases;
  FakeSystems systems;
  FakeHttp http;
  base::VirtualClock clock{1'000};
  std::vector<engine::Effect> effects;
  bool effects_fail = false;
  Ports ports() {
    return {&ledger, &cases, &systems, &http, [this](const engine::Effect& e) -> base::Status {
              if (effects_fail) return base::fail(base::ErrorCode::io_failed, "disk full");
              effects.push_back(e);
              return {};
            }, &clock};
  }
};

TEST(Connectors, EveryMemberHasADanishNameInTheTemplates) {
  const base::Json templates = element_templates();
  for (const base::Json& one : templates.as_array())
    for (const base::Json& property : one["properties"].as_array())
      EXPECT_NE(property["description"].string_or(property["type"].string_or("")), "") << one["id"].dump() << " " << property["id"].dump() << ": a line in names.def is missing";
}

TEST(Connectors, TheRegistryIsWholeAndDocumented) {
  std::ifstream page("docs/how-to-add-a-connector.md");
  const std::string text((std::istreambuf_iterator<char>(page)), {});
  for (const Connector* c : all()) {
    EXPECT_EQ(find(c->type()), c);
    EXPECT_FALSE(c->title_da().empty());
    EXPECT_TRUE(base::unknown_keywords(c->input_schema()).empty());
    EXPECT_TRUE(base::unknown_keywords(c->output_schema()).empty());
    EXPECT_NE(text.find("`" + std::string(c->type()) + "`"), std::string::npos) << c->type() << " has no line in docs/how-to-add-a-connector.md";
  }
  EXPECT_EQ(find("findes:ikke"), nullptr);
}

TEST(Connectors, WrongInputIsAnIncidentAtOnceAndNamesTheMember) {
  World w;
  const Outcome o = run_job(job(1, "okonomi:opslag", parsed(R"({"noegle": 7})")), w.ports(), 0);
  EXPECT_EQ(o.kind, Outcome::Kind::failed);
  EXPECT_TRUE(o.hopeless);
  EXPECT_NE(o.message.find("/noegle"), std::string::npos) << o.message;
  EXPECT_EQ(std::get<engine::FailJob>(answer_command(job(1, "okonomi:opslag", Json::object()), o).body).retries, 0);
  EXPECT_TRUE(run_job(job(1, "findes:ikke", Json::object()), w.ports(), 0).hopeless);
}

const char* kPosting = R"({"noegle": "12345674/1", "dato": "2026-03-01", "tekst": "Regning 1", "leverandoer": "12345674", "beloeb": 585, "valuta": "DKK",
  "linjer": [{"account": "a", "debit": 585, "credit": 0}, {"account": "b", "debit": 0, "credit": 585}]})";

TEST(Connectors, PostsOnceAndNotesTheEffectBefore) {
  World w;
  const auto first = job(1, "okonomi:bogfoer", parsed(kPosting));
  Outcome o = run_job(first, w.ports(), 42);
  ASSERT_EQ(o.kind, Outcome::Kind::done) << o.message;
  EXPECT_EQ(o.variables["bilag"].int_or(0), 1);
  ASSERT_EQ(w.effects.size(), 1u);
  EXPECT_EQ(w.effects[0].kind, "payment");
  EXPECT_EQ(w.effects[0].idempotency_key, "12345674/1");
  EXPECT_EQ(w.effects[0].position, 42u);
  // The same job again (a crash before it was completed): the same entry, no second effect.
  o = run_job(first, w.ports(), 43);
  EXPECT_EQ(o.kind, Outcome::Kind::done);
  EXPECT_EQ(w.effects.size(), 1u);
  EXPECT_EQ(w.ledger.entries.size(), 1u);
  // Another case with the same key: not paid, and the process hears of it.
  o = run_job(job(2, "okonomi:bogfoer", parsed(kPosting)), w.ports(), 44);
  EXPECT_EQ(o.kind, Outcome::Kind::bpmn_error);
  EXPECT_EQ(o.code, "DOBBELT");
  Json other = parsed(kPosting);
  other.set("beloeb", 600);
  EXPECT_EQ(run_job(job(3, "okonomi:bogfoer", other), w.ports(), 45).code, "DOBBELT");
}

TEST(Connectors, NothingIsPaidWhenTheEffectCannotBeNoted) {
  World w;
  w.effects_fail = true;
  const Outcome o = run_job(job(1, "okonomi:bogfoer", parsed(kPosting)), w.ports(), 0);
  EXPECT_EQ(o.kind, Outcome::Kind::failed);
  EXPECT_TRUE(w.ledger.entries.empty());
}

TEST(Connectors, LooksUpOthersPostingsOnly) {
  World w;
  ASSERT_EQ(run_job(job(1, "okonomi:bogfoer", parsed(kPosting)), w.ports(), 0).kind, Outcome::Kind::done);
  const Json key = parsed(R"({"noegle": "12345674/1"})");
  EXPECT_TRUE(run_job(job(1, "okonomi:opslag", key), w.ports(), 0).variables["bogfoering"].is_null()) << "its own";
  EXPECT_EQ(run_job(job(2, "okonomi:opslag", key), w.ports(), 0).variables["bogfoering"]["entryId"].int_or(0), 1);
}

const char* kAsk = R"({"system": "sundhedsordre", "sti": "/ordrer/{nr}", "stivaerdier": {"nr": "A/1 ?x"}, "foresp": {"q": "å"}})";

TEST(Connectors, HttpEncodesPathsAndSendsTheSecretByName) {
  World w;
  w.systems.bindings["sundhedsordre"] = {"http://h", "noegle", true};
  w.http.answers.push_back(HttpResponse{200, R"({"a": 1.50})", {}});
  const Outcome o = run_job(job(1, "http:request", parsed(kAsk)), w.ports(), 0);
  ASSERT_EQ(o.kind, Outcome::Kind::done) << o.message;
  EXPECT_EQ(w.http.asked[0].url, "http://h/ordrer/A%2F1%20%3Fx?q=%C3%A5");
  bool secret = false;
  for (const auto& [n, v] : w.http.asked[0].headers) secret |= n == "Authorization" && v == "Bearer value-of-noegle";
  EXPECT_TRUE(secret);
  EXPECT_EQ(o.variables["svar"]["a"].number_text(), "1.50");
  EXPECT_TRUE(o.variables["standin"].bool_or(false));
}

TEST(Connectors, HttpAnswersBecomeErrorsOrRetries) {
  World w;
  w.systems.bindings["sundhedsordre"] = {"http://h", "", false};
  const auto ask = [&](base::Result<HttpResponse> answer, int retries) {
    w.http.answers.assign(1, std::move(answer));
    return run_job(job(1, "http:request", parsed(kAsk), retries), w.ports(), 0);
  };
  EXPECT_EQ(ask(HttpResponse{404, "", {}}, 3).code, "IKKE_FUNDET");
  EXPECT_EQ(ask(HttpResponse{400, "", {}}, 3).code, "AFVIST");
  EXPECT_EQ(ask(HttpResponse{302, "", {}}, 3).code, "AFVIST") << "redirects are not followed";
  const Outcome first = ask(HttpResponse{503, "", {}}, 3), second = ask(HttpResponse{503, "", {}}, 2);
  EXPECT_EQ(first.kind, Outcome::Kind::failed);
  EXPECT_LT(first.back_off_ms, second.back_off_ms) << "back-off grows";
  EXPECT_EQ(ask(HttpResponse{503, "", {}}, 1).code, "SVARER_IKKE") << "the last try asks a person";
  EXPECT_EQ(ask(base::fail(base::ErrorCode::connector_failed, "refused"), 1).code, "SVARER_IKKE");
  EXPECT_EQ(ask(HttpResponse{200, "<html>", {}}, 2).kind, Outcome::Kind::failed);
  Json unbound = parsed(kAsk);
  unbound.set("system", "ukendt");
  EXPECT_EQ(run_job(job(1, "http:request", unbound, 1), w.ports(), 0).code, "SVARER_IKKE");
  Json missing = parsed(kAsk);
  missing.set("stivaerdier", Json::object());
  EXPECT_EQ(run_job(job(1, "http:request", missing, 3), w.ports(), 0).code, "AFVIST");
}

TEST(Connectors, NotesAndDocumentsOfTheCase) {
  World w;
  ASSERT_EQ(run_job(job(1, "sag:notat", parsed(R"({"tekst": "Set."})")), w.ports(), 0).kind, Outcome::Kind::done);
  ASSERT_EQ(run_job(job(1, "sag:notat", parsed(R"({"tekst": "Set."})")), w.ports(), 0).kind, Outcome::Kind::done);
  EXPECT_EQ(w.cases.notes.size(), 1u) << "the same job writes one note";
  ASSERT_EQ(run_job(job(2, "sag:dokument", parsed(R"({"navn": "a.txt", "indhold": "x"})")), w.ports(), 0).kind, Outcome::Kind::done);
  EXPECT_EQ(w.cases.documents["102/a.txt"], "x");
}

TEST(Connectors, OioublWaitsForItsDocumentWithoutSpendingRetries) {
  World w;
  const auto read = job(1, "oioubl:read", parsed(R"({"dokument": "original.xml"})"), 3);
  Outcome o = run_job(read, w.ports(), 0);
  EXPECT_TRUE(o.keeps_retries);
  EXPECT_EQ(std::get<engine::FailJob>(answer_command(read, o).body).retries, 3);
  w.cases.documents["101/original.xml"] = "<a/>";
  EXPECT_EQ(run_job(read, w.ports(), 0).code, "ULAESELIG");
}

TEST(Connectors, AnswersForTheEngine) {
  const auto j = job(7, "x", Json::object(), 3);
  EXPECT_EQ(std::get<engine::CompleteJob>(answer_command(j, Outcome::done(parsed(R"({"a": 1})"))).body).variables["a"].int_or(0), 1);
  EXPECT_EQ(std::get<engine::ThrowJobError>(answer_command(j, Outcome::error("E", "m")).body).code, "E");
  const auto fail = std::get<engine::FailJob>(answer_command(j, Outcome::retry("m", 500)).body);
  EXPECT_EQ(fail.retries, 2);
  EXPECT_EQ(fail.back_off_ms, 500);
  EXPECT_EQ(answer_command(j, Outcome::retry("m", 0)).actor, "connector:x");
}

}  // namespace
}  // namespace connectors
